"""``autograder sample``: make a sample class from the known right and wrong answers."""

from argparse import ArgumentParser, Namespace

from autograder.authoring.sample_class import write_sample_class
from autograder.classroom import Classroom


def add_arguments(parser: ArgumentParser) -> None:
    """The verb has no options of its own."""


def run(args: Namespace) -> int:
    """Write the sample class into ``DIR/submitted``, replacing an earlier sample class and never real submissions."""
    classroom = Classroom(args.classroom)
    students = write_sample_class(classroom)
    print(f"sample: {students} students in {classroom.submitted}")
    return 0
