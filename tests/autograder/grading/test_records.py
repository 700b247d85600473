"""Records: a submission is graded again when it, its lab or the grader changed, and only then."""

import os

import pytest

from autograder.classroom import Classroom
from autograder.grading import records
from autograder.grading.submissions import Submission

LAB = "lab1_toy"


@pytest.fixture
def classroom(tmp_path):
    """A classroom with one lab, in which ada handed something in."""
    classroom = Classroom(tmp_path)
    for folder in (classroom.source / LAB, classroom.release / LAB, classroom.submitted / "ada" / LAB):
        folder.mkdir(parents=True)
        (folder / f"{LAB}.ipynb").write_text("a notebook")
    return classroom


@pytest.fixture
def submission(classroom):
    return Submission("ada", LAB, classroom.submitted / "ada" / LAB)


def test_the_fingerprint_stays_while_nothing_changes(classroom, submission):
    """Times and links do not matter; neither does a submission that moved with its classroom."""
    before = records.fingerprint(classroom, submission)
    os.utime(submission.folder / f"{LAB}.ipynb", (1, 1))
    (submission.folder / "link").symlink_to(classroom.root)
    assert records.fingerprint(classroom, submission) == before


@pytest.mark.parametrize("folder", ["source", "release", "submitted"])
def test_a_changed_file_changes_the_fingerprint(classroom, submission, folder):
    """A change of the submission, of the source or of the released notebook is seen; so is a new file."""
    before = records.fingerprint(classroom, submission)
    path = next((classroom.root / folder).rglob("*.ipynb"))
    path.write_text("another notebook")
    changed = records.fingerprint(classroom, submission)
    path.with_name("data.txt").write_text("new")
    assert len({before, changed, records.fingerprint(classroom, submission)}) == 3


def test_a_moved_file_changes_the_fingerprint(classroom, submission):
    """The same content under another name is another submission."""
    before = records.fingerprint(classroom, submission)
    (submission.folder / f"{LAB}.ipynb").rename(submission.folder / "x.ipynb")
    assert records.fingerprint(classroom, submission) != before


def test_a_huge_file_is_known_by_size_and_time(classroom, submission):
    """A file that is never read is not read for the fingerprint either, and its change is still seen."""
    path = submission.folder / "huge.bin"
    with path.open("wb") as file:
        file.truncate(3 * records.MOST_FILE_BYTES)
    before = records.fingerprint(classroom, submission)
    os.utime(path, (1, 1))
    assert records.fingerprint(classroom, submission) != before


def test_a_record_is_read_as_it_was_written(classroom, submission):
    """A record says what was graded and by which engine; a missing or broken one says nothing."""
    path = records.record_path(classroom, submission)
    assert records.read_record(path) == {}
    path.parent.mkdir(parents=True)
    record = records.new_record(classroom, submission, "sealed")
    records.write_record(path, record)
    assert records.read_record(path) == record and record["engine"] == "sealed"
    assert path.name == records.RECORD and [*path.parent.iterdir()] == [path]
    path.write_text("{")
    assert records.read_record(path) == {}


def test_submissions_without_a_sandbox_are_counted(classroom, submission):
    """The records tell how many submissions were graded without a sandbox."""
    assert records.count_unsealed(classroom) == 0
    for student, engine in (("ada", "sealed"), ("bob", "plain, without a sandbox")):
        path = classroom.autograded / student / LAB / records.RECORD
        path.parent.mkdir(parents=True)
        records.write_record(path, {"engine": engine})
    assert records.count_unsealed(classroom) == 1
