"""The classroom: made once, for one framework, with a secret that only its owner reads."""

import json
import stat

import nbformat
import pytest

from autograder.classroom import Classroom
from autograder.errors import CourseError


def test_a_classroom_remembers_what_it_was_made_for(tmp_path):
    """Framework and engine are kept; the engine may change, the framework may not."""
    Classroom(tmp_path / "room").create("torch")
    room = Classroom(tmp_path / "room")
    assert (room.framework, room.engine) == ("torch", "sealed")
    room.create(engine="plain")
    assert (room.framework, room.engine) == ("torch", "plain")
    with pytest.raises(CourseError, match="made for 'torch' and cannot change to 'both'"):
        room.create("both")


def test_a_classroom_without_settings_has_the_defaults(tmp_path):
    """A folder that an earlier version made, or nobody, teaches both frameworks and is sealed."""
    assert (Classroom(tmp_path).framework, Classroom(tmp_path).engine) == ("both", "sealed")
    (tmp_path / "classroom.json").write_text(json.dumps({"framework": "tensorflow"}))
    assert (Classroom(tmp_path).framework, Classroom(tmp_path).engine) == ("tensorflow", "sealed")


@pytest.mark.parametrize("content", [b"", b"\x97", b"[1]"])
def test_settings_that_cannot_be_read_are_named(tmp_path, content):
    """A damaged file is not taken for one of another engine: it is named, with the way out."""
    (tmp_path / "classroom.json").write_bytes(content)
    with pytest.raises(CourseError, match="cannot be read as settings"):
        _ = Classroom(tmp_path).engine


def test_the_secret_is_made_once_and_is_private(tmp_path):
    """Every reading gives the same bytes, another classroom has others, and only the owner may read the file."""
    room, other = Classroom(tmp_path / "room").create(), Classroom(tmp_path / "other").create()
    assert room.secret() == Classroom(tmp_path / "room").secret() != other.secret()
    assert len(room.secret()) == 64
    assert stat.S_IMODE((room.root / "secret").stat().st_mode) == 0o600


def test_a_secret_that_is_gone_is_not_made_anew_in_silence(tmp_path):
    """Inputs would be others than those of the marks that stand; only building makes a new one."""
    room = Classroom(tmp_path / "room").create()
    (room.root / "secret").unlink()
    with pytest.raises(CourseError, match="is missing"):
        room.secret()
    assert len(room.create().secret()) == 64


@pytest.mark.parametrize("text", ["", "\n", "short\n"])
def test_a_secret_that_could_be_guessed_is_refused(tmp_path, text):
    """A file that is empty, as after a full disk, draws no hidden inputs: whoever reads this project knew them."""
    room = Classroom(tmp_path / "room").create()
    (room.root / "secret").write_text(text)
    with pytest.raises(CourseError, match="holds no secret"):
        room.secret()


def lab(room, name, points):
    """Put a lab with one test cell into a classroom; None: it was built and never released."""
    for folder in ("source",) if points is None else ("source", "release"):
        path = room.root / folder / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True)
        cell = nbformat.v4.new_code_cell("check()", metadata={"nbgrader": {"grade_id": name, "points": points or 0}})
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)


def test_labs_without_points_are_not_graded(tmp_path):
    """Labs come in order; one without points is no graded lab, one not yet released may be."""
    room = Classroom(tmp_path).create()
    lab(room, "lab1_b", 2)
    lab(room, "lab0_a", 0)
    lab(room, "lab2_c", None)
    assert room.labs() == ["lab0_a", "lab1_b", "lab2_c"]
    assert room.graded_labs() == ["lab1_b", "lab2_c"]


def test_a_damaged_release_is_named(tmp_path):
    """A released notebook that half a copy left behind stops with its name, and what mends it."""
    room = Classroom(tmp_path).create()
    lab(room, "lab1_b", 2)
    (room.release / "lab1_b" / "lab1_b.ipynb").write_text("{")
    with pytest.raises(CourseError, match="is no notebook any more"):
        room.graded_labs()
