"""Judges of exercises by property: each looks at a probe's replies and returns a finding, revealing no solution."""

from .descent import epoch_of_batches
from .perceptron import CORNERS, answered, letter, quiz_finding, solves_xor, xor_finding, xor_weights

__all__ = [
    "CORNERS",
    "answered",
    "epoch_of_batches",
    "letter",
    "quiz_finding",
    "solves_xor",
    "xor_finding",
    "xor_weights",
]
