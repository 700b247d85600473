"""Probes of Lab 5a: characters and numbers, functions of a recurrent network's parameters, draws, and tunes written."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..protocol import Reply
from .base import Unusable, as_array, is_nothing, kind_of, must_be_callable, nothing_yet, probe, remark

LONGEST = 10_000  # characters of a text that is looked at


@probe
def characters(target: Mapping[str, Any], function: str, arguments: list[Any]) -> Reply:
    """Call one of several functions of texts; characters come back as their code points.

    Args:
        target: mapping from names to functions.
        function: which of them.
        arguments: positional arguments.
    """
    chosen = target[function]
    if is_nothing(chosen):
        return nothing_yet(remark("not_found", name=function))
    must_be_callable(chosen)
    result = chosen(*arguments)
    if is_nothing(result):
        return nothing_yet(remark("nothing_returned", name=function))
    if function == "encode":
        return {"values": {"output": as_array(result)}, "notes": []}
    if function == "vocabulary":
        if not isinstance(result, list) or not all(isinstance(each, str) and len(each) == 1 for each in result):
            raise Unusable("no_characters")
        return {"values": {"output": _codes("".join(result))}, "notes": []}
    return {"values": {"output": _text(result)}, "notes": []}


def _text(value: Any) -> np.ndarray:
    if not isinstance(value, str):
        raise Unusable("no_text", kind=kind_of(value))
    return _codes(value)


def _codes(text: str) -> np.ndarray:
    return np.array([ord(letter) for letter in str.__getitem__(text, slice(LONGEST))], dtype=int)


@probe
def arrays_by_name(target: Any, arguments: list[Any], names: list[str], first: str = "") -> Reply:
    """Call a function that returns a dictionary of arrays, or a number and one.

    Args:
        arguments: positional arguments.
        names: of the arrays.
        first: name of the number that comes before the dictionary; "" where there is none.
    """
    must_be_callable(target)
    result = target(*arguments)
    if is_nothing(result):
        return {"values": dict.fromkeys([first, *names] if first else names), "notes": []}
    values: dict[str, Any] = {}
    if first:
        pair = _pair(result)
        if any(map(is_nothing, pair)):
            return {"values": dict.fromkeys([first, *names]), "notes": []}
        values[first], result = as_array(pair[0], f"`{first}`"), pair[1]
    values |= _named(result, names)
    return {"values": values, "notes": []}


def _pair(result: Any) -> Sequence[Any]:
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise Unusable("no_pair_of_results", kind=kind_of(result))
    return result


def _named(result: Any, names: Sequence[str]) -> dict[str, np.ndarray | None]:
    """Return the arrays of a student's dictionary; None where one is not written yet."""
    if not isinstance(result, Mapping):
        raise Unusable("no_dictionary", kind=kind_of(result))
    missing = [name for name in names if name not in result]
    if missing:
        raise Unusable("name_missing", name=missing[0])
    return {name: as_array(result[name], f"`{name}`") for name in names}


@probe
def language_training(
    target: Any,
    parameters: dict[str, np.ndarray],
    inputs: list[np.ndarray],
    targets: list[np.ndarray],
    rate: float,
    limit: float,
) -> Reply:
    """Let a training loop move the parameters of a recurrent network; return them, and its losses.

    A step of the probe's own goes on a little in the direction of the step before, so that it shows how many there
    were.

    Args:
        parameters: where it starts.
        inputs, targets: lists of windows, an array for each batch.
        rate: of the probe's steps.
        limit: passed on to the loop.
    """
    must_be_callable(target)
    carried: dict[str, np.ndarray] = {}

    def update(before: Mapping[str, Any], gradients: Mapping[str, Any]) -> dict[str, np.ndarray]:
        moved = {}
        for name in parameters:
            carried[name] = carried.get(name, 0.0) / 2 + rate * np.asarray(gradients[name])
            moved[name] = np.asarray(before[name]) - carried[name]
        return moved

    result = target(list(zip(inputs, targets)), parameters, update, limit)
    if is_nothing(result):
        return nothing_yet()
    trained, losses = _pair(result)
    if is_nothing(trained) or is_nothing(losses):
        return nothing_yet(remark("one_is_nothing", name="losses" if is_nothing(losses) else "parameters"))
    return {"values": {**_named(trained, list(parameters)), "losses": as_array(losses, "`losses`")}, "notes": []}


@probe
def draws(target: Any, p: np.ndarray, seed: int, count: int) -> Reply:
    """Let a function draw numbers: with one generator, with another one of the same seed, and with one of the next.

    Args:
        p: the probability of each number.
        count: how many each time.
    """
    must_be_callable(target)
    values: dict[str, Any] = {}
    for name, own in (("first", seed), ("again", seed), ("other", seed + 1)):
        random = np.random.default_rng(own)
        drawn = [target(p, random) for _ in range(count)]
        if all(map(is_nothing, drawn)):
            return nothing_yet()
        values[name] = as_array(drawn, "what the function returns")
    return {"values": values, "notes": []}


@probe
def written(
    target: Any,
    parameters: dict[str, np.ndarray],
    letters: list[str],
    prime: str,
    temperature: float,
    limit: int,
    seeds: list[int],
) -> Reply:
    """Let a function write with a network, once for each seed; texts come back as code points.

    Args:
        parameters, letters, prime, temperature, limit: passed on to the function.
        seeds: of its generators. The first one comes twice, the second time as "again".
    """
    must_be_callable(target)
    values: dict[str, Any] = {}
    for name, seed in [*((f"text{number}", seed) for number, seed in enumerate(seeds)), ("again", seeds[0])]:
        result = target(parameters, letters, prime, temperature, np.random.default_rng(seed), limit)
        if is_nothing(result):
            return nothing_yet()
        values[name] = _text(result)
    return {"values": values, "notes": []}
