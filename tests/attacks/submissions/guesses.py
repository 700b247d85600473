# %% [markdown]
# Returns zeros, constants, NaN and random numbers of the right shapes.

# %% replace="neuron"
def neuron(x, w, b):
    return np.zeros(np.shape(x)[:-1])


# %% replace="perceptron_update"
def perceptron_update(x, y, w, b, learning_rate):
    return w, b


# %% replace="train_perceptron"
def train_perceptron(X, y, epochs, learning_rate):
    return np.zeros(X.shape[1]), 0.0, [0] * epochs


# %% replace="dense_numpy"
def dense(x, W, b):
    return np.full((len(x), len(b)), 0.5)


# %% replace="two_layer_numpy"
def two_layer(x, W1, b1, W2, b2):
    return np.full((len(x), len(b2)), np.nan)


# %% replace="deep_numpy"
def deep(x, weights, biases, task):
    return np.random.rand(len(x), len(biases[-1]))


# %% replace="count_parameters"
def count_parameters(widths):
    return np.nan
