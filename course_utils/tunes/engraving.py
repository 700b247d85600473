"""From a tune's notes to what stands on a staff: heads with their values, beams, stems and bar lines.

Nothing is drawn here, and nothing here knows where a sign comes to stand along a line. Heights are steps: 0 is the C in
the middle of the piano, as it is called, 1 the D above it; sharps and flats do not count, since the key signature has
them. Times are counted in quarter notes.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from . import abc

VALUES = [Fraction(4) / 2**power for power in range(7)]  # a whole note down to a sixty-fourth
DOTTED = sorted(
    ((value * (2 - Fraction(1, 2**dots)), value, dots) for value in VALUES for dots in (0, 1)), reverse=True
)
BEAMED = Fraction(1, 2)  # an eighth note has the first flag
TIED = 3  # heads at most of one note
CHUNK = 24  # heads at most of a bar that is drawn in one piece
MIDDLE = 6  # the step of the staff's third line, B
START, CLOSE, DOUBLE, FINAL = "|:", ":|", "||", "|]"


class Head(NamedTuple):
    """A head of a note.

    Args:
        step: its height.
        value: what it lasts without dots, in quarter notes: 4 is a whole note, 1/2 an eighth.
        dots: behind it.
        tied: whether it goes on with the note of the head before.
        roll: whether it has this ornament.
        triplet: its place in a triplet, -1 for none.
        beat: the beat of the bar in which it begins; heads of a beat share a beam.
    """

    step: int
    value: Fraction
    dots: int = 0
    tied: bool = False
    roll: bool = False
    triplet: int = -1
    beat: int = 0


class Measure(NamedTuple):
    """A bar as it is drawn.

    Args:
        heads: in order.
        opens, closes: the signs at its beginning and at its end; "" for none.
    """

    heads: tuple[Head, ...]
    opens: str = ""
    closes: str = "|"


class Group(NamedTuple):
    """Heads under a beam, or a single one.

    Args:
        places: of its heads in their bar.
        up: whether the stems go up.
        beams: of each head, which are flags where there is only one.
    """

    places: tuple[int, ...]
    up: bool
    beams: tuple[int, ...]


def measures(tune: abc.Tune, upto: Fraction | float, repeats: bool = False) -> list[Measure]:
    """Return the bars that are heard up to a time, in the order in which they are written.

    Args:
        upto: in quarter notes; a bar that begins before is whole.
        repeats: whether repeated parts are heard twice.
    """
    drawn: list[Measure] = []
    steps, beat, start = _steps(tune), beat_of(tune), Fraction(0)
    for number, part in enumerate(tune.parts):
        last = FINAL if number == len(tune.parts) - 1 else DOUBLE
        for place, bar in enumerate(part.bars):
            length = sum((note.length for note in bar), Fraction(0))
            pickup = tune.bar - length if place == 0 and len(part.bars) > 1 and length < tune.bar else Fraction(0)
            ends = place == len(part.bars) - 1
            closes = (CLOSE if part.repeated else last) if ends else "|"
            if length > 2 * tune.bar:  # a model's bar, which may have no end
                bar = tuple(note for note in bar if start + note.start < upto)
            heads = tuple(head for note in _in_triplets(bar) for head in _heads(*note, steps, beat, pickup))
            if start < upto and heads:
                drawn += _chunks(heads, START if part.repeated and place == 0 else "", closes)
            start += length
        if part.repeated and repeats:
            start += sum((note.length for bar in part.bars for note in bar), Fraction(0))
    return drawn


def beat_of(tune: abc.Tune) -> Fraction:
    """Return how long the heads under a beam last together: three eighths of a jig, half a bar of a reel."""
    count, unit = (int(number) for number in tune.metre.split("/"))
    if unit == 8 and count % 3 == 0:
        return Fraction(3, 2)
    return tune.bar / 2 if count % 2 == 0 and tune.bar >= 4 else Fraction(1)


def signature(tune: abc.Tune) -> list[tuple[int, int]]:
    """Return the sharps (1) and flats (-1) of a key in their order on the staff, each with its step."""
    letters = sorted(tune.signature, key=abc.FIFTHS.index)
    if not letters:
        return []
    sign = tune.signature[letters[0]]
    lowest = 5 if sign > 0 else 3  # sharps lie between A4 and G5, flats between F4 and E5
    names = [abc.LETTERS.index(letter) for letter in letters[::sign]]
    return [(lowest + (name - lowest) % 7, sign) for name in names]


def groups(heads: tuple[Head, ...]) -> list[Group]:
    """Return which heads of a bar share a beam, and where the stems of each go."""
    found = []
    beamed = [(head.beat, head.value <= BEAMED) for head in heads]
    for (_, short), run in groupby(range(len(heads)), key=beamed.__getitem__):
        places = tuple(run)
        for together in [places] if short else [(place,) for place in places]:
            middle = sum(heads[place].step for place in together) / len(together)
            beams = tuple(VALUES.index(heads[place].value) - 2 if short else 0 for place in together)
            found.append(Group(together, middle < MIDDLE, beams))
    return found


def _steps(tune: abc.Tune) -> dict[int, int]:
    """Return for each semitone above a C, from -1 on, the step of the note that is written so in this key."""
    pitches = [
        (semitone + tune.signature.get(letter, 0), step)
        for step, (letter, semitone) in enumerate(zip(abc.LETTERS, abc.SEMITONES))
    ]
    return {pitch % 12: step + 7 * ((pitch % 12 - pitch) // 12) for pitch, step in pitches}


def _in_triplets(bar: abc.Bar) -> Iterator[tuple[abc.Note, int]]:
    """Yield each note with its place in a triplet, -1 for none: in one, a note lasts two thirds of what is written."""
    place = -1
    for note in bar:
        place = (place + 1) % 3 if note.length.denominator % 3 == 0 else -1
        yield note, place


def _heads(note: abc.Note, triplet: int, steps: dict[int, int], beat: Fraction, before: Fraction) -> Iterator[Head]:
    """Yield the heads of a note, which are several where no head lasts as long; what is left after TIED is not drawn.

    Args:
        steps: by semitones above a C.
        before: what a pick-up lacks at the beginning of its bar.
    """
    octave, semitone = divmod(note.midi - abc.MIDDLE_C, 12)
    left = note.length * (Fraction(3, 2) if triplet >= 0 else 1)
    for number in range(TIED):
        length, value, dots = next((each for each in DOTTED if each[0] <= left), DOTTED[-1])
        place = (before + note.start + (note.length - left if triplet < 0 else 0)) // beat
        yield Head(7 * octave + steps[semitone], value, dots, number > 0, note.roll and not number, triplet, int(place))
        left -= length
        if left < VALUES[-1]:
            return


def _chunks(heads: tuple[Head, ...], opens: str, closes: str) -> list[Measure]:
    """Return a bar, in pieces if it is so long that a line might not hold it."""
    pieces = [heads[start : start + CHUNK] for start in range(0, len(heads), CHUNK)]
    ends = [*[""] * (len(pieces) - 1), closes]
    return [Measure(piece, "" if number else opens, end) for number, (piece, end) in enumerate(zip(pieces, ends))]
