"""The recorded cases that checks replay, and how numbers are written into them."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .judging.agreement import SMALLEST
from .protocol import Recorded

RECORDED = Path(__file__).parent / "recorded"


def encode(value: Any, exact: bool = False) -> Any:
    """Turn arrays, at any depth, into JSON values with 7 significant digits.

    Args:
        exact: keep all digits.
    """
    if isinstance(value, dict):
        return {key: encode(entry, exact) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(entry, exact) for entry in value]
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        numbers = array.ravel().tolist()
        if array.dtype.kind == "f" and not exact:
            numbers = [float(f"{number:.7g}") for number in numbers]
        return {"array": numbers, "shape": list(array.shape), "dtype": str(array.dtype)}
    return value


def decode(value: Any) -> Any:
    """Undo ``encode``."""
    if isinstance(value, dict):
        if set(value) == {"array", "shape", "dtype"}:
            return np.array(value["array"], dtype=value["dtype"]).reshape(value["shape"])
        return {key: decode(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [decode(entry) for entry in value]
    return value


def same_recording(first: Any, second: Any) -> bool:
    """Return whether two encoded values agree: numbers to 1e-6, everything else exactly.

    The last digits of arithmetic differ from one processor to the next, and a value may lie on a tie at the 7th digit.

    Args:
        first, second: JSON values as ``encode`` makes them. Numbers of an array are compared relative to the largest.
    """
    if isinstance(first, dict) and isinstance(second, dict) and set(first) == set(second):
        if set(first) == {"array", "shape", "dtype"}:
            alike = first["shape"] == second["shape"] and first["dtype"] == second["dtype"]
            return alike and _close(decode(first), decode(second))
        return all(same_recording(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same_recording, first, second))
    if isinstance(first, float) and isinstance(second, float):
        return _close(first, second)
    return type(first) is type(second) and first == second


def _close(first: Any, second: Any) -> bool:
    """Compare numbers; where all of them are 0 but for rounding, to 1e-6 itself."""
    if np.asarray(first).dtype.kind != "f":
        return np.array_equal(first, second)
    scale = float(np.max(np.abs(second), initial=0.0, where=np.isfinite(second)))
    margin = 1e-6 * (scale if scale > SMALLEST else 1.0)
    return np.allclose(first, second, rtol=1e-6, atol=margin, equal_nan=True)


@lru_cache(maxsize=1)
def recorded_tests() -> dict[str, tuple[str, Recorded]]:
    """Return all recorded tests: a mapping from ``grade_id`` to (lab, test)."""
    tests: dict[str, tuple[str, Recorded]] = {}
    for path in sorted(RECORDED.glob("*.json")):
        lab = json.loads(path.read_text(encoding="utf-8"))
        tests.update((test["grade_id"], (lab["lab"], test)) for test in lab["tests"])
    return tests
