"""The roster: it names students by whatever a platform or a student calls them."""

from datetime import timedelta

import pytest

from autograder.roster import Person, Roster

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
        ("Kopie von lab1 - 张伟", {"zw"}),
        ("lab1 - 张", set()),
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
    assert ROSTER.members("Blue") == ["jdoe", "jsmith"] and ROSTER.members("") == [] and ROSTER.by_group("") == set()


@pytest.mark.parametrize(
    ("extension", "days"),
    [("", None), ("0", 0), ("2", 2), ("lab1=0.5", 0.5), ("lab2=3", None), ("lab1=1; 2", 2), ("lab2=3 lab1=1", 1)],
)
def test_an_extension_is_for_all_labs_or_for_one(extension, days):
    """A number of days holds for each lab, or for the one that is named; the longest counts, and 0 is said, too."""
    time = Person("u1", extension=extension).extra_time("lab1")
    assert time == (None if days is None else timedelta(days=days))
