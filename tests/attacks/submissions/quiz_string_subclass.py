# %% [markdown] lab="quiz1_foundations"
# Answers the quiz with a string that pretends to equal every letter, or with HTML, which a finding might quote.

# %% solutions
class Every(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__

    def strip(self, *arguments):
        return self

    upper = __str__ = __getitem__ = strip


for number, each in enumerate(__NAMES__):
    globals()[each] = Every("A B C D") if number % 2 else "<script>alert('pwned-__TOKEN__')</script>"

# %% last
for each in __NAMES__[1::2]:
    globals()[each] = Every("ABCD")
