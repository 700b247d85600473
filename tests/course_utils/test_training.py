"""What Lab 3 trains with: the same start and the same steps in every framework."""

import numpy as np
import pytest

from course_utils import frameworks, training
from tests.course_utils.figures.test_lab3_gradient_descent import adam_step, momentum_step

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
