"""``autograder grade``: which labs it takes, what it shows while it works, and what it says at the end."""

import io
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from autograder.classroom import Classroom
from autograder.cli import main
from autograder.commands import grade
from autograder.errors import CourseError
from autograder.grading.lab_results import LabResults, Result, Row
from autograder.grading.outcome import Outcome
from autograder.grading.submissions import Submission
from tests.autograder import toy


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """The toy lab with one submission, not yet graded."""
    classroom, _ = toy.make_classroom(tmp_path_factory.mktemp("grade") / "room")
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    return classroom


def run_grade(classroom, *options):
    return main(["grade", "--classroom", str(classroom.root), *options])


@pytest.fixture
def gradings(monkeypatch):
    """Let nothing be graded; returns the gradings that were asked for, and gives each submission their outcome."""
    asked = SimpleNamespace(arguments=[], submissions=[], word="graded", engine="sealed")

    class Grading:
        def __init__(self, classroom, config, regrade, jobs):
            self.engine, self.before, self.config = asked.engine, SimpleNamespace(lost=[]), config
            asked.arguments.append((regrade, jobs, config.Execute.unsafe))

        def outcomes(self, submissions):
            asked.submissions += submissions
            return [Outcome(submission, asked.word, "a reason") for submission in submissions]

    monkeypatch.setattr(grade, "Grading", Grading)
    monkeypatch.setattr(grade.report, "write", lambda classroom, config: [])
    return asked


# -- Which labs --------------------------------------------------------------------------------------------------------


def course(*labs, ungraded=()):
    """A classroom of which only the names of its labs are known."""
    return SimpleNamespace(root=Path("room"), labs=lambda: sorted({*labs, *ungraded}), graded_labs=lambda: sorted(labs))


@pytest.mark.parametrize(
    ("names", "chosen"), [([], ["lab1", "lab2"]), (["lab2"], ["lab2"]), (["lab2", "lab1", "lab2"], ["lab2", "lab1"])]
)
def test_labs_are_taken_as_they_are_asked_for(names, chosen):
    """Without names all labs that give points are graded; with names these, each once, in their order."""
    assert grade.chosen_labs(course("lab1", "lab2", ungraded=["lab0"]), names) == chosen


@pytest.mark.parametrize(
    ("classroom", "names", "complaint"),
    [
        (course(), [], "room: no lab is built here. Run: autograder build --classroom "),
        (course("lab1", ungraded=["lab0"]), ["lab9"], "there is no lab 'lab9' here; there is lab0, lab1"),
        (course("lab1", ungraded=["lab0"]), ["lab1", "lab0"], "lab0 gives no points"),
        (course(ungraded=["lab0"]), [], "no lab here gives points"),
    ],
)
def test_labs_that_cannot_be_graded_are_refused(classroom, names, complaint):
    """Nothing built, an unknown name, and labs without points are each said to be that."""
    with pytest.raises(CourseError) as error:
        grade.chosen_labs(classroom, names)
    assert complaint in str(error.value)


def test_unknown_lab_is_named(room, capsys):
    """A lab that was never built is named, together with those that were."""
    assert run_grade(room, "lab9") == 2
    assert "there is no lab 'lab9' here; there is toy" in capsys.readouterr().err


def test_nothing_is_graded_without_the_packages_that_students_may_use(room, gradings, monkeypatch, capsys):
    """Else whoever imports one would lose points."""

    def config(classroom):
        declared = toy.toy_config(classroom)
        declared.Course.packages = ["nobodys-package"]
        return declared

    monkeypatch.setattr(grade, "load_config", config)
    assert run_grade(room) == 2 and gradings.submissions == []
    assert "pip install 'nobodys-package'" in capsys.readouterr().err


def test_some_students_are_graded(room, gradings, capsys):
    """Only those who were asked for; who is not there is named, and who handed in nothing too."""
    toy.hand_in(room, "bob", toy.answered(room))
    (room.submitted / "cy").mkdir(exist_ok=True)
    assert run_grade(room, "--student", "bob", "--lab", toy.LAB) == 0
    assert [submission.student for submission in gradings.submissions] == ["bob"]
    assert run_grade(room, "--student", "eve") == 2 and "there is no student 'eve'" in capsys.readouterr().err
    assert run_grade(room, "--student", "cy") == 2 and "nothing of cy was handed in" in capsys.readouterr().err
    shutil.rmtree(room.submitted / "bob")
    shutil.rmtree(room.submitted / "cy")


def test_empty_classroom_says_where_submissions_belong(tmp_path, capsys):
    """Where nothing was built, or nothing handed in, the message says what to do."""
    assert main(["grade", "--classroom", str(tmp_path)]) == 2
    assert "autograder build" in capsys.readouterr().err
    path = tmp_path / "source" / "lab1" / "lab1.ipynb"
    path.parent.mkdir(parents=True)
    path.touch()
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    assert main(["grade", "--classroom", str(tmp_path)]) == 2
    message = capsys.readouterr().err
    assert "nothing was handed in for lab1" in message
    assert f"{Classroom(tmp_path).submitted}/STUDENT/LAB/LAB.ipynb" in message


# -- Options -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        (["--jobs", "3"], (False, 3, False)),
        (["--jobs", "1"], (False, 1, False)),
        (["--jobs", "2", "--regrade"], (True, 2, False)),
        (["--jobs", "2", "--unsafe"], (False, 2, True)),
    ],
)
def test_options_reach_the_grading(room, gradings, options, arguments):
    """What an option asks for is what the grading does."""
    assert run_grade(room, toy.LAB, *options) == 0
    assert gradings.arguments == [arguments]
    assert [str(submission) for submission in gradings.submissions] == ["ada/toy"]


@pytest.mark.parametrize(
    "options",
    [
        ["--jobs", "0"],
        ["--jobs", "-1"],
        ["--jobs", "²"],
        ["--workers", "0"],
        ["--workers", "two"],
        ["--un"],
        ["--regr"],
    ],
)
def test_options_that_cannot_be_meant_are_refused(room, gradings, options, capsys):
    """Fewer than one process, and options of which only the beginning is written, stop before anything is graded."""
    with pytest.raises(SystemExit) as ended:
        run_grade(room, toy.LAB, *options)
    assert ended.value.code == 2 and not gradings.arguments
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--tls-cert", __file__], "certificates are for a scheduler"),
        (["--scheduler", "tls://127.0.0.1:1"], "TLS needs certificates"),
        (
            ["--scheduler", "tls://127.0.0.1:1", *(f"--tls-{name}=/none" for name in ("ca-file", "cert", "key"))],
            "there is no such file",
        ),
    ],
)
def test_certificates_and_scheduler_belong_together(room, options, told, capsys):
    """One without the other is told at once: it is neither passed over nor waited for."""
    pytest.importorskip("distributed")
    assert run_grade(room, toy.LAB, *options) == 2
    assert told in capsys.readouterr().err


def test_a_link_among_the_submissions_is_named(tmp_path, capsys):
    """A student's folder that is a link is not followed, and not passed over in silence."""
    (tmp_path / "submitted").mkdir()
    (tmp_path / "submitted" / "ada").symlink_to(tmp_path)
    assert grade.name_misnamed(Console(width=200), Classroom(tmp_path))
    assert "/submitted/ada: not graded, since it is a link" in capsys.readouterr().out.replace("\n", "")


def test_who_is_not_in_the_roster_is_named(room, gradings, capsys):
    """As after a folder was renamed by hand; without a roster nobody is a stranger."""
    assert run_grade(room) == 0 and "Not in the roster" not in capsys.readouterr().out
    room.roster.write_text("id,name\nyan,Yan\n")
    assert run_grade(room) == 0 and "Not in the roster: ada." in capsys.readouterr().out
    room.roster.unlink()


def test_what_lies_in_no_labs_folder_is_named(tmp_path, capsys):
    """A notebook beside the lab's folder, and a folder spelled otherwise, are not passed over in silence."""
    room = Classroom(tmp_path)
    (room.source / "toy").mkdir(parents=True)
    (room.source / "toy" / "toy.ipynb").touch()
    (room.submitted / "ada" / "toy").mkdir(parents=True)
    (room.submitted / "ada" / ".DS_Store").touch()
    assert not grade.name_misnamed(Console(width=200), room)
    (room.submitted / "ada" / "toy.ipynb").touch()
    (room.submitted / "bob" / "Toy").mkdir(parents=True)
    assert grade.name_misnamed(Console(width=200), room)
    told = capsys.readouterr().out
    assert "ada/toy.ipynb: not graded" in told and "bob/Toy: not graded" in told and "2 stray files" in told


@pytest.mark.parametrize(("word", "code"), [("graded", 0), ("unchanged", 0), ("unreadable", 0), ("failed", 1)])
def test_the_exit_code_says_whether_everybody_got_a_result(room, gradings, word, code):
    """An unreadable submission has a result, of zero; only where the grader failed the command fails too."""
    gradings.word = word
    assert run_grade(room) == code


@pytest.mark.parametrize(("engine", "told"), [("sealed", False), ("plain", True), ("plain, without a sandbox", True)])
def test_grading_on_trust_is_told(room, gradings, capsys, engine, told):
    """Where code in a notebook could change its own verdict the command says so before it begins."""
    gradings.engine = engine
    run_grade(room)
    assert ("Scores rest on trust: see `autograder doctor --classroom " in capsys.readouterr().out) is told


# -- What is printed ---------------------------------------------------------------------------------------------------


def submission(student, lab="toy"):
    return Submission(student, lab, Classroom("room").submitted / student / lab)


def printed(terminal, call, width=60):
    """Return what a function prints on a narrow console."""
    stream = io.StringIO()
    call(Console(file=stream, force_terminal=terminal, width=width))
    return stream.getvalue()


def progress(console):
    """Grade two submissions with progress."""
    outcomes = [
        Outcome(submission("ada"), "graded", seconds=1.26),
        Outcome(submission("[bold]bob"), "unreadable", f"toy.ipynb {'very ' * 20}long"),
    ]
    yielded = grade.with_progress(console, [outcome.submission for outcome in outcomes], lambda handed_in: outcomes)
    assert list(yielded) == outcomes


def test_each_submission_has_a_line_where_there_is_no_terminal():
    """In a log each outcome is one whole line, whatever the width, and names are no markup."""
    assert printed(False, progress).splitlines() == [
        "[1/2] ada/toy graded in 1.3 s",
        f"[2/2] [bold]bob/toy unreadable in 0.0 s: toy.ipynb {'very ' * 20}long",
    ]


def test_a_terminal_has_a_bar_and_no_lines():
    """On a terminal a bar counts the submissions, says which was the last, and leaves no line for each."""
    text = printed(True, progress)
    assert "last: [bold]bob/toy" in text
    assert "Grading" in text and "2/2" in text
    assert "[1/2]" not in text


def row(student, score, findings=(), **results):
    return Row(student, score, 8.0, results, list(findings))


def summary(results, outcomes, width=60):
    return printed(
        False,
        lambda console: grade.print_summary(console, results, grade.Tally(outcomes), Classroom("room"), 83.4),
        width,
    )


def test_the_summary_counts_what_happened():
    """One line counts the submissions by what became of them; what did not happen is not counted."""
    words = ["graded", "failed", "graded", "unchanged"]
    text = summary([], [Outcome(submission(str(number)), word) for number, word in enumerate(words)])
    assert "4 submissions in 83 s: 2 graded, 1 unchanged, 1 failed.\n" in text
    reports = Classroom("room").reports
    assert text.endswith(f"Report: {reports / 'index.html'}; scores: {reports / 'grades.csv'}\n")
    assert "\n1 submission in 83 s: 1 failed.\n" in "\n" + summary([], [Outcome(submission("ada"), "failed")])


def test_the_summary_tells_changed_points_and_failures():
    """Points that a regrade changed, and where the grader stumbled, each have a line that is not wrapped."""
    changed = Outcome(submission("ada"), "graded", changed={"square": (3.0, 1.5)})
    failed = Outcome(submission("bob"), "failed", "OSError: [disk] full")
    lines = summary([], [changed, failed]).splitlines()
    assert "ada/toy: square changed from 3 to 1.5." in lines
    log = Classroom("room").reports / "grade.log"
    assert f"bob/toy: the grader failed, and it is left open: OSError: [disk] full. Details: {log}" in lines


def test_each_lab_has_a_line_and_each_submission_that_needs_a_person():
    """The table counts; who has nothing to be told about is in no line, and of many only the first are."""
    points = {"square": 8.0}
    rows = [
        row("ada", 8.0),
        row("bob", 5.5, ["First thing."], square=Result(0.0, 8.0, "failed", "wrong.", findings=["Second thing."])),
        row("cy", 0.0, ["Nothing could be graded."]),
        row("\x1b[31mdan", 6.0, ["Only thing."]),
        row("eve", 2.0, square=Result(0.0, 8.0, "missing", "waits to be graded by hand.")),
        Row("fay", 0.0, 8.0, {}, ["not graded yet."], open=True),
        *(Row(f"zoe{number}", 0.0, 8.0, {}, ["Nothing was handed in."], absent=True) for number in range(4)),
    ]
    outcomes = [Outcome(submission("ada"), "graded"), Outcome(submission("cy"), "unreadable", "toy.ipynb is empty.")]
    lines = summary([LabResults("toy", "Toy", points, rows)], outcomes, width=200).splitlines()
    [cells] = [line for line in lines if "│" in line]
    assert [cell.strip() for cell in cells.split("│")[1:-1]] == ["toy", "6", "4", "1", "54%", "1", "5"]
    assert [line for line in lines if "/toy, " in line] == [
        "cy/toy, 0 of 8: unreadable: toy.ipynb is empty.",
        "bob/toy, 5.5 of 8: First thing. (and 1 more)",
        r"\x1b[31mdan/toy, 6 of 8: Only thing.",
        "eve/toy, 2 of 8: square waits to be graded by hand.",
        "fay/toy, open: not graded yet.",
    ]
    many = LabResults("toy", "Toy", points, (row(f"ada{number}", 0.0, ["A thing."]) for number in range(2000)))
    lines = summary([many], [], width=200).splitlines()
    assert len(lines) < 20 and "toy: 1990 remarks more are in the report." in lines


def test_the_names_of_labs_are_whole_in_80_columns():
    """The longest name of the course stands in one line, in a class of thousands."""
    lab = LabResults("lab4_overfitting_dropout", "Lab 4", {}, (row(f"ada{number}", 8.0) for number in range(2000)))
    assert any("│ lab4_overfitting_dropout │   2000 │" in line for line in summary([lab], [], width=80).splitlines())


def test_what_was_not_graded_since_the_lab_changed_is_told():
    """Its points are those of the lab as it was."""
    old = row("ada", 8.0)
    old.outdated = True
    told = "toy: 1 of 1 was graded by the lab as it was before it was changed: run `autograder grade`, with --yes"
    assert told in summary([LabResults("toy", "Toy", {}, [old])], [], width=200)


def test_what_a_terminal_obeys_is_spelled_out():
    """A reason or a finding that holds escape sequences or line breaks changes neither colours nor lines."""
    outcome = Outcome(submission("ada"), "failed", "ValueError: \x1b[2J\x9b31m\x07\n")
    rows = [row("ada", 0.0, ["A thing."]), row("bob", 0.0, ["\x1b[31mred"])]
    text = summary([LabResults("toy", "Toy", {}, rows)], [outcome], 200)
    assert not any(sign in text for sign in ("\x1b", "\x9b", "\x07"))
    assert text.count(r"ValueError: \x1b[2J\x9b31m\x07\n") == 2 and r"\x1b[31mred" in text


def test_an_outcome_belongs_to_its_own_lab():
    """What became of a student's work on one lab is no remark about that on another."""
    labs = [LabResults(name, name, {}, [row("ada", 0.0, ["A thing."])]) for name in ("lab1", "lab2")]
    lines = summary(labs, [Outcome(submission("ada", "lab2"), "failed", "disk full")], width=200).splitlines()
    assert "ada/lab1, 0 of 8: A thing." in lines and "ada/lab2, 0 of 8: failed: disk full" in lines


def test_summary_names_lab_and_file(room, monkeypatch, capsys):
    """The table has the lab with its numbers; the last line names the report."""
    monkeypatch.setattr(grade, "load_config", toy.toy_config)
    assert run_grade(room, toy.LAB) == 0
    text = capsys.readouterr().out
    assert toy.LAB in text and "100%" in text
    assert "index.html" in text
