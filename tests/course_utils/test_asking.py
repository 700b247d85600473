"""Questions that nobody grades: explained at once, by a click or a call, and kept in the saved notebook."""

import re

import ipywidgets
import pytest

from course_utils import ask, asking, checks
from course_utils.asking import Card, questions
from course_utils.figures import panel, widgets
from tests.course_utils.figures.drawing import parts
from tests.sources import starred

LAB = "lab1_perceptron"
LABS = [path.stem for path in sorted(asking.QUESTIONS.glob("*.toml"))]


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    """A lab that was just started."""
    monkeypatch.setattr(checks, "_current_lab", LAB)
    monkeypatch.setattr(asking, "_tried", {})


@pytest.fixture
def notebook(monkeypatch, live, shown):
    """A notebook whose widgets can be clicked; returns what it shows, and the last box of buttons."""
    boxes = []
    monkeypatch.setattr(widgets, "in_notebook", lambda: True)
    monkeypatch.setattr(panel, "display_live", boxes.append)
    return shown, boxes


def html(shown, place=0):
    return shown[place]._repr_mimebundle_()["text/html"]


def wrong(question):
    return next(name for name in question.choices if name != question.right)


def test_a_click_explains_the_answer_in_the_saved_output(notebook):
    """Each click replaces the question by one that says why; wrong ones before it stay, and more may be tried."""
    shown, boxes = notebook
    ask(1)
    question = questions(LAB)[1]
    first = wrong(question)
    assert "is not right" not in html(shown) and "Run this cell and click" in html(shown)
    buttons = {button.description: button for button in parts(boxes[0], ipywidgets.Button)}
    assert list(buttons) == ["Answer A", "Answer B", "Answer C", "Answer D"]
    assert all(button.tooltip for button in buttons.values())
    buttons[f"Answer {first}"].click()
    assert f"{first} is not right." in html(shown) and 'role="status"' in html(shown) and len(shown) == 1
    buttons[f"Answer {question.right}"].click()
    text = html(shown)
    assert f"{first} is not right." in text and f"{question.right} is right." in text
    assert "<details>" in text and "Run this cell" not in text and text.count('role="status"') == 1


def test_an_answer_in_the_call_needs_no_widgets(shown, capsys):
    """Where nothing can be clicked, a letter in the call is explained, and a running kernel remembers it."""
    question = questions(LAB)[2]
    ask(2, f" ({question.right.lower()}) ")
    ask(2)
    assert [f"{question.right} is right." in repr(card) for card in shown] == [True, True]
    ask(2, "Z")
    assert repr(shown[2]) == repr(shown[1]) and capsys.readouterr().out == ""


def test_colab_gets_the_call(notebook, monkeypatch):
    """With ipywidgets 7 no output can be replaced by a click, so there are no buttons."""
    shown, boxes = notebook
    monkeypatch.setattr(ipywidgets, "__version__", "7.7.1")
    ask(1)
    assert boxes == [] and 'ask(1, "A")' in repr(shown[0]) and "click" not in repr(shown[0])


def test_a_figure_is_drawn_where_somebody_sees_it(notebook, monkeypatch):
    """In a notebook a question has its picture; elsewhere, as in grading, its words alone, and nothing is drawn."""
    shown, _ = notebook
    number = next(number for number, question in questions(LAB).items() if question.figure)
    ask(number)
    assert "<img" in html(shown) and 'alt="' in html(shown)
    monkeypatch.setattr(widgets, "in_notebook", lambda: False)
    ask(number)
    assert "<img" not in html(shown, 1) and "<i>Figure:</i>" in html(shown, 1)


def test_a_question_that_is_not_there_is_said_plainly(shown, capsys, monkeypatch):
    """Neither a number that does not exist nor a lab that was not started is an error."""
    ask(99)
    monkeypatch.setattr(checks, "_current_lab", None)
    ask(1)
    assert capsys.readouterr().out.splitlines() == [
        "This lab has no question 99.",
        "Run the first cell of this lab first.",
    ]
    assert shown == []


def test_texts_are_escaped():
    """Code in backticks is set as code, and what looks like HTML is text."""
    question = questions(LAB)[1]._replace(text="is `a < b` <b>?", code="a < b")
    text = Card(question)._repr_mimebundle_()["text/html"]
    assert "is <code>a &lt; b</code> &lt;b&gt;?" in text and ">a &lt; b</pre>" in text
    assert "is a < b <b>?" in repr(Card(question))


@pytest.mark.parametrize("lab", LABS)
def test_no_text_has_marks_that_a_card_shows_as_they_are(lab):
    """Backticks are the one mark of a question: words between asterisks would keep these."""
    for question in questions(lab).values():
        texts = [question.text, *(part for choice in question.choices.values() for part in (choice.text, choice.why))]
        assert list(filter(starred, texts)) == []


@pytest.mark.parametrize("lab", LABS)
def test_every_question_explains_each_choice(lab):
    """Four choices that differ, each with one to three sentences of its own; code, curves or shapes in two or more."""
    asked = questions(lab)
    explained = [choice.why for question in asked.values() for choice in question.choices.values()]
    assert len(asked) >= 5 and len(set(explained)) == 4 * len(asked)
    for question in asked.values():
        assert question.right in asking.LETTERS and len({choice.text for choice in question.choices.values()}) == 4
    for why in explained:
        assert 40 <= len(" ".join(why.split())) <= 230 and why.endswith("."), why
    assert sum(bool(question.code or question.figure) for question in asked.values()) >= 2
    keys = [question.right for question in asked.values()]
    assert max(map(keys.count, keys)) <= len(keys) / 2


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_asks_all_its_questions(lab):
    """Each question stands in a cell of the lab, in order."""
    source = (asking.QUESTIONS.parents[1] / "solutions" / f"{lab}.py").read_text(encoding="utf-8")
    assert list(map(int, re.findall(r"^ask\((\d+)\)$", source, re.MULTILINE))) == list(questions(lab))
