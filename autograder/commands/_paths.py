"""Files and folders that a command is given: whether it can read or write them is known before it does anything."""

import os
from pathlib import Path

from autograder.errors import CourseError
from autograder.files import require_file


def existing_file(text: str) -> Path:
    """Return a file that can be read.

    Raises:
        CourseError: it says why it cannot.
    """
    path = existing(text)
    if path.is_dir():
        raise CourseError(f"{path}: this is a folder; name a file.")
    return path


def existing_folder(text: str) -> Path:
    """Return a folder that can be read; see ``existing_file``."""
    path = existing(text)
    if not path.is_dir():
        raise CourseError(f"{path}: this is a file; name a folder.")
    return path


def existing(text: str) -> Path:
    """Return a file or folder that can be read; see ``existing_file``."""
    path = Path(text)
    if not path.exists():
        raise CourseError(f"{path}: there is no such file or folder.")
    if not os.access(path, os.R_OK):
        raise CourseError(f"{path}: it may not be read.")
    if not path.is_dir():
        require_file(path, path.stat().st_mode)
    return path


def new_file(text: str) -> Path:
    """Return a file that can be written, in a folder that is there.

    Raises:
        CourseError: it says why it cannot.
    """
    path = Path(text)
    if path.is_dir():
        raise CourseError(f"{path}: this is a folder; name a file in it.")
    if not path.parent.is_dir():
        raise CourseError(f"{path}: there is no folder {path.parent}.")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise CourseError(f"{path}: it may not be written.")
    return path


def no_file(text: str) -> Path:
    """Return a folder that is there or may be made, since no file is in its way; see ``new_file``."""
    path = Path(text)
    above = _there(path)
    if not above.is_dir():
        what = "this" if above == path.absolute() else f"{above}"
        raise CourseError(f"{path}: {what} is a file; name a folder.")
    return path


def new_folder(text: str) -> Path:
    """Return a folder that can be written, or made; see ``new_file``."""
    path = no_file(text)
    if not os.access(_there(path), os.W_OK):
        raise CourseError(f"{path}: {_there(path)} may not be written.")
    return path


def _there(path: Path) -> Path:
    """Return a folder or the nearest one above it that exists."""
    return next(each for each in (path.absolute(), *path.absolute().parents) if each.exists())
