"""``autograder grade``: grade every submission of a class; write gradebook, feedback and reports.

Each submission is graded on its own and gets a result whatever it is. What has not changed since is left alone.
"""

import copy
import json
import logging
import tempfile
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearOutput
from nbgrader.utils import rmtree

from autograder.engines.forked import ForkedEngine
from autograder.errors import CourseError
from autograder.grading import report
from autograder.grading.execute import Execute
from autograder.grading.feedback import write_feedback
from autograder.grading.pool import Pool
from autograder.grading.repair import Repair, repair
from autograder.grading.submissions import (
    OneNotebook,
    Submissions,
    Unreadable,
    files_beside,
    find_notebook,
    fingerprint,
    read_notebook,
    stage,
)
from autograder.nbgrader_patches import once, one_transaction
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests, graded_cells, is_test
from autograder.notebooks.findings import add_finding
from autograder.notebooks.released import released_notebook, source_notebook
from autograder.sandbox import host

DONE = (Repair, ClearOutput, Execute)  # steps of nbgrader's autograding that the workers take


@dataclass
class Outcome:
    """How the grading of one submission went.

    Args:
        word: "graded", "unchanged", "unreadable", or "failed" when the grader itself stumbled.
        changed: points before and after, by grade id, where a regrade gave other ones.
    """

    submission: object
    word: str
    message: str = ""
    seconds: float = 0.0
    changed: dict = field(default_factory=dict)


def chosen_labs(classroom, names):
    """Return the labs to grade; those that give no points are left out.

    Raises:
        CourseError: no lab was built, or one of that name was not or gives no points.
    """
    built, graded = classroom.labs(), classroom.graded_labs()
    if not built:
        raise CourseError(
            f"{classroom.root}: no lab is built here. Run 'autograder build --classroom {classroom.root}'."
        )
    for name in names:
        if name not in built:
            raise CourseError(f"{classroom.root}: there is no lab {name!r} here; there is {', '.join(built)}.")
        if name not in graded:
            raise CourseError(f"{classroom.root}: {name} gives no points, so there is nothing to grade in it.")
    if not graded:
        raise CourseError(f"{classroom.root}: no lab here gives points, so there is nothing to grade.")
    return list(dict.fromkeys(names)) or graded


class Grading:
    """One grading of a class: workers run submissions and write feedback, this process alone keeps the gradebook.

    Args:
        regrade: grade again what has not changed.
        jobs: number of worker processes.
    """

    def __init__(self, classroom, config, regrade, jobs):
        self.classroom, self.config, self.regrade, self.jobs = classroom, config, regrade, jobs
        self.engine = Execute(config=config).engine_in_words()
        self.marks, self.before = {}, {}
        once()

    def outcomes(self, work):
        """Grade submissions and yield an outcome for each as it is finished; each gets a result, whatever it is."""
        todo = []
        for submission in work:
            if self._unchanged(submission):
                yield Outcome(submission, "unchanged")
            else:
                todo.append(submission)
        if not todo:
            return
        for lab in dict.fromkeys(each.lab for each in todo):
            prepare(self.config, lab)
        with Pool(self._step, min(self.jobs, len(todo))) as pool:
            for submission in todo:
                pool.add(("run", submission, None))
            for (what, submission, outcome), result in pool.results():
                if what == "run":
                    pool.add(("feedback", submission, self._record(submission, result)), soon=True)
                else:
                    yield self._finish(outcome, result)

    def _files(self, submission):
        place = Path(submission.student) / submission.lab
        return (
            self.classroom.autograded / place / report.RECORD,
            self.classroom.feedback / place / f"{submission.lab}.html",
        )

    def _unchanged(self, submission):
        record, page = self._files(submission)
        self.marks[submission] = {"fingerprint": fingerprint(self.classroom, submission), "engine": self.engine}
        return not self.regrade and page.exists() and _read_record(record) == self.marks[submission]

    def _step(self, task):
        """Do one task in a worker."""
        what, submission, _ = task
        started = time.monotonic()
        if what == "run":
            return executed(self.config, submission), time.monotonic() - started
        write_feedback(self.config, submission.student, submission.lab)
        return None, time.monotonic() - started

    def _record(self, submission, result):
        """Write the result of a run into gradebook and autograded notebook; return the outcome so far."""
        started = time.monotonic()
        record, page = self._files(submission)
        record.unlink(missing_ok=True)
        page.unlink(missing_ok=True)
        name_student(self.config, submission.student)
        self.before[submission] = scores(self.config, submission)
        word, message, seconds = "graded", "", 0.0
        try:
            if isinstance(result, Exception):
                raise result
            notebook, seconds = result
            with one_transaction(CourseDirectory(config=self.config).db_url):
                _autograde(self.config, submission, notebook)
        except CourseError as problem:
            if not isinstance(problem, Unreadable):
                raise
            word, message = "unreadable", f"{problem}."
            record_failure(self.config, submission, f"Nothing could be graded: {problem}.")
        except Exception as error:
            logging.getLogger("traitlets").error("%s: could not be graded", submission, exc_info=error)
            word, message = "failed", f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
            record_failure(
                self.config, submission, "The grader could not read this submission; your instructor was told."
            )
        return Outcome(submission, word, message, seconds + time.monotonic() - started)

    def _finish(self, outcome, result):
        """Mark a submission as done, once its feedback is written too."""
        if isinstance(result, Exception):
            logging.getLogger("traitlets").error("%s: no feedback", outcome.submission, exc_info=result)
            return Outcome(outcome.submission, "failed", f"no feedback could be written: {type(result).__name__}")
        outcome.seconds += result[1]
        before = self.before[outcome.submission]
        after = scores(self.config, outcome.submission)
        outcome.changed = {
            name: (before[name], score) for name, score in after.items() if before.get(name, score) != score
        }
        if outcome.word != "failed":
            _write_record(self._files(outcome.submission)[0], self.marks[outcome.submission])
        return outcome


def name_student(config, student):
    """Enter a student in the gradebook by the id, where no name was given, so that the formgrader has one to show."""
    course = CourseDirectory(config=config)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        entry = gradebook.update_or_create_student(student)
        if entry.last_name is None and entry.first_name is None:
            entry.last_name, entry.first_name = student, ""
            gradebook.db.commit()


def scores(config, submission):
    """Return the points that the gradebook holds for a submission, by grade id; empty where it was never graded."""
    course = CourseDirectory(config=config)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        try:
            notebooks = gradebook.find_submission(submission.lab, submission.student).notebooks
        except MissingEntry:
            return {}
        return {
            grade.name: grade.score
            for notebook in notebooks
            for grade in notebook.grades
            if grade.auto_score is not None or grade.manual_score is not None
        }


def prepare(config, lab):
    """Start what the submissions of a lab share, before the workers are forked.

    Raises:
        CourseError: submissions cannot be isolated here.
    """
    execute = Execute(config=config)
    engine = execute.new_engine()
    if isinstance(engine, ForkedEngine):
        cells = cells_with_tests(released_notebook(config, lab, lab))
        try:
            host.server(engine.need(cells, execute.limits, execute.classroom))
        except CourseError as problem:
            raise CourseError(f"{problem} Or grade without a sandbox: --unsafe.") from problem


def executed(config, submission):
    """Run one submission and return its mended notebook with outputs and findings, as JSON.

    Raises:
        Unreadable: there is no notebook to run.
    """
    path, finding = find_notebook(submission)
    notebook = read_notebook(path, Submissions(config=config).notebook_limit)
    mended = repair(
        nbformat.reads(json.dumps(notebook), as_version=4), released_notebook(config, submission.lab, submission.lab)
    )
    if finding:
        add_finding(mended, finding)
    if left_out := files_beside(submission, path)[1]:
        add_finding(
            mended,
            f"{left_out} of the files beside the notebook were left out: they are too large or too many.",
        )
    sources = graded_cells(source_notebook(config, submission.lab, submission.lab))
    for cell in mended.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in sources and is_test(cell):
            cell.source = sources[grade_id].source
    with tempfile.TemporaryDirectory(prefix="staged-") as folder:
        place = stage(submission, path, Path(folder))
        Execute(config=config).preprocess(mended, {"metadata": {"path": str(place)}})
    return nbformat.writes(mended)


class Grader(OneNotebook, Autograde):
    """nbgrader's Autograde for one staged submission; keeps the error that stopped it."""

    error = None

    def convert_single_notebook(self, notebook_filename):
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.error = error
            raise


def _autograde(config, submission, executed_notebook):
    """Run the steps of nbgrader's autograding that are left for one submission: a worker has mended and run it."""
    path, _ = find_notebook(submission)
    with tempfile.TemporaryDirectory(prefix="staged-") as folder:
        place = stage(submission, path, Path(folder))
        (place / f"{submission.lab}.ipynb").write_text(executed_notebook, encoding="utf-8")
        changed = copy.deepcopy(config)
        changed.CourseDirectory.submitted_directory = folder
        for steps in ("sanitize_preprocessors", "autograde_preprocessors"):
            changed.Autograde[steps] = [each for each in config.Autograde[steps] if each not in DONE]
        course = CourseDirectory(config=changed, assignment_id=submission.lab, student_id=submission.student)
        converter = Grader(coursedir=course, config=changed, force=True)
        try:
            converter.start()
        except Exception:
            if converter.error is not None:
                raise converter.error from None
            raise


def record_failure(config, submission, message):
    """Give a submission that cannot be run zero points, with the reason, in gradebook and autograded notebook."""
    notebook = released_notebook(config, submission.lab, submission.lab)
    add_finding(notebook, message)
    for grade_id, cell in cells_with_tests(notebook).items():
        verdicts.put(cell, verdicts.zero(grade_id, cell.metadata.nbgrader.points, message, "missing"))
    course = CourseDirectory(config=config)
    folder = Path(course.format_path(course.autograded_directory, submission.student, submission.lab))
    if folder.exists():
        rmtree(str(folder))
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{submission.lab}.ipynb")
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.update_or_create_student(submission.student)
        gradebook.update_or_create_submission(submission.lab, submission.student)
        for notebook in gradebook.find_submission(submission.lab, submission.student).notebooks:
            for each in notebook.grades:
                each.auto_score = 0
                each.needs_manual_grade = each.manual_score is not None
        gradebook.db.commit()


def _read_record(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write_record(path, record):
    part = path.with_suffix(".part")
    part.write_text(json.dumps(record) + "\n", encoding="utf-8")
    part.replace(path)


@contextmanager
def quiet(path):
    """Send what nbgrader and nbclient say into a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    loggers = [logging.getLogger(name) for name in ("traitlets", "alembic", "asyncio")]
    before = [(each, each.handlers[:], each.propagate, each.level) for each in loggers]
    for each in loggers:
        each.handlers, each.propagate = [handler], False
        each.setLevel(logging.INFO)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for each, handlers, propagate, level in before:
            each.handlers, each.propagate = handlers, propagate
            each.setLevel(level)
        handler.close()
