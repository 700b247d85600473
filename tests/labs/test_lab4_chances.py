"""Lab 4 judges what is random: how often a right answer would fail, and how often a wrong one would pass."""

import json
from itertools import product
from math import comb
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import pytest
from scipy.stats import binom

from autograder.exercises.lab4_overfitting_dropout import CAPSTONE, DROPOUT, DROPOUT_NET, STRATIFIED_SPLIT
from bench.capstone import FULL, HALF
from course_utils.judging.lab4_dropout import allowed_drops
from course_utils.judging.lab4_overfitting_dropout import ACCURACY, GAP
from course_utils.probes.lab4_overfitting_dropout import dropout_net_parameters

RIGHT_FAILS, WRONG_PASSES = 1e-6, 1e-3
SECRETS = [f"secret {number}".encode() for number in range(20)]
RUNS = json.loads((Path(__file__).parent / "capstone_runs.json").read_text(encoding="utf-8"))


def arguments(exercise, spelling, secret):
    return [case["arguments"] for case in exercise.test(spelling, secret, "grade")["cases"]]


def outside(count, p, rate):
    """Return the chance that of ``count`` values, dropped at a rate, more or fewer are dropped than p allows."""
    low, high = allowed_drops(count, p)
    return binom.cdf(np.ceil(low) - 1, count, rate) + binom.sf(np.floor(high), count, rate)


def dropout_cases(secret):
    """Return (values in two calls, p) for each case of a dropout test in which the rate is judged."""
    return [
        (2 * int(np.prod(each["shape"])), each["p"])
        for each in arguments(DROPOUT, "numpy", secret)
        if each["training"] and 0 < each["p"] < 1
    ]


@pytest.mark.parametrize("secret", SECRETS[:5])
def test_right_dropout_fails_less_than_once_in_a_million(secret):
    """The rate too far off by chance, two equal masks, equal rows or columns, all or nothing dropped: all are rare."""
    chance = 0.0
    for count, p in dropout_cases(secret):

        def alike(values, p=p):
            """All of them dropped, or all kept."""
            return p**values + (1 - p) ** values

        rows, columns = 100, 40
        chance += outside(count, p, p) + alike(rows) ** columns + alike(columns) ** rows
        if p < 0.9:  # near the limit not all is judged
            chance += alike(count) + alike(2) ** (count // 2)
    assert chance < RIGHT_FAILS


@pytest.mark.parametrize("secret", SECRETS[:5])
@pytest.mark.parametrize(
    "rate",
    [lambda p: 1 - p, lambda p: 0.5, lambda p: 0.5 * p, lambda p: min(p, 0.9)],
    ids=["keeps instead of drops", "always a half", "half of p", "at most 0.9"],
)
def test_dropout_at_a_wrong_rate_passes_less_than_once_in_a_thousand(secret, rate):
    """All cases would have to look right by chance at once."""
    chance = np.prod([1 - outside(count, p, rate(p)) for count, p in dropout_cases(secret)])
    assert chance < WRONG_PASSES


def test_dropout_left_on_in_evaluation_is_noticed():
    """It passes only if it drops nothing at all, in two calls on thousands of values."""
    cases = [each for each in arguments(DROPOUT, "numpy", SECRETS[0]) if not each["training"]]
    assert np.prod([(1 - each["p"]) ** (2 * np.prod(each["shape"])) for each in cases]) < WRONG_PASSES


@pytest.mark.parametrize("secret", SECRETS)
def test_a_right_network_with_dropout_fails_less_than_once_in_a_million(secret):
    """Two layers of dropout keep a hidden value with (1 - p)^2, each value on its own."""
    (case,) = arguments(DROPOUT_NET, "torch", secret)
    W, x, p = case["W"], case["x"], case["p"]
    active = int(np.sum(x @ dropout_net_parameters(W)["W1"] > 0))
    assert active > 100
    dropped = 1 - (1 - p) ** 2
    nothing = (1 - p) ** x.size + (1 - dropped) ** active
    assert outside(active, dropped, dropped) + 4 * nothing < RIGHT_FAILS
    assert nothing < WRONG_PASSES  # a mode that is ignored, or dropout in evaluation, would have to drop nothing


@pytest.mark.parametrize("secret", SECRETS)
def test_a_split_without_strata_passes_less_than_once_in_a_thousand(secret):
    """The chance that an unstratified training part has the right share of every class, summed over all such parts."""
    labels, _ = arguments(STRATIFIED_SPLIT, "numpy", secret)[0]["arguments"]
    sizes = np.bincount(labels)
    train = round(0.7 * len(labels))
    near = [[k for k in range(size + 1) if abs(k - 0.7 * size) <= 1 + 1e-9] for size in sizes]
    ways = sum(
        _product(comb(int(size), k) for size, k in zip(sizes, counts))
        for counts in product(*near)
        if sum(counts) == train
    )
    one_seed = ways / comb(len(labels), train)
    assert one_seed**2 < WRONG_PASSES  # two different seeds have to pass


def _product(numbers):
    result = 1
    for each in numbers:
        result *= each
    return result


def test_two_seeds_give_a_right_split_twice_less_than_once_in_a_million():
    """Two shuffles of one class of 40 already agree on its test part only once in millions."""
    assert 1 / comb(40, 6) < RIGHT_FAILS


@pytest.mark.parametrize("name", FULL)
def test_full_marks_lie_two_deviations_below_the_references(name):
    """Accuracy and gap of each good reference keep two standard deviations from the thresholds, and none failed."""
    accuracy, gap = RUNS[name]["accuracy"], RUNS[name]["gap"]
    assert len(accuracy) >= 10
    assert mean(accuracy) - 2 * stdev(accuracy) >= ACCURACY[0][0] <= min(accuracy)
    assert mean(gap) + 2 * stdev(gap) <= GAP[0][0] >= max(gap)


@pytest.mark.parametrize("name", HALF)
def test_partial_credit_lies_two_deviations_from_the_references_without_augmentation(name):
    """A network that memorises, or has dropout alone, gets half for accuracy and nothing for the gap."""
    accuracy, gap = RUNS[name]["accuracy"], RUNS[name]["gap"]
    assert mean(accuracy) + 2 * stdev(accuracy) <= ACCURACY[0][0]
    assert mean(accuracy) - 2 * stdev(accuracy) >= ACCURACY[1][0]
    assert mean(gap) - 2 * stdev(gap) >= GAP[1][0]


def test_the_labels_of_the_exam_stay_with_the_judge():
    """What is sent to a student's process holds training labels alone."""
    case = CAPSTONE.test("numpy", SECRETS[0], "grade")["cases"][0]
    sent = json.dumps(case["arguments"])
    assert case["data"]["hidden"] not in sent and case["data"]["validation"] not in sent
    assert str(case["data"]["entropy"]) not in sent
    assert case["arguments"]["labels"] == case["data"]["training"]
    assert set(case["arguments"]["questions"]) == {"hidden", "validation"}
