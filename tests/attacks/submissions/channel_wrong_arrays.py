# %% [markdown]
# Answers with damaged npy data: pickles, objects, wrong versions, headers with code, negative, overflowing and endless shapes.

# %% replace="neuron"
import gc
import json
import pickle
import struct

channels = [each for each in gc.get_objects() if type(each).__name__ == "Channel"]


class Evil:
    def __reduce__(self):
        return print, ("GOT: unpickled",)


def npy(header, body=b"", version=b"\x01\x00"):
    text = header.encode() + b"\n"
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + body


def shaped(shape, dtype="<f8", body=b"\0" * 16):
    return npy(f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}}}", body)


evil = pickle.dumps(Evil())
arrays = [
    npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", evil), evil, b"", b"\x93NUMPY",
    shaped("(2,)", body=b""), shaped("(-2,)"), shaped("(-1, -2)"), shaped(f"({2**62}, {2**62})"), shaped(f"(0, {2**63})", body=b""),
    shaped(f"(0, {10**40})", body=b""), shaped("(" + "1," * 60 + ")", body=b"\0" * 8), shaped("(True, 2)"), shaped("(2.0,)"),
    shaped("(2,)", "<U2"), shaped("(2,)", "<M8[s]"), shaped("(1,)", "<c16"), shaped("(2,)", "|V8"), shaped("(1,)", ">f16"),
    shaped("()", "<f8", b"\0" * 8), shaped("(0,)", body=b""), shaped("(16,)", "|b1", bytes(range(16))), shaped("(2,)", "<f1"),
    npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,)}", b"\0" * 16),
    npy("{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (1,)}", b"\0" * 16),
    npy("__import__('os').system('id')"), npy("(" * 5000 + ")" * 5000), npy("{'descr': '<f8', 'fortran_order': 1, 'shape': (2,)}"),
    npy("{'descr': '" + "<" * 9000 + "'}"), npy("{'descr': '<f8'}", b"", b"\x02\x00"), npy("{}", b"", b"\x03\x00"), npy("\0" * 100),
    npy("{'descr': '<i8', 'fortran_order': False, 'shape': (9" + "9" * 20_000 + ",)}"),
]


def neuron(*arguments):
    array = arrays.pop(0) if arrays else b""
    header = json.dumps({"op": "done", "replies": [{"values": {"output": {"\x00array": 0}}, "notes": []}] * 4}).encode()
    for channel in channels:
        channel.socket.sendall(struct.pack("!II", len(header), 1) + header + struct.pack("!I", len(array)) + array)
    return 0.0


# %% replace="dense_numpy"
dense = neuron

# %% replace="two_layer_numpy"
two_layer = neuron

# %% replace="deep_numpy"
deep = neuron

# %% replace="count_parameters"
count_parameters = neuron

# %% replace="perceptron_update"
perceptron_update = neuron

# %% replace="train_perceptron"
train_perceptron = neuron
