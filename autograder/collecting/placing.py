"""Put a hand-in where grading finds it: once, with its time, and without losing what was there."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.classroom import Classroom
from autograder.collecting.matching import HandIn
from autograder.collecting.recognise import decoded
from autograder.files import Folder, write_atomically
from autograder.grading.lateness import FILE as TIMESTAMP
from autograder.grading.stamps import add_files

RECORD = "record.json"
WORDS = ("new", "replaced", "unchanged", "older", "undated", "kept")  # what may become of a hand-in


@dataclass
class Note:
    """What is remembered of a hand-in that lies among the submissions.

    Args:
        source, file: the zip or folder, and the name in it. platform: see ``Clue``.
        time: when it was handed in (UTC), or "". late: whether the platform marks it so.
        newness: see ``HandIn``. upload: the name under which the platform takes feedback back.
        digest: of the folder as it was put there. by: see ``HandIn``; empty in older records.
    """

    source: str
    file: str
    platform: str
    time: str
    late: bool
    newness: list[float]
    upload: str
    digest: str
    by: list[str] = field(default_factory=list)


class Record:
    """What ``collect`` put among the submissions, kept in the classroom."""

    def __init__(self, classroom: Classroom):
        self.path = classroom.collected / RECORD
        self._notes: dict[str, Note] = {}
        with suppress(OSError, ValueError, TypeError, AttributeError):
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            self._notes = {place: Note(**note) for place, note in kept.items()}

    def __getitem__(self, place: tuple[str, str]) -> Note | None:
        return self._notes.get("/".join(place))

    def __setitem__(self, place: tuple[str, str], note: Note) -> None:
        self._notes["/".join(place)] = note

    def notes(self, lab: str) -> Iterator[tuple[str, Note]]:
        """Yield the students of whom there is a note on a lab, and the note."""
        for place, note in sorted(self._notes.items()):
            student, _, of = place.rpartition("/")
            if of == lab:
                yield student, note

    def save(self) -> None:
        """Write the record, unless it says what the file says."""
        notes = {place: asdict(note) for place, note in sorted(self._notes.items())}
        text = json.dumps(notes, indent=1, ensure_ascii=False) + "\n"
        if notes and not (self.path.exists() and self.path.read_text(encoding="utf-8") == text):
            self.path.parent.mkdir(exist_ok=True)
            write_atomically(self.path, text)


@dataclass(frozen=True)
class Placing:
    """How hand-ins are put in place.

    Args:
        scratch: a folder on the classroom's disk.
        most: bytes that a notebook may have.
        replace: whether what lies there and was not collected gives way.
        dry: whether nothing is changed.
    """

    classroom: Classroom
    record: Record
    scratch: Path
    most: int
    replace: bool = False
    dry: bool = False

    def place(self, student: str, hand_in: HandIn) -> str:
        """Put a hand-in in a student's folder; return one of ``WORDS``."""
        lab = hand_in.look.lab
        target = self.classroom.submitted / student / lab
        laid_out = self.scratch / "laid-out"
        try:
            self._lay_out(hand_in, laid_out)
            note = _note(hand_in, _digest(laid_out))
            word = self._word(target, self.record[student, lab], note)
            if self.dry or word in ("older", "undated", "kept"):
                return word
            if word != "unchanged":
                self._move(laid_out, target, hand_in)
            self.record[student, lab] = note
        finally:
            shutil.rmtree(laid_out, ignore_errors=True)
        return word

    def _word(self, target: Path, before: Note | None, note: Note) -> str:
        """Return what is to become of a hand-in."""
        if not os.path.lexists(target):
            return "new"
        there = _digest(target)
        if there == note.digest:
            return "unchanged"
        if self.replace:
            return "replaced"
        if before is None or before.digest != there:
            return "kept"
        if note.newness >= before.newness:
            return "replaced"
        return "undated" if before.time and not note.time else "older"

    def _lay_out(self, hand_in: HandIn, folder: Path) -> None:
        """Write a hand-in into a new folder as it will lie among the submissions."""
        folder.mkdir(parents=True)
        content = hand_in.item.read(self.most + 1)
        if hand_in.look.encoded:
            content = decoded(content)[0].encode("utf-8", "replace")
        (folder / f"{hand_in.look.lab}.ipynb").write_bytes(content)
        for item, name in hand_in.beside:
            with suppress(FileExistsError, NotADirectoryError, IsADirectoryError):  # one name hides the other
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(item.read(item.size))
        if hand_in.clue.time:
            (folder / TIMESTAMP).write_text(f"{hand_in.clue.time:%Y-%m-%d %H:%M:%S.%f} UTC\n", encoding="ascii")

    def _move(self, laid_out: Path, target: Path, hand_in: HandIn) -> None:
        """Move a folder to its place; what was there, and an original that was changed, is kept beside the record."""
        beside = self.classroom.collected / target.parent.name / target.name
        if os.path.lexists(target):
            beside.mkdir(parents=True, exist_ok=True)
            number = 1 + sum(path.name.startswith("before-") for path in beside.iterdir())
            shutil.move(target, beside / f"before-{number}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(laid_out, target)
        if hand_in.look.encoded:
            (beside / "original").mkdir(parents=True, exist_ok=True)
            (beside / "original" / f"{target.name}.ipynb").write_bytes(hand_in.item.read(self.most + 1))


def _note(hand_in: HandIn, digest: str) -> Note:
    clue = hand_in.clue
    time = f"{clue.time:%Y-%m-%d %H:%M:%S} UTC" if clue.time else ""
    file = "/".join(hand_in.item.parts)
    newness, by = hand_in.newness, hand_in.by
    return Note(hand_in.item.source, file, clue.platform, time, clue.late, newness, clue.upload, digest, by)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    with suppress(FileNotFoundError, NotADirectoryError), Folder(folder.parent, folder.name) as opened:
        add_files(digest, opened)
    return digest.hexdigest()
