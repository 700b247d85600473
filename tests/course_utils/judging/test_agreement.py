"""When two results are the same."""

import numpy as np
import pytest

from course_utils.judging.agreement import agrees


@pytest.mark.parametrize(
    ("dtype", "off", "passes"),
    [
        ("float16", 3e-3, True),
        ("float16", 2e-2, False),
        ("float32", 5e-5, True),
        ("float32", 1e-3, False),
        ("float64", 5e-6, True),
        ("float64", 1e-4, False),
        ("int64", 0, True),
    ],
)
def test_tolerance_follows_the_dtype(dtype, off, passes):
    """What came in float16 or float32 may be off by its own rounding, and by no more."""
    expected = np.array([1.0, 2.0, 4.0])
    assert agrees((expected * (1 + off)).astype(dtype), expected) == passes


def test_what_is_undefined_agrees_with_itself_alone():
    """A mistake may give NaN or infinity; what is right never agrees with them."""
    undefined = np.array([1.0, np.nan, np.inf])
    assert agrees(undefined, undefined)
    assert not agrees(undefined, [1.0, 2.0, 3.0]) and not agrees([1.0, 2.0, 3.0], undefined)
    assert not agrees(-undefined, undefined)
