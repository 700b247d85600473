"""Grade a class: each submission on its own, and each gets a result whatever it is.

Workers run submissions, lay out what is kept of them, and write feedback. This process alone writes into the gradebook:
what has arrived meanwhile, in one transaction. It reads no submitted byte, and leaves alone what has not changed.
"""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from traitlets.config import Config

from autograder import gradebook, nbgrader_patches
from autograder.classroom import Classroom
from autograder.engines.forked import ForkedEngine
from autograder.errors import CourseError
from autograder.gradebook import Standing
from autograder.gradebook_batch import AutoGrades, NotRecorded
from autograder.grading import stamps
from autograder.grading.execute import Execute
from autograder.grading.feedback import write_feedback
from autograder.grading.graded import LayOut
from autograder.grading.log import logger
from autograder.grading.mended import MendedSubmission, mend, staging_folder
from autograder.grading.pool import Pool
from autograder.grading.record import record
from autograder.grading.staging import staging_root
from autograder.grading.submissions import Submission, Unreadable
from autograder.nbgrader_patches import LabCells
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.released import released_notebook
from autograder.sandbox import host

MOST_AT_ONCE = 64  # submissions that are recorded in one transaction
Step = Literal["run", "record", "feedback"]
Observer = Callable[[Submission, Step, Literal["begins", "ends"]], None]


@dataclass
class Outcome:
    """How the grading of one submission went.

    Args:
        word: "graded", "unchanged", "unreadable", or "failed" when the grader itself stumbled.
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
    """

    grades: AutoGrades
    word: str = "graded"
    message: str = ""
    seconds: float = 0.0


class Task(NamedTuple):
    """What a worker is given to do: to run a submission, or once it is recorded to write its feedback."""

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
        self._cells: dict[str, LabCells] = {}
        self._layouts: dict[tuple[str, Path], LayOut] = {}
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
        with self.staging() as staged:
            yield from self._in_workers(changed, staged)

    def prepare(self, lab: str) -> None:
        """Start and read what the submissions of a lab share, before the workers are forked.

        Raises:
            CourseError: the lab is not built, or submissions cannot be isolated here.
        """
        prepare(self.config, lab)
        self._cells[lab] = gradebook.lab_cells(self.config, lab)

    def staging(self) -> AbstractContextManager[Path]:
        """Return a block with an empty folder in which submissions are laid out."""
        return staging_root(self.classroom)

    def _in_workers(self, submissions: list[Submission], staged: Path) -> Iterator[Outcome]:
        with self._pool(staged, len(submissions)) as pool:
            for submission in submissions:
                pool.add(Task(submission))
            yield from self._as_they_come(pool, staged)

    def _pool(self, staged: Path, most: int) -> Pool:
        """Return the processes that run submissions and write feedback, no more than there is work for."""

        def take(task: Task) -> Ran | float:
            return self.run(task.submission, staged) if task.outcome is None else self.feedback(task.outcome)

        return Pool(take, max(min(self.jobs, most), 1))

    def _as_they_come(
        self, pool: Pool, staged: Path, more: Callable[[], Iterable[Submission]] = tuple
    ) -> Iterator[Outcome]:
        """Record what comes from the pool and yield outcomes, until it has nothing left.

        Args:
            more: returns submissions that are to be run too; called again and again.
        """
        arrived: list[tuple[Submission, Ran | Exception]] = []
        for task, result in pool.results():
            if task.outcome is None:
                arrived.append((task.submission, result))
            else:
                yield self.finish(task.outcome, result)
            if arrived and (len(arrived) >= MOST_AT_ONCE or not pool.ready()):
                for outcome in self.record(arrived, staged):
                    if outcome.word == "failed":
                        yield outcome
                    else:
                        pool.add(Task(outcome.submission, outcome), soon=True)
                arrived = []
            for submission in more():
                pool.add(Task(submission))

    def is_unchanged(self, submission: Submission) -> bool:
        """Return whether a submission has been graded just as it would be graded now."""
        self._stamps[submission] = stamps.new_stamp(self.classroom, submission, self.engine)
        stamp = stamps.read_stamp(stamps.stamp_path(self.classroom, submission))
        return not self.regrade and self._page(submission).exists() and stamp == self._stamps[submission]

    def run(self, submission: Submission, staged: Path) -> Ran:
        """Mend and run a submission, and lay out what is kept of it; return what the gradebook is to be told.

        Args:
            staged: a folder like ``DIR/autograded``, for what is laid out.
        """
        started = time.monotonic()
        with self._observed(submission, "run"):
            try:
                ran = Ran(self.lay_out(submission.lab, staged).graded(self.executed(submission, staged)))
            except Unreadable as problem:
                message = f"Nothing could be graded: {problem}."
                grades = self.lay_out(submission.lab, staged).nothing(submission, message)
                ran = Ran(grades, "unreadable", f"{problem}.")
        ran.seconds = time.monotonic() - started
        return ran

    def executed(self, submission: Submission, staged: Path) -> MendedSubmission:
        """Return a submission with what its cells showed and its files staged; see ``executed``."""
        return executed(self.config, submission, staged)

    def lay_out(self, lab: str, staged: Path) -> LayOut:
        """Return what lays out the submissions of a lab below a folder."""
        if (lab, staged) not in self._layouts:
            if lab not in self._cells:
                self._cells[lab] = gradebook.lab_cells(self.config, lab)
            self._layouts[lab, staged] = LayOut(self.config, lab, self._cells[lab], staged)
        return self._layouts[lab, staged]

    def record(self, arrived: Sequence[tuple[Submission, Ran | Exception]], staged: Path) -> list[Outcome]:
        """Write results of runs into gradebook and autograded notebooks; return the outcomes so far.

        Args:
            arrived: submissions with what ``run`` returned or raised.
            staged: the folder that ``run`` was given.
        """
        started = time.monotonic()
        outcomes: list[Outcome] = []
        ran: list[tuple[Submission, Ran]] = []
        for submission, result in arrived:
            if isinstance(result, CourseError):
                raise result
            if isinstance(result, Exception):
                outcomes.append(self._failed(submission, result))
            else:
                ran.append((submission, result))
        if ran:
            for submission, _ in ran:
                self.observe(submission, "record", "begins")
                stamps.stamp_path(self.classroom, submission).unlink(missing_ok=True)
                self._page(submission).unlink(missing_ok=True)
            outcomes += self._recorded(ran, staged)
            for submission, _ in ran:
                self.observe(submission, "record", "ends")
        seconds = (time.monotonic() - started) / len(arrived)
        for outcome in outcomes:
            outcome.seconds += seconds
            shutil.rmtree(staging_folder(staged, outcome.submission), ignore_errors=True)
        return outcomes

    def _recorded(self, ran: list[tuple[Submission, Ran]], staged: Path) -> list[Outcome]:
        try:
            results = record(self.config, [result.grades for _, result in ran], staged)
        except NotRecorded as error:
            return [self._failed(submission, error) for submission, _ in ran]
        outcomes = []
        for (submission, result), recorded in zip(ran, results):
            if isinstance(recorded, OSError):
                outcomes.append(self._failed(submission, recorded))
                continue
            before, after = recorded.before, recorded.standing.scores
            changed = {name: (before[name], score) for name, score in after.items() if before.get(name, score) != score}
            outcomes.append(
                Outcome(submission, result.word, result.message, result.seconds, changed, recorded.standing)
            )
        return outcomes

    def _failed(self, submission: Submission, error: Exception) -> Outcome:
        """Return the outcome of a submission that the grader could not grade; it stays as it was, and open."""
        logger.error("%s: could not be graded", submission, exc_info=error)
        return Outcome(submission, "failed", f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")

    def feedback(self, outcome: Outcome) -> float:
        """Write a student's feedback once the submission is recorded; return the seconds that it took."""
        started = time.monotonic()
        submission = outcome.submission
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
