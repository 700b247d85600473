"""Notes, and how likely each is at its place in a tune."""

from collections.abc import Callable
from functools import lru_cache, wraps
from math import exp
from typing import Any, NamedTuple

import numpy as np

from .rules import Metre, Rules, spelled


class Note(NamedTuple):
    """A note, or a triplet of three that goes up or down by steps and begins at the pitch.

    Args:
        ornament: "~" for a roll; 1 or -1 for a triplet and its direction.
    """

    pitch: int
    duration: int
    ornament: str | int = ""

    def pitches(self) -> tuple[int, ...]:
        """Return all pitches that are written."""
        if isinstance(self.ornament, int):
            return tuple(self.pitch + step * self.ornament for step in range(3))
        return (self.pitch,)

    def text(self) -> str:
        """Return the note in ABC."""
        if isinstance(self.ornament, int):
            return "(3" + "".join(map(spelled, self.pitches()))
        return f"{self.ornament}{spelled(self.pitch)}{self.duration if self.duration > 1 else ''}"


Bar = tuple[Note, ...]


class Place(NamedTuple):
    """What the weights of the next note depend on, beside the notes before it.

    Args:
        kind: of place, see ``Rules.durations``.
        chord: degrees that belong to the chord.
        centre: the pitch around which the part moves.
        strong: whether a group begins here.
        lead: whether the note that fills the group leads to the last one.
        closing: what stands behind the note that fills the group.
    """

    kind: str
    chord: frozenset[int]
    centre: int
    strong: bool
    lead: bool
    closing: str


class Fitting:
    """The notes that fit into what is left of a group, rolls and triplets among them, whatever stands before.

    Args:
        kind: of place, see ``Rules.durations``.
        left: eighth notes that are left of the group.
    """

    def __init__(self, rules: Rules, metre: Metre, kind: str, left: int) -> None:
        span, roll = rules.highest - rules.lowest + 1, rules.chances["roll"]
        rows: list[tuple[Note, float, int]] = []  # with a factor, and where its pitch's share stands: see ``weights``
        for duration, weight in rules.durations[kind][left].items():
            for column in range(span):
                share = column + span * (duration == left)
                for sign, chance in {"": 1 - roll, "~": roll}.items() if duration > 1 else [("", 1.0)]:
                    rows.append((Note(rules.lowest + column, duration, sign), weight * chance, share))
        if kind == "plain" and left >= 2 and left % 2 == 0 and metre.groups[0] % 2 == 0:
            for column in range(span):
                for direction in (-1, 1):
                    if 0 <= column + 2 * direction < span:
                        rows.append((Note(rules.lowest + column, 2, direction), rules.chances["triplet"] / 2, column))
        notes, factors, shares = zip(*rows)
        self._rules, self.notes = rules, list(notes)
        self._factors, self._shares = np.array(factors), np.array(shares)

    def weights(self, tonic: int, place: Place, pitch: int, move: int) -> np.ndarray:
        """Return the weight of each note.

        Args:
            pitch, move: the last pitch, and the interval to it, cut to -2 to 2.
        """
        harmony = tonic, place.chord, place.strong, place.kind == "end"
        shares = _pitches(self._rules, place.centre, *harmony, pitch, move, False)
        filling = _pitches(self._rules, place.centre, *harmony, pitch, move, True) if place.lead else shares
        return self._factors * np.concatenate((shares, filling))[self._shares]


@lru_cache(maxsize=4096)
def _pitches(
    rules: Rules, centre: int, tonic: int, chord: frozenset[int], strong: bool, last: bool, pitch: int, move: int,
    leads: bool,
) -> np.ndarray:  # fmt: skip
    """Return the probability of each pitch of the range, the lowest first; at the end of a part only the tonic has one.

    Its factors are tables that many places share: all of this is done for each of a tune's notes.
    """
    weights = _nearness(rules, centre, pitch) * _fit(rules, tonic, chord, strong, last) * _direction(rules, pitch, move)
    if leads:
        weights = weights * _lead(rules, tonic)
    return weights / sum(weights.tolist())


def _over_the_range(weight: Callable[..., float]) -> Callable[..., np.ndarray]:
    """Make a function of rules, a pitch and other arguments one of rules and these, for all pitches of the range."""

    @lru_cache(maxsize=4096)
    @wraps(weight)
    def weights(rules: Rules, *arguments: Any) -> np.ndarray:
        return np.array([weight(rules, each, *arguments) for each in range(rules.lowest, rules.highest + 1)])

    return weights


@_over_the_range
def _nearness(rules: Rules, each: int, centre: int, pitch: int) -> float:
    return rules.intervals.get(abs(each - pitch), 0.0) * exp(-(((each - centre) / rules.width) ** 2) / 2)


@_over_the_range
def _fit(rules: Rules, each: int, tonic: int, chord: frozenset[int], strong: bool, last: bool) -> float:
    degree = (each - tonic) % 7
    if last:
        return float(degree == 0)
    return 1.0 if degree in chord else rules.factors["off strong" if strong else "off weak"]


@_over_the_range
def _direction(rules: Rules, each: int, pitch: int, move: int) -> float:
    interval = each - pitch
    if abs(move) == 1 and interval == move:
        return rules.factors["onward"]
    return rules.factors["back"] if abs(move) == 2 and interval * move < 0 else 1.0


@_over_the_range
def _lead(rules: Rules, each: int, tonic: int) -> float:
    return rules.factors["lead"] if (each - tonic) % 7 in (1, 6) else 1.0
