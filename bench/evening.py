"""An instructor's evening: a Canvas zip of Lab 1 is collected, graded and exported; `python -m bench.evening`.

Each step is a command of its own, as an instructor runs it, in a classroom that lies in build/bench.
"""

import argparse
import csv
import os
import resource
import shutil
import sys
import zipfile
from pathlib import Path
from time import perf_counter

import nbformat

from autograder.authoring.sample_class import sample_class
from autograder.classroom import Classroom
from autograder.roster_file import COLUMNS
from autograder.settings import PROJECT
from bench.grading import run, several

LAB = "lab1_perceptron"


def canvas_zip(path: Path, notebooks: dict) -> list[dict[str, str]]:
    """Write hand-ins as Canvas's *Download Submissions* does; return the roster's rows for them.

    Args:
        notebooks: each student's, by id.
    """
    rows = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (student, notebook) in enumerate(notebooks.items(), 1):
            login = student.replace("_", "")
            archive.writestr(f"{login}_{10_000 + number}_{500_000 + number}_{LAB}.ipynb", nbformat.writes(notebook))
            rows.append({"id": login, "name": f"Student {number}", "lms_id": str(10_000 + number)})
    return rows


def write_roster(classroom: Classroom, rows: list[dict[str, str]]) -> None:
    """Write the classroom's roster."""
    with (classroom.root / "roster.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)


def main() -> None:
    """Measure every step for one class and print seconds, processor time and the largest process."""
    parser = argparse.ArgumentParser(prog="python -m bench.evening", description=__doc__)
    parser.add_argument("--students", type=int, default=300, metavar="N", help="hand-ins (default: 300)")
    size = parser.parse_args().students
    folder = PROJECT / "build" / "bench" / "evening"
    shutil.rmtree(folder, ignore_errors=True)
    classroom = Classroom(folder / "class")
    run("-m", "autograder", "build", "--classroom", classroom.root, "--labs", folder / "labs")
    made = sample_class(LAB, classroom, endless=False)
    notebooks = {name: each for name, each in made.items() if isinstance(each, nbformat.NotebookNode)}
    write_roster(classroom, canvas_zip(folder / "submissions.zip", several(notebooks, size)))
    print(f"{size} hand-ins, {(folder / 'submissions.zip').stat().st_size / 1e6:.1f} MB, {os.cpu_count()} cores")
    begin, processor = perf_counter(), 0.0
    for step in (["collect", folder / "submissions.zip"], ["grade"], ["export", "--to", "canvas"]):
        took = run("-m", "autograder", *step, "--classroom", classroom.root)
        processor += took.processor
        print(f"{step[0]}: {took:.1f} s, {took.processor:.1f} s of processor time", flush=True)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"zip to export: {perf_counter() - begin:.1f} s, {processor:.1f} s of processor time")
    print(f"largest process: {most:.0f} MB, the build's among them")
    graded = sorted(classroom.feedback.glob(f"*/{LAB}/{LAB}.html"))
    if len(graded) != size:
        sys.exit(f"{len(graded)} of {size} have feedback")
    for path in sorted((classroom.root / "exports").iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
