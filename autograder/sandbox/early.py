"""The start of a warm server before anything else is done: importing the frameworks takes longer than all the rest."""

import argparse
import contextlib
from collections.abc import Sequence
from pathlib import Path

from autograder.classroom import Classroom
from autograder.sandbox import host, resident
from autograder.words import CLASSROOM
from course_utils.recording import recorded_tests

OTHERWISE = ("--unsafe", "--scheduler", "--help", "-h")  # options with which no server is needed here


def begin(arguments: Sequence[str]) -> None:
    """Let the server start that a grading will most likely need; a wrong guess costs only its memory, until the end.

    Args:
        arguments: of ``autograder grade``.
    """
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--classroom", nargs="?", default=CLASSROOM, const=CLASSROOM)  # the verb's own says what lacks
    classroom = Classroom(parser.parse_known_args(arguments)[0].classroom)
    if any(argument.partition("=")[0] in OTHERWISE for argument in arguments) or classroom.engine != "sealed":
        return
    labs = {lab for lab, _ in recorded_tests().values()}
    chosen = labs & set(arguments) or {lab for lab in labs if _handed_in(classroom.submitted, lab)}
    taught = {"torch", "tensorflow"} if classroom.framework == "both" else {classroom.framework}
    with contextlib.suppress(OSError):
        for frameworks in {_frameworks(lab, taught) for lab in chosen}:
            host.begin(host.Need(frameworks, memory=0, stays=60 * resident.minutes(resident.MINUTES)))


def _handed_in(submitted: Path, lab: str) -> bool:
    return any(submitted.glob(f"*/{lab}/{lab}.ipynb"))


def _frameworks(lab: str, taught: set[str]) -> tuple[str, ...]:
    needed = {need for name, test in recorded_tests().values() if name == lab for need in test["needs"]}
    return tuple(sorted(needed & taught))
