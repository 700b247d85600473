"""``make bench``: what each lab holds, and what grading, solved labs, imports and sliders cost, in one run."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from autograder.classroom import Classroom
from autograder.settings import PROJECT
from bench import grading, labs, stages

FIRST_CELL = "from course_utils import check, datasets, explorers, progress, setup"


def main():
    """Measure everything and print two tables: all figures, and those that each lab has."""
    names = sorted(path.stem for path in (PROJECT / "solutions").glob("*.py"))
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--students", type=int, default=60, metavar="N", help="size of Lab 1's class (default: 60)")
    parser.add_argument("--others", type=int, default=6, metavar="N", help="of each other lab's class (default: 6)")
    parser.add_argument("--lab", action="append", choices=names, metavar="NAME", help="measure this lab alone; repeat")
    parser.add_argument("--large", action="store_true", help="grade 300 submissions too, with one job and with two")
    parser.add_argument("--grading-only", action="store_true", help="measure neither imports, sliders nor solved labs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures into a file too")
    arguments = parser.parse_args()
    folder = PROJECT / "build" / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    classroom = Classroom(folder / "class")
    grading.run("-m", "autograder", "build", "--classroom", classroom.root, "--labs", folder / "labs")
    chosen = [lab for lab in classroom.labs() if lab in (arguments.lab or names)]
    by_lab = {lab: labs.content(classroom, lab) for lab in chosen}
    figures, rows, graded = {"cores": os.cpu_count(), "labs": by_lab}, [], classroom.graded_labs()
    for lab in (lab for lab in chosen if lab in graded):
        (folder / lab).mkdir()
        size = arguments.students if lab == graded[0] else arguments.others
        students = grading.notebooks(classroom, lab, size)
        measured = grading.against_stock(classroom, lab, students, folder / lab)
        expected = measured.pop("scores")
        by_lab[lab]["grading"] = measured
        rows += stock_rows(lab, measured)
        if lab == graded[0]:
            rows += grading_rows(classroom, lab, folder / lab, students, expected, arguments.large, by_lab[lab])
    if not arguments.grading_only:
        figures["imports"] = {code: import_milliseconds(code) for code in ("import course_utils", FIRST_CELL)}
        rows += [(code, f"{took:.0f} ms") for code, took in figures["imports"].items()]
        for lab in chosen:
            measured = by_lab[lab]["solved"] = labs.solved(classroom.solved / lab / f"{lab}.ipynb", folder)
            rows += solved_rows(lab, measured)
    table = Table("measured", "result", title=f"On {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table, lab_table(by_lab))
    if arguments.json:
        arguments.json.write_text(json.dumps({**figures, "rows": rows}, indent=1) + "\n", encoding="utf-8")


def import_milliseconds(code):
    """Return the median time of an import in a fresh Python, without that Python's own start."""
    code = f"import time; begin = time.perf_counter(); {code}; print(time.perf_counter() - begin)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(7)]
    return 1000 * statistics.median(float(run.stdout) for run in runs)


def solved_rows(lab, measured):
    """Return what a solved lab and its sliders took, as rows."""
    return [
        (f"{lab}: solved, start to end", f"{measured['seconds']:.1f} s"),
        (f"{lab}: its slowest cell", f"{measured['slowest']:.1f} s: {measured['cell']}"),
        *(
            (
                f"{lab}: a slider move in {explorer['name']}",
                f"{explorer['median']:.0f} ms, at most {explorer['slowest']:.0f} ms",
            )
            for explorer in measured["explorers"]
        ),
    ]


def stock_rows(lab, measured):
    """Return what a class cost under stock nbgrader and under ours, as rows."""
    size, runs = measured["size"], ", ".join(f"{seconds:.0f}" for seconds in measured["ours_runs"])
    return [
        (
            f"{lab}, {size} submissions: nbgrader autograde",
            f"{measured['stock']:.0f} s, {measured['stock'] / size:.2f} s each",
        ),
        (
            f"{lab}, {size} submissions: autograder grade",
            f"{measured['ours']:.1f} s (runs: {runs}), {measured['ours'] / size:.2f} s each, "
            "reports and feedback included",
        ),
        (
            f"{lab}: without the start of either",
            f"{without_start(measured, 'stock'):.2f} s and {without_start(measured, 'ours'):.2f} s each; "
            "the starts take "
            f"{measured['stock_start']:.1f} s, and with a warm server {measured['ours_start']:.1f} s",
        ),
        (
            f"{lab}: ratio of the whole runs",
            f"{measured['ratio']:.1f} times as fast; {compared(measured['differences'])}",
        ),
    ]


def without_start(measured, which):
    """Return the seconds of a submission under "stock" or "ours", without the start of Python and of what it needs."""
    return (measured[which] - measured[f"{which}_start"]) / measured["size"]


def compared(differences, most=5):
    """Return a sentence that says whether the scores are the same, and names some that are not."""
    if not differences:
        return _same(True)
    some = "; ".join(
        f"{score['student']}, {score['cell']}: ours {score['ours']}, stock {score['stock']}"
        for score in differences[:most]
    )
    return f"{_same(False)} in {len(differences)} cells: {some}"


def lab_table(figures):
    """Return a table of the figures that each lab has, a column a lab; a dash where one was not measured.

    Args:
        figures: by lab, what ``labs.content`` returns, with "grading" and "solved" where these were measured.
    """
    lines = [
        ("exercises", lambda lab: lab["exercises"]),
        ("points", lambda lab: lab["points"]),
        ("known right answers", lambda lab: lab["right"]),
        ("known wrong answers", lambda lab: lab["wrong"]),
        ("words to read", lambda lab: lab["words"]),
        ("lines of code to read", lambda lab: lab["lines"]),
        ("solved, start to end, s", lambda lab: f"{lab['solved']['seconds']:.1f}"),
        ("its slowest cell, s", lambda lab: f"{lab['solved']['slowest']:.1f}"),
        ("a slider move, slowest explorer, ms", lambda lab: f"{lab['solved']['move']:.0f}"),
        ("submissions graded", lambda lab: lab["grading"]["size"]),
        ("nbgrader autograde, s each", lambda lab: f"{lab['grading']['stock'] / lab['grading']['size']:.2f}"),
        ("autograder grade, s each", lambda lab: f"{lab['grading']['ours'] / lab['grading']['size']:.2f}"),
        ("ratio of the whole runs", lambda lab: f"{lab['grading']['ratio']:.1f}"),
        ("nbgrader autograde without its start", lambda lab: f"{without_start(lab['grading'], 'stock'):.2f}"),
        ("autograder grade without its start", lambda lab: f"{without_start(lab['grading'], 'ours'):.2f}"),
        ("scores", lambda lab: "DIFFER" if lab["grading"]["differences"] else "same"),
    ]
    table = Table("per lab", *(Column(lab.partition("_")[0], justify="right") for lab in figures))
    for name, figure in lines:
        table.add_row(name, *(_or_dash(figure, lab) for lab in figures.values()))
    return table


def _or_dash(figure, lab):
    """Return a figure of a lab, or a dash where it was not measured."""
    try:
        return str(figure(lab))
    except (KeyError, TypeError):  # not graded or run; no sliders
        return "-"


def grading_rows(classroom, lab, folder, students, expected, large, figures):
    """Grade a class part by part, in several sizes and after a kill, keep the figures, and return them as rows.

    Args:
        expected: the scores that this class earns.
    """
    size = len(students)
    parts = stages.stages(grading.room(classroom, folder, "stages", lab, students), lab, students)
    sizes = [number for number in (10, 60, 300) if number <= size or (number == 300 and large)] or [size]
    times = grading.throughput(classroom, lab, students, folder, sizes)
    done, seconds, right = grading.killed(classroom, lab, students, folder, expected)
    figures.update(
        parts=parts,
        throughput=[{"size": number, "jobs": jobs, "seconds": took} for (number, jobs), took in times.items()],
        killed={"done": done, "seconds": seconds, "right": right},
    )
    rows = [
        ("bare exec of the same cells and tests in a fork", f"{parts['floor']:.2f} s a submission"),
        ("the engine: the same in the sandbox, judged outside", f"{parts['engine']:.2f} s a submission"),
        ("the engine's overhead", f"{parts['engine'] - parts['floor']:.2f} s a submission"),
        ("one process, recording and feedback included", f"{parts['whole']:.2f} s a submission"),
        ("start of the warm server; reports", f"{parts['start']:.1f} s; {parts['reports']:.1f} s a class"),
        ("memory that a submission adds", f"{parts['memory']:.0f} MB" if parts["memory"] else "unknown here"),
    ]
    rows += [(f"  stage: {name}", f"{took:.0f} ms a submission") for name, took in _sorted(parts["stages"])]
    rows += [(f"  test: {name}", f"{took:.1f} ms a submission") for name, took in _sorted(parts["tests"])]
    for number in sizes:
        one, two = times[number, 1], times[number, 2]
        rows.append(
            (
                f"{number} submissions, 1 job and 2 jobs",
                f"{one:.1f} s and {two:.1f} s: {one / two:.2f} times as fast; {60 * number / two:.0f} a minute",
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
