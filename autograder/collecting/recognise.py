"""Which lab a notebook is: by the grade ids of its cells, whatever the file is called."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from autograder.classroom import Classroom
from autograder.collecting.archives import Item
from autograder.errors import CourseError
from autograder.notebooks.cells import nbgrader_data
from autograder.words import command

NAME = re.compile(r".+\.(?:ipynb|json)(?:\.(?:txt|json|html))?", re.I)  # what browsers and mail make of `.ipynb`
CHECKED = re.compile(r"\bcheck\(\s*[\"'](\w{1,80})[\"']")
MOST_CELLS = 2000
UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True)
class Look:
    """What is known of a file from its content.

    Args:
        lab: its lab, or "".
        problem: why it is no notebook of this course, for people, or "".
        digest: of its bytes.
        encoded: the encoding that was not UTF-8, or "".
        untouched: whether every cell that students fill in is as it was released.
    """

    lab: str
    problem: str
    digest: str
    encoded: str = ""
    untouched: bool = False


@dataclass(frozen=True)
class Known:
    """What tells the labs of a classroom apart.

    Args:
        ids: by lab, the grade ids that no other lab has. stubs: by lab and grade id, the released text to fill in.
    """

    ids: dict[str, set[str]]
    stubs: dict[str, dict[str, str]]


def may_be_notebook(item: Item) -> bool:
    """Return whether a file is called like a notebook."""
    return bool(NAME.fullmatch(item.name))


def known_labs(classroom: Classroom) -> Known:
    """Return what tells the labs of a classroom apart.

    Raises:
        CourseError: no lab is built, or one is damaged.
    """
    ids, stubs = {}, {}
    for lab in classroom.labs():
        path = classroom.release / lab / f"{lab}.ipynb"
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            sources = _sources(cells)
            filled_in = {nbgrader_data(cell).get("grade_id") for cell in cells if nbgrader_data(cell).get("solution")}
            ids[lab] = set(sources)
            stubs[lab] = {name: source for name, source in sources.items() if name in filled_in}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise CourseError(f"{path}: cannot be read. Run `{command(classroom.root, 'build')}`.") from None
    if not ids:
        raise CourseError(f"{classroom.root}: no lab is built here. Run: {command(classroom.root, 'build')}")
    shared = [name for name, labs in Counter(name for own in ids.values() for name in own).items() if labs > 1]
    return Known({lab: own.difference(shared) for lab, own in ids.items()}, stubs)


def look(item: Item, known: Known, most: int) -> Look:
    """Return what a file is; it is meant for a process with limits.

    Args:
        most: bytes that are read.
    """
    content = item.read(most)
    digest = hashlib.sha256(content).hexdigest()
    text, encoded = decoded(content)
    by_name = lab_by_name(item.name, known.ids)
    try:
        cells = json.loads(text)["cells"]
        sources = _sources(cells)
        names = list(sources) or _checked(cells)
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        problem = "it is no notebook" if content else "it is empty"
        return Look(by_name, problem, digest, encoded)
    counts = {lab: sum(name in own for name in names) for lab, own in known.ids.items()}
    best = max(counts, key=lambda lab: (counts[lab], lab == by_name))
    if counts[best]:
        stubs = known.stubs[best]
        untouched = bool(stubs) and all(sources.get(name) == source for name, source in stubs.items())
        return Look(best, "", digest, encoded, untouched)
    return Look(by_name, "" if by_name else "it is a notebook of no lab of this course", digest, encoded)


def _sources(cells: Any) -> dict[str, str]:
    """Return the text of the cells that have a grade id, without blanks at the ends of lines, which editors drop."""
    found = {}
    for cell in cells[:MOST_CELLS]:
        data = cell.get("metadata") if isinstance(cell, dict) else None
        data = data.get("nbgrader") if isinstance(data, dict) else None
        if isinstance(data, dict) and isinstance(data.get("grade_id"), str):
            found[data["grade_id"]] = "\n".join(line.rstrip() for line in _text(cell).rstrip().splitlines())
    return found


def _checked(cells: Any) -> list[str]:
    """Return the names in a notebook's calls of `check`, for one of which an editor dropped the grade ids."""
    found: list[str] = []
    for cell in cells[:MOST_CELLS]:
        if isinstance(cell, dict):
            found += CHECKED.findall(_text(cell)[:20_000])
    return found


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def lab_by_name(name: str, labs: Iterable[str]) -> str:
    """Return the lab whose name stands in a file's name, or ""."""
    plain = re.sub(r"[^a-z0-9]+", "", name.casefold())
    found = [lab for lab in labs if re.sub(r"[^a-z0-9]+", "", lab.casefold()) in plain]
    return max(found, key=len, default="")


def decoded(content: bytes) -> tuple[str, str]:
    """Return the text of a file, and its encoding where that is not the one of notebooks."""
    for mark, encoding in UTF_16.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding.upper()
    return content.decode("utf-8-sig", "replace"), ""
