"""Judges of exercises by property: each looks at a probe's replies and returns a finding, revealing no solution."""

from .descent import epoch_of_batches
from .overfitting import drops_out, drops_out_in_training, generalises, splits_in_three
from .perceptron import CORNERS, answered, letter, quiz_finding, solves_xor, xor_finding, xor_weights

__all__ = [
    "CORNERS",
    "answered",
    "drops_out",
    "drops_out_in_training",
    "epoch_of_batches",
    "generalises",
    "letter",
    "quiz_finding",
    "solves_xor",
    "splits_in_three",
    "xor_finding",
    "xor_weights",
]
