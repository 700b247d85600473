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
# # Lab 0: Welcome
#
# In a few minutes you will know what deep learning is, that your computer is ready for it, and how these labs work.
# Nothing here is graded, and nothing can break.
#
# Click into the next cell and press Shift + Enter: that runs it and moves on. The first one looks at your computer and
# says which versions it found. The second one shows a network that learns to tell two kinds of dots apart.

# %%
import numpy as np

from course_utils import check, explorers, progress, setup

setup("lab0_welcome", whole_course=True)

# %% demo=True
explorers.opening()

# %% [markdown]
# **You will**
#
# - learn what deep learning is, what it is good at, and what is hard about it;
# - see that everything you need is installed;
# - solve a first small exercise, and turn its check green.
#
# **Time:** about 12 minutes. **You need** some Python. That is all.

# %% [markdown]
# ## What is deep learning?
#
# A program used to be a list of rules that somebody wrote down. For many tasks nobody can. You recognise a friend in a
# crowd at once, but you could not say by which rules. **Machine learning** turns the task around: you show examples,
# and the computer finds the rule.
#
# | | you give | you get |
# | --- | --- | --- |
# | programming | rules and inputs | answers |
# | machine learning | inputs and answers: examples | the rule |
#
# **Deep learning** is machine learning with a **neural network**, as in the picture above: many small, simple units in
# layers. Each layer works on what the layer before it has found. In a network that looks at photos, the first layers
# typically respond to edges, later ones to textures and shapes, the last ones to faces or wheels. Nobody told them to.
# *Deep* only means: many layers. In the picture each line is a number, thicker the farther it is from zero, and to
# learn means to change these numbers. (Lab 1 says what $W_1$ and $W_2$ above them are.)

# %% [markdown]
# ## Why is it everywhere?
#
# - **Vision.** In 2012 a deep network entered a contest: tell 1000 kinds of things apart. For 15 % of the photos the
#   right name was not among its five guesses. The runner-up, without a deep network, missed 26 %. Soon everybody in the
#   field used deep networks.
# - **Speech.** At about the same time they replaced, within a few years, parts of speech recognition that experts had
#   tuned for decades.
# - **Language.** Networks that learn to predict the next word of a text turned out to translate, summarise and answer
#   questions.
# - **Recommendation.** What you are shown next in a shop, a film library or a news feed is mostly chosen by networks
#   that have learned from the choices of millions.
#
# Why only then? The ideas are old: the perceptron of Lab 1 is from 1958. What was new was *data*, which the internet
# supplied, *computing power*, from chips that were made for computer games, and free *software*, which you are about to
# use.
#
# ## And what is hard about it?
#
# - **Data.** A network can only be as good as its examples. If they are few, wrong or one-sided, so is what it learns.
# - **Compute.** The largest networks take months on thousands of chips, and the energy of a town. (Yours will take
#   seconds.)
# - **Interpretability.** A network is a long list of numbers. It is hard to say *why* it gave an answer, and a wrong
#   one can sound as sure as a right one.
# - **Overfitting.** It is easy to learn the examples by heart, and then to fail on everything else. Lab 4 is about
#   this.
#
# The best protection against all four is to understand what goes on inside. So you will build it yourself.

# %% [markdown]
# ## Is everything here?
#
# The first cell has told you what is installed. Let us ask for a little arithmetic, too: $1 \cdot 3 + 2 \cdot 4$.
# First in **NumPy**, the library for arrays of numbers that all labs use. Its sign `@` multiplies the numbers of two
# arrays in pairs and adds up the products. You should see `11.0`.

# %% demo=True
print(np.array([1.0, 2.0]) @ np.array([3.0, 4.0]))

# %% [markdown] framework="torch"
# Now in **PyTorch**, a library made for deep learning. It takes some seconds to start, once in each lab. You should
# see `tensor(11.)`.

# %% demo=True framework="torch"
from course_utils.frameworks import torch

print(torch.tensor([1.0, 2.0]) @ torch.tensor([3.0, 4.0]))

# %% [markdown] framework="tensorflow"
# And in **TensorFlow**, which was made for deep learning, too. It also takes some seconds to start. Its `@` needs
# tables of numbers, so here the products and their sum are spelled out. You should see `tf.Tensor(11.0, ...)`.

# %% demo=True framework="tensorflow"
from course_utils.frameworks import tf

print(tf.reduce_sum(tf.constant([1.0, 2.0]) * tf.constant([3.0, 4.0])))

# %% [markdown]
# If you see `(not installed)` instead, follow the course's README, or go on without it: the exercises that need it are
# then skipped.

# %% [markdown]
# ## How a lab works
#
# - **Cells.** A lab is a page of text and code. Run the code cells in order, from the top, with Shift + Enter. If you
#   have lost track, restart the kernel, which is the Python behind the page (in the menu), and run them all again.
# - **Stubs.** In an exercise, a part of the code is missing. Replace `...  # YOUR CODE HERE` by your own code; keep the
#   name of the function and its arguments.
# - **Checks.** The cell below an exercise checks your code and says what is right and what to look at next. Run it as
#   often as you like. Do not change or delete it.
# - **Hints.** Below the check are folded hints, titled by what you see. Open the one that fits.
# - **Figures.** Many figures are drawn by *your* code. They come to life once your function works; then move their
#   sliders.
# - **Submitting.** At the end of each lab, `progress()` shows where you stand and says how to hand in your work. It
#   may be unfinished: every exercise counts on its own.
#
# Try all of it now.

# %% [markdown]
# ## Exercise: `fahrenheit` (NumPy, not graded, 2 minutes)
#
# Here is a task for which the rule is known, so we need no learning: turn degrees Celsius into degrees Fahrenheit.
#
# $$F = 1.8 \, C + 32$$
#
# You get an array of temperatures. NumPy computes with all of them at once, so a single line without a loop will do.


# %% solution="fahrenheit"
def fahrenheit(celsius: np.ndarray) -> np.ndarray:
    """Return temperatures in degrees Fahrenheit.

    Args:
        celsius: temperatures in degrees Celsius, shape (n,).
    """
    ### BEGIN SOLUTION
    # NumPy applies `*` and `+` to every entry, so the formula for one temperature is the code for all of them.
    return 1.8 * celsius + 32
    ### END SOLUTION


# %% [markdown]
# Run the cell with your function, then the next one. A green edge and a tick mean that you are done. If you like, break
# your function first, and see what the check says: it recognises the usual mistakes.

# %% tests="fahrenheit" points=0
check("fahrenheit")
### BEGIN HIDDEN TESTS
grade("fahrenheit")
### END HIDDEN TESTS

# %% [markdown]
# <details>
# <summary>It still says "not finished"</summary>
#
# Have you run the cell with your function again, after you changed it? And does your line begin with `return`? `print`
# only shows a value; `return` hands it over.
#
# </details>
#
# <details>
# <summary>NameError: name 'np' is not defined</summary>
#
# The first code cell has not run yet. Run the cells from the top.
#
# </details>
#
# <details>
# <summary>It says "right shape, wrong values"</summary>
#
# Multiply first, then add. At 0 °C it is 32 °F, at 100 °C it is 212 °F.
#
# </details>

# %% [markdown]
# ### Your first figure
#
# It asks *your* function. Move the slider: at how many degrees Celsius do both scales show the same number? (The answer
# lies just outside the figure; follow the line.)

# %% demo=True
explorers.thermometer(fahrenheit)

# %% [markdown]
# <details>
# <summary>At how many?</summary>
#
# At $-40$: $1.8 \cdot (-40) + 32 = -40$.
#
# </details>

# %% [markdown]
# You knew this rule. Suppose that you did not, and had only a list of temperatures in both units. Could a program find
# the 1.8 and the 32 by itself, from examples alone? It can. That is what learning means in these labs, and in Lab 3 you
# will see how it is done.

# %% [markdown]
# ## You have ...
#
# - learned what deep learning is, where it is used, and what to be careful about;
# - seen that your computer is ready;
# - gone from a stub to a green check.

# %% demo=True
progress()

# %% [markdown]
# **Next: Lab 1.** Take one simple unit, with a handful of numbers inside, and ask what it can learn. It is called the
# **perceptron**, and all the rest is made of it.
