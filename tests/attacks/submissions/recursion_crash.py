# %% [markdown]
# Crashes the process by recursion without a limit, in a cell and in a test.

# %% first
import sys

sys.setrecursionlimit(10**9)


# %% replace="neuron"
def neuron(x, w, b):
    return neuron(x, w, b)


# %% replace="dense_numpy"
class Deep(list):
    pass


def dense(x, W, b):
    nested = []
    for _ in range(10**6):
        nested = [nested]
    return nested
