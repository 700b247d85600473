"""What the text of Lab 1 promises, asserted by running the solved lab's own functions."""

import re
from unittest.mock import Mock

import numpy as np
import pytest

from autograder.authoring.source import Lab
from autograder.settings import PROJECT
from course_utils import datasets, training
from course_utils.frameworks import installed

SOURCE = PROJECT / "solutions" / "lab1_perceptron.py"
TEXT = re.sub(r"\n# ?", " ", SOURCE.read_text(encoding="utf-8"))
needs_both = pytest.mark.skipif(not (installed("torch") and installed("tensorflow")), reason="a framework is missing")


@pytest.fixture(scope="module")
def lab():
    """The names of the solved notebook, demos left out."""
    namespace = {}
    for cell in Lab(SOURCE).cells:
        if cell.kind == "code" and not {"tests", "demo"} & set(cell.roles):
            exec(cell.text, namespace)
    return namespace


def promised(words):
    """Assert that the text says this, so that a test and its sentence change together."""
    assert words in TEXT, f"the text no longer says: {words}"


def test_minutes_leave_time_to_read_and_to_play():
    """Exercises and quiz take about 95 of the 145 minutes; reading and figures the rest."""
    promised("about 145 minutes")
    assert 92 <= sum(map(int, re.findall(r"#{2,3} (?!Optional)[^#]*?, (\d+) minutes?[,)]", TEXT))) <= 104


def test_headings_promise_the_points_of_the_test_cells():
    """Each heading says how many points its test cell gives, and how hard it is."""
    source = SOURCE.read_text(encoding="utf-8")
    headings = re.findall(r"^# ##.*\b(\d+) points?, \d+ minutes?, (?:easy|medium|hard)\)$", source, re.MULTILINE)
    assert headings == re.findall(r"tests=\"(?!perceptron_quiz)\w+\" points=([1-9]\d*)", source)


def test_a_nudge_always_helps(lab):
    """The sum of a missed 1 grows by eta (|x|^2 + 1): that of the text's sample by 2.6, three times."""
    promised("Three nudges of 2.6 bring it from $-6$ to $1.8$")
    x, w, b = np.array([3.0, 4.0]), np.array([-3.0, 1.0]), -1.0
    sums = []
    for _ in range(5):
        sums.append(x @ w + b)
        w, b = lab["perceptron_update"](x, 1, w, b, 0.1)
    assert sums == pytest.approx([-6, -3.4, -0.8, 1.8, 1.8])


def test_a_sigmoid_says_yes_exactly_where_the_sum_is_positive(lab):
    """At z = 0 it is 0.5, and above 0.5 exactly where z is above 0; so step and sigmoid have the same line."""
    promised(r"$\sigma(0) = 0.5$")
    z = np.linspace(-6, 6, 121)
    assert lab["sigmoid"](0.0) == 0.5
    assert np.array_equal(lab["sigmoid"](z) > 0.5, z > 0)


def test_one_hundred_irises_that_a_line_can_part(lab):
    """50 setosa and 50 versicolor; weights within the sliders' reach have all of them right."""
    promised("100 irises, 50 *setosa* (class 0) and 50 *versicolor* (class 1)")
    X, y, _, classes = datasets.iris_pair()
    assert X.shape == (100, 2) and np.sum(y == 1) == 50 and list(classes) == ["setosa", "versicolor"]
    assert np.array_equal(lab["neuron"](X, np.array([1.0, 1.0]), -3.0) > 0.5, y == 1)


def test_the_perceptron_s_mistakes_on_the_irises(lab):
    """17, 3, 3, 2 and then none, while the flowers on the wrong side after an epoch are another number."""
    promised("17, 3, 3 and 2 mistakes in the first four epochs, and none in the fifth: then the line stays")
    X, y, *_ = datasets.iris_pair()
    *_, mistakes = lab["train_perceptron"](X, y, 10, 0.1)
    assert list(mistakes) == [17, 3, 3, 2, 0, 0, 0, 0, 0, 0]
    w, b, _ = lab["train_perceptron"](X, y, 2, 0.1)
    assert np.sum((X @ w + b > 0) != (y == 1)) > 3


def test_the_learning_rate_only_scales_the_perceptron(lab):
    """From zero weights, ten times the rate gives ten times w and b, and the same mistakes."""
    promised("it only makes `w` and `b` larger by the same factor")
    X, y, *_ = datasets.iris_pair()
    (w, b, mistakes), (w10, b10, mistakes10) = (lab["train_perceptron"](X, y, 4, rate) for rate in (0.1, 1.0))
    assert np.allclose(w10, 10 * w) and np.isclose(b10, 10 * b) and list(mistakes) == list(mistakes10)


def test_the_perceptron_is_wrong_about_every_corner_of_xor(lab):
    """From the third epoch on it makes four mistakes in each."""
    promised("From the third epoch on it is wrong about each of the four")
    *_, mistakes = lab["train_perceptron"](*datasets.xor(), 50, 1.0)
    assert max(mistakes[:2]) < 4 and list(mistakes[2:]) == [4] * 48


def test_layers_without_a_sigmoid_multiply_out():
    """Two linear layers are one, with W1 W2 and b1 W2 + b2."""
    rng = np.random.default_rng(0)
    X, W1, b1, W2, b2 = (rng.normal(size=shape) for shape in ((6, 3), (3, 4), 4, (4, 2), 2))
    assert np.allclose((X @ W1 + b1) @ W2 + b2, X @ (W1 @ W2) + (b1 @ W2 + b2))


def test_or_as_the_text_shows_it(lab):
    """Its sums are -5, 5, 5 and 15; beyond 5 the sigmoid is within 0.01 of 0 or 1."""
    promised("is $-5$, $5$, $5$ and $15$")
    promised("within 0.01 of 0 or 1")
    corners, _ = datasets.xor()
    assert (corners @ [10, 10] - 5).tolist() == [-5, 5, 5, 15]
    assert lab["sigmoid"](-5.0) < 0.01 and lab["sigmoid"](5.0) > 0.99


def test_hints_for_nand_and_and(lab):
    """NAND is AND with all signs flipped; the weights of OR with a bias between -10 and -20 make AND."""
    promised("between $-10$ and $-20$")
    corners, _ = datasets.xor()
    both = np.array([0, 0, 0, 1])
    for bias in (-10.5, -15, -19.5):
        assert np.array_equal(corners @ [10, 10] + bias > 0, both == 1)
        assert np.array_equal(corners @ [-10, -10] - bias > 0, both == 0)


def test_the_hidden_layer_makes_a_single_line_enough(lab):
    """Where the four dots stand after the hidden layer, one line parts them; XOR is the output above 0.5."""
    promised("it puts the two 1s onto the same one")
    promised("*There* a single line is enough")
    corners, y = datasets.xor()
    W1, b1, W2, b2 = lab["xor_weights"]()
    hidden = lab["dense"](corners, W1, b1)
    assert len(np.unique(hidden.round(1), axis=0)) == 3
    assert np.array_equal((hidden @ W2 + b2)[:, 0] > 0, y == 1)
    assert np.array_equal(lab["two_layer"](corners, W1, b1, W2, b2)[:, 0] > 0.5, y == 1)


def test_parameters_are_as_many_as_the_text_says(lab):
    """The XOR network has 9, the network for digits 101,770."""
    promised("`[2, 2, 1]`, has 9 of them")
    promised("You should find 105")
    promised("nearly seven times as many")
    promised("already has 101,770")
    count = lab["count_parameters"]
    assert (count([2, 2, 1]), count([2, 8, 8, 1]), count([784, 128, 10])) == (9, 105, 101770)
    assert 6.7 < count([2, 50, 50, 1]) / count([2, 100, 1]) < 7


@needs_both
def test_three_spellings_of_a_dense_layer_agree(lab):
    """With the same W and b, NumPy, PyTorch and TensorFlow give the same four digits."""
    import torch

    promised("One idea, three spellings")
    rng = np.random.default_rng(0)
    x, W, b = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
    in_torch, in_keras = lab["DenseTorch"](3, 4), lab["DenseTF"](4)
    in_torch.W.data, in_torch.b.data = torch.tensor(W), torch.tensor(b)
    in_keras.build(x.shape)
    in_keras.W.assign(W)
    in_keras.b.assign(b)
    by_hand = lab["dense"](x, W, b)
    assert np.allclose(by_hand, in_torch(torch.tensor(x)).detach().numpy(), atol=1e-6)
    assert np.allclose(by_hand, in_keras(x).numpy(), atol=1e-6)


@needs_both
def test_copied_weights_give_the_same_outputs_and_gradients(lab):
    """PyTorch stores the transpose of what Keras stores; after the copy, outputs and gradients agree."""
    import keras
    import tensorflow as tf
    import torch
    from torch import nn

    torch.manual_seed(0)
    linear, dense = nn.Linear(2, 3), keras.layers.Dense(3, activation="sigmoid")
    one = nn.Sequential(linear, nn.Sigmoid(), nn.Linear(3, 1), nn.Sigmoid())
    other = keras.Sequential([keras.Input((2,)), dense, keras.layers.Dense(1, activation="sigmoid")])
    assert tuple(linear.weight.shape) == (3, 2) and tuple(dense.kernel.shape) == (2, 3)
    inputs = datasets.xor()[0].astype("float32")
    outputs = one(torch.tensor(inputs))
    assert not np.allclose(outputs.detach().numpy(), other(inputs).numpy(), atol=1e-3)
    lab["copy_weights"](one, other)
    assert np.allclose(outputs.detach().numpy(), other(inputs).numpy(), atol=1e-6)
    outputs.sum().backward()
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(other(inputs))
    assert np.allclose(linear.weight.grad.numpy().T, tape.gradient(total, dense.kernel).numpy(), atol=1e-6)


def trained(lab, source, network, steps):
    """Return the losses of one of the given loops, and how many of the points the network has right afterwards."""
    X, y = datasets.noisy_xor()
    names = {**lab, "explorers": Mock(), "X": X, "y": y}
    cell = next(cell.text for cell in Lab(SOURCE).cells if source in cell.text)
    exec(cell[: cell.index("network = ")], names)
    losses = list(names[steps](network))
    return losses, int(np.sum((training.logits(network, X)[:, 0] > 0.5) == (y == 1)))


@pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")
def test_own_layers_learn_in_pytorch(lab):
    """From about half of the 100 points to all of them, in 200 steps; the class to mend stays with a straight line."""
    import torch
    from torch import nn

    promised("begins with about half of the points, as if it guessed, and ends with all 100 right")
    torch.manual_seed(0)
    network = nn.Sequential(lab["DenseTorch"](2, 8), lab["DenseTorch"](8, 1))
    losses, right = trained(lab, "def steps_torch", network, "steps_torch")
    assert len(losses) == 200 and losses[0] > 0.6 and losses[-1] < 0.1 and right == 100
    given = nn.Sequential(nn.Linear(2, 8), nn.Linear(8, 1), nn.Sigmoid())  # as the class to mend computes
    assert trained(lab, "def steps_torch", given, "steps_torch")[1] < 80
