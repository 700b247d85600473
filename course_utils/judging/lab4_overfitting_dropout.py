"""Lab 4: splits, a training that has to work on digits that nobody has seen, and the table of its cures."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from ..datasets import rehearsal
from ..probes.lab4_overfitting_dropout import MEASURED_AGAIN, ROWS
from ..protocol import Reply, Test
from ..verdict import Assessment
from .chance import DEPENDENT, dependence
from .faults import Fault, array_or_none, assess_parts

SHARES = (0.7, 0.15, 0.15)  # of the three parts of a split


class Rise(NamedTuple):
    """Points that rise linearly with a share, from none where it begins to all where it is full."""

    points: float
    begins: float
    full: float

    def at(self, share: float) -> float:
        """Return the points that a share earns."""
        return self.points * min(max((share - self.begins) / (self.full - self.begins), 0.0), 1.0)


# The capstone: what the share that is right on hidden digits earns, first for having learned at all; and what the
# share of the training digits with a false label earns that are called by their true one. Who lies about them by lot
# finds one truth in nine, and who guesses one in ten.
# Reference runs: tests/labs/capstone_runs.json, made by `python -m bench.capstone`.
LEARNS, GENERALISES, SEES_THROUGH = Rise(2.5, 0.2, 0.4), Rise(3.0, 0.6, 0.69), Rise(2.5, 0.2, 0.6)
BY_LOT_AT_MOST = 6.0  # points of a `predict` that says other labels when it is asked again
NEAR = 0.03  # so far may a number in the table of cures lie from the accuracy that comes out when it is measured again

NOT_SHUFFLED: Fault = (
    "over many seeds some samples come too often into the same part, or together with the same others: "
    "shuffle each class before you cut it; to shift it is not enough.",
    "not_shuffled",
)


def splits_in_three(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """Three parts, disjoint and complete; in each class 70, 15 and 15 %, by lot; the same again for a seed.

    The cases are one set of labels with a seed, with the same seed again, and with another one; then other labels with
    many seeds. Before the shares are right nothing else counts.
    """
    splits = []
    for reply in replies:
        parts = [array_or_none(reply["values"], name, kinds="biuf") for name in ("train", "validation", "test")]
        arrays = [part.ravel() for part in parts if part is not None]
        if len(arrays) < len(parts):
            return Assessment(0.0, "failed", "expected three arrays of indices.", "unreadable")
        splits.append(arrays)
    every = [np.asarray(case["data"]["labels"]) for case in test["cases"]]
    for split, labels in zip(splits, every):
        if fault := _labels_fault(split, labels) or _partition_fault(split, labels):
            return Assessment(0.0, "failed", *fault)
    splits = [[part.astype(int) for part in split] for split in splits]
    for split, labels in zip(splits, every):
        if fault := _share_fault(split, labels):
            return Assessment(0.0, "failed", *fault)
    seeds = len(test["cases"][-1]["data"]["seeds"])
    members = array_or_none(replies[-1]["values"], "members", (seeds, len(every[-1])))
    return assess_parts(
        {
            "disjoint parts that miss nothing": None,
            "70, 15 and 15 % of each class": None,
            "a shuffle that the seed decides": _seed_fault(splits, members) or _shuffle_fault(members, every[-1]),
        },
        "right.",
    )


def _labels_fault(split: list[np.ndarray], labels: np.ndarray) -> Fault | None:
    everything = np.concatenate(split)
    if everything.shape == labels.shape and np.array_equal(np.sort(everything), np.sort(labels)):
        return (
            "you return the labels of the samples; return their indices, their places in `labels`.",
            "labels_returned",
        )
    return None


def _partition_fault(split: list[np.ndarray], labels: np.ndarray) -> Fault | None:
    count = len(labels)
    if any(part.dtype.kind == "b" for part in split):
        return "you return masks of True and False; return the indices, such as `np.flatnonzero(mask)`.", "masks"
    if any(part.size and not np.all(part == np.round(part)) for part in split):
        return "the parts hold numbers that are no indices.", "no_indices"
    everything = np.concatenate(split)
    if not everything.size:
        return "all three parts are empty.", "empty"
    if everything.min() < 0 or everything.max() >= count:
        return f"an index lies outside 0 to {count - 1}: return indices, not images or labels.", "outside"
    largest = max(np.unique(labels, return_counts=True)[1])
    if len(everything) == count and everything.max() < largest < count:
        return (
            "your indices count within each class, from 0 on: they should say where in `labels` a sample stands.",
            "places_in_class",
        )
    if len(np.unique(everything)) < len(everything):
        named = zip(("training", "validation", "test"), split)
        shared = [
            f"the {first} and the {second} part"
            for (first, first_part), (second, second_part) in combinations(named, 2)
            if np.intersect1d(first_part, second_part).size
        ]
        if not split[1].size and len(split[2]) > len(split[0]) > count / 2:
            return (
                "the validation part is empty, and the test part begins within the training part: `np.split` takes the "
                "places where it cuts, and no sizes.",
                "sizes_for_places",
            )
        where = f"{shared[0]} share samples" if shared else "a sample stands in a part twice"
        return f"{where}: a sample that was trained on can no longer tell whether the network generalises.", "overlap"
    if len(everything) < count:
        lost = set(labels.tolist()) - set(labels[everything.astype(int)].tolist())
        if 0 < len(lost) < len(set(labels.tolist())):
            return (
                "whole classes are in no part: which classes there are stands in `labels`, and need not be 0 to 9.",
                "classes_missing",
            )
        return f"{count - len(everything)} of {count} samples are in no part.", "incomplete"
    return None


def _share_fault(split: list[np.ndarray], labels: np.ndarray) -> Fault | None:
    """Return what is wrong with the shares: 70, 15 and 15 % of each class, one sample more or less."""
    for label in sorted(set(labels.tolist())):
        total = np.sum(labels == label)
        counts = [int(np.sum(labels[part] == label)) for part in split]
        if all(abs(count - share * total) <= 1 + 1e-9 for count, share in zip(counts, SHARES)):
            continue
        whole = [len(part) / len(labels) for part in split]
        if max(abs(actual - share) for actual, share in zip(whole, SHARES)) < 0.02:
            return (
                f"the parts have the right sizes, but class {label} is split {counts[0]}, {counts[1]}, {counts[2]}: "
                "split each class on its own (stratify).",
                "not_stratified",
            )
        return (
            f"the parts hold {whole[0]:.0%}, {whole[1]:.0%} and {whole[2]:.0%} of the samples; it should be "
            "70 %, 15 % and 15 %.",
            "wrong_shares",
        )
    return None


def _shuffle_fault(members: np.ndarray | None, labels: np.ndarray) -> Fault | None:
    """Return what is wrong with the splits of many seeds: who is in which part, and who with whom, is left to chance.

    Args:
        members: for each seed the number of the part that holds each sample.
    """
    if members is None:
        return "expected three arrays of indices for each seed.", "unreadable"
    alone, together = [], []
    for group in np.unique(labels):
        own = members[:, labels == group]
        one = own[:, :, None] == np.arange(len(SHARES))
        total, sizes = own.shape[1], one.sum(axis=1)
        if np.any(sizes.sum(axis=1) < total) or np.any(np.abs(sizes - total * np.array(SHARES)) > 1 + 1e-9):
            return "with other seeds the parts do not hold 70 %, 15 % and 15 % of each class.", "seed_matters_too_much"
        first, second = np.triu_indices(total, 1)
        pairs = np.sum(sizes * (sizes - 1), axis=1, keepdims=True) / (total * (total - 1))  # share in one part
        alone.append((one - sizes[:, None] / total).reshape(len(own), -1))
        together.append((own[:, first] == own[:, second]) - pairs)
    if max(dependence(np.hstack(alone), 0), dependence(np.hstack(together), 0)) > DEPENDENT:
        return NOT_SHUFFLED
    return None


def _seed_fault(splits: list[list[np.ndarray]], members: np.ndarray | None) -> Fault | None:
    """Return what is wrong with the splits of one seed, the same seed, and another; two of a few can be equal by luck.

    Args:
        members: for each of many seeds the number of the part that holds each sample.
    """
    if not _same_split(splits[0], splits[1]):
        return "the same seed gave two different splits: draw from `np.random.default_rng(seed)`.", "not_reproducible"
    if _same_split(splits[0], splits[2]):
        if members is not None and np.any(members != members[0]):
            return NOT_SHUFFLED
        return "two different seeds gave the same split: shuffle, and let the seed decide how.", "seed_ignored"
    return None


def _same_split(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    return all(np.array_equal(np.sort(part), np.sort(twin)) for part, twin in zip(first, second))


def exam_points(accuracy: float, undeceived: float) -> float:
    """Return what two shares earn in the capstone.

    Args:
        accuracy: share of hidden digits that are right.
        undeceived: share of the training digits with a false label that are called by their true one.
    """
    return LEARNS.at(accuracy) + GENERALISES.at(accuracy) + _seen_through(accuracy, undeceived)


def _seen_through(accuracy: float, undeceived: float) -> float:
    """Return what false labels that are seen through earn: no more than was learned, since a guess is right by luck."""
    return min(SEES_THROUGH.at(undeceived), LEARNS.at(accuracy))


def generalises(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """A training is right on most of the hidden digits, and on most training digits whose given label is false.

    A `predict` that says other labels when it is asked again cannot earn all points.
    """
    values, data = replies[0]["values"], test["cases"][0]["data"]
    labels = {name: np.array([int(digit) for digit in data[name]]) for name in ("hidden", "training", "given")}
    hidden, known = (array_or_none(values, name, labels[name].shape) for name in ("hidden", "training"))
    if hidden is None or known is None:
        return Assessment(0.0, "failed", "expected one label for each image.", "unreadable")
    if np.all(hidden == hidden[0]):
        return Assessment(0.0, "failed", "`predict` says the same label for every image.", "constant")
    false = labels["given"] != labels["training"]
    accuracy, learned = float(np.mean(hidden == labels["hidden"])), float(np.mean(known == labels["given"]))
    undeceived, repeated = (float(np.mean((known == labels[name])[false])) for name in ("training", "given"))
    again = array_or_none(values, "again", known.shape)
    by_lot = again is not None and bool(np.any(again != known))
    most = exam_points(1, 1)
    points = min(exam_points(accuracy, undeceived), BY_LOT_AT_MOST if by_lot else most)
    numbers = (
        f"{accuracy:.1%} right on new digits; of the {false.sum()} training digits with a false label "
        f"{undeceived:.0%} are called by their true one, and {repeated:.0%} by the false one."
    )
    if points == most:
        return Assessment(1.0, "passed", numbers)
    why, name = _why_not_more(accuracy >= LEARNS.full, learned, repeated, by_lot)
    wanted = _where_more_is(accuracy, undeceived)
    return Assessment(
        points / most,
        "partial" if points else "failed",
        f"{numbers} That is {points:.1f} of {most:g} points.{wanted}{why}",
        name,
    )


def _where_more_is(accuracy: float, undeceived: float) -> str:
    """Return how the points that are missing rise, in the order in which they can be earned."""
    said = [
        f"{rise.points - earned:.1f} more up to {rise.full:.0%} {of}"
        + (f" (from {rise.begins:.0%} on)" if share <= rise.begins else "")
        for rise, earned, share, of in (
            (LEARNS, LEARNS.at(accuracy), accuracy, "right on new digits"),
            (GENERALISES, GENERALISES.at(accuracy), accuracy, "right on new digits"),
            (
                SEES_THROUGH,
                _seen_through(accuracy, undeceived),
                undeceived,
                "of the false labels seen through" + (", as new digits are learned" * (accuracy < LEARNS.full)),
            ),
        )
        if earned < rise.points
    ]
    return f" There are {', '.join(said)}." if said else ""


def _why_not_more(learns: bool, learned: float, repeated: float, by_lot: bool) -> Fault:
    """Return why a training does not earn all points.

    Args:
        learns: whether it is right on enough new digits for the first step.
        learned: share of the training digits that are called as they were said to be.
        repeated: share of the false labels that are repeated.
        by_lot: whether `predict` says other labels when it is asked again.
    """
    if by_lot:
        return " `predict` says other labels when it is asked again: is dropout still on?", "predicts_by_lot"
    if repeated > 0.5:
        return " This network memorises: it repeats what it was told, even where that is false.", "memorises"
    if learns:
        return " Does each cure that you use act anew in every epoch?", "more_to_gain"
    if learned > 0.2:
        return (
            f" It underfits: of the labels that it was given, too, only {learned:.0%} were learned. Train for more "
            "epochs, or with another learning rate, or give it more units.",
            "underfits",
        )
    return (
        " It has hardly learned the digits. Print the loss of each epoch. Does it fall? Else look whether images and "
        "labels stay paired, the step goes downhill, and gradients begin anew at each step. Does it still fall at the "
        "end? Then training stops too early, or its rate is too small.",
        "not_learned",
    )


def same_when_measured_again(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """Two rows of a student's table of cures are what comes out when the training is run again with those cures."""
    (reply,) = replies
    labels = rehearsal().validation.labels
    table = {row: array_or_none(reply["values"], f"reported {row}", ()) for row in ROWS}
    said = {row: array_or_none(reply["values"], f"measured {row}", labels.shape) for row in MEASURED_AGAIN}
    numbers = {row: float(number) for row, number in table.items() if number is not None}
    if len(numbers) < len(table) or not all(0 <= number <= 100 for number in numbers.values()):
        return Assessment(0.0, "failed", "expected one number from 0 to 1 for each row of the table.", "unreadable")
    if len({number > 1 for number in numbers.values()}) > 1:
        return Assessment(
            0.0,
            "failed",
            "some numbers of the table are at most 1 and others larger: write all as shares, or all in per cent.",
            "shares_and_per_cent",
        )
    measured = {row: labels_said for row, labels_said in said.items() if labels_said is not None}
    if len(measured) < len(said):
        return Assessment(0.0, "failed", "expected one label for each image.", "unreadable")
    bare, whole = measured.values()
    if len(set(numbers.values())) == 1 or np.array_equal(bare, whole):
        return Assessment(
            0.0,
            "failed",
            "your `train` does the same without any cure as with all of them, or the five numbers are equal: "
            "does `train` look at `cures`?",
            "cures_ignored",
        )
    for row, labels_said in measured.items():
        reported, accuracy = numbers[row], float(np.mean(labels_said == labels))
        share = reported / (100 if reported > 1 else 1)
        if abs(share - accuracy) > NEAR:
            return Assessment(
                0.0,
                "failed",
                f"row `{row}`: measured again, {accuracy:.1%} of the validation digits are right, which is not what "
                "the table says. Run the table again after each change of `train`, and draw all random numbers from "
                "`seed`.",
                "other_number",
            )
    return Assessment(1.0, "passed", f"rows {' and '.join(f'`{row}`' for row in MEASURED_AGAIN)} come out again.")
