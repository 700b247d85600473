"""Lab 2's probes: functions of an array in three libraries, with the notes that cost points, and of functions."""

import numpy as np
import pytest

from course_utils.probes import ask
from course_utils.probes.lab2_activations import FUNCTIONS
from course_utils.remarks import diagnosis, in_words
from tests.course_utils.needs import needs_tensorflow, needs_torch

Z = np.array([[-1.0, 0.0, 2.0], [0.5, 3.0, -2.0]])


def asked(probe, function, *values, **arguments):
    return ask({"f": function}, "f", probe, {"arguments": list(values), **arguments})


def codes(reply):
    return [diagnosis(note) for note in reply["notes"]]


def test_a_function_of_arrays_sends_its_output():
    """Arrays and plain numbers go in; the output comes back without a note."""
    reply = asked("numpy_function", lambda z, slope: np.where(z > 0, z, slope * z), Z, 0.1)
    assert reply["notes"] == [] and reply["values"]["output"].tolist() == [[-0.1, 0.0, 2.0], [0.5, 3.0, -0.2]]


def changes_its_input(z):
    z[z < 0] = 0
    return z


def everything_at_once(z):
    return changes_its_input(z).astype(float) / 0


@pytest.mark.parametrize(
    ("function", "z", "noted"),
    [
        (lambda z: np.maximum(z, 0), Z, []),
        (changes_its_input, Z, ["input_changed"]),
        (lambda z: 1 / (1 + np.exp(-z)), -1000 * np.ones(2), ["warned"]),
        (lambda z: z / 0, Z, ["warned"]),
        (lambda z: np.log(z), -np.ones(2), ["warned"]),
        (lambda z: z.astype(float), Z.astype(np.float32), ["dtype_changed"]),
        (lambda z: [float(value) for value in z], np.ones(2, dtype=np.float32), ["dtype_changed"]),
        (everything_at_once, Z.astype(np.float32), ["dtype_changed", "warned", "input_changed"]),
    ],
)
def test_costly_notes_name_what_a_right_value_hides(function, z, noted):
    """Another dtype, a changed input and NumPy's warnings are noted next to the output."""
    reply = asked("numpy_function", function, z, same_dtype=True)
    assert codes(reply) == noted and reply["values"]["output"].shape == z.shape


def test_the_notes_say_what_happened():
    """The student reads both dtypes, and the words of NumPy's warning."""
    reply = asked("numpy_function", lambda z: np.exp(z.astype(float)), np.full(2, 1000, np.float32), same_dtype=True)
    dtype, warning = map(in_words, reply["notes"])
    assert dtype == "float32 numbers came back as float64: keep the dtype of the input."
    assert warning.startswith("NumPy warned: overflow encountered in exp.")


def test_another_dtype_is_noted_only_where_the_exercise_asks_for_it():
    """Without `same_dtype` a result in float64 is as good."""
    assert asked("numpy_function", lambda z: z.astype(float), Z.astype(np.float32))["notes"] == []


@pytest.mark.parametrize("value", [None, ...])
def test_nothing_returned_is_unfinished(value):
    """A stub has no output and no note."""
    assert asked("numpy_function", lambda z: value, Z) == {"values": {"output": None}, "notes": []}


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (0.5, "expected a function, got a number"),
        (Z, "expected a function, got a NumPy array"),
        (lambda z: "text", "expected numbers, but the result is a string"),
    ],
)
def test_what_is_no_function_of_numbers_is_named(target, sentence):
    """A value in place of a function, and a result without numbers, are told in words."""
    reply = asked("numpy_function", target, Z)
    assert (diagnosis(reply["unusable"]), in_words(reply["unusable"])) == ("wrong_type", sentence)


def named(namespace, name):
    arguments = {"name": name, "arguments": [Z]}
    return ask(namespace, ["relu", "softplus"], "named_function", arguments)


def test_one_of_several_functions_is_called_by_its_name():
    """The names of a test may stand for several functions, of which a case calls one."""
    namespace = {"relu": lambda z: np.maximum(z, 0), "softplus": lambda z: np.log1p(np.exp(z))}
    assert np.array_equal(named(namespace, "relu")["values"]["output"], np.maximum(Z, 0))
    assert np.array_equal(named(namespace, "softplus")["values"]["output"], np.log1p(np.exp(Z)))


@pytest.mark.parametrize("namespace", [{}, {"relu": None}, {"relu": lambda z: None}, {"relu": lambda z: ...}])
def test_the_unfinished_one_of_several_functions_is_named(namespace):
    """A function that is not there, or returns nothing, is told by its name."""
    reply = named(namespace, "relu")
    assert reply["values"] == {"output": None}
    assert [in_words(note) for note in reply["notes"]] == ["`relu` returns nothing yet."]


def test_the_notes_of_one_of_several_functions_stay():
    """A costly note reaches the judge through the mapping too."""
    assert codes(named({"relu": changes_its_input}, "relu")) == ["input_changed"]
    assert diagnosis(named({"relu": 3}, "relu")["unusable"]) == "wrong_type"


FRAMEWORKS = [
    pytest.param("torch_function", id="torch", marks=needs_torch),
    pytest.param("tf_function", id="tensorflow", marks=needs_tensorflow),
]
every_framework = pytest.mark.parametrize("probe", FRAMEWORKS)
UPSTREAM = np.arange(1.0, 7).reshape(2, 3)


def square(z, *factors):
    """Square a tensor of any framework, times factors."""
    result = z * z
    for factor in factors:
        result = result * factor
    return result


@every_framework
def test_a_function_of_tensors_sends_its_output_and_gradient(probe):
    """The gradient of sum(output * upstream) is called by the first argument's name; dtypes stay."""
    for dtype in (np.float32, np.float64):
        reply = asked(probe, square, Z.astype(dtype), upstream=UPSTREAM, name="x", same_dtype=True)
        assert reply["notes"] == [] and set(reply["values"]) == {"output", "grad_x"}
        assert reply["values"]["output"] == pytest.approx(Z**2) and reply["values"]["output"].dtype == dtype
        assert reply["values"]["grad_x"] == pytest.approx(2 * Z * UPSTREAM)


@every_framework
def test_further_arguments_are_tensors_or_numbers(probe):
    """Arrays among the other arguments become tensors, numbers stay numbers; the gradient is for the first alone."""
    kinds = []

    def function(z, *factors):
        kinds.extend(type(factor) for factor in factors)
        return square(z, *factors)

    reply = asked(probe, function, Z, UPSTREAM, 3.0, upstream=np.ones((2, 3)))
    assert reply["values"]["output"] == pytest.approx(3 * Z**2 * UPSTREAM)
    assert reply["values"]["grad_z"] == pytest.approx(6 * Z * UPSTREAM)
    assert kinds[0] is not np.ndarray and kinds[1] is float


def detached(z):
    if hasattr(z, "detach"):
        return z.detach() * 2
    import tensorflow as tf

    return tf.stop_gradient(z) * 2


def in_float64(z):
    if hasattr(z, "double"):
        return z.double()
    import tensorflow as tf

    return tf.cast(z, tf.float64)


def row_sums(z):
    return z[:, 0] + z[:, 1] + z[:, 2]


@every_framework
def test_a_gradient_that_does_not_arrive_is_noted(probe):
    """The output comes alone, and the note tells how to compute it."""
    reply = asked(probe, detached, Z, upstream=UPSTREAM)
    assert set(reply["values"]) == {"output"} and codes(reply) == ["missing_gradient"]
    framework = "PyTorch" if probe == "torch_function" else "TensorFlow"
    assert in_words(reply["notes"][0]).startswith(f"Compute the output from `z` with {framework}'s own functions")


@every_framework
def test_another_dtype_of_a_tensor_is_noted(probe):
    """The costly note names both dtypes, without the library's prefix."""
    z = Z.astype(np.float32)
    reply = asked(probe, in_float64, z, upstream=UPSTREAM, same_dtype=True)
    assert diagnosis(reply["notes"][0]) == "dtype_changed"
    assert in_words(reply["notes"][0]).startswith("float32 numbers came back as float64")
    assert asked(probe, in_float64, z, upstream=UPSTREAM)["notes"] == []


@every_framework
def test_an_output_of_another_shape_has_no_gradient(probe):
    """The judge will name the shape: no gradient is taken, and none is missed."""
    reply = asked(probe, row_sums, Z, upstream=UPSTREAM)
    assert reply["notes"] == [] and set(reply["values"]) == {"output"}
    assert reply["values"]["output"] == pytest.approx(Z.sum(axis=1))


@every_framework
@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (1.0, "expected a function, got a number"),
        (lambda z: np.asarray(Z), "expected the output to be a {} tensor, got a NumPy array"),
        (lambda z: 0.5, "expected the output to be a {} tensor, got a number"),
        (lambda z: [z], "expected the output to be a {} tensor, got a list of unequal parts"),
    ],
)
def test_what_is_no_function_of_tensors_is_named(probe, target, sentence):
    """A NumPy array or a number is no tensor, and the reply says so."""
    reply = asked(probe, target, Z, upstream=UPSTREAM)
    framework = "PyTorch" if probe == "torch_function" else "TensorFlow"
    assert (diagnosis(reply["unusable"]), in_words(reply["unusable"])) == ("wrong_type", sentence.format(framework))


@every_framework
@pytest.mark.parametrize("value", [None, ...])
def test_a_stub_for_tensors_is_unfinished(probe, value):
    """Nothing returned means not written yet, in every library."""
    assert asked(probe, lambda z: value, Z, upstream=UPSTREAM) == {"values": {"output": None}, "notes": []}


@needs_tensorflow
def test_a_sparse_gradient_is_a_plain_array():
    """TensorFlow's gradient of a gather comes as slices; the probe sends it whole."""
    import tensorflow as tf

    reply = asked("tf_function", lambda z: tf.gather(z, [1, 1]), Z, upstream=np.ones((2, 3)))
    assert reply["values"]["grad_z"].tolist() == [[0, 0, 0], [2, 2, 2]]


@needs_torch
def test_gradients_that_the_notebook_turned_off_do_not_matter():
    """After `torch.set_grad_enabled(False)` in a notebook the gradient is still taken."""
    import torch

    torch.set_grad_enabled(False)
    try:
        reply = asked("torch_function", square, Z, upstream=UPSTREAM)
    finally:
        torch.set_grad_enabled(True)
    assert reply["values"]["grad_z"] == pytest.approx(2 * Z * UPSTREAM)


def polynomial_of(function, *values):
    return asked("of_polynomial", function, *values, coefficients=[2.0, 0.0, -1.0])  # 2 x^2 - 1


def slope(function, x, step):
    return (function(x + step) - function(x - step)) / (2 * step)


def test_a_function_of_functions_gets_a_polynomial():
    """The coefficients stand with the highest power first, and the other arguments follow."""
    assert polynomial_of(lambda function, x: function(x), Z)["values"]["output"] == pytest.approx(2 * Z**2 - 1)
    assert polynomial_of(slope, Z, 0.1)["values"]["output"] == pytest.approx(4 * Z)


@pytest.mark.parametrize(
    ("library", "make"),
    [
        pytest.param("torch", "tensor", id="torch", marks=needs_torch),
        pytest.param("tensorflow", "constant", id="tensorflow", marks=needs_tensorflow),
    ],
)
def test_the_polynomial_takes_tensors_too(library, make):
    """A student who makes a tensor of the input gets a tensor, which comes back as a plain array."""
    tensor_of = getattr(pytest.importorskip(library), make)
    array = polynomial_of(lambda function, x: function(tensor_of(x)), Z)["values"]["output"]
    assert type(array) is np.ndarray and array == pytest.approx(2 * Z**2 - 1)


def test_a_function_of_functions_that_is_none_is_named():
    """Nothing returned is unfinished; an object that cannot be called is told so."""
    assert polynomial_of(lambda function, x: None, Z)["values"] == {"output": None}
    assert diagnosis(polynomial_of(2.0, Z)["unusable"]) == "wrong_type"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_activations_of_the_probe_have_their_derivatives(name):
    """Each derivative is the slope of its function."""
    function, derivative = FUNCTIONS[name]
    assert derivative(Z + 0.1) == pytest.approx(slope(function, Z + 0.1, 1e-5), rel=1e-6)


def test_a_stack_of_layers_is_measured_with_an_activation_and_its_derivative():
    """The function gets inputs, weights, and the pair that the case names."""
    weights = [np.eye(3), 2 * np.eye(3)]

    def first_layer(x, weights, activation, derivative):
        return np.stack([activation(x @ weights[1]), derivative(x @ weights[0])])

    def stack_of(function):
        return ask({"f": function}, "f", "stack_gradients", {"x": Z, "weights": weights, "function": "sine"})

    assert stack_of(first_layer)["values"]["output"] == pytest.approx(np.stack([np.sin(2 * Z), np.cos(Z)]))
    assert stack_of(lambda *_: None)["values"] == {"output": None}
    assert diagnosis(stack_of([1.0])["unusable"]) == "wrong_type"
