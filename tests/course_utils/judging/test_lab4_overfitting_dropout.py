"""Lab 4's judges of splits and of the capstone: odd replies earn nothing, each fault has its name and its price."""

import numpy as np
import pytest

from autograder.exercises.lab4_overfitting_dropout import ABLATION, CAPSTONE, STRATIFIED_SPLIT
from course_utils.datasets import rehearsal
from course_utils.judging.lab4_overfitting_dropout import (
    BY_LOT_AT_MOST,
    GENERALISES,
    NEAR,
    SEES_THROUGH,
    Rise,
    exam_points,
    splits_in_three,
)
from course_utils.probes.lab4_overfitting_dropout import ROWS
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
    ("hidden", "undeceived", "others", "points", "diagnosis"),
    [
        (0.9, 0.9, {}, 8, None),
        (GENERALISES.full + 0.001, SEES_THROUGH.full, {}, 8, None),
        (0.9, 0.9, {"by_lot": True}, BY_LOT_AT_MOST, "predicts_by_lot"),
        (0.55, 0.0, {"repeated": 1.0, "by_lot": True}, 2.5, "predicts_by_lot"),
        (0.9, 0.44, {"repeated": 0.3}, 7, "more_to_gain"),
        (0.9, 0.0, {"repeated": 1.0}, 5.5, "memorises"),
        (0.645, 0.9, {}, 6.5, "more_to_gain"),
        (0.6, 0.9, {}, 5, "more_to_gain"),
        (0.6, 0.0, {"repeated": 0.9}, 2.5, "memorises"),
        (0.39, 0.9, {"known": 0.5}, 2 * 2.375, "underfits"),
        (0.3, 0.1, {"known": 0.1}, 1.25, "not_learned"),
        (0.19, 0.1, {"known": 0.1}, 0, "not_learned"),
        (0.19, 0.6, {"known": 0.1}, 0, "not_learned"),
        (0.38, 0.0, {"repeated": 1.0}, 2.25, "memorises"),
    ],
)
def test_the_points_of_the_capstone(hidden, undeceived, others, points, diagnosis):
    """They rise with both shares; what stands in the way of more is named."""
    assessment = assess_shares(hidden, undeceived, **others)
    near = pytest.approx(points / 8, abs=0.01 * GENERALISES.points)  # the share itself is that of whole digits
    assert (assessment.fraction, assessment.diagnosis) == (near, diagnosis), assessment.message
    assert (assessment.status == "passed") == (points == 8)


def test_points_rise_evenly_between_two_ends():
    """None up to the first one, all from the second on, half in the middle."""
    rise = Rise(3, 0.6, 0.7)
    assert [round(rise.at(share), 9) for share in (0, 0.6, 0.65, 0.7, 1)] == [0, 0, 1.5, 3, 3]


def test_what_is_missing_is_said_in_points():
    """The message says how many points were reached, and from where to where the others rise."""
    message = assess_shares(0.645, 0.1).message
    assert "That is 4.0 of 8 points." in message
    assert "1.5 more up to 69% right on new digits, 2.5 more up to 60% of the false labels" in message
    assert "seen through (from 20% on)" in message and "up to 40%" not in message
    assert "more up to" not in assess_shares(0.9, 0.9, by_lot=True).message


def test_lies_about_the_training_digits_earn_nothing():
    """Whoever repeats what was given, and lies about any share of it by lot, is no nearer to the true labels."""
    test = CAPSTONE.test("numpy", b"shares", "grade")
    given, hidden = (np.array([int(each) for each in test["cases"][0]["data"][name]]) for name in ("given", "hidden"))
    accurate = (hidden + (np.arange(len(hidden)) % 4 == 0)) % 10
    for share in (0.0, 0.15, 0.3, 1.0):
        lies = np.random.default_rng(0).random(len(given)) < share
        answers = np.where(lies, (given + np.random.default_rng(1).integers(1, 10, len(given))) % 10, given)
        assert assessed(test, {"training": answers, "hidden": accurate}).fraction == pytest.approx(
            exam_points(0.75, 0) / 8, abs=0.01
        )


@pytest.mark.parametrize(
    ("changed", "fraction", "diagnosis"),
    [
        ({}, 1, None),
        ({"everything": 50.0, "nothing": 25.0}, 0, "shares_and_per_cent"),
        ({row: 50.0 if row == "everything" else 25.0 for row in ROWS}, 1, None),
        ({"everything": 0.5 + NEAR / 2}, 1, None),
        ({"without dropout": 0.9}, 1, None),  # not measured again
        ({"everything": 0.5 + 2 * NEAR}, 0, "other_number"),
        ({"nothing": 0.25 - 2 * NEAR}, 0, "other_number"),
        (dict.fromkeys(ROWS, 0.5), 0, "cures_ignored"),
        *(({row: number}, 0, "unreadable") for row in ROWS for number in (np.nan, [0.5, 0.5], -0.1, 101)),
    ],
)
def test_two_rows_of_the_table_must_come_out_again(changed, fraction, diagnosis):
    """The numbers are shares or per cent, not all alike; two lie near what is measured again."""
    values = measured(0.25) | {f"reported {row}": np.array(number) for row, number in changed.items()}
    assessment = assessed(ABLATION.test("numpy", b"rows", "grade"), values)
    assert (assessment.fraction, assessment.diagnosis) == (fraction, diagnosis), assessment.message


def measured(nothing):
    """Return a right table and the labels said for two of its rows: with everything half of them are right."""
    labels = rehearsal().validation.labels
    place = np.linspace(0, 1, len(labels))
    table = dict.fromkeys(ROWS, 0.4) | {"nothing": nothing, "everything": 0.5}
    said = {"nothing": np.where(place < nothing, labels, -1), "everything": np.where(place < 0.5, labels, -1)}
    reported = {f"reported {row}": np.array(share) for row, share in table.items()}
    return reported | {f"measured {row}": answers for row, answers in said.items()}


def test_a_training_that_ignores_the_cures_is_found_whatever_the_table_says():
    """The same labels without cures and with all earn nothing, though the numbers differ a little."""
    values = measured(0.5) | {"reported nothing": np.array(0.49)}
    assert assessed(ABLATION.test("numpy", b"rows", "grade"), values).diagnosis == "cures_ignored"


def test_the_table_is_judged_alike_in_every_classroom():
    """Nothing is drawn, so no number is right under one secret and wrong under another."""
    assert ABLATION.test("numpy", b"one", "grade")["cases"] == ABLATION.test("numpy", b"two", "grade")["cases"]


@pytest.mark.parametrize("secret", [b"one", b"two", b"three"])
def test_classes_are_split_whatever_they_are_called(secret):
    """No fixed range of digits holds the classes, nor one that begins at 0 or 1 without gaps."""
    for case in STRATIFIED_SPLIT.test("numpy", secret, "grade")["cases"]:
        classes = set(np.asarray(case["data"]["labels"]).tolist())
        assert classes - set(range(10)) and set(range(max(classes))) - classes - {0}


def test_one_label_for_every_image_is_named():
    """A `predict` that always says the same digit earns nothing, and is told so."""
    test = CAPSTONE.test("numpy", b"constant", "grade")
    counts = {name: len(test["cases"][0]["data"][name]) for name in ("hidden", "training")}
    assert assessed(test, {name: np.full(count, 3) for name, count in counts.items()}).diagnosis == "constant"
