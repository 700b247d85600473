"""Lab 4: networks that drop out in training alone."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..probes.lab4_overfitting_dropout import dropout_net_parameters
from ..probes.layers import Parameters
from ..protocol import Reply, Test
from ..remarks import shape_in_words
from ..verdict import Assessment
from .faults import Fault, array_or_none, assess_parts
from .lab4_dropout import allowed_drops


def drops_out_in_training(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """A network drops hidden values in training alone; the second function chooses, and leaves the mode as it was."""
    values, data = replies[0]["values"], test["cases"][0]["data"]
    build, run = list(test["object"])
    faults: dict[str, Fault | None] = {
        f"`{name}`": (f"not finished: `{name}` returns nothing yet.", None) for name in (build, run)
    }
    if any(name.startswith("net_") for name in values):
        faults[f"`{build}`"] = _net_fault(values, data)
    if any(name.startswith("run_") for name in values):
        faults[f"`{run}`"] = _run_fault(values, data, "torch" in test["probe"])
    return assess_parts(faults, "right: dropped in training, whole in evaluation.")


def _without_negatives(z: np.ndarray) -> np.ndarray:
    """Set what is negative to 0, in this very array."""
    z[z < 0] = 0
    return z


def _unchanged(z: np.ndarray) -> np.ndarray:
    return z


def _forward(
    x: np.ndarray,
    parameters: Parameters,
    hidden: Callable[[np.ndarray], np.ndarray] = _without_negatives,
    head: Callable[[np.ndarray], np.ndarray] = _unchanged,
) -> np.ndarray:
    for layer in (1, 2):
        x = hidden(x @ parameters[f"W{layer}"] + parameters[f"b{layer}"])
    return head(x @ parameters["W3"] + parameters["b3"])


def _net_fault(values: Mapping[str, Any], data: Mapping[str, Any]) -> Fault | None:
    x, p, parameters = np.asarray(data["x"]), data["p"], dropout_net_parameters(np.asarray(data["W"]))
    expected = _forward(x, parameters)
    training, evaluation = (array_or_none(values, f"net_{mode}") for mode in ("training", "evaluation"))
    if training is None or evaluation is None:
        return "the network returns no numbers.", "unreadable"
    for output in (training, evaluation):
        if output.shape != expected.shape:
            return (
                f"expected an output of shape {expected.shape}, got {shape_in_words(output.shape, expected.shape)}.",
                "wrong_shape",
            )
    if not _near(evaluation, expected):
        return _evaluation_fault(evaluation, x, parameters, expected)
    if not _near(training[:, -2:], expected[:, -2:]):
        return "values of the output are dropped: there is no dropout after the head.", "dropout_on_output"
    active = expected[:, :-2] > 0
    ratio = (training[:, :-2] / np.where(active, expected[:, :-2], 1))[active]
    if np.all(np.abs(ratio - 1) < 1e-3):
        return "in training nothing is dropped: put a dropout layer after each hidden activation.", "nothing_dropped"
    dropped, layers = np.abs(ratio) < 1e-4, 2
    low, high = allowed_drops(dropped.size, 1 - (1 - p) ** layers)
    kept = ratio[~dropped]
    if low <= dropped.sum() <= high and np.all(np.abs(kept * (1 - p) ** layers - 1) < 1e-3):
        return None
    for scale, message, name in (
        (p**layers, "`p` is the share to drop, not the share to keep.", "keeps_instead_of_drops"),
        (1 - p, "only one hidden layer has dropout; put one after each hidden activation.", "one_layer_only"),
        ((1 - p) ** (2 * layers), "there are two dropouts after each hidden activation.", "dropout_doubled"),
    ):
        if len(kept) and np.all(np.abs(kept * scale - 1) < 1e-3):
            return message, name
    return (
        "in training the hidden values that arrive are not those of dropout after each hidden activation, and "
        "nowhere else.",
        "wrong_dropout",
    )


def _near(actual: np.ndarray, expected: np.ndarray) -> bool:
    return np.allclose(actual, expected, rtol=1e-3, atol=1e-4)


def _evaluation_fault(output: np.ndarray, x: np.ndarray, parameters: Parameters, expected: np.ndarray) -> Fault:
    if _near(output, _forward(x, parameters, hidden=_unchanged)):
        return "the hidden layers have no ReLU.", "no_activation"
    if _near(output, _forward(x, parameters, head=_without_negatives)):
        return "the output goes through a ReLU as well; the head stays linear.", "relu_on_head"
    if _near(output, _forward(x, parameters, hidden=lambda z: 1 / (1 + np.exp(-z)))):
        return "the hidden layers use the sigmoid; here they use ReLU.", "sigmoid_instead"
    if np.mean(np.abs(output[:, :-2][expected[:, :-2] > 1e-3]) < 1e-7) > 0.05:
        return "in evaluation values are still dropped.", "drops_in_evaluation"
    return (
        "in evaluation, with dropout off, the output is not that of Linear, ReLU, Linear, ReLU, Linear.",
        "wrong_network",
    )


def _run_fault(values: Mapping[str, Any], data: Mapping[str, Any], modes: bool) -> Fault | None:
    """Return what is wrong with the outputs in training and evaluation, and with the mode that is left behind, or None.

    Args:
        modes: the network remembers a mode, and was asked in either one.
    """
    x, p = np.asarray(data["x"]), data["p"]
    for name in [name for name in values if name.startswith("run_")]:
        output = array_or_none(values, name, x.shape)
        if output is None:
            return "expected the outputs of the network, one row for each sample.", "wrong_shape"
        whole = np.allclose(output, x, rtol=1e-3, atol=1e-5)
        if name.startswith("run_evaluation") and not whole:
            return "with training=False values are still dropped.", "drops_in_evaluation"
        if name.startswith("run_training"):
            if whole:
                return (
                    "with training=True nothing is dropped: tell the network that this is training.",
                    "not_in_training",
                )
            if not np.all((np.abs(output) < 1e-7) | (np.abs(output * (1 - p) - x) < 1e-3 * np.abs(x) + 1e-5)):
                return "with training=True the outputs are not those of the network.", "wrong_output"
    calls = ["training", "evaluation"]
    if modes:
        calls = [f"{mode}_from_{before}" for mode in calls for before in calls]
    if not {f"run_{call}" for call in calls} <= set(values):
        return "it does not return the outputs each time.", "incomplete"
    for call in calls if modes else ():
        mode = values.get(f"mode_{call}")
        if not (isinstance(mode, np.ndarray) and mode.size == 1 and bool(mode.ravel()[0])):
            return (
                "the outputs are right, but the network is left in another mode than before: note `net.training` "
                "first, and put it back.",
                "mode_changed",
            )
    return None
