"""What this machine can isolate, by trying it, and what would help where it cannot."""

import sys
from collections.abc import Iterator

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.sandbox.host import Need, Server, in_sight
from autograder.sandbox.look import TrialResult


def trials(classroom: Classroom) -> Iterator[TrialResult]:
    """Try each isolation as grading does when it starts. Where there is no sandbox at all, that is the only result."""
    if sys.platform != "linux":
        help_text = "grade on Linux; here each submission gets a kernel of its own, without a sandbox"
        yield TrialResult("sandbox", "no", help_text)
        return
    root = classroom.root.resolve()
    try:
        need = Need((), 1024, private=str(root) if in_sight(root) else "")
        server = Server(need)
    except CourseError as error:
        yield TrialResult("sandbox", "no", str(error))
        return
    try:
        yield TrialResult("sandbox", "yes", "")
        yield from server.look([root], need)
    finally:
        server.close()
