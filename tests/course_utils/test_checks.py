"""``setup``, ``check`` and ``progress``: always an answer, never an exception, in any notebook."""

import contextlib
import re
import sys

import numpy as np
import pytest

from course_utils import checks
from course_utils.checks import check, progress, run_test, setup
from course_utils.recording import recorded_tests
from course_utils.verdict import MIME_TYPE

LAB = "lab1_perceptron"


TESTS = {grade_id: test for grade_id, (lab, test) in recorded_tests().items() if lab == LAB}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def neuron(x, w, b):
    return sigmoid(x @ w + b)


@pytest.fixture(autouse=True)
def no_lab_open(monkeypatch):
    monkeypatch.setattr(checks, "_current_lab", None)


def test_a_right_answer_passes():
    """The check of a right answer shows its points as a plain float, a card and the finding as JSON."""
    result = check("neuron", {"neuron": neuron})
    assert (result.status, float(result)) == ("passed", 3.0)
    bundle = result._repr_mimebundle_()
    assert bundle["text/plain"] == "3.0"
    assert "passed" in bundle["text/html"] and "3 of 3 points" in bundle["text/html"]
    assert bundle[MIME_TYPE] == {
        "kind": "check",
        "exercise": "neuron",
        "score": 3.0,
        "max_score": 3.0,
        "status": "passed",
        "message": "The neuron (neuron): right.",
        "diagnosis": None,
    }


def test_a_check_stops_what_never_ends(monkeypatch):
    """An endless loop is stopped at the first of its cases, even behind an `except`, and the message says so."""
    calls = []

    def copied(tune, training):
        calls.append(tune)
        while True:
            with contextlib.suppress(Exception):
                len(training)

    monkeypatch.setattr(checks, "LIMIT", 0.1)
    result = check("copied", {"copied": copied})
    assert (result.score, result.diagnosis, len(calls)) == (0.0, "too_slow", 1)
    assert "stopped after 0.1 seconds of computing" in result.message


@pytest.mark.parametrize("grade_id", ["nouron", "", None, 7, [], {}])
def test_an_unknown_exercise_is_answered_with_the_known_ones(grade_id):
    """A misspelt name raises nothing and lists the right names."""
    result = check(grade_id, {})
    assert (result.status, result.score) == ("missing", 0.0)
    assert '"neuron"' in result.message
    assert result._repr_html_()


@pytest.mark.parametrize("grade_id", list(TESTS))
def test_an_empty_notebook_gets_findings(grade_id):
    """Where nothing is defined each check says what is missing, and gives no points."""
    result = check(grade_id, {})
    assert result.status in ("missing", "unfinished", "skipped")
    assert result.score == 0


@pytest.mark.parametrize("value", [None, ..., 3, "text", object(), int, print, [], {"a": 1}])
@pytest.mark.parametrize("grade_id", list(TESTS))
def test_any_object_under_the_name_gets_a_finding(grade_id, value, capfd):
    """Whatever a notebook binds to the exercise's name, the check answers, gives no points and leaves stderr clean."""
    name = TESTS[grade_id]["object"]
    result = check(grade_id, dict.fromkeys([name] if isinstance(name, str) else name, value))
    assert result.score == 0
    assert result.diagnosis != "check_failed"
    assert capfd.readouterr().err == ""


def test_a_failure_of_the_judge_itself_is_said_plainly():
    """An error in the course's own code costs no exception and asks the student to report it."""
    broken = {**TESTS["neuron"], "judge": "no_such_judge"}
    result = run_test("check", broken, 3, {"neuron": neuron})
    assert (result.status, result.score, result.diagnosis) == ("error", 0.0, "check_failed")
    assert "show this line to your instructor" in result.message


def test_without_a_framework_an_exercise_is_skipped(monkeypatch):
    """Where PyTorch is not installed its exercises say so and the rest works."""
    monkeypatch.setattr(checks, "installed", lambda framework: framework != "torch")
    result = check("dense_torch", {})
    assert (result.status, result.score) == ("skipped", 0.0)
    assert result.message == "A dense layer (DenseTorch): PyTorch is not installed here, so this exercise is skipped."
    assert check("neuron", {"neuron": neuron}).status == "passed"


def test_setup_says_once_which_framework_is_missing(monkeypatch, capsys):
    """The first cell names the versions, and in one line each framework that is not there."""
    setup(LAB)
    assert capsys.readouterr().out.startswith(f"Ready: Python {sys.version_info.major}.{sys.version_info.minor}, NumPy")
    monkeypatch.setattr(checks, "installed", lambda framework: framework != "tensorflow")
    setup(LAB)
    out = capsys.readouterr().out
    assert out.count("TensorFlow is not installed here") == 1
    assert "PyTorch" in out


def test_progress_checks_every_exercise_of_the_lab():
    """The table holds each exercise of the lab with its points, and names what the kernel does not know."""
    setup(LAB)
    text = repr(progress(namespace={"neuron": neuron, "count_parameters": lambda widths: 0}))
    assert "    passed  3/3  The neuron (neuron)" in text and "    failed  0/2  Counting parameters (" in text
    points = sum(test["points"] for test in TESTS.values())
    assert f"1 passed, 1 to mend, {len(TESTS) - 2} unfinished: 3 of {points} points." in text and "quiz" not in text
    assert "perceptron_update, train_perceptron, dense, DenseTorch" in text and "To submit" in text


def test_progress_of_the_chapter_quiz_counts_nothing_before_grading():
    """Whatever letters stand there, nobody has judged them: no points, no bar, and no praise."""
    answers = {f"answer_q{number}": "A" for number in range(1, 100)}
    shown = progress("quiz1_foundations", answers)
    for text in (repr(shown), shown._repr_html_()):
        assert "counts after grading" in text and "Every question is answered." in text
        assert not re.search(r"\d of \d+ points|passed|Well done", text) and 'role="img"' not in text


def test_progress_before_the_first_cell_says_what_to_do():
    """Without a lab there is nothing to count, and the table says why."""
    assert "run its first cell" in repr(progress(namespace={}))


def test_a_check_opens_its_lab():
    """A student who never ran the first cell still gets progress after a check."""
    check("neuron", {"neuron": neuron})
    assert [each.exercise for each in progress(namespace={}).verdicts] == list(TESTS)


def test_what_gives_no_points_says_so():
    """Card and progress of an ungraded lab speak of no points and of nothing to submit."""
    right = {"fahrenheit": lambda celsius: 1.8 * celsius + 32}
    card = check("fahrenheit", right)._repr_html_()
    assert "passed" in card and "not graded" in card and "points" not in card and card.count("fahrenheit") == 1
    assert "points" not in check("fahrenhite", right)._repr_html_()
    shown = progress("lab0_welcome", right)
    for text in (repr(shown), shown._repr_html_()):
        assert "1 passed" in text and "nothing to submit" in text and "points" not in text
    assert repr(shown).startswith("    passed  Celsius to Fahrenheit (fahrenheit)\n")


def test_lab_0_looks_for_everything_that_the_course_needs(capsys, monkeypatch):
    """It needs no framework itself, and still says which ones are there and which one is missing."""
    monkeypatch.setattr(checks, "installed", lambda framework: framework != "torch")
    setup("lab0_welcome", whole_course=True)
    said = capsys.readouterr().out
    assert "TensorFlow" in said and said.count("PyTorch is not installed here") == 1
    setup("lab0_welcome")
    assert "PyTorch" not in capsys.readouterr().out
