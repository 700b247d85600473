"""Texts from a student's process."""

from autograder.sandbox.texts import harmless, storable


def test_storable_text_can_be_written():
    """Lone surrogates become question marks, and what is no text an empty one."""
    assert storable("a\ud800é") == "a?é"
    assert storable(None) == storable(3) == storable(["a"]) == ""


def test_harmless_text_moves_no_terminal():
    """Escapes and marks of direction become spaces; lines, tabs and letters of any script stay."""
    assert harmless("\x1b[31m\u202eé\n\tψ\x07") == " [31m é\n\tψ "
