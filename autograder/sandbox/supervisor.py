"""The watch over one submission: it measures, interrupts, and ends what breaks a limit that no kernel enforces."""

import contextlib
import math
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterable
from typing import NotRequired, TypedDict

from autograder.limits import MEGABYTE

THREADS = 1024  # threads and processes together that the kernel allows to a submission
LOOK = 0.1  # seconds between two looks at a submission's processes
DESCRIPTORS = 2048  # open files of all its processes together: the buffers of sockets and pipes are memory too
OPEN_FILES = 512  # of one process; fewer than the grader may have, whose user counts what is on its way in sockets
SHORT_OF_MEMORY = 0.03  # where less of the machine's memory is free, submissions are ended
PATIENCE = 10  # looks for which smaller submissions are spared when memory is short
TICKS = os.sysconf("SC_CLK_TCK")  # a second, in the files of /proc
WEIGHT_STEP = 1.25  # by so much each level of niceness changes the weight of a task
ENDED = "ended"  # the last word of a supervisor whose process ended by itself; without one it was not it that ended


class ProcessLimits(TypedDict):
    """What all processes of one submission may use together: MB, MB, how many, seconds.

    Args:
        grouped: whether its first process waits until the host has moved it into a cgroup.
    """

    memory: int
    scratch: int
    processes: int
    cpu: float
    grouped: NotRequired[bool]


class Status(TypedDict):
    """What one look tells of a process."""

    parent: int
    running: bool
    seconds: float  # processor time of its own, and of children that it waited for


Wait = Callable[[list[socket.socket], float], list[socket.socket]]  # which of some can be read, within some seconds


def _wait(sources: list[socket.socket], seconds: float) -> list[socket.socket]:
    return select.select(sources, [], [], seconds)[0]


def supervise(
    student: int, host: socket.socket, limits: ProcessLimits, files_bounded: bool = True, wait: Wait = _wait
) -> str:
    """Do what the host asks and enforce the limits that the kernel does not; return why the student's process ended.

    The host asks by one byte: "i" interrupts, "t" is answered with a line: seconds of processor time that all processes
    of the submission have used, dead ones included, and the bytes of memory that they hold.

    Args:
        files_bounded: whether the kernel bounds files in memory, so that they need not count as memory.
        wait: waits for the host, and may do something else meanwhile.
    """
    watch = _Watch(student, limits, files_bounded)
    looked_at = 0.0
    while True:
        if wait([host], LOOK):
            order = host.recv(1)
            if order == b"i":
                os.kill(student, signal.SIGINT)
            elif order == b"t":
                host.send(watch.answer())
            else:
                return "stopped"
        if os.waitpid(student, os.WNOHANG)[0]:
            return "ended"
        if time.monotonic() - looked_at > LOOK:
            looked_at = time.monotonic()
            if reason := watch.look():
                return reason


class _Watch:
    """What is known of one submission's processes from look to look."""

    def __init__(self, student: int, limits: ProcessLimits, files_bounded: bool) -> None:
        self.student, self.limits = student, limits
        self.kinds = ANONYMOUS if files_bounded else ANONYMOUS | SHARED
        self.inherited = memory_bound(student, self.kinds)  # by fork it has the server's memory: not counted
        self.seconds, self.counted = 0.0, 0.0
        self.exact_at = 0.0  # when the exact share of memory is measured next
        self.short = 0  # looks since the machine is short of memory
        self.before: dict[int, Status] = {}  # the processes at the last look

    def answer(self) -> bytes:
        """Return the line that the host asked for."""
        family = self._measure()
        memory = sum(memory_bound(process, self.kinds) for process in family) - self.inherited
        return f"{self.seconds:.3f} {max(memory, 0)}\n".encode()

    def look(self) -> str:
        """Return which limit the processes break together, or ""; bound their share of the processors."""
        family = self._measure()
        if len(family) > self.limits["processes"]:
            return "processes"
        if len(family) > 1 and sum(map(_open_files, family)) > DESCRIPTORS:
            return "descriptors"
        if reason := self._look_at_memory(family):
            return reason
        busy = [process for process, status in family.items() if status["running"] or self._computed(process, status)]
        self.before = family
        give_one_share(running_tasks(busy))
        return ""

    def _computed(self, process: int, status: Status) -> bool:
        """Return whether a process used a processor since the last look."""
        return process not in self.before or status["seconds"] > self.before[process]["seconds"]

    def _measure(self) -> dict[int, Status]:
        family = family_of(self.student)
        counted = sum(status["seconds"] for status in family.values())
        self.seconds += max(counted - self.counted, 0.0)  # less: processes died whose parents do not count them
        self.counted = counted
        return family

    def _look_at_memory(self, family: Iterable[int]) -> str:
        most = self.limits["memory"] * MEGABYTE
        bounds = [memory_bound(process, self.kinds) for process in family]
        bound = sum(bounds) - self.inherited
        self.short = self.short + 1 if free_memory() < SHORT_OF_MEMORY else 0
        if self.short and (bound > most / 2 or self.short > PATIENCE):
            return "machine"
        if max(bounds, default=0) - self.inherited > most:  # one process shares no more than that with the server
            return "memory"
        started = time.monotonic()
        if bound > most and started >= self.exact_at:
            if sum(memory_share(process, self.kinds) for process in family) - self.inherited > most:
                return "memory"
            self.exact_at = time.monotonic() + 4 * (time.monotonic() - started)  # never most of this process's time
        return ""


def family_of(root: int) -> dict[int, Status]:
    """Return a process and all its descendants, by id; no child escapes the first process of a namespace."""
    found: dict[int, Status] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                found[int(name)] = _status(f"/proc/{name}/stat")
    family, grown = {root} & set(found), True
    while grown:
        children = {child for child, status in found.items() if status["parent"] in family} - family
        family |= children
        grown = bool(children)
    return {process: found[process] for process in family}


def _status(path: str) -> Status:
    with open(path, "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    return {
        "parent": int(fields[1]),
        "running": fields[0] == b"R",
        "seconds": sum(map(int, fields[11:15])) / TICKS,
    }


def running_tasks(processes: Iterable[int]) -> list[int]:
    """Return the ids of the threads of some processes that run or wait for a processor."""
    tasks = []
    for process in processes:
        with contextlib.suppress(OSError, IndexError, ValueError):
            for name in os.listdir(f"/proc/{process}/task"):
                if _status(f"/proc/{process}/task/{name}/stat")["running"]:
                    tasks.append(int(name))
    return tasks


def give_one_share(tasks: list[int]) -> None:
    """Let tasks that run together weigh about as much as one; many more than there are processors share one of them."""
    if len(tasks) < 2:
        return
    processors = sorted(os.sched_getaffinity(0))
    niceness = min(19, round(math.log(len(tasks), WEIGHT_STEP)))
    for task in tasks:
        with contextlib.suppress(OSError):
            if os.getpriority(os.PRIO_PROCESS, task) < niceness:
                os.setpriority(os.PRIO_PROCESS, task, niceness)
            if len(tasks) > 2 * len(processors) + 2:
                os.sched_setaffinity(task, {processors[os.getpid() % len(processors)]})


ANONYMOUS = frozenset((b"RssAnon", b"VmSwap", b"VmPTE", b"Pss_Anon", b"SwapPss", b"HugetlbPages"))
SHARED = frozenset((b"RssShmem", b"Pss_Shmem"))


def _sum_fields(path: str, names: frozenset[bytes]) -> int:
    """Return the sum in bytes of some fields of a file of /proc that are given in kB; 0 where the process is gone.

    Raises:
        PermissionError: the process keeps the file from this one.
    """
    total = 0
    with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(path, "rb") as file:
        for line in file:
            name, _, rest = line.partition(b":")
            if name in names:
                total += int(rest.split()[0]) * 1024
    return total


def memory_bound(process: int, kinds: frozenset[bytes] = ANONYMOUS) -> int:
    """Return a fast upper bound of a process's memory in bytes: shared pages count in full for each process."""
    return _sum_fields(f"/proc/{process}/status", kinds)


def memory_share(process: int, kinds: frozenset[bytes] = ANONYMOUS) -> int:
    """Return a process's proportional share of memory in bytes: slow, but exact when summed over all processes."""
    try:
        share = _sum_fields(f"/proc/{process}/smaps_rollup", kinds)
    except PermissionError:  # it runs a program that nobody may read: then all counts
        return memory_bound(process, kinds)
    return share + _sum_fields(f"/proc/{process}/status", frozenset((b"VmPTE",)))


def free_memory() -> float:
    """Return the share of the machine's memory that is available, between 0 and 1."""
    with open("/proc/meminfo", "rb") as file:
        sizes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(b":") for line in file)}
    return sizes.get(b"MemAvailable", sizes[b"MemTotal"]) / sizes[b"MemTotal"]


def _open_files(process: int) -> int:
    try:
        return len(os.listdir(f"/proc/{process}/fd"))
    except PermissionError:
        return OPEN_FILES
    except OSError:
        return 0
