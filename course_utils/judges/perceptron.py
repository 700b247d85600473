"""Lab 1: the weights that solve XOR; and the letters of a quiz."""

import numpy as np

from ..verdict import Finding


def answered(test, replies, reveal):
    """Quiz, in the student's notebook: every question holds one of its letters (which one is right stays unsaid)."""
    answers = replies[0]["values"]
    letters = test["cases"][0]["data"]["letters"]
    wrong = [name for name, value in answers.items() if letter(value) not in letters]
    if wrong:
        done = len(answers) - len(wrong)
        return Finding(done / len(answers), "unfinished",
                       f"not finished: {', '.join(f'`{name}`' for name in wrong)} must be one of {', '.join(letters)}.")
    return Finding(1.0, "passed", f"all {len(answers)} questions are answered. Which are right shows after grading.")


def letter(text):
    """Return the letter that a student's text stands for: "b", " B " and "(B)" are all B."""
    return str(text).strip(" \t\n().").upper()


def solves_xor(test, replies, reveal):
    """The weights of a 2-2-1 network of sigmoids tell the corners of XOR apart, also when the corners are noisy."""
    values, data = replies[0]["values"], test["cases"][0]["data"]
    for name, shape in (("W1", (2, 2)), ("b1", (2,)), ("W2", (2, 1)), ("b2", (1,))):
        found = getattr(values.get(name), "shape", None)
        if found != shape:
            return Finding(0.0, "failed", f"expected `{name}` of shape {shape}, got {found}.", "wrong_shape")
        if not np.all(np.isfinite(values[name].astype(float))):
            return Finding(0.0, "failed", f"`{name}` holds NaN or infinity.", "not_finite")
    weights = {name: value.astype(float) for name, value in values.items()}
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    wrong = [corner for corner in corners if (_network(corner, weights) > 0.5) != (corner[0] != corner[1])]
    if wrong:
        named = ", ".join(f"({int(a)}, {int(b)})" for a, b in wrong)
        message = (f"the corner {named} comes out" if len(wrong) == 1 else f"the corners {named} come out") \
            + " on the wrong side of 0.5."
        computed = _computed(weights, corners)
        if computed == "constant":
            return Finding(0.0, "failed", f"{message} All four corners get the same answer.", computed)
        return Finding(0.0, "failed", message + (f" Your network computes {computed.upper()}." if computed else ""),
                       f"computes_{computed}" if computed else None)
    points, labels = np.asarray(data["points"]), np.asarray(data["labels"])
    share = float(np.mean((_network(points, weights) > 0.5) == labels.astype(bool)))
    if share < 1.0:
        return Finding(0.5, "partial", f"all four corners are right, but only {share:.0%} of the points near them: "
                                       "the lines pass too close to a corner.", "too_close")
    return Finding(1.0, "passed", "right: the four corners, and every point near them.")


def _network(x, weights):
    with np.errstate(all="ignore"):
        hidden = 1 / (1 + np.exp(-(x @ weights["W1"] + weights["b1"])))
        return (1 / (1 + np.exp(-(hidden @ weights["W2"] + weights["b2"]))))[..., 0]


def _computed(weights, corners):
    """Return the name of what a network computes at the four corners, where it has one."""
    answers = tuple(bool(value > 0.5) for value in _network(corners, weights))
    names = {(False, True, True, True): "or", (False, False, False, True): "and",
             (True, True, True, False): "nand", (True, False, False, True): "xnor"}
    return "constant" if len(set(answers)) == 1 else names.get(answers)
