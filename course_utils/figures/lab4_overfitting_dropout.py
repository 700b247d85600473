"""Lab 4: splits, labels learned by heart, dropout on a picture, and L2."""

from collections.abc import Callable
from functools import cache

import numpy as np

from .. import datasets
from . import lab4_network, plots
from .lab4_curves import TRAINING, VALIDATION
from .lab4_network import Samples
from .student import Problem, StudentFunction, is_unfinished
from .widgets import Choice, Slider, explore


def split(stratified_split: Callable) -> None:
    """Show how the student's `stratified_split` shares out the digits."""
    labels = datasets.digits().labels
    with plots.style():
        figure = plots.blank(plots.WIDTH, 3.8)
        ax = figure.add_axes((0.09, 0.15, 0.89, 0.7))
        ax.set(xlabel="digit", ylabel="share of this digit", xticks=range(10), xlim=(-0.6, 9.6), ylim=(0, 1.02),
               yticks=[0, 0.7, 0.85, 1])  # fmt: skip
    ask = StudentFunction(stratified_split, "stratified_split")

    def draw() -> None:
        parts = ask(labels, 0)
        if not isinstance(parts, tuple | list) or len(parts) != 3:
            raise ask.broken(f"It returned {type(parts).__name__}, where (train, validation, test) was expected.")
        bottom, sizes = np.zeros(10), []
        for part, colour in zip(parts, (plots.SKY, plots.ORANGE, plots.GREEN)):
            if is_unfinished(part):
                raise ask.unfinished()
            try:
                members = labels[np.asarray(part, dtype=int)]
            except Exception as error:
                raise ask.broken("A part does not hold indices of samples.") from error
            height = np.bincount(members, minlength=10) / np.bincount(labels)
            ax.bar(range(10), height, 0.74, bottom, color=colour, edgecolor="white")
            bottom += height
            sizes.append(len(members))
        for x, word, size, colour in zip((0.09, 0.37, 0.68), ("training", "validation", "test"), sizes,
                                         (plots.SKY, plots.ORANGE, plots.GREEN)):  # fmt: skip
            figure.text(x, 0.93, "\N{BLACK SQUARE}", color=colour, fontsize=15, gid=" ")
            figure.text(x + 0.03, 0.93, f"{word}: {size} digits", fontsize=13)

    explore(figure, draw, [], preview="split")


def memorise(epochs: int = 60) -> None:
    """Train on 300 digits, with their own labels and with shuffled ones, and show what is learned by heart."""
    training, validation = unshifted_digits(300)
    shuffled = training[0], np.random.default_rng(1).permutation(training[1])
    parts = {"true labels": training, "shuffled labels": shuffled}
    try:
        histories = {
            title: lab4_network.fit(part, validation, epochs=epochs, width=256, say=title)
            for title, part in parts.items()
        }
    except Problem as problem:
        print(problem)
        return
    words = "; ".join(
        f"with {title} the network has {history.training_accuracy[-1]:.0%} of its training digits right and "
        f"{history.validation_accuracy[-1]:.0%} of others"
        for title, history in histories.items()
    )
    with plots.picture(columns=2, width=plots.WIDTH, height=3.7, words=f"After {epochs} epochs {words}.") as axes:
        for ax, (title, history) in zip(axes, histories.items()):
            steps = np.arange(1, epochs + 1)
            ax.plot(steps, history.training_accuracy, color=TRAINING, label="training")
            ax.plot(steps, history.validation_accuracy, color=VALIDATION, linestyle=(0, (4, 1.5)), label="validation")
            ax.axhline(0.1, color=plots.GREY, linewidth=1, linestyle=":")
            ax.text(epochs, 0.03, "guessing", ha="right", color=plots.GREY)
            ax.set(xlim=(0, epochs), ylim=(0, 1.04), xlabel="epoch", ylabel="accuracy", title=title)
            ax.legend(loc="center right", bbox_to_anchor=(1, 0.45))


def unshifted_digits(size: int) -> tuple[Samples, Samples]:
    """Return digits as they are, neither shifted nor noisy: some to train on and 500 others."""
    digits, order = datasets.digits(), np.random.default_rng(0).permutation(1797)
    training, validation = ((digits.images[part], digits.labels[part]) for part in (order[:size], order[-500:]))
    return training, validation


def dropout(dropout: Callable) -> None:
    """Let the student's `dropout` work on the pixels of a digit: one call, its mask, and the mean of many calls."""
    digits = datasets.digits()
    digit = digits.images[int(np.flatnonzero(digits.labels == 3)[0])]
    with plots.style():
        figure = plots.blank(plots.WIDTH, 3.5)
        axes = [figure.add_axes((0.02 + 0.245 * column, 0.1, 0.22, 0.7)) for column in range(4)]
        for ax in axes:
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set(visible=True, color="#D8D8D8")
    ask = StudentFunction(dropout, "dropout", "dropout_numpy")

    def call(p: float, rng: np.random.Generator) -> list[np.ndarray]:
        parts = ask.parts(ask(digit, p, True, rng), "output, mask")
        return [ask.numbers(part, digit.shape, "an 8 by 8 image") for part in parts]

    def draw(p: float, calls: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        output, mask = call(p, rng)
        total = output.copy()
        for _ in range(calls - 1):
            total += call(p, rng)[0]
        titles = ("x", "mask of one call", "its output", f"mean of {calls} call{'s' * (calls != 1)}")
        for ax, image, title in zip(axes, (digit, mask, output, total / calls), titles):
            ax.imshow(image, cmap="gray_r", vmin=0, vmax=max(mask.max(), 1) if image is mask else 1)
            figure.text(ax.get_position().x0, 0.88, title, fontsize=13)
            caption = f"mean {image.mean():.3f}" + ("; blank: dropped" if image is mask else "")
            figure.text(ax.get_position().x0, 0.03, caption, fontsize=11, color=plots.GREY)

    sliders = {"p": Slider("p", 0.0, 1.0, 0.05, 0.5), "calls": Slider("calls", 1, 200, 1, 1),
               "seed": Slider("draw", 1, 20, 1, 1)}  # fmt: skip
    explore(figure, draw, [sliders], picture_at={"p": 0.5, "calls": 100, "seed": 1}, preview="dropout")


def l2(l2_step: Callable, steps: int = 3000) -> None:
    """Fit a polynomial to a small noisy wave with the student's `l2_step`: its degree, and the penalty's strength."""
    x, y = datasets.noisy_wave(14, seed=3)
    others = datasets.noisy_wave(200, seed=103)
    fine = np.linspace(-1, 1, 201)
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.2)
        ax = figure.add_axes((0.1, 0.14, 0.88, 0.7))
        ax.set(xlim=(-1.03, 1.03), ylim=(-2.1, 2.1), xlabel="x", ylabel="y")
        ax.plot(fine, np.sin(3 * fine), color=plots.GREY, linestyle=":", linewidth=2, label="the wave without noise")
        ax.plot(x, y, "o", color=plots.BLACK, markersize=8, markeredgecolor="white", zorder=5, label="14 noisy points")

    @cache
    def fitted(degree: int, strength: float) -> np.ndarray:
        features = np.polynomial.chebyshev.chebvander(x, degree)
        curvature, pull = features.T @ features / len(x), features.T @ y / len(x)
        rate = 1 / (np.linalg.eigvalsh(curvature)[-1] + strength)

        def descend() -> np.ndarray | None:
            w = np.zeros(degree + 1)
            for _ in range(steps):
                w = l2_step(w, curvature @ w - pull, lambda g: g, rate, strength, "penalty")
                if is_unfinished(w):
                    return None
            return w

        ask = StudentFunction(descend, "l2_step")
        return ask.numbers(ask(), (degree + 1,), f"{degree + 1} weights")

    def draw(degree: int, strength: float) -> None:
        w = fitted(degree, strength)

        def error(points: np.ndarray, values: np.ndarray) -> float:
            return np.mean((np.polynomial.chebyshev.chebval(points, w) - values) ** 2)

        ax.plot(fine, np.polynomial.chebyshev.chebval(fine, w), color=plots.BLUE, zorder=4,
                label=f"polynomial of degree {degree}")  # fmt: skip
        ax.legend(loc="upper left")
        words = f"Error on the 14 points {error(x, y):.3f}, on 200 others {error(*others):.3f}"
        figure.text(0.1, 0.925, words, fontsize=13)

    strengths = tuple((f"{strength:g}", strength) for strength in (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0))
    explore(
        figure,
        draw,
        [{"degree": Slider("degree", 1, 13, 1, 9), "strength": Choice("strength", strengths, 0.0, slider=True)}],
        preview="l2",
    )
