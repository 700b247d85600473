"""The preview of a figure whose exercise is open: dimmed, small, and said to be one."""

import io
import re

import numpy as np
import pytest
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from course_utils import datasets
from course_utils import figures as explorers
from course_utils.figures import pictures, plots, previews

MODULES = {path.stem: path.read_text() for path in previews.FOLDER.parent.glob("figures/lab*.py")}
NAMES = [name for text in MODULES.values() for name in re.findall(r'preview="(\w+)"', text)]


def test_every_figure_of_a_students_function_has_a_preview():
    """Each one that asks for a student's work names its own, and no other file is there."""
    assert sorted(NAMES) == sorted(path.stem for path in previews.FOLDER.iterdir()) and set(NAMES) <= {
        *explorers.__all__
    }
    for text in MODULES.values():
        for call in re.findall(r"^    (?:explore|watch)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)$", text, re.MULTILINE):
            assert "preview=" in call, call


def test_previews_are_small_and_their_letters_cannot_be_read():
    """All of them take less room than one figure; a letter is less than three pixels high."""
    assert sum(previews.path_of(name).stat().st_size for name in NAMES) < 100_000
    for name in NAMES:
        with Image.open(previews.path_of(name)) as picture:
            assert picture.width <= 120


def unfinished(*_):
    return ...


def test_an_open_exercise_shows_a_dimmed_preview_that_says_so(shown):
    """What to do stands on it and in its alternative text, with the word preview; its colours are the figure's."""
    explorers.neuron(unfinished, *datasets.iris_pair())
    [picture] = shown
    assert picture.words.startswith("Finish neuron first. Your own function does the work here.")
    assert picture.words.endswith(f"run this cell again. {previews.SAID}.")
    pixels = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGB")).reshape(-1, 3).astype(int)
    spread = np.ptp(pixels, axis=1)
    assert np.mean(spread > 15) > 0.2 and np.mean(pixels.min(axis=1) < 100) < 0.05


def test_the_sign_below_the_words_has_room_in_the_lowest_figure():
    """The preview says that it is one, also on a figure of two inches."""
    figure = plots.blank(plots.WIDTH, 2.0)
    with plots.style():
        previews.notice(figure, "augment", "Finish augment first", "One line.\nAnd another one.")
        figure.canvas.draw()
    sign = figure.texts[-1].get_window_extent()
    assert figure.texts[-1].get_text() == previews.SAID and sign.y0 > 0
    assert all(text.get_window_extent().y1 < figure.bbox.y1 for text in figure.texts)


@pytest.mark.parametrize("lines", [1, 12])
def test_long_and_short_words_stay_within_the_figure(lines):
    """The box grows with what stands in it."""
    figure = plots.blank(6.4, 5.4)
    with plots.style():
        previews.notice(
            figure, "neuron", "neuron cannot draw this figure yet", "a message of $many$ words " * 3 * lines
        )
        figure.canvas.draw()
    [box] = (part for part in figure.get_children() if isinstance(part, FancyBboxPatch))
    inside = box.get_window_extent()
    for text in figure.texts[:2]:
        words = text.get_window_extent()
        assert inside.x0 < words.x0 and words.x1 < inside.x1 and inside.y0 < words.y0 and words.y1 < inside.y1
    assert figure.bbox.x0 < inside.x0 and inside.x1 < figure.bbox.x1 and figure.bbox.y0 < inside.y0


def test_without_a_preview_the_words_stand_on_pale_blue():
    """Such as a figure of one's own."""
    figure = plots.blank(6.4, 5.4)
    previews.notice(figure, "", "Title", "words")
    assert pictures.describe(figure) == "Title. words." and figure.get_facecolor()[:3] != (1, 1, 1)
