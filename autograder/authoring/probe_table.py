"""The table of probes for authors, made from their docstrings: ``make docs`` writes it to docs/probes.md."""

import inspect
import re
from collections.abc import Callable
from typing import Any

from autograder.settings import PROJECT
from course_utils.probes import PROBES

PAGE = PROJECT / "docs" / "probes.md"
HEAD = """\
# What a probe can ask

A probe is the only code that touches what a student wrote, its `target`. A spelling names a probe and says what it is
asked with: `function("neuron", "x", "w", "b")` asks through `call`, `Spelling("l2_step", "regularised_step", ("w",
"gradient"))` through `regularised_step` with inputs of these names. A new probe is a function in
`course_utils/probes/labN_name.py`, marked `@probe`. This table is made from the probes' docstrings by `make docs`.

| probe | what it does | asked with |
| --- | --- | --- |
"""


def probe_page() -> str:
    """Return the text of docs/probes.md."""
    return HEAD + "".join(_row(name, function) for name, function in PROBES.items())


def _row(name: str, function: Callable[..., Any]) -> str:
    summary, _, arguments = (inspect.getdoc(function) or "").partition("\n\nArgs:\n")
    notes = dict(re.findall(r"^    ([\w, ]+): ((?:.|\n {8})+)", arguments, re.MULTILINE))
    named = {argument for group in notes for argument in group.split(", ")}
    lines = [_line(group.split(", "), text) for group, text in notes.items()]
    asked = list(inspect.signature(function).parameters)[1:]  # the first one is the student's object
    lines += [_line([argument]) for argument in asked if argument not in named]
    return f"| `{name}` | {_flat(summary)} | {'<br>'.join(lines) or 'nothing'} |\n"


def _line(arguments: list[str], text: str = "") -> str:
    names = ", ".join(f"`{argument}`" for argument in arguments)
    return f"{names}: {_flat(text)}" if text else names


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(probe_page(), encoding="utf-8")
