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
# You will find out why every layer of a network needs a bend, build the four bends that most networks use, and measure
# what each of them does to learning, twenty layers deep.
#
# Run the next cells first (Shift + Enter). They load what the lab needs and draw the four curves that you will write.

# %%
import numpy as np

from course_utils import check, explorers, progress, setup

setup("lab2_activations")

# %% framework="torch"
from course_utils.frameworks import nn, torch

# %% framework="tensorflow"
from course_utils.frameworks import tf

# %% demo=True
explorers.activation_gallery()

# %% [markdown]
# **You will**
#
# - fold a deep stack of linear layers into a single one, and see what such a stack can never do;
# - write sigmoid, tanh, ReLU and leaky ReLU so that no input can break them;
# - find their slopes by hand, and let two independent witnesses confirm them;
# - turn the outputs of a network into probabilities, and into one number that says how wrong they are;
# - watch a gradient fade on its way through twenty layers, and find units that have died.
#
# **Time:** about 70 minutes. **You need** Lab 1 (dense layers, batches, the sigmoid), and to know what the slope of a
# curve is.
#
# As in Lab 1, replace each `...  # YOUR CODE HERE`, run the cell, and then the `check` below it.

# %% [markdown]
# ## Exercise 1: `fold_layers` (NumPy, 3 points, 5 minutes)
#
# In Lab 1 you saw that two layers without a sigmoid multiply out to a single one. Now take any number of them. Each
# layer computes $X W_k + \mathbf{b}_k$ from what the layer before it returned. Then one layer does it all,
# $X W + \mathbf{b}$, with
#
# $$W = W_1 W_2 \cdots W_L, \qquad
# \mathbf{b} = \big((\mathbf{b}_1 W_2 + \mathbf{b}_2) W_3 + \mathbf{b}_3\big) \cdots W_L + \mathbf{b}_L$$
#
# Start with the first layer's $W_1$ and $\mathbf{b}_1$, and take in one layer after the other.


# %% solution="fold_layers"
def fold_layers(weights: list[np.ndarray], biases: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the one layer (W, b) that computes the same as a stack of linear layers.

    Args:
        weights: one matrix for each layer, the first layer first, shapes (n_in, n_out).
        biases: one vector for each layer, shapes (n_out,).
    """
    ### BEGIN SOLUTION
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
# only, but with the sigmoid. (All of them are trained before the figure appears, which takes a few seconds.)
#
# 1. Make the left stack deeper. It stays a line, and about half of the points stay wrong.
# 2. Begin on the right with one hidden unit. A sigmoid alone bends no border: it is still a straight line, only placed
#    better, with two thirds right. Two units do hardly more. With the third the border closes around the disc, and all
#    200 points are right: around something takes at least three sides.
#
# The function that bends the sums between two layers is called the **activation**. Depth is worth nothing without it.

# %% demo=True
explorers.linear_stack(fold_layers)

# %% [markdown]
# ## Exercise 2: sigmoid
#
# In Lab 1 the sigmoid was a gift. Now write it yourself, and make it **numerically safe**. The plain formula,
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}},$$
#
# is right on paper. But for $z = -1000$ it asks for $e^{1000}$, a number with 435 digits; the computer says `inf` and
# warns of an overflow. The remedy is to take the exponential of negative numbers only. With $t = e^{-|z|}$, which is
# never larger than 1:
#
# $$\sigma(z) = \begin{cases} 1 / (1 + t) & \text{if } z \ge 0 \\ t / (1 + t) & \text{if } z < 0 \end{cases}$$
#
# All activations of this lab work entry by entry. The result has the shape of $z$ and, if $z$ holds `float32` or
# `float64`, the same kind of number (its dtype).

# %% [markdown]
# ### Exercise 2 in NumPy: `sigmoid` (3 points, 5 minutes)
#
# `np.where(condition, a, b)` picks from `a` where the condition is true, and from `b` elsewhere. It computes both
# completely before it picks, so both must be safe.


# %% solution="sigmoid_numpy"
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)) for each entry, without overflow; shape and dtype are those of z."""
    ### BEGIN SOLUTION
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
# ### Exercise 2 in PyTorch: `sigmoid_torch` (1 point, 2 minutes)
#
# In a framework a function can give the right values and still be broken, because learning uses its gradient. Look at
# what the plain formula does. (Exercise 8 explains `backward`.)

# %% demo=True framework="torch"
far_left = torch.tensor([-100.0], requires_grad=True)
plain = 1 / (1 + torch.exp(-far_left))
plain.backward()
print("value", plain.detach().numpy(), " gradient", far_left.grad.numpy())

# %% [markdown] framework="torch"
# The value is fine, but the gradient is *not a number*, and from there it would spread to every weight. So use the
# ready-made, safe function, as everybody does: `torch.sigmoid`.


# %% solution="sigmoid_torch" framework="torch"
def sigmoid_torch(z: torch.Tensor) -> torch.Tensor:
    """Return the sigmoid of each entry; values and gradients are safe for any z."""
    ### BEGIN SOLUTION
    return torch.sigmoid(z)
    ### END SOLUTION


# %% tests="sigmoid_torch" points=1 framework="torch"
check("sigmoid_torch")
### BEGIN HIDDEN TESTS
grade("sigmoid_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>The gradient holds NaN</summary>
#
# Your formula overflows on the way, even if its value looks right. Let `torch.sigmoid` do it.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 2 in TensorFlow: `sigmoid_tf` (1 point, 2 minutes)
#
# Does the plain formula fare better here? TensorFlow computes gradients for what happens while a **tape** is running,
# with respect to its own variables and to whatever the tape is told to `watch`.

# %% demo=True framework="tensorflow"
far_out = tf.constant([-100.0])
with tf.GradientTape() as tape:
    tape.watch(far_out)
    plain = 1 / (1 + tf.exp(-far_out))
print("value", np.array(plain), " gradient", np.array(tape.gradient(plain, far_out)))

# %% [markdown] framework="tensorflow"
# No: value right, gradient *not a number*, and one NaN spoils every weight that it reaches. The safe function of
# TensorFlow is `tf.sigmoid`.


# %% solution="sigmoid_tensorflow" framework="tensorflow"
def sigmoid_tf(z: tf.Tensor) -> tf.Tensor:
    """Return the sigmoid of each entry; values and gradients are safe for any z."""
    ### BEGIN SOLUTION
    return tf.sigmoid(z)
    ### END SOLUTION


# %% tests="sigmoid_tensorflow" points=1 framework="tensorflow"
check("sigmoid_tensorflow")
### BEGIN HIDDEN TESTS
grade("sigmoid_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>The gradient holds NaN</summary>
#
# Your formula overflows on the way, even if its value looks right. Let `tf.sigmoid` do it.
#
# </details>

# %% [markdown]
# ## Exercise 3: tanh
#
# The outputs of a sigmoid are never negative, so they cannot balance around zero. **Tanh**, the hyperbolic tangent, has
# the same shape, stretched to lie between $-1$ and 1:
#
# $$\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}} = 2\,\sigma(2z) - 1$$
#
# The second form is safe, since your sigmoid is.

# %% [markdown]
# ### Exercise 3 in NumPy: `tanh` (2 points, 2 minutes)


# %% solution="tanh_numpy"
def tanh(z: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent of each entry, without overflow; shape and dtype are those of z."""
    ### BEGIN SOLUTION
    return 2 * sigmoid(2 * z) - 1
    ### END SOLUTION


# %% tests="tanh_numpy" points=2
check("tanh_numpy")
### BEGIN HIDDEN TESTS
grade("tanh_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Large inputs give NaN</summary>
#
# The first form divides infinity by infinity. Use the second one, with your `sigmoid`.
#
# </details>

# %% [markdown] framework="torch"
# ### Exercise 3 in PyTorch: `tanh_torch` (1 point, 1 minute)
#
# It is called what you expect: `torch.tanh`.


# %% solution="tanh_torch" framework="torch"
def tanh_torch(z: torch.Tensor) -> torch.Tensor:
    """Return the hyperbolic tangent of each entry; values and gradients are safe for any z."""
    ### BEGIN SOLUTION
    return torch.tanh(z)
    ### END SOLUTION


# %% tests="tanh_torch" points=1 framework="torch"
check("tanh_torch")
### BEGIN HIDDEN TESTS
grade("tanh_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>Can't call numpy() on Tensor that requires grad</summary>
#
# The result must come from PyTorch's own functions. NumPy's `np.tanh` or your `tanh` leave no trace to follow back.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 3 in TensorFlow: `tanh_tf` (1 point, 1 minute)
#
# It is called what you expect: `tf.tanh`.


# %% solution="tanh_tensorflow" framework="tensorflow"
def tanh_tf(z: tf.Tensor) -> tf.Tensor:
    """Return the hyperbolic tangent of each entry; values and gradients are safe for any z."""
    ### BEGIN SOLUTION
    return tf.tanh(z)
    ### END SOLUTION


# %% tests="tanh_tensorflow" points=1 framework="tensorflow"
check("tanh_tensorflow")
### BEGIN HIDDEN TESTS
grade("tanh_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>expected the output to be a TensorFlow tensor</summary>
#
# The result must come from TensorFlow's own functions. NumPy's `np.tanh` leaves no trace on the tape.
#
# </details>

# %% [markdown]
# ## Exercise 4: ReLU
#
# The most used activation of all is also the simplest. A **rectified linear unit**, ReLU for short, lets positive
# numbers pass and turns the others into 0:
#
# $$\operatorname{ReLU}(z) = \max(0, z)$$
#
# Two straight pieces and one corner: that is bend enough. It costs no exponential, and it never flattens out on the
# right.

# %% [markdown]
# ### Exercise 4 in NumPy: `relu` (2 points, 2 minutes)


# %% solution="relu_numpy"
def relu(z: np.ndarray) -> np.ndarray:
    """Return max(0, z) for each entry; shape and dtype are those of z, and z itself stays as it is."""
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


# %% tests="relu_numpy" points=2
check("relu_numpy")
### BEGIN HIDDEN TESTS
grade("relu_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The check says that my function changes its array</summary>
#
# `z[z < 0] = 0` writes into the array that somebody else gave you. Copy it first, or use `np.maximum`.
#
# </details>
#
# <details>
# <summary><code>np.max</code> gives a single number</summary>
#
# `np.max` finds the largest entry of one array; `np.maximum` compares two, entry by entry.
#
# </details>

# %% [markdown] framework="torch"
# ### Exercise 4 in PyTorch: `relu_torch` (1 point, 1 minute)
#
# `torch.relu` is one way of several.


# %% solution="relu_torch" framework="torch"
def relu_torch(z: torch.Tensor) -> torch.Tensor:
    """Return max(0, z) for each entry."""
    ### BEGIN SOLUTION
    return torch.relu(z)
    ### END SOLUTION


# %% tests="relu_torch" points=1 framework="torch"
check("relu_torch")
### BEGIN HIDDEN TESTS
grade("relu_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>a leaf Variable that requires grad is being used in an in-place operation</summary>
#
# You write into `z`. Return a new tensor instead.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 4 in TensorFlow: `relu_tf` (1 point, 1 minute)
#
# `tf.nn.relu` is one way of several.


# %% solution="relu_tensorflow" framework="tensorflow"
def relu_tf(z: tf.Tensor) -> tf.Tensor:
    """Return max(0, z) for each entry."""
    ### BEGIN SOLUTION
    return tf.nn.relu(z)
    ### END SOLUTION


# %% tests="relu_tensorflow" points=1 framework="tensorflow"
check("relu_tensorflow")
### BEGIN HIDDEN TESTS
grade("relu_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>object does not support item assignment</summary>
#
# TensorFlow's tensors cannot be written into. Return a new one, with `tf.nn.relu` or `tf.maximum`.
#
# </details>

# %% [markdown]
# ## Exercise 5: leaky ReLU
#
# Where a ReLU is 0 it is flat, and a flat curve gives learning no direction. A **leaky** ReLU lets a little through,
# with a small slope $s$, often 0.01:
#
# $$\operatorname{leaky}(z) = \begin{cases} z & \text{if } z > 0 \\ s z & \text{otherwise} \end{cases}$$

# %% [markdown]
# ### Exercise 5 in NumPy: `leaky_relu` (2 points, 2 minutes)


# %% solution="leaky_relu_numpy"
def leaky_relu(z: np.ndarray, slope: float = 0.01) -> np.ndarray:
    """Return z where z > 0 and slope * z elsewhere; shape and dtype are those of z.

    Args:
        slope: between 0 and 1.
    """
    ### BEGIN SOLUTION
    return np.where(z > 0, z, slope * z)
    ### END SOLUTION


# %% tests="leaky_relu_numpy" points=2
check("leaky_relu_numpy")
### BEGIN HIDDEN TESTS
grade("leaky_relu_numpy")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The check says that my slope is always the same</summary>
#
# 0.01 is only what `slope` is when nobody says otherwise. Use the argument.
#
# </details>

# %% [markdown] framework="torch"
# ### Exercise 5 in PyTorch: `leaky_relu_torch` (1 point, 1 minute)
#
# `torch.where` does what `np.where` does; or look for `nn.functional.leaky_relu(z, slope)`.


# %% solution="leaky_relu_torch" framework="torch"
def leaky_relu_torch(z: torch.Tensor, slope: float = 0.01) -> torch.Tensor:
    """Return z where z > 0 and slope * z elsewhere."""
    ### BEGIN SOLUTION
    return nn.functional.leaky_relu(z, slope)
    ### END SOLUTION


# %% tests="leaky_relu_torch" points=1 framework="torch"
check("leaky_relu_torch")
### BEGIN HIDDEN TESTS
grade("leaky_relu_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>expected the output to be a PyTorch tensor</summary>
#
# `nn.LeakyReLU(slope)` makes a layer; call that layer with `z`, or use the function of the same name.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 5 in TensorFlow: `leaky_relu_tf` (1 point, 1 minute)
#
# `tf.where` does what `np.where` does; or take `tf.nn.leaky_relu`, which calls the slope `alpha` and uses 0.2 when
# nobody says otherwise; here and in many other places it is 0.01. Either works, as long as you know which you have.


# %% solution="leaky_relu_tensorflow" framework="tensorflow"
def leaky_relu_tf(z: tf.Tensor, slope: float = 0.01) -> tf.Tensor:
    """Return z where z > 0 and slope * z elsewhere."""
    ### BEGIN SOLUTION
    return tf.nn.leaky_relu(z, alpha=slope)
    ### END SOLUTION


# %% tests="leaky_relu_tensorflow" points=1 framework="tensorflow"
check("leaky_relu_tensorflow")
### BEGIN HIDDEN TESTS
grade("leaky_relu_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>The negative inputs come out too large or too small</summary>
#
# Without `alpha=slope`, `tf.nn.leaky_relu` takes its own 0.2.
#
# </details>

# %% [markdown]
# ## Exercise 6: `derivatives` (NumPy, 4 points, 6 minutes)
#
# A network learns by asking: if this number grew a little, what would the result do? The answer is a slope, the
# **derivative**. For the sigmoid, the chain rule gives it in two lines:
#
# $$\sigma(z) = (1 + e^{-z})^{-1}, \qquad
# \sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}} = a\,(1 - a)
# \quad \text{with } a = \sigma(z)$$
#
# The output alone tells the slope: near 0 or 1 it is flat, and it is steepest in the middle, with 0.25 at $z = 0$.
#
# Now you. Find the derivative of $\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}$ in the same way; it, too, can be read
# off the output $a$, and at $z = 0$ it must be 1. Those of ReLU and leaky ReLU you can read off the curves at the top
# of the lab. Exactly at their corner, $z = 0$, there is no slope. The frameworks take the left one there, and so do we.


# %% solution="derivatives"
def d_sigmoid(z: np.ndarray) -> np.ndarray:
    """Return the derivative of the sigmoid at each entry of z."""
    ### BEGIN SOLUTION
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
# 1. Sigmoid: where is it steepest, and how steep is it at $z = 5$? There it saturates, as you saw in Lab 1.
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
# ## Exercise 7: `finite_difference` (NumPy, 2 points, 3 minutes)
#
# Formulas copied from a table can be wrong. So two witnesses will confirm yours, and neither knows the table. The first
# takes a slope at its word: go a little to the right and a little to the left, and divide the rise by the distance.
#
# $$f'(z) \approx \frac{f(z + h) - f(z - h)}{2h}$$


# %% solution="finite_difference"
def finite_difference(f, z: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """Return the slope of f at each entry of z, measured between z - h and z + h.

    Args:
        f: function that works entry by entry, such as `sigmoid`.
    """
    ### BEGIN SOLUTION
    return (f(z + h) - f(z - h)) / (2 * h)
    ### END SOLUTION


# %% tests="finite_difference" points=2
check("finite_difference")
### BEGIN HIDDEN TESTS
grade("finite_difference")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>My slopes are far too small</summary>
#
# `/ 2 * h` divides by 2 and then multiplies by `h`. Write `/ (2 * h)`.
#
# </details>

# %% demo=True
explorers.compare_derivatives(finite_difference, pairs)

# %% [markdown]
# The difference is not quite zero: a computer keeps about 16 digits, and `h` is small but not infinitely small.

# %% [markdown]
# ## Exercise 8: autograd
#
# The second witness is exact. A framework writes down every operation and then works backwards through its notes, from
# a result to the derivative of each number that went in. This is called **automatic differentiation**, autograd for
# short. It is the main reason why frameworks exist.
#
# It starts from a single number. So add up all outputs: since each entry of $z$ moves only its own output, the
# derivatives of the sum are the slopes that you want.

# %% [markdown] framework="torch"
# ### Exercise 8 in PyTorch: `autograd_torch` (2 points, 4 minutes)
#
# Four steps: turn `z` into a tensor with `torch.tensor(z, requires_grad=True)`, apply `f`, call `.sum().backward()` on
# the result, and read the tensor's `.grad`.


# %% solution="autograd_torch" framework="torch"
def autograd_torch(f, z: np.ndarray) -> np.ndarray:
    """Return the derivative of f at each entry of z, as an array.

    Args:
        f: function of a tensor that works entry by entry, such as `sigmoid_torch`.
    """
    ### BEGIN SOLUTION
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
torch_pairs = {"sigmoid": (sigmoid_torch, d_sigmoid), "tanh": (tanh_torch, d_tanh), "relu": (relu_torch, d_relu)}
torch_pairs["leaky_relu"] = leaky_relu_torch, d_leaky_relu
explorers.compare_derivatives(autograd_torch, torch_pairs)

# %% [markdown] framework="tensorflow"
# ### Exercise 8 in TensorFlow: `autograd_tf` (2 points, 4 minutes)
#
# Four steps: turn `z` into a tensor with `tf.constant(z)`; open `with tf.GradientTape() as tape:`; inside, say
# `tape.watch(tensor)`, since a tape follows variables by itself but not constants, and apply `f`; afterwards ask
# `tape.gradient(result, tensor)`. The tape adds up the outputs by itself. An array comes out with `.numpy()`.


# %% solution="autograd_tensorflow" framework="tensorflow"
def autograd_tf(f, z: np.ndarray) -> np.ndarray:
    """Return the derivative of f at each entry of z, as an array.

    Args:
        f: function of a tensor that works entry by entry, such as `sigmoid_tf`.
    """
    ### BEGIN SOLUTION
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

# %% demo=True framework="tensorflow"
tf_pairs = {"sigmoid": (sigmoid_tf, d_sigmoid), "tanh": (tanh_tf, d_tanh), "relu": (relu_tf, d_relu)}
tf_pairs["leaky_relu"] = leaky_relu_tf, d_leaky_relu
explorers.compare_derivatives(autograd_tf, tf_pairs)

# %% [markdown] framework="torch+tensorflow"
# The two frameworks keep their notes differently: PyTorch's tensors remember how they were made and collect gradients
# in `.grad`; TensorFlow writes only while a tape runs, and hands the gradients out. The numbers are the same.

# %% [markdown]
# ## Exercise 9: softmax
#
# A sigmoid at the output answers yes or no. For a choice among several classes the head gives one number for each
# class, any number at all. These raw scores are called **logits**. The **softmax** turns a row of logits into
# probabilities: positive, and adding up to 1.
#
# $$p_j = \frac{e^{z_j}}{\sum_k e^{z_k}}$$
#
# Again $e^{1000}$ would overflow. But only differences count here: subtract the same number from all logits of a row,
# and it cancels. So subtract the largest one. Then every exponent is 0 or less.

# %% [markdown]
# ### Exercise 9 in NumPy: `softmax` (3 points, 4 minutes)
#
# Each row of the batch stands for itself. With `axis=1, keepdims=True` a maximum or a sum keeps the shape
# `(n_samples, 1)`, which NumPy spreads over the row.


# %% solution="softmax_numpy"
def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of each row of logits, safe for any logits; shape (n_samples, n_classes)."""
    ### BEGIN SOLUTION
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

# %% [markdown] framework="torch"
# ### Exercise 9 in PyTorch: `softmax_torch` (2 points, 1 minute)
#
# `torch.softmax` wants to know along which axis the probabilities add up to 1; PyTorch says `dim` for axis.


# %% solution="softmax_torch" framework="torch"
def softmax_torch(logits: torch.Tensor) -> torch.Tensor:
    """Return the probabilities of each row of logits, shape (n_samples, n_classes)."""
    ### BEGIN SOLUTION
    return torch.softmax(logits, dim=1)
    ### END SOLUTION


# %% tests="softmax_torch" points=2 framework="torch"
check("softmax_torch")
### BEGIN HIDDEN TESTS
grade("softmax_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>My columns add up to 1, not my rows</summary>
#
# `dim=0` runs down the columns; the classes of one sample stand side by side, along `dim=1`.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 9 in TensorFlow: `softmax_tf` (2 points, 1 minute)
#
# `tf.nn.softmax` takes the last axis when you do not name one, and that is the one you want.


# %% solution="softmax_tensorflow" framework="tensorflow"
def softmax_tf(logits: tf.Tensor) -> tf.Tensor:
    """Return the probabilities of each row of logits, shape (n_samples, n_classes)."""
    ### BEGIN SOLUTION
    return tf.nn.softmax(logits)
    ### END SOLUTION


# %% tests="softmax_tensorflow" points=2 framework="tensorflow"
check("softmax_tensorflow")
### BEGIN HIDDEN TESTS
grade("softmax_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>My columns add up to 1, not my rows</summary>
#
# `axis=0` runs down the columns; the classes of one sample stand side by side, along `axis=1`.
#
# </details>

# %% [markdown]
# ## Exercise 10: cross-entropy
#
# How wrong are the probabilities? The number that says so is called the **loss**. Look only at $p$, the probability
# that the network gave to the *true* class: the less it expected the truth, the larger the loss should be.
# **Cross-entropy** is $-\log p$. It is 0 when $p = 1$, 0.69 when $p = 0.5$, and grows without end as $p$ goes to 0. For
# a batch with the labels $y$ we take the mean.
#
# Why a logarithm, and not simply $1 - p$? Because $1 - p$ hardly tells a doubt from a blunder: for $p = 0.1$ it is 0.9,
# for $p = 0.001$ it is 0.999. The logarithm says 2.3 and 6.9. And chances of independent answers multiply, so their
# logarithms add up: the smaller the sum, the more probable the network held all the labels together.
#
# $$\text{loss} = -\frac{1}{n} \sum_{i=1}^{n} \log p_{i, y_i}$$
#
# First softmax, then logarithm? Then a probability that was rounded to 0 gives infinity. Do both in one step, with the
# largest logit $m$ of the row:
#
# $$\log p_j = (z_j - m) - \log \sum_k e^{z_k - m}$$
#
# That is why the losses of the frameworks can take logits instead of probabilities. The formula also shows how the loss
# of one sample depends on its logits. By $z_j$, the logarithm of the sum has the derivative $e^{z_j} / \sum_k e^{z_k} =
# p_j$, and $z_y$ has 1 for the true class, so what comes out is **prediction minus truth**: $p_j - 1$ for the true
# class, $p_j$ for the others. Lab 3 lives on that.

# %% [markdown]
# ### Exercise 10 in NumPy: `cross_entropy` (3 points, 4 minutes)
#
# `table[np.arange(n), labels]` picks one entry from each row: from row $i$ that of column `labels[i]`.


# %% solution="cross_entropy_numpy"
def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy of a batch, one number, safe for any logits.

    Args:
        logits: shape (n_samples, n_classes).
        labels: the true class of each sample, 0 to n_classes - 1, shape (n_samples,).
    """
    ### BEGIN SOLUTION
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
# You take the logarithm of a softmax that was rounded to 0. Use the formula for $\log p_j$, which never divides.
#
# </details>
#
# <details>
# <summary>I get a whole table of losses</summary>
#
# `log_p[:, labels]` picks columns for *all* rows. Give it a row and a column for each sample.
#
# </details>

# %% [markdown] framework="torch"
# ### Exercise 10 in PyTorch: `cross_entropy_torch` (2 points, 1 minute)
#
# `nn.functional.cross_entropy(logits, labels)` does the softmax, the logarithm and the mean.


# %% solution="cross_entropy_torch" framework="torch"
def cross_entropy_torch(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy of a batch, one number."""
    ### BEGIN SOLUTION
    return nn.functional.cross_entropy(logits, labels)
    ### END SOLUTION


# %% tests="cross_entropy_torch" points=2 framework="torch"
check("cross_entropy_torch")
### BEGIN HIDDEN TESTS
grade("cross_entropy_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>My loss is near 1, whatever the logits</summary>
#
# You give it probabilities. It expects the logits and applies the softmax itself.
#
# </details>

# %% [markdown] framework="tensorflow"
# ### Exercise 10 in TensorFlow: `cross_entropy_tf` (2 points, 1 minute)
#
# `tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)` does the softmax and the logarithm.
# *Sparse* means that the labels are numbers of classes. It returns one loss for each sample, so the mean
# (`tf.reduce_mean`) is left to you.


# %% solution="cross_entropy_tensorflow" framework="tensorflow"
def cross_entropy_tf(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Return the mean cross-entropy of a batch, one number."""
    ### BEGIN SOLUTION
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_mean(losses)
    ### END SOLUTION


# %% tests="cross_entropy_tensorflow" points=2 framework="tensorflow"
check("cross_entropy_tensorflow")
### BEGIN HIDDEN TESTS
grade("cross_entropy_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>My loss is near 1, whatever the logits</summary>
#
# You give it probabilities. It expects the logits and applies the softmax itself.
#
# </details>

# %% [markdown]
# ### Two promises, kept
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
# ## Exercise 11: `gradient_sizes` (NumPy, 4 points, 7 minutes)
#
# Now to the question that decided which activations survived. To learn, each layer needs to hear how the result depends
# on its sums $z$: that is the gradient at this layer. It starts at the output and travels backwards.
#
# Take two layers of one unit each: $z_1 = x w_1$, $z_2 = \varphi(z_1)\, w_2$, and the output $\varphi(z_2)$. Nudge
# $z_1$ a little. Its activation passes on $\varphi'(z_1)$ of that, the weight $w_2$ makes $w_2$ times as much of it,
# the second activation passes on $\varphi'(z_2)$. Slopes along a way multiply, which is the **chain rule**:
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
# 3. $G \leftarrow G\, W_k^\top$.


# %% solution="gradient_sizes"
def gradient_sizes(x: np.ndarray, weights: list[np.ndarray], activation, derivative) -> list[float]:
    """Return the size of the gradient at each layer of a stack, the first layer first.

    Args:
        x: inputs, shape (n_samples, n_inputs).
        weights: one matrix for each layer, the first layer first.
        activation, derivative: two functions, such as `sigmoid` and `d_sigmoid`.
    """
    ### BEGIN SOLUTION
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
# ### The vanishing gradient
#
# Your function measures a stack of layers, 32 units each, with random weights; size 1 means a standard deviation of
# $1 / \sqrt{32}$. Each bar stands for a layer, the first one on the left. The scale is logarithmic: one line further
# down means a hundred times smaller.
#
# 1. Sigmoid, 20 layers: the first layer hears less than a billionth of what the last one hears. Its best slope is 0.25,
#    and $0.25^{20}$ is about $10^{-12}$. This is the **vanishing gradient**: the first layers hardly learn.
# 2. Tanh and ReLU: much more arrives. Then give the ReLU weights of 1.4, about $\sqrt 2$, and the bars become level.
#    Networks with ReLUs start with just such weights, named after Kaiming He.
# 3. Make the weights 3 times as large: with ReLU the gradient **explodes**, a million times larger at the front. Tanh
#    saturates, and its flat ends hold much of that back.

# %% demo=True
explorers.gradient_bars(gradient_sizes, pairs)

# %% [markdown]
# ## Exercise 12: `dead_relus` (NumPy, 2 points, 3 minutes)
#
# ReLU has a weakness of its own. A unit whose sum is negative outputs 0, and its slope there is 0 as well: this sample
# teaches it nothing. If that is so for *every* sample, nothing ever will. The unit is **dead**. A single update of the
# weights that was too large can be enough.
#
# Find them: compute the sums $Z = X W + \mathbf{b}$ of a layer, and mark the units whose ReLU is 0 for all samples.


# %% solution="dead_relus"
def dead_relus(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, int]:
    """Return (dead, count): which ReLU units output 0 for every sample, shape (n_units,), and how many they are.

    Args:
        x: inputs, shape (n_samples, n_inputs).
        W, b: the layer, shapes (n_inputs, n_units) and (n_units,).
    """
    ### BEGIN SOLUTION
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
# Each row is one of 60 samples, each column one of 40 units; blue is what the unit lets through. Lower the bias of all
# units, as an update that was too large would do. At 0 nobody is dead; at $-3$ most are. A leaky ReLU would let them
# recover, because its slope is never 0.

# %% demo=True
explorers.dying_relus(dead_relus)

# %% [markdown]
# ## Quiz (5 points, 4 minutes)
#
# Five questions, one right answer each. Write the letter into the cell below the question, in quotes: `"A"`.

# %% [markdown]
# **Question 1.** A friend stacks ten dense layers of 100 units, all without an activation. What can this network do?
#
# - **A.** More than a single layer, because it has ten times as many weights.
# - **B.** Less than a single layer, because deep networks are hard to train.
# - **C.** Exactly what one linear layer can do.
# - **D.** More than a single layer, if the hidden layers are wide enough.

# %% solution="activations_quiz_q1"
answer_q1 = (
    ### BEGIN SOLUTION
    "C"
    ### END SOLUTION
)

# %% [markdown]
# **Question 2.** Which is true of the sigmoid's derivative?
#
# - **A.** It is never larger than 0.25.
# - **B.** It is largest where the sigmoid comes close to 1.
# - **C.** It is about the same everywhere.
# - **D.** It is negative for negative inputs.

# %% solution="activations_quiz_q2"
answer_q2 = (
    ### BEGIN SOLUTION
    "A"
    ### END SOLUTION
)

# %% [markdown]
# **Question 3.** The logits of a sample are 1000, 999 and 998. How do you get their softmax without an overflow?
#
# - **A.** Double all logits first.
# - **B.** Set all logits above 700 to 700 first.
# - **C.** Divide all logits by 1000 first.
# - **D.** Subtract 1000 from all logits first.

# %% solution="activations_quiz_q3"
answer_q3 = (
    ### BEGIN SOLUTION
    "D"
    ### END SOLUTION
)

# %% [markdown]
# **Question 4.** A network of twenty sigmoid layers hardly learns: the gradient at its first layer is a billionth of
# that at the last. What helps most?
#
# - **A.** Starting with smaller weights.
# - **B.** ReLUs in the hidden layers, with weights of a suitable size.
# - **C.** A larger learning rate.
# - **D.** More layers.

# %% solution="activations_quiz_q4"
answer_q4 = (
    ### BEGIN SOLUTION
    "B"
    ### END SOLUTION
)

# %% [markdown]
# **Question 5.** A ReLU unit outputs 0 for every sample of the training data. What happens to its own weights as
# training goes on?
#
# - **A.** They grow until the unit is active again.
# - **B.** They shrink to 0.
# - **C.** They stay as they are.
# - **D.** They change wildly, because the gradient is large.

# %% solution="activations_quiz_q5"
answer_q5 = (
    ### BEGIN SOLUTION
    "C"
    ### END SOLUTION
)

# %% tests="activations_quiz" points=5
check("activations_quiz")
### BEGIN HIDDEN TESTS
grade("activations_quiz")
### END HIDDEN TESTS

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
