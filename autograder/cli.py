"""``autograder VERB``: finds the verbs in ``autograder/commands`` and runs one."""

import argparse
import ast
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from autograder import database
from autograder.errors import CourseError

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


def verbs() -> dict[str, str]:
    """Return what each verb does: what its module's first line says after the colon, without importing any."""
    summaries = {}
    for path in sorted(COMMANDS.glob("[!_]*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        summaries[path.stem] = docstring.splitlines()[0].partition(": ")[2].rstrip(".")
    return summaries


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code; a ``CourseError`` becomes one message and exit code 2."""
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
        "--classroom", metavar="DIR", default="classroom", help="folder where the course runs (default: classroom)"
    )
    parser.add_argument(
        "--db",
        metavar="ADDRESS",
        help="gradebook on a server, such as postgresql://USER@HOST/DATABASE (default: a file in the classroom)",
    )
    command.add_arguments(parser)
    args = parser.parse_args(rest)
    try:
        if args.db:
            database.address(args.db)
        return command.run(args)
    except CourseError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("autograder: interrupted; run the same command again to go on.", file=sys.stderr)
        return 130
    except Exception as error:
        problem = database.problem(error) or file_problem(error)
        if problem is None:
            raise
        print(f"autograder: {problem}", file=sys.stderr)
        return 2


def file_problem(error: Exception) -> str | None:
    """Return what is wrong with a file or folder where an error says so and a person can mend it, else None."""
    if not isinstance(error, OSError) or error.errno not in FILE_PROBLEMS or not error.filename:
        return None
    return f"{os.fsdecode(error.filename)}: {os.strerror(error.errno)}."
