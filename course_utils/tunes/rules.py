"""The grammar's tables: what tunes are made of, how likely each choice is, and dialects with other tables.

Pitches are steps of the scale: 0 is the C in the middle of the piano, 7 the c above it, whatever the key makes of
them. Durations count eighth notes. Weights need not sum to one: where they are used, they are divided by the sum of
those that are possible there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from hashlib import sha256
from operator import index
from typing import Any, NamedTuple

import numpy as np

END = "$"  # stands behind the last character of each tune
LANGUAGES = 4  # that are kept, with their tables
SPREAD = 0.7  # of a dialect: standard deviation of the log of each weight's factor

Seed = int | bytes


class Metre(NamedTuple):
    """A kind of dance.

    Args:
        text: what stands behind M:.
        groups: the eighth notes of each group of a bar.
        pickup: the eighth notes before the first bar, where a tune has a pick-up.
    """

    text: str
    groups: tuple[int, ...]
    pickup: int


class Key(NamedTuple):
    """A key: what stands behind K:, its tonic as a pitch, and whose progressions of chords it has."""

    text: str
    tonic: int
    mode: str


JIG, REEL = Metre("6/8", (3, 3), 1), Metre("4/4", (4, 4), 2)
KEYS = {
    Key("D", 1, "major"): 0.24, Key("G", 4, "major"): 0.25, Key("A", 5, "major"): 0.13, Key("C", 0, "major"): 0.05,
    Key("Em", 2, "modal"): 0.1, Key("Am", 5, "modal"): 0.06, Key("Edor", 2, "modal"): 0.06,
    Key("Ador", 5, "modal"): 0.07, Key("Dmix", 1, "modal"): 0.04,
}  # fmt: skip


@dataclass(frozen=True, eq=False)  # so that it can be the key of a cache
class Rules:
    """All tables of a grammar.

    Args:
        progressions: for each mode, the chords of a part's bars as degrees of their roots (0: the tonic), and weights.
        durations: weights of a note's duration, for each kind of place ("plain", "half" a cadence, at the "end") and
            for what is left of a group.
        intervals: weights of the distance in steps between two notes.
        copies: for each part, the bars that may repeat an earlier one, and which (part, bar).
        chances: probabilities. "copy": a bar repeats its model where the bar before did not; "copy on": where it did;
            "pickup"; "roll": an ornament on a long note; "triplet": the weight of one in place of two eighths.
        factors: what a weight is multiplied by. "off strong", "off weak": no tone of the chord, where a group begins
            or later; "onward": a step goes on in its direction; "back": a leap is answered in the other one; "lead":
            the last note before the end is next to the tonic.
        centres: steps above the tonic around which each part moves.
        width: steps from there at which a pitch's weight has fallen to exp(-1/2).
        lowest, highest: the range.
        bars: of each part.
        line: bars of a line.
    """

    metres: Mapping[Metre, float]
    keys: Mapping[Key, float]
    progressions: Mapping[str, Mapping[tuple[int, ...], float]]
    durations: Mapping[str, Mapping[int, Mapping[int, float]]]
    intervals: Mapping[int, float]
    copies: tuple[Mapping[int, tuple[int, int]], ...]
    chances: Mapping[str, float]
    factors: Mapping[str, float]
    centres: tuple[int, ...] = (4, 7)
    width: float = 3.5
    lowest: int = -2
    highest: int = 13
    bars: int = 8
    line: int = 4


PLAIN = Rules(
    metres={JIG: 0.5, REEL: 0.5},
    keys=KEYS,
    progressions={
        "major": {
            (0, 0, 3, 4, 0, 0, 4, 0): 0.25, (0, 3, 0, 4, 0, 3, 4, 0): 0.2, (0, 4, 0, 4, 0, 4, 4, 0): 0.15,
            (0, 5, 3, 4, 0, 5, 4, 0): 0.15, (0, 0, 1, 4, 0, 0, 4, 0): 0.15, (3, 0, 3, 4, 3, 0, 4, 0): 0.1,
        },
        "modal": {
            (0, 0, 6, 6, 0, 0, 6, 0): 0.35, (0, 6, 0, 6, 0, 6, 6, 0): 0.25, (0, 0, 2, 6, 0, 0, 6, 0): 0.2,
            (0, 3, 0, 6, 0, 3, 6, 0): 0.1, (2, 6, 0, 6, 2, 6, 6, 0): 0.1,
        },
    },
    durations={
        "plain": {
            4: {1: 0.74, 2: 0.18, 3: 0.06, 4: 0.02}, 3: {1: 0.76, 2: 0.19, 3: 0.05}, 2: {1: 0.92, 2: 0.08}, 1: {1: 1.0},
        },
        "half": {4: {1: 0.35, 2: 0.45, 4: 0.2}, 3: {1: 0.35, 2: 0.35, 3: 0.3}, 2: {1: 0.6, 2: 0.4}, 1: {1: 1.0}},
        "end": {4: {4: 0.45, 2: 0.4, 3: 0.15}, 3: {3: 0.75, 2: 0.25}, 2: {2: 0.8, 1: 0.2}, 1: {1: 1.0}},
    },
    intervals={0: 0.12, 1: 1.0, 2: 0.5, 3: 0.12, 4: 0.07, 5: 0.03, 6: 0.01, 7: 0.03},
    copies=(
        {1: (0, 0), 2: (0, 0), 4: (0, 0), 5: (0, 1)},
        {2: (1, 0), 4: (1, 0), 5: (1, 1), 6: (0, 6), 7: (0, 7)},
    ),
    chances={"copy": 0.45, "copy on": 0.85, "pickup": 0.4, "roll": 0.12, "triplet": 0.05},
    factors={"off strong": 0.05, "off weak": 0.6, "onward": 1.8, "back": 2.5, "lead": 5.0},
)  # fmt: skip


def generator(purpose: str, seed: Seed) -> np.random.RandomState:
    """Return the random numbers of a seed for one purpose; every bit of the seed counts, however long it is."""
    text = seed.hex() if isinstance(seed, bytes) else f"{index(seed):#x}"
    words = np.frombuffer(sha256(f"{purpose} {text}".encode()).digest(), dtype="<u4")
    return np.random.RandomState(words)


@lru_cache(maxsize=LANGUAGES)
def dialect(seed: Seed) -> tuple[Rules, Mapping[str, str]]:
    """Return other tables, and which character a dialect writes for each of the alphabet's; END stays what it is.

    Args:
        seed: as long as a secret is, where nobody may find it by trying all.
    """
    random = generator("dialect", seed)
    rules = replace(
        PLAIN, **{each.name: _varied(getattr(PLAIN, each.name), each.name, random) for each in fields(PLAIN)}
    )
    letters = [character for character in ALPHABET if character != END]
    written = [letters[place] for place in random.permutation(len(letters))]
    return rules, {END: END, **dict(zip(letters, written))}


def _varied(table: Any, name: str, random: np.random.RandomState) -> Any:
    """Return the table with all weights and chances moved; what is no weight stays."""
    if isinstance(table, dict):
        return {key: _varied(value, name, random) for key, value in table.items()}
    if name == "chances":
        odds = table / (1 - table) * np.exp(SPREAD * random.randn())
        return float(odds / (1 + odds))
    if name in ("metres", "keys", "progressions", "durations", "intervals", "factors"):
        return float(table * np.exp(SPREAD * random.randn()))
    return table


@lru_cache(maxsize=64)
def spelled(pitch: int) -> str:
    """Return a pitch as ABC writes it: C, for -7, C for 0, c for 7 and c' for 14."""
    octave, letter = divmod(pitch, 7)
    name = "CDEFGAB"[letter]
    return name + "," * -octave if octave <= 0 else name.lower() + "'" * (octave - 1)


def alphabet(rules: Rules) -> str:
    """Return all characters that a grammar may write, in order, END among them."""
    notes = "".join(spelled(pitch) for pitch in range(rules.lowest, rules.highest + 1))
    texts = [metre.text for metre in rules.metres] + [key.text for key in rules.keys]
    return "".join(sorted({*"M:K\n |~(3", END, *notes, *"234", *"".join(texts)}))


ALPHABET = alphabet(PLAIN)
