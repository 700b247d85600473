"""Lab 4's capstone: moved digits, what each cure is worth on the rehearsal, and its test part."""

from collections.abc import Callable

import numpy as np

from .. import datasets
from ..probes.lab4_overfitting_dropout import ROWS
from . import plots
from .student import Problem, StudentFunction
from .widgets import Slider, explore

COPIES = 9


def augment(augment: Callable) -> None:
    """Show one digit as the student's `augment` moves it, several times."""
    digit = datasets.digits().images[13]
    with plots.style():
        figure = plots.blank(plots.WIDTH, 2.0)
        axes = [figure.add_axes((0.01 + 0.0985 * place, 0.1, 0.09, 0.64)) for place in range(COPIES + 1)]
        for ax in axes:
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set(visible=True, color="#D8D8D8")
    ask = StudentFunction(augment, "augment")

    def draw(seed: int) -> None:
        images = np.repeat(digit[None], COPIES, axis=0)
        moved = ask.numbers(ask(images, np.random.default_rng(seed)), images.shape, f"{COPIES} images")
        for ax, image in zip(axes, [digit, *moved]):
            ax.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        figure.text(0.01, 0.84, "the digit", fontsize=13)
        figure.text(0.1085, 0.84, f"as augment moves it, {COPIES} times", fontsize=13)

    explore(figure, draw, [{"seed": Slider("draw", 1, 20, 1, 1)}], preview="augment")


def ablation(train: Callable, digits: datasets.Rehearsal) -> None:
    """Train with all cures, without each of them and without any; print and draw what is right on validation digits."""
    shares: dict[str, float] = {}
    ask = StudentFunction(train, "train", "capstone")
    for row, cures in ROWS.items():
        try:
            shares[row] = _share(ask, digits.training, digits.validation, cures)
        except Problem as problem:
            print(problem)
            return
        if len(shares) == 1:
            print(f"Right on the {len(digits.validation.labels)} validation digits:")
        print(f'  "{row}": {shares[row]:.3f},')
    words = "; ".join(f"{row} {share:.0%}" for row, share in shares.items())
    with plots.picture(width=plots.WIDTH, height=2.9, words=f"Right on validation digits: {words}.") as ax:
        bars = ax.barh(list(shares), list(shares.values()), color=plots.BLUE, height=0.66)
        ax.bar_label(bars, [f"{share:.1%}" for share in shares.values()], padding=4)
        ax.axvline(0.1, color=plots.GREY, linewidth=1, linestyle=":")
        ax.set(xlim=(0, 1), xlabel="right on validation digits")
        ax.invert_yaxis()


def final_exam(train: Callable, digits: datasets.Rehearsal) -> None:
    """Train with all cures and print what is right on the test part of the rehearsal, beside the validation part."""
    ask = StudentFunction(train, "train", "capstone")
    try:
        chosen, last = (
            _share(ask, digits.training, part, ROWS["everything"]) for part in (digits.validation, digits.test)
        )
    except Problem as problem:
        print(problem)
        return
    print(f"Right on the {len(digits.validation.labels)} validation digits, with which you chose: {chosen:.1%}.")
    print(f"Right on the {len(digits.test.labels)} test digits, which have decided nothing: {last:.1%}.")


def _share(ask: StudentFunction, training: datasets.Digits, others: datasets.Digits, cures: tuple[str, ...]) -> float:
    """Return the share of other digits that a training of the student's, with seed 0, is right about."""
    predict = ask(*training, 0, cures)
    if not callable(predict):
        raise ask.broken(f"It returned {type(predict).__name__}, where a function `predict(images)` was expected.")
    say = StudentFunction(predict, "predict", "capstone")
    said = say.numbers(say(others.images), others.labels.shape, f"{len(others.labels)} images")
    return float(np.mean(said == others.labels))
