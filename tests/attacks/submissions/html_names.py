# %% [markdown]
# Puts HTML and scripts into the names of errors, classes and functions, into messages and into answers, which findings quote.

# %% first
NAME = "<img src=x onerror=\"alert('pwned-__TOKEN__')\">"


# %% replace="neuron"
def neuron(*arguments):
    raise type(NAME, (ValueError,), {})(NAME)


# %% replace="perceptron_update"
def perceptron_update(*arguments):
    return type(NAME, (), {})()


# %% replace="dense_numpy"
class Shaped:
    shape = (NAME,)


def dense(*arguments):
    return Shaped()


# %% replace="count_parameters"
def count_parameters(widths):
    raise ValueError("<script>alert('pwned-__TOKEN__')</script>")  # <script>alert('pwned-__TOKEN__')</script>


# %% last
raise type(NAME + "</td></table><script>alert('pwned-__TOKEN__')</script>", (Exception,), {})(NAME)
