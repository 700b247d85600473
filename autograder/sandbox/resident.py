"""Warm servers that stay for some minutes after a grading, for the next one: where they are, and whose.

Each listens in a folder that only its user can enter. Its socket's name holds digests of the project's place, of all
code and packages that it has in memory, and of what it serves. So a grader finds a server that is just what it would
start itself, and ends one that a change has made old. It holds no classroom, no exercise and no secret.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import signal
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from autograder.sandbox import sockets
from autograder.settings import PROJECT

LONGEST = 100  # bytes of a socket's path: Linux allows 107
MINUTES = 10.0  # that a server stays unless a course says otherwise
VARIABLE = "AUTOGRADER_SERVER_MINUTES"  # overrides how long servers stay; 0: none does


def minutes(configured: float) -> float:
    """Return how many minutes a warm server stays, as configured or as the environment says instead."""
    try:
        return max(float(os.environ[VARIABLE]), 0.0)
    except (KeyError, ValueError):
        return configured


def folder() -> Path | None:
    """Return the private folder of this user's servers, made if need be; None where there can be none."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    places = [Path(runtime) / "autograder"] if runtime and _private(Path(runtime)) else []
    for place in [*places, Path(tempfile.gettempdir()) / f"autograder-{os.geteuid()}"]:
        with contextlib.suppress(FileExistsError, OSError):
            place.mkdir(mode=0o700)
        if _private(place):
            return place
    return None


def _private(place: Path) -> bool:
    """Return whether a path is a folder, no link, of this user, that nobody else can enter."""
    try:
        state = place.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid() and not state.st_mode & 0o077


def place_of(settings: object) -> Path | None:
    """Return where the server that serves what ``settings`` say listens, or None where none can stay.

    Args:
        settings: JSON values.
    """
    home = folder()
    if home is None:
        return None
    place = home / f"{_project()}-{_code()}-{_digest([json.dumps(settings, sort_keys=True).encode()])}"
    return place if len(os.fsencode(place)) <= LONGEST else None


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:12]


def _project() -> str:
    return _digest([str(PROJECT).encode(), sys.executable.encode()])


@lru_cache(maxsize=1)
def _code() -> str:
    """Return a digest of all that a server may have in memory: our own files, Python, and the packages."""

    def parts() -> Iterator[bytes]:
        yield sys.version.encode()
        for package in ("autograder", "course_utils"):
            for path in sorted((PROJECT / package).rglob("*")):
                if path.suffix in (".py", ".json") and path.is_file():
                    yield str(path.relative_to(PROJECT)).encode()
                    yield path.read_bytes()
        for name in sys.path:
            if name.endswith(("site-packages", "dist-packages")):
                for entry in sorted(os.scandir(name), key=lambda entry: entry.name):
                    yield f"{entry.path} {entry.stat(follow_symlinks=False).st_mtime_ns}".encode()

    return _digest(parts())


@contextlib.contextmanager
def claim(place: Path) -> Iterator[bool]:
    """Say whether this process alone may start a server at a place, which is so until the block ends."""
    try:
        lock = os.open(place.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        yield False
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)


class State(NamedTuple):
    """What a server says of itself, and its process as the kernel knows it."""

    process: int
    modules: list[str]
    students: int
    idle: float
    stays: float

    @property
    def megabytes(self) -> float:
        """The memory that it and its processes have: shared pages count once."""
        total, family = 0, [self.process]
        for process in family:
            with contextlib.suppress(OSError, ValueError):
                for task in os.listdir(f"/proc/{process}/task"):
                    family += map(int, Path(f"/proc/{process}/task/{task}/children").read_text().split())
                for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1])
        return total / 1024


def state(place: Path) -> State | None:
    """Return the state of the server at a place; None where none of this user's answers within two seconds."""
    try:
        with sockets.connect(place, {"role": "state"}) as connection:
            answer: dict[str, Any] = sockets.receive(connection)
            return State(
                sockets.peer(connection)[0],
                [str(name) for name in answer["modules"]],
                int(answer["students"]),
                float(answer["idle"]),
                float(answer["stays"]),
            )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def free(place: Path) -> bool:
    """Return whether a server can be started at a place: nothing is there, or the socket of one that is dead."""
    try:
        sockets.connect(place, {"role": "state"}).close()
    except FileNotFoundError:
        return True
    except ConnectionRefusedError:
        with contextlib.suppress(OSError):
            place.unlink()
        return not os.path.lexists(place)
    except OSError:
        return False
    return False


def places() -> list[Path]:
    """Return where servers of this user listen, or did."""
    home = folder()
    return sorted(path for path in home.iterdir() if path.is_socket()) if home else []


def in_words() -> Iterator[str]:
    """Say of each server of this user what it has, and how long it stays."""
    for place in places():
        found = state(place)
        if found is None:
            yield f"does not answer: {place}"
            continue
        use = f"{found.students} in use" if found.students else f"idle for {found.idle / 60:.0f} min"
        names = ", ".join(name for name in found.modules if "." not in name) or "no framework"
        yield f"{names}: {found.megabytes:.0f} MB, {use}, stays {found.stays / 60:.0f} min"


def end_outdated(place: Path) -> None:
    """End the servers of this project that hold other code than the one at a place would."""
    project, code, _ = place.name.split("-")
    for other in places():
        parts = other.name.split("-")
        if len(parts) == 3 and parts[0] == project and parts[1] != code:
            stop(other)


def stop(place: Path) -> bool:
    """Let the server at a place finish and end, by force if it does not answer; return whether there was one."""
    try:
        with sockets.connect(place, {"role": "stop"}) as connection:
            process = sockets.peer(connection)[0]
            try:
                sockets.read_exactly(connection, 1)
            except OSError:
                _kill(process)
            return True
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError):
            place.unlink()


def _kill(process: int) -> None:
    """Kill a server that hangs, which ends all that it started."""
    with contextlib.suppress(OSError):
        if b"autograder.sandbox.server" in Path(f"/proc/{process}/cmdline").read_bytes():
            os.kill(process, signal.SIGKILL)
