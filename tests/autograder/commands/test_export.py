"""``autograder export``: files for each platform, and who is not in them."""

import csv
import zipfile

import pytest

from autograder.cli import main
from autograder.commands import export as export_command
from autograder.exporting import tables
from autograder.grading.lab_results import Row
from tests.autograder.collecting.rooms import make_room

LAB = "lab1_perceptron"
ROSTER = "id,name,email,lms_id\nada,Ada L,ada@school.edu,101\nzoe,Zoe,,\n"


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A lab that is graded for one student of two, whatever the gradebook holds."""
    classroom = make_room(tmp_path / "room")
    classroom.roster.write_text(ROSTER)

    def rows(classroom, config, lab, points):
        zero = config.Lateness.missing_is_zero is True
        absent = Row("zoe", 0.0, 2.0, {}, [], absent=True, absent_is_zero=zero)
        return [Row("ada", 1.5, 2.0, {}, []), absent] if lab == LAB else []

    monkeypatch.setattr(tables, "rows_of", rows)
    monkeypatch.setattr(tables, "points_of", lambda config, lab: {"neuron": 1.0, "dense_numpy": 1.0})
    (classroom.feedback / "ada" / LAB).mkdir(parents=True)
    (classroom.feedback / "ada" / LAB / f"{LAB}.html").write_text("page")
    return classroom


@pytest.fixture
def export(room, capsys):
    def run(*options):
        code = main(["export", "--classroom", str(room.root), *options])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return run


def test_a_table_and_a_zip(room, export):
    """For people there is a table with everybody, and each student's page; all is counted."""
    code, text = export("--to", "csv")
    assert code == 0 and f"{room.exports / 'csv.csv'}: 2 students.\n" in text
    assert f"{LAB}: 1 with a score, 1 blank." in text and f"csv-{LAB}-feedback.zip: 1 page.\n" in text
    rows = list(csv.DictReader((room.exports / "csv.csv").open()))
    assert [(row["id"], row[LAB]) for row in rows] == [("ada", "1.5"), ("zoe", "")]


def test_a_lab_of_which_nothing_is_graded_is_named(room, export):
    """It has no column, so what was handed in is counted; a lab in which nobody handed in is no matter."""
    other = "lab2_activations"
    assert other not in export("--to", "csv")[1]
    (room.submitted / "zoe" / other).mkdir(parents=True)
    code, text = export("--to", "csv")
    again = f"autograder grade {other} --classroom {room.root}"
    assert (
        code == 0
        and (
            f"  {other}: 1 handed in and nothing graded, so there is no column. First run {again}, then export again.\n"
        )
        in text
    )
    assert other not in export("--to", "csv", "--lab", LAB)[1]


def test_what_a_platform_cannot_place_is_named(room, export):
    """Students without a number, and pages of work that did not come from the platform, are named; the code is 1."""
    code, text = export("--to", "canvas", "--column", f"{LAB}=Lab one (77)")
    assert code == 1 and "It is empty for zoe." in text and "no feedback for ada" in text
    header, points, *_ = csv.reader((room.exports / "canvas.csv").open())
    assert header[5:] == ["Lab one (77)"] and points[5:] == ["2"]
    assert not (room.exports / f"canvas-{LAB}-feedback.zip").exists()


def test_missing_work_is_zero_by_a_word(room, export):
    """What was not handed in is 0 where the instructor says so, and for one student where one is asked for."""
    export("--to", "csv", "--missing-is-zero", "--student", "zoe")
    rows = list(csv.DictReader((room.exports / "csv.csv").open()))
    assert [(row["id"], row[LAB]) for row in rows] == [("zoe", "0")]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--to", "csv", "--student", "eve"], "there is no student 'eve'"),
        (["--to", "csv", "--lab", "lab9"], "there is no lab 'lab9'"),
        (["--to", "csv", "--column", "lab9=x"], "there is no lab 'lab9'"),
        (["--to", "csv", "--column", f"{LAB}="], "is not LAB=HEADER"),
        (["--to", "sakai"], "invalid choice"),
        ([], "--to"),
    ],
)
def test_what_cannot_be_meant_is_refused(export, options, told, capsys):
    """Unknown students, labs, headings and platforms stop with their name."""
    try:
        code, text = export(*options)
    except SystemExit as ended:
        code, text = ended.code, capsys.readouterr().err
    assert code == 2 and told in text


def test_a_score_of_the_lab_before_it_was_changed_is_left_out(room, export, monkeypatch):
    """It may be out of other points: it is blank, named with what to do, and the code is 1."""
    old = Row("ada", 0.0, 2.0, {}, [], open=True, outdated=True)
    monkeypatch.setattr(tables, "rows_of", lambda classroom, config, lab, points: [old] if lab == LAB else [])
    code, text = export("--to", "csv")
    assert code == 1 and "the lab was changed since it was graded, so blank, and without feedback: ada. First" in text
    assert "handed in and not graded" not in text and not (room.exports / f"csv-{LAB}-feedback.zip").exists()
    rows = list(csv.DictReader((room.exports / "csv.csv").open()))
    assert [(row["id"], row[LAB]) for row in rows] == [("ada", ""), ("zoe", "")]


def test_a_renamed_folder_is_named_and_counts_once(room, export, monkeypatch):
    """The score of a folder that is gone stays; of one that was renamed only the new one is exported."""
    rows = [
        Row("ada", 0.0, 2.0, {}, [], open=True, gone=True, moved_to="ada2"),
        Row("zoe", 2.0, 2.0, {}, [], gone=True),
    ]
    monkeypatch.setattr(tables, "rows_of", lambda classroom, config, lab, points: rows if lab == LAB else [])
    _, text = export("--to", "csv")
    assert "the folder was renamed since it was graded, so blank: ada (now ada2)." in text and "0 page" not in text
    assert "graded earlier, no folder now, and the score is exported: zoe." in text
    assert not (room.exports / f"csv-{LAB}-feedback.zip").exists()


def test_without_grades_there_is_nothing_to_export(export, monkeypatch):
    """Before anything was graded the message names the command."""
    monkeypatch.setattr(tables, "rows_of", lambda classroom, config, lab, points: [])
    code, text = export("--to", "csv")
    assert code == 2 and "nothing was graded yet. First run: autograder grade --classroom" in text


def test_a_worksheet_is_filled_in(room, export, tmp_path):
    """Moodle's worksheet comes back with the scores, and a line that is nobody's is named."""
    sheet = tmp_path / "Grades.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Grade,Last modified (grade)\nP 1,A,ada@school.edu,,-\nP 2,X,,,-\n"
    )
    code, text = export("--to", "moodle", "--lab", LAB, "--worksheet", str(sheet))
    assert code == 1 and "1 grade, for Upload grading worksheet." in text and "nobody in the roster is P 2." in text
    assert "P 1,A,ada@school.edu,1.5,-" in (room.exports / f"moodle-{LAB}-worksheet.csv").read_text()
    (room.exports / "moodle.csv").unlink()
    sheet.write_text("Identifier,Full name,Email address,Grade,Last modified (grade)\nP 3,Z,zoe@school.edu,,-\n")
    code, text = export("--to", "moodle", "--lab", LAB, "--worksheet", str(sheet))
    assert code == 1 and "0 grades, for" in text and "has no line for, though they have a score: ada." in text
    assert "a worksheet is Moodle's" in export("--to", "canvas", "--lab", LAB, "--worksheet", str(sheet))[1]
    assert "no such file" in export("--to", "moodle", "--lab", LAB, "--worksheet", "none.csv")[1]


def test_another_worksheet_is_refused_before_anything_is_written(room, export, tmp_path):
    """A sheet in another language, or of another assignment, leaves no half of an export."""
    sheet = tmp_path / "Grades.csv"
    for text in ("Kennung,Bewertung\n", "Identifier,Grade,Last modified (grade),Maximum grade\nP 1,,-,99\n"):
        sheet.write_text(text)
        assert export("--to", "moodle", "--lab", LAB, "--worksheet", str(sheet))[0] == 2
    assert not (room.exports / "moodle.csv").exists()


def test_feedback_is_printed_where_it_is_asked_for(room, export, monkeypatch):
    """With --pdf the zip holds what the browser printed, and a page that it did not print is named."""
    printed = room.exports / "ada.pdf"
    room.exports.mkdir()
    printed.write_text("%PDF")
    monkeypatch.setattr(export_command, "print_pages", lambda pages, folder, jobs: ({"ada": printed}, []))
    assert export("--to", "csv", "--pdf")[0] == 0
    with zipfile.ZipFile(room.exports / f"csv-{LAB}-feedback.zip") as opened:
        assert opened.namelist() == [f"ada/{LAB}.pdf"]
    monkeypatch.setattr(export_command, "print_pages", lambda pages, folder, jobs: ({}, ["ada"]))
    code, text = export("--to", "csv", "--pdf")
    assert code == 1 and "the browser did not print the feedback of ada" in text
