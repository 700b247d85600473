"""What stands on a staff: heights, values, beams and bar lines of known notes."""

from fractions import Fraction

import pytest

from course_utils import datasets
from course_utils.tunes import abc, engraving
from course_utils.tunes.engraving import CLOSE, DOUBLE, FINAL, START


def heads(notes, header="M:4/4\nK:C\n"):
    """Return the heads of a bar."""
    (measure,) = engraving.measures(abc.read(header + notes), 100)
    return measure.heads


@pytest.mark.parametrize("key", ["C", "D", "Ebm", "C#", "Cb", "F#m", "Bb", "Edor"])
def test_the_same_letters_stand_at_the_same_heights_in_every_key(key):
    """A key signature moves what is heard and not where it is written: C, is step -7, and b' is step 20."""
    found = heads("C, D, B, C D E F G A B c f b c' b'", f"M:4/4\nK:{key}\n")
    assert [head.step for head in found] == [-7, -6, -1, 0, 1, 2, 3, 4, 5, 6, 7, 10, 13, 14, 20]


@pytest.mark.parametrize(
    ("note", "values"),
    [
        ("A8", [(4, 0)]), ("A4", [(2, 0)]), ("A3", [(1, 1)]), ("A2", [(1, 0)]), ("A", [(0.5, 0)]), ("A3/2", [(0.5, 1)]),
        ("A/", [(0.25, 0)]), ("A/4", [(0.125, 0)]), ("A5", [(2, 0), (0.5, 0)]), ("A7", [(2, 1), (0.5, 0)]),
        ("A9999999999", [(4, 1)] * 3), ("A/99999999999", [(0.0625, 0)]),
    ],
)  # fmt: skip
def test_a_note_has_heads_that_last_as_long_together(note, values):
    """Values and dots add up to the length, tied heads continue a note, and no length makes more than a few heads."""
    found = heads(note)
    assert [(float(head.value), head.dots) for head in found] == values
    assert [head.tied for head in found] == [False, True, True][: len(found)]
    assert not any(head.tied for head in heads("A A"))


def test_a_triplet_is_written_in_plain_values():
    """Three eighths in the time of two are eighths, with their places; what comes after is none of it."""
    found = heads("(3ABc d2")
    assert [(head.value, head.triplet) for head in found] == [(Fraction(1, 2), 0), (Fraction(1, 2), 1),
                                                              (Fraction(1, 2), 2), (1, -1)]  # fmt: skip


def test_beams_join_what_lies_in_a_beat():
    """Three eighths of a jig share a beam, four of a reel do; a quarter note has none; stems point to the middle."""
    jig = engraving.groups(heads("DEF fga", "M:6/8\nK:C\n"))
    assert [(group.places, group.up, group.beams) for group in jig] == [
        ((0, 1, 2), True, (1, 1, 1)), ((3, 4, 5), False, (1, 1, 1)),
    ]  # fmt: skip
    reel = engraving.groups(heads("DEFG A2 B/c/d"))
    assert [(group.places, group.beams) for group in reel] == [((0, 1, 2, 3), (1, 1, 1, 1)), ((4,), (0,)),
                                                               ((5, 6, 7), (2, 2, 1))]  # fmt: skip


def test_a_pickup_lies_at_the_end_of_its_bar():
    """Two eighths before the first bar of a jig are the end of a beat, and share a beam."""
    pickup, *_ = engraving.measures(abc.read("M:6/8\nK:C\n|:EF|GAB cde:|"), 100)
    assert [group.places for group in engraving.groups(pickup.heads)] == [(0, 1)]
    assert {head.beat for head in pickup.heads} == {1}


def test_signs_stand_where_parts_begin_and_end():
    """Repeats open and close a part that has them; others end with two lines, the tune with a thick one."""
    found = engraving.measures(abc.read("M:2/4\nK:C\n|:A4|B4:|c4|d4|:e4:|f4"), 100)
    assert [(each.opens, each.closes) for each in found] == [
        (START, "|"), ("", CLOSE), ("", "|"), ("", DOUBLE), (START, CLOSE), ("", FINAL),
    ]  # fmt: skip


def test_what_is_heard_is_drawn():
    """Bars that begin before the end are drawn, fewer where repeated ones are heard twice; heads are the notes."""
    tune = abc.read("M:2/4\nK:C\n|:A8|B8:|c8|d8")
    assert len(engraving.measures(tune, 4.5)) == 3 and len(engraving.measures(tune, 4.5, repeats=True)) == 2
    for text in datasets.tunes(3, 20):
        whole = engraving.measures(abc.read(text), 1000)
        assert sum(len(each.heads) for each in whole) == len(abc.heard(abc.read(text), repeats=False))


def test_a_bar_without_an_end_is_cut_into_pieces():
    """A model may write hundreds of notes without a bar line: what is heard of them is drawn, a bit at a time."""
    found = engraving.measures(abc.read("M:4/4\nK:C\n" + 300 * "A"), 29)
    assert sum(len(each.heads) for each in found) == 58
    assert max(len(each.heads) for each in found) == engraving.CHUNK
    assert [each.closes for each in found] == ["", "", FINAL]


@pytest.mark.parametrize(
    ("key", "signs"),
    [("C", []), ("A", [(10, 1), (7, 1), (11, 1)]), ("Gm", [(6, -1), (9, -1)]),
     ("C#", [(step, 1) for step in (10, 7, 11, 8, 5, 9, 6)]), ("Cb", [(step, -1) for step in (6, 9, 5, 8, 4, 7, 3)])],
)  # fmt: skip
def test_a_key_signature_has_its_signs_in_order(key, signs):
    """Sharps begin at the upper F, flats at B; each has the height that musicians are used to."""
    assert engraving.signature(abc.read(f"M:4/4\nK:{key}\nA")) == signs
