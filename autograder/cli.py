"""``autograder VERB``: finds the verbs in ``autograder/commands`` and runs one."""

import argparse
import ast
import errno
import os
import select
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from autograder import database
from autograder.commands._paths import no_file
from autograder.errors import FULL, CourseError, in_words
from autograder.words import CLASSROOM, repeat

COMMANDS = Path(__file__).parent / "commands"
# What a person can mend: a disk that is full or may not be written, a file in the place of a folder.
FILE_PROBLEMS = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EEXIST,
    errno.ENOTDIR,
    errno.EISDIR,
}
UNREAD = "autograder: stopped, since nobody reads its output any more; run the same command again to go on."
INTERRUPTED = "autograder: interrupted; run the same command again to go on."


def verbs() -> dict[str, str]:
    """Return what each verb does: what its module's first line says after the colon, without importing any."""
    summaries = {}
    for path in sorted(COMMANDS.glob("[!_]*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        summaries[path.stem] = docstring.splitlines()[0].partition(": ")[2].rstrip(".")
    return summaries


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code; a ``CourseError`` becomes one message and exit code 2."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        if not nobody_reads():
            raise
        print(UNREAD, file=sys.stderr)
        return 141  # as of a program that SIGPIPE ended
    except KeyboardInterrupt as stop:  # while anything is imported, too
        print(f"autograder: interrupted; {stop}" if stop.args else INTERRUPTED, file=sys.stderr)
        return 130


def nobody_reads() -> bool:
    """Return whether the program that read the output, such as `head`, has ended; from then on it goes nowhere."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)
    if not any(event & select.POLLERR for _, event in output.poll(0)):
        return False
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def _run(arguments: Sequence[str] | None) -> int:
    # nbgrader calls programs of its own environment, such as alembic, by name.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    summaries = verbs()
    parser = argparse.ArgumentParser(prog="autograder", description="Author, release and grade the labs.")
    subparsers = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, summary in summaries.items():
        subparsers.add_parser(verb, help=summary, add_help=False)
    chosen, rest = parser.parse_known_args(arguments)
    # jsonschema imports this where it is installed, which takes a second; no schema here has such addresses.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    if chosen.verb == "grade" and arguments is None:  # as a program: what is imported next takes a while
        import_module("autograder.sandbox.early").begin(rest)
    command = import_module(f"autograder.commands.{chosen.verb}")
    parser = argparse.ArgumentParser(
        prog=f"autograder {chosen.verb}",
        description=summaries[chosen.verb],
        allow_abbrev=False,  # `--un` shall not grade without a sandbox
    )
    parser.add_argument(
        "--classroom",
        metavar="DIR",
        type=no_file,
        default=CLASSROOM,
        help="folder where the course runs (default: %(default)s)",
    )
    parser.add_argument(
        "--db",
        metavar="ADDRESS",
        help="gradebook on a server, such as postgresql://USER@HOST/DATABASE (default: a file in the classroom)",
    )
    command.add_arguments(parser)
    classroom = CLASSROOM
    try:
        args = parser.parse_args(rest)  # a path that cannot be meant stops here
        classroom = args.classroom
        repeat("--db", database.address(args.db) if args.db else "")
        if chosen.verb != "undo":
            take_back(Path(classroom))
        return command.run(args)
    except CourseError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        problem = database.problem(error) or file_problem(error, classroom)
        if problem is None:
            raise
        print(f"autograder: {problem}", file=sys.stderr)
        return 2


def take_back(classroom: Path) -> None:
    """Take back what a killed command left half done in a classroom, before any verb looks at it."""
    if (classroom / "undo").exists() or (classroom / ".undo.before").exists():  # else nbgrader need not be imported
        from autograder import undo
        from autograder.classroom import Classroom

        if told := undo.recover(Classroom(classroom)):
            print(f"autograder: {told}")


def file_problem(error: Exception, folder: str) -> str | None:
    """Return what is wrong with a file or folder where an error says so and a person can mend it, else None.

    Args:
        folder: where files were written, for an error that names none.
    """
    if not isinstance(error, OSError) or error.errno not in FILE_PROBLEMS:
        return None
    if not error.filename and error.errno not in FULL:
        return None
    return f"{in_words(error, folder)}."
