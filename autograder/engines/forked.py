"""Engines by fork: a warm server forks a process for each submission.

*Sealed*: ordinary cells run in the student's process, test cells are judged here, outside it. *Plain*: test cells, of
any course, run in the student's process too.
"""

import os
from time import monotonic

import numpy as np

from autograder.engines.base import MOST_FILE_BYTES, MOST_FILES, definitions, runnable
from autograder.engines.hidden import hidden_test
from autograder.errors import CourseError
from autograder.notebooks.cells import cell_name, cells_with_tests, is_test
from autograder.notebooks.verdicts import gives_verdict, put, zero
from autograder.sandbox.host import Ended, Need, Outputs, new_student
from course_utils.checks import run_test
from course_utils.recording import recorded_tests

FOLDER = "/tmp/work"  # where a submission's cells run, inside its sandbox
FULL_CELLS = 10  # a submission keeps as much output as this many cells may have


class ForkedEngine:
    """Runs each submission in a process forked from a warm server; see ``Engine``.

    Args:
        sealed: judge test cells outside the student's process.
        isolate: put each submission into a sandbox.
    """

    def __init__(self, sealed=True, isolate=True):
        self.sealed, self.isolate = sealed, isolate

    def run(self, nb, limits, folder, prelude, environment):
        run = _Run(self, nb, limits, folder, prelude, environment["CLASSROOM"])
        try:
            run.all()
        finally:
            run.close()
        return run.incidents

    def need(self, grade_ids, limits, classroom):
        """Return what the warm server must offer for submissions with these test cells."""
        recorded = recorded_tests()
        frameworks = {need for name in grade_ids if name in recorded for need in recorded[name][1]["needs"]}
        return Need(
            tuple(sorted(frameworks)),
            limits.memory,
            self.isolate,
            "" if self.sealed else str(classroom),
            cpu=2 * limits.submission,
        )


class _Run:
    """One run of one notebook: the student's process, what was run in it, and what went wrong."""

    def __init__(self, engine, nb, limits, folder, prelude, classroom):
        self.nb, self.limits, self.folder, self.prelude, self.classroom = nb, limits, folder, prelude, classroom
        self.engine = engine
        self.need = engine.need(cells_with_tests(nb), limits, classroom)
        self.student, self.ready, self.incidents, self.killers = None, [], {}, {}
        self.count = 0
        self.room = FULL_CELLS * limits.output
        self.lines = {" ".join(line.split())[:120] for cell in nb.cells for line in cell.source.splitlines()}

    def all(self):
        """Run every cell in order.

        Sealed, this takes two processes: what the cells of one show is kept; the other is asked with hidden inputs, and
        what its cells show is dropped. So no page holds what only a probe could have told a student's code. The second
        process is made while the cells run in the first.
        """
        if self.engine.sealed:
            self.ready = [new_student(self.need), new_student(self.need)]
            self._pass([index for index, cell in enumerate(self.nb.cells) if not is_test(cell)], True)
        self._pass(range(len(self.nb.cells)), not self.engine.sealed)

    def _pass(self, indices, show):
        """Run some cells in a process of their own; ``show`` says whether to keep what ordinary cells show."""
        self.stop()
        self.show, self.done = show, []
        self.last_death, self.starts = "", self.limits.restarts + 1
        self.end = monotonic() + self.limits.submission
        for index in indices:
            cell = self.nb.cells[index]
            if not runnable(cell):
                continue
            if monotonic() >= self.end:
                self.incidents[index] = f"it was not run: the submission had used up its {self.limits.submission:g} s."
            elif self.student is None and not self._start():
                self.incidents[index] = f"it was not run: {self.last_death}"
            elif is_test(cell) and self.engine.sealed:
                self._run_test(index, cell)
            else:
                self._execute(index, cell)

    def _seconds(self):
        return max(min(self.limits.cell, self.end - monotonic()), 0.01)

    def _start(self):
        """Start a student's process and bring it to where an earlier one was; return whether there is one."""
        while self.starts > 0 and monotonic() < self.end:
            self.starts -= 1
            self.student = self.ready.pop() if self.ready else new_student(self.need)
            index = None
            try:
                self.student.send_files(_files(self.folder), FOLDER, self._seconds())
                for index in self.done:
                    self.student.run(self._source(index), self._seconds(), None)
            except Ended:
                self.stop()
                if index is not None:
                    self.killers[index] = self.killers.get(index, 0) + 1
            else:
                return True
        return False

    def _source(self, index):
        """Return what to run of a cell: of one that broke a limit or the process before, only the definitions."""
        source = self.nb.cells[index].source
        if self.killers.get(index):
            source = definitions(source) if self.killers[index] == 1 else ""
        return source

    def _execute(self, index, cell):
        """Run an ordinary cell, and store each output as it comes."""
        if not self.show:
            self._repeat(index, cell)
            return
        given = min(self.limits.output, self.room)
        outputs = Outputs(given)
        self.count += 1
        try:
            if is_test(cell) and gives_verdict(cell):
                self.student.run(self.prelude, self._seconds(), None, history=False)
            interrupted = self.student.run(cell.source, self._seconds(), outputs)
        except Ended as death:
            self._died(index, cell, str(death))
        else:
            if interrupted:
                self.incidents[index] = (
                    f"it ran longer than {self.limits.cell:g} s and was stopped. Is there a loop that never ends?"
                )
                self.killers[index] = 1
            elif outputs.truncated:
                self.incidents[index] = f"its output was cut at {given / 1e6:g} MB."
        self.room -= given - max(outputs.room, 0)
        cell.execution_count = self.count
        cell.outputs = [output for output, _ in outputs.kept]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output["execution_count"] = self.count
        if not is_test(cell):
            self.done.append(index)

    def _repeat(self, index, cell):
        """Run a cell again in the process that is asked; what it shows is dropped."""
        try:
            if self.student.run(self._source(index), self._seconds(), None):
                self.killers[index] = 1
                self.incidents.setdefault(index, "it ran longer when it was run again, and was stopped.")
        except Ended as death:
            self._died(index, cell, str(death))
        self.done.append(index)

    def _died(self, index, cell, reason):
        self.incidents.setdefault(index, f"{reason}.")
        self.last_death = (
            f"the Python process had ended in {cell_name(cell)}, and was not started again after "
            f"{self.limits.restarts} times."
        )
        self.killers[index] = self.killers.get(index, 0) + 1
        self.stop()

    def _run_test(self, index, cell):
        """Judge one test cell outside the student's process, from the instructor's definition alone."""
        grade_id, points = cell.metadata.nbgrader.grade_id, cell.metadata.nbgrader.points
        if grade_id not in recorded_tests():
            raise CourseError(
                f"the test cell {grade_id!r} belongs to no exercise that is defined here, so it cannot be judged "
                "outside the student's process. Grade this course with the engine 'plain'."
            )
        lab, _ = recorded_tests()[grade_id]
        deadline = monotonic() + self._seconds()
        timed_out = False

        def ask(name, probe, cases):
            nonlocal timed_out
            replies = self.student.ask(name, probe, cases, max(deadline - monotonic(), 0.01))
            if replies is None:
                timed_out = True
                return [{"error": {"type": "TimeoutError", "message": "", "line": ""}}] * len(cases)
            for reply in replies:
                if "error" in reply and reply["error"]["line"] not in self.lines:
                    reply["error"]["line"] = ""  # not a line of this notebook, so it may tell anything
            return replies

        try:
            with np.errstate(all="ignore"):
                result = run_test("grade", hidden_test(self.classroom, lab, grade_id), points, reveal=False, ask=ask)
        except Ended as death:
            self._died(index, cell, str(death))
            return
        if timed_out:
            result = zero(
                grade_id,
                points,
                f"the test did not finish: it ran longer than {self.limits.cell:g} s and was "
                "stopped. Is there a loop that never ends?",
            )
        put(cell, result)

    def stop(self):
        """End the student's process and everything that it started."""
        if self.student is not None:
            self.student.close()
            self.student = None

    def close(self):
        """End this and all processes that were made for later."""
        self.stop()
        while self.ready:
            self.ready.pop().close()


def _files(folder):
    """Read what was handed in beside the notebook, as far as one message holds it: relative names and bytes."""
    found, left = {}, MOST_FILE_BYTES
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and len(found) < MOST_FILES and path.stat().st_size <= left:
            found[os.path.relpath(path, folder)] = path.read_bytes()
            left -= path.stat().st_size
    return found
