"""The judge of the dropout function: each way to get it wrong has its name, and odd replies earn nothing."""

import numpy as np
import pytest

from autograder.exercises.lab4_overfitting_dropout import DROPOUT
from course_utils.judging.lab4_dropout import drops_out
from course_utils.probes.lab4_overfitting_dropout import ramp
from tests.course_utils.judging.odd_replies import earns_nothing, every_odd_reply


@every_odd_reply
def test_odd_replies_earn_nothing_and_break_nothing(values):
    """Whatever a process sends in place of a probe's reply, the judge finds it wrong."""
    assert earns_nothing(DROPOUT.test("numpy", b"odd", "grade"), values)


SHAPE = (50, 40)
X = ramp(SHAPE, 0.1, 1.0)
P = 0.3
CASES = [
    {"part": part, "arguments": {"shape": SHAPE, "low": 0.1, "high": 1.0, "p": p, "training": part != "evaluation"}}
    for part, p in (("training", P), ("evaluation", P), ("limits", 0.0), ("limits", 1.0))
]


def right_mask(p, training, rng):
    """Return the mask of inverted dropout."""
    if not training:
        return np.ones(SHAPE)
    return (rng.random(SHAPE) >= p) / (1 - p) if p < 1 else np.zeros(SHAPE)


def assess_dropout(function, **extra):
    """Judge a function of (p, training, rng) that returns output, mask and, where it changes it, the input.

    Args:
        extra: values of each reply that replace others.
    """
    rng, replies = np.random.default_rng(0), []
    for case in CASES:
        values = {}
        for number in (1, 2):
            output, mask, *after = function(case["arguments"]["p"], case["arguments"]["training"], rng)
            values |= {f"output_{number}": output} | ({} if mask is None else {f"mask_{number}": mask})
            values[f"input_{number}"] = after[0] if after else X
        values["again"] = values["output_1"]
        values |= extra
        replies.append({"values": values, "notes": []})
    with np.errstate(all="ignore"):
        return drops_out({"cases": CASES}, replies, True)


def masked(change):
    """Return a dropout function whose mask is the right one, changed in training where some values are dropped."""

    def function(p, training, rng):
        mask = right_mask(p, training, rng)
        mask = change(mask, p, rng) if training and 0 < p < 1 else mask
        return X * mask, mask

    return function


def test_inverted_dropout_passes():
    """A fresh mask, kept values scaled, x as it is in evaluation: all parts are right."""
    assert assess_dropout(masked(lambda mask, p, rng: mask)).status == "passed"


@pytest.mark.parametrize(
    ("change", "fraction", "diagnosis"),
    [
        (lambda mask, p, rng: np.ones(SHAPE), 0, "nothing_dropped"),
        (lambda mask, p, rng: np.full(SHAPE, 1 - p), 0.5, "scaled_only"),
        (lambda mask, p, rng: np.zeros(SHAPE), 0.5, "zeros"),
        (lambda mask, p, rng: right_mask(p, True, np.random.default_rng(7)), 0.5, "mask_repeated"),
        (lambda mask, p, rng: np.repeat(mask[:1], SHAPE[0], axis=0), 0.5, "mask_shared"),
        (lambda mask, p, rng: np.repeat(mask[:, :1], SHAPE[1], axis=1), 0.5, "mask_shared"),
        (lambda mask, p, rng: np.repeat(mask.ravel()[::2], 2).reshape(SHAPE), 0.5, "mask_pattern"),
        (lambda mask, p, rng: np.tile(mask[:25], (2, 1)), 0.5, "mask_pattern"),
        (
            lambda mask, p, rng: np.roll(right_mask(p, True, np.random.default_rng(7)), rng.integers(999)),
            0.5,
            "mask_repeated",
        ),
        (lambda mask, p, rng: rng.permutation(X.size).reshape(SHAPE) // (p * X.size) >= 1, 0.5, "not_scaled"),
        (lambda mask, p, rng: (rng.permutation(X.size).reshape(SHAPE) >= p * X.size) / (1 - p), 0.5, "exact_share"),
        (lambda mask, p, rng: right_mask(1 - p, True, rng), 0.5, "keeps_instead_of_drops"),
        (lambda mask, p, rng: right_mask(0.5, True, rng), 0.5, "wrong_rate"),
        (lambda mask, p, rng: mask * (1 - p), 0.5, "not_scaled"),
        (lambda mask, p, rng: mask * (1 - p) / p, 0.5, "scaled_by_p"),
        (lambda mask, p, rng: mask * (1 - p) ** 2, 0.5, "multiplied"),
        (lambda mask, p, rng: mask * 1.1, 0.5, "wrong_scale"),
        (lambda mask, p, rng: mask * np.nan, 0.5, "not_finite"),
    ],
)
def test_what_is_wrong_in_training_is_named(change, fraction, diagnosis):
    """A wrong output in training costs the gradients too; where nothing is dropped the rest is right by accident."""
    assessment = assess_dropout(masked(change))
    assert (assessment.fraction, assessment.diagnosis) == (fraction, diagnosis), assessment.message


def test_a_mask_that_does_not_follow_from_the_generator_is_named():
    """The same generator must give the first output again."""
    for again, fraction, diagnosis in ((X, 0.5, "rng_ignored"), (None, 0.5, "rng_ignored")):
        assessment = assess_dropout(masked(lambda mask, p, rng: mask), again=again)
        assert (assessment.fraction, assessment.diagnosis) == (fraction, diagnosis), assessment.message


def with_input_changed(p, training, rng):
    mask = right_mask(p, training, rng)
    return X * mask, mask, X * mask


def with_dropout_in_evaluation(p, training, rng):
    mask = right_mask(p, True, rng)
    return X * mask, mask


def scaled_in_evaluation(p, training, rng):
    mask = right_mask(p, training, rng) * (1 if training else 1 - p)
    return X * mask, mask


def without_limits(p, training, rng):
    with np.errstate(all="ignore"):
        mask = (rng.random(SHAPE) >= p) / np.array(1 - p) if training else np.ones(SHAPE)
    return X * mask, mask


def whole_at_one(p, training, rng):
    mask = np.ones(SHAPE) if p == 1 else right_mask(p, training, rng)
    return X * mask, mask


def something_at_zero(p, training, rng):
    mask = right_mask(p or 0.5, training, rng)
    return X * mask, mask


@pytest.mark.parametrize(
    ("function", "diagnosis"),
    [
        (with_input_changed, "input_changed"),
        (with_dropout_in_evaluation, "drops_in_evaluation"),
        (scaled_in_evaluation, "scales_in_evaluation"),
        (without_limits, "divides_by_zero"),
        (whole_at_one, "p_one"),
        (something_at_zero, "p_zero"),
    ],
)
def test_what_is_wrong_elsewhere_is_named(function, diagnosis):
    """A changed input, evaluation and the limits p = 0 and p = 1 have names of their own."""
    assessment = assess_dropout(function)
    assert (assessment.status, assessment.diagnosis) == ("partial", diagnosis), assessment.message


def test_a_mask_that_is_none_costs_the_mask_alone():
    """Ones are asked for where nothing is dropped, zeros where everything is, else what x was multiplied by."""

    def without(where):
        def function(p, training, rng):
            mask = right_mask(p, training, rng)
            return X * mask, None if where(p, training) else mask

        return assess_dropout(function)

    for where, sentence in (
        (lambda p, training: not training, "return ones"),
        (lambda p, training: p == 0, "return ones"),
        (lambda p, training: p == 1, "return zeros"),
        (lambda p, training: True, "output = x * mask"),
    ):
        assessment = without(where)
        assert (assessment.fraction, assessment.diagnosis) == (0.75, "mask_none"), assessment.message
        assert sentence in assessment.message


@pytest.mark.parametrize(
    ("change", "diagnosis", "sentence"),
    [
        (lambda mask: mask > 0, "mask_shape", "expected the mask to have the shape"),
        (lambda mask: (mask > 0) * 1.0, "mask_not_scaled", "put the factor 1 / (1 - p) into it"),
        (lambda mask: (mask == 0) * 1.0, "mask_inverted", "it should be 0 there"),
        (lambda mask: mask + 1, "wrong_mask", "the mask does not belong to the output"),
    ],
)
def test_a_mask_that_does_not_belong_to_the_output_is_named(change, diagnosis, sentence):
    """Right outputs with another mask cost a quarter."""

    def function(p, training, rng):
        mask = right_mask(p, training, rng)
        return X * mask, change(mask)

    assessment = assess_dropout(function)
    assert (assessment.fraction, assessment.diagnosis) == (0.75, diagnosis), assessment.message
    assert sentence in assessment.message
