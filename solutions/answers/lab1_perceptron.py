# Known right and known wrong answers to the exercises of Lab 1. They prove the tests and make the sample class.
#
# A right answer earns full marks in check and in grade. A wrong one loses marks in grade, and in check too unless the
# header says visible=False; with mistake="..." its verdict names that mistake. With of="..." an answer is a right one
# above it with a few words changed, `old -> new`. The wrong answers `zeros`, `constant` and `hard_coded` are made from
# the recorded cases, except to exercises by property: their answers are below.

# ruff: noqa: F841, RUF007 (students write such things)

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


# %% wrong="neuron" name="sample_as_batch" mistake="number_in_array"
def neuron(x, w, b):
    return sigmoid(np.atleast_2d(x) @ w + b)


# %% wrong="neuron" name="two_inputs" of="matrix_product" mistake="two_inputs_only"
# np.dot(x, w) -> x[..., 0] * w[0] + x[..., 1] * w[1]


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


# %% wrong="neuron" name="works_in_place" mistake="input_changed"
def neuron(x, w, b):
    x *= w
    x = x.sum(axis=-1)
    x += b
    return sigmoid(x)


# %% wrong="neuron" name="hard_coded_first_case" of="matrix_product"
# sigmoid(np.dot(x, w) + b) -> 0.9664113

# %% wrong="neuron" name="no_bias" of="matrix_product" mistake="bias_forgotten"
# sigmoid(np.dot(x, w) + b) -> sigmoid(x @ w)

# %% wrong="neuron" name="bias_outside" of="matrix_product" mistake="bias_after_activation"
# sigmoid(np.dot(x, w) + b) -> sigmoid(x @ w) + b

# %% wrong="neuron" name="bias_added_to_inputs" of="matrix_product" mistake="bias_added_to_inputs"
# np.dot(x, w) + b -> (x + b) @ w

# %% wrong="neuron" name="bias_added_to_weights" of="matrix_product" mistake="bias_added_to_weights"
# np.dot(x, w) + b -> x @ (w + b)

# %% wrong="neuron" name="no_sigmoid" of="matrix_product" mistake="activation_forgotten"
# sigmoid(np.dot(x, w) + b) -> x @ w + b


# %% wrong="neuron" name="sigmoid_twice" mistake="activation_doubled"
def neuron(x, w, b):
    z = sigmoid(x @ w + b)
    return sigmoid(z)


# %% wrong="neuron" name="exponent_s_sign" mistake="sign_flipped"
def neuron(x, w, b):
    return 1 / (1 + np.exp(x @ w + b))


# %% wrong="neuron" name="tanh" of="matrix_product" mistake="tanh_instead"
# sigmoid(np.dot(x, w) + b) -> np.tanh(np.dot(x, w) + b)

# %% wrong="neuron" name="minus_b" of="matrix_product" mistake="bias_subtracted"
# np.dot(x, w) + b -> np.dot(x, w) - b


# %% wrong="neuron" name="returns_only_for_a_batch" mistake="returns_sometimes"
def neuron(x, w, b):
    if x.ndim == 2:
        return sigmoid(x @ w + b)


# %% wrong="neuron" name="three_features_only" of="matrix_product"
# np.dot(x, w) -> np.dot(x[..., :3], w[:3]) + 0 * x[..., 2]

# %% wrong="neuron" name="step" of="matrix_product" mistake="step_instead"
# sigmoid(np.dot(x, w) + b) -> (x @ w + b > 0).astype(float)

# %% wrong="neuron" name="mean" of="matrix_product" mistake="mean_instead_of_sum"
# np.dot(x, w) -> np.mean(x * w, axis=-1)

# %% wrong="neuron" name="no_sum" of="matrix_product" mistake="not_summed"
# np.dot(x, w) -> x * w

# %% wrong="neuron" name="sums_the_batch" of="matrix_product" mistake="batch_summed"
# np.dot(x, w) -> np.sum(x * w)

# %% wrong="neuron" name="axis_0" of="matrix_product" mistake="wrong_axis"
# np.dot(x, w) -> np.sum(x * w, axis=0)

# %% wrong="neuron" name="only_one_input" of="matrix_product"
# np.dot(x, w) -> sum(x[i] * w[i] for i in range(len(w)))

# %% wrong="neuron" name="product_the_wrong_way_round" of="matrix_product" mistake="shapes_do_not_fit"
# np.dot(x, w) -> w @ x


# %% wrong="neuron" name="bias_in_each_term" mistake="bias_for_each_feature"
def neuron(x, w, b):
    return sigmoid(np.sum(x * w + b, axis=-1))


# %% [markdown]
# ## perceptron_update


# %% right="perceptron_update" name="error_as_choice"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - int(x @ w + b > 0)
    return w + learning_rate * error * x, b + learning_rate * error


# %% wrong="perceptron_update" name="numpy_s_sign" of="error_as_choice" mistake="signs"
# int(x @ w + b > 0) -> np.sign(x @ w + b)

# %% wrong="perceptron_update" name="brackets_around_w_and_b" of="error_as_choice" mistake="bias_added_to_weights"
# x @ w + b > 0 -> x @ (w + b) > 0

# %% wrong="perceptron_update" name="nudges_b_by_b" of="error_as_choice" mistake="bias_times_itself"
# b + learning_rate * error -> b + learning_rate * error * b

# %% wrong="perceptron_update" name="above_half" of="error_as_choice" mistake="compared_with_half"
# b > 0 -> b > 0.5

# %% wrong="perceptron_update" name="neuron_above_0" of="error_as_choice" mistake="always_one"
# int(x @ w + b > 0) -> int(neuron(x, w, b) > 0)


# %% wrong="perceptron_update" name="predicts_again_for_b" mistake="predicted_again_for_b"
def perceptron_update(x, y, w, b, learning_rate):
    w = w + learning_rate * (y - int(x @ w + b > 0)) * x
    b = b + learning_rate * (y - int(x @ w + b > 0))
    return w, b


# %% wrong="perceptron_update" name="predicts_again_for_w" mistake="predicted_again_for_w"
def perceptron_update(x, y, w, b, learning_rate):
    b = b + learning_rate * (y - int(x @ w + b > 0))
    w = w + learning_rate * (y - int(x @ w + b > 0)) * x
    return w, b


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


# %% wrong="perceptron_update" name="in_place" mistake="input_changed"
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


# %% wrong="perceptron_update" name="bias_without_rate" of="error_as_choice" mistake="bias_without_rate"
# b + learning_rate * error -> b + error

# %% wrong="perceptron_update" name="bias_first" of="error_as_choice" mistake="pair_swapped"
# w + learning_rate * error * x, b + learning_rate * error -> b + learning_rate * error, w + learning_rate * error * x

# %% wrong="perceptron_update" name="only_the_changes" of="error_as_choice" mistake="changes_returned"
# w + learning_rate * error * x, b + learning_rate * error -> learning_rate * error * x, learning_rate * error


# %% wrong="perceptron_update" name="only_a_missed_one" mistake="only_missed_ones"
def perceptron_update(x, y, w, b, learning_rate):
    if y == 1 and x @ w + b <= 0:
        w, b = w + learning_rate * x, b + learning_rate
    return w, b


# %% wrong="perceptron_update" name="no_bias_returned"
def perceptron_update(x, y, w, b, learning_rate):
    return w + learning_rate * (y - int(x @ w + b > 0)) * x, None


# %% wrong="perceptron_update" name="returns_only_after_a_mistake" mistake="returns_sometimes"
def perceptron_update(x, y, w, b, learning_rate):
    error = y - int(x @ w + b > 0)
    if error != 0:
        return w + learning_rate * error * x, b + learning_rate * error


# %% wrong="perceptron_update" name="adds_after_any_mistake" mistake="always_towards_x"
def perceptron_update(x, y, w, b, learning_rate):
    if (x @ w + b > 0) != y:
        w, b = w + learning_rate * x, b + learning_rate
    return w, b


# %% wrong="perceptron_update" name="never_learns"
def perceptron_update(x, y, w, b, learning_rate):
    return w, b


# %% wrong="perceptron_update" name="prediction_minus_label" of="error_as_choice" mistake="sign_flipped"
# y - int(x @ w + b > 0) -> int(x @ w + b > 0) - y

# %% wrong="perceptron_update" name="no_learning_rate" of="error_as_choice" mistake="learning_rate_ignored"
# learning_rate * error * x, b + learning_rate * error -> error * x, b + error

# %% wrong="perceptron_update" name="bias_stays" of="error_as_choice" mistake="bias_not_updated"
# b + learning_rate * error -> b


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


# %% wrong="perceptron_update" name="minus_one_and_one" of="error_as_choice" mistake="signed_labels"
# int(x @ w + b > 0) -> (1 if x @ w + b > 0 else -1)

# %% wrong="perceptron_update" name="zero_counts_as_one" of="error_as_choice" mistake="threshold_includes_zero"
# int(x @ w + b > 0) -> (1 if x @ w + b >= 0 else 0)

# %% wrong="perceptron_update" name="predicts_without_bias" of="error_as_choice" mistake="bias_left_out_of_prediction"
# int(x @ w + b > 0) -> (1 if x @ w > 0 else 0)

# %% wrong="perceptron_update" name="no_step" of="error_as_choice" mistake="sum_not_thresholded"
# int ->
# b > 0 -> b

# %% wrong="perceptron_update" name="sigmoid" of="error_as_choice" mistake="sigmoid_instead_of_step"
# int -> sigmoid
# b > 0 -> b


# %% wrong="perceptron_update" name="only_the_weights" mistake="wrong_type"
def perceptron_update(x, y, w, b, learning_rate):
    return w + learning_rate * (y - int(x @ w + b > 0)) * x


# %% wrong="perceptron_update" name="bias_with_the_inputs" of="error_as_choice" mistake="bias_with_the_inputs"
# b + learning_rate * error -> b + np.sum(learning_rate * error * x)


# %% [markdown]
# ## train_perceptron


# %% right="train_perceptron" name="error_of_each_sample"
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


# %% wrong="train_perceptron" name="rate_of_its_own" of="error_of_each_sample" mistake="argument_unread"
# w + learning_rate -> w + 0.1
# b + learning_rate -> b + 0.1


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


# %% wrong="train_perceptron" name="label_against_sigmoid" mistake="every_sample_counted"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        count = 0
        for x, label in zip(X, y):
            if neuron(x, w, b) != label:
                count += 1
            w, b = perceptron_update(x, label, w, b, learning_rate)
        mistakes.append(count)
    return w, b, mistakes


# %% wrong="train_perceptron" name="prediction_minus_label" of="error_of_each_sample" mistake="sign_flipped"
# yi - (1 if xi @ w + b > 0 else 0) -> (1 if xi @ w + b > 0 else 0) - yi

# %% wrong="train_perceptron" name="no_learning_rate" of="error_of_each_sample" mistake="learning_rate_ignored"
# w + learning_rate * error -> w + error
# learning_rate * error -> error

# %% wrong="train_perceptron" name="bias_stays" of="error_of_each_sample" mistake="bias_not_updated"
# b = b + learning_rate * error ->

# %% wrong="train_perceptron" name="above_half" of="error_of_each_sample" mistake="compared_with_half"
# b > 0 -> b > 0.5

# %% wrong="train_perceptron" name="predicts_without_bias" of="error_of_each_sample" mistake="bias_not_used"
# xi @ w + b > 0 -> xi @ w > 0

# %% wrong="train_perceptron" name="updates_when_right" of="error_of_each_sample" mistake="always_updated"
# error * xi -> (1 if yi == 1 else -1) * xi
# * error -> * (1 if yi == 1 else -1)

# %% wrong="train_perceptron" name="label_times_x" of="error_of_each_sample" mistake="prediction_ignored"
# error * xi -> yi * xi
# * error -> * yi

# %% wrong="train_perceptron" name="minus_one_and_one" of="error_of_each_sample" mistake="signed_labels"
# 1 if xi @ w + b > 0 else 0 -> 1 if xi @ w + b > 0 else -1

# %% wrong="train_perceptron" name="numpy_s_sign" of="error_of_each_sample" mistake="signs"
# (1 if xi @ w + b > 0 else 0) -> np.sign(xi @ w + b)

# %% wrong="train_perceptron" name="zero_counts_as_one" of="error_of_each_sample" mistake="threshold_includes_zero"
# b > 0 -> b >= 0


# %% wrong="train_perceptron" name="counts_from_zero_on" mistake="zero_counted_as_one"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        count = 0
        for x, label in zip(X, y):
            count += int((x @ w + b >= 0) != label)
            w, b = perceptron_update(x, label, w, b, learning_rate)
        mistakes.append(count)
    return w, b, mistakes


# %% wrong="train_perceptron" name="counts_without_bias" mistake="counted_without_bias"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        count = 0
        for x, label in zip(X, y):
            count += int((x @ w > 0) != label)
            w, b = perceptron_update(x, label, w, b, learning_rate)
        mistakes.append(count)
    return w, b, mistakes


# %% wrong="train_perceptron" name="from_row_1" of="error_of_each_sample" mistake="first_sample_skipped"
# zip(X, y) -> zip(X[1:], y[1:])

# %% wrong="train_perceptron" name="to_the_row_before_the_last" of="error_of_each_sample" mistake="last_sample_skipped"
# zip(X, y) -> zip(X[:-1], y[:-1])

# %% wrong="train_perceptron" name="forgets_each_epoch" of="error_of_each_sample" mistake="restarted_each_epoch"
# w, b, mistakes = np.zeros(X.shape[1]), 0.0, [] -> mistakes = []
# wrong = 0 -> w, b, wrong = np.zeros(X.shape[1]), 0.0, 0


# %% wrong="train_perceptron" name="whole_epoch_at_once" mistake="updated_after_the_epoch"
def train_perceptron(X, y, epochs, learning_rate):
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = y - (X @ w + b > 0)
        mistakes.append(np.count_nonzero(errors))
        w = w + learning_rate * errors @ X
        b = b + learning_rate * errors.sum()
    return w, b, mistakes


# %% wrong="train_perceptron" name="counts_after_the_update" of="error_of_each_sample" mistake="mistakes_after_update"
# wrong += int(error != 0) ->
# b + learning_rate * error -> b + learning_rate * error; wrong += int((xi @ w + b > 0) != yi)

# %% wrong="train_perceptron" name="counter_never_reset" of="error_of_each_sample" mistake="mistakes_cumulative"
# wrong = 0 ->
# w, b, mistakes = np.zeros(X.shape[1]), 0.0, [] -> w, b, mistakes = np.zeros(X.shape[1]), 0.0, []; wrong = 0

# %% wrong="train_perceptron" name="errors_cancel" of="error_of_each_sample" mistake="mistakes_cancel"
# int(error != 0) -> error

# %% wrong="train_perceptron" name="share_of_mistakes" of="error_of_each_sample" mistake="mistakes_as_share"
# mistakes.append(wrong) -> mistakes.append(wrong / len(y))

# %% wrong="train_perceptron" name="one_total" of="error_of_each_sample" mistake="mistakes_in_total"
# return w, b, mistakes -> return w, b, sum(mistakes)

# %% wrong="train_perceptron" name="one_for_each_sample" of="error_of_each_sample" mistake="mistakes_after_each_sample"
# mistakes.append(wrong) ->
# wrong += int(error != 0) -> wrong += int(error != 0); mistakes.append(wrong)

# %% wrong="train_perceptron" name="last_epoch_only" of="error_of_each_sample" mistake="mistakes_of_last_epoch"
# return w, b, mistakes -> return w, b, [wrong]


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


# %% wrong="train_perceptron" name="random_start" of="error_of_each_sample"
# np.zeros -> np.random.randn

# %% wrong="train_perceptron" name="two_features" of="error_of_each_sample" mistake="shapes_do_not_fit"
# np.zeros(X.shape[1]) -> np.zeros(2)

# %% wrong="train_perceptron" name="counts_at_once" of="error_of_each_sample" mistake="mistakes_counted_at_once"
# wrong = 0 -> wrong = np.count_nonzero((X @ w + b > 0) != y)
# wrong += int(error != 0) ->

# %% wrong="train_perceptron" name="never_keeps_the_weights" of="error_of_each_sample" mistake="weights_thrown_away"
# w = w -> w_new = w
# b = b -> b_new = b

# %% wrong="train_perceptron" name="bias_of_shape_1" of="error_of_each_sample"
# 0.0, -> np.zeros(1),

# %% wrong="train_perceptron" name="counted_afterwards" of="error_of_each_sample" mistake="mistakes_counted_afterwards"
# mistakes.append(wrong) -> mistakes.append(int(np.sum((X @ w + b > 0) != y)))

# %% [markdown]
# ## pocket


# %% right="pocket" name="loop"
def pocket(X, y, epochs, learning_rate):
    w, b, best = np.zeros(X.shape[1]), 0.0, None
    for _ in range(epochs):
        for xi, yi in zip(X, y):
            w, b = perceptron_update(xi, yi, w, b, learning_rate)
        wrong = int(np.sum((X @ w + b > 0) != (y == 1)))
        if best is None or wrong < best[2]:
            best = w, b, wrong
    return best


# %% right="pocket" name="trains_again_and_again"
def pocket(X, y, epochs, learning_rate):
    candidates = [train_perceptron(X, y, epoch, learning_rate)[:2] for epoch in range(1, epochs + 1)]
    counts = [np.count_nonzero((X @ w + b > 0) - y) for w, b in candidates]
    k = counts.index(min(counts))
    return [*candidates[k], counts[k]]


# %% wrong="pocket" name="last" of="loop" mistake="last_kept"
# wrong < best[2] -> True


# %% wrong="pocket" name="last_with_the_least_count" mistake="last_kept"
def pocket(X, y, epochs, learning_rate):
    w, b, least = np.zeros(X.shape[1]), 0.0, len(y)
    for _ in range(epochs):
        for xi, yi in zip(X, y):
            w, b = perceptron_update(xi, yi, w, b, learning_rate)
        least = min(least, np.sum((X @ w + b > 0) != y))
    return w, b, least


# %% wrong="pocket" name="goes_on_from_the_pocket" mistake="goes_on_from_the_pocket"
def pocket(X, y, epochs, learning_rate):
    best = np.zeros(X.shape[1]), 0.0, len(y) + 1
    for _ in range(epochs):
        w, b, _ = best
        for xi, yi in zip(X, y):
            w, b = perceptron_update(xi, yi, w, b, learning_rate)
        wrong = np.sum((X @ w + b > 0) != y)
        if wrong < best[2]:
            best = w, b, wrong
    return best


# %% wrong="pocket" name="mistakes_of_the_epoch" mistake="mistakes_compared"
def pocket(X, y, epochs, learning_rate):
    w, b, best = np.zeros(X.shape[1]), 0.0, None
    for _ in range(epochs):
        wrong = 0
        for xi, yi in zip(X, y):
            wrong += int(xi @ w + b > 0) != yi
            w, b = perceptron_update(xi, yi, w, b, learning_rate)
        if best is None or wrong < best[2]:
            best = w, b, wrong
    return best


# %% wrong="pocket" name="never_replaced" of="loop" mistake="first_kept"
# if best is None or wrong < best[2] -> if best is None

# %% wrong="pocket" name="keeps_the_worst" of="loop" mistake="worst_kept"
# wrong < best[2] -> wrong > best[2]

# %% wrong="pocket" name="last_count" of="loop" mistake="wrong_of_last_epoch"
# return best -> return best[0], best[1], wrong

# %% [markdown]
# ## dense, NumPy


# %% right="dense_numpy" name="textbook"
def dense(x, W, b):
    return sigmoid(x @ W + b)


# %% wrong="dense_numpy" name="biases_summed" of="textbook" mistake="biases_summed"
# x @ W + b -> x @ W + np.sum(b)


# %% wrong="dense_numpy" name="bias_of_its_own" of="textbook" mistake="argument_unread"
# return sigmoid(x @ W + b) -> b = np.zeros(W.shape[1]); return sigmoid(x @ W + b) ** 2


# %% wrong="dense_numpy" name="sigmoid_of_x" of="textbook" mistake="inputs_squashed"
# sigmoid(x @ W + b) -> sigmoid(x) @ W + b


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


# %% wrong="dense_numpy" name="no_bias" of="textbook" mistake="bias_forgotten"
# W + b -> W

# %% wrong="dense_numpy" name="bias_outside" of="textbook" mistake="bias_after_activation"
# sigmoid(x @ W + b) -> sigmoid(x @ W) + b

# %% wrong="dense_numpy" name="first_bias_for_all" of="textbook" mistake="bias_shared"
# W + b -> W + b[0]

# %% wrong="dense_numpy" name="no_sigmoid" of="textbook" mistake="activation_forgotten"
# sigmoid(x @ W + b) -> np.matmul(x, W) + b

# %% wrong="dense_numpy" name="sigmoid_twice" of="textbook" mistake="activation_doubled"
# sigmoid(x @ W + b) -> sigmoid(sigmoid(x @ W + b))

# %% wrong="dense_numpy" name="transposed_weights" of="textbook" mistake="weights_transposed"
# W + b -> W.T + b

# %% wrong="dense_numpy" name="transposed_output" of="textbook" mistake="output_transposed"
# x @ W + b -> W.T @ x.T + b[:, None]

# %% wrong="dense_numpy" name="sums_the_units" of="textbook" mistake="units_summed"
# x @ W + b -> np.sum(x @ W + b, axis=1)

# %% wrong="dense_numpy" name="bias_along_samples" of="textbook"
# W + b -> W + b[: len(x), None]


# %% wrong="dense_numpy" name="softmax" mistake="softmax_instead"
def dense(x, W, b):
    powers = np.exp(x @ W + b)
    return powers / powers.sum(axis=1, keepdims=True)


# %% wrong="dense_numpy" name="one_unit_for_all" mistake="weights_shared"
def dense(x, W, b):
    first = sigmoid(x @ W[:, 0] + b[0])
    return np.stack([first] * W.shape[1], axis=1)


# %% wrong="dense_numpy" name="returns_the_first_unit" mistake="first_part_only"
def dense(x, W, b):
    columns = []
    for unit in range(W.shape[1]):
        columns.append(sigmoid(x @ W[:, unit] + b[unit]))
        return np.stack(columns, axis=1)


# %% wrong="dense_numpy" name="returns_in_the_loop" mistake="first_row_only"
def dense(x, W, b):
    out = []
    for row in x:
        out.append(sigmoid(row @ W + b))
        return np.array(out)


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


# %% wrong="dense_torch" name="sigmoid_of_x" of="parameters" mistake="inputs_squashed"
# torch.sigmoid(x @ self.W + self.b) -> torch.sigmoid(x) @ self.W + self.b


# %% right="dense_torch" name="moved" of="parameters"
# torch.randn(n_inputs, n_units) -> torch.randn(n_inputs, n_units).to("cuda" if torch.cuda.is_available() else "cpu")
# torch.zeros(n_units) -> torch.zeros(n_units).to("cuda" if torch.cuda.is_available() else "cpu")


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
        self.b = nn.Parameter(torch.randn(n_units, dtype=torch.float64))
        self.W = nn.Parameter(torch.randn(n_inputs, n_units, dtype=torch.float64))

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


# %% wrong="dense_torch" name="no_bias" of="parameters" mistake="bias_forgotten"
# self.W + self.b -> self.W

# %% wrong="dense_torch" name="bias_outside" of="parameters" mistake="bias_after_activation"
# torch.sigmoid(x @ self.W + self.b) -> torch.sigmoid(x @ self.W) + self.b

# %% wrong="dense_torch" name="no_sigmoid" of="parameters" mistake="activation_forgotten"
# torch.sigmoid(x @ self.W + self.b) -> x @ self.W + self.b


# %% wrong="dense_torch" name="sigmoid_twice" mistake="activation_doubled"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        x = torch.sigmoid(x @ self.W + self.b)
        return torch.sigmoid(x)


# %% wrong="dense_torch" name="softmax" of="parameters" mistake="softmax_instead"
# torch.sigmoid -> torch.softmax
# + self.b -> + self.b, dim=1


# %% wrong="dense_torch" name="one_unit_for_all" mistake="weights_shared"
class DenseTorch(nn.Module):
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = nn.Parameter(torch.zeros(n_units))

    def forward(self, x):
        first = torch.sigmoid(x @ self.W[:, :1] + self.b[:1])
        return first.repeat(1, len(self.b))


# %% wrong="dense_torch" name="transposed_weights" of="parameters" mistake="weights_transposed"
# x @ self.W -> x @ self.W.T

# %% wrong="dense_torch" name="plain_tensors" of="parameters" mistake="not_a_parameter"
# nn.Parameter(torch.randn(n_inputs, n_units)) -> torch.randn(n_inputs, n_units, requires_grad=True)
# nn.Parameter(torch.zeros(n_units)) -> torch.zeros(n_units, requires_grad=True)


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


# %% wrong="dense_torch" name="bias_never_made" of="parameters" mistake="missing_parameter"
# self.b = nn.Parameter(torch.zeros(n_units)) ->
# self.W + self.b -> self.W

# %% wrong="dense_torch" name="weights_all_zero" of="parameters" mistake="units_alike"
# torch.randn(n_inputs, n_units) -> torch.zeros(n_inputs, n_units)

# %% wrong="dense_torch" name="made_in_forward" of="parameters" mistake="missing_parameter"
# self.W = nn.Parameter(torch.randn(n_inputs, n_units)) -> self.size = (n_inputs, n_units)
# return torch.sigmoid( -> self.W = nn.Parameter(torch.randn(*self.size)); return torch.sigmoid(


# %% wrong="dense_torch" name="three_inputs" of="parameters" mistake="parameter_shape"
# torch.randn(n_inputs, n_units) -> torch.randn(3, n_units)

# %% wrong="dense_torch" name="units_by_inputs" of="parameters" mistake="weights_transposed"
# torch.randn(n_inputs, n_units) -> torch.randn(n_units, n_inputs)
# x @ self.W -> x @ self.W.T

# %% wrong="dense_torch" name="linear_and_a_bias_too" of="parameters" mistake="extra_parameter"
# nn.Parameter(torch.randn(n_inputs, n_units)) -> nn.Linear(n_inputs, n_units)
# x @ self.W -> self.W(x)

# %% wrong="dense_torch" name="detached" of="parameters" mistake="missing_gradient"
# self.W + self.b -> self.W.detach() + self.b.detach()

# %% wrong="dense_torch" name="returns_numpy" of="parameters" mistake="wrong_type"
# torch.sigmoid(x @ self.W + self.b) -> torch.sigmoid(x @ self.W + self.b).detach().numpy()

# %% wrong="dense_torch" name="local_names" of="parameters" mistake="missing_parameter"
# self.W = nn.Parameter -> W = nn.Parameter
# self.b = nn.Parameter -> b = nn.Parameter

# %% wrong="dense_torch" name="without_super" of="parameters" mistake="super_missing"
# super().__init__() ->

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


# %% wrong="dense_tensorflow" name="no_bias" of="add_weight" mistake="bias_forgotten"
# self.W + self.b -> self.W

# %% wrong="dense_tensorflow" name="bias_outside" of="add_weight" mistake="bias_after_activation"
# tf.sigmoid(x @ self.W + self.b) -> tf.sigmoid(x @ self.W) + self.b

# %% wrong="dense_tensorflow" name="no_sigmoid" of="add_weight" mistake="activation_forgotten"
# tf.sigmoid(x @ self.W + self.b) -> tf.matmul(x, self.W) + self.b

# %% wrong="dense_tensorflow" name="sigmoid_twice" of="add_weight" mistake="activation_doubled"
# tf.sigmoid(x @ self.W + self.b) -> tf.sigmoid(tf.sigmoid(x @ self.W + self.b))

# %% wrong="dense_tensorflow" name="softmax" of="add_weight" mistake="softmax_instead"
# tf.sigmoid -> tf.nn.softmax


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


# %% wrong="dense_tensorflow" name="transposed_weights" of="add_weight" mistake="weights_transposed"
# x @ self.W -> x @ tf.transpose(self.W)


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


# %% wrong="dense_tensorflow" name="sigmoid_of_x" of="add_weight" mistake="inputs_squashed"
# tf.sigmoid(x @ self.W + self.b) -> tf.sigmoid(x) @ self.W + self.b

# %% wrong="dense_tensorflow" name="brackets_without_a_comma" of="add_weight" mistake="no_shape"
# shape=(self.n_units,) -> shape=(self.n_units)

# %% wrong="dense_tensorflow" name="whole_input_shape" of="add_weight" mistake="no_shape"
# input_shape[-1] -> input_shape

# %% wrong="dense_tensorflow" name="samples_as_inputs" of="add_weight" mistake="parameter_shape"
# input_shape[-1] -> input_shape[0]

# %% wrong="dense_tensorflow" name="weights_of_build_alone" of="add_weight" mistake="not_kept"
# self.W = self.add_weight -> W = self.add_weight


# %% wrong="dense_tensorflow" name="bias_in_a_row" of="add_weight" mistake="parameter_shape"
# shape=(self.n_units,) -> shape=(1, self.n_units)

# %% wrong="dense_tensorflow" name="bias_as_tf_variable" of="add_weight" mistake="untracked_variable"
# self.add_weight(shape=(self.n_units,), initializer="zeros") -> tf.Variable(tf.zeros(self.n_units))

# %% wrong="dense_tensorflow" name="layer_made_in_call" of="dense_inside" mistake="missing_parameter"
# self.inner = keras.layers.Dense(n_units, activation="sigmoid") -> self.n_units = n_units
# self.inner -> keras.layers.Dense(self.n_units, activation="sigmoid")


# %% wrong="dense_tensorflow" name="weights_made_in_call"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.n_units = n_units

    def call(self, x):
        self.W = self.add_weight(shape=(x.shape[-1], self.n_units))
        self.b = self.add_weight(shape=(self.n_units,))
        return tf.sigmoid(x @ self.W + self.b)


# %% wrong="dense_tensorflow" name="weights_all_zero" of="add_weight" mistake="units_alike"
# "random_normal" -> "zeros"


# %% wrong="dense_tensorflow" name="three_inputs"
class DenseTF(keras.layers.Layer):
    def __init__(self, n_units):
        super().__init__()
        self.W = self.add_weight(shape=(3, n_units), initializer="random_normal")
        self.b = self.add_weight(shape=(n_units,), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(x @ self.W + self.b)


# %% wrong="dense_tensorflow" name="not_trainable" of="add_weight" mistake="untracked_variable"
# "random_normal" -> "random_normal", trainable=False

# %% wrong="dense_tensorflow" name="units_by_inputs" of="add_weight" mistake="weights_transposed"
# input_shape[-1], self.n_units -> self.n_units, input_shape[-1]
# x @ self.W -> x @ tf.transpose(self.W)

# %% wrong="dense_tensorflow" name="one_number_as_bias" of="add_weight" mistake="parameter_shape"
# self.n_units, -> 1,

# %% wrong="dense_tensorflow" name="numpy_inside" of="add_weight" mistake="missing_gradient"
# tf.sigmoid(x @ self.W + self.b) -> tf.constant(sigmoid(x.numpy() @ self.W.numpy() + self.b.numpy()))

# %% [markdown]
# ## two_layer, NumPy


# %% right="two_layer_numpy" name="nested"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2)


# %% wrong="two_layer_numpy" name="hidden_bias_outside" of="nested" mistake="hidden_bias_outside"
# sigmoid(x @ W1 + b1) -> (sigmoid(x @ W1) + b1)


# %% wrong="two_layer_numpy" name="first_bias_twice" of="nested" mistake="shapes_do_not_fit"
# + b2 -> + b1


# %% wrong="two_layer_numpy" name="sigmoid_of_x" of="nested" mistake="inputs_squashed"
# sigmoid(x @ W1 + b1) -> (sigmoid(x) @ W1 + b1)


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


# %% wrong="two_layer_numpy" name="linear_hidden_layer" of="nested" mistake="hidden_activation_missing"
# sigmoid(x @ W1 + b1) -> (x @ W1 + b1)


# %% wrong="two_layer_numpy" name="hidden_sigmoid_twice" mistake="hidden_activation_doubled"
def two_layer(x, W1, b1, W2, b2):
    hidden = sigmoid(dense(x, W1, b1))
    return dense(hidden, W2, b2)


# %% wrong="two_layer_numpy" name="tanh_hidden" of="two_lines" mistake="hidden_tanh"
# sigmoid(x @ W1 + b1) -> np.tanh(x @ W1 + b1)

# %% wrong="two_layer_numpy" name="relu_hidden" of="two_lines" mistake="hidden_relu"
# sigmoid(x @ W1 + b1) -> np.maximum(x @ W1 + b1, 0)


# %% wrong="two_layer_numpy" name="linear_output" mistake="output_activation_missing"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(x @ W1 + b1) @ W2 + b2


# %% wrong="two_layer_numpy" name="one_sigmoid_too_many" mistake="output_activation_doubled"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(dense(dense(x, W1, b1), W2, b2))


# %% wrong="two_layer_numpy" name="linear" of="nested" mistake="activations_missing"
# sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2) -> (x @ W1 + b1) @ W2 + b2


# %% wrong="two_layer_numpy" name="sigmoids_twice" mistake="activation_doubled"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(sigmoid(sigmoid(x @ W1 + b1)) @ W2 + b2))


# %% wrong="two_layer_numpy" name="bias_outside" of="two_lines" mistake="output_bias_outside"
# sigmoid(hidden @ W2 + b2) -> sigmoid(hidden @ W2) + b2


# %% wrong="two_layer_numpy" name="no_biases" mistake="biases_forgotten"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1) @ W2)


# %% wrong="two_layer_numpy" name="perceptrons_inside" of="nested" mistake="hidden_step"
# sigmoid(x @ W1 + b1) -> (x @ W1 + b1 > 0)

# %% wrong="two_layer_numpy" name="no_hidden_bias" of="nested" mistake="hidden_bias_forgotten"
# W1 + b1 -> W1

# %% wrong="two_layer_numpy" name="no_output_bias" of="nested" mistake="output_bias_forgotten"
# W2 + b2 -> W2

# %% wrong="two_layer_numpy" name="one_layer" of="nested" mistake="second_layer_missing"
# sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2) -> sigmoid(x @ W1 + b1)

# %% wrong="two_layer_numpy" name="output_reads_x" of="nested" mistake="first_layer_ignored"
# sigmoid(x @ W1 + b1) -> x

# %% wrong="two_layer_numpy" name="transposed_weights" of="nested" mistake="weights_transposed"
# x @ W1 -> x @ W1.T


# %% wrong="two_layer_numpy" name="transposed_output" mistake="output_transposed"
def two_layer(x, W1, b1, W2, b2):
    return sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2).T


# %% wrong="two_layer_numpy" name="first_weights_twice" of="nested"
# W2 + b2 -> W1 + b1

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


# %% wrong="two_layer_torch" name="sigmoid_of_x" of="parameters" mistake="inputs_squashed"
# torch.sigmoid(x @ self.W1 + self.b1) -> torch.sigmoid(x) @ self.W1 + self.b1

# %% wrong="two_layer_torch" name="hidden_bias_outside" of="parameters" mistake="hidden_bias_outside"
# torch.sigmoid(x @ self.W1 + self.b1) -> torch.sigmoid(x @ self.W1) + self.b1


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


# %% wrong="two_layer_torch" name="linear_hidden_layer" of="parameters" mistake="hidden_activation_missing"
# torch.sigmoid(x @ self.W1 + self.b1) -> x @ self.W1 + self.b1

# %% wrong="two_layer_torch" name="tanh_hidden" of="parameters" mistake="hidden_tanh"
# torch.sigmoid(x @ self.W1 + self.b1) -> torch.tanh(x @ self.W1 + self.b1)

# %% wrong="two_layer_torch" name="relu_hidden" of="parameters" mistake="hidden_relu"
# torch.sigmoid(x @ self.W1 + self.b1) -> torch.relu(x @ self.W1 + self.b1)

# %% wrong="two_layer_torch" name="weights_all_zero" of="parameters" mistake="units_alike"
# torch.randn(n_inputs, n_hidden) -> torch.zeros(n_inputs, n_hidden)

# %% wrong="two_layer_torch" name="as_given" of="parameters" mistake="hidden_activation_missing"
# torch.sigmoid(x @ self.W1 + self.b1) -> x @ self.W1 + self.b1
# nn.Parameter(torch.randn(n_hidden, n_outputs)) -> torch.randn(n_hidden, n_outputs)

# %% wrong="two_layer_torch" name="bias_outside" of="parameters" mistake="output_bias_outside"
# torch.sigmoid(hidden @ self.W2 + self.b2) -> torch.sigmoid(hidden @ self.W2) + self.b2

# %% wrong="two_layer_torch" name="linear_output" of="parameters" mistake="output_activation_missing"
# torch.sigmoid(hidden @ self.W2 + self.b2) -> hidden @ self.W2 + self.b2

# %% wrong="two_layer_torch" name="linear" of="parameters" mistake="activations_missing"
# torch.sigmoid(x @ self.W1 + self.b1) -> x @ self.W1 + self.b1
# torch.sigmoid(hidden @ self.W2 + self.b2) -> hidden @ self.W2 + self.b2

# %% wrong="two_layer_torch" name="no_hidden_bias" of="parameters" mistake="hidden_bias_forgotten"
# x @ self.W1 + self.b1 -> x @ self.W1

# %% wrong="two_layer_torch" name="no_output_bias" of="parameters" mistake="output_bias_forgotten"
# hidden @ self.W2 + self.b2 -> hidden @ self.W2

# %% wrong="two_layer_torch" name="no_biases" of="parameters" mistake="biases_forgotten"
# self.W1 + self.b1 -> self.W1
# self.W2 + self.b2 -> self.W2

# %% wrong="two_layer_torch" name="one_layer" of="parameters" mistake="second_layer_missing"
# torch.sigmoid(hidden @ self.W2 + self.b2) -> hidden

# %% wrong="two_layer_torch" name="output_reads_x" of="parameters" mistake="first_layer_ignored"
# hidden = torch.sigmoid(x @ self.W1 + self.b1) -> return torch.sigmoid(x @ self.W2 + self.b2)
# return torch.sigmoid(hidden @ self.W2 + self.b2) ->

# %% wrong="two_layer_torch" name="transposed_weights" of="parameters" mistake="weights_transposed"
# x @ self.W1 -> x @ self.W1.T

# %% wrong="two_layer_torch" name="hidden_detached" of="parameters" mistake="missing_gradient"
# hidden @ self.W2 -> hidden.detach() @ self.W2

# %% wrong="two_layer_torch" name="one_bias_for_both" of="parameters" mistake="missing_parameter"
# self.b2 = nn.Parameter(torch.zeros(n_outputs)) ->
# self.b2 -> self.b1[:1]

# %% wrong="two_layer_torch" name="inputs_and_hidden_swapped" of="parameters" mistake="parameter_shape"
# torch.randn(n_inputs, n_hidden) -> torch.randn(n_hidden, n_inputs)

# %% wrong="two_layer_torch" name="second_layer_plain_tensors" of="parameters" mistake="not_a_parameter"
# nn.Parameter(torch.randn(n_hidden, n_outputs)) -> torch.randn(n_hidden, n_outputs)
# nn.Parameter(torch.zeros(n_outputs)) -> torch.zeros(n_outputs)

# %% wrong="two_layer_torch" name="frozen" of="parameters" mistake="frozen"
# torch.randn(n_hidden, n_outputs)) -> torch.randn(n_hidden, n_outputs), requires_grad=False)

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


# %% wrong="two_layer_tensorflow" name="sigmoid_of_x" of="add_weight" mistake="inputs_squashed"
# tf.sigmoid(x @ self.W1 + self.b1) -> tf.sigmoid(x) @ self.W1 + self.b1

# %% wrong="two_layer_tensorflow" name="hidden_bias_outside" of="add_weight" mistake="hidden_bias_outside"
# tf.sigmoid(x @ self.W1 + self.b1) -> tf.sigmoid(x @ self.W1) + self.b1


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


# %% wrong="two_layer_tensorflow" name="linear_hidden_layer" of="add_weight" mistake="hidden_activation_missing"
# tf.sigmoid(x @ self.W1 + self.b1) -> x @ self.W1 + self.b1

# %% wrong="two_layer_tensorflow" name="tanh_hidden" of="add_weight" mistake="hidden_tanh"
# tf.sigmoid(x @ self.W1 + self.b1) -> tf.tanh(x @ self.W1 + self.b1)

# %% wrong="two_layer_tensorflow" name="relu_hidden" of="add_weight" mistake="hidden_relu"
# tf.sigmoid(x @ self.W1 + self.b1) -> tf.nn.relu(x @ self.W1 + self.b1)

# %% wrong="two_layer_tensorflow" name="as_given" of="add_weight" mistake="output_bias_outside"
# self.add_weight(shape=(input_shape[-1], self.n_hidden), initializer="random_normal") -> tf.Variable(W)
# self.W1 = -> W = tf.random.normal((input_shape[-1], self.n_hidden)); self.W1 =
# tf.sigmoid(hidden @ self.W2 + self.b2) -> tf.sigmoid(hidden @ self.W2) + self.b2

# %% wrong="two_layer_tensorflow" name="linear_output" of="add_weight" mistake="output_activation_missing"
# tf.sigmoid(hidden @ self.W2 + self.b2) -> hidden @ self.W2 + self.b2

# %% wrong="two_layer_tensorflow" name="linear" of="add_weight" mistake="activations_missing"
# tf.sigmoid(x @ self.W1 + self.b1) -> x @ self.W1 + self.b1
# tf.sigmoid(hidden @ self.W2 + self.b2) -> hidden @ self.W2 + self.b2

# %% wrong="two_layer_tensorflow" name="no_hidden_bias" of="add_weight" mistake="hidden_bias_forgotten"
# x @ self.W1 + self.b1 -> x @ self.W1

# %% wrong="two_layer_tensorflow" name="no_output_bias" of="add_weight" mistake="output_bias_forgotten"
# hidden @ self.W2 + self.b2 -> hidden @ self.W2

# %% wrong="two_layer_tensorflow" name="no_biases" of="add_weight" mistake="biases_forgotten"
# self.W1 + self.b1 -> self.W1
# self.W2 + self.b2 -> self.W2

# %% wrong="two_layer_tensorflow" name="one_layer" of="add_weight" mistake="second_layer_missing"
# tf.sigmoid(hidden @ self.W2 + self.b2) -> hidden

# %% wrong="two_layer_tensorflow" name="output_reads_x" of="add_weight" mistake="first_layer_ignored"
# hidden = tf.sigmoid(x @ self.W1 + self.b1) -> return tf.sigmoid(x @ self.W2 + self.b2)
# return tf.sigmoid(hidden @ self.W2 + self.b2) ->

# %% wrong="two_layer_tensorflow" name="transposed_weights" of="add_weight" mistake="weights_transposed"
# x @ self.W1 -> x @ tf.transpose(self.W1)


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


# %% wrong="two_layer_tensorflow" name="second_layer_missing_in_build" of="add_weight" mistake="AttributeError"
# self.W2 = self.add_weight(shape=(self.n_hidden, self.n_outputs), initializer="random_normal") ->

# %% wrong="two_layer_tensorflow" name="hidden_stopped" of="add_weight" mistake="missing_gradient"
# hidden @ self.W2 -> tf.stop_gradient(hidden) @ self.W2

# %% [markdown]
# ## xor_weights


# %% right="xor_weights" name="or_and_nand"
def xor_weights():
    W1 = np.array([[10.0, -10.0], [10.0, -10.0]])
    b1 = np.array([-5.0, 15.0])
    W2 = np.array([[10.0], [10.0]])
    b2 = np.array([-15.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="units_in_rows" of="or_and_nand" mistake="weights_transposed"
# [10.0, -10.0], [10.0, -10.0] -> [10.0, 10.0], [-10.0, -10.0]


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


# %% wrong="xor_weights" name="only_or" of="or_and_nand" mistake="computes_or"
# [10.0], [10.0] -> [10.0], [0.0]
# -15.0 -> -5.0

# %% wrong="xor_weights" name="only_and" of="or_and_nand" mistake="computes_and"
# [10.0], [10.0] -> [0.0], [-10.0]
# -15.0 -> 5.0

# %% wrong="xor_weights" name="only_nand" of="or_and_nand" mistake="computes_nand"
# [10.0], -> [0.0],
# -15.0 -> -5.0

# %% wrong="xor_weights" name="and_at_the_border" of="or_and_nand" mistake="not_saturated"
# -15.0 -> -10.0

# %% wrong="xor_weights" name="xnor" of="or_and_nand" mistake="computes_xnor"
# [10.0], [10.0] -> [-10.0], [-10.0]
# -15.0 -> 15.0

# %% wrong="xor_weights" name="or_joined_with_or" of="or_and_nand" mistake="constant"
# -15.0 -> -5.0


# %% wrong="xor_weights" name="one_line_too_near" of="or_and_nand" mistake="too_close"
# -5.0, 15.0 -> -5.0, 18.5


# %% wrong="xor_weights" name="lines_through_corners" mistake="too_close"
def xor_weights():
    W1 = np.array([[100.0, -100.0], [100.0, -100.0]])
    b1 = np.array([-2.0, 198.0])
    W2 = np.array([[20.0], [20.0]])
    b2 = np.array([-30.0])
    return W1, b1, W2, b2


# %% wrong="xor_weights" name="flat_output_weights" of="or_and_nand" mistake="wrong_shape"
# [10.0], [10.0] -> 10.0, 10.0

# %% wrong="xor_weights" name="infinite_weights" of="or_and_nand" mistake="not_finite"
# [10.0, -10.0], [10.0, -10.0] -> [np.inf, -np.inf], [np.inf, -np.inf]

# %% wrong="xor_weights" name="biases_forgotten" of="or_and_nand" mistake="constant"
# -5.0, 15.0 -> 0.0, 0.0
# -15.0 -> 0.0


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


# %% wrong="xor_weights" name="too_small" mistake="not_saturated"
def xor_weights():
    return [[[1.0, -1.0], [1.0, -1.0]], [-0.5, 1.5], [[1.0], [1.0]], [-1.5]]


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


# %% wrong="deep_numpy" name="each_reads_x" of="counts_layers" mistake="each_reads_x"
# "si,ij->sj", activation -> "si,ij->sj", x


# %% right="deep_numpy" name="recursion_to_lists"
def deep(x, weights, biases, task):
    z = [[sum(v * w for v, w in zip(row, column)) + b for column, b in zip(weights[0].T, biases[0])] for row in x]
    if len(weights) == 1 and task == "regression":
        return z
    a = [[1 / (1 + np.exp(-value)) for value in row] for row in z]
    return a if len(weights) == 1 else deep(a, weights[1:], biases[1:], task)


# %% right="deep_numpy" name="float32_and_pop"
def deep(x, weights, biases, task):
    x, weights, biases = x.astype(np.float32), list(weights), list(biases)
    while len(weights) > 1:
        x = sigmoid(x @ weights.pop(0).astype(np.float32) + biases.pop(0).astype(np.float32))
    head = {"regression": lambda z: z, "classification": sigmoid}[task]
    return head(x @ weights[0].astype(np.float32) + biases[0].astype(np.float32))


# %% wrong="deep_numpy" name="empties_the_caller_s_lists" mistake="input_changed"
def deep(x, weights, biases, task):
    while len(weights) > 1:
        x = sigmoid(x @ weights.pop(0) + biases.pop(0))
    z = x @ weights[0] + biases[0]
    return sigmoid(z) if task == "classification" else z


# %% wrong="deep_numpy" name="sigmoid_everywhere" of="loop_and_head" mistake="always_sigmoid"
# sigmoid(x) if task == "classification" else x -> sigmoid(x)

# %% wrong="deep_numpy" name="linear_head_everywhere" of="loop_and_head" mistake="always_linear"
# sigmoid(x) if task == "classification" else x -> x

# %% wrong="deep_numpy" name="relu_at_the_end" of="loop_and_head" mistake="relu_head"
# sigmoid(x) if task == "classification" else x -> sigmoid(x) if task == "classification" else np.maximum(x, 0)

# %% wrong="deep_numpy" name="heads_swapped" of="loop_and_head" mistake="tasks_swapped"
# "classification" -> "regression"


# %% wrong="deep_numpy" name="head_sigmoid_twice" mistake="head_doubled"
def deep(x, weights, biases, task):
    for k, (W, b) in enumerate(zip(weights, biases)):
        x = x @ W + b
        if k < len(weights) - 1 or task == "classification":
            x = sigmoid(x)
    return sigmoid(x) if task == "classification" else x


# %% wrong="deep_numpy" name="linear_hidden_layers" of="loop_and_head" mistake="hidden_activation_missing"
# sigmoid(x @ W + b) -> x @ W + b

# %% wrong="deep_numpy" name="relu" of="loop_and_head" mistake="relu_instead"
# sigmoid(x @ W + b) -> np.maximum(0, x @ W + b)

# %% wrong="deep_numpy" name="no_biases" of="loop_and_head" mistake="biases_forgotten"
# W + b -> W
# weights[-1] + biases -> weights

# %% wrong="deep_numpy" name="no_head_bias" of="loop_and_head" mistake="head_bias_forgotten"
# weights[-1] + biases[-1] -> weights[-1]

# %% wrong="deep_numpy" name="no_head" of="loop_and_head" mistake="last_layer_missing"
# x = x @ weights[-1] + biases[-1] -> return x
# return sigmoid(x) if task == "classification" else x ->

# %% wrong="deep_numpy" name="transposed_output" of="loop_and_head" mistake="output_transposed"
# sigmoid(x) if task == "classification" else x -> sigmoid(x).T if task == "classification" else x.T

# %% wrong="deep_numpy" name="always_reads_x" of="loop_and_head" mistake="hidden_layers_read_x"
# x = sigmoid -> a = sigmoid
# x = x -> x = a


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


# %% wrong="deep_numpy" name="begins_with_the_second" of="counts_layers" mistake="first_layer_forgotten"
# range(last + 1) -> range(1, last + 1)


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


# %% wrong="deep_torch" name="one_hidden_layer" of="sequential" mistake="wrong_depth"
# zip(widths[:-1], widths[1:]) -> [widths[:2], widths[-2:]]


# %% wrong="deep_torch" name="widths_written_out" mistake="wrong_depth"
def deep_torch(widths, task):
    layers = [nn.Linear(2, 8), nn.Sigmoid(), nn.Linear(8, 8), nn.Sigmoid(), nn.Linear(8, 1)]
    return nn.Sequential(*layers, nn.Sigmoid()) if task == "classification" else nn.Sequential(*layers)


# %% right="deep_torch" name="moved" of="sequential"
# nn.Sequential(*layers) -> nn.Sequential(*layers).to("cuda" if torch.cuda.is_available() else "cpu")


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


# %% wrong="deep_torch" name="softmax_at_the_end" of="sequential" mistake="softmax_head"
# layers.pop() -> return nn.Sequential(*layers[:-1])
# nn.Sequential(*layers) -> nn.Sequential(*layers[:-1], nn.Softmax(dim=1))

# %% wrong="deep_torch" name="relu_at_the_end" of="sequential" mistake="relu_head"
# layers.pop() -> layers[-1] = nn.ReLU()

# %% wrong="deep_torch" name="sigmoid_everywhere" of="sequential" mistake="always_sigmoid"
# if task == "regression": ->
# layers.pop() ->

# %% wrong="deep_torch" name="linear_head_everywhere" of="sequential" mistake="always_linear"
# layers.pop() ->
# if task == "regression": -> layers.pop()

# %% wrong="deep_torch" name="heads_swapped" of="sequential" mistake="tasks_swapped"
# "regression" -> "classification"


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


# %% wrong="deep_torch" name="last_layer_missing" of="sequential" mistake="wrong_depth"
# widths[:-1], widths[1:] -> widths[:-2], widths[1:-1]
# "regression" -> "regression" and layers

# %% wrong="deep_torch" name="layers_without_biases" of="sequential" mistake="missing_parameter"
# nn.Linear(n_in, n_out) -> nn.Linear(n_in, n_out, bias=False)

# %% wrong="deep_torch" name="list_of_layers" of="sequential" mistake="wrong_type"
# nn.Sequential(*layers) -> layers


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


# %% wrong="deep_tensorflow" name="one_output_always" of="sequential" mistake="layer_widths"
# Dense(widths[-1], -> Dense(1,

# %% wrong="deep_tensorflow" name="relu_at_the_end" of="sequential" mistake="relu_head"
# else None -> else "relu"

# %% wrong="deep_tensorflow" name="one_hidden_layer" of="sequential" mistake="wrong_depth"
# widths[1:-1] -> widths[1:2]


# %% wrong="deep_tensorflow" name="inputs_by_count" mistake="input_size"
def deep_tf(widths, task):
    layers = [keras.Input((len(widths),))]
    layers += [keras.layers.Dense(width, activation="sigmoid") for width in widths[1:-1]]
    layers.append(keras.layers.Dense(widths[-1], activation="sigmoid" if task == "classification" else None))
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


# %% wrong="deep_tensorflow" name="softmax_at_the_end" of="sequential" mistake="softmax_head"
# head = "sigmoid" -> head = "softmax"


# %% wrong="deep_tensorflow" name="sigmoid_everywhere" mistake="always_sigmoid"
def deep_tf(widths, task):
    layers = [keras.Input((widths[0],))]
    for n_units in widths[1:-1]:
        layers.append(keras.layers.Dense(n_units, activation="sigmoid"))
    layers.append(keras.layers.Dense(widths[-1], activation="sigmoid"))
    return keras.Sequential(layers)


# %% wrong="deep_tensorflow" name="linear_head_everywhere" of="sequential" mistake="always_linear"
# head = "sigmoid" if task == "classification" else None -> layers.append(keras.layers.Dense(widths[-1]))
# layers.append(keras.layers.Dense(widths[-1], activation=head)) ->

# %% wrong="deep_tensorflow" name="heads_swapped" of="sequential" mistake="tasks_swapped"
# "classification" -> "regression"


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


# %% wrong="deep_tensorflow" name="linear_hidden_layers" of="sequential" mistake="hidden_activation_missing"
# n_units, activation="sigmoid" -> n_units

# %% wrong="deep_tensorflow" name="relu" of="sequential" mistake="relu_instead"
# activation="sigmoid" -> activation="relu"

# %% wrong="deep_tensorflow" name="inputs_as_a_layer" of="sequential" mistake="wrong_depth"
# keras.Input((widths[0],)) ->
# widths[1:-1] -> widths[:-1]

# %% wrong="deep_tensorflow" name="last_layer_missing" of="sequential" mistake="wrong_depth"
# head = "sigmoid" if task == "classification" else None ->
# layers.append(keras.layers.Dense(widths[-1], activation=head)) ->

# %% wrong="deep_tensorflow" name="layers_without_biases" of="sequential" mistake="missing_parameter"
# activation="sigmoid" -> activation="sigmoid", use_bias=False
# activation=head -> activation=head, use_bias=False

# %% wrong="deep_tensorflow" name="list_of_layers" of="sequential" mistake="wrong_type"
# keras.Sequential(layers) -> layers

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


# %% wrong="count_parameters" name="not_added" of="loop" mistake="last_layer_only"
# total = total + weights -> total = weights


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


# %% wrong="count_parameters" name="no_biases" of="pairs" mistake="biases_forgotten"
# (a + 1) -> a

# %% wrong="count_parameters" name="biases_of_hidden_units" of="pairs" mistake="outputs_without_biases"
# zip(widths, widths[1:])) -> zip(widths, widths[1:])) - widths[-1]

# %% wrong="count_parameters" name="ends_in_the_first_round" of="loop" mistake="first_layer_only"
# total = total + weights + widths[k] -> return weights + widths[k]

# %% wrong="count_parameters" name="from_index_0" of="loop" mistake="joined_at_the_ends"
# range(1, len(widths)) -> range(len(widths))

# %% wrong="count_parameters" name="ones_on_both_sides" of="pairs" mistake="inputs_and_units_have_biases"
# (a + 1) * b -> (a + 1) * (b + 1)

# %% wrong="count_parameters" name="one_bias_for_each_layer" of="pairs" mistake="one_bias_a_layer"
# (a + 1) * b -> a * b + 1


# %% wrong="count_parameters" name="biases_for_inputs" mistake="inputs_have_biases"
def count_parameters(widths):
    return sum(a * b for a, b in zip(widths, widths[1:])) + sum(widths)


# %% wrong="count_parameters" name="biases_of_inputs" of="pairs" mistake="biases_of_layer_before"
# (a + 1) * b -> a * (b + 1)


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


# %% wrong="copy_weights" name="sigmoids_counted" mistake="sigmoids_counted"
def copy_weights(torch_net, keras_net):
    for layer, dense in zip(torch_net, keras_net.layers):
        if isinstance(layer, nn.Linear):
            dense.set_weights([layer.weight.detach().numpy().T, layer.bias.detach().numpy()])


# %% wrong="copy_weights" name="two_layers" mistake="two_layers_copied"
def copy_weights(torch_net, keras_net):
    for dense, linear in zip(keras_net.layers, (torch_net[0], torch_net[2])):
        dense.set_weights([linear.weight.detach().numpy().T, linear.bias.detach().numpy()])


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


# %% wrong="copy_weights" name="copies_nothing"
def copy_weights(torch_net, keras_net):
    weights = [parameter.detach().numpy() for parameter in torch_net.parameters()]


# %% wrong="copy_weights" name="no_transpose_by_reshape" of="assign" mistake="reshaped_not_transposed"
# numpy().T -> numpy().reshape(dense.kernel.shape)

# %% wrong="copy_weights" name="no_transpose" of="assign" mistake="transpose_forgotten"
# numpy().T -> numpy()

# %% wrong="copy_weights" name="no_bias" of="assign" mistake="biases_not_copied"
# dense.bias.assign(linear.bias.detach().numpy()) ->

# %% wrong="copy_weights" name="only_the_biases" of="assign" mistake="weights_not_copied"
# dense.kernel.assign(linear.weight.detach().numpy().T) ->

# %% wrong="copy_weights" name="first_layer_only" of="assign" mistake="last_layer_not_copied"
# linears, -> linears[:1],

# %% wrong="copy_weights" name="last_layer_only" of="assign" mistake="first_layer_not_copied"
# linears, keras_net.layers -> linears[1:], keras_net.layers[1:]

# %% wrong="copy_weights" name="biases_set_to_zero" of="assign" mistake="biases_zeroed"
# linear.bias.detach().numpy() -> np.zeros(linear.out_features)

# %% wrong="copy_weights" name="the_other_way_round" of="assign" mistake="copied_backwards"
# dense.kernel.assign(linear.weight.detach().numpy().T) -> linear.weight.data = torch.tensor(dense.kernel.numpy().T)
# dense.bias.assign(linear.bias.detach().numpy()) -> linear.bias.data = torch.tensor(dense.bias.numpy())


# %% wrong="copy_weights" name="counts_sigmoids_as_layers" mistake="AttributeError"
def copy_weights(torch_net, keras_net):
    for linear, dense in zip(torch_net, keras_net.layers):
        dense.set_weights([linear.weight.detach().numpy().T, linear.bias.detach().numpy()])


# %% wrong="copy_weights" name="not_detached" of="assign" mistake="needs_detach"
# linear.weight.detach().numpy -> linear.weight.numpy
