"""A submission is read, mended and laid out once, for the run and for the gradebook."""

import copy
from typing import ClassVar

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.engines.base import Incidents
from autograder.grading.execute import Execute
from autograder.grading.mended import mend, staging_folder
from autograder.grading.submissions import Submission, Unreadable
from autograder.limits import MEGABYTE
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.findings import findings
from tests.autograder import toy
from tests.autograder.engines.test_forked import needs_sandbox

LEFT_OUT = "1 of the files beside the notebook were left out: they are too large or too many."


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return toy.make_classroom(tmp_path_factory.mktemp("mended"))


def handed_in(classroom, student, notebook, name=f"{toy.LAB}.ipynb"):
    return Submission(student, toy.LAB, toy.hand_in(classroom, student, notebook, name))


def test_a_mended_submission_has_the_hidden_tests_and_the_student_s_answers(course):
    """Test cells are those of the source, answers are the student's, and a sound submission earns no finding."""
    classroom, config = course
    mended = mend(config, handed_in(classroom, "ada", toy.answered(classroom, double="return 7")))
    assert all(toy.SECRET in cell.source for cell in cells_with_tests(mended.notebook).values())
    assert "return 7" in toy.find(mended.notebook, "double_solution").source
    assert findings(mended.notebook) == [] and mended.files == []


def test_what_was_found_while_reading_is_a_finding(course):
    """Another file name and a deleted test cell are told in the notebook's metadata."""
    classroom, config = course
    nb = toy.answered(classroom)
    nb.cells.remove(toy.find(nb, "square"))
    mended = mend(config, handed_in(classroom, "bob", nb, "Copy of toy.ipynb"))
    assert findings(mended.notebook, "square") == ["The cell square had been deleted; it was put back."]
    assert "was called 'Copy of toy.ipynb'" in findings(mended.notebook, "")[0]


def test_what_cannot_be_read_is_not_mended(course):
    """A file that is no notebook stops before anything is laid out."""
    classroom, config = course
    with pytest.raises(Unreadable):
        mend(config, handed_in(classroom, "cy", b"no notebook"))


def test_files_beside_are_laid_out_where_nbgrader_looks_for_them(course, tmp_path):
    """Files in folders keep their places; the submission itself is only read."""
    classroom, config = course
    submission = handed_in(classroom, "dan", toy.answered(classroom))
    (submission.folder / "data").mkdir()
    (submission.folder / "data" / "x.csv").write_text("1,2")
    mended = mend(config, submission)
    folder = mended.stage(tmp_path)
    assert folder == staging_folder(tmp_path, submission) == tmp_path / "dan" / toy.LAB
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["x.csv"]
    mended.write_notebook(folder)
    assert nbformat.read(folder / f"{toy.LAB}.ipynb", as_version=4) == mended.notebook


@pytest.mark.parametrize("engine", ["kernel", pytest.param("plain", marks=needs_sandbox)])
def test_cells_change_no_file_that_is_recorded(course, tmp_path, engine):
    """What a cell writes stays out of the folder that nbgrader records, whichever engine runs it."""
    classroom, config = course
    nb = toy.answered(classroom)
    nb.cells.insert(0, new_code_cell("open('data.txt', 'a').write('9')\nopen('new.txt', 'w')\nopen('data.txt').read()"))
    submission = handed_in(classroom, f"eve_{engine}", nb)
    (submission.folder / "data.txt").write_text("2")
    mended = mend(config, submission)
    folder = mended.stage(tmp_path)
    Execute(config=config, engine=engine).run(mended.notebook, folder)
    assert mended.notebook.cells[0].outputs[0].data["text/plain"] == "'29'"
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("data.txt", "2")]


@needs_sandbox
def test_a_file_is_seen_by_the_cells_or_named_as_left_out(course, tmp_path):
    """One limit holds for what is staged and for what reaches the sandbox: no file vanishes without a word."""
    classroom, config = course
    for megabytes, seen, noted in ((49, f"{49 * MEGABYTE}", []), (51, "0", [LEFT_OUT])):
        nb = toy.answered(classroom)
        nb.cells.insert(0, new_code_cell("import os\nsum(os.path.getsize(name) for name in os.listdir())"))
        submission = handed_in(classroom, f"large_{megabytes}", nb)
        with open(submission.folder / "data.bin", "wb") as file:
            file.truncate(megabytes * MEGABYTE)
        mended = mend(config, submission)
        Execute(config=config, engine="plain", timeout=60).run(mended.notebook, mended.stage(tmp_path))
        assert mended.notebook.cells[0].outputs[0].data["text/plain"] == seen
        assert findings(mended.notebook, "") == noted


def test_the_hidden_tests_are_no_file_that_cells_see(course, tmp_path):
    """nbgrader's own way in names a folder with the notebook, hidden tests included: the cells do not see it."""
    classroom, config = course
    nb = toy.answered(classroom)
    nb.cells.insert(0, new_code_cell("import os\n[name for name in os.listdir() if not name.startswith('.')]"))
    (tmp_path / "toy.ipynb").write_text(toy.SECRET)
    Execute(config=config).preprocess(nb, {"metadata": {"path": str(tmp_path)}})
    assert nb.cells[0].outputs[0].data["text/plain"] == "[]"


class Noting:
    """An engine that runs nothing and notes which submission it was given."""

    seen: ClassVar = []

    def run(self, nb, limits, folder, prelude, environment):
        self.seen.append(environment["SUBMISSION"])
        return Incidents()


@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_a_submission_is_the_same_by_whichever_way_it_comes(course, tmp_path):
    """`autograder grade` and nbgrader's own autograding choose the same variant; another comment chooses another."""
    classroom, config = course
    config = copy.deepcopy(config)
    config.Execute.engine_class = Noting
    nb = toy.answered(classroom)
    nb.cells.remove(toy.find(nb, "square"))
    toy.find(nb, "setup").source = "changed"
    nb.cells.append(new_code_cell("x = 1  \n"))
    Noting.seen.clear()
    for name, comment in (("gil", ""), ("hal", "# mine\n")):
        toy.find(nb, "double_solution").source += f"\n{comment}"
        submission = handed_in(classroom, name, nb)
        Execute(config=config).run(mend(config, submission).notebook, tmp_path)
        toy.autograde(classroom, config, name)
    ours, stock, other, other_stock = Noting.seen
    assert ours == stock != other == other_stock
