"""The labs that there are: tests that are to hold for each of them take their names from here."""

from autograder.settings import PROJECT

SOURCES = sorted((PROJECT / "solutions").glob("*.py"))
NUMBERED = tuple(path.stem for path in SOURCES if path.stem.startswith("lab") and path.stem != "lab0_welcome")
GRADED = (*NUMBERED, *(path.stem for path in SOURCES if path.stem.startswith("quiz")))
