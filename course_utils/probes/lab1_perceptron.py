"""Lab 1: the same weights in two frameworks."""

from itertools import pairwise
from typing import Any

import numpy as np

from ..protocol import Reply
from .base import Unusable, as_array, must_be_callable, nothing_yet, probe, remark
from .layers import Parameters


@probe
def copied_weights(
    target: Any,
    widths: list[int],
    parameters: Parameters,
    start: Parameters,
    x: np.ndarray,
    upstream: np.ndarray,
) -> Reply:
    """Let a function copy the weights of a PyTorch network into a Keras network, and return what the Keras one does.

    Args:
        widths: units of each layer, inputs first.
        parameters: mapping "W1", "b1", "W2", ... to the PyTorch network's arrays, weights of shape (inputs, units).
        start: the same for the Keras network before the copy.
        x: array of shape (samples, inputs), fed as float32.
        upstream: array of the output's shape: the gradient of the loss with respect to the output.
    """
    from ..frameworks import keras, tf, torch

    must_be_callable(target)
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
            not np.array_equal(np.asarray(as_array(layer.weight)), parameters[name].T.astype(np.float32))
            for layer, name in zip(torch_layers[::2], names[::2])
        )
        if backwards:
            raise Unusable("copied_backwards")
        return nothing_yet(remark("unchanged"))
    with tf.GradientTape() as tape:
        output = keras_net(tf.constant(x.astype(np.float32)))
        loss = tf.reduce_sum(output * tf.cast(upstream, output.dtype))
    values = {"output": as_array(output)}
    for name, gradient in zip(names, tape.gradient(loss, keras_net.trainable_variables)):
        values[f"grad_{name}"] = as_array(gradient)
    return {"values": values, "notes": []}
