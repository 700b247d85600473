"""The steps of grading one submission, and for recording of many at once; ``run`` takes them for a class."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Literal

from traitlets.config import Config

from autograder import gradebook, nbgrader_patches
from autograder.classroom import Classroom
from autograder.errors import CourseError, in_words
from autograder.gradebook_batch import AutoGrades, NotRecorded, Recorded
from autograder.grading import stamps
from autograder.grading.execute import Execute
from autograder.grading.falls import Confirm, Fall, fall
from autograder.grading.feedback import feedback_of, write_feedback
from autograder.grading.graded import LayOut
from autograder.grading.log import logger
from autograder.grading.mended import MendedSubmission, staging_folder
from autograder.grading.outcome import Outcome, Ran
from autograder.grading.record import record
from autograder.grading.running import executed, prepare
from autograder.grading.staging import staging_root
from autograder.grading.submissions import Submission, Unreadable
from autograder.grading.unchanged import Stamps, Unchanged, page_of
from autograder.limited import RENDERING, Limit, within
from autograder.nbgrader_patches import LabCells
from autograder.notebooks.released import points_in, released_notebook
from autograder.undo import Undo
from autograder.words import command

Step = Literal["run", "record", "feedback"]
Observer = Callable[[Submission, Step, Literal["begins", "ends"]], None]


class _WouldFall(Exception):
    """Scores would fall that nobody confirmed."""

    def __init__(self, runs: list[tuple[Submission, Ran, Fall]]):
        super().__init__()
        self.runs = runs


class Steps:
    """The steps of one grading.

    For one submission that is not ``unchanged`` they are ``run``, ``record``, ``feedback`` and ``finish``, in this
    order.

    Args:
        regrade: grade again what has not changed.
        jobs: number of worker processes.
        observe: called as each step of a submission begins and ends, in the process that takes it.
    """

    verb = "grade"  # of `autograder`, as `autograder undo` names it

    def __init__(
        self,
        classroom: Classroom,
        config: Config,
        regrade: bool = False,
        jobs: int = 1,
        observe: Observer = lambda submission, step, event: None,
    ):
        self.classroom, self.config, self.regrade = classroom, config, regrade
        self.engine = Execute(config=config).engine_in_words()
        self.before = Unchanged(classroom, config, regrade)
        self.jobs, self.observe = jobs, observe
        self.confirm: Confirm | None = None  # asked before any score falls; without it scores may
        self.undo: Undo | None = None  # where what is changed is kept
        self._stamps: Stamps = {}
        self._held: list[tuple[Submission, Ran, Fall]] = []
        self._cells: dict[str, LabCells] = {}
        self._layouts: dict[tuple[str, Path], LayOut] = {}
        nbgrader_patches.install()

    def unchanged(self, submissions: list[Submission]) -> set[Submission]:
        """Return what has been graded just as it would be graded now; keep the stamps of all."""
        now = {each: stamps.new_stamp(self.classroom, each, self.engine) for each in submissions}
        self._stamps |= now
        return self.before.find(now)

    def page_is_outdated(self, submission: Submission) -> bool:
        """Return whether the page of an unchanged submission should show something else now."""
        return self.before.page_is_outdated(submission)

    def staging(self) -> AbstractContextManager[Path]:
        """Return a block with an empty folder in which submissions are laid out."""
        return staging_root(self.classroom)

    def prepare(self, lab: str, size: int = 1) -> None:
        """Start and read what the submissions of a lab share, before the workers are forked.

        Args:
            size: number of submissions.

        Raises:
            CourseError: the lab is not built, or submissions cannot be isolated here.
        """
        prepare(self.config, lab, size, lambda: self._prepare_records(lab))

    def _prepare_records(self, lab: str) -> None:
        """Read what the gradebook knows of a lab, and render what its pages share.

        Raises:
            CourseError: it knows another lab than the one that is built.
        """
        self._cells[lab] = cells = gradebook.lab_cells(self.config, lab)
        if points_in(released_notebook(self.config, lab)) != {
            cell.name: cell.max_score for cell in (*cells.grade_cells, *cells.task_cells)
        }:
            raise CourseError(
                f"{lab}: the gradebook has other exercises or points than the lab that is built here, as where an "
                "older gradebook was put back, so nothing was graded. Run "
                f"`{command(self.classroom.root, 'build')}`, which says what changes."
            )
        feedback_of(self.config).prepare(lab)

    def _limit(self) -> Limit:
        """Return what one step of a submission may use; the engine ends what a submission itself does long before."""
        return Limit(memory=2048, processor=300, wall=300 + 3 * Execute(config=self.config).submission_timeout)

    def run(self, submission: Submission, staged: Path) -> Ran:
        """Mend and run a submission, and lay out what is kept of it; return what the gradebook is to be told.

        Args:
            staged: a folder like ``DIR/autograded``, for what is laid out.
        """
        started = time.monotonic()
        with self._observed(submission, "run"):
            try:
                mended, troubled = self.executed(submission, staged)
                ran = Ran(self.lay_out(submission.lab, staged).graded(mended), troubled=troubled)
            except Unreadable as problem:
                message = f"Nothing could be graded: {problem}."
                grades = self.lay_out(submission.lab, staged).nothing(submission, message)
                ran = Ran(grades, "unreadable", f"{problem}.")
        ran.seconds = time.monotonic() - started
        return ran

    def as_it_stands(self, submission: Submission, staged: Path) -> Ran | OSError:
        """Lay out again what was kept of a submission; return that the gradebook is to be told of nothing new.

        Once that is recorded, what lateness costs is reckoned anew.
        """
        kept = stamps.stamp_path(self.classroom, submission).parent
        folder = staging_folder(staged, submission)
        try:
            shutil.copytree(kept, folder, symlinks=True, ignore=shutil.ignore_patterns(stamps.STAMP))
        except OSError as error:
            return error
        return Ran(AutoGrades(submission.student, submission.lab))

    def executed(self, submission: Submission, staged: Path) -> tuple[MendedSubmission, bool]:
        """Return a submission with what its cells showed; see ``executed``."""
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
            if isinstance(result, Exception):
                outcomes.append(self._failed(submission, result))
            else:
                ran.append((submission, result))
        while ran:
            try:
                outcomes += self._recorded(ran, staged)
                break
            except _WouldFall as held:  # nothing was recorded; now the others are
                self._held += held.runs
                ran = [each for each in ran if each[0] not in {submission for submission, _, _ in held.runs}]
        if self.undo is not None and not self.undo.begun:  # nothing was changed
            self.undo.forget_copy()
        seconds = (time.monotonic() - started) / len(arrived)
        for outcome in outcomes:
            outcome.seconds += seconds
            shutil.rmtree(staging_folder(staged, outcome.submission), ignore_errors=True)
        return outcomes

    def _before_it_counts(self, ran: list[tuple[Submission, Ran]], recorded: list[Recorded]) -> None:
        """See to what must be done before scores are kept that are written already; called again where that fails.

        Raises:
            _WouldFall: nobody confirmed that.
        """
        if self.confirm is not None:
            falls = [(each, result, fall(each, would_be)) for (each, result), would_be in zip(ran, recorded)]
            if held := [(each, result, lower) for each, result, lower in falls if lower is not None]:
                raise _WouldFall(held)
        if self.undo is not None and not self.undo.begun:
            self.undo.begin_with_copy(f"autograder {self.verb}")
        for submission, _ in ran:
            if self.undo is not None:
                for folder in (self.classroom.autograded, self.classroom.feedback):
                    self.undo.keep(folder / submission.student / submission.lab)
            stamps.stamp_path(self.classroom, submission).unlink(missing_ok=True)
            page_of(self.classroom, submission).unlink(missing_ok=True)

    def _recorded(self, ran: list[tuple[Submission, Ran]], staged: Path) -> list[Outcome]:
        for submission, _ in ran:
            self.observe(submission, "record", "begins")
        try:
            if self.undo is not None and not self.undo.begun:
                self.undo.copy()  # while nothing is written
            grades = [result.grades for _, result in ran]
            results = record(self.config, grades, staged, partial(self._before_it_counts, ran))
        except (NotRecorded, OSError, sqlite3.Error) as error:
            return [self._failed(submission, error) for submission, _ in ran]
        finally:
            for submission, _ in ran:
                self.observe(submission, "record", "ends")
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
        return Outcome(submission, "failed", in_words(error, self.classroom.root))

    def _left_open(self, outcome: Outcome) -> Outcome:
        """Note beside the graded notebook that the grader failed, for the report and the next run."""
        path = stamps.stamp_path(self.classroom, outcome.submission)
        self._stamps.pop(outcome.submission, None)
        try:
            stamps.note_failure(path, outcome.message)
        except OSError as error:  # a disk that is full is a failure that cannot be noted
            logger.error("%s: the failure could not be noted", outcome.submission, exc_info=error)
        return outcome

    def feedback(self, outcome: Outcome, plain: bool = False) -> float:
        """Write a student's feedback once the submission is recorded; return the seconds that it took.

        Args:
            plain: show texts as they are.

        Raises:
            OverLimit: a page that is not plain takes too much.
        """
        started = time.monotonic()
        submission = outcome.submission
        with self._observed(submission, "feedback"), within(RENDERING):
            write_feedback(self.config, submission.student, submission.lab, outcome.standing, plain)
        return time.monotonic() - started

    def finish(self, outcome: Outcome, result: float | Exception) -> Outcome:
        """Mark a submission as done, once its feedback is written too; return the final outcome.

        Args:
            result: what ``feedback`` returned or raised.
        """
        submission = outcome.submission
        if isinstance(result, Exception):
            logger.error("%s: no feedback", submission, exc_info=result)
            message = f"no feedback could be written: {in_words(result, self.classroom.feedback)}"
            return self._left_open(Outcome(submission, "failed", message))
        outcome.seconds += result
        path, stamp = stamps.stamp_path(self.classroom, submission), self._stamps.pop(submission)
        if outcome.standing is None:  # only its page is new
            before = stamps.read_stamp(path)
            stamp |= {name: before.get(name, "") for name in stamps.RECORDED}
            stamp[stamps.SHOWN] = self.before.shown.pop(submission, stamp[stamps.SHOWN])
        else:
            stamp |= stamps.recorded(outcome.standing)
        outcome.standing = None  # written by now, and a large class has many
        stamps.write_stamp(path, stamp)
        return outcome

    @contextmanager
    def _observed(self, submission: Submission, step: Step) -> Iterator[None]:
        self.observe(submission, step, "begins")
        try:
            yield
        finally:
            self.observe(submission, step, "ends")
