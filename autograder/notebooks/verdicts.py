"""The verdict that stands in a graded test cell: read it, and make sure that there is exactly one.

nbgrader gives full marks to a test cell without output. Here such a cell scores zero, and says why.
"""

import math

from nbformat.v4 import new_output

from course_utils.verdict import MIME_TYPE, Verdict

STATUSES = ("passed", "partial", "failed", "unfinished", "missing", "error", "skipped")
LONGEST_MESSAGE = 2000


def gives_verdict(cell):
    """Return whether a test cell calls ``grade`` as this project's do; another course's may hold any code."""
    return f'grade("{cell.metadata.nbgrader.grade_id}")' in map(str.strip, cell.source.splitlines())


def zero(grade_id, points, message, status="error"):
    """Return a verdict of no points whose message says why."""
    return Verdict("grade", grade_id, 0.0, float(points), status, f"{grade_id}: {message}")


def put(cell, verdict):
    """Make a verdict the only output of a cell."""
    cell.outputs = [new_output("execute_result", verdict.bundle(), execution_count=cell.get("execution_count"))]


def read(cell):
    """Return the verdict of a graded test cell.

    Raises:
        ValueError: there is not exactly one sound verdict of ``grade`` for this cell; the message says what is there.
    """
    grade_id, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
    bundles = [
        output.data[MIME_TYPE]
        for output in cell.outputs
        if output.output_type == "execute_result" and MIME_TYPE in output.data
    ]
    if not bundles:
        raise ValueError("the test gave no result")
    verdicts = [
        each
        for each in bundles
        if isinstance(each, dict) and each.get("kind") == "grade" and each.get("exercise") == grade_id
    ]
    if len(verdicts) != 1 or len(bundles) != 1:
        raise ValueError(f"the test gave {len(verdicts)} results of its own and {len(bundles) - len(verdicts)} others")
    found = verdicts[0]
    score, status = found.get("score"), found.get("status")
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not math.isfinite(score):
        raise ValueError("the test's result is not a number")
    if not 0 <= score <= points:
        raise ValueError(f"the test's result {score:g} is not between 0 and {points:g}")
    if status not in STATUSES:
        raise ValueError("the test's result has no status")
    diagnosis = found.get("diagnosis")
    return Verdict(
        "grade",
        grade_id,
        float(score),
        points,
        status,
        str(found.get("message", ""))[:LONGEST_MESSAGE],
        diagnosis if isinstance(diagnosis, str) else None,
    )


def seal(cell, incident=""):
    """Reduce a test cell to one verdict of ``grade``: the one that it gave, or zero with the reason; return it.

    Everything else that the cell showed is dropped: what is printed during a test could tell of the hidden inputs.

    Args:
        incident: what happened to the cell when it did not run to its end, else "".
    """
    try:
        verdict = read(cell)
    except ValueError as problem:
        verdict = zero(
            cell.metadata.nbgrader.grade_id, cell.metadata.nbgrader.points, incident or _error(cell) or f"{problem}."
        )
    put(cell, verdict)
    return verdict


def fail_closed(cell, incident):
    """Make sure that another course's test cell that did not run to its end counts as failed.

    Args:
        incident: what happened to the cell when it did not run to its end, else "".
    """
    if incident or cell.execution_count is None:
        text = incident or "the test did not run"
        cell.outputs.append(new_output("error", ename="NotFinished", evalue=text, traceback=[text]))


def _error(cell):
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return f"the test stopped with {errors[-1].ename}." if errors else ""
