"""The gradebook: what grading writes into nbgrader's database, and what reports and bundles read from it."""

import pytest
from nbgrader.api import Gradebook

from autograder import gradebook, nbgrader_patches
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


@pytest.fixture
def course(tmp_path):
    """The toy lab, built and graded for nobody; returns the classroom and its configuration."""
    return toy.make_classroom(tmp_path)


def test_a_submission_that_was_never_graded_has_no_scores(course):
    """Neither points nor a lab with submissions are there before anything was graded."""
    _, config = course
    assert gradebook.scores(config, "ada", toy.LAB) == {}
    assert gradebook.grades_of_class(config, toy.LAB) == {}
    assert gradebook.labs_with_submissions(config) == []


def test_a_lab_that_was_never_built_has_no_grades(course):
    """A lab that the gradebook does not know is no error."""
    assert gradebook.grades_of_class(course[1], "lab9") == {}


def test_zero_points_are_in_the_gradebook(course):
    """A submission that could not be graded has a score of zero in each exercise, and its lab counts as graded."""
    _, config = course
    gradebook.give_zero(config, "ada", toy.LAB)
    assert gradebook.scores(config, "ada", toy.LAB) == dict.fromkeys(toy.EXERCISES, 0.0)
    grades = gradebook.grades_of_class(config, toy.LAB)
    assert grades == {"ada": gradebook.Grades(0.0, 8.0, dict.fromkeys(toy.EXERCISES, 0.0))}
    assert gradebook.labs_with_submissions(config) == [toy.LAB]


def test_points_given_by_hand_survive_zero(course):
    """Points that an instructor gave stay when the submission can no longer be graded, and wait for a second look."""
    classroom, config = course
    gradebook.give_zero(config, "ada", toy.LAB)
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        book.find_grade("square", toy.LAB, toy.LAB, "ada").manual_score = 2.5
        book.db.commit()
    gradebook.give_zero(config, "ada", toy.LAB)
    assert gradebook.scores(config, "ada", toy.LAB)["square"] == 2.5
    assert gradebook.grades_of_class(config, toy.LAB)["ada"].score == 2.5
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        needs = {
            grade.name: grade.needs_manual_grade for grade in book.find_submission(toy.LAB, "ada").notebooks[0].grades
        }
    assert needs == {**dict.fromkeys(toy.EXERCISES, False), "square": True}


def test_students_have_a_name_in_the_formgrader_and_keep_the_one_they_were_given(course):
    """A student without a name goes by the id; a name that an instructor entered stays."""
    classroom, config = course
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        book.update_or_create_student("eve", last_name="Adams")
    for student in ("fay", "eve", "eve"):
        gradebook.name_student(config, student)
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        names = {student.id: (student.last_name, student.first_name) for student in book.students}
    assert names["fay"] == ("fay", "") and names["eve"] == ("Adams", None)


def test_all_or_nothing(course):
    """An exception in the middle of a submission leaves the gradebook as it was; without one, all is there."""
    _, config = course
    nbgrader_patches.install()
    with pytest.raises(OSError, match="disk full"), gradebook.all_or_nothing(config):
        gradebook.give_zero(config, "ada", toy.LAB)
        raise OSError("disk full")
    assert gradebook.labs_with_submissions(config) == []
    with gradebook.all_or_nothing(config):
        gradebook.give_zero(config, "ada", toy.LAB)
    assert gradebook.labs_with_submissions(config) == [toy.LAB]
