"""XOR is judged by what the student's own network does with the weights."""

import numpy as np
import pytest

from course_utils import judging

XOR_WEIGHTS = {"W1": [[10, -10], [10, -10]], "b1": [-5, 15], "W2": [[10], [10]], "b2": [-15]}


def xor(**changes):
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    data = {"points": np.vstack([corners, corners + 0.1, corners - 0.1]), "labels": np.tile([0, 1, 1, 0], 3)}
    values = {name: np.array(value, dtype=float) for name, value in {**XOR_WEIGHTS, **changes}.items()}
    test = {
        "cases": [{"data": data}],
        "ask": lambda name, probe, cases: [
            {"values": {"output": network(arguments)}, "notes": []} for arguments in cases
        ],
    }
    return judging.solves_xor(test, [{"values": values, "notes": []}], True)


def network(arguments):
    x, W1, b1, W2, b2 = arguments["arguments"]
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-(1 / (1 + np.exp(-(x @ W1 + b1))) @ W2 + b2)))


def test_a_wrong_network_is_judged_before_the_weights():
    """Right weights in a two_layer that lacks its hidden sigmoid are not said to compute something else."""
    values = {name: np.array(value, dtype=float) for name, value in XOR_WEIGHTS.items()}

    def linear(name, probe, cases):
        outputs = []
        for case in cases:
            x, W1, b1, W2, b2 = case["arguments"]
            outputs.append({"values": {"output": 1 / (1 + np.exp(-((x @ W1 + b1) @ W2 + b2)))}, "notes": []})
        return outputs

    test = {"cases": [{"data": {"points": np.zeros((1, 2)), "labels": np.zeros(1)}}], "ask": linear}
    assert judging.solves_xor(test, [{"values": values, "notes": []}], True).diagnosis == "two_layer_first"


@pytest.mark.parametrize(
    "reply",
    [
        {"missing": True},
        {"values": {"output": None}},
        {"values": {"output": np.ones(3)}},
        {"error": {"type": "ValueError", "message": "", "line": ""}},
    ],
)
def test_xor_weights_wait_for_the_network_that_they_are_tried_in(reply):
    """Without a working two_layer the check says to finish that first."""
    values = {name: np.array(value, dtype=float) for name, value in XOR_WEIGHTS.items()}
    test = {"cases": [{"data": {"points": np.zeros((1, 2)), "labels": np.zeros(1)}}], "ask": lambda *asked: [reply]}
    finding = judging.solves_xor(test, [{"values": values, "notes": []}], True)
    assert (finding.status, finding.fraction) == ("unfinished", 0)
    assert "two_layer" in finding.message


def test_xor_is_judged_by_what_the_network_does():
    """Any weights that separate the noisy corners pass; a margin that is too small earns half."""
    assert xor().status == "passed"
    assert xor(W1=[[20, -20], [-20, 20]], b1=[-10, -10], W2=[[20], [20]], b2=[-10]).status == "passed"
    close = xor(W1=[[100, -100], [100, -100]], b1=[-2, 198], W2=[[20], [20]], b2=[-30])
    assert (close.fraction, close.diagnosis) == (0.5, "too_close")


@pytest.mark.parametrize(
    ("changes", "diagnosis", "words"),
    [
        ({"W2": [[10], [0]], "b2": [-5]}, "computes_or", "the corner (1, 1) comes out on the wrong side"),
        ({"W2": [[0], [-10]], "b2": [5]}, "computes_and", "Your network computes AND."),
        ({"W2": [[-10], [-10]], "b2": [15]}, "computes_xnor", "Your network computes XNOR."),
        ({"b2": [-100]}, "constant", "All four corners get the same answer."),
        ({"b2": [-5]}, "constant", "h1 and h2 compute: OR and NAND; your output unit computes: OR."),
        (
            {"W1": [[1, -1], [1, -1]], "b1": [-0.5, 1.5], "W2": [[1], [1]], "b2": [-1.5]},
            "not_saturated",
            "As switches your units would do it",
        ),
        ({"W2": [10, 10]}, "wrong_shape", "expected `W2` of shape (2, 1), got (2,)."),
        ({"b1": [np.nan, 0]}, "not_finite", "`b1` holds NaN or infinity."),
        ({"W1": [[1e308, 1e308], [1e308, 1e308]]}, "computes_or", "wrong side"),
    ],
)
def test_a_network_that_misses_xor_is_told_what_it_computes(changes, diagnosis, words):
    """Wrong corners are named, and so is the function that the network computes instead."""
    finding = xor(**changes)
    assert (finding.fraction, finding.diagnosis) == (0, diagnosis)
    assert words in finding.message
