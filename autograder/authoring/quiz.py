"""Multiple-choice questions: students are told that all are answered, and after grading why each wrong one is wrong."""

from dataclasses import dataclass

from autograder.authoring.exercise import Exercise, Spelling
from autograder.errors import CourseError
from course_utils.judging import assess_quiz


@dataclass(frozen=True)
class Question:
    """One question.

    Args:
        key: the letter of the right choice.
        wrong: mapping from each other letter to the sentence that says why it is wrong, without telling the key.
    """

    key: str
    wrong: dict[str, str]


def quiz(name, title, questions):
    """Return the exercise in which a student writes the letters into ``answer_q1``, ``answer_q2`` and so on.

    Raises:
        CourseError: a question explains its key as wrong, or the questions differ in their letters.
    """
    variables = tuple(f"answer_q{number}" for number in range(1, len(questions) + 1))
    letters = sorted({questions[0].key, *questions[0].wrong})
    for variable, question in zip(variables, questions):
        if question.key in question.wrong:
            raise CourseError(f"quiz {name!r}, {variable}: the key {question.key!r} is explained as wrong; drop one.")
        if sorted({question.key, *question.wrong}) != letters:
            raise CourseError(
                f"quiz {name!r}, {variable}: the choices are not {', '.join(letters)}; give every "
                "question the same letters, and each wrong one its explanation."
            )

    keys = {variable: question.key for variable, question in zip(variables, questions)}
    explanations = {variable: question.wrong for variable, question in zip(variables, questions)}

    def judge(test, replies, reveal):
        return assess_quiz(keys, explanations, replies[0]["values"], reveal)

    return Exercise(
        name=name,
        title=title,
        spellings={"numpy": Spelling(variables, "read", lambda inputs: {})},
        draw=lambda rng: [("answers", {"letters": letters})],
        judge=judge,
        check_judge="answered",
        solution_parts=tuple(f"q{number}" for number in range(1, len(questions) + 1)),
        self_study={"keys": keys, "explanations": explanations},
    )
