"""Write what submissions earned into gradebook and autograded notebooks, many at once; one process alone does it."""

import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder import gradebook_batch, nbgrader_patches
from autograder.gradebook_batch import AutoGrades, Extensions, Penalty, Recorded
from autograder.grading.graded import configured_steps
from autograder.grading.lateness import extensions_of


def record(
    config: Config,
    batch: Sequence[AutoGrades],
    staged: Path,
    last: Callable[[list[Recorded]], None] = lambda recorded: None,
) -> list[Recorded | OSError]:
    """Enter submissions into the gradebook, and put what was laid out of them in place; return how each stands.

    Where a folder could not be put in its place, the error stands in the list: the submission is to be graded again.

    Args:
        staged: a folder like ``DIR/autograded``, where each submission is laid out.
        last: see ``gradebook_batch.record``.

    Raises:
        NotRecorded: nothing was written.
    """
    course = CourseDirectory(config=config)
    recorded: list[Recorded | OSError] = []
    for grades, each in zip(batch, gradebook_batch.record(config, batch, *_rules(config, batch), last)):
        target = Path(course.format_path(course.autograded_directory, grades.student, grades.lab))
        try:
            _put(staged / grades.student / grades.lab, target)
            recorded.append(each)
        except OSError as error:
            recorded.append(error)
    return recorded


def _rules(config: Config, batch: Sequence[AutoGrades]) -> tuple[Penalty | None, Extensions]:
    """Return what late submissions lose, and the extensions."""
    steps = [step(config=config) for step in configured_steps(config) if issubclass(step, AssignLatePenalties)]
    penalty = partial(nbgrader_patches.late_penalty, steps[-1]) if steps else None
    return penalty, extensions_of(config, {(grades.student, grades.lab) for grades in batch})


def _put(folder: Path, target: Path) -> None:
    """Move a folder to where another one may stand, which goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = folder.with_name(f".{folder.name}.old")
    if os.path.lexists(target):
        shutil.move(target, old)
    shutil.move(folder, target)
    shutil.rmtree(old, ignore_errors=True)
