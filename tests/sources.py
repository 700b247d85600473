"""The labs that there are: tests that are to hold for each of them take their names from here."""

import os
import re

from autograder.settings import PROJECT

SOURCES = sorted((PROJECT / "solutions").glob("*.py"))
NUMBERED = tuple(path.stem for path in SOURCES if path.stem.startswith("lab") and path.stem != "lab0_welcome")
ALL = os.environ.get("LABS") == "all"  # as `make test-labs` says
GRADED = (*NUMBERED, *(path.stem for path in SOURCES if path.stem.startswith("quiz")))


def sample(every, *few):
    """Return what a test tries that runs whole notebooks or builds: a few here, and all of them in ``make test-labs``.

    Raises:
        AssertionError: one of the few is not among all.
    """
    assert {*few} <= {*every}, few
    return tuple(every) if ALL else few


def starred(text):
    """Return the words between asterisks of a text, code apart: a card knows no mark but the backtick."""
    return re.findall(r"(?<![\w*])\*\w[^*\n]*\*(?![\w*])", re.sub("`[^`]*`", "", text))
