"""Lab 2: functions of an array in three libraries and their gradients, and functions that take functions."""

import warnings

import numpy as np

from ..frameworks import LABELS
from . import Unusable, _kind, _nothing_yet, _require, as_array, probe

# Activations for `stack_gradients`, with their derivatives: none that a student is asked to write.
FUNCTIONS = {
    "softsign": (lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2),
    "arctan": (np.arctan, lambda z: 1 / (1 + z * z)),
    "sine": (np.sin, np.cos),
}


def _must_be_function(target):
    if not callable(target):
        raise Unusable(f"expected a function, got {_kind(target)}", "wrong_type")


def _other_dtype(given, returned):
    """Return the note that a function returns another dtype than it was given, if it does."""
    given, returned = (str(dtype).rpartition(".")[2].strip("'<> ") for dtype in (given, returned))
    if given == returned:
        return []
    return [["dtype_changed", f"{given} numbers came back as {returned}: keep the dtype of the input."]]


def _missing_gradient(framework, name):
    return [
        "missing_gradient",
        f"Compute the output from `{name}` with {LABELS[framework]}'s own functions, without NumPy in between.",
    ]


@probe
def numpy_function(target, arguments, same_dtype=False):
    """Call a function of NumPy arrays, and note NumPy's warnings and a change to the first argument.

    Args:
        arguments: positional arguments; the first one is an array.
        same_dtype: note when the result has another dtype than the first argument.
    """
    _must_be_function(target)
    before = arguments[0].copy()
    with warnings.catch_warnings(record=True) as caught, np.errstate(over="warn", divide="warn", invalid="warn"):
        warnings.simplefilter("always")
        result = target(*arguments)
    output = as_array(result)
    if output is None:
        return _nothing_yet()
    notes = _other_dtype(before.dtype, output.dtype) if same_dtype else []
    if not np.array_equal(arguments[0], before):
        notes.append(["input_changed", "your function changes the array that it was given: work on a copy."])
    warned = [str(each.message) for each in caught if issubclass(each.category, RuntimeWarning)]
    if warned:
        notes.append(["warned", f"NumPy warned: {warned[0][:80]}. Some number on the way is too large: see the hints."])
    return {"values": {"output": output}, "notes": notes}


@probe
def named_function(target, name, arguments):
    """Call one of several functions; ``target`` is a mapping from names to functions (see ``numpy_function``)."""
    function = target.get(name)
    reply = _nothing_yet() if function is None or function is Ellipsis else numpy_function(function, arguments)
    if reply["values"]["output"] is None:
        reply["notes"] = [["unfinished", f"`{name}` returns nothing yet."]]
    return reply


@probe
def torch_function(target, arguments, upstream, name="z", same_dtype=False):
    """Call a function of PyTorch tensors and return its output and the gradient of sum(output * upstream).

    Args:
        arguments: positional arguments, arrays as tensors; the gradient is taken for the first one.
        upstream: array of the output's shape.
        name: of the first argument; the gradient is called "grad_" and this name.
        same_dtype: note when the result has another dtype than the first argument.
    """
    from ..frameworks import torch

    _must_be_function(target)
    z, *rest = [torch.tensor(each) if isinstance(each, np.ndarray) else each for each in arguments]
    z.requires_grad_()
    with torch.enable_grad():
        output = target(z, *rest)
        _require(output, torch.Tensor, "PyTorch")
        values = {"output": as_array(output)}
        if values["output"] is None:
            return _nothing_yet()
        notes = _other_dtype(z.dtype, output.dtype) if same_dtype else []
        fits = values["output"].shape == np.shape(upstream)
        if fits and output.requires_grad:
            (output * torch.tensor(upstream).to(output.dtype)).sum().backward()
    if z.grad is not None:
        values[f"grad_{name}"] = as_array(z.grad)
    elif fits:
        notes.append(_missing_gradient("torch", name))
    return {"values": values, "notes": notes}


@probe
def tf_function(target, arguments, upstream, name="z", same_dtype=False):
    """Call a function of TensorFlow tensors and return its output and the gradient of sum(output * upstream).

    Args:
        arguments: positional arguments, arrays as tensors; the gradient is taken for the first one.
        upstream: array of the output's shape.
        name: of the first argument; the gradient is called "grad_" and this name.
        same_dtype: note when the result has another dtype than the first argument.
    """
    from ..frameworks import tf

    _must_be_function(target)
    z, *rest = [tf.constant(each) if isinstance(each, np.ndarray) else each for each in arguments]
    with tf.GradientTape() as tape:
        tape.watch(z)
        output = target(z, *rest)
        _require(output, tf.Tensor, "TensorFlow")
        values = {"output": as_array(output)}
        if values["output"] is None:
            return _nothing_yet()
        notes = _other_dtype(z.dtype.name, output.dtype.name) if same_dtype else []
        fits = values["output"].shape == np.shape(upstream)
        loss = tf.reduce_sum(output * tf.cast(upstream, output.dtype)) if fits else tf.constant(0.0)
    gradient = tape.gradient(loss, z) if fits else None
    if gradient is not None:
        values[f"grad_{name}"] = as_array(tf.convert_to_tensor(gradient))
    elif fits:
        notes.append(_missing_gradient("tensorflow", name))
    return {"values": values, "notes": notes}


@probe
def of_polynomial(target, coefficients, arguments):
    """Call a function whose first argument is a function: here a polynomial, which takes arrays and tensors alike.

    Args:
        coefficients: of the polynomial, the highest power first.
        arguments: the positional arguments after it.
    """
    _must_be_function(target)

    def polynomial(x):
        value = 0.0 * x
        for coefficient in coefficients:
            value = value * x + coefficient
        return value

    output = as_array(target(polynomial, *arguments))
    return {"values": {"output": output}, "notes": []}


@probe
def stack_gradients(target, x, weights, function):
    """Call ``gradient_sizes`` with an activation and its derivative, chosen from ``FUNCTIONS`` by name."""
    _must_be_function(target)
    return {"values": {"output": as_array(target(x, weights, *FUNCTIONS[function]))}, "notes": []}
