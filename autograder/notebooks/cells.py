"""What nbgrader knows about the cells of a notebook, found by ``grade_id``."""

from nbgrader import utils

SKIP_TAG = "skip-execution"


def is_test(cell):
    """Return whether a cell is a test cell: graded by running it, not by a person."""
    return cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell)


def cells_with_tests(nb):
    """Return the test cells of a notebook by grade id, in order."""
    return {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if is_test(cell)}


def exercise_of(grade_id, exercises):
    """Return the exercise that a cell's grade id belongs to: itself, or the longest one that begins it, or ""."""
    owners = [name for name in exercises if grade_id == name or grade_id.startswith(name + "_")]
    return max(owners, key=len, default="")


def cell_name(cell):
    """Return words by which a person finds a cell: its grade id, or how it begins."""
    grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
    if grade_id:
        return f"the cell {grade_id}"
    lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
    start = next((line for line in lines if not line.startswith("#")), lines[0] if lines else "")
    return f"the cell that begins {start[:60]!r}"


def graded_cells(nb):
    """Return the cells of a notebook that nbgrader knows, by grade id, in order."""
    return {
        cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id")
    }
