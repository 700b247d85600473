# %% [markdown]
# Remembers the hidden inputs with which its functions are called, and prints them in a later cell.

# %% replace="neuron"
seen = []


def neuron(x, w, b):
    seen.append([*np.ravel(x), *np.ravel(w)])
    return np.zeros(np.shape(x)[:-1])


# %% replace="dense_numpy"
def dense(x, W, b):
    seen.append([*np.ravel(x), *np.ravel(W)])
    return np.zeros((len(x), len(b)))


# %% last
for each in seen:
    print(", ".join(f"{number:.2f}" for number in each))
