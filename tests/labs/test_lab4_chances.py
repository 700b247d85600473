"""Lab 4 judges what is random: how often a right answer would fail, and how often a wrong one would pass."""

import json
from itertools import product
from math import comb
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import pytest
from scipy.stats import binom, chi2

from autograder.exercises.lab4_overfitting_dropout import CAPSTONE, DROPOUT, DROPOUT_NET, FALSE, STRATIFIED_SPLIT
from bench.capstone import CURES, FULL, LITTLE, MANY, PLAIN
from course_utils.judging.chance import DEPENDENT, allowed_drops, dependence
from course_utils.judging.lab4_augmentation import UNEVEN
from course_utils.judging.lab4_overfitting_dropout import GENERALISES, LEARNS, SEES_THROUGH, exam_points
from course_utils.probes.lab4_overfitting_dropout import CONSTANTS, SAMPLES

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

        # The masks have 100 rows of 40, or three axes of 16: the same all along one of them.
        along = ((100, 40), (40, 100)) if count == 8000 else 3 * ((16, 16**2),)
        chance += outside(count, p, p) + sum(alike(2 * length) ** others for length, others in along)
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


@pytest.mark.parametrize("secret", SECRETS)
def test_the_rate_is_met_exactly_in_all_calls_less_than_once_in_a_million(secret):
    """Who draws each value on its own drops within one value of the mean now and then, not in six calls."""
    chances = []
    for count, p in dropout_cases(secret):
        middle = np.arange(np.floor(count / 2 * p) - 1, np.ceil(count / 2 * p) + 2)
        one_call = binom.pmf(middle[np.abs(middle - count / 2 * p) < 1], count // 2, p).sum()
        chances.append(one_call**2)
    assert len(chances) == 3 and np.prod(chances) < RIGHT_FAILS


def test_dropout_left_on_in_evaluation_is_noticed():
    """It passes only if it drops nothing at all, in two calls on thousands of values."""
    cases = [each for each in arguments(DROPOUT, "numpy", SECRETS[0]) if not each["training"]]
    assert np.prod([(1 - each["p"]) ** (2 * np.prod(each["shape"])) for each in cases]) < WRONG_PASSES


@pytest.mark.parametrize("secret", SECRETS)
def test_a_right_network_with_dropout_fails_less_than_once_in_a_million(secret):
    """Each layer drops its share of what arrives there, each value on its own; two calls draw two masks.

    How many values arrive at a layer is chance as well; the judge takes the number that did.
    """
    chance = 0.0
    for each in arguments(DROPOUT_NET, "torch", secret):
        p, seen = each["p"], 2 * SAMPLES * (each["widths"][-1] - CONSTANTS)
        for kept in range(len(each["widths"]) - 2):
            # All but one in 1e9 have between these numbers.
            share = (1 - p) ** kept
            fewest, most = (int(count) for count in binom.interval(1 - 1e-9, seen, share))
            chance += 1e-9 + max(outside(count, p, p) for count in np.linspace(fewest, most, 9).astype(int))
        chance += (p**2 + (1 - p) ** 2) ** (seen // 2)  # two equal masks
    assert chance < RIGHT_FAILS


@pytest.mark.parametrize("secret", SECRETS)
def test_a_split_without_strata_passes_less_than_once_in_a_thousand(secret):
    """The chance that an unstratified training part has the right share of every class, summed over all such parts."""
    labels = arguments(STRATIFIED_SPLIT, "numpy", secret)[0]["labels"]
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


def test_two_seeds_give_a_right_split_twice_less_than_once_in_a_million():
    """Two shuffles of one class of 43 already agree on its test part only once in millions."""
    assert 1 / comb(43, 6) < RIGHT_FAILS


def test_right_splits_depend_on_each_other_less_than_once_in_a_million():
    """The dependence of 60 splits is a weighted sum of squares; its spread says how many they are worth.

    A chi squared variable with so many degrees of freedom exceeds the threshold that rarely.
    """
    rng, parts, (first, second) = np.random.default_rng(0), np.repeat([0, 1, 2], [14, 3, 3]), np.triu_indices(20, 1)
    pairs = (14 * 13 + 2 * 3 * 2) / (20 * 19)
    alone, together = [], []
    for _ in range(150):
        members = rng.permuted(np.tile(parts, (60, 3, 1)), axis=2)
        one = members[..., None] == np.arange(3)
        alone.append(dependence(one, one.mean(axis=2, keepdims=True)))
        together.append(dependence(members[..., first] == members[..., second], pairs))
    for values in (alone, together):
        freedom = 2 / (1.15 * stdev(values)) ** 2  # the spread itself is known to some 15 %
        assert mean(values) == pytest.approx(1, abs=0.06)
        assert chi2.sf(DEPENDENT * freedom, freedom) < RIGHT_FAILS / 2


def test_moves_by_lot_are_uneven_less_than_once_in_a_million():
    """Of some 500 right moves the nine kinds come as often as chance allows, and each of them comes."""
    assert chi2.sf(UNEVEN, 8) < RIGHT_FAILS
    assert RIGHT_FAILS > 9 * (8 / 9) ** (2 * 260)


def test_luck_costs_the_solution_nothing():
    """Both shares lie three deviations above the upper ends, so that a whole class of right trainings has all."""
    for quantity, needed in zip(("accuracy", "undeceived"), (GENERALISES.full, SEES_THROUGH.full)):
        values = RUNS["solution"][quantity]
        assert len(values) == MANY and mean(values) - 3 * stdev(values) >= needed


def points_of(name):
    """Return what a recorded training earned, one number for each exam."""
    return list(map(exam_points, RUNS[name]["accuracy"], RUNS[name]["undeceived"]))


@pytest.mark.parametrize("name", FULL)
def test_full_marks_lie_below_the_references(name):
    """Both shares of each good reference lie above the upper ends in all exams, on average by a deviation at least."""
    for quantity, needed in zip(("accuracy", "undeceived"), (GENERALISES.full, SEES_THROUGH.full)):
        values = RUNS[name][quantity]
        assert len(values) >= 10
        assert mean(values) - stdev(values) >= needed <= min(values)
    assert set(points_of(name)) == {exam_points(1, 1)}


@pytest.mark.parametrize("name", sorted(set(RUNS) - {"plain"}))
def test_one_deviation_of_luck_costs_at_most_a_tenth_of_the_points(name):
    """What one training earns at one exam and at another lies that near; the text says how near, for its own runs."""
    assert stdev(points_of(name)) <= 0.1 * exam_points(1, 1)


def test_luck_costs_no_more_where_no_training_was_recorded():
    """Where points rise fastest with what is right, the luck that good trainings have on average costs less, too."""
    steepest = max(rise.points / (rise.full - rise.begins) for rise in (LEARNS, GENERALISES))
    luck = mean(stdev(RUNS[name]["accuracy"]) for name in FULL)
    assert LEARNS.full <= GENERALISES.begins and steepest * luck <= 0.1 * exam_points(1, 1)


@pytest.mark.parametrize("name", LITTLE)
def test_memory_earns_what_is_for_learning_at_all(name):
    """A memorising network and the nearest neighbour earn that, and for new digits half a point on average at most."""
    assert LEARNS.points <= min(points_of(name)) and mean(points_of(name)) < LEARNS.points + 0.5
    assert max(map(SEES_THROUGH.at, RUNS[name]["undeceived"])) == 0


@pytest.mark.parametrize("name", ["memorises", "nearest_neighbour"])
def test_lies_about_training_digits_earn_nothing(name):
    """Whatever share of them is answered falsely, by lot: one lie in nine is the truth, which is too few."""
    honest, lying = points_of(name), points_of({"memorises": "lying"}.get(name, f"{name}_lying"))
    assert lying == honest
    assert SEES_THROUGH.begins > 1 / 9 and binom.sf(np.ceil(SEES_THROUGH.begins * FALSE), FALSE, 1 / 9) < 0.004


def test_each_cure_is_worth_points():
    """Without a cure a third; early stopping and augmentation each earn more, and only two together earn all."""
    points = {name: mean(points_of(name)) / exam_points(1, 1) for name in CURES}
    assert max(points["no cure"], points["dropout"]) < 1 / 3
    assert points["no cure"] + 0.1 < points["early stopping"] < points["augmentation"] - 0.35
    assert points["augmentation"] < 0.9
    assert min(points["augmentation, dropout"], points["augmentation, early stopping"]) > 0.99


def test_a_vote_of_neighbours_is_no_way_around_the_cures():
    """It sees through false labels and gets part of the points; all of them only among moved copies, as a network."""
    assert max(points_of("neighbours_vote")) < exam_points(1, 1)
    assert mean(points_of("neighbours_vote")) < 0.9 * exam_points(1, 1)


def test_all_plain_networks_have_learned_something():
    """Whatever the width, the optimiser and the batches: a network that is trained at all earns the first points."""
    assert len(points_of("plain")) == len(PLAIN) == 20
    assert min(points_of("plain")) >= LEARNS.points


def test_the_labels_of_the_exam_stay_with_the_judge():
    """What is sent to a student's process holds the labels that are given alone, some of them false."""
    case = CAPSTONE.test("numpy", SECRETS[0], "grade")["cases"][0]
    sent = json.dumps(case["arguments"])
    assert case["data"]["hidden"] not in sent and case["data"]["training"] not in sent
    assert str(case["data"]["entropy"]) not in sent
    assert case["arguments"]["labels"] == case["data"]["given"]
    assert sum(one != other for one, other in zip(case["data"]["given"], case["data"]["training"])) == FALSE
    assert set(case["arguments"]["questions"]) == {"hidden"}


def _product(numbers):
    result = 1
    for each in numbers:
        result *= each
    return result
