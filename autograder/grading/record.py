"""Write what submissions earned into gradebook and autograded notebooks, many at once; one process alone does it."""

import os
import shutil
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder import gradebook_batch, nbgrader_patches
from autograder.classroom import Classroom
from autograder.gradebook_batch import AutoGrades, Recorded
from autograder.grading.graded import configured_steps
from autograder.roster import Person, read_roster


def record(config: Config, batch: Sequence[AutoGrades], staged: Path) -> list[Recorded | OSError]:
    """Enter submissions into the gradebook, and put what was laid out of them in place; return how each stands.

    Where a folder could not be put in its place, the error stands in the list: the submission is to be graded again.

    Args:
        staged: a folder like ``DIR/autograded``, where each submission is laid out.

    Raises:
        NotRecorded: nothing was written.
    """
    steps = [step(config=config) for step in configured_steps(config) if issubclass(step, AssignLatePenalties)]
    penalty = partial(nbgrader_patches.late_penalty, steps[-1]) if steps else None
    course = CourseDirectory(config=config)
    recorded: list[Recorded | OSError] = []
    extensions = extensions_of(config, {(grades.student, grades.lab) for grades in batch})
    for grades, each in zip(batch, gradebook_batch.record(config, batch, penalty, extensions)):
        target = Path(course.format_path(course.autograded_directory, grades.student, grades.lab))
        try:
            _put(staged / grades.student / grades.lab, target)
            recorded.append(each)
        except OSError as error:
            recorded.append(error)
    return recorded


def extensions_of(config: Config, work: Iterable[tuple[str, str]]) -> dict[tuple[str, str], timedelta]:
    """Return the extensions that the classroom's roster gives, by student and lab.

    Args:
        work: students and labs.

    Raises:
        CourseError: the roster cannot be read.
    """
    path = Classroom(CourseDirectory(config=config).root).roster
    people = _people(path, path.stat().st_mtime_ns) if path.exists() else {}
    given = {(student, lab): people[student].extra_time(lab) for student, lab in work if student in people}
    return {key: time for key, time in given.items() if time}


@lru_cache(maxsize=1)
def _people(path: Path, changed: int) -> dict[str, Person]:
    """Read a roster, once for each time at which it was changed."""
    roster = read_roster(path)
    return roster.people if roster else {}


def _put(folder: Path, target: Path) -> None:
    """Move a folder to where another one may stand, which goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    old = folder.with_name(f".{folder.name}.old")
    if os.path.lexists(target):
        shutil.move(target, old)
    shutil.move(folder, target)
    shutil.rmtree(old, ignore_errors=True)
