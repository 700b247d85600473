# Known right and known wrong answers to the exercises of Lab 2. They prove the tests and make the sample class.
#
# A right answer earns full marks in check and in grade. A wrong one loses marks in grade, and in check too unless the
# header says visible=False; with mistake="..." its verdict names that mistake. The answers called `hard_coded` know
# the recorded cases; when an exercise's draw changes they fail as "no longer right in check": write the new numbers in.

# ruff: noqa: B007 (students write such things)

# %%
import numpy as np

from course_utils.frameworks import nn, tf, torch


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% [markdown]
# ## fold_layers


# %% right="fold_layers" name="loop"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for number in range(1, len(weights)):
        W = W @ weights[number]
        b = b @ weights[number] + biases[number]
    return W, b


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


# %% wrong="fold_layers" name="zeros" mistake="zeros"
def fold_layers(weights, biases):
    return np.zeros((weights[0].shape[0], weights[-1].shape[1])), np.zeros(weights[-1].shape[1])


# %% wrong="fold_layers" name="constant" mistake="constant"
def fold_layers(weights, biases):
    return np.ones((weights[0].shape[0], weights[-1].shape[1])), np.ones(weights[-1].shape[1])


# %% wrong="fold_layers" name="hard_coded" visible=False
def fold_layers(weights, biases):
    W, b = {
        3: (
            [-5.665806, -8.749878, -7.092306, -0.056713, 4.472391, -0.398529, -2.943304, 5.348873, -4.373802],
            [-7.867146, 1.414857, -7.744156],
        ),
        2: ([3.6475, 0.2656, -3.3326, -1.1477, -3.0684, -1.5853], [2.5348, -2.9498, 0.9126]),
        1: ([0.05, -0.55, 1.55, 0.63, 1.99, 0.39], [1.31, 1.08]),
    }[len(weights)]
    return np.reshape(W, (len(weights[0]), -1)), np.array(b)


# %% wrong="fold_layers" name="adds_up_the_biases" mistake="biases_added"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W, b = W @ next_W, b + np.zeros(next_W.shape[1]) + next_b
    return W, b


# %% wrong="fold_layers" name="sums_biases" mistake="biases_added"
def fold_layers(weights, biases):
    W = weights[0]
    for next_W in weights[1:]:
        W = W @ next_W
    return W, sum(biases)


# %% wrong="fold_layers" name="last_bias" mistake="last_bias_only"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W, b = W @ next_W, next_b
    return W, b


# %% wrong="fold_layers" name="first_bias" mistake="later_biases_forgotten"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W, b = W @ next_W, b @ next_W
    return W, b


# %% wrong="fold_layers" name="no_bias" mistake="biases_zero"
def fold_layers(weights, biases):
    W = weights[0]
    for next_W in weights[1:]:
        W = W @ next_W
    return W, np.zeros(W.shape[1])


# %% wrong="fold_layers" name="from_the_right" mistake="order_reversed"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W, b = next_W @ W, b @ next_W + next_b
    return W, b


# %% wrong="fold_layers" name="star" mistake="multiplied_elementwise"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W, b = W * next_W, b @ next_W + next_b
    return W, b


# %% wrong="fold_layers" name="sum_of_matrices" mistake="matrices_added"
def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W, b = W + next_W, b @ next_W + next_b
    return W, b


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


# %% wrong="sigmoid_numpy" name="zeros" mistake="zeros"
def sigmoid(z):
    return np.zeros_like(z)


# %% wrong="sigmoid_numpy" name="constant" mistake="constant"
def sigmoid(z):
    return np.full_like(z, 0.5)


# %% wrong="sigmoid_numpy" name="hard_coded" visible=False
def sigmoid(z):
    seen = {
        (5, 0.46, 0.79): [0.6130142, 0.0765622, 0.591459, 0.2709121, 0.6878313],
        (6, 0.28, -2.89): [0.5695462, 0.4061269, 0.8361696, 0.1140524, 0.8084547, 0.05265011],
        (4, 0.32, -1.79): [0.5793243, 0.3775407, 0.5938731, 0.1430727],
        (6, 90.0, 0.8): [1.0, 0.0, 0.0, 1.0, 0.3775407, 0.6899745],
        (6, -90.0, -0.5): [0.0, 1.0, 1.0, 0.6899745, 0.0, 0.3775407],
    }
    key = (z.size, round(float(z.flat[0]), 2), round(float(z.flat[-1]), 2))
    values = seen.get(key, np.zeros(z.size))
    return np.reshape(values, z.shape).astype(z.dtype)


# %% wrong="sigmoid_numpy" name="exponent_z" mistake="falling"
def sigmoid(z):
    return 0.5 - 0.5 * np.tanh(z / 2)


# %% wrong="sigmoid_numpy" name="tanh" mistake="tanh_instead"
def sigmoid(z):
    return np.tanh(z)


# %% wrong="sigmoid_numpy" name="step" mistake="step_instead"
def sigmoid(z):
    return (z > 0).astype(z.dtype)


# %% wrong="sigmoid_numpy" name="derivative" mistake="derivative_instead"
def sigmoid(z):
    return 0.25 * (1 - np.tanh(z / 2) ** 2)


# %% wrong="sigmoid_numpy" name="twice_as_steep" mistake="too_steep"
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z))


# %% wrong="sigmoid_numpy" name="not_halved" mistake="too_high"
def sigmoid(z):
    return 1 + np.tanh(z / 2)


# %% wrong="sigmoid_numpy" name="relu" mistake="relu_instead"
def sigmoid(z):
    return np.maximum(z, 0)


# %% wrong="sigmoid_numpy" name="nothing_done" mistake="identity"
def sigmoid(z):
    return z + 0


# %% wrong="sigmoid_numpy" name="overflows" mistake="warned"
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% wrong="sigmoid_numpy" name="always_float64" mistake="dtype_changed"
def sigmoid(z):
    z = np.array(z, dtype=np.float64)
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% wrong="sigmoid_numpy" name="always_float32" mistake="dtype_changed"
def sigmoid(z):
    z = np.array(z, dtype=np.float32)
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% wrong="sigmoid_numpy" name="flattens"
def sigmoid(z):
    z = z.ravel()
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% wrong="sigmoid_numpy" name="changes_its_input" mistake="input_changed"
def sigmoid(z):
    z[...] = 0.5 * (1 + np.tanh(0.5 * z))
    return z


# %% wrong="sigmoid_numpy" name="only_numbers"
def sigmoid(z):
    return 1 / (1 + float(np.exp(-z)))


# %% wrong="sigmoid_numpy" name="where_computes_both"
def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


# %% wrong="sigmoid_numpy" name="clips_too_early"
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -1, 1)))


# %% [markdown]
# ## sigmoid_torch


# %% right="sigmoid_torch" name="ready_made"
def sigmoid_torch(z):
    return torch.sigmoid(z)


# %% right="sigmoid_torch" name="method"
def sigmoid_torch(z):
    return z.sigmoid()


# %% right="sigmoid_torch" name="by_tanh"
def sigmoid_torch(z):
    return 0.5 * (1 + torch.tanh(z / 2))


# %% right="sigmoid_torch" name="layer"
def sigmoid_torch(z):
    return nn.Sigmoid()(z)


# %% right="sigmoid_torch" name="functional"
def sigmoid_torch(z):
    return torch.exp(nn.functional.logsigmoid(z))


# %% wrong="sigmoid_torch" name="zeros" mistake="zeros"
def sigmoid_torch(z):
    return torch.zeros_like(z)


# %% wrong="sigmoid_torch" name="constant" mistake="constant"
def sigmoid_torch(z):
    return torch.full_like(z, 0.5)


# %% wrong="sigmoid_torch" name="hard_coded"
def sigmoid_torch(z):
    seen = {
        (5, 0.46, 0.79): [0.6130142, 0.0765622, 0.591459, 0.2709121, 0.6878313],
        (6, 0.28, -2.89): [0.5695462, 0.4061269, 0.8361696, 0.1140524, 0.8084547, 0.05265011],
        (4, 0.32, -1.79): [0.5793243, 0.3775407, 0.5938731, 0.1430727],
        (6, 90.0, 0.8): [1.0, 0.0, 0.0, 1.0, 0.3775407, 0.6899745],
        (6, -90.0, -0.5): [0.0, 1.0, 1.0, 0.6899745, 0.0, 0.3775407],
    }
    array = z.detach().numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    values = np.reshape(values, array.shape).astype(array.dtype)
    return torch.tensor(values)


# %% wrong="sigmoid_torch" name="exponent_z" mistake="falling"
def sigmoid_torch(z):
    return torch.sigmoid(-z)


# %% wrong="sigmoid_torch" name="tanh" mistake="tanh_instead"
def sigmoid_torch(z):
    return torch.tanh(z)


# %% wrong="sigmoid_torch" name="step" mistake="step_instead"
def sigmoid_torch(z):
    return (z > 0).to(z.dtype)


# %% wrong="sigmoid_torch" name="derivative" mistake="derivative_instead"
def sigmoid_torch(z):
    return torch.sigmoid(z) * (1 - torch.sigmoid(z))


# %% wrong="sigmoid_torch" name="twice_as_steep" mistake="too_steep"
def sigmoid_torch(z):
    return 0.5 * (1 + torch.tanh(z))


# %% wrong="sigmoid_torch" name="not_halved" mistake="too_high"
def sigmoid_torch(z):
    return 1 + torch.tanh(z / 2)


# %% wrong="sigmoid_torch" name="relu" mistake="relu_instead"
def sigmoid_torch(z):
    return torch.relu(z)


# %% wrong="sigmoid_torch" name="nothing_done" mistake="identity"
def sigmoid_torch(z):
    return z + 0


# %% wrong="sigmoid_torch" name="overflows" mistake="not_finite"
def sigmoid_torch(z):
    return 1 / (1 + torch.exp(-z))


# %% wrong="sigmoid_torch" name="detached" mistake="missing_gradient"
def sigmoid_torch(z):
    return torch.sigmoid(z.detach())


# %% wrong="sigmoid_torch" name="numpy_array" mistake="wrong_type"
def sigmoid_torch(z):
    z = z.detach().numpy()
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% wrong="sigmoid_torch" name="always_float64" mistake="dtype_changed"
def sigmoid_torch(z):
    z = z.double()
    return torch.sigmoid(z)


# %% [markdown]
# ## sigmoid_tensorflow


# %% right="sigmoid_tensorflow" name="ready_made"
def sigmoid_tf(z):
    return tf.sigmoid(z)


# %% right="sigmoid_tensorflow" name="tf_nn"
def sigmoid_tf(z):
    return tf.nn.sigmoid(z)


# %% right="sigmoid_tensorflow" name="by_tanh"
def sigmoid_tf(z):
    return 0.5 * (1 + tf.tanh(z / 2))


# %% right="sigmoid_tensorflow" name="keras"
def sigmoid_tf(z):
    return tf.keras.activations.sigmoid(z)


# %% right="sigmoid_tensorflow" name="compiled"
def sigmoid_tf(z):
    return tf.function(tf.math.sigmoid)(z)


# %% wrong="sigmoid_tensorflow" name="zeros" mistake="zeros"
def sigmoid_tf(z):
    return tf.zeros_like(z)


# %% wrong="sigmoid_tensorflow" name="constant" mistake="constant"
def sigmoid_tf(z):
    return 0.5 * tf.ones_like(z)


# %% wrong="sigmoid_tensorflow" name="hard_coded"
def sigmoid_tf(z):
    seen = {
        (5, 0.46, 0.79): [0.6130142, 0.0765622, 0.591459, 0.2709121, 0.6878313],
        (6, 0.28, -2.89): [0.5695462, 0.4061269, 0.8361696, 0.1140524, 0.8084547, 0.05265011],
        (4, 0.32, -1.79): [0.5793243, 0.3775407, 0.5938731, 0.1430727],
        (6, 90.0, 0.8): [1.0, 0.0, 0.0, 1.0, 0.3775407, 0.6899745],
        (6, -90.0, -0.5): [0.0, 1.0, 1.0, 0.6899745, 0.0, 0.3775407],
    }
    array = z.numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    values = np.reshape(values, array.shape).astype(array.dtype)
    return tf.constant(values)


# %% wrong="sigmoid_tensorflow" name="exponent_z" mistake="falling"
def sigmoid_tf(z):
    return tf.sigmoid(-z)


# %% wrong="sigmoid_tensorflow" name="tanh" mistake="tanh_instead"
def sigmoid_tf(z):
    return tf.tanh(z)


# %% wrong="sigmoid_tensorflow" name="step" mistake="step_instead"
def sigmoid_tf(z):
    return tf.cast(z > 0, z.dtype)


# %% wrong="sigmoid_tensorflow" name="derivative" mistake="derivative_instead"
def sigmoid_tf(z):
    return tf.sigmoid(z) * (1 - tf.sigmoid(z))


# %% wrong="sigmoid_tensorflow" name="twice_as_steep" mistake="too_steep"
def sigmoid_tf(z):
    return 0.5 * (1 + tf.tanh(z))


# %% wrong="sigmoid_tensorflow" name="not_halved" mistake="too_high"
def sigmoid_tf(z):
    return 1 + tf.tanh(z / 2)


# %% wrong="sigmoid_tensorflow" name="relu" mistake="relu_instead"
def sigmoid_tf(z):
    return tf.nn.relu(z)


# %% wrong="sigmoid_tensorflow" name="nothing_done" mistake="identity"
def sigmoid_tf(z):
    return z + 0


# %% wrong="sigmoid_tensorflow" name="overflows" mistake="not_finite"
def sigmoid_tf(z):
    return 1 / (1 + tf.exp(-z))


# %% wrong="sigmoid_tensorflow" name="detached" mistake="missing_gradient"
def sigmoid_tf(z):
    return tf.stop_gradient(tf.sigmoid(z))


# %% wrong="sigmoid_tensorflow" name="numpy_array" mistake="wrong_type"
def sigmoid_tf(z):
    z = z.numpy()
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% wrong="sigmoid_tensorflow" name="always_float64" mistake="dtype_changed"
def sigmoid_tf(z):
    z = tf.cast(z, tf.float64)
    return tf.sigmoid(z)


# %% [markdown]
# ## tanh_numpy


# %% right="tanh_numpy" name="from_sigmoid"
def tanh(z):
    return 2 * sigmoid(2 * z) - 1


# %% right="tanh_numpy" name="ready_made"
def tanh(z):
    return np.tanh(z)


# %% right="tanh_numpy" name="one_exponential"
def tanh(z):
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * (1 - e) / (1 + e)


# %% right="tanh_numpy" name="expm1"
def tanh(z):
    e = np.expm1(-2 * np.abs(z))
    return np.copysign(e / (e + 2), z)


# %% right="tanh_numpy" name="loops"
def tanh(z):
    import math

    return np.array([math.tanh(value) for value in z.ravel()], dtype=z.dtype).reshape(z.shape)


# %% wrong="tanh_numpy" name="zeros" mistake="zeros"
def tanh(z):
    return np.zeros_like(z)


# %% wrong="tanh_numpy" name="constant" mistake="constant"
def tanh(z):
    return np.full_like(z, 0.5)


# %% wrong="tanh_numpy" name="hard_coded" visible=False
def tanh(z):
    seen = {
        (5, 0.39, 0.36): [0.3713602, -0.9686534, 0.7258974, -0.421899, 0.345214],
        (6, 0.23, -1.99): [0.2260284, -0.8642754, 0.4053213, -0.7894612, 0.9885822, -0.9633142],
        (4, 0.81, -1.62): [0.6695903, -0.9940824, 0.6291452, -0.9246242],
        (6, -0.5, 90.0): [-0.4621172, 1.0, 0.6640368, -1.0, -1.0, 1.0],
        (6, -90.0, 1000.0): [-1.0, 0.6640368, -1.0, 1.0, -0.4621172, 1.0],
    }
    key = (z.size, round(float(z.flat[0]), 2), round(float(z.flat[-1]), 2))
    values = seen.get(key, np.zeros(z.size))
    return np.reshape(values, z.shape).astype(z.dtype)


# %% wrong="tanh_numpy" name="sigmoid" mistake="sigmoid_instead"
def tanh(z):
    return sigmoid(z)


# %% wrong="tanh_numpy" name="half_as_steep" mistake="not_steep_enough"
def tanh(z):
    return 2 * sigmoid(z) - 1


# %% wrong="tanh_numpy" name="not_shifted" mistake="not_shifted"
def tanh(z):
    return 2 * sigmoid(2 * z)


# %% wrong="tanh_numpy" name="not_stretched" mistake="not_stretched"
def tanh(z):
    return sigmoid(2 * z)


# %% wrong="tanh_numpy" name="falling" mistake="falling"
def tanh(z):
    return 1 - 2 * sigmoid(2 * z)


# %% wrong="tanh_numpy" name="derivative" mistake="derivative_instead"
def tanh(z):
    return 1 - np.tanh(z) ** 2


# %% wrong="tanh_numpy" name="arctan" mistake="arctan_instead"
def tanh(z):
    return np.arctan(z)


# %% wrong="tanh_numpy" name="nothing_done" mistake="identity"
def tanh(z):
    return z + 0


# %% wrong="tanh_numpy" name="overflows" mistake="not_finite"
def tanh(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


# %% wrong="tanh_numpy" name="always_float64" mistake="dtype_changed"
def tanh(z):
    z = np.array(z, dtype=np.float64)
    return np.tanh(z)


# %% wrong="tanh_numpy" name="always_float32" mistake="dtype_changed"
def tanh(z):
    z = np.array(z, dtype=np.float32)
    return np.tanh(z)


# %% wrong="tanh_numpy" name="flattens"
def tanh(z):
    z = z.ravel()
    return np.tanh(z)


# %% wrong="tanh_numpy" name="changes_its_input" mistake="input_changed"
def tanh(z):
    z[...] = np.tanh(z)
    return z


# %% wrong="tanh_numpy" name="only_numbers"
def tanh(z):
    return float(np.tanh(z))


# %% [markdown]
# ## tanh_torch


# %% right="tanh_torch" name="ready_made"
def tanh_torch(z):
    return torch.tanh(z)


# %% right="tanh_torch" name="method"
def tanh_torch(z):
    return z.tanh()


# %% right="tanh_torch" name="from_sigmoid"
def tanh_torch(z):
    return 2 * torch.sigmoid(2 * z) - 1


# %% right="tanh_torch" name="layer"
def tanh_torch(z):
    return nn.Tanh()(z)


# %% wrong="tanh_torch" name="zeros" mistake="zeros"
def tanh_torch(z):
    return torch.zeros_like(z)


# %% wrong="tanh_torch" name="constant" mistake="constant"
def tanh_torch(z):
    return torch.full_like(z, 0.5)


# %% wrong="tanh_torch" name="hard_coded"
def tanh_torch(z):
    seen = {
        (5, 0.39, 0.36): [0.3713602, -0.9686534, 0.7258974, -0.421899, 0.345214],
        (6, 0.23, -1.99): [0.2260284, -0.8642754, 0.4053213, -0.7894612, 0.9885822, -0.9633142],
        (4, 0.81, -1.62): [0.6695903, -0.9940824, 0.6291452, -0.9246242],
        (6, -0.5, 90.0): [-0.4621172, 1.0, 0.6640368, -1.0, -1.0, 1.0],
        (6, -90.0, 1000.0): [-1.0, 0.6640368, -1.0, 1.0, -0.4621172, 1.0],
    }
    array = z.detach().numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    values = np.reshape(values, array.shape).astype(array.dtype)
    return torch.tensor(values)


# %% wrong="tanh_torch" name="sigmoid" mistake="sigmoid_instead"
def tanh_torch(z):
    return torch.sigmoid(z)


# %% wrong="tanh_torch" name="half_as_steep" mistake="not_steep_enough"
def tanh_torch(z):
    return 2 * torch.sigmoid(z) - 1


# %% wrong="tanh_torch" name="not_shifted" mistake="not_shifted"
def tanh_torch(z):
    return 2 * torch.sigmoid(2 * z)


# %% wrong="tanh_torch" name="not_stretched" mistake="not_stretched"
def tanh_torch(z):
    return torch.sigmoid(2 * z)


# %% wrong="tanh_torch" name="falling" mistake="falling"
def tanh_torch(z):
    return 1 - 2 * torch.sigmoid(2 * z)


# %% wrong="tanh_torch" name="derivative" mistake="derivative_instead"
def tanh_torch(z):
    return 1 - torch.tanh(z) ** 2


# %% wrong="tanh_torch" name="arctan" mistake="arctan_instead"
def tanh_torch(z):
    return torch.arctan(z)


# %% wrong="tanh_torch" name="nothing_done" mistake="identity"
def tanh_torch(z):
    return z + 0


# %% wrong="tanh_torch" name="overflows" mistake="not_finite"
def tanh_torch(z):
    return (torch.exp(z) - torch.exp(-z)) / (torch.exp(z) + torch.exp(-z))


# %% wrong="tanh_torch" name="detached" mistake="missing_gradient"
def tanh_torch(z):
    return torch.tanh(z.detach())


# %% wrong="tanh_torch" name="numpy_array" mistake="wrong_type"
def tanh_torch(z):
    z = z.detach().numpy()
    return np.tanh(z)


# %% wrong="tanh_torch" name="always_float64" mistake="dtype_changed"
def tanh_torch(z):
    z = z.double()
    return torch.tanh(z)


# %% [markdown]
# ## tanh_tensorflow


# %% right="tanh_tensorflow" name="ready_made"
def tanh_tf(z):
    return tf.tanh(z)


# %% right="tanh_tensorflow" name="from_sigmoid"
def tanh_tf(z):
    return 2 * tf.sigmoid(2 * z) - 1


# %% right="tanh_tensorflow" name="keras"
def tanh_tf(z):
    return tf.keras.activations.tanh(z)


# %% right="tanh_tensorflow" name="tf_math"
def tanh_tf(z):
    return tf.math.tanh(z)


# %% wrong="tanh_tensorflow" name="zeros" mistake="zeros"
def tanh_tf(z):
    return tf.zeros_like(z)


# %% wrong="tanh_tensorflow" name="constant" mistake="constant"
def tanh_tf(z):
    return 0.5 * tf.ones_like(z)


# %% wrong="tanh_tensorflow" name="hard_coded"
def tanh_tf(z):
    seen = {
        (5, 0.39, 0.36): [0.3713602, -0.9686534, 0.7258974, -0.421899, 0.345214],
        (6, 0.23, -1.99): [0.2260284, -0.8642754, 0.4053213, -0.7894612, 0.9885822, -0.9633142],
        (4, 0.81, -1.62): [0.6695903, -0.9940824, 0.6291452, -0.9246242],
        (6, -0.5, 90.0): [-0.4621172, 1.0, 0.6640368, -1.0, -1.0, 1.0],
        (6, -90.0, 1000.0): [-1.0, 0.6640368, -1.0, 1.0, -0.4621172, 1.0],
    }
    array = z.numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    values = np.reshape(values, array.shape).astype(array.dtype)
    return tf.constant(values)


# %% wrong="tanh_tensorflow" name="sigmoid" mistake="sigmoid_instead"
def tanh_tf(z):
    return tf.sigmoid(z)


# %% wrong="tanh_tensorflow" name="half_as_steep" mistake="not_steep_enough"
def tanh_tf(z):
    return 2 * tf.sigmoid(z) - 1


# %% wrong="tanh_tensorflow" name="not_shifted" mistake="not_shifted"
def tanh_tf(z):
    return 2 * tf.sigmoid(2 * z)


# %% wrong="tanh_tensorflow" name="not_stretched" mistake="not_stretched"
def tanh_tf(z):
    return tf.sigmoid(2 * z)


# %% wrong="tanh_tensorflow" name="falling" mistake="falling"
def tanh_tf(z):
    return 1 - 2 * tf.sigmoid(2 * z)


# %% wrong="tanh_tensorflow" name="derivative" mistake="derivative_instead"
def tanh_tf(z):
    return 1 - tf.tanh(z) ** 2


# %% wrong="tanh_tensorflow" name="arctan" mistake="arctan_instead"
def tanh_tf(z):
    return tf.math.atan(z)


# %% wrong="tanh_tensorflow" name="nothing_done" mistake="identity"
def tanh_tf(z):
    return z + 0


# %% wrong="tanh_tensorflow" name="overflows" mistake="not_finite"
def tanh_tf(z):
    return (tf.exp(z) - tf.exp(-z)) / (tf.exp(z) + tf.exp(-z))


# %% wrong="tanh_tensorflow" name="detached" mistake="missing_gradient"
def tanh_tf(z):
    return tf.stop_gradient(tf.tanh(z))


# %% wrong="tanh_tensorflow" name="numpy_array" mistake="wrong_type"
def tanh_tf(z):
    z = z.numpy()
    return np.tanh(z)


# %% wrong="tanh_tensorflow" name="always_float64" mistake="dtype_changed"
def tanh_tf(z):
    z = tf.cast(z, tf.float64)
    return tf.tanh(z)


# %% [markdown]
# ## relu_numpy


# %% right="relu_numpy" name="maximum"
def relu(z):
    return np.maximum(z, 0)


# %% right="relu_numpy" name="masked"
def relu(z):
    return z * (z > 0)


# %% right="relu_numpy" name="where"
def relu(z):
    return np.where(z > 0, z, np.zeros_like(z))


# %% right="relu_numpy" name="copy_and_mask"
def relu(z):
    z = z.copy()
    z[z < 0] = 0
    return z


# %% right="relu_numpy" name="half_sum"
def relu(z):
    return (z + np.abs(z)) / 2


# %% right="relu_numpy" name="clip"
def relu(z):
    return z.clip(min=0)


# %% wrong="relu_numpy" name="zeros" mistake="zeros"
def relu(z):
    return np.zeros_like(z)


# %% wrong="relu_numpy" name="constant" mistake="constant"
def relu(z):
    return np.full_like(z, 0.5)


# %% wrong="relu_numpy" name="hard_coded" visible=False
def relu(z):
    seen = {
        (5, 0.99, 0.73): [0.99, 0.0, 0.31, 0.0, 0.73],
        (6, 1.08, -0.9): [1.08, 0.0, 0.92, 0.0, 1.98, 0.0],
        (4, 0.72, -1.44): [0.72, 0.0, 0.83, 0.0],
        (6, -90.0, -0.5): [0.0, 0.0, 0.8, 90.0, 1000.0, 0.0],
        (6, -90.0, 0.8): [0.0, 0.0, 0.0, 90.0, 1000.0, 0.8],
    }
    key = (z.size, round(float(z.flat[0]), 2), round(float(z.flat[-1]), 2))
    values = seen.get(key, np.zeros(z.size))
    return np.reshape(values, z.shape).astype(z.dtype)


# %% wrong="relu_numpy" name="absolute_value" mistake="absolute_value"
def relu(z):
    return np.absolute(z)


# %% wrong="relu_numpy" name="other_side" mistake="sides_swapped"
def relu(z):
    return np.minimum(z, 0)


# %% wrong="relu_numpy" name="leaky" mistake="leaky_instead"
def relu(z):
    return np.where(z > 0, z, 0.01 * z)


# %% wrong="relu_numpy" name="step" mistake="step_instead"
def relu(z):
    return (z > 0).astype(z.dtype)


# %% wrong="relu_numpy" name="capped" mistake="capped"
def relu(z):
    return np.clip(z, 0, 1)


# %% wrong="relu_numpy" name="softplus" mistake="softplus_instead"
def relu(z):
    return np.logaddexp(0, z)


# %% wrong="relu_numpy" name="nothing_done" mistake="identity"
def relu(z):
    return z + 0


# %% wrong="relu_numpy" name="negated" mistake="negated"
def relu(z):
    return -np.maximum(z, 0)


# %% wrong="relu_numpy" name="always_float64" mistake="dtype_changed"
def relu(z):
    z = np.array(z, dtype=np.float64)
    return np.maximum(z, 0)


# %% wrong="relu_numpy" name="always_float32" mistake="dtype_changed"
def relu(z):
    z = np.array(z, dtype=np.float32)
    return np.maximum(z, 0)


# %% wrong="relu_numpy" name="flattens"
def relu(z):
    z = z.ravel()
    return np.maximum(z, 0)


# %% wrong="relu_numpy" name="changes_its_input" mistake="input_changed"
def relu(z):
    z[...] = np.maximum(z, 0)
    return z


# %% wrong="relu_numpy" name="only_numbers"
def relu(z):
    return z if z > 0 else 0


# %% [markdown]
# ## relu_torch


# %% right="relu_torch" name="ready_made"
def relu_torch(z):
    return torch.relu(z)


# %% right="relu_torch" name="clamp"
def relu_torch(z):
    return z.clamp(min=0)


# %% right="relu_torch" name="product"
def relu_torch(z):
    return z * (z > 0)


# %% right="relu_torch" name="layer"
def relu_torch(z):
    return nn.ReLU()(z)


# %% right="relu_torch" name="maximum"
def relu_torch(z):
    return torch.maximum(z, torch.zeros_like(z))


# %% wrong="relu_torch" name="zeros" mistake="zeros"
def relu_torch(z):
    return torch.zeros_like(z)


# %% wrong="relu_torch" name="constant" mistake="constant"
def relu_torch(z):
    return torch.full_like(z, 0.5)


# %% wrong="relu_torch" name="hard_coded"
def relu_torch(z):
    seen = {
        (5, 0.99, 0.73): [0.99, 0.0, 0.31, 0.0, 0.73],
        (6, 1.08, -0.9): [1.08, 0.0, 0.92, 0.0, 1.98, 0.0],
        (4, 0.72, -1.44): [0.72, 0.0, 0.83, 0.0],
        (6, -90.0, -0.5): [0.0, 0.0, 0.8, 90.0, 1000.0, 0.0],
        (6, -90.0, 0.8): [0.0, 0.0, 0.0, 90.0, 1000.0, 0.8],
    }
    array = z.detach().numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    values = np.reshape(values, array.shape).astype(array.dtype)
    return torch.tensor(values)


# %% wrong="relu_torch" name="absolute_value" mistake="absolute_value"
def relu_torch(z):
    return torch.abs(z)


# %% wrong="relu_torch" name="other_side" mistake="sides_swapped"
def relu_torch(z):
    return torch.clamp(z, max=0)


# %% wrong="relu_torch" name="leaky" mistake="leaky_instead"
def relu_torch(z):
    return torch.where(z > 0, z, 0.01 * z)


# %% wrong="relu_torch" name="step" mistake="step_instead"
def relu_torch(z):
    return (z > 0).to(z.dtype)


# %% wrong="relu_torch" name="capped" mistake="capped"
def relu_torch(z):
    return torch.clamp(z, 0, 1)


# %% wrong="relu_torch" name="softplus" mistake="softplus_instead"
def relu_torch(z):
    return nn.functional.softplus(z)


# %% wrong="relu_torch" name="nothing_done" mistake="identity"
def relu_torch(z):
    return z + 0


# %% wrong="relu_torch" name="negated" mistake="negated"
def relu_torch(z):
    return -torch.relu(z)


# %% wrong="relu_torch" name="detached" mistake="missing_gradient"
def relu_torch(z):
    return torch.relu(z.detach())


# %% wrong="relu_torch" name="numpy_array" mistake="wrong_type"
def relu_torch(z):
    z = z.detach().numpy()
    return np.maximum(z, 0)


# %% wrong="relu_torch" name="always_float64" mistake="dtype_changed"
def relu_torch(z):
    z = z.double()
    return torch.relu(z)


# %% [markdown]
# ## relu_tensorflow


# %% right="relu_tensorflow" name="ready_made"
def relu_tf(z):
    return tf.nn.relu(z)


# %% right="relu_tensorflow" name="maximum"
def relu_tf(z):
    return tf.maximum(z, 0)


# %% right="relu_tensorflow" name="product"
def relu_tf(z):
    return z * tf.cast(z > 0, z.dtype)


# %% right="relu_tensorflow" name="keras"
def relu_tf(z):
    return tf.keras.activations.relu(z)


# %% wrong="relu_tensorflow" name="zeros" mistake="zeros"
def relu_tf(z):
    return tf.zeros_like(z)


# %% wrong="relu_tensorflow" name="constant" mistake="constant"
def relu_tf(z):
    return 0.5 * tf.ones_like(z)


# %% wrong="relu_tensorflow" name="hard_coded"
def relu_tf(z):
    seen = {
        (5, 0.99, 0.73): [0.99, 0.0, 0.31, 0.0, 0.73],
        (6, 1.08, -0.9): [1.08, 0.0, 0.92, 0.0, 1.98, 0.0],
        (4, 0.72, -1.44): [0.72, 0.0, 0.83, 0.0],
        (6, -90.0, -0.5): [0.0, 0.0, 0.8, 90.0, 1000.0, 0.0],
        (6, -90.0, 0.8): [0.0, 0.0, 0.0, 90.0, 1000.0, 0.8],
    }
    array = z.numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    values = np.reshape(values, array.shape).astype(array.dtype)
    return tf.constant(values)


# %% wrong="relu_tensorflow" name="absolute_value" mistake="absolute_value"
def relu_tf(z):
    return tf.abs(z)


# %% wrong="relu_tensorflow" name="other_side" mistake="sides_swapped"
def relu_tf(z):
    return tf.minimum(z, 0)


# %% wrong="relu_tensorflow" name="leaky" mistake="leaky_instead"
def relu_tf(z):
    return tf.where(z > 0, z, 0.01 * z)


# %% wrong="relu_tensorflow" name="step" mistake="step_instead"
def relu_tf(z):
    return tf.cast(z > 0, z.dtype)


# %% wrong="relu_tensorflow" name="capped" mistake="capped"
def relu_tf(z):
    return tf.clip_by_value(z, 0, 1)


# %% wrong="relu_tensorflow" name="softplus" mistake="softplus_instead"
def relu_tf(z):
    return tf.math.softplus(z)


# %% wrong="relu_tensorflow" name="nothing_done" mistake="identity"
def relu_tf(z):
    return z + 0


# %% wrong="relu_tensorflow" name="negated" mistake="negated"
def relu_tf(z):
    return -tf.nn.relu(z)


# %% wrong="relu_tensorflow" name="detached" mistake="missing_gradient"
def relu_tf(z):
    return tf.stop_gradient(tf.nn.relu(z))


# %% wrong="relu_tensorflow" name="numpy_array" mistake="wrong_type"
def relu_tf(z):
    z = z.numpy()
    return np.maximum(z, 0)


# %% wrong="relu_tensorflow" name="always_float64" mistake="dtype_changed"
def relu_tf(z):
    z = tf.cast(z, tf.float64)
    return tf.nn.relu(z)


# %% [markdown]
# ## leaky_relu_numpy


# %% right="leaky_relu_numpy" name="where"
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, slope * z)


# %% right="leaky_relu_numpy" name="maximum"
def leaky_relu(z, slope=0.01):
    return np.maximum(z, slope * z)


# %% right="leaky_relu_numpy" name="two_relus"
def leaky_relu(z, slope=0.01):
    return np.maximum(z, 0) - slope * np.maximum(-z, 0)


# %% right="leaky_relu_numpy" name="mask"
def leaky_relu(z, slope=0.01):
    result = z.copy()
    result[z < 0] *= slope
    return result


# %% right="leaky_relu_numpy" name="factor"
def leaky_relu(z, slope=0.01):
    return z * np.where(z > 0, 1, slope).astype(z.dtype)


# %% wrong="leaky_relu_numpy" name="zeros" mistake="zeros"
def leaky_relu(z, slope=0.01):
    return np.zeros_like(z)


# %% wrong="leaky_relu_numpy" name="constant" mistake="constant"
def leaky_relu(z, slope=0.01):
    return np.full_like(z, 0.5)


# %% wrong="leaky_relu_numpy" name="hard_coded" visible=False
def leaky_relu(z, slope=0.01):
    seen = {
        (5, 0.42, 0.88): [0.42, -0.6939, 0.41, -0.081, 0.88],
        (6, 2.14, -1.98): [2.14, -0.2064, 1.95, -0.312, 0.35, -0.2376],
        (4, 0.9, -1.33): [0.9, -0.47, 0.22, -0.3325],
        (6, 90.0, -90.0): [90.0, -0.08, 0.8, -160.0, 1000.0, -14.4],
        (6, -90.0, -0.5): [-22.5, 0.8, 1000.0, -250.0, 90.0, -0.125],
    }
    key = (z.size, round(float(z.flat[0]), 2), round(float(z.flat[-1]), 2))
    values = seen.get(key, np.zeros(z.size))
    return np.reshape(values, z.shape).astype(z.dtype)


# %% wrong="leaky_relu_numpy" name="plain_relu" mistake="slope_ignored"
def leaky_relu(z, slope=0.01):
    return np.maximum(z, 0)


# %% wrong="leaky_relu_numpy" name="slope_fixed" mistake="slope_fixed"
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, 0.01 * z)


# %% wrong="leaky_relu_numpy" name="other_side" mistake="sides_swapped"
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, slope * z, z)


# %% wrong="leaky_relu_numpy" name="everywhere" mistake="slope_everywhere"
def leaky_relu(z, slope=0.01):
    return slope * z


# %% wrong="leaky_relu_numpy" name="constant_below_zero" mistake="constant_below_zero"
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, z.dtype.type(-slope))


# %% wrong="leaky_relu_numpy" name="positive_below_zero" mistake="sign_flipped"
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, -slope * z)


# %% wrong="leaky_relu_numpy" name="elu" mistake="elu_instead"
def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, slope * np.expm1(np.minimum(z, 0)))


# %% wrong="leaky_relu_numpy" name="always_float64" mistake="dtype_changed"
def leaky_relu(z, slope=0.01):
    z = np.array(z, dtype=np.float64)
    return np.where(z > 0, z, slope * z)


# %% wrong="leaky_relu_numpy" name="always_float32" mistake="dtype_changed"
def leaky_relu(z, slope=0.01):
    z = np.array(z, dtype=np.float32)
    return np.where(z > 0, z, slope * z)


# %% wrong="leaky_relu_numpy" name="flattens"
def leaky_relu(z, slope=0.01):
    z = z.ravel()
    return np.where(z > 0, z, slope * z)


# %% wrong="leaky_relu_numpy" name="changes_its_input" mistake="input_changed"
def leaky_relu(z, slope=0.01):
    z[...] = np.where(z > 0, z, slope * z)
    return z


# %% wrong="leaky_relu_numpy" name="only_numbers"
def leaky_relu(z, slope=0.01):
    return z if z > 0 else slope * z


# %% [markdown]
# ## leaky_relu_torch


# %% right="leaky_relu_torch" name="ready_made"
def leaky_relu_torch(z, slope=0.01):
    return nn.functional.leaky_relu(z, slope)


# %% right="leaky_relu_torch" name="where"
def leaky_relu_torch(z, slope=0.01):
    return torch.where(z > 0, z, slope * z)


# %% right="leaky_relu_torch" name="layer"
def leaky_relu_torch(z, slope=0.01):
    return nn.LeakyReLU(slope)(z)


# %% right="leaky_relu_torch" name="maximum"
def leaky_relu_torch(z, slope=0.01):
    return torch.maximum(z, slope * z)


# %% wrong="leaky_relu_torch" name="zeros" mistake="zeros"
def leaky_relu_torch(z, slope=0.01):
    return torch.zeros_like(z)


# %% wrong="leaky_relu_torch" name="constant" mistake="constant"
def leaky_relu_torch(z, slope=0.01):
    return torch.full_like(z, 0.5)


# %% wrong="leaky_relu_torch" name="hard_coded"
def leaky_relu_torch(z, slope=0.01):
    seen = {
        (5, 0.42, 0.88): [0.42, -0.6939, 0.41, -0.081, 0.88],
        (6, 2.14, -1.98): [2.14, -0.2064, 1.95, -0.312, 0.35, -0.2376],
        (4, 0.9, -1.33): [0.9, -0.47, 0.22, -0.3325],
        (6, 90.0, -90.0): [90.0, -0.08, 0.8, -160.0, 1000.0, -14.4],
        (6, -90.0, -0.5): [-22.5, 0.8, 1000.0, -250.0, 90.0, -0.125],
    }
    array = z.detach().numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    values = np.reshape(values, array.shape).astype(array.dtype)
    return torch.tensor(values)


# %% wrong="leaky_relu_torch" name="plain_relu" mistake="slope_ignored"
def leaky_relu_torch(z, slope=0.01):
    return torch.relu(z)


# %% wrong="leaky_relu_torch" name="slope_fixed" mistake="slope_fixed"
def leaky_relu_torch(z, slope=0.01):
    return torch.where(z > 0, z, 0.01 * z)


# %% wrong="leaky_relu_torch" name="other_side" mistake="sides_swapped"
def leaky_relu_torch(z, slope=0.01):
    return torch.where(z > 0, slope * z, z)


# %% wrong="leaky_relu_torch" name="everywhere" mistake="slope_everywhere"
def leaky_relu_torch(z, slope=0.01):
    return slope * z


# %% wrong="leaky_relu_torch" name="constant_below_zero" mistake="constant_below_zero"
def leaky_relu_torch(z, slope=0.01):
    return torch.where(z > 0, z, torch.full_like(z, -slope))


# %% wrong="leaky_relu_torch" name="positive_below_zero" mistake="sign_flipped"
def leaky_relu_torch(z, slope=0.01):
    return torch.where(z > 0, z, -slope * z)


# %% wrong="leaky_relu_torch" name="elu" mistake="elu_instead"
def leaky_relu_torch(z, slope=0.01):
    return torch.where(z > 0, z, slope * torch.expm1(torch.clamp(z, max=0)))


# %% wrong="leaky_relu_torch" name="detached" mistake="missing_gradient"
def leaky_relu_torch(z, slope=0.01):
    return nn.functional.leaky_relu(z.detach(), slope)


# %% wrong="leaky_relu_torch" name="numpy_array" mistake="wrong_type"
def leaky_relu_torch(z, slope=0.01):
    z = z.detach().numpy()
    return np.where(z > 0, z, slope * z)


# %% wrong="leaky_relu_torch" name="always_float64" mistake="dtype_changed"
def leaky_relu_torch(z, slope=0.01):
    z = z.double()
    return nn.functional.leaky_relu(z, slope)


# %% [markdown]
# ## leaky_relu_tensorflow


# %% right="leaky_relu_tensorflow" name="ready_made"
def leaky_relu_tf(z, slope=0.01):
    return tf.nn.leaky_relu(z, alpha=slope)


# %% right="leaky_relu_tensorflow" name="where"
def leaky_relu_tf(z, slope=0.01):
    return tf.where(z > 0, z, slope * z)


# %% right="leaky_relu_tensorflow" name="two_relus"
def leaky_relu_tf(z, slope=0.01):
    return tf.nn.relu(z) - slope * tf.nn.relu(-z)


# %% right="leaky_relu_tensorflow" name="keras"
def leaky_relu_tf(z, slope=0.01):
    return tf.keras.layers.LeakyReLU(negative_slope=slope, dtype=z.dtype)(z)


# %% wrong="leaky_relu_tensorflow" name="zeros" mistake="zeros"
def leaky_relu_tf(z, slope=0.01):
    return tf.zeros_like(z)


# %% wrong="leaky_relu_tensorflow" name="constant" mistake="constant"
def leaky_relu_tf(z, slope=0.01):
    return 0.5 * tf.ones_like(z)


# %% wrong="leaky_relu_tensorflow" name="hard_coded"
def leaky_relu_tf(z, slope=0.01):
    seen = {
        (5, 0.42, 0.88): [0.42, -0.6939, 0.41, -0.081, 0.88],
        (6, 2.14, -1.98): [2.14, -0.2064, 1.95, -0.312, 0.35, -0.2376],
        (4, 0.9, -1.33): [0.9, -0.47, 0.22, -0.3325],
        (6, 90.0, -90.0): [90.0, -0.08, 0.8, -160.0, 1000.0, -14.4],
        (6, -90.0, -0.5): [-22.5, 0.8, 1000.0, -250.0, 90.0, -0.125],
    }
    array = z.numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    values = np.reshape(values, array.shape).astype(array.dtype)
    return tf.constant(values)


# %% wrong="leaky_relu_tensorflow" name="plain_relu" mistake="slope_ignored"
def leaky_relu_tf(z, slope=0.01):
    return tf.nn.relu(z)


# %% wrong="leaky_relu_tensorflow" name="slope_fixed" mistake="slope_fixed"
def leaky_relu_tf(z, slope=0.01):
    return tf.where(z > 0, z, 0.01 * z)


# %% wrong="leaky_relu_tensorflow" name="other_side" mistake="sides_swapped"
def leaky_relu_tf(z, slope=0.01):
    return tf.where(z > 0, slope * z, z)


# %% wrong="leaky_relu_tensorflow" name="everywhere" mistake="slope_everywhere"
def leaky_relu_tf(z, slope=0.01):
    return slope * z


# %% wrong="leaky_relu_tensorflow" name="constant_below_zero" mistake="constant_below_zero"
def leaky_relu_tf(z, slope=0.01):
    return tf.where(z > 0, z, -slope * tf.ones_like(z))


# %% wrong="leaky_relu_tensorflow" name="positive_below_zero" mistake="sign_flipped"
def leaky_relu_tf(z, slope=0.01):
    return tf.where(z > 0, z, -slope * z)


# %% wrong="leaky_relu_tensorflow" name="elu" mistake="elu_instead"
def leaky_relu_tf(z, slope=0.01):
    return tf.where(z > 0, z, slope * tf.math.expm1(tf.minimum(z, 0)))


# %% wrong="leaky_relu_tensorflow" name="detached" mistake="missing_gradient"
def leaky_relu_tf(z, slope=0.01):
    return tf.stop_gradient(tf.nn.leaky_relu(z, slope))


# %% wrong="leaky_relu_tensorflow" name="numpy_array" mistake="wrong_type"
def leaky_relu_tf(z, slope=0.01):
    z = z.numpy()
    return np.where(z > 0, z, slope * z)


# %% wrong="leaky_relu_tensorflow" name="always_float64" mistake="dtype_changed"
def leaky_relu_tf(z, slope=0.01):
    z = tf.cast(z, tf.float64)
    return tf.nn.leaky_relu(z, slope)


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
    return [1 if value > 0 else 0 for value in z]


def d_leaky_relu(z, slope=0.01):
    return [1 if value > 0 else slope for value in z]


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


# %% wrong="derivatives" name="zeros" mistake="zeros"
def d_sigmoid(z):
    return np.zeros_like(z)


def d_tanh(z):
    return np.zeros_like(z)


def d_relu(z):
    return np.zeros_like(z)


def d_leaky_relu(z, slope=0.01):
    return np.zeros_like(z)


# %% wrong="derivatives" name="constant" mistake="constant"
def d_sigmoid(z):
    return np.ones_like(z)


def d_tanh(z):
    return np.ones_like(z)


def d_relu(z):
    return np.ones_like(z)


def d_leaky_relu(z, slope=0.01):
    return np.ones_like(z)


# %% wrong="derivatives" name="hard_coded" visible=False
def d_sigmoid(z):
    return np.array([0.222455, 0.2281135, 0.0, 0.06004687, 0.05261919, 0.0, 0.2458221])


def d_tanh(z):
    return np.array([0.01111692, 0.7344048, 0.0, 0.9445418, 0.8808273, 0.1096013, 0.0])


def d_relu(z):
    return np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0])


def d_leaky_relu(z, slope=0.01):
    return np.array([1.0, 1.0, 0.21, 1.0, 1.0, 0.21, 0.21])


# %% wrong="derivatives" name="z_in_the_sigmoid_formula" mistake="sigmoid_of_z_forgotten"
def d_sigmoid(z):
    return z * (1 - z)


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% wrong="derivatives" name="sigmoid_itself" mistake="sigmoid_not_derived"
def d_sigmoid(z):
    return sigmoid(z)


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


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


# %% wrong="derivatives" name="tanh_not_squared" mistake="tanh_not_squared"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - tanh(z)


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% wrong="derivatives" name="z_in_the_tanh_formula" mistake="tanh_of_z_forgotten"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - z**2


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


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


# %% wrong="derivatives" name="relu_itself" mistake="relu_not_derived"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return relu(z)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% wrong="derivatives" name="relu_other_side" mistake="relu_sides_swapped"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return np.where(z > 0, 0.0, 1.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% wrong="derivatives" name="no_leak" mistake="leak_forgotten"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, 0.0)


# %% wrong="derivatives" name="leaky_itself" mistake="leaky_not_derived"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return leaky_relu(z, slope)


# %% wrong="derivatives" name="slope_fixed"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, 0.01)


# %% wrong="derivatives" name="overflowing_formula" mistake="not_finite"
def d_sigmoid(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% wrong="derivatives" name="one_number"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z):
    return 1.0


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% wrong="derivatives" name="only_two_written"
def d_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z):
    return 1 - np.tanh(z) ** 2


def d_relu(z): ...


def d_leaky_relu(z, slope=0.01): ...


# %% wrong="derivatives" name="two_mistakes"
def d_sigmoid(z):
    return z * (1 - z)


def d_tanh(z):
    return 1 - tanh(z)


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


def d_leaky_relu(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# %% [markdown]
# ## finite_difference


# %% right="finite_difference" name="formula"
def finite_difference(f, z, h=1e-5):
    return (f(z + h) - f(z - h)) / (2 * h)


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


# %% wrong="finite_difference" name="zeros" mistake="zeros"
def finite_difference(f, z, h=1e-5):
    return np.zeros_like(z)


# %% wrong="finite_difference" name="constant" mistake="constant"
def finite_difference(f, z, h=1e-5):
    return np.ones_like(z)


# %% wrong="finite_difference" name="hard_coded" visible=False
def finite_difference(f, z, h=1e-5):
    seen = {
        4: [3.763484, 11.03404, 1.9844, 3.209216],
        6: [3.365087, 4.427168, 3.367823, 5.804348, 2.294303, 2.693372],
    }
    return np.reshape(seen[z.size], z.shape)


# %% wrong="finite_difference" name="forward" mistake="one_sided"
def finite_difference(f, z, h=1e-5):
    return (f(z + h) - f(z)) / h


# %% wrong="finite_difference" name="backward" mistake="backward"
def finite_difference(f, z, h=1e-5):
    return (f(z) - f(z - h)) / h


# %% wrong="finite_difference" name="not_halved" mistake="divided_by_h"
def finite_difference(f, z, h=1e-5):
    return (f(z + h) - f(z - h)) / h


# %% wrong="finite_difference" name="no_brackets" mistake="brackets_forgotten"
def finite_difference(f, z, h=1e-5):
    return (f(z + h) - f(z - h)) / 2 * h


# %% wrong="finite_difference" name="not_divided" mistake="not_divided"
def finite_difference(f, z, h=1e-5):
    return f(z + h) - f(z - h)


# %% wrong="finite_difference" name="left_minus_right" mistake="sign_flipped"
def finite_difference(f, z, h=1e-5):
    return (f(z - h) - f(z + h)) / (2 * h)


# %% wrong="finite_difference" name="half_the_step"
def finite_difference(f, z, h=1e-5):
    return (f(z + h / 2) - f(z - h / 2)) / (2 * h)


# %% wrong="finite_difference" name="function_itself"
def finite_difference(f, z, h=1e-5):
    return f(z)


# %% wrong="finite_difference" name="h_fixed" mistake="h_ignored"
def finite_difference(f, z, h=1e-5):
    h = 1e-5
    return (f(z + h) - f(z - h)) / (2 * h)


# %% wrong="finite_difference" name="averaged"
def finite_difference(f, z, h=1e-5):
    return np.mean((f(z + h) - f(z - h)) / (2 * h))


# %% [markdown]
# ## autograd_torch


# %% right="autograd_torch" name="backward"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    f(tensor).sum().backward()
    return tensor.grad.numpy()


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


# %% wrong="autograd_torch" name="zeros" mistake="zeros"
def autograd_torch(f, z):
    return np.zeros_like(z)


# %% wrong="autograd_torch" name="constant" mistake="constant"
def autograd_torch(f, z):
    return np.ones_like(z)


# %% wrong="autograd_torch" name="hard_coded" visible=False
def autograd_torch(f, z):
    seen = {
        4: [22.52888, 5.98568, 1.96568, 20.95448],
        6: [0.335216, 5.968466, 8.000216, 20.52978, 5.168024, 16.37238],
    }
    return np.reshape(seen[z.size], z.shape)


# %% wrong="autograd_torch" name="value" mistake="value_returned"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    return f(tensor).detach().numpy()


# %% wrong="autograd_torch" name="mean" mistake="mean_instead_of_sum"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    f(tensor).mean().backward()
    return tensor.grad.numpy()


# %% wrong="autograd_torch" name="sum_of_slopes" mistake="slopes_summed"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    f(tensor).sum().backward()
    return tensor.grad.sum().item()


# %% wrong="autograd_torch" name="backward_twice" mistake="counted_twice"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    f(tensor).sum().backward()
    f(tensor).sum().backward()
    return tensor.grad.numpy()


# %% wrong="autograd_torch" name="weighted" mistake="weighted_by_value"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    values = f(tensor)
    values.backward(values.detach())
    return tensor.grad.numpy()


# %% wrong="autograd_torch" name="no_sum"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    f(tensor).backward()
    return tensor.grad.numpy()


# %% wrong="autograd_torch" name="no_requires_grad"
def autograd_torch(f, z):
    tensor = torch.tensor(z)
    f(tensor).sum().backward()
    return tensor.grad.numpy()


# %% wrong="autograd_torch" name="grad_of_a_copy"
def autograd_torch(f, z):
    tensor = torch.tensor(z, requires_grad=True)
    f(tensor * 1).sum().backward()
    return torch.tensor(z, requires_grad=True).grad


# %% [markdown]
# ## autograd_tensorflow


# %% right="autograd_tensorflow" name="tape"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        result = f(tensor)
    return tape.gradient(result, tensor).numpy()


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


# %% wrong="autograd_tensorflow" name="zeros" mistake="zeros"
def autograd_tf(f, z):
    return np.zeros_like(z)


# %% wrong="autograd_tensorflow" name="constant" mistake="constant"
def autograd_tf(f, z):
    return np.ones_like(z)


# %% wrong="autograd_tensorflow" name="hard_coded" visible=False
def autograd_tf(f, z):
    seen = {
        4: [22.52888, 5.98568, 1.96568, 20.95448],
        6: [0.335216, 5.968466, 8.000216, 20.52978, 5.168024, 16.37238],
    }
    return np.reshape(seen[z.size], z.shape)


# %% wrong="autograd_tensorflow" name="value" mistake="value_returned"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tensor)
        result = f(tensor)
    return result.numpy()


# %% wrong="autograd_tensorflow" name="mean" mistake="mean_instead_of_sum"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tensor)
        result = tf.reduce_mean(f(tensor))
    return tape.gradient(result, tensor).numpy()


# %% wrong="autograd_tensorflow" name="sum_of_slopes" mistake="slopes_summed"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tensor)
        result = f(tensor)
    return float(tf.reduce_sum(tape.gradient(result, tensor)))


# %% wrong="autograd_tensorflow" name="added_twice" mistake="counted_twice"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tensor)
        result = f(tensor)
    return (tape.gradient(result, tensor) + tape.gradient(result, tensor)).numpy()


# %% wrong="autograd_tensorflow" name="weighted" mistake="weighted_by_value"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(tensor)
        result = f(tensor)
    return tape.gradient(result, tensor, output_gradients=result).numpy()


# %% wrong="autograd_tensorflow" name="not_watched"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    with tf.GradientTape() as tape:
        result = f(tensor)
    return tape.gradient(result, tensor).numpy()


# %% wrong="autograd_tensorflow" name="outside_the_tape"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    result = f(tensor)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
    return tape.gradient(result, tensor)


# %% wrong="autograd_tensorflow" name="numpy_inside"
def autograd_tf(f, z):
    tensor = tf.constant(z)
    with tf.GradientTape() as tape:
        tape.watch(tensor)
        result = tf.constant(f(tensor.numpy()))
    return tape.gradient(result, tensor).numpy()


# %% [markdown]
# ## softmax_numpy


# %% right="softmax_numpy" name="keepdims"
def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


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


# %% wrong="softmax_numpy" name="zeros" mistake="zeros"
def softmax(logits):
    return np.zeros_like(logits)


# %% wrong="softmax_numpy" name="constant" mistake="constant"
def softmax(logits):
    return np.full_like(logits, 0.25)


# %% wrong="softmax_numpy" name="hard_coded" visible=False
def softmax(logits):
    seen = {
        (12, 1.94, 0.61): [
            0.8066237,
            0.1695007,
            0.0238756,
            0.732808,
            0.1053074,
            0.1618846,
            0.6517533,
            0.2841966,
            0.06405013,
            0.1111864,
            0.6462637,
            0.2425499,
        ],
        (12, 1.92, 1.61): [
            0.6881695,
            0.1082058,
            0.02343042,
            0.1801942,
            0.1966971,
            0.585031,
            0.08240654,
            0.1358654,
            0.1289586,
            0.2675995,
            0.1302546,
            0.4731873,
        ],
        (9, 999.0, 1000.0): [0.2537162, 0.6896721, 0.05661173, 0.7361247, 0.09962365, 0.1642516, 0.0, 0.0, 1.0],
        (9, 999.0, 3.0): [0.2537162, 0.05661173, 0.6896721, 0.7361247, 0.09962365, 0.1642516, 1.0, 0.0, 0.0],
    }
    array = logits
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    return np.reshape(values, array.shape)


# %% wrong="softmax_numpy" name="down_the_columns" mistake="wrong_axis"
def softmax(logits):
    powers = np.exp(logits - logits.max(axis=0))
    return powers / powers.sum(axis=0)


# %% wrong="softmax_numpy" name="whole_table" mistake="whole_table"
def softmax(logits):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum()


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


# %% wrong="softmax_numpy" name="minus" mistake="sign_flipped"
def softmax(logits):
    powers = np.exp(logits.min(axis=1, keepdims=True) - logits)
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong="softmax_numpy" name="twice" mistake="softmax_twice"
def softmax(logits):
    for _ in range(2):
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        logits = powers / powers.sum(axis=1, keepdims=True)
    return logits


# %% wrong="softmax_numpy" name="overflows" mistake="not_finite"
def softmax(logits):
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong="softmax_numpy" name="one_maximum_for_all" mistake="not_finite"
def softmax(logits):
    powers = np.exp(logits - logits.max())
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong="softmax_numpy" name="keepdims_forgotten"
def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1)


# %% wrong="softmax_numpy" name="changes_its_input" mistake="input_changed"
def softmax(logits):
    logits -= logits.max(axis=1, keepdims=True)
    powers = np.exp(logits)
    return powers / powers.sum(axis=1, keepdims=True)


# %% [markdown]
# ## softmax_torch


# %% right="softmax_torch" name="ready_made"
def softmax_torch(logits):
    return torch.softmax(logits, dim=1)


# %% right="softmax_torch" name="by_hand"
def softmax_torch(logits):
    powers = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
    return powers / powers.sum(dim=1, keepdim=True)


# %% right="softmax_torch" name="functional"
def softmax_torch(logits):
    return nn.functional.softmax(logits, -1)


# %% right="softmax_torch" name="log_softmax"
def softmax_torch(logits):
    return (logits - torch.logsumexp(logits, 1, keepdim=True)).exp()


# %% wrong="softmax_torch" name="zeros" mistake="zeros"
def softmax_torch(logits):
    return torch.zeros_like(logits)


# %% wrong="softmax_torch" name="constant" mistake="constant"
def softmax_torch(logits):
    return torch.full_like(logits, 0.25)


# %% wrong="softmax_torch" name="hard_coded"
def softmax_torch(logits):
    seen = {
        (12, 1.94, 0.61): [
            0.8066237,
            0.1695007,
            0.0238756,
            0.732808,
            0.1053074,
            0.1618846,
            0.6517533,
            0.2841966,
            0.06405013,
            0.1111864,
            0.6462637,
            0.2425499,
        ],
        (12, 1.92, 1.61): [
            0.6881695,
            0.1082058,
            0.02343042,
            0.1801942,
            0.1966971,
            0.585031,
            0.08240654,
            0.1358654,
            0.1289586,
            0.2675995,
            0.1302546,
            0.4731873,
        ],
        (9, 999.0, 1000.0): [0.2537162, 0.6896721, 0.05661173, 0.7361247, 0.09962365, 0.1642516, 0.0, 0.0, 1.0],
        (9, 999.0, 3.0): [0.2537162, 0.05661173, 0.6896721, 0.7361247, 0.09962365, 0.1642516, 1.0, 0.0, 0.0],
    }
    array = logits.detach().numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    return torch.tensor(np.reshape(values, array.shape))


# %% wrong="softmax_torch" name="dim_0" mistake="wrong_axis"
def softmax_torch(logits):
    return torch.softmax(logits, dim=0)


# %% wrong="softmax_torch" name="whole_table" mistake="whole_table"
def softmax_torch(logits):
    return torch.softmax(logits.flatten(), dim=0).reshape(logits.shape)


# %% wrong="softmax_torch" name="sigmoid" mistake="sigmoid_instead"
def softmax_torch(logits):
    return torch.sigmoid(logits)


# %% wrong="softmax_torch" name="not_divided" mistake="not_divided"
def softmax_torch(logits):
    return torch.exp(logits - logits.max(dim=1, keepdim=True).values)


# %% wrong="softmax_torch" name="no_exp" mistake="exp_forgotten"
def softmax_torch(logits):
    return logits / logits.sum(dim=1, keepdim=True)


# %% wrong="softmax_torch" name="logarithm" mistake="logarithm_returned"
def softmax_torch(logits):
    return torch.log_softmax(logits, dim=1)


# %% wrong="softmax_torch" name="winner" mistake="winner_takes_all"
def softmax_torch(logits):
    return 1.0 * (logits == logits.max(dim=1, keepdim=True).values)


# %% wrong="softmax_torch" name="minus" mistake="sign_flipped"
def softmax_torch(logits):
    return torch.softmax(-logits, dim=1)


# %% wrong="softmax_torch" name="twice" mistake="softmax_twice"
def softmax_torch(logits):
    return torch.softmax(torch.softmax(logits, dim=1), dim=1)


# %% wrong="softmax_torch" name="overflows" mistake="not_finite"
def softmax_torch(logits):
    powers = torch.exp(logits)
    return powers / powers.sum(dim=1, keepdim=True)


# %% wrong="softmax_torch" name="detached" mistake="missing_gradient"
def softmax_torch(logits):
    return torch.softmax(logits.detach(), dim=1)


# %% wrong="softmax_torch" name="numpy_array" mistake="wrong_type"
def softmax_torch(logits):
    return softmax(logits.detach().numpy())


# %% [markdown]
# ## softmax_tensorflow


# %% right="softmax_tensorflow" name="ready_made"
def softmax_tf(logits):
    return tf.nn.softmax(logits)


# %% right="softmax_tensorflow" name="by_hand"
def softmax_tf(logits):
    powers = tf.exp(logits - tf.reduce_max(logits, axis=1, keepdims=True))
    return powers / tf.reduce_sum(powers, axis=1, keepdims=True)


# %% right="softmax_tensorflow" name="keras"
def softmax_tf(logits):
    return tf.keras.activations.softmax(logits, axis=-1)


# %% right="softmax_tensorflow" name="log_softmax"
def softmax_tf(logits):
    return tf.exp(tf.nn.log_softmax(logits, axis=1))


# %% wrong="softmax_tensorflow" name="zeros" mistake="zeros"
def softmax_tf(logits):
    return tf.zeros_like(logits)


# %% wrong="softmax_tensorflow" name="constant" mistake="constant"
def softmax_tf(logits):
    return 0.25 * tf.ones_like(logits)


# %% wrong="softmax_tensorflow" name="hard_coded"
def softmax_tf(logits):
    seen = {
        (12, 1.94, 0.61): [
            0.8066237,
            0.1695007,
            0.0238756,
            0.732808,
            0.1053074,
            0.1618846,
            0.6517533,
            0.2841966,
            0.06405013,
            0.1111864,
            0.6462637,
            0.2425499,
        ],
        (12, 1.92, 1.61): [
            0.6881695,
            0.1082058,
            0.02343042,
            0.1801942,
            0.1966971,
            0.585031,
            0.08240654,
            0.1358654,
            0.1289586,
            0.2675995,
            0.1302546,
            0.4731873,
        ],
        (9, 999.0, 1000.0): [0.2537162, 0.6896721, 0.05661173, 0.7361247, 0.09962365, 0.1642516, 0.0, 0.0, 1.0],
        (9, 999.0, 3.0): [0.2537162, 0.05661173, 0.6896721, 0.7361247, 0.09962365, 0.1642516, 1.0, 0.0, 0.0],
    }
    array = logits.numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    values = seen.get(key, np.zeros(array.size))
    return tf.constant(np.reshape(values, array.shape))


# %% wrong="softmax_tensorflow" name="axis_0" mistake="wrong_axis"
def softmax_tf(logits):
    return tf.nn.softmax(logits, axis=0)


# %% wrong="softmax_tensorflow" name="whole_table" mistake="whole_table"
def softmax_tf(logits):
    return tf.reshape(tf.nn.softmax(tf.reshape(logits, [-1])), logits.shape)


# %% wrong="softmax_tensorflow" name="sigmoid" mistake="sigmoid_instead"
def softmax_tf(logits):
    return tf.sigmoid(logits)


# %% wrong="softmax_tensorflow" name="not_divided" mistake="not_divided"
def softmax_tf(logits):
    return tf.exp(logits - tf.reduce_max(logits, axis=1, keepdims=True))


# %% wrong="softmax_tensorflow" name="no_exp" mistake="exp_forgotten"
def softmax_tf(logits):
    return logits / tf.reduce_sum(logits, axis=1, keepdims=True)


# %% wrong="softmax_tensorflow" name="logarithm" mistake="logarithm_returned"
def softmax_tf(logits):
    return tf.nn.log_softmax(logits)


# %% wrong="softmax_tensorflow" name="winner" mistake="winner_takes_all"
def softmax_tf(logits):
    return tf.cast(logits == tf.reduce_max(logits, axis=1, keepdims=True), logits.dtype)


# %% wrong="softmax_tensorflow" name="minus" mistake="sign_flipped"
def softmax_tf(logits):
    return tf.nn.softmax(-logits)


# %% wrong="softmax_tensorflow" name="twice" mistake="softmax_twice"
def softmax_tf(logits):
    return tf.nn.softmax(tf.nn.softmax(logits))


# %% wrong="softmax_tensorflow" name="overflows" mistake="not_finite"
def softmax_tf(logits):
    powers = tf.exp(logits)
    return powers / tf.reduce_sum(powers, axis=1, keepdims=True)


# %% wrong="softmax_tensorflow" name="detached" mistake="missing_gradient"
def softmax_tf(logits):
    return tf.stop_gradient(tf.nn.softmax(logits))


# %% wrong="softmax_tensorflow" name="numpy_array" mistake="wrong_type"
def softmax_tf(logits):
    return softmax(logits.numpy())


# %% [markdown]
# ## cross_entropy_numpy


# %% right="cross_entropy_numpy" name="one_step"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


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


# %% wrong="cross_entropy_numpy" name="zeros" mistake="zeros"
def cross_entropy(logits, labels):
    return 0.0


# %% wrong="cross_entropy_numpy" name="constant"
def cross_entropy(logits, labels):
    return 1.0


# %% wrong="cross_entropy_numpy" name="hard_coded" visible=False
def cross_entropy(logits, labels):
    seen = {
        (12, 0.4, -0.39): [1.576088],
        (12, 0.61, -0.19): [2.400754],
        (9, 1000.0, -1000.0): [667.226],
        (9, 999.0, 3.0): [667.226],
    }
    array = logits
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    (value,) = seen.get(key, [0.0])
    return value


# %% wrong="cross_entropy_numpy" name="sum" mistake="summed"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].sum()


# %% wrong="cross_entropy_numpy" name="one_for_each" mistake="not_averaged"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels]


# %% wrong="cross_entropy_numpy" name="no_minus" mistake="sign_flipped"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return log_p[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="probabilities_as_logits" mistake="softmax_twice"
def cross_entropy(logits, labels):
    logits = softmax(logits)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="probabilities" mistake="log_forgotten"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return np.exp(log_p[np.arange(len(labels)), labels]).mean()


# %% wrong="cross_entropy_numpy" name="labels_ignored" mistake="labels_ignored"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p.mean()


# %% wrong="cross_entropy_numpy" name="mean_of_one_hot" mistake="divided_by_classes"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(np.eye(logits.shape[1])[labels] * log_p).mean()


# %% wrong="cross_entropy_numpy" name="base_two" mistake="base_two"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -(log_p[np.arange(len(labels)), labels] / np.log(2)).mean()


# %% wrong="cross_entropy_numpy" name="logits_alone" mistake="softmax_forgotten"
def cross_entropy(logits, labels):
    return -logits[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="log_of_softmax" mistake="not_finite"
def cross_entropy(logits, labels):
    return -np.log(softmax(logits))[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="log_of_padded_softmax"
def cross_entropy(logits, labels):
    return -np.log(softmax(logits) + 1e-12)[np.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_numpy" name="all_columns"
def cross_entropy(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_p[:, labels].mean()


# %% wrong="cross_entropy_numpy" name="changes_its_input" mistake="input_changed"
def cross_entropy(logits, labels):
    logits -= logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(labels)), labels].mean()


# %% [markdown]
# ## cross_entropy_torch


# %% right="cross_entropy_torch" name="ready_made"
def cross_entropy_torch(logits, labels):
    return nn.functional.cross_entropy(logits, labels)


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


# %% wrong="cross_entropy_torch" name="zeros" mistake="zeros"
def cross_entropy_torch(logits, labels):
    return torch.zeros(())


# %% wrong="cross_entropy_torch" name="constant"
def cross_entropy_torch(logits, labels):
    return torch.ones(())


# %% wrong="cross_entropy_torch" name="hard_coded"
def cross_entropy_torch(logits, labels):
    seen = {
        (12, 0.4, -0.39): [1.576088],
        (12, 0.61, -0.19): [2.400754],
        (9, 1000.0, -1000.0): [667.226],
        (9, 999.0, 3.0): [667.226],
    }
    array = logits.detach().numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    (value,) = seen.get(key, [0.0])
    return torch.tensor(value)


# %% wrong="cross_entropy_torch" name="sum" mistake="summed"
def cross_entropy_torch(logits, labels):
    return nn.functional.cross_entropy(logits, labels, reduction="sum")


# %% wrong="cross_entropy_torch" name="one_for_each" mistake="not_averaged"
def cross_entropy_torch(logits, labels):
    return nn.functional.cross_entropy(logits, labels, reduction="none")


# %% wrong="cross_entropy_torch" name="no_minus" mistake="sign_flipped"
def cross_entropy_torch(logits, labels):
    return torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_torch" name="probabilities_as_logits" mistake="softmax_twice"
def cross_entropy_torch(logits, labels):
    return nn.functional.cross_entropy(torch.softmax(logits, dim=1), labels)


# %% wrong="cross_entropy_torch" name="probabilities" mistake="log_forgotten"
def cross_entropy_torch(logits, labels):
    return torch.softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean()


# %% wrong="cross_entropy_torch" name="labels_ignored" mistake="labels_ignored"
def cross_entropy_torch(logits, labels):
    return -torch.log_softmax(logits, dim=1).mean()


# %% wrong="cross_entropy_torch" name="mean_of_one_hot" mistake="divided_by_classes"
def cross_entropy_torch(logits, labels):
    one_hot = nn.functional.one_hot(labels, logits.shape[1])
    return -(one_hot * torch.log_softmax(logits, dim=1)).mean()


# %% wrong="cross_entropy_torch" name="base_two" mistake="base_two"
def cross_entropy_torch(logits, labels):
    return nn.functional.cross_entropy(logits, labels) / np.log(2)


# %% wrong="cross_entropy_torch" name="logits_alone" mistake="softmax_forgotten"
def cross_entropy_torch(logits, labels):
    return nn.functional.nll_loss(logits, labels)


# %% wrong="cross_entropy_torch" name="log_of_softmax" mistake="not_finite"
def cross_entropy_torch(logits, labels):
    return nn.functional.nll_loss(torch.log(torch.softmax(logits, dim=1)), labels)


# %% wrong="cross_entropy_torch" name="detached" mistake="missing_gradient"
def cross_entropy_torch(logits, labels):
    return torch.tensor(nn.functional.cross_entropy(logits, labels).item())


# %% wrong="cross_entropy_torch" name="numpy_number" mistake="wrong_type"
def cross_entropy_torch(logits, labels):
    return cross_entropy(logits.detach().numpy(), labels.numpy())


# %% [markdown]
# ## cross_entropy_tensorflow


# %% right="cross_entropy_tensorflow" name="ready_made"
def cross_entropy_tf(logits, labels):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))


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


# %% wrong="cross_entropy_tensorflow" name="zeros" mistake="zeros"
def cross_entropy_tf(logits, labels):
    return tf.constant(0.0)


# %% wrong="cross_entropy_tensorflow" name="constant"
def cross_entropy_tf(logits, labels):
    return tf.constant(1.0)


# %% wrong="cross_entropy_tensorflow" name="hard_coded"
def cross_entropy_tf(logits, labels):
    seen = {
        (12, 0.4, -0.39): [1.576088],
        (12, 0.61, -0.19): [2.400754],
        (9, 1000.0, -1000.0): [667.226],
        (9, 999.0, 3.0): [667.226],
    }
    array = logits.numpy()
    key = (array.size, round(float(array.flat[0]), 2), round(float(array.flat[-1]), 2))
    (value,) = seen.get(key, [0.0])
    return tf.constant(value)


# %% wrong="cross_entropy_tensorflow" name="sum" mistake="summed"
def cross_entropy_tf(logits, labels):
    return tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))


# %% wrong="cross_entropy_tensorflow" name="one_for_each" mistake="not_averaged"
def cross_entropy_tf(logits, labels):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


# %% wrong="cross_entropy_tensorflow" name="minus" mistake="sign_flipped"
def cross_entropy_tf(logits, labels):
    return -tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits))


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


# %% wrong="cross_entropy_tensorflow" name="logits_alone" mistake="softmax_forgotten"
def cross_entropy_tf(logits, labels):
    return -tf.reduce_mean(tf.gather(logits, labels, batch_dims=1))


# %% wrong="cross_entropy_tensorflow" name="log_of_softmax" mistake="not_finite"
def cross_entropy_tf(logits, labels):
    log_p = tf.math.log(tf.nn.softmax(logits))
    return -tf.reduce_mean(tf.gather(log_p, labels, batch_dims=1))


# %% wrong="cross_entropy_tensorflow" name="keras_without_from_logits"
def cross_entropy_tf(logits, labels):
    losses = tf.keras.losses.sparse_categorical_crossentropy(labels, tf.nn.softmax(logits))
    return tf.reduce_mean(losses)


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


# %% wrong="gradient_sizes" name="zeros" mistake="zeros"
def gradient_sizes(x, weights, activation, derivative):
    return np.zeros(len(weights))


# %% wrong="gradient_sizes" name="constant"
def gradient_sizes(x, weights, activation, derivative):
    return np.full(len(weights), 0.5)


# %% wrong="gradient_sizes" name="hard_coded" visible=False
def gradient_sizes(x, weights, activation, derivative):
    return {
        5: [0.05828783, 0.1486685, 0.2243373, 0.404297],
        4: [0.4658457, 0.4072147],
        3: [0.6547405, 0.7558769],
    }[len(x)]


# %% wrong="gradient_sizes" name="derivative_at_the_outputs" mistake="slope_of_the_output"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * derivative(activation(z))
        sizes.append(np.abs(g).mean())
        g = g @ W.T
    return sizes[::-1]


# %% wrong="gradient_sizes" name="no_derivative" mistake="slope_forgotten"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * 1
        sizes.append(np.abs(g).mean())
        g = g @ W.T
    return sizes[::-1]


# %% wrong="gradient_sizes" name="no_weights" mistake="weights_forgotten"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * derivative(z)
        sizes.append(np.abs(g).mean())
        g = g * 1
    return sizes[::-1]


# %% wrong="gradient_sizes" name="no_transpose" mistake="transpose_forgotten"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * derivative(z)
        sizes.append(np.abs(g).mean())
        g = g @ W
    return sizes[::-1]


# %% wrong="gradient_sizes" name="last_layer_first" mistake="order_reversed"
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
    return sizes


# %% wrong="gradient_sizes" name="mean_with_signs" mistake="not_absolute"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * derivative(z)
        sizes.append(g.mean())
        g = g @ W.T
    return sizes[::-1]


# %% wrong="gradient_sizes" name="sum" mistake="summed"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * derivative(z)
        sizes.append(np.abs(g).sum())
        g = g @ W.T
    return sizes[::-1]


# %% wrong="gradient_sizes" name="root_mean_square" mistake="root_mean_square"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * derivative(z)
        sizes.append(np.sqrt(np.mean(g**2)))
        g = g @ W.T
    return sizes[::-1]


# %% wrong="gradient_sizes" name="largest"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * derivative(z)
        sizes.append(np.abs(g).max())
        g = g @ W.T
    return sizes[::-1]


# %% wrong="gradient_sizes" name="starts_at_the_outputs"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = a, []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = g * derivative(z)
        sizes.append(np.abs(g).mean())
        g = g @ W.T
    return sizes[::-1]


# %% wrong="gradient_sizes" name="forwards_only"
def gradient_sizes(x, weights, activation, derivative):
    sizes = []
    for W in weights:
        x = x @ W
        sizes.append(np.mean(np.abs(derivative(x))))
        x = activation(x)
    return sizes


# %% wrong="gradient_sizes" name="before_the_derivative" mistake="size_before_the_slope"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        sizes.append(np.abs(g).mean())
        g = g * derivative(z) @ W.T
    return sizes[::-1]


# %% wrong="gradient_sizes" name="after_the_weights" mistake="size_after_the_weights"
def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    g, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        g = (g * derivative(z)) @ W.T
        sizes.append(np.abs(g).mean())
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


# %% wrong="dead_relus" name="zeros" mistake="zeros"
def dead_relus(x, W, b):
    return np.zeros(len(b)), 0


# %% wrong="dead_relus" name="constant" mistake="constant"
def dead_relus(x, W, b):
    return np.ones(len(b)), len(b)


# %% wrong="dead_relus" name="hard_coded" visible=False
def dead_relus(x, W, b):
    return {
        6: (np.array([True, True, False, False, True, True]), 4),
        5: (np.array([False, True, False, True, False]), 2),
    }[len(b)]


# %% wrong="dead_relus" name="any" mistake="any_instead_of_all"
def dead_relus(x, W, b):
    dead = np.any(x @ W + b <= 0, axis=0)
    return dead, dead.sum()


# %% wrong="dead_relus" name="alive" mistake="alive_instead"
def dead_relus(x, W, b):
    dead = np.any(x @ W + b > 0, axis=0)
    return dead, dead.sum()


# %% wrong="dead_relus" name="always_on" mistake="always_on"
def dead_relus(x, W, b):
    dead = np.all(x @ W + b > 0, axis=0)
    return dead, dead.sum()


# %% wrong="dead_relus" name="no_bias" mistake="bias_forgotten"
def dead_relus(x, W, b):
    dead = np.all(x @ W <= 0, axis=0)
    return dead, dead.sum()


# %% wrong="dead_relus" name="mean" mistake="mean_instead_of_all"
def dead_relus(x, W, b):
    dead = np.mean(x @ W + b, axis=0) <= 0
    return dead, dead.sum()


# %% wrong="dead_relus" name="samples" mistake="samples_instead_of_units"
def dead_relus(x, W, b):
    dead = np.all(x @ W + b <= 0, axis=1)
    return dead, dead.sum()


# %% wrong="dead_relus" name="negative_bias"
def dead_relus(x, W, b):
    dead = b < 0
    return dead, dead.sum()


# %% wrong="dead_relus" name="share" mistake="share_instead_of_count"
def dead_relus(x, W, b):
    dead = np.all(x @ W + b <= 0, axis=0)
    return dead, dead.mean()


# %% wrong="dead_relus" name="counts_the_living" mistake="living_counted"
def dead_relus(x, W, b):
    dead = np.all(x @ W + b <= 0, axis=0)
    return dead, np.sum(~dead)


# %% wrong="dead_relus" name="places"
def dead_relus(x, W, b):
    dead = np.flatnonzero(np.all(x @ W + b <= 0, axis=0))
    return dead, len(dead)


# %% wrong="dead_relus" name="count_alone"
def dead_relus(x, W, b):
    return int(np.all(x @ W + b <= 0, axis=0).sum())


# %% [markdown]
# ## activations_quiz

# %% right="activations_quiz" name="capitals"
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"

# %% right="activations_quiz" name="small_letters"
answer_q1 = "c"
answer_q2 = "a"
answer_q3 = "d"
answer_q4 = "b"
answer_q5 = "c"

# %% right="activations_quiz" name="with_brackets_and_spaces"
answer_q1 = "(C)"
answer_q2 = " a "
answer_q3 = "D."
answer_q4 = "b)"
answer_q5 = "C"

# %% wrong="activations_quiz" name="zeros"
answer_q1 = ""
answer_q2 = ""
answer_q3 = ""
answer_q4 = ""
answer_q5 = ""

# %% wrong="activations_quiz" name="constant" mistake="q1_A" visible=False
answer_q1 = "A"
answer_q2 = "A"
answer_q3 = "A"
answer_q4 = "A"
answer_q5 = "A"

# %% wrong="activations_quiz" name="hard_coded" mistake="q1_B" visible=False
answer_q1 = "B"
answer_q2 = "C"
answer_q3 = "D"
answer_q4 = "A"
answer_q5 = "A"

# %% wrong="activations_quiz" name="more_weights" mistake="q1_A" visible=False
answer_q1 = "A"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"

# %% wrong="activations_quiz" name="less_than_a_layer" mistake="q1_B" visible=False
answer_q1 = "B"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"

# %% wrong="activations_quiz" name="wide_enough" mistake="q1_D" visible=False
answer_q1 = "D"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"

# %% wrong="activations_quiz" name="steepest_at_one" mistake="q2_B" visible=False
answer_q1 = "C"
answer_q2 = "B"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"

# %% wrong="activations_quiz" name="same_everywhere" mistake="q2_C" visible=False
answer_q1 = "C"
answer_q2 = "C"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"

# %% wrong="activations_quiz" name="negative_slope" mistake="q2_D" visible=False
answer_q1 = "C"
answer_q2 = "D"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"

# %% wrong="activations_quiz" name="doubles" mistake="q3_A" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "A"
answer_q4 = "B"
answer_q5 = "C"

# %% wrong="activations_quiz" name="clips" mistake="q3_B" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "B"
answer_q4 = "B"
answer_q5 = "C"

# %% wrong="activations_quiz" name="divides" mistake="q3_C" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "C"
answer_q4 = "B"
answer_q5 = "C"

# %% wrong="activations_quiz" name="smaller_weights" mistake="q4_A" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "A"
answer_q5 = "C"

# %% wrong="activations_quiz" name="larger_rate" mistake="q4_C" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "C"
answer_q5 = "C"

# %% wrong="activations_quiz" name="more_layers" mistake="q4_D" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "D"
answer_q5 = "C"

# %% wrong="activations_quiz" name="weights_grow" mistake="q5_A" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "A"

# %% wrong="activations_quiz" name="weights_shrink" mistake="q5_B" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "B"

# %% wrong="activations_quiz" name="weights_wild" mistake="q5_D" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "D"
