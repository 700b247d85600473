"""Lab 3: networks that learn, with batches of different sizes and in a framework."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import Any

import numpy as np

from .. import training
from . import plots
from .student import StudentFunction, is_unfinished
from .widgets import Choice, Controls, Slider, explore, watch

EPOCHS = 40
WATCHED = 2  # epochs from one picture of a training to the next
BATCH_COLOURS = (plots.ORANGE, plots.BLUE, plots.GREEN)


def batch_sizes(
    train_numpy: Callable,
    backprop: Callable,
    minibatches: Callable,
    X: np.ndarray,
    y: np.ndarray,
    sizes: Sequence[int] = (1, 16, 200),
    rates: Sequence[float] = (0.1, 1.0, 2.0),
) -> None:
    """Train a network with batches of three sizes by the student's loop, each sample used equally often.

    Args:
        X, y: shapes (n_samples, 2) and (n_samples, 1).
        rates: the learning rate of each size; the noisier its gradient, the smaller.
    """
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.5)
        plane, curve = figure.add_axes((0.06, 0.14, 0.37, 0.71)), figure.add_axes((0.53, 0.14, 0.45, 0.71))
        plots.frame(plane, X, margin=0.08, square=True)
        plots.points(plane, X, y, size=26)
        plane.set(xlabel="$x_1$", ylabel="$x_2$")
        curve.set(xlim=(0, EPOCHS), yscale="log", ylim=(1e-3, 1.5), xlabel="epoch", ylabel="loss on all samples")
    names = dict(zip(("single samples", "mini-batches", "full batch"), sizes))

    @cache
    def runs() -> dict[int, list[list[np.ndarray]]]:
        _must_be_finished(train_numpy, backprop, minibatches, X, y)
        train_all = StudentFunction(
            lambda: {
                size: list(train_epochs(train_numpy, backprop, minibatches, X, y, size, rate))
                for size, rate in zip(sizes, rates)
            },
            "backprop",
        )
        return train_all()

    def draw(epoch: int, batches: str) -> None:
        snapshots = runs()[names[batches]]
        plots.decision_regions(plane, lambda x: sigmoid(network_logits(x, *snapshots[epoch])))
        for (name, size), colour in zip(names.items(), BATCH_COLOURS):
            losses = [network_loss(X, y, *weights) for weights in runs()[size]]
            chosen = name == batches
            curve.plot(
                np.arange(epoch + 1),
                losses[: epoch + 1],
                color=colour,
                linewidth=3.2 if chosen else 1.8,
                zorder=4 if chosen else 3,
                label=f"{name} ({_count(-(-len(X) // size))} an epoch)",
            )
            curve.plot(epoch, losses[epoch], "o", color=colour, clip_on=False, zorder=5)
        curve.legend(loc="upper right", bbox_to_anchor=(1.02, 1.22), ncols=1)
        right = np.mean((network_logits(X, *snapshots[epoch]) > 0) == (y > 0.5))
        figure.text(0.06, 0.93, f"Epoch {epoch}, {batches}: {right:.1%} right", fontsize=13)

    controls: Controls = {
        "epoch": Slider("epoch", 0, EPOCHS, 1, 0),
        "batches": Choice("", tuple(names), "mini-batches"),
    }
    explore(
        figure,
        draw,
        [controls],
        play=200,
        picture_at={"epoch": EPOCHS, "batches": "mini-batches"},
        preview="batch_sizes",
    )


def watch_training(
    train: Callable,
    net: Any,
    optimizer: Any,
    batches: Any,
    X: np.ndarray,
    y: np.ndarray,
    *,
    epochs: int = 40,
    every: int = 10,
) -> None:
    """Run the student's training loop and watch how the network's regions bend and its loss falls.

    Args:
        train: `train_torch` or `train_tf`, called for a few epochs at a time.
        batches: what the loop goes through once in each epoch.
        every: epochs from one line that says how far it is to the next.
    """
    if isinstance(net, type):  # the stand-in for a framework that is missing
        print("The framework of this cell is not installed here, so there is nothing to train.")
        return
    exercise = "training_loop_torch" if hasattr(net, "state_dict") else "training_loop_tensorflow"
    ask = StudentFunction(train, getattr(train, "__name__", "training_loop"), exercise)

    def work() -> Iterator[dict[str, Any]]:
        if isinstance(batches, training.Batches):  # else the loop would be blamed for them
            minibatches, *data = batches.arguments
            StudentFunction(lambda: as_list(minibatches(*data, 0)), "minibatches")()
        losses: list[float] = []
        begin = time.perf_counter()
        for _ in range(epochs // WATCHED):
            losses.extend(ask.numbers(ask(net, optimizer, batches, WATCHED), (WATCHED,), f"{WATCHED} epochs"))
            if len(losses) % every == 0:
                print(f"epoch {len(losses)} of {epochs}: loss {losses[-1]:.3f}, {time.perf_counter() - begin:.1f} s")
            yield {"logits": partial(training.logits, net), "done": np.arange(1, len(losses) + 1), "losses": losses}

    _watch_network(X, y, epochs, work(), "mean loss of the batches", preview="watch_training")


def watch_numpy(
    train_numpy: Callable,
    backprop: Callable,
    minibatches: Callable,
    X: np.ndarray,
    y: np.ndarray,
    *,
    batch_size: int = 16,
    learning_rate: float = 0.3,
    epochs: int = 40,
) -> None:
    """Run the student's own loop on a network with one hidden layer, and watch its regions bend."""

    def work() -> Iterator[dict[str, Any]]:
        _must_be_finished(train_numpy, backprop, minibatches, X, y)
        losses: list[float] = []
        snapshots = train_epochs(train_numpy, backprop, minibatches, X, y, batch_size, learning_rate)
        for epoch, weights in enumerate(islice(snapshots, epochs + 1)):
            losses.append(network_loss(X, y, *weights))
            if epoch % WATCHED == 0:
                logits = partial(_logits_of, weights)
                yield {"logits": logits, "done": np.arange(epoch + 1), "losses": [*losses]}

    _watch_network(X, y, epochs, work(), "loss on all samples", preview="watch_numpy")


def _logits_of(weights: list[np.ndarray], X: np.ndarray) -> np.ndarray:
    return network_logits(X, *weights)


def _watch_network(
    X: np.ndarray, y: np.ndarray, epochs: int, work: Iterator[dict[str, Any]], label: str, preview: str
) -> None:
    """Show how a network's regions bend and its loss falls while it is trained.

    Args:
        work: gives after some epochs each the network's logits as a function, the epochs done, and their losses.
        label: what the losses are.
    """
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.3)
        plane, curve = figure.add_axes((0.06, 0.14, 0.37, 0.73)), figure.add_axes((0.53, 0.14, 0.45, 0.73))
        plots.frame(plane, X, margin=0.08, square=True)
        plots.points(plane, X, np.ravel(y), size=26)
        plane.set(xlabel="$x_1$", ylabel="$x_2$")
        curve.set(xlim=(0, epochs), ylim=(0, 1.0), xlabel="epoch", ylabel=label)

    def draw(logits: Callable, done: np.ndarray, losses: list[float]) -> None:
        plots.decision_regions(plane, lambda x: sigmoid(logits(x)))
        curve.plot(done, losses, color=plots.BLUE)
        top = 1.08 * max(*losses, 0.1) if np.all(np.isfinite(losses)) else 1.0
        curve.set(xlim=(0, epochs), ylim=(0, top))
        right = np.mean((np.ravel(logits(X)) > 0) == (np.ravel(y) > 0.5))
        figure.text(0.06, 0.93, f"After {done[-1]} epochs: {right:.1%} right, loss {losses[-1]:.3f}", fontsize=13)

    watch(figure, draw, work, preview=preview)


def _count(steps: int) -> str:
    return f"{steps} step{'s' * (steps != 1)}"


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return the probability that belongs to a logit."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def network_logits(X: np.ndarray, W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray) -> np.ndarray:
    """Return the logits of a network with one hidden layer of tanh."""
    return np.tanh(X @ W1 + b1) @ W2 + b2


def network_loss(X: np.ndarray, y: np.ndarray, *weights: np.ndarray) -> float:
    """Return the mean cross-entropy of such a network."""
    return -np.mean(log_probability(network_logits(X, *weights), y))


def log_probability(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the logarithm of the probability that a logit gives to its label, at least that of 1e-300."""
    return np.log(np.maximum(sigmoid(np.where(y > 0.5, z, -z)), 1e-300))


def _must_be_finished(
    train_numpy: Callable, backprop: Callable, minibatches: Callable, X: np.ndarray, y: np.ndarray
) -> None:
    """Call each function once, so that the figure names the one that is not finished."""
    weights = training.start_weights()
    slope, loop = StudentFunction(backprop, "backprop"), StudentFunction(train_numpy, "train_numpy", "numpy_loop")
    batches = StudentFunction(lambda *arguments: as_list(minibatches(*arguments)), "minibatches")
    names = "dW1, db1, dW2, db2"
    gradients = slope.parts(slope(X, y, *weights), names)
    for name, gradient, array in zip(names.split(", "), gradients, weights):
        slope.numbers(gradient, array.shape, name)
    if not all(isinstance(batch, tuple | list) and len(batch) == 2 for batch in batches(X, y, 16, 0)):
        raise batches.broken("It did not give pairs (inputs, labels).")
    copies = [array.copy() for array in weights], [(X.copy(), y.copy())]
    trained = loop.parts(loop(backprop, *copies, 0.1, 1), "W1, b1, W2, b2")
    for name, result, array in zip(("W1", "b1", "W2", "b2"), trained, weights):
        loop.numbers(result, array.shape, name)


def as_list(batches: Any) -> list[Any] | None:
    """Return batches as a list, or None where there are none yet."""
    return None if is_unfinished(batches) else list(batches)


def train_epochs(
    train_numpy: Callable,
    backprop: Callable,
    minibatches: Callable,
    X: np.ndarray,
    y: np.ndarray,
    size: int,
    rate: float,
) -> Iterator[list[np.ndarray]]:
    """Yield the network's weights before training and after each epoch."""
    weights = training.start_weights()
    yield weights
    for epoch in range(EPOCHS):
        batches = list(minibatches(X.copy(), y.copy(), size, epoch))
        weights = train_numpy(backprop, [array.copy() for array in weights], batches, rate, 1)
        yield weights
