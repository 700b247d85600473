"""The roster: it is read as people save it, and names students by whatever a platform or a student calls them."""

from datetime import timedelta

import pytest

from autograder.errors import CourseError
from autograder.roster import Person, Roster, read_roster

JANE = Person("jdoe", "Jane Doe", "jane.doe@school.edu", "12345", group="blue", aliases=("jd-codes",))
PEOPLE = (
    JANE,
    Person("jsmith", "Jane Doe Smith", "jane.smith@school.edu", "12346", group="blue"),
    Person("u1", "Åsa Öberg", "asa@school.edu", "7"),
    Person("u2", "Nguyễn Văn An", "an@school.edu", "123450"),
    Person("zw", "张伟", "zw@school.edu"),
    Person("u3", "Li"),
    Person("m1", "Max Müller"),
    Person("m2", "Max Müller"),
)
ROSTER = Roster(PEOPLE)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Jane Doe", {"jdoe"}),
        ("Doe, Jane", {"jdoe"}),
        ("doejane", {"jdoe"}),
        ("jane.doe@school.edu", {"jdoe"}),
        ("lab1_perceptron_Jane_Doe", {"jdoe"}),
        ("Jane Doe Smith lab 1", {"jsmith"}),
        ("lab1-jdoe", {"jdoe"}),
        ("deep-learning-jd-codes", {"jdoe"}),
        ("asa oberg", {"u1"}),
        ("Öberg_Åsa", {"u1"}),
        ("nguyen van an", {"u2"}),
        ("张伟", {"zw"}),
        ("Max Müller", {"m1", "m2"}),
        ("12345", {"jdoe"}),
        ("lab 7", set()),
        ("Jane", set()),
        ("", set()),
        ("submission", set()),
        ("Li", {"u3"}),
        ("li lab 1", set()),
    ],
)
def test_a_text_names_a_student(text, ids):
    """Names in any order, without accents or joined, ids among other words; two people of one name are not guessed."""
    assert ROSTER.by_text(text) == ids


def test_keys_are_whole():
    """A number, address or id is only that of the one who has all of it."""
    assert ROSTER.by_key("12345") == {"jdoe"} and ROSTER.by_key("7") == {"u1"}
    assert ROSTER.by_key("1234") == set() and ROSTER.by_key("JANE.DOE@school.edu") == {"jdoe"}


def test_a_group_has_members():
    """Members of a group are found by its name, however it is written; who has no group is in none."""
    assert ROSTER.members("blue") == ["jdoe", "jsmith"] and ROSTER.by_group("BLUE") == {"jdoe", "jsmith"}
    assert ROSTER.members("") == [] and ROSTER.by_group("") == set()


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
        ("id\nu1\nu1\n", "line 3: 'u1' stands in line 2 already"),
        ("id,extension\nu1,Friday\n", "line 2: an extension is a number of days"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, complaint):
    """A roster that cannot be used says where, and what to do."""
    (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(CourseError, match=complaint):
        read_roster(tmp_path / "roster.csv")


def test_without_a_file_there_is_no_roster(tmp_path):
    """No file is no error: a class can be graded without."""
    assert read_roster(tmp_path / "roster.csv") is None


@pytest.mark.parametrize(
    ("extension", "days"), [("", 0), ("2", 2), ("lab1=0.5", 0.5), ("lab2=3", 0), ("lab1=1; 2", 2), ("lab2=3 lab1=1", 1)]
)
def test_an_extension_is_for_all_labs_or_for_one(extension, days):
    """A number of days holds for each lab, or for the one that is named; the longest one counts."""
    assert Person("u1", extension=extension).extra_time("lab1") == timedelta(days=days)
