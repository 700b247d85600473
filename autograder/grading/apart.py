"""Grading in a process of its own, for a program with threads such as Jupyter: a fork of one of those may hang."""

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, Any, BinaryIO, NamedTuple

from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.errors import GraderFailure
from autograder.grading.outcome import Outcome
from autograder.grading.run import Grading
from autograder.grading.submissions import Submission
from autograder.settings import PROJECT, load_config


class Work(NamedTuple):
    """What is to be graded.

    Args:
        config: pickled; empty where that cannot be done: then it is read anew.
    """

    classroom: Classroom
    config: bytes
    regrade: bool
    submissions: Sequence[Submission]


def outcomes(
    classroom: Classroom, config: Config, regrade: bool, submissions: Sequence[Submission]
) -> Iterator[Outcome]:
    """Grade submissions in a new process, which inherits no thread; yield outcomes as ``Grading`` does.

    Raises:
        GraderFailure: the process ended before all was graded.
        Exception: what grading raised.
    """
    work = Work(classroom, _pickled(config), regrade, submissions)
    command = [sys.executable, "-m", "autograder.grading.apart"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            with suppress(BrokenPipeError), process.stdin:
                process.stdin.write(pickle.dumps(work))
            while (answer := _received(process.stdout)) is not None:
                if isinstance(answer, Exception):
                    raise answer
                yield answer
        except GeneratorExit:  # nobody wants the rest; else it ends by itself, and leaves nothing behind
            process.terminate()
            raise


def _received(answers: IO[bytes]) -> Any:
    """Return the next outcome, an exception, or None at the end."""
    try:
        return pickle.load(answers)
    except (EOFError, OSError, pickle.UnpicklingError):
        return GraderFailure("the process that graded has ended before its work was done")


def _pickled(config: Config) -> bytes:
    """Return a configuration as bytes; none where it holds what only its own process knows."""
    try:
        return pickle.dumps(config)
    except (pickle.PicklingError, AttributeError, TypeError):
        return b""


def main() -> None:
    """Do the work that comes on standard input; write outcomes, and at the end an exception or None."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    logging.basicConfig(level=logging.WARNING)
    work: Work = pickle.load(sys.stdin.buffer)
    fresh = load_config(work.classroom)  # the settings file also says how nbgrader's own steps are replaced
    try:
        config = pickle.loads(work.config) if work.config else fresh
        for outcome in Grading(work.classroom, config, regrade=work.regrade).outcomes(work.submissions):
            _send(answers, outcome)
        _send(answers, None)
    except Exception as error:
        _send(answers, error)


def _send(answers: BinaryIO, value: object) -> None:
    try:
        text = pickle.dumps(value)
    except (pickle.PicklingError, AttributeError, TypeError):
        text = pickle.dumps(GraderFailure(repr(value)[:500]))
    answers.write(text)
    answers.flush()


if __name__ == "__main__":
    from autograder.grading import apart  # the same module under the name by which its classes are pickled

    apart.main()
