"""Feedback pages in one zip a lab, each called as the platform expects it."""

import zipfile
from pathlib import Path, PurePosixPath

from autograder.classroom import Classroom
from autograder.collecting.placing import Note, Record

DATE = (1980, 1, 1, 0, 0, 0)  # of each file: the same pages make the same zip


def feedback_pages(classroom: Classroom, lab: str) -> dict[str, Path]:
    """Return the pages that were written for a lab, by student."""
    found = sorted(classroom.feedback.glob(f"*/{lab}/{lab}.html"))
    return {page.parent.parent.name: page for page in found}


def page_name(platform: str, student: str, lab: str, suffix: str, note: Note | None) -> str:
    """Return what a student's page is called in the zip, or "" where the platform could not tell whose it is.

    Args:
        suffix: ".html" or ".pdf". note: from where the hand-in came.
    """
    if platform in ("canvas", "moodle"):
        if note is None or note.platform != platform or not note.upload:
            return ""
        if platform == "moodle":
            return f"{note.upload}/{lab}{suffix}"
        return f"{PurePosixPath(note.upload).name.partition('.')[0]}{suffix}"
    return f"{student}_{lab}{suffix}" if platform == "blackboard" else f"{student}/{lab}{suffix}"


def write_zip(classroom: Classroom, platform: str, lab: str, path: Path, pages: dict[str, Path]) -> list[str]:
    """Write the pages of a lab, if there are any; return the students whose page the platform cannot place.

    Args:
        pages: by student.
    """
    record = Record(classroom)
    named: dict[str, Path] = {}
    unplaced = []
    for student, page in pages.items():
        name = page_name(platform, student, lab, page.suffix, record[student, lab])
        if name and name not in named:  # members of a group have one hand-in on the platform
            named[name] = page
        else:
            unplaced.append(student)
    if not named:
        path.unlink(missing_ok=True)
        return unplaced
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(part, "w") as opened:
        for name, page in sorted(named.items()):
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            opened.writestr(info, page.read_bytes())
    part.replace(path)
    return unplaced
