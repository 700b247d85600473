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
# # Lab 5b: The same song in two frameworks
#
# You will build a network that writes folk tunes with the layers of a framework, mend its training, hear what it
# writes, and then ask three questions that any maker of a language model has to answer: how good is it, did it cheat,
# and has it only learned by heart?
#
# Run the next cells first (Shift + Enter). What you hear was written by a grammar, from which all tunes of this lab
# come.

# %%
import numpy as np

from course_utils import ask, check, explorers, progress, setup, songs, tunes

setup("lab5b_networks")

# %% framework="torch"
from course_utils.frameworks import nn, torch

# %% framework="tensorflow"
from course_utils.frameworks import keras, tf

# %% demo=True
data = songs.songs()
tunes.play(data.training[2])

# %% [markdown]
# **You will**
#
# - compute what each character costs, in bits, from logits of any size;
# - cut a long text into pieces so that a network can remember across their borders;
# - build an embedding, a recurrent layer and an output layer, and mend a step of training;
# - compare a model with the best that is possible, and say how sure the comparison is;
# - measure how much a model copies;
# - train a model of a language that nobody has seen.
#
# **Time:** two sittings of about 105 and 60 minutes; a line between them says where to stop. **You need** softmax and
# cross-entropy from Lab 2, a training loop in a framework from Lab 3, and what a recurrent network is: Lab 5a builds
# one by hand. You need not read music.
#
# Exercises and checks work as before. As in Lab 1, leave the arrays that you are given as they are.

# %% [markdown]
# # First sitting: a model, and how good it is
#
# ## The text
#
# A tune is text in a notation called ABC: a header with metre (`M:`) and key (`K:`), letters for notes, `|` between
# bars. Print one:

# %% demo=True
print(data.training[2])
print(f"{len(data.training)} tunes to train on, {len(data.held_out)} held out, {songs.SIZE} characters")

# %% [markdown]
# One of the 35 kinds, `$`, never stands in a tune. It is the **end sign**, which stands before the first tune and
# behind each, so that a model learns how tunes begin and when to stop. `songs.numbers` gives each character its number
# from 0 to 34. In figures it is a filled square, ■; a line break is ↵ there, and a blank ␣.

# %% [markdown]
# ## Exercise 1: `surprise` (NumPy, 2 points, 10 minutes, medium)
#
# A language model reads a text and says at each place how likely each character is to come next. A character that got
# the probability $p$ **costs** $-\log_2 p$ bits: 1/2 costs one bit, as a coin toss does, 1/8 costs three. What is
# certain costs nothing.
#
# The model hands you logits $\mathbf{z}$, not probabilities. The obvious way is softmax, then the logarithm. But a
# probability below $10^{-324}$ is 0 for the computer, and its logarithm is minus infinity, although the true cost is a
# number as good as any other. Write the logarithm of the softmax out with pen and paper before you write code. The
# logarithm of a quotient is a difference of two logarithms: which of them need not be computed at all?
#
# And as in Lab 2: $e^{z}$ overflows for a large $z$, but only differences between logits count.
#
# Ready-made softmaxes, losses and `logsumexp` are switched off while this exercise is checked.


# %% solution="surprise"
def surprise(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return how many bits each character costs, shape (n, length); safe for logits of any size.

    Args:
        logits: for each place of n texts a number for each kind of character, shape (n, length, size).
        targets: the number of the character that came there, shape (n, length).
    """
    ### BEGIN SOLUTION
    # log(e^z / sum) = z - log(sum): no quotient is ever computed, so none can become 0. With the largest logit at 0,
    # the sum lies between 1 and the number of characters.
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=-1))
    chosen = np.take_along_axis(shifted, targets[..., None], axis=-1)[..., 0]
    return (log_sum - chosen) / np.log(2)
    ### END SOLUTION


# %% tests="surprise" points=2
check("surprise")
### BEGIN HIDDEN TESTS
grade("surprise")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>What is the logarithm of the softmax?</summary>
#
# $\log p_i = z_i - \log \sum_j e^{z_j}$: the logarithm of the quotient is a difference, and that of $e^{z_i}$ is $z_i$.
# If you subtract the largest logit, do so in both terms.
#
# </details>
#
# <details>
# <summary>How do I pick one entry for each place?</summary>
#
# `np.take_along_axis(array, targets[..., None], axis=-1)` picks along the last axis, and leaves an axis of size 1 that
# `[..., 0]` takes away. Two loops do as well.
#
# </details>
#
# <details>
# <summary>The check finds NaN or infinity</summary>
#
# Some power is too large, or a probability has become 0 before its logarithm was taken. Subtract the largest logit of
# each place from all of them, and never divide.
#
# </details>
#
# <details>
# <summary>My numbers are about 0.69 times the right ones</summary>
#
# `np.log` is the natural logarithm. $\log_2 p = \log p / \log 2$.
#
# </details>

# %% [markdown]
# ## Exercise 2: `streams` (NumPy, 2 points, 12 minutes, medium)
#
# All training tunes, one after the other, are a text of 67,271 characters. To go through it in one pass and then once
# back, all that was computed on the way would have to be kept, and one step of learning would come out of it. So the
# text is cut. A recurrent network can *remember across the cut*, if the next piece begins where the last one ended and
# the state is handed on.
#
# Reading one text is slow; reading 16 beside each other costs hardly more. So cut the text into `rows` long stretches
# first, and these into pieces. With the numbers 0, 1, 2, ... 12, two rows and a length of 3:
#
# | | piece 0 | piece 1 |
# | --- | --- | --- |
# | row 0 | 0 1 2 3 | 3 4 5 6 |
# | row 1 | 6 7 8 9 | 9 10 11 12 |
#
# A stretch has (13 - 1) // 2 = 6 characters to read. A piece holds one character more than it reads: that is the last
# one's target. What does not fill a piece of every row is left out.
#
# **Predict:** in which row does piece 1 go on where row 1 of piece 0 ended? What would the state be worth if it were
# another row?


# %% solution="streams"
def streams(numbers: np.ndarray, rows: int, length: int) -> np.ndarray:
    """Return a text as pieces that go on where the one before ended, shape (pieces, rows, length + 1).

    Row r begins at character r * ((len(numbers) - 1) // rows).

    Args:
        numbers: the text, shape (n,).
        rows: how many stretches of the text lie side by side.
        length: how many characters of each row are read in a piece.
    """
    ### BEGIN SOLUTION
    # A table of places, by broadcasting: where a piece begins, where its row begins, and how far into the piece.
    stretch = (len(numbers) - 1) // rows
    piece, row, place = np.ogrid[: stretch // length, :rows, : length + 1]
    return numbers[piece * length + row * stretch + place]
    ### END SOLUTION


# %% tests="streams" points=2
check("streams")
### BEGIN HIDDEN TESTS
grade("streams")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>What did you predict?</summary>
#
# In row 1 again: 9 was the last target there, and is the first number that is read next. So the state of row 1 is the
# memory of what came just before. Were the next stretch in another row, each row would begin with the memory of another
# tune, which is worse than none.
#
# </details>
#
# <details>
# <summary>How do I begin?</summary>
#
# With two loops: over pieces, and over rows. Row `r` of piece `k` is a slice of `numbers`; where does it start?
# `np.array` makes an array of the lists.
#
# </details>
#
# <details>
# <summary>The check says that a character is skipped</summary>
#
# The last number of a piece was only a *target*. The network has not read it yet, so the next piece begins with it.
#
# </details>

# %%
models = {}  # by name, those that you train below

# %% [markdown]
# ## The model
#
# Three layers, the same in every framework:
#
# 1. An **embedding** turns the number of a character into a list of `units` numbers that are learned. It is a table
#    with a row for each character: to look a row up is the same as to multiply it by a one-hot vector, only faster.
# 2. A **recurrent layer** walks along the text and carries a state. Ours is a **GRU** (gated recurrent unit, 2014). A
#    plain recurrent step writes a new state over the old one at each character. A GRU has gates: numbers from 0 to 1
#    for each unit, computed from the character and the state. One of its two says how much of the old state stays.
#    Where it is 1, the unit remembers for as long as you like, and a gradient comes back unharmed.
# 3. An **output layer** makes 35 logits of each state.

# %% [markdown] framework="torch"
# | | in PyTorch |
# | --- | --- |
# | table | `nn.Embedding(size, units)` |
# | GRU | `nn.GRU(inputs, units, batch_first=...)`, called as `states, state = gru(x, state)` |
# | output | `nn.Linear(units, size)` |

# %% [markdown] framework="tensorflow"
# | | in TensorFlow |
# | --- | --- |
# | table | `keras.layers.Embedding(size, units)` |
# | GRU | `keras.layers.GRU(units, return_sequences=..., return_state=...)` |
# | its call | `states, state = gru(x, initial_state=state)` |
# | output | `keras.layers.Dense(size)` |

# %% [markdown]
# What stands in place of the dots is yours to settle. Each of these options is `False` unless you say otherwise, and is
# there for a reason: read what it does (`help(...)`), and look at the shapes that you want.

# %% [markdown] framework="torch"
# ## Exercise 3 in PyTorch: `TuneModelTorch` (3 points, 12 minutes, medium)
#
# Build the model. It reads whole numbers of shape (n, length): n texts side by side. `state` is whatever your GRU
# hands back: hand it on, and do not look inside. `None` means the beginning, and the GRU understands that by itself.


# %% solution="tune_model_torch" framework="torch"
class TuneModelTorch(nn.Module):
    """A language model: an embedding, a GRU, and an output layer.

    Args:
        size: how many kinds of characters there are.
        units: of the embedding and of the GRU.
    """

    def __init__(self, size: int, units: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.embedding = nn.Embedding(size, units)
        self.gru = nn.GRU(units, units, batch_first=True)
        self.output = nn.Linear(units, size)
        ### END SOLUTION

    def forward(self, numbers, state=None):
        """Return the logits, shape (n, length, size), and the state behind the last character.

        Args:
            numbers: of characters, shape (n, length).
            state: that of the text before, or None at the beginning.
        """
        ### BEGIN SOLUTION
        # The layer walks along its first axis, unless batch_first says that ours counts the texts.
        states, state = self.gru(self.embedding(numbers), state)
        return self.output(states), state
        ### END SOLUTION


# %% tests="tune_model_torch" points=3 framework="torch"
check("tune_model_torch")
### BEGIN HIDDEN TESTS
grade("tune_model_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>The shapes are right, the values are wrong</summary>
#
# Which axis is time? `nn.GRU` takes the first one for it, unless told otherwise. Both ways give the same shapes, no
# error, and a network that reads across your tunes.
#
# </details>
#
# <details>
# <summary>What is the state at the beginning?</summary>
#
# `self.gru(x, None)` begins with zeros. You need no `if`.
#
# </details>

# %% [markdown] framework="tensorflow"
# ## Exercise 3 in TensorFlow: `TuneModelTF` (3 points, 8 minutes, medium)
#
# The same model. It reads whole numbers of shape (n, length): n texts side by side. `state` is whatever your GRU hands
# back: hand it on, and do not look inside. `None` means the beginning, and the GRU understands that by itself.


# %% solution="tune_model_tensorflow" framework="tensorflow"
class TuneModelTF(keras.Model):
    """A language model: an embedding, a GRU, and an output layer.

    Args:
        size: how many kinds of characters there are.
        units: of the embedding and of the GRU.
    """

    def __init__(self, size: int, units: int) -> None:
        super().__init__()
        ### BEGIN SOLUTION
        self.embedding = keras.layers.Embedding(size, units)
        self.gru = keras.layers.GRU(units, return_sequences=True, return_state=True)
        self.dense = keras.layers.Dense(size)
        ### END SOLUTION

    def call(self, numbers, state=None):
        """Return the logits, shape (n, length, size), and the state behind the last character.

        Args:
            numbers: of characters, shape (n, length).
            state: that of the text before, or None at the beginning.
        """
        ### BEGIN SOLUTION
        # By itself the layer returns its last state only; two options ask for all states, and for the last one beside.
        states, state = self.gru(self.embedding(numbers), initial_state=state)
        return self.dense(states), state
        ### END SOLUTION


# %% tests="tune_model_tensorflow" points=3 framework="tensorflow"
check("tune_model_tensorflow")
### BEGIN HIDDEN TESTS
grade("tune_model_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>There is one value to unpack, and I want two</summary>
#
# A Keras layer returns one tensor unless `return_state` asks for the state beside it.
#
# </details>
#
# <details>
# <summary>My logits have shape (n, size)</summary>
#
# Then the GRU returned its last state alone. `return_sequences` asks for those of all places.
#
# </details>

# %% [markdown]
# ## The training
#
# One step of training goes like this. It gets a piece and the state behind the piece before, and
#
# 1. splits the piece into what is read and what should be guessed;
# 2. computes the mean cross-entropy over all characters of the piece;
# 3. moves the weights along its gradient;
# 4. returns the loss and the state, for the next piece.
#
# Backpropagation through time goes back to the beginning of the piece and no further: the state is remembered, how it
# came about is not. This is called **truncated** backpropagation through time.

# %% [markdown] framework="torch"
# ## Exercise 4 in PyTorch: mend `learn_torch` (3 points, 10 minutes, hard)
#
# "The first piece goes well. At the second one PyTorch complains that I go backward through the graph a second time.
# So I kept the graph, as the message suggests, and now it complains that a variable was modified by an inplace
# operation. When I hand on no state at all, it runs. But the loss falls to almost nothing within seconds, which is
# too good to be true, and nearly every tune that it writes is empty."
#
# There are **two faults**. Ask of each: what hangs on the state that comes back? And what is the model asked to guess?


# %% solution="learning_step_torch" framework="torch"
def learn_torch(model: nn.Module, optimizer, piece: torch.Tensor, state):
    """Take one step of training on a piece; return the mean loss and the state for the next piece.

    Args:
        model: returns logits (n, length, size) and a state; its state is one tensor.
        optimizer: holds the parameters of the model and takes the step.
        piece: numbers of characters, shape (n, length + 1).
        state: that behind the piece before, or None.
    """
    ### BEGIN SOLUTION
    # `detach` keeps the numbers of the state and forgets how they were computed: there the way back ends.
    inputs, targets = piece[:, :-1], piece[:, 1:]
    logits, state = model(inputs, state)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach(), state.detach()
    ### END SOLUTION
    ### BEGIN STUB
    # inputs = targets = piece[:, :-1]
    # logits, state = model(inputs, state)
    # loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
    # optimizer.zero_grad()
    # loss.backward()
    # optimizer.step()
    # return loss, state
    ### END STUB


# %% tests="learning_step_torch" points=3 framework="torch"
check("learning_step_torch")
### BEGIN HIDDEN TESTS
grade("learning_step_torch")
### END HIDDEN TESTS

# %% [markdown] framework="torch"
# <details>
# <summary>Backward through the graph a second time</summary>
#
# The state still hangs on everything that computed it, so `backward()` of the second piece walks on into the first
# one. `tensor.detach()` gives the same numbers, cut off from their past.
#
# </details>
#
# <details>
# <summary>The loss is too good to be true</summary>
#
# Write down a piece of four characters, and below each one that the model reads the one that it should guess.
#
# </details>

# %% [markdown] framework="torch"
# Now for real: twice through all pieces, with Adam, which takes a few seconds. The cell makes your model with 64
# units, and calls your step for one piece after the other.

# %% demo=True framework="torch"
models["PyTorch"] = explorers.watch_song("torch", TuneModelTorch, learn_torch, streams)

# %% [markdown] framework="tensorflow"
# ## Exercise 4 in TensorFlow: mend `learn_tf` (3 points, 9 minutes, hard)
#
# "It runs, and the loss falls a little. But what it writes is noise: not even the headers are right. I print the
# probabilities of one place, and they do not sum to 1. And it seems to have forgotten at each piece what came before."
#
# There are **two faults**. Ask: which axis counts the characters? And where does the state go?


# %% solution="learning_step_tensorflow" framework="tensorflow"
def learn_tf(model: keras.Model, optimizer, piece: tf.Tensor, state):
    """Take one step of training on a piece; return the mean loss and the state for the next piece.

    Args:
        model: returns logits (n, length, size) and a state.
        optimizer: takes the step.
        piece: numbers of characters, shape (n, length + 1).
        state: that behind the piece before, or None.
    """
    ### BEGIN SOLUTION
    # The characters lie along the last axis. A tape records one piece, so the way back ends where the piece began.
    inputs, targets = piece[:, :-1], piece[:, 1:]
    with tf.GradientTape() as tape:
        logits, state = model(inputs, state)
        log_p = tf.nn.log_softmax(logits, axis=-1)
        loss = -tf.reduce_mean(tf.gather(log_p, targets, batch_dims=2))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss, state
    ### END SOLUTION
    ### BEGIN STUB
    # inputs, targets = piece[:, :-1], piece[:, 1:]
    # with tf.GradientTape() as tape:
    #     logits, state = model(inputs, None)
    #     log_p = tf.nn.log_softmax(logits, axis=1)
    #     loss = -tf.reduce_mean(tf.gather(log_p, targets, batch_dims=2))
    # gradients = tape.gradient(loss, model.trainable_variables)
    # optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    # return loss, state
    ### END STUB


# %% tests="learning_step_tensorflow" points=3 framework="tensorflow"
check("learning_step_tensorflow")
### BEGIN HIDDEN TESTS
grade("learning_step_tensorflow")
### END HIDDEN TESTS

# %% [markdown] framework="tensorflow"
# <details>
# <summary>What does `tf.gather(..., batch_dims=2)` do?</summary>
#
# For each text and each place it picks one entry of the last axis: that of the target. It is right as it stands.
#
# </details>
#
# <details>
# <summary>Why is there no word like `detach`?</summary>
#
# A tape knows only what happened while it was running. The state of the piece before was computed under another tape,
# so for this one it is a plain number.
#
# </details>

# %% [markdown] framework="tensorflow"
# Now for real: twice through all pieces, with Adam, which takes a few seconds. The cell makes your model with 64
# units, and calls your step for one piece after the other. It wraps your step into `tf.function`, which records what
# it computes once and then runs that: the same numbers, many times faster.

# %% demo=True framework="tensorflow"
models["TensorFlow"] = explorers.watch_song("tensorflow", TuneModelTF, learn_tf, streams)

# %% [markdown]
# ## Listen
#
# Each model draws its next character from its own probabilities, reads it, and goes on until it draws the end sign or
# has written 400 characters. Before each draw its logits are divided by a **temperature**: below 1 the likely becomes
# more likely, above 1 less. Run the cell a few times with other temperatures and seeds. Do not judge the frameworks
# by the bars that add up: with other first weights it was half of them in one of our runs, and nine tenths in
# another.

# %% demo=True
explorers.play_songs(models, temperature=0.6, seed=1)

# %% [markdown] framework="torch+tensorflow"
# **Predict:** give the TensorFlow model the weights of the PyTorch one, and let both write with the same random
# numbers. Will they write the same song, nearly the same, or two that only begin alike? A single other character
# changes all that follow.

# %% demo=True framework="torch+tensorflow"
explorers.same_song(models, TuneModelTF)

# %% [markdown] framework="torch+tensorflow"
# <details>
# <summary>What did you find?</summary>
#
# The same song, to the last character. Both compute the same function; their logits differ by about a millionth, which
# almost never changes a draw. A framework is a spelling.
#
# </details>

# %% [markdown]
# ## How good is it?
#
# Your model needs some bits for each character of a tune that it has never seen. Is that much? Usually nobody knows
# how well a language *could* be predicted. Here we do: the tunes come from a grammar, and for each tune it can compute
# how likely it was. What it needs is the least that anybody can need on average. What your model needs more, its
# **excess**, is what it has not learned yet.
#
# Where along a tune does your model pay more than the grammar?

# %% demo=True
explorers.character_costs(surprise, models)

# %% [markdown]
# <details>
# <summary>What did you find?</summary>
#
# Both pay for the metre and the key, which are drawn at random. A line break costs the grammar nothing, since it
# counts the bars of a line; your model pays about one bit. And look at the ends of tunes (the slider far right): the
# last bars often repeat the end of the first part. The grammar knows when, and pays a third of a bit a character for
# the last twenty, on average; your model pays about two, as everywhere, since it cannot look up what it read a
# hundred characters ago.
#
# </details>

# %% [markdown]
# ## Exercise 5: `excess` (NumPy, 2 points, 12 minutes, medium)
#
# Fifty tunes were held out. On some of them any model needs more bits than on others: a tune may be full of surprises.
# So the mean over 50 tunes would be a little different for another 50. How sure is it?
#
# If you have $n$ numbers with a standard deviation $s$, their mean has a **standard error** of about $s / \sqrt{n}$:
# that is how far the means of many such samples would spread. ($s$ is computed with $n - 1$ in place of $n$.)
#
# There are two ways. You may compute the mean of the model and that of the grammar, each with its error, and
# subtract. Or you may subtract tune by tune, and take mean and error of the differences. **Predict:** the means
# agree. Which error is smaller, and why?


# %% solution="excess"
def excess(bits: list[np.ndarray], log_p: np.ndarray) -> tuple[float, float]:
    """Return how many bits a character a model needs more than the grammar: the mean, and its error.

    Each tune counts as much as any other, however long it is; differences are taken tune by tune.

    Args:
        bits: for each tune what each of its characters costs the model, in bits; tunes differ in length.
        log_p: for each tune the natural logarithm of its probability by the grammar, as a whole.
    """
    ### BEGIN SOLUTION
    # A difficult tune is difficult for both. In the difference that cancels, so the differences spread less.
    lengths = np.array([len(each) for each in bits])
    model = np.array([each.sum() for each in bits])
    more = (model + log_p / np.log(2)) / lengths
    return more.mean(), more.std(ddof=1) / np.sqrt(len(more))
    ### END SOLUTION


# %% tests="excess" points=2
check("excess")
### BEGIN HIDDEN TESTS
grade("excess")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>What does the grammar need for a tune?</summary>
#
# $-\log_2$ of its probability, in bits, for all of its characters together. You have the natural logarithm.
#
# </details>
#
# <details>
# <summary>My error is a little too small</summary>
#
# `np.std` divides by n. With `ddof=1` it divides by n - 1.
#
# </details>

# %% demo=True
explorers.compare_models(surprise, excess, models)

# %% [markdown]
# In our runs the excess was 0.9 to 1.0 bits, with an error of 0.03: the grammar needs 1.18 bits a character, such a
# model about 2.1, and taking all characters for equally likely would cost 5.13. With more units and more training it
# comes nearer. The last column is the error of two means that are taken apart, which is a fifth larger: it also holds
# how much tunes differ from each other, and that has nothing to do with your model.

# %% [markdown] framework="torch+tensorflow"
# It shows best in the last line, where two models are compared. Tune by tune the error is about 0.01; in our runs the
# two differed by 0.01 to 0.05 bits. Taken apart, any such difference would drown in an error of about 0.03. But
# beware of what it proves: the error tells how *other tunes* would change the result. Other first weights change it
# as well, by a few hundredths, so it says which of these two models is better, and nothing about two frameworks.

# %% [markdown]
# **What if it is below zero?** A little below can be luck: half an error says nothing. But three errors below zero
# cannot be explained by luck. Nobody who does not know the future is better than the grammar, so such a model *saw*
# it: the targets stood among its inputs, or the held-out tunes among its training tunes. A result that is too good is
# a fault that you have not found yet.

# %% [markdown]
# ## Exercise 6: `copied` (Python, 2 points, 10 minutes, medium)
#
# A model could write good tunes in a simple way: learn the training tunes by heart. So measure it: how long is the
# longest stretch of a tune that stands, character by character, in one of the training tunes?


# %% solution="copied"
def copied(tune: str, training: list[str]) -> int:
    """Return the length of the longest stretch that stands in one of the training tunes; 0 if none does.

    Args:
        tune: a text.
        training: texts, each for itself: a stretch does not run from one into the next.
    """
    ### BEGIN SOLUTION
    # Only a stretch longer than the longest so far is looked for, so each start goes on where the last one ended.
    longest = 0
    for start in range(len(tune)):
        while start + longest < len(tune) and any(tune[start : start + longest + 1] in each for each in training):
            longest += 1
    return longest
    ### END SOLUTION


# %% tests="copied" points=2
check("copied")
### BEGIN HIDDEN TESTS
grade("copied")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I find a stretch in a text?</summary>
#
# `"bc" in "abcd"` is `True`. A stretch of `tune` is `tune[start:end]`.
#
# </details>
#
# <details>
# <summary>It takes very long</summary>
#
# If no stretch of 12 is found from a start, none of 13 is. And once you know one of 12, only longer ones are of
# interest.
#
# And if it never ends (the button ■ stops it, and a check after 60 seconds of computing): `tune[start:end]` grows no
# more once `end` is behind the tune, so a loop that waits until a stretch is not found must stop there, too.
#
# </details>

# %% [markdown]
# A number alone says little: new tunes of the grammar also share stretches with the training tunes, since all begin
# `M:6/8` or `M:4/4` and scales are scales. So compare with tunes that the grammar wrote and your model has never seen.
#
# To have something to compare with, train one more model, on 4 tunes alone, which it sees 60 times.

# %% demo=True framework="torch"
few = explorers.watch_song("torch", TuneModelTorch, learn_torch, streams, data.training[:4])
models["PyTorch, 4 tunes"] = few

# %% demo=True framework="tensorflow"
few = explorers.watch_song("tensorflow", TuneModelTF, learn_tf, streams, data.training[:4])
models["TensorFlow, 4 tunes"] = few

# %% [markdown]
# **Predict** for the model of 4 tunes: its loss in training, its excess on tunes held out, the share of bars that add
# up, and how much it copies.

# %% demo=True
explorers.compare_models(surprise, excess, models)
explorers.copies(copied, models)

# %% [markdown]
# <details>
# <summary>What did you find?</summary>
#
# By its training loss it is the best of all, far below what the grammar needs. No wonder: it has seen these tunes. On
# tunes held out it needs about 6 bits a character, worse than a model that takes all 35 characters for equally likely:
# it is sure, and wrong. Most of its bars add up, since they are not its own: it copies far longer stretches than
# chance explains. And your first model copies no more than new tunes of the grammar do, about 15 characters. Each
# number alone would mislead you.
#
# </details>
#
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# Rare characters spoil a tune: at each place there are many of them, and each has a small chance. Write
# `keep_likely(logits, count)`, which keeps the `count` largest logits along the last axis and sets all others to minus
# infinity, for arrays of any shape. These lines tell you whether it is right:
#
# ```python
# z = np.array([[[3.0, -1.0, 2.0, 0.0], [0.0, 5.0, -2.0, 4.0]]])
# kept = keep_likely(z, 2)
# assert np.array_equal(kept[0, 0], [3.0, -np.inf, 2.0, -np.inf])
# assert np.array_equal(kept[0, 1], [-np.inf, 5.0, -np.inf, 4.0])
# assert np.array_equal(keep_likely(z[0, 0], 4), z[0, 0]) and np.all(np.isfinite(z))
# ```
#
# </details>

# %% [markdown]
# ---
#
# **A good place to stop.** You can build a language model, train it, and say how good it is. Save, and go on another
# day.
#
# ---

# %% [markdown]
# # Second sitting: a language that nobody has seen
#
# ## Exercise 7: the exam
#
# Everything together, and for once without a formula to follow. You write a training that learns a language which
# nobody has seen.
#
# ### `train` (NumPy or a framework, 6 points, 40 minutes, hard)
#
# `train(windows, seed)` trains a model of your choice and returns it as a function `model(numbers)`.
#
# - The examiner draws a **dialect**: the same kind of tunes, but all probabilities are others, and each character
#   stands for another one, perhaps `|` for `K`. So no table that was counted elsewhere helps: what your model knows, it
#   has to learn from the windows.
# - `windows` are pieces as your `streams` makes them: whole numbers, shape (60, 32, 33). There are no more.
#   `songs.SIZE` is still the number of characters, and the end sign keeps its number.
# - `model` gets numbers of shape (n, length), n texts that each begin with the end sign before a tune. It returns the
#   **natural logarithm of the probability** of each next character, shape (n, length, 35), as an array or a tensor. It
#   begins with no state, since it has never seen these texts.
# - Only what stands before a place may decide what is said there. The examiner asks for the beginnings of texts first,
#   and later for the whole: whoever answers otherwise then has seen the future, or draws by lot, and gets no points.
#   The same holds where probabilities do not sum to 1.
#
# What counts is your excess over the grammar on new tunes, from the first character on, as in Exercise 5. A table of
# pairs (how often does which character follow which?) that is counted on the same windows earns nothing. From there
# points rise evenly with the bits that you save against the table; 1.1 bits a character saved are worth all 6 points.
#
# How far one gets, in our runs at 12 to 30 exams:
#
# | model | excess in bits | points |
# | --- | --- | --- |
# | a table of pairs | 2.14 ± 0.16 | 0.0 ± 0.0 |
# | a table of the two characters before | 1.58 ± 0.17 | 3.0 ± 0.6 |
# | a GRU of 64 units, once through the windows | 1.24 ± 0.23 | 5.0 ± 0.4 |
# | a plain recurrent network in NumPy, 96 units, 12 times | 0.79 ± 0.17 | 6.0 ± 0.0 |
# | the GRU, 8 times, in whichever framework | 0.74 ± 0.18 | 6.0 ± 0.0 |
#
# What stands behind ± is luck, the standard deviation from exam to exam: some dialects are harder than others. Nobody
# holds a stopwatch. Training takes a few seconds, and one that never ends is stopped after 50 seconds of computing,
# with one thread.


# %% solution="dialect"
def train(windows: np.ndarray, seed: int):
    """Train a language model and return a function model(numbers) -> log p, shape (n, length, size).

    Args:
        windows: numbers, shape (pieces, rows, length + 1); each row goes on in the next piece.
        seed: for whatever is random.
    """
    ### BEGIN SOLUTION
    # A plain recurrent network, as in Lab 5a, with the way back through a piece written out. Its states are kept with
    # time as the first axis.
    rng, size, units, epochs = np.random.default_rng(seed), songs.SIZE, 96, 12
    shapes = {"E": (size, units), "U": (units, units), "b": (units,), "V": (units, size), "c": (size,)}
    w = {name: rng.normal(0, 1 / np.sqrt(units), shape).astype(np.float32) for name, shape in shapes.items()}
    means, squares = [{name: np.zeros_like(array) for name, array in w.items()} for _ in range(2)]
    one_hot, steps = np.eye(size, dtype=np.float32), epochs * len(windows)

    def read(numbers, state):
        states = [state]
        for column in numbers.T:
            states.append(np.tanh(w["E"][column] + states[-1] @ w["U"] + w["b"]))
        logits = np.stack(states[1:]) @ w["V"] + w["c"]
        logits = logits - logits.max(axis=-1, keepdims=True)
        return np.stack(states), logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))

    def beginning(rows):
        return np.zeros((rows, units), np.float32)

    states = np.empty(0)
    for step in range(steps):
        piece = windows[step % len(windows)]
        state = states[-1] if step % len(windows) else beginning(len(piece))
        states, log_p = read(piece[:, :-1], state)
        error = (np.exp(log_p) - one_hot[piece[:, 1:].T]) / log_p[..., 0].size
        back, later = error @ w["V"].T, 0
        for t in reversed(range(len(back))):
            back[t] = (back[t] + later) * (1 - states[t + 1] ** 2)
            later = back[t] @ w["U"].T
        time_and_rows = ((0, 1), (0, 1))
        gradients = {
            "E": np.tensordot(one_hot[piece[:, :-1].T], back, time_and_rows),
            "U": np.tensordot(states[:-1], back, time_and_rows),
            "b": back.sum(axis=(0, 1)),
            "V": np.tensordot(states[1:], error, time_and_rows),
            "c": error.sum(axis=(0, 1)),
        }
        # Adam, with a rate that falls to 0, and clipping: without it one steep place can undo a training.
        norm = np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
        rate = 0.01 * (1 + np.cos(np.pi * step / steps)) / 2
        for name, g in gradients.items():
            g = g / max(1, norm)
            means[name] = 0.9 * means[name] + 0.1 * g
            squares[name] = 0.99 * squares[name] + 0.01 * g**2
            spread = np.sqrt(squares[name] / (1 - 0.99 ** (step + 1))) + 1e-8
            w[name] -= rate * means[name] / (1 - 0.9 ** (step + 1)) / spread

    return lambda numbers: read(numbers, beginning(len(numbers)))[1].swapaxes(0, 1)
    ### END SOLUTION


# %% [markdown]
# The check holds a rehearsal, on another dialect that is shown openly. It takes as long as your training does.

# %% tests="dialect" points=6
check("dialect")
### BEGIN HIDDEN TESTS
grade("dialect")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I begin?</summary>
#
# With the table of pairs. Count with `np.add.at(counts, (windows[..., :-1], windows[..., 1:]), 1)`, beginning at 1
# everywhere, divide each row by its sum, and return `lambda numbers: np.log(table)[numbers]`. That earns nothing yet,
# but the check then tells you that all shapes are right. Now put your model of Exercise 3 in its place, train it with
# your step of Exercise 4, and go through all windows several times.
#
# </details>
#
# <details>
# <summary>The loss does not fall</summary>
#
# For Adam 0.01 is a good rate at the start; let it fall towards the end. Is the state carried from piece to piece, and
# begun anew in each epoch? In NumPy, clip the gradient.
#
# </details>
#
# <details>
# <summary>The probabilities do not sum to 1</summary>
#
# Your model returns logits. The log softmax along the last axis is missing, behind the model and not inside it.
#
# </details>
#
# <details>
# <summary>The model sees the future</summary>
#
# A bidirectional layer reads from both ends. So does attention without a mask, and a softmax or a normalisation over
# the axis of time.
#
# </details>
#
# <details>
# <summary>It learns, but I want more points</summary>
#
# Go through the windows more often: 2 epochs are few, 10 are enough. Let the rate fall to 0.
#
# </details>

# %% [markdown] framework="torch"
# <details>
# <summary>A frame in PyTorch</summary>
#
# `net = TuneModelTorch(songs.SIZE, 64)` behind `torch.manual_seed(seed)`, an Adam optimiser with a rate of 0.01, and
# two loops, over epochs and over `torch.tensor(windows)`, that call `learn_torch` with the state of the piece
# before. The model that you return makes a tensor of its numbers, calls `net` inside `torch.no_grad()`, and takes
# `.log_softmax(-1)` of the logits.
#
# </details>

# %% [markdown] framework="tensorflow"
# <details>
# <summary>A frame in TensorFlow</summary>
#
# `net = TuneModelTF(songs.SIZE, 64)` behind `keras.utils.set_random_seed(seed)`, `keras.optimizers.Adam(0.01)`, and
# `step = tf.function(learn_tf)`, without which it takes minutes. Call the step once for each `tf.constant(piece)`, with
# the state of the piece before. For the first piece, `tf.zeros((32, 64))` spares a second compilation. The model
# that you return takes `tf.nn.log_softmax` of the logits.
#
# </details>

# %% [markdown]
# ## Quiz (not graded, 6 minutes)
#
# Five questions, for yourself. Click an answer below the question: it is explained at once, and you may try the others
# too. In Colab, or where nothing can be clicked, write a letter into the call instead, such as `ask(1, "B")`, and run
# the cell. Such a letter also stays when you run the whole lab again.

# %%
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
# ## Finale: tunes that people played (not graded)
#
# Around 1900, Francis O'Neill, chief of Chicago's police, collected the tunes that the city's Irish musicians played.
# They come with music21, a package for research on music. Without it the next cell says how to get it, and the lab is
# whole as it is.

# %% demo=True
real, real_models = songs.real_songs(), {}
if real:
    tunes.play(real.held_out[0])

# %% [markdown]
# Nothing in your functions knows our grammar, so nothing has to change. **Predict** how many bits a character a model
# needs that learns from these tunes, and how many your first model needs on them, which has met only those of the
# grammar.

# %% demo=True framework="torch"
if real:
    new = explorers.watch_song("torch", TuneModelTorch, learn_torch, streams, real.training)
    real_models["PyTorch"] = new

# %% demo=True framework="tensorflow"
if real:
    new = explorers.watch_song("tensorflow", TuneModelTF, learn_tf, streams, real.training)
    real_models["TensorFlow"] = new

# %% demo=True
if real:
    explorers.compare_real(surprise, real, real_models, models)
    explorers.play_songs(real_models, temperature=0.6, seed=1)

# %% [markdown]
# <details>
# <summary>What did you find?</summary>
#
# In our runs the model of real tunes needs about 2.0 bits, where counted pairs of characters need 3.3. Your first model
# needs nearly five, hardly less than if all characters were alike: it knows its own language and no other. How much of
# the 2.0 bits could be saved? Nobody knows, since no grammar tells how likely these tunes were. Even of their own bars
# one in 25 does not add up, mostly where a pick-up stands in the middle of a part.
#
# </details>

# %% [markdown]
# ## You have ...
#
# - computed costs in bits that no logit can overflow, and cut a text so that memory reaches across the cuts;
# - built a recurrent language model from a framework's layers, and mended its training;
# - heard it write;
# - compared it with the best that is possible, with an error, and learned to distrust what is too good;
# - told learning from learning by heart;
# - and trained a model that an examiner asked about a hidden language.
#
# Where do you stand?

# %% demo=True
progress()
