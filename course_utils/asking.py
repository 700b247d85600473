"""``ask``: a question about a lab, answered by a click or in the call, and explained at once. Nobody grades it.

The questions stand in ``course_utils/questions``, a file a lab, with their keys: nothing hangs on them.
"""

import re
import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from .checks import current_lab
from .judging.quiz import letter
from .verdict import LOOK

QUESTIONS = Path(__file__).with_name("questions")
LETTERS = "ABCD"
CODE = "font-family:monospace;background:rgba(128,128,128,.13);padding:8px 12px;overflow-x:auto"
SAID = "margin:4px 0 8px;padding:2px 10px;border-left:4px solid {colour}"
# Above its buttons a question need not say how to get them; where they are gone, JupyterLab need not say so.
BUTTONS = (
    "<style>.jp-OutputArea-child:has(+.jp-OutputArea-child button) .course-how,.jp-OutputArea-child:has("
    ".course-question)+.jp-OutputArea-child>.jp-OutputArea-output:not(:has(*)){display:none}</style>"
)


class Choice(NamedTuple):
    """One choice, and why it is right or wrong."""

    text: str
    why: str


class Question(NamedTuple):
    """One question.

    Args:
        choices: by letter.
        right: the letter of the right choice.
        code: lines of Python that it is about, if any.
        figure: the name of its figure, if it has one.
    """

    number: int
    text: str
    choices: dict[str, Choice]
    right: str
    code: str = ""
    figure: str = ""


_tried: dict[tuple[str, int], list[str]] = {}  # the letters that were tried, by lab and question, first to last


@cache
def questions(lab: str) -> dict[int, Question]:
    """Return the questions of a lab by number."""
    path = QUESTIONS / f"{lab}.toml"
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["question"] if path.exists() else []
    return {
        number: Question(
            number,
            each["text"].strip(),
            {name: Choice(*each[name]) for name in LETTERS},
            each["right"],
            each.get("code", "").rstrip(),
            each.get("figure", ""),
        )
        for number, each in enumerate(listed, 1)
    }


def ask(number: int, answer: str = "") -> None:
    """Show a question of this lab, and say of each answer why it is right or wrong. It is not graded.

    Args:
        answer: a letter; where buttons can be clicked, it may be left out.
    """
    lab = current_lab() or ""
    question = questions(lab).get(number)
    if question is None:
        print("Run the first cell of this lab first." if not lab else f"This lab has no question {number!r}.")
        return
    tried = _tried.setdefault((lab, number), [])
    if answer:
        _try(tried, letter(answer))
    _show(question, tried)


def _try(tried: list[str], choice: str) -> None:
    """Move a letter to the end of those that were tried."""
    if choice in tried:
        tried.remove(choice)
    if choice in LETTERS:
        tried.append(choice)


def _show(question: Question, tried: list[str]) -> None:
    """Display a question as an output of its own, which each click replaces, and buttons below it."""
    from .figures import panel, pictures, questions, widgets

    picture = questions.picture(question.figure) if question.figure and widgets.in_notebook() else None
    clicks = widgets.widgets_can_run() and not panel.outputs_stay_as_they_are()
    shown = pictures.display(Card(question, tuple(tried), picture, clicks), display_id=True)
    if not clicks:
        return
    import ipywidgets

    def pressed(button: Any) -> None:
        _try(tried, button.description[-1])
        shown.update(Card(question, tuple(tried), picture, clicks))

    buttons = [
        ipywidgets.Button(
            description=f"Answer {name}", tooltip=_plain(question.choices[name].text), layout={"width": "auto"}
        )
        for name in LETTERS
    ]
    for button in buttons:
        button.on_click(pressed)
    panel.display_live(ipywidgets.HBox(buttons))


class Card:
    """A question with what was answered so far, as a notebook shows and keeps it.

    Args:
        tried: letters, the last one is the answer.
        picture: its figure, if it has one and somebody sees it.
        clicks: whether an answer can be clicked where the cell was run.
    """

    def __init__(
        self, question: Question, tried: tuple[str, ...] = (), picture: Any = None, clicks: bool = False
    ) -> None:
        self.question, self.tried, self.picture, self.clicks = question, tried, picture, clicks

    @property
    def _solved(self) -> bool:
        return self.question.right in self.tried

    @property
    def _how(self) -> str:
        call = f'`ask({self.question.number}, "A")`'
        if self.clicks:
            return f"Run this cell and click an answer, or write its letter into the call: {call}"
        return f"Write the letter of your answer into the call, such as {call}, and run this cell."

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": self._html()}

    def __repr__(self) -> str:
        question = self.question
        parts = [f"Question {question.number}. {_plain(question.text)}", question.code]
        if question.figure:
            parts.append(f"(Figure: {self._words()})")
        for name, choice in question.choices.items():
            parts.append(f"{name}. {_plain(choice.text)}")
            if name in self.tried:
                parts.append(f"   {self._verdict(name)} {_plain(choice.why)}")
        return "\n".join(filter(None, [*parts, "" if self._solved else _plain(self._how)]))

    def _html(self) -> str:
        question = self.question
        parts = [f"<p><b>Question {question.number}.</b> {_rich(question.text)}</p>"]
        if question.code:
            parts.append(f'<pre style="{CODE}">{escape(question.code)}</pre>')
        if self.picture:
            parts.append(self.picture._repr_mimebundle_()[0]["text/html"])
        elif question.figure:
            parts.append(f"<p><i>Figure:</i> {escape(self._words())}</p>")
        parts += [self._choice(name) for name in question.choices]
        others = [name for name in question.choices if name not in self.tried]
        if not self._solved:
            parts.append(f'<p class="course-how" style="opacity:.75">{_rich(self._how)}</p>')
        elif others:
            why = "".join(f"<p><b>{name}.</b> {_rich(question.choices[name].why)}</p>" for name in others)
            parts.append(f"<details><summary>And the other answers?</summary>{why}</details>")
        return (
            f'<div class="course-question" role="group" aria-label="Question {question.number}" '
            f'style="max-width:52em">{"".join(parts)}</div>{BUTTONS}'
        )

    def _choice(self, name: str) -> str:
        choice = self.question.choices[name]
        line = f'<p style="margin:4px 0"><b>{name}.</b> {_rich(choice.text)}</p>'
        if name not in self.tried:
            return line
        colour, sign, _ = LOOK["passed" if name == self.question.right else "failed"]
        status = ' role="status"' if name == self.tried[-1] else ""
        said = f"<b>{sign} {self._verdict(name)}</b> {_rich(choice.why)}"
        return f'{line}<p{status} style="{SAID.format(colour=colour)}">{said}</p>'

    def _verdict(self, name: str) -> str:
        return f"{name} is right." if name == self.question.right else f"{name} is not right."

    def _words(self) -> str:
        from .figures import questions

        return questions.prepared()[self.question.figure]["words"]


def _rich(text: str) -> str:
    """Return a text as HTML, with what stands between backticks as code."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escape(" ".join(text.split())))


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())
