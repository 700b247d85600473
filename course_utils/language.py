"""What Lab 5a trains with: start parameters, batches of windows, an optimiser, and bits on tunes held out.

Parameters are a dictionary of arrays: Wx (size, units), Wh (units, units), b (units,), Wy (units, size), by (size,) for
a vocabulary of that size.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .tunes import END, log_probabilities, play
from .tunes.abc import full_bars
from .tunes.oracle import drawn

Parameters = dict[str, np.ndarray]

UNITS, LENGTH, BATCH = 64, 32, 32  # of the network, of a window, and windows of a batch
RATE, LIMIT = 0.01, 1.0  # of Adam at the start, and the longest gradient
STEPS = 1500  # of the whole training
BETAS, EPSILON = (0.9, 0.99), 1e-8
NUDGE = 1e-5
LONGEST = 300  # characters behind a prime
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


def table_of(bigram: Callable[..., Any], sequences: Sequence[np.ndarray], letters: list[str]) -> np.ndarray | None:
    """Return the student's table of pairs, shape (size, size), or None while exercises are open."""
    try:
        return np.asarray(bigram([*sequences], len(letters)), dtype=float) if sequences else None
    except Exception:
        return None  # the figure below says what is missing


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


def compare_counts(
    bits: Callable[..., Any],
    table: np.ndarray | None,
    sequences: Sequence[np.ndarray],
    held_sequences: Sequence[np.ndarray],
    held_out: Sequence[str],
) -> dict[str, float]:
    """Print and return the bits a character that models need on held-out tunes, by their names.

    Args:
        bits: the student's function.
        table: p(next | before), shape (size, size).
        sequences, held_sequences: tunes as numbers, between end signs; of the training, and held out.
        held_out: the latter as texts.
    """
    oracle = [log_probabilities(tune) for tune in held_out]
    lines = {"the grammar": float(-np.mean(np.concatenate(oracle)) / np.log(2))}
    try:
        assert table is not None
        size = len(table)
        counts = np.bincount(np.concatenate([each[1:] for each in sequences]), minlength=size) + 1.0
        before, ahead = (
            np.concatenate([each[part] for each in held_sequences]) for part in (slice(-1), slice(1, None))
        )
        models = {"all alike": np.full(size, 1 / size), "single characters": counts / counts.sum(), "pairs": table}
        found = {
            name: float(bits(p[before] if p.ndim == 2 else np.tile(p, (len(ahead), 1)), ahead))
            for name, p in models.items()
        }
        lines = {**found, **lines}
    except Exception:
        print("Finish encode, bigram and bits first, then run this cell again.")
    for name, value in lines.items():
        print(f"{name:<17} {value:5.2f} bits a character, perplexity {2**value:5.1f}")
    return lines


def compare_fresh(
    unroll: Callable[..., Any],
    temper: Callable[..., Any],
    parameters: Parameters,
    held_sequences: Sequence[np.ndarray],
) -> None:
    """Print what a network that has learned nothing needs on held-out tunes."""
    try:
        found = held_out_bits(unroll, temper, parameters, held_sequences)
        print(f"fresh network: {found:.2f} bits a character; all alike: {np.log2(len(parameters['by'])):.2f}")
    except Exception:
        print("Finish encode, temper, step and unroll first, then run this cell again.")


def compare_slopes(through_time: Callable[..., Any]) -> None:
    """Print slopes of a small network's loss that the student's function finds, beside those that nudging finds."""
    parameters = {name: array.astype(float) for name, array in start_parameters(5, 4).items()}
    x, y, h = np.array([[0, 3, 1], [0, 2, 2]]), np.array([[3, 1, 4], [2, 2, 0]]), np.full((2, 4), 0.1)
    try:
        _, gradients = through_time(x, y, h, parameters)
        for name, place in (("Wy", (1, 4)), ("by", (2,)), ("Wh", (0, 1)), ("b", (3,)), ("Wx", (0, 2))):
            losses = []
            for nudge in (NUDGE, -NUDGE):
                moved = {key: array.copy() for key, array in parameters.items()}
                moved[name][place] += nudge
                losses.append(through_time(x, y, h, moved)[0])
            nudged = (losses[0] - losses[1]) / (2 * NUDGE)
            print(f"{name}{list(place)}: yours {float(gradients[name][place]):+.6f}, by nudging {nudged:+.6f}")
    except Exception:
        print("Finish unroll, temper and through_time first, then run this cell again.")


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
    state = np.zeros((len(sequences), len(parameters["Wh"])), dtype=parameters["Wh"].dtype)
    _, logits = unroll(padded[:, :-1], state, parameters)
    chances = np.asarray(temper(logits, 1.0), dtype=float)
    found = []
    for row, sequence in zip(chances, sequences):
        ahead = sequence[1:]
        found.append(-np.log2(np.maximum(row[np.arange(len(ahead)), ahead], 1e-300)))
    return found


def perform(
    generate: Callable[..., Any],
    parameters: Parameters,
    letters: list[str],
    prime: str = "M:6/8\nK:D\n|:",
    temperature: float = 0.7,
    seed: int = 0,
) -> None:
    """Let the student's function write a tune; print it, and play as much of it as can be read."""
    from .figures.lab5a_counting import readable

    try:
        text = generate(parameters, letters, prime, temperature, np.random.default_rng(seed), LONGEST)
        print(text)
    except Exception:
        text = None
    if not isinstance(text, str):
        print("Finish generate first, then run this cell again.")
        return
    tune, fault = readable(text)
    if fault:
        print(f"Where reading it as ABC ends: {fault}")
    if tune:
        right, total = full_bars(tune)
        print(f"{right} of {total} bars add up.")
        play(tune)


def compare_bars(
    generate: Callable[..., Any],
    temper: Callable[..., Any],
    draw: Callable[..., Any],
    parameters: Parameters,
    table: np.ndarray | None,
    letters: list[str],
    count: int = 20,
) -> dict[str, float]:
    """Print and return the share of bars that add up, of tunes that the table and the network write, and the grammar's.

    Args:
        generate, temper, draw: the student's functions.
        table: of pairs, shape (size, size).
        count: of tunes; half of them are jigs, half of them reels.
    """
    headers = [f"M:{metre}\nK:D\n|:" for metre in ("6/8", "4/4")]
    primes = [headers[number % 2] for number in range(count)]
    shares = {}
    try:
        assert table is not None
        written = [_by_pairs(temper, draw, table, letters, prime, number) for number, prime in enumerate(primes)]
        shares["pairs"] = share_of_full_bars(written)
        written = [
            generate(parameters, letters, prime, 1.0, np.random.default_rng(number), LONGEST)
            for number, prime in enumerate(primes)
        ]
        shares["your network"] = share_of_full_bars(written)
    except Exception:
        print("Finish bigram, temper, draw and generate first, then run this cell again.")
    shares["the grammar"] = share_of_full_bars(drawn(2, count))
    for name, share in shares.items():
        print(f"{name:<13} {share:4.0%} of the bars add up")
    return shares


def _by_pairs(
    temper: Callable[..., Any], draw: Callable[..., Any], table: np.ndarray, letters: list[str], prime: str, seed: int
) -> str:
    random, text = np.random.default_rng(seed), prime
    while len(text) < len(prime) + LONGEST:
        letter = letters[int(draw(temper(np.log(table[letters.index(text[-1])]), 1.0), random))]
        if letter == END:
            break
        text += letter
    return text


def share_of_full_bars(texts: Sequence[str]) -> float:
    """Return the share of bars that add up, of as much of some tunes as can be read."""
    from .figures.lab5a_counting import readable

    read = [readable(text)[0] for text in texts]
    bars = np.array([full_bars(tune) for tune in read if tune], dtype=int).reshape(-1, 2)
    return float(bars[:, 0].sum() / max(bars[:, 1].sum(), 1))
