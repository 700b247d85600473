"""The small network with which Lab 4 overfits: one hidden layer of ReLU units, dropout, softmax, Adam; NumPy alone."""

from typing import NamedTuple

import numpy as np

LEARNING_RATE, BATCH = 0.01, 50


class History(NamedTuple):
    """What a training was like, an entry an epoch: losses (mean cross-entropy) and shares of right answers."""

    training_loss: np.ndarray
    validation_loss: np.ndarray
    training_accuracy: np.ndarray
    validation_accuracy: np.ndarray


def inverted_dropout(x, p, training, rng):
    """Dropout as the lab defines it, for figures that need no student's function."""
    if not training or p == 0:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / max(1 - p, 1e-12)
    return x * mask, mask


def exam_like(training_size, seed=0):
    """Return ((images, labels), (images, labels)): shifted, noisy digits to train on, and others for validation."""
    from course_utils import datasets

    rng, found = np.random.default_rng(seed), datasets.digits()
    order = rng.permutation(len(found.labels))
    kept, held = order[:training_size], order[-500:]
    return tuple((datasets.shifted_and_noisy(found.images[part], rng), found.labels[part]) for part in (kept, held))


def epochs_of(training, validation, *, width=128, rate=0.0, dropout=inverted_dropout, epochs=60, seed=0):
    """Train a network and yield the `History` so far after each epoch; nothing is dropped where it is measured.

    Args:
        training, validation: pairs of images, shape (n_samples, 8, 8), and labels.
        width: hidden units.
        rate: share of the hidden values that dropout drops.
        dropout: function (x, p, training, rng) that returns the output and its mask.
    """
    rng = np.random.default_rng(seed)
    inputs, labels = training[0].reshape(-1, 64), training[1]
    weights = [rng.normal(0, np.sqrt(2 / 64), (64, width)), np.zeros(width),
               rng.normal(0, np.sqrt(2 / width), (width, 10)), np.zeros(10)]
    means, squares, steps = [0 * each for each in weights], [0 * each for each in weights], 0
    rows = []
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(labels)), max(len(labels) // BATCH, 1)):
            x, steps = inputs[batch], steps + 1
            z = x @ weights[0] + weights[1]
            hidden, mask = dropout(np.maximum(z, 0), rate, True, rng)
            error = _probabilities(hidden @ weights[2] + weights[3])
            error[np.arange(len(batch)), labels[batch]] -= 1
            error /= len(batch)
            back = error @ weights[2].T * mask * (z > 0)
            for k, gradient in enumerate((x.T @ back, back.sum(0), hidden.T @ error, error.sum(0))):
                means[k] = 0.9 * means[k] + 0.1 * gradient
                squares[k] = 0.999 * squares[k] + 0.001 * gradient**2
                size = np.sqrt(squares[k] / (1 - 0.999**steps)) + 1e-8
                weights[k] -= LEARNING_RATE * means[k] / (1 - 0.9**steps) / size
        measured = [_measured(weights, *part) for part in (training, validation)]
        rows.append([measured[0][0], measured[1][0], measured[0][1], measured[1][1]])
        yield History(*np.array(rows).T)


def fit(training, validation, *, epochs=60, say=None, **options):
    """Train to the end and return the `History`; see `epochs_of`.

    Args:
        say: a name: four times on the way, a line under this name reports the progress.
    """
    for history in epochs_of(training, validation, epochs=epochs, **options):
        done = len(history.training_loss)
        if say and (done % max(epochs // 4, 1) == 0 or done == epochs):
            print(f"{say}, epoch {done} of {epochs}: training {history.training_accuracy[-1]:.0%}, "
                  f"validation {history.validation_accuracy[-1]:.0%} right")
    return history


def _probabilities(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _measured(weights, images, labels):
    outputs = np.maximum(images.reshape(-1, 64) @ weights[0] + weights[1], 0) @ weights[2] + weights[3]
    right = _probabilities(outputs)[np.arange(len(labels)), labels]
    return -np.log(np.maximum(right, 1e-12)).mean(), np.mean(outputs.argmax(axis=1) == labels)
