"""What passes between the process that records and its workers, and what becomes of each submission."""

from dataclasses import dataclass, field
from typing import NamedTuple

from autograder.gradebook import Standing
from autograder.gradebook_batch import AutoGrades
from autograder.grading.submissions import Submission


@dataclass(slots=True)
class Outcome:
    """How the grading of one submission went.

    Args:
        word: "graded", "unchanged", "unreadable", "kept" where its score would fall and nobody confirmed that, or
            "failed" when the grader itself stumbled.
        changed: points before and after, by grade id, where a regrade gave other ones.
        standing: what the gradebook says of it once it is recorded.
    """

    submission: Submission
    word: str
    message: str = ""
    seconds: float = 0.0
    changed: dict[str, tuple[float, float]] = field(default_factory=dict)
    standing: Standing | None = None


@dataclass
class Ran:
    """What the run of a submission gave: what the gradebook is to be told, and how the run went.

    Args:
        word: "graded" or "unreadable"; the message says why nothing could be graded.
        troubled: whether a cell was stopped or ended its process: other work on the machine may have had a part in it.
    """

    grades: AutoGrades
    word: str = "graded"
    message: str = ""
    seconds: float = 0.0
    troubled: bool = False


class Task(NamedTuple):
    """What a worker is given to do: to run a submission, or once it is recorded to write its feedback.

    Args:
        plain: write a page that shows texts as they are, since no other could be made of them.
    """

    submission: Submission
    outcome: Outcome | None = None
    plain: bool = False
