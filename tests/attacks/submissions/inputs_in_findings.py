# %% [markdown]
# Puts the hidden inputs into error messages, type names and source lines, which findings may quote.

# %% replace="neuron"
import linecache


def neuron(x, w, b):
    text = " ".join(f"{number:.2f}" for number in [*np.ravel(x), *np.ravel(w)])
    code = compile("raise type(text, (ValueError,), {})(text)", text, "exec")
    linecache.cache[text] = (len(text), None, [text + "\n"], text)
    exec(code, {"text": text})


# %% replace="dense_numpy"
def dense(x, W, b):
    return type(" ".join(f"{number:.2f}" for number in [*np.ravel(x), *np.ravel(W)]), (), {})()


# %% replace="count_parameters"
def count_parameters(widths):
    raise ValueError(f"{widths}")
