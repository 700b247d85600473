"""A cgroup (version 2) for each submission, where the grader may make some: limits that the kernel itself keeps.

Where it may not, the supervisor's watch is all there is: see ``NotDelegated``. The watch holds in a cgroup too, and is
the first to act, so that a mark does not depend on the machine.
"""

import contextlib
import fcntl
import os
import secrets
import signal
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from autograder.errors import GraderFailure
from autograder.limits import MEGABYTE
from autograder.sandbox.supervisor import THREADS, ProcessLimits

GRADER = "autograder"  # the cgroup of the grader itself: where there are cgroups below, no process may stay above them
PREFIX = "autograder-"  # begins the name of a submission's cgroup
WEIGHT = 20  # of a submission's share of the processors, where the grader's own processes have 100 together
TRIES = 3  # at making a cgroup
PATIENCE = 2.0  # seconds in which what was killed is gone
SYSTEMD = Path("/run/systemd/system")  # is there where systemd keeps the cgroups
WITHOUT_V2 = "boot with cgroup v2, as current systems do: systemd.unified_cgroup_hierarchy=1 on the kernel's line"


class NotDelegated(Exception):
    """This process may make no cgroups; the text says why.

    Args:
        help: what would mend it.
    """

    def __init__(self, reason: str, help: str) -> None:
        super().__init__(reason)
        self.help = help


class Delegated(NamedTuple):
    """A cgroup below which submissions get theirs, and which controllers limit them there."""

    folder: Path
    controllers: frozenset[str]


@lru_cache(maxsize=1)
def delegated() -> Delegated | NotDelegated:
    """Return where this process and its forks may make cgroups, or why they may not; on first use, prepare that."""
    try:
        found = prepare(own_folder(Path("/proc/self")))
    except NotDelegated as reason:
        return reason
    clear(found.folder)
    return found


def own_folder(about: Path) -> Path:
    """Return the folder of a process's cgroup.

    Args:
        about: the folder of the process in /proc.

    Raises:
        NotDelegated: it has none of version 2 that can be seen.
    """
    try:
        own = next(line[3:] for line in (about / "cgroup").read_text().splitlines() if line.startswith("0::"))
        for line in (about / "mountinfo").read_text().splitlines():
            before, _, after = line.partition(" - ")
            if after.split()[0] == "cgroup2":
                top, place = before.split()[3:5]
                return Path(place) / Path(own).relative_to(top)
    except (OSError, StopIteration, ValueError):
        pass
    raise NotDelegated("there is no cgroup v2 here", WITHOUT_V2)


def prepare(own: Path) -> Delegated:
    """Let submissions have cgroups below the one of this process, which moves into one beside them if need be.

    Raises:
        NotDelegated: that is not possible, or would touch what belongs to others.
    """
    folder = own.parent if own.name == GRADER else own
    mend = f"put this before the command: systemd-run {'--user ' if os.geteuid() else ''}--scope -p Delegate=yes"
    try:
        offered = (folder / "cgroup.controllers").read_text().split()
        if "memory" not in offered:
            raise NotDelegated("cgroup v2 limits no memory here", mend if _limits_memory(folder) else WITHOUT_V2)
        if os.geteuid() not in (0, os.stat(folder).st_uid):
            raise NotDelegated("the grader's cgroup is not its own", mend)
        if (folder / "cgroup.type").exists():  # all but the first of the machine
            _move_away(folder, mend)
        for controller in {"memory", "pids", "cpu"} & set(offered):
            with contextlib.suppress(OSError):
                _write(folder / "cgroup.subtree_control", f"+{controller}")
        controllers = frozenset((folder / "cgroup.subtree_control").read_text().replace("+", " ").split())
    except OSError as error:
        raise NotDelegated(f"the grader may make no cgroups ({error.strerror})", mend) from error
    if "memory" not in controllers:
        raise NotDelegated("the grader's cgroup may not limit memory", mend)
    return Delegated(folder, controllers)


def _limits_memory(folder: Path) -> bool:
    """Return whether a cgroup above limits memory, and only does not let those below do so."""
    return any("memory" in _read(above / "cgroup.controllers").split() for above in folder.parents)


def _move_away(folder: Path, mend: str) -> None:
    """Move the processes of a cgroup into one below it.

    Raises:
        NotDelegated: some are not of this grader, and the cgroup is not known to be given away.
        OSError: it is not possible.
    """
    if not set(_processes(folder)) <= set(_family()) and SYSTEMD.exists() and not _given_away(folder):
        raise NotDelegated("the grader's cgroup holds other programs too", mend)
    (folder / GRADER).mkdir(exist_ok=True)
    deadline = time.monotonic() + PATIENCE
    while (processes := _processes(folder)) and time.monotonic() < deadline:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                _write(folder / GRADER / "cgroup.procs", str(process))


def _family() -> Iterator[int]:
    """Yield this process and all that descend from it."""
    family = [os.getpid()]
    for process in family:
        yield process
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{process}/task"):
                family += map(int, _read(Path(f"/proc/{process}/task/{task}/children")).split())


def _given_away(folder: Path) -> bool:
    """Return whether systemd says that it leaves a cgroup to the programs in it."""
    for name in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            return os.getxattr(folder, name) == b"1"
    return False


def _processes(folder: Path) -> list[int]:
    return [int(line) for line in _read(folder / "cgroup.procs").split() if line != "0"]


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _write(path: Path, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def new_group(limits: ProcessLimits) -> "Group | None":
    """Return a cgroup for one submission; None where there can be none.

    Raises:
        GraderFailure: it cannot be made although others could.
    """
    place = delegated()
    if isinstance(place, NotDelegated):
        return None
    for _ in range(TRIES):
        try:
            return Group(place, limits)
        except OSError as error:  # another grader, which starts, took it for one that was left
            problem = error
    raise GraderFailure(f"no cgroup could be made for the submission: {problem}") from problem


class Group:
    """The cgroup of one submission; it is locked as long as its host lives.

    Raises:
        OSError: it cannot be made.
    """

    def __init__(self, place: Delegated, limits: ProcessLimits) -> None:
        self.folder = place.folder / f"{PREFIX}{secrets.token_hex(8)}"
        self.folder.mkdir()
        self._lock: int | None = _locked(self.folder)
        # Files in the scratch folders are memory too; the kernel counts what it keeps of other files, and frees it.
        _write(self.folder / "memory.max", str((limits["memory"] + 2 * limits["scratch"]) * MEGABYTE))
        more = {"memory.swap.max": "0", "memory.oom.group": "1", "pids.max": str(THREADS), "cpu.weight": str(WEIGHT)}
        for name, value in more.items():
            with contextlib.suppress(OSError):  # the controller is not there, or there is no swap
                _write(self.folder / name, value)

    def add(self, process: int) -> None:
        """Move a process into it, and so all that it starts.

        Raises:
            OSError: this process may not.
        """
        _write(self.folder / "cgroup.procs", str(process))

    @property
    def end(self) -> str:
        """Why the kernel ended what was in it: "memory", its own limit; "machine", one that holds for more; or ""."""
        events = dict(line.split() for line in _read(self.folder / "memory.events").splitlines())
        if not int(events.get("oom_kill", 0)):
            return ""
        return "memory" if int(events.get("oom", 0)) else "machine"

    def remove(self) -> None:
        """End what is in it and remove it; what is not gone yet goes with one of the next."""
        if self._lock is None:
            return
        _kill(self.folder)
        _dying.append(self.folder)
        os.close(self._lock)
        self._lock = None
        for folder in list(_dying):
            if _gone(folder):
                _dying.remove(folder)


_dying: list[Path] = []  # cgroups of this process whose last processes are ending


def clear(folder: Path) -> None:
    """Remove what graders that were killed have left below a cgroup."""
    for left in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = _locked(left)
            try:
                _kill(left)
                deadline = time.monotonic() + PATIENCE
                while not _gone(left) and time.monotonic() < deadline:
                    time.sleep(0.01)
            finally:
                os.close(lock)


def clear_own() -> None:
    """Remove, as this process ends, what its forks have left."""
    if delegated.cache_info().currsize and isinstance(place := delegated(), Delegated):
        clear(place.folder)


def _locked(folder: Path) -> int:
    """Lock a cgroup and return the descriptor that holds the lock.

    Raises:
        OSError: another process has it, or it is gone.
    """
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock


def _kill(folder: Path) -> None:
    """End all processes of a cgroup."""
    if (folder / "cgroup.kill").exists():  # since Linux 5.14
        with contextlib.suppress(OSError):
            _write(folder / "cgroup.kill", "1")
        return
    for process in _processes(folder):
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)


def _gone(folder: Path) -> bool:
    """Remove a cgroup unless it holds processes; return whether it is gone."""
    try:
        folder.rmdir()
    except OSError:
        return not folder.exists()
    return True
