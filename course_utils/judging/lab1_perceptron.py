"""Lab 1: the weights that solve XOR; and the letters of a quiz."""

import numpy as np

from ..verdict import Assessment


def answered(test, replies, reveal):
    """Quiz, in the student's notebook: every question holds one of its letters.

    Which one is right stays unsaid, except in a self-study bundle, whose tests hold keys and explanations.
    """
    answers, data = replies[0]["values"], test["cases"][0]["data"]
    if "keys" in data:
        return assess_quiz(data["keys"], data["explanations"], answers, reveal)
    letters = data["letters"]
    wrong = [name for name, value in answers.items() if letter(value) not in letters]
    if wrong:
        done = len(answers) - len(wrong)
        return Assessment(
            done / len(answers),
            "unfinished",
            f"not finished: {', '.join(f'`{name}`' for name in wrong)} must be one of {', '.join(letters)}.",
        )
    return Assessment(
        1.0, "answered", f"all {len(answers)} questions are answered. Which are right shows after grading."
    )


def letter(text):
    """Return the letter that a student's text stands for: "b", " B " and "(B)" are all B."""
    return str(text).strip(" \t\n().").upper()


def assess_quiz(keys, explanations, answers, reveal):
    """Return how many answers of a quiz are right, and why each wrong one is wrong.

    Args:
        keys: mapping from variables, such as answer_q1, to the right letters.
        explanations: mapping from variables to a mapping from each wrong letter to the sentence that says why.
        answers: mapping from variables to what the student wrote.
        reveal: whether to name the right answers, too.
    """
    given = {variable: letter(answers.get(variable, "")) for variable in keys}
    wrong = [variable for variable, key in keys.items() if given[variable] != key]
    if not wrong:
        return Assessment(1.0, "passed", f"all {len(keys)} answers are right.")
    if not any(given.values()):
        return Assessment(0.0, "unfinished", "not finished: no question is answered.")
    right = [variable for variable in keys if variable not in wrong]
    named = f": {', '.join(f'`{variable}`' for variable in right)}" if reveal and right else ""
    sentences = [f"`{variable}` {_why(explanations[variable], given[variable])}" for variable in wrong]
    choices = [
        f"{variable.removeprefix('answer_')}_{given[variable]}"
        for variable in wrong
        if given[variable] in explanations[variable]
    ]
    return Assessment(
        len(right) / len(keys),
        "partial" if right else "failed",
        f"{len(right)} of {len(keys)} are right{named}. {' '.join(sentences)}",
        choices[0] if choices else None,
    )


def _why(explanations, given):
    if given in explanations:
        return f'is not "{given}": {explanations[given]}'
    return "is not answered with one of the letters."


CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def solves_xor(test, replies, reveal):
    """The weights of a 2-2-1 network tell the corners of XOR apart; they are tried out in the student's own network."""
    weights = xor_weights(replies[0]["values"])
    if isinstance(weights, Assessment):
        return weights
    points, labels = (np.asarray(test["cases"][0]["data"][name]) for name in ("points", "labels"))
    x = np.vstack([CORNERS, points])
    [reply] = test["ask"]("two_layer", "call", [{"arguments": [x, *weights], "outputs": ["output"]}])
    output = (reply.get("values") or {}).get("output")
    if output is None or output.shape != (len(x), 1):
        return Assessment(
            0.0,
            "unfinished",
            "not finished: your weights are tried out in your own `two_layer`, so get its check to pass first.",
            "two_layer_first",
        )
    return assess_xor(output[:, 0], labels)


def xor_weights(values):
    """Return W1, b1, W2, b2 as arrays of numbers, or the assessment that says which of them cannot be used."""
    for name, shape in (("W1", (2, 2)), ("b1", (2,)), ("W2", (2, 1)), ("b2", (1,))):
        found = getattr(values.get(name), "shape", None)
        if found != shape:
            return Assessment(0.0, "failed", f"expected `{name}` of shape {shape}, got {found}.", "wrong_shape")
        if not np.all(np.isfinite(values[name].astype(float))):
            return Assessment(0.0, "failed", f"`{name}` holds NaN or infinity.", "not_finite")
    return [values[name].astype(float) for name in ("W1", "b1", "W2", "b2")]


def assess_xor(outputs, labels):
    """Return the assessment for a network's outputs at the four corners, followed by those at points near the corners.

    Args:
        outputs: shape (4 + n_points,).
        labels: 0 or 1 for each point, shape (n_points,).
    """
    corners, near = outputs[:4] > 0.5, outputs[4:] > 0.5
    wrong = [corner for corner, answer in zip(CORNERS, corners) if answer != (corner[0] != corner[1])]
    if wrong:
        named = ", ".join(f"({int(a)}, {int(b)})" for a, b in wrong)
        message = (
            f"the corner {named} comes out" if len(wrong) == 1 else f"the corners {named} come out"
        ) + " on the wrong side of 0.5."
        computed = _COMPUTED.get(tuple(corners.tolist()))
        if computed == "constant":
            return Assessment(0.0, "failed", f"{message} All four corners get the same answer.", computed)
        return Assessment(
            0.0,
            "failed",
            message + (f" Your network computes {computed.upper()}." if computed else ""),
            f"computes_{computed}" if computed else None,
        )
    share = float(np.mean(near == labels.astype(bool)))
    if share < 1.0:
        return Assessment(
            0.5,
            "partial",
            f"all four corners are right, but only {share:.0%} of the points near them: "
            "the lines pass too close to a corner.",
            "too_close",
        )
    return Assessment(1.0, "passed", "right: the four corners, and every point near them.")


_COMPUTED = {
    (False, True, True, True): "or",
    (False, False, False, True): "and",
    (True, True, True, False): "nand",
    (True, False, False, True): "xnor",
    (False,) * 4: "constant",
    (True,) * 4: "constant",
}
