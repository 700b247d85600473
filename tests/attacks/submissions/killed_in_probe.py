# %% [markdown]
# Ends the process, in several ways, from inside the functions that a test calls.

# %% replace="neuron"
import ctypes
import os
import signal
import sys


def neuron(x, w, b):
    os._exit(0)


# %% replace="perceptron_update"
def perceptron_update(*arguments):
    ctypes.string_at(1)


# %% replace="dense_numpy"
def dense(x, W, b):
    os.kill(os.getpid(), signal.SIGKILL)
    os.abort()


# %% replace="two_layer_numpy"
def two_layer(*arguments):
    sys.exit(0)
