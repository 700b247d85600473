"""A lab is mended after students handed in: said beforehand, done as a whole or not at all, and taken back."""

import csv
import os
import shutil
from unittest.mock import Mock

import pytest
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from rich.console import Console

from autograder.classroom import Classroom
from autograder.cli import main
from autograder.commands import build as build_command
from autograder.commands import undo as undo_command
from autograder.commands._mending import mended, mendings, require_consent
from autograder.errors import CourseError
from autograder.exporting.tables import read_grades
from autograder.gradebook import grades_of
from autograder.grading import report, report_page
from autograder.grading.excused import excused
from autograder.grading.results import points_of, rows_of
from autograder.grading.stamps import STAMP, note_failure
from autograder.notebooks.cells import nbgrader_data
from autograder.roster import Roster
from autograder.undo import Undo, recover
from tests.autograder import mending, toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
STUDENTS = ("ada", "bob", "eve")


def book(classroom):
    return Gradebook(f"sqlite:///{classroom.gradebook}")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Ada has all right, Bob's `negate` is wrong, and Eve's `half`, to which a person gave points and a comment."""
    classroom, _ = toy.make_classroom(tmp_path_factory.mktemp("mending") / "room")
    for student, answers in zip(STUDENTS, ({}, {"negate": "return 0"}, {"half": "return 0"}), strict=True):
        toy.hand_in(classroom, student, toy.answered(classroom, **answers))
    mending.grade(classroom)
    with book(classroom) as gradebook:
        gradebook.find_grade("half", toy.LAB, toy.LAB, "eve").manual_score = 0.5
        gradebook.find_grade("negate", toy.LAB, toy.LAB, "eve").extra_credit = 1.0
        gradebook.find_comment("half_solution", toy.LAB, toy.LAB, "eve").manual_comment = "Nearly."
        gradebook.db.commit()
    assert mending.grade(classroom) == dict.fromkeys(STUDENTS, "unchanged")
    return classroom


@pytest.fixture
def room(graded, tmp_path):
    """A copy of the class."""
    classroom = Classroom(shutil.copytree(graded.root, tmp_path / "room"))
    return classroom, mending.config_of(classroom)


def found(classroom, config, may_excuse=True):
    return mendings([mending.lab(mending.mended_source())], classroom, config, mending.COURSE, may_excuse)


def mend(classroom, config, may_excuse=True):
    plans, undo = found(classroom, config, may_excuse), Undo(classroom, config)
    with mended(plans, [mending.lab(None)], classroom, config, undo):
        mending.build(mending.mended_source(), classroom, config)


def state(classroom):
    """Return all files but the gradebook's bytes, and what the gradebook holds."""
    files = {
        path.relative_to(classroom.root): path.read_bytes()
        for path in classroom.root.rglob("*")
        if path.is_file() and path != classroom.gradebook and path.name != ".lock" and "undo" not in path.parts
    }
    with book(classroom) as gradebook:
        rows = sorted(
            (grade.student.id, grade.name, grade.auto_score, grade.manual_score, grade.extra_credit, grade.max_score)
            for submission in gradebook.find_assignment(toy.LAB).submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        )
        cells = sorted((cell.name, cell.source) for cell in gradebook.find_notebook(toy.LAB, toy.LAB).source_cells)
    return files, rows, cells


def test_what_was_given_by_hand_reached_the_page(graded):
    """The next grading writes the page, grades nothing, and then leaves it alone."""
    page = (graded.feedback / "eve" / toy.LAB / "toy.html").read_text()
    assert "Nearly." in page and "These points were given by your instructor." in page


def test_what_will_change_is_said_before_anything_is_touched(room, capsys):
    """New, gone, other points, other text, and whom it concerns; without a yes nothing is changed."""
    classroom, config = room
    before = state(classroom)
    with pytest.raises(CourseError, match=r"nothing was changed.*--yes"):
        require_consent(Console(width=80), found(classroom, config), Undo(classroom, config), yes=False)
    told = capsys.readouterr().out
    for line in (
        "toy: 3 handed in, 3 of them graded. It changes:",
        "new: cube, 4 points",
        "excused, since they were never handed it: ada, bob, eve",
        "gone: negate, 1 points; 1 points or comments given by hand go with it",
        "points: half, 2 -> 1",
        "another text: double",
    ):
        assert line in told
    assert max(map(len, told.splitlines())) <= 80 and state(classroom) == before
    require_consent(Console(width=80), found(classroom, config, may_excuse=False), Undo(classroom, config), yes=True)
    assert "counts for 3 who handed in: ada, bob, eve" in capsys.readouterr().out and state(classroom) == before
    assert mendings([mending.lab(toy.source_notebook())], classroom, config, mending.COURSE, True) == []


def test_all_are_graded_by_the_new_lab_and_nobody_by_what_they_never_got(room):
    """Who had all right has it still, in report, export and feedback; manual points, credit and comments stay."""
    classroom, config = room
    mend(classroom, config)
    [lab] = report.write(classroom, config)
    assert lab.outdated_in_words.startswith("3 of 3 were graded by the lab as it was before it was changed")
    assert not any(row.remark or row.scored for row in lab.rows) and lab.open == 3
    with (classroom.reports / "grades.csv").open() as file:
        assert {row["score"] for row in csv.DictReader(file)} == {""}
    [column] = read_grades(classroom, config, Roster([]), [toy.LAB], [], {}).columns
    assert column.scores == {} and column.outdated == STUDENTS
    assert excused(classroom) == {toy.LAB: {student: ["cube"] for student in (*STUDENTS, "*")}}
    late = mending.mended_source()
    toy.hand_in(classroom, "zoe", late)
    assert mending.grade(classroom) == dict.fromkeys([*STUDENTS, "zoe"], "graded")
    points = points_of(config, toy.LAB)
    assert points == {"double": 2.0, "square": 3.0, "cube": 4.0, "half": 1.0}
    rows = {row.student: row for row in rows_of(classroom, config, toy.LAB, points)}
    scores = {student: (row.score, row.max_score) for student, row in rows.items()}
    assert scores == {"ada": (6.0, 6.0), "bob": (6.0, 6.0), "eve": (5.5, 6.0), "zoe": (10.0, 10.0)}
    assert rows["ada"].percent == 100.0 and rows["ada"].all_findings == []
    assert {row.results["cube"].outcome for row in rows.values()} == {"excused", "passed"}
    [lab] = report.write(classroom, config)
    assert lab.outdated_in_words == "" and lab.outcomes["cube"].total() == 1 and report_page.complete(lab) == 3
    with (classroom.reports / "exercises.csv").open() as file:
        assert {row["score"] for row in csv.DictReader(file) if row["exercise"] == "cube"} == {"", "4"}
    [column] = read_grades(classroom, config, Roster([]), [toy.LAB], [], {}).columns
    assert column.points == 10.0 and column.excused == STUDENTS
    assert column.scores == pytest.approx({"ada": 10.0, "bob": 10.0, "eve": 55 / 6, "zoe": 10.0})
    page = (classroom.feedback / "eve" / toy.LAB / "toy.html").read_text()
    assert "5.5 / 6" in page and "excused" in page and "Nearly." in page and "had been" not in page
    assert mending.grade(classroom) == dict.fromkeys([*STUDENTS, "zoe"], "unchanged")


def test_a_copy_of_a_classroom_keeps_its_scores(room):
    """A copy whose files have other times, as after `cp -r`, says the same of what was graded by which lab."""
    classroom, config = room
    mend(classroom, config)
    assert mending.grade(classroom) == dict.fromkeys(STUDENTS, "graded")
    for path in classroom.autograded.rglob(".graded.json"):
        os.utime(path, (1000, 1000))
    rows = rows_of(classroom, config, toy.LAB, points_of(config, toy.LAB))
    assert [row.outdated for row in rows] == [False, False, False]
    assert mending.grade(classroom) == dict.fromkeys(STUDENTS, "unchanged")


def test_a_failure_makes_no_score_one_of_the_new_lab(room):
    """Where the grader fails after a lab was mended, the score is still of the lab before, and in no table."""
    classroom, config = room
    mend(classroom, config)
    note_failure(classroom.autograded / "ada" / toy.LAB / STAMP, "no space")
    row = next(rows_of(classroom, config, toy.LAB, points_of(config, toy.LAB)))
    assert row.outdated and not row.scored and row.findings == ["not graded: the grader failed: no space"]


def test_other_words_leave_every_score_where_it_is(room):
    """Only what changes points makes a score one of an earlier lab."""
    classroom, config = room
    reworded = toy.source_notebook()
    toy.find(reworded, "double").source += "\n# Twice as much."
    plans, undo = mendings([mending.lab(reworded)], classroom, config, mending.COURSE, True), Undo(classroom, config)
    with mended(plans, [mending.lab(None)], classroom, config, undo):
        mending.build(reworded, classroom, config)
    rows = rows_of(classroom, config, toy.LAB, points_of(config, toy.LAB))
    assert plans and [row.score for row in rows if not row.outdated] == [8.0, 7.0, 7.5]


def test_who_hands_in_the_new_exercise_is_graded_in_it(room):
    """And where the instructor says so it counts for everybody."""
    classroom, config = room
    mend(classroom, config)
    answered = toy.released(classroom)
    toy.find(answered, "cube_solution").source = "def cube(x):\n    return 3 * x"
    toy.hand_in(classroom, "ada", answered)
    mending.grade(classroom)
    rows = {row.student: row for row in rows_of(classroom, config, toy.LAB, points_of(config, toy.LAB))}
    assert rows["ada"].max_score == 10.0 and rows["ada"].results["cube"].outcome == "failed"
    assert rows["bob"].max_score == 6.0


def test_who_hands_in_the_old_notebook_later_is_excused_too(room):
    """It is named, and who removed the new exercise's cells alone is not excused."""
    classroom, config = room
    old = toy.answered(classroom)
    mended_lab = mending.mended_source()
    mended_lab.cells.insert(3, new_markdown_cell("## Cube"))
    with mended(found(classroom, config), [mending.lab(None)], classroom, config, Undo(classroom, config)):
        mending.build(mended_lab, classroom, config)
    toy.hand_in(classroom, "late", old)
    removed = toy.released(classroom)
    removed.cells = [cell for cell in removed.cells if "cube" not in str(nbgrader_data(cell).get("grade_id"))]
    toy.hand_in(classroom, "sly", removed)
    mending.grade(classroom)
    rows = {row.student: row for row in rows_of(classroom, config, toy.LAB, points_of(config, toy.LAB))}
    assert (rows["late"].score, rows["late"].max_score) == (6.0, 6.0) and rows["sly"].max_score == 10.0
    assert "This is a notebook of the lab before cube came into it." in rows["late"].findings
    assert "excused" in (classroom.feedback / "late" / toy.LAB / "toy.html").read_text()


def test_without_an_excuse_a_new_exercise_counts(room):
    """`--no-excuse`: an old hand-in has no points for what it lacks."""
    classroom, config = room
    mend(classroom, config, may_excuse=False)
    mending.grade(classroom)
    assert grades_of(config, toy.LAB, ["ada"])["ada"].max_score == 10.0
    row = next(iter(rows_of(classroom, config, toy.LAB, points_of(config, toy.LAB))))
    assert (row.score, row.max_score) == (6.0, 10.0)


@pytest.mark.parametrize("how", [CourseError("the solution does not pass"), KeyboardInterrupt()])
def test_what_ends_half_way_leaves_the_old_one(room, monkeypatch, how):
    """A build that fails or is interrupted changes neither files nor gradebook."""
    classroom, config = room
    before = state(classroom)

    def stop(*_):
        raise how

    monkeypatch.setattr(mending, "generate_assignment", stop)
    with pytest.raises(type(how)):
        mend(classroom, config)
    assert state(classroom) == before


def test_what_was_killed_half_way_is_taken_back_by_the_next_command(room):
    """A kill leaves nobody to put things back."""
    classroom, config = room
    before = state(classroom)
    block = mended(found(classroom, config), [mending.lab(None)], classroom, config, Undo(classroom, config))
    block.__enter__()
    mending.build(mending.mended_source(), classroom, config)
    assert state(classroom) != before
    assert "was ended half way; the classroom is as it was" in recover(classroom)
    assert state(classroom) == before and recover(classroom) == ""


def test_ctrl_c_in_a_build_says_that_nothing_was_changed(room, monkeypatch, capsys):
    """And the grading before it can still be taken back."""
    classroom, config = room
    toy.hand_in(classroom, "ada", toy.answered(classroom, square="return 0"))
    mending.grade(classroom, undo=Undo(classroom, config))
    before = state(classroom)
    monkeypatch.setattr(build_command, "load_config", mending.config_of)
    monkeypatch.setattr(build_command, "load_labs", lambda folder: [mending.lab(mending.mended_source())])
    monkeypatch.setattr(build_command, "build_lab", Mock(side_effect=KeyboardInterrupt))
    assert main(["build", "--yes", "--classroom", str(classroom.root)]) == 130
    assert capsys.readouterr().err == "autograder: interrupted; nothing in the classroom was changed.\n"
    assert state(classroom) == before and Undo(classroom, config).about["command"] == "autograder grade"


def test_after_a_build_no_report_shows_scores_of_the_lab_as_it_was(room, monkeypatch):
    """The tables are written again at once, with blanks, also where nobody runs another command."""
    classroom, config = room
    report.write(classroom, config)
    monkeypatch.setattr(build_command, "load_config", mending.config_of)
    monkeypatch.setattr(build_command, "load_labs", lambda folder: [mending.lab(mending.mended_source())])
    monkeypatch.setattr(build_command, "build_all", lambda *_: mending.build(mending.mended_source(), *room) and 0)
    assert main(["build", "--yes", "--classroom", str(classroom.root)]) in (0, None)
    rows = list(csv.DictReader((classroom.reports / "grades.csv").open()))
    assert [(row["student"], row["score"]) for row in rows] == [(student, "") for student in STUDENTS]


def test_a_build_that_was_killed_is_taken_back_by_undo_too(room, monkeypatch, capsys):
    """It says what it takes back, and that the grading before it comes next."""
    classroom, config = room
    Undo(classroom, config).begin("autograder grade")
    before = state(classroom)
    block = mended(found(classroom, config), [mending.lab(None)], classroom, config, Undo(classroom, config))
    block.__enter__()
    assert main(["undo", "--yes", "--classroom", str(classroom.root)]) == 0
    told = capsys.readouterr().out
    assert "takes back 'autograder build'" in told and "which was ended half way" in told
    assert "The course's own files" in told and "takes back 'autograder grade' next" in told
    shutil.rmtree(classroom.reports)
    assert state(classroom) == before


def test_undo_takes_back_the_last_command_that_changed_scores(room, capsys, monkeypatch):
    """First the grading, or the build where nothing was graded since; what a person gave meanwhile stays."""
    classroom, config = room
    monkeypatch.setattr(undo_command, "load_config", mending.config_of)
    before = state(classroom)[1:]
    mend(classroom, config)
    with book(classroom) as gradebook:
        gradebook.find_grade("square", toy.LAB, toy.LAB, "bob").manual_score = 1.0
        gradebook.db.commit()
    assert main(["undo", "--classroom", str(classroom.root)]) == 2  # nobody sits at a terminal
    assert main(["undo", "--classroom", str(classroom.root), "--yes"]) == 0
    rows, cells = state(classroom)[1:]
    assert cells == before[1] and excused(classroom) == {}
    assert [row for row in rows if row not in before[0]] == [("bob", "square", 3.0, 1.0, None, 3.0)]
    assert main(["undo", "--classroom", str(classroom.root), "--yes"]) == 2
    assert "there is nothing to take back" in capsys.readouterr().err


def test_undo_of_a_grading(room, capsys, monkeypatch):
    """Graded notebooks, pages and points are those of before; a first hand-in is gone again."""
    classroom, config = room
    monkeypatch.setattr(undo_command, "load_config", mending.config_of)
    report.write(classroom, config)
    before = state(classroom)
    hand_in = classroom.submitted / "ada" / toy.LAB / "toy.ipynb"
    old = hand_in.read_bytes()
    toy.hand_in(classroom, "ada", toy.answered(classroom, square="return 0"))
    toy.hand_in(classroom, "yan", toy.answered(classroom))
    assert mending.grade(classroom, undo=Undo(classroom, config))["ada"] == "graded"
    shutil.rmtree(classroom.submitted / "yan")
    hand_in.write_bytes(old)
    assert main(["undo", "--classroom", str(classroom.root), "--yes"]) == 0
    assert "the labs were left alone" in (told := capsys.readouterr().out) and "Nothing more can be taken back." in told
    assert state(classroom) == before


def test_undo_of_a_grading_says_what_an_earlier_build_left(room, capsys, monkeypatch):
    """The scores are those of the lab before it was changed, and the build itself can no longer be taken back."""
    classroom, config = room
    monkeypatch.setattr(undo_command, "load_config", mending.config_of)
    mend(classroom, config)
    mending.grade(classroom, undo=Undo(classroom, config))
    assert main(["undo", "--classroom", str(classroom.root), "--yes"]) == 0
    told = capsys.readouterr().out
    assert "toy: 3 of 3 were graded by the lab as it was before it was changed: run `autograder grade --cl" in told
    assert "Nothing more can be taken back." in told


@pytest.mark.parametrize("yes", [False, True])
def test_no_score_falls_unseen(room, yes):
    """Who would fall is shown with each exercise and held back; the others are graded meanwhile."""
    classroom, config = room
    toy.hand_in(classroom, "ada", toy.answered(classroom, square="return 0"))
    toy.hand_in(classroom, "bob", toy.answered(classroom))
    seen = []

    def confirm(falls):
        seen.extend(falls)
        return yes

    words = mending.grade(classroom, confirm=confirm)
    assert words == {"ada": "graded" if yes else "kept", "bob": "graded", "eve": "unchanged"}
    assert [(each.submission.student, each.before, each.after, each.exercises) for each in seen] == [
        ("ada", 8.0, 5.0, {"square": (3.0, 0.0)})
    ]
    assert grades_of(config, toy.LAB, ["ada"])["ada"].score == (5.0 if yes else 8.0)
    page = (classroom.feedback / "ada" / toy.LAB / "toy.html").read_text()
    assert ("5 / 8" in page) is yes and ("8 / 8" in page) is not yes
    again = mending.grade(classroom, confirm=lambda falls: False)
    assert again["ada"] == ("unchanged" if yes else "kept")


def test_a_lab_is_mended_before_anybody_was_graded(room, capsys):
    """Who handed in is told of and excused, though the gradebook knows nobody yet."""
    classroom, config = room
    with book(classroom) as gradebook:
        for student in STUDENTS:
            gradebook.remove_student(student)
    shutil.rmtree(classroom.autograded)
    mend(classroom, config)
    assert excused(classroom)[toy.LAB]["ada"] == ["cube"]
    assert mending.grade(classroom) == dict.fromkeys(STUDENTS, "graded")
    assert grades_of(config, toy.LAB, ["ada"])["ada"].score == 6.0


def test_an_older_gradebook_that_was_put_back_is_named_and_mended(room):
    """Grading stops before anything is written, and a build brings the gradebook to the lab again."""
    classroom, config = room
    older = classroom.gradebook.read_bytes()
    mend(classroom, config)
    classroom.gradebook.write_bytes(older)
    with pytest.raises(CourseError, match=r"older gradebook was put back.*autograder build"):
        mending.grade(classroom)
    mend(classroom, config)
    assert mending.grade(classroom) == dict.fromkeys(STUDENTS, "graded")
    assert grades_of(config, toy.LAB, ["ada"])["ada"].score == 6.0
