"""What a probe may say about a student's object: a closed vocabulary, from which the judging side makes sentences.

A probe runs where the student's code runs, and with hidden inputs nothing that comes from there may be believed or
shown. So it sends a *remark*: the name of a sentence below, and what stands in its gaps. In a student's own notebook
the gaps are filled with what came. On hidden inputs they are filled only with what ``BOUNDED`` allows, which is little,
and else with the words in ``UNTOLD``.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .switched_off import GROUPS

Remark = dict[str, Any]  # "says": a name in VOCABULARY; the other entries fill the gaps of its sentence

# By name: the diagnosis for reports, and the sentence, without the full stop where it is why an object is unusable.
VOCABULARY: dict[str, tuple[str | None, str]] = {
    "unreadable": ("unreadable", "your code gave no answer that could be read"),
    "not_numbers": ("wrong_type", "expected numbers, but {subject} is {kind}"),
    "asks_for_input": (
        "asks_for_input",
        "your code waits for somebody to type (`input`, `breakpoint`), and while it is graded nobody does",
    ),
    "no_gpu": (
        "no_gpu",
        'your code needs a GPU (CUDA), and there is none here: write `device = "cuda" if torch.cuda.is_available() '
        'else "cpu"`, or no device at all',
    ),
    "switched_off": (
        "switched_off",
        "`{call}` is switched off in this exercise: it computes what you are asked to work out yourself",
    ),
    "tuple_came": (
        "wrong_type",
        "expected numbers, but {subject} is a tuple: Python makes one where a comma stands between two values "
        "(decimals are written with a point)",
    ),
    "too_large": ("too_large", "{subject} holds far more numbers than expected: its shape is {shape}"),
    "not_a_tensor": ("wrong_type", "expected the output to be a {framework} tensor, got {kind}"),
    "not_callable": ("wrong_type", "expected {wanted}, got {kind}"),
    "not_several": ("wrong_type", "expected {count} values ({names}), got {kind}"),
    "wrong_count": ("wrong_type", "expected {count} values ({names}), got {number}"),
    "not_finished": ("unfinished", "`{name}` returns nothing yet."),
    "not_found": ("not_found", "there is no `{name}` yet."),
    "nothing_returned": ("nothing_returned", "`{name}` returns nothing yet."),
    "none_returned": (
        "none_returned",
        "there is a `return`, but what it hands back is None: a gradient that was not recorded is None, and so is what "
        "a function gives that has no `return` itself.",
    ),
    "one_is_nothing": ("unfinished", "other values are returned, but `{name}` is still `None`."),
    "input_changed": (
        "input_changed",
        "your function changes what it was given, and whoever called it still needs that: make new arrays and lists, "
        "with `w = w + ...` in place of `w += ...`, or work on a copy.",
    ),
    "argument_unread": (
        "argument_unread",
        "Your function never looks at its {place} argument, or gives that name another value first.",
    ),
    "notebook_read": (
        "notebook_read",
        "Your function reads `{name}` from the notebook, outside of it: it is called with other inputs here.",
    ),
    "size_written": (
        "size_written",
        "{number} is written out in your function, and nothing that it is called with has this size.",
    ),
    "not_kept": (
        "not_kept",
        "`{name}` is a name inside of `{method}` only, and gone when that ends: `self.{name} = ...` keeps it.",
    ),
    # Lab 1
    "copied_backwards": (
        "copied_backwards",
        "the PyTorch network changed: copy from PyTorch into Keras, not the other way round",
    ),
    "unchanged": ("unchanged", "the Keras network still has the weights that it started with."),
    # Lab 2
    "dtype_changed": (
        "dtype_changed",
        "{received} numbers came back as {returned}: keep the dtype of the input.",
    ),
    "row_empty": ("unfinished", "the row `{name}` holds nothing yet."),
    "missing_gradient": (
        "missing_gradient",
        "Compute the output from `{name}` with {framework}'s own functions all the way: NumPy, `.detach()`, `.item()` "
        "or `.numpy()` on the way cut the gradient off.",
    ),
    "warned": ("warned", "NumPy warned: {warning}. Some number on the way is too large: see the hints."),
    "warned_in_where": (
        "warned",
        "NumPy warned: {warning}. `np.where` computes both of its values for every number and chooses only then, so "
        "each formula also meets the numbers that it is not for.",
    ),
    # Layers and networks
    "empty_class": ("unfinished", "both `{name}` and the method that computes are still empty."),
    "units_alike": (
        "units_alike",
        "the columns of `{name}` are all alike at the start, so all units would compute and learn the same: start it "
        "with random numbers.",
    ),
    "parameter_shape": ("parameter_shape", "parameter `{name}` has shape {shape}, expected {expected}"),
    "no_parameters": ("missing_parameter", "expected {parameters}, but there are none. {advice}"),
    "parameter_missing": ("missing_parameter", "no parameter fits `{name}` of shape {expected}. {advice}"),
    "parameter_missing_others": (
        "missing_parameter",
        "no parameter fits `{name}` of shape {expected}; left over are those of shape {shapes}",
    ),
    "parameter_misfit": (
        "parameter_shape",
        "no parameter fits `{name}` of shape {expected}; left over are those of shape {shapes}",
    ),
    "extra_parameter": (
        "extra_parameter",
        "expected {parameters} and no others, but there are also {shapes}",
    ),
    "not_a_module": ("not_a_module", "The object is not an `nn.Module`."),
    "not_a_parameter": (
        "not_a_parameter",
        "`{name}` is a plain tensor: wrap it in `nn.Parameter`, else no optimiser will ever train it.",
    ),
    "frozen": (
        "frozen",
        "`{name}` wants no gradient, so no optimiser will ever train it: was it made with `requires_grad=False`?",
    ),
    "not_a_layer": ("not_a_layer", "The object is not a `keras.layers.Layer`."),
    "untracked_variable": (
        "untracked_variable",
        "`{name}` is missing from `trainable_variables`, so `fit` would never train it: create it with "
        "`self.add_weight(...)`, neither as a `tf.Variable` nor with `trainable=False`.",
    ),
    # Lab 3
    "torch_loss_cut": (
        "missing_gradient",
        "The loss must come from PyTorch operations, without `.detach()`, `.item()` or NumPy in between.",
    ),
    "tensorflow_loss_cut": (
        "missing_gradient",
        "The loss must come from TensorFlow operations, without `.numpy()` or NumPy in between.",
    ),
    "no_loop": ("wrong_type", "expected batches to loop over, got {kind}"),
    "one_pair": (
        "one_batch",
        "what comes back is a single pair (inputs, labels); expected all batches of the epoch, one after the other: "
        "`yield` each, or return a list of them",
    ),
    "no_pair": ("wrong_type", "each batch should be a pair (inputs, labels), got {kind}"),
    "no_rows": ("wrong_type", "a batch should hold rows of X and of y, got a single number"),
    "endless": ("endless", "the batches never end: stop after one epoch"),
    "no_parents": (
        "wrong_type",
        "expected a `Value` with `parents`, a list of pairs (value, slope): return `Value(number, [(self, slope)])`",
    ),
    "slope_is_value": (
        "wrong_type",
        "a slope is a plain number: take the `.data` of a `Value` for it, not the `Value` itself",
    ),
    "each_way": (
        "each_way",
        "`backward` goes through the values way by way, and their number doubles with each layer: in the right order "
        "each value hands on once",
    ),
    "no_gradients": ("unfinished", "no `grad` has changed yet."),
    "gradient_shape": ("wrong_shape", "each `grad` should be one number"),
    "no_parameter_list": ("wrong_type", "expected the list of parameters after training, got {kind}"),
    "parameter_count": (
        "wrong_type",
        "expected as many parameters as the loop was given, in the same order, got {number}",
    ),
    "batches_differ": ("wrong_shape", "the batches differ in their shapes beyond the number of rows"),
    "optimiser_unused": (
        "optimiser_unused",
        "The optimiser that your function is given never takes a step, and something else moves the network.",
    ),
    "losses_missing": ("nothing_returned", "the network is trained, but the list of losses is not returned."),
    "tape_and_step": (
        "tape_and_step",
        "no gradients were provided for any variable, and the first step comes only when all batches of the epoch are "
        "over",
    ),
    "tape_empty": (
        "tape_empty",
        "one step for each batch, that is right; but no gradients were provided for any variable: network and loss "
        "have to be computed while the tape is running",
    ),
    "step_before_backward": (
        "step_before_backward",
        "the step is taken between the loss and its backward(); the order is zero_grad, backward, step",
    ),
    "w_shape": ("wrong_shape", "expected `w` of shape {expected}, got {shape}"),
    "not_one_number": ("wrong_shape", "`{name}` should return one number"),
    # Lab 4
    "no_mask": ("wrong_type", "expected two values, the output and the mask, got one"),
    "mask_count": ("wrong_type", "expected two values, the output and the mask, got {number}"),
    "not_built": (
        "not_built",
        "the network has no weights yet, and it should come built: begin with `keras.Input((widths[0],))`",
    ),
    "wrong_depth": (
        "wrong_depth",
        "linear layers in the network: {number}, of shape {shapes}, but `widths` asks for others: each two neighbours "
        "in it make one, inputs and units. So there is one layer less than entries, none for the first entry alone, "
        "and as many hidden ones as it names, whatever the task: a loop goes through it, `return` stands behind the "
        "loop, and in regression the last sigmoid alone is left out",
    ),
    "layer_widths": (
        "layer_widths",
        "the network has as many layers as it should, but one of them has shape {shape}, inputs and units, where "
        "`widths` asks for {expected}: each takes both numbers from `widths`, and none is written out",
    ),
    "no_update": ("missing_method", "expected an object with a method `update`"),
    "update_silent": ("unfinished", "`update` returns nothing yet; it should say True or False."),
    "best_empty": ("unfinished", "`best_weights` is still empty: no epoch has counted as the best so far."),
    "best_misfit": (
        "wrong_type",
        "expected `best_weights` to be a list of {count} arrays, like the weights that came",
    ),
    "no_predict": ("wrong_type", "`train` should return a function `predict(images)`, got {kind}"),
    "predict_silent": ("unfinished", "`predict` returns nothing yet."),
    "ten_numbers": (
        "not_a_digit",
        "`predict` returns ten numbers for each image; return the label of the largest (`.argmax(axis=1)`)",
    ),
    "labels_shape": ("wrong_shape", "`predict` should return one label for each image, shape {images}, got {shape}"),
    "too_slow": (
        "too_slow",
        "your code was stopped after {seconds} seconds of computing, so look for a loop that never ends",
    ),
    "says_word": ("another_word", "Where it should say another word, your function says `{word}`."),
    "unknown_word": ("unknown_word", "expected one of the four words of the table, as a string"),
    "table_empty": ("unfinished", "the table is not filled in yet."),
    "row_missing": ("row_missing", "the table has no row `{name}`"),
    # Lab 5a
    "no_text": ("wrong_type", "expected a text (a string), got {kind}"),
    "no_characters": ("wrong_type", "expected a list of single characters, such as `['a', 'b']`"),
    "not_sorted": ("not_sorted", "the characters that `{name}` returns are not sorted: `sorted(...)` sorts them"),
    "no_whole_numbers": (
        "wrong_type",
        "`{name}` should return whole numbers, since they will be places in arrays, and these are floats",
    ),
    "no_dictionary": ("wrong_type", "expected a dictionary of arrays, with the names of the parameters, got {kind}"),
    "no_pair_of_results": ("wrong_type", "expected two values, got {kind}"),
    "name_missing": ("name_missing", "the dictionary that comes back has no `{name}`"),
    # Lab 5b
    "no_logits_and_state": ("wrong_type", "expected two values, the logits and the state, got {kind}"),
    "no_state": (
        "state_missing",
        "`{name}` returns no state beside the logits: it is what the recurrent layer hands back",
    ),
    "state_first": (
        "outputs_swapped",
        "`{name}` returns the logits as its second value: first the logits, then the state",
    ),
    "loss_second": (
        "outputs_swapped",
        "the loss comes second: first the loss, then the state",
    ),
    "all_states": (
        "all_states",
        "`{name}` returns the states of all places as its second value: the state behind the last character is asked "
        "for, which the recurrent layer hands back beside them",
    ),
    "no_such_layer": (
        "layer_count",
        "the model keeps no `{wanted}`: one that a call makes is new each time, and nothing trains it; make it in "
        "`__init__`, and keep it as `self.name`",
    ),
    "layer_count": ("layer_count", "expected one `{wanted}` in the model, found {number}"),
    "layer_shape": (
        "layer_shape",
        "`{wanted}` has weights of shape {shape}; with the `size` and `units` that the test gives they have shape "
        "{expected}",
    ),
    "plain_gru": (
        "plain_gru",
        "expected `{wanted}` with the settings it has by itself: one layer, one direction, with its biases",
    ),
    "unit_count": ("unit_count", "`{wanted}` has {number} units: it should have as many as `units` says"),
    "no_biases": ("no_biases", "`{wanted}` has no biases; it has some by itself, so leave them in"),
    "no_loss_and_state": ("wrong_type", "expected two values, the loss and the state, got {kind}"),
    "loss_not_one_number": ("wrong_shape", "the loss should be one number, the mean over all characters"),
    "not_detached": (
        "not_detached",
        "the first step works. The second one tries to go backward through the first piece again, since the state that "
        "came back still hangs on all that computed it",
    ),
    "step_without_tape": (
        "tape_empty",
        "no gradients were provided for any variable: model and loss have to be computed while the tape is running",
    ),
    "no_language_model": ("wrong_type", "`train` should return a function `model(numbers)`, got {kind}"),
    "model_silent": ("unfinished", "the model that `train` returns gives nothing back yet."),
    "log_p_and_more": (
        "wrong_type",
        "the model returns several things: return the log probabilities alone, without the state",
    ),
    "log_p_shape": (
        "wrong_shape",
        "the model should return a log probability for each kind of character (the last axis) behind each character "
        "that it reads, got shape {shape}",
    ),
}

SUBJECTS = (
    *("the result", "the output", "the mask", "a batch"),
    *("what the loop returns", "what `predict` returns", "`best_weights`", "what the function returns"),
)
WANTED = (
    *("a function", "a dictionary", "a class", "an `nn.Module`", "a `keras.layers.Layer`", "a Keras model"),
    *("nn.Embedding", "nn.GRU", "nn.Linear"),
    *("keras.layers.Embedding", "keras.layers.GRU", "keras.layers.Dense"),
)
COUNTED = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
ADVICE = {
    "torch": "Create them in `__init__` and keep them in `self`: PyTorch does not see into plain lists, and what is "
    "made in `forward` is new at each call",
    "tensorflow": "Create them in `build` with `self.add_weight(...)`, or keep a layer in `self`; what is made in "
    "`call` is new each time",
    "linear": "Use `nn.Linear` layers",
    "dense": "Use `keras.layers.Dense` layers",
}
ILLNESSES = ("underfits", "overfits", "diverges", "fits")  # the words for two learning curves, in Lab 4
DTYPES = (
    *("bool", "bfloat16", "complex64", "complex128", "float16", "float32", "float64"),
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
)
# Types that a message on hidden inputs may name; a student may give any other type any name.
TYPES = (
    *("list", "tuple", "dict", "set", "string", "str", "bytes", "number", "int", "float", "complex", "bool", "range"),
    *("generator", "function", "method", "class", "type", "module", "map", "zip", "dictionary", "ndarray", "Tensor"),
    *("EagerTensor", "KerasTensor", "Parameter", "Variable", "Sequential", "Functional", "Linear", "Dense"),
    *("Series", "DataFrame", *DTYPES),
)
KINDS = (
    *("a NumPy array", "a PyTorch tensor", "a TensorFlow tensor", "a truth value", "nothing"),
    *("a NumPy array of other things", "a list of unequal parts", "a tuple of unequal parts"),
)
ERRORS = (
    *("ArithmeticError", "AssertionError", "AttributeError", "Exception", "FileNotFoundError", "FloatingPointError"),
    *("ImportError", "IndexError", "KeyError", "LookupError", "MemoryError", "ModuleNotFoundError", "NameError"),
    *("OSError", "OverflowError", "PermissionError", "RecursionError", "RuntimeError", "StopIteration", "SyntaxError"),
    *("SystemExit", "TimeoutError", "TypeError", "UnboundLocalError", "UnicodeError", "ValueError"),
    *(
        "NotImplementedError",
        "ZeroDivisionError",
        "AxisError",
        "LinAlgError",
        "InvalidArgumentError",
        "UnimplementedError",
    ),
)
# Names that a probe may use although no case spells them out.
NAMES = (
    "w",
    "z",
    "__init__",
    "__mul__",
    "build",
    "forward",
    "call",
    *(f"{letter}{number}" for letter in "Wb" for number in ("", 1, 2, 3)),
)
_WARNING = re.compile(
    r"(overflow|underflow|divide by zero|invalid value) encountered in (exp|expm1|log|log2|log10|log1p|power|"
    r"square|sqrt|divide|multiply|add|subtract|matmul|dot|reduce|cosh|sinh|tan|cast|scalar "
    r"(power|divide|multiply|add|subtract))"
)
LARGEST_SIZE, MOST_AXES = 9, 3  # of a shape that is told
LARGEST_NUMBER, MOST_COUNTED = 9, 99


def in_words(remark: object, arguments: Mapping[str, Any] | None = None, reveal: bool = True) -> str:
    """Return what a remark says; what is no remark says that there was nothing to read.

    Args:
        arguments: those of the case that the probe was asked with.
        reveal: fill the gaps with whatever came; false on hidden inputs.
    """
    if not isinstance(remark, dict):
        return VOCABULARY["unreadable"][1]
    text = VOCABULARY[_key(remark)][1]
    return re.sub(r"{(\w+)}", lambda gap: _filled(gap[1], remark.get(gap[1]), arguments or {}, reveal), text)


def diagnosis(remark: object) -> str | None:
    """Return the name that reports give a remark."""
    return VOCABULARY[_key(remark) if isinstance(remark, dict) else "unreadable"][0]


def _key(remark: Remark) -> str:
    says = remark.get("says")
    return says if isinstance(says, str) and says in VOCABULARY else "unreadable"


def _filled(gap: str, value: Any, arguments: Mapping[str, Any], reveal: bool) -> str:
    if gap == "advice":
        return ADVICE.get(value, "") if isinstance(value, str) else ""
    if not reveal and not BOUNDED[gap](value, arguments):
        return UNTOLD[gap]
    try:
        return _plainly(gap, value, reveal)
    except (TypeError, ValueError):
        return UNTOLD[gap]


def _plainly(gap: str, value: Any, reveal: bool) -> str:
    if gap in ("shape", "expected", "images"):
        return _shape(value)
    if gap == "shapes":
        return _shapes(value, reveal)
    if gap == "names":
        return ", ".join(map(str, value))
    if gap == "parameters":
        return "the parameters " + ", ".join(f"`{name}` of shape {_shape(shape)}" for name, shape in value)
    return f"{value:g}" if gap == "seconds" else str(value)


def _shape(value: Iterable[Any]) -> str:
    return str(tuple(int(size) for size in value))


def _shapes(value: Sequence[Any], reveal: bool) -> str:
    """Name shapes; on hidden inputs the first one alone."""
    told = value if reveal else value[:1]
    return ", ".join(map(_shape, told)) + (" and others" if len(told) < len(value) else "")


def is_small_shape(value: Any, like: Sequence[int] = ()) -> bool:
    """Return whether a message on hidden inputs may name a shape: it is one of about a thousand.

    Args:
        like: the expected shape, whose sizes may be told as well.
    """
    return (
        isinstance(value, (list, tuple))
        and len(value) <= MOST_AXES
        and all(type(size) is int and (0 <= size <= LARGEST_SIZE or size in like) for size in value)
    )


def shape_in_words(shape: Sequence[int] | None, like: Sequence[int] = (), reveal: bool = False) -> str:
    """Name the shape of an array that a student returned, as far as that tells little, or say that there is none.

    Args:
        like: the expected shape.
        reveal: name any shape; false on hidden inputs.
    """
    if shape is None:
        return "none"
    return _shape(shape) if reveal or is_small_shape(shape, like) else UNTOLD["shape"]


def count_in_words(count: int) -> str:
    """Name how many there are, up to a hundred."""
    return str(count) if count <= MOST_COUNTED else f"more than {MOST_COUNTED}"


def _is_one_of(*known: str) -> Callable[[Any, Mapping[str, Any]], bool]:
    return lambda value, arguments: isinstance(value, str) and value in known


def _is_subject(value: Any, arguments: Mapping[str, Any]) -> bool:
    if not isinstance(value, str):
        return False
    named = re.fullmatch(r"(?:the rate of )?`(\w+)`", value)
    return value in SUBJECTS or bool(named and _is_name(named[1], arguments))


def _is_kind(value: Any, arguments: Mapping[str, Any]) -> bool:
    return isinstance(value, str) and (value in KINDS or re.sub("^an? ", "", value) in TYPES)


def _is_name(value: Any, arguments: Mapping[str, Any]) -> bool:
    """Return whether a name stands in the case that was asked, as a key or as a text, or is one of a network's."""
    return isinstance(value, str) and len(value) <= 40 and (value in NAMES or value in set(_names_in(arguments)))


def _names_in(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from map(str, value)
        for entry in value.values():
            yield from _names_in(entry)
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from _names_in(entry)


def _are_names(value: Any, arguments: Mapping[str, Any]) -> bool:
    """Return whether names are just those that the case asks for, in its order."""
    asked = arguments.get("outputs") or ["w", *arguments.get("state", ())]
    return isinstance(value, list) and value == list(asked)


def _are_parameters(value: Any, arguments: Mapping[str, Any]) -> bool:
    wanted = arguments.get("parameters")
    return isinstance(wanted, Mapping) and value == wanted_parameters(wanted)


def wanted_parameters(parameters: Mapping[str, np.ndarray]) -> list[list[Any]]:
    """Return the names and shapes of a test's parameters, as a remark brings them."""
    return [[name, [int(size) for size in np.shape(array)]] for name, array in parameters.items()]


def _is_expected(value: Any, arguments: Mapping[str, Any]) -> bool:
    """Return whether a shape is that of an array of the case."""
    return is_small_shape(value) and tuple(value) in set(_shapes_in(arguments))


def _shapes_in(value: Any) -> Iterable[tuple[int, ...]]:
    if isinstance(value, np.ndarray):
        yield value.shape
    elif isinstance(value, (Mapping, list, tuple)):
        for entry in value.values() if isinstance(value, Mapping) else value:
            yield from _shapes_in(entry)


def _is_count(value: Any, arguments: Mapping[str, Any]) -> bool:
    return type(value) is int and 0 <= value <= LARGEST_NUMBER


BOUNDED: dict[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "subject": _is_subject,
    "call": lambda value, arguments: isinstance(value, str) and value in set().union(*GROUPS.values()),
    "kind": _is_kind,
    "framework": _is_one_of("PyTorch", "TensorFlow"),
    "wanted": _is_one_of(*WANTED),
    "name": _is_name,
    "names": _are_names,
    "method": _is_one_of("__init__", "build", "forward", "call"),
    "count": lambda value, arguments: (
        _is_count(value, arguments)
        and value
        in (
            len(arguments.get("outputs", ())),
            1 + len(arguments.get("state", ())),
            len(arguments.get("weights", ())),
        )
    ),
    "number": _is_count,
    "received": _is_one_of(*DTYPES),
    "returned": _is_one_of(*DTYPES),
    "warning": lambda value, arguments: isinstance(value, str) and bool(_WARNING.fullmatch(value)),
    "shape": lambda value, arguments: is_small_shape(value),
    "shapes": lambda value, arguments: isinstance(value, list) and bool(value) and is_small_shape(value[0]),
    "expected": _is_expected,
    "images": lambda value, arguments: False,
    "parameters": _are_parameters,
    "word": _is_one_of(*ILLNESSES),
    "place": _is_one_of(*COUNTED),
    "seconds": lambda value, arguments: isinstance(value, (int, float)) and value == arguments.get("limit"),
}
UNTOLD = {
    "subject": "a value",
    "call": "a library's call",
    "kind": "something else",
    "framework": "framework's",
    "wanted": "something else",
    "name": "...",
    "names": "...",
    "method": "a method",
    "count": "other",
    "number": "another number",
    "received": "your",
    "returned": "others",
    "warning": "something overflowed, or is not defined",
    "shape": "(...)",
    "shapes": "(...)",
    "expected": "(...)",
    "images": "(n,)",
    "parameters": "the parameters of the exercise",
    "seconds": "few",
    "word": "one of the others",
    "place": "n-th",
}
