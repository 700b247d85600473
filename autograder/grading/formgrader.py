"""The formgrader's page of one submission: nothing in it runs, and making it costs bounded time and memory."""

from collections.abc import Callable, Iterator
from typing import Any

import nbformat
from markupsafe import escape
from nbformat import NotebookNode

from autograder import limited
from autograder.formgrader_patches import TEMPLATES, CarefulLoader
from autograder.grading.rendering import as_typed, highlighted, plain, prose, safe
from autograder.nbgrader_patches import PageExporter


class SubmissionPage(PageExporter):
    """Writes a graded notebook into nbgrader's own template."""

    @property
    def default_config(self) -> Any:
        config = super().default_config
        config["SubmissionPage"].update(template_name="formgrade", extra_template_basedirs=[str(TEMPLATES)])
        return config

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        yield from super().default_filters()
        yield "markdown2html", prose
        yield "highlight_code", lambda source, metadata=None: highlighted(source)

    def _create_environment(self) -> Any:
        environment = super()._create_environment()
        environment.loader = CarefulLoader(environment.loader, "resources.nonce")
        return environment


class PlainPage(SubmissionPage):
    """Writes the same page with all text as it was typed, in no time that depends on what it says."""

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        yield from super().default_filters()
        yield "markdown2html", as_typed
        yield "highlight_code", lambda source, metadata=None: as_typed(source)
        yield "ansi2html", escape


def submission_page(path: str, values: dict[str, Any]) -> str:
    """Return the formgrader's page of a graded notebook, plain where making it takes too much time or memory.

    Args:
        values: what the template shows beside the notebook.
    """
    try:
        return limited.call(rich_page, path, values, limit=limited.RENDERING)
    except (limited.OverLimit, limited.Died):
        return limited.call(plain_page, path, values, limit=limited.RENDERING)


def rich_page(path: str, values: dict[str, Any]) -> str:
    """Return the page with its text set and its code in colours."""
    return _page(SubmissionPage(), path, values, safe)


def plain_page(path: str, values: dict[str, Any]) -> str:
    """Return the page with all text as it was typed, and a notebook's pictures."""
    return _page(PlainPage(), path, values, plain)


def _page(exporter: SubmissionPage, path: str, values: dict[str, Any], show: Callable[[NotebookNode], Any]) -> str:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(show, cell.outputs) if output.get("data", True)]
    return exporter.from_notebook_node(notebook, exporter._init_resources(values))[0]
