"""Trying what this machine can isolate."""

import pytest

from autograder.errors import CourseError
from autograder.sandbox import host
from autograder.sandbox import trials as module
from autograder.sandbox.look import GROUP, MEMORY, SANDBOX, TRIALS, USER, TrialResult
from autograder.sandbox.trials import trials
from tests.autograder.sealing import needs_sandbox


@pytest.fixture(autouse=True)
def anew():
    """Let each test look anew."""
    trials.cache_clear()
    yield
    trials.cache_clear()


@needs_sandbox
def test_every_isolation_is_tried(tmp_path):
    """Where sandboxes work each trial is made, once; what could be better says how, and what is right says nothing."""
    (tmp_path / "secret").write_text("x")
    results = trials(host.Need((), 1024), tmp_path)
    names = [SANDBOX, *(each.isolation for each in TRIALS), MEMORY, GROUP, USER]
    assert [result.isolation for result in results] == names
    assert {(result.answer, result.help) for result in results[:-2]} == {("yes", "")}
    assert all(result.sufficient and (result.answer == "yes") == (not result.help) for result in results)
    assert trials(host.Need((), 1024), tmp_path) is results


def test_a_machine_without_sandboxes(tmp_path, monkeypatch):
    """Where no sandbox can be made there is one result: it says what would help, and names all that is missing."""

    def refuse(need):
        raise CourseError("no namespaces here; do this")

    monkeypatch.setattr(module, "Server", refuse)
    (result,) = trials(host.Need((), 1024), tmp_path)
    assert (result.isolation, result.answer, result.help) == (SANDBOX, "no", "no namespaces here; do this")
    assert "no system-call filter" in result.without and "course files in sight" in result.without
    assert not result.sufficient and TrialResult("x", "second best: y", "z").sufficient
