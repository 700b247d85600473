"""Engines by fork: a warm server forks a process for each submission.

*Sealed*: ordinary cells run in the student's process, test cells are judged here, outside it. *Plain*: test cells, of
any course, run in the student's process too.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from nbformat import NotebookNode

from autograder.engines.base import Incidents, Limits, RunState, output_cut, runnable
from autograder.engines.hidden import hidden_test
from autograder.engines.public import PublicChecks
from autograder.errors import CourseError, GraderFailure
from autograder.files import Folder
from autograder.limited import JUDGING, OverLimit, within
from autograder.limits import MOST_FILE_BYTES, MOST_FILES, WAITING
from autograder.notebooks.cells import SUBMISSION, cells_with_tests, is_solution, is_test, nbgrader_data
from autograder.notebooks.findings import add_case, add_finding, failed_checks
from autograder.notebooks.verdicts import gives_verdict, put, zero
from autograder.sandbox.host import Need, in_sight, start_student
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.student_process import Ended, StudentProcess
from autograder.words import command
from course_utils.checks import run_test
from course_utils.protocol import Reply, Test
from course_utils.recording import recorded_tests
from course_utils.verdict import Verdict

FOLDER = "/tmp/work"  # where a submission's cells run, inside its sandbox
FULL_CELLS = 10  # a submission keeps as much output as this many cells may have
MOST_LINES = 256  # of a notebook that an error on hidden inputs may name; which one tells no more than eight bits
ODD = "A cell that was right the first time failed when the cells were run again for the tests."


class ForkedEngine:
    """Runs each submission in a process forked from a warm server; see ``Engine``.

    Args:
        sealed: judge test cells outside the student's process.
        isolate: put each submission into a sandbox.
        stays: seconds that a warm server stays after the last submission, for the next grading.
        accepted: isolations of the sandbox without which submissions are run all the same.
    """

    def __init__(
        self, sealed: bool = True, isolate: bool = True, stays: float = 0.0, accepted: tuple[str, ...] = ()
    ) -> None:
        self.sealed, self.isolate, self.stays, self.accepted = sealed, isolate, stays, accepted

    def run(
        self, nb: NotebookNode, limits: Limits, folder: Path, prelude: str, environment: dict[str, str]
    ) -> Incidents:
        """Run a notebook in place and return its incidents; see ``Engine.run``."""
        run = _Run(self, nb, limits, folder, prelude, environment["CLASSROOM"], environment.get(SUBMISSION, ""))
        try:
            run.all()
        finally:
            run.close()
        return run.result()

    def test(self, classroom: str, lab: str, grade_id: str, submission: str) -> tuple[Test, bool]:
        """Return the test that judges a submission, and whether what is said of it may quote its inputs."""
        return hidden_test(classroom, lab, grade_id, submission), False

    def judged(self, test: Test, replies: list[Reply], verdict: Verdict) -> None:
        """Hear how a test came out: what was asked first of the student's code, and what became of it."""

    def need(self, grade_ids: Iterable[str], limits: Limits, classroom: str | Path) -> Need:
        """Return what the warm server must offer for submissions with these test cells."""
        recorded = recorded_tests()
        root = Path(classroom).resolve()
        frameworks = {need for name in grade_ids if name in recorded for need in recorded[name][1]["needs"]}
        return Need(
            tuple(sorted(frameworks)),
            limits.memory,
            self.isolate,
            "" if self.sealed else str(classroom),
            str(root) if self.isolate and in_sight(root) else "",
            cpu=2 * limits.submission,
            stays=self.stays,
            accepted=self.accepted,
        )


class _Run(RunState):
    """One run of one notebook and its student processes."""

    def __init__(
        self,
        engine: ForkedEngine,
        nb: NotebookNode,
        limits: Limits,
        folder: Path,
        prelude: str,
        classroom: str,
        submission: str,
    ) -> None:
        super().__init__(nb, limits)
        self.engine, self.classroom, self.submission = engine, classroom, submission
        self.prelude = f"__import__('os').environ['{SUBMISSION}'] = {submission!r}\n{prelude}"
        self.files = _read_files(folder)
        self.need = engine.need(cells_with_tests(nb), limits, classroom)
        self.student: StudentProcess | None = None
        self.ready: list[StudentProcess] = []  # processes that wait for their turn
        self.keep_outputs, self.asked = True, False
        self.spared = 0.0  # see ``StudentProcess``: of processes that are gone
        self.execution_count = 0
        self.room = FULL_CELLS * limits.output
        self.lines = _lines(nb)
        self.public = PublicChecks(failed_checks(nb))

    def all(self) -> None:
        """Run every cell in order.

        Sealed, this takes two processes: what the cells of one show is kept, and it is asked what anybody may see; the
        other is asked with hidden inputs, and what its cells show is dropped, and so is what becomes of them. So no
        page holds what only a probe could have told a student's code. The second process is made while the cells run
        in the first.
        """
        if self.engine.sealed:
            self.ready = [start_student(self.need), start_student(self.need)]
            self._pass(keep_outputs=True)
        self._pass(keep_outputs=not self.engine.sealed)

    def _pass(self, keep_outputs: bool) -> None:
        """Run all cells in a process of their own.

        Args:
            keep_outputs: whether to keep what ordinary cells show.
        """
        self.stop()
        self.begin()
        self.spared = 0.0
        self.keep_outputs, self.asked = keep_outputs, not keep_outputs
        for index, cell in enumerate(self.nb.cells):
            if not runnable(cell):
                continue
            if is_test(cell) and self.engine.sealed and not self.asked:
                self._check(nbgrader_data(cell)["grade_id"])
                continue
            if self.out_of_time:
                self.not_run(index, self.limits.submission_over())
            elif self.student is None and not self._start():
                self.not_run(index, self.last_death)
            elif is_test(cell) and self.engine.sealed:
                self._run_test(index, cell)
            else:
                self._execute(index, cell)

    def _seconds(self) -> float:
        """Return how long the next request may take."""
        return max(min(self.limits.cell, self.end + self._all_spared - monotonic()), 0.01)

    @property
    def out_of_time(self) -> bool:
        """Whether the submission has used up its time; what its processes spent waiting counts in part."""
        return monotonic() >= self.end + self._all_spared

    @property
    def _all_spared(self) -> float:
        return self.spared + (self.student.spared if self.student else 0.0)

    @property
    def _running(self) -> StudentProcess:
        """The student's process, where there is one."""
        assert self.student is not None
        return self.student

    def _start(self) -> bool:
        """Start a student's process and bring it to where an earlier one was; return whether there is one.

        Raises:
            GraderFailure: none could be started.
        """
        while self.starts > 0 and not self.out_of_time:
            self.starts -= 1
            self.student = self.ready.pop() if self.ready else start_student(self.need)
            index = None
            try:
                self.student.send_files(self.files, FOLDER, self._seconds())
                for index in self.done:
                    self.student.run(self.source_again(index), self._seconds(), None)
            except Ended as death:
                self.stop()
                if index is not None:
                    self.blame(index)
                elif self.starts == 0 and not self.out_of_time:  # nothing of the student's ran in any of them
                    raise GraderFailure(f"no process could be started for the submission: {death}") from death
            else:
                return True
        return False

    def _execute(self, index: int, cell: NotebookNode) -> None:
        """Run an ordinary cell, and store each output as it comes."""
        if not self.keep_outputs:
            self._repeat(index)
            return
        room = min(self.limits.output, self.room)
        outputs = Outputs(room)
        self.execution_count += 1
        try:
            if is_test(cell) and gives_verdict(cell):
                self._running.run(self.prelude, self._seconds(), None, history=False)
            interrupted = self._running.run(cell.source, self._seconds(), outputs)
        except Ended as death:
            self._end_by(index, death)
        else:
            if interrupted:
                self.incidents[index] = self._late()
                self.killers[index] = 1
            elif outputs.truncated:
                self.incidents[index] = output_cut(room)
        self.room -= room - max(outputs.room, 0)
        cell.execution_count = self.execution_count
        cell.outputs = outputs.kept
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output["execution_count"] = self.execution_count
        if not is_test(cell):
            self.done.append(index)

    def _late(self) -> str:
        """Say why a cell was interrupted, without blame where the machine may have been busy."""
        if self._running.waited:
            return f"it was not done after {WAITING * self.limits.cell:g} s, most of which it waited, and was stopped."
        return self.limits.cell_over()

    def _repeat(self, index: int) -> None:
        """Run a cell again in the process that is asked; what it shows is dropped."""
        try:
            if self._running.run(self.source_again(index), self._seconds(), None):
                self.killers[index] = 1
                self._odd(index)
        except Ended as death:
            self._end_by(index, death)
        self.done.append(index)

    def not_run(self, index: int, reason: str) -> None:
        """Note why a cell was not run; of a process that was asked, only what concerns a test."""
        if self._may_tell(index):
            super().not_run(index, reason)

    def died(self, index: int, reason: str) -> None:
        """Note that the process ended; of a process that was asked, only in which test."""
        if self._may_tell(index):
            super().died(index, reason)
            return
        self.last_death = f"the Python process had ended, and was not started again after {self.limits.restarts} times."
        self.blame(index)
        self._odd(index)

    def _may_tell(self, index: int) -> bool:
        """Return whether a page may say what became of a cell: code that was asked might choose it to tell what of."""
        return not self.asked or is_test(self.nb.cells[index])

    def _odd(self, index: int) -> None:
        """Say, without naming it, that some cell behaved otherwise in the process that is asked."""
        if index not in self.incidents:
            add_finding(self.nb, ODD)

    def _end_by(self, index: int, death: Ended) -> None:
        self.died(index, f"{death}.")
        self.stop()

    def _run_test(self, index: int, cell: NotebookNode) -> None:
        """Judge one test cell outside the student's process, from the instructor's definition alone."""
        grade_id, points = cell.metadata.nbgrader.grade_id, cell.metadata.nbgrader.points
        if grade_id not in recorded_tests():
            raise CourseError(
                f"the test cell {grade_id!r} belongs to no exercise that is defined here. If the lab was changed, run "
                f"`{command(Path(self.classroom), 'build')}`, or put the exercise back. (Only a course that defines "
                "none is graded with the engine 'plain', in which a submission can see its tests.)"
            )
        lab, _ = recorded_tests()[grade_id]
        deadline = monotonic() + self._seconds()
        timed_out = False
        first: list[Reply] = []

        def ask(name: str | list[str], probe: str, cases: list[dict[str, Any]]) -> list[Reply]:
            nonlocal timed_out
            replies = self._running.ask(name, probe, cases, max(deadline - monotonic(), 0.01))
            if replies is None:
                timed_out = True
                return [{"error": {"type": "TimeoutError", "message": "", "line": ""}} for _ in cases]
            first.extend(() if first else replies)
            for reply in replies:
                if "error" in reply and reply["error"]["line"] not in self.lines:
                    reply["error"]["line"] = ""  # not a line of this notebook, so it may tell anything
            return replies

        test, public = self.engine.test(self.classroom, lab, grade_id, self.submission)
        try:
            with np.errstate(all="ignore"), within(JUDGING):
                result = run_test("grade", test, points, reveal=public, ask=ask)
        except Ended as death:
            self._end_by(index, death)
            return
        except OverLimit as limit:
            result = zero(grade_id, points, f"the answers of your code could not be judged within the limits: {limit}.")
        except Exception as error:
            raise GraderFailure(f"the test {grade_id!r} itself failed: {type(error).__name__}: {error}") from error
        if timed_out:
            self.killers[index] = 1
            why = "it raised KeyboardInterrupt." if self._running.gave_up else self._late()
            result = zero(grade_id, points, f"the test did not finish: {why}")
        self.engine.judged(test, first, result)
        put(cell, result)
        if (case := self.public.case(grade_id, result)) is not None:
            add_case(self.nb, grade_id, case)

    def _check(self, grade_id: str) -> None:
        """Ask what the student's own check asks; what becomes of it changes nothing of the submission's limits."""
        if self.student is None or self.out_of_time:
            return
        try:
            self.end += self.public.ask(self.student, grade_id)
        except Ended:
            self.stop()
            self.starts += 1

    def stop(self) -> None:
        """End the student's process and everything that it started."""
        if self.student is not None:
            self.spared += self.student.spared
            self.student.close()
            self.student = None

    def close(self) -> None:
        """End this and all processes that were made for later."""
        self.stop()
        while self.ready:
            self.ready.pop().close()


def _lines(nb: NotebookNode) -> set[str]:
    """Return the lines that an error may name, as probes bring them: those of answers before all others."""
    cells = sorted(nb.cells, key=lambda cell: not is_solution(cell))
    lines = dict.fromkeys(" ".join(line.split())[:120] for cell in cells for line in cell.source.splitlines())
    return set(list(lines)[:MOST_LINES])


def _read_files(path: Path) -> dict[str, bytes]:
    """Read what was handed in beside the notebook, as far as the limits allow: contents by relative name."""
    contents: dict[str, bytes] = {}
    left = MOST_FILE_BYTES
    with Folder(path) as folder:
        for name, size in folder.list().files:
            if len(contents) < MOST_FILES and size <= left:
                with suppress(FileNotFoundError, NotADirectoryError):
                    contents[str(name)] = folder.read(name, left)
                    left -= len(contents[str(name)])
    return contents
