"""One look for every figure: colours that colour-blind readers can tell apart, and markers that differ as well.

Every function draws onto the Axes that it is given and returns nothing. A figure of one's own is a few lines:

    with plots.picture() as ax:
        plots.points(ax, X, y)
        plots.line(ax, w, b)

Matplotlib is imported on first use, so that importing this module costs nothing.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

# Matplotlib's own types refuse much that works.
Axes = Any
Figure = Any

# Okabe and Ito, "Color universal design" (2008).
BLACK, GREY = "#000000", "#6B6B6B"
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"

RIGHT, WRONG = "#007A59", "#A84A00"  # green and vermillion, dark enough for letters

CLASS_COLOURS = (BLUE, VERMILLION)
CLASS_TINTS = ("#A9CFE8", "#F6C6A4")
CLASS_MARKERS = ("o", "s")

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # ships with Matplotlib, so a figure looks the same on every computer
    "font.size": 12,
    "axes.titlesize": 13,
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.labelsize": 12,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": BLACK,
    "ytick.labelcolor": BLACK,
    "legend.frameon": False,
    "legend.fontsize": 11,
    "lines.linewidth": 2.5,
    "figure.facecolor": "white",
    "mathtext.fontset": "dejavusans",
}

WIDTH = 10.2  # inches of a lab's figures
SCREEN_PER_INCH = 88  # pixels of the page, so that a figure's text has the size of the notebook's own


# Matplotlib bears one thread at a time, and JupyterLab lets sliders move in another one than cells run in.
DRAWING = threading.RLock()


@contextmanager
def style() -> Iterator[None]:
    """A block in which Matplotlib draws in the course's style; outside it a student's own settings stand."""
    import matplotlib

    with DRAWING, matplotlib.rc_context(STYLE):
        yield


def blank(width: float = 6.0, height: float = 4.2) -> Figure:
    """Return an empty figure of a fixed size in inches, whole pixels, that belongs to no window and to no pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    pixels_wide, pixels_high = round(width * SCREEN_PER_INCH), round(height * SCREEN_PER_INCH)
    size = pixels_wide / SCREEN_PER_INCH, pixels_high / SCREEN_PER_INCH
    figure = Figure(figsize=size, dpi=SCREEN_PER_INCH)
    FigureCanvasAgg(figure)
    return figure


@contextmanager
def picture(columns: int = 1, width: float | None = None, height: float = 4.2, words: str = "") -> Iterator[Any]:
    """Give one Axes, or an array of several side by side, to draw on, and show the picture at the end of the block.

    Args:
        width: in inches, as height is; 6 for one column and 5 for each of several if omitted.
        words: what it shows, for readers who cannot see it; if omitted, what stands in it.
    """
    from .pictures import show

    with style():
        figure = blank(width or (6.0 if columns == 1 else 5.0 * columns), height)
        figure.set_layout_engine("constrained")
        axes = figure.subplots(1, columns)
        yield axes
        show(figure, words)


def points(ax: Axes, X: np.ndarray, y: np.ndarray, class_names: Sequence[str] | None = None, size: float = 46) -> None:
    """Draw the two classes of points, each with a colour and a marker of its own, and a legend if they have names."""
    X, y = np.asarray(X), np.asarray(y).ravel()
    for label, (colour, marker) in enumerate(zip(CLASS_COLOURS, CLASS_MARKERS)):
        ax.scatter(
            *X[y == label].T, s=size, c=colour, marker=marker, edgecolors="white", linewidths=0.8, zorder=4,
            label=class_names[label] if class_names else None,
        )  # fmt: skip
    if class_names:
        ax.legend(loc="lower right", bbox_to_anchor=(1.02, 0.99), ncols=2, handletextpad=0.1, columnspacing=1.0)


def ring(ax: Axes, X: np.ndarray, size: float = 62, colour: str = BLACK) -> None:
    """Put a ring around each of the points X, such as those that are classified wrongly; by default a close one."""
    thick = max(1.3, size / 150)
    ax.scatter(*np.reshape(X, (-1, 2)).T, s=size, facecolors="none", edgecolors=colour, linewidths=thick, zorder=5)


def frame(ax: Axes, X: Any, margin: float = 0.15, square: bool = False) -> None:
    """Fix the limits of the axes around the points X, so that nothing drawn later moves them.

    Args:
        margin: as a share of the extent of X.
        square: give both axes the same scale, so that right angles look right.
    """
    low, high = np.min(X, axis=0), np.max(X, axis=0)
    half = (high - low) * (0.5 + margin)
    if square:
        half = np.full(2, half.max())
        ax.set_aspect("equal")
    middle = (low + high) / 2
    ax.set(xlim=(middle[0] - half[0], middle[0] + half[0]), ylim=(middle[1] - half[1], middle[1] + half[1]))


def grid(ax: Axes, steps: int = 61) -> np.ndarray:
    """Return points that cover the Axes row by row, shape (steps * steps, 2)."""
    x1, x2 = np.meshgrid(*(np.linspace(low, high, steps) for low, high in (ax.get_xlim(), ax.get_ylim())))
    return np.column_stack([x1.ravel(), x2.ravel()])


def decision_regions(ax: Axes, probability: np.ndarray | Callable[[np.ndarray], np.ndarray], steps: int = 61) -> None:
    """Shade the Axes by the probability of class 1, from blue at 0 over white at 0.5 to orange at 1.

    Args:
        probability: one value for each point of `grid(ax, steps)`, or a function that returns them for such a batch.
    """
    values = probability(grid(ax, steps)) if callable(probability) else probability
    ax.imshow(
        np.reshape(np.asarray(values, dtype=float), (steps, steps)), cmap=probability_colours(), vmin=0, vmax=1,
        extent=(*ax.get_xlim(), *ax.get_ylim()), origin="lower", aspect=ax.get_aspect(), interpolation="bilinear",
        zorder=0,
    )  # fmt: skip


def probability_colours() -> Any:
    """The colour map of a probability: the first class's tint, white, the second class's tint."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("probability", [CLASS_TINTS[0], "#FFFFFF", CLASS_TINTS[1]], N=256)


def probability_scale(ax: Axes, label: str) -> None:
    """Turn the Axes into the scale that explains the colours of `decision_regions`."""
    ax.imshow(np.linspace(0, 1, 256)[:, None], cmap=probability_colours(), extent=(0, 1, 0, 1), origin="lower",
              aspect="auto")  # fmt: skip
    ax.set(xticks=[], yticks=[0, 0.5, 1], ylabel=label)
    ax.yaxis.set_label_position("right")
    ax.yaxis.tick_right()
    ax.spines[:].set_visible(False)


def line(
    ax: Axes,
    w: Any,
    b: Any,
    colour: str = BLACK,
    label: str | None = None,
    arrow: bool = True,
    sides: bool = False,
) -> None:
    """Draw the line w . x + b = 0, with an arrow along w, which points to the side of class 1; nothing where w is 0.

    Args:
        w: shape (2,).
        b: one number.
        arrow: leave out where the axes have different scales: the arrow would not look perpendicular.
        sides: fill the side where w . x + b > 0 with the tint of class 1, and the other with that of class 0.
    """
    (w1, w2), b = np.asarray(w, dtype=float).ravel(), float(np.squeeze(b))
    norm = np.hypot(w1, w2)
    limits = np.array([ax.get_xlim(), ax.get_ylim()])
    if sides:
        ax.set_facecolor(CLASS_TINTS[int(norm == 0 and b > 0)])
    if not (np.isfinite(norm) and np.isfinite(b)) or norm == 0:
        return
    centre, normal, along = limits.mean(axis=1), np.array([w1, w2]) / norm, np.array([-w2, w1]) / norm
    far = 2 * np.hypot(*(limits[:, 1] - limits[:, 0]))
    nearest = centre - (normal @ centre + b / norm) * normal
    start, end = nearest - far * along, nearest + far * along
    if sides:
        ax.fill(*np.array([start, end, end + 9 * far * normal, start + 9 * far * normal]).T, color=CLASS_TINTS[1],
                zorder=0.5)  # fmt: skip
    ax.plot(*np.array([start, end]).T, color=colour, zorder=3, label=label, scalex=False, scaley=False)
    if arrow and np.all((limits[:, 0] < nearest) & (nearest < limits[:, 1])):
        tip = nearest + 0.13 * (limits[:, 1] - limits[:, 0]) * normal
        ax.annotate("", tip, nearest, arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2.2, "shrinkA": 0,
                                                  "shrinkB": 0, "mutation_scale": 18}, zorder=6)  # fmt: skip


def boxes(
    ax: Axes, left: Any, bottom: Any, width: Any, height: Any, colours: Sequence[str], edge: str = "none"
) -> None:
    """Draw rectangles as one artist, in a tenth of the time that `ax.bar` takes for many; the limits stay."""
    from matplotlib.collections import PolyCollection

    left, bottom, width, height = np.broadcast_arrays(
        *(np.asarray(each, float) for each in (left, bottom, width, height))
    )
    right, top = left + width, bottom + height
    corners = np.array([[left, bottom], [right, bottom], [right, top], [left, top]]).transpose(2, 0, 1)
    ax.add_collection(PolyCollection(list(corners), facecolors=colours, edgecolors=edge, zorder=2), autolim=False)


def mistakes(ax: Axes, counts: Any, upto: int | None = None, top: float | None = None) -> None:
    """Draw the mistakes of each epoch as bars.

    Args:
        upto: number of epochs to draw in full; later ones are only outlined.
        top: the largest count that the axis must hold.
    """
    counts = np.asarray(counts)
    epochs = np.arange(1, len(counts) + 1)
    upto = len(counts) if upto is None else upto
    top = max(top or 0, counts.max(initial=0), 1)
    ax.bar(epochs[upto:], counts[upto:], width=0.72, facecolor="none", edgecolor="#C8C8C8", linewidth=1)
    ax.bar(epochs[:upto], counts[:upto], width=0.72, color=PURPLE)
    ax.set(xlim=(0.3, max(len(counts), 1) + 0.7), ylim=(0, 1.12 * top), xlabel="epoch", ylabel="mistakes")
    if len(counts) <= 15:
        ax.set_xticks(epochs)
        for epoch, count in zip(epochs[:upto], counts):
            ax.text(epoch, count + 0.02 * top, f"{count:g}", ha="center", va="bottom", fontsize=11)
    ax.yaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
