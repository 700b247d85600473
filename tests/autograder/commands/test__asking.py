"""Questions before a score falls: all is shown, and nobody's silence is a yes."""

import csv
import io
from pathlib import Path

import pytest
from rich.console import Console

from autograder.commands import _asking
from autograder.commands._asking import AskBeforeFalls
from autograder.grading.falls import Fall
from autograder.grading.submissions import Submission

FALLS = [
    Fall(Submission(f"ada{number}", "toy", Path()), 8.0, 5.0, {"square": (3.0, 0.0), "half": (1.0, 1.5)})
    for number in range(50)
]


class Terminal(io.StringIO):
    """What a person types, at a terminal or not."""

    def __init__(self, text, is_terminal):
        super().__init__(text)
        self.is_terminal = is_terminal

    def isatty(self):
        return self.is_terminal


@pytest.mark.parametrize(
    ("typed", "terminal", "yes", "answer"),
    [
        ("y\n", True, False, True),
        ("Yes\n", True, False, True),
        ("\n", True, False, False),
        ("n\n", True, False, False),
        ("y\n", False, False, False),
        ("", False, True, True),
    ],
    ids=["y", "Yes", "nothing", "n", "no terminal", "--yes"],
)
def test_a_score_falls_by_a_yes_alone(tmp_path, monkeypatch, typed, terminal, yes, answer):
    """What is too long for the terminal stands in a table; without a yes the last line says what to do."""
    monkeypatch.setattr(_asking.sys, "stdin", Terminal(typed, terminal))
    shown = io.StringIO()
    ask = AskBeforeFalls(Console(file=shown, width=80), yes, tmp_path / "reports" / "falls.csv")
    assert ask(FALLS) is answer
    lines = shown.getvalue().splitlines()
    assert lines[:4] == ["50 scores would fall:", "  ada0/toy: 8 -> 5", "    square: 3 -> 0", "    half: 1 -> 1.5"]
    assert "... and 10 more" in shown.getvalue() and ("with --yes" in lines[-1]) is not answer
    with (tmp_path / "reports" / "falls.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 150 and rows[-2] == {
        "student": "ada49", "lab": "toy", "exercise": "square", "before": "3", "after": "0",
    }  # fmt: skip


@pytest.mark.parametrize("kept", [True, False])
def test_what_cannot_be_taken_back_is_said_before_the_question(tmp_path, monkeypatch, kept):
    """A gradebook on a server is not copied."""
    monkeypatch.setattr(_asking.sys, "stdin", Terminal("n\n", True))
    shown = io.StringIO()
    AskBeforeFalls(Console(file=shown, width=200), False, tmp_path / "falls.csv", kept)(FALLS)
    text = shown.getvalue()
    assert (_asking.NO_COPY in text) is not kept and text.find(_asking.NO_COPY) < text.index("Write these scores?")
