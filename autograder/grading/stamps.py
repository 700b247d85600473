"""What was graded already: a stamp beside each graded notebook says which submission, lab and grader it came from."""

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

from autograder.classroom import Classroom
from autograder.files import write_atomically
from autograder.grading.submissions import Submission
from autograder.limits import MOST_FILE_BYTES
from autograder.settings import PROJECT

STAMP = ".graded.json"


def new_stamp(classroom: Classroom, submission: Submission, engine: str) -> dict[str, str]:
    """Return the stamp of a submission as it is now.

    Args:
        engine: how it is graded, in words.
    """
    return {"fingerprint": fingerprint(classroom, submission), "engine": engine}


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


def count_unsealed(classroom: Classroom) -> int:
    """Return how many submissions were graded without a sandbox, as their stamps say."""
    stamps = (path.read_text(encoding="utf-8") for path in classroom.autograded.glob(f"*/*/{STAMP}"))
    return sum("without a sandbox" in stamp for stamp in stamps)


def fingerprint(classroom: Classroom, submission: Submission) -> str:
    """Return a hash of all that decides about a grade: submission, source and grader."""
    digest = hashlib.sha256(grader_hash().encode())
    for root in (classroom.source / submission.lab, classroom.release / submission.lab, submission.folder):
        for path in files_below(root):
            digest.update(os.fsencode(path.relative_to(root)) + b"\0")
            status = path.stat()
            if status.st_size > 2 * MOST_FILE_BYTES:  # never read: too large for a notebook, and for a file beside one
                digest.update(f"{status.st_size} {status.st_mtime_ns}".encode())
                continue
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        digest.update(b"\1")
    return digest.hexdigest()


def files_below(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


@lru_cache(maxsize=1)  # read once: what a process imported does not change under it
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
