"""``grade``: hidden tests, drawn from the classroom's secret."""

import re

import numpy as np
import pytest

from autograder.classroom import Classroom
from autograder.engines import hidden
from autograder.engines.hidden import VARIANTS, grade, hidden_test, variant_index
from course_utils.recording import decode, recorded_tests

LAB = "lab1_perceptron"


def room(folder):
    """Make a classroom and return its path, as engines pass it."""
    return str(Classroom(folder).create().root)


def inputs(test):
    """Return the arguments of a test's cases as text."""
    with np.printoptions(threshold=10**6):
        return repr([case["arguments"] for case in test["cases"]])


def test_hidden_inputs_are_the_classrooms_own(tmp_path):
    """The inputs are the same each time in one classroom, others in another one, and none of the recorded ones."""
    first, second = room(tmp_path / "a"), room(tmp_path / "b")
    test = hidden_test(first, LAB, "neuron")
    hidden._variant.cache_clear()
    assert inputs(hidden_test(first, LAB, "neuron")) == inputs(test)
    assert inputs(hidden_test(second, LAB, "neuron")) != inputs(test)
    recorded = decode(recorded_tests()["neuron"][1]["cases"])
    assert inputs({"cases": recorded}) != inputs(test)
    assert test["grade_id"] == "neuron"


def test_a_submission_gets_one_of_64_variants(tmp_path):
    """The same digest gets the same inputs, others get others; two classrooms choose differently."""
    first, second = room(tmp_path / "a"), room(tmp_path / "b")
    digests = [f"submission {number}" for number in range(12)]
    drawn = [inputs(hidden_test(first, LAB, "neuron", digest)) for digest in digests]
    assert drawn == [inputs(hidden_test(first, LAB, "neuron", digest)) for digest in digests]
    assert len(set(drawn)) > 8
    assert not set(drawn) & {inputs(hidden_test(second, LAB, "neuron", digest)) for digest in digests}
    secret = Classroom(first).secret()
    chosen = {
        name: [variant_index(secret, name, digest) for digest in map(str, range(2000))] for name in ("neuron", "dense")
    }
    assert set(chosen["neuron"]) == set(range(VARIANTS)) and chosen["neuron"] != chosen["dense"]


def test_all_spellings_of_an_exercise_get_one_variant(tmp_path):
    """What is the same for all libraries is drawn the same for one submission."""
    classroom = room(tmp_path)
    x = [
        hidden_test(classroom, LAB, name, "one")["cases"][0]["arguments"]
        for name in ("dense_torch", "dense_tensorflow")
    ]
    assert np.array_equal(x[0]["x"], x[1]["x"])


def test_the_exam_of_the_capstone_has_variants_too(tmp_path):
    """Another submission is examined with other digits."""
    classroom = room(tmp_path)
    exams = {inputs(hidden_test(classroom, "lab4_overfitting_dropout", "capstone", digest)) for digest in "abcd"}
    assert len(exams) > 2


def test_the_submission_comes_from_the_environment(tmp_path, monkeypatch):
    """In a kernel the variant is that of the submission that the environment names."""
    classroom, asked = room(tmp_path), []

    def neuron(x, w, b):
        asked.append(repr((x, w, b)))

    one, *rest = (variant_index(Classroom(classroom).secret(), "neuron", digest) for digest in "abcdefgh")
    other = "bcdefgh"[next(number for number, index in enumerate(rest) if index != one)]
    for digest in ("a", other, "a", ""):
        monkeypatch.setenv("SUBMISSION", digest)
        grade("neuron", {"neuron": neuron}, classroom)
        asked.append("|")
    monkeypatch.delenv("SUBMISSION")
    grade("neuron", {"neuron": neuron}, classroom)
    first, second, third, fourth, fifth = "".join(asked).split("|")
    assert first == third != second and fourth == fifth


def test_an_unknown_exercise_has_no_hidden_test(tmp_path):
    """A grade id that no exercise of the lab has is an error, never another exercise's test."""
    with pytest.raises(KeyError, match="no_such_exercise"):
        hidden_test(room(tmp_path), LAB, "no_such_exercise")


def test_grade_judges_the_objects_of_a_notebook(tmp_path):
    """A right function earns all points; one that raises, one that is missing or not written yet earn nothing."""
    classroom, points = room(tmp_path), recorded_tests()["neuron"][1]["points"]
    right = grade("neuron", {"neuron": lambda x, w, b: 1 / (1 + np.exp(-(x @ w + b)))}, classroom)
    assert (right.kind, right.score, right.max_score) == ("grade", points, points)

    def broken(*arguments):
        raise SystemExit

    for namespace, status in (({}, "missing"), ({"neuron": broken}, "error"), ({"neuron": None}, "unfinished")):
        verdict = grade("neuron", namespace, classroom)
        assert (verdict.score, verdict.status) == (0.0, status)


def test_the_classroom_comes_from_the_environment(tmp_path, monkeypatch):
    """In a kernel the classroom is the one that the environment names."""
    monkeypatch.setenv("CLASSROOM", room(tmp_path))
    assert grade("neuron", {}).status == "missing"


def test_messages_reveal_no_expected_value(tmp_path):
    """The verdict of a wrong answer quotes neither inputs nor expected values."""
    verdict = grade("neuron", {"neuron": lambda x, w, b: np.zeros(np.shape(x)[:-1])}, room(tmp_path))
    assert verdict.score == 0.0
    assert not re.search(r"\d*\.\d+", verdict.message)


def test_what_is_drawn_ahead_is_what_is_asked(tmp_path, monkeypatch):
    """The inputs are those that are drawn when they are needed; another course's test, and a draw that fails, pass."""
    classroom = room(tmp_path)
    wanted = inputs(hidden_test(classroom, LAB, "neuron", "one"))
    hidden._variant.cache_clear()
    steps = list(hidden.draw_ahead(classroom, ["neuron", "of another course"]))
    assert len(steps) == VARIANTS == hidden._variant.cache_info().currsize
    assert inputs(hidden_test(classroom, LAB, "neuron", "one")) == wanted
    assert hidden._variant.cache_info().misses == VARIANTS
    monkeypatch.setattr(hidden, "_variant", lambda *arguments: 1 / 0)
    assert next(hidden.draw_ahead(classroom, ["neuron"])) is None
