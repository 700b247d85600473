"""A character model as a student would write it, for the tests of Lab 5a's figures."""

import numpy as np

from course_utils import datasets
from course_utils.tunes import END

TUNES = datasets.tunes(seed=1, n=40)
LETTERS = sorted(set("".join(TUNES)) | {END})
SEQUENCES = [np.array([LETTERS.index(letter) for letter in tune + END]) for tune in TUNES]


def bigram(sequences, size, smoothing=1.0):
    counts = np.full((size, size), smoothing)
    for sequence in sequences:
        np.add.at(counts, (sequence[:-1], sequence[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)


def temper(logits, temperature):
    powers = np.exp((logits - np.max(logits, axis=-1, keepdims=True)) / temperature)
    return powers / powers.sum(axis=-1, keepdims=True)


def draw(p, rng):
    return int(np.searchsorted(np.cumsum(p), rng.random()))


def step(character, h, parameters):
    return np.tanh(parameters["Wx"][character] + h @ parameters["Wh"] + parameters["b"])


def unroll(inputs, h, parameters):
    states = []
    for column in np.transpose(inputs):
        h = step(column, h, parameters)
        states.append(h)
    states = np.stack(states, axis=1)
    return states, states @ parameters["Wy"] + parameters["by"]


def parameters(units=24, seed=0):
    """Return random parameters of a network for the characters of these tunes."""
    random, size = np.random.RandomState(seed), len(LETTERS)
    return {
        "Wx": random.randn(size, units),
        "Wh": 0.5 * random.randn(units, units) / np.sqrt(units),
        "b": np.zeros(units),
        "Wy": random.randn(units, size) / np.sqrt(units),
        "by": np.zeros(size),
    }
