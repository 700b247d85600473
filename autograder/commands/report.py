"""``autograder report``: write the reports again, for all or for some labs and students, and grade nothing."""

import argparse

from rich.console import Console

from autograder.classroom import Classroom
from autograder.commands.grade import (
    Tally,
    add_lab_and_student,
    add_missing_is_zero,
    chosen_labs,
    configured,
    labs_table,
    print_line,
    print_remarks,
    require_students,
)
from autograder.errors import CourseError
from autograder.gradebook import labs_with_submissions
from autograder.grading import report
from autograder.grading.look_alikes import OWN_LINES
from autograder.grading.submissions import students
from autograder.roster_file import roster_of
from autograder.words import command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    add_lab_and_student(parser, "report")
    add_missing_is_zero(parser)
    parser.add_argument(
        "--look-alikes",
        action="store_true",
        help="list pairs of hand-ins whose code is closer than the lab and its usual solutions explain",
    )


def run(args: argparse.Namespace) -> int:
    """Write the reports from what the gradebook holds, and print what a grading would print."""
    classroom = Classroom(args.classroom)
    labs = chosen_labs(classroom, args.lab)
    config = configured(classroom, args)
    require_students(classroom, args.student, {*students(classroom), *roster_of(classroom).people})
    if not labs_with_submissions(config):
        raise CourseError(f"{classroom.root}: nothing was graded yet. First run: {command(classroom.root, 'grade')}")
    results = report.write(classroom, config, labs if args.lab else (), args.student, args.look_alikes)
    console = Console()
    if results:
        console.print(labs_table(results))
    for lab in results:
        print_remarks(console, lab, Tally(()))
        for row in lab.rows if args.student else ():
            score = f"{row.score:g} of {row.max_score:g}" if row.scored else "open" if row.open else "not handed in"
            print_line(console, f"{row.student}/{lab.name}: {score}")
    if args.look_alikes:
        print_line(
            console,
            f"Look-alikes: compared were hand-ins with more than {OWN_LINES} lines of their own in "
            f"{', '.join(lab.name for lab in results)}. The report names the pairs, or says that there is none.",
        )
    print_line(console, f"Report: {report.folder_of(classroom, args.lab, args.student) / 'index.html'}")
    return 0
