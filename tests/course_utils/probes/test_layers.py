"""Layers and networks: a test's parameters find their places, whatever the student built."""

import numpy as np
import pytest

from course_utils.probes import Unusable, ask
from course_utils.probes.layers import Slot, place_parameters
from course_utils.remarks import diagnosis, in_words
from tests.course_utils.needs import needs_tensorflow, needs_torch

LAYER = {
    "constructor": [3, 2],
    "parameters": {"W": np.arange(6.0).reshape(3, 2) / 6, "b": np.array([0.5, -0.5])},
    "x": np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 0.0], [1.5, 0.0, -2.0], [0.0, 0.0, 1.0]]),
    "upstream": np.ones((4, 2)),
}


def expected_output():
    return 1 / (1 + np.exp(-(LAYER["x"] @ LAYER["parameters"]["W"] + LAYER["parameters"]["b"])))


def torch_settings():
    import torch

    return {
        torch.set_grad_enabled: (False, True),
        torch.set_default_dtype: (torch.float64, torch.float32),
        torch.set_default_device: ("meta", None),
        torch.set_float32_matmul_precision: ("medium", "highest"),
    }


@needs_torch
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_pytorch_settings_of_the_notebook_do_not_matter(dtype):
    """Without gradients, in another precision or on another device a layer gets the same numbers; the choices stay."""
    import torch
    from torch import nn

    def layer(n_inputs, n_units):
        assert torch.get_float32_matmul_precision() == "highest"
        return nn.Sequential(nn.Linear(n_inputs, n_units), nn.Sigmoid())

    replies = [ask({"layer": layer}, "layer", "torch_module", LAYER)]
    for setting, (choice, _) in torch_settings().items():
        setting(choice)
    torch.set_default_dtype(getattr(torch, dtype))
    try:
        replies.append(ask({"layer": layer}, "layer", "torch_module", LAYER))
        assert str(torch.get_default_dtype()) == f"torch.{dtype}" and torch.ones(1).device.type == "meta"
        assert torch.get_float32_matmul_precision() == "medium" and not torch.is_grad_enabled()
    finally:
        for setting, (_, default) in torch_settings().items():
            setting(default)
    for reply in replies:
        assert reply["notes"] == []
        assert np.allclose(reply["values"]["output"], expected_output(), rtol=1e-6)
        assert np.allclose(reply["values"]["grad_b"], (expected_output() * (1 - expected_output())).sum(axis=0))
        assert reply["values"]["grad_W"].shape == (3, 2)


@needs_torch
def test_a_module_that_its_author_moved_is_followed():
    """Inputs go where the module is. No device but the processor is here for sure: meta computes shapes alone."""
    from torch import nn

    def layer(n_inputs, n_units):
        return nn.Linear(n_inputs, n_units, device="meta")

    reply = ask({"layer": layer}, "layer", "torch_module", LAYER)
    assert reply["unusable"]["says"] == "not_numbers"  # it computed; only the numbers cannot come home


@needs_tensorflow
@pytest.mark.parametrize("policy", ["float64", "mixed_float16", "bfloat16"])
def test_keras_settings_of_the_notebook_do_not_matter(policy):
    """Whatever precision a notebook chose, a layer computes in float32, not rounded to TF32; the choices stay."""
    import keras
    import tensorflow as tf

    def layer(n_units):
        assert not tf.config.experimental.tensor_float_32_execution_enabled()
        return keras.layers.Dense(n_units, activation="sigmoid")

    arguments = {**LAYER, "constructor": [2]}
    replies = [ask({"layer": layer}, "layer", "keras_layer", arguments)]
    keras.config.set_dtype_policy(policy)
    try:
        replies.append(ask({"layer": layer}, "layer", "keras_layer", arguments))
        assert keras.config.dtype_policy().name == policy
        assert tf.config.experimental.tensor_float_32_execution_enabled()
    finally:
        keras.config.set_dtype_policy("float32")
    for reply in replies:
        assert reply["notes"] == []
        assert reply["values"]["output"].dtype == np.float32
        assert np.allclose(reply["values"]["output"], expected_output(), rtol=1e-6)
        assert reply["values"]["grad_W"].shape == (3, 2)


@needs_torch
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda *a: None, None),
        (lambda *a: ..., None),
        (lambda *a: 3, "wrong_type"),
        (lambda *a: [], "wrong_type"),
        (lambda *a: lambda x: x, "missing_parameter"),
    ],
)
def test_what_is_no_pytorch_module_is_named(make, code):
    """A class or function that makes nothing is unfinished; one that makes something else is told so."""
    reply = ask({"layer": make}, "layer", "torch_module", LAYER)
    assert ("unusable" in reply and diagnosis(reply["unusable"])) == (code or False)
    assert code or reply["values"] == {"output": None}


@needs_torch
def test_a_pytorch_stub_is_unfinished():
    """A module whose methods hold only ... is unfinished, at each stage of writing it."""
    from torch import nn

    class Stub(nn.Module):
        def __init__(self, n_inputs, n_units):
            super().__init__()
            ...

        def forward(self, x): ...

    class HalfWritten(Stub):
        def __init__(self, n_inputs, n_units):
            super().__init__(n_inputs, n_units)
            self.linear = nn.Linear(n_inputs, n_units)

    class WithoutForward(nn.Module):
        def __init__(self, n_inputs, n_units):
            super().__init__()
            self.linear = nn.Linear(n_inputs, n_units)

    for stage in (Stub, HalfWritten, WithoutForward):
        assert ask({"layer": stage}, "layer", "torch_module", LAYER)["values"] == {"output": None}


@needs_tensorflow
def test_a_keras_stub_is_unfinished():
    """A layer whose methods hold only ... is unfinished, at each stage of writing it."""
    import keras

    class Stub(keras.layers.Layer):
        def __init__(self, n_units):
            super().__init__()

        def build(self, input_shape): ...

        def call(self, x): ...

    class HalfWritten(Stub):
        def build(self, input_shape):
            self.W = self.add_weight(shape=(3, 2))

    for stage in (Stub, HalfWritten):
        reply = ask({"layer": stage}, "layer", "keras_layer", {**LAYER, "constructor": [2]})
        assert reply["values"] == {"output": None}


@needs_tensorflow
def test_an_error_inside_keras_is_readable():
    """Keras wraps what a layer raises in many lines; the one that says what happened is kept, without colours."""
    import keras

    class Layer(keras.layers.Layer):
        def __init__(self, n_units):
            super().__init__()

        def call(self, x):
            return keras.ops.matmul(x, keras.ops.ones((4, 2)))

    error = ask({"layer": Layer}, "layer", "keras_layer", {**LAYER, "constructor": [2]})["error"]
    assert "Matrix size-incompatible" in error["message"] or "Dimensions must be equal" in error["message"]
    assert "\x1b" not in error["message"] and "{{" not in error["message"]


W, B = np.zeros((3, 2)), np.zeros(2)


@pytest.mark.parametrize(
    ("named", "registered", "placed"),
    [
        ({}, [(W, False), (B, False)], {"W": False, "b": False}),
        ({}, [(B, False), (W.T, True)], {"W": True, "b": False}),
        ({"W": W, "b": B}, [], {"W": False, "b": False}),
        ({"b": B}, [(B, False), (W, False)], {"W": False, "b": False}),
    ],
)
def test_parameters_find_their_places(named, registered, placed):
    """A parameter is found by its name, else by its shape, turned where the framework keeps it transposed."""
    slots = place_parameters({"W": W, "b": B}, named, [Slot(*pair) for pair in registered], "linear")
    assert {name: slot.transposed for name, slot in slots.items()} == placed
    assert {name: slot.shape for name, slot in slots.items()} == {"W": (3, 2), "b": (2,)}


@pytest.mark.parametrize(
    ("named", "registered", "code", "words"),
    [
        ({}, [], "missing_parameter", "but there are none. Use `nn.Linear` layers"),
        ({"W": W.T}, [], "parameter_shape", "parameter `W` has shape (2, 3), expected (3, 2)"),
        (
            {},
            [(W.T, False)],
            "parameter_shape",
            "no parameter fits `W` of shape (3, 2); left over are those of shape (2, 3)",
        ),
        ({}, [(B, False)], "missing_parameter", "no parameter fits `W` of shape (3, 2)"),
        ({}, [(W, False)], "missing_parameter", "no parameter fits `b` of shape (2,). Use `nn.Linear`"),
        ({}, [(W, False), (B, False), (np.zeros(7), False)], "extra_parameter", "there are also (7,)"),
    ],
)
def test_parameters_without_a_place_are_named(named, registered, code, words):
    """What is missing, of the wrong shape or too many is told with the shapes."""
    with pytest.raises(Unusable) as refused:
        place_parameters({"W": W, "b": B}, named, [Slot(*pair) for pair in registered], "linear")
    assert diagnosis(refused.value.remark) == code and words in in_words(refused.value.remark)
