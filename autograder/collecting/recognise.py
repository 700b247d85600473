"""Which lab a notebook is: by the grade ids of its cells, whatever the file is called."""

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from autograder.classroom import Classroom
from autograder.collecting.archives import Item
from autograder.errors import CourseError
from autograder.notebooks.cells import nbgrader_data

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
    """

    lab: str
    problem: str
    digest: str
    encoded: str = ""


def may_be_notebook(item: Item) -> bool:
    """Return whether a file is called like a notebook."""
    return bool(NAME.fullmatch(item.name))


def known_ids(classroom: Classroom) -> dict[str, set[str]]:
    """Return the grade ids of each lab, as it was released.

    Raises:
        CourseError: no lab is built, or one is damaged.
    """
    known = {}
    for lab in classroom.labs():
        path = classroom.release / lab / f"{lab}.ipynb"
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            known[lab] = {str(name) for cell in cells if (name := nbgrader_data(cell).get("grade_id"))}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise CourseError(f"{path}: cannot be read. Run `autograder build` for this classroom.") from None
    if not known:
        raise CourseError(
            f"{classroom.root}: no lab is built here. Run 'autograder build --classroom {classroom.root}'."
        )
    shared = [name for name, labs in Counter(name for ids in known.values() for name in ids).items() if labs > 1]
    return {lab: ids.difference(shared) for lab, ids in known.items()}


def look(item: Item, known: dict[str, set[str]], most: int) -> Look:
    """Return what a file is; it is meant for a process with limits.

    Args:
        known: see ``known_ids``. most: bytes that are read.
    """
    content = item.read(most)
    digest = hashlib.sha256(content).hexdigest()
    text, encoded = decoded(content)
    by_name = lab_by_name(item.name, known)
    try:
        notebook = json.loads(text)
        ids = list(_ids(notebook))
    except (ValueError, RecursionError, TypeError, AttributeError):
        problem = "it is no notebook" if content else "it is empty"
        return Look(by_name, problem, digest, encoded)
    counts = {lab: sum(name in own for name in ids) for lab, own in known.items()}
    best = max(counts, key=lambda lab: (counts[lab], lab == by_name))
    if counts[best]:
        return Look(best, "", digest, encoded)
    return Look(by_name, "" if by_name else "it is a notebook of no lab of this course", digest, encoded)


def _ids(notebook: Any) -> list[str]:
    """Return the grade ids of a notebook; where an editor dropped them, the names in its calls of `check`."""
    cells = [cell for cell in notebook["cells"][:MOST_CELLS] if isinstance(cell, dict)]
    found = []
    for cell in cells:
        data = cell.get("metadata") or {}
        data = data.get("nbgrader") if isinstance(data, dict) else None
        if isinstance(data, dict) and isinstance(data.get("grade_id"), str):
            found.append(data["grade_id"])
    if found:
        return found
    for cell in cells:
        source = cell.get("source", "")
        source = "".join(map(str, source)) if isinstance(source, list) else str(source)
        found += CHECKED.findall(source[:20_000])
    return found


def lab_by_name(name: str, known: dict[str, set[str]]) -> str:
    """Return the lab whose name stands in a file's name, or ""."""
    plain = re.sub(r"[^a-z0-9]+", "", name.casefold())
    found = [lab for lab in known if re.sub(r"[^a-z0-9]+", "", lab.casefold()) in plain]
    return max(found, key=len, default="")


def decoded(content: bytes) -> tuple[str, str]:
    """Return the text of a file, and its encoding where that is not the one of notebooks."""
    for mark, encoding in UTF_16.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding.upper()
    return content.decode("utf-8-sig", "replace"), ""
