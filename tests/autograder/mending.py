"""A toy class whose lab is mended: the lab with other exercises, and an engine that marks by the text of an answer."""

import copy
from types import SimpleNamespace

import nbformat
from nbformat.v4 import new_output

from autograder.authoring.build import generate_assignment
from autograder.engines.base import Incidents
from autograder.grading.run import Grading
from autograder.grading.submissions import submissions
from autograder.notebooks.cells import cells_with_tests, nbgrader_data
from autograder.settings import Course
from course_utils.verdict import Verdict
from tests.autograder import toy

THIRD = "return x ** 3"


class MarksByText:
    """An engine that gives full marks to an answer with the right expression in it."""

    def run(self, nb, limits, folder, prelude, environment):
        for name, cell in cells_with_tests(nb).items():
            answer = next((each.source for each in nb.cells if is_answer(each, name)), "")
            points = float(nbgrader_data(cell)["points"])
            right = {**toy.SOLUTIONS, "cube": "x ** 3"}[name] in answer
            score, status = (points, "passed") if right else (0.0, "failed")
            verdict = Verdict("grade", name, score, points, status, f"{name}: {status}.")
            cell.outputs = [new_output("execute_result", verdict.bundle())]
        return Incidents()


def is_answer(cell, name):
    return nbgrader_data(cell).get("grade_id") == f"{name}_solution"


def config_of(classroom):
    config = toy.toy_config(classroom)
    config.Execute.engine_class = MarksByText
    return config


def grade(classroom, **how):
    """Grade the class; returns the word of each student's outcome.

    Args:
        how: attributes of the grading.
    """
    grading = Grading(classroom, config_of(classroom))
    for name, value in how.items():
        setattr(grading, name, value)
    return {outcome.submission.student: outcome.word for outcome in grading.outcomes(submissions(classroom, toy.LAB))}


def mended_source():
    """Return the toy lab with `cube` for 4 points, without `negate`, with `half` for 1 point and `double` reworded."""
    notebook = toy.source_notebook()
    notebook.cells = [
        cell for cell in notebook.cells if nbgrader_data(cell).get("grade_id") not in ("negate", "negate_solution")
    ]
    answer, test = copy.deepcopy(toy.find(notebook, "square_solution")), copy.deepcopy(toy.find(notebook, "square"))
    for cell, grade_id in ((answer, "cube_solution"), (test, "cube")):
        cell.id = grade_id.replace("_", "-")
        cell.metadata.nbgrader.grade_id = grade_id
        cell.source = cell.source.replace("square", "cube").replace("x * x", "x ** 3")
    test.metadata.nbgrader.points = 4.0
    notebook.cells[3:3] = [answer, test]
    toy.find(notebook, "half").metadata.nbgrader.points = 1.0
    toy.find(notebook, "double").source += "\n# Twice as much."
    return notebook


def lab(notebook):
    """Return what stands for a lab's source."""
    return SimpleNamespace(name=toy.LAB, notebook=lambda framework, badge, bootstrap: copy.deepcopy(notebook))


def build(notebook, classroom, config):
    """Write a lab into a classroom and release it, as `build_lab` does."""
    nbformat.write(notebook, classroom.source / toy.LAB / f"{toy.LAB}.ipynb")
    generate_assignment(toy.LAB, classroom, config)


COURSE = Course()
