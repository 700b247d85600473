"""The code of docs/authors.md works as it stands: the ten-minute exercise in every lab, the quiz and the imports."""

import os
import re
import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest

from autograder.authoring import build
from autograder.authoring.answers import load_answers
from autograder.authoring.exercise import exercises_of
from autograder.authoring.source import Lab
from autograder.classroom import Classroom
from autograder.engines import hidden
from autograder.engines.hidden import grade
from autograder.settings import PROJECT, Course, load_config
from course_utils import recording
from course_utils.checks import run_test
from tests.sources import NUMBERED, sample

LABS = [lab for lab in NUMBERED if not lab.startswith("lab5")]  # whose modules hold the names of the example

ANSWERS = {"norm", "loops", "norm_forgotten", "norm_squared", "bias_forgotten", "zeros", "constant", "hard_coded"}


def python(heading):
    """Return the first Python block below a heading of the page."""
    page = (PROJECT / "docs" / "authors.md").read_text(encoding="utf-8")
    block = re.search(rf"^#+ {re.escape(heading)}\n.*?^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    return block[1]


def define(lab, path, monkeypatch):
    """Let a file define the exercises of a lab."""
    name = f"autograder.exercises.{lab}"
    spec = spec_from_file_location(name, path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, name, module)


class Example(NamedTuple):
    """A lab with the example in it, built into a classroom."""

    lab: Lab
    answers: list
    classroom: Classroom


@pytest.fixture(params=sample(LABS, "lab4_overfitting_dropout"))
def example(request, tmp_path, monkeypatch):
    """A copy of a lab to whose three files the page's code was added, at the end of each."""
    lab = request.param
    for folder, heading in (
        ("autograder/exercises", "1. Say what is right, and what goes wrong"),
        ("solutions", "2. Ask it"),
        ("solutions/answers", "3. Prove it"),
    ):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        text = (PROJECT / folder / f"{lab}.py").read_text(encoding="utf-8")
        if folder == "autograder/exercises" and lab.startswith("lab4"):  # as the page says
            text += "\n\nfrom autograder.authoring.spellings import function\n"
        (tmp_path / folder / f"{lab}.py").write_text(f"{text}\n\n{python(heading)}", encoding="utf-8")
    shutil.copytree(recording.RECORDED, tmp_path / "recorded")
    monkeypatch.setattr(recording, "RECORDED", tmp_path / "recorded")
    monkeypatch.setattr(build, "RECORDED", tmp_path / "recorded")
    monkeypatch.setattr(hidden, "_exercises", hidden._exercises.__wrapped__)  # it keeps a lab's exercises
    monkeypatch.setenv(
        "PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )  # nbgrader calls alembic
    define(lab, tmp_path / "autograder" / "exercises" / f"{lab}.py", monkeypatch)
    classroom = Classroom(tmp_path / "classroom").create()
    config = load_config(classroom)
    source = Lab(tmp_path / "solutions" / f"{lab}.py")
    build.build_lab(source, classroom, config, Course(config=config))
    answers = [answer for answer in load_answers(tmp_path / "solutions/answers" / f"{lab}.py") if is_example(answer)]
    yield Example(source, answers, classroom)
    recording.recorded_tests.cache_clear()


def is_example(answer):
    return answer.grade_id == "distance"


def namespace(lab):
    """Return the names of a lab's notebook in which everything is solved; demos are left out."""
    names = {}
    for cell in lab.cells:
        if cell.kind == "code" and not {"tests", "demo"} & set(cell.roles):
            exec(cell.text, names)
    return names


def test_the_ten_minute_exercise_works(example):
    """The lab builds; right answers pass check and grade, wrong ones fail and get their hint in both."""
    released = nbformat.read(next(example.classroom.release.glob("*/*.ipynb")), as_version=4)
    [cell] = [cell for cell in released.cells if cell.id == "distance_solution"]
    assert "YOUR CODE HERE" in cell.source and "linalg" not in cell.source
    assert {answer.name for answer in example.answers} == ANSWERS
    _, recorded = recording.recorded_tests()["distance"]
    names = namespace(example.lab)
    for answer in example.answers:
        exec(answer.source, names)
        checked = run_test("check", recorded, 2, names)
        graded = grade("distance", names, example.classroom.root)
        assert (graded.status == "passed") == answer.right, answer.name
        assert (checked.status == "passed") == (answer.right or not answer.visible), answer.name
        if answer.mistake:
            assert graded.diagnosis == checked.diagnosis == answer.mistake
            assert recorded["hints"].get(answer.mistake, "") in graded.message  # zeros have a message, not a hint
    assert set(recorded["hints"]) <= {answer.mistake for answer in example.answers}


def test_the_page_s_other_code_works(tmp_path, monkeypatch):
    """A new lab that begins with the page's imports may define the page's exercise and quiz."""
    parts = map(python, ("A new lab", "1. Say what is right, and what goes wrong", "A quiz that is graded"))
    path = tmp_path / "lab9_new.py"
    path.write_text("\n\n".join(parts), encoding="utf-8")
    define(path.stem, path, monkeypatch)
    exercises = exercises_of(path.stem)
    assert [exercise.name for exercise in exercises] == ["distance", "practice"]
    for exercise in exercises:
        for number in range(20):
            assert exercise.test("numpy", bytes([number]), "grade")["cases"]
