"""``autograder doctor``: say what this machine can isolate, and what would mend what it cannot."""

import argparse
import platform
import shutil

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from autograder.classroom import Classroom
from autograder.commands.grade import print_line
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
        ended = sum(map(resident.stop, resident.places()))
        print(f"{ended} warm server{'s' * (ended != 1)} ended.")
        return 0
    classroom = Classroom(args.classroom)
    config = load_config(classroom)
    execute = Execute(config=config)
    title = f"Engine of {classroom.root.name}: {execute.engine_name}"
    table = Table(Column("what", overflow="fold"), Column("here", overflow="fold"), title=title)
    table.add_row("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}")
    for framework in ("torch", "tensorflow"):
        table.add_row(LABELS[framework], "installed" if installed(framework) else "missing")
    to_do: dict[str, str] = {}  # what would mend it, by what: below the table, so that commands stand in one piece
    packages = {line: problem(line) for line in Course(config=config).packages}
    for line, why in packages.items():
        table.add_row(escape(line), escape(why or "installed"))
        to_do[line] = f"pip install '{line}'" if why else ""
    alembic = shutil.which("alembic")
    table.add_row("alembic (nbgrader needs it)", "found" if alembic else "missing")
    to_do["alembic"] = "" if alembic else "run autograder from the environment's bin folder"
    isolations = execute.isolations()
    for result in isolations:
        table.add_row(escape(result.isolation), escape(result.answer))
        to_do[result.isolation] = result.help
    for words in resident.in_words():
        table.add_row("warm server", escape(words))
        to_do["warm server"] = f"`{command(classroom.root, 'doctor --stop')}` ends it"
    console = Console()
    console.print(table)
    for what, words in to_do.items():
        if words:
            print_line(console, f"{what}: {words}.")
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
