"""Which mistake explains what came, and when none does."""

import numpy as np
import pytest

from course_utils.judging.mistakes import diagnosed

RIGHT = [np.array([1.5, 2.5]), np.array([3.5, 0.5])]
FAILED = {"error": {"type": "ValueError", "message": "", "line": ""}}


def test_of(rights, wrongs, parts=("all", "all")):
    cases = [
        {
            "part": part,
            "arguments": {},
            "expected": {"output": right},
            "mistakes": {"slip": {} if wrong is None else {"output": wrong}},
        }
        for part, right, wrong in zip(parts, rights, wrongs)
    ]
    return {"cases": cases, "hints": {"slip": "You slipped."}}


test_of.__test__ = False


def came(values):
    return FAILED if values is None else {"values": {"output": np.asarray(values)}, "notes": []}


def told(test, *replies):
    """Return the name of the mistake that explains the replies to the first cases."""
    return diagnosed(test, list(zip(test["cases"], map(came, replies))))[0]


def test_a_mistake_that_cannot_run_everywhere_is_known_by_where_it_does():
    """Where its code raises, a student's may; but errors alone are no mistake."""
    test = test_of(RIGHT, [2 * RIGHT[0], None])
    assert told(test, 2 * RIGHT[0], None) == "slip"
    assert told(test, None, None) is None
    assert told(test, 3 * RIGHT[0], None) is None


def test_a_mistake_is_known_although_the_rest_does_not_run():
    """Where a mistake is right a student's code may raise for another reason; where it is wrong, it may not."""
    test = test_of(RIGHT, [2 * RIGHT[0], RIGHT[1]])
    assert told(test, 2 * RIGHT[0], None) == "slip"
    assert told(test, None, RIGHT[1]) is None


def test_undefined_numbers_are_compared():
    """A mistake may give NaN in some places, and so must the reply."""
    wrong = [np.array([np.nan, 2.5]), np.array([np.nan, np.nan])]
    assert told(test_of(RIGHT, wrong), *wrong) == "slip"
    assert told(test_of(RIGHT, wrong), wrong[0], RIGHT[1]) is None


@pytest.mark.parametrize(("number", "name"), [(1, None), (1.25, "slip")])
def test_one_whole_number_names_no_mistake_of_a_part(number, name):
    """That the replies of a part are the same few whole numbers as those of a mistake may be chance."""
    rights, wrongs = [np.array(2), np.array(3)], [np.array(number), np.array(3)]
    assert told(test_of(rights, wrongs, ("first", "second")), number) == name


def test_what_counts_for_a_part_names_its_mistake():
    """A mistake that shows in two outputs is known where one of them alone is wrong, in the part that compares it."""
    cases = [
        {
            "part": name,
            "compared": [name],
            "arguments": {},
            "expected": {"w": right, "b": right + 1},
            "mistakes": {"slip": {"w": 2 * right, "b": 3 * right}},
        }
        for name in ("w", "b")
        for right in RIGHT
    ]
    test = {"cases": cases, "hints": {"slip": "You slipped."}}
    replies = [{"values": {"w": 2 * right, "b": right + 1}, "notes": []} for right in RIGHT]
    assert diagnosed(test, list(zip(cases[:2], replies)))[0] == "slip"
    assert diagnosed(test, list(zip(cases, 2 * replies)))[0] is None
