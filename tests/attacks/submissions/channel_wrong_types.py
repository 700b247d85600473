# %% [markdown]
# Sends messages whose every field has another type than it should: arrays as names, lists as switches, objects as text.

# %% first
import gc

import numpy as np

channels = [each for each in gc.get_objects() if type(each).__name__ == "Channel"]
odd = [np.zeros(3), np.zeros((2, 2), dtype=bool), [1, [2, [3]]], {"a": np.ones(2)}, None, 0.5, True, "", np.float64(3.0)]


def outputs(value):
    yield {"output_type": value}
    yield {"output_type": "stream", "name": value, "text": value}
    yield {"output_type": "error", "ename": value, "evalue": value, "traceback": [value] * 3}
    yield {"output_type": "error", "ename": "E", "evalue": "e", "traceback": value}
    yield {"output_type": "display_data", "data": {"text/plain": value, "application/json": value, "text/html": value},
           "metadata": value, "display_id": value, "update": value}
    yield {"output_type": "display_data", "data": value}
    yield {"output_type": "clear_output", "wait": value}


for value in odd:
    for output in outputs(value):
        for channel in channels:
            channel.send({"op": "output", "output": output})
    for channel in channels:
        channel.send({"op": value, "output": value})


# %% replace="neuron"
def replies():
    for value in odd:
        yield {"op": "done", "interrupted": value}
        yield {"op": "done", "replies": [value] * 4}
        yield {"op": "done", "replies": [{"values": value, "notes": value}] * 4}
        yield {"op": "done", "replies": [{"values": {"output": value}, "notes": [value, [value, value]]}] * 4}
        yield {"op": "done", "replies": [{"unusable": value, "code": value}] * 4}
        yield {"op": "done", "replies": [{"error": value, "missing": value}] * 4}
        yield {"op": "done", "replies": [{"error": {"type": value, "message": value, "line": value, "code": value}}] * 4}
        yield [value]


pending = replies()


def neuron(*arguments):
    for channel in channels:
        channel.send(next(pending, {"op": "done"}))
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
