"""The gradebook: what reports, feedback and grading read from nbgrader's database."""

import contextlib
import shutil
import sqlite3

import pytest
from nbgrader.api import Gradebook

from autograder import gradebook
from autograder.classroom import Classroom
from autograder.errors import CourseError
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
RIGHT = {name: points for name, (points, _) in toy.EXERCISES.items()}


@pytest.fixture(scope="module")
def built_toy(tmp_path_factory):
    """The toy lab, built once."""
    return toy.make_classroom(tmp_path_factory.mktemp("gradebook") / "room")[0]


@pytest.fixture
def course(built_toy, tmp_path):
    """A copy in which nobody was graded; returns the classroom and its configuration."""
    classroom = Classroom(shutil.copytree(built_toy.root, tmp_path / "room"))
    return classroom, toy.toy_config(classroom)


def test_a_submission_that_was_never_graded_has_no_scores(course):
    """Neither points nor a lab with submissions are there before anything was graded."""
    _, config = course
    assert gradebook.graded_students(config, toy.LAB) == []
    assert gradebook.grades_of(config, toy.LAB, ["ada"]) == {}
    assert gradebook.labs_with_submissions(config) == []
    with pytest.raises(CourseError, match="ada/toy has no grades yet"):
        gradebook.standing(config, toy.LAB, "ada")


def test_a_lab_that_was_never_built_has_no_grades_and_no_cells(course):
    """A lab that the gradebook does not know is no error for reports; it cannot be graded."""
    assert gradebook.graded_students(course[1], "lab9") == []
    assert gradebook.grades_of(course[1], "lab9", ["ada"]) == {}
    with pytest.raises(CourseError, match="lab9 is not in the gradebook"):
        gradebook.lab_cells(course[1], "lab9")


def test_the_cells_of_a_lab_are_those_that_nbgrader_entered(course):
    """Sources, points and kernel of the lab's cells, as nbgrader's steps ask for them."""
    cells = gradebook.lab_cells(course[1], toy.LAB)
    assert {cell.name: cell.max_score for cell in cells.grade_cells} == RIGHT
    assert {cell.name for cell in cells.solution_cells} == {f"{name}_solution" for name in RIGHT}
    source = {cell.name: cell for cell in cells.source_cells}
    assert source["double"].locked and toy.SECRET in source["double"].source and source["double"].checksum
    assert '"python3"' in cells.kernelspec


def test_points_comments_and_penalties_are_read_as_nbgrader_reads_them(course):
    """What is given by hand goes before what the tests gave; extra credit is added, a penalty taken off."""
    classroom, config = course
    toy.record(classroom, config, "ada", square=1.0)
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        book.find_grade("square", toy.LAB, toy.LAB, "ada").manual_score = 2.5
        book.find_grade("double", toy.LAB, toy.LAB, "ada").extra_credit = 0.25
        book.find_comment("square_solution", toy.LAB, toy.LAB, "ada").manual_comment = "Well done."
        book.find_comment("half_solution", toy.LAB, toy.LAB, "ada").auto_comment = "No response."
        book.find_submission_notebook(toy.LAB, toy.LAB, "ada").late_submission_penalty = 1.5
        book.db.commit()
        theirs = {grade.name: grade.score for grade in book.find_submission(toy.LAB, "ada").notebooks[0].grades}
        points, most = book.find_submission(toy.LAB, "ada").score, book.find_submission(toy.LAB, "ada").max_score
    stands = gradebook.standing(config, toy.LAB, "ada")
    assert stands.scores == theirs == {**RIGHT, "square": 2.5, "double": 2.25} and stands.max_scores == RIGHT
    assert stands.comments["square_solution"] == "Well done." and stands.comments["half_solution"] == "No response."
    assert (stands.points, stands.late_penalty) == (points, 1.5)
    assert gradebook.graded_students(config, toy.LAB) == ["ada"]
    assert gradebook.grades_of(config, toy.LAB, ["ada", "bob"]) == {
        "ada": gradebook.Grades(points - 1.5, most, theirs, late_penalty=1.5)
    }
    assert gradebook.labs_with_submissions(config) == [toy.LAB]


def test_tables_of_an_older_nbgrader_are_refused_with_the_command_that_mends_them(tmp_path):
    """nbgrader's own upgrade mends such a gradebook; until then nothing is read or written."""
    path = tmp_path / "old" / "gradebook.db"
    path.parent.mkdir()
    config = toy.toy_config(Classroom(path.parent))
    with Gradebook(f"sqlite:///{path}") as book:
        book.add_student("ada")
    with contextlib.closing(sqlite3.connect(path)) as old, old:
        for statement in (
            "ALTER TABLE student DROP COLUMN lms_user_id",
            "ALTER TABLE grade DROP COLUMN extra_credit",
            "UPDATE alembic_version SET version_num = '50a4d84c131a'",
        ):
            old.execute(statement)
    for read in (gradebook.lab_cells, gradebook.graded_students):
        with pytest.raises(
            CourseError, match=r"without grade\.extra_credit, student\.lms_user_id.*nbgrader db upgrade"
        ):
            read(config, toy.LAB)
