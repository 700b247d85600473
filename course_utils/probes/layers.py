"""Probes of layers and networks: a test's own parameters are placed in what a student built, then it is called."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ..protocol import Reply
from ..remarks import Remark, wanted_parameters
from .base import Unusable, as_array, is_nothing, must_be_callable, must_be_tensor, nothing_yet, probe, remark, shape_of

Parameters = dict[str, np.ndarray]  # by name, in the order of the layers; weights have shape (inputs, units)


class Slot(NamedTuple):
    """A variable of a framework that plays a parameter, and whether it holds it transposed, as ``nn.Linear`` does."""

    variable: Any
    transposed: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """The parameter's shape."""
        shape = shape_of(self.variable)
        return shape[::-1] if self.transposed else shape


def place_parameters(
    parameters: Parameters, named: Mapping[str, Any], registered: list[Slot], advice: str
) -> dict[str, Slot]:
    """Return the slot of each parameter.

    A variable is found by its name, else it is the first of the network's others that has the right shape.

    Args:
        named: mapping from names to variables that the student called so.
        registered: all that the network registered, in order.
        advice: name in ``remarks.ADVICE`` of the sentence that tells how to create a parameter.
    """
    transposed = {id(slot.variable): slot.transposed for slot in registered}
    slots = {name: Slot(variable, transposed.get(id(variable), False)) for name, variable in named.items()}
    rest = [slot for slot in registered if not any(slot.variable is variable for variable in named.values())]
    wanted = wanted_parameters(parameters)
    for name, array in parameters.items():
        if name in slots:
            if slots[name].shape != array.shape:
                raise Unusable("parameter_shape", name=name, shape=list(slots[name].shape), expected=list(array.shape))
            continue
        slot = next((slot for slot in rest if slot.shape == array.shape), None)
        if slot is None and not registered and not named:
            raise Unusable("no_parameters", parameters=wanted, advice=advice)
        if slot is None and not rest:
            raise Unusable("parameter_missing", name=name, expected=list(array.shape), advice=advice)
        if slot is None:
            fits = any(len(slot.shape) == array.ndim for slot in rest)
            says = "parameter_misfit" if fits else "parameter_missing_others"
            raise Unusable(says, name=name, expected=list(array.shape), shapes=_shapes(rest))
        rest = [candidate for candidate in rest if candidate is not slot]
        slots[name] = slot
    if rest and len(named) < len(parameters):
        raise Unusable("extra_parameter", parameters=wanted, shapes=_shapes(rest))
    return {name: slots[name] for name in parameters}


def must_have_widths(constructor: list[Any], parameters: Parameters, registered: list[Slot]) -> None:
    """Refuse a network made from a list of widths whose linear layers are others than they ask for."""
    layers = [slot for slot in registered if len(slot.shape) == 2]
    wanted = [array.shape for array in parameters.values() if array.ndim == 2]
    others = Counter(slot.shape for slot in layers)
    others.subtract(wanted)
    if not isinstance(constructor[0], list) or not layers or not any(others.values()):
        return
    if len(layers) != len(wanted):
        raise Unusable("wrong_depth", number=len(layers), shapes=_shapes(layers))
    too_many, missing = (next(shape for shape, n in others.items() if sign * n > 0) for sign in (1, -1))
    raise Unusable("layer_widths", shape=list(too_many), expected=list(missing))


def _shapes(slots: list[Slot]) -> list[list[int]]:
    return [list(slot.shape) for slot in slots]


def torch_parameters(module: Any) -> list[Slot]:
    """List what a PyTorch module registered, itself and within; ``nn.Linear`` keeps its weights as (units, inputs)."""
    from ..frameworks import nn

    if not isinstance(module, nn.Module):
        return []
    return [
        Slot(parameter, isinstance(owner, nn.Linear) and name == "weight")
        for owner in module.modules()
        for name, parameter in owner.named_parameters(recurse=False, remove_duplicate=False)
    ]


def unlike_units(slots: Mapping[str, Slot]) -> list[Remark]:
    """Return the note that all units of a layer start alike, for the first weights where that is so."""
    for name, (variable, transposed) in slots.items():
        weights = as_array(variable)
        if weights is None or weights.ndim != 2:
            continue
        units = weights if transposed else weights.T
        if len(units) > 1 and np.array_equal(units[1:], units[:-1]):
            return [remark("units_alike", name=name)]
    return []


def set_torch_parameters(slots: Mapping[str, Slot], parameters: Parameters) -> None:
    """Write a test's parameters, as float32, into the variables that play them."""
    from ..frameworks import torch

    for name, (variable, transposed) in slots.items():
        array = parameters[name].T if transposed else parameters[name]
        with torch.no_grad():
            variable.copy_(torch.tensor(array.astype(np.float32)))


@probe
def torch_module(
    target: Any, constructor: list[Any], parameters: Parameters, x: np.ndarray, upstream: np.ndarray
) -> Reply:
    """Build a PyTorch module, set its parameters, and return its output with the gradients of sum(output * upstream).

    Args:
        constructor: positional arguments for the class or function that makes the module.
        parameters: mapping from names ("W", "b" or "W1", "b1", ...) to arrays; weights have shape (inputs, units).
            ``nn.Linear`` layers are recognised and transposed.
        x: array of shape (samples, inputs), fed as float32.
        upstream: array of the output's shape: the gradient of the loss with respect to the output.
    """
    from ..frameworks import nn, torch

    must_be_callable(target, "a class or a function that makes the network")
    module = target(*constructor)
    if is_nothing(module):
        return nothing_yet()
    must_be_callable(module, "an `nn.Module`")
    notes = [] if isinstance(module, nn.Module) else [remark("not_a_module")]
    inputs = torch.tensor(np.asarray(x, dtype=np.float32))
    with torch.enable_grad():
        for variable, _ in torch_parameters(module):
            if torch.nn.parameter.is_lazy(variable):
                module(inputs.to(variable.device))
        registered = torch_parameters(module)
        must_have_widths(constructor, parameters, registered)
        named = {name: value for name in parameters if torch.is_tensor(value := getattr(module, name, None))}
        if not registered and not named and _returns_none(module, inputs):
            return nothing_yet(remark("empty_class", name="__init__"))
        slots = place_parameters(
            parameters,
            named,
            registered,
            "torch",
        )
        alike = unlike_units(slots)
        set_torch_parameters(slots, parameters)
        trained = {id(slot.variable) for slot in registered}
        notes += [
            remark("not_a_parameter", name=name) for name, slot in slots.items() if id(slot.variable) not in trained
        ]
        notes += [remark("frozen", name=name) for name, slot in slots.items() if not slot.variable.requires_grad]
        output = module(inputs.to(next(iter(slots.values())).variable))
        must_be_tensor(output, torch.Tensor, "PyTorch")
        array = as_array(output)
        if array is None:
            return nothing_yet(remark("not_finished", name="forward"))
        if array.shape == upstream.shape and output.requires_grad:
            (output * torch.tensor(upstream).to(output)).sum().backward()
    values: dict[str, Any] = {"output": array}
    for name, (variable, transposed) in slots.items():
        if id(variable) in trained and variable.grad is not None:
            values[f"grad_{name}"] = as_array(variable.grad.T if transposed else variable.grad)
    return {"values": values, "notes": notes + alike}


def _first_output(layer: Any, inputs: Any, parameters: Parameters) -> Any:
    """Call a Keras layer, which makes its weights; where that fails for a weight of another shape, say so."""
    try:
        return layer(inputs)
    except Exception:
        for name, array in parameters.items():
            made = getattr(layer, name, None)
            if made is not None and hasattr(made, "shape") and shape_of(made) != array.shape:
                raise Unusable(
                    "parameter_shape", name=name, shape=list(shape_of(made)), expected=list(array.shape)
                ) from None
        raise


def _returns_none(network: Any, inputs: Any) -> bool:
    try:
        return network(inputs) is None
    except Exception:
        return False


@probe
def keras_layer(
    target: Any, constructor: list[Any], parameters: Parameters, x: np.ndarray, upstream: np.ndarray
) -> Reply:
    """Build a Keras layer or model, set its weights, and return its output and the gradients of sum(output * upstream).

    Args:
        constructor: positional arguments for the class or function that makes the layer.
        parameters: mapping from names to arrays; weights have shape (inputs, units).
        x: array of shape (samples, inputs), fed as float32.
        upstream: array of the output's shape: the gradient of the loss with respect to the output.
    """
    from ..frameworks import keras, tf

    must_be_callable(target, "a class or a function that makes the layer")
    layer = target(*constructor)
    if is_nothing(layer):
        return nothing_yet()
    must_be_callable(layer, "a `keras.layers.Layer`")
    notes = []
    if not isinstance(layer, keras.layers.Layer):
        notes.append(remark("not_a_layer"))
    inputs = tf.constant(np.asarray(x, dtype=np.float32))
    output = _first_output(layer, inputs, parameters)
    if is_nothing(output):
        empty = not getattr(layer, "weights", [])
        return nothing_yet(remark("empty_class", name="build") if empty else remark("not_finished", name="call"))
    must_be_tensor(output, tf.Tensor, "TensorFlow")
    kinds = (tf.Variable, keras.Variable)
    registered = [Slot(variable, False) for variable in getattr(layer, "weights", [])]
    named = {name: value for name in parameters if isinstance(value := getattr(layer, name, None), kinds)}
    must_have_widths(constructor, parameters, registered)
    slots = place_parameters(
        parameters,
        named,
        registered,
        "tensorflow",
    )
    alike = unlike_units(slots)
    for name, (variable, _) in slots.items():
        variable.assign(tf.cast(parameters[name], variable.dtype))
    trained = {id(variable) for variable in getattr(layer, "trainable_variables", [])}
    tracked = {name: slot.variable for name, slot in slots.items() if id(slot.variable) in trained}
    notes += [remark("untracked_variable", name=name) for name in slots if name not in tracked]
    with tf.GradientTape() as tape:
        output = layer(inputs)
        must_be_tensor(output, tf.Tensor, "TensorFlow")
        array = as_array(output)
        if array is None:
            return nothing_yet(remark("not_finished", name="call"))
        fits = array.shape == upstream.shape
        loss = tf.reduce_sum(output * tf.cast(upstream, output.dtype)) if fits else tf.constant(0.0)
    values: dict[str, Any] = {"output": array}
    gradients = tape.gradient(loss, list(tracked.values())) if tracked and fits else []
    for name, gradient in zip(tracked, gradients):
        if gradient is not None:
            values[f"grad_{name}"] = as_array(gradient)
    return {"values": values, "notes": notes + alike}
