"""``autograder build``: build the labs: student notebooks, nbgrader sources, solved copies, recorded cases."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from autograder.authoring.build import build_lab, load_labs, publish
from autograder.classroom import ENGINES, FRAMEWORKS, Classroom
from autograder.settings import PROJECT, Course, load_config


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "--framework",
        choices=FRAMEWORKS,
        default=None,
        help="teach PyTorch, TensorFlow or both (default); fixed when the classroom is made",
    )
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default=None,
        help="how the classroom is graded: sealed (default), or plain, with tests in the student's process",
    )
    parser.add_argument(
        "--labs",
        metavar="DIR",
        default=PROJECT / "labs",
        type=Path,
        help="folder for the student notebooks of a classroom for both frameworks (default: labs)",
    )


def run(args: Namespace) -> int:
    """Build every lab in ``solutions/`` into a classroom, and into ``labs/`` where it teaches both frameworks."""
    classroom = Classroom(args.classroom).create(args.framework, args.engine)
    config = load_config(classroom)
    course = Course(config=config)
    if not course.student_repository:
        print(
            "build: student_repository is not set (nbgrader_config.py), so the labs carry no Colab badge and no "
            "bootstrap address."
        )
    labs = load_labs(PROJECT / "solutions")
    for lab in labs:
        build_lab(lab, classroom, config, course)
        kept = lab.kept_tests(classroom.framework)
        points = sum(lab.points()[name] for name in kept)
        worth = f"{points:g} points" if points else "not graded"
        print(f"build: {lab.name}: {len(kept)} exercise{'s' * (len(kept) != 1)}, {worth}")
    if classroom.framework == "both":
        publish(labs, classroom, args.labs)
    print(f"build: {len(labs)} lab{'s' * (len(labs) != 1)} in {classroom.root}")
    return 0
