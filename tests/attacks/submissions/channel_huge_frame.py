# %% [markdown]
# Announces frames, headers and arrays of gigabytes.

# %% replace="neuron"
import gc
import struct

channels = [each for each in gc.get_objects() if type(each).__name__ == "Channel"]


def neuron(x, w, b):
    for channel in channels:
        channel.socket.sendall(struct.pack("!II", 2**32 - 1, 2**32 - 1) + b"{" * 1000)


# %% replace="dense_numpy"
def dense(x, W, b):
    header = b'{"op": "done"}'
    for each in gc.get_objects():
        if type(each).__name__ == "Channel":
            each.socket.sendall(struct.pack("!II", len(header), 4000) + header)
            for _ in range(3):
                each.socket.sendall(struct.pack("!I", 2**31) + b"x" * 10_000_000)
