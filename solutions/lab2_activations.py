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
# # Lab 2: Activations
#
# You will find out why every layer of a network needs a bend, build the four bends that most networks use, mend what
# others got wrong about them, and measure what each of them does to learning, twenty layers deep.
#
# Run the next cells first (Shift + Enter). They load what the lab needs and draw the four curves that you will write.

# %%
import numpy as np

from course_utils import check, explorers, progress, setup

setup("lab2_activations")

# %% framework="torch"
from course_utils.frameworks import nn, torch

# %% framework="tensorflow"
from course_utils.frameworks import keras, tf

# %% demo=True
explorers.activation_gallery()

# %% [markdown]
# **You will**
#
# - fold a deep stack of linear layers into a single one, and see what such a stack can never do;
# - write sigmoid, tanh, ReLU and leaky ReLU so that no input can break them, and find them in a library's crowd;
# - find their slopes by hand, and let two independent witnesses confirm them;
# - turn the outputs of a network into probabilities, and into one number that says how wrong they are, and mend losses
#   that only look right;
# - watch a gradient fade on its way through twenty layers, and find units that have died.
#
# **Time:** about 130 minutes, in two sittings if you like: there is a good place for a break after Exercise 6. **You
# need** Lab 1 (dense layers, batches, the sigmoid), to know what the slope of a curve is, and the chain and the
# quotient rule once, in Exercise 5.
#
# As in Lab 1, replace each `...  # YOUR CODE HERE`, run the cell, and then the `check` below it. Where broken code
# stands in its place, mend it. Return new arrays, and leave those that you are given as they are. A list or a tensor in
# place of an array counts as right; a number must be a number.

# %% [markdown]
# ## Exercise 1: `fold_layers` (NumPy, 3 points, 6 minutes, medium)
#
# In Lab 1 you saw that two layers without a sigmoid multiply out to a single one:
#
# $$(X W_1 + \mathbf{b}_1) W_2 + \mathbf{b}_2 = X (W_1 W_2) + (\mathbf{b}_1 W_2 + \mathbf{b}_2)$$
#
# Now take any number of them. Each layer computes $X W_k + \mathbf{b}_k$ from what the layer before it returned, and
# again one layer does it all: $X W + \mathbf{b}$. Find its $W$ and its $\mathbf{b}$. Start with the first layer's $W_1$
# and $\mathbf{b}_1$, and take in one layer after the other: what you have so far is a single layer, so there are never
# more than two to multiply out.


# %% solution="fold_layers"
def fold_layers(weights: list[np.ndarray], biases: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the one layer (W, b) that computes the same as a stack of linear layers.

    Args:
        weights: one matrix for each layer, the first layer first, shapes (n_in, n_out).
        biases: one vector for each layer, shapes (n_out,).
    """
    ### BEGIN SOLUTION
    # The next layer acts on the bias that has come so far as well, which is why `b` is multiplied, too.
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W, b = W @ next_W, b @ next_W + next_b
    return W, b
    ### END SOLUTION


# %% tests="fold_layers" points=3
check("fold_layers")
### BEGIN HIDDEN TESTS
grade("fold_layers")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>W is right, b is not</summary>
#
# A bias travels through the stack like an input: each later layer multiplies it by its matrix, then adds its own bias.
#
# </details>
#
# <details>
# <summary>The shapes do not match</summary>
#
# The order matters: what you have so far stands on the left, the next matrix on the right.
#
# </details>

# %% [markdown]
# ### Deep, and yet one line
#
# A disc inside a ring: 200 points that no straight line can part. On the left a stack of linear layers has been trained
# on them, and *your* `fold_layers` folds it into one neuron, whose line you see. On the right there is one hidden layer
# only, but with the sigmoid. A small circle around a point says that it is on the wrong side. (All of them are trained
# before the figure appears, which takes a few seconds.)
#
# 1. Make the left stack deeper. It stays a line, and about half of the points stay wrong.
# 2. Begin on the right with one hidden unit. A sigmoid alone bends no border: it is still a straight line, only placed
#    better, with two thirds right. Two units do hardly more. With the third the border closes around the disc, and all
#    200 points are right: it takes at least three sides to close around something.
#
# The function that bends the sums between two layers is called the **activation**. Depth is worth nothing without it.

# %% demo=True
explorers.linear_stack(fold_layers)

# %% [markdown]
# ## Exercise 2: `sigmoid` (NumPy, 3 points, 7 minutes, medium)
#
# In Lab 1 the sigmoid was a gift. Now write it yourself, and make it **numerically safe**. The plain formula,
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}},$$
#
# is right on paper. But for $z = -1000$ it asks for $e^{1000}$, a number with 435 digits; the computer says `inf` and
# warns of an overflow. The remedy is to take the exponential of *negative* numbers only: $e^{-|z|}$ is never larger
# than 1.
#
# - For $z \ge 0$ the plain formula does that already.
# - For $z < 0$ multiply numerator and denominator of the fraction by $e^{z}$. What stands there now?
#
# `np.where(condition, a, b)` picks from `a` where the condition is true, and from `b` elsewhere. It computes both
# completely before it picks, so both must be safe: a warning counts as unsafe, even where the result comes out right.
#
# All activations of this lab work entry by entry. The result has the shape of $z$ and, if $z$ holds `float32` or
# `float64`, the same kind of number (its dtype).
#
# Ready-made sigmoids, of SciPy or a framework, are **switched off** while this exercise is checked: they would hide how
# it is done.


# %% solution="sigmoid_numpy"
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)) for each entry, without overflow; shape and dtype are those of z."""
    ### BEGIN SOLUTION
    # `exp` of a negative number never overflows. `np.where` computes both branches, so both must be safe.
    t = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + t), t / (1 + t))
    ### END SOLUTION


# %% tests="sigmoid_numpy" points=3
check("sigmoid_numpy")
### BEGIN HIDDEN TESTS
grade("sigmoid_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>What stands there for negative numbers?</summary>
#
# $\frac{1}{1 + e^{-z}} = \frac{e^z}{e^z + 1}$. With $t = e^{-|z|}$ the two cases are $\frac{1}{1 + t}$ and
# $\frac{t}{1 + t}$.
#
# </details>
#
# <details>
# <summary>NumPy warned: overflow encountered in exp</summary>
#
# Somewhere you take `np.exp` of a large positive number. In `np.where` even the part that is not picked is computed.
# With `np.exp(-np.abs(z))` nothing can overflow.
#
# </details>
#
# <details>
# <summary>float32 came back as float64</summary>
#
# Did you make an array of your own, with `np.zeros(...)` or from a list? Those are `float64`. Plain numbers such as `1`
# do no harm.
#
# </details>

# %% [markdown] framework="torch"
# ### Right value, broken gradient
#
# In a framework a function can give the right value and still be broken, because learning uses its gradient. Here is
# the plain formula at $z = -100$. Its value will be 0, near enough. **Predict:** what will PyTorch say of its slope?
# Then run the cell. (Exercise 7 explains `backward`.)

# %% demo=True framework="torch"
far_left = torch.tensor([-100.0], requires_grad=True)
plain = 1 / (1 + torch.exp(-far_left))
plain.backward()
print("value", plain.item(), " gradient", far_left.grad.item())

# %% [markdown] framework="tensorflow"
# ### The same in TensorFlow
#
# TensorFlow computes gradients for what happens while a **tape** is running, with respect to its own variables and to
# whatever the tape is told to `watch`. **Predict** the slope of the plain formula here, too.

# %% demo=True framework="tensorflow"
far_out = tf.constant([-100.0])
with tf.GradientTape() as tape:
    tape.watch(far_out)
    plain = 1 / (1 + tf.exp(-far_out))
print("value", np.array(plain), " gradient", np.array(tape.gradient(plain, far_out)))

# %% [markdown]
# The gradient is `nan`, *not a number*. The frameworks compute in `float32` by default, whose largest number is about
# $3.4 \cdot 10^{38}$, so here even $e^{100}$ is infinite. The value survives that: 1 divided by infinity is 0. On the
# way back, infinity is multiplied by a 0, and that product has no value. One such number spreads to every weight that
# it reaches. That is why everybody takes the ready-made functions of the library, which are safe in both directions.
# You will find them in a moment.

# %% [markdown]
# ## Exercise 3: `activations` (NumPy, 4 points, 7 minutes, easy)
#
# Three more curves, all in the picture at the top of the lab.
#
# - The outputs of a sigmoid are never negative, so they cannot balance around zero, and a next layer learns more easily
#   from numbers that do. **Tanh**, the hyperbolic tangent, has the same shape, stretched to lie between $-1$ and 1, and
#   at 0 it rises with slope 1. Its formula, $\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}$, divides infinity by infinity far
#   out. But your sigmoid is safe, and tanh is one: stretched, moved down, and how much steeper? (The sigmoid's slope at
#   0 is 0.25.)
# - A **rectified linear unit**, ReLU for short, lets positive numbers pass and turns the others into 0. Two straight
#   pieces and one corner: that is bend enough. It costs no exponential, and it never flattens out on the right. It is
#   the most used activation of all.
# - Where a ReLU is 0 it is flat, and a flat curve gives learning no direction. A **leaky** ReLU lets a little through:
#   below 0 it is a straight line with a small slope $s$, often 0.01, instead of being flat.
#
# The ready-made curves of the frameworks are switched off while this exercise is checked. The next one is theirs.


# %% solution="activations"
def tanh(z: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent of each entry, without overflow; shape and dtype are those of z."""
    ### BEGIN SOLUTION
    # The tail of each function is what matters: this form asks for no power that could overflow.
    return 2 * sigmoid(2 * z) - 1
    ### END SOLUTION


def relu(z: np.ndarray) -> np.ndarray:
    """Return each entry that is positive, and 0 for the others; shape and dtype are those of z."""
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


def leaky_relu(z: np.ndarray, slope: float = 0.01) -> np.ndarray:
    """Return each entry that is positive, and slope times the others; shape and dtype are those of z.

    Args:
        slope: between 0 and 1.
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, z, slope * z)
    ### END SOLUTION


# %% tests="activations" points=4
check("activations")
### BEGIN HIDDEN TESTS
grade("activations")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How much steeper is tanh?</summary>
#
# Twice as high, from $-1$ to 1, doubles the slope to 0.5. So the curve also has to run twice as fast: $\sigma(2z)$.
#
# </details>
#
# <details>
# <summary>The check says that my function changes what it was given</summary>
#
# `z[z < 0] = 0` writes into the array that somebody else gave you. Copy it first, or use `np.maximum` or `np.where`.
#
# </details>
#
# <details>
# <summary><code>np.max</code> gives a single number</summary>
#
# `np.max` finds the largest entry of one array; `np.maximum` compares two, entry by entry.
#
# </details>

# %% [markdown]
# ## Exercise 4: one table for a library
#
# The libraries have all four curves ready-made. Somebody put them into a table in a hurry: every row holds a function
# that looks right, and none is. Put in the right ones. They are not named here: type the library's name and a dot and
# press Tab, ask `help(...)`, or search the documentation, as everybody does who works with a library of a thousand
# functions. The check goes through the table row by row, and calls `leaky_relu` with a slope and without one: then the
# slope is 0.01, as in your own.

# %% [markdown] framework="torch"
# ### Exercise 4 in PyTorch: `in_torch` (2 points, 5 minutes, easy)


# %% solution="activation_table_torch" framework="torch"
in_torch = {  # each row: a function of a tensor, for values and gradients alike
    ### BEGIN SOLUTION
    # The libraries have them all, safe and with gradients; only the slope of the leaky one goes by another name.
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z, slope=0.01: nn.functional.leaky_relu(z, slope),
    ### END SOLUTION
    ### BEGIN STUB
    # "sigmoid": nn.functional.hardsigmoid,
    # "tanh": nn.functional.hardtanh,
    # "relu": nn.functional.relu6,
    # "leaky_relu": lambda z, slope=0.01: nn.functional.leaky_relu(z),
    ### END STUB
}

# %% tests="activation_table_torch" points=2 framework="torch"
check("activation_table_torch")
### BEGIN HIDDEN TESTS
grade("activation_table_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>Where do I look?</summary>
#
# Three stand right in `torch`, under their plain names. `nn.functional.leaky_relu` is the right one already, but what
# does it do with `slope`?
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 4 in TensorFlow: `in_tf` (2 points, 5 minutes, easy)


# %% solution="activation_table_tensorflow" framework="tensorflow"
in_tf = {  # each row: a function of a tensor, for values and gradients alike
    ### BEGIN SOLUTION
    # TensorFlow calls the slope of the leaky one `alpha`, and its own default is 0.2.
    "sigmoid": tf.sigmoid,
    "tanh": tf.tanh,
    "relu": tf.nn.relu,
    "leaky_relu": lambda z, slope=0.01: tf.nn.leaky_relu(z, alpha=slope),
    ### END SOLUTION
    ### BEGIN STUB
    # "sigmoid": tf.math.log_sigmoid,
    # "tanh": tf.atan,
    # "relu": tf.nn.relu6,
    # "leaky_relu": lambda z, slope=0.01: tf.nn.leaky_relu(z),
    ### END STUB
}

# %% tests="activation_table_tensorflow" points=2 framework="tensorflow"
check("activation_table_tensorflow")
### BEGIN HIDDEN TESTS
grade("activation_table_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>Where do I look?</summary>
#
# Two stand right in `tf`, under their plain names, and the other two in `tf.nn`. `tf.nn.leaky_relu` is the right one
# already, but it calls the slope `alpha`, and takes its own when nobody says otherwise.
#
# </details>

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# From corners one can build any curve of straight pieces. Build a `hat(z)` from your `relu` alone: 0 up to $-1$, a
# straight line up to 1 at $z = 0$, another one down to 0 at $z = 1$, and 0 from there on. How many ReLUs does it take?
# You are right if these lines raise no error:
#
# ```python
# places = np.array([-3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 5.0])
# assert np.allclose(hat(places), [0, 0, 0.5, 1, 0.75, 0, 0])
# ```
#
# </details>

# %% [markdown]
# ## Exercise 5: `derivatives` (NumPy, 4 points, 10 minutes, medium)
#
# A network learns by asking: if this number grew a little, what would the result do? The answer is a slope, the
# **derivative**. For the sigmoid, the chain rule gives it (the power $-1$ brings a minus, $e^{-z}$ brings another, and
# the two cancel):
#
# $$\sigma(z) = (1 + e^{-z})^{-1}, \qquad
# \sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = a\,(1 - a)
# \quad \text{with } a = \sigma(z)$$
#
# (The last fraction is $1 - a$, because it and $a$ add up to 1.) The output alone tells the slope: where $a$ is near 0
# or 1 the curve is flat, and it is steepest in the middle, with 0.25 at $z = 0$.
#
# Now you. Find the derivative of $\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}$ in the same way; it, too, can be read
# off the output $a$, and at $z = 0$ it must be 1. Those of ReLU and leaky ReLU you can read off the curves at the top
# of the lab. Exactly at their corner, $z = 0$, there is no slope. The frameworks take the one to its left, and so do
# we. (The dtype of a slope does not matter.)
#
# Whatever differentiates by itself, such as the autograd of a framework, is switched off while this exercise is
# checked: it will be a witness later, and a witness must not have seen your paper.


# %% solution="derivatives"
def d_sigmoid(z: np.ndarray) -> np.ndarray:
    """Return the derivative of the sigmoid at each entry of z."""
    ### BEGIN SOLUTION
    # Each slope is written with what is known already: the activation itself, or a comparison.
    a = sigmoid(z)
    return a * (1 - a)
    ### END SOLUTION


def d_tanh(z: np.ndarray) -> np.ndarray:
    """Return the derivative of tanh at each entry of z."""
    ### BEGIN SOLUTION
    return 1 - tanh(z) ** 2
    ### END SOLUTION


def d_relu(z: np.ndarray) -> np.ndarray:
    """Return the derivative of ReLU at each entry of z: 1 or 0."""
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION


def d_leaky_relu(z: np.ndarray, slope: float = 0.01) -> np.ndarray:
    """Return the derivative of leaky ReLU at each entry of z: 1 or slope."""
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, slope)
    ### END SOLUTION


# %% tests="derivatives" points=4
check("derivatives")
### BEGIN HIDDEN TESTS
grade("derivatives")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The derivative of the sigmoid is hugely negative</summary>
#
# In $a\,(1 - a)$ the letter $a$ is the *output*, $\sigma(z)$, not $z$.
#
# </details>
#
# <details>
# <summary>The output holds NaN or infinity</summary>
#
# A formula with exponentials overflows far out. Write the slope with $a$, and take $a$ from your own `sigmoid` or
# `tanh`: they are safe.
#
# </details>
#
# <details>
# <summary>How do I begin with tanh?</summary>
#
# Call its numerator $N$ and its denominator $D$. The derivative of each is the other, so the quotient rule gives
# $\frac{D \cdot D - N \cdot N}{D^2}$. Divide, and remember what $N / D$ is.
#
# </details>
#
# <details>
# <summary>My ReLU's derivative is an array of True and False</summary>
#
# That counts as 1 and 0. If you want numbers, `np.where(z > 0, 1.0, 0.0)`.
#
# </details>

# %% [markdown]
# ### The curve and its slope
#
# Both panels are drawn by your functions. Choose an activation and drag $z$: on the left the point runs along the
# curve, with the straight line that touches it there; on the right you read that line's slope.
#
# 1. Sigmoid: how many times flatter is it at $z = 5$ than in the middle? There it saturates, as you saw in Lab 1.
# 2. Tanh: its slope reaches 1, four times the sigmoid's best.
# 3. ReLU: on the right it never saturates. On the left it is as flat as can be.

# %% demo=True
pairs = {
    "sigmoid": (sigmoid, d_sigmoid),
    "tanh": (tanh, d_tanh),
    "relu": (relu, d_relu),
    "leaky_relu": (leaky_relu, d_leaky_relu),
}
explorers.activation(pairs)

# %% [markdown]
# ## Exercise 6: mend `finite_difference` (NumPy, 2 points, 5 minutes, medium)
#
# A derivation can go wrong, and a formula copied from a table too. So two witnesses will confirm yours, and neither
# knows how you found them. The first takes a slope at its word: it takes a step $h$, and divides how much the curve has
# risen by the length of the step. Somebody wrote it down like that, and it is a poor witness: it agrees with a right
# derivative to about five digits and no more, and where a curve bends upwards, it says too much each time.
#
# Try it on paper with $f(z) = z^2$, whose slope at $z = 1$ is 2, and a large step, $h = 0.1$. The witness says
# $(1.21 - 1) / 0.1 = 2.1$. What would it say if it stepped to the *left*? Now use both, and mend the function: for this
# curve it will say 2 exactly.


# %% solution="finite_difference"
def finite_difference(f, z: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Return the slope of f at each entry of z, from steps of h; errors that depend on the side cancel.

    Args:
        f: function that works entry by entry, such as `sigmoid`.
    """
    ### BEGIN SOLUTION
    # The errors of both sides cancel to first order: a step of h leaves an error of the size of h squared.
    return (f(z + h) - f(z - h)) / (2 * h)
    ### END SOLUTION
    ### BEGIN STUB
    # return (f(z + h) - f(z)) / h
    ### END STUB


# %% tests="finite_difference" points=2
check("finite_difference")
### BEGIN HIDDEN TESTS
grade("finite_difference")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>As a formula?</summary>
#
# $f'(z) \approx \frac{f(z + h) - f(z - h)}{2h}$
#
# </details>
#
# <details>
# <summary>My slopes are far too small</summary>
#
# `/ 2 * h` divides by 2 and then multiplies by `h`. Write `/ (2 * h)`.
#
# </details>

# %% demo=True
explorers.compare_derivatives(finite_difference, pairs)

# %% [markdown]
# Each line compares your derivative with the witness at 100 places, and names the largest difference. It is not quite
# zero. A computer keeps about 16 digits, and the values at $z + h$ and $z - h$ agree in about the first five. Those
# cancel when you subtract, and some eleven are left.

# %% [markdown]
# ## Optional: `swish` (NumPy, ungraded, 8 minutes, hard)
#
# In 2017 a computer searched for better activations and came back with $z \cdot \sigma(z)$, called **swish** or SiLU.
# Today's language models use it. It looks like a ReLU whose corner was rounded off, and left of 0 it dips a little.
# Write it and, by the product rule, its slope. Check the slope with your `finite_difference` before you ask the check.


# %% solution="swish"
def swish(z: np.ndarray) -> np.ndarray:
    """Return z times its sigmoid for each entry."""
    ### BEGIN SOLUTION
    return z * sigmoid(z)
    ### END SOLUTION


def d_swish(z: np.ndarray) -> np.ndarray:
    """Return the derivative of swish at each entry of z."""
    ### BEGIN SOLUTION
    # The product rule: the first factor's slope is 1, the second one's a * (1 - a).
    a = sigmoid(z)
    return a + z * a * (1 - a)
    ### END SOLUTION


# %% tests="swish" points=0
check("swish")
### BEGIN HIDDEN TESTS
grade("swish")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I begin with the slope?</summary>
#
# Swish is a product of two factors that both grow with $z$. Hold one still and let the other grow, then the other way
# round, and add both up. You know the slope of $z$, and since Exercise 5 that of $\sigma(z)$.
#
# </details>
#
# <details>
# <summary>How would I find the mistake without the check?</summary>
#
# Ask your witness, in a cell of your own: `z = np.linspace(-3, 3, 7)`, and then `finite_difference(swish, z) -
# d_swish(z)`. At $z = 0$ the slope is 0.5; where it is wrong only away from 0, the second term is.
#
# </details>

# %% [markdown]
# **Here is a good place for a break.** When you come back, run all cells above once, and go on.

# %% [markdown]
# ## Exercise 7: autograd
#
# The second witness is exact. A framework writes down every operation and then works backwards through its notes, from
# a result to the derivative of each number that went in. This is called **automatic differentiation**, autograd for
# short. It is the main reason why frameworks exist.
#
# It starts from a single number. So add up all outputs: since each entry of $z$ moves only its own output, the
# derivatives of the sum are the slopes that you want.

# %% [markdown] framework="torch"
# ### Exercise 7 in PyTorch: `autograd_torch` (2 points, 5 minutes, medium)
#
# A tensor that is made with `torch.tensor(z, requires_grad=True)` remembers what becomes of it. `number.backward()`
# walks back from a single number and leaves the derivatives in the `.grad` of the tensor that you made. Find the order,
# and what is missing in between.


# %% solution="autograd_torch" framework="torch"
def autograd_torch(f, z: np.ndarray) -> np.ndarray:
    """Return the derivative of f at each entry of z, as an array.

    Args:
        f: function of a tensor that works entry by entry, such as `in_torch["sigmoid"]`.
    """
    ### BEGIN SOLUTION
    # The sum makes one number to go back from; each entry gets its own slope, as no other entry depends on it.
    tensor = torch.tensor(z, requires_grad=True)
    f(tensor).sum().backward()
    return tensor.grad.numpy()
    ### END SOLUTION


# %% tests="autograd_torch" points=2 framework="torch"
check("autograd_torch")
### BEGIN HIDDEN TESTS
grade("autograd_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>grad can be implicitly created only for scalar outputs</summary>
#
# `backward` starts from one number: call `.sum()` first.
#
# </details>
#
# <details>
# <summary>element 0 of tensors does not require grad</summary>
#
# Nobody asked PyTorch to keep notes: `requires_grad=True` is missing where you make the tensor.
#
# </details>
#
# <details>
# <summary>'NoneType' object has no attribute 'numpy'</summary>
#
# Then `.grad` is empty: you ask another tensor than the one that you gave to `f`.
#
# </details>

# %% demo=True framework="torch"
torch_pairs = {name: (in_torch[name], slope) for name, (_, slope) in pairs.items()}
explorers.compare_derivatives(autograd_torch, torch_pairs)

# %% [markdown] framework="tensorflow"
# ### Exercise 7 in TensorFlow: `autograd_tf` (2 points, 5 minutes, medium)
#
# What happens inside `with tf.GradientTape() as tape:` is recorded; `tape.gradient(result, tensor)` plays it backwards
# afterwards, and adds up the outputs by itself. A tape follows variables, but a tensor from `tf.constant(z)` only if it
# is told to: `tape.watch(tensor)`. Decide what belongs inside the tape. An array comes out with `.numpy()`.


# %% solution="autograd_tensorflow" framework="tensorflow"
def autograd_tf(f, z: np.ndarray) -> np.ndarray:
    """Return the derivative of f at each entry of z, as an array.

    Args:
        f: function of a tensor that works entry by entry, such as `in_tf["sigmoid"]`.
    """
    ### BEGIN SOLUTION
    # A constant is only followed if the tape is told to watch it.
    tensor = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        result = f(tensor)
    return tape.gradient(result, tensor).numpy()
    ### END SOLUTION


# %% tests="autograd_tensorflow" points=2 framework="tensorflow"
check("autograd_tensorflow")
### BEGIN HIDDEN TESTS
grade("autograd_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>'NoneType' object has no attribute 'numpy'</summary>
#
# The tape saw no way from `tensor` to the result. Watch the tensor, and apply `f` inside the `with` block.
#
# </details>
#
# <details>
# <summary>'numpy.ndarray' object has no attribute '_id'</summary>
#
# Somewhere the array `z` stands in place of the tensor that the tape watches: in `f(...)`, or in `tape.gradient(result,
# ...)`.
#
# </details>

# %% demo=True framework="tensorflow"
tf_pairs = {name: (in_tf[name], slope) for name, (_, slope) in pairs.items()}
explorers.compare_derivatives(autograd_tf, tf_pairs)

# %% [markdown] framework="torch+tensorflow"
# The two frameworks keep their notes differently: PyTorch's tensors remember how they were made and collect gradients
# in `.grad`; TensorFlow writes only while a tape runs, and hands the gradients out. The numbers are the same. (For
# leaky ReLU the last difference is larger: TensorFlow keeps the slope 0.01 as a `float32`.)

# %% [markdown]
# ## Exercise 8: `softmax` (NumPy, 3 points, 7 minutes, medium)
#
# A sigmoid at the output answers yes or no. For a choice among several classes the head gives one number for each
# class, any number at all. These raw scores are called **logits**. The **softmax** turns a row of logits into
# probabilities: positive, and adding up to 1.
#
# $$p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}$$
#
# Again $e^{1000}$ would overflow. But only differences count here: subtract the same number from all logits of a row,
# and it cancels, because $e^{z - m} = e^z e^{-m}$. Which number would you take, so that no exponent is positive and the
# sum can never become 0?
#
# Each row of the batch stands for itself. With `axis=1, keepdims=True` a maximum or a sum keeps the shape
# `(n_samples, 1)`, which NumPy spreads over the row.
#
# Ready-made softmaxes, of SciPy or a framework, are switched off while this exercise is checked.


# %% solution="softmax_numpy"
def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of each row of logits, safe for any; shape (n_samples, n_classes)."""
    ### BEGIN SOLUTION
    # The largest logit of each row is taken off first: the quotient stays the same, and no power is above 1.
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% tests="softmax_numpy" points=3
check("softmax_numpy")
### BEGIN HIDDEN TESTS
grade("softmax_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>operands could not be broadcast together</summary>
#
# Keep the axis over which you add: `keepdims=True`.
#
# </details>
#
# <details>
# <summary>Ordinary logits work, large ones give NaN</summary>
#
# Subtract the largest logit of *each row*, not of the whole table: a row that lies far below it would become all zeros.
#
# </details>

# %% [markdown]
# ## Exercise 9: cross-entropy
#
# How wrong are the probabilities? The number that says so is called the **loss**. Look only at $p$, the probability
# that the network gave to the *true* class: the less it expected the truth, the larger the loss should be.
# **Cross-entropy** is $-\log p$, with the natural logarithm. It is 0 when $p = 1$, 0.69 when $p = 0.5$, and grows
# without end as $p$ goes to 0. For a batch we take the mean; below, $p_{i, y_i}$ is the probability that sample $i$ got
# for its true class, $y_i$.
#
# Why a logarithm, and not simply $1 - p$? Because $1 - p$ hardly tells a doubt from a blunder: for $p = 0.1$ it is 0.9,
# for $p = 0.001$ it is 0.999. The logarithm says 2.3 and 6.9. And chances of independent answers multiply, so their
# logarithms add up: the smaller the sum of the losses, the more probable the network held all the labels together.
#
# $$\text{loss} = -\frac{1}{n} \sum_{i=1}^{n} \log p_{i, y_i}$$
#
# First softmax, then logarithm? Then a probability that was rounded to 0 gives infinity. Do both in one step, with the
# largest logit $m$ of the row:
#
# $$\log p_j = (z_j - m) - \log \sum_k e^{z_k - m}$$
#
# That is why the losses of the frameworks can take logits instead of probabilities.
#
# The formula also shows how the loss of one sample changes with its logits. Without $m$, which cancels, the loss is
# $\log \sum_k e^{z_k} - z_y$, where $y$ is the true class. With respect to $z_j$ the first part has, by the chain rule
# (the slope of $\log s$ is $1/s$), the slope $e^{z_j} / \sum_k e^{z_k} = p_j$. The second part, $-z_y$, has the slope
# $-1$ if $j$ is the true class, and 0 if not. Together this is **prediction minus truth**: $p_j - 1$ for the true
# class, $p_j$ for the others. Lab 3 lives on that.

# %% [markdown]
# ### Exercise 9 in NumPy: `cross_entropy` (3 points, 7 minutes, medium)
#
# `table[np.arange(n), labels]` picks one entry from each row: from row $i$ that of column `labels[i]`.
#
# Ready-made losses and softmaxes are switched off while this exercise is checked; your own `softmax` is not.


# %% solution="cross_entropy_numpy"
def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy of a batch, one number, safe for any logits.

    Args:
        logits: shape (n_samples, n_classes).
        labels: the true class of each sample, 0 to n_classes - 1, shape (n_samples,).
    """
    ### BEGIN SOLUTION
    # The logarithm of the softmax, written out: no probability is formed that could round to 0 before its logarithm
    # is taken.
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()
    ### END SOLUTION


# %% tests="cross_entropy_numpy" points=3
check("cross_entropy_numpy")
### BEGIN HIDDEN TESTS
grade("cross_entropy_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Large logits give infinity</summary>
#
# You take the logarithm of a softmax that was rounded to 0. Use the formula for $\log p_j$: there the sum inside the
# logarithm is never below 1.
#
# </details>
#
# <details>
# <summary>I get a whole table of losses</summary>
#
# `log_p[:, labels]` picks columns for *all* rows. Give it a row and a column for each sample.
#
# </details>

# %% [markdown]
# ### Two losses to mend
#
# Now find what is wrong in other people's code. Both functions below should return what your `cross_entropy` returns.
# They run, they raise no error, their numbers look like losses, and a network that was trained with them hardly
# learned. In each there are **two** faults. Ask of every line: what does it want, what does it return, and along which
# axis? Your own function is the witness: call both with the same logits.

# %% [markdown] framework="torch"
# ### Exercise 9 in PyTorch: `cross_entropy_torch` (3 points, 5 minutes, medium)


# %% solution="cross_entropy_torch" framework="torch"
def cross_entropy_torch(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy of a batch, a tensor of one number through which gradients flow."""
    ### BEGIN SOLUTION
    # It wants logits, not probabilities: a softmax before it would be applied twice.
    return nn.functional.cross_entropy(logits, labels)
    ### END SOLUTION
    ### BEGIN STUB
    # probabilities = torch.softmax(logits, dim=0)
    # return nn.functional.cross_entropy(probabilities, labels)
    ### END STUB


# %% tests="cross_entropy_torch" points=3 framework="torch"
check("cross_entropy_torch")
### BEGIN HIDDEN TESTS
grade("cross_entropy_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>I mended the axis, and the loss hardly depends on the logits</summary>
#
# Look up what `nn.functional.cross_entropy` calls its first argument. It applies a softmax itself.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 9 in TensorFlow: `cross_entropy_tf` (3 points, 5 minutes, medium)


# %% solution="cross_entropy_tensorflow" framework="tensorflow"
def cross_entropy_tf(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Return the mean cross-entropy of a batch, a tensor of one number through which gradients flow."""
    ### BEGIN SOLUTION
    # `from_logits` makes the loss do the softmax itself, safely. It returns one loss for each sample, so the mean is
    # yours.
    losses = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(losses)
    ### END SOLUTION
    ### BEGIN STUB
    # losses = keras.losses.sparse_categorical_crossentropy(labels, logits)
    # return tf.reduce_sum(losses)
    ### END STUB


# %% tests="cross_entropy_tensorflow" points=3 framework="tensorflow"
check("cross_entropy_tensorflow")
### BEGIN HIDDEN TESTS
grade("cross_entropy_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>What does <code>sparse</code> mean, and what does the loss expect?</summary>
#
# *Sparse*: the labels are numbers of classes. What it expects is said by
# `help(keras.losses.sparse_categorical_crossentropy)`: probabilities, unless one of its arguments says something else.
#
# </details>

# %% [markdown]
# What did it cost to hand over probabilities in place of logits? Three samples, each of them right beyond doubt. The
# loss should be 0, so that learning may stop. With that fault it could never fall below 0.55: the softmax of $(1, 0,
# 0)$ gives the true class no more than $\frac{e}{e + 2} = 0.58$.

# %% demo=True
try:
    sure, classes = 20 * np.eye(3), np.arange(3)
    print("logits       ", cross_entropy(sure, classes).round(4))
    print("probabilities", cross_entropy(softmax(sure), classes).round(4))
except Exception:
    print("Finish softmax and cross_entropy first, then run this cell again.")

# %% [markdown]
# ### Two claims, tested
#
# With two classes softmax is nothing new: $\frac{e^{z_1}}{e^{z_0} + e^{z_1}} = \sigma(z_1 - z_0)$, the sigmoid of the
# difference. And the slope of the loss is prediction minus truth. The next cell asks your functions about both. Which
# sign will each of the three slopes have, if the true class is the second?

# %% demo=True
try:
    scores = np.array([[0.0, -2.0], [0.0, 0.5], [0.0, 3.0]])
    print("softmax of two      ", softmax(scores)[:, 1].round(4))
    print("sigmoid             ", sigmoid(scores[:, 1]).round(4))
    scores, true_class = np.array([[1.0, 2.0, 0.5]]), np.array([1])
    slopes = [
        (cross_entropy(scores + nudge, true_class) - cross_entropy(scores - nudge, true_class)) / 2e-5
        for nudge in 1e-5 * np.eye(3)
    ]
    print("slopes, measured    ", np.round(slopes, 4))
    print("prediction - truth  ", (softmax(scores)[0] - np.eye(3)[true_class[0]]).round(4))
except Exception:
    print("Finish sigmoid, softmax and cross_entropy first, then run this cell again.")

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# Of ten samples seven belong to class 0, two to class 1 and one to class 2, and nothing tells them apart. So a network
# can only give the same logits to all ten. Which ones, `best`, cost least, and how much? Find them without trying. You
# are right if each nudge makes it dearer, and these lines raise no error:
#
# ```python
# labels = np.repeat([0, 1, 2], [7, 2, 1])
# nudges = 0.1 * np.vstack([np.eye(3), -np.eye(3)])
# cost = [cross_entropy(np.tile(best + nudge, (10, 1)), labels) for nudge in nudges]
# assert min(cost) > cross_entropy(np.tile(best, (10, 1)), labels)
# ```
#
# </details>

# %% [markdown]
# ## Exercise 10: `gradient_sizes` (NumPy, 4 points, 12 minutes, hard)
#
# Now to the question that decided which activations survived. To learn, each layer needs to hear how the result depends
# on its sums $z$: that is the gradient at this layer. It starts at the output and travels backwards.
#
# Take two layers of one unit each: $z_1 = x w_1$, $z_2 = \varphi(z_1)\, w_2$, and the output $\varphi(z_2)$, with any
# activation $\varphi$. Nudge $z_1$ a little. Its activation passes on $\varphi'(z_1)$ of that, the weight $w_2$ makes
# $w_2$ times as much of it, the second activation passes on $\varphi'(z_2)$. Slopes along a way multiply, which is the
# **chain rule**:
#
# $$\frac{d\,\varphi(z_2)}{d z_1} = \varphi'(z_2) \cdot w_2 \cdot \varphi'(z_1)$$
#
# So each layer on the way multiplies by a weight and by a slope of the activation. With many units the weights become a
# matrix, and each unit collects what comes back to it from all units that it fed: that sum is the product with
# $W_k^\top$.
#
# Forwards through $L$ layers, without biases to keep it short, starting with $A_0 = X$:
#
# $$Z_k = A_{k-1} W_k, \qquad A_k = \varphi(Z_k)$$
#
# Backwards, from $k = L$ to 1, starting with $G = 1$ everywhere, in the shape of $A_L$ (the result that we ask about is
# the sum of all outputs):
#
# 1. $G \leftarrow G \cdot \varphi'(Z_k)$, entry by entry;
# 2. note the size of $G$ at layer $k$: the mean of its absolute values;
# 3. hand $G$ back through $W_k$: which product has the shape of $A_{k-1}$, and lets each unit collect from all that it
#    fed?


# %% solution="gradient_sizes"
def gradient_sizes(x: np.ndarray, weights: list[np.ndarray], activation, derivative) -> list[float]:
    """Return the size of the gradient at each layer of a stack, the first layer first.

    Args:
        x: inputs, shape (n_samples, n_inputs).
        weights: one matrix for each layer, the first layer first.
        activation, derivative: two functions, such as `sigmoid` and `d_sigmoid`.
    """
    ### BEGIN SOLUTION
    # On the way back each layer multiplies first by the slope at its own sums, then by its weights. So the sums are
    # kept on the way forwards.
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    gradient, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        gradient = gradient * derivative(z)
        sizes.append(np.mean(np.abs(gradient)))
        gradient = gradient @ W.T
    return sizes[::-1]
    ### END SOLUTION


# %% tests="gradient_sizes" points=4
check("gradient_sizes")
### BEGIN HIDDEN TESTS
grade("gradient_sizes")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>What do I need to keep on the way forwards?</summary>
#
# The sums $Z_k$ of every layer: append each to a list. On the way back go through that list from its end.
#
# </details>
#
# <details>
# <summary>The shapes do not match on the way back</summary>
#
# There the matrix is transposed, `W.T`, because the gradient goes from the units back to the inputs.
#
# </details>
#
# <details>
# <summary>My sizes are right, but in the wrong order</summary>
#
# You collected them from the last layer to the first. Turn the list around at the end: `sizes[::-1]`.
#
# </details>

# %% [markdown]
# Was the chain rule right? Here are the two units of the text, with tanh. The first number is the product of the three
# factors, the second is measured by `finite_difference`, the third is what your `gradient_sizes` found. **Predict:**
# what happens to all three if $w_2$ is 20 instead of 0.8? Change it and look.

# %% demo=True
try:
    first_x, w1, w2 = np.array([[0.4]]), np.array([[1.3]]), np.array([[0.8]])
    z1 = first_x @ w1
    z2 = tanh(z1) @ w2
    print("product of three ", (d_tanh(z2) * w2 * d_tanh(z1)).item())
    print("measured         ", finite_difference(lambda z: tanh(tanh(z) @ w2), z1).item())
    print("gradient_sizes   ", float(gradient_sizes(first_x, [w1, w2], tanh, d_tanh)[0]))
except Exception:
    print("Finish Exercises 3, 5, 6 and 10 first, then run this cell again.")

# %% [markdown]
# The larger weight does not help: it drives the second unit to where tanh is flat, and $\varphi'(z_2)$ is nearly 0.

# %% [markdown]
# ### The vanishing gradient
#
# Your function measures a stack of layers, 32 units each, with random weights; size 1 means a standard deviation of
# $1 / \sqrt{32}$. Each bar stands for a layer, the first one on the left. The scale is logarithmic: one line further
# down means a hundred times smaller.
#
# 1. Sigmoid, 20 layers: the first layer hears less than a billionth of what the last one hears. The sigmoid's best
#    slope is 0.25, and $0.25^{20}$ is about $10^{-12}$. This is the **vanishing gradient**: the first layers hardly
#    learn.
# 2. Tanh and ReLU: much more arrives. Then give the ReLU weights of 1.4, about $\sqrt 2$, and the bars become level: a
#    ReLU stops about half of what comes back. Each unit adds up many terms of either sign, and in such a sum the
#    squares add up: so weights whose squares are twice as large make up for it. Networks with ReLUs start with just
#    such weights, named after Kaiming He.
# 3. Now weights of 3: with ReLU the gradient **explodes**, more than a million times larger at the front. Tanh
#    saturates, and its flat ends hold much of that back.

# %% demo=True
explorers.gradient_bars(gradient_sizes, pairs)

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# What if a layer only *added* something to what came in, $A_k = A_{k-1} + \varphi(A_{k-1} W_k)$? Such **skip
# connections** make networks of a hundred layers possible. Write `skip_sizes`, a copy of `gradient_sizes` for such a
# stack: which second way does the gradient now have through a layer? Hand it to the figure,
# `explorers.gradient_bars(skip_sizes, pairs)`. You are right if with the sigmoid and weights of size 1 the first of 20
# layers hears as much as the last one, give or take a factor of ten; and for one layer nothing changes. (With ReLU it
# hears over a thousand times as much: what is added then needs smaller weights.)
#
# </details>

# %% [markdown]
# ## Exercise 11: `dead_relus` (NumPy, 2 points, 4 minutes, easy)
#
# ReLU has a weakness of its own. A unit whose sum is negative outputs 0, and its slope there is 0 as well: this sample
# teaches it nothing. If that is so for *every* sample, its weights get no gradient at all. The unit is **dead**. A
# single update of the weights that was too large can be enough.
#
# Find them: compute the sums $Z = X W + \mathbf{b}$ of a layer, and mark the units whose ReLU is 0 for all samples.


# %% solution="dead_relus"
def dead_relus(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, int]:
    """Return (dead, count): which ReLU units output 0 for every sample, shape (n_units,), and how many.

    Args:
        x: inputs, shape (n_samples, n_inputs).
        W, b: the layer, shapes (n_inputs, n_units) and (n_units,).
    """
    ### BEGIN SOLUTION
    # A unit is dead where it is 0 for all samples: that is a question about columns, so `axis=0`.
    dead = np.all(relu(x @ W + b) == 0, axis=0)
    return dead, int(dead.sum())
    ### END SOLUTION


# %% tests="dead_relus" points=2
check("dead_relus")
### BEGIN HIDDEN TESTS
grade("dead_relus")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>I find too many</summary>
#
# A unit that is 0 for some samples is healthy; that is its bend. Dead means 0 for *all*: `np.all(..., axis=0)`.
#
# </details>
#
# <details>
# <summary><code>dead</code> has one entry for each sample</summary>
#
# Samples are rows, units are columns. Look along the samples, `axis=0`, so that the units remain.
#
# </details>

# %% [markdown]
# Each row is one of 60 samples, each column one of 40 units; blue is what the unit lets through, and a cross on top
# marks a unit that your function finds dead. Lower the bias of all units, as an update that was too large would do. At
# 0 nobody is dead; at $-3$ most are. A leaky ReLU would let them recover, because its slope is never 0.

# %% demo=True
explorers.dying_relus(dead_relus)

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
# - shown that depth without an activation is worth one layer;
# - written four activations that no input can break, and their slopes, confirmed by two witnesses;
# - turned logits into probabilities, and probabilities into a loss;
# - seen a gradient vanish in a deep stack, and explode, and kept it level with the right weights;
# - found units that can never learn again.
#
# Where do you stand?

# %% demo=True
progress()

# %% [markdown]
# **Next: Lab 3.** You have a loss that says how wrong a network is, and gradients that say how each number matters.
# Put the two together, take a small step downhill, and repeat: that is how networks learn. Lab 3 is about **gradient
# descent**.
