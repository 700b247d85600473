"""The piano roll of a tune: a bar for each note, at its time and pitch."""

import pytest

from course_utils.figures import frames, piano_roll
from course_utils.tunes import abc
from tests.course_utils.figures.drawing import touches_the_edge

TUNE = abc.read("M:2/4\nK:D\n|:D4 ~F4|A6 d2:|")


def test_each_note_is_drawn_at_its_time_and_pitch(ax):
    """Left edge, width and height of the bars are the notes'; the tonic has a colour of its own."""
    piano_roll.draw(ax, abc.heard(TUNE, repeats=False), [0.0, 2.0], TUNE.tonic)
    (collection,) = ax.collections
    notes = [path.get_extents() for path in collection.get_paths()]
    assert [(note.x0, note.width, (note.y0 + note.y1) / 2) for note in notes] == [
        pytest.approx(note) for note in [(0, 1, 62), (1, 1, 66), (2, 1.5, 69), (3.5, 0.5, 74)]
    ]
    colours = collection.get_facecolor().tolist()
    assert colours[0] == colours[3] != colours[1] == colours[2]


@pytest.mark.parametrize(("midi", "name"), [(60, "C4"), (61, "C♯4"), (69, "A4"), (59, "B3")])
def test_pitches_have_names(midi, name):
    """The C in the middle of the piano begins the fourth octave."""
    assert piano_roll.name(midi) == name


def test_the_picture_ends_where_the_sound_does_and_says_what_it_shows(shown, monkeypatch):
    """Notes that begin later are not drawn; the text for who cannot see it names notes; no word is cut off."""
    monkeypatch.setattr(frames, "SHARP", 1)
    piano_roll.show(TUNE, upto=3)
    (picture,) = shown
    assert "D, 2/4: 3 notes between D4 and A4. It begins D4, F♯4, A4" in picture.words
    assert not touches_the_edge(picture.png)
    piano_roll.show(TUNE, upto=100, repeats=True)
    assert "8 notes between D4 and D5" in shown[1].words
