"""A score: heads at the heights of their pitches, within their bars, on lines that fit the page."""

from itertools import pairwise

import numpy as np
import pytest

from course_utils import datasets
from course_utils.figures import frames, score
from course_utils.tunes import abc, engraving
from tests.course_utils.figures.drawing import touches_the_edge

TEXTS = ["M:4/4\nK:D\n|:~D4 F2 A/B/c|(3def g7:|a'4", "M:6/8\nK:Gm\nd|" + "GAB ~c3|" * 30, *datasets.tunes(4, 3)]


def drawn(ax, text, upto=1000):
    """Draw a tune; return its lines and the centres of its heads."""
    tune = abc.read(text)
    staves, height = score.arranged(engraving.measures(tune, upto), len(tune.signature))
    ax.set(xlim=(-1, score.LINE + 1), ylim=(-height, 0))
    score.draw(ax, tune, staves)
    return staves, np.asarray(ax.collections[0].get_offsets())


@pytest.mark.parametrize("text", TEXTS)
def test_heads_lie_at_their_heights_within_their_bars(ax, text):
    """There is one drawn for each head; half a space is a step, from E on the lowest line; none crosses a bar line."""
    staves, centres = drawn(ax, text)
    heads = [(staff, head) for staff in staves for measure in staff.measures for head in measure.heads]
    assert centres[:, 1] == pytest.approx([staff.y + (head.step - 2) / 2 for staff, head in heads])
    place = 0
    for staff in staves:
        x = staff.left
        for measure in staff.measures:
            end = x + staff.stretch * score.width(measure)
            inside = centres[place : place + len(measure.heads), 0]
            assert x + 1 < inside.min() and inside.max() < end - 1
            assert np.all(np.diff(inside) > score.HEAD[0])
            x, place = end, place + len(measure.heads)
    assert place == len(centres)


@pytest.mark.parametrize("text", TEXTS)
def test_lines_fit_the_page_and_do_not_touch(ax, text):
    """Bars fill a line and no more; nothing of a line reaches into the next one."""
    staves, _ = drawn(ax, text)
    ends = [staff.left + staff.stretch * sum(map(score.width, staff.measures)) for staff in staves]
    assert max(ends) < score.LINE + 1e-6
    assert len(staves) == 1 or min(ends) > 0.6 * score.LINE
    assert all(above.y - 4 > below.y + 4 for above, below in pairwise(staves))


def test_open_heads_are_those_of_long_notes(ax):
    """A half note has a hole; a quarter note and a dotted one have none."""
    _, centres = drawn(ax, "M:4/4\nK:C\nA4 B2 c2|d3 e8|f5")
    holes = np.asarray(ax.collections[1].get_offsets())
    assert holes.tolist() == centres[[0, 4, 5]].tolist()


def test_bar_lines_stand_at_the_ends_of_bars(ax):
    """Each bar has a line over the whole staff at its end; a repeat has a thick one and two dots."""
    staves, _ = drawn(ax, "M:4/4\nK:C\nA8|B8|c8:|")
    lines = np.array([line for line in ax.collections[2].get_segments() if np.ptp(line[:, 1]) == 4])
    ends = staves[0].left + np.cumsum([staves[0].stretch * score.width(each) for each in staves[0].measures])
    assert {*np.round(ends[:2], 6)} <= {*np.round(lines[:, 0, 0], 6)}
    assert lines[:, 0, 0].max() == pytest.approx(ends[2] - score.THICK / 2)
    assert len(ax.collections[4].get_offsets()) == 2 + 1 + 2  # the clef's ball, and a dot for each space of both signs


@pytest.mark.parametrize("text", TEXTS)
def test_the_picture_is_whole_small_and_told_in_words(shown, text):
    """Nothing is cut off, a saved lab can hold many, and who cannot see it hears its key, bars and range."""
    score.show(abc.read(text), 30)
    (picture,) = shown
    assert not touches_the_edge(picture.png) and len(picture.png) < 80_000
    assert picture.words.startswith("Score of a tune in ") and "treble clef" in picture.words


def test_words_count_notes_and_signs(shown, monkeypatch):
    """A tied head is no note of its own, and one sharp is no plural."""
    monkeypatch.setattr(frames, "SHARP", 1)
    score.show(abc.read("M:4/4\nK:G\nG5 a3"), 30)
    assert shown[0].words == (
        "Score of a tune in G, 4/4, with 1 sharp behind a treble clef: 1 bar on 1 line, 2 notes. The lowest head "
        "stands on G4, the highest on A5."
    )
