"""Whose a hand-in is, which one counts, and what belongs to it."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from autograder.collecting.archives import Item
from autograder.collecting.matching import HandIn, add_files_beside, newest, whose, with_groups
from autograder.collecting.platforms import Clue
from autograder.collecting.recognise import Look
from autograder.roster import Person, Roster

ROSTER = Roster(
    [
        Person("jdoe", "Jane Doe", "jane@x.edu", "101"),
        Person("bob", "Bob Ray", "bob@x.edu", "102", group="blue"),
        Person("cy", "Cy Young", "cy@x.edu", "103", group="blue"),
        Person("m1", "Max Roe", "m1@x.edu"),
        Person("m2", "Max Roe", "m2@x.edu"),
    ]
)


@pytest.mark.parametrize(
    ("clue", "students", "why"),
    [
        (Clue(keys=("101",), texts=("Jay",)), ["jdoe"], ""),
        (Clue(keys=("101",), texts=("Max Roe",)), ["jdoe"], ""),
        (Clue(keys=("101",), texts=("Bob Ray",)), [], "number or address is that of jdoe, and its name that of bob"),
        (Clue(keys=("101", "jane@x.edu")), ["jdoe"], ""),
        (Clue(keys=("101", "102")), [], "several students"),
        (Clue(keys=("101", "102"), together=True), ["bob", "jdoe"], ""),
        (Clue(keys=("999",), texts=("Doe, Jane",)), ["jdoe"], ""),
        (Clue(texts=("Max Roe",)), [], "any of m1, m2"),
        (Clue(texts=("Max Roe", "lab m2")), [], "any of m1, m2"),
        (Clue(texts=("Max Roe", "m2")), ["m2"], ""),
        (Clue(texts=("Blue",)), ["bob", "cy"], ""),
        (Clue(texts=("Jane Doe", "Bob Ray")), ["jdoe"], ""),
        (Clue(texts=("jdoe Bob Ray",)), [], "any of bob, jdoe"),
        (Clue(), [], "nobody"),
    ],
)
def test_whose(clue, students, why):
    """A key decides unless a name speaks against it; what fits several is not guessed; a group is all its members."""
    found, reason = whose(clue, ROSTER)
    assert found == students and why in reason


def test_groups_are_completed():
    """Members of a group share work; who has no group is alone."""
    assert with_groups(["bob"], ROSTER) == ["bob", "cy"] and with_groups(["jdoe", "m1"], ROSTER) == ["jdoe", "m1"]


def item(name, day=1, size=1):
    return Item("s", tuple(name.split("/")), size, datetime(2026, 1, day), Path(), Path(name))


def hand_in(name, clue=None, day=1, student="jdoe", digest=""):
    clue = clue or Clue(unit="/".join(("s", *name.split("/")[:-1])), name=name.split("/")[-1])
    return HandIn(item(name, day), clue, Look("lab1", "", digest or name), [student])


def test_the_newest_counts():
    """A platform's time decides, then its number, then the date of the file, then the number of a copy."""
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    order = [
        hand_in("copy 1", Clue(order=1)),
        hand_in("copy 2", Clue(order=2)),
        hand_in("dated", day=3),
        hand_in("number", Clue("canvas", order=7)),
        hand_in("early", Clue(time=early), day=9),
        hand_in("late", Clue(time=late)),
    ]
    for older, newer in pairwise(order):
        best, doubts = newest([newer, older])
        assert best["jdoe", "lab1"] is newer and not doubts
    assert newest([order[0], replace(order[0])])[1] == []
    pair = [replace(each, students=["bob", "cy"]) for each in (hand_in("a"), hand_in("b"))]
    [doubt] = newest(pair)[1]
    assert "s/b and s/a are equally new; the first one was taken for bob, cy. If it is the other" in doubt


def test_files_beside_a_notebook():
    """Files below a student's folder belong to the notebook; in a folder of several students they are nobody's."""
    mine, other = hand_in("jdoe/lab.ipynb"), hand_in("all/a.ipynb", student="bob")
    third = hand_in("all/b.ipynb", student="cy")
    names = ["jdoe/a.py", "jdoe/b/c.py", "jdoe/other.ipynb", "jdoe/timestamp.txt", "jdoe/course_utils/x.py", "all/x.py"]
    others = [(item(name), Clue(name=name)) for name in names]
    assert add_files_beside([mine, other, third], others) == []
    assert [str(name) for _, name in mine.beside] == ["a.py", "b/c.py"]
    assert other.beside == third.beside == []


def test_files_of_one_attempt_belong_together():
    """Where a platform puts all files into one folder, the attempt tells which ones belong together."""
    one, two = (Clue("canvas", unit=f"s/{name}", name="lab.ipynb") for name in "ab")
    mine, other = hand_in("a_lab.ipynb", one), hand_in("b_lab.ipynb", two, student="bob")
    others = [(item(f"{unit}_help.py"), Clue("canvas", unit=f"s/{unit}", name="help.py")) for unit in "ab"]
    add_files_beside([mine, other], others)
    assert [(file.name, str(name)) for file, name in mine.beside] == [("a_help.py", "help.py")]


def test_files_beyond_what_is_graded_are_left_out():
    """Too many or too large files are left out, and it is said how many."""
    mine = hand_in("jdoe/lab.ipynb")
    others = [(item(f"jdoe/{number}", size=30_000_000), Clue()) for number in range(3)]
    assert add_files_beside([mine], others) == ["s/jdoe/lab.ipynb: of 3 files beside it 1 were taken."]
