"""Probes of Lab 4: dropout, networks that drop out, early stopping, L2, and the training of the capstone."""

import contextlib
import random
import signal
import sys
import threading
import time

import numpy as np

from ..frameworks import one_thread
from . import (
    Unusable,
    _is_nothing,
    _nothing_yet,
    _place_parameters,
    _require,
    _torch_parameters,
    as_array,
    probe,
)


def ramp(shape, low, high):
    """Return the inputs of the dropout tests: all different, none 0, every second one negative."""
    values = np.linspace(low, high, int(np.prod(shape)))
    values[1::2] *= -1
    return values.reshape(shape)


@probe
def dropout_calls(target, library, shape, low, high, p, training, seed):
    """Call a dropout function twice on the same inputs; return outputs, masks or gradients, and the inputs after it.

    Args:
        library: "numpy" (the function takes a generator too, and returns output and mask), "torch" or "tensorflow".
        shape, low, high: of the inputs, see ``ramp``.
        seed: of the generator.
    """
    if not callable(target):
        raise Unusable("expected a function", "wrong_type")
    x, rng, values = ramp(shape, low, high), np.random.default_rng(seed), {}
    once = {"numpy": _dropout_numpy, "torch": _dropout_torch, "tensorflow": _dropout_tensorflow}[library]
    for number in (1, 2):
        output, gradient, after = once(target, x.copy(), p, training, rng)
        if output is None:
            return _nothing_yet()
        values.update({f"output_{number}": output, f"input_{number}": after})
        if gradient is not None:
            values[f"gradient_{number}"] = gradient
    return {"values": values, "notes": []}


def _dropout_numpy(target, x, p, training, rng):
    result = target(x, p, training, rng)
    if _is_nothing(result):
        return None, None, None
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        raise Unusable(
            "expected two values, the output and the mask, got one"
            if not isinstance(result, (tuple, list))
            else f"expected two values, the output and the mask, got {len(result)}",
            "wrong_type",
        )
    output, mask = as_array(result[0], "the output"), as_array(result[1], "the mask")
    if output is None or mask is None:
        return None, None, None
    return output, mask, x


def _dropout_torch(target, x, p, training, rng):
    from ..frameworks import torch

    x = torch.tensor(x.astype(np.float32), requires_grad=True)
    given = x * 1  # so that a change in place is no error, and shows
    with torch.enable_grad():
        output = target(given, p, training)
        if _is_nothing(output):
            return None, None, None
        _require(output, torch.Tensor, "PyTorch")
        if output.requires_grad:
            output.sum().backward()
    return as_array(output), None if x.grad is None else as_array(x.grad), as_array(given)


def _dropout_tensorflow(target, x, p, training, rng):
    from ..frameworks import tf

    x = tf.constant(x.astype(np.float32))
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = target(x, p, training)
        if _is_nothing(output):
            return None, None, None
        _require(output, tf.Tensor, "TensorFlow")
        total = tf.reduce_sum(output)
    gradient = tape.gradient(total, x)
    return as_array(output), None if gradient is None else as_array(gradient), as_array(x)


def dropout_net_parameters(W):
    """Return the parameters of the networks under test: all that comes out of layer 1 arrives at the output as it is.

    Two more outputs depend on nothing: they are 1.5 and -1.5, and show whether the output is tampered with.

    Args:
        W: weights of the first layer, shape (inputs, hidden).
    """
    hidden = W.shape[1]
    head = np.hstack([np.eye(hidden), np.zeros((hidden, 2))])
    return {
        "W1": W,
        "b1": np.zeros(hidden),
        "W2": np.eye(hidden),
        "b2": np.zeros(hidden),
        "W3": head,
        "b3": np.array([0.0] * hidden + [1.5, -1.5]),
    }


@probe
def torch_dropout_net(target, W, p, x):
    """Build a PyTorch network with dropout and call it in both modes; let the second function call a network in both.

    Args:
        target: mapping with the names of the builder and of the function that calls a network, in this order.
        W: weights of the first layer, see ``dropout_net_parameters``.
    """
    from ..frameworks import nn, torch

    parameters, widths = dropout_net_parameters(W), [*W.shape, W.shape[1], W.shape[1] + 2]
    build, outputs = target.values()
    inputs, values, notes = torch.tensor(x.astype(np.float32)), {}, []
    net = None if _is_nothing(build) else build(list(widths), p)
    if not _is_nothing(net):
        if not isinstance(net, nn.Module):
            raise Unusable(f"expected an `nn.Module`, got {type(net).__name__[:40]}", "wrong_type")
        slots = _place_parameters(parameters, {}, _torch_parameters(net), "Use `nn.Linear` layers")
        for name, (variable, transposed) in slots.items():
            array = parameters[name].T if transposed else parameters[name]
            with torch.no_grad():
                variable.copy_(torch.tensor(array.astype(np.float32)))
        for mode in ("training", "evaluation"):
            net.train(mode == "training")
            values[f"net_{mode}"] = as_array(net(inputs))
    own = nn.Sequential(nn.Linear(len(x[0]), len(x[0]), bias=False), nn.Dropout(p))
    with torch.no_grad():
        own[0].weight.copy_(torch.eye(len(x[0])))
    for before in (True, False):
        for training in (True, False):
            own.train(before)
            result = None if _is_nothing(outputs) else outputs(own, inputs, training)
            if _is_nothing(result):
                break
            _require(result, torch.Tensor, "PyTorch")
            name = f"{'training' if training else 'evaluation'}_from_{'training' if before else 'evaluation'}"
            values[f"run_{name}"] = as_array(result)
            values[f"mode_{name}"] = np.array([own.training == before and own[1].training == before])
    return {"values": values, "notes": notes} if values else _nothing_yet()


@probe
def keras_dropout_net(target, W, p, x):
    """Build a Keras network with dropout and call it both ways; let the second function call a network both ways.

    Args:
        target, W: as for ``torch_dropout_net``.
    """
    from ..frameworks import keras, tf

    parameters, widths = dropout_net_parameters(W), [*W.shape, W.shape[1], W.shape[1] + 2]
    build, outputs = target.values()
    inputs, values, notes = tf.constant(x.astype(np.float32)), {}, []
    net = None if _is_nothing(build) else build(list(widths), p)
    if not _is_nothing(net):
        if not isinstance(net, keras.layers.Layer):
            raise Unusable(f"expected a Keras model, got {type(net).__name__[:40]}", "wrong_type")
        net(inputs)
        slots = _place_parameters(
            parameters, {}, [(each, False) for each in net.trainable_weights], "Use `keras.layers.Dense` layers"
        )
        for name, (variable, _) in slots.items():
            variable.assign(parameters[name].astype(np.float32))
        for mode in ("training", "evaluation"):
            values[f"net_{mode}"] = as_array(net(inputs, training=mode == "training"))
    own = keras.Sequential([keras.Input((len(x[0]),)), keras.layers.Dropout(p)])
    for training in (True, False):
        result = None if _is_nothing(outputs) else outputs(own, inputs, training)
        if _is_nothing(result):
            break
        _require(result, tf.Tensor, "TensorFlow")
        values[f"run_{'training' if training else 'evaluation'}"] = as_array(result)
    return {"values": values, "notes": notes} if values else _nothing_yet()


@probe
def early_stopping(target, patience, min_delta, losses, weights):
    """Feed validation losses to an early-stopping object, as a training would that changes its weights in place.

    Args:
        losses: one for each epoch.
        weights: list of arrays, the weights after the first epoch; each epoch adds 1 to them.
    """
    if not callable(target):
        raise Unusable("expected a class", "wrong_type")
    stopper = target(patience, min_delta)
    if _is_nothing(stopper):
        return _nothing_yet()
    if not hasattr(stopper, "update"):
        raise Unusable("expected an object with a method `update`", "missing_method")
    current = [array.astype(float).copy() for array in weights]
    stopped_after = 0
    for epoch, loss in enumerate(losses, 1):
        stop = stopper.update(float(loss), current)
        if _is_nothing(stop):
            return _nothing_yet(["unfinished", "`update` returns nothing yet; it should say True or False."])
        if stop:
            stopped_after = epoch
            break
        for array in current:
            array += 1
    best = getattr(stopper, "best_weights", None)
    if _is_nothing(best):
        return _nothing_yet(["unfinished", "`best_weights` is still empty."])
    if not isinstance(best, (list, tuple)) or len(best) != len(weights):
        raise Unusable(
            f"expected `best_weights` to be a list of {len(weights)} arrays, like the weights that came", "wrong_type"
        )
    kept = [as_array(each, "`best_weights`") for each in best]
    if any(each is None for each in kept):
        return _nothing_yet(["unfinished", "`best_weights` is still empty."])
    return {
        "values": {
            "stopped_after": np.array(stopped_after),
            "best_weights": np.concatenate([each.astype(float).ravel() for each in kept]),
        },
        "notes": [],
    }


def first_adam_step(gradient):
    """Return what Adam makes of its very first gradient: about 1 in size, whatever the gradient's size."""
    return gradient / (np.abs(gradient) + 1e-8)


@probe
def regularised_step(target, w, gradient, optimiser, learning_rate, strength, kind):
    """Let a function take one descent step with L2, with the direction of "sgd" or of the first step of "adam"."""
    if not callable(target):
        raise Unusable("expected a function", "wrong_type")
    direction = {"sgd": lambda gradient: gradient, "adam": first_adam_step}[optimiser]
    return {"values": {"output": as_array(target(w, gradient, direction, learning_rate, strength, kind))}, "notes": []}


@probe
def trained(target, images, labels, seed, questions, limit):
    """Let ``train`` learn the digits, with one thread and within a limit, and return what ``predict`` says of others.

    Args:
        images: training images as text, see ``datasets.pack_images``.
        labels: their digits, as a string of digits.
        questions: mapping from names to packed images without labels; "training" is added.
        limit: seconds of this process's time (all threads together) that the training may take.
    """
    from ..datasets import unpack_images

    if not callable(target):
        raise Unusable("expected a function", "wrong_type")
    training = unpack_images(images)
    with one_thread(), _time_limit(limit) as clock:
        _seed_everything(seed)
        predict = target(training.copy(), np.array([int(digit) for digit in labels]), seed)
        if clock() > 1.2 * limit:
            raise TooLong(_too_long(limit))
    if _is_nothing(predict):
        return _nothing_yet()
    values = {}
    if not callable(predict):
        raise Unusable(
            "`train` should return a function `predict(images)`, got " + type(predict).__name__[:40], "wrong_type"
        )
    for name, packed in {**questions, "training": images}.items():
        asked = unpack_images(packed)
        with _time_limit(limit):
            answer = as_array(predict(asked), "what `predict` returns")
        if answer is None:
            return _nothing_yet(["unfinished", "`predict` returns nothing yet."])
        if answer.ndim == 2 and answer.shape[1] == 10:
            raise Unusable(
                "`predict` returns ten numbers for each image; return the label of the largest (`.argmax(axis=1)`)",
                "not_a_digit",
            )
        if answer.shape != (len(asked),):
            raise Unusable(
                f"`predict` should return one label for each image, shape ({len(asked)},), got {tuple(answer.shape)}",
                "wrong_shape",
            )
        values[name] = answer
    return {"values": values, "notes": []}


class TooLong(BaseException):
    """Raised in a student's code when its time is up."""


def _too_long(seconds):
    return f"training was stopped: it took longer than the {seconds:g} seconds that it may"


@contextlib.contextmanager
def _time_limit(seconds):
    """Interrupt what takes longer, where the system can; gives a function that tells the seconds so far.

    It counts the process's own seconds, not the clock's: a busy computer harms nobody, and threads gain nothing.
    """

    def stop(number, frame):
        raise TooLong(_too_long(seconds))

    begin = time.process_time()
    can = hasattr(signal, "SIGPROF") and threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGPROF, stop) if can else None
    try:
        if can:
            signal.setitimer(signal.ITIMER_PROF, seconds)
        yield lambda: time.process_time() - begin
    except TooLong as error:
        raise Unusable(str(error), "too_slow") from None
    finally:
        if can:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)


def _seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)
    if "tensorflow" in sys.modules:
        from ..frameworks import tf

        tf.random.set_seed(seed)
