"""Every known answer earns the same whatever is drawn: here under a few variants, all of them by ``make fairness``."""

from collections import Counter

import pytest

from tests.autograder.authoring.test_answers import ANSWERS, skip_where_missing
from tests.fairness import SLOW, lotteries, marks, seeds

EXERCISES = sorted({(lab, answer.grade_id) for lab, answer in ANSWERS if answer.grade_id not in SLOW})


@pytest.mark.parametrize(("lab", "grade_id"), EXERCISES, ids=[grade_id for _, grade_id in EXERCISES])
def test_marks_are_no_lottery(lab, grade_id):
    """No known answer of an exercise earns now more, now less."""
    skip_where_missing(lab, grade_id)
    assert lotteries(marks(lab, grade_id, seeds(secrets=2, variants=2))) == {}


def test_a_lottery_is_named():
    """An answer that earned different marks is told with how often it earned what."""
    found = {"fair": Counter({50.0: 3}), "unfair": Counter({50.0: 2, 100.0: 1})}
    assert lotteries(found) == {"unfair": {50.0: 2, 100.0: 1}}
