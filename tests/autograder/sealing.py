"""Whether submissions can be sealed on this machine, and running cells in a student process."""

import sys
from pathlib import Path

import pytest

from autograder.sandbox.host import Need
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.trials import trials

SEALABLE = sys.platform == "linux" and all(result.sufficient for result in trials(Need((), 1024), Path("classroom")))
WHY = "this machine forbids user namespaces: see `autograder doctor`"
needs_sandbox = pytest.mark.skipif(not SEALABLE, reason=WHY)


def show(student, source, seconds=20, room=100_000):
    """Run a cell and return its outputs."""
    outputs = Outputs(room)
    student.run(source, seconds, outputs)
    return outputs.kept


def text(student, source, seconds=20):
    """Run a cell and return what it prints."""
    return "".join(output.get("text", "") for output in show(student, source, seconds))
