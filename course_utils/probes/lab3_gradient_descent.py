"""Probes of Lab 3: losses with their gradients, mini-batches, training loops, optimisers and schedules."""

import numpy as np

from . import Unusable, _kind, _nothing_yet, _require, as_array, probe

MOST_BATCHES = 1000


@probe
def torch_loss(target, x, y, name):
    """Call a PyTorch loss and return its value and its gradient with respect to the first argument.

    Args:
        x: array that becomes a float32 tensor with a gradient, known as ``name`` in the reply.
        y: array of labels of the same shape.
    """
    from ..frameworks import torch

    x = torch.tensor(x.astype(np.float32), requires_grad=True)
    with torch.enable_grad():
        output = target(x, torch.tensor(y.astype(np.float32)))
        if output is None or output is Ellipsis:
            return _nothing_yet()
        _require(output, torch.Tensor, "PyTorch")
        values, notes = {"output": as_array(output)}, []
        if output.requires_grad and output.ndim == 0:
            output.backward()
    if x.grad is not None:
        values[f"grad_{name}"] = as_array(x.grad)
    elif values["output"].shape == ():
        notes.append(
            [
                "missing_gradient",
                "The loss must come from PyTorch operations, without `.detach()`, `.item()` or NumPy in between.",
            ]
        )
    return {"values": values, "notes": notes}


@probe
def keras_loss(target, x, y, name):
    """Call a TensorFlow loss and return its value and its gradient with respect to the first argument.

    Args:
        x: array that becomes a float32 tensor watched by a tape, known as ``name`` in the reply.
        y: array of labels of the same shape.
    """
    from ..frameworks import tf

    x = tf.constant(x.astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = target(x, tf.constant(y.astype(np.float32)))
        if output is None or output is Ellipsis:
            return _nothing_yet()
        _require(output, tf.Tensor, "TensorFlow")
    values, notes = {"output": as_array(output)}, []
    gradient = tape.gradient(output, x) if values["output"].shape == () else None
    if gradient is not None:
        values[f"grad_{name}"] = as_array(gradient)
    elif values["output"].shape == ():
        notes.append(
            [
                "missing_gradient",
                "The loss must come from TensorFlow operations, without `.numpy()` or NumPy in between.",
            ]
        )
    return {"values": values, "notes": notes}


@probe
def minibatch_epoch(target, X, y, batch_size, seed):
    """Go through one epoch of mini-batches; return all inputs and labels in their order, and the size of each batch."""
    batches = target(X, y, batch_size, seed)
    if batches is None or batches is Ellipsis:
        return {"values": {"X": None}, "notes": []}
    try:
        iterator = iter(batches)
    except TypeError:
        raise Unusable(f"expected batches to loop over, got {_kind(batches)}", "wrong_type") from None
    inputs, labels, sizes = [], [], []
    for batch in iterator:
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            raise Unusable(f"each batch should be a pair (inputs, labels), got {_kind(batch)}", "wrong_type")
        part_x, part_y = (as_array(part, "a batch") for part in batch)
        if part_x is None or part_y is None:
            return {"values": {"X": None}, "notes": []}
        if part_x.ndim == 0 or part_y.ndim == 0:
            raise Unusable("a batch should hold rows of X and of y, got a single number", "wrong_type")
        inputs.append(part_x)
        labels.append(part_y)
        sizes.append(len(part_x))
        if len(sizes) >= MOST_BATCHES:
            raise Unusable("the batches never end: stop after one epoch", "endless")
    if not sizes:
        raise Unusable("there is no batch at all", "no_batches")
    try:
        values = {"X": np.concatenate(inputs), "y": np.concatenate(labels), "sizes": np.array(sizes)}
    except ValueError:
        raise Unusable("the batches differ in their shapes beyond the number of rows", "wrong_shape") from None
    return {"values": values, "notes": []}


def _trained(result, parameters, before):
    """Return the reply after a training loop: the parameters, and the losses that the loop returned."""
    losses = as_array(result, "what the loop returns")
    still = all(np.array_equal(parameters[name], np.asarray(before[name], dtype=np.float32)) for name in before)
    if losses is None and not still:
        return _nothing_yet(["nothing_returned", "the network is trained, but the list of losses is not returned."])
    if losses is None:
        return _nothing_yet()
    return {"values": {**parameters, "losses": losses}, "notes": []}


@probe
def torch_training(target, parameters, inputs, labels, epochs, learning_rate):
    """Let a training loop train a network of one tanh layer; return its parameters afterwards, and the losses.

    Args:
        parameters: mapping "W1", "b1", "W2", "b2" to arrays; weights have shape (inputs, units).
        inputs, labels: lists of arrays, one for each batch.
    """
    from ..frameworks import nn, torch

    shapes = [parameters[name].shape for name in ("W1", "W2")]
    net = nn.Sequential(nn.Linear(*shapes[0]), nn.Tanh(), nn.Linear(*shapes[1]))
    for variable, (name, array) in zip(net.parameters(), parameters.items()):
        variable.data = torch.tensor((array.T if name[0] == "W" else array).astype(np.float32).copy())
    optimizer = torch.optim.SGD(net.parameters(), lr=learning_rate)
    batches = [(torch.tensor(x.astype(np.float32)), torch.tensor(y.astype(np.float32))) for x, y in zip(inputs, labels)]
    with torch.enable_grad():
        try:
            result = target(net, optimizer, batches, epochs)
        except RuntimeError as error:
            if "modified by an inplace operation" in str(error):
                raise Unusable(
                    "the step is taken between the loss and its backward(); the order is zero_grad, backward, step",
                    "step_before_backward",
                ) from None
            raise
    after = {
        name: as_array(variable.T if name[0] == "W" else variable)
        for variable, name in zip(net.parameters(), parameters)
    }
    return _trained(result, after, parameters)


@probe
def keras_training(target, parameters, inputs, labels, epochs, learning_rate):
    """Let a training loop train a network of one tanh layer; return its parameters afterwards, and the losses.

    Args:
        parameters: mapping "W1", "b1", "W2", "b2" to arrays; weights have shape (inputs, units).
        inputs, labels: lists of arrays, one for each batch.
    """
    from ..frameworks import keras, tf

    net = keras.Sequential(
        [
            keras.Input((len(parameters["W1"]),)),
            keras.layers.Dense(len(parameters["b1"]), activation="tanh"),
            keras.layers.Dense(len(parameters["b2"])),
        ]
    )
    for variable, array in zip(net.weights, parameters.values()):
        variable.assign(array.astype(np.float32))
    batches = [(tf.constant(x.astype(np.float32)), tf.constant(y.astype(np.float32))) for x, y in zip(inputs, labels)]
    result = target(net, keras.optimizers.SGD(learning_rate), batches, epochs)
    after = {name: as_array(variable) for variable, name in zip(net.weights, parameters)}
    return _trained(result, after, parameters)


@probe
def optimiser_steps(target, w, gradients, state, start, settings):
    """Take one step of an optimiser for each gradient; return the parameters after each step, and the last state.

    Args:
        state: mapping from the names of the state's arrays, such as "velocity", to their values before the first step.
        start: the number of the first step, passed on after the state; None for an optimiser that does not count.
        settings: what else the function takes, in its order.
    """
    names = ", ".join(["w", *state])
    path, state = [], dict(state)
    for number, gradient in enumerate(gradients):
        count = [] if start is None else [start + number]
        result = target(w.copy(), gradient.copy(), *(np.array(each) for each in state.values()), *count, *settings)
        if result is None or result is Ellipsis:
            return _nothing_yet()
        if not isinstance(result, (tuple, list)) or len(result) != 1 + len(state):
            raise Unusable(
                f"expected {1 + len(state)} values ({names}), got "
                f"{len(result) if isinstance(result, (tuple, list)) else _kind(result)}",
                "wrong_type",
            )
        w, *after = (as_array(value, f"`{name}`") for value, name in zip(result, ["w", *state]))
        state = dict(zip(state, after))
        if w is None or any(value is None for value in after):
            return _nothing_yet()
        if w.shape != gradient.shape:
            raise Unusable(f"expected `w` of shape {gradient.shape}, got {w.shape}", "wrong_shape")
        path.append(w)
    return {"values": {"w": np.array(path), **state}, "notes": []}


@probe
def schedule_rates(target, function, times, total, base):
    """Ask one of several schedules for the learning rate of each step.

    Args:
        target: mapping from names to functions.
        function: which of them.
    """
    schedule = target[function]
    if schedule is None or schedule is Ellipsis:
        return _nothing_yet(["not_found", f"there is no `{function}` yet."])
    values = [as_array(schedule(time, total, base), f"the rate of `{function}`") for time in times]
    if any(value is None for value in values):
        return _nothing_yet(["nothing_returned", f"`{function}` returns nothing yet."])
    if any(value.shape != () for value in values):
        raise Unusable(f"`{function}` should return one number", "wrong_shape")
    return {"values": {"output": np.array(values, dtype=float)}, "notes": []}
