"""A submission as the steps of grading take it: read, matched with the lab's cells, and mended, all of it once."""

from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.files import copy_files
from autograder.grading import excused
from autograder.grading.repair import is_of_lab, repair
from autograder.grading.submissions import (
    Submission,
    Submissions,
    Unreadable,
    files_beside,
    find_notebook,
    printable,
    read_notebook,
)
from autograder.limits import MOST_FILE_BYTES
from autograder.notebooks.cells import cells_with_tests, graded_cells, is_test
from autograder.notebooks.findings import add_finding, note_failed_checks
from autograder.notebooks.released import earlier_notebooks, released_notebook, source_notebook


@dataclass(frozen=True)
class MendedSubmission:
    """A submission that is ready to be run and recorded.

    Args:
        notebook: with the lab's hidden tests in its test cells, and with what was found so far.
        files: the files beside the notebook that grading takes, relative to the submission's folder.
    """

    submission: Submission
    notebook: NotebookNode
    files: list[Path]

    def stage(self, root: Path) -> Path:
        """Copy the files beside the notebook to where nbgrader looks for them, and return the folder.

        Args:
            root: a folder like ``DIR/submitted``.
        """
        folder = staging_folder(root, self.submission)
        folder.mkdir(parents=True, exist_ok=True)
        with self.submission.opened() as handed_in:
            copy_files(handed_in, folder, self.files, MOST_FILE_BYTES)
        return folder

    def write_notebook(self, folder: Path) -> None:
        """Write the notebook beside its files, for nbgrader."""
        (folder / f"{self.submission.lab}.ipynb").write_text(nbformat.writes(self.notebook), encoding="utf-8")


def staging_folder(root: Path, submission: Submission) -> Path:
    """Return where a submission is staged below a folder."""
    return root / submission.student / submission.lab


def mend(config: Config, submission: Submission) -> MendedSubmission:
    """Read a submission and bring it to what its lab asks for.

    Raises:
        Unreadable: there is no notebook to run.
    """
    with submission.opened() as folder:
        name, finding = find_notebook(submission.lab, folder)
        handed_in = read_notebook(folder, name, Submissions(config=config).notebook_limit)
        files = files_beside(folder, name)
    released = released_notebook(config, submission.lab)
    if not is_of_lab(handed_in, released):
        missing = f"there is no file {submission.lab}.ipynb; " if finding else ""
        raise Unreadable(f"{missing}nothing in {printable(str(name))} is of this lab")
    earlier = earlier_notebooks(config, submission.lab)
    notebook = repair(handed_in, released, earlier)
    note_failed_checks(notebook, cells_with_tests(released).keys() & handed_in.get("failed_checks", []))
    classroom = Classroom(CourseDirectory(config=config).root)
    free = [name for name in excused.excused_of(classroom, submission) if not excused.has(handed_in, name)]
    if not excused.is_named(classroom, submission):
        builds = [released, *earlier]
        free = [name for name in free if excused.is_of_lab_before(handed_in, name, builds)]
        if free:
            add_finding(notebook, f"This is a notebook of the lab before {', '.join(free)} came into it.")
    if free:
        excused.mark(notebook, free)
    if finding:
        add_finding(notebook, finding)
    if files.left_out:
        add_finding(
            notebook,
            f"{files.left_out} of the files beside the notebook were left out: they are too large or too many.",
        )
    source = graded_cells(source_notebook(config, submission.lab, shared=True))
    for grade_id, cell in graded_cells(notebook).items():
        if grade_id in source and is_test(cell):
            cell.source = source[grade_id].source
    return MendedSubmission(submission, notebook, files.taken)
