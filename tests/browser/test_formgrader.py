"""The formgrader as an instructor meets it: in a real JupyterLab, on a classroom with submissions."""

import re
import shutil

import nbformat
import pytest

from autograder.classroom import Classroom
from autograder.cli import main
from course_utils.recording import recorded_tests
from tests.browser.jupyterlab import TOKEN, serve

LAB = "lab1_perceptron"
POINTS = sum(test["points"] for lab, test in recorded_tests().values() if lab == LAB)
NEURON = "return 0.5 * (1 + np.tanh(0.5 * (x @ w + b)))"


@pytest.fixture
def classroom(built, tmp_path):
    """A classroom of its own with two submissions: ada's, solved and already graded, and ben's, with one exercise."""
    room = Classroom(shutil.copytree(built.root, tmp_path / "classroom"))
    hand_in(room, "ada", nbformat.read(room.solved / LAB / f"{LAB}.ipynb", 4))
    assert main(["grade", "--classroom", str(room.root)]) == 0
    notebook = nbformat.read(room.release / LAB / f"{LAB}.ipynb", 4)
    (stub,) = (cell for cell in notebook.cells if cell.source.startswith("def neuron("))
    stub.source = stub.source.replace("...  # YOUR CODE HERE", NEURON)
    hand_in(room, "ben", notebook)
    return room


def hand_in(classroom, student, notebook):
    """Put a notebook where a student's submission belongs."""
    folder = classroom.submitted / student / LAB
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{LAB}.ipynb")


def row(formgrader, student, text):
    """The row of a student in the table of submissions, once a cell of it has exactly this text."""
    cell = formgrader.locator("td", has_text=re.compile(rf"^\s*{text}\s*$"))
    return formgrader.locator("tr", has_text=student).filter(has=cell)


def test_the_formgrader_shows_scores_and_its_button_grades_like_the_command(page, classroom, tmp_path, screenshot):
    """In JupyterLab the formgrader shows the score from `autograder grade`, and its own button grades the next one."""
    with serve(classroom.root, tmp_path / "jupyter", CLASSROOM=str(classroom.root)) as address:
        page.goto(f"{address}/lab?token={TOKEN}&reset")
        page.get_by_role("menuitem", name="Nbgrader").click()
        page.get_by_role("menuitem", name="Formgrader").click()
        formgrader = page.frame_locator("iframe")
        formgrader.locator("tr", has_text=LAB).locator("td.num-submissions a").click()
        row(formgrader, "ada", f"{POINTS:g} / {POINTS:g}").get_by_role("link", name="ada").first.wait_for()
        row(formgrader, "ben", "needs autograding").locator("td.autograde a").click()
        done = formgrader.locator(".modal-dialog").filter(has_text="Successfully autograded")
        done.wait_for()
        row(formgrader, "ben", f"3 / {POINTS:g}").wait_for()
        done.get_by_role("button", name="OK").click()
        formgrader.locator(".modal-backdrop").wait_for(state="hidden")
        screenshot(page, "formgrader")
