# Known right and known wrong answers to the chapter quiz; see those of Lab 1.

# %% right="foundations_quiz" name="letters"
answer_q1 = "D"
answer_q2 = "B"
answer_q3 = "C"
answer_q4 = "D"
answer_q5 = "A"
answer_q6 = "B"
answer_q7 = "A"
answer_q8 = "C"
answer_q9 = "B"
answer_q10 = "D"
answer_q11 = "C"
answer_q12 = "C"
answer_q13 = "A"
answer_q14 = "B"
answer_q15 = "D"
answer_q16 = "C"
answer_q17 = "A"
answer_q18 = "B"
answer_q19 = "D"
answer_q20 = "A"

# %% right="foundations_quiz" name="small_letters"
answer_q1 = "d"
answer_q2 = "b"
answer_q3 = "c"
answer_q4 = "d"
answer_q5 = "a"
answer_q6 = "b"
answer_q7 = "a"
answer_q8 = "c"
answer_q9 = "b"
answer_q10 = "d"
answer_q11 = "c"
answer_q12 = "c"
answer_q13 = "a"
answer_q14 = "b"
answer_q15 = "d"
answer_q16 = "c"
answer_q17 = "a"
answer_q18 = "b"
answer_q19 = "d"
answer_q20 = "a"

# %% right="foundations_quiz" name="with_brackets_and_spaces"
answer_q1 = "(D)"
answer_q2 = " B"
answer_q3 = "C."
answer_q4 = "D)"
answer_q5 = " a "
answer_q6 = "(B)"
answer_q7 = " A"
answer_q8 = "C."
answer_q9 = "B)"
answer_q10 = " d "
answer_q11 = "(C)"
answer_q12 = " C"
answer_q13 = "A."
answer_q14 = "B)"
answer_q15 = " d "
answer_q16 = "(C)"
answer_q17 = " A"
answer_q18 = "B."
answer_q19 = "D)"
answer_q20 = " a "

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
answer_q11 = "B"
answer_q12 = "B"
answer_q13 = "B"
answer_q14 = "B"
answer_q15 = "B"
answer_q16 = "B"
answer_q17 = "B"
answer_q18 = "B"
answer_q19 = "B"
answer_q20 = "B"

# %% wrong="foundations_quiz" name="all_c" mistake="q1_C" visible=False
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
answer_q11 = "C"
answer_q12 = "C"
answer_q13 = "C"
answer_q14 = "C"
answer_q15 = "C"
answer_q16 = "C"
answer_q17 = "C"
answer_q18 = "C"
answer_q19 = "C"
answer_q20 = "C"

# %% wrong="foundations_quiz" name="all_d" mistake="q2_D" visible=False
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
answer_q11 = "D"
answer_q12 = "D"
answer_q13 = "D"
answer_q14 = "D"
answer_q15 = "D"
answer_q16 = "D"
answer_q17 = "D"
answer_q18 = "D"
answer_q19 = "D"
answer_q20 = "D"

# %% wrong="foundations_quiz" name="hard_coded" mistake="q1_A"

# %% wrong="foundations_quiz" name="q1_b" of="letters" mistake="q1_B" visible=False
# answer_q1 = "D" -> answer_q1 = "B"

# %% wrong="foundations_quiz" name="q2_c" of="letters" mistake="q2_C" visible=False
# answer_q2 = "B" -> answer_q2 = "C"

# %% wrong="foundations_quiz" name="q3_d" of="letters" mistake="q3_D" visible=False
# answer_q3 = "C" -> answer_q3 = "D"

# %% wrong="foundations_quiz" name="q4_a" of="letters" mistake="q4_A" visible=False
# answer_q4 = "D" -> answer_q4 = "A"

# %% wrong="foundations_quiz" name="q5_b" of="letters" mistake="q5_B" visible=False
# answer_q5 = "A" -> answer_q5 = "B"

# %% wrong="foundations_quiz" name="q6_c" of="letters" mistake="q6_C" visible=False
# answer_q6 = "B" -> answer_q6 = "C"

# %% wrong="foundations_quiz" name="q7_d" of="letters" mistake="q7_D" visible=False
# answer_q7 = "A" -> answer_q7 = "D"

# %% wrong="foundations_quiz" name="q8_a" of="letters" mistake="q8_A" visible=False
# answer_q8 = "C" -> answer_q8 = "A"

# %% wrong="foundations_quiz" name="q9_c" of="letters" mistake="q9_C" visible=False
# answer_q9 = "B" -> answer_q9 = "C"

# %% wrong="foundations_quiz" name="q10_c" of="letters" mistake="q10_C" visible=False
# answer_q10 = "D" -> answer_q10 = "C"

# %% wrong="foundations_quiz" name="q11_d" of="letters" mistake="q11_D" visible=False
# answer_q11 = "C" -> answer_q11 = "D"

# %% wrong="foundations_quiz" name="q12_a" of="letters" mistake="q12_A" visible=False
# answer_q12 = "C" -> answer_q12 = "A"

# %% wrong="foundations_quiz" name="q13_b" of="letters" mistake="q13_B" visible=False
# answer_q13 = "A" -> answer_q13 = "B"

# %% wrong="foundations_quiz" name="q14_c" of="letters" mistake="q14_C" visible=False
# answer_q14 = "B" -> answer_q14 = "C"

# %% wrong="foundations_quiz" name="q15_a" of="letters" mistake="q15_A" visible=False
# answer_q15 = "D" -> answer_q15 = "A"

# %% wrong="foundations_quiz" name="q16_a" of="letters" mistake="q16_A" visible=False
# answer_q16 = "C" -> answer_q16 = "A"

# %% wrong="foundations_quiz" name="q17_b" of="letters" mistake="q17_B" visible=False
# answer_q17 = "A" -> answer_q17 = "B"

# %% wrong="foundations_quiz" name="q18_c" of="letters" mistake="q18_C" visible=False
# answer_q18 = "B" -> answer_q18 = "C"

# %% wrong="foundations_quiz" name="q19_a" of="letters" mistake="q19_A" visible=False
# answer_q19 = "D" -> answer_q19 = "A"

# %% wrong="foundations_quiz" name="q20_b" of="letters" mistake="q20_B" visible=False
# answer_q20 = "A" -> answer_q20 = "B"

# %% wrong="foundations_quiz" name="numbers"
answer_q1 = 4
answer_q2 = 2
answer_q3 = 3
answer_q4 = 4
answer_q5 = 1
answer_q6 = 2
answer_q7 = 1
answer_q8 = 3
answer_q9 = 2
answer_q10 = 4
answer_q11 = 3
answer_q12 = 3
answer_q13 = 1
answer_q14 = 2
answer_q15 = 4
answer_q16 = 3
answer_q17 = 1
answer_q18 = 2
answer_q19 = 4
answer_q20 = 1

# %% wrong="foundations_quiz" name="one_left_out" of="letters"
# answer_q20 = "A" -> answer_q20 = ""

# %% wrong="foundations_quiz" name="no_such_letter" of="letters"
# answer_q3 = "C" -> answer_q3 = "E"
