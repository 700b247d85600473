"""References that a notebook holds: replaced wherever they stand, put back, and what belongs to others left alone."""

import contextlib
import functools
import sys
import types

import numpy as np

from course_utils.held import replace_held

LIBRARY = "/usr/lib/python3/site-packages/library.py"


def is_own(filename):
    return "-packages" not in filename


def replaced(namespace, old, new=len):
    """Return what closes the replacement of an object in a namespace."""
    after = contextlib.ExitStack()
    replace_held(namespace, {id(old): new}, is_own, after)
    return after


def test_everything_is_put_back():
    """Containers, partials and vectorized functions hold afterwards what they held, also where they hold each other."""
    inner = [min]
    namespace = {"a": inner, "b": (inner, min), "c": functools.partial(map, min, key=min), "d": np.vectorize(min)}
    inner.append(namespace)
    with replaced(namespace, min):
        assert inner[0] is len and namespace["b"] == (inner, len)
        assert namespace["c"].args == (len,) and namespace["c"].keywords == {"key": len}
        assert namespace["d"].pyfunc is len
    assert inner[0] is min and namespace["b"] == (inner, min)
    assert namespace["c"].args == (min,) and namespace["c"].keywords == {"key": min}
    assert namespace["d"].pyfunc is min


def test_what_a_library_keeps_is_left_alone(monkeypatch):
    """A library's module, class and objects are not looked into, for other code may need what they hold."""
    module = types.ModuleType("library")
    module.__file__, module.call = LIBRARY, min
    monkeypatch.setitem(sys.modules, "library", module)
    exec(compile("class Kept: call = min\nkept = Kept()\nkept.own = min", LIBRARY, "exec"), vars(module))
    with replaced({"module": module, "Kept": module.Kept, "kept": module.kept}, min):
        assert module.call is min and module.Kept.call is min and module.kept.own is min


def test_what_a_librarys_function_was_handed_is_replaced():
    """Such a function keeps its argument as ``torch.vmap`` does; what lies deeper in it is the library's."""
    names = {}
    exec(compile("def wrap(f, g):\n    def call(): return f, g\n    return call", LIBRARY, "exec"), names)
    call = names["wrap"](min, [min])
    with replaced({"call": call}, min):
        assert call() == (len, [min])
    assert call() == (min, [min])


def test_data_is_not_looked_through():
    """A long list and what Python itself keeps in a notebook cost no time."""
    data, own = [min] * 2000, {"min": min}
    with replaced({"data": data, "__builtins__": own}, min):
        assert data[0] is min and own["min"] is min


def test_an_object_that_cannot_be_looked_at_hides_no_other():
    """One that raises whatever is asked of it is passed by."""

    class Odd:
        @property
        def __dict__(self):
            raise ValueError

    namespace = {"odd": Odd(), "kept": min}
    with replaced(namespace, min):
        assert namespace["kept"] is len
