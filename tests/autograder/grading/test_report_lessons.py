"""What to teach again: sentences that are true of the class, and of no other."""

import pytest

from autograder.grading.lab_results import LabResults, Result, Row
from autograder.grading.report_lessons import Lesson, asked, doubts, first_sentence, ideas, lessons
from course_utils.judging import assess_quiz
from course_utils.recording import recorded_tests


def lab_of(results, title="Lab 1: More"):
    """Return a lab whose students have these results, by grade id."""
    points = {name: 1.0 for own in results for name in own}
    rows = [Row(f"s{number}", 0.0, 1.0, own, []) for number, own in enumerate(results)]
    return LabResults("lab1_perceptron", title, points, rows)


def wrong(name, diagnosis=None):
    return {name: Result(0.0, 1.0, "failed", f"{name}: wrong values.", diagnosis)}


def right(name):
    return {name: Result(1.0, 1.0, "passed", f"{name}: right.")}


def test_the_same_idea_in_several_libraries_is_one():
    """Its spellings stand side by side; an exercise of another course stands for itself."""
    found = ideas({"dense_numpy": 1.0, "dense_torch": 1.0, "neuron": 1.0, "copy_weights": 1.0, "own": 1.0})
    assert [(idea.title, idea.spellings) for idea in found] == [
        ("A dense layer", {"NumPy": "dense_numpy", "PyTorch": "dense_torch"}),
        ("The neuron", {"NumPy": "neuron"}),
        ("The frameworks agree", {"PyTorch and TensorFlow": "copy_weights"}),
        ("own", {"NumPy": "own"}),
    ]


def test_lessons_are_the_most_frequent_faults():
    """At most three; of an idea all spellings count together; what is open counts for nothing; one alone is none."""
    hint = recorded_tests()["dense_torch"][1]["hints"]["weights_transposed"]
    results = [
        *[wrong("dense_numpy", "weights_transposed")] * 2,
        *[wrong("dense_torch", "weights_transposed")] * 2,
        wrong("dense_torch", "bias_forgotten"),
        *[right("dense_numpy")] * 3,
        *[{"dense_numpy": Result(0.0, 1.0, "unfinished")}] * 9,
        *[wrong("neuron")] * 4,
        *[wrong("pocket", "never_kept")] * 3,
        *[wrong("xor_weights", "constant")] * 2,
        wrong("deep_numpy", "constant"),
    ]
    found = lessons([lab_of(results)])
    assert [(each.what, each.wrong, each.tried, each.often) for each in found] == [
        ("A dense layer (Lab 1)", 5, 8, 4),
        ("The neuron (Lab 1)", 4, 4, 0),
        ("The best weights in the pocket (Lab 1)", 3, 3, 3),
    ]
    assert found[0].sentence == hint and found[0].anchor == "lab1_perceptron-dense_numpy"
    assert found[1].in_words.endswith("no mistake that is known stands out: look at a few of them.")
    assert lessons([lab_of([right("neuron")] * 5)]) == []


def test_a_question_of_a_quiz_is_a_lesson():
    """With the option that most chose, and why it is wrong."""
    keys, why = {"answer_q1": "A"}, {"answer_q1": {"A": "So it is.", "B": "A line is no curve.", "C": "No."}}

    def answer(letter):
        judged = assess_quiz(keys, why, {"answer_q1": letter})
        return {"foundations_quiz": Result(judged.fraction, 1.0, judged.status, f"Quiz: {judged.message}")}

    lab = lab_of([answer(letter) for letter in "AABBBC"], "Chapter quiz: All")
    [lesson] = lessons([lab])
    assert (lesson.what, lesson.wrong, lesson.tried, lesson.often) == ("Chapter quiz, question 1", 4, 6, 3)
    assert lesson.in_words == "4 of 6 answers are not right, 3 of them alike: they chose B: a line is no curve."
    [question] = asked(lab.choices["foundations_quiz"])
    assert (question.number, question.right, question.answered) == ("1", 2, 6)
    assert {letter: count for letter, (_, count) in question.options.items()} == {"A": 2, "B": 3, "C": 1}


@pytest.mark.parametrize(
    ("lesson", "words"),
    [
        (Lesson("x", 4, 9, 4, "You add. Twice."), "4 of 9 attempts are not right, all of them alike: you add."),
        (Lesson("x", 9, 9, 2, "W is it."), "9 of 9 attempts are not right, 2 of them alike: W is it."),
        (
            Lesson("x", 20, 30, 2, "It is."),
            "20 of 30 attempts are not right, in many ways; the most frequent, 2 times: it is.",
        ),
    ],
)
def test_words(lesson, words):
    """A sentence says how many, and what they have in common where it is worth saying."""
    assert lesson.in_words.startswith(words)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("You add up the biases. They pass.", "You add up the biases."),
        ("Right shape, wrong values of `w`. Every value is 0.", "Every value is 0."),
        ("Right shape, wrong values of `W1`", "Right shape, wrong values of `W1`."),
        ("Wrong number. Is x 0.5 wide? Yes.", "Is x 0.5 wide?"),
    ],
)
def test_the_first_sentence_that_says_something(text, first):
    """A number's point ends no sentence, and that something is wrong is known."""
    assert first_sentence(text) == first


def test_doubts_are_one_sentence():
    """Exercises with their labs; nothing where none is in doubt."""
    assert doubts([]) == ""
    assert doubts([("A", "Lab 1"), ("B", "Lab 2")]).startswith("Look at A (Lab 1) and B (Lab 2) yourself: ")
