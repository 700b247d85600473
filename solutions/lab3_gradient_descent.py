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
import math

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
# - turn "how wrong is it?" into a number, the loss, and measure its slope by nudging;
# - write a training loop of your own, and let a line and then a network learn with it;
# - build a small autograd, and recognise it in the frameworks and in backpropagation;
# - tell from a learning curve what is wrong, and mend training loops that somebody else has broken;
# - walk faster with momentum and Adam, and land softly with a schedule.
#
# **Time:** two sittings of about 80 and 130 minutes; a line in the middle says where to stop. **You need** neurons,
# layers and the sigmoid from Lab 1, logits, `tanh` and derivatives from Lab 2.
#
# Exercises and checks work as before. Some cells hold code already, in place of `...  # YOUR CODE HERE`: it is broken,
# and you mend it. As in Lab 1, return new arrays, and leave those that you are given as they are.

# %% [markdown]
# # First sitting: a slope, and a walk

# %% [markdown]
# ## Exercise 1: `mse` (NumPy, 2 points, 4 minutes, easy)
#
# Before a network can improve, it needs to know how bad it is. A loss says so; for classification you have one, the
# cross-entropy of Lab 2. (The mean loss over all data is also called the cost.) For regression, where the answer is any
# number, build one from what you would want of it:
#
# - it is a single number, and 0 only if all predictions are right;
# - too much and too little count alike, and cannot make up for each other;
# - one error of 2 is as bad as four errors of 1: better to be a little wrong everywhere than far off once;
# - twice as many samples of the same kind do not make it worse.
#
# For the predictions 3 and 5, where 2 and 7 are true, it is 2.5. Which function of the errors does all this? You may
# have met it as the **mean squared error**, MSE.


# %% solution="mse_numpy"
def mse(prediction: np.ndarray, y: np.ndarray) -> float:
    """Return the mean squared error, one number.

    Args:
        prediction: what the network says, any shape.
        y: what is true, the same shape.
    """
    ### BEGIN SOLUTION
    # Square each difference, then take the mean over all entries: one number, whatever the shape.
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
#
# <details>
# <summary>As a formula?</summary>
#
# $L = \frac{1}{n} \sum_i (\hat{y}_i - y_i)^2$, with the prediction $\hat{y}$ and the truth $y$. In the example,
# $\frac12 (1^2 + 2^2) = 2.5$.
#
# </details>

# %% [markdown]
# ## Exercise 2: `numeric_gradient` (NumPy, 3 points, 8 minutes, medium)
#
# Think of the loss as a landscape, the **loss surface**, as in the picture at the top of the lab: each place is a
# choice of weights, its height the loss there. You stand somewhere in thick fog and want to go down. You cannot see the
# valley, but you can feel the slope under your feet. That slope is the **gradient**: for each weight, how fast the loss
# grows if this weight grows. It points uphill, where it is steepest.
#
# The plainest way to feel it is to try. Lab 2 did so for a function of one number: nudge it a little to the right and a
# little to the left, and divide the rise by the distance. A loss depends on many numbers. So nudge *one entry at a
# time*, all others staying where they are:
#
# $$\frac{\partial L}{\partial w_i} \approx \frac{L(\ldots, w_i + h, \ldots) - L(\ldots, w_i - h, \ldots)}{2h}$$
#
# It is slow: 33 weights need 66 looks at the whole data for a single step. But it is honest: it knows nothing of any
# formula. Write it once; in this lab it will be the witness for every gradient that you find in a quicker way. Weights
# come as arrays of one axis or two; `for index in np.ndindex(w.shape)` visits each entry of either, as `w[index]`.
#
# Functions of libraries that differentiate are switched off while this exercise is checked: a witness that only repeats
# what another one said is none.


# %% solution="numeric_gradient"
def numeric_gradient(loss, w: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Return the slope of a loss along each entry of w, measured between w - h and w + h; same shape as w.

    Args:
        loss: function of such an array that returns a number.
        w: the place, an array of any shape; leave this array as it is.
        h: how far to go to each side.
    """
    ### BEGIN SOLUTION
    # Each entry is moved alone, in fresh copies, so that no nudge is left over when the next one is measured.
    slopes = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] += h
        down[index] -= h
        slopes[index] = (loss(up) - loss(down)) / (2 * h)
    return slopes
    ### END SOLUTION


# %% tests="numeric_gradient" points=3
check("numeric_gradient")
### BEGIN HIDDEN TESTS
grade("numeric_gradient")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The first slope is right, the others are not</summary>
#
# The entry that you moved first is still moved. Take a fresh `w.copy()` for each nudge.
#
# </details>
#
# <details>
# <summary>All my slopes are 0</summary>
#
# `up = w` is no copy but a second name for the same array: what you add to one, you add to both.
#
# </details>
#
# <details>
# <summary>In a try of my own the slopes are huge</summary>
#
# An array of whole numbers cannot hold $w + h$. Write `np.array([1.0, 2.0])`, with decimal points.
#
# </details>

# %% [markdown]
# ## Exercise 3: `line_gradient` (NumPy, 2 points, 8 minutes, medium)
#
# Now a slope without trying. The simplest thing that learns is a straight line, $\hat{y} = w x + b$: two numbers to
# find, from the points that you are shown. Follow a change of $w$ on its way to the loss of one sample:
#
# $$w \;\longrightarrow\; \hat{y} = w x + b \;\longrightarrow\; e = \hat{y} - y \;\longrightarrow\; e^2$$
#
# Ask at each arrow how fast the right side grows with the left one. If $\hat{y}$ grows three times as fast as $w$, and
# $e^2$ five times as fast as $\hat{y}$, then $e^2$ grows fifteen times as fast as $w$. Slopes along a way multiply:
# that is the **chain rule** that you met in Lab 2, and all of this lab is made of it.
#
# Work out the slopes of the three arrows on paper, multiply them, and average over the samples. Then do the same for
# $b$. You need no formula from a book, and your witness stands ready.
#
# Whatever differentiates by itself, such as the autograd of a framework, is switched off while Exercises 3, 7 and 10
# are checked. Once you have built it yourself, it is yours to use.


# %% solution="line_gradient"
def line_gradient(x: np.ndarray, y: np.ndarray, w: float, b: float) -> tuple[float, float]:
    """Return the gradient (dw, db) of the mean squared error of the line w * x + b.

    Args:
        x, y: the points, shape (n_samples,).
    """
    ### BEGIN SOLUTION
    # The slope of the square comes first; what it is multiplied by is how fast the prediction grows with each
    # parameter: x for w, 1 for b.
    slope = 2 * (w * x + b - y)
    return np.mean(slope * x), np.mean(slope)
    ### END SOLUTION


# %% tests="line_gradient" points=2
check("line_gradient")
### BEGIN HIDDEN TESTS
grade("line_gradient")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I begin?</summary>
#
# With the last arrow: if $e$ grows by a little, $(e + h)^2 = e^2 + 2eh + h^2$, so $e^2$ grows $2e$ times as fast. The
# middle arrow has slope 1, since $y$ stays. The first one asks how much $w x + b$ grows if $w$ does.
#
# </details>
#
# <details>
# <summary>dw is wrong, db is right</summary>
#
# Multiply error and input sample by sample, and take the mean of the products, not the product of the means.
#
# </details>

# %% [markdown]
# Does the witness agree? The points: how wide the petals of 100 irises are, given how long they are, both shifted and
# scaled to a mean of 0 and a standard deviation of 1. That is common before a training: where all is on one scale, one
# learning rate suits all parameters.

# %%
petals = datasets.iris_pair().X
x_line, y_line = ((column - column.mean()) / column.std() for column in petals.T)

# %% demo=True
training.compare_line(line_gradient, numeric_gradient, mse, x_line, y_line)

# %% [markdown]
# ## Exercise 4: mend `descent_step` (NumPy, 2 points, 4 minutes, easy)
#
# The gradient points uphill. **Gradient descent** goes a little way against it, feels for the slope again, and repeats.
# How far it goes is decided by the learning rate $\eta$, which you know, *and* by the slope: long steps where it is
# steep, short ones where it is gentle, so that a walk that comes near the bottom slows down by itself.
#
# Somebody's step does not. "It comes near the valley, and then it hops to and fro across the bottom for ever, each hop
# as long as the first one. And a second walk from the same start begins where the first one ended!" There are **two**
# faults. Mend them. Where $w$ is 2 and the slope is 3, a step with $\eta = 0.1$ leads to 1.7; where the slope is 0.3,
# to 1.97.


# %% solution="descent_step"
def descent_step(w: np.ndarray, gradient: np.ndarray, learning_rate: float) -> np.ndarray:
    """Return the parameters after one step downhill, as a new array.

    Args:
        w: parameters of any shape; leave this array as it is.
        gradient: slope of the loss for each of them, the same shape.
        learning_rate: size of the step.
    """
    ### BEGIN SOLUTION
    # The gradient points uphill, so subtract. The result is a new array, and others may still start from the old one.
    return w - learning_rate * gradient
    ### END SOLUTION
    ### BEGIN STUB
    # w -= learning_rate * np.sign(gradient)
    # return w
    ### END STUB


# %% tests="descent_step" points=2
check("descent_step")
### BEGIN HIDDEN TESTS
grade("descent_step")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>All steps are equally long</summary>
#
# Ask `np.sign` for the sign of 3, and for that of 0.3. What has it thrown away?
#
# </details>
#
# <details>
# <summary>The check says that I walk uphill</summary>
#
# Where the gradient is positive the loss grows with the weight, so the weight has to shrink: subtract.
#
# </details>
#
# <details>
# <summary>The values are right, but what I was given changes</summary>
#
# `w -= ...` writes into the array that the caller still holds. `w - ...` makes a new one.
#
# </details>

# %% [markdown]
# ## Exercise 5: `train_numpy` (NumPy, 4 points, 10 minutes, medium)
#
# Feel for the slope, take a step, repeat: that is training, and you can write it for *anything* that has a gradient.
# The loop is told what it trains by a function: `gradients_of(inputs, targets, *parameters)` returns one gradient for
# each parameter, in the same order. Your `line_gradient` is such a function, with the parameters `[w, b]`.
#
# The data come in portions, **batches**. Here is a single one that holds everything; later there will be many. One pass
# through all batches is an **epoch**. For each batch of each epoch, ask for the gradients, then move every parameter.
#
# One trap: at which place do you ask? All gradients belong to the place where you stand *now*. If you move `w`, ask
# again and then move `b`, the second slope is that of another place.


# %% solution="numpy_loop"
def train_numpy(
    gradients_of, parameters: list[np.ndarray], batches, learning_rate: float, epochs: int
) -> list[np.ndarray]:
    """Return the parameters after gradient descent, as a list of new arrays; a number may stay one.

    Args:
        gradients_of: function (inputs, targets, *parameters) that returns a gradient for each parameter.
        parameters: where to start; leave these arrays as they are, others start from them too.
        batches: a list of pairs (inputs, targets); take one step for each, in each epoch.
    """
    ### BEGIN SOLUTION
    # All slopes are asked for at one place, before anything moves. The step stands in the inner loop, `return`
    # outside both.
    for _ in range(epochs):
        for inputs, targets in batches:
            gradients = gradients_of(inputs, targets, *parameters)
            parameters = [descent_step(value, slope, learning_rate) for value, slope in zip(parameters, gradients)]
    return parameters
    ### END SOLUTION


# %% tests="numpy_loop" points=4
check("numpy_loop")
### BEGIN HIDDEN TESTS
grade("numpy_loop")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>missing 1 required positional argument</summary>
#
# The parameters go in one by one: the star in `gradients_of(inputs, targets, *parameters)` unpacks the list.
#
# </details>
#
# <details>
# <summary>The check says that I change the array that I was given</summary>
#
# `value -= ...` writes into the array that others start from. `descent_step` makes a new one.
#
# </details>
#
# <details>
# <summary>Only one batch seems to count</summary>
#
# Look at the indentation: the step stands inside the inner `for`, and `return` outside both loops.
#
# </details>

# %% [markdown]
# Now let it learn. Your loop, your gradient, a hundred flowers: from a flat line to one that fits, in 40 steps. Only
# $w$ moves: $b$ begins at 0 and belongs there, because lengths and widths both have a mean of 0.

# %% demo=True
explorers.watch_line(train_numpy, line_gradient, mse, x_line, y_line)

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# Your loop trains anything that has a gradient. Write `parabola_gradient(x, y, a, b, c)` for the curve $a x^2 + b x +
# c$, and let it find three parameters. You are right if these lines raise no error:
#
# ```python
# x = np.linspace(-1, 1, 50)
# found = train_numpy(parabola_gradient, list(np.zeros(3)), [(x, 2 * x**2 - x + 0.5)], 0.5, 500)
# assert np.allclose(found, [2, -1, 0.5], atol=1e-3)
# ```
#
# </details>

# %% [markdown]
# ## Exercise 6: binary cross-entropy
#
# For classification, squares are too mild: a network that is certain and wrong should pay dearly. Worse, it would
# hardly learn: on the way back from $(p - y)^2$ to $z$, the chain rule multiplies by the slope of the sigmoid,
# $p(1-p)$, and where the network is certain, right or wrong, that is almost 0. The cross-entropy of Lab 2, $-\log p$
# for the probability $p$ of the true answer, has neither fault: the less the truth is believed, the more it costs,
# without limit, and where the network is certain and wrong, the slope stays steep.
#
# Here the head is a single sigmoid, and its logit $z$ is the sum before it. With the label $y$ (0 or 1) the loss is
#
# $$-y \log \sigma(z) - (1 - y) \log (1 - \sigma(z)) = \log(1 + e^z) - y z$$
#
# Both sides are the same number: for $y = 0$ because $1 - \sigma(z) = \frac{1}{1 + e^z}$, and for $y = 1$ because
# $\sigma(z) = \frac{e^z}{1 + e^z}$. But the right one is safe: above $z \approx 37$ the left one takes $\log 0$,
# because $\sigma(z)$ is then so close to 1 that float64 cannot tell them apart. The mean over all entries is the
# **binary cross-entropy**.
#
# One trap remains. For $z = 1000$, $e^z$ overflows although $\log(1 + e^z)$ is simply 1000. There is a function that
# knows: $\log(e^a + e^b)$, safe for every $a$ and $b$, is `np.logaddexp(a, b)`. With $e^0 = 1$ you have what you need.
# Elsewhere it is called **softplus**.

# %% [markdown] framework="torch+tensorflow"
# | | NumPy | PyTorch | TensorFlow |
# | --- | --- | --- | --- |
# | $\log(1 + e^z)$ | by `np.logaddexp` | `nn.functional.softplus(z)` | `tf.math.softplus(z)` |
# | mean over all entries | `np.mean` | `torch.mean` | `tf.reduce_mean` |
#
# The whole loss is ready-made, too: `nn.functional.binary_cross_entropy_with_logits` in PyTorch and, before the mean,
# `tf.nn.sigmoid_cross_entropy_with_logits` in TensorFlow.

# %% [markdown]
# ### Exercise 6 in NumPy: `bce` (2 points, 4 minutes, easy)
#
# Ready-made losses, of scikit-learn or a framework, are switched off while this exercise is checked.


# %% solution="bce_numpy"
def bce(z: np.ndarray, y: np.ndarray) -> float:
    """Return the mean binary cross-entropy, one number.

    Args:
        z: logits, any shape, of any size.
        y: labels 0 or 1, the same shape.
    """
    ### BEGIN SOLUTION
    # `logaddexp(0, z)` is the logarithm of 1 + e^z without the power, so large logits are safe.
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
# Somewhere `exp` overflows, or `log` meets 0. Use the right-hand formula, with `np.logaddexp` for its logarithm.
#
# </details>
#
# <details>
# <summary>My loss is negative</summary>
#
# $\log(1 + e^z)$ is larger than 0 and larger than $z$, so taking $y z$ away leaves something positive. Is the order
# right, are the labels 0 and 1, and is it $+z$ inside the logarithm?
#
# </details>

# %% [markdown] framework="torch"
# ### Exercise 6 in PyTorch: mend `bce_torch` (2 points, 5 minutes, medium)
#
# A colleague has translated your line into PyTorch. It runs, nothing warns, the loss even falls. But the network ends
# up with the same answer for everybody: the share of 1s in the data. The network returns logits of shape `(n, 1)`, the
# labels of the data set come as a row of $n$ numbers. What does PyTorch make of `y * z`? Try it with three of each, in
# a cell of your own, and look at the shape; then mend the function. It should take labels of either shape.


# %% solution="bce_torch" framework="torch"
def bce_torch(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Return the mean binary cross-entropy, a tensor with one number.

    Args:
        z: logits, shape (n_samples, 1).
        y: labels 0 or 1, shape (n_samples,) or that of z.
    """
    ### BEGIN SOLUTION
    # Labels of shape (n,) against logits of shape (n, 1) would be compared each with each; so give them one shape
    # first.
    return torch.mean(nn.functional.softplus(z) - y.reshape(z.shape) * z)
    ### END SOLUTION
    ### BEGIN STUB
    # return torch.mean(nn.functional.softplus(z) - y * z)
    ### END STUB


# %% tests="bce_torch" points=2 framework="torch"
check("bce_torch")
### BEGIN HIDDEN TESTS
grade("bce_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>What is going on with the shapes?</summary>
#
# Shapes are compared from the right, and an axis of length 1 is repeated until it fits: `(n,)` and `(n, 1)` give a
# whole table of shape `(n, n)`, each label times each logit. The mean of a table is a number too, so nobody complains.
#
# </details>
#
# <details>
# <summary>How do I bring y into the shape of z?</summary>
#
# `y.reshape(...)` wants a shape, and `z.shape` is one.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 6 in TensorFlow: mend `bce_tf` (2 points, 5 minutes, easy)
#
# This translation gives the right loss, to the last digit. Yet with it a network learns to answer 1, always, for
# everybody. A tape records what TensorFlow's own operations do, and nothing else. Which part of the loss does the tape
# not see, and what is left of the gradient without it?


# %% solution="bce_tensorflow" framework="tensorflow"
def bce_tf(z: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """Return the mean binary cross-entropy of logits z and labels y of one shape: a tensor, one number."""
    ### BEGIN SOLUTION
    # The tape follows TensorFlow's own functions alone: what NumPy computes is a constant to it, and has no gradient.
    return tf.reduce_mean(tf.math.softplus(z) - y * z)
    ### END SOLUTION
    ### BEGIN STUB
    # return tf.reduce_mean(np.logaddexp(0, z) - y * z)
    ### END STUB


# %% tests="bce_tensorflow" points=2 framework="tensorflow"
check("bce_tensorflow")
### BEGIN HIDDEN TESTS
grade("bce_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>Why does it learn to answer 1?</summary>
#
# To the tape, what NumPy returned is a constant. Only $-y z$ is left, whose slope is $-y$: samples with label 1 pull
# their logits up, those with label 0 pull nowhere.
#
# </details>

# %% [markdown]
# ## Exercise 7: `neuron_gradient` (NumPy, 4 points, 10 minutes, medium)
#
# Once more the chain rule, now for a neuron with a sigmoid and the cross-entropy. One sample's way to the loss is $z =
# \mathbf{x} \cdot \mathbf{w} + b$ and then $\log(1 + e^z) - y z$. The second arrow first. The slope of the logarithm is
# $\frac{e^z}{1 + e^z} = \frac{1}{1 + e^{-z}} = \sigma(z)$, the other term has $-y$, so what remains is wonderfully
# simple: prediction minus truth,
#
# $$\frac{\partial L}{\partial z} = \sigma(z) - y = p - y$$
#
# The first arrow is that of your line, only with several inputs: which slope does $z$ have for $w_j$, and which for
# $b$? Multiply, and average over the samples. With $X$ of shape `(n, k)` a matrix product does it without a loop: the
# gradient for $\mathbf{w}$ has shape `(k,)`, so the samples must be what is summed over.
#
# Compare with the rule of Lab 1: error times input, once more. Only now the error is smooth, and its sign is turned
# round: Lab 1 *added* $\eta (y - \hat{y})\, \mathbf{x}$, the way to go; a gradient points uphill, so it holds $p - y$
# and will be *subtracted*. The step is the same. Autograd is switched off here, too, and the sigmoid is given:


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
    # For sigmoid with cross-entropy the slope of the loss for the logit is prediction minus truth; the product with
    # `X.T` sums over the samples.
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
# The samples are the *first* axis of `X`. A product sums over the last axis of its left factor, so turn `X` round.
#
# </details>
#
# <details>
# <summary>I have an extra p (1 - p)</summary>
#
# That is the slope of the sigmoid alone. With the cross-entropy, the logarithm cancels it; `p - y` is all that is left.
#
# </details>
#
# <details>
# <summary>How would I find the mistake without the check?</summary>
#
# Ask your witness, in a cell of your own. The two lines that are printed should agree:
#
# ```python
# X, y = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([1, 0])
# w, b = np.array([0.3, -0.2]), 0.1
# print(neuron_gradient(X, y, w, b)[0])
# print(numeric_gradient(lambda w: bce(X @ w + b, y), w))
# ```
#
# </details>

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# For three classes take three neurons, a column of $W$ and an entry of $\mathbf{b}$ each, and the softmax of their
# logits. Lab 2 found the slope of the cross-entropy for a logit, so you have all you need for `softmax_gradient(X,
# labels, W, b)`, which returns `(dW, db)`. Your witness says whether you are right; these lines raise no error then:
#
# ```python
# rng = np.random.default_rng(0)
# x_six, classes = rng.normal(size=(6, 2)), rng.integers(0, 3, 6)
# W, b = rng.normal(size=(2, 3)), rng.normal(size=3)
#
#
# def cost(W, b):
#     z = x_six @ W + b
#     return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(6), classes])
#
#
# dW, db = softmax_gradient(x_six, classes, W, b)
# assert np.allclose(dW, numeric_gradient(lambda place: cost(place, b), W))
# assert np.allclose(db, numeric_gradient(lambda place: cost(W, place), b))
# ```
#
# </details>

# %% [markdown]
# ### The path on the loss surface
#
# A neuron with one weight and a bias has a landscape that we can draw. The data are again irises, *versicolor* (0) and
# *virginica* (1), told apart by the length of their sepals alone, shifted and scaled as before. The two kinds overlap,
# so even the best neuron keeps a loss of 0.55. The path is walked by *your* two functions. Press play, then change the
# rate and play again.

# %% demo=True
explorers.descent_path(neuron_gradient, descent_step)

# %% [markdown]
# **Predict, then run.** The next figure takes 20 steps at three rates: 0.1, 3 and 30. Which walk ends lowest? Does the
# one at rate 30 land lower with its first step than it set out? Write your guess down before you run the cell.

# %% demo=True
explorers.learning_rates(neuron_gradient, descent_step)

# %% [markdown]
# Lab 1 promised that the learning rate would matter. It is the first number to change when a training goes wrong:
#
# - **too small**, here 0.1: every step is right, but 20 of them are not enough: this walk is still at 1.60;
# - **about right**, here 3: a few steps reach the valley, and then they become short by themselves, because the slope
#   becomes gentle;
# - **too large**, here 30: the very first step leaps across the valley, out of the picture on the lower right, and
#   lands higher than it set out, at 2.96 after 2.19. Whenever the walk has come down, the next steps throw it out
#   again: the loss rises above 1.5 time after time and never settles. (In the figure before this one, the sliders take
#   you there step by step.)

# %% [markdown]
# ### Five curves to diagnose
#
# With many weights there is no landscape to look at. What you have is a **learning curve**: the loss after each epoch.
# The five below are of one network on one puzzle. One training is as it should be; the others have a rate that is too
# small, a rate that is too large, a sign turned round so that it walks uphill, and inputs that were shuffled without
# their labels. Decide for each curve; then come four questions. (0.69 is $\log 2$: what guessing costs.)

# %% demo=True
explorers.five_curves()

# %% [markdown]
# Click an answer, or write its letter into the call, such as `ask(1, "B")`. It is explained at once, and not graded.

# %%
from course_utils import ask

ask(1)

# %%
ask(2)

# %%
ask(3)

# %%
ask(4)

# %% [markdown]
# ---
#
# **Half-time.** You have a loss, a slope and a loop that trains. A good place to save, and to go on another day.
#
# ---

# %% [markdown]
# # Second sitting: gradients of a whole network
#
# If you come back to a new kernel, choose *Run All* first, or run the cells above once more.

# %% [markdown]
# ## Exercise 8: a `Value` that remembers (plain Python, 3 points, 10 minutes, medium)
#
# Nobody finds the gradients of a large network on paper. The frameworks do it by themselves, and the trick is small
# enough to build: **autograd** in some 40 lines.
#
# The idea: a number that remembers how it was made. Each operation notes the numbers that went in and, for each of
# them, the slope of this one step: how fast does the result grow with it? A sum grows exactly as fast as either part,
# so both slopes are 1.0. That one is done. You write the rules of the other three, product, `tanh` and `log`. Take one
# rule at a time; for the slope of `tanh` look at what you found in Lab 2, and `math.log` and `math.tanh` compute a
# plain number.


# %% solution="value"
class Value:
    """A number that remembers which values it was made from, and how fast it grows with each of them."""

    def __init__(self, data, parents=()):
        self.data = float(data)  # the number
        self.parents = list(parents)  # pairs (value, slope)
        self.grad = 0.0  # how fast the final result grows with this value; found on the way back

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        ### BEGIN SOLUTION
        # A product grows with each factor as fast as the other one is large.
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])
        ### END SOLUTION

    def tanh(self):
        ### BEGIN SOLUTION
        result = math.tanh(self.data)
        return Value(result, [(self, 1 - result**2)])
        ### END SOLUTION

    def log(self):
        ### BEGIN SOLUTION
        return Value(math.log(self.data), [(self, 1 / self.data)])
        ### END SOLUTION

    __radd__, __rmul__ = __add__, __mul__  # so that 2 + value and 2 * value work too


# %% tests="value" points=3
check("value")
### BEGIN HIDDEN TESTS
grade("value")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How fast does a product grow?</summary>
#
# Take 3 · 5 and let the 3 become 4: the product grows by 5. So its slope for the one factor is the other factor.
#
# </details>
#
# <details>
# <summary>I do not know the slope of the logarithm</summary>
#
# Measure it: `numeric_gradient(lambda w: np.log(w[0]), np.array([2.0]))`, then at 4, then at 10. What do you see?
#
# </details>

# %% [markdown]
# ## Exercise 9: `backward` (plain Python, 3 points, 12 minutes, medium)
#
# Now walk back. The final result grows as fast as itself: its `grad` is 1. Every value hands on to each of its parents
# its own `grad`, times the slope of that step: the chain rule, one arrow at a time.
#
# And if a value was used twice? Then a nudge of it reaches the result on two ways, and both count: what arrives *adds
# up*. That is why the order matters. A value may hand on only when everything has arrived; hand on earlier, and you
# have to do it again for each way that comes in later. Twenty layers of two units between one start and one end have
# $2^{20}$ ways through, over a million, but only 80 arrows. In the right order each arrow is used once. The check has
# values with a thousand ways through, too, and stops whoever takes them one by one.
#
# The right order is given: `in_order(result)` lists all values that `result` was made from, each after its parents
# (a **topological order**), with `result` last. Which way do you go through it?


# %%
def in_order(result):
    """Return every value that a result was made from, each after its own parents, the result last."""
    order, seen = [], set()

    def visit(value):
        if id(value) not in seen:
            seen.add(id(value))
            for parent, _ in value.parents:
                visit(parent)
            order.append(value)

    visit(result)
    return order


# %% solution="backward"
def backward(result) -> None:
    """Set the `grad` of every value that result was made from: how fast result grows with it.

    Old grads do not count: begin with 0 for all of them.
    """
    order = in_order(result)
    ### BEGIN SOLUTION
    # From the result backwards, so that a value hands on its slope only when all of it has come in. It adds up, since
    # a value may be used twice.
    for value in order:
        value.grad = 0.0
    result.grad = 1.0
    for value in reversed(order):
        for parent, slope in value.parents:
            parent.grad += slope * value.grad
    ### END SOLUTION


# %% tests="backward" points=3
check("backward")
### BEGIN HIDDEN TESTS
grade("backward")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I go through a list backwards?</summary>
#
# `for value in reversed(order)`. The pairs of a value come with `for parent, slope in value.parents`.
#
# </details>
#
# <details>
# <summary>Every value is 0</summary>
#
# Nothing was there to hand on. The result's own `grad` is 1: set it after the zeros and before the way back, and set
# nothing to 0 on the way.
#
# </details>
#
# <details>
# <summary>Right for one way, wrong for several</summary>
#
# Does the second contribution replace the first? `+=` adds.
#
# </details>
#
# <details>
# <summary>Right the first time, too large when it is called again</summary>
#
# The grads of the first call are still there. Set all of them to 0 before you begin. (Not every framework does this for
# you, and you will meet the consequences in Exercise 12.)
#
# </details>

# %% [markdown]
# ### Your own network, three times differentiated
#
# A network with two hidden units and nine parameters, and its loss for one sample, $x = (1, -1)$ with label 1. It uses
# nothing but `+`, `*`, `tanh` and `log`, so it works on your values, on plain numbers and on the tensors of any
# framework. Compare your autograd with your witness, then with the frameworks' own:


# %%
def tiny_loss(parameters, tanh, log):
    """Return -log p of a network with two hidden units, for the sample (1, -1) with label 1."""
    w11, w21, b1, w12, w22, b2, v1, v2, c = parameters
    h1 = tanh(1.0 * w11 + -1.0 * w21 + b1)
    h2 = tanh(1.0 * w12 + -1.0 * w22 + b2)
    z = v1 * h1 + v2 * h2 + c
    p = 0.5 * (tanh(0.5 * z) + 1.0)  # the sigmoid
    return -1.0 * log(p)


tiny_start = np.array([0.5, -0.3, 0.1, -0.8, 0.4, -0.2, 0.7, -0.6, 0.2])

# %% demo=True
training.compare_values(Value, backward, numeric_gradient, tiny_loss, tiny_start)

# %% demo=True framework="torch"
parameters = [torch.tensor(number, requires_grad=True) for number in tiny_start]
tiny_loss(parameters, torch.tanh, torch.log).backward()
print("PyTorch    ", "  ".join(f"{parameter.grad.item():+.4f}" for parameter in parameters))

# %% demo=True framework="tensorflow"
parameters = [tf.Variable(number) for number in tiny_start]
with tf.GradientTape() as tape:
    loss = tiny_loss(parameters, tf.tanh, tf.math.log)
print("TensorFlow ", "  ".join(f"{gradient.numpy():+.4f}" for gradient in tape.gradient(loss, parameters)))

# %% [markdown] framework="torch+tensorflow"
# The same numbers. PyTorch's tensors keep such notes as your values do, TensorFlow's tape keeps them in one place, and
# both go back through them in reverse order.

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# Your autograd can learn more steps. Write two as functions, `exp(value)` and `power(value, n)` for a plain number $n$:
# each returns a new `Value` with its slope. Then a sigmoid needs no `tanh`. You are right if these lines raise no
# error:
#
# ```python
# z = Value(0.7)
# p = power(1 + exp(-1.0 * z), -1)
# backward(p)
# assert abs(z.grad - p.data * (1 - p.data)) < 1e-12
# ```
#
# </details>

# %% [markdown]
# ## Exercise 10: `backprop` (NumPy, 6 points, 18 minutes, hard)
#
# One note for each *number* is slow. With arrays a whole layer goes back in one product. **Backpropagation** is what
# your `backward` does, with a layer for each step: forward, keeping what each layer puts out, then back in reverse
# order, each layer handing on slope times gradient. Here with $n$ samples, $h$ hidden units of `tanh`, one output and
# the mean cross-entropy:
#
# | forward | shape |
# | --- | --- |
# | $H = \tanh(X W_1 + \mathbf{b}_1)$ | $(n, h)$ |
# | $P = \sigma(H W_2 + \mathbf{b}_2)$ | $(n, 1)$ |
#
# On the way back you need two arrays, one gradient for each number before an activation:
#
# - $D$, shape $(n, 1)$: of the loss for the logits. You found it in Exercise 7; the mean's $1/n$ belongs in here, once.
# - $B$, shape $(n, h)$: of the loss for the sums inside `tanh`. What came to a hidden unit from behind, times the slope
#   of its `tanh`.
#
# What comes to hidden unit $j$ from behind? Its output went to one place only, into the logit, multiplied by $W_{2,j}$.
# So it gets $D$ times $W_{2,j}$: each unit its share of the blame, in proportion to the weight with which it spoke. All
# samples and units at once, that is $D$ of shape $(n, 1)$ and the weights of shape $(1, h)$: now you know which way
# round `W2` stands. (With several outputs the product would add up all ways, as `backward` does.)
#
# And the gradients of a layer's weights follow the pattern of your neuron, error times input, summed over the samples.
#
# As in Exercises 3 and 7, the autograd of frameworks is switched off while this exercise is checked.


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
    # D is the error of the logits, B what comes of it for the hidden sums: through `W2.T`, then times the slope of
    # tanh. Each gradient is inputs transposed times error.
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)
    ### END SOLUTION


# %% tests="backprop" points=6
check("backprop")
### BEGIN HIDDEN TESTS
grade("backprop")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Where do I start?</summary>
#
# With the two forward lines. Then print the shape of everything that you have, and of everything that you want: every
# gradient has the shape of its parameter. Often only one product fits.
#
# </details>
#
# <details>
# <summary>The output's weights are right, the hidden ones are not</summary>
#
# Then `B` is wrong. It needs what came through `W2` *and* the slope of `tanh`, entry by entry (`*`), which is written
# with its output, `H`.
#
# </details>
#
# <details>
# <summary>My bias gradients have the wrong shape, or are too small</summary>
#
# A bias has the input 1 for each sample, so its gradient is the sum of its column: `axis=0`. The $1/n$ is in `D`
# already, so do not average again.
#
# </details>

# %% [markdown]
# ### Does everybody agree?
#
# The puzzle that one neuron could not learn: XOR, now 200 points scattered around its four corners, and a network with
# 33 parameters. Your witness looks at the data 66 times to find one gradient; `backprop` goes forward once and back
# once. In float64 they agree to better than 1e-6, and so do the frameworks.

# %%
X, labels = datasets.noisy_xor(200, noise=0.15, seed=1)
X = 2 * X - 1  # corners at -1 and 1: inputs around 0 are easier to learn from
y = labels[:, None].astype(float)
start = training.start_weights(n_inputs=2, n_hidden=8)  # [W1, b1, W2, b2]: random weights, biases 0

# %% demo=True
training.compare_backprop(backprop, numeric_gradient, X, y, start)

# %% demo=True framework="torch"
try:
    W1, b1, W2, b2 = (torch.tensor(array, requires_grad=True) for array in start)
    z = torch.tanh(torch.tensor(X) @ W1 + b1) @ W2 + b2
    bce_torch(z, torch.tensor(y)).backward()
    pairs = zip(backprop(X, y, *start), (W1, b1, W2, b2))
    largest = max(np.abs(mine - w.grad.cpu().numpy()).max() for mine, w in pairs)
    print("largest difference from PyTorch:", largest)
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
# ## Exercise 11: `minibatches` (NumPy, 4 points, 8 minutes, medium)
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
        X: inputs, one row for each sample; leave this array as it is.
        y: labels, one row for each sample; leave this array as it is.
        batch_size: samples in each batch; the last may be smaller.
        seed: decides the order.
    """
    ### BEGIN SOLUTION
    # One shuffled row of numbers chooses inputs and labels alike, so the pairs stay together; the last slice may be
    # shorter.
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
# ### XOR, learned by what you have built
#
# Now everything joins: `train_numpy` from Exercise 5 walks, `backprop` tells it where down is, `minibatches` deals out
# the samples in a new order for each epoch. In one line, for one epoch:
#
# `parameters = train_numpy(backprop, parameters, minibatches(X, y, 16, seed=epoch), 0.3, 1)`
#
# Run the next cell and look on: it does so for 40 epochs, with a gentle rate of 0.3. At first the border is nearly a
# straight line; while the loss falls, it bends, until each of the four groups has its side. In Lab 1 you found such
# weights yourself; here the network finds them alone.

# %% demo=True
explorers.watch_numpy(train_numpy, backprop, minibatches, X, y)

# %% [markdown]
# The next figure trains again, with batches of three sizes and 40 epochs each: every training sees 40 times 200
# samples. (It takes a second or two.) What differs is how many steps are bought with that budget, and how long a step
# may be. Each run has about the largest rate at which its loss still falls without leaps: the noisier the slope, the
# shorter the step.
#
# **Predict, then run:** which of the three ends lowest, the full batch, mini-batches of 16, or single samples?

# %% demo=True
explorers.batch_sizes(train_numpy, backprop, minibatches, X, y)

# %% [markdown]
# - **full batch**: 40 steps at a rate of 2. The loss ends near 0.03.
# - **mini-batches** of 16: 520 steps at a rate of 1. The loss ends near 0.005.
# - **single samples**: 8000 steps at a rate of 0.1. The loss ends near 0.003.
#
# All three solve the puzzle in the end, and for the same number of samples many small steps win. So why not always take
# single samples? Because of the price of a step. A computer multiplies 16 rows by a matrix in hardly more time than one
# row, a graphics card even thousands of rows. So an epoch of single samples takes about ten times as long here as one
# of mini-batches. The other extreme costs memory: a full batch of millions of samples does not fit, nor what each layer
# puts out for it. Mini-batches are in between: large enough to keep the hardware busy, small enough for many steps.

# %% [markdown]
# ## Exercise 12: the training loop, mended
#
# In a framework the loop is the one that you wrote, with other names, and it looks the same for eight hidden units as
# for eight billion parameters. For each batch: predict, compute the loss, find the gradients, step. The **optimiser**
# is the object that takes the steps. To see how it goes, the loop returns one number for each epoch: the mean of its
# batch losses.
#
# What follows was written by somebody else, with *two* mistakes that are made every day. There is no typing error; the
# loop does something else than it should. The check says what it sees. Find out why, mend, and check again.

# %% [markdown] framework="torch+tensorflow"
# | | your NumPy | PyTorch | TensorFlow |
# | --- | --- | --- | --- |
# | loss | inside `backprop` | `bce_torch(net(inputs), targets)` | `bce_tf(net(inputs), targets)`, on a tape |
# | gradients | `backprop` | `loss.backward()`, which adds to `.grad` | `tape.gradient(loss, variables)` |
# | step | `descent_step` | `optimizer.step()` | `optimizer.apply_gradients(...)` |
# | forget | | `optimizer.zero_grad()` | |

# %% [markdown] framework="torch"
# ### Exercise 12 in PyTorch: mend `train_torch` (4 points, 8 minutes, medium)
#
# "It takes as many steps with ten batches as with one, and the steps get longer and longer, until it overshoots."
# `loss.backward()` *adds* to what stands in each parameter's `.grad`, `optimizer.step()` takes a step along it, and
# `optimizer.zero_grad()` clears it. What stands in `.grad` when the step comes, and how often does the step come?


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
    # PyTorch adds gradients up, so they are cleared for each batch; the step follows each `backward`.
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
    ### BEGIN STUB
    # losses = []
    # for _ in range(epochs):
    #     batch_losses = []
    #     for inputs, targets in batches:
    #         loss = bce_torch(net(inputs), targets)
    #         loss.backward()
    #         batch_losses.append(loss.item())
    #     optimizer.step()
    #     losses.append(sum(batch_losses) / len(batch_losses))
    # return losses
    ### END STUB


# %% tests="training_loop_torch" points=4 framework="torch"
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
# Old gradients pile up, as those of your `backward` did before it began with 0. Where must they be cleared?
#
# </details>
#
# <details>
# <summary>One step in an epoch</summary>
#
# Look at the indentation of the step. There should be one for each batch.
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
# ### Exercise 12 in TensorFlow: mend `train_tf` (4 points, 6 minutes, medium)
#
# "It stops with *No gradients provided for any variable*. I have variables, I have a loss, I have a tape!"
# `tape.gradient(...)` can answer only for what was computed while the tape was running, and each call of
# `optimizer.apply_gradients(...)` is one step. What does the tape see here? And how many steps has an epoch then?


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
    # The loss must be computed while the tape is running, or there is nothing to differentiate.
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
    ### BEGIN STUB
    # losses = []
    # for _ in range(epochs):
    #     batch_losses = []
    #     for inputs, targets in batches:
    #         loss = bce_tf(net(inputs), targets)
    #         with tf.GradientTape() as tape:
    #             gradients = tape.gradient(loss, net.trainable_variables)
    #         batch_losses.append(float(loss))
    #     optimizer.apply_gradients(zip(gradients, net.trainable_variables))
    #     losses.append(sum(batch_losses) / len(batch_losses))
    # return losses
    ### END STUB


# %% tests="training_loop_tensorflow" points=4 framework="tensorflow"
check("training_loop_tensorflow")
### BEGIN HIDDEN TESTS
grade("training_loop_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>No gradients provided for any variable</summary>
#
# The tape was not running when the loss was computed. What must it see, from the inputs to the loss?
#
# </details>
#
# <details>
# <summary>One step in an epoch</summary>
#
# Look at the indentation of the step. There should be one for each batch.
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
# ## Exercise 13: `momentum_step` (NumPy, 3 points, 7 minutes, medium)
#
# Plain descent forgets everything after each step. In a narrow ravine that hurts. The steep walls limit the rate: a
# little too much, and the walk is thrown from wall to wall and out. But along the gentle floor, steps that the walls
# allow hardly get anywhere. A heavy ball does better: to and fro cancel, and what points the same way every time adds
# up. So give the walk a **velocity** $\mathbf{v}$ that it keeps from step to step. **Momentum** $\beta$ says how much
# of the old velocity is left when the next gradient comes.
#
# This is the log of such a walk, with $\beta = 0.9$ and a learning rate of 0.1. It starts at $w = 0$, at rest:
#
# | step | gradient | velocity after it | $w$ after it |
# | :-: | :-: | :-: | :-: |
# | 1 | 1 | 1 | -0.1 |
# | 2 | 1 | 1.9 | -0.29 |
# | 3 | 1 | 2.71 | -0.561 |
# | 4 | -1 | 1.439 | -0.7049 |
#
# By which rule does the velocity change, and by which one does $w$? Find both, and write the step. Return the velocity,
# too: the next step needs it. Then think on: to which number does the velocity grow, if the gradient stays 1 for ever?
#
# The optimisers of the frameworks are switched off while this exercise is checked.


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
    # The new velocity is used at once, and handed back for the next step.
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
#
# <details>
# <summary>I cannot find the rule</summary>
#
# 1.9 is 0.9 · 1 + 1. Try the same with 2.71. And in step 3, `w` moves by -0.271: which number of the table is that?
#
# </details>
#
# <details>
# <summary>To which number does the velocity grow?</summary>
#
# There it stays what it is: $v = \beta v + 1$, so $v = 1 / (1 - \beta)$, which is 10. On a steady slope, steps become
# ten times as long.
#
# </details>

# %% [markdown]
# ## Exercise 14: `adam_step` (NumPy, 4 points, 13 minutes, medium)
#
# One rate for all parameters is a poor fit when some slopes are a thousand times steeper than others. **Adam** keeps
# two running averages for each parameter: $\mathbf{m}$ of its gradients, a kind of momentum, and $\mathbf{v}$ of their
# squares, which says how large they usually are (it is no velocity, though it shares its letter):
#
# $$\mathbf{m} \leftarrow \beta_1 \mathbf{m} + (1 - \beta_1)\, \mathbf{g}, \qquad
# \mathbf{v} \leftarrow \beta_2 \mathbf{v} + (1 - \beta_2)\, \mathbf{g}^2$$
#
# A step goes along the one, divided by the root of the other:
#
# $$\mathbf{w} \leftarrow \mathbf{w} - \eta \, \frac{\hat{\mathbf{m}}}{\sqrt{\hat{\mathbf{v}}} + \varepsilon}$$
#
# The tiny $\varepsilon$ stands *outside* the root and keeps us from dividing by 0. And the hats? Both averages start at
# 0, so at first they are too small. You find out by how much. Suppose that all gradients are the same, $g$: a fair
# average of them would be $g$. What is $\mathbf{m}$ after one step? After two it is $(1 - \beta_1^2)\, g$: work it out.
# So what must $\mathbf{m}$ be divided by in step $t = 1, 2, \dots$ to be fair? Likewise $\mathbf{v}$. This is called
# **bias correction** (it has nothing to do with a neuron's bias).
#
# Return $\mathbf{m}$ and $\mathbf{v}$ without the correction: the next step makes its own. Before you write,
# **predict** the length of the very first step for a gradient of 0.001 and for one of 1000. A cell below prints both.
#
# The optimisers of the frameworks are switched off while this exercise is checked; you compare with them below.


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
    # The corrected averages are for this step only: what is handed on is uncorrected, since the next step corrects
    # for its own t.
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
# <summary>What do I divide by?</summary>
#
# After one step $m = (1 - \beta_1)\, g$, after two $\beta_1 (1 - \beta_1)\, g + (1 - \beta_1)\, g = (1 - \beta_1^2)\,
# g$, after $t$ steps $(1 - \beta_1^t)\, g$. So $\hat{m} = m / (1 - \beta_1^t)$, and $\hat{v} = v / (1 - \beta_2^t)$.
#
# </details>
#
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
#
# <details>
# <summary><code>w</code> holds NaN or infinity</summary>
#
# Under the root stands something negative, or you divide by 0. Does `v` average the *squares*? Is the correction
# `1 - beta ** t`, with a power? And are `w`, `m` and `v` returned in this order?
#
# </details>

# %% demo=True
try:
    nothing = np.zeros(1)
    for slope in (0.001, 1000.0):
        after, _, _ = adam_step(nothing, np.array([slope]), nothing, nothing, 1, 0.1, 0.9, 0.999, 1e-8)
        print(f"gradient {slope:8.3f}: the first step is {abs(after[0]):.4f} long")
except Exception:
    print("Finish adam_step first, then run this cell again.")

# %% [markdown]
# Both are 0.1 long, which is $\eta$: of one gradient, $\hat{m} / \sqrt{\hat{v}}$ is $g / |g|$, whatever its size.
# Without the correction, $m / \sqrt{v}$ would be $(1 - \beta_1)\, g = 0.1\, g$ divided by $\sqrt{(1 - \beta_2)\, g^2} =
# \sqrt{0.001}\, |g|$, which is about 3 in size: a first step three times too long, just when least is known.

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
#    still ahead. At 0.6 it zigzags from wall to wall and comes about half way; at 0.7 it is thrown out. With
#    momentum or Adam it arrives, at the same 0.6.
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
# ## Exercise 15: schedules (NumPy, 3 points, 13 minutes, medium)
#
# Long steps to get near, short steps to arrive: why not change the rate on the way? A **schedule** says which rate step
# $t = 0, 1, \dots$ of `total` steps gets, given a `base` rate. Three famous ones, as one would describe them to a
# friend; you find the formulas. For 30 steps and a base of 1:
#
# | step $t$ | 0 | 1 | 2 | 9 | 10 | 15 | 20 | 29 |
# | --- | :-: | :-: | :-: | :-: | :-: | :-: | :-: | :-: |
# | step decay | 1 | 1 | 1 | 1 | 0.1 | 0.1 | 0.01 | 0.01 |
# | cosine decay | 1 | 0.997 | 0.989 | 0.794 | 0.75 | 0.5 | 0.25 | 0.003 |
# | warm-up | 0.333 | 0.667 | 1 | 1 | 1 | 1 | 1 | 1 |
#
# - **Step decay**: divided by 10 after a third of the steps, and once more after two thirds. `total` need not be a
#   multiple of 3: how many whole thirds are over at step $t$?
# - **Cosine decay**: flat at the start, steep in the middle, flat at the end, like a cosine between its top and its
#   bottom; but it falls from the base to 0 (which step `total` would get). Half-way it is half the base.
# - **Warm-up**: grows from 0 by the same amount with each step, the first one included, just fast enough to reach the
#   base after a tenth of the `total` steps; then it stays there. Fresh random weights can have wild slopes, and large
#   networks need a careful start.


# %% solution="schedules"
def step_decay(t: int, total: int, base: float) -> float:
    """Return the learning rate of step t = 0, 1, ..., total - 1: divided by 10 after each third."""
    ### BEGIN SOLUTION
    # `3 * t // total` counts the thirds that are over, and each of them costs a factor of 10.
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
# `3 * t // total` is a whole number, 0, 1 or 2; `3 * t / total` is not. Let it be the power of 0.1.
#
# </details>
#
# <details>
# <summary>How do I get a cosine to fall from 1 to 0?</summary>
#
# $\cos$ falls from 1 to $-1$ while its angle goes from 0 to $\pi$. Raise it by 1, then halve it. At step $t$ the angle
# is $\pi t / \text{total}$.
#
# </details>
#
# <details>
# <summary>My first step has rate 0</summary>
#
# Steps count from 0, so the first of them must already get its share: `t + 1`. The share is 10 / `total` of the base;
# `min` keeps the rate from growing beyond it.
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
# the trembling dies down, and the walk ends at least ten times closer to the minimum. Warm-up alone trembles as much as
# the constant rate: it helps to start, not to land. Large networks use both, first a warm-up, then a decay.

# %% demo=True
explorers.schedules(step_decay, cosine_decay, warm_up, neuron_gradient, descent_step, minibatches)

# %% [markdown]
# ## Optional: `clip_gradients` (NumPy, ungraded, 12 minutes, hard)
#
# Good in a group. In long chains of layers a gradient sometimes becomes huge for a single batch, and
# one step throws away what a thousand have built. **Clipping** puts a bound to the step and keeps its direction: take
# all gradients of a network together as one long arrow; if it is longer than `longest`, shorten it to that length.
# Discuss first: why not shorten each array by itself, or cut off single entries? Then predict what becomes of the walk
# at rate 30, if no gradient is longer than 0.05, and see, in a cell of your own:
#
# `clipped = lambda X, y, w, b: clip_gradients(list(neuron_gradient(X, y, w, b)), 0.05)`
#
# `explorers.learning_rates(clipped, descent_step)`


# %% solution="clip_gradients"
def clip_gradients(gradients: list[np.ndarray], longest: float) -> list[np.ndarray]:
    """Return the gradients, together shortened to `longest` if they are longer, else as they are.

    Args:
        gradients: one array for each parameter, of any shapes; all of them may be 0.
        longest: the largest length of all entries taken together.
    """
    ### BEGIN SOLUTION
    # One length and one factor for all arrays together: only then does the step keep its direction.
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    factor = longest / length if length > longest else 1.0
    return [factor * gradient for gradient in gradients]
    ### END SOLUTION


# %% tests="clip_gradients" points=0
check("clip_gradients")
### BEGIN HIDDEN TESTS
grade("clip_gradients")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>What did the walk do?</summary>
#
# Its steps are at most 30 · 0.05 = 1.5 long. It walks down, is never thrown out again, and ends by hopping to and fro
# across the bottom, at a loss of 0.60: clipping keeps a walk from harm, and a smaller rate has to land it.
#
# </details>

# %% [markdown]
# ## Quiz (not graded, 6 minutes)
#
# Five questions, for yourself. Click an answer below the question: it is explained at once, and you may try the others
# too. In Colab, or where nothing can be clicked, write a letter into the call instead, such as `ask(5, "B")`, and run
# the cell. Such a letter also stays when you run the whole lab again.

# %%
ask(5)

# %%
ask(6)

# %%
ask(7)

# %%
ask(8)

# %%
ask(9)

# %% [markdown]
# ## You have ...
#
# - measured how wrong a network is, for regression and for classification, and felt for its slope by nudging;
# - built an autograd, and found it again in backpropagation and in two frameworks;
# - written the training loop, and trained a line with it, and then a network on the puzzle that a single neuron can
#   never learn;
# - told from its curve what is wrong with a training, and mended loops and losses that did something else than they
#   should;
# - made the walk faster with momentum and Adam, and calmer with a schedule.
#
# Where do you stand?

# %% demo=True
progress()

# %% [markdown]
# **Next: Lab 4.** Your network now fits whatever you show it. That is a danger too: it may learn its samples by heart
# and fail on the next one. Lab 4 is about **overfitting and dropout**.
