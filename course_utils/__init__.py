"""What students import: data sets, plots, explorers and checks for the deep-learning labs.

Everything loads on first use, so that ``import course_utils`` is quick and works with PyTorch, TensorFlow or both
missing.
"""

from importlib import import_module
from typing import Any

_FUNCTIONS = {"ask": "asking", "check": "checks", "progress": "checks", "setup": "checks"}
_MODULES = {
    "checks": "checks",
    "datasets": "datasets",
    "explorers": "figures",
    "frameworks": "frameworks",
    "language": "language",
    "plots": "figures.plots",
    "probes": "probes",
    "training": "training",
    "tunes": "tunes",
}

__all__ = [*_FUNCTIONS, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _FUNCTIONS:
        return getattr(import_module(f"{__name__}.{_FUNCTIONS[name]}"), name)
    if name in _MODULES:
        return import_module(f"{__name__}.{_MODULES[name]}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
