"""Relations between wrong results and right ones that hold for any exercise: twice as large, transposed, reversed ...

A relation is told where it explains every case, two of them at least with three different numbers among them, and
where no mistake of the exercise does. Its sentence says what is so, never what to write.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..protocol import Case, Reply

Pair = tuple[np.ndarray, np.ndarray]  # what is right, and what came
Told = tuple[str, str]  # the name of a relation, and its sentence after "Your result"

CASES, NUMBERS = 2, 3  # so many cases and different numbers must show a relation
FACTORS = {
    **{2.0: "twice", 3.0: "three times", 4.0: "four times", 10.0: "ten times", 100.0: "a hundred times"},
    **{1 / 2: "half", 1 / 3: "a third of", 1 / 4: "a quarter of", 1 / 10: "a tenth of", 1 / 100: "a hundredth of"},
}
# What a logarithm to one base is times that to another one.
LOGARITHMS = {
    **{np.log(2): "log 2 times", 1 / np.log(2): "1 / log 2 times", np.log10(2): "log10(2) times"},
    **{np.log(10): "log 10 times", 1 / np.log(10): "1 / log 10 times"},
}
KINDS = ("rows", "columns", "entries")  # what `_sizes` counts of each array
SHIFTS = (1.0, 2.0, 0.5, 0.1, 10.0)

TOTALS: tuple[tuple[str, str, Callable[..., np.ndarray]], ...] = (
    ("summed", "sum", np.sum),
    ("averaged", "mean", np.mean),
    ("largest_alone", "largest", np.max),
)


class Relation(NamedTuple):
    """One that a function of the right result gives.

    Args:
        result: what comes in place of the right array.
    """

    name: str
    says: str
    result: Callable[[np.ndarray], np.ndarray]


def _rows(array: np.ndarray) -> np.ndarray:
    return array if array.ndim else array[None]


def _scaled(factor: float, words: str) -> Iterator[Relation]:
    yield Relation("scaled", f"is {words} what it should be", lambda right: factor * right)
    yield Relation("scaled", f"is {words} what it should be, with the opposite sign", lambda right: -factor * right)


def _shifted(by: float) -> Iterator[Relation]:
    yield Relation("shifted", f"is too large by {by:g} everywhere", lambda right: right + by)
    yield Relation("shifted", f"is too small by {by:g} everywhere", lambda right: right - by)


RELATIONS: tuple[Relation, ...] = (
    Relation("negated", "has the opposite sign", lambda right: -right),
    *(relation for factor, words in (FACTORS | LOGARITHMS).items() for relation in _scaled(factor, words)),
    *(relation for by in SHIFTS for relation in _shifted(by)),
    Relation("transposed", "is transposed: its rows are the columns of what it should be", lambda right: right.T),
    Relation(
        "dealt_out",
        "holds the right numbers in another order: `reshape` deals them out anew and moves no axis",
        lambda right: np.swapaxes(right, 0, 1).reshape(right.shape),
    ),
    Relation("reversed", "stands in reversed order", lambda right: _rows(right)[::-1]),
    Relation("columns_reversed", "has its columns in reversed order", lambda right: right[..., ::-1]),
    Relation("rolled", "is moved by one place: each entry stands one too late", lambda right: np.roll(right, 1)),
    Relation("rolled", "is moved by one place: each entry stands one too early", lambda right: np.roll(right, -1)),
    Relation("complement", "is 1 minus what it should be", lambda right: 1 - right),
    Relation("absolute", "is right but for signs: all of it is positive", np.abs),
    Relation(
        "cut_off_below_0",
        "is 0 wherever it should be below 0, and right elsewhere, as after a ReLU",
        lambda right: np.clip(right, 0, np.inf),
    ),
    Relation("squared", "is the square of what it should be", np.square),
    Relation("rooted", "is the square root of what it should be", np.sqrt),
    Relation("reciprocal", "is one over what it should be", lambda right: 1 / right),
    Relation("logarithm", "is the logarithm of what it should be", np.log),
    Relation("exponential", "is exp of what it should be", np.exp),
    Relation("rounded", "holds whole numbers: what comes when the decimals are cut off", np.trunc),
    Relation("rounded", "holds whole numbers: what comes when each is rounded", np.round),
    Relation("piled_up", "piles up: each entry is the sum of those so far", lambda right: np.cumsum(_rows(right), 0)),
    Relation("piled_up", "piles up: each entry is the sum of those so far", lambda right: np.cumsum(right, -1)),
    *(Relation(name, f"is the {word} of all numbers that it should hold", total) for name, word, total in TOTALS),
    *(
        Relation(name, f"is the {word} of what it should be, taken along axis {axis}", partial(total, axis=axis))
        for name, word, total in TOTALS
        for axis in (0, 1)
    ),
    Relation("last_missing", "lacks its last entry", lambda right: _rows(right)[:-1]),
    Relation("first_missing", "lacks its first entry", lambda right: _rows(right)[1:]),
    Relation("last_alone", "is only the last entry of what it should be", lambda right: _rows(right)[-1]),
    Relation("first_alone", "is only the first entry of what it should be", lambda right: _rows(right)[0]),
    Relation("columns_lost", "is only the first column of what it should be", lambda right: _rows(right)[..., 0]),
    Relation("columns_lost", "is only the last column of what it should be", lambda right: _rows(right)[..., -1]),
)


def related(answered: list[tuple[Case, Reply]], agrees: Callable[[Any, Any], bool]) -> Told | tuple[None, None]:
    """Return the one relation that explains all replies, as its name and a sentence, or nothing.

    Args:
        agrees: function (what came, what is right) that tells whether they are the same but for rounding.
    """
    if any("values" not in reply for _, reply in answered):
        return None, None
    names = {name: None for case, _ in answered for name in case.get("compared", case["expected"])}
    pairs = {name: list(_pairs(answered, name)) for name in names}
    wrong = [name for name, found in pairs.items() if not all(agrees(came, right) for right, came in found)]
    if told := _swapped(answered, agrees):
        return told
    if "output" in wrong:  # then gradients are wrong because of it
        names = {name: None for name in names if not name.startswith("grad_")}
        wrong = [name for name in wrong if name in names]
    if not wrong or any(len(found) < len(answered) for name, found in pairs.items() if name in wrong):
        return None, None
    for relation in RELATIONS:
        evidence = [seen for name in wrong if (seen := _shown(relation, pairs[name], agrees))]
        numbers = set().union(*(numbers for _, numbers in evidence))
        if len(evidence) == len(wrong) and max(shown for shown, _ in evidence) >= CASES and len(numbers) >= NUMBERS:
            return relation.name, f"{spoken(wrong, len(names))} {relation.says}."
    told = _times_size(answered, [pairs[name] for name in wrong], agrees)
    return (told[0], f"{spoken(wrong, len(names))} {told[1]}.") if told else (None, None)


def patterned(answered: list[tuple[Case, bool]]) -> Told | tuple[None, None]:
    """Return which of the cases of one part are right, where that has a pattern, as its name and a sentence.

    Args:
        answered: cases, and whether the reply to each is right.
    """
    if len({case["part"] for case, _ in answered}) > 1 or len(answered) < CASES:
        return None, None  # the parts say it already
    right = [is_right for _, is_right in answered]
    axes = [next((array.ndim for array in arrays_in(case["arguments"])), 0) for case, _ in answered]
    # Few cases may be right by luck: what is wrong for large numbers only, say, would be told this in some draws.
    if min(right.count(True), right.count(False)) >= CASES and right == [count == 1 for count in axes]:
        return "one_axis_only", "It is right where the first input has one axis, and wrong where it has more or none."
    if right == [True] + [False] * (len(right) - 1) and len(right) > 2 * CASES:
        return "first_case_only", "It is right for the first inputs that are tried, and for no others."
    return None, None


def _pairs(answered: list[tuple[Case, Reply]], name: str) -> Iterator[Pair]:
    for case, reply in answered:
        came = reply["values"].get(name)
        if isinstance(came, np.ndarray) and name in case.get("compared", case["expected"]):
            yield np.asarray(case["expected"][name], dtype=float), came


def spoken(wrong: list[str], count: int) -> str:
    """Return how a sentence about outputs begins.

    Args:
        wrong: their names.
        count: how many outputs there are.
    """
    if len(wrong) == count:
        return "Your result"
    *others, last = [f"the gradient for `{name[5:]}`" if name.startswith("grad_") else f"`{name}`" for name in wrong]
    subject = f"{', '.join(others)} and {last}: each" if others else last
    return subject[0].upper() + subject[1:]


def _shown(relation: Relation, found: list[Pair], agrees: Callable[[Any, Any], bool]) -> tuple[int, set[float]] | None:
    """Return in how many cases a relation is seen, and by which numbers; None where it does not give what came."""
    shown, numbers = 0, set()
    if relation.name == "rounded" and not any(np.any(came) for _, came in found):
        return None  # it is 0, and nobody has cut decimals off
    for right, came in found:
        if came.ndim > right.ndim == 0:  # one number in brackets: only its shape is wrong
            return None
        try:
            with np.errstate(all="ignore"):
                wrong = np.asarray(relation.result(right))
        except (ValueError, IndexError):
            return None
        if not np.all(np.isfinite(wrong)) or not agrees(came, wrong):
            return None
        if not agrees(came, right):
            shown += 1
            numbers |= set(np.unique(right.round(9)).tolist())
            if np.any(came != np.round(came)):  # a whole number may come by chance
                numbers |= set(np.unique(came.astype(float).round(9)).tolist())
    return shown, numbers


def _swapped(answered: list[tuple[Case, Reply]], agrees: Callable[[Any, Any], bool]) -> Told | None:
    """Return the fact that outputs have changed places, whichever of them decide about a part."""
    whole: list[tuple[Case, Reply]] = [
        ({**case, "compared": list(case["expected"])}, reply) for case, reply in answered
    ]
    pairs = {name: list(_pairs(whole, name)) for case, _ in answered for name in case["expected"]}
    wrong = [name for name, found in pairs.items() if not all(agrees(came, right) for right, came in found)]
    if len(wrong) < 2 or any(len(pairs[name]) < max(CASES, len(answered)) for name in wrong):
        return None
    if len({float(value) for name in wrong for right, _ in pairs[name] for value in np.ravel(right)}) < NUMBERS:
        return None
    instead = {name: [other for other in wrong if _holds(pairs[name], pairs[other], agrees)] for name in wrong}
    if any(len(others) != 1 for others in instead.values()) or len(set().union(*instead.values())) < len(wrong):
        return None
    if len(wrong) == 2:
        return "outputs_swapped", f"`{wrong[0]}` and `{wrong[1]}` have changed places."
    places = ", ".join(f"`{other}` where `{name}` belongs" for name, (other,) in instead.items())
    return "outputs_swapped", f"The values stand in another order: {places}."


def _holds(found: list[Pair], others: list[Pair], agrees: Callable[[Any, Any], bool]) -> bool:
    """Tell whether one output holds in each case what another one should."""
    return all(agrees(came, right) for (_, came), (right, _) in zip(found, others))


def _times_size(
    answered: list[tuple[Case, Reply]], found: list[list[Pair]], agrees: Callable[[Any, Any], bool]
) -> Told | None:
    """Return the fact that a result is as many times too large, or too small, as an input has rows or entries.

    What was divided by one size in place of another is too large by their quotient.
    """
    sizes = [list(_sizes(case["arguments"])) for case, _ in answered]
    places = range(min(map(len, sizes)))
    for place in places:
        counts = [of_case[place] for of_case in sizes]
        for words, factors in (("large", counts), ("small", [1 / max(count, 1) for count in counts])):
            if _scales(factors, found, agrees):
                return "times_size", f"is n times too {words}, where n is how many {KINDS[place % 3]} an input has"
    for place in places:
        for other in places:
            if _scales([of_case[place] / max(of_case[other], 1) for of_case in sizes], found, agrees):
                kinds = f"how many {KINDS[place % 3]} an input has, and m how many {KINDS[other % 3]} one has"
                return "divided_by_another_size", f"is n / m times what it should be, where n is {kinds}"
    return None


def _scales(factors: Sequence[float], found: list[list[Pair]], agrees: Callable[[Any, Any], bool]) -> bool:
    """Tell whether results are right but for factors that differ from case to case."""
    if len(set(factors)) < CASES or min(factors) <= 0:
        return False
    scaled = ((factor * right, came) for pairs in found for factor, (right, came) in zip(factors, pairs))
    numbers = {*map(float, factors)}
    for wrong, came in scaled:
        if not agrees(came, wrong):  # nearly always the first one
            return False
        numbers.update(np.ravel(wrong).round(9).tolist())
    return len(numbers) >= NUMBERS


def _sizes(arguments: Any) -> Iterator[int]:
    """Yield how many rows, columns and entries each array of some arguments has, in their order."""
    for array in arrays_in(arguments):
        yield from (array.shape[0] if array.ndim else 1, array.shape[1] if array.ndim > 1 else 1, array.size)


def numbers_in(value: Any) -> Iterator[float]:
    """Yield the plain numbers of some arguments, in their order."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(entry)


def arrays_in(value: Any) -> Iterator[np.ndarray]:
    """Yield the arrays of some arguments, in their order."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (list, tuple, dict)):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from arrays_in(entry)
