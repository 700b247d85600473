"""The log of a grading: what nbgrader and nbclient say, in a file instead of the terminal."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOGGERS = ("traitlets", "alembic", "asyncio")
logger = logging.getLogger(LOGGERS[0])  # nbgrader's own, which its applications share


@contextmanager
def logging_into(path: Path) -> Iterator[None]:
    """Send into a file, made anew, what nbgrader and nbclient log; their warnings are dropped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
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
