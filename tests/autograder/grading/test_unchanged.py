"""What was graded already is found by stamp and gradebook together."""

import shutil

import pytest

from autograder.grading import stamps
from autograder.grading.lateness import FILE
from autograder.grading.outcome import Outcome
from autograder.grading.steps import Steps
from autograder.grading.submissions import submissions
from autograder.grading.unchanged import page_of
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
    assert steps.unchanged([ada]) == {ada} and not steps.page_is_outdated(ada) and steps.before.lost == []
    ada, steps = again(graded, regrade=True)
    assert steps.unchanged([ada]) == set() and steps.before.lost == []


@pytest.mark.parametrize(
    ("part", "unchanged", "lost", "outdated"),
    [(stamps.POINTS, False, True, False), (stamps.DUE, False, False, False), (stamps.SHOWN, True, False, True)],
)
def test_each_part_of_the_gradebook_counts(graded, part, unchanged, lost, outdated):
    """Other points: they were lost. Another due date: not the same. What a person gave: only the page is old."""
    ada, steps = again(graded)
    path = stamps.stamp_path(steps.classroom, ada)
    stamp = stamps.read_stamp(path)
    stamps.write_stamp(path, {**stamp, part: "other"})
    try:
        assert steps.unchanged([ada]) == ({ada} if unchanged else set())
        assert steps.before.lost == ([ada] if lost else []) and steps.page_is_outdated(ada) == outdated
        if outdated:
            steps.finish(Outcome(ada, "unchanged"), 0.0)
            assert stamps.read_stamp(path) == stamp
    finally:
        stamps.write_stamp(path, stamp)


def test_a_page_that_is_gone_is_made_again(graded):
    """The submission counts as changed."""
    ada, steps = again(graded)
    page = page_of(steps.classroom, ada)
    kept = shutil.move(page, page.with_suffix(".kept"))
    try:
        assert steps.unchanged([ada]) == set()
    finally:
        shutil.move(kept, page)


@pytest.mark.parametrize(("before", "file", "due"), [("2026-11-01", True, True), ("", False, True), ("", True, False)])
def test_a_new_due_date_alone_asks_for_no_run(graded, monkeypatch, before, file, due):
    """Only with the first one a file that does not tell when is a finding, for which the submission is graded again."""
    ada, steps = again(graded)
    path = stamps.stamp_path(steps.classroom, ada)
    stamp = stamps.read_stamp(path)
    if file:
        (ada.folder / FILE).write_text("yesterday")
    stamps.write_stamp(path, {**stamp, **stamps.new_stamp(steps.classroom, ada, steps.engine), stamps.DUE: before})
    held = stamps.recorded
    monkeypatch.setattr(stamps, "recorded", lambda standing: {**held(standing), stamps.DUE: "2026-11-09"})
    try:
        assert steps.unchanged([ada]) == set() and steps.before.due == ({ada} if due else set())
        assert steps.before.lost == []
    finally:
        stamps.write_stamp(path, stamp)
        (ada.folder / FILE).unlink(missing_ok=True)
