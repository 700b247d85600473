"""How names and commands are written for people."""

import shlex
from collections.abc import Iterable
from pathlib import Path

CLASSROOM = "classroom"  # where `--classroom` does not say otherwise
MOST = 10  # names in a line


def some(names: Iterable[object], most: int = MOST) -> str:
    """Return the first of some names, and how many more there are."""
    texts = [str(name) for name in names]
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return f"{', '.join(texts[:most])}{more}"


def command(root: Path, words: str) -> str:
    """Return a command of ``autograder`` as it is typed for a classroom, wherever that is.

    Args:
        root: the classroom's folder. words: what follows ``autograder``.
    """
    where = "" if root.resolve() == Path(CLASSROOM).resolve() else f" --classroom {shlex.quote(str(root))}"
    return f"autograder {words}{where}"
