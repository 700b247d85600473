"""Reports of a class: two CSV files and one self-contained page."""

import csv
import unicodedata
from collections.abc import Collection
from pathlib import Path
from typing import TextIO

from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.files import write_atomically, writing_atomically
from autograder.grading.feedback import lab_title
from autograder.grading.lab_results import LabResults
from autograder.grading.look_alikes import look_alikes
from autograder.grading.report_page import page
from autograder.grading.report_people import People
from autograder.grading.results import points_of, rows_of

TURNING = (
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # text beside them runs the other way
)
# What begins a formula; what begins a cell, in some spreadsheet or other; and what stands around a cell's text.
FORMULA, SEPARATORS, QUOTES = "=+-@＝＋－＠", ";|", "\"'`"


def write(
    classroom: Classroom,
    config: Config,
    only: Collection[str] = (),
    of: Collection[str] = (),
    compare: bool = False,
) -> list[LabResults]:
    """Write ``grades.csv``, ``exercises.csv`` and ``index.html`` of a classroom; return the results of each lab.

    Args:
        only, of: these labs and students alone, into a folder of its own; empty: all.
        compare: whether to look for hand-ins whose code looks alike.
    """
    folder = folder_of(classroom, only, of)
    folder.mkdir(parents=True, exist_ok=True)
    labs, people = [], People(classroom, folder)
    with (
        writing_atomically(folder / "grades.csv") as of_labs,
        writing_atomically(folder / "exercises.csv") as of_exercises,
    ):
        grades = Table(of_labs, ("student", "name", "lab", "score", "max_score", "engine"))
        exercises = Table(of_exercises, ("student", "name", "lab", "exercise", "score", "max_score", "finding"))
        for name in only or classroom.graded_labs():
            lab = LabResults(name, lab_title(name), points_of(config, name), root=classroom.root)
            for row in rows_of(classroom, config, name, lab.points):
                if of and row.student not in of:
                    continue
                lab.add(row)
                people.add(name, row)
                who = (row.student, row.name, name)
                grades.write(*who, row.score if row.scored else "", row.max_score, row.engine)
                for exercise, result in row.results.items():
                    score = result.score if row.scored and not result.excused else ""
                    exercises.write(*who, exercise, score, result.max_score, result.in_words)
            if lab.rows:
                labs.append(lab)
    alike = [pair for lab in labs for pair in look_alikes(classroom, config, lab.name, of)] if compare else None
    write_atomically(folder / "index.html", page(labs, people, classroom.framework, alike))
    return labs


def folder_of(classroom: Classroom, only: Collection[str], of: Collection[str]) -> Path:
    """Return where the reports of some labs and students stand, or those of all."""
    return classroom.reports / "chosen" if only or of else classroom.reports


class Table:
    """A CSV file; a cell that a spreadsheet would take for a formula is made plain text by an apostrophe."""

    def __init__(self, file: TextIO, header: tuple[str, ...]):
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(header)

    def write(self, *row: str | float) -> None:
        """Write one row."""
        self._writer.writerow([csv_cell(value) for value in row])


def unturned(text: str) -> str:
    """Return text without the marks that let what stands beside them run the other way."""
    return "".join(letter for letter in text if letter not in TURNING)


def csv_cell(value: str | float) -> str:
    """Return a CSV cell that no spreadsheet runs, nor a part of it where another sign separates the cells."""
    if isinstance(value, float):
        return f"{value:.10g}"
    letters = (" " if unicodedata.category(letter) == "Cc" else letter for letter in unturned(str(value)))
    text, begins = "", True
    for letter in " ".join("".join(letters).split()):
        text += f"'{letter}" if begins and letter in FORMULA else letter
        begins = letter in SEPARATORS or (begins and _unseen(letter))
    return text


def _unseen(letter: str) -> bool:
    """Return whether a spreadsheet may pass over a character: spaces, marks without width, quotes."""
    return letter in QUOTES or unicodedata.category(letter)[0] in "CZM" or letter in "\u115f\u1160\u2800\u3164\uffa0"
