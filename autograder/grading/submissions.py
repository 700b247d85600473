"""What students handed in: find the notebook, take a fingerprint, and lay out a clean copy that nbgrader can read.

Nothing is ever written into ``DIR/submitted``.
"""

import hashlib
import json
import math
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from traitlets import Integer
from traitlets.config import Configurable

from autograder.errors import CourseError
from autograder.grading.repair import give_ids
from autograder.settings import PROJECT

MEGABYTE = 2**20
MOST_CELLS, MOST_TEXT = 2000, 5_000_000  # cells of a notebook, and characters in all of them
MOST_FILES, MOST_BYTES = 2000, 50 * MEGABYTE  # what is taken of the files beside a notebook
# What browsers and Colab make of a name when a file is saved again.
RENAMED = r"(?:copy(?:\s*\d+)?\s*of\s+)*{name}(?:[\s_-]*\(\d+\)|[\s_-]*copy\d*|[\s_-]+\d+)*"


class Unreadable(CourseError):
    """A submission that no notebook can be read from; the message is the finding."""


class Submissions(Configurable):
    """What is accepted as a submission."""

    notebook_limit = Integer(100, help="MB that a handed-in notebook may have.").tag(config=True)


@dataclass(frozen=True)
class Submission:
    """One student's work on one lab.

    Args:
        folder: ``DIR/submitted/<student>/<lab>``, whether it exists or not.
    """

    student: str
    lab: str
    folder: Path

    def __str__(self):
        return printable(f"{self.student}/{self.lab}")


def printable(text):
    """Return text without characters that a terminal obeys or that hide or turn other text."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


class OneNotebook:
    """Makes a converter of nbgrader take exactly its student's one notebook: names are no patterns here."""

    def init_notebooks(self):
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)
        self.assignments = {folder: [os.path.join(folder, f"{self.coursedir.assignment_id}.ipynb")]}


def submissions(classroom, lab):
    """Return the submission of each student of a classroom for one lab, whether they handed it in or not."""
    if not classroom.submitted.is_dir():
        return []
    students = sorted(
        path.name
        for path in classroom.submitted.iterdir()
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    )
    return [Submission(student, lab, classroom.submitted / student / lab) for student in students]


def find_notebook(submission):
    """Return the notebook to grade, and a finding if it goes by another name.

    Raises:
        Unreadable: there is none, or no telling which.
    """
    expected = f"{submission.lab}.ipynb"
    if submission.folder.is_symlink():
        raise Unreadable(f"the folder {submission.lab} is a link; hand in the files themselves")
    path = submission.folder / expected
    if path.is_file() and not path.is_symlink():
        return path, ""
    if path.is_symlink() or path.exists():
        raise Unreadable(f"{expected} is not a file")
    found = sorted(each for each in submission.folder.glob("*.ipynb") if each.is_file() and not each.is_symlink())
    pattern = re.compile(RENAMED.format(name=re.escape(submission.lab)), re.IGNORECASE)
    renamed = [each for each in found if pattern.fullmatch(each.stem)]
    if len(renamed) == 1:
        return renamed[0], f"The file was called {renamed[0].name!r} and was graded as {expected!r}."
    if renamed:
        raise Unreadable(
            f"there are {len(renamed)} files that could be {expected}: "
            f"{', '.join(printable(each.name) for each in renamed[:5])}; hand in one of them under that name"
        )
    others = f"; there is only {', '.join(printable(each.name) for each in found[:5])}" if found else ""
    raise Unreadable(f"there is no file {expected}{others}")


def read_notebook(path, limit):
    """Return a handed-in notebook as plain data, without outputs; they are made anew.

    Args:
        limit: MB that the file may have.

    Raises:
        Unreadable: it is not a notebook.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(f"{path.name} is empty")
    if size > limit * MEGABYTE:
        raise Unreadable(f"{path.name} has {size / MEGABYTE:.0f} MB; at most {limit} MB are read")
    try:
        notebook = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not a notebook: it is not UTF-8 text") from None
    except ValueError as error:
        raise Unreadable(f"{path.name} is not a notebook: it is not valid JSON ({error})") from None
    except RecursionError:
        raise Unreadable(f"{path.name} is not a notebook: it is nested too deeply") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells", notebook.get("worksheets")), list):
        raise Unreadable(f"{path.name} is not a notebook: it has no cells")
    if "cells" not in notebook:
        if size > MOST_TEXT:
            raise Unreadable(f"{path.name} is a notebook of an old format with more than {MOST_TEXT / 1e6:g} MB")
        return notebook  # nbformat 3, which nbformat itself converts
    if len(notebook["cells"]) > MOST_CELLS:
        raise Unreadable(f"{path.name} has {len(notebook['cells'])} cells; at most {MOST_CELLS} are read")
    cells = [cell for cell in notebook["cells"] if isinstance(cell, dict)]
    for cell in cells:
        cell.pop("outputs", None)
        cell.pop("attachments", None)
        if cell.get("cell_type") == "code":
            cell.update(outputs=[], execution_count=None)
        cell["metadata"] = _flat(cell.get("metadata"), 2)
        source = cell.get("source", "")
        cell["source"] = _text("".join(map(str, source)) if isinstance(source, list) else source)
    if sum(len(cell["source"]) for cell in cells) > MOST_TEXT:
        raise Unreadable(f"{path.name} has more than {MOST_TEXT / 1e6:g} MB of text in its cells")
    give_ids(cells)
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": _flat(notebook.get("metadata"), 2), "cells": cells}


def _text(value):
    """Return text that can be written to a file; anything else becomes an empty one."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""


def _flat(value, deep):
    """Return metadata without what is nested deeper, or can be no metadata."""
    found = {}
    for name, each in value.items() if isinstance(value, dict) else ():
        if isinstance(each, str):
            found[_text(name)] = _text(each)
        elif isinstance(each, list):
            found[_text(name)] = [_text(part) for part in each if isinstance(part, str)]
        elif isinstance(each, dict) and deep > 1:
            found[_text(name)] = _flat(each, deep - 1)
        elif isinstance(each, (bool, int)) or (isinstance(each, float) and math.isfinite(each)):
            found[_text(name)] = each
    return found


def files_beside(submission, path):
    """Return the files beside a notebook that grading takes, and how many it leaves out: too many, or too large.

    Links, hidden files, other notebooks and names that are no text are neither taken nor counted.
    """
    taken, left_out, left = [], 0, MOST_BYTES
    for parent, folders, files in os.walk(submission.folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        for name in sorted(files):
            source = Path(parent) / name
            ignored = name.startswith(".") or name.endswith(".ipynb") or _text(name) != name
            if ignored or source == path or source.is_symlink() or not source.is_file():
                continue
            if len(taken) < MOST_FILES and source.stat().st_size <= left:
                left -= source.stat().st_size
                taken.append(source)
            else:
                left_out += 1
    return taken, left_out


def stage(submission, path, folder):
    """Lay out the files beside a submission's notebook as nbgrader wants them, and return the folder for the notebook.

    Args:
        path: the notebook, which is not copied.
        folder: an empty folder; links and hidden files are left out.
    """
    target = folder / submission.student / submission.lab
    target.mkdir(parents=True)
    for source in files_beside(submission, path)[0]:
        copy = target / source.relative_to(submission.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    return target


def fingerprint(classroom, submission):
    """Return a hash of all that decides about a grade: submission, source and grader."""
    digest = hashlib.sha256(_grader().encode())
    for root in (classroom.source / submission.lab, classroom.release / submission.lab, submission.folder):
        files = (
            sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
            if root.is_dir()
            else []
        )
        for path in files:
            digest.update(os.fsencode(path.relative_to(root)) + b"\0")
            about = path.stat()
            if about.st_size > 2 * MOST_BYTES:  # never read: too large for a notebook, and for a file beside one
                digest.update(f"{about.st_size} {about.st_mtime_ns}".encode())
                continue
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        digest.update(b"\1")
    return digest.hexdigest()


def _grader():
    """Return a hash of the code and the settings that grade."""
    digest = hashlib.sha256()
    files = [
        PROJECT / "nbgrader_config.py",
        *sorted((PROJECT / "autograder").rglob("*.py")),
        *sorted(path for path in (PROJECT / "course_utils").rglob("*") if path.suffix in (".py", ".json")),
    ]
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()
