"""What Lab 3 trains with: the same start and the same steps in every framework."""

import numpy as np
import pytest

from course_utils import frameworks, training
from tests.course_utils.figures.test_lab3_gradient_descent import adam_step, backprop, line_gradient, momentum_step, mse

needs_both = pytest.mark.skipif(
    not (frameworks.installed("torch") and frameworks.installed("tensorflow")), reason="needs both frameworks"
)


@needs_both
def test_networks_of_both_frameworks_start_at_the_same_place():
    """With the same weights PyTorch and Keras return the same logits, those of NumPy."""
    W1, b1, W2, b2 = weights = training.start_weights()
    X = np.random.default_rng(0).normal(size=(5, 2))
    expected = np.tanh(X @ W1 + b1) @ W2 + b2
    for make in (training.torch_network, training.keras_network):
        assert np.allclose(training.logits(make(weights), X), expected, atol=1e-5)


def test_each_iteration_over_batches_is_the_next_epoch():
    """The seed of the order is the number of the epoch, and the arrays come as float32 copies."""
    seeds = []

    def minibatches(X, y, batch_size, seed):
        seeds.append((batch_size, seed))
        X *= 0
        return [(X, y)]

    X = np.ones((3, 2))
    batches = training.Batches(minibatches, X, np.ones(3), 2, lambda array: array.dtype.name)
    assert list(batches) == list(batches) == [("float32", "float32")]
    assert seeds == [(2, 1), (2, 2)] and np.all(X == 1)


def numeric_gradient(loss, w, h=1e-5):
    steps = h * np.eye(w.size).reshape(w.size, *w.shape)
    return np.array([(loss(w + step) - loss(w - step)) / (2 * h) for step in steps]).reshape(w.shape)


def test_gradients_are_compared_with_nudging(capsys):
    """A right gradient agrees with its witness; an unfinished one, or an unfinished witness, is named."""
    x, y = np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 3.0])
    training.compare_line(line_gradient, numeric_gradient, mse, x, y)
    for line in capsys.readouterr().out.splitlines():
        own, nudged = (float(word.split()[-1]) for word in line.split(", by"))
        assert own == pytest.approx(nudged, abs=1e-6)
    X, labels = np.array([[0.0, 1.0], [1.0, 1.0]]), np.array([[1.0], [0.0]])
    training.compare_backprop(backprop, numeric_gradient, X, labels, training.start_weights())
    assert float(capsys.readouterr().out.split()[-1]) < 1e-6
    training.compare_line(line_gradient, lambda *_: ..., mse, x, y)
    training.compare_backprop(lambda *_: ..., numeric_gradient, X, labels, training.start_weights())
    training.compare_values(lambda *_: ..., lambda *_: ..., numeric_gradient, lambda *_: 0.0, x)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and all(line.startswith("Finish ") for line in lines)


@needs_both
@pytest.mark.parametrize("compare", [training.compare_torch, training.compare_keras])
def test_optimisers_are_compared_line_by_line(compare, capsys):
    """Momentum agrees, Adam is compared for large and for small gradients; an unfinished one is named."""
    compare(momentum_step, adam_step)
    lines = capsys.readouterr().out.splitlines()
    titles = ["momentum", "Adam, gradients of 0.1", "Adam, gradients of 0.0001"]
    assert [line[:26].strip() for line in lines] == titles
    assert all("largest difference" in line for line in lines)
    compare(lambda *_: ..., lambda *_: None)
    finish = [line[27:] for line in capsys.readouterr().out.splitlines()]
    assert finish == ["finish momentum_step first", "finish adam_step first", "finish adam_step first"]
