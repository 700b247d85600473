# %% [markdown]
# Sends random bytes where the host expects an answer.

# %% replace="neuron"
import gc
import os

channels = [each for each in gc.get_objects() if type(each).__name__ == "Channel"]


def neuron(x, w, b):
    for channel in channels:
        channel.socket.sendall(os.urandom(1_000_000))
    return 0.0
