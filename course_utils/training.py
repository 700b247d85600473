"""What Lab 3 trains with: start weights, networks that begin with them, batches for a training loop, and comparisons.

The start weights come from NumPy, so that every framework begins, and with the same batches ends, at the same place.
"""

import numpy as np


def start_weights(n_inputs=2, n_hidden=8, seed=1):
    """Random weights of a network with one hidden layer and one output: [W1, b1, W2, b2], float64, biases 0."""
    random = np.random.RandomState(seed)
    W1, W2 = random.randn(n_inputs, n_hidden), random.randn(n_hidden, 1) / np.sqrt(n_hidden)
    return [W1, np.zeros(n_hidden), W2, np.zeros(1)]


class Batches:
    """Mini-batches for a training loop: each `for` over it is one more epoch, in a new order.

    Args:
        minibatches: function (X, y, batch_size, seed) that gives the batches of one epoch; seed is the epoch's number.
        tensor: function that turns a float32 array into the tensor that the framework wants.
    """

    def __init__(self, minibatches, X, y, batch_size, tensor):
        self.arguments = minibatches, X.astype(np.float32), y.astype(np.float32), batch_size
        self.tensor, self.epoch = tensor, 0

    def __iter__(self):
        minibatches, X, y, batch_size = self.arguments
        self.epoch += 1
        for inputs, labels in minibatches(X.copy(), y.copy(), batch_size, self.epoch):
            yield self.tensor(inputs), self.tensor(labels)


def torch_network(weights):
    """A PyTorch network with one hidden layer of tanh, which returns logits and starts with these weights."""
    from .frameworks import Missing, nn, torch

    if torch is Missing:
        return Missing
    net = nn.Sequential(nn.Linear(*weights[0].shape), nn.Tanh(), nn.Linear(*weights[2].shape))
    for variable, array in zip(net.parameters(), (array.T for array in weights)):
        variable.data = torch.tensor(array.astype(np.float32))
    return net


def keras_network(weights):
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


def logits(net, X):
    """What a network of either framework returns for X, as a NumPy array."""
    if hasattr(net, "state_dict"):
        from .frameworks import torch

        with torch.no_grad():
            return net(torch.tensor(np.asarray(X, dtype=np.float32))).numpy()
    return np.array(net(np.asarray(X, dtype=np.float32)))


STEPS, RATE, BETA, BETAS = 10, 0.1, 0.9, (0.9, 0.999)


def gradients_of_size(size, seed=0):
    """Ten gradients of four numbers each, positive and negative, whose sizes lie between `size` and twice that."""
    random = np.random.RandomState(seed)
    return size * random.uniform(1, 2, (STEPS, 4)) * random.choice([-1.0, 1.0], (STEPS, 4))


def momentum_path(momentum_step, gradients, rate=RATE):
    """Where the student's momentum walks, from w = 0."""
    w, velocity, path = np.zeros(4), np.zeros(4), []
    for gradient in gradients:
        w, velocity = momentum_step(w, gradient, velocity, rate, BETA)
        path.append(w)
    return np.array(path)


def adam_path(adam_step, gradients, epsilon):
    """Where the student's Adam walks, from w = 0."""
    w, m, v, path = np.zeros(4), np.zeros(4), np.zeros(4), []
    for t, gradient in enumerate(gradients, 1):
        w, m, v = adam_step(w, gradient, m, v, t, RATE, *BETAS, epsilon)
        path.append(w)
    return np.array(path)


def torch_path(make, gradients):
    """Where an optimiser of PyTorch walks in float64, from w = 0; `make` gets the list of parameters."""
    from .frameworks import torch

    w, path = torch.zeros(4, dtype=torch.float64, requires_grad=True), []
    optimizer = make([w])
    for gradient in gradients:
        w.grad = torch.tensor(gradient)
        optimizer.step()
        path.append(w.detach().numpy().copy())
    return np.array(path)


def keras_path(optimizer, gradients):
    """Where an optimiser of Keras walks in float32, from w = 0."""
    from .frameworks import tf

    w, path = tf.Variable(np.zeros(4, dtype=np.float32)), []
    for gradient in gradients:
        optimizer.apply_gradients([(tf.constant(gradient.astype(np.float32)), w)])
        path.append(w.numpy())
    return np.array(path)


def difference(mine, theirs):
    """The largest difference between two paths, as a share of the length of the path."""
    return float(np.max(np.abs(mine - theirs)) / np.max(np.abs(theirs)))


def compare_torch(momentum_step, adam_step):
    """Print how far ten steps of the student's optimisers are from PyTorch's."""
    from .frameworks import Missing, torch

    if torch is Missing:
        print("PyTorch is not installed here.")
        return
    gradients = gradients_of_size(0.1)
    _compare(
        "momentum",
        lambda: difference(
            momentum_path(momentum_step, gradients),
            torch_path(lambda w: torch.optim.SGD(w, lr=RATE, momentum=BETA), gradients),
        ),
        "momentum_step",
    )
    for size in (0.1, 1e-4):
        gradients = gradients_of_size(size)
        _compare(
            f"Adam, gradients of {size:g}",
            lambda: difference(
                adam_path(adam_step, gradients, 1e-8),  # noqa: B023  (called at once)
                torch_path(lambda w: torch.optim.Adam(w, lr=RATE, betas=BETAS, eps=1e-8), gradients),  # noqa: B023
            ),
            "adam_step",
        )


def compare_keras(momentum_step, adam_step):
    """Print how far ten steps of the student's optimisers are from those of Keras."""
    from .frameworks import Missing, keras

    if keras is Missing:
        print("TensorFlow is not installed here.")
        return
    gradients = gradients_of_size(0.1)
    _compare(
        "momentum",
        lambda: difference(
            momentum_path(momentum_step, gradients), keras_path(keras.optimizers.SGD(RATE, momentum=BETA), gradients)
        ),
        "momentum_step",
    )
    for size in (0.1, 1e-4):
        gradients = gradients_of_size(size)
        _compare(
            f"Adam, gradients of {size:g}",
            lambda: difference(
                adam_path(adam_step, gradients, 1e-7),  # noqa: B023  (called at once)
                keras_path(keras.optimizers.Adam(RATE, *BETAS, epsilon=1e-7), gradients),  # noqa: B023
            ),
            "adam_step",
        )


def _compare(what, measure, exercise):
    try:
        print(f"{what:<26} largest difference {measure():.0e}")
    except Exception:
        print(f"{what:<26} finish {exercise} first")
