"""Writing files so that no reader sees half of one, and reading folders that somebody else may change meanwhile."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self, TextIO

from autograder.errors import CourseError

CHUNK = 1 << 20  # bytes that are read at once
MOST_ENTRIES, DEEPEST_FOLDER = 20_000, 20  # of a handed-in folder that are looked at


def write_atomically(path: Path, text: str) -> None:
    """Replace a file by one with this text, or leave it as it was when writing fails."""
    with writing_atomically(path) as file:
        file.write(text)


@contextmanager
def writing_atomically(path: Path) -> Iterator[TextIO]:
    """Give a block a text file that takes the place of another one at its end, unless the block fails."""
    with replacing(path) as part, part.open("w", encoding="utf-8") as file:
        yield file


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a block the name of a file to write, which takes the place of another one unless the block fails."""
    part = path.with_name(f"{path.name}.part")
    try:
        yield part
        part.replace(path)
    except BaseException as error:
        if isinstance(error, OSError) and not error.filename:  # writing to an open file knows no name
            error.filename = str(path)
        part.unlink(missing_ok=True)
        raise


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """Give a block a new folder that goes with its end, as far as it can be removed."""
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        yield Path(name)


def read_given(path: Path, most: int = -1) -> bytes:
    """Return the content of a file that a person or a platform put where it lies, such as a roster; links are followed.

    Args:
        most: bytes that are read; all of them where it is negative.

    Raises:
        CourseError: it is a folder, a pipe or the like, and no file.
        OSError: it is not there, or may not be read.
    """
    try:
        # Without O_NONBLOCK a pipe without a writer would hold up the command.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            require_file(path, path.stat().st_mode)
        raise
    try:
        require_file(path, os.fstat(descriptor).st_mode)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(descriptor)


def require_file(path: Path, mode: int) -> None:
    """Refuse what is no plain file.

    Args:
        mode: what ``stat`` says of the path.

    Raises:
        CourseError: it says what stands there instead.
    """
    if not stat.S_ISREG(mode):
        kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
        raise CourseError(f"{path}: this is {kinds.get(stat.S_IFMT(mode), 'a device')}, and no file.")


class Listing(NamedTuple):
    """The plain files of a folder and of those in it.

    Args:
        files: names relative to the folder, in order, and bytes.
        whole: false where there are more files, or deeper ones, than are listed.
    """

    files: list[tuple[Path, int]]
    whole: bool


class Folder:
    """A folder that somebody else may change: what is in it is opened from its descriptor, and no link is followed.

    Args:
        path: a folder that is trusted. names: of folders below it that are not.

    Raises:
        FileNotFoundError, NotADirectoryError: there is no such folder, or a link in its place.
    """

    def __init__(self, path: Path, *names: str) -> None:
        self.descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in names:
                below = _open_folder(self.descriptor, name)
                os.close(self.descriptor)
                self.descriptor = below
        except OSError:
            os.close(self.descriptor)
            raise

    def list(self) -> Listing:
        """Return the plain files here and in the folders below; what is hidden, and Python's cache, is left out."""
        found: list[tuple[Path, int]] = []
        waiting, seen, whole = [Path()], 0, True
        while waiting:
            folder = waiting.pop()
            for name, status in self._entries(folder, MOST_ENTRIES - seen):
                seen += 1
                if name.startswith(".") or name == "__pycache__":
                    continue
                if stat.S_ISREG(status.st_mode):
                    found.append((folder / name, status.st_size))
                elif stat.S_ISDIR(status.st_mode) and len(folder.parts) < DEEPEST_FOLDER:
                    waiting.append(folder / name)
                elif stat.S_ISDIR(status.st_mode):
                    whole = False
        return Listing(sorted(found), whole and seen < MOST_ENTRIES)

    def _entries(self, folder: Path, most: int) -> Iterator[tuple[str, os.stat_result]]:
        """Yield what is in a folder below this one, at most so many entries."""
        with (
            suppress(FileNotFoundError, NotADirectoryError),
            self._opened(folder) as opened,
            os.scandir(opened) as all_,
        ):
            for entry in islice(all_, most):
                with suppress(FileNotFoundError):
                    yield entry.name, entry.stat(follow_symlinks=False)

    def holds(self, name: str) -> bool:
        """Return whether there is anything of a name here, a link or a pipe as well."""
        try:
            os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def chunks(self, name: Path, most: int) -> Iterator[bytes]:
        """Yield the content of a file piece by piece, at most so many bytes of it.

        Raises:
            FileNotFoundError: it is gone, or no plain file.
            PermissionError: it may not be read.
        """
        with self._opened(name.parent) as folder:
            try:
                # Without O_NONBLOCK a pipe without a writer would hold up the grader.
                file = os.open(name.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENXIO):  # a link, a socket
                    raise FileNotFoundError(errno.ENOENT, "is no plain file", str(name)) from error
                raise
        try:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise FileNotFoundError(errno.ENOENT, "is no plain file", str(name))
            while most > 0 and (chunk := os.read(file, min(CHUNK, most))):
                most -= len(chunk)
                yield chunk
        finally:
            os.close(file)

    def read(self, name: Path, most: int) -> bytes:
        """Return the content of a file, at most so many bytes of it; see ``chunks``."""
        return b"".join(self.chunks(name, most))

    @contextmanager
    def _opened(self, folder: Path) -> Iterator[int]:
        """Open a folder below this one, step by step."""
        descriptor = os.dup(self.descriptor)
        try:
            for name in folder.parts:
                below = _open_folder(descriptor, name)
                os.close(descriptor)
                descriptor = below
            yield descriptor
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Close the folder."""
        os.close(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _open_folder(parent: int, name: str) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    except OSError as error:
        if error.errno == errno.ELOOP:  # what some systems say of a link
            raise NotADirectoryError(errno.ENOTDIR, "is a link", name) from error
        raise


def copy_files(folder: Folder, target: Path, names: list[Path], most: int) -> None:
    """Copy plain files out of a folder, at most so many bytes in all; one that is gone meanwhile is left out."""
    for name in names:
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            with copy.open("wb") as file:
                for chunk in folder.chunks(name, most):
                    most -= len(chunk)
                    file.write(chunk)
        except (FileNotFoundError, NotADirectoryError):
            copy.unlink()
