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
# # Lab 1: The perceptron
#
# You will build a neuron out of one line of arithmetic, teach it to tell two kinds of flower apart, watch it fail at a
# puzzle of four dots, and rescue it by giving it company: a network with a hidden layer.
#
# Run the next cells first (Shift + Enter). They load what the lab needs and draw the network that solves the puzzle.

# %%
import numpy as np

from course_utils import check, datasets, explorers, progress, setup

setup("lab1_perceptron")

# %% framework="torch"
from course_utils.frameworks import nn, torch

# %% framework="tensorflow"
from course_utils.frameworks import keras, tf

# %% demo=True
explorers.network_diagram([2, 2, 1])

# %% [markdown]
# **You will**
#
# - compute a neuron, for one input and for a whole batch, and see the line that it draws;
# - let it learn from its own mistakes on real flowers, and meet the puzzle that it can never learn;
# - put neurons side by side into a layer, and watch two layers of your own learn the puzzle;
# - solve the puzzle with weights that you reason out yourself;
# - build a deep network from nothing but a list of widths, give it an output that fits the question, and count every
#   number in it.
#
# **Time:** about 145 minutes, in two sittings if you like: there is a good place for a break after Exercise 3. **You
# need** some Python and NumPy (arrays, shapes, `@`). No earlier lab, no earlier knowledge of neural networks. From
# Exercise 4 on you fill in classes; if you have never written one, six lines show there how to read them.
#
# **How it works.** In each exercise, replace `...  # YOUR CODE HERE` with your own code, run the cell, then run the
# `check` cell below it. It tells you what is right and what to look at next. Try as often as you like: checks cost
# nothing. The final grade uses other numbers and sizes than the checks, so code that works is what counts. Stuck? Each
# exercise has folded hints. What is marked *optional* counts nothing.
#
# Two rules for all exercises. Return new arrays, and leave those that you are given as they are: whoever called your
# function still needs them. You are given arrays; you may return a list in place of an array, or a **tensor**, as
# libraries for deep learning call theirs. A number must be a number, not an array with one entry.

# %% [markdown] framework="torch+tensorflow"
# You will write the main ideas three times: in NumPy, and in two **frameworks**, as libraries for deep learning are
# called, PyTorch and TensorFlow. By the third time you will see that only the spelling changes. At the end you will
# prove it: you carry the weights of a network from PyTorch to TensorFlow, and both give the same answers.

# %% [markdown]
# ## Exercise 1: `neuron` (NumPy, 3 points, 5 minutes, easy)
#
# Shall I cycle to work today? Sunshine speaks for it, rain against it, and I like cycling anyway. That is a neuron:
# each input gets a **weight** (positive: speaks for; negative: speaks against), everything is added up, a **bias** says
# how inclined we are before seeing any input, and a last function squashes the sum $z$ into an answer $\hat{y}$ between
# 0 (no) and 1 (yes).
#
# $$z = w_1 x_1 + w_2 x_2 + \dots + b = \mathbf{x} \cdot \mathbf{w} + b,
# \qquad \hat{y} = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# The squashing function $\sigma$ is called the **sigmoid**. We give it to you:


# %%
def sigmoid(z):
    """Squash any number into (0, 1): 1 / (1 + exp(-z)), written so that no z is too large for it."""
    return np.exp(-np.logaddexp(0, -z))  # logaddexp(0, -z) is log(1 + exp(-z))


sigmoid(np.array([-5.0, 0.0, 5.0]))

# %% [markdown]
# The inputs of one day, its sunshine and its rain, are one **sample**. A **batch** is a table with one row for each
# sample; its columns are the **features**, here sunshine and rain. A good neuron takes one sample or a batch:
#
# | | one sample | a batch |
# | --- | --- | --- |
# | `x` | `(n_features,)` | `(n_samples, n_features)` |
# | `w` and `b` | `(n_features,)` and a number | the same |
# | result | a single number | `(n_samples,)` |
#
# One expression can serve both, without `if` and without a loop.


# %% solution="neuron"
def neuron(x: np.ndarray, w: np.ndarray, b: float) -> np.ndarray:
    """Return the output of one sigmoid neuron, for one input or for a batch.

    Args:
        x: inputs, shape (n_features,) or (n_samples, n_features).
        w: weights, shape (n_features,).
        b: bias, a number.
    """
    ### BEGIN SOLUTION
    # `x @ w` is one number for a vector `x` and one for each row of a table, and `+ b` reaches all of them: so one
    # line serves both.
    return sigmoid(x @ w + b)
    ### END SOLUTION


# %% tests="neuron" points=3
check("neuron")
### BEGIN HIDDEN TESTS
grade("neuron")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>My result is a table, it should be one number for each sample</summary>
#
# `x * w` multiplies the features by their weights but does not add them up. The operator `@` does both.
#
# </details>
#
# <details>
# <summary>One input works, a batch complains that shapes do not match</summary>
#
# Look at the order. For a batch, `x` has shape (n_samples, n_features): its *last* axis must meet `w`, so `x` stands on
# the left.
#
# </details>
#
# <details>
# <summary>My values are larger than 1 or below 0</summary>
#
# You return the sum $z$ itself. It still has to go through `sigmoid`.
#
# </details>

# %% [markdown]
# ### The line that a neuron draws
#
# A neuron with two inputs sees points in a plane. Where $z = 0$ it is undecided, since $\sigma(0) = 0.5$. Those points
# form a straight line, $w_1 x_1 + w_2 x_2 + b = 0$. On one side the neuron leans to yes, on the other to no.
#
# The figure runs *your* `neuron` on 100 irises, 50 *setosa* (class 0) and 50 *versicolor* (class 1): how long and how
# wide their petals are, in centimetres. R. A. Fisher published these numbers in 1936; scikit-learn includes them. A
# ring marks a flower that is on the wrong side. Move the sliders:
#
# 1. Change only the bias. The line slides, but keeps its direction.
# 2. Change one weight. The line turns.
# 3. Get all 100 flowers right, by hand. Remember how that feels: next, the neuron does it alone.

# %% demo=True
flowers = datasets.iris_pair()
explorers.neuron(neuron, *flowers)

# %% [markdown]
# ## Exercise 2: `perceptron_update` (NumPy, 3 points, 7 minutes, medium)
#
# How could a neuron find its own weights? Frank Rosenblatt's **perceptron** of 1958 has a disarmingly simple answer:
# look at one sample, and change something only if you were wrong.
#
# A perceptron says plainly 0 or 1. It swaps the sigmoid for a step, but its line is the same, because $\sigma(z) > 0.5$
# exactly where $z > 0$:
#
# $$\hat{y} = \begin{cases} 1 & \text{if } \mathbf{x} \cdot \mathbf{w} + b > 0 \\ 0 & \text{otherwise} \end{cases}$$
#
# With the true label $y$ (0 or 1), the error $y - \hat{y}$ can only be:
#
# - $0$: right, nothing changes;
# - $+1$: it said 0 where 1 was right, so $\mathbf{w}$ moves towards $\mathbf{x}$, by $\eta\,\mathbf{x}$, and $b$ grows
#   by $\eta$;
# - $-1$: it said 1 where 0 was right, so both go the other way, by just as much.
#
# The **learning rate** $\eta$ (eta) is the size of the nudge. Can you find one line for $\mathbf{w}$, and one for $b$,
# that hold all three cases, without an `if`?
#
# Why does the nudge help? Show it the missed 1 once more. Its sum was $z = \mathbf{x} \cdot \mathbf{w} + b$, now it is
#
# $$\mathbf{x} \cdot (\mathbf{w} + \eta\,\mathbf{x}) + (b + \eta) = z + \eta \, (\lVert \mathbf{x} \rVert^2 + 1)$$
#
# Here $\lVert \mathbf{x} \rVert^2 = \mathbf{x} \cdot \mathbf{x}$ adds up the squares of the features. A square is never
# negative, so the sum has grown, whatever $\mathbf{x}$ is: the answer comes closer to yes. After a false yes the sum
# shrinks by just as much. Such a repair can spoil other samples. But if any straight line separates the two classes,
# the mistakes come to an end after finitely many, as Albert Novikoff proved in 1962.


# %% solution="perceptron_update"
def perceptron_update(
    x: np.ndarray,
    y: int,
    w: np.ndarray,
    b: float,
    learning_rate: float,
) -> tuple[np.ndarray, float]:
    """Look at one sample and return the new weights and the new bias, as a pair (w, b).

    Args:
        x: one sample, shape (n_features,).
        y: its true label, 0 or 1.
        w: weights before the update, shape (n_features,); leave this array as it is.
        b: bias before the update.
        learning_rate: size of the nudge.
    """
    ### BEGIN SOLUTION
    # The error is 1, 0 or -1, so one formula holds all three cases. It makes new arrays: `w += ...` would change the
    # one that was given.
    prediction = 1 if x @ w + b > 0 else 0
    error = y - prediction
    return w + learning_rate * error * x, b + learning_rate * error
    ### END SOLUTION


# %% tests="perceptron_update" points=3
check("perceptron_update")
### BEGIN HIDDEN TESTS
grade("perceptron_update")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>My weights move in the wrong direction</summary>
#
# The error is *truth minus prediction*. If a 1 was missed it must be $+1$, so that $\mathbf{w}$ comes closer to
# $\mathbf{x}$.
#
# </details>
#
# <details>
# <summary>One line for all three cases?</summary>
#
# $\mathbf{w} \leftarrow \mathbf{w} + \eta \, (y - \hat{y}) \, \mathbf{x}$: the error itself says which way, and whether
# at all.
#
# </details>
#
# <details>
# <summary>My weights change a little even when the prediction is right</summary>
#
# Then your prediction is probably a sigmoid, such as 0.97. The perceptron predicts exactly 0 or exactly 1.
#
# </details>
#
# <details>
# <summary>The weights are right, the bias is not</summary>
#
# The bias learns by the same rule, as if it were the weight of an input that is always 1.
#
# </details>

# %% [markdown]
# See it happen. The sample (3, 4) has the label 1, and its sum is $-6$ at first. By how much does a nudge with
# $\eta = 0.1$ raise the sum? ($\lVert \mathbf{x} \rVert^2 + 1$ is $9 + 16 + 1$.) And after how many
# nudges is the answer yes? Think first, then run the cell.

# %% demo=True
try:
    missed, weights, bias = np.array([3.0, 4.0]), np.array([-3.0, 1.0]), -1.0
    for nudges in range(5):
        print(f"after {nudges} nudges: z = {missed @ weights + bias:.1f}")
        weights, bias = perceptron_update(missed, 1, weights, bias, 0.1)
except Exception:
    print("Finish perceptron_update first, then run this cell again.")

# %% [markdown]
# Three nudges of 2.6 bring it from $-6$ to $1.8$; from then on it is right, and nothing changes any more.

# %% [markdown]
# ## Exercise 3: `train_perceptron` (NumPy, 3 points, 10 minutes, medium)
#
# Learning is that update, over and over. One pass over all samples is called an **epoch**. To see progress, we count
# **mistakes**: how often, in each epoch, the prediction made just *before* the update was wrong.
#
# 1. Start with all weights 0 and bias 0.
# 2. In each epoch visit the samples in the order of the rows of $X$. Predict; if that is wrong, count a mistake;
#    update (your `perceptron_update` does it).
# 3. Return `w`, `b` and the list of mistakes, one number for each epoch.
#
# Run all the epochs you are asked for, even if there is nothing left to learn.


# %% solution="train_perceptron"
def train_perceptron(
    X: np.ndarray,
    y: np.ndarray,
    epochs: int,
    learning_rate: float,
) -> tuple[np.ndarray, float, list[int]]:
    """Train a perceptron from zero weights and return (w, b, mistakes).

    Args:
        X: samples, shape (n_samples, n_features).
        y: their labels, 0 or 1, shape (n_samples,).
        epochs: how often to go through all samples; `mistakes` has one entry for each.
        learning_rate: size of the nudge.
    """
    ### BEGIN SOLUTION
    # The mistake is counted before the nudge, with the line as it was. The counter begins anew in each epoch; `w` and
    # `b` go on.
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            prediction = 1 if xi @ w + b > 0 else 0
            wrong += int(prediction != yi)
            w, b = perceptron_update(xi, yi, w, b, learning_rate)
        mistakes.append(wrong)
    return w, b, mistakes
    ### END SOLUTION


# %% tests="train_perceptron" points=3
check("train_perceptron")
### BEGIN HIDDEN TESTS
grade("train_perceptron")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>I count no mistakes at all, or too few</summary>
#
# Predict *before* you update. After the update the perceptron has already seen the answer.
#
# </details>
#
# <details>
# <summary>My mistakes pile up: 1, 4, 7, ...</summary>
#
# The counter has to go back to 0 at the start of each epoch. The weights must not.
#
# </details>
#
# <details>
# <summary>I count almost every sample as a mistake</summary>
#
# Then your prediction is probably a sigmoid, such as 0.97, which is never equal to the label. Predict 0 or 1.
#
# </details>
#
# <details>
# <summary>My mistakes are the same in every epoch</summary>
#
# `perceptron_update` *returns* new weights. Keep them: `w, b = perceptron_update(...)`.
#
# </details>

# %% [markdown]
# ### Watch it learn
#
# Your perceptron now meets the irises. Run the next cell and look on: it gives the flowers to your own loop one after
# the other, and draws the line again after each nudge. An orange ring marks the flower that caused it. There should be
# 17, 3, 3 and 2 mistakes in the first four epochs, and none in the fifth: then the line stays.

# %% demo=True
explorers.watch_perceptron(train_perceptron, *flowers)

# %% [markdown]
# Now epoch by epoch, and back again: press Play, or move the slider.
#
# The bars count the mistakes *during* an epoch, while the line was moving. The title counts the flowers that are on the
# wrong side *after* it, and the last nudge alone can put many there. So the two numbers need not be equal.
#
# Would a larger learning rate be faster? Not here: from a start at zero it only makes `w` and `b` larger by the same
# factor, and then the line stays where it is. In Lab 3 the learning rate will matter a lot.

# %% demo=True
explorers.perceptron_training(train_perceptron, *flowers)

# %% [markdown]
# ### Four dots that it cannot learn
#
# **XOR**, "exclusive or", says 1 when exactly one of two inputs is 1:
#
# | $x_1$ | $x_2$ | XOR |
# | :-: | :-: | :-: |
# | 0 | 0 | 0 |
# | 0 | 1 | 1 |
# | 1 | 0 | 1 |
# | 1 | 1 | 0 |
#
# Follow your perceptron from dot to dot. (At the first dot all weights are still 0, so there is no line yet.) From the
# third epoch on it is wrong about each of the four when their turn comes, again and again: every repair spoils another
# dot. (Where the line runs through a dot, the sum is 0, and so is the answer. The arrow shows the weights; it points to
# where the answer is 1.)
#
# More patience cannot help. Suppose a line had both 1s on one side. Then the point halfway between them,
# $(\frac12, \frac12)$, would be on that side too. But this is also the point halfway between the two 0s, so it would be
# on *their* side as well. No straight line can do that.

# %% demo=True
explorers.xor_perceptron(train_perceptron)

# %% [markdown]
# ## Optional: `pocket` (NumPy, ungraded, 10 minutes, hard)
#
# What would you do with data that no line parts, if a line is all you have? Stephen Gallant's answer of 1990: let the
# perceptron wander on, but keep the best weights so far in your **pocket**. Train as before. After each epoch count how
# many of *all* samples are on the wrong side of the line, and keep the weights that get the fewest wrong.


# %% solution="pocket"
def pocket(
    X: np.ndarray,
    y: np.ndarray,
    epochs: int,
    learning_rate: float,
) -> tuple[np.ndarray, float, int]:
    """Train a perceptron from zero weights; return (w, b, wrong) after the epoch with the fewest wrong.

    Args:
        X, y, epochs, learning_rate: as for `train_perceptron`.
    """
    ### BEGIN SOLUTION
    # The last weights need not be the best ones where no line parts the points, so the best so far are kept beside
    # those that go on learning.
    w, b, best = np.zeros(X.shape[1]), 0.0, None
    for _ in range(epochs):
        for xi, yi in zip(X, y):
            w, b = perceptron_update(xi, yi, w, b, learning_rate)
        wrong = int(np.sum((X @ w + b > 0) != (y == 1)))
        if best is None or wrong < best[2]:
            best = w, b, wrong
    return best
    ### END SOLUTION


# %% tests="pocket" points=0
check("pocket")
### BEGIN HIDDEN TESTS
grade("pocket")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Which number decides?</summary>
#
# Not the mistakes that `train_perceptron` counts: they happen during an epoch, while the line still moves. Count anew
# after it, with the weights as they are then.
#
# </details>

# %% [markdown]
# **Here is a good place for a break.** When you come back, run all cells above once (in JupyterLab: Run, Run All Above
# Selected Cell), and go on.

# %% [markdown]
# ## Exercise 4: a dense layer
#
# One neuron, one line. So let us take several. In a **dense layer** all neurons (we say *units*) look at the same
# inputs, and each has its own weights and its own bias.

# %% [markdown]
# ### Exercise 4 in NumPy: `dense` (3 points, 5 minutes, easy)
#
# Four units could be four calls of your `neuron`, with four vectors of weights and four biases, and then one would have
# to put the four answers side by side. There is a shorter way. Lay the four vectors beside each other, as the *columns*
# of one matrix $W$, and the biases into a vector $\mathbf{b}$. There are 5 samples with 3 features, and 4 units. What
# shape does $W$ have? What shape should the result have, one row for each sample, one column for each unit? Which
# product of the samples and $W$ has that shape? Work it out on paper; then it is a single line, without a loop, for any
# number of samples, features and units. NumPy adds a vector to every row of a table by itself; that is called
# **broadcasting**.


# %% solution="dense_numpy"
def dense(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the outputs of a dense sigmoid layer, shape (n_samples, n_units).

    Args:
        x: inputs, shape (n_samples, n_inputs).
        W: weights, one column for each unit, shape (n_inputs, n_units).
        b: biases, one for each unit, shape (n_units,).
    """
    ### BEGIN SOLUTION
    # A column of `W` for each unit: row i of `x` times column j is the sum of unit j for sample i. NumPy adds `b` to
    # every row.
    return sigmoid(x @ W + b)
    ### END SOLUTION


# %% tests="dense_numpy" points=3
check("dense_numpy")
### BEGIN HIDDEN TESTS
grade("dense_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>My output is turned over: units in rows, samples in columns</summary>
#
# Samples are rows, units are columns. `x` stands on the left, `W` on the right, and nothing needs a transpose.
#
# </details>
#
# <details>
# <summary>My output has as many columns as rows</summary>
#
# Samples met samples: somewhere `x` was multiplied by a transposed `x`. Only the `n_inputs` axis may disappear, and it
# is the last axis of `x` and the first of `W`.
#
# </details>
#
# <details>
# <summary>All columns of my output are the same</summary>
#
# Then all units share one set of weights. Each unit has its own column of `W` and its own entry of `b`.
#
# </details>
#
# <details>
# <summary>As a formula?</summary>
#
# $$\underbrace{\hat{Y}}_{(\text{samples},\, \text{units})} =
# \sigma\Big(\underbrace{X}_{(\text{samples},\, \text{inputs})}\;
# \underbrace{W}_{(\text{inputs},\, \text{units})} + \underbrace{\mathbf{b}}_{(\text{units},)}\Big)$$
#
# </details>

# %% [markdown]
# ### The same layer in a framework
#
# Why write it again? A framework adds two things: speed, and **gradients** that it computes by itself. A gradient says
# how the result would change with each weight; Lab 3 learns with them. In return the framework wants to know which
# arrays are to be learned: these are its **parameters**. So a layer becomes an object, say `layer`: it *makes* its
# weights once, and *uses* them at each call `layer(x)`. The arithmetic is the line that you have just written.
#
# In Python that is a **class**. You only fill in the places marked for you; this is how to read the rest:
#
# ```python
# class Counter(Base):            # a new kind of Base, with all that Base can do
#     def __init__(self, start):  # runs once, for Counter(5)
#         super().__init__()      # lets Base prepare itself; before anything else
#         self.n = start          # self is this one object: it remembers n
#
#     def forward(self, x):       # a later call finds self.n again
#         return x + self.n
# ```

# %% [markdown] framework="torch+tensorflow"
# | | NumPy | PyTorch | TensorFlow with Keras |
# | --- | --- | --- | --- |
# | a layer is | a function | an `nn.Module` | a `keras.layers.Layer` |
# | its weights are made in | your own code | `__init__` | `build`, at the first call |
# | an array to be learned | any array | `nn.Parameter(torch.zeros(4))` | `self.add_weight(shape=(4,))` |
# | what `layer(x)` runs | the function itself | `forward` | `call` |
# | the product | `x @ W` | `x @ W` | `x @ W` |
# | the sigmoid | `sigmoid(z)` | `torch.sigmoid(z)` | `tf.sigmoid(z)` |

# %% [markdown] framework="torch"
# ### Exercise 4 in PyTorch: `DenseTorch` (3 points, 8 minutes, medium)
#
# An `nn.Module` makes its parameters in `__init__` and computes in `forward`. Wrap each array in `nn.Parameter`: that
# is how PyTorch knows what to learn. Call the two `self.W` and `self.b`. Start `W` with random numbers
# (`torch.randn(2, 3)` makes two rows of three): units that start alike compute the same, get the same repairs, and stay
# alike for ever. `b` may start with zeros.


# %% solution="dense_torch" framework="torch"
class DenseTorch(nn.Module):
    """A dense sigmoid layer with the parameters W (n_inputs, n_units), random at first, and b (n_units,).

    A ready-made nn.Linear inside counts as right too; the comparison below needs your own W and b.
    """

    def __init__(self, n_inputs: int, n_units: int):
        super().__init__()
        ### BEGIN SOLUTION
        # Only what is wrapped in `nn.Parameter` is found by an optimiser. Random weights make the units differ;
        # biases may begin at 0.
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))
        ### END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs, shape (n_samples, n_units), for x of shape (n_samples, n_inputs)."""
        ### BEGIN SOLUTION
        return torch.sigmoid(x @ self.W + self.b)
        ### END SOLUTION


# %% tests="dense_torch" points=3 framework="torch"
check("dense_torch")
### BEGIN HIDDEN TESTS
grade("dense_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>The check says that there are no parameters</summary>
#
# Inside `__init__`, assign to `self.W` and `self.b`, not to `W` and `b`: the layer has to remember them.
#
# </details>
#
# <details>
# <summary>The check says that W is not a parameter</summary>
#
# A bare tensor works in `forward`, but PyTorch would never train it. Write `self.W = nn.Parameter(...)`.
#
# </details>
#
# <details>
# <summary>Can't call numpy() on Tensor that requires grad</summary>
#
# Our `sigmoid` is made for NumPy. In a PyTorch layer write `torch.sigmoid`, which also computes gradients; `.detach()`
# would cut them off.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 4 in TensorFlow: `DenseTF` (3 points, 6 minutes, medium)
#
# A Keras layer is told only its number of units. It finds out the number of inputs at its first call: Keras then runs
# `build` with the shape of the input. There you make `self.W` and `self.b`, each with
# `self.add_weight(shape=..., initializer=...)`: `"random_normal"` for `W`, because units that start alike compute the
# same, get the same repairs, and stay alike for ever; `"zeros"` will do for `b`. Then `call` computes.


# %% solution="dense_tensorflow" framework="tensorflow"
class DenseTF(keras.layers.Layer):
    """A dense sigmoid layer with the weights W (n_inputs, n_units), random at first, and b (n_units,).

    A ready-made Dense layer inside counts as right too; the comparison below needs your own W and b.
    """

    def __init__(self, n_units: int):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        """Make the weights; input_shape is (n_samples, n_inputs)."""
        ### BEGIN SOLUTION
        # `build` knows the inputs' width at the first call, and `add_weight` is what tells Keras that there is
        # something to learn.
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")
        ### END SOLUTION

    def call(self, x):
        """Return the outputs, shape (n_samples, n_units), for x of shape (n_samples, n_inputs)."""
        ### BEGIN SOLUTION
        return tf.sigmoid(x @ self.W + self.b)
        ### END SOLUTION


# %% tests="dense_tensorflow" points=3 framework="tensorflow"
check("dense_tensorflow")
### BEGIN HIDDEN TESTS
grade("dense_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>The check says that W is not tracked</summary>
#
# A `tf.Variable` works in `call`, but Keras does not notice it and would train nothing, without a word. Use
# `self.add_weight(...)`.
#
# </details>
#
# <details>
# <summary>'DenseTF' object has no attribute 'W'</summary>
#
# Inside `build`, assign to `self.W` and `self.b`, not to `W` and `b`: the layer has to remember them.
#
# </details>

# %% [markdown] framework="torch+tensorflow"
# Give all three the same inputs, the same `W` and the same `b`, and they agree. One idea, three spellings:

# %% demo=True framework="torch+tensorflow"
rng = np.random.default_rng(0)
some_x, some_W, some_b = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=4)
torch_layer, keras_layer = DenseTorch(3, 4), DenseTF(4)
try:
    torch_layer.W.data, torch_layer.b.data = torch.tensor(some_W), torch.tensor(some_b)
    keras_layer.build(some_x.shape)
    keras_layer.W.assign(some_W)
    keras_layer.b.assign(some_b)
    print("NumPy     ", dense(some_x, some_W, some_b).round(4).ravel())
    print("PyTorch   ", torch_layer(torch.tensor(some_x)).detach().cpu().numpy().round(4).ravel())
    print("TensorFlow", keras_layer(some_x).numpy().round(4).ravel())
except Exception:
    print("Finish dense, DenseTorch and DenseTF first, then run this cell again.")

# %% [markdown]
# ## Exercise 5: one hidden layer
#
# Now let a second layer read the answers of the first. The first is called **hidden**, because its values stand neither
# in the data nor in the result. Each layer has a matrix and a vector of its own, $W_1$ and $\mathbf{b}_1$, $W_2$ and
# $\mathbf{b}_2$. With 2 inputs, 8 hidden units and 1 output, which shapes do they have? The second matrix knows nothing
# of the inputs: whose numbers does it multiply?
#
# The sigmoid between the two layers is not decoration. Without it, $(X W_1 + \mathbf{b}_1) W_2 + \mathbf{b}_2$
# multiplies out to $X (W_1 W_2) + (\mathbf{b}_1 W_2 + \mathbf{b}_2)$, one matrix and one vector: a single layer again.

# %% [markdown]
# ### Exercise 5 in NumPy: `two_layer` (3 points, 3 minutes, easy)


# %% solution="two_layer_numpy"
def two_layer(
    x: np.ndarray,
    W1: np.ndarray,
    b1: np.ndarray,
    W2: np.ndarray,
    b2: np.ndarray,
) -> np.ndarray:
    """Return the outputs of a network with one hidden layer, shape (n_samples, n_outputs).

    Args:
        x: inputs, shape (n_samples, n_inputs).
        W1, b1: hidden layer, shapes (n_inputs, n_hidden) and (n_hidden,).
        W2, b2: output layer, shapes (n_hidden, n_outputs) and (n_outputs,).
    """
    ### BEGIN SOLUTION
    # What one layer puts out, the next takes in. The layer that you have is used twice, and nothing is written again.
    hidden = dense(x, W1, b1)
    return dense(hidden, W2, b2)
    ### END SOLUTION


# %% tests="two_layer_numpy" points=3
check("two_layer_numpy")
### BEGIN HIDDEN TESTS
grade("two_layer_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The shapes do not match in the second product</summary>
#
# The second layer reads the hidden values, not `x`.
#
# </details>
#
# <details>
# <summary>The right shape, but wrong values</summary>
#
# Count the sigmoids: one after the hidden layer, one after the output layer. If you call `dense` twice, both are in it
# already.
#
# </details>
#
# <details>
# <summary>As a formula?</summary>
#
# $$\underbrace{H}_{(\text{samples},\, \text{hidden})} = \sigma(X W_1 + \mathbf{b}_1), \qquad
# \underbrace{\hat{Y}}_{(\text{samples},\, \text{outputs})} = \sigma(H W_2 + \mathbf{b}_2)$$
#
# </details>

# %% [markdown]
# ### Your layers learn
#
# Enough built; let it learn. Here are 100 points around the four dots of XOR, which no line can part, and a network of
# two of *your* layers, 8 hidden units and 1 output. The loop is given, and Lab 3 is about it. For now it is enough that
# it repeats three steps: compute the outputs and how wrong they are, one number that is called the **loss**; ask the
# framework how that number would change with each weight; move each weight a little to where the loss is smaller. That
# is Rosenblatt's idea of 1958 once more, a nudge for each mistake, but now it reaches through two layers.
#
# **Predict** before you run it: how many of the 100 points does it get right after one step, and how many after 200?
# What will the border look like?

# %%
X, y = datasets.noisy_xor()

# %% demo=True framework="torch"
inputs, labels = torch.tensor(X, dtype=torch.float32), torch.tensor(y[:, None], dtype=torch.float32)


def steps_torch(network):
    optimizer = torch.optim.Adam(network.parameters(), lr=0.05)  # which moves the weights
    for _ in range(200):
        loss = nn.functional.binary_cross_entropy(network(inputs), labels)  # how wrong is it?
        optimizer.zero_grad()
        loss.backward()  # how does that change with each weight?
        optimizer.step()
        yield loss.item()


network = nn.Sequential(DenseTorch(2, 8), DenseTorch(8, 1))
explorers.watch_layers(network, steps_torch(network), X, y, "DenseTorch")

# %% [markdown] framework="tensorflow"
# With Keras it is the same loop. What happens inside the `with` block is recorded on the tape, so that the tape can be
# asked for gradients.

# %% demo=True framework="tensorflow"
tf_inputs, tf_labels = tf.constant(X, tf.float32), tf.constant(y[:, None], tf.float32)


def steps_tf(network):
    optimizer = keras.optimizers.Adam(0.05)  # which moves the weights
    for _ in range(200):
        with tf.GradientTape() as tape:
            losses = keras.losses.binary_crossentropy(tf_labels, network(tf_inputs))
            loss = tf.reduce_mean(losses)  # how wrong is it?
        weights = network.trainable_weights
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        yield float(loss)


network = keras.Sequential([DenseTF(8), DenseTF(1)])
explorers.watch_layers(network, steps_tf(network), X, y, "DenseTF")

# %% [markdown]
# It mostly begins with about half of the points, as if it guessed, and ends with all 100 right. Nobody told it where
# the border should be. The border is bent, as no single neuron's can be, and every run finds another one, because the
# weights start at random.

# %% [markdown]
# ### The same network in one class, to mend
#
# Somebody wrote the network with one hidden layer as a single class. It runs and raises no error, and it may even get
# many of the points right. Code that seems to learn can be wrong all the same. There are **two** faults in it: one in
# what it computes, one in what is trained. Mend them; the training below the check then shows that it works.

# %% [markdown] framework="torch"
# ### Exercise 5 in PyTorch: `TwoLayerTorch` (3 points, 5 minutes, medium)


# %% solution="two_layer_torch" framework="torch"
class TwoLayerTorch(nn.Module):
    """A network with one hidden layer: parameters W1, b1, W2, b2, random weights, sigmoid after both."""

    ### BEGIN SOLUTION
    # Four parameters, each with a name; without the sigmoid between them both products would melt into a single layer.
    def __init__(self, n_inputs: int, n_hidden: int, n_outputs: int):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs, shape (n_samples, n_outputs), for x of shape (n_samples, n_inputs)."""
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return torch.sigmoid(hidden @ self.W2 + self.b2)

    ### END SOLUTION
    ### BEGIN STUB
    # def __init__(self, n_inputs: int, n_hidden: int, n_outputs: int):
    #     super().__init__()
    #     self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
    #     self.b1 = nn.Parameter(torch.zeros(n_hidden))
    #     self.W2 = torch.randn(n_hidden, n_outputs)
    #     self.b2 = nn.Parameter(torch.zeros(n_outputs))
    #
    # def forward(self, x: torch.Tensor) -> torch.Tensor:
    #     """Return the outputs, shape (n_samples, n_outputs), for x of shape (n_samples, n_inputs)."""
    #     hidden = x @ self.W1 + self.b1
    #     return torch.sigmoid(hidden @ self.W2 + self.b2)
    ### END STUB


# %% tests="two_layer_torch" points=3 framework="torch"
check("two_layer_torch")
### BEGIN HIDDEN TESTS
grade("two_layer_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>The border stays a straight line</summary>
#
# Then two layers act as one. Compare `forward` with your `two_layer`: what stands between the two products?
#
# </details>
#
# <details>
# <summary>Which parameters are trained?</summary>
#
# `print([name for name, _ in TwoLayerTorch(2, 8, 1).named_parameters()])` lists what PyTorch knows of. There should be
# four.
#
# </details>

# %% demo=True framework="torch"
network = TwoLayerTorch(2, 8, 1)
explorers.watch_layers(network, steps_torch(network), X, y, "TwoLayerTorch")

# %% [markdown] framework="tensorflow"
# ### Exercise 5 in TensorFlow: `TwoLayerTF` (3 points, 5 minutes, medium)


# %% solution="two_layer_tensorflow" framework="tensorflow"
class TwoLayerTF(keras.layers.Layer):
    """A network with one hidden layer: weights W1, b1, W2, b2, random at first, sigmoid after both."""

    ### BEGIN SOLUTION
    # The hidden layer's width decides the shape of `W2`; only `W1` waits for the inputs.
    def __init__(self, n_hidden: int, n_outputs: int):
        super().__init__()
        self.n_hidden = n_hidden
        self.n_outputs = n_outputs

    def build(self, input_shape):
        """Make the weights; input_shape is (n_samples, n_inputs)."""
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        """Return the outputs, shape (n_samples, n_outputs), for x of shape (n_samples, n_inputs)."""
        hidden = tf.sigmoid(x @ self.W1 + self.b1)
        return tf.sigmoid(hidden @ self.W2 + self.b2)

    ### END SOLUTION
    ### BEGIN STUB
    # def __init__(self, n_hidden: int, n_outputs: int):
    #     super().__init__()
    #     self.n_hidden = n_hidden
    #     self.n_outputs = n_outputs
    #
    # def build(self, input_shape):
    #     """Make the weights; input_shape is (n_samples, n_inputs)."""
    #     self.W1 = tf.Variable(tf.random.normal((input_shape[-1], self.n_hidden)))
    #     self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
    #     self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
    #     self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")
    #
    # def call(self, x):
    #     """Return the outputs, shape (n_samples, n_outputs), for x of shape (n_samples, n_inputs)."""
    #     hidden = tf.sigmoid(x @ self.W1 + self.b1)
    #     return tf.sigmoid(hidden @ self.W2) + self.b2
    ### END STUB


# %% tests="two_layer_tensorflow" points=3 framework="tensorflow"
check("two_layer_tensorflow")
### BEGIN HIDDEN TESTS
grade("two_layer_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>Some outputs are larger than 1</summary>
#
# What comes after the sigmoid is no longer squashed. Compare `call` with your `two_layer`: where does each bias stand?
#
# </details>
#
# <details>
# <summary>Which weights are trained?</summary>
#
# Call the layer once, then ask for its `trainable_weights`. There should be four. Keras knows only of what was made
# with `add_weight`.
#
# </details>

# %% demo=True framework="tensorflow"
network = TwoLayerTF(8, 1)
explorers.watch_layers(network, steps_tf(network), X, y, "TwoLayerTF")

# %% [markdown]
# ## Exercise 6: `xor_weights` (NumPy, 3 points, 10 minutes, medium)
#
# Back to the four dots. One line cannot do it, but two lines can: XOR means "at least one of them, but not both", and
# each half of that sentence needs a single line.
#
# | $x_1$ | $x_2$ | OR: at least one | NAND: not both | OR **and** NAND |
# | :-: | :-: | :-: | :-: | :-: |
# | 0 | 0 | 0 | 1 | 0 |
# | 0 | 1 | 1 | 1 | 1 |
# | 1 | 0 | 1 | 1 | 1 |
# | 1 | 1 | 1 | 0 | 0 |
#
# So let one hidden unit compute OR, the other NAND, and let the output unit join the two with AND.
#
# We show you OR. Its sum must be below zero only for (0, 0), so $z = 10 x_1 + 10 x_2 - 5$ will do: for the four rows it
# is $-5$, $5$, $5$ and $15$. Why such large weights? Beyond $\pm 5$ the sigmoid **saturates**: it is within 0.01 of 0
# or 1 and acts as a switch.
#
# Find NAND and AND in the same way: on paper, or with the sliders, which drive your `two_layer`. The pink line belongs
# to the first hidden unit, the green one to the second; the arrows point to where they say 1.

# %% demo=True
explorers.xor_network(two_layer)

# %% [markdown]
# Then write your weights down; the figure prints them for you to copy. `W1` (2, 2) has one column for each hidden unit,
# `b1` is (2,), `W2` (2, 1) and `b2` (1,). The output of `two_layer` must be above 0.5 where XOR is 1 and below 0.5
# where it is 0, even if each input is off by up to 0.1: anywhere in the dotted squares. There are many right answers.


# %% solution="xor_weights"
def xor_weights() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (W1, b1, W2, b2) with which `two_layer` computes XOR."""
    ### BEGIN SOLUTION
    # The first unit is OR, the second NAND, and the output joins them by AND. Weights of 10 push the sigmoid close to
    # 0 and 1, so there is room for shifted corners.
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])  # columns: OR, NAND
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([[10.0], [10.0]])  # AND of the two
    b2 = np.array([-15.0])
    return W1, b1, W2, b2
    ### END SOLUTION


# %% tests="xor_weights" points=3
check("xor_weights")
### BEGIN HIDDEN TESTS
grade("xor_weights")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>I cannot find NAND</summary>
#
# NAND is the opposite of AND. To turn any unit into its opposite, flip the sign of its weights *and* of its bias.
#
# </details>
#
# <details>
# <summary>I cannot find AND</summary>
#
# Only (1, 1) may bring the sum above zero. Keep the weights of OR and choose a lower bias, between $-10$ and $-20$.
#
# </details>
#
# <details>
# <summary>All four outputs are close to 0.5</summary>
#
# Your weights are too small for the sigmoid to decide. Multiply all weights and biases by 10.
#
# </details>
#
# <details>
# <summary>The four dots are right, but the check is not content</summary>
#
# Your line passes too close to a dot. Put it halfway: for OR, the sums of (0, 0) and (0, 1) should be equally far from
# zero.
#
# </details>

# %% [markdown]
# Look at the middle of the figure once more. The hidden layer gave the four dots new places. You see three, because it
# puts the two 1s onto the same one: both are "at least one" and "not both". *There* a single line is enough. That is
# the idea of deep learning: do not look for a cleverer line, look for a better view of the data. Here you found the
# view; the network that you trained found one of its own. How it does that is the subject of Lab 3.

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# XOR of three inputs is called **parity**: 1 if an odd number of them is 1. Find weights for three inputs, three hidden
# units and one output. Which three questions about *how many* inputs are 1 would you let the hidden units answer? You
# are right if these lines raise no error:
#
# ```python
# corners = np.array(list(np.ndindex(2, 2, 2)))
# says_odd = two_layer(corners, W1, b1, W2, b2)[:, 0] > 0.5
# assert np.array_equal(says_odd, corners.sum(axis=1) % 2 == 1)
# ```
#
# </details>

# %% [markdown]
# ## Exercise 7: a deep stack
#
# Nobody stops you at two layers. A **deep** network is described by its list of **widths**: `[2, 8, 8, 1]` means 2
# inputs, two hidden layers of 8 units, and 1 output. Each layer $k$ reads the outputs $A_{k-1}$ of the layer before it;
# the first reads $A_0 = X$. For the hidden layers:
#
# $$A_k = \sigma(A_{k-1} W_k + \mathbf{b}_k)$$
#
# The last layer, the **head**, reads the last hidden outputs $A$, and its form follows from the question that you ask:
#
# - **regression**: the answer is any number, such as $-7$ degrees or 1200 grams. A sigmoid could never say that, so the
#   head stays linear: $\hat{Y} = A W + \mathbf{b}$.
# - **classification**: the answer is yes or no, and $\sigma$ gives a number between 0 and 1 that we can read as the
#   probability of yes: $\hat{Y} = \sigma(A W + \mathbf{b})$.

# %% demo=True
explorers.network_diagram([2, 8, 8, 1])

# %% [markdown]
# ### Exercise 7 in NumPy: `deep` (4 points, 7 minutes, medium)


# %% solution="deep_numpy"
def deep(x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray], task: str) -> np.ndarray:
    """Return the outputs of a stack of dense layers, shape (n_samples, n_outputs).

    Args:
        x: inputs, shape (n_samples, n_inputs).
        weights: one matrix for each layer, the first layer first, shapes (n_in, n_out).
        biases: one vector for each layer, shapes (n_out,).
        task: "regression" (linear head) or "classification" (sigmoid head); hidden ones use the sigmoid.
    """
    ### BEGIN SOLUTION
    # All layers but the last are alike, so they share a loop. The head stands outside, since the task decides about
    # its sigmoid.
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W + b)
    z = x @ weights[-1] + biases[-1]
    return sigmoid(z) if task == "classification" else z
    ### END SOLUTION


# %% tests="deep_numpy" points=4
check("deep_numpy")
### BEGIN HIDDEN TESTS
grade("deep_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Classification passes, regression does not</summary>
#
# In regression the last layer has no sigmoid; all layers before it have one. Treat the last one after the loop.
#
# </details>
#
# <details>
# <summary>The shapes do not match in the second layer</summary>
#
# Each layer reads the output of the layer before it, so the variable that goes in must also take what comes out.
#
# </details>
#
# <details>
# <summary>It works for three layers, but not for one</summary>
#
# With one layer there is no hidden layer at all, only a head. `weights[:-1]` is then empty, and that is fine.
#
# </details>

# %% [markdown] framework="torch"
# ### Exercise 7 in PyTorch: `deep_torch` (4 points, 5 minutes, medium)
#
# You have written your own layers; from now on you may use the ready-made ones. `nn.Linear(n_in, n_out)` computes
# $X W + \mathbf{b}$ without a sigmoid, `nn.Sigmoid()` is a layer of its own, and `nn.Sequential(first, second, ...)`
# chains layers. If yours stand in a list, a star hands them over one by one: `nn.Sequential(*layers)`.


# %% solution="deep_torch" framework="torch"
def deep_torch(widths: list[int], task: str) -> nn.Module:
    """Return a deep network as a PyTorch module.

    Args:
        widths: [n_inputs, hidden units ..., n_outputs].
        task: "regression" (linear head) or "classification" (sigmoid head); hidden ones use the sigmoid.
    """
    ### BEGIN SOLUTION
    # Pairs of neighbouring widths give the layers; a sigmoid follows each but the last one, where the task decides.
    layers = []
    for k in range(1, len(widths) - 1):
        layers += [nn.Linear(widths[k - 1], widths[k]), nn.Sigmoid()]
    layers.append(nn.Linear(widths[-2], widths[-1]))
    if task == "classification":
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers)
    ### END SOLUTION


# %% tests="deep_torch" points=4 framework="torch"
check("deep_torch")
### BEGIN HIDDEN TESTS
grade("deep_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>How do I get pairs of neighbouring widths?</summary>
#
# `zip(widths[:-1], widths[1:])` turns `[2, 8, 1]` into (2, 8) and (8, 1).
#
# </details>
#
# <details>
# <summary>Regression gives only values between 0 and 1</summary>
#
# There is a sigmoid after the last `nn.Linear`. In regression leave that one out.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 7 in TensorFlow: `deep_tf` (4 points, 5 minutes, medium)
#
# You have written your own layers; from now on you may use the ready-made ones. `keras.layers.Dense(n_out)` computes
# $X W + \mathbf{b}$, and `keras.layers.Dense(n_out, activation="sigmoid")` adds the sigmoid. `keras.Sequential(layers)`
# chains a list of them. Put `keras.Input((n_inputs,))` first, so that the weights exist right away.


# %% solution="deep_tensorflow" framework="tensorflow"
def deep_tf(widths: list[int], task: str) -> keras.Model:
    """Return a deep network as a Keras model, with or without an Input; it must work when it is called.

    Args:
        widths: [n_inputs, hidden units ..., n_outputs].
        task: "regression" (linear head) or "classification" (sigmoid head); hidden ones use the sigmoid.
    """
    ### BEGIN SOLUTION
    # With the `Input` in front the weights are there at once, before the network has seen any data.
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    head = "sigmoid" if task == "classification" else None
    layers.append(keras.layers.Dense(widths[-1], activation=head))
    return keras.Sequential(layers)
    ### END SOLUTION


# %% tests="deep_tensorflow" points=4 framework="tensorflow"
check("deep_tensorflow")
### BEGIN HIDDEN TESTS
grade("deep_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>There is one layer too many</summary>
#
# `widths[0]` counts the inputs. It belongs in `keras.Input` and is not a `Dense` layer.
#
# </details>
#
# <details>
# <summary>Regression gives only values between 0 and 1</summary>
#
# The last `Dense` still has `activation="sigmoid"`. In regression leave it out: `Dense` is linear by itself.
#
# </details>

# %% [markdown]
# ## Exercise 8: `count_parameters` (NumPy, 2 points, 5 minutes, easy)
#
# How much is there to learn in such a network? Weights and biases together are its parameters. Your XOR network,
# `[2, 2, 1]`, has 9 of them: find them all in the picture at the top of the lab, where each line is a weight. Which
# circles have a bias? Then count those of `[2, 8, 8, 1]` in the picture above. You should find 105. What did you do for
# each layer? Write that down for any list of widths.
#
# **Predict**, before you ask your function: 100 hidden units in one layer, `[2, 100, 1]`, or in two, `[2, 50, 50, 1]`.
# Which network has more to learn, and about how many times as much?


# %% solution="count_parameters"
def count_parameters(widths: list[int]) -> int:
    """Return the number of weights and biases in a dense network.

    Args:
        widths: [n_inputs, hidden units ..., n_outputs].
    """
    ### BEGIN SOLUTION
    # Each layer has `n_in * n_out` weights, and a bias for each of its own units; the inputs have none.
    n_in, n_out = np.array(widths[:-1]), np.array(widths[1:])
    return int(n_in @ n_out + n_out.sum())
    ### END SOLUTION


# %% tests="count_parameters" points=2
check("count_parameters")
### BEGIN HIDDEN TESTS
grade("count_parameters")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>My count is a little too small</summary>
#
# The biases are missing. Each unit has one.
#
# </details>
#
# <details>
# <summary>My count is a little too large</summary>
#
# Inputs are not units: they have no bias. Only `widths[1:]` do.
#
# </details>
#
# <details>
# <summary>How do I count a layer without a picture?</summary>
#
# Each of its units has a line from each unit before it, and a bias: $n_{\text{in}} \cdot n_{\text{out}} +
# n_{\text{out}}$.
#
# </details>

# %% demo=True
try:
    for widths in ([2, 2, 1], [2, 8, 8, 1], [2, 100, 1], [2, 50, 50, 1], [784, 128, 10]):
        print(widths, count_parameters(widths))
except Exception:
    print("Finish count_parameters first, then run this cell again.")

# %% [markdown]
# Split into two layers, the 100 units have nearly seven times as many: between two wide layers there is a weight for
# each *pair* of units. It grows fast: the last one, which reads small 28 x 28 pictures of digits, already has 101,770.

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# Turn the question round: your memory holds `most` parameters. Write `widest(n_inputs, n_hidden_layers, n_outputs,
# most)`, which returns the largest width that every hidden layer can have, the same for all of them. You are right if
# these lines raise no error:
#
# ```python
# assert widest(784, 1, 10, 101_770) == 128
# assert widest(784, 2, 10, 101_770) == 112
# assert widest(2, 10, 1, 1000) == 9
# ```
#
# </details>

# %% [markdown] framework="torch+tensorflow"
# ## Exercise 9: `copy_weights` (PyTorch and TensorFlow, 4 points, 8 minutes, medium)
#
# Do the two frameworks really compute the same? Move the weights from one to the other and see.
#
# There is one trap. For a layer with 3 inputs and 4 units, Keras stores what we wrote all along; PyTorch stores its
# transpose and turns it back when it computes:
#
# | | stores | shape | computes |
# | --- | --- | --- | --- |
# | `keras.layers.Dense` | `dense.kernel`, `dense.bias` | (3, 4), (4,) | $X K + \mathbf{b}$ |
# | `nn.Linear` | `linear.weight`, `linear.bias` | (4, 3), (4,) | $X W^\top + \mathbf{b}$ |
#
# You get an `nn.Sequential` of `nn.Linear` and `nn.Sigmoid` layers, and a built `keras.Sequential` with a `Dense` layer
# for each `nn.Linear`. Copy every weight and every bias; nothing needs to be returned. Two helpers:
# `tensor.detach().numpy()` turns a PyTorch parameter into an array, and `variable.assign(array)` writes into a Keras
# weight.
#
# A loop `for layer in torch_net` meets the linear layers and the sigmoids in turn. `keras_net.layers` is a list of the
# `Dense` layers alone: the `Input` only names a shape and is not among them, and the sigmoid is part of its layer.


# %% solution="copy_weights"
def copy_weights(torch_net: nn.Sequential, keras_net: keras.Sequential) -> None:
    """Copy the weights and biases of torch_net into keras_net, layer by layer, in place."""
    ### BEGIN SOLUTION
    # PyTorch keeps a weight as (outputs, inputs), Keras as (inputs, outputs): so transpose, and take values without
    # their gradients.
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense_layer in zip(linears, keras_net.layers):
        dense_layer.kernel.assign(linear.weight.detach().numpy().T)
        dense_layer.bias.assign(linear.bias.detach().numpy())
    ### END SOLUTION


# %% tests="copy_weights" points=4
check("copy_weights")
### BEGIN HIDDEN TESTS
grade("copy_weights")
### END HIDDEN TESTS

# %% [markdown] framework="torch+tensorflow"
# <details>
# <summary>Keras says that two shapes must match</summary>
#
# That is the trap: transpose the weight with `.T`. The bias has only one axis and needs nothing.
#
# </details>
#
# <details>
# <summary>'Sigmoid' object has no attribute 'weight'</summary>
#
# A PyTorch stack counts its sigmoids as layers. Take only those for which `isinstance(layer, nn.Linear)` is true.
#
# </details>
#
# <details>
# <summary>No error, but the outputs differ</summary>
#
# Did every layer get its weights *and* its bias? A square weight matrix also fits when it is not transposed.
#
# </details>

# %% [markdown] framework="torch+tensorflow"
# Here are two networks with different random weights, and the outputs of both for four inputs. Until your
# `copy_weights` works the two lines differ; then they are the same.

# %% demo=True framework="torch+tensorflow"
torch.manual_seed(0)
linear, dense_layer = nn.Linear(2, 3), keras.layers.Dense(3, activation="sigmoid")
torch_net = nn.Sequential(linear, nn.Sigmoid(), nn.Linear(3, 1), nn.Sigmoid())
keras_net = keras.Sequential([keras.Input((2,)), dense_layer, keras.layers.Dense(1, activation="sigmoid")])
copy_weights(torch_net, keras_net)

corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype="float32")
print("PyTorch   ", torch_net(torch.tensor(corners)).detach().cpu().numpy().round(4).ravel())
print("TensorFlow", keras_net(corners).numpy().round(4).ravel())

# %% [markdown] framework="torch+tensorflow"
# Their gradients agree as well: here, how the sum of the outputs would change with each weight of the first layer.
# PyTorch asks the result for them, TensorFlow records the computation on a tape. Lab 2 tells more about both ways.

# %% demo=True framework="torch+tensorflow"
torch_net.zero_grad()
torch_net(torch.tensor(corners)).sum().backward()
with tf.GradientTape() as tape:
    total = tf.reduce_sum(keras_net(corners))
print("PyTorch   ", linear.weight.grad.cpu().numpy().T.round(4).ravel())
print("TensorFlow", tape.gradient(total, dense_layer.kernel).numpy().round(4).ravel())

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
# - built a neuron and seen that it splits the plane by a line;
# - trained it with one of the oldest learning rules of all, and met the limit of a single line;
# - watched two layers of your own overcome that limit, mended a class that two faults held back, and then chosen such
#   weights yourself;
# - gone from one layer to a deep network, with a head that fits the question, and counted what there is to learn.
#
# Where do you stand?

# %% demo=True
progress()

# %% [markdown]
# **Next: Lab 2.** All your neurons squash with the same sigmoid, and in this lab you saw it saturate: far from zero it
# is flat. What does flatness do to learning, and what else could stand in its place? Lab 2 is about such functions, the
# **activations**.
