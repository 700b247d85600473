"""The step of nbgrader's autograding that runs a submission, in place of nbgrader's own ``Execute``. It fails closed.

``nbgrader_config.py`` names it, so ``nbgrader autograde``, the formgrader's button and ``autograder grade`` all use it.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Enum, Float, Integer, List, Type, Unicode

from autograder.classroom import ENGINES, Classroom
from autograder.engines.base import Engine, Limits, kernel_environment
from autograder.engines.forked import ForkedEngine
from autograder.engines.kernel import KernelEngine
from autograder.errors import CourseError
from autograder.notebooks.cells import SKIP_TAG, cell_name, cells_with_tests, exercise_of, is_test
from autograder.notebooks.findings import add_finding
from autograder.notebooks.verdicts import fail_closed, gives_verdict, seal

INPUT = "StdinNotImplementedError"


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
    unsafe = Bool(False, help="Grade without a sandbox where the system forbids one.").tag(config=True)
    engine_class = Type(None, klass=object, allow_none=True, help="What runs the cells, in place of an engine.").tag(
        config=True
    )

    @property
    def classroom(self):
        """The folder where the course runs."""
        return Path(self.config.CourseDirectory.get("root") or os.getcwd()).resolve()

    @property
    def limits(self):
        """What one submission may use."""
        seconds = self.submission_timeout if self.timeout is None else self.timeout
        return Limits(seconds, self.submission_timeout, self.memory_limit, self.output_limit, self.max_restarts)

    def new_engine(self) -> Engine:
        """Return what runs the cells."""
        if self.engine_class:
            return self.engine_class()
        engine = self._engine()
        if engine == "kernel":
            return KernelEngine()
        return ForkedEngine(sealed=engine == "sealed", isolate=not self.unsafe)

    def _engine(self):
        engine = self.engine or Classroom(self.classroom).engine
        return engine if sys.platform == "linux" else "kernel"

    def engine_in_words(self):
        """Return how submissions are graded, for reports."""
        engine = self._engine()
        if engine == "kernel" or self.unsafe:
            return f"{engine}, without a sandbox"
        return engine

    def preprocess(self, nb, resources):
        with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            copy_files(Path(resources["metadata"]["path"]), folder)
            environment = kernel_environment(self.classroom, folder)
            _require_python(nb, engine := self.new_engine())
            incidents = engine.run(nb, self.limits, folder, self.prelude, environment)
        self.conclude(nb, incidents)
        return nb, resources

    def conclude(self, nb, incidents):
        """Seal every test cell and note what happened to the others.

        Args:
            incidents: why cells did not finish: sentences by cell index.
        """
        exercises = list(cells_with_tests(nb))
        for index, cell in enumerate(nb.cells):
            if cell.cell_type != "code":
                continue
            incident = incidents.get(index, "")
            if is_test(cell):
                incident = f"the test did not finish: {incident}" if incident else ""
                if gives_verdict(cell):
                    seal(cell, incident)
                else:
                    fail_closed(cell, incident)
                continue
            exercise = exercise_of(cell.metadata.get("nbgrader", {}).get("grade_id", ""), exercises)
            if incident:
                add_finding(nb, f"In {cell_name(cell)}: {incident}", exercise)
            for output in cell.outputs:
                if output.output_type == "error" and not incident:
                    add_finding(nb, f"In {cell_name(cell)}: {_what(output)}", exercise)
            if re.search(r"google\.colab|drive\.mount", cell.source) and SKIP_TAG not in cell.metadata.get("tags", []):
                add_finding(
                    nb,
                    f"In {cell_name(cell)}: Google Colab's own functions (such as mounting a drive) do nothing "
                    "while grading.",
                    exercise,
                )


def _require_python(nb, engine):
    """Refuse a notebook in another language where a kernel does not run it.

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


def _what(output):
    if output.ename == INPUT:
        return "it asks for input(), and nobody answers while grading. Write the value into the cell instead."
    return f"it stopped with {output.ename}: {' '.join(output.evalue.split())[:200]}"


def copy_files(source, folder):
    """Copy what was handed in beside the notebook into the private folder where the cells run; links are left out."""
    for path in sorted(source.rglob("*")):
        if path.is_symlink() or not path.is_file() or path.suffix == ".ipynb":
            continue
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
