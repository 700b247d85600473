"""``autograder build``: what its options decide, and what it says of each lab."""

from argparse import ArgumentParser
from pathlib import Path

import pytest

from autograder.classroom import Classroom
from autograder.cli import main
from autograder.commands import build
from autograder.settings import PROJECT, Course


@pytest.fixture
def steps(few_labs, monkeypatch):
    """Let the command build nothing; returns the steps that it would have taken."""
    taken = []
    monkeypatch.setattr(build, "load_labs", lambda folder: few_labs)
    monkeypatch.setattr(build, "build_lab", lambda lab, classroom, config, course: taken.append(("build", lab.name)))
    monkeypatch.setattr(build, "publish", lambda labs, classroom, folder: taken.append(("publish", folder)))
    return taken


def test_a_build_says_what_each_lab_is_worth(few_built, few_labs):
    """Each lab has a line with its exercises and points, and the last line says where they are."""
    classroom, printed = few_built
    points = sum(few_labs[1].points().values())
    assert printed.splitlines()[-3:] == [
        "build: lab0_welcome: 1 exercise, not graded",
        f"build: quiz1_foundations: 1 exercise, {points:g} points",
        f"build: 2 labs in {classroom.root}",
    ]


def test_student_notebooks_are_published(few_built):
    """A classroom for both frameworks puts its released notebooks, byte by byte, into the folder of ``--labs``."""
    classroom, _ = few_built
    folder = Path(f"{classroom.root}-labs")
    assert sorted(path.stem for path in folder.iterdir()) == classroom.labs() == ["lab0_welcome", "quiz1_foundations"]
    for path in folder.iterdir():
        assert path.read_bytes() == (classroom.release / path.stem / path.name).read_bytes()


@pytest.mark.parametrize(
    ("address", "told"), [("", True), ("https://github.com/your-school/deep-learning-labs", False)]
)
def test_a_missing_address_is_told(steps, tmp_path, monkeypatch, capsys, address, told):
    """Where no address is set, the command names the setting and what the labs lack."""
    monkeypatch.setattr(build, "Course", lambda config: Course(student_repository=address))
    assert main(["build", "--classroom", str(tmp_path / "room")]) == 0
    assert ("student_repository is not set (nbgrader_config.py)" in capsys.readouterr().out) is told


@pytest.mark.parametrize("framework", ["both", "torch", "tensorflow"])
def test_only_labs_for_both_frameworks_are_published(steps, tmp_path, framework):
    """A classroom for one framework is built whole, and leaves the folder of ``--labs`` alone."""
    room, folder = tmp_path / "room", tmp_path / "labs"
    assert main(["build", "--framework", framework, "--classroom", str(room), "--labs", str(folder)]) == 0
    assert steps[:2] == [("build", "lab0_welcome"), ("build", "quiz1_foundations")]
    assert steps[2:] == ([("publish", folder)] if framework == "both" else [])
    assert Classroom(room).framework == framework


def test_a_build_keeps_what_it_is_not_asked_to_change(steps, tmp_path, capsys):
    """Framework and engine stay as they were; the engine may change, and another framework is refused."""
    room = str(tmp_path / "room")
    assert main(["build", "--framework", "torch", "--engine", "plain", "--classroom", room]) == 0
    assert main(["build", "--classroom", room]) == 0
    assert (Classroom(room).framework, Classroom(room).engine) == ("torch", "plain")
    assert main(["build", "--engine", "sealed", "--classroom", room]) == 0
    assert Classroom(room).engine == "sealed"
    taken = len(steps)
    assert main(["build", "--framework", "both", "--classroom", room]) == 2
    assert "made for 'torch' and cannot change to 'both'" in capsys.readouterr().err
    assert len(steps) == taken


def test_options_that_are_not_given():
    """Without options the student notebooks go into ``labs/`` of the project, and the classroom's own settings hold."""
    parser = ArgumentParser()
    build.add_arguments(parser)
    given = vars(parser.parse_args([]))
    assert given == {
        "framework": None,
        "engine": None,
        "yes": False,
        "no_excuse": False,
        "labs": PROJECT / "labs",
    }


@pytest.mark.parametrize("option", [["--framework", "jax"], ["--engine", "open"]])
def test_an_unknown_choice_is_refused(option, capsys):
    """A framework or an engine that does not exist is named beside those that do."""
    with pytest.raises(SystemExit):
        main(["build", *option])
    assert f"invalid choice: '{option[1]}'" in capsys.readouterr().err
