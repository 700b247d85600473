"""No attack earns marks, leaks or harms under the sealed engine, and honest neighbours keep their scores.

One that says ``allows="points"`` gets what the README says that it gets.

`make test` tries every twentieth attack, `make attacks` tries them all; so does `ATTACKS=all make test`.
"""

import os
import subprocess
import sys

import pytest
from autograder.authoring.build import PUBLIC_SEED
from autograder.errors import CourseError
from autograder.settings import PROJECT
from tests.attacks import harness
from tests.attacks.harness import Room, attacks, rooms, sealed

EVERY = attacks()
ATTACKS = EVERY if os.environ.get("ATTACKS") == "all" else EVERY[::20]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One grading of a class of attacks and honest neighbours: results by attack, and what befell others."""
    if sys.platform != "linux":
        pytest.skip("submissions can be sealed on Linux only")
    from autograder.sandbox.host import Need, Server

    harness.STALLED = 300.0  # other tests may run beside these

    try:
        Server(Need((), 1024)).close()
    except CourseError as error:
        pytest.skip(f"submissions cannot be sealed here: {error}")
    results, harm = {}, []
    for room in rooms(tmp_path_factory.mktemp("attacks"), ATTACKS):
        found, done = sealed(room)
        results.update(found)
        harm += done
    return results, harm


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", [each.name for each in ATTACKS])
def test_stopped(run, name):
    """The attack earns no mark, finds no secret and does not stop the grader."""
    results, _ = run
    assert results[name].got == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_no_harm(run):
    """Neighbours keep their scores, nothing is left behind, and reports and terminal show nothing that runs."""
    _, harm = run
    assert harm == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can become another user")
def test_stopped_for_an_ordinary_user():
    """An attack on what the kernel counts for a user, graded by one with 1,024 descriptors and without root."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.attacks", "--user", "--no-stock", "budgets_of_the_user"],
        capture_output=True,
        text=True,
        cwd=PROJECT,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "1 stopped" in done.stdout


def test_names():
    """Every attack has a name of its own and says in one sentence what it tries."""
    assert len({each.name for each in EVERY}) == len({each.student for each in EVERY}) == len(EVERY) > 100
    assert all(each.tries.endswith(".") and "\n" not in each.tries for each in EVERY)


@pytest.mark.slow
def test_a_leak_is_seen(tmp_path):
    """Hidden numbers, labels and the secret are known again where they are printed; what is recorded is no leak."""
    room = Room(tmp_path, [next(each for each in EVERY if each.lab.startswith("lab4"))])
    room.build()
    for purpose, cases in (("grade", room.hidden_cases()), ("check", room.cases(PUBLIC_SEED, "check"))):
        parts = [case.get(each, {}) for case in cases for each in ("arguments", "data", "expected")]
        found = " ".join(set().union(*(room.leaks(str(part)) for part in parts)))
        for what in ("hidden inputs", "hidden expected values", "hidden labels"):
            assert (what in found) == (purpose == "grade"), found
    assert room.leaks(f"x{room.classroom.secret().decode()}x") == {"the classroom's secret"}
