"""Which scores would fall: in all or in an exercise, whatever a late penalty or a person adds."""

from pathlib import Path

import pytest

from autograder.gradebook import Standing
from autograder.gradebook_batch import Recorded
from autograder.grading.falls import fall
from autograder.grading.submissions import Submission

ADA = Submission("ada", "toy", Path())


def standing(penalty=0.0, **scores):
    return Standing(scores=dict(scores), automatic=dict(scores), late_penalty=penalty)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, standing(a=0.0), None),
        (standing(a=2.0), standing(a=2.0), None),
        (standing(a=2.0), standing(a=3.0, b=0.0), None),
        (standing(a=2.0, b=1.0), standing(a=1.0, b=3.0), (3.0, 4.0, {"a": (2.0, 1.0), "b": (1.0, 3.0)})),
        (standing(a=2.0), standing(0.5, a=2.0), (2.0, 1.5, {})),
        (standing(1.0, a=2.0), standing(a=1.0), (1.0, 1.0, {"a": (2.0, 1.0)})),
        (standing(5.0, a=2.0), standing(9.0, a=2.0), None),
    ],
    ids=["first", "same", "rises", "one falls", "late", "penalty gone", "zero stays"],
)
def test_what_falls(before, after, expected):
    """A first score cannot fall, nor one of 0; an exercise that falls counts where the sum rises."""
    found = fall(ADA, Recorded(after, before.scores if before else {}, before.late_penalty if before else 0.0))
    assert (found and found[1:]) == expected
