"""Files that others read or wrote: no reader sees half of one, and no link is followed."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_atomically(path: Path, text: str) -> None:
    """Replace a file by one with this text, or leave it as it was when writing fails."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """Give a block a new folder that goes with its end, as far as it can be removed."""
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        yield Path(name)


def read_plain_file(folder: Path, name: str, limit: int) -> bytes:
    """Return the content of a file in a folder of which nothing is believed: no link is followed, no pipe waited for.

    Args:
        name: relative path with "/". limit: bytes that it may have.

    Raises:
        OSError: there is no plain file of that name within the limit.
    """
    *parents, last = name.split("/")
    opened = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY)]
    try:
        for parent in parents:
            opened.append(os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=opened[-1]))
        opened.append(os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=opened[-1]))
        status = os.fstat(opened[-1])
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            raise OSError(0, "it is no plain file, or too large")
        with open(opened.pop(), "rb") as file:
            return file.read(limit + 1)
    finally:
        for descriptor in opened:
            os.close(descriptor)
