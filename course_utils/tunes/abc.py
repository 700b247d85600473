"""A reader of ABC, from the text of a tune to its notes; it shares nothing with the grammar, which it can so prove.

It reads a header (M, L, K and fields that do not matter here), notes with octaves and lengths, triplets, rolls, bar
lines and repeats. Key signatures alone raise and lower notes. Times are counted in quarter notes.
"""

import re
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

LETTERS, SEMITONES = "CDEFGAB", (0, 2, 4, 5, 7, 9, 11)
FIFTHS = "FCGDAEB"  # the order in which signatures raise letters; they lower them from the end
MODES = {"": 0, "maj": 0, "ion": 0, "mix": -1, "dor": -2, "m": -3, "min": -3, "aeo": -3, "phr": -4, "loc": -5, "lyd": 1}
MIDDLE_C = 60

FIELD = re.compile(r"([A-Za-z]):(.*)")
KEY = re.compile(r"([A-G])([#b]?) ?([A-Za-z]*)")
FRACTION = re.compile(r"([1-9]\d*)/([1-9]\d*)")
TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<bar>\|:|:\||\|)|(?P<triplet>\(3)"
    r"|(?P<roll>~)?(?P<letter>[A-Ga-g])(?P<octave>,+|'+|)(?P<number>\d*)(?:(?P<slashes>/+)(?P<divisor>\d*))?"
)


class Note(NamedTuple):
    """A note.

    Args:
        start, length: in quarter notes; a note of a bar starts at 0 with it.
        midi: semitones, 60 for the C in the middle of the piano.
        roll: whether it has this ornament.
    """

    start: Fraction
    length: Fraction
    midi: int
    roll: bool = False


Bar = tuple[Note, ...]


class Unreadable(ValueError):
    """What is no ABC behind the header: where, as a sentence says it, and as a place in the text.

    Args:
        text: the whole tune.
        place: of the character that is not understood, counted from 0.
    """

    def __init__(self, text: str, place: int, why: str) -> None:
        before = text[:place]
        column = place - before.rfind(chr(10))
        super().__init__(f"line {before.count(chr(10)) + 1}, column {column}: {why}")
        self.place = place


class Part(NamedTuple):
    """Bars, its pick-up first, and whether a repeat sign ends them."""

    bars: tuple[Bar, ...]
    repeated: bool


class Tune(NamedTuple):
    """A tune as it is written.

    Args:
        metre: what stands behind M:.
        bar: the length of a bar in quarter notes.
        key: what stands behind K:.
        tonic: its first note, in semitones above a C.
        signature: the letters that it raises (1) or lowers (-1).
    """

    metre: str
    bar: Fraction
    key: str
    tonic: int
    signature: dict[str, int]
    parts: tuple[Part, ...]


def read(text: str) -> Tune:
    """Read a tune; whether its bars add up is for ``full_bars`` to say.

    Raises:
        ValueError: where the text is no ABC, or none of the kind that this reader knows; it says the line and why.
            Behind the header it is an Unreadable, which knows the place, too.
    """
    fields, body = _header(text)
    metre = _fraction("M", fields.get("M", ""))
    standard = Fraction(1, 16) if metre < Fraction(3, 4) else Fraction(1, 8)
    unit = _fraction("L", fields["L"]) if "L" in fields else standard
    tonic, signature = _key(fields["K"])
    parts = _parts(text, body, 4 * unit, signature)
    if not parts:
        raise ValueError("the tune has a header, and no notes behind it")
    return Tune(fields["M"], 4 * metre, fields["K"], tonic, signature, parts)


def full_bars(tune: Tune) -> tuple[int, int]:
    """Return how many bars add up, and how many there are; a pick-up and the last bar of its part count as one."""
    right, total = 0, 0
    for part in tune.parts:
        lengths = [sum((note.length for note in bar), Fraction(0)) for bar in part.bars]
        if len(lengths) > 1 and lengths[0] < tune.bar:
            lengths[-1] += lengths.pop(0)
        right, total = right + lengths.count(tune.bar), total + len(lengths)
    return right, total


def timeline(tune: Tune, repeats: bool = True) -> list[tuple[Fraction, Bar]]:
    """Return the bars in the order in which they are heard, each with its start in quarter notes."""
    bars = [bar for part in tune.parts for _ in range(1 + (part.repeated and repeats)) for bar in part.bars]
    ends = accumulate(sum((note.length for note in bar), Fraction(0)) for bar in bars)
    return list(zip([Fraction(0), *ends], bars))


def heard(tune: Tune, repeats: bool = True) -> list[Note]:
    """Return all notes in the order and at the times in which they are heard."""
    return [note._replace(start=start + note.start) for start, notes in timeline(tune, repeats) for note in notes]


def _header(text: str) -> tuple[dict[str, str], int]:
    """Return the fields, of which K is the last, and where what is played begins."""
    fields: dict[str, str] = {}
    place = 0
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        match = FIELD.fullmatch(line.strip())
        if not match:
            raise ValueError(f"line {number}: a field such as M:6/8 or K:D must stand here, not {line.strip()!r}")
        fields[match[1]] = match[2].strip()
        place += len(line)
        if match[1] == "K":
            return fields, place
    raise ValueError("the header has no K: field, which says the key and ends it")


def _fraction(field: str, text: str) -> Fraction:
    match = FRACTION.fullmatch(text)
    if not match:
        raise ValueError(f"{field}: must be a fraction such as {'6/8' if field == 'M' else '1/8'}, not {text!r}")
    return Fraction(int(match[1]), int(match[2]))


def _key(text: str) -> tuple[int, dict[str, int]]:
    """Return a key's tonic, in semitones above a C, and its signature."""
    match = KEY.fullmatch(text)
    mode = match[3].lower() if match else ""
    mode = mode if mode == "m" else mode[:3]
    if not match or mode not in MODES:
        raise ValueError(f"K: must be a key such as D, Em, Ador or Bb, not {text!r}")
    letter, shift = match[1], {"": 0, "#": 1, "b": -1}[match[2]]
    sharps = FIFTHS.index(letter) - 1 + 7 * shift + MODES[mode]
    if abs(sharps) > 7:
        raise ValueError(f"K:{text} would need {abs(sharps)} sharps or flats; no key has more than 7")
    changed = FIFTHS[:sharps] if sharps >= 0 else FIFTHS[sharps:]
    tonic = (SEMITONES[LETTERS.index(letter)] + shift) % 12
    return tonic, dict.fromkeys(changed, 1 if sharps > 0 else -1)


def _parts(text: str, place: int, unit: Fraction, signature: dict[str, int]) -> tuple[Part, ...]:
    """Return the parts of what stands behind the header.

    Args:
        unit: the length of a note without a number, in quarter notes.
    """
    parts: list[Part] = []
    bars: list[Bar] = []
    notes: list[Note] = []
    triplet = 0  # notes that are still to come of one
    while place < len(text):
        token = TOKEN.match(text, place)
        if not token:
            raise Unreadable(text, place, f"{text[place]!r} is not known here")
        if triplet and not token["letter"] and not token["space"]:
            raise Unreadable(text, place, "a triplet has three notes before anything else comes")
        if token["letter"]:
            length = unit * _length(text, token) * (Fraction(2, 3) if triplet else 1)
            start = notes[-1].start + notes[-1].length if notes else Fraction(0)
            notes.append(Note(start, length, _midi(token, signature), bool(token["roll"])))
            triplet = max(triplet - 1, 0)
        elif token["triplet"]:
            triplet = 3
        elif token["bar"]:
            bars += [tuple(notes)] if notes else []
            notes = []
            if token["bar"] != "|":
                parts += [Part(tuple(bars), token["bar"] == ":|")] if bars else []
                bars = []
        place = token.end()
    if triplet:
        raise Unreadable(text, place, "a triplet has three notes before anything else comes")
    bars += [tuple(notes)] if notes else []
    return (*parts, Part(tuple(bars), False)) if bars else tuple(parts)


def _midi(token: re.Match[str], signature: dict[str, int]) -> int:
    letter, octave = token["letter"].upper(), token["octave"]
    octaves = token["letter"].islower() + octave.count("'") - octave.count(",")
    return MIDDLE_C + 12 * octaves + SEMITONES[LETTERS.index(letter)] + signature.get(letter, 0)


def _length(text: str, token: re.Match[str]) -> Fraction:
    """Return how many times the unit a note lasts: 3, 3/2, /2, / and so on."""
    length, slashes, divisor = Fraction(int(token["number"] or 1)), token["slashes"] or "", token["divisor"]
    below = int(divisor) if divisor else 2 ** len(slashes)
    if not length or not below:
        raise Unreadable(text, token.start(), f"{token[0]!r} has no length")
    return length / below
