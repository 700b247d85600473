"""What was handed in: which file is the notebook, what of it is read, and which files beside it are taken."""

import json

import pytest

from autograder import limits
from autograder.classroom import Classroom
from autograder.grading import submissions as handed_in
from autograder.grading.submissions import (
    Submission,
    Unreadable,
    files_beside,
    find_notebook,
    printable,
    read_notebook,
    submissions,
)

LAB = "lab1_toy"
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


@pytest.fixture
def submission(tmp_path):
    """An empty folder of one student."""
    (tmp_path / "ada" / LAB).mkdir(parents=True)
    return Submission("ada", LAB, tmp_path / "ada" / LAB)


def write(path, cells=(), **changes):
    path.write_text(json.dumps({**NOTEBOOK, "cells": list(cells), **changes}), encoding="utf-8")
    return path


def test_students_are_the_folders_of_submitted(tmp_path):
    """Each folder is a student, in order; links, files and hidden folders are none."""
    classroom = Classroom(tmp_path)
    assert submissions(classroom, LAB) == []
    for name in ("bob", "ada", ".trash"):
        (classroom.submitted / name).mkdir(parents=True)
    (classroom.submitted / "readme.txt").write_text("no student")
    (classroom.submitted / "link").symlink_to(classroom.submitted / "ada")
    assert [each.student for each in submissions(classroom, LAB)] == ["ada", "bob"]
    assert submissions(classroom, LAB)[0].folder == classroom.submitted / "ada" / LAB


@pytest.mark.parametrize(
    "name",
    [
        f"Copy of {LAB}.ipynb",
        f"copy 2 of copy of {LAB}.ipynb",
        f"{LAB} (1).ipynb",
        f"{LAB}-Copy1.ipynb",
        f"{LAB.upper()} 2.ipynb",
    ],
)
def test_a_renamed_notebook_is_recognised(submission, name):
    """What browsers, Jupyter and Colab make of the name is taken, and a finding says so."""
    path = write(submission.folder / name)
    assert find_notebook(submission) == (path, f"The file was called {name!r} and was graded as '{LAB}.ipynb'.")


def test_the_right_name_goes_before_copies(submission):
    """A notebook of the right name is taken without a finding, whatever stands beside it."""
    path = write(submission.folder / f"{LAB}.ipynb")
    write(submission.folder / f"{LAB} (1).ipynb")
    assert find_notebook(submission) == (path, "")


def test_no_telling_which_notebook(submission):
    """Two copies, or a file of quite another name, are named and refused."""
    write(submission.folder / "essay\x1b.ipynb")
    with pytest.raises(Unreadable, match=r"no file lab1_toy.ipynb; there is only essay\\x1b.ipynb"):
        find_notebook(submission)
    for number in (1, 2):
        write(submission.folder / f"{LAB} ({number}).ipynb")
    with pytest.raises(Unreadable, match="there are 2 files that could be lab1_toy"):
        find_notebook(submission)


def test_links_are_refused(submission, tmp_path):
    """Neither the notebook nor its folder may be a link."""
    write(tmp_path / "other.ipynb")
    (submission.folder / f"{LAB}.ipynb").symlink_to(tmp_path / "other.ipynb")
    with pytest.raises(Unreadable, match="is not a file"):
        find_notebook(submission)
    link = tmp_path / "link"
    link.symlink_to(submission.folder)
    with pytest.raises(Unreadable, match="is a link"):
        find_notebook(Submission("ada", LAB, link))


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{", "not valid JSON"),
        (b"[" * 100_000, "not a notebook"),
        (b"[]", "has no cells"),
        (b'{"cells": 3}', "has no cells"),
        (b" " * (2**20 + 1), "has 1 MB; at most 1 MB are read"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(tmp_path, content, words):
    """The message says in plain words why nothing could be read."""
    (tmp_path / "x.ipynb").write_bytes(content)
    with pytest.raises(Unreadable, match=words):
        read_notebook(tmp_path / "x.ipynb", 1)


def test_too_many_cells_and_too_much_text_are_refused(tmp_path, monkeypatch):
    """A notebook that would take too long to grade is refused by its number of cells, and by its text."""
    monkeypatch.setattr(handed_in, "MOST_CELLS", 2)
    monkeypatch.setattr(handed_in, "MOST_TEXT", 10)
    cell = {"cell_type": "code", "source": "x" * 11}
    with pytest.raises(Unreadable, match="has 3 cells; at most 2"):
        read_notebook(write(tmp_path / "x.ipynb", [cell] * 3), 1)
    with pytest.raises(Unreadable, match="text in its cells"):
        read_notebook(write(tmp_path / "x.ipynb", [cell]), 1)
    (tmp_path / "x.ipynb").write_text(json.dumps({"worksheets": []}))
    with pytest.raises(Unreadable, match="old format"):
        read_notebook(tmp_path / "x.ipynb", 1)


def test_outputs_are_dropped_and_text_is_whole(tmp_path):
    """Lines are joined, outputs and attachments go, what is no cell goes, and metadata keep what metadata may be."""
    code = {
        "cell_type": "code",
        "source": ["a = 1\n", "b = 2"],
        "outputs": [{"junk": 1}],
        "execution_count": 7,
        "metadata": {"tags": ["a", 3], "deep": {"deeper": {"deepest": 1}, "points": 2}, "none": None},
    }
    text = {"cell_type": "markdown", "source": "\ud800", "attachments": {"x": 1}}
    read = read_notebook(write(tmp_path / "x.ipynb", [code, text, "no cell"], metadata=[1]), 1)
    assert read["metadata"] == {}
    assert read["cells"] == [
        {
            "cell_type": "code",
            "source": "a = 1\nb = 2",
            "outputs": [],
            "execution_count": None,
            "metadata": {"tags": ["a"], "deep": {"points": 2}},
        },
        {"cell_type": "markdown", "source": "?", "metadata": {}},
    ]


def test_a_notebook_of_the_old_format_is_brought_up_to_date(tmp_path):
    """A notebook of nbformat 3 is read as one of nbformat 4."""
    cell = {"cell_type": "code", "input": ["x = 1"], "language": "python", "outputs": [], "collapsed": False}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [cell]}]}
    (tmp_path / "x.ipynb").write_text(json.dumps(old))
    read = read_notebook(tmp_path / "x.ipynb", 1)
    assert read["nbformat"] == 4 and read["cells"][0]["source"] == "x = 1"


def test_files_beside_are_taken_without_links_hidden_files_and_notebooks(submission, tmp_path):
    """What a notebook may read is taken; the rest is neither taken nor counted."""
    notebook = write(submission.folder / f"{LAB}.ipynb")
    write(submission.folder / "other.ipynb")
    for name in ("data.csv", "images/cat.png", ".hidden", ".git/config", "__pycache__/x.pyc"):
        (submission.folder / name).parent.mkdir(exist_ok=True)
        (submission.folder / name).write_text("x")
    (submission.folder / "link.txt").symlink_to(tmp_path)
    files = files_beside(submission, notebook)
    assert [str(name) for name in files.taken] == ["data.csv", "images/cat.png"]
    assert files.left_out == 0


def test_too_large_and_too_many_files_are_counted(submission, monkeypatch):
    """A file that does not fit is left out and counted, and smaller ones after it are taken."""
    with open(submission.folder / "a_large.bin", "wb") as file:
        file.truncate(51 * limits.MEGABYTE)
    (submission.folder / "small.txt").write_text("x")
    files = files_beside(submission, submission.folder / f"{LAB}.ipynb")
    assert ([str(name) for name in files.taken], files.left_out) == (["small.txt"], 1)
    monkeypatch.setattr(handed_in, "MOST_FILES", 1)
    (submission.folder / "z.txt").write_text("x")
    assert files_beside(submission, submission.folder / f"{LAB}.ipynb").left_out == 2


def test_printable_text_hides_nothing():
    """Escapes for terminals and marks that turn text are spelled out; letters of any language stay."""
    assert printable("\x1b[2J a\u202eb ü") == "\\x1b[2J a\\u202eb ü"
    assert str(Submission("a\nb", LAB, None)) == f"a\\nb/{LAB}"
