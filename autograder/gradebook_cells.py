"""The cells of a lab in nbgrader's gradebook, changed after students handed in, which nbgrader itself refuses.

nbgrader allows no cell to come or go once a notebook has submissions: their grades and comments belong to cells. Here
cells come and go with what belongs to them, in one transaction; grades and comments of cells that stay are untouched.
Afterwards nbgrader's own release finds the cells that it expects, and writes their text and points.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbgrader import api
from nbgrader.utils import is_grade, is_locked, is_solution, is_task
from sqlalchemy import Connection, Table, delete, func, insert, or_, select, update
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.gradebook import ASSIGNMENT, CELL, COMMENT, GRADE, NOTEBOOK, SUBMISSION, SUBMITTED, reading
from autograder.gradebook_batch import NotRecorded, in_one_transaction

TABLES: dict[str, Table] = {
    "GradeCell": api.GradeCell.__table__,
    "SolutionCell": api.SolutionCell.__table__,
    "TaskCell": api.TaskCell.__table__,
}
SOURCE = api.SourceCell.__table__
KINDS: dict[str, Callable[[NotebookNode], bool]] = {
    "GradeCell": is_grade,
    "SolutionCell": is_solution,
    "TaskCell": is_task,
    "source": lambda cell: is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell),
}
Place = tuple[str, str, str, str]  # student, lab, cell, kind of cell


@dataclass
class CellChanges:
    """How the cells of a lab differ from those that the gradebook knows.

    Args:
        students: how many have grades in the lab.
        added, removed: by grade id, the points. repointed: the points before and after.
        by_hand: by grade id of what is removed, how many points and comments were given by hand.
        cells: whether nbgrader would refuse.
    """

    students: int = 0
    added: dict[str, float] = field(default_factory=dict)
    removed: dict[str, float] = field(default_factory=dict)
    repointed: dict[str, tuple[float, float]] = field(default_factory=dict)
    by_hand: dict[str, int] = field(default_factory=dict)
    cells: bool = False

    @property
    def any(self) -> bool:
        """Whether anything differs, as also where an older gradebook was put back."""
        return bool(self.added or self.removed or self.repointed or self.cells)


def cells_of(notebook: NotebookNode) -> dict[tuple[str, str], NotebookNode]:
    """Return the cells that nbgrader keeps of a source notebook, by kind and grade id."""
    return {
        (kind, cell.metadata.nbgrader.grade_id): cell
        for kind, belongs in KINDS.items()
        for cell in notebook.cells
        if belongs(cell)
    }


def changes(config: Config, lab: str, notebook: NotebookNode) -> CellChanges:
    """Return how a source notebook differs from what the gradebook knows of a lab; nothing where it knows none."""
    with reading(config) as connection:
        known = _known(connection, lab)
        students = select(func.count(func.distinct(SUBMISSION.c.student_id))).join(ASSIGNMENT)
        found = CellChanges(connection.execute(students.where(ASSIGNMENT.c.name == lab)).scalar() or 0)
        if not known:
            return found
        wanted = cells_of(notebook)
        found.cells = found.students > 0 and set(known) != set(wanted)
        points = {key: row.max_score for key, row in known.items() if key[0] in ("GradeCell", "TaskCell")}
        new = {key: float(cell.metadata.nbgrader.points) for key, cell in wanted.items() if key[0] in points_kinds()}
        found.added = {key[1]: worth for key, worth in new.items() if key not in points}
        found.removed = {key[1]: worth for key, worth in points.items() if key not in new}
        found.repointed = {
            key[1]: (points[key], worth) for key, worth in new.items() if key in points and points[key] != worth
        }
        gone = {row.id: key[1] for key, row in known.items() if key not in wanted and key[0] != "source"}
        found.by_hand = dict(Counter(gone[cell] for cell in _by_hand(connection, gone)))
        return found


def points_kinds() -> tuple[str, str]:
    """Return the kinds of cells that have points."""
    return ("GradeCell", "TaskCell")


def change_cells(config: Config, lab: str, notebook: NotebookNode) -> None:
    """Let cells of a lab come and go, all or none, with the grades and comments that belong to those that go.

    Raises:
        CourseError: the gradebook could not be written.
    """

    def write(connection: Connection) -> None:
        known, wanted = _known(connection, lab), cells_of(notebook)
        own = (ASSIGNMENT.c.name == lab, NOTEBOOK.c.name == lab)
        book = connection.execute(select(NOTEBOOK.c.id).join(ASSIGNMENT).where(*own)).scalar_one()
        _remove(connection, [(key[0], row.id) for key, row in known.items() if key not in wanted])
        for (kind, name), cell in wanted.items():
            if (kind, name) not in known:
                _add(connection, book, kind, name, cell)

    try:
        in_one_transaction(config, write)
    except NotRecorded as problem:
        raise CourseError(f"{problem}. Nothing was changed: run the command again.") from problem


def _known(connection: Connection, lab: str) -> dict[tuple[str, str], Any]:
    """Return the rows of a lab's cells by kind and grade id; those with points have a ``max_score``."""
    grade, task = TABLES["GradeCell"], TABLES["TaskCell"]
    worth = func.coalesce(grade.c.max_score, task.c.max_score).label("max_score")
    own = (ASSIGNMENT.c.name == lab, NOTEBOOK.c.name == lab)
    joined = CELL.join(NOTEBOOK, CELL.c.notebook_id == NOTEBOOK.c.id).join(ASSIGNMENT)
    joined = joined.outerjoin(grade, grade.c.id == CELL.c.id).outerjoin(task, task.c.id == CELL.c.id)
    cells = select(CELL.c.id, CELL.c.name, CELL.c.type, worth).select_from(joined).where(*own)
    found = {(row.type, row.name): row for row in connection.execute(cells)}
    sources = select(SOURCE.c.id, SOURCE.c.name).select_from(
        SOURCE.join(NOTEBOOK, SOURCE.c.notebook_id == NOTEBOOK.c.id).join(ASSIGNMENT)
    )
    return {**found, **{("source", row.name): row for row in connection.execute(sources.where(*own))}}


def _by_hand(connection: Connection, cells: Iterable[str]) -> list[str]:
    """Return the ids of cells, once for each grade and comment on them that a person gave."""
    here = list(cells)
    given = or_(GRADE.c.manual_score.isnot(None), GRADE.c.extra_credit.isnot(None))
    grades = connection.execute(select(GRADE.c.cell_id).where(GRADE.c.cell_id.in_(here), given)).scalars()
    said = select(COMMENT.c.cell_id).where(COMMENT.c.cell_id.in_(here), COMMENT.c.manual_comment.isnot(None))
    return [*grades, *connection.execute(said).scalars()]


def _remove(connection: Connection, cells: list[tuple[str, str]]) -> None:
    for kind, key in cells:
        if kind == "source":
            connection.execute(delete(SOURCE).where(SOURCE.c.id == key))
            continue
        for table in (GRADE, COMMENT):
            connection.execute(delete(table).where(table.c.cell_id == key))
        connection.execute(delete(TABLES[kind]).where(TABLES[kind].c.id == key))
        connection.execute(delete(CELL).where(CELL.c.id == key))


def _add(connection: Connection, book: str, kind: str, name: str, cell: NotebookNode) -> None:
    """Enter a cell; grades and comments are made when submissions are graded."""
    row: dict[str, Any] = {"id": secrets.token_hex(16)}
    if kind == "source":
        about = {"cell_type": cell.cell_type, "locked": is_locked(cell), "source": cell.source, "notebook_id": book}
        connection.execute(insert(SOURCE).values(**row, name=name, **about))
        return
    connection.execute(insert(CELL).values(**row, name=name, notebook_id=book, type=kind))
    if kind in points_kinds():
        row |= {"max_score": float(cell.metadata.nbgrader.points), "cell_type": cell.cell_type}
    connection.execute(insert(TABLES[kind]).values(**row))


def by_hand(config: Config) -> dict[Place, dict[str, Any]]:
    """Return what people gave, or did not: points, extra credit and comments, by student, lab and cell."""
    with reading(config) as connection:
        return {place: values for place, values, _, _ in _entries(connection)}


def enter_by_hand(config: Config, given: dict[Place, dict[str, Any]]) -> list[Place]:
    """Enter what people gave, where the gradebook has a place for it; return the places that it has not."""

    def write(connection: Connection) -> list[Place]:
        left = dict(given)
        for place, values, table, key in _entries(connection):
            wanted = left.pop(place, values)
            if wanted != values:
                connection.execute(update(table).where(table.c.id == key).values(**wanted))
        return [place for place, values in left.items() if any(value is not None for value in values.values())]

    try:
        return in_one_transaction(config, write)
    except NotRecorded as problem:
        raise CourseError(f"{problem}. Run the command again.") from problem


def _entries(connection: Connection) -> list[tuple[Place, dict[str, Any], Table, str]]:
    """Return each grade and comment: its place, what a person gave, its table and id."""
    found: list[tuple[Place, dict[str, Any], Table, str]] = []
    for table, names in ((GRADE, ("manual_score", "extra_credit")), (COMMENT, ("manual_comment",))):
        joined = (
            table.join(SUBMITTED, table.c.notebook_id == SUBMITTED.c.id)
            .join(SUBMISSION, SUBMITTED.c.assignment_id == SUBMISSION.c.id)
            .join(ASSIGNMENT, SUBMISSION.c.assignment_id == ASSIGNMENT.c.id)
            .join(CELL, table.c.cell_id == CELL.c.id)
        )
        where = (SUBMISSION.c.student_id, ASSIGNMENT.c.name.label("lab"), CELL.c.name, CELL.c.type)
        columns = [table.c[name] for name in names]
        for row in connection.execute(select(table.c.id, *where, *columns).select_from(joined)):
            place = (row.student_id, row.lab, row.name, row.type)
            found.append((place, {name: getattr(row, name) for name in names}, table, row.id))
    return found
