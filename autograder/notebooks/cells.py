"""What nbgrader knows about the cells of a notebook, found by ``grade_id``.

No library is imported here: each kernel that grades imports this module when it starts.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

SKIP_TAG = "skip-execution"
SUBMISSION = "SUBMISSION"  # the environment variable with a submission's digest


def nbgrader_data(cell: "NotebookNode | dict[str, Any]") -> dict[str, Any]:
    """Return what nbgrader noted in a cell's metadata: grade id, points and flags; empty for any other cell."""
    return cell["metadata"].get("nbgrader", {})


def is_solution(cell: "NotebookNode") -> bool:
    """Return whether a cell is one that students fill in."""
    return bool(nbgrader_data(cell).get("solution"))


def is_graded(cell: "NotebookNode") -> bool:
    """Return whether a cell gives points, by a test or by a person."""
    return bool(nbgrader_data(cell).get("grade"))


def is_task(cell: "NotebookNode") -> bool:
    """Return whether a cell is a task, for which a person gives points."""
    return bool(nbgrader_data(cell).get("task"))


def is_skipped(cell: "NotebookNode") -> bool:
    """Return whether grading leaves a cell out, as it does with demonstrations."""
    return SKIP_TAG in cell.metadata.get("tags", [])


def is_test(cell: "NotebookNode") -> bool:
    """Return whether a cell is a test cell: graded by running it, not by a person."""
    return cell.cell_type == "code" and is_graded(cell) and not is_solution(cell)


def graded_cells(nb: "NotebookNode") -> dict[str, "NotebookNode"]:
    """Return the cells of a notebook that nbgrader knows, by grade id, in order."""
    return {nbgrader_data(cell)["grade_id"]: cell for cell in nb.cells if nbgrader_data(cell).get("grade_id")}


def given_cells(nb: "NotebookNode") -> dict[str, "NotebookNode"]:
    """Return the code that students are given and that runs, such as imports, by ``given_name``."""
    return {
        given_name(index): cell
        for index, cell in enumerate(nb.cells)
        if cell.cell_type == "code" and not nbgrader_data(cell).get("grade_id") and not is_skipped(cell)
    }


def given_name(index: int) -> str:
    """Return what stands for a grade id where a cell has none: no grade id has a blank."""
    return f"given {index}"


def cells_with_tests(nb: "NotebookNode") -> dict[str, "NotebookNode"]:
    """Return the test cells of a notebook by grade id, in order."""
    return {nbgrader_data(cell)["grade_id"]: cell for cell in nb.cells if is_test(cell)}


def submission_digest(nb: "NotebookNode") -> str:
    """Return a digest of what a student wrote, by which hidden inputs are chosen: all cells but the test cells.

    Args:
        nb: as it was repaired, so that it does not matter by which way it came.
    """
    cells = [[cell.cell_type, cell.source] for cell in nb.cells if not is_test(cell)]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def exercise_of(grade_id: str, exercises: Iterable[str]) -> str:
    """Return the exercise that a cell's grade id belongs to: itself, or the longest one that begins it, or ""."""
    owners = [name for name in exercises if grade_id == name or grade_id.startswith(name + "_")]
    return max(owners, key=len, default="")


def cell_name(cell: "NotebookNode") -> str:
    """Return words by which a person finds a cell: its grade id, or how it begins."""
    grade_id = nbgrader_data(cell).get("grade_id")
    if grade_id:
        return f"the cell {grade_id}"
    lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
    start = next((line for line in lines if not line.startswith("#")), lines[0] if lines else "")
    return f"the cell that begins {start[:60]!r}"
