"""What judges share: a fault that they name, arrays that a reply may lack, and exercises in parts."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..verdict import Assessment

Fault = tuple[str, str | None]  # the message for the student, and the diagnosis


def array_or_none(
    values: Mapping[str, Any], name: str, shape: tuple[int, ...] | None = None, kinds: str = "iuf"
) -> np.ndarray | None:
    """Return one of a reply's arrays, or None where it is not there or not of this shape.

    Args:
        kinds: the kinds of dtype that it may have.
    """
    array = values.get(name)
    if not isinstance(array, np.ndarray) or array.dtype.kind not in kinds:
        return None
    return array if shape is None or array.shape == tuple(shape) else None


def assess_parts(faults: Mapping[str, Fault | None], passed: str) -> Assessment:
    """Return the assessment of an exercise in parts.

    Args:
        faults: the fault of each part, None where it is right.
        passed: message when all is right.
    """
    wrong = {part: fault for part, fault in faults.items() if fault}
    if not wrong:
        return Assessment(1.0, "passed", passed)
    right = [part for part in faults if part not in wrong]
    (message, diagnosis) = next(iter(wrong.values()))
    if not right:
        return Assessment(0.0, "failed", message, diagnosis)
    return Assessment(
        len(right) / len(faults),
        "partial",
        f"right for {', '.join(right)}; for {', '.join(wrong)}: {message}",
        diagnosis,
    )
