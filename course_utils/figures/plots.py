"""One look for every figure: colours that colour-blind readers can tell apart, and markers that differ as well.

Every function draws onto the Axes that it is given and returns nothing. A figure of one's own is a few lines:

    with plots.picture() as ax:
        plots.points(ax, X, y)
        plots.line(ax, w, b)

Matplotlib is imported on first use, so that importing this module costs nothing.
"""

import io
from contextlib import contextmanager
from itertools import pairwise

import numpy as np

# Okabe and Ito, "Color universal design" (2008).
BLACK, GREY = "#000000", "#6B6B6B"
ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"

CLASS_COLOURS = (BLUE, VERMILLION)
CLASS_TINTS = ("#A9CFE8", "#F6C6A4")
CLASS_MARKERS = ("o", "s")

STYLE = {
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

PIXELS_PER_INCH = 144  # of the PNG: sharp on a high-density screen
SCREEN_PER_INCH = 88  # of the picture as it is shown


def style():
    """A context in which Matplotlib draws in the course's style; outside it a student's own settings stand."""
    import matplotlib

    return matplotlib.rc_context(STYLE)


def blank(width=6.0, height=4.2):
    """Return an empty figure of a fixed size in inches that belongs to no window and to no pyplot."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=PIXELS_PER_INCH)
    FigureCanvasAgg(figure)
    return figure


@contextmanager
def picture(columns=1, width=None, height=4.2):
    """Give one Axes, or an array of several side by side, to draw on, and show the picture at the end of the block.

    Args:
        width: in inches, as height is; 6 for one column and 5 for each of several if omitted.
    """
    with style():
        figure = blank(width or (6.0 if columns == 1 else 5.0 * columns), height)
        figure.set_layout_engine("constrained")
        axes = figure.subplots(1, columns)
        yield axes
        show(figure)


def png(figure):
    """Return the figure as the bytes of a PNG file."""
    buffer = io.BytesIO()
    # Level 1 writes a file a tenth larger than the default level does, in a third of the time.
    figure.savefig(buffer, format="png", pil_kwargs={"compress_level": 1})
    return buffer.getvalue()


def show(figure):
    """Show the figure as a picture below the cell."""
    from IPython.display import Image, display

    display(Image(data=png(figure), width=screen_width(figure)))


def screen_width(figure):
    """The width in CSS pixels at which the figure's text has the size of the notebook's own."""
    return round(figure.get_figwidth() * SCREEN_PER_INCH)


def points(ax, X, y, class_names=None, size=46):
    """Draw the two classes of points, each with a colour and a marker of its own, and a legend if they have names."""
    X, y = np.asarray(X), np.asarray(y).ravel()
    for label, (colour, marker) in enumerate(zip(CLASS_COLOURS, CLASS_MARKERS)):
        ax.scatter(
            *X[y == label].T, s=size, c=colour, marker=marker, edgecolors="white", linewidths=0.8, zorder=4,
            label=class_names[label] if class_names else None,
        )  # fmt: skip
    if class_names:
        ax.legend(loc="lower right", bbox_to_anchor=(1.02, 0.99), ncols=2, handletextpad=0.1, columnspacing=1.0)


def ring(ax, X, size=105, colour=BLACK):
    """Put a ring around each of the points X, such as those that are classified wrongly."""
    thick = max(1.5, size / 150)
    ax.scatter(*np.reshape(X, (-1, 2)).T, s=size, facecolors="none", edgecolors=colour, linewidths=thick, zorder=5)


def frame(ax, X, margin=0.15, square=False):
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


def grid(ax, steps=61):
    """Return points that cover the Axes row by row, shape (steps * steps, 2)."""
    x1, x2 = np.meshgrid(np.linspace(*ax.get_xlim(), steps), np.linspace(*ax.get_ylim(), steps))
    return np.column_stack([x1.ravel(), x2.ravel()])


def decision_regions(ax, probability, steps=61):
    """Shade the Axes by the probability of class 1, from blue at 0 over white at 0.5 to orange at 1.

    Args:
        probability: one value for each point of `grid(ax, steps)`, or a function that answers such a batch with them.
    """
    values = probability(grid(ax, steps)) if callable(probability) else probability
    ax.imshow(
        np.reshape(np.asarray(values, dtype=float), (steps, steps)), cmap=probability_colours(), vmin=0, vmax=1,
        extent=(*ax.get_xlim(), *ax.get_ylim()), origin="lower", aspect=ax.get_aspect(), interpolation="bilinear",
        zorder=0,
    )  # fmt: skip


def probability_colours():
    """The colour map of a probability: the first class's tint, white, the second class's tint."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("probability", [CLASS_TINTS[0], "#FFFFFF", CLASS_TINTS[1]], N=256)


def probability_scale(ax, label):
    """Turn the Axes into the scale that explains the colours of `decision_regions`."""
    ax.imshow(np.linspace(0, 1, 256)[:, None], cmap=probability_colours(), extent=(0, 1, 0, 1), origin="lower",
              aspect="auto")  # fmt: skip
    ax.set(xticks=[], yticks=[0, 0.5, 1], ylabel=label)
    ax.yaxis.set_label_position("right")
    ax.yaxis.tick_right()
    ax.spines[:].set_visible(False)


def line(ax, w, b, colour=BLACK, label=None, arrow=True, sides=False):
    """Draw the line w . x + b = 0, with an arrow along w, which points to the side of class 1; nothing where w is 0.

    Args:
        w: shape (2,).
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


def mistakes(ax, counts, upto=None, top=None):
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


def sigmoid(ax):
    """Draw the sigmoid between its two limits, and the step that it smooths."""
    z = np.linspace(-8, 8, 321)
    ax.axhline(0, color="#D0D0D0", linewidth=1)
    ax.axhline(1, color="#D0D0D0", linewidth=1)
    ax.plot([-8, 0, 0, 8], [0, 0, 1, 1], color=GREY, linewidth=1.6, linestyle=(0, (4, 2)), label="step")
    ax.plot(z, 1 / (1 + np.exp(-z)), color=BLUE, label=r"sigmoid $\sigma(z)$")
    ax.plot([0], [0.5], "o", color=BLUE, markersize=8, markeredgecolor="white", zorder=4)
    ax.annotate(r"$\sigma(0) = 0.5$", (0, 0.5), (14, -4), textcoords="offset points", va="center")
    ax.set(xlim=(-8, 8), ylim=(-0.08, 1.12), yticks=[0, 0.5, 1], xlabel=r"$z = w \cdot x + b$", ylabel="output")
    ax.legend(loc="upper left", bbox_to_anchor=(0.02, 0.86))


def neuron_diagram(ax, inputs=3):
    """Draw one neuron: inputs times weights, plus the bias, summed, and squashed to an output."""
    heights = np.linspace(1.5, -0.9, inputs)
    sources = [(0.0, y, f"$x_{i + 1}$", f"$w_{i + 1}$", SKY) for i, y in enumerate(heights)]
    sources.append((0.0, -2.1, "$1$", "$b$", YELLOW))
    for x, y, name, weight, colour in sources:
        _arrow(ax, (x, y), (2.6, 0))
        _node(ax, x, y, name, colour)
        ax.text(1.2, y * 0.54, weight, ha="center", va="center", fontsize=14,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 2})  # fmt: skip
    _arrow(ax, (2.6, 0), (4.4, 0))
    _arrow(ax, (4.4, 0), (6.2, 0))
    ax.text(3.5, 0.12, "$z$", ha="center", va="bottom", fontsize=14)
    _node(ax, 2.6, 0, r"$\Sigma$", "white")
    _node(ax, 4.4, 0, r"$\sigma$", ORANGE)
    _node(ax, 6.2, 0, r"$\hat{y}$", VERMILLION, text_colour="white")
    for x, words in ((0, "inputs"), (1.2, "weights"), (2.6, "sum"), (4.4, "activation"), (6.2, "output")):
        ax.text(x, -3.0, words, ha="center", va="top", fontsize=12)
    ax.set(xlim=(-0.8, 7.0), ylim=(-3.5, 2.2), aspect="equal")
    ax.axis("off")


MOST_UNITS = 8  # that a diagram draws one by one


def diagram_size(widths):
    """The width and the height in inches that `network_diagram` fills."""
    unit, gap, rows = _diagram_scale(widths)
    return unit * (gap * (len(widths) - 1) + 1.9), unit * (rows + 2)


def network_diagram(ax, widths):
    """Draw the layers of a network and the connections between them, with the shape of each weight matrix.

    Args:
        widths: units in each layer, from the inputs to the outputs, such as [2, 3, 1];
            a layer of more than MOST_UNITS is drawn with a gap.
    """
    from matplotlib.collections import LineCollection

    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"widths must hold at least inputs and outputs, each 1 or more, as [2, 3, 1]; got {widths}")
    _, gap, rows = _diagram_scale(widths)
    last, top = len(widths) - 1, rows / 2
    layers = []
    for column, width in enumerate(widths):
        drawn = min(width, MOST_UNITS)
        places = [(gap * column, (drawn - 1) / 2 - row) for row in range(drawn)]
        if width > drawn:
            ax.text(*places.pop(-2), r"$\vdots$", ha="center", va="center", fontsize=18)
        colour = SKY if column == 0 else VERMILLION if column == last else "white"
        for x, y in places:
            _node(ax, x, y, "", colour, radius=0.3)
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


def _diagram_scale(widths):
    """Inches a unit of length, units from layer to layer (wide enough for the captions), and rows."""
    rows = min(max(widths), MOST_UNITS)
    unit = min(0.8, 4.6 / (rows + 2))
    return unit, 1.75 / unit, rows


def _node(ax, x, y, text, colour, radius=0.42, text_colour=BLACK):
    from matplotlib.patches import Circle

    ax.add_patch(Circle((x, y), radius, facecolor=colour, edgecolor=BLACK, linewidth=1.4, zorder=3))
    ax.text(x, y, text, ha="center", va="center_baseline", fontsize=16, color=text_colour, zorder=4)


def _arrow(ax, start, end, radius=0.42):
    start, end = np.array(start, dtype=float), np.array(end, dtype=float)
    step = (end - start) / np.hypot(*(end - start))
    ax.annotate("", end - radius * step, start + radius * step,
                arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 1.6, "shrinkA": 0, "shrinkB": 0,
                            "mutation_scale": 16}, zorder=2)  # fmt: skip
