"""Faults: arrays that a reply may lack, and the points of an exercise in parts."""

import numpy as np
import pytest

from course_utils.judging.faults import array_or_none, assess_parts

ARRAY = np.arange(6.0).reshape(2, 3)
TRUTHS = np.array([True, False])


@pytest.mark.parametrize(
    ("values", "options", "usable"),
    [
        ({"a": ARRAY}, {}, True),
        ({"a": ARRAY}, {"shape": (2, 3)}, True),
        ({"a": ARRAY}, {"shape": [2, 3]}, True),
        ({"a": ARRAY}, {"shape": (3, 2)}, False),
        ({"a": ARRAY}, {"shape": ()}, False),
        ({"a": ARRAY.astype(int)}, {}, True),
        ({"a": ARRAY}, {"kinds": "i"}, False),
        ({"a": TRUTHS}, {}, False),
        ({"a": TRUTHS}, {"kinds": "biuf"}, True),
        ({"a": np.array(["text"])}, {}, False),
        ({"a": np.array([None])}, {}, False),
        ({"a": ARRAY * 1j}, {}, False),
        ({"a": ARRAY.tolist()}, {}, False),
        ({"a": 1.0}, {}, False),
        ({"a": None}, {}, False),
        ({}, {}, False),
    ],
)
def test_only_an_array_of_numbers_of_the_right_shape_is_used(values, options, usable):
    """Text, lists, other shapes and other kinds of numbers count as not there."""
    assert array_or_none(values, "a", **options) is (values["a"] if usable else None)


def test_an_exercise_without_faults_passes():
    """All parts right: all points, and the message of the exercise."""
    assessment = assess_parts({"rate": None, "scale": None}, "all right.")
    assert (assessment.fraction, assessment.status, assessment.message) == (1.0, "passed", "all right.")
    assert assessment.diagnosis is None


def test_some_right_parts_earn_their_share():
    """The message lists what is right and what is wrong, and explains the first fault only."""
    faults = {
        "rate": None,
        "scale": ("not scaled.", "not_scaled"),
        "limits": ("NaN.", "nan"),
        "mask": None,
        "dtype": None,
    }
    assessment = assess_parts(faults, "right.")
    assert (assessment.fraction, assessment.status, assessment.diagnosis) == (0.6, "partial", "not_scaled")
    assert assessment.message == "right for rate, mask, dtype; for scale, limits: not scaled."


def test_no_right_part_fails_with_the_first_fault():
    """Where nothing is right the message is the first fault's own, without a list of parts."""
    assessment = assess_parts({"rate": ("wrong rate.", None), "scale": ("not scaled.", "not_scaled")}, "right.")
    assert (assessment.fraction, assessment.status) == (0.0, "failed")
    assert (assessment.message, assessment.diagnosis) == ("wrong rate.", None)
