"""What is left of nbgrader's autograding once a submission was run, without the gradebook: any process can take it.

The submission is laid out as it will stand among the autograded ones, and what the gradebook is to be told comes back
as plain data. The steps are those that ``nbgrader_config.py`` names, a course's own included; where nbgrader's own open
the gradebook they get a stand-in, and late penalties are left to ``record``.
"""

import json
import shutil
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode, from_dict
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, ClearOutput
from nbgrader.utils import find_all_files
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.gradebook_batch import AutoGrades
from autograder.grading.execute import Execute
from autograder.grading.lateness import FILE, Lateness, handed_in_at
from autograder.grading.mended import MendedSubmission, staging_folder
from autograder.grading.repair import Repair
from autograder.grading.submissions import Submission
from autograder.nbgrader_patches import LabCells, StandIn, SubmissionAutograde, standing_in
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests, nbgrader_data
from autograder.notebooks.findings import add_finding, note_unread
from autograder.notebooks.released import released_notebook

LONGEST_KEPT = 20_000  # characters of a cell whose text is kept
DONE = (Repair, ClearOutput, Execute)  # steps of nbgrader's autograding that a submission that was run has behind it


def configured_steps(config: Config) -> list[type]:
    """Return the steps of nbgrader's autograding in order, those that come before and after the run in one list."""
    named = [*config.Autograde.sanitize_preprocessors, *config.Autograde.autograde_preprocessors]
    return [import_item(step) if isinstance(step, str) else step for step in named]


class LayOut:
    """Lays out the submissions of one lab as they will stand among the autograded ones.

    Args:
        cells: what the gradebook knows about the lab.
        root: a folder like ``DIR/autograded``, where they are laid out.
    """

    def __init__(self, config: Config, lab: str, cells: LabCells, root: Path):
        self.config, self.lab, self.cells, self.root = config, lab, cells, root
        self.course = CourseDirectory(config=config)
        self.course.autograded_directory = str(root)
        self.converter = SubmissionAutograde(coursedir=self.course, config=config)
        exporter = self.converter.exporter_class(parent=self.converter, config=self.converter.config)
        self.steps: list[Callable[..., Any]] = [
            step(parent=exporter)
            for step in configured_steps(config)
            if step not in DONE and not issubclass(step, AssignLatePenalties)
        ]

    def graded(self, mended: MendedSubmission) -> AutoGrades:
        """Lay out a submission whose notebook was run and whose files are staged; return what it earned."""
        submission = mended.submission
        folder = staging_folder(self.root, submission)
        self._ignore(folder, mended.files)
        self._copy_source_files(folder)
        gradebook, notebook = StandIn(self.cells), mended.notebook
        timestamp = self._timestamp(submission, notebook)
        resources = self._resources(submission, folder)
        with standing_in(gradebook):
            for step in self.steps:
                notebook, resources = step(notebook, resources)
        nbformat.validate(notebook, relax_add_props=True)
        self._write(submission, notebook)
        self.converter.set_permissions(self.lab, submission.student)
        return AutoGrades(submission.student, self.lab, gradebook.scores, gradebook.comments, timestamp)

    def nothing(self, submission: Submission, message: str) -> AutoGrades:
        """Lay out the released notebook, with the reason why a submission cannot be run and earns nothing."""
        notebook = released_notebook(self.config, self.lab)
        add_finding(notebook, message)
        note_unread(notebook)
        for grade_id, cell in cells_with_tests(notebook).items():
            verdicts.put(cell, verdicts.zero(grade_id, nbgrader_data(cell)["points"], message, "missing"))
        folder = staging_folder(self.root, submission)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._write(submission, notebook)
        return AutoGrades(submission.student, self.lab, nothing=True)

    def _timestamp(self, submission: Submission, notebook: NotebookNode) -> str | None:
        """Return when a submission was handed in; a file that does not tell is a finding where it could matter."""
        timestamp, problem = None, ""
        try:
            timestamp = handed_in_at(submission)
            if timestamp and not Lateness(config=self.config).trust_timestamps:
                timestamp, problem = None, "in this course it does not decide when work was handed in"
        except ValueError as error:
            problem = str(error)
        if problem and self.cells.has_due_date:
            add_finding(notebook, f"The file {FILE} was not used: {problem}.")
        return timestamp.isoformat() if timestamp else None

    def _ignore(self, folder: Path, files: list[Path]) -> None:
        """Remove the files that nbgrader is told to leave behind."""
        for name in files:
            if any(fnmatchcase(part, pattern) for part in name.parts for pattern in self.course.ignore):
                (folder / name).unlink()

    def _copy_source_files(self, folder: Path) -> None:
        """Put the lab's own files over those that were handed in; whatever stands in their way goes."""
        source = Path(self.course.format_path(self.course.source_directory, ".", self.lab))
        kept = {source / name for name in self.converter.exclude_overwriting.get(self.lab, [])}
        for path in map(Path, find_all_files(str(source), [*self.course.ignore, "*.ipynb"])):
            if path in kept:
                continue
            target = folder / path.relative_to(source)
            _make_way(folder, target)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)

    def _resources(self, submission: Submission, folder: Path) -> dict[str, Any]:
        about = {"student": submission.student, "assignment": self.lab, "notebook": self.lab}
        return {
            "unique_key": self.lab,
            "output_files_dir": f"{self.lab}_files",
            "output_extension": ".ipynb",
            "nbgrader": {**about, "db_url": self.course.db_url},
            "metadata": {"name": self.lab, "path": str(folder)},
        }

    def _write(self, submission: Submission, notebook: NotebookNode) -> None:
        path = staging_folder(self.root, submission) / f"{self.lab}.ipynb"
        _make_way(path.parent, path)
        path.write_text(as_nbformat_writes(notebook), encoding="utf-8")


def as_nbformat_writes(notebook: NotebookNode) -> str:
    """Return the text of a notebook; the cells that are the same in every notebook are put into words once."""
    rest = nbformat.v4.writes(from_dict({**notebook, "cells": []})) + "\n"
    if not notebook.cells:
        return rest
    cells = [json.dumps(cell, sort_keys=True) for cell in notebook.cells]
    texts = [_kept_cell(cell) if len(cell) <= LONGEST_KEPT else _cell_text(cell) for cell in cells]
    return rest.replace('"cells": []', '"cells": [\n' + ",\n".join(texts) + "\n ]", 1)


def _cell_text(cell: str) -> str:
    notebook = {"cells": [json.loads(cell)], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    _, _, text = nbformat.v4.writes(from_dict(notebook)).partition('"cells": [\n')
    return text.rpartition('\n ],\n "metadata"')[0]


_kept_cell = lru_cache(maxsize=1024)(_cell_text)


def _make_way(folder: Path, target: Path) -> None:
    """Remove a handed-in file or folder that stands where a file of ours goes."""
    for path in [target, *target.parents]:
        if path == folder:
            return
        if path.is_dir() and path == target:
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()
