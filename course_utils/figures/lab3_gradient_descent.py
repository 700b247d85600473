"""Lab 3: the descent of a neuron with one weight: its path on the loss surface, learning rates and schedules."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np

from .. import datasets
from . import plots
from .lab3_networks import as_list, log_probability
from .lab3_surfaces import draw_ball, draw_losses, loss_axes, shade_landscape
from .plots import Axes
from .student import StudentFunction
from .widgets import Slider, explore

START = (-2.0, 3.0)  # the (w, b) from which every path on the neuron's loss surface sets out
MAP = ((-4.0, 6.0), (-4.5, 5.5))
SCHEDULED_EPOCHS, SCHEDULED_SIZE, BASE = 15, 5, 3.0
RATE_COLOURS = {"constant": plots.BLACK, "step_decay": plots.ORANGE, "cosine_decay": plots.BLUE,
                "warm_up": plots.PURPLE}  # fmt: skip


def one_feature() -> tuple[np.ndarray, np.ndarray]:
    """Return irises that overlap: sepal lengths, standardised, of 50 versicolor (0) and 50 virginica (1)."""
    flowers = datasets.iris_pair("versicolor", "virginica", ("sepal length", "petal width"))
    X = flowers.X[:, :1]
    return (X - X.mean()) / X.std(), flowers.y.astype(float)


def neuron_loss(X: np.ndarray, y: np.ndarray, w: Any, b: Any) -> Any:
    """Return the mean cross-entropy of neurons with one weight, for arrays w and b of the same shape."""
    z = np.multiply.outer(X[:, 0], w) + b
    return -np.mean(log_probability(z, y.reshape(-1, *[1] * np.ndim(w))), axis=0)


def descent_path(neuron_gradient: Callable, descent_step: Callable, *, steps: int = 40) -> None:
    """See the path of the student's descent on the loss surface of a neuron, for a learning rate of the reader's."""
    X, y = one_feature()
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.6)
        plane, curve = figure.add_axes((0.07, 0.13, 0.42, 0.74)), figure.add_axes((0.59, 0.13, 0.39, 0.74))
        _neuron_surface(plane, X, y)
        loss_axes(curve, steps)

    @cache
    def walk(rate: float) -> np.ndarray:
        return _walk(neuron_gradient, descent_step, X, y, rate, steps)

    def draw(step: int, rate: float) -> None:
        path = walk(rate)
        losses = neuron_loss(X, y, *path.T)
        _path(plane, path[: step + 1])
        draw_losses(curve, losses, step)
        figure.text(
            0.07,
            0.93,
            f"Step {step}: $w$ = {path[step, 0]:.2f}, $b$ = {path[step, 1]:.2f}, loss {losses[step]:.3f}",
            fontsize=13,
        )

    controls = {"step": Slider("step", 0, steps, 1, 0), "rate": Slider("rate η", 0.2, 30.0, 0.2, 1.0)}
    explore(figure, draw, [controls], play=250, picture_at={"step": steps, "rate": 1.0}, preview="descent_path")


def learning_rates(
    neuron_gradient: Callable, descent_step: Callable, rates: Sequence[float] = (0.1, 3, 30), *, steps: int = 20
) -> None:
    """Show three descents side by side: a learning rate that is too small, one that is right, one that is too large."""
    X, y = one_feature()
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.4)
        axes = [figure.add_axes((0.07 + 0.32 * column, 0.13, 0.275, 0.68)) for column in range(3)]
        for ax in axes:
            _neuron_surface(ax, X, y)
        for ax in axes[1:]:
            ax.set_ylabel("")

    def draw() -> None:
        for ax, rate, words in zip(axes, rates, ("too small", "about right", "too large")):
            path = _walk(neuron_gradient, descent_step, X, y, rate, steps)
            _path(ax, path)
            left = ax.get_position().x0
            figure.text(left, 0.92, f"η = {rate:g}: {words}", fontsize=13, fontweight="bold")
            figure.text(left, 0.85, f"loss after {steps} steps: {neuron_loss(X, y, *path[-1]):.2f}")

    explore(figure, draw, [], preview="learning_rates")


def _neuron_surface(ax: Axes, X: np.ndarray, y: np.ndarray) -> None:
    """Draw the loss of a neuron with one weight, as a map with lines of equal loss."""
    w, b = np.meshgrid(np.linspace(*MAP[0], 90), np.linspace(*MAP[1], 90))
    shade_landscape(ax, w, b, neuron_loss(X, y, w, b), levels=14)
    ax.set(xlabel="weight $w$", ylabel="bias $b$")


def _walk(
    neuron_gradient: Callable, descent_step: Callable, X: np.ndarray, y: np.ndarray, rate: float, steps: int
) -> np.ndarray:
    """Return the (w, b) before the first step and after each one, shape (steps + 1, 2)."""
    return neuron_path(neuron_gradient, descent_step, [(X, y, rate)] * steps)


def neuron_path(
    neuron_gradient: Callable, descent_step: Callable, plan: Sequence[tuple[np.ndarray, np.ndarray, float]]
) -> np.ndarray:
    """Return the (w, b) of a neuron before the first step and after each one, shape (steps + 1, 2).

    Args:
        plan: for each step the inputs, the labels and the learning rate.
    """
    slope, step = StudentFunction(neuron_gradient, "neuron_gradient"), StudentFunction(descent_step, "descent_step")
    w, b = np.array(START[:1]), np.array(START[1])
    X, y, rate = plan[0]
    dw, db = slope.parts(slope(X, y, w, float(b)), "dw, db")
    dw, db = slope.numbers(dw, (1,), "dw of one feature"), slope.numbers(db, (), "db")
    step.numbers(step(w, dw, rate), (1,), "a parameter of shape (1,)")
    step.numbers(step(b, db, rate), (), "a single number")

    def walk() -> np.ndarray:
        parameters, path = [w, b], [START]
        for inputs, labels, rate in plan:
            gradients = neuron_gradient(inputs.copy(), labels.copy(), parameters[0], float(parameters[1]))
            parameters = [
                np.array(descent_step(value, np.asarray(gradient, dtype=float), rate), dtype=float)
                for value, gradient in zip(parameters, gradients)
            ]
            path.append((parameters[0].item(), parameters[1].item()))
        return np.clip(path, -1e6, 1e6)

    return StudentFunction(walk, "neuron_gradient")()


def _path(ax: Axes, path: np.ndarray) -> None:
    """Draw a path with its steps, and a ball where it ends."""
    ax.plot(*path.T, color=plots.BLACK, linewidth=1.4, zorder=3, scalex=False, scaley=False)
    ax.plot(
        *path.T,
        "o",
        color=plots.ORANGE,
        markersize=5,
        markeredgecolor="black",
        markeredgewidth=0.6,
        zorder=4,
        scalex=False,
        scaley=False,
    )
    draw_ball(ax, path[-1])


def schedules(
    step_decay: Callable,
    cosine_decay: Callable,
    warm_up: Callable,
    neuron_gradient: Callable,
    descent_step: Callable,
    minibatches: Callable,
) -> None:
    """Draw the student's schedules, and how close to the best loss mini-batch descent comes with each of them."""
    X, y = one_feature()
    total = SCHEDULED_EPOCHS * len(X) // SCHEDULED_SIZE
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.3)
        rates, gaps = figure.add_axes((0.07, 0.14, 0.39, 0.72)), figure.add_axes((0.57, 0.14, 0.41, 0.72))
        rates.set(xlim=(0, total), ylim=(0, 1.1 * BASE), xlabel="step $t$", ylabel="learning rate")
        gaps.set(xlim=(0, total), yscale="log", ylim=(2e-5, 2), xlabel="step $t$", ylabel="loss above the minimum")
    functions = {"step_decay": step_decay, "cosine_decay": cosine_decay, "warm_up": warm_up}

    def draw() -> None:
        rates_of = {"constant": np.full(total, BASE)}
        for name, function in functions.items():
            ask = StudentFunction(function, name, "schedules")
            rates_of[name] = np.array([ask.numbers(ask(t, total, BASE), (), "one step") for t in range(total)])
        best, ends = best_loss(X, y), []
        for name, rate in rates_of.items():
            path = scheduled_path(neuron_gradient, descent_step, minibatches, rate)
            style: dict[str, Any] = {"color": RATE_COLOURS[name], "label": name}
            if name == "constant":
                style.update(linestyle=(0, (3, 2)), linewidth=2, zorder=4)
            rates.plot(np.arange(total), rate, **style)
            gap = (neuron_loss(X, y, *path[1:].T) - best).reshape(SCHEDULED_EPOCHS, -1).mean(axis=1)
            gaps.plot((np.arange(SCHEDULED_EPOCHS) + 0.5) * total / SCHEDULED_EPOCHS, np.maximum(gap, 1e-9), **style)
            ends.append(f"{name} {gap[-1]:.2g}")
        rates.legend(loc="upper right", bbox_to_anchor=(1.0, 0.86))
        figure.text(0.07, 0.93, "The learning rate of each step", fontsize=13)
        headline = "The same descent, epoch by epoch"
        words = f"{headline}. Above the minimum at its end: {', '.join(ends)}"
        figure.text(0.57, 0.93, headline, fontsize=13, gid=words)

    explore(figure, draw, [], preview="schedules")


def best_loss(X: np.ndarray, y: np.ndarray) -> float:
    """Return the smallest loss that a neuron with one weight can have: a map that closes in on its lowest point."""
    lowest, reach = np.zeros(2), 8.0
    for _ in range(50):
        w, b = (offsets.ravel() + centre for offsets, centre in zip(np.mgrid[-4:5, -4:5] * reach / 4, lowest))
        best = np.argmin(neuron_loss(X, y, w, b))
        lowest, reach = np.array([w[best], b[best]]), reach / 2
    return neuron_loss(X, y, *lowest)


def scheduled_path(
    neuron_gradient: Callable, descent_step: Callable, minibatches: Callable, rates: Iterable[float]
) -> np.ndarray:
    """Return the (w, b) of mini-batch descent with a learning rate for each step, shape (steps + 1, 2)."""
    X, y = one_feature()
    batches = StudentFunction(lambda *arguments: as_list(minibatches(*arguments)), "minibatches")
    pairs = [pair for epoch in range(SCHEDULED_EPOCHS) for pair in batches(X, y, SCHEDULED_SIZE, epoch)]
    if not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        raise batches.broken("It did not give pairs (inputs, labels).")
    return neuron_path(neuron_gradient, descent_step, [(*pair, rate) for pair, rate in zip(pairs, rates)])
