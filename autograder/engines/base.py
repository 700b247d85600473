"""What every engine has: limits of a submission, which cells run, and in what environment."""

import ast
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from autograder.notebooks.cells import SKIP_TAG
from autograder.settings import PROJECT

GRACE = 2.0  # seconds between an interrupt and the kill of a kernel that ignores it


MEGABYTE = 2**20
MOST_FILES, MOST_FILE_BYTES = 2000, 50 * MEGABYTE  # what is taken of the files beside a notebook: number, bytes of all


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Args:
        cell: seconds a cell. submission: seconds for all cells together.
        memory: MB of resident memory of the kernel and everything that it started.
        output: characters of output a cell that are kept.
        restarts: how often a dead kernel is replaced.
    """

    cell: float = 60
    submission: float = 600
    memory: int = 4096
    output: int = 1_000_000
    restarts: int = 3


class Engine(Protocol):
    """Runs the code cells of a submission in order and fills in their outputs."""

    def run(self, nb: NotebookNode, limits: Limits, folder: Path, prelude: str, environment: dict) -> dict[int, str]:
        """Run a notebook in place; what a student's code does never raises here.

        Args:
            folder: private working directory of the submission.
            prelude: code that puts ``check`` and ``grade`` into the namespace, run before each test cell.
            environment: environment variables of the process that runs the cells.

        Returns:
            What befell cells that did not run to their end, or not within the limits: sentences by cell index.

        Raises:
            CourseError: the prelude itself fails, so that nobody could be graded.
        """


def runnable(cell):
    """Return whether grading runs a cell: code, not empty, not tagged to be skipped."""
    return cell.cell_type == "code" and bool(cell.source.strip()) and SKIP_TAG not in cell.metadata.get("tags", [])


def definitions(source):
    """Return only the imports, functions and classes of a cell, for a cell whose other statements end the kernel."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))  # magics become calls
        return "\n".join(ast.unparse(node) for node in tree.body if isinstance(node, kinds))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ""


def kernel_environment(classroom, folder):
    """Return the environment of a submission's process: quiet, on the CPU, sharing nothing with other submissions.

    Args:
        classroom: absolute path of the classroom, where ``grade`` finds the secret.
        folder: the submission's private working directory.
    """
    repository = str(PROJECT)
    environment = dict(os.environ)
    environment.update(
        {
            "CLASSROOM": str(classroom),
            "COURSE_STATIC": "1",  # explorers draw a picture instead of a widget
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
            "IPYTHONDIR": str(Path(folder) / ".ipython"),  # a startup file of one student must not run for the next
            "PIP_NO_INDEX": "1",  # `%pip install` in a notebook must not change the instructor's environment
            "PIP_TARGET": str(Path(folder) / ".pip"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, [repository, environment.get("PYTHONPATH")])),
        }
    )
    environment.setdefault("OMP_NUM_THREADS", "1")  # small matrices: threads cost more than they gain
    return environment
