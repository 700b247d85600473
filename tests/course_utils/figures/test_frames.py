"""Quick pictures show what a whole drawing shows; sharp ones are small enough to be saved."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course_utils.figures import frames, plots
from tests.course_utils.figures.drawing import pixels


@pytest.fixture
def figure():
    """A figure with a line that moves, above a shaded plane."""
    with plots.style():
        figure = plots.blank(4, 3)
        ax = figure.add_axes((0.15, 0.2, 0.8, 0.65))
        ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="x", title="t")
        ax.plot([0.2], [0.2], "o")
    return figure


def whole(figure):
    """Return the pixels of the figure as it is drawn from nothing."""
    return pixels(frames.Frames(figure).png())


def test_a_quick_picture_is_the_whole_figure(figure):
    """Whatever moves, appears, goes away or changes the axes, a quick picture is that of a whole drawing."""
    (ax,), quick = figure.axes, frames.Frames(figure)

    def limits():
        ax.set_xlim(0, 2)

    changes = (
        lambda: plots.decision_regions(ax, lambda x: x[:, 0], steps=5),
        lambda: ax.plot([0, 1], [0, 1]),
        lambda: figure.text(0.1, 0.93, "a headline"),
        lambda: ax.lines[-1].set_ydata([1, 0]),
        limits,
        lambda: ax.set(facecolor="yellow", title="another"),
        lambda: ax.images[0].remove(),
        lambda: ax.set_visible(False),
    )
    with plots.style():
        for change in changes:
            before = quick.png()
            change()
            picture = quick.png()
            assert picture != before
            assert np.mean(np.abs(pixels(picture) - whole(figure)) > 0.1) < 1e-4


def test_only_what_moves_is_drawn_again(figure, monkeypatch):
    """A line that moves does not draw the axes again; new limits do."""
    drawn, canvas, quick = [], figure.canvas, frames.Frames(figure)
    draw = canvas.draw
    monkeypatch.setattr(canvas, "draw", lambda: (drawn.append(1), draw()))
    (ax,) = figure.axes
    for place in range(4):
        ax.lines[0].set_ydata([place / 4])
        quick.png()
    assert len(drawn) == 1
    ax.set_xlim(0, 2)
    quick.png()
    assert len(drawn) == 2


def test_a_sharp_picture_has_two_pixels_for_one_and_is_small(figure):
    """At rest a picture has twice the width and height; one with a million shades is still saved in few bytes."""
    quick, sharp = pixels(frames.Frames(figure).png()), pixels(frames.png(figure))
    assert sharp.shape[:2] == (2 * quick.shape[0], 2 * quick.shape[1])
    figure.axes[0].imshow(np.random.default_rng(0).random((300, 300, 3)), extent=(0, 1, 0, 1))
    figure.axes[0].plot([0.5], [0.5], "o", color=plots.VERMILLION, markersize=9)
    picture = frames.png(figure)
    assert len(picture) < 350_000
    vermillion = np.array(to_rgb(plots.VERMILLION))
    assert np.any(np.abs(pixels(picture) - vermillion).max(axis=-1) < 0.01), "a colour of few pixels stays"
