"""What the code of a student's function shows, whatever it returns."""

import numpy as np
import pytest

from course_utils.probes import ask
from course_utils.probes.base import PROBES
from course_utils.probes.reading import always_returns, asked_function, read_remarks

X = np.arange(3.0)


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


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("def f(x, w): return x", "second"),
        ("def f(x, w): return x + w", None),
        ("def f(x, w):\n    w = x\n    return x + w", "second"),
        ("def f(x, w):\n    w, x = x, w\n    return x", None),
        ("def f(x, w):\n    if x:\n        w = 3\n    return x + w", None),
        ("def f(x, w):\n    for x in w:\n        return x", None),
        ("def f(x, w): return [x * each for each in w]", None),
        ("def f(x, w):\n    def g():\n        return w\n    return x + g()", None),
        ("def f(x, w): return eval('x + w')", None),
        ("def f(*given): return given", None),
        ("def f(x, w):\n    w += 1\n    return x", None),
    ],
)
def test_an_argument_that_is_never_read_is_known_by_its_place(source, place):
    """One that no way through a function reads, or that gets another value first on every way."""
    exec(source, names := {})
    remarks = [{"says": "argument_unread", "place": place}] if place else []
    assert read_remarks(names["f"]) == remarks


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def f(x): return x @ data", "data"),
        ("def f(x): return [each * rate for each in x]", "rate"),
        ("def f(x): return x * RATE", None),
        ("def f(x): return helper(x)", None),
        ("def f(data): return data", None),
        ("def f(x): return np.exp(x)", None),
    ],
)
def test_what_a_function_reads_from_the_notebook_is_known_by_its_name(source, name):
    """Arrays and numbers that are no argument; a constant in capitals, a function and a library are none of these."""
    exec(source, names := {"data": X, "rate": 0.1, "RATE": 0.1, "helper": abs, "np": np})
    assert read_remarks(names["f"]) == ([{"says": "notebook_read", "name": name}] if name else [])


def test_what_stands_in_the_place_of_an_argument_comes_first():
    """An array of the notebook that is read explains why an argument is not."""
    exec("def f(x, w): return x @ data", names := {"data": X})
    assert [remark["says"] for remark in read_remarks(names["f"])] == ["notebook_read", "argument_unread"]


def test_a_reply_holds_what_the_code_shows_be_it_a_result_or_an_error():
    """The remarks stand beside those about values; of several functions, those of the one that was asked."""
    shown = [{"says": "argument_unread", "place": "first"}]
    for body in ("2 * w", "w.nothing"):
        exec(f"def f(x, w): return {body}", names := {})
        assert ask(names, "f", "call", {"arguments": [X, X], "outputs": ["output"]})["code"] == shown
    functions = {"good": lambda z: z, "bad": lambda z: 1.0}
    assert asked_function(functions, {"name": "bad"}) is functions["bad"]
    assert asked_function(functions, {}) is asked_function(3, {}) is None


@pytest.mark.parametrize(("line", "found"), [("W = x", ["build"]), ("self.w = x", []), ("W = self.W = x", [])])
def test_a_name_that_an_object_lacks_may_have_been_one_of_a_method_alone(line, found):
    """Where `self.` is missing, the error is about `self.W`, and the fault stands where `W` was made."""
    exec(
        f"class Layer:\n    def build(self, x):\n        {line}\n"
        "def made(x):\n    layer = Layer()\n    layer.build(x)\n    return layer",
        names := {},
    )
    names["Layer"].__call__ = lambda self, x: x * self.W
    PROBES["built"] = lambda target, x: names["made"](x)(x) and {}
    try:
        reply = ask(names, "Layer", "built", {"x": 2.0})
    finally:
        del PROBES["built"]
    assert [(remark["name"], remark["method"]) for remark in reply.get("code", [])] == [("W", each) for each in found]


@pytest.mark.parametrize(
    ("source", "x", "numbers"),
    [
        ("def f(x): return x @ np.zeros((32, 64))", np.zeros((2, 3)), [32]),
        ("def f(x): return x @ np.zeros((32, 64))", np.zeros((2, 32)), []),
        ("def f(x): return [x[row] for row in range(9)]", np.zeros(5), []),
        ("def f(x): return x[7]", np.zeros(5), [7]),
        ("def f(x): return x @ np.zeros(2)", np.zeros(3), []),
    ],
)
def test_a_size_that_is_written_out_is_known_by_the_error(source, x, numbers):
    """A number of the error's text that stands in the code, and that no input has, was written for other inputs."""
    exec(source, names := {"np": np})
    reply = ask(names, "f", "call", {"arguments": [x], "outputs": ["output"]})
    shown = [remark["number"] for remark in reply.get("code", []) if remark["says"] == "size_written"]
    assert shown == numbers
