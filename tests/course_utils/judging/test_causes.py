"""The table of what errors give away; ``test_errors`` has libraries raise them."""

import re

import pytest

from course_utils.judging.causes import BY_TYPE, CAUSES


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.diagnosis)
def test_a_cause_is_known_by_small_letters_and_told_in_sentences(cause):
    """Texts are compared in small letters; a hint is whole sentences."""
    assert re.compile(cause.words) and re.compile(cause.line)
    assert re.sub(r"\\.", "", cause.words).islower()
    assert re.fullmatch(r"[A-Z`].*[.?]", cause.hint)


def test_a_type_is_told_in_sentences():
    """So is what follows an error of which only the type is known."""
    assert all(re.fullmatch(r"[A-Z].*[.?]", hint) for hint in BY_TYPE.values())
