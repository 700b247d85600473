"""``autograder grade``: grade every submission of a class; write gradebook, feedback and reports.

Each submission is graded on its own and gets a result whatever it is. What has not changed since is left alone.
"""

import copy
import json
import logging
import tempfile
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import rmtree
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from traitlets.config import Config

from . import report, verdicts
from .classroom import Classroom
from .errors import CourseError
from .feedback import write_feedback
from .findings import add_finding, test_cells
from .released import released_notebook
from .settings import load_config
from .submissions import (
    OneNotebook,
    Submissions,
    Unreadable,
    find_notebook,
    fingerprint,
    read_notebook,
    stage,
    submissions,
)

RECORD = ".graded.json"


@dataclass
class Outcome:
    """How the grading of one submission went.

    Args:
        word: "graded", "unchanged", "unreadable", or "failed" when the grader itself stumbled.
    """

    submission: object
    word: str
    message: str = ""
    seconds: float = 0.0


def add_arguments(parser):
    """Declare the options of the verb."""
    parser.add_argument("labs", nargs="*", metavar="LAB", help="labs to grade (default: all that were handed in)")
    parser.add_argument("--regrade", action="store_true", help="grade again what has not changed since it was graded")


def run(args):
    """Grade a class and print a table; exit code 0 when every submission got a result."""
    classroom = Classroom(args.classroom)
    labs = chosen_labs(classroom, args.labs)
    work = [each for lab in labs for each in submissions(classroom, lab) if each.folder.exists()]
    if not work:
        raise CourseError(
            f"{classroom.submitted}: nothing was handed in for {', '.join(labs)}. Submissions belong into "
            f"{classroom.submitted}/STUDENT/LAB/LAB.ipynb."
        )
    config = load_config(classroom)
    console = Console()
    started = time.monotonic()
    with quiet(classroom.reports / "grade.log"):
        outcomes = list(shown(console, work, lambda each: grade(classroom, config, each, args.regrade)))
        results = report.write(classroom, config)
    summary(console, results, outcomes, classroom, time.monotonic() - started)
    return 0 if all(outcome.word != "failed" for outcome in outcomes) else 1


def chosen_labs(classroom, names):
    """Return the labs to grade.

    Raises:
        CourseError: no lab was built, or one of that name was not.
    """
    built = classroom.labs()
    if not built:
        raise CourseError(
            f"{classroom.root}: no lab is built here. Run 'autograder build --classroom {classroom.root}'."
        )
    for name in names:
        if name not in built:
            raise CourseError(f"{classroom.root}: there is no lab {name!r} here; there is {', '.join(built)}.")
    return list(dict.fromkeys(names)) or built


def grade(classroom, config, submission, regrade=False):
    """Grade one submission, unless it was graded and has not changed; it always gets a result."""
    started = time.monotonic()
    record = classroom.autograded / submission.student / submission.lab / RECORD
    page = classroom.feedback / submission.student / submission.lab / f"{submission.lab}.html"
    mark = fingerprint(classroom, submission)
    if not regrade and page.exists() and _read_record(record).get("fingerprint") == mark:
        return Outcome(submission, "unchanged")
    record.unlink(missing_ok=True)
    word, message = "graded", ""
    try:
        _autograde(config, submission)
    except CourseError as problem:
        if not isinstance(problem, Unreadable):
            raise
        word, message = "unreadable", f"{problem}."
        record_failure(config, submission, f"{str(problem)[:1].upper()}{str(problem)[1:]}.")
    except Exception as error:
        logging.getLogger("traitlets").exception("%s: could not be graded", submission)
        word, message = "failed", f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
        record_failure(config, submission, "The grader could not read this submission; your instructor was told.")
    try:
        write_feedback(config, submission.student, submission.lab)
    except Exception as error:
        logging.getLogger("traitlets").exception("%s: no feedback could be written", submission)
        word, message = "failed", f"no feedback could be written: {type(error).__name__}"
    if word != "failed":
        _write_record(record, {"fingerprint": mark})
    return Outcome(submission, word, message, time.monotonic() - started)


class Grader(OneNotebook, Autograde):
    """nbgrader's Autograde for one staged submission; keeps the error that stopped it."""

    error = None

    def convert_single_notebook(self, notebook_filename):
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.error = error
            raise


def _autograde(config, submission):
    """Run nbgrader's autograding on one submission."""
    path, finding = find_notebook(submission)
    notebook = read_notebook(path, Submissions(config=config).notebook_limit)
    with tempfile.TemporaryDirectory(prefix="staged-") as folder:
        stage(submission, notebook, path, Path(folder))
        changed = copy.deepcopy(config)
        changed.merge(
            Config(
                {
                    "CourseDirectory": {"submitted_directory": folder},
                    "Repair": {"findings": [finding] if finding else []},
                }
            )
        )
        course = CourseDirectory(config=changed, assignment_id=submission.lab, student_id=submission.student)
        converter = Grader(coursedir=course, config=changed, force=True)
        try:
            converter.start()
        except Exception:
            if converter.error is not None:
                raise converter.error from None
            raise


def record_failure(config, submission, message):
    """Give a submission that cannot be run zero points, with the reason, in gradebook and autograded notebook."""
    notebook = released_notebook(config, submission.lab, submission.lab)
    add_finding(notebook, message)
    for grade_id, cell in test_cells(notebook).items():
        verdicts.put(cell, verdicts.zero(grade_id, cell.metadata.nbgrader.points, message))
    course = CourseDirectory(config=config)
    folder = Path(course.format_path(course.autograded_directory, submission.student, submission.lab))
    if folder.exists():
        rmtree(str(folder))
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{submission.lab}.ipynb")
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.update_or_create_student(submission.student)
        gradebook.update_or_create_submission(submission.lab, submission.student)
        for notebook in gradebook.find_submission(submission.lab, submission.student).notebooks:
            for each in notebook.grades:
                each.auto_score = 0
                each.needs_manual_grade = each.manual_score is not None
        gradebook.db.commit()


def _read_record(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write_record(path, record):
    part = path.with_suffix(".part")
    part.write_text(json.dumps(record) + "\n", encoding="utf-8")
    part.replace(path)


@contextmanager
def quiet(path):
    """Send what nbgrader and nbclient say into a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    loggers = [logging.getLogger(name) for name in ("traitlets", "alembic", "asyncio")]
    before = [(each, each.handlers[:], each.propagate, each.level) for each in loggers]
    for each in loggers:
        each.handlers, each.propagate = [handler], False
        each.setLevel(logging.INFO)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for each, handlers, propagate, level in before:
            each.handlers, each.propagate = handlers, propagate
            each.setLevel(level)
        handler.close()


def shown(console, work, step):
    """Do the work with a progress bar and an estimate of the time left; where there is no terminal, a line each."""
    columns = (
        TextColumn("Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(work))
        for number, submission in enumerate(work, 1):
            progress.update(task, description=escape(str(submission)))
            outcome = step(submission)
            progress.advance(task)
            if not console.is_terminal:
                said = f": {outcome.message}" if outcome.message else ""
                console.print(
                    f"[{number}/{len(work)}] {submission} {outcome.word} in {outcome.seconds:.1f} s{said}",
                    markup=False,
                    highlight=False,
                    soft_wrap=True,
                )
            yield outcome


def summary(console, results, outcomes, classroom, seconds):
    """Print points and findings of each submission, and where the reports lie."""
    words = {(each.submission.student, each.submission.lab): each for each in outcomes}
    table = Table(title=None)
    for name in ("student", "lab"):
        table.add_column(name, overflow="fold")
    for name in ("points", "of", "percent"):
        table.add_column(name, justify="right")
    table.add_column("note", overflow="fold")
    for lab in results:
        for row in lab.rows:
            outcome = words.get((row.student, lab.name))
            note = row.notes[0] if row.notes else ""
            if outcome and outcome.word in ("unreadable", "failed"):
                note = f"{outcome.word}: {outcome.message}"
            elif len(row.notes) > 1:
                note += f" (and {len(row.notes) - 1} more)"
            table.add_row(
                *map(
                    escape, (row.student, lab.name, f"{row.score:g}", f"{row.max_score:g}", f"{row.percent:.0f}%", note)
                )
            )
    console.print(table)
    count = {
        word: sum(each.word == word for each in outcomes) for word in ("graded", "unchanged", "unreadable", "failed")
    }
    said = ", ".join(f"{number} {word}" for word, number in count.items() if number)
    console.print(f"{len(outcomes)} submissions in {seconds:.0f} s: {said}.", highlight=False)
    for outcome in outcomes:
        if outcome.word == "failed":
            console.print(
                f"{outcome.submission}: the grader failed and scored 0: {outcome.message}. Details: "
                f"{classroom.reports / 'grade.log'}",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
    console.print(f"Report: {classroom.reports / 'index.html'}", markup=False, highlight=False, soft_wrap=True)
