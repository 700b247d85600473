"""The verdict that stands in a graded test cell: read it, and make sure that there is exactly one.

nbgrader gives full marks to a test cell without output. Here such a cell scores zero, and says why.
"""

import math
from typing import Any

from nbformat import NotebookNode

from autograder.notebooks.cells import nbgrader_data
from autograder.notebooks.nodes import new_output
from course_utils.verdict import MIME_TYPE, Verdict

STATUSES = ("passed", "partial", "failed", "unfinished", "missing", "error", "skipped")
WRONG = ("failed", "partial", "error")  # of these a case that fails tells more than the message
LONGEST_MESSAGE = 6000  # a quiz explains each answer


def gives_verdict(cell: NotebookNode) -> bool:
    """Return whether a test cell calls ``grade`` as this project's do; another course's may hold any code."""
    return f'grade("{nbgrader_data(cell)["grade_id"]}")' in map(str.strip, cell.source.splitlines())


def zero(grade_id: str, points: float, message: str, status: str = "error") -> Verdict:
    """Return a verdict of no points whose message says why."""
    return Verdict("grade", grade_id, 0.0, float(points), status, f"{grade_id}: {message}")


def put(cell: NotebookNode, verdict: Verdict) -> None:
    """Make a verdict the only output of a cell."""
    cell.outputs = [new_output("execute_result", data=verdict.bundle(), execution_count=cell.get("execution_count"))]


def read(cell: NotebookNode) -> Verdict:
    """Return the verdict of a graded test cell.

    Raises:
        ValueError: there is not exactly one sound verdict of ``grade`` for this cell; the message says what is there.
    """
    grade_id, points = nbgrader_data(cell)["grade_id"], float(nbgrader_data(cell)["points"])
    verdict = _only_verdict(cell, grade_id)
    score, status, diagnosis = verdict.get("score"), verdict.get("status"), verdict.get("diagnosis")
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not math.isfinite(score):
        raise ValueError("the test's result is not a number")
    if not 0 <= score <= points:
        raise ValueError(f"the test's result {score:g} is not between 0 and {points:g}")
    if status not in STATUSES:
        raise ValueError("the test's result has no status")
    return Verdict(
        "grade",
        grade_id,
        float(score),
        points,
        status,
        str(verdict.get("message", ""))[:LONGEST_MESSAGE],
        diagnosis if isinstance(diagnosis, str) else None,
    )


def _only_verdict(cell: NotebookNode, grade_id: str) -> dict[str, Any]:
    """Return the data of the only result that a test cell shows, if it is of ``grade`` for this very cell."""
    results = [
        output.data[MIME_TYPE]
        for output in cell.outputs
        if output.output_type == "execute_result" and MIME_TYPE in output.data
    ]
    if not results:
        raise ValueError("the test gave no result")
    own = [
        result
        for result in results
        if isinstance(result, dict) and result.get("kind") == "grade" and result.get("exercise") == grade_id
    ]
    if len(own) != 1 or len(results) != 1:
        raise ValueError(f"the test gave {len(own)} results of its own and {len(results) - len(own)} others")
    return own[0]


def read_or_zero(cell: NotebookNode) -> Verdict:
    """Return the verdict of a graded test cell, or one of no points that says why there is none."""
    try:
        return read(cell)
    except ValueError as problem:
        return zero(nbgrader_data(cell)["grade_id"], nbgrader_data(cell)["points"], f"{problem}.")


def seal(cell: NotebookNode, incident: str = "") -> Verdict:
    """Reduce a test cell to one verdict of ``grade``: the one that it gave, or zero with the reason; return it.

    Everything else that the cell showed is dropped: what is printed during a test could tell of the hidden inputs.

    Args:
        incident: why the cell did not finish, or "".
    """
    try:
        verdict = read(cell)
    except ValueError as problem:
        reason = incident or _last_error(cell) or f"{problem}."
        verdict = zero(nbgrader_data(cell)["grade_id"], nbgrader_data(cell)["points"], reason)
    put(cell, verdict)
    return verdict


def fail_closed(cell: NotebookNode, incident: str) -> None:
    """Make sure that another course's test cell that did not finish counts as failed.

    Args:
        incident: why the cell did not finish, or "".
    """
    if incident or cell.execution_count is None:
        text = incident or "the test did not run"
        cell.outputs.append(new_output("error", ename="NotFinished", evalue=text, traceback=[text]))


def _last_error(cell: NotebookNode) -> str:
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return f"the test stopped with {errors[-1].ename}." if errors else ""


def checks_that_failed(nb: dict[str, Any]) -> set[str]:
    """Return the exercises whose checks had run in a handed-in notebook, by its own outputs, and were not right.

    Args:
        nb: any JSON object of nbformat 4, valid or not; it may claim anything.
    """
    failed = set()
    cells = nb.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else ():
            data = output.get("data") if isinstance(output, dict) else None
            verdict = data.get(MIME_TYPE) if isinstance(data, dict) else None
            if isinstance(verdict, dict) and verdict.get("kind") == "check" and verdict.get("status") in WRONG:
                failed.add(str(verdict.get("exercise")))
    return failed
