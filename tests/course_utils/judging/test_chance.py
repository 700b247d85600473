"""What chance allows: right answers stay below the thresholds except less than once in a million times."""

import numpy as np
import pytest
from scipy.stats import chi2

from course_utils.judging.chance import DEPENDENT, REPEATED, allowed_drops, dependence, distances_compared, repetition

RIGHT_FAILS = 1e-6


def test_chance_may_move_the_number_of_dropped_values_a_little():
    """Of 1000 values at p = 0.5 between 397 and 603 may be dropped, as many below the mean as above it."""
    low, high = allowed_drops(1000, 0.5)
    assert (low + high) / 2 == pytest.approx(500)
    assert (np.ceil(low), np.floor(high)) == (397, 603)


@pytest.mark.parametrize(("length", "p"), [(4000, 0.2), (4096, 0.7), (60 * 10, 0.2), (60 * 16, 0.4)])
def test_independent_masks_repeat_themselves_less_than_once_in_a_million(length, p):
    """Bernstein's inequality, for all distances together, in one call and from call to call.

    The products of the deviations of values at one distance fall into two sets, in each of which all are independent:
    both would have to add up to half of the threshold. One standard deviation is left to the share that was drawn.
    """
    near, far = distances_compared(length)
    chance = 0.0
    for counts, times in ((2 * (length - near), 1), (length - far, 2)):
        terms = np.ceil(counts / 2)
        half = (REPEATED - 1) * p * (1 - p) * np.sqrt(counts) / 2
        largest = max(p, 1 - p) ** 2
        one_set = 2 * np.exp(-(half**2) / 2 / (terms * (p * (1 - p)) ** 2 + largest * half / 3))
        # A set of few terms cannot reach the threshold at all.
        chance += times * np.sum(2 * one_set * (half <= terms * largest))
    assert chance < RIGHT_FAILS


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "mask",
    [
        lambda p: np.repeat(RNG.random(2000), 2) < p,
        lambda p: np.repeat(RNG.random((50, 40)), 2, axis=0) < p,
        lambda p: np.tile(RNG.random(2000), 2) < p,
        lambda p: np.resize(RNG.random(60), 4000) < p,
        lambda p: (np.arange(4000) + RNG.integers(7)) % 7 < 7 * p,
    ],
    ids=["pairs", "rows in pairs", "halves", "a pattern", "a stride"],
)
@pytest.mark.parametrize("p", [0.2, 0.3, 0.6, 0.7])
def test_patterns_show_in_a_call(mask, p):
    """Values that share a draw, and patterns, lie far above the threshold, and two masks of them do not hide it."""
    inside, _ = repetition(np.stack([mask(p), mask(p)]))
    assert inside > 1.5 * REPEATED


@pytest.mark.parametrize("shift", [0, 1, 1999, 2000, 3999])
@pytest.mark.parametrize("p", [0.2, 0.7])
def test_a_mask_that_is_used_again_shows_in_two_calls_alone(shift, p):
    """However far it is shifted, the name of the mistake is the same: it does not hang on what was drawn."""
    mask = RNG.random(4000) < p
    inside, across = repetition(np.stack([mask, np.roll(mask, shift)]))
    assert inside < REPEATED / 2 and across > 1.5 * REPEATED


@pytest.mark.parametrize("p", [0.2, 0.7])
def test_independent_masks_do_not_repeat_themselves(p):
    """They stay far below the threshold."""
    assert max(repetition(RNG.random((2, 4000)) < p)) < REPEATED / 2


def orders(count, draw):
    return np.array([draw() for _ in range(count)])


def features(numbers):
    """Return for each order which sample stands where, and which follows which, less what is expected."""
    count = numbers.shape[1]
    here, after = np.zeros((2, len(numbers), count, count))
    each = np.arange(len(numbers))[:, None]
    here[each, np.arange(count), numbers] = after[each, numbers[:, :-1], numbers[:, 1:]] = 1
    return here - 1 / count, after - (1 - np.eye(count)) / count


def test_independent_orders_depend_on_each_other_less_than_once_in_a_million():
    """The dependence of 60 orders of 15 samples is distributed as chi squared with the degrees of freedom of a square.

    Its mean and spread are those of 14 by 14 of them; from there on the chance is that of chi squared.
    """
    draws = [[dependence(each, 0) for each in features(orders(60, lambda: RNG.permutation(15)))] for _ in range(80)]
    freedom = 14**2
    assert np.mean(draws, axis=0) == pytest.approx([1, 1], abs=0.07)
    assert np.std(draws, axis=0) == pytest.approx([np.sqrt(2 / freedom)] * 2, rel=0.4)
    assert 2 * chi2.sf(DEPENDENT * freedom, freedom) < RIGHT_FAILS


@pytest.mark.parametrize(
    "draw",
    [
        lambda: np.roll(np.arange(15), RNG.integers(15)),
        lambda: np.roll(np.arange(15)[::-1], RNG.integers(15)),
        lambda: np.concatenate([RNG.permutation(7), 7 + RNG.permutation(8)]),
        lambda: np.concatenate(np.split(np.arange(15), 5)[:: RNG.choice([-1, 1])]),
        lambda: np.append(0, 1 + RNG.permutation(14)),
        lambda: RNG.permutation(15) if RNG.random() < 0.5 else np.arange(15),
    ],
    ids=["shifted", "turned round", "halves apart", "chunks", "the first one stays", "half of the time"],
)
def test_orders_that_are_not_shuffled_depend_on_each_other(draw):
    """What only moves, cuts or turns the data, or leaves a part of it in place, lies above the threshold."""
    assert max(dependence(each, 0) for each in features(orders(60, draw))) > 1.2 * DEPENDENT


def test_draws_that_all_deviate_alike_depend_as_much_as_there_are():
    """Equal draws come out at their number; draws without any deviation at 0."""
    assert dependence(np.ones((40, 3)), 0.5) == pytest.approx(40)
    assert dependence(np.ones((40, 3)), 1.0) == 0
