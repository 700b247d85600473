"""The letters of a quiz."""

from collections.abc import Mapping
from typing import Any

from ..protocol import Reply, Test
from ..verdict import Assessment


def answered(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """Quiz, in the student's notebook: every question holds one of its letters.

    Which one is right stays unsaid, except in a self-study bundle, whose tests hold keys and explanations.
    """
    answers, data = replies[0]["values"], test["cases"][0]["data"]
    if "keys" in data:
        return assess_quiz(data["keys"], data["explanations"], answers)
    letters = data["letters"]
    unanswered = [variable for variable, text in answers.items() if letter(text) not in letters]
    if unanswered:
        return Assessment(
            (len(answers) - len(unanswered)) / len(answers),
            "unfinished",
            f"not finished: {', '.join(f'`{variable}`' for variable in unanswered)} must be one of "
            f"{', '.join(letters)}.",
        )
    return Assessment(
        1.0, "answered", f"all {len(answers)} questions are answered. Which are right shows after grading."
    )


def letter(text: Any) -> str:
    """Return the letter that a student's text stands for: "b", " B " and "(B)" are all B."""
    return str(text).strip(" \t\n().").upper()


def assess_quiz(
    keys: Mapping[str, str], explanations: Mapping[str, Mapping[str, str]], answers: Mapping[str, Any]
) -> Assessment:
    """Return how many answers of a quiz are right, and of each one why it is right or wrong.

    Args:
        keys: mapping from variables, such as answer_q1, to the right letters.
        explanations: mapping from variables to a mapping from each letter to the sentence that says why.
        answers: mapping from variables to what the student wrote.
    """
    letters = {variable: letter(answers.get(variable, "")) for variable in keys}
    if not any(letters.values()):
        return Assessment(0.0, "unfinished", "not finished: no question is answered.")
    wrong = [variable for variable, key in keys.items() if letters[variable] != key]
    right = len(keys) - len(wrong)
    numbers = ", ".join(variable.removeprefix("answer_q") for variable in wrong)
    short = (
        f"{right} of {len(keys)} are right; not right: {numbers}." if wrong else f"all {len(keys)} answers are right."
    )
    reasons = [f"`{name}` {_why(explanations[name], letters[name], keys[name])}" for name in keys]
    choices = [
        f"{variable.removeprefix('answer_')}_{letters[variable]}"
        for variable in wrong
        if letters[variable] in explanations[variable]
    ]
    return Assessment(
        right / len(keys),
        "passed" if not wrong else "partial" if right else "failed",
        "\n".join([short, *reasons]),
        choices[0] if choices else None,
    )


def _why(explanations: Mapping[str, str], chosen: str, key: str) -> str:
    if chosen in explanations:
        return f'is {"" if chosen == key else "not "}"{chosen}": {explanations[chosen]}'
    return "is not answered with one of the letters."
