"""The watch over a kernel's cell, with a process that only notes what it gets."""

import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import psutil
import pytest

from autograder.engines import watch as module
from autograder.engines.base import Limits
from autograder.engines.watch import FLOOD, Watch, kill_tree
from autograder.limits import MEGABYTE
from autograder.sandbox.outputs import CUT

LIMITS = Limits(cell=10, submission=100, memory=50, output=1000)


class Process:
    """A process that notes the signals that it gets."""

    def __init__(self, memory=0):
        self.signals, self.memory = [], memory

    def children(self, recursive):
        return []

    def memory_info(self):
        return SimpleNamespace(rss=self.memory)

    def send_signal(self, number):
        self.signals.append(number)

    def kill(self):
        self.signals.append("kill")


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(module, "monotonic", lambda: clock.now)
    return clock


def test_a_cell_within_its_limits_is_left_alone(clock):
    """Nothing happens to a cell that keeps to its limits."""
    process = Process(memory=49 * MEGABYTE)
    watch = Watch(process, LIMITS, clock.now + 100)
    for _ in range(5):
        clock.now += 1.9
        watch.look()
    assert process.signals == [] and watch.reason == ""


def test_a_cell_beyond_its_time_is_interrupted_then_killed(clock):
    """A cell is interrupted once; if it goes on all the same, its process is killed, once."""
    process = Process()
    watch = Watch(process, LIMITS, clock.now + 100)
    clock.now += 10.1
    watch.look()
    watch.look()
    assert process.signals == [signal.SIGINT] and not watch.killed
    assert watch.reason == LIMITS.cell_over()
    clock.now += 2.1
    watch.look()
    watch.look()
    assert process.signals == [signal.SIGINT, "kill"] and watch.killed


def test_the_end_of_the_submission_has_its_own_reason(clock):
    """Where the submission's time ends before the cell's, the reason says so."""
    watch = Watch(Process(), LIMITS, clock.now + 3)
    clock.now += 3.1
    watch.look()
    assert watch.reason == "it was stopped: the submission had used up its 100 s."


def test_memory_kills_at_once(clock):
    """A kernel beyond its memory is not asked first."""
    process = Process(memory=51 * MEGABYTE)
    watch = Watch(process, LIMITS, clock.now + 100)
    watch.look()
    assert process.signals == ["kill"] and "more than 50 MB of memory" in watch.reason


def test_a_flood_is_interrupted(clock):
    """Much more output than is kept interrupts the cell."""
    process = Process()
    watch = Watch(process, LIMITS, clock.now + 100)
    for _ in range(FLOOD + 1):
        watch.fits({"text": "x" * 1000})
    watch.look()
    assert process.signals == [signal.SIGINT] and watch.reason == "it printed more than 0.1 MB and was stopped."


def test_an_update_gives_back_the_room_of_what_it_replaces():
    """A display may be updated for ever; each output that it fills counts, and one too large changes nothing."""
    watch = Watch(Process(), LIMITS, time.monotonic() + 100)
    for _ in range(20):
        assert watch.fits({"data": {"text/plain": "x" * 600}}, "h")
    kept = watch.kept
    assert not watch.fits({"data": {"text/plain": "x" * 600}}, "h", copies=2) and watch.kept == kept
    assert watch.fits({"data": {"text/plain": ""}}, "h") and watch.kept < kept
    watch.clear()
    assert watch.fits({"text": "x" * 1000})


def test_what_does_not_fit_is_cut():
    """The first printed text is cut at the limit, errors are shortened, and everything else is dropped."""
    watch = Watch(Process(), LIMITS, time.monotonic() + 100)
    assert watch.fits({"text": "x" * 900}) and not watch.fits({"text": "y" * 200})
    assert watch.cut("stream", {"name": "stdout", "text": "y" * 200})["text"] == "y" * 100 + CUT
    assert watch.truncated
    assert watch.cut("stream", {"name": "stdout", "text": "z"}) is None
    assert watch.cut("display_data", {"data": {}}) is None
    error = watch.cut("error", {"ename": "E", "evalue": "v" * 5000, "traceback": ["t" * 5000] * 50})
    assert len(error["evalue"]) == 1000 and len(error["traceback"]) == 5


@pytest.mark.parametrize(
    ("content", "size"),
    [
        ({"text": "abc"}, 3),
        ({"evalue": "ab", "traceback": ["c", "de"]}, 205),
        ({"data": {"text/plain": "abc", "application/json": {"a": 1}}}, 211),
        ({}, 200),
    ],
)
def test_outputs_are_measured_in_characters(content, size):
    """The size of an output counts what it shows, and a little for itself."""
    assert module._size(content) == size


def test_a_whole_tree_is_killed():
    """Killing a kernel takes along everything that it started; killing it again does no harm."""
    code = "import subprocess, time\nsubprocess.Popen(['sleep', '60'])\nprint(1, flush=True)\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        process = psutil.Process(child.pid)
        family = [process, *process.children(recursive=True)]
        assert len(family) == 2
        kill_tree(process)
        child.wait()
        assert psutil.wait_procs(family, timeout=60)[1] == []
        kill_tree(process)
