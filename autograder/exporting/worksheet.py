"""Moodle's grading worksheet, filled in: so grades stand in the assignment, where they can be changed."""

import csv
import io
from typing import NamedTuple

from autograder.collecting.matching import whose
from autograder.collecting.platforms import Clue
from autograder.errors import CourseError
from autograder.exporting.tables import Column
from autograder.grading.report import unturned
from autograder.roster import Roster

# What Moodle's importer looks for, in English.
NEEDED = ("Identifier", "Grade", "Last modified (grade)")


class Filled(NamedTuple):
    """A worksheet with the grades of a lab.

    Args:
        text: all of it. students: whose grades stand in it. unknown: lines that are nobody's, by their identifier.
        locked: students whose grade can no longer be changed there, as the worksheet says.
    """

    text: str
    students: list[str]
    unknown: list[str]
    locked: list[str]


def filled(content: bytes, column: Column, roster: Roster) -> Filled:
    """Return a worksheet with the grades of a lab, and all else as it was.

    A student without a score keeps what stands there.

    Raises:
        CourseError: it is no worksheet, or for another number of points.
    """
    text = content.decode("utf-8-sig", "replace")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = rows[0] if rows else []
    if not set(NEEDED) <= set(header):
        raise CourseError(
            f"the worksheet has no columns {', '.join(NEEDED)}. Download it with Moodle in English: Download grading "
            "worksheet, in the assignment."
        )
    students: list[str] = []
    unknown: list[str] = []
    locked: list[str] = []
    for row in rows[1:]:
        row += [""] * (len(header) - len(row))
        about = {name.casefold(): cell for name, cell in zip(header, row, strict=False)}
        _require_points(about.get("maximum grade", ""), column)
        keys = tuple(filter(None, (about.get(name, "") for name in ("email address", "id number", "username"))))
        found, _ = whose(Clue(keys=keys, texts=(about.get("full name", ""),)), roster)
        if len(found) != 1:
            unknown.append(about["identifier"])
        elif found[0] in column.scores:
            row[header.index("Grade")] = f"{column.scores[found[0]]:.10g}"
            students += found
            locked += found if about.get("grade can be changed", "").strip().casefold() == "no" else []
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows([unturned(cell) for cell in row] for row in rows)
    mark = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
    return Filled(mark + file.getvalue(), students, unknown, locked)


def _require_points(most: str, column: Column) -> None:
    try:
        points = float(most.replace(",", "."))
    except ValueError:
        return  # a scale, or no such column
    if abs(points - column.points) > 1e-6:
        raise CourseError(
            f"the assignment has {points:g} points in Moodle, and {column.lab} has {column.points:g}. Set the "
            "assignment's maximum grade to that, and download the worksheet again."
        )
