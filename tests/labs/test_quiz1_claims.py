"""The chapter quiz: where an answer can be computed, the choice that is taken for right is what comes out."""

import re

import numpy as np
import pytest

from autograder.exercises.quiz1_foundations import FOUNDATIONS_QUIZ
from autograder.settings import PROJECT

TEXT = re.sub(r"\n# ?", " ", (PROJECT / "solutions" / "quiz1_foundations.py").read_text(encoding="utf-8"))


def right_choice(number):
    """Return the words of the choice that the key of a question names."""
    letter = FOUNDATIONS_QUIZ.self_study["keys"][f"answer_q{number}"]
    question = TEXT.split(f"**Question {number}.**")[1]
    return re.search(rf"- \*\*{letter}\.\*\* (.*?)(?= - \*\*|  *%%|\n)", question).group(1).strip()


def test_parameters_of_a_layer():
    """10 inputs and 4 units have 40 weights and 4 biases, whatever the batch."""
    assert right_choice(2) == str(10 * 4 + 4)


def test_the_same_number_on_all_logits_changes_nothing():
    """Softmax, and so the cross-entropy, looks only at differences."""
    assert right_choice(3) == "Both stay as they are."
    logits = np.array([2.0, -1.0, 0.5])
    one, other = (np.exp(z) / np.exp(z).sum() for z in (logits, logits + 5))
    assert other == pytest.approx(one)


def test_cross_entropy_of_two_probabilities():
    """Minus the logarithms of 0.01 and 0.5."""
    assert right_choice(5) == f"About {-np.log(0.01):.1f} and {-np.log(0.5):.1f}"


def test_one_step_of_a_neuron():
    """The gradient is error times input, and the step goes against it."""
    first, second = -0.5 * (0.6 - 1) * np.array([2.0, 0.0])
    assert second == 0
    assert right_choice(6) == f"The first grows by {first:.1f}, the second stays."
