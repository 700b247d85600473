"""Judges of exercises by property: each looks at a probe's replies and returns an assessment, revealing no solution.

A test names its judge, and ``assess`` looks that name up here.
"""

from .lab1_perceptron import CORNERS, assess_xor, solves_xor, xor_weights
from .lab3_gradient_descent import epoch_of_batches
from .lab4_augmentation import shifts_each_image
from .lab4_dropout import drops_out
from .lab4_dropout_networks import drops_out_in_training
from .lab4_overfitting_dropout import generalises, same_when_measured_again, splits_in_three
from .lab5a_tunes import draws_by_chance, writes_with_a_network
from .lab5b_networks import knows_the_language
from .quiz import answered, assess_quiz, letter

__all__ = [
    "CORNERS",
    "answered",
    "assess_quiz",
    "assess_xor",
    "draws_by_chance",
    "drops_out",
    "drops_out_in_training",
    "epoch_of_batches",
    "generalises",
    "knows_the_language",
    "letter",
    "same_when_measured_again",
    "shifts_each_image",
    "solves_xor",
    "splits_in_three",
    "writes_with_a_network",
    "xor_weights",
]
