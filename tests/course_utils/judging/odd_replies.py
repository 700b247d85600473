"""Replies that no honest probe sends, for the judges of Lab 4, and how a test is assessed with given values."""

import numpy as np
import pytest

from course_utils.judging.assess import assess

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
    "again",
    "members",
    "evaluation_1",
    "evaluation_2",
    "training_1",
    "training_2",
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
    "nets": dict.fromkeys(NAMES, np.zeros((60, 19))),
}
every_odd_reply = pytest.mark.parametrize("values", ODD.values(), ids=ODD)


def assessed(test, values):
    """Assess a test whose probe brings these values for every case."""
    return assess(test, lambda name, probe, cases: [{"values": values, "notes": []}] * len(cases), reveal=False)


def earns_nothing(test, values):
    """Tell whether these values fail a test without an error, and with a message."""
    with np.errstate(all="ignore"):
        assessment = assessed(test, values)
    return assessment.fraction == 0 and assessment.status != "passed" and bool(assessment.message)
