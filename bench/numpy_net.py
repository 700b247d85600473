"""The network of `course_utils.figures.lab4_network` in NumPy alone, with dropout: it makes Lab 4's curves.

It spells out what students are asked to write, so it stays out of `course_utils`.
"""

import numpy as np

from course_utils.figures.lab4_network import BATCH, LEARNING_RATE, History


def inverted_dropout(x, p, training, rng):
    """Dropout as the lab defines it, for figures that need no student's function."""
    if not training or p == 0:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / max(1 - p, 1e-12)
    return x * mask, mask


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
    weights = [
        rng.normal(0, np.sqrt(2 / 64), (64, width)),
        np.zeros(width),
        rng.normal(0, np.sqrt(2 / width), (width, 10)),
        np.zeros(10),
    ]
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


def fit(training, validation, **options):
    """Train to the end and return the `History`; see `epochs_of`."""
    *_, history = epochs_of(training, validation, **options)
    return history


def _probabilities(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _measured(weights, images, labels):
    outputs = np.maximum(images.reshape(-1, 64) @ weights[0] + weights[1], 0) @ weights[2] + weights[3]
    right = _probabilities(outputs)[np.arange(len(labels)), labels]
    return -np.log(np.maximum(right, 1e-12)).mean(), np.mean(outputs.argmax(axis=1) == labels)
