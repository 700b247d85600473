"""Results that are undefined, or that leave the range of what should come."""

import numpy as np
import pytest

from course_utils.judging.agreement import agrees
from course_utils.judging.ranges import OVERFLOWN, out_of_range, overflown


@pytest.mark.parametrize(("largest", "told"), [(800.0, True), (-800.0, True), (3.0, False)])
def test_large_inputs_explain_what_is_undefined(largest, told):
    """NaN is put down to an overflow only where each case that has one holds a large input."""
    inputs = np.array([0.5, 800.0]), np.array([largest, 1.0])
    answered = [({"arguments": {"x": x}}, {"values": {"output": np.array(np.nan)}}) for x in inputs]
    assert bool(overflown(answered, True)) == told


@pytest.mark.parametrize(("undefined", "told"), [([1], True), ([0, 1, 2], True), ([0], False)])
def test_what_is_undefined_at_small_inputs_alone_is_no_overflow(undefined, told):
    """A quotient by an input is NaN where that is 0; the large input beside it has nothing to do with that."""
    came = np.zeros(3)
    came[undefined] = np.nan
    answered = [({"arguments": {"z": np.array([0.0, 800.0, 1.0])}}, {"values": {"d_relu": came}})]
    assert bool(overflown(answered, True)) == told


def test_rows_that_are_undefined_alone_are_told():
    """One number for all rows leaves those undefined that lie far below it; on hidden inputs no row is named."""
    came = np.array([[0.5, 0.5], [np.nan, np.nan]])
    answered = [({"arguments": {"z": np.array([[800.0, 800.0], [-800.0, -800.0]])}}, {"values": {"output": came}})]
    assert "the first of them row 1:" in overflown(answered, True)
    assert "and others are not:" in overflown(answered, False)
    for others in (came * np.nan, came[::-1], came[:, :1]):
        answered[0][1]["values"]["output"] = others
        assert overflown(answered, True) in (OVERFLOWN, "")


def ranged(name, lowest, highest=0.95):
    """Return what is said of a wrong output in two cases whose right numbers lie between two others."""
    rights = [np.linspace(lowest, highest - 0.01, 6) + shift for shift in (0.0, 0.01)]
    answered = [
        ({"arguments": {}, "expected": {name: right}}, {"values": {name: 3 * np.sin(9 * right) + 2}})
        for right in rights
    ]
    return out_of_range(answered, agrees)


@pytest.mark.parametrize(("lowest", "told"), [(0.05, "between 0 and 1"), (-0.9, "between -1 and 1"), (-1.5, None)])
def test_a_range_that_is_left_is_told(lowest, told):
    """What comes after a sigmoid or a tanh lies in its range, where a wrong result does not."""
    said = ranged("output", lowest)
    assert told in said if told else said == ""


def test_what_lies_in_a_range_by_chance_has_none():
    """Numbers that come near one end alone are no activation's; nor is a gradient, whose numbers may be any."""
    assert ranged("output", -0.3) == ranged("output", 0.05, 0.6) == ranged("grad_W2", 0.05) == ranged("w", 0.05) == ""
