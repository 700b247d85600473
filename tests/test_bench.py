"""What the bench counts, compares and prints; how long things take, it alone says."""

import zipfile

import nbformat

from autograder.classroom import Classroom
from autograder.roster_file import roster_of
from bench import asked, evening, grading, labs
from bench.__main__ import compared, lab_table
from course_utils import figures
from tests.course_utils.conftest import live, shown  # noqa: F401
from tests.course_utils.figures.drawing import neuron


def test_words_and_lines_that_are_read():
    """Folded hints, blocks of code, formulas, comments and blank lines do not count; docstrings do."""
    text = "# Three words, indeed\n\n$$a b$$\n```\nno word\n```\n<details>\nfolded\n</details>"
    code = 'def f():  # why\n    """Says."""\n\n    # nothing\n'
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell(code)])
    assert labs.reading(notebook) == (3, 2)


def test_every_slider_of_an_explorer_is_moved(live):  # noqa: F811
    """Each of three sliders goes to a few values, but not to the one at which it stands."""
    figures.neuron(neuron)
    assert 3 * 2 <= len(labs.moves(live[0].model_id, stops=3)) <= 3 * 3


def test_scores_that_differ_are_named():
    """A score that stock nbgrader gives otherwise is printed with its student, its cell and both scores."""
    ours = {("ann", "neuron"): 3.0, ("ann", "xor_weights"): 2.0}
    assert compared(grading.differences(ours, ours)) == "the scores are the same"
    found = compared(grading.differences(ours, {**ours, ("ann", "neuron"): 1.0}))
    assert "DIFFER in 1 cells: ann, neuron: ours 3.0, stock 1.0" in found


def test_the_table_has_a_dash_for_what_was_not_measured(built):
    """A lab that was neither graded nor run still shows what it holds."""
    columns = lab_table({"lab0_welcome": labs.content(built, "lab0_welcome")}).columns
    figures = dict(zip(*([*column.cells] for column in columns)))
    assert (figures["exercises"], figures["points"], figures["scores"]) == ("1", "0", "-")


def test_the_table_says_what_is_reached():
    """Factors reach what they exceed, seconds what they stay below; what was not measured has a dash."""
    columns = asked.table({"cold": 31.0, "jobs": 1.9, "record": 0.09}, students=60, others=30, large=300).columns
    cells = [list(column.cells) for column in columns]
    reached = dict(zip(asked.ROWS, zip(cells[1], cells[4])))
    assert reached["cold"] == ("31.0 ×", "aim")
    assert reached["jobs"] == ("1.90 ×", "asked")
    assert reached["record"] == ("0.090 s", "NOT REACHED")
    assert reached["quiz1"] == ("-", "")
    assert "class of 300, Lab 1, against stock (SCALED from 60)" in cells[0]


def test_processor_time_of_a_run_counts_what_it_starts(tmp_path):
    """A child's work is its parent's, as far as the parent waited for it."""
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10_000_000))'])"
    assert grading.run("-c", code).processor > grading.run("-c", "pass").processor


def test_the_evenings_zip_is_as_canvas_makes_it(tmp_path):
    """Each hand-in is recognised by the number that the roster has for its student."""
    notebook = nbformat.v4.new_notebook()
    rows = evening.canvas_zip(tmp_path / "submissions.zip", {"ann_1": notebook, "bo_2": notebook})
    classroom = Classroom(tmp_path)
    evening.write_roster(classroom, rows)
    names = zipfile.ZipFile(tmp_path / "submissions.zip").namelist()
    assert names == ["ann1_10001_500001_lab1_perceptron.ipynb", "bo2_10002_500002_lab1_perceptron.ipynb"]
    assert [person.lms_id for person in roster_of(classroom).people.values()] == ["10001", "10002"]
