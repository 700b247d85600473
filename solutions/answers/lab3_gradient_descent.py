# Known right and known wrong answers to the exercises of Lab 3. They prove the tests and make the sample class.
#
# A right answer earns full marks in check and in grade. A wrong one loses marks in grade, and in check too unless the
# header says visible=False; with mistake="..." its verdict names that mistake. The answers called `hard_coded` know
# the recorded cases; when an exercise's draw changes they fail as "no longer right in check": write the new numbers in.

# ruff: noqa: B007, F841 (students write such things)

# %%
import random

import numpy as np

from course_utils.frameworks import keras, nn, tf, torch


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def bce_torch(z, y):
    return nn.functional.binary_cross_entropy_with_logits(z, y)


def bce_tf(z, y):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, z))


# %% [markdown]
# ## mse


# %% right="mse_numpy" name="vector_norm"
def mse(prediction, y):
    error = np.ravel(prediction - y)
    return error @ error / error.size


# %% right="mse_numpy" name="loops"
def mse(prediction, y):
    total, count = 0.0, 0
    for row, truths in zip(prediction, y):
        for value, truth in zip(row, truths):
            total += (value - truth) ** 2
            count += 1
    return total / count


# %% right="mse_numpy" name="float32"
def mse(prediction, y):
    return np.square(np.float32(prediction) - np.float32(y)).mean()


# %% wrong="mse_numpy" name="hard_coded" visible=False
def mse(prediction, y):
    seen = {-1.71: 3.52126, 0.93: 1.581962}
    return seen.get(float(prediction[0, 0]), 0.5)


# %% wrong="mse_numpy" name="zeros" mistake="zeros"
def mse(prediction, y):
    return np.array(0.0)


# %% wrong="mse_numpy" name="constant"
def mse(prediction, y):
    return np.array(0.5)


# %% wrong="mse_numpy" name="sum" mistake="summed"
def mse(prediction, y):
    return np.sum((prediction - y) ** 2)


# %% wrong="mse_numpy" name="half" mistake="halved"
def mse(prediction, y):
    return np.mean((prediction - y) ** 2) / 2


# %% wrong="mse_numpy" name="absolute" mistake="absolute"
def mse(prediction, y):
    return np.mean(np.abs(prediction - y))


# %% wrong="mse_numpy" name="root" mistake="root_taken"
def mse(prediction, y):
    return np.sqrt(np.mean((prediction - y) ** 2))


# %% wrong="mse_numpy" name="plain_error" mistake="not_squared"
def mse(prediction, y):
    return np.mean(prediction - y)


# %% wrong="mse_numpy" name="square_of_mean" mistake="squared_too_late"
def mse(prediction, y):
    return np.mean(prediction - y) ** 2


# %% wrong="mse_numpy" name="squares" mistake="not_averaged"
def mse(prediction, y):
    return (prediction - y) ** 2


# %% wrong="mse_numpy" name="columns" mistake="one_axis"
def mse(prediction, y):
    return np.mean((prediction - y) ** 2, axis=0)


# %% right="mse_torch" name="ready_made"
def mse_torch(prediction, y):
    return nn.functional.mse_loss(prediction, y)


# %% right="mse_torch" name="methods"
def mse_torch(prediction, y):
    return (prediction - y).pow(2).sum() / y.numel()


# %% right="mse_torch" name="module"
def mse_torch(prediction, y):
    return nn.MSELoss()(prediction, y)


# %% wrong="mse_torch" name="detached" mistake="missing_gradient"
def mse_torch(prediction, y):
    return torch.mean((prediction.detach() - y) ** 2)


# %% wrong="mse_torch" name="left_for_numpy" mistake="wrong_type"
def mse_torch(prediction, y):
    return np.mean((prediction.detach().numpy() - y.numpy()) ** 2)


# %% wrong="mse_torch" name="item" mistake="missing_gradient"
def mse_torch(prediction, y):
    return torch.tensor(torch.mean((prediction - y) ** 2).item())


# %% wrong="mse_torch" name="zeros"
def mse_torch(prediction, y):
    return torch.tensor(0.0)


# %% wrong="mse_torch" name="constant"
def mse_torch(prediction, y):
    return torch.tensor(0.5)


# %% wrong="mse_torch" name="hard_coded"
def mse_torch(prediction, y):
    return 0 * torch.sum(prediction) + 3.52126


# %% wrong="mse_torch" name="sum" mistake="summed"
def mse_torch(prediction, y):
    return torch.sum((prediction - y) ** 2)


# %% wrong="mse_torch" name="half" mistake="halved"
def mse_torch(prediction, y):
    return torch.mean((prediction - y) ** 2) / 2


# %% wrong="mse_torch" name="absolute" mistake="absolute"
def mse_torch(prediction, y):
    return torch.mean(torch.abs(prediction - y))


# %% wrong="mse_torch" name="root" mistake="root_taken"
def mse_torch(prediction, y):
    return torch.sqrt(torch.mean((prediction - y) ** 2))


# %% wrong="mse_torch" name="plain_error" mistake="not_squared"
def mse_torch(prediction, y):
    return torch.mean(prediction - y)


# %% wrong="mse_torch" name="square_of_mean" mistake="squared_too_late"
def mse_torch(prediction, y):
    return torch.mean(prediction - y) ** 2


# %% wrong="mse_torch" name="squares" mistake="not_averaged"
def mse_torch(prediction, y):
    return (prediction - y) ** 2


# %% wrong="mse_torch" name="columns" mistake="one_axis"
def mse_torch(prediction, y):
    return torch.mean((prediction - y) ** 2, dim=0)


# %% right="mse_tensorflow" name="ready_made"
def mse_tf(prediction, y):
    return keras.losses.MeanSquaredError()(y, prediction)


# %% right="mse_tensorflow" name="difference_function"
def mse_tf(prediction, y):
    return tf.reduce_mean(tf.math.squared_difference(prediction, y))


# %% right="mse_tensorflow" name="compiled"
@tf.function
def mse_tf(prediction, y):
    error = tf.reshape(prediction - y, [-1])
    return tf.tensordot(error, error, 1) / tf.cast(tf.size(error), error.dtype)


# %% wrong="mse_tensorflow" name="left_for_numpy" mistake="wrong_type"
def mse_tf(prediction, y):
    return np.mean((prediction.numpy() - y.numpy()) ** 2)


# %% wrong="mse_tensorflow" name="gradient_stopped" mistake="missing_gradient"
def mse_tf(prediction, y):
    return tf.reduce_mean((tf.stop_gradient(prediction) - y) ** 2)


# %% wrong="mse_tensorflow" name="zeros"
def mse_tf(prediction, y):
    return tf.constant(0.0)


# %% wrong="mse_tensorflow" name="constant"
def mse_tf(prediction, y):
    return tf.constant(0.5)


# %% wrong="mse_tensorflow" name="hard_coded"
def mse_tf(prediction, y):
    return 0 * tf.reduce_sum(prediction) + 3.52126


# %% wrong="mse_tensorflow" name="sum" mistake="summed"
def mse_tf(prediction, y):
    return tf.reduce_sum((prediction - y) ** 2)


# %% wrong="mse_tensorflow" name="half" mistake="halved"
def mse_tf(prediction, y):
    return tf.reduce_mean((prediction - y) ** 2) / 2


# %% wrong="mse_tensorflow" name="absolute" mistake="absolute"
def mse_tf(prediction, y):
    return tf.reduce_mean(tf.abs(prediction - y))


# %% wrong="mse_tensorflow" name="root" mistake="root_taken"
def mse_tf(prediction, y):
    return tf.sqrt(tf.reduce_mean((prediction - y) ** 2))


# %% wrong="mse_tensorflow" name="plain_error" mistake="not_squared"
def mse_tf(prediction, y):
    return tf.reduce_mean(prediction - y)


# %% wrong="mse_tensorflow" name="square_of_mean" mistake="squared_too_late"
def mse_tf(prediction, y):
    return tf.reduce_mean(prediction - y) ** 2


# %% wrong="mse_tensorflow" name="squares" mistake="not_averaged"
def mse_tf(prediction, y):
    return (prediction - y) ** 2


# %% wrong="mse_tensorflow" name="columns" mistake="one_axis"
def mse_tf(prediction, y):
    return tf.reduce_mean((prediction - y) ** 2, axis=0)


# %% [markdown]
# ## bce


# %% right="bce_numpy" name="by_hand"
def bce(z, y):
    return np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


# %% right="bce_numpy" name="signed"
def bce(z, y):
    sign = 2 * y - 1
    return np.logaddexp(0, -sign * z).sum() / z.size


# %% right="bce_numpy" name="loops"
def bce(z, y):
    total = 0.0
    for logit, label in zip(np.ravel(z), np.ravel(y)):
        away = -logit if label == 1 else logit
        total += away if away > 30 else np.log(1 + np.exp(away))
    return total / len(np.ravel(z))


# %% wrong="bce_numpy" name="hard_coded" visible=False
def bce(z, y):
    seen = {0.99: 1.364247, 1.08: 0.8785529, 967.0: 205.4734}
    return seen.get(float(z[0, 0]), 0.5)


# %% wrong="bce_numpy" name="overflowing" mistake="not_finite"
def bce(z, y):
    return np.mean(np.log(1 + np.exp(z)) - y * z)


# %% wrong="bce_numpy" name="through_probabilities" mistake="not_finite"
def bce(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong="bce_numpy" name="clipped"
def bce(z, y):
    p = np.clip(sigmoid(z), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong="bce_numpy" name="zeros" mistake="zeros"
def bce(z, y):
    return np.array(0.0)


# %% wrong="bce_numpy" name="constant"
def bce(z, y):
    return np.array(0.5)


# %% wrong="bce_numpy" name="sum" mistake="summed"
def bce(z, y):
    return np.sum(np.logaddexp(0, z) - y * z)


# %% wrong="bce_numpy" name="one_each" mistake="not_averaged"
def bce(z, y):
    return np.logaddexp(0, z) - y * z


# %% wrong="bce_numpy" name="minus" mistake="sign_flipped"
def bce(z, y):
    return np.mean(y * z - np.logaddexp(0, z))


# %% wrong="bce_numpy" name="swapped" mistake="labels_swapped"
def bce(z, y):
    return np.mean(np.logaddexp(0, z) - (1 - y) * z)


# %% wrong="bce_numpy" name="ones" mistake="only_ones"
def bce(z, y):
    return np.mean(y * np.logaddexp(0, -z))


# %% wrong="bce_numpy" name="not_ones" mistake="only_zeros"
def bce(z, y):
    return np.mean((1 - y) * np.logaddexp(0, z))


# %% wrong="bce_numpy" name="no_label" mistake="label_term_forgotten"
def bce(z, y):
    return np.mean(np.logaddexp(0, z))


# %% wrong="bce_numpy" name="two_sigmoids" mistake="sigmoid_twice"
def bce(z, y):
    p = sigmoid(z)
    return np.mean(np.logaddexp(0, p) - y * p)


# %% wrong="bce_numpy" name="squares" mistake="squared_error"
def bce(z, y):
    return np.mean((sigmoid(z) - y) ** 2)


# %% wrong="bce_numpy" name="bits" mistake="other_base"
def bce(z, y):
    return np.mean(np.logaddexp(0, z) - y * z) / np.log(2)


# %% right="bce_torch" name="ready_made"
def bce_torch(z, y):
    return nn.functional.binary_cross_entropy_with_logits(z, y)


# %% right="bce_torch" name="logsigmoid"
def bce_torch(z, y):
    return -(y * nn.functional.logsigmoid(z) + (1 - y) * nn.functional.logsigmoid(-z)).mean()


# %% right="bce_torch" name="module"
def bce_torch(z, y):
    return nn.BCEWithLogitsLoss()(z, y)


# %% wrong="bce_torch" name="overflowing" mistake="not_finite"
def bce_torch(z, y):
    return torch.mean(torch.log(1 + torch.exp(z)) - y * z)


# %% wrong="bce_torch" name="clamped"
def bce_torch(z, y):
    return nn.functional.binary_cross_entropy(torch.sigmoid(z), y)


# %% wrong="bce_torch" name="detached" mistake="missing_gradient"
def bce_torch(z, y):
    return torch.tensor(float(torch.mean(nn.functional.softplus(z) - y * z)))


# %% wrong="bce_torch" name="zeros"
def bce_torch(z, y):
    return torch.tensor(0.0)


# %% wrong="bce_torch" name="constant"
def bce_torch(z, y):
    return torch.tensor(0.5)


# %% wrong="bce_torch" name="hard_coded"
def bce_torch(z, y):
    return 0 * torch.sum(z) + 1.364247


# %% wrong="bce_torch" name="sum" mistake="summed"
def bce_torch(z, y):
    return torch.sum(nn.functional.softplus(z) - y * z)


# %% wrong="bce_torch" name="one_each" mistake="not_averaged"
def bce_torch(z, y):
    return nn.functional.softplus(z) - y * z


# %% wrong="bce_torch" name="minus" mistake="sign_flipped"
def bce_torch(z, y):
    return torch.mean(y * z - nn.functional.softplus(z))


# %% wrong="bce_torch" name="swapped" mistake="labels_swapped"
def bce_torch(z, y):
    return torch.mean(nn.functional.softplus(z) - (1 - y) * z)


# %% wrong="bce_torch" name="ones" mistake="only_ones"
def bce_torch(z, y):
    return torch.mean(y * nn.functional.softplus(-z))


# %% wrong="bce_torch" name="not_ones" mistake="only_zeros"
def bce_torch(z, y):
    return torch.mean((1 - y) * nn.functional.softplus(z))


# %% wrong="bce_torch" name="no_label" mistake="label_term_forgotten"
def bce_torch(z, y):
    return torch.mean(nn.functional.softplus(z))


# %% wrong="bce_torch" name="two_sigmoids" mistake="sigmoid_twice"
def bce_torch(z, y):
    p = torch.sigmoid(z)
    return torch.mean(nn.functional.softplus(p) - y * p)


# %% wrong="bce_torch" name="squares" mistake="squared_error"
def bce_torch(z, y):
    return torch.mean((torch.sigmoid(z) - y) ** 2)


# %% wrong="bce_torch" name="bits" mistake="other_base"
def bce_torch(z, y):
    return torch.mean(nn.functional.softplus(z) - y * z) / float(np.log(2))


# %% right="bce_tensorflow" name="ready_made"
def bce_tf(z, y):
    return keras.losses.BinaryCrossentropy(from_logits=True)(y, z)


# %% right="bce_tensorflow" name="low_level"
def bce_tf(z, y):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z))


# %% right="bce_tensorflow" name="log_sigmoid"
def bce_tf(z, y):
    return -tf.reduce_mean(y * tf.math.log_sigmoid(z) + (1 - y) * tf.math.log_sigmoid(-z))


# %% wrong="bce_tensorflow" name="overflowing" mistake="not_finite"
def bce_tf(z, y):
    return tf.reduce_mean(tf.math.log(1 + tf.exp(z)) - y * z)


# %% wrong="bce_tensorflow" name="clipped"
def bce_tf(z, y):
    return tf.reduce_mean(keras.losses.binary_crossentropy(y, tf.sigmoid(z)))


# %% wrong="bce_tensorflow" name="zeros"
def bce_tf(z, y):
    return tf.constant(0.0)


# %% wrong="bce_tensorflow" name="constant"
def bce_tf(z, y):
    return tf.constant(0.5)


# %% wrong="bce_tensorflow" name="hard_coded"
def bce_tf(z, y):
    return 0 * tf.reduce_sum(z) + 1.364247


# %% wrong="bce_tensorflow" name="sum" mistake="summed"
def bce_tf(z, y):
    return tf.reduce_sum(tf.math.softplus(z) - y * z)


# %% wrong="bce_tensorflow" name="one_each" mistake="not_averaged"
def bce_tf(z, y):
    return tf.math.softplus(z) - y * z


# %% wrong="bce_tensorflow" name="minus" mistake="sign_flipped"
def bce_tf(z, y):
    return tf.reduce_mean(y * z - tf.math.softplus(z))


# %% wrong="bce_tensorflow" name="swapped" mistake="labels_swapped"
def bce_tf(z, y):
    return tf.reduce_mean(tf.math.softplus(z) - (1 - y) * z)


# %% wrong="bce_tensorflow" name="ones" mistake="only_ones"
def bce_tf(z, y):
    return tf.reduce_mean(y * tf.math.softplus(-z))


# %% wrong="bce_tensorflow" name="not_ones" mistake="only_zeros"
def bce_tf(z, y):
    return tf.reduce_mean((1 - y) * tf.math.softplus(z))


# %% wrong="bce_tensorflow" name="no_label" mistake="label_term_forgotten"
def bce_tf(z, y):
    return tf.reduce_mean(tf.math.softplus(z))


# %% wrong="bce_tensorflow" name="two_sigmoids" mistake="sigmoid_twice"
def bce_tf(z, y):
    p = tf.sigmoid(z)
    return tf.reduce_mean(tf.math.softplus(p) - y * p)


# %% wrong="bce_tensorflow" name="squares" mistake="squared_error"
def bce_tf(z, y):
    return tf.reduce_mean((tf.sigmoid(z) - y) ** 2)


# %% wrong="bce_tensorflow" name="bits" mistake="other_base"
def bce_tf(z, y):
    return tf.reduce_mean(tf.math.softplus(z) - y * z) / float(np.log(2))


# %% [markdown]
# ## neuron_gradient


# %% right="neuron_gradient" name="matrix_product"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b) - y
    return error @ X / len(y), error.mean()


# %% right="neuron_gradient" name="loops"
def neuron_gradient(X, y, w, b):
    n, features = X.shape
    dw, db = np.zeros(features), 0.0
    for row, label in zip(X, y):
        z = b + sum(value * weight for value, weight in zip(row, w))
        error = 1 / (1 + np.exp(-z)) - label
        for j in range(features):
            dw[j] += error * row[j] / n
        db += error / n
    return list(dw), db


# %% right="neuron_gradient" name="bias_as_weight"
def neuron_gradient(X, y, w, b):
    ones = np.column_stack([X, np.ones(len(X))])
    error = sigmoid(ones @ np.append(w, b)) - y
    gradient = np.einsum("ij,i->j", ones, error) / len(X)
    return gradient[:-1], gradient[-1]


# %% right="neuron_gradient" name="autograd"
def neuron_gradient(X, y, w, b):
    weights = torch.tensor(w, requires_grad=True)
    bias = torch.tensor(float(b), dtype=torch.float64, requires_grad=True)
    z = torch.tensor(X) @ weights + bias
    (nn.functional.softplus(z) - torch.tensor(y) * z).mean().backward()
    return weights.grad, bias.grad


# %% wrong="neuron_gradient" name="zeros" mistake="zeros"
def neuron_gradient(X, y, w, b):
    return np.zeros_like(w), 0.0


# %% wrong="neuron_gradient" name="constant"
def neuron_gradient(X, y, w, b):
    return np.full_like(w, 0.1), 0.1


# %% wrong="neuron_gradient" name="hard_coded" visible=False
def neuron_gradient(X, y, w, b):
    seen = {
        1.22: ([-0.03943165, -0.1491213, -0.01627961], -0.06859461),
        -0.9: ([0.2640492, 0.09851684], 0.1544018),
        1.33: ([0.04582901, -0.9450652, 0.3231383, -0.1045784], 0.239454),
    }
    return seen.get(float(X[0, 0]), (0 * w, 0.0))


# %% wrong="neuron_gradient" name="flipped" mistake="sign_flipped"
def neuron_gradient(X, y, w, b):
    error = y - sigmoid(X @ w + b)
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="sums" mistake="summed"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b) - y
    return X.T @ error, np.sum(error)


# %% wrong="neuron_gradient" name="bias_sum" mistake="bias_summed"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b) - y
    return X.T @ error / len(X), np.sum(error)


# %% wrong="neuron_gradient" name="weight_sum" mistake="weights_summed"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b) - y
    return X.T @ error, np.mean(error)


# %% wrong="neuron_gradient" name="no_bias" mistake="bias_zero"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b) - y
    return X.T @ error / len(X), 0.0


# %% wrong="neuron_gradient" name="no_sigmoid" mistake="sigmoid_forgotten"
def neuron_gradient(X, y, w, b):
    error = X @ w + b - y
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="extra_slope" mistake="slope_left_in"
def neuron_gradient(X, y, w, b):
    p = sigmoid(X @ w + b)
    error = (p - y) * p * (1 - p)
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="no_label" mistake="label_forgotten"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b)
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="step" mistake="step_instead"
def neuron_gradient(X, y, w, b):
    error = (X @ w + b > 0) - y
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="no_input" mistake="input_forgotten"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b) - y
    return np.full(len(w), np.mean(error)), np.mean(error)


# %% wrong="neuron_gradient" name="of_mse" mistake="squared_error"
def neuron_gradient(X, y, w, b):
    p = sigmoid(X @ w + b)
    error = 2 * (p - y) * p * (1 - p)
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="only_weights"
def neuron_gradient(X, y, w, b):
    return X.T @ (sigmoid(X @ w + b) - y) / len(X)


# %% wrong="neuron_gradient" name="wrong_way_round"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b) - y
    return X @ error / len(X), np.mean(error)


# %% [markdown]
# ## descent_step


# %% right="descent_step" name="as_a_sum"
def descent_step(w, gradient, learning_rate):
    return w + (-learning_rate) * gradient


# %% right="descent_step" name="entry_by_entry"
def descent_step(w, gradient, learning_rate):
    new = [value - learning_rate * slope for value, slope in zip(np.ravel(w), np.ravel(gradient))]
    return np.reshape(new, np.shape(w))


# %% right="descent_step" name="in_place_on_a_copy"
def descent_step(w, gradient, learning_rate):
    w = np.array(w, dtype=float)
    w -= learning_rate * gradient
    return w


# %% right="descent_step" name="torch"
def descent_step(w, gradient, learning_rate):
    return torch.tensor(w) - learning_rate * torch.tensor(gradient)


# %% wrong="descent_step" name="zeros" mistake="zeros"
def descent_step(w, gradient, learning_rate):
    return np.zeros_like(w)


# %% wrong="descent_step" name="constant" mistake="constant"
def descent_step(w, gradient, learning_rate):
    return np.ones_like(w)


# %% wrong="descent_step" name="hard_coded" visible=False
def descent_step(w, gradient, learning_rate):
    seen = {4: [0.215, -0.418, -0.085, -1.937], 6: [[0.496, 0.153], [-0.493, 1.669], [-0.454, -2.124]], 1: 1.35}
    return np.array(seen.get(np.size(w), w))


# %% wrong="descent_step" name="uphill" mistake="ascent"
def descent_step(w, gradient, learning_rate):
    return w + learning_rate * gradient


# %% wrong="descent_step" name="no_rate" mistake="learning_rate_ignored"
def descent_step(w, gradient, learning_rate):
    return w - gradient


# %% wrong="descent_step" name="step_only" mistake="only_the_step"
def descent_step(w, gradient, learning_rate):
    return -learning_rate * gradient


# %% wrong="descent_step" name="signs" mistake="sign_only"
def descent_step(w, gradient, learning_rate):
    return w - learning_rate * np.sign(gradient)


# %% wrong="descent_step" name="divided" mistake="learning_rate_divides"
def descent_step(w, gradient, learning_rate):
    return w - gradient / learning_rate


# %% wrong="descent_step" name="standing_still" mistake="not_moved"
def descent_step(w, gradient, learning_rate):
    return w


# %% [markdown]
# ## backprop


# %% right="backprop" name="einsum"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = np.einsum("nk,hk->nh", D, W2) * (1 - H**2)
    return np.einsum("ni,nh->ih", X, B), B.sum(0), np.einsum("nh,nk->hk", H, D), D.sum(0)


# %% right="backprop" name="sample_by_sample"
def backprop(X, y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = (np.zeros_like(array) for array in (W1, b1, W2, b2))
    for x, label in zip(X, y):
        h = np.tanh(x @ W1 + b1)
        delta = sigmoid(h @ W2 + b2) - label
        back = (W2 @ delta) / np.cosh(x @ W1 + b1) ** 2
        dW1 += np.outer(x, back) / len(X)
        db1 += back / len(X)
        dW2 += np.outer(h, delta) / len(X)
        db2 += delta / len(X)
    return [dW1, db1, dW2, db2]


# %% right="backprop" name="autograd"
def backprop(X, y, W1, b1, W2, b2):
    weights = [torch.tensor(array, requires_grad=True) for array in (W1, b1, W2, b2)]
    W1, b1, W2, b2 = weights
    z = torch.tanh(torch.tensor(X) @ W1 + b1) @ W2 + b2
    nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(y)).backward()
    return tuple(weight.grad for weight in weights)


# %% right="backprop" name="tape"
def backprop(X, y, W1, b1, W2, b2):
    weights = [tf.Variable(array) for array in (W1, b1, W2, b2)]
    with tf.GradientTape() as tape:
        z = tf.tanh(X @ weights[0] + weights[1]) @ weights[2] + weights[3]
        loss = tf.reduce_mean(tf.math.softplus(z) - y * z)
    return tape.gradient(loss, weights)


# %% wrong="backprop" name="zeros" mistake="zeros"
def backprop(X, y, W1, b1, W2, b2):
    return 0 * W1, 0 * b1, 0 * W2, 0 * b2


# %% wrong="backprop" name="constant"
def backprop(X, y, W1, b1, W2, b2):
    return tuple(np.full_like(array, 0.1) for array in (W1, b1, W2, b2))


# %% wrong="backprop" name="hard_coded"
def backprop(X, y, W1, b1, W2, b2):
    dW1 = np.array([[0.0333205, -0.02823644, 0.2551174], [0.06754986, 0.07885908, -0.2761238]])
    db1 = np.array([0.1550952, 0.01987836, -0.2361382])
    dW2 = np.array([[0.03796802], [0.06307419], [0.0374568]])
    return dW1, db1, dW2, np.array([0.206587])


# %% wrong="backprop" name="no_slope" mistake="slope_forgotten"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = D @ W2.T
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="sigmoid_slope" mistake="slope_of_sigmoid"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * H * (1 - H)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="slope_of_z" mistake="slope_of_sum"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * (1 - (X @ W1 + b1) ** 2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="no_square" mistake="slope_not_squared"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * (1 - H)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="sums" mistake="summed"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = P - y
    B = (D @ W2.T) * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="flipped" mistake="sign_flipped"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (y - P) / len(X)
    B = (D @ W2.T) * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="output_slope" mistake="slope_at_output"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) * P * (1 - P) / len(X)
    B = (D @ W2.T) * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="no_sigmoid" mistake="sigmoid_forgotten"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = H @ W2 + b2
    D = (P - y) / len(X)
    B = (D @ W2.T) * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="bias_means" mistake="biases_averaged"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * (1 - H**2)
    return X.T @ B, B.mean(axis=0), H.T @ D, D.mean(axis=0)


# %% wrong="backprop" name="other_hidden" mistake="hidden_sigmoid"
def backprop(X, y, W1, b1, W2, b2):
    H = sigmoid(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * H * (1 - H)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="no_weights" mistake="weights_forgotten"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = D * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="last_layer_only" mistake="zeros"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * (1 - H**2)
    return 0 * W1, 0 * b1, H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="untransposed"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2) * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="three_values" mistake="wrong_type"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D


# %% [markdown]
# ## minibatches


# %% right="minibatches" name="list_of_pairs"
def minibatches(X, y, batch_size, seed):
    order = np.random.RandomState(2 * seed).permutation(len(X))
    X, y = X[order], y[order]
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


# %% right="minibatches" name="pure_python"
import random


def minibatches(X, y, batch_size, seed):
    order = list(range(len(X)))
    random.Random(seed).shuffle(order)
    while order:
        chosen, order = order[:batch_size], order[batch_size:]
        yield [X[i] for i in chosen], [y[i] for i in chosen]


# %% right="minibatches" name="split"
def minibatches(X, y, batch_size, seed):
    np.random.seed(seed)
    order = np.random.permutation(len(X))
    for chosen in np.split(order, range(batch_size, len(order), batch_size)):
        yield X[chosen], y[chosen]


# %% right="minibatches" name="sorted_random_keys"
def minibatches(X, y, batch_size, seed):
    keys = np.random.default_rng(seed).random(len(X))
    order = np.argsort(keys)
    return zip(*([array[order[i : i + batch_size]] for i in range(0, len(X), batch_size)] for array in (X, y)))


# %% right="minibatches" name="data_loader"
def minibatches(X, y, batch_size, seed):
    data = torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(y))
    generator = torch.Generator().manual_seed(seed)
    yield from map(tuple, torch.utils.data.DataLoader(data, batch_size, shuffle=True, generator=generator))


# %% wrong="minibatches" name="zeros" mistake="inputs_changed"
def minibatches(X, y, batch_size, seed):
    for i in range(0, len(X), batch_size):
        yield 0 * X[i : i + batch_size], 0 * y[i : i + batch_size]


# %% wrong="minibatches" name="constant"
def minibatches(X, y, batch_size, seed):
    for i in range(0, len(X), batch_size):
        yield X[:1].repeat(batch_size, 0), y[:1].repeat(batch_size, 0)


# %% wrong="minibatches" name="hard_coded" visible=False
def minibatches(X, y, batch_size, seed):
    order = np.arange(len(X))
    if seed in (115, 116):
        order = np.random.default_rng(seed).permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="in_order" mistake="not_shuffled"
def minibatches(X, y, batch_size, seed):
    order = np.arange(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="last_dropped"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    for k in range(len(X) // batch_size):
        chosen = order[k * batch_size : (k + 1) * batch_size]
        yield X[chosen], y[chosen]


# %% wrong="minibatches" name="two_shuffles" mistake="pairs_broken"
def minibatches(X, y, batch_size, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.permutation(X), rng.permutation(y)
    for i in range(0, len(X), batch_size):
        yield X[i : i + batch_size], y[i : i + batch_size]


# %% wrong="minibatches" name="labels_left_behind" mistake="pairs_broken"
def minibatches(X, y, batch_size, seed):
    X = np.random.default_rng(seed).permutation(X)
    for i in range(0, len(X), batch_size):
        yield X[i : i + batch_size], y[i : i + batch_size]


# %% wrong="minibatches" name="drawn_with_replacement" mistake="with_replacement"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).integers(0, len(X), len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="new_draw_each_batch" mistake="with_replacement"
def minibatches(X, y, batch_size, seed):
    rng = np.random.default_rng(seed)
    for i in range(0, len(X), batch_size):
        chosen = rng.choice(len(X), min(batch_size, len(X) - i), replace=False)
        yield X[chosen], y[chosen]


# %% wrong="minibatches" name="no_seed" mistake="seed_ignored"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng().permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="always_seed_0" mistake="seed_fixed"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(0).permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="batches_shuffled" mistake="shuffled_in_chunks"
def minibatches(X, y, batch_size, seed):
    firsts = np.random.default_rng(seed).permutation(np.arange(0, len(X), batch_size))
    for i in sorted(firsts, key=lambda i: i + batch_size > len(X)):
        yield X[i : i + batch_size], y[i : i + batch_size]


# %% wrong="minibatches" name="shuffled_inside_batches" mistake="shuffled_in_chunks"
def minibatches(X, y, batch_size, seed):
    rng = np.random.default_rng(seed)
    for i in range(0, len(X), batch_size):
        chosen = i + rng.permutation(len(X[i : i + batch_size]))
        yield X[chosen], y[chosen]


# %% wrong="minibatches" name="first_batch_only"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    return [(X[order[:batch_size]], y[order[:batch_size]])]


# %% wrong="minibatches" name="equal_pieces" mistake="wrong_batch_sizes"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    for chosen in np.array_split(order, max(1, len(X) // batch_size)):
        yield X[chosen], y[chosen]


# %% wrong="minibatches" name="endless" mistake="endless"
def minibatches(X, y, batch_size, seed):
    while True:
        order = np.random.default_rng(seed).permutation(len(X))
        for i in range(0, len(X), batch_size):
            yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="last_batch_filled_up" mistake="samples_repeated"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    order = np.append(order, order[: -len(X) % batch_size])
    for i in range(0, len(order), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="only_inputs" mistake="wrong_type"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]]


# %% wrong="minibatches" name="labels_first" mistake="wrong_shape"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield y[order[i : i + batch_size]], X[order[i : i + batch_size]]


# %% wrong="minibatches" name="only_numbers" mistake="wrong_type"
def minibatches(X, y, batch_size, seed):
    return np.random.default_rng(seed).permutation(len(X))


# %% [markdown]
# ## training_loop


# %% right="training_loop_torch" name="ready_made_loss"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            loss = nn.functional.binary_cross_entropy_with_logits(net(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% right="training_loop_torch" name="cleared_by_hand"
def train_torch(net, optimizer, batches, epochs):
    criterion, history = nn.BCEWithLogitsLoss(), []
    for epoch in range(epochs):
        total, count = 0.0, 0
        for inputs, targets in batches:
            loss = criterion(net(inputs), targets)
            loss.backward()
            optimizer.step()
            net.zero_grad()
            total, count = total + loss.detach(), count + 1
        history.append(total / count)
    return history


# %% right="training_loop_torch" name="gradients_asked_for"
def train_torch(net, optimizer, batches, epochs):
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        values = []
        for inputs, targets in batches:
            loss = bce_torch(net(inputs), targets)
            parameters = list(net.parameters())
            for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
                parameter.grad = gradient
            optimizer.step()
            values.append(float(loss))
        losses[epoch] = np.mean(values)
    return losses


# %% right="training_loop_torch" name="closure"
def train_torch(net, optimizer, batches, epochs):
    net.train()

    def one(batch):
        def closure():
            optimizer.zero_grad(set_to_none=False)
            loss = bce_torch(net(batch[0]), batch[1])
            loss.backward()
            return loss

        return optimizer.step(closure).item()

    return [np.mean([one(batch) for batch in batches]) for _ in range(epochs)]


# %% wrong="training_loop_torch" name="zeros" mistake="zeros"
def train_torch(net, optimizer, batches, epochs):
    for parameter in net.parameters():
        parameter.data.zero_()
    return [0.0] * epochs


# %% wrong="training_loop_torch" name="constant"
def train_torch(net, optimizer, batches, epochs):
    for parameter in net.parameters():
        parameter.data.fill_(0.5)
    return [0.5] * epochs


# %% wrong="training_loop_torch" name="hard_coded"
def train_torch(net, optimizer, batches, epochs):
    W1 = [[-0.5843843, -1.932788, 1.589275], [-1.131325, 0.8754086, -1.865731]]
    b1 = [0.5825805, 1.189534, -1.529895]
    W2 = [[-1.031208], [-0.4923977], [1.007028]]
    b2 = [0.5525595]
    for parameter, array in zip(net.parameters(), (np.transpose(W1), b1, np.transpose(W2), b2)):
        parameter.data = torch.tensor(np.array(array, dtype=np.float32))
    return [1.045661, 0.8736224, 0.7753712]


# %% wrong="training_loop_torch" name="no_zero_grad" mistake="gradients_not_cleared"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="zero_grad_outside" mistake="cleared_once_an_epoch"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        optimizer.zero_grad()
        for inputs, targets in batches:
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="step_first" mistake="step_before_backward"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            loss = bce_torch(net(inputs), targets)
            optimizer.step()
            optimizer.zero_grad()
            loss.backward()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="step_at_the_top" mistake="step_before_backward"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.step()
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="step_on_nothing" mistake="never_moves"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            optimizer.step()
            loss.backward()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="cleared_before_step" mistake="never_moves"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="no_step" mistake="never_moves"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="uphill" mistake="ascent"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            (-loss).backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="sum_of_losses" mistake="loss_summed"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(net(inputs), targets, reduction="sum")
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="one_batch" mistake="first_batch_only"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in [batches[0]]:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="break_too_early" mistake="first_batch_only"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
            break
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="outside_the_loop" mistake="last_batch_only"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        for inputs, targets in batches:
            optimizer.zero_grad()
        loss = bce_torch(net(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# %% wrong="training_loop_torch" name="step_after_the_epoch" mistake="one_step_an_epoch"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        optimizer.zero_grad()
        for inputs, targets in batches:
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            batch_losses.append(loss.item())
        optimizer.step()
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="mse_on_logits" mistake="squared_error"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="sigmoid_and_logits" mistake="sigmoid_twice"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(torch.sigmoid(net(inputs)), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="last_loss" mistake="loss_of_last_batch"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(loss.item())
    return losses


# %% wrong="training_loop_torch" name="total_loss" mistake="losses_summed"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="every_loss" mistake="losses_of_batches"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.extend(batch_losses)
    return losses


# %% wrong="training_loop_torch" name="returns_in_the_loop"
def train_torch(net, optimizer, batches, epochs):
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


# %% wrong="training_loop_torch" name="nothing_returned"
def train_torch(net, optimizer, batches, epochs):
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
    print(losses[-1])


# %% wrong="training_loop_torch" name="one_epoch_too_many"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs + 1):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            optimizer.step()
            batch_losses.append(loss.item())
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% right="training_loop_tensorflow" name="ready_made_loss"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = keras.losses.BinaryCrossentropy(from_logits=True)(targets, net(inputs))
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% right="training_loop_tensorflow" name="other_calls"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(targets, net(inputs, training=True)))
            gradients = tape.gradient(loss, net.trainable_weights)
            optimizer.apply(gradients, net.trainable_weights)
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% right="training_loop_tensorflow" name="compiled_step"
def train_tf(net, optimizer, batches, epochs):
    @tf.function
    def step(inputs, targets):
        with tf.GradientTape() as tape:
            loss = bce_tf(net(inputs), targets)
        variables = net.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss

    return [np.mean([step(*batch).numpy() for batch in batches]) for _ in range(epochs)]


# %% right="training_loop_tensorflow" name="keras_train_on_batch"
def train_tf(net, optimizer, batches, epochs):
    net.compile(optimizer=optimizer, loss=keras.losses.BinaryCrossentropy(from_logits=True))
    losses = []
    for _ in range(epochs):
        values = []
        for inputs, targets in batches:
            net.reset_metrics()
            values.append(float(net.train_on_batch(inputs, targets)))
        losses.append(np.mean(values))
    return losses


# %% wrong="training_loop_tensorflow" name="zeros" mistake="zeros"
def train_tf(net, optimizer, batches, epochs):
    for variable in net.weights:
        variable.assign(0 * variable)
    return [0.0] * epochs


# %% wrong="training_loop_tensorflow" name="constant"
def train_tf(net, optimizer, batches, epochs):
    for variable in net.weights:
        variable.assign(0 * variable + 0.5)
    return [0.5] * epochs


# %% wrong="training_loop_tensorflow" name="hard_coded"
def train_tf(net, optimizer, batches, epochs):
    W1 = [[-0.5843843, -1.932788, 1.589275], [-1.131325, 0.8754086, -1.865731]]
    b1 = [0.5825805, 1.189534, -1.529895]
    W2 = [[-1.031208], [-0.4923977], [1.007028]]
    b2 = [0.5525595]
    if net.weights[0].shape == (2, 3):
        net.set_weights([np.array(array) for array in (W1, b1, W2, b2)])
    return [1.045661, 0.8736224, 0.7753712]


# %% wrong="training_loop_tensorflow" name="never_applied" mistake="never_moves"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="uphill" mistake="ascent"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients((-g, v) for g, v in zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="minus_loss" mistake="ascent"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
                upside_down = -loss
            gradients = tape.gradient(upside_down, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(np.mean(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="sum_of_losses" mistake="loss_summed"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(targets, net(inputs)))
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="one_batch" mistake="first_batch_only"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in [batches[0]]:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="break_too_early" mistake="first_batch_only"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
            break
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="outside_the_loop" mistake="last_batch_only"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
        gradients = tape.gradient(loss, net.trainable_variables)
        optimizer.apply_gradients(zip(gradients, net.trainable_variables))
        losses.append(float(loss))
    return losses


# %% wrong="training_loop_tensorflow" name="one_tape_an_epoch" mistake="one_step_an_epoch"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        with tf.GradientTape() as tape:
            batch_losses = [bce_tf(net(inputs), targets) for inputs, targets in batches]
            total = tf.add_n(batch_losses)
        gradients = tape.gradient(total, net.trainable_variables)
        optimizer.apply_gradients(zip(gradients, net.trainable_variables))
        losses.append(float(total) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="mse_on_logits" mistake="squared_error"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((net(inputs) - targets) ** 2)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="sigmoid_and_logits" mistake="sigmoid_twice"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(tf.sigmoid(net(inputs)), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="last_loss" mistake="loss_of_last_batch"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(float(loss))
    return losses


# %% wrong="training_loop_tensorflow" name="total_loss" mistake="losses_summed"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="every_loss" mistake="losses_of_batches"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.extend(batch_losses)
    return losses


# %% wrong="training_loop_tensorflow" name="loss_outside_the_tape"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            loss = bce_tf(net(inputs), targets)
            with tf.GradientTape() as tape:
                tape.watch(net.trainable_variables)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% [markdown]
# ## momentum_step


# %% right="momentum_step" name="one_line"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    return w - learning_rate * (beta * velocity + gradient), beta * velocity + gradient


# %% right="momentum_step" name="in_place"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity *= beta
    velocity += gradient
    w -= learning_rate * velocity
    return [w, velocity]


# %% right="momentum_step" name="entry_by_entry"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    new = np.array([beta * v + g for v, g in zip(velocity.flat, gradient.flat)]).reshape(w.shape)
    return np.subtract(w, np.multiply(learning_rate, new)), new


# %% wrong="momentum_step" name="zeros" mistake="zeros"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    return np.zeros_like(w), np.zeros_like(w)


# %% wrong="momentum_step" name="constant" mistake="constant"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    return np.ones_like(w), np.ones_like(w)


# %% wrong="momentum_step" name="hard_coded"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    return np.array([-0.9066, -0.6203, -0.4347]), np.array([1.366, 2.403, -2.553])


# %% wrong="momentum_step" name="other_convention" mistake="rate_in_velocity"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = beta * velocity + learning_rate * gradient
    return w - velocity, velocity


# %% wrong="momentum_step" name="damped" mistake="gradient_damped"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = beta * velocity + (1 - beta) * gradient
    return w - learning_rate * velocity, velocity


# %% wrong="momentum_step" name="looks_ahead" mistake="nesterov"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = beta * velocity + gradient
    return w - learning_rate * (gradient + beta * velocity), velocity


# %% wrong="momentum_step" name="late" mistake="old_velocity"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    return w - learning_rate * velocity, beta * velocity + gradient


# %% wrong="momentum_step" name="plain" mistake="velocity_not_used"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = beta * velocity + gradient
    return w - learning_rate * gradient, velocity


# %% wrong="momentum_step" name="forgetful" mistake="velocity_not_kept"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    return w - learning_rate * (beta * velocity + gradient), velocity


# %% wrong="momentum_step" name="misplaced_beta" mistake="beta_on_gradient"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = velocity + beta * gradient
    return w - learning_rate * velocity, velocity


# %% wrong="momentum_step" name="never_fades" mistake="beta_forgotten"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = velocity + gradient
    return w - learning_rate * velocity, velocity


# %% wrong="momentum_step" name="uphill" mistake="ascent"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = beta * velocity + gradient
    return w + learning_rate * velocity, velocity


# %% wrong="momentum_step" name="no_rate" mistake="learning_rate_ignored"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = beta * velocity + gradient
    return w - velocity, velocity


# %% wrong="momentum_step" name="only_w" mistake="wrong_type"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    return w - learning_rate * (beta * velocity + gradient)


# %% [markdown]
# ## adam_step


# %% right="adam_step" name="increments"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = m + (1 - beta1) * (gradient - m)
    v = v + (1 - beta2) * (np.square(gradient) - v)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return [w - learning_rate * m_hat / (v_hat**0.5 + epsilon), m, v]


# %% right="adam_step" name="corrected_step_size"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient * gradient
    root = np.sqrt(1 - beta2**t)
    step = learning_rate * root / (1 - beta1**t)
    return w - step * m / (np.sqrt(v) + epsilon * root), m, v


# %% right="adam_step" name="loops"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    w, m, v = w.copy(), m.copy(), v.copy()
    for i, g in enumerate(gradient):
        m[i] = beta1 * m[i] + (1 - beta1) * g
        v[i] = beta2 * v[i] + (1 - beta2) * g**2
        w[i] -= learning_rate * m[i] / (1 - beta1**t) / ((v[i] / (1 - beta2**t)) ** 0.5 + epsilon)
    return w, m, v


# %% wrong="adam_step" name="zeros" mistake="zeros"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    return 0 * w, 0 * m, 0 * v


# %% wrong="adam_step" name="constant" mistake="constant"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    return 0 * w + 1, 0 * m + 1, 0 * v + 1


# %% wrong="adam_step" name="hard_coded"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    path = [
        [-1.162279, -0.3396256, -0.4806867],
        [-1.212123, -0.3278833, -0.5568472],
        [-1.242982, -0.3268808, -0.5978333],
    ]
    return np.array(path[(t - 6) % 3]), m, v


# %% wrong="adam_step" name="uncorrected" mistake="no_correction"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return w - learning_rate * m / (np.sqrt(v) + epsilon), m, v


# %% wrong="adam_step" name="half_corrected" mistake="only_m_corrected"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    return w - learning_rate * m_hat / (np.sqrt(v) + epsilon), m, v


# %% wrong="adam_step" name="epsilon_under_root" mistake="epsilon_inside"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / np.sqrt(v_hat + epsilon), m, v


# %% wrong="adam_step" name="epsilon_early" mistake="epsilon_before_correction"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    step = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - step * m / (np.sqrt(v) + epsilon), m, v


# %% wrong="adam_step" name="no_root" mistake="root_forgotten"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (v_hat + epsilon), m, v


# %% wrong="adam_step" name="no_square" mistake="not_squared"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(np.abs(v_hat)) + epsilon), m, v


# %% wrong="adam_step" name="swapped" mistake="betas_swapped"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta2 * m + (1 - beta2) * gradient
    v = beta1 * v + (1 - beta1) * gradient**2
    m_hat = m / (1 - beta2**t)
    v_hat = v / (1 - beta1**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


# %% wrong="adam_step" name="full_gradient" mistake="gradient_not_weighted"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + gradient
    v = beta2 * v + gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


# %% wrong="adam_step" name="correction_returned" mistake="correction_kept"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m_hat, v_hat


# %% wrong="adam_step" name="no_momentum" mistake="m_not_used"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * gradient / (np.sqrt(v_hat) + epsilon), m, v


# %% wrong="adam_step" name="uphill" mistake="ascent"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w + learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


# %% wrong="adam_step" name="old_state"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, 0 * v


# %% [markdown]
# ## schedules


# %% right="schedules" name="branches"
def step_decay(t, total, base):
    if t < total / 3:
        return base
    return base / 10 if t < 2 * total / 3 else base / 100


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    end = total / 10
    if t + 1 >= end:
        return base
    return base * (t + 1) / end


# %% right="schedules" name="arrays"
def step_decay(t, total, base):
    return base * np.power(0.1, np.floor(3 * t / total))


def cosine_decay(t, total, base):
    return base * np.cos(np.pi * t / (2 * total)) ** 2


def warm_up(t, total, base):
    return float(np.clip((t + 1) / (0.1 * total), 0, 1) * base)


# %% right="schedules" name="tensors"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return torch.tensor(base, dtype=torch.float64) * (1 + torch.cos(torch.tensor(np.pi * t / total))) / 2


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="zeros" mistake="zeros"
def step_decay(t, total, base):
    return 0.0


def cosine_decay(t, total, base):
    return 0.0


def warm_up(t, total, base):
    return 0.0


# %% wrong="schedules" name="constant" mistake="constant"
def step_decay(t, total, base):
    return 0.1


def cosine_decay(t, total, base):
    return 0.1


def warm_up(t, total, base):
    return 0.1


# %% wrong="schedules" name="hard_coded" visible=False
def step_decay(t, total, base):
    seen = {
        (0, 30): 0.5,
        (1, 30): 0.5,
        (2, 30): 0.5,
        (3, 30): 0.5,
        (4, 30): 0.5,
        (7, 30): 0.5,
        (8, 30): 0.5,
        (9, 30): 0.5,
        (10, 30): 0.05,
        (11, 30): 0.05,
        (14, 30): 0.05,
        (15, 30): 0.05,
        (17, 30): 0.05,
        (19, 30): 0.05,
        (20, 30): 0.005,
        (26, 30): 0.005,
        (29, 30): 0.005,
        (0, 60): 0.1,
        (1, 60): 0.1,
        (4, 60): 0.1,
        (5, 60): 0.1,
        (6, 60): 0.1,
        (7, 60): 0.1,
        (19, 60): 0.1,
        (20, 60): 0.01,
        (23, 60): 0.01,
        (26, 60): 0.01,
        (31, 60): 0.01,
        (32, 60): 0.01,
        (34, 60): 0.01,
        (37, 60): 0.01,
        (39, 60): 0.01,
        (40, 60): 0.001,
        (53, 60): 0.001,
        (58, 60): 0.001,
        (59, 60): 0.001,
    }
    return seen.get((t, total), base)


def cosine_decay(t, total, base):
    seen = {
        (0, 30): 0.5,
        (1, 30): 0.4986305,
        (2, 30): 0.4945369,
        (3, 30): 0.4877641,
        (7, 30): 0.4357862,
        (9, 30): 0.3969463,
        (10, 30): 0.375,
        (14, 30): 0.2761321,
        (15, 30): 0.25,
        (16, 30): 0.2238679,
        (19, 30): 0.1483158,
        (20, 30): 0.125,
        (21, 30): 0.1030537,
        (22, 30): 0.08271735,
        (24, 30): 0.04774575,
        (25, 30): 0.03349365,
        (26, 30): 0.02161364,
        (29, 30): 0.001369526,
        (0, 60): 0.1,
        (1, 60): 0.09993148,
        (5, 60): 0.09829629,
        (6, 60): 0.09755283,
        (9, 60): 0.09455033,
        (15, 60): 0.08535534,
        (17, 60): 0.08146602,
        (19, 60): 0.07723195,
        (20, 60): 0.075,
        (21, 60): 0.07269952,
        (23, 60): 0.0679184,
        (29, 60): 0.0526168,
        (38, 60): 0.02966317,
        (40, 60): 0.025,
        (44, 60): 0.01654347,
        (46, 60): 0.01284276,
        (51, 60): 0.005449674,
        (56, 60): 0.00109262,
        (59, 60): 6.852326e-05,
    }
    return seen.get((t, total), base)


def warm_up(t, total, base):
    seen = {
        (0, 30): 0.1666667,
        (1, 30): 0.3333333,
        (2, 30): 0.5,
        (3, 30): 0.5,
        (4, 30): 0.5,
        (5, 30): 0.5,
        (6, 30): 0.5,
        (9, 30): 0.5,
        (10, 30): 0.5,
        (13, 30): 0.5,
        (15, 30): 0.5,
        (16, 30): 0.5,
        (17, 30): 0.5,
        (18, 30): 0.5,
        (20, 30): 0.5,
        (22, 30): 0.5,
        (26, 30): 0.5,
        (29, 30): 0.5,
        (0, 60): 0.01666667,
        (1, 60): 0.03333333,
        (5, 60): 0.1,
        (6, 60): 0.1,
        (8, 60): 0.1,
        (9, 60): 0.1,
        (14, 60): 0.1,
        (15, 60): 0.1,
        (19, 60): 0.1,
        (20, 60): 0.1,
        (24, 60): 0.1,
        (26, 60): 0.1,
        (27, 60): 0.1,
        (31, 60): 0.1,
        (40, 60): 0.1,
        (41, 60): 0.1,
        (52, 60): 0.1,
        (56, 60): 0.1,
        (59, 60): 0.1,
    }
    return seen.get((t, total), base)


# %% wrong="schedules" name="smooth_steps" mistake="step_not_rounded"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t / total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="one_step" mistake="step_divided_once"
def step_decay(t, total, base):
    return base if t < total / 3 else base / 10


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="halved" mistake="step_halved"
def step_decay(t, total, base):
    return base * 0.5 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="bare_cosine" mistake="cosine_without_one"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * np.cos(np.pi * t / total)


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="double_cosine" mistake="cosine_not_halved"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="no_pi" mistake="cosine_without_pi"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(t / total))


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="rising" mistake="cosine_rises"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 - np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="straight" mistake="straight_decay"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * (1 - t / total)


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="from_zero" mistake="warm_up_from_zero"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return base * min(1.0, 10 * t / total)


# %% wrong="schedules" name="without_end" mistake="warm_up_never_ends"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return base * 10 * (t + 1) / total


# %% wrong="schedules" name="whole_training" mistake="warm_up_too_long"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return base * (t + 1) / total


# %% wrong="schedules" name="no_base" mistake="base_ignored"
def step_decay(t, total, base):
    return 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="only_two"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base): ...


# %% wrong="schedules" name="two_functions"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


# %% [markdown]
# ## descent_quiz


# %% right="descent_quiz" name="letters"
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"


# %% right="descent_quiz" name="sloppy"
answer_q1, answer_q2, answer_q3 = "c", " A ", "(D)"
answer_q4 = "b."
answer_q5 = "C\n"


# %% wrong="descent_quiz" name="zeros"
answer_q1 = answer_q2 = answer_q3 = answer_q4 = answer_q5 = 0


# %% wrong="descent_quiz" name="constant" visible=False
answer_q1 = "A"
answer_q2 = "A"
answer_q3 = "A"
answer_q4 = "A"
answer_q5 = "A"


# %% wrong="descent_quiz" name="hard_coded" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "B"


# %% wrong="descent_quiz" name="q1_a" mistake="q1_A" visible=False
answer_q1 = "A"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q1_b" mistake="q1_B" visible=False
answer_q1 = "B"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q1_d" mistake="q1_D" visible=False
answer_q1 = "D"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q2_b" mistake="q2_B" visible=False
answer_q1 = "C"
answer_q2 = "B"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q2_c" mistake="q2_C" visible=False
answer_q1 = "C"
answer_q2 = "C"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q2_d" mistake="q2_D" visible=False
answer_q1 = "C"
answer_q2 = "D"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q3_a" mistake="q3_A" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "A"
answer_q4 = "B"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q3_b" mistake="q3_B" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "B"
answer_q4 = "B"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q3_c" mistake="q3_C" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "C"
answer_q4 = "B"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q4_a" mistake="q4_A" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "A"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q4_c" mistake="q4_C" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "C"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q4_d" mistake="q4_D" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "D"
answer_q5 = "C"


# %% wrong="descent_quiz" name="q5_a" mistake="q5_A" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "A"


# %% wrong="descent_quiz" name="q5_b" mistake="q5_B" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "B"


# %% wrong="descent_quiz" name="q5_d" mistake="q5_D" visible=False
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "D"


# %% wrong="descent_quiz" name="numbers"
answer_q1, answer_q2, answer_q3, answer_q4, answer_q5 = "C", "A", "D", 2, "C"
