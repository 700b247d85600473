"""Notes and their weights."""

from math import exp

import pytest

from course_utils.tunes.melody import Fitting, Note, Place
from course_utils.tunes.rules import JIG, PLAIN, REEL

PLAIN_PLACE = Place("plain", frozenset({0, 2, 4}), 5, True, False, " ")


def test_notes_are_written_as_in_abc():
    """A duration of one is not written, a roll stands before, a triplet has three notes in the time of two."""
    assert [Note(7, 1).text(), Note(7, 3, "~").text(), Note(7, 2, -1).text()] == ["c", "~c3", "(3cBA"]
    assert Note(7, 2, -1).pitches() == (7, 6, 5)


def weighted(metre, left, place=PLAIN_PLACE):
    """Return the notes that may come on the tonic 1 behind a step up to the pitch 5, with their weights."""
    fitting = Fitting(PLAIN, metre, place.kind, left)
    return {note: weight for note, weight in zip(fitting.notes, fitting.weights(1, place, 5, 1), strict=True) if weight}


def test_weights_fit_into_what_is_left_and_only_reels_have_triplets():
    """No note is longer than its group has room, all stay within the range, and jigs have no triplets."""
    for metre, left in ((JIG, 3), (REEL, 4), (REEL, 2)):
        found = weighted(metre, left)
        assert all(note.duration <= left and weight > 0 for note, weight in found.items())
        assert all(PLAIN.lowest <= pitch <= PLAIN.highest for note in found for pitch in note.pitches())
        assert any(isinstance(note.ornament, int) for note in found) == (metre is REEL)


def test_a_part_ends_on_the_tonic_and_groups_begin_on_the_chord():
    """At the end only the tonic has weight; at the beginning of a group most weight lies on tones of the chord."""
    end = weighted(JIG, 3, PLAIN_PLACE._replace(kind="end"))
    assert {(note.pitch - 1) % 7 for note in end} == {0}
    found = weighted(JIG, 3)
    inside = sum(weight for note, weight in found.items() if (note.pitch - 1) % 7 in (0, 2, 4))
    assert inside / sum(found.values()) > 0.75


def test_the_note_that_fills_the_group_may_lead_to_the_tonic():
    """There, and only there, neighbours of the tonic gain weight against the others."""
    plain, led = weighted(JIG, 2), weighted(JIG, 2, PLAIN_PLACE._replace(lead=True))
    for note, weight in led.items():
        filling, neighbour = note.duration == 2, (note.pitch - 1) % 7 in (1, 6)
        assert (not filling and weight == plain[note]) or (filling and (weight > plain[note]) == neighbour)


def test_weights_are_products_of_the_rules_factors():
    """A step on in the same direction to a weak tone outside of the chord has the weight that its factors give."""
    place, shares = PLAIN_PLACE._replace(strong=False), {}
    for pitch in range(PLAIN.lowest, PLAIN.highest + 1):
        share = PLAIN.intervals.get(abs(pitch - 5), 0) * exp(-(((pitch - place.centre) / PLAIN.width) ** 2) / 2)
        share *= 1 if (pitch - 1) % 7 in place.chord else PLAIN.factors["off weak"]
        shares[pitch] = share * (PLAIN.factors["onward"] if pitch == 6 else 1)
    expected = PLAIN.durations["plain"][3][1] * shares[6] / sum(shares.values())
    assert weighted(JIG, 3, place)[Note(6, 1)] == pytest.approx(expected)
