"""Lab 4's judges of splits and of the capstone: odd replies earn nothing, each fault has its name and its price."""

import numpy as np
import pytest

from autograder.exercises.lab4_overfitting_dropout import CAPSTONE, STRATIFIED_SPLIT
from course_utils.judging.lab4_overfitting_dropout import ACCURACY, GAP, splits_in_three
from tests.course_utils.judging.odd_replies import assessed, earns_nothing, every_odd_reply


@every_odd_reply
@pytest.mark.parametrize("exercise", [STRATIFIED_SPLIT, CAPSTONE], ids=["split", "capstone"])
def test_odd_replies_earn_nothing_and_break_nothing(exercise, values):
    """Whatever a process sends in place of a probe's reply, the judge finds it wrong."""
    assert earns_nothing(exercise.test("numpy", b"odd", "grade"), values)


LABELS = np.repeat([0, 1], 20)
TWO_CLASSES = {  # positions in each class of 20; the second seed takes others
    "first": (range(0, 14), range(14, 17), range(17, 20)),
    "second": (range(6, 20), range(0, 3), range(3, 6)),
}


def split(name):
    """Return a right split of the labels: 14, 3 and 3 of each class."""
    return tuple(np.array([*part, *(20 + place for place in part)]) for part in TWO_CLASSES[name])


def assess_splits(*splits):
    """Judge a split, the one of the same seed again, and the one of another seed."""
    cases = [{"data": {"labels": LABELS}}] * 3
    replies = [{"values": dict(zip(("train", "validation", "test"), parts)), "notes": []} for parts in splits]
    return splits_in_three({"cases": cases}, replies, True)


FIRST, SECOND = split("first"), split("second")
BY_CLASS = (np.arange(28), np.arange(28, 34), np.arange(34, 40))
HALVES = (np.r_[0:10, 20:30], np.r_[10:15, 30:35], np.r_[15:20, 35:40])


@pytest.mark.parametrize(
    ("splits", "fraction", "diagnosis"),
    [
        ((FIRST, FIRST, SECOND), 1, None),
        ((FIRST, [part[::-1] for part in FIRST], SECOND), 1, None),
        ((FIRST, FIRST, FIRST), 2 / 3, "seed_ignored"),
        ((FIRST, SECOND, SECOND), 2 / 3, "not_reproducible"),
        ((BY_CLASS, BY_CLASS, SECOND), 2 / 3, "not_stratified"),
        ((HALVES, HALVES, SECOND), 2 / 3, "wrong_shares"),
        ((HALVES, HALVES, HALVES), 1 / 3, "wrong_shares"),
        (((FIRST[0], FIRST[1], FIRST[1]), FIRST, SECOND), 0, "overlap"),
        ((FIRST, (FIRST[0], FIRST[1], FIRST[2][:-1]), SECOND), 0, "incomplete"),
        ((FIRST, FIRST, (SECOND[0], SECOND[1], SECOND[2] + 20)), 0, "outside"),
        (([np.isin(np.arange(40), part) for part in FIRST], FIRST, SECOND), 0, "masks"),
        (((FIRST[0] + 0.5, *FIRST[1:]), FIRST, SECOND), 0, "no_indices"),
        ((([np.array([], dtype=int)] * 3), FIRST, SECOND), 0, "empty"),
    ],
)
def test_a_split_loses_the_part_that_is_wrong(splits, fraction, diagnosis):
    """A split that is no partition earns nothing; wrong shares and a wrong seed cost a third each."""
    assessment = assess_splits(*splits)
    assert (assessment.fraction, assessment.diagnosis) == (pytest.approx(fraction), diagnosis), assessment.message


def assess_shares(hidden, training, validation):
    """Assess predictions of which such shares are right."""
    test = CAPSTONE.test("numpy", b"shares", "grade")
    values = {}
    for name, share in (("hidden", hidden), ("training", training), ("validation", validation)):
        truth = np.array([int(digit) for digit in test["cases"][0]["data"][name]])
        wrong = np.arange(len(truth)) >= round(share * len(truth))
        values[name] = (truth + wrong) % 10
    return assessed(test, values)


@pytest.mark.parametrize(
    ("hidden", "training", "validation", "fraction", "diagnosis"),
    [
        (0.9, 0.95, 0.9, 1.0, None),
        (ACCURACY[0][0] + 0.002, 0.95, 0.95 - GAP[0][0] + 0.003, 1.0, None),
        (ACCURACY[0][0] - 0.002, 0.9, 0.85, 0.75, "accuracy"),
        (0.9, 1.0, 1 - GAP[0][0] - 0.003, 0.75, "gap"),
        (0.9, 1.0, 1 - GAP[1][0] - 0.003, 0.5, "gap"),
        (ACCURACY[1][0] + 0.002, 1.0, 0.7, 0.25, "gap"),
        (ACCURACY[1][0] - 0.002, 0.7, 0.7, 0.0, "not_learned"),
        (0.5, 1.0, 0.5, 0.0, "memorises"),
    ],
)
def test_the_scale_of_the_capstone(hidden, training, validation, fraction, diagnosis):
    """Half of the points is for accuracy, half for the gap, each with a threshold for half of it."""
    assessment = assess_shares(hidden, training, validation)
    assert (assessment.fraction, assessment.diagnosis) == (fraction, diagnosis), assessment.message


def test_one_label_for_every_image_is_named():
    """A `predict` that always says the same digit earns nothing, and is told so."""
    test = CAPSTONE.test("numpy", b"constant", "grade")
    counts = {name: len(test["cases"][0]["data"][name]) for name in ("hidden", "training", "validation")}
    assert assessed(test, {name: np.full(count, 3) for name, count in counts.items()}).diagnosis == "constant"
