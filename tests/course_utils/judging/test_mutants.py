"""A wrong result that one change of the solution gives is told so, and no other one."""

import numpy as np
import pytest

from course_utils.judging import mutants
from course_utils.judging.agreement import agrees
from course_utils.judging.mutants import FILE, alike, mutated, packed, projected, recorded_mutants, unpacked
from course_utils.recording import RECORDED, decode, recorded_tests

RIGHT = [np.array([[0.5, -1.25], [2.0, 0.75]]), np.array([3.5, -0.5, 1.5])]
NOTHING = (None, None)


def told(monkeypatch, results, changes, rights=RIGHT):
    """Return what is told of some results, where these changes give those ones."""
    cases = [{"part": "all", "expected": {"output": right}, "arguments": {}, "mistakes": {}} for right in rights]
    rows = [
        (
            change,
            unpacked(packed(np.array([projected({"output": right}, {"output": each(right)}) for right in rights]))),
        )
        for change, each in changes
    ]
    monkeypatch.setattr(mutants, "recorded_mutants", lambda: {"q": rows})
    replies = [{"values": {"output": result}, "notes": []} for result in results]
    return mutated({"grade_id": "q", "cases": cases}, list(zip(cases, replies)), agrees)


def test_the_one_change_that_gives_a_result_is_told(monkeypatch):
    """Rounded as in float32 too; a result that is a little else, or has another shape, is told nothing."""
    changes = [("a sign is missing", np.abs), ("a square is missing", np.square)]
    said = ("mutant", "Your result is what comes where a square is missing.")
    assert told(monkeypatch, [right**2 for right in RIGHT], changes) == said
    assert told(monkeypatch, [right.astype(np.float32) ** 2 for right in RIGHT], changes) == said
    assert told(monkeypatch, [right**2 * 1.02 for right in RIGHT], changes) == NOTHING
    assert told(monkeypatch, [(right**2).ravel() for right in RIGHT], changes) == NOTHING
    assert told(monkeypatch, [np.full(right.shape, np.nan) for right in RIGHT], changes) == NOTHING
    assert told(monkeypatch, [np.full(right.shape, 1e308) for right in RIGHT], changes) == NOTHING
    assert told(monkeypatch, [RIGHT[0] ** 2, np.abs(RIGHT[1])], changes) == NOTHING


def test_what_several_changes_give_is_not_told(monkeypatch):
    """Nobody knows which of the two it is."""
    changes = [("one thing is missing", np.square), ("another one is", lambda right: right * right)]
    assert told(monkeypatch, [right**2 for right in RIGHT], changes) == NOTHING


def test_few_numbers_are_no_evidence(monkeypatch):
    """Two numbers may come by chance, and so may four of a single case."""
    changes = [("a square is missing", np.square)]
    few = [np.array(3.0), np.array(0.5)]
    assert told(monkeypatch, [right**2 for right in few], changes, few) == NOTHING
    assert told(monkeypatch, [RIGHT[0] ** 2], changes, RIGHT[:1]) == NOTHING


@pytest.mark.parametrize("grade_id", sorted(recorded_mutants()))
def test_random_results_and_those_of_other_exercises_are_told_nothing(grade_id):
    """Of a hundred each, none: a sentence about a change is a fact, and no guess."""
    test = recorded_tests()[grade_id][1]
    cases = decode(test["cases"])
    assert all(len(projections) == len(cases) for _, projections in recorded_mutants()[grade_id])
    rng = np.random.default_rng(1)
    for trial in range(100):
        replies = [
            {
                "values": {
                    name: rng.normal(size=np.shape(right)) * (1 if trial % 2 else np.abs(right).max(initial=0.1))
                    for name, right in case["expected"].items()
                },
                "notes": [],
            }
            for case in cases
        ]
        assert mutated({**test, "cases": cases}, list(zip(cases, replies)), agrees) == NOTHING
    own = recorded_mutants()[grade_id]
    titles = {name: recorded_tests()[name][1]["title"] for name in recorded_mutants()}  # of both spellings the same
    others = [
        numbers for name, rows in recorded_mutants().items() if titles[name] != test["title"] for _, numbers in rows
    ]
    same = [len(numbers) == len(own[0][1]) and any(alike(numbers, mine) for _, mine in own) for numbers in others]
    assert sum(same) <= 0.01 * len(others)


def test_they_take_little_room():
    """All that checks replay, with the mutants, is less than a megabyte and a tenth."""
    assert FILE.stat().st_size + sum(path.stat().st_size for path in RECORDED.glob("*.json")) < 1_100_000
