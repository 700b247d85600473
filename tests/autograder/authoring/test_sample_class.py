"""The sample class: everybody gets every lab that gives points."""

import shutil

import pytest

from autograder.classroom import Classroom
from autograder.cli import main


@pytest.fixture(scope="module")
def sample(built, tmp_path_factory):
    """A copy of the built classroom with the sample class in it."""
    root = tmp_path_factory.mktemp("sample") / "classroom"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns("submitted", "autograded", "feedback"))
    assert main(["sample", "--classroom", str(root)]) == 0
    return Classroom(root)


def handed_in(classroom, lab):
    """Return the students who handed in a lab."""
    return {path.parent.name for path in classroom.submitted.glob(f"*/{lab}") if path.is_dir()}


def test_a_lab_without_points_is_left_out(sample):
    """Nobody hands in what is not graded."""
    ungraded = set(sample.labs()) - set(sample.graded_labs())
    assert ungraded == {"lab0_welcome"}
    assert handed_in(sample, "lab0_welcome") == set()


def test_every_graded_lab_has_a_class(sample):
    """Each lab, the chapter quiz with its single exercise included, gets all kinds of students."""
    for lab in sample.graded_labs():
        assert {"strong", "unfinished", "crashing", "deleted_and_copied_cells", "mistaken_01"} <= handed_in(sample, lab)
