"""The results of a class: points come from the gradebook, findings from the graded notebooks."""

import json
import os
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.gradebook import Grades, due_date, graded_students, grades_of
from autograder.grading.lateness import Lateness
from autograder.grading.log import logger
from autograder.grading.pool import Pool
from autograder.grading.stamps import FAILED, read_stamp, stamp_path
from autograder.grading.submissions import Submission, students, submission_of
from autograder.limited import READING
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests, graded_cells, is_graded, nbgrader_data
from autograder.notebooks.findings import findings
from autograder.notebooks.released import released_notebook
from course_utils.verdict import LOOK, Verdict

NOTHING = "Nothing was handed in."
NOT_YET = "not graded yet."
BY_HAND = "waits to be graded by hand."
AT_ONCE = 500  # students whose results are in memory at a time
MOST_ROWS = 1000  # of a lab that are kept for a page


@dataclass(slots=True)
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
    def mistake(self) -> str:
        """The name of the mistake that was recognised, or words for what else is wrong."""
        word = LOOK.get(self.status, ("", "", "other"))[2]
        return self.diagnosis or word.replace("not yet right", "another wrong result")

    @property
    def in_words(self) -> str:
        """What there is to say about the exercise, in one line."""
        messages = [] if self.outcome == "passed" else [self.message.partition("\n")[0]]
        return " ".join(sentence for sentence in [*messages, *self.findings] if sentence)


@dataclass(slots=True)
class Row:
    """One student's work on one lab.

    Args:
        results: by grade id.
        findings: about the submission as a whole.
        open: whether what was handed in has no score.
        absent: whether nothing was handed in.
        absent_is_zero: whether that means 0 points.
        engine: how the submission was graded, in words; "" where nothing was.
    """

    student: str
    score: float
    max_score: float
    results: dict[str, Result]
    findings: list[str]
    open: bool = False
    absent: bool = False
    absent_is_zero: bool = False
    engine: str = ""

    @property
    def scored(self) -> bool:
        """Whether there is a score: without one, the work counts in no number of the class."""
        return not self.open and (not self.absent or self.absent_is_zero)

    @property
    def remark(self) -> str:
        """What a person should see to, in a line; "" where there is nothing."""
        if self.absent:
            return ""
        waits = [f"{name} {BY_HAND}" for name, result in self.results.items() if result.message == BY_HAND]
        findings = self.all_findings or waits
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        return f"{findings[0]}{more}" if findings else ""

    @property
    def all_findings(self) -> list[str]:
        """What was found in the submission, its exercises included."""
        return self.findings + [finding for result in self.results.values() for finding in result.findings]

    @property
    def percent(self) -> float:
        return 100 * self.score / self.max_score if self.max_score else 0.0


class LabResults:
    """A class's work on one lab, summed up row by row, so that a class may be large.

    Args:
        points: by grade id, what can be earned.

    Attributes:
        students, absent, open: how many there are. percents: of those who have a score.
        outcomes, mistakes: by grade id, how many results have which outcome, and which mistake. engines: how many
        submissions were graded in which way. rows: those of the first students. noted: the first that have a remark.
        remarks: how many have one.
    """

    def __init__(self, name: str, title: str, points: dict[str, float], rows: Iterable[Row] = ()):
        self.name, self.title, self.points = name, title, points
        self.students = self.absent = self.open = self.remarks = 0
        self.percents = array("d")
        self.outcomes: dict[str, Counter[str]] = {name: Counter() for name in points}
        self.mistakes: dict[str, Counter[str]] = {name: Counter() for name in points}
        self.engines: Counter[str] = Counter()
        self.rows: list[Row] = []
        self.noted: list[Row] = []
        for row in rows:
            self.add(row)

    @property
    def max_score(self) -> float:
        return sum(self.points.values())

    def add(self, row: Row) -> None:
        """Count the work of one more student."""
        self.students += 1
        self.absent += row.absent
        self.open += row.open
        self.engines[row.engine] += 1
        if len(self.rows) < MOST_ROWS:
            self.rows.append(row)
        if row.remark:
            self.remarks += 1
            if len(self.noted) < MOST_ROWS:
                self.noted.append(row)
        if row.scored:
            self.percents.append(row.percent)
            for name, result in row.results.items():
                self.outcomes[name][result.outcome] += 1
                if result.outcome in ("partial", "failed"):
                    self.mistakes[name][result.mistake] += 1


def points_of(config: Config, lab: str) -> dict[str, float]:
    """Return what can be earned in a lab, by grade id."""
    return {
        grade_id: float(nbgrader_data(cell)["points"])
        for grade_id, cell in graded_cells(released_notebook(config, lab)).items()
        if is_graded(cell) and nbgrader_data(cell)["points"]
    }


def rows_of(classroom: Classroom, config: Config, lab: str, points: dict[str, float]) -> Iterator[Row]:
    """Yield a row for each student, in order, once anybody's submission was taken.

    Args:
        points: see ``LabResults``.
    """
    graded, with_folder = graded_students(config, lab), set(students(classroom))
    if not graded and not any(_failure(_stamp(classroom, student, lab)) for student in with_folder):
        return
    everybody = sorted({*graded, *with_folder})
    is_zero = Lateness(config=config).missing_is_zero or _is_over(due_date(config, lab))
    for first in range(0, len(everybody), AT_ONCE):
        some = everybody[first : first + AT_ONCE]
        grades = grades_of(config, lab, some)
        noted = _all_noted(config, lab, list(grades))
        for student in some:
            stamp = _stamp(classroom, student, lab)
            failure = _failure(stamp) if student in with_folder else ""
            if student in grades:
                row = _row(student, grades[student], points, noted[student])
                if failure:
                    row.findings.insert(0, f"These points are of an earlier try. Now the grader failed: {failure}")
            else:
                row = _without_grades(submission_of(classroom, student, lab), failure, points, is_zero)
            row.engine = stamp.get("engine", "")
            yield row


def _is_over(due: datetime | None) -> bool:
    return due is not None and due < datetime.now(UTC).replace(tzinfo=None)


def _without_grades(submission: Submission, failure: str, points: dict[str, float], is_zero: bool) -> Row:
    """Return the row of a student who has no grade: nothing was handed in, or it is open."""
    is_open = os.path.lexists(submission.folder)
    why = (f"not graded: the grader failed: {failure}" if failure else NOT_YET) if is_open else NOTHING
    results = {name: Result(0.0, most, "missing", why) for name, most in points.items()}
    return Row(submission.student, 0.0, sum(points.values()), results, [why], is_open, not is_open, is_zero)


def _stamp(classroom: Classroom, student: str, lab: str) -> dict[str, str]:
    return read_stamp(stamp_path(classroom, submission_of(classroom, student, lab)))


def _failure(stamp: dict[str, str]) -> str:
    """Return why the grader left a submission open when it last took it, or ""."""
    return str(stamp.get(FAILED, ""))


class _Noted(NamedTuple):
    """What stands in a graded notebook: the verdicts by grade id, and the findings by exercise."""

    verdicts: dict[str, Verdict]
    findings: dict[str, list[str]]


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
            results[name] = Result(score, most, "missing", "" if score else BY_HAND)
    late = [f"Handed in late: {grades.late_penalty:g} points were taken off."] if grades.late_penalty else []
    return Row(student, grades.score, grades.max_score, results, late + noted.findings.get("", []))
