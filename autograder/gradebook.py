"""What nbgrader's gradebook holds. Only this module and ``gradebook_batch`` open it, and only the latter writes."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nbgrader import api
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import Connection, Engine, case, create_engine, func, select
from sqlalchemy.pool import NullPool
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.nbgrader_patches import Cell, LabCells

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
GRADE_CELL, TASK_CELL = api.GradeCell.__table__, api.TaskCell.__table__
SCORE = case(
    (GRADE.c.manual_score.isnot(None), GRADE.c.manual_score + func.coalesce(GRADE.c.extra_credit, 0.0)),
    (GRADE.c.auto_score.isnot(None), GRADE.c.auto_score + func.coalesce(GRADE.c.extra_credit, 0.0)),
    else_=0.0,
)


NOTEBOOKS = (
    SUBMISSION.join(ASSIGNMENT)
    .join(SUBMITTED, SUBMITTED.c.assignment_id == SUBMISSION.c.id)
    .join(NOTEBOOK, NOTEBOOK.c.id == SUBMITTED.c.notebook_id)
)
GRADES = select(
    SUBMISSION.c.student_id,
    SUBMITTED.c.id.label("submitted"),
    SUBMITTED.c.late_submission_penalty,
    NOTEBOOK.c.name.label("notebook"),
    CELL.c.name,
    SCORE.label("score"),
    func.coalesce(GRADE_CELL.c.max_score, TASK_CELL.c.max_score, 0.0).label("max_score"),
).select_from(
    NOTEBOOKS.outerjoin(GRADE, GRADE.c.notebook_id == SUBMITTED.c.id)
    .outerjoin(CELL, CELL.c.id == GRADE.c.cell_id)
    .outerjoin(GRADE_CELL, GRADE_CELL.c.id == CELL.c.id)
    .outerjoin(TASK_CELL, TASK_CELL.c.id == CELL.c.id)
)
COMMENTS = select(
    SUBMISSION.c.student_id,
    CELL.c.name,
    func.coalesce(COMMENT.c.manual_comment, COMMENT.c.auto_comment).label("comment"),
).select_from(
    NOTEBOOKS.join(COMMENT, COMMENT.c.notebook_id == SUBMITTED.c.id).join(CELL, CELL.c.id == COMMENT.c.cell_id)
)


@dataclass(frozen=True)
class Grades:
    """The points of one submission: in all, and by grade id; penalties and points given by hand are counted in."""

    score: float
    max_score: float
    by_exercise: dict[str, float]


@dataclass
class Standing:
    """What the gradebook says of one student's notebook, as feedback tells it.

    Args:
        scores, max_scores: by grade id; points given by hand are counted in.
        comments: by grade id; a person's, or else an automatic one.
        late_penalty: what a late submission loses.
    """

    scores: dict[str, float] = field(default_factory=dict)
    max_scores: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)
    late_penalty: float = 0.0

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


@contextmanager
def _reading(config: Config) -> Iterator[Connection]:
    course = CourseDirectory(config=config)
    with api.Gradebook(course.db_url, course.course_id):  # makes the tables where there are none
        pass
    with engine(config).connect() as connection:
        yield connection


def lab_cells(config: Config, lab: str) -> LabCells:
    """Return what the gradebook knows about a lab's notebook.

    Raises:
        CourseError: nothing.
    """
    course = CourseDirectory(config=config)
    with api.Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            notebook = gradebook.find_notebook(lab, lab)
        except api.MissingEntry:
            raise CourseError(f"{lab} is not in the gradebook. Run `autograder build` for this classroom.") from None
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


def standing(config: Config, lab: str, student: str) -> Standing:
    """Return how one student's notebook stands.

    Raises:
        CourseError: it was never graded.
    """
    with _reading(config) as connection:
        found = standings(connection, lab, [student])
    if student not in found:
        raise CourseError(f"{student}/{lab} has no grades yet.")
    return found[student]


def standings(connection: Connection, lab: str, students: Sequence[str]) -> dict[str, Standing]:
    """Return how some students' notebooks of a lab stand, by student."""
    found: dict[str, Standing] = {}
    for row in _grades(connection, lab, students):
        if row.notebook == lab:
            standing = found.setdefault(row.student_id, Standing(late_penalty=row.late_submission_penalty or 0.0))
            if row.name is not None:
                standing.scores[row.name], standing.max_scores[row.name] = row.score, row.max_score
    of_lab = (ASSIGNMENT.c.name == lab, NOTEBOOK.c.name == lab, SUBMISSION.c.student_id.in_(students))
    statement = COMMENTS.where(*of_lab)
    for row in connection.execute(statement):
        found[row.student_id].comments[row.name] = row.comment
    return found


def _grades(connection: Connection, lab: str, students: Sequence[str] | None = None) -> Iterator[Any]:
    """Return the grades of a lab's notebooks, a row each; one of nulls for a notebook without any."""
    statement = GRADES.where(ASSIGNMENT.c.name == lab)
    if students is not None:
        statement = statement.where(SUBMISSION.c.student_id.in_(students))
    return iter(connection.execute(statement))


def grades_of_class(config: Config, lab: str) -> dict[str, Grades]:
    """Return the grades of everybody who has any in a lab, by student."""
    by_exercise: dict[str, dict[str, float]] = {}
    most: dict[str, float] = {}
    penalties: dict[str, dict[str, float]] = {}
    with _reading(config) as connection:
        for row in _grades(connection, lab):
            penalties.setdefault(row.student_id, {})[row.submitted] = row.late_submission_penalty or 0.0
            scores = by_exercise.setdefault(row.student_id, {})
            if row.name is not None:
                scores[row.name] = row.score
                most[row.student_id] = most.get(row.student_id, 0.0) + row.max_score
    return {
        student: Grades(
            max(0.0, sum(scores.values()) - sum(penalties[student].values())), most.get(student, 0.0), scores
        )
        for student, scores in by_exercise.items()
    }


def labs_with_submissions(config: Config) -> list[str]:
    """Return the names of the labs in which somebody has a grade."""
    with _reading(config) as connection:
        statement = select(ASSIGNMENT.c.name).where(ASSIGNMENT.c.id.in_(select(SUBMISSION.c.assignment_id)))
        return list(connection.execute(statement.order_by(ASSIGNMENT.c.name)).scalars())
