"""Exercises that do not count for who was never handed them."""

import json
import os

import pytest
from nbformat.v4 import new_notebook

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.grading.excused import excuse, excused, excused_of, has, is_named, is_of_lab_before, mark, marked
from autograder.grading.submissions import submission_of
from autograder.notebooks.findings import add_finding, findings


def test_excuses_are_kept_by_lab_and_student(tmp_path):
    """A second mending adds to the first; who is in no list is excused from nothing."""
    room = Classroom(tmp_path)
    assert excused(room) == {}
    excuse(room, "toy", {"ada": ["cube"]})
    os.utime(room.excused, ns=(1, 1))
    excuse(room, "toy", {"ada": ["cube", "root"], "bob": ["root"]})
    os.utime(room.excused, ns=(2, 2))
    assert excused_of(room, submission_of(room, "ada", "toy")) == ["cube", "root"]
    assert excused_of(room, submission_of(room, "ada", "other")) == []
    assert excused_of(room, submission_of(room, "eve", "toy")) == []


@pytest.mark.parametrize("text", ["{", "[]", '{"toy": ["ada"]}', '{"toy": {"ada": 3}}'])
def test_a_file_that_a_person_broke_is_named(tmp_path, text):
    """It is one sentence with an example, before anything is graded."""
    (tmp_path / "excused.json").write_text(text)
    with pytest.raises(CourseError, match=r"excused.json: cannot be read; it holds lines such as"):
        excused(Classroom(tmp_path))


@pytest.mark.parametrize(
    ("cell", "there"),
    [
        ({"metadata": {"nbgrader": {"grade_id": "cube"}}}, True),
        ({"metadata": {"nbgrader": {"grade_id": "cube_solution"}}}, True),
        ({"metadata": {}, "source": 'check("cube")'}, True),
        ({"metadata": {}, "source": ['check("cube")\n', "1"]}, True),
        ({"metadata": {"nbgrader": {"grade_id": "cubes"}}}, False),
        ({"metadata": {"nbgrader": 3}, "source": "cube = 1"}, False),
    ],
)
def test_a_cell_of_the_exercise_shows_that_it_was_handed(cell, there):
    """By its grade id, or by the check where tools lost that."""
    assert has(json.loads(json.dumps({"cells": [None, cell]})), "cube") is there


def test_a_list_of_ones_own_goes_before_that_of_everybody(tmp_path):
    """So a person may say that it counts for one student."""
    room = Classroom(tmp_path)
    excuse(room, "toy", {"*": ["cube"], "ada": []})
    ada, eve = (submission_of(room, student, "toy") for student in ("ada", "eve"))
    assert (excused_of(room, ada), is_named(room, ada)) == ([], True)
    assert (excused_of(room, eve), is_named(room, eve)) == (["cube"], False)


@pytest.mark.parametrize(
    ("texts", "before"),
    [(["old"], True), (["old", "mine"], True), (["old", "Now cube"], False), (["old", ["Now ", " cube"]], False)],
)
def test_who_kept_any_cell_that_came_with_an_exercise_was_handed_it(texts, before):
    """To remove an exercise's own cells is not enough; a notebook that was released later says nothing of it."""

    def notebook(*sources, **names):
        cells = [{"metadata": {"nbgrader": {"grade_id": name}}, "source": text} for name, text in names.items()]
        return {"cells": [{"metadata": {}, "source": source} for source in sources] + cells}

    builds = [notebook("old"), notebook("old", "Now cube", cube="x"), notebook("old", "Later", cube="x", root="y")]
    assert is_of_lab_before(notebook(*texts), "cube", builds) is before
    assert is_of_lab_before(notebook("old", "Now cube"), "root", builds)
    assert is_of_lab_before(notebook("anything"), "cube", builds[1:])  # a person excused all, and none was kept


def test_what_does_not_count_has_no_findings():
    """The notebook says it for report and feedback, and nobody is told of cells that they never had."""
    notebook = new_notebook()
    assert marked(notebook) == []
    for exercise in ("cube", "double", ""):
        add_finding(notebook, f"About {exercise}.", exercise)
    mark(notebook, ["cube"])
    assert marked(notebook) == ["cube"] and findings(notebook) == ["About double.", "About ."]
