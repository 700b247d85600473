"""Hand-ins are put in place whole, and what is remembered of them survives."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.collecting.archives import Item
from autograder.collecting.matching import HandIn
from autograder.collecting.placing import Placing, Record
from autograder.collecting.platforms import Clue
from autograder.collecting.recognise import Look
from tests.autograder.collecting.rooms import make_room

LAB = "lab1_perceptron"


@pytest.fixture
def placing(tmp_path):
    room = make_room(tmp_path / "room")
    return Placing(room, Record(room), tmp_path / "scratch", 1000)


def hand_in(folder, text, clue=None):
    (folder / "x.ipynb").write_text(text)
    item = Item("class.zip", ("jane", "x.ipynb"), 1, datetime(2026, 1, 1), folder, Path("x.ipynb"))
    return HandIn(item, clue or Clue("canvas", upload="jane_1_2_x.ipynb"), Look(LAB, "", text), ["jdoe"])


def test_the_record_tells_what_was_collected(placing, tmp_path):
    """A new process knows from where each hand-in came, and how feedback goes back."""
    assert placing.place("jdoe", hand_in(tmp_path, "one")) == "new"
    placing.record.save()
    note = Record(placing.classroom)["jdoe", LAB]
    assert (note.source, note.file, note.upload) == ("class.zip", "jane/x.ipynb", "jane_1_2_x.ipynb")
    assert [student for student, _ in Record(placing.classroom).notes(LAB)] == ["jdoe"]
    assert not list(Record(placing.classroom).notes("perceptron"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a/b": 3}', '{"a/b": {"old": 1}}'])
def test_a_damaged_record_is_no_error(placing, tmp_path, text):
    """Without a record all that lies there counts as put there by hand, and nothing is overwritten."""
    placing.place("jdoe", hand_in(tmp_path, "one"))
    placing.record.save()
    placing.record.path.write_text(text)
    again = Placing(placing.classroom, Record(placing.classroom), placing.scratch, 1000)
    assert again.place("jdoe", hand_in(tmp_path, "two")) == "kept"
    assert again.place("jdoe", hand_in(tmp_path, "one")) == "unchanged"


@pytest.mark.parametrize(
    ("day", "word"), [(2, "replaced"), (1, "older"), (None, "undated")], ids=["newer", "older", "without a time"]
)
def test_only_what_has_a_time_is_called_older(placing, tmp_path, day, word):
    """Where what is there has a time and the next hand-in has none, it is not taken for newer, nor for older."""
    first, then = datetime(2026, 11, 1, 12, tzinfo=UTC), day and datetime(2026, 11, day, tzinfo=UTC)
    placing.place("jdoe", hand_in(tmp_path, "one", Clue("moodle", time=first)))
    assert placing.place("jdoe", hand_in(tmp_path, "two", Clue("moodle", time=then))) == word


def test_a_link_is_not_followed(placing, tmp_path):
    """A link in the place of a hand-in gives way only when that is asked for, and what it leads to stays."""
    (tmp_path / "elsewhere").mkdir()
    (placing.classroom.submitted / "jdoe").mkdir(parents=True)
    (placing.classroom.submitted / "jdoe" / LAB).symlink_to(tmp_path / "elsewhere")
    assert placing.place("jdoe", hand_in(tmp_path, "one")) == "kept"
    assert not list((tmp_path / "elsewhere").iterdir())


def test_nothing_half_done_is_left(placing, tmp_path):
    """Where a file is gone before it is read, nothing new lies among the submissions."""
    gone = hand_in(tmp_path, "one")
    (tmp_path / "x.ipynb").unlink()
    with pytest.raises(FileNotFoundError):
        placing.place("jdoe", gone)
    assert not placing.classroom.submitted.exists()
    placing.record.save()
    assert not placing.record.path.exists()
    placing.place("jdoe", hand_in(tmp_path, "one"))
    placing.record.save()
    assert json.loads(placing.record.path.read_text()).keys() == {f"jdoe/{LAB}"}
