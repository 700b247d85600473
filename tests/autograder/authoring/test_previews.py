"""Previews are drawn by a lab's solutions, one for each figure that a student's function draws."""

import ast
import builtins
import io

import pytest
from PIL import Image

from autograder.authoring.previews import WIDTH, _needed, preview, previews_of
from autograder.authoring.source import Lab
from autograder.settings import PROJECT
from course_utils.figures import pictures, widgets

SOURCE = '''# %%
from course_utils import explorers

# %% demo=True
explorers.network_diagram([2, 1])

# %%
def fahrenheit(celsius):
    """Return degrees."""
    return 1.8 * celsius + 32

# %% demo=True
raise SystemExit("a training that no figure needs")

# %% demo=True
explorers.thermometer(fahrenheit)

# %% demo=True
explorers.thermometer(lambda celsius: ...)
'''


def test_each_figure_is_drawn_once_by_the_solutions(tmp_path, monkeypatch):
    """A picture that needs nobody's work has none; the first call counts; nothing stays patched."""
    monkeypatch.setenv("COURSE_STATIC", "1")
    path = tmp_path / "lab9_toy.py"
    path.write_text(SOURCE)
    before = widgets._drawn_by, pictures.display
    drawn = previews_of(Lab(path, []))
    assert list(drawn) == ["thermometer"] and "68" in drawn["thermometer"].words
    assert (widgets._drawn_by, pictures.display) == before
    with Image.open(io.BytesIO(preview(drawn["thermometer"]))) as small:
        assert small.format == "JPEG" and small.width == WIDTH


@pytest.mark.parametrize("path", sorted((PROJECT / "solutions").glob("*.py")), ids=lambda path: path.stem)
def test_what_a_figure_needs_runs_before_it(path):
    """No demonstration that is left out makes a name which a later one reads."""
    made = {*dir(builtins), "__name__"}
    for cell in filter(_needed, Lab(path).cells):
        nodes = list(ast.walk(ast.parse(cell.text)))
        made |= {node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        made |= {alias.asname or alias.name.partition(".")[0] for alias in nodes if isinstance(alias, ast.alias)}
        made |= {node.arg for node in nodes if isinstance(node, ast.arg)}
        names = [node for node in nodes if isinstance(node, ast.Name)]
        made |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
        assert {node.id for node in names} <= made, f"{cell.where}: { ({node.id for node in names} - made) }"
