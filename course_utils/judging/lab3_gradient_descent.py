"""Lab 3: mini-batches."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..protocol import Case, Reply, Test
from ..remarks import count_in_words, shape_in_words
from ..verdict import Assessment
from .chance import DEPENDENT, dependence
from .faults import Fault, array_or_none

NOT_RANDOM: Fault = (
    "the batches are right, but the order is not random: over many seeds some samples come too often at the same "
    "place, or after the same other one. To shuffle is more than to shift, to turn round or to cut: each sample may "
    "come anywhere.",
    "not_shuffled",
)


def epoch_of_batches(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """One epoch of mini-batches holds each sample once, with its label, in an order that follows from the seed.

    Half of the points is for the batches, half for their order. In a case's data all samples differ; ``twin`` is the
    number of the earlier case with the same inputs, or -1. Some cases ask for epochs of more seeds.
    """
    orders = []
    for case, reply in zip(test["cases"], replies):
        fault, order = _batches(case["data"], reply["values"], reveal)
        if fault:
            return Assessment(0.0, "failed", *fault)
        orders.append(order)
    epochs = [_epochs(case["data"], reply["values"]) for case, reply in zip(test["cases"], replies)]
    fault = (
        _order_fault(test["cases"], orders, epochs)
        or _chance_fault(epochs)  # first, since two of a few orders can be equal by luck
        or _same_for_two_seeds(test["cases"], orders)
    )
    if fault:
        return Assessment(0.5, "partial", *fault)
    return Assessment(
        1.0, "passed", "right: every sample once an epoch with its own label, and an order that the seed decides."
    )


def _batches(data: Mapping[str, Any], values: Mapping[str, Any], reveal: bool) -> tuple[Fault | None, list[int]]:
    """Return what is wrong with one epoch, and the order of its samples where nothing is."""
    X, y, size = np.asarray(data["X"]), np.asarray(data["y"]), data["batch_size"]
    inputs, labels, counts = (array_or_none(values, name) for name in ("X", "y", "sizes"))
    arrays = [array for array in (inputs, labels, counts) if array is not None and array.ndim]
    if inputs is None or labels is None or counts is None or len(arrays) < 3 or counts.dtype.kind == "f":
        return ("expected batches of inputs and labels.", "unreadable"), []
    sizes = counts.tolist()
    task = f"{len(X)} samples in batches of {size}"
    if inputs.shape[1:] != X.shape[1:] or labels.shape[1:] != y.shape[1:]:
        return (
            f"one row of a batch should have shape {X.shape[1:]} with a label of shape {y.shape[1:]}, got "
            f"{shape_in_words(inputs.shape[1:], X.shape[1:], reveal)} and "
            f"{shape_in_words(labels.shape[1:], y.shape[1:], reveal)}.",
            "wrong_shape",
        ), []
    if len(inputs) != len(labels):
        return ("the inputs and the labels of a batch differ in length.", "lengths_differ"), []
    places = [place for row in inputs if (place := _place(X, row)) is not None]
    if len(places) < len(inputs):
        return ("a batch holds inputs that are not in the data: take rows of X as they are.", "inputs_changed"), []
    whole = len(X) - len(X) % size
    if not places and whole:
        return (f"{task} gave none at all.", "no_batches"), []
    if sorted(places) == sorted(set(places)) and len(places) == whole < len(X):
        rest = f"{len(X) - whole} left over" if whole else "all of them"
        return (
            f"{task} gave {len(places)}: the last, smaller batch, with {rest}, is missing.",
            "last_batch_dropped",
        ), []
    if sorted(set(places)) != list(range(len(X))):
        missing = len(X) - len(set(places))
        return (
            f"{task}: {missing} of them never came in this epoch"
            + (", and others came twice: deal them out, each once." if len(places) > len(set(places)) else "."),
            "with_replacement" if len(places) == len(X) else "samples_missing",
        ), []
    if len(places) > len(X):
        return (
            f"{task} gave {count_in_words(len(places))} samples: each should come once an epoch.",
            "samples_repeated",
        ), []
    expected = [size] * (len(X) // size) + [len(X) % size] * (len(X) % size > 0)
    if sizes != expected:
        if sorted(sizes) == sorted(expected) and _are_runs(places, sizes):
            return (
                f"{task}: each batch holds neighbours in the data, and only the batches are shuffled: shuffle the "
                "samples before you cut them into batches.",
                "shuffled_in_chunks",
            ), []
        got = sizes if reveal else "others"  # on hidden inputs they may tell anything
        return (f"{task} should give batches of {expected}, got {got}.", "wrong_batch_sizes"), []
    if not np.array_equal(labels, y[places]):
        return ("inputs and labels are no longer pairs: shuffle both in the same order.", "pairs_broken"), []
    return None, places


def _epochs(data: Mapping[str, Any], values: Mapping[str, Any]) -> np.ndarray | None:
    """Return the orders of the epochs of more seeds, one a row; None where one does not hold each sample once."""
    X, seeds = np.asarray(data["X"]), data["more_seeds"]
    if not len(seeds):
        return np.empty((0, len(X)), dtype=int)
    epochs = array_or_none(values, "epochs", (len(seeds), *X.shape))
    places = [] if epochs is None else [[_place(X, row) for row in epoch] for epoch in epochs]
    if epochs is None or any(set(order) != set(range(len(X))) for order in places):
        return None
    return np.array(places, dtype=int)


def _chance_fault(epochs: Sequence[np.ndarray | None]) -> Fault | None:
    """Return what is wrong with the orders of many seeds: each sample comes at each place, and after each other one."""
    for every in epochs:
        if every is None:
            return "with other seeds an epoch does not hold each sample once.", "seed_matters_too_much"
        if not len(every):
            continue
        count = every.shape[1]
        orders = np.unique(every, axis=0)
        here, after = np.zeros((2, len(orders), count, count))
        numbers = np.arange(len(orders))[:, None]
        here[numbers, np.arange(count), orders] = 1
        after[numbers, orders[:, :-1], orders[:, 1:]] = 1
        never_itself = 1 - np.eye(count)
        if max(dependence(here, 1 / count), dependence(after, never_itself / count)) > DEPENDENT:
            return NOT_RANDOM
        if len(orders) < len(every):
            return "the batches are right, but different seeds give the same order.", "seed_fixed"
    return None


def _place(X: np.ndarray, row: np.ndarray) -> int | None:
    """Return the number of the sample that a row is."""
    hits = np.flatnonzero(np.all(np.abs(X - row) <= 1e-6 * (1 + np.abs(X)), axis=tuple(range(1, X.ndim))))
    return int(hits[0]) if len(hits) else None


def _order_fault(cases: list[Case], orders: list[list[int]], epochs: Sequence[np.ndarray | None]) -> Fault | None:
    """Return what is wrong with the order of each case.

    A batch of neighbours can come by luck, so that all epochs together decide what this is called.
    """
    cut, rising = [], True
    for case, order, more in zip(cases, orders, epochs):
        if len(order) > (size := case["data"]["batch_size"]):
            every = [order, *(more.tolist() if more is not None else ())]
            cut.append([_in_chunks(each, size) for each in every])
            rising = rising and all(each == sorted(each) for each in every)
    if cut and rising:
        return "the batches are right, but the samples come in the order of the data: shuffle them.", "not_shuffled"
    if cut and all(map(all, cut)):
        return (
            "the batches are right, but neighbours in the data always share a batch: shuffle the samples "
            "before you cut them into batches.",
            "shuffled_in_chunks",
        )
    for case, order in zip(cases, orders):
        if case["data"]["twin"] >= 0 and order != orders[case["data"]["twin"]]:
            return "the batches are right, but the same seed should give the same order again.", "seed_ignored"
    return NOT_RANDOM if any(first for first, *_ in cut) else None


def _same_for_two_seeds(cases: list[Case], orders: list[list[int]]) -> Fault | None:
    for number, (case, order) in enumerate(zip(cases, orders)):
        if len(order) > case["data"]["batch_size"] and any(
            earlier["data"]["seed"] != case["data"]["seed"] and earlier_order == order
            for earlier, earlier_order in zip(cases[:number], orders)
        ):
            return "the batches are right, but another seed should give another order.", "seed_fixed"
    return None


def _are_runs(places: list[int], sizes: list[int]) -> bool:
    """Tell whether each batch holds samples that follow one another in the data."""
    ends = np.cumsum(sizes).tolist()
    batches = [places[end - size : end] for end, size in zip(ends, sizes)]
    return all(batch == list(range(batch[0], batch[0] + len(batch))) for batch in batches if batch)


def _in_chunks(order: list[int], size: int) -> bool:
    """Tell whether each batch holds neighbours alone, cut as the data would be without a shuffle."""
    rising, starts = range(len(order)), range(0, len(order), size)
    chunks = sorted(sorted(order[start : start + size]) for start in starts)
    return chunks == [[*rising[start : start + size]] for start in starts]
