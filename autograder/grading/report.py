"""Reports of a class: two CSV files and one self-contained page.

Points come from the gradebook, findings from the graded notebooks.
"""

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import nbformat
from jinja2 import Environment, FileSystemLoader
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from autograder.grading.feedback import inline, lab_title, title
from autograder.grading.submissions import submissions
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.findings import findings
from autograder.notebooks.released import released_notebook
from autograder.settings import TEMPLATES
from course_utils.recording import recorded_tests
from course_utils.verdict import LOOK

RECORD = ".graded.json"  # stands beside each recorded grade: the hash of what was graded, and the engine
NOTHING = "Nothing was handed in."
SHOWN = 3  # mistakes an exercise
# What became of an exercise: key, words, colour, sign. Sign and words carry the meaning too.
OUTCOMES = (
    ("passed", "full marks", "#009E73", "✓"),
    ("partial", "partly right", "#E69F00", "◐"),
    ("failed", "not right", "#D55E00", "✗"),
    ("unfinished", "not finished", "#9FD3F2", "○"),
)


@dataclass
class Result:
    """One student's result in one exercise."""

    score: float
    max_score: float
    status: str
    message: str = ""
    diagnosis: str | None = None
    notes: list = field(default_factory=list)

    @property
    def outcome(self):
        """The key of OUTCOMES: by points first, so that points given by hand count."""
        if self.score >= self.max_score:
            return "passed"
        if self.score > 0:
            return "partial"
        return "unfinished" if self.status in ("unfinished", "missing", "skipped") else "failed"

    @property
    def finding(self):
        """What there is to say about the exercise, in one line."""
        said = [] if self.outcome == "passed" else [self.message]
        return " ".join(each for each in [*said, *self.notes] if each)


@dataclass
class Row:
    """One student's work on one lab; ``results`` by grade id."""

    student: str
    score: float
    max_score: float
    results: dict
    notes: list

    @property
    def all_notes(self):
        """What was found in the submission, its exercises included."""
        return self.notes + [note for result in self.results.values() for note in result.notes]

    @property
    def percent(self):
        return 100 * self.score / self.max_score if self.max_score else 0.0


@dataclass
class LabResults:
    """A class's work on one lab."""

    name: str
    title: str
    points: dict
    rows: list

    @property
    def max_score(self):
        return sum(self.points.values())


def write(classroom, config):
    """Write ``grades.csv``, ``exercises.csv`` and ``index.html`` of a classroom; return the results of each lab."""
    labs = [lab for lab in (gather(classroom, config, name) for name in classroom.graded_labs()) if lab.rows]
    classroom.reports.mkdir(parents=True, exist_ok=True)
    _replace(
        classroom.reports / "grades.csv",
        table(
            ("student", "lab", "score", "max_score"),
            ((row.student, lab.name, row.score, row.max_score) for lab in labs for row in lab.rows),
        ),
    )
    _replace(
        classroom.reports / "exercises.csv",
        table(
            ("student", "lab", "exercise", "score", "max_score", "finding"),
            (
                (row.student, lab.name, name, result.score, result.max_score, result.finding)
                for lab in labs
                for row in lab.rows
                for name, result in row.results.items()
            ),
        ),
    )
    _replace(classroom.reports / "index.html", page(labs, classroom, unsealed(classroom)))
    return labs


def unsealed(classroom):
    """Return how many submissions were graded without a sandbox, as their records say."""
    records = (path.read_text(encoding="utf-8") for path in classroom.autograded.glob(f"*/*/{RECORD}"))
    return sum("without a sandbox" in record for record in records)


def gather(classroom, config, lab):
    """Read one lab's results: points from the gradebook, findings from the graded notebooks."""
    released = released_notebook(config, lab, lab)
    points = {
        cell.metadata.nbgrader.grade_id: float(cell.metadata.nbgrader.points)
        for cell in released.cells
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.metadata.nbgrader.points
    }
    course = CourseDirectory(config=config)
    results = LabResults(lab, lab_title(lab), points, [])
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            handed_in = {each.student.id: each for each in gradebook.assignment_submissions(lab)}
        except MissingEntry:
            return results
        if not handed_in:
            return results
        for student in sorted(handed_in.keys() | {each.student for each in submissions(classroom, lab)}):
            if student in handed_in:
                path = Path(course.format_path(course.autograded_directory, student, lab)) / f"{lab}.ipynb"
                results.rows.append(_row(student, handed_in[student], points, path))
            else:
                absent = {name: Result(0.0, most, "missing", NOTHING) for name, most in points.items()}
                results.rows.append(Row(student, 0.0, results.max_score, absent, [NOTHING]))
    return results


def _row(student, submission, points, path):
    notebook = nbformat.read(path, as_version=4) if path.exists() else None
    cells = cells_with_tests(notebook) if notebook else {}
    grades = {grade.name: grade for each in submission.notebooks for grade in each.grades}
    results = {}
    for name, most in points.items():
        score = float(grades[name].score) if name in grades else 0.0
        if name in cells:
            try:
                verdict = verdicts.read(cells[name])
            except ValueError as problem:
                verdict = verdicts.zero(name, most, f"{problem}.")
            results[name] = Result(
                score, most, verdict.status, verdict.message, verdict.diagnosis, findings(notebook, name)
            )
        else:
            results[name] = Result(score, most, "missing", "" if score else "waits to be graded by hand.")
    notes = findings(notebook, "") if notebook else []
    return Row(student, float(submission.score), float(submission.max_score), results, notes)


def table(header, rows):
    """Return CSV text; a cell that a spreadsheet would take for a formula is made plain text by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return text.getvalue()


def csv_cell(value):
    """Return a CSV cell that no spreadsheet runs."""
    if isinstance(value, float):
        return f"{value:.10g}"
    value = " ".join(str(value).split())
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value


def page(labs, classroom, unsealed_count=0):
    """Return the instructor's page as HTML that needs nothing else."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["inline"] = inline
    environment.filters["points"] = lambda number: f"{round(float(number), 2):g}"
    return environment.get_template("report.html.j2").render(
        labs=[_view(lab) for lab in labs],
        framework=classroom.framework,
        unsealed=unsealed_count,
        outcomes=OUTCOMES,
        look={key: {"words": words, "colour": colour, "sign": sign} for key, words, colour, sign in OUTCOMES},
    )


def _view(lab):
    """Prepare what the page shows of one lab."""
    percents = [row.percent for row in lab.rows]
    bins = Counter(min(int(percent // 10), 9) for percent in percents)
    exercises = [_exercise(lab, name) for name in lab.points]
    return {
        "name": lab.name,
        "title": lab.title,
        "rows": lab.rows,
        "points": lab.points,
        "max_score": lab.max_score,
        "titles": {name: title(name) for name in lab.points},
        "median": median(percents),
        "mean": sum(percents) / len(percents),
        "complete": sum(percent >= 100 - 1e-9 for percent in percents),
        "bins": [bins[each] for each in range(10)],
        "most": max(bins.values()),
        "exercises": exercises,
        "worst": max((reason["count"] for each in exercises for reason in each["reasons"]), default=1),
        "noted": [(row.student, row.all_notes) for row in lab.rows if row.all_notes],
    }


def _exercise(lab, name):
    """Prepare one exercise: how many reached what, and the most frequent mistakes."""
    results = [row.results[name] for row in lab.rows if name in row.results]
    reached = Counter(each.outcome for each in results)
    hints = recorded_tests()[name][1].get("hints", {}) if name in recorded_tests() else {}
    wrong = Counter(_why(each) for each in results if each.outcome in ("partial", "failed"))
    ordered = sorted(wrong, key=lambda reason: (-wrong[reason], reason not in hints, reason))
    reasons = [
        {"name": reason.replace("_", " "), "hint": hints.get(reason, ""), "count": wrong[reason]}
        for reason in ordered[:SHOWN]
    ]
    return {
        "name": name,
        "title": title(name),
        "points": lab.points[name],
        "count": len(results),
        "reached": reached,
        "share": 100 * reached["passed"] / len(results) if results else 0,
        "reasons": reasons,
        "others": sum(wrong.values()) - sum(each["count"] for each in reasons),
    }


def _why(result):
    return result.diagnosis or LOOK.get(result.status, ("", "", "other"))[2].replace(
        "not yet right", "another wrong result"
    )


def _replace(path, text):
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
