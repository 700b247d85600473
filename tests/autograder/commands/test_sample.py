"""``autograder sample``: a sample class takes the place of an earlier one, and of nothing else."""

import shutil

import pytest

from autograder.classroom import Classroom
from autograder.cli import main


@pytest.fixture
def room(few_built, tmp_path):
    """A copy of the built classroom without submissions."""
    shutil.copytree(few_built[0].root, tmp_path / "room")
    return Classroom(tmp_path / "room")


def sample(classroom):
    """Run the command; return its exit code."""
    return main(["sample", "--classroom", str(classroom.root)])


def students(classroom):
    return sorted(path.name for path in classroom.submitted.iterdir() if path.is_dir())


def test_a_sample_class_is_counted(room, capsys):
    """The command says how many students it made and where they are."""
    assert sample(room) == 0
    assert capsys.readouterr().out == f"sample: {len(students(room))} students in {room.submitted}\n"
    assert len(students(room)) > 10


def test_an_earlier_sample_class_is_replaced(room):
    """A second class is like the first; what was changed in between is gone."""
    assert sample(room) == 0
    before = students(room)
    (room.submitted / "invented").mkdir()
    shutil.rmtree(room.submitted / "strong")
    assert sample(room) == 0
    assert students(room) == before


def test_real_submissions_are_never_replaced(room, capsys):
    """Where anything was handed in that is no sample class, the command is refused and touches nothing."""
    path = room.submitted / "ada" / "quiz1_foundations" / "quiz1_foundations.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    assert sample(room) == 2
    assert "holds submissions that are no sample class; use another --classroom" in capsys.readouterr().err
    assert students(room) == ["ada"] and path.read_text(encoding="utf-8") == "mine"


def test_an_empty_classroom_says_what_comes_first(tmp_path, capsys):
    """Where no lab is built there is nothing to hand in: the message names the command that builds."""
    assert sample(Classroom(tmp_path)) == 2
    assert f"Run: autograder build --classroom {tmp_path}" in capsys.readouterr().err
    assert not (tmp_path / "submitted").exists()
