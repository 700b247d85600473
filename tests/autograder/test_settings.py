"""Settings: one file at the top of the project, read for one classroom at a time."""

import os
import subprocess
import sys

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.settings import PROJECT, TEMPLATES, Course, load_config


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Give the environment back as it was."""
    monkeypatch.setenv("CLASSROOM", "")


def test_the_folders_of_the_project_are_found_from_anywhere(tmp_path, monkeypatch):
    """The settings' file and the templates lie where they are, whatever the working directory is."""
    monkeypatch.chdir(tmp_path)
    assert (PROJECT / "nbgrader_config.py").is_file() and (PROJECT / "solutions").is_dir()
    assert any(TEMPLATES.iterdir())
    assert "Execute" in load_config(Classroom(tmp_path))


def test_a_course_has_no_address_until_it_is_set():
    """By default nothing is published anywhere, and the branch is main; the settings' file decides about both."""
    assert (Course().student_repository, Course().student_branch) == ("", "main")
    config = Config({"Course": {"student_repository": "https://example.org/labs", "student_branch": "spring"}})
    course = Course(config=config)
    assert (course.student_repository, course.student_branch) == ("https://example.org/labs", "spring")


def test_settings_are_those_of_one_classroom(tmp_path):
    """nbgrader's folders and gradebook lie in the classroom that was asked for last, its exchange too."""
    for name in ("spring", "autumn"):
        classroom = Classroom(tmp_path / name)
        config = load_config(classroom)
        course = CourseDirectory(config=config)
        assert course.root == config.Exchange.root == str(classroom.root)
        assert course.db_url == f"sqlite:///{classroom.gradebook}"
        assert course.format_path(course.submitted_directory, "ada", "toy") == str(classroom.submitted / "ada" / "toy")


def test_settings_of_one_classroom_are_not_changed_by_those_of_another(tmp_path):
    """Each reading gives a configuration of its own."""
    first, second = (load_config(Classroom(tmp_path / name)) for name in ("spring", "autumn"))
    second.Execute.timeout = 1
    assert first.CourseDirectory.root == str(tmp_path / "spring")
    assert first.Execute.timeout == 60


def test_child_processes_find_the_same_classroom(tmp_path):
    """A kernel, or nbgrader's own command, that this process starts reads the classroom from its environment."""
    classroom = Classroom(tmp_path / "spring")
    load_config(classroom)
    assert os.environ["CLASSROOM"] == str(classroom.root)
    code = "import os; print(os.environ['CLASSROOM'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(classroom.root)
