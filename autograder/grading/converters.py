"""nbgrader's own ``autograde`` and ``generate_feedback``, and the formgrader's buttons, by the steps of our ``grade``.

So a submission is read, limited, graded and recorded in one way, whoever asks for it: links are not followed, what is
handed in lies in no folder that is served or given back, and one submission costs no other its grade.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import NbGraderException

from autograder.classroom import Classroom
from autograder.errors import CourseError, GraderFailure
from autograder.grading import apart
from autograder.grading.feedback import write_limited_feedback
from autograder.grading.lateness import Lateness, handed_in_at
from autograder.grading.outcome import Outcome
from autograder.grading.run import Grading
from autograder.grading.submissions import Submission, linked_students, misnamed, printable, submissions


class ClassAutograde(Autograde):
    """nbgrader's autograding of the submissions for one lab."""

    def start(self) -> None:
        lab, classroom = self.coursedir.assignment_id, Classroom(self.coursedir.root)
        for student in chosen(self.coursedir, linked_students(classroom)):
            self.log.error("%s is a link and was left out; hand in the files themselves.", printable(student))
        for student in chosen(self.coursedir, misnamed(classroom)):
            self.log.error("%s cannot be a student's id and was left out; rename the folder.", printable(student))
        handed_in = {each.student: each for each in submissions(classroom, lab) if os.path.lexists(each.folder)}
        students = chosen(self.coursedir, handed_in)
        if not students:
            raise _stopped(self, f"No submissions for {lab!r} were matched by {self.coursedir.student_id!r}")
        try:
            outcomes = list(self._outcomes(classroom, [handed_in[student] for student in students]))
        except (CourseError, GraderFailure) as problem:
            raise _stopped(self, str(problem)) from problem
        failed = [outcome for outcome in outcomes if not self._tell(outcome)]
        if failed:
            raise _stopped(self, f"{len(failed)} of {len(outcomes)} submissions could not be graded")

    def _outcomes(self, classroom: Classroom, chosen: list[Submission]) -> Iterator[Outcome]:
        """Grade submissions; for the formgrader, which lives in a process with threads, in a process of their own."""
        if isinstance(self.parent, NbGraderAPI):
            return apart.outcomes(classroom, self.config, self.force, chosen)
        return Grading(classroom, self.config, regrade=self.force).outcomes(chosen)

    def _tell(self, outcome: Outcome) -> bool:
        """Log how the grading of a submission went, and return whether it got a result."""
        good = outcome.word in ("graded", "unchanged")
        self.log.log(20 if good else 40, "%s: %s. %s", outcome.submission, outcome.word, printable(outcome.message))
        return good or outcome.word == "unreadable"


class ClassFeedback(GenerateFeedback):
    """nbgrader's feedback on the graded submissions for one lab."""

    def start(self) -> None:
        lab, classroom = self.coursedir.assignment_id, Classroom(self.coursedir.root)
        graded = sorted(path.parent.name for path in classroom.autograded.glob("*/*") if path.name == lab)
        students = chosen(self.coursedir, graded)
        if not students:
            raise _stopped(self, f"No graded submissions for {lab!r} were matched by {self.coursedir.student_id!r}")
        failed = [student for student in students if not self._written(classroom, student, lab)]
        if failed:
            raise _stopped(self, f"There is no feedback for {', '.join(map(printable, failed))}")

    def _written(self, classroom: Classroom, student: str, lab: str) -> bool:
        """Write the feedback for a student, unless it is there, and return whether it is there now."""
        page = classroom.feedback / student / lab / f"{lab}.html"
        if page.exists() and not self.force:
            self.log.info("Skipping existing feedback: %s", printable(str(page)))
            return True
        try:
            write_limited_feedback(self.config, student, lab)
        except Exception:
            self.log.exception("%s: no feedback", printable(student))
        return page.exists()


def listed_time(api: Any, lab: str, student: str) -> datetime | None:
    """Return when a submission was handed in as grading records it, for the formgrader's lists."""
    folder = Classroom(api.coursedir.root).submitted / student / lab
    try:
        return handed_in_at(Submission(student, lab, folder)) if Lateness(config=api.config).trust_timestamps else None
    except ValueError:
        return None


def chosen(course: Any, students: Iterable[str]) -> list[str]:
    """Return the students that a course directory names: the one of that name, else those that it fits."""
    students, wanted = list(students), course.student_id
    if wanted in students:
        return [wanted]
    excluded = course.student_id_exclude.split(",") if course.student_id_exclude else []
    return [student for student in students if fnmatchcase(student, wanted) and student not in excluded]


def _stopped(converter: Any, message: str) -> NbGraderException:
    converter.log.error(message)
    return NbGraderException(message)
