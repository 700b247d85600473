"""What every engine has: limits of a submission, which cells run, in what environment, and how a run went."""

import ast
import os
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder.database import VARIABLE
from autograder.limited import READING, OverLimit, within
from autograder.notebooks.cells import SKIP_TAG, SUBMISSION, cell_name
from autograder.settings import PROJECT


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Args:
        cell: seconds a cell. submission: seconds for all cells together.
        memory: MB of resident memory of the kernel and everything that it started.
        output: characters of output a cell that are kept.
        restarts: how often a dead process is replaced.
    """

    cell: float = 60
    submission: float = 600
    memory: int = 4096
    output: int = 1_000_000
    restarts: int = 3

    def cell_over(self) -> str:
        """Say that a cell's time was over."""
        return f"it ran longer than {self.cell:g} s and was stopped. Is there a loop that never ends?"

    def submission_over(self) -> str:
        """Say that the submission's time was over."""
        return f"the submission had used up its {self.submission:g} s."


def ran_too_long(sentence: str) -> bool:
    """Return whether a sentence says that time was over, a cell's or the submission's."""
    return "it ran longer than" in sentence or "the submission had used up its" in sentence


class Engine(Protocol):
    """Runs the code cells of a submission in order and fills in their outputs."""

    def run(
        self, nb: NotebookNode, limits: Limits, folder: Path, prelude: str, environment: dict[str, str]
    ) -> "Incidents":
        """Run a notebook in place; what a student's code does never raises here.

        Args:
            folder: private working directory of the submission.
            prelude: code that puts ``check`` and ``grade`` into the namespace, run before each test cell.
            environment: environment variables of the process that runs the cells.

        Raises:
            CourseError: the prelude itself fails, so that nobody could be graded.
            GraderFailure: the grader could not do its own part, as start a process or judge a sound answer.
        """


class Incidents(dict[int, str]):
    """Why cells did not finish, or not within the limits: sentences by cell index.

    Attributes:
        troubled: whether a cell was stopped or ended its process. Other work on the machine may have had a part in it.
    """

    troubled = False


class RunState:
    """How the run of one notebook goes: which cells ran, which broke a limit, and how much time is left."""

    def __init__(self, nb: NotebookNode, limits: Limits) -> None:
        self.nb, self.limits = nb, limits
        self.incidents = Incidents()
        self.killers: dict[int, int] = {}  # how often a cell broke a limit or ended the process, by its index
        self.begin()

    def begin(self) -> None:
        """Begin with the first cell, with the whole time and all restarts."""
        self.done: list[int] = []  # indices of the ordinary cells that ran
        self.starts = self.limits.restarts + 1  # how often a process may still be started
        self.end = monotonic() + self.limits.submission
        self.last_death = ""

    @property
    def out_of_time(self) -> bool:
        """Whether the submission has used up its time."""
        return monotonic() >= self.end

    def not_run(self, index: int, reason: str) -> None:
        """Note why a cell was not run at all."""
        self.incidents[index] = f"it was not run: {reason}"
        self.killers.setdefault(index, 1)

    def died(self, index: int, reason: str) -> None:
        """Note that the process ended while a cell ran."""
        self.incidents.setdefault(index, reason)
        self.last_death = (
            f"the Python process had ended in {cell_name(self.nb.cells[index])}, and was not started again after "
            f"{self.limits.restarts} times."
        )
        self.blame(index)

    def blame(self, index: int) -> None:
        """Count one more time that a cell ended the process."""
        self.killers[index] = self.killers.get(index, 0) + 1

    def result(self) -> Incidents:
        """Return the incidents of the run, which is over."""
        self.incidents.troubled = bool(self.killers)
        return self.incidents

    def source_again(self, index: int) -> str:
        """Return what to run of a cell again: only its definitions if it broke a limit, nothing if it did so twice."""
        source: str = self.nb.cells[index].source
        if self.killers.get(index):
            return definitions(source) if self.killers[index] == 1 else ""
        return source


def output_cut(characters: int) -> str:
    """Say that a cell's output was cut."""
    return f"its output was cut at {characters / 1e6:g} MB."


def runnable(cell: NotebookNode) -> bool:
    """Return whether grading runs a cell: code, not empty, not tagged to be skipped."""
    return cell.cell_type == "code" and bool(cell.source.strip()) and SKIP_TAG not in cell.metadata.get("tags", [])


def definitions(source: str) -> str:
    """Return only the imports, functions and classes of a cell, for a cell whose other statements end the kernel."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    try:
        with within(READING):
            tree = ast.parse(TransformerManager().transform_cell(source))  # magics become calls
            return "\n".join(ast.unparse(node) for node in tree.body if isinstance(node, kinds))
    except (SyntaxError, ValueError, RecursionError, OverLimit):
        return ""


def kernel_environment(classroom: Path, folder: Path, submission: str = "") -> dict[str, str]:
    """Return the environment of a submission's process: quiet, on the CPU, sharing nothing with other submissions.

    Args:
        classroom: absolute path of the classroom, where ``grade`` finds the secret.
        folder: the submission's private working directory.
        submission: digest of the submission, which says which hidden inputs it gets.
    """
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE and not name.startswith("PG")}
    environment.update(
        {
            "CLASSROOM": str(classroom),
            SUBMISSION: submission,
            "COURSE_STATIC": "1",  # figures are pictures instead of widgets
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
            "IPYTHONDIR": str(folder / ".ipython"),  # a startup file of one student must not run for the next
            "PIP_NO_INDEX": "1",  # `%pip install` in a notebook must not change the instructor's environment
            "PIP_TARGET": str(folder / ".pip"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT), environment.get("PYTHONPATH")])),
        }
    )
    environment.setdefault("OMP_NUM_THREADS", "1")  # small matrices: threads cost more than they gain
    return environment
