"""Reports of a class: two CSV files and one self-contained page."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from statistics import median
from typing import Any, TextIO

from jinja2 import Environment, FileSystemLoader
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.files import write_atomically, writing_atomically
from autograder.grading.feedback import inline, lab_title, title
from autograder.grading.results import LabResults, points_of, rows_of
from autograder.settings import TEMPLATES
from course_utils.recording import recorded_tests

# What begins a formula; what begins a cell, in some spreadsheet or other; and what stands around a cell's text.
FORMULA, SEPARATORS, QUOTES = "=+-@＝＋－＠", ";|", "\"'`"
SEALED = "sealed"  # the one engine whose scores rest on no trust
SURE = ("", SEALED)  # how a submission was graded whose score rests on none
MOST_MISTAKES = 3  # of an exercise that the page shows
# What became of an exercise: key, words, colour, sign. Sign and words carry the meaning too.
OUTCOMES = (
    ("passed", "full marks", "#009E73", "✓"),
    ("partial", "partly right", "#E69F00", "◐"),
    ("failed", "not right", "#D55E00", "✗"),
    ("unfinished", "not finished", "#9FD3F2", "○"),
)


def write(classroom: Classroom, config: Config) -> list[LabResults]:
    """Write ``grades.csv``, ``exercises.csv`` and ``index.html`` of a classroom; return the results of each lab."""
    classroom.reports.mkdir(parents=True, exist_ok=True)
    labs = []
    with (
        writing_atomically(classroom.reports / "grades.csv") as of_labs,
        writing_atomically(classroom.reports / "exercises.csv") as of_exercises,
    ):
        grades = Table(of_labs, ("student", "lab", "score", "max_score", "engine"))
        exercises = Table(of_exercises, ("student", "lab", "exercise", "score", "max_score", "finding"))
        for name in classroom.graded_labs():
            lab = LabResults(name, lab_title(name), points_of(config, name))
            for row in rows_of(classroom, config, name, lab.points):
                lab.add(row)
                grades.write(row.student, name, row.score if row.scored else "", row.max_score, row.engine)
                for exercise, result in row.results.items():
                    score = result.score if row.scored else ""
                    exercises.write(row.student, name, exercise, score, result.max_score, result.in_words)
            if lab.students:
                labs.append(lab)
    write_atomically(classroom.reports / "index.html", page(labs, classroom.framework))
    return labs


def on_trust(engines: Iterable[str]) -> str:
    """Return what there is to say about scores that no wall protects, or "" where there are none.

    Args:
        engines: how each submission was graded.
    """
    words = Counter(engine for engine in engines if engine not in SURE)
    if not words:
        return ""
    count = sum(words.values())
    ways = "; ".join(f"{number} by the engine {engine}" for engine, number in sorted(words.items()))
    return (
        f"{count} score{'s rest' if count > 1 else ' rests'} on trust ({ways}): "
        "there code in a notebook can change its own verdict."
    )


class Table:
    """A CSV file; a cell that a spreadsheet would take for a formula is made plain text by an apostrophe."""

    def __init__(self, file: TextIO, header: tuple[str, ...]):
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(header)

    def write(self, *row: str | float) -> None:
        """Write one row."""
        self._writer.writerow([csv_cell(value) for value in row])


def csv_cell(value: str | float) -> str:
    """Return a CSV cell that no spreadsheet runs, nor a part of it where another sign separates the cells."""
    if isinstance(value, float):
        return f"{value:.10g}"
    letters = (" " if unicodedata.category(letter) == "Cc" else letter for letter in str(value))
    text, begins = "", True
    for letter in " ".join("".join(letters).split()):
        text += f"'{letter}" if begins and letter in FORMULA else letter
        begins = letter in SEPARATORS or (begins and _unseen(letter))
    return text


def _unseen(letter: str) -> bool:
    """Return whether a spreadsheet may pass over a character: spaces, marks without width, quotes."""
    return letter in QUOTES or unicodedata.category(letter)[0] in "CZM" or letter in "\u115f\u1160\u2800\u3164\uffa0"


def page(labs: list[LabResults], framework: str) -> str:
    """Return the instructor's page as HTML that needs nothing else.

    Args:
        framework: what the classroom teaches.
    """
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["inline"] = inline
    environment.filters["points"] = lambda number: f"{round(float(number), 2):g}"
    return environment.get_template("report.html.j2").render(
        labs=[lab_view(lab) for lab in labs],
        framework=framework,
        on_trust=on_trust(engines(labs)),
        sure=SURE,
        outcomes=OUTCOMES,
        look={key: {"words": words, "colour": colour, "sign": sign} for key, words, colour, sign in OUTCOMES},
    )


def engines(labs: Iterable[LabResults]) -> Iterator[str]:
    """Return how each submission was graded, in words."""
    return chain.from_iterable(lab.engines.elements() for lab in labs)


def lab_view(lab: LabResults) -> dict[str, Any]:
    """Return what the page shows of one lab."""
    bins = Counter(min(int(percent // 10), 9) for percent in lab.percents)
    exercises = [_exercise_view(lab, name) for name in lab.points]
    return {
        "name": lab.name,
        "title": lab.title,
        "students": lab.students,
        "absent": lab.absent,
        "open": lab.open,
        "rows": lab.rows,
        "points": lab.points,
        "max_score": lab.max_score,
        "titles": {name: title(name) for name in lab.points},
        "median": median(lab.percents) if lab.percents else None,
        "mean": mean(lab) if lab.percents else None,
        "complete": complete(lab),
        "bins": [bins[tenth] for tenth in range(10)],
        "most": max(bins.values(), default=0),
        "exercises": exercises,
        "worst": max((reason["count"] for exercise in exercises for reason in exercise["reasons"]), default=1),
        "findings": [(row.student, row.all_findings) for row in lab.noted if row.all_findings],
        "more_findings": lab.remarks - len(lab.noted),
    }


def mean(lab: LabResults) -> float:
    """Return the mean score in percent."""
    return sum(lab.percents) / max(len(lab.percents), 1)


def complete(lab: LabResults) -> int:
    """Return how many have full marks."""
    return sum(percent >= 100 - 1e-9 for percent in lab.percents)


def _exercise_view(lab: LabResults, name: str) -> dict[str, Any]:
    """Return what the page shows of one exercise: how many reached what, and the most frequent mistakes."""
    reached, wrong = lab.outcomes[name], lab.mistakes[name]
    count = sum(reached.values())
    hints = recorded_tests()[name][1].get("hints", {}) if name in recorded_tests() else {}
    ordered = sorted(wrong, key=lambda reason: (-wrong[reason], reason not in hints, reason))
    reasons = [
        {"name": reason.replace("_", " "), "hint": hints.get(reason, ""), "count": wrong[reason]}
        for reason in ordered[:MOST_MISTAKES]
    ]
    return {
        "name": name,
        "title": title(name),
        "points": lab.points[name],
        "count": count,
        "reached": reached,
        "share": 100 * reached["passed"] / count if count else 0,
        "reasons": reasons,
        "others": sum(wrong.values()) - sum(wrong[reason] for reason in ordered[:MOST_MISTAKES]),
    }
