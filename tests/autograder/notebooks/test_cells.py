"""Cells: what nbgrader's metadata say about them, and how a person finds them."""

import subprocess
import sys

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebooks import cells
from autograder.settings import PROJECT


def cell(source="", make=new_code_cell, tags=(), **data):
    """Return a cell; ``data`` are nbgrader's."""
    return make(source, metadata={"nbgrader": data, "tags": list(tags)} if data else {"tags": list(tags)})


ANSWER = cell(grade_id="neuron_solution", solution=True, grade=False)
TEST = cell(grade_id="neuron", solution=False, grade=True, points=3)
BY_HAND = cell(grade_id="essay", solution=True, grade=True, points=2)
TEXT = cell(make=new_markdown_cell, grade_id="prose", solution=False, grade=True)
OWN = cell("x = 1")


def test_a_cell_without_data_of_nbgrader_has_none():
    """A student's own cell has empty data, also as plain JSON."""
    assert cells.nbgrader_data(OWN) == {}
    assert cells.nbgrader_data({"metadata": {}}) == {}
    assert cells.nbgrader_data(TEST)["points"] == 3


@pytest.mark.parametrize(
    "cell, solution, graded, test",
    [
        (ANSWER, True, False, False),
        (TEST, False, True, True),
        (BY_HAND, True, True, False),
        (TEXT, False, True, False),
        (OWN, False, False, False),
    ],
)
def test_what_a_cell_is(cell, solution, graded, test):
    """Only code that gives points and is no answer is a test cell; an answer with points is graded by a person."""
    assert (cells.is_solution(cell), cells.is_graded(cell), cells.is_test(cell)) == (solution, graded, test)


def test_cells_are_found_by_grade_id_in_order():
    """The cells that nbgrader knows, and the test cells among them, come by grade id, in the notebook's order."""
    nb = new_notebook(cells=[TEST, OWN, ANSWER])
    assert list(cells.graded_cells(nb)) == ["neuron", "neuron_solution"]
    assert list(cells.cells_with_tests(nb)) == ["neuron"]


def test_a_tag_says_that_grading_skips_a_cell():
    """A demonstration carries a tag; cells without tags are not skipped."""
    assert cells.is_skipped(cell(tags=[cells.SKIP_TAG])) and not cells.is_skipped(OWN)
    assert not cells.is_skipped(new_code_cell("x"))


@pytest.mark.parametrize(
    "grade_id, exercise",
    [("deep", "deep"), ("deep_solution", "deep"), ("deep_numpy_solution", "deep_numpy"), ("deeper", ""), ("", "")],
)
def test_a_cell_belongs_to_the_longest_exercise_that_begins_its_name(grade_id, exercise):
    """Names are compared by whole words, and the longest exercise wins."""
    assert cells.exercise_of(grade_id, ["deep", "deep_numpy"]) == exercise


@pytest.mark.parametrize(
    "cell, name",
    [
        (TEST, "the cell neuron"),
        (cell("# why\n\n  x = 1\ny = 2"), "the cell that begins 'x = 1'"),
        (cell("# only\n# words"), "the cell that begins '# only'"),
        (cell(""), "the cell that begins ''"),
        (cell("x" * 100), f"the cell that begins '{'x' * 60}'"),
    ],
)
def test_a_person_finds_a_cell_by_its_name_or_its_first_line_of_code(cell, name):
    """A cell is named by its grade id, else by its first line that is no comment, else by its first line."""
    assert cells.cell_name(cell) == name


def test_no_library_is_imported():
    """A kernel that grades imports this module at its start: neither nbformat nor nbgrader comes with it."""
    code = "import sys, autograder.notebooks.cells; print({'nbformat', 'nbgrader', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert done.stdout.strip() == "set()"


def test_the_digest_of_a_submission_is_that_of_what_a_student_wrote():
    """Test cells, outputs and metadata do not count; a comment and the order of cells do."""
    nb = new_notebook(cells=[ANSWER, cell("check", grade_id="neuron", solution=False, grade=True, points=3), OWN])
    digest = cells.submission_digest(nb)
    nb.cells[1].source, nb.cells[2].metadata["x"] = "grade", 1
    assert cells.submission_digest(nb) == digest
    turned = new_notebook(cells=[nb.cells[2], *nb.cells[:2]])
    commented = new_notebook(cells=[*nb.cells[:2], cell("x = 1  # one")])
    assert len({digest, cells.submission_digest(turned), cells.submission_digest(commented)}) == 3
