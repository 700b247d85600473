"""Reference solutions in feedback: only where the course says so, and when nobody can hand in any more."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.authoring.source import Lab
from autograder.classroom import Classroom
from autograder.grading.solutions import Solution, read, shown_since
from autograder.settings import PROJECT
from tests.autograder import toy
from tests.sources import NUMBERED

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
LABEL = 'class="code reference"'


@pytest.fixture(scope="module")
def graded_toy(tmp_path_factory):
    """A class of one, graded, whose reference solution of an exercise has a commentary."""
    classroom, config = toy.make_classroom(tmp_path_factory.mktemp("solutions") / "room")
    path = classroom.source / toy.LAB / f"{toy.LAB}.ipynb"
    source = nbformat.read(path, 4)
    cell = toy.find(source, "double_solution")
    why = "# *Twice* is `2 * x` <script>alert(1)</script>\n    # and no `x * x`."
    cell.source = cell.source.replace("return", f"{why}\n    return")
    nbformat.write(source, path)
    toy.hand_in(classroom, "ada", toy.answered(classroom, double="return x + x"))
    toy.grade(classroom, config)
    return classroom


@pytest.fixture
def room(graded_toy, tmp_path):
    """A copy of it whose course shows solutions."""
    classroom = Classroom(shutil.copytree(graded_toy.root, tmp_path / "room"))
    config = toy.toy_config(classroom)
    config.Course.solutions_in_feedback = True
    return classroom, config


def due(classroom, days, **extensions):
    """Set the due date to some days from now, and give extensions in days."""
    with Gradebook(f"sqlite:///{classroom.gradebook}") as book:
        when = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=days)
        book.update_or_create_assignment(toy.LAB, duedate=when)
        for student, extension in extensions.items():
            book.update_or_create_student(student)
            book.update_or_create_submission(toy.LAB, student).extension = timedelta(days=extension)
        book.db.commit()


def page_of(classroom):
    """Return where the page stands."""
    return classroom.feedback / "ada" / toy.LAB / f"{toy.LAB}.html"


def written_long_ago(classroom):
    week_ago = datetime.now(UTC).timestamp() - 7 * 86400
    os.utime(page_of(classroom), (week_ago, week_ago))


def test_a_page_gets_the_solutions_when_the_deadline_is_over(room):
    """The next grading writes the page again, grades nothing, and then leaves it alone."""
    classroom, config = room
    due(classroom, -1)
    config.Course.solutions_in_feedback = False
    toy.grade(classroom, config)
    assert LABEL not in page_of(classroom).read_text()
    written_long_ago(classroom)
    config.Course.solutions_in_feedback = True
    for _ in range(2):
        assert [outcome.word for outcome in toy.grade(classroom, config)] == ["unchanged"]
        page = page_of(classroom).read_text()
        os.utime(page_of(classroom), None)
    assert page.count(LABEL) == 4 and "<em>Twice</em>" in page
    assert "### " not in page and toy.SECRET not in page and "<script" not in page


@pytest.mark.parametrize(
    ("on", "days", "extensions"),
    [(False, -1, {}), (True, None, {}), (True, 1, {}), (True, -1, {"bob": 2}), (True, 1, {"ada": -3})],
    ids=["off", "no due date", "before it", "another's extension", "an extension that takes time away"],
)
def test_no_solution_is_shown_while_anybody_may_hand_in(room, on, days, extensions):
    """Off by default; and a page that one student gets early could be passed on."""
    classroom, config = room
    config.Course.solutions_in_feedback = on
    if days is not None:
        due(classroom, days, **extensions)
    assert shown_since(config, toy.LAB) is None
    written_long_ago(classroom)
    toy.grade(classroom, config)
    assert LABEL not in page_of(classroom).read_text()


def test_an_extension_of_the_roster_holds_them_back_before_its_student_hands_in(room):
    """Nothing of bob stands in the gradebook, and he may still hand in; once that is over, they are shown."""
    classroom, config = room
    due(classroom, -5, ada=1)
    classroom.roster.write_text("id,extension\nada,2\nbob,6\n")
    assert shown_since(config, toy.LAB) is None
    written_long_ago(classroom)
    toy.grade(classroom, config)
    assert LABEL not in page_of(classroom).read_text()
    classroom.roster.write_text("id,extension\nada,2\nbob,\n")
    os.utime(classroom.roster, ns=(1, 1))
    assert timedelta(days=2.9) < datetime.now(UTC) - shown_since(config, toy.LAB) < timedelta(days=3.1)


def test_an_extension_that_is_over_holds_nothing_back(room):
    """What counts is the end of the longest one."""
    classroom, config = room
    due(classroom, -5, bob=2)
    since = shown_since(config, toy.LAB)
    assert timedelta(days=2.9) < datetime.now(UTC) - since < timedelta(days=3.1)


def test_a_solution_is_read_without_markers_and_stubs():
    """The comment with which it begins is its commentary; others stay in the code."""
    cell = """def f(x):
    ### BEGIN SOLUTION
    # Why:
    # - because.
    y = 2  # two
    # here
    return y
    ### END SOLUTION
    ### BEGIN STUB
    # return 3
    ### END STUB


f(1)
"""
    code = "def f(x):\n    y = 2  # two\n    # here\n    return y\n\n\nf(1)"
    assert read(cell) == Solution(code, "Why:\n- because.")
    assert read("x = 1") == Solution("x = 1", "")


@pytest.mark.parametrize("lab", NUMBERED)
def test_each_solution_says_why(lab):
    """Its commentary is prose, and no line of it is left in the code."""
    found = [read(cell.text) for cell in Lab(PROJECT / "solutions" / f"{lab}.py").cells if "solution" in cell.roles]
    assert len(found) >= (8 if lab.startswith("lab5b") else 10)
    for solution in found:
        assert len(solution.commentary.split()) > 8 and solution.commentary.splitlines()[0] not in solution.code
