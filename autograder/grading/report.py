"""Reports of a class: two CSV files and one self-contained page."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable
from statistics import median
from typing import Any

from jinja2 import Environment, FileSystemLoader
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.files import write_atomically
from autograder.grading.feedback import inline, title
from autograder.grading.results import LabResults, Result, lab_results
from autograder.grading.stamps import STAMP, read_stamp
from autograder.settings import TEMPLATES
from course_utils.recording import recorded_tests
from course_utils.verdict import LOOK

# What begins a formula; what begins a cell, in some spreadsheet or other; and what stands around a cell's text.
FORMULA, SEPARATORS, QUOTES = "=+-@＝＋－＠", ";|", "\"'`"
SEALED = "sealed"  # the one engine whose scores rest on no trust
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
    labs = [lab for lab in (lab_results(classroom, config, name) for name in classroom.graded_labs()) if lab.rows]
    classroom.reports.mkdir(parents=True, exist_ok=True)
    engines = {(row.student, lab.name): engine(classroom, row.student, lab.name) for lab in labs for row in lab.rows}
    grades = (
        (row.student, lab.name, "" if row.open else row.score, row.max_score, engines[row.student, lab.name])
        for lab in labs
        for row in lab.rows
    )
    exercises = (
        (row.student, lab.name, name, "" if row.open else result.score, result.max_score, result.in_words)
        for lab in labs
        for row in lab.rows
        for name, result in row.results.items()
    )
    texts = {
        "grades.csv": table(("student", "lab", "score", "max_score", "engine"), grades),
        "exercises.csv": table(("student", "lab", "exercise", "score", "max_score", "finding"), exercises),
        "index.html": page(labs, classroom.framework, engines),
    }
    for name, text in texts.items():
        write_atomically(classroom.reports / name, text)
    return labs


def engine(classroom: Classroom, student: str, lab: str) -> str:
    """Return how a submission was graded, in words; "" where nothing was graded."""
    return read_stamp(classroom.autograded / student / lab / STAMP).get("engine", "")


def on_trust(engines: Iterable[str]) -> str:
    """Return what there is to say about scores that no wall protects, or "" where there are none.

    Args:
        engines: how each submission was graded.
    """
    words = Counter(engine for engine in engines if engine not in ("", SEALED))
    if not words:
        return ""
    count = sum(words.values())
    ways = "; ".join(f"{number} by the engine {engine}" for engine, number in sorted(words.items()))
    return (
        f"{count} score{'s rest' if count > 1 else ' rests'} on trust ({ways}): "
        "there code in a notebook can change its own verdict."
    )


def table(header: tuple[str, ...], rows: Iterable[tuple[str | float, ...]]) -> str:
    """Return CSV text; a cell that a spreadsheet would take for a formula is made plain text by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return text.getvalue()


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


def page(labs: list[LabResults], framework: str, engines: dict[tuple[str, str], str]) -> str:
    """Return the instructor's page as HTML that needs nothing else.

    Args:
        framework: what the classroom teaches.
        engines: how each submission was graded, by student and lab.
    """
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["inline"] = inline
    environment.filters["points"] = lambda number: f"{round(float(number), 2):g}"
    return environment.get_template("report.html.j2").render(
        labs=[lab_view(lab) for lab in labs],
        framework=framework,
        on_trust=on_trust(engines.values()),
        trusted={submission for submission, engine in engines.items() if engine not in ("", SEALED)},
        outcomes=OUTCOMES,
        look={key: {"words": words, "colour": colour, "sign": sign} for key, words, colour, sign in OUTCOMES},
    )


def lab_view(lab: LabResults) -> dict[str, Any]:
    """Return what the page shows of one lab."""
    percents = [row.percent for row in lab.graded]
    bins = Counter(min(int(percent // 10), 9) for percent in percents)
    exercises = [_exercise_view(lab, name) for name in lab.points]
    return {
        "name": lab.name,
        "title": lab.title,
        "rows": lab.rows,
        "points": lab.points,
        "max_score": lab.max_score,
        "titles": {name: title(name) for name in lab.points},
        "median": median(percents or [0.0]),
        "mean": sum(percents) / max(len(percents), 1),
        "complete": sum(percent >= 100 - 1e-9 for percent in percents),
        "bins": [bins[tenth] for tenth in range(10)],
        "most": max(bins.values(), default=0),
        "exercises": exercises,
        "worst": max((reason["count"] for exercise in exercises for reason in exercise["reasons"]), default=1),
        "findings": [(row.student, row.all_findings) for row in lab.rows if row.all_findings],
    }


def _exercise_view(lab: LabResults, name: str) -> dict[str, Any]:
    """Return what the page shows of one exercise: how many reached what, and the most frequent mistakes."""
    results = [row.results[name] for row in lab.graded if name in row.results]
    reached = Counter(result.outcome for result in results)
    hints = recorded_tests()[name][1].get("hints", {}) if name in recorded_tests() else {}
    wrong = Counter(_reason(result) for result in results if result.outcome in ("partial", "failed"))
    ordered = sorted(wrong, key=lambda reason: (-wrong[reason], reason not in hints, reason))
    reasons = [
        {"name": reason.replace("_", " "), "hint": hints.get(reason, ""), "count": wrong[reason]}
        for reason in ordered[:MOST_MISTAKES]
    ]
    return {
        "name": name,
        "title": title(name),
        "points": lab.points[name],
        "count": len(results),
        "reached": reached,
        "share": 100 * reached["passed"] / len(results) if results else 0,
        "reasons": reasons,
        "others": sum(wrong.values()) - sum(wrong[reason] for reason in ordered[:MOST_MISTAKES]),
    }


def _reason(result: Result) -> str:
    """Return the name of the mistake that was recognised in a result, or words for what else is wrong."""
    word = LOOK.get(result.status, ("", "", "other"))[2]
    return result.diagnosis or word.replace("not yet right", "another wrong result")
