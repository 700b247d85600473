"""Lab 4: networks that drop out in training alone."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from ..probes.lab4_overfitting_dropout import CONSTANTS, Network, network_under_test
from ..probes.layers import Parameters
from ..protocol import Reply, Test
from ..remarks import diagnosis, in_words, shape_in_words
from ..verdict import Assessment
from .chance import REPEATED, allowed_drops, repetition
from .faults import Fault, array_or_none, assess_parts

Activation = Callable[[np.ndarray], np.ndarray]


def drops_out_in_training(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """A network drops hidden values in training alone; the second function chooses, and leaves the mode as it was.

    Each case is a network of another depth.
    """
    build, run = list(test["object"])
    faults: dict[str, Fault | None] = {f"`{name}`": None for name in (build, run)}
    for case, reply in zip(test["cases"], replies):
        values, notes, data = reply["values"], reply["notes"], case["data"]
        network = network_under_test(list(data["widths"]), data["seed"])
        built, ran = (any(name.startswith(kind) for name in values) for kind in (("evaluation", "training"), "run_"))
        if notes:
            net_fault: Fault | None = f"{in_words(notes[0], case.get('arguments'), reveal)}.", diagnosis(notes[0])
        else:
            net_fault = _net_fault(values, network, data["p"]) if built else _unfinished(build)
        run_fault = _run_fault(values, network.x, data["p"], "torch" in test["probe"]) if ran else _unfinished(run)
        faults[f"`{build}`"] = faults[f"`{build}`"] or net_fault
        faults[f"`{run}`"] = faults[f"`{run}`"] or run_fault
    return assess_parts(faults, "right: dropped in training, whole in evaluation.")


def _unfinished(name: str) -> Fault:
    return f"`{name}` returns nothing yet.", "unfinished"


def _relu(z: np.ndarray) -> np.ndarray:
    kept = z.copy()  # in other words than a student's: this file is in the bundle
    kept[kept < 0] = 0
    return kept


def _unchanged(z: np.ndarray) -> np.ndarray:
    return z


# What a hidden layer may use in place of ReLU, and how a message and a diagnosis name it.
OTHER_ACTIVATIONS: tuple[tuple[str, str, Activation], ...] = (
    ("the sigmoid", "sigmoid", lambda z: 1 / (1 + np.exp(-z))),
    ("tanh", "tanh", np.tanh),
    ("the leaky ReLU", "leaky_relu", lambda z: np.where(z > 0, z, 0.01 * z)),
    ("the leaky ReLU", "leaky_relu", lambda z: np.where(z > 0, z, 0.2 * z)),
    ("the leaky ReLU", "leaky_relu", lambda z: np.where(z > 0, z, 0.3 * z)),
    ("ELU", "elu", lambda z: np.where(z > 0, z, np.expm1(z))),
    ("softplus", "softplus", lambda z: np.logaddexp(0, z)),
)


# At which a network may drop that does not look at its p.
OTHER_RATES = (0.5, 0.1, 0.2, 0.25, 0.3, 0.4)


def _forward(x: np.ndarray, parameters: Parameters, hidden: Sequence[Activation], head: Activation) -> np.ndarray:
    """Return the outputs of a network without dropout.

    Args:
        hidden: the activation of each hidden layer.
    """
    for layer, activation in enumerate((*hidden, head), 1):
        x = activation(x @ parameters[f"W{layer}"] + parameters[f"b{layer}"])
    return x


def _near(actual: np.ndarray, expected: np.ndarray) -> bool:
    return np.allclose(actual, expected, rtol=1e-3, atol=1e-3)


def _net_fault(values: Mapping[str, Any], network: Network, p: float) -> Fault | None:
    layers = len(network.mixed) // 2 - 1  # hidden ones
    shape = len(network.x), len(network.mixed[f"b{layers + 1}"])
    outputs = {}
    for mode in ("evaluation", "training"):
        arrays = [array_or_none(values, f"{mode}_{number}") for number in (1, 2)]
        for array in arrays:
            if array is None:
                return "the network returns no numbers.", "unreadable"
            if array.shape != shape:
                return f"expected an output of shape {shape}, got {shape_in_words(array.shape, shape)}.", "wrong_shape"
        outputs[mode] = np.array(arrays, dtype=float)
    return _evaluation_fault(outputs["evaluation"], network, layers) or _training_fault(
        outputs["training"], network, p, layers
    )


def _evaluation_fault(outputs: np.ndarray, network: Network, layers: int) -> Fault | None:
    """Return what is wrong with the outputs of two calls in evaluation, with the mixed parameters, or None."""
    output, again = outputs

    def computes(hidden: Sequence[Activation], head: Activation = _unchanged) -> bool:
        return _near(output, _forward(network.x, network.mixed, hidden, head))

    right = [_relu] * layers
    if not _near(again, output):
        return "in evaluation values are still dropped.", "drops_in_evaluation"
    if computes(right):
        return None
    if computes([_unchanged] * layers):
        return "the hidden layers have no ReLU.", "no_activation"
    for layer in range(layers):
        if computes([*right[:layer], _unchanged, *right[layer + 1 :]]):
            return f"hidden layer {layer + 1} of {layers} has no ReLU.", "activation_missing"
    if computes(right, _relu):
        return "the output goes through a ReLU as well; the head stays linear.", "relu_on_head"
    for name, code, activation in OTHER_ACTIVATIONS:
        if computes([activation] * layers):
            return f"the hidden layers use {name}; here they use ReLU.", f"{code}_instead"
    for name, code, on_head in (
        *((name, code, computes(right, activation)) for name, code, activation in OTHER_ACTIVATIONS[:2]),
        ("a softmax", "softmax", np.all(output > 0) and np.allclose(output.sum(axis=-1), 1, atol=1e-4)),
    ):
        if on_head:
            return f"the output goes through {name}; the head stays linear.", f"{code}_on_head"
    return (
        "in evaluation, with dropout off, the output is not that of a linear layer and ReLU for each hidden layer, "
        "and a linear head.",
        "wrong_network",
    )


def _training_fault(outputs: np.ndarray, network: Network, p: float, layers: int) -> Fault | None:
    """Return what is wrong with the outputs of two calls in training, with the chained parameters, or None.

    Args:
        outputs: shape (2, samples, outputs).
    """
    chained = network.chained
    head, constant = chained[f"W{layers + 1}"], chained[f"b{layers + 1}"]
    units = len(constant) - CONSTANTS
    if not _near(outputs[..., units:], np.broadcast_to(constant[units:], (*outputs.shape[:2], CONSTANTS))):
        return "values of the output are dropped: there is no dropout after the head.", "dropout_on_output"
    last = (outputs[..., :units] - constant[:units]) / np.diag(head[:units, :units])
    dropped = _last_dropped(last, network, layers, [1 / (1 - p)] * layers)
    if dropped is None:
        return _dropout_fault(last, network, p, layers)
    inside, across = repetition(dropped == layers)
    if inside > REPEATED:
        return "values share their fate: each hidden value of each sample is dropped on its own.", "mask_shared"
    if across > REPEATED:
        return "two calls dropped the same values: each call draws a fresh mask.", "mask_repeated"
    for layer in range(layers, 0, -1):
        arrived = dropped <= layer  # nothing was dropped after this layer
        low, high = allowed_drops(int(arrived.sum()), p)
        share = np.sum(dropped == layer) / max(arrived.sum(), 1)
        if not low <= np.sum(dropped == layer) <= high:
            return f"after hidden layer {layer} of {layers} {share:.0%} of the values are dropped.", "wrong_rate"
    return None


def _last_dropped(
    last: np.ndarray, network: Network, layers: int, factors: Sequence[float], inputs: Sequence[np.ndarray] = ()
) -> np.ndarray | None:
    """Return after which layer each value of the last hidden layer was dropped, 0 where none dropped it.

    None where some value is not what such dropouts make of it.

    Args:
        last: values of the last hidden layer, shape (calls, samples, units).
        factors: by which the dropout after each layer multiplies what it keeps; 1 means that there is none.
        inputs: what may have become of the network's inputs; they are as they were, by default.
    """
    units, chained = last.shape[-1], network.chained
    found = np.full(last.shape, -1)
    for layer in range(layers + 1):  # the layer that dropped the value last
        if layer and factors[layer - 1] == 1:
            continue
        for value in [np.zeros((len(network.positive), units))] if layer else inputs or [network.positive]:
            for later in range(layer + 1, layers + 1):
                W, b = chained[f"W{later}"], chained[f"b{later}"]
                # A value depends on the one with its number in the layer before, so that cut arrays suffice.
                z = value @ W + b if later == 1 else value[:, :units] * np.diag(W)[:units] + b[:units]
                value = z[:, :units] * factors[later - 1]
            found[np.abs(last - value) < 1e-3 * (1 + np.abs(value))] = layer
    return None if np.any(found < 0) else found


def _dropout_fault(last: np.ndarray, network: Network, p: float, layers: int) -> Fault:
    """Return the fault of a network that drops otherwise: with another rate, elsewhere, or more or less often."""
    if _last_dropped(last, network, layers, [1 / p] * layers) is not None:
        return "`p` is the share to drop, not the share to keep.", "keeps_instead_of_drops"
    for rate in OTHER_RATES:
        if abs(rate - p) > 0.01 and _last_dropped(last, network, layers, [1 / (1 - rate)] * layers) is not None:
            return (
                f"after each hidden activation values are dropped, but with a rate of {rate:g} whatever `p` is.",
                "rate_ignored",
            )
    for times in product((0, 1, 2), repeat=layers):
        if _last_dropped(last, network, layers, [1 / (1 - p) ** each for each in times]) is None:
            continue
        if not any(times):
            return (
                "in training nothing is dropped: put a dropout layer after each hidden activation.",
                "nothing_dropped",
            )
        if set(times) == {2}:
            return "there are two dropouts after each hidden activation.", "dropout_doubled"
        named = ", ".join(f"{('none', 'one', 'two')[each]} after layer {layer}" for layer, each in enumerate(times, 1))
        return (
            f"of the {layers} hidden layers each needs one dropout, here there is {named}.",
            "dropout_doubled" if 0 not in times else "layer_without_dropout",
        )
    kept = [np.array(mask) / (1 - p) for mask in product((0.0, 1.0), repeat=network.x.shape[1])]
    inputs = [network.positive * mask for mask in kept]
    for before, factor in (("as well", 1 / (1 - p)), ("in place of the hidden values", 1.0)):
        if _last_dropped(last, network, layers, [factor] * layers, inputs) is not None:
            return f"inputs are dropped {before}: dropout belongs after each hidden activation.", "dropout_on_inputs"
    return (
        "in training the hidden values that arrive are not those of dropout after each hidden activation, and "
        "nowhere else.",
        "wrong_dropout",
    )


def _run_fault(values: Mapping[str, Any], x: np.ndarray, p: float, modes: bool) -> Fault | None:
    """Return what is wrong with the outputs in training and evaluation, and with the mode that is left behind, or None.

    Args:
        modes: the network remembers a mode, and was asked in either one.
    """
    for name in [name for name in values if name.startswith("run_")]:
        output = array_or_none(values, name, x.shape)
        if output is None:
            return "expected the outputs of the network, one row for each sample.", "wrong_shape"
        whole = np.allclose(output, x, rtol=1e-3, atol=1e-5)
        if name.startswith("run_evaluation") and not whole:
            gradient = array_or_none(values, f"gradient_{name[4:]}", (1,), "b")
            if gradient is not None and not gradient[0]:
                return (
                    "with training=False there are no gradients, but values are still dropped: `no_grad` leaves the "
                    "mode of the network as it is, and the mode decides about dropout.",
                    "no_grad_alone",
                )
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
