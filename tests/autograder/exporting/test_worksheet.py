"""Moodle's worksheet comes back with grades, and as Moodle wrote it in all else."""

import csv
import io

import pytest

from autograder.errors import CourseError
from autograder.exporting.tables import Column
from autograder.exporting.worksheet import NEEDED, filled
from autograder.roster import Person, Roster

ROSTER = Roster([Person("ada", "Ada L", "ada@x.edu"), Person("bob", "Bob Öberg"), Person("zoe", "Zoe", "zoe@x.edu")])
COLUMN = Column("lab1", "Lab 1", 8.0, {"ada": 7.25, "bob": 0.0})
HEADER = "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,Last modified (grade)"
ROWS = (
    'Participant 11,Ada L,ada@x.edu,"Submitted, late",,8.00,Yes,"Monday, 2 November 2026, 1:00 PM"',
    "Participant 12,Bob Öberg,,Submitted,3.00,8.00,Yes,-",
    "Participant 13,Zoe,zoe@x.edu,No submission,5.00,8.00,Yes,-",
    "Participant 14,Eve,eve@x.edu,Submitted,,8.00,Yes,-",
)
SHEET = "\ufeff" + "\r\n".join([HEADER, *ROWS]) + "\r\n"


def imported(text):
    """Read a worksheet as Moodle's importer does: columns by name, the participant by the number at the end."""
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert set(NEEDED) <= set(rows[0])
    return {row["Identifier"][len("Participant ") :]: row["Grade"] for row in rows}


def test_grades_are_filled_in():
    """Each student has the score, who has none keeps what was there, and nothing else changes; strangers are named."""
    sheet = filled(SHEET.encode(), COLUMN, ROSTER)
    assert imported(sheet.text) == {"11": "7.25", "12": "0", "13": "5.00", "14": ""}
    assert sheet.students == ["ada", "bob"] and sheet.unknown == ["Participant 14"] and not sheet.locked
    assert sheet.text == SHEET.replace('late",,8', 'late",7.25,8').replace("Submitted,3.00,", "Submitted,0,")
    assert filled(SHEET.replace("Öberg", "\u202eÖberg\u2069").encode(), COLUMN, ROSTER) == sheet


def test_grades_that_moodle_has_locked_are_named():
    """A line that says that its grade cannot be changed is filled in, and its student named."""
    sheet = filled(SHEET.replace(",Yes,-", ",No,-").encode(), COLUMN, ROSTER)
    assert sheet.locked == ["bob"] and sheet.students == ["ada", "bob"]  # zoe has no score


@pytest.mark.parametrize(
    ("sheet", "complaint"),
    [
        (SHEET.replace("8.00", "100.00"), "has 100 points in Moodle, and lab1 has 8"),
        (SHEET.replace("Grade,", "Bewertung,"), "Download it with Moodle in English"),
        ("", "the worksheet has no columns"),
    ],
)
def test_another_sheet_is_refused(sheet, complaint):
    """A sheet of another assignment, or in another language, stops with what to do."""
    with pytest.raises(CourseError, match=complaint):
        filled(sheet.encode(), COLUMN, ROSTER)
