# %% [markdown]
# Closes the channel, or one half of it, in the middle of a test.

# %% replace="neuron"
import gc
import os
import socket
import time

channels = [each for each in gc.get_objects() if type(each).__name__ == "Channel"]


def neuron(x, w, b):
    for channel in channels:
        channel.socket.shutdown(socket.SHUT_WR)
    os.closerange(0, 300)
    time.sleep(100)
