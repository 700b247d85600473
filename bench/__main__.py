"""``make bench``: what grading, the solved labs, an import and a slider cost on this machine, measured in one run."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

import nbformat
from nbclient import NotebookClient
from rich.console import Console
from rich.table import Table

from autograder.classroom import Classroom
from autograder.settings import PROJECT
from bench import grading, stages

FIRST_CELL = "from course_utils import check, datasets, explorers, progress, setup"


def main():
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--students", type=int, default=60, metavar="N", help="size of the class (default: 60)")
    parser.add_argument("--large", action="store_true", help="grade 300 submissions too, with one job and with two")
    parser.add_argument("--grading-only", action="store_true", help="measure neither imports, sliders nor solved labs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures into a file too")
    arguments = parser.parse_args()
    folder = PROJECT / "build" / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    classroom = Classroom(folder / "class")
    grading.run("-m", "autograder", "build", "--classroom", classroom.root, "--labs", folder / "labs")
    figures = {"students": arguments.students, "cores": os.cpu_count()}
    lab = classroom.graded_labs()[0]
    rows = grading_rows(classroom, lab, folder / lab, arguments, figures)
    if not arguments.grading_only:
        rows += [(code, f"{import_milliseconds(code):.0f} ms") for code in ("import course_utils", FIRST_CELL)]
        rows += [("a slider move", f"{slider_milliseconds():.0f} ms")]
        for lab in classroom.labs():
            rows += solved_rows(classroom.solved / lab / f"{lab}.ipynb", folder)
    table = Table("measured", "result", title=f"On {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    if arguments.json:
        arguments.json.write_text(json.dumps({**figures, "rows": rows}, indent=1) + "\n", encoding="utf-8")


def import_milliseconds(code):
    """Return the median time of an import in a fresh Python, without that Python's own start."""
    code = f"import time; begin = time.perf_counter(); {code}; print(time.perf_counter() - begin)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(7)]
    return 1000 * statistics.median(float(each.stdout) for each in runs)


def slider_milliseconds(moves=30):
    """Return the median time from a new slider value to the new picture, in Lab 1's first explorer."""
    import ipywidgets
    import numpy as np

    from course_utils import datasets, explorers, widgets

    shown = []
    with patch.object(widgets, "widgets_can_run", lambda: True), patch("IPython.display.display", shown.append):
        explorers.neuron(lambda x, w, b: 1 / (1 + np.exp(-(x @ w + b))), *datasets.iris_pair())
    slider, image = find(shown[0], ipywidgets.FloatSlider), find(shown[0], ipywidgets.Image)
    times = []
    for move in range(moves):
        before, begin = image.value, perf_counter()
        slider.value = (move + 1) / 10
        times.append(perf_counter() - begin)
        assert image.value != before, "the picture did not change"
    return 1000 * statistics.median(times)


def find(widget, kind):
    """Return the first widget of a kind inside a box."""
    if isinstance(widget, kind):
        return widget
    return next(filter(None, (find(child, kind) for child in getattr(widget, "children", ()))), None)


def solved_rows(path, folder):
    """Run a solved lab in a kernel, demonstrations included, and report all of it and its slowest cell."""
    notebook = nbformat.read(path, as_version=4)
    begun, seconds = {}, {}

    def start(cell, cell_index):
        begun[cell_index] = perf_counter()

    def stop(cell, cell_index, **_):
        seconds[cell_index] = perf_counter() - begun[cell_index]

    begin = perf_counter()
    NotebookClient(notebook, timeout=600, skip_cells_with_tag="none", resources={"metadata": {"path": str(folder)}},
                   on_cell_execute=start, on_cell_executed=stop).execute()
    total = perf_counter() - begin
    slowest = max(seconds, key=seconds.get)
    line = notebook.cells[slowest].source.strip().splitlines()[0]
    return [(f"{path.stem}: solved, start to end", f"{total:.1f} s"),
            (f"{path.stem}: its slowest cell", f"{seconds[slowest]:.1f} s: {line}")]


def grading_rows(classroom, lab, folder, arguments, figures):
    """Grade a class in every way that is compared, keep the figures, and return them as rows."""
    size = arguments.students
    students = grading.notebooks(classroom, lab, size)
    folder.mkdir()
    found = grading.against_stock(classroom, lab, students, folder)
    expected = found.pop("scores")
    parts = stages.stages(grading.room(classroom, folder, "stages", lab, students), lab, students)
    sizes = [each for each in (10, 60, 300) if each <= size or (each == 300 and arguments.large)] or [size]
    times = grading.throughput(classroom, lab, students, folder, sizes)
    done, seconds, right = grading.killed(classroom, lab, students, folder, expected)
    figures.update(
        stock=found,
        parts=parts,
        throughput=[{"size": each, "jobs": jobs, "seconds": took} for (each, jobs), took in times.items()],
        killed={"done": done, "seconds": seconds, "right": right},
    )
    runs = ", ".join(f"{each:.0f}" for each in found["ours_runs"])
    rows = [
        (f"{size} submissions: nbgrader autograde", f"{found['stock']:.0f} s, {found['stock'] / size:.2f} s each"),
        (
            f"{size} submissions: autograder grade",
            f"{found['ours']:.1f} s (runs: {runs}), {found['ours'] / size:.2f} s each, reports and feedback included",
        ),
        ("ratio of the whole runs", f"{found['ratio']:.1f} times as fast; {_same(found['same_scores'])}"),
        ("bare exec of the same cells and tests in a fork", f"{parts['floor']:.2f} s a submission"),
        ("the engine: the same in the sandbox, judged outside", f"{parts['engine']:.2f} s a submission"),
        ("the engine's overhead", f"{parts['engine'] - parts['floor']:.2f} s a submission"),
        ("one process, recording and feedback included", f"{parts['whole']:.2f} s a submission"),
        ("start of the warm server; reports", f"{parts['start']:.1f} s; {parts['reports']:.1f} s a class"),
        ("memory that a submission adds", f"{parts['memory']:.0f} MB" if parts["memory"] else "unknown here"),
    ]
    rows += [(f"  stage: {name}", f"{each:.0f} ms a submission") for name, each in _sorted(parts["stages"])]
    rows += [(f"  test: {name}", f"{each:.1f} ms a submission") for name, each in _sorted(parts["tests"])]
    for each in sizes:
        one, two = times[each, 1], times[each, 2]
        rows.append(
            (
                f"{each} submissions, 1 job and 2 jobs",
                f"{one:.1f} s and {two:.1f} s: {one / two:.2f} times as fast; {60 * each / two:.0f} a minute",
            )
        )
    text = f"{seconds:.1f} s from the kill, {done} of {size} were done; {_same(right)}"
    return [*rows, ("killed half-way and run again", text)]


def _same(equal):
    return "the scores are the same" if equal else "the scores DIFFER"


def _sorted(milliseconds):
    return sorted(milliseconds.items(), key=lambda item: -item[1])


if __name__ == "__main__":
    main()
