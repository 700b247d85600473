"""``make bench``: what grading, the solved labs, an import and a slider cost on this machine, measured in one run."""

import argparse
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
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Table

from autograder.classroom import Classroom
from autograder.sample import sample_class
from autograder.settings import PROJECT

# Students of the sample class whose notebooks nbgrader's own Execute survives, the typical ones first.
WELL_FORMED = ("strong", "mistaken_01", "torch_only", "unfinished", "strong_other_styles", "tensorflow_only",
               "mistaken_02", "first_half_only", "mistaken_03", "mistaken_04", "mistaken_05", "mistaken_06")
FIRST_CELL = "from course_utils import check, datasets, explorers, progress, setup"
STOCK_CONFIG = """\
c = get_config()
load_subconfig("nbgrader_config.py", path={project!r})
del c.Autograde["sanitize_preprocessors"], c.Autograde["autograde_preprocessors"]  # nbgrader's own again
"""


def main():
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--students", type=int, default=6, choices=range(1, len(WELL_FORMED) + 1), metavar="N",
                        help=f"size of the class, 1 to {len(WELL_FORMED)} (default: 6)")
    students = WELL_FORMED[:parser.parse_args().students]
    folder = PROJECT / "build" / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    classroom = Classroom(folder / "class")
    run("-m", "autograder", "build", "--classroom", classroom.root)
    rows = [(code, f"{import_milliseconds(code):.0f} ms") for code in ("import course_utils", FIRST_CELL)]
    rows += [("a slider move", f"{slider_milliseconds():.0f} ms")]
    for lab in classroom.labs():
        rows += solved_rows(classroom.solved / lab / f"{lab}.ipynb", folder)
        if lab in classroom.graded_labs():
            rows += grading_rows(classroom, lab, students, folder)
    table = Table("measured", "result", title=f"On {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def run(*command, **options):
    """Run Python with some arguments and return the seconds that it took."""
    begin = perf_counter()
    done = subprocess.run([sys.executable, *map(str, command)], text=True, capture_output=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return perf_counter() - begin


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


def grading_rows(classroom, lab, students, folder):
    """Grade the same class with stock nbgrader and with the autograder, and compare seconds and scores."""
    notebooks = sample_class(lab, classroom)
    for student in students:
        path = classroom.submitted / student / lab / f"{lab}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebooks[student], path)
    stock, ours = (Path(shutil.copytree(classroom.root, folder / f"{lab}_{name}")) for name in ("stock", "autograder"))
    shutil.rmtree(classroom.submitted)
    settings = folder / "stock_settings"
    settings.mkdir(exist_ok=True)
    (settings / "nbgrader_config.py").write_text(STOCK_CONFIG.format(project=str(PROJECT)), encoding="utf-8")
    environment = {**os.environ, "CLASSROOM": str(stock),
                   "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))}
    per_stock = run("-m", "nbgrader", "autograde", lab, cwd=settings, env=environment) / len(students)
    per_ours = run("-m", "autograder", "grade", lab, "--classroom", ours) / len(students)
    same = scores(stock, lab) == scores(ours, lab)
    return [(f"{lab}: nbgrader autograde", f"{per_stock:.2f} s a submission ({len(students)} students)"),
            (f"{lab}: autograder grade", f"{per_ours:.2f} s a submission, reports and feedback included"),
            (f"{lab}: ratio", f"{per_stock / per_ours:.2f} times as fast; "
                              f"the scores {'are the same' if same else 'DIFFER'}")]


def scores(root, lab):
    """Return the scores of a lab in a classroom's gradebook, by student."""
    with Gradebook(f"sqlite:///{Classroom(root).gradebook}") as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions(lab)}


if __name__ == "__main__":
    main()
