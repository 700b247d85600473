"""Notes, and how likely each is at its place in a tune."""

from functools import lru_cache
from math import exp
from typing import NamedTuple

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


def notes(rules: Rules, metre: Metre, tonic: int, place: Place, left: int, pitch: int, move: int) -> dict[Note, float]:
    """Return all notes that may come next with their weights, rolls and triplets among them.

    Args:
        left: eighth notes that are left of the group.
        pitch, move: the last pitch, and the interval to it, cut to -2 to 2.
    """
    found: dict[Note, float] = {}
    last, chord, roll = place.kind == "end", place.chord, rules.chances["roll"]
    around = (tonic, place.centre, chord, place.strong, last, pitch, move)
    for duration, weight in rules.durations[place.kind][left].items():
        for each, share in _pitches(rules, *around, place.lead and duration == left).items():
            if duration > 1:
                found[Note(each, duration)] = weight * share * (1 - roll)
                found[Note(each, duration, "~")] = weight * share * roll
            else:
                found[Note(each, duration)] = weight * share
    if place.kind == "plain" and left >= 2 and left % 2 == 0 and metre.groups[0] % 2 == 0:
        for each, share in _pitches(rules, *around, False).items():
            for direction in (-1, 1):
                if rules.lowest <= each + 2 * direction <= rules.highest:
                    found[Note(each, 2, direction)] = rules.chances["triplet"] / 2 * share
    return found


@lru_cache(maxsize=4096)
def _pitches(
    rules: Rules, tonic: int, centre: int, chord: frozenset[int], strong: bool, last: bool, pitch: int, move: int,
    leads: bool,
) -> dict[int, float]:  # fmt: skip
    """Return the pitches that may come next, with probabilities; at the end of a part only the tonic."""
    weights = {}
    for each in range(rules.lowest, rules.highest + 1):
        interval, degree = each - pitch, (each - tonic) % 7
        weight = rules.intervals.get(abs(interval), 0.0) * exp(-(((each - centre) / rules.width) ** 2) / 2)
        if last:
            weight *= degree == 0
        elif degree not in chord:
            weight *= rules.factors["off strong" if strong else "off weak"]
        if abs(move) == 1 and interval == move:
            weight *= rules.factors["onward"]
        if abs(move) == 2 and interval * move < 0:
            weight *= rules.factors["back"]
        if leads and degree in (1, 6):
            weight *= rules.factors["lead"]
        if weight:
            weights[each] = weight
    total = sum(weights.values())
    return {each: weight / total for each, weight in weights.items()}
