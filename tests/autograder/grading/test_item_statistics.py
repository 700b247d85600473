"""Difficulty and discrimination of exercises, on classes whose numbers are known."""

from math import nan, sqrt

import pytest

from autograder.grading.item_statistics import FEW, ItemStatistics, item_statistics

POINTS = {"a": 1.0, "b": 2.0, "c": 1.0}


def test_numbers_by_hand():
    """Right or wrong: the point-biserial correlation with the rest, (M1 - M0) / s * sqrt(p q)."""
    shares = {
        "a": [1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
        "b": [1, 1, 1, 0, 0.5, 0.5, 0, 0, 0, 0],
        "c": [1, 1, 0, 0, 1, 0, 1, 0, 0, 0],
    }
    found = item_statistics(shares, POINTS)
    assert [found[name].share for name in POINTS] == [0.5, pytest.approx(0.4), 0.4]
    rest = [(2 * b + c) / 3 for b, c in zip(shares["b"], shares["c"])]
    mean = sum(rest) / 10
    spread = sqrt(sum((value - mean) ** 2 for value in rest) / 10)
    expected = (sum(rest[:5]) / 5 - sum(rest[5:]) / 5) / spread * sqrt(0.5 * 0.5)
    assert found["a"].discrimination == pytest.approx(expected) == pytest.approx(0.6860, abs=1e-4)


def test_what_is_missing_is_not_zero():
    """Those who did not try an exercise change nothing in its numbers, nor do their other points."""
    shares = {"a": [1, 1, 1, 1, 1, 0, 0, 0, 0, 0], "b": [1, 1, 1, 0, 1, 0, 0, 1, 0, 0]}
    worth = {"a": 1.0, "b": 1.0}
    before = item_statistics(shares, worth)
    after = item_statistics({"a": [*shares["a"], *[nan] * 9], "b": [*shares["b"], *[1.0] * 9]}, worth)
    assert after["a"] == before["a"] and before["a"].tried == 10
    assert after["b"].tried == 19 and after["b"].discrimination == pytest.approx(before["b"].discrimination)
    nobody = item_statistics({"a": [nan, nan], "b": [1.0, 0.0]}, worth)["a"]
    assert nobody == ItemStatistics(0, None, None) and nobody.level == nobody.doubt == ""


def test_the_rest_is_what_the_same_student_tried():
    """Who does everything right in one framework alone is as good as who does it in two."""
    shares = {"a": [1.0] * 6 + [0.0] * 6, "b": [1, nan] * 3 + [0, nan] * 3, "c": [nan, 1] * 3 + [nan, 0] * 3}
    assert item_statistics(shares, POINTS)["a"].discrimination == pytest.approx(1.0)


@pytest.mark.parametrize("shares", [[1.0] * 20, [0.25] * 20, [1.0, 0.0] * (FEW // 2 - 1)])
def test_nothing_is_said_where_nothing_can_be(shares):
    """Where all did alike, or too few tried, there is no discrimination, and no doubt."""
    found = item_statistics({"a": shares, "b": [1.0, 0.0] * (len(shares) // 2)}, {"a": 1.0, "b": 1.0})["a"]
    assert found.discrimination is None and found.doubt == ""
    assert item_statistics({}, {}) == {}


@pytest.mark.parametrize(
    ("discrimination", "tried", "doubted"),
    [(-0.4, 15, True), (-0.05, 40, True), (0.1, 40, False), (-0.05, 12, False), (0.1, 400, True), (0.5, 40, False)],
)
def test_an_exercise_is_doubted_where_chance_does_not_explain_it(discrimination, tried, doubted):
    """A low correlation of a few says nothing; one of many does."""
    assert bool(ItemStatistics(tried, 0.5, discrimination).doubt) == doubted


@pytest.mark.parametrize(
    ("share", "tried", "level"), [(0.2, 30, "hard"), (0.7, 30, "fair"), (1.0, 30, "easy"), (0.2, 5, "")]
)
def test_levels(share, tried, level):
    """How hard an exercise is, in a word, where enough tried it."""
    assert ItemStatistics(tried, share, None).level == level
