"""``autograder release``: write the bundle that students get."""

from argparse import ArgumentParser, Namespace

from autograder.authoring.bundle import write_bundle
from autograder.classroom import Classroom
from autograder.commands._paths import new_folder


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the verb's arguments."""
    parser.add_argument(
        "dest", metavar="DEST", type=new_folder, help="folder for the bundle: new, empty, or an earlier bundle"
    )
    parser.add_argument(
        "--self-study", action="store_true", help="for people who learn alone: quizzes explain themselves, no points"
    )


def run(args: Namespace) -> int:
    """Write the bundle of a classroom into DEST and say where it is."""
    dest = write_bundle(Classroom(args.classroom), args.dest, args.self_study)
    if args.self_study:
        print(
            f"The self-study bundle is in {dest}. It gives away the keys of the quizzes: publish it at an address of "
            "its own, and never to a class that is graded."
        )
        return 0
    print(f"The student bundle is in {dest}. Publish that folder, and nothing else of this project, to your students.")
    return 0
