"""A lab's notebooks as they were built: the truth about which cells a submission should have, found by ``grade_id``."""

from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.errors import CourseError


def released_notebook(config: Config, lab: str) -> NotebookNode:
    """Return a fresh copy of a lab's notebook as it was released.

    Args:
        config: nbgrader's configuration, which knows the classroom.

    Raises:
        CourseError: it was never built.
    """
    return _built_notebook(config, "release", lab)


def source_notebook(config: Config, lab: str) -> NotebookNode:
    """Return a fresh copy of a lab's notebook with solutions and hidden tests; see ``released_notebook``."""
    return _built_notebook(config, "source", lab)


def _built_notebook(config: Config, folder: str, lab: str) -> NotebookNode:
    course = CourseDirectory(config=config)
    path = Path(course.format_path(getattr(course, f"{folder}_directory"), ".", lab)) / f"{lab}.ipynb"
    try:
        return nbformat.from_dict(_read(str(path), path.stat().st_mtime_ns))
    except FileNotFoundError:
        raise CourseError(
            f"{path} is missing, and submissions cannot be graded without it. "
            "Run `autograder build` for this classroom."
        ) from None


@lru_cache(maxsize=32)
def _read(path: str, changed: int) -> NotebookNode:
    """Read a notebook, once for each time at which it was changed."""
    return nbformat.read(path, as_version=4)
