"""A class made from known right and wrong answers, with every kind of trouble."""

import copy
import json
import shutil

import nbformat
from nbformat import NotebookNode

from autograder.authoring.answers import Answer, load_answers
from autograder.authoring.build import write_notebook
from autograder.authoring.source import load_exercises
from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.notebooks.cells import is_solution, nbgrader_data
from autograder.settings import PROJECT
from autograder.words import command

MARK = "sample-class.json"  # stands in submitted/ and says that everything there may be made anew
MISTAKES_A_STUDENT = 12


def write_sample_class(classroom: Classroom) -> int:
    """Write the sample class into ``DIR/submitted`` and return the number of students.

    Raises:
        CourseError: nothing that gives points is built, or there are submissions that are no sample class.
    """
    labs = classroom.graded_labs()
    if not labs:
        raise CourseError(
            f"{classroom.root}: no lab that gives points is built here. Run: {command(classroom.root, 'build')}"
        )
    mark = classroom.submitted / MARK
    if classroom.submitted.exists() and any(classroom.submitted.iterdir()) and not mark.exists():
        raise CourseError(
            f"{classroom.submitted}: holds submissions that are no sample class; use another --classroom."
        )
    shutil.rmtree(classroom.submitted, ignore_errors=True)
    students: dict[str, None] = {}  # a set that keeps its order
    for lab in labs:
        for student, notebook in sample_class(lab, classroom, endless=lab == labs[0]).items():
            path = classroom.submitted / student / lab / f"{lab}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(notebook, str):
                path.write_text(notebook, encoding="utf-8")
            elif notebook is not None:
                write_notebook(notebook, path)
            students[student] = None
    mark.write_text(json.dumps({"students": list(students)}, indent=1) + "\n", encoding="utf-8")
    return len(students)


def sample_class(lab: str, classroom: Classroom, endless: bool = True) -> dict[str, NotebookNode | str | None]:
    """Return each student's notebook of one lab: text where the file is no notebook, None where there is none.

    Args:
        endless: give one student a loop that never ends, which costs a grader the whole time limit of a cell.
    """
    released = nbformat.read(classroom.release / lab / f"{lab}.ipynb", as_version=4)
    solved = nbformat.read(classroom.solved / lab / f"{lab}.ipynb", as_version=4)
    answers = [
        answer
        for answer in load_answers(PROJECT / "solutions" / "answers" / f"{lab}.py")
        if any(_grade_id(cell) == answer.grade_id for cell in released.cells)
    ]
    needs = {
        grade_id: exercise.needs(spelling)
        for exercise in load_exercises(lab, lab)
        for grade_id, spelling in exercise.grade_ids().items()
    }
    grade_ids = [grade_id for grade_id in map(_grade_id, released.cells) if grade_id in needs]
    students = {
        "strong": solved,
        "strong_other_styles": with_answers(solved, {answer.grade_id: answer for answer in answers if answer.right}),
        "torch_only": with_unfinished(solved, released, [g for g in grade_ids if "tensorflow" in needs[g]]),
        "tensorflow_only": with_unfinished(solved, released, [g for g in grade_ids if "torch" in needs[g]]),
        "first_half_only": with_unfinished(solved, released, grade_ids[len(grade_ids) // 2 :]),
        "unfinished": released,
        "crashing": _with_cell(solved, grade_ids[len(grade_ids) // 2], "import os\nos._exit(1)"),
        "endless": _with_cell(solved, grade_ids[0], "while True:\n    pass") if endless else solved,
        "colab_saved": colab_saved(solved),
        "deleted_and_copied_cells": _deleted_and_copied(solved, grade_ids),
        "not_a_notebook": "<html>Please sign in to download this file</html>\n",
        "handed_in_nothing": None,
    }
    for number, mistakes in enumerate(_mistaken(answers), 1):
        students[f"mistaken_{number:02d}"] = with_answers(solved, mistakes)
    return students


def _grade_id(cell):
    return nbgrader_data(cell).get("grade_id")


def _solution_cells(notebook, grade_id):
    """Return the solution cells of an exercise; a quiz has several."""
    return [
        cell
        for cell in notebook.cells
        if is_solution(cell)
        and (_grade_id(cell) == f"{grade_id}_solution" or _grade_id(cell).startswith(f"{grade_id}_q"))
    ]


def with_answers(notebook: NotebookNode, answers: dict[str, Answer]) -> NotebookNode:
    """Put answers into a copy of a notebook; where an exercise has several solution cells, into the last one."""
    notebook = copy.deepcopy(notebook)
    for grade_id, answer in answers.items():
        _solution_cells(notebook, grade_id)[-1].source = answer.source
    return notebook


def with_unfinished(notebook: NotebookNode, released: NotebookNode, grade_ids: list[str]) -> NotebookNode:
    """Put the released stubs of some exercises back into a copy of a notebook."""
    notebook = copy.deepcopy(notebook)
    for grade_id in grade_ids:
        for cell, stub in zip(_solution_cells(notebook, grade_id), _solution_cells(released, grade_id)):
            cell.source = stub.source
    return notebook


def _with_cell(notebook, grade_id, source):
    notebook = copy.deepcopy(notebook)
    _solution_cells(notebook, grade_id)[-1].source += f"\n\n{source}"
    return notebook


def _mistaken(answers):
    """Share out all mistakes: each student gets a few, at most one an exercise."""
    students: list[dict[str, Answer]] = []
    for answer in (answer for answer in answers if answer.mistake and not answer.right):
        for mistakes in students:
            if answer.grade_id not in mistakes and len(mistakes) < MISTAKES_A_STUDENT:
                mistakes[answer.grade_id] = answer
                break
        else:
            students.append({answer.grade_id: answer})
    return students


def colab_saved(notebook: NotebookNode) -> NotebookNode:
    """Return a copy as Google Colab saves it: its own metadata, a badge cell without an id, ids twice."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata["colab"] = {"provenance": [], "include_colab_link": True}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    for number, cell in enumerate(notebook.cells):
        cell.metadata["id"] = cell.id
        if cell.cell_type == "code":
            cell.metadata["outputId"] = f"{number:08x}-0000-4000-8000-000000000000"
            cell.metadata["colab"] = {"base_uri": "https://localhost:8080/"}
        cell.source = "\n".join(line.rstrip() for line in cell.source.split("\n"))
    badge = nbformat.v4.new_markdown_cell('<a href="https://colab.research.google.com/">Open in Colab</a>')
    badge.metadata = nbformat.from_dict({"id": "view-in-github", "colab_type": "text"})
    notebook.cells.insert(0, badge)
    return notebook


def _deleted_and_copied(notebook, grade_ids):
    """Return a copy whose first test cell is gone and whose second exercise's cells, if any, stand there twice."""
    notebook = copy.deepcopy(notebook)
    second = tuple(grade_ids[1:2])
    twins = [cell for cell in notebook.cells if (_grade_id(cell) or "").startswith(second)]
    notebook.cells = [cell for cell in notebook.cells if _grade_id(cell) != grade_ids[0]]
    notebook.cells += [nbformat.from_dict({**cell, "id": f"copy-{number}"}) for number, cell in enumerate(twins)]
    return notebook
