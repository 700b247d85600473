"""``autograder report``: the reports again, of all or of some; nothing is graded."""

import csv

import pytest

from autograder.cli import main
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """Two students who were graded, and one of the roster who handed in nothing."""
    classroom, config = toy.make_classroom(tmp_path_factory.mktemp("report") / "room")
    toy.record(classroom, config, "ada")
    toy.record(classroom, config, "bob", double=0.0)
    classroom.roster.write_text("id,name\nada,Ada L\nzoe,Zoe\n")
    return classroom


def report(room, *options):
    return main(["report", "--classroom", str(room.root), *options])


def students(path):
    with path.open(encoding="utf-8") as file:
        return [(row["student"], row["name"], row["score"]) for row in csv.DictReader(file)]


def test_all_and_some(room, capsys):
    """A report of some lies beside that of all, and replaces nothing in it; the terminal says their points."""
    assert report(room) == 0
    everybody = [("ada", "Ada L", "8"), ("bob", "", "6"), ("zoe", "Zoe", "")]
    assert students(room.reports / "grades.csv") == everybody
    assert report(room, "--student", "bob", "--student", "zoe", "--lab", toy.LAB) == 0
    assert students(room.reports / "chosen" / "grades.csv") == everybody[1:]
    assert students(room.reports / "grades.csv") == everybody
    told = capsys.readouterr().out
    assert "bob/toy: 6 of 8" in told and "zoe/toy: not handed in" in told and "chosen/index.html" in told


@pytest.mark.parametrize(
    ("options", "told"), [(("--student", "eve"), "no student 'eve'"), (("--lab", "lab9"), "no lab 'lab9'")]
)
def test_who_is_not_there_is_named(room, capsys, options, told):
    """An unknown student or lab is one sentence."""
    assert report(room, *options) == 2 and told in capsys.readouterr().err


def test_before_anything_is_graded_it_says_so(tmp_path, capsys):
    """An empty report would look like a class of zeros."""
    classroom, _ = toy.make_classroom(tmp_path / "room")
    assert report(classroom) == 2 and "nothing was graded yet. First run:" in capsys.readouterr().err


def test_a_comparison_says_what_was_compared(room, capsys):
    """Silence would leave open whether anything was looked at."""
    assert report(room, "--look-alikes") == 0
    assert "more than 40 lines of their own in toy. The report names the pairs" in capsys.readouterr().out
