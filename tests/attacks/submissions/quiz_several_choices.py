# %% [markdown] lab="quiz1_foundations"
# Answers with several letters at once: lists, sets, text with separators and control characters, generators, one letter a read.

# %% solutions
from itertools import cycle


class Turns:
    letters = cycle("ABCD")

    def __str__(self):
        return next(self.letters)

    __repr__ = __str__

    def __len__(self):
        return 1


for number, each in enumerate(__NAMES__):
    globals()[each] = (
        ["A", "B", "C", "D"], {"A", "B", "C", "D"}, "A B C D", "A\nB\nC\nD", (letter for letter in "ABCD"), Turns(),
        b"ABCD", "A|B|C|D", "\u0391\u200b", "A\x08B\x08C\x08D")[number % 10]
