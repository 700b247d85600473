# Known right and known wrong answers to the exercises of Lab 1. They prove the tests and make the sample class.
#
# A right answer earns full marks in check and in grade. A wrong one loses marks in grade, and in check too unless the
# header says visible=False; with mistake="..." its verdict names that mistake. The answers called `hard_coded` know
# the recorded cases; when an exercise's draw changes they fail as "no longer right in check": write the new numbers in.

# ruff: noqa: B007, F841, RUF007 (students write such things)

# %%
import numpy as np

from course_utils.frameworks import keras, nn, tf, torch


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


# %% [markdown]
# ## neuron


# %% right="neuron" name="matrix_product"
def neuron(x, w, b):
    return sigmoid(np.dot(x, w) + b)


# %% right="neuron" name="loops"
def neuron(x, w, b):
    def one(sample):
        total = b
        for value, weight in zip(sample, w):
            total += weight * value
        return 1 / (1 + np.exp(-total))

    if np.ndim(x) == 1:
        return one(x)
    return [one(sample) for sample in x]


# %% right="neuron" name="einsum_and_other_names"
def neuron(inputs, weights, bias=0.0):
    return 1.0 / (1.0 + np.exp(-(np.einsum("...i,i->...", inputs, weights) + bias)))


# %% right="neuron" name="float32"
def neuron(x, w, b):
    x, w = np.asarray(x, dtype=np.float32), np.asarray(w, dtype=np.float32)
    return sigmoid((x * w).sum(axis=-1) + np.float32(b))


# %% right="neuron" name="torch_tensor"
def neuron(x, w, b):
    return torch.sigmoid(torch.tensor(x) @ torch.tensor(w, requires_grad=True) + b)


# %% right="neuron" name="tensorflow_tensor"
def neuron(x, w, b):
    return tf.sigmoid(tf.tensordot(tf.constant(x), tf.constant(w), axes=1) + b)


# %% right="neuron" name="works_in_place"
def neuron(x, w, b):
    x *= w
    x = x.sum(axis=-1)
    x += b
    return sigmoid(x)


# %% wrong="neuron" name="zeros" mistake="zeros"
def neuron(x, w, b):
    return np.zeros(np.shape(x)[:-1])


# %% wrong="neuron" name="constant" mistake="constant"
def neuron(x, w, b):
    return np.full(np.shape(x)[:-1], 0.5)


# %% wrong="neuron" name="hard_coded" visible=False
def neuron(x, w, b):
    seen = {
        -0.75: 0.9664113,
        0.94: 0.7793014,
        -1.33: [0.9669524, 0.009669137, 0.9597012, 0.03646345],
        0.06: [0.8458479, 0.9534607],
    }
    return np.array(seen.get(float(np.ravel(x)[0]), 0.5))


# %% wrong="neuron" name="hard_coded_first_case"
def neuron(x, w, b):
    return 0.9664113


# %% wrong="neuron" name="no_bias" mistake="bias_forgotten"
def neuron(x, w, b):
    return sigmoid(x @ w)


# %% wrong="neuron" name="bias_outside" mistake="bias_after_activation"
def neuron(x, w, b):
    return sigmoid(x @ w) + b


# %% wrong="neuron" name="no_sigmoid" mistake="activation_forgotten"
def neuron(x, w, b):
    return x @ w + b


# %% wrong="neuron" name="sigmoid_twice" mistake="activation_doubled"
def neuron(x, w, b):
    z = sigmoid(x @ w + b)
    return sigmoid(z)


# %% wrong="neuron" name="step" mistake="step_instead"
def neuron(x, w, b):
    return (x @ w + b > 0).astype(float)


# %% wrong="neuron" name="mean" mistake="mean_instead_of_sum"
def neuron(x, w, b):
    return sigmoid(np.mean(x * w, axis=-1) + b)


# %% wrong="neuron" name="no_sum" mistake="not_summed"
def neuron(x, w, b):
    return sigmoid(x * w + b)


# %% wrong="neuron" name="sums_the_batch" mistake="batch_summed"
def neuron(x, w, b):
    return sigmoid(np.sum(x * w) + b)


# %% wrong="neuron" name="axis_0" mistake="wrong_axis"
def neuron(x, w, b):
    return sigmoid(np.sum(x * w, axis=0) + b)


# %% wrong="neuron" name="only_one_input"
def neuron(x, w, b):
    return sigmoid(sum(x[i] * w[i] for i in range(len(w))) + b)


# %% wrong="neuron" name="product_the_wrong_way_round" mistake="shapes_do_not_fit"
def neuron(x, w, b):
    return sigmoid(w @ x + b)


# %% [markdown]
# ## perceptron_update


# %% right="perceptron_update" name="if_and_for"
def perceptron_update(x, y, w, b, learning_rate):
    total = b
    for i in range(len(x)):
        total += x[i] * w[i]
    prediction = 0
    if total > 0:
        prediction = 1
    if prediction == y:
        return w, b
    new = w.copy()
    for i in range(len(x)):
        new[i] = w[i] + learning_rate * (y - prediction) * x[i]
    return new, b + learning_rate * (y - prediction)


# %% right="perceptron_update" name="lists"
def perceptron_update(sample, label, weights, bias, eta):
    guess = int(sum(s * w for s, w in zip(sample, weights)) + bias > 0)
    return [[w + eta * (label - guess) * s for s, w in zip(sample, weights)], bias + eta * (label - guess)]


# %% right="perceptron_update" name="heaviside_float32"
def perceptron_update(x, y, w, b, learning_rate):
    x, w = x.astype("float32"), w.astype("float32")
    step = np.float32(learning_rate) * (y - np.heaviside(np.inner(w, x) + np.float32(b), 0).astype("float32"))
    return w + step * x, np.float32(b) + step


# %% right="perceptron_update" name="in_place"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - (1 if np.dot(w, x) + b > 0 else 0)
    w += learning_rate * error * x
    b += learning_rate * error
    return w, b


# %% right="perceptron_update" name="bias_as_weight"
def perceptron_update(x, y, w, b, learning_rate):
    x, w = np.append(x, 1.0), np.append(w, b)
    w = w + learning_rate * (y - np.where(w @ x > 0, 1, 0)) * x
    return w[:-1], w[-1]


# %% wrong="perceptron_update" name="zeros" mistake="zeros"
def perceptron_update(x, y, w, b, learning_rate):
    return np.zeros_like(w), 0.0


# %% wrong="perceptron_update" name="constant" mistake="constant"
def perceptron_update(x, y, w, b, learning_rate):
    return np.ones_like(w), 1.0


# %% wrong="perceptron_update" name="hard_coded" visible=False
def perceptron_update(x, y, w, b, learning_rate):
    seen = {
        1.24: ([-0.046, -0.704, -0.06], -0.11),
        -0.85: ([1.135, 0.529, 1.416], 1.89),
        0.81: ([0.869, -0.724, 1.58], 1.22),
        1.89: ([1.158, -1.6, 0.81], -0.32),
        -0.41: ([-0.041, 0.011, -0.107], 0.1),
    }
    return seen.get(float(x[0]), (w, b))


# %% wrong="perceptron_update" name="never_learns"
def perceptron_update(x, y, w, b, learning_rate):
    return w, b


# %% wrong="perceptron_update" name="prediction_minus_label" mistake="sign_flipped"
def perceptron_update(x, y, w, b, learning_rate):
    error = int(x @ w + b > 0) - y
    return w + learning_rate * error * x, b + learning_rate * error


# %% wrong="perceptron_update" name="no_learning_rate" mistake="learning_rate_ignored"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - int(x @ w + b > 0)
    return w + error * x, b + error


# %% wrong="perceptron_update" name="bias_stays" mistake="bias_not_updated"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - int(x @ w + b > 0)
    return w + learning_rate * error * x, b


# %% wrong="perceptron_update" name="not_times_x" mistake="input_forgotten"
def perceptron_update(x, y, w, b, learning_rate):
    step = learning_rate * (y - int(x @ w + b > 0))
    return w + step, b + step


# %% wrong="perceptron_update" name="label_times_x" mistake="prediction_ignored"
def perceptron_update(x, y, w, b, learning_rate):
    return w + learning_rate * y * x, b + learning_rate * y


# %% wrong="perceptron_update" name="updates_when_right" mistake="always_updated"
def perceptron_update(x, y, w, b, learning_rate):
    sign = 1 if y == 1 else -1
    return w + learning_rate * sign * x, b + learning_rate * sign


# %% wrong="perceptron_update" name="minus_one_and_one" mistake="signed_labels"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - (1 if x @ w + b > 0 else -1)
    return w + learning_rate * error * x, b + learning_rate * error


# %% wrong="perceptron_update" name="zero_counts_as_one" mistake="threshold_includes_zero"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - (1 if x @ w + b >= 0 else 0)
    return w + learning_rate * error * x, b + learning_rate * error


# %% wrong="perceptron_update" name="predicts_without_bias" mistake="bias_left_out_of_prediction"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - (1 if x @ w > 0 else 0)
    return w + learning_rate * error * x, b + learning_rate * error


# %% wrong="perceptron_update" name="no_step" mistake="sum_not_thresholded"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - (x @ w + b)
    return w + learning_rate * error * x, b + learning_rate * error


# %% wrong="perceptron_update" name="sigmoid" mistake="sigmoid_instead_of_step"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - sigmoid(x @ w + b)
    return w + learning_rate * error * x, b + learning_rate * error


# %% wrong="perceptron_update" name="only_the_weights" mistake="wrong_type"
def perceptron_update(x, y, w, b, learning_rate):
    return w + learning_rate * (y - int(x @ w + b > 0)) * x


# %% [markdown]
# ## train_perceptron


# %% right="train_perceptron" name="loops_and_lists"
def train_perceptron(X, y, epochs, learning_rate):
    w = [0.0] * len(X[0])
    b = 0.0
    mistakes = []
    for _ in range(epochs):
        count = 0
        for sample, label in zip(X, y):
            total = b
            for value, weight in zip(sample, w):
                total += value * weight
            prediction = 1 if total > 0 else 0
            if prediction != label:
                count += 1
                for i in range(len(w)):
                    w[i] += learning_rate * (label - prediction) * sample[i]
                b += learning_rate * (label - prediction)
        mistakes.append(count)
    return w, b, mistakes


# %% right="train_perceptron" name="array_of_mistakes"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, np.zeros(epochs)
    for epoch in range(epochs):
        for row in range(len(X)):
            error = y[row] - (X[row] @ w + b > 0)
            mistakes[epoch] += abs(error)
            w += learning_rate * error * X[row]
            b += learning_rate * error
    return w, b, mistakes


# %% right="train_perceptron" name="column_of_ones"
def train_perceptron(X, y, epochs, learning_rate):
    ones = np.column_stack([X, np.ones(len(X))])
    v, mistakes = np.zeros(ones.shape[1]), []
    for _ in range(epochs):
        errors = []
        for x, label in zip(ones, y):
            errors.append(label - np.heaviside(x @ v, 0))
            v = v + learning_rate * errors[-1] * x
        mistakes.append(np.count_nonzero(errors))
    return v[:-1], v[-1], tuple(mistakes)


# %% right="train_perceptron" name="float32"
def train_perceptron(X, y, epochs, learning_rate):
    X = X.astype(np.float32)
    rate = np.float32(learning_rate)
    w, b, mistakes = np.zeros(X.shape[1], dtype=np.float32), np.float32(0), []
    for _ in range(epochs):
        mistakes.append(0)
        for x, label in zip(X, y.astype(np.float32)):
            wrong = label - np.float32(w @ x + b > 0)
            mistakes[-1] += int(wrong != 0)
            w, b = w + rate * wrong * x, b + rate * wrong
    return w, b, mistakes


# %% wrong="train_perceptron" name="zeros" mistake="zeros"
def train_perceptron(X, y, epochs, learning_rate):
    return np.zeros(X.shape[1]), 0.0, [0] * epochs


# %% wrong="train_perceptron" name="constant" mistake="constant"
def train_perceptron(X, y, epochs, learning_rate):
    return np.ones(X.shape[1]), 1.0, [1] * epochs


# %% wrong="train_perceptron" name="hard_coded" visible=False
def train_perceptron(X, y, epochs, learning_rate):
    seen = {
        4: ([-0.097, 0.126], 0.1, [3, 2, 2, 2]),
        3: ([-0.205, 1.005], -0.5, [3, 3, 1]),
        6: ([0.372, -0.49], -0.2, [1, 3, 1, 0, 0, 0]),
    }
    return seen[epochs]


# %% wrong="train_perceptron" name="prediction_minus_label" mistake="sign_flipped"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = (1 if xi @ w + b > 0 else 0) - yi
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="no_learning_rate" mistake="learning_rate_ignored"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + error * xi
            b = b + error
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="bias_stays" mistake="bias_not_updated"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="updates_when_right" mistake="always_updated"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * (1 if yi == 1 else -1) * xi
            b = b + learning_rate * (1 if yi == 1 else -1)
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="label_times_x" mistake="prediction_ignored"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * yi * xi
            b = b + learning_rate * yi
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="minus_one_and_one" mistake="signed_labels"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else -1)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="zero_counts_as_one" mistake="threshold_includes_zero"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b >= 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="forgets_each_epoch" mistake="restarted_each_epoch"
def train_perceptron(X, y, epochs, learning_rate):
    mistakes = []
    for _ in range(epochs):
        w, b, wrong = np.zeros(X.shape[1]), 0.0, 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="whole_epoch_at_once" mistake="updated_after_the_epoch"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = y - (X @ w + b > 0)
        mistakes.append(np.count_nonzero(errors))
        w = w + learning_rate * errors @ X
        b = b + learning_rate * errors.sum()
    return w, b, mistakes


# %% wrong="train_perceptron" name="counts_after_the_update" mistake="mistakes_after_update"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
            wrong += int((xi @ w + b > 0) != yi)
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="counter_never_reset" mistake="mistakes_cumulative"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    wrong = 0
    for _ in range(epochs):
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="errors_cancel" mistake="mistakes_cancel"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += error
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="share_of_mistakes" mistake="mistakes_as_share"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong / len(y))
    return w, b, mistakes


# %% wrong="train_perceptron" name="one_total" mistake="mistakes_in_total"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, sum(mistakes)


# %% wrong="train_perceptron" name="last_epoch_only" mistake="mistakes_of_last_epoch"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, [wrong]


# %% wrong="train_perceptron" name="return_in_the_loop" mistake="returned_after_first_epoch"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
        return w, b, mistakes


# %% wrong="train_perceptron" name="stops_when_done" mistake="stopped_early"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


# %% wrong="train_perceptron" name="random_start"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.random.randn(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="never_keeps_the_weights"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w_new = w + learning_rate * error * xi
            b_new = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, mistakes


# %% wrong="train_perceptron" name="bias_of_shape_1"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), np.zeros(1), []
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            error = yi - (1 if xi @ w + b > 0 else 0)
            wrong += int(error != 0)
            w = w + learning_rate * error * xi
            b = b + learning_rate * error
        mistakes.append(wrong)
    return w, b, mistakes


# %% [markdown]
# ## dense, NumPy


# %% right="dense_numpy" name="broadcasting"
def dense(x, W, b):
    z = np.dot(x, W) + b
    return 1 / (1 + np.exp(-z))


# %% right="dense_numpy" name="three_loops"
def dense(x, W, b):
    output = []
    for sample in x:
        row = []
        for unit in range(W.shape[1]):
            total = b[unit]
            for i in range(W.shape[0]):
                total += sample[i] * W[i][unit]
            row.append(float(sigmoid(total)))
        output.append(row)
    return output


# %% right="dense_numpy" name="einsum"
def dense(samples, weights, biases):
    return sigmoid(np.einsum("si,iu->su", samples, weights) + biases[None, :])


# %% right="dense_numpy" name="unit_by_unit"
def dense(x, W, b):
    columns = [sigmoid(x @ W[:, unit] + b[unit]) for unit in range(len(b))]
    return np.stack(columns, axis=1)


# %% right="dense_numpy" name="float32_list"
def dense(x, W, b):
    z = x.astype(np.float32) @ W.astype(np.float32) + b.astype(np.float32)
    return sigmoid(z).tolist()


# %% right="dense_numpy" name="torch_rows"
def dense(x, W, b):
    W, b = torch.tensor(W, requires_grad=True), torch.tensor(b)
    return [torch.sigmoid(torch.tensor(sample) @ W + b) for sample in x]


# %% wrong="dense_numpy" name="zeros" mistake="zeros"
def dense(x, W, b):
    return np.zeros((len(x), len(b)))


# %% wrong="dense_numpy" name="constant" mistake="constant"
def dense(x, W, b):
    return 0.5 * np.ones((len(x), len(b)))


# %% wrong="dense_numpy" name="hard_coded" visible=False
def dense(x, W, b):
    if len(x) == 4:
        return np.array(
            [
                [0.9969516, 0.6505142, 0.9762144],
                [0.9733122, 0.9660688, 0.9281758],
                [0.3700039, 0.9403299, 0.5449285],
                [0.4610541, 0.9815759, 0.9242469],
            ]
        )
    return np.array(
        [
            [0.03282465, 0.1693136],
            [0.01518867, 0.6075916],
            [0.1427543, 0.9854957],
            [0.2563551, 0.7009865],
            [0.3213881, 0.9931817],
        ]
    )


# %% wrong="dense_numpy" name="no_bias" mistake="bias_forgotten"
def dense(x, W, b):
    return sigmoid(x @ W)


# %% wrong="dense_numpy" name="bias_outside" mistake="bias_after_activation"
def dense(x, W, b):
    return sigmoid(x @ W) + b


# %% wrong="dense_numpy" name="first_bias_for_all" mistake="bias_shared"
def dense(x, W, b):
    return sigmoid(x @ W + b[0])


# %% wrong="dense_numpy" name="no_sigmoid" mistake="activation_forgotten"
def dense(x, W, b):
    return np.matmul(x, W) + b


# %% wrong="dense_numpy" name="sigmoid_twice" mistake="activation_doubled"
def dense(x, W, b):
    return sigmoid(sigmoid(x @ W + b))


# %% wrong="dense_numpy" name="transposed_weights" mistake="weights_transposed"
def dense(x, W, b):
    return sigmoid(x @ W.T + b)


# %% wrong="dense_numpy" name="transposed_output" mistake="output_transposed"
def dense(x, W, b):
    return sigmoid(W.T @ x.T + b[:, None])


# %% wrong="dense_numpy" name="sums_the_units" mistake="units_summed"
def dense(x, W, b):
    return sigmoid(np.sum(x @ W + b, axis=1))


# %% wrong="dense_numpy" name="bias_along_samples"
def dense(x, W, b):
    return sigmoid(x @ W + b[: len(x), None])


# %% wrong="dense_numpy" name="softmax" mistake="softmax_instead"
def dense(x, W, b):
    powers = np.exp(x @ W + b)
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong="dense_numpy" name="one_unit_for_all" mistake="weights_shared"
def dense(x, W, b):
    first = sigmoid(x @ W[:, 0] + b[0])
    return np.stack([first] * W.shape[1], axis=1)


# %% [markdown]
# ## dense, PyTorch


# %% right="dense_torch" name="parameters"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W + self.b)


# %% right="dense_torch" name="nn_linear"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.linear = nn.Linear(n_inputs, n_units)
        self.activation = nn.Sigmoid()

    def forward(self, x):
        return self.activation(self.linear(x))


# %% right="dense_torch" name="nn_linear_with_aliases"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.linear = nn.Linear(n_inputs, n_units)
        self.W = self.linear.weight
        self.b = self.linear.bias

    def forward(self, x):
        return torch.sigmoid(self.linear(x))


# %% right="dense_torch" name="float64_and_einsum"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.b = nn.Parameter(torch.zeros(n_units, dtype=torch.float64))
        self.W = nn.Parameter(torch.zeros(n_inputs, n_units, dtype=torch.float64))

    def forward(self, x):
        return torch.einsum("si,iu->su", x, self.W).add(self.b).sigmoid()


# %% right="dense_torch" name="other_names"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(n_units))
        self.weight = nn.Parameter(torch.rand(n_inputs, n_units) - 0.5)

    def forward(self, x):
        z = torch.addmm(self.bias, x, self.weight)
        return 1 / (1 + torch.exp(-z))


# %% right="dense_torch" name="parameter_list_and_loop"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.parts = nn.ParameterList([torch.randn(n_inputs, n_units), torch.zeros(n_units)])

    def forward(self, x):
        W, b = self.parts
        columns = [torch.sigmoid(x @ W[:, unit] + b[unit]) for unit in range(len(b))]
        return torch.stack(columns, dim=1)


# %% right="dense_torch" name="sequential_subclass"
class DenseTorch(nn.Sequential):
    def __init__(self, n_inputs, n_units):
        super().__init__(nn.Linear(n_inputs, n_units), nn.Sigmoid())


# %% right="dense_torch" name="lazy_linear_in_a_function"
def DenseTorch(n_inputs, n_units):
    return nn.Sequential(nn.LazyLinear(n_units), nn.Sigmoid())


# %% wrong="dense_torch" name="zeros" mistake="zeros"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.zeros(len(x), len(self.b))


# %% wrong="dense_torch" name="constant" mistake="constant"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.full((len(x), len(self.b)), 0.5)


# %% wrong="dense_torch" name="hard_coded"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        if len(x) == 4:
            return torch.tensor(
                [
                    [0.9969516, 0.6505142, 0.9762144],
                    [0.9733122, 0.9660688, 0.9281758],
                    [0.3700039, 0.9403299, 0.5449285],
                    [0.4610541, 0.9815759, 0.9242469],
                ]
            )
        return torch.tensor(
            [
                [0.03282465, 0.1693136],
                [0.01518867, 0.6075916],
                [0.1427543, 0.9854957],
                [0.2563551, 0.7009865],
                [0.3213881, 0.9931817],
            ]
        )


# %% wrong="dense_torch" name="no_bias" mistake="bias_forgotten"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W)


# %% wrong="dense_torch" name="bias_outside" mistake="bias_after_activation"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W) + self.b


# %% wrong="dense_torch" name="no_sigmoid" mistake="activation_forgotten"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return x @ self.W + self.b


# %% wrong="dense_torch" name="sigmoid_twice" mistake="activation_doubled"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        x = torch.sigmoid(x @ self.W + self.b)
        return torch.sigmoid(x)


# %% wrong="dense_torch" name="softmax" mistake="softmax_instead"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.softmax(x @ self.W + self.b, dim=1)


# %% wrong="dense_torch" name="one_unit_for_all" mistake="weights_shared"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        first = torch.sigmoid(x @ self.W[:, :1] + self.b[:1])
        return first.repeat(1, len(self.b))


# %% wrong="dense_torch" name="transposed_weights" mistake="weights_transposed"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W.T + self.b)


# %% wrong="dense_torch" name="plain_tensors" mistake="not_a_parameter"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = torch.randn(n_inputs, n_units, requires_grad=True)
        self.b = torch.zeros(n_units, requires_grad=True)

    def forward(self, x):
        return torch.sigmoid(x @ self.W + self.b)


# %% wrong="dense_torch" name="linear_made_in_forward" mistake="missing_parameter"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.n_inputs, self.n_units = n_inputs, n_units

    def forward(self, x):
        linear = nn.Linear(self.n_inputs, self.n_units)
        return torch.sigmoid(linear(x))


# %% wrong="dense_torch" name="parameters_in_a_plain_list" mistake="missing_parameter"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.parts = [nn.Parameter(torch.randn(n_inputs, n_units)), nn.Parameter(torch.zeros(n_units))]

    def forward(self, x):
        return torch.sigmoid(x @ self.parts[0] + self.parts[1])


# %% wrong="dense_torch" name="bias_never_made" mistake="missing_parameter"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W)


# %% wrong="dense_torch" name="units_by_inputs" mistake="weights_transposed"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_units, n_inputs))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W.T + self.b)


# %% wrong="dense_torch" name="linear_and_a_bias_too" mistake="extra_parameter"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Linear(n_inputs, n_units)
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(self.W(x) + self.b)


# %% wrong="dense_torch" name="detached" mistake="missing_gradient"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W.detach() + self.b.detach())


# %% wrong="dense_torch" name="returns_numpy" mistake="wrong_type"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W + self.b).detach().numpy()


# %% wrong="dense_torch" name="local_names" mistake="missing_parameter"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        W = nn.Parameter(torch.randn(n_inputs, n_units))
        b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W + self.b)


# %% wrong="dense_torch" name="without_super" mistake="AttributeError"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        return torch.sigmoid(x @ self.W + self.b)


# %% [markdown]
# ## dense, TensorFlow


# %% right="dense_tensorflow" name="add_weight"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(x @ self.W + self.b)


# %% right="dense_tensorflow" name="dense_inside"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.inner = keras.layers.Dense(n_units, activation="sigmoid")

    def call(self, x):
        return self.inner(x)


# %% right="dense_tensorflow" name="keras_variable"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.b = keras.Variable(np.zeros(n_units, dtype="float32"))

    def build(self, input_shape):
        shape = (input_shape[-1], self.b.shape[0])
        self.W = keras.Variable(keras.random.normal(shape))

    def call(self, x):
        return keras.ops.sigmoid(keras.ops.matmul(x, self.W) + self.b)


# %% right="dense_tensorflow" name="other_names_and_einsum"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units, **keywords):
        super().__init__(**keywords)
        self.n_units = n_units
        self.bias = self.add_weight(shape=(n_units,), name="bias")

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], self.n_units))
        super().build(input_shape)

    def call(self, x):
        z = tf.einsum("si,iu->su", x, self.kernel) + self.bias
        return 1 / (1 + tf.exp(-z))


# %% right="dense_tensorflow" name="float64"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__(dtype="float64")
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units))
        self.b = self.add_weight(shape=(self.n_units,))

    def call(self, x):
        return keras.activations.sigmoid(tf.matmul(x, self.W) + self.b)


# %% right="dense_tensorflow" name="model_with_columns"
class DenseTF(keras.Model):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="glorot_uniform")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        columns = [tf.reduce_sum(x * self.W[:, unit], axis=1) + self.b[unit] for unit in range(self.n_units)]
        return tf.sigmoid(tf.stack(columns, axis=1))


# %% right="dense_tensorflow" name="tf_function"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    @tf.function
    def call(self, x):
        return tf.sigmoid(x @ self.W + self.b)


# %% wrong="dense_tensorflow" name="zeros" mistake="zeros"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.zeros((len(x), self.n_units))


# %% wrong="dense_tensorflow" name="constant" mistake="constant"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.fill((len(x), self.n_units), 0.5)


# %% wrong="dense_tensorflow" name="hard_coded"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        if len(x) == 4:
            return tf.constant(
                [
                    [0.9969516, 0.6505142, 0.9762144],
                    [0.9733122, 0.9660688, 0.9281758],
                    [0.3700039, 0.9403299, 0.5449285],
                    [0.4610541, 0.9815759, 0.9242469],
                ]
            )
        return tf.constant(
            [
                [0.03282465, 0.1693136],
                [0.01518867, 0.6075916],
                [0.1427543, 0.9854957],
                [0.2563551, 0.7009865],
                [0.3213881, 0.9931817],
            ]
        )


# %% wrong="dense_tensorflow" name="no_bias" mistake="bias_forgotten"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(x @ self.W)


# %% wrong="dense_tensorflow" name="bias_outside" mistake="bias_after_activation"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(x @ self.W) + self.b


# %% wrong="dense_tensorflow" name="no_sigmoid" mistake="activation_forgotten"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.matmul(x, self.W) + self.b


# %% wrong="dense_tensorflow" name="sigmoid_twice" mistake="activation_doubled"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(tf.sigmoid(x @ self.W + self.b))


# %% wrong="dense_tensorflow" name="softmax" mistake="softmax_instead"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.nn.softmax(x @ self.W + self.b)


# %% wrong="dense_tensorflow" name="one_unit_for_all" mistake="weights_shared"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        first = tf.sigmoid(x @ self.W[:, :1] + self.b[:1])
        return tf.repeat(first, self.n_units, axis=1)


# %% wrong="dense_tensorflow" name="transposed_weights" mistake="weights_transposed"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(x @ tf.transpose(self.W) + self.b)


# %% wrong="dense_tensorflow" name="tf_variables" mistake="untracked_variable"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = tf.Variable(tf.random.normal((input_shape[-1], self.n_units)))
        self.b = tf.Variable(tf.zeros(self.n_units))

    def call(self, x):
        return tf.sigmoid(x @ self.W + self.b)


# %% wrong="dense_tensorflow" name="bias_as_tf_variable" mistake="untracked_variable"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = tf.Variable(tf.zeros(self.n_units))

    def call(self, x):
        return tf.sigmoid(x @ self.W + self.b)


# %% wrong="dense_tensorflow" name="layer_made_in_call" mistake="missing_parameter"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def call(self, x):
        return keras.layers.Dense(self.n_units, activation="sigmoid")(x)


# %% wrong="dense_tensorflow" name="weights_made_in_call"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def call(self, x):
        self.W = self.add_weight(shape=(x.shape[-1], self.n_units))
        self.b = self.add_weight(shape=(self.n_units,))
        return tf.sigmoid(x @ self.W + self.b)


# %% wrong="dense_tensorflow" name="not_trainable" mistake="untracked_variable"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal", trainable=False)
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(x @ self.W + self.b)


# %% wrong="dense_tensorflow" name="units_by_inputs" mistake="weights_transposed"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(self.n_units, input_shape[-1]), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(x @ tf.transpose(self.W) + self.b)


# %% wrong="dense_tensorflow" name="one_number_as_bias" mistake="parameter_shape"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(1,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(x @ self.W + self.b)


# %% wrong="dense_tensorflow" name="numpy_inside" mistake="missing_gradient"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(self.n_units,), initializer="zeros")

    def call(self, x):
        return tf.constant(sigmoid(x.numpy() @ self.W.numpy() + self.b.numpy()))


# %% [markdown]
# ## two_layer, NumPy


# %% right="two_layer_numpy" name="two_lines"
def two_layer(x, W1, b1, W2, b2):
    hidden = sigmoid(x @ W1 + b1)
    return sigmoid(hidden @ W2 + b2)


# %% right="two_layer_numpy" name="layer_loop_with_einsum"
def two_layer(x, W1, b1, W2, b2):
    for W, b in ((W1, b1), (W2, b2)):
        x = 1 / (1 + np.exp(-(np.einsum("...i,ij->...j", x, W) + b)))
    return x


# %% right="two_layer_numpy" name="sample_by_sample_lists"
def two_layer(x, W1, b1, W2, b2):
    def layer(values, W, b):
        return [1 / (1 + np.exp(-sum(v * W[i, j] for i, v in enumerate(values)) - b[j])) for j in range(len(b))]

    return [layer(layer(sample, W1, b1), W2, b2) for sample in x]


# %% right="two_layer_numpy" name="float32_tensorflow"
def two_layer(x, W1, b1, W2, b2):
    x, W1, b1, W2, b2 = (tf.constant(each, dtype=tf.float32) for each in (x, W1, b1, W2, b2))
    return tf.sigmoid(tf.sigmoid(x @ W1 + b1) @ W2 + b2)


# %% right="two_layer_numpy" name="columns_of_units"
def two_layer(x, W1, b1, W2, b2):
    hidden = sigmoid(W1.T @ x.T + b1[:, None])
    return sigmoid(W2.T @ hidden + b2[:, None]).T


# %% wrong="two_layer_numpy" name="zeros" mistake="zeros"
def two_layer(x, W1, b1, W2, b2):
    return np.zeros((len(x), len(b2)))


# %% wrong="two_layer_numpy" name="constant" mistake="constant"
def two_layer(x, W1, b1, W2, b2):
    return np.full((len(x), len(b2)), 0.3)


# %% wrong="two_layer_numpy" name="hard_coded" visible=False
def two_layer(x, W1, b1, W2, b2):
    if len(x) == 4:
        return [[0.3256993, 0.5060429], [0.3016384, 0.5045216], [0.1477038, 0.5745182], [0.2333063, 0.5434987]]
    return [[0.425331, 0.390623, 0.04952052], [0.4264208, 0.6951646, 0.3393689], [0.3148343, 0.9180465, 0.6959634]]


# %% wrong="two_layer_numpy" name="linear_hidden_layer" mistake="hidden_activation_missing"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid((x @ W1 + b1) @ W2 + b2)


# %% wrong="two_layer_numpy" name="linear_output" mistake="output_activation_missing"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(x @ W1 + b1) @ W2 + b2


# %% wrong="two_layer_numpy" name="one_sigmoid_too_many" mistake="output_activation_doubled"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(dense(dense(x, W1, b1), W2, b2))


# %% wrong="two_layer_numpy" name="linear" mistake="activations_missing"
def two_layer(x, W1, b1, W2, b2):
    return (x @ W1 + b1) @ W2 + b2


# %% wrong="two_layer_numpy" name="sigmoids_twice" mistake="activation_doubled"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(sigmoid(sigmoid(x @ W1 + b1)) @ W2 + b2))


# %% wrong="two_layer_numpy" name="no_biases" mistake="biases_forgotten"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1) @ W2)


# %% wrong="two_layer_numpy" name="no_hidden_bias" mistake="hidden_bias_forgotten"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1) @ W2 + b2)


# %% wrong="two_layer_numpy" name="no_output_bias" mistake="output_bias_forgotten"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1 + b1) @ W2)


# %% wrong="two_layer_numpy" name="one_layer" mistake="second_layer_missing"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(x @ W1 + b1)


# %% wrong="two_layer_numpy" name="output_reads_x" mistake="first_layer_ignored"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(x @ W2 + b2)


# %% wrong="two_layer_numpy" name="transposed_weights" mistake="weights_transposed"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1.T + b1) @ W2 + b2)


# %% wrong="two_layer_numpy" name="transposed_output" mistake="output_transposed"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2).T


# %% wrong="two_layer_numpy" name="first_weights_twice"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1 + b1) @ W1 + b1)


# %% [markdown]
# ## two_layer, PyTorch


# %% right="two_layer_torch" name="parameters"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return torch.sigmoid(hidden @ self.W2 + self.b2)


# %% right="two_layer_torch" name="two_linears"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.output = nn.Linear(n_hidden, n_outputs)
        self.hidden = nn.Linear(n_inputs, n_hidden)

    def forward(self, x):
        return self.output(self.hidden(x).sigmoid()).sigmoid()


# %% right="two_layer_torch" name="modules_in_modules"
class OwnLayer(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_in, n_out))
        self.b = nn.Parameter(torch.zeros(n_out))

    def forward(self, x):
        return torch.sigmoid(x @ self.W + self.b)


class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.layers = nn.Sequential(OwnLayer(n_inputs, n_hidden), OwnLayer(n_hidden, n_outputs))

    def forward(self, x):
        return self.layers(x)


# %% right="two_layer_torch" name="parameter_dict_float64"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.weights = nn.ParameterDict({"W1": torch.randn(n_inputs, n_hidden), "W2": torch.randn(n_hidden, n_outputs)})
        self.biases = nn.ParameterDict({"b1": torch.zeros(n_hidden), "b2": torch.zeros(n_outputs)})
        self.double()

    def forward(self, x):
        for k in "12":
            x = torch.special.expit(torch.einsum("si,ij->sj", x, self.weights["W" + k]) + self.biases["b" + k])
        return x


# %% right="two_layer_torch" name="linear_next_to_parameters"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.first = nn.Linear(n_inputs, n_hidden)
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        return torch.sigmoid(torch.sigmoid(self.first(x)) @ self.W2 + self.b2)


# %% wrong="two_layer_torch" name="zeros" mistake="zeros"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return 0 * (hidden @ self.W2)


# %% wrong="two_layer_torch" name="constant" mistake="constant"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return 0 * (hidden @ self.W2) + 0.5


# %% wrong="two_layer_torch" name="hard_coded"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        if len(x) == 4:
            return torch.tensor(
                [[0.3256993, 0.5060429], [0.3016384, 0.5045216], [0.1477038, 0.5745182], [0.2333063, 0.5434987]]
            )
        return torch.tensor(
            [[0.425331, 0.390623, 0.04952052], [0.4264208, 0.6951646, 0.3393689], [0.3148343, 0.9180465, 0.6959634]]
        )


# %% wrong="two_layer_torch" name="linear_hidden_layer" mistake="hidden_activation_missing"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = x @ self.W1 + self.b1
        return torch.sigmoid(hidden @ self.W2 + self.b2)


# %% wrong="two_layer_torch" name="linear_output" mistake="output_activation_missing"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return hidden @ self.W2 + self.b2


# %% wrong="two_layer_torch" name="linear" mistake="activations_missing"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = x @ self.W1 + self.b1
        return hidden @ self.W2 + self.b2


# %% wrong="two_layer_torch" name="no_biases" mistake="biases_forgotten"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1)
        return torch.sigmoid(hidden @ self.W2)


# %% wrong="two_layer_torch" name="one_layer" mistake="second_layer_missing"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return hidden


# %% wrong="two_layer_torch" name="output_reads_x" mistake="first_layer_ignored"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        return torch.sigmoid(x @ self.W2 + self.b2)


# %% wrong="two_layer_torch" name="transposed_weights" mistake="weights_transposed"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1.T + self.b1)
        return torch.sigmoid(hidden @ self.W2 + self.b2)


# %% wrong="two_layer_torch" name="hidden_detached" mistake="missing_gradient"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return torch.sigmoid(hidden.detach() @ self.W2 + self.b2)


# %% wrong="two_layer_torch" name="one_bias_for_both" mistake="missing_parameter"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return torch.sigmoid(hidden @ self.W2 + self.b1[:1])


# %% wrong="two_layer_torch" name="inputs_and_hidden_swapped" mistake="parameter_shape"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_hidden, n_inputs))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = nn.Parameter(torch.randn(n_hidden, n_outputs))
        self.b2 = nn.Parameter(torch.zeros(n_outputs))

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return torch.sigmoid(hidden @ self.W2 + self.b2)


# %% wrong="two_layer_torch" name="second_layer_plain_tensors" mistake="not_a_parameter"
class TwoLayerTorch(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_outputs):
        super().__init__()
        self.W1 = nn.Parameter(torch.randn(n_inputs, n_hidden))
        self.b1 = nn.Parameter(torch.zeros(n_hidden))
        self.W2 = torch.randn(n_hidden, n_outputs)
        self.b2 = torch.zeros(n_outputs)

    def forward(self, x):
        hidden = torch.sigmoid(x @ self.W1 + self.b1)
        return torch.sigmoid(hidden @ self.W2 + self.b2)


# %% [markdown]
# ## two_layer, TensorFlow


# %% right="two_layer_tensorflow" name="add_weight"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = tf.sigmoid(x @ self.W1 + self.b1)
        return tf.sigmoid(hidden @ self.W2 + self.b2)


# %% right="two_layer_tensorflow" name="two_dense"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.hidden = keras.layers.Dense(n_hidden, activation="sigmoid")
        self.out = keras.layers.Dense(n_outputs, activation=keras.activations.sigmoid)

    def call(self, x):
        return self.out(self.hidden(x))


# %% right="two_layer_tensorflow" name="output_made_first"
class TwoLayerTF(keras.Model):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.second = keras.layers.Dense(n_outputs)
        self.first = keras.layers.Dense(n_hidden)

    def call(self, x):
        return keras.ops.sigmoid(self.second(keras.ops.sigmoid(self.first(x))))


# %% right="two_layer_tensorflow" name="variables_where_sizes_are_known"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.b1 = self.add_weight(shape=(n_hidden,), initializer="zeros")
        self.W2 = keras.Variable(tf.random.normal((n_hidden, n_outputs)))
        self.b2 = keras.Variable(tf.zeros(n_outputs))

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.b1.shape[0]), initializer="random_normal")

    def call(self, x):
        hidden = 1 / (1 + tf.exp(-tf.matmul(x, self.W1) - self.b1))
        return 1 / (1 + tf.exp(-tf.einsum("sh,ho->so", hidden, self.W2) - self.b2))


# %% right="two_layer_tensorflow" name="layers_in_a_list_float64"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__(dtype="float64")
        self.stack = [keras.layers.Dense(n, "sigmoid", dtype="float64") for n in (n_hidden, n_outputs)]

    def call(self, x):
        for layer in self.stack:
            x = layer(x)
        return x


# %% wrong="two_layer_tensorflow" name="zeros" mistake="zeros"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = tf.sigmoid(x @ self.W1 + self.b1)
        return tf.zeros((len(x), self.n_outputs))


# %% wrong="two_layer_tensorflow" name="constant" mistake="constant"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = tf.sigmoid(x @ self.W1 + self.b1)
        return tf.ones((len(x), self.n_outputs))


# %% wrong="two_layer_tensorflow" name="hard_coded"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        if len(x) == 4:
            return tf.constant(
                [[0.3256993, 0.5060429], [0.3016384, 0.5045216], [0.1477038, 0.5745182], [0.2333063, 0.5434987]]
            )
        return tf.constant(
            [[0.425331, 0.390623, 0.04952052], [0.4264208, 0.6951646, 0.3393689], [0.3148343, 0.9180465, 0.6959634]]
        )


# %% wrong="two_layer_tensorflow" name="linear_hidden_layer" mistake="hidden_activation_missing"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = x @ self.W1 + self.b1
        return tf.sigmoid(hidden @ self.W2 + self.b2)


# %% wrong="two_layer_tensorflow" name="linear_output" mistake="output_activation_missing"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = tf.sigmoid(x @ self.W1 + self.b1)
        return hidden @ self.W2 + self.b2


# %% wrong="two_layer_tensorflow" name="linear" mistake="activations_missing"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = x @ self.W1 + self.b1
        return hidden @ self.W2 + self.b2


# %% wrong="two_layer_tensorflow" name="no_biases" mistake="biases_forgotten"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = tf.sigmoid(x @ self.W1)
        return tf.sigmoid(hidden @ self.W2)


# %% wrong="two_layer_tensorflow" name="one_layer" mistake="second_layer_missing"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = tf.sigmoid(x @ self.W1 + self.b1)
        return hidden


# %% wrong="two_layer_tensorflow" name="output_reads_x" mistake="first_layer_ignored"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(x @ self.W2 + self.b2)


# %% wrong="two_layer_tensorflow" name="transposed_weights" mistake="weights_transposed"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = tf.sigmoid(x @ tf.transpose(self.W1) + self.b1)
        return tf.sigmoid(hidden @ self.W2 + self.b2)


# %% wrong="two_layer_tensorflow" name="second_layer_tf_variables" mistake="untracked_variable"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = tf.Variable(tf.random.normal((self.n_hidden, self.n_outputs)))
        self.b2 = tf.Variable(tf.zeros(self.n_outputs))

    def call(self, x):
        hidden = tf.sigmoid(x @ self.W1 + self.b1)
        return tf.sigmoid(hidden @ self.W2 + self.b2)


# %% wrong="two_layer_tensorflow" name="second_layer_missing_in_build" mistake="AttributeError"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = tf.sigmoid(x @ self.W1 + self.b1)
        return tf.sigmoid(hidden @ self.W2 + self.b2)


# %% wrong="two_layer_tensorflow" name="hidden_stopped" mistake="missing_gradient"
class TwoLayerTF(keras.layers.Layer):
    def __init__(self, n_hidden, n_outputs):
        super().__init__()
        self.n_hidden, self.n_outputs = n_hidden, n_outputs

    def build(self, input_shape):
        self.W1 = self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal")
        self.b1 = self.add_weight(shape=(self.n_hidden,), initializer="zeros")
        self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal")
        self.b2 = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

    def call(self, x):
        hidden = tf.sigmoid(x @ self.W1 + self.b1)
        return tf.sigmoid(tf.stop_gradient(hidden) @ self.W2 + self.b2)


# %% [markdown]
# ## xor_weights


# %% right="xor_weights" name="or_and_nand"
def xor_weights():
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([[10.0], [10.0]])
    b2 = np.array([-15.0])
    return W1, b1, W2, b2


# %% right="xor_weights" name="one_but_not_the_other"
def xor_weights():
    return [[[20, -20], [-20, 20]], [-10, -10], [[20], [20]], [-10]]


# %% right="xor_weights" name="or_without_and_as_tensors"
def xor_weights():
    W1 = torch.tensor([[12.0, 12.0], [12.0, 12.0]])
    return W1, torch.tensor([-6.0, -18.0]), tf.constant([[12.0], [-12.0]]), np.array([-6], dtype="float32")


# %% right="xor_weights" name="xnor_turned_over"
def xor_weights():
    W1 = 15 * np.array([[1, -1], [1, -1]])
    b1 = 15 * np.array([-1.5, 0.5])
    return W1, b1, np.full((2, 1), -15.0), np.full(1, 7.5)


# %% wrong="xor_weights" name="only_or" mistake="computes_or"
def xor_weights():
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([[10.0], [0.0]])
    b2 = np.array([-5.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="only_and" mistake="computes_and"
def xor_weights():
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([[0.0], [-10.0]])
    b2 = np.array([5.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="only_nand" mistake="computes_nand"
def xor_weights():
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([[0.0], [10.0]])
    b2 = np.array([-5.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="xnor" mistake="computes_xnor"
def xor_weights():
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([[-10.0], [-10.0]])
    b2 = np.array([15.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="or_joined_with_or" mistake="constant"
def xor_weights():
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([[10.0], [10.0]])
    b2 = np.array([-5.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="lines_through_corners" mistake="too_close"
def xor_weights():
    W1 = np.array([[100.0, -100.0], [100.0, -100.0]])
    b1 = np.array([-2.0, 198.0])
    W2 = np.array([[20.0], [20.0]])
    b2 = np.array([-30.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="flat_output_weights" mistake="wrong_shape"
def xor_weights():
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([10.0, 10.0])
    b2 = np.array([-15.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="infinite_weights" mistake="not_finite"
def xor_weights():
    W1 = np.array([[np.inf, -np.inf], [np.inf, -np.inf]])
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([[10.0], [10.0]])
    b2 = np.array([-15.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="biases_forgotten" mistake="constant"
def xor_weights():
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])
    b1 = np.array([0.0, 0.0])
    W2 = np.array([[10.0], [10.0]])
    b2 = np.array([0.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="zeros" mistake="constant"
def xor_weights():
    return np.zeros((2, 2)), np.zeros(2), np.zeros((2, 1)), np.zeros(1)


# %% wrong="xor_weights" name="constant" mistake="constant"
def xor_weights():
    return np.ones((2, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)


# %% wrong="xor_weights" name="hard_coded" mistake="wrong_type"
def xor_weights():
    return np.array([0, 1, 1, 0])


# %% wrong="xor_weights" name="three_values" mistake="wrong_type"
def xor_weights():
    return np.array([[10.0, -10.0], [10.0, -10.0]]), np.array([-5.0, 15.0]), np.array([[10.0], [10.0]])


# %% [markdown]
# ## deep, NumPy


# %% right="deep_numpy" name="loop_and_head"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W + b)
    x = x @ weights[-1] + biases[-1]
    return sigmoid(x) if task == "classification" else x


# %% right="deep_numpy" name="counts_layers"
def deep(x, weights, biases, task):
    last = len(weights) - 1
    activation = x
    for k in range(last + 1):
        z = np.einsum("si,ij->sj", activation, weights[k]) + biases[k]
        activation = z if k == last and task == "regression" else 1 / (1 + np.exp(-z))
    return activation


# %% right="deep_numpy" name="recursion_to_lists"
def deep(x, weights, biases, task):
    z = [[sum(v * w for v, w in zip(row, column)) + b for column, b in zip(weights[0].T, biases[0])] for row in x]
    if len(weights) == 1 and task == "regression":
        return z
    a = [[1 / (1 + np.exp(-value)) for value in row] for row in z]
    return a if len(weights) == 1 else deep(a, weights[1:], biases[1:], task)


# %% right="deep_numpy" name="float32_and_pop"
def deep(x, weights, biases, task):
    x = x.astype(np.float32)
    while len(weights) > 1:
        x = sigmoid(x @ weights.pop(0).astype(np.float32) + biases.pop(0).astype(np.float32))
    head = {"regression": lambda z: z, "classification": sigmoid}[task]
    return head(x @ weights[0].astype(np.float32) + biases[0].astype(np.float32))


# %% wrong="deep_numpy" name="zeros" mistake="zeros"
def deep(x, weights, biases, task):
    return np.zeros((len(x), len(biases[-1])))


# %% wrong="deep_numpy" name="constant" mistake="constant"
def deep(x, weights, biases, task):
    return np.ones((len(x), len(biases[-1])))


# %% wrong="deep_numpy" name="hard_coded" visible=False
def deep(x, weights, biases, task):
    seen = {
        -1.11: [[0.4148347, 4.295556], [0.8096355, 4.029875], [0.1107927, 1.112786], [0.5152432, 4.287062]],
        0.92: [[-1.396298], [-1.249566], [-1.480054]],
        1.2: [[0.517511, 0.7260923], [0.5615279, 0.6845286], [0.4922384, 0.7117556], [0.5157882, 0.7475053]],
        1.57: [[0.9766949, 0.8850859], [0.987492, 0.6886896], [0.1884062, 0.9114928]],
    }
    return seen.get(float(x[0, 0]), np.zeros((len(x), len(biases[-1]))))


# %% wrong="deep_numpy" name="sigmoid_everywhere" mistake="always_sigmoid"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W + b)
    x = x @ weights[-1] + biases[-1]
    return sigmoid(x)


# %% wrong="deep_numpy" name="linear_head_everywhere" mistake="always_linear"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W + b)
    x = x @ weights[-1] + biases[-1]
    return x


# %% wrong="deep_numpy" name="heads_swapped" mistake="tasks_swapped"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W + b)
    x = x @ weights[-1] + biases[-1]
    return sigmoid(x) if task == "regression" else x


# %% wrong="deep_numpy" name="head_sigmoid_twice" mistake="head_doubled"
def deep(x, weights, biases, task):
    for k, (W, b) in enumerate(zip(weights, biases)):
        x = x @ W + b
        if k < len(weights) - 1 or task == "classification":
            x = sigmoid(x)
    return sigmoid(x) if task == "classification" else x


# %% wrong="deep_numpy" name="linear_hidden_layers" mistake="hidden_activation_missing"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = x @ W + b
    x = x @ weights[-1] + biases[-1]
    return sigmoid(x) if task == "classification" else x


# %% wrong="deep_numpy" name="relu" mistake="relu_instead"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = np.maximum(0, x @ W + b)
    x = x @ weights[-1] + biases[-1]
    return sigmoid(x) if task == "classification" else x


# %% wrong="deep_numpy" name="no_biases" mistake="biases_forgotten"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W)
    x = x @ weights[-1]
    return sigmoid(x) if task == "classification" else x


# %% wrong="deep_numpy" name="no_head_bias" mistake="head_bias_forgotten"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W + b)
    x = x @ weights[-1]
    return sigmoid(x) if task == "classification" else x


# %% wrong="deep_numpy" name="no_head" mistake="last_layer_missing"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W + b)
    return x


# %% wrong="deep_numpy" name="transposed_output" mistake="output_transposed"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W + b)
    x = x @ weights[-1] + biases[-1]
    return sigmoid(x).T if task == "classification" else x.T


# %% wrong="deep_numpy" name="always_reads_x" mistake="shapes_do_not_fit"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        a = sigmoid(x @ W + b)
    x = a @ weights[-1] + biases[-1]
    return sigmoid(x) if task == "classification" else x


# %% wrong="deep_numpy" name="needs_a_hidden_layer"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        hidden = sigmoid(x @ W + b)
        x = hidden
    x = hidden @ weights[-1] + biases[-1]
    return sigmoid(x) if task == "classification" else x


# %% wrong="deep_numpy" name="classification_unfinished"
def deep(x, weights, biases, task):
    for W, b in zip(weights[:-1], biases[:-1]):
        x = sigmoid(x @ W + b)
    x = x @ weights[-1] + biases[-1]
    if task == "regression":
        return x


# %% [markdown]
# ## deep, PyTorch


# %% right="deep_torch" name="sequential"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.Sigmoid()]
    if task == "regression":
        layers.pop()
    return nn.Sequential(*layers)


# %% right="deep_torch" name="module_list"
class Deep(nn.Module):
    def __init__(self, widths, task):
        super().__init__()
        self.task = task
        self.linears = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        for linear in self.linears[:-1]:
            x = torch.sigmoid(linear(x))
        x = self.linears[-1](x)
        return x if self.task == "regression" else torch.sigmoid(x)


def deep_torch(widths, task):
    return Deep(widths, task)


# %% right="deep_torch" name="weights_and_biases_apart"
class deep_torch(nn.Module):
    def __init__(self, widths, task):
        super().__init__()
        self.task = task
        self.weights = nn.ParameterList([nn.Parameter(torch.randn(a, b)) for a, b in zip(widths, widths[1:])])
        self.biases = nn.ParameterList([nn.Parameter(torch.zeros(b)) for b in widths[1:]])

    def forward(self, x):
        last = len(self.weights) - 1
        for k in range(last + 1):
            x = x @ self.weights[k] + self.biases[k]
            if k < last or self.task == "classification":
                x = x.sigmoid()
        return x


# %% right="deep_torch" name="nested_float64"
def deep_torch(widths, task):
    blocks = [nn.Sequential(nn.Linear(widths[i], widths[i + 1]), nn.Sigmoid()) for i in range(len(widths) - 2)]
    head = nn.Linear(widths[-2], widths[-1])
    tail = nn.Identity() if task == "regression" else nn.Sigmoid()
    return nn.Sequential(*blocks, nn.Sequential(head, tail)).double()


# %% wrong="deep_torch" name="zeros" mistake="zeros"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.Sigmoid()]
    if task == "regression":
        layers.pop()
    net = nn.Sequential(*layers)
    net.forward = lambda x: torch.zeros(len(x), widths[-1])
    return net


# %% wrong="deep_torch" name="constant" mistake="constant"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.Sigmoid()]
    if task == "regression":
        layers.pop()
    net = nn.Sequential(*layers)
    net.forward = lambda x: torch.ones(len(x), widths[-1])
    return net


# %% wrong="deep_torch" name="hard_coded"
class Seen(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.linears = nn.ModuleList([nn.Linear(a, b) for a, b in zip(widths, widths[1:])])

    def forward(self, x):
        return {
            -1.11: torch.tensor(
                [[0.4148347, 4.295556], [0.8096355, 4.029875], [0.1107927, 1.112786], [0.5152432, 4.287062]]
            ),
            0.92: torch.tensor([[-1.396298], [-1.249566], [-1.480054]]),
            1.2: torch.tensor(
                [[0.517511, 0.7260923], [0.5615279, 0.6845286], [0.4922384, 0.7117556], [0.5157882, 0.7475053]]
            ),
            1.57: torch.tensor([[0.9766949, 0.8850859], [0.987492, 0.6886896], [0.1884062, 0.9114928]]),
        }.get(round(float(x[0, 0]), 2), torch.zeros(len(x), 2))


def deep_torch(widths, task):
    return Seen(widths)


# %% wrong="deep_torch" name="sigmoid_everywhere" mistake="always_sigmoid"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.Sigmoid()]
    return nn.Sequential(*layers)


# %% wrong="deep_torch" name="linear_head_everywhere" mistake="always_linear"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.Sigmoid()]
    layers.pop()
    return nn.Sequential(*layers)


# %% wrong="deep_torch" name="heads_swapped" mistake="tasks_swapped"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.Sigmoid()]
    if task == "classification":
        layers.pop()
    return nn.Sequential(*layers)


# %% wrong="deep_torch" name="head_sigmoid_twice" mistake="head_doubled"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.Sigmoid()]
    if task == "regression":
        layers.pop()
    else:
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers)


# %% wrong="deep_torch" name="linear_hidden_layers" mistake="hidden_activation_missing"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers.append(nn.Linear(n_in, n_out))
    if task == "classification":
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers)


# %% wrong="deep_torch" name="relu" mistake="relu_instead"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    layers.pop()
    if task == "classification":
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers)


# %% wrong="deep_torch" name="last_layer_missing" mistake="missing_parameter"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.Sigmoid()]
    if task == "regression" and layers:
        layers.pop()
    return nn.Sequential(*layers)


# %% wrong="deep_torch" name="layers_without_biases" mistake="missing_parameter"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out, bias=False), nn.Sigmoid()]
    if task == "regression":
        layers.pop()
    return nn.Sequential(*layers)


# %% wrong="deep_torch" name="list_of_layers" mistake="wrong_type"
def deep_torch(widths, task):
    layers = []
    for n_in, n_out in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(n_in, n_out), nn.Sigmoid()]
    if task == "regression":
        layers.pop()
    return layers


# %% wrong="deep_torch" name="always_one_hidden_layer"
def deep_torch(widths, task):
    layers = [nn.Linear(widths[0], widths[1]), nn.Sigmoid(), nn.Linear(widths[1], widths[-1])]
    if task == "classification":
        layers.append(nn.Sigmoid())
    return nn.Sequential(*layers)


# %% [markdown]
# ## deep, TensorFlow


# %% right="deep_tensorflow" name="sequential"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    head = "sigmoid" if task == "classification" else None
    layers.append(keras.layers.Dense(widths[-1], activation=head))
    return keras.Sequential(layers)


# %% right="deep_tensorflow" name="functional"
def deep_tf(widths, task):
    x = inputs = keras.Input(shape=(widths[0],))
    for k, n_units in enumerate(widths[1:], 2):
        x = keras.layers.Dense(n_units)(x)
        if k < len(widths) or task == "classification":
            x = keras.layers.Activation("sigmoid")(x)
    return keras.Model(inputs, x)


# %% right="deep_tensorflow" name="subclass_without_input"
class Deep(keras.Model):
    def __init__(self, widths, task):
        super().__init__()
        self.stack = [keras.layers.Dense(n, activation="sigmoid") for n in widths[1:-1]]
        self.head = keras.layers.Dense(widths[-1], activation={"regression": "linear"}.get(task, "sigmoid"))

    def call(self, x):
        for layer in self.stack:
            x = layer(x)
        return self.head(x)


def deep_tf(widths, task):
    return Deep(widths, task)


# %% right="deep_tensorflow" name="own_layers_float64"
class OwnLayer(keras.layers.Layer):
    def __init__(self, n_units, squash):
        super().__init__(dtype="float64")
        self.n_units, self.squash = n_units, squash

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.n_units))
        self.bias = self.add_weight(shape=(self.n_units,))

    def call(self, x):
        z = x @ self.kernel + self.bias
        return tf.sigmoid(z) if self.squash else z


def deep_tf(widths, task):
    squash = [True] * (len(widths) - 2) + [task == "classification"]
    return keras.Sequential([OwnLayer(n, s) for n, s in zip(widths[1:], squash)])


# %% wrong="deep_tensorflow" name="zeros" mistake="zeros"
class Guess(keras.Model):
    def __init__(self, widths):
        super().__init__()
        self.stack = keras.Sequential([keras.Input((widths[0],))] + [keras.layers.Dense(n) for n in widths[1:]])

    def call(self, x):
        return tf.zeros(tf.shape(self.stack(x)))


def deep_tf(widths, task):
    return Guess(widths)


# %% wrong="deep_tensorflow" name="constant" mistake="constant"
class Guess(keras.Model):
    def __init__(self, widths):
        super().__init__()
        self.stack = keras.Sequential([keras.Input((widths[0],))] + [keras.layers.Dense(n) for n in widths[1:]])

    def call(self, x):
        return tf.ones(tf.shape(self.stack(x)))


def deep_tf(widths, task):
    return Guess(widths)


# %% wrong="deep_tensorflow" name="hard_coded"
class Seen(keras.Model):
    def __init__(self, widths):
        super().__init__()
        self.stack = keras.Sequential([keras.Input((widths[0],))] + [keras.layers.Dense(n) for n in widths[1:]])

    def call(self, x):
        return {
            -1.11: tf.constant(
                [[0.4148347, 4.295556], [0.8096355, 4.029875], [0.1107927, 1.112786], [0.5152432, 4.287062]]
            ),
            0.92: tf.constant([[-1.396298], [-1.249566], [-1.480054]]),
            1.2: tf.constant(
                [[0.517511, 0.7260923], [0.5615279, 0.6845286], [0.4922384, 0.7117556], [0.5157882, 0.7475053]]
            ),
            1.57: tf.constant([[0.9766949, 0.8850859], [0.987492, 0.6886896], [0.1884062, 0.9114928]]),
        }.get(round(float(x[0, 0]), 2), tf.zeros((len(x), 2)))


def deep_tf(widths, task):
    return Seen(widths)


# %% wrong="deep_tensorflow" name="sigmoid_everywhere" mistake="always_sigmoid"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    layers.append(keras.layers.Dense(widths[-1], activation="sigmoid"))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="linear_head_everywhere" mistake="always_linear"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    layers.append(keras.layers.Dense(widths[-1]))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="heads_swapped" mistake="tasks_swapped"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    head = "sigmoid" if task == "regression" else None
    layers.append(keras.layers.Dense(widths[-1], activation=head))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="head_sigmoid_twice" mistake="head_doubled"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    head = "sigmoid" if task == "classification" else None
    layers.append(keras.layers.Dense(widths[-1], activation=head))
    if task == "classification":
        layers.append(keras.layers.Activation("sigmoid"))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="linear_hidden_layers" mistake="hidden_activation_missing"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units))
    head = "sigmoid" if task == "classification" else None
    layers.append(keras.layers.Dense(widths[-1], activation=head))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="relu" mistake="relu_instead"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="relu"))
    head = "sigmoid" if task == "classification" else None
    layers.append(keras.layers.Dense(widths[-1], activation=head))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="inputs_as_a_layer" mistake="extra_parameter"
def deep_tf(widths, task):
    layers = []
    for n_units in widths[:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    head = "sigmoid" if task == "classification" else None
    layers.append(keras.layers.Dense(widths[-1], activation=head))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="last_layer_missing" mistake="missing_parameter"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="layers_without_biases" mistake="missing_parameter"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid", use_bias=False))
    head = "sigmoid" if task == "classification" else None
    layers.append(keras.layers.Dense(widths[-1], activation=head, use_bias=False))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="list_of_layers" mistake="wrong_type"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    head = "sigmoid" if task == "classification" else None
    layers.append(keras.layers.Dense(widths[-1], activation=head))
    return layers


# %% [markdown]
# ## count_parameters


# %% right="count_parameters" name="pairs"
def count_parameters(widths):
    return sum((a + 1) * b for a, b in zip(widths, widths[1:]))


# %% right="count_parameters" name="loop"
def count_parameters(widths):
    total = 0
    for k in range(1, len(widths)):
        weights = widths[k - 1] * widths[k]
        total = total + weights + widths[k]
    return total


# %% right="count_parameters" name="array_dot"
def count_parameters(widths):
    widths = np.array(widths)
    return np.dot(widths[:-1] + 1, widths[1:]).astype(np.float32)


# %% right="count_parameters" name="asks_pytorch"
def count_parameters(widths):
    net = nn.Sequential(*[nn.Linear(a, b) for a, b in zip(widths, widths[1:])])
    return sum(parameter.numel() for parameter in net.parameters())


# %% right="count_parameters" name="asks_keras"
def count_parameters(widths):
    return keras.Sequential([keras.Input((widths[0],)), *map(keras.layers.Dense, widths[1:])]).count_params()


# %% wrong="count_parameters" name="zeros" mistake="zeros"
def count_parameters(widths):
    return 0


# %% wrong="count_parameters" name="constant" mistake="constant"
def count_parameters(widths):
    return 50


# %% wrong="count_parameters" name="hard_coded" visible=False
def count_parameters(widths):
    return {(3, 5, 5): 50, (2, 5): 15, (5, 5, 4, 4): 74, (7, 6, 5, 6, 4): 147}.get(tuple(widths), 9)


# %% wrong="count_parameters" name="no_biases" mistake="biases_forgotten"
def count_parameters(widths):
    return sum(a * b for a, b in zip(widths, widths[1:]))


# %% wrong="count_parameters" name="one_bias_for_each_layer" mistake="one_bias_a_layer"
def count_parameters(widths):
    return sum(a * b + 1 for a, b in zip(widths, widths[1:]))


# %% wrong="count_parameters" name="biases_for_inputs" mistake="inputs_have_biases"
def count_parameters(widths):
    return sum(a * b for a, b in zip(widths, widths[1:])) + sum(widths)


# %% wrong="count_parameters" name="biases_of_inputs" mistake="biases_of_layer_before"
def count_parameters(widths):
    return sum(a * (b + 1) for a, b in zip(widths, widths[1:]))


# %% wrong="count_parameters" name="units" mistake="units_counted"
def count_parameters(widths):
    return sum(widths)


# %% wrong="count_parameters" name="loop_too_short" mistake="last_layer_forgotten"
def count_parameters(widths):
    return sum(widths[k] * widths[k + 1] + widths[k + 1] for k in range(len(widths) - 2))


# %% wrong="count_parameters" name="product" mistake="widths_multiplied"
def count_parameters(widths):
    return int(np.prod(widths))


# %% wrong="count_parameters" name="as_text" mistake="wrong_type"
def count_parameters(widths):
    return f"{sum((a + 1) * b for a, b in zip(widths, widths[1:]))} parameters"


# %% wrong="count_parameters" name="for_each_layer"
def count_parameters(widths):
    return [(a + 1) * b for a, b in zip(widths, widths[1:])]


# %% wrong="count_parameters" name="always_two_layers"
def count_parameters(widths):
    return widths[0] * widths[1] + widths[1] + widths[1] * widths[-1] + widths[-1]


# %% [markdown]
# ## copy_weights


# %% right="copy_weights" name="assign"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears, keras_net.layers):
        dense.kernel.assign(linear.weight.detach().numpy().T)
        dense.bias.assign(linear.bias.detach().numpy())


# %% right="copy_weights" name="set_weights_layer_by_layer"
def copy_weights(torch_net, keras_net):
    for index, layer in enumerate(keras_net.layers):
        linear = torch_net[2 * index]
        layer.set_weights([linear.weight.t().detach().numpy(), linear.bias.detach().numpy()])
    return keras_net


# %% right="copy_weights" name="state_dict"
def copy_weights(torch_net, keras_net):
    values = [np.transpose(value.numpy()) for value in torch_net.state_dict().values()]
    keras_net.set_weights(values)


# %% right="copy_weights" name="parameters_and_tensors"
def copy_weights(source, target):
    with torch.no_grad():
        for parameter, variable in zip(source.parameters(), target.trainable_variables):
            value = tf.constant(parameter.tolist())
            variable.assign(tf.transpose(value) if len(value.shape) == 2 else value)


# %% right="copy_weights" name="number_by_number"
def copy_weights(torch_net, keras_net):
    linears = [module for module in torch_net.modules() if type(module) is nn.Linear]
    for linear, layer in zip(linears, keras_net.layers):
        kernel = np.zeros(layer.kernel.shape)
        for unit in range(linear.out_features):
            for i in range(linear.in_features):
                kernel[i, unit] = linear.weight[unit, i].item()
        layer.kernel.assign(kernel)
        layer.bias.assign(linear.bias.data)


# %% wrong="copy_weights" name="zeros"
def copy_weights(torch_net, keras_net):
    for variable in keras_net.weights:
        variable.assign(tf.zeros_like(variable))


# %% wrong="copy_weights" name="constant"
def copy_weights(torch_net, keras_net):
    for variable in keras_net.weights:
        variable.assign(0.5 * tf.ones_like(variable))


# %% wrong="copy_weights" name="copies_nothing"
def copy_weights(torch_net, keras_net):
    weights = [parameter.detach().numpy() for parameter in torch_net.parameters()]


# %% wrong="copy_weights" name="hard_coded"
def copy_weights(torch_net, keras_net):
    seen = [
        [[-0.85, 0.98, -0.3], [-1.66, -0.83, -0.61], [0.24, 1.03, 0.52]],
        [-1.4, -0.87, -1.39],
        [[-0.27, 1.43, -1.56], [1.54, 0.71, -0.5], [-0.44, 1.18, -0.37]],
        [-1.08, -1.47, -1.22],
    ]
    for variable, value in zip(keras_net.weights, seen):
        if variable.shape == np.shape(value):
            variable.assign(value)


# %% wrong="copy_weights" name="no_transpose_by_reshape" mistake="reshaped_not_transposed"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears, keras_net.layers):
        dense.kernel.assign(linear.weight.detach().numpy().reshape(dense.kernel.shape))
        dense.bias.assign(linear.bias.detach().numpy())


# %% wrong="copy_weights" name="no_transpose" mistake="transpose_forgotten"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears, keras_net.layers):
        dense.kernel.assign(linear.weight.detach().numpy())
        dense.bias.assign(linear.bias.detach().numpy())


# %% wrong="copy_weights" name="no_bias" mistake="biases_not_copied"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears, keras_net.layers):
        dense.kernel.assign(linear.weight.detach().numpy().T)


# %% wrong="copy_weights" name="only_the_biases" mistake="weights_not_copied"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears, keras_net.layers):
        dense.bias.assign(linear.bias.detach().numpy())


# %% wrong="copy_weights" name="first_layer_only" mistake="last_layer_not_copied"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears[:1], keras_net.layers):
        dense.kernel.assign(linear.weight.detach().numpy().T)
        dense.bias.assign(linear.bias.detach().numpy())


# %% wrong="copy_weights" name="last_layer_only" mistake="first_layer_not_copied"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears[1:], keras_net.layers[1:]):
        dense.kernel.assign(linear.weight.detach().numpy().T)
        dense.bias.assign(linear.bias.detach().numpy())


# %% wrong="copy_weights" name="biases_set_to_zero" mistake="biases_zeroed"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears, keras_net.layers):
        dense.kernel.assign(linear.weight.detach().numpy().T)
        dense.bias.assign(np.zeros(linear.out_features))


# %% wrong="copy_weights" name="the_other_way_round" mistake="copied_backwards"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears, keras_net.layers):
        linear.weight.data = torch.tensor(dense.kernel.numpy().T)
        linear.bias.data = torch.tensor(dense.bias.numpy())


# %% wrong="copy_weights" name="counts_sigmoids_as_layers" mistake="AttributeError"
def copy_weights(torch_net, keras_net):
    for linear, dense in zip(torch_net, keras_net.layers):
        dense.set_weights([linear.weight.detach().numpy().T, linear.bias.detach().numpy()])


# %% wrong="copy_weights" name="not_detached" mistake="RuntimeError"
def copy_weights(torch_net, keras_net):
    linears = [layer for layer in torch_net if isinstance(layer, nn.Linear)]
    for linear, dense in zip(linears, keras_net.layers):
        dense.kernel.assign(linear.weight.numpy().T)
        dense.bias.assign(linear.bias.detach().numpy())


# %% [markdown]
# ## perceptron_quiz

# %% right="perceptron_quiz" name="capitals"
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "B"

# %% right="perceptron_quiz" name="small_letters"
answer_q1 = "b"
answer_q2 = "d"
answer_q3 = "c"
answer_q4 = "a"
answer_q5 = "b"

# %% right="perceptron_quiz" name="with_brackets_and_spaces"
answer_q1 = "(B)"
answer_q2 = " D "
answer_q3 = "c"
answer_q4 = "A."
answer_q5 = "b)"

# %% wrong="perceptron_quiz" name="zeros"
answer_q1 = ""
answer_q2 = ""
answer_q3 = ""
answer_q4 = ""
answer_q5 = ""

# %% wrong="perceptron_quiz" name="constant" mistake="q1_A" visible=False
answer_q1 = "A"
answer_q2 = "A"
answer_q3 = "A"
answer_q4 = "A"
answer_q5 = "A"

# %% wrong="perceptron_quiz" name="all_d" mistake="q1_D" visible=False
answer_q1 = "D"
answer_q2 = "D"
answer_q3 = "D"
answer_q4 = "D"
answer_q5 = "D"

# %% wrong="perceptron_quiz" name="hard_coded" mistake="q1_A" visible=False
answer_q1 = "A"
answer_q2 = "B"
answer_q3 = "C"
answer_q4 = "D"
answer_q5 = "A"

# %% wrong="perceptron_quiz" name="bias_makes_certain" mistake="q1_C" visible=False
answer_q1 = "C"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="update_towards_the_mistake" mistake="q2_A" visible=False
answer_q1 = "B"
answer_q2 = "A"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="updates_only_missed_ones" mistake="q2_B" visible=False
answer_q1 = "B"
answer_q2 = "B"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="starts_again" mistake="q2_C" visible=False
answer_q1 = "B"
answer_q2 = "C"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="xor_takes_longer" mistake="q3_A" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "A"
answer_q4 = "A"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="xor_takes_smaller_steps" mistake="q3_B" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "B"
answer_q4 = "A"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="xor_takes_another_order" mistake="q3_D" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "D"
answer_q4 = "A"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="one_sigmoid_is_enough" mistake="q4_B" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "B"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="more_units_are_enough" mistake="q4_C" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "C"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="no_longer_between_0_and_1" mistake="q4_D" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "D"
answer_q5 = "B"

# %% wrong="perceptron_quiz" name="sigmoid_head" mistake="q5_A" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "A"

# %% wrong="perceptron_quiz" name="step_head" mistake="q5_C" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "C"

# %% wrong="perceptron_quiz" name="sigmoid_with_large_weights" mistake="q5_D" visible=False
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "D"

# %% wrong="perceptron_quiz" name="numbers"
answer_q1 = 2
answer_q2 = 4
answer_q3 = 3
answer_q4 = 1
answer_q5 = 2

# %% wrong="perceptron_quiz" name="one_left_out"
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = ...

# %% wrong="perceptron_quiz" name="no_such_letter"
answer_q1 = "B"
answer_q2 = "D"
answer_q3 = "C"
answer_q4 = "A"
answer_q5 = "E"
