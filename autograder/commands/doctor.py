"""``autograder doctor``: say what this machine can isolate, and what would mend what it cannot."""

import argparse
import platform
import shutil

from rich.console import Console
from rich.table import Table

from autograder.classroom import Classroom
from autograder.grading.execute import Execute
from autograder.packages import problem
from autograder.sandbox import resident
from autograder.settings import Course, load_config
from autograder.words import command
from course_utils.frameworks import LABELS, installed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("--stop", action="store_true", help="end the warm servers that stay for the next grading")


def run(args: argparse.Namespace) -> int:
    """Print a table and return 0 when submissions can be sealed here, else 1."""
    if args.stop:
        print(f"{sum(map(resident.stop, resident.places()))} warm servers ended.")
        return 0
    classroom = Classroom(args.classroom)
    config = load_config(classroom)
    execute = Execute(config=config)
    title = f"Engine of {classroom.root.name}: {execute.engine_name}"
    table = Table("what", "here", "how to mend it", title=title)
    table.add_row("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}", "")
    for framework in ("torch", "tensorflow"):
        table.add_row(LABELS[framework], "installed" if installed(framework) else "missing", "")
    packages = {line: problem(line) for line in Course(config=config).packages}
    for line, why in packages.items():
        table.add_row(line, why or "installed", f"pip install '{line}'" if why else "")
    alembic = (
        ("found", "") if shutil.which("alembic") else ("missing", "run autograder from the environment's bin folder")
    )
    table.add_row("alembic (nbgrader needs it)", *alembic)
    isolations = execute.isolations()
    for result in isolations:
        table.add_row(result.isolation, result.answer, result.help)
    for words in resident.in_words():
        table.add_row("warm server", words, f"{command(classroom.root, 'doctor --stop')} ends it")
    Console().print(table)
    lacking = ", ".join(result.without for result in isolations if not result.sufficient)
    if execute.engine_name == "kernel":
        print(f"With this engine submissions are not sealed, and every report says what is missing: {lacking}.")
    elif lacking:
        print("Submissions cannot be sealed here. Mend the above, or grade with --unsafe: every report then says")
        print(f"what was missing: {lacking}.")
    elif execute.engine_name == "sealed":
        print("Submissions can be sealed here.")
    else:
        print("Submissions can be put into a sandbox here; their tests run in it too, so scores rest on trust.")
    if any(packages.values()):
        print("Packages that the course declares are missing here, so nothing is graded until they are installed.")
    return 1 if lacking or any(packages.values()) else 0
