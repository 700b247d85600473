"""A harmless stand-in for ``google.colab`` while grading: a cell that mounts a drive still defines what follows.

Code that asks whether this is Colab is told that it is not: by ``sys.modules``, by ``find_spec``, and by an import that
it guards with ``try``. An import without a guard gets the stand-in, since it would end the cell.
"""

import dis
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType
from typing import Any

PACKAGES = ("google", "google.colab")
MODULES = ("auth", "drive", "files", "output", "userdata", "widgets")


class _Absent(ModuleType):
    """A module in which every name is a function that does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: {} if name == "upload" else None  # files by name: none


class _StandIn(MetaPathFinder, Loader):
    """Finds the stand-in where nobody else found a module of that name."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        known = fullname in PACKAGES or fullname in [f"google.colab.{name}" for name in MODULES]
        if not known or _only_asks(sys._getframe(1)):
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=fullname in PACKAGES)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Absent(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ == "google.colab":
            for name in MODULES:
                below = sys.modules[f"google.colab.{name}"] = _Absent(f"google.colab.{name}")
                setattr(module, name, below)


def _only_asks(frame: FrameType | None) -> bool:
    """Return whether code only asks for a module: with ``find_spec``, or in an import that it guards."""
    while frame is not None and "importlib" in frame.f_code.co_filename:
        if (
            frame.f_code.co_filename.startswith("<frozen importlib.util")
            or "importlib/util" in frame.f_code.co_filename
        ):
            return True
        frame = frame.f_back
    if frame is None:
        return False
    guarded = getattr(dis.Bytecode(frame.f_code), "exception_entries", ())
    return any(entry.start <= frame.f_lasti < entry.end for entry in guarded)


def stand_in() -> None:
    """Let an unguarded ``import google.colab`` find the stand-in."""
    if not any(isinstance(finder, _StandIn) for finder in sys.meta_path):
        sys.meta_path.append(_StandIn())
