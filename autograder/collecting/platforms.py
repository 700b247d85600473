"""What learning platforms say of a hand-in by the names and tables in their downloads: whose it is, and when it came.

Where each form is documented stands in docs/platforms.md.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

import yaml

from autograder import limited
from autograder.collecting.archives import Item
from autograder.limited import Died, Limit, OverLimit

CANVAS = re.compile(
    r"(?P<name>\w+?)(?P<late>_LATE)?_(?P<user>\d\d+|anon_\w+?)_(?P<file>\d\d+)_(?P<rest>.+)", re.I | re.S
)
MOODLE = re.compile(r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)", re.I | re.S)
BLACKBOARD = re.compile(r"(?P<who>.+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<rest>.+))?", re.I | re.S)
BLACKBOARD_NAME = re.compile(r"^Name:[ \t]*(?P<name>.+?)[ \t]*\((?P<user>[^()\n]+)\)[ \t]*\r?$", re.M)
GRADESCOPE_FILE = "submission_metadata.yml"
# As Moodle's English pages and tables write a time; the names of days are left out.
MOODLE_TIMES = ("%d %B %Y, %I:%M %p", "%B %d, %Y, %I:%M %p", "%d %B %Y, %H:%M", "%d/%m/%Y, %H:%M", "%d/%m/%y, %H:%M")
MOST_TABLE, MOST_NOTE = 50_000_000, 200_000  # bytes
MOST_TIME = 60  # characters of a time that cannot be read
NO_WORKSHEET = "this is no grading worksheet of Moodle, or not in English, so nobody and no time is known by it."
TABLE = Limit(memory=2048, processor=300, wall=1200)


@dataclass(frozen=True)
class Clue:
    """What a platform, or a name, says of one hand-in.

    Args:
        platform: "canvas", "moodle", "blackboard", "gradescope" or "".
        keys: ids, numbers and addresses, each of which names a student alone. texts: names, in which one may stand.
        together: whether all keys are members of one group.
        unit: what belongs together: files with the same unit are one attempt of one student.
        name: what the student called the file.
        time: when it was handed in, where the platform says so.
        order: a number that is higher for a later hand-in, or 0.
        late: whether the platform marks it as late.
        upload: the name under which the platform takes feedback back, or "".
        unread: what the platform says of the time, where that cannot be read.
    """

    platform: str = ""
    keys: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    together: bool = False
    unit: str = ""
    name: str = ""
    time: datetime | None = None
    order: int = 0
    late: bool = False
    upload: str = ""
    unread: str = ""


@dataclass(frozen=True)
class Tables:
    """What tables in a download say.

    Args:
        gradescope: by source and folder, who handed in, and when.
        blackboard: by source and the beginning of a file's name, who handed in.
        moodle: by number of the participant, who that is, and when the work was changed last.
        used: the files that are such tables.
    """

    gradescope: dict[tuple[str, ...], Clue]
    blackboard: dict[tuple[str, ...], Clue]
    moodle: dict[str, Clue]
    used: set[Item] = field(default_factory=set)


def read_tables(items: Iterable[Item], zone: tzinfo | None, problems: list[str]) -> Tables:
    """Return what the tables among files say.

    Args:
        zone: the time zone of the platform; None: this machine's.
        problems: gets a sentence for each table that cannot be read.
    """
    tables = Tables({}, {}, {})
    for item in items:
        try:
            if item.name == GRADESCOPE_FILE:
                tables.used.add(item)
                for name, clue in limited.call(gradescope, item.read(MOST_TABLE), zone, limit=TABLE).items():
                    tables.gradescope[item.source, *item.parts[:-1], name] = clue
            elif item.name.lower().endswith(".csv"):
                if people := limited.call(moodle_worksheet, item.read(MOST_TABLE), zone, limit=TABLE):
                    tables.moodle.update(people)
                    tables.used.add(item)
                elif item.is_source:
                    tables.used.add(item)
                    problems.append(f"{item}: {NO_WORKSHEET}")
            elif (match := BLACKBOARD.fullmatch(item.name.removesuffix(".txt"))) and not match["rest"]:
                clue = blackboard_note(item.read(MOST_NOTE))
                tables.blackboard[item.source, *item.parts[:-1], match[0]] = clue
                tables.used.add(item)
        except (OverLimit, Died, OSError, ValueError, yaml.YAMLError) as problem:
            problems.append(f"{item}: cannot be read, so who handed in what it lists is unknown: {problem}")
    return tables


def clue_of(item: Item, tables: Tables, zone: tzinfo | None) -> Clue:
    """Return what is known of a file by its name, its folders and the tables beside it."""
    for depth in range(len(item.parts) - 1, 0, -1):
        if found := tables.gradescope.get((item.source, *item.parts[:depth])):
            return replace(found, unit=_unit(item, depth), name=item.name)
    for depth, part in enumerate(item.parts, 1):
        if match := MOODLE.fullmatch(part):
            return _moodle(item, depth, match, tables)
        if match := BLACKBOARD.fullmatch(part):
            return _blackboard(item, depth, match, tables, zone)
        if match := CANVAS.fullmatch(part):
            return _canvas(item, depth, match)
    return _loose(item)


def _unit(item: Item, depth: int) -> str:
    return "/".join((item.source, *item.parts[:depth]))


def _inner(item: Item, depth: int, rest: str) -> str:
    """Return what the student called a file: below a platform's folder its own name, else what stands in the name."""
    return rest if depth == len(item.parts) and rest else item.name


def _canvas(item: Item, depth: int, match: re.Match[str]) -> Clue:
    unit = f"{_unit(item, depth - 1)}/{match['name']}_{match['user']}"
    if depth < len(item.parts):  # a zip that was attached
        unit += f"/{match['file']}"
    key = () if match["user"].startswith("anon") else (match["user"],)
    name = _inner(item, depth, match["rest"])
    late = bool(match["late"])
    order = int(match["file"][:18])
    texts = (match["name"], item.parts[depth - 1])
    return Clue("canvas", key, texts, False, unit, name, None, order, late, item.parts[depth - 1])


def _moodle(item: Item, depth: int, match: re.Match[str], tables: Tables) -> Clue:
    known = tables.moodle.get(match["user"], Clue())
    upload = item.parts[depth - 1] if depth < len(item.parts) else match[0].removesuffix(match["rest"])
    unit = f"{_unit(item, depth - 1)}/{match['name']}_{match['user']}"
    texts, name = (*known.texts, match["name"]), _inner(item, depth, match["rest"])
    return replace(known, platform="moodle", texts=texts, unit=unit, name=name, upload=upload)


def _blackboard(item: Item, depth: int, match: re.Match[str], tables: Tables, zone: tzinfo | None) -> Clue:
    attempt = f"{match['who']}_attempt_{match['time']}"
    known = tables.blackboard.get((item.source, *item.parts[: depth - 1], attempt), Clue())
    time = _time(match["time"], ("%Y-%m-%d-%H-%M-%S",), zone)
    unit = f"{_unit(item, depth - 1)}/{attempt}"
    name = _inner(item, depth, match["rest"] or "")
    words = match["who"].split("_")  # the assignment, then the user, each of which may have an underscore
    texts = (*known.texts, *("_".join(words[start:]) for start in range(len(words))))
    unread = "" if time else match["time"]
    return Clue("blackboard", known.keys, texts, False, unit, name, time, unread=unread)


def _loose(item: Item) -> Clue:
    """Return what a name alone says: the folders around a file, the innermost first, and the file."""
    folders = [part.removesuffix(".zip") for part in reversed(item.parts[:-1])]
    stem = item.name.partition(".ipynb")[0]
    copies = re.findall(r"\((\d+)\)", stem)
    order = int(copies[-1][:9]) if copies else 0
    return Clue(texts=(*folders, stem), unit="/".join((item.source, *item.parts[:-1])), name=item.name, order=order)


def _aware(time: datetime, zone: tzinfo | None) -> datetime:
    """Return a time of a platform in UTC."""
    return (time.astimezone() if zone is None else time.replace(tzinfo=zone)).astimezone(UTC)


def blackboard_note(content: bytes) -> Clue:
    """Return who handed in, from the text that Blackboard adds to each attempt."""
    match = BLACKBOARD_NAME.search(content.decode("utf-8-sig", "replace"))
    return Clue(keys=(match["user"].strip(),), texts=(match["name"],)) if match else Clue()


def gradescope(content: bytes, zone: tzinfo | None) -> dict[str, Clue]:
    """Return who handed in which folder, from Gradescope's list.

    Raises:
        YAMLError, ValueError: it is no such list.
    """
    listed = yaml.load(content, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if not isinstance(listed, dict):
        raise ValueError("it is no list of submissions")
    found = {}
    for folder, about in listed.items():
        about = about if isinstance(about, dict) else {}
        people = [person for person in about.get(":submitters") or () if isinstance(person, dict)]
        keys = [str(person[key]) for person in people for key in (":sid", ":email") if person.get(key)]
        names = [str(person[":name"]) for person in people if person.get(":name")]
        written = about.get(":created_at")
        time = _gradescope_time(written, zone)
        unread = "" if time or written is None else str(written)[:MOST_TIME]
        found[str(folder)] = Clue("gradescope", tuple(keys), tuple(names), len(people) > 1, time=time, unread=unread)
    return found


def _gradescope_time(value: Any, zone: tzinfo | None) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00").replace(" Z", "+00:00"))
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.astimezone(UTC) if value.tzinfo else _aware(value, zone)


def moodle_worksheet(content: bytes, zone: tzinfo | None) -> dict[str, Clue]:
    """Return who has which number in an assignment, from Moodle's grading worksheet; nothing from another table."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    if not {"Identifier", "Full name"} <= set(rows.fieldnames or ()):
        return {}
    found = {}
    for row in rows:
        number = re.search(r"\d+$", row["Identifier"] or "")
        if number:
            keys = [row.get(name) or "" for name in ("Email address", "ID number", "Username")]
            written = (row.get("Last modified (submission)") or "").strip()
            time = _time(re.sub(r"^\w+day, ", "", " ".join(written.split())), MOODLE_TIMES, zone)
            unread = "" if time or written == "-" else written[:MOST_TIME]
            texts = (row["Full name"] or "",)
            found[number[0]] = Clue(keys=tuple(filter(None, keys)), texts=texts, time=time, unread=unread)
    return found


def _time(text: str, forms: Iterable[str], zone: tzinfo | None) -> datetime | None:
    """Return a time that is written in one of some forms, or None."""
    for form in forms:
        try:
            return _aware(datetime.strptime(text, form), zone)
        except (ValueError, OverflowError):  # also a time of no zone, such as one in the year 1
            continue
    return None
