"""A figure as an output of its own: PNG, HTML with a text for readers who cannot see it, and that text alone."""

import base64
import re

import pytest

from course_utils import datasets, figures
from course_utils.figures import pictures, plots
from tests.course_utils.figures.drawing import every_explorer, train_perceptron


def bundle(picture):
    return picture._repr_mimebundle_()[0]


@every_explorer
def test_every_explorer_is_saved_as_a_picture_with_its_words(shown, live, words, explorer, function):
    """Beside its sliders an explorer shows a picture of its own, whose text says the figure's headline."""
    explorer(function)
    saved, view = shown
    data = bundle(saved)
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    (alt,) = re.findall('alt="([^"]+)"', data["text/html"])
    assert alt == data["text/plain"] and any(pictures.plain(text).rstrip(".") in alt for text in words)
    assert not set("$\\{}_") & set(alt)
    assert "run this cell" in data["text/html"]
    assert not view["text/html"] and len(view) == 3, "where the sliders cannot be shown, nothing stands for them"


def test_the_saved_picture_follows_the_sliders(shown, live):
    """At rest the picture that is saved is the one that the sliders left."""
    figures.perceptron_training(train_perceptron, *datasets.iris_pair())
    before = bundle(shown[0])
    (box,) = live
    epoch = next(part for part in box.children[1].children[0].children if part.description == "epoch")
    epoch.value = 10
    after = bundle(shown[0])
    assert "After epoch 10: 0 of 100" in after["text/html"] and after["image/png"] != before["image/png"]
    assert shown[0].live in box._dom_classes


def test_a_picture_without_sliders_brings_no_script(shown):
    """A picture alone is an image and a style; words of a student's come escaped."""
    figures.network_diagram([2, 3, 1])
    html = bundle(shown[0])["text/html"]
    assert "<script" not in html and "2 - 3 - 1 units" in html and 'class="course-picture"' in html
    assert 'alt="&quot;&lt;b&gt;"' in bundle(pictures.Picture(b"", '"<b>', 10))["text/html"]


@pytest.mark.parametrize(
    ("text", "said"),
    [(r"$-\,2.0$ $x_1$", "-2.0 x1"), ("$W_{1}$ (2, 3)", "W1 (2, 3)"), (r"$10^{-4}$", "10-4"), ("as it is", "as it is")],
)
def test_mathematics_is_said_plainly(text, said):
    """Signs of Matplotlib's mathematics are not read out."""
    assert pictures.plain(text) == said


def test_hidden_axes_are_not_described():
    """A figure that only says what to finish describes no axes."""
    with plots.style():
        figure = plots.blank()
        ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        ax.set(xlabel="epoch", ylabel="loss", title="Losses")
        figure.text(0, 0, "Epoch 3")
        assert pictures.describe(figure) == "Epoch 3. Losses: loss against epoch."
        ax.set_visible(False)
        assert pictures.describe(figure) == "Epoch 3."
