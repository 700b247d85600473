"""Quizzes: each choice is explained, no key is told or can be guessed, and questions that do not fit are refused."""

import json
import re

import pytest

from autograder.authoring.exercise import exercises_of
from autograder.authoring.quiz import Question, quiz
from autograder.errors import CourseError
from autograder.notebooks.verdicts import LONGEST_MESSAGE
from autograder.settings import PROJECT
from course_utils import asking
from course_utils.judging.assess import assess
from course_utils.recording import encode

QUESTIONS = (
    Question("B", A="because of this.", B="it is so.", C="because of that."),
    Question("A", A="it is so, too.", B="of course not.", C="never."),
)


def judged(test, values, reveal=False):
    """Judge a test whose probe brings these values for every case."""
    return assess(test, lambda name, probe, cases: [{"values": values, "notes": []}] * len(cases), reveal)


def graded(*letters):
    test = quiz("toy_quiz", "Quiz", *QUESTIONS).test("numpy", b"seed", "grade")
    values = {f"answer_q{number}": letter for number, letter in enumerate(letters, 1)}
    return judged(test, values)


def test_a_quiz_explains_each_choice():
    """Each question earns its share; each choice gets its own explanation, and the key of a wrong one is not told."""
    finding = graded("C", "a")
    assert (finding.fraction, finding.status, finding.diagnosis) == (0.5, "partial", "q1_C")
    assert finding.message.splitlines() == [
        "1 of 2 are right; not right: 1.",
        '`answer_q1` is not "C": because of that.',
        '`answer_q2` is "A": it is so, too.',
    ]
    assert graded("B", "A").fraction == 1
    assert graded("A", "").message.endswith(
        'is not "A": because of this.\n`answer_q2` is not answered with one of the letters.'
    )
    assert (graded("", "").status, graded("", "").fraction) == ("unfinished", 0)


LABS = [path.stem for path in sorted((PROJECT / "autograder" / "exercises").glob("[!_]*.py"))]
QUIZZES = [
    pytest.param(exercise, id=exercise.name) for lab in LABS for exercise in exercises_of(lab) if exercise.self_study
]


@pytest.mark.parametrize("exercise", QUIZZES)
def test_each_choice_of_a_quiz_has_its_own_explanation(exercise):
    """Whichever single choice is wrong, it costs one question's share, is named, and gets a sentence of its own."""
    keys, explanations = exercise.self_study["keys"], exercise.self_study["explanations"]
    test = exercise.test("numpy", b"seed", "grade")
    sentences = []
    for variable in keys:
        for choice, why in explanations[variable].items():
            finding = judged(test, {**keys, variable: choice})
            right = choice == keys[variable]
            assert finding.fraction == pytest.approx(1 if right else 1 - 1 / len(keys))
            assert finding.diagnosis == (None if right else f"{variable.removeprefix('answer_')}_{choice}")
            assert f'`{variable}` is {"" if right else "not "}"{choice}": {why}' in finding.message.splitlines()
            assert re.fullmatch(r"[^\n]{20,180}\.", why), why
            sentences.append(why)
    assert len(sentences) == len(set(sentences)) == 4 * len(keys)


@pytest.mark.parametrize("exercise", QUIZZES)
def test_the_longest_finding_of_a_quiz_is_kept_whole(exercise):
    """Even where every answer is wrong, the explanations are not cut short on their way into the feedback."""
    explanations = exercise.self_study["explanations"]
    keys = exercise.self_study["keys"]
    values = {
        variable: max(set(each) - {keys[variable]}, key=lambda choice: len(each[choice]))
        for variable, each in explanations.items()
    }
    finding = judged(exercise.test("numpy", b"seed", "grade"), values, True)
    assert finding.status == "failed" and len(f"{exercise.name}: {finding.message}") < LONGEST_MESSAGE


@pytest.mark.parametrize("exercise", QUIZZES)
def test_a_quiz_s_keys_are_spread_over_the_letters(exercise):
    """No letter is right in more than half of the questions."""
    keys = list(exercise.self_study["keys"].values())
    assert max(map(keys.count, keys)) <= len(keys) / 2


def choices(exercise, lab):
    """Yield the key and the choices by letter of each question of a graded quiz, as its source has them."""
    source = (PROJECT / "solutions" / f"{lab}.py").read_text(encoding="utf-8")
    for number, key in enumerate(exercise.self_study["keys"].values(), 1):
        question = source.split(f"**Question {number}.**")[1].split("# %% solution=")[0]
        found = re.findall(r"^# - \*\*([A-Z])\.\*\* (.*(?:\n#   .*)*)", question, re.MULTILINE)
        yield key, {letter: re.sub(r"\n#  | *`", "", text) for letter, text in found}


def all_questions():
    """Return by quiz the key and the choices of each question, of those that are graded and of those that teach."""
    graded = {
        exercise.name: list(choices(exercise, lab))
        for lab in LABS
        for exercise in exercises_of(lab)
        if exercise.self_study
    }
    teaching = {
        path.stem: [
            (question.right, {letter: choice.text.replace("`", "") for letter, choice in question.choices.items()})
            for question in asking.questions(path.stem).values()
        ]
        for path in asking.QUESTIONS.glob("*.toml")
    }
    return graded | teaching


def test_no_key_can_be_guessed_from_the_length_of_the_choices():
    """The right choice is the longest one, or the shortest one, no more often than chance would have it."""
    quizzes = all_questions()
    assert len(quizzes) == 7 and all(len(found) >= 5 for found in quizzes.values())
    for pick in (max, min):
        guessed = {}
        for name, found in quizzes.items():
            guessed[name] = 0
            for key, texts in found:
                assert set(texts) == set("ABCD") and len(set(texts.values())) == 4
                lengths = {letter: len(text) for letter, text in texts.items()}
                extreme = [letter for letter, length in lengths.items() if length == pick(lengths.values())]
                guessed[name] += (key in extreme) / len(extreme)
            assert guessed[name] <= len(found) / 4 + 1, (name, pick, guessed)
        assert sum(guessed.values()) <= sum(map(len, quizzes.values())) / 4, guessed


def test_the_check_for_self_study_tells_right_from_wrong():
    """With keys in its data a check names the right answers, explains the wrong ones and asks for those left out."""
    test = quiz("toy_quiz", "Quiz", *QUESTIONS).test("numpy", b"seed", "check")
    test["cases"][0]["data"].update(quiz("toy_quiz", "Quiz", *QUESTIONS).self_study)

    def checked(first, second):
        return judged(test, {"answer_q1": first, "answer_q2": second}, True)

    assert '`answer_q1` is not "C": because of that.\n`answer_q2` is "A": it is' in checked("C", "a").message
    assert checked("B", "").message.endswith("`answer_q2` is not answered with one of the letters.")
    assert (checked("B", "A").status, checked("", "").status) == ("passed", "unfinished")


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ((Question("A", B="no."),), "say why the key 'A' is right"),
        ((*QUESTIONS, Question("A", A="yes.", B="no.")), "answer_q3: the choices are not A, B, C"),
    ],
)
def test_a_quiz_that_does_not_fit_is_an_author_s_error(questions, message):
    """A question without an explanation for each choice is refused."""
    with pytest.raises(CourseError, match=message):
        quiz("toy_quiz", "Quiz", *questions)


def test_the_check_of_a_quiz_holds_no_key():
    """What students get of a quiz names the letters and nothing else."""
    test = quiz("toy_quiz", "Quiz", *QUESTIONS).test("numpy", b"seed", "check")
    assert test["judge"] == "answered"
    assert [case["data"] for case in test["cases"]] == [{"letters": ["A", "B", "C"]}]
    assert "because" not in json.dumps(encode(test))
