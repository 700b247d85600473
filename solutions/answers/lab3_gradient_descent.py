# Known right and known wrong answers to the exercises of Lab 3. They prove the tests and make the sample class.
#
# A right answer earns full marks in check and in grade. A wrong one loses marks in grade, and in check too unless the
# header says visible=False; with mistake="..." its verdict names that mistake. With of="..." an answer is a right one
# above it with a few words changed, `old -> new`. The wrong answers `zeros`, `constant` and `hard_coded` are made from
# the recorded cases, except to exercises by property: their answers are below. When the draw of such an exercise
# changes, its `hard_coded` fails as "no longer right in check": write the new numbers in.

# ruff: noqa: B007 (students write such things)

# %%
import math
import random

import numpy as np

from course_utils.frameworks import keras, nn, tf, torch


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def descent_step(w, gradient, learning_rate):
    return w - learning_rate * gradient


def in_order(result):
    raise NotImplementedError("the lab's own function")


def bce_torch(z, y):
    return nn.functional.binary_cross_entropy_with_logits(z, y)


def bce_tf(z, y):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, z))


# %% [markdown]
# ## mse


# %% right="mse_numpy" name="textbook"
def mse(prediction, y):
    return np.mean((prediction - y) ** 2)


# %% wrong="mse_numpy" name="halved_by_rows" of="textbook" mistake="halved_by_rows"
# np.mean((prediction - y) ** 2) -> np.sum((prediction - y) ** 2) / (2 * len(y))


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


# %% wrong="mse_numpy" name="squares_first" of="textbook" mistake="squares_subtracted"
# (prediction - y) ** 2 -> prediction**2 - y**2

# %% wrong="mse_numpy" name="sum" of="textbook" mistake="summed"
# np.mean -> np.sum


# %% wrong="mse_numpy" name="half" mistake="halved"
def mse(prediction, y):
    return np.mean((prediction - y) ** 2) / 2


# %% wrong="mse_numpy" name="absolute" of="textbook" mistake="absolute"
# (prediction - y) ** 2 -> np.abs(prediction - y)


# %% wrong="mse_numpy" name="root" mistake="root_taken"
def mse(prediction, y):
    return np.sqrt(np.mean((prediction - y) ** 2))


# %% wrong="mse_numpy" name="plain_error" of="textbook" mistake="not_squared"
# np.mean((prediction - y) ** 2) -> np.mean(prediction - y)


# %% wrong="mse_numpy" name="square_of_mean" mistake="squared_too_late"
def mse(prediction, y):
    return np.mean(prediction - y) ** 2


# %% wrong="mse_numpy" name="squares" of="textbook" mistake="not_averaged"
# np.mean((prediction - y) ** 2) -> (prediction - y) ** 2

# %% wrong="mse_numpy" name="columns" of="textbook" mistake="one_axis"
# ** 2 -> ** 2, axis=0


# %% [markdown]
# ## numeric_gradient


# %% right="numeric_gradient" name="copies"
def numeric_gradient(loss, w, h=1e-5):
    slopes = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up, down = w.copy(), w.copy()
        up[index] += h
        down[index] -= h
        slopes[index] = (loss(up) - loss(down)) / (2 * h)
    return slopes


# %% right="numeric_gradient" name="put_back"
def numeric_gradient(loss, w, h=1e-5):
    w = np.array(w, dtype=float)
    slopes = np.empty_like(w)
    flat, found = w.reshape(-1), slopes.reshape(-1)
    for number, value in enumerate(flat.copy()):
        flat[number] = value + h
        up = loss(w)
        flat[number] = value - h
        found[number] = (up - loss(w)) / h / 2
        flat[number] = 1.0 * value
    return slopes


# %% right="numeric_gradient" name="steps"
def numeric_gradient(loss, w, h=1e-5):
    steps = h * np.eye(w.size).reshape(w.size, *w.shape)
    return np.array([(loss(w + step) - loss(w - step)) / (2 * h) for step in steps]).reshape(w.shape)


# %% wrong="numeric_gradient" name="brackets_forgotten" of="copies" mistake="half_divided"
# (loss(up) - loss(down)) / (2 * h) -> loss(up) - loss(down) / (2 * h)

# %% wrong="numeric_gradient" name="rows_of_w" of="copies" mistake="row_by_row"
# np.ndindex(w.shape) -> range(len(w))

# %% wrong="numeric_gradient" name="right_side_only" of="steps" mistake="one_sided"
# (loss(w + step) - loss(w - step)) / (2 * h) -> (loss(w + step) - loss(w)) / h

# %% wrong="numeric_gradient" name="one_h" of="steps" mistake="divided_by_h"
# (2 * h) -> h

# %% wrong="numeric_gradient" name="one_step_back" of="put_back" mistake="back_to_the_middle"
# flat[number] = value - h -> flat[number] -= h

# %% wrong="numeric_gradient" name="no_brackets" of="steps" mistake="multiplied_by_h"
# (2 * h) -> 2 * h

# %% wrong="numeric_gradient" name="all_at_once" of="copies" mistake="moved_together"
# up[index] += h -> up += h
# down[index] -= h -> down -= h

# %% wrong="numeric_gradient" name="left_there" of="put_back" mistake="not_put_back"
# flat[number] = 1.0 * value ->


# %% wrong="numeric_gradient" name="rise_alone" of="steps" mistake="not_divided"
# / (2 * h) ->

# %% wrong="numeric_gradient" name="no_copies" of="copies" mistake="zeros"
# up, down = w.copy(), w.copy() -> up = down = w


# %% wrong="numeric_gradient" name="by_scipy" mistake="switched_off"
def numeric_gradient(loss, w, h=1e-5):
    from scipy.optimize import approx_fprime

    return approx_fprime(w.ravel(), lambda flat: loss(flat.reshape(w.shape)), h).reshape(w.shape)


# %% wrong="numeric_gradient" name="copies_before_the_loop" mistake="copied_once"
def numeric_gradient(loss, w, h=1e-5):
    grad = np.zeros_like(w)
    up, down = w.copy(), w.copy()
    for index in np.ndindex(w.shape):
        up[index] += h
        down[index] -= h
        grad[index] = (loss(up) - loss(down)) / (2 * h)
    return grad


# %% wrong="numeric_gradient" name="h_ignored" of="copies" mistake="h_ignored"
# slopes = np.zeros(w.shape) -> slopes, h = np.zeros(w.shape), 1e-5


# %% [markdown]
# ## line_gradient


# %% right="line_gradient" name="chain"
def line_gradient(x, y, w, b):
    slope = 2 * (w * x + b - y)
    return np.mean(slope * x), np.mean(slope)


# %% wrong="line_gradient" name="times_b" of="chain" mistake="constant_for_slope"
# np.mean(slope) -> np.mean(slope * b)

# %% wrong="line_gradient" name="half_of_b" of="chain" mistake="two_forgotten"
# np.mean(slope) -> np.mean(slope) / 2


# %% right="line_gradient" name="products"
def line_gradient(x, y, w, b):
    error = x * w + b - y
    return 2 / len(x) * (x @ error), 2 / len(x) * error.sum()


# %% right="line_gradient" name="loops"
def line_gradient(x, y, w, b):
    dw = db = 0.0
    for value, truth in zip(x, y):
        error = w * value + b - truth
        dw += 2 * error * value / len(x)
        db += 2 * error / len(x)
    return [dw, db]


# %% wrong="line_gradient" name="times_w" mistake="weight_for_input"
def line_gradient(x, y, w, b):
    slope = 2 * (w * x + b - y)
    return (slope * w).mean(), slope.mean()


# %% wrong="line_gradient" name="no_two" of="chain" mistake="two_forgotten"
# 2 * (w * x + b - y) -> w * x + b - y

# %% wrong="line_gradient" name="flipped" of="chain" mistake="sign_flipped"
# (w * x + b - y) -> (y - w * x - b)

# %% wrong="line_gradient" name="sums" of="chain" mistake="summed"
# np.mean(slope * x), np.mean(slope) -> np.sum(slope * x), np.sum(slope)

# %% wrong="line_gradient" name="no_input" of="chain" mistake="input_forgotten"
# np.mean(slope * x) -> np.mean(slope)

# %% wrong="line_gradient" name="squared" of="chain" mistake="square_kept"
# 2 * (w * x + b - y) -> (w * x + b - y) ** 2

# %% wrong="line_gradient" name="two_means" of="chain" mistake="means_multiplied"
# np.mean(slope * x) -> np.mean(slope) * np.mean(x)

# %% wrong="line_gradient" name="bias_alone_wrong" of="chain"
# np.mean(slope) -> np.sum(slope)


# %% wrong="line_gradient" name="by_autograd" mistake="switched_off"
def line_gradient(x, y, w, b):
    slopes = torch.tensor([w, b], dtype=torch.float64, requires_grad=True)
    ((torch.tensor(x) * slopes[0] + slopes[1] - torch.tensor(y)) ** 2).mean().backward()
    return slopes.grad[0].item(), slopes.grad[1].item()


# %% wrong="line_gradient" name="without_b" mistake="constant_forgotten"
def line_gradient(x, y, w, b):
    e = w * x - y
    return 2 * np.mean(e * x), 2 * np.mean(e)


# %% [markdown]
# ## numpy_loop


# %% right="numpy_loop" name="with_descent_step"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    for _ in range(epochs):
        for inputs, targets in batches:
            gradients = gradients_of(inputs, targets, *parameters)
            parameters = [descent_step(value, slope, learning_rate) for value, slope in zip(parameters, gradients)]
    return parameters


# %% right="numpy_loop" name="in_place_on_copies"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    own = [np.array(value, dtype=float) for value in parameters]
    for epoch in range(epochs):
        for batch in batches:
            for value, slope in zip(own, gradients_of(*batch, *own)):
                value -= learning_rate * slope
    return tuple(own)


# %% right="numpy_loop" name="by_number"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    parameters = list(parameters)
    for _ in range(epochs):
        for X, y in batches:
            slopes = gradients_of(X, y, *parameters)
            for i in range(len(parameters)):
                parameters[i] = parameters[i] - learning_rate * slopes[i]
    return parameters


# %% wrong="numpy_loop" name="asks_at_the_start" mistake="slopes_at_the_start"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    here = list(parameters)
    for _ in range(epochs):
        for X, y in batches:
            slopes = gradients_of(X, y, *parameters)
            here = [value - learning_rate * slope for value, slope in zip(here, slopes)]
    return here


# %% wrong="numpy_loop" name="step_after_the_epoch" mistake="step_outside"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    for _ in range(epochs):
        for inputs, targets in batches:
            gradients = gradients_of(inputs, targets, *parameters)
        parameters = [descent_step(value, slope, learning_rate) for value, slope in zip(parameters, gradients)]
    return parameters


# %% wrong="numpy_loop" name="added_up" mistake="one_step_an_epoch"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    for _ in range(epochs):
        found = [gradients_of(*batch, *parameters) for batch in batches]
        parameters = [value - learning_rate * sum(slopes) for value, slopes in zip(parameters, zip(*found))]
    return parameters


# %% wrong="numpy_loop" name="one_batch" of="with_descent_step" mistake="first_batch_only"
# in batches -> in batches[:1]


# %% wrong="numpy_loop" name="returns_too_early" mistake="one_epoch_only"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    for _ in range(epochs):
        for inputs, targets in batches:
            gradients = gradients_of(inputs, targets, *parameters)
            parameters = [descent_step(value, slope, learning_rate) for value, slope in zip(parameters, gradients)]
        return parameters


# %% wrong="numpy_loop" name="begins_again_each_epoch" mistake="one_epoch_only"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    for _ in range(epochs):
        moved = parameters
        for inputs, targets in batches:
            moved = [p - learning_rate * g for p, g in zip(moved, gradients_of(inputs, targets, *moved))]
    return moved


# %% wrong="numpy_loop" name="slopes_of_a_line" mistake="shapes_do_not_fit"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    for _ in range(epochs):
        for inputs, targets in batches:
            gradients = line_gradient(inputs, targets, *parameters)
            parameters = [p - learning_rate * g for p, g in zip(parameters, gradients)]
    return parameters


# %% wrong="numpy_loop" name="asks_again_for_each" of="by_number" mistake="one_by_one"
# slopes[i] -> gradients_of(X, y, *parameters)[i]


# %% wrong="numpy_loop" name="asks_once" mistake="slopes_never_renewed"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    gradients = gradients_of(*batches[0], *parameters)
    for _ in range(epochs):
        for inputs, targets in batches:
            parameters = [descent_step(value, slope, learning_rate) for value, slope in zip(parameters, gradients)]
    return parameters


# %% wrong="numpy_loop" name="uphill" of="by_number" mistake="ascent"
# - learning_rate -> + learning_rate

# %% wrong="numpy_loop" name="no_rate" of="by_number" mistake="learning_rate_ignored"
# learning_rate * slopes[i] -> slopes[i]

# %% wrong="numpy_loop" name="thrown_away" of="with_descent_step" mistake="not_moved"
# parameters = [ -> moved = [


# %% wrong="numpy_loop" name="for_w_and_b_alone" mistake="unpacking"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    w, b = parameters
    for _ in range(epochs):
        for inputs, targets in batches:
            dw, db = gradients_of(inputs, targets, w, b)
            w, b = w - learning_rate * dw, b - learning_rate * db
    return [w, b]


# %% wrong="numpy_loop" name="two_of_three_move" of="by_number" mistake="first_two_only"
# range(len(parameters)) -> range(2)

# %% wrong="numpy_loop" name="two_of_three_come_back" of="by_number" mistake="wrong_type"
# return parameters -> return parameters[:2]

# %% wrong="numpy_loop" name="callers_arrays" of="in_place_on_copies" mistake="input_changed"
# np.array(value, dtype=float) -> value

# %% wrong="numpy_loop" name="one_epoch_too_many" of="by_number" mistake="one_epoch_too_many"
# range(epochs) -> range(epochs + 1)

# %% wrong="numpy_loop" name="first_parameter_only" of="by_number" mistake="wrong_type"
# return parameters -> return parameters[0]

# %% wrong="numpy_loop" name="one_of_two" of="by_number" mistake="wrong_type"
# return parameters -> return parameters[:1]


# %% wrong="numpy_loop" name="last_step_alone" of="with_descent_step" mistake="last_step_alone"
# parameters = [descent_step -> moved = [descent_step
# return parameters -> return moved


# %% wrong="numpy_loop" name="batch_by_batch" mistake="batch_by_batch"
def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    for inputs, targets in batches:
        for _ in range(epochs):
            gradients = gradients_of(inputs, targets, *parameters)
            parameters = [descent_step(value, slope, learning_rate) for value, slope in zip(parameters, gradients)]
    return parameters


# %% [markdown]
# ## value


# %% right="value" name="pairs"
class Value:
    def __init__(self, data, parents=()):
        self.data, self.parents, self.grad = float(data), list(parents), 0.0

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def tanh(self):
        out = math.tanh(self.data)
        return Value(out, [(self, 1 - out * out)])

    def log(self):
        return Value(math.log(self.data), [(self, 1 / self.data)])


# %% wrong="value" name="log_without_parents" of="pairs" mistake="wrong_type"
# Value(math.log(self.data), [(self, 1 / self.data)]) -> Value(math.log(self.data))

# %% wrong="value" name="square_outside" of="pairs" mistake="difference_squared"
# 1 - out * out -> (1 - out) ** 2


# %% right="value" name="numpy"
class Value:
    def __init__(self, data, parents=()):
        self.data = float(data)
        self.parents = parents
        self.grad = 0.0

    def __mul__(self, other):
        if not isinstance(other, Value):
            return Value(other * self.data, ((self, other),))
        return Value(np.multiply(self.data, other.data), ((other, self.data), (self, other.data)))

    def tanh(self):
        return Value(np.tanh(self.data), ((self, 1 / np.cosh(self.data) ** 2),))

    def log(self):
        return Value(np.log(self.data), ((self, np.reciprocal(self.data)),))


# %% wrong="value" name="swapped" of="pairs" mistake="product_swapped"
# [(self, other.data), (other, self.data)] -> [(self, self.data), (other, other.data)]

# %% wrong="value" name="like_a_sum" of="pairs" mistake="product_as_sum"
# [(self, other.data), (other, self.data)] -> [(self, 1.0), (other, 1.0)]

# %% wrong="value" name="tanh_of_input" of="pairs" mistake="slope_of_input"
# 1 - out * out -> 1 - self.data**2

# %% wrong="value" name="sigmoid_slope" of="pairs" mistake="slope_of_sigmoid"
# 1 - out * out -> out * (1 - out)

# %% wrong="value" name="no_square" of="pairs" mistake="tanh_not_squared"
# 1 - out * out -> 1 - out

# %% wrong="value" name="one_over_output" of="pairs" mistake="log_of_output"
# 1 / self.data -> 1 / math.log(self.data)

# %% wrong="value" name="log_again" of="pairs" mistake="log_slope_is_log"
# 1 / self.data -> math.log(self.data)

# %% wrong="value" name="base_10" of="pairs" mistake="other_base"
# Value(math.log(self.data) -> Value(math.log10(self.data)

# %% wrong="value" name="plain_numbers" of="pairs" mistake="wrong_type"
# return Value(math.log(self.data), [(self, 1 / self.data)]) -> return math.log(self.data)

# %% wrong="value" name="only_the_product" of="pairs"
# return Value(out, [(self, 1 - out * out)]) -> return None


# %% [markdown]
# ## backward


# %% right="backward" name="textbook"
def backward(result):
    order = in_order(result)
    for value in order:
        value.grad = 0.0
    result.grad = 1.0
    for value in reversed(order):
        for parent, slope in value.parents:
            parent.grad += slope * value.grad


# %% wrong="backward" name="ones" of="textbook" mistake="all_begin_with_one"
# value.grad = 0.0 -> value.grad = 1.0

# %% wrong="backward" name="data_handed_on" of="textbook" mistake="data_for_grad"
# slope * value.grad -> slope * value.data


# %% right="backward" name="own_order"
def backward(result):
    waiting, uses = [result], {}
    seen = {id(result)}
    for value in waiting:
        value.grad = 0
        for parent, _ in value.parents:
            uses[id(parent)] = uses.get(id(parent), 0) + 1
            if id(parent) not in seen:
                seen.add(id(parent))
                waiting.append(parent)
    result.grad, ready = 1.0, [result]
    while ready:
        value = ready.pop()
        for parent, slope in value.parents:
            parent.grad = parent.grad + value.grad * slope
            uses[id(parent)] -= 1
            if not uses[id(parent)]:
                ready.append(parent)


# %% wrong="backward" name="replaced" of="textbook" mistake="overwritten"
# parent.grad += -> parent.grad =

# %% wrong="backward" name="from_the_start" of="textbook" mistake="wrong_order"
# reversed(order) -> order


# %% wrong="backward" name="recursive" mistake="handed_on_at_once"
def backward(result):
    for value in in_order(result):
        value.grad = 0.0
    result.grad = 1.0

    def hand_on(value):
        for parent, slope in value.parents:
            parent.grad += slope * value.grad
            hand_on(parent)

    hand_on(result)


# %% wrong="backward" name="all_ways" mistake="each_way"
def backward(result):
    for value in in_order(result):
        value.grad = 0.0

    def follow(value, product):
        value.grad += product
        for parent, slope in value.parents:
            follow(parent, product * slope)

    follow(result, 1.0)


# %% wrong="backward" name="slopes_alone" of="textbook" mistake="grad_not_passed_on"
# slope * value.grad -> slope

# %% wrong="backward" name="no_slopes" of="textbook" mistake="slope_forgotten"
# slope * value.grad -> value.grad

# %% wrong="backward" name="leftovers" of="textbook" mistake="not_reset"
# value.grad = 0.0 -> pass

# %% wrong="backward" name="begins_with_0" of="textbook" mistake="zeros"
# result.grad = 1.0 -> result.grad = 0.0


# %% wrong="backward" name="by_the_data" mistake="data_for_slope"
def backward(result):
    order = in_order(result)
    for v in order:
        v.grad = 0.0
    result.grad = 1.0
    for v in reversed(order):
        for parent, slope in v.parents:
            parent.grad += v.grad * parent.data


# %% [markdown]
# ## clip_gradients


# %% right="clip_gradients" name="factor"
def clip_gradients(gradients, longest):
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    if length <= longest:
        return gradients
    return [gradient * longest / length for gradient in gradients]


# %% wrong="clip_gradients" name="square_compared" of="factor" mistake="square_compared"
# if length <= longest -> if length**2 <= longest

# %% wrong="clip_gradients" name="lengths_added" of="factor" mistake="lengths_added"
# np.sqrt(sum(np.sum(gradient**2) for gradient in gradients)) -> sum(np.linalg.norm(gradient) for gradient in gradients)

# %% wrong="clip_gradients" name="always" of="factor" mistake="always_divided"
# if length <= longest: -> if False:


# %% right="clip_gradients" name="one_arrow"
def clip_gradients(gradients, longest):
    length = np.linalg.norm(np.concatenate([np.ravel(gradient) for gradient in gradients]))
    return [gradient / max(1.0, length / longest) for gradient in gradients]


# %% wrong="clip_gradients" name="apart" mistake="each_alone"
def clip_gradients(gradients, longest):
    return [gradient / max(1.0, np.linalg.norm(gradient) / longest) for gradient in gradients]


# %% wrong="clip_gradients" name="cut_off" mistake="entries_clipped"
def clip_gradients(gradients, longest):
    return [np.clip(gradient, -longest, longest) for gradient in gradients]


# %% wrong="clip_gradients" name="all_to_one_length" mistake="always_scaled"
def clip_gradients(gradients, longest):
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients)) or 1.0
    return [gradient * longest / length for gradient in gradients]


# %% wrong="clip_gradients" name="no_root" of="factor" mistake="root_forgotten"
# np.sqrt(sum(np.sum(gradient**2) for gradient in gradients)) -> sum(np.sum(gradient**2) for gradient in gradients)

# %% [markdown]
# ## bce


# %% right="bce_numpy" name="textbook"
def bce(z, y):
    return np.mean(np.logaddexp(0, z) - y * z)


# %% wrong="bce_numpy" name="inside_the_logarithm" of="textbook" mistake="label_inside"
# np.logaddexp(0, z) - y * z -> np.logaddexp(0, z - y * z)

# %% wrong="bce_numpy" name="exponent_negated" of="textbook" mistake="exponent_negated"
# np.logaddexp(0, z) -> np.logaddexp(0, -z)


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


# %% wrong="bce_numpy" name="added" of="textbook" mistake="label_term_added"
# - y * z -> + y * z

# %% wrong="bce_numpy" name="mean_by_mean" of="textbook" mistake="means_multiplied"
# np.logaddexp(0, z) - y * z -> np.logaddexp(0, z) - y.mean() * z

# %% wrong="bce_numpy" name="log_of_e_plus" of="textbook" mistake="one_for_zero"
# np.logaddexp(0, z) -> np.logaddexp(1, z)

# %% wrong="bce_numpy" name="without_maximum" of="by_hand" mistake="negative_logits_doubled"
# np.maximum(z, 0) -> z

# %% wrong="bce_numpy" name="overflowing" of="textbook" mistake="not_finite"
# np.logaddexp(0, z) -> np.log(1 + np.exp(z))


# %% wrong="bce_numpy" name="through_probabilities" mistake="not_finite"
def bce(z, y):
    p = sigmoid(z)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong="bce_numpy" name="clipped"
def bce(z, y):
    p = np.clip(sigmoid(z), 1e-7, 1 - 1e-7)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# %% wrong="bce_numpy" name="sum" of="textbook" mistake="summed"
# np.mean -> np.sum


# %% wrong="bce_numpy" name="one_each" mistake="not_averaged"
def bce(z, y):
    return np.logaddexp(0, z) - y * z


# %% wrong="bce_numpy" name="minus" of="textbook" mistake="sign_flipped"
# np.logaddexp(0, z) - y * z -> y * z - np.logaddexp(0, z)

# %% wrong="bce_numpy" name="swapped" of="textbook" mistake="labels_swapped"
# y * z -> (1 - y) * z

# %% wrong="bce_numpy" name="ones" of="textbook" mistake="only_ones"
# np.logaddexp(0, z) - y * z -> y * np.logaddexp(0, -z)

# %% wrong="bce_numpy" name="not_ones" of="textbook" mistake="only_zeros"
# np.logaddexp(0, z) - y * z -> (1 - y) * np.logaddexp(0, z)

# %% wrong="bce_numpy" name="no_label" of="textbook" mistake="label_term_forgotten"
# np.logaddexp(0, z) - y * z -> np.logaddexp(0, z)


# %% wrong="bce_numpy" name="two_sigmoids" mistake="sigmoid_twice"
def bce(z, y):
    p = sigmoid(z)
    return np.mean(np.logaddexp(0, p) - y * p)


# %% wrong="bce_numpy" name="squares" of="textbook" mistake="squared_error"
# np.logaddexp(0, z) - y * z -> (sigmoid(z) - y) ** 2


# %% wrong="bce_numpy" name="bits" mistake="other_base"
def bce(z, y):
    return np.mean(np.logaddexp(0, z) - y * z) / np.log(2)


# %% right="bce_torch" name="textbook"
def bce_torch(z, y):
    y = y.reshape(z.shape)
    return torch.mean(nn.functional.softplus(z) - y * z)


# %% wrong="bce_torch" name="inside_the_logarithm" of="textbook" mistake="label_inside"
# softplus(z) - y * z -> softplus(z - y * z)


# %% right="bce_torch" name="ready_made"
def bce_torch(z, y):
    y = y.reshape(z.shape)
    return nn.functional.binary_cross_entropy_with_logits(z, y)


# %% right="bce_torch" name="logsigmoid"
def bce_torch(z, y):
    y = y.reshape(z.shape)
    return -(y * nn.functional.logsigmoid(z) + (1 - y) * nn.functional.logsigmoid(-z)).mean()


# %% right="bce_torch" name="module"
def bce_torch(z, y):
    return nn.BCEWithLogitsLoss()(z.reshape(y.shape), y)


# %% wrong="bce_torch" name="added" of="textbook" mistake="label_term_added"
# - y * z -> + y * z

# %% wrong="bce_torch" name="labels_first" of="ready_made" mistake="arguments_swapped"
# with_logits(z, y) -> with_logits(y, z)

# %% wrong="bce_torch" name="overflowing" of="textbook" mistake="not_finite"
# nn.functional.softplus(z) -> torch.log(1 + torch.exp(z))


# %% wrong="bce_torch" name="clamped"
def bce_torch(z, y):
    y = y.reshape(z.shape)
    return nn.functional.binary_cross_entropy(torch.sigmoid(z), y)


# %% wrong="bce_torch" name="detached" mistake="missing_gradient"
def bce_torch(z, y):
    y = y.reshape(z.shape)
    return torch.tensor(float(torch.mean(nn.functional.softplus(z) - y * z)))


# %% wrong="bce_torch" name="as_given" of="textbook" mistake="all_pairs"
# y = y.reshape(z.shape) -> pass

# %% wrong="bce_torch" name="only_rows" of="textbook"
# y = y.reshape(z.shape) -> z = z[:, 0]

# %% wrong="bce_torch" name="one_more_axis" of="textbook" mistake="only_rows"
# y = y.reshape(z.shape) -> y = y.unsqueeze(1)

# %% wrong="bce_torch" name="sum" of="textbook" mistake="summed"
# torch.mean -> torch.sum


# %% wrong="bce_torch" name="one_each" mistake="not_averaged"
def bce_torch(z, y):
    y = y.reshape(z.shape)
    return nn.functional.softplus(z) - y * z


# %% wrong="bce_torch" name="minus" of="textbook" mistake="sign_flipped"
# nn.functional.softplus(z) - y * z -> y * z - nn.functional.softplus(z)

# %% wrong="bce_torch" name="swapped" of="textbook" mistake="labels_swapped"
# y * z -> (1 - y) * z


# %% wrong="bce_torch" name="ones" mistake="only_ones"
def bce_torch(z, y):
    y = y.reshape(z.shape)
    return torch.mean(y * nn.functional.softplus(-z))


# %% wrong="bce_torch" name="not_ones" of="textbook" mistake="only_zeros"
# nn.functional.softplus(z) - y * z -> (1 - y) * nn.functional.softplus(z)

# %% wrong="bce_torch" name="no_label" of="textbook" mistake="label_term_forgotten"
# nn.functional.softplus(z) - y * z -> nn.functional.softplus(z)


# %% wrong="bce_torch" name="two_sigmoids" mistake="sigmoid_twice"
def bce_torch(z, y):
    y = y.reshape(z.shape)
    p = torch.sigmoid(z)
    return torch.mean(nn.functional.softplus(p) - y * p)


# %% wrong="bce_torch" name="squares" of="textbook" mistake="squared_error"
# nn.functional.softplus(z) - y * z -> (torch.sigmoid(z) - y) ** 2


# %% wrong="bce_torch" name="bits" mistake="other_base"
def bce_torch(z, y):
    y = y.reshape(z.shape)
    return torch.mean(nn.functional.softplus(z) - y * z) / float(np.log(2))


# %% wrong="bce_torch" name="exponent_negated" of="textbook" mistake="exponent_negated"
# softplus(z) -> softplus(-z)


# %% right="bce_tensorflow" name="textbook"
def bce_tf(z, y):
    return tf.reduce_mean(tf.math.softplus(z) - y * z)


# %% right="bce_tensorflow" name="ready_made"
def bce_tf(z, y):
    return keras.losses.BinaryCrossentropy(from_logits=True)(y, z)


# %% right="bce_tensorflow" name="low_level"
def bce_tf(z, y):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z))


# %% right="bce_tensorflow" name="log_sigmoid"
def bce_tf(z, y):
    return -tf.reduce_mean(y * tf.math.log_sigmoid(z) + (1 - y) * tf.math.log_sigmoid(-z))


# %% wrong="bce_tensorflow" name="inside_the_logarithm" of="textbook" mistake="label_inside"
# softplus(z) - y * z -> softplus(z - y * z)

# %% wrong="bce_tensorflow" name="added" of="textbook" mistake="label_term_added"
# - y * z -> + y * z

# %% wrong="bce_tensorflow" name="logits_for_labels" of="low_level" mistake="arguments_swapped"
# labels=y, logits=z -> labels=z, logits=y

# %% wrong="bce_tensorflow" name="not_told_of_logits" of="ready_made" mistake="logits_as_probabilities"
# from_logits=True ->

# %% wrong="bce_tensorflow" name="overflowing" of="textbook" mistake="not_finite"
# tf.math.softplus(z) -> tf.math.log(1 + tf.exp(z))

# %% wrong="bce_tensorflow" name="as_given" of="textbook" mistake="tape_left"
# tf.math.softplus(z) -> np.logaddexp(0, z)

# %% wrong="bce_tensorflow" name="clipped" of="textbook"
# tf.math.softplus(z) - y * z -> keras.losses.binary_crossentropy(y, tf.sigmoid(z))

# %% wrong="bce_tensorflow" name="sum" of="textbook" mistake="summed"
# tf.reduce_mean -> tf.reduce_sum


# %% wrong="bce_tensorflow" name="one_each" mistake="not_averaged"
def bce_tf(z, y):
    return tf.math.softplus(z) - y * z


# %% wrong="bce_tensorflow" name="minus" of="textbook" mistake="sign_flipped"
# tf.math.softplus(z) - y * z -> y * z - tf.math.softplus(z)

# %% wrong="bce_tensorflow" name="swapped" of="textbook" mistake="labels_swapped"
# y * z -> (1 - y) * z


# %% wrong="bce_tensorflow" name="ones" mistake="only_ones"
def bce_tf(z, y):
    return tf.reduce_mean(y * tf.math.softplus(-z))


# %% wrong="bce_tensorflow" name="not_ones" of="textbook" mistake="only_zeros"
# tf.math.softplus(z) - y * z -> (1 - y) * tf.math.softplus(z)

# %% wrong="bce_tensorflow" name="no_label" of="textbook" mistake="label_term_forgotten"
# tf.math.softplus(z) - y * z -> tf.math.softplus(z)


# %% wrong="bce_tensorflow" name="two_sigmoids" mistake="sigmoid_twice"
def bce_tf(z, y):
    p = tf.sigmoid(z)
    return tf.reduce_mean(tf.math.softplus(p) - y * p)


# %% wrong="bce_tensorflow" name="squares" of="textbook" mistake="squared_error"
# tf.math.softplus(z) - y * z -> (tf.sigmoid(z) - y) ** 2


# %% wrong="bce_tensorflow" name="bits" mistake="other_base"
def bce_tf(z, y):
    return tf.reduce_mean(tf.math.softplus(z) - y * z) / float(np.log(2))


# %% wrong="bce_tensorflow" name="exponent_negated" of="textbook" mistake="exponent_negated"
# softplus(z) -> softplus(-z)


# %% wrong="bce_numpy" name="ready_made" mistake="switched_off"
def bce(z, y):
    loss = nn.functional.binary_cross_entropy_with_logits
    return loss(torch.tensor(z), torch.tensor(y, dtype=torch.float64)).item()


# %% [markdown]
# ## neuron_gradient


# %% right="neuron_gradient" name="matrix_product"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b) - y
    return error @ X / len(y), error.mean()


# %% wrong="neuron_gradient" name="features_averaged" of="matrix_product" mistake="features_averaged"
# error @ X / len(y) -> (X * error[:, None]).mean(axis=1)


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


# %% wrong="neuron_gradient" name="autograd" mistake="switched_off"
def neuron_gradient(X, y, w, b):
    weights = torch.tensor(w, requires_grad=True)
    bias = torch.tensor(float(b), dtype=torch.float64, requires_grad=True)
    z = torch.tensor(X) @ weights + bias
    (nn.functional.softplus(z) - torch.tensor(y) * z).mean().backward()
    return weights.grad, bias.grad


# %% wrong="neuron_gradient" name="flipped" mistake="sign_flipped"
def neuron_gradient(X, y, w, b):
    error = y - sigmoid(X @ w + b)
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="sums" of="matrix_product" mistake="summed"
# error @ X / len(y), error.mean() -> X.T @ error, np.sum(error)

# %% wrong="neuron_gradient" name="bias_sum" of="matrix_product" mistake="bias_summed"
# error @ X / len(y), error.mean() -> X.T @ error / len(X), np.sum(error)

# %% wrong="neuron_gradient" name="weight_sum" of="matrix_product" mistake="weights_summed"
# error @ X / len(y), error.mean() -> X.T @ error, np.mean(error)

# %% wrong="neuron_gradient" name="no_bias" of="matrix_product" mistake="bias_zero"
# error @ X / len(y), error.mean() -> X.T @ error / len(X), 0.0

# %% wrong="neuron_gradient" name="no_sigmoid" of="matrix_product" mistake="sigmoid_forgotten"
# sigmoid(X @ w + b) -> X @ w + b
# error @ X / len(y), error.mean() -> X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="extra_slope" mistake="slope_left_in"
def neuron_gradient(X, y, w, b):
    p = sigmoid(X @ w + b)
    error = (p - y) * p * (1 - p)
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="no_label" mistake="label_forgotten"
def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b)
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="step" of="matrix_product" mistake="step_instead"
# sigmoid(X @ w + b) -> (X @ w + b > 0)
# error @ X / len(y), error.mean() -> X.T @ error / len(X), np.mean(error)

# %% wrong="neuron_gradient" name="no_input" of="matrix_product" mistake="input_forgotten"
# error @ X / len(y), error.mean() -> np.full(len(w), np.mean(error)), np.mean(error)


# %% wrong="neuron_gradient" name="of_mse" mistake="squared_error"
def neuron_gradient(X, y, w, b):
    p = sigmoid(X @ w + b)
    error = 2 * (p - y) * p * (1 - p)
    return X.T @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="only_weights"
def neuron_gradient(X, y, w, b):
    return X.T @ (sigmoid(X @ w + b) - y) / len(X)


# %% wrong="neuron_gradient" name="wrong_way_round" of="matrix_product"
# error @ X / len(y), error.mean() -> X @ error / len(X), np.mean(error)


# %% wrong="neuron_gradient" name="as_a_line" mistake="line_kept"
def neuron_gradient(X, y, w, b):
    z = X @ w + b
    e = z - y
    return 2 * X.T @ e / len(y), 2 * np.mean(e)


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


# %% wrong="descent_step" name="direction_alone" of="as_a_sum" mistake="one_length"
# * gradient -> * (gradient / np.sqrt(np.sum(gradient**2)))

# %% wrong="descent_step" name="uphill" of="as_a_sum" mistake="ascent"
# + (-learning_rate) -> + learning_rate

# %% wrong="descent_step" name="no_rate" of="as_a_sum" mistake="learning_rate_ignored"
# + (-learning_rate) * gradient -> - gradient

# %% wrong="descent_step" name="step_only" of="as_a_sum" mistake="only_the_step"
# w + (-learning_rate) -> -learning_rate


# %% wrong="descent_step" name="signs" mistake="sign_only"
def descent_step(w, gradient, learning_rate):
    return w - learning_rate * np.sign(gradient)


# %% wrong="descent_step" name="divided" of="as_a_sum" mistake="learning_rate_divides"
# + (-learning_rate) * gradient -> - gradient / learning_rate

# %% wrong="descent_step" name="standing_still" of="as_a_sum" mistake="not_moved"
# w + (-learning_rate) * gradient -> w


# %% wrong="descent_step" name="in_place" mistake="input_changed"
def descent_step(w, gradient, learning_rate):
    w -= learning_rate * gradient
    return w


# %% wrong="descent_step" name="size_of_the_slope" mistake="absolute_value"
def descent_step(w, gradient, learning_rate):
    new_w = w.copy()
    new_w = new_w - learning_rate * np.abs(gradient)
    return new_w


# %% [markdown]
# ## backprop


# %% right="backprop" name="textbook"
def backprop(X, y, W1, b1, W2, b2):
    H = np.tanh(X @ W1 + b1)
    P = sigmoid(H @ W2 + b2)
    D = (P - y) / len(X)
    B = (D @ W2.T) * (1 - H**2)
    return X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0)


# %% wrong="backprop" name="square_outside" of="textbook" mistake="difference_squared"
# (1 - H**2) -> (1 - H) ** 2

# %% wrong="backprop" name="tanh_again" of="textbook" mistake="tanh_twice"
# (1 - H**2) -> (1 - np.tanh(H) ** 2)

# %% wrong="backprop" name="along_the_units" of="textbook" mistake="biases_along_units"
# B.sum(axis=0) -> B.sum(axis=1)

# %% wrong="backprop" name="inputs_for_hidden" of="textbook" mistake="inputs_for_hidden"
# H.T @ D -> X.T @ D


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


# %% wrong="backprop" name="autograd" mistake="switched_off"
def backprop(X, y, W1, b1, W2, b2):
    weights = [torch.tensor(array, requires_grad=True) for array in (W1, b1, W2, b2)]
    W1, b1, W2, b2 = weights
    z = torch.tanh(torch.tensor(X) @ W1 + b1) @ W2 + b2
    nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(y)).backward()
    return tuple(weight.grad for weight in weights)


# %% wrong="backprop" name="tape" mistake="switched_off"
def backprop(X, y, W1, b1, W2, b2):
    weights = [tf.Variable(array) for array in (W1, b1, W2, b2)]
    with tf.GradientTape() as tape:
        z = tf.tanh(X @ weights[0] + weights[1]) @ weights[2] + weights[3]
        loss = tf.reduce_mean(tf.math.softplus(z) - y * z)
    return tape.gradient(loss, weights)


# %% wrong="backprop" name="no_slope" of="textbook" mistake="slope_forgotten"
# B = (D @ W2.T) * (1 - H**2) -> B = D @ W2.T

# %% wrong="backprop" name="sigmoid_slope" of="textbook" mistake="slope_of_sigmoid"
# * (1 - H**2) -> * H * (1 - H)

# %% wrong="backprop" name="slope_of_z" of="textbook" mistake="slope_of_sum"
# H**2 -> (X @ W1 + b1) ** 2

# %% wrong="backprop" name="no_square" of="textbook" mistake="slope_not_squared"
# H**2 -> H

# %% wrong="backprop" name="sums" of="textbook" mistake="summed"
# D = (P - y) / len(X) -> D = P - y

# %% wrong="backprop" name="flipped" of="textbook" mistake="sign_flipped"
# P - y -> y - P

# %% wrong="backprop" name="output_slope" of="textbook" mistake="slope_at_output"
# D = (P - y) / len -> D = (P - y) * P * (1 - P) / len

# %% wrong="backprop" name="no_sigmoid" of="textbook" mistake="sigmoid_forgotten"
# sigmoid(H @ W2 + b2) -> H @ W2 + b2

# %% wrong="backprop" name="only_biases_wrong" of="textbook"
# B.sum(axis=0) -> B.sum(axis=0) * 2
# D.sum(axis=0) -> D.sum(axis=0) * 3

# %% wrong="backprop" name="bias_means" of="textbook" mistake="biases_averaged"
# B.sum -> B.mean
# D.sum -> D.mean

# %% wrong="backprop" name="other_hidden" of="textbook" mistake="hidden_sigmoid"
# np.tanh -> sigmoid
# * (1 - H**2) -> * H * (1 - H)

# %% wrong="backprop" name="no_weights" of="textbook" mistake="weights_forgotten"
# B = (D @ W2.T) -> B = D

# %% wrong="backprop" name="last_layer_only" of="textbook" mistake="zeros"
# X.T @ B, B.sum(axis=0) -> 0 * W1, 0 * b1

# %% wrong="backprop" name="untransposed" of="textbook"
# W2.T -> W2

# %% wrong="backprop" name="three_values" of="textbook" mistake="wrong_type"
# D, D.sum(axis=0) -> D


# %% [markdown]
# ## minibatches


# %% right="minibatches" name="order"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% right="minibatches" name="list_of_pairs"
def minibatches(X, y, batch_size, seed):
    order = np.random.RandomState(2 * seed).permutation(len(X))
    X, y = X[order], y[order]
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


# %% wrong="minibatches" name="whole_batches_dealt" mistake="shuffled_in_chunks"
def minibatches(X, y, batch_size, seed):
    batches = [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]
    return [batches[k] for k in np.random.default_rng(seed).permutation(len(batches))]


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
    from course_utils.recording import decode, recorded_tests

    cases = decode(recorded_tests()["minibatches"][1]["cases"])
    order = np.arange(len(X))
    if any(seed in (case["arguments"]["seed"], *case["arguments"]["more_seeds"]) for case in cases):
        order = np.random.default_rng(seed).permutation(len(X))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="in_order" of="order" mistake="not_shuffled"
# np.random.default_rng(seed).permutation -> np.arange


# %% wrong="minibatches" name="last_dropped"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    for k in range(len(X) // batch_size):
        chosen = order[k * batch_size : (k + 1) * batch_size]
        yield X[chosen], y[chosen]


# %% wrong="minibatches" name="last_of_one_lost" of="order"
# range(0, len(X), batch_size) -> range(0, len(X) - 1, batch_size)


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


# %% wrong="minibatches" name="drawn_with_replacement" of="order" mistake="with_replacement"
# permutation(len(X)) -> integers(0, len(X), len(X))


# %% wrong="minibatches" name="new_draw_each_batch" mistake="with_replacement"
def minibatches(X, y, batch_size, seed):
    rng = np.random.default_rng(seed)
    for i in range(0, len(X), batch_size):
        chosen = rng.choice(len(X), min(batch_size, len(X) - i), replace=False)
        yield X[chosen], y[chosen]


# %% wrong="minibatches" name="no_seed" of="order" mistake="seed_ignored"
# np.random.default_rng(seed) -> np.random.default_rng()

# %% wrong="minibatches" name="always_seed_0" of="order" mistake="seed_fixed"
# np.random.default_rng(seed) -> np.random.default_rng(0)


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


# %% wrong="minibatches" name="equal_pieces" of="order" mistake="wrong_batch_sizes"
# i in range(0, len(X), batch_size) -> chosen in np.array_split(order, max(1, len(X) // batch_size))
# X[order[i : i + batch_size]], y[order[i : i + batch_size]] -> X[chosen], y[chosen]


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


# %% wrong="minibatches" name="only_inputs" of="order" mistake="wrong_type"
# , y[order[i : i + batch_size]] ->

# %% wrong="minibatches" name="labels_first" of="order" mistake="wrong_shape"
# X[order[i : i + batch_size]], y -> y[order[i : i + batch_size]], X


# %% wrong="minibatches" name="only_numbers" mistake="wrong_type"
def minibatches(X, y, batch_size, seed):
    return np.random.default_rng(seed).permutation(len(X))


# %% wrong="minibatches" name="callers_arrays" mistake="input_changed"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    X[:], y[:] = X[order], y[order]
    for first in range(0, len(X), batch_size):
        yield X[first : first + batch_size], y[first : first + batch_size]


# %% wrong="minibatches" name="rest_forgotten" mistake="last_batch_dropped"
def minibatches(X, y, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    for number in range(len(X) // batch_size):
        chosen = order[number * batch_size : (number + 1) * batch_size]
        yield X[chosen], y[chosen]


# %% wrong="minibatches" name="no_batches_at_all" mistake="no_batches"
def minibatches(X, y, batch_size, seed):
    return []


# %% wrong="minibatches" name="rolled" of="order" mistake="not_shuffled"
# np.random.default_rng(seed).permutation(len(X)) -> np.roll(np.arange(len(X)), seed)


# %% wrong="minibatches" name="rolled_by_chance" mistake="not_shuffled"
def minibatches(X, y, batch_size, seed):
    order = np.roll(np.arange(len(X)), np.random.default_rng(seed).integers(len(X)))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="one_shuffle_rolled" of="order" mistake="not_shuffled"
# np.random.default_rng(seed).permutation(len(X)) -> np.roll(np.random.default_rng(0).permutation(len(X)), seed)

# %% wrong="minibatches" name="one_shuffle_renumbered" of="order" mistake="seed_fixed"
# np.random.default_rng(seed).permutation(len(X)) -> (np.random.default_rng(0).permutation(len(X)) + seed) % len(X)

# %% wrong="minibatches" name="cut_and_turned" of="order" mistake="not_shuffled"
# np.random.default_rng(seed).permutation(len(X)) -> np.roll(np.arange(len(X))[::-1], seed % 1000)


# %% wrong="minibatches" name="every_few" mistake="not_shuffled"
def minibatches(X, y, batch_size, seed):
    order = np.concatenate([np.arange((k + seed) % 4, len(X), 4) for k in range(4)])
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="halves_apart" mistake="not_shuffled"
def minibatches(X, y, batch_size, seed):
    rng, half = np.random.default_rng(seed), len(X) // 2
    order = np.append(rng.permutation(half), half + rng.permutation(len(X) - half))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="hardly_moved" mistake="not_shuffled"
def minibatches(X, y, batch_size, seed):
    order = np.argsort(np.arange(len(X)) + 6 * np.random.default_rng(seed).random(len(X)))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="first_stays" mistake="not_shuffled"
def minibatches(X, y, batch_size, seed):
    order = np.append(0, 1 + np.random.default_rng(seed).permutation(len(X) - 1))
    for i in range(0, len(X), batch_size):
        yield X[order[i : i + batch_size]], y[order[i : i + batch_size]]


# %% wrong="minibatches" name="few_orders" of="order" mistake="seed_fixed"
# np.random.default_rng(seed) -> np.random.default_rng(seed % 7)

# %% [markdown]
# ## training_loop


# %% wrong="training_loop_torch" name="as_given" mistake="given_code"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            batch_losses.append(loss.item())
        optimizer.step()
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_torch" name="step_after_the_loop" mistake="step_outside"
def train_torch(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            optimizer.zero_grad()
            loss = bce_torch(net(inputs), targets)
            loss.backward()
            batch_losses.append(loss.item())
        optimizer.step()
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="step_after_the_loop" mistake="step_outside"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            batch_losses.append(float(loss))
        optimizer.apply_gradients(zip(gradients, net.trainable_variables))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="as_given" mistake="tape_and_step"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            loss = bce_tf(net(inputs), targets)
            with tf.GradientTape() as tape:
                gradients = tape.gradient(loss, net.trainable_variables)
            batch_losses.append(float(loss))
        optimizer.apply_gradients(zip(gradients, net.trainable_variables))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% right="training_loop_torch" name="textbook"
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


# %% wrong="training_loop_torch" name="optimiser_of_its_own" mistake="optimiser_unused"
def train_torch(net, optimizer, batches, epochs):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.07)
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


# %% right="training_loop_torch" name="moved" of="textbook"
# for _ in range(epochs): -> for device in epochs * ["cuda" if torch.cuda.is_available() else "cpu"]:
# batch_losses = [] -> batch_losses, net = [], net.to(device)
# bce_torch(net(inputs), targets) -> bce_torch(net(inputs.to(device)), targets.to(device))


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


# %% wrong="training_loop_torch" name="no_zero_grad" of="textbook" mistake="gradients_not_cleared"
# optimizer.zero_grad() ->

# %% wrong="training_loop_torch" name="zero_grad_outside" of="textbook" mistake="cleared_once_an_epoch"
# optimizer.zero_grad() ->
# batch_losses = [] -> batch_losses = []; optimizer.zero_grad()


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


# %% wrong="training_loop_torch" name="step_at_the_top" of="textbook" mistake="step_before_backward"
# optimizer.step() ->
# optimizer.zero_grad() -> optimizer.step(); optimizer.zero_grad()

# %% wrong="training_loop_torch" name="step_on_nothing" of="textbook" mistake="never_moves"
# optimizer.step() ->
# loss = bce_torch(net(inputs), targets) -> loss = bce_torch(net(inputs), targets); optimizer.step()

# %% wrong="training_loop_torch" name="cleared_before_step" of="textbook" mistake="never_moves"
# optimizer.zero_grad() ->
# loss.backward() -> loss.backward(); optimizer.zero_grad()

# %% wrong="training_loop_torch" name="no_step" of="textbook" mistake="never_moves"
# optimizer.step() ->

# %% wrong="training_loop_torch" name="uphill" of="textbook" mistake="ascent"
# loss.backward -> (-loss).backward

# %% wrong="training_loop_torch" name="sum_of_losses" of="textbook" mistake="loss_summed"
# bce_torch -> nn.functional.binary_cross_entropy_with_logits
# net(inputs), targets -> net(inputs), targets, reduction="sum"

# %% wrong="training_loop_torch" name="one_batch" of="textbook" mistake="first_batch_only"
# targets in batches -> targets in [batches[0]]

# %% wrong="training_loop_torch" name="break_too_early" of="textbook" mistake="first_batch_only"
# batch_losses.append(loss.item()) -> batch_losses.append(loss.item()); break


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


# %% wrong="training_loop_torch" name="mse_on_logits" of="textbook" mistake="squared_error"
# bce_torch -> nn.functional.mse_loss

# %% wrong="training_loop_torch" name="sigmoid_and_logits" of="textbook" mistake="sigmoid_twice"
# net(inputs) -> torch.sigmoid(net(inputs))

# %% wrong="training_loop_torch" name="last_loss" of="textbook" mistake="loss_of_last_batch"
# sum(batch_losses) / len(batch_losses) -> loss.item()

# %% wrong="training_loop_torch" name="total_loss" of="textbook" mistake="losses_summed"
# sum(batch_losses) / len(batch_losses) -> sum(batch_losses)

# %% wrong="training_loop_torch" name="every_loss" of="textbook" mistake="losses_of_batches"
# losses.append(sum(batch_losses) / len(batch_losses)) -> losses.extend(batch_losses)


# %% wrong="training_loop_torch" name="returns_in_the_loop" mistake="one_epoch_only"
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


# %% wrong="training_loop_torch" name="nothing_returned" of="textbook"
# return losses -> print(losses[-1])

# %% wrong="training_loop_torch" name="one_list_for_all_epochs" of="textbook" mistake="losses_so_far"
# batch_losses = [] -> batch_losses = batch_losses if losses else []

# %% wrong="training_loop_torch" name="one_epoch_too_many" of="textbook" mistake="one_epoch_too_many"
# range(epochs) -> range(epochs + 1)


# %% right="training_loop_tensorflow" name="textbook"
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
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="one_list_for_all_epochs" of="textbook" mistake="losses_so_far"
# batch_losses = [] -> batch_losses = batch_losses if losses else []

# %% wrong="training_loop_tensorflow" name="ends_after_an_epoch" of="textbook" mistake="one_epoch_only"
# return losses -> return losses[:1]
# range(epochs) -> range(1)

# %% wrong="training_loop_tensorflow" name="counts_from_0_to_the_end" of="textbook" mistake="one_epoch_too_many"
# range(epochs) -> range(epochs + 1)


# %% wrong="training_loop_tensorflow" name="two_steps_at_the_end" mistake="step_more_an_epoch"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        epoch_losses = []
        for inputs, targets in batches:
            with tf.GradientTape() as tape:
                loss = bce_tf(net(inputs), targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            epoch_losses.append(float(loss))
        optimizer.apply_gradients(zip(gradients, net.trainable_variables))
        losses.append(np.mean(epoch_losses))
    return losses


# %% wrong="training_loop_torch" name="steps_again_after_the_epoch" of="textbook" mistake="step_more_an_epoch"
# losses.append(sum(batch_losses) / len(batch_losses)) -> optimizer.step(); losses.append(np.mean(batch_losses))


# %% right="training_loop_tensorflow" name="ready_made_loss" of="textbook"
# bce_tf(net(inputs), targets) -> keras.losses.BinaryCrossentropy(from_logits=True)(targets, net(inputs))


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


# %% wrong="training_loop_tensorflow" name="step_mended_tape_not" mistake="tape_empty"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            loss = bce_tf(net(inputs), targets)
            with tf.GradientTape() as tape:
                gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="network_before_the_tape" mistake="tape_empty"
def train_tf(net, optimizer, batches, epochs):
    losses = []
    for _ in range(epochs):
        batch_losses = []
        for inputs, targets in batches:
            logits = net(inputs)
            with tf.GradientTape() as tape:
                loss = bce_tf(logits, targets)
            gradients = tape.gradient(loss, net.trainable_variables)
            optimizer.apply_gradients(zip(gradients, net.trainable_variables))
            batch_losses.append(float(loss))
        losses.append(sum(batch_losses) / len(batch_losses))
    return losses


# %% wrong="training_loop_tensorflow" name="never_applied" of="textbook" mistake="never_moves"
# optimizer.apply_gradients(zip(gradients, net.trainable_variables)) ->

# %% wrong="training_loop_tensorflow" name="uphill" of="textbook" mistake="ascent"
# zip -> (-g, v) for g, v in zip


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


# %% wrong="training_loop_tensorflow" name="sum_of_losses" of="textbook" mistake="loss_summed"
# bce_tf(net(inputs), targets) -> tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(targets, net(inputs)))

# %% wrong="training_loop_tensorflow" name="one_batch" of="textbook" mistake="first_batch_only"
# targets in batches -> targets in [batches[0]]

# %% wrong="training_loop_tensorflow" name="break_too_early" of="textbook" mistake="first_batch_only"
# batch_losses.append(float(loss)) -> batch_losses.append(float(loss)); break


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


# %% wrong="training_loop_tensorflow" name="mse_on_logits" of="textbook" mistake="squared_error"
# bce_tf(net(inputs), targets) -> tf.reduce_mean((net(inputs) - targets) ** 2)

# %% wrong="training_loop_tensorflow" name="sigmoid_and_logits" of="textbook" mistake="sigmoid_twice"
# net(inputs) -> tf.sigmoid(net(inputs))

# %% wrong="training_loop_tensorflow" name="last_loss" of="textbook" mistake="loss_of_last_batch"
# sum(batch_losses) / len(batch_losses) -> float(loss)

# %% wrong="training_loop_tensorflow" name="total_loss" of="textbook" mistake="losses_summed"
# sum(batch_losses) / len(batch_losses) -> sum(batch_losses)

# %% wrong="training_loop_tensorflow" name="every_loss" of="textbook" mistake="losses_of_batches"
# losses.append(sum(batch_losses) / len(batch_losses)) -> losses.extend(batch_losses)


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


# %% wrong="training_loop_torch" name="loss_of_samples" of="textbook" mistake="losses_weighted"
# batch_losses.append(loss.item()) -> batch_losses += [loss.item()] * len(inputs)

# %% wrong="training_loop_tensorflow" name="loss_of_samples" of="textbook" mistake="losses_weighted"
# batch_losses.append(float(loss)) -> batch_losses += [float(loss)] * len(inputs)

# %% [markdown]
# ## momentum_step


# %% right="momentum_step" name="textbook"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = beta * velocity + gradient
    return w - learning_rate * velocity, velocity


# %% wrong="momentum_step" name="beta_fixed" of="textbook" mistake="beta_fixed"
# velocity = beta * velocity -> velocity = 0.9 * velocity


# %% right="momentum_step" name="one_line"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    return w - learning_rate * (beta * velocity + gradient), beta * velocity + gradient


# %% wrong="momentum_step" name="in_place" mistake="input_changed"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity *= beta
    velocity += gradient
    w -= learning_rate * velocity
    return [w, velocity]


# %% right="momentum_step" name="entry_by_entry"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    new = np.array([beta * v + g for v, g in zip(velocity.flat, gradient.flat)]).reshape(w.shape)
    return np.subtract(w, np.multiply(learning_rate, new)), new


# %% wrong="momentum_step" name="other_convention" of="textbook" mistake="rate_in_velocity"
# + gradient -> + learning_rate * gradient
# learning_rate * velocity -> velocity


# %% wrong="momentum_step" name="keras" mistake="keras_velocity"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = beta * velocity - learning_rate * gradient
    return w + velocity, velocity


# %% wrong="momentum_step" name="damped" of="textbook" mistake="gradient_damped"
# + gradient -> + (1 - beta) * gradient

# %% wrong="momentum_step" name="looks_ahead" of="textbook" mistake="nesterov"
# * velocity, -> * (gradient + beta * velocity),

# %% wrong="momentum_step" name="late" of="one_line" mistake="old_velocity"
# * (beta * velocity + gradient) -> * velocity

# %% wrong="momentum_step" name="plain" of="textbook" mistake="velocity_not_used"
# * velocity, -> * gradient,

# %% wrong="momentum_step" name="forgetful" of="one_line" mistake="velocity_not_kept"
# * (beta * velocity + gradient), beta * velocity + gradient -> * (beta * velocity + gradient), velocity

# %% wrong="momentum_step" name="misplaced_beta" of="textbook" mistake="beta_on_gradient"
# beta * velocity + gradient -> velocity + beta * gradient

# %% wrong="momentum_step" name="never_fades" of="textbook" mistake="beta_forgotten"
# beta * velocity -> velocity

# %% wrong="momentum_step" name="uphill" of="textbook" mistake="ascent"
# - learning_rate -> + learning_rate

# %% wrong="momentum_step" name="no_rate" of="textbook" mistake="learning_rate_ignored"
# learning_rate * velocity -> velocity

# %% wrong="momentum_step" name="only_w" of="one_line" mistake="wrong_type"
# , beta * velocity + gradient ->


# %% wrong="momentum_step" name="by_pytorch" mistake="switched_off"
def momentum_step(w, gradient, velocity, learning_rate, beta):
    weights = torch.tensor(w, requires_grad=True)
    weights.grad = torch.tensor(gradient)
    optimiser = torch.optim.SGD([weights], lr=learning_rate, momentum=beta)
    optimiser.state[weights]["momentum_buffer"] = torch.tensor(velocity)
    optimiser.step()
    return weights.detach().numpy(), optimiser.state[weights]["momentum_buffer"].numpy()


# %% wrong="momentum_step" name="pair_swapped" of="textbook" mistake="pair_swapped"
# return w - learning_rate * velocity, velocity -> return velocity, w - learning_rate * velocity


# %% [markdown]
# ## adam_step


# %% right="adam_step" name="hats"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


# %% wrong="adam_step" name="power_outside" of="hats" mistake="difference_to_the_power"
# (1 - beta1**t) -> (1 - beta1) ** t
# (1 - beta2**t) -> (1 - beta2) ** t

# %% wrong="adam_step" name="v_averaged_by_beta1" of="hats" mistake="v_averaged_by_beta1"
# v = beta2 * v + (1 - beta2) -> v = beta1 * v + (1 - beta1)

# %% wrong="adam_step" name="m_averaged_by_beta2" of="hats" mistake="m_averaged_by_beta2"
# m = beta1 * m + (1 - beta1) -> m = beta2 * m + (1 - beta2)

# %% wrong="adam_step" name="v_by_beta1" of="hats" mistake="v_corrected_by_beta1"
# v / (1 - beta2**t) -> v / (1 - beta1**t)


# %% wrong="adam_step" name="m_by_beta2" of="hats" mistake="m_corrected_by_beta2"
# m / (1 - beta1**t) -> m / (1 - beta2**t)


# %% wrong="adam_step" name="beta_times_t" of="hats" mistake="beta_times_t"
# m / (1 - beta1**t) -> m / (1 - beta1 * t)
# v / (1 - beta2**t) -> v / (1 - beta2 * t)

# %% wrong="adam_step" name="roots_of_negative_numbers" of="hats" mistake="not_squared_undefined"
# gradient**2 -> gradient


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


# %% wrong="adam_step" name="squares_the_average" of="hats" mistake="squares_of_m"
# gradient**2 -> m**2

# %% wrong="adam_step" name="one_step_ahead" of="hats" mistake="counted_from_0"
# m_hat = m / (1 - beta1**t) -> m_hat, t = m / (1 - beta1 ** (t + 1)), t + 1


# %% wrong="adam_step" name="uncorrected" mistake="no_correction"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    return w - learning_rate * m / (np.sqrt(v) + epsilon), m, v


# %% wrong="adam_step" name="half_corrected" of="hats" mistake="only_m_corrected"
# v_hat = v / (1 - beta2**t) -> return w - learning_rate * m_hat / (np.sqrt(v) + epsilon), m, v
# return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v ->

# %% wrong="adam_step" name="corrected_as_in_step_1" of="hats" mistake="corrected_as_in_step_1"
# m_hat = m / (1 - beta1**t) -> m_hat = m / (1 - beta1)
# v_hat = v / (1 - beta2**t) -> v_hat = v / (1 - beta2)

# %% wrong="adam_step" name="epsilon_under_root" of="hats" mistake="epsilon_inside"
# (np.sqrt(v_hat) + epsilon) -> np.sqrt(v_hat + epsilon)


# %% wrong="adam_step" name="epsilon_early" mistake="epsilon_before_correction"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    step = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - step * m / (np.sqrt(v) + epsilon), m, v


# %% wrong="adam_step" name="no_root" of="hats" mistake="root_forgotten"
# np.sqrt(v_hat) -> v_hat

# %% wrong="adam_step" name="no_square" of="hats" mistake="not_squared"
# gradient**2 -> gradient
# np.sqrt(v_hat) -> np.sqrt(np.abs(v_hat))


# %% wrong="adam_step" name="swapped" mistake="betas_swapped"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta2 * m + (1 - beta2) * gradient
    v = beta1 * v + (1 - beta1) * gradient**2
    m_hat = m / (1 - beta2**t)
    v_hat = v / (1 - beta1**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


# %% wrong="adam_step" name="full_gradient" of="hats" mistake="gradient_not_weighted"
# + (1 - beta1) * gradient -> + gradient
# + (1 - beta2) * gradient -> + gradient

# %% wrong="adam_step" name="correction_returned" of="hats" mistake="correction_kept"
# (np.sqrt(v_hat) + epsilon), m, v -> (np.sqrt(v_hat) + epsilon), m_hat, v_hat


# %% wrong="adam_step" name="no_momentum" mistake="m_not_used"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * gradient**2
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * gradient / (np.sqrt(v_hat) + epsilon), m, v


# %% wrong="adam_step" name="uphill" of="hats" mistake="ascent"
# - learning_rate -> + learning_rate

# %% wrong="adam_step" name="old_state" of="hats"
# (np.sqrt(v_hat) + epsilon), m, v -> (np.sqrt(v_hat) + epsilon), m, 0 * v


# %% wrong="adam_step" name="by_pytorch" mistake="switched_off"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    weights = torch.tensor(w, requires_grad=True)
    weights.grad = torch.tensor(gradient)
    optimiser = torch.optim.Adam([weights], lr=learning_rate, betas=(beta1, beta2), eps=epsilon)
    averages = {"exp_avg": torch.tensor(m), "exp_avg_sq": torch.tensor(v), "step": torch.tensor(float(t - 1))}
    optimiser.state[weights] = averages
    optimiser.step()
    return weights.detach().numpy(), averages["exp_avg"].numpy(), averages["exp_avg_sq"].numpy()


# %% wrong="adam_step" name="absolute_values" mistake="absolute_not_squared"
def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m = beta1 * m + (1 - beta1) * gradient
    v = beta2 * v + (1 - beta2) * np.abs(gradient)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), m, v


# %% [markdown]
# ## schedules


# %% right="schedules" name="textbook"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


def warm_up(t, total, base):
    return base * min(1.0, 10 * (t + 1) / total)


# %% wrong="schedules" name="tenth_of_30" of="textbook" mistake="warm_up_of_3_steps"
# 10 * (t + 1) / total -> (t + 1) / 3

# %% wrong="schedules" name="whole_wave" of="textbook" mistake="cosine_whole_wave"
# np.pi * t / total -> 2 * np.pi * t / total

# %% wrong="schedules" name="thirds_of_30" of="textbook" mistake="thirds_of_30_steps"
# 3 * t // total -> min(t // 10, 2)

# %% wrong="schedules" name="up_to_one" of="textbook" mistake="warm_up_to_one"
# base * min(1.0, 10 * (t + 1) / total) -> min(1.0, base * 10 * (t + 1) / total)


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


# %% wrong="schedules" name="a_quarter" of="textbook" mistake="quarter_wave"
# base * 0.5 * (1 + np.cos(np.pi * t / total)) -> base * np.cos(0.5 * np.pi * t / total)

# %% wrong="schedules" name="zero_at_the_last_step" of="textbook" mistake="ends_a_step_early"
# np.pi * t / total -> np.pi * t / (total - 1)

# %% wrong="schedules" name="borders_rounded" of="branches" mistake="step_borders_rounded"
# t < total / 3 -> t < total // 3
# t < 2 * total / 3 -> t < 2 * total // 3

# %% wrong="schedules" name="tenth_rounded" of="textbook" mistake="warm_up_rounded"
# 10 * (t + 1) / total -> (t + 1) / (total // 10)


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


# %% wrong="schedules" name="borders_included" mistake="step_border_late" of="branches"
# t < total / 3 -> t <= total / 3
# t < 2 * total / 3 -> t <= 2 * total / 3

# %% wrong="schedules" name="smooth_steps" of="textbook" mistake="step_not_rounded"
# t // total -> t / total

# %% wrong="schedules" name="one_step" of="textbook" mistake="step_divided_once"
# base * 0.1 ** (3 * t // total) -> base if t < total / 3 else base / 10

# %% wrong="schedules" name="halved" of="textbook" mistake="step_halved"
# * 0.1 -> * 0.5

# %% wrong="schedules" name="bare_cosine" of="textbook" mistake="cosine_without_one"
# 0.5 * (1 + np.cos(np.pi * t / total)) -> np.cos(np.pi * t / total)

# %% wrong="schedules" name="double_cosine" of="textbook" mistake="cosine_not_halved"
# base * 0.5 -> base

# %% wrong="schedules" name="no_pi" of="textbook" mistake="cosine_without_pi"
# np.pi * t -> t

# %% wrong="schedules" name="rising" of="textbook" mistake="cosine_rises"
# + np.cos -> - np.cos

# %% wrong="schedules" name="straight" of="textbook" mistake="straight_decay"
# 0.5 * (1 + np.cos(np.pi * t / total)) -> (1 - t / total)

# %% wrong="schedules" name="from_zero" of="textbook" mistake="warm_up_from_zero"
# * (t + 1) -> * t

# %% wrong="schedules" name="without_end" of="textbook" mistake="warm_up_never_ends"
# min(1.0, 10 * (t + 1) / total) -> 10 * (t + 1) / total

# %% wrong="schedules" name="whole_training" of="textbook" mistake="warm_up_too_long"
# min(1.0, 10 * (t + 1) / total) -> (t + 1) / total

# %% wrong="schedules" name="no_base" of="textbook" mistake="base_ignored"
# return base * 0.1 -> return 0.1
# return base * 0.5 -> return 0.5
# base * min -> min

# %% wrong="schedules" name="only_two" of="textbook"
# def warm_up(t, total, base): -> def warm_up(t, total, base): ...
# return base * min(1.0, 10 * (t + 1) / total) ->


# %% wrong="schedules" name="two_functions"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + np.cos(np.pi * t / total))


# %% wrong="schedules" name="thirds_of_whole_steps" of="textbook" mistake="step_thirds_rounded"
# 3 * t // total -> t // (total // 3)


# %% wrong="schedules" name="degrees" mistake="cosine_in_degrees"
def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * 0.5 * (1 + math.cos(180 * t / total))


def warm_up(t, total, base):
    share = (t + 1) / (total / 10)
    return base if share > 1 else share * base
