"""PyTorch and TensorFlow for the labs, or a harmless stand-in for the one that is missing.

``from course_utils.frameworks import torch, nn`` and ``from course_utils.frameworks import tf, keras`` work everywhere.
"""

import contextlib
import importlib
import importlib.util
import logging
import os
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

LABELS = {"numpy": "NumPy", "torch": "PyTorch", "tensorflow": "TensorFlow"}
_ATTRIBUTES = {
    "torch": ("torch", "torch"),
    "nn": ("torch", "torch.nn"),
    "tf": ("tensorflow", "tensorflow"),
    "keras": ("tensorflow", "keras"),
}


class _MissingType(type):
    """Class of the stand-ins: every attribute, call or operation gives a stand-in again, so that other cells go on."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return cls

    def __call__(cls, *arguments: Any, **keywords: Any) -> Any:
        return cls if cls is Missing else super().__call__(*arguments, **keywords)

    def __bool__(cls) -> bool:
        return False

    def __enter__(cls) -> Any:
        return cls

    def __exit__(cls, *exception: Any) -> Literal[False]:
        return False

    def __len__(cls) -> int:
        return 0

    def __iter__(cls) -> Iterator[Any]:
        return iter(())

    def __getitem__(cls, key: Any) -> Any:
        return cls

    def __array__(cls, dtype: Any = None, copy: bool | None = None) -> Any:
        import numpy as np

        return np.array(np.nan, dtype=dtype)

    def __float__(cls) -> float:
        return float("nan")

    def __format__(cls, specification: str) -> str:
        return repr(cls)

    def _absorb(cls, *arguments: Any) -> Any:
        return cls

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __matmul__ = __rmatmul__ = _absorb
    __truediv__ = __rtruediv__ = __neg__ = __pow__ = _absorb

    def __repr__(cls) -> str:
        return "(not installed)"


class Missing(metaclass=_MissingType):
    """Stands in for a framework that is not installed; can be called, subclassed and asked for any attribute."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        pass

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return Missing

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing

    def __repr__(self) -> str:
        return "(not installed)"


def installed(framework: str) -> bool:
    """Tell whether a framework ("torch" or "tensorflow") can be imported, without importing it."""
    try:
        return importlib.util.find_spec(framework) is not None
    except (ValueError, ImportError):
        return False


def __getattr__(name: str) -> Any:
    if name not in _ATTRIBUTES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    framework, module = _ATTRIBUTES[name]
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # else its note on rounding lands on stderr
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if not installed(framework):
        return Missing
    return importlib.import_module(module)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Let NumPy and the frameworks that are loaded compute with one thread, as far as they can still change.

    For small arrays threads that wait for each other take longer than they save, up to fifteen times the processor time
    on a busy machine. NumPy's are limited where threadpoolctl is there, as with scikit-learn.
    """
    torch: Any = sys.modules.get("torch")
    tf: Any = sys.modules.get("tensorflow")
    threads = torch.get_num_threads() if torch else None
    if torch:
        torch.set_num_threads(1)
    if tf:
        with contextlib.suppress(RuntimeError):  # once TensorFlow has computed, it keeps its threads
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
    numpys = _threads_of_numpy()
    try:
        with numpys.limit(limits=1, user_api="blas") if numpys else contextlib.nullcontext():
            yield
    finally:
        if torch:
            torch.set_num_threads(threads)


@cache
def _threads_of_numpy() -> Any:
    """Return what can limit the threads of NumPy's products, or None; to look for it takes milliseconds."""
    try:
        return importlib.import_module("threadpoolctl").ThreadpoolController()
    except ImportError:
        return None


@contextlib.contextmanager
def no_logging() -> Iterator[None]:
    """Silence loggers, which hold on to the real stderr: TensorFlow warns there of retraced functions."""
    before = logging.root.manager.disable
    _disable(logging.CRITICAL)
    try:
        yield
    finally:
        _disable(before)


def _disable(level: int) -> None:
    """Silence loggers up to a level, where that is a change: each costs a look at all loggers, 0.1 ms."""
    if logging.root.manager.disable != level:
        logging.disable(level)


@contextlib.contextmanager
def comparable() -> Iterator[None]:
    """Let the frameworks that are loaded compute as the tests expect: in float32, not rounded to TF32, on one device.

    A notebook may have chosen otherwise for all that follows, as one with a GPU does; its results are right all the
    same. What a student's code asks for by itself, such as ``.to("cuda")``, stays.
    """
    torch: Any = sys.modules.get("torch")
    tf: Any = sys.modules.get("tensorflow")
    keras: Any = sys.modules.get("keras")
    with contextlib.ExitStack() as after:
        if torch:
            after.callback(torch.set_default_dtype, torch.get_default_dtype())
            after.callback(torch.set_float32_matmul_precision, torch.get_float32_matmul_precision())
            torch.set_default_dtype(torch.float32)
            torch.set_float32_matmul_precision("highest")
            after.enter_context(torch.device("cpu"))
        if tf:
            rounding = tf.config.experimental
            after.callback(rounding.enable_tensor_float_32_execution, rounding.tensor_float_32_execution_enabled())
            rounding.enable_tensor_float_32_execution(False)
        if keras:
            after.callback(keras.config.set_floatx, keras.config.floatx())
            after.callback(keras.config.set_dtype_policy, keras.config.dtype_policy())
            keras.config.set_floatx("float32")
            keras.config.set_dtype_policy("float32")
        yield
