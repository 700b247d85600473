"""A lab that is mended while it runs: what will change for whom, said and asked before anything is touched."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from traitlets.config import Config

from autograder.authoring.build import source_of
from autograder.authoring.source import Lab
from autograder.classroom import Classroom
from autograder.commands._asking import confirmed
from autograder.errors import CourseError
from autograder.gradebook_cells import CellChanges, change_cells, changes
from autograder.grading.excused import EVERYBODY, excuse, never_handed
from autograder.grading.submissions import HandedIn, printable
from autograder.notebooks.cells import nbgrader_data
from autograder.settings import Course
from autograder.undo import Undo
from autograder.words import command, some


@dataclass
class Mending:
    """How a lab changes for those who have it already.

    Args:
        notebook: the new source notebook. handed_in: how many handed in. reworded: exercises with another text.
        prose: whether other cells have another text. excused: whom new exercises do not count for, by student.
        students: who handed in. may_excuse: whether who was never handed a new exercise is excused from it.
    """

    lab: str
    notebook: NotebookNode
    cells: CellChanges
    handed_in: int
    reworded: list[str]
    prose: bool
    excused: dict[str, list[str]] = field(default_factory=dict)
    students: list[str] = field(default_factory=list)
    may_excuse: bool = True

    def lines(self) -> Iterator[str]:
        """Yield what there is to say about it."""
        yield f"{self.lab}: {self.handed_in} handed in, {self.cells.students} of them graded. It changes:"
        for name, points in self.cells.added.items():
            yield f"  new: {name}, {points:g} points"
            free = [student for student, names in self.excused.items() if name in names]
            counts = [student for student in self.students if student not in free]
            if free:
                yield f"    excused, since they were never handed it: {some(free)}"
            if self.may_excuse:
                yield "    excused, too: who hands in a notebook of the lab as it was"
            if counts:
                yield f"    counts for {len(counts)} who handed in: {some(counts)}"
        for name, points in self.cells.removed.items():
            given = self.cells.by_hand.get(name, 0)
            lost = f"; {given} points or comments given by hand go with it" if given else ""
            yield f"  gone: {name}, {points:g} points{lost}"
        for name, (before, after) in self.cells.repointed.items():
            yield f"  points: {name}, {before:g} -> {after:g}"
        if self.reworded:
            yield f"  another text: {some(self.reworded)}"
        if self.prose:
            yield "  another text: cells without points"


def mendings(
    labs: Sequence[Lab], classroom: Classroom, config: Config, course: Course, may_excuse: bool
) -> list[Mending]:
    """Return what a build would change for students who handed in.

    Args:
        may_excuse: whether who was never handed a new exercise is excused from it.
    """
    found = []
    for lab in labs:
        old = classroom.source / lab.name / f"{lab.name}.ipynb"
        students = [submission.student for submission in HandedIn(classroom, [lab.name])]
        if not old.exists():
            continue
        notebook = source_of(lab, classroom, course)
        before, after = nbformat.read(old, as_version=4), notebook
        cells = changes(config, lab.name, notebook)
        if not (students or cells.students) or (not cells.any and _texts(before) == _texts(after)):
            continue
        known, new = _by_grade_id(before), _by_grade_id(after)
        mending = Mending(
            lab.name,
            notebook,
            cells,
            max(len(students), cells.students),
            [name for name, text in new.items() if name in known and known[name] != text],
            _prose(before) != _prose(after),
            students=students,
            may_excuse=may_excuse,
        )
        if may_excuse and cells.added:
            mending.excused = never_handed(classroom, config, lab.name, list(cells.added))
        found.append(mending)
    return found


def require_consent(console: Console, found: Sequence[Mending], undo: Undo, yes: bool) -> None:
    """Say what will change for whom, and ask.

    Raises:
        CourseError: nobody said yes, or the gradebook cannot be copied first; nothing was changed.
    """
    for mending in found:
        for line in mending.lines():
            console.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    console.print(
        "All are graded by the new lab when the class is graded next.",
        highlight=False,
        soft_wrap=True,
    )
    if any(mending.cells.cells for mending in found) and not undo.can_keep:
        raise CourseError(
            "nothing was changed: the gradebook is on a server, of which no copy can be made here. Build into a new "
            "--classroom, or bring the gradebook into a file."
        )
    if not yes and not confirmed(console, "Change it?"):
        again = command(undo.classroom.root, "build --yes")
        raise CourseError(f"nothing was changed. To build it without a question: {again}")


@contextmanager
def mended(
    found: Sequence[Mending], labs: Sequence[Lab], classroom: Classroom, config: Config, undo: Undo
) -> Iterator[None]:
    """Change the gradebook for a block that builds the labs; all is as it was where anything fails."""
    undo.begin("autograder build", half=True)
    try:
        for lab in labs:
            for folder in (classroom.source, classroom.release, classroom.solved, classroom.earlier):
                undo.keep(folder / lab.name)
        undo.keep(classroom.excused)
        for mending in found:
            _keep_release(classroom, mending.lab)
            if mending.cells.cells:
                change_cells(config, mending.lab, mending.notebook)
        yield
        for mending in found:
            if mending.cells.added and mending.may_excuse:
                excuse(classroom, mending.lab, {**mending.excused, EVERYBODY: list(mending.cells.added)})
        undo.finish()
    except BaseException:
        if undo.begun:
            undo.restore()
        raise


def _keep_release(classroom: Classroom, lab: str) -> None:
    """Keep the notebook that students have, by which their work is known as untouched."""
    released = classroom.release / lab / f"{lab}.ipynb"
    if released.exists():
        name = hashlib.sha256(released.read_bytes()).hexdigest()[:16]
        folder: Path = classroom.earlier / lab
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(released, folder / f"{name}.ipynb")


def _texts(notebook: NotebookNode) -> list[tuple[str, str, object]]:
    return [(cell.cell_type, cell.source, dict(nbgrader_data(cell))) for cell in notebook.cells]


def _by_grade_id(notebook: NotebookNode) -> dict[str, str]:
    """Return what a student writes in, or is tested by; a locked cell that only shows something has no known name."""
    return {nbgrader_data(cell)["grade_id"]: cell.source for cell in notebook.cells if _counts(cell)}


def _prose(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if not _counts(cell)]


def _counts(cell: NotebookNode) -> bool:
    data = nbgrader_data(cell)
    return bool(data.get("grade_id") and (data.get("grade") or data.get("solution")))
