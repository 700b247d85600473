"""Numbers that exercises draw, and the functions that right results share."""

import numpy as np
import pytest

from autograder.authoring.numerics import identity, number, numbers, sigmoid, softmax, softplus

Z = np.array([-1000.0, -3.0, 0.0, 0.5, 1000.0])


def test_numbers_have_two_decimals_and_lie_within_their_limits():
    """A person can read what is drawn; one number is a plain float."""
    drawn = numbers(np.random.default_rng(0), 50, 4, low=0.5, high=1.5)
    assert drawn.shape == (50, 4) and drawn.min() >= 0.5 and drawn.max() <= 1.5
    assert np.array_equal(drawn, np.round(drawn, 2))
    assert type(number(np.random.default_rng(0))) is float


@pytest.mark.filterwarnings("error")
def test_functions_do_not_overflow():
    """However large their inputs are, the functions return their limits and no warning."""
    assert sigmoid(Z) == pytest.approx([0, 1 / (1 + np.exp(3)), 0.5, 1 / (1 + np.exp(-0.5)), 1])
    assert softplus(Z) == pytest.approx([0, np.log1p(np.exp(-3)), np.log(2), np.log1p(np.exp(0.5)), 1000])
    assert softmax(np.array([[1000.0, 1000.0], [-1000.0, 0.0]])) == pytest.approx(np.array([[0.5, 0.5], [0, 1]]))
    assert softmax(np.ones((2, 4)), axis=0) == pytest.approx(np.full((2, 4), 0.5))
    assert identity(Z) is Z
