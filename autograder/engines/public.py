"""What a student's own check says of a submission: its cases fail as hidden ones do, and anybody may see them.

They are asked in the process that never hears a hidden input, so nothing that comes back can hold one.
"""

from collections.abc import Collection
from functools import lru_cache
from time import monotonic
from typing import Any

import numpy as np

from autograder.limited import JUDGING, OverLimit, within
from autograder.notebooks.verdicts import WRONG
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.texts import harmless
from course_utils.checks import run_test
from course_utils.judging.assess import compared, is_right
from course_utils.protocol import Reply, Test
from course_utils.recording import decode, recorded_tests
from course_utils.verdict import Verdict

SECONDS = 10.0  # that all checks of a submission may take together
LONGEST, MOST_ROWS = 1500, 40  # characters of each text that is shown, and how many such


@lru_cache(maxsize=256)
def public_test(grade_id: str) -> Test:
    """Return the test with public cases that a student's check replays."""
    recorded = recorded_tests()[grade_id][1]
    return {**recorded, "cases": decode(recorded["cases"])}  # type: ignore[typeddict-unknown-key]


class PublicChecks:
    """The checks of one submission that failed when it was handed in, one after the other, while there is time.

    Which these are is known from the hand-in alone, so that it tells nothing of hidden inputs; and whoever passed the
    checks is graded as quickly as without them.

    Args:
        grade_ids: of these checks.

    Attributes:
        left: seconds that are left for them.
    """

    def __init__(self, grade_ids: Collection[str]) -> None:
        self.left = SECONDS
        self._chosen = {grade_id for grade_id in grade_ids if grade_id in recorded_tests()}
        self._heard: dict[str, tuple[Verdict, list[list[str]]]] = {}

    def ask(self, student: StudentProcess, grade_id: str) -> float:
        """Ask one check's cases; return how many seconds that took. The first one that takes too long is the last.

        Raises:
            Ended: the process is gone.
        """
        if self.left <= 0 or grade_id not in self._chosen:
            return 0.0
        begun = monotonic()
        end, self.left = begun + self.left, 0.0
        first: list[Reply] = []

        def ask(name: str | list[str], probe: str, cases: list[dict[str, Any]]) -> list[Reply]:
            replies = student.ask(name, probe, cases, max(end - monotonic(), 0.01))
            if replies is None:
                raise _TooSlow
            first.extend(() if first else replies)
            return replies

        try:
            with np.errstate(all="ignore"), within(JUDGING):
                test = public_test(grade_id)
                verdict = run_test("check", test, 0.0, ask=ask)
                self._heard[grade_id] = verdict, _rows(test, first) if verdict.status in WRONG else []
        except (_TooSlow, OverLimit):
            return monotonic() - begun
        self.left = end - monotonic()
        return monotonic() - begun

    def case(self, grade_id: str, hidden: Verdict) -> dict[str, Any] | None:
        """Return what the check shows of an exercise that hidden cases found wrong, or None where it shows no more."""
        if grade_id not in self._heard or hidden.status not in WRONG:
            return None
        verdict, rows = self._heard[grade_id]
        if rows:
            return {"message": "", "rows": rows}
        more = verdict.status in WRONG and verdict.words != hidden.words
        return {"message": harmless(verdict.sentence)[:LONGEST], "rows": []} if more else None


class _TooSlow(Exception):
    """The cases of a check took too long."""


def _rows(test: Test, replies: list[Reply]) -> list[list[str]]:
    """Return the first case that is wrong, as names and values; none where all are judged together, by a property."""
    wrong = (pair for pair in zip(test["cases"], replies) if not test.get("judge") and not is_right(test, *pair))
    for case, reply in wrong:
        given = case["arguments"].get("arguments")
        inputs = [("", value) for value in given] if isinstance(given, list) else list(case["arguments"].items())
        expected = [(f"expected {name}", value) for name, value in compared(case).items()]
        every = [*inputs, *expected, *came_back(reply)]
        return [[name, _text(value)] for name, value in every[:MOST_ROWS]]
    return []


def came_back(reply: Reply) -> list[tuple[str, Any]]:
    """Return what a probe sent back, by what it is."""
    if "error" in reply:
        error = reply["error"]
        return [("raised", f"{error['type']}: {error['message']}"), ("in the line", error["line"] or "not known")]
    if "values" not in reply:
        return [("came back", "nothing to judge")]
    return [(f"came back: {name}", value) for name, value in reply["values"].items()]


def written(value: Any) -> str:
    """Return a value as text: an array with its shape, the rest as Python writes it."""
    if isinstance(value, np.ndarray) and value.ndim:
        text = np.array2string(value, precision=6, threshold=60, max_line_width=66, separator=", ")
        return f"{text}   shape {value.shape}"
    if isinstance(value, dict):
        return "\n".join(f"{name} = {written(each)}" for name, each in value.items())
    if isinstance(value, list) and any(isinstance(each, np.ndarray | dict | list) for each in value):
        return "\n".join(written(each) for each in value)
    value = value.item() if isinstance(value, np.ndarray | np.generic) else value
    return f"{value:.8g}" if isinstance(value, float) else str(value)


def _text(value: Any) -> str:
    text = harmless(value if isinstance(value, str) else written(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
