"""``autograder explain`` prints and writes what was found; nothing of a student's is taken for markup."""

from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from autograder.cli import main
from autograder.commands import explain
from autograder.grading.explain import Answer, Explanation
from autograder.grading.submissions import Submission
from course_utils.verdict import Verdict

EVIL = "[red]<script>alert(1)</script>\x1b[2J"


@pytest.fixture
def found(tmp_path):
    case = {
        "part": "batch",
        "arguments": {"arguments": [np.eye(2), 0.123456789123], "outputs": ["output"]},
        "expected": {"output": np.array(0.25)},
    }
    wrong = Answer(case, {"values": {"output": np.array([1.0])}, "notes": []}, ("x", "b"), False)
    raised = Answer(case, {"error": {"type": "E", "message": EVIL, "line": EVIL}}, (), False)
    test = {"title": "A neuron", "grade_id": "neuron", "judge": None}
    verdict = Verdict("grade", "neuron", 1.0, 2.0, "partial", f"A neuron: {EVIL}", None)
    return Explanation(Submission("ada", "lab1", tmp_path), test, verdict, False, [wrong, raised])


def test_the_text_fits_80_columns_and_obeys_nobody(found, capsys):
    """Names, shapes and values are there; what a student's code sent is written out."""
    explain.show(Console(width=80), found)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80 and "\x1b" not in shown and EVIL[:5] in shown
    numbers = ("[0., 1.]]   shape (2, 2)", "0.12345679", "0.25")
    for words in ("1 of 2 points", "x:", *numbers, "'batch': 0 of 2 right", "--public"):
        assert words in shown


def test_the_page_is_text_alone(found, tmp_path, monkeypatch, capsys):
    """A page for office hours holds the same words; no markup of a student's."""
    (tmp_path / "release" / "lab1_perceptron").mkdir(parents=True)
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    monkeypatch.setattr(explain, "explain", lambda config, submission, grade_id, public: found)
    monkeypatch.setattr(explain, "configured", lambda classroom, args: SimpleNamespace())
    page = tmp_path / "page.html"
    assert main(["explain", "ada", "neuron", "--classroom", str(tmp_path), "--page", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text and "&lt;script" in text and str(page) in capsys.readouterr().out.replace("\n", "")


@pytest.mark.parametrize(
    ("exercise", "words"),
    [
        ("neurom", "no exercise 'neurom'. Like it: neuron."),
        ("xyz", "no exercise 'xyz'. Graded ones stand in {}/reports/exercises.csv"),
        ("neuron", "is not built here. Run: autograder build --classroom {}"),
    ],
)
def test_what_is_not_there_is_one_sentence_that_helps(exercise, words, tmp_path, capsys):
    """An unknown exercise: those with names like it; an empty classroom: the command that comes first."""
    assert main(["explain", "ada", exercise, "--classroom", str(tmp_path)]) == 2
    assert words.format(tmp_path) in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("student", "page", "words"),
    [
        ("nobody", "page.html", "no student 'nobody'"),
        ("ada", "lost/page.html", "there is no folder"),
        ("ada", "submitted", "this is a folder"),
    ],
)
def test_a_mistyped_name_is_one_sentence_before_anything_runs(student, page, words, tmp_path, monkeypatch, capsys):
    """A student who is not there, and a page that could not be written."""
    (tmp_path / "release" / "lab1_perceptron").mkdir(parents=True)
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    monkeypatch.setattr(explain, "explain", lambda *_: pytest.fail("it was run"))
    monkeypatch.setattr(explain, "configured", lambda classroom, args: SimpleNamespace())
    page = tmp_path / page
    assert main(["explain", student, "neuron", "--classroom", str(tmp_path), "--page", str(page)]) == 2
    assert words in " ".join(capsys.readouterr().err.split())
