"""The recorded cases that checks replay, and how numbers are written into them."""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from .judging.assess import SMALLEST

RECORDED = Path(__file__).parent / "recorded"


def encode(value):
    """Turn arrays, at any depth, into JSON values with 7 significant digits."""
    if isinstance(value, dict):
        return {key: encode(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(each) for each in value]
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        numbers = [float(f"{number:.7g}") if array.dtype.kind == "f" else number for number in array.ravel().tolist()]
        return {"array": numbers, "shape": list(array.shape), "dtype": str(array.dtype)}
    return value


def decode(value):
    """Undo ``encode``."""
    if isinstance(value, dict):
        if set(value) == {"array", "shape", "dtype"}:
            return np.array(value["array"], dtype=value["dtype"]).reshape(value["shape"])
        return {key: decode(each) for key, each in value.items()}
    if isinstance(value, list):
        return [decode(each) for each in value]
    return value


def same_recording(one, other):
    """Return whether two encoded values agree: numbers to 1e-6, everything else exactly.

    The last digits of arithmetic differ from one processor to the next, and a value may lie on a tie at the 7th digit.

    Args:
        one, other: JSON values as ``encode`` makes them. Numbers of an array are compared relative to the largest.
    """
    if isinstance(one, dict) and isinstance(other, dict) and set(one) == set(other):
        if set(one) == {"array", "shape", "dtype"}:
            alike = one["shape"] == other["shape"] and one["dtype"] == other["dtype"]
            return alike and _close(decode(one), decode(other))
        return all(same_recording(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_recording, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return _close(one, other)
    return type(one) is type(other) and one == other


def _close(one, other):
    """Compare numbers; where all of them are 0 but for rounding, to 1e-6 itself."""
    if np.asarray(one).dtype.kind != "f":
        return np.array_equal(one, other)
    scale = float(np.max(np.abs(other), initial=0.0, where=np.isfinite(other)))
    margin = 1e-6 * (scale if scale > SMALLEST else 1.0)
    return np.allclose(one, other, rtol=1e-6, atol=margin, equal_nan=True)


@lru_cache(maxsize=1)
def recorded_tests():
    """Return all recorded tests: a mapping from ``grade_id`` to (lab, test)."""
    tests = {}
    for path in sorted(RECORDED.glob("*.json")):
        lab = json.loads(path.read_text(encoding="utf-8"))
        tests.update((test["grade_id"], (lab["lab"], test)) for test in lab["tests"])
    return tests
