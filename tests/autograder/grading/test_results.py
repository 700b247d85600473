"""Results of a class: outcomes follow the points, and everybody has a row, whoever handed in."""

import copy
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.api import Gradebook

from autograder.classroom import Classroom
from autograder.grading.results import NOTHING, LabResults, Result, Row, points_of, rows_of
from tests.autograder import toy

pytestmark = pytest.mark.filterwarnings("ignore")  # nbgrader's own
POINTS = {name: points for name, (points, _) in toy.EXERCISES.items()}


@pytest.fixture(scope="module")
def built_toy(tmp_path_factory):
    """The toy lab, built once."""
    return toy.make_classroom(tmp_path_factory.mktemp("results") / "room")[0]


@pytest.fixture
def course(built_toy, tmp_path):
    """A copy in which nobody was graded; returns the classroom and its configuration."""
    shutil.copytree(built_toy.root, tmp_path / "room")
    classroom = Classroom(tmp_path / "room")
    return classroom, toy.toy_config(classroom)


def rows(classroom, config):
    return list(rows_of(classroom, config, toy.LAB, POINTS))


def failed(classroom, config, student):
    """Hand in a submission and record that it could not be graded."""
    toy.record(classroom, config, student, nothing="Nothing could be graded.")


@pytest.mark.parametrize(
    ("score", "status", "outcome"),
    [
        (2.0, "passed", "passed"),
        (2.0, "failed", "passed"),
        (3.0, "missing", "passed"),
        (0.5, "partial", "partial"),
        (0.5, "error", "partial"),
        (0.0, "failed", "failed"),
        (0.0, "error", "failed"),
        (0.0, "unfinished", "unfinished"),
        (0.0, "missing", "unfinished"),
        (0.0, "skipped", "unfinished"),
    ],
)
def test_points_decide_about_the_outcome(score, status, outcome):
    """Points go before the test's own status, as those given by hand count; the status tells zero points apart."""
    assert Result(score, 2.0, status).outcome == outcome


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Result(2.0, 2.0, "passed", "right."), ""),
        (Result(2.0, 2.0, "passed", "right.", findings=["It was put back."]), "It was put back."),
        (Result(0.0, 2.0, "failed", "wrong."), "wrong."),
        (
            Result(1.0, 2.0, "partial", "half.", findings=["It was put back.", "Twice."]),
            "half. It was put back. Twice.",
        ),
        (Result(0.0, 2.0, "failed", "", findings=["It was put back."]), "It was put back."),
    ],
)
def test_what_there_is_to_say_about_an_exercise(result, words):
    """What passed needs no message; findings follow the message in one line."""
    assert result.in_words == words


def test_a_row_gathers_its_findings():
    """Findings of the submission come before those of its exercises, in the exercises' order."""
    results = {
        "a": Result(0.0, 1.0, "failed", findings=["second"]),
        "b": Result(0.0, 1.0, "failed", findings=["third"]),
    }
    assert Row("ada", 0.0, 2.0, results, ["first"]).all_findings == ["first", "second", "third"]


@pytest.mark.parametrize(("score", "max_score", "percent"), [(6.0, 8.0, 75.0), (0.0, 8.0, 0.0), (0.0, 0.0, 0.0)])
def test_a_row_has_a_share_in_percent(score, max_score, percent):
    """The share of the points is in percent, and 0 where there are none to earn."""
    assert Row("ada", score, max_score, {}, []).percent == percent


def test_a_lab_is_worth_its_exercises():
    """What can be earned in a lab is what can be earned in its exercises together."""
    assert LabResults("toy", "Toy", POINTS, []).max_score == 8.0


def test_nobody_has_a_row_before_anybody_is_graded(course):
    """Submissions that wait for their first grading are no results; what can be earned is known from the release."""
    classroom, config = course
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    assert points_of(config, toy.LAB) == POINTS and rows(classroom, config) == []


def test_everybody_has_a_row_once_somebody_is_graded(course):
    """Students are in order: those who handed in nothing, and the graded, whose folder may be gone since."""
    classroom, config = course
    for student in ("bob", "gone"):
        failed(classroom, config, student)
    (classroom.submitted / "ada").mkdir()
    shutil.rmtree(classroom.submitted / "gone")
    absent, graded, gone = rows(classroom, config)
    assert [row.student for row in (absent, graded, gone)] == ["ada", "bob", "gone"]
    assert (absent.score, absent.max_score, absent.findings) == (0.0, 8.0, [NOTHING])
    assert absent.results == {name: Result(0.0, most, "missing", NOTHING) for name, most in POINTS.items()}
    for row in (graded, gone):
        assert (row.score, row.max_score, row.findings) == (0.0, 8.0, ["Nothing could be graded."])
        assert row.results["double"] == Result(0.0, 2.0, "missing", "double: Nothing could be graded.")


def test_what_is_missing_is_no_zero_until_somebody_says_so(course):
    """Without a word or a due date that is over, it counts in no number of the class; the row stays the same."""
    classroom, config = course
    failed(classroom, config, "bob")
    (classroom.submitted / "ada").mkdir()

    def summed_up(config):
        lab = LabResults("toy", "Toy", POINTS, rows_of(classroom, config, toy.LAB, POINTS))
        return lab.absent, list(lab.percents), lab.outcomes["square"].total()

    assert summed_up(config) == (1, [0.0], 1)
    zero = copy.deepcopy(config)
    zero.Lateness.missing_is_zero = True
    assert summed_up(zero) == (1, [0.0, 0.0], 2)
    for days, counted in ((1, 1), (-1, 2)):
        with Gradebook(f"sqlite:///{classroom.gradebook}") as gradebook:
            due = datetime.now(UTC).replace(tzinfo=None) + timedelta(days=days)
            gradebook.update_or_create_assignment(toy.LAB, duedate=due)
        assert summed_up(config) == (1, [0.0] * counted, counted)


def test_an_exercise_without_a_test_waits_for_its_points(course):
    """Where the graded notebook has no test of an exercise, the row says that it waits, until it has points."""
    classroom, config = course
    failed(classroom, config, "ada")
    (classroom.autograded / "ada" / toy.LAB / f"{toy.LAB}.ipynb").unlink()
    [row] = rows(classroom, config)
    assert row.results["square"] == Result(0.0, 3.0, "missing", "waits to be graded by hand.") and row.findings == []
    with Gradebook(f"sqlite:///{classroom.gradebook}") as gradebook:
        gradebook.find_grade("square", toy.LAB, toy.LAB, "ada").manual_score = 2.5
        gradebook.db.commit()
    [row] = rows(classroom, config)
    assert row.score == 2.5 and row.results["square"] == Result(2.5, 3.0, "missing", "")


def test_a_large_class_is_summed_up_and_not_kept():
    """Of a class of thousands all are counted, and only the rows of the first, and of the first with a remark, stay."""
    fail = {"square": Result(0.0, 8.0, "failed", diagnosis="sign_lost")}

    def people():
        for number in range(5000):
            found = ["It was put back."] if number % 2 else []
            yield Row(
                f"ada{number:04}",
                4.0 * (number % 3),
                8.0,
                fail,
                found,
                open=number % 5 == 0,
                absent=number % 5 == 1,
                engine="sealed",
            )

    lab = LabResults("toy", "Toy", {"square": 8.0}, people())
    assert (lab.students, lab.open, lab.absent, len(lab.percents)) == (5000, 1000, 1000, 3000)
    assert lab.mistakes["square"] == {"sign_lost": 3000} == {"sign_lost": lab.outcomes["square"]["failed"]}
    assert len(lab.rows) == len(lab.noted) == 1000 < lab.remarks and lab.engines == {"sealed": 5000}
    assert lab.rows[-1].student == "ada0999" and all(row.remark for row in lab.noted)
