"""The watch over one submission: it passes on interrupts, and ends what breaks a limit that no kernel enforces."""

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import TypedDict

from autograder.limits import MEGABYTE

LOOK = 0.1  # seconds between two looks at a submission's processes
DESCRIPTORS = 2048  # open files of all its processes together: the buffers of sockets and pipes are memory too


class ProcessLimits(TypedDict):
    """What all processes of one submission may use together: MB, MB, how many, seconds."""

    memory: int
    scratch: int
    processes: int
    cpu: float


Wait = Callable[[list[socket.socket], float], list[socket.socket]]  # which of some can be read, within some seconds


def _wait(sources: list[socket.socket], seconds: float) -> list[socket.socket]:
    return select.select(sources, [], [], seconds)[0]


def supervise(student: int, host: socket.socket, limits: ProcessLimits, wait: Wait = _wait) -> str:
    """Pass on interrupts and enforce the limits that the kernel does not; return why the student's process ended.

    Args:
        wait: waits for the host, and may do something else meanwhile.
    """
    most = limits["memory"] * MEGABYTE + _memory_bound(student)  # by fork it has the server's memory: not counted
    looked_at = 0.0
    while True:
        if wait([host], LOOK):
            if host.recv(1) != b"i":
                return "stopped"
            os.kill(student, signal.SIGINT)
        if os.waitpid(student, os.WNOHANG)[0]:
            return "ended"
        if time.monotonic() - looked_at > LOOK:
            looked_at = time.monotonic()
            if reason := _broken_limit(_with_descendants(student), limits["processes"], most):
                return reason


def _broken_limit(processes: set[int], most_processes: int, most_memory: int) -> str:
    """Return which limit the processes of a submission break together, or ""."""
    if len(processes) > most_processes:
        return "processes"
    if len(processes) > 1 and sum(map(_open_files, processes)) > DESCRIPTORS:
        return "descriptors"
    if sum(map(_memory_bound, processes)) > most_memory and sum(map(_memory_share, processes)) > most_memory:
        return "memory"
    return ""


def _with_descendants(root: int) -> set[int]:
    """Return the ids of a process and of all its descendants; no child escapes the first process of a namespace."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError), open(f"/proc/{name}/stat", "rb") as file:
                parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
    family, grown = {root}, True
    while grown:
        children = {child for child, parent in parents.items() if parent in family} - family
        family |= children
        grown = bool(children)
    return family


def _sum_fields(path: str, names: tuple[bytes, ...]) -> int:
    """Return the sum in bytes of some fields of a file of /proc that are given in kB; 0 where it cannot be read."""
    total = 0
    with contextlib.suppress(OSError), open(path, "rb") as file:
        for line in file:
            name, _, rest = line.partition(b":")
            if name in names:
                total += int(rest.split()[0]) * 1024
    return total


def _memory_bound(process: int) -> int:
    """Return a fast upper bound of a process's memory in bytes: shared pages count in full for each process."""
    return _sum_fields(f"/proc/{process}/status", (b"RssAnon", b"RssShmem", b"VmSwap", b"VmPTE"))


def _memory_share(process: int) -> int:
    """Return a process's proportional share of memory in bytes: slow, but exact when summed over all processes."""
    share = _sum_fields(f"/proc/{process}/smaps_rollup", (b"Pss_Anon", b"Pss_Shmem", b"SwapPss"))
    return share + _sum_fields(f"/proc/{process}/status", (b"VmPTE",))


def _open_files(process: int) -> int:
    try:
        return len(os.listdir(f"/proc/{process}/fd"))
    except OSError:
        return 0
