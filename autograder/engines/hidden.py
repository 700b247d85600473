"""``grade``: the hidden test, run with inputs drawn from the classroom's secret.

Each exercise has 64 variants of its hidden inputs, and a hash of secret and submission says which one judges a
submission: the same text always meets the same inputs, while those that leak from one are of little use to another.
"""

import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograder.authoring.exercise import Exercise, exercises_of
from autograder.classroom import Classroom
from autograder.engines.variants import stored_cases
from autograder.notebooks.cells import SUBMISSION
from course_utils.checks import run_test
from course_utils.protocol import Test
from course_utils.recording import recorded_tests
from course_utils.verdict import Verdict

VARIANTS = 64


def hidden_test(classroom: str, lab: str, grade_id: str, submission: str = "") -> Test:
    """Return the hidden test of a grade id for a submission, the same in every engine and regrade of a classroom.

    Args:
        classroom: absolute path of the classroom whose secret seeds the inputs.
        submission: digest of its cells, see ``submission_digest``; with "" all submissions get one variant.

    Raises:
        KeyError: the lab has no such exercise.
    """
    index = variant_index(_secret(classroom), _exercises(lab)[grade_id].name, submission)
    return _variant(classroom, lab, grade_id, index)


@lru_cache(maxsize=16)
def _secret(classroom: str) -> bytes:
    return Classroom(Path(classroom)).secret()


@lru_cache(maxsize=64)
def _exercises(lab: str) -> dict[str, Exercise]:
    """Return the exercises of a lab by grade id."""
    return {grade_id: exercise for exercise in exercises_of(lab) for grade_id in exercise.grade_ids()}


def judged_names(lab: str) -> set[str] | None:
    """Return the grade ids of a lab that can be judged here: defined, and recorded; None for another course's lab."""
    if find_spec(f"autograder.exercises.{lab}") is None:
        return None
    return {name for name in _exercises(lab) if recorded_tests().get(name, ("",))[0] == lab}


def variant_index(secret: bytes, exercise: str, submission: str) -> int:
    """Return which variant of an exercise judges a submission."""
    text = f"{exercise}/{submission}".encode()
    return int.from_bytes(hmac.digest(secret, text, "sha256")[:8], "big") % VARIANTS


def variant_seed(secret: bytes, index: int) -> bytes:
    """Return the seed of one variant."""
    return hmac.digest(secret, f"variant {index}".encode(), "sha256")


@lru_cache(maxsize=2048)
def _variant(classroom: str, lab: str, grade_id: str, index: int) -> Test:
    exercise = _exercises(lab)[grade_id]
    spelling = exercise.grade_ids()[grade_id]
    seed = variant_seed(_secret(classroom), index)
    cases = stored_cases(Classroom(Path(classroom)), seed, grade_id, lambda: exercise.cases(spelling, seed))
    return exercise.test(spelling, seed, "grade", cases)


def draw_ahead(classroom: str, grade_ids: Iterable[str]) -> Iterator[None]:
    """Draw all variants of some tests, one with each step; they are kept, and known to forks of this process."""
    names = [name for name in grade_ids if name in recorded_tests()]
    for index in range(VARIANTS):
        for grade_id in names:
            with suppress(Exception):  # what cannot be drawn fails again where it is needed, and is told there
                _variant(classroom, recorded_tests()[grade_id][0], grade_id, index)
            yield


def grade(
    grade_id: str, namespace: dict[str, Any] | None = None, classroom: str | None = None, submission: str | None = None
) -> Verdict:
    """Run the hidden test of an exercise on this notebook's objects and return the verdict; never raises.

    Args:
        classroom: path of the classroom; by default the environment variable CLASSROOM.
        submission: digest of the submission; by default the environment variable SUBMISSION, and "" without one.
    """
    lab, recorded = recorded_tests()[grade_id]
    if submission is None:
        submission = os.environ.get(SUBMISSION, "")
    test = hidden_test(str(classroom or os.environ["CLASSROOM"]), lab, grade_id, submission)
    return run_test("grade", test, recorded["points"], namespace, reveal=False)
