"""What the tests of the commands share: a classroom that is built in seconds, and what building it printed."""

import contextlib
import io

import pytest

from autograder.authoring.source import Lab
from autograder.settings import PROJECT
from tests.conftest import build_classroom


@pytest.fixture(scope="session")
def few_labs():
    """Two of the course's labs: one that gives no points, and a quiz."""
    return [Lab(PROJECT / "solutions" / f"{name}.py") for name in ("lab0_welcome", "quiz1_foundations")]


@pytest.fixture(scope="session")
def few_built(few_labs, tmp_path_factory):
    """A classroom with these labs, built by the command; returns it with what was printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        room = build_classroom(tmp_path_factory.mktemp("few") / "classroom", labs=[lab.name for lab in few_labs])
    return room, printed.getvalue()
