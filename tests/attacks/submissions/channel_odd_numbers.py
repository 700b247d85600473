# %% [markdown]
# Answers with NaN, infinity and numbers of a million digits where JSON allows none.

# %% replace="neuron"
import gc
import struct

channels = [each for each in gc.get_objects() if type(each).__name__ == "Channel"]
bodies = [b"NaN", b"Infinity", b"1" * 1_000_000, b"1e999999", b"-0", b"\xff\xfe", b'"\\ud800"', b"null", b'{"\\u0000array": true}',
          b'{"\\u0000array": -1}', b'{"\\u0000array": 1e300}', b'{"\\u0000array": [[]]}']


def neuron(x, w, b):
    header = b'{"op": "done", "replies": [{"values": {"output": ' + bodies.pop() + b'}, "notes": []}, null, null, null]}'
    for channel in channels:
        channel.socket.sendall(struct.pack("!II", len(header), 0) + header)


# %% replace="dense_numpy"
dense = neuron

# %% replace="count_parameters"
count_parameters = neuron

# %% replace="deep_numpy"
deep = neuron
