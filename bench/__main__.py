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
from bench import asked, grading, labs, stages

FIRST_CELL = "from course_utils import check, datasets, explorers, progress, setup"


PARTS = ("cold", "large", "jobs", "stages", "killed", "labs", "quiz", "solved")


def main():
    """Measure all parts, or those that were named, and print three tables: what is asked, all figures, and by lab."""
    names = sorted(path.stem for path in (PROJECT / "solutions").glob("*.py"))
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--students", type=int, default=60, metavar="N", help="class of Lab 1 and quiz (default: 60)")
    parser.add_argument("--others", type=int, default=30, metavar="N", help="class of each other lab (default: 30)")
    parser.add_argument("--large", type=int, default=300, metavar="N", help="large class of Lab 1 (default: 300)")
    parser.add_argument("--lab", action="append", choices=names, metavar="NAME", help="measure this lab alone; repeat")
    parser.add_argument(
        "--only",
        action="append",
        choices=PARTS,
        metavar="PART",
        help=f"measure this part alone; repeat: {PARTS}",
    )
    parser.add_argument(
        "--stock",
        type=float,
        metavar="SECONDS",
        help="what stock nbgrader took for Lab 1's class in another run, to scale the large class from",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures into a file too")
    arguments = parser.parse_args()
    folder = PROJECT / "build" / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    classroom = Classroom(folder / "class")
    grading.run("-m", "autograder", "build", "--classroom", classroom.root, "--labs", folder / "labs")
    bench = Bench(classroom, folder, arguments)
    for lab in [lab for lab in classroom.labs() if lab in (arguments.lab or names)]:
        bench.measure(lab)
    rows, by_lab = bench.rows, bench.by_lab
    figures = {"cores": os.cpu_count(), "labs": by_lab, "asked": bench.asked}
    if "solved" in bench.parts:
        figures["imports"] = {code: import_milliseconds(code) for code in ("import course_utils", FIRST_CELL)}
        rows += [(code, f"{took:.0f} ms") for code, took in figures["imports"].items()]
    table = Table("measured", "result", title=f"On {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for row in rows:
        table.add_row(*map(escape, row))
    sizes = {name: getattr(arguments, name) for name in ("students", "others", "large")}
    Console().print(asked.table(bench.asked, **sizes), table, lab_table(by_lab))
    if arguments.json:
        arguments.json.write_text(json.dumps({**figures, "rows": rows}, indent=1) + "\n", encoding="utf-8")


class Bench:
    """Measures labs and keeps what came out: ``rows`` for people, ``by_lab``, and ``asked`` by row of the table.

    Args:
        classroom: built, without submissions. arguments: see ``main``.
    """

    def __init__(self, classroom, folder, arguments):
        self.classroom, self.folder, self.arguments = classroom, folder, arguments
        self.parts = set(arguments.only or PARTS)
        self.rows, self.by_lab, self.asked = [], {}, {}

    def measure(self, lab):
        """Measure the parts of a lab that are wanted."""
        figures = self.by_lab[lab] = labs.content(self.classroom, lab)
        folder, first = self.folder / lab, lab == self.classroom.graded_labs()[0]
        if lab in self.classroom.graded_labs():
            folder.mkdir()
            size = self.arguments.students if first or lab.startswith("quiz") else self.arguments.others
            students = grading.notebooks(self.classroom, lab, size)
            part = "cold" if first else "quiz" if lab.startswith("quiz") else "labs"
            if part in self.parts:
                self.against_stock(lab, part, folder, students)
            if first:
                self.first_lab(lab, folder, students)
        if "solved" in self.parts:
            figures["solved"] = labs.solved(self.classroom.solved / lab / f"{lab}.ipynb", self.folder)
            self.rows += solved_rows(lab, figures["solved"])

    def against_stock(self, lab, part, folder, students):
        """Grade a class with stock nbgrader and with ours."""
        measured = grading.against_stock(self.classroom, lab, students, folder)
        measured.pop("scores")
        self.by_lab[lab]["grading"] = measured
        self.asked["cold" if part == "cold" else lab.partition("_")[0]] = measured["ratio"]
        self.rows += stock_rows(lab, measured)

    def first_lab(self, lab, folder, students):
        """Measure what is measured of one lab only: where the time goes, large classes, two jobs, and a kill."""
        figures, size = self.by_lab[lab], len(students)
        if "stages" in self.parts:
            room = grading.room(self.classroom, folder, "stages", lab, students)
            figures["parts"] = parts = stages.stages(room, lab, students)
            self.asked["record"] = parts["record"]
            self.rows += parts_rows(parts)
        if "jobs" in self.parts:
            times = grading.throughput(self.classroom, lab, students, folder, [min(size, 10), size])
            figures["throughput"] = [
                {"size": number, "jobs": jobs, "warm": warm, "seconds": took, "processor": took.processor}
                for (number, jobs, warm), took in times.items()
            ]
            self.asked["jobs"] = times[size, 1, False] / times[size, 2, False]
            self.asked["jobs_warm"] = times[size, 1, True] / times[size, 2, True]
            self.rows += jobs_rows(times)
        if "large" in self.parts:
            self.large(lab, folder, students)
        if "killed" in self.parts:
            done, seconds, right = grading.killed(self.classroom, lab, students, folder)
            figures["killed"] = {"done": done, "seconds": seconds, "right": right}
            text = f"{seconds:.1f} s from the kill, {done} of {size} were done; {_same(right)}"
            self.rows.append(("killed half-way and run again", text))

    def large(self, lab, folder, students):
        """Grade a large class twice; what stock nbgrader would take is scaled from the small class."""
        stock = self.arguments.stock or self.by_lab[lab].get("grading", {}).get("stock")
        number = self.arguments.large
        cold, warm = grading.large(self.classroom, lab, students, folder, number)
        for name, took in (("large", cold), ("warm", warm)):
            scaled = ""
            if stock:
                self.asked[name] = stock * number / len(students) / took
                scaled = f"; stock SCALED from {len(students)}: {stock * number / len(students):.0f} s"
            text = f"{took:.1f} s, {took / number:.3f} s each, processor time {took.processor / number:.3f} s each"
            self.rows.append((f"{lab}, {number} submissions, {name}", text + scaled))


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
            f"reports and feedback included; processor time {measured['ours_processor'] / size:.2f} s each",
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


def parts_rows(parts):
    """Return where the time of a submission goes, as rows."""
    rows = [
        ("bare exec of the same cells and tests in a fork", f"{parts['floor']:.2f} s a submission"),
        ("the engine: the same in the sandbox, judged outside", f"{parts['engine']:.2f} s a submission"),
        ("the engine's overhead", f"{parts['engine'] - parts['floor']:.2f} s a submission"),
        ("one process, recording and feedback included", f"{parts['whole']:.2f} s a submission"),
        ("start of the warm server; reports", f"{parts['start']:.1f} s; {parts['reports']:.1f} s a class"),
        ("memory that a submission adds", f"{parts['memory']:.0f} MB" if parts["memory"] else "unknown here"),
    ]
    for kind, most in (("stage", 1), ("test", 2)):
        for name, (passed, processor) in sorted(parts[f"{kind}s"].items(), key=lambda item: -(item[1][0] or 0)):
            took = "-" if passed is None else f"{passed:.{most}f}"
            rows.append((f"  {kind}: {name}", f"{took} ms a submission, {processor:.{most}f} ms of the processor"))
    return rows


def jobs_rows(times):
    """Return what one job and two took, as rows."""
    return [
        (
            f"{number} submissions, 1 job and 2 jobs{', warm server' * warm}",
            f"{one:.1f} s and {two:.1f} s: {one / two:.2f} times as fast; {60 * number / two:.0f} a minute; "
            f"processor time {one.processor / number:.2f} s and {two.processor / number:.2f} s each",
        )
        for (number, jobs, warm), one in times.items()
        if jobs == 1
        for two in [times[number, 2, warm]]
    ]


def _same(equal):
    return "the scores are the same" if equal else "the scores DIFFER"


if __name__ == "__main__":
    main()
