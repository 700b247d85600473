"""Numbers that exercises draw, and the functions that right results use: readable, and exact for any size."""

import numpy as np
import pytest

from autograder.authoring.numerics import identity, number, numbers, sigmoid, softmax, softplus


def test_numbers_are_readable_and_in_their_range():
    """Drawn numbers have the shape that was asked for, two decimals, and lie in the range."""
    drawn = numbers(np.random.default_rng(0), 40, 5, low=-0.5, high=3.0)
    assert drawn.shape == (40, 5) and drawn.dtype == np.float64
    assert np.array_equal(drawn, np.round(drawn, 2))
    assert -0.5 <= drawn.min() < 0 and 2.5 < drawn.max() <= 3.0


def test_one_number_is_a_plain_number():
    """A single number is a Python float, which a recorded case can hold, and the seed decides it."""
    drawn = [number(np.random.default_rng(seed), 1.0, 2.0) for seed in range(20)]
    assert all(type(value) is float and 1.0 <= value <= 2.0 and value == round(value, 2) for value in drawn)
    assert len(set(drawn)) > 10 and drawn[0] == number(np.random.default_rng(0), 1.0, 2.0)


def test_functions_have_their_textbook_values():
    """Each function is the one of its name, element by element."""
    z = np.array([[-1.5, 0.0], [0.25, 3.0]])
    assert np.array_equal(identity(z), z)
    assert np.allclose(sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-14)
    assert np.allclose(softplus(z), np.log(1 + np.exp(z)), rtol=1e-14)
    assert np.allclose(softmax(z), np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), rtol=1e-14)


@pytest.mark.parametrize(
    ("function", "values"),
    [(sigmoid, [0.0, 1.0]), (softplus, [0.0, 1e4]), (softmax, [0.0, 1.0])],
)
def test_large_numbers_do_not_overflow(function, values):
    """However large its input is, a function gives its limit, without a warning."""
    with np.errstate(all="raise", under="ignore"):
        assert function(np.array([[-1e4, 1e4]])).tolist() == [values]


@pytest.mark.parametrize("axis", [0, 1])
def test_softmax_sums_to_one_along_its_axis(axis):
    """The probabilities along the chosen axis add up to 1, and a shift of all scores changes nothing."""
    z = np.random.default_rng(0).normal(size=(3, 4))
    assert np.allclose(softmax(z, axis).sum(axis=axis), 1.0, rtol=1e-14)
    assert np.allclose(softmax(z + 50.0, axis), softmax(z, axis), rtol=1e-12)
