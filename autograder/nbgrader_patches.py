"""Every private way of a library that grading depends on, in one place: what is replaced, and what is overridden.

nbgrader opens the gradebook in most steps of each submission, and checks its own schema at each cell. And it takes
names of students for patterns, and hides the error that stopped it.

``tests/autograder/test_nbgrader_patches.py`` names what breaks when a library changes one of these ways, and those of
nbclient and IPython that ``engines.kernel`` and ``sandbox.shell`` override.
"""

import json
import marshal
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple, Self

import jsonschema
from jsonschema.exceptions import best_match
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbformat.v4 import new_notebook
from nbgrader.api import MissingEntry
from nbgrader.apps import api as apps_api
from nbgrader.apps import autogradeapp, generatefeedbackapp
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.nbgraderformat import common
from nbgrader.preprocessors import (
    AssignLatePenalties,
    latesubmissions,
    overwritecells,
    overwritekernelspec,
    saveautogrades,
)


def install() -> None:
    """Let nbgrader keep the validator of its schema."""
    common.jsonschema = SimpleNamespace(validate=_validate)


HandedInAt = Callable[[Any, str, str], datetime | None]


def use(autograde: type[Autograde], feedback: type[GenerateFeedback], handed_in_at: HandedInAt | None) -> None:
    """Let nbgrader's commands and the formgrader grade and write feedback with other converters.

    Args:
        handed_in_at: function from an ``NbGraderAPI``, a lab and a student to the time that the lists show, and compare
            with the one that was recorded; None: nbgrader's own.
    """
    autogradeapp.Autograde = apps_api.Autograde = autograde
    generatefeedbackapp.GenerateFeedback = apps_api.GenerateFeedback = feedback
    if handed_in_at is not None:
        apps_api.NbGraderAPI.get_submitted_timestamp = handed_in_at


def _validate(instance: Any, schema: dict[str, Any]) -> None:
    """Do as ``jsonschema.validate``, but check each schema once, and what is the same in every notebook once."""
    error = _problem(json.dumps(instance), marshal.dumps(schema, 2))  # later versions are not the same each time
    if error is not None:
        raise error


@lru_cache(maxsize=1024)  # a cell's metadata are short: nbgrader's own, and none of them a student's
def _problem(instance: str, schema: bytes) -> jsonschema.ValidationError | None:
    return best_match(_validator(schema).iter_errors(json.loads(instance)))


@lru_cache(maxsize=8)
def _validator(kept: bytes) -> Any:
    schema = marshal.loads(kept)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@dataclass(frozen=True)
class Cell:
    """One cell of a lab as the gradebook knows it: as a source cell, or as one that is graded or answered."""

    name: str
    cell_type: str = ""
    locked: bool = False
    source: str = ""
    checksum: str = ""
    max_score: float = 0.0


@dataclass(frozen=True)
class LabCells:
    """What the gradebook knows about a lab's notebook, under the names of ``nbgrader.api.Notebook``.

    Args:
        has_due_date: whether a submission can be late.
    """

    kernelspec: str | None
    source_cells: list[Cell]
    grade_cells: list[Cell]
    solution_cells: list[Cell]
    task_cells: list[Cell]
    has_due_date: bool = False


class StandIn:
    """Takes the place of nbgrader's gradebook for the steps of one submission: knows its lab, notes what is written.

    Args:
        cells: what the gradebook knows about the lab.
    """

    def __init__(self, cells: LabCells):
        self.cells = cells
        self._source = {cell.name: cell for cell in cells.source_cells}
        self._graded = {cell.name: cell for cell in [*cells.task_cells, *cells.grade_cells]}
        self._commented = {cell.name for cell in [*cells.task_cells, *cells.solution_cells]}
        self._grades: dict[str, SimpleNamespace] = {}
        self._comments: dict[str, SimpleNamespace] = {}

    @property
    def scores(self) -> dict[str, float | None]:
        """The points that were written, by grade id; None where a person must decide."""
        return {name: grade.auto_score for name, grade in self._grades.items()}

    @property
    def comments(self) -> dict[str, str | None]:
        """The automatic comments that were written, by grade id."""
        return {name: comment.auto_comment for name, comment in self._comments.items()}

    @property
    def db(self) -> Self:
        return self

    def commit(self) -> None:
        """Do as a session that has nothing to write."""

    def __call__(self, *_: Any) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def find_notebook(self, *_: str) -> LabCells:
        return self.cells

    def find_source_cell(self, name: str, *_: str) -> Cell:
        return _found(self._source, name)

    def find_graded_cell(self, name: str, *_: str) -> Cell:
        return _found(self._graded, name)

    def find_grade(self, name: str, *_: str) -> SimpleNamespace:
        _found(self._graded, name)
        return self._grades.setdefault(name, SimpleNamespace(auto_score=None, manual_score=None))

    def find_comment(self, name: str, *_: str) -> SimpleNamespace:
        if name not in self._commented:
            raise MissingEntry(name)
        return self._comments.setdefault(name, SimpleNamespace(auto_comment=None))


def _found(cells: dict[str, Cell], name: str) -> Cell:
    if name not in cells:
        raise MissingEntry(name)
    return cells[name]


@contextmanager
def standing_in(gradebook: Any) -> Iterator[None]:
    """Let nbgrader's own preprocessors have something else in place of the gradebook that they would open."""
    modules: list[Any] = [overwritecells, overwritekernelspec, saveautogrades, latesubmissions]
    real = [module.Gradebook for module in modules]
    for module in modules:
        module.Gradebook = gradebook
    try:
        yield
    finally:
        for module, its_own in zip(modules, real):
            module.Gradebook = its_own


class _Late(NamedTuple):
    name: str
    total_seconds_late: float

    def __str__(self) -> str:
        return self.name


def late_penalty(step: AssignLatePenalties, student: str, lab: str, score: float, seconds_late: float) -> float | None:
    """Return what a late submission loses, by the plugin that is configured and within nbgrader's bounds.

    Args:
        score: points of the lab's notebook.
    """
    notebook = SimpleNamespace(score=score, late_submission_penalty=None)
    gradebook = StandIn(LabCells(None, [], [], [], []))
    gradebook.find_submission = lambda *_: _Late(f"{student}/{lab}", seconds_late)  # type: ignore[attr-defined]
    gradebook.find_submission_notebook = lambda *_: notebook  # type: ignore[attr-defined]
    about = {"notebook": lab, "assignment": lab, "student": student, "db_url": ""}
    with standing_in(gradebook):
        step(new_notebook(), {"nbgrader": about})
    return notebook.late_submission_penalty


class _OneNotebook:
    """Makes a converter of nbgrader take exactly its student's one notebook: names are no patterns here."""

    coursedir: Any

    def init_notebooks(self) -> None:
        folder = self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)  # type: ignore[attr-defined]
        self.assignments = {folder: [os.path.join(folder, f"{self.coursedir.assignment_id}.ipynb")]}


class _RaisesItsError:
    """Makes a converter of nbgrader raise the error that stopped it, which nbgrader only writes into its log."""

    error: Exception | None = None

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)  # type: ignore[misc]
        except Exception as error:
            self.error = error
            raise

    def start(self) -> None:
        try:
            super().start()  # type: ignore[misc]
        except Exception:
            if self.error is not None:
                raise self.error from None
            raise


class LabRelease(_RaisesItsError, GenerateAssignment):
    """nbgrader's release of one lab."""


class SubmissionAutograde(_RaisesItsError, _OneNotebook, Autograde):
    """nbgrader's autograding of one submission."""


class SubmissionFeedback(_OneNotebook, GenerateFeedback):
    """nbgrader's feedback on one submission."""


class PageExporter(HTMLExporter):
    """Converts without the last step of ``HTMLExporter``, which parses the page for what our template has already."""

    def from_notebook_node(self, nb: Any, resources: Any = None, **keywords: Any) -> tuple[str, Any]:
        return TemplateExporter.from_notebook_node(self, nb, resources, **keywords)
