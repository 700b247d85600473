"""Feedback is called as each platform named the hand-in, so that it can be given back at once."""

import re
import zipfile
from dataclasses import replace

import pytest

from autograder.classroom import Classroom
from autograder.collecting.placing import Note, Record
from autograder.collecting.platforms import CANVAS, MOODLE
from autograder.exporting.feedback_zips import feedback_pages, page_name, write_zip
from autograder.roster import Person, Roster

LAB = "lab1_perceptron"
CANVAS_NOTE = Note("c.zip", "x", "canvas", "", False, [], "doejane_12345_9001_Kopie von lab1.ipynb", "")
ROSTER = Roster([Person("bob"), Person("cy", "Cy Young"), Person("jdoe", "Jane Doe")])
MOODLE_NOTE = Note("m.zip", "x", "moodle", "", False, [], "Jane Doe_4711_assignsubmission_file_", "")


def test_canvas_finds_student_and_file():
    """Canvas takes the first two numbers of the name for the user and the file."""
    name = page_name("canvas", "jdoe", LAB, ".html", CANVAS_NOTE)
    assert name == "doejane_12345_9001_Kopie von lab1.html"
    assert [part for part in name.split("_") if re.fullmatch(r"\d+", part)][:2] == ["12345", "9001"]
    assert CANVAS.fullmatch(name)["file"] == "9001"


def test_moodle_finds_the_participant():
    """Moodle takes the second of four words of the folder for the participant, and the rest for the file's name."""
    name = page_name("moodle", "jdoe", LAB, ".html", MOODLE_NOTE)
    words = name.split("/")[0].split("_", 4)
    assert words[1] == "4711" and words[2:4] == ["assignsubmission", "file"]
    assert MOODLE.fullmatch(name.split("/")[0])["user"] == "4711" and name.endswith(f"/{LAB}.html")


@pytest.mark.parametrize("note", [None, MOODLE_NOTE, replace(CANVAS_NOTE, upload="")])
def test_without_a_name_canvas_gets_nothing(note):
    """What did not come from a platform cannot go back there; other zips are for people."""
    assert page_name("canvas", "jdoe", LAB, ".pdf", note) == ""
    assert page_name("blackboard", "jdoe", LAB, ".pdf", note) == f"jdoe_{LAB}.pdf"
    assert page_name("csv", "jdoe", LAB, ".pdf", note) == f"jdoe/{LAB}.pdf"


def test_no_name_in_a_zip_runs_the_other_way():
    """A name on a platform is free text; its numbers, by which a page goes back, stay."""
    turned = replace(MOODLE_NOTE, upload=f"Ja\u202ene\u2067 Doe{MOODLE_NOTE.upload.removeprefix('Jane Doe')}")
    assert page_name("moodle", "jdoe", LAB, ".html", turned) == page_name("moodle", "jdoe", LAB, ".html", MOODLE_NOTE)
    turned = replace(CANVAS_NOTE, upload=CANVAS_NOTE.upload.replace("Kopie", "\u202eKopie"))
    assert page_name("canvas", "jdoe", LAB, ".pdf", turned) == "doejane_12345_9001_Kopie von lab1.pdf"


@pytest.fixture
def room(tmp_path):
    """A classroom with three students' pages: two of them one group on Canvas, one from elsewhere."""
    room, record = Classroom(tmp_path), Record(Classroom(tmp_path))
    for student in ("bob", "cy", "jdoe"):
        (room.feedback / student / LAB).mkdir(parents=True)
        (room.feedback / student / LAB / f"{LAB}.html").write_text(f"page of {student}")
    record["jdoe", LAB] = record["cy", LAB] = replace(CANVAS_NOTE, by=["jdoe"])
    record.save()
    return room


def test_a_zip_holds_each_page_once(room, tmp_path):
    """Pages are called by the record; who has no place on the platform is known; the zip is the same each time."""
    path, pages = tmp_path / "exports" / "x.zip", feedback_pages(room, LAB)
    assert write_zip(room, "canvas", LAB, path, pages, ROSTER) == ["bob", "cy"]
    with zipfile.ZipFile(path) as opened:
        assert opened.namelist() == ["doejane_12345_9001_Kopie von lab1.html"]
        assert opened.read(opened.namelist()[0]) == b"page of jdoe"
    before = path.read_bytes()
    write_zip(room, "canvas", LAB, path, pages, ROSTER)
    assert path.read_bytes() == before
    del pages["cy"]
    assert write_zip(room, "csv", LAB, path, pages, ROSTER) == []
    with zipfile.ZipFile(path) as opened:
        assert opened.namelist() == [f"bob/{LAB}.html", f"jdoe/{LAB}.html"]
    assert write_zip(room, "csv", LAB, path, {}, ROSTER) == [] and not path.exists()


@pytest.mark.parametrize("by", [["jdoe"], []])
def test_a_group_gets_the_page_of_who_handed_in(room, tmp_path, by):
    """Only the page of the student whose name is on the hand-in goes back under it, also where the record is older."""
    record = Record(room)
    record["jdoe", LAB] = record["cy", LAB] = replace(MOODLE_NOTE, by=by)
    record.save()
    path, pages = tmp_path / "exports" / "x.zip", feedback_pages(room, LAB)
    assert write_zip(room, "moodle", LAB, path, pages, ROSTER) == ["bob", "cy"]
    with zipfile.ZipFile(path) as opened:
        assert opened.read(opened.namelist()[0]) == b"page of jdoe"
    assert write_zip(room, "moodle", LAB, path, {"cy": pages["cy"]}, ROSTER) == ["cy"] and not path.exists()
    assert write_zip(room, "csv", LAB, path, pages, ROSTER) == []
