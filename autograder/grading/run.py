"""Grade a class: each submission on its own, and each gets a result whatever it is.

Workers run submissions, lay out what is kept of them, and write feedback. This process alone writes into the gradebook:
what has arrived meanwhile, in one transaction. It reads no submitted byte, and leaves alone what has not changed.
"""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple, TypeGuard

from traitlets.config import Config

from autograder import gradebook, nbgrader_patches
from autograder.classroom import Classroom
from autograder.engines.forked import ForkedEngine
from autograder.engines.hidden import draw_ahead
from autograder.errors import CourseError, GraderFailure
from autograder.gradebook import Standing
from autograder.gradebook_batch import AutoGrades, NotRecorded, extend
from autograder.grading import stamps
from autograder.grading.execute import Execute
from autograder.grading.feedback import feedback_of, write_feedback
from autograder.grading.graded import LayOut
from autograder.grading.log import logger
from autograder.grading.mended import MendedSubmission, mend, staging_folder
from autograder.grading.pool import Pool
from autograder.grading.record import extensions_of, record
from autograder.grading.solutions import shown_since
from autograder.grading.staging import remove_left, staging_root
from autograder.grading.submissions import Submission, Unreadable
from autograder.limited import READING, RENDERING, Limit, OverLimit, within
from autograder.nbgrader_patches import LabCells
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.released import released_notebook
from autograder.sandbox import host

SMALL_CLASS = 10  # submissions: so few need not a sixth of all variants
MOST_AT_ONCE = 64  # submissions that are recorded in one transaction
MOST_IN_MEMORY = 10_000  # submissions of which anything is kept at a time, so that a class may be large
Step = Literal["run", "record", "feedback"]
Observer = Callable[[Submission, Step, Literal["begins", "ends"]], None]


@dataclass(slots=True)
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


class Grading:
    """One grading of a class.

    For one submission that is not ``unchanged`` the steps are ``run``, ``record``, ``feedback`` and ``finish``, in this
    order; ``outcomes`` takes them for many at once.

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
        self.lost: list[Submission] = []  # graded before, but the gradebook no longer held these points
        self._stamps: dict[Submission, dict[str, str]] = {}
        self._solutions_since: dict[str, datetime | None] = {}
        self._cells: dict[str, LabCells] = {}
        self._layouts: dict[tuple[str, Path], LayOut] = {}
        nbgrader_patches.install()

    def outcomes(self, submissions: Iterable[Submission]) -> Iterator[Outcome]:
        """Grade submissions and yield an outcome for each as it is finished; each gets a result, whatever it is."""
        all_of_them = iter(submissions)
        while some := list(islice(all_of_them, MOST_IN_MEMORY)):
            yield from self._outcomes_of(some)

    def _outcomes_of(self, submissions: list[Submission]) -> Iterator[Outcome]:
        unchanged = self.unchanged(submissions)
        changed, outdated = [], []
        for submission in submissions:
            if submission not in unchanged:
                changed.append(submission)
            elif self.page_is_outdated(submission):
                outdated.append(submission)
            else:
                self._stamps.pop(submission)
                yield Outcome(submission, "unchanged")
        if outdated:
            yield from self._new_pages(outdated)
        if not changed:
            remove_left(self.classroom)
            return
        for lab, size in Counter(submission.lab for submission in changed).items():
            self.prepare(lab, size)
        with self.staging() as staged:
            yield from self._in_workers(changed, staged)

    def _new_pages(self, submissions: list[Submission]) -> Iterator[Outcome]:
        """Write feedback again, and leave grades alone."""
        for lab in {submission.lab for submission in submissions}:
            self._prepare_records(lab)
        jobs = min(self.jobs, len(submissions))
        with self._pool(self.classroom.feedback, jobs) as pool:
            for submission in submissions:
                pool.add(Task(submission, Outcome(submission, "unchanged")))
            yield from self._as_they_come(pool, self.classroom.feedback, jobs, None)

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
        """Read what the gradebook knows of a lab, and render what its pages share."""
        self._cells[lab] = gradebook.lab_cells(self.config, lab)
        feedback_of(self.config).prepare(lab)

    def _in_workers(self, submissions: list[Submission], staged: Path) -> Iterator[Outcome]:
        """Grade all at once, and then alone what may have failed for a reason of the grader's or of its neighbours."""
        again: dict[Submission, Ran | Exception] = {}
        jobs = min(self.jobs, len(submissions))
        graded = 0
        for outcome in self._round(submissions, staged, jobs, again):
            graded += outcome.word == "graded"
            yield outcome
        mistakes = [result for result in again.values() if isinstance(result, CourseError)]
        if not graded and len(mistakes) > 1:  # then it is no matter of single submissions
            raise mistakes[0]
        for submission, result in again.items():
            logger.info("%s: is tried again alone", submission, exc_info=result if _failed(result) else None)
        if again:
            yield from self._round(list(again), staged, 1, None)

    def _round(
        self,
        submissions: list[Submission],
        staged: Path,
        jobs: int,
        again: dict[Submission, Ran | Exception] | None,
    ) -> Iterator[Outcome]:
        """Grade submissions in workers.

        Args:
            again: where those go, with what came of them, that are to be tried once more; None: all that comes counts.
        """

        with self._pool(staged, jobs) as pool:
            for submission in submissions:
                pool.add(Task(submission))
            yield from self._as_they_come(pool, staged, jobs, again)

    def _pool(self, staged: Path, jobs: int) -> Pool:
        """Return the processes that run submissions and write feedback."""

        def take(task: Task) -> Ran | float:
            if task.outcome is None:
                return self.run(task.submission, staged)
            return self.feedback(task.outcome, task.plain)

        return Pool(take, jobs, self._limit())

    def _as_they_come(
        self,
        pool: Pool,
        staged: Path,
        jobs: int,
        again: dict[Submission, Ran | Exception] | None,
        more: Callable[[], Iterable[Submission]] = tuple,
    ) -> Iterator[Outcome]:
        """Record what comes from the pool and yield outcomes, until it has nothing left; see ``_round``.

        Args:
            more: returns submissions that are to be run too; called again and again while few wait.
        """
        arrived: list[tuple[Submission, Ran | Exception]] = []
        for task, result in pool.results():
            if task.outcome is not None:
                if isinstance(result, Exception) and not task.plain:
                    logger.error("%s: its page is made plain", task.submission, exc_info=result)
                    pool.add(task._replace(plain=True), soon=True)
                else:
                    yield self.finish(task.outcome, result)
            elif again is not None and (_failed(result) or (result.troubled and jobs > 1)):
                again[task.submission] = result
                shutil.rmtree(staging_folder(staged, task.submission), ignore_errors=True)
            else:
                arrived.append((task.submission, result))
            if arrived and (len(arrived) >= MOST_AT_ONCE or not pool.ready()):
                for outcome in self.record(arrived, staged):
                    if outcome.word != "failed":
                        pool.add(Task(outcome.submission, outcome), soon=True)
                    elif again is not None:
                        again[outcome.submission] = RuntimeError(outcome.message)
                    else:
                        yield self._left_open(outcome)
                arrived = []
            if pool.waiting < MOST_AT_ONCE:  # else what comes faster than it is worked at would fill the disk
                for submission in more():
                    pool.add(Task(submission))

    def _limit(self) -> Limit:
        """Return what one step of a submission may use; the engine ends what a submission itself does long before."""
        return Limit(memory=2048, processor=300, wall=300 + 3 * Execute(config=self.config).submission_timeout)

    def unchanged(self, submissions: list[Submission]) -> set[Submission]:
        """Return what has been graded just as it would be graded now, and stands so in the gradebook."""
        extend(self.config, extensions_of(self.config, ((each.student, each.lab) for each in submissions)))
        stamped: dict[Submission, dict[str, str]] = {}
        for submission in submissions:
            self._stamps[submission] = stamps.new_stamp(self.classroom, submission, self.engine)
            stamp = stamps.read_stamp(stamps.stamp_path(self.classroom, submission))
            recorded = {name: stamp.pop(name, "") for name in stamps.RECORDED}
            if not self.regrade and self._page(submission).exists() and stamp == self._stamps[submission]:
                stamped[submission] = recorded
        standings = self._standings(list(stamped))
        held = {submission: stamps.recorded(standings.get(submission)) for submission in stamped}
        self.lost += [each for each in stamped if held[each][stamps.POINTS] != stamped[each][stamps.POINTS]]
        return {submission for submission in stamped if held[submission] == stamped[submission]}

    def _standings(self, submissions: list[Submission]) -> dict[Submission, Standing]:
        """Return what the gradebook holds of submissions."""
        standings: dict[Submission, Standing] = {}
        for lab in dict.fromkeys(submission.lab for submission in submissions):
            of_lab = {submission.student: submission for submission in submissions if submission.lab == lab}
            found = gradebook.standings_of(self.config, lab, list(of_lab))
            standings |= {of_lab[student]: standing for student, standing in found.items()}
        return standings

    def page_is_outdated(self, submission: Submission) -> bool:
        """Return whether a page was written before feedback showed the solutions of its lab."""
        if submission.lab not in self._solutions_since:
            self._solutions_since[submission.lab] = shown_since(self.config, submission.lab)
        since = self._solutions_since[submission.lab]
        return since is not None and self._page(submission).stat().st_mtime < since.timestamp()

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
        name = "" if isinstance(error, (GraderFailure, CourseError)) else f"{type(error).__name__}: "
        return Outcome(submission, "failed", f"{name}{' '.join(str(error).split())[:300]}")

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
            message = f"no feedback could be written: {type(result).__name__}"
            return self._left_open(Outcome(submission, "failed", message))
        outcome.seconds += result
        path, stamp = stamps.stamp_path(self.classroom, submission), self._stamps.pop(submission)
        if outcome.standing is None:  # only its page is new
            before = stamps.read_stamp(path)
            stamp |= {name: before.get(name, "") for name in stamps.RECORDED}
        else:
            stamp |= stamps.recorded(outcome.standing)
        outcome.standing = None  # written by now, and a large class has many
        stamps.write_stamp(path, stamp)
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


def _failed(result: object) -> TypeGuard[Exception]:
    return isinstance(result, Exception)


def executed(config: Config, submission: Submission, staged: Path) -> tuple[MendedSubmission, bool]:
    """Mend a submission, stage its files and run it beside them; return it, and whether it had trouble: see ``Ran``.

    Args:
        staged: a folder like ``DIR/submitted``.

    Raises:
        Unreadable: there is no notebook to run.
    """
    mended = read_within_limits(config, submission)
    return mended, Execute(config=config).run(mended.notebook, mended.stage(staged))


def read_within_limits(config: Config, submission: Submission) -> MendedSubmission:
    """Read and mend a submission within the limits.

    Raises:
        Unreadable: there is no notebook to run, or none that can be read so.
    """
    try:
        with within(READING):
            return mend(config, submission)
    except OverLimit as limit:
        raise Unreadable(f"the notebook could not be read within the limits: {limit}") from None


def prepare(config: Config, lab: str, size: int = 1, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Start what the submissions of a lab share, before the workers are forked.

    While a warm server starts, this process also draws hidden inputs, unless a class is so small that it needs few.

    Args:
        size: number of submissions.
        meanwhile: what else is to be done while a server starts.

    Raises:
        CourseError: submissions cannot be isolated here.
    """
    execute = Execute(config=config)
    engine = execute.new_engine()
    if isinstance(engine, ForkedEngine):
        cells = cells_with_tests(released_notebook(config, lab))
        need = engine.need(cells, execute.limits, execute.classroom)
        host.begin(need)
        meanwhile()
        if engine.sealed and size > SMALL_CLASS:
            for _ in draw_ahead(str(execute.classroom), cells):
                if not host.is_starting(need):
                    break
        try:
            host.server(need)
        except CourseError as problem:
            raise CourseError(f"{problem} Or grade without it: --unsafe.") from problem
    else:
        meanwhile()
