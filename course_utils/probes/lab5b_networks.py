"""Probes of Lab 5b: a recurrent model with a test's own weights, one step of its training, and a whole one."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ..frameworks import one_thread
from ..protocol import Reply
from ..songs import SIZE, numbers
from .base import Unusable, as_array, is_nothing, kind_of, must_be_callable, must_be_tensor, nothing_yet, probe, remark
from .layers import Parameters
from .timed import TooLong, seed_everything, time_limit

COUNT = 7  # parameters of a model: embedding, four of a GRU, weights and biases of the output
UPDATE_FIRST = (1, 0, 2)  # Keras has the update gate's columns before those of the reset gate


def _pair(
    result: Any, tensor: type, framework: str, method: str, shape: tuple[int, ...] = ()
) -> tuple[Any, Any] | None:
    """Return logits and state, or None where nothing is returned yet.

    Args:
        shape: of logits, where one that comes in the state's place shall be named.
    """
    if is_nothing(result):
        return None
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise Unusable("no_logits_and_state", kind=kind_of(result))
    logits, state = result
    if is_nothing(logits):
        return None
    first, second = (tuple(getattr(each, "shape", ())) for each in result)
    if shape and second == shape != first:
        raise Unusable("state_first", name=method)
    must_be_tensor(logits, tensor, framework)
    if state is None:
        raise Unusable("no_state", name=method)
    return logits, state


def _refuse_all_states(pair: tuple[Any, Any] | None, shape: tuple[int, ...], method: str) -> None:
    """Raise where what is returned as the state are those of all places, of a shape that no last state has."""
    if pair is not None and getattr(pair[1], "shape", None) is not None and tuple(pair[1].shape) == shape:
        raise Unusable("all_states", name=method)


def _only(layers: list[Any], kind: type | tuple[type, ...], wanted: str) -> Any:
    """Return the one layer of a kind, or of several."""
    found = [layer for layer in layers if isinstance(layer, kind)]
    if not found:
        raise Unusable("no_such_layer", wanted=wanted)
    if len(found) != 1:
        raise Unusable("layer_count", wanted=wanted, number=len(found))
    return found[0]


def _place(variable: Any, array: np.ndarray, name: str, write: Callable[[Any, np.ndarray], Any]) -> None:
    shape = tuple(int(size) for size in variable.shape)
    if shape != array.shape:
        raise Unusable("layer_shape", wanted=name, shape=list(shape), expected=list(array.shape))
    write(variable, array.astype(np.float32))


@probe
def torch_tune_model(
    target: Any, size: int, units: int, parameters: Parameters, inputs: np.ndarray, upstream: np.ndarray
) -> Reply:
    """Build a PyTorch model with an embedding, a GRU and an output layer; set its weights, and let it read.

    Returns the logits of all inputs, those of their second half with the state of the first ("carried"), and for each
    of its parameters whether a gradient of sum(logits * upstream) reaches it ("reached").

    Args:
        size, units: of the constructor.
        parameters: of the embedding; four of the GRU, with the columns of reset gate, update gate and new state;
            weights and biases of the output.
        inputs: numbers of characters, shape (n, length) with an even length.
        upstream: array of the shape of the logits.
    """
    from ..frameworks import nn, torch

    must_be_callable(target, "a class")
    model = target(size, units)
    if is_nothing(model):
        return nothing_yet()
    if not isinstance(model, nn.Module):
        raise Unusable("not_callable", wanted="an `nn.Module`", kind=kind_of(model))
    numbers = torch.tensor(inputs)
    layers = list(model.modules())
    if not list(model.parameters()) and not _written(lambda: model(numbers, None)):
        return nothing_yet(remark("empty_class", name="__init__"))

    def write(variable: Any, array: np.ndarray) -> None:
        with torch.no_grad():
            variable.copy_(torch.tensor(array))

    E, W, U, b, c, V, v = parameters.values()
    embedding, gru = _only(layers, nn.Embedding, "nn.Embedding"), _only(layers, (nn.GRU, nn.GRUCell), "nn.GRU")
    output = _only(layers, nn.Linear, "nn.Linear")
    if len(list(gru.parameters())) != 4:
        raise Unusable("plain_gru", wanted="nn.GRU")
    if gru.hidden_size != units:
        raise Unusable("unit_count", wanted="nn.GRU", number=gru.hidden_size)
    _place(embedding.weight, E, "nn.Embedding", write)
    for variable, array in zip(gru.parameters(), (W.T, U.T, b, c)):
        _place(variable, array, "nn.GRU", write)
    if output.bias is None:
        raise Unusable("no_biases", wanted="nn.Linear")
    _place(output.weight, V.T, "nn.Linear", write)
    _place(output.bias, v, "nn.Linear", write)
    placed = [embedding.weight, *gru.parameters(), output.weight, output.bias]
    half = numbers.shape[1] // 2
    device = output.weight.device
    numbers = numbers.to(device)
    with torch.enable_grad():
        whole = _pair(model(numbers, None), torch.Tensor, "PyTorch", "forward", upstream.shape)
        if whole is None:
            return nothing_yet(remark("not_finished", name="forward"))
        logits = whole[0]
        if logits.requires_grad:
            fits = logits.shape == upstream.shape
            (logits * (torch.tensor(upstream).to(logits) if fits else 1.0)).sum().backward()
    first = _pair(model(numbers[:, :half], None), torch.Tensor, "PyTorch", "forward")
    _refuse_all_states(first, (len(inputs), half, units), "forward")
    second = _pair(model(numbers[:, half:], first and first[1]), torch.Tensor, "PyTorch", "forward")
    reached = [float(each.grad is not None and bool((each.grad != 0).any())) for each in placed]
    values = {"logits": as_array(logits), "carried": second and as_array(second[0]), "reached": np.array(reached)}
    return {"values": values, "notes": []}


def _written(run: Callable[[], Any]) -> bool:
    """Tell whether a model without parameters computes something."""
    try:
        return not is_nothing(run())
    except Exception:
        return False


def _layers(model: Any) -> list[Any]:
    """Return the layers of a Keras model, and those inside of them."""
    return list(model._flatten_layers(include_self=False))


@probe
def keras_tune_model(
    target: Any, size: int, units: int, parameters: Parameters, inputs: np.ndarray, upstream: np.ndarray
) -> Reply:
    """Build a Keras model with an embedding, a GRU and an output layer; values as for PyTorch's.

    Args:
        size, units: of the constructor.
        parameters, inputs, upstream: as for PyTorch's.
    """
    from ..frameworks import keras, tf

    must_be_callable(target, "a class")
    model = target(size, units)
    if is_nothing(model):
        return nothing_yet()
    if not isinstance(model, keras.layers.Layer):
        raise Unusable("not_callable", wanted="a Keras model", kind=kind_of(model))
    numbers = tf.constant(inputs)
    if not _layers(model) and not _written(lambda: model(numbers, None)):
        return nothing_yet(remark("empty_class", name="__init__"))
    begun = _pair(model(numbers, None), tf.Tensor, "TensorFlow", "call", upstream.shape)
    if begun is None:
        return nothing_yet(remark("not_finished", name="call"))
    E, W, U, b, c, V, v = parameters.values()
    layers = _layers(model)
    embedding = _only(layers, keras.layers.Embedding, "keras.layers.Embedding")
    gru = _only(layers, keras.layers.GRUCell, "keras.layers.GRU")  # the layer has one inside
    output = _only(layers, keras.layers.Dense, "keras.layers.Dense")

    def write(variable: Any, array: np.ndarray) -> None:
        variable.assign(array)

    def update_first(array: np.ndarray) -> np.ndarray:
        thirds = np.split(array, 3, axis=-1)
        return np.concatenate([thirds[third] for third in UPDATE_FIRST], axis=-1)

    if output.bias is None:
        raise Unusable("no_biases", wanted="keras.layers.Dense")
    if gru.units != units:
        raise Unusable("unit_count", wanted="keras.layers.GRU", number=gru.units)
    if len(gru.weights) != 3 or gru.weights[2].shape != (2, 3 * units):
        raise Unusable("plain_gru", wanted="keras.layers.GRU")
    _place(embedding.embeddings, E, "keras.layers.Embedding", write)
    for variable, array in zip(gru.weights, (W, U, np.stack([b, c]))):
        _place(variable, update_first(array), "keras.layers.GRU", write)
    _place(output.kernel, V, "keras.layers.Dense", write)
    _place(output.bias, v, "keras.layers.Dense", write)
    half = numbers.shape[1] // 2
    with tf.GradientTape() as tape:
        whole = _pair(model(numbers, None), tf.Tensor, "TensorFlow", "call")
        if whole is None:
            return nothing_yet(remark("not_finished", name="call"))
        logits = whole[0]
        fits = tuple(logits.shape) == upstream.shape
        total = tf.reduce_sum(logits * (tf.cast(upstream, logits.dtype) if fits else 1.0))
    first = _pair(model(numbers[:, :half], None), tf.Tensor, "TensorFlow", "call")
    _refuse_all_states(first, (len(inputs), half, units), "call")
    second = _pair(model(numbers[:, half:], first and first[1]), tf.Tensor, "TensorFlow", "call")
    tracked = {id(variable) for variable in model.trainable_variables}
    placed = [embedding.embeddings, *gru.weights, output.kernel, output.bias]
    found = tape.gradient(total, placed)
    came = [
        float(slope is not None and id(variable) in tracked and bool(np.any(np.asarray(tf.convert_to_tensor(slope)))))
        for variable, slope in zip(placed, found)
    ]
    came.insert(4, came[3])  # one variable holds both biases of Keras
    values = {
        "logits": as_array(logits),
        "carried": second and as_array(second[0]),
        "reached": np.array(came),
    }
    return {"values": values, "notes": []}


def _learned(target: Any, model: Any, optimizer: Any, pieces: list[Any], read: Callable[[], Parameters]) -> Reply:
    """Let a function take a step on each piece, handing on the state that it returns; return what has become."""
    losses, state = [], None
    for piece in pieces:
        result = target(model, optimizer, piece, state)
        if is_nothing(result):
            return nothing_yet()
        if not isinstance(result, (tuple, list)) or len(result) != 2:
            raise Unusable("no_loss_and_state", kind=kind_of(result))
        loss, state = result
        if len(getattr(loss, "shape", ())) > 0 == len(getattr(state, "shape", (1,))):
            raise Unusable("loss_second")
        number = as_array(loss, "the loss")
        if number is None:
            return nothing_yet(remark("one_is_nothing", name="loss"))
        if number.shape != ():
            raise Unusable("loss_not_one_number")
        losses.append(number)
    return {"values": {**read(), "losses": np.array(losses, dtype=float)}, "notes": []}


@probe
def torch_learning(target: Any, parameters: Parameters, pieces: list[np.ndarray], rate: float) -> Reply:
    """Let one step of training in PyTorch be taken on each piece of a text, with a small model of the probe's own.

    Args:
        parameters: of the model: "embedding" (size, units), "memory" (units,), "output_weights" (units, size). Its
            state is tanh(embedding[character] + memory * state), its logits are state @ output_weights.
        pieces: numbers of characters, each of shape (n, length + 1).
        rate: of the plain gradient descent that the step is given.
    """
    from ..frameworks import nn, torch

    class Small(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name, array in parameters.items():
                self.register_parameter(name, nn.Parameter(torch.tensor(array.astype(np.float32))))

        def forward(self, numbers: Any, state: Any = None) -> tuple[Any, Any]:
            state = self.memory.new_zeros(len(numbers), len(self.memory)) if state is None else state
            states = []
            for t in range(numbers.shape[1]):
                state = torch.tanh(self.embedding[numbers[:, t]] + self.memory * state)
                states.append(state)
            return torch.stack(states, dim=1) @ self.output_weights, state

    must_be_callable(target)
    model = Small()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    with torch.enable_grad():
        try:
            return _learned(
                target,
                model,
                optimizer,
                [torch.from_numpy(piece) for piece in pieces],  # in place, so that a change shows
                lambda: {name: np.array(as_array(value)) for name, value in model.named_parameters()},
            )
        except RuntimeError as error:
            if "backward through the graph a second time" in str(error) or "inplace operation" in str(error):
                raise Unusable("not_detached") from None
            raise


@probe
def keras_learning(target: Any, parameters: Parameters, pieces: list[np.ndarray], rate: float) -> Reply:
    """Let one step of training in TensorFlow be taken on each piece of a text, with a model like PyTorch's.

    Args:
        parameters, pieces, rate: as for PyTorch's.
    """
    from ..frameworks import keras, tf

    class Small(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.held = [
                self.add_weight(shape=array.shape, initializer="zeros", name=name) for name, array in parameters.items()
            ]
            self.built = True

        def call(self, numbers: Any, state: Any = None) -> tuple[Any, Any]:
            E, w, V = self.held
            state = tf.zeros((len(numbers), w.shape[0])) if state is None else state
            states = []
            for t in range(numbers.shape[1]):
                state = tf.tanh(tf.gather(E, numbers[:, t]) + w * state)
                states.append(state)
            return tf.stack(states, axis=1) @ V, state

    must_be_callable(target)
    model = Small()
    for variable, array in zip(model.held, parameters.values()):
        variable.assign(array.astype(np.float32))
    try:
        return _learned(
            target,
            model,
            keras.optimizers.SGD(rate),
            [tf.constant(piece) for piece in pieces],
            lambda: {name: np.array(as_array(variable)) for name, variable in zip(parameters, model.held)},
        )
    except ValueError as error:
        if "No gradients provided" in str(error):
            raise Unusable("step_without_tape") from None
        raise


_trained: list[tuple[Any, Any]] = []  # the function that was asked to train last, and the model that it returned


@probe
def trained_language(target: Any, windows: str, shape: list[int], seed: int, limit: float) -> Reply:
    """Let `train` learn a language from windows, with one thread, and keep the model for ``language_asked``.

    Args:
        windows: characters, a window after the other.
        shape: of the windows, (pieces, rows, length + 1).
        seed: passed on to ``train``; libraries are seeded with it too.
        limit: seconds of this process's time (all threads together) after which a training is stopped.
    """
    must_be_callable(target)
    _trained.clear()
    with one_thread(), time_limit(limit) as clock:
        seed_everything(seed)
        model = target(numbers(windows).reshape(shape), seed)
        if clock() > 1.2 * limit:
            raise TooLong
    if is_nothing(model):
        return nothing_yet()
    if not callable(model):
        raise Unusable("no_language_model", kind=kind_of(model))
    _trained.append((target, model))
    return {"values": {"trained": np.array(1)}, "notes": []}


@probe
def language_asked(target: Any, texts: list[str], places: list[int], limit: float) -> Reply:
    """Ask the model that `train` returned about the beginnings of texts; each has a request of its own.

    So nothing that a student's code can reach holds what comes after them.

    Args:
        texts: all of one length.
        places: those whose answers are wanted, shape (len(texts), len(places), SIZE).
        limit: as for ``trained_language``.
    """
    models = [model for trained, model in _trained if trained is target]
    if not models:
        return nothing_yet()
    asked = np.array([numbers(text) for text in texts])
    with one_thread(), time_limit(limit):
        said = models[0](asked.copy())
        if isinstance(said, tuple):
            raise Unusable("log_p_and_more")
        log_p = as_array(said, "what the model returns")
    if log_p is None:
        return nothing_yet(remark("model_silent"))
    wanted = (*asked.shape, SIZE)
    if log_p.shape != wanted:
        raise Unusable("log_p_shape", shape=list(log_p.shape))
    return {"values": {"log_p": log_p[:, places].astype(float)}, "notes": []}
