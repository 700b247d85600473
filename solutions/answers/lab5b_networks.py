# Known right and known wrong answers to the exercises of Lab 5b. They prove the tests and make the sample class.
#
# A right answer earns full marks in check and in grade. A wrong one loses marks in grade, and in check too unless the
# header says visible=False; with mistake="..." its verdict names that mistake. With of="..." an answer is a right one
# above it with a few words changed, `old -> new`. The wrong answers `zeros`, `constant` and `hard_coded` are made from
# the recorded cases, where that is possible; others are below.

# %%
import math

import numpy as np

from course_utils import songs, tunes
from course_utils.frameworks import keras, nn, tf, torch

# %% [markdown]
# ## surprise


# %% right="surprise" name="shifted"
def surprise(logits, targets):
    most = logits.max(axis=2, keepdims=True)
    log_p = logits - most - np.log(np.exp(logits - most).sum(axis=2, keepdims=True))
    return -np.take_along_axis(log_p, targets[..., None], axis=2)[..., 0] / np.log(2)


# %% right="surprise" name="loops"
import math


def surprise(logits, targets):
    costs = []
    for text, numbers in zip(logits, targets):
        costs.append([])
        for place, number in zip(text, numbers):
            away = place - place[number]
            top = max(away)
            costs[-1].append(top / math.log(2) + math.log2(sum(math.exp(each - top) for each in away)))
    return costs


# %% right="surprise" name="logaddexp"
def surprise(logits, targets):
    n, length, _ = logits.shape
    chosen = logits[np.arange(n)[:, None], np.arange(length), targets]
    return (np.logaddexp.reduce(logits, axis=-1) - chosen) / np.log(2)


# %% right="surprise" name="powers_of_two"
def surprise(logits, targets):
    z = logits / np.log(2)
    z = z - z.max(axis=-1, keepdims=True)
    one_hot = np.eye(z.shape[-1])[targets]
    return np.log2(np.exp2(z).sum(axis=-1)) - (z * one_hot).sum(axis=-1)


# %% wrong="surprise" name="softmax_then_log"
def surprise(logits, targets):
    powers = np.exp(logits)
    p = powers / powers.sum(axis=2, keepdims=True)
    return -np.log2(np.take_along_axis(p, targets[..., None], axis=2)[..., 0])


# %% wrong="surprise" name="logsumexp_of_scipy" of="logaddexp" mistake="switched_off"
# np.logaddexp.reduce(logits, axis=-1) -> __import__("scipy.special").special.logsumexp(logits, axis=-1)

# %% wrong="surprise" name="logsumexp_of_pytorch" of="logaddexp" mistake="switched_off"
# np.logaddexp.reduce(logits, axis=-1) -> torch.special.logsumexp(torch.tensor(logits), -1).numpy()

# %% wrong="surprise" name="logsumexp_of_tensorflow" of="logaddexp" mistake="switched_off"
# np.logaddexp.reduce(logits, axis=-1) -> tf.reduce_logsumexp(logits, axis=-1).numpy()

# %% wrong="surprise" name="logsumexp_of_keras" of="logaddexp" mistake="switched_off"
# np.logaddexp.reduce(logits, axis=-1) -> keras.ops.logsumexp(tf.constant(logits), axis=-1).numpy()


# %% wrong="surprise" name="distribution" mistake="switched_off"
def surprise(logits, targets):
    p = torch.distributions.Categorical(logits=torch.tensor(logits))
    return -p.log_prob(torch.tensor(targets)).numpy() / np.log(2)


# %% wrong="surprise" name="nats" of="shifted" mistake="natural"
# / np.log(2) ->

# %% wrong="surprise" name="plus" of="shifted" mistake="sign"
# return -np -> return np


# %% wrong="surprise" name="along_time" mistake="over_time"
def surprise(logits, targets):
    most = logits.max(axis=1, keepdims=True)
    log_p = logits - most - np.log(np.exp(logits - most).sum(axis=1, keepdims=True))
    return -np.take_along_axis(log_p, targets[..., None], axis=2)[..., 0] / np.log(2)


# %% wrong="surprise" name="along_the_batch" mistake="over_rows"
def surprise(logits, targets):
    most = logits.max(axis=0, keepdims=True)
    log_p = logits - most - np.log(np.exp(logits - most).sum(axis=0, keepdims=True))
    return -np.take_along_axis(log_p, targets[..., None], axis=2)[..., 0] / np.log(2)


# %% wrong="surprise" name="logits_alone" mistake="not_normalised"
def surprise(logits, targets):
    return -np.take_along_axis(logits, targets[..., None], axis=2)[..., 0] / np.log(2)


# %% wrong="surprise" name="shifted_in_the_sum" of="shifted" mistake="shifted_twice"
# log_p = logits - most - np.log -> log_p = logits - np.log


# %% wrong="surprise" name="probabilities" mistake="chances"
def surprise(logits, targets):
    powers = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = powers / powers.sum(axis=2, keepdims=True)
    return np.take_along_axis(p, targets[..., None], axis=2)[..., 0]


# %% wrong="surprise" name="one_number" of="shifted" mistake="mean_of_all"
# [..., 0] / np.log(2) -> [..., 0].mean() / np.log(2)

# %% wrong="surprise" name="number_a_row" of="shifted" mistake="mean_of_rows"
# [..., 0] / np.log(2) -> [..., 0].mean(axis=1) / np.log(2)

# %% wrong="surprise" name="multiplied" of="shifted" mistake="times_log_2"
# / np.log(2) -> * np.log(2)

# %% wrong="surprise" name="log2_of_the_sum" of="shifted" mistake="two_logarithms"
# logits - most - np.log( -> logits - most - np.log2(
# [..., 0] / np.log(2) -> [..., 0]


# %% wrong="surprise" name="a_small_number_added" mistake="floored_12"
def surprise(logits, targets):
    powers = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = powers / powers.sum(axis=2, keepdims=True)
    return -np.log2(np.take_along_axis(p, targets[..., None], axis=2)[..., 0] + 1e-12)


# %% wrong="surprise" name="another_small_number_added" mistake="floored_9"
def surprise(logits, targets):
    powers = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = powers / powers.sum(axis=2, keepdims=True)
    return -np.log2(np.take_along_axis(p + 1e-9, targets[..., None], axis=2)[..., 0])


# %% wrong="surprise" name="a_lower_limit" mistake="floored_300"
def surprise(logits, targets):
    powers = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = powers / powers.sum(axis=2, keepdims=True)
    return -np.log2(np.maximum(np.take_along_axis(p, targets[..., None], axis=2)[..., 0], 1e-300))


# %% wrong="surprise" name="ready_made_loss" mistake="switched_off"
def surprise(logits, targets):
    z, numbers = torch.tensor(logits), torch.tensor(targets)
    return (
        nn.functional.cross_entropy(z.flatten(0, 1), numbers.flatten(), reduction="none").reshape(targets.shape)
        / 0.6931472
    )


# %% wrong="surprise" name="loss_of_tensorflow" mistake="switched_off"
def surprise(logits, targets):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits).numpy() / np.log(2)


# %% wrong="surprise" name="one_maximum_for_all" of="shifted" mistake="shifted_alike"
# logits.max(axis=2, keepdims=True) -> logits.max()

# %% wrong="surprise" name="no_maximum" of="logaddexp" mistake="not_shifted"
# np.logaddexp.reduce(logits, axis=-1) -> np.log(np.exp(logits).sum(axis=-1))

# %% wrong="surprise" name="of_the_likeliest" of="shifted" mistake="likeliest"
# targets[..., None] -> logits.argmax(axis=2)[..., None]

# %% wrong="surprise" name="library" mistake="switched_off"
import scipy.special


def surprise(logits, targets):
    log_p = scipy.special.log_softmax(logits, axis=2)
    return -np.take_along_axis(log_p, targets[..., None], axis=2)[..., 0] / np.log(2)


# %% [markdown]
# ## streams


# %% right="streams" name="loops"
def streams(numbers, rows, length):
    stretch = (len(numbers) - 1) // rows
    pieces = []
    for start in range(0, stretch - length + 1, length):
        pieces.append([numbers[row * stretch + start : row * stretch + start + length + 1] for row in range(rows)])
    return np.array(pieces)


# %% right="streams" name="two_tables"
def streams(numbers, rows, length):
    stretch = (len(numbers) - 1) // rows
    count = stretch // length
    read, targets = (
        numbers[shift : shift + rows * stretch].reshape(rows, stretch)[:, : count * length].reshape(rows, count, length)
        for shift in (0, 1)
    )
    return np.concatenate([read, targets[:, :, -1:]], axis=2).transpose(1, 0, 2)


# %% wrong="streams" name="counts_with_the_target" of="two_tables" mistake="pieces_too_few"
# stretch // length -> stretch // (length + 1)

# %% wrong="streams" name="length_only" of="loops" mistake="no_target_for_the_last"
# + start + length + 1] -> + start + length]

# %% wrong="streams" name="behind_the_target" of="loops" mistake="character_skipped"
# stretch - length + 1, length) -> stretch - length + 1, length + 1)


# %% wrong="streams" name="one_after_the_other" mistake="down_the_rows"
def streams(numbers, rows, length):
    pieces = ((len(numbers) - 1) // rows) // length
    starts = np.arange(pieces * rows).reshape(pieces, rows) * length
    return numbers[starts[..., None] + np.arange(length + 1)]


# %% wrong="streams" name="rows_first" of="loops" mistake="rows_outside"
# np.array(pieces) -> np.array(pieces).swapaxes(0, 1)

# %% wrong="streams" name="no_target_kept" of="loops" mistake="target_forgotten"
# (len(numbers) - 1) // rows -> len(numbers) // rows
# stretch - length + 1, length -> stretch - length, length

# %% wrong="streams" name="stops_early" of="loops" mistake="last_piece_lost"
# np.array(pieces) -> np.array(pieces[:-1])


# %% wrong="streams" name="nothing_shared" mistake="pieces_apart"
def streams(numbers, rows, length):
    stretch = (len(numbers) - 1) // rows
    pieces = stretch // (length + 1)
    starts = [[row * stretch + piece * (length + 1) for row in range(rows)] for piece in range(pieces)]
    return np.array([[numbers[at : at + length + 1] for at in piece] for piece in starts])


# %% wrong="streams" name="rows_behind_each_other" mistake="rows_move_up"
def streams(numbers, rows, length):
    pieces = (len(numbers) - 1) // rows // length
    starts = [[(row * pieces + piece) * length for row in range(rows)] for piece in range(pieces)]
    return np.array([[numbers[at : at + length + 1] for at in piece] for piece in starts])


# %% wrong="streams" name="rows_a_piece_apart" of="loops" mistake="rows_a_piece_apart"
# numbers[row * stretch + start : row * stretch + start + length + 1] -> numbers[row * length + start :][: length + 1]


# %% wrong="streams" name="one_row_again_and_again" mistake="rows_alike"
def streams(numbers, rows, length):
    pieces = (len(numbers) - 1) // rows // length
    return np.array([[numbers[at * length : (at + 1) * length + 1] for _ in range(rows)] for at in range(pieces)])


# %% wrong="streams" name="cards" mistake="dealt_like_cards"
def streams(numbers, rows, length):
    stretch = (len(numbers) - 1) // rows
    dealt = [numbers[row : rows * stretch : rows] for row in range(rows)]
    text = np.concatenate([*dealt, numbers[-1:]])
    places = [[np.arange(length + 1) + row * stretch + at for row in range(rows)] for at in range(0, stretch, length)]
    return text[np.array(places[: stretch // length])]


# %% wrong="streams" name="reshaped" of="two_tables" mistake="dealt_out"
# .transpose(1, 0, 2) -> .reshape(count, rows, length + 1)

# %% wrong="streams" name="last_row_too_short" of="loops" mistake="unequal_rows"
# (len(numbers) - 1) // rows -> len(numbers) // rows

# %% wrong="streams" name="strict_end" of="loops"
# range(0, stretch - length + 1, length) -> range(0, stretch - length, length)

# %% [markdown]
# ## tune_model


# %% right="tune_model_torch" name="textbook"
class TuneModelTorch(nn.Module):
    def __init__(self, size, units):
        super().__init__()
        self.embed = nn.Embedding(size, units)
        self.rnn = nn.GRU(units, units, batch_first=True)
        self.head = nn.Linear(units, size)

    def forward(self, numbers, state=None):
        x = self.embed(numbers)
        x, state = self.rnn(x, state)
        return self.head(x), state


# %% wrong="tune_model_torch" name="size_for_units" of="textbook" mistake="unit_count"
# nn.GRU(units, units, -> nn.GRU(units, size,
# nn.Linear(units, size) -> nn.Linear(size, size)


# %% right="tune_model_torch" name="time_first" of="textbook"
# , batch_first=True ->
# self.rnn(x, state) -> self.rnn(x.transpose(0, 1), state)
# self.head(x), state -> self.head(x).transpose(0, 1), state

# %% right="tune_model_torch" name="moved" of="textbook"
# super().__init__() -> super().__init__(); device = "cuda" if torch.cuda.is_available() else "cpu"
# self.head = nn.Linear(units, size) -> self.head = nn.Linear(units, size); self.to(device)
# x = self.embed(numbers) -> x = self.embed(numbers.to(self.head.weight.device))

# %% right="tune_model_torch" name="zeros_by_hand" of="textbook"
# self.rnn(x, state) -> self.rnn(x, x.new_zeros(1, len(x), x.shape[2]) if state is None else state)


# %% right="tune_model_torch" name="in_a_list"
class TuneModelTorch(nn.Module):
    def __init__(self, size, units):
        super().__init__()
        self.layers = nn.ModuleList(
            [nn.Embedding(size, units), nn.GRU(units, units, batch_first=True), nn.Linear(units, size)]
        )

    def forward(self, numbers, state=None):
        embedding, gru, output = self.layers
        states, state = gru(embedding(numbers), state)
        return [output(states), state]


# %% right="tune_model_torch" name="one_cell"
class TuneModelTorch(nn.Module):
    def __init__(self, size, units):
        super().__init__()
        self.table, self.cell, self.out = nn.Embedding(size, units), nn.GRUCell(units, units), nn.Linear(units, size)

    def forward(self, numbers, state=None):
        logits = []
        for x in self.table(numbers).unbind(1):
            state = self.cell(x, state)
            logits.append(self.out(state))
        return torch.stack(logits, 1), state


# %% wrong="tune_model_torch" name="no_batch_first" of="textbook" mistake="rows_as_time"
# , batch_first=True ->

# %% wrong="tune_model_torch" name="begins_anew" of="textbook" mistake="state_ignored"
# self.rnn(x, state) -> self.rnn(x)

# %% wrong="tune_model_torch" name="old_state_back" of="textbook" mistake="state_ignored"
# x = self.embed(numbers) -> x = self.embed(numbers); old = x.new_zeros(1, *x[:, 0].shape) if state is None else state
# self.head(x), state -> self.head(x), old

# %% wrong="tune_model_torch" name="all_states_back" of="textbook" mistake="all_states"
# self.head(x), state -> self.head(x), x

# %% wrong="tune_model_torch" name="softmax" of="textbook" mistake="softmax_inside"
# return self.head(x), state -> return self.head(x).softmax(dim=-1), state

# %% wrong="tune_model_torch" name="log_softmax" of="textbook" mistake="log_softmax_inside"
# return self.head(x), state -> return self.head(x).log_softmax(dim=-1), state

# %% wrong="tune_model_torch" name="last_state" of="textbook" mistake="last_place_only"
# self.head(x), state -> self.head(x[:, -1:]), state

# %% wrong="tune_model_torch" name="last_state_alone" of="textbook" mistake="last_place_alone"
# self.head(x), state -> self.head(x[:, -1]), state

# %% wrong="tune_model_torch" name="around_the_gru" of="textbook" mistake="no_memory"
# x, state = self.rnn(x, state) -> _, state = self.rnn(x, state)

# %% wrong="tune_model_torch" name="relu" of="textbook" mistake="bent_states"
# self.head(x), state -> self.head(torch.relu(x)), state

# %% wrong="tune_model_torch" name="detached" of="textbook" mistake="gradient_cut"
# self.head(x), state -> self.head(x).detach(), state

# %% wrong="tune_model_torch" name="logits_only" of="textbook" mistake="wrong_type"
# return self.head(x), state -> return self.head(x)

# %% wrong="tune_model_torch" name="two_outputs" of="textbook" mistake="layer_count"
# self.head = nn.Linear(units, size) -> self.head = nn.Linear(units, size); self.other = nn.Linear(units, size)

# %% wrong="tune_model_torch" name="another_cell" of="textbook" mistake="layer_count"
# nn.GRU -> nn.RNN

# %% wrong="tune_model_torch" name="fixed_size" of="textbook" mistake="layer_shape"
# nn.Embedding(size, units) -> nn.Embedding(35, units)

# %% wrong="tune_model_torch" name="two_layers" of="textbook" mistake="plain_gru"
# batch_first=True -> num_layers=2, batch_first=True

# %% wrong="tune_model_torch" name="no_state_back" of="textbook" mistake="state_missing"
# return self.head(x), state -> return self.head(x), None

# %% wrong="tune_model_torch" name="zeros" of="textbook" mistake="zeros"
# return self.head(x), state -> return 0 * self.head(x), state

# %% wrong="tune_model_torch" name="constant" of="textbook"
# return self.head(x), state -> return 0 * self.head(x) + 0.5, state

# %% wrong="tune_model_torch" name="hard_coded" of="textbook"
# return self.head(x), state -> return 0 * self.head(x) + torch.arange(self.head.out_features), state

# %% wrong="tune_model_torch" name="no_biases" of="textbook" mistake="no_biases"
# nn.Linear(units, size) -> nn.Linear(units, size, bias=False)

# %% wrong="tune_model_torch" name="tanh_at_the_end" of="textbook" mistake="bent_logits"
# return self.head(x), state -> return self.head(x).tanh(), state

# %% wrong="tune_model_torch" name="relu_at_the_end" of="textbook" mistake="logits_cut_off"
# return self.head(x), state -> return self.head(x).relu(), state

# %% wrong="tune_model_torch" name="sigmoid_at_the_end" of="textbook" mistake="sigmoid_inside"
# return self.head(x), state -> return self.head(x).sigmoid(), state

# %% wrong="tune_model_torch" name="state_first" of="textbook" mistake="outputs_swapped"
# return self.head(x), state -> return state, self.head(x)

# %% wrong="tune_model_torch" name="sees_the_future" of="textbook" mistake="sees_the_future"
# x = self.embed(numbers) -> x = self.embed(numbers).roll(-1, dims=1)


# %% right="tune_model_tensorflow" name="textbook"
class TuneModelTF(keras.Model):
    def __init__(self, size, units):
        super().__init__()
        self.embed = keras.layers.Embedding(size, units)
        self.rnn = keras.layers.GRU(units, return_sequences=True, return_state=True)
        self.head = keras.layers.Dense(size)

    def call(self, numbers, state=None):
        x = self.embed(numbers)
        x, state = self.rnn(x, initial_state=state)
        return self.head(x), state


# %% wrong="tune_model_tensorflow" name="size_for_units" of="textbook" mistake="unit_count"
# GRU(units -> GRU(size


# %% right="tune_model_tensorflow" name="zeros_by_hand" of="textbook"
# x = self.embed(numbers) -> x = self.embed(numbers); state = tf.zeros_like(x[:, 0]) if state is None else state


# %% right="tune_model_tensorflow" name="layer"
class TuneModelTF(keras.layers.Layer):
    def __init__(self, size, units):
        super().__init__()
        self.size, self.units = size, units

    def build(self, shape):
        self.table = keras.layers.Embedding(self.size, self.units)
        self.memory = keras.layers.GRU(self.units, return_sequences=True, return_state=True)
        self.out = keras.layers.Dense(self.size)

    def call(self, numbers, state=None):
        if state is None:
            states, state = self.memory(self.table(numbers))
        else:
            states, state = self.memory(self.table(numbers), initial_state=[state])
        return self.out(states), state


# %% right="tune_model_tensorflow" name="a_cell_in_a_layer" of="layer"
# keras.layers.GRU(self.units, -> keras.layers.RNN(keras.layers.GRUCell(self.units),


# %% wrong="tune_model_tensorflow" name="all_states_back" of="textbook" mistake="all_states"
# self.head(x), state -> self.head(x), x

# %% wrong="tune_model_tensorflow" name="begins_anew" of="textbook" mistake="state_ignored"
# self.rnn(x, initial_state=state) -> self.rnn(x)

# %% wrong="tune_model_tensorflow" name="softmax" of="textbook" mistake="softmax_inside"
# keras.layers.Dense(size) -> keras.layers.Dense(size, activation="softmax")

# %% wrong="tune_model_tensorflow" name="log_softmax" of="textbook" mistake="log_softmax_inside"
# return self.head(x), state -> return tf.nn.log_softmax(self.head(x)), state

# %% wrong="tune_model_tensorflow" name="last_state" of="textbook" mistake="last_place_only"
# return_sequences=True, ->

# %% wrong="tune_model_tensorflow" name="from_the_end" of="textbook" mistake="read_backwards"
# return_state=True -> return_state=True, go_backwards=True

# %% wrong="tune_model_tensorflow" name="zero_masked" of="textbook" mistake="taken_for_padding"
# keras.layers.Embedding(size, units) -> keras.layers.Embedding(size, units, mask_zero=True)

# %% wrong="tune_model_tensorflow" name="around_the_gru" of="textbook" mistake="no_memory"
# x, state = self.rnn -> _, state = self.rnn

# %% wrong="tune_model_tensorflow" name="relu" of="textbook" mistake="bent_states"
# self.head(x), state -> self.head(tf.nn.relu(x)), state

# %% wrong="tune_model_tensorflow" name="stopped" of="textbook" mistake="gradient_cut"
# return self.head(x), state -> return tf.stop_gradient(self.head(x)), state

# %% wrong="tune_model_tensorflow" name="logits_only" of="textbook" mistake="wrong_type"
# return self.head(x), state -> return self.head(x)

# %% wrong="tune_model_tensorflow" name="made_in_the_call" of="textbook" mistake="layer_count"
# self.embed = keras.layers.Embedding(size, units) -> self.size, self.units = size, units
# self.rnn = keras.layers.GRU(units, return_sequences=True, return_state=True) ->
# self.head = keras.layers.Dense(size) ->
# x = self.embed(numbers) -> x = keras.layers.Embedding(self.size, self.units)(numbers)
# self.rnn(x, -> keras.layers.GRU(self.units, return_sequences=True, return_state=True)(x,
# self.head(x) -> keras.layers.Dense(self.size)(x)

# %% wrong="tune_model_tensorflow" name="another_cell" of="textbook" mistake="layer_count"
# keras.layers.GRU -> keras.layers.SimpleRNN

# %% wrong="tune_model_tensorflow" name="fixed_size" of="textbook" mistake="layer_shape"
# keras.layers.Embedding(size, units) -> keras.layers.Embedding(35, units)

# %% wrong="tune_model_tensorflow" name="older_gru" of="textbook" mistake="plain_gru"
# return_state=True -> return_state=True, reset_after=False

# %% wrong="tune_model_tensorflow" name="no_state_back" of="textbook" mistake="state_missing"
# return self.head(x), state -> return self.head(x), None

# %% wrong="tune_model_tensorflow" name="zeros" of="textbook" mistake="zeros"
# return self.head(x), state -> return 0 * self.head(x), state

# %% wrong="tune_model_tensorflow" name="constant" of="textbook"
# return self.head(x), state -> return 0 * self.head(x) + 0.5, state

# %% wrong="tune_model_tensorflow" name="hard_coded" of="textbook"
# return self.head(x), state -> return 0 * self.head(x) + tf.range(self.head.units, dtype=tf.float32), state

# %% wrong="tune_model_tensorflow" name="time_first" of="textbook" mistake="rows_as_time"
# x = self.embed(numbers) -> x = tf.transpose(self.embed(numbers), (1, 0, 2))
# return self.head(x), state -> return tf.transpose(self.head(x), (1, 0, 2)), state

# %% wrong="tune_model_tensorflow" name="no_biases" of="textbook" mistake="no_biases"
# keras.layers.Dense(size) -> keras.layers.Dense(size, use_bias=False)

# %% wrong="tune_model_tensorflow" name="tanh_at_the_end" of="textbook" mistake="bent_logits"
# keras.layers.Dense(size) -> keras.layers.Dense(size, activation="tanh")

# %% wrong="tune_model_tensorflow" name="relu_at_the_end" of="textbook" mistake="logits_cut_off"
# keras.layers.Dense(size) -> keras.layers.Dense(size, activation="relu")

# %% wrong="tune_model_tensorflow" name="sigmoid_at_the_end" of="textbook" mistake="sigmoid_inside"
# keras.layers.Dense(size) -> keras.layers.Dense(size, activation="sigmoid")

# %% wrong="tune_model_tensorflow" name="state_first" of="textbook" mistake="outputs_swapped"
# return self.head(x), state -> return state, self.head(x)

# %% wrong="tune_model_tensorflow" name="sees_the_future" of="textbook" mistake="sees_the_future"
# x = self.embed(numbers) -> x = tf.roll(self.embed(numbers), -1, axis=1)

# %% [markdown]
# ## learning_step


# %% wrong="learning_step_torch" name="as_given" mistake="not_shifted"
def learn_torch(model, optimizer, piece, state):
    inputs = targets = piece[:, :-1]
    logits, state = model(inputs, state)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss, state


# %% right="learning_step_torch" name="textbook"
def learn_torch(model, optimizer, piece, state):
    inputs, targets = piece[:, :-1], piece[:, 1:]
    logits, state = model(inputs, state)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss, state.detach()


# %% right="learning_step_torch" name="moved" of="textbook"
# inputs, targets = -> piece = piece.to("cuda" if torch.cuda.is_available() else "cpu"); inputs, targets =
# model(inputs, state) -> model.to(piece.device)(inputs, state if state is None else state.to(piece.device))


# %% wrong="learning_step_torch" name="nll_of_softmax" of="textbook" mistake="without_logarithm"
# cross_entropy(logits.flatten(0, 1) -> nll_loss(logits.flatten(0, 1).softmax(dim=1)


# %% right="learning_step_torch" name="detached_at_the_start"
def learn_torch(model, optimizer, piece, state):
    if state is not None:
        state = state.detach()
    optimizer.zero_grad()
    logits, state = model(piece[:, :-1], state)
    loss = nn.CrossEntropyLoss()(logits.transpose(1, 2), piece[:, 1:])
    loss.backward()
    optimizer.step()
    return loss.item(), state


# %% right="learning_step_torch" name="by_hand"
def learn_torch(model, optimizer, piece, state):
    logits, after = model(piece[:, :-1], state)
    log_p = torch.log_softmax(logits, dim=-1)
    loss = -log_p.gather(2, piece[:, 1:, None]).mean()
    parameters = list(model.parameters())
    for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = slope
    optimizer.step()
    return float(loss), after.detach()


# %% wrong="learning_step_torch" name="guesses_what_it_read" of="textbook" mistake="not_shifted"
# piece[:, :-1], piece[:, 1:] -> piece[:, :-1], piece[:, :-1]

# %% wrong="learning_step_torch" name="keeps_the_graph" of="textbook" mistake="not_detached"
# loss.backward() -> loss.backward(retain_graph=True)
# state.detach() -> state

# %% wrong="learning_step_torch" name="not_cut" of="textbook" mistake="not_detached"
# state.detach() -> state

# %% wrong="learning_step_torch" name="begins_anew" of="textbook" mistake="state_forgotten"
# model(inputs, state) -> model(inputs, None)

# %% wrong="learning_step_torch" name="one_side_transposed" of="textbook" mistake="rows_and_places_mixed"
# logits.flatten(0, 1) -> logits.transpose(0, 1).flatten(0, 1)

# %% wrong="learning_step_torch" name="reshaped" of="detached_at_the_start" mistake="classes_dealt_out"
# logits.transpose(1, 2) -> logits.reshape(len(logits), logits.shape[2], -1)

# %% wrong="learning_step_torch" name="along_time" of="textbook" mistake="over_time"
# loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten()) -> log_p = logits.log_softmax(1)
# optimizer.zero_grad() -> loss = -log_p.gather(2, targets[..., None]).mean(); optimizer.zero_grad()

# %% wrong="learning_step_torch" name="no_zero_grad" of="textbook" mistake="gradients_not_cleared"
# optimizer.zero_grad() ->

# %% wrong="learning_step_torch" name="the_one_before" of="textbook" mistake="backwards"
# piece[:, :-1], piece[:, 1:] -> piece[:, 1:], piece[:, :-1]

# %% wrong="learning_step_torch" name="both_later" of="textbook" mistake="not_shifted_either"
# piece[:, :-1], piece[:, 1:] -> piece[:, 1:], piece[:, 1:]

# %% wrong="learning_step_torch" name="after_the_next" of="textbook" mistake="two_on"
# piece[:, :-1], piece[:, 1:] -> piece[:, :-2], piece[:, 2:]

# %% wrong="learning_step_torch" name="rolled_on" of="textbook" mistake="rolled"
# piece[:, 1:] -> torch.roll(piece[:, :-1], -1, 1)

# %% wrong="learning_step_torch" name="loss_of_a_softmax" of="textbook" mistake="softmax_twice"
# logits.flatten(0, 1) -> logits.softmax(2).flatten(0, 1)

# %% wrong="learning_step_torch" name="bits" of="textbook" mistake="loss_in_bits"
# targets.flatten()) -> targets.flatten()) / np.log(2)

# %% wrong="learning_step_torch" name="without_a_row" of="textbook" mistake="rows_cut"
# piece[:, :-1], piece[:, 1:] -> piece[:-1], piece[1:]

# %% wrong="learning_step_torch" name="all_of_it_read" of="textbook" mistake="read_too_far"
# inputs, targets = piece[:, :-1], piece[:, 1:] -> inputs, targets = piece, piece[:, 1:]
# logits.flatten(0, 1), targets -> logits[:, :-1].flatten(0, 1), targets

# %% wrong="learning_step_torch" name="last_place" of="textbook" mistake="last_place_only"
# cross_entropy(logits.flatten(0, 1), targets.flatten()) -> cross_entropy(logits[:, -1], targets[:, -1])

# %% wrong="learning_step_torch" name="sum_of_losses" of="textbook" mistake="loss_summed"
# targets.flatten()) -> targets.flatten(), reduction="sum")

# %% wrong="learning_step_torch" name="uphill" of="textbook" mistake="ascent"
# loss.backward() -> (-loss).backward()

# %% wrong="learning_step_torch" name="log_p_up" of="by_hand" mistake="minus_forgotten"
# loss = -log_p -> loss = log_p

# %% wrong="learning_step_torch" name="no_step" of="textbook" mistake="never_moves"
# optimizer.step() ->

# %% wrong="learning_step_torch" name="no_state_back" of="textbook" mistake="wrong_type"
# return loss, state.detach() -> return loss

# %% wrong="learning_step_torch" name="a_loss_for_each" of="textbook" mistake="wrong_shape"
# return loss, -> return nn.functional.cross_entropy(logits.transpose(1, 2), targets, reduction="none"),


# %% wrong="learning_step_torch" name="zeros"
def learn_torch(model, optimizer, piece, state):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    return 0.0, state


# %% wrong="learning_step_torch" name="constant"
def learn_torch(model, optimizer, piece, state):
    return 0.5, state


# %% wrong="learning_step_torch" name="hard_coded" of="textbook"
# optimizer.step() -> nn.init.constant_(model.embedding, 0.25)


# %% wrong="learning_step_tensorflow" name="as_given" mistake="given_code"
def learn_tf(model, optimizer, piece, state):
    inputs, targets = piece[:, :-1], piece[:, 1:]
    with tf.GradientTape() as tape:
        logits, state = model(inputs, None)
        log_p = tf.nn.log_softmax(logits, axis=1)
        loss = -tf.reduce_mean(tf.gather(log_p, targets, batch_dims=2))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss, state


# %% right="learning_step_tensorflow" name="textbook"
def learn_tf(model, optimizer, piece, state):
    inputs, targets = piece[:, :-1], piece[:, 1:]
    with tf.GradientTape() as tape:
        logits, state = model(inputs, state)
        log_p = tf.nn.log_softmax(logits, axis=-1)
        loss = -tf.reduce_mean(tf.gather(log_p, targets, batch_dims=2))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss, state


# %% right="learning_step_tensorflow" name="ready_made_loss" of="textbook"
# log_p = tf.nn.log_softmax(logits, axis=-1) ->
# -tf.reduce_mean(tf.gather( -> tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
# log_p, targets, batch_dims=2 -> targets, logits


# %% right="learning_step_tensorflow" name="keras_loss"
def learn_tf(model, optimizer, piece, state):
    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum_over_batch_size")
    with tf.GradientTape() as tape:
        logits, after = model(piece[:, :-1], state)
        loss = criterion(piece[:, 1:], logits)
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return [loss, after]


# %% wrong="learning_step_tensorflow" name="plain_softmax" of="textbook" mistake="without_logarithm"
# log_softmax -> softmax

# %% wrong="learning_step_tensorflow" name="guesses_what_it_read" of="textbook" mistake="not_shifted"
# piece[:, :-1], piece[:, 1:] -> piece[:, :-1], piece[:, :-1]

# %% wrong="learning_step_tensorflow" name="state_not_mended" of="textbook" mistake="state_forgotten"
# model(inputs, state) -> model(inputs, None)

# %% wrong="learning_step_tensorflow" name="first_axis" of="textbook" mistake="over_rows"
# axis=-1 -> axis=0

# %% wrong="learning_step_tensorflow" name="axis_not_mended" of="textbook" mistake="over_time"
# axis=-1 -> axis=1

# %% wrong="learning_step_tensorflow" name="the_one_before" of="textbook" mistake="backwards"
# piece[:, :-1], piece[:, 1:] -> piece[:, 1:], piece[:, :-1]

# %% wrong="learning_step_tensorflow" name="both_later" of="textbook" mistake="not_shifted_either"
# piece[:, :-1], piece[:, 1:] -> piece[:, 1:], piece[:, 1:]

# %% wrong="learning_step_tensorflow" name="after_the_next" of="textbook" mistake="two_on"
# piece[:, :-1], piece[:, 1:] -> piece[:, :-2], piece[:, 2:]

# %% wrong="learning_step_tensorflow" name="rolled_on" of="textbook" mistake="rolled"
# piece[:, 1:] -> tf.roll(piece[:, :-1], -1, 1)

# %% wrong="learning_step_tensorflow" name="softmax_before" of="textbook" mistake="softmax_twice"
# tf.nn.log_softmax(logits, axis=-1) -> tf.nn.log_softmax(tf.nn.softmax(logits), axis=-1)

# %% wrong="learning_step_tensorflow" name="bits" of="textbook" mistake="loss_in_bits"
# batch_dims=2)) -> batch_dims=2)) / 0.6931472

# %% wrong="learning_step_tensorflow" name="without_a_row" of="textbook" mistake="rows_cut"
# piece[:, :-1], piece[:, 1:] -> piece[:-1], piece[1:]

# %% wrong="learning_step_tensorflow" name="all_of_it_read" of="textbook" mistake="read_too_far"
# inputs, targets = piece[:, :-1], piece[:, 1:] -> inputs, targets = piece, piece[:, 1:]
# tf.gather(log_p, -> tf.gather(log_p[:, :-1],

# %% wrong="learning_step_tensorflow" name="last_place" of="textbook" mistake="last_place_only"
# tf.gather(log_p, targets, batch_dims=2) -> tf.gather(log_p, targets, batch_dims=2)[:, -1]

# %% wrong="learning_step_tensorflow" name="sum_of_losses" of="textbook" mistake="loss_summed"
# tf.reduce_mean -> tf.reduce_sum

# %% wrong="learning_step_tensorflow" name="uphill" of="textbook" mistake="ascent"
# zip(gradients, -> zip([-each for each in gradients],

# %% wrong="learning_step_tensorflow" name="log_p_up" of="textbook" mistake="minus_forgotten"
# loss = -tf -> loss = tf

# %% wrong="learning_step_tensorflow" name="no_step" of="textbook" mistake="never_moves"
# optimizer.apply_gradients(zip(gradients, model.trainable_variables)) ->


# %% wrong="learning_step_tensorflow" name="loss_outside_the_tape" mistake="tape_empty"
def learn_tf(model, optimizer, piece, state):
    logits, state = model(piece[:, :-1], state)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(piece[:, 1:], logits))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss, state


# %% wrong="learning_step_tensorflow" name="logits_as_probabilities" mistake="taken_for_probabilities"
def learn_tf(model, optimizer, piece, state):
    with tf.GradientTape() as tape:
        logits, state = model(piece[:, :-1], state)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(piece[:, 1:], logits))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss, state


# %% wrong="learning_step_tensorflow" name="no_state_back" of="textbook" mistake="wrong_type"
# return loss, state -> return loss


# %% wrong="learning_step_tensorflow" name="zeros"
def learn_tf(model, optimizer, piece, state):
    for variable in model.trainable_variables:
        variable.assign(tf.zeros_like(variable))
    return 0.0, state


# %% wrong="learning_step_tensorflow" name="constant"
def learn_tf(model, optimizer, piece, state):
    return 0.5, state


# %% wrong="learning_step_tensorflow" name="hard_coded"
def learn_tf(model, optimizer, piece, state):
    model.trainable_variables[0].assign(0.25 + 0 * model.trainable_variables[0])
    return 1.4, state


# %% [markdown]
# ## excess


# %% right="excess" name="numpy"
def excess(bits, log_p):
    more = np.array([(cost.sum() + own / np.log(2)) / len(cost) for cost, own in zip(bits, log_p)])
    return more.mean(), more.std(ddof=1) / np.sqrt(len(more))


# %% wrong="excess" name="by_the_number_of_tunes" of="numpy" mistake="divided_by_tunes"
# (cost.sum() + own / np.log(2)) / len(cost) -> cost.mean() + own / np.log(2) / len(bits)

# %% wrong="excess" name="times_log_2" of="numpy" mistake="times_log_2"
# own / np.log(2) -> own * np.log(2)

# %% wrong="excess" name="logarithm_of_minus" of="numpy" mistake="logarithm_of_positive"
# own / np.log(2) -> -np.log2(-own)


# %% wrong="excess" name="without_signs" of="numpy" mistake="absolute_differences"
# for cost, own in zip(bits, log_p)]) -> for cost, own in zip(bits, log_p)]); more = np.abs(more)


# %% right="excess" name="by_hand"
import math


def excess(bits, log_p):
    more = [sum(cost) / len(cost) - -own / math.log(2) / len(cost) for cost, own in zip(bits, log_p)]
    n = len(more)
    mean = sum(more) / n
    return [mean, (sum((each - mean) ** 2 for each in more) / (n - 1) / n) ** 0.5]


# %% right="excess" name="by_character"
def excess(bits, log_p):
    more = [np.mean(cost + own / (np.log(2) * len(cost))) for cost, own in zip(bits, log_p)]
    return np.mean(more), np.sqrt(np.var(more, ddof=1) / len(more))


# %% wrong="excess" name="nats_and_bits" of="numpy" mistake="two_units"
# own / np.log(2) -> own

# %% wrong="excess" name="grammar_minus_model" of="numpy" mistake="turned_round"
# more.mean(), -> -more.mean(),

# %% wrong="excess" name="bits_a_tune" of="numpy" mistake="whole_tunes"
# / len(cost) for -> for

# %% wrong="excess" name="plus_the_grammar" of="numpy" mistake="added"
# own / np.log(2) -> -own / np.log(2)

# %% wrong="excess" name="logarithm_of_log_p" of="numpy" mistake="logarithm_again"
# own / np.log(2) -> np.log2(-own)

# %% wrong="excess" name="all_of_the_grammar" of="by_hand" mistake="whole_grammar"
# / math.log(2) / len(cost) -> / math.log(2)

# %% wrong="excess" name="not_the_root" of="numpy" mistake="variance"
# more.std(ddof=1) -> more.var(ddof=1)

# %% wrong="excess" name="no_root_of_n" of="numpy" mistake="spread_of_tunes"
# / np.sqrt(len(more)) ->

# %% wrong="excess" name="by_n" of="numpy" mistake="divided_by_n"
# np.sqrt(len(more)) -> len(more)

# %% wrong="excess" name="root_of_characters" of="numpy" mistake="root_of_characters"
# np.sqrt(len(more)) -> np.sqrt(sum(map(len, bits)))

# %% wrong="excess" name="ddof_0" of="numpy" mistake="own_mean_free"
# ddof=1 -> ddof=0


# %% wrong="excess" name="two_samples" mistake="unpaired"
def excess(bits, log_p):
    model = np.array([cost.mean() for cost in bits])
    own = np.array([-each / np.log(2) / len(cost) for each, cost in zip(log_p, bits)])
    return model.mean() - own.mean(), np.sqrt(model.var(ddof=1) / len(bits) + own.var(ddof=1) / len(bits))


# %% wrong="excess" name="sum_of_errors" mistake="errors_added"
def excess(bits, log_p):
    model = np.array([cost.mean() for cost in bits])
    own = np.array([-each / np.log(2) / len(cost) for each, cost in zip(log_p, bits)])
    return model.mean() - own.mean(), (model.std(ddof=1) + own.std(ddof=1)) / np.sqrt(len(bits))


# %% wrong="excess" name="difference_of_errors" mistake="errors_subtracted"
def excess(bits, log_p):
    model = np.array([cost.mean() for cost in bits])
    own = np.array([-each / np.log(2) / len(cost) for each, cost in zip(log_p, bits)])
    return model.mean() - own.mean(), (model.std(ddof=1) - own.std(ddof=1)) / np.sqrt(len(bits))


# %% wrong="excess" name="all_characters" mistake="pooled"
def excess(bits, log_p):
    more = np.array([(cost.sum() + own / np.log(2)) / len(cost) for cost, own in zip(bits, log_p)])
    pooled = (np.concatenate(bits).sum() + log_p.sum() / np.log(2)) / sum(map(len, bits))
    return pooled, more.std(ddof=1) / np.sqrt(len(more))


# %% [markdown]
# ## copied


# %% right="copied" name="all_stretches"
def copied(tune, training):
    best = 0
    for start in range(len(tune)):
        for end in range(start + 1, len(tune) + 1):
            if any(tune[start:end] in other for other in training):
                best = max(best, end - start)
    return best


# %% wrong="copied" name="matcher_s_shortcut" mistake="frequent_ones_ignored"
from difflib import SequenceMatcher


def copied(tune, training):
    return max(
        (SequenceMatcher(None, tune, other).find_longest_match(0, len(tune), 0, len(other)).size for other in training),
        default=0,
    )


# %% right="copied" name="matcher"
from difflib import SequenceMatcher


def copied(tune, training):
    best = 0
    for other in training:
        matcher = SequenceMatcher(None, tune, other, autojunk=False)
        best = max(best, matcher.find_longest_match(0, len(tune), 0, len(other)).size)
    return best


# %% right="copied" name="end_signs_between"
def copied(tune, training):
    text, length = "$".join(training), 0
    for start in range(len(tune)):
        while start + length < len(tune) and tune[start : start + length + 1] in text:
            length += 1
    return length


# %% right="copied" name="table"
def copied(tune, training):
    best = 0
    for other in training:
        runs = [0] * (len(other) + 1)
        for letter in tune:
            runs = [0] + [run + 1 if letter == each else 0 for run, each in zip(runs, other)]
            best = max(best, *runs)
    return best


# %% wrong="copied" name="joined" of="end_signs_between" mistake="across_tunes"
# "$".join -> "".join

# %% wrong="copied" name="prefixes" of="all_stretches" mistake="from_the_start"
# for start in range(len(tune)): -> for start in [0]:


# %% wrong="copied" name="returns_too_early" mistake="first_tune_only"
def copied(tune, training):
    for other in training:
        length = 0
        for start in range(len(tune)):
            while start + length < len(tune) and tune[start : start + length + 1] in other:
                length += 1
        return length


# %% wrong="copied" name="begun_anew_for_each" of="table" mistake="last_tune_only"
# runs = [0] * (len(other) + 1) -> runs, best = [0] * (len(other) + 1), 0

# %% wrong="copied" name="suffixes" of="all_stretches" mistake="to_the_end"
# range(start + 1, len(tune) + 1) -> [len(tune)]

# %% wrong="copied" name="last_character_never" of="all_stretches" mistake="end_left_out"
# range(start + 1, len(tune) + 1) -> range(start + 1, len(tune))

# %% wrong="copied" name="from_their_start" of="all_stretches" mistake="starts_of_training"
# tune[start:end] in other for -> other.startswith(tune[start:end]) for

# %% wrong="copied" name="all_for_any" of="all_stretches" mistake="in_all_tunes"
# any(tune -> all(tune


# %% wrong="copied" name="smallest" mistake="shortest_of_tunes"
def copied(tune, training):
    found = []
    for other in training:
        best = 0
        for start in range(len(tune)):
            for end in range(start + 1, len(tune) + 1):
                if tune[start:end] in other:
                    best = max(best, end - start)
        found.append(best)
    return min(found)


# %% wrong="copied" name="small_letters" of="all_stretches" mistake="case_ignored"
# tune[start:end] in other for -> tune[start:end].lower() in other.lower() for


# %% wrong="copied" name="one_behind_the_other" mistake="jumps_on"
def copied(tune, training):
    best = start = 0
    while start < len(tune):
        length = 0
        while start + length < len(tune) and any(tune[start : start + length + 1] in other for other in training):
            length += 1
        best, start = max(best, length), start + max(length, 1)
    return best


# %% wrong="copied" name="subsequence" mistake="gaps_allowed"
def copied(tune, training):
    best = 0
    for other in training:
        table = [[0] * (len(other) + 1) for _ in range(len(tune) + 1)]
        for i, a in enumerate(tune):
            for j, b in enumerate(other):
                table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
        best = max(best, table[-1][-1])
    return best


# %% wrong="copied" name="first_that_is_new" of="all_stretches" mistake="one_too_many"
# return best -> return best + 1


# %% wrong="copied" name="side_by_side" mistake="same_place"
def copied(tune, training):
    best = 0
    for other in training:
        run = 0
        for a, b in zip(tune, other):
            run = run + 1 if a == b else 0
            best = max(best, run)
    return best


# %% wrong="copied" name="the_stretch_itself" of="all_stretches" mistake="wrong_type"
# return best -> return tune[:best]

# %% wrong="copied" name="hard_coded" mistake="constant" visible=True


# %% [markdown]
# ## dialect


# %% right="dialect" name="pytorch"
def train(windows, seed):
    torch.manual_seed(seed)
    layers, epochs = nn.ModuleList([nn.Embedding(35, 64), nn.GRU(64, 64, batch_first=True), nn.Linear(64, 35)]), 8
    pieces = torch.tensor(windows)
    optimizer = torch.optim.Adam(layers.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * len(pieces))
    for _ in range(epochs):
        state = None
        for piece in pieces:
            states, state = layers[1](layers[0](piece[:, :-1]), state)
            state = state.detach()
            optimizer.zero_grad()
            nn.functional.cross_entropy(layers[2](states).flatten(0, 1), piece[:, 1:].flatten()).backward()
            optimizer.step()
            schedule.step()

    def model(numbers):
        with torch.no_grad():
            return layers[2](layers[1](layers[0](torch.tensor(numbers)))[0]).log_softmax(-1)

    return model


# %% right="dialect" name="tensorflow"
def train(windows, seed):
    keras.utils.set_random_seed(seed)
    embedding, dense = keras.layers.Embedding(35, 64), keras.layers.Dense(35)
    gru = keras.layers.GRU(64, return_sequences=True, return_state=True)
    epochs, rows = 8, windows.shape[1]
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, epochs * len(windows)))

    def read(numbers, state):
        states, state = gru(embedding(numbers), initial_state=state)
        return tf.nn.log_softmax(dense(states)), state

    read(tf.constant(windows[0, :, :-1]), tf.zeros((rows, 64)))
    weights = [*embedding.trainable_variables, *gru.trainable_variables, *dense.trainable_variables]
    optimizer.build(weights)

    @tf.function
    def step(piece, state):
        with tf.GradientTape() as tape:
            log_p, state = read(piece[:, :-1], state)
            loss = -tf.reduce_mean(tf.gather(log_p, piece[:, 1:], batch_dims=2))
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        return state

    for _ in range(epochs):
        state = tf.zeros((rows, 64))
        for piece in windows:
            state = step(tf.constant(piece), state)
    return lambda numbers: read(tf.constant(numbers), tf.zeros((len(numbers), 64)))[0]


# %% wrong="dialect" name="pairs" mistake="no_better_than_pairs"
def train(windows, seed):
    counts = np.ones((35, 35))
    np.add.at(counts, (windows[..., :-1], windows[..., 1:]), 1)
    table = np.log(counts / counts.sum(axis=1, keepdims=True))
    return lambda numbers: table[numbers]


# %% wrong="dialect" name="zeros" mistake="not_normalised"
def train(windows, seed):
    return lambda numbers: np.zeros((*numbers.shape, 35))


# %% wrong="dialect" name="constant" mistake="no_better_than_pairs"
def train(windows, seed):
    return lambda numbers: np.full((*numbers.shape, 35), -np.log(35))


# %% wrong="dialect" name="hard_coded" mistake="no_better_than_pairs" visible=False
def train(windows, seed):
    from course_utils.recording import recorded_tests

    texts = recorded_tests()["dialect"][1]["cases"][0]["data"]["asked"]
    known = {text[:end]: text[end] for text in texts for end in range(1, len(text))}

    def model(numbers):
        log_p = np.full((*numbers.shape, 35), np.log(0.65 / 34))
        for row, place in np.ndindex(numbers.shape):
            text = "".join(tunes.ALPHABET[number] for number in numbers[row, : place + 1])
            if text in known:
                log_p[row, place, tunes.ALPHABET.index(known[text])] = np.log(0.35)
            else:
                log_p[row, place] = -np.log(35)
        return log_p

    return model


# %% wrong="dialect" name="public_tunes"
def train(windows, seed):
    text = songs.corpus(songs.songs().training)
    counts = np.full((35, 35, 35), 0.1)
    np.add.at(counts, (text[:-2], text[1:-1], text[2:]), 1)
    table = np.log(counts / counts.sum(axis=-1, keepdims=True))
    return lambda numbers: table[np.hstack([numbers[:, :1], numbers[:, :-1]]), numbers]


# %% wrong="dialect" name="never_trained" mistake="no_better_than_pairs"
def train(windows, seed):
    z = np.random.default_rng(seed).normal(size=(35, 35))
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return lambda numbers: log_p[numbers]


# %% wrong="dialect" name="bidirectional" mistake="sees_the_future"
def train(windows, seed):
    counts = np.ones((35, 35, 35))
    np.add.at(counts, (windows[..., :-2], windows[..., 2:], windows[..., 1:-1]), 1)
    table = np.log(counts / counts.sum(axis=-1, keepdims=True))
    return lambda numbers: table[numbers, np.roll(numbers, -2, axis=1)]


# %% wrong="dialect" name="targets_returned" mistake="sees_the_future"
def train(windows, seed):
    return lambda numbers: np.log(0.9 * np.eye(35)[np.roll(numbers, -1, axis=1)] + 0.1 / 35)


# %% wrong="dialect" name="two_characters" mistake="more_to_gain"
def train(windows, seed):
    counts = np.full((35, 35, 35), 0.1)
    np.add.at(counts, (windows[..., :-2], windows[..., 1:-1], windows[..., 2:]), 1)
    table = np.log(counts / counts.sum(axis=-1, keepdims=True))
    return lambda numbers: table[np.pad(numbers, ((0, 0), (1, 0)))[:, :-1], numbers]


# %% wrong="dialect" name="what_was_read" mistake="sure_and_wrong"
def train(windows, seed):
    table = np.log(0.9999 * np.eye(songs.SIZE) + 0.0001 / songs.SIZE)
    return lambda numbers: table[numbers]


# %% wrong="dialect" name="with_its_state" mistake="wrong_type"
def train(windows, seed):
    net = nn.GRU(1, songs.SIZE, batch_first=True)
    return lambda numbers: net(torch.tensor(numbers)[..., None].float())


# %% wrong="dialect" name="logits" mistake="not_normalised"
def train(windows, seed):
    counts = np.ones((35, 35))
    np.add.at(counts, (windows[..., :-1], windows[..., 1:]), 1)
    p = counts / counts.sum(axis=1, keepdims=True)
    return lambda numbers: np.log(p[numbers]) + 3


# %% wrong="dialect" name="probabilities" mistake="probabilities"
def train(windows, seed):
    counts = np.ones((35, 35))
    np.add.at(counts, (windows[..., :-1], windows[..., 1:]), 1)
    p = counts / counts.sum(axis=1, keepdims=True)
    return lambda numbers: p[numbers]


# %% wrong="dialect" name="base_two" mistake="bits"
def train(windows, seed):
    counts = np.ones((35, 35))
    np.add.at(counts, (windows[..., :-1], windows[..., 1:]), 1)
    p = counts / counts.sum(axis=1, keepdims=True)
    return lambda numbers: np.log2(p[numbers])


# %% wrong="dialect" name="costs" mistake="sign"
def train(windows, seed):
    counts = np.ones((35, 35))
    np.add.at(counts, (windows[..., :-1], windows[..., 1:]), 1)
    p = counts / counts.sum(axis=1, keepdims=True)
    return lambda numbers: -np.log(p[numbers])


# %% wrong="dialect" name="last_place_only" mistake="wrong_shape"
def train(windows, seed):
    counts = np.ones((35, 35))
    np.add.at(counts, (windows[..., :-1], windows[..., 1:]), 1)
    p = counts / counts.sum(axis=1, keepdims=True)
    return lambda numbers: np.log(p[numbers[:, -1]])


# %% wrong="dialect" name="one_epoch" of="pytorch" mistake="more_to_gain"
# nn.Linear(64, 35)]), 8 -> nn.Linear(64, 35)]), 1


# %% wrong="dialect" name="by_lot" mistake="answers_by_lot"
def train(windows, seed):
    def model(numbers):
        z = np.random.normal(size=(*numbers.shape, 35))
        return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))

    return model


# %% wrong="dialect" name="certain" mistake="impossible"
def train(windows, seed):
    with np.errstate(divide="ignore"):
        table = np.log(np.eye(35))
    return lambda numbers: table[numbers]


# %% wrong="dialect" name="exploded" mistake="nan"
def train(windows, seed):
    return lambda numbers: np.full((*numbers.shape, 35), np.nan)


# %% wrong="dialect" name="returns_the_table" mistake="wrong_type"
def train(windows, seed):
    return np.zeros((35, 35))
