"""Grades as each learning platform takes them: a line a student, a column a lab, blank where there is no score.

Where each form is documented stands in docs/platforms.md.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.files import writing_atomically
from autograder.gradebook import due_date
from autograder.grading.feedback import lab_title
from autograder.grading.lateness import Lateness
from autograder.grading.report import csv_cell
from autograder.grading.results import points_of, rows_of
from autograder.roster import Person, Roster


@dataclass(frozen=True)
class Column:
    """One lab.

    Args:
        header: what the platform calls it.
        points: that can be earned.
        scores: by student; who has none is not in it.
        open: students whose hand-in has no score.
    """

    lab: str
    header: str
    points: float
    scores: dict[str, float]
    open: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grades:
    """What is exported."""

    people: list[Person]
    columns: list[Column]

    def scores(self, person: Person) -> list[float | str]:
        """Return a student's score in each lab, "" where there is none."""
        return [column.scores.get(person.id, "") for column in self.columns]


def read_grades(
    classroom: Classroom,
    config: Config,
    roster: Roster,
    labs: Iterable[str],
    students: Iterable[str],
    headers: dict[str, str],
) -> Grades:
    """Return the grades of a class: everybody in the roster, in its order, then who is not in it.

    Args:
        labs, students: only these; empty: all labs in which anybody handed in, and everybody.
        headers: what the platform calls a lab, where that is not its title.
    """
    columns, found = [], set(roster.people)
    for lab in labs or classroom.graded_labs():
        points = points_of(config, lab)
        rows = list(rows_of(classroom, config, lab, points))
        if rows:
            found.update(row.student for row in rows)
            scores = {row.student: row.score for row in rows if row.scored and not row.absent}
            absent = found.difference(row.student for row in rows if not row.absent)
            scores.update(dict.fromkeys(_with_zero(config, lab, roster, absent), 0.0))
            waiting = tuple(row.student for row in rows if row.open)
            columns.append(Column(lab, headers.get(lab) or lab_title(lab), sum(points.values()), scores, waiting))
    people = [*roster, *(Person(student) for student in sorted(found.difference(roster.people)))]
    wanted = set(students)
    return Grades([person for person in people if not wanted or person.id in wanted], columns)


def _with_zero(config: Config, lab: str, roster: Roster, absent: Iterable[str]) -> list[str]:
    """Return those of whom nothing came and who have 0 points for that: by the instructor's word, or too late."""
    if Lateness(config=config).missing_is_zero:
        return list(absent)
    due, now = due_date(config, lab), datetime.now(UTC).replace(tzinfo=None)
    people = [roster.people.get(student) or Person(student) for student in absent]
    return [person.id for person in people if due and due + person.extra_time(lab) < now]


Line = list[str | float]


def canvas(grades: Grades) -> list[Line]:
    """Return the lines of a table for Canvas, which finds students by the number in `ID`, else by their login."""
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    return [
        [*header, *(column.header for column in grades.columns)],
        ["Points Possible", "", "", "", "", *(column.points for column in grades.columns)],
        *([p.name or p.id, p.lms_id, "", p.id, p.section, *grades.scores(p)] for p in grades.people),
    ]


def moodle(grades: Grades) -> list[Line]:
    """Return the lines of a table for Moodle, where the instructor says which column finds students."""
    return [
        ["Email address", "ID number", "Username", *(column.header for column in grades.columns)],
        *([person.email, person.lms_id, person.id, *grades.scores(person)] for person in grades.people),
    ]


def blackboard(grades: Grades) -> list[Line]:
    """Return the lines of a table for Blackboard, which finds students by the user name.

    It makes a column of its own of whatever else there is, such as names.
    """
    return [
        ["Username", *(column.header for column in grades.columns)],
        *([person.id, *grades.scores(person)] for person in grades.people),
    ]


def plain(grades: Grades) -> list[Line]:
    """Return the lines of a table for people and spreadsheets."""
    header = ["id", "name", "email", "section", "group", *(column.lab for column in grades.columns)]
    return [
        [*header],
        *([p.id, p.name, p.email, p.section, p.group, *grades.scores(p)] for p in grades.people),
    ]


TABLES: dict[str, Callable[[Grades], list[Line]]] = {
    "canvas": canvas,
    "moodle": moodle,
    "blackboard": blackboard,
    "csv": plain,
}
# What a platform finds a student by, and the column of the roster that has it.
NEEDED = {"canvas": "lms_id", "moodle": "email"}


def without_key(platform: str, grades: Grades) -> list[str]:
    """Return the students of whom the roster does not say what a platform finds them by."""
    needed = NEEDED.get(platform)
    return [person.id for person in grades.people if needed and not getattr(person, needed)]


def write_table(path: Path, lines: list[Line]) -> None:
    """Write a table, every cell in quotation marks; what a spreadsheet would run is made text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing_atomically(path) as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        for line in lines:
            writer.writerow([csv_cell(cell) for cell in line])
