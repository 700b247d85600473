"""Lab 2: functions of an array in three libraries and their gradients, and functions that take functions."""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..frameworks import LABELS
from ..protocol import Reply
from ..remarks import Remark
from .base import (
    Unusable,
    as_array,
    is_nothing,
    kind_of,
    must_be_callable,
    must_be_tensor,
    nothing_yet,
    probe,
    remark,
)

# Activations for `stack_gradients`, with their derivatives: none that a student is asked to write.
FUNCTIONS: dict[str, tuple[Callable, Callable]] = {
    "softsign": (lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2),
    "arctan": (np.arctan, lambda z: 1 / (1 + z * z)),
    "sine": (np.sin, np.cos),
}


def _other_dtype(received: Any, returned: Any) -> list[Remark]:
    """Return the note that a function returns another dtype than it was given, if it does."""
    received, returned = (str(dtype).rpartition(".")[2].strip("'<> ") for dtype in (received, returned))
    if received == returned:
        return []
    return [remark("dtype_changed", received=received, returned=returned)]


def _missing_gradient(framework: str, name: str) -> Remark:
    return remark("missing_gradient", name=name, framework=LABELS[framework])


@probe
def numpy_function(target: Any, arguments: list[Any], same_dtype: bool = False) -> Reply:
    """Call a function of NumPy arrays, and note NumPy's warnings.

    Args:
        arguments: positional arguments; the first one is an array.
        same_dtype: note when the result has another dtype than the first argument.
    """
    must_be_callable(target)
    dtype = arguments[0].dtype
    with warnings.catch_warnings(record=True) as caught, np.errstate(over="warn", divide="warn", invalid="warn"):
        warnings.simplefilter("always")
        result = target(*arguments)
    output = as_array(result)
    if output is None:
        return nothing_yet()
    notes = _other_dtype(dtype, output.dtype) if same_dtype else []
    warned = [str(warning.message) for warning in caught if issubclass(warning.category, RuntimeWarning)]
    if warned:
        branches = "where" in getattr(getattr(target, "__code__", None), "co_names", ())
        notes.append(remark("warned_in_where" if branches else "warned", warning=warned[0][:80]))
    return {"values": {"output": output}, "notes": notes}


@probe
def named_function(target: Mapping[str, Any], name: str, arguments: list[Any], same_dtype: bool = False) -> Reply:
    """Call one of several functions of NumPy arrays, see ``numpy_function``.

    Args:
        name: which of them.
        arguments: positional arguments; the first one is an array.
        same_dtype: note when the result has another dtype than the first argument.
    """
    function = target.get(name)
    reply = nothing_yet() if is_nothing(function) else numpy_function(function, arguments, same_dtype)
    if reply["values"]["output"] is None:
        reply["notes"] = [remark("not_finished", name=name)]
    return reply


@probe
def torch_function(
    target: Any, arguments: list[Any], upstream: np.ndarray, name: str = "z", same_dtype: bool = False
) -> Reply:
    """Call a function of PyTorch tensors and return its output and the gradient of sum(output * upstream).

    Args:
        arguments: positional arguments, arrays as tensors; the gradient is taken for the first one.
        upstream: array of the output's shape.
        name: of the first argument; the gradient is called "grad_" and this name.
        same_dtype: note when the result has another dtype than the first argument.
    """
    from ..frameworks import torch

    must_be_callable(target)
    z, *rest = [torch.tensor(value) if isinstance(value, np.ndarray) else value for value in arguments]
    z.requires_grad_()
    with torch.enable_grad():
        output = target(z, *rest)
        must_be_tensor(output, torch.Tensor, "PyTorch")
        array = as_array(output)
        if array is None:
            return nothing_yet()
        notes = _other_dtype(z.dtype, output.dtype) if same_dtype else []
        fits = array.shape == np.shape(upstream)
        if fits and output.requires_grad:
            (output * torch.tensor(upstream).to(output)).sum().backward()
    values: dict[str, Any] = {"output": array}
    if z.grad is not None:
        values[f"grad_{name}"] = as_array(z.grad)
    elif fits:
        notes.append(_missing_gradient("torch", name))
    return {"values": values, "notes": notes}


@probe
def tf_function(
    target: Any, arguments: list[Any], upstream: np.ndarray, name: str = "z", same_dtype: bool = False
) -> Reply:
    """Call a function of TensorFlow tensors and return its output and the gradient of sum(output * upstream).

    Args:
        arguments: positional arguments, arrays as tensors; the gradient is taken for the first one.
        upstream: array of the output's shape.
        name: of the first argument; the gradient is called "grad_" and this name.
        same_dtype: note when the result has another dtype than the first argument.
    """
    from ..frameworks import tf

    must_be_callable(target)
    z, *rest = [tf.constant(value) if isinstance(value, np.ndarray) else value for value in arguments]
    with tf.GradientTape() as tape:
        tape.watch(z)
        output = target(z, *rest)
        must_be_tensor(output, tf.Tensor, "TensorFlow")
        array = as_array(output)
        if array is None:
            return nothing_yet()
        notes = _other_dtype(z.dtype.name, output.dtype.name) if same_dtype else []
        fits = array.shape == np.shape(upstream)
        loss = tf.reduce_sum(output * tf.cast(upstream, output.dtype)) if fits else tf.constant(0.0)
    values: dict[str, Any] = {"output": array}
    gradient = tape.gradient(loss, z) if fits else None
    if gradient is not None:
        values[f"grad_{name}"] = as_array(tf.convert_to_tensor(gradient))
    elif fits:
        notes.append(_missing_gradient("tensorflow", name))
    return {"values": values, "notes": notes}


@probe
def torch_row(target: Any, name: str, arguments: list[Any], upstream: np.ndarray) -> Reply:
    """Call the PyTorch function in one row of a student's table, see ``torch_function``.

    Args:
        name: of the row.
        arguments: positional arguments, arrays as tensors; the gradient is taken for the first one.
        upstream: array of the output's shape.
    """
    return _row(target, name, lambda function: torch_function(function, arguments, upstream))


@probe
def tf_row(target: Any, name: str, arguments: list[Any], upstream: np.ndarray) -> Reply:
    """Call the TensorFlow function in one row of a student's table, see ``tf_function``.

    Args:
        name, arguments, upstream: as for ``torch_row``.
    """
    return _row(target, name, lambda function: tf_function(function, arguments, upstream))


def _row(table: Any, name: str, ask_function: Callable[[Any], Reply]) -> Reply:
    if not isinstance(table, dict):
        raise Unusable("not_callable", wanted="a dictionary", kind=kind_of(table))
    function = table.get(name)
    reply = nothing_yet() if is_nothing(function) else ask_function(function)
    if reply["values"]["output"] is None:
        reply["notes"] = [remark("row_empty", name=name)]
    return reply


@probe
def of_polynomial(target: Any, coefficients: list[float], arguments: list[Any]) -> Reply:
    """Call a function whose first argument is a function: here a polynomial, which takes arrays and tensors alike.

    Args:
        coefficients: of the polynomial, the highest power first.
        arguments: the positional arguments after it.
    """
    must_be_callable(target)

    def polynomial(x: Any) -> Any:
        value = 0.0 * x
        for coefficient in coefficients:
            value = value * x + coefficient
        return value

    output = as_array(target(polynomial, *arguments))
    return {"values": {"output": output}, "notes": []}


@probe
def stack_gradients(target: Any, x: np.ndarray, weights: list[np.ndarray], function: str) -> Reply:
    """Call a function that measures the gradients in a stack of layers, with an activation and its derivative.

    Args:
        x: inputs, shape (samples, units).
        weights: of each layer.
        function: name of the activation in ``FUNCTIONS``.
    """
    must_be_callable(target)
    return {"values": {"output": as_array(target(x, weights, *FUNCTIONS[function]))}, "notes": []}
