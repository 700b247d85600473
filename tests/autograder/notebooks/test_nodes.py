"""Parts of notebooks are what nbformat makes, whose check they pass."""

import nbformat
import pytest
from nbformat import v4

from autograder.notebooks.nodes import new_cell, new_output


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_a_cell_is_the_one_of_nbformat(kind):
    """Each kind has the same fields, of the same types."""
    theirs = getattr(v4, f"new_{kind}_cell")("x = 1", id="one", metadata={"tags": ["a"]})
    ours = new_cell(kind, "x = 1", "one", {"tags": ["a"]})
    assert ours == theirs
    assert type(ours.metadata) is type(theirs.metadata)
    assert new_cell(kind, "", "two").metadata == {}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("execute_result", {"data": {"text/plain": "1"}}),
        ("execute_result", {"data": {"application/json": {"a": [1]}}, "execution_count": 3}),
        ("display_data", {"data": {"text/plain": "1"}}),
        ("stream", {"name": "stderr", "text": "oh"}),
        ("error", {"ename": "E", "evalue": "e", "traceback": ["t"]}),
    ],
)
def test_an_output_is_the_one_of_nbformat(kind, fields):
    """Each kind has the same fields, and a notebook with it is valid."""
    assert new_output(kind, **fields) == v4.new_output(kind, **fields)
    cell = new_cell("code", "", "one")
    cell.outputs.append(new_output(kind, **fields))
    nbformat.validate(v4.new_notebook(cells=[cell]))
