"""Multiple-choice questions: students are told that all are answered, and after grading why each wrong one is wrong."""

from dataclasses import dataclass

from course_utils.judges import letter
from course_utils.verdict import Finding

from .errors import CourseError
from .exercise import Exercise, Spelling


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
            raise CourseError(f"quiz {name!r}, {variable}: the choices are not {', '.join(letters)}; give every "
                              "question the same letters, and each wrong one its explanation.")

    def judge(test, replies, reveal):
        return _judge(dict(zip(variables, questions)), replies[0]["values"])

    return Exercise(
        name=name,
        title=title,
        spellings={"numpy": Spelling(variables, "read", lambda inputs: {})},
        draw=lambda rng: [("answers", {"letters": letters})],
        judge=judge,
        check_judge="answered",
        solution_parts=tuple(f"q{number}" for number in range(1, len(questions) + 1)),
    )


def _judge(questions, values):
    given = {variable: letter(values.get(variable, "")) for variable in questions}
    wrong = [variable for variable, question in questions.items() if given[variable] != question.key]
    if not wrong:
        return Finding(1.0, "passed", f"all {len(questions)} answers are right.")
    if not any(given.values()):
        return Finding(0.0, "unfinished", "not finished: no question is answered.")
    right = len(questions) - len(wrong)
    sentences = [f"`{variable}` {_why(questions[variable], given[variable])}" for variable in wrong]
    choices = [f"{variable.removeprefix('answer_')}_{given[variable]}" for variable in wrong
               if given[variable] in questions[variable].wrong]
    return Finding(right / len(questions), "partial" if right else "failed",
                   f"{right} of {len(questions)} are right. {' '.join(sentences)}", choices[0] if choices else None)


def _why(question, given):
    if given in question.wrong:
        return f'is not "{given}": {question.wrong[given]}'
    return "is not answered with one of the letters."
