"""Laying out: what is left of nbgrader's autograding once a submission was run, without the gradebook."""

import stat

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import gradebook, nbgrader_patches
from autograder.grading.graded import DONE, LayOut, configured_steps
from autograder.grading.mended import staging_folder
from autograder.grading.submissions import Submission
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.findings import findings
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
RIGHT = {name: points for name, (points, _) in toy.EXERCISES.items()}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The toy lab; returns the classroom and its configuration."""
    nbgrader_patches.install()
    return toy.make_classroom(tmp_path_factory.mktemp("graded") / "room")


@pytest.fixture
def no_gradebook(monkeypatch):
    """A machine on which nobody can open a gradebook."""

    def opened(*_):
        raise AssertionError("the gradebook was opened")

    monkeypatch.setattr("nbgrader.api.Gradebook.__init__", opened)


def lay_out(course, student, staged, change=None, **scores):
    """Lay out a submission as if its cells had run and earned these points; return what it earned, and the folder.

    Args:
        change: function that changes the notebook that was run.
    """
    classroom, config = course
    cells = gradebook.lab_cells(config, toy.LAB)
    submission = Submission(student, toy.LAB, classroom.submitted / student / toy.LAB)
    if not submission.folder.exists():
        toy.hand_in(classroom, student, toy.answered(classroom))
    mended = toy.stage(config, submission, staged, **scores)
    if change:
        change(mended.notebook)
    return LayOut(config, toy.LAB, cells, staged), mended, staging_folder(staged, submission)


def test_points_and_comments_come_back_without_a_gradebook(course, tmp_path, request):
    """Grades are collected, not written: no step opens the gradebook, and all but Repair and Execute are taken."""
    layout, mended, _ = lay_out(course, "ada", tmp_path, square=1.5)
    request.getfixturevalue("no_gradebook")
    grades = layout.graded(mended)
    assert grades.scores == {**RIGHT, "square": 1.5} and grades.timestamp is None
    assert grades.comments == {f"{name}_solution": None for name in RIGHT}
    taken = {type(step) for step in layout.steps}
    assert taken == {*configured_steps(course[1])} - {*DONE, nbgrader_patches.AssignLatePenalties}


def test_an_unchanged_answer_gets_nbgraders_comment(course, tmp_path):
    """ "No response." is what nbgrader says of an answer that is as it was released."""
    toy.hand_in(course[0], "bob", toy.released(course[0]))
    layout, mended, _ = lay_out(course, "bob", tmp_path)
    assert layout.graded(mended).comments == {f"{name}_solution": "No response." for name in RIGHT}


def test_files_are_laid_out_with_nbgraders_rights(course, tmp_path):
    """Files may be read and not written, as nbgrader leaves them; those that it ignores are left behind."""
    folder = toy.hand_in(course[0], "cy", toy.answered(course[0]))
    (folder / "feedback").mkdir()
    for name in ("data.csv", "x.pyc", "feedback/page.html"):
        (folder / name).write_text("1")
    layout, mended, folder = lay_out(course, "cy", tmp_path)
    layout.graded(mended)
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert set(files) == {"toy.ipynb", "data.csv"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o444}


@pytest.mark.parametrize("handed_in", ["table.csv/x", "table.csv", "data", "data/more.csv/x"])
def test_the_labs_own_files_win_whatever_was_handed_in_under_their_names(course, tmp_path, handed_in):
    """A file or folder in the way of one that comes with the lab goes, and costs nothing."""
    classroom, _ = course
    source = classroom.source / toy.LAB
    (source / "data").mkdir(exist_ok=True)
    (source / "data" / "more.csv").write_text("the lab's")
    (source / "table.csv").write_text("the lab's")
    student = handed_in.replace("/", "_")
    path = toy.hand_in(classroom, student, toy.answered(classroom)) / handed_in
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("a student's")
    layout, mended, folder = lay_out(course, student, tmp_path)
    layout.graded(mended)
    for name in ("table.csv", "data/more.csv"):
        assert (folder / name).read_text() == "the lab's"


def test_a_step_of_the_courses_own_is_taken(course, tmp_path):
    """What a course adds to nbgrader's lists, by class or by name, runs in its place."""

    class Signed(NbGraderPreprocessor):
        def preprocess(self, nb, resources):
            nb.cells.append(new_code_cell(f"# {resources['nbgrader']['student']}", id="signed"))
            return nb, resources

    classroom, config = course[0], toy.toy_config(course[0])
    config.Autograde.autograde_preprocessors = [
        *config.Autograde.autograde_preprocessors,
        Signed,
        "nbgrader.preprocessors.ClearOutput",
    ]
    layout, mended, folder = lay_out((classroom, config), "dan", tmp_path)
    layout.graded(mended)
    assert nbformat.read(folder / "toy.ipynb", as_version=4).cells[-1].source == "# dan"


def test_a_submission_that_cannot_be_run_has_zero_points_and_the_reason(course, tmp_path):
    """Each exercise scores zero with the reason, which is a finding of the whole submission; nothing is handed on."""
    layout, mended, folder = lay_out(course, "eve", tmp_path)
    (folder / "left.csv").touch()
    message = "Nothing could be graded: toy.ipynb is empty."
    assert layout.nothing(mended.submission, message).nothing
    assert [path.name for path in folder.iterdir()] == ["toy.ipynb"]
    notebook = nbformat.read(folder / "toy.ipynb", as_version=4)
    assert findings(notebook, "") == [message]
    for grade_id, cell in cells_with_tests(notebook).items():
        verdict = verdicts.read(cell)
        assert (verdict.score, verdict.max_score, verdict.status) == (0.0, RIGHT[grade_id], "missing")
        assert verdict.message == f"{grade_id}: {message}"
    assert toy.SECRET not in nbformat.writes(notebook)
