"""Probes: whatever a student's code is or does, a probe gives a reply and nothing else happens."""

import asyncio
import inspect
import logging
import sys
import warnings
from types import ModuleType

import numpy as np
import pytest

from course_utils.probes import PROBES, as_array, ask, ask_each
from course_utils.probes.base import always_returns
from course_utils.remarks import diagnosis, in_words
from tests.course_utils.needs import needs_tensorflow, needs_torch


def called(function, *arguments, outputs=("output",), **options):
    return ask({"f": function}, "f", "call", {"arguments": list(arguments), "outputs": list(outputs)}, **options)


def raises(error):
    def function(*arguments):
        raise error

    return function


def test_a_missing_object_is_found_missing():
    """A name that the notebook does not define is a finding, not a NameError."""
    assert ask({}, "f", "call", {"arguments": [], "outputs": ["output"]}) == {"missing": True}


@pytest.mark.parametrize("value", [None, ..., NotImplemented])
def test_nothing_returned_means_not_written_yet(value):
    """None and the stub's ... stand for work that is not done."""
    assert called(lambda: value) == {"values": {"output": None}, "notes": []}
    assert called(lambda: value, outputs=("w", "b")) == {"values": {"w": None, "b": None}, "notes": []}


@pytest.mark.parametrize("target", [None, ..., raises(NotImplementedError), raises(NotImplementedError("later"))])
def test_an_object_that_is_only_announced_is_unfinished(target):
    """A name bound to None or ..., or code that raises NotImplementedError, is unfinished and not wrong."""
    assert called(target)["values"] == {"output": None}


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("0.5", "the result is a string"),
        ({"output": 1}, "the result is a dictionary"),
        (len, "the result is a builtin_function_or_method"),
        (lambda: 1, "the result is a function"),
        (int, "the result is a class"),
        (1j, "the result is a complex"),
        ([[1, 2], [3]], "the result is a list of unequal parts"),
        ((x for x in range(3)), "the result is a generator"),
        (np.array([1, None]), "the result is a NumPy array of other things"),
        (np.array(["a"]), "the result is a NumPy array of other things"),
        (np.array(["2026-01-01"], dtype="datetime64"), "the result is a NumPy array of other things"),
        (object(), "the result is an object"),
    ],
)
def test_what_is_no_number_is_named(value, sentence):
    """Something other than numbers is refused and named in words."""
    reply = called(lambda: value)
    assert diagnosis(reply["unusable"]) == "wrong_type"
    assert in_words(reply["unusable"]) == f"expected numbers, but {sentence}"


@pytest.mark.parametrize(
    "value",
    [
        [0.25, 0.5],
        (0.25, 0.5),
        np.array([0.25, 0.5], dtype=np.float16),
        [np.float32(0.25), 0.5],
        np.ma.array([0.25, 0.5]),
        np.array([0.25, 0.5])[::-1][::-1],
    ],
)
def test_all_containers_of_numbers_are_plain(value):
    """Lists, tuples, any float type: a plain array of the same numbers comes back."""
    array = called(lambda: value)["values"]["output"]
    assert type(array) is np.ndarray
    assert array.tolist() == [0.25, 0.5]


@needs_torch
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_pytorch_tensors_are_plain(dtype):
    """A tensor of any float type, or a list of tensors, with a gradient or without, becomes a plain array."""
    import torch

    tensor = torch.tensor([0.25, 0.5], dtype=getattr(torch, dtype), requires_grad=True)
    assert as_array(tensor).tolist() == as_array(list(tensor * 1)).tolist() == [0.25, 0.5]


@needs_tensorflow
def test_tensorflow_tensors_are_plain():
    """Tensors, both kinds of variables and lists of tensors become plain arrays; a symbolic tensor is named."""
    import keras
    import tensorflow as tf

    for value in (
        tf.constant([0.25, 0.5]),
        tf.Variable([0.25, 0.5]),
        keras.Variable(np.array([0.25, 0.5])),
        [tf.constant(0.25), tf.constant(0.5)],
    ):
        assert as_array(value).tolist() == [0.25, 0.5]
    assert "KerasTensor" in in_words(called(lambda: keras.Input((2,)))["unusable"])


def test_a_huge_result_is_refused_unseen():
    """More numbers than any exercise asks for are refused before they are copied."""
    reply = called(lambda: np.broadcast_to(0.0, (10**6, 10**6)))
    assert diagnosis(reply["unusable"]) == "too_large"
    assert "(1000000, 1000000)" in in_words(reply["unusable"])


def test_nan_comes_back_as_it_is():
    """NaN and infinity are numbers; the judge says what is wrong with them."""
    assert np.isnan(called(lambda: [np.nan, 1.0])["values"]["output"][0])


@pytest.mark.parametrize(
    ("function", "outputs", "sentence"),
    [
        (7, ("output",), "expected a function, got a number"),
        (lambda: 1.0, ("w", "b"), "expected 2 values (w, b), got a number"),
        (lambda: np.ones(2), ("w", "b"), "expected 2 values (w, b), got a NumPy array"),
        (lambda: (1, 2, 3), ("w", "b"), "expected 2 values (w, b), got 3"),
        (lambda: (1, "two"), ("w", "b"), "expected numbers, but `b` is a string"),
    ],
)
def test_a_wrong_number_of_results_is_named(function, outputs, sentence):
    """A function that must return several values is told how many and which."""
    assert in_words(called(function, outputs=outputs)["unusable"]) == sentence


@pytest.mark.parametrize(
    "error",
    [
        ValueError("bad"),
        SystemExit(1),
        GeneratorExit(),
        MemoryError(),
        RecursionError(),
        BaseException("odd"),
        StopIteration(),
    ],
)
def test_no_exception_escapes(error):
    """Whatever a student's code raises, SystemExit included, becomes a reply with its type."""
    assert called(raises(error))["error"]["type"] == type(error).__name__


def test_an_exception_that_cannot_be_shown_does_no_harm():
    """An exception whose text fails to be made is reported without it."""

    class Broken(Exception):
        def __str__(self):
            raise ValueError

    assert called(raises(Broken()))["error"] == {"type": "Broken", "message": "", "line": "raise error"}


def test_an_interrupt_gets_through():
    """The key that stops a cell stops a probe too."""
    with pytest.raises(KeyboardInterrupt):
        called(raises(KeyboardInterrupt()))


def test_endless_recursion_is_an_error():
    """A function that calls itself for ever ends as RecursionError."""

    def forever(*arguments):
        return forever(*arguments)

    assert called(forever)["error"]["type"] == "RecursionError"


def test_the_line_that_raised_is_the_student_s_own():
    """The error names the line in the student's code, not the one deep in a library."""

    def function():
        return np.ones((2, 3)) @ np.ones((2, 3))

    error = called(function)["error"]
    assert error["line"] == "return np.ones((2, 3)) @ np.ones((2, 3))"
    assert error["message"].startswith("matmul:")
    assert "gufunc" not in error["message"]


def test_nothing_reaches_stderr(capfd):
    """Warnings, loggers and prints to stderr stay silent, since stderr in a test cell costs all its points."""
    handler = logging.StreamHandler(sys.__stderr__)
    logger = logging.getLogger("student")
    logger.addHandler(handler)

    def noisy():
        warnings.warn("careful", stacklevel=1)
        print("oh", file=sys.stderr)
        logger.warning("hm")
        return np.log(np.zeros(1)) + np.array([1e308]) * 10

    assert "values" in called(noisy)
    logger.removeHandler(handler)
    assert capfd.readouterr().err == ""
    assert not logging.root.manager.disable


def test_loggers_are_silenced_once_for_all_cases(monkeypatch):
    """A change of what loggers may say costs a look at all of them; one of a student's code is undone all the same."""
    changes = []
    really = logging.disable
    monkeypatch.setattr(logging, "disable", lambda level: changes.append(level) or really(level))
    silent = {"f": lambda: logging.root.manager.disable}
    cases = [{"arguments": [], "outputs": ["output"]}] * 3
    assert [reply["values"]["output"] for reply in ask_each(silent, "f", "call", cases)] == [logging.CRITICAL] * 3
    assert changes == [logging.CRITICAL, 0]
    loud = {"f": lambda: really(0) or logging.root.manager.disable}
    assert [reply["values"]["output"] for reply in ask_each(loud, "f", "call", cases)] == [0] * 3
    assert logging.root.manager.disable == 0


@pytest.mark.parametrize(("quiet", "seen"), [(True, ""), (False, "here\n")])
def test_prints_show_in_a_check_and_not_in_a_grade(capsys, quiet, seen):
    """What a student's function prints helps in a check, and could tell hidden inputs in a grade."""

    def talkative():
        print("here")
        return 1.0

    called(talkative, quiet=quiet)
    assert capsys.readouterr().out == seen


def test_a_function_that_changes_its_arguments_changes_copies():
    """The inputs of a case stay as they are, whatever a student's code does to what it gets."""
    x, widths = np.ones(3), [2, 3]

    def vandal(x, widths):
        x *= 0
        widths.clear()
        return x

    called(vandal, x, widths)
    assert x.tolist() == [1, 1, 1]
    assert widths == [2, 3]


def test_variables_are_read_as_short_strings():
    """A quiz reads strings only, cut short; a number or a missing variable is empty."""

    class Loud(str):
        def __getitem__(self, key):
            raise ValueError

    reply = ask({"a": "B", "b": 2, "c": "x" * 1000, "d": Loud("C")}, ["a", "b", "c", "d", "e"], "read", {})
    assert reply["values"] == {"a": "B", "b": "", "c": "x" * 80, "d": "C", "e": ""}
    assert type(reply["values"]["d"]) is str


def test_every_probe_explains_itself():
    """Authors find probes in a table that is made from their docstrings: each names all of its arguments."""
    for name, function in PROBES.items():
        parameters = list(inspect.signature(function).parameters)[1:]
        assert function.__doc__, name
        explanation = function.__doc__.partition("Args:")[2] if parameters else ""
        explained = {
            word for line in explanation.splitlines() for word in line.partition(":")[0].replace(",", " ").split()
        }
        assert set(parameters) <= explained, name


def writes(*arguments):
    arguments[0][0] = 7.0
    return 1.0


def empties(numbers):
    numbers.clear()
    return 1.0


@pytest.mark.parametrize(
    ("function", "argument", "changed"),
    [
        (writes, np.ones(2), True),
        (writes, [1.0, 2.0], True),
        (empties, [1.0, 2.0], True),
        (empties, {"W": np.ones(2)}, True),
        (lambda x: x[0].fill(0.0), [np.ones(2), np.ones(3)], True),
        (lambda x: x.sort(), np.array([2.0, 1.0]), True),
        (lambda x: (x + 1).sum(), np.ones(2), False),
        (lambda x: len([*x, 3]), [1.0, float("nan")], False),
    ],
)
def test_a_changed_argument_is_noted_whatever_the_probe(function, argument, changed):
    """Arrays, lists and mappings that a function was given must be what they were; one rule for all probes."""
    reply = called(lambda x: function(x) or 1.0, argument)
    assert [diagnosis(note) for note in reply["notes"]] == ["input_changed"] * changed


def test_one_value_of_several_that_is_nothing_is_named():
    """A pair of which one half is None is unfinished, and the note says which half."""
    reply = called(lambda: (1.0, None), outputs=("w", "b"))
    assert reply["values"] == {"w": None, "b": None} and "`b`" in in_words(reply["notes"][0])


def test_a_library_that_refuses_is_an_error_and_not_unfinished():
    """NotImplementedError of a library's own code is an error."""
    reply = called(lambda: asyncio.AbstractEventLoop().time())
    assert reply["error"]["type"] == "NotImplementedError"


@pytest.mark.parametrize("name", ["StdinNotImplementedError", "BdbQuit"])
def test_who_waits_for_somebody_to_type_is_told_so(name):
    """What `input` and `breakpoint` raise while grading is not taken for work that is not done."""
    kind = type(name, (NotImplementedError,), {})
    reply = called(raises(kind("raw_input was called, but this frontend does not support input requests.")))
    assert "nobody does" in in_words(reply["unusable"]) and diagnosis(reply["unusable"]) == "asks_for_input"


@pytest.mark.parametrize(
    "error",
    [
        AssertionError("Torch not compiled with CUDA enabled"),
        RuntimeError("No CUDA GPUs are available"),
        RuntimeError("Found no NVIDIA driver on your system. Please check"),
        RuntimeError("PyTorch is not linked with support for mps devices"),
        ValueError("Could not satisfy device specification '/device:GPU:0'"),
    ],
)
@pytest.mark.parametrize("reveal", [True, False])
def test_who_needs_a_gpu_is_told_so(error, reveal):
    """The word stands in the message on hidden inputs, too."""
    reply = called(raises(error))
    told = in_words(reply["unusable"], {}, reveal=reveal)
    assert "a GPU (CUDA)" in told and "torch.cuda.is_available()" in told
    assert diagnosis(reply["unusable"]) == "no_gpu"


@needs_torch
def test_labels_in_place_of_logits_are_an_error_and_not_unfinished():
    """PyTorch says NotImplementedError to a cross-entropy whose two arguments are swapped."""
    import torch

    def swapped(logits, labels):
        return torch.nn.functional.cross_entropy(labels, logits)

    reply = called(lambda: swapped(torch.zeros(2, 3), torch.tensor([0, 1])))
    assert reply["error"]["type"] in ("NotImplementedError", "RuntimeError", "ValueError")


@needs_torch
def test_a_compiled_function_that_refuses_is_an_error():
    """What PyTorch raises from compiled code has the student's line as its last one, and is still an error."""
    import torch

    reply = called(lambda: torch.log_softmax(torch.tensor([[1, 2]]), dim=1))
    assert "log_softmax" in reply["error"]["message"]


def test_a_module_that_stands_in_for_a_framework_stops_no_probe(monkeypatch):
    """Whatever a notebook put in the place of PyTorch, NumPy's exercises go on."""
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    assert called(abs, -1)["values"] == {"output": 1}


@pytest.mark.parametrize(
    ("source", "returns"),
    [
        ("f = lambda x: x.pop", True),
        ("def f(x):\n    if x:\n        return x.grad\n    return x.sort()", True),
        ("def f(x):\n    y = ...\n    return y", False),
        ("def f(x):\n    if x:\n        return x.sort()", False),
        ("def f(x):\n    x = 1", False),
        ("def f(x):\n    ...", False),
        ("def f(x):\n    return None", False),
        ("def f(x):\n    return ...", False),
        ("def f(x):\n    if x:\n        return x", False),
        ("class f:\n    pass", False),
    ],
)
def test_a_return_is_not_asked_for_where_there_is_one(source, returns):
    """Whether a function ends with `return` and a call or attribute is read from its code; a name may hold a stub."""
    names = {}
    exec(source, names)
    assert always_returns(names["f"]) is returns


def test_what_hands_back_nothing_is_said_to_do_so():
    """A `return` of None is no missing `return`; a function that is not written yet still is one."""
    case = {"arguments": [[]], "outputs": ["output"]}
    handed_back = ask({"f": lambda x: x.sort()}, "f", "call", case)
    assert [in_words(note)[:18] for note in handed_back["notes"]] == ["there is a `return"]
    exec("def unwritten(x):\n    ...", names := {})
    assert ask(names, "unwritten", "call", case)["notes"] == []
