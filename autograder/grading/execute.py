"""The step of nbgrader's autograding that runs a submission, in place of nbgrader's own ``Execute``. It fails closed.

``nbgrader_config.py`` names it, so ``nbgrader autograde``, the formgrader's button and ``autograder grade`` all use it.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Enum, Float, Integer, List, Type, Unicode

from autograder.classroom import ENGINES, Classroom
from autograder.engines.base import Engine, Limits, kernel_environment
from autograder.engines.forked import ForkedEngine
from autograder.engines.kernel import KernelEngine
from autograder.errors import CourseError
from autograder.files import Folder, copy_files
from autograder.grading.staging import staging_root
from autograder.limits import MOST_FILE_BYTES, MOST_FILES
from autograder.notebooks.cells import (
    cell_name,
    cells_with_tests,
    exercise_of,
    is_skipped,
    is_test,
    nbgrader_data,
    submission_digest,
)
from autograder.notebooks.findings import add_finding
from autograder.notebooks.verdicts import fail_closed, gives_verdict, seal
from autograder.sandbox import resident
from autograder.sandbox.look import SANDBOX, TrialResult, no_sandbox
from autograder.sandbox.trials import trials


class Execute(NbGraderPreprocessor):
    """Runs a submission's cells through an engine and leaves exactly one verdict in each test cell."""

    timeout = Float(60, allow_none=True, help="Seconds that one cell may run; None: no limit of its own.").tag(
        config=True
    )
    submission_timeout = Float(600, help="Seconds that all cells of one submission may run together.").tag(config=True)
    memory_limit = Integer(4096, help="MB of memory that a submission's process and all that it starts may use.").tag(
        config=True
    )
    output_limit = Integer(1_000_000, help="Characters of output that are kept of one cell.").tag(config=True)
    max_restarts = Integer(3, help="How often a dead kernel is replaced within one submission.").tag(config=True)
    prelude = Unicode(
        "from course_utils import check\nfrom autograder.engines.hidden import grade",
        help="Code that is run before each test cell, since a student may have used these names.",
    ).tag(config=True)
    extra_arguments = List(help="Arguments of the kernel of nbgrader's own Execute, which shares this section.").tag(
        config=True
    )
    engine = Enum(
        ("", *ENGINES, "kernel"),
        "",
        help="sealed: tests are judged outside the student's process. plain: inside "
        "it, for any course. kernel: a kernel for each submission. Empty: as the classroom says.",
    ).tag(config=True)
    unsafe = Bool(False, help="Grade without what the sandbox lacks here; reports name it.").tag(config=True)
    server_minutes = Float(
        resident.MINUTES,
        help="Minutes that a warm server stays after the last grading, so that the next one starts at once.",
    ).tag(config=True)
    engine_class = Type(None, klass=object, allow_none=True, help="What runs the cells, in place of an engine.").tag(
        config=True
    )

    @property
    def classroom(self) -> Path:
        """The folder where the course runs."""
        return Path(self.config.CourseDirectory.get("root") or os.getcwd()).resolve()

    @property
    def limits(self) -> Limits:
        """What one submission may use."""
        seconds = self.submission_timeout if self.timeout is None else self.timeout
        return Limits(seconds, self.submission_timeout, self.memory_limit, self.output_limit, self.max_restarts)

    @property
    def engine_name(self) -> str:
        """The engine that grades here: sealed, plain or kernel."""
        name = self.engine or Classroom(self.classroom).engine
        return name if sys.platform == "linux" else "kernel"

    def new_engine(self) -> Engine:
        """Return what runs the cells."""
        if self.engine_class:
            return self.engine_class()
        if self.engine_name == "kernel":
            return KernelEngine()
        stays = 60 * resident.minutes(self.server_minutes)
        lacking = tuple(result.isolation for result in self.lacking)
        return ForkedEngine(self.engine_name == "sealed", SANDBOX not in lacking, stays, lacking)

    def isolations(self) -> tuple[TrialResult, ...]:
        """Return what this engine isolates here, and what it does not, as a look from inside shows."""
        if self.engine_name == "kernel":
            return (no_sandbox("grade on Linux with the engine sealed; here each submission gets a kernel of its own"),)
        engine = ForkedEngine(self.engine_name == "sealed")
        return trials(engine.need((), self.limits, self.classroom), self.classroom)

    @property
    def lacking(self) -> list[TrialResult]:
        """What the sandbox lacks here, where ``unsafe`` says to grade without it."""
        if not self.unsafe and self.engine_name != "kernel":
            return []  # then a look at the server itself, when it starts, stops grading
        return [result for result in self.isolations() if not result.sufficient]

    def engine_in_words(self) -> str:
        """Return how submissions are graded, and without what, for reports."""
        lacking = self.lacking
        if not lacking:
            return self.engine_name
        how = "without a sandbox" if lacking[0].isolation == SANDBOX else "in a sandbox with gaps"
        return f"{self.engine_name}, {how}: {', '.join(result.without for result in lacking)}"

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Run a submission as nbgrader's autograding asks, whose folder holds the notebook with its hidden tests."""
        with private_copy(Path(resources["metadata"]["path"]), self.classroom) as folder:
            self._run(nb, folder, self.new_engine())
        return nb, resources

    def run(self, nb: NotebookNode, folder: Path) -> bool:
        """Run a submission beside the files in a folder, which stay as they are.

        Args:
            folder: holds nothing but what the submission may see.

        Returns:
            Whether a cell was stopped or ended its process: other work on the machine may have had a part in it.
        """
        engine = self.new_engine()
        if isinstance(engine, ForkedEngine):  # it only reads the files; its cells change copies in the sandbox
            return self._run(nb, folder, engine)
        with private_copy(folder, self.classroom) as copy:
            return self._run(nb, copy, engine)

    def _run(self, nb: NotebookNode, folder: Path, engine: Engine) -> bool:
        _require_python(nb, engine)
        environment = kernel_environment(self.classroom, folder, submission_digest(nb))
        incidents = engine.run(nb, self.limits, folder, self.prelude, environment)
        conclude(nb, incidents)
        return incidents.troubled


def conclude(nb: NotebookNode, incidents: dict[int, str]) -> None:
    """Seal every test cell, and turn what went wrong in the others into findings.

    Args:
        incidents: why cells did not finish: sentences by cell index.
    """
    exercises = list(cells_with_tests(nb))
    for index, cell in enumerate(nb.cells):
        incident = incidents.get(index, "")
        if is_test(cell):
            reason = f"the test did not finish: {incident}" if incident else ""
            if gives_verdict(cell):
                seal(cell, reason)
            else:
                fail_closed(cell, reason)
        elif cell.cell_type == "code":
            exercise = exercise_of(nbgrader_data(cell).get("grade_id", ""), exercises)
            for problem in _problems(cell, incident):
                add_finding(nb, f"In {cell_name(cell)}: {problem}", exercise)


def _problems(cell: NotebookNode, incident: str) -> Iterator[str]:
    """Yield what there is to say about a cell that was run and is no test."""
    if incident:
        yield incident
    for output in cell.outputs:
        if output.output_type == "error" and not incident:
            yield _error_in_words(output)
    if re.search(r"google\.colab|drive\.mount", cell.source) and not is_skipped(cell):
        yield "Google Colab's own functions (such as mounting a drive) do nothing while grading."


def _error_in_words(output: NotebookNode) -> str:
    if output.ename == "StdinNotImplementedError":
        return "it asks for input(), and nobody answers while grading. Write the value into the cell instead."
    return f"it stopped with {output.ename}: {' '.join(output.evalue.split())[:200]}"


def _require_python(nb: NotebookNode, engine: Engine) -> None:
    """Refuse a notebook in another language where no kernel runs it.

    Raises:
        CourseError, NoSuchKernel.
    """
    name = nb.metadata.get("kernelspec", {}).get("name", "python3")
    if not isinstance(engine, ForkedEngine) or name in ("python", "python3"):
        return
    language = KernelSpecManager().get_kernel_spec(name).language
    if language.lower() != "python":
        raise CourseError(
            f"the notebook is written for the kernel {name!r}, and only Python can be sandboxed. For a course in "
            f"another language set c.Execute.engine = 'kernel' in nbgrader_config.py."
        )


@contextmanager
def private_copy(source: Path, classroom: Path) -> Iterator[Path]:
    """Give a block a copy of a folder that goes with its end; links and notebooks are left out."""
    with staging_root(Classroom(classroom)) as copy, Folder(source) as folder:
        names = [name for name, _ in folder.list().files if name.suffix != ".ipynb"]
        copy_files(folder, copy, names[:MOST_FILES], MOST_FILE_BYTES)
        yield copy
