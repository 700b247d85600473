"""Where a wrong result is right, for any exercise: in its first entry alone, where the input is positive ...

As with ``relations``, a fact is told where it explains every case that is wrong: two of them at least with three
different numbers among them, or one with many.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..protocol import Case, Reply
from .agreement import SMALLEST
from .relations import CASES, NUMBERS, Told, arrays_in, numbers_in, spoken

MANY = 6  # so many different numbers in one case are no coincidence
NEAR = 0.01  # of the largest value
LARGE, LIMIT = 50.0, 40.0  # minus the logarithm of what is kept away from 0 stays below the limit in float64


class Place(NamedTuple):
    """One output in one case.

    Args:
        same: whether each entry is right; None where the shapes differ.
        inputs: the arrays of the case's arguments, and behind them its numbers.
    """

    right: np.ndarray
    came: np.ndarray
    same: np.ndarray | None
    inputs: list[np.ndarray]


class Fact(NamedTuple):
    """What may hold for a wrong output.

    Args:
        holds: tells whether it does in one case.
        cases: so many cases must show it, however many numbers one of them has.
    """

    name: str
    says: str
    holds: Callable[[Place], bool]
    cases: int = 1


def _only(place: Place, chosen: Callable[[np.ndarray], np.ndarray], right: bool) -> bool:
    """Tell whether some entries, in reading order, are right and no others, or wrong and no others."""
    if place.same is None or place.same.size < CASES:
        return False
    inside = np.zeros(place.same.size, dtype=bool)
    inside[chosen(np.arange(place.same.size))] = True
    same, zero = place.same.ravel(), np.abs(place.right.ravel()) <= SMALLEST
    if right:  # a 0 may be right by chance
        shown = np.all(same[inside]) and not np.all(zero[inside])
        return bool(shown and not np.any(same[~inside & ~zero]) and not np.all(zero[~inside]))
    return bool(np.all(same[~inside]) and not np.any(same[inside]))


def _stays_zero(place: Place) -> bool:
    """Tell whether the first columns are right and all later ones 0."""
    if place.same is None or place.same.ndim == 0:
        return False
    right = place.same.all(axis=tuple(range(place.same.ndim - 1)))
    count = int(np.argmin(right))
    return count > 0 and not np.any(place.came[..., count:]) and bool(np.all(np.any(place.right[..., count:], axis=0)))


def _by_sign(place: Place, sign: int) -> bool:
    """Tell whether a result is right where the first input has a sign, and wrong where it has the other one."""
    if place.same is None or not place.inputs or place.inputs[0].shape != place.same.shape or place.same.ndim == 0:
        return False
    right_there, others = sign * place.inputs[0] > 0, sign * place.inputs[0] < 0
    if not others.any() or not np.any(place.right[right_there] != 0) or not np.all(place.same[right_there]):
        return False
    # Some may be so small that nobody sees the difference.
    return bool(2 * np.count_nonzero(~place.same[others]) >= np.count_nonzero(others))


def _mean_of(place: Place, total: Callable[..., Any]) -> bool:
    came, right = place.came, place.right
    if came.ndim <= right.ndim or came.size <= right.size:
        return False
    axes = [None] if right.ndim == 0 else range(came.ndim)
    return any(_alike(total(came, axis=axis), right) for axis in axes)


def _is_in_array(place: Place) -> bool:
    right, came = place.right, place.came
    return right.ndim == 0 < came.ndim and came.size == 1 and _alike(came.reshape(()), right)


def _alike(came: Any, right: np.ndarray) -> bool:
    return np.shape(came) == right.shape and np.allclose(came, right, rtol=1e-4, atol=1e-7)


def _is_diagonal(place: Place) -> bool:
    right, came = place.right, place.came
    if right.ndim == 0 or came.shape != 2 * right.shape:
        return False
    return _alike(np.diagonal(came.reshape(right.size, right.size)).reshape(right.shape), right)


def _is_one_hot(place: Place) -> bool:
    right, came = place.right, place.came
    if came.ndim != right.ndim + 1 or came.shape[:-1] != right.shape or not np.all((came == 0) | (came == 1)):
        return False
    return bool(np.all(came.sum(axis=-1) == 1) and np.array_equal(came.argmax(axis=-1), right))


def _are_places(place: Place) -> bool:
    right, came = place.right, place.came
    marks = right.ndim == 1 and right.size > 1 and set(right.tolist()) == {0.0, 1.0}
    return marks and came.dtype.kind in "iu" and bool(np.array_equal(np.ravel(came), np.flatnonzero(right)))


def _is_not_normalised(place: Place) -> bool:
    """Tell whether rows that should sum to 1 are right but for one factor for each row."""
    right, came = place.right, place.came
    if place.same is None or right.ndim == 0 or right.shape[-1] <= CASES or np.any(right < 0):
        return False
    total = came.sum(axis=-1, keepdims=True)
    if not np.allclose(right.sum(axis=-1), 1, atol=1e-6) or np.any(total == 0) or np.allclose(total, 1, atol=NEAR):
        return False
    return _alike(came / total, right)


def _is_input(place: Place) -> bool:
    """Tell whether a result is one of the inputs; a whole number may be equal to one by chance."""
    is_telling = place.came.ndim > 0 or place.came != np.round(place.came)
    return bool(is_telling) and any(_alike(place.came, array) for array in place.inputs)


def _is_row(place: Place, number: int) -> bool:
    """Tell whether a result is one row of several, or one entry, and nothing else."""
    right, came = place.right, place.came
    if right.shape[:1] <= (1,) or came.shape not in ((1, *right.shape[1:]), right.shape[1:]):
        return False
    return _alike(came.reshape(right.shape[1:]), right[number])


def _is_first_part(place: Place, axis: int) -> bool:
    """Tell whether a result ends too early along one axis, and is right as far as it goes."""
    right, came = place.right, place.came
    if came.ndim != right.ndim or right.ndim < -axis or came.size == 0 or came.shape == right.shape:
        return False
    count = came.shape[axis]
    return count < right.shape[axis] and _alike(came, right[:count] if axis == 0 else right[..., :count])


def _is_near(place: Place) -> bool:
    if place.same is None or place.came.dtype.kind != "f" or not np.any(place.right != np.round(place.right)):
        return False
    return bool(np.all(np.abs(place.came - place.right) <= NEAR * np.abs(place.right).max(initial=0)))


def _is_limited(place: Place) -> bool:
    return place.right.ndim == 0 == place.came.ndim and bool(place.right > LARGE and 0 < place.came < LIMIT)


FACTS: tuple[Fact, ...] = (
    Fact("input_returned", "is one of the inputs, unchanged", _is_input),
    Fact(
        "first_entry_only",
        "is right in its first entry, and all others are 0, as when a loop ends in its first round",
        lambda place: _only(place, lambda n: n[:1], True) and not np.any(place.came.ravel()[1:]),
        CASES,
    ),
    Fact(
        "all_zero",
        "is 0 throughout",
        lambda place: place.same is not None and not np.any(place.came) and bool(np.any(place.right)),
    ),
    Fact(
        "first_entry_only",
        "is right in its first entry alone",
        lambda place: _only(place, lambda n: n[:1], True),
        CASES,
    ),
    Fact("not_normalised", "is right but for one factor for each row: its rows should sum to 1", _is_not_normalised),
    Fact(
        "first_row_only",
        "is the first row alone, as when a `return` stands inside the loop",
        lambda place: _is_row(place, 0),
    ),
    Fact(
        "last_row_only",
        "is the last row alone, as when each round of a loop replaces what the one before has found",
        lambda place: _is_row(place, -1),
    ),
    Fact("rest_is_zero", "is right in its first columns, and 0 in all others", _stays_zero),
    *(
        Fact(
            "first_part_only",
            f"is right as far as it goes, but has only the first {words}, as when a loop ends too early",
            partial(_is_first_part, axis=axis),
        )
        for axis, words in ((0, "rows or entries"), (-1, "columns"))
    ),
    Fact(
        "last_entry_only", "is right in its last entry alone", lambda place: _only(place, lambda n: n[-1:], True), CASES
    ),
    Fact("last_entry_wrong", "is wrong in its last entry alone", lambda place: _only(place, lambda n: n[-1:], False)),
    Fact("first_entry_wrong", "is wrong in its first entry alone", lambda place: _only(place, lambda n: n[:1], False)),
    Fact(
        "right_where_positive",
        "is right wherever the first input is positive, and wrong wherever it is negative",
        lambda place: _by_sign(place, 1),
    ),
    Fact(
        "right_where_negative",
        "is right wherever the first input is negative, and wrong wherever it is positive",
        lambda place: _by_sign(place, -1),
    ),
    Fact(
        "reshaped",
        "holds the right numbers, in another shape",
        lambda place: (
            place.came.size == place.right.size > 1 and _alike(place.came.reshape(place.right.shape), place.right)
        ),
    ),
    Fact(
        "not_averaged",
        "keeps apart numbers whose mean is what it should be: a mean is missing",
        lambda place: _mean_of(place, np.mean),
    ),
    Fact(
        "not_summed",
        "keeps apart numbers whose sum is what it should be: a sum is missing",
        lambda place: _mean_of(place, np.sum),
    ),
    Fact(
        "nearly_right",
        "is right to within a hundredth of its largest value and no closer, as when something is rounded, cut off, or "
        "kept away from 0 by a small number",
        _is_near,
    ),
    Fact("all_pairs", "has a row for each entry; what it should be stands on the diagonal", _is_diagonal),
    Fact("one_hot", "is one-hot: it has a row of marks in place of each number, whose place is marked", _is_one_hot),
    Fact("places", "holds the places of entries, where a mark for each entry is asked", _are_places),
)
LIMITED = (
    "limited",
    "It stops growing where the right one goes on: is something cut off on the way, or kept away from 0 by a small "
    "number?",
)
IN_ARRAY = ("number_in_array", "It is the right number, in an array with one entry.")


def placed(
    answered: list[tuple[Case, Reply]], agrees: Callable[[Any, Any], bool], tolerance: Callable
) -> Told | tuple[None, None]:
    """Return where the replies are right, or what they hold instead, as a name and a sentence, or nothing.

    Args:
        agrees: function (what came, what is right) that tells whether they are the same but for rounding.
        tolerance: function of the same that returns the difference that rounding explains, elementwise.
    """
    if any("values" not in reply for _, reply in answered):
        return None, None
    names = list({name: None for case, _ in answered for name in case.get("compared", case["expected"])})
    places = {name: list(_places(answered, name, tolerance)) for name in names}
    wrong = {
        name: shown
        for name, found in places.items()
        if (shown := [place for place in found if not agrees(place.came, place.right)])
    }
    if not wrong:
        return None, None
    shown = next(iter(wrong.values()))
    if len(wrong) == 1 and len(answered) - len(shown) >= CASES and all(map(_is_limited, shown)):
        return LIMITED
    if all(_is_in_array(place) for shown in wrong.values() for place in shown):
        return IN_ARRAY
    for fact in FACTS:
        if all(_evident(shown, fact) and all(map(fact.holds, shown)) for shown in wrong.values()):
            return fact.name, f"{spoken(list(wrong), len(names))} {fact.says}."
    return None, None


def _places(answered: list[tuple[Case, Reply]], name: str, tolerance: Callable) -> Iterator[Place]:
    for case, reply in answered:
        came = reply["values"].get(name)
        if not isinstance(came, np.ndarray) or name not in case.get("compared", case["expected"]):
            continue
        right = np.asarray(case["expected"][name], dtype=float)
        same = None
        if came.shape == right.shape:
            same = np.abs(came.astype(float) - right) <= tolerance(came, np.asarray(case["expected"][name]))
        inputs = [*arrays_in(case["arguments"]), *map(np.array, numbers_in(case["arguments"]))]
        yield Place(right, came.astype(float) if came.dtype.kind == "b" else came, same, inputs)


def _evident(shown: list[Place], fact: Fact) -> bool:
    """Tell whether there are enough cases, with enough different numbers that should have come or came."""
    numbers = {number for place in shown for array in (place.right, place.came) for number in np.ravel(array).tolist()}
    return len(shown) >= fact.cases and len(numbers) >= (NUMBERS if len(shown) >= CASES else MANY)
