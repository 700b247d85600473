# %% [markdown]
# Prints, raises and answers text that cannot be written to a file: lone surrogates, NUL, control characters.

# %% first
from IPython.display import display

ODD = "\ud800\udfff\x00\x01\x1b[31m\ufffe\u2028"
print(ODD)
display({"text/plain": ODD, "text/html": ODD, "application/json": {ODD: ODD}, "text/" + "x": ODD}, raw=True)
raise type("Broken" + ODD.replace("\x00", ""), (Exception,), {})(ODD)


# %% replace="neuron"
def neuron(*arguments):
    raise type("Broken" + ODD.replace("\x00", ""), (Exception,), {})(ODD)


# %% replace="dense_numpy"
def dense(*arguments):
    return type("Broken" + ODD.replace("\x00", ""), (), {})()
