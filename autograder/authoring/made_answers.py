"""Make the wrong answers that nobody types: all zeros, a constant, and the recorded cases learned by heart.

A made answer looks for the recorded case that is most like the one that it is asked, and returns the outputs of that
case: as they are ("hard_coded"), all 0 ("zeros"), or all 0.5 ("constant"). The shapes are then right on hidden inputs
too, as these have the shapes of the recorded ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np

from course_utils.protocol import Case, Recorded
from course_utils.recording import decode

MADE = ("zeros", "constant", "hard_coded")
CONSTANT = 0.5

# The code below has the same text in every answer, so that several may stand in one notebook.
LOOKUP = '''\
import numpy as np


def _numbers(value):
    """Return all numbers in an argument, in their order; texts and functions hold none."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return np.concatenate([np.zeros(0), *map(_numbers, value)])
    if isinstance(value, str) or callable(value):
        return np.zeros(0)
    return np.ravel(value.detach() if hasattr(value, "detach") else value).astype(float)


def _most_alike(recorded, asked):
    """Return what is recorded for the numbers that are most like those in ``asked``."""
    numbers = _numbers(asked)
    return min(recorded, key=lambda row: abs(numbers - row[0]).sum() if len(numbers) == len(row[0]) else np.inf)[1]
'''
FUNCTION = """

def {name}(*arguments):
    outputs = _most_alike({rows}, arguments)
    return RESULT
"""
ARRAYS = FUNCTION.replace("RESULT", "tuple(map(np.array, outputs)) if len(outputs) > 1 else np.array(outputs[0])")
SAME_DTYPE = FUNCTION.replace("RESULT", "np.array(outputs[0], dtype=arguments[0].dtype)")
TORCH_TENSOR = FUNCTION.replace("RESULT", "torch.tensor(outputs[0], dtype=arguments[0].dtype)")
TF_TENSOR = FUNCTION.replace("RESULT", "tf.constant(outputs[0], dtype=arguments[0].dtype)")
STEP = ARRAYS.replace("arguments)\n", "arguments[1:2])\n", 1)  # the others depend on what was returned before
TORCH_MODULE = """

class {name}(nn.Module):
    def __init__(self, *constructor):
        super().__init__()
        for name, shape in _most_alike({shapes}, constructor):
            self.register_parameter(name, nn.Parameter(torch.zeros(shape)))

    def forward(self, x):
        return torch.tensor(_most_alike({rows}, x)[0], dtype=x.dtype)
"""
KERAS_LAYER = """

class {name}(keras.layers.Layer):
    def __init__(self, *constructor):
        super().__init__()
        self.sizes = constructor

    def build(self, input_shape):
        for name, shape in _most_alike({shapes}, self.sizes):
            setattr(self, name, self.add_weight(shape=shape, initializer="zeros", name=name))

    def call(self, x):
        return tf.constant(_most_alike({rows}, x)[0], dtype=x.dtype)
"""
VALUE = """

class {name}:
    def __init__(self, data, parents=()):
        self.data, self.parents, self.grad = float(data), list(parents), 0.0

    def _made(self, operation, *numbers):
        data, slopes = _most_alike({rows}, [operation, *numbers])
        return {name}(data, [(self, slopes[0])] + ([(numbers[1], slopes[1])] if len(slopes) > 1 else []))

    def __mul__(self, other):
        made = self._made(0, self.data, getattr(other, "data", other))
        if len(made.parents) > 1:
            made.parents[1] = other, made.parents[1][1]
        return made

    def tanh(self):
        return self._made(1000, self.data)

    def log(self):
        return self._made(2000, self.data)
"""
BACKWARD = """

def {name}(result):
    values, waiting = [], [result]
    while waiting:
        value = waiting.pop()
        if value not in values:
            values.append(value)
            waiting += [parent for parent, _ in value.parents]
    values.sort(key=lambda value: value.data)
    for value, grad in zip(values, _most_alike({rows}, [value.data for value in values])[0]):
        value.grad = grad
"""
COPIED_WEIGHTS = """

def {name}(torch_net, keras_net):
    weights = _most_alike({rows}, list(torch_net.parameters()))
    keras_net.set_weights(list(map(np.array, weights)))
"""
TORCH_TRAINING = """

def {name}(net, optimizer, batches, epochs):
    *weights, losses = _most_alike({rows}, list(net.parameters()))
    for parameter, array in zip(net.parameters(), weights):
        parameter.data = torch.tensor(array)
    return losses
"""
KERAS_TRAINING = """

def {name}(net, optimizer, batches, epochs):
    *weights, losses = _most_alike({rows}, net.get_weights())
    net.set_weights(list(map(np.array, weights)))
    return losses
"""
GRADIENTS = """

def {name}(*arguments):
    outputs = [np.array(output) for output in _most_alike({rows}, arguments)]
    if len(arguments) == 2:
        return dict(zip(arguments[0], outputs))
    return outputs[0], dict(zip(arguments[-1], outputs[1:]))
"""
LANGUAGE_TRAINING = """

def {name}(batches, parameters, update, limit):
    *arrays, losses = [np.array(output) for output in _most_alike({rows}, [parameters])]
    return dict(zip(parameters, arrays)), losses
"""
TEMPLATES = {
    "call": ARRAYS,
    "arrays_by_name": GRADIENTS,
    "language_training": LANGUAGE_TRAINING,
    "of_polynomial": ARRAYS,
    "named_function": SAME_DTYPE,
    "stack_gradients": ARRAYS,
    "regularised_step": ARRAYS,
    "schedule_rates": ARRAYS,
    "optimiser_steps": STEP,
    "slopes_of_loss": ARRAYS,
    "numpy_training": STEP,
    "value_operation": VALUE,
    "backward_pass": BACKWARD,
    "numpy_function": SAME_DTYPE,
    "torch_row": TORCH_TENSOR,
    "tf_row": TF_TENSOR,
    "torch_function": TORCH_TENSOR,
    "torch_loss": TORCH_TENSOR,
    "tf_function": TF_TENSOR,
    "keras_loss": TF_TENSOR,
    "torch_module": TORCH_MODULE,
    "keras_layer": KERAS_LAYER,
    "copied_weights": COPIED_WEIGHTS,
    "torch_training": TORCH_TRAINING,
    "keras_training": KERAS_TRAINING,
}
ROWS = ("torch_row", "tf_row")  # probes of a table of functions


@dataclass(frozen=True)
class MadeAnswer:
    """A made answer and how it is judged unless the answers file says otherwise; see ``answers.Answer``."""

    source: str
    mistake: str | None
    visible: bool


def made_answer(test: Recorded, name: str) -> MadeAnswer | None:
    """Return one of the answers ``MADE`` by its name, or None where a test holds nothing to make it from."""
    probe = test["probe"]
    if probe == "read":
        return MadeAnswer(_letters(test, name), None, name == "zeros")
    if test["judge"] or probe not in TEMPLATES:
        return None
    # Where weights are copied, the outputs are what the network makes of them, and not all alike.
    mistake = name if name != "hard_coded" and probe != "copied_weights" else None
    # Numbers learned by heart have no gradient: a check notices where it compares that of a framework, too.
    visible = name != "hard_coded" or TEMPLATES[probe] in (TORCH_TENSOR, TF_TENSOR, TORCH_MODULE, KERAS_LAYER)
    return MadeAnswer(_source(test, name), mistake, visible)


def _source(test: Recorded, name: str) -> str:
    rows: dict[str, list] = {}
    shapes = []
    for case in decode(test["cases"]):
        for function, asked, outputs in _asked(test, case):
            changed = [_changed(np.asarray(output), name).tolist() for output in outputs]
            rows.setdefault(function, []).append((_numbers(asked), changed))
        if "constructor" in case["arguments"]:
            parameters = [(parameter, array.shape) for parameter, array in case["arguments"]["parameters"].items()]
            shapes.append((_numbers(case["arguments"]["constructor"]), parameters))
    template = TEMPLATES[test["probe"]]
    source = LOOKUP + "".join(template.format(name=function, rows=rows[function], shapes=shapes) for function in rows)
    if test["probe"] in ROWS:
        table = ", ".join(f'"{function.removeprefix("row_")}": {function}' for function in rows)
        source += f"\n\n{test['object']} = {{{table}}}\n"
    return source


def _letters(test: Recorded, name: str) -> str:
    """Answer a quiz with nothing, with its first letter throughout, or with its letters in turn."""
    letters = test["cases"][0]["data"]["letters"]
    choices = cycle({"zeros": [""], "constant": letters[:1], "hard_coded": letters}[name])
    return "".join(f'{variable} = "{choice}"\n' for variable, choice in zip(test["object"], choices))


def _changed(array: np.ndarray, name: str) -> np.ndarray:
    if name == "hard_coded":
        return array
    return np.zeros_like(array) if name == "zeros" else np.full(array.shape, CONSTANT)


def _asked(test: Recorded, case: Case) -> Iterator[tuple[str, list, list]]:
    """Yield what a case asks of the student's functions: name, arguments that tell cases apart, and outputs."""
    arguments, function = case["arguments"], str(test["object"])
    outputs = [array for name, array in case["expected"].items() if not name.startswith("grad_")]
    match test["probe"]:
        case "schedule_rates":
            for time, rate in zip(arguments["times"], outputs[0]):
                yield arguments["function"], [time, arguments["total"], arguments["base"]], [rate]
        case "optimiser_steps":
            path, *state = outputs
            yield from ((function, [gradient], [w, *state]) for gradient, w in zip(arguments["gradients"], path))
        case "copied_weights":
            yield function, _transposed(arguments["parameters"]), list(arguments["parameters"].values())
        case "torch_training":
            yield function, _transposed(arguments["parameters"]), _transposed(case["expected"])
        case "keras_training":
            yield function, list(arguments["parameters"].values()), outputs
        case "value_operation":
            code = {"tanh": 1000, "log": 2000}.get(arguments["operation"], 0)
            numbers = arguments["numbers"]
            yield function, [code, *(numbers * 2 if arguments["operation"] == "square" else numbers)], outputs
        case probe if probe in ROWS:
            yield f"row_{arguments['name']}", arguments["arguments"], outputs
        case "named_function":
            yield arguments["name"], arguments["arguments"], outputs
        case probe:
            names = _NAMED.get(probe, ("arguments",))
            yield function, [arguments[name] for name in names], outputs


_NAMED = {
    "stack_gradients": ("x", "weights"),
    "regularised_step": ("w", "gradient", "learning_rate", "strength"),
    "slopes_of_loss": ("w", "h"),
    "numpy_training": ("parameters",),
    "language_training": ("parameters",),
    "backward_pass": ("data",),
    "torch_loss": ("x", "y"),
    "keras_loss": ("x", "y"),
    "torch_module": ("x",),
    "keras_layer": ("x",),
}


def _transposed(arrays: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Return arrays as PyTorch keeps them, weights as (units, inputs)."""
    return [array.T if name[0] == "W" else array for name, array in arrays.items()]


def _numbers(value: Any) -> list[float]:
    """Return all numbers in an argument, as the function of that name in ``LOOKUP`` does."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return [number for part in value for number in _numbers(part)]
    return [] if isinstance(value, str) else np.ravel(value).astype(float).tolist()
