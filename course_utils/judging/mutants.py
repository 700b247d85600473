"""Which mutant of the solution gives what a student's code gives: the solution with one thing changed.

A mutant is recorded as two projections of its results in each case, and not as the results themselves: enough to know
them again, and nothing that could be handed in. ``python -m tests.mutants --record`` writes the file.
"""

import base64
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..protocol import Arrays, Case, Reply, Test
from .relations import CASES, NUMBERS, Told

FILE = Path(__file__).parent.parent / "prepared" / "mutants.json"
DTYPE = "<f2"
NEAR = 2e-3  # twice what float16 rounds away, relative to the projection or, below 1, to the right result's length
MANY = 2 * NUMBERS  # so many different numbers of a single case are evidence, too

Recorded = list[tuple[str, np.ndarray]]  # what is changed, and projections of shape (cases, 2)


@lru_cache(maxsize=1)
def recorded_mutants() -> dict[str, Recorded]:
    """Return the mutants of each exercise by its ``grade_id``."""
    file = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        grade_id: [(file["changes"][change], unpacked(text)) for change, text in mutants]
        for grade_id, mutants in file["mutants"].items()
    }


def packed(projections: np.ndarray) -> str:
    """Return projections of shape (cases, 2) as a short text."""
    return base64.b85encode(projections.astype(DTYPE).tobytes()).decode()


def unpacked(text: str) -> np.ndarray:
    return np.frombuffer(base64.b85decode(text), DTYPE).reshape(-1, 2).astype(float)


def projected(expected: Arrays, values: Mapping[str, Any]) -> np.ndarray | None:
    """Return two projections of results, in lengths of the right ones; None where they have other shapes.

    Their directions are those of sines of growing frequency: the same with every version of NumPy.
    """
    right = {name: np.asarray(expected[name], dtype=float) for name in sorted(expected)}
    if any(name not in values or np.shape(values[name]) != array.shape for name, array in right.items()):
        return None
    came = np.concatenate([np.ravel(np.asarray(values[name], dtype=float)) for name in right])
    if not np.all(np.isfinite(came)):
        return None
    length = np.sqrt(sum(float(np.sum(array**2)) for array in right.values())) or 1.0
    numbers = np.arange(1, came.size + 1) ** 2
    with np.errstate(all="ignore"):  # what came may be as large as can be
        return np.array([came @ np.sin(numbers * frequency) for frequency in (1.0, 0.7)]) / length


def alike(left: np.ndarray, right: np.ndarray) -> bool:
    return bool(np.all(np.abs(left - right) <= NEAR * np.maximum(1, np.abs(right))))


def mutated(
    test: Test, pairs: list[tuple[Case, Reply]], agrees: Callable[[Any, Any], bool]
) -> Told | tuple[None, None]:
    """Return the one change of the solution that gives all of some replies, as a name and a sentence, or nothing.

    Args:
        agrees: function (what came, what is right) that tells whether they are the same but for rounding.
    """
    recorded = recorded_mutants().get(test["grade_id"])
    if not recorded:
        return None, None
    places = {id(case): place for place, case in enumerate(test["cases"])}
    came: list[tuple[int, np.ndarray]] = []
    wrong, numbers = 0, set()
    for case, reply in pairs:
        found = projected(case["expected"], reply.get("values", {}))
        if found is None:
            return None, None
        came.append((places[id(case)], found))
        names = [name for name, right in case["expected"].items() if not agrees(reply["values"][name], right)]
        wrong += bool(names)
        numbers |= {number for name in names for number in np.ravel(reply["values"][name]).tolist()}
    if len(numbers) < (NUMBERS if wrong >= CASES else MANY):
        return None, None
    changes = {
        change
        for change, projections in recorded
        if len(projections) == len(places) and all(alike(found, projections[place]) for place, found in came)
    }
    return ("mutant", f"Your result is what comes where {changes.pop()}.") if len(changes) == 1 else (None, None)
