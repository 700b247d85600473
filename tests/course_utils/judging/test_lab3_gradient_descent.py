"""An epoch of mini-batches is judged by what comes: each sample once, its own label, an order that the seed decides."""

import numpy as np
import pytest

from course_utils import judging

X, Y = np.arange(14.0).reshape(7, 2), np.arange(7.0)
SIZE = 3


def batched(order, sizes=(3, 3, 1), labels=None):
    """Return the values of an epoch in which the samples come in this order."""
    order = list(order)
    return {"X": X[order], "y": Y[order if labels is None else labels], "sizes": np.array(sizes)}


SHUFFLED, OTHERWISE = batched([3, 0, 6, 1, 5, 2, 4]), batched([5, 2, 0, 6, 4, 1, 3])

IN_CHUNKS = batched([2, 0, 1, 5, 3, 4, 6])


def judged(first, again=None, otherwise=OTHERWISE):
    """Judge three epochs: one, one with the same seed, and one with another seed."""
    cases = [
        {"data": {"X": X, "y": Y, "batch_size": SIZE, "seed": seed, "twin": twin, "more_seeds": []}}
        for seed, twin in ((1, -1), (1, 0), (2, -1))
    ]
    replies = [{"values": values, "notes": []} for values in (first, again or first, otherwise)]
    return judging.epoch_of_batches({"cases": cases}, replies, True)


def test_an_epoch_of_shuffled_batches_passes():
    """Every sample once, in an order that follows from the seed."""
    assert judged(SHUFFLED).status == "passed"


@pytest.mark.parametrize(
    ("values", "diagnosis"),
    [
        ({**SHUFFLED, "X": np.zeros((7, 3))}, "wrong_shape"),
        ({**SHUFFLED, "y": Y[:6]}, "lengths_differ"),
        ({**SHUFFLED, "X": X + 0.5}, "inputs_changed"),
        (batched([3, 0, 6, 1, 5, 2], sizes=(3, 3)), "last_batch_dropped"),
        (batched([3, 0, 6, 1, 5, 2, 2]), "with_replacement"),
        (batched([3, 0, 6], sizes=(3,)), "samples_missing"),
        (batched([3, 0, 6, 1, 5, 2, 4, 4], sizes=(3, 3, 2)), "samples_repeated"),
        (batched([3, 0, 6, 1, 5, 2, 4], sizes=(4, 3)), "wrong_batch_sizes"),
        (batched([3, 0, 6, 1, 5, 2, 4], labels=range(7)), "pairs_broken"),
    ],
)
def test_wrong_batches_earn_nothing_and_are_named(values, diagnosis):
    """The first thing that is wrong with the batches is named."""
    assessment = judged(values)
    assert (assessment.fraction, assessment.status, assessment.diagnosis) == (0, "failed", diagnosis)


@pytest.mark.parametrize(
    ("epochs", "diagnosis"),
    [
        ((SHUFFLED, OTHERWISE, OTHERWISE), "seed_ignored"),
        ((batched(range(7)), None, batched(range(7))), "not_shuffled"),
        ((batched(range(7)), None, OTHERWISE), "not_shuffled"),
        ((IN_CHUNKS, None, batched([3, 5, 4, 2, 1, 0, 6])), "shuffled_in_chunks"),
        ((IN_CHUNKS, None, batched(range(7))), "shuffled_in_chunks"),
        ((IN_CHUNKS, None, OTHERWISE), "not_shuffled"),
        ((SHUFFLED, None, SHUFFLED), "seed_fixed"),
    ],
)
def test_a_wrong_order_earns_half(epochs, diagnosis):
    """Right batches keep half of the points where their order does not follow from the seed."""
    assessment = judged(*epochs)
    assert (assessment.fraction, assessment.status, assessment.diagnosis) == (0.5, "partial", diagnosis)


MANY_X = np.random.default_rng(0).permutation(30)[:15, None]
RNG = np.random.default_rng(1)


def judged_with_many_seeds(draw):
    """Judge an epoch of 15 samples in one batch, with 60 further orders."""
    data = {"X": MANY_X, "y": MANY_X, "batch_size": 15, "seed": 1, "twin": -1, "more_seeds": list(range(60))}
    values = {
        "X": MANY_X,
        "y": MANY_X,
        "sizes": np.array([15]),
        "epochs": np.array([MANY_X[draw()] for _ in range(60)]),
    }
    return judging.epoch_of_batches({"cases": [{"data": data}]}, [{"values": values, "notes": []}], True)


@pytest.mark.parametrize(
    ("draw", "fraction", "diagnosis"),
    [
        (lambda: RNG.permutation(15), 1.0, None),
        (lambda: np.roll(np.arange(15), RNG.integers(15)), 0.5, "not_shuffled"),
        (lambda: np.concatenate([RNG.permutation(7), 7 + RNG.permutation(8)]), 0.5, "not_shuffled"),
        (lambda: np.random.default_rng(RNG.integers(9)).permutation(15), 0.5, "seed_fixed"),
        (lambda: RNG.integers(0, 15, 15), 0.5, "seed_matters_too_much"),
    ],
    ids=["shuffled", "shifted", "halves apart", "few orders", "some twice"],
)
def test_an_order_must_be_random_over_many_seeds(draw, fraction, diagnosis):
    """Each sample comes at each place and after each other one; what only looks shuffled keeps half of the points."""
    assessment = judged_with_many_seeds(draw)
    assert (assessment.fraction, assessment.diagnosis) == (fraction, diagnosis), assessment.message
