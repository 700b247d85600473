"""Lab 4: curves of losses, of networks that were trained beforehand or on demand.

Those that take a while to train come from `course_utils/prepared`, made by `python -m bench.prepare_curves`.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from ..remarks import ILLNESSES
from . import lab4_network, plots
from .plots import Axes, Figure
from .student import StudentFunction, is_unfinished
from .widgets import Choice, Slider, explore

PREPARED = Path(__file__).parents[1] / "prepared" / "lab4_overfitting_dropout.json"
REDRAW = 0.5  # seconds between two pictures of a running training
TRAINING, VALIDATION = plots.BLUE, plots.VERMILLION
# Both losses, the epoch of the lowest validation loss, counted from 1, and the validation accuracy of each epoch.
Training = tuple[np.ndarray, np.ndarray, int, np.ndarray]


@cache
def prepared() -> tuple[dict[str, Any], Callable[[float, int, int], Training]]:
    """Return the grid of the prepared trainings, and a function (rate, width, size) that returns one of them."""
    contents = json.loads(PREPARED.read_text(encoding="utf-8"))

    def run(rate: float, width: int, size: int) -> Training:
        curves = contents["runs"][f"{rate:g} {width} {size}"]
        training, validation, accuracy = (np.array(curves[name]) for name in ("training", "validation", "accuracy"))
        return training, validation, curves["best"], accuracy

    return contents["grid"], run


def two_curves() -> None:
    """Show the picture of the lab: the loss on training digits falls and falls, that on other digits turns."""
    training, validation, best, _ = prepared()[1](0, 16, 400)
    words = (
        f"Loss over {len(training)} epochs: on the training digits it falls to {training[-1]:.2f}; on other digits it "
        f"falls to {validation[best - 1]:.2f} at epoch {best} and then rises to {validation[-1]:.2f}."
    )
    with plots.picture(width=plots.WIDTH, height=3.7, words=words) as ax:
        _loss_axes(ax, len(training), top=2.4)
        _two_lines(ax, training, validation, legend_at=0.43)
        ax.axvspan(best, len(training), color=plots.CLASS_TINTS[1], alpha=0.35, zorder=0, linewidth=0)
        ax.plot([best], [validation[best - 1]], "o", color=VALIDATION, markersize=10, markeredgecolor="white", zorder=5)
        ax.text(best / 2, 2.25, "learning", ha="center", fontsize=13)
        ax.text((best + len(training)) / 2, 2.25, "memorising", ha="center", fontsize=13)


def diagnose(diagnose: Callable) -> None:
    """Show what the student's `diagnose` says of real curves, and how many validation digits are right."""
    grid, run = prepared()
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.2)
        ax, share = figure.add_axes((0.07, 0.14, 0.42, 0.7)), figure.add_axes((0.6, 0.14, 0.38, 0.7))
        share.set(xlim=(0, grid["epochs"] + 2), ylim=(0, 1), xlabel="epoch", ylabel="right on the validation part")
    _loss_axes(ax, grid["epochs"])
    ask = StudentFunction(diagnose, "diagnose")

    def draw(size: int, width: int) -> None:
        training, validation, best, accuracy = run(0, width, size)
        word = ask(training, validation)
        if not isinstance(word, str) or word not in ILLNESSES:
            raise ask.broken("It did not return one of the four words of the table.")
        _two_lines(ax, training, validation)
        share.plot(np.arange(1, len(accuracy) + 1), accuracy, color=VALIDATION)
        for each in (ax, share):
            each.axvline(best, color=plots.BLACK, linewidth=1.5, linestyle=(0, (4, 3)))
        figure.text(0.07, 0.93, f"{size} digits, {width} units: your diagnosis is \N{LEFT DOUBLE QUOTATION MARK}"
                    f"{word}\N{RIGHT DOUBLE QUOTATION MARK}", fontsize=13)  # fmt: skip
        figure.text(0.6, 0.93, f"{accuracy[best - 1]:.0%} right there, {accuracy[-1]:.0%} in the end", fontsize=13)

    sliders = {
        "size": Choice("digits", tuple(grid["sizes"]), 400, slider=True),
        "width": Choice("width", tuple(grid["widths"]), 16, slider=True),
    }
    explore(figure, draw, [sliders], preview="diagnose")


def overfitting(dropout: Callable) -> None:
    """Choose dropout rate, width and size and see both losses; a button trains with the student's own `dropout`."""
    grid, run = prepared()
    figure, ax = _one_plot()
    _loss_axes(ax, grid["epochs"])
    ask = StudentFunction(dropout, "dropout", "dropout_numpy")
    own: dict[str, Any] = {}  # the training that the button started: its values, and its history so far

    def draw(rate: float, width: int, size: int) -> None:
        training, validation, best, accuracy = run(rate, width, size)
        _two_lines(ax, training, validation, names=("training (prepared)", "validation (prepared)"))
        ax.plot([best], [validation[best - 1]], "o", color=VALIDATION, markersize=9, markeredgecolor="white", zorder=5)
        words = (
            f"Lowest validation loss {validation[best - 1]:.2f} after epoch {best}; {accuracy[-1]:.0%} right in the end"
        )
        if own.get("values") == (rate, width, size):
            history = own["history"]
            done = len(history.training_loss)
            for losses, colour in ((history.training_loss, TRAINING), (history.validation_loss, VALIDATION)):
                ax.plot(np.arange(1, done + 1), losses, color=colour, linewidth=0, marker=".", markersize=6)
            words += f"\nYours (dots), epoch {done}: {history.validation_accuracy[-1]:.0%} right"
        figure.text(0.1, 0.985, words, fontsize=13, va="top", linespacing=1.4)

    def checked_dropout(x: np.ndarray, p: float, training: bool, rng: np.random.Generator) -> list[np.ndarray]:
        parts = ask(x, p, training, rng)
        if not isinstance(parts, tuple | list) or len(parts) != 2 or is_unfinished(parts[0]):
            raise ask.unfinished()
        return [ask.numbers(part, x.shape, f"a batch of shape {x.shape}") for part in parts]

    def work(rate: float, width: int, size: int) -> Iterator[None]:
        drawn = 0.0
        digits = lab4_network.exam_like(size, seed=1)
        for history in lab4_network.epochs_of(
            *digits, width=width, rate=rate, dropout=checked_dropout, epochs=grid["epochs"], seed=1
        ):
            own.update(values=(rate, width, size), history=history)
            if perf_counter() - drawn > REDRAW or len(history.training_loss) == grid["epochs"]:
                yield
                drawn = perf_counter()

    sliders = {
        "rate": Choice("dropout p", tuple(grid["rates"]), 0.0, slider=True),
        "width": Choice("width", tuple(grid["widths"]), 64, slider=True),
        "size": Choice("digits", tuple(grid["sizes"]), 400, slider=True),
    }
    explore(figure, draw, [sliders], button=("Train it now", work), preview="overfitting")


def early_stopping(EarlyStopping: Callable) -> None:
    """Let the student's `EarlyStopping` watch a prepared training: where it stops, and whose weights it keeps."""
    grid, run = prepared()
    validation = run(0.2, 64, 400)[1]
    figure, ax = _one_plot()
    epochs = np.arange(1, grid["epochs"] + 1)
    with plots.style():
        ax.set(xlim=(0, grid["epochs"] + 1), xlabel="epoch", ylabel="validation loss",
               ylim=(validation.min() - 0.08, validation[4]))  # fmt: skip
        ax.plot(epochs, validation, color="#D8D8D8", zorder=1)

    def watch(patience: int, min_delta: float) -> tuple[int, Any, bool] | None:
        stopper = EarlyStopping(patience, min_delta)
        weights = [np.zeros(1)]
        for epoch, loss in zip(epochs, validation):
            weights[0][...] = epoch
            stop = stopper.update(float(loss), weights)
            if is_unfinished(stop):
                return None
            if stop:
                break
        return None if stopper.best_weights is None else (int(epoch), stopper.best_weights[0], bool(stop))

    ask = StudentFunction(watch, "EarlyStopping", "early_stopping")

    def draw(patience: int, min_delta: float) -> None:
        last, kept, stopped = ask(patience, min_delta)
        best = int(np.clip(ask.numbers(np.ravel(kept)[:1], (1,), "the best weights")[0], 1, len(epochs)))
        ax.plot(epochs[:last], validation[:last], color=VALIDATION, zorder=2)
        ax.plot([last], [validation[last - 1]], "s", color=plots.BLACK, markersize=9, markeredgecolor="white", zorder=4)
        ax.plot([best], [validation[best - 1]], "*", color=plots.BLUE, markersize=18, markeredgecolor="white", zorder=5)
        ending = f"Stopped after epoch {last}" if stopped else f"Never stopped in {last} epochs"
        figure.text(0.1, 0.985, f"{ending} (square), kept the weights of epoch {best} (star)\n"
                    f"Their loss is {validation[best - 1]:.3f}; the lowest of all {len(epochs)} epochs is "
                    f"{validation.min():.3f}",
                    fontsize=13, va="top", linespacing=1.4)  # fmt: skip

    sliders = {"patience": Slider("patience", 1, 15, 1, 2), "min_delta": Slider("min_delta", 0.0, 0.1, 0.005, 0.0)}
    explore(figure, draw, [sliders], preview="early_stopping")


def _one_plot() -> tuple[Figure, Axes]:
    """Return a figure with one wide plot and room for words above it."""
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.2)
        return figure, figure.add_axes((0.1, 0.14, 0.86, 0.7))


def _loss_axes(ax: Axes, epochs: int, top: float = 3.0) -> None:
    with plots.style():
        ax.set(xlim=(0, epochs + 2), ylim=(0, top), xlabel="epoch", ylabel="loss")


def _two_lines(
    ax: Axes,
    training: np.ndarray,
    validation: np.ndarray,
    names: tuple[str, str] = ("training", "validation"),
    legend_at: float = 1.0,
) -> None:
    epochs = np.arange(1, len(training) + 1)
    ax.plot(epochs, training, color=TRAINING, label=names[0])
    ax.plot(epochs, validation, color=VALIDATION, linestyle=(0, (4, 1.5)), label=names[1])
    ax.legend(loc="upper right", bbox_to_anchor=(1, legend_at))
