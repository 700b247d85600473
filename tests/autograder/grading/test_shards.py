"""A class graded in pieces: merged in any order they give the gradebook of one run, and no piece is believed."""

import csv
import json
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.classroom import Classroom
from autograder.cli import main
from autograder.errors import CourseError
from autograder.grading import run_result, shards, stamps
from autograder.grading.excused import excuse
from autograder.grading.execute import Execute
from autograder.grading.shards import Shard
from autograder.grading.submissions import Submission
from tests.autograder import toy
from tests.autograder.in_process import quick_config
from tests.autograder.rows import rows

N = 3


@pytest.fixture(scope="module", autouse=True)
def settings():
    """The toy's settings and a quick engine in place of the course's, for what runs through the command line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.commands.grade.load_config", quick_config)  # merge configures by grade
        yield


def hand_in_class(classroom):
    """Hand in a class of twelve, one of whom handed in no notebook."""
    answers = ("return 2 * x", "return -2 * x", "return 1", "...", "raise ValueError(x)")
    for number in range(11):
        notebook = toy.answered(classroom, double=answers[number % 5], square=answers[-number % 5])
        folder = toy.hand_in(classroom, f"student_{number}", notebook)
        (folder / "data.csv").write_text("1,2")
    toy.hand_in(classroom, "signed_in", b"<html>")


@pytest.fixture(scope="module")
def sharded(tmp_path_factory):
    """The class in three shards, each of which was graded and none merged, and the rows that one run gives."""
    classroom, _ = toy.make_classroom(tmp_path_factory.mktemp("shards") / "room")
    hand_in_class(classroom)
    whole = copied(classroom, classroom.root.parent / "whole")
    assert main(["grade", "--classroom", str(whole.root)]) == 0
    for number in range(1, N + 1):
        assert main(["grade", "--shard", f"{number}/{N}", "--classroom", str(classroom.root)]) == 0
    return classroom, rows(whole)


@pytest.fixture
def room(sharded, tmp_path):
    """A fresh copy of that classroom."""
    return copied(sharded[0], tmp_path / "room")


def copied(classroom, folder):
    return Classroom(shutil.copytree(classroom.root, folder, symlinks=True))


def merge(classroom, *folders, jobs=1):
    return main(["merge", *map(str, folders), "--jobs", str(jobs), "--classroom", str(classroom.root)])


def folder(classroom, number):
    return classroom.shards / f"{number}-of-{N}"


def results(classroom, number):
    return sorted((folder(classroom, number) / "results").iterdir())


def state(folder):
    """Return content and time of change of every file below a folder."""
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*")) if path.is_file()}


# -- Which shard -------------------------------------------------------------------------------------------------------


def test_every_submission_belongs_to_one_shard_by_its_names_alone():
    """Shards share a class out about evenly, and where the classroom lies changes nothing."""
    class_ = [Submission(f"s{number}", "lab", Path("here")) for number in range(800)]
    held = [Shard.of_submission(submission, 8).number for submission in class_]
    assert {held.count(number) for number in range(1, 9)} <= set(range(70, 131))
    assert held == [Shard.of_submission(Submission(s.student, "lab", Path("there")), 8).number for s in class_]
    other_lab = [Shard.of_submission(Submission(s.student, "lab2", Path()), 8).number for s in class_]
    assert other_lab != held


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "1/0", "a/b", "-1/3", "1/3/5", "1/1000000"])
def test_what_is_no_shard_is_refused(text, tmp_path, capsys):
    """The command line says how a shard is written."""
    with pytest.raises(SystemExit):
        main(["grade", f"--shard={text}", "--classroom", str(tmp_path)])
    assert "the third of eight is 3/8" in capsys.readouterr().err


# -- Grading a shard ---------------------------------------------------------------------------------------------------


def test_a_shard_writes_into_its_own_folder_alone(room):
    """Neither gradebook nor autograded notebooks, feedback or reports are touched by a shard."""
    shutil.rmtree(room.shards)
    before = state(room.root)
    assert main(["grade", "--shard", f"2/{N}", "--classroom", str(room.root)]) == 0
    assert {path for path in state(room.root) if path not in before} == {
        *(folder(room, 2) / name for name in ("shard.json", "grade.log")),
        *results(room, 2),
    }
    assert {path: content for path, content in state(room.root).items() if path in before} == before


def test_a_shard_that_was_interrupted_goes_on(room, capsys):
    """What a shard holds already is not run again; what is missing, damaged or changed is."""
    kept, damaged, *_ = results(room, 1)
    damaged.write_bytes(damaged.read_bytes()[:-9])
    before = kept.stat().st_mtime_ns
    assert main(["grade", "--shard", f"1/{N}", "--classroom", str(room.root)]) == 0
    assert "1 graded" in capsys.readouterr().out
    assert kept.stat().st_mtime_ns == before
    assert merge(room) == 0


def test_results_of_another_grader_are_graded_anew(room, monkeypatch):
    """A shard's folder never holds results of two graders."""
    before = {path: path.stat().st_mtime_ns for path in results(room, 1)}
    (room.root / "secret").write_text("another secret than ours")
    assert main(["grade", "--shard", f"1/{N}", "--classroom", str(room.root)]) == 0
    assert all(path.stat().st_mtime_ns != before[path] for path in results(room, 1))


def test_a_failure_in_a_shard_is_tried_again_and_never_merged_as_done(room, monkeypatch, capsys):
    """Exit code 1, and the next run of that shard grades it; so says merge too."""
    shutil.rmtree(folder(room, 1))

    def stumble(*_):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("autograder.grading.running.mend", stumble)
        assert main(["grade", "--shard", f"1/{N}", "--classroom", str(room.root)]) == 1
    assert "disk full" in capsys.readouterr().out
    assert merge(room) == 1
    assert main(["grade", "--shard", f"1/{N}", "--classroom", str(room.root)]) == 0
    assert merge(room) == 0


# -- Merging -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
def test_merged_shards_are_the_gradebook_of_one_run(sharded, room, order):
    """In whatever order the folders are named, every row is what one run writes, feedback and reports too."""
    assert merge(room, *(folder(room, number) for number in order)) == 0
    assert rows(room) == sharded[1]
    whole = Classroom(sharded[0].root.parent / "whole")
    for name in ("grades.csv", "exercises.csv"):
        assert (room.reports / name).read_bytes() == (whole.reports / name).read_bytes()
    pages = {path.relative_to(whole.feedback) for path in whole.feedback.rglob("*.html")}
    assert pages == {path.relative_to(room.feedback) for path in room.feedback.rglob("*.html")}
    assert len(pages) == 12


def test_merging_shard_by_shard_and_twice_changes_nothing(sharded, room):
    """Each shard alone, in any order, leaves what the others recorded; a second merge leaves every file."""
    for number in (2, 3, 1):
        assert merge(room, folder(room, number)) == 1  # the others are missing
    assert merge(room) == 0
    assert rows(room) == sharded[1]
    before = {**state(room.autograded), **state(room.feedback)}
    assert merge(room, jobs=2) == 0
    assert {**state(room.autograded), **state(room.feedback)} == before


def test_a_missing_shard_is_named_with_its_students(sharded, room, capsys):
    """Exit code 1; the others are recorded, and the shard records the rest when it comes."""
    shutil.rmtree(folder(room, 2))
    assert merge(room) == 1
    out = capsys.readouterr().out
    lacking = [name for name in os.listdir(room.submitted) if shard_of(name) == 2]
    assert f"Shard 2/{N} is missing, and with it {len(lacking)} submissions: " in out
    assert all(f"{name}/toy" in out.split("is missing")[1] for name in lacking)
    shutil.copytree(folder(sharded[0], 2), folder(room, 2))
    assert merge(room) == 0
    assert rows(room) == sharded[1]


def shard_of(student):
    return Shard.of_submission(Submission(student, toy.LAB, Path()), N).number


def test_a_submission_that_changed_since_is_named(room, capsys):
    """What lies in submitted/ and what a shard graded must be the same."""
    toy.hand_in(room, "student_0", toy.answered(room, half="return 1"))
    assert merge(room) == 1
    assert "student_0/toy: not recorded: its shard graded something else" in capsys.readouterr().out


def test_falls_excuses_and_extensions_are_those_of_one_run(sharded, tmp_path, monkeypatch, capsys):
    """No merge lowers a score unasked; who is excused, late, or has an extension stands as after one run."""

    def strict(classroom):
        config = quick_config(classroom)
        config.LateSubmissionPlugin.penalty_method, config.Lateness.trust_timestamps = "zero", True
        return config

    monkeypatch.setattr("autograder.commands.grade.load_config", strict)
    start = copied(sharded[0], tmp_path / "start")
    for path in start.submitted.iterdir():
        if path.name not in ("student_0", "student_5", "student_10", "signed_in"):
            shutil.rmtree(path)
    shutil.rmtree(start.shards)
    assert main(["grade", "--classroom", str(start.root)]) == 0
    toy.hand_in(start, "student_0", toy.answered(start, double="return 1", square="return 1"))  # falls
    without = toy.answered(start)
    without.cells = [cell for cell in without.cells if "half" not in cell.source]
    toy.hand_in(start, "signed_in", without)
    excuse(start, toy.LAB, {"signed_in": ["half"]})
    for student in ("student_5", "student_10"):
        (start.submitted / student / toy.LAB / "timestamp.txt").write_text("2026-11-02 12:00:00 UTC\n")
    start.roster.write_text(f"id,name,extension\nstudent_5,Five,{toy.LAB}=2\nstudent_10,Ten,\n")
    with Gradebook(f"sqlite:///{start.gradebook}") as gradebook:
        gradebook.update_or_create_assignment(toy.LAB, duedate=datetime(2026, 11, 1))
    whole, room = copied(start, tmp_path / "whole"), copied(start, tmp_path / "room")
    assert main(["grade", "--yes", "--classroom", str(whole.root)]) == 0
    for shard in ("1/2", "2/2"):
        assert main(["grade", "--shard", shard, "--classroom", str(room.root)]) == 0
    capsys.readouterr()
    assert merge(room) == 1
    told = capsys.readouterr().out
    assert "2 scores would fall:" in told and "student_0/toy: 5 -> 3" in told and "student_10/toy: 5 -> 0" in told
    assert main(["merge", "--yes", "--classroom", str(room.root)]) == 0
    assert rows(room) == rows(whole)
    with (room.reports / "grades.csv").open() as file:
        scores = {row["student"]: (row["score"], row["max_score"]) for row in csv.DictReader(file)}
    assert scores == {
        "signed_in": ("6", "6"),
        "student_0": ("3", "8"),
        "student_5": ("5", "8"),
        "student_10": ("0", "8"),
    }
    assert main(["undo", "--yes", "--classroom", str(room.root)]) == 0
    assert "takes back 'autograder merge'" in capsys.readouterr().out


# -- What is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["engine", "grader", "versions", "secret", "lab toy"])
def test_another_origin_is_refused_by_name(room, part, capsys):
    """A shard of another engine, code, library, secret or lab is refused before anything is recorded."""
    about = json.loads((folder(room, 3) / "shard.json").read_text())
    about["origin"][part] = "an\x1bother"
    (folder(room, 3) / "shard.json").write_text(json.dumps(about))
    assert merge(room) == 2
    err = capsys.readouterr().err
    assert f"shard 3/{N}: not the same there as here: {part}" in err and "\x1b" not in err
    assert not room.autograded.exists()


def test_what_a_sandbox_lacked_elsewhere_is_taken_with_unsafe_alone_and_named(room, monkeypatch, capsys):
    """A shard that was graded with --unsafe is merged with --unsafe, and its reports say what was missing there."""
    shutil.rmtree(room.shards)
    for folder in sorted(room.submitted.iterdir())[1:]:
        shutil.rmtree(folder)
    with monkeypatch.context() as patch:
        words = "kernel, in a sandbox with gaps: no such wall"
        patch.setattr(Execute, "engine_in_words", lambda self: words)
        assert main(["grade", "--shard", "1/1", "--unsafe", "--classroom", str(room.root)]) == 0
    assert merge(room) == 2
    assert "not the same there as here: engine" in capsys.readouterr().err
    assert main(["merge", "--unsafe", "--classroom", str(room.root)]) == 0
    for text in (capsys.readouterr().out, (room.reports / "grades.csv").read_text()):
        assert "no such wall" in " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"shard": 1}', "[" * 100_000, None],
    ids=["empty", "cut", "list", "half", "deep", "huge"],
)
def test_a_damaged_shard_is_refused(room, text, capsys):
    """What a shard says about itself must have the form that we write."""
    (folder(room, 3) / "shard.json").write_text(" " * 2**21 if text is None else text)
    assert merge(room) == 2
    assert "3-of-3/shard.json: damaged, so this shard is refused" in capsys.readouterr().err


def test_shards_there_twice_or_of_another_division_are_refused(room, tmp_path, capsys):
    """Two folders for one shard, or pieces of three and of four, make no class."""
    shutil.copytree(folder(room, 3), tmp_path / "again")
    assert merge(room, room.shards, tmp_path / "again") == 2
    assert f"shard 3/{N} is there twice" in capsys.readouterr().err
    about = json.loads((tmp_path / "again" / "shard.json").read_text())
    (tmp_path / "again" / "shard.json").write_text(json.dumps({**about, "of": 4}))
    assert merge(room, room.shards, tmp_path / "again") == 2
    assert "another division" in capsys.readouterr().err
    assert merge(room, tmp_path / "nowhere") == 2
    assert "there is no such file or folder" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert merge(room, tmp_path / "empty") == 2
    assert "holds no shard" in capsys.readouterr().err


def signed(path, **changes):
    """Change a result and give it a checksum that fits: what a machine that lies can do."""
    data = json.loads(path.read_bytes().split(b"\n", 1)[1])
    data.update(changes)
    path.write_bytes(run_result.RunResult(**data).to_bytes())


def graded(room):
    """Return the results of submissions that were graded: paths and what they hold."""
    pairs = []
    for number in range(1, N + 1):
        for path in results(room, number):
            data = json.loads(path.read_bytes().split(b"\n", 1)[1])
            if data["word"] == "graded":
                pairs.append((path, data))
    return pairs


def change_cell(data, grade_id, **changes):
    notebook = json.loads(json.dumps(data["notebook"]))
    cell = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)
    cell.update(changes)
    return notebook


def without_cells(data):
    return {**data["notebook"], "cells": []}


LIES = {
    "of another student": (lambda data: {"student": "student_99"}, "of another submission"),
    "a path as a name": (lambda data: {"student": "../../evil"}, "of another submission"),
    "no cells": (lambda data: {"notebook": without_cells(data)}, "not the cells of this lab"),
    "no notebook": (lambda data: {"notebook": None}, "exactly where"),
    "not a notebook": (lambda data: {"notebook": {"cells": 7}}, "not sound"),
    "no verdict": (lambda data: {"notebook": change_cell(data, "double", outputs=[])}, "gave no result"),
    "another test": (lambda data: {"notebook": change_cell(data, "double", source="pass")}, "another test"),
    "another word": (lambda data: {"word": "perfect"}, "word"),
    "more keys": (lambda data: {"notebook": {**data["notebook"], "more": 1}, "seconds": -1}, "seconds"),
    "points": (
        lambda data: {"notebook": change_cell(data, "double", metadata={"nbgrader": {"grade_id": "double"}})},
        "not the lab's",
    ),
}


def test_results_that_lie_or_are_damaged_are_not_recorded(room, capsys):
    """A wrong form or content, or a letter changed on the way, is named with the shard to grade again; exit code 1."""
    (last, cut), *rest = graded(room)
    content = bytearray(last.read_bytes())
    content[-40] ^= 1
    last.write_bytes(content)
    expected = {cut["student"]: "its checksum is wrong"}
    for (path, data), (change, words) in zip(rest, LIES.values(), strict=True):
        signed(path, **change(data))
        expected[data["student"]] = words
    assert merge(room) == 1
    lines = capsys.readouterr().out.splitlines()
    for student, words in expected.items():
        line = next(line for line in lines if line.startswith(f"{student}/toy: not recorded: "))
        assert words in line and line.endswith(f"--shard {shard_of(student)}/{N} --classroom {room.root}")
    assert [path.name for path in room.autograded.iterdir()] == ["signed_in"]


def test_links_and_pipes_in_a_shard_are_not_followed(room, capsys):
    """A result, or the folder of results, that leads elsewhere counts as missing; a pipe is not waited for."""
    path, _ = graded(room)[0]
    content = path.read_bytes()
    path.unlink()
    os.mkfifo(path)
    assert merge(room, folder(room, 1)) == 1
    path.unlink()
    (room.root / "real").write_bytes(content)
    path.symlink_to(room.root / "real")
    assert merge(room, folder(room, 1)) == 1
    assert capsys.readouterr().out.count("not recorded: its shard holds no file with its result") == 2
    path.unlink()
    path.write_bytes(content)
    path.parent.rename(room.root / "elsewhere")
    path.parent.symlink_to(room.root / "elsewhere")
    assert merge(room, folder(room, 1)) == 1
    assert "not recorded: its shard holds no file with its result" in capsys.readouterr().out


def test_results_larger_than_the_limit_are_not_read(room, monkeypatch):
    """No more than the limit is ever held of one file."""
    monkeypatch.setattr(run_result, "MOST_BYTES", 500)
    assert merge(room) == 1
    assert not list(room.autograded.glob("student_*"))


def test_what_a_shard_calls_a_lab_is_only_words(room, capsys):
    """A lab that is not built here is refused; names with control characters reach no terminal."""
    for number in range(1, N + 1):
        about = json.loads((folder(room, number) / "shard.json").read_text())
        (folder(room, number) / "shard.json").write_text(json.dumps({**about, "labs": ["../\x1b"]}))
    assert merge(room) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_stamps_are_those_of_one_run(room):
    """After a merge a grading finds everything unchanged."""
    assert merge(room) == 0
    before = state(room.autograded)
    assert main(["grade", "--classroom", str(room.root)]) == 0
    assert state(room.autograded) == before
    assert len(list(room.autograded.rglob(stamps.STAMP))) == 12


def test_an_empty_division_is_no_error(room):
    """With more shards than students some are empty; they need not be there."""
    shutil.rmtree(room.shards)
    numbers = {Shard.of_submission(Submission(name, toy.LAB, Path()), 50).number for name in os.listdir(room.submitted)}
    for number in numbers:
        assert main(["grade", "--shard", f"{number}/50", "--classroom", str(room.root)]) == 0
    assert merge(room) == 0
    with pytest.raises(CourseError):
        shards.find_shards(room.root, [room.root / "empty"])
