"""Lab 4's judges of splits and of the capstone: odd replies earn nothing, each fault has its name and its price."""

import numpy as np
import pytest

from autograder.exercises.lab4_overfitting_dropout import ABLATION, CAPSTONE, STRATIFIED_SPLIT
from course_utils.datasets import rehearsal
from course_utils.judging.lab4_overfitting_dropout import NEAR, STEPS, splits_in_three
from tests.course_utils.judging.odd_replies import assessed, earns_nothing, every_odd_reply


@every_odd_reply
@pytest.mark.parametrize("exercise", [STRATIFIED_SPLIT, CAPSTONE, ABLATION], ids=["split", "capstone", "table"])
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


RNG = np.random.default_rng(0)
PARTS = np.repeat([0, 1, 2], [14, 3, 3])


def by_lot():
    """Return for each sample of a random split its part."""
    return np.concatenate([RNG.permutation(PARTS), RNG.permutation(PARTS)])


def assess_splits(*splits, draw=by_lot):
    """Judge a split, the one of the same seed again, the one of another seed, and those of 60 further seeds."""
    cases = [{"data": {"labels": LABELS, "seeds": [1]}}] * 3 + [{"data": {"labels": LABELS, "seeds": range(60)}}]
    replies = [{"values": dict(zip(("train", "validation", "test"), parts)), "notes": []} for parts in splits]
    values = {**replies[2]["values"], "members": np.array([draw() for _ in range(60)])}
    return splits_in_three({"cases": cases}, [*replies, {"values": values, "notes": []}], True)


FIRST, SECOND = split("first"), split("second")
BY_CLASS = (np.arange(28), np.arange(28, 34), np.arange(34, 40))
HALVES = (np.r_[0:10, 20:30], np.r_[10:15, 30:35], np.r_[15:20, 35:40])


@pytest.mark.parametrize(
    ("splits", "fraction", "diagnosis"),
    [
        ((FIRST, FIRST, SECOND), 1, None),
        ((FIRST, [part[::-1] for part in FIRST], SECOND), 1, None),
        ((FIRST, FIRST, FIRST), 2 / 3, "not_shuffled"),  # one of few splits, as other seeds show
        ((FIRST, SECOND, SECOND), 2 / 3, "not_reproducible"),
        ((BY_CLASS, BY_CLASS, SECOND), 0, "not_stratified"),
        ((HALVES, HALVES, SECOND), 0, "wrong_shares"),
        ((HALVES, HALVES, HALVES), 0, "wrong_shares"),
        (((FIRST[0], FIRST[1], FIRST[1]), FIRST, SECOND), 0, "overlap"),
        ((FIRST, (FIRST[0], FIRST[1], FIRST[2][:-1]), SECOND), 0, "incomplete"),
        ((FIRST, FIRST, (SECOND[0], SECOND[1], SECOND[2] + 20)), 0, "outside"),
        (([np.isin(np.arange(40), part) for part in FIRST], FIRST, SECOND), 0, "masks"),
        (((FIRST[0] + 0.5, *FIRST[1:]), FIRST, SECOND), 0, "no_indices"),
        ((([np.array([], dtype=int)] * 3), FIRST, SECOND), 0, "empty"),
    ],
)
def test_a_split_loses_the_part_that_is_wrong(splits, fraction, diagnosis):
    """A split that is no partition, or has wrong shares, earns nothing; a wrong seed costs a third."""
    assessment = assess_splits(*splits)
    assert (assessment.fraction, assessment.diagnosis) == (pytest.approx(fraction), diagnosis), assessment.message


@pytest.mark.parametrize(
    ("draw", "diagnosis"),
    [
        (lambda: np.tile(np.roll(PARTS, RNG.integers(20)), 2), "not_shuffled"),
        (lambda: np.tile(PARTS, 2), "not_shuffled"),
        (lambda: np.tile(np.append(PARTS[:10], RNG.permutation(PARTS[10:])), 2), "not_shuffled"),
        (lambda: np.zeros(40), "seed_matters_too_much"),
        (lambda: -np.ones(40), "seed_matters_too_much"),
        (lambda: [0, 1], "unreadable"),
    ],
    ids=["shifted", "fixed", "half of it", "one part", "none", "too few"],
)
def test_a_split_must_be_random_over_many_seeds(draw, diagnosis):
    """Right shares that are not dealt by lot cost a third, as a seed does that decides nothing."""
    assessment = assess_splits(FIRST, FIRST, SECOND, draw=draw)
    assert (assessment.fraction, assessment.diagnosis) == (pytest.approx(2 / 3), diagnosis), assessment.message


def test_a_seed_that_decides_nothing_is_named():
    """All seeds give one split."""
    assessment = assess_splits(FIRST, FIRST, FIRST, draw=lambda: np.tile(PARTS, 2))
    assert (assessment.fraction, assessment.diagnosis) == (pytest.approx(2 / 3), "seed_ignored")


def assess_shares(hidden, undeceived, repeated=0.0, known=1.0, by_lot=False):
    """Assess predictions of which such shares are right, undeceived, and repeat a false label.

    Args:
        known: share of the training digits with a true label that are called by it.
        by_lot: whether the training digits are called otherwise when they are asked about again.
    """
    test = CAPSTONE.test("numpy", b"shares", "grade")
    data = {
        name: np.array([int(digit) for digit in test["cases"][0]["data"][name]])
        for name in ("hidden", "given", "training")
    }
    false, true = (np.flatnonzero((data["given"] != data["training"]) == wrong) for wrong in (True, False))
    answers = data["given"].copy()
    right, said = (round(share * len(false)) for share in (undeceived, undeceived + repeated))
    answers[false[:right]] = data["training"][false[:right]]
    answers[false[said:]] = -1
    answers[true[round(known * len(true)) :]] = -1
    wrong = np.arange(len(data["hidden"])) >= round(hidden * len(data["hidden"]))
    return assessed(test, {"training": answers, "again": answers + by_lot, "hidden": (data["hidden"] + wrong) % 10})


@pytest.mark.parametrize(
    ("hidden", "undeceived", "others", "fraction", "diagnosis"),
    [
        (0.9, 0.9, {}, 1.0, None),
        (STEPS[3][0] + 0.001, STEPS[3][1], {}, 1.0, None),
        (0.9, 0.9, {"by_lot": True}, 0.75, "predicts_by_lot"),
        (0.9, 0.4, {"repeated": 0.3}, 0.75, "next_step"),
        (0.9, 0.0, {"repeated": 1.0}, 0.25, "memorises"),
        (0.6, 0.9, {}, 0.5, "next_step"),
        (0.6, 0.0, {"repeated": 0.9}, 0.25, "memorises"),
        (0.39, 0.9, {"known": 0.5}, 0.0, "underfits"),
        (0.3, 0.1, {"known": 0.1}, 0.0, "not_learned"),
        (0.38, 0.0, {"repeated": 1.0}, 0.0, "memorises"),
    ],
)
def test_the_steps_of_the_capstone(hidden, undeceived, others, fraction, diagnosis):
    """Each step is worth a quarter; what stands in the way of the next one is named."""
    assessment = assess_shares(hidden, undeceived, **others)
    assert (assessment.fraction, assessment.diagnosis) == (fraction, diagnosis), assessment.message


def test_lies_about_the_training_digits_earn_nothing():
    """Whoever repeats what was given, and lies about any share of it by lot, is no nearer to the true labels."""
    test = CAPSTONE.test("numpy", b"shares", "grade")
    given, hidden = (np.array([int(each) for each in test["cases"][0]["data"][name]]) for name in ("given", "hidden"))
    accurate = (hidden + (np.arange(len(hidden)) % 4 == 0)) % 10
    for share in (0.0, 0.15, 0.3, 1.0):
        lies = np.random.default_rng(0).random(len(given)) < share
        answers = np.where(lies, (given + np.random.default_rng(1).integers(1, 10, len(given))) % 10, given)
        assert assessed(test, {"training": answers, "hidden": accurate}).fraction == 0.25


@pytest.mark.parametrize(
    ("reported", "fraction", "diagnosis"),
    [
        (0.5, 1, None),
        (50.0, 1, None),
        (0.5 + NEAR / 2, 1, None),
        (0.5 + 2 * NEAR, 0, "other_number"),
        (np.nan, 0, "unreadable"),
        ([0.5, 0.5], 0, "unreadable"),
    ],
)
def test_a_row_of_the_table_must_come_out_again(reported, fraction, diagnosis):
    """The number is a share or per cent, and lies near what is measured again."""
    labels = rehearsal().validation.labels
    said = np.where(np.arange(len(labels)) % 2, labels, -1)
    values = {"reported": np.array(reported), "validation": said}
    assessment = assessed(ABLATION.test("numpy", b"row", "grade"), values)
    assert (assessment.fraction, assessment.diagnosis) == (fraction, diagnosis), assessment.message


def test_one_label_for_every_image_is_named():
    """A `predict` that always says the same digit earns nothing, and is told so."""
    test = CAPSTONE.test("numpy", b"constant", "grade")
    counts = {name: len(test["cases"][0]["data"][name]) for name in ("hidden", "training")}
    assert assessed(test, {name: np.full(count, 3) for name, count in counts.items()}).diagnosis == "constant"
