"""The roster is read as people save it, and what is wrong with it is named with its line."""

import os

import pytest

from autograder.errors import CourseError
from autograder.roster import Person
from autograder.roster_file import read_roster, roster_of
from tests.autograder.collecting.rooms import make_room


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_roster_is_read_as_spreadsheets_save_it(tmp_path, encoding, delimiter):
    """Encodings, delimiters, capitals in the header, empty lines and columns of somebody's own do not matter."""
    lines = ["ID,Name,E-Mail,LMS ID,Room", "u1,Åsa Öberg,asa@school.edu,7,12", ",,,,", "u2,Åke,,,"]
    (tmp_path / "roster.csv").write_bytes("\r\n".join(lines).replace(",", delimiter).encode(encoding))
    assert list(read_roster(tmp_path / "roster.csv")) == [
        Person("u1", "Åsa Öberg", "asa@school.edu", "7"),
        Person("u2", "Åke"),
    ]


@pytest.mark.parametrize(
    ("table", "person"),
    [
        (
            "Student,ID,SIS User ID,SIS Login ID,Section,Lab 1 (47)\n    Points Possible,,,,,8\n"
            '"Doe, Jane",12345,U1,jdoe,A,7\n"Student, Test",9,,abc,A,\n',
            Person("jdoe", "Doe, Jane", "", "12345", "A"),
        ),
        (
            "First name,Last name,ID number,Email address,Lab 1\nJane,Doe,U1,jane@x.edu,-\n",
            Person("jane@x.edu", "Jane Doe", "jane@x.edu", "U1"),
        ),
        ('"Last Name","First Name","Username"\n"Doe","Jane","jdoe"\n', Person("jdoe", "Jane Doe")),
        ("Full name,User-Name\nJane Doe,jdoe\n", Person("jdoe", "Jane Doe")),
    ],
)
def test_tables_of_platforms_are_rosters(tmp_path, table, person):
    """The table of grades that Canvas, Moodle or Blackboard writes is a roster as it is."""
    (tmp_path / "roster.csv").write_text(table)
    assert list(read_roster(tmp_path / "roster.csv")) == [person]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name,mail\nJane,j@x\n", "its first line must name the columns, `id` among them"),
        ("", "its first line must name the columns"),
        ("id,name\nu1,Jane\n,Bob\n", "line 3: the column `id` is empty"),
        ("name;mail\nJane;j@x\n", "It names name, mail."),
        ("id,name\n", "there is no student below the line that names the columns"),
        ("id,name,Name\nu1,Jane,J\n", "names the column `name` twice"),
        ("id\nu1\nu1\n", "line 3: 'u1' stands in line 2 already, in the column `id`"),
        ("id,lms_id\nu1,7\n\nu2,7\n", "line 4: '7' stands in line 2 already, in the column `lms_id`"),
        ("id,email\nu1,a@x\nu2,A@x\n", "line 3: 'A@x' stands in line 2 already, in the column `email`"),
        ('id,name\nu1,"Jane Doe\nu2,Bob\n', "line 2: the quotation mark is not closed"),
        ('id,name\nu0,A\nu1,"Jane Doe\nu2,"Bob"\n', "line 3: the quotation mark is not closed"),
        ('id,name\nu1,"Jane\nu2,Bob"\nu3,Eve\n', "line 2: the quotation mark in the column `name` is not closed"),
        ('id,"name\nu1,Jane\n', "line 1: the quotation mark is not closed"),
        ("id,extension\nu1,lab1_perceptrn=2\n", "line 2: there is no lab 'lab1_perceptrn'; there is lab1_perceptron"),
        ("id,extension\nu1,Friday\n", "line 2: an extension is a number of days"),
        ("id,name,email\nu1,Doe, Jane,j@x\n", "line 2: there are 4 cells for 3 columns. What holds a comma, such as"),
        ("name,email\nDoe, Jane,j@x\n", "line 2: there are 3 cells for 2 columns"),
        ("id,name\nu1,Jane\n../u2,Bob\n", "line 3: '../u2' cannot be the name of a folder; change this id"),
        ("id,name\n..,Bob\n", "line 2: '..' cannot be the name of a folder"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, complaint):
    """A roster that cannot be used says where, and what to do."""
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(CourseError, match=complaint):
        read_roster(tmp_path / "roster.csv", ["lab1_perceptron"])


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_no_roster(tmp_path, make):
    """A pipe or a folder of the roster's name is one sentence; nobody waits for what a pipe might bring."""
    make(tmp_path / "roster.csv")
    with pytest.raises(CourseError, match=r"roster\.csv: this is a (pipe|folder), and no file"):
        read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize("content", ["id\nu1\n".encode("utf-16-le"), b"PK\x03\x04work", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_text_says_how_to_save_it(tmp_path, content):
    """A workbook, or a table in an encoding that nothing marks, is to be saved in another way."""
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(CourseError, match=r"Save it as CSV \(UTF-8\)"):
        read_roster(tmp_path / "roster.csv")


def test_excel_s_own_first_line_is_read(tmp_path):
    """A line that names the sign between cells is no line of the table, and is counted."""
    (tmp_path / "roster.csv").write_text("sep=;\nid;name\nu1;Doe, Jane\n", encoding="utf-8-sig")
    assert list(read_roster(tmp_path / "roster.csv")) == [Person("u1", "Doe, Jane")]
    (tmp_path / "roster.csv").write_text("sep=;\r\nid;name\r\nu1;A\r\nu1;B\r\n")
    with pytest.raises(CourseError, match="line 4: 'u1' stands in line 3"):
        read_roster(tmp_path / "roster.csv")


def test_a_cell_of_somebody_s_own_may_have_lines(tmp_path):
    """Notes of several lines in a column that is not looked at do no harm."""
    (tmp_path / "roster.csv").write_text('id,notes,name\nu1,"ill\nlast week",Jane\nu2,,Bob\n')
    assert [person.name for person in read_roster(tmp_path / "roster.csv")] == ["Jane", "Bob"]


def test_a_classroom_knows_its_labs(tmp_path):
    """The roster of a classroom gives no extension for a lab that is not built there."""
    room = make_room(tmp_path)
    room.roster.write_text("id,extension\nu1,lab1_perceptron=1 lab2_activation=3\n")
    with pytest.raises(CourseError, match="line 2: there is no lab 'lab2_activation'"):
        roster_of(room)


def test_without_a_file_there_is_no_roster(tmp_path):
    """No file is no error: a class can be graded without."""
    assert read_roster(tmp_path / "roster.csv") is None
