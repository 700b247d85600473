"""The results of a class: points come from the gradebook, findings from the graded notebooks."""

import json
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.gradebook import Grades, graded_students, grades_of
from autograder.grading.excused import EXCUSED, marked
from autograder.grading.lab_results import BY_HAND, Result, Row
from autograder.grading.lateness import Deadlines
from autograder.grading.log import logger
from autograder.grading.pool import Pool
from autograder.grading.stamps import FAILED, LAB, WORK, lab_stamp, read_stamp, stamp_path
from autograder.grading.submissions import Submission, students, submission_of
from autograder.limited import READING
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.findings import findings
from autograder.notebooks.released import points_in, released_notebook, was_mended
from autograder.roster_file import roster_of
from course_utils.verdict import Verdict

NOTHING = "Nothing was handed in."
BEFORE_CHANGE = "not graded since the lab was changed."
MOVED = "graded earlier; the folder is gone, and the same work lies in that of {}, where it counts."
FAILED_NOW = "not graded: the grader failed: {}"
NOT_YET = "not graded yet."
AT_ONCE = 500  # students whose results are in memory at a time


def points_of(config: Config, lab: str) -> dict[str, float]:
    """Return what can be earned in a lab, by grade id."""
    return {name: points for name, points in points_in(released_notebook(config, lab)).items() if points}


def rows_of(classroom: Classroom, config: Config, lab: str, points: dict[str, float]) -> Iterator[Row]:
    """Yield a row for each student, in order, once anybody's submission was taken.

    Args:
        points: see ``LabResults``.
    """
    graded, with_folder = graded_students(config, lab), set(students(classroom))
    if not graded and not any(_failure(_stamp(classroom, student, lab)) for student in with_folder):
        return
    people = roster_of(classroom).people
    everybody = sorted({*graded, *with_folder, *people})
    deadlines, mended, now = Deadlines(config, lab), was_mended(config, lab), lab_stamp(classroom, lab)
    gone = [student for student in graded if not os.path.lexists(submission_of(classroom, student, lab).folder)]
    moved = _moved(classroom, lab, gone, with_folder)
    for first in range(0, len(everybody), AT_ONCE):
        some = everybody[first : first + AT_ONCE]
        grades = grades_of(config, lab, some)
        noted = _all_noted(config, lab, list(grades))
        for student in some:
            stamp = _stamp(classroom, student, lab)
            failure = _failure(stamp) if student in with_folder else ""
            outdated = student in grades and mended and stamp.get(LAB) != now
            if student in moved:
                row = _open(student, MOVED.format(moved[student]), points)
            elif outdated:
                row = _open(student, FAILED_NOW.format(failure) if failure else BEFORE_CHANGE, points)
            elif student in grades:
                row = _row(student, grades[student], points, noted[student])
                if failure:
                    row.findings.insert(0, f"These points are of an earlier try. Now the grader failed: {failure}")
            else:
                row = _without_grades(submission_of(classroom, student, lab), failure, points)
                row.absent_is_zero = row.absent and deadlines.missing_is_zero(config, student)
            row.gone, row.moved_to, row.outdated = student in gone, moved.get(student, ""), outdated
            row.engine = stamp.get("engine", "")
            if student in people:
                row.name, row.section = people[student].name, people[student].section
            yield row


def _without_grades(submission: Submission, failure: str, points: dict[str, float]) -> Row:
    """Return the row of a student who has no grade: nothing was handed in, or it is open."""
    is_open = os.path.lexists(submission.folder)
    why = (FAILED_NOW.format(failure) if failure else NOT_YET) if is_open else NOTHING
    row = _open(submission.student, why, points)
    row.open, row.absent = is_open, not is_open
    return row


def _open(student: str, why: str, points: dict[str, float]) -> Row:
    """Return the row of a student whose work has no score."""
    results = {name: Result(0.0, most, "missing", why) for name, most in points.items()}
    return Row(student, 0.0, sum(points.values()), results, [why], open=True)


def _moved(classroom: Classroom, lab: str, gone: Collection[str], there: Collection[str]) -> dict[str, str]:
    """Return whose work lies in another student's folder now, as after a folder was renamed: the other, by student.

    Args:
        gone: who was graded and has no folder any more. there: who has one.
    """
    if not gone:
        return {}
    works = {_stamp(classroom, student, lab).get(WORK): student for student in there if student not in gone}
    found = {student: works.get(_stamp(classroom, student, lab).get(WORK, "?")) for student in gone}
    return {student: other for student, other in found.items() if other}


def _stamp(classroom: Classroom, student: str, lab: str) -> dict[str, str]:
    return read_stamp(stamp_path(classroom, submission_of(classroom, student, lab)))


def _failure(stamp: dict[str, str]) -> str:
    """Return why the grader left a submission open when it last took it, or ""."""
    return str(stamp.get(FAILED, ""))


class _Noted(NamedTuple):
    """What stands in a graded notebook: the verdicts by grade id, and the findings by exercise."""

    verdicts: dict[str, Verdict]
    findings: dict[str, list[str]]
    excused: Sequence[str] = ()


def _all_noted(config: Config, lab: str, graded: list[str]) -> dict[str, _Noted]:
    """Read students' graded notebooks in a limited child: they hold outputs of their code."""
    course = CourseDirectory(config=config)
    paths = {
        student: Path(course.format_path(course.autograded_directory, student, lab)) / f"{lab}.ipynb"
        for student in graded
    }
    noted = {}
    with Pool(_read_noted, 1, READING) as pool:
        for item in paths.items():
            pool.add(item)
        for (student, _), result in pool.results():
            if isinstance(result, Exception):
                logger.error("%s: the graded notebook could not be read", student, exc_info=result)
                result = _Noted({}, {"": ["The graded notebook could not be read, so that nothing is said about it."]})
            noted[student] = result
    return noted


def _read_noted(item: tuple[str, Path]) -> _Noted:
    _, path = item
    if not path.exists():
        return _Noted({}, {})
    notebook = nbformat.from_dict(json.loads(path.read_bytes()))  # ours: to validate it would take most of the time
    cells = cells_with_tests(notebook)
    return _Noted(
        {name: verdicts.read_or_zero(cell) for name, cell in cells.items()},
        {name: findings(notebook, name) for name in ("", *cells)},
        marked(notebook),
    )


def _row(student: str, grades: Grades, points: dict[str, float], noted: _Noted) -> Row:
    """Return the row of a student who has grades."""
    results = {}
    most_of_all = grades.max_score
    for name, most in points.items():
        score = grades.by_exercise.get(name, 0.0)
        if name in noted.excused and not score:  # what a person gave for it counts
            results[name] = Result(0.0, 0.0, "excused", EXCUSED)
            most_of_all -= most
        elif name in noted.verdicts:
            verdict = noted.verdicts[name]
            results[name] = Result(
                score, most, verdict.status, verdict.message, verdict.diagnosis, noted.findings[name]
            )
        else:
            results[name] = Result(score, most, "missing", "" if score else BY_HAND)
    late = [f"Handed in late: {grades.late_penalty:g} points were taken off."] if grades.late_penalty else []
    found = late + noted.findings.get("", [])
    return Row(student, grades.score, most_of_all, results, found, handed_in=grades.handed_in)
