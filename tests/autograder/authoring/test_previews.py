"""Previews are drawn by a lab's solutions, one for each figure that a student's function draws."""

import io

from PIL import Image

from autograder.authoring.previews import WIDTH, preview, previews_of
from autograder.authoring.source import Lab
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
