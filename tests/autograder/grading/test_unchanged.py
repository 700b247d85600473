"""What was graded already is found by stamp and gradebook together."""

import shutil

import pytest

from autograder.grading import stamps
from autograder.grading.outcome import Outcome
from autograder.grading.steps import Steps
from autograder.grading.submissions import submissions
from tests.autograder import toy
from tests.autograder.grading.test_record import silent


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A classroom with one student who was graded; returns it and its configuration."""
    classroom, _ = toy.make_classroom(tmp_path_factory.mktemp("unchanged"))
    toy.hand_in(classroom, "ada", toy.answered(classroom))
    config, staged = silent(classroom), classroom.root / "staged"
    [ada], steps = submissions(classroom, toy.LAB), Steps(classroom, config)
    steps.unchanged([ada])
    [outcome] = steps.record([(ada, steps.run(ada, staged))], staged)
    steps.finish(outcome, steps.feedback(outcome))
    return classroom, config


def again(graded, **options):
    """Return the student's submission, and what looks at it once more."""
    classroom, config = graded
    [ada] = submissions(classroom, toy.LAB)
    return ada, Steps(classroom, config, **options)


def test_what_is_as_it_was_is_left_alone(graded):
    """Unless all is to be graded again; its page is as new as its grade."""
    ada, steps = again(graded)
    assert steps.unchanged([ada]) == {ada} and not steps.page_is_outdated(ada) and steps.lost == []
    ada, steps = again(graded, regrade=True)
    assert steps.unchanged([ada]) == set() and steps.lost == []


@pytest.mark.parametrize(
    ("part", "unchanged", "lost", "outdated"),
    [(stamps.POINTS, False, True, False), (stamps.DUE, False, False, False), (stamps.SHOWN, True, False, True)],
)
def test_each_part_of_the_gradebook_counts(graded, part, unchanged, lost, outdated):
    """Other points: they were lost. Another due date: graded again. What a person gave: only the page is old."""
    ada, steps = again(graded)
    path = stamps.stamp_path(steps.classroom, ada)
    stamp = stamps.read_stamp(path)
    stamps.write_stamp(path, {**stamp, part: "other"})
    try:
        assert steps.unchanged([ada]) == ({ada} if unchanged else set())
        assert steps.lost == ([ada] if lost else []) and steps.page_is_outdated(ada) == outdated
        if outdated:
            steps.finish(Outcome(ada, "unchanged"), 0.0)
            assert stamps.read_stamp(path) == stamp
    finally:
        stamps.write_stamp(path, stamp)


def test_a_page_that_is_gone_is_made_again(graded):
    """The submission counts as changed."""
    ada, steps = again(graded)
    page = steps._page(ada)
    kept = shutil.move(page, page.with_suffix(".kept"))
    try:
        assert steps.unchanged([ada]) == set()
    finally:
        shutil.move(kept, page)
