"""Lab 4's judge of augmentation: odd replies earn nothing, and what is right of a wrong answer earns its half."""

import numpy as np
import pytest

from autograder.exercises.lab4_overfitting_dropout import AUGMENT, moved
from course_utils.probes.lab4_overfitting_dropout import numbered_images
from tests.course_utils.judging.odd_replies import assessed, earns_nothing, every_odd_reply

TEST = AUGMENT.test("numpy", b"judge", "grade")
TEST["cases"] = TEST["cases"][:1]
IMAGES = numbered_images(TEST["cases"][0]["arguments"]["count"])


@every_odd_reply
def test_odd_replies_earn_nothing_and_break_nothing(values):
    """Whatever a process sends in place of a probe's reply, the judge finds it wrong."""
    assert earns_nothing(TEST, values)


def values_of(move):
    """Return what a probe would send of a function (images, rng)."""
    rng = np.random.default_rng(1)
    calls = {name: move(IMAGES, rng) for name in ("first", "second")}
    return {**calls, "again": move(IMAGES, np.random.default_rng(1)), "after": IMAGES}


def rolled(images, rng):
    return np.array([np.roll(image, tuple(rng.integers(-1, 2, 2)), axis=(0, 1)) for image in images])


def lossy(images, rng):
    """Move them, and lose the last row."""
    result = moved(images, rng)
    result[:, -1] = 0
    return result


@pytest.mark.parametrize(
    ("move", "fraction", "diagnosis"),
    [
        (moved, 1, None),
        (rolled, 0.5, "wraps_around"),
        (lossy, 0.5, "pixels_lost"),
        (lambda images, rng: moved(images, np.random.default_rng()), 0.5, "rng_ignored"),
        (lambda images, rng: moved(moved(images, rng), rng), 0, "too_far"),
        (lambda images, rng: images, 0, "unchanged"),
        (lambda images, rng: images * np.nan, 0, "other_values"),
        (lambda images, rng: np.roll(images, 1, axis=0), 0, "mixed"),
        (lambda images, rng: np.flip(images, axis=2), 0, "torn"),
    ],
)
def test_moves_and_lot_are_worth_a_half_each(move, fraction, diagnosis):
    """A fault at the edge costs the moves, one in the draw costs the draw; what is no move at all earns nothing."""
    assessment = assessed(TEST, values_of(move))
    assert (assessment.fraction, assessment.diagnosis) == (fraction, diagnosis), assessment.message
