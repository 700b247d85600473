"""Where the time of a grading goes: the floor below it, each stage, and the memory that a submission adds."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import perf_counter, process_time
from unittest.mock import patch

import nbformat
import psutil

from autograder.classroom import Classroom
from autograder.engines import forked
from autograder.engines.base import runnable
from autograder.engines.hidden import grade, hidden_test
from autograder.grading import report, run, stamps, steps
from autograder.grading.execute import Execute
from autograder.grading.log import logging_into
from autograder.grading.submissions import submissions
from autograder.notebooks.cells import is_test
from autograder.sandbox import host, resident
from autograder.sandbox.student_process import StudentProcess
from autograder.settings import PROJECT, load_config

RECORD = ("laying out", "recording", "feedback")  # what is left once a submission was run
APART = (*RECORD, "fingerprint")  # stages that are no part of the engine's


class Floor:
    """A process that imported the frameworks; a fork of it runs cells and hidden tests by a bare ``exec``.

    Args:
        classroom: a graded notebook's classroom, for the secret.
    """

    def __init__(self, classroom, lab):
        environment = {**os.environ, **host.ENVIRONMENT, "PATH": os.environ["PATH"], "MPLBACKEND": "agg"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.stages", str(classroom.root), lab],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=PROJECT,
        )
        self.process.stdout.readline()

    def seconds(self, notebook):
        """Return the seconds of a fork, the cells, and the tests."""
        self.process.stdin.write(json.dumps(nbformat.writes(notebook)) + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        """End the process."""
        self.process.communicate()


def _serve(room, lab):
    """Run the notebooks that come in, a line each, and answer with the seconds of each."""
    import matplotlib.pyplot
    import tensorflow
    import torch

    from course_utils import datasets, figures
    from course_utils.figures import plots

    assert all((matplotlib.pyplot, tensorflow, torch, datasets, figures, plots))
    solved = nbformat.read(Classroom(room).solved / lab / f"{lab}.ipynb", as_version=4)
    for cell in filter(is_test, solved.cells):  # drawn once for a class, by the engine too
        hidden_test(room, lab, cell.metadata.nbgrader.grade_id)
    answers, sys.stdout = sys.stdout, sys.stderr
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        notebook = nbformat.reads(json.loads(line), as_version=4)
        begin = perf_counter()
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException), open(os.devnull, "w") as nowhere:
                sys.stdout = sys.stderr = nowhere
                _bare(notebook, room)
            os._exit(0)
        os.waitpid(child, 0)
        print(perf_counter() - begin, file=answers, flush=True)


def _bare(notebook, room):
    namespace = {}
    for cell in notebook.cells:
        if is_test(cell):
            grade(cell.metadata.nbgrader.grade_id, namespace, room)
        elif runnable(cell):
            with contextlib.suppress(Exception):
                exec(compile(cell.source, "<cell>", "exec"), namespace)


class Clock:
    """Adds up the seconds that functions take, by label; a function within another counts in both.

    Beside the seconds that passed it keeps the processor time of this process; what a sandbox used is not in it.
    """

    def __init__(self):
        self.seconds, self.processor = defaultdict(float), defaultdict(float)

    @contextlib.contextmanager
    def timing(self, label):
        """Time a block."""
        begin, processor = perf_counter(), process_time()
        try:
            yield
        finally:
            self.seconds[label] += perf_counter() - begin
            self.processor[label] += process_time() - processor

    def around(self, label, owner, name):
        """Return a patch that times ``owner.name``; the label may be a function of its arguments."""
        real = getattr(owner, name)

        def timed(*arguments, **keywords):
            with self.timing(label(*arguments, **keywords) if callable(label) else label):
                return real(*arguments, **keywords)

        return patch.object(owner, name, timed)


@patch.dict(os.environ, {resident.VARIABLE: "0"})  # a server that stays would be nobody's to measure
def stages(classroom, lab, students):
    """Grade the class in this process, one submission after the other, beside a bare run of the same cells.

    Args:
        classroom: a fresh one, in which ``students`` (notebooks by name) have handed in.

    Returns:
        "floor", "engine" (cells and tests in the sandbox) and "whole" (recording and feedback too), mean seconds a
        submission; "record", processor time of recording and feedback, seconds a submission; "start" of the warm server
        and "reports", seconds; "stages" and "tests" by name: mean milliseconds a submission that passed, and of
        processor time; and "memory", mean MB a submission.
    """
    config = load_config(classroom)
    grading = run.Grading(classroom, config)
    clock, floor, memory = Clock(), Floor(classroom, lab), []
    begin = perf_counter()
    grading.prepare(lab)
    start = perf_counter() - begin
    close = StudentProcess.close

    def measured_close(student):
        memory.append(_private(host.server(needs[-1]).process.pid))
        with clock.timing("end of a process"):
            close(student)

    needs, start_student = [], forked.start_student

    def started(need, *arguments):
        needs.append(need)
        with clock.timing("start of a process"):
            return start_student(need, *arguments)

    bare = 0.0
    patches = [
        clock.around("engine", Execute, "run"),
        patch.object(forked, "start_student", started),
        clock.around("cells", StudentProcess, "run"),
        clock.around(lambda kind, test, *rest, **more: f"test {test['grade_id']}", forked, "run_test"),
        clock.around("tests: the student's answers", StudentProcess, "ask"),
        clock.around("laying out", steps.LayOut, "graded"),
        clock.around("recording", steps, "record"),
        clock.around("feedback", steps, "write_feedback"),
        clock.around("fingerprint", stamps, "fingerprint"),
        patch.object(StudentProcess, "close", measured_close),
    ]
    with contextlib.ExitStack() as stack:
        staged = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(logging_into(classroom.reports / "bench.log"))
        for timed in patches:
            stack.enter_context(timed)
        for submission in submissions(classroom, lab):
            bare += floor.seconds(students[submission.student])
            with clock.timing("whole"):
                grading.unchanged([submission])
                [outcome] = grading.record([(submission, grading.run(submission, staged))], staged)
                grading.finish(outcome, grading.feedback(outcome))
        begin = perf_counter()
        report.write(classroom, config)
        reports = perf_counter() - begin
    floor.close()
    sandbox = _processor(host.server(needs[-1]).process.pid)
    host.close_servers()
    size = len(students)
    stages = {name: (1000 * took / size, 1000 * clock.processor[name] / size) for name, took in clock.seconds.items()}
    tests = {name.removeprefix("test "): stages.pop(name) for name in list(stages) if name.startswith("test ")}
    stages["tests"] = _added(tests.values())
    whole, engine = stages.pop("whole"), stages.pop("engine")
    apart = [engine, *(stages[name] for name in APART if name in stages)]
    stages["everything else"] = tuple(all_ - part for all_, part in zip(whole, _added(apart)))
    stages["in the sandbox, start of the server included"] = (
        None,
        1000 * sandbox / size,
    )
    measured = [megabytes for megabytes in memory if megabytes]
    return {
        "floor": bare / size,
        "engine": engine[0] / 1000,
        "whole": whole[0] / 1000,
        "record": sum(stages[name][1] for name in RECORD if name in stages) / 1000,
        "start": start,
        "reports": reports,
        "stages": stages,
        "tests": tests,
        "memory": sum(measured) / len(measured) if measured else None,
    }


def _added(pairs):
    """Add up pairs of numbers."""
    return tuple(map(sum, zip(*pairs))) or (0.0, 0.0)


def _processor(server):
    """Return the seconds of processor time of a warm server and of all that it forked."""
    total = 0.0
    with contextlib.suppress(psutil.Error):
        for process in [psutil.Process(server), *psutil.Process(server).children(recursive=True)]:
            total += sum(process.cpu_times()[:4])  # its own, and those of the children that it saw end
    return total


def _private(server):
    """Return MB that the processes of the one running submission do not share with the warm server; 0 where unknown."""
    total = 0
    with contextlib.suppress(psutil.Error, OSError, IndexError):
        walls = psutil.Process(server).children()  # the first process behind the first wall; without a wall, none
        for process in walls[0].children(recursive=True):
            for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Dirty", "Private_Clean")):
                    total += int(line.split()[1]) / 1024
    return total


if __name__ == "__main__":
    _serve(*sys.argv[1:])
