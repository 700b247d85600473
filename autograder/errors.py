"""Exceptions for mistakes that a person can mend and for the grader's own, and any error in words."""

import errno
import os
import sqlite3
import tempfile

FULL = {errno.ENOSPC, errno.EDQUOT}  # of a disk; writing to an open file knows no name


class CourseError(Exception):
    """Says what is wrong, where, and how to mend it."""


class Busy(CourseError):
    """The machine was too slow; nothing is wrong with it, and another try may do."""


class GraderFailure(Exception):
    """The grader could not do its own work on a submission: it is tried again, and never costs a point."""


def in_words(error: Exception, folder: str | os.PathLike[str] = "") -> str:
    """Return an error as a person reads it; only one that nobody foresaw keeps the name of its class.

    Args:
        folder: where files were written, for an error that names none.
    """
    if isinstance(error, OSError) and error.errno and error.strerror:
        if not error.filename and error.errno not in FULL:
            return error.strerror
        where = f" in {folder} or in {tempfile.gettempdir()}" if folder else ""
        name = os.fsdecode(error.filename) if error.filename else f"a file{where} could not be written"
        return f"{name}: {error.strerror}"
    text = " ".join(str(error).split())[:300]
    if isinstance(error, sqlite3.Error):
        return f"the gradebook could not be written: {text}"
    foreseen = isinstance(error, (CourseError, GraderFailure, OSError)) and text
    return text if foreseen else f"{type(error).__name__}: {text}".removesuffix(": ")
