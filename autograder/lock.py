"""One command at a time changes a classroom; the next one is told who does, and leaves everything as it is."""

import getpass
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.words import command as command_of

if sys.platform != "win32":
    import fcntl

FILE = ".lock"
_held: list[int] = []


def _drop() -> None:
    """Leave the lock to the process that took it: what it forked may live longer."""
    while _held:
        with suppress(OSError):
            os.close(_held.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_drop)


@contextmanager
def alone(classroom: Classroom, command: str) -> Iterator[None]:
    """Keep other commands from changing a classroom while a block runs.

    The system drops the lock when the process ends, however it ends. Where a disk knows no locks, what stands in the
    file decides, and whether that process lives.

    Args:
        command: what the others are told is at work.

    Raises:
        CourseError: another one is at work; the message says whose. Or there is no classroom.
    """
    if not classroom.root.is_dir():
        raise CourseError(f"{classroom.root}: there is no classroom here. Run: {command_of(classroom.root, 'build')}")
    path = classroom.root / FILE
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        if not _locked(descriptor):
            raise CourseError(_who(classroom, os.pread(descriptor, 4096, 0)))
    except BaseException:
        os.close(descriptor)
        raise
    about = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "user": _user(),
        "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        "command": command,
    }
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(about).encode(), 0)
    _held.append(descriptor)
    try:
        yield
    finally:
        if descriptor in _held:  # in a child that was forked it is gone
            _held.remove(descriptor)
            os.ftruncate(descriptor, 0)
            os.close(descriptor)


def _locked(descriptor: int) -> bool:
    """Lock a file; return whether that could be."""
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False
        except OSError:  # as on some network disks
            pass
    about = _about(os.pread(descriptor, 4096, 0))
    return not about or (about.get("host") == socket.gethostname() and not _lives(about.get("pid")))


def _lives(pid: object) -> bool:
    try:
        os.kill(int(str(pid)), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _about(content: bytes) -> dict[str, object]:
    try:
        about = json.loads(content)
    except ValueError:
        return {}
    return about if isinstance(about, dict) else {}


def _who(classroom: Classroom, content: bytes) -> str:
    about = {name: str(value) for name, value in _about(content).items()}
    if not about:
        return f"{classroom.root}: another command is at work here; wait until it ends, then run yours again."
    who = f"{about.get('user')} on {about.get('host')} (process {about.get('pid')})"
    return (
        f"{classroom.root}: {about.get('command')!r} of {who} is at work here since {about.get('since')}; wait until "
        f"it ends, then run yours again. If that process is gone, remove {classroom.root / FILE}."
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user whom the system has no name for
        return str(os.getuid()) if hasattr(os, "getuid") else "somebody"
