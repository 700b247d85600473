"""Lab 1: the weights that solve XOR."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from ..protocol import Ask, Reply, Test
from ..remarks import shape_in_words
from ..verdict import Assessment
from .assess import assess

NEAR = 0.01  # of the largest weight, and a sum counts as 0
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
# What a network computes, by its answers at the corners.
_COMPUTED = {
    (False, True, True, True): "or",
    (False, False, False, True): "and",
    (True, True, True, False): "nand",
    (True, False, False, True): "xnor",
    (False,) * 4: "constant",
    (True,) * 4: "constant",
}
# What a single unit says at the corners (0, 0), (0, 1), (1, 0), (1, 1).
_UNITS = {
    (False, False, False, False): "always 0",
    (False, False, False, True): "AND",
    (False, False, True, False): "x1 AND NOT x2",
    (False, False, True, True): "x1",
    (False, True, False, False): "x2 AND NOT x1",
    (False, True, False, True): "x2",
    (False, True, True, True): "OR",
    (True, False, False, False): "NOR",
    (True, False, True, False): "NOT x2",
    (True, False, True, True): "x1 OR NOT x2",
    (True, True, False, False): "NOT x1",
    (True, True, False, True): "x2 OR NOT x1",
    (True, True, True, False): "NAND",
    (True, True, True, True): "always 1",
}


def solves_xor(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """The weights of a 2-2-1 network tell the corners of XOR apart; they are tried out in the student's own network."""
    weights = xor_weights(replies[0]["values"])
    if isinstance(weights, Assessment):
        return weights
    points, labels = (np.asarray(test["cases"][0]["data"][name]) for name in ("points", "labels"))
    x = np.vstack([CORNERS, points])
    [reply] = test["ask"]("two_layer", "call", [{"arguments": [x, *weights], "outputs": ["output"]}])
    output = (reply.get("values") or {}).get("output")
    if output is None or output.shape != (len(x), 1) or not _passes("two_layer_numpy", test["ask"]):
        return Assessment(
            0.0,
            "unfinished",
            "not finished: your weights are tried out in your own `two_layer`, so get its check to pass first.",
            "two_layer_first",
        )
    return assess_xor(output[:, 0], labels, weights)


def _passes(grade_id: str, ask: Ask) -> bool:
    """Tell whether another exercise passes its recorded check, where there is one."""
    from ..recording import decode, recorded_tests  # which imports this package

    if grade_id not in recorded_tests():
        return True
    known = recorded_tests()[grade_id][1]
    return assess(cast(Test, {**known, "cases": decode(known["cases"])}), ask).fraction == 1


def xor_weights(values: Mapping[str, Any]) -> list[np.ndarray] | Assessment:
    """Return W1, b1, W2, b2 as arrays of numbers, or the assessment that says which of them cannot be used."""
    for name, shape in (("W1", (2, 2)), ("b1", (2,)), ("W2", (2, 1)), ("b2", (1,))):
        actual = getattr(values.get(name), "shape", None)
        if actual != shape:
            got = shape_in_words(actual, shape)
            return Assessment(0.0, "failed", f"expected `{name}` of shape {shape}, got {got}.", "wrong_shape")
        if not np.all(np.isfinite(values[name].astype(float))):
            return Assessment(0.0, "failed", f"`{name}` holds NaN or infinity.", "not_finite")
    return [values[name].astype(float) for name in ("W1", "b1", "W2", "b2")]


def _are_exclusive(W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray) -> bool:
    """Tell whether weights solve XOR in a network of sigmoids: an output is above 0.5 where its sum is above 0."""
    with np.errstate(all="ignore"):
        hidden = 1 / (1 + np.exp(-(CORNERS @ W1 + b1)))
    return bool(np.array_equal((hidden @ W2 + b2)[:, 0] > 0, CORNERS[:, 0] != CORNERS[:, 1]))


def assess_xor(outputs: np.ndarray, labels: np.ndarray, weights: list[np.ndarray]) -> Assessment:
    """Return the assessment for a network's outputs at the four corners, followed by those at points near the corners.

    Args:
        outputs: shape (4 + n_points,).
        labels: 0 or 1 for each point, shape (n_points,).
        weights: W1, b1, W2, b2.
    """
    corners, near = outputs[:4] > 0.5, outputs[4:] > 0.5
    wrong = [corner for corner, output in zip(CORNERS, corners) if output != (corner[0] != corner[1])]
    if wrong:
        named = ", ".join(f"({int(x1)}, {int(x2)})" for x1, x2 in wrong)
        message = (
            f"the corner {named} comes out" if len(wrong) == 1 else f"the corners {named} come out"
        ) + " on the wrong side of 0.5."
        computed = _COMPUTED.get(tuple(corners.tolist()))
        if _are_exclusive(weights[0].T, *weights[1:]):
            transposed = "With W1 transposed it would be right: a hidden unit's weights stand in a column of W1."
            return Assessment(0.0, "failed", f"{message} {transposed}", "weights_transposed")
        with np.errstate(all="ignore"):
            says = (CORNERS @ weights[0] + weights[1] > 0).T
            joined = CORNERS @ weights[2] + weights[3] > 0
        if np.array_equal(joined[(2 * says[0] + says[1])][:, 0], CORNERS[:, 0] != CORNERS[:, 1]):
            small = "As switches your units would do it, but their sums lie too near 0 for a sigmoid to decide."
            sums = [*(CORNERS @ weights[0] + weights[1]).flat, *(says.T @ weights[2] + weights[3]).flat]
            if np.abs(sums).min() < NEAR * max(float(np.abs(each).max()) for each in weights):
                advice = (
                    "One of them is 0, and would be with larger weights, too: move a bias, so that it lies between."
                )
            else:
                advice = "Take larger weights and biases."
            return Assessment(0.0, "failed", f"{message} {small} {advice}", "not_saturated")
        units = " and ".join(_UNITS[tuple(unit.tolist())] for unit in says)
        output = _UNITS[tuple(joined[:, 0].tolist())].replace("x", "h")
        message += f" Your hidden units h1 and h2 compute: {units}; your output unit computes: {output}."
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
