"""Grade a class: each submission on its own, and each gets a result whatever it is.

Workers run submissions and write feedback; this process alone writes into the gradebook. What has not changed since it
was graded is left alone.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from traitlets.config import Config

from autograder import gradebook, nbgrader_patches
from autograder.classroom import Classroom
from autograder.engines.forked import ForkedEngine
from autograder.errors import CourseError
from autograder.grading import stamps
from autograder.grading.execute import Execute
from autograder.grading.feedback import write_feedback
from autograder.grading.log import logger
from autograder.grading.mended import MendedSubmission, mend, staging_folder
from autograder.grading.pool import Pool
from autograder.grading.record import record, record_failure
from autograder.grading.submissions import Submission, Unreadable
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.released import released_notebook
from autograder.sandbox import host

Step = Literal["run", "record", "feedback"]
Observer = Callable[[Submission, Step, Literal["begins", "ends"]], None]


@dataclass
class Outcome:
    """How the grading of one submission went.

    Args:
        word: "graded", "unchanged", "unreadable", or "failed" when the grader itself stumbled.
        changed: points before and after, by grade id, where a regrade gave other ones.
    """

    submission: Submission
    word: str
    message: str = ""
    seconds: float = 0.0
    changed: dict[str, tuple[float, float]] = field(default_factory=dict)


class _Task(NamedTuple):
    """What a worker is given to do; the outcome so far is there once the submission is recorded."""

    step: Step
    submission: Submission
    outcome: Outcome | None = None


class Grading:
    """One grading of a class.

    For one submission the steps are ``is_unchanged``, ``run``, ``record``, ``feedback`` and ``finish``, in this order;
    ``outcomes`` takes them for many at once.

    Args:
        regrade: grade again what has not changed.
        jobs: number of worker processes.
        observe: called as each step of a submission begins and ends, in the process that takes it.
    """

    def __init__(
        self,
        classroom: Classroom,
        config: Config,
        regrade: bool = False,
        jobs: int = 1,
        observe: Observer = lambda submission, step, event: None,
    ):
        self.classroom, self.config, self.regrade, self.jobs, self.observe = classroom, config, regrade, jobs, observe
        self.engine = Execute(config=config).engine_in_words()
        self._stamps: dict[Submission, dict[str, str]] = {}
        self._scores_before: dict[Submission, dict[str, float]] = {}
        nbgrader_patches.install()

    def outcomes(self, submissions: Iterable[Submission]) -> Iterator[Outcome]:
        """Grade submissions and yield an outcome for each as it is finished; each gets a result, whatever it is."""
        changed = []
        for submission in submissions:
            if self.is_unchanged(submission):
                yield Outcome(submission, "unchanged")
            else:
                changed.append(submission)
        if not changed:
            return
        for lab in dict.fromkeys(submission.lab for submission in changed):
            self.prepare(lab)
        with tempfile.TemporaryDirectory(prefix="staged-", ignore_cleanup_errors=True) as name:
            yield from self._in_workers(changed, Path(name))

    def _in_workers(self, submissions: list[Submission], staged: Path) -> Iterator[Outcome]:
        def take(task: _Task) -> float:
            return self.run(task.submission, staged) if task.step == "run" else self.feedback(task.submission)

        with Pool(take, min(self.jobs, len(submissions))) as pool:
            for submission in submissions:
                pool.add(_Task("run", submission))
            for task, result in pool.results():
                if task.outcome is None:
                    outcome = self.record(task.submission, staged, result)
                    pool.add(_Task("feedback", task.submission, outcome), soon=True)
                else:
                    yield self.finish(task.outcome, result)

    def prepare(self, lab: str) -> None:
        """Start what the submissions of a lab share; see ``prepare``."""
        prepare(self.config, lab)

    def is_unchanged(self, submission: Submission) -> bool:
        """Return whether a submission has been graded just as it would be graded now."""
        self._stamps[submission] = stamps.new_stamp(self.classroom, submission, self.engine)
        stamp = stamps.read_stamp(stamps.stamp_path(self.classroom, submission))
        return not self.regrade and self._page(submission).exists() and stamp == self._stamps[submission]

    def run(self, submission: Submission, staged: Path) -> float:
        """Mend and run a submission, and lay it out for ``record``; return the seconds that it took.

        Args:
            staged: a folder like ``DIR/submitted``, for what is laid out.

        Raises:
            Unreadable: there is no notebook to run.
        """
        started = time.monotonic()
        with self._observed(submission, "run"):
            mended = self.executed(submission, staged)
            mended.write_notebook(staging_folder(staged, submission))
        return time.monotonic() - started

    def executed(self, submission: Submission, staged: Path) -> MendedSubmission:
        """Return a submission with what its cells showed and its files staged; see ``executed``."""
        return executed(self.config, submission, staged)

    def record(self, submission: Submission, staged: Path, result: float | Exception) -> Outcome:
        """Write the result of a run into gradebook and autograded notebook; return the outcome so far.

        Args:
            result: what ``run`` returned or raised.
        """
        started = time.monotonic()
        with self._observed(submission, "record"):
            stamps.stamp_path(self.classroom, submission).unlink(missing_ok=True)
            self._page(submission).unlink(missing_ok=True)
            gradebook.name_student(self.config, submission.student)
            self._scores_before[submission] = gradebook.scores(self.config, submission.student, submission.lab)
            outcome = self._record(submission, staged, result)
            shutil.rmtree(staging_folder(staged, submission), ignore_errors=True)
        outcome.seconds += time.monotonic() - started
        return outcome

    def _record(self, submission: Submission, staged: Path, result: float | Exception) -> Outcome:
        try:
            if isinstance(result, Exception):
                raise result
            record(self.config, submission, staged)
            return Outcome(submission, "graded", seconds=result)
        except Unreadable as problem:
            record_failure(self.config, submission, f"Nothing could be graded: {problem}.")
            return Outcome(submission, "unreadable", f"{problem}.")
        except CourseError:
            raise
        except Exception as error:
            logger.error("%s: could not be graded", submission, exc_info=error)
            record_failure(
                self.config, submission, "The grader could not read this submission; your instructor was told."
            )
            return Outcome(submission, "failed", f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")

    def feedback(self, submission: Submission) -> float:
        """Write a student's feedback; return the seconds that it took."""
        started = time.monotonic()
        with self._observed(submission, "feedback"):
            write_feedback(self.config, submission.student, submission.lab)
        return time.monotonic() - started

    def finish(self, outcome: Outcome, result: float | Exception) -> Outcome:
        """Mark a submission as done, once its feedback is written too; return the final outcome.

        Args:
            result: what ``feedback`` returned or raised.
        """
        submission = outcome.submission
        if isinstance(result, Exception):
            logger.error("%s: no feedback", submission, exc_info=result)
            return Outcome(submission, "failed", f"no feedback could be written: {type(result).__name__}")
        outcome.seconds += result
        before = self._scores_before[submission]
        after = gradebook.scores(self.config, submission.student, submission.lab)
        outcome.changed = {
            name: (before[name], score) for name, score in after.items() if before.get(name, score) != score
        }
        if outcome.word != "failed":
            stamps.write_stamp(stamps.stamp_path(self.classroom, submission), self._stamps[submission])
        return outcome

    def _page(self, submission: Submission) -> Path:
        return self.classroom.feedback / submission.student / submission.lab / f"{submission.lab}.html"

    @contextmanager
    def _observed(self, submission: Submission, step: Step) -> Iterator[None]:
        self.observe(submission, step, "begins")
        try:
            yield
        finally:
            self.observe(submission, step, "ends")


def executed(config: Config, submission: Submission, staged: Path) -> MendedSubmission:
    """Mend a submission, stage its files and run it beside them.

    Args:
        staged: a folder like ``DIR/submitted``.

    Raises:
        Unreadable: there is no notebook to run.
    """
    mended = mend(config, submission)
    Execute(config=config).run(mended.notebook, mended.stage(staged))
    return mended


def prepare(config: Config, lab: str) -> None:
    """Start what the submissions of a lab share, before the workers are forked.

    Raises:
        CourseError: submissions cannot be isolated here.
    """
    execute = Execute(config=config)
    engine = execute.new_engine()
    if isinstance(engine, ForkedEngine):
        cells = cells_with_tests(released_notebook(config, lab))
        try:
            host.server(engine.need(cells, execute.limits, execute.classroom))
        except CourseError as problem:
            raise CourseError(f"{problem} Or grade without a sandbox: --unsafe.") from problem
