"""Probes: the only code that touches what a student wrote. Plain arrays go in, plain NumPy arrays come out.

A probe is called with the student's object and keyword arguments (arrays, numbers, strings, lists of these) and returns a
dictionary: ``values`` maps the names of outputs to arrays (or None where nothing was returned yet) and ``notes`` is a list
of ``[code, sentence]`` about the object's structure, which help to explain a wrong value but never earn points.
"""

import contextlib
import copy
import io
import traceback
import warnings

import numpy as np

PROBES = {}


def probe(function):
    """Mark a function as a probe, so that a test may ask for it by name."""
    PROBES[function.__name__] = function
    return function


class Unusable(Exception):
    """Raised by a probe when an object or a result cannot be used; the text is for the student."""

    def __init__(self, message, code=None):
        super().__init__(message)
        self.code = code


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
    with warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        if quiet:
            stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(np.errstate(all="ignore"))
        try:
            return PROBES[probe_name](target, **copy.deepcopy(arguments))
        except Unusable as error:
            return {"unusable": str(error), "code": error.code}
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a student's code may raise anything, SystemExit included
            return {"error": _describe(error)}


def _find(namespace, name):
    if isinstance(name, (list, tuple)):
        return {each: namespace.get(each) for each in name}
    return namespace[name]


def _describe(error):
    """Say what went wrong in the student's own code: type, text, and the line that raised it."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__)
           if "site-packages" not in frame.filename and "course_utils" not in frame.filename
           and not frame.filename.startswith("<frozen")]
    try:
        text = str(error).strip().splitlines()
    except Exception:
        text = []
    return {"type": type(error).__name__[:60], "message": text[0][:200] if text else "",
            "line": (own[-1].line or "").strip()[:120] if own else ""}


def plain(value, what="the result"):
    """Convert a number, list, array or tensor to a NumPy array of numbers; None and ... mean 'not written yet'."""
    if value is None or value is Ellipsis or value is NotImplemented:
        return None
    module = type(value).__module__.partition(".")[0]
    if module == "torch":
        value = value.detach().cpu().numpy() if hasattr(value, "detach") else value
    elif module in ("tensorflow", "keras") and hasattr(value, "numpy"):
        value = value.numpy()
    try:
        array = np.array(value)
    except Exception:
        array = np.array(None)
    if array.dtype.kind not in "biuf":
        raise Unusable(f"expected numbers, but {what} is {_article(type(value).__name__)}", "wrong_type")
    return array


def _article(noun):
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun[:40]}"


def _require(value, kind, framework, what="the output"):
    if value is None or value is Ellipsis:
        return
    if not isinstance(value, kind):
        raise Unusable(f"expected {what} to be a {framework} tensor, got {_article(type(value).__name__)}", "wrong_type")


@probe
def call(target, arguments, outputs):
    """Call a function with positional ``arguments`` and return what it returns under the names ``outputs``."""
    if not callable(target):
        raise Unusable(f"expected a function, got {_article(type(target).__name__)}", "wrong_type")
    result = target(*arguments)
    if len(outputs) == 1:
        return {"values": {outputs[0]: plain(result)}, "notes": []}
    if result is None or result is Ellipsis:
        return {"values": dict.fromkeys(outputs), "notes": []}
    names = ", ".join(outputs)
    if not isinstance(result, (tuple, list)):
        raise Unusable(f"expected {len(outputs)} values ({names}), got {_article(type(result).__name__)}", "wrong_type")
    if len(result) != len(outputs):
        raise Unusable(f"expected {len(outputs)} values ({names}), got {len(result)}", "wrong_type")
    return {"values": {name: plain(value, f"`{name}`") for name, value in zip(outputs, result)}, "notes": []}


@probe
def read(target):
    """Read plain variables: strings stay strings (at most 80 characters), anything else becomes an empty one."""
    return {"values": {name: value[:80] if isinstance(value, str) else "" for name, value in target.items()},
            "notes": []}


def _shape(value):
    return tuple(int(size) for size in value.shape)


def _set_parameters(named, in_order, parameters, assign):
    """Put ``parameters`` into a network's variables, by name, else in the order in which the network holds them.

    Args:
        named: function from a name to the variable of that name, or None.
        in_order: list of (variable, transposed) as the network registered them.
        parameters: mapping from names to arrays, in the order of the layers.
        assign: function (variable, array) that stores a value.
    """
    slots = {name: (named(name), False) for name in parameters}
    if any(variable is None for variable, _ in slots.values()):
        if len(in_order) != len(parameters):
            found = ", ".join(str(_shape(variable)) for variable, _ in in_order) or "none"
            wanted = ", ".join(f"{name} {array.shape}" for name, array in parameters.items())
            raise Unusable(f"expected the parameters {wanted}; found {found}", "missing_parameter")
        slots = dict(zip(parameters, in_order))
    for name, (variable, transposed) in slots.items():
        wanted = parameters[name].T if transposed else parameters[name]
        if _shape(variable) != wanted.shape:
            raise Unusable(f"parameter `{name}` has shape {_shape(variable)}, expected {wanted.shape}",
                           "parameter_shape")
        assign(variable, wanted)
    return slots


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
    import torch

    module = target(*constructor)
    if module is None:
        return {"values": {"output": None}, "notes": []}
    notes = []
    if not isinstance(module, torch.nn.Module):
        notes.append(["not_a_module", "The object is not an `nn.Module`."])
    inputs = torch.tensor(np.asarray(x, dtype=np.float32))
    owned = [(parameter, isinstance(owner, torch.nn.Linear) and key == "weight")
             for owner in (module.modules() if isinstance(module, torch.nn.Module) else ())
             for key, parameter in owner._parameters.items() if parameter is not None]
    tensors = {name: value for name in parameters if torch.is_tensor(value := getattr(module, name, None))}
    if not owned and not tensors and _returns_nothing(module, inputs):
        return {"values": {"output": None}, "notes": notes}

    def assign(variable, array):
        variable.data = torch.tensor(array.astype(np.float32)).to(variable.dtype)

    slots = _set_parameters(tensors.get, owned, parameters, assign)
    for name, (variable, _) in slots.items():
        if not any(variable is parameter for parameter, _ in owned):
            notes.append(["not_a_parameter", f"`{name}` is a plain tensor: wrap it in `nn.Parameter`, "
                                             "else no optimiser will ever train it."])
    dtype = next(iter(slots.values()))[0].dtype
    output = module(inputs.to(dtype))
    _require(output, torch.Tensor, "PyTorch")
    values = {"output": plain(output)}
    if output is not None and output.requires_grad and values["output"].shape == upstream.shape:
        (output * torch.tensor(upstream).to(output.dtype)).sum().backward()
    registered = {id(parameter) for parameter, _ in owned}
    for name, (variable, transposed) in slots.items():
        gradient = variable.grad if id(variable) in registered else None
        if gradient is not None:
            values[f"grad_{name}"] = plain(gradient.T if transposed else gradient)
    return {"values": values, "notes": notes}


def _returns_nothing(network, inputs):
    try:
        return network(inputs) is None
    except Exception:
        return False


@probe
def keras_layer(target, constructor, parameters, x, upstream):
    """Build a Keras layer or model, set its weights, and return its output with the gradients of sum(output * upstream).

    Args:
        constructor: positional arguments for the class or function that makes the layer.
        parameters: mapping from names to arrays; weights have shape (inputs, units).
        x: array of shape (samples, inputs), fed as float32.
        upstream: array of the output's shape: the gradient of the loss with respect to the output.
    """
    import keras
    import tensorflow as tf

    layer = target(*constructor)
    if layer is None:
        return {"values": {"output": None}, "notes": []}
    notes = []
    if not isinstance(layer, keras.layers.Layer):
        notes.append(["not_a_layer", "The object is not a `keras.layers.Layer`."])
    inputs = tf.constant(np.asarray(x, dtype=np.float32))
    output = layer(inputs)
    if output is None:
        return {"values": {"output": None}, "notes": notes}
    _require(output, tf.Tensor, "TensorFlow")
    kinds = (tf.Variable, keras.Variable)
    variables = {name: value for name in parameters if isinstance(value := getattr(layer, name, None), kinds)}
    in_order = [(variable, False) for variable in getattr(layer, "weights", [])]
    slots = _set_parameters(variables.get, in_order, parameters,
                            lambda variable, array: variable.assign(array.astype(variable.dtype)))
    trained = {id(variable) for variable in getattr(layer, "trainable_variables", [])}
    tracked = {name: variable for name, (variable, _) in slots.items() if id(variable) in trained}
    for name in slots:
        if name not in tracked:
            notes.append(["untracked_variable", f"`{name}` is missing from `trainable_variables`, so `fit` would never "
                                                "train it: create it with `self.add_weight(...)`, not `tf.Variable`."])
    with tf.GradientTape() as tape:
        output = layer(inputs)
        values = {"output": plain(output)}
        fits = values["output"].shape == upstream.shape
        loss = tf.reduce_sum(output * tf.cast(upstream, output.dtype)) if fits else tf.constant(0.0)
    gradients = tape.gradient(loss, list(tracked.values())) if tracked and fits else []
    for name, gradient in zip(tracked, gradients):
        if gradient is not None:
            values[f"grad_{name}"] = plain(gradient)
    return {"values": values, "notes": notes}


@probe
def copied_weights(target, widths, parameters, start, x, upstream):
    """Let a function copy the weights of a PyTorch network into a Keras network, and return what the Keras one does.

    Args:
        widths: units of each layer, inputs first.
        parameters: mapping "W1", "b1", "W2", ... to the arrays in the PyTorch network, weights of shape (inputs, units).
        start: the same for the Keras network before the copy.
        x: array of shape (samples, inputs), fed as float32.
        upstream: array of the output's shape: the gradient of the loss with respect to the output.
    """
    import keras
    import tensorflow as tf
    import torch

    torch_layers, keras_layers = [], [keras.Input((widths[0],))]
    for inputs, units in zip(widths[:-1], widths[1:]):
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
    with tf.GradientTape() as tape:
        output = keras_net(tf.constant(x.astype(np.float32)))
        loss = tf.reduce_sum(output * tf.cast(upstream, output.dtype))
    gradients = tape.gradient(loss, keras_net.trainable_variables)
    values = {"output": plain(output)}
    values.update({f"grad_{name}": plain(gradient) for name, gradient in zip(names, gradients)})
    changed = any(not np.array_equal(variable.numpy(), start[name].astype(np.float32))
                  for variable, name in zip(keras_net.weights, names))
    if not changed:
        values["output"] = None
    return {"values": values, "notes": []}
