"""What a command found is kept before it changes it, and put back as it was."""

import os
import sqlite3
from pathlib import Path

import pytest
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.lock import alone
from autograder.undo import Undo, recover


def write(classroom, value):
    with sqlite3.connect(classroom.gradebook) as book:
        book.execute("CREATE TABLE IF NOT EXISTS points (value)")
        book.execute("INSERT INTO points VALUES (?)", (value,))


def points(classroom):
    with sqlite3.connect(classroom.gradebook) as book:
        return [value for (value,) in book.execute("SELECT value FROM points")]


@pytest.fixture
def room(tmp_path):
    """A gradebook, a folder and a file; returns the classroom and what keeps it."""
    classroom = Classroom(tmp_path / "room")
    (classroom.root / "folder" / "deep").mkdir(parents=True)
    (classroom.root / "folder" / "deep" / "file").write_text("old")
    classroom.excused.write_text("{}")
    write(classroom, 1)
    return classroom, Config({"CourseDirectory": {"root": str(classroom.root)}})


def change(classroom, undo):
    for path in (classroom.root / "folder", classroom.excused, classroom.earlier):
        undo.keep(path)
    (classroom.root / "folder" / "deep" / "file").unlink()
    (classroom.root / "folder" / "new").write_text("new")
    classroom.excused.unlink()
    classroom.earlier.mkdir()
    write(classroom, 2)


def assert_old(classroom):
    assert [path.name for path in (classroom.root / "folder").rglob("*")] == ["deep", "file"]
    assert (classroom.root / "folder" / "deep" / "file").read_text() == "old"
    assert classroom.excused.read_text() == "{}" and not classroom.earlier.exists() and points(classroom) == [1]


def test_what_was_kept_is_put_back(room):
    """What was changed, removed or made is as it was, once; then there is nothing to take back."""
    classroom, config = room
    undo = Undo(classroom, config)
    undo.begin("autograder grade")
    change(classroom, undo)
    undo.keep(classroom.root / "folder")  # the first time counts
    assert Undo(classroom, config).about["command"] == "autograder grade" and recover(classroom) == ""
    Undo(classroom, config).restore()
    assert_old(classroom)
    with pytest.raises(CourseError, match="there is nothing to take back"):
        Undo(classroom, config).restore()


def test_what_is_half_done_is_recovered(room):
    """And what came to its end is not."""
    classroom, config = room
    undo = Undo(classroom, config)
    undo.begin("autograder build", half=True)
    change(classroom, undo)
    assert recover(classroom).startswith("'autograder build' of ")
    assert_old(classroom)
    undo.begin("autograder build", half=True)
    undo.finish()
    assert recover(classroom) == "" and undo.about["command"] == "autograder build"


def test_what_is_half_done_leaves_what_came_before_to_be_taken_back(room, monkeypatch):
    """Whatever moment ends a build: the grading before it can be taken back, until the build has come to its end."""
    classroom, config = room
    Undo(classroom, config).begin("autograder grade")
    undo = Undo(classroom, config)
    undo.begin("autograder build", half=True)
    change(classroom, undo)
    with alone(classroom, "autograder build"), pytest.raises(CourseError, match=r"autograder build.*is at work"):
        recover(classroom)  # it lives
    undo.restore()
    assert_old(classroom)
    assert undo.about["command"] == "autograder grade" and not undo.unsettled
    with monkeypatch.context() as patch:  # ended between two renamings
        patch.setattr(Path, "rename", lambda path, to: None if path.name == ".undo.new" else os.rename(path, to))
        undo.begin("autograder build", half=True)
    assert not undo.folder.exists() and undo.unsettled
    assert recover(classroom) == "" and undo.about["command"] == "autograder grade" and not undo.unsettled
    undo.begin("autograder build", half=True)
    undo.finish()
    assert undo.about["command"] == "autograder build" and not undo.unsettled


def test_restoring_can_be_done_again(room, monkeypatch):
    """Where it is interrupted, what is kept stays until all is back."""
    classroom, config = room
    undo = Undo(classroom, config)
    undo.begin("autograder grade")
    change(classroom, undo)
    with monkeypatch.context() as patch:
        patch.setattr("autograder.undo.shutil.copy2", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            Undo(classroom, config).restore()
    Undo(classroom, config).restore()
    assert_old(classroom)


def test_a_gradebook_that_was_not_there_is_gone_again(room):
    """As before the first grading."""
    classroom, config = room
    classroom.gradebook.unlink()
    undo = Undo(classroom, config)
    undo.begin("autograder grade")
    write(classroom, 2)
    undo.restore()
    assert not classroom.gradebook.exists()


def test_a_gradebook_on_a_server_is_not_copied(room):
    """Grading goes on; to take it back is refused in a sentence."""
    classroom, config = room
    config.CourseDirectory.db_url = "postgresql+psycopg://grader@host/course"
    undo = Undo(classroom, config)
    undo.begin("autograder grade")
    assert not undo.can_keep and not undo.begun and not undo.folder.exists()
    with pytest.raises(CourseError, match="on a server"):
        undo.restore()
