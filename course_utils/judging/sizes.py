"""Which input a size belongs to that stands in an error's text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..remarks import COUNTED

KINDS = ("rows", "columns")
_SHAPE = re.compile(r"\((?:size )?([\d,x ]*\d[\d,x ]*(?:(?:and|is different from)[\dx ]+)?)\)|(?<!In)\[([\d, ]*)\]")
_BETWEEN = "and|is different from"  # two shapes, or two sizes, in one pair of brackets


def sizes_in_words(text: str, arguments: dict[str, Any], line: str = "") -> str:
    """Return where the shapes in an error's text come from, as a sentence, or nothing where no input has them.

    A shape is told as a whole where an input has it. Else each of its sizes is told, with the first two inputs that
    have it: one alone may have it by chance.

    Args:
        arguments: those of the probe.
        line: of the student's code that failed. A parameter that does not stand in it has its size by chance.
    """
    arrays = list(_named(arguments, line))
    facts = [
        fact for found in _SHAPE.finditer(text) for part in re.split(_BETWEEN, found[0]) for fact in _told(part, arrays)
    ]
    return f"Here {', '.join(dict.fromkeys(facts))}." if facts else ""


def misfit_in_words(remark: object, arguments: dict[str, Any]) -> str:
    """Return where the sizes come from that a parameter has and should not, as a sentence; see ``sizes_in_words``.

    Args:
        remark: "parameter_shape", with "shape" and "expected"; others have nothing to tell.
    """
    if not isinstance(remark, dict) or remark.get("says") != "parameter_shape":
        return ""
    shape, expected = (remark.get(name) for name in ("shape", "expected"))
    if not isinstance(shape, list) or not isinstance(expected, list):
        return ""
    return other_sizes(shape, expected, arguments)


def other_sizes(shape: Sequence[Any], expected: Sequence[Any], arguments: dict[str, Any]) -> str:
    """Return which inputs have the sizes of a shape that should be others, as a sentence, or nothing.

    Args:
        shape, expected: of as many axes; else nothing can be told.
    """
    wrong = [size for size, right in zip(shape, expected) if size != right] if len(shape) == len(expected) else []
    return sizes_in_words(" ".join(f"({size})" for size in wrong), arguments)


def _told(part: str, arrays: list[tuple[str, np.ndarray]]) -> list[str]:
    """Return the facts about one shape, or about one size, which stands in round brackets without a comma."""
    shape = tuple(map(int, re.findall(r"\d+", part)))
    owners = [name for name, array in arrays if array.shape == shape]
    if owners and (len(shape) > 1 or re.search(r"[\[,]", part)):
        return [f"{shape} is the shape of {' and of '.join(owners)}"]
    facts = []
    for size in shape:
        counted = [
            f"how many {kind} {name} has"
            for name, array in arrays
            for count, kind in zip(array.shape, KINDS if array.ndim > 1 else ("entries",))
            if count == size
        ]
        facts += [f"{size} is {' and '.join(counted[:2])}"] if counted else []
    return facts


def _named(arguments: dict[str, Any], line: str) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arrays that a student's code gets, each with a name that a student knows it by."""
    if "x" in arguments:  # of a layer
        yield "`x`", np.asarray(arguments["x"])
    parameters = arguments.get("parameters", ())
    if isinstance(parameters, Mapping):
        yield from ((f"`{name}`", np.asarray(value)) for name, value in parameters.items() if not line or name in line)
    else:
        yield from ((f"entry {index} of `parameters`", np.asarray(value)) for index, value in enumerate(parameters))
    for place, value in zip(COUNTED, arguments.get("arguments", ())):
        entries = [(f"the {place} argument", value)]
        if isinstance(value, (list, tuple)):
            entries = [(f"entry {index} of the {place} argument", entry) for index, entry in enumerate(value)]
        yield from ((name, entry) for name, entry in entries if isinstance(entry, np.ndarray) and entry.ndim)
