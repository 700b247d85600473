"""Judges of exercises by property: each looks at a probe's replies and returns an assessment, revealing no solution."""

from .lab1_perceptron import (
    CORNERS,
    answered,
    assess_quiz,
    assess_xor,
    letter,
    solves_xor,
    xor_weights,
)
from .lab3_gradient_descent import epoch_of_batches
from .lab4_overfitting_dropout import drops_out, drops_out_in_training, generalises, splits_in_three

__all__ = [
    "CORNERS",
    "answered",
    "assess_quiz",
    "assess_xor",
    "drops_out",
    "drops_out_in_training",
    "epoch_of_batches",
    "generalises",
    "letter",
    "solves_xor",
    "splits_in_three",
    "xor_weights",
]
