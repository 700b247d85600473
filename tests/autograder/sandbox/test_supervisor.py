"""The watch over one submission: memory, processes and open files of all that it started, together."""

import os
import signal
import socket
import subprocess
import sys
import threading

import psutil
import pytest

from autograder.limits import MEGABYTE
from autograder.sandbox import supervisor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
LIMITS = {"memory": 200, "scratch": 10, "processes": 3, "cpu": 60.0}


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
            child.kill()
        process.kill()
        process.wait()
        process.stdout.close()


def test_all_descendants_are_found(start):
    """The processes of a submission are the first one and all that descend from it, through every generation."""
    process = start(
        "import subprocess\nsubprocess.Popen(['sh', '-c', 'sleep 60; true'])\ntime = __import__('time')\n"
        "time.sleep(0.3)"
    )
    family = supervisor._with_descendants(process.pid)
    assert process.pid in family and len(family) == 3
    assert os.getpid() not in family


def test_memory_is_counted(start):
    """A process's memory is known to within a few MB; one that is gone has none."""
    small, large = start("pass"), start("x = bytearray(b'x') * 100_000_000")
    for measure in (supervisor._memory_bound, supervisor._memory_share):
        difference = (measure(large.pid) - measure(small.pid)) / MEGABYTE
        assert 90 < difference < 110
    assert supervisor._memory_bound(2**22 + 1) == supervisor._memory_share(2**22 + 1) == 0


def test_the_fast_measure_is_an_upper_bound(start):
    """What a fork shares with its parent counts twice in the fast measure, and once in the exact one."""
    code = "x = bytearray(b'x') * 100_000_000\nimport os, time\nif os.fork() == 0: time.sleep(60)"
    family = supervisor._with_descendants(start(code).pid)
    assert sum(map(supervisor._memory_bound, family)) > 190 * MEGABYTE
    assert sum(map(supervisor._memory_share, family)) < 140 * MEGABYTE


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
    family = supervisor._with_descendants(start(code).pid)
    assert supervisor._broken_limit(family, LIMITS["processes"], LIMITS["memory"] * MEGABYTE) == reason


def test_orders_are_passed_on(start):
    """An interrupt reaches the process; when the host hangs up, or the process ends, supervision ends."""
    process = start("import signal\nsignal.signal(signal.SIGINT, lambda *_: print('interrupted', flush=True))")
    host, supervised = socket.socketpair()
    reasons = []
    watching = threading.Thread(target=lambda: reasons.append(supervisor.supervise(process.pid, supervised, LIMITS)))
    watching.start()
    host.send(b"i")
    assert process.stdout.readline() == b"interrupted\n"
    host.close()
    watching.join(10)
    assert reasons == ["stopped"]


def test_the_end_of_a_process_is_seen(start):
    """A process that ends by itself ends its supervision."""
    process = start("pass")
    host, supervised = socket.socketpair()
    os.kill(process.pid, signal.SIGKILL)
    assert supervisor.supervise(process.pid, supervised, LIMITS) == "ended"
    host.close()
