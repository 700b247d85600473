"""Write what the run of a submission gave into gradebook and autograded notebook, by nbgrader's own steps."""

import copy
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearOutput
from nbgrader.utils import rmtree
from traitlets.config import Config

from autograder import gradebook
from autograder.grading.execute import Execute
from autograder.grading.repair import Repair
from autograder.grading.submissions import Submission
from autograder.nbgrader_patches import SubmissionAutograde
from autograder.notebooks import verdicts
from autograder.notebooks.cells import cells_with_tests, nbgrader_data
from autograder.notebooks.findings import add_finding
from autograder.notebooks.released import released_notebook

DONE = (Repair, ClearOutput, Execute)  # steps of nbgrader's autograding that a staged submission has behind it


def record(config: Config, submission: Submission, staged: Path) -> None:
    """Run the steps of nbgrader's autograding that are left for a submission that was mended and run.

    Args:
        staged: a folder like ``DIR/submitted`` with the executed notebook and the files beside it.
    """
    changed = copy.deepcopy(config)
    changed.CourseDirectory.submitted_directory = str(staged)
    for steps in ("sanitize_preprocessors", "autograde_preprocessors"):
        changed.Autograde[steps] = [step for step in config.Autograde[steps] if step not in DONE]
    course = CourseDirectory(config=changed, assignment_id=submission.lab, student_id=submission.student)
    with gradebook.all_or_nothing(config):
        SubmissionAutograde(coursedir=course, config=changed, force=True).start()


def record_failure(config: Config, submission: Submission, message: str) -> None:
    """Give a submission that cannot be run zero points, with the reason, in gradebook and autograded notebook."""
    notebook = released_notebook(config, submission.lab)
    add_finding(notebook, message)
    for grade_id, cell in cells_with_tests(notebook).items():
        verdicts.put(cell, verdicts.zero(grade_id, nbgrader_data(cell)["points"], message, "missing"))
    course = CourseDirectory(config=config)
    folder = Path(course.format_path(course.autograded_directory, submission.student, submission.lab))
    if folder.exists():
        rmtree(str(folder))
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{submission.lab}.ipynb")
    gradebook.give_zero(config, submission.student, submission.lab)
