"""``autograder grade``: grade a class and print its results."""

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.grading import report
from autograder.grading.log import logging_into
from autograder.grading.results import LabResults, Row
from autograder.grading.run import Grading, Outcome
from autograder.grading.shards import Shard, ShardGrading
from autograder.grading.submissions import Submission, misnamed, printable, submissions
from autograder.settings import load_config

WORDS = ("graded", "unchanged", "unreadable", "failed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("labs", nargs="*", metavar="LAB", help="labs to grade (default: all that were handed in)")
    parser.add_argument("--regrade", action="store_true", help="grade again what has not changed since it was graded")
    add_jobs(parser, "submissions that are graded at the same time")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--shard",
        type=parse_shard,
        metavar="I/N",
        help="grade only the I-th of N pieces of the class, into DIR/shards; `autograder merge` records them all",
    )
    where.add_argument(
        "--scheduler", metavar="ADDRESS", help="grade on the Dask cluster of this scheduler, such as tls://HOST:8786"
    )
    where.add_argument(
        "--workers", type=int, metavar="N", help="grade on a Dask cluster of N processes on this machine"
    )
    for name, what in (("ca-file", "certificate of the authority"), ("cert", "own certificate"), ("key", "own key")):
        parser.add_argument(f"--tls-{name}", metavar="FILE", help=f"{what}, for --scheduler (default: Dask's settings)")
    parser.add_argument(
        "--unsafe", action="store_true", help="grade without what the sandbox lacks here; every report names it"
    )


def add_jobs(parser: argparse.ArgumentParser, what: str) -> None:
    """Declare the option that says how many processes work at the same time.

    Args:
        what: they are counted.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    parser.add_argument("--jobs", type=int, default=cores, metavar="N", help=f"{what} (default: cores)")


def parse_shard(text: str) -> Shard:
    """Return the shard that an argument names.

    Raises:
        ArgumentTypeError: it names none.
    """
    try:
        return Shard.parse(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def run(args: argparse.Namespace) -> int:
    """Grade a class and print a table; exit code 0 when every folder of a student got a result."""
    classroom = Classroom(args.classroom)
    labs = chosen_labs(classroom, args.labs)
    handed_in = all_handed_in(classroom, labs)
    config = load_config(classroom)
    config.Execute.unsafe = args.unsafe
    console = Console()
    if args.shard:
        return grade_shard(console, classroom, config, labs, handed_in, args)
    started = time.monotonic()
    with logging_into(classroom.reports / "grade.log"), contextlib.ExitStack() as stack:
        grading = new_grading(console, classroom, config, labs, args, stack)
        warn_of_trust(console, grading)
        outcomes = list(with_progress(console, handed_in, grading.outcomes))
        results = report.write(classroom, config)
    print_summary(console, results, outcomes, classroom, time.monotonic() - started)
    unknown = name_misnamed(console, classroom)
    return 0 if not unknown and all(outcome.word != "failed" for outcome in outcomes) else 1


def new_grading(
    console: Console,
    classroom: Classroom,
    config: Config,
    labs: list[str],
    args: argparse.Namespace,
    stack: contextlib.ExitStack,
) -> Grading:
    """Return what grades the class: this machine, or a cluster that lives until the stack is closed."""
    settings = (classroom, config, args.regrade, max(args.jobs, 1))
    if not args.scheduler and not args.workers:
        return Grading(*settings)
    if find_spec("distributed") is None:
        raise CourseError("Dask is not installed here. Run: pip install 'deep-learning-labs[cluster]'")
    from autograder.grading import cluster

    grading = cluster.ClusterGrading(*settings)
    if args.workers:
        client = stack.enter_context(cluster.local(args.workers))
    else:
        files = (args.tls_ca_file, args.tls_cert, args.tls_key)
        client = stack.enter_context(cluster.scheduler(args.scheduler, *files, patience=cluster.PATIENCE))
    grading.begin(client, labs, lambda sentence: print_line(console, sentence), cluster.PATIENCE)
    return grading


def grade_shard(
    console: Console,
    classroom: Classroom,
    config: Config,
    labs: list[str],
    handed_in: list[Submission],
    args: argparse.Namespace,
) -> int:
    """Grade one piece of a class into a folder of its own; exit code 0 when every submission of it got a result."""
    started = time.monotonic()
    mine = [submission for submission in handed_in if Shard.of_submission(submission, args.shard.of) == args.shard]
    grading = ShardGrading(classroom, config, args.regrade, max(args.jobs, 1))
    warn_of_trust(console, grading)
    folder = grading.begin(args.shard, labs)
    log = folder / "grade.log"
    with logging_into(log):
        outcomes = list(with_progress(console, mine, grading.outcomes))
    print_outcomes(console, outcomes, log, time.monotonic() - started)
    print_line(console, f"Shard {args.shard}: {folder}. When all are there: autograder merge")
    return 0 if all(outcome.word != "failed" for outcome in outcomes) else 1


def all_handed_in(classroom: Classroom, labs: list[str]) -> list[Submission]:
    """Return what was handed in for some labs.

    Raises:
        CourseError: nothing was.
    """
    handed_in = [submission for lab in labs for submission in submissions(classroom, lab) if submission.folder.exists()]
    if not handed_in:
        raise CourseError(
            f"{classroom.submitted}: nothing was handed in for {', '.join(labs)}. Submissions belong into "
            f"{classroom.submitted}/STUDENT/LAB/LAB.ipynb."
        )
    return handed_in


def name_misnamed(console: Console, classroom: Classroom) -> bool:
    """Name the folders among the submissions that can be no student's; return whether there are any."""
    unknown = misnamed(classroom)
    for name in unknown:
        print_line(console, f"{classroom.submitted}/{name}: not graded, since this can be no student's id: rename it.")
    return bool(unknown)


def warn_of_trust(console: Console, grading: Grading) -> None:
    """Say before the first submission is graded where its score will rest on trust."""
    if grading.engine != report.SEALED:
        print_line(console, f"Engine: {grading.engine}. Scores rest on trust: see `autograder doctor`.")


def chosen_labs(classroom: Classroom, names: list[str]) -> list[str]:
    """Return the labs to grade; those that give no points are left out.

    Raises:
        CourseError: no lab was built, or one of that name was not or gives no points.
    """
    built, graded = classroom.labs(), classroom.graded_labs()
    if not built:
        raise CourseError(
            f"{classroom.root}: no lab is built here. Run 'autograder build --classroom {classroom.root}'."
        )
    for name in names:
        if name not in built:
            raise CourseError(f"{classroom.root}: there is no lab {name!r} here; there is {', '.join(built)}.")
        if name not in graded:
            raise CourseError(f"{classroom.root}: {name} gives no points, so there is nothing to grade in it.")
    if not graded:
        raise CourseError(f"{classroom.root}: no lab here gives points, so there is nothing to grade.")
    return list(dict.fromkeys(names)) or graded


def with_progress(
    console: Console,
    handed_in: list[Submission],
    grade: Callable[[list[Submission]], Iterable[Outcome]],
) -> Iterator[Outcome]:
    """Grade submissions with a progress bar and an estimate of the time left; where there is no terminal, a line each.

    Args:
        grade: function that grades a list of submissions and yields an outcome for each.
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
        task = progress.add_task("", total=len(handed_in))
        for number, outcome in enumerate(grade(handed_in), 1):
            progress.update(task, advance=1, description=escape(str(outcome.submission)))
            if not console.is_terminal:
                line = f"[{number}/{len(handed_in)}] {outcome.submission} {outcome.word} in {outcome.seconds:.1f} s"
                print_line(console, f"{line}: {outcome.message}" if outcome.message else line)
            yield outcome


def print_summary(
    console: Console, results: list[LabResults], outcomes: list[Outcome], classroom: Classroom, seconds: float
) -> None:
    """Print points and findings of each submission, and where the reports lie."""
    console.print(results_table(results, outcomes))
    engines = (report.engine(classroom, row.student, lab.name) for lab in results for row in lab.rows)
    if trust := report.on_trust(engines):
        print_line(console, f"Attention: {trust}")
    print_outcomes(console, outcomes, classroom.reports / "grade.log", seconds)
    print_line(console, f"Report: {classroom.reports / 'index.html'}")


def print_outcomes(console: Console, outcomes: list[Outcome], log: Path, seconds: float) -> None:
    """Print how many submissions came to what end, which points changed, and where the grader failed."""
    counts = [(sum(outcome.word == word for outcome in outcomes), word) for word in WORDS]
    words = ", ".join(f"{count} {word}" for count, word in counts if count)
    console.print(f"{len(outcomes)} submissions in {seconds:.0f} s: {words}.", highlight=False)
    for outcome in outcomes:
        for name, (before, after) in outcome.changed.items():
            print_line(console, f"{outcome.submission}: {name} changed from {before:g} to {after:g}.")
        if outcome.word == "failed":
            print_line(
                console,
                f"{outcome.submission}: the grader failed, and it is left open: {outcome.message}. Details: {log}",
            )


def results_table(results: list[LabResults], outcomes: list[Outcome]) -> Table:
    """Return a table of all submissions: their points, and the first thing that was found in each."""
    by_submission = {(outcome.submission.student, outcome.submission.lab): outcome for outcome in outcomes}
    table = Table(title=None)
    for name in ("student", "lab"):
        table.add_column(name, overflow="fold")
    for name in ("points", "of", "percent"):
        table.add_column(name, justify="right")
    table.add_column("note", overflow="fold")
    for lab in results:
        for row in lab.rows:
            remark = _remark(row, by_submission.get((row.student, lab.name)))
            score, percent = ("", "open") if row.open else (f"{row.score:g}", f"{row.percent:.0f}%")
            points = (score, f"{row.max_score:g}", percent)
            table.add_row(*map(escape, (printable(row.student), lab.name, *points, printable(remark))))
    return table


def _remark(row: Row, outcome: Outcome | None) -> str:
    if outcome and outcome.word in ("unreadable", "failed"):
        return f"{outcome.word}: {outcome.message}"
    findings = row.all_findings
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return f"{findings[0]}{more}" if findings else ""


def print_line(console: Console, text: str) -> None:
    """Print a line as it is, neither marked up nor wrapped, without what a terminal would obey."""
    console.print(printable(text), markup=False, highlight=False, soft_wrap=True)
