"""What errors say to a student: the hint fits what the libraries of today raise, and blames nothing else."""

import linecache

import numpy as np
import pytest

from course_utils.frameworks import installed
from course_utils.judging.causes import BY_TYPE, CAUSES
from course_utils.judging.errors import raised
from course_utils.probes import ask

TORCH, TENSORFLOW = (f"from course_utils.frameworks import {names}\n" for names in ("torch", "keras, tf"))

IMPORTED = {"torch": "torch", "tensorflow": "keras"}


def told(body, reveal=True):
    """Return the assessment of a function with this body, whose argument is a 2 by 3 array."""
    source = "import numpy as np\n\ndef student(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    linecache.cache["<errors>"] = (len(source), None, source.splitlines(True), "<errors>")
    namespace = {}
    exec(compile(source, "<errors>", "exec"), namespace)
    reply = ask(namespace, "student", "call", {"arguments": [np.arange(6.0).reshape(2, 3)], "outputs": ["output"]})
    return raised(reply["error"], reveal)


REAL = [
    ("return x @ x", "shapes_do_not_fit"),
    ("return x @ x.T + x", "shapes_do_not_fit"),
    ("return x[np.arange(3), np.arange(3)]", "index_order"),
    ("return x * x.sum", "not_called"),
    ("return np.log(x + 1, 2)", "base_of_logarithm"),
    ("return max(x, 0)", "one_truth_value"),
    ("return x if x > 0 else 0", "one_truth_value"),
    ("class Layer:\n    def __init__(self, slope): self.on = bool(slope)\nreturn Layer(x)", "one_truth_value"),
    ("import warnings\nreturn np.linspace(0, 1, endpoint=x)", "array_for_number"),
    ("def f(a, b): return a\nreturn f([x, x])", "argument_missing"),
    ("class Curve:\n    pass\nreturn Curve(x)", "too_many_arguments"),
    ("return np.sum(x, dim=1)", "unknown_argument"),
    ("a, b, c = x\nreturn a", "unpacking"),
    ("return [1, 2] * 0.5", "list_computes"),
    ("return 0.5 - [1, 2]", "list_computes"),
    ("y = 2\nreturn y(x)", "not_callable"),
    ("return x[0, 0] @ x", "single_number"),
    ("return [i for i in x[0, 0]]", "single_number"),
    ("return [1, 2][2]", "too_short"),
    ("return x.sum(axis=2)", "no_such_axis"),
    ("return x[0, 1, 2]", "no_such_axis"),
    ("return x[[0, 1, 0], [0, 1]]", "IndexError"),
    ("return x[5]", "too_short"),
    ("return np.max(0, x)", "array_for_axis"),
    ("import math\nreturn math.exp(x)", "array_for_number"),
    ("return float(x)", "array_for_number"),
    ("return x ^ 2", "caret_for_power"),
    ("def tanh(x):\n    return x\ndef f(x):\n    tanh = tanh(x)\n    return tanh\nreturn f(x)", "name_hidden"),
    ("return x[1.0]", "index_type"),
    ("return np.arange(3)[x]", "index_type"),
    ("x[0] = [x, x]\nreturn x", "array_in_a_place"),
    ("return np.array([[1.0], [1.0, 2.0]])", "unequal_rows"),
    ("y = np.arange(3)\ny += 0.5\nreturn y", "dtypes_differ"),
    ("return -(x > 0)", "dtypes_differ"),
    ("if x is None:\n    y = 1\nreturn y", "name_not_set"),
    ("return weigths", "unknown_name"),
    ("t = (1, 2)\nt[0] = 1\nreturn t", "tuple_is_fixed"),
    ("return np.array_split(x, 1 // 2)", "zero_parts"),
    ("return np.split(x, 4)", "zero_parts"),
    ("return np.concatenate([])", "nothing_inside"),
    ("return np.max(x[:0])", "nothing_inside"),
    ("return [].sort().pop()", "none_in_use"),
    ("return {}['a']", "KeyError"),
    ("return 1 / 0", "ZeroDivisionError"),
    ("return x.numpy()", "AttributeError"),
    (TORCH + "t = torch.tensor(x)\nreturn t @ t", "shapes_do_not_fit"),
    (TORCH + "t = torch.tensor(x)\nreturn t + t.T", "shapes_do_not_fit"),
    (TORCH + "t = torch.tensor(x)\nif t > 0: return t", "one_truth_value"),
    (
        TORCH + "t = torch.tensor(x, requires_grad=True).float()\nt.sum().backward()\nreturn t.grad.numpy()",
        "gradient_is_none",
    ),
    (TORCH + "torch.tensor(x).sum().backward()", "no_gradient_wanted"),
    (TORCH + "torch.tensor(x, requires_grad=True).backward()", "backward_of_many"),
    (TORCH + "y = (torch.tensor(x, requires_grad=True) ** 2).sum()\ny.backward()\ny.backward()", "backward_twice"),
    (TORCH + "t = torch.tensor(x, requires_grad=True)\nt -= 1\nreturn t", "changed_in_place"),
    (TORCH + "return torch.tensor(x, requires_grad=True).numpy()", "needs_detach"),
    (TORCH + "class N(torch.nn.Module):\n    def __init__(self): self.a = torch.nn.Linear(2, 2)\nN()", "super_missing"),
    (TORCH + "return torch.nn.Sequential([torch.nn.ReLU()])", "list_of_layers"),
    (TORCH + "return torch.nn.Sequential(torch.nn.ReLU)", "list_of_layers"),
    (TORCH + "return torch.nn.Sigmoid(torch.tensor(x))", "too_many_arguments"),
    (TORCH + "return torch.nn.Linear(3, 2)(torch.tensor(x))", "dtypes_differ"),
    (TORCH + "return torch.nn.functional.cross_entropy(torch.arange(3), torch.tensor(x))", "dtypes_differ"),
    (TORCH + "return torch.tensor(x).sum(dim=2)", "no_such_axis"),
    (TORCH + "return torch.tensor(x)[5]", "too_short"),
    (TORCH + "import math\nreturn math.exp(torch.tensor(x))", "array_for_number"),
    (TORCH + "return torch.tensor(x) ^ 2", "caret_for_power"),
    (TORCH + "return sum([1.0, 2.0]).backward()", "number_differentiated"),
    (
        TORCH + "return torch.nn.functional.binary_cross_entropy(torch.tensor(x), torch.tensor(x))",
        "probabilities_wanted",
    ),
    (TORCH + "return torch.relu(x)", "array_for_tensor"),
    (TORCH + "torch.optim.SGD([], lr=1)", "nothing_inside"),
    (TENSORFLOW + "t = tf.constant(x)\nreturn t @ t", "shapes_do_not_fit"),
    (TENSORFLOW + "t = tf.constant(x)\nreturn t + tf.transpose(t)", "shapes_do_not_fit"),
    (TENSORFLOW + "t = tf.constant(x)\nt[0] = 1", "variable_is_fixed"),
    (TENSORFLOW + "return tf.gather(tf.constant(x), [7])", "index_too_large"),
    (TENSORFLOW + "import math\nreturn math.exp(tf.constant(x))", "array_for_number"),
    (TENSORFLOW + "return tf.constant(x) ^ 2", "caret_for_power"),
    (
        TENSORFLOW + "v = tf.Variable(x)\nkeras.optimizers.SGD().apply_gradients([v * 1.0], [v])",
        "pairs_not_zipped",
    ),
    (
        TENSORFLOW
        + "t = tf.constant(x)\nwith tf.GradientTape() as tape: y = t * t\nreturn tape.gradient(y, t).numpy()",
        "gradient_is_none",
    ),
    (
        TENSORFLOW
        + "t = tf.Variable(x)\nwith tf.GradientTape() as tape: y = float(tf.reduce_sum(t))\nreturn tape.gradient(y, t)",
        "number_differentiated",
    ),
    (
        TENSORFLOW + "return keras.losses.categorical_crossentropy(tf.constant([0, 1]), tf.constant(x))",
        "labels_of_another_kind",
    ),
    (
        TENSORFLOW + "v = keras.Variable(x)\nkeras.optimizers.SGD().apply_gradients([(v, tf.constant(x))])",
        "pairs_swapped",
    ),
    (
        TENSORFLOW + "t = tf.constant(x)\nwith tf.GradientTape() as tape: tape.watch(t)\nreturn tape.gradient(x, t)",
        "array_differentiated",
    ),
    (TENSORFLOW + "return keras.Input(3)", "no_shape"),
    (TENSORFLOW + "layer = keras.layers.Dense(2)\nlayer.build((None, 4))\nreturn layer(tf.constant(x))", "input_size"),
    (TENSORFLOW + "return tf.constant(x) @ tf.constant(np.float32(x.T))", "dtypes_differ"),
    (TENSORFLOW + "return keras.Sequential([[keras.layers.Dense(2)]])", "list_of_layers"),
]


@pytest.mark.parametrize(("body", "diagnosis"), REAL, ids=[f"{name} {body[-30:]!r}" for body, name in REAL])
def test_what_libraries_raise_is_known(body, diagnosis):
    """Each kind of error is raised by a library itself, and known by its words."""
    for framework in ("torch", "tensorflow"):
        if f"import {IMPORTED[framework]}" in body and not installed(framework):
            pytest.skip(f"{framework} is not installed")
    found = told(body)
    assert found.diagnosis == diagnosis, found.message
    assert "In the line `" in found.message
    hints = {cause.hint for cause in CAUSES if cause.diagnosis == diagnosis} | {BY_TYPE.get(diagnosis, "")}
    assert found.message.endswith(tuple(hints))


def test_every_hint_is_tried():
    """No cause stands there that no test has seen."""
    elsewhere = {"devices_differ", "weights_misfit"}
    assert {cause.diagnosis for cause in CAUSES} - elsewhere == {name for _, name in REAL} - set(BY_TYPE) - {
        "TypeError"
    }


def test_only_a_product_is_asked_for_its_order():
    """A sum in a line with a product is not told that the product stands the wrong way round."""
    assert "the product" in told("return x @ x").message
    assert "the product" not in told("return x @ x.T + x").message


@pytest.mark.parametrize(
    ("said", "diagnosis", "advice"),
    [
        ("Expected all tensors to be on the same device, but found cuda:0 and cpu!", "devices_differ", ".to(w.device)"),
        (
            "Input and hidden tensors are not at the same device, found input tensor at cuda:0",
            "devices_differ",
            "`.cpu()`",
        ),
        ("can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu()", "devices_differ", "`.cpu()`"),
        ("Layer dense expects 2 weights, but 1 were given", "weights_misfit", "as one list"),
    ],
)
@pytest.mark.parametrize("reveal", [True, False])
def test_an_error_that_cannot_be_raised_here_is_known(said, diagnosis, advice, reveal):
    """Code that mixes devices is told so, on hidden inputs too."""
    found = raised({"type": "AssertionError", "message": said, "line": ""}, reveal)
    assert found.diagnosis == diagnosis and advice in found.message


def test_hidden_inputs_tell_no_text():
    """On hidden inputs the hint stays, and the error's own text is not shown."""
    found = told("raise ValueError(f'operands could not be broadcast {x}')", reveal=False)
    assert found.diagnosis == "shapes_do_not_fit" and "[" not in found.message.replace("[x]", "").partition("`")[0]
