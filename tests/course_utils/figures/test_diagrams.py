"""Diagrams of networks: every unit, every connection, and nothing cut off."""

import pytest

from course_utils.figures import diagrams, frames
from tests.course_utils.figures.drawing import touches_the_edge


def test_a_network_diagram_connects_every_unit_to_every_unit_of_the_next_layer(ax):
    """A 2-3-1 network has six circles and nine connections; a layer of thousands is drawn with a gap."""
    diagrams.network_diagram(ax, [2, 3, 1])
    assert len(ax.patches) == 6
    assert [len(lines.get_segments()) for lines in ax.collections] == [6, 3]
    ax.clear()
    diagrams.network_diagram(ax, [1000, 3])
    assert len(ax.patches) == diagrams.MOST_UNITS - 1 + 3
    assert any("1000 inputs" in text.get_text() for text in ax.texts)


@pytest.mark.parametrize("widths", [[3], [2, 0, 1], []])
def test_a_network_without_outputs_or_with_empty_layers_is_refused(ax, widths):
    """Widths that are no network are an error that shows what widths look like."""
    with pytest.raises(ValueError, match=r"\[2, 3, 1\]"):
        diagrams.network_diagram(ax, widths)


@pytest.mark.parametrize("widths", [[2, 3, 1], [784, 128, 10]])
def test_no_words_are_cut_off(ax, widths):
    """In a figure of the size that the diagram asks for, all of its labels lie inside the picture."""
    diagrams.network_diagram(ax, widths)
    ax.figure.set_size_inches(diagrams.diagram_size(widths))
    assert not touches_the_edge(frames.png(ax.figure))
