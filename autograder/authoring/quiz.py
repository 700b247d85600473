"""Multiple-choice questions that are graded: after grading students are told why each answer is right or wrong."""

from autograder.authoring.exercise import Exercise, Spelling
from autograder.errors import CourseError
from course_utils.judging import assess_quiz
from course_utils.protocol import Reply, Test
from course_utils.verdict import Assessment


class Question:
    """One question.

    Args:
        key: the letter of the right choice.
        explanations: by the letter of each choice, why it is right or wrong; of a wrong one without telling the key.
    """

    def __init__(self, key: str, **explanations: str):
        self.key = key
        self.explanations = explanations
        self.letters = sorted(explanations)


def quiz(name: str, title: str, *questions: Question) -> Exercise:
    """Return the exercise in which a student writes the letters into ``answer_q1``, ``answer_q2`` and so on.

    Raises:
        CourseError: a question does not explain its key, or the questions differ in their letters.
    """
    variables = tuple(f"answer_q{number}" for number in range(1, len(questions) + 1))
    letters = questions[0].letters
    for variable, question in zip(variables, questions):
        if question.key not in question.explanations:
            raise CourseError(f"quiz {name!r}, {variable}: say why the key {question.key!r} is right.")
        if question.letters != letters:
            raise CourseError(
                f"quiz {name!r}, {variable}: the choices are not {', '.join(letters)}; give every "
                "question the same letters, and each one its explanation."
            )

    keys = {variable: question.key for variable, question in zip(variables, questions)}
    explanations = {variable: question.explanations for variable, question in zip(variables, questions)}

    def judge(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
        return assess_quiz(keys, explanations, replies[0]["values"])

    return Exercise(
        name,
        title,
        spellings={"numpy": Spelling(variables, "read")},
        draw=lambda rng: [("answers", {"letters": letters})],
        judge=judge,
        check_judge="answered",
        solution_parts=tuple(f"q{number}" for number in range(1, len(questions) + 1)),
        self_study={"keys": keys, "explanations": explanations},
    )
