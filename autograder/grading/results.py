"""The results of a class: points come from the gradebook, findings from the graded notebooks."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.gradebook import Grades, grades_of_class
from autograder.grading.feedback import lab_title
from autograder.grading.log import logger
from autograder.grading.pool import Pool
from autograder.grading.stamps import FAILED, read_stamp, stamp_path
from autograder.grading.submissions import Submission, submissions
from autograder.limited import READING
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests, graded_cells, is_graded, nbgrader_data
from autograder.notebooks.findings import findings
from autograder.notebooks.released import released_notebook
from course_utils.verdict import Verdict

NOTHING = "Nothing was handed in."
NOT_YET = "not graded yet."


@dataclass
class Result:
    """One student's result in one exercise."""

    score: float
    max_score: float
    status: str
    message: str = ""
    diagnosis: str | None = None
    findings: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """The key of ``report.OUTCOMES``: by points first, so that points given by hand count."""
        if self.score >= self.max_score:
            return "passed"
        if self.score > 0:
            return "partial"
        return "unfinished" if self.status in ("unfinished", "missing", "skipped") else "failed"

    @property
    def in_words(self) -> str:
        """What there is to say about the exercise, in one line."""
        messages = [] if self.outcome == "passed" else [self.message]
        return " ".join(sentence for sentence in [*messages, *self.findings] if sentence)


@dataclass
class Row:
    """One student's work on one lab.

    Args:
        results: by grade id.
        findings: about the submission as a whole.
        open: whether the submission has no score: it counts in no number of the class.
    """

    student: str
    score: float
    max_score: float
    results: dict[str, Result]
    findings: list[str]
    open: bool = False

    @property
    def all_findings(self) -> list[str]:
        """What was found in the submission, its exercises included."""
        return self.findings + [finding for result in self.results.values() for finding in result.findings]

    @property
    def percent(self) -> float:
        return 100 * self.score / self.max_score if self.max_score else 0.0


@dataclass
class LabResults:
    """A class's work on one lab.

    Args:
        points: by grade id, what can be earned.
    """

    name: str
    title: str
    points: dict[str, float]
    rows: list[Row]

    @property
    def max_score(self) -> float:
        return sum(self.points.values())

    @property
    def graded(self) -> list[Row]:
        """The rows that have a score."""
        return [row for row in self.rows if not row.open]


def lab_results(classroom: Classroom, config: Config, lab: str) -> LabResults:
    """Return one lab's results, with a row for each student, once anybody's submission was taken."""
    points = {
        grade_id: float(nbgrader_data(cell)["points"])
        for grade_id, cell in graded_cells(released_notebook(config, lab)).items()
        if is_graded(cell) and nbgrader_data(cell)["points"]
    }
    results = LabResults(lab, lab_title(lab), points, [])
    grades = dict(grades_of_class(config, lab))
    handed_in = {each.student: each for each in submissions(classroom, lab)}
    failures = {student: _failure(classroom, each) for student, each in handed_in.items()}
    if not grades and not any(failures.values()):
        return results
    course = CourseDirectory(config=config)
    paths = {
        student: Path(course.format_path(course.autograded_directory, student, lab)) / f"{lab}.ipynb"
        for student in grades
    }
    noted = _all_noted(paths)
    for student in sorted(grades.keys() | handed_in.keys()):
        failure = failures.get(student, "")
        if student in grades:
            row = _row(student, grades[student], points, noted[student])
            if failure:
                row.findings.insert(0, f"These points are of an earlier try. Now the grader failed: {failure}")
        else:
            is_open = os.path.lexists(handed_in[student].folder)
            why = (f"not graded: the grader failed: {failure}" if failure else NOT_YET) if is_open else NOTHING
            absent = {name: Result(0.0, most, "missing", why) for name, most in points.items()}
            row = Row(student, 0.0, results.max_score, absent, [why], is_open)
        results.rows.append(row)
    return results


def _failure(classroom: Classroom, submission: Submission) -> str:
    """Return why the grader left a submission open when it last took it, or ""."""
    return str(read_stamp(stamp_path(classroom, submission)).get(FAILED, ""))


class _Noted(NamedTuple):
    """What stands in a graded notebook: the verdicts by grade id, and the findings by exercise."""

    verdicts: dict[str, Verdict]
    findings: dict[str, list[str]]


def _all_noted(paths: dict[str, Path]) -> dict[str, _Noted]:
    """Read graded notebooks, by student, in a limited child: they hold outputs of students' code."""
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
    notebook = nbformat.read(path, as_version=4)
    cells = cells_with_tests(notebook)
    return _Noted(
        {name: verdicts.read_or_zero(cell) for name, cell in cells.items()},
        {name: findings(notebook, name) for name in ("", *cells)},
    )


def _row(student: str, grades: Grades, points: dict[str, float], noted: _Noted) -> Row:
    results = {}
    for name, most in points.items():
        score = grades.by_exercise.get(name, 0.0)
        if name in noted.verdicts:
            verdict = noted.verdicts[name]
            results[name] = Result(
                score, most, verdict.status, verdict.message, verdict.diagnosis, noted.findings[name]
            )
        else:
            results[name] = Result(score, most, "missing", "" if score else "waits to be graded by hand.")
    return Row(student, grades.score, grades.max_score, results, noted.findings.get("", []))
