"""Grading a class: everyone gets a result, whatever was handed in; twice changes nothing; stock nbgrader agrees."""

import csv
import json
import os
import re
import shutil
import stat
from datetime import datetime
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute as StockExecute

from autograder.authoring.build import generate_assignment
from autograder.classroom import Classroom
from autograder.cli import main
from autograder.engines.base import Incidents
from autograder.errors import CourseError, GraderFailure
from autograder.gradebook_batch import NotRecorded
from autograder.grading import run, running, stamps, steps
from autograder.grading.execute import Execute
from autograder.grading.graded import LayOut
from autograder.grading.outcome import Ran, Task
from autograder.limited import Limit
from autograder.settings import PROJECT
from course_utils.verdict import Verdict
from tests.autograder import toy
from tests.autograder.rows import rows

EVIL = "=1+1 <img src=x onerror=alert(1)> [x]*"


@pytest.fixture(scope="module")
def settings():
    """The toy's settings in place of the course's, for what runs through the command line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.commands.grade.load_config", toy.toy_config)
        yield


@pytest.fixture(scope="module")
def class_(tmp_path_factory, settings):
    """A class with every kind of trouble, graded once; returns its classroom."""
    classroom, _ = toy.make_classroom(tmp_path_factory.mktemp("class") / "room")
    right = toy.answered(classroom)
    toy.hand_in(classroom, "ada", right)
    toy.hand_in(classroom, "bob", toy.answered(classroom, double="return -2 * x", square="return 1", half="..."))
    toy.hand_in(classroom, "crash", toy.answered(classroom, double="import os; os._exit(1)"))
    broken = toy.answered(classroom)
    broken.cells.remove(toy.find(broken, "square"))
    broken.cells.append(nbformat.from_dict({**toy.find(broken, "half"), "id": "again"}))
    broken.metadata.kernelspec = {"name": "ir", "display_name": "R"}
    toy.hand_in(classroom, "damaged", broken)
    for student, content in (
        ("not_json", b"<html>Please sign in</html>"),
        ("latin", '{"cells": "\xe9"}'.encode("latin-1")),
        ("empty", b""),
        ("list", b"[]"),
        ("deep", b"[" * 100_000),
    ):
        toy.hand_in(classroom, student, content)
    toy.hand_in(classroom, "copy_of", right, "Copy of toy (1).ipynb")
    toy.hand_in(classroom, "two_copies", right, "toy (1).ipynb")
    toy.hand_in(classroom, "two_copies", right, "toy (2).ipynb")
    toy.hand_in(classroom, "other_name", right, "homework.ipynb")
    essay = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("essay = 1")])
    toy.hand_in(classroom, "other_lab", essay, "essay.ipynb")
    (classroom.submitted / "nothing" / toy.LAB).mkdir(parents=True)
    (classroom.submitted / "no_folder").mkdir()
    (classroom.submitted / "folder" / toy.LAB / "toy.ipynb").mkdir(parents=True)
    (classroom.submitted / "file").mkdir()
    (classroom.submitted / "file" / toy.LAB).write_text("a file where a folder should be")
    link = toy.hand_in(classroom, "link", b"") / "toy.ipynb"
    link.unlink()
    link.symlink_to(classroom.source / toy.LAB / "toy.ipynb")
    toy.hand_in(classroom, EVIL, right)
    assert main(["grade", "--classroom", str(classroom.root)]) == 1  # since one folder is nobody's
    return classroom


def grades(classroom):
    with open(classroom.reports / "grades.csv", encoding="utf-8") as file:
        return {row["student"]: float(row["score"]) if row["score"] else None for row in csv.DictReader(file)}


def found(classroom, student, exercise="double"):
    with open(classroom.reports / "exercises.csv", encoding="utf-8") as file:
        return next(
            row["finding"] for row in csv.DictReader(file) if row["student"] == student and row["exercise"] == exercise
        )


def page(classroom, student):
    return (classroom.feedback / student / toy.LAB / "toy.html").read_text(encoding="utf-8")


def state(folder):
    """Return path, content and time of change of every file below a folder."""
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*")) if path.is_file()}


def test_everyone_gets_the_points_that_can_be_determined(class_):
    """Whoever handed in has a score, in a class full of trouble; trouble of one costs no other a point."""
    zero = dict.fromkeys(
        [
            "not_json",
            "latin",
            "empty",
            "list",
            "deep",
            "two_copies",
            "other_lab",
            "nothing",
            "folder",
            "file",
            "link",
        ],
        0.0,
    )
    assert grades(class_) == {
        **zero,
        "no_folder": None,
        "ada": 8.0,
        "bob": 2.0,
        "crash": 6.0,
        "damaged": 8.0,
        "copy_of": 8.0,
        "other_name": 8.0,
    }


@pytest.mark.parametrize(
    "student, words",
    [
        ("bob", "wrong sign"),
        ("crash", "ended the Python process"),
        ("not_json", "is not a notebook: it"),
        ("latin", "not UTF-8"),
        ("empty", "is empty"),
        ("list", "has no cells"),
        ("deep", "not a notebook"),
        ("nothing", "no file toy.ipynb"),
        ("no_folder", "Nothing was handed in"),
        ("folder", "is not a file"),
        ("file", "no file toy.ipynb"),
        ("link", "is not a file"),
        ("two_copies", "2 files that could be toy.ipynb"),
        ("other_lab", "no file toy.ipynb; nothing in essay.ipynb is of this lab"),
    ],
)
def test_every_lost_point_has_a_plain_finding(class_, student, words):
    """The finding in the report says in plain words why points are missing."""
    assert words in found(class_, student)


def test_repairs_and_other_names_are_findings_that_cost_nothing(class_):
    """A deleted and a copied cell, an unknown kernel and another file name are told and cost nothing."""
    assert found(class_, "damaged", "square") == "The cell square had been deleted; it was put back."
    assert "was there 2 times" in found(class_, "damaged", "half")
    assert "asked for the kernel &#39;ir&#39;" in page(class_, "damaged")
    assert "Copy of toy (1).ipynb" in page(class_, "copy_of")


def test_a_page_calls_no_released_lab_the_student_s_notebook(class_):
    """Where nothing could be read the page shows the lab as it was given out, and says so."""
    heading = re.compile("<h2>(The lab, as it was given out|Your notebook, as it was graded)</h2>")
    shown = {student: heading.findall(page(class_, student)) for student in ("bob", "not_json", "damaged")}
    graded = ["Your notebook, as it was graded"]
    assert shown == {"bob": graded, "not_json": ["The lab, as it was given out"], "damaged": graded}
    assert 'class="code answer"' in page(class_, "bob") and 'class="code answer"' not in page(class_, "not_json")


def test_feedback_is_written_for_everyone_who_handed_in(class_):
    """Each submission, readable or not, has a feedback page, without hidden tests, seeds or the instructor's paths."""
    for folder in class_.submitted.iterdir():
        if (folder / toy.LAB).exists() and folder.name != EVIL:
            text = page(class_, folder.name)
            assert toy.SECRET not in text and "7316" not in text and "HIDDEN" not in text
            assert "<img src=x" not in text


def test_submissions_are_never_written_to(class_):
    """Grading leaves the folder of submissions exactly as it was."""
    names = sorted(path.name for path in (class_.submitted / "copy_of" / toy.LAB).iterdir())
    assert names == ["Copy of toy (1).ipynb"]


def test_gradebook_holds_the_scores(class_):
    """The gradebook, which the formgrader shows, has a score for each submission and nothing left to grade by hand."""
    with Gradebook(f"sqlite:///{class_.gradebook}") as gradebook:
        submission = gradebook.find_submission(toy.LAB, "bob")
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (2.0, 8.0, False)
        assert gradebook.find_submission(toy.LAB, "not_json").score == 0.0


def test_grading_twice_changes_nothing(class_, capsys):
    """A second run grades nothing again and leaves every file as it was, but for the log."""
    (class_.reports / "grade.log").unlink()
    state_before = (
        state(class_.autograded),
        state(class_.feedback),
        grades(class_),
        (class_.reports / "index.html").read_text(),
    )
    assert main(["grade", "--classroom", str(class_.root)]) == 1
    assert (
        state(class_.autograded),
        state(class_.feedback),
        grades(class_),
        (class_.reports / "index.html").read_text(),
    ) == state_before
    output = capsys.readouterr().out
    assert "unchanged" in output and f"{EVIL}: not graded" in output
    assert not (class_.autograded / EVIL).exists() and not (class_.feedback / EVIL).exists()


@pytest.fixture(scope="module")
def built(tmp_path_factory, settings):
    """A classroom of two students, which each test copies."""
    classroom, _ = toy.make_classroom(tmp_path_factory.mktemp("built") / "room")
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    toy.hand_in(classroom, "bob", toy.answered(classroom, square="return 1"))
    return classroom


@pytest.fixture
def small(built, tmp_path):
    """A classroom of two students, not yet graded."""
    return Classroom(shutil.copytree(built.root, tmp_path / "room"))


def run_grade(classroom, *options):
    return main(["grade", "--classroom", str(classroom.root), *options])


@pytest.mark.parametrize("change", ["removed", "older", "gone"])
def test_points_that_the_gradebook_lost_are_given_again(quick, capsys, change):
    """An entry that was removed, is of an older copy, or went with the whole gradebook is graded again, and named."""
    assert run_grade(quick) == 0
    whole = grades(quick)
    if change == "gone":
        quick.gradebook.unlink()
        shutil.rmtree(quick.source)
        toy.make_classroom(quick.root)  # as building again does
    else:
        with Gradebook(f"sqlite:///{quick.gradebook}") as gradebook:
            if change == "removed":
                gradebook.remove_student("ada")
            else:
                for grade in gradebook.find_submission_notebook(toy.LAB, toy.LAB, "ada").grades:
                    grade.auto_score = 0.0
                gradebook.db.commit()
    capsys.readouterr()
    assert run_grade(quick) == 0
    told = capsys.readouterr().out
    assert grades(quick) == whole
    assert f"ada/{toy.LAB}: the gradebook no longer held its points" in told
    assert ("1 graded, " if change != "gone" else "graded.") in told
    assert run_grade(quick) == 0 and "no longer held" not in capsys.readouterr().out


def test_a_late_submission_loses_the_same_everywhere_and_a_new_due_date_is_a_change(quick, capsys, monkeypatch):
    """Table, terminal and page agree, with a note; an extension gives the points back."""

    def config(classroom):
        strict = toy.toy_config(classroom)
        strict.Lateness.trust_timestamps = True
        strict.LateSubmissionPlugin.penalty_method = "zero"
        return strict

    monkeypatch.setattr("autograder.commands.grade.load_config", config)
    (quick.submitted / "ada" / toy.LAB / "timestamp.txt").write_text("2026-11-02 12:00:00 UTC\n")
    assert run_grade(quick) == 0
    on_time = grades(quick)
    assert on_time["ada"] > 0
    for due, days, score in ((1, "", 0.0), (1, f"{toy.LAB}=3", on_time["ada"]), (1, "1", 0.0), (9, "", on_time["ada"])):
        with Gradebook(f"sqlite:///{quick.gradebook}") as gradebook:
            gradebook.find_assignment(toy.LAB).duedate = datetime(2026, 11, due)
            gradebook.db.commit()
        quick.roster.write_text(f"id,extension\nada,{days}\n")
        capsys.readouterr()
        assert run_grade(quick, "--yes") == 0
        told = capsys.readouterr().out
        assert grades(quick) == {**on_time, "ada": score}
        late = f"Handed in late: {on_time['ada']:g} points were taken off."
        assert (late in told) == (not score) and "no longer held" not in told
        assert ("Late submission" in page(quick, "ada")) == (not score)


def test_a_new_due_date_runs_nothing_and_stands_as_after_a_whole_grading(quick, tmp_path, capsys, monkeypatch):
    """Points given by hand stay, a score that would fall is asked about, and rows and pages are those of a regrade."""

    def config(classroom):
        strict = toy.toy_config(classroom)
        strict.Lateness.trust_timestamps, strict.LateSubmissionPlugin.penalty_method = True, "zero"
        return strict

    def due(day):
        with Gradebook(f"sqlite:///{quick.gradebook}") as gradebook:
            gradebook.update_or_create_assignment(toy.LAB, duedate=datetime(2026, 11, day))

    def run(steps, submission, staged):
        raise AssertionError(f"{submission} was run")

    monkeypatch.setattr("autograder.commands.grade.load_config", config)
    (quick.submitted / "ada" / toy.LAB / "timestamp.txt").write_text("2026-11-02 12:00:00 UTC\n")
    due(9)
    assert run_grade(quick) == 0
    with Gradebook(f"sqlite:///{quick.gradebook}") as gradebook:
        gradebook.find_submission_notebook(toy.LAB, toy.LAB, "bob").grades[0].manual_score = 0.5
        gradebook.db.commit()
    due(1)
    whole = Classroom(shutil.copytree(quick.root, tmp_path / "whole"))
    assert run_grade(whole, "--yes", "--regrade") == 0
    with monkeypatch.context() as patch:
        patch.setattr(steps.Steps, "run", run)
        capsys.readouterr()
        assert run_grade(quick) == 1 and "1 score would fall:" in capsys.readouterr().out
        assert run_grade(quick, "--yes") == 0
        assert "failed" not in capsys.readouterr().out
    assert grades(quick) == grades(whole) and grades(quick)["ada"] == 0
    assert [page(quick, name) == page(whole, name) for name in ("ada", "bob")] == [True, True]
    mine, other = rows(quick), rows(whole)
    assert mine.pop("grade") != other.pop("grade")  # a regrade asks for a second look at what was given by hand
    assert mine == other
    assert run_grade(quick) == 0 and "2 unchanged" in capsys.readouterr().out


def test_points_given_by_hand_are_no_loss(quick, capsys):
    """What a person enters in the gradebook leaves the submission unchanged."""
    assert run_grade(quick) == 0
    with Gradebook(f"sqlite:///{quick.gradebook}") as gradebook:
        gradebook.find_submission_notebook(toy.LAB, toy.LAB, "ada").grades[0].manual_score = 0.5
        gradebook.db.commit()
    capsys.readouterr()
    assert run_grade(quick) == 0
    assert "graded" not in capsys.readouterr().out.replace("ungraded", "").split("submissions in")[1].splitlines()[0]


def test_killed_run_is_finished_by_the_next(small, monkeypatch):
    """What a killed run left half done is done by the next one, and what it had finished is left alone."""
    real = stamps.write_stamp

    def killed(path, stamp):
        if list(small.autograded.rglob(stamps.STAMP)):
            raise KeyboardInterrupt
        real(path, stamp)

    monkeypatch.setattr(stamps, "write_stamp", killed)
    assert run_grade(small) == 130
    monkeypatch.setattr(stamps, "write_stamp", real)
    [finished] = [path.parent for path in small.autograded.rglob(stamps.STAMP)]
    before = state(finished)
    assert run_grade(small) == 0
    assert grades(small) == {"ada": 8.0, "bob": 5.0}
    assert state(finished) == before
    assert page(small, "bob") and page(small, "ada")


def test_changed_submission_is_graded_again_and_manual_scores_survive(small):
    """A submission that changes is graded again; points that an instructor gave by hand stay."""
    assert run_grade(small) == 0
    with Gradebook(f"sqlite:///{small.gradebook}") as gradebook:
        gradebook.find_grade("square", toy.LAB, toy.LAB, "bob").manual_score = 2.5
        gradebook.db.commit()
    toy.hand_in(small, "bob", toy.answered(small, square="return 1", double="return 1"))
    kept = (small.root / "undo" / "about.json").read_text()
    assert run_grade(small) == 1  # nobody has seen that it falls
    assert grades(small) == {"ada": 8.0, "bob": 7.5}
    assert (small.root / "undo" / "about.json").read_text() == kept and not list(small.root.glob(".undo*"))
    assert run_grade(small, "--yes") == 0
    assert grades(small) == {"ada": 8.0, "bob": 5.5}
    toy.hand_in(small, "bob", b"no notebook any more")
    assert run_grade(small, "--yes") == 0
    assert grades(small) == {"ada": 8.0, "bob": 2.5}


def test_a_submission_over_which_the_grader_stumbles_stays_open_and_is_told(small, monkeypatch, capsys):
    """When the grader fails on a submission the others go on, the exit code says so, and the next run tries again."""
    real = LayOut.graded

    def crash(self, mended):
        if mended.submission.student == "ada":
            raise OSError("disk full")
        return real(self, mended)

    monkeypatch.setattr(LayOut, "graded", crash)
    assert run_grade(small) == 1
    assert "ada/toy: the grader failed" in capsys.readouterr().out
    assert "ada" not in {student for student, _ in scores(small)} and grades(small)["bob"] == 5.0
    assert not (small.feedback / "ada").exists()
    with open(small.reports / "grades.csv", encoding="utf-8") as file:
        assert [row["score"] for row in csv.DictReader(file) if row["student"] == "ada"] == [""]
    assert found(small, "ada") == "not graded: the grader failed: disk full"
    assert "<b>62%</b><span>mean</span>" in (small.reports / "index.html").read_text(encoding="utf-8")
    monkeypatch.setattr(LayOut, "graded", real)
    assert run_grade(small) == 0
    assert grades(small) == {"ada": 8.0, "bob": 5.0}


@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_nbgrader_itself_and_its_own_execute_give_the_same_scores(small, monkeypatch):
    """nbgrader's Autograde with this course's settings, and with its own Execute, agree on well-formed submissions."""
    toy.hand_in(small, "eve", toy.answered(small, double="return -2 * x", half="...", negate="raise ValueError(x)"))
    assert run_grade(small) == 0
    ours = scores(small)
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))  # the toy's tests are in no installed package
    for stock in (False, True):
        config = toy.toy_config(small)
        if stock:
            steps = config.Autograde.autograde_preprocessors
            config.Autograde.autograde_preprocessors = [StockExecute, *steps[1:]]
        (small.gradebook).unlink()
        toy.generate_assignment(toy.LAB, small, config)
        Autograde(coursedir=CourseDirectory(config=config, assignment_id=toy.LAB), config=config, force=True).start()
        assert scores(small) == ours


def scores(classroom):
    with Gradebook(f"sqlite:///{classroom.gradebook}") as gradebook:
        return {
            (submission.student.id, each.name): each.score
            for submission in gradebook.assignment_submissions(toy.LAB)
            for notebook in submission.notebooks
            for each in notebook.grades
        }


def test_record_is_private_to_the_autograded_folder(class_):
    """The stamp of a graded submission lies beside the graded notebook and is not handed to students."""
    stamp = class_.autograded / "ada" / toy.LAB / stamps.STAMP
    assert "fingerprint" in json.loads(stamp.read_text())
    assert not list(class_.feedback.rglob(stamps.STAMP))
    assert stat.S_ISREG(os.stat(stamp).st_mode)


def test_a_lab_without_points_is_left_alone(tmp_path, settings, capsys):
    """It is neither graded nor reported, whoever hands it in; asked for by name, it says why."""
    classroom, config = toy.make_classroom(tmp_path / "room")
    tour = toy.source_notebook()
    for cell in tour.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.points = 0
    path = classroom.source / "tour" / "tour.ipynb"
    path.parent.mkdir()
    nbformat.write(tour, path)
    generate_assignment("tour", classroom, config)
    assert classroom.labs() == ["tour", "toy"] and classroom.graded_labs() == [toy.LAB]
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    (classroom.submitted / "ada" / "tour").mkdir()
    (classroom.submitted / "ada" / "tour" / "tour.ipynb").write_text("anything")
    assert main(["grade", "--classroom", str(classroom.root)]) == 0
    assert grades(classroom) == {"ada": 8.0}
    assert "tour" not in (classroom.reports / "index.html").read_text(encoding="utf-8")
    assert not (classroom.autograded / "ada" / "tour").exists()
    capsys.readouterr()
    assert main(["grade", "tour", "--classroom", str(classroom.root)]) == 2
    assert "tour gives no points, so there is nothing to grade in it" in capsys.readouterr().err


class Quick:
    """An engine that gives full points for what it does not run."""

    incidents = Incidents()

    def run(self, nb, limits, folder, prelude, environment):
        for name, (points, _) in toy.EXERCISES.items():
            verdict = Verdict("grade", name, points, points, "passed", f"{name}: right.")
            toy.find(nb, name).outputs = [new_output("execute_result", verdict.bundle())]
        return self.incidents


@pytest.fixture
def quick(small, monkeypatch):
    """The small class, of which nothing is really run."""
    monkeypatch.setattr(Execute, "new_engine", lambda self: Quick())
    return small


def before(monkeypatch, owner, name, act):
    """Have a method do something first, in whichever process it is called; its last argument is a submission's."""
    real = getattr(owner, name)

    def wrapped(self, *arguments):
        act(str(getattr(arguments[0], "submission", arguments[0])))
        return real(self, *arguments)

    monkeypatch.setattr(owner, name, wrapped)


def raise_(error):
    raise error


@pytest.mark.parametrize(
    "fail",
    [lambda: raise_(OSError("no space")), lambda: os._exit(9), lambda: raise_(GraderFailure("no process"))]
    + [lambda: raise_(CourseError("no sandbox")), lambda: bytearray(1 << 40)],
    ids=["error", "death", "no process", "course error", "memory"],
)
def test_what_failed_once_is_tried_again_alone(quick, tmp_path, monkeypatch, fail):
    """Whatever stopped the grader the first time costs nothing when it does not do so again."""
    log = tmp_path / "log"
    log.touch()

    def act(submission):
        log.write_text(f"{log.read_text()}{submission} ")
        if log.read_text().count("ada") == 1 and submission == "ada/toy":
            fail()

    before(monkeypatch, LayOut, "graded", act)
    assert run_grade(quick, "--jobs", "1") == 0
    assert grades(quick) == {"ada": 8.0, "bob": 8.0}
    assert log.read_text() == "ada/toy bob/toy ada/toy "


def test_a_gradebook_that_was_locked_once_loses_nothing(quick, monkeypatch):
    """What could not be recorded is graded again, and recorded then."""
    real, calls = steps.record, []

    def locked_once(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise NotRecorded("database is locked")
        return real(*arguments)

    monkeypatch.setattr(steps, "record", locked_once)
    assert run_grade(quick) == 0
    assert grades(quick) == {"ada": 8.0, "bob": 8.0}


def test_an_earlier_score_stands_when_the_grader_fails(quick, monkeypatch):
    """It is told that the score is an old one, and the exit code says so; the next run takes the submission again."""
    assert run_grade(quick) == 0
    with monkeypatch.context() as patch:
        before(patch, LayOut, "graded", lambda submission: submission == "ada/toy" and raise_(OSError("no space")))
        assert run_grade(quick, "--regrade") == 1
    assert grades(quick) == {"ada": 8.0, "bob": 8.0}
    assert "These points are of an earlier try. Now the grader failed: no space" in (
        quick.reports / "index.html"
    ).read_text(encoding="utf-8")
    assert run_grade(quick) == 0
    assert "earlier try" not in (quick.reports / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("jobs, times", [(1, 1), (2, 2)])
def test_what_was_stopped_beside_others_is_tried_again_alone(quick, tmp_path, monkeypatch, jobs, times):
    """Neighbours may have had a part in it; where there were none the first result counts."""
    log = tmp_path / "log"
    log.touch()
    incidents = Incidents({2: "it was stopped."})
    incidents.troubled = True
    monkeypatch.setattr(Quick, "incidents", incidents)
    before(monkeypatch, LayOut, "graded", lambda submission: os.write(tried, f"{submission} ".encode()))
    tried = os.open(log, os.O_WRONLY | os.O_APPEND)
    assert run_grade(quick, "--jobs", str(jobs)) == 0
    os.close(tried)
    assert log.read_text().count("ada/toy") == log.read_text().count("bob/toy") == times


def test_a_mistake_in_the_course_is_told_and_nobody_gets_a_zero(quick, monkeypatch, capsys):
    """Where the same keeps everybody from being graded, grading stops with what is to be mended."""
    before(monkeypatch, LayOut, "graded", lambda submission: raise_(CourseError("mend the prelude")))
    assert run_grade(quick) == 2
    assert "mend the prelude" in capsys.readouterr().err
    assert scores(quick) == {}


@pytest.mark.parametrize("content", [b'{"cells": [%s]}' % b"[],".join([b""] * 2_000_000)[:-1], b"{" * 3_000_000])
def test_a_notebook_that_takes_too_much_to_read_gets_what_unreadable_ones_get(quick, monkeypatch, content):
    """A small file can need any amount of memory; it costs its owner the grade, and no other."""
    monkeypatch.setattr(running, "READING", Limit(memory=64, processor=5, wall=60))
    toy.hand_in(quick, "ada", content)
    assert run_grade(quick) == 0
    assert grades(quick) == {"ada": 0.0, "bob": 8.0}
    assert "Nothing could be graded: " in found(quick, "ada")


def test_texts_that_are_slow_to_set_cost_nobody_a_page(quick, monkeypatch):
    """Whatever a text does to those who set it, its student gets points and a page that runs nothing."""
    monkeypatch.setattr(steps, "RENDERING", Limit(memory=200, processor=1, wall=60))
    slow = {
        "tags": "".join(f"<b class={number}>" for number in range(1100)) + "<p>" * 1100,
        "scripts": "<script" * 60_000,
        "stars": "***a" * 20_000,
        "brackets": "\\\\(" * 60_000,
        "environments": "\\begin{a}" * 200_000,
    }
    for student, text in slow.items():
        nb = toy.answered(quick)
        nb.cells.insert(0, new_markdown_cell(text))
        nb.cells.append(new_markdown_cell("<img src=x onerror=alert(1)>"))
        toy.hand_in(quick, student, nb)
    assert run_grade(quick) == 0
    for student in (*slow, "bob"):
        assert "8 / 8" in page(quick, student) and "<img src=x" not in page(quick, student)


def test_a_page_that_takes_too_much_is_made_plain(quick, monkeypatch):
    """The student gets points and texts as they were typed; a classmate gets a page as ever."""
    real = steps.write_feedback

    def slow(config, student, lab, standing, plain):
        while student == "ada" and not plain:
            pass
        real(config, student, lab, standing, plain)

    monkeypatch.setattr(steps, "write_feedback", slow)
    monkeypatch.setattr(steps, "RENDERING", Limit(memory=200, processor=0.5, wall=60))
    assert run_grade(quick) == 0
    assert "8 / 8" in page(quick, "ada")
    assert "<math" in page(quick, "bob") and "<math" not in page(quick, "ada")


@pytest.mark.parametrize(("waiting", "taken"), [(0, 3), (63, 3), (64, 0), (500, 0)])
def test_no_more_is_taken_while_many_wait(waiting, taken):
    """Workers elsewhere may be faster than the processes that lay out; what they sent must not pile up on the disk."""
    pool = SimpleNamespace(waiting=waiting, added=[], unfinished=True, add=lambda task: pool.added.append(task))

    def take(patience):
        pool.unfinished = False
        return [(Task(None, "recorded"), 0.1)]

    pool.take = take
    grading = SimpleNamespace(finish=lambda outcome, result: outcome)
    outcomes = run.Grading._as_they_come(grading, pool, None, 1, None, lambda: ["ada", "bob", "cy"])
    assert list(outcomes) == ["recorded"] and len(pool.added) == taken


def test_what_comes_within_a_moment_is_recorded_together(monkeypatch):
    """One transaction takes what a busy pool gives in two seconds; the last are recorded when a worker is free."""
    clock, recorded = [0.0], []
    monkeypatch.setattr(run.time, "monotonic", lambda: clock[0])
    seconds = {"ada": 1.5, "bob": 2.5, "cy": 3.0, "dan": 9.0, "eve": 9.5}
    left = list(seconds)

    def take(patience):
        if clock[0] + patience < seconds[left[0]]:
            clock[0] += patience
            return []
        clock[0] = seconds[left[0]]
        pool.unfinished, pool.idle = len(left) > 1, len(left) == 1
        return [(Task(left.pop(0)), Ran(None))]

    pool = SimpleNamespace(waiting=100, unfinished=True, idle=False, take=take)
    grading = SimpleNamespace(
        _record_arrived=lambda arrived, *_: iter([recorded.append((clock[0], [who for who, _ in arrived]))][:0])
    )
    assert list(run.Grading._as_they_come(grading, pool, None, 1, None)) == []
    assert recorded == [(3.5, ["ada", "bob", "cy"]), (9.5, ["dan", "eve"])]
