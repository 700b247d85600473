"""Recording: points reach the gradebook, and what was laid out its place; an error leaves all as it was."""

import os
import shutil
import signal
import sqlite3
from pathlib import Path

import nbformat
import pytest

from autograder import gradebook, gradebook_batch
from autograder.classroom import Classroom
from autograder.engines.base import Incidents
from autograder.gradebook_batch import AutoGrades
from autograder.grading import record as recording
from autograder.grading import staging, stamps, steps
from autograder.grading.record import record
from autograder.notebooks import verdicts
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
RIGHT = {name: points for name, (points, _) in toy.EXERCISES.items()}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The toy lab; returns the classroom and its configuration."""
    return toy.make_classroom(tmp_path_factory.mktemp("record"))


def autograded(course, student):
    """Return the notebook that stands in the folder of graded submissions."""
    return nbformat.read(course[0].autograded / student / toy.LAB / f"{toy.LAB}.ipynb", as_version=4)


def test_points_notebook_and_files_are_recorded(course):
    """Gradebook and autograded notebook hold what the run earned; files beside the notebook are kept with it."""
    classroom, config = course
    (toy.hand_in(classroom, "ada", b"") / "data.csv").write_text("1,2")
    standing = toy.record(classroom, config, "ada", square=1.5)
    assert gradebook.standing(config, toy.LAB, "ada") == standing
    assert standing.scores == {**RIGHT, "square": 1.5}
    assert verdicts.read(toy.find(autograded(course, "ada"), "square")).message == "square: failed."
    assert (classroom.autograded / "ada" / toy.LAB / "data.csv").read_text() == "1,2"


def test_what_is_recorded_replaces_what_was_there(course):
    """A submission that is recorded again has the points, the notebook and the files of its last run alone."""
    classroom, config = course
    for score in (0.5, 2.0):
        (toy.hand_in(classroom, "cy", b"") / f"{score}.csv").touch()
        assert toy.record(classroom, config, "cy", double=score).scores["double"] == score
        assert verdicts.read(toy.find(autograded(course, "cy"), "double")).score == score
        (classroom.submitted / "cy" / toy.LAB / f"{score}.csv").unlink()
    names = {path.name for path in (classroom.autograded / "cy" / toy.LAB).iterdir()}
    assert names == {f"{toy.LAB}.ipynb", "2.0.csv"}
    assert toy.record(classroom, config, "cy", nothing="Nothing.").scores == dict.fromkeys(RIGHT, 0.0)
    assert [path.name for path in (classroom.autograded / "cy" / toy.LAB).iterdir()] == [f"{toy.LAB}.ipynb"]


def test_a_recording_that_fails_leaves_gradebook_and_folder_as_they_were(course, monkeypatch):
    """Where the gradebook cannot be written, neither points nor notebooks change."""
    classroom, config = course
    toy.record(classroom, config, "dan")

    def refuse(*arguments):
        raise gradebook_batch.NotRecorded("disk full")

    monkeypatch.setattr(recording.gradebook_batch, "record", refuse)
    with pytest.raises(gradebook_batch.NotRecorded, match="disk full"):
        toy.record(classroom, config, "dan", double=0.0)
    assert gradebook.standing(config, toy.LAB, "dan").scores == RIGHT
    assert verdicts.read(toy.find(autograded(course, "dan"), "double")).score == RIGHT["double"]


def test_a_folder_that_cannot_be_put_in_its_place_is_told_and_costs_no_other(course, tmp_path, monkeypatch):
    """An error of one folder stands in its place in the list; the others are recorded."""
    classroom, config = course
    for student in ("eve", "fay"):
        (tmp_path / student / toy.LAB).mkdir(parents=True)
    real = shutil.move

    def move(source, target):
        if Path(source) == tmp_path / "eve" / toy.LAB:
            raise PermissionError("read-only")
        return real(source, target)

    monkeypatch.setattr(recording.shutil, "move", move)
    first, second = record(config, [AutoGrades(name, toy.LAB, RIGHT) for name in ("eve", "fay")], tmp_path)
    assert isinstance(first, PermissionError) and second.standing.scores == RIGHT
    assert (classroom.autograded / "fay" / toy.LAB).is_dir() and not (classroom.autograded / "eve").joinpath(
        "toy"
    ).exists()


PLACES = {
    "before anything is written": (recording.gradebook_batch, "record", False),
    "in the transaction": (gradebook_batch, "_update", False),
    "before what is written counts": (steps.Steps, "_before_it_counts", False),
    "when the old page is gone": (steps.Steps, "_before_it_counts", True),
    "after the transaction": (recording.gradebook_batch, "record", True),
    "while a folder is moved": (recording.shutil, "move", True),
    "before feedback": (steps, "write_feedback", False),
    "after feedback": (steps, "write_feedback", True),
    "before the stamp": (stamps, "write_stamp", False),
    "after the stamp": (stamps, "write_stamp", True),
}


@pytest.fixture(scope="module")
def graded_twice(course, tmp_path_factory):
    """A class of two that was graded and graded again; returns the classroom, its rows and its files."""
    classroom = Classroom(shutil.copytree(course[0].root, tmp_path_factory.mktemp("twice") / "room"))
    config = silent(classroom)
    for folder in (classroom.autograded, classroom.submitted):
        shutil.rmtree(folder, ignore_errors=True)
    for student in ("ada", "bob"):
        toy.hand_in(classroom, student, toy.answered(classroom))
    for _ in range(2):
        toy.grade(classroom, config, regrade=True)
    return classroom, _rows(classroom), _files(classroom)


@pytest.mark.parametrize("place", PLACES)
def test_a_run_that_is_killed_can_be_run_again(graded_twice, tmp_path, place):
    """Wherever the grader is killed, the next run ends with the same gradebook and files, each row once."""
    built, rows, files = graded_twice
    classroom = Classroom(shutil.copytree(built.root, tmp_path / "room"))
    config = silent(classroom)
    _killed(classroom, config, *PLACES[place])
    toy.grade(classroom, config)
    assert _rows(classroom) == rows and _files(classroom) == files
    assert not list(classroom.root.glob(".staged-*"))
    assert {outcome.word for outcome in toy.grade(classroom, config)} == {"unchanged"}


def silent(classroom):
    """Return the toy's settings with an engine that runs nothing."""
    config = toy.toy_config(classroom)
    config.Execute.engine_class = Silent
    return config


class Silent:
    """Stands for the engine: no cell shows anything, so each test scores zero and says why."""

    def run(self, nb, limits, folder, prelude, environment):
        return Incidents()


def _killed(classroom, config, owner, name, after):
    """Grade again in a process that ends at once, its workers too, where it comes to a function a second time."""
    real, calls = getattr(owner, name), []

    def deadly(*arguments, **keywords):
        calls.append(name)
        result = real(*arguments, **keywords) if after else None
        if len(calls) > 1 or name in ("write_feedback", "record", "_update", "_before_it_counts"):
            os.killpg(0, signal.SIGKILL)
        return result if after else real(*arguments, **keywords)

    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, deadly)
            toy.grade(classroom, config, regrade=True)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    # Its workers were killed with it, but may take a moment longer to end; until then the folder counts as used.
    for left in classroom.root.glob(f"{staging.PREFIX}*"):
        os.close(staging._locked(left, wait=True))


def _rows(classroom):
    with sqlite3.connect(classroom.gradebook) as connection:
        counts = [
            connection.execute(f"select count(*) from {name}").fetchone() for name in ("student", "grade", "comment")
        ]
        scores = connection.execute(
            "select s.student_id, c.name, g.auto_score, g.needs_manual_grade from grade g "
            "join base_cell c on c.id = g.cell_id join submitted_notebook m on m.id = g.notebook_id "
            "join submitted_assignment s on s.id = m.assignment_id order by 1, 2"
        ).fetchall()
    return counts, scores


def _files(classroom):
    return {
        path.relative_to(classroom.root): path.read_bytes()
        for folder in (classroom.autograded, classroom.feedback)
        for path in folder.rglob("*")
        if path.is_file()
    }
