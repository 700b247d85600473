"""What a test asked one submission, what it expected and what came back: the answer to an appeal."""

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from autograder.authoring.exercise import exercises_of
from autograder.engines.base import kernel_environment
from autograder.engines.forked import ForkedEngine
from autograder.engines.public import public_test
from autograder.errors import CourseError
from autograder.files import temporary_folder
from autograder.grading.execute import Execute
from autograder.grading.running import read_within_limits
from autograder.grading.submissions import Submission
from autograder.notebooks.cells import cells_with_tests, is_test, nbgrader_data, submission_digest
from autograder.notebooks.released import parameters, released_notebook
from course_utils.judging.assess import is_right
from course_utils.protocol import Case, Reply, Test
from course_utils.recording import recorded_tests
from course_utils.verdict import Verdict

PUBLIC_DRAWS = 8  # drawn one after the other until one fails


@dataclass(frozen=True)
class Answer:
    """One case, and what came back.

    Args:
        names: of the arguments of the student's function, in order, where it is known.
        right: None where all cases are judged together, by a property.
    """

    case: Case
    reply: Reply
    names: tuple[str, ...]
    right: bool | None

    @property
    def inputs(self) -> dict[str, Any]:
        """What the case gives to the student's code, by name."""
        asked = self.case["arguments"]
        given = asked.get("arguments")
        if not isinstance(given, list):
            return dict(asked)
        names = self.names if len(self.names) == len(given) else [f"argument {n}" for n in range(1, len(given) + 1)]
        return dict(zip(names, given, strict=True))


@dataclass(frozen=True)
class Explanation:
    """How a test judged a submission.

    Args:
        public: whether the cases are such as anybody may see.
        answers: those that are wrong first.
    """

    submission: Submission
    test: Test
    verdict: Verdict
    public: bool
    answers: list[Answer] = field(default_factory=list)

    @property
    def parts(self) -> dict[str, tuple[int, int]]:
        """How many cases of each part are right, and how many there are; empty where all are judged together."""
        of_parts = Counter(answer.case["part"] for answer in self.answers if answer.right is not None)
        right = Counter(answer.case["part"] for answer in self.answers if answer.right)
        return {part: (right[part], count) for part, count in of_parts.items()}


class _Replaying(ForkedEngine):
    """Runs a submission as grading does, and keeps what one test heard.

    Args:
        like: the engine that grades. public: a test with public cases, in place of the hidden one.
    """

    def __init__(self, like: ForkedEngine, public: Test | None):
        super().__init__(like.sealed, like.isolate, like.stays, like.accepted)
        self.public = public
        self.heard: tuple[Test, list[Reply], Verdict] | None = None

    def test(self, classroom: str, lab: str, grade_id: str, submission: str) -> tuple[Test, bool]:
        return (self.public, True) if self.public else super().test(classroom, lab, grade_id, submission)

    def judged(self, test: Test, replies: list[Reply], verdict: Verdict) -> None:
        self.heard = test, replies, verdict


def explain(config: Config, submission: Submission, grade_id: str, public: bool = False) -> Explanation:
    """Run a submission again and ask one test.

    Args:
        public: ask cases that anybody may see: those of the student's own check, or else others that fail too. Without
            it the cases are the hidden ones that graded this submission.

    Raises:
        Unreadable: there is no notebook to run.
        CourseError: this classroom's engine does not judge tests outside the student's process; or, with ``public``, no
            public case fails.
    """
    released = released_notebook(config, submission.lab)
    if grade_id not in cells_with_tests(released) or grade_id not in recorded_tests():
        known = ", ".join(cells_with_tests(released))
        raise CourseError(f"{submission.lab} has no exercise {grade_id!r}; it has {known}.")
    engine = Execute(config=config).new_engine()
    if not isinstance(engine, ForkedEngine) or not engine.sealed:
        raise CourseError("only what the engine 'sealed' grades can be explained: elsewhere no replies are kept.")
    mended = read_within_limits(config, submission)
    names = parameters(released, recorded_tests()[grade_id][1]["object"])
    with temporary_folder("explained-") as root:
        folder = mended.stage(root)
        for test in _public_tests(submission.lab, grade_id) if public else [None]:
            replaying = _Replaying(engine, test)
            found = _replay(config, replaying, mended.notebook, folder, grade_id)
            if not public or found[2].score < found[2].max_score:
                return Explanation(submission, found[0], found[2], public, _answers(*found[:2], names))
    raise CourseError(f"{submission}, {grade_id}: no public case fails. Leave out --public to see the hidden ones.")


def _public_tests(lab: str, grade_id: str) -> Iterator[Test]:
    """Yield tests that hold nothing of the classroom's secret: the recorded one, then others drawn alike."""
    yield public_test(grade_id)
    exercise = next(each for each in exercises_of(lab) if grade_id in each.grade_ids())
    for number in range(PUBLIC_DRAWS):
        yield exercise.test(exercise.grade_ids()[grade_id], f"public {number}".encode(), "check")


def _replay(
    config: Config, engine: _Replaying, notebook: NotebookNode, folder: Path, grade_id: str
) -> tuple[Test, list[Reply], Verdict]:
    """Run a notebook with this test cell alone.

    Raises:
        CourseError: the test was not reached: the message says why.
    """
    execute, digest = Execute(config=config), submission_digest(notebook)
    alone = nbformat.from_dict(copy.deepcopy(notebook))
    alone.cells = [cell for cell in alone.cells if not is_test(cell) or nbgrader_data(cell)["grade_id"] == grade_id]
    environment = kernel_environment(execute.classroom, folder, digest)
    incidents = engine.run(alone, execute.limits, folder, execute.prelude, environment)
    if engine.heard is None:
        reasons = " ".join(incidents.values()) or "its cells did not get so far."
        raise CourseError(f"the test of {grade_id} heard nothing: {reasons}")
    return engine.heard


def _answers(test: Test, replies: list[Reply], names: tuple[str, ...]) -> list[Answer]:
    answers = []
    for case, reply in zip(test["cases"], replies):
        right = None
        if not test.get("judge"):
            right = is_right(test, case, reply)
        answers.append(Answer(case, reply, names, right))
    return sorted(answers, key=lambda answer: answer.right is not False)
