"""When a submission was handed in: what ``timestamp.txt`` in its folder says, where the course trusts that file; until
when it may be; and what it means that nothing was.

nbgrader's tools write the file when they collect work. A student can put one into what is handed in as well, and no
tool of ours can tell the two apart.
"""

import os
import re
import stat
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from traitlets import Bool
from traitlets.config import Config, Configurable

from autograder.classroom import Classroom
from autograder.gradebook import deadline, due_and_extensions
from autograder.grading.submissions import Submission
from autograder.roster_file import roster_of

FILE = "timestamp.txt"
LONGEST = 64  # bytes of the file
# As nbgrader writes it, "2026-11-26 10:58:23.948203 UTC", and as ISO 8601 has it.
FORM = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?) ?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d|[A-Za-z]+(/[A-Za-z_]+){0,2})?"
)


class Lateness(Configurable):
    """What decides when a submission was handed in, and what is missing."""

    trust_timestamps = Bool(
        False,
        help="Whether `timestamp.txt` beside a notebook says when it was handed in. Only where the tool that collects "
        "work writes that file over one that a student handed in; otherwise a student decides when that was.",
    ).tag(config=True)
    missing_is_zero = Bool(
        False,
        help="Whether what was not handed in has 0 points. Otherwise it has none, and counts in no number of the class "
        "until the lab's due date is over.",
    ).tag(config=True)


def handed_in_at(submission: Submission) -> datetime | None:
    """Return the time (UTC) in a submission's ``timestamp.txt``, or None where there is no such file.

    Raises:
        ValueError: what is there is no time.
    """
    try:
        descriptor = os.open(submission.folder / FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError:
        raise ValueError("it is no file") from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("it is no file")
        text = os.read(descriptor, LONGEST + 1)
    finally:
        os.close(descriptor)
    if len(text) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} characters")
    return _parse(text.decode("ascii", "replace").strip())


def _parse(text: str) -> datetime:
    match = FORM.fullmatch(text)
    if match is None:
        raise ValueError("it is no time such as 2026-11-26 10:58:23 UTC")
    zone = match["zone"] or ""
    if zone[:1].isalpha() and zone != "Z":
        zone = f" {zone}"
    return parse_utc(match["time"].replace("T", " ") + zone)


def extensions_of(config: Config, work: Iterable[tuple[str, str]]) -> dict[tuple[str, str], timedelta]:
    """Return the extensions that the classroom's roster gives, by student and lab.

    Args:
        work: students and labs.

    Raises:
        CourseError: the roster cannot be read.
    """
    people = roster_of(Classroom(CourseDirectory(config=config).root)).people
    given = {(student, lab): people[student].extra_time(lab) for student, lab in work if student in people}
    return {key: time for key, time in given.items() if time is not None}


class Deadlines:
    """Until when each student may hand in one lab: what the roster gives holds before what the gradebook has.

    Times are in UTC, without a time zone, as nbgrader keeps them.
    """

    def __init__(self, config: Config, lab: str):
        self.due, held = due_and_extensions(config, lab)
        people = roster_of(Classroom(CourseDirectory(config=config).root)).people
        given = extensions_of(config, ((student, lab) for student in people))
        self._extensions = {**held, **{student: time for (student, _), time in given.items()}}

    def of(self, student: str) -> datetime | None:
        """Return until when a student may hand in, or None where nothing says so."""
        return deadline(self.due, self._extensions.get(student))

    def last(self) -> datetime | None:
        """Return when nobody may hand in any more, or None where nothing says so."""
        return deadline(self.due, max([timedelta(), *self._extensions.values()]))

    def is_over(self, student: str) -> bool:
        """Return whether a student may no longer hand in."""
        until = self.of(student)
        return until is not None and until < datetime.now(UTC).replace(tzinfo=None)

    def missing_is_zero(self, config: Config, student: str) -> bool:
        """Return whether nothing from this student has 0 points: by the instructor's word, or since it is too late."""
        return Lateness(config=config).missing_is_zero or self.is_over(student)
