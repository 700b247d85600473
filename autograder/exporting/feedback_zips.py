"""Feedback pages in one zip a lab, each called as the platform expects it."""

import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from autograder.classroom import Classroom
from autograder.collecting.placing import Note, Record

DATE = (1980, 1, 1, 0, 0, 0)  # of each file: the same pages make the same zip


def page_name(platform: str, student: str, lab: str, note: Note | None) -> str:
    """Return what a student's page is called in the zip, or "" where the platform could not tell whose it is.

    Args:
        note: from where the hand-in came.
    """
    if platform in ("canvas", "moodle"):
        if note is None or note.platform != platform or not note.upload:
            return ""
        if platform == "moodle":
            return f"{note.upload}/{lab}.html"
        return f"{PurePosixPath(note.upload).name.partition('.')[0]}.html"
    return f"{student}_{lab}.html" if platform == "blackboard" else f"{student}/{lab}.html"


def write_zip(
    classroom: Classroom, platform: str, lab: str, path: Path, wanted: Callable[[str], bool]
) -> tuple[int, list[str]]:
    """Write the pages of a lab; return how many there are, and the students whose page the platform cannot place.

    Args:
        wanted: function from a student to whether that one's page is given back.
    """
    record = Record(classroom)
    pages: dict[str, Path] = {}
    unplaced = []
    for page in sorted(classroom.feedback.glob(f"*/{lab}/{lab}.html")):
        student = page.parent.parent.name
        if not wanted(student):
            continue
        name = page_name(platform, student, lab, record[student, lab])
        if name and name not in pages:  # members of a group have one hand-in on the platform
            pages[name] = page
        else:
            unplaced.append(student)
    if not pages:
        path.unlink(missing_ok=True)
        return 0, unplaced
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, page in sorted(pages.items()):
            info = zipfile.ZipInfo(name, DATE)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            opened.writestr(info, page.read_bytes())
    part.replace(path)
    return len(pages), unplaced
