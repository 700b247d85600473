"""Tables of grades are read back as each platform reads them: the right score for the right student, blank as none."""

import csv

import pytest
from traitlets.config import Config

from autograder.exporting import tables
from autograder.exporting.tables import TABLES, Column, Grades, changed_keys, read_grades, without_key, write_table
from autograder.grading.lab_results import Row
from autograder.grading.report import csv_cell
from autograder.roster import Person, Roster

PEOPLE = [
    Person("jdoe", "Doe, Jane", "jane@school.edu", "12345", "A"),
    Person("bob", 'Bob "=Ray" Öberg', "Bob@School.edu", "", "B"),
    Person("=eve", "=1+1", "", "12347"),
]
GRADES = Grades(
    PEOPLE,
    [
        Column("lab1", "Lab 1 (4711)", 8.0, {"jdoe": 7.25, "bob": 0.0}),
        Column("lab2", "Lab 2 [Total Pts: 5 Score] |99", 5.0, {"=eve": 5.0}),
    ],
)


@pytest.fixture
def written(tmp_path):
    """Write a table and read it as CSV."""

    def table(platform):
        write_table(tmp_path / "out" / "x.csv", TABLES[platform](GRADES))
        with (tmp_path / "out" / "x.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    return table


def imported_by_canvas(rows):
    """Read a table by the rules of Canvas's importer: columns by place, students by number, login, then name.

    Returns:
        points by assignment, and by student's number or login the grade in each assignment.
    """
    header, possible, *students = rows
    assert "Student" in header[0] and "ID" in header[1]
    assert "SIS User ID" in header[2] and "SIS Login ID" in header[3] and "Section" in header[4]
    assert "Points Possible" in possible[0]
    grades = {row[1] or row[3] or row[0]: dict(zip(header[5:], row[5:], strict=True)) for row in students}
    return dict(zip(header[5:], possible[5:], strict=True)), grades


def test_canvas(written):
    """Canvas reads headings, points and each student's scores; nothing stands where there is no score."""
    points, grades = imported_by_canvas(written("canvas"))
    assert points == {"Lab 1 (4711)": "8", "Lab 2 [Total Pts: 5 Score] |99": "5"}
    assert [list(row.values()) for row in grades.values()] == [["7.25", ""], ["0", ""], ["", "5"]]
    assert list(grades)[:2] == ["12345", "bob"]


def test_moodle(written):
    """Moodle maps a column to students, exactly as it is written, and others to grade items."""
    header, *rows = written("moodle")
    by_address = {row[header.index("Email address")]: row[header.index("Lab 1 (4711)")] for row in rows}
    assert by_address == {"jane@school.edu": "7.25", "Bob@School.edu": "0", "": ""}


def test_blackboard(written, tmp_path):
    """Blackboard has the user name and nothing that would become a column of its own; every cell is in quotes."""
    header, *rows = written("blackboard")
    assert header == ["Username", "Lab 1 (4711)", "Lab 2 [Total Pts: 5 Score] |99"]
    assert [row[1:] for row in rows] == [["7.25", ""], ["0", ""], ["", "5"]]
    assert (tmp_path / "out" / "x.csv").read_text().startswith('"Username","Lab 1 (4711)",')


def test_a_spreadsheet_runs_nothing(written):
    """A name that would be a formula is text, on every platform."""
    for platform in TABLES:
        cells = [cell for row in written(platform) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert written("csv")[1] == ["jdoe", "Doe, Jane", "jane@school.edu", "A", "", "7.25", ""]


def test_who_cannot_be_found():
    """Students without what a platform finds them by are known."""
    assert without_key("canvas", GRADES) == ["bob"] and without_key("moodle", GRADES) == ["=eve"]
    assert without_key("blackboard", GRADES) == without_key("csv", GRADES) == []


def row(student, score, **more):
    return Row(student, score, 8.0, {}, [], **more)


@pytest.fixture
def graded(monkeypatch):
    """One lab of 8 points with these rows; returns what changes them."""
    absent = [row(name, 0.0, absent=True) for name in ("gone", "lazy", "new")]
    lab = {"rows": [row("ada", 3.0), row("eve", 8.0), row("zoe", 0.0, open=True), *absent]}
    monkeypatch.setattr(tables, "points_of", lambda config, lab: {"a": 5.0, "b": 3.0})
    monkeypatch.setattr(tables, "rows_of", lambda classroom, config, name, points: lab["rows"])
    return lab


ROSTER = Roster([Person("zoe"), Person("ada"), Person("new"), Person("lazy")])


def test_everybody_is_there(graded):
    """Everybody of the roster is there in its order, strangers come last; what was not handed in has no score."""
    grades = read_grades(None, Config(), ROSTER, ["toy"], [], {"toy": "Toy (1)"})
    assert [person.id for person in grades.people] == ["zoe", "ada", "new", "lazy", "eve", "gone"]
    [column] = grades.columns
    assert (column.header, column.points, column.open) == ("Toy (1)", 8.0, ("zoe",))
    assert column.scores == {"ada": 3.0, "eve": 8.0}
    assert [person.id for person in read_grades(None, Config(), ROSTER, ["toy"], ["ada"], {}).people] == ["ada"]
    graded["rows"] = []
    assert read_grades(None, Config(), ROSTER, ["toy"], [], {}).columns == []


def test_what_did_not_come_is_zero_where_the_results_say_so(graded):
    """A row says whether nothing is worth 0, so the report and every file agree."""
    for each in graded["rows"]:
        each.absent_is_zero = each.student in ("gone", "lazy")
    [column] = read_grades(None, Config(), ROSTER, ["toy"], [], {}).columns
    assert column.scores == {"ada": 3.0, "eve": 8.0, "gone": 0.0, "lazy": 0.0}


def test_keys_that_are_made_text_are_known():
    """Whose address begins as a formula does is not found by it; marks that turn text stand in no cell."""
    people = [Person("ada", email="ada@x.edu"), Person("frm", email="+1@x.edu")]
    assert changed_keys("moodle", Grades(people, [])) == ["frm"]
    assert changed_keys("blackboard", Grades(people, [])) == changed_keys("csv", Grades(people, [])) == []
    assert csv_cell("Ev\u202eli\u2066x") == "Evlix" and csv_cell("\u200e=1") == "'=1"
