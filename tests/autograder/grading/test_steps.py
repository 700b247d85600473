"""The steps of one submission, taken one after the other in one process."""

import shutil

import pytest

from autograder import gradebook
from autograder.classroom import Classroom
from autograder.grading.steps import Steps
from autograder.grading.submissions import submissions
from autograder.undo import Undo
from tests.autograder import toy
from tests.autograder.grading.test_record import RIGHT, silent

ZERO = dict.fromkeys(RIGHT, 0.0)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return toy.make_classroom(tmp_path_factory.mktemp("steps"))[0]


@pytest.fixture
def room(course, tmp_path):
    classroom = Classroom(shutil.copytree(course.root, tmp_path / "room"))
    for student in ("ada", "bob"):
        toy.hand_in(classroom, student, toy.answered(classroom))
    return classroom, silent(classroom)


def test_the_steps_of_one_submission(room, tmp_path):
    """Each has its trace; once all are taken, the submission is unchanged."""
    classroom, config = room
    seen, (ada, _) = [], submissions(classroom, toy.LAB)
    steps = Steps(classroom, config, observe=lambda submission, step, event: seen.append(f"{step} {event}"))
    assert steps.unchanged([ada]) == set()
    [outcome] = steps.record([(ada, steps.run(ada, tmp_path / "staged"))], tmp_path / "staged")
    outcome = steps.finish(outcome, steps.feedback(outcome))
    assert outcome.word == "graded" and gradebook.standing(config, toy.LAB, "ada").scores == ZERO
    assert seen == [f"{step} {event}" for step in ("run", "record", "feedback") for event in ("begins", "ends")]
    assert Steps(classroom, config).unchanged([ada]) == {ada}


def test_who_would_fall_is_held_back_and_the_others_are_recorded(room, tmp_path):
    """One transaction finds it and is taken back, the next one records the others; undo keeps theirs alone."""
    classroom, config = room
    toy.record(classroom, config, "ada")
    ada, bob = submissions(classroom, toy.LAB)
    steps = Steps(classroom, config)
    steps.confirm, steps.undo = (lambda falls: False), Undo(classroom, config)
    steps.unchanged([ada, bob])
    outcomes = steps.record([(each, steps.run(each, tmp_path / "staged")) for each in (ada, bob)], tmp_path / "staged")
    assert [(outcome.submission, outcome.word) for outcome in outcomes] == [(bob, "graded")]
    assert gradebook.standing(config, toy.LAB, "ada").scores == RIGHT
    assert gradebook.standing(config, toy.LAB, "bob").scores == ZERO
    [(held, _, fall)] = steps._held
    assert held == ada and (fall.before, fall.after) == (sum(RIGHT.values()), 0.0)
    assert "ada" not in (steps.undo.folder / "paths.jsonl").read_text() and not list(classroom.root.glob(".undo*"))
