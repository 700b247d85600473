"""What this machine can isolate, by trying it, and what would help where it cannot."""

from functools import lru_cache
from pathlib import Path

from autograder.errors import CourseError
from autograder.sandbox.host import Need, Server
from autograder.sandbox.look import SANDBOX, TrialResult, no_sandbox


@lru_cache(maxsize=8)
def trials(need: Need, classroom: Path) -> tuple[TrialResult, ...]:
    """Try each isolation, once, as grading does when it starts; without any sandbox, that is the only result.

    Args:
        need: what submissions need; servers of the same walls are alike whatever they import.
        classroom: a folder of which nothing must be seen.
    """
    try:
        server = Server(need)
    except CourseError as error:
        return (no_sandbox(str(error)),)
    try:
        return (TrialResult(SANDBOX, "yes", ""), *server.look([classroom], need))
    finally:
        server.close()
