"""The files in zips and folders that came back, listed and read without trusting their names, sizes or number.

Nothing is ever extracted under the name that an archive gives it, so no name leads anywhere.
"""

import shutil
import stat
import tempfile
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic

from autograder import limited
from autograder.classroom import is_classroom
from autograder.errors import FULL, CourseError
from autograder.files import CHUNK, Folder
from autograder.limited import Died, Limit, OverLimit
from autograder.limits import MEGABYTE

MOST_ENTRIES = 50_000  # of one archive that are looked at
MOST_BYTES = 8_000 * MEGABYTE  # of all files of one archive together
MOST_INNER = 300 * MEGABYTE  # of an archive inside another one, as a student hands it in
ROUNDS = 2  # downloads of platforms in a folder, then what students zipped in them
MOST_TOLD = 3  # sentences on one archive
LEFT_OUT = {"__MACOSX", "__pycache__", ".ipynb_checkpoints"}
# Folders of a classroom whose notebooks the course made itself, or keeps to put back.
OF_COURSE = {
    "autograded",
    "earlier",
    "exports",
    "feedback",
    "release",
    "reports",
    "shards",
    "solved",
    "source",
    "undo",
    "variants",
}
UNPACKING = Limit(memory=1024, processor=900, wall=3600)
UNPACKING_INNER = Limit(memory=1024, processor=30, wall=300)


@dataclass(frozen=True)
class Item:
    """One file that came back.

    Args:
        source: the zip or folder that was given.
        parts: its name there, folder by folder; an archive inside counts as a folder.
        size: bytes.
        changed: when it was changed, as the archive or the disk says, without a time zone.
        root, path: a folder that is trusted, and the file below it, as it is read.
        inside: 0 for a file of a folder, 1 for one of a download, 2 for one of an archive that a student made.
    """

    source: str
    parts: tuple[str, ...]
    size: int
    changed: datetime
    root: Path
    path: Path
    inside: int = 0

    @property
    def name(self) -> str:
        return self.parts[-1]

    def read(self, most: int) -> bytes:
        """Return the content, at most so many bytes of it; no link is followed."""
        with Folder(self.root) as folder:
            return folder.read(self.path, most)

    @property
    def is_source(self) -> bool:
        """Whether this file itself was given, and not a zip or folder that holds it."""
        return self.parts == (self.source,)

    def __str__(self) -> str:
        return "/".join(self.parts if self.is_source else (self.source, *self.parts))


@dataclass
class Gathered:
    """What some zips and folders hold.

    Args:
        problems: sentences on what was left out, and may have been a hand-in.
    """

    items: list[Item] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def gather(sources: list[Path], scratch: Path, most: int) -> Gathered:
    """Return the files of zips and folders, with those of archives inside.

    Args:
        scratch: an empty folder, in which zips are unpacked.
        most: bytes of a file; larger ones are left out.

    Raises:
        CourseError: a source is neither a zip nor a folder, or of a classroom and holds no hand-ins.
    """
    gathered = Gathered()
    for source in sources:
        _refuse_of_course(source)
        if source.is_dir():
            _gather_folder(source, gathered)
        elif source.is_file() and zipfile.is_zipfile(source):
            outer = Item(source.name, (), 0, _changed(source), source.parent, Path(source.name))
            _unpack(outer, 1, scratch, gathered, MOST_BYTES, most, UNPACKING)
        elif source.is_file():
            gathered.items.append(
                Item(
                    source.name,
                    (source.name,),
                    source.stat().st_size,
                    _changed(source),
                    source.parent,
                    Path(source.name),
                )
            )
        else:
            raise CourseError(f"{source}: there is no such zip or folder.")
    _unpack_inner(gathered, scratch, most)
    return gathered


def _refuse_of_course(source: Path) -> None:
    """Refuse what a classroom holds beside hand-ins: graded notebooks would take the place of what was handed in."""
    path = source.resolve()
    for room in filter(is_classroom, path.parents):
        if path.relative_to(room).parts[0] in OF_COURSE:
            raise CourseError(
                f"{source}: holds no hand-ins of the classroom {room}; these are in {room / 'submitted'}."
            )


def _gather_folder(source: Path, gathered: Gathered) -> None:
    with Folder(source) as folder:
        listing = folder.list()
    folders = {folder for name, _ in listing.files for folder in name.parents}
    rooms = {folder for folder in folders if is_classroom(source / folder)}
    gathered.problems += [
        f"{source / room}: is a classroom, and was left out; its hand-ins are in {source / room / 'submitted'}."
        for room in sorted(rooms)
    ]
    if not listing.whole:
        gathered.problems.append(f"{source}: holds more files than are looked at; collect its folders one by one.")
    for name, size in listing.files:
        if not LEFT_OUT.intersection(name.parts) and not rooms.intersection(name.parents):
            gathered.items.append(Item(source.name, name.parts, size, _changed(source / name), source, name))


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.lstat().st_mtime))


def _unpack_inner(gathered: Gathered, scratch: Path, most: int) -> None:
    """Unpack the archives among files; one that lies in a student's own is named and not looked into."""
    spent: dict[Path, float] = {}
    for _ in range(ROUNDS):
        archives = [item for item in gathered.items if _is_archive(item) and item.inside < 2]
        gathered.items = [item for item in gathered.items if not _is_archive(item) or item.inside == 2]
        for item in archives:
            if spent.get(item.root, 0) > UNPACKING.processor:
                gathered.problems.append(f"{item}: was left out: the archives beside it took too long.")
                continue
            began = monotonic()
            if item.inside == 0 and len(item.parts) == 1:  # a download of a platform in a folder of them
                _unpack(item, 1, scratch, gathered, MOST_BYTES, most, UNPACKING)
            else:
                _unpack(item, 2, scratch, gathered, MOST_INNER, most, UNPACKING_INNER)
                spent[item.root] = spent.get(item.root, 0) + monotonic() - began
    nested = [item for item in gathered.items if _is_archive(item)]
    gathered.problems += _first([f"{item}: is a zip in a zip, and not looked into." for item in nested])


def _is_archive(item: Item) -> bool:
    return item.name.lower().endswith(".zip")


def _first(sentences: list[str]) -> list[str]:
    """Return the first of some sentences, and how many more there are: one archive may have thousands."""
    more = len(sentences) - MOST_TOLD
    return [*sentences[:MOST_TOLD], *([f"... and {more} more like the last one."] if more > 0 else [])]


def _unpack(outer: Item, inside: int, scratch: Path, gathered: Gathered, room: int, most: int, limit: Limit) -> None:
    """Unpack an archive in a child process whose time and memory are limited.

    Args:
        inside: what its files are, see ``Item``.
    """
    target = Path(tempfile.mkdtemp(dir=scratch))
    try:
        entries, problems = limited.call(unpack, outer.root / outer.path, target, room, most, limit=limit)
    except (OverLimit, Died, OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as problem:
        if isinstance(problem, OSError) and problem.errno in FULL:  # of the disk, not of the archive
            raise
        gathered.problems.append(f"{outer}: cannot be unpacked: {problem}. Unpack it yourself and collect the folder.")
        shutil.rmtree(target, ignore_errors=True)
        return
    gathered.problems += _first([f"{outer}: {problem}" for problem in problems])
    gathered.items += [
        Item(outer.source, (*outer.parts, *parts), size, changed, target, Path(name), inside)
        for parts, size, changed, name in entries
    ]


Entry = tuple[tuple[str, ...], int, datetime, str]


def unpack(archive: Path, target: Path, room: int, most: int) -> tuple[list[Entry], list[str]]:
    """Unpack the plain files of an archive under numbers; return what they are called, and what was left out.

    Args:
        room: bytes that all files together may have. most: bytes that one may have.

    Raises:
        BadZipFile: it is no archive.
    """
    entries: list[Entry] = []
    problems: list[str] = []
    with zipfile.ZipFile(archive) as opened:
        infos = opened.infolist()
        if len(infos) > MOST_ENTRIES:
            problems.append(f"holds {len(infos)} files, and only the first {MOST_ENTRIES} were taken.")
        for number, info in enumerate(infos[:MOST_ENTRIES]):
            parts = tuple(part for part in info.filename.replace("\\", "/").split("/") if part not in ("", "."))
            if info.is_dir() or not parts or _is_hidden(parts):
                continue
            reason = _refused(info, parts, most) or _extract(opened, info, target / str(number), min(room, most))
            if reason:
                problems.append(f"{'/'.join(parts)[:200]} was left out: {reason}.")
                continue
            size = (target / str(number)).stat().st_size
            room -= size
            entries.append((parts, size, datetime(*_date(info)), str(number)))
    return entries, problems


def _is_hidden(parts: tuple[str, ...]) -> bool:
    return any((part.startswith(".") and part != "..") or part in LEFT_OUT for part in parts)


def _refused(info: zipfile.ZipInfo, parts: tuple[str, ...], most: int) -> str:
    """Return why an entry is not even read, or ""."""
    if ".." in parts or info.filename.startswith(("/", "\\")):
        return "its name leads out of the archive"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "it is a link, or no file"
    if info.flag_bits & 1:
        return "it is locked by a password"
    if info.file_size > most:
        return f"it has more than {most // MEGABYTE} MB"
    return ""


def _extract(opened: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, most: int) -> str:
    """Write one file, at most so many bytes whatever the archive says; return why that failed, or ""."""
    try:
        with opened.open(info) as packed, path.open("wb") as file:
            while chunk := packed.read(CHUNK):
                most -= len(chunk)
                if most < 0:
                    break
                file.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as problem:
        path.unlink(missing_ok=True)
        return f"it is damaged ({problem})"
    if most < 0:
        path.unlink()
        return "it is larger than the archive says or may be"
    return ""


def _date(info: zipfile.ZipInfo) -> tuple[int, int, int, int, int, int]:
    """Return the date of an entry; an archive may say the 31st of February."""
    try:
        datetime(*info.date_time)
    except ValueError:
        return 1980, 1, 1, 0, 0, 0
    return info.date_time
