# Known right and known wrong answers to the chapter quiz; see those of Lab 1.

# %% right="foundations_quiz" name="letters"
answer_q1 = "C"
answer_q2 = "A"
answer_q3 = "D"
answer_q4 = "B"
answer_q5 = "A"
answer_q6 = "D"
answer_q7 = "B"
answer_q8 = "C"
answer_q9 = "D"
answer_q10 = "B"

# %% right="foundations_quiz" name="small_letters"
answer_q1 = "c"
answer_q2 = "a"
answer_q3 = "d"
answer_q4 = "b"
answer_q5 = "a"
answer_q6 = "d"
answer_q7 = "b"
answer_q8 = "c"
answer_q9 = "d"
answer_q10 = "b"

# %% right="foundations_quiz" name="with_brackets_and_spaces"
answer_q1 = "(C)"
answer_q2 = " A "
answer_q3 = "D"
answer_q4 = "B."
answer_q5 = "A)"
answer_q6 = "(D)"
answer_q7 = " B "
answer_q8 = "C"
answer_q9 = "D."
answer_q10 = "B)"

# %% wrong="foundations_quiz" name="constant" mistake="q1_A"

# %% wrong="foundations_quiz" name="all_b" mistake="q1_B" visible=False
answer_q1 = "B"
answer_q2 = "B"
answer_q3 = "B"
answer_q4 = "B"
answer_q5 = "B"
answer_q6 = "B"
answer_q7 = "B"
answer_q8 = "B"
answer_q9 = "B"
answer_q10 = "B"

# %% wrong="foundations_quiz" name="all_c" mistake="q2_C" visible=False
answer_q1 = "C"
answer_q2 = "C"
answer_q3 = "C"
answer_q4 = "C"
answer_q5 = "C"
answer_q6 = "C"
answer_q7 = "C"
answer_q8 = "C"
answer_q9 = "C"
answer_q10 = "C"

# %% wrong="foundations_quiz" name="all_d" mistake="q1_D" visible=False
answer_q1 = "D"
answer_q2 = "D"
answer_q3 = "D"
answer_q4 = "D"
answer_q5 = "D"
answer_q6 = "D"
answer_q7 = "D"
answer_q8 = "D"
answer_q9 = "D"
answer_q10 = "D"

# %% wrong="foundations_quiz" name="hard_coded" mistake="q1_A"

# %% wrong="foundations_quiz" name="nine_parameters" of="letters" mistake="q1_A" visible=False
# answer_q1 = "C" -> answer_q1 = "A"

# %% wrong="foundations_quiz" name="no_biases" of="letters" mistake="q2_B" visible=False
# answer_q2 = "A" -> answer_q2 = "B"

# %% wrong="foundations_quiz" name="all_grow" of="letters" mistake="q3_B" visible=False
# answer_q3 = "D" -> answer_q3 = "B"

# %% wrong="foundations_quiz" name="shared_gradient" of="letters" mistake="q4_D" visible=False
# answer_q4 = "B" -> answer_q4 = "D"

# %% wrong="foundations_quiz" name="one_minus_p" of="letters" mistake="q5_B" visible=False
# answer_q5 = "A" -> answer_q5 = "B"

# %% wrong="foundations_quiz" name="uphill" of="letters" mistake="q6_A" visible=False
# answer_q6 = "D" -> answer_q6 = "A"

# %% wrong="foundations_quiz" name="same_order" of="letters" mistake="q7_C" visible=False
# answer_q7 = "B" -> answer_q7 = "C"

# %% wrong="foundations_quiz" name="smaller_batches" of="letters" mistake="q8_A" visible=False
# answer_q8 = "C" -> answer_q8 = "A"

# %% wrong="foundations_quiz" name="last_weights" of="letters" mistake="q9_A" visible=False
# answer_q9 = "D" -> answer_q9 = "A"

# %% wrong="foundations_quiz" name="least_dropout" of="letters" mistake="q10_A" visible=False
# answer_q10 = "B" -> answer_q10 = "A"

# %% wrong="foundations_quiz" name="numbers"
answer_q1 = 3
answer_q2 = 1
answer_q3 = 4
answer_q4 = 2
answer_q5 = 1
answer_q6 = 4
answer_q7 = 2
answer_q8 = 3
answer_q9 = 4
answer_q10 = 2

# %% wrong="foundations_quiz" name="one_left_out" of="letters"
# answer_q10 = "B" -> answer_q10 = ...

# %% wrong="foundations_quiz" name="no_such_letter" of="letters"
# answer_q1 = "C" -> answer_q1 = "E"
