"""The letters of a quiz."""

import pytest

from course_utils import judging
from course_utils.judging.quiz import chosen


@pytest.mark.parametrize("text", ["b", " B ", "(B)", "B.", "b)"])
def test_a_letter_may_be_written_in_many_ways(text):
    """Case, blanks and brackets around a quiz's letter do not matter."""
    assert judging.letter(text) == "B"


def test_a_quiz_check_says_what_is_not_answered_and_not_what_is_right():
    """In the student's notebook each question must hold one of the letters."""
    test = {"cases": [{"data": {"letters": ["A", "B"]}}]}
    finding = judging.answered(test, [{"values": {"answer_q1": "a", "answer_q2": "C"}, "notes": []}], True)
    assert (finding.status, finding.fraction) == ("unfinished", 0.5)
    assert finding.message == "not finished: `answer_q2` must be one of A, B."
    finding = judging.answered(test, [{"values": {"answer_q1": "a", "answer_q2": "B"}, "notes": []}], True)
    assert finding.status == "answered"
    many = {f"answer_q{number}": "" for number in range(1, 21)}
    finding = judging.answered(test, [{"values": many, "notes": []}], True)
    assert finding.message.endswith("`answer_q3`, `answer_q4` and 16 more must be one of A, B.")


KEYS = {"answer_q1": "A", "answer_q2": "B"}
EXPLANATIONS = {
    "answer_q1": {"A": "it is.", "B": "that is the other one."},
    "answer_q2": {"A": "that is too small.", "B": "it is, too."},
}
LETTERLESS = "is not answered with one of the letters."


@pytest.mark.parametrize(
    ("letters", "fraction", "status", "lines", "diagnosis"),
    [
        (
            ("A", " b "),
            1.0,
            "passed",
            ["all 2 answers are right.", '`answer_q1` is "A": it is.', '`answer_q2` is "B": it is, too.'],
            None,
        ),
        (("", ""), 0.0, "unfinished", ["not finished: no question is answered."], None),
        (
            ("A", "A"),
            0.5,
            "partial",
            [
                "1 of 2 are right; not right: 2.",
                '`answer_q1` is "A": it is.',
                '`answer_q2` is not "A": that is too small.',
            ],
            "q2_A",
        ),
        (
            ("7", "Z"),
            0.0,
            "failed",
            ["0 of 2 are right; not right: 1, 2.", f"`answer_q1` {LETTERLESS}", f"`answer_q2` {LETTERLESS}"],
            None,
        ),
    ],
)
def test_a_graded_quiz_says_why_each_answer_is_right_or_wrong(letters, fraction, status, lines, diagnosis):
    """Each right letter earns its share; what was chosen is explained, and the key of a wrong one is never named."""
    assessment = judging.assess_quiz(KEYS, EXPLANATIONS, dict(zip(KEYS, letters)))
    assert (assessment.fraction, assessment.status, assessment.diagnosis) == (fraction, status, diagnosis)
    assert assessment.message.splitlines() == lines


def test_a_self_study_check_knows_the_keys():
    """Where a test holds keys and explanations, the check says at once which answers are right."""
    test = {"cases": [{"data": {"letters": ["A", "B"], "keys": KEYS, "explanations": EXPLANATIONS}}]}
    reply = {"values": {"answer_q1": "A", "answer_q2": "B"}, "notes": []}
    assert judging.answered(test, [reply], True).status == "passed"


def test_what_was_chosen_can_be_read_from_the_message():
    """Each judged answer with its reason; what was not answered, and any other message, holds none."""
    keys = {"answer_q1": "A", "answer_q2": "B", "answer_q10": "A"}
    why = {name: {"A": 'So "it" is.', "B": "No: `x` is."} for name in keys}
    message = judging.assess_quiz(keys, why, {"answer_q1": "a", "answer_q2": "A", "answer_q10": "?"}).message
    assert chosen(f"Quiz: {message}") == [("q1", "A", True, 'So "it" is.'), ("q2", "A", False, 'So "it" is.')]
    assert chosen("") == chosen('Quiz: `answer_q1` is "A": x') == chosen('x\n`answer_qq` is "A": x') == []
