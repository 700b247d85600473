"""Lab 1: neurons, the line between two classes, training a perceptron, XOR and a hidden layer.

Each explorer shows itself, so a cell needs no more than the call. What explorers share is in `widgets`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from .. import datasets, training
from ..frameworks import Missing
from . import diagrams, plots
from .plots import Axes, Figure
from .student import StudentFunction
from .widgets import Column, Controls, Slider, explore, watch


def neuron(
    neuron: Callable,
    X: np.ndarray | None = None,
    y: np.ndarray | None = None,
    feature_names: Sequence[str] = ("$x_1$", "$x_2$"),
    class_names: Sequence[str] = ("class 0", "class 1"),
) -> None:
    """Move the weights and the bias of the student's `neuron(x, w, b)`, and see how its line divides the plane.

    Args:
        X: points to classify, shape (n_samples, 2), if any; `neuron(neuron, *dataset)` passes a data set.
        y: 0 or 1 for each of them.
    """
    with plots.style():
        if X is None or y is None:
            figure = plots.blank(6.4, 5.4)
            ax, scale = figure.add_axes((0.12, 0.12, 0.64, 0.75)), figure.add_axes((0.84, 0.12, 0.025, 0.75))
            plots.frame(ax, [(-5, -5), (5, 5)], margin=0, square=True)
        else:
            figure = plots.blank(plots.WIDTH, 4.8)
            ax, scale = figure.add_axes((0.07, 0.13, 0.8, 0.73)), figure.add_axes((0.92, 0.13, 0.016, 0.73))
            _frame_to_scale(ax, X)
            plots.points(ax, X, y, class_names)
        plots.probability_scale(scale, "output of your neuron")
        ax.set(xlabel=feature_names[0], ylabel=feature_names[1])
    ask = StudentFunction(neuron, "neuron")

    def outputs(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
        return ask.numbers(ask(x, w, b), (len(x),), f"a batch of {len(x)} inputs")

    def draw(w1: float, w2: float, b: float) -> None:
        w = np.array([w1, w2])
        plots.decision_regions(ax, lambda x: outputs(x, w, b))
        plots.line(ax, w, b)
        headline = f"{_signed(w1, plus='')}$x_1$ {_signed(w2)}$x_2$ {_signed(b)}= 0"
        if X is not None:
            right = (outputs(X, w, b) > 0.5) == (y == 1)
            plots.ring(ax, X[~right])
            headline += f"      {right.sum()} of {len(X)} right"
        figure.text(ax.get_position().x0, 0.945, headline, fontsize=13)

    sliders = {
        "w1": Slider("w₁", -5.0, 5.0, 0.1, 1.0),
        "w2": Slider("w₂", -5.0, 5.0, 0.1, 2.0),
        "b": Slider("b", -10.0, 10.0, 0.1, -1.0),
    }
    explore(figure, draw, [sliders], preview="neuron")


def perceptron_training(
    train_perceptron: Callable,
    X: np.ndarray,
    y: np.ndarray,
    feature_names: Sequence[str] = ("$x_1$", "$x_2$"),
    class_names: Sequence[str] = ("class 0", "class 1"),
    *,
    epochs: int = 10,
    learning_rate: float = 0.1,
) -> None:
    """Follow the student's `train_perceptron` epoch by epoch: where the line is, and how many mistakes remain."""
    figure, plane, bars = _points_and_bars(X, y, feature_names, class_names)

    @cache
    def after(epoch: int) -> tuple[np.ndarray, float, np.ndarray]:
        return _trained(train_perceptron, X, y, epoch, learning_rate)

    def draw(epoch: int) -> None:
        (w, b, _), (_, _, counts) = after(epoch), after(epochs)
        wrong = _wrong_side(X, y, w, b)
        plots.line(plane, w, b, arrow=False, sides=True)
        plots.ring(plane, X[wrong])
        plots.mistakes(bars, counts, upto=epoch)
        _headline(figure, f"After epoch {epoch}: {wrong.sum()} of {len(X)} on the wrong side")

    slider = Slider("epoch", 1, epochs, 1, 1)
    explore(figure, draw, [{"epoch": slider}], play=600, picture_at={"epoch": epochs}, preview="perceptron_training")


def watch_perceptron(
    train_perceptron: Callable,
    X: np.ndarray,
    y: np.ndarray,
    feature_names: Sequence[str] = ("$x_1$", "$x_2$"),
    class_names: Sequence[str] = ("class 0", "class 1"),
    *,
    epochs: int = 10,
    learning_rate: float = 0.1,
) -> None:
    """Run the student's `train_perceptron` sample by sample, and watch each nudge turn the line until none is left."""
    figure, plane, bars = _points_and_bars(X, y, feature_names, class_names)

    def work() -> Iterator[dict[str, Any]]:
        w, b, counts = np.zeros(X.shape[1]), 0.0, np.zeros(epochs, dtype=int)
        for step in range(epochs * len(X)):
            # A function that reports at the end of an epoch only: a single one over all samples met so far.
            met = np.arange(step + 1) % len(X)
            before = w, b
            w, b, _ = _trained(train_perceptron, X[met], y[met], 1, learning_rate)
            epoch = step // len(X)
            if b != before[1] or np.any(w != before[0]):
                counts[epoch] += 1
                yield {"w": w, "b": b, "counts": counts, "epoch": epoch + 1, "sample": X[met[-1]]}
            elif met[-1] == len(X) - 1 and not counts[epoch]:
                yield {"w": w, "b": b, "counts": counts, "epoch": epoch + 1, "sample": None}
                return

    def draw(w: np.ndarray, b: float, counts: np.ndarray, epoch: int, sample: np.ndarray | None) -> None:
        wrong = _wrong_side(X, y, w, b)
        plots.line(plane, w, b, arrow=False, sides=True)
        plots.ring(plane, X[wrong])
        if sample is not None:
            plots.ring(plane, sample, size=260, colour=plots.ORANGE)
        plots.mistakes(bars, counts, upto=epoch, top=20)
        total = int(counts.sum())
        nudges = f"{total} nudge{'s' * (total != 1)}"
        moment = f"Epoch {epoch}, {nudges}" if sample is not None else f"{nudges} in {epoch - 1} epochs"
        _headline(figure, f"{moment}: {wrong.sum()} of {len(X)} on the wrong side")

    watch(figure, draw, work(), preview="watch_perceptron", pause=0.1)


def xor_perceptron(train_perceptron: Callable, *, epochs: int = 8, learning_rate: float = 1.0) -> None:
    """Follow the same rule on the four corners of XOR, one corner at a time: each step mends one and breaks another."""
    X, y = datasets.xor()
    figure, plane, bars = _plane_and_bars(("$x_1$", "$x_2$"))
    with plots.style():
        plots.frame(plane, X, margin=0.25, square=True)
        plots.points(plane, X, y, ("0", "1"), size=110)
        plane.set(xticks=[0, 1], yticks=[0, 1])

    @cache
    def after(step: int) -> tuple[np.ndarray, float, np.ndarray]:
        # A state within an epoch, from a function that reports only at the end of one: a single epoch over all the
        # corners that have been met so far, round after round.
        met = np.arange(step) % len(X)
        return _trained(train_perceptron, X[met], y[met], 1, learning_rate)

    @cache
    def counts() -> np.ndarray:
        return _trained(train_perceptron, X, y, epochs, learning_rate)[2]

    def draw(step: int) -> None:
        w, b, _ = after(step)
        epoch, corner = 1 + (step - 1) // len(X), X[(step - 1) % len(X)]
        wrong = _wrong_side(X, y, w, b)
        plots.line(plane, w, b, sides=True)
        plots.ring(plane, X[wrong], size=200)
        plots.ring(plane, corner, size=420, colour=plots.ORANGE)
        plots.mistakes(bars, counts(), upto=step // len(X))
        moment = f"Epoch {epoch}, after corner ({corner[0]:.0f}, {corner[1]:.0f})"
        _headline(figure, f"{moment}: {wrong.sum()} of {len(X)} on the wrong side")

    slider = Slider("step", 1, epochs * len(X), 1, 1)
    explore(figure, draw, [{"step": slider}], play=600, picture_at={"step": epochs * len(X)}, preview="xor_perceptron")


def xor_network(two_layer: Callable) -> None:
    """Find, with sliders, the nine weights with which the student's `two_layer` solves XOR.

    On the left is the plane of the inputs, with the line of each hidden unit; in the middle the plane of the two hidden
    outputs, into which the hidden layer moves the four corners, so that one line can part them; on the right the truth
    table. A corner counts as right when the network also answers right up to 0.1 away from it.
    """
    X, y = datasets.xor()
    nearby = np.array([(dx, dy) for dx in (-0.1, 0, 0.1) for dy in (-0.1, 0, 0.1)])
    outline = np.array([(-1, 1, 1, -1, -1), (-1, -1, 1, 1, -1)])
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.3)
        plane, hidden = figure.add_axes((0.06, 0.13, 0.3, 0.74)), figure.add_axes((0.435, 0.13, 0.3, 0.74))
        for ax, title in ((plane, "Inputs"), (hidden, "Hidden outputs")):
            plots.frame(ax, X, margin=0.25, square=True)
            ax.set(xticks=[0, 1], yticks=[0, 1], title=title)
            ax.xaxis.labelpad = ax.yaxis.labelpad = -8
        plane.set(xlabel="$x_1$", ylabel="$x_2$")
        hidden.set(xlabel="$h_1$", ylabel="$h_2$")
        plots.points(plane, X, y, size=110)
        for x1, x2 in X:
            plane.plot(x1 + 0.1 * outline[0], x2 + 0.1 * outline[1], color=plots.GREY, linewidth=1, linestyle=":")

    def draw(**weights: float) -> str:
        W1, b1, W2, b2 = _two_layer_weights(weights)
        ask = StudentFunction(two_layer, "two_layer", "two_layer_numpy")

        def network(x: np.ndarray) -> np.ndarray:
            return ask.numbers(ask(x, W1, b1, W2, b2), (len(x), 1), f"a batch of {len(x)} inputs")[:, 0]

        plots.decision_regions(plane, network)
        plots.line(plane, W1[:, 0], b1[0], colour=plots.PURPLE)
        plots.line(plane, W1[:, 1], b1[1], colour=plots.GREEN)
        plots.points(hidden, _hidden_outputs(ask, X, W1, b1), y, size=110)
        plots.line(hidden, W2[:, 0], b2[0], sides=True)
        around = network((X[:, None] + nearby).reshape(-1, 2)).reshape(len(X), -1)
        right = np.all((around > 0.5) == (y[:, None] == 1), axis=1)
        _truth_table(figure, X, y, network(X), right)
        arrays = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
        return "\n".join(f"{name} = {values.tolist()}" for name, values in arrays.items())

    explore(figure, draw, _two_layer_sliders(), note_lines=4, preview="xor_network")


def watch_layers(network: Any, steps: Iterator[float], X: np.ndarray, y: np.ndarray, exercise: str) -> None:
    """Watch how a network of the student's own layers learns: its regions bend and its loss falls.

    Args:
        network: of either framework, with one output between 0 and 1.
        steps: each of them trains the network a little and gives its loss.
        exercise: the name of the student's class.
    """
    if isinstance(network, (type, Missing)):
        print("The framework of this cell is not installed here, so there is nothing to train.")
        return
    figure, plane, curve = _plane_and_bars(("$x_1$", "$x_2$"))
    with plots.style():
        plots.frame(plane, X, margin=0.08, square=True)
        plots.points(plane, X, y, size=26)
        curve.set(ylim=(0, 1.0), xlabel="step", ylabel="loss")
    ask = StudentFunction(lambda: next(steps), exercise, CHECKS[exercise])
    outputs = StudentFunction(lambda x: training.logits(network, x), exercise, CHECKS[exercise])

    def work() -> Iterator[dict[str, Any]]:
        losses: list[float] = []
        while len(losses) < WATCHED_STEPS:
            losses.append(float(ask.numbers(ask(), (), "one step")))
            if len(losses) == 1 or len(losses) % 10 == 0:
                yield {"losses": losses}

    def probability(x: np.ndarray) -> np.ndarray:
        return outputs.numbers(outputs(x), (len(x), 1), f"a batch of {len(x)} inputs")[:, 0]

    def draw(losses: list[float]) -> None:
        plots.decision_regions(plane, probability)
        curve.plot(np.arange(1, len(losses) + 1), losses, color=plots.BLUE)
        curve.set(xlim=(0, WATCHED_STEPS), ylim=(0, 1.08 * max(*losses, 0.75)))
        right = np.sum((probability(X) > 0.5) == (y == 1))
        steps_done = f"{len(losses)} step{'s' * (len(losses) != 1)}"
        figure.text(0.08, 0.94, f"After {steps_done}: {right} of {len(X)} right, loss {losses[-1]:.3f}", fontsize=13)

    watch(figure, draw, work(), preview="watch_layers")


WATCHED_STEPS = 200  # of the training in the lab
CHECKS = {
    "DenseTorch": "dense_torch",
    "DenseTF": "dense_tensorflow",
    "TwoLayerTorch": "two_layer_torch",
    "TwoLayerTF": "two_layer_tensorflow",
}


def network_diagram(widths: Sequence[int]) -> None:
    """Show the layers of a network, from the inputs to the outputs, such as [2, 3, 1]."""
    width, height = diagrams.diagram_size(widths)
    layers = " - ".join(map(str, widths))
    words = f"A network of layers with {layers} units, drawn as dots that are connected from each layer to the next."
    with plots.picture(width=width, height=height, words=words) as ax:
        diagrams.network_diagram(ax, widths)


def _frame_to_scale(ax: Axes, X: np.ndarray) -> None:
    """Fix equal scales around the points X, from 0 where no value is below it."""
    low, high = np.minimum(np.min(X, axis=0), 0), 1.12 * np.max(X, axis=0)
    box = ax.get_window_extent()
    unit = max((high[0] - low[0]) / box.width, (high[1] - low[1]) / box.height)
    ax.set(xlim=(low[0], low[0] + unit * box.width), ylim=(low[1], low[1] + unit * box.height), aspect="equal")


def _signed(value: float, plus: str = "+") -> str:
    """Return the number with its sign as mathematical text."""
    return f"${'-' if value < 0 else plus}\\,{abs(value):.1f}$ "


def _plane_and_bars(feature_names: Sequence[str]) -> tuple[Figure, Axes, Axes]:
    """Return an empty figure of two parts: the plane of the inputs, and the mistakes of each epoch."""
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.4)
        plane, bars = figure.add_axes((0.08, 0.14, 0.45, 0.71)), figure.add_axes((0.62, 0.14, 0.36, 0.71))
        plane.set(xlabel=feature_names[0], ylabel=feature_names[1])
    return figure, plane, bars


def _points_and_bars(
    X: np.ndarray, y: np.ndarray, feature_names: Sequence[str], class_names: Sequence[str]
) -> tuple[Figure, Axes, Axes]:
    """Return the figure of ``_plane_and_bars`` with the samples in its plane."""
    figure, plane, bars = _plane_and_bars(feature_names)
    with plots.style():
        plots.frame(plane, X, margin=0.12)
        plots.points(plane, X, y, class_names)
    return figure, plane, bars


def _headline(figure: Figure, words: str) -> None:
    figure.text(0.08, 0.94, words, fontsize=13)
    figure.text(0.62, 0.94, "Mistakes made in each epoch", fontsize=13)


def _trained(
    train_perceptron: Callable, X: np.ndarray, y: np.ndarray, epochs: int, learning_rate: float
) -> tuple[np.ndarray, float, np.ndarray]:
    """Return what the student's `train_perceptron` does: the weights, the bias, and the mistakes of each epoch."""
    ask = StudentFunction(train_perceptron, "train_perceptron")
    w, b, counts = ask.parts(ask(X, y, epochs, learning_rate), "w, b, mistakes")
    question = f"{len(X)} samples and {epochs} epoch{'s' * (epochs != 1)}"
    return (
        ask.numbers(w, (X.shape[1],), f"w after {question}"),
        float(ask.numbers(b, (), f"b after {question}")),
        ask.numbers(counts, (epochs,), f"the mistakes of {question}"),
    )


def _wrong_side(X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    return (X @ w + b > 0) != (y == 1)


def _two_layer_sliders() -> list[Column]:
    def column(**starts: tuple[str, float]) -> Controls:
        return {name: Slider(caption, -20, 20, 1, start) for name, (caption, start) in starts.items()}

    return [
        ("first hidden unit (pink)", column(w11=("W1[0, 0]", 6), w21=("W1[1, 0]", 6), b11=("b1[0]", -9))),
        ("second hidden unit (green)", column(w12=("W1[0, 1]", 4), w22=("W1[1, 1]", -4), b12=("b1[1]", -2))),
        ("output unit", column(v1=("W2[0, 0]", 5), v2=("W2[1, 0]", 5), b2=("b2[0]", -5))),
    ]


def _two_layer_weights(values: dict[str, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    W1 = np.array([[values["w11"], values["w12"]], [values["w21"], values["w22"]]], dtype=float)
    b1 = np.array([values["b11"], values["b12"]], dtype=float)
    return W1, b1, np.array([[values["v1"]], [values["v2"]]], dtype=float), np.array([values["b2"]], dtype=float)


def _hidden_outputs(ask: StudentFunction, X: np.ndarray, W1: np.ndarray, b1: np.ndarray) -> np.ndarray:
    """Return the outputs of the hidden layer, as the student's own network computes them.

    Its output layer gets the identity as weights, so that it adds nothing but a sigmoid, which is then undone.
    """
    outputs = ask.numbers(ask(X, W1, b1, np.eye(2), np.zeros(2)), (len(X), 2), "two output units")
    outputs = np.clip(outputs, 1e-9, 1 - 1e-9)
    return np.log(outputs / (1 - outputs))


def _truth_table(figure: Figure, X: np.ndarray, y: np.ndarray, outputs: np.ndarray, right: np.ndarray) -> None:
    columns, top, row, silent = (0.775, 0.815, 0.865, 0.925, 0.97), 0.8, 0.115, " "
    for x, words in zip(columns, ("$x_1$", "$x_2$", "XOR", "yours", "")):
        figure.text(x, top, words, ha="center", color=plots.GREY, gid=silent)
    rows = []
    for number, (corner, target, output, good) in enumerate(zip(X, y, outputs, right), start=1):
        mark, colour = ("\N{CHECK MARK}", plots.RIGHT) if good else ("\N{BALLOT X}", plots.WRONG)
        cells = (f"{corner[0]:.0f}", f"{corner[1]:.0f}", f"{target}", f"{output:.2f}", mark)
        rows.append(f"for ({cells[0]}, {cells[1]}) yours is {cells[3]}, {'right' if good else 'wrong'}")
        for x, words, shade in zip(columns, cells, (*[plots.BLACK] * 4, colour)):
            figure.text(x, top - number * row, words, ha="center", fontsize=13, color=shade, gid=silent)
    solved = "Solved!" if all(right) else f"{sum(right)} of 4 corners right"
    figure.text(0.872, top - 5.3 * row, solved, ha="center", fontsize=14, fontweight="bold",
                gid=f"{solved} {'; '.join(rows)}", color=plots.RIGHT if all(right) else plots.BLACK)  # fmt: skip
