"""``autograder collect``: what it says of what came back, and its exit code."""

import csv
import errno
import os
import zipfile

import pytest

from autograder.cli import main
from tests.autograder.collecting.rooms import make_room, notebook

LAB = "lab1_perceptron"


@pytest.fixture
def room(tmp_path):
    return make_room(tmp_path / "room")


@pytest.fixture
def collect(room, tmp_path, capsys):
    """Collect files by the command; returns its exit code and what it printed."""

    def run(files, *options):
        for name, content in files.items():
            (tmp_path / "back" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "back" / name).write_text(content)
        code = main(["collect", str(tmp_path / "back"), "--classroom", str(room.root), "--jobs", "1", *options])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return run


def test_a_line_for_each_lab_and_what_needs_a_person(room, collect):
    """Counts and missing students a lab, groups, late marks, what is nobody's, and what to do about it."""
    code, text = collect(
        {
            "doejane_LATE_12345_9001_x.ipynb": notebook(LAB, "1"),
            "cy young.ipynb": notebook(LAB, "2"),
            "\x1b[31mwho.ipynb": notebook(LAB, "3"),
        }
    )
    assert code == 1
    assert f"{LAB}: 3 new; missing: bob, m1, m2.\n" in text
    assert f"Marked as late by the platform, which says no time: jdoe/{LAB}." in text
    assert "counts for an, cy." in text
    assert "Not collected: back/\\x1b[31mwho.ipynb: nobody in the roster is called like that" in text
    assert f"add the name or number that stands there to {room.roster}" in text
    rows = list(csv.DictReader((room.reports / "collected.csv").open()))
    assert [row["student"] for row in rows] == ["an", "cy", "jdoe", ""]
    assert rows[2]["late"] == "late" and rows[3]["result"].startswith("not collected: nobody in the roster")


def test_doubtful_times_are_named(collect):
    """A time that cannot be read, none at all and one of the future are named; so is what cannot be called older."""
    header = "Identifier,Full name,Last modified (submission)"
    sheet = header + '\nP 70,Jane Doe,{}\nP 71,Bob Öberg,"1 May 2199, 14:00"\nP 72,Cy Young,-\n'
    files = {
        f"{name}_{number}_assignsubmission_file_/lab.ipynb": notebook(LAB, name)
        for name, number in (("Jane Doe", 70), ("Bob Öberg", 71), ("Cy Young", 72))
    }
    code, text = collect(files | {"Grades.csv": sheet.format("26/11/2026 14:15")}, "--individual", "--dry-run")
    assert code == 0 and f"whether these are late is unknown: jdoe/{LAB} ('26/11/2026 14:15')." in text
    assert f"Handed in after today, as the platform says: bob/{LAB} (2199-05-01)." in text
    assert f"No time is known, which Moodle says in its grading worksheet alone: cy/{LAB}." in text
    collect(files | {"Grades.csv": sheet.format('"1 May 2026, 14:00"')})
    files["Jane Doe_70_assignsubmission_file_/lab.ipynb"] = notebook(LAB, "again")
    code, text = collect(files | {"Grades.csv": sheet.format("26/11/2026 14:15")})
    assert "1 left out, since it has no time and what is there has one" in text
    assert f"so nobody can tell which is newer: jdoe/{LAB}. --replace" in text and "later, as far as" not in text


def test_again_and_by_hand(room, collect, tmp_path):
    """A second run says that nothing changed; work of another hand is named with the option that replaces it."""
    files = {"jdoe/lab.ipynb": notebook(LAB, "1")}
    assert collect(files)[0] == 0
    code, text = collect(files)
    assert code == 0 and f"{LAB}: 1 unchanged; missing: bob" in text
    (room.submitted / "jdoe" / LAB / f"{LAB}.ipynb").write_text("mine")
    code, text = collect(files)
    assert f"Other work is there, by hand or changed by hand: jdoe/{LAB}. --replace" in text
    assert "1 replaced" in collect(files, "--replace")[1]
    os.utime(tmp_path / "back" / "jdoe" / "lab.ipynb", (1, 1))
    collect({"bob_11_22_lab.ipynb": notebook(LAB, "1")})
    (tmp_path / "back" / "bob_11_22_lab.ipynb").rename(tmp_path / "back" / "bob.ipynb")
    code, text = collect({"bob.ipynb": notebook(LAB, "by mail")})
    assert code == 0 and "was handed in later, as far as anybody can tell: bob/" in text


def test_a_dry_run_and_nothing_at_all(room, collect):
    """What would be done is said, and nothing written; a folder without notebooks says so."""
    assert "Nothing was found" in collect({"readme.txt": ""})[1]
    code, text = collect({"jdoe/lab.ipynb": notebook(LAB, "1")}, "--dry-run")
    assert code == 0 and "1 new" in text and "Nothing was changed (--dry-run)." in text
    assert not room.submitted.exists()


def test_what_was_changed_or_left_is_said(room, collect, tmp_path):
    """A notebook that was rewritten is named with where its original is, and files without a notebook are named."""
    (tmp_path / "back" / "jdoe").mkdir(parents=True)
    (tmp_path / "back" / "jdoe" / "lab.ipynb").write_bytes(notebook(LAB, "ä").encode("utf-16"))
    code, text = collect({"bob/lab1.py": "x", "cy/lab.ipynb": notebook(LAB, "")})
    assert code == 0 and f"Rewritten as UTF-8, the originals are in {room.collected}: jdoe/{LAB}." in text
    assert "Nothing was changed in these, and they were left: back/cy/lab.ipynb." in text
    assert "These came with no notebook and were left: back/bob/lab1.py." in text


def test_many_lines_are_counted(collect):
    """Of many files that are nobody's the first are printed."""
    code, text = collect({f"who{number}.ipynb": notebook(LAB, "x") for number in range(25)})
    assert code == 1 and text.count("Not collected: ") == 20 and "... and 5 more." in text


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--timezone", "Mars/Base"], "no time zone"),
        (["--lab", "lab9"], "no lab 'lab9'"),
        (["--student", "x"], "roster"),
    ],
)
def test_what_cannot_be_meant_is_refused(collect, options, told, capsys):
    """A zone, lab or student that is not there stops with its name."""
    try:
        code, text = collect({"jdoe/lab.ipynb": notebook(LAB, "x")}, *options)
    except SystemExit as ended:
        code, text = ended.code, capsys.readouterr().err
    assert code == 2 and told in text


def test_what_cannot_be_read_ends_with_code_1(room, tmp_path, capsys):
    """A download that is no zip, or of which a file was left out, may have held somebody's work: named once, code 1."""
    broken, evil = tmp_path / "broken.zip", tmp_path / "evil.zip"
    broken.write_bytes(b"PK\3\4")
    with zipfile.ZipFile(evil, "w") as file:
        file.writestr("../jdoe_1_2_lab.ipynb", notebook(LAB, "1"))
        file.writestr("bob/lab.ipynb", notebook(LAB, "2"))
    for path, told in ((broken, "broken.zip: cannot be unpacked"), (evil, "its name leads out of the archive")):
        assert main(["collect", str(path), "--classroom", str(room.root), "--jobs", "1"]) == 1
        out = capsys.readouterr().out
        assert told in out and "broken.zip/broken.zip" not in out and "For what is nobody's" not in out


def test_a_full_disk_is_not_the_archive_s_fault(room, tmp_path, capsys, monkeypatch):
    """Where nothing more can be written the command ends and says so, and sends nobody to unpack by hand."""

    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("bob/lab.ipynb", notebook(LAB, "2"))
    monkeypatch.setattr("autograder.collecting.archives.limited.call", full)
    assert main(["collect", str(tmp_path / "a.zip"), "--classroom", str(room.root)]) == 2
    said = capsys.readouterr()
    assert "No space left on device" in said.err and "Unpack it yourself" not in said.out + said.err


def test_a_table_that_says_nothing_is_named(room, tmp_path, capsys):
    """A worksheet in another language, given by name, is not taken for a student's file, and the code is 1."""
    (tmp_path / "Bewertungen.csv").write_text("Kennung,Vollständiger Name\nTeilnehmer 7,Jane Doe\n")
    assert main(["collect", str(tmp_path / "Bewertungen.csv"), "--classroom", str(room.root), "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert "Bewertungen.csv: this is no grading worksheet of Moodle, or not in English" in out
    assert "came with no notebook" not in out


def test_a_blackboard_attempt_s_own_text_is_used(collect):
    """The text that Blackboard adds to each attempt came with it; a time that cannot be read is not Moodle's matter."""
    attempt = "Lab 1_jdoe_attempt_2026-13-44-14-30-05"
    code, text = collect({f"{attempt}_x.ipynb": notebook(LAB, "1"), f"{attempt}.txt": "Name: Jane Doe (jdoe)\n"})
    assert code == 0 and "came with no notebook" not in text
    assert "The time cannot be read" in text and "Moodle" not in text
