"""Stubs: what students get in place of a solution, and how an author gives them broken code to mend instead.

In a solution cell the author's own stub follows the solution, each of its lines a comment::

    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
    ### BEGIN STUB
    # return x
    ### END STUB

It is kept in the cell's metadata, so that nothing of it stands in the source notebook's code, and nbgrader's release
puts it where the solution was.
"""

import re
from textwrap import indent as indent_lines
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

METADATA = "stub"  # the key in a solution cell's metadata
_STUB = re.compile(r"\n[ \t]*### BEGIN STUB\n(?P<lines>.*?)\n?[ \t]*### END STUB[ \t]*", re.DOTALL)


def split_stub(text: str) -> tuple[str, str]:
    """Return a solution cell's text without the author's own stub, and the code of that stub, or ""."""
    found = _STUB.search(text)
    if not found:
        return text, ""
    lines = [re.sub(r"^[ \t]*# ?", "", line) for line in found["lines"].split("\n")]
    return text[: found.start()] + text[found.end() :], "\n".join(lines)


def with_stub(text: str) -> str:
    """Return a solution cell's text with the author's own stub in place of the one solution, as students get it."""
    text, stub = split_stub(text)
    indent = re.search(r"^([ \t]*)### BEGIN SOLUTION", text, re.MULTILINE)
    stub = indent_lines(stub, indent[1] if indent else "")
    return re.sub(r"^[ \t]*### BEGIN SOLUTION.*?### END SOLUTION", lambda _: stub, text, flags=re.DOTALL | re.MULTILINE)


class StubbedSolutions(ClearSolutions):
    """nbgrader's step that takes solutions out of a release, with stubs of the author's own."""

    code_stub: dict[str, str]  # a trait of nbgrader's, for which mypy finds no type

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        stub = cell.metadata.pop(METADATA, "")
        usual = self.code_stub
        if stub:
            self.code_stub = {**usual, resources["language"]: stub}
        try:
            cell, resources = super().preprocess_cell(cell, resources, cell_index)
        finally:
            self.code_stub = usual
        if stub:
            cell.source = "\n".join(line.rstrip() for line in cell.source.split("\n"))  # the indent of blank lines
        return cell, resources
