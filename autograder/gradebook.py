"""What nbgrader's gradebook holds. Only the modules ``gradebook…`` and ``undo`` open it, and this one only reads."""

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Connection, Engine, Table, case, create_engine, func, inspect, select
from sqlalchemy.pool import NullPool
from traitlets.config import Config

from autograder import database
from autograder.errors import CourseError
from autograder.nbgrader_patches import Cell, LabCells
from autograder.words import command

ASSIGNMENT, NOTEBOOK, CELL, STUDENT, SUBMISSION, SUBMITTED, GRADE, COMMENT = (
    table.__table__
    for table in (
        api.Assignment,
        api.Notebook,
        api.BaseCell,
        api.Student,
        api.SubmittedAssignment,
        api.SubmittedNotebook,
        api.Grade,
        api.Comment,
    )
)
AT_ONCE = 500  # students whose rows are asked for in one statement
GRADE_CELL, TASK_CELL = api.GradeCell.__table__, api.TaskCell.__table__
SCORE = case(
    (GRADE.c.manual_score.isnot(None), GRADE.c.manual_score + func.coalesce(GRADE.c.extra_credit, 0.0)),
    (GRADE.c.auto_score.isnot(None), GRADE.c.auto_score + func.coalesce(GRADE.c.extra_credit, 0.0)),
    else_=0.0,
)

CELLS = select(
    ASSIGNMENT.c.id,
    ASSIGNMENT.c.duedate,
    NOTEBOOK.c.id.label("notebook"),
    NOTEBOOK.c.name.label("notebook_name"),
    CELL.c.id.label("cell"),
    CELL.c.name,
    CELL.c.type,
    func.coalesce(GRADE_CELL.c.max_score, TASK_CELL.c.max_score, 0.0).label("max_score"),
).select_from(
    ASSIGNMENT.join(NOTEBOOK)
    .outerjoin(CELL)
    .outerjoin(GRADE_CELL, GRADE_CELL.c.id == CELL.c.id)
    .outerjoin(TASK_CELL, TASK_CELL.c.id == CELL.c.id)
)


@dataclass(frozen=True)
class Grades:
    """The points of one submission: in all, and by grade id; penalties and points given by hand are counted in.

    Args:
        handed_in: when (UTC, without a time zone), or None where nothing says so.
    """

    score: float
    max_score: float
    by_exercise: dict[str, float]
    late_penalty: float = 0.0
    handed_in: datetime | None = None


@dataclass
class Standing:
    """What the gradebook says of one student's notebook, as feedback tells it.

    Args:
        scores, max_scores: by grade id; points given by hand are counted in.
        automatic: by grade id, the points that grading gave; None where a person must decide.
        comments: by grade id; a person's, or else an automatic one.
        late_penalty: what a late submission loses.
        due: until when it could be handed in (UTC, without a time zone), extension included; None where nothing says.
    """

    scores: dict[str, float] = field(default_factory=dict)
    automatic: dict[str, float | None] = field(default_factory=dict)
    max_scores: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)
    late_penalty: float = 0.0
    due: datetime | None = None

    @property
    def points(self) -> float:
        """All points, before a penalty."""
        return sum(self.scores.values())


def engine(config: Config) -> Engine:
    """Return the engine of a classroom's gradebook, one in a process."""
    return _engine(CourseDirectory(config=config).db_url)


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):  # opened in no time, and nothing is locked while nobody uses it
        return create_engine(url, poolclass=NullPool)
    made = create_engine(url, pool_pre_ping=True)
    os.register_at_fork(after_in_child=lambda: made.dispose(close=False))  # the connections are the parent's
    return made


@lru_cache(maxsize=8)  # no exception is kept
def _require_current(url: str) -> None:
    """Refuse the tables of an older nbgrader.

    Raises:
        CourseError: it names the command that mends them.
    """
    made = inspect(_engine(url))
    missing = [
        f"{table.name}.{column.name}"
        for table in api.Base.metadata.sorted_tables
        if made.has_table(table.name)
        for column in table.columns
        if column.name not in {each["name"] for each in made.get_columns(table.name)}
    ]
    if missing:
        raise CourseError(database.older(url, missing))


@contextmanager
def reading(config: Config) -> Iterator[Connection]:
    """Give a block a connection to a gradebook whose tables are those of this nbgrader."""
    course = CourseDirectory(config=config)
    _require_current(course.db_url)
    with api.Gradebook(course.db_url, course.course_id):  # makes the tables where there are none
        pass
    with engine(config).connect() as connection:
        yield connection


def unknown_lab(config: Config, lab: str) -> CourseError:
    """Return what is to be raised where the gradebook does not know a lab."""
    build = command(Path(CourseDirectory(config=config).root), "build")
    return CourseError(f"{lab} is not in the gradebook. Run `{build}`.")


def lab_cells(config: Config, lab: str) -> LabCells:
    """Return what the gradebook knows about a lab's notebook.

    Raises:
        CourseError: nothing, or an older nbgrader made the gradebook.
    """
    course = CourseDirectory(config=config)
    _require_current(course.db_url)
    with api.Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            notebook = gradebook.find_notebook(lab, lab)
        except api.MissingEntry:
            raise unknown_lab(config, lab) from None
        return LabCells(
            notebook.kernelspec,
            [
                Cell(cell.name, cell.cell_type, cell.locked, cell.source, cell.checksum)
                for cell in notebook.source_cells
            ],
            [Cell(cell.name, cell.cell_type, max_score=cell.max_score) for cell in notebook.grade_cells],
            [Cell(cell.name) for cell in notebook.solution_cells],
            [Cell(cell.name, cell.cell_type, max_score=cell.max_score) for cell in notebook.task_cells],
            notebook.assignment.duedate is not None,
        )


def due_and_extensions(config: Config, lab: str) -> tuple[datetime | None, dict[str, timedelta]]:
    """Return until when a lab may be handed in, or None where nothing says so, and the extensions, by student."""
    with reading(config) as connection:
        rows = LabRows(connection, lab)
        extended = (SUBMISSION.c.assignment_id == rows.id, SUBMISSION.c.extension.isnot(None))
        given = connection.execute(select(SUBMISSION.c.student_id, SUBMISSION.c.extension).where(*extended))
        return rows.duedate, {row.student_id: row.extension for row in given}


def deadline(due: datetime | None, extension: timedelta | None) -> datetime | None:
    """Return until when a student may hand in (UTC, without a time zone), or None where nothing says so."""
    return due + (extension or timedelta()) if due else None


class LabRows:
    """The rows that the gradebook holds about students' work on one lab.

    nbgrader's tables have no index by submission: `submitted_notebook` has one by notebook and submission, `grade` and
    `comment` by cell and submitted notebook. Asked for in another way, each transaction would read whole tables.

    Args:
        id, duedate: of the lab; None where the gradebook does not know it.
        notebooks: their names, by id. graded, commented: cells with points, and cells with comments, by id.
    """

    def __init__(self, connection: Connection, lab: str):
        self.connection, self.lab = connection, lab
        rows = connection.execute(CELLS.where(ASSIGNMENT.c.name == lab)).all()
        self.id: str | None = rows[0].id if rows else None
        self.duedate: datetime | None = rows[0].duedate if rows else None
        self.notebooks = {row.notebook: row.notebook_name for row in rows}
        self.graded = {row.cell: row for row in rows if row.type in ("GradeCell", "TaskCell")}
        self.commented = {row.cell: row for row in rows if row.type in ("SolutionCell", "TaskCell")}

    def submitted(self, students: Collection[str]) -> dict[str, Any]:
        """Return the rows of submitted notebooks, by id."""
        of_student = (SUBMISSION.c.student_id, SUBMISSION.c.extension, SUBMISSION.c.timestamp)
        columns = (SUBMITTED.c.notebook_id, SUBMITTED.c.late_submission_penalty, *of_student)
        both = SUBMISSION.join(SUBMITTED, SUBMITTED.c.assignment_id == SUBMISSION.c.id)
        of_students = (SUBMISSION.c.assignment_id == self.id, SUBMISSION.c.student_id.in_(students))
        statement = select(SUBMITTED.c.id, *columns).select_from(both).where(*of_students)
        found = self.connection.execute(statement.where(SUBMITTED.c.notebook_id.in_(self.notebooks)))
        return {row.id: row for row in found}

    def grades(self, submitted: Collection[str]) -> list[Any]:
        """Return the rows of grades of submitted notebooks."""
        columns = (GRADE.c.auto_score, GRADE.c.manual_score, SCORE.label("score"))
        return self._of_cells(GRADE, self.graded, submitted, *columns)

    def comments(self, submitted: Collection[str]) -> list[Any]:
        """Return the rows of comments on submitted notebooks."""
        comment = func.coalesce(COMMENT.c.manual_comment, COMMENT.c.auto_comment)
        return self._of_cells(COMMENT, self.commented, submitted, COMMENT.c.auto_comment, comment.label("comment"))

    def _of_cells(self, table: Table, cells: Collection[str], submitted: Collection[str], *columns: Any) -> list[Any]:
        statement = select(table.c.id, table.c.cell_id, table.c.notebook_id, *columns)
        these = (table.c.cell_id.in_(cells), table.c.notebook_id.in_(submitted))
        return list(self.connection.execute(statement.where(*these)))

    def standings(self, students: Collection[str], comments: bool = True) -> dict[str, Standing]:
        """Return how the notebook of the lab's own name stands, by student.

        Args:
            comments: whether they are wanted.
        """
        rows = self.submitted(students)
        own = {key: row.student_id for key, row in rows.items() if self.notebooks[row.notebook_id] == self.lab}
        found = {}
        for key, name in own.items():
            due = deadline(self.duedate, rows[key].extension)
            found[name] = Standing(late_penalty=rows[key].late_submission_penalty or 0.0, due=due)
        for row in self.grades(own):
            cell, standing = self.graded[row.cell_id], found[own[row.notebook_id]]
            standing.scores[cell.name], standing.max_scores[cell.name] = row.score, cell.max_score
            standing.automatic[cell.name] = row.auto_score
        for row in self.comments(own) if comments else ():
            found[own[row.notebook_id]].comments[self.commented[row.cell_id].name] = row.comment
        return found

    def points(self, students: Collection[str]) -> dict[str, Grades]:
        """Return the points in all notebooks of the lab, by student."""
        rows = self.submitted(students)
        scores: dict[str, dict[str, float]] = {row.student_id: {} for row in rows.values()}
        times = {row.student_id: row.timestamp for row in rows.values()}
        most, penalties = dict.fromkeys(scores, 0.0), dict.fromkeys(scores, 0.0)
        for row in rows.values():
            penalties[row.student_id] += row.late_submission_penalty or 0.0
        for row in self.grades(rows):
            cell, student = self.graded[row.cell_id], rows[row.notebook_id].student_id
            scores[student][cell.name] = row.score
            most[student] += cell.max_score
        return {
            student: Grades(max(0.0, sum(own.values()) - lost), most[student], own, lost, times[student])
            for (student, own), lost in zip(scores.items(), penalties.values())
        }


def standing(config: Config, lab: str, student: str) -> Standing:
    """Return how one student's notebook stands.

    Raises:
        CourseError: it was never graded.
    """
    with reading(config) as connection:
        found = LabRows(connection, lab).standings([student])
    if student not in found:
        raise CourseError(f"{student}/{lab} has no grades yet.")
    return found[student]


def graded_students(config: Config, lab: str) -> list[str]:
    """Return everybody who has any grade in a lab, in order."""
    with reading(config) as connection:
        of_lab = select(SUBMISSION.c.student_id).join(ASSIGNMENT).where(ASSIGNMENT.c.name == lab)
        return sorted(connection.execute(of_lab).scalars())


def grades_of(config: Config, lab: str, students: Collection[str]) -> dict[str, Grades]:
    """Return the grades of those students who have any in a lab.

    Args:
        students: at most some hundred.
    """
    with reading(config) as connection:
        return LabRows(connection, lab).points(students)


def standings_of(config: Config, lab: str, students: Sequence[str]) -> dict[str, Standing]:
    """Return how those students stand who have any grade in a lab."""
    found: dict[str, Standing] = {}
    with reading(config) as connection:
        rows = LabRows(connection, lab)
        for first in range(0, len(students), AT_ONCE):
            found |= rows.standings(students[first : first + AT_ONCE])
    return found


def labs_with_submissions(config: Config) -> list[str]:
    """Return the names of the labs in which somebody has a grade."""
    with reading(config) as connection:
        statement = select(ASSIGNMENT.c.name).where(ASSIGNMENT.c.id.in_(select(SUBMISSION.c.assignment_id)))
        return list(connection.execute(statement.order_by(ASSIGNMENT.c.name)).scalars())
