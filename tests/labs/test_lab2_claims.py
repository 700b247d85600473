"""What the text of Lab 2 promises, asserted by running the solved lab's own functions."""

import math
import re

import numpy as np
import pytest

from autograder.authoring.source import Lab
from autograder.settings import PROJECT
from course_utils import figures
from course_utils.figures.lab2_activations import ring, trained_on_ring
from course_utils.figures.lab2_deep_stacks import layer, stack
from course_utils.frameworks import installed

needs_torch = pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")
needs_tensorflow = pytest.mark.skipif(not installed("tensorflow"), reason="TensorFlow is not installed")


@pytest.fixture(scope="module")
def lab():
    """The names of the solved notebook, demos left out."""
    namespace = {}
    for cell in Lab(PROJECT / "solutions" / "lab2_activations.py").cells:
        if cell.kind == "code" and not {"tests", "demo"} & set(cell.roles):
            exec(cell.text, namespace)
    return namespace


@pytest.fixture(scope="module")
def text():
    return (PROJECT / "solutions" / "lab2_activations.py").read_text(encoding="utf-8")


def pairs(lab, table=None):
    """Return the four functions, the student's or those of a library's table, with the student's derivatives."""
    return {name: ((table or lab)[name], lab[f"d_{name}"]) for name in ("sigmoid", "tanh", "relu", "leaky_relu")}


def deep(lab, name, scale=1.0):
    """Return the gradient's sizes in the stack of 20 layers that the explorer begins with."""
    x, weights = stack()
    return lab["gradient_sizes"](x, [scale * W for W in weights[:20]], lab[name], lab[f"d_{name}"])


def test_minutes_leave_time_to_read_and_to_play(text):
    """Exercises and quiz take about 100 of the 130 minutes that the lab promises; figures and reading the rest."""
    minutes = sum(map(int, re.findall(r"^# ##(?! Optional).*, (\d+) minutes?[,)]", text, re.MULTILINE)))
    assert "about 130 minutes" in text and 90 <= minutes <= 105


def test_points_in_headings_are_those_of_the_test_cells(text):
    """Each heading promises the points that its test cell gives, and how hard it is."""
    promised = re.findall(r"^# ##.*\b(\d+) points?, \d+ minutes?(?:, (?:easy|medium|hard))?\)$", text, re.MULTILINE)
    assert promised == re.findall(r"tests=\"\w+\" points=([1-9]\d*)", text)


def test_a_folded_stack_computes_the_same(lab):
    """The one layer that comes out of fold_layers gives the outputs of the whole stack."""
    rng = np.random.default_rng(0)
    weights, biases = [rng.normal(size=(4, 4)) for _ in range(6)], [rng.normal(size=4) for _ in range(6)]
    x = rng.normal(size=(5, 4))
    W, b = lab["fold_layers"](weights, biases)
    folded = x @ W + b
    for W, b in zip(weights, biases):
        x = x @ W + b
    assert np.allclose(folded, x)


def test_deep_linear_nets_fail_where_a_shallow_one_succeeds(lab):
    """Whatever its depth, a linear stack has about half of the points right; one sigmoid two thirds, three have all."""
    X, y = ring()
    for depth in range(1, 7):
        network = trained_on_ring("identity", (4,) * (depth - 1))
        W, b = lab["fold_layers"](network.coefs_, network.intercepts_)
        assert np.array_equal((X @ W + b)[:, 0] > 0, network.predict(X) == 1)
        assert 0.4 < network.score(X, y) < 0.6
    scores = [trained_on_ring("logistic", (units,)).score(X, y) for units in range(1, 9)]
    assert 0.65 < scores[0] < scores[1] < 0.7 and min(scores[2:]) == 1
    hidden, _ = trained_on_ring("logistic", (1,)).coefs_
    assert hidden.shape == (2, 1)  # the output depends on one direction only, so its border is a straight line


def test_prediction_minus_truth(lab):
    """The slope of the loss is p - y, softmax of two classes a sigmoid, and a blunder costs more than a doubt."""
    scores, true_class = np.array([[1.0, 2.0, 0.5]]), np.array([1])
    slopes = [
        (lab["cross_entropy"](scores + nudge, true_class) - lab["cross_entropy"](scores - nudge, true_class)) / 2e-5
        for nudge in 1e-5 * np.eye(3)
    ]
    assert slopes == pytest.approx(lab["softmax"](scores)[0] - [0, 1, 0], abs=1e-8)
    two = np.array([[0.7, -2.0], [0.1, 3.0]])
    assert lab["softmax"](two)[:, 1] == pytest.approx(lab["sigmoid"](two[:, 1] - two[:, 0]))
    assert [f"{-np.log(p):.1f}" for p in (0.1, 0.001)] == ["2.3", "6.9"]


def test_the_chain_rule_of_two_units(lab):
    """The slope of the output by the first sum is the product of the text, and what `gradient_sizes` returns."""
    phi, slope = lab["tanh"], lab["d_tanh"]
    x, w1, w2 = np.array([[0.4]]), np.array([[1.3]]), np.array([[-0.8]])
    z1 = (x @ w1).item()
    z2 = phi(np.array(z1)) * w2.item()
    product = slope(z2) * w2.item() * slope(np.array(z1))
    measured = (phi(phi(np.array(z1 + 1e-6)) * w2.item()) - phi(phi(np.array(z1 - 1e-6)) * w2.item())) / 2e-6
    assert product == pytest.approx(measured, rel=1e-6)
    assert lab["gradient_sizes"](x, [w1, w2], phi, slope)[0] == pytest.approx(abs(product))
    z1, flat = np.array(0.4 * 1.3), 20 * phi(np.array(0.4 * 1.3))  # the text's second weight, 20 in place of 0.8
    assert slope(flat) * 20 * slope(z1) < 1e-4 < slope(phi(z1) * 0.8) * 0.8 * slope(z1)


def test_no_straight_line_parts_a_disc_from_a_ring():
    """Some point of the disc lies between two points of the ring, so no line can have all 200 right."""
    X, y = ring()
    inside, outside = X[y == 0], X[y == 1]
    assert np.linalg.norm(inside, axis=1).max() < np.linalg.norm(outside, axis=1).min()
    angles = np.sort(np.arctan2(*outside.T))
    assert np.diff(angles).max() < np.pi / 2  # the ring goes all the way round


def test_e_to_the_1000_has_435_digits():
    """10 to the 434 is the largest power of ten below it."""
    assert math.floor(1000 / math.log(10)) + 1 == 435


def test_activations_are_safe(lab):
    """At 1000 and -1000, in float32 and float64, nothing warns and shape and dtype stay."""
    for dtype in (np.float32, np.float64):
        z = np.array([[-1000, -1, 0], [0.5, 30, 1000]], dtype=dtype)
        with np.errstate(all="raise", under="ignore"):
            for name in ("sigmoid", "tanh", "relu", "leaky_relu"):
                result = lab[name](z)
                assert np.all(np.isfinite(result)) and (result.shape, result.dtype) == (z.shape, z.dtype)
    assert np.allclose(lab["tanh"](z), np.tanh(z), atol=1e-6)


@needs_torch
def test_the_plain_formula_has_no_gradient_in_pytorch():
    """1 / (1 + exp(100)) is a fine 0, but its gradient is not a number: in float32, exp(100) is infinite."""
    import torch

    assert np.exp(100.0) > np.finfo(np.float32).max == pytest.approx(3.4e38, rel=0.01)
    far_left = torch.tensor([-100.0], requires_grad=True)
    plain = 1 / (1 + torch.exp(-far_left))
    plain.backward()
    assert plain.item() == 0 and math.isnan(far_left.grad.item())


@needs_tensorflow
def test_the_plain_formula_has_no_gradient_in_tensorflow():
    """1 / (1 + exp(100)) is a fine 0, but its gradient is not a number."""
    import tensorflow as tf

    far_out = tf.constant([-100.0])
    with tf.GradientTape() as tape:
        tape.watch(far_out)
        plain = 1 / (1 + tf.exp(-far_out))
    assert float(plain[0]) == 0 and math.isnan(float(tape.gradient(plain, far_out)[0]))


@needs_torch
@needs_tensorflow
def test_both_frameworks_take_the_left_slope_at_the_corner(lab):
    """At z = 0 the derivative of ReLU is 0 and that of leaky ReLU its slope, by hand and by autograd."""
    zero = np.zeros(1)
    for name, expected in (("relu", 0), ("leaky_relu", 0.01)):
        assert lab[f"d_{name}"](zero) == expected
        assert np.isclose(lab["autograd_torch"](lab["in_torch"][name], zero), expected)
        assert np.isclose(lab["autograd_tf"](lab["in_tf"][name], zero), expected)


def test_the_table_of_steepest_slopes(lab):
    """The sigmoid's slope is at most 0.25, at 0; tanh's 1, four times as much; at 5 the sigmoid is nearly flat."""
    z = np.linspace(-10, 10, 2001)
    assert np.isclose(lab["d_sigmoid"](z).max(), 0.25) and abs(z[np.argmax(lab["d_sigmoid"](z))]) < 0.01
    assert np.isclose(lab["d_tanh"](z).max(), 1) and abs(z[np.argmax(lab["d_tanh"](z))]) < 0.01
    assert lab["d_sigmoid"](np.array([5.0])) < 0.01
    assert math.isclose(0.25**20, 1e-12, rel_tol=0.1)


@pytest.mark.parametrize(
    ("witness", "table"),
    [
        ("finite_difference", None),
        pytest.param("autograd_torch", "in_torch", marks=needs_torch),
        pytest.param("autograd_tf", "in_tf", marks=needs_tensorflow),
    ],
)
def test_the_witnesses_confirm_the_derivatives(lab, capsys, witness, table):
    """All four derivatives agree with finite differences and with autograd in both frameworks."""
    figures.compare_derivatives(lab[witness], pairs(lab, lab.get(table)))
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 4 and all("agrees" in line for line in said)
    *others, leaky = (float(line.split()[-1]) for line in said)
    if witness == "finite_difference":  # of 16 digits some eleven are left
        assert 1e-12 < max(*others, leaky) < 1e-10
    if witness == "autograd_tf":  # which keeps the slope 0.01 as a float32
        assert max(others) < 1e-14 and leaky == pytest.approx(abs(float(np.float32(0.01)) - 0.01), rel=0.2)


@needs_tensorflow
def test_the_poor_witness_and_the_mended_one(lab, text):
    """One side sees 2.1 or 1.9 where the slope is 2, and five digits at most; both sides see 2."""
    assert "$(1.21 - 1) / 0.1 = 2.1$" in text and "about five digits" in text

    def one_sided(f, z, h=1e-5):
        return (f(z + h) - f(z)) / h

    assert (one_sided(np.square, 1.0, 0.1), one_sided(np.square, 1.0, -0.1)) == pytest.approx((2.1, 1.9))
    assert lab["finite_difference"](np.square, 1.0, 0.1) == pytest.approx(2, rel=1e-12)
    z = np.linspace(0.5, 3, 50)
    poor, good = (
        np.abs(witness(lab["tanh"], z) - lab["d_tanh"](z)).max() for witness in (one_sided, lab["finite_difference"])
    )
    assert 1e-6 < poor < 1e-5 and good < 1e-9


def test_tensorflow_leaks_with_0_2():
    """Without alpha, tf.nn.leaky_relu takes 0.2."""
    import tensorflow as tf

    assert float(tf.nn.leaky_relu(tf.constant(-1.0))) == pytest.approx(-0.2)


def test_cross_entropy_as_described(lab):
    """It is 0 at p = 1, 0.69 at p = 0.5, and finite where the probability is rounded to 0."""
    loss, label = lab["cross_entropy"], np.array([0])
    assert loss(np.array([[1000.0, 0.0]]), label) == 0
    assert loss(np.array([[0.0, 0.0]]), label) == pytest.approx(0.69, abs=0.005)
    assert loss(np.array([[-1000.0, 1000.0]]), label) == 2000
    assert lab["softmax"](np.array([[-1000.0, 1000.0]]))[0, 0] == 0


def test_probabilities_instead_of_logits_give_a_loss_near_1(lab):
    """Three classes: whatever the logits, the loss of their probabilities stays between 0.5 and 1.6."""
    rng = np.random.default_rng(0)
    logits = 20 * rng.normal(size=(500, 3))
    losses = [lab["cross_entropy"](lab["softmax"](row[None]), np.array([k])) for row in logits for k in range(3)]
    assert 0.5 < min(losses) < max(losses) < 1.6
    assert lab["cross_entropy"](20 * np.eye(3), np.arange(3)) < 1e-4
    assert lab["cross_entropy"](lab["softmax"](20 * np.eye(3)), np.arange(3)) == pytest.approx(0.5514, abs=1e-4)
    assert np.e / (np.e + 2) == pytest.approx(0.58, abs=0.005)


@needs_torch
@needs_tensorflow
def test_the_frameworks_agree(lab):
    """Cross-entropy is the same in all three spellings."""
    import tensorflow as tf
    import torch

    rng = np.random.default_rng(0)
    logits, labels = 10 * rng.normal(size=(6, 4)), rng.integers(0, 4, 6)
    by_hand = lab["cross_entropy"](logits, labels)
    assert np.allclose(by_hand, lab["cross_entropy_torch"](torch.tensor(logits), torch.tensor(labels)))
    assert np.allclose(by_hand, lab["cross_entropy_tf"](tf.constant(logits), tf.constant(labels)))


def test_the_sigmoid_s_gradient_vanishes(lab):
    """In 20 layers the first one hears less than a billionth of what the last one hears; tanh and ReLU more."""
    share = {name: sizes[0] / sizes[-1] for name in ("sigmoid", "tanh", "relu") for sizes in [deep(lab, name)]}
    assert share["sigmoid"] < 1e-9
    assert min(share["tanh"], share["relu"]) > 1e6 * share["sigmoid"]


def test_weights_of_1_4_keep_the_relu_s_gradient_level(lab):
    """With weights 1.4 times as large the gradient is of one size in all 20 layers; 3 times, and it explodes."""
    sizes = deep(lab, "relu", 1.4)
    assert max(sizes) / min(sizes) < 4
    x, weights = stack()
    slopes = []
    for W in weights[:20]:
        slopes.append(lab["d_relu"](x @ W).mean())
        x = lab["relu"](x @ (1.4 * W))
    assert 0.4 < np.mean(slopes) < 0.6  # a ReLU stops about half
    exploding = deep(lab, "relu", 3.0)
    assert 1e6 < exploding[0] / exploding[-1] < 1e7
    held = deep(lab, "tanh", 3.0)
    assert held[0] / held[-1] < 1e-3 * exploding[0] / exploding[-1]


@needs_torch
def test_the_rule_of_the_gradient_is_that_of_autograd(lab):
    """The sizes that the student's rule gives are those of PyTorch's own gradients at the sums of each layer."""
    import torch

    x, weights = stack()
    for name in ("sigmoid", "tanh", "relu"):
        a, sums = torch.tensor(x), []
        for W in weights[:8]:
            sums.append(a @ torch.tensor(W))
            sums[-1].requires_grad_() if not sums[-1].requires_grad else sums[-1].retain_grad()
            a = lab["in_torch"][name](sums[-1])
        a.sum().backward()
        expected = [z.grad.abs().mean().item() for z in sums]
        assert np.allclose(lab["gradient_sizes"](x, weights[:8], lab[name], lab[f"d_{name}"]), expected, rtol=1e-9)


def test_relus_die_as_the_bias_falls(lab):
    """At bias 0 nobody is dead, at -3 most of the 40 units are."""
    x, W, b = layer()
    assert lab["dead_relus"](x, W, b)[1] == 0
    assert lab["dead_relus"](x, W, b - 3)[1] > 20
    dead, _ = lab["dead_relus"](x, W, b - 3)
    z = (x @ W + b - 3)[:, dead]
    assert not np.any(lab["d_relu"](z)) and np.all(lab["d_leaky_relu"](z) > 0)
