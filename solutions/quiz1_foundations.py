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
# # Chapter quiz: Foundations
#
# Twenty questions on Labs 1 to 4: perceptrons and networks, activations, gradient descent, overfitting and dropout.
#
# **Time:** about 35 minutes. **You need** what you learned in the four labs, and paper and pencil for a little
# arithmetic. Do look things up in the labs, or try them out in a cell of your own.
#
# Unlike the quizzes in the labs, this one is graded. Each question has one right answer. Write its letter into the cell
# below the question, in quotes: `"A"`. The check at the end tells you whether all questions are answered. After grading
# you learn of each answer why it is right or wrong.

# %%
from course_utils import check, explorers, progress, setup

setup("quiz1_foundations")

# %% [markdown]
# ## Twenty questions (20 points, 35 minutes)

# %% [markdown]
# **Question 1.** In which panel can a single neuron be right about every point?

# %% demo=True
explorers.question_figure("four_sets")

# %% [markdown]
# - **A.** Panel A
# - **B.** Panel B
# - **C.** Panel C
# - **D.** Panel D

# %% solution="foundations_quiz_q1"
answer_q1 = (
    ### BEGIN SOLUTION
    "D"
    ### END SOLUTION
)

# %% [markdown]
# **Question 2.** With this loop a perceptron learns OR from the four corners of the square, and never gets through an
# epoch without a mistake, although a line parts OR. Which change mends it?
#
# ```python
# for x, y in samples:
#     y_hat = int(w @ x + b > 0)
#     w = w + rate * (y - y_hat) * x
#     b = b + rate * (y_hat - y)
# ```
#
# - **A.** `w = w - rate * (y - y_hat) * x`
# - **B.** `b = b + rate * (y - y_hat)`
# - **C.** `y_hat = int(w @ x + b >= 0)`
# - **D.** `b = b + rate * (y - y_hat) * x`

# %% solution="foundations_quiz_q2"
answer_q2 = (
    ### BEGIN SOLUTION
    "B"
    ### END SOLUTION
)

# %% [markdown]
# **Question 3.** A network of dense layers has 10 inputs, two hidden layers of 4 units each, and 1 output. How many
# parameters does it have?
#
# - **A.** 60
# - **B.** 64
# - **C.** 69
# - **D.** 79

# %% solution="foundations_quiz_q3"
answer_q3 = (
    ### BEGIN SOLUTION
    "C"
    ### END SOLUTION
)

# %% [markdown]
# **Question 4.** This network of sigmoid units computes XOR: its hidden units are OR and NAND. Somebody changes `b2` to
# -10. What does it now answer, rounded, for (0, 0), (0, 1), (1, 0) and (1, 1)?
#
# ```python
# W1, b1 = np.array([[20, -20], [20, -20]]), np.array([-10, 30])
# W2, b2 = np.array([20, 20]), -30
# output = sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2)
# ```
#
# - **A.** 0, 1, 1, 0
# - **B.** 1, 0, 0, 1
# - **C.** 0, 1, 1, 1
# - **D.** 1, 1, 1, 1

# %% solution="foundations_quiz_q4"
answer_q4 = (
    ### BEGIN SOLUTION
    "D"
    ### END SOLUTION
)

# %% [markdown]
# **Question 5.** The figure shows the size of the gradient at each of the 20 layers of a network, at the start of its
# training: before one change, and after it. Which change was it?

# %% demo=True
explorers.question_figure("two_stacks")

# %% [markdown]
# - **A.** ReLUs in place of sigmoids, with weights scaled for them
# - **B.** A learning rate that is ten times as large, in all layers
# - **C.** The same sigmoids, with weights that are half as large
# - **D.** Batches ten times as large, for gradients with less noise

# %% solution="foundations_quiz_q5"
answer_q5 = (
    ### BEGIN SOLUTION
    "A"
    ### END SOLUTION
)

# %% [markdown]
# **Question 6.** `W1` has the shape (2, 16), `W2` (16, 16) and `W3` (16, 1). How many hidden layers does this network
# have in effect?
#
# ```python
# h = relu(x @ W1 + b1)
# h = h @ W2 + b2
# y = h @ W3 + b3
# ```
#
# - **A.** Two: of three matrices, the last one is the output
# - **B.** One: the second and the third matrix act as one
# - **C.** None: with no activation at the end, all is linear
# - **D.** Three: each matrix with its bias makes a layer

# %% solution="foundations_quiz_q6"
answer_q6 = (
    ### BEGIN SOLUTION
    "B"
    ### END SOLUTION
)

# %% [markdown]
# **Question 7.** The softmax of the logits (2, 0, -1) is (0.84, 0.11, 0.04). What is the softmax of (7, 5, 4)?
#
# - **A.** (0.84, 0.11, 0.04)
# - **B.** (0.44, 0.31, 0.25)
# - **C.** (0.99, 0.01, 0.00)
# - **D.** (0.63, 0.23, 0.14)

# %% solution="foundations_quiz_q7"
answer_q7 = (
    ### BEGIN SOLUTION
    "A"
    ### END SOLUTION
)

# %% [markdown]
# **Question 8.** Two samples, both of class 0, get these probabilities for the classes 0, 1 and 2. How large is their
# mean cross-entropy?
#
# ```python
# p = np.array([[0.70, 0.20, 0.10], [0.01, 0.98, 0.01]])
# ```
#
# - **A.** 0.36
# - **B.** 0.65
# - **C.** 2.48
# - **D.** 1.04

# %% solution="foundations_quiz_q8"
answer_q8 = (
    ### BEGIN SOLUTION
    "C"
    ### END SOLUTION
)

# %% [markdown]
# **Question 9.** A sigmoid neuron answers $p = 0.0001$, and the label is $y = 1$. About how large is the gradient of
# the loss for its sum $z$: first for the squared error $(p - y)^2$, then for binary cross-entropy?
#
# - **A.** -2 and -1
# - **B.** -0.0002 and -1
# - **C.** -0.0002 and -10 000
# - **D.** -0.0001 and -0.0001

# %% solution="foundations_quiz_q9"
answer_q9 = (
    ### BEGIN SOLUTION
    "B"
    ### END SOLUTION
)

# %% [markdown]
# **Question 10.** A sigmoid neuron with binary cross-entropy sees one sample: its inputs are (2, 0), its label is 1,
# its answer is 0.6. The learning rate is 0.5. What does one step of gradient descent do to the two weights?
#
# - **A.** The first shrinks by 0.4, the second stays.
# - **B.** Both grow by 0.2.
# - **C.** The first grows by 0.8, the second stays.
# - **D.** The first grows by 0.4, the second stays.

# %% solution="foundations_quiz_q10"
answer_q10 = (
    ### BEGIN SOLUTION
    "D"
    ### END SOLUTION
)

# %% [markdown]
# **Question 11.** The same line was fitted three times, from the same start and at the same rate: with batches of 1, of
# 4, and of all 64 samples. The figure shows the loss on all samples. Which curve belongs to which size?

# %% demo=True
explorers.question_figure("three_batches")

# %% [markdown]
# - **A.** 1: of 64, 2: of 4, 3: of 1
# - **B.** 1: of 1, 2: of 64, 3: of 4
# - **C.** 1: of 4, 2: of 64, 3: of 1
# - **D.** 1: of 1, 2: of 4, 3: of 64

# %% solution="foundations_quiz_q11"
answer_q11 = (
    ### BEGIN SOLUTION
    "C"
    ### END SOLUTION
)

# %% [markdown]
# **Question 12.** This loop prints the same loss in every epoch, to the last digit. The gradients are right. What is
# the reason?
#
# ```python
# for epoch in range(50):
#     p = forward(weights, X)
#     gradients = backprop(weights, X, y)
#     for w, gradient in zip(weights, gradients):
#         w = w - rate * gradient
#     print(bce(p, y))
# ```
#
# - **A.** `p` is computed before the step, so it is one step late
# - **B.** The step should add `rate * gradient` to each weight
# - **C.** `w` becomes another array, and `weights` stays as it is
# - **D.** `zip` joins each weight with the gradient of another

# %% solution="foundations_quiz_q12"
answer_q12 = (
    ### BEGIN SOLUTION
    "C"
    ### END SOLUTION
)

# %% [markdown]
# **Question 13.** Two walks go down the same long and narrow bowl at the same rate: one by plain gradient descent, one
# with momentum 0.9. Which is which?

# %% demo=True
explorers.question_figure("two_walks")

# %% [markdown]
# - **A.** 1 has momentum: it runs past the bottom and comes back.
# - **B.** 1 is plain: having no memory, it is thrown to and fro.
# - **C.** 2 has momentum: its memory makes every step the same.
# - **D.** It cannot be told: at the same rate both steps are equal.

# %% solution="foundations_quiz_q13"
answer_q13 = (
    ### BEGIN SOLUTION
    "A"
    ### END SOLUTION
)

# %% [markdown]
# **Question 14.** Adam takes its very first step, with the learning rate 0.001. The gradients of two parameters are 100
# and 0.01. About how far do the two move?
#
# - **A.** 0.1 and 0.000 01
# - **B.** 0.001 and 0.001
# - **C.** 0.001 and 0.000 000 1
# - **D.** 0.0032 and 0.0032

# %% solution="foundations_quiz_q14"
answer_q14 = (
    ### BEGIN SOLUTION
    "B"
    ### END SOLUTION
)

# %% [markdown]
# **Question 15.** A network has 3 inputs, 16 hidden units and 2 outputs. `hidden` is (64, 16), `W2` is (16, 2), and
# `delta`, the errors at the outputs, is (64, 2). Which product carries the errors back to the hidden units?
#
# - **A.** `hidden.T @ delta`
# - **B.** `delta @ W2`
# - **C.** `W2.T @ delta`
# - **D.** `delta @ W2.T`

# %% solution="foundations_quiz_q15"
answer_q15 = (
    ### BEGIN SOLUTION
    "D"
    ### END SOLUTION
)

# %% [markdown]
# **Question 16.** Four trainings of different networks. In which panel would early stopping have helped the most?

# %% demo=True
explorers.question_figure("four_trainings")

# %% [markdown]
# - **A.** Panel A
# - **B.** Panel B
# - **C.** Panel C
# - **D.** Panel D

# %% solution="foundations_quiz_q16"
answer_q16 = (
    ### BEGIN SOLUTION
    "C"
    ### END SOLUTION
)

# %% [markdown]
# **Question 17.** Early stopping ends a training as soon as 3 epochs in a row have brought no new lowest validation
# loss. These are the losses of epochs 1 to 9, if nothing stops it. When does it stop, and with which weights?
#
# ```python
# [0.90, 0.70, 0.62, 0.65, 0.61, 0.63, 0.64, 0.66, 0.60]
# ```
#
# - **A.** After epoch 8, with the weights of epoch 5
# - **B.** After epoch 7, with the weights of epoch 5
# - **C.** After epoch 8, with the weights of epoch 8
# - **D.** After epoch 9, with the weights of epoch 9

# %% solution="foundations_quiz_q17"
answer_q17 = (
    ### BEGIN SOLUTION
    "A"
    ### END SOLUTION
)

# %% [markdown]
# **Question 18.** There are 1000 images, and each is joined by four copies of itself, shifted a little. A network
# trained on `training` is right on 98 % of `validation`, but only on 82 % of images that are collected in the same way
# a week later. Why?
#
# ```python
# images, labels = with_shifted_copies(images, labels)
# training, validation = split(images, labels, (0.8, 0.2))
# ```
#
# - **A.** The network underfits: it needs more hidden units.
# - **B.** The validation part has copies of training images.
# - **C.** The shifts have moved the images from their labels.
# - **D.** The validation part is too small to be relied upon.

# %% solution="foundations_quiz_q18"
answer_q18 = (
    ### BEGIN SOLUTION
    "B"
    ### END SOLUTION
)

# %% [markdown]
# **Question 19.** In this network the argument `training` is never used. What happens when the network is measured,
# with `training=False`?
#
# ```python
# def forward(x, training):
#     h = relu(x @ W1 + b1)
#     mask = rng.random(h.shape) >= p
#     return (h * mask / (1 - p)) @ W2 + b2
# ```
#
# - **A.** All outputs are too small by the factor `1 - p`.
# - **B.** Nothing, since the division keeps the mean.
# - **C.** The weights change a little with each call.
# - **D.** Two calls with the same images do not agree.

# %% solution="foundations_quiz_q19"
answer_q19 = (
    ### BEGIN SOLUTION
    "D"
    ### END SOLUTION
)

# %% [markdown]
# **Question 20.** The loss does not depend on a weight `w` at all, so that its gradient `g` is 0. The weight starts at
# 2. Where is it after 20 such steps, with an L2 penalty of strength 0.5?
#
# ```python
# w = w - 0.1 * (g + 0.5 * w)
# ```
#
# - **A.** About 0.72
# - **B.** Exactly 0.00
# - **C.** About 1.90
# - **D.** Exactly 2.00

# %% solution="foundations_quiz_q20"
answer_q20 = (
    ### BEGIN SOLUTION
    "A"
    ### END SOLUTION
)

# %% tests="foundations_quiz" points=20
check("foundations_quiz")
### BEGIN HIDDEN TESTS
grade("foundations_quiz")
### END HIDDEN TESTS

# %% [markdown]
# ## You have ...
#
# - gone all the way from one neuron to networks that learn, and that are honest about what they have learned.
#
# Where do you stand?

# %% demo=True
progress()

# %% [markdown]
# **This is the end of the chapter.** You have built, by hand, what the libraries do for you. Whatever network you meet
# from here on, however large, is made of these parts.
#
# **Next: Lab 5a**, where a network reads folk tunes, and writes new ones.
