"""``autograder sample``: make a sample class from the known right and wrong answers."""

from argparse import ArgumentParser, Namespace

from autograder.authoring.sample_class import write_sample_class
from autograder.classroom import Classroom
from autograder.lock import alone


def add_arguments(parser: ArgumentParser) -> None:
    """The verb has no options of its own."""


def run(args: Namespace) -> int:
    """Write the sample class into ``DIR/submitted``, replacing an earlier sample class and never real submissions."""
    classroom = Classroom(args.classroom)
    with alone(classroom, "autograder sample"):
        students = write_sample_class(classroom)
    print(f"sample: {students} student{'s' * (students != 1)} in {classroom.submitted}")
    return 0
