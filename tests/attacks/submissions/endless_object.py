# %% [markdown]
# Returns arrays, lists and numbers whose conversion never ends.

# %% replace="neuron"
import itertools


class Endless:
    def __len__(self):
        return 2**40

    def __getitem__(self, index):
        return 0.0

    def __array__(self, *arguments, **keywords):
        for _ in itertools.count():
            pass


def neuron(*arguments):
    return Endless()
