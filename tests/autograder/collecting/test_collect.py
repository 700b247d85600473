"""Work comes back from each platform to the right student, once, the newest, with its time, and nothing is lost."""

import io
import zipfile
from zoneinfo import ZoneInfo

import pytest

from autograder.collecting import archives, platforms
from autograder.collecting.collect import Wanted, collect
from autograder.collecting.placing import Record
from autograder.errors import CourseError
from tests.autograder.collecting.rooms import make_room, notebook, submitted

LAB1, LAB2 = "lab1_perceptron", "lab2_activations"
BERLIN = Wanted(zone=ZoneInfo("Europe/Berlin"))


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Unpack in this process: a child takes a second to start."""
    for module in (archives, platforms):
        monkeypatch.setattr(module.limited, "call", lambda function, *arguments, limit: function(*arguments))


@pytest.fixture
def room(tmp_path):
    return make_room(tmp_path / "room")


@pytest.fixture
def bring(room, tmp_path):
    """Collect files, given by name, as a zip and then as a folder; returns what the zip gave."""

    def both(files, wanted=BERLIN):
        path = tmp_path / "class.zip"
        with zipfile.ZipFile(path, "w") as opened:
            for number, (name, content) in enumerate(files.items()):
                opened.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 10, number % 60, 0)), content)
        return collect(room, [path], wanted)

    return both


def words(collected):
    return {f"{student}/{hand_in.look.lab}": word for hand_in, student, word in collected.placed}


def one(text="1"):
    return notebook(LAB1, text)


# -- Platforms ---------------------------------------------------------------------------------------------------------


def test_canvas(room, bring):
    """Each student's newest file, by the number of the file; what came with it stays with it; late ones are known."""
    found = bring(
        {
            "doejane_12345_9002_lab1_perceptron-1.ipynb": one("new"),
            "doejane_12345_9001_lab1_perceptron.ipynb": one("old"),
            "doejane_12345_9003_helper.py": "x = 1",
            "oebergbob_LATE_12346_9004_Kopie von lab1.ipynb": one("bob"),
            "doejane_12345_9005_act.ipynb": notebook(LAB2, "two"),
        }
    )
    assert words(found) == {f"bob/{LAB1}": "new", f"jdoe/{LAB1}": "new", f"jdoe/{LAB2}": "new"}
    files = submitted(room)
    assert files[f"jdoe/{LAB1}/{LAB1}.ipynb"] == one("new") and files[f"jdoe/{LAB1}/helper.py"] == "x = 1"
    assert files[f"bob/{LAB1}/{LAB1}.ipynb"] == one("bob")
    assert not found.unused
    assert [student for each, student, _ in found.placed if each.clue.late] == ["bob"]
    assert not found.unmatched and found.missing[LAB1] == ["an", "cy", "m1", "m2"]


def test_moodle_with_its_worksheet(room, bring):
    """Folders name the student, or the worksheet does by the number; it knows the time, which takes the place of one
    that was handed in."""
    worksheet = (
        "Identifier,Full name,Email address,Grade,Last modified (submission),Last modified (grade)\r\n"
        'Participant 71,Max Müller,max2@school.edu,,"Thursday, 26 November 2026, 2:14 PM",-\r\n'
    )
    found = bring(
        {
            "Bob Öberg_70_assignsubmission_file_/my lab.ipynb": one("bob"),
            "Bob Öberg_70_assignsubmission_file_/src/util.py": "y",
            "Max Müller_71_assignsubmission_file_/lab1_perceptron.ipynb": one("max"),
            "Max Müller_71_assignsubmission_file_/timestamp.txt": "2020-01-01 00:00:00 UTC",
            "Max Müller_72_assignsubmission_file_/lab1_perceptron.ipynb": one("who"),
            "Jane Doe_73_assignsubmission_file_/lab1.pdf": "%PDF",
            "Grades-Lab-71.csv": worksheet,
        }
    )
    files = submitted(room)
    assert files[f"bob/{LAB1}/src/util.py"] == "y" and files[f"m2/{LAB1}/{LAB1}.ipynb"] == one("max")
    assert files[f"m2/{LAB1}/timestamp.txt"] == "2026-11-26 13:14:00.000000 UTC\n"
    assert f"bob/{LAB1}/timestamp.txt" not in files
    assert not found.unused
    reasons = sorted(why for _, why in found.unmatched)
    assert "it could be by any of m1, m2" in reasons[0] and "no notebook in it, only lab1.pdf" in reasons[1]


def test_blackboard(room, bring):
    """The newest attempt counts, with its time; the text of each attempt names the user."""
    old, new = (f"Lab 1_jdoe_attempt_2026-11-2{day}-14-30-05" for day in (5, 6))
    found = bring(
        {
            f"{old}.txt": "Name: Jane Doe (jdoe)\nAssignment: Lab 1\n",
            f"{old}_lab1_perceptron.ipynb": one("old"),
            f"{new}.txt": "Name: Jane Doe (jdoe)\nAssignment: Lab 1\n",
            f"{new}_lab1_perceptron.ipynb": one("new"),
            f"{new}_data.csv": "1",
            "Lab 1_nobody_attempt_2026-11-26-14-30-05_x.ipynb": one("?"),
        }
    )
    files = submitted(room)
    assert files == {
        f"jdoe/{LAB1}/data.csv": "1",
        f"jdoe/{LAB1}/{LAB1}.ipynb": one("new"),
        f"jdoe/{LAB1}/timestamp.txt": "2026-11-26 13:30:05.000000 UTC\n",
    }
    assert [why.partition(":")[0] for _, why in found.unmatched] == ["nobody in the roster is called like that"]


def test_gradescope_groups(room, bring):
    """All who handed in together get the work; the roster's group adds whom Gradescope left out."""
    listed = """
submission_1:
  :submitters:
  - {":name": Jane, ":email": jane.doe@school.edu}
  - {":name": Bob, ":sid": 12346}
  :created_at: 2026-11-26 13:30:05 Z
submission_2:
  :submitters: [{":name": An, ":email": an@school.edu}]
  :created_at: 2026-11-26 13:30:05 Z
"""
    bring(
        {
            "assignment_1_export/submission_metadata.yml": listed,
            "assignment_1_export/submission_1/lab.ipynb": one("both"),
            "assignment_1_export/submission_2/lab.ipynb": one("blue"),
        }
    )
    files = submitted(room)
    notebooks = {name.split("/")[0]: text for name, text in files.items() if name.endswith(".ipynb")}
    assert notebooks == {"jdoe": one("both"), "bob": one("both"), "an": one("blue"), "cy": one("blue")}
    assert files[f"cy/{LAB1}/timestamp.txt"] == "2026-11-26 13:30:05.000000 UTC\n"


def test_drive_and_loose_notebooks(room, bring):
    """Files of one folder belong to the students in their names, in any language; other files are nobody's."""
    bring(
        {
            "Abgaben/Kopie von lab1_perceptron - Jane Doe.ipynb": one("jane"),
            "Abgaben/Kopie von lab1_perceptron - Bob Oberg (1).ipynb": one("bob"),
            "Abgaben/nguyen van an “lab1”的副本.ipynb": one("an"),
            "Abgaben/data.csv": "whose?",
        },
        Wanted(individual=True),
    )
    assert submitted(room) == {
        f"an/{LAB1}/{LAB1}.ipynb": one("an"),
        f"bob/{LAB1}/{LAB1}.ipynb": one("bob"),
        f"jdoe/{LAB1}/{LAB1}.ipynb": one("jane"),
    }


def test_checkouts_of_repositories(room, tmp_path):
    """A folder for each student, with all labs inside; the history and the course's own code stay out."""
    for name, content in {
        "labs-jd-codes/lab1_perceptron.ipynb": one("jane"),
        "labs-jd-codes/lab2_activations.ipynb": notebook(LAB2, "jane"),
        "labs-jd-codes/helper.py": "z",
        "labs-jd-codes/course_utils/checks.py": "ours",
        "labs-jd-codes/.git/config": "[core] fsmonitor = evil",
        "labs-bob/sub/lab1_perceptron.ipynb": one("bob"),
        "labs-bob/sub/lab2_activations.ipynb": notebook(LAB2, ""),
    }.items():
        (tmp_path / "repos" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "repos" / name).write_text(content)
    found = collect(room, [tmp_path / "repos"], Wanted())
    assert not found.unmatched and not found.problems and not found.left_out
    assert found.untouched == ["repos/labs-bob/sub/lab2_activations.ipynb"]  # not begun, so not handed in
    assert sorted(submitted(room)) == [
        f"bob/{LAB1}/{LAB1}.ipynb",
        f"jdoe/{LAB1}/helper.py",
        f"jdoe/{LAB1}/{LAB1}.ipynb",
        f"jdoe/{LAB2}/helper.py",
        f"jdoe/{LAB2}/{LAB2}.ipynb",
    ]


def test_an_untouched_notebook_counts_where_it_was_handed_in(room, bring):
    """Who uploads what was given out has handed it in."""
    assert words(bring({"doejane_12345_9001_lab1.ipynb": one("")})) == {f"jdoe/{LAB1}": "new"}


def test_a_student_s_own_zip(room, bring):
    """What a student zipped is looked into, with the files beside the notebook."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as opened:
        opened.writestr("work/lab1.IPYNB", one("zipped"))
        opened.writestr("work/part/helper.py", "x")
        opened.writestr("../evil.py", "x")
    found = bring({"doejane_12345_9001_work.zip": inner.getvalue()})
    assert sorted(submitted(room)) == [f"jdoe/{LAB1}/{LAB1}.ipynb", f"jdoe/{LAB1}/part/helper.py"]
    assert "leads out of the archive" in found.left_out[0]


# -- Again -------------------------------------------------------------------------------------------------------------


def test_again_changes_nothing(room, bring):
    """The same command again leaves every file as it is, its times on the disk too."""
    files = {"Jane Doe/lab1.ipynb": one(), "Jane Doe/a.txt": "a", "bob_lab1.ipynb": one()}
    bring(files)

    def stamps():
        return {path: path.stat().st_mtime_ns for path in room.root.rglob("*") if path.is_file()}

    before = stamps()
    assert set(words(bring(files)).values()) == {"unchanged"} and stamps() == before


def test_newer_work_takes_the_place_of_older(room, bring):
    """A newer hand-in replaces what was collected, which is kept; an older one comes too late."""
    attempt = "Lab_jdoe_attempt_2026-11-{}-10-00-00_lab.ipynb"
    bring({attempt.format(25): one("second")})
    assert words(bring({attempt.format(26): one("third")})) == {f"jdoe/{LAB1}": "replaced"}
    assert words(bring({attempt.format(24): one("first")})) == {f"jdoe/{LAB1}": "older"}
    assert submitted(room)[f"jdoe/{LAB1}/{LAB1}.ipynb"] == one("third")
    assert (room.collected / "jdoe" / LAB1 / "before-1" / f"{LAB1}.ipynb").read_text() == one("second")


def test_work_of_another_hand_is_left(room, bring):
    """What was put there, or changed, by hand stays until an instructor says otherwise, and is kept even then."""
    path = room.submitted / "jdoe" / LAB1 / f"{LAB1}.ipynb"
    bring({"jdoe/lab1.ipynb": one("collected")})
    path.write_text(one("mended by hand"))
    assert words(bring({"jdoe/lab1.ipynb": one("newer")})) == {f"jdoe/{LAB1}": "kept"}
    assert path.read_text() == one("mended by hand")
    found = bring({"jdoe/lab1.ipynb": one("newer")}, Wanted(replace=True))
    assert words(found) == {f"jdoe/{LAB1}": "replaced"} and path.read_text() == one("newer")
    assert (room.collected / "jdoe" / LAB1 / "before-1" / f"{LAB1}.ipynb").read_text() == one("mended by hand")


def test_a_dry_run_writes_nothing(room, bring):
    """What would be collected is said, and the classroom stays as it is."""
    assert words(bring({"jdoe/lab1.ipynb": one()}, Wanted(dry=True))) == {f"jdoe/{LAB1}": "new"}
    assert not room.submitted.exists() and not room.collected.exists()


def test_a_repaired_file_keeps_its_original(room, bring):
    """A notebook in another encoding is rewritten, and the bytes that were handed in stay beside the record."""
    handed_in = one("ü").encode("utf-16")
    bring({"jdoe/lab1.ipynb": handed_in})
    assert submitted(room)[f"jdoe/{LAB1}/{LAB1}.ipynb"] == one("ü")
    assert (room.collected / "jdoe" / LAB1 / "original" / f"{LAB1}.ipynb").read_bytes() == handed_in


# -- Doubts ------------------------------------------------------------------------------------------------------------


def test_what_matches_nobody_is_named(room, bring):
    """Unknown students and labs, and what cannot be read, are named with the reason; the rest is collected."""
    found = bring(
        {
            "stranger.ipynb": one(),
            "jdoe.ipynb": '{"cells": [], "metadata": {}}',
            "bob_lab1_perceptron.ipynb": "broken",
        }
    )
    assert [(name.split("/")[-1], why.partition(":")[0]) for name, why in found.unmatched] == [
        ("jdoe.ipynb", "it is a notebook of no lab of this course"),
        ("stranger.ipynb", "nobody in the roster is called like that"),
    ]
    assert words(found) == {f"bob/{LAB1}": "new"} and "it is no notebook" in found.problems[0]


def test_files_without_a_notebook_are_named(room, bring):
    """A program, or a table that is no worksheet, that came alone is named; what belongs to a notebook is not."""
    found = bring(
        {"bob/lab1.py": "x", "jdoe/a.py": "y", "jdoe/lab.ipynb": one(), "jdoe/timestamp.txt": "", "grades.csv": "a,b\n"}
    )
    assert found.unused == ["class.zip/bob/lab1.py", "class.zip/grades.csv"]


def test_a_group_s_newest_work_counts_for_all(room, bring):
    """The last member who hands in does so for the group, or only for himself where that is asked for."""
    files = {
        "Lab_an_attempt_2026-11-25-10-00-00_lab.ipynb": one("first"),
        "Lab_cy_attempt_2026-11-26-10-00-00_lab.ipynb": one("last"),
    }
    bring(files)
    own = submitted(room)
    assert own[f"an/{LAB1}/{LAB1}.ipynb"] == own[f"cy/{LAB1}/{LAB1}.ipynb"] == one("last")
    assert [note.by for _, note in Record(room).notes(LAB1)] == [["cy"], ["cy"]]
    found = bring(files, Wanted(zone=ZoneInfo("Europe/Berlin"), individual=True, replace=True))
    assert words(found)[f"an/{LAB1}"] == "replaced"
    assert submitted(room)[f"an/{LAB1}/{LAB1}.ipynb"] == one("first")


def test_equally_new_work_is_a_question(room, bring):
    """Two different files of which nobody knows the newer one are named."""
    found = bring({"jdoe_a.ipynb": one("a"), "jdoe_b.ipynb": one("b")})
    assert not found.problems and not found.left_out  # the zip says that b came a minute later
    again = bring({"jdoe_a.ipynb": one("a")} | {f"x{n}.txt": "" for n in range(59)} | {"jdoe_b.ipynb": one("b")})
    assert "equally new" in again.problems[0]


def test_labs_and_students_are_chosen(room, bring):
    """Only the labs and students that were asked for are touched; unknown ones are refused."""
    files = {"jdoe/1.ipynb": one(), "jdoe/2.ipynb": notebook(LAB2, "2"), "bob/1.ipynb": one()}
    bring(files, Wanted(labs=(LAB1,), students=("jdoe",)))
    assert list(submitted(room)) == [f"jdoe/{LAB1}/{LAB1}.ipynb"]
    with pytest.raises(CourseError, match="there is no lab 'lab9'"):
        bring(files, Wanted(labs=("lab9",)))
    with pytest.raises(CourseError, match="there is no student 'eve'"):
        bring(files, Wanted(students=("eve",)))


def test_a_roster_is_needed(room, bring):
    """Without a roster, or with an id that can be no folder, the message says what to write."""
    room.roster.write_text("id,name\n../evil,Eve\n")
    with pytest.raises(CourseError, match="cannot be the name of a folder"):
        bring({"jdoe/1.ipynb": one()})
    room.roster.unlink()
    with pytest.raises(CourseError, match=r"there is no list of the students(.|\n)*id,name,email,lms_id"):
        bring({"jdoe/1.ipynb": one()})


def test_hostile_notebooks_cost_only_themselves(room, bring):
    """Names that hide one another, deep JSON and students' time stamps do no harm."""
    found = bring(
        {
            "jdoe/a": "file",
            "jdoe/a/b.py": "hidden by it",
            "jdoe/lab.ipynb": one(),
            "jdoe/sub/timestamp.txt": "2020",
            "bob/lab.ipynb": "[" * 1_000_000,
            "bob/" + "n" * 230 + ".txt": "x",
        }
    )
    assert words(found) == {f"jdoe/{LAB1}": "new"} and len(found.unmatched) == 1
    assert all("timestamp" not in name for name in submitted(room))


def test_each_of_a_group_who_handed_in_gets_feedback_back(room, bring):
    """The newest file counts for all, and who handed in an older one has the name of that one on the platform."""
    bring(
        {
            "vanannguyen_12347_9001_lab1.ipynb": one("older"),
            "youngcy_12348_9002_lab1.ipynb": one("newer"),
        }
    )
    assert set(submitted(room).values()) == {one("newer")}
    uploads = {student: (note.upload, note.by) for student, note in Record(room).notes(LAB1)}
    assert uploads == {
        "an": ("vanannguyen_12347_9001_lab1.ipynb", ["an"]),
        "cy": ("youngcy_12348_9002_lab1.ipynb", ["cy"]),
    }


# -- Classrooms --------------------------------------------------------------------------------------------------------


def test_a_classroom_is_no_download(room, tmp_path):
    """In a folder that holds one, the notebooks of the course do not take the place of hand-ins; it is named."""
    room.create()
    for place in ("autograded/jdoe", "collected/jdoe", "../mail/Jane Doe"):
        path = room.root / place / LAB1 / f"{LAB1}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(one(place))
    found = collect(room, [tmp_path], BERLIN)
    path = room.submitted / "jdoe" / LAB1 / f"{LAB1}.ipynb"
    assert path.read_text() == one("../mail/Jane Doe") and found.unmatched == []
    assert found.left_out == [f"{room.root}: is a classroom, and was left out; its hand-ins are in {room.submitted}."]
    for folder in (room.autograded, room.autograded / "jdoe", room.release):
        with pytest.raises(CourseError, match=r"holds no hand-ins .*; these are in .*submitted\.$"):
            collect(room, [folder], BERLIN)


def test_hand_ins_of_a_classroom_can_be_collected(room):
    """What lies among its submissions, or was kept when something newer came, is a source like any other folder."""
    room.create()
    path = room.collected / "jdoe" / LAB1 / "before-1" / f"{LAB1}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(one())
    assert words(collect(room, [room.collected], BERLIN)) == {f"jdoe/{LAB1}": "new"}
    assert words(collect(room, [room.submitted], BERLIN)) == {f"jdoe/{LAB1}": "unchanged"}
