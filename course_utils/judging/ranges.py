"""Results that are undefined, or that leave the range of what should come."""

from collections.abc import Callable

import numpy as np

from ..protocol import Case, Reply
from .relations import arrays_in, spoken

OUTPUT = "output"  # the result itself: gradients, weights and counts have other names
MANY, NEARLY = 12, 0.2  # so many numbers, some of them so near to both ends, lie in a range by no coincidence
OVERFLOWS = 80.0  # e to this power is nearly too large for float32
OVERFLOWN = (
    "Some inputs are in the hundreds: e to such a power is infinity, or 0 with a minus before it, and then a quotient, "
    "a difference, or the logarithm of a probability that became 0 is undefined."
)


SOME_ROWS = (
    "Only some of its rows are undefined, {first}: is the largest number of another row, or of all, subtracted there?"
)


def overflown(answered: list[tuple[Case, Reply]], reveal: bool) -> str:
    """Return why results are undefined in some cases, where each has numbers large enough for it, or nothing.

    Args:
        reveal: whether a row may be told by its number.
    """
    if not all(_overflows(case, reply) for case, reply in answered):
        return ""
    rows = [_lost_far_below(case, reply) for case, reply in answered]
    if any(row is None for row in rows):
        return OVERFLOWN
    first = f"the first of them row {rows[0]}" if reveal else "and others are not"
    return f"{OVERFLOWN} {SOME_ROWS.format(first=first)}"


def _lost_far_below(case: Case, reply: Reply) -> int | None:
    """Return the first undefined row of a table, where just those are that lie far below its largest number."""
    for came in reply.get("values", {}).values():
        if not isinstance(came, np.ndarray) or came.ndim != 2 or came.shape[1] < 2:
            continue
        lost = np.all(~np.isfinite(came), axis=1)
        table = next((array for array in arrays_in(case["arguments"]) if array.shape == came.shape), None)
        if table is not None and lost.any() and np.array_equal(lost, table.max(axis=1) < table.max() - OVERFLOWS):
            return int(np.argmax(lost))
    return None


def _overflows(case: Case, reply: Reply) -> bool:
    """Tell whether a large input may be why a result is undefined: where they lie entry by entry, at its own place."""
    arrays = list(arrays_in(case["arguments"]))
    large = [np.abs(array) > OVERFLOWS for array in arrays]
    if not any(map(np.any, large)):
        return False
    came = [
        array for array in reply.get("values", {}).values() if isinstance(array, np.ndarray) and array.dtype.kind == "f"
    ]
    undefined = [~np.isfinite(array) for array in came if array.shape == large[0].shape]
    return not any(lost.any() and not np.any(lost & large[0]) for lost in undefined)


def out_of_range(answered: list[tuple[Case, Reply]], agrees: Callable) -> str:
    """Return that a wrong output leaves the range of what an activation gives, as a sentence, or nothing.

    It does so in each case in which it is wrong, and what is right there, many numbers that reach from one end nearly
    to the other, does not. That is no diagnosis: any wrong result may do so. Gradients and weights have no range.

    Args:
        agrees: function (what came, what is right) that tells whether they are the same but for rounding.
    """
    names = {name for case, _ in answered for name in case.get("compared", case["expected"])}
    if OUTPUT not in names:
        return ""
    wrong = [
        (np.ravel(case["expected"][OUTPUT]), came)
        for case, reply in answered
        if OUTPUT in case["expected"] and (came := reply.get("values", {}).get(OUTPUT)) is not None
        if came.shape == np.shape(case["expected"][OUTPUT]) and not agrees(came, case["expected"][OUTPUT])
    ]
    right = np.concatenate([np.zeros(0), *(numbers for numbers, _ in wrong)])
    lowest = next((low for low in (0, -1) if len(right) >= MANY and _spans(right, low)), None)
    if lowest is None or not all(np.any((came < lowest) | (came > 1)) for _, came in wrong):
        return ""
    after = "a sigmoid or a softmax" if lowest == 0 else "a tanh"
    says = f"leaves its range: it should lie between {lowest} and 1 everywhere, as after {after}."
    return f"{spoken([OUTPUT], len(names))} {says}"


def _spans(numbers: np.ndarray, lowest: int) -> bool:
    """Tell whether numbers lie between ``lowest`` and 1, and come near to both."""
    return bool(lowest < numbers.min() < lowest + NEARLY and 1 - NEARLY < numbers.max() < 1)
