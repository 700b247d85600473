"""What must be the same on all machines: each part counts, and the secret stays one."""

import pytest

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.grading.excused import excuse
from autograder.grading.origin import origin, require_same


@pytest.fixture
def room(tmp_path):
    classroom = Classroom(tmp_path / "room").create()
    for folder in (classroom.source, classroom.release):
        (folder / "lab").mkdir(parents=True)
        (folder / "lab" / "lab.ipynb").write_text("{}")
    return classroom


def test_secret_and_labs_count_wherever_the_classroom_lies(room, tmp_path):
    """A copy has the same origin; another secret or source has another, and nothing tells the secret."""
    before = origin(room, ["lab"], "sealed")
    room.root.rename(tmp_path / "copy")
    assert origin(Classroom(tmp_path / "copy"), ["lab"], "sealed") == before
    copy = Classroom(tmp_path / "copy")
    assert copy.secret().decode() not in str(before)
    (copy.source / "lab" / "lab.ipynb").write_text("{ }")
    (copy.root / "secret").write_text("another secret than ours")
    after = origin(copy, ["lab"], "plain")
    assert {name for name in before if before[name] != after[name]} == {"engine", "secret", "lab lab"}


def test_who_is_excused_counts(room):
    """A machine that does not know it, or no earlier notebook, would grade what does not count."""
    origins = [origin(room, ["lab"], "sealed")]
    excuse(room, "other", {"ada": ["cube"]})
    assert origin(room, ["lab"], "sealed") == origins[0]
    (room.earlier / "lab").mkdir(parents=True)
    (room.earlier / "lab" / "old.ipynb").write_text("{}")
    origins.append(origin(room, ["lab"], "sealed"))
    excuse(room, "lab", {"ada": ["cube"]})
    origins.append(origin(room, ["lab"], "sealed"))
    assert len({each["lab lab"] for each in origins}) == 3


def test_what_differs_is_named():
    """The error says whose it is, each part that differs, what versions, and the mend."""
    ours = {"versions": "numpy 2.4", "secret": "a", "grader": "b"}
    require_same("worker", dict(ours), ours, "Mend.")
    with pytest.raises(CourseError) as error:
        require_same("worker", {"versions": "numpy 1.0", "grader": "b", "more": "c"}, ours, "Mend.")
    assert str(error.value) == (
        "worker: not the same there as here: versions (numpy 1.0 there, numpy 2.4 here), secret, more. Mend."
    )
