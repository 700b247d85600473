# Known right and known wrong answers to the exercises of Lab 2. They prove the tests and make the sample class.
#
# A right answer earns full marks in check and in grade. A wrong one loses marks in grade, and in check too unless the
# header says visible=False; with mistake="..." its verdict names that mistake. With of="..." an answer is a right one
# above it with a few words changed, `old -> new`. The wrong answers `zeros`, `constant` and `hard_coded` are made from
# the recorded cases, except to exercises by property: their answers are below.

# %%
import numpy as np

from course_utils.frameworks import keras, nn, tf, torch


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% [markdown]
# ## fold_layers


# %% right="fold_layers" name="pairs"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W, b = W @ next_W, b @ next_W + next_b
    return W, b


# %% right="fold_layers" name="loop"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for number in range(1, len(weights)):
        W = W @ weights[number]
        b = b @ weights[number] + biases[number]
    return W, b


# %% wrong="fold_layers" name="from_the_left" of="loop" mistake="order_reversed"
# W @ weights[number] -> weights[number] @ W
# b @ weights[number] -> weights[number] @ b

# %% wrong="fold_layers" name="two_layers" of="loop" mistake="two_layers_only"
# range(1, len(weights)) -> range(1, min(2, len(weights)))


# %% right="fold_layers" name="runs_the_stack"
def fold_layers(weights, biases):
    def stack(x):
        for W, b in zip(weights, biases):
            x = x @ W + b
        return x

    b = stack(np.zeros(len(weights[0])))
    return stack(np.eye(len(weights[0]))) - b, b


# %% right="fold_layers" name="homogeneous_matrices"
def fold_layers(weights, biases):
    product = np.eye(len(weights[0]) + 1)
    for W, b in zip(weights, biases):
        corner = np.zeros((len(W) + 1, 1))
        corner[-1] = 1
        product = product @ np.hstack([np.vstack([W, b]), corner])
    return product[:-1, :-1], product[-1, :-1]


# %% right="fold_layers" name="recursion"
def fold_layers(weights, biases):
    if len(weights) == 1:
        return weights[0], biases[0]
    W, b = fold_layers(weights[:-1], biases[:-1])
    return np.dot(W, weights[-1]), np.dot(b, weights[-1]) + biases[-1]


# %% right="fold_layers" name="reduce"
def fold_layers(weights, biases):
    from functools import reduce

    W = np.linalg.multi_dot(weights) if len(weights) > 1 else weights[0]
    return W, reduce(lambda b, layer: b @ layer[0] + layer[1], list(zip(weights, biases))[1:], biases[0])


# %% wrong="fold_layers" name="one_layer_short" of="loop" mistake="last_layer_forgotten"
# range(1, len(weights)) -> range(1, len(weights) - 1)

# %% wrong="fold_layers" name="adds_up_the_biases" of="pairs" mistake="biases_added"
# b @ next_W -> b + np.zeros(next_W.shape[1])


# %% wrong="fold_layers" name="sums_biases" mistake="biases_added"
def fold_layers(weights, biases):
    W = weights[0]
    for next_W in weights[1:]:
        W = W @ next_W
    return W, sum(biases)


# %% wrong="fold_layers" name="bias_times_the_product" of="pairs" mistake="bias_through_product"
# W, b = W @ next_W, b @ next_W + next_b -> W = W @ next_W; b = b @ W + next_b

# %% wrong="fold_layers" name="bias_before_the_matrix" of="pairs" mistake="bias_added_too_early"
# b @ next_W + next_b -> (b + next_b) @ next_W


# %% wrong="fold_layers" name="reverses_the_caller_s_lists" mistake="input_changed"
def fold_layers(weights, biases):
    weights.reverse(), biases.reverse()
    W, b = weights.pop(), biases.pop()
    while weights:
        next_W, next_b = weights.pop(), biases.pop()
        W, b = W @ next_W, b @ next_W + next_b
    return W, b


# %% wrong="fold_layers" name="last_bias" of="pairs" mistake="last_bias_only"
# b @ next_W + next_b -> next_b

# %% wrong="fold_layers" name="first_bias" of="pairs" mistake="later_biases_forgotten"
# next_W + next_b -> next_W


# %% wrong="fold_layers" name="no_bias" mistake="biases_zero"
def fold_layers(weights, biases):
    W = weights[0]
    for next_W in weights[1:]:
        W = W @ next_W
    return W, np.zeros(W.shape[1])


# %% wrong="fold_layers" name="from_the_right" of="pairs" mistake="order_reversed"
# W @ next_W -> next_W @ W

# %% wrong="fold_layers" name="star" of="pairs" mistake="multiplied_elementwise"
# W @ next_W -> W * next_W

# %% wrong="fold_layers" name="sum_of_matrices" of="pairs" mistake="matrices_added"
# W @ next_W -> W + next_W


# %% wrong="fold_layers" name="stops_early" mistake="last_layer_forgotten"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for k in range(1, len(weights) - 1):
        W, b = W @ weights[k], b @ weights[k] + biases[k]
    if len(weights) == 1:
        raise ValueError("too short")
    return W, b


# %% wrong="fold_layers" name="starts_late" mistake="first_layer_forgotten"
def fold_layers(weights, biases):
    W, b = weights[1], biases[1]
    for k in range(2, len(weights)):
        W, b = W @ weights[k], b @ weights[k] + biases[k]
    return W, b


# %% wrong="fold_layers" name="only_w"
def fold_layers(weights, biases):
    W = weights[0]
    for next_W in weights[1:]:
        W = W @ next_W
    return W


# %% wrong="fold_layers" name="begins_at_the_first" mistake="first_layer_twice"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for k in range(len(weights)):
        b = b @ weights[k] + biases[k]
        W = W @ weights[k]
    return W, b


# %% wrong="fold_layers" name="one_matrix_further" mistake="bias_through_the_next"
def fold_layers(weights, biases):
    W = weights[0]
    for k in range(1, len(weights)):
        W = W @ weights[k]
    b = biases[-1]
    for k in range(len(weights) - 1):
        b = b + biases[k] @ weights[k + 1]
    return W, b


# %% wrong="fold_layers" name="biases_one_behind" of="loop" mistake="biases_one_behind"
# biases[number] -> biases[number - 1]

# %% wrong="fold_layers" name="biases_one_behind_and_early" of="loop" mistake="biases_one_behind_and_early"
# b @ weights[number] + biases[number] -> (b + biases[number - 1]) @ weights[number]


# %% wrong="fold_layers" name="multi_dot" mistake="last_bias_only"
def fold_layers(weights, biases):
    return np.linalg.multi_dot(weights), biases[-1]


# %% [markdown]
# ## sigmoid_numpy


# %% right="sigmoid_numpy" name="two_branches"
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


# %% right="sigmoid_numpy" name="by_tanh"
def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% right="sigmoid_numpy" name="masks"
def sigmoid(z):
    result = np.empty_like(z)
    positive = z >= 0
    result[positive] = 1 / (1 + np.exp(-z[positive]))
    powers = np.exp(z[~positive])
    result[~positive] = powers / (1 + powers)
    return result


# %% right="sigmoid_numpy" name="logaddexp"
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


# %% right="sigmoid_numpy" name="clipped"
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -80, 80)))


# %% right="sigmoid_numpy" name="loops"
def sigmoid(z):
    import math

    result = np.empty_like(z)
    for place, value in np.ndenumerate(z):
        e = math.exp(-abs(value))
        result[place] = 1 / (1 + e) if value >= 0 else e / (1 + e)
    return result


# %% right="sigmoid_numpy" name="silenced"
def sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


# %% wrong="sigmoid_numpy" name="exponent_z" of="by_tanh" mistake="falling"
# * (1 + np.tanh(0.5 * z)) -> - 0.5 * np.tanh(z / 2)


# %% wrong="sigmoid_numpy" name="tanh" mistake="tanh_instead"
def sigmoid(z):
    return np.tanh(z)


# %% wrong="sigmoid_numpy" name="step" mistake="step_instead"
def sigmoid(z):
    return (z > 0).astype(z.dtype)


# %% wrong="sigmoid_numpy" name="derivative" mistake="derivative_instead"
def sigmoid(z):
    return 0.25 * (1 - np.tanh(z / 2) ** 2)


# %% wrong="sigmoid_numpy" name="twice_as_steep" of="by_tanh" mistake="too_steep"
# 0.5 * z -> z


# %% wrong="sigmoid_numpy" name="not_halved" mistake="too_high"
def sigmoid(z):
    return 1 + np.tanh(z / 2)


# %% wrong="sigmoid_numpy" name="swapped_cases" of="two_branches" mistake="falling"
# 1 / (1 + e), e / (1 + e) -> e / (1 + e), 1 / (1 + e)

# %% wrong="sigmoid_numpy" name="one_case_for_all" of="two_branches" mistake="absolute_value"
# np.where(z >= 0, 1 / (1 + e), e / (1 + e)) -> 1 / (1 + e)


# %% wrong="sigmoid_numpy" name="nothing_done" mistake="identity"
def sigmoid(z):
    return z + 0


# %% wrong="sigmoid_numpy" name="overflows" of="clipped" mistake="warned"
# np.clip(z, -80, 80) -> z

# %% wrong="sigmoid_numpy" name="always_float64" of="by_tanh" mistake="dtype_changed"
# return -> z = np.array(z, dtype=np.float64); return

# %% wrong="sigmoid_numpy" name="always_float32" of="by_tanh" mistake="dtype_changed"
# return -> z = np.array(z, dtype=np.float32); return

# %% wrong="sigmoid_numpy" name="flattens" of="by_tanh"
# return -> z = z.ravel(); return


# %% wrong="sigmoid_numpy" name="changes_its_input" mistake="input_changed"
def sigmoid(z):
    z[...] = 0.5 * (1 + np.tanh(0.5 * z))
    return z


# %% wrong="sigmoid_numpy" name="only_numbers" of="clipped"
# np.exp(-np.clip(z, -80, 80)) -> float(np.exp(-z))


# %% wrong="sigmoid_numpy" name="where_computes_both" mistake="warned"
def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


# %% wrong="sigmoid_numpy" name="clips_too_early" of="clipped"
# 80, 80 -> 1, 1


# %% wrong="sigmoid_numpy" name="ready_made_by_scipy" mistake="switched_off"
def sigmoid(z):
    from scipy.special import expit

    return expit(z)


# %% wrong="sigmoid_numpy" name="ready_made_by_pytorch" mistake="switched_off"
def sigmoid(z):
    return torch.tensor(z).sigmoid().numpy()


# %% wrong="sigmoid_numpy" name="ready_made_by_tensorflow" mistake="switched_off"
def sigmoid(z):
    return tf.sigmoid(z).numpy()


# %% wrong="sigmoid_numpy" name="ready_made_module" mistake="switched_off"
def sigmoid(z):
    return nn.Sigmoid()(torch.tensor(z)).numpy()


# %% wrong="sigmoid_numpy" name="ready_made_and_vectorized" mistake="switched_off"
def sigmoid(z):
    from scipy.special import expit

    return np.vectorize(expit)(z)


# %% wrong="sigmoid_numpy" name="ready_made_under_another_name" mistake="switched_off"
from scipy.special import expit

sigmoid = expit


# %% wrong="sigmoid_numpy" name="ready_made_in_a_partial" mistake="switched_off"
import functools as tools

from scipy.special import expit

sigmoid = tools.partial(expit, dtype=np.float64)


# %% wrong="sigmoid_numpy" name="ready_made_in_a_default" mistake="switched_off"
from scipy.special import expit


def sigmoid(z, squash=expit):
    return squash(z)


# %% wrong="sigmoid_numpy" name="ready_made_in_a_closure" mistake="switched_off"
from scipy.special import expit


def quiet(function):
    def called(z):
        return np.asarray(function(z))

    return called


sigmoid = quiet(expit)


# %% wrong="sigmoid_numpy" name="ready_made_layer_from_before" mistake="switched_off"
squash = nn.Sequential(nn.Sigmoid())


def sigmoid(z):
    return squash(torch.tensor(z)).numpy()


# %% wrong="sigmoid_numpy" name="ready_made_layer_of_keras" mistake="switched_off"
def sigmoid(z):
    return tf.keras.layers.Activation("sigmoid", dtype="float64")(z).numpy()


# %% wrong="sigmoid_numpy" name="cut_off" of="clipped" mistake="cut_off"
# 80, 80 -> 20, 20


# %% [markdown]
# ## activations


# %% right="activations" name="short"
def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return np.maximum(z, 0)


def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, slope * z)


# %% wrong="activations" name="larger_of_z_and_slope" of="short" mistake="slope_not_multiplied"
# np.where(z > 0, z, slope * z) -> np.maximum(z, slope)

# %% wrong="activations" name="one_inside" of="short" mistake="tanh_not_moved_down"
# 2 * sigmoid(2 * z) - 1 -> 2 * sigmoid(2 * z - 1)

# %% wrong="activations" name="slope_alone" of="short" mistake="slope_alone_below_zero"
# np.where(z > 0, z, slope * z) -> np.where(z > 0, z, slope).astype(z.dtype)


# %% right="activations" name="ready_made_and_factors"
def tanh(z):
    return np.tanh(z)


def relu(z):
    return z * (z > 0)


def leaky_relu(z, slope=0.01):
    return np.maximum(z, slope * z)


# %% right="activations" name="masks"
def tanh(z):
    t = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - t) / (1 + t)


def relu(z):
    result = z.copy()
    result[result < 0] = 0
    return result


def leaky_relu(z, slope=0.01):
    result = z.copy()
    result[z < 0] *= slope
    return result


# %% right="activations" name="loops"
def entry_by_entry(function, z):
    result = np.empty_like(z)
    for place, value in np.ndenumerate(z):
        result[place] = function(value)
    return result


def tanh(z):
    return entry_by_entry(np.tanh, z)


def relu(z):
    return entry_by_entry(lambda value: max(value, 0), z)


def leaky_relu(z, slope=0.01):
    return entry_by_entry(lambda value: value if value > 0 else slope * value, z)


# %% wrong="activations" name="half_as_steep" of="short" mistake="tanh_not_steep_enough"
# 2 * sigmoid(2 * z) - 1 -> 2 * sigmoid(z) - 1

# %% wrong="activations" name="not_shifted" of="short" mistake="tanh_not_shifted"
# 2 * sigmoid(2 * z) - 1 -> 2 * sigmoid(2 * z)

# %% wrong="activations" name="not_stretched" of="short" mistake="tanh_not_stretched"
# 2 * sigmoid(2 * z) - 1 -> sigmoid(2 * z)

# %% wrong="activations" name="sigmoid" of="short" mistake="tanh_is_sigmoid"
# 2 * sigmoid(2 * z) - 1 -> sigmoid(z)

# %% wrong="activations" name="falling" of="short" mistake="tanh_falls"
# 2 * sigmoid(2 * z) - 1 -> 1 - 2 * sigmoid(2 * z)

# %% wrong="activations" name="quotient_of_infinities" of="short" mistake="not_finite"
# 2 * sigmoid(2 * z) - 1 -> (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))

# %% wrong="activations" name="absolute_value" of="short" mistake="relu_absolute"
# np.maximum(z, 0) -> np.abs(z)

# %% wrong="activations" name="minimum" of="short" mistake="relu_sides_swapped"
# np.maximum -> np.minimum

# %% wrong="activations" name="step" of="short" mistake="relu_is_step"
# np.maximum(z, 0) -> (z > 0).astype(z.dtype)

# %% wrong="activations" name="nothing_done" of="short" mistake="relu_identity"
# np.maximum(z, 0) -> z

# %% wrong="activations" name="one_number" of="short"
# np.maximum(z, 0) -> np.max(z)

# %% wrong="activations" name="changes_its_input" of="short" mistake="input_changed"
# np.maximum(z, 0) -> np.maximum(z, 0, out=z)

# %% wrong="activations" name="plain_relu" of="short" mistake="leak_forgotten"
# np.where(z > 0, z, slope * z) -> np.maximum(z, 0)

# %% wrong="activations" name="slope_fixed" of="short" mistake="slope_fixed"
# slope * z -> 0.01 * z

# %% wrong="activations" name="compares_with_the_slope" of="short" mistake="slope_as_threshold"
# z > 0 -> z > slope

# %% wrong="activations" name="other_side" of="short" mistake="leaky_sides_swapped"
# z, slope * z) -> slope * z, z)

# %% wrong="activations" name="everywhere" of="short" mistake="slope_everywhere"
# np.where(z > 0, z, slope * z) -> slope * z

# %% wrong="activations" name="constant_below_zero" of="short" mistake="constant_below_zero"
# slope * z) -> np.float32(-slope)).astype(z.dtype)

# %% wrong="activations" name="positive_below_zero" of="short" mistake="leak_positive"
# slope * z) -> -slope * z)

# %% wrong="activations" name="always_float64" of="short" mistake="dtype_changed"
# np.maximum(z, 0) -> np.maximum(z, np.zeros(z.shape))

# %% wrong="activations" name="only_numbers" of="short"
# np.maximum(z, 0) -> max(z, 0)

# %% wrong="activations" name="flattens" of="short"
# np.maximum(z, 0) -> np.maximum(z, 0).ravel()

# %% wrong="activations" name="two_curves_wrong" of="short" mistake="tanh_not_stretched"
# 2 * sigmoid(2 * z) - 1 -> sigmoid(2 * z)
# np.maximum(z, 0) -> np.abs(z)

# %% wrong="activations" name="only_tanh_written" of="short"
# np.maximum(z, 0) -> ...
# np.where(z > 0, z, slope * z) -> ...


# %% wrong="activations" name="all_by_pytorch" mistake="switched_off"
def tanh(z):
    return torch.tanh(torch.tensor(z)).numpy()


def relu(z):
    return torch.relu(torch.tensor(z)).numpy()


def leaky_relu(z, slope=0.01):
    return nn.functional.leaky_relu(torch.tensor(z), slope).numpy()


# %% [markdown]
# ## activation_table, PyTorch

# %% right="activation_table_torch" name="names"
in_torch = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": nn.functional.leaky_relu,
}

# %% wrong="activation_table_torch" name="elu" of="names" mistake="elu_instead"
# torch.relu -> nn.functional.elu

# %% wrong="activation_table_torch" name="shrunk" of="names" mistake="tanh_shrunk"
# torch.tanh -> nn.functional.tanhshrink

# %% wrong="activation_table_torch" name="tangent" of="names" mistake="tan_instead"
# torch.tanh -> torch.tan

# %% wrong="activation_table_torch" name="gelu" of="names" mistake="gelu_instead"
# torch.relu -> nn.functional.gelu

# %% wrong="activation_table_torch" name="swish" of="names" mistake="swish_instead"
# torch.relu -> nn.functional.silu

# %% wrong="activation_table_torch" name="softmax" of="names" mistake="softmax_instead"
# torch.sigmoid -> lambda z: torch.softmax(z, dim=-1)

# %% right="activation_table_torch" name="layers_and_methods"
in_torch = {
    "sigmoid": nn.Sigmoid(),
    "tanh": lambda z: z.tanh(),
    "relu": nn.ReLU(),
    "leaky_relu": lambda z, slope=0.01: nn.LeakyReLU(slope)(z),
}

# %% right="activation_table_torch" name="by_hand"
in_torch = {
    "sigmoid": lambda z: 0.5 * (1 + torch.tanh(0.5 * z)),
    "tanh": lambda z: 2 * torch.sigmoid(2 * z) - 1,
    "relu": lambda z: torch.clamp(z, min=0),
    "leaky_relu": lambda z, slope=0.01: torch.where(z > 0, z, slope * z),
}

# %% wrong="activation_table_torch" name="as_given" mistake="all_look_alikes_torch"
in_torch = {
    "sigmoid": nn.functional.hardsigmoid,
    "tanh": nn.functional.hardtanh,
    "relu": nn.functional.relu6,
    "leaky_relu": lambda z, slope=0.01: nn.functional.leaky_relu(z),
}

# %% wrong="activation_table_torch" name="tanh_for_sigmoid" of="names" mistake="sigmoid_is_tanh"
# torch.sigmoid -> torch.tanh

# %% wrong="activation_table_torch" name="hard_sigmoid" of="names" mistake="sigmoid_in_pieces"
# torch.sigmoid -> nn.functional.hardsigmoid

# %% wrong="activation_table_torch" name="log_sigmoid" of="names" mistake="sigmoid_logarithm"
# torch.sigmoid -> nn.functional.logsigmoid

# %% wrong="activation_table_torch" name="plain_formula" of="names" mistake="not_finite"
# torch.sigmoid -> lambda z: 1 / (1 + torch.exp(-z))

# %% wrong="activation_table_torch" name="sigmoid_for_tanh" of="names" mistake="tanh_is_sigmoid"
# torch.tanh -> torch.sigmoid

# %% wrong="activation_table_torch" name="hard_tanh" of="names" mistake="tanh_in_pieces"
# torch.tanh -> nn.functional.hardtanh

# %% wrong="activation_table_torch" name="arctangent" of="names" mistake="arctan_instead"
# torch.tanh -> torch.atan

# %% wrong="activation_table_torch" name="relu6" of="names" mistake="relu_capped"
# torch.relu -> nn.functional.relu6

# %% wrong="activation_table_torch" name="softplus" of="names" mistake="softplus_instead"
# torch.relu -> nn.functional.softplus

# %% wrong="activation_table_torch" name="own_slope" of="names" mistake="slope_of_pytorch"
# nn.functional.leaky_relu -> lambda z, slope=0.01: nn.functional.leaky_relu(z)

# %% wrong="activation_table_torch" name="slope_written_in" of="names" mistake="slope_of_pytorch"
# nn.functional.leaky_relu -> lambda z, slope=0.01: nn.functional.leaky_relu(z, negative_slope=0.01)

# %% wrong="activation_table_torch" name="plain_relu" of="names" mistake="leak_forgotten"
# nn.functional.leaky_relu -> lambda z, slope=0.01: torch.relu(z)

# %% wrong="activation_table_torch" name="numpy_function" of="names" mistake="wrong_type"
# torch.sigmoid -> lambda z: sigmoid(z.detach().numpy())

# %% wrong="activation_table_torch" name="detached" of="names" mistake="missing_gradient"
# torch.tanh -> lambda z: torch.tanh(z.detach())

# %% wrong="activation_table_torch" name="one_row_empty" of="names"
# torch.relu -> ...

# %% wrong="activation_table_torch" name="a_list" mistake="wrong_type"
in_torch = [torch.sigmoid, torch.tanh, torch.relu, nn.functional.leaky_relu]

# %% [markdown]
# ## activation_table, TensorFlow

# %% right="activation_table_tensorflow" name="names"
in_tf = {
    "sigmoid": tf.sigmoid,
    "tanh": tf.tanh,
    "relu": tf.nn.relu,
    "leaky_relu": lambda z, slope=0.01: tf.nn.leaky_relu(z, alpha=slope),
}

# %% wrong="activation_table_tensorflow" name="elu" of="names" mistake="elu_instead"
# tf.nn.relu -> tf.nn.elu

# %% wrong="activation_table_tensorflow" name="shrunk" of="names" mistake="tanh_shrunk"
# tf.tanh -> lambda z: z - tf.tanh(z)

# %% wrong="activation_table_tensorflow" name="tangent" of="names" mistake="tan_instead"
# tf.tanh -> tf.tan

# %% wrong="activation_table_tensorflow" name="gelu" of="names" mistake="gelu_instead"
# tf.nn.relu -> tf.nn.gelu

# %% wrong="activation_table_tensorflow" name="swish" of="names" mistake="swish_instead"
# tf.nn.relu -> tf.nn.silu

# %% wrong="activation_table_tensorflow" name="softmax" of="names" mistake="softmax_instead"
# tf.sigmoid -> tf.nn.softmax

# %% right="activation_table_tensorflow" name="keras_and_keywords"
in_tf = {
    "sigmoid": keras.activations.sigmoid,
    "tanh": tf.math.tanh,
    "relu": keras.activations.relu,
    "leaky_relu": lambda z, slope=0.01: tf.nn.leaky_relu(z, alpha=slope),
}

# %% right="activation_table_tensorflow" name="by_hand"
in_tf = {
    "sigmoid": lambda z: 0.5 * (1 + tf.tanh(0.5 * z)),
    "tanh": lambda z: 2 * tf.sigmoid(2 * z) - 1,
    "relu": lambda z: tf.maximum(z, 0),
    "leaky_relu": lambda z, slope=0.01: tf.where(z > 0, z, slope * z),
}

# %% wrong="activation_table_tensorflow" name="as_given" mistake="all_look_alikes_tensorflow"
in_tf = {
    "sigmoid": tf.math.log_sigmoid,
    "tanh": tf.atan,
    "relu": tf.nn.relu6,
    "leaky_relu": lambda z, slope=0.01: tf.nn.leaky_relu(z),
}

# %% wrong="activation_table_tensorflow" name="tanh_for_sigmoid" of="names" mistake="sigmoid_is_tanh"
# tf.sigmoid -> tf.tanh

# %% wrong="activation_table_tensorflow" name="hard_sigmoid" of="names" mistake="sigmoid_in_pieces"
# tf.sigmoid -> keras.activations.hard_sigmoid

# %% wrong="activation_table_tensorflow" name="log_sigmoid" of="names" mistake="sigmoid_logarithm"
# tf.sigmoid -> tf.math.log_sigmoid

# %% wrong="activation_table_tensorflow" name="plain_formula" of="names" mistake="not_finite"
# tf.sigmoid -> lambda z: 1 / (1 + tf.exp(-z))

# %% wrong="activation_table_tensorflow" name="sigmoid_for_tanh" of="names" mistake="tanh_is_sigmoid"
# tf.tanh -> tf.sigmoid

# %% wrong="activation_table_tensorflow" name="clipped" of="names" mistake="tanh_in_pieces"
# tf.tanh -> lambda z: tf.clip_by_value(z, -1, 1)

# %% wrong="activation_table_tensorflow" name="arctangent" of="names" mistake="arctan_instead"
# tf.tanh -> tf.atan

# %% wrong="activation_table_tensorflow" name="relu6" of="names" mistake="relu_capped"
# tf.nn.relu -> tf.nn.relu6

# %% wrong="activation_table_tensorflow" name="softplus" of="names" mistake="softplus_instead"
# tf.nn.relu -> tf.nn.softplus

# %% wrong="activation_table_tensorflow" name="own_slope" of="names" mistake="slope_of_tensorflow"
# tf.nn.leaky_relu(z, alpha=slope) -> tf.nn.leaky_relu(z)

# %% wrong="activation_table_tensorflow" name="plain_relu" of="names" mistake="leak_forgotten"
# tf.nn.leaky_relu(z, alpha=slope) -> tf.nn.relu(z)

# %% wrong="activation_table_tensorflow" name="numpy_function" of="names" mistake="wrong_type"
# tf.sigmoid -> lambda z: sigmoid(z.numpy())

# %% wrong="activation_table_tensorflow" name="detached" of="names" mistake="missing_gradient"
# tf.tanh -> lambda z: tf.tanh(tf.stop_gradient(z))

# %% wrong="activation_table_tensorflow" name="its_own_default" of="names" mistake="default_of_tensorflow"
# lambda z, slope=0.01: tf.nn.leaky_relu(z, alpha=slope) -> tf.nn.leaky_relu

# %% wrong="activation_table_tensorflow" name="slope_without_default" of="names" mistake="argument_missing"
# slope=0.01: -> slope:

# %% wrong="activation_table_torch" name="slope_without_default" of="names" mistake="argument_missing"
# nn.functional.leaky_relu -> lambda z, slope: nn.functional.leaky_relu(z, slope)

# %% [markdown]
# ## derivatives


# %% right="derivatives" name="formulas"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% wrong="derivatives" name="slope_times_z" of="formulas" mistake="leaky_value_on_the_left"
# np.where(z > 0, 1.0, slope) -> np.where(z > 0, 1.0, slope * z)

# %% wrong="derivatives" name="square_inside" of="formulas" mistake="tanh_of_square"
# np.tanh(z) ** 2 -> np.tanh(z**2)


# %% right="derivatives" name="other_forms"
def d_sigmoid(z):
    return sigmoid(z) * sigmoid(-z)


def d_tanh(z):
    a = tanh(z)
    return (1 - a) * (1 + a)


def d_relu(z):
    return z > 0


def d_leaky_relu(z, slope=0.01):
    return slope + (1 - slope) * (z > 0)


# %% right="derivatives" name="loops"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 4 * d_sigmoid(2 * z)


def d_relu(z):
    return [[1 if value > 0 else 0 for value in row] for row in z]


def d_leaky_relu(z, slope=0.01):
    return [[1 if value > 0 else slope for value in row] for row in z]


# %% right="derivatives" name="masks"
def d_sigmoid(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    slopes = np.zeros_like(z)
    slopes[z > 0] = 1
    return slopes


def d_leaky_relu(z, slope=0.01):
    slopes = np.ones_like(z)
    slopes[z <= 0] = slope
    return slopes


# %% right="derivatives" name="lambdas"
d_sigmoid = lambda z: (1 - np.tanh(z / 2) ** 2) / 4  # noqa: E731
d_tanh = lambda z: 1 - tanh(z) * tanh(z)  # noqa: E731
d_relu = lambda z: np.heaviside(z, 0)  # noqa: E731
d_leaky_relu = lambda z, slope=0.01: np.where(z > 0, 1, slope)  # noqa: E731


# %% wrong="derivatives" name="one_minus_sigmoid_of_minus_z" of="formulas" mistake="sigmoid_squared"
# sigmoid(z) * (1 - sigmoid(z)) -> sigmoid(z) * (1 - sigmoid(-z))

# %% wrong="derivatives" name="tanh_in_the_bracket" of="formulas" mistake="tanh_difference_squared"
# 1 - np.tanh(z) ** 2 -> (1 - np.tanh(z)) ** 2

# %% wrong="derivatives" name="tanh_by_sigmoid_of_z" of="formulas" mistake="tanh_of_half"
# 1 - np.tanh(z) ** 2 -> 4 * d_sigmoid(z)

# %% wrong="derivatives" name="z_in_the_sigmoid_formula" of="formulas" mistake="sigmoid_of_z_forgotten"
# sigmoid(z) * (1 - sigmoid(z)) -> z * (1 - z)

# %% wrong="derivatives" name="sigmoid_itself" of="formulas" mistake="sigmoid_not_derived"
# sigmoid(z) * (1 - sigmoid(z)) -> sigmoid(z)


# %% wrong="derivatives" name="tanh_formula" mistake="sigmoid_with_tanh_formula"
def d_sigmoid(z):
    a = sigmoid(z)
    return 1 - a**2


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% wrong="derivatives" name="tanh_not_squared" of="formulas" mistake="tanh_not_squared"
# np.tanh(z) ** 2 -> tanh(z)

# %% wrong="derivatives" name="z_in_the_tanh_formula" of="formulas" mistake="tanh_of_z_forgotten"
# np.tanh(z) ** 2 -> z**2


# %% wrong="derivatives" name="sigmoid_formula" mistake="tanh_with_sigmoid_formula"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    a = tanh(z)
    return a * (1 - a)


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% wrong="derivatives" name="relu_itself" of="formulas" mistake="relu_not_derived"
# np.where(z > 0, 1.0, 0.0) -> relu(z)

# %% wrong="derivatives" name="relu_other_side" of="formulas" mistake="relu_sides_swapped"
# 1.0, 0.0 -> 0.0, 1.0

# %% wrong="derivatives" name="no_leak" of="formulas" mistake="leak_forgotten"
# 1.0, slope -> 1.0, 0.0

# %% wrong="derivatives" name="leaky_itself" of="formulas" mistake="leaky_not_derived"
# np.where(z > 0, 1.0, slope) -> leaky_relu(z, slope)

# %% wrong="derivatives" name="right_slope_of_relu" of="formulas" mistake="relu_right_slope"
# np.where(z > 0, 1.0, 0.0) -> np.where(z >= 0, 1.0, 0.0)

# %% wrong="derivatives" name="right_slope_of_leaky_relu" of="formulas" mistake="leaky_right_slope"
# np.where(z > 0, 1.0, slope) -> np.where(z >= 0, 1.0, slope)

# %% wrong="derivatives" name="one_axis_only" of="formulas"
# np.where(z > 0, 1.0, 0.0) -> np.array([1.0 if float(value) > 0 else 0.0 for value in z])

# %% wrong="derivatives" name="slope_fixed" of="formulas" mistake="leaky_slope_fixed"
# 1.0, slope -> 1.0, 0.01

# %% wrong="derivatives" name="overflowing_formula" of="formulas" mistake="not_finite"
# sigmoid(z) * (1 - sigmoid(z)) -> np.exp(-z) / (1 + np.exp(-z)) ** 2

# %% wrong="derivatives" name="one_number" of="formulas"
# np.where(z > 0, 1.0, 0.0) -> 1.0


# %% wrong="derivatives" name="only_two_written"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z): ...


def d_leaky_relu(z, slope=0.01): ...


# %% wrong="derivatives" name="two_mistakes" of="formulas" mistake="sigmoid_of_z_forgotten"
# sigmoid(z) * (1 - sigmoid(z)) -> z * (1 - z)
# np.tanh(z) ** 2 -> tanh(z)


# %% wrong="derivatives" name="by_autograd" mistake="switched_off"
def slope_of(function, z):
    x = torch.tensor(z, requires_grad=True)
    function(x).sum().backward()
    return x.grad.numpy()


def d_sigmoid(z):
    return slope_of(torch.sigmoid, z)


def d_tanh(z):
    return slope_of(torch.tanh, z)


def d_relu(z):
    return slope_of(torch.relu, z)


def d_leaky_relu(z, slope=0.01):
    return slope_of(lambda x: nn.functional.leaky_relu(x, slope), z)


# %% [markdown]
# ## swish


# %% right="swish" name="product_rule"
def swish(z):
    return z * sigmoid(z)


def d_swish(z):
    a = sigmoid(z)
    return a + z * a * (1 - a)


# %% wrong="swish" name="one_minus_swish" of="product_rule" mistake="swish_for_sigmoid"
# (1 - a) -> (1 - swish(z))

# %% wrong="swish" name="slope_at_the_sigmoid" of="product_rule" mistake="slope_at_the_sigmoid"
# z * a * (1 - a) -> z * d_sigmoid(a)

# %% wrong="swish" name="factor_left_out" of="product_rule" mistake="factor_left_out"
# z * a * (1 - a) -> a * (1 - a)


# %% right="swish" name="by_its_value"
def swish(z):
    return z / 2 + z / 2 * np.tanh(z / 2)


def d_swish(z):
    value, a = swish(z), sigmoid(z)
    return value + a * (1 - value)


# %% wrong="swish" name="sigmoid" of="product_rule" mistake="z_forgotten"
# return z * sigmoid(z) -> return sigmoid(z)

# %% wrong="swish" name="one_term" of="product_rule" mistake="first_factor_kept"
# return a + z * a * (1 - a) -> return z * a * (1 - a)

# %% wrong="swish" name="other_term" of="product_rule" mistake="second_factor_kept"
# return a + z * a * (1 - a) -> return a

# %% wrong="swish" name="product_of_slopes" of="product_rule" mistake="slopes_multiplied"
# return a + z * a * (1 - a) -> return a * (1 - a)

# %% wrong="swish" name="second_slope_left_out" of="product_rule" mistake="second_slope_left_out"
# a + z * a * (1 - a) -> a + z * a

# %% [markdown]
# ## finite_difference


# %% right="finite_difference" name="formula"
def finite_difference(f, z, h=1e-5):
    return (f(z + h) - f(z - h)) / (2 * h)


# %% wrong="finite_difference" name="half_steps" of="formula" mistake="half_steps"
# f(z + h) - f(z - h) -> f(z + h / 2) - f(z - h / 2)


# %% right="finite_difference" name="mean_of_two"
def finite_difference(f, z, h=1e-5):
    forward = (f(z + h) - f(z)) / h
    backward = (f(z) - f(z - h)) / h
    return (forward + backward) / 2


# %% right="finite_difference" name="loops"
def finite_difference(f, z, h=1e-5):
    result = np.empty(z.shape)
    for place, value in np.ndenumerate(z):
        result[place] = (f(value + h) - f(value - h)) / h / 2
    return result


# %% right="finite_difference" name="other_names"
def finite_difference(function, points, step=1e-5):
    right, left = function(points + step), function(points - step)
    return (right - left) * 0.5 / step


# %% wrong="finite_difference" name="walks_by_its_own_step" of="formula" mistake="two_sizes_of_step"
# (f(z + h) - f(z - h)) -> (f(z + 1e-5) - f(z - 1e-5))

# %% wrong="finite_difference" name="divides_the_second" of="formula" mistake="half_divided"
# (f(z + h) - f(z - h)) -> f(z + h) - f(z - h)


# %% wrong="finite_difference" name="forward" mistake="one_sided"
def finite_difference(f, z, h=1e-5):
    return (f(z + h) - f(z)) / h


# %% wrong="finite_difference" name="backward" mistake="backward"
def finite_difference(f, z, h=1e-5):
    return (f(z) - f(z - h)) / h


# %% wrong="finite_difference" name="not_halved" of="formula" mistake="divided_by_h"
# (2 * h) -> h

# %% wrong="finite_difference" name="no_brackets" of="formula" mistake="brackets_forgotten"
# (2 * h) -> 2 * h

# %% wrong="finite_difference" name="not_divided" of="formula" mistake="not_divided"
# (f(z + h) - f(z - h)) / (2 * h) -> f(z + h) - f(z - h)

# %% wrong="finite_difference" name="left_minus_right" of="formula" mistake="sign_flipped"
# f(z + h) - f(z - h) -> f(z - h) - f(z + h)


# %% wrong="finite_difference" name="half_the_step"
def finite_difference(f, z, h=1e-5):
    return (f(z + h / 2) - f(z - h / 2)) / (2 * h)


# %% wrong="finite_difference" name="function_itself" of="formula"
# (f(z + h) - f(z - h)) / (2 * h) -> f(z)

# %% wrong="finite_difference" name="h_fixed" of="formula" mistake="h_ignored"
# return -> h = 1e-5; return

# %% wrong="finite_difference" name="averaged" of="formula"
# (f(z + h) - f(z - h)) / (2 * h) -> np.mean((f(z + h) - f(z - h)) / (2 * h))

# %% wrong="finite_difference" name="sides_cancel" of="mean_of_two" mistake="sides_cancel"
# backward = (f(z) - f(z - h)) / h -> backward = (f(z - h) - f(z)) / h

# %% [markdown]
# ## autograd_torch


# %% right="autograd_torch" name="backward"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    f(tensor).sum().backward()
    return tensor.grad.numpy()


# %% right="autograd_torch" name="moved" of="backward"
# requires_grad=True -> requires_grad=True, device="cuda" if torch.cuda.is_available() else "cpu"
# grad.numpy() -> grad.cpu().numpy()


# %% right="autograd_torch" name="upstream_of_ones"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    result = f(tensor)
    result.backward(torch.ones_like(result))
    return tensor.grad


# %% right="autograd_torch" name="torch_autograd_grad"
def autograd_torch(f, z):
    tensor = torch.from_numpy(z).requires_grad_()
    (slopes,) = torch.autograd.grad(f(tensor).sum(), tensor)
    return slopes.numpy()


# %% right="autograd_torch" name="torch_func"
def autograd_torch(f, z):
    return torch.func.grad(lambda each: f(each).sum())(torch.tensor(z)).numpy()


# %% right="autograd_torch" name="float32"
def autograd_torch(f, z):
    tensor = torch.tensor(z, dtype=torch.float32)
    tensor.requires_grad = True
    f(tensor).sum().backward()
    return tensor.grad.numpy()


# %% wrong="autograd_torch" name="value" of="backward" mistake="value_returned"
# f(tensor).sum().backward -> return f(tensor).detach().numpy
# return tensor.grad.numpy() ->

# %% wrong="autograd_torch" name="mean" of="backward" mistake="mean_instead_of_sum"
# sum -> mean

# %% wrong="autograd_torch" name="sum_of_slopes" of="backward" mistake="slopes_summed"
# tensor.grad.numpy -> tensor.grad.sum().item

# %% wrong="autograd_torch" name="backward_twice" of="backward" mistake="counted_twice"
# backward() -> backward(); f(tensor).sum().backward()

# %% wrong="autograd_torch" name="sum_of_the_input" of="upstream_of_ones" mistake="slopes_of_input"
# result.backward(torch.ones_like(result)) -> tensor.sum().backward()


# %% wrong="autograd_torch" name="weighted" mistake="weighted_by_value"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    values = f(tensor)
    values.backward(values.detach())
    return tensor.grad.numpy()


# %% wrong="autograd_torch" name="no_sum" of="backward"
# sum().backward -> backward

# %% wrong="autograd_torch" name="no_requires_grad" of="backward"
# z, requires_grad=True -> z

# %% wrong="autograd_torch" name="grad_of_a_copy" of="backward" mistake="none_returned"
# f(tensor) -> f(tensor * 1)
# tensor.grad.numpy() -> torch.tensor(z, requires_grad=True).grad

# %% [markdown]
# ## autograd_tensorflow


# %% right="autograd_tensorflow" name="tape"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        result = f(tensor)
    return tape.gradient(result, tensor).numpy()


# %% wrong="autograd_tensorflow" name="of_the_input" of="tape" mistake="slopes_of_input"
# tape.gradient(result, tensor) -> tape.gradient(tensor, tensor)


# %% right="autograd_tensorflow" name="variable"
def autograd_tf(f, z):
    variable = tf.Variable(z)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(f(variable))
    return tape.gradient(total, variable)


# %% right="autograd_tensorflow" name="tf_gradients"
def autograd_tf(f, z):
    @tf.function
    def slopes(tensor):
        return tf.gradients(f(tensor), tensor)[0]

    return slopes(tf.constant(z)).numpy()


# %% right="autograd_tensorflow" name="float32"
def autograd_tf(f, z):
    tensor = tf.constant(z, dtype=tf.float32)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(tensor)
        result = f(tensor)
    return tape.gradient(result, tensor).numpy()


# %% wrong="autograd_tensorflow" name="value" of="tape" mistake="value_returned"
# tf.GradientTape() -> tf.GradientTape(persistent=True)
# tape.gradient(result, tensor).numpy -> result.numpy

# %% wrong="autograd_tensorflow" name="mean" of="tape" mistake="mean_instead_of_sum"
# tf.GradientTape() -> tf.GradientTape(persistent=True)
# f(tensor) -> tf.reduce_mean(f(tensor))

# %% wrong="autograd_tensorflow" name="sum_of_slopes" of="tape" mistake="slopes_summed"
# tf.GradientTape() -> tf.GradientTape(persistent=True)
# tape.gradient(result, tensor).numpy() -> float(tf.reduce_sum(tape.gradient(result, tensor)))

# %% wrong="autograd_tensorflow" name="added_twice" of="tape" mistake="counted_twice"
# tf.GradientTape() -> tf.GradientTape(persistent=True)
# tape.gradient(result, tensor) -> (tape.gradient(result, tensor) + tape.gradient(result, tensor))

# %% wrong="autograd_tensorflow" name="weighted" of="tape" mistake="weighted_by_value"
# tf.GradientTape() -> tf.GradientTape(persistent=True)
# result, tensor -> result, tensor, output_gradients=result

# %% wrong="autograd_tensorflow" name="not_watched" of="tape"
# tape.watch(tensor) ->


# %% wrong="autograd_tensorflow" name="outside_the_tape" mistake="none_returned"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    result = f(tensor)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
    return tape.gradient(result, tensor)


# %% wrong="autograd_tensorflow" name="numpy_inside" of="tape"
# f(tensor) -> tf.constant(f(tensor.numpy()))

# %% [markdown]
# ## softmax_numpy


# %% right="softmax_numpy" name="keepdims"
def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong="softmax_numpy" name="smallest" of="keepdims" mistake="smallest_of_the_row"
# logits.max( -> logits.min(


# %% wrong="softmax_numpy" name="less_the_mean" of="keepdims" mistake="mean_of_the_row"
# logits.max( -> logits.mean(


# %% right="softmax_numpy" name="loops"
def softmax(logits):
    rows = []
    for row in logits:
        powers = np.exp(row - max(row))
        rows.append(powers / sum(powers))
    return rows


# %% right="softmax_numpy" name="through_logarithms"
def softmax(logits):
    shifted = logits - logits.max(-1)[:, None]
    return np.exp(shifted - np.log(np.exp(shifted).sum(-1))[:, None])


# %% right="softmax_numpy" name="transposed"
def softmax(logits):
    columns = logits.T - np.amax(logits, axis=1)
    powers = np.exp(columns)
    return (powers / powers.sum(axis=0)).T


# %% right="softmax_numpy" name="pairwise_differences"
def softmax(logits):
    differences = logits[:, None, :] - logits[:, :, None]
    return 1 / np.exp(np.minimum(differences, 85)).sum(axis=2)


# %% wrong="softmax_numpy" name="down_the_columns" of="keepdims" mistake="wrong_axis"
# logits.max(axis=1, keepdims=True) -> logits.max(axis=0)
# 1, keepdims=True -> 0

# %% wrong="softmax_numpy" name="sum_not_shifted" of="keepdims" mistake="sum_not_shifted"
# powers.sum(axis=1, keepdims=True) -> np.exp(logits).sum(axis=1, keepdims=True)

# %% wrong="softmax_numpy" name="only_sum_shifted" of="keepdims" mistake="only_sum_shifted"
# return powers / -> return np.exp(logits) /

# %% wrong="softmax_numpy" name="one_sum_for_all" of="keepdims" mistake="sum_of_the_table"
# powers.sum(axis=1, keepdims=True) -> np.sum(powers)

# %% wrong="softmax_numpy" name="whole_table" of="keepdims" mistake="whole_table"
# logits.max(axis=1, keepdims=True) -> logits.max()
# axis=1, keepdims=True ->


# %% wrong="softmax_numpy" name="sigmoid" mistake="sigmoid_instead"
def softmax(logits):
    return sigmoid(logits)


# %% wrong="softmax_numpy" name="not_divided" mistake="not_divided"
def softmax(logits):
    return np.exp(logits - logits.max(axis=1, keepdims=True))


# %% wrong="softmax_numpy" name="no_exp" mistake="exp_forgotten"
def softmax(logits):
    return logits / logits.sum(axis=1, keepdims=True)


# %% wrong="softmax_numpy" name="logarithm" mistake="logarithm_returned"
def softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


# %% wrong="softmax_numpy" name="winner" mistake="winner_takes_all"
def softmax(logits):
    return 1.0 * (logits == logits.max(axis=1, keepdims=True))


# %% wrong="softmax_numpy" name="minus" of="keepdims" mistake="sign_flipped"
# logits - logits.max(axis=1, keepdims=True) -> logits.min(axis=1, keepdims=True) - logits


# %% wrong="softmax_numpy" name="twice" mistake="softmax_twice"
def softmax(logits):
    for _ in range(2):
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        logits = powers / powers.sum(axis=1, keepdims=True)
    return logits


# %% wrong="softmax_numpy" name="overflows" of="keepdims" mistake="not_finite"
# logits - logits.max(axis=1, keepdims=True) -> logits

# %% wrong="softmax_numpy" name="one_maximum_for_all" of="keepdims" mistake="largest_of_the_table"
# logits.max(axis=1, keepdims=True) -> logits.max()

# %% wrong="softmax_numpy" name="keepdims_forgotten" of="keepdims"
# powers.sum(axis=1, keepdims=True) -> powers.sum(axis=1)


# %% wrong="softmax_numpy" name="changes_its_input" mistake="input_changed"
def softmax(logits):
    logits -= logits.max(axis=1, keepdims=True)
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong="softmax_numpy" name="ready_made_by_scipy" mistake="switched_off"
def softmax(logits):
    import scipy.special

    return scipy.special.softmax(logits, axis=1)


# %% wrong="softmax_numpy" name="ready_made_by_pytorch" mistake="switched_off"
def softmax(logits):
    return torch.tensor(logits).softmax(dim=1).numpy()


# %% [markdown]
# ## cross_entropy_numpy


# %% right="cross_entropy_numpy" name="one_step"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="each_by_a_sigmoid" mistake="sigmoid_for_softmax"
def cross_entropy(logits, labels):
    chosen = logits[np.arange(len(labels)), labels]
    return np.mean(np.logaddexp(0, -chosen))


# %% right="cross_entropy_numpy" name="loops"
def cross_entropy(logits, labels):
    total = 0
    for row, label in zip(logits, labels):
        largest = max(row)
        total += largest + np.log(sum(np.exp(row - largest))) - row[label]
    return total / len(labels)


# %% right="cross_entropy_numpy" name="logaddexp"
def cross_entropy(logits, labels):
    truth = np.take_along_axis(logits, labels[:, None], axis=1)[:, 0]
    return np.mean(np.logaddexp.reduce(logits, axis=1) - truth)


# %% right="cross_entropy_numpy" name="one_hot"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    one_hot = np.eye(logits.shape[1])[labels]
    return float(-(one_hot * log_p).sum() / len(logits))


# %% wrong="cross_entropy_numpy" name="sum" of="one_step" mistake="summed"
# mean -> sum

# %% wrong="cross_entropy_numpy" name="one_sum_for_all" of="one_step" mistake="summed_over_all"
# sum(axis=1, keepdims=True) -> sum()

# %% wrong="cross_entropy_numpy" name="row_and_column" of="one_step" mistake="row_and_column_swapped"
# log_p[np.arange(len(labels)), labels] -> log_p[labels, np.arange(len(labels))]

# %% wrong="cross_entropy_numpy" name="shifted_in_the_sum_only" of="one_step" mistake="largest_taken_once"
# log_p = shifted - -> log_p = logits -

# %% wrong="cross_entropy_numpy" name="one_for_each" of="one_step" mistake="not_averaged"
# .mean() ->

# %% wrong="cross_entropy_numpy" name="no_minus" of="one_step" mistake="sign_flipped"
# -log_p -> log_p


# %% wrong="cross_entropy_numpy" name="probabilities_as_logits" mistake="softmax_twice"
def cross_entropy(logits, labels):
    logits = softmax(logits)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="probabilities" of="one_step" mistake="log_forgotten"
# -log_p[np.arange(len(labels)), labels] -> np.exp(log_p[np.arange(len(labels)), labels])

# %% wrong="cross_entropy_numpy" name="labels_ignored" of="one_step" mistake="labels_ignored"
# log_p[np.arange(len(labels)), labels].mean -> log_p.mean

# %% wrong="cross_entropy_numpy" name="mean_of_one_hot" of="one_step" mistake="divided_by_classes"
# log_p[np.arange(len(labels)), labels] -> (np.eye(logits.shape[1])[labels] * log_p)

# %% wrong="cross_entropy_numpy" name="base_two" of="one_step" mistake="base_two"
# log_p[np.arange(len(labels)), labels] -> (log_p[np.arange(len(labels)), labels] / np.log(2))


# %% wrong="cross_entropy_numpy" name="logits_alone" mistake="softmax_forgotten"
def cross_entropy(logits, labels):
    return -logits[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="log_of_softmax" mistake="not_finite"
def cross_entropy(logits, labels):
    return -np.log(softmax(logits))[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="log_of_padded_softmax"
def cross_entropy(logits, labels):
    return -np.log(softmax(logits) + 1e-12)[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="all_columns" of="one_step" mistake="columns_for_all"
# np.arange(len(labels)) -> :


# %% wrong="cross_entropy_numpy" name="softmax_down_the_columns" mistake="wrong_axis"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=0)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0))
    return -log_p[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="largest_of_the_table" of="one_step" mistake="largest_of_the_table"
# logits.max(axis=1, keepdims=True) -> logits.max()

# %% wrong="cross_entropy_numpy" name="answers_as_labels" of="one_step" mistake="argmax_as_labels"
# labels].mean -> logits.argmax(axis=1)].mean


# %% wrong="cross_entropy_numpy" name="changes_its_input" mistake="input_changed"
def cross_entropy(logits, labels):
    logits -= logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="ready_made" mistake="switched_off"
def cross_entropy(logits, labels):
    return nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(labels)).item()


# %% wrong="cross_entropy_numpy" name="base_ten" of="one_step" mistake="base_ten"
# .mean() -> .mean() / np.log(10)


# %% [markdown]
# ## cross_entropy_torch


# %% right="cross_entropy_torch" name="ready_made"
def cross_entropy_torch(logits, labels):
    return nn.functional.cross_entropy(logits, labels)


# %% right="cross_entropy_torch" name="moved" of="ready_made"
# return nn -> device = "cuda" if torch.cuda.is_available() else "cpu"; return nn
# cross_entropy(logits, labels) -> cross_entropy(logits.to(device), labels.to(device))


# %% wrong="cross_entropy_torch" name="each_by_a_sigmoid" of="ready_made" mistake="sigmoid_for_softmax"
# cross_entropy(logits, labels) -> nll_loss(nn.functional.logsigmoid(logits), labels)


# %% right="cross_entropy_torch" name="log_softmax"
def cross_entropy_torch(logits, labels):
    log_p = torch.log_softmax(logits, dim=1)
    return -log_p[torch.arange(len(labels)), labels].mean()


# %% right="cross_entropy_torch" name="layer"
def cross_entropy_torch(logits, labels):
    return nn.CrossEntropyLoss()(logits, labels)


# %% right="cross_entropy_torch" name="logsumexp"
def cross_entropy_torch(logits, labels):
    truth = logits.gather(1, labels[:, None]).squeeze(1)
    return (torch.logsumexp(logits, dim=1) - truth).mean()


# %% wrong="cross_entropy_torch" name="as_given" mistake="still_broken"
def cross_entropy_torch(logits, labels):
    probabilities = torch.softmax(logits, dim=0)
    return nn.functional.cross_entropy(probabilities, labels)


# %% wrong="cross_entropy_torch" name="columns" mistake="wrong_axis"
def cross_entropy_torch(logits, labels):
    return nn.functional.nll_loss(torch.log_softmax(logits, dim=0), labels)


# %% wrong="cross_entropy_torch" name="answers_as_labels" mistake="argmax_as_labels"
def cross_entropy_torch(logits, labels):
    return nn.functional.cross_entropy(logits, logits.argmax(dim=1))


# %% wrong="cross_entropy_torch" name="arguments_swapped"
def cross_entropy_torch(logits, labels):
    return nn.functional.cross_entropy(labels, logits)


# %% wrong="cross_entropy_torch" name="sum" of="layer" mistake="summed"
# nn.CrossEntropyLoss()(logits, labels) -> nn.functional.cross_entropy(logits, labels, reduction="sum")

# %% wrong="cross_entropy_torch" name="one_for_each" of="layer" mistake="not_averaged"
# nn.CrossEntropyLoss()(logits, labels) -> nn.functional.cross_entropy(logits, labels, reduction="none")

# %% wrong="cross_entropy_torch" name="no_minus" of="layer" mistake="sign_flipped"
# nn.CrossEntropyLoss()(logits, labels) -> torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean()

# %% wrong="cross_entropy_torch" name="probabilities_as_logits" of="layer" mistake="softmax_twice"
# nn.CrossEntropyLoss()(logits, labels) -> nn.functional.cross_entropy(torch.softmax(logits, dim=1), labels)

# %% wrong="cross_entropy_torch" name="probabilities_summed" of="layer" mistake="softmax_twice_and_summed"
# nn.CrossEntropyLoss()(logits, labels) -> nn.CrossEntropyLoss(reduction="sum")(logits.softmax(1), labels)

# %% wrong="cross_entropy_torch" name="nll_of_probabilities" of="layer" mistake="softmax_without_log"
# nn.CrossEntropyLoss()(logits, labels) -> nn.functional.nll_loss(torch.softmax(logits, dim=1), labels)

# %% wrong="cross_entropy_torch" name="probabilities" of="layer" mistake="log_forgotten"
# nn.CrossEntropyLoss()(logits, labels) -> torch.softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean()

# %% wrong="cross_entropy_torch" name="labels_ignored" of="layer" mistake="labels_ignored"
# nn.CrossEntropyLoss()(logits, labels) -> -torch.log_softmax(logits, dim=1).mean()


# %% wrong="cross_entropy_torch" name="mean_of_one_hot" mistake="divided_by_classes"
def cross_entropy_torch(logits, labels):
    one_hot = nn.functional.one_hot(labels, logits.shape[1])
    return -(one_hot * torch.log_softmax(logits, dim=1)).mean()


# %% wrong="cross_entropy_torch" name="base_two" of="layer" mistake="base_two"
# nn.CrossEntropyLoss()(logits, labels) -> nn.functional.cross_entropy(logits, labels) / np.log(2)

# %% wrong="cross_entropy_torch" name="base_ten" of="layer" mistake="base_ten"
# nn.CrossEntropyLoss()(logits, labels) -> nn.functional.cross_entropy(logits, labels) / np.log(10)

# %% wrong="cross_entropy_torch" name="logits_alone" of="layer" mistake="softmax_forgotten"
# nn.CrossEntropyLoss() -> nn.functional.nll_loss

# %% wrong="cross_entropy_torch" name="log_of_softmax" of="layer" mistake="not_finite"
# nn.CrossEntropyLoss()(logits, labels) -> nn.functional.nll_loss(torch.log(torch.softmax(logits, dim=1)), labels)

# %% wrong="cross_entropy_torch" name="detached" of="layer" mistake="missing_gradient"
# nn.CrossEntropyLoss()(logits, labels) -> torch.tensor(nn.functional.cross_entropy(logits, labels).item())

# %% wrong="cross_entropy_torch" name="numpy_number" of="layer" mistake="wrong_type"
# nn.CrossEntropyLoss()(logits, labels) -> cross_entropy(logits.detach().numpy(), labels.numpy())

# %% [markdown]
# ## cross_entropy_tensorflow


# %% right="cross_entropy_tensorflow" name="ready_made"
def cross_entropy_tf(logits, labels):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))


# %% wrong="cross_entropy_tensorflow" name="probabilities_of_columns" mistake="wrong_axis_clipped"
def cross_entropy_tf(logits, labels):
    probabilities = tf.nn.softmax(logits, axis=0)
    return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, probabilities))


# %% right="cross_entropy_tensorflow" name="one_hot"
def cross_entropy_tf(logits, labels):
    one_hot = tf.one_hot(labels, logits.shape[1], dtype=logits.dtype)
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(one_hot, logits))


# %% right="cross_entropy_tensorflow" name="gather"
def cross_entropy_tf(logits, labels):
    log_p = tf.nn.log_softmax(logits)
    return -tf.reduce_mean(tf.gather(log_p, labels, batch_dims=1))


# %% right="cross_entropy_tensorflow" name="keras"
def cross_entropy_tf(logits, labels):
    losses = tf.keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
    return tf.reduce_mean(losses)


# %% right="cross_entropy_tensorflow" name="logsumexp"
def cross_entropy_tf(logits, labels):
    truth = tf.gather(logits, labels, axis=1, batch_dims=1)
    return tf.reduce_mean(tf.reduce_logsumexp(logits, axis=1) - truth)


# %% wrong="cross_entropy_tensorflow" name="each_by_a_sigmoid" of="gather" mistake="sigmoid_for_softmax"
# tf.nn.log_softmax -> tf.math.log_sigmoid

# %% wrong="cross_entropy_tensorflow" name="sum" of="ready_made" mistake="summed"
# tf.reduce_mean -> tf.reduce_sum


# %% wrong="cross_entropy_tensorflow" name="one_for_each" mistake="not_averaged"
def cross_entropy_tf(logits, labels):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


# %% wrong="cross_entropy_tensorflow" name="minus" of="ready_made" mistake="sign_flipped"
# tf.reduce_mean -> -tf.reduce_mean


# %% wrong="cross_entropy_tensorflow" name="probabilities_as_logits" mistake="softmax_twice"
def cross_entropy_tf(logits, labels):
    logits = tf.nn.softmax(logits)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))


# %% wrong="cross_entropy_tensorflow" name="probabilities" mistake="log_forgotten"
def cross_entropy_tf(logits, labels):
    return tf.reduce_mean(tf.gather(tf.nn.softmax(logits), labels, batch_dims=1))


# %% wrong="cross_entropy_tensorflow" name="labels_ignored" mistake="labels_ignored"
def cross_entropy_tf(logits, labels):
    return -tf.reduce_mean(tf.nn.log_softmax(logits))


# %% wrong="cross_entropy_tensorflow" name="mean_of_one_hot" mistake="divided_by_classes"
def cross_entropy_tf(logits, labels):
    one_hot = tf.one_hot(labels, logits.shape[1], dtype=logits.dtype)
    return -tf.reduce_mean(one_hot * tf.nn.log_softmax(logits))


# %% wrong="cross_entropy_tensorflow" name="base_two" mistake="base_two"
def cross_entropy_tf(logits, labels):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_mean(losses) / np.log(2)


# %% wrong="cross_entropy_tensorflow" name="base_ten" mistake="base_ten"
def cross_entropy_tf(logits, labels):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.reduce_mean(losses) / np.log(10)


# %% wrong="cross_entropy_tensorflow" name="logits_alone" mistake="softmax_forgotten"
def cross_entropy_tf(logits, labels):
    return -tf.reduce_mean(tf.gather(logits, labels, batch_dims=1))


# %% wrong="cross_entropy_tensorflow" name="log_of_softmax" of="gather" mistake="not_finite"
# tf.nn.log_softmax(logits) -> tf.math.log(tf.nn.softmax(logits))

# %% wrong="cross_entropy_tensorflow" name="probabilities_to_keras" of="keras" mistake="softmax_clipped"
# logits, from_logits=True -> tf.nn.softmax(logits)

# %% wrong="cross_entropy_tensorflow" name="softmax_before_from_logits" of="keras" mistake="softmax_twice"
# logits, from_logits=True -> tf.nn.softmax(logits), from_logits=True

# %% wrong="cross_entropy_tensorflow" name="softmax_before_a_sum" of="keras" mistake="softmax_twice_and_summed"
# logits, from_logits=True -> tf.nn.softmax(logits), from_logits=True
# tf.reduce_mean -> tf.reduce_sum

# %% wrong="cross_entropy_tensorflow" name="softmax_of_columns" of="keras" mistake="softmax_of_columns"
# logits, from_logits=True -> tf.nn.softmax(logits, axis=0), from_logits=True

# %% wrong="cross_entropy_tensorflow" name="keras_without_from_logits" of="keras" mistake="from_logits_forgotten"
# logits, from_logits=True -> logits

# %% wrong="cross_entropy_tensorflow" name="as_given" of="keras" mistake="still_broken_keras"
# logits, from_logits=True -> logits
# tf.reduce_mean -> tf.reduce_sum


# %% wrong="cross_entropy_tensorflow" name="columns" mistake="wrong_axis"
def cross_entropy_tf(logits, labels):
    log_p = tf.transpose(tf.nn.log_softmax(tf.transpose(logits)))
    return -tf.reduce_mean(tf.gather(log_p, labels, batch_dims=1))


# %% wrong="cross_entropy_tensorflow" name="answers_as_labels" of="ready_made" mistake="argmax_as_labels"
# labels=labels -> labels=tf.argmax(logits, axis=1)


# %% wrong="cross_entropy_tensorflow" name="detached" mistake="missing_gradient"
def cross_entropy_tf(logits, labels):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return tf.stop_gradient(tf.reduce_mean(losses))


# %% wrong="cross_entropy_tensorflow" name="numpy_number" mistake="wrong_type"
def cross_entropy_tf(logits, labels):
    return cross_entropy(logits.numpy(), labels.numpy())


# %% [markdown]
# ## gradient_sizes


# %% right="gradient_sizes" name="two_lists"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * derivative(z)
        sizes.append(np.abs(g).mean())
        g = g @ W.T
    return sizes[::-1]


# %% wrong="gradient_sizes" name="two_layers_only" of="two_lists" mistake="two_layers_only"
# sums, a = [], x -> sums, a, weights = [], x, weights[:2]

# %% wrong="gradient_sizes" name="last_layer_left_out" of="two_lists" mistake="last_layer_left_out"
# sums, a = [], x -> sums, a, weights = [], x, weights[:-1]


# %% right="gradient_sizes" name="recursion"
def gradient_sizes(x, weights, activation, derivative):
    def backwards(a, k):
        z = a @ weights[k]
        after = activation(z)
        if k + 1 == len(weights):
            gradient, sizes = np.ones_like(after), []
        else:
            gradient, sizes = backwards(after, k + 1)
        gradient = gradient * derivative(z)
        return gradient @ weights[k].T, [np.mean(np.abs(gradient)), *sizes]

    return np.array(backwards(x, 0)[1])


# %% right="gradient_sizes" name="filled_array"
def gradient_sizes(x, weights, activation, derivative):
    count = len(weights)
    z = [None] * count
    for k in range(count):
        z[k] = (x if k == 0 else activation(z[k - 1])) @ weights[k]
    sizes = np.empty(count)
    gradient = np.ones(z[-1].shape)
    for k in reversed(range(count)):
        gradient = gradient * derivative(z[k])
        sizes[k] = np.sum(np.abs(gradient)) / gradient.size
        gradient = gradient.dot(weights[k].transpose())
    return sizes


# %% right="gradient_sizes" name="sample_by_sample"
def gradient_sizes(x, weights, activation, derivative):
    sizes = np.zeros((len(x), len(weights)))
    for sample, a in enumerate(x):
        slopes = []
        for W in weights:
            slopes.append(derivative(a @ W))
            a = activation(a @ W)
        gradient = np.ones(len(a))
        for k in range(len(weights) - 1, -1, -1):
            gradient = gradient * slopes[k]
            sizes[sample, k] = np.abs(gradient).mean()
            gradient = weights[k] @ gradient
    return sizes.mean(axis=0)


# %% wrong="gradient_sizes" name="forwards_without_activation" of="two_lists" mistake="activation_left_out"
# a = activation(sums[-1]) -> a = sums[-1]

# %% wrong="gradient_sizes" name="derivative_at_the_outputs" of="two_lists" mistake="slope_of_the_output"
# derivative(z) -> derivative(activation(z))

# %% wrong="gradient_sizes" name="no_derivative" of="two_lists" mistake="slope_forgotten"
# derivative(z) -> 1

# %% wrong="gradient_sizes" name="no_weights" of="two_lists" mistake="weights_forgotten"
# g @ W.T -> g * 1

# %% wrong="gradient_sizes" name="no_transpose" of="two_lists" mistake="transpose_forgotten"
# g @ W.T -> g @ W

# %% wrong="gradient_sizes" name="last_layer_first" of="two_lists" mistake="order_reversed"
# sizes[::-1] -> sizes

# %% wrong="gradient_sizes" name="mean_with_signs" of="two_lists" mistake="not_absolute"
# np.abs(g).mean -> g.mean

# %% wrong="gradient_sizes" name="absolute_mean" of="two_lists" mistake="absolute_too_late"
# np.abs(g).mean() -> np.abs(g.mean())

# %% wrong="gradient_sizes" name="signs_and_order" of="two_lists" mistake="not_absolute_and_reversed"
# np.abs(g).mean -> g.mean
# sizes[::-1] -> sizes

# %% wrong="gradient_sizes" name="absolute_mean_and_order" of="two_lists" mistake="absolute_too_late_and_reversed"
# np.abs(g).mean() -> np.abs(g.mean())
# sizes[::-1] -> sizes

# %% wrong="gradient_sizes" name="sum" of="two_lists" mistake="summed"
# mean -> sum

# %% wrong="gradient_sizes" name="root_mean_square" of="two_lists" mistake="root_mean_square"
# np.abs(g).mean() -> np.sqrt(np.mean(g**2))

# %% wrong="gradient_sizes" name="largest" of="two_lists"
# mean -> max

# %% wrong="gradient_sizes" name="starts_at_the_outputs" of="two_lists" mistake="started_from_outputs"
# np.ones_like(a) -> a


# %% wrong="gradient_sizes" name="forwards_only"
def gradient_sizes(x, weights, activation, derivative):
    sizes = []
    for W in weights:
        x = x @ W
        sizes.append(np.mean(np.abs(derivative(x))))
        x = activation(x)
    return sizes


# %% wrong="gradient_sizes" name="before_the_derivative" of="two_lists" mistake="size_before_the_slope"
# g = g * derivative(z) ->
# g @ W.T -> g * derivative(z) @ W.T

# %% wrong="gradient_sizes" name="after_the_weights" of="two_lists" mistake="size_after_the_weights"
# g * derivative(z) -> (g * derivative(z)) @ W.T
# g = g @ W.T ->


# %% wrong="gradient_sizes" name="always_the_sigmoid" mistake="activation_ignored"
def gradient_sizes(x, weights, activation, derivative):
    zs, a = [], x
    for W in weights:
        z = a @ W
        a = sigmoid(z)
        zs.append(z)
    G = np.ones_like(a)
    sizes = []
    for z, W in zip(reversed(zs), reversed(weights)):
        G = G * d_sigmoid(z)
        sizes.append(float(np.mean(np.abs(G))))
        G = G @ W.T
    return sizes[::-1]


# %% [markdown]
# ## dead_relus


# %% right="dead_relus" name="all"
def dead_relus(x, W, b):
    dead = np.all(x @ W + b <= 0, axis=0)
    return dead, dead.sum()


# %% right="dead_relus" name="largest"
def dead_relus(x, W, b):
    dead = (x @ W + b).max(axis=0) <= 0
    return dead, int(np.count_nonzero(dead))


# %% right="dead_relus" name="loops"
def dead_relus(x, W, b):
    dead = []
    for unit in range(W.shape[1]):
        dead.append(not any(sample @ W[:, unit] + b[unit] > 0 for sample in x))
    return dead, dead.count(True)


# %% right="dead_relus" name="sum_of_outputs"
def dead_relus(x, W, b):
    outputs = np.maximum(0, np.dot(x, W) + b)
    dead = outputs.sum(axis=0) == 0
    return dead.astype(int), sum(dead)


# %% wrong="dead_relus" name="length_of_a_tuple" of="all" mistake="always_one"
# dead.sum() -> len(np.where(dead))

# %% wrong="dead_relus" name="counts_units" of="all" mistake="all_counted"
# dead.sum() -> dead.size

# %% wrong="dead_relus" name="any" of="all" mistake="any_instead_of_all"
# np.all -> np.any

# %% wrong="dead_relus" name="zero_counts_as_alive" of="all" mistake="zero_is_alive"
# <= 0 -> < 0

# %% wrong="dead_relus" name="alive" of="all" mistake="alive_instead"
# np.all -> np.any
# b <= 0 -> b > 0

# %% wrong="dead_relus" name="always_on" of="all" mistake="always_on"
# b <= 0 -> b > 0

# %% wrong="dead_relus" name="no_bias" of="all" mistake="bias_forgotten"
# W + b <= 0 -> W <= 0

# %% wrong="dead_relus" name="mean" of="all" mistake="mean_instead_of_all"
# np.all(x @ W + b <= 0, axis=0) -> np.mean(x @ W + b, axis=0) <= 0

# %% wrong="dead_relus" name="samples" of="all" mistake="samples_instead_of_units"
# axis=0 -> axis=1

# %% wrong="dead_relus" name="negative_bias" of="all" mistake="bias_alone"
# np.all(x @ W + b <= 0, axis=0) -> b < 0

# %% wrong="dead_relus" name="share" of="all" mistake="share_instead_of_count"
# dead.sum -> dead.mean

# %% wrong="dead_relus" name="counts_the_living" of="all" mistake="living_counted"
# dead.sum() -> np.sum(~dead)

# %% wrong="dead_relus" name="places" of="all"
# np.all(x @ W + b <= 0, axis=0) -> np.flatnonzero(np.all(x @ W + b <= 0, axis=0))
# dead.sum() -> len(dead)


# %% wrong="dead_relus" name="count_alone"
def dead_relus(x, W, b):
    return int(np.all(x @ W + b <= 0, axis=0).sum())
