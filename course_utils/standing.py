"""Where a student stands in a lab: what was judged, what comes next, and the details folded away."""

from collections.abc import Sequence
from html import escape

from .verdict import LOOK, Verdict, of_points, with_code

COLOURS = ("#009E73", "#0072B2", "#E69F00", "#CC79A7", "#56B4E9")
CONFETTI = (
    "@keyframes course-confetti{from{opacity:0;transform:translateY(-40px) rotate(270deg)}}"
    "@media (prefers-reduced-motion:reduce){.course-confetti>span{animation:none!important}}"
)
WAITING = ("unfinished", "missing", "skipped")


class Progress:
    """A table of the lab's exercises: what passed, what did not, what is unfinished, and how to submit.

    Args:
        verdicts: of all exercises of the lab.
        quizzes: the grade ids of those that nobody judges before grading.
        names: by grade id the names of what the student defines.
    """

    def __init__(
        self, verdicts: Sequence[Verdict], quizzes: Sequence[str] = (), names: dict[str, str] | None = None
    ) -> None:
        self.verdicts = verdicts
        self.quizzes = [verdict for verdict in verdicts if verdict.exercise in quizzes]
        self.judged = [verdict for verdict in verdicts if verdict.exercise not in quizzes]
        self.names = names or {}

    def _counts(self) -> str:
        count = {"passed": 0, "answered": 0, "to mend": 0, "unfinished": 0, "skipped": 0}
        for verdict in self.verdicts:
            status = "unfinished" if verdict.status == "missing" else verdict.status
            count[status if status in count else "to mend"] += 1
        return ", ".join(f"{number} {status}" for status, number in count.items() if number)

    def _points(self) -> tuple[float, float]:
        return sum(verdict.score for verdict in self.judged), sum(verdict.max_score for verdict in self.judged)

    def _total(self) -> str:
        """Say how many points were judged, and what counts later."""
        score, points = self._points()
        parts = [of_points(score, points)] if points else []
        later = sum(verdict.max_score for verdict in self.quizzes)
        if later:
            answered = all(verdict.status == "answered" for verdict in self.quizzes)
            parts.append(f"the quiz ({later:g} points) {'counts after grading' if answered else 'has open questions'}")
        total = "; ".join(parts)
        return total[:1].upper() + total[1:]

    def _next(self) -> str:
        """Say what to do next."""
        if not self.verdicts:
            return "No lab is open: run its first cell, then this one again."
        if lost := self._lost():
            return (
                f"Not in this kernel, which may have been restarted: {', '.join(lost)}. Run the cells that define "
                "them, or choose Run All; then run this one again."
            )
        for what, statuses in (("Mend", ("failed", "partial", "error")), ("Finish", ("unfinished", "missing"))):
            for verdict in self._wanted():
                if verdict.status in statuses:
                    return f"{what} {verdict.title} next: {verdict.words}"
        return "All that is judged here is right. Well done!" if self.judged else "Every question is answered."

    def _wanted(self) -> Sequence[Verdict]:
        """Return the exercises that count, or all where none does: what is optional is never pressed upon anybody."""
        return [verdict for verdict in self.verdicts if verdict.max_score] or self.verdicts

    def _lost(self) -> list[str]:
        """Return the names that are missing though later ones are there, or all where nothing is."""
        judged = [verdict for verdict in self._wanted() if verdict in self.judged]
        present = [number for number, verdict in enumerate(judged) if verdict.status != "missing"]
        last = max(present, default=len(judged))
        missing = [verdict for verdict in judged[:last] if verdict.status == "missing"]
        return [self.names[verdict.exercise] for verdict in missing if verdict.exercise in self.names]

    def _how(self) -> str:
        return self._SUBMIT if any(verdict.max_score for verdict in self.verdicts) else self._NOTHING

    _NOTHING = "This is not graded, so there is nothing to submit."
    _SUBMIT = (
        "To submit: restart the kernel and run all cells, to see that everything works from top to bottom; save this "
        "notebook (in Colab: File, Download, Download .ipynb) and hand in the .ipynb file "
        "the way your course says. You may submit unfinished work; every exercise counts on its own."
    )

    def __repr__(self) -> str:
        rows = [
            f"{verdict.status:>10}  " + (f"{self._earned(verdict)}  " if verdict.max_score else "") + verdict.title
            for verdict in self.verdicts
        ]
        summary = ": ".join(filter(None, (self._counts(), self._total())))
        return "\n".join([*rows, f"{summary}.", self._next(), self._how()] if self.verdicts else [self._next()])

    def _earned(self, verdict: Verdict) -> str:
        return f"{'?' if verdict in self.quizzes else f'{verdict.score:g}'}/{verdict.max_score:g}"

    def _repr_html_(self) -> str:
        if not self.verdicts:
            return f"<p>{with_code(self._next())}</p>"
        total = f"<p><b>{escape(self._total())}</b></p>" if self._total() else ""
        return (
            f'<div style="max-width:52em">{self._confetti()}{self._bar()}{total}<p>{with_code(self._next())}</p>'
            f"<details><summary>{escape(self._counts())}</summary>{self._table()}</details>"
            f'<p style="margin-top:.6em">{escape(self._how())}</p></div>'
        )

    def _confetti(self) -> str:
        """Return a row of coloured paper that falls into place, where all is right; at rest for who wants no motion."""
        if not self.judged or any(verdict.status not in ("passed", "answered") for verdict in self.verdicts):
            return ""
        pieces = [
            f'<span style="display:inline-block;width:9px;height:9px;margin:0 4px;background:{COLOURS[number % 5]};'
            f'animation:course-confetti {0.5 + number * 7 % 5 / 5:g}s ease-in backwards"></span>'
            for number in range(30)
        ]
        row = f'<div class="course-confetti" aria-hidden="true" style="margin:6px 0">{"".join(pieces)}</div>'
        return f"<style>{CONFETTI}</style>{row}"

    def _bar(self) -> str:
        score, points = self._points()
        if not points:
            return ""
        share, colour = score / points, LOOK["passed"][0]
        return (
            f'<div role="img" aria-label="{of_points(score, points)}" '
            'style="height:12px;border-radius:6px;background:rgba(128,128,128,.3);overflow:hidden">'
            f'<div style="height:12px;width:{share:.1%};background:{colour}"></div></div>'
        )

    def _table(self) -> str:
        rows = []
        for verdict in self.verdicts:
            colour, sign, word = LOOK[verdict.status]
            message = "" if verdict.status in ("passed", *WAITING) else verdict.sentence
            earned = self._earned(verdict) if verdict.max_score else ""
            rows.append(
                f'<tr><td style="border-left:6px solid {colour}">{sign}</td>'
                f'<td style="text-align:left"><b>{escape(verdict.title)}</b></td>'
                f'<td style="text-align:left">{word}</td><td>{earned}</td>'
                f'<td style="text-align:left;white-space:normal">{with_code(message)}</td></tr>'
            )
        return f"<table>{''.join(rows)}</table>"
