"""The reader of ABC, by hand-worked tunes; and by it, that what the grammar writes adds up and is music, by number."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from course_utils import datasets
from course_utils.tunes import abc
from course_utils.tunes.grammar import Grammar, State
from course_utils.tunes.rules import END, PLAIN

TUNES = [abc.read(text) for text in datasets.tunes(0, 60)]
STEPS = (0, 2, 4, 5, 7, 9, 11)


def midi(body, key="C"):
    """Return the pitches of some notes in a key."""
    return [note.midi for note in abc.heard(abc.read(f"M:4/4\nK:{key}\n{body}"))]


def lengths(body, header="M:4/4"):
    return [note.length for note in abc.heard(abc.read(f"{header}\nK:C\n{body}"))]


def test_octaves():
    """Commas go down, small letters and apostrophes go up, from the C in the middle of the piano."""
    assert midi("C,, C, C B c c' d''") == [36, 48, 60, 71, 72, 84, 98]


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("C", ""), ("G", "F"), ("D", "FC"), ("A", "FCG"), ("Em", "F"), ("Am", ""), ("Edor", "FC"), ("Ador", "F"),
        ("Dmix", "F"), ("F", "b"), ("Bb", "be"), ("F#m", "FCG"), ("Cmin", "bea"), ("Eb major", "bea"),
        ("Glydian", "FC"), ("Ephr", ""), ("Bloc", ""), ("F#", "FCGDAE"),
    ],
)  # fmt: skip
def test_signatures(key, changed):
    """The letters that each key raises, and, written small, lowers."""
    tune = abc.read(f"M:4/4\nK:{key}\nF")
    assert tune.signature == {letter.upper(): 1 if letter.isupper() else -1 for letter in changed}
    assert midi("C D E F G A B", key) == [
        60 + step + tune.signature.get(letter, 0) for letter, step in zip("CDEFGAB", STEPS)
    ]


def test_lengths():
    """Numbers, slashes and triplets, in quarter notes; the unit follows from the metre unless L says it."""
    quarters = [Fraction(*pair) for pair in ((1, 2), (1, 1), (3, 2), (1, 4), (1, 4), (3, 4), (1, 8))]
    assert lengths("C C2 C3 C/2 C/ C3/2 C//") == quarters
    assert lengths("(3CDE F2") == [Fraction(1, 3)] * 3 + [1]
    assert lengths("C", "M:6/8") == [Fraction(1, 2)] and lengths("C", "M:2/4") == [Fraction(1, 4)]
    assert lengths("C", "X:1\nT:A tune\nL:1/4\nM:4/4") == [1]


def test_repeats_pick_ups_and_rolls():
    """A part between repeat signs is heard twice, its pick-up too; times go on."""
    tune = abc.read("M:2/4\nK:G\n|:D|G4 ~B4|A6:|\n|:c8:|")
    assert [[len(bar) for bar in part.bars] for part in tune.parts] == [[1, 2, 1], [1]]
    once, twice = abc.heard(tune, repeats=False), abc.heard(tune)
    assert [note.midi for note in twice] == 2 * [62, 67, 71, 69] + 2 * [72]
    assert [note.start for note in once] == [0, Fraction(1, 4), Fraction(5, 4), Fraction(9, 4), Fraction(15, 4)]
    assert [note.roll for note in once] == [False, False, True, False, False]
    assert twice[4].start == once[-1].start and abc.timeline(tune)[-1][0] == Fraction(19, 2)
    assert tune.tonic == 7 and tune.bar == 2


@pytest.mark.parametrize(
    ("body", "right", "total"),
    [
        ("|:A8|B8:|", 2, 2),
        ("|:A2|B8|c6:|", 2, 2),
        ("|:A2|B8|c8:|", 1, 2),
        ("|:A8|B7|c8:|", 2, 3),
        ("|:A8:||:B2|", 1, 2),
    ],
)
def test_bars_that_add_up(body, right, total):
    """The last bar of a part lacks what its pick-up has."""
    assert abc.full_bars(abc.read(f"M:4/4\nK:C\n{body}")) == (right, total)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no K: field"), ("M:4/4\nA2", "line 2: a field such as"), ("K:D\nA", "M: must be a fraction"),
        ("M:4/0\nK:D\nA", "M: must be a fraction"), ("M:4/4\nL:x\nK:D\nA", "L: must be a fraction such as 1/8"),
        ("M:4/4\nK:H\nA", "K: must be a key"), ("M:4/4\nK:Dodd\nA", "K: must be a key"),
        ("M:4/4\nK:G#lyd\nA", "9 sharps"), ("M:4/4\nK:D\n|:\n", "no notes"),
        ("M:4/4\nK:D\n|:AB\nch", "line 4, column 2: 'h' is not known"), ("M:4/4\nK:D\n2A", "line 3, column 1"),
        ("M:4/4\nK:D\n(3AB|c", "column 5: a triplet has three notes"), ("M:4/4\nK:D\n(3AB", "a triplet has three"),
        ("M:4/4\nK:D\nA0", "'A0' has no length"), ("M:4/4\nK:D\nA/0", "has no length"), ("M:4/4\nK:D\n~|", "'~' is"),
    ],
)  # fmt: skip
def test_what_is_no_tune_is_refused_with_the_reason(text, said):
    """A ValueError says where, and what is wrong there."""
    with pytest.raises(ValueError, match=said.replace("(", r"\(")):
        abc.read(text)


@pytest.mark.parametrize(("body", "place"), [("AB\nch", 4), ("2A", 0), ("(3AB|c", 4), ("(3AB", 4), ("|:A0", 2)])
def test_a_fault_knows_its_place(body, place):
    """Behind the header an error holds the place in the text of the character that is not understood."""
    head = "M:4/4\nK:D\n"
    with pytest.raises(abc.Unreadable) as caught:
        abc.read(head + body)
    assert caught.value.place == len(head) + place


def test_drawn_tunes_add_up_and_end_on_the_tonic():
    """Every bar of every tune adds up, pick-ups with the last bar of their part; both parts end on the tonic."""
    assert [abc.full_bars(tune) for tune in TUNES] == [(16, 16)] * len(TUNES)
    pickups = [len(part.bars) == 9 for tune in TUNES for part in tune.parts]
    assert 0 < sum(pickups) < len(pickups)
    assert all(part.repeated and part.bars[-1][-1].midi % 12 == tune.tonic for tune in TUNES for part in tune.parts)
    assert {tune.key for tune in TUNES} == {key.text for key in PLAIN.keys}


def test_drawn_tunes_move_as_folk_tunes_do():
    """Mostly steps and thirds, some repeated notes, few leaps beyond a fifth; a tune spans an octave or two."""
    found, spans = Counter(), []
    for tune in TUNES:
        pitches = [note.midi for note in abc.heard(tune, repeats=False)]
        found.update(abs(after - before) for before, after in pairwise(pitches))
        spans.append(max(pitches) - min(pitches))
        assert min(pitches) >= 57 and max(pitches) <= 83, "what a flute or a fiddle plays"
    share = {size: count / found.total() for size, count in found.items()}
    assert sum(share.get(size, 0) for size in (1, 2)) > 0.5
    assert sum(share.get(size, 0) for size in (1, 2, 3, 4)) > 0.75
    assert 0.02 < share[0] < 0.12 and sum(share[size] for size in share if size > 7) < 0.06
    assert 12 <= np.median(spans) <= 24


def with_progressions(random):
    """Draw a tune; return its text and the progressions of chords that it was written to."""
    grammar, state, text, found = Grammar(PLAIN), State(), "", []
    while state is not None:
        tables = grammar.choices(state)
        table = tables[0][1] if len(tables) == 1 or random.random_sample() < tables[0][0] else tables[1][1]
        token, what = table.drawn(random.random_sample())
        text += token
        state = grammar.after(state, what)
        found += [what[0]] if token == "|:" else []
    return text.removesuffix(END), found


def test_strong_beats_carry_tones_of_the_chord():
    """By the reader's pitches: most notes on strong beats belong to the latent chord, and fewer between them."""
    random, inside = np.random.RandomState(0), {True: [], False: []}
    for text, progressions in (with_progressions(random) for _ in range(12)):
        tune = abc.read(text)
        scale = sorted(
            (step + tune.signature.get(letter, 0) - tune.tonic) % 12 for letter, step in zip("CDEFGAB", STEPS)
        )
        for part, chords in zip(tune.parts, progressions):
            for bar, root in zip(part.bars[-8:-1], chords):  # the last one changes its chord
                tones = {scale[(root + third) % 7] for third in (0, 2, 4)}
                for note in bar:
                    strong = note.start % (tune.bar / 2) == 0
                    inside[strong].append((note.midi - tune.tonic) % 12 in tones)
    assert np.mean(inside[True]) > 0.8 > np.mean(inside[False]) + 0.15
