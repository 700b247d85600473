"""Feedback for a student: one page with the points, the findings and the graded notebook, and no hidden test.

No file that was handed in is given back. What most pages of a class share is rendered once in a process.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import escape
from nbformat import NotebookNode, from_dict
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from pygments.formatters import HtmlFormatter
from traitlets import List
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder import gradebook, limited
from autograder.files import write_atomically
from autograder.gradebook import Standing
from autograder.grading import rendering
from autograder.grading.excused import EXCUSED, marked
from autograder.grading.rendering import as_typed, highlighted, inline, prose, safe
from autograder.grading.solutions import Solution, shown_since, solutions
from autograder.nbgrader_patches import PageExporter, SubmissionFeedback
from autograder.notebooks import verdicts
from autograder.notebooks.cells import graded_cells, is_graded, is_solution, is_task, is_test, nbgrader_data
from autograder.notebooks.findings import case, findings, is_unread
from autograder.notebooks.released import parameters, released_notebook
from autograder.settings import TEMPLATES
from course_utils.frameworks import LABELS
from course_utils.recording import RECORDED, recorded_tests
from course_utils.verdict import LOOK


class StudentView(NbGraderPreprocessor):
    """Replaces test cells by their released text and verdict, and drops all that a browser would run."""

    display_data_priority = List(help="Set by the exporter for all its steps.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        about = resources["nbgrader"]
        released = released_notebook(self.config, about["assignment"], shared=True)
        show = rendering.plain if about.get("plain") else safe
        rows, asked = [], graded_cells(released)
        for cell in nb.cells:
            if is_test(cell):
                rows.append(_show_verdict(nb, cell, released, asked))
            elif cell.cell_type == "code":
                cell.outputs = [show(output) for output in cell.outputs]
        about["exercises"] = rows
        about["findings"], about["unread"] = findings(nb, ""), is_unread(nb)
        about["title"] = lab_title(about["assignment"])
        about["colours"] = _colours()
        return nb, resources


def _show_verdict(
    nb: NotebookNode, cell: NotebookNode, released: NotebookNode, cells: dict[str, NotebookNode]
) -> dict[str, Any]:
    """Make a test cell fit for a student's eyes and return what its line in the overview says.

    Args:
        cells: the released ones, by grade id.
    """
    data = nbgrader_data(cell)
    grade_id = data["grade_id"]
    cell.source = cells[grade_id].source if grade_id in cells else ""
    verdict = verdicts.read_or_zero(cell)
    cell.outputs = []
    _, sign, word = LOOK[verdict.status]
    score = data.get("score", verdict.score)
    if grade_id in marked(nb) and not score:
        about = {"status": "skipped", "sign": LOOK["skipped"][1], "word": "excused", "message": EXCUSED.capitalize()}
        row = {"grade_id": grade_id, "title": title(grade_id), **about, "score": 0, "points": 0, "findings": []}
        cell.metadata["verdict"] = from_dict(row)
        return row
    said = (verdict.message.partition(": ")[2] or verdict.message) in findings(nb, "")  # once is enough
    row = {
        "grade_id": grade_id,
        "title": title(grade_id),
        "status": verdict.status,
        "sign": sign,
        "word": word,
        "message": "" if said else verdict.sentence or verdict.message,
        "score": score,
        "points": data["points"],
        "by_hand": abs(score - verdict.score) > 1e-9,
        "findings": findings(nb, grade_id),
        "case": noted_case(nb, grade_id, released),
    }
    cell.metadata["verdict"] = from_dict(row)
    return row


def noted_case(nb: NotebookNode, grade_id: str, released: NotebookNode) -> dict[str, Any] | None:
    """Return the case that a student may see of an exercise, its arguments by their names."""
    found = case(nb, grade_id)
    if found is None or grade_id not in recorded_tests():
        return None
    unnamed = sum(not name for name, _ in found["rows"])
    names = parameters(released, recorded_tests()[grade_id][1]["object"])
    if len(names) != unnamed:
        names = tuple(f"argument {number}" for number in range(1, unnamed + 1))
    left = iter(names)
    return {"message": found["message"], "rows": [[name or next(left), value] for name, value in found["rows"]]}


@lru_cache(maxsize=1)
def _colours() -> str:
    light, dark = (HtmlFormatter(style=style).get_style_defs(".highlight") for style in ("default", "github-dark"))
    on_dark = "screen and (prefers-color-scheme: dark)"
    return f"@media print, (prefers-color-scheme: light) {{ {light} }} @media {on_dark} {{ {dark} }}"


class FeedbackExporter(PageExporter):
    """Writes the feedback page with the course's own template."""

    @property
    def default_config(self) -> Config:
        # A section of this class outranks the one of HTMLExporter, into which nbgrader writes its own template.
        config = super().default_config
        config["FeedbackExporter"].update(template_name="course_feedback", extra_template_basedirs=[str(TEMPLATES)])
        return config

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        yield from super().default_filters()
        yield "prose", prose
        yield "inline", inline
        yield "highlighted", highlighted


PLAIN: dict[str, Callable[[str], str]] = {
    **{"prose": as_typed, "highlighted": as_typed},
    **{"inline": escape, "ansi2html": escape},
}


def title(grade_id: str) -> str:
    """Return an exercise's name for people: its title and the frameworks that it needs, where the lab records them."""
    if grade_id not in recorded_tests():
        return grade_id
    test = recorded_tests()[grade_id][1]
    needs = " and ".join(LABELS[need] for need in test["needs"])
    return f"{test['title']} ({needs})" if needs else test["title"]


def lab_title(lab: str) -> str:
    """Return a lab's title for people, which the build records."""
    path = RECORDED / f"{lab}.json"
    return _recorded_title(path, path.stat().st_mtime_ns) if path.exists() else lab


@lru_cache(maxsize=32)
def _recorded_title(path: Path, changed: int) -> str:
    return json.loads(path.read_text(encoding="utf-8"))["title"]


class Feedback:
    """Writes feedback with one configuration; what pages share is made once."""

    def __init__(self, config: Config):
        self.config, self.course = config, CourseDirectory(config=config)
        self.converter = SubmissionFeedback(coursedir=self.course, config=config)
        self.exporter = self.converter.exporter_class(parent=self.converter, config=self.converter.config)
        steps = [import_item(step) if isinstance(step, str) else step for step in self.converter.preprocessors]
        self.steps = [step(parent=self.exporter) for step in steps if not issubclass(step, GetGrades)]
        self.plain_exporter = self.converter.exporter_class(parent=self.converter, config=self.converter.config)
        for name, show in PLAIN.items():
            self.plain_exporter.environment.filters[name] = show
        self._solutions: dict[str, dict[str, Solution]] = {}

    def prepare(self, lab: str) -> None:
        """Render what a lab's pages share; it is a lab's own text, and safe to parse in any process."""
        self._solutions[lab] = solutions(self.config, lab) if shown_since(self.config, lab) else {}
        for solution in self._solutions[lab].values():
            prose(solution.commentary)
            highlighted(solution.code)
        for cell in released_notebook(self.config, lab).cells:
            (prose if cell.cell_type == "markdown" else highlighted)(cell.source)
        self.exporter.template  # noqa: B018 - it is compiled when it is first asked for

    def page(self, path: Path, student: str, lab: str, standing: Standing, plain: bool) -> str:
        """Return the page of a graded notebook."""
        notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
        _enter_grades(notebook, standing)
        if lab not in self._solutions:
            self.prepare(lab)
        about = {
            "student": student,
            "assignment": lab,
            "notebook": lab,
            "db_url": self.course.db_url,
            "score": standing.points - standing.late_penalty,
            "max_score": sum(
                most
                for name, most in standing.max_scores.items()
                if standing.scores.get(name) or name not in marked(notebook)
            ),
            "late_penalty": standing.late_penalty,
            "plain": plain,
            "solutions": self._solutions[lab],
        }
        resources: dict[str, Any] = {"nbgrader": about, "metadata": {"name": lab, "path": str(path.parent)}}
        for step in self.steps:
            notebook, resources = step(notebook, resources)
        exporter = self.plain_exporter if plain else self.exporter
        return exporter.template.render(nb=notebook, resources=resources).lstrip("\r\n")

    def write(self, student: str, lab: str, standing: Standing, plain: bool = False) -> None:
        """Write a student's page, and remove all else from its folder."""
        graded, folder = (
            Path(self.course.format_path(name, student, lab))
            for name in (self.course.autograded_directory, self.course.feedback_directory)
        )
        text = self.page(graded / f"{lab}.ipynb", student, lab, standing, plain)
        if folder.is_symlink() or not folder.is_dir():
            _remove(folder)
            folder.mkdir(parents=True)
        page = folder / f"{lab}.html"
        for path in folder.iterdir():
            if path != page or path.is_symlink() or not path.is_file():
                _remove(path)
        write_atomically(page, text)
        self.converter.set_permissions(lab, student)


def _enter_grades(notebook: NotebookNode, standing: Standing) -> None:
    """Note in each cell what nbgrader's ``GetGrades`` notes: points and comment, as the gradebook has them."""
    for cell in notebook.cells:
        data = nbgrader_data(cell)
        if is_solution(cell) or is_task(cell):
            data["comment"] = standing.comments.get(data["grade_id"])
        if is_graded(cell) or is_task(cell):
            data["score"], data["points"] = (
                points[data["grade_id"]] for points in (standing.scores, standing.max_scores)
            )


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


_last: list[Feedback] = []


def feedback_of(config: Config) -> Feedback:
    """Return what writes feedback with a configuration; the last one is kept."""
    if not _last or _last[0].config is not config:
        _last[:] = [Feedback(config)]
    return _last[0]


def write_feedback(
    config: Config, student: str, lab: str, standing: Standing | None = None, plain: bool = False
) -> None:
    """Write one student's feedback, replacing an earlier one; nothing else stays in its folder.

    Args:
        standing: what the gradebook says of the submission; read from there where it is not given.
        plain: show what the student wrote as it was typed, where rendering it took too much.

    Raises:
        CourseError: the submission was never graded.
    """
    standing = standing or gradebook.standing(config, lab, student)
    feedback_of(config).write(student, lab, standing, plain)


def write_limited_feedback(config: Config, student: str, lab: str) -> None:
    """Do as ``write_feedback`` in a child process that is limited, plainly where it takes too much; for any thread.

    Raises:
        Exception: there is no page.
    """
    try:
        limited.call(write_feedback, config, student, lab, limit=limited.RENDERING)
    except (limited.OverLimit, limited.Died):
        limited.call(write_feedback, config, student, lab, None, True, limit=limited.RENDERING)
