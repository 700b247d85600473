"""What the code of a student's function shows, whatever it returns: which argument it never looks at, and what it reads
from the notebook in place of one.
"""

import dis
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from ..remarks import COUNTED, Remark

_READS_ALL = frozenset(("locals", "vars", "eval", "exec"))  # a call of one may look at any argument


def always_returns(target: Any) -> bool:
    """Tell whether each way through a function ends with a `return` of what a call gives, or an attribute holds."""
    if not isinstance(target, FunctionType):
        return False
    steps = [step.opname for step in dis.get_instructions(target)]
    before = [steps[place - 1] for place, name in enumerate(steps) if name.startswith("RETURN_") and place]
    return bool(before) and all(name.startswith(("CALL", "LOAD_ATTR")) for name in before)


def asked_function(target: Any, arguments: Mapping[str, Any]) -> FunctionType | None:
    """Return the function that a case is about, where it is one: the target itself, or one of several.

    Args:
        arguments: those of the probe; of several functions, "name" or "function" says which one.
    """
    if isinstance(target, Mapping):
        name = arguments.get("name", arguments.get("function"))
        target = target.get(name) if isinstance(name, str) else None
    return target if isinstance(target, FunctionType) else None


def not_kept(target: Any, error: BaseException | None) -> list[Remark]:
    """Return that what an object lacks is a name inside of one of its class's methods, where `self.` is missing.

    Args:
        error: what the student's code raised.
    """
    if not isinstance(error, AttributeError) or not isinstance(target, type):
        return []
    missing = re.search(r"has no attribute '(\w+)'", str(error))
    methods = [method for method in vars(target).values() if isinstance(method, FunctionType)]
    return [
        {"says": "not_kept", "name": missing[1], "method": method.__name__}
        for method in methods
        if missing and missing[1] in method.__code__.co_varnames[method.__code__.co_argcount :]
    ]


def size_written(function: FunctionType, error: BaseException, arguments: Any) -> list[Remark]:
    """Return which number of an error's text stands in a function's code and is no size of what it was called with.

    Args:
        error: what the function raised.
    """
    constants = {each for code in _codes(function.__code__) for each in _whole_numbers(code.co_consts)}
    said = {int(digits) for digits in re.findall(r"\b\d{1,9}\b", str(error)[:1000])}
    found = sorted(number for number in (said & constants) - set(_sizes(arguments)) if number > 2)
    return [{"says": "size_written", "number": number} for number in found]


def _whole_numbers(values: tuple[Any, ...]) -> Iterator[int]:
    for value in values:
        if isinstance(value, tuple):
            yield from _whole_numbers(value)
        elif type(value) is int:
            yield value


def _sizes(value: Any) -> Iterator[int]:
    """Yield the sizes of all arrays in a probe's arguments, and the whole numbers beside them."""
    if isinstance(value, np.ndarray):
        yield from value.shape
    elif type(value) is int:
        yield value
    elif isinstance(value, (Mapping, list, tuple)):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _sizes(each)


def read_remarks(function: FunctionType) -> list[Remark]:
    """Return what a function's code shows: what it reads from the notebook, and the argument that it never looks at."""
    unread, names = _seen(function.__code__)
    outside = next((name for name in names if _is_data(function.__globals__.get(name))), None)
    remarks: list[Remark] = []
    if outside is not None:  # first, since it may be what stands in the place of an argument
        remarks.append({"says": "notebook_read", "name": outside})
    if unread is not None and unread < len(COUNTED):
        remarks.append({"says": "argument_unread", "place": COUNTED[unread]})
    return remarks


@lru_cache(maxsize=64)  # each case of a test asks again, and reading takes longer than many a call
def _seen(code: CodeType) -> tuple[int | None, tuple[str, ...]]:
    """Return the place of the first argument that is never read, and the names from outside but those in capitals."""
    names = (
        str(step.argval) for part in _codes(code) for step in dis.get_instructions(part) if step.opname == "LOAD_GLOBAL"
    )
    return next(_unread(code), None), tuple(name for name in names if not name.isupper())


def _unread(code: CodeType) -> Iterator[int]:
    """Yield the place of each positional argument that is never read, or gets another value before it is."""
    if _READS_ALL & set(code.co_names):
        return
    given = code.co_varnames[: code.co_argcount]
    untouched, overwritten, read = set(given) - set(code.co_cellvars), set(), set(code.co_cellvars)
    straight = True  # so far no way through the function has parted from another one
    for step in dis.get_instructions(code):
        straight = straight and step.opcode not in dis.hasjrel and step.opcode not in dis.hasjabs
        # From Python 3.13 on one step may touch two names, and does so in their order.
        names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
        verbs = [verb for verb in step.opname.split("_") if verb in ("LOAD", "STORE", "DELETE")]
        if "FAST" not in step.opname:
            continue
        for name, verb in zip(names, verbs if len(verbs) == len(names) else verbs[:1] * len(names)):
            if verb == "LOAD" and name not in overwritten:
                read.add(name)
            elif verb == "STORE" and straight and name in untouched and name not in read:
                overwritten.add(name)
    yield from (place for place, name in enumerate(given) if name not in read)


def _is_data(value: Any) -> bool:
    """Tell whether something of the notebook is an array or a number, which may stand in the place of an argument."""
    return isinstance(value, (np.ndarray, float, int, list)) or type(value).__name__.endswith("Tensor")


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a function's code, and that of all functions within."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
