"""Where a wrong result is right, and what it holds instead."""

import numpy as np
import pytest

from course_utils.judging.agreement import agrees, tolerance
from course_utils.judging.places import FACTS, IN_ARRAY, LIMITED, placed

SIGNED = [np.array([1.5, -2.0, 0.5, -1.25]), np.array([[-0.75, 2.5, 3.5], [1.75, -2.25, -3.0]])]
RIGHT = [np.array([1.25, 0.5, 2.75, 4.5]), np.array([[0.75, 3.25, 1.5], [2.25, 5.5, 0.25]])]
WIDE = [np.arange(1.0, 9.0).reshape(2, 4), np.arange(3.0, 15.0).reshape(3, 4)]
MARKS = [np.array([1.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0, 0.0])]
WHOLE = [np.array([2, 0, 4]), np.array([[1, 3], [3, 2]])]
SHARES = [np.array([0.5, 0.3, 0.2]), np.array([[0.25, 0.35, 0.4], [0.1, 0.7, 0.2]])]
NUMBERS = [np.array(1.5), np.array(2.25), np.array(0.75)]


def but(right, place, value):
    """Return an array in which the entries at a place, in reading order, are others."""
    flat = np.ravel(right).copy()
    flat[place] = value if np.isscalar(value) else np.arange(9.0, 9 + len(flat[place]))
    return flat.reshape(np.shape(right))


def told(rights, wrong, inputs=SIGNED):
    """Return what is told of wrong results.

    Args:
        wrong: function of a right result and the case's input that returns what came.
    """
    cases = [
        {"part": "all", "arguments": {"x": x}, "expected": {"output": right}, "mistakes": {}}
        for right, x in zip(rights, inputs)
    ]
    came = [{"values": {"output": np.asarray(wrong(right, x))}, "notes": []} for right, x in zip(rights, inputs)]
    return placed(list(zip(cases, came)), agrees, tolerance)


def each(array):
    return np.stack([array - 1, array, array + 1])


SHOWN = [
    ("input_returned", RIGHT, lambda right, x: x),
    ("first_entry_only", RIGHT, lambda right, x: but(right, slice(1, None), 0.0)),
    ("first_entry_only", RIGHT, lambda right, x: but(right, slice(1, None), [])),
    ("all_zero", RIGHT, lambda right, x: 0 * right),
    ("rest_is_zero", WIDE, lambda right, x: right * (np.arange(4) < 2)),
    ("first_part_only", WIDE, lambda right, x: right[:, :1]),
    ("first_part_only", RIGHT, lambda right, x: right[:1] if right.ndim > 1 else right[:2]),
    ("last_entry_only", RIGHT, lambda right, x: but(right, slice(-1), [])),
    ("last_entry_wrong", RIGHT, lambda right, x: but(right, slice(-1, None), 9.5)),
    ("first_entry_wrong", RIGHT, lambda right, x: but(right, slice(1), 9.5)),
    ("right_where_positive", RIGHT, lambda right, x: np.where(x < 0, 9.5, right)),
    ("right_where_negative", RIGHT, lambda right, x: np.where(x > 0, 9.5, right)),
    ("reshaped", RIGHT, lambda right, x: right.reshape(-1, 1)),
    ("not_averaged", RIGHT, lambda right, x: each(right)),
    ("not_averaged", NUMBERS, lambda right, x: right + np.array([1.0, -1.0])),
    ("not_summed", RIGHT, lambda right, x: each(right / 3)),
    ("first_row_only", RIGHT, lambda right, x: right[:1]),
    ("last_row_only", RIGHT, lambda right, x: right[-1]),
    ("all_pairs", RIGHT, lambda right, x: np.diag(np.ravel(right)).reshape(2 * np.shape(right)) + 0.0),
    ("not_normalised", SHARES, lambda right, x: 2.5 * right if right.ndim == 1 else right * [[2.5], [0.5]]),
    ("one_hot", WHOLE, lambda right, x: np.eye(5)[right]),
    ("places", MARKS, lambda right, x: np.flatnonzero(right)),
    ("nearly_right", RIGHT, lambda right, x: right + 0.003),
]


@pytest.mark.parametrize(("name", "rights", "wrong"), SHOWN, ids=[f"{name} {n}" for n, (name, *_) in enumerate(SHOWN)])
def test_each_fact_is_told(name, rights, wrong):
    """What shows a fact in two cases is told it."""
    found, sentence = told(rights, wrong)
    assert found == name
    assert sentence in {f"Your result {fact.says}." for fact in FACTS if fact.name == name}


def test_every_fact_is_shown():
    """No fact stands there that no test has seen."""
    assert {fact.name for fact in FACTS} == {name for name, *_ in SHOWN}


@pytest.mark.parametrize(
    ("rights", "wrong"),
    [
        (RIGHT, lambda right, x: right),
        (RIGHT[:1], lambda right, x: but(right, slice(1, None), 0.0)),
        (RIGHT, lambda right, x: np.where(x < 0, 9.5, right + 1)),
        ([RIGHT[0], np.zeros((2, 3))], lambda right, x: but(right, slice(1, None), 5.0)),
        ([np.zeros(4), np.zeros((2, 3))], lambda right, x: but(right, slice(1, None), 5.0)),
    ],
    ids=["right", "one case", "wrong for both signs", "a zero is right by chance", "all is zero"],
)
def test_little_evidence_tells_nothing(rights, wrong):
    """What is right, or right by chance, is no fact."""
    assert told(rights, wrong) == (None, None)


def test_a_loss_that_stops_growing_is_told_so():
    """Ordinary losses are right, large ones end at a limit: that is what a number kept away from 0 does."""
    rights, inputs = [np.array(number) for number in (1.5, 0.25, 300.0)], [np.ones(3)] * 3
    assert told(rights, lambda right, x: np.minimum(right, 16.1), inputs) == LIMITED
    assert told(rights, lambda right, x: np.minimum(right, 16.1) + 0.5, inputs) == (None, None)


def test_one_case_with_many_numbers_is_evidence():
    """A part may have a single case; six different numbers in it are no coincidence."""
    assert told(RIGHT[1:], lambda right, x: np.where(x < 0, 9.5, right), SIGNED[1:])[0] == "right_where_positive"
    assert told(NUMBERS[:1], lambda right, x: right + 0.5) == (None, None)


def test_a_number_in_an_array_is_told_so():
    """One case is evidence."""
    assert told([np.array(0.25)], lambda right, x: right[None]) == IN_ARRAY
    assert told([np.array(0.25)], lambda right, x: right[None] + 1) == (None, None)
    assert told([np.array(0.25)], lambda right, x: right + [0.5, 0]) == (None, None)


def test_a_number_that_is_an_input_is_told():
    """A plain number among the inputs comes back, too; a whole one may be equal by chance."""

    def returned(numbers):
        cases = [
            {"part": "all", "arguments": {"step": [{"b": number}]}, "expected": {"b": np.array(number + 1.5)}}
            for number in numbers
        ]
        came = [{"values": {"b": np.array(number)}, "notes": []} for number in numbers]
        return placed(list(zip(cases, came)), agrees, tolerance)[0]

    assert returned([0.25, 1.75]) == "input_returned"
    assert returned([2.0, 3.0]) is None
