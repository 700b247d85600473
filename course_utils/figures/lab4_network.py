"""The small network with which Lab 4 overfits: one hidden layer of ReLU units, trained by the framework that is there.

The weights and the batches come from NumPy, so that PyTorch and Keras begin at the same place and go the same way.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..frameworks import installed, one_thread
from .student import Problem

LEARNING_RATE, BATCH = 0.01, 50
Samples = tuple[np.ndarray, np.ndarray]  # images of shape (n_samples, 8, 8), and labels


class History(NamedTuple):
    """How a training went, epoch by epoch: losses (mean cross-entropy) and shares of digits that are right."""

    training_loss: np.ndarray
    validation_loss: np.ndarray
    training_accuracy: np.ndarray
    validation_accuracy: np.ndarray


def exam_like(training_size: int, seed: int = 0) -> tuple[Samples, Samples]:
    """Return moved, noisy digits to train on, and others for validation."""
    from .. import datasets

    images, labels = datasets.moved_digits()
    order = np.random.default_rng(seed).permutation(labels.size)
    training, validation = ((images[part], labels[part]) for part in (order[:training_size], order[-500:]))
    return training, validation


# From the hidden values to what each is multiplied by.
Factors = Callable[[np.ndarray], np.ndarray]


class TorchNet:
    """The network in PyTorch.

    Args:
        weights: [W1, b1, W2, b2] to start with; weights have shape (inputs, units).
    """

    def __init__(self, weights: list[np.ndarray]) -> None:
        from ..frameworks import nn, torch

        self.torch, self.loss = torch, nn.CrossEntropyLoss()
        self.hidden, self.head = nn.Sequential(nn.Linear(*weights[0].shape), nn.ReLU()), nn.Linear(*weights[2].shape)
        self.parameters = [*self.hidden.parameters(), *self.head.parameters()]
        for parameter, array in zip(self.parameters, weights):
            parameter.data = torch.tensor(array.T.astype(np.float32))
        self.adam = torch.optim.Adam(self.parameters, lr=LEARNING_RATE)

    def learn(self, x: np.ndarray, labels: np.ndarray, factors: Factors | None = None) -> None:
        """Take one step on a batch; `factors` tells what the hidden values are multiplied by."""
        hidden = self.hidden(self.torch.tensor(x))
        if factors:
            hidden = hidden * self.torch.tensor(factors(hidden.detach().cpu().numpy()))
        slopes = self.torch.autograd.grad(self.loss(self.head(hidden), self.torch.tensor(labels)), self.parameters)
        for parameter, slope in zip(self.parameters, slopes):
            parameter.grad = slope
        self.adam.step()

    def measure(self, x: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
        """Return the loss, and the share of digits that are right."""
        with self.torch.no_grad():
            logits = self.head(self.hidden(self.torch.tensor(x)))
            return float(self.loss(logits, self.torch.tensor(labels))), np.mean(
                logits.cpu().numpy().argmax(1) == labels
            )


class KerasNet:
    """The network in Keras; arguments and methods are those of `TorchNet`."""

    def __init__(self, weights: list[np.ndarray]) -> None:
        from ..frameworks import keras

        x, factors = keras.Input((len(weights[0]),)), keras.Input((len(weights[1]),))
        hidden = keras.layers.Dense(len(weights[1]), activation="relu")(x)
        head = keras.layers.Dense(len(weights[3]))
        self.hidden = keras.Model(x, hidden)
        self.net = keras.Model([x, factors], head(keras.layers.Multiply()([hidden, factors])))
        self.net.set_weights(weights)
        self.loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        self.net.compile(keras.optimizers.Adam(LEARNING_RATE, epsilon=1e-8), self.loss, jit_compile=False)
        self.ones = np.ones((1, len(weights[1])), dtype=np.float32)

    def learn(self, x: np.ndarray, labels: np.ndarray, factors: Factors | None = None) -> None:
        multipliers = factors(np.array(self.hidden(x))) if factors else np.repeat(self.ones, len(x), axis=0)
        self.net.train_on_batch([x, multipliers], labels)

    def measure(self, x: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
        logits = self.net([x, np.repeat(self.ones, len(x), axis=0)])
        return float(self.loss(labels, logits)), np.mean(np.array(logits).argmax(1) == labels)


def network(weights: list[np.ndarray]) -> TorchNet | KerasNet:
    """Return the network in PyTorch, or in Keras where there is no PyTorch."""
    if installed("torch"):
        return TorchNet(weights)
    if installed("tensorflow"):
        return KerasNet(weights)
    raise Problem("This training needs PyTorch or TensorFlow", "Install one of them: pip install torch")


def epochs_of(
    training: Samples,
    validation: Samples,
    *,
    width: int = 128,
    rate: float = 0.0,
    dropout: Callable | None = None,
    epochs: int = 60,
    seed: int = 0,
) -> Iterator[History]:
    """Train a network and yield the `History` so far after each epoch; nothing is dropped where it is measured.

    Args:
        width: hidden units.
        rate: share of the hidden values that dropout drops.
        dropout: the student's function (x, p, training, rng) that returns the output and its mask, if there is to be
            dropout.
    """
    rng = np.random.default_rng(seed)
    (inputs, labels), held_out = (_arrays(*part) for part in (training, validation))
    net = network([rng.normal(0, np.sqrt(2 / 64), (64, width)), np.zeros(width),
                   rng.normal(0, np.sqrt(2 / width), (width, 10)), np.zeros(10)])  # fmt: skip

    factors = partial(_mask, dropout, rate, rng) if dropout else None
    rows = []
    for _ in range(epochs):
        with one_thread():  # threads that wait for each other cost more than such small layers gain by them
            for batch in np.array_split(rng.permutation(len(labels)), max(len(labels) // BATCH, 1)):
                net.learn(inputs[batch], labels[batch], factors)
            measured = net.measure(inputs, labels), net.measure(*held_out)
        rows.append([measured[0][0], measured[1][0], measured[0][1], measured[1][1]])
        yield History(*np.array(rows).T)


def _mask(dropout: Callable, rate: float, rng: np.random.Generator, hidden: np.ndarray) -> np.ndarray:
    return np.asarray(dropout(hidden.astype(float), rate, True, rng)[1], dtype=np.float32)


def _arrays(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return images.reshape(-1, 64).astype(np.float32), np.asarray(labels, dtype=np.int64)


def fit(training: Samples, validation: Samples, *, epochs: int = 60, say: str | None = None, **options: Any) -> History:
    """Train to the end and return the `History`; see `epochs_of`.

    Args:
        say: a name, under which four lines on the way report the progress.
    """
    for history in epochs_of(training, validation, epochs=epochs, **options):
        done = len(history.training_loss)
        if say and (done % max(epochs // 4, 1) == 0 or done == epochs):
            print(
                f"{say}, epoch {done} of {epochs}: training {history.training_accuracy[-1]:.0%}, "
                f"validation {history.validation_accuracy[-1]:.0%} right"
            )
    return history
