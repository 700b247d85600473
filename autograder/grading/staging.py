"""The folder where submissions are laid out before they are moved to where they belong."""

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.classroom import Classroom

if sys.platform != "win32":
    import fcntl

PREFIX = ".staged-"


@contextmanager
def staging_root(classroom: Classroom) -> Iterator[Path]:
    """Give a block an empty folder on the classroom's own disk, so that what is laid out there can be moved at once."""
    remove_left(classroom)
    with _gate(classroom):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=classroom.root))
        lock = _locked(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_left(classroom: Classroom) -> None:
    """Remove what runs left that were killed; the folder of one that goes on is locked."""
    with _gate(classroom):
        for left in classroom.root.glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                lock = _locked(left)
                shutil.rmtree(left, ignore_errors=True)
                os.close(lock)


@contextmanager
def _gate(classroom: Classroom) -> Iterator[None]:
    """Keep other runs waiting: a new folder must be locked before another run sees it."""
    gate = _locked(classroom.root, wait=True)
    try:
        yield
    finally:
        os.close(gate)


def _locked(folder: Path, wait: bool = False) -> int:
    """Return a descriptor that keeps a folder locked while this process or one that it forked lives.

    Raises:
        OSError: another run uses the folder.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
