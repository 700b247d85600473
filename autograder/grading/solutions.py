"""The reference solutions of a lab, as feedback may show them when nobody can hand in any more."""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from traitlets.config import Config

from autograder.grading.lateness import Deadlines
from autograder.notebooks.cells import graded_cells, is_solution
from autograder.notebooks.released import source_notebook
from autograder.settings import Course

STUB = re.compile(r"^ *### BEGIN STUB *\n.*?^ *### END STUB *(\n|\Z)", re.MULTILINE | re.DOTALL)
COMMENTARY = re.compile(r"^ *### BEGIN SOLUTION *\n((?: *#(?!##).*\n)+)", re.MULTILINE)
MARKER = re.compile(r"^ *### (BEGIN|END) SOLUTION *(\n|\Z)", re.MULTILINE)


class Solution(NamedTuple):
    """A reference solution.

    Args:
        commentary: Markdown: the comment with which the solution begins, or "".
    """

    code: str
    commentary: str


def shown_since(config: Config, lab: str) -> datetime | None:
    """Return since when feedback shows the solutions of a lab (UTC), or None where it does not."""
    if not Course(config=config).solutions_in_feedback:
        return None
    last = Deadlines(config, lab).last()
    over = last.replace(tzinfo=UTC) if last else None
    return over if over and over < datetime.now(UTC) else None


def solutions(config: Config, lab: str) -> dict[str, Solution]:
    """Return the solutions of a lab by the grade id of their cells, as its source notebook has them."""
    cells = graded_cells(source_notebook(config, lab))
    return {name: read(cell.source) for name, cell in cells.items() if is_solution(cell)}


def read(source: str) -> Solution:
    """Return the solution in a cell of a source notebook, without markers and stubs."""
    source = STUB.sub("", source)
    comments = [line for found in COMMENTARY.findall(source) for line in found.splitlines()]
    commentary = "\n".join(re.sub(r"^ *# ?", "", line) for line in comments)
    source = COMMENTARY.sub("", source)
    return Solution(MARKER.sub("", source).rstrip("\n"), commentary)
