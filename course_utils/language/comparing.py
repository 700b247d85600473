"""What Lab 5a shows of the student's models: bits beside those of others, slopes, and tunes with bars that add up."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..tunes import END, log_probabilities, play
from ..tunes.abc import full_bars
from ..tunes.lenient import readable
from ..tunes.oracle import drawn
from .training import Parameters, held_out_bits, start_parameters

NUDGE = 1e-5
LONGEST = 300  # characters behind a prime


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


def perform(
    generate: Callable[..., Any],
    parameters: Parameters,
    letters: list[str],
    prime: str = "M:6/8\nK:D\n|:",
    temperature: float = 0.7,
    seed: int = 0,
) -> None:
    """Let the student's function write a tune; print it, and play as much of it as can be read."""
    try:
        text = generate(parameters, letters, prime, temperature, np.random.default_rng(seed), LONGEST)
    except Exception:
        text = None
    if not isinstance(text, str):
        print("Finish generate first, then run this cell again.")
        return
    print(text)
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
    read = [readable(text)[0] for text in texts]
    bars = np.array([full_bars(tune) for tune in read if tune], dtype=int).reshape(-1, 2)
    return float(bars[:, 0].sum() / max(bars[:, 1].sum(), 1))
