"""Grading in a process of its own."""

import pickle
import subprocess
import sys

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.errors import CourseError, GraderFailure
from autograder.grading import apart
from autograder.grading.converters import ClassAutograde
from autograder.grading.run import Grading
from tests.autograder import toy
from tests.autograder.grading.test_converters import FullMarks, graded

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


def test_the_formgraders_button_grades_in_a_process_of_its_own(tmp_path, monkeypatch):
    """What the button does is done by a new process: the same log and points; what stops it is told as ever."""
    classroom, config = toy.make_classroom(tmp_path / "room")
    config.Execute.engine_class = FullMarks
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    monkeypatch.setattr(Grading, "outcomes", lambda *_: pytest.fail("graded in this process"))
    button = NbGraderAPI(CourseDirectory(config=config), config=config)
    done = button.autograde(toy.LAB, "ada")
    assert done["success"] and "ada/toy: graded" in done["log"]
    assert graded(classroom) == ["ada"]
    monkeypatch.setattr(apart, "outcomes", refuse)
    stopped = button.autograde(toy.LAB, "ada")
    assert not stopped["success"] and "no sandbox here; do this" in stopped["log"]


def refuse(*_):
    raise CourseError("no sandbox here; do this")


def test_the_command_grades_in_its_own_process(monkeypatch):
    """Without Jupyter around it there are no threads, and nothing is started."""
    monkeypatch.setattr(Grading, "__init__", lambda self, *_, **__: None)
    monkeypatch.setattr(Grading, "outcomes", lambda self, chosen: iter(chosen))
    assert list(ClassAutograde()._outcomes(None, [1, 2])) == [1, 2]


@pytest.mark.parametrize(
    ("code", "error"),
    [("pass", GraderFailure), ("sys.stdout.buffer.write(pickle.dumps(ValueError('x')))", ValueError)],
)
def test_a_process_that_ends_too_early(monkeypatch, code, error):
    """What it raised is raised here; where it just ended, that is the grader's failure."""
    program = [sys.executable, "-c", f"import pickle, sys\nsys.stdin.buffer.read()\n{code}"]
    real = subprocess.Popen
    monkeypatch.setattr(apart.subprocess, "Popen", lambda command, **options: real(program, **options))
    with pytest.raises(error):
        list(apart.outcomes(None, toy.Classroom, False, []))


def test_a_configuration_that_only_its_process_knows_is_read_anew():
    """Settings that cannot be sent are read from their file there."""
    assert apart._pickled({"f": lambda: 1}) == b"" and pickle.loads(apart._pickled({"a": 1})) == {"a": 1}
