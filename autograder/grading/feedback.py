"""Feedback for a student: one page with the points, the findings and the graded notebook, and no hidden test.

nbgrader's own ``generate_feedback`` and the formgrader use it too, through ``nbgrader_config.py``.
"""

import copy
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from bleach import ALLOWED_TAGS
from bleach.css_sanitizer import ALLOWED_CSS_PROPERTIES, CSSSanitizer
from bleach.sanitizer import Cleaner
from markupsafe import Markup, escape
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode, from_dict
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from pygments.formatters import HtmlFormatter
from traitlets import Bool, List
from traitlets.config import Config

from autograder.grading.formulas import OPEN, markdown_to_html
from autograder.nbgrader_patches import PageExporter, SubmissionFeedback
from autograder.notebooks import verdicts
from autograder.notebooks.cells import graded_cells, is_test, nbgrader_data
from autograder.notebooks.findings import findings
from autograder.notebooks.released import released_notebook
from autograder.settings import TEMPLATES
from course_utils.recording import RECORDED, recorded_tests
from course_utils.verdict import LOOK

SHOWN = ("image/png", "image/jpeg", "text/html", "text/markdown", "text/latex", "text/plain")
PLAINLY_SHOWN = ("image/png", "image/jpeg", "text/plain")
TAGS = {
    *ALLOWED_TAGS,
    *("br", "caption", "center", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "figcaption", "figure"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "ins", "kbd", "mark", "p", "pre", "s", "small", "span", "sub"),
    *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "var"),
}
CSS = ALLOWED_CSS_PROPERTIES | {"max-width", "margin", "padding", "border-left", "opacity", "text-align"}


class StudentView(NbGraderPreprocessor):
    """Replaces test cells by their released text and verdict, and drops all that a browser would run."""

    display_data_priority = List(help="Set by the exporter for all its steps.").tag(config=True)
    plain = Bool(False, help="Show outputs as plain text and pictures only.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        about = resources["nbgrader"]
        released = graded_cells(released_notebook(self.config, about["assignment"]))
        rows = []
        for cell in nb.cells:
            if is_test(cell):
                rows.append(_show_verdict(nb, cell, released))
            elif cell.cell_type == "code":
                kinds = PLAINLY_SHOWN if self.plain else SHOWN
                cell.outputs = [safe(output, kinds) for output in cell.outputs]
        about["exercises"] = rows
        about["findings"] = findings(nb, "")
        about["title"] = lab_title(about["assignment"])
        about["colours"] = HtmlFormatter().get_style_defs(".highlight")
        return nb, resources


def _show_verdict(nb: NotebookNode, cell: NotebookNode, released: dict[str, NotebookNode]) -> dict[str, Any]:
    """Make a test cell fit for a student's eyes and return what its line in the overview says."""
    data = nbgrader_data(cell)
    grade_id = data["grade_id"]
    cell.source = released[grade_id].source if grade_id in released else ""
    verdict = verdicts.read_or_zero(cell)
    cell.outputs = []
    _, sign, word = LOOK[verdict.status]
    score = data.get("score", verdict.score)
    row = {
        "grade_id": grade_id,
        "title": title(grade_id),
        "status": verdict.status,
        "sign": sign,
        "word": word,
        "message": verdict.message,
        "score": score,
        "points": data["points"],
        "by_hand": abs(score - verdict.score) > 1e-9,
        "findings": findings(nb, grade_id),
    }
    cell.metadata["verdict"] = from_dict(row)
    return row


class FeedbackExporter(PageExporter):
    """Writes the feedback page with the course's own template."""

    plain = Bool(False, help="Show texts as they are.").tag(config=True)

    @property
    def default_config(self) -> Config:
        # A section of this class outranks the one of HTMLExporter, into which nbgrader writes its own template.
        config = super().default_config
        config["FeedbackExporter"].update(template_name="course_feedback", extra_template_basedirs=[str(TEMPLATES)])
        return config

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        yield from super().default_filters()
        yield "prose", as_it_is if self.plain else prose
        yield "inline", inline
        yield "highlighted", as_it_is if self.plain else highlighted
        if self.plain:
            yield "ansi2html", escape


def title(grade_id: str) -> str:
    """Return an exercise's name for people: its title and framework, where the lab records them."""
    if grade_id not in recorded_tests():
        return grade_id
    test = recorded_tests()[grade_id][1]
    spelling = re.search(r"\(.*\)$", test["label"])
    return f"{test['title']} {spelling[0]}" if spelling else test["title"]


def lab_title(lab: str) -> str:
    """Return a lab's title for people, which the build records."""
    path = RECORDED / f"{lab}.json"
    return _recorded_title(path, path.stat().st_mtime_ns) if path.exists() else lab


@lru_cache(maxsize=32)
def _recorded_title(path: Path, changed: int) -> str:
    return json.loads(path.read_text(encoding="utf-8"))["title"]


def inline(text: str) -> Markup:
    """Return plain text as HTML in which what stands in backticks is set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


@lru_cache(maxsize=2048)  # most cells are the same in every notebook
def highlighted(source: str) -> str:
    """Return Python as HTML, its words in colours; the lexer for IPython takes minutes for some texts."""
    return Highlight2HTML(pygments_lexer="python3")(source)


@lru_cache(maxsize=2048)  # most of a lab's prose is the same in every notebook
def prose(source: str) -> str:
    """Return Markdown as clean HTML, with its formulas as MathML."""
    return markdown_to_html(source, clean)


def clean(html: str) -> str:
    """Return HTML without anything that a browser would run or fetch."""
    html = re.sub(r"(?is)<(script|style)\b.*?</\1\s*>", "", html)
    return Cleaner(
        TAGS,
        _attribute,
        protocols={"http", "https", "mailto", "data"},
        strip=True,
        css_sanitizer=CSSSanitizer(allowed_css_properties=CSS),
    ).clean(html)


def _attribute(tag: str, name: str, value: str) -> bool:
    if OPEN in value:
        return False
    if name == "src":
        return tag == "img" and value.startswith("data:image/")
    if name == "href":
        return tag == "a" and re.match(r"(https?:|mailto:|#)", value) is not None
    return name in {"alt", "class", "colspan", "height", "open", "rowspan", "style", "title", "width"}


def as_it_is(source: str) -> str:
    """Return a text as HTML that shows it as it is."""
    return f"<pre>{escape(source)}</pre>"


def safe(output: NotebookNode, kinds: tuple[str, ...] = SHOWN) -> NotebookNode:
    """Return an output in its best form that no browser runs."""
    if "data" not in output:
        return output
    data = output.data
    kind = next((kind for kind in kinds if kind in data), None)
    output.data = from_dict({kind: clean(data[kind]) if kind == "text/html" else data[kind]} if kind else {})
    return output


def write_feedback(config: Config, student: str, lab: str, plain: bool = False) -> None:
    """Write one student's feedback through nbgrader, replacing an earlier one.

    Args:
        plain: show texts as they are, since they cannot be set.
    """
    if plain:
        config = copy.deepcopy(config)
        config.FeedbackExporter.plain = True
        config.StudentView.plain = True
    course = CourseDirectory(config=config, student_id=student, assignment_id=lab)
    SubmissionFeedback(coursedir=course, config=config, force=True).start()
