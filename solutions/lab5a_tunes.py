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
# # Lab 5a: A language model that you can hear
#
# You will build a machine that writes folk tunes. It reads a few hundred of them, learns which character tends to
# follow, and then writes new tunes, character by character. You build it twice: first with a table of counts, then
# with a network that remembers. And you hear what each of them has learned.
#
# Run the next cells first (Shift + Enter). They load what the lab needs, and play a tune of the kind that it is
# about.

# %%
import numpy as np

from course_utils import ask, check, datasets, explorers, language, progress, setup, tunes
from course_utils.tunes import END

setup("lab5a_tunes")

# %% demo=True
tunes.play(datasets.tunes(0, 3)[2])

# %% [markdown]
# **You will**
#
# - turn text into numbers, and count which character follows which;
# - measure how well a model knows a language, in bits, and let it write at a temperature;
# - cut text into windows, and find out how a network can be right about everything and still know nothing;
# - build a recurrent network, and carry gradients back through time;
# - train it in NumPy, in a few seconds, and play what it writes.
#
# **Time:** three sittings of about 70, 65 and 45 minutes; lines between them say where to stop. **You need**
# softmax, tanh and cross-entropy from Lab 2, and backpropagation from Lab 3. You need not read music.
#
# Exercises and checks work as before. As in Lab 1, leave the arrays that you are given as they are.

# %% [markdown]
# # First sitting: counting
#
# ## The language
#
# Our tunes are text, in a notation called ABC. The next cell takes 500 to learn from, and holds out 50 others to see
# what was learned; that takes a few seconds. The one that you have heard looks like this:

# %% demo=True
training_tunes, held_out = datasets.tunes(0, 500), datasets.tunes(1, 50)
print(training_tunes[2])

# %% [markdown]
# - `M:6/8` is the metre, six eighth notes in a bar, and `K:A` the key: the notes that the tune is at home in. Letters
#   behind the key, such as the `m` of `K:Am`, name another scale on it.
# - Letters are notes: `A` to `G`, small ones are higher, and a number behind a note makes it longer: `A2` lasts twice
#   as long as `A`.
# - `|` ends a bar, and what stands between `|:` and `:|` is to be played twice. (Our player leaves the second time out,
#   and stops after ten seconds.)
#
# That is all. (`~` is an ornament, `(3` squeezes three notes into the time of two, a comma makes a note lower.) A
# tune has about 170 characters of 35 kinds. One of the 35, `$`, never stands in a tune: it is the **end sign**, which
# our models write when they are done, and which is called `END` in this lab. In the pictures it is a filled square, ■;
# a line break is ↵ there, and a blank ␣.
#
# A **language model** answers one question: given all characters so far, how likely is each of the 35 to come next?
# Whoever can answer it can write: draw a character, append it, ask again. The large models that write essays and
# programs answer the same question, about pieces of words.

# %% [markdown]
# ## Exercise 1: `vocabulary`, `encode`, `decode` (Python, 1 point, 8 minutes, easy)
#
# A network computes with numbers, so each character needs one: its place in a sorted list of all characters that
# occur. For the texts `"ABA"` and `"Ad"` the list is `["A", "B", "d"]`, and `"dAB"` becomes 2, 0, 1. Write the way
# there and the way back. Three functions; each earns a third.


# %% solution="encode"
def vocabulary(texts: list[str]) -> list[str]:
    """Return all characters that occur in some texts, each once, sorted."""
    ### BEGIN SOLUTION
    # A set keeps each character once, and sorting gives everybody the same order.
    return sorted(set("".join(texts)))
    ### END SOLUTION


def encode(text: str, letters: list[str]) -> np.ndarray:
    """Return the number of each character, shape (len(text),), whole numbers.

    Args:
        letters: all characters; the number of one is its place in this list.
    """
    ### BEGIN SOLUTION
    # Looking a place up in a dictionary is quick; `letters.index` would search the list for each character.
    places = {letter: place for place, letter in enumerate(letters)}
    return np.array([places[letter] for letter in text], dtype=int)
    ### END SOLUTION


def decode(numbers: np.ndarray, letters: list[str]) -> str:
    """Return the text that `encode` turns into these numbers."""
    ### BEGIN SOLUTION
    return "".join(letters[number] for number in numbers)
    ### END SOLUTION


# %% tests="encode" points=1
check("encode")
### BEGIN HIDDEN TESTS
grade("encode")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I get each character once?</summary>
#
# `set("ABA")` holds `A` and `B`. It has no order; `sorted(...)` makes a list that has one.
#
# </details>
#
# <details>
# <summary>How do I put a text together?</summary>
#
# `"".join(parts)` joins a list of texts, with nothing in between.
#
# </details>

# %% [markdown]
# From here on, each tune is a **sequence** of numbers, with an end sign before it and one behind it: a tune begins
# where another one has ended, so that a model can learn how tunes begin, too.

# %% demo=True
letters = list(tunes.ALPHABET)  # what your vocabulary finds, and the end sign
sequences = language.encoded(encode, training_tunes, letters)
held_sequences = language.encoded(encode, held_out, letters)

# %% [markdown]
# ## Exercise 2: `bigram` (NumPy, 2 points, 12 minutes, medium)
#
# The simplest language model forgets everything but the last character. Count in all tunes how often each character
# follows each other one, and turn each row of counts into probabilities: what comes after `A`, what after `|`? Two
# neighbouring characters are called a **bigram**.
#
# A pair that never came in 500 tunes would get probability 0. That is a bold claim: should it come once, the model
# would be infinitely surprised. So pretend that each pair came a little more often than it did: add `smoothing` to
# all counts before you turn them into probabilities.
#
# For the sequence 0, 1, 0, 0 and a vocabulary of 2, with a smoothing of 1: the pairs are 01, 10, 00. The counts
# `[[1, 1], [1, 0]]` become `[[2, 2], [2, 1]]`, and the table is `[[1/2, 1/2], [2/3, 1/3]]`.


# %% solution="bigram"
def bigram(sequences: list[np.ndarray], size: int, smoothing: float = 1.0) -> np.ndarray:
    """Return p(next character | character before), shape (size, size): a row for each character before.

    Args:
        sequences: whole numbers below size, an array for each tune; no pair reaches across two of them.
        size: of the vocabulary.
        smoothing: added to the count of each pair; larger than 0.
    """
    ### BEGIN SOLUTION
    # `np.add.at` adds once for each pair, also where one comes several times; `counts[...] += 1` would add once in all.
    counts = np.full((size, size), float(smoothing))
    for sequence in sequences:
        np.add.at(counts, (sequence[:-1], sequence[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% tests="bigram" points=2
check("bigram")
### BEGIN HIDDEN TESTS
grade("bigram")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I walk through pairs?</summary>
#
# `zip(sequence[:-1], sequence[1:])` gives each character with the one behind it.
#
# </details>
#
# <details>
# <summary>My counts are too small</summary>
#
# `counts[before, after] += 1` with whole arrays reads all places first, and then writes: a pair that comes ten times
# is counted once. Count in a loop, or with `np.add.at(counts, (before, after), 1)`.
#
# </details>
#
# <details>
# <summary>The check finds NaN or infinity</summary>
#
# A character that never came has a row of zeros. Add the smoothing before you sum the rows, not after; and not into an
# array of whole numbers, which cuts 0.5 off to 0.
#
# </details>
#
# <details>
# <summary>My rows do not sum to 1</summary>
#
# `counts.sum(axis=1)` has shape `(size,)`, and dividing by it divides *columns*. With `keepdims=True` it has shape
# `(size, 1)`.
#
# </details>

# %% [markdown]
# **Predict**, then look: behind which characters is the table nearly certain? Behind which does it hardly know
# anything?

# %% demo=True
table = language.table_of(bigram, sequences, letters)
explorers.bigram_table(table, letters)

# %% [markdown]
# <details>
# <summary>What did you find?</summary>
#
# Behind `M`, `K`, `(` and the end sign it is all but certain, since spelling leaves no choice. Why only 0.94, and not
# 1? That is the smoothing: each of the 34 pairs that never came counts once, beside 500 of the one that did. Behind an
# `i` only `x` ever comes, too, in `K:Dmix`; but it came 16 times, so that the smoothing leaves it 0.33. Rare characters
# pay most.
#
# It hardly knows anything behind a blank, `|`, `2` and `~`, where any note may come. Behind a note it spreads over its
# neighbours on the scale. And behind a line break it says `|` 0.33, `K` 0.17, the end 0.17, and 0.04 at most for each
# note, since it cannot know whether the header is over, or the tune: it has forgotten.
#
# </details>

# %% [markdown]
# ## Exercise 3: `bits` (NumPy, 1 point, 5 minutes, easy)
#
# How good is the table? Ask it about tunes that it has never seen, and look at the probability that it gave to the
# character that came. A probability of 1/2 means as much surprise as one coin toss: **one bit**. 1/4 means two coin
# tosses, 1/8 three. Bits add up where probabilities multiply. Average them over all characters.
#
# Why bits? They are the length to which a perfect compressor shrinks the text, in bits for each character. And
# $2^{\text{bits}}$, the **perplexity**, says the same as a number of choices: 3 bits are as hard as guessing among 8
# equally likely characters.


# %% solution="bits"
def bits(p: np.ndarray, targets: np.ndarray) -> float:
    """Return the mean number of bits of the characters that came, one number.

    Args:
        p: for each place the probability of every character, shape (n, size).
        targets: the number of the character that came at each place, shape (n,).
    """
    ### BEGIN SOLUTION
    # Two arrays of numbers as an index pick one entry of each row: that of the character that came.
    return -np.mean(np.log2(p[np.arange(len(targets)), targets]))
    ### END SOLUTION


# %% tests="bits" points=1
check("bits")
### BEGIN HIDDEN TESTS
grade("bits")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>What is the formula?</summary>
#
# $-\frac{1}{n} \sum_i \log_2 p_{i, t_i}$, where $t_i$ is the number of the character that came at place $i$.
#
# </details>
#
# <details>
# <summary>How do I pick one entry of each row?</summary>
#
# As in the cross-entropy of Lab 2: `p[np.arange(len(targets)), targets]`.
#
# </details>
#
# <details>
# <summary>What has this to do with the cross-entropy?</summary>
#
# It is the cross-entropy, measured in another unit: divide by $\log 2 \approx 0.693$.
#
# </details>

# %% [markdown]
# How well *could* a language be known? Of one that somebody else has written, nobody can say. Of ours we can: the
# tunes come from a grammar that this course wrote, and it can say exactly how likely each character was. Nobody who
# does not see the future can do better than the line *the grammar*, except by luck.

# %% demo=True
lines = language.compare_counts(bits, table, sequences, held_sequences, held_out)

# %% [markdown]
# Counting single characters saves less than a bit against treating all alike: 4.43 in place of 5.13. Knowing the one
# character before saves another: 3.37, a perplexity of 10. The grammar itself needs 1.17. The two bits in between are
# what a table of pairs cannot know: which key, how much of the bar is left, how the bar before went.
#
# On its own training tunes the table needs 3.34 bits, hardly less. It does not overfit: 1225 numbers are few for
# 84,000 characters. Its trouble is another one, it *underfits*.

# %% [markdown]
# ## Exercise 4: `temper` (NumPy, 2 points, 10 minutes, medium)
#
# Now let it write. A network will give us logits, and softmax makes probabilities of them. One knob is worth building
# in right away. Divide the logits by a **temperature** $T$ first:
#
# $$p_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}$$
#
# **Predict** before you write: what is left of the differences between the logits if $T$ is huge? Which character is
# drawn if $T$ is almost 0?
#
# Two traps. A small $T$ makes large numbers, so that `np.exp` overflows, as in Lab 2. And logits come in many shapes,
# for one character, a tune, or a batch of tunes: characters always lie along the *last* axis.
#
# Ready-made softmaxes are switched off while this exercise is checked.
#
# <details>
# <summary>What did you predict?</summary>
#
# A huge $T$ leaves no differences, so all characters are equally likely. With a $T$ near 0 the differences grow without
# limit, and the likeliest character is drawn each time.
#
# </details>


# %% solution="temper"
def temper(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Return softmax(logits / temperature) along the last axis, same shape; safe for logits of any size.

    Args:
        logits: shape (..., size).
        temperature: larger than 0.
    """
    ### BEGIN SOLUTION
    # Only differences between logits count, so the largest of each row may become 0: then no power is larger than 1.
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
    ### END SOLUTION


# %% tests="temper" points=2
check("temper")
### BEGIN HIDDEN TESTS
grade("temper")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The check finds NaN or infinity</summary>
#
# Take the largest entry of each row away before `np.exp`. *Each row's* own: where a row lies far below another one,
# all of its powers would be 0.
#
# </details>
#
# <details>
# <summary>It works for one shape, and not for another</summary>
#
# `axis=-1` is the last axis, however many there are. Keep it in the maximum and in the sum, as in Exercise 2.
#
# </details>

# %% [markdown]
# ## Exercise 5: `draw` (NumPy, 2 points, 10 minutes, medium)
#
# Probabilities do not write; somebody has to choose. To take the likeliest each time is a poor idea, as you
# will hear. So let chance decide, with the right chances. Lay the probabilities end to end: they fill a line
# of length 1, and each character owns a piece of it. Throw a dart: `rng.random()` is a number between 0 and 1 and
# lands anywhere, all places alike. Whose piece did it hit?
#
# For `p` = (0.2, 0.5, 0.3), the dart 0.15 hits character 0, 0.65 hits 1, and 0.75 hits 2.


# %% solution="draw"
def draw(p: np.ndarray, rng: np.random.Generator) -> int:
    """Return the number of a character, drawn by its probability.

    Args:
        p: the probability of each character, shape (size,).
        rng: the only source of chance; `rng.random()` returns a number from 0 up to, and without, 1.
    """
    ### BEGIN SOLUTION
    # The borders of the pieces are the sums so far. Rounding may leave the last of them a hair below 1: hence `min`.
    place = np.searchsorted(np.cumsum(p), rng.random(), side="right")
    return min(int(place), len(p) - 1)
    ### END SOLUTION


# %% tests="draw" points=2
check("draw")
### BEGIN HIDDEN TESTS
grade("draw")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I find whose piece it is?</summary>
#
# `np.cumsum(p)` are the right ends of the pieces: 0.2, 0.7, 1.0. Count the ends that the dart has passed, or take the
# pieces' lengths away one by one until the rest is negative.
#
# </details>
#
# <details>
# <summary>The places do not come as often as p says</summary>
#
# Throw *one* dart for each draw. With a new one for each character, the first characters come too often.
#
# </details>
#
# <details>
# <summary>ValueError: probabilities do not sum to 1</summary>
#
# `rng.choice` is strict about rounding. Convert first, `p = np.asarray(p, dtype=float)`, and divide by `p.sum()`; or
# throw the dart yourself.
#
# </details>

# %% [markdown]
# Let the table write, and listen. It has no logits, but any will do of which softmax makes the table again, and
# $\log p$ are such: at $T = 1$ you get $p$ back. **Predict** what 0.1 and 2.0 sound like.

# %% demo=True
explorers.temperature(temper, draw, table, letters)

# %% [markdown]
# At 0.1 it takes the likeliest step each time, a bar line, a new line, a bar line, for ever, and you hear nothing. At
# 2.0 it is noise: one character in seven is no ABC where it stands. In between, neighbours fit, as they should after
# counting pairs, and nothing else does: bars have any length, and the tune ends anywhere. It has no memory. Counting
# longer contexts helps, and soon meets a wall: there are $35^2 = 1225$ pairs, but $35^8$ groups of eight, more than
# $10^{12}$, and our 84,000 characters can show hardly any of them.

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# One step towards that wall: write `trigram(sequences, size, smoothing)`, which knows the two characters before. It
# has shape `(size, size, size)`, and its last axis sums to 1. You are right if these lines raise no error:
#
# ```python
# p = trigram([np.array([0, 1, 0, 1, 1]), np.array([1, 0, 1])], 2, 1.0)
# assert p.shape == (2, 2, 2) and np.allclose(p.sum(axis=2), 1)
# assert np.allclose(p[0, 1], [2 / 4, 2 / 4]) and np.allclose(p[1, 0], [1 / 4, 3 / 4])
# ```
#
# How many bits does it need on the held-out tunes? In ours about 2.8, with a smoothing of 0.1. It takes counts of
# 42,875 triples to get there.
#
# </details>

# %% [markdown]
# ## Exercise 6: mend `windows` (NumPy, 2 points, 12 minutes, medium)
#
# A network learns from many short pieces at once. A **window** is a piece of a sequence, `length` characters long;
# its **targets** are what a model should say at each of its places: the character that comes next. For the sequence
# 5, 3, 8, 6 and a length of 2 there are two windows, one for each place where a window *and* its last target fit:
# inputs 5, 3 with targets 3, 8, and inputs 3, 8 with targets 8, 6.
#
# Somebody has written this already, and is delighted: "After a hundred steps of training my network needs less than
# 0.01 bits a character, far less than the grammar itself!" But when it writes, it mostly repeats the last character.
# Mended in that, it wrote tunes with two headers. There are **two** faults, and a point for each. What did this
# network learn to do? Mend them.


# %% solution="windows"
def windows(sequences: list[np.ndarray], length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (inputs, targets) of all windows, tune by tune, in order, each of shape (n_windows, length).

    Args:
        sequences: whole numbers, one array for each tune; shorter ones than length + 1 have no window.
    """
    ### BEGIN SOLUTION
    # The last window of a tune ends one character before its end, since its last target is that character.
    inputs, targets = [], []
    for sequence in sequences:
        for start in range(len(sequence) - length):
            inputs.append(sequence[start : start + length])
            targets.append(sequence[start + 1 : start + length + 1])
    return np.array(inputs), np.array(targets)
    ### END SOLUTION
    ### BEGIN STUB
    # text = np.concatenate(sequences)
    # places = range(len(text) - length + 1)
    # inputs = np.array([text[place : place + length] for place in places])
    # return inputs, inputs
    ### END STUB


# %% tests="windows" points=2
check("windows")
### BEGIN HIDDEN TESTS
grade("windows")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How can so few bits be a bad sign?</summary>
#
# Nobody can be less surprised than the grammar, which knows all there is to know. Whoever is less surprised has seen
# the answer: here the target is the character that the network has just read, so it learns to copy.
#
# </details>
#
# <details>
# <summary>Where do two headers come from?</summary>
#
# From windows that hold the end of one tune and the beginning of the next. Cut each sequence by itself.
#
# </details>
#
# <details>
# <summary>The last window is missing, or one too many</summary>
#
# A window that begins at `start` needs the characters up to `start + length`, this one included. So
# `start + length` is at most `len(sequence) - 1`.
#
# </details>

# %% [markdown]
# ---
#
# **A good place to stop.** You can measure what a model knows, and let it write. Save, and go on another day.
#
# ---

# %% [markdown]
# # Second sitting: a network that remembers
#
# In a new kernel, choose *Run All* first, or run the cells above once more.

# %% [markdown]
# ## Exercise 7: `step` (NumPy, 1 point, 6 minutes, easy)
#
# A tune is not made of pairs. To know whether a bar is over one must have counted its notes; to know the key one must
# remember the header. So give the network a memory: a row of numbers $\mathbf{h}$, its **state**. Each step reads one
# character and makes a new state of the old one:
#
# $$\mathbf{h}_t = \tanh(\mathbf{W}_x[c_t] + \mathbf{h}_{t-1} \mathbf{W}_h + \mathbf{b})$$
#
# The brackets mean what they mean in NumPy: $\mathbf{W}_x[c]$ is row number $c$ of $\mathbf{W}_x$. Each character
# owns a row, and the network learns what to write there. (That is the product of a one-hot row with $\mathbf{W}_x$,
# without the multiplications by 0.) Such a network is called **recurrent**: its output becomes its own input.
#
# All parameters travel together, in a dictionary: `parameters["Wh"]` is $\mathbf{W}_h$.


# %% solution="step"
def step(character: np.ndarray, h: np.ndarray, parameters: dict[str, np.ndarray]) -> np.ndarray:
    """Return the state after one more character, shape (n, units).

    Args:
        character: the number of the character that each of n texts has next, shape (n,).
        h: the state of each text before it, shape (n, units).
        parameters: among them Wx (size, units), Wh (units, units) and b (units,).
    """
    ### BEGIN SOLUTION
    # An array as an index picks a row for each text of the batch.
    sums = parameters["Wx"][character] + h @ parameters["Wh"] + parameters["b"]
    return np.tanh(sums)
    ### END SOLUTION


# %% tests="step" points=1
check("step")
### BEGIN HIDDEN TESTS
grade("step")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Two shapes do not fit</summary>
#
# A row of `h` belongs to a text, as a row of `X` belonged to a sample: so `h @ parameters["Wh"]`, in this order.
#
# </details>

# %% [markdown]
# ## Exercise 8: `unroll` (NumPy, 2 points, 10 minutes, medium)
#
# To read a text, take one step after the other. The same parameters serve every step, however long the text is. From
# each state the network then says what it expects next, in logits: $\mathbf{h}_t \mathbf{W}_y + \mathbf{b}_y$.
#
# The first state is given: 0 for a text that begins, or the last state of what was read before. So reading a text in
# two halves gives what reading it at once gives.


# %% solution="unroll"
def unroll(
    inputs: np.ndarray,
    h: np.ndarray,
    parameters: dict[str, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """Return (states, logits) behind each character, shapes (n, length, units) and (n, length, size).

    Args:
        inputs: the numbers of n texts' characters, shape (n, length).
        h: the state before the first character, shape (n, units).
        parameters: Wx, Wh, b as for `step`, Wy (units, size) and by (size,).
    """
    ### BEGIN SOLUTION
    # Each step begins from the state of the one before. The logits of all steps are one product.
    states = []
    for t in range(inputs.shape[1]):
        h = step(inputs[:, t], h, parameters)
        states.append(h)
    stacked = np.stack(states, axis=1)
    return stacked, stacked @ parameters["Wy"] + parameters["by"]
    ### END SOLUTION


# %% tests="unroll" points=2
check("unroll")
### BEGIN HIDDEN TESTS
grade("unroll")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>My states have shape (length, n, units)</summary>
#
# `np.stack(states, axis=1)` puts time in the middle.
#
# </details>
#
# <details>
# <summary>How do I read the characters of one step?</summary>
#
# `inputs[:, t]` has shape `(n,)`: the character number `t` of each text.
#
# </details>

# %% [markdown]
# A network that has learned nothing: what does it cost? With small random weights all logits are nearly alike, so it
# is as good as treating all characters alike: $\log_2 35 = 5.13$ bits. A fresh model that costs much more, or less,
# has a fault. It is the first thing to look at.

# %% demo=True
start = language.start_parameters(len(letters))
language.compare_fresh(unroll, temper, start, held_sequences)

# %% [markdown]
# ## Exercise 9: `through_time` (NumPy, 6 points, 35 minutes, hard)
#
# Now the slopes. Unrolled, the network is a deep one, a layer for each character, but all layers share one
# $\mathbf{W}_h$. If you nudge it, you nudge it in *every* step. So its gradient is a sum: what the nudge does in the
# last step, plus what it does in the step before, and so on back to the first.
#
# Three steps by hand, with a single unit, no tanh and no characters, so that each state is $w$ times the one before:
# $w = 0.5$ makes of $h_0 = 4$ the states 2, 1 and 0.5. Say that the loss is just the last state, $h_3$. Go back from
# there; $\delta_t$ is the slope of the loss along $h_t$:
#
# | step $t$ | 3 | 2 | 1 |
# | --- | :-: | :-: | :-: |
# | $\delta_t$ | 1 | 0.5 | 0.25 |
# | the state that $w$ met, $h_{t-1}$ | 1 | 2 | 4 |
# | what this step adds to the gradient, $\delta_t h_{t-1}$ | 1 | 1 | 1 |
#
# Together 3. And indeed $h_3 = w^3 h_0$ has the slope $3 w^2 h_0 = 3$. Whoever stops after one step finds a third of
# it.
#
# In the real network each state does two things: it makes the logits of its own step, and it makes the next state. So
# its slope has two parts, one from each. Work from the last step to the first:
#
# 1. Along the logits of all steps the slope is what you know from Lab 3, $p - y$, where $y$ is 1 at the target and 0
#    at all other characters; here it is divided by the number of characters, since the loss is their mean. From it come
#    the gradients of $\mathbf{W}_y$ and $\mathbf{b}_y$, as in Lab 3, summed over texts and steps: `reshape(-1, ...)`
#    puts both first axes into one.
# 2. The slope along $\mathbf{h}_t$: the logits' share, back through $\mathbf{W}_y$, plus what comes from step $t + 1$.
#    Behind the last step nothing comes.
# 3. Through tanh, whose slope is $1 - \mathbf{h}_t^2$, to the sums. Call it $\boldsymbol{\delta}_t$.
# 4. From there to all that the sum was made of: the row of $\mathbf{W}_x$ that was read, $\mathbf{W}_h$, $\mathbf{b}$,
#    and the state before, through $\mathbf{W}_h$. That last one is what step $t - 1$ is waiting for.
#
# It is called **backpropagation through time**. Use your `unroll` and `temper`. Three parts earn a third each: the
# loss with the output layer, $\mathbf{W}_h$ with $\mathbf{b}$, and $\mathbf{W}_x$. What differentiates by itself is
# switched off while this exercise is checked.


# %% solution="through_time"
def through_time(
    inputs: np.ndarray, targets: np.ndarray, h: np.ndarray, parameters: dict[str, np.ndarray]
) -> tuple[float, dict[str, np.ndarray]]:
    """Return (loss, gradients): the mean cross-entropy over all n * length characters, and its slopes.

    The loss is in natural logarithms. Gradients have the names and shapes of the parameters.

    Args:
        inputs, targets: numbers of characters, both of shape (n, length).
        h: the state before the first character, shape (n, units).
        parameters: Wx (size, units), Wh (units, units), b (units,), Wy (units, size), by (size,).
    """
    ### BEGIN SOLUTION
    # Backwards, each state's slope has two sources: its own logits, and the step behind. All steps share the
    # parameters, so what they find is added. `np.add.at` also adds where two texts read the same character.
    n, length = inputs.shape
    states, logits = unroll(inputs, h, parameters)
    p = temper(logits, 1.0)
    rows, times = np.arange(n)[:, None], np.arange(length)
    loss = -np.mean(np.log(p[rows, times, targets]))
    at_logits = p
    at_logits[rows, times, targets] -= 1
    at_logits /= n * length
    gradients = {name: np.zeros_like(array) for name, array in parameters.items()}
    from_behind = np.zeros_like(h)
    for t in reversed(range(length)):
        before = states[:, t - 1] if t else h
        at_states = at_logits[:, t] @ parameters["Wy"].T + from_behind
        delta = at_states * (1 - states[:, t] ** 2)
        gradients["Wy"] += states[:, t].T @ at_logits[:, t]
        gradients["by"] += at_logits[:, t].sum(axis=0)
        gradients["Wh"] += before.T @ delta
        gradients["b"] += delta.sum(axis=0)
        np.add.at(gradients["Wx"], inputs[:, t], delta)
        from_behind = delta @ parameters["Wh"].T
    return loss, gradients
    ### END SOLUTION


# %% tests="through_time" points=6
check("through_time")
### BEGIN HIDDEN TESTS
grade("through_time")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>How do I begin?</summary>
#
# With the output layer alone: `unroll`, `temper`, the loss, and the slope along the logits. It has shape `(n, length,
# size)`: `p` minus 1 at the targets, divided by `n * length`. `p[rows, times, targets]` picks the targets, with `rows
# = np.arange(n)[:, None]` and `times = np.arange(length)`. Fill the other gradients with zeros first,
# `{name: np.zeros_like(array) for name, array in parameters.items()}`: then the check can say whether the part "the
# output layer" is right.
#
# </details>
#
# <details>
# <summary>Wh is wrong, Wy is right</summary>
#
# Look at what is handed from step to step. Is it added *before* tanh's slope is multiplied? Does it go back through
# `Wh.T`? Does the gradient for `Wh` use the state *before* the step, and at the first step the given `h`?
#
# </details>
#
# <details>
# <summary>Wx is a little too small</summary>
#
# Two texts of a batch may read the same character in the same step. `gradients["Wx"][characters] += delta` then keeps
# one of them only; `np.add.at(gradients["Wx"], characters, delta)` adds both.
#
# </details>
#
# <details>
# <summary>How do I go backwards?</summary>
#
# `for t in reversed(range(length))`. It ends with `t = 0`, where the state before is `h`.
#
# </details>
#
# <details>
# <summary>What do Wh and b get from one step?</summary>
#
# As in a layer of Lab 3: what came in, here the state *before* the step, transposed, times $\boldsymbol{\delta}_t$;
# and for `b` the sum of $\boldsymbol{\delta}_t$ over the texts. Add each step's share to the others with `+=`.
#
# </details>

# %% [markdown]
# Is it true? The next cell nudges single entries, as your `numeric_gradient` did in Lab 3, in a network of 4 units that
# reads three characters:

# %% demo=True
language.compare_slopes(through_time)

# %% [markdown]
# ### Why gradients explode
#
# On its way back, a gradient is multiplied by $\mathbf{W}_h$ once in each step. **Predict**: if each multiplication
# makes it 1.3 times as long, what is left of it after 30 steps? And with 0.8?

# %% demo=True
explorers.exploding(step)

# %% [markdown]
# $1.3^{30}$ is 2620, and $0.8^{30}$ is 0.0012. In the one case one early character may outweigh all others in a step,
# in the other the network never learns what happened long ago. tanh can only make slopes smaller: move the inputs'
# slider to see it work against the explosion, and make the vanishing worse. Our network begins with a $\mathbf{W}_h$
# of size 0.9, a rotation, but nothing keeps it there.

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# Your way back ends at the first state, and it knows how much the loss depends on it. Write
# `state_slope(inputs, targets, h, parameters)`, which returns that slope, of the shape of `h`. You are right if these
# lines raise no error:
#
# ```python
# small = {name: array.astype(float) for name, array in language.start_parameters(5, 3).items()}
# x, y, h = np.array([[0, 3, 1]]), np.array([[3, 1, 4]]), np.array([[0.2, -0.4, 0.1]])
# losses = [[through_time(x, y, h + nudge * d, small)[0] for nudge in (1e-5, -1e-5)] for d in np.eye(3)]
# assert np.allclose(state_slope(x, y, h, small), [[(up - down) / 2e-5 for up, down in losses]], atol=1e-7)
# ```
#
# </details>

# %% [markdown]
# ---
#
# **A good place to stop.** Your gradients go back through time. Save, and go on another day.
#
# ---

# %% [markdown]
# # Third sitting: training and listening
#
# In a new kernel, choose *Run All* first, or run the cells above once more.

# %% [markdown]
# ## Exercise 10: `clip` (NumPy, 1 point, 6 minutes, easy)
#
# Against the explosion there is a simple cure, which you may have met at the end of Lab 3: **clipping**. Take all
# gradients together as one long arrow. If it is longer than `limit`, shorten it to that length. It must go on
# pointing in the same direction, so all arrays shrink by one and the same factor.
#
# It is a seat belt: in your training below the limit is 1 and no gradient is longer than 0.8, so it never acts.


# %% solution="clip"
def clip(gradients: dict[str, np.ndarray], limit: float) -> dict[str, np.ndarray]:
    """Return the gradients by their names, together shortened to the length limit where they are longer.

    Args:
        gradients: arrays of any shapes; all of them may be 0.
        limit: the largest length of all entries taken together.
    """
    ### BEGIN SOLUTION
    # One length and one factor for all arrays keep the direction.
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))
    factor = limit / norm if norm > limit else 1.0
    return {name: factor * gradient for name, gradient in gradients.items()}
    ### END SOLUTION


# %% tests="clip" points=1
check("clip")
### BEGIN HIDDEN TESTS
grade("clip")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>What is the length of several arrays?</summary>
#
# The root of the sum of the squares of all their entries. `gradients.values()` are the arrays.
#
# </details>
#
# <details>
# <summary>The check finds NaN, or short gradients grow</summary>
#
# Only what is longer than `limit` is shortened. Everything else stays as it is, also where all entries are 0 and there
# is no length to divide by.
#
# </details>

# %% [markdown]
# ## Exercise 11: `train` (NumPy, 2 points, 9 minutes, medium)
#
# All pieces are there; put them in a row. For each batch of windows: slopes, clipped, and one step. Each window
# begins without a past, so its first state is 0. (That is not quite true of windows from the middle of a tune, and it
# costs little.)
#
# How the step is taken is not the loop's business: `update(parameters, gradients)` returns the parameters after it.
# Here it will be Adam, as you built it in Lab 3, with a rate that falls to 0.


# %% solution="train"
def train(
    batches, parameters: dict[str, np.ndarray], update, limit: float
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Return (parameters, losses) after one step for each batch; the losses are those before each step.

    Args:
        batches: pairs (inputs, targets) of windows, each of shape (n, length); n may differ.
        parameters: where the training starts; leave these arrays as they are.
        update: function (parameters, gradients) that returns new parameters, by their names.
        limit: the largest length of all gradients of a step together.
    """
    ### BEGIN SOLUTION
    # What `update` returns is where the next batch begins. The state's type is that of the parameters, so that float32
    # stays float32.
    losses = []
    for characters, ahead in batches:
        h = np.zeros((len(characters), len(parameters["Wh"])), dtype=parameters["Wh"].dtype)
        loss, gradients = through_time(characters, ahead, h, parameters)
        parameters = update(parameters, clip(gradients, limit))
        losses.append(loss)
    return parameters, losses
    ### END SOLUTION


# %% tests="train" points=2
check("train")
### BEGIN HIDDEN TESTS
grade("train")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>Two shapes do not fit</summary>
#
# The first state needs a row for each window of *this* batch, `len(inputs)`, and a column for each unit,
# `len(parameters["Wh"])`.
#
# </details>
#
# <details>
# <summary>The loss does not fall</summary>
#
# Does each step begin where the last one ended? `parameters = update(parameters, ...)`.
#
# </details>

# %% [markdown]
# Now let it learn: 64 units, 1500 batches of 32 windows with 32 characters each. It takes 5 to 25 seconds, as busy
# as the machine is.

# %% demo=True
inputs, targets = language.cut(windows, sequences)
batches = language.batches(inputs, targets)
trained = explorers.watch_language(
    train,
    start,
    batches,
    language.Adam(),
    lambda parameters: language.held_out_bits(unroll, temper, parameters, held_sequences),
    lines,
)

# %% [markdown]
# About 2.1 bits, where the table stood at 3.37 and the grammar at 1.17: more than half of what the table could not
# know has been learned, with 8675 numbers. The tunes that it was trained on cost it a little less, about 1.98: it
# begins to know them by heart. And the curve is flat by now; twice as many steps would gain it a hundredth of a bit.
#
# What it expects, as the tune grows. Move the slider: where is it sure? Look at the bar lines, which the table of pairs
# cannot foresee: the network has counted the notes.

# %% demo=True
explorers.next_character(unroll, temper, trained, letters, held_out[0])

# %% [markdown]
# And its memory. Each row below is one of the 64 units while it reads the same tune. Nobody told them what to keep,
# and hardly one keeps a thing that has a name. The place in the bar, the header: such memories are spread over many
# units, and each unit holds a little of several.

# %% demo=True
explorers.hidden_units(unroll, trained, letters, held_out[0])

# %% [markdown]
# ## Exercise 12: `generate` (NumPy, 2 points, 13 minutes, medium)
#
# The last step: let it write. First it reads the end sign, after which a tune begins, and then a **prime**, the
# beginning that you choose; both only to bring the state to where it should be, which is called *warming up*. From
# there on, draw a character by your `temper` and `draw`, read it, and go on, until the end sign is drawn or `limit`
# characters are written.


# %% solution="generate"
def generate(
    parameters: dict[str, np.ndarray],
    letters: list[str],
    prime: str,
    temperature: float,
    rng: np.random.Generator,
    limit: int,
) -> str:
    """Return a tune: the prime, and what the network writes behind it, without any end sign.

    Args:
        letters: all characters, END among them, in the order of their numbers.
        prime: the beginning, which may be empty.
        temperature: of the draws.
        rng: for `draw`.
        limit: the most characters behind the prime.
    """
    ### BEGIN SOLUTION
    # Reading is one step for each character, whoever wrote it: the prime's first, then each one that was drawn.
    h = np.zeros((1, len(parameters["Wh"])))
    for number in encode(END + prime, letters):
        h = step(np.array([number]), h, parameters)
    text = prime
    for _ in range(limit):
        logits = h @ parameters["Wy"] + parameters["by"]
        number = draw(temper(logits[0], temperature), rng)
        if letters[number] == END:
            break
        text += letters[number]
        h = step(np.array([number]), h, parameters)
    return text
    ### END SOLUTION


# %% tests="generate" points=2
check("generate")
### BEGIN HIDDEN TESTS
grade("generate")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>The tune does not depend on the prime</summary>
#
# Read all of it before the first draw: one `step` for each character of `END + prime`, each from the state of the one
# before.
#
# </details>
#
# <details>
# <summary>It writes the same character again and again</summary>
#
# A character that was drawn must also be read: without a new state the next draw has the same probabilities.
#
# </details>
#
# <details>
# <summary>How do I take a step with a single text?</summary>
#
# As a batch of one: `h` has shape `(1, units)`, and the character is `np.array([number])`. The logits have shape
# `(1, size)` then: give `draw` row 0.
#
# </details>

# %% [markdown]
# Listen. Run it again with another seed, another prime, another temperature. What is right by now, and what is still
# missing?

# %% demo=True
language.perform(generate, trained, letters, prime="M:6/8\nK:D\n|:", temperature=0.7, seed=1)

# %% [markdown]
# How many bars add up to their metre? Twenty tunes each, at temperature 1:

# %% demo=True
shares = language.compare_bars(generate, temper, draw, trained, table, letters)

# %% [markdown]
# About half of the network's bars add up, and one in ten of the table's. In the tune that you have heard it may have
# been nearly all: a temperature of 0.7 keeps it from wandering off, and with `M:4/4` it does so more often than with
# `M:6/8`. Most of the other bars are full, too, but of the other metre: by then it has forgotten the header. Notes are
# spelt right nearly always; the header itself, where it writes one without a prime, is wrong in one tune of four at
# temperature 1. And the melody moves in steps and small leaps, as the tunes do.
#
# What no listener would miss: the second half does not remember the first, though a folk tune repeats itself bar for
# bar; and most of the network's tunes never end, since it cannot count to eight bars. Its memory is short: what it read
# more than about a dozen characters ago no longer matters. For what is left, from 2.1 bits down to 1.17, it needs a
# better one.

# %% [markdown]
# <details>
# <summary>Harder, if you like (not graded)</summary>
#
# At temperature 1 an unlikely character comes now and then, and spoils a tune. Write `top(p, k)`, which keeps the `k`
# likeliest characters, gives the others 0, and makes the rest sum to 1 again. You are right if these lines raise no
# error:
#
# ```python
# p = np.array([0.1, 0.4, 0.2, 0.3])
# assert np.allclose(top(p, 2), [0, 4 / 7, 0, 3 / 7]) and np.allclose(top(p, 4), p)
# assert np.allclose(p, [0.1, 0.4, 0.2, 0.3])
# ```
#
# Use it before `draw` in your `generate`. Which `k` sounds best? How many bits does it need on held-out tunes?
#
# </details>

# %% [markdown]
# ## Quiz (not graded, 6 minutes)
#
# Five questions, for yourself. Click an answer below the question: it is explained at once, and you may try the
# others too. In Colab, or where nothing can be clicked, write a letter into the call instead, such as `ask(1, "B")`,
# and run the cell. Such a letter also stays when you run the whole lab again.

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
# ## You have ...
#
# - measured what a model knows of a language, against the best that anybody can know;
# - drawn by chance, with a temperature, and heard what it does;
# - caught a model that saw the answers;
# - built a recurrent network, sent gradients back through time, and clipped them;
# - trained it in NumPy, and played what it wrote.
#
# Where do you stand?

# %% demo=True
progress()

# %% [markdown]
# **Next: Lab 5b** builds such a network from a framework's layers, with a memory that lasts longer, and asks how sure a
# comparison of two models is and whether a model has learned by heart.
