"""Lab 3: a line that learns, and learning curves to diagnose."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from . import plots
from .pictures import show
from .student import StudentFunction
from .widgets import watch

LINE_EPOCHS, LINE_RATE = 40, 0.1
# The mean batch loss of each of 20 epochs: the network of Lab 3 on its XOR, with batches of 16. Only the title's letter
# is shown; what is wrong with each stands in the lab, below the figure.
CURVES = {
    letter: [float(number) for number in losses.split()]
    for letter, losses in (
        ("A", "0.70 0.69 0.68 0.68 0.67 0.67 0.66 0.65 0.64 0.63 0.62 0.61 0.59 0.57 0.55 0.54 0.52 0.50 0.47 0.46"),
        ("B", "0.66 0.32 0.13 0.08 0.05 0.04 0.04 0.03 0.03 0.02 0.02 0.02 0.02 0.02 0.01 0.01 0.01 0.01 0.01 0.01"),
        ("C", "8.22 0.09 0.08 0.16 0.09 0.18 0.20 0.09 1.97 0.53 0.27 0.04 0.25 0.64 0.40 0.24 0.25 0.24 3.38 0.49"),
        ("D", "0.71 0.73 0.74 0.78 0.81 0.87 0.94 1.03 1.17 1.31 1.47 1.64 1.83 2.05 2.31 2.62 2.91 3.15 3.50 3.75"),
        ("E", "0.71 0.70 0.70 0.70 0.70 0.70 0.70 0.70 0.69 0.70 0.70 0.70 0.70 0.69 0.70 0.69 0.70 0.70 0.69 0.70"),
    )
}


def watch_line(train_numpy: Callable, line_gradient: Callable, mse: Callable, x: np.ndarray, y: np.ndarray) -> None:
    """Watch a line turn while the student's own loop trains it, and its loss fall.

    Args:
        x, y: the points, shape (n_samples,).
    """
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.3)
        plane, curve = figure.add_axes((0.085, 0.14, 0.4, 0.73)), figure.add_axes((0.585, 0.14, 0.39, 0.73))
        plane.plot(x, y, "o", color=plots.BLUE, markersize=6, markeredgecolor="white", zorder=3)
        plane.set(xlim=(-1.9, 1.9), ylim=(-2.2, 2.2), xlabel="petal length", ylabel="petal width")
        curve.set(xlim=(0, LINE_EPOCHS), ylim=(0, 1.2), xlabel="epoch", ylabel="mean squared error")
    slope, loss = StudentFunction(line_gradient, "line_gradient"), StudentFunction(mse, "mse", "mse_numpy")
    loop = StudentFunction(train_numpy, "train_numpy", "numpy_loop")

    def measured(w: np.ndarray, b: np.ndarray) -> float:
        return float(loss.numbers(loss(w * x + b, y), (), "two rows of numbers"))

    def work() -> Iterator[dict[str, Any]]:
        for gradient, name in zip(slope.parts(slope(x, y, 0.0, 0.0), "dw, db"), ("dw", "db")):
            slope.numbers(gradient, (), name)
        parameters = [np.array(0.0), np.array(0.0)]
        losses = [measured(*parameters)]
        yield {"parameters": parameters, "losses": losses}
        for _ in range(LINE_EPOCHS):
            result = loop(line_gradient, [value.copy() for value in parameters], [(x.copy(), y.copy())], LINE_RATE, 1)
            parameters = [loop.numbers(value, (), "one parameter") for value in loop.parts(result, "w, b")]
            losses.append(measured(*parameters))
            if len(losses) % 2:
                yield {"parameters": parameters, "losses": losses}

    def draw(parameters: list[np.ndarray], losses: list[float]) -> None:
        ends = np.array(plane.get_xlim())
        plane.plot(ends, parameters[0] * ends + parameters[1], color=plots.VERMILLION, zorder=4)
        curve.plot(np.arange(len(losses)), losses, color=plots.BLUE)
        w, b = (float(value) for value in parameters)
        words = f"After {len(losses) - 1} epochs: $w$ = {w:.2f}, $b$ = {b:.2f}, loss {losses[-1]:.3f}"
        figure.text(0.085, 0.93, words, fontsize=13)

    watch(figure, draw, work(), preview="watch_line", pause=0.05)


def five_curves() -> None:
    """Show five learning curves, of which the reader says what is wrong."""
    with plots.style():
        figure = plots.blank(plots.WIDTH, 2.9)
        axes = [figure.add_axes((0.075 + 0.186 * number, 0.2, 0.16, 0.64)) for number in range(len(CURVES))]
        for ax, (letter, losses) in zip(axes, CURVES.items()):
            ax.axhline(np.log(2), color=plots.GREY, linewidth=0.9, linestyle=(0, (3, 2)))
            ax.plot(np.arange(1, len(losses) + 1), losses, color=plots.BLUE)
            ax.set(xlim=(0, len(losses)), ylim=(0, 2.6), xlabel="epoch", title=f"Curve {letter}")
            ax.set_yticks([0, 0.69, 2] if letter == "A" else [], ["0", "0.69", "2"] if letter == "A" else [])
        axes[0].set_ylabel("loss")
        words = (
            f"Curve {letter}: the loss goes from {losses[0]:.2f} to {losses[-1]:.2f} in {len(losses)} epochs; after "
            f"the first it lies between {min(losses[1:]):.2f} and {max(losses[1:]):.2f}."
            for letter, losses in CURVES.items()
        )
        show(figure, " ".join(words))
