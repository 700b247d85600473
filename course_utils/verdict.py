"""The result of a check: a small card for the student, a plain number for nbgrader, JSON for the reports."""

import re
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

MIME_TYPE = "application/vnd.course-verdict+json"

# status: colour of the edge, sign, word. The sign and the word carry the meaning too, so colour is never alone.
LOOK = {
    "passed": ("#009E73", "&#10003;", "passed"),
    "answered": ("#56B4E9", "&#9679;", "answered"),
    "partial": ("#E69F00", "&#9680;", "partly right"),
    "failed": ("#D55E00", "&#10007;", "not yet right"),
    "error": ("#D55E00", "&#10007;", "raised an error"),
    "unfinished": ("#56B4E9", "&#9675;", "not finished"),
    "missing": ("#56B4E9", "&#9675;", "not found"),
    "skipped": ("#999999", "&#8211;", "skipped"),
}


def with_code(message: str) -> str:
    """Return a message as HTML, with what stands between backticks as code."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escape(message)).replace("\n", "<br>")


def of_points(score: float, most: float) -> str:
    """Return a score in words: "0.5 of 1 point"."""
    return f"{score:g} of {most:g} point{'s' * (most != 1)}"


@dataclass(frozen=True)
class Assessment:
    """What a student's work on one test cell earns, and why.

    Args:
        fraction: share of the points that was earned, from 0 to 1.
        status: one of passed, answered (a quiz before grading), partial, failed, error, unfinished, missing, skipped.
        message: for the student, without the exercise's name; its first line says it all in short.
        diagnosis: name of the mistake that was recognised, or None.
    """

    fraction: float
    status: str
    message: str
    diagnosis: str | None = None


@dataclass(frozen=True, repr=False)
class Verdict:
    """The result of ``check`` or ``grade`` for one test cell; ``float(verdict)`` is the score in points.

    Args:
        message: begins with the exercise's title and a colon.
    """

    kind: str
    exercise: str
    score: float
    max_score: float
    status: str
    message: str
    diagnosis: str | None = None

    @classmethod
    def of(cls, kind: str, grade_id: str, label: str, points: float, assessment: Assessment) -> "Verdict":
        """Turn an assessment into the verdict of a test cell worth ``points``."""
        points = float(points)
        score = round(min(max(float(assessment.fraction) * points, 0.0), points), 2)
        message = f"{label}: {assessment.message}"
        return cls(kind, grade_id, score, points, assessment.status, message, assessment.diagnosis)

    @property
    def title(self) -> str:
        """The exercise, by its title and what the student defines: "A dense layer (DenseTorch)"."""
        return self.message.partition(": ")[0]

    @property
    def words(self) -> str:
        """The message without the title, and without what the status says already."""
        said = f"{'right' if self.status == 'passed' else LOOK[self.status][2]}: "
        return self.message.partition(": ")[2].removeprefix(said)

    @property
    def sentence(self) -> str:
        """The words as they stand on a line of their own."""
        return self.words[:1].upper() + self.words[1:]

    def __float__(self) -> float:
        return self.score

    def __repr__(self) -> str:
        return repr(self.score)

    def _repr_html_(self) -> str:
        colour, sign, word = LOOK[self.status]
        words = "" if self.words == "right." else f"<br>{with_code(self.sentence)}"
        return (
            f'<div style="border-left:6px solid {colour};padding:6px 12px;margin:4px 0;max-width:52em">'
            f"<b>{sign} {escape(self.title)}: {word}</b> "
            f'<span style="opacity:.75">{self._points()}</span>{words}</div>'
        )

    def _points(self) -> str:
        if not self.max_score:
            return "" if self.status == "missing" else "not graded"
        return "" if self.status == "answered" else of_points(self.score, self.max_score)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.bundle()

    def bundle(self) -> dict[str, Any]:
        """Return the verdict as the data of a notebook output."""
        return {"text/plain": repr(self), "text/html": self._repr_html_(), MIME_TYPE: asdict(self)}
