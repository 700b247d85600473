"""Records: a submission is graded again when it, its lab or the grader changed, and only then."""

import os

import pytest

from autograder.classroom import Classroom
from autograder.grading import stamps
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


def fingerprint(classroom, submission):
    return stamps.fingerprint(classroom, submission, stamps.work(submission))


def test_work_is_known_whoever_handed_it_in(classroom, submission):
    """Where a student's folder was renamed, what lies in it says so; other work, or none, is other work."""
    before = stamps.work(submission)
    submission.folder.parent.rename(classroom.submitted / "ada2")
    moved = Submission("ada2", LAB, classroom.submitted / "ada2" / LAB)
    assert stamps.new_stamp(classroom, moved, "sealed")[stamps.WORK] == before != stamps.work(submission)


def test_the_fingerprint_stays_while_nothing_changes(classroom, submission):
    """Times and links do not matter; neither does a submission that moved with its classroom."""
    before = fingerprint(classroom, submission)
    os.utime(submission.folder / f"{LAB}.ipynb", (1, 1))
    (submission.folder / "link").symlink_to(classroom.root)
    assert fingerprint(classroom, submission) == before


@pytest.mark.parametrize("folder", ["source", "release", "submitted"])
def test_a_changed_file_changes_the_fingerprint(classroom, submission, folder):
    """A change of the submission, of the source or of the released notebook is seen; so is a new file."""
    before = fingerprint(classroom, submission)
    path = next((classroom.root / folder).rglob("*.ipynb"))
    path.write_text("another notebook")
    changed = fingerprint(classroom, submission)
    path.with_name("data.txt").write_text("new")
    assert len({before, changed, fingerprint(classroom, submission)}) == 3


def test_a_moved_file_changes_the_fingerprint(classroom, submission):
    """The same content under another name is another submission."""
    before = fingerprint(classroom, submission)
    (submission.folder / f"{LAB}.ipynb").rename(submission.folder / "x.ipynb")
    assert fingerprint(classroom, submission) != before


def test_a_huge_file_is_known_by_its_size(classroom, submission):
    """A file that is too large to be graded is not read for the fingerprint either."""
    path = submission.folder / "huge.bin"
    with path.open("wb") as file:
        file.truncate(1 << 42)
    before = fingerprint(classroom, submission)
    os.truncate(path, 1 << 43)
    assert fingerprint(classroom, submission) != before


def test_a_record_is_read_as_it_was_written(classroom, submission):
    """A stamp says what was graded and by which engine; a missing or broken one says nothing."""
    path = stamps.stamp_path(classroom, submission)
    assert stamps.read_stamp(path) == {}
    path.parent.mkdir(parents=True)
    stamp = stamps.new_stamp(classroom, submission, "sealed")
    stamps.write_stamp(path, stamp)
    assert stamps.read_stamp(path) == stamp and stamp["engine"] == "sealed"
    assert path.name == stamps.STAMP and [*path.parent.iterdir()] == [path]
    path.write_text("{")
    assert stamps.read_stamp(path) == {}


def test_what_cannot_be_opened_has_a_fingerprint_too(classroom, submission, monkeypatch):
    """Then grading says what is wrong with the one submission, or with the lab, and the class goes on."""
    before = fingerprint(classroom, submission)
    (classroom.release / LAB / f"{LAB}.ipynb").unlink()
    (classroom.release / LAB).rmdir()
    without = fingerprint(classroom, submission)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Submission, "opened", refuse)
    assert len({before, without, fingerprint(classroom, submission)}) == 3
