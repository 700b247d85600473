"""Findings: plain sentences about a submission, kept in the notebook's metadata for reports and feedback."""

from nbformat import NotebookNode


def add_finding(nb: NotebookNode, message: str, exercise: str = "") -> None:
    """Note something about a submission, once.

    Args:
        message: one sentence for the student and the instructor.
        exercise: grade id of the exercise that it concerns, or "" for the whole submission.
    """
    course = nb.metadata.setdefault("course", {"findings": []})
    finding = {"exercise": exercise, "message": message}
    if finding not in course["findings"]:
        course["findings"].append(finding)


def findings(nb: NotebookNode, exercise: str | None = None) -> list[str]:
    """Return the sentences noted about a submission, or about one exercise of it ("" for those about none)."""
    noted = nb.metadata.get("course", {}).get("findings", [])
    return [finding["message"] for finding in noted if exercise is None or finding["exercise"] == exercise]
