"""``autograder export``: files for each platform, and who is not in them."""

import contextlib
import csv
import io

import pytest

from autograder.cli import main
from tests.autograder import toy

ROSTER = "id,name,email,lms_id\nada,Ada L,ada@school.edu,101\nzoe,Zoe,,\n"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """The toy lab, graded for one student of two; before that, a word on what comes first."""
    classroom, config = toy.make_classroom(tmp_path_factory.mktemp("export") / "room")
    classroom.roster.write_text(ROSTER)
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):  # before anything was graded
        assert main(["export", "--classroom", str(classroom.root), "--to", "csv"]) == 2
    assert "nothing was graded yet. Run 'autograder grade' first." in printed.getvalue()
    toy.record(classroom, config, "ada")
    (classroom.feedback / "ada" / toy.LAB).mkdir(parents=True)
    (classroom.feedback / "ada" / toy.LAB / f"{toy.LAB}.html").write_text("page")
    return classroom


@pytest.fixture
def export(room, capsys):
    def run(*options):
        code = main(["export", "--classroom", str(room.root), *options])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return run


def test_a_table_and_a_zip(room, export):
    """For people there is a table with everybody, and each student's page; all is counted."""
    code, text = export("--to", "csv")
    assert code == 0 and f"{room.exports / 'csv.csv'}: 2 students.\n" in text
    assert "toy: 1 with a score, 1 blank." in text and "csv-toy-feedback.zip: 1 page.\n" in text
    rows = list(csv.DictReader((room.exports / "csv.csv").open()))
    assert [(row["id"], row["toy"]) for row in rows] == [("ada", "8"), ("zoe", "")]


def test_what_a_platform_cannot_place_is_named(room, export):
    """Students without a number, and pages of work that did not come from the platform, are named; the code is 1."""
    code, text = export("--to", "canvas", "--column", "toy=Toy lab (77)")
    assert code == 1 and "It is empty for zoe." in text and "no feedback for ada" in text
    header, points, *_ = csv.reader((room.exports / "canvas.csv").open())
    assert header[5:] == ["Toy lab (77)"] and points[5:] == ["8"]
    assert not (room.exports / "canvas-toy-feedback.zip").exists()


def test_missing_work_is_zero_by_a_word(room, export):
    """What was not handed in is 0 where the instructor says so, and for one student where one is asked for."""
    export("--to", "csv", "--missing-is-zero", "--student", "zoe")
    rows = list(csv.DictReader((room.exports / "csv.csv").open()))
    assert [(row["id"], row["toy"]) for row in rows] == [("zoe", "0")]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--to", "csv", "--student", "eve"], "there is no student 'eve'"),
        (["--to", "csv", "--lab", "lab9"], "there is no lab 'lab9'"),
        (["--to", "csv", "--column", "lab9=x"], "there is no lab 'lab9'"),
        (["--to", "csv", "--column", "toy="], "is not LAB=HEADER"),
        (["--to", "sakai"], "invalid choice"),
        ([], "--to"),
    ],
)
def test_what_cannot_be_meant_is_refused(export, options, told, capsys):
    """Unknown students, labs, headings and platforms stop with their name."""
    try:
        code, text = export(*options)
    except SystemExit as ended:
        code, text = ended.code, capsys.readouterr().err
    assert code == 2 and told in text
