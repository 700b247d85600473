"""What the run of one submission gave, as bytes that another machine may send: JSON and its checksum.

Whoever reads a run result believes no name and no path in it: where it belongs is known beforehand.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import jsonschema
import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.errors import CourseError, GraderFailure
from autograder.grading.mended import MendedSubmission
from autograder.grading.submissions import Submission, Unreadable, files_beside, find_notebook
from autograder.limits import MEGABYTE
from autograder.notebooks import verdicts
from autograder.notebooks.cells import graded_cells, is_graded, is_test, nbgrader_data
from autograder.notebooks.released import source_notebook

MOST_BYTES = 64 * MEGABYTE  # of a run result: what a notebook may hold and what its cells may show, with room to spare
LONGEST = 2000  # characters of a message
TEXT = {"type": "string", "maxLength": LONGEST}
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["student", "lab", "stamp", "word", "message", "seconds", "notebook", "troubled"],
    "properties": {
        "student": TEXT,
        "lab": TEXT,
        "stamp": {
            "type": "object",
            "additionalProperties": False,
            "required": ["fingerprint", "engine"],
            "properties": {"fingerprint": HASH, "work": HASH, "lab": HASH, "engine": TEXT},
        },
        "word": {"enum": ["graded", "unreadable", "failed"]},
        "message": TEXT,
        "seconds": {"type": "number", "minimum": 0, "maximum": 1e6},
        "notebook": {"type": ["object", "null"]},
        "troubled": {"type": "boolean"},
    },
}


class Damaged(CourseError):
    """A run result that cannot be used; the message says why."""


class FailedElsewhere(GraderFailure):
    """The grader stumbled over a submission on another machine."""


@dataclass(frozen=True)
class RunResult:
    """How the run of one submission went.

    Args:
        stamp: what was graded, and how; see ``stamps.new_stamp``.
        word: "graded", "unreadable", or "failed" when the grader itself stumbled; the message says why.
        notebook: with all that its cells showed; only where it was graded.
        troubled: see ``Ran``.
    """

    student: str
    lab: str
    stamp: dict[str, str]
    word: Literal["graded", "unreadable", "failed"]
    message: str = ""
    seconds: float = 0.0
    notebook: NotebookNode | None = None
    troubled: bool = False

    def to_bytes(self) -> bytes:
        """Return the result as JSON behind the checksum of it."""
        text = json.dumps(self.__dict__, separators=(",", ":")).encode()
        return hashlib.sha256(text).hexdigest().encode() + b"\n" + text

    def executed(self, submission: Submission, staged: Path) -> tuple[MendedSubmission, bool]:
        """Return the submission as it was run there, with its files staged here, and whether it had trouble.

        Args:
            staged: a folder like ``DIR/submitted``.

        Raises:
            Unreadable: there was no notebook to run.
            FailedElsewhere: the grader failed there.
        """
        if self.word == "unreadable":
            raise Unreadable(self.message)
        if self.notebook is None:
            raise FailedElsewhere(self.message)
        with submission.opened() as folder:
            name, _ = find_notebook(submission.lab, folder)
            mended = MendedSubmission(submission, self.notebook, files_beside(folder, name).taken)
        mended.stage(staged)
        return mended, self.troubled


def file_name(submission: Submission) -> str:
    """Return the name of the file that holds a submission's run result: a digest, whatever a student is called."""
    return hashlib.sha256(os.fsencode(f"{submission.lab}\0{submission.student}")).hexdigest() + ".json"


def of_run(
    submission: Submission, stamp: dict[str, str], run: Callable[[], tuple[MendedSubmission, bool]]
) -> RunResult:
    """Run a submission and return its run result; a failure of the grader is raised.

    Args:
        run: runs it, and returns it with what its cells showed and whether it had trouble.
    """
    started = time.monotonic()
    try:
        mended, troubled = run()
    except Unreadable as problem:
        return RunResult(submission.student, submission.lab, stamp, "unreadable", str(problem)[:LONGEST])
    seconds = time.monotonic() - started
    return RunResult(submission.student, submission.lab, stamp, "graded", "", seconds, mended.notebook, troubled)


def failed(submission: Submission, stamp: dict[str, str], message: str) -> RunResult:
    """Return the run result of a submission over which the grader stumbled."""
    return RunResult(submission.student, submission.lab, stamp, "failed", message[:LONGEST])


def from_bytes(content: bytes, submission: Submission) -> RunResult:
    """Return a run result whose form is sound; its notebook is still to be checked.

    Raises:
        Damaged: the checksum is wrong, the form is another, or it is of another submission.
    """
    if len(content) > MOST_BYTES:
        raise Damaged(f"it has {len(content) / MEGABYTE:.0f} MB; at most {MOST_BYTES // MEGABYTE} MB are read")
    checksum, _, text = content.partition(b"\n")
    if hashlib.sha256(text).hexdigest().encode() != checksum:
        raise Damaged("its checksum is wrong: it was cut or changed")
    try:
        data: dict[str, Any] = json.loads(text, parse_constant=lambda name: None)
    except (ValueError, RecursionError):
        raise Damaged("it is not valid JSON") from None
    error = next(_validator().iter_errors(data), None)
    if error is not None:
        raise Damaged(f"{'.'.join(map(str, error.absolute_path)) or 'it'}: {error.message[:200]}")
    if (data["student"], data["lab"]) != (submission.student, submission.lab):
        raise Damaged("it is of another submission")
    if (data["word"] == "graded") != (data["notebook"] is not None):
        raise Damaged("there is a notebook exactly where a submission was graded")
    return RunResult(**{**data, "notebook": data["notebook"] and nbformat.from_dict(data["notebook"])})


def check_notebook(config: Config, result: RunResult) -> None:
    """Make sure that the notebook of a result holds this lab's tests, each with one verdict, and else only outputs.

    Raises:
        Damaged: it does not.
    """
    if result.notebook is None:
        return
    try:
        nbformat.validate(result.notebook, relax_add_props=True)
        found = [cell for cell in result.notebook.cells if nbgrader_data(cell).get("grade_id")]
        asked = graded_cells(source_notebook(config, result.lab, shared=True))
        names = [nbgrader_data(cell)["grade_id"] for cell in found]
        needed = {name for name, cell in asked.items() if is_graded(cell)}  # a stub that a student deleted stays away
        if len(names) != len(set(names)) or not needed <= set(names) <= set(asked):
            raise Damaged("its notebook has not the cells of this lab")
        for cell in found:
            _check_cell(cell, asked[nbgrader_data(cell)["grade_id"]])
    except (nbformat.ValidationError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"its notebook is not sound: {type(error).__name__}") from None


def _check_cell(cell: NotebookNode, asked: NotebookNode) -> None:
    """Make sure that a cell is the one that the lab asks for, and a test of ours gave one verdict."""
    data, expected = nbgrader_data(cell), nbgrader_data(asked)
    name = expected["grade_id"]
    if cell.cell_type != asked.cell_type or any(data.get(key) != expected.get(key) for key in ("points", "grade")):
        raise Damaged(f"its cell {name} is not the lab's")
    if is_test(asked):
        if cell.source != asked.source:
            raise Damaged(f"its test cell {name} holds another test")
        if verdicts.gives_verdict(asked):
            try:
                verdicts.read(cell)
            except ValueError as problem:
                raise Damaged(f"its test cell {name}: {problem}") from None


@lru_cache(maxsize=1)
def _validator() -> Any:
    return jsonschema.Draft202012Validator(SCHEMA)
