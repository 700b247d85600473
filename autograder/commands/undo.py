"""``autograder undo``: take back the last command that changed scores: grade, merge, or build of a mended lab."""

import argparse

from rich.console import Console

from autograder.classroom import Classroom
from autograder.commands._asking import confirmed
from autograder.commands.grade import add_yes, print_line
from autograder.errors import CourseError
from autograder.gradebook_cells import by_hand, enter_by_hand
from autograder.grading import report
from autograder.lock import alone
from autograder.settings import load_config
from autograder.undo import Undo
from autograder.words import command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    add_yes(parser, "do not ask")


def run(args: argparse.Namespace) -> int:
    """Put gradebook, graded notebooks, feedback and labs back as they were; what people gave since then stays."""
    classroom, console = Classroom(args.classroom), Console()
    config = load_config(classroom)
    with alone(classroom, "autograder undo"):
        undo = Undo(classroom, config)
        undo.settle()
        about = undo.about
        if about:
            ended = ", which was ended half way" if about.get("half") else ""
            print_line(console, f"This takes back {about['command']!r} of {about['since']}{ended}.")
            if not args.yes and not confirmed(console, "Take it back?"):
                again = command(classroom.root, "undo --yes")
                raise CourseError(f"nothing was changed. To take it back without a question: {again}")
        given = by_hand(config) if about else {}
        undo.restore()
        lost = enter_by_hand(config, given)
        for student, lab, name, _ in lost:
            print_line(console, f"{student}/{lab}: what was given by hand for {name} has no place any more.")
        results = report.write(classroom, config)
    print_line(console, taken_back(classroom, about["command"], undo.about.get("command", "")))
    for each in results:
        if each.outdated:
            print_line(console, f"{each.name}: {each.outdated_in_words}")
    return 1 if lost else 0


def taken_back(classroom: Classroom, done: str, earlier: str) -> str:
    """Return what is as it was, what is not, and whether more can be taken back.

    Args:
        done: the command that was taken back. earlier: the command that can be taken back next, or "".
    """
    then = f"The next `{command(classroom.root, 'grade')}` grades again what has changed since."
    what = "Gradebook, graded notebooks and feedback are as they were before it; the labs were left alone."
    if done == "autograder build":
        what = "Gradebook and labs of this classroom are as they were before it."
        then = (
            "The course's own files (solutions, exercises, labs) were left alone: put the old ones back and build, or "
            f"the next `{command(classroom.root, 'build')}` changes the labs again."
        )
    again = command(classroom.root, "undo")
    more = f"`{again}` takes back {earlier!r} next." if earlier else "Nothing more can be taken back."
    return f"{what} The reports were written again. {then} {more}"
