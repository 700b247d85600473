"""Cells of a lab come and go in the gradebook with what belongs to them, all or none."""

import shutil

import pytest
from nbgrader.api import Gradebook

from autograder import gradebook_cells
from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.gradebook_cells import CellChanges, by_hand, change_cells, changes, enter_by_hand
from tests.autograder import mending, toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Ada with a person's points and comment on cells that go and that stay."""
    classroom, config = toy.make_classroom(tmp_path_factory.mktemp("cells") / "room")
    toy.record(classroom, config, "ada")
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        book.find_grade("negate", toy.LAB, toy.LAB, "ada").manual_score = 0.5
        book.find_grade("square", toy.LAB, toy.LAB, "ada").extra_credit = 2.0
        book.find_comment("square_solution", toy.LAB, toy.LAB, "ada").manual_comment = "Good."
        book.db.commit()
    return classroom


@pytest.fixture
def room(recorded, tmp_path):
    classroom = Classroom(shutil.copytree(recorded.root, tmp_path / "room"))
    return classroom, toy.toy_config(classroom)


def test_changes_are_told(room):
    """What comes, goes and is worth something else; nothing where the lab stays."""
    _, config = room
    assert changes(config, toy.LAB, toy.source_notebook()) == CellChanges(1)
    assert changes(config, toy.LAB, mending.mended_source()) == CellChanges(
        1, {"cube": 4.0}, {"negate": 1.0}, {"half": (2.0, 1.0)}, {"negate": 1}, True
    )
    assert changes(config, "other", mending.mended_source()) == CellChanges()


def test_nbgrader_takes_the_lab_afterwards(room):
    """What it refused before, it releases; rows of cells that stay are the same rows."""
    classroom, config = room
    with pytest.raises(CourseError, match="Cannot add or remove cells"):
        mending.build(mending.mended_source(), classroom, config)
    before = {place: values for place, values in by_hand(config).items() if "negate" not in place[2]}
    change_cells(config, toy.LAB, mending.mended_source())
    mending.build(mending.mended_source(), classroom, config)
    assert by_hand(config) == before
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        notebook = book.find_notebook(toy.LAB, toy.LAB)
        assert {cell.name: cell.max_score for cell in notebook.grade_cells} == {
            "double": 2.0, "square": 3.0, "cube": 4.0, "half": 1.0,
        }  # fmt: skip
        assert "cube_solution" in {cell.name for cell in notebook.solution_cells}
        assert book.find_submission(toy.LAB, "ada").score == 9.0  # 2 + 3 + 2 more + 2, until she is graded again
    assert changes(config, toy.LAB, mending.mended_source()) == CellChanges(1)


def test_all_cells_change_or_none(room, monkeypatch):
    """An error in the middle leaves every row."""
    _, config = room
    before = changes(config, toy.LAB, mending.mended_source())
    monkeypatch.setattr(gradebook_cells, "_add", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        change_cells(config, toy.LAB, mending.mended_source())
    assert changes(config, toy.LAB, mending.mended_source()) == before


def test_what_people_gave_is_entered_again(room):
    """As it is now, taken back or given; what has no place any more is returned."""
    _, config = room
    given = by_hand(config)
    place = ("ada", toy.LAB, "square", "GradeCell")
    assert given[place] == {"manual_score": None, "extra_credit": 2.0}
    now = {**given, place: {"manual_score": 1.0, "extra_credit": None}}
    lost = ("ada", toy.LAB, "gone", "GradeCell")
    assert enter_by_hand(config, {**now, lost: {"manual_score": 1.0, "extra_credit": None}}) == [lost]
    assert by_hand(config) == now
