"""Trying what this machine can isolate."""

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.sandbox import trials as module
from autograder.sandbox.look import MEMORY, TRIALS
from autograder.sandbox.trials import trials
from tests.autograder.sealing import needs_sandbox


@needs_sandbox
def test_every_isolation_is_tried(tmp_path):
    """Where sandboxes work, each trial is made and each answer is yes, with nothing to mend."""
    (tmp_path / "secret").write_text("x")
    results = list(trials(Classroom(tmp_path)))
    assert [result.isolation for result in results] == ["sandbox", *(each.isolation for each in TRIALS), MEMORY]
    assert {(result.answer, result.help) for result in results} == {("yes", "")}


def test_a_machine_without_sandboxes(tmp_path, monkeypatch):
    """Where no sandbox can be made there is one result, which says what would help."""

    def refuse(need):
        raise CourseError("no namespaces here; do this")

    monkeypatch.setattr(module, "Server", refuse)
    assert list(trials(Classroom(tmp_path))) == [("sandbox", "no", "no namespaces here; do this")]


def test_another_system(tmp_path, monkeypatch):
    """On other systems than Linux nothing is tried."""
    monkeypatch.setattr(module.sys, "platform", "darwin")
    (result,) = trials(Classroom(tmp_path))
    assert result.answer == "no" and "Linux" in result.help and not result.sufficient
