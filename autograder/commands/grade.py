"""``autograder grade``: grade a class and print its results."""

import argparse
import contextlib
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.commands._asking import AskBeforeFalls
from autograder.commands._paths import existing_file
from autograder.errors import CourseError
from autograder.grading import report, report_page
from autograder.grading.lab_results import LabResults
from autograder.grading.log import logging_into
from autograder.grading.outcome import Outcome
from autograder.grading.run import Grading
from autograder.grading.shards import Shard, ShardGrading
from autograder.grading.submissions import (
    HandedIn,
    Submission,
    linked_students,
    misnamed,
    printable,
    strays,
    students,
)
from autograder.lock import alone
from autograder.packages import require
from autograder.roster_file import roster_of
from autograder.settings import Course, load_config
from autograder.undo import Undo
from autograder.words import command, some

MOST_TOLD = 10  # submissions of a lab that need a person and are printed
WORDS = ("graded", "unchanged", "unreadable", "kept", "failed")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("labs", nargs="*", metavar="LAB", help="labs to grade (default: all that were handed in)")
    add_lab_and_student(parser, "grade")
    parser.add_argument("--regrade", action="store_true", help="grade again what has not changed since it was graded")
    add_yes(parser, "write lower scores, too, without asking")
    add_missing_is_zero(parser)
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
        "--workers", type=parse_count, metavar="N", help="grade on a Dask cluster of N processes on this machine"
    )
    for name, what in (("ca-file", "certificate of the authority"), ("cert", "own certificate"), ("key", "own key")):
        parser.add_argument(
            f"--tls-{name}",
            metavar="FILE",
            type=existing_file,
            help=f"{what}, for --scheduler (default: Dask's settings)",
        )
    parser.add_argument(
        "--unsafe", action="store_true", help="grade without what the sandbox lacks here; every report names it"
    )


def add_lab_and_student(parser: argparse.ArgumentParser, what: str) -> None:
    """Declare the options that choose labs and students.

    Args:
        what: is done with them.
    """
    for name in ("lab", "student"):
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar=name.upper(), help=f"{what} only this {name}; repeatable"
        )


def require_students(classroom: Classroom, names: list[str], known: Collection[str]) -> None:
    """Stop where a student who was asked for is not there.

    Raises:
        CourseError: it says who.
    """
    for name in names:
        if name not in known:
            raise CourseError(f"{classroom.root}: there is no student {name!r} here; the names are those of folders.")


def add_yes(parser: argparse.ArgumentParser, what: str) -> None:
    """Declare the option that answers a question beforehand."""
    parser.add_argument("--yes", action="store_true", help=what)


def add_missing_is_zero(parser: argparse.ArgumentParser) -> None:
    """Declare the option that turns what was not handed in into 0."""
    parser.add_argument(
        "--missing-is-zero",
        action="store_true",
        help="report 0 points for what was not handed in; otherwise it has none until the lab's due date is over",
    )


def configured(classroom: Classroom, args: argparse.Namespace) -> Config:
    """Return a classroom's configuration, with what the command says of what is missing."""
    config = load_config(classroom)
    if args.missing_is_zero:
        config.Lateness.missing_is_zero = True
    return config


def add_jobs(parser: argparse.ArgumentParser, what: str) -> None:
    """Declare the option that says how many processes work at the same time.

    Args:
        what: they are counted.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    parser.add_argument("--jobs", type=parse_count, default=cores, metavar="N", help=f"{what} (default: cores)")


def parse_count(text: str) -> int:
    """Return a number of processes.

    Raises:
        ArgumentTypeError: it is none, or zero, or less.
    """
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; there must be at least 1")
    return int(text)


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
    labs = chosen_labs(classroom, [*args.labs, *args.lab])
    handed_in = all_handed_in(classroom, labs, args.student)
    config = configured(classroom, args)
    config.Execute.unsafe = args.unsafe
    require(Course(config=config).packages)
    console = Console()
    if args.shard:
        return grade_shard(console, classroom, config, labs, handed_in, args)
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        stack.enter_context(alone(classroom, "autograder grade"))
        stack.enter_context(logging_into(classroom.reports / "grade.log"))
        grading = new_grading(console, classroom, config, labs, args, stack)
        warn_of_trust(console, classroom, grading)
        tally = graded(console, classroom, grading, handed_in, args.yes)
        results = [lab for lab in report.write(classroom, config) if lab.name in labs]
        for lab in results if args.student else ():
            lab.keep_remarks_of(args.student)
    print_summary(console, results, tally, classroom, time.monotonic() - started)
    print_lost(console, grading)
    unknown = name_misnamed(console, classroom)
    return 0 if not unknown and not tally.counts["failed"] and not tally.counts["kept"] else 1


def graded(
    console: Console, classroom: Classroom, grading: Grading, handed_in: HandedIn | list[Submission], yes: bool
) -> "Tally":
    """Grade submissions and record them; what is changed is kept for `autograder undo`, and no score falls unasked.

    Args:
        yes: whether scores may fall without a question.
    """
    grading.undo = Undo(classroom, grading.config)
    grading.confirm = ask = AskBeforeFalls(console, yes, classroom.reports / "falls.csv", grading.undo.can_keep)
    return Tally(with_progress(console, handed_in, grading.outcomes, ask))


def new_grading(
    console: Console,
    classroom: Classroom,
    config: Config,
    labs: list[str],
    args: argparse.Namespace,
    stack: contextlib.ExitStack,
) -> Grading:
    """Return what grades the class: this machine, or a cluster that lives until the stack is closed."""
    if not args.scheduler and (args.tls_ca_file or args.tls_cert or args.tls_key):
        raise CourseError("certificates are for a scheduler: name it with --scheduler tls://HOST:PORT.")
    settings = (classroom, config, args.regrade, args.jobs)
    if not args.scheduler and not args.workers:
        return Grading(*settings)
    if find_spec("distributed") is None:
        raise CourseError("Dask is not installed here. Run: pip install 'deep-learning-labs[cluster]'")
    from autograder.grading import cluster

    grading = cluster.ClusterGrading(*settings)
    if args.workers:
        client = stack.enter_context(cluster.local(args.workers))
    else:
        authority, cert, key = (path and str(path) for path in (args.tls_ca_file, args.tls_cert, args.tls_key))
        client = stack.enter_context(cluster.scheduler(args.scheduler, authority, cert, key, cluster.PATIENCE))
    grading.begin(client, labs, lambda sentence: print_line(console, sentence), cluster.PATIENCE)
    return grading


def grade_shard(
    console: Console,
    classroom: Classroom,
    config: Config,
    labs: list[str],
    handed_in: HandedIn,
    args: argparse.Namespace,
) -> int:
    """Grade one piece of a class into a folder of its own; exit code 0 when every submission of it got a result."""
    started = time.monotonic()
    mine = [submission for submission in handed_in if Shard.of_submission(submission, args.shard.of) == args.shard]
    grading = ShardGrading(classroom, config, args.regrade, args.jobs)
    warn_of_trust(console, classroom, grading)
    folder = grading.begin(args.shard, labs)
    log = folder / "grade.log"
    with logging_into(log):
        tally = Tally(with_progress(console, mine, grading.outcomes))
    print_outcomes(console, tally, log, time.monotonic() - started)
    print_line(console, f"Shard {args.shard}: {folder}. When all are there: {command(classroom.root, 'merge')}")
    return 1 if tally.counts["failed"] else 0


def all_handed_in(classroom: Classroom, labs: list[str], of: Collection[str] = ()) -> HandedIn:
    """Return what was handed in for some labs.

    Args:
        of: only these students; empty: everybody.

    Raises:
        CourseError: nothing was, or there is no such student.
    """
    require_students(classroom, list(of), students(classroom))
    handed_in = HandedIn(classroom, labs, of)
    if not handed_in and of:
        raise CourseError(f"{classroom.submitted}: nothing of {', '.join(of)} was handed in for {', '.join(labs)}.")
    if not handed_in:
        raise CourseError(
            f"{classroom.submitted}: nothing was handed in for {', '.join(labs)}. Submissions belong into "
            f"{classroom.submitted}/STUDENT/LAB/LAB.ipynb."
        )
    return handed_in


def name_misnamed(console: Console, classroom: Classroom) -> bool:
    """Name what lies among the submissions and cannot be graded as a student's; return whether there is any."""
    unknown = misnamed(classroom)
    for name in unknown:
        print_line(console, f"{classroom.submitted}/{name}: not graded, since this can be no student's id: rename it.")
    linked = linked_students(classroom)
    for name in linked:
        print_line(console, f"{classroom.submitted}/{name}: not graded, since it is a link: put the files there.")
    stray = list(strays(classroom))
    for student, name in stray[:MOST_TOLD]:
        print_line(console, f"{classroom.submitted}/{student}/{name}: not graded, since no lab here is called so.")
    if stray:
        print_line(
            console,
            f"{len(stray)} stray file{'s' * (len(stray) != 1)} or folder{'s' * (len(stray) != 1)} in students' "
            f"folders: move them into STUDENT/LAB, or into a FOLDER elsewhere and run "
            f"`{command(classroom.root, 'collect FOLDER')}`.",
        )
    roster = roster_of(classroom)
    strangers = [student for student in students(classroom) if student not in roster.people] if len(roster) else []
    if strangers:
        print_line(console, f"Not in the roster: {some(strangers)}.")
    return bool(unknown or linked or stray)


def warn_of_trust(console: Console, classroom: Classroom, grading: Grading) -> None:
    """Say before the first submission is graded where its score will rest on trust."""
    if grading.engine != report_page.SEALED:
        print_line(
            console,
            f"Engine: {grading.engine}. Scores rest on trust: see `{command(classroom.root, 'doctor')}`.",
        )


def chosen_labs(classroom: Classroom, names: list[str]) -> list[str]:
    """Return the labs to grade; those that give no points are left out.

    Raises:
        CourseError: no lab was built, or one of that name was not or gives no points.
    """
    built, graded = classroom.labs(), classroom.graded_labs()
    if not built:
        raise CourseError(f"{classroom.root}: no lab is built here. Run: {command(classroom.root, 'build')}")
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
    handed_in: HandedIn | list[Submission],
    grade: Callable[[HandedIn | list[Submission]], Iterable[Outcome]],
    ask: AskBeforeFalls | None = None,
) -> Iterator[Outcome]:
    """Grade submissions with a progress bar and an estimate of the time left; where there is no terminal, a line each.

    Args:
        grade: function that grades submissions and yields an outcome for each.
        ask: what may ask meanwhile.
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
        if ask is not None and not progress.disable:
            ask.progress = progress
        task = progress.add_task("", total=len(handed_in))
        for number, outcome in enumerate(grade(handed_in), 1):
            progress.update(task, advance=1, description=f"last: {escape(str(outcome.submission))}")
            if not console.is_terminal:
                line = f"[{number}/{len(handed_in)}] {outcome.submission} {outcome.word} in {outcome.seconds:.1f} s"
                print_line(console, f"{line}: {outcome.message}" if outcome.message else line)
            yield outcome


class Tally:
    """What became of submissions: how many came to what end, and those of which a person is to be told.

    Args:
        outcomes: counted as they come.

    Attributes:
        counts: by the word of an outcome. told: outcomes with points that changed, or without a graded notebook.
    """

    def __init__(self, outcomes: Iterable[Outcome]):
        self.counts: Counter[str] = Counter()
        self.told: list[Outcome] = []
        for outcome in outcomes:
            self.counts[outcome.word] += 1
            if outcome.changed or outcome.word in ("unreadable", "kept", "failed"):
                self.told.append(outcome)


def print_summary(
    console: Console, results: list[LabResults], tally: Tally, classroom: Classroom, seconds: float
) -> None:
    """Print how each lab went, the submissions that need a person, and where the reports lie."""
    if results:
        console.print(labs_table(results))
    for lab in results:
        print_remarks(console, lab, tally)
    if trust := report_page.on_trust(report_page.engines(results)):
        print_line(console, f"Attention: {trust}")
    print_outcomes(console, tally, classroom.reports / "grade.log", seconds)
    print_line(console, f"Report: {classroom.reports / 'index.html'}; scores: {classroom.reports / 'grades.csv'}")


def print_outcomes(console: Console, tally: Tally, log: Path, seconds: float) -> None:
    """Print how many submissions came to what end, which points changed, and where the grader failed."""
    words = ", ".join(f"{tally.counts[word]} {word}" for word in WORDS if tally.counts[word])
    count = tally.counts.total()
    what = f"{count} submission{'s' * (count != 1)}"
    console.print(f"{what} in {seconds:.0f} s{': ' * bool(words)}{words}.", highlight=False)
    for outcome in tally.told:
        for name, (before, after) in outcome.changed.items():
            print_line(console, f"{outcome.submission}: {name} changed from {before:g} to {after:g}.")
        if outcome.word == "failed":
            print_line(
                console,
                f"{outcome.submission}: the grader failed, and it is left open: {outcome.message}. Details: {log}",
            )


def print_lost(console: Console, grading: Grading) -> None:
    """Name submissions whose points were gone from the gradebook: what a person had entered there is gone too."""
    for submission in grading.before.lost[:MOST_TOLD]:
        print_line(console, f"{submission}: the gradebook no longer held its points, and it was graded again.")
    if grading.before.lost:
        print_line(
            console,
            f"{len(grading.before.lost)} graded again since the gradebook had lost or changed their points: points and "
            "comments given by hand are those that the gradebook holds now.",
        )


def labs_table(results: list[LabResults]) -> Table:
    """Return a table with a line for each lab: how many handed it in, and how they did."""
    table = Table(title=None)
    table.add_column("lab", overflow="fold")
    for name in ("handed\nin", "missing", "open", "mean", "full\nmarks", "remarks"):  # so that names fit in 80 columns
        table.add_column(name, justify="right")
    for lab in results:
        counts = (lab.students - lab.absent, lab.absent, lab.open)
        share = "" if lab.mean is None else f"{lab.mean:.0f}%"
        table.add_row(escape(lab.name), *map(str, counts), share, str(report_page.complete(lab)), str(lab.remarks))
    return table


def print_remarks(console: Console, lab: LabResults, tally: Tally) -> None:
    """Print the submissions of a lab that need a person, a line each; of many only the first."""
    for sentence in (lab.outdated_in_words, lab.gone_in_words):
        if sentence:
            print_line(console, f"{lab.name}: {sentence}")
    reasons = {
        outcome.submission.student: f"{outcome.word}: {outcome.message}"
        for outcome in tally.told
        if outcome.submission.lab == lab.name and outcome.word in ("unreadable", "kept", "failed")
    }
    first = sorted(lab.noted, key=lambda row: row.student not in reasons)[:MOST_TOLD]
    for row in first:
        score = "open" if row.open else f"{row.score:g} of {row.max_score:g}"
        print_line(console, f"{row.student}/{lab.name}, {score}: {reasons.get(row.student, row.remark)}")
    if lab.remarks > len(first):
        print_line(console, f"{lab.name}: {lab.remarks - len(first)} remarks more are in the report.")


def print_line(console: Console, text: str) -> None:
    """Print a line as it is, neither marked up nor wrapped, without what a terminal would obey."""
    console.print(printable(text), markup=False, highlight=False, soft_wrap=True)
