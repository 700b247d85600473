"""Errors as an instructor reads them: no name of a class where the words are enough."""

import errno
import sqlite3
import tempfile

import pytest

from autograder.errors import CourseError, GraderFailure, in_words
from autograder.files import write_atomically
from autograder.gradebook_batch import NotRecorded

FULL = "No space left on device"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CourseError("mend this"), "mend this"),
        (GraderFailure("no process\ncould be started"), "no process could be started"),
        (NotRecorded("the gradebook could not be written: locked"), "the gradebook could not be written: locked"),
        (sqlite3.OperationalError("disk is full"), "the gradebook could not be written: disk is full"),
        (OSError(errno.ENOSPC, FULL, "/room/a"), f"/room/a: {FULL}"),
        (OSError(errno.ENOSPC, FULL), f"a file in /room or in {tempfile.gettempdir()} could not be written: {FULL}"),
        (KeyError("odd"), "KeyError: 'odd'"),
        (ValueError(), "ValueError"),
    ],
)
def test_an_error_is_told_in_words(error, words):
    """The file or folder is there; a class is named only where nobody foresaw the error."""
    assert in_words(error, "/room") == words


def test_a_file_that_does_not_fit_is_named(tmp_path, monkeypatch):
    """The system names no file when it refuses to write to an open one; nothing half written is left."""
    path = tmp_path / "grades.csv"
    monkeypatch.setattr("autograder.files.Path.replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, FULL)))
    with pytest.raises(OSError, match=FULL) as told:
        write_atomically(path, "a,b")
    assert in_words(told.value) == f"{path}: {FULL}" and list(tmp_path.iterdir()) == []
