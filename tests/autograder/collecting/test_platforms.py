"""Each platform's names and tables say whose a hand-in is, and when it came."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.collecting import platforms
from autograder.collecting.archives import Item
from autograder.collecting.platforms import Clue, Tables, clue_of, gradescope, moodle_worksheet, read_tables

BERLIN = ZoneInfo("Europe/Berlin")
NONE = Tables({}, {}, {})


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Read tables in this process: a child takes a second to start."""
    monkeypatch.setattr(platforms.limited, "call", lambda function, *arguments, limit: function(*arguments))


def item(name, root=Path("nowhere")):
    parts = tuple(name.split("/"))
    return Item("class.zip", parts, 1, datetime(2026, 11, 1), root, Path(name))


def clue(name, tables=NONE):
    return clue_of(item(name), tables, BERLIN)


def test_canvas():
    """A Canvas name has the student, the number of the user and of the file, and a mark when it is late."""
    found = clue("doejane_12345_678910_lab1_perceptron-1.ipynb")
    assert (found.platform, found.keys, found.texts[0]) == ("canvas", ("12345",), "doejane")
    assert (found.name, found.order, found.late, found.time) == ("lab1_perceptron-1.ipynb", 678910, False, None)
    assert found.upload == "doejane_12345_678910_lab1_perceptron-1.ipynb"
    late = clue("class/doejane_LATE_12345_678911_Kopie von lab1.ipynb")
    assert late.late and late.keys == ("12345",) and late.name == "Kopie von lab1.ipynb"
    assert clue("öbergåsa_77_88_a_b_9_10.ipynb").name == "a_b_9_10.ipynb"
    assert clue("doejane_11_22_work.zip/deep/lab.ipynb").name == "lab.ipynb"
    both = (clue("doejane_11_22_lab.ipynb"), clue("doejane_11_23_help.py"))
    assert both[0].unit == both[1].unit != clue("doejohn_44_55_lab.ipynb").unit
    assert clue("anon_LATE_anon_x1Y_77_lab.ipynb").keys == ()


def test_moodle():
    """A Moodle folder has the student's name and a number; the file keeps its own name, in older downloads too."""
    found = clue("Jane Doe_4711_assignsubmission_file_/my/lab.ipynb")
    assert (found.platform, found.texts, found.name) == ("moodle", ("Jane Doe",), "lab.ipynb")
    assert found.upload == "Jane Doe_4711_assignsubmission_file_"
    assert clue("Jane Doe_4711_assignsubmission_file/lab.ipynb").upload == "Jane Doe_4711_assignsubmission_file"
    flat = clue("Jane Doe_4711_assignsubmission_file_lab.ipynb")
    assert flat.name == "lab.ipynb" and flat.upload == "Jane Doe_4711_assignsubmission_file_"


@pytest.mark.parametrize(
    "written",
    ["Thursday, 26 November 2026, 2:14 PM", "Thursday, November 26, 2026, 2:14 PM", "26 November 2026, 14:14"],
)
def test_a_moodle_worksheet_tells_who_and_when(written):
    """The worksheet's number leads to address and time, whatever blind marking hides in the folder's name."""
    header = "Identifier,Full name,Email address,Status,Grade,Last modified (submission),Last modified (grade)"
    row = f'Participant 4711,Jane Doe,jane@school.edu,Submitted,,"{written}",-'
    known = moodle_worksheet(f"\ufeff{header}\r\n{row}\r\nParticipant 9,Bob,,,,-,-\r\n".encode(), BERLIN)
    found = clue("Participant_4711_assignsubmission_file_/lab.ipynb", Tables({}, {}, known))
    assert found.keys == ("jane@school.edu",) and "Jane Doe" in found.texts
    assert found.time == datetime(2026, 11, 26, 13, 14, tzinfo=UTC)
    assert known["9"].time is None and found.unread == known["9"].unread == ""
    assert moodle_worksheet(b"student,score\nada,1\n", BERLIN) == {}


@pytest.mark.parametrize(
    "written", ["26/11/2026 14:15", "Freitag, 27. November 2026, 00:10", "Thursday, 31 February 2026, 2:14 PM"]
)
def test_a_time_that_cannot_be_read_is_kept_as_it_is_written(written):
    """Whatever platform writes it, nobody is told of a time that is none, and what was written there is known."""
    sheet = f'Identifier,Full name,Last modified (submission)\nParticipant 4711,Jane Doe,"{written}"\n'
    known = moodle_worksheet(sheet.encode(), BERLIN)
    found = clue("Jane Doe_4711_assignsubmission_file_/lab.ipynb", Tables({}, {}, known))
    assert found.time is None and found.unread == written
    found = clue("Lab 1_jdoe_attempt_2026-02-31-14-30-05_lab.ipynb")
    assert found.time is None and found.unread == "2026-02-31-14-30-05"
    assert gradescope(f"x:\n  :created_at: '{written}'\n".encode(), BERLIN)["x"].unread == written
    assert gradescope(b"x:\n  :score: 1\n", BERLIN)["x"].unread == known.get("", Clue()).unread == ""


def test_blackboard(tmp_path):
    """A Blackboard name has user and time of the attempt, and the text beside it the user's name."""
    attempt = "Lab 1_jd_oe_attempt_2026-11-26-14-30-05"
    (tmp_path / f"{attempt}.txt").write_text("Name: Jane Doe (jd_oe)\nAssignment: Lab 1\nDate Submitted: Thursday\n")
    tables = read_tables([item(f"{attempt}.txt", tmp_path)], BERLIN, problems := [])
    found = clue(f"{attempt}_Copy of lab.ipynb", tables)
    assert not problems and (found.platform, found.keys) == ("blackboard", ("jd_oe",))
    assert (found.name, found.time) == ("Copy of lab.ipynb", datetime(2026, 11, 26, 13, 30, 5, tzinfo=UTC))
    assert clue(f"{attempt}_lab.ipynb").texts == ("Lab 1_jd_oe", "jd_oe", "oe")
    assert clue(f"{attempt}_work.zip/lab.ipynb").name == "lab.ipynb"


GRADESCOPE = b"""
submission_1001:
  :submitters:
  - :name: Jane Doe
    :sid: '00123'
    :email: jane@school.edu
  - :name: Bob
    :email: bob@school.edu
  :created_at: 2026-11-26 13:30:05.123456000 Z
  :score: 3.0
submission_1002:
  :submitters:
  - :name: "Eve: the \\u00e9lite"
    :sid:
    :email: eve@school.edu
  :created_at: '2026-11-26T14:30:05.1+01:00'
submission_1003: what
"""


def test_gradescope(tmp_path):
    """Gradescope's list has all who handed in together, and the time; a folder of it may lie anywhere."""
    (tmp_path / "submission_metadata.yml").write_bytes(GRADESCOPE)
    listed = Item(
        "class.zip",
        ("export", "submission_metadata.yml"),
        1,
        datetime(2026, 1, 1),
        tmp_path,
        Path("submission_metadata.yml"),
    )
    tables = read_tables([listed], BERLIN, problems := [])
    found = clue("export/submission_1001/deep/lab.ipynb", tables)
    assert not problems and found.together and found.keys == ("00123", "jane@school.edu", "bob@school.edu")
    assert found.time.replace(microsecond=0) == datetime(2026, 11, 26, 13, 30, 5, tzinfo=UTC)
    single = clue("export/submission_1002/lab.ipynb", tables)
    assert not single.together and single.time.hour == 13 and single.texts == ("Eve: the élite",)
    assert clue("export/submission_1003/lab.ipynb", tables).keys == ()


def test_a_list_that_is_none_is_named(tmp_path):
    """What should be a list and cannot be read is a sentence, no crash; it may hold no objects."""
    for text in ("- 1\n", "a: [", "a: !!python/object/apply:os.system ['true']", "\x00"):
        (tmp_path / "submission_metadata.yml").write_text(text)
        tables = read_tables([item("submission_metadata.yml", tmp_path)], None, problems := [])
        assert tables.gradescope == {} and "who handed in what it lists is unknown" in problems[0]
    assert gradescope(b"x:\n  :created_at: 2026-11-26 10:00:00\n", BERLIN)["x"].time.hour == 9


def test_loose_files_have_folders_and_names():
    """Without a platform the names of folders and file are all there is; copies are counted."""
    found = clue("Jane Doe/Kopie von lab1_perceptron (2).ipynb")
    assert found == Clue(
        texts=("Jane Doe", "Kopie von lab1_perceptron (2)"),
        unit="class.zip/Jane Doe",
        name="Kopie von lab1_perceptron (2).ipynb",
        order=2,
    )
