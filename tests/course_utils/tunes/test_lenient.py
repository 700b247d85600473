"""What can be read of a text that is no whole tune."""

import pytest

from course_utils import datasets
from course_utils.tunes import abc
from course_utils.tunes.lenient import playable, readable

HEAD = "M:6/8\nK:D\n"


def notes(tune):
    return sum(len(bar) for part in (tune.parts if tune else ()) for bar in part.bars)


@pytest.mark.parametrize(
    ("body", "count", "why"),
    [
        ("|:DEF|", 3, ""),
        ("|:DEF|(D", 3, "'(' is not known"),
        ("|:DEF|(3D", 3, "a triplet has three notes"),
        ("|:DEF|(3D|AB", 3, "a triplet has three notes"),
        ("|:", 0, "no notes behind it"),
        ("|:/DEF", 0, "'/' is not known"),
    ],
)
def test_the_beginning_of_a_text_can_be_read(body, count, why):
    """Up to the first place that is no ABC there is a tune; the reason is the place's own."""
    tune, fault = readable(HEAD + body)
    assert why in fault and bool(why) == bool(fault)
    assert notes(tune) == count


@pytest.mark.parametrize(
    ("body", "count", "out"),
    [
        ("|:DEF|", 3, 0),
        ("|:DEF|(D", 4, 1),
        ("|:D/4E", 2, 0),
        ("|:/xD6(8Ei|A0B", 3, 7),
        ("|:(3D|AB|", 3, 2),
        ("|:DE(3A", 3, 2),
        ("|:DE(3", 2, 2),
        ("|:", 0, 0),
        ("|:xx//", 0, 4),
    ],
)
def test_what_is_no_abc_is_left_out(body, count, out):
    """All the rest of the text is a tune, and the number of characters left out is told."""
    tune, left_out = playable(HEAD + body)
    assert (notes(tune), left_out) == (count, out)


def test_of_a_whole_tune_nothing_is_left_out():
    """What the grammar draws is read as it stands, by both."""
    for text in datasets.tunes(4, 20):
        assert readable(text) == (abc.read(text), "") and playable(text) == (abc.read(text), 0)
