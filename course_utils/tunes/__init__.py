"""Folk tunes in ABC from a grammar: drawn, given their exact probability, heard and seen."""

from .abc import read
from .oracle import in_plain, log_probabilities, log_probability, next_characters
from .rules import ALPHABET, END
from .sound import play, wave

__all__ = [
    "ALPHABET",
    "END",
    "in_plain",
    "log_probabilities",
    "log_probability",
    "next_characters",
    "play",
    "read",
    "wave",
]
