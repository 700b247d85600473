"""``grade``: the hidden test, run with inputs drawn from the classroom's secret."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.authoring.exercise import exercises_of
from autograder.classroom import Classroom
from course_utils.checks import run_test
from course_utils.protocol import Test
from course_utils.recording import recorded_tests
from course_utils.verdict import Verdict


@lru_cache(maxsize=256)
def hidden_test(classroom: str, lab: str, grade_id: str) -> Test:
    """Return the hidden test of a grade id: the same for every student, engine and regrade of a classroom.

    Args:
        classroom: absolute path of the classroom whose secret seeds the inputs.

    Raises:
        KeyError: the lab has no such exercise.
    """
    for exercise in exercises_of(lab):
        if grade_id in exercise.grade_ids():
            return exercise.test(exercise.grade_ids()[grade_id], Classroom(Path(classroom)).secret(), "grade")
    raise KeyError(grade_id)


def grade(grade_id: str, namespace: dict[str, Any] | None = None, classroom: str | None = None) -> Verdict:
    """Run the hidden test of an exercise on this notebook's objects and return the verdict; never raises.

    Args:
        classroom: path of the classroom; by default the environment variable CLASSROOM.
    """
    lab, recorded = recorded_tests()[grade_id]
    test = hidden_test(str(classroom or os.environ["CLASSROOM"]), lab, grade_id)
    return run_test("grade", test, recorded["points"], namespace, reveal=False)
