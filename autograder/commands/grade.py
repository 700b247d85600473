"""``autograder grade``: grade a class and print what came of it."""

import os
import sys
import time

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.grading import report
from autograder.grading.run import Grading, chosen_labs, quiet
from autograder.grading.submissions import printable, submissions
from autograder.settings import load_config


def add_arguments(parser):
    """Declare the options of the verb."""
    parser.add_argument("labs", nargs="*", metavar="LAB", help="labs to grade (default: all that were handed in)")
    parser.add_argument("--regrade", action="store_true", help="grade again what has not changed since it was graded")
    parser.add_argument(
        "--jobs",
        type=int,
        default=len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1,
        metavar="N",
        help="submissions that are graded at the same time (default: cores)",
    )
    parser.add_argument(
        "--unsafe", action="store_true", help="grade without a sandbox where the system forbids one; the report says so"
    )


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
    config.Execute.unsafe = args.unsafe
    console = Console()
    started = time.monotonic()
    with quiet(classroom.reports / "grade.log"):
        grading = Grading(classroom, config, args.regrade, max(args.jobs, 1))
        if "without a sandbox" in grading.engine:
            console.print(f"Engine: {grading.engine}. Scores rest on trust: see `autograder doctor`.", highlight=False)
        outcomes = list(shown(console, work, grading.outcomes))
        results = report.write(classroom, config)
    summary(console, results, outcomes, classroom, time.monotonic() - started)
    return 0 if all(outcome.word != "failed" for outcome in outcomes) else 1


def shown(console, work, outcomes):
    """Do the work with a progress bar and an estimate of the time left; where there is no terminal, a line each.

    Args:
        outcomes: function that grades a list of submissions and yields an outcome for each.
    """
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
        for number, outcome in enumerate(outcomes(work), 1):
            progress.update(task, advance=1, description=escape(str(outcome.submission)))
            if not console.is_terminal:
                said = f": {outcome.message}" if outcome.message else ""
                console.print(
                    f"[{number}/{len(work)}] {outcome.submission} {outcome.word} in {outcome.seconds:.1f} s{said}",
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
            note = row.all_notes[0] if row.all_notes else ""
            if outcome and outcome.word in ("unreadable", "failed"):
                note = f"{outcome.word}: {outcome.message}"
            elif len(row.all_notes) > 1:
                note += f" (and {len(row.all_notes) - 1} more)"
            table.add_row(
                *map(
                    escape,
                    (
                        printable(row.student),
                        lab.name,
                        f"{row.score:g}",
                        f"{row.max_score:g}",
                        f"{row.percent:.0f}%",
                        note,
                    ),
                )
            )
    console.print(table)
    count = {
        word: sum(each.word == word for each in outcomes) for word in ("graded", "unchanged", "unreadable", "failed")
    }
    said = ", ".join(f"{number} {word}" for word, number in count.items() if number)
    console.print(f"{len(outcomes)} submissions in {seconds:.0f} s: {said}.", highlight=False)
    for outcome in outcomes:
        for name, (before, after) in outcome.changed.items():
            console.print(
                f"{outcome.submission}: {name} changed from {before:g} to {after:g}.",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
        if outcome.word == "failed":
            console.print(
                f"{outcome.submission}: the grader failed and scored 0: {outcome.message}. Details: "
                f"{classroom.reports / 'grade.log'}",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
    console.print(f"Report: {classroom.reports / 'index.html'}", markup=False, highlight=False, soft_wrap=True)
