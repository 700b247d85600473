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


_repeated: dict[str, str] = {}  # options of this run, by name, without which its commands would act elsewhere


def repeat(option: str, value: str) -> None:
    """Let commands that are told from now on have an option; with an empty value they no longer have it."""
    _repeated.pop(option, None)
    if value:
        _repeated[option] = value


def command(root: Path, words: str) -> str:
    """Return a command of ``autograder`` as it is typed for a classroom and its gradebook, wherever these are.

    Args:
        root: the classroom's folder. words: what follows ``autograder``.
    """
    where = {} if root.resolve() == Path(CLASSROOM).resolve() else {"--classroom": str(root)}
    options = "".join(f" {option} {shlex.quote(value)}" for option, value in {**where, **_repeated}.items())
    return f"autograder {words}{options}"
