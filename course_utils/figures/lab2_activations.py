"""Lab 2: what depth is worth without an activation, and the curves of activations with their slopes."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from ..frameworks import Missing
from . import plots
from .plots import Axes
from .student import Problem, StudentFunction
from .widgets import Choice, Controls, Slider, explore

Pairs = dict[str, tuple[Callable, Callable]]  # functions and their derivatives, by the name of the function

COLOURS = (plots.BLUE, plots.GREEN, plots.VERMILLION, plots.PURPLE)
LIMITS = {"sigmoid": (-0.15, 1.15), "tanh": (-1.3, 1.3), "ReLU": (-0.6, 4.2), "leaky ReLU": (-0.6, 4.2)}


def curves() -> dict[str, tuple[Any, Any]]:
    """Return a mapping from the names of the four curves to their points (inputs, outputs).

    The smooth ones are found from their outputs, backwards; the others are two straight lines each.
    """
    shares = np.linspace(-1, 1, 4003)[1:-1]
    return {
        "sigmoid": (np.log((1 + shares) / (1 - shares)), (1 + shares) / 2),
        "tanh": (np.arctanh(shares), shares),
        "ReLU": ([-4, 0, 4], [0, 0, 4]),
        "leaky ReLU": ([-4, 0, 4], [-0.4, 0, 4]),
    }


def check_of(name: str) -> str:
    """Return the name of the check of one of the student's activations."""
    return "sigmoid_numpy" if name == "sigmoid" else "activations"


def activation_gallery() -> None:
    """Show the four curves of the lab side by side."""
    words = (
        "Four curves from -4 to 4: sigmoid rises from 0 to 1, tanh from -1 to 1, ReLU is 0 up to 0 and then rises by 1 "
        "for each 1, leaky ReLU does so too but falls slightly below 0 on the left."
    )
    with plots.picture(columns=len(LIMITS), width=plots.WIDTH, height=2.7, words=words) as axes:
        for ax, (name, points), colour in zip(axes, curves().items(), COLOURS):
            _cross(ax)
            ax.plot(*points, color=colour)
            limits = LIMITS[name]
            ax.set(title=name, ylim=limits, xlim=(-4, 4), xticks=[-3, 0, 3], yticks=[0, 1] if limits[1] < 2 else [0, 4])
        axes[1].set_yticks([-1, 0, 1])


def ring() -> tuple[np.ndarray, np.ndarray]:
    """Return a disc inside a ring, 100 points each: X of shape (200, 2), and y, 1 in the ring."""
    random = np.random.RandomState(0)
    y = np.arange(200) % 2
    radius = np.where(y == 0, np.sqrt(random.rand(200)), 1.7 + 0.8 * random.rand(200))
    angle = np.pi * (3 - np.sqrt(5)) * np.arange(200)  # the golden angle spreads them evenly
    return radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), y


def trained_on_ring(activation: str, hidden: tuple[int, ...]) -> Any:
    """Return a network that scikit-learn has trained on the ring, which takes it a few milliseconds."""
    try:
        from sklearn.neural_network import MLPClassifier
    except ImportError as error:
        raise Problem("This figure needs scikit-learn", "Install it with: pip install scikit-learn") from error
    X, y = ring()
    network = MLPClassifier(hidden, activation=activation, solver="lbfgs", random_state=0, max_iter=300)
    return network.fit(X, y)


def linear_stack(fold_layers: Callable) -> None:
    """Compare a stack of linear layers, folded by the student's `fold_layers`, with one hidden layer of sigmoids."""
    X, y = ring()
    with plots.style():
        figure = plots.blank(plots.WIDTH, 5.0)
        left, right = figure.add_axes((0.05, 0.08, 0.42, 0.76)), figure.add_axes((0.55, 0.08, 0.42, 0.76))
        for ax in (left, right):
            plots.frame(ax, X, margin=0.08, square=True)
            plots.points(ax, X, y)
            ax.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2])
    ask = StudentFunction(fold_layers, "fold_layers")

    @cache
    def prepared() -> dict[tuple[str, int], Any]:
        """Train every network that the sliders can ask for, so that no move has to wait."""
        return {
            **{("linear", depth): trained_on_ring("identity", (4,) * (depth - 1)) for depth in range(1, 7)},
            **{("sigmoid", units): trained_on_ring("logistic", (units,)) for units in range(1, 9)},
        }

    @cache
    def folded(depth: int) -> tuple[np.ndarray, np.ndarray]:
        network = prepared()["linear", depth]
        weights, biases = ([array.copy() for array in arrays] for arrays in (network.coefs_, network.intercepts_))
        W, b = ask.parts(ask(weights, biases), "W, b")
        layers = f"{depth} layer{'s' * (depth != 1)}"
        return ask.numbers(W, (2, 1), f"W of {layers}"), ask.numbers(b, (1,), f"b of {layers}")

    def draw(depth: int, units: int) -> None:
        W, b = folded(depth)
        plots.line(left, W[:, 0], b[0], sides=True, arrow=False)
        right_side = ((X @ W + b)[:, 0] > 0) == (y == 1)
        plots.ring(left, X[~right_side])
        figure.text(
            0.05,
            0.93,
            f"{depth} linear layer{'s' * (depth != 1)}, folded: {np.mean(right_side):.0%} right",
            fontsize=13,
        )
        network = prepared()["sigmoid", units]
        plots.decision_regions(right, lambda x: network.predict_proba(x)[:, 1])
        wrong = network.predict(X) != y
        plots.ring(right, X[wrong])
        figure.text(
            0.55,
            0.93,
            f"One hidden layer, {units} sigmoid{'s' * (units != 1)}: {1 - wrong.mean():.0%} right",
            fontsize=13,
        )

    explore(
        figure,
        draw,
        [{"depth": Slider("layers", 1, 6, 1, 1)}, {"units": Slider("sigmoids", 1, 8, 1, 1)}],
        picture_at={"depth": 6, "units": 4},
        preview="linear_stack",
    )


def activation(pairs: Pairs) -> None:
    """Drag a point along an activation and see its slope, beside the derivative; both are the student's functions.

    Args:
        pairs: mapping from names to (function, derivative), such as {"sigmoid": (sigmoid, d_sigmoid)}.
    """
    span = np.linspace(-6, 6, 481)
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.2)
        left, right = figure.add_axes((0.06, 0.13, 0.42, 0.68)), figure.add_axes((0.56, 0.13, 0.42, 0.68))
        for ax, title in ((left, "the function"), (right, "its derivative")):
            _cross(ax)
            ax.set(xlim=(-6, 6), xticks=range(-6, 7, 2), xlabel="$z$", title=title)
        right.set(ylim=(-0.12, 1.19), yticks=[0, 0.25, 0.5, 0.75, 1])

    @cache
    def curves(name: str) -> tuple[np.ndarray, np.ndarray]:
        function, derivative = pairs[name]
        ask, ask_slope = (
            StudentFunction(function, name, check_of(name)),
            StudentFunction(derivative, f"d_{name}", "derivatives"),
        )
        question = f"{len(span)} inputs"
        values = ask.numbers(ask(span), span.shape, question)
        return values, ask_slope.numbers(ask_slope(span), span.shape, question)

    def draw(name: str, z: float) -> None:
        values, slopes = curves(name)
        here = int(np.argmin(np.abs(span - z)))
        value, slope, colour = values[here], slopes[here], COLOURS[list(pairs).index(name) % len(COLOURS)]
        low, high = (-1.3, 1.3) if np.max(np.abs(values)) <= 1.2 else (-2, 6.2)
        left.set(ylim=(low, high), yticks=[-1, 0, 1] if high < 2 else [-2, 0, 2, 4, 6])
        left.plot(span, values, color=colour)
        reach = min(2.2, 0.55 * (high - low) / max(abs(slope), 1e-9))
        left.plot([z - reach, z + reach], [value - slope * reach, value + slope * reach], color=plots.BLACK,
                  linewidth=1.6, linestyle=(0, (4, 2)), scalex=False, scaley=False)  # fmt: skip
        right.plot(span, slopes, color=colour)
        for ax, height in ((left, value), (right, slope)):
            ax.plot([z], [height], "o", color=plots.BLACK, markersize=9, markeredgecolor="white", zorder=5)
        right.plot([z, z], [0, slope], color=plots.BLACK, linewidth=1.2, linestyle=":")
        figure.text(0.06, 0.93, f"{name}({z:.1f}) = {value:.3f}", fontsize=13)
        figure.text(0.56, 0.93, f"slope {slope:.3f}", fontsize=13)

    names = tuple(pairs)
    controls: Controls = {"name": Choice("", names, names[0]), "z": Slider("z", -6.0, 6.0, 0.1, 1.0)}
    explore(figure, draw, [controls], preview="activation")


def compare_derivatives(witness: Callable, pairs: Pairs) -> None:
    """Print how far the student's derivatives lie from the slopes that another function finds, for each activation.

    Args:
        witness: `finite_difference`, `autograd_torch` or `autograd_tf`: a function (f, z) that returns slopes.
        pairs: mapping from names to (function, derivative).
    """
    z = np.linspace(-4, 4, 100)  # without 0, where a ReLU has no slope
    ask_witness = StudentFunction(witness, getattr(witness, "__name__", "witness"))
    for name, (function, derivative) in pairs.items():
        ask = StudentFunction(derivative, f"d_{name}", "derivatives")
        try:
            slopes = ask.numbers(ask(z), z.shape, f"{len(z)} inputs")
            result = ask_witness(function, z)
            reference = None if result is Missing else ask_witness.numbers(result, z.shape, f"{len(z)} inputs")
        except Problem as problem:
            finish = f"finish {name} and {ask_witness.exercise} first"
            print(f"{name:<12} {finish if problem.title.startswith(ask_witness.exercise) else problem.title}")
            continue
        if reference is None:
            print(f"{name:<12} (not installed)")
            continue
        difference = np.max(np.abs(slopes - reference))
        agreement = "agrees" if difference < 1e-6 else "differs"
        print(f"{name:<12} {agreement}: largest difference {difference:.0e}")


def _cross(ax: Axes) -> None:
    """Draw the two axes of a curve."""
    ax.axhline(0, color="#C8C8C8", linewidth=1)
    ax.axvline(0, color="#C8C8C8", linewidth=1)
