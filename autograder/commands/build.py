"""``autograder build``: build the labs: student notebooks, nbgrader sources, solved copies, recorded cases."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from rich.console import Console
from traitlets.config import Config

from autograder.authoring.build import build_lab, load_labs, publish
from autograder.authoring.source import Lab
from autograder.classroom import ENGINES, FRAMEWORKS, Classroom
from autograder.commands._mending import mended, mendings, require_consent
from autograder.commands._paths import new_folder
from autograder.commands.grade import add_yes
from autograder.grading import report
from autograder.lock import alone
from autograder.settings import PROJECT, Course, load_config
from autograder.undo import Undo
from autograder.words import command


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
    add_yes(parser, "change labs that students handed in without asking")
    parser.add_argument(
        "--no-excuse",
        action="store_true",
        help="let new exercises count for students, too, who were never handed them",
    )
    parser.add_argument(
        "--labs",
        metavar="DIR",
        default=PROJECT / "labs",
        type=new_folder,
        help="folder for the student notebooks of a classroom for both frameworks (default: labs)",
    )


def run(args: Namespace) -> int:
    """Build every lab in ``solutions/`` into a classroom, and into ``labs/`` where it teaches both frameworks."""
    args.classroom.mkdir(parents=True, exist_ok=True)
    with alone(Classroom(args.classroom), "autograder build"):
        return build(Classroom(args.classroom).create(args.framework, args.engine), args)


def build(classroom: Classroom, args: Namespace) -> int:
    """Build into a classroom that no other command changes."""
    config = load_config(classroom)
    course = Course(config=config)
    if not course.student_repository:
        print(
            "build: student_repository is not set (nbgrader_config.py), so the labs carry no Colab badge and no "
            "bootstrap address."
        )
    labs = load_labs(PROJECT / "solutions")
    found = mendings(labs, classroom, config, course, not args.no_excuse)
    if not found:
        return build_all(labs, classroom, config, course, args.labs)
    undo = Undo(classroom, config)
    require_consent(Console(), found, undo, args.yes)
    try:
        with mended(found, labs, classroom, config, undo):
            code = build_all(labs, classroom, config, course, args.labs)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("nothing in the classroom was changed.") from None
    if (classroom.reports / "grades.csv").exists():  # else scores of the lab as it was would stand there
        report.write(classroom, config)
    again = command(classroom.root, "undo")
    print(f"build: to take this back, before anything is graded, since one command alone is taken back: {again}")
    return code


def build_all(labs: list[Lab], classroom: Classroom, config: Config, course: Course, folder: Path) -> int:
    """Build each lab.

    Args:
        folder: for the student notebooks.
    """
    for lab in labs:
        build_lab(lab, classroom, config, course)
        kept = lab.kept_tests(classroom.framework)
        points = sum(lab.points()[name] for name in kept)
        worth = f"{points:g} points" if points else "not graded"
        print(f"build: {lab.name}: {len(kept)} exercise{'s' * (len(kept) != 1)}, {worth}")
    if classroom.framework == "both":
        publish(labs, classroom, folder)
    print(f"build: {len(labs)} lab{'s' * (len(labs) != 1)} in {classroom.root}")
    return 0
