"""What is read from and written into nbgrader's gradebook. Only this module opens it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import nbgrader_patches


@dataclass(frozen=True)
class Grades:
    """The points of one submission: in all, and by grade id; penalties and points given by hand are counted in."""

    score: float
    max_score: float
    by_exercise: dict[str, float]


@contextmanager
def _opened(config: Config) -> Iterator[Gradebook]:
    course = CourseDirectory(config=config)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        yield gradebook


def all_or_nothing(config: Config) -> AbstractContextManager[None]:
    """Return a block at whose end all that it wrote into the gradebook is there, or after an exception none of it."""
    return nbgrader_patches.one_transaction(CourseDirectory(config=config).db_url)


def name_student(config: Config, student: str) -> None:
    """Enter a student by the id, where no name was given, so that the formgrader has one to show."""
    with _opened(config) as gradebook:
        entry = gradebook.update_or_create_student(student)
        if entry.last_name is None and entry.first_name is None:
            entry.last_name, entry.first_name = student, ""
            gradebook.db.commit()


def scores(config: Config, student: str, lab: str) -> dict[str, float]:
    """Return the points of a submission by grade id; empty where it was never graded."""
    with _opened(config) as gradebook:
        try:
            notebooks = gradebook.find_submission(lab, student).notebooks
        except MissingEntry:
            return {}
        return {
            grade.name: grade.score
            for notebook in notebooks
            for grade in notebook.grades
            if grade.auto_score is not None or grade.manual_score is not None
        }


def give_zero(config: Config, student: str, lab: str) -> None:
    """Give a submission no points but those that were given by hand."""
    with _opened(config) as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(lab, student)
        for notebook in gradebook.find_submission(lab, student).notebooks:
            for grade in notebook.grades:
                grade.auto_score = 0
                grade.needs_manual_grade = grade.manual_score is not None
        gradebook.db.commit()


def grades_of_class(config: Config, lab: str) -> dict[str, Grades]:
    """Return the grades of everybody who has any in a lab, by student."""
    with _opened(config) as gradebook:
        try:
            return {
                submission.student.id: Grades(
                    float(submission.score),
                    float(submission.max_score),
                    {grade.name: float(grade.score) for notebook in submission.notebooks for grade in notebook.grades},
                )
                for submission in gradebook.assignment_submissions(lab)
            }
        except MissingEntry:
            return {}


def labs_with_submissions(config: Config) -> list[str]:
    """Return the names of the labs in which somebody has a grade."""
    with _opened(config) as gradebook:
        return [lab.name for lab in gradebook.assignments if gradebook.assignment_submissions(lab.name)]
