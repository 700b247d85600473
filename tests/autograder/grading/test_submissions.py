"""What was handed in: which file is the notebook, what of it is read, and which files beside it are taken."""

import json
import os
from pathlib import Path

import pytest

from autograder import limits
from autograder.classroom import Classroom
from autograder.files import Folder
from autograder.grading import submissions as handed_in
from autograder.grading.submissions import (
    Submission,
    Unreadable,
    files_beside,
    find_notebook,
    misnamed,
    printable,
    read_notebook,
    submissions,
)
from autograder.roster import is_student_id

LAB = "lab1_toy"
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


@pytest.fixture
def submission(tmp_path):
    """An empty folder of one student."""
    (tmp_path / "ada" / LAB).mkdir(parents=True)
    return Submission("ada", LAB, tmp_path / "ada" / LAB)


def found(submission):
    """Return what ``find_notebook`` finds in a submission's folder."""
    with submission.opened() as folder:
        return find_notebook(submission.lab, folder)


def read(path, limit=1):
    with Folder(path.parent) as folder:
        return read_notebook(folder, Path(path.name), limit)


def beside(submission, notebook=f"{LAB}.ipynb"):
    with submission.opened() as folder:
        return files_beside(folder, Path(notebook))


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
    ["ada", "Lovelace, Ada"[:8], "ada.l@uni-x.org", "a+b", "Łukasz Żak", "李明", "आदित्य", "7", "_x", "x" * 100],
)
def test_names_of_people_and_addresses_are_ids(name):
    """Letters of any script, digits and what addresses hold are a student's id."""
    assert is_student_id(name)


@pytest.mark.parametrize(
    "name",
    ["<img src=x>", "a&b", 'a"b', "o'b", "=1+1", "-rf", "+1", "@x", "a/b", "a\nb", "a\x1bb", "a\u202eb", "a\u200bb"]
    + [
        " a",
        "a ",
        "",
        "x" * 101,
        "a[b]*",
        "a;b",
        "\udcff",
        ".a",
        "a%2e",
        "$x",
        "`id`",
        "a\\b",
        "{{x}}",
        "a:b",
        "\u0301a",
    ],
)
def test_names_that_mean_something_to_a_page_a_table_or_a_path_are_none(tmp_path, name):
    """Such a folder is named and not graded."""
    assert not is_student_id(name)
    if name.strip() == name and name and "/" not in name and not name.startswith("."):
        classroom = Classroom(tmp_path)
        (classroom.submitted / name).mkdir(parents=True)
        assert (submissions(classroom, LAB), misnamed(classroom)) == ([], [name])


@pytest.mark.parametrize(
    "name",
    [
        f"Copy of {LAB}.ipynb",
        f"copy 2 of copy of {LAB}.ipynb",
        f"{LAB} (1).ipynb",
        f"{LAB}-Copy1.ipynb",
        f"{LAB.upper()} 2.ipynb",
        f"Kopie von {LAB}.ipynb",
        f"\u201c{LAB}.ipynb\u201d\u7684\u526f\u672c.ipynb",
        f"doejane_12345_678910_{LAB}.ipynb",
        "submission.ipynb",
        f"{LAB}.IPYNB",
        f"{LAB}.ipynb.txt",
        f"my work/{LAB}.ipynb",
    ],
)
def test_a_renamed_notebook_is_recognised(submission, name):
    """What browsers, platforms, Jupyter and Colab make of the name is taken, and a finding says so."""
    (submission.folder / name).parent.mkdir(exist_ok=True)
    write(submission.folder / name)
    assert found(submission) == (Path(name), f"The file was called {name!r} and was graded as '{LAB}.ipynb'.")


def test_the_right_name_goes_before_copies(submission):
    """A notebook of the right name is taken without a finding, whatever stands beside it."""
    path = write(submission.folder / f"{LAB}.ipynb")
    write(submission.folder / f"{LAB} (1).ipynb")
    assert found(submission) == (Path(path.name), "")


def test_no_telling_which_notebook(submission):
    """Files that are no notebook, and two copies, are named and refused."""
    (submission.folder / "essay\x1b.py").write_text("x = 1")
    with pytest.raises(Unreadable, match=r"no file lab1_toy.ipynb; there is only essay\\x1b.py"):
        found(submission)
    for number in (1, 2):
        write(submission.folder / f"{LAB} ({number}).ipynb")
    with pytest.raises(Unreadable, match="there are 2 files that could be lab1_toy"):
        found(submission)


def test_links_are_refused(submission, tmp_path):
    """Neither the notebook nor its folder may be a link."""
    write(tmp_path / "other.ipynb")
    (submission.folder / f"{LAB}.ipynb").symlink_to(tmp_path / "other.ipynb")
    with pytest.raises(Unreadable, match="is not a file"):
        found(submission)
    link = tmp_path / "link"
    link.symlink_to(submission.folder)
    with pytest.raises(Unreadable, match="is a link"):
        found(Submission("ada", LAB, link))


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"{]", r"it is not valid JSON \(Expecting property name"),
        (b"{", "its end is missing, so it is not valid JSON; save it and hand it in again"),
        (b'{"cells": [{"source": "x = ', "its end is missing"),
        (b"{\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> main\n}", "a conflict in Git"),
        (b"%PDF-1.4\n%%EOF", "it is a PDF; hand in the notebook itself"),
        (b"\n<!DOCTYPE html><p>", "it is a web page"),
        (b"[" * 100_000, "not a notebook"),
        (b"[]", "has no cells"),
        (b'{"cells": 3}', "has no cells"),
        (b" " * (2**20 + 1), "has more than 1 MB"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(tmp_path, content, words):
    """The message says in plain words why nothing could be read."""
    (tmp_path / "x.ipynb").write_bytes(content)
    with pytest.raises(Unreadable, match=words):
        read(tmp_path / "x.ipynb")


def test_too_many_cells_and_too_much_text_are_refused(tmp_path, monkeypatch):
    """A notebook that would take too long to grade is refused by its number of cells, and by its text."""
    monkeypatch.setattr(handed_in, "MOST_CELLS", 2)
    monkeypatch.setattr(handed_in, "MOST_TEXT", 10)
    cell = {"cell_type": "code", "source": "x" * 11}
    with pytest.raises(Unreadable, match="has 3 cells; at most 2"):
        read(write(tmp_path / "x.ipynb", [cell] * 3))
    with pytest.raises(Unreadable, match="text in its cells"):
        read(write(tmp_path / "x.ipynb", [cell]))
    (tmp_path / "x.ipynb").write_text(json.dumps({"worksheets": []}))
    with pytest.raises(Unreadable, match="old format"):
        read(tmp_path / "x.ipynb")


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
    notebook = read(write(tmp_path / "x.ipynb", [code, text, "no cell"], metadata=[1]))
    assert notebook["metadata"] == {}
    assert notebook["cells"] == [
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
    notebook = read(tmp_path / "x.ipynb")
    assert notebook["nbformat"] == 4 and notebook["cells"][0]["source"] == "x = 1"


def test_files_beside_are_taken_without_links_hidden_files_and_notebooks(submission, tmp_path):
    """What a notebook may read is taken; the rest is neither taken nor counted."""
    write(submission.folder / f"{LAB}.ipynb")
    write(submission.folder / "other.ipynb")
    for name in ("data.csv", "images/cat.png", ".hidden", ".git/config", "__pycache__/x.pyc"):
        (submission.folder / name).parent.mkdir(exist_ok=True)
        (submission.folder / name).write_text("x")
    (submission.folder / "link.txt").symlink_to(tmp_path)
    files = beside(submission)
    assert [str(name) for name in files.taken] == ["data.csv", "images/cat.png"]
    assert files.left_out == 0


def test_too_large_and_too_many_files_are_counted(submission, monkeypatch):
    """A file that does not fit is left out and counted, and smaller ones after it are taken."""
    with open(submission.folder / "a_large.bin", "wb") as file:
        file.truncate(51 * limits.MEGABYTE)
    (submission.folder / "small.txt").write_text("x")
    files = beside(submission)
    assert ([str(name) for name in files.taken], files.left_out) == (["small.txt"], 1)
    monkeypatch.setattr(handed_in, "MOST_FILES", 1)
    (submission.folder / "z.txt").write_text("x")
    assert beside(submission).left_out == 2


def test_printable_text_hides_nothing():
    """Escapes for terminals and marks that turn text are spelled out; letters of any language stay."""
    assert printable("\x1b[2J a\u202eb ü") == "\\x1b[2J a\\u202eb ü"
    assert str(Submission("a\nb", LAB, None)) == f"a\\nb/{LAB}"


def test_a_pipe_or_a_device_in_place_of_the_notebook_holds_nothing_up(submission):
    """What is no plain file is refused at once; a pipe that nobody writes into would otherwise be read for ever."""
    os.mkfifo(submission.folder / f"{LAB}.ipynb")
    with pytest.raises(Unreadable, match="is not a file"):
        found(submission)
    with pytest.raises(Unreadable, match="is not a file"):
        read(submission.folder / f"{LAB}.ipynb")


def test_a_notebook_that_becomes_a_link_meanwhile_is_not_read(submission, tmp_path):
    """Between the look and the reading a student may put anything into its place."""
    path = write(submission.folder / f"{LAB}.ipynb")
    with submission.opened() as folder:
        name, _ = find_notebook(LAB, folder)
        path.unlink()
        path.symlink_to(write(tmp_path / "secret.ipynb"))
        with pytest.raises(Unreadable, match="is not a file"):
            read_notebook(folder, name, 1)


def test_a_folder_that_is_replaced_meanwhile_is_still_the_one_that_was_opened(submission, tmp_path):
    """A link in place of the folder leads nowhere."""
    write(submission.folder / f"{LAB}.ipynb")
    (tmp_path / "other").mkdir()
    with submission.opened() as folder:
        submission.folder.rename(tmp_path / "moved")
        submission.folder.symlink_to(tmp_path / "other")
        assert find_notebook(LAB, folder)[0] == Path(f"{LAB}.ipynb")
    with pytest.raises(Unreadable, match="is a link"):
        submission.opened()


def test_what_the_grader_may_not_read_is_not_unreadable(submission, monkeypatch):
    """Then the fault is not the student's, and the submission must not get 0."""
    write(submission.folder / f"{LAB}.ipynb")
    real = os.open

    def refuse(path, *arguments, **keywords):
        if str(path).endswith(".ipynb"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *arguments, **keywords)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError):
        read(submission.folder / f"{LAB}.ipynb")


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x1b"])
def test_a_name_that_turns_or_hides_text_is_written_out_in_the_finding(tmp_path, sign):
    """The name of a file may be anything, and stands on pages and in tables."""
    (tmp_path / f"lab{sign}bpyni.ipynb").write_text("")
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / f"lab{sign}bpyni.ipynb")
    assert sign not in str(refused.value) and repr(sign)[1:-1] in str(refused.value)
