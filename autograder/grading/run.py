"""Grade a class: each submission on its own, and each gets a result whatever it is.

Workers run submissions, lay out what is kept of them, and write feedback. This process alone writes into the gradebook:
what has arrived meanwhile, in one transaction. It reads no submitted byte, and leaves alone what has not changed.
"""

import math
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeGuard

from autograder.errors import CourseError
from autograder.grading.log import logger
from autograder.grading.mended import staging_folder
from autograder.grading.outcome import Outcome, Ran, Task
from autograder.grading.pool import Pool
from autograder.grading.staging import remove_left
from autograder.grading.steps import Steps
from autograder.grading.submissions import Submission

MOST_AT_ONCE = 64  # submissions that are recorded in one transaction
PATIENCE = 2.0  # seconds that one which was run waits for others, so that they are recorded together
MOST_IN_MEMORY = 10_000  # submissions of which anything is kept at a time, so that a class may be large


class Grading(Steps):
    """One grading of a class: ``outcomes`` takes the steps of many submissions at once. See ``Steps``."""

    def outcomes(self, submissions: Iterable[Submission]) -> Iterator[Outcome]:
        """Grade submissions and yield an outcome for each as it is finished; each gets a result, whatever it is."""
        all_of_them = iter(submissions)
        while some := list(islice(all_of_them, MOST_IN_MEMORY)):
            yield from self._outcomes_of(some)

    def _outcomes_of(self, submissions: list[Submission]) -> Iterator[Outcome]:
        unchanged = self.unchanged(submissions)
        changed, due, outdated = [], [], []
        for submission in submissions:
            if submission in self.before.due:
                due.append(submission)
            elif submission not in unchanged:
                changed.append(submission)
            elif self.page_is_outdated(submission):
                outdated.append(submission)
            else:
                self._stamps.pop(submission)
                yield Outcome(submission, "unchanged")
        if outdated:
            yield from self._new_pages(outdated)
        if not changed and not due:
            remove_left(self.classroom)
            return
        for lab, size in Counter(submission.lab for submission in changed).items():
            self.prepare(lab, size)
        with self.staging() as staged:
            if due:
                yield from self._new_penalties(due, staged)
            if changed:
                yield from self._in_workers(changed, staged)
            if self._held:
                yield from self._after_asking(staged)

    def _new_penalties(self, submissions: list[Submission], staged: Path) -> Iterator[Outcome]:
        """Reckon anew what lateness costs and write feedback again; nothing is run."""
        for lab in {submission.lab for submission in submissions}:
            self._prepare_records(lab)
        jobs = min(self.jobs, len(submissions))
        with self._pool(staged, jobs) as pool:
            for first in range(0, len(submissions), MOST_AT_ONCE):
                some = submissions[first : first + MOST_AT_ONCE]
                arrived: list[tuple[Submission, Ran | Exception]] = [
                    (each, self.as_it_stands(each, staged)) for each in some
                ]
                yield from self._record_arrived(arrived, staged, pool, None)
            yield from self._as_they_come(pool, staged, jobs, None)

    def _new_pages(self, submissions: list[Submission]) -> Iterator[Outcome]:
        """Write feedback again, and leave grades alone."""
        for lab in {submission.lab for submission in submissions}:
            self._prepare_records(lab)
        jobs = min(self.jobs, len(submissions))
        with self._pool(self.classroom.feedback, jobs) as pool:
            for submission in submissions:
                pool.add(Task(submission, Outcome(submission, "unchanged")))
            yield from self._as_they_come(pool, self.classroom.feedback, jobs, None)

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

    def _after_asking(self, staged: Path) -> Iterator[Outcome]:
        """Record what was held back if that is confirmed, else leave it as it was."""
        held, self._held = self._held, []
        confirm, self.confirm = self.confirm, None
        try:
            if confirm is not None and confirm([lower for _, _, lower in held]):
                with self._pool(staged, 1) as pool:
                    for first in range(0, len(held), MOST_AT_ONCE):
                        for outcome in self.record([each[:2] for each in held[first : first + MOST_AT_ONCE]], staged):
                            if outcome.word == "failed":
                                yield self._left_open(outcome)
                            else:
                                pool.add(Task(outcome.submission, outcome))
                    yield from self._as_they_come(pool, staged, 1, None)
                return
        finally:
            self.confirm = confirm
        for submission, _, lower in held:
            self._stamps.pop(submission, None)
            shutil.rmtree(staging_folder(staged, submission), ignore_errors=True)
            yield Outcome(submission, "kept", f"its score would fall from {lower.before:g} to {lower.after:g}")

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
        due = 0.0
        while pool.unfinished or arrived:
            for task, result in pool.take(max(due - time.monotonic(), 0.0) if arrived else math.inf):
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
                    due = due if arrived else time.monotonic() + PATIENCE
                    arrived.append((task.submission, result))
            if arrived and (len(arrived) >= MOST_AT_ONCE or pool.idle or time.monotonic() >= due):
                yield from self._record_arrived(arrived, staged, pool, again)
                arrived = []
            if pool.waiting < MOST_AT_ONCE:  # else what comes faster than it is worked at would fill the disk
                for submission in more():
                    pool.add(Task(submission))

    def _record_arrived(
        self,
        arrived: list[tuple[Submission, Ran | Exception]],
        staged: Path,
        pool: Pool,
        again: dict[Submission, Ran | Exception] | None,
    ) -> Iterator[Outcome]:
        """Record what was run and have its feedback written; yield what is left open."""
        for outcome in self.record(arrived, staged):
            if outcome.word != "failed":
                pool.add(Task(outcome.submission, outcome), soon=True)
            elif again is not None:
                again[outcome.submission] = RuntimeError(outcome.message)
            else:
                yield self._left_open(outcome)


def _failed(result: object) -> TypeGuard[Exception]:
    return isinstance(result, Exception)
