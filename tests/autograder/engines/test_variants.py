"""Hidden cases that are drawn once: they are kept whole, private, and drawn again where they are not."""

import hashlib
import stat
import subprocess
import sys

import numpy as np
import pytest

from autograder.classroom import Classroom
from autograder.engines import variants
from autograder.engines.variants import stored_cases, variant_name
from autograder.settings import PROJECT
from course_utils.recording import encode

CASES = [{"part": "a", "arguments": {"x": np.array([0.1 + 0.2, np.nan, np.inf]), "p": 0.3, "names": ("w",)}}]
SEED = b"variant"


@pytest.fixture
def room(tmp_path):
    return Classroom(tmp_path / "room").create()


def never():
    raise AssertionError("drawn again")


def test_cases_are_drawn_once_and_stay_exact(room):
    """What was drawn and what is read later is the same to the last digit, and is drawn no second time."""
    drawn = stored_cases(room, SEED, "neuron", lambda: CASES)
    kept = stored_cases(room, SEED, "neuron", never)
    assert repr(drawn) == repr(kept)
    assert kept[0]["arguments"]["x"][0] == 0.1 + 0.2


def test_they_are_private_and_no_code(room):
    """Only the owner may read them, and they are text."""
    stored_cases(room, SEED, "neuron", lambda: CASES)
    (path,) = room.variants.iterdir()
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(room.variants.stat().st_mode)) == (0o600, 0o700)
    assert path.read_text().isprintable() is False and path.read_text().splitlines()[1].startswith("[{")


@pytest.mark.parametrize("damage", [b"", b"x", lambda data: data[:-3], lambda data: data.replace(b"0.3", b"0.4")])
def test_what_is_damaged_is_drawn_again(room, damage):
    """A file that is cut, empty, changed or something else is replaced by a whole one."""
    whole = stored_cases(room, SEED, "neuron", lambda: CASES)
    path = room.variants / variant_name(SEED, "neuron")
    path.write_bytes(damage(path.read_bytes()) if callable(damage) else damage)
    assert repr(stored_cases(room, SEED, "neuron", lambda: CASES)) == repr(whole)
    assert repr(stored_cases(room, SEED, "neuron", never)) == repr(whole)


def test_what_cannot_be_written_is_drawn_each_time(room):
    """Where the folder cannot be made, as in a sandbox, cases are drawn and nothing is said."""
    room.variants.write_text("in the way")
    assert encode(stored_cases(room, SEED, "neuron", lambda: CASES))[0]["part"] == "a"


def test_other_code_another_seed_and_another_exercise_have_other_names(monkeypatch):
    """So nothing that was drawn for something else is ever read."""
    names = {variant_name(SEED, "neuron"), variant_name(SEED, "dense"), variant_name(b"other", "neuron")}
    monkeypatch.setattr(variants, "_code_digest", lambda: hashlib.sha256(b"other code").digest())
    assert len(names | {variant_name(SEED, "neuron")}) == 4


def test_those_who_draw_the_same_at_once_do_not_clash(room):
    """Processes that draw one variant at the same time all get it, and leave one whole file."""
    code = (
        "import sys\nfrom autograder.classroom import Classroom\n"
        "from autograder.engines.variants import stored_cases\nroom = Classroom(sys.argv[1])\n"
        "for number in range(100):\n"
        "    cases = stored_cases(room, b'%d' % number, 'neuron', lambda: [{'arguments': {'n': number}}])\n"
        "    assert cases[0]['arguments']['n'] == number\n"
    )
    command = [sys.executable, "-c", code, str(room.root)]
    running = [subprocess.Popen(command, cwd=PROJECT) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(list(room.variants.iterdir())) == 100
