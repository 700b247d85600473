"""Scores that would fall: they are held back until a person has seen them, student by student."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from autograder.gradebook_batch import Recorded
from autograder.grading.submissions import Submission


class Fall(NamedTuple):
    """A submission whose score would fall, in all or in an exercise.

    Args:
        before, after: all points, what lateness costs taken off. exercises: points that change, by grade id.
    """

    submission: Submission
    before: float
    after: float
    exercises: dict[str, tuple[float, float]]


Confirm = Callable[[Sequence[Fall]], bool]


def fall(submission: Submission, recorded: Recorded) -> Fall | None:
    """Return how a submission would fall, or None where it would not.

    Args:
        recorded: how it would stand; where nothing stood before, nothing can fall.
    """
    before, after = recorded.before, recorded.standing
    exercises = {
        name: (before[name], score) for name, score in after.scores.items() if before.get(name, score) != score
    }
    had, has = max(0.0, sum(before.values()) - recorded.late_before), max(0.0, after.points - after.late_penalty)
    if has < had - 1e-9 or any(new < old - 1e-9 for old, new in exercises.values()):
        return Fall(submission, had, has, exercises)
    return None
