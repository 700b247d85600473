"""``autograder merge``: record what the shards of a class hold, whatever their order."""

import argparse
import time

from rich.console import Console

from autograder.classroom import Classroom
from autograder.commands._paths import existing_folder
from autograder.commands.grade import (
    add_jobs,
    add_missing_is_zero,
    add_yes,
    all_handed_in,
    chosen_labs,
    configured,
    graded,
    name_misnamed,
    print_line,
    print_summary,
    warn_of_trust,
)
from autograder.grading import report
from autograder.grading.log import logging_into
from autograder.grading.shards import MergeGrading, Shard, find_shards, missing, require_origin
from autograder.grading.submissions import printable
from autograder.lock import alone
from autograder.words import command, some


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "folders",
        nargs="*",
        metavar="FOLDER",
        type=existing_folder,
        help="a shard that `autograder grade --shard` wrote, or a folder of shards (default: DIR/shards)",
    )
    add_yes(parser, "write lower scores, too, without asking")
    add_missing_is_zero(parser)
    add_jobs(parser, "processes that check results and write feedback")
    parser.add_argument("--unsafe", action="store_true", help="take shards that were graded without a sandbox")


def run(args: argparse.Namespace) -> int:
    """Record all shards and print a table; exit code 0 when every submission got a result."""
    classroom = Classroom(args.classroom)
    found = find_shards(classroom.root, args.folders or [classroom.shards])
    shards = {shard: folder for shard, (folder, _) in found.items()}
    about = next(iter(found.values()))[1]
    labs = chosen_labs(classroom, about["labs"])
    handed_in = list(all_handed_in(classroom, labs))
    config = configured(classroom, args)
    console = Console()
    started = time.monotonic()
    with alone(classroom, "autograder merge"), logging_into(classroom.reports / "grade.log"):
        grading = MergeGrading(classroom, config, jobs=args.jobs)
        if args.unsafe:  # what a sandbox lacked, where they were graded
            grading.engine = printable(about["origin"].get("engine", ""))
        warn_of_trust(console, classroom, grading)
        require_origin(classroom, grading.engine, found)
        grading.begin(shards)
        absent = missing(shards, next(iter(shards)).of, handed_in)
        there = [submission for submission in handed_in if Shard.of_submission(submission, grading.of) in shards]
        unusable = grading.unusable(there)
        sound = [submission for submission in there if submission not in unusable]
        tally = graded(console, classroom, grading, sound, args.yes)
        results = [lab for lab in report.write(classroom, config) if lab.name in labs]
    print_summary(console, results, tally, classroom, time.monotonic() - started)
    for shard, submissions in absent.items():
        count = f"{len(submissions)} submission{'s' * (len(submissions) != 1)}"
        print_line(console, f"Shard {shard} is missing, and with it {count}: {some(submissions)}.")
    for submission, reason in unusable.items():
        shard = Shard.of_submission(submission, grading.of)
        again = command(classroom.root, f"grade --shard {shard}")
        print_line(console, f"{submission}: not recorded: {reason}. Grade its shard again: {again}")
    unknown = name_misnamed(console, classroom)
    complete = not absent and not unusable and not unknown and not tally.counts["failed"] and not tally.counts["kept"]
    return 0 if complete else 1
