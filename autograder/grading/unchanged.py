"""Which submissions were graded already just as they would be graded now, by their stamps and by the gradebook."""

import os
from datetime import datetime
from pathlib import Path

from traitlets.config import Config

from autograder import gradebook
from autograder.classroom import Classroom
from autograder.gradebook import Standing
from autograder.gradebook_batch import extend
from autograder.grading import stamps
from autograder.grading.lateness import FILE, extensions_of
from autograder.grading.solutions import shown_since
from autograder.grading.submissions import Submission

Stamps = dict[Submission, dict[str, str]]


class Unchanged:
    """Compares the submissions of one grading with what was graded before.

    Args:
        regrade: nothing counts as graded before.

    Attributes:
        due: graded before just as now, but until when they may be handed in has changed: they need not run again.
        lost: graded before, but the gradebook no longer held these points.
        shown: what a page should show now, where it shows something else.
    """

    def __init__(self, classroom: Classroom, config: Config, regrade: bool):
        self.classroom, self.config, self.regrade = classroom, config, regrade
        self.due: set[Submission] = set()
        self.lost: list[Submission] = []
        self.shown: dict[Submission, str] = {}
        self._solutions_since: dict[str, datetime | None] = {}

    def find(self, now: Stamps) -> set[Submission]:
        """Return what has been graded just as it would be graded now, and stands so in the gradebook.

        Args:
            now: the stamps that submissions would get.
        """
        extend(self.config, extensions_of(self.config, ((each.student, each.lab) for each in now)))
        stamped: Stamps = {}
        for submission, new in now.items():
            stamp = stamps.read_stamp(stamps.stamp_path(self.classroom, submission))
            recorded = {name: stamp.pop(name, "") for name in stamps.RECORDED}
            if not self.regrade and page_of(self.classroom, submission).exists() and stamp == new:
                stamped[submission] = recorded
        standings, same = self._standings(list(stamped)), set[Submission]()
        held = {submission: stamps.recorded(standings.get(submission)) for submission in stamped}
        for submission, (was, holds) in {each: (stamped[each], held[each]) for each in stamped}.items():
            if holds[stamps.POINTS] != was[stamps.POINTS]:
                self.lost.append(submission)
            elif holds[stamps.DUE] == was[stamps.DUE]:
                same.add(submission)
            # Where there is a due date for the first time, a file that does not tell when is a finding.
            elif (holds[stamps.DUE] and was[stamps.DUE]) or not os.path.lexists(submission.folder / FILE):
                self.due.add(submission)
        self.shown |= {
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
        if submission in self.shown:
            return True
        if submission.lab not in self._solutions_since:
            self._solutions_since[submission.lab] = shown_since(self.config, submission.lab)
        since = self._solutions_since[submission.lab]
        return since is not None and page_of(self.classroom, submission).stat().st_mtime < since.timestamp()


def page_of(classroom: Classroom, submission: Submission) -> Path:
    """Return where a submission's feedback page stands, or would stand."""
    return classroom.feedback / submission.student / submission.lab / f"{submission.lab}.html"
