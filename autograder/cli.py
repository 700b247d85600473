"""``autograder VERB``: one module a verb; this file only dispatches."""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

from autograder.errors import CourseError

VERBS = {
    "build": "build the labs: student notebooks, nbgrader sources, solved copies, recorded cases",
    "release": "write the bundle that students get",
    "sample": "make a sample class from the known right and wrong answers",
    "grade": "grade a class; write gradebook, reports and feedback",
    "doctor": "say what this machine can isolate",
}


def main(arguments=None):
    """Run one verb and return its exit code; a ``CourseError`` becomes one message and exit code 2."""
    # nbgrader calls programs of its own environment, such as alembic, by name.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    parser = argparse.ArgumentParser(prog="autograder", description="Author, release and grade the labs.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, summary in VERBS.items():
        verbs.add_parser(verb, help=summary, add_help=False)
    chosen, rest = parser.parse_known_args(arguments)
    module = import_module(f"autograder.commands.{chosen.verb}")
    verb = argparse.ArgumentParser(prog=f"autograder {chosen.verb}", description=VERBS[chosen.verb])
    verb.add_argument(
        "--classroom", metavar="DIR", default="classroom", help="folder where the course runs (default: classroom)"
    )
    module.add_arguments(verb)
    try:
        return module.run(verb.parse_args(rest))
    except CourseError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("autograder: interrupted; run the same command again to go on.", file=sys.stderr)
        return 130
