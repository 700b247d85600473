"""Lab 2: the gradient in a deep stack of layers, and units that are dead."""

from collections.abc import Callable
from functools import cache

import numpy as np

from . import plots
from .lab2_activations import COLOURS, Pairs, check_of
from .student import StudentFunction
from .widgets import Choice, Controls, Slider, explore

DEEPEST, UNITS, SAMPLES = 30, 32, 64  # of the stack whose gradient is measured
SUPERSCRIPT = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")


@cache
def stack() -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the inputs and the weights, of size 1 over the root of their number, that every stack begins with."""
    random = np.random.RandomState(0)
    x = random.randn(SAMPLES, UNITS)
    return x, [random.randn(UNITS, UNITS) / np.sqrt(UNITS) for _ in range(DEEPEST)]


def gradient_bars(gradient_sizes: Callable, pairs: Pairs) -> None:
    """Change activation, depth and weights of a stack; bars show the gradient that the student's function measures.

    Args:
        pairs: mapping from names to (function, derivative).
    """
    low, high = 1e-18, 1e8
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.4)
        ax = figure.add_axes((0.09, 0.14, 0.88, 0.71))
        ax.set(yscale="log", ylim=(low, high), xlabel="layer", ylabel="size of the gradient")
        ax.set_yticks([10.0**power for power in range(-18, 9, 2)], minor=False)
        ax.set_yticklabels([f"$10^{{{power}}}$" if power % 4 == 0 else "" for power in range(-18, 9, 2)])
        ax.minorticks_off()
        ax.grid(axis="y", color="#E4E4E4", linewidth=0.8)
        ax.set_axisbelow(True)
        ax.axhline(1, color=plots.GREY, linewidth=1)
    ask = StudentFunction(gradient_sizes, "gradient_sizes")

    @cache
    def measured(name: str, depth: int, scale: float) -> np.ndarray:
        x, weights = stack()
        function, derivative = pairs[name]
        for ask_activation in (
            StudentFunction(function, name, check_of(name)),
            StudentFunction(derivative, f"d_{name}", "derivatives"),
        ):
            ask_activation.numbers(ask_activation(x[:2]), x[:2].shape, "a batch of 2 inputs")
        sizes = ask(x.copy(), [scale * W for W in weights[:depth]], function, derivative)
        return ask.numbers(sizes, (depth,), f"a stack of {depth} layers")

    def draw(name: str, depth: int, scale: float) -> None:
        sizes = np.nan_to_num(measured(name, depth, scale), nan=0.0, posinf=high)
        colour = COLOURS[list(pairs).index(name) % len(COLOURS)]
        layers = np.arange(1, depth + 1)
        ax.bar(layers, np.clip(sizes, low, high) - low, bottom=low, width=0.78, color=colour)
        ax.set(xlim=(0.3, depth + 0.7), xticks=layers if depth <= 20 else layers[::2])
        figure.text(
            0.09,
            0.93,
            f"{name}, {depth} layers, weights of size {scale:.1f}: "
            f"the first layer gets {_times(sizes[0], sizes[-1])} the last one gets",
            fontsize=13,
        )

    names = tuple(pairs)
    controls: Controls = {
        "name": Choice("", names, names[0]),
        "depth": Slider("layers", 2, DEEPEST, 1, 20),
        "scale": Slider("weights", 0.5, 3.0, 0.1, 1.0),
    }
    explore(figure, draw, [controls], preview="gradient_bars")


def _times(first: float, last: float) -> str:
    """Say what share of the last layer's gradient the first layer gets."""
    if not (first > 0 and last > 0):
        return "nothing of what"
    ratio = first / last
    if 0.01 <= ratio < 100:
        return f"{ratio:.2g} times what"
    digit, power = f"{ratio:.0e}".split("e")
    return f"{digit} \N{MULTIPLICATION SIGN} 10{str(int(power)).translate(SUPERSCRIPT)} of what"


def layer() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a layer of 40 units and 60 samples for it: x, W and b, all biases 0."""
    random = np.random.RandomState(1)
    return random.randn(60, 8), random.randn(8, 40) / np.sqrt(8), np.zeros(40)


def dying_relus(dead_relus: Callable) -> None:
    """Lower the bias of a layer of ReLUs and see which units the student's `dead_relus` finds dead."""
    x, W, b = layer()
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.6)
        ax = figure.add_axes((0.07, 0.16, 0.91, 0.68))
        ax.set(
            xlim=(-0.5, 39.5),
            ylim=(59.5, -3.5),
            xlabel="unit",
            ylabel="sample",
            xticks=range(0, 40, 5),
            yticks=[0, 20, 40, 59],
        )
        ax.spines[:].set_visible(False)
        ax.vlines(np.arange(0.5, 39), -0.5, 59.5, color="white", linewidth=1.5, zorder=2)
    ask = StudentFunction(dead_relus, "dead_relus")

    def draw(bias: float) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        units, total = ask.parts(ask(x, W, b + bias), "dead, count")
        dead = ask.numbers(units, (40,), "a layer of 40 units") > 0.5
        count = float(ask.numbers(total, (), "the count of a layer of 40 units"))
        shades = LinearSegmentedColormap.from_list("outputs", ["#F2F2F2", "#F2F2F2", plots.SKY, plots.BLUE])
        sums = x @ W + b + bias
        ax.imshow(np.where(sums > 0, sums + 1.2, 0), cmap=shades, vmin=0, vmax=3.6, aspect="auto",
                  extent=(-0.5, 39.5, 59.5, -0.5), interpolation="nearest", zorder=1)  # fmt: skip
        ax.plot(np.flatnonzero(dead), np.full(dead.sum(), -2.0), "x", color=plots.VERMILLION, markersize=7,
                markeredgewidth=2.2, clip_on=False, scalex=False, scaley=False)  # fmt: skip
        figure.text(0.07, 0.93, f"bias {bias:.1f}: your function finds {count:.0f} of 40 units dead", fontsize=13)

    explore(
        figure, draw, [{"bias": Slider("bias", -5.0, 1.0, 0.1, 0.0)}], picture_at={"bias": -2.5}, preview="dying_relus"
    )
