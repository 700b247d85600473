"""The watch over one submission: memory, processes and open files of all that it started, together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import psutil
import pytest

from autograder.limits import MEGABYTE
from autograder.sandbox import supervisor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
LIMITS = {"memory": 200, "scratch": 10, "processes": 3, "cpu": 60.0}


@pytest.fixture(autouse=True)
def free(monkeypatch):
    """The machine's memory, all of which is free, whatever runs beside these tests; 0.01 makes it short."""
    memory = SimpleNamespace(share=1.0)
    monkeypatch.setattr(supervisor, "free_memory", lambda: memory.share)
    return memory


@pytest.fixture
def start():
    """Start Python programs, each as a child of this process, and end them all."""
    started = []

    def start_one(code):
        process = subprocess.Popen(
            [sys.executable, "-c", f"{code}\nprint(1, flush=True)\nimport time\ntime.sleep(60)"], stdout=subprocess.PIPE
        )
        process.stdout.readline()
        started.append(process)
        return process

    yield start_one
    for process in started:
        for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else ():
            with suppress(psutil.NoSuchProcess):
                child.kill()
        process.kill()
        process.wait()
        process.stdout.close()


def test_all_descendants_are_found(start):
    """The processes of a submission are the first one and all that descend from it, through every generation."""
    process = start("import subprocess\nsubprocess.Popen(['sh', '-c', 'sleep 60; true'])")
    deadline = time.monotonic() + 60
    while len(family := supervisor.family_of(process.pid)) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert process.pid in family and len(family) == 3
    assert os.getpid() not in family


def test_memory_is_counted(start):
    """A process's memory is known to within a few MB; one that is gone has none."""
    small, large = start("pass"), start("x = bytearray(b'x') * 100_000_000")
    for measure in (supervisor.memory_bound, supervisor.memory_share):
        difference = (measure(large.pid) - measure(small.pid)) / MEGABYTE
        assert 90 < difference < 110
    assert supervisor.memory_bound(2**22 + 1) == supervisor.memory_share(2**22 + 1) == 0


def test_the_fast_measure_is_an_upper_bound(start):
    """What a fork shares with its parent counts twice in the fast measure, and once in the exact one."""
    code = "x = bytearray(b'x') * 100_000_000\nimport os, time\nif os.fork() == 0: time.sleep(60)"
    family = supervisor.family_of(start(code).pid)
    assert sum(map(supervisor.memory_bound, family)) > 190 * MEGABYTE
    assert sum(map(supervisor.memory_share, family)) < 140 * MEGABYTE


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("x = bytearray(b'x') * 300_000_000", "memory"),
        ("import subprocess\nall = [subprocess.Popen(['sleep', '60']) for _ in range(5)]", "processes"),
        (
            "import os, time\nfiles = [open(os.devnull) for _ in range(800)]\n"
            "for _ in range(2):\n    if os.fork() == 0: time.sleep(60)",
            "descriptors",
        ),
        ("pass", ""),
    ],
)
def test_which_limit_is_broken(start, code, reason):
    """Memory, processes and open files are limited for all processes of a submission together."""
    watch = supervisor._Watch(start(code).pid, LIMITS, True)
    watch.inherited = 0
    assert watch.look() == reason


def test_the_machines_memory_is_watched(start, free):
    """Where the machine is short of memory, large submissions are ended at once and small ones after a second."""
    free.share = 0.01
    large = supervisor._Watch(start("x = bytearray(b'x') * 150_000_000").pid, LIMITS, True)
    large.inherited = 0
    assert large.look() == "machine"
    small = supervisor._Watch(start("pass").pid, LIMITS, True)
    assert [small.look() for _ in range(supervisor.PATIENCE + 1)] == [""] * supervisor.PATIENCE + ["machine"]


def test_a_slow_measure_does_not_slow_the_watch(start, monkeypatch):
    """The exact share of memory is measured for no more than a fifth of the time."""
    code = "x = bytearray(b'x') * 150_000_000\nimport os, time\nif os.fork() == 0: time.sleep(60)"
    watch = supervisor._Watch(start(code).pid, LIMITS, True)
    measured, clock = [], SimpleNamespace(now=1000.0)

    def slow(*_):
        clock.now += 0.3
        return measured.append(1) or 0

    monkeypatch.setattr(supervisor, "memory_share", slow)
    monkeypatch.setattr(supervisor, "time", SimpleNamespace(monotonic=lambda: clock.now))
    watch.inherited = 0
    assert [watch.look() for _ in range(4)] == [""] * 4
    assert len(measured) == 2  # once for each of the two processes
    clock.now += 5 * 2 * 0.3
    assert watch.look() == "" and len(measured) == 4


def test_files_in_memory_count_where_nothing_else_bounds_them(start):
    """Behind the walls the size of in-memory file systems is bounded by the kernel; without walls they count."""
    pid = start("import mmap\nm = mmap.mmap(-1, 300_000_000)\nm.write(b'x' * 300_000_000)").pid
    for bounded, reason in ((True, ""), (False, "memory")):
        watch = supervisor._Watch(pid, LIMITS, bounded)
        watch.inherited = 0
        assert watch.look() == reason


def test_what_may_not_be_read_counts_in_full(monkeypatch):
    """A process that keeps its files in /proc to itself has the most memory and open files that it may have."""

    def refuse(*arguments):
        raise PermissionError

    monkeypatch.setattr(supervisor.os, "listdir", refuse)
    assert supervisor._open_files(1) == supervisor.OPEN_FILES
    own = os.getpid()
    real = supervisor._sum_fields
    monkeypatch.setattr(
        supervisor, "_sum_fields", lambda path, kinds: refuse() if "smaps" in path else real(path, kinds)
    )
    assert supervisor.memory_share(own) == supervisor.memory_bound(own) > 0


def test_processor_time_of_dead_children_counts(start):
    """Processor time is that of all processes, of children that were waited for and of those that nobody waits for."""
    burn = "import time, os, signal\ndef burn():\n    while time.process_time() < 0.4: pass\n"
    waited = supervisor._Watch(start(f"{burn}if os.fork() == 0: burn(); os._exit(0)\nos.wait()").pid, LIMITS, True)
    assert float(waited.answer().split()[0]) >= 0.35  # the kernel counts in ticks
    alone = "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\nif os.fork() == 0: burn(); signal.pause()"
    process = start(f"{burn}{alone}")
    watch = supervisor._Watch(process.pid, LIMITS, True)
    (child,) = set(supervisor.family_of(process.pid)) - {process.pid}
    while supervisor.family_of(process.pid)[child]["seconds"] < 0.35:
        time.sleep(0.02)
    watch.look()
    os.kill(child, signal.SIGKILL)
    while len(supervisor.family_of(process.pid)) > 1:
        time.sleep(0.02)
    assert float(watch.answer().split()[0]) >= 0.35


def test_tasks_that_run_together_weigh_as_one(start):
    """Busy processes are given less weight each, and many of them one processor."""
    busy = "import os\nfor _ in range({}):\n    if os.fork() == 0:\n        while True: pass"
    for count, pinned in ((2, False), (2 * os.cpu_count() + 4, True)):
        process = start(busy.format(count))
        watch = supervisor._Watch(process.pid, {**LIMITS, "processes": 1000}, True)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert watch.look() == ""
            children = [each.pid for each in psutil.Process(process.pid).children()]
            nice = [os.getpriority(os.PRIO_PROCESS, child) for child in children]
            single = [len(os.sched_getaffinity(child)) == 1 for child in children]
            if min(nice) > 0 and (all(single) or not pinned):
                break
        assert min(nice) > 0 and (all(single) or not pinned)
        process.kill()
        for child in children:
            os.kill(child, signal.SIGKILL)


def test_orders_are_passed_on(start):
    """An interrupt reaches the process; when the host hangs up, or the process ends, supervision ends."""
    process = start("import signal\nsignal.signal(signal.SIGINT, lambda *_: print('interrupted', flush=True))")
    host, supervised = socket.socketpair()
    reasons = []
    watching = threading.Thread(target=lambda: reasons.append(supervisor.supervise(process.pid, supervised, LIMITS)))
    watching.start()
    host.send(b"i")
    assert process.stdout.readline() == b"interrupted\n"
    host.send(b"t")
    seconds, memory = host.recv(64).split()
    assert float(seconds) >= 0 and int(memory) >= 0
    host.close()
    watching.join(60)
    assert reasons == ["stopped"]


def test_the_end_of_a_process_is_seen(start):
    """A process that ends by itself ends its supervision."""
    process = start("pass")
    host, supervised = socket.socketpair()
    os.kill(process.pid, signal.SIGKILL)
    assert supervisor.supervise(process.pid, supervised, LIMITS) == "ended"
    host.close()
