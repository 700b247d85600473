"""An explanation shows what one test asked, expected and got, of hidden cases or of such as anybody may see."""

import shutil

import nbformat
import numpy as np
import pytest

from autograder.classroom import Classroom
from autograder.engines.hidden import hidden_test
from autograder.errors import CourseError
from autograder.grading.explain import explain
from autograder.grading.running import read_within_limits
from autograder.grading.submissions import Unreadable, submission_of
from autograder.notebooks.cells import submission_digest
from autograder.settings import load_config
from course_utils.recording import recorded_tests
from tests.autograder.sealing import needs_sandbox

LAB = "lab1_perceptron"
WITHOUT_BIAS = "\n_right = neuron\ndef neuron(x, w, b):\n    return _right(x, w, 0)\n"

pytestmark = needs_sandbox


@pytest.fixture(scope="module")
def room(built, tmp_path_factory):
    """A copy of the built classroom, in which three students have answered one exercise."""
    classroom = Classroom(shutil.copytree(built.root, tmp_path_factory.mktemp("explain") / "room"))
    for student, more in (("ada", WITHOUT_BIAS), ("bob", ""), ("cy", "\ndef neuron(x, w, b):\n    return x.foo\n")):
        solved, notebook = (
            nbformat.read(kind / LAB / f"{LAB}.ipynb", as_version=4) for kind in (built.solved, built.release)
        )
        cell, answer = (
            next(cell for cell in each.cells if "def neuron(" in cell.source) for each in (notebook, solved)
        )
        cell.source = answer.source + more
        path = classroom.submitted / student / LAB / f"{LAB}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)
    return classroom, load_config(classroom)


def explained(room, student, grade_id="neuron", public=False):
    classroom, config = room
    return explain(config, submission_of(classroom, student, LAB), grade_id, public)


def test_the_hidden_cases_that_graded_this_submission_are_shown(room):
    """They are those of its own variant, by the names of the function's parameters, with diagnosis and parts."""
    found = explained(room, "ada")
    digest = submission_digest(read_within_limits(room[1], found.submission).notebook)
    asked = hidden_test(str(room[0].root), LAB, "neuron", digest)["cases"]
    assert [list(answer.inputs) for answer in found.answers] == [["x", "w", "b"]] * len(asked)
    given = [case["arguments"]["arguments"][2] for case in asked]
    assert sorted(answer.inputs["b"] for answer in found.answers) == sorted(given)
    assert found.verdict.diagnosis == "bias_forgotten" and found.verdict.score == 0.0
    assert all(right == 0 for right, _ in found.parts.values())
    for answer in found.answers:
        x, w = answer.inputs["x"], answer.inputs["w"]
        assert np.allclose(answer.reply["values"]["output"], 1 / (1 + np.exp(-(x @ w))))


def test_a_public_explanation_holds_nothing_of_the_secret(room):
    """Its cases are those of the student's own check, where these fail."""
    found = explained(room, "ada", public=True)
    recorded = recorded_tests()["neuron"][1]["cases"]
    assert found.public and {answer.inputs["b"] for answer in found.answers} == {
        case["arguments"]["arguments"][2] for case in recorded
    }


def test_what_no_public_case_shows_is_said(room, monkeypatch):
    """A right answer has no failing case."""
    monkeypatch.setattr("autograder.grading.explain.PUBLIC_DRAWS", 1)  # each is a run of the whole notebook
    assert explained(room, "bob").verdict.score == 3
    with pytest.raises(CourseError, match="no public case fails"):
        explained(room, "bob", public=True)


def test_an_error_is_shown_with_its_line(room):
    """What a student's code raised is part of the reply."""
    error = explained(room, "cy").answers[0].reply["error"]
    assert (error["type"], error["line"]) == ("AttributeError", "return x.foo")


def test_what_cannot_be_explained_is_one_sentence(room, tmp_path):
    """No such exercise, nothing handed in, an engine that keeps no replies."""
    with pytest.raises(CourseError, match="has no exercise 'nobody'"):
        explained(room, "ada", "nobody")
    with pytest.raises(Unreadable):
        explained(room, "dora")
    classroom, _ = room
    plain = load_config(Classroom(classroom.root))
    plain.Execute.engine = "plain"
    with pytest.raises(CourseError, match="engine 'sealed'"):
        explain(plain, submission_of(classroom, "ada", LAB), "neuron")
