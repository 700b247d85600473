"""What Lab 5a trains with: start parameters, batches of windows, an optimiser, and bits on tunes held out.

Parameters are a dictionary of arrays: Wx (size, units), Wh (units, units), b (units,), Wy (units, size), by (size,) for
a vocabulary of that size.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..tunes import END

Parameters = dict[str, np.ndarray]

UNITS, LENGTH, BATCH = 64, 32, 32  # of the network, of a window, and windows of a batch
RATE, LIMIT = 0.01, 1.0  # of Adam at the start, and the longest gradient
STEPS = 1500  # of the whole training
BETAS, EPSILON = (0.9, 0.99), 1e-8
ORTHOGONAL = 0.9  # by how much the first Wh changes the length of a state


def start_parameters(size: int, units: int = UNITS, seed: int = 0) -> Parameters:
    """Random parameters of a recurrent network, float32, which carry a state on without blowing it up.

    Args:
        size: of the vocabulary.
    """
    random = np.random.RandomState(seed)
    turn, _ = np.linalg.qr(random.randn(units, units))
    arrays = {
        "Wx": random.randn(size, units) / 2,
        "Wh": ORTHOGONAL * turn,
        "b": np.zeros(units),
        "Wy": random.randn(units, size) / (2 * np.sqrt(units)),
        "by": np.zeros(size),
    }
    return {name: array.astype(np.float32) for name, array in arrays.items()}


class Adam:
    """Adam, as Lab 3 builds it, for a dictionary of parameters; a call returns them after one step.

    Kingma and Ba, Adam: a method for stochastic optimization (2015), with the two corrections drawn into the rate. It
    falls in a straight line to 0 over all steps.
    """

    def __init__(self, rate: float = RATE, steps: int = STEPS) -> None:
        self.rate, self.steps, self.taken = rate, steps, 0
        self.averages: dict[str, list[np.ndarray]] = {}

    def __call__(self, parameters: Parameters, gradients: Parameters) -> Parameters:
        self.taken += 1
        first, second = BETAS
        rate = self.rate * max(1 - (self.taken - 1) / self.steps, 0.0)
        rate *= np.sqrt(1 - second**self.taken) / (1 - first**self.taken)
        moved = {}
        for name, array in parameters.items():
            slope = np.asarray(gradients[name])
            kept = self.averages.setdefault(name, [np.zeros_like(slope), np.zeros_like(slope)])
            for place, (decay, value) in enumerate(((first, slope), (second, np.square(slope)))):
                kept[place] = kept[place] + (1 - decay) * (value - kept[place])
            change = float(rate) * kept[0] / (np.sqrt(kept[1]) + EPSILON)
            moved[name] = (array - change).astype(array.dtype)
        return moved


def batches(
    inputs: np.ndarray, targets: np.ndarray, steps: int = STEPS, size: int = BATCH, seed: int = 0
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return pairs (inputs, targets) of windows that are drawn anew for each step, each of shape (size, length)."""
    random = np.random.RandomState(seed)
    chosen = [random.randint(0, len(inputs), size) for _ in range(steps)]
    return [(inputs[places], targets[places]) for places in chosen]


def encoded(encode: Callable[..., Any], texts: Sequence[str], letters: list[str]) -> list[np.ndarray]:
    """Return each text as numbers, with an end sign before it and behind it; none while the exercise is open.

    Args:
        encode: the student's function.
    """
    try:
        return [np.array(encode(END + text + END, letters), dtype=int) for text in texts]
    except Exception:
        print("Finish encode first, then run this cell again.")
        return []


def table_of(bigram: Callable[..., Any], sequences: Sequence[np.ndarray], letters: list[str]) -> Any:
    """Return the student's table of pairs as it comes, or None where there is none: the figure below says why."""
    try:
        return bigram([*sequences], len(letters)) if sequences else None
    except Exception:
        return None


def cut(
    windows: Callable[..., Any], sequences: Sequence[np.ndarray], length: int = LENGTH
) -> tuple[np.ndarray, np.ndarray]:
    """Return the student's windows and targets, each of shape (n, length); of 0s while the exercise is open."""
    try:
        inputs, targets = windows([*sequences], length)
        return np.array(inputs, dtype=int).reshape(-1, length), np.array(targets, dtype=int).reshape(-1, length)
    except Exception:
        print("Finish encode and windows first, then run this cell again.")
        return np.zeros((1, length), dtype=int), np.zeros((1, length), dtype=int)


def held_out_bits(
    unroll: Callable[..., Any], temper: Callable[..., Any], parameters: Parameters, sequences: Sequence[np.ndarray]
) -> float:
    """Return the bits a character that a network needs on sequences; see ``surprises``."""
    return float(np.mean(np.concatenate(surprises(unroll, temper, parameters, sequences))))


def surprises(
    unroll: Callable[..., Any], temper: Callable[..., Any], parameters: Parameters, sequences: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """Return the bits that each character of each sequence costs a network, the first one of a sequence left out.

    All sequences run beside each other, from a state of 0; what stands behind the end of a shorter one is not read.

    Args:
        unroll, temper: the student's functions.
    """
    longest = max(map(len, sequences))
    padded = np.array([np.pad(sequence, (0, longest - len(sequence))) for sequence in sequences])
    state = np.repeat(np.zeros_like(parameters["b"])[None], len(sequences), axis=0)
    _, logits = unroll(padded[:, :-1], state, parameters)
    chances = np.asarray(temper(logits, 1.0), dtype=float)
    found = []
    for row, sequence in zip(chances, sequences):
        ahead = sequence[1:]
        found.append(-np.log2(np.maximum(row[np.arange(len(ahead)), ahead], 1e-300)))
    return found
