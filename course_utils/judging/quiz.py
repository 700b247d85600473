"""The letters of a quiz."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..protocol import Reply, Test
from ..verdict import Assessment

REASON = re.compile(r'`answer_(q\d{1,3})` is (not )?"([A-Z])": (.*)')
LISTED = 5  # names of open questions in one sentence, at most


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
            f"not finished: {_listed(unanswered)} must be one of {', '.join(letters)}.",
        )
    return Assessment(
        1.0, "answered", f"all {len(answers)} questions are answered. Which are right shows after grading."
    )


def _listed(variables: list[str]) -> str:
    """Name a few variables, or the first ones of many."""
    named = variables if len(variables) <= LISTED else variables[: LISTED - 1]
    more = len(variables) - len(named)
    return ", ".join(f"`{variable}`" for variable in named) + (f" and {more} more" if more else "")


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


class Chosen(NamedTuple):
    """One answer of a quiz that was judged, and why it is right or wrong."""

    question: str
    letter: str
    right: bool
    why: str


def chosen(message: str) -> list[Chosen]:
    """Return the answers of which the message of ``assess_quiz`` tells; none for any other message."""
    found = (REASON.fullmatch(line) for line in message.splitlines()[1:])
    return [Chosen(match[1], match[3], not match[2], match[4]) for match in found if match]
