"""Feedback pages in one zip a lab, each called as the platform expects it."""

import zipfile
from pathlib import Path, PurePosixPath

from autograder.classroom import Classroom
from autograder.collecting.placing import Note, Record
from autograder.files import replacing
from autograder.grading.report import unturned
from autograder.roster import Roster

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
            return unturned(f"{note.upload}/{lab}{suffix}")
        return unturned(f"{PurePosixPath(note.upload).name.partition('.')[0]}{suffix}")
    return f"{student}_{lab}{suffix}" if platform == "blackboard" else f"{student}/{lab}{suffix}"


def _is_of_another(student: str, note: Note | None, roster: Roster) -> bool:
    """Return whether a hand-in counts for a student and another member of the group handed it in."""
    by = (note.by or roster.by_text(note.upload)) if note else ()
    return bool(by) and student not in by


def write_zip(
    classroom: Classroom, platform: str, lab: str, path: Path, pages: dict[str, Path], roster: Roster
) -> list[str]:
    """Write the pages of a lab, if there are any; return the students whose page the platform cannot place.

    Args:
        pages: by student.
    """
    record = Record(classroom)
    named: dict[str, Path] = {}
    unplaced = []
    for student, page in pages.items():
        note = record[student, lab]
        name = page_name(platform, student, lab, page.suffix, note)
        of_another = platform in ("canvas", "moodle") and _is_of_another(student, note, roster)
        if name and name not in named and not of_another:  # members of a group have one hand-in on the platform
            named[name] = page
        else:
            unplaced.append(student)
    if not named:
        path.unlink(missing_ok=True)
        return unplaced
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part, zipfile.ZipFile(part, "w") as opened:
        for name, page in sorted(named.items()):
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            opened.writestr(info, page.read_bytes())
    return unplaced
