"""What was graded already: a stamp beside each graded notebook says which submission, lab and grader it came from."""

import contextlib
import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

from autograder.classroom import Classroom
from autograder.files import Folder, write_atomically
from autograder.gradebook import Standing
from autograder.grading.excused import excused_of
from autograder.grading.submissions import Submission, Unreadable
from autograder.limits import MOST_FILE_BYTES
from autograder.notebooks.released import points_of_file
from autograder.settings import PROJECT

STAMP = ".graded.json"
WORK = "work"  # the part of a stamp that is a hash of what was handed in alone, whoever did
LAB = "lab"  # the part of a stamp that is a hash of what could be earned in the lab
FAILED = "failed"  # the part of a stamp that says why a submission was left open
# The parts of a stamp that stand for what the gradebook holds: the points, until when work could be handed in, and
# what a person may have given meanwhile and the page should show.
RECORDED = POINTS, DUE, SHOWN = "points", "due", "shown"
MOST_HASHED = 4 * MOST_FILE_BYTES  # bytes of one folder: a notebook of the largest size and all files beside it


def new_stamp(classroom: Classroom, submission: Submission, engine: str) -> dict[str, str]:
    """Return the stamp of a submission as it is now.

    Args:
        engine: how it is graded, in words.
    """
    handed_in = work(submission)
    return {
        "fingerprint": fingerprint(classroom, submission, handed_in),
        WORK: handed_in,
        LAB: lab_stamp(classroom, submission.lab),
        "engine": engine,
    }


def lab_stamp(classroom: Classroom, lab: str) -> str:
    """Return a hash of what can be earned in a lab as it is released now, the same in every copy of a classroom."""
    return _hash(sorted(points_of_file(classroom.release / lab / f"{lab}.ipynb").items()))


def stamp_path(classroom: Classroom, submission: Submission) -> Path:
    """Return where the stamp of a submission stands, or would stand."""
    return classroom.autograded / submission.student / submission.lab / STAMP


def read_stamp(path: Path) -> dict[str, str]:
    """Return a stamp; an empty one where there is none, or none that can be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_stamp(path: Path, stamp: dict[str, str]) -> None:
    """Note that a submission was graded."""
    write_atomically(path, json.dumps(stamp) + "\n")


def recorded(standing: Standing | None) -> dict[str, str]:
    """Return the parts of a stamp that say what the gradebook should still hold; points given by hand may change."""
    standing = standing or Standing()
    shown = [sorted(standing.scores.items()), sorted(standing.comments.items()), standing.late_penalty]
    return {
        POINTS: _hash(sorted(standing.automatic.items())),
        DUE: standing.due.isoformat() if standing.due else "",
        SHOWN: _hash(shown),
    }


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def note_failure(path: Path, reason: str) -> None:
    """Note that the grader failed on a submission, in place of the fingerprint: the next run takes it again.

    By which engine and lab an earlier score came about stays.
    """
    kept = {name: value for name, value in read_stamp(path).items() if name in ("engine", LAB)}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_stamp(path, {**kept, FAILED: reason})


def work(submission: Submission) -> str:
    """Return a hash of what was handed in."""
    digest = hashlib.sha256()
    try:
        with submission.opened() as handed_in:
            add_files(digest, handed_in)
    except (Unreadable, OSError) as problem:
        digest.update(str(problem).encode())
    return digest.hexdigest()


def fingerprint(classroom: Classroom, submission: Submission, handed_in: str) -> str:
    """Return a hash of all that decides about a grade: submission, source and grader.

    Args:
        handed_in: see ``work``.
    """
    digest = hashlib.sha256(grader_hash().encode())
    for folder in (classroom.source / submission.lab, classroom.release / submission.lab):
        with contextlib.suppress(FileNotFoundError), Folder(folder) as built:  # grading says it where one is missing
            add_files(digest, built)
    digest.update(json.dumps(excused_of(classroom, submission)).encode())
    digest.update(handed_in.encode())
    return digest.hexdigest()


def add_files(digest: "hashlib._Hash", folder: Folder) -> None:
    """Add the files of a folder to a hash; of what is too large to be graded, only size."""
    room = MOST_HASHED
    for name, size in folder.list().files:
        digest.update(b"\0" + os.fsencode(name) + b"\0" + str(size).encode() + b"\0")
        if size > room:
            continue
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for chunk in folder.chunks(name, size):
                room -= len(chunk)
                digest.update(chunk)
    digest.update(b"\1")


@lru_cache(maxsize=1)  # a process keeps the code that it imported
def grader_hash() -> str:
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
