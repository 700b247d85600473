"""Lab 4's judges meet replies that no honest probe sends, and say something all the same."""

import numpy as np
import pytest

from autograder.exercises.lab4_overfitting_dropout import CAPSTONE, DROPOUT, DROPOUT_NET, STRATIFIED_SPLIT
from course_utils.judging.assess import assess
from course_utils.judging.lab4_overfitting_dropout import ACCURACY, GAP

NAMES = (
    "train",
    "validation",
    "test",
    "output_1",
    "output_2",
    "input_1",
    "input_2",
    "gradient_1",
    "gradient_2",
    "net_training",
    "net_evaluation",
    "run_training",
    "run_evaluation",
    "run_training_from_evaluation",
    "mode_training_from_training",
    "hidden",
    "training",
)
ODD = {
    "nothing": {},
    "text": dict.fromkeys(NAMES, "text"),
    "numbers": dict.fromkeys(NAMES, 1.0),
    "no dimension": dict.fromkeys(NAMES, np.array(0.5)),
    "empty": dict.fromkeys(NAMES, np.array([])),
    "many axes": dict.fromkeys(NAMES, np.zeros((1, 2, 3, 4))),
    "NaN": dict.fromkeys(NAMES, np.full((100, 40), np.nan)),
    "infinite": dict.fromkeys(NAMES, np.full(540, np.inf)),
    "negative": dict.fromkeys(NAMES, np.full(540, -1)),
    "true": dict.fromkeys(NAMES, np.ones((100, 40), dtype=bool)),
    "nets": dict.fromkeys(NAMES, np.zeros((40, 18))),
}


def judged(test, values):
    """Judge a test whose probe brings these values for every case."""
    return assess(test, lambda name, probe, cases: [{"values": values, "notes": []}] * len(cases), reveal=False)


@pytest.mark.parametrize("values", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    ("exercise", "spelling"),
    [
        (STRATIFIED_SPLIT, "numpy"),
        (DROPOUT, "numpy"),
        (DROPOUT, "torch"),
        (DROPOUT_NET, "torch"),
        (DROPOUT_NET, "tensorflow"),
        (CAPSTONE, "numpy"),
    ],
)
def test_odd_replies_earn_nothing_and_break_nothing(exercise, spelling, values):
    """Whatever a process sends in place of a probe's reply, the judge finds it wrong."""
    test = exercise.test(spelling, b"odd", "grade")
    with np.errstate(all="ignore"):
        finding = judged(test, values)
    assert finding.fraction == 0 and finding.status != "passed" and finding.message


def exam(hidden, training, validation):
    """Return the finding about predictions of which such shares are right."""
    test = CAPSTONE.test("numpy", b"shares", "grade")
    values = {}
    for name, share in (("hidden", hidden), ("training", training), ("validation", validation)):
        truth = np.array([int(digit) for digit in test["cases"][0]["data"][name]])
        wrong = np.arange(len(truth)) >= round(share * len(truth))
        values[name] = (truth + wrong) % 10
    return judged(test, values)


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
def test_the_exam_s_scale(hidden, training, validation, fraction, diagnosis):
    """Half of the points is for accuracy, half for the gap, each with a threshold for half of it."""
    finding = exam(hidden, training, validation)
    assert (finding.fraction, finding.diagnosis) == (fraction, diagnosis), finding.message
