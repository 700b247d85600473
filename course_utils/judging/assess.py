"""From a probe's replies to an assessment: type first, then shape, then values, then the diagnosis.

``check`` and ``grade`` assess with the same code. ``course_utils.protocol`` says what tests, cases and replies hold.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from ..protocol import Ask, Case, Reply, Test
from ..remarks import diagnosis, in_words, shape_in_words
from ..verdict import Assessment
from .agreement import agrees, tolerance
from .errors import raised
from .mistakes import diagnosed
from .mutants import mutated
from .places import placed
from .ranges import out_of_range, overflown
from .relations import patterned, related
from .sizes import misfit_in_words, other_sizes

WRONG, WRONG_NUMBER, WRONG_VALUE = "right shape, wrong values", "wrong number", "wrong value"
NO_NUMBER = "it is NaN or infinity."
GRADIENT_HINT = (
    "Compute the output from the parameters with the framework's own operations, without `.detach()`, "
    "`.data` or NumPy in between."
)
BY_LOT = "At a second call the same inputs gave another result: is something drawn by lot, or kept from before?"
# Notes of a probe that cost a case although its values agree.
COSTLY = frozenset(("dtype_changed", "warned", "input_changed", "units_alike"))


def assess(test: Test, ask: Ask, reveal: bool = True) -> Assessment:
    """Ask the probe for every case of a test and assess the replies.

    Args:
        ask: returns a probe's replies; ``test["ask"]`` for a judge.
        reveal: whether a message may quote expected values and texts of errors; false on hidden inputs.
    """
    found = _assess(test, ask, reveal)
    if "stub" in test and found.diagnosis == test["stub"] and not found.fraction:
        why = f"not finished: a fault of the code that you were given is still there: {found.message}"
        return Assessment(0.0, "unfinished", why, found.diagnosis)
    return found


def _assess(test: Test, ask: Ask, reveal: bool) -> Assessment:
    from .. import judging

    cases = test["cases"]
    untrusted = ask(test["object"], test["probe"], _asked(test))
    replies = [_sound(reply, case.get("expected", ())) for reply, case in zip(untrusted, cases, strict=True)]
    if any("missing" in reply for reply in replies):
        return Assessment(
            0.0, "missing", f"there is no {_names(test)} yet. Run the cell that defines it, and keep its name."
        )
    if judge := test.get("judge"):
        decide = getattr(judging, judge) if isinstance(judge, str) else judge
        for case, reply in zip(cases, replies):
            if trouble := _trouble(test, case, reply, reveal) or _costly(case, reply, reveal):
                return trouble
        return decide({**test, "ask": ask}, replies, reveal)
    return _assess_values({**test, "ask": ask}, replies, reveal)


def is_right(test: Test, case: Case, untrusted: Any) -> bool:
    """Return whether a reply to a case of a test by value earns it; what is not compared for its part may be wrong."""
    reply = _sound(untrusted, case["expected"])
    return "missing" not in reply and not (_trouble(test, case, reply, False) or _difference(case, reply, False))


def compared(case: Case) -> dict[str, Any]:
    """Return what is expected of the outputs that decide about a case."""
    return {name: case["expected"][name] for name in case.get("compared", case["expected"])}


def ask_more(test: Test, probe: str, arguments: dict[str, Any], reveal: bool) -> Reply | Assessment:
    """Ask another probe about a test's object, for a judge that needs more than the replies to its cases.

    Returns:
        The reply, or the assessment of one that holds nothing to judge.
    """
    [untrusted] = test["ask"](test["object"], probe, [arguments])
    reply = _sound(untrusted, ())
    if "missing" in reply:
        reply = {"unusable": {"says": "unreadable"}}
    return _trouble(test, {"part": "", "arguments": arguments}, reply, reveal) or reply


def _asked(test: Test) -> list[dict[str, Any]]:
    return [case["arguments"] for case in test["cases"]]


def _sound(reply: Any, outputs: Iterable[str]) -> Reply:
    """Return a reply, or what stands for one that no probe gives: a process that is not trusted may send anything.

    Args:
        outputs: names of outputs that must be arrays of numbers; the first must be there.
    """
    if isinstance(reply, dict) and {"missing", "unusable"} & set(reply):
        return reply  # type: ignore[return-value]
    error = reply.get("error") if isinstance(reply, dict) else None
    if isinstance(error, dict) and all(isinstance(error.get(name), str) for name in ("type", "message", "line")):
        return reply
    values = reply.get("values") if isinstance(reply, dict) else None
    if isinstance(values, dict) and isinstance(reply.get("notes"), list):
        if any(value is None for value in values.values()):
            return {"values": dict.fromkeys(values), "notes": reply["notes"]}
        if all(name in values for name in list(outputs)[:1]) and all(
            isinstance(values[name], np.ndarray) and values[name].dtype.kind in "biuf"
            for name in outputs
            if name in values
        ):
            return reply
    return {"unusable": {"says": "unreadable"}}


def _names(test: Test) -> str:
    *others, last = [test["object"]] if isinstance(test["object"], str) else test["object"]
    return " or ".join(filter(None, (", ".join(f"`{name}`" for name in others), f"`{last}`")))


def _trouble(test: Test, case: Case, reply: Reply, reveal: bool) -> Assessment | None:
    """Return the assessment of a reply that holds nothing to judge, else None."""
    if "unusable" in reply:
        why = in_words(reply["unusable"], case["arguments"], reveal)
        sizes = misfit_in_words(reply["unusable"], case["arguments"]) if reveal else ""
        return Assessment(0.0, "failed", f"{why}. {sizes}".rstrip(), diagnosis(reply["unusable"]))
    if "error" in reply:
        return raised(reply["error"], reveal, case["arguments"], *_shown_by_code([(case, reply)], reveal))
    if any(value is None for value in reply["values"].values()):
        why = f"{_names(test)} returns nothing yet: is there a `return`?"
        if reply["notes"]:
            why = in_words(reply["notes"][0], case["arguments"], reveal)
            if diagnosis(reply["notes"][0]) == "none_returned":
                return Assessment(0.0, "failed", why, "none_returned")
        return Assessment(0.0, "unfinished", f"not finished: {why}")
    return None


def _costly(case: Case, reply: Reply, reveal: bool) -> Assessment | None:
    """Return the assessment of a reply with a remark that costs it, however right its values are."""
    note = next((entry for entry in reply.get("notes", ()) if diagnosis(entry) in COSTLY), None)
    if note is None:
        return None
    return Assessment(0.0, "failed", in_words(note, case["arguments"], reveal), diagnosis(note))


def _returns_sometimes(test: Test) -> Assessment:
    """Return the assessment of a function that returns something for some inputs and nothing for others."""
    message = (
        f"{_names(test)} returns nothing for some inputs: does every way through it end with a `return`, "
        "or does one stand only inside an `if`?"
    )
    return Assessment(0.0, "failed", message, "returns_sometimes")


def _assess_values(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """Assess by value: each part of the test earns its share when all of its cases agree with what is expected."""
    problems = [
        _trouble(test, case, reply, reveal) or _difference(case, reply, reveal)
        for case, reply in zip(test["cases"], replies)
    ]
    silent = [problem for problem in problems if problem and problem.status == "unfinished"]
    if len(silent) < len(problems):
        problems = [
            _returns_sometimes(test) if problem in silent and not reply["notes"] else problem
            for problem, reply in zip(problems, replies)
        ]
    parts = list(dict.fromkeys(case["part"] for case in test["cases"]))
    failed = [
        part
        for part in parts
        if any(problem and case["part"] == part for problem, case in zip(problems, test["cases"]))
    ]
    if not failed:
        return Assessment(1.0, "passed", "right.")
    fraction = (len(parts) - len(failed)) / len(parts)
    answered = list(zip(test["cases"], replies, problems))
    first = _named(test, answered, reveal)
    named = dict.fromkeys(failed, first)
    if not first.diagnosis:  # no mistake explains all replies; one may explain those of a part
        for part in failed:
            own = _named(test, [entry for entry in answered if entry[0]["part"] == part], reveal)
            # What is nearly right in one part and plainly wrong in another has not been rounded.
            named[part] = own if own.diagnosis not in (None, "nearly_right") else first
    unnamed = first.status == "failed" and not any(problem.diagnosis for problem in named.values())
    if unnamed and _is_by_lot(test, replies):
        named = dict.fromkeys(failed, replace(first, message=f"{first.message} {BY_LOT}", diagnosis="by_lot"))
    groups: dict[str, list[str]] = {}
    for part, problem in named.items():
        groups.setdefault(problem.message, []).append(part)
    recognised = next((problem.diagnosis for problem in named.values() if problem.diagnosis), None)
    if not fraction and len(groups) == 1:
        return replace(named[failed[0]], diagnosis=recognised)
    said = " For ".join(f"{', '.join(group)}: {message}" for message, group in groups.items())
    right = f"right for {', '.join(part for part in parts if part not in failed)}; " if fraction else ""
    return Assessment(fraction, "partial" if fraction else first.status, f"{right}for {said}", recognised)


Answered = list[tuple[Case, Reply, Assessment | None]]  # cases with their replies, and what is wrong with these


def _named(test: Test, answered: Answered, reveal: bool) -> Assessment:
    """Return the first problem of some cases, of which one has one, with the hint of the mistake that it is."""
    found = [problem for _, _, problem in answered if problem]
    # An output that is right by luck in one case, and wrong in another, is not one that only lacks its gradient.
    first = next((problem for problem in found if problem.diagnosis != "missing_gradient"), found[0])
    undefined = first.diagnosis == "not_finite"
    if first.status != "error" and (first.status != "failed" or (first.diagnosis and not undefined)):
        return first
    pairs = [(case, reply) for case, reply, _ in answered]
    name: str | None
    hint: str | None
    name, hint = diagnosed(test, pairs)
    if first.status == "error":  # a mistake may run on some inputs, and not fit others
        first = next((problem for problem in found if name and problem.status == "failed"), first)
    if not name and undefined:
        name, hint = "not_finite", overflown([(case, reply) for case, reply, problem in answered if problem], reveal)
    elif not name and first.status == "failed":
        name, hint = _explained(test, answered, reveal)
    if name:
        return replace(first, message=f"{first.message} {hint}".rstrip(), diagnosis=name)
    if hint:
        return replace(first, message=f"{first.message} {hint}")
    if first.message.startswith((WRONG, WRONG_NUMBER, WRONG_VALUE)):
        numbers = _largest_difference(answered) if reveal else ""
        message = " ".join(filter(None, (first.message, numbers, out_of_range(pairs, agrees))))
        return replace(first, message=message)
    if first.message.startswith("expected shape") and not first.diagnosis and reveal:
        return replace(first, message=f"{first.message} {_other_sizes(answered)}".rstrip())
    return first


def _other_sizes(answered: Answered) -> str:
    """Return which inputs have the sizes of the first output whose shape is wrong, as a sentence, or nothing."""
    for case, reply, _ in answered:
        for name, expected in compared(case).items():
            shape = getattr(reply.get("values", {}).get(name), "shape", np.shape(expected))
            if shape != np.shape(expected):
                return other_sizes(shape, np.shape(expected), case["arguments"])
    return ""


def _explained(test: Test, answered: Answered, reveal: bool) -> tuple[str | None, str]:
    """Return the first plain fact about wrong results that no mistake of the exercise explains."""
    pairs = [(case, reply) for case, reply, _ in answered]
    wrong = [(case, reply) for case, reply, problem in answered if problem]
    attempts: tuple[Callable[[], tuple[str | None, str | None]], ...] = (
        # What the probe itself remarked is nearer to the fault, and is told below.
        partial(_shown_by_code, wrong if not any(reply.get("notes") for _, reply in wrong) else [], reveal),
        partial(related, pairs, agrees),
        partial(placed, pairs, agrees, tolerance),
        partial(patterned, [(case, not problem) for case, _, problem in answered]),
        partial(_remarked, answered, reveal),
        partial(mutated, test, pairs, agrees),
    )
    return next(((name, hint or "") for attempt in attempts for name, hint in [attempt()] if name), (None, ""))


def _remarked(answered: Answered, reveal: bool) -> tuple[str | None, str]:
    """Return what the probe remarked about the first reply that is wrong, where it did."""
    case, reply = next((case, reply) for case, reply, problem in answered if problem)
    notes = reply.get("notes")
    return (diagnosis(notes[0]), in_words(notes[0], case["arguments"], reveal)) if notes else (None, "")


def _shown_by_code(answered: list[tuple[Case, Reply]], reveal: bool) -> tuple[str | None, str]:
    """Return what the student's code shows in each of some cases, as a name and a sentence, or nothing."""
    told = [
        [(diagnosis(entry), in_words(entry, case["arguments"], reveal)) for entry in shown]
        for case, reply in answered
        if isinstance(shown := reply.get("code", []), list)
    ]
    in_all = (first for first in told[0] if all(first in others for others in told)) if told else iter(())
    return next(in_all, (None, ""))


def _is_by_lot(test: Test, replies: list[Reply]) -> bool:
    """Ask once more, and tell whether other numbers come."""
    for case, reply, other in zip(test["cases"], replies, test["ask"](test["object"], test["probe"], _asked(test))):
        values, again = reply.get("values", {}), _sound(other, case["expected"]).get("values", {})
        if any(not agrees(again[name], values[name]) for name in case["expected"] if name in again and name in values):
            return True
    return False


def _difference(case: Case, reply: Reply, reveal: bool) -> Assessment | None:
    """Compare one reply with what is expected: shapes of all outputs, then values, then gradients that are missing."""
    values, notes = reply["values"], reply["notes"]
    note = f" {in_words(notes[0], case['arguments'], reveal)}" if notes else ""
    code = diagnosis(notes[0]) if notes else None
    for name, expected in compared(case).items():
        if name in values and values[name].shape != np.shape(expected):
            output = "" if name == "output" else f" for {_spoken(name)}"
            got = _got(values[name].shape, np.shape(expected), reveal)
            return Assessment(0.0, "failed", f"expected {_text(np.shape(expected))}{output}, got {got}.{note}", code)
    for name, expected in compared(case).items():
        if name not in values:
            return Assessment(
                0.0,
                "failed",
                f"right output, but {_spoken(name)} is missing.{note or f' {GRADIENT_HINT}'}",
                code or "missing_gradient",
            )
        if not np.all(np.isfinite(values[name].astype(float))) and np.all(np.isfinite(expected)):
            fault = f"right shape, but {_spoken(name)} holds NaN or infinity."
            return Assessment(0.0, "failed", fault if np.ndim(expected) else NO_NUMBER, "not_finite")
        if not agrees(values[name], expected):
            output = "" if name == "output" else f" of {_spoken(name)}"
            number = WRONG_VALUE if output else WRONG_NUMBER  # a "wrong number of" something would be a count
            return Assessment(0.0, "failed", f"{WRONG if np.ndim(expected) else number}{output}.")
    costly = _costly(case, reply, reveal)
    return costly and Assessment(0.0, "failed", f"right values, but {costly.message}", costly.diagnosis)


def _spoken(name: str) -> str:
    if name == "output":
        return "the output"
    return f"the gradient for `{name[5:]}`" if name.startswith("grad_") else f"`{name}`"


def _text(shape: tuple[int, ...]) -> str:
    return "one number" if shape == () else f"shape {tuple(int(size) for size in shape)}"


def _got(shape: tuple[int, ...], expected: tuple[int, ...], reveal: bool) -> str:
    return _text(shape) if shape == () else f"shape {shape_in_words(shape, expected, reveal)}"


def _largest_difference(answered: Answered) -> str:
    for case, reply, problem in answered:
        if not problem:
            continue
        for name in case.get("compared", case["expected"]):
            expected = case["expected"][name]
            actual, expected = reply["values"][name].astype(float), np.asarray(expected, dtype=float)
            if not agrees(reply["values"][name], expected):
                place = np.unravel_index(np.argmax(np.abs(actual - expected)), expected.shape)
                numbers = f"xpected {expected[place]:.4g}, got {actual[place]:.4g}."
                return f"Largest difference at {_place(place)}: e{numbers}" if place else f"E{numbers}"
    return ""


def _place(place: tuple[Any, ...]) -> str:
    return "[" + ", ".join(str(int(index)) for index in place) + "]"
