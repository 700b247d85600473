# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lab 3: Gradient descent
#
# You will give a network the one thing it still lacks: a way to find its own weights. You measure how wrong it is, find
# the direction in which it becomes less wrong, and walk there, step by step, until it solves alone the puzzle for which
# you found the weights yourself in Lab 1.
#
# Run the next cells first (Shift + Enter). They load what the lab needs and draw the walk that this lab is about.

# %%
import numpy as np

from course_utils import check, datasets, explorers, progress, setup, training

setup("lab3_gradient_descent")

# %% framework="torch"
from course_utils.frameworks import nn, torch

# %% framework="tensorflow"
from course_utils.frameworks import keras, tf

# %% demo=True
explorers.landscape()

# %% [markdown]
# **You will**
#
# - turn "how wrong is it?" into a number, the loss, for regression and for classification;
# - compute by hand how the loss changes with each weight, for a neuron and then for a whole network;
# - walk downhill, and see what a learning rate does that is too small, right, or too large;
# - cut the data into mini-batches and write the training loop that nearly all deep learning runs on;
# - walk faster with momentum and Adam, and land softly with a schedule.
#
# **Time:** about 70 minutes. **You need** neurons, layers and the sigmoid from Lab 1, logits, `tanh` and derivatives
# from Lab 2.
#
# Exercises and checks work as before: replace `...  # YOUR CODE HERE`, run the cell, run the `check` below it.
# As in Lab 1, return new arrays and lists, and leave those that you are given as they are.

# %% [markdown]
# ## Exercise 1: mean squared error
#
# Before a network can improve, it needs to know how bad it is. A loss says so; for classification you have one, the
# cross-entropy of Lab 2. (The mean loss over all data is also called the cost.) For regression, where the answer is any
# number, take each error, square it, so that too much and too little count alike, and average over all $n$ entries:
#
# $$L = \frac{1}{n} \sum_i (\hat{y}_i - y_i)^2$$
#
# That is the **mean squared error**, MSE. The prediction $\hat{y}$ and the truth $y$ have the same shape, such as
# `(n_samples, 1)`; the loss is a single number.

# %% [markdown]
# ### Exercise 1 in NumPy: `mse` (2 points, 2 minutes)


# %% solution="mse_numpy"
def mse(prediction: np.ndarray, y: np.ndarray) -> float:
    """Return the mean squared error, one number.

    Args:
        prediction: what the network says, any shape.
        y: what is true, the same shape.
    """
    ### BEGIN SOLUTION
    return np.mean((prediction - y) ** 2)
    ### END SOLUTION


# %% tests="mse_numpy" points=2
check("mse_numpy")
### BEGIN HIDDEN TESTS
grade("mse_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>My result is an array</summary>
#
# Squaring works on each entry. The mean over all of them, without `axis`, makes a single number.
#
# </details>
#
# <details>
# <summary>My loss is too large, the more so the more data I have</summary>
#
# That is a sum. Divide by the number of entries, or use `np.mean`.
#
# </details>

# %% [markdown] framework="torch"
# ### Exercise 1 in PyTorch: `mse_torch` (2 points, 1 minute)
#
# The same line with `torch.mean`. Stay within PyTorch: every operation on a tensor is remembered, so that gradients can
# flow back through it.


# %% solution="mse_torch" framework="torch"
def mse_torch(prediction: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return the mean squared error, a tensor with one number."""
    ### BEGIN SOLUTION
    return torch.mean((prediction - y) ** 2)
    ### END SOLUTION


# %% tests="mse_torch" points=2 framework="torch"
check("mse_torch")
### BEGIN HIDDEN TESTS
grade("mse_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>The output is right, but the gradient is missing</summary>
#
# `.item()`, `.detach()` and NumPy cut the result off from the tensors that it came from. Return the tensor itself.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 1 in TensorFlow: `mse_tf` (2 points, 1 minute)
#
# The same line with `tf.reduce_mean`. Stay within TensorFlow: a tape records every operation on a tensor, so that
# gradients can flow back through it.


# %% solution="mse_tensorflow" framework="tensorflow"
def mse_tf(prediction: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """Return the mean squared error, a tensor with one number."""
    ### BEGIN SOLUTION
    return tf.reduce_mean((prediction - y) ** 2)
    ### END SOLUTION


# %% tests="mse_tensorflow" points=2 framework="tensorflow"
check("mse_tensorflow")
### BEGIN HIDDEN TESTS
grade("mse_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>The output is right, but the gradient is missing</summary>
#
# `.numpy()` and NumPy functions leave the tape. Return the tensor itself.
#
# </details>

# %% [markdown]
# ## Exercise 2: binary cross-entropy
#
# For classification, squares are too mild: a network that is certain and wrong should pay dearly. Worse, it would
# hardly learn: the slope of a square of $p$ contains that of the sigmoid, $p(1-p)$, and where the network is certain,
# right or wrong, that is almost 0. The cross-entropy of Lab 2, $-\log p$ for the probability $p$ of the true answer,
# has neither fault: the less the truth is believed, the more it costs, without limit, and its slope stays steep there.
#
# Here the head is a single sigmoid, and its logit $z$ is the sum before it. With the label $y$ (0 or 1) the loss is
#
# $$-y \log \sigma(z) - (1 - y) \log (1 - \sigma(z)) = \log(1 + e^z) - y z$$
#
# The right-hand side is the same number, but safe: above $z \approx 37$ the left one takes $\log 0$, because
# $\sigma(z)$ is then so close to 1 that float64 cannot tell them apart. The mean over all entries is the **binary
# cross-entropy**.
#
# One trap remains. For $z = 1000$, $e^z$ overflows although $\log(1 + e^z)$ is simply 1000. There is a function that
# knows: `np.logaddexp(0, z)` is $\log(e^0 + e^z)$, safe for every $z$. Elsewhere it is called **softplus**.

# %% [markdown]
# ### Exercise 2 in NumPy: `bce` (2 points, 3 minutes)


# %% solution="bce_numpy"
def bce(z: np.ndarray, y: np.ndarray) -> float:
    """Return the mean binary cross-entropy, one number.

    Args:
        z: logits, any shape, of any size.
        y: labels 0 or 1, the same shape.
    """
    ### BEGIN SOLUTION
    return np.mean(np.logaddexp(0, z) - y * z)
    ### END SOLUTION


# %% tests="bce_numpy" points=2
check("bce_numpy")
### BEGIN HIDDEN TESTS
grade("bce_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Right for ordinary logits, but NaN or infinity for huge ones</summary>
#
# Somewhere `exp` overflows, or `log` meets 0. Use the right-hand formula, with `np.logaddexp(0, z)` for its logarithm.
#
# </details>
#
# <details>
# <summary>My loss is negative</summary>
#
# A probability is below 1, so its logarithm is negative; the minus in front makes a loss of it.
#
# </details>

# %% [markdown] framework="torch"
# ### Exercise 2 in PyTorch: `bce_torch` (2 points, 1 minute)
#
# The safe logarithm is `nn.functional.softplus(z)`.


# %% solution="bce_torch" framework="torch"
def bce_torch(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return the mean binary cross-entropy of logits z and labels y, a tensor with one number."""
    ### BEGIN SOLUTION
    return torch.mean(nn.functional.softplus(z) - y * z)
    ### END SOLUTION


# %% tests="bce_torch" points=2 framework="torch"
check("bce_torch")
### BEGIN HIDDEN TESTS
grade("bce_torch")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# ### Exercise 2 in TensorFlow: `bce_tf` (2 points, 1 minute)
#
# The safe logarithm is `tf.math.softplus(z)`.


# %% solution="bce_tensorflow" framework="tensorflow"
def bce_tf(z: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """Return the mean binary cross-entropy of logits z and labels y, a tensor with one number."""
    ### BEGIN SOLUTION
    return tf.reduce_mean(tf.math.softplus(z) - y * z)
    ### END SOLUTION


# %% tests="bce_tensorflow" points=2 framework="tensorflow"
check("bce_tensorflow")
### BEGIN HIDDEN TESTS
grade("bce_tensorflow")
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: `neuron_gradient` (NumPy, 4 points, 6 minutes)
#
# Think of the loss as a landscape, the **loss surface**, as in the picture at the top of the lab: each place is a
# choice of weights, its height the loss there. You stand somewhere in thick fog and want to go down. You cannot see the
# valley, but you can feel the slope under your feet. That slope is the gradient: for each weight, how fast the loss
# grows if this weight grows. It points uphill, where it is steepest.
#
# For one neuron you can find it by hand. Follow a change of $w$ through $z = \mathbf{x} \cdot \mathbf{w} + b$ to the
# loss; the **chain rule** says that the slopes along the way multiply:
#
# $$\frac{\partial L}{\partial \mathbf{w}} = \frac{\partial L}{\partial z} \cdot \frac{\partial z}{\partial \mathbf{w}}
# = \big(\sigma(z) - y\big) \cdot \mathbf{x}$$
#
# The first factor is the derivative of $\log(1 + e^z) - y z$. The logarithm's part is $\frac{e^z}{1 + e^z} =
# \frac{1}{1 + e^{-z}} = \sigma(z)$, the other is $-y$, so what remains is wonderfully simple: prediction minus truth.
# With $n$ samples, average:
#
# $$\underbrace{\frac{\partial L}{\partial \mathbf{w}}}_{(\text{features},)} = \frac{1}{n} X^\top (\mathbf{p} -
# \mathbf{y}), \qquad \frac{\partial L}{\partial b} = \frac{1}{n} \sum_i (p_i - y_i), \qquad \mathbf{p} = \sigma(X
# \mathbf{w} + b)$$
#
# Compare with the rule of Lab 1: error times input, once more. Only now the error is smooth, and its sign is turned
# round: Lab 1 *added* $\eta (y - \hat{y})\, \mathbf{x}$, the way to go; a gradient points uphill, so it holds $p - y$
# and will be *subtracted*. The step is the same. The sigmoid is given:


# %%
def sigmoid(z):
    """Squash any number into (0, 1): 1 / (1 + exp(-z)), written in a way that never overflows."""
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% solution="neuron_gradient"
def neuron_gradient(X: np.ndarray, y: np.ndarray, w: np.ndarray, b: float) -> tuple[np.ndarray, float]:
    """Return the gradient (dw, db) of a sigmoid neuron's mean binary cross-entropy.

    Args:
        X: inputs, shape (n_samples, n_features).
        y: labels 0 or 1, shape (n_samples,).
        w: weights, shape (n_features,); dw has the same shape.
        b: bias, a number, as db is.
    """
    ### BEGIN SOLUTION
    error = sigmoid(X @ w + b) - y
    return X.T @ error / len(X), np.mean(error)
    ### END SOLUTION


# %% tests="neuron_gradient" points=4
check("neuron_gradient")
### BEGIN HIDDEN TESTS
grade("neuron_gradient")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The shapes do not match</summary>
#
# `dw` needs one number for each feature, so the samples must disappear: they are the *first* axis of `X`, hence
# `X.T @ error`.
#
# </details>
#
# <details>
# <summary>I have an extra p (1 - p)</summary>
#
# That is the slope of the sigmoid alone. With the cross-entropy, the logarithm cancels it; `p - y` is all that is left.
#
# </details>

# %% [markdown]
# ## Exercise 4: `descent_step` (NumPy, 2 points, 2 minutes)
#
# The gradient points uphill, so go the other way. **Gradient descent** repeats one line:
#
# $$\mathbf{w} \leftarrow \mathbf{w} - \eta \, \frac{\partial L}{\partial \mathbf{w}}$$
#
# You know $\eta$ as the learning rate: how far to go before feeling for the slope again. The line serves parameters of
# any shape.


# %% solution="descent_step"
def descent_step(w: np.ndarray, gradient: np.ndarray, learning_rate: float) -> np.ndarray:
    """Return the parameters after one step downhill, as a new array.

    Args:
        w: parameters of any shape; leave this array as it is.
        gradient: slope of the loss for each of them, the same shape.
        learning_rate: size of the step.
    """
    ### BEGIN SOLUTION
    return w - learning_rate * gradient
    ### END SOLUTION


# %% tests="descent_step" points=2
check("descent_step")
### BEGIN HIDDEN TESTS
grade("descent_step")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The check says that I walk uphill</summary>
#
# Where the gradient is positive the loss grows with the weight, so the weight has to shrink: subtract.
#
# </details>

# %% [markdown]
# ### The path on the loss surface
#
# A neuron with one weight and a bias has a landscape that we can draw. The data are again irises, *versicolor* (0) and
# *virginica* (1), told apart by the length of their sepals alone, shifted and scaled to a mean of 0 and a standard
# deviation of 1. The two kinds overlap, so even the best neuron keeps a loss of 0.55. The path is walked by *your* two
# functions. Press play, then change the rate and play again.

# %% demo=True
explorers.descent_path(neuron_gradient, descent_step)

# %% [markdown]
# Lab 1 promised that the learning rate would matter. It is the first number to change when a training goes wrong:
#
# - **too small**, here 0.1: every step is right, but after 20 of them the loss is still above 1.5;
# - **about right**, here 3: a few steps reach the valley, and then they become short by themselves, because the slope
#   becomes gentle;
# - **too large**, here 30: the very first step leaps across the valley and lands higher than it set out. Whenever the
#   walk has come down, the next steps throw it out again: the loss rises above 1.5 time after time and never settles.

# %% demo=True
explorers.learning_rates(neuron_gradient, descent_step)

# %% [markdown]
# ## Exercise 5: `backprop` (NumPy, 5 points, 9 minutes)
#
# Now the network: a hidden layer with `tanh`, one output, the cross-entropy. **Backpropagation** is the chain rule,
# done in the order that wastes nothing: run forward and keep what each layer puts out, then carry the error back, layer
# by layer. With $n$ samples and $h$ hidden units:
#
# | forward | shape | backward | shape |
# | --- | --- | --- | --- |
# | $H = \tanh(X W_1 + \mathbf{b}_1)$ | $(n, h)$ | $D = (P - Y) / n$ | $(n, 1)$ |
# | $P = \sigma(H W_2 + \mathbf{b}_2)$ | $(n, 1)$ | $B = (D\, W_2^\top) \odot (1 - H^2)$ | $(n, h)$ |
#
# $D$ is the error at the output, that of your neuron. $B$ is the error at the hidden units, and it has two factors:
# through $W_2^\top$ each unit gets its share of the blame, in proportion to the weight with which it spoke; and
# $1 - H^2$ is the slope of `tanh`, multiplied entry by entry ($\odot$).
#
# Each layer's gradients then follow the pattern that you know, *inputs transposed times error*:
#
# $$\frac{\partial L}{\partial W_2} = H^\top D, \qquad \frac{\partial L}{\partial W_1} = X^\top B$$
#
# and a bias, whose input is always 1, adds up its column of the error over the samples.


# %% solution="backprop"
def backprop(
    X: np.ndarray,
    y: np.ndarray,
    W1: np.ndarray,
    b1: np.ndarray,
    W2: np.ndarray,
    b2: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients (dW1, db1, dW2, db2) of the mean binary cross-entropy.

    Args:
        X: inputs, shape (n_samples, n_inputs).
        y: labels 0 or 1, shape (n_samples, 1).
        W1, b1: hidden layer of tanh, shapes (n_inputs, n_hidden) and (n_hidden,).
        W2, b2: output layer, shapes (n_hidden, 1) and (1,).
    """
    ### BEGIN SOLUTION
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)
    ### END SOLUTION


# %% tests="backprop" points=5
check("backprop")
### BEGIN HIDDEN TESTS
grade("backprop")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Where do I start?</summary>
#
# Write five lines: `H`, `P`, `D`, `B`, and the `return`. The table above has one formula for each of the first four.
#
# </details>
#
# <details>
# <summary>The gradients of the second layer are right, those of the first are not</summary>
#
# Then `B` is wrong. It needs `W2` transposed *and* the slope of `tanh`, which is written with its output, `H`.
#
# </details>
#
# <details>
# <summary>My bias gradients are too small</summary>
#
# The 1/n is in `D` already. Sum over the samples (`axis=0`), do not average again.
#
# </details>

# %% [markdown]
# ### Does autograd agree?
#
# A framework finds these gradients by itself. In float64 your hand and the machine should agree to better than 1e-6.
# The data are the puzzle that one neuron could not learn: XOR, now 200 points scattered around its four corners.

# %%
X, labels = datasets.noisy_xor(200, noise=0.15, seed=1)
X = 2 * X - 1  # corners at -1 and 1: inputs around 0 are easier to learn from
y = labels[:, None].astype(float)
start = training.start_weights(n_inputs=2, n_hidden=8)  # [W1, b1, W2, b2]: random weights, biases 0

# %% demo=True framework="torch"
try:
    W1, b1, W2, b2 = (torch.tensor(array, requires_grad=True) for array in start)
    z = torch.tanh(torch.tensor(X) @ W1 + b1) @ W2 + b2
    bce_torch(z, torch.tensor(y)).backward()
    pairs = zip(backprop(X, y, *start), (W1, b1, W2, b2))
    print("largest difference from PyTorch:", max(np.abs(mine - w.grad.numpy()).max() for mine, w in pairs))
except Exception:
    print("Finish bce_torch and backprop first, then run this cell again.")

# %% demo=True framework="tensorflow"
try:
    W1, b1, W2, b2 = weights = [tf.Variable(array) for array in start]
    with tf.GradientTape() as tape:
        loss = bce_tf(tf.tanh(X @ W1 + b1) @ W2 + b2, y)
    pairs = zip(backprop(X, y, *start), tape.gradient(loss, weights))
    print("largest difference from TensorFlow:", max(np.abs(mine - g.numpy()).max() for mine, g in pairs))
except Exception:
    print("Finish bce_tf and backprop first, then run this cell again.")

# %% [markdown]
# ## Exercise 6: `minibatches` (NumPy, 4 points, 5 minutes)
#
# Must we really look at all samples before each step? A few of them already give a useful, if noisy, idea of the slope.
# Descent on small random portions is called **stochastic gradient descent**, SGD, and the portions are
# **mini-batches**. An epoch still meets every sample exactly once:
#
# 1. Shuffle: put the numbers of the samples into a random order that follows from `seed`. The same seed gives the same
#    order again, another seed another one.
# 2. Cut that order into pieces of `batch_size`. What is left at the end is a smaller, last batch: keep it.
# 3. For each piece `yield` the pair of its inputs and its labels. They must stay together.
#
# A function with `yield` hands out one batch after the other, for use as `for inputs, labels in minibatches(...)`. A
# list of pairs is just as good. `np.random.default_rng(seed).permutation(n)` shuffles the numbers from 0 to n - 1.


# %% solution="minibatches"
def minibatches(X: np.ndarray, y: np.ndarray, batch_size: int, seed: int):
    """Go through all samples once, in random order, as batches (inputs, labels).

    Args:
        X: inputs, one row for each sample.
        y: labels, one row for each sample.
        batch_size: samples in each batch; the last may be smaller.
        seed: decides the order.
    """
    ### BEGIN SOLUTION
    order = np.random.default_rng(seed).permutation(len(X))
    for first in range(0, len(X), batch_size):
        chosen = order[first : first + batch_size]
        yield X[chosen], y[chosen]
    ### END SOLUTION


# %% tests="minibatches" points=4
check("minibatches")
### BEGIN HIDDEN TESTS
grade("minibatches")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Inputs and labels are no longer pairs</summary>
#
# You shuffle twice. Shuffle *one* array of numbers, and use it to index both.
#
# </details>
#
# <details>
# <summary>The last batch is missing</summary>
#
# `range(0, n, batch_size)` reaches it, `n // batch_size` does not. A slice that runs past the end simply stops there.
#
# </details>

# %% [markdown]
# ### One budget, three ways to spend it
#
# Your `backprop`, `descent_step` and `minibatches` now train a network on XOR, three times, with the same budget: 40
# epochs, 200 samples each. (The figure trains for a second or two before it appears.) What differs is how many steps
# are bought with it, and how long a step may be. Each run has about the largest rate at which its loss still falls
# without leaps: the noisier the slope, the shorter the step.
#
# - **full batch**: 40 steps at a rate of 2. The loss ends near 0.03.
# - **mini-batches** of 16: 520 steps at a rate of 1. The loss ends near 0.005.
# - **single samples**: 8000 steps at a rate of 0.1. The loss ends near 0.003.
#
# All three solve the puzzle in the end, and for the same number of samples many small steps win. So why not always take
# single samples? Because of the price of a step. A computer multiplies a matrix of 16 rows in hardly more time than one
# of a single row, on a graphics card even one of thousands, so an epoch of single samples takes about ten times as long
# here. The other extreme costs memory: a full batch of millions of samples does not fit, nor what each layer puts out
# for it. Mini-batches are in between: as large as the hardware handles in one go, as small as that allows.

# %% demo=True
explorers.batch_sizes(backprop, descent_step, minibatches, X, y)

# %% [markdown]
# Move the epoch and watch the regions bend. In Lab 1 you found the weights for XOR yourself. Here the network found
# them alone.

# %% [markdown]
# ## Exercise 7: the training loop
#
# In a framework the backward pass is one call, so a training loop is short, and it looks the same for eight hidden
# units as for eight billion parameters. You get a network that returns logits, an **optimiser** (the object that takes
# the steps), the batches of an epoch and the number of epochs. For each batch: predict, compute the loss, find the
# gradients, step. To see how it goes, return one number for each epoch: the mean of its batch losses.

# %% [markdown] framework="torch"
# ### Exercise 7 in PyTorch: `train_torch` (5 points, 6 minutes)
#
# Three calls, in this order, for each batch:
#
# 1. `optimizer.zero_grad()` clears the gradients of the batch before. PyTorch *adds* new gradients to old ones;
# 2. `loss.backward()` finds the gradient of every parameter and leaves it there;
# 3. `optimizer.step()` takes the step.
#
# Use your `bce_torch`, or the ready-made `nn.functional.binary_cross_entropy_with_logits`. `loss.item()` is the loss as
# a plain number.


# %% solution="training_loop_torch" framework="torch"
def train_torch(net: nn.Module, optimizer, batches, epochs: int) -> list[float]:
    """Train a classifier in place and return the mean batch loss of each epoch.

    Args:
        net: returns logits, shape (n_samples, 1).
        optimizer: holds the parameters of net and takes the steps.
        batches: pairs (inputs, labels) of tensors; loop over it once in each epoch.
        epochs: how often to go through all batches.
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses
    ### END SOLUTION


# %% tests="training_loop_torch" points=5 framework="torch"
check("training_loop_torch")
### BEGIN HIDDEN TESTS
grade("training_loop_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>The network never moves</summary>
#
# Is `optimizer.step()` there, after `loss.backward()`? If `zero_grad()` stands between the two, it wipes out the
# gradients before they are used.
#
# </details>
#
# <details>
# <summary>The first step is right, then everything goes too far</summary>
#
# Old gradients pile up. `zero_grad()` belongs into the inner loop, once for each batch.
#
# </details>
#
# <details>
# <summary>Only one batch seems to count</summary>
#
# Look at the indentation: all steps must stand inside the inner `for`, and `return` outside both loops.
#
# </details>

# %% [markdown] framework="torch"
# Now for real: 40 epochs on XOR, which takes a second or two. `training.Batches` asks your `minibatches` for a new
# order in each epoch. When you have met Adam, try `torch.optim.Adam(net.parameters(), lr=0.05)` in a cell of your own.

# %% demo=True framework="torch"
net = training.torch_network(start)
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
batches = training.Batches(minibatches, X, y, batch_size=16, tensor=torch.tensor)
explorers.watch_training(train_torch, net, optimizer, batches, X, y)

# %% [markdown] framework="tensorflow"
# ### Exercise 7 in TensorFlow: `train_tf` (5 points, 5 minutes)
#
# For each batch:
#
# 1. compute the loss inside `with tf.GradientTape() as tape:`, which records it;
# 2. `tape.gradient(loss, net.trainable_variables)` gives the list of gradients;
# 3. `optimizer.apply_gradients(...)` takes the step. It wants pairs (gradient, variable): `zip` the two lists.
#
# Use your `bce_tf`, or the ready-made `keras.losses.BinaryCrossentropy(from_logits=True)`. `float(loss)` is the loss as
# a plain number.


# %% solution="training_loop_tensorflow" framework="tensorflow"
def train_tf(net: keras.Model, optimizer, batches, epochs: int) -> list[float]:
    """Train a classifier in place and return the mean batch loss of each epoch.

    Args:
        net: returns logits, shape (n_samples, 1).
        optimizer: takes the steps.
        batches: pairs (inputs, labels) of tensors; loop over it once in each epoch.
        epochs: how often to go through all batches.
    """
    ### BEGIN SOLUTION
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses
    ### END SOLUTION


# %% tests="training_loop_tensorflow" points=5 framework="tensorflow"
check("training_loop_tensorflow")
### BEGIN HIDDEN TESTS
grade("training_loop_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>No gradients provided for any variable</summary>
#
# The loss was computed outside the tape. Both `net(inputs)` and the loss belong inside the `with`.
#
# </details>
#
# <details>
# <summary>Only one batch seems to count</summary>
#
# Look at the indentation: all steps must stand inside the inner `for`, and `return` outside both loops.
#
# </details>

# %% [markdown] framework="tensorflow"
# Now for real: 40 epochs on XOR, which takes a few seconds; after every 10 epochs you see how far it is. When you have
# met Adam, try `keras.optimizers.Adam(0.05)` in a cell of your own.

# %% demo=True framework="tensorflow"
net = training.keras_network(start)
optimizer = keras.optimizers.SGD(0.5)
batches = training.Batches(minibatches, X, y, batch_size=16, tensor=tf.constant)
explorers.watch_training(train_tf, net, optimizer, batches, X, y)

# %% [markdown] framework="torch+tensorflow"
# The two runs print the same losses, because they start from the same weights and meet the same batches. One thing does
# differ: PyTorch adds up gradients until you clear them, a tape gives fresh ones each time, so TensorFlow has nothing
# to clear. Once you know that, it does not matter: the steps are the same.

# %% [markdown]
# ## Exercise 8: `momentum_step` (NumPy, 3 points, 3 minutes)
#
# Plain descent forgets everything after each step. In a narrow ravine that hurts. The steep walls limit the rate: a
# little too much, and the walk is thrown from wall to wall and out. But along the gentle floor, steps that the walls
# allow hardly get anywhere. A heavy ball does better: to and fro cancel, and what points the same way every time adds
# up. Give the walk such a **velocity** $\mathbf{v}$, which starts at 0:
#
# $$\mathbf{v} \leftarrow \beta \mathbf{v} + \mathbf{g}, \qquad \mathbf{w} \leftarrow \mathbf{w} - \eta \mathbf{v}$$
#
# $\mathbf{g}$ is the gradient; **momentum** $\beta$, usually 0.9, says how much of the old velocity is kept. On a
# steady slope the steps grow up to $1 / (1 - \beta)$ times as long, tenfold for 0.9. The second formula uses the *new*
# $\mathbf{v}$; return it too, for the next step.


# %% solution="momentum_step"
def momentum_step(
    w: np.ndarray,
    gradient: np.ndarray,
    velocity: np.ndarray,
    learning_rate: float,
    beta: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return (w, velocity) after one step with momentum; all arrays have the same shape."""
    ### BEGIN SOLUTION
    velocity = beta * velocity + gradient
    return w - learning_rate * velocity, velocity
    ### END SOLUTION


# %% tests="momentum_step" points=3
check("momentum_step")
### BEGIN HIDDEN TESTS
grade("momentum_step")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The check mentions another convention</summary>
#
# Books differ in where they put the learning rate and whether they weaken the new gradient. Here the velocity collects
# the gradients as they are, and only the step to `w` is multiplied by the rate.
#
# </details>

# %% [markdown]
# ## Exercise 9: `adam_step` (NumPy, 4 points, 5 minutes)
#
# One rate for all parameters is a poor fit when some slopes are a thousand times steeper than others. **Adam** keeps
# two running averages for each parameter: $\mathbf{m}$ of its gradients, a kind of momentum, and $\mathbf{v}$ of their
# squares, which says how large they usually are (it is no velocity, though it shares its letter):
#
# $$\mathbf{m} \leftarrow \beta_1 \mathbf{m} + (1 - \beta_1)\, \mathbf{g}, \qquad
# \mathbf{v} \leftarrow \beta_2 \mathbf{v} + (1 - \beta_2)\, \mathbf{g}^2$$
#
# Both start at 0 and are therefore too small at first. The **bias correction** makes up for it in step $t = 1, 2,
# \dots$ (it has nothing to do with a neuron's bias):
#
# $$\hat{\mathbf{m}} = \frac{\mathbf{m}}{1 - \beta_1^t}, \qquad \hat{\mathbf{v}} = \frac{\mathbf{v}}{1 - \beta_2^t},
# \qquad \mathbf{w} \leftarrow \mathbf{w} - \eta \, \frac{\hat{\mathbf{m}}}{\sqrt{\hat{\mathbf{v}}} + \varepsilon}$$
#
# The tiny $\varepsilon$ stands *outside* the root and keeps us from dividing by 0. Divided by their usual size, steep
# and gentle slopes lead to steps of about the same length, $\eta$. Return $\mathbf{m}$ and $\mathbf{v}$ without the
# correction: the next step makes its own.


# %% solution="adam_step"
def adam_step(
    w: np.ndarray,
    gradient: np.ndarray,
    m: np.ndarray,
    v: np.ndarray,
    t: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (w, m, v) after step number t = 1, 2, ... of Adam; all arrays have the same shape."""
    ### BEGIN SOLUTION
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v
    ### END SOLUTION


# %% tests="adam_step" points=4
check("adam_step")
### BEGIN HIDDEN TESTS
grade("adam_step")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>w is right in the first step and wrong from the second on</summary>
#
# Did you return the corrected averages? Keep them under names of their own, such as `m_hat`, and return `m` and `v`.
#
# </details>
#
# <details>
# <summary>My values are only a little off</summary>
#
# Look at epsilon: first the correction, then the root, then add epsilon.
#
# </details>

# %% [markdown] framework="torch"
# ### Against PyTorch
#
# Your two formulas are PyTorch's own. Ten steps side by side differ by no more than rounding, below 1e-12:

# %% demo=True framework="torch"
training.compare_torch(momentum_step, adam_step)

# %% [markdown] framework="tensorflow"
# ### Against Keras
#
# Keras writes both a little differently. Its velocity contains the learning rate, $\mathbf{v} \leftarrow \beta
# \mathbf{v} - \eta \mathbf{g}$ and $\mathbf{w} \leftarrow \mathbf{w} + \mathbf{v}$: the same walk, as long as the rate
# stays the same. If it changes, old gradients keep the rate that they were made with. And its Adam adds epsilon
# *before* the correction, which makes epsilon about 30 times as heavy in the first step, and less so later. At
# gradients of 0.1 and more nobody notices: the paths agree to 1e-4. At gradients of 1e-4 they differ by about one per
# cent. It rarely matters: both walk down the same valley.

# %% demo=True framework="tensorflow"
training.compare_keras(momentum_step, adam_step)

# %% [markdown]
# ### Roll the ball
#
# Your three optimisers, on a surface of your choice. Each surface is a small lesson:
#
# 1. *Ravine*: at rate 0.1 the plain ball slides down the wall and then creeps; after 60 steps most of the floor is
#    still ahead. At 0.6 it zigzags from wall to wall and comes about half way; at 0.7 it is thrown out. Momentum and
#    Adam arrive at 0.6.
# 2. *Two valleys*, rate 0.1: plain and Adam stop in the nearer valley, momentum carries the ball on into the deeper
#    one.
# 3. *Plateau*, rate 0.3: almost no slope, as in a saturated network. The plain ball hardly moves; Adam, which
#    divides by the size of the slope, walks off at once.
# 4. *Bowl*: at which rate does the plain ball arrive in a single step? From which rate on does it never arrive?

# %% demo=True
explorers.ball(descent_step, momentum_step, adam_step)

# %% [markdown]
# <details>
# <summary>What about the bowl?</summary>
#
# Its height is $w_1^2 + w_2^2$, so the gradient is $2 \mathbf{w}$, and $\mathbf{w} - \eta \cdot 2 \mathbf{w} = 0$ for
# $\eta = 0.5$. At $\eta = 1$ the ball jumps from side to side forever; beyond, it climbs.
#
# </details>

# %% [markdown]
# ## Exercise 10: schedules (NumPy, 3 points, 5 minutes)
#
# Long steps to get near, short steps to arrive: why not change the rate on the way? A **schedule** says which rate step
# $t = 0, 1, \dots$ of `total` steps gets, given a `base` rate. Three famous ones:
#
# - **step decay**: divided by 10 after a third of the steps, and once more after two thirds: $\text{base} \cdot
#   0.1^{\lfloor 3t / \text{total} \rfloor}$, where $\lfloor \cdot \rfloor$ rounds down;
# - **cosine decay**: falls gently from the base to 0: $\text{base} \cdot \frac12 \big(1 + \cos(\pi t /
#   \text{total})\big)$;
# - **warm-up**: rises in a straight line during the first tenth, then stays: $\text{base} \cdot \min\big(1, \frac{10
#   (t + 1)}{\text{total}}\big)$. Fresh random weights can have wild slopes, and large networks need a careful start.


# %% solution="schedules"
def step_decay(t: int, total: int, base: float) -> float:
    """Return the learning rate of step t = 0, 1, ..., total - 1: divided by 10 after each third."""
    ### BEGIN SOLUTION
    return base * 0.1 ** (3 * t // total)
    ### END SOLUTION


def cosine_decay(t: int, total: int, base: float) -> float:
    """Return the learning rate of step t: half a cosine wave from base down to 0."""
    ### BEGIN SOLUTION
    return base * 0.5 * (1 + np.cos(np.pi * t / total))
    ### END SOLUTION


def warm_up(t: int, total: int, base: float) -> float:
    """Return the learning rate of step t: rising during the first tenth, then base."""
    ### BEGIN SOLUTION
    return base * min(1.0, 10 * (t + 1) / total)
    ### END SOLUTION


# %% tests="schedules" points=3
check("schedules")
### BEGIN HIDDEN TESTS
grade("schedules")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>My step decay has no steps</summary>
#
# `3 * t // total` is a whole number, 0, 1 or 2; `3 * t / total` is not.
#
# </details>
#
# <details>
# <summary>My first step has rate 0</summary>
#
# Steps count from 0, so the first of them must already get its share: `t + 1`.
#
# </details>

# %% [markdown]
# All three take the same arguments, so swapping one for another changes one word. And a schedule enters a loop in one
# line, right before the step, where `t` counts the steps of all epochs:

# %% [markdown] framework="torch"
# - PyTorch: `optimizer.param_groups[0]["lr"] = cosine_decay(t, total, 0.5)`

# %% [markdown] framework="tensorflow"
# - TensorFlow: `optimizer.learning_rate = cosine_decay(t, total, 0.5)`

# %% [markdown]
# What does it buy? Below, your neuron descends in mini-batches of 5 with a rate of 3. At a constant rate it arrives
# quickly and then trembles around the valley forever, because each batch pulls another way. With step or cosine decay
# the trembling dies down, and the walk ends at least ten times closer to the minimum.

# %% demo=True
explorers.schedules(step_decay, cosine_decay, warm_up, neuron_gradient, descent_step, minibatches)

# %% [markdown]
# ## Quiz (not graded, 6 minutes)
#
# Five questions, for yourself. Click an answer below the question: it is explained at once, and you may try the others
# too. In Colab, or where nothing can be clicked, write a letter into the call instead, such as `ask(1, "B")`, and run
# the cell. Such a letter also stays when you run the whole lab again.

# %%
from course_utils import ask

ask(1)

# %%
ask(2)

# %%
ask(3)

# %%
ask(4)

# %%
ask(5)

# %% [markdown]
# ## You have ...
#
# - measured how wrong a network is, for regression and for classification;
# - found the gradients of a neuron and of a network by hand, and seen a machine agree;
# - walked downhill with steps too short, right and too long, in full batches, mini-batches and single samples;
# - written the training loop, and trained a network on the puzzle that a single neuron can never learn;
# - made the walk faster with momentum and Adam, and calmer with a schedule.
#
# Where do you stand?

# %% demo=True
progress()

# %% [markdown]
# **Next: Lab 4.** Your network now fits whatever you show it. That is a danger too: it may learn its samples by heart
# and fail on the next one. Lab 4 is about **overfitting and dropout**.
