"""The figures: one style that everybody can read, with nothing cut off."""

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course_utils import datasets
from course_utils.figures import frames, plots
from tests.course_utils.figures.drawing import pixels, touches_the_edge

# How the three kinds of dichromats see linear RGB: Machado, Oliveira and Fernandes (2009), severity 1.
VISIONS = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def iris(ax):
    flowers = datasets.iris_pair()
    plots.frame(ax, flowers.X)
    plots.points(ax, flowers.X, flowers.y, flowers.class_names)
    plots.line(ax, [1, 1], -3, arrow=False, sides=True)
    ax.set(xlabel=flowers.feature_names[0], ylabel=flowers.feature_names[1], title="Irises")


def bars(ax):
    plots.mistakes(ax, [17, 3, 3, 2, 0], upto=2)


def regions(ax):
    plots.frame(ax, [(-1, -1), (1, 1)], square=True)
    plots.decision_regions(ax, lambda x: x[:, 0] > 0)
    plots.line(ax, [1, 0], 0)
    plots.ring(ax, [0.5, 0.5])
    ax.set(xlabel="$x_1$", ylabel="$x_2$", title="Regions")


DRAWINGS = [iris, bars, regions]


@pytest.mark.parametrize("draw", DRAWINGS, ids=lambda draw: draw.__name__)
def test_no_words_are_cut_off(ax, draw):
    """All labels of a static figure lie inside the picture."""
    draw(ax)
    assert not touches_the_edge(frames.png(ax.figure))


@pytest.mark.parametrize("vision", VISIONS)
def test_the_classes_differ_for_every_eye(vision):
    """The colours of the two classes, and those of the regions behind them, stay apart in colour-blind vision."""
    for colours in (plots.CLASS_COLOURS, plots.CLASS_TINTS):
        linear = [np.array(to_rgb(colour)) ** 2.2 for colour in colours]
        first, second = (np.clip(VISIONS[vision] @ colour, 0, 1) ** (1 / 2.2) for colour in linear)
        assert np.linalg.norm(first - second) > 0.2
    assert len(set(plots.CLASS_MARKERS)) == 2


def test_points_of_the_two_classes_differ_in_marker_too(ax):
    """Each class has its own marker shape, so a figure printed in grey can still be read."""
    plots.points(ax, *datasets.xor())
    first, second = (collection.get_paths()[0].vertices for collection in ax.collections)
    assert first.shape != second.shape


def test_a_line_lies_where_the_weighted_sum_is_zero_and_its_arrow_points_to_class_1(ax):
    """Every point of the line satisfies w . x + b = 0, and the arrow's tip has a positive sum."""
    w, b = np.array([2.0, -1.0]), 0.5
    plots.line(ax, w, b)
    assert np.c_[ax.lines[0].get_data()] @ w + b == pytest.approx([0, 0], abs=1e-9)
    (arrow,) = ax.texts
    assert np.array(arrow.xyann) @ w + b == pytest.approx(0, abs=1e-9)
    assert np.array(arrow.xy) @ w + b > 0.1


@pytest.mark.parametrize(("w", "b"), [((0, 0), 1), ((np.nan, 1), 0), ((1, 1), np.inf)])
def test_weights_without_a_line_draw_none(ax, w, b):
    """Where all weights are 0, or a number is not finite, there is no line and no error."""
    plots.line(ax, w, b, sides=True)
    assert not ax.lines and not ax.texts


def test_the_sides_of_a_line_have_the_colours_of_the_classes(ax):
    """The side with a positive sum has the tint of class 1, at any place and direction of the line."""
    ax.set_position((0, 0, 1, 1), which="both")
    ax.figure.set_layout_engine("none")
    for w, b in [((1, 0), 0.5), ((-1, 2), 0), ((0, -3), -1), ((0, 0), 1), ((0, 0), -1), ((1, 1), 9)]:
        for artist in [*ax.lines, *ax.patches]:
            artist.remove()
        plots.line(ax, w, b, arrow=False, sides=True)
        picture = pixels(frames.png(ax.figure))
        rows, columns, _ = picture.shape
        for x in np.array([(0.9, 0.8), (-0.9, 0.8), (0.9, -0.8), (-0.9, -0.8)]):
            seen = picture[int((1 - x[1]) / 2 * rows), int((1 + x[0]) / 2 * columns)]
            assert seen == pytest.approx(to_rgb(plots.CLASS_TINTS[int(x @ w + b > 0)]), abs=0.01), (w, b, x)


def test_decision_regions_show_each_probability_at_its_place(ax):
    """The shading at a point is the value that the function answers for that point."""
    plots.decision_regions(ax, lambda x: (x[:, 0] + 1) / 4 + (x[:, 1] + 1) / 4, steps=5)
    image = ax.images[0].get_array().data
    assert image[0] == pytest.approx([0, 0.125, 0.25, 0.375, 0.5])
    assert image[-1] == pytest.approx([0.5, 0.625, 0.75, 0.875, 1])
    assert ax.images[0].origin == "lower"
    assert (ax.get_xlim(), ax.get_ylim()) == ((-1, 1), (-1, 1))


def test_mistakes_fill_the_epochs_so_far_and_outline_the_rest(ax):
    """Of five epochs, the first two are filled and labelled, and the axes do not depend on how many are."""
    limits = []
    for upto in (2, 5):
        ax.clear()
        plots.mistakes(ax, [17, 3, 3, 2, 0], upto=upto)
        filled = [bar for bar in ax.patches if bar.get_facecolor()[3] > 0]
        assert [bar.get_height() for bar in filled] == [17, 3, 3, 2, 0][:upto]
        assert [text.get_text() for text in ax.texts] == ["17", "3", "3", "2", "0"][:upto]
        limits.append((ax.get_xlim(), ax.get_ylim()))
    assert limits[0] == limits[1]


def test_a_picture_is_shown_once_at_the_end_of_its_block(monkeypatch):
    """Drawing in a ``with plots.picture()`` block displays one PNG of the size asked for."""
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    with plots.picture(columns=2, width=8, height=3) as (left, right):
        bars(left)
        plots.mistakes(right, [3, 1])
        assert not shown
    (image,) = shown
    width, height = (int.from_bytes(image.png[start : start + 4]) for start in (16, 20))  # the header of a PNG
    assert (width, height) == (2 * 8 * plots.SCREEN_PER_INCH, 2 * 3 * plots.SCREEN_PER_INCH)


def test_the_style_leaves_the_students_own_settings_alone():
    """After a figure in the course's style, Matplotlib's settings are what they were."""
    import matplotlib

    before = dict(matplotlib.rcParams)
    with plots.style():
        frames.png(plots.blank(1, 1))
    assert dict(matplotlib.rcParams) == before


def test_importing_the_helpers_loads_nothing_heavy():
    """Importing data sets, plots and explorers loads neither Matplotlib nor ipywidgets nor scikit-learn."""
    code = (
        "import sys; from course_utils import datasets, plots, explorers\n"
        "print([name for name in ('matplotlib', 'ipywidgets', 'sklearn', 'IPython') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_drawing_never_loads_pyplot():
    """A figure is drawn without pyplot, so it can neither open a window nor leave figures open."""
    code = (
        "import sys; from course_utils import plots; from course_utils.figures import frames\n"
        "with plots.style(): figure = plots.blank(); plots.mistakes(figure.add_subplot(), [3, 1]); frames.png(figure)\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_colours_of_the_palette_are_distinct():
    """No two colours of the palette are the same."""
    palette = [
        plots.BLACK,
        plots.GREY,
        plots.ORANGE,
        plots.SKY,
        plots.GREEN,
        plots.YELLOW,
        plots.BLUE,
        plots.VERMILLION,
        plots.PURPLE,
    ]
    assert all(first != second for first, second in combinations(palette, 2))
