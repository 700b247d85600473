"""Lab 5a: draws by chance, and texts that a network writes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..protocol import Reply, Test
from ..tunes.rules import END
from ..verdict import Assessment
from .chance import DEVIATIONS
from .faults import Fault, array_or_none

# What stands in a case's data in place of the right text, and what that means.
TEXTS: dict[str, Fault] = {
    "not warmed up": (
        "what you write does not depend on the prime: let the network read all of it first, character by character.",
        "not_warmed_up",
    ),
    "last character only": (
        "what you write depends on the last character of the prime alone: read all of it, and carry the state on.",
        "last_character_only",
    ),
    "no end sign first": (
        "the network reads the prime without the end sign before it. Each tune in the training began with one, so a "
        "tune that begins otherwise is new to it.",
        "no_end_sign_first",
    ),
    "read twice": (
        "the network reads the last character of the prime twice: in the warm-up, and again before the first draw.",
        "read_twice",
    ),
    "no end sign at all": (
        "the network reads the prime without the end sign before it. Each tune in the training began with one, so a "
        "tune that begins otherwise is new to it.",
        "no_end_sign_first",
    ),
    "last not read": (
        "the last character of the prime is not read before the first draw: the state must know all of the prime.",
        "last_not_read",
    ),
    "state reset": (
        "what you write does not depend on the prime: the state is 0 again when the network begins to write. Go on "
        "with the state in which the prime has left it.",
        "state_reset",
    ),
    "read anew": (
        "the network forgets while it writes: each character that was drawn is read with a state of 0. Hand on the "
        "state of the step before.",
        "read_anew",
    ),
    "prime backwards": ("the network reads the prime from its end.", "prime_backwards"),
    "end sign behind": (
        "the network reads the end sign behind the prime, as if the tune were over: it stands before the prime.",
        "end_sign_behind",
    ),
    "without output bias": ("the logits lack the bias `by`.", "output_bias_forgotten"),
    "two axes": (
        "what is drawn is always the first of `letters`. The logits have shape (1, size): give `draw` row 0.",
        "two_axes",
    ),
    "drawn not read": (
        "you write the same character again and again: read each one that was drawn, before the next draw.",
        "drawn_not_read",
    ),
    "without prime": ("the prime is missing: return it, and what the network writes behind it.", "prime_missing"),
    "end sign kept": ("the end sign stands in your text: stop when it is drawn, and leave it out.", "end_sign_kept"),
    "end sign passed": (
        "you leave the end sign out and write on: when it is drawn the tune is over.",
        "end_sign_passed",
    ),
    "limit includes prime": (
        "the limit counts the characters behind the prime, and not those of the prime itself.",
        "limit_includes_prime",
    ),
}


def _searched(p: np.ndarray) -> np.ndarray:
    """Return how often each place comes where a dart is looked for among the probabilities, not their sums."""
    ends = np.unique([0.0, *p, 1.0])
    # One dart at a time: among numbers that are not sorted, what is found hangs on what was looked for before.
    places = [int(np.searchsorted(p, dart)) for dart in (ends[1:] + ends[:-1]) / 2]
    return np.bincount(places, np.diff(ends), len(p) + 1)


def _compared(p: np.ndarray, rest: int | None) -> np.ndarray:
    """Return how often each place comes where a dart is compared with each probability, not with the running sum.

    Args:
        rest: what is taken is the first place whose probability is above the dart, and this one where none is; None
            where what is taken is how many probabilities the dart has passed.
    """
    ends = np.unique([0.0, *p, 1.0])
    passed = [p <= dart for dart in (ends[1:] + ends[:-1]) / 2]
    places = [each.sum() if rest is None else rest % len(p) if each.all() else np.argmin(each) for each in passed]
    return np.bincount(np.array(places, dtype=int), np.diff(ends), len(p) + 1)


def _moved(p: np.ndarray, by: int) -> np.ndarray:
    """Return how often each place comes where all are off by one, and what lies outside is moved to the end."""
    places = np.clip(np.arange(len(p)) + by, 0, len(p) - 1)
    return np.bincount(places, p, len(p))


def _never_passed(p: np.ndarray) -> np.ndarray:
    """Return how often places come where the first end below the dart counts, or else the last place."""
    shares = np.zeros(len(p))
    shares[0], shares[-1] = 1 - p[0], shares[-1] + p[0]
    return shares


def _a_dart_for_each(p: np.ndarray, rest: int | None) -> np.ndarray:
    """Return how often each place comes where each one gets a dart of its own, from the first one on.

    Args:
        rest: the place that is taken where no dart hits; None where all are tried again.
    """
    hits = p * np.cumprod(np.append(1.0, 1 - p[:-1]))
    if rest is None:
        return hits / hits.sum()
    hits[rest] += 1 - hits.sum()
    return hits


def _nearest_end(p: np.ndarray) -> np.ndarray:
    """Return how often each place comes where the end nearest to the dart is taken, of equal ones the first."""
    return _nearest(np.cumsum(p))


def _nearest(marks: np.ndarray) -> np.ndarray:
    """Return how often each of some numbers between 0 and 1 is the nearest to a dart, of equal ones the first."""
    values, places = np.unique(marks.round(12), return_index=True)
    edges = [0.0, *(values[1:] + values[:-1]) / 2, 1.0]
    return np.bincount(places, np.diff(edges), len(marks))


SORTED: Fault = (
    "places come as often as the sorted probabilities say: you return a place in the sorted list, not in `p`.",
    "sorted_places",
)
DART_EACH: Fault = (
    "the first places come too often: you throw a new dart for each place. Throw one, and see whose piece it hits.",
    "a_dart_for_each",
)
NOT_SUMMED_UP: Fault = (
    "you look for the dart among the probabilities themselves. The pieces end at their running sum, `np.cumsum(p)`.",
    "not_summed_up",
)
ONE_TOO_LOW: Fault = (
    "all of your places are one too low: as many pieces as the dart has passed is the number of the one that it hits.",
    "one_too_low",
)
PASSED = (
    "you stop at the first end that the dart has passed, which is the first one or none: stop where it has not passed.",
    "comparison_reversed",
)
# How often places come by mistake, from their probabilities, and what that means; there may be one place more.
SHARES: tuple[tuple[Callable[[np.ndarray], np.ndarray], Fault], ...] = (
    (lambda p: np.append(0.0, p), ("your places are counted from 1; the first one is 0.", "counted_from_1")),
    (
        lambda p: np.append(0.0, p[::-1]),
        ("you count the ends that the dart has not passed: the place is how many it has passed.", "ends_ahead"),
    ),
    (_searched, NOT_SUMMED_UP),
    (lambda p: _compared(p, None), NOT_SUMMED_UP),
    (lambda p: _compared(p, -1), NOT_SUMMED_UP),
    (lambda p: _compared(p, 0), NOT_SUMMED_UP),
    (_never_passed, PASSED),
    (lambda p: _moved(p, -1), ONE_TOO_LOW),
    (lambda p: _moved(p, 1), ("your places are one too high: the first one is 0.", "counted_from_1")),
    (
        lambda p: np.full(len(p), 1 / len(p)),
        ("all places come equally often, whatever `p` says.", "uniform"),
    ),
    (
        _nearest_end,
        (
            "you take the end that is nearest to the dart: the piece that it hits ends at the first end beyond it.",
            "nearest_end",
        ),
    ),
    (
        _nearest,
        (
            "you take the probability that is nearest to the dart: a dart hits a piece, and the pieces lie end to end, "
            "as long as their probabilities.",
            "nearest_probability",
        ),
    ),
    (np.sort, SORTED),
    (lambda p: np.sort(p)[::-1], SORTED),
    (lambda p: p[::-1], ("places come as often as those at the other end of `p` should.", "reversed")),
    (lambda p: _a_dart_for_each(p, None), DART_EACH),
    (lambda p: _a_dart_for_each(p, -1), DART_EACH),
    (lambda p: _a_dart_for_each(p, int(np.argmax(p))), DART_EACH),
    (lambda p: _a_dart_for_each(p, 0), DART_EACH),
)


def draws_by_chance(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """Numbers come as often as their probabilities say, one after the other independently, by the generator alone."""
    every = [_drawn(case["data"], reply["values"]) for case, reply in zip(test["cases"], replies)]
    found = [each for each in every if each is not None]
    if len(found) < len(every):
        fault: Fault | None = ("a draw is a single number, the place of a character in `p`.", "not_one_number")
    else:
        fault = _place_fault(found) or _generator_fault(found) or _share_fault(found, reveal)
    if fault:
        return Assessment(0.0, "failed", *fault)
    return Assessment(1.0, "passed", "right: each number comes as often as its probability says.")


class Drawn(NamedTuple):
    """What was drawn by the probabilities p: by a generator, by one of the same seed, and by one of the next."""

    p: np.ndarray
    first: np.ndarray
    again: np.ndarray
    other: np.ndarray

    @property
    def both(self) -> np.ndarray:
        return np.concatenate([self.first, self.other])


def _drawn(data: Mapping[str, Any], values: Mapping[str, Any]) -> Drawn | None:
    runs = [array_or_none(values, name, (data["count"],), "iufb") for name in ("first", "again", "other")]
    if any(run is None for run in runs):
        return None
    return Drawn(np.asarray(data["p"], dtype=float), *(np.asarray(run, dtype=float) for run in runs))


def _place_fault(every: list[Drawn]) -> Fault | None:
    """Return what is wrong with draws that are no places, whatever their chances."""
    if any(np.any(each.both != np.round(each.both)) for each in every):
        return "a draw is a place in `p`, a whole number, and no probability.", "no_place"
    if any(each.both.min() < 0 or each.both.max() >= len(each.p) for each in every):
        if fault := _known_shares(every):
            return fault
        higher = [each._replace(first=each.first + 1, other=each.other + 1) for each in every]
        if all(each.both.min() >= 0 and _comes_as(each, each.p) for each in higher):
            return ONE_TOO_LOW
        return "a draw lies outside of `p`: its places are 0 to len(p) - 1.", "outside"
    return None


def _generator_fault(every: list[Drawn]) -> Fault | None:
    """Return what is wrong with where the chance comes from; where one place is certain, nothing shows."""
    uncertain = [each for each in every if np.max(each.p) < 1]
    if all(np.ptp(each.both) == 0 for each in uncertain):
        why = (
            "all draws are the same: either `rng` is not asked for a new number each time, or what it says decides "
            "nothing, as when the likeliest is taken or a comparison comes out alike for every dart."
        )
        return why, "always_the_same"
    if not all(np.array_equal(each.first, each.again) for each in uncertain):
        return "with the same generator come other draws: use `rng`, and no other source of chance.", "rng_ignored"
    if any(np.ptp(each.both) and np.array_equal(each.first, each.other) for each in uncertain):
        return "another generator gives the same draws: ask `rng`, and make none of your own.", "rng_ignored"
    return None


def _share_fault(every: list[Drawn], reveal: bool) -> Fault | None:
    """Return what is wrong with how often places come."""
    if not all(_comes_as(each, each.p) for each in every):
        if fault := _known_shares(every):
            return fault
        if any(np.any(each.p[each.both.astype(int)] == 0) for each in every):
            return "places do not come as often as `p` says: one comes whose probability is 0.", "wrong_shares"
        return f"places do not come as often as `p` says.{_farthest(every) if reveal else ''}", "wrong_shares"
    alike = [(float(np.mean(each.both[1:] == each.both[:-1])), float(np.sum(each.p**2)), each) for each in every]
    if not all(_within(share, expected, len(each.both) / 3) for share, expected, each in alike):
        return "each place comes often enough, but one draw tells the next: ask `rng` each time.", "not_independent"
    return None


def _known_shares(every: list[Drawn]) -> Fault | None:
    """Return the one mistake that explains how often all places come."""
    for expected, fault in SHARES:
        if all(each.both.min() >= 0 and _comes_as(each, expected(each.p)) for each in every):
            return fault
    return None


def _farthest(every: list[Drawn]) -> str:
    """Return which place comes far too often, or too seldom, as a sentence."""
    shares = [_shares(each, len(each.p)) for each in every]
    each, came = max(zip(every, shares), key=lambda pair: float(np.abs(pair[0].p - pair[1]).max()))
    place = int(np.argmax(np.abs(each.p - came)))
    return f" Place {place} of {len(each.p)} has probability {each.p[place]:.2f}, and its share is {came[place]:.2f}."


def _shares(drawn: Drawn, places: int) -> np.ndarray:
    return np.bincount(drawn.both.astype(int), minlength=places) / len(drawn.both)


def _comes_as(drawn: Drawn, p: np.ndarray) -> bool:
    """Tell whether chance explains the difference between shares and probabilities; what has none must not come."""
    shares = _shares(drawn, len(p))
    if len(shares) > len(p):
        return False
    return _within(shares, p, len(drawn.both)) and not np.any(shares[p == 0])


def _within(shares: np.ndarray | float, p: np.ndarray | float, count: float) -> bool:
    p = np.asarray(p)
    allowed = DEVIATIONS * np.sqrt(p * (1 - p) / count) + 1 / count
    return bool(np.all(np.abs(shares - p) <= allowed))


def writes_with_a_network(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """A text is its prime and what follows: where hardly any chance is left, the likeliest; else what chance draws.

    In a case's data ``texts`` holds the right text, and what typical mistakes write; none where chance decides.
    """
    cases = [case["data"] for case in test["cases"]]
    read = [_texts(data, reply["values"]) for data, reply in zip(cases, replies)]
    every = [texts for texts in read if texts is not None]
    if len(every) < len(read):
        return Assessment(0.0, "failed", "your function returns no text in some cases.", "wrong_type")
    fault = _text_fault(cases, every) or _chance_fault(cases, every)
    if fault:
        return Assessment(0.0, "failed", *fault)
    return Assessment(1.0, "passed", "right: warmed up, drawn character by character, and stopped in time.")


def _texts(data: Mapping[str, Any], values: Mapping[str, Any]) -> list[str] | None:
    """Return the texts of a reply, the one that was asked for again last."""
    names = [*(f"text{number}" for number in range(len(data["seeds"]))), "again"]
    arrays = [array_or_none(values, name, kinds="iu") for name in names]
    codes = [array.tolist() for array in arrays if array is not None and array.ndim == 1]
    if len(codes) < len(names):
        return None
    return ["".join(chr(code) if 0 <= code < 0x110000 else "?" for code in text) for text in codes]


def _text_fault(cases: Sequence[Mapping[str, Any]], every: list[list[str]]) -> Fault | None:
    """Return what is wrong with the texts that hardly depend on chance: what explains all of them, or a plain fault."""
    certain = [(data, texts) for data, texts in zip(cases, every) if data["texts"]]
    if all(text == data["texts"]["right"] for data, texts in certain for text in texts):
        return None
    for name, fault in TEXTS.items():
        known = [(data["texts"][name], texts) for data, texts in certain if name in data["texts"]]
        if known and all(text == told for told, texts in known for text in texts):
            return fault
    for data, texts in certain:
        for text in texts:
            if END in text:
                return TEXTS["end sign kept"]
            if not text.startswith(data["prime"]):
                return TEXTS["without prime"]
            if len(text) > len(data["prime"]) + data["limit"]:
                return "your text goes on beyond the limit.", "too_long"
    if any(len(set(texts)) > 1 for _, texts in certain):
        return (
            "at a temperature near 0 only the likeliest character is left, whatever the generator says. Yours differ: "
            "is `temperature` used?",
            "temperature_ignored",
        )
    return (
        "at a temperature near 0 each character should be the likeliest one behind all those before it, and some of "
        "yours are not: does the network read each character once, in order, before the next one is drawn?",
        "other_characters",
    )


def _chance_fault(cases: Sequence[Mapping[str, Any]], every: list[list[str]]) -> Fault | None:
    """Return what is wrong with texts in which all characters are equally likely."""
    for data, (first, *others, again) in zip(cases, every):
        if data["texts"]:
            continue
        own = first[len(data["prime"]) :]
        if len(own) != data["limit"] or not first.startswith(data["prime"]):
            return "where nothing ends the tune, it should end at the limit.", "too_long"
        if first != again:
            return (
                "with the same generator comes another tune: use `rng`, and no other source of chance.",
                "rng_ignored",
            )
        if len(set(own)) < 3:
            return "you take the likeliest character each time, and draw none.", "likeliest"
        if first in others:
            return "another generator writes the same tune: hand `rng` on to `draw`.", "rng_ignored"
    return None
