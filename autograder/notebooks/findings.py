"""Findings: plain sentences about a submission, kept in the notebook's metadata for reports and feedback.

Beside them stand cases that anybody may see, of exercises that hidden cases found wrong.
"""

from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode, from_dict


def add_finding(nb: NotebookNode, message: str, exercise: str = "") -> None:
    """Note something about a submission, once.

    Args:
        message: one sentence for the student and the instructor.
        exercise: grade id of the exercise that it concerns, or "" for the whole submission.
    """
    course = _course(nb)
    finding = {"exercise": exercise, "message": message}
    if finding not in course["findings"]:
        course["findings"].append(finding)


def findings(nb: NotebookNode, exercise: str | None = None) -> list[str]:
    """Return the sentences noted about a submission, or about one exercise of it ("" for those about none)."""
    noted = nb.metadata.get("course", {}).get("findings", [])
    return [finding["message"] for finding in noted if exercise is None or finding["exercise"] == exercise]


def note_unread(nb: NotebookNode) -> None:
    """Note that this is the lab as it was released, since what was handed in could not be read."""
    _course(nb)["unread"] = True


def is_unread(nb: NotebookNode) -> bool:
    """Return whether this is the lab as it was released, in place of what was handed in."""
    return bool(nb.metadata.get("course", {}).get("unread"))


def note_failed_checks(nb: NotebookNode, exercises: Iterable[str]) -> None:
    """Note the exercises whose checks had failed when the notebook was handed in."""
    _course(nb)["failed_checks"] = sorted(exercises)


def failed_checks(nb: NotebookNode) -> list[str]:
    """Return the exercises whose checks had failed when the notebook was handed in."""
    return list(nb.metadata.get("course", {}).get("failed_checks", []))


def add_case(nb: NotebookNode, exercise: str, case: dict[str, Any]) -> None:
    """Note a case that anybody may see, of an exercise that hidden cases found wrong.

    Args:
        case: a ``message``, and ``rows`` of a name and a value; an argument without a known name has none.
    """
    _course(nb).setdefault("cases", from_dict({}))[exercise] = from_dict(case)


def case(nb: NotebookNode, exercise: str) -> dict[str, Any] | None:
    """Return the case that was noted of an exercise, or None."""
    return nb.metadata.get("course", {}).get("cases", {}).get(exercise)


def _course(nb: NotebookNode) -> NotebookNode:
    return nb.metadata.setdefault("course", from_dict({"findings": []}))
