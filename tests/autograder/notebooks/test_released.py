"""The built notebooks of a lab: read once, given out as copies, and read again after a change."""

import os

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.notebooks.released import released_notebook, source_notebook, was_mended

LAB = "lab1_toy"


@pytest.fixture
def config(tmp_path):
    """The configuration of a classroom with one lab."""
    for folder in ("source", "release"):
        write(tmp_path / folder / LAB / f"{LAB}.ipynb", folder)
    return Config(CourseDirectory=Config(root=str(tmp_path)))


def write(path, text, data=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(text, metadata=data or {})]), path)


def test_whether_a_lab_was_mended(config, tmp_path):
    """It was where one of the kept notebooks has other points; other words alone are no change."""
    write(tmp_path / "earlier" / LAB / "words.ipynb", "other words")
    assert not was_mended(config, LAB)
    data = {"nbgrader": {"grade_id": "neuron", "grade": True, "points": 3}}
    write(tmp_path / "earlier" / LAB / "points.ipynb", "other points", data)
    assert was_mended(config, LAB)


def test_source_and_released_notebook(config):
    """Each is read from nbgrader's own folder."""
    assert source_notebook(config, LAB).cells[0].source == "source"
    assert released_notebook(config, LAB).cells[0].source == "release"


def test_each_caller_has_a_copy(config):
    """What one caller changes, no other sees."""
    released_notebook(config, LAB).cells[0].source = "changed"
    assert released_notebook(config, LAB).cells[0].source == "release"


def test_those_who_change_nothing_share_one(config):
    """It is the same object for all of them, and none of those that others may change."""
    for read in (released_notebook, source_notebook):
        assert read(config, LAB, shared=True) is read(config, LAB, shared=True) is not read(config, LAB)


def test_a_lab_that_was_built_again_is_read_again(config, tmp_path):
    """A notebook that changed on disk is read anew."""
    released_notebook(config, LAB)
    path = tmp_path / "release" / LAB / f"{LAB}.ipynb"
    write(path, "built again")
    os.utime(path, (1, 1))
    assert released_notebook(config, LAB).cells[0].source == "built again"


def test_a_lab_that_was_never_built_is_named(config):
    """The message names the file that is missing and the command that makes it."""
    with pytest.raises(CourseError, match=r"lab9\.ipynb is missing.*autograder build"):
        released_notebook(config, "lab9")
