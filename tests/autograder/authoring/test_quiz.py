"""Quizzes: each wrong choice is explained, no key is told, and questions that do not fit are refused."""

import json
import re

import pytest

from autograder.authoring.exercise import exercises_of
from autograder.authoring.quiz import Question, quiz
from autograder.errors import CourseError
from autograder.notebooks.verdicts import LONGEST_MESSAGE
from autograder.settings import PROJECT
from course_utils.judging.assess import assess
from course_utils.recording import encode

QUESTIONS = (
    Question("B", A="because of this.", C="because of that."),
    Question("A", B="of course not.", C="never."),
)


def judged(test, values, reveal=False):
    """Judge a test whose probe brings these values for every case."""
    return assess(test, lambda name, probe, cases: [{"values": values, "notes": []}] * len(cases), reveal)


def graded(*letters):
    test = quiz("toy_quiz", "Quiz", *QUESTIONS).test("numpy", b"seed", "grade")
    values = {f"answer_q{number}": letter for number, letter in enumerate(letters, 1)}
    return judged(test, values)


def test_a_quiz_explains_each_wrong_choice():
    """Each question earns its share; a wrong choice gets its own explanation and the key is not told."""
    finding = graded("C", "a")
    assert (finding.fraction, finding.status, finding.diagnosis) == (0.5, "partial", "q1_C")
    assert finding.message == '1 of 2 are right. `answer_q1` is not "C": because of that.'
    assert graded("B", "A").fraction == 1
    assert graded("A", "").message.endswith(
        'is not "A": because of this. `answer_q2` is not answered with one of the letters.'
    )
    assert (graded("", "").status, graded("", "").fraction) == ("unfinished", 0)


LABS = [path.stem for path in sorted((PROJECT / "autograder" / "exercises").glob("[!_]*.py"))]
QUIZZES = [
    pytest.param(exercise, id=exercise.name) for lab in LABS for exercise in exercises_of(lab) if exercise.self_study
]


@pytest.mark.parametrize("exercise", QUIZZES)
def test_each_wrong_choice_of_a_quiz_has_its_own_explanation(exercise):
    """Whichever single choice is wrong, it costs one question's share, is named, and gets a sentence of its own."""
    keys, explanations = exercise.self_study["keys"], exercise.self_study["explanations"]
    test = exercise.test("numpy", b"seed", "grade")
    sentences = []
    for variable in keys:
        for choice, why in explanations[variable].items():
            values = {**keys, variable: choice}
            finding = judged(test, values)
            assert finding.fraction == pytest.approx(1 - 1 / len(keys))
            assert finding.diagnosis == f"{variable.removeprefix('answer_')}_{choice}"
            assert finding.message.endswith(f'`{variable}` is not "{choice}": {why}')
            assert re.fullmatch(r"[^\n]{20,180}\.", why), why
            sentences.append(why.replace("it may well help: ", ""))
    assert len(sentences) == len(set(sentences)) == 3 * len(keys)


@pytest.mark.parametrize("exercise", QUIZZES)
def test_the_longest_finding_of_a_quiz_is_kept_whole(exercise):
    """Even where every answer is wrong, the explanations are not cut short on their way into the feedback."""
    explanations = exercise.self_study["explanations"]
    values = {variable: max(each, key=lambda choice: len(each[choice])) for variable, each in explanations.items()}
    finding = judged(exercise.test("numpy", b"seed", "grade"), values, True)
    assert finding.status == "failed" and len(f"{exercise.name}: {finding.message}") < LONGEST_MESSAGE


@pytest.mark.parametrize("exercise", QUIZZES)
def test_a_quiz_s_keys_are_spread_over_the_letters(exercise):
    """No letter is right in more than half of the questions."""
    keys = list(exercise.self_study["keys"].values())
    assert max(map(keys.count, keys)) <= len(keys) / 2


def test_the_check_for_self_study_tells_right_from_wrong():
    """With keys in its data a check names the right answers, explains the wrong ones and asks for those left out."""
    test = quiz("toy_quiz", "Quiz", *QUESTIONS).test("numpy", b"seed", "check")
    test["cases"][0]["data"].update(quiz("toy_quiz", "Quiz", *QUESTIONS).self_study)

    def checked(first, second):
        return judged(test, {"answer_q1": first, "answer_q2": second}, True)

    assert checked("C", "a").message == '1 of 2 are right: `answer_q2`. `answer_q1` is not "C": because of that.'
    assert checked("B", "").message.startswith("1 of 2 are right: `answer_q1`. `answer_q2` is not answered")
    assert (checked("B", "A").status, checked("", "").status) == ("passed", "unfinished")


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ((Question("A", A="no."),), "the key 'A' is explained as wrong"),
        ((*QUESTIONS, Question("A", B="no.")), "answer_q3: the choices are not A, B, C"),
    ],
)
def test_a_quiz_that_does_not_fit_is_an_author_s_error(questions, message):
    """A question without an explanation for each wrong choice is refused."""
    with pytest.raises(CourseError, match=message):
        quiz("toy_quiz", "Quiz", *questions)


def test_the_check_of_a_quiz_holds_no_key():
    """What students get of a quiz names the letters and nothing else."""
    test = quiz("toy_quiz", "Quiz", *QUESTIONS).test("numpy", b"seed", "check")
    assert test["judge"] == "answered"
    assert [case["data"] for case in test["cases"]] == [{"letters": ["A", "B", "C"]}]
    assert "because" not in json.dumps(encode(test))
