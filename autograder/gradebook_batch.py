"""What many submissions earned, written into nbgrader's gradebook by few statements and in one transaction.

The rows are those that nbgrader's own steps write for one submission after the other. A transaction that fails is tried
again as a whole, and finds or makes each row anew, so that nothing is recorded twice.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Boolean, Connection, Table, and_, bindparam, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from traitlets.config import Config

from autograder.errors import CourseError, GraderFailure
from autograder.gradebook import (
    ASSIGNMENT,
    COMMENT,
    GRADE,
    STUDENT,
    SUBMISSION,
    SUBMITTED,
    LabRows,
    Standing,
    deadline,
    engine,
    unknown_lab,
)

Result = TypeVar("Result")
PAUSES = (0.1, 0.3, 1.0, 3.0, 10.0)  # seconds before a transaction that failed is tried again
Penalty = Callable[[str, str, float, float], float | None]
Extensions = Mapping[tuple[str, str], timedelta]  # by student and lab
NO_EXTENSIONS: Extensions = {}


@dataclass(frozen=True)
class AutoGrades:
    """What grading gave one submission.

    Args:
        scores: points by grade id; None where a person must decide.
        comments: automatic comments by grade id.
        timestamp: when it was handed in (UTC, ISO 8601), where that is known.
        nothing: there was nothing to grade: every cell of the lab gets zero points, and all else stays as it is.
    """

    student: str
    lab: str
    scores: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)
    timestamp: str | None = None
    nothing: bool = False


@dataclass(frozen=True)
class Recorded:
    """How one submission stands in the gradebook, and how it stood before.

    Args:
        before: points by grade id, where there were any.
        late_before: what lateness had cost.
    """

    standing: Standing
    before: dict[str, float]
    late_before: float = 0.0


class NotRecorded(GraderFailure):
    """The gradebook could not be written, and holds what it held."""


def record(
    config: Config,
    batch: Sequence[AutoGrades],
    penalty: Penalty | None,
    extensions: Extensions = NO_EXTENSIONS,
    last: Callable[[list[Recorded]], None] = lambda recorded: None,
) -> list[Recorded]:
    """Write what submissions earned, all of them or none, and return how each stands; points given by hand stay.

    Args:
        batch: at most one of a student and lab.
        penalty: function (student, lab, points, seconds late) that says what a late submission loses; None: penalties
            stay as they are.
        extensions: that are to hold; without one here, a submission's stays as it is.
        last: is told how each will stand, once that is written and not yet kept: what it raises leaves the gradebook as
            it is. It may be told again, where a transaction fails.

    Raises:
        NotRecorded: nothing was written.
    """

    def write(connection: Connection) -> list[Recorded]:
        recorded = _write(config, connection, batch, penalty, extensions)
        last(recorded)
        return recorded

    return in_one_transaction(config, write)


def _write(
    config: Config,
    connection: Connection,
    batch: Sequence[AutoGrades],
    penalty: Penalty | None,
    extensions: Extensions,
) -> list[Recorded]:
    _name_students(connection, {grades.student for grades in batch})
    written: dict[tuple[str, str], Recorded] = {}
    for lab in dict.fromkeys(grades.lab for grades in batch):
        of_lab = _OfLab(config, connection, lab, [grades for grades in batch if grades.lab == lab], extensions)
        written |= {(student, lab): recorded for student, recorded in of_lab.write(penalty).items()}
    return [written[grades.student, grades.lab] for grades in batch]


def extend(config: Config, extensions: Extensions) -> None:
    """Enter extensions of work that is in the gradebook already.

    Raises:
        CourseError: nothing was written.
    """

    def write(connection: Connection) -> None:
        columns = (SUBMISSION.c.id, SUBMISSION.c.extension, SUBMISSION.c.student_id)
        for lab in {lab for _, lab in extensions}:
            students = [student for student, of_lab in extensions if of_lab == lab]
            here = (ASSIGNMENT.c.name == lab, SUBMISSION.c.student_id.in_(students))
            rows = connection.execute(select(*columns).join(ASSIGNMENT).where(*here)).all()
            wanted = [(row, extensions[row.student_id, lab]) for row in rows]
            changed = [
                {"key": row.id, "extension": time} for row, time in wanted if (row.extension or timedelta()) != time
            ]
            _update(connection, SUBMISSION, changed)

    if not extensions:
        return
    try:
        in_one_transaction(config, write)
    except NotRecorded as problem:
        raise CourseError(f"{problem}. Nothing was graded: run the command again.") from problem


def in_one_transaction(config: Config, write: Callable[[Connection], Result]) -> Result:
    """Return what a function returns that writes into the gradebook; all that it wrote, or nothing, is there.

    Raises:
        NotRecorded: nothing was written.
    """
    for pause in (*PAUSES, None):
        try:
            with engine(config).connect() as connection:
                if connection.dialect.name == "sqlite":  # lock at once; a lock that is upgraded later may be refused
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                result = write(connection)
                connection.commit()
                return result
        except DBAPIError as error:  # locked, full, connection lost, or a row that another process wrote first
            if pause is None:
                raise NotRecorded(f"the gradebook could not be written: {error.orig}") from error
            time.sleep(pause)
    raise AssertionError


def _name_students(connection: Connection, students: set[str]) -> None:
    """Enter students, by their ids where no name was given, so that the formgrader has one to show."""
    columns = (STUDENT.c.id, STUDENT.c.first_name, STUDENT.c.last_name)
    known = {row.id: row for row in connection.execute(select(*columns).where(STUDENT.c.id.in_(students)))}
    _insert(
        connection,
        STUDENT,
        [{"id": name, "last_name": name, "first_name": ""} for name in sorted(students - set(known))],
    )
    nameless = [row.id for row in known.values() if row.first_name is None and row.last_name is None]
    _update(connection, STUDENT, [{"key": name, "last_name": name, "first_name": ""} for name in nameless])


class _OfLab(LabRows):
    """The submissions of one lab in a batch, within a transaction."""

    def __init__(
        self, config: Config, connection: Connection, lab: str, batch: list[AutoGrades], extensions: Extensions
    ):
        super().__init__(connection, lab)
        self.extensions = extensions
        if self.id is None:
            raise unknown_lab(config, lab)
        self.batch = {grades.student: grades for grades in batch}

    def write(self, penalty: Penalty | None) -> dict[str, Recorded]:
        """Write all, and return how each student's submission stands."""
        submissions = self._submissions()
        there = self.submitted(self.batch)
        self.places = self._submitted_notebooks(there, {row["id"]: row["student_id"] for row in submissions})
        before = self._write_grades()
        self._write_comments()
        if penalty is not None:
            self._write_penalties(submissions, penalty)
        after = self.standings(self.batch)
        own = [row for row in there.values() if self.notebooks[row.notebook_id] == self.lab]
        late = {row.student_id: row.late_submission_penalty or 0.0 for row in own}
        return {name: Recorded(after[name], before.get(name, {}), late.get(name, 0.0)) for name in self.batch}

    def _submissions(self) -> list[dict[str, Any]]:
        columns = (SUBMISSION.c.id, SUBMISSION.c.student_id, SUBMISSION.c.timestamp, SUBMISSION.c.extension)
        here = (SUBMISSION.c.assignment_id == self.id, SUBMISSION.c.student_id.in_(self.batch))
        known = {row.student_id: dict(row._mapping) for row in self.connection.execute(select(*columns).where(*here))}
        new, changed = [], []
        for student, grades in self.batch.items():
            row = known.get(student, {"timestamp": None, "extension": None})
            now = {
                "timestamp": datetime.fromisoformat(grades.timestamp) if grades.timestamp else row["timestamp"],
                "extension": self.extensions.get((student, self.lab), row["extension"]),
            }
            if student not in known:
                new.append({"id": _new_id(), "assignment_id": self.id, "student_id": student, **now})
            elif now.items() - row.items():
                row |= now
                changed.append({"key": row["id"], **now})
        _insert(self.connection, SUBMISSION, new)
        _update(self.connection, SUBMISSION, changed)
        return [*known.values(), *new]

    def _submitted_notebooks(self, there: dict[str, Any], students: dict[str, str]) -> dict[tuple[str, str], str]:
        """Return the ids of submitted notebooks by student and notebook; make those that are not there.

        Args:
            students: by id of their submission.
        """
        found = {(row.student_id, row.notebook_id): row.id for row in there.values()}
        new = [
            {"id": _new_id(), "notebook_id": notebook, "assignment_id": submission, "flagged": False}
            for submission, student in students.items()
            for notebook in self.notebooks
            if (student, notebook) not in found
        ]
        _insert(self.connection, SUBMITTED, new)
        return found | {(students[row["assignment_id"]], row["notebook_id"]): row["id"] for row in new}

    def _write_grades(self) -> dict[str, dict[str, float]]:
        """Write points, and return those of the lab's own notebook that were there, by student and grade id."""
        before: dict[str, dict[str, float]] = {}
        new, changed = [], []
        for student, cell, notebook, row in self._places(self.graded, self.grades(self.places.values())):
            own = self.notebooks[cell.notebook] == self.lab
            if row and own and (row.auto_score is not None or row.manual_score is not None):
                before.setdefault(student, {})[cell.name] = row.score
            score_of = self._score_of(self.batch[student], cell)
            if row is None:
                new.append(
                    {
                        "id": _new_id(),
                        "cell_id": cell.cell,
                        "notebook_id": notebook,
                        "auto_score": score_of[0] if score_of else None,
                        "needs_manual_grade": score_of is None or score_of[0] is None,
                    }
                )
            elif score_of is not None:
                changed.append(
                    {"key": row.id, "auto_score": score_of[0], "open": score_of[0] is None, "kept": score_of[1]}
                )
        _insert(self.connection, GRADE, new)
        if changed:
            by_hand = and_(GRADE.c.manual_score.isnot(None), bindparam("kept", type_=Boolean))
            needs = or_(by_hand, bindparam("open", type_=Boolean))  # by the row as it is when it is written
            statement = update(GRADE).where(GRADE.c.id == bindparam("key")).values(needs_manual_grade=needs)
            self.connection.execute(statement, changed)
        return before

    def _score_of(self, grades: AutoGrades, cell: Any) -> tuple[float | None, bool] | None:
        """Return the points that a cell's grade is given, and whether points given by hand ask for a look again."""
        if grades.nothing:
            return 0.0, True
        if self.notebooks[cell.notebook] != self.lab:  # a notebook that was not handed in
            return 0.0, False
        return (grades.scores[cell.name], True) if cell.name in grades.scores else None

    def _write_comments(self) -> None:
        new, changed = [], []
        for student, cell, notebook, row in self._places(self.commented, self.comments(self.places.values())):
            comments = self.batch[student].comments if self.notebooks[cell.notebook] == self.lab else {}
            comment = comments.get(cell.name)
            if row is None:
                new.append({"id": _new_id(), "cell_id": cell.cell, "notebook_id": notebook, "auto_comment": comment})
            elif cell.name in comments and comment != row.auto_comment:
                changed.append({"key": row.id, "auto_comment": comment})
        _insert(self.connection, COMMENT, new)
        _update(self.connection, COMMENT, changed)

    def _places(self, cells: dict[str, Any], rows: list[Any]) -> Iterable[tuple[str, Any, str, Any]]:
        """Yield student, cell, submitted notebook, and the row that is there for them, or None."""
        known = {(row.cell_id, row.notebook_id): row for row in rows}
        for (student, notebook), submitted in self.places.items():
            for cell in cells.values():
                if cell.notebook == notebook:
                    yield student, cell, submitted, known.get((cell.cell, submitted))

    def _write_penalties(self, submissions: list[dict[str, Any]], penalty: Penalty) -> None:
        own = next((notebook for notebook, name in self.notebooks.items() if name == self.lab), None)
        now = self.standings(self.batch) if self.duedate else {}
        changed = []
        for row in submissions:
            student = row["student_id"]
            if self.batch[student].nothing or own is None:
                continue
            due = deadline(self.duedate, row["extension"])
            late = max(0.0, (row["timestamp"] - due).total_seconds()) if row["timestamp"] and due else 0.0
            loses = penalty(student, self.lab, now[student].points, late) if late else None
            changed.append({"key": self.places[student, own], "late_submission_penalty": loses})
        _update(self.connection, SUBMITTED, changed)


def _new_id() -> str:
    """Return an id for a new row; later ones come later in order, so that a large table grows at its end.

    nbgrader's are random: each row that is written then changes another page of the file.
    """
    return f"{time.time_ns():016x}{secrets.token_hex(8)}"


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _update(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Change rows by their ids, "key"; all have the same columns."""
    if rows:
        connection.execute(update(table).where(table.c.id == bindparam("key")), rows)
