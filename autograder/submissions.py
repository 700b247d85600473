"""What students handed in: find the notebook, take a fingerprint, and lay out a clean copy that nbgrader can read.

Nothing is ever written into ``DIR/submitted``.
"""

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from traitlets import Integer
from traitlets.config import Configurable

from .errors import CourseError
from .repair import give_ids
from .settings import PROJECT

MEGABYTE = 2**20
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
        return f"{self.student}/{self.lab}"


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
            f"{', '.join(each.name for each in renamed[:5])}; hand in one of them under that name"
        )
    others = f"; there is only {', '.join(each.name for each in found[:5])}" if found else ""
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
        return notebook  # nbformat 3, which nbformat itself converts
    cells = [cell for cell in notebook["cells"] if isinstance(cell, dict)]
    for cell in cells:
        cell.pop("outputs", None)
        cell.pop("attachments", None)
        if cell.get("cell_type") == "code":
            cell.update(outputs=[], execution_count=None)
        if not isinstance(cell.get("metadata"), dict):
            cell["metadata"] = {}
        source = cell.get("source", "")
        cell["source"] = (
            source if isinstance(source, str) else "".join(map(str, source)) if isinstance(source, list) else ""
        )
    give_ids(cells)
    metadata = notebook.get("metadata")
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": metadata if isinstance(metadata, dict) else {},
        "cells": cells,
    }


def stage(submission, notebook, path, folder):
    """Lay out a submission for nbgrader: its notebook under the right name, and the files beside it.

    Args:
        notebook: what ``read_notebook`` returned for ``path``.
        folder: an empty folder; links and hidden files are left out.
    """
    target = folder / submission.student / submission.lab
    target.mkdir(parents=True)
    for parent, folders, files in os.walk(submission.folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        for name in sorted(files):
            source = Path(parent) / name
            if (
                source == path
                or source.is_symlink()
                or not source.is_file()
                or name.startswith(".")
                or name.endswith(".ipynb")
            ):
                continue
            copy = target / source.relative_to(submission.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
    (target / f"{submission.lab}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


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
