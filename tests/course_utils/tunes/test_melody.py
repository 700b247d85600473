"""Notes and their weights."""

from course_utils.tunes.melody import Note, Place, notes
from course_utils.tunes.rules import JIG, PLAIN, REEL

PLAIN_PLACE = Place("plain", frozenset({0, 2, 4}), 5, True, False, " ")


def test_notes_are_written_as_in_abc():
    """A duration of one is not written, a roll stands before, a triplet has three notes in the time of two."""
    assert [Note(7, 1).text(), Note(7, 3, "~").text(), Note(7, 2, -1).text()] == ["c", "~c3", "(3cBA"]
    assert Note(7, 2, -1).pitches() == (7, 6, 5)


def test_weights_fit_into_what_is_left_and_only_reels_have_triplets():
    """No note is longer than its group has room, all stay within the range, and jigs have no triplets."""
    for metre, left in ((JIG, 3), (REEL, 4), (REEL, 2)):
        found = notes(PLAIN, metre, 1, PLAIN_PLACE, left, 5, 1)
        assert all(note.duration <= left and weight > 0 for note, weight in found.items())
        assert all(PLAIN.lowest <= pitch <= PLAIN.highest for note in found for pitch in note.pitches())
        assert any(isinstance(note.ornament, int) for note in found) == (metre is REEL)


def test_a_part_ends_on_the_tonic_and_groups_begin_on_the_chord():
    """At the end only the tonic has weight; at the beginning of a group most weight lies on tones of the chord."""
    end = notes(PLAIN, JIG, 1, PLAIN_PLACE._replace(kind="end"), 3, 5, 1)
    assert {(note.pitch - 1) % 7 for note in end} == {0}
    found = notes(PLAIN, JIG, 1, PLAIN_PLACE, 3, 5, 1)
    inside = sum(weight for note, weight in found.items() if (note.pitch - 1) % 7 in (0, 2, 4))
    assert inside / sum(found.values()) > 0.75
