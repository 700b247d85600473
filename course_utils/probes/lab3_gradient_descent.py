"""Probes of Lab 3: losses with their gradients, an autograd, mini-batches, training loops, optimisers, schedules."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

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
    same,
)
from .layers import Parameters

MOST_BATCHES = 1000


@probe
def torch_loss(target: Any, x: np.ndarray, y: np.ndarray, name: str) -> Reply:
    """Call a PyTorch loss and return its value and its gradient with respect to the first argument.

    Args:
        x: array that becomes a float32 tensor with a gradient.
        y: array of labels.
        name: of ``x``; its gradient is called "grad_" and this name.
    """
    from ..frameworks import torch

    must_be_callable(target)
    inputs = torch.tensor(x.astype(np.float32), requires_grad=True)
    with torch.enable_grad():
        output = target(inputs, torch.tensor(y.astype(np.float32)))
        must_be_tensor(output, torch.Tensor, "PyTorch")
        loss = as_array(output)
        if loss is None:
            return nothing_yet()
        if output.requires_grad and output.ndim == 0:
            output.backward()
    values: dict[str, Any] = {"output": loss}
    notes = []
    if inputs.grad is not None:
        values[f"grad_{name}"] = as_array(inputs.grad)
    elif loss.shape == ():
        notes.append(remark("torch_loss_cut"))
    return {"values": values, "notes": notes}


@probe
def keras_loss(target: Any, x: np.ndarray, y: np.ndarray, name: str) -> Reply:
    """Call a TensorFlow loss and return its value and its gradient with respect to the first argument.

    Args:
        x: array that becomes a float32 tensor watched by a tape.
        y: array of labels.
        name: of ``x``; its gradient is called "grad_" and this name.
    """
    from ..frameworks import tf

    must_be_callable(target)
    inputs = tf.constant(x.astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        output = target(inputs, tf.constant(y.astype(np.float32)))
        must_be_tensor(output, tf.Tensor, "TensorFlow")
        loss = as_array(output)
        if loss is None:
            return nothing_yet()
    values: dict[str, Any] = {"output": loss}
    notes = []
    gradient = tape.gradient(output, inputs) if loss.shape == () else None
    if gradient is not None:
        values[f"grad_{name}"] = as_array(gradient)
    elif loss.shape == ():
        notes.append(remark("tensorflow_loss_cut"))
    return {"values": values, "notes": notes}


def bent(coefficients: np.ndarray, w: np.ndarray) -> float:
    """Return the height of a landscape over w in which the slope along each entry depends on the others too."""
    return float(np.sum(coefficients * w**3) + np.sum(w) ** 2 / 2)


@probe
def slopes_of_loss(target: Any, w: np.ndarray, coefficients: np.ndarray, h: float) -> Reply:
    """Call a function that measures the slope of a loss along each entry of an array.

    Args:
        w: the place, an array of any shape.
        coefficients: of the loss, see ``bent``; of the shape of ``w``.
        h: how far the function goes to each side.
    """
    must_be_callable(target)
    result = as_array(target(lambda place: bent(coefficients, np.array(place, dtype=float)), w, h))
    return {"values": {"output": result}, "notes": []}


@probe
def value_operation(target: Any, operation: str, numbers: list[float]) -> Reply:
    """Let a class of numbers that remember compute; return the result, and the slope that it keeps for each input.

    Args:
        operation: "product", "square" (a number times itself), "scaled" (times a plain number), "tanh" or "log".
        numbers: that go in.
    """
    must_be_callable(target, "a class")
    inputs = [target(number) for number in numbers[: 1 if operation == "scaled" else 2]]
    a, b = inputs[0], inputs[-1] if operation != "scaled" else numbers[1]
    result = a * b if operation in ("product", "square", "scaled") else getattr(a, operation)()
    if is_nothing(result):
        return nothing_yet(remark("not_finished", name=operation if operation in ("tanh", "log") else "__mul__"))
    try:
        pairs = [(parent, slope) for parent, slope in result.parents]
    except (AttributeError, TypeError, ValueError):
        raise Unusable("no_parents") from None
    if not pairs:
        raise Unusable("no_parents")
    if any(hasattr(slope, "parents") for _, slope in pairs):
        raise Unusable("slope_is_value")
    slopes = [sum((slope for parent, slope in pairs if parent is value), 0.0) for value in inputs]
    output = as_array(getattr(result, "data", None), "the result")
    return {"values": {"output": output, "slopes": as_array(slopes, "a slope")}, "notes": []}


class _Node:
    """A number that was made from others, as the student's own class keeps it.

    Args:
        read: notes each time that somebody looks at the parents.
    """

    def __init__(
        self, data: float, parents: list[tuple["_Node", float]], grad: float, read: Callable[[], None]
    ) -> None:
        self.data, self._parents, self._grad, self.touched, self._read = data, parents, grad, False, read

    @property
    def parents(self) -> list[tuple["_Node", float]]:
        self._read()
        return self._parents

    @property
    def grad(self) -> Any:
        return self._grad

    @grad.setter
    def grad(self, value: Any) -> None:
        self._grad, self.touched = value, True


@probe
def backward_pass(
    target: Any,
    data: np.ndarray,
    parents: list[list[int]],
    slopes: list[list[float]],
    leftovers: np.ndarray,
    calls: int,
) -> Reply:
    """Let a function hand the gradient of the last of some values back to all; return what each of them has then.

    It is stopped where it looks at parents more often than for each pair of values three times: whoever follows each
    way by itself does so thousands of times, and whoever looks for an order of their own far more seldom.

    Args:
        data: the values, each made from earlier ones.
        parents: for each value the numbers of those that it was made from.
        slopes: for each value how fast it grows with each of them.
        leftovers: the gradients that stand there before.
        calls: how often the function is called.
    """
    must_be_callable(target)
    nodes: list[_Node] = []
    reads = 0

    def read() -> None:
        nonlocal reads
        reads += 1
        if reads > 3 * max(len(nodes), 10) ** 2 * calls:
            raise Unusable("each_way")

    for number, places, steps, grad in zip(data, parents, slopes, leftovers):
        nodes.append(
            _Node(float(number), [(nodes[place], step) for place, step in zip(places, steps)], float(grad), read)
        )
    for _ in range(calls):
        *_, result = nodes
        target(result)
    grads = [grad for node in nodes if (grad := as_array(node.grad, "a gradient")) is not None]
    if len(grads) < len(nodes) or not any(node.touched for node in nodes):
        return nothing_yet(remark("no_gradients"))
    if any(grad.shape for grad in grads):
        raise Unusable("gradient_shape")
    return {"values": {"output": np.array(grads, dtype=float)}, "notes": []}


def stand_in_slopes(X: np.ndarray, y: np.ndarray, w: np.ndarray, *others: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return slopes that no exercise asks for, one for each parameter; each depends on the others and on the batch."""
    rest = sum(np.mean(value) for value in others)
    slopes = [0.3 * value - (np.sum(w) + rest - np.mean(value)) / (1 + k) for k, value in enumerate(others)]
    return 0.4 * w + rest * X.mean(axis=0) + np.mean(y), *(np.asarray(slope + np.mean(X)) for slope in slopes)


@probe
def numpy_training(
    target: Any,
    parameters: list[np.ndarray],
    inputs: list[np.ndarray],
    labels: list[np.ndarray],
    learning_rate: float,
    epochs: int,
) -> Reply:
    """Let a training loop in NumPy move parameters by slopes of the probe's own; return all of them afterwards.

    Args:
        parameters: where they start, two ("w", "b") or three ("w", "v", "b"), see ``stand_in_slopes``.
        inputs, labels: lists of arrays, one for each batch.
        learning_rate, epochs: passed on to the loop.
    """
    must_be_callable(target)
    result = target(stand_in_slopes, parameters, list(zip(inputs, labels)), learning_rate, epochs)
    names = ["w", "v", "b"] if len(parameters) == 3 else ["w", "b"]
    if is_nothing(result):
        return nothing_yet()
    if not isinstance(result, (tuple, list)):
        raise Unusable("no_parameter_list", kind=kind_of(result))
    if len(result) != len(names):
        raise Unusable("parameter_count", number=len(result))
    values = {name: as_array(value, f"`{name}`") for name, value in zip(names, result)}
    return {"values": values, "notes": []}


@probe
def minibatch_epoch(
    target: Any, X: np.ndarray, y: np.ndarray, batch_size: int, seed: int, more_seeds: list[int]
) -> Reply:
    """Go through one epoch of mini-batches; return all inputs and labels in their order, and the size of each batch.

    Args:
        X: inputs, a row for each sample.
        y: their labels.
        batch_size, seed: passed on to the function.
        more_seeds: of further epochs, whose inputs are returned as "epochs" where they have the shape of ``X``.
    """
    must_be_callable(target)
    first = _epoch(target, X, y, batch_size, seed)
    if first is None:
        return {"values": {"X": None}, "notes": []}
    inputs, labels, sizes = first
    values = {"X": inputs, "y": labels, "sizes": sizes}
    if more_seeds:
        epochs = [_epoch(target, X, y, batch_size, each) for each in more_seeds]
        arrays = [epoch[0] for epoch in epochs if epoch is not None]
        if len(arrays) == len(epochs) and all(array.shape == X.shape for array in arrays):
            values["epochs"] = np.array(arrays)
    return {"values": values, "notes": []}


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or hasattr(value, "numpy")


def _epoch(
    target: Any, X: np.ndarray, y: np.ndarray, batch_size: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return the inputs, the labels and the batch sizes of one epoch, or None where nothing is written yet."""
    batches = target(X, y, batch_size, seed)
    if is_nothing(batches):
        return None
    if isinstance(batches, tuple) and len(batches) == 2 and all(map(_is_array, batches)):
        raise Unusable("one_pair")
    try:
        iterator = iter(batches)
    except TypeError:
        raise Unusable("no_loop", kind=kind_of(batches)) from None
    inputs, labels, sizes = [], [], []
    for batch in iterator:
        if not isinstance(batch, (tuple, list)) or len(batch) != 2:
            raise Unusable("no_pair", kind=kind_of(batch))
        part_x, part_y = (as_array(part, "a batch") for part in batch)
        if part_x is None or part_y is None:
            return None
        if part_x.ndim == 0 or part_y.ndim == 0:
            raise Unusable("no_rows")
        inputs.append(part_x.copy())
        labels.append(part_y.copy())
        sizes.append(len(part_x))
        if len(sizes) >= MOST_BATCHES:
            raise Unusable("endless")
    if not sizes:
        return X[:0], y[:0], np.zeros(0, dtype=int)
    try:
        return np.concatenate(inputs), np.concatenate(labels), np.array(sizes)
    except ValueError:
        raise Unusable("batches_differ") from None


def _after_training(result: Any, parameters: dict[str, Any], before: Parameters, stepped: bool) -> Reply:
    """Return the reply after a training loop.

    Args:
        result: the losses that the loop returned.
        parameters: those of the network afterwards.
        before: those with which it started.
        stepped: whether the optimiser that the loop was given took a step.
    """
    losses = as_array(result, "what the loop returns")
    unchanged = all(np.array_equal(parameters[name], np.asarray(before[name], dtype=np.float32)) for name in before)
    if losses is None and not unchanged:
        return nothing_yet(remark("losses_missing"))
    if losses is None:
        return nothing_yet()
    notes = [] if stepped or unchanged else [remark("optimiser_unused")]
    return {"values": {**parameters, "losses": losses}, "notes": notes}


@probe
def torch_training(
    target: Any,
    parameters: Parameters,
    inputs: list[np.ndarray],
    labels: list[np.ndarray],
    epochs: int,
    learning_rate: float,
) -> Reply:
    """Let a training loop train a network of one tanh layer; return its parameters afterwards, and the losses.

    Args:
        parameters: mapping "W1", "b1", "W2", "b2" to arrays; weights have shape (inputs, units).
        inputs, labels: lists of arrays, one for each batch.
        epochs: passed on to the loop.
        learning_rate: of the plain gradient descent that the loop is given.
    """
    from ..frameworks import nn, torch

    must_be_callable(target)
    shapes = [parameters[name].shape for name in ("W1", "W2")]
    net = nn.Sequential(nn.Linear(*shapes[0]), nn.Tanh(), nn.Linear(*shapes[1]))
    for variable, (name, array) in zip(net.parameters(), parameters.items()):
        variable.data = torch.tensor((array.T if name[0] == "W" else array).astype(np.float32).copy())
    optimizer = torch.optim.SGD(net.parameters(), lr=learning_rate)
    steps: list[int] = []
    optimizer.register_step_post_hook(lambda *_: steps.append(1))
    batches = [(torch.tensor(x.astype(np.float32)), torch.tensor(y.astype(np.float32))) for x, y in zip(inputs, labels)]
    with torch.enable_grad():
        try:
            result = target(net, optimizer, batches, epochs)
        except RuntimeError as error:
            if "modified by an inplace operation" in str(error):
                raise Unusable("step_before_backward") from None
            raise
    after = {
        name: as_array(variable.T if name[0] == "W" else variable)
        for variable, name in zip(net.parameters(), parameters)
    }
    return _after_training(result, after, parameters, bool(steps))


class _Counted(list[Any]):
    """Batches that count how many of them a loop has got so far."""

    handed_out = 0

    def __iter__(self) -> Iterator[Any]:
        for batch in super().__iter__():
            self.handed_out += 1
            yield batch


@probe
def keras_training(
    target: Any,
    parameters: Parameters,
    inputs: list[np.ndarray],
    labels: list[np.ndarray],
    epochs: int,
    learning_rate: float,
) -> Reply:
    """Let a training loop train a network of one tanh layer; return its parameters afterwards, and the losses.

    Args:
        parameters: mapping "W1", "b1", "W2", "b2" to arrays; weights have shape (inputs, units).
        inputs, labels: lists of arrays, one for each batch.
        epochs: passed on to the loop.
        learning_rate: of the plain gradient descent that the loop is given.
    """
    from ..frameworks import keras, tf

    must_be_callable(target)
    net = keras.Sequential(
        [
            keras.Input((len(parameters["W1"]),)),
            keras.layers.Dense(len(parameters["b1"]), activation="tanh"),
            keras.layers.Dense(len(parameters["b2"])),
        ]
    )
    for variable, array in zip(net.weights, parameters.values()):
        variable.assign(array.astype(np.float32))
    batches = _Counted(
        (tf.constant(x.astype(np.float32)), tf.constant(y.astype(np.float32))) for x, y in zip(inputs, labels)
    )
    optimizer = keras.optimizers.SGD(learning_rate)
    try:
        result = target(net, optimizer, batches, epochs)
    except ValueError as error:
        if "No gradients provided" in str(error):
            raise Unusable("tape_and_step" if batches.handed_out == len(batches) else "tape_empty") from None
        raise
    after = {name: as_array(variable) for variable, name in zip(net.weights, parameters)}
    return _after_training(result, after, parameters, bool(int(optimizer.iterations)))


@probe
def optimiser_steps(
    target: Any,
    w: np.ndarray,
    gradients: list[np.ndarray],
    state: Parameters,
    start: int | None,
    settings: list[float],
) -> Reply:
    """Take one step of an optimiser for each gradient; return the parameters after each step, and the last state.

    Args:
        w: the parameters before the first step.
        gradients: one for each step, of the shape of ``w``.
        state: mapping from the names of the state's arrays, such as "velocity", to their values before the first step.
        start: the number of the first step, passed on after the state; None for an optimiser that does not count.
        settings: what else the function takes, in its order.
    """
    must_be_callable(target)
    names = ["w", *state]
    path, parameters, state = [], w, dict(state)
    notes: list[Remark] = []
    for number, gradient in enumerate(gradients):
        count = [] if start is None else [start + number]
        given = [parameters, gradient, *state.values()]
        copies = [np.array(array) for array in given]
        result = target(*copies, *count, *settings)
        if not notes and not same(given, copies):
            notes = [remark("input_changed")]
        if is_nothing(result):
            return nothing_yet()
        if not isinstance(result, (tuple, list)):
            raise Unusable("not_several", count=len(names), names=names, kind=kind_of(result))
        if len(result) != len(names):
            raise Unusable("wrong_count", count=len(names), names=names, number=len(result))
        arrays: list[Any] = [as_array(value, f"`{name}`") for value, name in zip(result, names)]
        if any(array is None for array in arrays):
            return nothing_yet()
        parameters, *after = arrays
        state = dict(zip(state, after))
        if parameters.shape != gradient.shape:
            raise Unusable("w_shape", expected=list(gradient.shape), shape=list(parameters.shape))
        path.append(parameters)
    return {"values": {"w": np.array(path), **state}, "notes": notes}


@probe
def schedule_rates(target: Mapping[str, Any], function: str, times: list[int], total: int, base: float) -> Reply:
    """Ask one of several schedules for the learning rate of each step.

    Args:
        target: mapping from names to functions.
        function: which of them.
        times: the steps.
        total: number of steps of the whole training.
        base: the learning rate that the schedule changes.
    """
    schedule = target[function]
    if is_nothing(schedule):
        return nothing_yet(remark("not_found", name=function))
    must_be_callable(schedule)
    answers = [as_array(schedule(time, total, base), f"the rate of `{function}`") for time in times]
    rates = [answer for answer in answers if answer is not None]
    if len(rates) < len(answers):
        return nothing_yet(remark("nothing_returned", name=function))
    if any(rate.shape != () for rate in rates):
        raise Unusable("not_one_number", name=function)
    return {"values": {"output": np.array(rates, dtype=float)}, "notes": []}
