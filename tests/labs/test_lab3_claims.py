"""What Lab 3 tells its readers, asserted on the functions of its solved notebook; and what chance can do there."""

import re
from functools import cache
from inspect import signature
from math import factorial, prod

import numpy as np
import pytest

from autograder.authoring.source import Lab
from autograder.exercises import lab3_gradient_descent as lab3
from autograder.settings import PROJECT
from course_utils import training
from course_utils.asking import questions
from course_utils.figures import lab3_gradient_descent as descent
from course_utils.figures import lab3_lines as lines
from course_utils.figures import lab3_networks as networks
from course_utils.figures import lab3_surfaces as surfaces
from course_utils.frameworks import installed

SHUFFLES = range(8)  # first seeds of the order of samples: what the text says holds for any
needs_torch = pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")
needs_tensorflow = pytest.mark.skipif(not installed("tensorflow"), reason="TensorFlow is not installed")


SOURCE = PROJECT / "solutions" / "lab3_gradient_descent.py"
TEXT = SOURCE.read_text(encoding="utf-8")


@cache
def solved():
    """Return the names of the solved notebook, its figures left out."""
    namespace = {}
    for cell in Lab(SOURCE).cells:
        if cell.kind == "code" and not {"tests", "demo"} & set(cell.roles):
            exec(cell.text, namespace)
    return namespace


def names(text):
    return [solved()[name] for name in text.split()]


def shuffled_from(first):
    """Return the notebook's `minibatches` with other seeds, as another student's generator would shuffle."""
    (minibatches,) = names("minibatches")
    return lambda X, y, size, seed: minibatches(X, y, size, 1000 * first + seed)


def test_minutes_leave_time_for_the_figures():
    """The graded exercises of each sitting leave a quarter of its promised minutes for reading and figures."""
    assert "two sittings of about 80 and 130 minutes" in TEXT
    sittings = TEXT.split("**Half-time.**")
    for text, promised in zip(sittings, (80, 130), strict=True):
        graded = r"^# ##.*\b[1-9]\d* points?, (\d+) minutes?, (?:easy|medium|hard)\)$"
        minutes = sum(map(int, re.findall(graded, text, re.MULTILINE)))
        assert 0.68 * promised <= minutes <= 0.86 * promised, minutes


def test_headings_and_cells_agree_on_points():
    """The points of the headings are those of the test cells; each exercise says how hard it is."""
    promised = re.findall(r"^# ##.*\b(\d+) points?, \d+ minutes?, (?:easy|medium|hard)\)$", TEXT, re.MULTILINE)
    given = [points for name, points in Lab(SOURCE).points().items() if not name.endswith("quiz") and points]
    assert list(map(int, promised)) == given


# Losses and gradients


@needs_torch
def test_losses_are_those_of_pytorch():
    """Both losses equal PyTorch's own, for huge logits too."""
    import torch

    mse, bce, bce_torch = names("mse bce bce_torch")
    z, y = np.array([[1000.0], [-1000.0], [0.3], [-2.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
    tensors = torch.tensor(z), torch.tensor(y)
    assert mse(z, y) == pytest.approx(float(torch.nn.functional.mse_loss(*tensors)), rel=1e-12)
    right = float(torch.nn.functional.binary_cross_entropy_with_logits(*tensors))
    assert bce(z, y) == pytest.approx(right, rel=1e-12) == pytest.approx(float(bce_torch(*tensors)), rel=1e-12)


@needs_torch
def test_backprop_agrees_with_pytorch():
    """In float64 hand and machine agree to better than 1e-6, and so does the exercise's oracle."""
    import torch

    X, y, start, backprop, bce_torch = names("X y start backprop bce_torch")
    weights = [torch.tensor(array, requires_grad=True) for array in start]
    z = torch.tanh(torch.tensor(X) @ weights[0] + weights[1]) @ weights[2] + weights[3]
    bce_torch(z, torch.tensor(y)).backward()
    expected = lab3.gradients(X, y, *start)
    for own, weight, oracle in zip(backprop(X, y, *start), weights, expected):
        assert np.max(np.abs(own - weight.grad.numpy())) < 1e-6
        assert np.max(np.abs(oracle - weight.grad.numpy())) < 1e-12


@needs_tensorflow
def test_backprop_agrees_with_tensorflow():
    """In float64 hand and machine agree to better than 1e-6."""
    import tensorflow as tf

    X, y, start, backprop, bce_tf = names("X y start backprop bce_tf")
    weights = [tf.Variable(array) for array in start]
    with tf.GradientTape() as tape:
        loss = bce_tf(tf.tanh(X @ weights[0] + weights[1]) @ weights[2] + weights[3], y)
    for mine, gradient in zip(backprop(X, y, *start), tape.gradient(loss, weights)):
        assert np.max(np.abs(mine - gradient.numpy())) < 1e-6


def test_the_witness_confirms_every_gradient():
    """Nudging finds what the chain rule finds: of a line, a neuron, and a network with 33 parameters in 66 looks."""
    numeric_gradient, mse, bce, line_gradient, neuron_gradient, backprop, X, y, start = names(
        "numeric_gradient mse bce line_gradient neuron_gradient backprop X y start"
    )
    x_line, y_line = names("x_line y_line")
    nudged = numeric_gradient(lambda wb: mse(wb[0] * x_line + wb[1], y_line), np.array([0.5, 0.2]))
    assert nudged == pytest.approx(line_gradient(x_line, y_line, 0.5, 0.2), abs=1e-8)
    w = np.array([0.3, -0.8])
    found = numeric_gradient(lambda w: bce(X @ w + 0.1, y[:, 0]), w)
    assert found == pytest.approx(neuron_gradient(X, y[:, 0], w, 0.1)[0], abs=1e-8)
    looks = []
    for place, (array, gradient) in enumerate(zip(start, backprop(X, y, *start))):

        def loss(value, place=place):
            looks.append(1)
            return networks.network_loss(X, y, *start[:place], value, *start[place + 1 :])

        assert numeric_gradient(loss, array) == pytest.approx(gradient, abs=1e-6)
    assert sum(array.size for array in start) == 33 and len(looks) == 66 and "33 weights need 66 looks" in TEXT


def test_the_loop_fits_the_line():
    """Both columns have mean 0 and deviation 1, so the best slope is their correlation; 40 steps find it."""
    x, y, train_numpy, line_gradient, mse = names("x_line y_line train_numpy line_gradient mse")
    w, b = train_numpy(line_gradient, [np.array(0.0), np.array(0.0)], [(x, y)], lines.LINE_RATE, lines.LINE_EPOCHS)
    assert len(x) == 100 and lines.LINE_EPOCHS == 40 and "in 40 steps" in TEXT
    assert w == pytest.approx(np.mean(x * y), abs=1e-3) and b == pytest.approx(0, abs=1e-9)
    assert mse(w * x + b, y) < 0.05 * mse(0 * x, y) and np.mean([x, y], axis=1) == pytest.approx([0, 0], abs=1e-12)


def test_ways_and_arrows():
    """Twenty layers of two units between a start and an end: over a million ways, 80 arrows."""
    ways, arrows = np.ones(2), 2
    for _ in range(19):
        ways, arrows = np.full(2, ways.sum()), arrows + 4
    assert ways.sum() == 2**20 > 1e6 and arrows + 2 == 80 and "only 80 arrows" in TEXT


@needs_torch
@needs_tensorflow
def test_the_tiny_autograd_agrees_with_both_frameworks():
    """The student's own values, PyTorch and TensorFlow find the same nine gradients, and so does nudging."""
    import tensorflow as tf
    import torch

    Value, backward, tiny_loss, start, numeric_gradient = names("Value backward tiny_loss tiny_start numeric_gradient")
    values = [Value(number) for number in start]
    backward(tiny_loss(values, Value.tanh, Value.log))
    own = [value.grad for value in values]
    tensors = [torch.tensor(number, requires_grad=True) for number in start]
    tiny_loss(tensors, torch.tanh, torch.log).backward()
    assert own == pytest.approx([tensor.grad.item() for tensor in tensors], rel=1e-9)
    variables = [tf.Variable(number) for number in start]
    with tf.GradientTape() as tape:
        loss = tiny_loss(variables, tf.tanh, tf.math.log)
    assert own == pytest.approx([float(gradient) for gradient in tape.gradient(loss, variables)], rel=1e-9)
    assert own == pytest.approx(numeric_gradient(lambda place: tiny_loss(place, np.tanh, np.log), start), abs=1e-8)


@needs_torch
def test_the_given_loss_in_pytorch_learns_the_mean():
    """With labels as a row the table has shape (n, n), and the best logit is that of the share of 1s for everybody."""
    import torch

    z = torch.zeros(4, 1, requires_grad=True)
    y = torch.tensor([1.0, 1.0, 1.0, 0.0])
    assert (y * z).shape == (4, 4)
    for _ in range(300):
        loss = torch.mean(torch.nn.functional.softplus(z) - y * z)
        (slope,) = torch.autograd.grad(loss, z)
        z = (z - 5 * slope).detach().requires_grad_()
    assert torch.sigmoid(z).detach().numpy() == pytest.approx(np.full((4, 1), 0.75), abs=1e-3)


@needs_tensorflow
def test_the_given_loss_in_tensorflow_learns_to_answer_1():
    """The loss is right; its gradient is that of -y z alone, which pulls up and never down."""
    import tensorflow as tf

    z, y = tf.constant([[0.5], [-1.0]]), tf.constant([[1.0], [0.0]])
    with tf.GradientTape() as tape:
        tape.watch(z)
        loss = tf.reduce_mean(np.logaddexp(0, z) - y * z)
    assert float(loss) == pytest.approx(float(solved()["bce_tf"](z, y)), rel=1e-6)
    assert tape.gradient(loss, z).numpy().tolist() == [[-0.5], [0.0]]


def curve(rate, epochs=20, pairs=True):
    """Return the mean batch loss of each epoch of the lab's network."""
    X, y, start, train_numpy, backprop, minibatches, bce = names("X y start train_numpy backprop minibatches bce")
    y = y if pairs else y[np.random.RandomState(3).permutation(len(y))]
    weights, losses = start, []
    for epoch in range(epochs):
        losses.append([])
        for batch in minibatches(X, y, 16, epoch):
            losses[-1].append(bce(networks.network_logits(batch[0], *weights), batch[1]))
            weights = train_numpy(backprop, weights, [batch], rate, 1)
    return np.mean(losses, axis=1)


def test_the_five_curves_are_what_the_answers_say():
    """A crawls at 0.05, B is right at 1, C leaps at 60, D climbs with its sign turned, E has broken pairs."""
    curves = {letter: np.array(losses) for letter, losses in lines.CURVES.items()}
    for letter, losses in {"A": curve(0.05), "B": curve(1.0), "D": curve(-0.02), "E": curve(0.3, pairs=False)}.items():
        assert curves[letter] == pytest.approx(losses, abs=0.011)
    assert np.all(np.diff(curves["A"]) <= 0) and curves["A"][-1] > 0.4 and curves["B"][-1] < 0.02
    for losses in (curves["C"], curve(60.0)):  # where rounding decides, no number is the same on every processor
        assert np.sum(np.diff(losses) > 0.3) >= 2
    assert np.all(np.diff(curves["D"]) >= 0) and np.all(np.abs(curves["E"] - np.log(2)) < 0.02)
    told = [" ".join(choice.why for choice in questions(SOURCE.stem)[k].choices.values()) for k in (1, 2, 3, 4)]
    assert "rate of 1." in told[0] and "0.05, a twentieth of B's" in told[0] and "It is 60." in told[1]


def test_when_the_logarithm_meets_zero():
    """The sigmoid of float64 is 1 from about 37 on, and 1 - p is 0 there; at 36 it is not."""
    p = 1 / (1 + np.exp(-np.array([36.0, 38.0])))
    assert 1 - p[0] > 0 and 1 - p[1] == 0


def test_squares_hardly_teach_a_neuron_that_is_sure_and_wrong():
    """At a logit of 8 with label 0 the slope of the square is nearly 0, that of the cross-entropy nearly 1."""
    p, nudge = (lambda z: 1 / (1 + np.exp(-z))), 1e-5
    (bce,) = names("bce")
    square = (p(8 + nudge) ** 2 - p(8 - nudge) ** 2) / (2 * nudge)
    entropy = (bce(np.array(8 + nudge), np.array(0.0)) - bce(np.array(8 - nudge), np.array(0.0))) / (2 * nudge)
    assert square == pytest.approx(2 * p(8) * p(8) * (1 - p(8)), rel=1e-4) and square < 0.001
    assert entropy == pytest.approx(p(8), rel=1e-4)


# Learning rates


def losses_at(rate, steps=20):
    X, y = descent.one_feature()
    path = descent.neuron_path(*names("neuron_gradient descent_step"), [(X, y, rate)] * steps)
    return descent.neuron_loss(X, y, *path.T), path


def test_three_learning_rates():
    """0.1 is still at 1.60; 3 reaches the valley in a few, ever shorter; 30 is thrown out and out."""
    best = descent.best_loss(*descent.one_feature())
    assert "this walk is still at 1.60" in TEXT and "at 2.96 after 2.19" in TEXT and "lower right" in TEXT
    assert f"{best:.2f}" == "0.55"
    assert losses_at(0.1)[0][-1] > 1.5 and np.all(np.diff(losses_at(0.1)[0]) < 0)
    losses, path = losses_at(3)
    assert losses[5] < best + 0.02 and losses[-1] < best + 1e-3
    lengths = np.hypot(*np.diff(path, axis=0).T)
    assert lengths[6] < lengths[0] / 20
    losses, path = losses_at(30)
    assert [f"{loss:.2f}" for loss in losses[:2]] == ["2.19", "2.96"]
    assert path[1, 0] > descent.MAP[0][1] and path[1, 1] < descent.MAP[1][0]
    assert f"{losses_at(0.1)[0][-1]:.2f}" == "1.60" and losses_at(0.1)[0][-1] > losses[-1] + 0.05 > losses_at(3)[0][-1]
    thrown_out = (losses[1:] > 1.5) & (losses[:-1] <= 1.5)
    assert np.sum(thrown_out) >= 3 and losses[-1] > 1.5


def test_clipping_keeps_the_fastest_walk_in_the_valley():
    """At rate 30 no step is longer than 1.5; the walk comes down and hops at 0.60, where without it was thrown out."""
    neuron_gradient, descent_step, clip_gradients = names("neuron_gradient descent_step clip_gradients")
    X, y = descent.one_feature()
    path = descent.neuron_path(
        lambda X, y, w, b: clip_gradients(list(neuron_gradient(X, y, w, b)), 0.05), descent_step, [(X, y, 30)] * 20
    )
    losses = descent.neuron_loss(X, y, *path.T)
    assert np.max(np.hypot(*np.diff(path, axis=0).T)) < 1.5 + 1e-9
    assert np.max(losses[3:]) < 0.61 and f"{losses[-1]:.2f}" == "0.60" and np.max(losses_at(30)[0][3:]) > 1.5


# Batches

RATES = dict(zip(*(signature(networks.batch_sizes).parameters[name].default for name in ("sizes", "rates"))))


@cache
def batch_runs(first):
    """Return for each batch size the loss on all samples before training and after each epoch, and the share right."""
    X, y, train_numpy, backprop = names("X y train_numpy backprop")
    runs = {}
    for size, rate in RATES.items():
        weights = list(networks.train_epochs(train_numpy, backprop, shuffled_from(first), X, y, size, rate))
        right = np.mean((networks.network_logits(X, *weights[-1]) > 0) == (y > 0.5))
        runs[size] = np.array([networks.network_loss(X, y, *each) for each in weights]), right
    return runs


def test_the_budget_buys_steps():
    """40 epochs of 200 samples are 40, 520 and 8000 steps."""
    X, y, minibatches = names("X y minibatches")
    assert len(X) == 200 and networks.EPOCHS == 40
    steps = [networks.EPOCHS * len(list(minibatches(X, y, size, 0))) for size in (200, 16, 1)]
    assert steps == [40, 520, 8000]


@pytest.mark.parametrize("first", SHUFFLES)
def test_each_way_to_spend_the_budget(first):
    """However samples are shuffled: all end with the puzzle solved, near 0.03, 0.005 and 0.003, without leaps."""
    assert RATES == {1: 0.1, 16: 1.0, 200: 2.0}
    for size, end in {200: 0.034, 16: 0.0051, 1: 0.0032}.items():
        losses, right = batch_runs(first)[size]
        assert losses[-1] == pytest.approx(end, rel=0.08) and right > 0.99
        assert np.max(np.diff(losses)) < 0.01


@pytest.mark.parametrize("size", RATES)
def test_a_larger_rate_leaps(size):
    """Four times the rate makes the loss leap, so each run has about the largest one that it can bear."""
    X, y, train_numpy, backprop = names("X y train_numpy backprop")
    leaps = []
    for first in SHUFFLES[:4]:
        weights = networks.train_epochs(train_numpy, backprop, shuffled_from(first), X, y, size, 4 * RATES[size])
        leaps.append(np.max(np.diff([networks.network_loss(X, y, *each) for each in weights])))
    assert np.max(leaps) > 0.02


# Training loops


def trained(loop, net, optimizer, tensor, minibatches=None):
    X, y, own = names("X y minibatches")
    losses = loop(net, optimizer, training.Batches(minibatches or own, X, y, 16, tensor), 40)
    return np.array(losses), np.mean((training.logits(net, X) > 0) == (y > 0.5))


@needs_torch
@pytest.mark.parametrize("first", range(3))
def test_the_pytorch_loop_solves_xor(first):
    """40 epochs are right for more than 95 % of the points."""
    import torch

    net = training.torch_network(solved()["start"])
    losses, right = trained(
        solved()["train_torch"], net, torch.optim.SGD(net.parameters(), lr=0.5), torch.tensor, shuffled_from(first)
    )
    assert right > 0.95 and losses[-1] < 0.1


@needs_torch
def test_adam_in_the_pytorch_loop():
    """The change of optimiser that the text suggests works."""
    import torch

    net = training.torch_network(solved()["start"])
    _, right = trained(solved()["train_torch"], net, torch.optim.Adam(net.parameters(), lr=0.05), torch.tensor)
    assert right > 0.95


@needs_tensorflow
def test_adam_in_the_tensorflow_loop():
    """The change of optimiser that the text suggests works."""
    import keras
    import tensorflow as tf

    net = training.keras_network(solved()["start"])
    _, right = trained(solved()["train_tf"], net, keras.optimizers.Adam(0.05), tf.constant)
    assert right > 0.95


@needs_torch
@needs_tensorflow
def test_both_loops_print_the_same_losses():
    """From the same weights and with the same batches, the frameworks walk the same way."""
    import keras
    import tensorflow as tf
    import torch

    net = training.torch_network(solved()["start"])
    one, right = trained(solved()["train_torch"], net, torch.optim.SGD(net.parameters(), lr=0.5), torch.tensor)
    other, also = trained(
        solved()["train_tf"], training.keras_network(solved()["start"]), keras.optimizers.SGD(0.5), tf.constant
    )
    assert np.max(np.abs(one - other)) < 2e-5 and right == also > 0.95
    assert [f"{one[k]:.3f}" for k in (9, 19, 29, 39)] == [f"{other[k]:.3f}" for k in (9, 19, 29, 39)]


# Optimisers


@needs_torch
@pytest.mark.parametrize("size", [1.0, 0.1, 1e-4])
def test_momentum_and_adam_are_pytorch_s(size):
    """Ten steps side by side differ by no more than rounding."""
    import torch

    gradients = training.gradients_of_size(size)
    momentum = training.torch_path(lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9), gradients)
    adam = training.torch_path(lambda w: torch.optim.Adam(w, lr=0.1, eps=1e-8), gradients)
    assert len(gradients) == 10
    assert training.difference(training.momentum_path(solved()["momentum_step"], gradients), momentum) < 1e-12
    assert training.difference(training.adam_path(solved()["adam_step"], gradients, 1e-8), adam) < 1e-12


@needs_tensorflow
def test_keras_differs_as_the_text_says():
    """Momentum agrees at a constant rate, and not at a changing one; Adam to 1e-4 at 0.1, to about 1 % at 1e-4."""
    import keras

    momentum_step, adam_step = names("momentum_step adam_step")
    gradients = training.gradients_of_size(0.1)
    path = training.keras_path(keras.optimizers.SGD(0.1, momentum=0.9), gradients)
    assert training.difference(training.momentum_path(momentum_step, gradients), path) < 1e-5
    for size, low, high in ((1.0, 0, 1e-4), (0.1, 0, 1e-4), (1e-4, 5e-3, 2e-2)):
        gradients = training.gradients_of_size(size)
        path = training.keras_path(keras.optimizers.Adam(0.1, epsilon=1e-7), gradients)
        assert low <= training.difference(training.adam_path(adam_step, gradients, 1e-7), path) <= high
    rates = keras.optimizers.schedules.PiecewiseConstantDecay([5], [0.1, 0.001])
    gradients = np.abs(training.gradients_of_size(0.1))
    path = training.keras_path(keras.optimizers.SGD(rates, momentum=0.9), gradients)
    w, velocity = np.zeros(4), np.zeros(4)
    for t, gradient in enumerate(gradients):
        w, velocity = momentum_step(w, gradient, velocity, float(rates(t)), 0.9)
    assert training.difference(w, path[-1]) > 0.1
    assert 30 < 1 / np.sqrt(1 - 0.999) < 32


def table(first):
    """Return the numbers of the text's table whose first column's head begins so, a row each."""
    _, after = TEXT.split(f"# | {first}", 1)
    rows = after.split("\n#\n")[0].split("\n")[2:]
    return [[float(cell) for cell in row.split("|")[1:-1] if re.fullmatch(r" -?[\d.]+ ", cell)] for row in rows]


def test_the_log_of_a_walk_with_momentum():
    """The table of the text is what the step makes of its gradients."""
    w = velocity = np.zeros(1)
    for step, gradient, new_velocity, new_w in table("step | gradient"):
        w, velocity = solved()["momentum_step"](w, np.array([gradient]), velocity, 0.1, 0.9)
        assert (velocity[0], w[0]) == pytest.approx((new_velocity, new_w)), step


def test_the_table_of_schedules():
    """The numbers of the text, for 30 steps and a base of 1, are those of the three functions."""
    times = (0, 1, 2, 9, 10, 15, 20, 29)
    assert f"# | step $t$ | {' | '.join(map(str, times))} |" in TEXT
    rows = table("step $t$")
    for row, schedule in zip(rows, names("step_decay cosine_decay warm_up"), strict=True):
        assert np.allclose(row, [schedule(t, 30, 1.0) for t in times], atol=5e-4)


def test_examples_in_numbers():
    """The loss of two predictions, two steps downhill, and Adam's first step, whatever the gradient."""
    mse, descent_step, adam_step = names("mse descent_step adam_step")
    assert mse(np.array([3.0, 5.0]), np.array([2.0, 7.0])) == 2.5 and "it is 2.5" in TEXT
    assert "to 1.97" in TEXT.replace("\n# ", " ")
    assert [descent_step(2.0, slope, 0.1) for slope in (3, 0.3)] == pytest.approx([1.7, 1.97])
    zero = np.zeros(1)
    for slope in (0.001, 1000.0):
        w, m, v = adam_step(zero, np.array([slope]), zero, zero, 1, 0.1, 0.9, 0.999, 1e-8)
        assert abs(w[0]) == pytest.approx(0.1, rel=1e-4)
        assert 3 < m[0] / np.sqrt(v[0]) < 3.3


def test_steady_slopes_make_steps_ten_times_as_long():
    """With momentum 0.9 the steps on a steady slope grow to 1 / (1 - 0.9)."""
    (momentum_step,) = names("momentum_step")
    path = training.momentum_path(momentum_step, np.ones((200, 4)))
    assert np.allclose(np.diff(path, axis=0)[-1], -10 * training.RATE)


# The ball


def rolled(surface, optimiser, rate, beta=0.9):
    path = surfaces.roll(surface, optimiser, rate, beta, *names("descent_step momentum_step adam_step"))
    return path, surfaces.SURFACES[surface][0](*path.T)[0]


def test_the_ball_in_the_ravine():
    """Plain descent creeps at 0.1, zigzags half the way at 0.6, is thrown out at 0.7; momentum and Adam arrive."""
    start = abs(surfaces.SURFACES["ravine"][2][0])
    path, _ = rolled("ravine", "plain", 0.1)
    assert np.all(path[:, 1] >= 0) and abs(path[20, 1]) < 0.01 and abs(path[-1, 0]) > 0.85 * start
    path, _ = rolled("ravine", "plain", 0.6)
    assert np.all(path[1:31, 1] * path[:30, 1] < 0) and 0.4 < abs(path[-1, 0]) / start < 0.6
    for optimiser in ("momentum", "Adam"):
        path, heights = rolled("ravine", optimiser, 0.6)
        assert abs(path[-1, 0]) < 0.05 * start and heights[-1] < 0.005
    assert np.max(np.abs(rolled("ravine", "plain", 0.7)[0][:, 1])) > 2


def test_the_ball_between_two_valleys():
    """Plain and Adam stop in the nearer valley, momentum goes on into the deeper one."""
    for optimiser in ("plain", "Adam"):
        assert rolled("two valleys", optimiser, 0.1)[0][-1, 0] > 0.8
    assert rolled("two valleys", "momentum", 0.1)[0][-1, 0] < -0.9
    assert surfaces.two_valleys(-1.05, 0)[0] < surfaces.two_valleys(0.94, 0)[0]


def test_the_ball_on_the_plateau():
    """The plain ball hardly moves, Adam arrives."""
    path, _ = rolled("plateau", "plain", 0.3)
    assert np.hypot(*(path[-1] - path[0])) < 0.3
    assert rolled("plateau", "Adam", 0.3)[1][-1] < 0.05


def test_the_ball_in_the_bowl():
    """At rate 0.5 it arrives in one step, at 1 it jumps forever, beyond it climbs."""
    assert np.allclose(rolled("bowl", "plain", 0.5)[0][1], 0)
    _, heights = rolled("bowl", "plain", 1.0)
    assert np.allclose(heights, heights[0])
    assert np.all(np.diff(rolled("bowl", "plain", 1.01)[1]) > 0)


def test_slopes_of_the_surfaces():
    """The gradients of the surfaces are the slopes of their heights."""
    for function, _, (x, y) in surfaces.SURFACES.values():
        dx, dy = function(x, y)[1]
        assert dx == pytest.approx((function(x + 1e-6, y)[0] - function(x - 1e-6, y)[0]) / 2e-6, abs=1e-7)
        assert dy == pytest.approx((function(x, y + 1e-6)[0] - function(x, y - 1e-6)[0]) / 2e-6, abs=1e-7)


# Schedules


@pytest.mark.parametrize("first", SHUFFLES)
def test_decay_ends_ten_times_closer_to_the_minimum(first):
    """In the last epoch, step and cosine decay are at least ten times closer to the minimum than a constant rate."""
    X, y = descent.one_feature()
    neuron_gradient, descent_step = names("neuron_gradient descent_step")
    total = descent.SCHEDULED_EPOCHS * len(X) // descent.SCHEDULED_SIZE
    gaps = {}
    for name in ("step_decay", "cosine_decay", None):
        rates = [solved()[name](t, total, descent.BASE) if name else descent.BASE for t in range(total)]
        path = descent.scheduled_path(neuron_gradient, descent_step, shuffled_from(first), rates)
        gaps[name] = np.mean(descent.neuron_loss(X, y, *path[-20:].T)) - descent.best_loss(X, y)
    assert total == 300 and descent.SCHEDULED_SIZE == 5 and descent.BASE == 3
    assert 10 * max(gaps["step_decay"], gaps["cosine_decay"]) < gaps[None]


def by_hand(rates, gradient):
    """Return where plain descent arrives from 0 with one and the same gradient."""
    return -gradient * sum(rates)


@needs_torch
def test_the_schedule_s_line_in_pytorch():
    """The line of the text gives each step the rate of the schedule."""
    import torch

    (cosine_decay,) = names("cosine_decay")
    w = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer, total = torch.optim.SGD([w], lr=0.5), 10
    for t in range(total):
        w.grad = torch.ones(1, dtype=torch.float64)
        optimizer.param_groups[0]["lr"] = cosine_decay(t, total, 0.5)
        optimizer.step()
    assert w.item() == pytest.approx(by_hand([cosine_decay(t, total, 0.5) for t in range(total)], 1.0), rel=1e-9)


@needs_tensorflow
def test_the_schedule_s_line_in_tensorflow():
    """The line of the text gives each step the rate of the schedule."""
    import keras
    import tensorflow as tf

    (cosine_decay,) = names("cosine_decay")
    w, optimizer, total = tf.Variable([0.0]), keras.optimizers.SGD(0.5), 10
    for t in range(total):
        optimizer.learning_rate = cosine_decay(t, total, 0.5)
        optimizer.apply_gradients([(tf.constant([1.0]), w)])
    assert float(w.numpy()[0]) == pytest.approx(
        by_hand([cosine_decay(t, total, 0.5) for t in range(total)], 1.0), rel=1e-5
    )


def test_the_text_shows_these_lines():
    """What the tests above run is what the notebook says."""
    text = TEXT
    assert 'optimizer.param_groups[0]["lr"] = cosine_decay(t, total, 0.5)' in text
    assert "optimizer.learning_rate = cosine_decay(t, total, 0.5)" in text


# What chance can do to the one exercise with random behaviour, `minibatches`


def plans():
    """Return (samples, batch size) of the cases of which the judge asks a random order."""
    cases = [case["data"] for case in lab3.MINIBATCHES.test("numpy", b"visible", "check")["cases"]]
    return [(len(data["X"]), data["batch_size"]) for data in cases if len(data["X"]) > data["batch_size"]]


def same_batches(samples, size):
    """Return the chance that a random order puts exactly the neighbours of the data together."""
    sizes = [size] * (samples // size) + [samples % size] * (samples % size > 0)
    alike = factorial(samples // size)  # batches of full size may change places
    return alike * prod(map(factorial, sizes)) / factorial(samples)


def test_a_right_answer_practically_never_fails():
    """A shuffle that looks unshuffled, cut in chunks, or equal for two seeds: altogether below 1e-6, twice asked."""
    assert plans() == [(21, 5), (21, 5), (21, 5), (24, 8), (15, 4)]
    unlucky = sum(1 / factorial(samples) + same_batches(samples, size) for samples, size in plans())
    equal_for_two_seeds = sum(1 / factorial(samples) for samples, _ in plans())
    assert 2 * (unlucky + equal_for_two_seeds) < 1e-6


@pytest.mark.parametrize(
    ("mistake", "chance"),
    [
        ("with_replacement", lambda n, size: factorial(n) / n**n),
        (
            "with_replacement, each batch by itself",
            lambda n, size: prod(
                factorial(n - done) / factorial(n - done - taken) / (factorial(n) / factorial(n - taken))
                for done in range(0, n, size)
                for taken in [min(size, n - done)]
            ),
        ),
        ("seed_ignored", lambda n, size: 1 / factorial(n)),
        ("pairs_broken", lambda n, size: 1 / factorial(n)),
    ],
)
def test_a_wrong_answer_practically_never_passes(mistake, chance):
    """Whatever is random in a wrong answer passes even a single case with less than one chance in a thousand."""
    assert max(chance(*plan) for plan in plans()) < 1e-3, mistake


def test_the_network_is_watched_as_the_text_says():
    """At a rate of 0.3 the border is nearly straight at first; the loss falls, and each group gets its side."""
    X, y, train_numpy, backprop, minibatches = names("X y train_numpy backprop minibatches")
    rate = signature(networks.watch_numpy).parameters["learning_rate"].default
    assert rate == 0.3 and signature(networks.watch_numpy).parameters["epochs"].default == networks.EPOCHS == 40
    trained = list(networks.train_epochs(train_numpy, backprop, minibatches, X, y, 16, rate))
    losses = [networks.network_loss(X, y, *weights) for weights in trained]
    assert np.max(np.diff(losses)) < 0.01 and losses[-1] < 0.1 * losses[0]
    plane = np.stack(np.meshgrid(*[np.linspace(-1.5, 1.5, 25)] * 2), axis=-1).reshape(-1, 2)
    design = np.column_stack([plane, np.ones(len(plane))])
    groups = 2 * (X[:, 0] > 0) + (X[:, 1] > 0)
    straight = []
    for weights in (trained[0], trained[-1]):
        sides = np.sign(networks.network_logits(plane, *weights)[:, 0])
        fitted = np.linalg.lstsq(design, sides, rcond=None)[0]
        straight.append(np.mean(np.sign(design @ fitted) == sides))
    right = (networks.network_logits(X, *trained[-1])[:, 0] > 0) == (y[:, 0] > 0.5)
    assert min(np.mean(right[groups == group]) for group in range(4)) > 0.95
    assert straight[0] > 0.9 > straight[1]
