"""``autograder collect``: what it says of what came back, and its exit code."""

import csv
import os

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
