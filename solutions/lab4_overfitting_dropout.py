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
# # Lab 4: Overfitting and dropout
#
# You will catch a network learning its homework by heart, find the moment when that begins, and try three cures that
# you write yourself. At the end your network sits an exam on digits that nobody has seen.
#
# Run the next cells first (Shift + Enter). The picture shows the whole story: one loss keeps falling, the other turns.

# %%
import numpy as np

from course_utils import check, datasets, explorers, progress, setup

setup("lab4_overfitting_dropout")

# %% framework="torch"
from course_utils.frameworks import nn, torch

# %% framework="tensorflow"
from course_utils.frameworks import keras, tf

# %% demo=True
explorers.two_curves()

# %% [markdown]
# **You will**
#
# - split data into three parts that each deserve their name;
# - see a network memorise labels that make no sense, and read two curves to tell learning from memorising;
# - write dropout from nothing, and then use it as a layer, without the classic mistake;
# - stop a training at the right moment, and pull weights towards zero in two ways that are only sometimes the same;
# - train a network that is right about handwriting it has never met.
#
# **Time:** about 70 minutes. **You need** Labs 1 to 3: layers, ReLU, losses, gradient descent and Adam.
#
# **How it works.** As before: replace `...  # YOUR CODE HERE`, run the cell, run its `check`. Only the exam at the end
# takes a while: its check trains your network. As in Lab 1, leave the arrays that you are given as they are.

# %% [markdown]
# ## Exercise 1: `stratified_split` (NumPy, 3 points, 6 minutes)
#
# A pupil who has seen the exam beforehand proves nothing. So we put images aside before anything is learned:
#
# | part | share | what it is for |
# | --- | --- | --- |
# | **training** | 70 % | its gradients change the weights |
# | **validation** | 15 % | decides: when to stop, which dropout rate, how wide |
# | **test** | 15 % | is asked once, at the very end |
#
# You may meet a plain split of 70/30, with the loss on the 30 % called the *test loss*. We halve those 30 %, because a
# part that helps to decide is no longer a neutral witness.
#
# With few samples chance could leave a part without sevens. A **stratified** split prevents that: it splits each class
# on its own. For every class: take the indices of its samples, shuffle them, cut at 70 % and at 85 %. Round as you
# like: one sample more or less does not matter.
#
# Return three arrays of *indices*, not of images. Together they hold every index exactly once. Draw from `rng`, which
# the first line makes from the seed, so that the same seed gives the same split again.


# %% solution="stratified_split"
def stratified_split(labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the indices of the training, the validation and the test samples.

    Args:
        labels: the class of each sample, shape (n_samples,).
        seed: the same seed gives the same split.
    """
    rng = np.random.default_rng(seed)
    ### BEGIN SOLUTION
    parts = [], [], []
    for label in np.unique(labels):
        indices = rng.permutation(np.flatnonzero(labels == label))
        cuts = round(0.7 * len(indices)), round(0.85 * len(indices))
        for part, piece in zip(parts, np.split(indices, cuts)):
            part.append(piece)
    train, validation, test = (np.concatenate(part) for part in parts)
    return train, validation, test
    ### END SOLUTION


# %% tests="stratified_split" points=3
check("stratified_split")
### BEGIN HIDDEN TESTS
grade("stratified_split")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Two parts share samples</summary>
#
# Do not draw each part anew from all samples. Shuffle once, then cut the shuffled row into three pieces.
#
# </details>
#
# <details>
# <summary>The sizes are right, one class is not</summary>
#
# You shuffle all samples together. Go through `np.unique(labels)` and split the indices of each class.
#
# </details>
#
# <details>
# <summary>The same seed gives different splits</summary>
#
# Draw only from `rng`, for example with `rng.permutation(indices)`; `np.random.shuffle` knows nothing of your seed.
#
# </details>
#
# <details>
# <summary>A few samples are missing</summary>
#
# Cut at two places and take everything between them. Three sizes that are each rounded down leave some over.
#
# </details>

# %% [markdown]
# Your split at work on 1797 handwritten digits, 8 by 8 pixels each, which scikit-learn brings along: how many of each
# digit landed in which part?

# %% demo=True
explorers.split(stratified_split)

# %% [markdown]
# ### A network that memorises
#
# How much can a network learn by heart? Give it 300 digits, and then the same digits with their **labels shuffled**: a
# three may be called a seven. There is nothing left to understand. The next cell trains two networks, one on each, and
# says how far it is. It takes a few seconds.

# %% demo=True
explorers.memorise()

# %% [markdown]
# **Accuracy** is the share of digits that a network gets right. With shuffled labels the training accuracy climbs to
# 100 % all the same; it only takes a little longer. On other images it is little more than 10 %, which is guessing. A
# falling training loss therefore proves nothing: only images that were kept apart can tell whether a network has
# understood, that is, whether it **generalises**. When training gets better while validation does not, the network is
# **overfitting**. What holds it back from that is called **regularisation**; you will write three kinds.

# %% [markdown]
# ## Exercise 2: `parting_epoch` (NumPy, 3 points, 4 minutes)
#
# At first both losses fall: what helps on the training digits helps on others too. Then they part. After the epoch with
# the **lowest validation loss** the network goes on getting better at its homework, but not at the validation digits.
#
# Why look at the loss, and not at how many are right? In the figure below that share stays within five points of where
# it was, while the loss climbs. The network says the same digits as before, only with ever more confidence, also where
# it is wrong, and $-\log p$ makes it pay for that. So the loss gives the sign that accuracy hides: what the network
# claims to know runs ahead of what it knows.
#
# Given both losses, one for each epoch, return that epoch, counted from 1, and the **gap** that has opened by the last
# epoch: validation loss minus training loss.


# %% solution="parting_epoch"
def parting_epoch(training_loss: np.ndarray, validation_loss: np.ndarray) -> tuple[int, float]:
    """Return the epoch with the lowest validation loss, counted from 1, and the gap at the last epoch.

    Args:
        training_loss: one loss for each epoch, shape (n_epochs,).
        validation_loss: the same for the validation part.
    """
    ### BEGIN SOLUTION
    epoch = int(np.argmin(validation_loss)) + 1
    return epoch, validation_loss[-1] - training_loss[-1]
    ### END SOLUTION


# %% tests="parting_epoch" points=3
check("parting_epoch")
### BEGIN HIDDEN TESTS
grade("parting_epoch")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>My epoch is off by one</summary>
#
# `np.argmin` counts from 0, epochs here count from 1.
#
# </details>
#
# <details>
# <summary>My epoch is much too early</summary>
#
# Real curves jitter. The first rise is often just a bump; the lowest value of all counts.
#
# </details>

# %% [markdown]
# The figure asks *your* function. The digits in it are **shifted by up to one pixel and covered with noise**, as in
# every training on digits from here on. Which is the better cure: to stop early, or to get more data?

# %% demo=True
explorers.parting(parting_epoch)

# %% [markdown]
# ## Exercise 3: dropout
#
# A network memorises by conspiracies: this unit fires for that one smudge, and the next unit relies on it. **Dropout**
# breaks them up. In each training step it switches off every hidden value with probability $p$, anew each time, so no
# unit can rely on another.
#
# $$\text{mask}_i = \begin{cases} 0 & \text{with probability } p \\ \frac{1}{1 - p} & \text{otherwise} \end{cases}
# \qquad \text{output}_i = x_i \cdot \text{mask}_i$$
#
# Why divide by $1 - p$? It keeps the mean: $p \cdot 0 + (1 - p) \cdot \frac{x}{1 - p} = x$. So the next layer gets sums
# of the usual size, and in **evaluation** nothing is left to do: the output is $x$ itself. (This is *inverted* dropout,
# the form that frameworks use. The first papers, a preprint of 2012 and the journal article of 2014, scaled in
# evaluation instead.)
#
# What your dropout must get right:
#
# - each value has its own fate, and each call draws a fresh mask;
# - `training=False` returns `x` unchanged, and so does $p = 0$;
# - $p = 1$ drops everything and returns zeros, not NaN: mind the division;
# - `x` itself is never changed.

# %% [markdown]
# ### Exercise 3 in NumPy: `dropout` (4 points, 7 minutes)
#
# In NumPy you also return the mask, because backpropagation needs it: the gradient of a dropped value is 0, that of a
# kept one is scaled like the value, so $\frac{\partial L}{\partial x} = \frac{\partial L}{\partial\, \text{output}}
# \cdot \text{mask}$. In evaluation the mask is all ones.


# %% solution="dropout_numpy"
def dropout(x: np.ndarray, p: float, training: bool, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return (output, mask), both of the shape of x, with output = x * mask.

    Args:
        x: hidden values, any shape; leave this array as it is.
        p: share of the values to drop, from 0 to 1, both included.
        training: drop only if this is true.
        rng: draw from this generator, for example with rng.random(x.shape).
    """
    ### BEGIN SOLUTION
    if not training or p == 0:
        return x, np.ones_like(x)
    if p == 1:
        return np.zeros_like(x), np.zeros_like(x)
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask
    ### END SOLUTION


# %% tests="dropout_numpy" points=4
check("dropout_numpy")
### BEGIN HIDDEN TESTS
grade("dropout_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>I drop 70 % instead of 30 %</summary>
#
# A uniform number is below 0.3 in 30 % of cases. Those are the ones to drop: keep where `rng.random(x.shape) >= p`.
#
# </details>
#
# <details>
# <summary>Whole rows or columns disappear together</summary>
#
# Draw as many numbers as x has values: `rng.random(x.shape)`, not `rng.random(x.shape[1])`.
#
# </details>
#
# <details>
# <summary>NaN for p = 1</summary>
#
# $0 / 0$ is NaN. Treat $p = 1$ before you divide.
#
# </details>
#
# <details>
# <summary>The mask is not content</summary>
#
# Put the factor into it: the mask holds 0 and $1 / (1 - p)$, not 0 and 1.
#
# </details>

# %% [markdown]
# Your dropout meets a three. One call leaves a ruin. But average more and more calls, and the three comes back: that is
# what the factor is for. Leave the factor out and it comes back too pale.

# %% demo=True
explorers.dropout(dropout)

# %% [markdown] framework="torch"
# ### Exercise 3 in PyTorch: `dropout_torch` (4 points, 3 minutes)
#
# The same once more, without `nn.Dropout` or its relatives. Return only the output: autograd keeps the mask in mind by
# itself, as long as you multiply tensors. `torch.rand_like(x)` draws uniform numbers in the shape of `x`.


# %% solution="dropout_torch" framework="torch"
def dropout_torch(x: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    """Return x with inverted dropout, shape of x.

    Args:
        x: hidden values, any shape; leave this tensor as it is.
        p: share of the values to drop, from 0 to 1, both included.
        training: drop only if this is true.
    """
    ### BEGIN SOLUTION
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    mask = (torch.rand_like(x) >= p) / (1 - p)
    return x * mask
    ### END SOLUTION


# %% tests="dropout_torch" points=4 framework="torch"
check("dropout_torch")
### BEGIN HIDDEN TESTS
grade("dropout_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>No gradient reaches x</summary>
#
# `torch.zeros_like(x)` or a detour through NumPy cuts the way back to `x`. `x * mask` keeps it; for $p = 1$, `x * 0`
# does.
#
# </details>
#
# <details>
# <summary>My function changes its input</summary>
#
# `x[mask] = 0` and `x *= mask` work in place. Compute a new tensor.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 3 in TensorFlow: `dropout_tf` (4 points, 3 minutes)
#
# The same once more, without `keras.layers.Dropout` or its relatives. Return only the output: the tape keeps the mask
# in mind by itself, as long as you multiply tensors. `tf.random.uniform(tf.shape(x))` draws uniform numbers in the
# shape of `x`, and `tf.cast(condition, x.dtype)` turns True and False into 1 and 0.


# %% solution="dropout_tensorflow" framework="tensorflow"
def dropout_tf(x: tf.Tensor, p: float, training: bool) -> tf.Tensor:
    """Return x with inverted dropout, shape of x.

    Args:
        x: hidden values, any shape.
        p: share of the values to drop, from 0 to 1, both included.
        training: drop only if this is true.
    """
    ### BEGIN SOLUTION
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    mask = tf.cast(tf.random.uniform(tf.shape(x)) >= p, x.dtype) / (1 - p)
    return x * mask
    ### END SOLUTION


# %% tests="dropout_tensorflow" points=4 framework="tensorflow"
check("dropout_tensorflow")
### BEGIN HIDDEN TESTS
grade("dropout_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>bool cannot be multiplied with float</summary>
#
# A comparison gives True and False. `tf.cast(..., x.dtype)` makes numbers of them.
#
# </details>
#
# <details>
# <summary>No gradient reaches x</summary>
#
# `.numpy()` leaves the tape. Stay with tensors; for $p = 1$, `x * 0` will do.
#
# </details>

# %% [markdown] framework="torch+tensorflow"
# Three spellings, three random streams: the same seed drops different values in each library. That does not matter,
# because nothing that we want from dropout depends on *which* values it drops.

# %% [markdown]
# ## Exercise 4: dropout as a layer
#
# From here on you may use the ready-made layer. Where does it go? After the activation of each *hidden* layer; never
# after the head, whose outputs are the answer.
#
# The classic mistake with dropout is not the formula. It is to leave it on while measuring, so that the accuracy
# jitters from call to call, or never to switch it on. Each framework has its own switch.

# %% [markdown] framework="torch"
# ### Exercise 4 in PyTorch: `dropout_net_torch` and `outputs_torch` (4 points, 4 minutes)
#
# A PyTorch network *remembers* its mode: `net.train()` and `net.eval()` set it for all layers, `net.training` tells it,
# and `net.train(False)` is the same as `net.eval()`. A new network is in training mode.
#
# 1. `dropout_net_torch` builds `nn.Linear`, `nn.ReLU`, `nn.Dropout(p)` for each hidden layer, then a linear head.
# 2. `outputs_torch` calls a network in the mode that it is asked for, and puts the old mode back: whoever measures
#    during a training must not end it.


# %% solution="dropout_net_torch" framework="torch"
def dropout_net_torch(widths: list[int], p: float) -> nn.Module:
    """Return a ReLU network with dropout after each hidden activation and a linear head.

    Args:
        widths: [n_inputs, hidden units ..., n_outputs].
        p: share of the hidden values to drop in training.
    """
    ### BEGIN SOLUTION
    layers = []
    for k in range(1, len(widths) - 1):
        layers += [nn.Linear(widths[k - 1], widths[k]), nn.ReLU(), nn.Dropout(p)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))
    ### END SOLUTION


def outputs_torch(net: nn.Module, x: torch.Tensor, training: bool) -> torch.Tensor:
    """Return the outputs of net for x, with dropout on or off, and leave the mode of net as it was."""
    ### BEGIN SOLUTION
    before = net.training
    net.train(training)
    outputs = net(x)
    net.train(before)
    return outputs
    ### END SOLUTION


# %% tests="dropout_net_torch" points=4 framework="torch"
check("dropout_net_torch")
### BEGIN HIDDEN TESTS
grade("dropout_net_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>The outputs are right, but the mode is not</summary>
#
# Note `net.training` first, and give it to `net.train(...)` at the end.
#
# </details>
#
# <details>
# <summary>torch.no_grad() does not switch dropout off</summary>
#
# Right: it saves memory for gradients, nothing more. `net.eval()` is the switch for dropout.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 4 in TensorFlow: `dropout_net_tf` and `outputs_tf` (4 points, 4 minutes)
#
# A Keras model remembers no mode: *each call* says what it is, `net(x, training=True)`. Without that word a call is an
# evaluation. `fit` says True for you and `evaluate` says False; in a `GradientTape` loop of your own you must say it
# yourself, and who forgets trains without dropout, silently.
#
# 1. `dropout_net_tf` builds `keras.layers.Dense(n, activation="relu")` and `keras.layers.Dropout(p)` for each hidden
#    layer, then a linear head. Begin with `keras.Input((n_inputs,))`.
# 2. `outputs_tf` calls a network as training or as evaluation.


# %% solution="dropout_net_tensorflow" framework="tensorflow"
def dropout_net_tf(widths: list[int], p: float) -> keras.Model:
    """Return a ReLU network with dropout after each hidden activation and a linear head, built and ready to be called.

    Args:
        widths: [n_inputs, hidden units ..., n_outputs].
        p: share of the hidden values to drop in training.
    """
    ### BEGIN SOLUTION
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers += [keras.layers.Dense(n_units, activation="relu"), keras.layers.Dropout(p)]
    return keras.Sequential([*layers, keras.layers.Dense(widths[-1])])
    ### END SOLUTION


def outputs_tf(net: keras.Model, x: tf.Tensor, training: bool) -> tf.Tensor:
    """Return the outputs of net for x, with dropout on or off."""
    ### BEGIN SOLUTION
    return net(x, training=training)
    ### END SOLUTION


# %% tests="dropout_net_tensorflow" points=4 framework="tensorflow"
check("dropout_net_tensorflow")
### BEGIN HIDDEN TESTS
grade("dropout_net_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>With training=True nothing is dropped</summary>
#
# `net(x)` alone is an evaluation. Hand the word on: `net(x, training=training)`.
#
# </details>

# %% [markdown] framework="torch+tensorflow"
# So the frameworks differ in where the switch is: PyTorch keeps it in the network, Keras in the call. What happens when
# it is on is the same.

# %% [markdown]
# ### How much dropout?
#
# The figure holds 100 trainings that we ran beforehand, of one hidden layer on shifted, noisy digits. Both curves
# show the loss with dropout switched off. Try to find:
#
# 1. a network so narrow, or a rate so high, that even the training loss stays up: it **underfits**;
# 2. a width and a number of digits at which the curves part, and the rate that keeps them together longest;
# 3. something that helps more than any dropout rate. (Move the last slider.)
#
# The button trains the chosen network now, for a few seconds, with *your* `dropout`. Other digits and other masks give
# curves that differ a little.

# %% demo=True
explorers.overfitting(dropout)

# %% [markdown]
# ## Exercise 5: `EarlyStopping` (NumPy, 4 points, 7 minutes)
#
# The cheapest cure: stop when the validation loss stops falling. Since it jitters, one needs **patience**.
#
# After each epoch, `update` gets the validation loss and the weights, a list of arrays.
#
# - The loss is an **improvement** if it is below the best loss so far *minus* `min_delta`. (The first loss always is.)
#   Then it becomes the best loss, and a copy of the weights is kept in `best_weights`.
# - Otherwise one more epoch has passed without improvement, and the best loss stays. After `patience` such epochs *in a
#   row* it is time to stop.
#
# `update` returns True if training should stop now, else False. Training changes the arrays in place, so a list of the
# same arrays would change with them: `array.copy()`.


# %% solution="early_stopping"
class EarlyStopping:
    """Says when to stop a training, and keeps the best weights."""

    def __init__(self, patience: int, min_delta: float):
        """Remember how many epochs to wait, and how much lower a loss must be to count."""
        ### BEGIN SOLUTION
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_weights, self.waited = np.inf, None, 0
        ### END SOLUTION

    def update(self, loss: float, weights: list[np.ndarray]) -> bool:
        """Take note of one epoch and return True if training should stop; the best weights are in best_weights."""
        ### BEGIN SOLUTION
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.waited = loss, 0
            self.best_weights = [array.copy() for array in weights]
        else:
            self.waited += 1
        return self.waited >= self.patience
        ### END SOLUTION


# %% tests="early_stopping" points=4
check("early_stopping")
### BEGIN HIDDEN TESTS
grade("early_stopping")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The best weights are those of the last epoch</summary>
#
# `weights.copy()` copies the list, not the arrays in it: `[array.copy() for array in weights]`.
#
# </details>
#
# <details>
# <summary>I stop too early</summary>
#
# Does an improvement set your count back to 0? Do you compare with the *best* loss, not with the last one?
#
# </details>
#
# <details>
# <summary>What loss do I start with?</summary>
#
# `np.inf`: whatever comes first is below it.
#
# </details>

# %% [markdown]
# Your class watches a real training, on 400 digits. How much patience is enough to get past the bumps? How much is a
# waste?

# %% demo=True
explorers.early_stopping(EarlyStopping)

# %% [markdown]
# ## Exercise 6: `l2_step` (NumPy, 4 points, 6 minutes)
#
# A network that bends to each sample needs large weights. The third cure keeps them small. With **strength** $\lambda$
# there are two ways:
#
# - an **L2 penalty** on the loss, $\frac{\lambda}{2} \sum w^2$. Its gradient $\lambda w$ joins that of the loss, and
#   the optimiser turns both together into a direction;
# - **weight decay**: the optimiser sees only the gradient of the loss, and apart from that each weight shrinks by the
#   share $\eta \lambda$.
#
# $$\text{penalty:} \quad w \leftarrow w - \eta \, d(g + \lambda w) \qquad\qquad
# \text{decay:} \quad w \leftarrow w - \eta \, \bigl( d(g) + \lambda w \bigr)$$
#
# Here $d$ is what the optimiser makes of a gradient. For plain SGD $d(g) = g$, and both are the same step. Adam divides
# a gradient by its own size: then a penalty hidden *in* the gradient is rescaled with it, and a weight with large
# gradients is hardly pulled at all. That is why AdamW exists.
#
# Your function gets $d$ as `direction`, a function from an array to an array. Biases are usually left alone.


# %% solution="l2_step"
def l2_step(
    w: np.ndarray,
    gradient: np.ndarray,
    direction,
    learning_rate: float,
    strength: float,
    kind: str,
) -> np.ndarray:
    """Return the weights after one step of descent with L2; leave w as it is.

    Args:
        w: weights before the step.
        gradient: gradient of the loss without any penalty, shape of w.
        direction: function from a gradient to the optimiser's direction; direction(g) is g for plain SGD.
        strength: lambda.
        kind: "penalty" or "decay".
    """
    ### BEGIN SOLUTION
    if kind == "penalty":
        return w - learning_rate * direction(gradient + strength * w)
    return w - learning_rate * (direction(gradient) + strength * w)
    ### END SOLUTION


# %% tests="l2_step" points=4
check("l2_step")
### BEGIN HIDDEN TESTS
grade("l2_step")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>With SGD both agree, with Adam neither is right</summary>
#
# Look at what goes into `direction`: the sum of both for a penalty, the gradient alone for decay.
#
# </details>
#
# <details>
# <summary>My pull is twice too strong</summary>
#
# The penalty is $\frac{\lambda}{2} w^2$, so its derivative is $\lambda w$, without a 2.
#
# </details>

# %% [markdown]
# Now a **small noisy regression**: 14 points of a wave, and a polynomial whose coefficients your `l2_step` finds, 3000
# steps for each picture. Without L2 a high degree runs after the noise, and the error on other points of the same wave
# shows it. Raise the strength until it is smallest. What does too much of it do?

# %% demo=True
explorers.l2(l2_step)

# %% [markdown] framework="torch"
# **In PyTorch** `weight_decay=` of `torch.optim.SGD` and `torch.optim.Adam` is the *penalty*, despite its name;
# `torch.optim.AdamW` does decay.

# %% [markdown] framework="tensorflow"
# **In Keras** `kernel_regularizer=keras.regularizers.L2(s)` is the penalty, without the half: take $s = \lambda / 2$.
# `weight_decay=` of any Keras optimiser, and `keras.optimizers.AdamW`, is decay.

# %% [markdown]
# ## Exercise 7: `train`, the exam (8 points, 15 minutes)
#
# Everything together. Write `train(images, labels, seed)`, which trains a network of your choice and returns a function
# `predict(images)`.
#
# - Your network gets 600 digits, shifted by up to one pixel and noisy, as an array (600, 8, 8) of values from 0 to 1,
#   and their labels, 0 to 9. As in any large collection **some labels are false**: 90 of the 600, and nobody tells you
#   which. A network that memorises will repeat them.
# - `predict` gets other such images and returns one label for each, shape (n,). These images are in no data set: the
#   digits are shifted and covered with noise when the exam is set, and only the examiner knows their labels. It is also
#   asked about the 600, of which the examiner knows the true labels.
# - The exam also deals the labels anew: perhaps each 3 is called 7, in all its images. To a network a label is only a
#   name, so yours will not notice; and only what it learns from the labels that it is given counts.
# - Training runs on one processor core and may take 20 seconds. What is random should follow from `seed`.
#
# | points | accuracy on new digits | | points | of the 90 digits with a false label, called by their true one |
# | --- | --- | --- | --- | --- |
# | 4 | 80 % or more | | 4 | 70 % or more |
# | 0 | 54 % or less | | 0 | 25 % or less |
#
# In between the points grow in a straight line. The second column earns at most as many as the first: only who is right
# on new digits has understood. A plain network with one hidden layer, trained without any cure, repeats nearly all
# false labels and is right on about 65 % of new digits: some 1.7 points. Dropout alone does not save it. The
# strongest cure here is **more data**, and you can make it: show in each epoch the same digits, *shifted anew* with
# `datasets.shifted(images, rng)`, perhaps with a little more noise. That is called **augmentation**.

# %% [markdown] framework="torch+tensorflow"
# Write it in the framework that you like better, or in NumPy.


# %% solution="capstone"
def train(images: np.ndarray, labels: np.ndarray, seed: int):
    """Train a network on noisy digits and return a function predict(images) -> labels, shape (n,).

    Args:
        images: shape (n_samples, 8, 8), values from 0 to 1.
        labels: 0 to 9, shape (n_samples,).
        seed: for whatever is random.
    """
    ### BEGIN SOLUTION
    rng = np.random.default_rng(seed)
    W1, b1 = rng.normal(0, np.sqrt(2 / 64), (64, 128)), np.zeros(128)
    W2, b2 = np.zeros((128, 10)), np.zeros(10)
    parameters = [W1, b1, W2, b2]
    velocities = [np.zeros_like(each) for each in parameters]
    epochs, strength = 150, 1e-3
    for epoch in range(epochs):
        learning_rate = 0.1 * (1 - epoch / epochs)
        moved = datasets.shifted(images, rng) + 0.1 * rng.standard_normal(images.shape)
        for batch in np.array_split(rng.permutation(len(labels)), len(labels) // 50):
            x = moved[batch].reshape(-1, 64)
            hidden, mask = dropout(np.maximum(x @ W1 + b1, 0), 0.2, True, rng)
            logits = hidden @ W2 + b2
            powers = np.exp(logits - logits.max(axis=1, keepdims=True))
            error = (powers / powers.sum(axis=1, keepdims=True) - np.eye(10)[labels[batch]]) / len(batch)
            back = (error @ W2.T) * mask * (hidden > 0)
            gradients = [x.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]
            for parameter, velocity, gradient in zip(parameters, velocities, gradients):
                velocity[...] = 0.9 * velocity + gradient
                parameter[...] = l2_step(parameter, velocity, lambda g: g, learning_rate, strength, "decay")

    def predict(images):
        hidden = np.maximum(images.reshape(-1, 64) @ W1 + b1, 0)
        return (hidden @ W2 + b2).argmax(axis=1)

    return predict
    ### END SOLUTION


# %% [markdown]
# The check holds a rehearsal, with digits of its own. It takes as long as your training does, which is stopped after 20
# seconds, and so does `progress()` at the end of the lab.

# %% tests="capstone" points=8
check("capstone")
### BEGIN HIDDEN TESTS
grade("capstone")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I begin?</summary>
#
# Flatten the images to (n, 64), train 64 inputs, 128 ReLU units and 10 logits with the cross-entropy of Lab 2 and the
# training loop of Lab 3, and return the place of the largest logit. See what the check says of it; then add one cure at
# a time.
#
# </details>
#
# <details>
# <summary>It repeats the false labels</summary>
#
# It memorises the 600 images. Draw new shifts *in each epoch*, inside the loop, so that an image seldom comes back as
# it was.
#
# </details>
#
# <details>
# <summary>It sees through false labels, the accuracy is too low</summary>
#
# Now it underfits: less dropout, more epochs, a learning rate that falls towards the end.
#
# </details>
#
# <details>
# <summary>It takes too long</summary>
#
# 100 to 200 epochs of mini-batches of 50 are enough, and each batch is small: look for a loop over single images.
#
# </details>

# %% [markdown]
# <details>
# <summary>A frame in NumPy</summary>
#
# Take `backprop` of Lab 3, with ReLU in place of `tanh` and 10 outputs with a softmax. The error at the logits is again
# prediction minus truth, $D = (P - Y) / n$; each row of $Y$ holds a 1 at the true label and 0 elsewhere, as in
# `np.eye(10)[labels]`. If you use your `dropout`, multiply by its mask on the way back, too.
#
# </details>

# %% [markdown] framework="torch"
# <details>
# <summary>A frame in PyTorch</summary>
#
# Begin with `torch.manual_seed(seed)`, `net = dropout_net_torch([64, 128, 10], 0.2)` and an Adam optimiser; in each
# epoch turn the moved images into `torch.tensor(moved.reshape(-1, 64), dtype=torch.float32)`, and loop over batches as
# in Lab 3 with `nn.functional.cross_entropy(net(x), y)`. In `predict` use `outputs_torch(net, x, False)` and
# `.argmax(1).numpy()`.
#
# </details>

# %% [markdown] framework="tensorflow"
# <details>
# <summary>A frame in TensorFlow</summary>
#
# Begin with `keras.utils.set_random_seed(seed)` and `net = dropout_net_tf([64, 128, 10], 0.2)`. Compile with Adam and
# `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`. Calling `fit` in each epoch is slow: make one long
# data set of, say, 100 differently shifted copies, and `fit` it for two epochs with `verbose=0`. In `predict`
# use `outputs_tf(net, x, False)` and `.numpy().argmax(1)`.
#
# </details>

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
# - split data so that a result means something, and seen a network learn nonsense by heart;
# - read two curves, and found the epoch where understanding ends and memorising begins;
# - written dropout, and kept its switch in the right position;
# - stopped in time, kept weights small, and made more data out of little;
# - trained a network that is right about images which did not exist before the exam.
#
# Where do you stand?

# %% demo=True
progress()

# %% [markdown]
# **This was the last lab of the chapter.** You know what a network is made of, why it bends, how it learns and when to
# distrust it. The chapter quiz asks you about all four.
