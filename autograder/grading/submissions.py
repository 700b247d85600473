"""What students handed in: whose it is, which file is the notebook, and what can be read of it.

Nothing is ever written into ``DIR/submitted``.
"""

import json
import math
import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from traitlets import Integer
from traitlets.config import Configurable

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.files import Folder
from autograder.limits import MEGABYTE, MOST_FILE_BYTES, MOST_FILES
from autograder.notebooks.verdicts import checks_that_failed
from autograder.roster import is_student_id
from autograder.sandbox.texts import storable
from autograder.words import some

MOST_CELLS, MOST_TEXT = 2000, 5_000_000  # cells of a notebook, and characters in all of them
# What browsers and Colab make of a name when a file is saved again.
RENAMED = r"(?:copy(?:\s*\d+)?\s*of\s+)*{name}(?:[\s_-]*\(\d+\)|[\s_-]*copy\d*|[\s_-]+\d+)*"
NOTEBOOK_ENDINGS = (".ipynb", ".ipynb.txt", ".ipynb.json")  # mail programs and browsers add the last two


class Unreadable(CourseError):
    """A submission that no notebook can be read from; the message is the finding, and may hold any name of a file."""

    def __init__(self, finding: str):
        super().__init__(printable(finding))


class Submissions(Configurable):
    """What is accepted as a submission."""

    notebook_limit = Integer(100, help="MB that a handed-in notebook may have.").tag(config=True)


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's work on one lab.

    Args:
        folder: ``DIR/submitted/<student>/<lab>``, whether it exists or not.
    """

    student: str
    lab: str
    folder: Path

    def opened(self) -> Folder:
        """Open the folder, in which a student may change anything at any time.

        Raises:
            Unreadable: there is none.
        """
        try:
            return Folder(self.folder.parent.parent, self.folder.parent.name, self.folder.name)
        except (FileNotFoundError, NotADirectoryError):
            if self.folder.is_symlink():
                raise Unreadable(f"the folder {self.lab} is a link; hand in the files themselves") from None
            raise Unreadable(f"there is no file {self.lab}.ipynb") from None

    def __str__(self) -> str:
        return printable(f"{self.student}/{self.lab}")


def printable(text: str) -> str:
    """Return text without characters that a terminal obeys or that hide or turn other text."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def submissions(classroom: Classroom, lab: str) -> list[Submission]:
    """Return the submission of each student of a classroom for one lab, whether they handed it in or not."""
    return [submission_of(classroom, student, lab) for student in students(classroom)]


def submission_of(classroom: Classroom, student: str, lab: str) -> Submission:
    """Return a student's submission, whether it was handed in or not."""
    return Submission(student, lab, classroom.submitted / student / lab)


def students(classroom: Classroom) -> list[str]:
    """Return the students who have a folder among the submissions, in order."""
    return sorted(filter(is_student_id, _folders(classroom)))


class HandedIn:
    """All that was handed in for some labs. Submissions are made one by one, so that a class may be large.

    Args:
        of: only these students; empty: everybody.
    """

    def __init__(self, classroom: Classroom, labs: Sequence[str], of: Collection[str] = ()):
        self._classroom, self._labs = classroom, labs
        self._students = [student for student in students(classroom) if not of or student in of]
        self._count = sum(1 for _ in self)

    def __iter__(self) -> Iterator[Submission]:
        for lab in self._labs:
            for student in self._students:
                submission = submission_of(self._classroom, student, lab)
                if os.path.lexists(submission.folder):  # a broken link, too, is something that a person must look at
                    yield submission

    def __len__(self) -> int:
        return self._count


def misnamed(classroom: Classroom) -> list[str]:
    """Return the names of folders among the submissions that can be no student's id, so that they are not graded."""
    return sorted(name for name in _folders(classroom) if not is_student_id(name))


def _folders(classroom: Classroom) -> list[str]:
    if not classroom.submitted.is_dir():
        return []
    return [
        path.name
        for path in classroom.submitted.iterdir()
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    ]


def linked_students(classroom: Classroom) -> list[str]:
    """Return the names in ``DIR/submitted`` that are links: whose files they lead to is unknown, and none are read."""
    if not classroom.submitted.is_dir():
        return []
    return sorted(path.name for path in classroom.submitted.iterdir() if path.is_symlink())


def strays(classroom: Classroom) -> Iterator[tuple[str, str]]:
    """Yield what lies in students' folders and is no lab's folder: the student, and the name."""
    labs = classroom.labs()
    for student in students(classroom):
        for path in sorted((classroom.submitted / student).iterdir()):
            if path.name not in labs and not path.name.startswith("."):
                yield student, path.name


def find_notebook(lab: str, folder: Folder) -> tuple[Path, str]:
    """Return the name of the notebook to grade, and a finding if it is not that of the lab.

    Platforms and browsers rename files in many languages, so the only notebook is taken whatever it is called.

    Raises:
        Unreadable: there is none, or no telling which.
    """
    expected = f"{lab}.ipynb"
    files = [name for name, _ in folder.list().files]
    notebooks = [name for name in files if name.name.lower().endswith(NOTEBOOK_ENDINGS)]
    if Path(expected) in notebooks:
        return Path(expected), ""
    if folder.holds(expected):
        raise Unreadable(f"{expected} is not a file")
    pattern = re.compile(RENAMED.format(name=re.escape(lab)), re.IGNORECASE)
    renamed = [name for name in notebooks if pattern.fullmatch(name.stem) and len(name.parts) == 1] or notebooks
    if len(renamed) == 1:
        return renamed[0], f"The file was called {str(renamed[0])!r} and was graded as {expected!r}."
    if renamed:
        raise Unreadable(
            f"there are {len(renamed)} files that could be {expected}: {_names(renamed)}; hand in one of them under "
            "that name"
        )
    others = f"; there is only {_names(files)}" if files else ""
    raise Unreadable(f"there is no file {expected}{others}")


def _names(paths: list[Path]) -> str:
    return some([printable(str(path)) for path in paths], most=5)


FOREIGN = {b"%pdf": "a PDF", b"<!doctype html": "a web page", b"<html": "a web page"}  # by how such a file begins


def read_notebook(folder: Folder, name: Path, limit: int) -> dict[str, Any]:
    """Return a handed-in notebook as plain data of nbformat 4, without outputs; they are made anew.

    Of the outputs is kept only which checks they say had failed: ``failed_checks``.

    Args:
        limit: MB that the file may have.

    Raises:
        Unreadable: it is not a notebook.
        PermissionError: the grader may not read it.
    """
    try:
        content = folder.read(name, limit * MEGABYTE + 1)
    except FileNotFoundError:
        raise Unreadable(f"{name} is not a file") from None
    size = len(content)
    if size == 0:
        raise Unreadable(f"{name} is empty")
    if size > limit * MEGABYTE:
        raise Unreadable(f"{name} has more than {limit} MB, and no more are read")
    notebook = _parse(name, content)
    if "cells" not in notebook:
        if size > MOST_TEXT:
            raise Unreadable(f"{name} is a notebook of an old format with more than {MOST_TEXT / 1e6:g} MB")
        return nbformat.reads(json.dumps(notebook), as_version=4)
    if len(notebook["cells"]) > MOST_CELLS:
        raise Unreadable(f"{name} has {len(notebook['cells'])} cells; at most {MOST_CELLS} are read")
    cells = [_without_outputs(cell) for cell in notebook["cells"] if isinstance(cell, dict)]
    if sum(len(cell["source"]) for cell in cells) > MOST_TEXT:
        raise Unreadable(f"{name} has more than {MOST_TEXT / 1e6:g} MB of text in its cells")
    metadata = _flat(notebook.get("metadata"), 2)
    failed = sorted(checks_that_failed(notebook))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells, "failed_checks": failed}


def _what_it_is(content: bytes, error: ValueError) -> str:
    """Return what a file is that is no JSON, and where it can be told, what to do."""
    begin = content.lstrip()[:100].lower()
    if all(re.search(mark, content, re.MULTILINE) for mark in (rb"^<{7} ", rb"^={7}\s", rb"^>{7} ")):
        return "it holds the marks of a conflict in Git (<<<<<<<); settle it, open the notebook and hand it in again"
    for mark, kind in FOREIGN.items():
        if begin.startswith(mark):
            return f"it is {kind}; hand in the notebook itself"
    if isinstance(error, json.JSONDecodeError) and (
        error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string")
    ):
        return "its end is missing, so it is not valid JSON; save it and hand it in again"
    return f"it is not valid JSON ({error})"


def _parse(name: Path, content: bytes) -> dict[str, Any]:
    """Return the JSON of a file that has the parts of a notebook."""
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not a notebook: it is not UTF-8 text") from None
    except ValueError as error:
        raise Unreadable(f"{name} is not a notebook: {_what_it_is(content, error)}") from None
    except RecursionError:
        raise Unreadable(f"{name} is not a notebook: it is nested too deeply") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells", notebook.get("worksheets")), list):
        raise Unreadable(f"{name} is not a notebook: it has no cells")
    return notebook


def _without_outputs(cell: dict[str, Any]) -> dict[str, Any]:
    """Return a cell as it came, its text in one piece, its metadata flat."""
    kept = {name: value for name, value in cell.items() if name not in ("outputs", "attachments")}
    if cell.get("cell_type") == "code":
        kept.update(outputs=[], execution_count=None)
    source = cell.get("source", "")
    kept["source"] = storable("".join(map(str, source)) if isinstance(source, list) else source)
    kept["metadata"] = _flat(cell.get("metadata"), 2)
    return kept


def _flat(value: object, depth: int) -> dict[str, Any]:
    """Return metadata without what is nested deeper, or can be no metadata."""
    kept: dict[str, Any] = {}
    for name, item in value.items() if isinstance(value, dict) else ():
        if isinstance(item, str):
            kept[storable(name)] = storable(item)
        elif isinstance(item, list):
            kept[storable(name)] = [storable(part) for part in item if isinstance(part, str)]
        elif isinstance(item, dict) and depth > 1:
            kept[storable(name)] = _flat(item, depth - 1)
        elif isinstance(item, (bool, int)) or (isinstance(item, float) and math.isfinite(item)):
            kept[storable(name)] = item
    return kept


@dataclass(frozen=True)
class FilesBeside:
    """The files beside a notebook.

    Args:
        taken: those that grading takes, relative to the submission's folder.
        left_out: how many it leaves out: too many, or too large.
    """

    taken: list[Path]
    left_out: int


def files_beside(folder: Folder, notebook: Path) -> FilesBeside:
    """Return the files beside a submission's notebook.

    Links, hidden files, other notebooks and names that are no text are neither taken nor counted.
    """
    listing = folder.list()
    taken: list[Path] = []
    left_out, room = 0 if listing.whole else 1, MOST_FILE_BYTES
    for name, size in listing.files:
        if name == notebook or name.suffix == ".ipynb" or storable(str(name)) != str(name):
            continue
        if len(taken) < MOST_FILES and size <= room:
            room -= size
            taken.append(name)
        else:
            left_out += 1
    return FilesBeside(taken, left_out)
