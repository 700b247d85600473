"""The log of a grading: what nbgrader and nbclient say, in a file instead of the terminal."""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOGGERS = ("traitlets", "alembic", "asyncio")
logger = logging.getLogger(LOGGERS[0])  # nbgrader's own, which its applications share


class _File(logging.FileHandler):
    """A log that says once, in a line, that its disk is full or broken, where ``logging`` prints a traceback each time.

    Args:
        told: whether it was said.
    """

    told = False

    def handleError(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self.told:
            self.told = True
            print(f"{self.baseFilename} is not whole: {error.strerror}.", file=sys.stderr)

    def close(self) -> None:
        with suppress(OSError):  # what is left to write does not fit
            super().close()


@contextmanager
def logging_into(path: Path) -> Iterator[None]:
    """Send into a file, made anew, what nbgrader and nbclient log; their warnings are dropped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = _File(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(log, log.handlers[:], log.propagate, log.level) for log in loggers]
    for log in loggers:
        log.handlers, log.propagate = [handler], False
        log.setLevel(logging.INFO)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for log, handlers, propagate, level in before:
            log.handlers, log.propagate = handlers, propagate
            log.setLevel(level)
        handler.close()
