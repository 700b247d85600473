"""Probes: the only code that touches what a student wrote. Plain arrays go in, plain NumPy arrays come out.

A probe is called with the student's object and keyword arguments (arrays, numbers, strings, lists of these) and
returns a dictionary: ``values`` maps the names of outputs to arrays (or None where nothing was returned yet) and
``notes`` is a list of ``[code, sentence]`` about the object's structure, which help to explain a wrong value but never
earn points.
"""

import contextlib
import copy
import io
import logging
import re
import sysconfig
import traceback
import warnings
from itertools import pairwise
from pathlib import Path

import numpy as np

PROBES = {}
_OTHERS = (str(Path(__file__).parents[1]), sysconfig.get_path("stdlib"), "<frozen")  # files that no student wrote
LARGEST = 10_000_000  # numbers in one result; more is a mistake, and would only fill the memory


def probe(function):
    """Mark a function as a probe, so that a test may ask for it by name."""
    PROBES[function.__name__] = function
    return function


class Unusable(Exception):
    """Raised by a probe when an object or a result cannot be used; the text is for the student."""

    def __init__(self, message, code=None):
        super().__init__(message)
        self.code = code


def ask_each(namespace, name, probe_name, cases, quiet=False):
    """Run one probe for each element of ``cases``, a list of arguments, and return the replies; see ``ask``."""
    return [ask(namespace, name, probe_name, arguments, quiet) for arguments in cases]


def ask(namespace, name, probe_name, arguments, quiet=False):
    """Run one probe on the object called ``name`` and return its reply; never raises, never writes to stderr.

    Args:
        namespace: mapping of the notebook's names; ``name`` may be a list of names, read as a mapping.
        arguments: keyword arguments of the probe; the probe gets a copy.
        quiet: also swallow what the student's code prints.
    """
    try:
        target = _find(namespace, name)
    except KeyError:
        return {"missing": True}
    if _is_nothing(target):
        return _nothing_yet()
    with warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        if quiet:
            stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(_no_logging())
        try:
            return PROBES[probe_name](target, **copy.deepcopy(arguments))
        except Unusable as error:
            return {"unusable": str(error), "code": error.code}
        except NotImplementedError:
            return _nothing_yet()
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a student's code may raise anything, SystemExit included
            return {"error": _describe(error)}


def _find(namespace, name):
    if isinstance(name, (list, tuple)):
        return {each: namespace.get(each) for each in name}
    return namespace[name]


@contextlib.contextmanager
def _no_logging():
    """Silence loggers, which hold on to the real stderr: TensorFlow warns there of retraced functions."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _is_nothing(value):
    return value is None or value is Ellipsis or value is NotImplemented


def _nothing_yet(*notes):
    return {"values": {"output": None}, "notes": list(notes)}


def _describe(error):
    """Say what went wrong in the student's own code: type, text, and the line that raised it."""
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "-packages" not in frame.filename and not frame.filename.startswith(_OTHERS)
    ]
    try:
        text = _readable(str(error))
    except Exception:
        text = ""
    return {
        "type": type(error).__name__[:60],
        "message": text[:200],
        "line": (own[-1].line or "").strip()[:120] if own else "",
    }


def _readable(text):
    """Return the line of an error's text that says what happened, without colours and TensorFlow's node names."""
    text = re.sub(r"\x1b\[[0-9;]*m|\{\{[^}]*\}\} ?| ?\[Op:\w*\].*|, with gufunc signature \S+", "", text[:10_000])
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        return lines[1]
    return lines[0] if lines else ""


def as_array(value, what="the result"):
    """Convert a number, list, array or tensor to a NumPy array of numbers; None and ... mean 'not written yet'."""
    if _is_nothing(value):
        return None
    if np.prod(getattr(value, "shape", None) or (), dtype=float) > LARGEST:
        raise Unusable(f"{what} holds far more numbers than expected: its shape is {_shape(value)}", "too_large")
    array = _array(value)
    if array.dtype.kind not in "biuf":
        raise Unusable(f"expected numbers, but {what} is {_kind(value)}", "wrong_type")
    return array


def _array(value):
    """Copy a value into a NumPy array, of dtype object where it holds no numbers."""
    module = type(value).__module__.partition(".")[0]
    try:
        if module == "torch" and hasattr(value, "detach"):
            value = value.detach().cpu()
            value = value.float() if str(value.dtype) == "torch.bfloat16" else value
            return np.array(value.numpy())
        if module in ("tensorflow", "keras") and hasattr(value, "numpy"):
            return np.array(value.numpy())
        if isinstance(value, (list, tuple)) and any(hasattr(each, "numpy") for each in value):
            return np.array([_array(each) for each in value])
        return np.array(value)
    except Exception:
        return np.array(None)


_KINDS = {
    "ndarray": "a NumPy array",
    "Tensor": "a PyTorch tensor",
    "EagerTensor": "a TensorFlow tensor",
    "str": "a string",
    "function": "a function",
    "type": "a class",
    "dict": "a dictionary",
    "int": "a number",
    "float": "a number",
    "float64": "a number",
    "bool": "a truth value",
    "NoneType": "nothing",
}


def _kind(value):
    """Say in words what sort of thing a value is."""
    noun = type(value).__name__[:40]
    if noun == "ndarray" and value.dtype.kind not in "biuf":
        return "a NumPy array of other things"
    if noun in ("list", "tuple") and len(value) and not np.isscalar(value[0]):
        return f"a {noun} of unequal parts"
    return _KINDS.get(noun) or f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def _require(value, kind, framework):
    if not _is_nothing(value) and not isinstance(value, kind):
        raise Unusable(f"expected the output to be a {framework} tensor, got {_kind(value)}", "wrong_type")


@probe
def call(target, arguments, outputs):
    """Call a function with positional ``arguments`` and return what it returns under the names ``outputs``."""
    if not callable(target):
        raise Unusable(f"expected a function, got {_kind(target)}", "wrong_type")
    result = target(*arguments)
    if len(outputs) == 1:
        return {"values": {outputs[0]: as_array(result)}, "notes": []}
    if _is_nothing(result):
        return {"values": dict.fromkeys(outputs), "notes": []}
    names = ", ".join(outputs)
    if not isinstance(result, (tuple, list)):
        raise Unusable(f"expected {len(outputs)} values ({names}), got {_kind(result)}", "wrong_type")
    if len(result) != len(outputs):
        raise Unusable(f"expected {len(outputs)} values ({names}), got {len(result)}", "wrong_type")
    return {"values": {name: as_array(value, f"`{name}`") for name, value in zip(outputs, result)}, "notes": []}


@probe
def read(target):
    """Read plain variables: strings stay strings (at most 80 characters), anything else becomes an empty one."""
    return {
        "values": {
            name: str.__getitem__(value, slice(80)) if isinstance(value, str) else "" for name, value in target.items()
        },
        "notes": [],
    }


def _shape(value):
    return tuple(int(size) for size in value.shape)


def _place_parameters(parameters, named, held, advice):
    """Return a mapping from each parameter's name to the variable that plays it and whether that one is transposed.

    A variable is found by its name, else it is the first of the network's others that has the right shape.

    Args:
        parameters: mapping from names to arrays, in the order of the layers; weights have shape (inputs, units).
        named: mapping from names to variables that the student called so.
        held: list of (variable, transposed), all that the network registered, in order.
        advice: sentence that tells how to create a parameter.
    """
    transposed = {id(variable): flag for variable, flag in held}
    slots = {name: (variable, transposed.get(id(variable), False)) for name, variable in named.items()}
    rest = [slot for slot in held if not any(slot[0] is variable for variable in named.values())]
    wanted = ", ".join(f"`{name}` of shape {array.shape}" for name, array in parameters.items())
    for name, array in parameters.items():
        if name in slots:
            if _oriented(slots[name]) != array.shape:
                raise Unusable(
                    f"parameter `{name}` has shape {_oriented(slots[name])}, expected {array.shape}", "parameter_shape"
                )
            continue
        slot = next((slot for slot in rest if _oriented(slot) == array.shape), None)
        if slot is None and not rest and not named:
            raise Unusable(f"expected the parameters {wanted}, but there are none. {advice}", "missing_parameter")
        if slot is None:
            raise Unusable(
                f"no parameter fits `{name}` of shape {array.shape}"
                + (f"; left over are those of shape {_shapes(rest)}" if rest else ""),
                "parameter_shape" if any(len(_oriented(slot)) == array.ndim for slot in rest) else "missing_parameter",
            )
        rest = [other for other in rest if other is not slot]
        slots[name] = slot
    if rest and len(named) < len(parameters):
        raise Unusable(
            f"expected the parameters {wanted} and no others, but there are also {_shapes(rest)}", "extra_parameter"
        )
    return {name: slots[name] for name in parameters}


def _shape(value):
    return tuple(int(size) for size in value.shape)


def _oriented(slot):
    variable, transposed = slot
    return _shape(variable)[::-1] if transposed else _shape(variable)


def _shapes(slots):
    return ", ".join(str(_oriented(slot)) for slot in slots)


def _usable(network, what):
    if not callable(network):
        raise Unusable(f"expected {what}, got {_kind(network)}", "wrong_type")


@probe
def torch_module(target, constructor, parameters, x, upstream):
    """Build a PyTorch module, set its parameters, and return its output with the gradients of sum(output * upstream).

    Args:
        constructor: positional arguments for the class or function that makes the module.
        parameters: mapping from names ("W", "b" or "W1", "b1", ...) to arrays; weights have shape (inputs, units).
            ``nn.Linear`` layers are recognised and transposed.
        x: array of shape (samples, inputs), fed as float32.
        upstream: array of the output's shape: the gradient of the loss with respect to the output.
    """
    from ..frameworks import nn, torch

    module = target(*constructor)
    if _is_nothing(module):
        return _nothing_yet()
    _usable(module, "an `nn.Module`")
    notes = [] if isinstance(module, nn.Module) else [["not_a_module", "The object is not an `nn.Module`."]]
    inputs = torch.tensor(np.asarray(x, dtype=np.float32))
    with torch.enable_grad():
        if any(torch.nn.parameter.is_lazy(parameter) for parameter, _ in _torch_parameters(module)):
            module(inputs)
        held = _torch_parameters(module)
        named = {name: value for name in parameters if torch.is_tensor(value := getattr(module, name, None))}
        if not held and not named and _returns_nothing(module, inputs):
            return _nothing_yet(*notes)
        slots = _place_parameters(
            parameters,
            named,
            held,
            "Create them in `__init__` and keep them in `self`: PyTorch "
            "does not see into plain lists, and what is made in `forward` is new at each call",
        )
        for name, (variable, transposed) in slots.items():
            array = parameters[name].T if transposed else parameters[name]
            with torch.no_grad():
                variable.copy_(torch.tensor(array.astype(np.float32)))
        registered = {id(parameter) for parameter, _ in held}
        for name, (variable, _) in slots.items():
            if id(variable) not in registered:
                notes.append(
                    [
                        "not_a_parameter",
                        f"`{name}` is a plain tensor: wrap it in `nn.Parameter`, else no optimiser will ever train it.",
                    ]
                )
        output = module(inputs.to(next(iter(slots.values()))[0].dtype))
        _require(output, torch.Tensor, "PyTorch")
        values = {"output": as_array(output)}
        if values["output"] is None:
            return _nothing_yet(*notes)
        if values["output"].shape == upstream.shape and output.requires_grad:
            (output * torch.tensor(upstream).to(output.dtype)).sum().backward()
    for name, (variable, transposed) in slots.items():
        if id(variable) in registered and variable.grad is not None:
            values[f"grad_{name}"] = as_array(variable.grad.T if transposed else variable.grad)
    return {"values": values, "notes": notes}


def _torch_parameters(module):
    """List (parameter, transposed) of what a module registered; ``nn.Linear`` keeps its weights as (units, inputs)."""
    from ..frameworks import nn

    if not isinstance(module, nn.Module):
        return []
    return [
        (parameter, isinstance(owner, nn.Linear) and name == "weight")
        for owner in module.modules()
        for name, parameter in owner._parameters.items()
        if parameter is not None
    ]


def _returns_nothing(network, inputs):
    try:
        return network(inputs) is None
    except Exception:
        return False


@probe
def keras_layer(target, constructor, parameters, x, upstream):
    """Build a Keras layer or model, set its weights, and return its output and the gradients of sum(output * upstream).

    Args:
        constructor: positional arguments for the class or function that makes the layer.
        parameters: mapping from names to arrays; weights have shape (inputs, units).
        x: array of shape (samples, inputs), fed as float32.
        upstream: array of the output's shape: the gradient of the loss with respect to the output.
    """
    from ..frameworks import keras, tf

    layer = target(*constructor)
    if _is_nothing(layer):
        return _nothing_yet()
    _usable(layer, "a `keras.layers.Layer`")
    notes = []
    if not isinstance(layer, keras.layers.Layer):
        notes.append(["not_a_layer", "The object is not a `keras.layers.Layer`."])
    inputs = tf.constant(np.asarray(x, dtype=np.float32))
    output = layer(inputs)
    if _is_nothing(output):
        return _nothing_yet(*notes)
    _require(output, tf.Tensor, "TensorFlow")
    kinds = (tf.Variable, keras.Variable)
    named = {name: value for name in parameters if isinstance(value := getattr(layer, name, None), kinds)}
    held = [(variable, False) for variable in getattr(layer, "weights", [])]
    slots = _place_parameters(
        parameters,
        named,
        held,
        "Create them in `build` with `self.add_weight(...)`, or keep "
        "a layer in `self`; what is made in `call` is new each time",
    )
    for name, (variable, _) in slots.items():
        variable.assign(tf.cast(parameters[name], variable.dtype))
    trained = {id(variable) for variable in getattr(layer, "trainable_variables", [])}
    tracked = {name: variable for name, (variable, _) in slots.items() if id(variable) in trained}
    for name in slots:
        if name not in tracked:
            notes.append(
                [
                    "untracked_variable",
                    f"`{name}` is missing from `trainable_variables`, so `fit` would never "
                    "train it: create it with `self.add_weight(...)`, not `tf.Variable`.",
                ]
            )
    with tf.GradientTape() as tape:
        output = layer(inputs)
        _require(output, tf.Tensor, "TensorFlow")
        values = {"output": as_array(output)}
        fits = values["output"].shape == upstream.shape
        loss = tf.reduce_sum(output * tf.cast(upstream, output.dtype)) if fits else tf.constant(0.0)
    gradients = tape.gradient(loss, list(tracked.values())) if tracked and fits else []
    for name, gradient in zip(tracked, gradients):
        if gradient is not None:
            values[f"grad_{name}"] = as_array(gradient)
    return {"values": values, "notes": notes}


@probe
def copied_weights(target, widths, parameters, start, x, upstream):
    """Let a function copy the weights of a PyTorch network into a Keras network, and return what the Keras one does.

    Args:
        widths: units of each layer, inputs first.
        parameters: mapping "W1", "b1", "W2", ... to the PyTorch network's arrays, weights of shape (inputs, units).
        start: the same for the Keras network before the copy.
        x: array of shape (samples, inputs), fed as float32.
        upstream: array of the output's shape: the gradient of the loss with respect to the output.
    """
    from ..frameworks import keras, tf, torch

    torch_layers, keras_layers = [], [keras.Input((widths[0],))]
    for inputs, units in pairwise(widths):
        torch_layers += [torch.nn.Linear(inputs, units), torch.nn.Sigmoid()]
        keras_layers.append(keras.layers.Dense(units, activation="sigmoid"))
    torch_net, keras_net = torch.nn.Sequential(*torch_layers), keras.Sequential(keras_layers)
    names = list(parameters)
    for layer, weight, bias in zip(torch_layers[::2], names[::2], names[1::2]):
        layer.weight.data = torch.tensor(parameters[weight].T.astype(np.float32).copy())
        layer.bias.data = torch.tensor(parameters[bias].astype(np.float32))
    for variable, name in zip(keras_net.weights, names):
        variable.assign(start[name].astype(np.float32))
    result = target(torch_net, keras_net)
    if isinstance(result, keras.Model):
        keras_net = result
    if all(
        np.array_equal(variable.numpy(), start[name].astype(np.float32))
        for variable, name in zip(keras_net.weights, names)
    ):
        backwards = any(
            not np.array_equal(layer.weight.detach().numpy(), parameters[name].T.astype(np.float32))
            for layer, name in zip(torch_layers[::2], names[::2])
        )
        if backwards:
            raise Unusable(
                "the PyTorch network changed: copy from PyTorch into Keras, not the other way round", "copied_backwards"
            )
        return _nothing_yet(["unchanged", "the Keras network still has the weights that it started with."])
    with tf.GradientTape() as tape:
        output = keras_net(tf.constant(x.astype(np.float32)))
        loss = tf.reduce_sum(output * tf.cast(upstream, output.dtype))
    values = {"output": as_array(output)}
    for name, gradient in zip(names, tape.gradient(loss, keras_net.trainable_variables)):
        values[f"grad_{name}"] = as_array(gradient)
    return {"values": values, "notes": []}


from . import (  # noqa: E402  (their probes join PROBES)
    lab2_activations,  # noqa: F401
    lab3_gradient_descent,  # noqa: F401
    lab4_overfitting_dropout,  # noqa: F401
)
