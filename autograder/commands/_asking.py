"""Questions to the person at the terminal before something is done that they may not want."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from autograder.files import writing_atomically
from autograder.grading.falls import Fall
from autograder.grading.report import Table
from autograder.grading.submissions import printable

MOST_SHOWN = 40  # lines of a list that are printed


def confirmed(console: Console, question: str) -> bool:
    """Return whether a person says yes; where nobody sits at a terminal, nobody does."""
    if not sys.stdin.isatty():
        return False
    return console.input(f"{question} \\[y/N] ").strip().casefold() in ("y", "yes")


NO_COPY = "The gradebook is on a server, of which no copy is made: this cannot be taken back."


class AskBeforeFalls:
    """Shows the scores that would fall, and asks.

    Args:
        yes: whether that was said already. table: where all of them are written. kept: whether there is a copy of the
            gradebook, so that `autograder undo` can take back what is written.

    Attributes:
        progress: what moves on the terminal, and must stand still meanwhile.
    """

    def __init__(self, console: Console, yes: bool, table: Path, kept: bool = True):
        self.console, self.yes, self.table, self.kept = console, yes, table, kept
        self.progress: Progress | None = None

    def __call__(self, falls: Sequence[Fall]) -> bool:
        if self.progress is not None:
            self.progress.stop()
        self._write(falls)
        many = f"{len(falls)} score{'s' * (len(falls) != 1)} would fall"
        self._print(f"{many}:")
        for fall in falls[:MOST_SHOWN]:
            self._print(f"  {fall.submission}: {fall.before:g} -> {fall.after:g}")
            for name, (before, after) in fall.exercises.items():
                self._print(f"    {name}: {before:g} -> {after:g}")
        if len(falls) > MOST_SHOWN:
            self._print(f"  ... and {len(falls) - MOST_SHOWN} more, in {self.table}")
        if not self.kept:
            self._print(NO_COPY)
        if self.yes or confirmed(self.console, "Write these scores?"):
            if self.progress is not None:
                self.progress.start()
            return True
        stay = "stays as it was" if len(falls) == 1 else "stay as they were"
        self._print(f"{many} and {stay}. All: {self.table}. To write them: the same command with --yes.")
        return False

    def _print(self, text: str) -> None:
        self.console.print(printable(text), markup=False, highlight=False, soft_wrap=True)

    def _write(self, falls: Sequence[Fall]) -> None:
        self.table.parent.mkdir(parents=True, exist_ok=True)
        with writing_atomically(self.table) as file:
            table = Table(file, ("student", "lab", "exercise", "before", "after"))
            for fall in falls:
                table.write(fall.submission.student, fall.submission.lab, "", fall.before, fall.after)
                for name, (before, after) in fall.exercises.items():
                    table.write(fall.submission.student, fall.submission.lab, name, before, after)
