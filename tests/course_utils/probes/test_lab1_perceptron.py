"""Lab 1's probe: what a Keras network computes after a student's function has copied PyTorch's weights into it."""

import numpy as np
import pytest

from course_utils.probes import ask
from course_utils.remarks import diagnosis, in_words
from tests.course_utils.needs import needs_tensorflow, needs_torch

pytestmark = [needs_torch, needs_tensorflow]

RNG = np.random.default_rng(0)
SHAPES = {"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)}
PARAMETERS = {name: RNG.normal(size=shape) for name, shape in SHAPES.items()}
ARGUMENTS = {
    "widths": [2, 3, 1],
    "parameters": PARAMETERS,
    "start": {name: RNG.normal(size=shape) for name, shape in SHAPES.items()},
    "x": RNG.normal(size=(4, 2)),
    "upstream": RNG.normal(size=(4, 1)),
}


def copied(function):
    return ask({"copy_weights": function}, "copy_weights", "copied_weights", ARGUMENTS)


def arrays_of(torch_net):
    """Return the PyTorch network's parameters in Keras' order and shape."""
    return [parameter.detach().numpy().T for parameter in torch_net.parameters()]


def copy_weights(torch_net, keras_net):
    keras_net.set_weights(arrays_of(torch_net))


def copy_and_return(torch_net, keras_net):
    copy_weights(torch_net, keras_net)
    return keras_net


def build_another(torch_net, keras_net):
    import keras

    dense = [keras.layers.Dense(units, activation="sigmoid") for units in (3, 1)]
    net = keras.Sequential([keras.Input((2,)), *dense])
    net.set_weights(arrays_of(torch_net))
    return net


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def expected_values():
    """Return the output of the copied network and its gradients, computed by hand."""
    x, (W1, b1, W2, b2) = ARGUMENTS["x"], PARAMETERS.values()
    hidden = sigmoid(x @ W1 + b1)
    output = sigmoid(hidden @ W2 + b2)
    error = ARGUMENTS["upstream"] * output * (1 - output)
    hidden_error = error @ W2.T * hidden * (1 - hidden)
    return {
        "output": output,
        "grad_W1": x.T @ hidden_error,
        "grad_b1": hidden_error.sum(axis=0),
        "grad_W2": hidden.T @ error,
        "grad_b2": error.sum(axis=0),
    }


@pytest.mark.parametrize("function", [copy_weights, copy_and_return, build_another])
def test_the_copied_network_is_called_with_its_gradients(function):
    """Copied in place, returned, or put into another Keras network: output and gradients are plain arrays."""
    reply = copied(function)
    expected = expected_values()
    assert reply["notes"] == [] and list(reply["values"]) == list(expected)
    for name, array in reply["values"].items():
        assert type(array) is np.ndarray and array == pytest.approx(expected[name], rel=1e-4, abs=1e-6), name


def test_a_copy_of_some_weights_is_judged_by_what_it_computes():
    """With the biases alone copied the probe sends the other network's output and no complaint."""

    def biases_only(torch_net, keras_net):
        for keras_array, array in zip(keras_net.weights[1::2], arrays_of(torch_net)[1::2]):
            keras_array.assign(array)

    reply = copied(biases_only)
    assert reply["notes"] == [] and not np.allclose(reply["values"]["output"], expected_values()["output"])


@pytest.mark.parametrize("function", [lambda torch_net, keras_net: None, lambda torch_net, keras_net: keras_net])
def test_a_network_that_is_as_before_is_unfinished(function):
    """Nothing copied yet: no output, and the note says why."""
    reply = copied(function)
    assert reply["values"] == {"output": None}
    assert diagnosis(reply["notes"][0]) == "unchanged"


def test_copying_backwards_is_named():
    """A function that changes the PyTorch network instead is told the direction."""

    def backwards(torch_net, keras_net):
        import torch

        for parameter, array in zip(torch_net.parameters(), keras_net.get_weights()):
            parameter.data = torch.tensor(array.T)

    reply = copied(backwards)
    assert diagnosis(reply["unusable"]) == "copied_backwards" and "not the other way round" in in_words(
        reply["unusable"]
    )


def test_weights_that_were_not_transposed_are_an_error_of_the_students_own():
    """Keras refuses PyTorch's shape (units, inputs); the reply tells the line."""

    def untransposed(torch_net, keras_net):
        keras_net.layers[0].kernel.assign(torch_net[0].weight.detach().numpy())

    error = copied(untransposed)["error"]
    assert error["type"] == "ValueError" and error["line"].startswith("keras_net.layers[0].kernel.assign(")


@pytest.mark.parametrize("target", [3, "copy_weights"])
def test_what_is_no_function_is_named(target):
    """An object that cannot be called gives a reply, as every other fault does."""
    reply = copied(target)
    assert diagnosis(reply["unusable"]) == "wrong_type"
    assert in_words(reply["unusable"]).startswith("expected a function, got a")
