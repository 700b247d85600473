"""Which input a size belongs to that stands in an error's text."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

COUNTED = ("first", "second", "third", "fourth", "fifth")
KINDS = ("rows", "columns")
_SHAPE = re.compile(r"\((?:size )?([\d,x ]*\d[\d,x ]*(?:(?:and|is different from)[\dx ]+)?)\)|(?<!In)\[([\d, ]*)\]")


def sizes_in_words(text: str, arguments: dict[str, Any]) -> str:
    """Return where the sizes in an error's text come from, as a sentence, or nothing where no input has them.

    Args:
        arguments: those of the probe.
    """
    owners: dict[int, str] = {}
    for name, array in _named(arguments):
        for size, kind in zip(array.shape, KINDS if array.ndim > 1 else ("entries",)):
            owners.setdefault(size, f"how many {kind} {name} has")
    shapes = " ".join(filter(None, (group for found in _SHAPE.findall(text) for group in found)))
    sizes = dict.fromkeys(int(size) for size in re.findall(r"\d+", shapes) if int(size) in owners)
    return f"Here {', '.join(f'{size} is {owners[size]}' for size in sizes)}." if sizes else ""


def _named(arguments: dict[str, Any]) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arrays that a student's code gets, each with a name that a student knows it by."""
    if "x" in arguments:  # of a layer
        yield "`x`", np.asarray(arguments["x"])
    for name, value in (arguments.get("parameters") or {}).items():
        yield f"`{name}`", np.asarray(value)
    for place, value in zip(COUNTED, arguments.get("arguments", ())):
        entries = [(f"the {place} argument", value)]
        if isinstance(value, (list, tuple)):
            entries = [(f"entry {index} of the {place} argument", entry) for index, entry in enumerate(value)]
        yield from ((name, entry) for name, entry in entries if isinstance(entry, np.ndarray) and entry.ndim)
