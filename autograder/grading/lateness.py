"""When a submission was handed in: what ``timestamp.txt`` in its folder says, where the course trusts that file; and
what it means that nothing was.

nbgrader's tools write the file when they collect work. A student can put one into what is handed in as well, and no
tool of ours can tell the two apart.
"""

import os
import re
import stat
from datetime import datetime

from nbgrader.utils import parse_utc
from traitlets import Bool
from traitlets.config import Configurable

from autograder.grading.submissions import Submission

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
