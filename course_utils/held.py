"""What a notebook holds on to of a library's calls: in names, functions, classes and containers of a student's own."""

import contextlib
import functools
import gc
import sys
from collections.abc import Callable, Mapping
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

_DEEPEST = 8  # a closure in a list in an object in a list: deeper than anybody nests
_LONGEST = 1000  # longer containers hold data
_LRU_CACHE = type(functools.lru_cache(len))
_WRAPPERS = (MethodType, staticmethod, classmethod, property, np.ufunc, _LRU_CACHE)  # what they call cannot be set


def replace_held(
    namespace: dict[str, Any],
    replaced: Mapping[int, Any],
    is_own: Callable[[str], bool],
    after: contextlib.ExitStack,
) -> None:
    """Replace each reference to certain objects that a notebook's names lead to.

    Followed are containers; defaults, closures and attributes of functions, attributes of classes and of their objects,
    and names of modules, where a student wrote them; ``functools.partial``, ``np.vectorize``, and what calls a function
    that cannot be set, as ``np.frompyfunc`` makes: that is replaced as a whole. Not followed are iterators and
    generators, containers of more than 1000 things, and what the libraries keep for themselves.

    Args:
        namespace: mapping of the notebook's names; changed.
        replaced: mapping from the identity of an object to what takes its place.
        is_own: tells from the name of a file whether a student wrote what stands in it.
        after: puts all back when it closes.
    """
    held = _Held(replaced, is_own, after)
    for name in [name for name in namespace if not name.startswith("__")]:
        with contextlib.suppress(Exception):  # an object may do anything when it is looked at
            held.change(namespace[name], _DEEPEST, namespace.__setitem__, name)


class _Held:
    """One walk; each object is looked into once."""

    def __init__(self, replaced: Mapping[int, Any], is_own: Callable[[str], bool], after: contextlib.ExitStack) -> None:
        self.replaced, self.is_own, self.after = replaced, is_own, after
        self.seen: dict[int, Any] = {}

    def change(self, value: Any, depth: int, put: Callable[..., Any], *where: Any) -> None:
        """Put what takes a value's place where the value stands, and remember to put the value back."""
        new = self.in_place_of(value, depth)
        if new is not value:
            self.after.callback(put, *where, value)
            put(*where, new)

    def in_place_of(self, value: Any, depth: int) -> Any:
        """Return what takes the place of a value, which is itself where it can be changed or needs no change."""
        if id(value) in self.replaced:
            return self.replaced[id(value)]
        if depth <= 0 or value is None or isinstance(value, (str, bytes, int, float, np.ndarray)):
            return value
        if type(value) in (tuple, set, frozenset) and len(value) <= _LONGEST:
            parts = [self.in_place_of(part, depth - 1) for part in value]
            return type(value)(parts) if any(new is not old for new, old in zip(parts, value)) else value
        if isinstance(value, _WRAPPERS):
            parts = [self.in_place_of(part, depth - 1) for part in gc.get_referents(value)]
            return next((new for new, old in zip(parts, gc.get_referents(value)) if new is not old), value)
        if id(value) not in self.seen:
            self.seen[id(value)] = value
            self._look_into(value, depth - 1)
        return value

    def _look_into(self, value: Any, depth: int) -> None:
        if isinstance(value, (dict, list)):
            if len(value) <= _LONGEST:
                for place, part in list(value.items() if isinstance(value, dict) else enumerate(value)):
                    self.change(part, depth, value.__setitem__, place)
        elif isinstance(value, FunctionType):
            self._look_into_function(value, depth)
        elif isinstance(value, functools.partial):
            self.change((value.func, value.args, value.keywords), depth + 1, _set_partial, value)
        elif isinstance(value, np.vectorize):
            self.change(value.pyfunc, depth, _set_vectorised, value)
        elif not isinstance(value, (type, ModuleType)):
            if self._is_a_students(type(value)):
                self.in_place_of(getattr(value, "__dict__", None), depth)
        elif self._is_a_students(value):
            for name, part in list(vars(value).items()):
                if not name.startswith("__"):
                    self.change(part, depth, setattr, value, name)

    def _look_into_function(self, function: FunctionType, depth: int) -> None:
        # Of a library's function only what it was handed: `torch.vmap` returns one that keeps its argument.
        own = self.is_own(function.__code__.co_filename)
        for cell in function.__closure__ or ():
            with contextlib.suppress(ValueError):  # one that is still empty
                self.change(cell.cell_contents, depth if own else 0, setattr, cell, "cell_contents")
        if own:
            self.change(function.__defaults__, depth, setattr, function, "__defaults__")
            self.in_place_of(function.__kwdefaults__, depth)
            self.in_place_of(vars(function), depth)

    def _is_a_students(self, value: type | ModuleType) -> bool:
        """Tell whether a student wrote a class or a module; a notebook itself has no file."""
        module = value if isinstance(value, ModuleType) else sys.modules.get(value.__module__)
        file = getattr(module, "__file__", None)
        return self.is_own(file) if file else isinstance(value, type) and value.__module__ != "builtins"


def _set_partial(value: Any, parts: tuple[Any, ...]) -> None:
    value.__setstate__((*parts, vars(value)))


def _set_vectorised(value: Any, function: Any) -> None:
    value.pyfunc = function
    value._ufunc = type(value._ufunc)()  # what it keeps of the function before: None, or an empty dictionary
