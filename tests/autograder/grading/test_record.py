"""Recording a run: points reach the gradebook, the notebook that earned them is kept, and no cell runs again."""

import nbformat
import pytest

from autograder import gradebook, nbgrader_patches
from autograder.grading.execute import Execute
from autograder.grading.mended import mend
from autograder.grading.record import DONE, record, record_failure
from autograder.grading.submissions import Submission
from autograder.nbgrader_patches import SubmissionAutograde
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.findings import findings
from course_utils.verdict import Verdict
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
RIGHT = {name: points for name, (points, _) in toy.EXERCISES.items()}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The toy lab; returns the classroom and its configuration."""
    nbgrader_patches.install()
    return toy.make_classroom(tmp_path_factory.mktemp("record"))


def staged(course, student, folder, **scores):
    """Lay out a submission as if its cells had run and earned these points; return the submission."""
    classroom, config = course
    submission = Submission(student, toy.LAB, toy.hand_in(classroom, student, toy.answered(classroom)))
    (submission.folder / "data.csv").write_text("1,2")
    mended = mend(config, submission)
    for grade_id, cell in cells_with_tests(mended.notebook).items():
        score = scores.get(grade_id, RIGHT[grade_id])
        status = "passed" if score == RIGHT[grade_id] else "failed"
        verdicts.put(cell, Verdict("grade", grade_id, score, RIGHT[grade_id], status, f"{grade_id}: {status}."))
    mended.write_notebook(mended.stage(folder))
    return submission


def autograded(course, student):
    """Return the notebook that stands in the folder of graded submissions."""
    return nbformat.read(course[0].autograded / student / toy.LAB / f"{toy.LAB}.ipynb", as_version=4)


def test_points_notebook_and_files_are_recorded(course, tmp_path):
    """Gradebook and autograded notebook hold what the run earned; files beside the notebook are kept with it."""
    classroom, config = course
    submission = staged(course, "ada", tmp_path, square=1.5)
    record(config, submission, tmp_path)
    assert gradebook.scores(config, "ada", toy.LAB) == {**RIGHT, "square": 1.5}
    cell = toy.find(autograded(course, "ada"), "square")
    assert verdicts.read(cell).message == "square: failed."
    assert (classroom.autograded / "ada" / toy.LAB / "data.csv").read_text() == "1,2"


def test_no_cell_runs_again(course, tmp_path, monkeypatch):
    """What is behind a staged submission, mending and running, is not done a second time; the settings stay."""
    _, config = course
    monkeypatch.setattr(Execute, "preprocess", lambda *arguments: pytest.fail("cells ran again"))
    monkeypatch.setattr("autograder.grading.repair.repair", lambda *arguments: pytest.fail("mended again"))
    record(config, staged(course, "bob", tmp_path), tmp_path)
    assert gradebook.scores(config, "bob", toy.LAB) == RIGHT
    kept = {*config.Autograde.sanitize_preprocessors, *config.Autograde.autograde_preprocessors}
    assert set(DONE) <= kept and str(tmp_path) not in str(config.CourseDirectory)


def test_the_verdict_of_the_run_replaces_the_last_one(course, tmp_path):
    """A submission that is recorded again has the points and the notebook of its last run alone."""
    _, config = course
    for score in (0.5, 2.0):
        record(config, staged(course, "cy", tmp_path, double=score), tmp_path)
        assert gradebook.scores(config, "cy", toy.LAB)["double"] == score
        assert verdicts.read(toy.find(autograded(course, "cy"), "double")).score == score


def test_a_recording_that_fails_leaves_the_gradebook_as_it_was(course, tmp_path, monkeypatch):
    """An error after nbgrader's last step reaches the caller, and none of the points is written."""
    _, config = course
    real = SubmissionAutograde.start

    def stumble(self):
        real(self)
        raise OSError("disk full")

    monkeypatch.setattr(SubmissionAutograde, "start", stumble)
    with pytest.raises(OSError, match="disk full"):
        record(config, staged(course, "dan", tmp_path), tmp_path)
    assert gradebook.scores(config, "dan", toy.LAB) == {}


def test_a_submission_that_cannot_be_run_has_zero_points_and_the_reason(course):
    """Each exercise scores zero with the reason, which is a finding of the whole submission; nothing is handed on."""
    classroom, config = course
    message = "Nothing could be graded: toy.ipynb is empty."
    record_failure(config, Submission("eve", toy.LAB, classroom.submitted / "eve" / toy.LAB), message)
    assert gradebook.scores(config, "eve", toy.LAB) == dict.fromkeys(RIGHT, 0.0)
    notebook = autograded(course, "eve")
    assert findings(notebook, "") == [message]
    for grade_id, cell in cells_with_tests(notebook).items():
        verdict = verdicts.read(cell)
        assert (verdict.score, verdict.max_score, verdict.status) == (0.0, RIGHT[grade_id], "missing")
        assert verdict.message == f"{grade_id}: {message}"
    assert toy.SECRET not in nbformat.writes(notebook)


def test_a_failure_replaces_what_was_recorded_before(course, tmp_path):
    """Where an earlier submission was graded, its points, its notebook and its files go."""
    classroom, config = course
    submission = staged(course, "fay", tmp_path)
    record(config, submission, tmp_path)
    record_failure(config, submission, "Nothing could be graded: toy.ipynb is empty.")
    assert gradebook.scores(config, "fay", toy.LAB) == dict.fromkeys(RIGHT, 0.0)
    folder = classroom.autograded / "fay" / toy.LAB
    assert [path.name for path in folder.iterdir()] == [f"{toy.LAB}.ipynb"]
