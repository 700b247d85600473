"""Modules that the frameworks import and no lab needs: a submission that does use one imports it then.

They take a third of a warm server's start, and each fork has less to copy.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any

DYNAMO = "torch._dynamo"
# By what imports them: stand-ins are of use only where that comes later.
OF = {
    "torch": (DYNAMO,),  # torch.compile; each optimizer imports it for two functions that do nothing without it
    "tensorflow": (
        "keras.datasets",
        "keras.wrappers",  # these import scikit-learn and SciPy
        "tensorflow._api.v2.__internal__.feature_column",
        "tensorflow._api.v2.compat.v1",
        "tensorflow._api.v2.compat.v2",
        "tensorflow._api.v2.feature_column",
        "tensorflow._api.v2.saved_model",
        "tensorflow._api.v2.tpu",
    ),
}


class Deferred(ModuleType):
    """Stands in for a module until something of it is used, then gives what the module has."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        # Whoever looks through all modules, as for a traceback, asks for such names.
        if name.startswith("__") and name != "__path__" and sys.modules.get(self.__name__) is self:
            raise AttributeError(name)
        return getattr(self._imported(), name)

    def __dir__(self) -> list[str]:
        return dir(self._imported())

    def _imported(self) -> ModuleType:
        with self._lock:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
                self.begin()
        return import_module(self.__name__)

    def begin(self) -> None:
        """Do what must be done before the module is imported."""


class Dynamo(Deferred):
    """Stands in for ``torch._dynamo``, with what PyTorch calls of it where nothing is compiled."""

    def __init__(self) -> None:
        super().__init__(DYNAMO)
        self._disabled: list[Callable[..., Any]] = []

    def graph_break(self, message: str = "") -> None:
        """Do nothing, as the real one does outside of what is compiled."""

    def disable(self, function: Callable[..., Any], *options: Any, **more: Any) -> Callable[..., Any]:
        """Return the function, which PyTorch keeps as one that is not to be compiled."""
        self._disabled.append(function)
        return function

    def begin(self) -> None:
        """Let PyTorch ask the real module about each function again."""
        for function in self._disabled:
            vars(function).pop("__dynamo_disable", None)


def defer(framework: str) -> None:
    """Put stand-ins in the place of what a framework is about to import."""
    for name in OF.get(framework, ()):
        if name not in sys.modules:
            sys.modules[name] = Dynamo() if name == DYNAMO else Deferred(name)
