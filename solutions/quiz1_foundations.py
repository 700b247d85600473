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
# Ten questions on Labs 1 to 4: perceptrons and networks, activations, gradient descent, overfitting and dropout.
#
# **Time:** about 15 minutes. **You need** what you learned in the four labs, and paper and pencil for a little
# arithmetic. Do look things up in the labs, or try them out in a cell of your own.
#
# Each question has one right answer. Write its letter into the cell below the question, in quotes: `"A"`. The check at
# the end tells you whether all questions are answered. After grading you learn which answers were right, and for each
# wrong one, why.

# %%
from course_utils import check, progress, setup

setup("quiz1_foundations")

# %% [markdown]
# ## Ten questions (10 points, 15 minutes)

# %% [markdown]
# **Question 1.** Why can a network with a hidden layer of two sigmoid units solve XOR, while a single neuron cannot?
#
# - **A.** It has nine parameters instead of three, and XOR needs at least nine.
# - **B.** A single neuron could do it as well, it only learns more slowly.
# - **C.** Each hidden unit draws a line of its own, and the output unit combines the two.
# - **D.** Its output is no longer limited to values between 0 and 1.

# %% solution="foundations_quiz_q1"
answer_q1 = (
    ### BEGIN SOLUTION
    "C"
    ### END SOLUTION
)

# %% [markdown]
# **Question 2.** A dense layer turns a batch of shape (32, 10) into one of shape (32, 4). How many parameters has the
# layer?
#
# - **A.** 44
# - **B.** 40
# - **C.** 1408
# - **D.** 50

# %% solution="foundations_quiz_q2"
answer_q2 = (
    ### BEGIN SOLUTION
    "A"
    ### END SOLUTION
)

# %% [markdown]
# **Question 3.** You add 5 to all logits of a sample. What happens to its softmax and to its cross-entropy?
#
# - **A.** The probabilities become more equal, and the loss comes closer to that of guessing.
# - **B.** All probabilities grow, and the loss shrinks.
# - **C.** The largest probability grows, the others shrink.
# - **D.** Both stay as they are.

# %% solution="foundations_quiz_q3"
answer_q3 = (
    ### BEGIN SOLUTION
    "D"
    ### END SOLUTION
)

# %% [markdown]
# **Question 4.** Why does the gradient vanish on its way back through a deep stack of sigmoid layers?
#
# - **A.** Each layer subtracts a little from it, until nothing is left.
# - **B.** Each layer multiplies it by the slope of its sigmoid, which is never above 0.25.
# - **C.** The first layers have smaller weights than the last ones.
# - **D.** All parameters share one gradient, and a deep network has many of them.

# %% solution="foundations_quiz_q4"
answer_q4 = (
    ### BEGIN SOLUTION
    "B"
    ### END SOLUTION
)

# %% [markdown]
# **Question 5.** A network gives the true class the probability 0.01 for one sample, and 0.5 for another. How large are
# their cross-entropy losses?
#
# - **A.** About 4.6 and 0.7
# - **B.** 0.99 and 0.5
# - **C.** 0.01 and 0.5
# - **D.** Both are the same, since neither probability is above 0.5.

# %% solution="foundations_quiz_q5"
answer_q5 = (
    ### BEGIN SOLUTION
    "A"
    ### END SOLUTION
)

# %% [markdown]
# **Question 6.** A sigmoid neuron with binary cross-entropy sees one sample: its inputs are (2, 0), its label is 1, the
# prediction is 0.6. The learning rate is 0.5. What does one step of gradient descent do to the two weights?
#
# - **A.** The first shrinks by 0.4, the second stays.
# - **B.** Both grow by 0.2.
# - **C.** The first grows by 0.8, the second stays.
# - **D.** The first grows by 0.4, the second stays.

# %% solution="foundations_quiz_q6"
answer_q6 = (
    ### BEGIN SOLUTION
    "D"
    ### END SOLUTION
)

# %% [markdown]
# **Question 7.** A training loop runs without an error, but its loss is exactly the same in every epoch, to the last
# digit. What is the likely reason?
#
# - **A.** The learning rate is too large.
# - **B.** The gradients are computed, but the step is never taken.
# - **C.** The samples come in the same order in every epoch.
# - **D.** The network overfits.

# %% solution="foundations_quiz_q7"
answer_q7 = (
    ### BEGIN SOLUTION
    "B"
    ### END SOLUTION
)

# %% [markdown]
# **Question 8.** Late in a training with mini-batches the loss trembles around the same value. What is most likely to
# calm it?
#
# - **A.** Smaller mini-batches.
# - **B.** A larger learning rate.
# - **C.** A learning rate that falls from now on.
# - **D.** Starting again with other random weights.

# %% solution="foundations_quiz_q8"
answer_q8 = (
    ### BEGIN SOLUTION
    "C"
    ### END SOLUTION
)

# %% [markdown]
# **Question 9.** Early stopping with a patience of 10 ends a training after epoch 63. Which weights do you keep?
#
# - **A.** Those of epoch 63, since they have learned the most.
# - **B.** Those of the epoch with the lowest training loss.
# - **C.** Those of the epoch with the lowest loss on the test part.
# - **D.** Those of the epoch with the lowest validation loss.

# %% solution="foundations_quiz_q9"
answer_q9 = (
    ### BEGIN SOLUTION
    "D"
    ### END SOLUTION
)

# %% [markdown]
# **Question 10.** A network is right on 99 % of the training images and on 71 % of the validation images. Which of
# these is *least* likely to help?
#
# - **A.** Dropout after the hidden layers.
# - **B.** More units in the hidden layers.
# - **C.** Showing shifted copies of the training images.
# - **D.** Stopping the training earlier.

# %% solution="foundations_quiz_q10"
answer_q10 = (
    ### BEGIN SOLUTION
    "B"
    ### END SOLUTION
)

# %% tests="foundations_quiz" points=10
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
