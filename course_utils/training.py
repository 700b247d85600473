"""What Lab 3 trains with: start weights, networks that begin with them, batches for a training loop, and comparisons.

The start weights come from NumPy, so that every framework begins, and with the same batches ends, at the same place.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np

STEPS, RATE, BETA, BETAS = 10, 0.1, 0.9, (0.9, 0.999)  # of the comparison of optimisers


def start_weights(n_inputs: int = 2, n_hidden: int = 8, seed: int = 1) -> list[np.ndarray]:
    """Random weights of a network with one hidden layer and one output: [W1, b1, W2, b2], float64, biases 0."""
    random = np.random.RandomState(seed)
    W1, W2 = random.randn(n_inputs, n_hidden), random.randn(n_hidden, 1) / np.sqrt(n_hidden)
    return [W1, np.zeros(n_hidden), W2, np.zeros(1)]


class Batches:
    """Mini-batches for a training loop: every iteration over them is the next epoch, in a new order.

    Args:
        minibatches: function (X, y, batch_size, seed) that gives the batches of one epoch; seed is the epoch's number.
        tensor: function that turns a float32 array into the tensor that the framework wants.
    """

    def __init__(
        self,
        minibatches: Callable[..., Iterable],
        X: np.ndarray,
        y: np.ndarray,
        batch_size: int,
        tensor: Callable[[np.ndarray], Any],
    ) -> None:
        self.arguments = minibatches, X.astype(np.float32), y.astype(np.float32), batch_size
        self.tensor, self.epoch = tensor, 0

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        minibatches, X, y, batch_size = self.arguments
        self.epoch += 1
        for inputs, labels in minibatches(X.copy(), y.copy(), batch_size, self.epoch):
            yield self.tensor(inputs), self.tensor(labels)


def torch_network(weights: list[np.ndarray]) -> Any:
    """A PyTorch network with one hidden layer of tanh, which returns logits and starts with these weights."""
    from .frameworks import Missing, nn, torch

    if torch is Missing:
        return Missing
    net = nn.Sequential(nn.Linear(*weights[0].shape), nn.Tanh(), nn.Linear(*weights[2].shape))
    for variable, array in zip(net.parameters(), (array.T for array in weights)):
        variable.data = torch.tensor(array.astype(np.float32))
    return net


def keras_network(weights: list[np.ndarray]) -> Any:
    """A Keras network with one hidden layer of tanh, which returns logits and starts with these weights."""
    from .frameworks import Missing, keras

    if keras is Missing:
        return Missing
    W1, b1, W2, _ = weights
    layers = [keras.layers.Dense(len(b1), activation="tanh"), keras.layers.Dense(W2.shape[1])]
    net = keras.Sequential([keras.Input((len(W1),)), *layers])
    for variable, array in zip(net.weights, weights):
        variable.assign(array)
    return net


def logits(net: Any, X: np.ndarray) -> np.ndarray:
    """What a network of either framework returns for X, as a NumPy array."""
    if hasattr(net, "state_dict"):
        from .frameworks import torch

        with torch.no_grad():
            first = next(net.parameters())
            return net(torch.tensor(np.asarray(X, dtype=np.float32)).to(first)).float().cpu().numpy()
    return np.array(net(np.asarray(X, dtype=np.float32)))


def compare_line(
    line_gradient: Callable, numeric_gradient: Callable, mse: Callable, x: np.ndarray, y: np.ndarray
) -> None:
    """Print the student's gradient of a line beside the slopes that nudging finds."""
    place = np.array([0.5, 0.2])
    try:
        nudged = numeric_gradient(lambda wb: mse(wb[0] * x + wb[1], y), place.copy())
        for name, own, witness in zip(("dw", "db"), line_gradient(x, y, *place), nudged):
            print(f"{name}: by the chain rule {own:+.6f}, by nudging {witness:+.6f}")
    except Exception:
        print("Finish mse, numeric_gradient and line_gradient first, then run this cell again.")


def compare_values(
    value: Callable, backward: Callable, numeric_gradient: Callable, loss: Callable, start: np.ndarray
) -> None:
    """Print the gradients of a tiny network by the student's autograd, and those that nudging finds.

    Args:
        value: the student's class of numbers.
        loss: function (parameters, tanh, log) of values, numbers or tensors.
    """
    try:
        parameters = [value(number) for number in start]
        backward(loss(parameters, value.tanh, value.log))  # type: ignore[attr-defined]
        own = [parameter.grad for parameter in parameters]
        nudged = numeric_gradient(lambda place: loss(place, np.tanh, np.log), start.copy())
        for title, gradients in (("yours", own), ("by nudging", nudged)):
            print(f"{title:<11}", "  ".join(f"{gradient:+.4f}" for gradient in gradients))
    except Exception:
        print("Finish numeric_gradient, Value and backward first, then run this cell again.")


def compare_backprop(
    backprop: Callable, numeric_gradient: Callable, X: np.ndarray, y: np.ndarray, weights: list[np.ndarray]
) -> None:
    """Print how far the student's backpropagation is from the slopes that nudging finds, weight by weight."""
    from .figures.lab3_networks import network_loss

    def loss(place: int, array: np.ndarray) -> float:
        return network_loss(X, y, *weights[:place], array, *weights[place + 1 :])

    try:
        nudged = [numeric_gradient(partial(loss, place), array.copy()) for place, array in enumerate(weights)]
        pairs = zip(backprop(X, y, *weights), nudged)
        print("largest difference from nudging:", max(np.abs(own - slopes).max() for own, slopes in pairs))
    except Exception:
        print("Finish numeric_gradient and backprop first, then run this cell again.")


def gradients_of_size(size: float, seed: int = 0) -> np.ndarray:
    """Ten gradients of four numbers each, positive and negative, whose sizes lie between `size` and twice that."""
    random = np.random.RandomState(seed)
    return size * random.uniform(1, 2, (STEPS, 4)) * random.choice([-1.0, 1.0], (STEPS, 4))


def momentum_path(momentum_step: Callable, gradients: np.ndarray, rate: float = RATE) -> np.ndarray:
    """Where the student's momentum walks, from w = 0."""
    w, velocity, path = np.zeros(4), np.zeros(4), []
    for gradient in gradients:
        w, velocity = momentum_step(w, gradient, velocity, rate, BETA)
        path.append(w)
    return np.array(path)


def adam_path(adam_step: Callable, gradients: np.ndarray, epsilon: float) -> np.ndarray:
    """Where the student's Adam walks, from w = 0."""
    w, m, v, path = np.zeros(4), np.zeros(4), np.zeros(4), []
    for t, gradient in enumerate(gradients, 1):
        w, m, v = adam_step(w, gradient, m, v, t, RATE, *BETAS, epsilon)
        path.append(w)
    return np.array(path)


def torch_path(make: Callable[[list], Any], gradients: np.ndarray) -> np.ndarray:
    """Where an optimiser of PyTorch walks in float64, from w = 0; `make` gets the list of parameters."""
    from .frameworks import torch

    w, path = torch.zeros(4, dtype=torch.float64, requires_grad=True), []
    optimizer = make([w])
    for gradient in gradients:
        w.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(w.detach().cpu().numpy().copy())
    return np.array(path)


def keras_path(optimizer: Any, gradients: np.ndarray) -> np.ndarray:
    """Where an optimiser of Keras walks in float32, from w = 0."""
    from .frameworks import tf

    w, path = tf.Variable(np.zeros(4, dtype=np.float32)), []
    for gradient in gradients:
        optimizer.apply_gradients([(tf.constant(gradient.astype(np.float32)), w)])
        path.append(w.numpy())
    return np.array(path)


def difference(own: np.ndarray, reference: np.ndarray) -> float:
    """The largest difference between two paths, as a share of the largest value of the reference."""
    return float(np.max(np.abs(own - reference)) / np.max(np.abs(reference)))


def compare_torch(momentum_step: Callable, adam_step: Callable) -> None:
    """Print how far ten steps of the student's optimisers are from PyTorch's."""
    from .frameworks import Missing, torch

    if torch is Missing:
        print("PyTorch is not installed here.")
        return
    _compare(
        momentum_step,
        adam_step,
        1e-8,
        lambda gradients: torch_path(lambda w: torch.optim.SGD(w, lr=RATE, momentum=BETA), gradients),
        lambda gradients: torch_path(lambda w: torch.optim.Adam(w, lr=RATE, betas=BETAS, eps=1e-8), gradients),
    )


def compare_keras(momentum_step: Callable, adam_step: Callable) -> None:
    """Print how far ten steps of the student's optimisers are from those of Keras."""
    from .frameworks import Missing, keras

    if keras is Missing:
        print("TensorFlow is not installed here.")
        return
    _compare(
        momentum_step,
        adam_step,
        1e-7,
        lambda gradients: keras_path(keras.optimizers.SGD(RATE, momentum=BETA), gradients),
        lambda gradients: keras_path(keras.optimizers.Adam(RATE, *BETAS, epsilon=1e-7), gradients),
    )


Walk = Callable[[np.ndarray], np.ndarray]  # from gradients to where an optimiser walks


def _compare(
    momentum_step: Callable, adam_step: Callable, epsilon: float, library_momentum: Walk, library_adam: Walk
) -> None:
    own_momentum = partial(momentum_path, momentum_step)
    own_adam = partial(adam_path, adam_step, epsilon=epsilon)

    for title, size, own, library, exercise in (
        ("momentum", 0.1, own_momentum, library_momentum, "momentum_step"),
        ("Adam, gradients of 0.1", 0.1, own_adam, library_adam, "adam_step"),
        ("Adam, gradients of 0.0001", 1e-4, own_adam, library_adam, "adam_step"),
    ):
        gradients = gradients_of_size(size)
        try:
            print(f"{title:<26} largest difference {difference(own(gradients), library(gradients)):.0e}")
        except Exception:
            print(f"{title:<26} finish {exercise} first")
