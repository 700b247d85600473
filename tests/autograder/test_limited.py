"""Steps that touch untrusted bytes: each ends within its limit, and what goes beyond it is told from what fails."""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from autograder import limited
from autograder.limited import Died, Limit, OverLimit, Worker, call, unlimited, within
from tests.autograder.memory import take

SMALL = Limit(memory=64, processor=0.3, wall=30)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts a process's private memory")


def spin(*_):
    while True:
        pass


def spin_whatever_comes(*_):
    while True:
        with suppress(BaseException):  # as a library may
            spin()


def spin_in_c(*_):
    return sum(range(10**12))


def sleep(seconds):
    threading.Event().wait(seconds)


def test_a_block_is_interrupted_when_its_processor_time_is_over():
    """It raises ``OverLimit``; waiting costs nothing, and afterwards there is no limit left."""
    with pytest.raises(OverLimit, match=r"0\.05 s of processor time"), within(Limit(64, 0.05, 1)):
        spin()
    with within(Limit(64, 0.05, 1)):
        sleep(0.1)
    assert sum(range(3_000_000))


@LINUX
def test_a_block_gets_no_more_memory_than_its_limit():
    """Beyond the limit it raises ``OverLimit``; afterwards there is room again."""
    with pytest.raises(OverLimit, match="64 MB"), within(SMALL):
        take(100)
    assert take(100)


def test_the_limit_around_another_one_goes_on():
    """What the inner block used is counted, and an inner limit cannot be wider."""
    with pytest.raises(OverLimit), within(Limit(64, 0.2, 1)):
        for _ in range(100):
            with suppress(OverLimit), within(Limit(64, 0.05, 1)):
                spin()
    with pytest.raises(OverLimit, match="memory"), within(SMALL), within(Limit(1000, 60, 1)):
        take(100)


def test_a_thread_cannot_be_limited_and_says_so():
    """There a limit would hold for the whole process, so nothing is done."""
    errors = []

    def try_it():
        try:
            with within(SMALL):
                pass
        except RuntimeError as error:
            errors.append(str(error))

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    assert "main thread" in errors[0]


@pytest.fixture
def worker():
    made = []

    def make(step):
        made.append(Worker(step))
        return made[-1]

    yield make
    for each in made:
        each.close()


def result(worker, item, limit=SMALL):
    worker.begin(item, limit)
    return worker.result()


@LINUX
def test_a_worker_survives_what_can_be_interrupted(worker):
    """Memory and processor time over the limit are results, and the same process takes the next item."""
    one = worker(lambda item: (take(item) if item else spin(), os.getpid())[1])
    assert isinstance(result(one, 100), OverLimit) and isinstance(result(one, 0), OverLimit)
    assert result(one, 1) == one.process.pid


@pytest.mark.parametrize("step", [spin_in_c, spin_whatever_comes, sleep], ids=["in C", "swallows", "sleeps"])
def test_what_cannot_be_interrupted_ends_with_its_process(worker, step, monkeypatch):
    """The kernel or the deadline ends it, and the result says that it was the limit."""
    monkeypatch.setattr(limited, "GRACE", 0.0)
    one = worker(step)
    limit = Limit(64, 0.3, 0.3) if step is sleep else Limit(64, 1, 60)
    assert isinstance(result(one, 60, limit), OverLimit) and not one.alive


def test_a_worker_that_dies_is_told_from_one_over_its_limit(worker):
    """The exit code is named."""
    death = result(worker(os._exit), 3)
    assert isinstance(death, Died) and "exit code 3" in str(death)


@LINUX
def test_a_process_that_a_worker_starts_does_not_inherit_its_limits(worker):
    """The limits of the sandbox are set elsewhere."""
    code = "import json, resource; print(json.dumps([resource.getrlimit(k)[0] for k in (2, 0)]))"
    expected = json.loads(subprocess.check_output([sys.executable, "-c", code]))

    def start(lifted):
        if not lifted:
            return json.loads(subprocess.check_output([sys.executable, "-c", code]))
        with unlimited():
            return json.loads(subprocess.check_output([sys.executable, "-c", code]))

    one, limit = worker(start), Limit(200, 9, 30)
    assert result(one, True, limit) == expected and result(one, False, limit) != expected


def test_a_function_is_applied_in_a_child_from_any_thread():
    """One helper stays for all calls; what goes beyond its limit or dies is told, and the next call gets another."""
    pid = call(os.getpid, limit=SMALL)
    assert pid != os.getpid()
    results = []
    thread = threading.Thread(target=lambda: results.append(call(os.getpid, limit=SMALL)))
    thread.start()
    thread.join()
    assert results == [pid]
    with pytest.raises(ValueError, match="invalid literal"):
        call(int, "x", limit=SMALL)
    with pytest.raises(OverLimit):
        call(spin, limit=SMALL)
    with pytest.raises(OverLimit if sys.platform == "linux" else AssertionError):
        call(take, 100, limit=SMALL)
    assert call(os.getpid, limit=SMALL) == pid
    with pytest.raises(Died):
        call(os._exit, 3, limit=SMALL)
    assert call(os.getpid, limit=SMALL) not in (pid, os.getpid())


def test_a_limited_child_applies_the_function_itself(worker):
    """It needs no child of its own."""
    one = worker(lambda item: (call(os.getpid, limit=SMALL), os.getpid()))
    inner, own = result(one, 1, Limit(64, 9, 30))
    assert inner == own
