"""When two results are the same: within a tolerance that follows the dtype of what came."""

from typing import Any

import numpy as np

# Relative tolerance by the dtype of what came back. What looks like float64 may be a list of float32 numbers.
TOLERANCES = {"float16": 5e-3, "float32": 1e-4}
DEFAULT_TOLERANCE = 1e-5
SMALLEST = 1e-12  # expected values below this are 0 but for rounding, as 0.1 - 0.3 + 0.2 is


def tolerance(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return the largest allowed difference, elementwise: relative to each value and to the largest of them."""
    expected = np.asarray(expected)
    if expected.dtype.kind in "biu":
        return np.zeros(expected.shape)
    relative = TOLERANCES.get(str(np.asarray(actual).dtype), DEFAULT_TOLERANCE)
    scale = float(np.max(np.abs(expected), initial=0.0, where=np.isfinite(expected)))
    return relative * (np.abs(expected) + (scale if scale > SMALLEST else 1.0))


def agrees(actual: Any, expected: Any) -> bool:
    """Tell whether an array has the expected shape and values, within the tolerance of its dtype.

    What mistakes give may hold NaN and infinity, which agree with themselves; what is right never does.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.shape != expected.shape:
        return False
    numbers, wanted = actual.astype(float), expected.astype(float)
    with np.errstate(all="ignore"):
        close = np.abs(numbers - wanted) <= tolerance(actual, expected)
    undefined = ~np.isfinite(wanted)
    return bool(np.all(close | undefined)) and np.array_equal(numbers[undefined], wanted[undefined], equal_nan=True)
