"""What every probe needs: the registry, how one is asked, and how a student's values become plain arrays."""

import contextlib
import copy
import io
import re
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ..frameworks import comparable, no_logging
from ..protocol import Error, Reply
from ..remarks import VOCABULARY, Remark
from ..switched_off import loaded, switched_off
from .reading import always_returns, asked_function, not_kept, read_remarks, size_written

Probe = TypeVar("Probe", bound=Callable[..., Reply])
PROBES: dict[str, Callable[..., Reply]] = {}  # by the name that tests use

# Files that no student wrote begin with one of these.
_LIBRARIES = (str(Path(__file__).parents[1]), sysconfig.get_path("stdlib"), "<frozen")
_NO_GPU = re.compile(
    "not compiled with CUDA|not linked with support for mps|No CUDA GPUs|NVIDIA driver|no CUDA-capable device|"
    "satisfy device specification|unknown device",
    re.IGNORECASE,
)
LARGEST = 10_000_000  # numbers in one result; more is a mistake, and would only fill the memory


def probe(function: Probe) -> Probe:
    """Mark a function as a probe, so that a test may ask for it by name."""
    PROBES[function.__name__] = function
    return function


class Unusable(Exception):
    """Raised by a probe when an object or a result cannot be used.

    Args:
        says: name of the sentence for the student, in ``remarks.VOCABULARY``.
        gaps: what stands in its gaps.
    """

    def __init__(self, says: str, **gaps: Any) -> None:
        super().__init__(says)
        self.remark = remark(says, **gaps)


def remark(says: str, **gaps: Any) -> Remark:
    """Return a remark: the name of a sentence in ``remarks.VOCABULARY``, and what stands in its gaps."""
    if says not in VOCABULARY:
        raise LookupError(f"there is no remark called {says!r}")
    return {"says": says, **gaps}


def ask_each(
    namespace: Mapping[str, Any],
    name: str | list[str],
    probe_name: str,
    cases: list[dict[str, Any]],
    quiet: bool = False,
) -> list[Reply]:
    """Run one probe for each element of ``cases``, a list of arguments, and return the replies; see ``ask``."""
    with no_logging():
        return [ask(namespace, name, probe_name, arguments, quiet) for arguments in cases]


def ask(
    namespace: Mapping[str, Any],
    name: str | list[str],
    probe_name: str,
    arguments: dict[str, Any],
    quiet: bool = False,
) -> Reply:
    """Run one probe on the object called ``name`` and return its reply; never raises, never writes to stderr.

    Args:
        namespace: mapping of the notebook's names; ``name`` may be a list of names, read as a mapping.
        arguments: keyword arguments of the probe; the probe gets a copy. "off" names calls that are switched off.
        quiet: also swallow what the student's code prints.
    """
    try:
        target = _lookup(namespace, name)
    except KeyError:
        return {"missing": True}
    if is_nothing(target):
        return nothing_yet()
    off = arguments.get("off")
    arguments = {key: value for key, value in arguments.items() if key != "off"}
    if not off:
        return _asked(target, probe_name, arguments, quiet)
    while True:
        before = loaded(off)
        refused: list[Unusable] = []

        def refuse(call: str, refused: list[Unusable] = refused) -> Unusable:
            refused.append(Unusable("switched_off", call=call))
            return refused[-1]

        with switched_off(off, namespace, is_own_file, refuse):
            reply = _asked(_lookup(namespace, name), probe_name, arguments, quiet)
        if "error" in reply and refused:  # Keras puts an error of its own in the place of what a layer raised
            reply = {"unusable": refused[0].remark}
        if loaded(off) == before:  # else the student's code imported one only now
            return reply


def _asked(target: Any, probe_name: str, arguments: dict[str, Any], quiet: bool) -> Reply:
    with warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.simplefilter("ignore")
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        if quiet:
            stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(no_logging())
        given = copy.deepcopy(arguments)
        with contextlib.suppress(Exception):  # a notebook may have put anything in a framework's place
            stack.enter_context(comparable())
        try:
            reply = PROBES[probe_name](target, **given)
            if _is_silent(reply) and always_returns(target):
                reply["notes"].append(remark("none_returned"))
            if reply.get("values") and not same(arguments, given):
                reply["notes"].append(remark("input_changed"))
            return _with_code(reply, target, arguments)
        except Unusable as error:
            return {"unusable": error.remark}
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a student's code may raise anything, SystemExit included
            return _with_code(_of_error(error), target, arguments, error)


def _with_code(reply: Reply, target: Any, arguments: dict[str, Any], error: BaseException | None = None) -> Reply:
    """Return a reply with what the student's code shows; what is not written yet shows nothing.

    Args:
        error: what the code raised.
    """
    if not any(value is not None for value in reply.get("values", reply.get("error", {})).values()):
        return reply
    with contextlib.suppress(Exception):  # a notebook may hold anything
        function = asked_function(target, arguments)
        shown = read_remarks(function) if function else not_kept(target, error)
        if function and error:
            shown = size_written(function, error, arguments) + shown
        if shown:
            return {**reply, "code": shown}
    return reply


def _is_silent(reply: Reply) -> bool:
    values = reply.get("values", {})
    return bool(values) and all(value is None for value in values.values()) and not reply["notes"]


def _of_error(error: BaseException) -> Reply:
    """Return the reply that stands for what a student's code raised."""
    if type(error).__name__ in ("StdinNotImplementedError", "BdbQuit"):
        return {"unusable": remark("asks_for_input")}
    with contextlib.suppress(Exception):  # its text is made by its own code
        if _NO_GPU.search(str(error)[:10_000]):
            return {"unusable": remark("no_gpu")}
    if isinstance(error, NotImplementedError):
        if method := re.search(r'required "(forward)"|`(call)\(\)` method', str(error)):
            return nothing_yet(remark("not_finished", name=method[1] or method[2]))
        if _is_said_by_the_student(error):
            return nothing_yet()
    return {"error": _describe(error)}


def _lookup(namespace: Mapping[str, Any], name: str | list[str]) -> Any:
    if isinstance(name, (list, tuple)):
        return {part: namespace.get(part) for part in name}
    return namespace[name]


def same(before: Any, after: Any) -> bool:
    """Tell whether an argument is still what it was before a student's function had it."""
    if isinstance(before, np.ndarray):
        return isinstance(after, np.ndarray) and np.array_equal(before, after)
    if isinstance(before, Mapping):
        return isinstance(after, Mapping) and same([*before, *before.values()], [*after, *after.values()])
    if isinstance(before, (list, tuple)):
        return isinstance(after, (list, tuple)) and len(before) == len(after) and all(map(same, before, after))
    return before is after or (type(before) is type(after) and bool(before == after))


def is_nothing(value: Any) -> bool:
    """Tell whether a value stands for work that is not done: None, ``...`` or NotImplemented."""
    return value is None or value is Ellipsis or value is NotImplemented


def nothing_yet(*notes: Remark) -> Reply:
    """Return the reply of an object that is not finished; the first note says why."""
    return {"values": {"output": None}, "notes": list(notes)}


def is_own_file(filename: str) -> bool:
    """Tell from the name of a file whether a student wrote what stands in it, and not a library's author."""
    return "-packages" not in filename and not filename.startswith(_LIBRARIES)


def _is_own(frame: traceback.FrameSummary) -> bool:
    return is_own_file(frame.filename)


def _is_said_by_the_student(error: BaseException) -> bool:
    """Tell whether the student's own code raised an error, and not a library that it called."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return _is_own(last) and ("raise" in last.line if last.line else not str(error))


def _describe(error: BaseException) -> Error:
    """Say what went wrong in the student's own code: type, text, and the line that raised it."""
    own = list(filter(_is_own, traceback.extract_tb(error.__traceback__)))
    try:
        text = _readable(str(error))
    except Exception:
        text = ""
    return {
        "type": type(error).__name__[:60],
        "message": text[:200],
        "line": (own[-1].line or "").strip()[:120] if own else "",
    }


def _readable(text: str) -> str:
    """Return the line of an error's text that says what happened, without colours and TensorFlow's node names."""
    text = re.sub(r"\x1b\[[0-9;]*m|\{\{[^}]*\}\} ?| ?\[Op:\w*\].*|, with gufunc signature \S+", "", text[:10_000])
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Exception encountered when calling"):
        return lines[1]
    return lines[0] if lines else ""


def as_array(value: Any, subject: str = "the result") -> np.ndarray | None:
    """Convert a number, list, array or tensor to a NumPy array of numbers; None and ... mean 'not written yet'.

    Args:
        subject: how a message names the value.
    """
    if is_nothing(value):
        return None
    if np.prod(getattr(value, "shape", None) or (), dtype=float) > LARGEST:
        raise Unusable("too_large", subject=subject, shape=list(shape_of(value)))
    array = _array(value)
    if array.dtype.kind not in "biuf":
        if isinstance(value, tuple):
            raise Unusable("tuple_came", subject=subject)
        raise Unusable("not_numbers", subject=subject, kind=kind_of(value))
    return array


def _array(value: Any) -> np.ndarray:
    """Copy a value into a NumPy array, of dtype object where it holds no numbers."""
    module = type(value).__module__.partition(".")[0]
    try:
        if module == "torch" and hasattr(value, "detach"):
            value = value.detach().cpu()
            value = value.float() if str(value.dtype) == "torch.bfloat16" else value
            return np.array(value.numpy())
        if module in ("tensorflow", "keras") and hasattr(value, "numpy"):
            return np.array(value.numpy())
        if isinstance(value, (list, tuple)) and any(hasattr(element, "numpy") for element in value):
            return np.array([_array(element) for element in value])
        return np.array(value)
    except Exception:
        return np.array(None)


def shape_of(value: Any) -> tuple[int, ...]:
    """Return the shape of an array, tensor or variable as plain integers."""
    return tuple(int(size) for size in value.shape)


_KINDS = {
    "ndarray": "a NumPy array",
    "Tensor": "a PyTorch tensor",
    "EagerTensor": "a TensorFlow tensor",
    "str": "a string",
    "function": "a function",
    "type": "a class",
    "dict": "a dictionary",
    "int": "a number",
    "float": "a number",
    "float64": "a number",
    "bool": "a truth value",
    "NoneType": "nothing",
}


def kind_of(value: Any) -> str:
    """Say in words what sort of thing a value is."""
    noun = type(value).__name__[:40]
    if noun == "ndarray" and value.dtype.kind not in "biuf":
        return "a NumPy array of other things"
    if noun in ("list", "tuple") and len(value) and not np.isscalar(value[0]):
        return f"a {noun} of unequal parts"
    return _KINDS.get(noun) or f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def must_be_tensor(value: Any, tensor_type: type, framework: str) -> None:
    """Refuse an output of another type; one that is not written yet passes.

    Args:
        framework: its name in the message.
    """
    if not is_nothing(value) and not isinstance(value, tensor_type):
        raise Unusable("not_a_tensor", framework=framework, kind=kind_of(value))


def must_be_callable(value: Any, expected: str = "a function") -> None:
    """Refuse what cannot be called.

    Args:
        expected: how the message names what should be there.
    """
    if not callable(value):
        raise Unusable("not_callable", wanted=expected, kind=kind_of(value))


@probe
def call(target: Any, arguments: list[Any], outputs: list[str]) -> Reply:
    """Call a function and return what it returns.

    Args:
        arguments: positional arguments.
        outputs: names of the values that it returns, in order.
    """
    must_be_callable(target)
    result = target(*arguments)
    if len(outputs) == 1:
        return {"values": {outputs[0]: as_array(result)}, "notes": []}
    if is_nothing(result):
        return {"values": dict.fromkeys(outputs), "notes": []}
    if not isinstance(result, (tuple, list)):
        raise Unusable("not_several", count=len(outputs), names=list(outputs), kind=kind_of(result))
    if len(result) != len(outputs):
        raise Unusable("wrong_count", count=len(outputs), names=list(outputs), number=len(result))
    values = {name: as_array(value, f"`{name}`") for name, value in zip(outputs, result)}
    empty = [name for name, array in values.items() if array is None]
    if empty and len(empty) < len(outputs):
        return {"values": dict.fromkeys(outputs), "notes": [remark("one_is_nothing", name=empty[0])]}
    return {"values": values, "notes": []}


@probe
def read(target: Mapping[str, Any]) -> Reply:
    """Read plain variables: strings stay strings (at most 80 characters), anything else becomes an empty one."""
    return {
        "values": {
            # A subclass of str may slice itself as it likes.
            name: str.__getitem__(value, slice(80)) if isinstance(value, str) else ""
            for name, value in target.items()
        },
        "notes": [],
    }
