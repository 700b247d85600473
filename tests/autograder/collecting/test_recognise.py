"""A notebook's lab is known by its cells, whatever the file is called and an editor did to it."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from autograder.classroom import Classroom
from autograder.collecting.archives import Item
from autograder.collecting.recognise import known_labs, lab_by_name, look, may_be_notebook
from autograder.errors import CourseError
from tests.autograder.collecting.rooms import make_room, notebook

MOST = 10**6


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return known_labs(make_room(tmp_path_factory.mktemp("recognise") / "room"))


def seen(folder, name, content, known):
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return look(Item("s", (name,), 1, datetime(2026, 1, 1), folder, Path(name)), known, MOST)


def test_ids_of_several_labs_tell_nothing(known):
    """Only ids that one lab has alone are its own."""
    assert known.ids == {"lab1_perceptron": {"neuron", "dense_numpy"}, "lab2_activations": {"sigmoid", "softmax"}}


@pytest.mark.parametrize(
    "name", ["“lab2”的副本.ipynb", "Copia de lab2_activations.ipynb", "submission.ipynb", "lab2_activations.ipynb.txt"]
)
def test_the_cells_decide(tmp_path, known, name):
    """Neither a language, nor another lab's name, nor an ending that was added hides the lab."""
    found = seen(tmp_path, name, notebook("lab1_perceptron", "x"), known)
    assert (found.lab, found.problem, found.encoded) == ("lab1_perceptron", "", "")


def test_lost_metadata_leaves_the_checks(tmp_path, known):
    """Where an editor dropped the grade ids, the calls of `check` tell the lab."""
    cells = json.loads(notebook("lab2_activations", ""))["cells"]
    bare = json.dumps({"cells": [{"cell_type": "code", "source": cell["source"]} for cell in cells]})
    assert seen(tmp_path, "x.ipynb", bare, known).lab == "lab2_activations"


def test_untouched_notebooks_are_known(tmp_path, known):
    """What is as it was given out is known as that, whatever an editor did to the ends of lines or other cells."""
    given_out = notebook("lab1_perceptron", "")
    assert seen(tmp_path, "x.ipynb", given_out, known).untouched
    assert seen(tmp_path, "x.ipynb", given_out.replace(")\\n", ")  \\n\\n"), known).untouched
    cells = json.loads(given_out)
    cells["cells"] += [{"cell_type": "code", "source": "mine"}]
    assert seen(tmp_path, "x.ipynb", json.dumps(cells), known).untouched
    del cells["cells"][1]
    assert not seen(tmp_path, "x.ipynb", json.dumps(cells), known).untouched
    assert not seen(tmp_path, "x.ipynb", notebook("lab1_perceptron", "x"), known).untouched


def test_other_encodings_are_read(tmp_path, known):
    """A notebook that was saved as UTF-16 is recognised, and it is said that it was."""
    found = seen(tmp_path, "x.ipynb", notebook("lab1_perceptron", "ä").encode("utf-16"), known)
    assert (found.lab, found.encoded) == ("lab1_perceptron", "UTF-16")
    assert seen(tmp_path, "y.ipynb", b"\xef\xbb\xbf" + notebook("lab1_perceptron", "").encode(), known).encoded == ""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "it is empty"),
        ("{", "it is no notebook"),
        ("[" * 100_000, "it is no notebook"),
        ('{"cells": 5}', "it is no notebook"),
        ("\xff\xfe\x00", "it is no notebook"),
        ('{"cells": [{"metadata": 3, "source": null}, 7]}', "it is a notebook of no lab of this course"),
    ],
)
def test_what_is_none_is_said(tmp_path, known, content, problem):
    """What is no notebook, or no lab's, says so; a lab's name still says which lab was meant."""
    assert seen(tmp_path, "notes.ipynb", content, known).problem == problem
    by_name = seen(tmp_path, "my Lab1-Perceptron (2).ipynb", content, known)
    assert by_name.lab == "lab1_perceptron"


def test_names(known):
    """A lab's name is found in others; what is no notebook by its name is not opened."""
    assert lab_by_name("Kopie von LAB1 perceptron.ipynb", known.ids) == "lab1_perceptron"
    names = ["a.ipynb", "a.IPYNB", "a.ipynb.txt", "a.json", "a.py", "a.txt", "ipynb"]
    wanted = [name for name in names if may_be_notebook(Item("", (name,), 1, None, None, None))]
    assert wanted == ["a.ipynb", "a.IPYNB", "a.ipynb.txt", "a.json"]


def test_a_classroom_without_labs_says_what_comes_first(tmp_path):
    """Where nothing was built, or a release is damaged, the message names the command."""
    with pytest.raises(CourseError, match="no lab is built here"):
        known_labs(Classroom(tmp_path))
    room = make_room(tmp_path / "room")
    (room.release / "lab1_perceptron" / "lab1_perceptron.ipynb").write_text("{")
    with pytest.raises(CourseError, match="Run `autograder build --classroom "):
        known_labs(room)
