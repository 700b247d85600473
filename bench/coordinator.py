"""``python -m bench.coordinator``: how many results a second the feeder of a cluster records, and its memory.

The workers are played: they answer at once, from a recording of real runs. Everything else is real: submissions are
read and sent, results checked, laid out, recorded and written into feedback. With ``--alone`` the processes that check,
lay out and write feedback are played too, so that a machine of few cores shows what the one process can that records.
"""

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import uuid
from collections import Counter, deque
from dataclasses import replace
from functools import partial
from itertools import count, islice
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import monotonic, process_time

import nbformat
import psutil
from rich.console import Console
from rich.table import Table

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.grading import cluster_worker, run_result
from autograder.grading.cluster import ClusterGrading
from autograder.grading.log import logging_into
from autograder.grading.origin import origin
from autograder.grading.outcome import Ran
from autograder.grading.run import Grading
from autograder.grading.run_result import file_name
from autograder.grading.submissions import Submission, submission_of
from autograder.notebooks.cells import is_solution
from autograder.sandbox import host
from autograder.settings import PROJECT, load_config
from autograder.undo import Undo
from bench import grading

RECORDED = 6  # submissions that are really run
NOBODY = "nobody-at-all"  # in the place of this each student's name stands, so that no two answers are the same
FIRST = 64  # submissions whose steps are measured one by one, before the others come
AGAIN = (1, 4, 32)  # how many are recorded together where a class is graded again
ALONE = ("finding what changed", "sending and receiving", "recording, all at once", "stamps")  # by one process
BESIDE = ("checking and laying out", "feedback")  # by others


class Future:
    """A call that has been answered."""

    def __init__(self, key, result):
        self.key, self._result = key, result

    def add_done_callback(self, function):
        """Tell at once."""
        function(self)

    def result(self, timeout=None):
        """Return the answer."""
        return self._result

    def cancel(self):
        """Do nothing: it is done."""


class PlayedPool:
    """Stands in for the processes beside the one that records: what they would make is linked into place at once.

    Args:
        made: for each recorded run, what the gradebook is to be told, and the folder that was laid out for it.
        page: a page of feedback.
    """

    def __init__(self, made, page, classroom, staged):
        self.made, self.page, self.classroom, self.staged = made, page, classroom, staged
        self._waiting, self.turn = deque(), count()

    def add(self, task, soon=False):
        """Take a task, at the head of the queue or at its end."""
        (self._waiting.appendleft if soon else self._waiting.append)(task)

    @property
    def waiting(self):
        """The number of tasks."""
        return len(self._waiting)

    @property
    def unfinished(self):
        """Whether a task waits."""
        return bool(self._waiting)

    @property
    def idle(self):
        """Whether nothing waits."""
        return not self._waiting

    def take(self, patience):
        """Return what came of the next task."""
        task = self._waiting.popleft()
        return [(task, self._lay_out(task.submission) if task.outcome is None else self._write(task.submission))]

    def _lay_out(self, submission):
        (self.staged / file_name(submission)).unlink()
        grades, folder = self.made[next(self.turn) % len(self.made)]
        _link(folder, self.staged / submission.student / submission.lab)
        return Ran(replace(grades, student=submission.student))

    def _write(self, submission):
        _link(self.page, self.classroom.feedback / submission.student / submission.lab)
        return 0.01

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def _link(folder, target):
    """Let a new folder have the files of another one, which the disk holds once."""
    target.mkdir(parents=True)
    for path in folder.iterdir():
        os.link(path, target / path.name)


class AloneGrading(ClusterGrading):
    """Grades on a cluster without processes of its own."""

    made = page = None

    def _pool(self, staged, jobs):
        return PlayedPool(self.made, self.page, self.classroom, staged) if self.made else super()._pool(staged, jobs)


class PlayedClient:
    """Stands in for a client of Dask whose workers know every answer beforehand.

    Args:
        answers: JSON of what a run shows, without student and stamp; taken in turn.
        begins: what each worker says first.
    """

    status = "running"

    def __init__(self, workers, answers, begins):
        self.info = {"workers": {f"tls://10.0.0.{number}:40000": {"nthreads": 1} for number in range(workers)}}
        self.answers, self.begins, self.turn = answers, begins, count()

    def scheduler_info(self):
        """Return the workers."""
        return self.info

    def processing(self):
        """Return what the workers have to do: nothing is left."""
        return {}

    def submit(self, function, request, seconds, key, pure, workers):
        """Answer as a worker does."""
        if function is cluster_worker.begin:
            return Future(key, self.begins)
        asked = json.loads(request)
        about = json.dumps({name: asked[name] for name in ("student", "lab", "stamp")})[:-1]
        answer = self.answers[next(self.turn) % len(self.answers)].replace(NOBODY, asked["student"])
        text = f"{about},{answer}".encode()
        return Future(key, hashlib.sha256(text).hexdigest().encode() + b"\n" + text)


def recording(classroom, config, lab, notebooks):
    """Run a few submissions, and return the JSON of what came of each, without student and stamp."""
    runs, texts = Grading(classroom, config), []
    runs.prepare(lab)
    for student, notebook in notebooks.items():
        grading.hand_in(classroom, lab, {student: notebook})
        submission = Submission(student, lab, classroom.submitted / student / lab)
        staged = classroom.root / "staged"
        result = run_result.of_run(submission, {}, partial(runs.executed, submission, staged))
        for cell in result.notebook.cells:
            if is_solution(cell):
                cell.source += f"\n# answered by {NOBODY}"
        kept = {name: value for name, value in result.__dict__.items() if name not in ("student", "lab", "stamp")}
        texts.append(json.dumps(kept, separators=(",", ":"))[1:])
        shutil.rmtree(staged)
        shutil.rmtree(classroom.submitted / student)
    host.close_servers()
    return texts


def hand_in(classroom, lab, notebook, size):
    """Let many students hand in the same notebook; the disk holds it once."""
    first = classroom.root / "handed_in.ipynb"
    nbformat.write(notebook, first)
    for number in range(size):
        folder = classroom.submitted / f"student_{number:06d}" / lab
        folder.mkdir(parents=True)
        if number % 10_000 == 0:  # file systems allow some 65,000 names for a file
            first = Path(shutil.copy(first, classroom.root / f"handed_in_{number}.ipynb"))
        os.link(first, folder / f"{lab}.ipynb")


def measure(folder, arguments):
    """Record a class and return its figures as rows.

    Args:
        folder: a new one. arguments: see ``main``.
    """
    classroom, lab, results = Classroom(folder / "class"), arguments.lab, arguments.results
    if arguments.classroom:
        shutil.copytree(arguments.classroom, classroom.root)
    else:
        grading.run("-m", "autograder", "build", "--classroom", classroom.root, "--labs", folder / "labs")
    shutil.rmtree(classroom.submitted, ignore_errors=True)
    config = load_config(classroom)
    notebooks = grading.notebooks(classroom, lab, RECORDED)
    texts = recording(classroom, config, lab, notebooks)
    hand_in(classroom, lab, next(iter(notebooks.values())), FIRST + results)
    runs = (AloneGrading if arguments.alone else ClusterGrading)(classroom, config, jobs=arguments.jobs)
    client = PlayedClient(arguments.workers, texts, json.dumps(origin(classroom, [lab], runs.engine)))
    runs.begin(client, [lab], print, 60)
    class_ = (submission_of(classroom, f"student_{number:06d}", lab) for number in range(FIRST + results))
    with logging_into(classroom.reports / "coordinator.log"):
        steps = parts(runs, list(islice(class_, FIRST)), folder / "recorded")
    own, pool, begin = _processor(RUSAGE_SELF), _processor(RUSAGE_CHILDREN), monotonic()
    course = Course(classroom, lab, results, arguments.discard)
    with logging_into(classroom.reports / "coordinator.log"):
        for outcome in runs.outcomes(class_):
            course.done(outcome)
    seconds, size = monotonic() - begin, results
    recorded = size + FIRST
    own, pool = _processor(RUSAGE_SELF) - own, _processor(RUSAGE_CHILDREN) - pool
    memory = course.memory
    (first, before), (last, after) = memory[len(memory) // 2], memory[-1]
    with sqlite3.connect(classroom.gradebook) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    database.close()
    return [
        ("results", f"{size}: {dict(course.words)}, of {arguments.workers} workers"),
        (
            "recorded a second, with this number of processes",
            f"{size / seconds:.1f} with {0 if arguments.alone else arguments.jobs} and one",
        ),
        (
            "processor time a result: the one process that records",
            f"{1000 * own / size:.1f} ms",
        ),
        (
            "processor time a result: checking, laying out, feedback",
            f"{1000 * pool / size:.1f} ms",
        ),
        (
            "cores for 200 results a second, all of them busy",
            f"{200 * sum(steps[step] for step in ALONE) / 1000:.2f} of the one process that records, and "
            f"{200 * sum(took for step, took in steps.items() if step in BESIDE) / 1000:.1f} others",
        ),
        *((f"  one by one: {step}", f"{took:.1f} ms") for step, took in steps.items()),
        ("memory of the process that records, by results", ", ".join(f"{at}: {mb:.0f} MB" for at, mb in memory[::5])),
        ("memory that a submission leaves, second half", f"{1024 * (after - before) / max(last - first, 1):.2f} kB"),
        (
            "gradebook",
            f"{sum(rows.values())} rows; {classroom.gradebook.stat().st_size / recorded / 1024:.1f} kB a submission",
        ),
        ("rows a submission", f"{sum(rows.values()) / recorded:.1f}"),
        (
            "autograded notebook, feedback page",
            " kB, ".join(f"{kept / size / 1024:.0f}" for kept in course.bytes) + " kB",
        ),
        ("what a worker answers", f"{sum(map(len, texts)) / len(texts) / 1024:.0f} kB"),
    ]


class Course:
    """What is looked at while a class is recorded: a line for each fiftieth, and the bytes of notebooks and pages."""

    def __init__(self, classroom, lab, results, discard):
        self.classroom, self.lab, self.results, self.discard = classroom, lab, results, discard
        self.words, self.bytes, self.memory = Counter(), [0, 0], []
        self.number, self.began, self.used = 0, monotonic(), _processor(RUSAGE_SELF)

    def done(self, outcome):
        """Look at a submission that is done."""
        self.words[outcome.word] += 1
        for place, folder in enumerate((self.classroom.autograded, self.classroom.feedback)):
            done = folder / outcome.submission.student / self.lab
            self.bytes[place] += sum(path.stat().st_size for path in done.iterdir())
            if self.discard:
                shutil.rmtree(done.parent)
        self.number += 1
        step = max(self.results // 50, 1)
        if self.number % step == 0:
            now, used = monotonic(), _processor(RUSAGE_SELF)
            megabytes = psutil.Process().memory_info().rss / 2**20
            print(
                f"{self.number} recorded; since the line before {step / (now - self.began):.0f} a second, "
                f"{1000 * (used - self.used) / step:.2f} ms of processor time each; {megabytes:.0f} MB; "
                f"gradebook {self.classroom.gradebook.stat().st_size / 2**20:.0f} MB",
                flush=True,
            )
            self.memory.append((self.number, megabytes))
            self.began, self.used = now, used


def parts(runs, class_, recorded):
    """Take the steps of some submissions one after the other here, and return milliseconds of processor time of each.

    Args:
        recorded: a folder for what they make, from which ``AloneGrading`` plays.

    Returns:
        By step; recording is of all of them in one transaction, as it is when many have arrived.
    """
    took, made = {}, []
    for lab in runs.labs:
        runs.prepare(lab)
    with runs.staging() as staged:

        def timed(step, function):
            begin = process_time()
            result = function()
            took[step] = 1000 * (process_time() - begin) / len(class_)
            return result

        stamped = timed("finding what changed", lambda: runs.unchanged(class_))
        remote = runs.remote(iter(class_), alone=False)
        came = timed("sending and receiving", lambda: list(_all(remote)))
        for submission, result in came:
            runs.keep(submission, result, staged)
        runs.run(class_[0], staged)  # once for what is made once
        runs.keep(*came[0], staged)
        ran = timed("checking and laying out", lambda: [(one, runs.run(one, staged)) for one in class_])
        for number, (submission, result) in enumerate(ran[:RECORDED]):
            shutil.copytree(staged / submission.student / submission.lab, recorded / str(number))
            made.append((result.grades, recorded / str(number)))
        outcomes = timed("recording, all at once", lambda: runs.record(ran, staged))
        runs.feedback(outcomes[0])
        timed("feedback", lambda: [runs.feedback(outcome) for outcome in outcomes])
        timed("stamps", lambda: [runs.finish(outcome, 0.0) for outcome in outcomes])
        for size in AGAIN:
            took[f"recording again, {size} at once"] = _again(runs, came, staged, size)
    assert not stamped
    shutil.copytree(runs.classroom.feedback / class_[0].student / class_[0].lab, recorded / "page")
    runs.made, runs.page = made, recorded / "page"
    return took


def _again(runs, came, staged, size):
    """Record what was recorded before with all guarantees, and return milliseconds of processor time of each.

    Args:
        size: that are recorded together.
    """
    for submission, result in came:
        runs.keep(submission, result, staged)
    ran = [(submission, runs.run(submission, staged)) for submission, _ in came]
    runs.confirm, runs.undo = (lambda falls: False), Undo(runs.classroom, runs.config)
    runs.record(ran[:size], staged)  # the first begins what can be taken back
    begin = process_time()
    for first in range(size, len(ran), size):
        runs.record(ran[first : first + size], staged)
    seconds = process_time() - begin
    runs.confirm = runs.undo = None
    return 1000 * seconds / (len(ran) - size)


def _all(remote):
    while not remote.done:
        yield from remote.take(block=True)


def _processor(who):
    used = getrusage(who)
    return used.ru_utime + used.ru_stime


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.coordinator", description=__doc__)
    parser.add_argument("--results", type=int, default=2000, metavar="N", help="submissions (default: 2000)")
    parser.add_argument("--workers", type=int, default=64, metavar="N", help="workers that are played (default: 64)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N", help="processes (default: cores)")
    parser.add_argument("--lab", default="lab1_perceptron", metavar="NAME", help="lab (default: lab1_perceptron)")
    parser.add_argument("--classroom", type=Path, metavar="DIR", help="a classroom that is built (default: build one)")
    parser.add_argument("--discard", action="store_true", help="remove notebooks and pages at once: a full class fits")
    parser.add_argument("--alone", action="store_true", help="play the other processes too: see above")
    arguments = parser.parse_args()
    folder = PROJECT / "build" / f"coordinator-{uuid.uuid4().hex[:8]}"
    table = Table("measured", "result", title=f"The coordinator of a cluster, on {os.cpu_count()} cores")
    try:
        for row in measure(folder, arguments):
            table.add_row(*row)
        Console().print(table)
    except CourseError as problem:
        raise SystemExit(str(problem)) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
