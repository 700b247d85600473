"""Lab 4: learning and memorising, dropout, early stopping and L2.

Curves that take a while to train come from `course_utils/prepared`, made by `python -m bench.prepare_curves`.
"""

import json
from functools import cache
from pathlib import Path
from time import perf_counter

import numpy as np

from .. import datasets
from . import lab4_network, plots
from .widgets import Problem, Slider, Stops, Student, explore

PREPARED = Path(__file__).parents[1] / "prepared" / "lab4_overfitting_dropout.json"
REDRAW = 0.5  # seconds between two pictures of a running training
TRAINING, VALIDATION = plots.BLUE, plots.VERMILLION


@cache
def prepared():
    """The grid of the prepared trainings, and a function (rate, width, size) to what is known of one.

    That is: both losses, the epoch of the lowest validation loss, counted from 1, and the last validation accuracy.
    """
    found = json.loads(PREPARED.read_text(encoding="utf-8"))

    def run(rate, width, size):
        curves = found["runs"][f"{rate:g} {width} {size}"]
        return np.array(curves["training"]), np.array(curves["validation"]), curves["best"], curves["accuracy"]

    return found["grid"], run


def two_curves():
    """Show the picture of the lab: the loss on training digits falls and falls, that on other digits turns."""
    training, validation, best, _ = prepared()[1](0, 16, 400)
    with plots.picture(width=7.4, height=3.7) as ax:
        _losses(ax, len(training), top=2.4)
        _two_lines(ax, training, validation, legend_at=0.62)
        ax.axvspan(best, len(training), color=plots.CLASS_TINTS[1], alpha=0.35, zorder=0, linewidth=0)
        ax.plot([best], [validation[best - 1]], "o", color=VALIDATION, markersize=10, markeredgecolor="white", zorder=5)
        ax.text(best / 2, 2.25, "learning", ha="center", fontsize=13)
        ax.text((best + len(training)) / 2, 2.25, "memorising", ha="center", fontsize=13)


def split(stratified_split):
    """Show how the student's `stratified_split` shares out the digits."""
    labels = datasets.digits().labels
    with plots.style():
        figure = plots.blank(8.2, 3.8)
        ax = figure.add_axes((0.09, 0.15, 0.89, 0.7))
        ax.set(xlabel="digit", ylabel="share of this digit", xticks=range(10), xlim=(-0.6, 9.6), ylim=(0, 1.02),
               yticks=[0, 0.7, 0.85, 1])  # fmt: skip
    ask = Student(stratified_split, "stratified_split")

    def draw():
        parts = ask(labels, 0)
        if not isinstance(parts, tuple | list) or len(parts) != 3:
            raise ask.broken(f"It returned {type(parts).__name__}, where (train, validation, test) was expected.")
        bottom, sizes = np.zeros(10), []
        for part, colour in zip(parts, (plots.SKY, plots.ORANGE, plots.GREEN)):
            if part is None or part is Ellipsis:
                raise ask.unfinished()
            try:
                found = labels[np.asarray(part, dtype=int)]
            except Exception as error:
                raise ask.broken("A part does not hold indices of samples.") from error
            height = np.bincount(found, minlength=10) / np.bincount(labels)
            ax.bar(range(10), height, 0.74, bottom, color=colour, edgecolor="white")
            bottom, sizes = bottom + height, [*sizes, len(found)]
        for x, word, size, colour in zip((0.09, 0.37, 0.68), ("training", "validation", "test"), sizes,
                                         (plots.SKY, plots.ORANGE, plots.GREEN)):  # fmt: skip
            figure.text(x, 0.93, "\N{BLACK SQUARE}", color=colour, fontsize=15)
            figure.text(x + 0.03, 0.93, f"{word}: {size} digits", fontsize=13)

    explore(figure, draw, [])


def memorise(epochs=60):
    """Train on 300 digits, with their own labels and with shuffled ones, and show what is learned by heart."""
    training, validation = _plain_digits(300)
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
    with plots.picture(columns=2, width=9.6, height=3.7) as axes:
        for ax, (title, history) in zip(axes, histories.items()):
            steps = np.arange(1, epochs + 1)
            ax.plot(steps, history.training_accuracy, color=TRAINING, label="training")
            ax.plot(steps, history.validation_accuracy, color=VALIDATION, linestyle=(0, (4, 1.5)), label="validation")
            ax.axhline(0.1, color=plots.GREY, linewidth=1, linestyle=":")
            ax.text(epochs, 0.03, "guessing", ha="right", color=plots.GREY)
            ax.set(xlim=(0, epochs), ylim=(0, 1.04), xlabel="epoch", ylabel="accuracy", title=title)
            ax.legend(loc="center right", bbox_to_anchor=(1, 0.45))


def _plain_digits(size):
    """Digits as they are, neither shifted nor noisy: some to train on and 500 others."""
    found, order = datasets.digits(), np.random.default_rng(0).permutation(1797)
    return tuple((found.images[part], found.labels[part]) for part in (order[:size], order[-500:]))


def parting(parting_epoch):
    """Show the epoch and the gap that the student's `parting_epoch` finds, for trainings with more and more digits."""
    grid, run = prepared()
    figure, ax = _one_plot()
    _losses(ax, grid["epochs"])
    ask = Student(parting_epoch, "parting_epoch")

    def draw(size):
        training, validation, *_ = run(0, 16, size)
        answer = ask(training, validation)
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise ask.broken(f"It returned {type(answer).__name__}, where (epoch, gap) was expected.")
        if any(part is None or part is Ellipsis for part in answer):
            raise ask.unfinished()
        epoch, gap = (float(ask.numbers(each, (), what)) for each, what in zip(answer, ("the epoch", "the gap")))
        _two_lines(ax, training, validation)
        ax.axvline(epoch, color=plots.BLACK, linewidth=1.5, linestyle=(0, (4, 3)))
        end, low = len(training) + 1.2, training[-1]
        ax.annotate("", (end, low), (end, low + gap), annotation_clip=False,
                    arrowprops={"arrowstyle": "<->", "lw": 1.8, "shrinkA": 0, "shrinkB": 0})  # fmt: skip
        words = f"{size} digits: they part at epoch {epoch:g}, in the end the gap is {gap:.2f}"
        figure.text(0.1, 0.93, words, fontsize=13)

    explore(figure, draw, [{"size": Stops("digits", tuple(grid["sizes"]), 400)}])


def dropout(dropout):
    """Let the student's `dropout` work on the pixels of a digit: one call, its mask, and the mean of many calls."""
    found = datasets.digits()
    digit = found.images[int(np.flatnonzero(found.labels == 3)[0])]
    with plots.style():
        figure = plots.blank(10.2, 3.5)
        axes = [figure.add_axes((0.02 + 0.245 * column, 0.1, 0.22, 0.7)) for column in range(4)]
        for ax in axes:
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set(visible=True, color="#D8D8D8")
    ask = Student(dropout, "dropout", "dropout_numpy")

    def once(p, rng):
        answer = ask(digit, p, True, rng)
        if not isinstance(answer, tuple | list) or len(answer) != 2:
            raise ask.broken(f"It returned {type(answer).__name__}, where (output, mask) was expected.")
        if any(part is None or part is Ellipsis for part in answer):
            raise ask.unfinished()
        return [ask.numbers(part, digit.shape, "an 8 by 8 image") for part in answer]

    def draw(p, calls, seed):
        rng = np.random.default_rng(seed)
        output, mask = once(p, rng)
        total = output.copy()
        for _ in range(calls - 1):
            total += once(p, rng)[0]
        titles = ("x", "mask of one call", "its output", f"mean of {calls} call{'s' * (calls != 1)}")
        for ax, image, title in zip(axes, (digit, mask, output, total / calls), titles):
            ax.imshow(image, cmap="gray_r", vmin=0, vmax=max(mask.max(), 1) if image is mask else 1)
            figure.text(ax.get_position().x0, 0.88, title, fontsize=13)
            figure.text(ax.get_position().x0, 0.03, f"mean {image.mean():.3f}", color=plots.GREY)

    sliders = {"p": Slider("p", 0.0, 1.0, 0.05, 0.5), "calls": Slider("calls", 1, 200, 1, 1),
               "seed": Slider("draw", 1, 20, 1, 1)}  # fmt: skip
    explore(figure, draw, [sliders], picture_at={"p": 0.5, "calls": 100, "seed": 1})


def overfitting(dropout):
    """Choose dropout rate, width and size and see both losses; a button trains with the student's own `dropout`."""
    grid, run = prepared()
    figure, ax = _one_plot()
    _losses(ax, grid["epochs"])
    ask, own = Student(dropout, "dropout", "dropout_numpy"), {}

    def draw(rate, width, size):
        training, validation, best, accuracy = run(rate, width, size)
        _two_lines(ax, training, validation, names=("training (prepared)", "validation (prepared)"))
        ax.plot([best], [validation[best - 1]], "o", color=VALIDATION, markersize=9, markeredgecolor="white", zorder=5)
        words = f"Lowest validation loss {validation[best - 1]:.2f} after epoch {best}; {accuracy:.0%} right in the end"
        if own.get("values") == (rate, width, size):
            history = own["history"]
            done = len(history.training_loss)
            for losses, colour in ((history.training_loss, TRAINING), (history.validation_loss, VALIDATION)):
                ax.plot(np.arange(1, done + 1), losses, color=colour, linewidth=0, marker=".", markersize=6)
            words += f"\nYours (dots), epoch {done}: {history.validation_accuracy[-1]:.0%} right"
        figure.text(0.1, 0.985, words, fontsize=13, va="top", linespacing=1.4)

    def drops(x, p, training, rng):
        answer = ask(x, p, training, rng)
        if not isinstance(answer, tuple | list) or len(answer) != 2 or answer[0] is None or answer[0] is Ellipsis:
            raise ask.unfinished()
        return [ask.numbers(part, x.shape, f"a batch of shape {x.shape}") for part in answer]

    def work(rate, width, size):
        drawn = 0.0
        digits = lab4_network.exam_like(size, seed=1)
        options = {"width": width, "rate": rate, "dropout": drops, "epochs": grid["epochs"], "seed": 1}
        for history in lab4_network.epochs_of(*digits, **options):
            own.update(values=(rate, width, size), history=history)
            if perf_counter() - drawn > REDRAW or len(history.training_loss) == grid["epochs"]:
                yield
                drawn = perf_counter()

    sliders = {
        "rate": Stops("dropout p", tuple(grid["rates"]), 0.0),
        "width": Stops("width", tuple(grid["widths"]), 64),
        "size": Stops("digits", tuple(grid["sizes"]), 400),
    }
    explore(figure, draw, [sliders], button=("Train it now", work))


def early_stopping(EarlyStopping):
    """Let the student's `EarlyStopping` watch a prepared training: where it stops, and whose weights it keeps."""
    grid, run = prepared()
    validation = run(0.2, 64, 400)[1]
    figure, ax = _one_plot()
    epochs = np.arange(1, grid["epochs"] + 1)
    with plots.style():
        ax.set(xlim=(0, grid["epochs"] + 1), xlabel="epoch", ylabel="validation loss",
               ylim=(validation.min() - 0.08, validation[4]))  # fmt: skip
        ax.plot(epochs, validation, color="#D8D8D8", zorder=1)

    def watch(patience, min_delta):
        stopper = EarlyStopping(patience, min_delta)
        weights = [np.zeros(1)]
        for epoch, loss in zip(epochs, validation):
            weights[0][...] = epoch
            stop = stopper.update(float(loss), weights)
            if stop is None or stop is Ellipsis:
                return None
            if stop:
                break
        return None if stopper.best_weights is None else (int(epoch), stopper.best_weights[0], bool(stop))

    ask = Student(watch, "EarlyStopping", "early_stopping")

    def draw(patience, min_delta):
        last, kept, stopped = ask(patience, min_delta)
        best = int(np.clip(ask.numbers(np.ravel(kept)[:1], (1,), "the best weights")[0], 1, len(epochs)))
        ax.plot(epochs[:last], validation[:last], color=VALIDATION, zorder=2)
        ax.plot([last], [validation[last - 1]], "s", color=plots.BLACK, markersize=9, markeredgecolor="white", zorder=4)
        ax.plot([best], [validation[best - 1]], "*", color=plots.BLUE, markersize=18, markeredgecolor="white", zorder=5)
        what = f"Stopped after epoch {last}" if stopped else f"Never stopped in {last} epochs"
        figure.text(0.1, 0.985, f"{what} (square), kept the weights of epoch {best} (star)\n"
                    f"Their loss is {validation[best - 1]:.3f}; the lowest of all {len(epochs)} epochs is "
                    f"{validation.min():.3f}",
                    fontsize=13, va="top", linespacing=1.4)  # fmt: skip

    sliders = {"patience": Slider("patience", 1, 15, 1, 2), "min_delta": Slider("min_delta", 0.0, 0.1, 0.005, 0.0)}
    explore(figure, draw, [sliders])


def l2(l2_step, steps=3000):
    """Fit a polynomial to a small noisy wave with the student's `l2_step`: its degree, and the penalty's strength."""
    x, y = datasets.noisy_wave(14, seed=3)
    others = datasets.noisy_wave(200, seed=103)
    fine = np.linspace(-1, 1, 201)
    with plots.style():
        figure = plots.blank(8.2, 4.2)
        ax = figure.add_axes((0.1, 0.14, 0.88, 0.7))
        ax.set(xlim=(-1.03, 1.03), ylim=(-2.1, 2.1), xlabel="x", ylabel="y")
        ax.plot(fine, np.sin(3 * fine), color=plots.GREY, linestyle=":", linewidth=2, label="the wave without noise")
        ax.plot(x, y, "o", color=plots.BLACK, markersize=8, markeredgecolor="white", zorder=5, label="14 noisy points")

    @cache
    def fitted(degree, strength):
        features = np.polynomial.chebyshev.chebvander(x, degree)
        curvature, pull = features.T @ features / len(x), features.T @ y / len(x)
        rate = 1 / (np.linalg.eigvalsh(curvature)[-1] + strength)

        def descend():
            w = np.zeros(degree + 1)
            for _ in range(steps):
                w = l2_step(w, curvature @ w - pull, lambda g: g, rate, strength, "penalty")
                if w is None or w is Ellipsis:
                    return None
            return w

        ask = Student(descend, "l2_step")
        return ask.numbers(ask(), (degree + 1,), f"{degree + 1} weights")

    def draw(degree, strength):
        w = fitted(degree, strength)

        def error(points, values):
            return np.mean((np.polynomial.chebyshev.chebval(points, w) - values) ** 2)

        ax.plot(fine, np.polynomial.chebyshev.chebval(fine, w), color=plots.BLUE, zorder=4,
                label=f"polynomial of degree {degree}")  # fmt: skip
        ax.legend(loc="upper left")
        words = f"Error on the 14 points {error(x, y):.3f}, on 200 others {error(*others):.3f}"
        figure.text(0.1, 0.925, words, fontsize=13)

    strengths = tuple((f"{each:g}", each) for each in (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0))
    explore(figure, draw, [{"degree": Slider("degree", 1, 13, 1, 9), "strength": Stops("strength", strengths, 0.0)}])


def _one_plot():
    """A figure with one wide plot and room for words above it."""
    with plots.style():
        figure = plots.blank(8.2, 4.2)
        return figure, figure.add_axes((0.1, 0.14, 0.86, 0.7))


def _losses(ax, epochs, top=3.0):
    with plots.style():
        ax.set(xlim=(0, epochs + 2), ylim=(0, top), xlabel="epoch", ylabel="loss")


def _two_lines(ax, training, validation, names=("training", "validation"), legend_at=1.0):
    epochs = np.arange(1, len(training) + 1)
    ax.plot(epochs, training, color=TRAINING, label=names[0])
    ax.plot(epochs, validation, color=VALIDATION, linestyle=(0, (4, 1.5)), label=names[1])
    ax.legend(loc="upper right", bbox_to_anchor=(1, legend_at))
