"""Judges of exercises by property: each looks at a probe's replies and returns a finding, revealing no solution."""

from .overfitting import drops_out, drops_out_in_training, generalises, splits_in_three
from .perceptron import answered, letter, solves_xor

__all__ = [
    "answered",
    "drops_out",
    "drops_out_in_training",
    "generalises",
    "letter",
    "solves_xor",
    "splits_in_three",
]
