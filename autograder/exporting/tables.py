"""Grades as each learning platform takes them: a line a student, a column a lab, blank where there is no score.

Where each form is documented stands in docs/platforms.md.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.files import writing_atomically
from autograder.grading.feedback import lab_title
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
        excused: students who could not earn all of the points, and have the same share of all.
        outdated: students whose score is of the lab before it was changed, so that it is in no table.
        gone: students who were graded and have no folder any more, with who has the same work now, or "".
    """

    lab: str
    header: str
    points: float
    scores: dict[str, float]
    open: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()
    gone: dict[str, str] = field(default_factory=dict)


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
        labs, students: only these; empty: all labs in which anybody is graded, and everybody.
        headers: what the platform calls a lab, where that is not its title.
    """
    columns, found = [], set(roster.people)
    for lab in labs or classroom.graded_labs():
        points = points_of(config, lab)
        rows = list(rows_of(classroom, config, lab, points))
        if rows:
            found.update(row.student for row in rows)
            scores = {row.student: row.score_of(sum(points.values())) for row in rows if row.scored}
            waiting = tuple(row.student for row in rows if row.open and not row.outdated and not row.moved_to)
            excused = tuple(row.student for row in rows if any(each.excused for each in row.results.values()))
            header = headers.get(lab) or lab_title(lab)
            outdated = tuple(row.student for row in rows if row.outdated)
            gone = {row.student: row.moved_to for row in rows if row.gone}
            columns.append(Column(lab, header, sum(points.values()), scores, waiting, excused, outdated, gone))
    people = [*roster, *(Person(student) for student in sorted(found.difference(roster.people)))]
    wanted = set(students)
    return Grades([person for person in people if not wanted or person.id in wanted], columns)


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
NEEDED = {"canvas": "lms_id", "moodle": "email", "blackboard": "id"}


def without_key(platform: str, grades: Grades) -> list[str]:
    """Return the students of whom the roster does not say what a platform finds them by."""
    needed = NEEDED.get(platform)
    return [person.id for person in grades.people if needed and not getattr(person, needed)]


def changed_keys(platform: str, grades: Grades) -> list[str]:
    """Return the students whom a platform may not find, since their key begins as a formula does and is made text."""
    keys = {person.id: getattr(person, NEEDED[platform]) for person in grades.people} if platform in NEEDED else {}
    return [student for student, key in keys.items() if csv_cell(key) != key]


def write_table(path: Path, lines: list[Line]) -> None:
    """Write a table, every cell in quotation marks; what a spreadsheet would run is made text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing_atomically(path) as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        for line in lines:
            writer.writerow([csv_cell(cell) for cell in line])
