"""The recorded cases that checks replay, and how numbers are written into them."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from .judging.agreement import SMALLEST
from .protocol import Recorded

RECORDED = Path(__file__).parent / "recorded"
# The one key of an array: its dtype and shape, such as "float64[3,2]".
ARRAY = re.compile(r"(bool|u?int\d+|float\d+)\[([\d,]*)\]")
EXPECTED = "expected"  # stands in a mistake for an output that is right


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
        if array.dtype.kind == "f":
            numbers = [_number(number if exact else float(f"{number:.7g}")) for number in numbers]
        return {f"{array.dtype}[{','.join(map(str, array.shape))}]": numbers}
    return value


def _number(number: float) -> float | int:
    """Return a number as it is written shortest: 1.0 as 1, but not a zero with a sign, nor what would lose digits."""
    whole = number.is_integer() and abs(number) < 2**53 and str(number) != "-0.0"
    return int(number) if whole else number


def decode(value: Any) -> Any:
    """Undo ``encode``."""
    if isinstance(value, dict):
        if form := _form(value):
            (numbers,) = value.values()
            return np.array(numbers, dtype=form[1]).reshape([int(size) for size in form[2].split(",") if size])
        return {key: decode(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [decode(entry) for entry in value]
    return value


def _form(value: dict[str, Any]) -> re.Match[str] | None:
    """Return dtype and shape of an encoded array, and None of any other dictionary."""
    return ARRAY.fullmatch(next(iter(value))) if len(value) == 1 else None


def written(lab: str, title: str, tests: list[dict[str, Any]]) -> str:
    """Return the text of a recorded file, a line a test, without what a mistake gets right.

    Args:
        tests: encoded.
    """
    lines = ",\n".join(_dense({**test, "cases": list(map(_without_right, test["cases"]))}) for test in tests)
    return f'{{"lab":{_dense(lab)},"title":{_dense(title)},"tests":[\n{lines}\n]}}\n'


def read(text: str) -> dict[str, Any]:
    """Return what a recorded file holds: lab, title, and tests, still encoded and whole.

    Args:
        text: as ``written`` made it.
    """
    lab: dict[str, Any] = json.loads(text)
    for case in (case for test in lab["tests"] for case in test["cases"]):
        for outputs in case.get("mistakes", {}).values():
            outputs |= {name: case["expected"][name] for name, value in outputs.items() if value == EXPECTED}
    return lab


def _dense(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _without_right(case: dict[str, Any]) -> dict[str, Any]:
    """Return an encoded case; ``EXPECTED`` stands where a mistake has a right output, as most have."""
    if "mistakes" not in case:
        return case
    right = case["expected"]
    return case | {
        "mistakes": {
            mistake: {
                name: EXPECTED if name in right and same_recording(value, right[name]) else value
                for name, value in outputs.items()
            }
            for mistake, outputs in case["mistakes"].items()
        }
    }


def same_recording(first: Any, second: Any) -> bool:
    """Return whether two encoded values agree: numbers to 1e-6, everything else exactly.

    The last digits of arithmetic differ from one processor to the next, and a value may lie on a tie at the 7th digit.

    Args:
        first, second: JSON values as ``encode`` makes them. Numbers of an array are compared relative to the largest.
    """
    if isinstance(first, dict) and isinstance(second, dict) and set(first) == set(second):
        if _form(first):
            return _close(decode(first), decode(second))
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
        lab = read(path.read_text(encoding="utf-8"))
        tests.update((test["grade_id"], (lab["lab"], test)) for test in lab["tests"])
    return tests
