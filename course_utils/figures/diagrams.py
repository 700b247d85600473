"""A diagram of a network: its layers, its connections, and the shapes of its weights."""

from collections.abc import Sequence
from itertools import pairwise

from .plots import BLACK, GREY, SKY, VERMILLION, Axes

MOST_UNITS = 8  # that a diagram draws one by one


def diagram_size(widths: Sequence[int]) -> tuple[float, float]:
    """The width and the height in inches that `network_diagram` fills."""
    unit, gap, rows = _scale(widths)
    return unit * (gap * (len(widths) - 1) + 1.9), unit * (rows + 2)


def network_diagram(ax: Axes, widths: Sequence[int]) -> None:
    """Draw the layers of a network and the connections between them, with the shape of each weight matrix.

    Args:
        widths: units in each layer, from the inputs to the outputs, such as [2, 3, 1];
            a layer of more than MOST_UNITS is drawn with a gap.
    """
    from matplotlib.collections import LineCollection

    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"widths must hold at least inputs and outputs, each 1 or more, as [2, 3, 1]; got {widths}")
    _, gap, rows = _scale(widths)
    last, top = len(widths) - 1, rows / 2
    layers = []
    for column, width in enumerate(widths):
        drawn = min(width, MOST_UNITS)
        places = [(gap * column, (drawn - 1) / 2 - row) for row in range(drawn)]
        if width > drawn:
            ax.text(*places.pop(-2), r"$\vdots$", ha="center", va="center", fontsize=18)
        colour = SKY if column == 0 else VERMILLION if column == last else "white"
        for x, y in places:
            _node(ax, x, y, colour)
        kind = "input" if column == 0 else "output" if column == last else "unit"
        ax.text(gap * column, -top - 0.25, f"{width} {kind}{'s' * (width != 1)}", ha="center", va="top")
        layers.append(places)
    for column, (left, right) in enumerate(pairwise(layers)):
        pairs = [(start, end) for start in left for end in right]
        ax.add_collection(LineCollection(pairs, colors=GREY, linewidths=0.9, alpha=0.7))
        shape = f"$W_{{{column + 1}}}$ ({widths[column]}, {widths[column + 1]})"
        ax.text(gap * (column + 0.5), top + 0.25, shape, ha="center", va="bottom")
    ax.set(xlim=(-0.95, gap * last + 0.95), ylim=(-top - 1, top + 1), aspect="equal")
    ax.axis("off")


def _scale(widths: Sequence[int]) -> tuple[float, float, int]:
    """Return inches a unit of length, units from layer to layer (wide enough for the captions), and rows."""
    rows = min(max(widths), MOST_UNITS)
    unit = min(0.8, 4.6 / (rows + 2))
    return unit, 1.75 / unit, rows


def _node(ax: Axes, x: float, y: float, colour: str) -> None:
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), 0.3, facecolor=colour, edgecolor=BLACK, linewidth=1.4, zorder=3))
