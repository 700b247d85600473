"""Lab 5a: draws by chance, and texts that a network writes."""

from collections.abc import Mapping
from typing import Any

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
        "the network reads the last character of the prime twice: once in the warm-up, and again before the first draw.",
        "read_twice",
    ),
    "without prime": ("the prime is missing: return it, and what the network writes behind it.", "prime_missing"),
    "end sign kept": ("the end sign stands in your text: stop when it is drawn, and leave it out.", "end_sign_kept"),
    "limit includes prime": (
        "the limit counts the characters behind the prime, and not those of the prime itself.",
        "limit_includes_prime",
    ),
}


def draws_by_chance(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """Numbers come as often as their probabilities say, one after the other independently, by the generator alone."""
    faults = [_draw_fault(case["data"], reply["values"]) for case, reply in zip(test["cases"], replies)]
    for fault in faults:
        if fault:
            return Assessment(0.0, "failed", *fault)
    return Assessment(1.0, "passed", "right: each number comes as often as its probability says.")


def _draw_fault(data: Mapping[str, Any], values: Mapping[str, Any]) -> Fault | None:
    """Return what is wrong with the draws from one list of probabilities."""
    p, count = np.asarray(data["p"], dtype=float), data["count"]
    runs = [array_or_none(values, name, (count,), "iufb") for name in ("first", "again", "other")]
    if any(run is None for run in runs):
        return "a draw is a single number, the place of a character in `p`.", "not_one_number"
    first, again, other = (np.asarray(run, dtype=float) for run in runs)
    drawn = np.concatenate([first, other])
    if not np.all(drawn == np.round(drawn)):
        return "a draw is a place in `p`, a whole number, and no probability.", "no_place"
    if drawn.min() < 0 or drawn.max() >= len(p):
        if drawn.min() >= 1 and drawn.max() == len(p):
            return "your places are counted from 1; the first one is 0.", "counted_from_1"
        return "a draw lies outside of `p`: its places are 0 to len(p) - 1.", "outside"
    if np.ptp(drawn) == 0 and np.max(p) < 1:
        if drawn[0] == np.argmax(p):
            return "you always take the likeliest: a tune like that goes round in circles. Draw.", "likeliest"
        return "all draws are the same: ask `rng` for a new number each time.", "always_the_same"
    if not np.array_equal(first, again):
        return "with the same generator come other draws: use `rng`, and no other source of chance.", "rng_ignored"
    if np.max(p) < 1 and np.array_equal(first, other):
        return "another generator gives the same draws: ask `rng`, and make none of your own.", "rng_ignored"
    places = drawn.astype(int)
    if np.any(p[places] == 0):
        return "something is drawn whose probability is 0.", "impossible"
    shares = np.bincount(places, minlength=len(p)) / len(places)
    if not _within(shares, p, len(places)):
        if _within(shares, np.full(len(p), 1 / len(p)), len(places)):
            return "all places come equally often, whatever `p` says.", "uniform"
        if len(p) > 2 and _within(shares, p[::-1], len(places)):
            return "places come as often as those at the other end of `p` should.", "reversed"
        return "places do not come as often as `p` says.", "wrong_shares"
    alike = float(np.mean(places[1:] == places[:-1]))
    if np.max(p) < 1 and not _within(np.array([alike]), np.array([np.sum(p**2)]), len(places) / 3):
        return "each place comes often enough, but one draw tells the next: ask `rng` each time.", "not_independent"
    return None


def _within(shares: np.ndarray, p: np.ndarray, count: float) -> bool:
    """Tell whether chance explains the difference between shares and probabilities."""
    allowed = DEVIATIONS * np.sqrt(p * (1 - p) / count) + 1 / count
    return bool(np.all(np.abs(shares - p) <= allowed))


def writes_with_a_network(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """A text is its prime and what follows: where hardly any chance is left, the likeliest; else what chance draws.

    In a case's data ``texts`` holds the right text, and what typical mistakes write; none where chance decides.
    """
    cases = [case["data"] for case in test["cases"]]
    every = [_texts(data, reply["values"]) for data, reply in zip(cases, replies)]
    if any(texts is None for texts in every):
        return Assessment(0.0, "failed", "your function returns no text in some cases.", "wrong_type")
    fault = _text_fault(cases, every) or _chance_fault(cases, every)
    if fault:
        return Assessment(0.0, "failed", *fault)
    return Assessment(1.0, "passed", "right: warmed up, drawn character by character, and stopped in time.")


def _texts(data: Mapping[str, Any], values: Mapping[str, Any]) -> list[str] | None:
    """Return the texts of a reply, the one that was asked for again last."""
    names = [*(f"text{number}" for number in range(len(data["seeds"]))), "again"]
    arrays = [array_or_none(values, name, kinds="iu") for name in names]
    if any(array is None or array.ndim != 1 for array in arrays):
        return None
    return ["".join(chr(code) if 0 <= code < 0x110000 else "?" for code in array.tolist()) for array in arrays]  # type: ignore[union-attr]


def _text_fault(cases: list[Mapping[str, Any]], every: list[list[str]]) -> Fault | None:
    """Return what is wrong with the texts that hardly depend on chance: what explains all of them, or a plain fault."""
    certain = [(data, texts) for data, texts in zip(cases, every) if data["texts"]]
    if all(text == data["texts"]["right"] for data, texts in certain for text in texts):
        return None
    for name, fault in TEXTS.items():
        known = [(data["texts"].get(name), texts) for data, texts in certain]
        if all(told is None or text == told for told, texts in known for text in texts):
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
    if any(len(text) < len(data["texts"]["right"]) for data, texts in certain for text in texts):
        return "your text stops too early.", "stops_early"
    return (
        "at a temperature near 0 the likeliest character should come each time, and others do: is each drawn character "
        "read before the next one is drawn?",
        "other_characters",
    )


def _chance_fault(cases: list[Mapping[str, Any]], every: list[list[str]]) -> Fault | None:
    """Return what is wrong with texts in which all characters are equally likely."""
    for data, (first, *others, again) in zip(cases, every):
        if data["texts"]:
            continue
        own = first[len(data["prime"]) :]
        if len(own) != data["limit"] or not first.startswith(data["prime"]):
            return "where nothing ends the tune, it should end at the limit.", "too_long"
        if first != again:
            return "with the same generator comes another tune: use `rng`, and no other source of chance.", "rng_ignored"
        if len(set(own)) < 3:
            return "you take the likeliest character each time, and draw none.", "likeliest"
        if first in others:
            return "another generator writes the same tune: hand `rng` on to `draw`.", "rng_ignored"
    return None
