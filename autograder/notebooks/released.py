"""A lab's notebooks as they were built: the truth about which cells a submission should have, found by ``grade_id``."""

import ast
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.errors import CourseError
from autograder.notebooks.cells import graded_cells, is_graded, is_solution, is_task, nbgrader_data
from autograder.words import command


def released_notebook(config: Config, lab: str, shared: bool = False) -> NotebookNode:
    """Return a fresh copy of a lab's notebook as it was released.

    Args:
        config: nbgrader's configuration, which knows the classroom.
        shared: return the one that all who ask so get, and that nobody may change.

    Raises:
        CourseError: it was never built.
    """
    return _built_notebook(config, "release", lab, shared)


def earlier_notebooks(config: Config, lab: str) -> list[NotebookNode]:
    """Return the notebooks that were released of a lab before it was mended."""
    folder = Path(CourseDirectory(config=config).root) / "earlier" / lab
    return [_read(str(path), path.stat().st_mtime_ns) for path in sorted(folder.glob("*.ipynb"))]


def was_mended(config: Config, lab: str) -> bool:
    """Return whether a lab had other points when work on it came in; with another text alone scores stay the same."""
    now = points_in(released_notebook(config, lab, shared=True))
    return any(points_in(notebook) != now for notebook in earlier_notebooks(config, lab))


def points_of_file(path: Path) -> dict[str, float]:
    """Return what can be earned in a released notebook; nothing where it is missing or damaged, as grading says."""
    try:
        return points_in(_read(str(path), path.stat().st_mtime_ns))
    except (OSError, ValueError, AttributeError):
        return {}


def points_in(notebook: NotebookNode) -> dict[str, float]:
    """Return what can be earned in a notebook, by grade id."""
    return {
        grade_id: float(nbgrader_data(cell)["points"])
        for grade_id, cell in graded_cells(notebook).items()
        if is_graded(cell) or is_task(cell)
    }


def source_notebook(config: Config, lab: str, shared: bool = False) -> NotebookNode:
    """Return a fresh copy of a lab's notebook with solutions and hidden tests; see ``released_notebook``."""
    return _built_notebook(config, "source", lab, shared)


def _built_notebook(config: Config, folder: str, lab: str, shared: bool) -> NotebookNode:
    course = CourseDirectory(config=config)
    path = Path(course.format_path(getattr(course, f"{folder}_directory"), ".", lab)) / f"{lab}.ipynb"
    try:
        notebook = _read(str(path), path.stat().st_mtime_ns)
        return notebook if shared else nbformat.from_dict(notebook)
    except FileNotFoundError:
        raise CourseError(
            f"{path} is missing, and submissions cannot be graded without it. "
            f"Run `{command(Path(course.root), 'build')}`."
        ) from None


@lru_cache(maxsize=32)
def _read(path: str, changed: int) -> NotebookNode:
    """Read a notebook, once for each time at which it was changed."""
    return nbformat.read(path, as_version=4)


def parameters(released: NotebookNode, name: str | list[str]) -> tuple[str, ...]:
    """Return the names of the parameters of a function that students write."""
    for cell in filter(is_solution, released.cells):
        with suppress(SyntaxError):
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    return tuple(argument.arg for argument in node.args.args)
    return ()
