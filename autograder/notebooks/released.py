"""A lab's notebooks as they were built: the truth about which cells a submission should have, found by ``grade_id``."""

from functools import lru_cache
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory

from autograder.errors import CourseError


def released_notebook(config, lab, notebook):
    """Return a fresh copy of a notebook as it was released.

    Args:
        config: nbgrader's configuration, which knows the classroom.

    Raises:
        CourseError: it was never built.
    """
    return _built(config, "release", lab, notebook)


def source_notebook(config, lab, notebook):
    """Return a fresh copy of a notebook with solutions and hidden tests; see ``released_notebook``."""
    return _built(config, "source", lab, notebook)


def _built(config, folder, lab, notebook):
    course = CourseDirectory(config=config)
    path = Path(course.format_path(getattr(course, f"{folder}_directory"), ".", lab)) / f"{notebook}.ipynb"
    try:
        return nbformat.from_dict(_read(str(path), path.stat().st_mtime_ns))
    except FileNotFoundError:
        raise CourseError(
            f"{path} is missing, and submissions cannot be graded without it. "
            "Run `autograder build` for this classroom."
        ) from None


@lru_cache(maxsize=32)
def _read(path, changed):
    return nbformat.read(path, as_version=4)
