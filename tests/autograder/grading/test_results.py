"""Results of a class: outcomes follow the points, and everybody has a row, whoever handed in."""

import copy
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from nbgrader.api import Gradebook

from autograder.classroom import Classroom
from autograder.exporting.tables import read_grades
from autograder.grading import stamps
from autograder.grading.lab_results import LabResults, Result
from autograder.grading.results import NOTHING, points_of, rows_of
from autograder.grading.submissions import submission_of
from autograder.roster import Roster
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


def test_a_renamed_or_removed_folder_is_named_and_nobody_counts_twice(course):
    """The work counts where it lies now; a score whose work is gone stays, and both are said."""
    classroom, config = course

    def graded(student):
        failed(classroom, config, student)
        stamp = stamps.new_stamp(classroom, submission_of(classroom, student, toy.LAB), "sealed")
        stamps.write_stamp(classroom.autograded / student / toy.LAB / stamps.STAMP, stamp)

    graded("quo")
    (classroom.submitted / "quo").rename(classroom.submitted / "quo_vadis")
    toy.hand_in(classroom, "lat", toy.answered(classroom, half="return 0"))
    graded("quo_vadis")
    toy.record(classroom, config, "lat")
    shutil.rmtree(classroom.submitted / "lat")
    by_name = {row.student: row for row in rows(classroom, config)}
    assert {student: (row.scored, row.gone, row.moved_to) for student, row in by_name.items()} == {
        "lat": (True, True, ""),
        "quo": (False, True, "quo_vadis"),
        "quo_vadis": (True, False, ""),
    }
    lab = LabResults("toy", "Toy", POINTS, by_name.values())
    assert (lab.students, lab.absent, lab.open) == (2, 0, 0)  # quo and quo_vadis are one hand-in
    assert sorted(lab.percents) == [0.0, 100.0] and lab.gone_in_words == (
        "graded earlier, no folder now: quo (now quo_vadis), lat. The work of a renamed folder counts under its new "
        "name alone. What lat earned still counts."
    )
    lab.keep_remarks_of(["quo_vadis"])
    assert lab.gone_in_words == ""
    column = read_grades(classroom, config, Roster([]), [toy.LAB], [], {}).columns[0]
    assert column.scores == {"lat": 8.0, "quo_vadis": 0.0} and column.open == ()


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
    classroom.roster.write_text(f"id,name,extension\nada,Ada L,{toy.LAB}=2\nyan,Yan,\n")
    assert summed_up(config) == (2, [0.0, 0.0], 2)  # Ada still may hand in, Yan may not
    names = {row.student: (row.name, row.scored) for row in rows(classroom, config)}
    assert names == {"ada": ("Ada L", False), "bob": ("", True), "yan": ("Yan", True)}


def test_a_row_says_when_the_work_was_handed_in(course):
    """As the gradebook has it, which the platform or the time stamp told; nothing where nobody knows."""
    classroom, config = course
    failed(classroom, config, "ada")
    assert rows(classroom, config)[0].handed_in is None
    with Gradebook(f"sqlite:///{classroom.gradebook}") as gradebook:
        gradebook.find_submission(toy.LAB, "ada").timestamp = datetime(2026, 11, 26, 10, 58)
        gradebook.db.commit()
    assert rows(classroom, config)[0].handed_in == datetime(2026, 11, 26, 10, 58)


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
