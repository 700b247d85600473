"""nbgrader's own commands and the formgrader's buttons: they grade what students hand in as `autograder grade` does."""

import logging
import os
import shutil
from datetime import datetime

import pytest
from nbformat.v4 import new_output
from nbgrader.apps import api, autogradeapp, generatefeedbackapp
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.classroom import Classroom
from autograder.engines.base import Incidents
from autograder.grading.converters import ClassAutograde, ClassFeedback, chosen
from course_utils.verdict import Verdict
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


class FullMarks:
    """An engine that gives each test full marks."""

    def run(self, nb, limits, folder, prelude, environment):
        for name, (points, _) in toy.EXERCISES.items():
            verdict = Verdict("grade", name, points, points, "passed", "right.")
            toy.find(nb, name).outputs = [new_output("execute_result", verdict.bundle())]
        return Incidents()


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A classroom of the toy lab to which nobody handed in."""
    return toy.make_classroom(tmp_path_factory.mktemp("empty"))[0]


@pytest.fixture
def course(empty, tmp_path):
    """A classroom of the toy lab whose engine gives full marks; returns it and its configuration."""
    classroom = Classroom(shutil.copytree(empty.root, tmp_path / "room"))
    config = toy.toy_config(classroom)
    config.Execute.engine_class = FullMarks
    return classroom, config


def autograde(config, student="*", force=False, converter=ClassAutograde):
    """Do as `nbgrader autograde toy --student STUDENT`."""
    directory = CourseDirectory(config=config, assignment_id=toy.LAB, student_id=student)
    converter(coursedir=directory, config=config, force=force).start()


def graded(classroom):
    return sorted(path.parent.parent.name for path in classroom.autograded.glob("*/*/*.ipynb"))


def test_the_settings_give_nbgrader_these_converters(course):
    """Whoever reads nbgrader_config.py grades with ours: nbgrader's commands, and the formgrader through its API."""
    assert autogradeapp.Autograde is api.Autograde is ClassAutograde
    assert generatefeedbackapp.GenerateFeedback is api.GenerateFeedback is ClassFeedback


def test_links_lead_nowhere(course, caplog):
    """A link for a student, a lab, a notebook or a file beside it is not followed, and the first three are named."""
    classroom, config = course
    secret, solved = classroom.root / "secret", classroom.source / toy.LAB
    for student in ("ada", "file"):
        toy.hand_in(classroom, student, toy.answered(classroom))
    (classroom.submitted / "file" / toy.LAB / "notes.txt").symlink_to(secret)
    (classroom.submitted / "student").symlink_to(classroom.submitted / "ada")
    (classroom.submitted / "lab").mkdir()
    (classroom.submitted / "lab" / toy.LAB).symlink_to(solved)
    for student, make in (("notebook", lambda path: path.symlink_to(solved / path.name)), ("pipe", os.mkfifo)):
        (classroom.submitted / student / toy.LAB).mkdir(parents=True)
        make(classroom.submitted / student / toy.LAB / f"{toy.LAB}.ipynb")
    with caplog.at_level(logging.INFO):
        autograde(config)
    for student in ("student", "lab", "notebook", "pipe"):
        assert any(student in record.getMessage() for record in caplog.records if record.levelname == "ERROR"), student
    assert "student" not in graded(classroom)
    given_out = [*classroom.autograded.rglob("*"), *classroom.feedback.rglob("*")]
    text = "".join(path.read_text(encoding="utf-8") for path in given_out if path.is_file())
    assert classroom.secret().decode() not in text and not any(path.is_symlink() for path in given_out)
    assert "return 2 * x" not in "".join(
        path.read_text(encoding="utf-8") for path in given_out if path.is_file() and "ada" not in str(path)
        and "file" not in str(path)
    )  # fmt: skip


def test_a_name_is_no_pattern(course):
    """The formgrader's button grades the student of that very name; a pattern on the command line still works."""
    directory = CourseDirectory(student_id="a*", student_id_exclude="ab")
    assert chosen(directory, ["a*", "ab", "ac"]) == ["a*"]
    assert chosen(directory, ["ab", "ac", "b"]) == ["ac"]


def test_what_is_graded_is_left_alone_unless_forced(course, caplog):
    """A second run grades nothing; with --force, as the formgrader's button has it, it grades again."""
    classroom, config = course
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    for force, word in ((False, "graded"), (False, "unchanged"), (True, "graded")):
        caplog.clear()
        with caplog.at_level(logging.INFO):
            autograde(config, "ada", force)
        assert f"ada/toy: {word}" in caplog.text


def test_nobody_is_told(course):
    """A name that fits no submission is an error, as with nbgrader."""
    for converter in (ClassAutograde, ClassFeedback):
        with pytest.raises(NbGraderException, match="zoe"):
            autograde(course[1], "zoe", converter=converter)


def test_what_the_grader_cannot_do_is_an_error(course):
    """A submission that could not be graded ends the command with an error, and the others are graded."""
    classroom, config = course
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    toy.hand_in(classroom, "bob", toy.answered(classroom, double="return 7"))

    class Fails(FullMarks):
        def run(self, nb, limits, folder, prelude, environment):
            if "return 7" in toy.find(nb, "double_solution").source:
                raise ZeroDivisionError
            return super().run(nb, limits, folder, prelude, environment)

    config.Execute.engine_class = Fails
    with pytest.raises(NbGraderException, match="1 of 2"):
        autograde(config)
    assert graded(classroom) == ["ada"]


def test_feedback_is_written_again_when_forced(course):
    """`nbgrader generate_feedback` writes the page of a graded submission, over an old one with --force."""
    classroom, config = course
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    autograde(config)
    page = classroom.feedback / "ada" / toy.LAB / f"{toy.LAB}.html"
    page.write_text("old")
    autograde(config, converter=ClassFeedback)
    assert page.read_text() == "old"
    autograde(config, force=True, converter=ClassFeedback)
    assert "double" in page.read_text()


def test_lists_show_the_time_that_grading_records(course):
    """``NbGraderAPI.get_submitted_timestamp``: read as grading reads it, so a megabyte of letters holds up no page."""
    classroom, config = course
    folder = toy.hand_in(classroom, "ada", toy.answered(classroom))
    lists = api.NbGraderAPI(CourseDirectory(config=config), config=config)
    (folder / "timestamp.txt").write_text("2026-11-26 10:58:23 UTC")
    assert lists.get_submitted_timestamp(toy.LAB, "ada") is None  # a student may have written it
    config.Lateness.trust_timestamps = True
    trusting = api.NbGraderAPI(CourseDirectory(config=config), config=config)
    assert trusting.get_submitted_timestamp(toy.LAB, "ada") == datetime(2026, 11, 26, 10, 58, 23)
    (folder / "timestamp.txt").write_text("a" * 1_000_000)
    assert trusting.get_submitted_timestamp(toy.LAB, "ada") is None
