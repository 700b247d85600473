"""Which submissions were graded already just as they would be graded now, by their stamps and by the gradebook."""

from datetime import datetime
from pathlib import Path

from traitlets.config import Config

from autograder import gradebook
from autograder.classroom import Classroom
from autograder.gradebook import Standing
from autograder.gradebook_batch import extend
from autograder.grading import stamps
from autograder.grading.lateness import extensions_of
from autograder.grading.solutions import shown_since
from autograder.grading.submissions import Submission


class Unchanged:
    """Compares the submissions of one grading with what was graded before, and keeps their new stamps.

    Args:
        engine: how they are graded, in words.
        regrade: nothing counts as graded before.
    """

    def __init__(self, classroom: Classroom, config: Config, engine: str, regrade: bool):
        self.classroom, self.config, self.engine, self.regrade = classroom, config, engine, regrade
        self.lost: list[Submission] = []  # graded before, but the gradebook no longer held these points
        self._shown: dict[Submission, str] = {}  # what a page should show now, where it shows something else
        self._stamps: dict[Submission, dict[str, str]] = {}
        self._solutions_since: dict[str, datetime | None] = {}

    def unchanged(self, submissions: list[Submission]) -> set[Submission]:
        """Return what has been graded just as it would be graded now, and stands so in the gradebook."""
        extend(self.config, extensions_of(self.config, ((each.student, each.lab) for each in submissions)))
        stamped: dict[Submission, dict[str, str]] = {}
        for submission in submissions:
            self._stamps[submission] = stamps.new_stamp(self.classroom, submission, self.engine)
            stamp = stamps.read_stamp(stamps.stamp_path(self.classroom, submission))
            recorded = {name: stamp.pop(name, "") for name in stamps.RECORDED}
            if not self.regrade and self._page(submission).exists() and stamp == self._stamps[submission]:
                stamped[submission] = recorded
        standings = self._standings(list(stamped))
        held = {submission: stamps.recorded(standings.get(submission)) for submission in stamped}
        self.lost += [each for each in stamped if held[each][stamps.POINTS] != stamped[each][stamps.POINTS]]
        same = {
            each
            for each in stamped
            if all(held[each][name] == stamped[each][name] for name in (stamps.POINTS, stamps.DUE))
        }
        self._shown |= {
            each: held[each][stamps.SHOWN] for each in same if held[each][stamps.SHOWN] != stamped[each][stamps.SHOWN]
        }
        return same

    def _standings(self, submissions: list[Submission]) -> dict[Submission, Standing]:
        """Return what the gradebook holds of submissions."""
        standings: dict[Submission, Standing] = {}
        for lab in dict.fromkeys(submission.lab for submission in submissions):
            of_lab = {submission.student: submission for submission in submissions if submission.lab == lab}
            found = gradebook.standings_of(self.config, lab, list(of_lab))
            standings |= {of_lab[student]: standing for student, standing in found.items()}
        return standings

    def page_is_outdated(self, submission: Submission) -> bool:
        """Return whether a page was written before a person gave points or comments, or before solutions are shown."""
        if submission in self._shown:
            return True
        if submission.lab not in self._solutions_since:
            self._solutions_since[submission.lab] = shown_since(self.config, submission.lab)
        since = self._solutions_since[submission.lab]
        return since is not None and self._page(submission).stat().st_mtime < since.timestamp()

    def _page(self, submission: Submission) -> Path:
        return self.classroom.feedback / submission.student / submission.lab / f"{submission.lab}.html"
