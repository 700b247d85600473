"""Judges of exercises by property: each looks at a probe's replies and returns a finding, revealing no solution."""

from course_utils.judging.lab1_perceptron import (
    CORNERS,
    answered,
    letter,
    quiz_finding,
    solves_xor,
    xor_finding,
    xor_weights,
)
from course_utils.judging.lab3_gradient_descent import epoch_of_batches
from course_utils.judging.lab4_overfitting_dropout import drops_out, drops_out_in_training, generalises, splits_in_three

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
