"""Which mistake of an exercise explains what came."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..protocol import Arrays, Case, Reply, Test
from .agreement import agrees

ZERO_HINT = "Every value is 0."
CONSTANT_HINT = "Every value is the same, whatever the input."
FEW = 2  # whole numbers


def diagnosed(test: Test, pairs: list[tuple[Case, Reply]]) -> tuple[str, str] | tuple[None, None]:
    """Find the one mistake whose values equal all replies; a wrong shape may be a mistake too.

    Where all that came is errors, no mistake is one: they may have any cause.
    """
    matching = [name for name in test["hints"] if all(_matches(case, name, reply) for case, reply in pairs)]
    if not any("values" in reply and not _equals(case["expected"], reply["values"]) for case, reply in pairs):
        return None, None
    some = len(pairs) < len(test["cases"])  # which may not tell all mistakes apart
    if some and not matching:  # what counts for this part may be wrong as by a mistake that would show in others, too
        matching = [
            name for name in test["hints"] if all(_matches(_counted(case), name, reply) for case, reply in pairs)
        ]
    if some and not _is_telling(pairs):
        return None, None
    if some and len(matching) > 1:
        asked = [id(case) for case, _ in pairs]
        others = [case for case in test["cases"] if id(case) not in asked]
        matching = [name for name in matching if all(_is_right(case, name) for case in others)]
    if matching and not (some and len(matching) > 1):
        return matching[0], test["hints"][matching[0]]
    if some:
        return None, None
    if any("error" in reply for _, reply in pairs):
        return None, None
    first = [reply["values"].get(next(iter(case["expected"]))) for case, reply in pairs if "values" in reply]
    outputs = [output for output in first if output is not None]
    if len(outputs) < len(pairs):
        return None, None
    if not any(np.any(output) for output in outputs):
        return "zeros", ZERO_HINT
    values = np.concatenate([np.ravel(output) for output in outputs])
    if values.size > 1 and np.all(values == values[0]):
        return "constant", CONSTANT_HINT
    return None, None


def _counted(case: Case) -> Case:
    """Return a case with nothing but what counts for its part."""
    compared = case.get("compared", list(case["expected"]))

    def only(arrays: Arrays) -> Arrays:
        return {name: array for name, array in arrays.items() if name in compared}

    mistakes = {name: only(wrong) for name, wrong in case["mistakes"].items()}
    return {**case, "expected": only(case["expected"]), "mistakes": mistakes}


def _matches(case: Case, name: str, reply: Reply) -> bool:
    """Tell whether a reply is what a mistake gives.

    Where it gives none its code need not run on this case; a student's may even be right there. And where it is right
    a student's may not run, for another reason.
    """
    wrong = case["mistakes"].get(name)
    if not wrong or ("error" in reply and _equals(wrong, case["expected"])):
        return "error" in reply or "unusable" in reply or _equals(case["expected"], reply["values"])
    return "values" in reply and _equals(wrong, _rounded(reply["values"]))


def _rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return results as in float32, in whose tolerance mistakes lie apart: a mistake may be computed in many ways."""
    with np.errstate(all="ignore"):
        return {
            name: array.astype(np.float32) if isinstance(array, np.ndarray) and array.dtype == np.float64 else array
            for name, array in values.items()
        }


def _is_telling(pairs: list[tuple[Case, Reply]]) -> bool:
    """Tell whether replies are more than one or two whole numbers, which a mistake may give by chance."""
    values = [array for _, reply in pairs for array in reply.get("values", {}).values() if array is not None]
    whole = all(np.asarray(array).dtype.kind in "biu" for array in values)
    return not whole or len({number for array in values for number in np.ravel(array).tolist()}) > FEW


def _is_right(case: Case, name: str) -> bool:
    """Tell whether a mistake is none in this case."""
    wrong = case["mistakes"].get(name, {})
    return bool(wrong) and _equals(wrong, case["expected"])


def _equals(wrong: Arrays, values: Mapping[str, Any]) -> bool:
    return all(values.get(name) is not None and agrees(values[name], array) for name, array in wrong.items())
