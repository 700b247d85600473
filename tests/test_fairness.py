"""Every known answer earns the same whatever is drawn: here under a few variants, all of them by ``make fairness``."""

from collections import Counter

import pytest

from tests.autograder.authoring.test_answers import ANSWERS, EXAMS, skip_where_missing
from tests.fairness import lotteries, marks, seeds

LONG = (
    "tune_model_tensorflow",
    "dropout_net_torch",
    "dropout_net_tensorflow",
    "training_loop_tensorflow",
    "draw",
    "copy_weights",
    "learning_step_tensorflow",
    "ablation",
)  # exercises whose answers take most of a second in each draw: half as many are made
EXERCISES = sorted({(lab, answer.grade_id) for lab, answer in ANSWERS if answer.grade_id not in EXAMS})


@pytest.mark.parametrize(("lab", "grade_id"), EXERCISES, ids=[grade_id for _, grade_id in EXERCISES])
def test_marks_are_no_lottery(lab, grade_id):
    """No known answer of an exercise earns now more, now less, or is told now this, now that."""
    skip_where_missing(lab, grade_id)
    assert lotteries(marks(lab, grade_id, seeds(secrets=2, variants=1 if grade_id in LONG else 2))) == {}


def test_a_lottery_is_named():
    """An answer that got different marks, or different diagnoses, is told with how often it got what."""
    found = {
        "fair": Counter({(50.0, "sum"): 3}),
        "unfair": Counter({(50.0, "sum"): 2, (100.0, None): 1}),
        "unsure": Counter({(50.0, "sum"): 2, (50.0, "mean"): 1}),
    }
    assert lotteries(found) == {name: dict(found[name]) for name in ("unfair", "unsure")}
