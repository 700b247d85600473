"""A class on one lab, graded by stock ``nbgrader autograde`` and by this project in turn, and how that grows."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from itertools import cycle, islice
from time import perf_counter

import nbformat
from nbgrader.api import Gradebook

from autograder.authoring.answers import load_answers
from autograder.authoring.sample_class import with_answers, with_unfinished
from autograder.classroom import Classroom
from autograder.settings import PROJECT

TURNS = 3  # stock nbgrader grades the class in so many parts, and ours the whole of it after each
START = """\
import sys
from autograder.grading import running
from autograder.classroom import Classroom
from autograder.sandbox import host
from autograder.settings import load_config
running.prepare(load_config(Classroom(sys.argv[1])), sys.argv[2])
host.close_servers()
"""
STOCK_CONFIG = """\
c = get_config()
load_subconfig("nbgrader_config.py", path={project!r})
del c.Autograde["sanitize_preprocessors"], c.Autograde["autograde_preprocessors"]  # nbgrader's own again
from autograder import nbgrader_patches
from nbgrader.converters import Autograde, GenerateFeedback
nbgrader_patches.use(Autograde, GenerateFeedback, None)
"""


class Seconds(float):
    """Seconds that passed, with the seconds of processor time that the process and all that it started used.

    What stays when it ends, such as a warm server, is not counted.
    """

    processor = 0.0


def run(*command, **options):
    """Run Python with some arguments and return the ``Seconds`` that it took."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    done = subprocess.run([sys.executable, *map(str, command)], text=True, capture_output=True, **options)
    took, after = Seconds(perf_counter() - begin), resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    took.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took


def grade(classroom, lab, *options):
    """Grade a class and return the ``Seconds``."""
    return run("-m", "autograder", "grade", lab, "--classroom", classroom.root, *options)


def notebooks(classroom, lab, size):
    """Return a class's notebooks by student: a third right, a third wrong in every exercise, a third unfinished."""
    released, solved = (
        nbformat.read(folder / lab / f"{lab}.ipynb", as_version=4) for folder in (classroom.release, classroom.solved)
    )
    right, wrong = {}, {}
    for answer in load_answers(PROJECT / "solutions" / "answers" / f"{lab}.py"):
        (right if answer.right else wrong).setdefault(answer.grade_id, []).append(answer)
    students = {}
    for number in range(size):
        kind, turn = ("right", "wrong", "unfinished")[number % 3], number // 3
        if kind == "unfinished":
            names = list(right)
            notebook = with_unfinished(solved, released, names[turn % len(names) :])
        else:
            answers = right if kind == "right" else wrong
            notebook = with_answers(solved, {name: known[turn % len(known)] for name, known in answers.items()})
        students[f"{kind}_{number:03d}"] = notebook
    return students


def hand_in(classroom, lab, students):
    """Write notebooks into ``submitted``."""
    for student, notebook in students.items():
        path = classroom.submitted / student / lab / f"{lab}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)


def room(classroom, folder, name, lab, students):
    """Return a fresh copy of a built classroom in which some students have handed in."""
    copy = Classroom(shutil.copytree(classroom.root, folder / name))
    hand_in(copy, lab, students)
    return copy


def scores(classroom, lab):
    """Return the scores in a classroom's gradebook by student and test cell."""
    with Gradebook(f"sqlite:///{classroom.gradebook}") as gradebook:
        return {
            (submission.student.id, grade.name): grade.score
            for submission in gradebook.assignment_submissions(lab)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def stock_settings(folder):
    """Write a folder from which ``nbgrader autograde`` runs with nbgrader's own steps, and return it."""
    (folder / "stock_settings").mkdir()
    (folder / "stock_settings" / "nbgrader_config.py").write_text(STOCK_CONFIG.format(project=str(PROJECT)))
    return folder / "stock_settings"


def against_stock(classroom, lab, students, folder):
    """Grade the class with stock nbgrader, part by part, and with ours, the whole after each part; compare.

    Returns:
        "size" of the class, "stock" and "ours" (seconds for the whole class, as if stock nbgrader had been started
        once; ours the mean of its runs), "ours_runs", "stock_start" (seconds of a run that finds nothing to grade),
        "ours_start" (mean seconds of a Python that starts the warm server and grades nothing), "ratio",
        "differences" between the scores, and "scores" of ours.
    """
    stock, settings = room(classroom, folder, "stock", lab, {}), stock_settings(folder)
    paths = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "CLASSROOM": str(stock.root), "PYTHONPATH": paths}
    names, stock_seconds, ours_seconds, start_seconds = list(students), [], [], []
    for turn in range(TURNS):
        if part := {name: students[name] for name in names[turn::TURNS]}:
            hand_in(stock, lab, part)
            stock_seconds.append(run("-m", "nbgrader", "autograde", lab, cwd=settings, env=environment))
        ours = room(classroom, folder, f"ours_{turn}", lab, students)
        start_seconds.append(run("-c", START, ours.root, lab, cwd=PROJECT))
        stop_server()
        ours_seconds.append(grade(ours, lab))
    again = run("-m", "nbgrader", "autograde", lab, cwd=settings, env=environment)
    whole, mean = sum(stock_seconds) - (len(stock_seconds) - 1) * again, sum(ours_seconds) / TURNS
    our_scores = scores(ours, lab)
    return {
        "size": len(students),
        "stock": whole,
        "ours": mean,
        "ours_runs": ours_seconds,
        "ours_processor": sum(seconds.processor for seconds in ours_seconds) / TURNS,
        "stock_start": again,
        "ours_start": sum(start_seconds) / TURNS,
        "ratio": whole / mean,
        "differences": differences(our_scores, scores(stock, lab)),
        "scores": our_scores,
    }


def differences(ours, stock):
    """Return the scores that are not the same, a dictionary each.

    Args:
        ours: scores by student and test cell, like ``stock``.
    """
    return [
        {
            "student": student,
            "cell": cell,
            "ours": ours.get((student, cell)),
            "stock": stock.get((student, cell)),
        }
        for student, cell in sorted({*ours, *stock})
        if ours.get((student, cell)) != stock.get((student, cell))
    ]


def several(students, size):
    """Return a class of some size; one larger than ``students`` repeats their notebooks."""
    return {f"{turn:03d}_{name}": students[name] for turn, name in enumerate(islice(cycle(students), size))}


def large(classroom, lab, students, folder, size):
    """Return the ``Seconds`` of a large class: from a cold start, and graded again by what the first run left warm."""
    stop_server()
    copy = room(classroom, folder, "large", lab, several(students, size))
    took = [grade(copy, lab), grade(copy, lab, "--regrade")]
    stop_server()
    shutil.rmtree(copy.root)
    return took


def stop_server():
    """End a warm server that an earlier run left, so that the next one starts cold."""
    subprocess.run([sys.executable, "-m", "autograder", "doctor", "--stop"], capture_output=True)


def throughput(classroom, lab, students, folder, sizes):
    """Return the ``Seconds`` of whole runs by number of submissions, of jobs, and whether they found a warm server.

    Args:
        sizes: numbers of submissions; a class larger than ``students`` repeats their notebooks.
    """
    seconds = {}
    for size in sizes:
        for jobs in (1, 2):
            copy = room(classroom, folder, f"throughput_{size}_{jobs}", lab, several(students, size))
            stop_server()
            seconds[size, jobs, False] = grade(copy, lab, "--jobs", jobs)
            seconds[size, jobs, True] = grade(copy, lab, "--jobs", jobs, "--regrade")
            shutil.rmtree(copy.root)
    stop_server()
    return seconds


def killed(classroom, lab, students, folder):
    """Kill a grading half-way and grade again.

    Returns:
        Submissions finished before the kill, seconds from the kill to the end of the second run, and whether the scores
        are then those of a run that nobody kills.
    """
    copy = room(classroom, folder, "killed", lab, students)
    command = [sys.executable, "-m", "autograder", "grade", lab, "--classroom", str(copy.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.startswith(f"[{max(len(students) // 2, 1)}/"):
                process.send_signal(signal.SIGKILL)
                break
        begin = perf_counter()
    done = len(list(copy.autograded.glob("*/*/.graded.json")))
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = perf_counter() - begin
    whole = room(classroom, folder, "not_killed", lab, students)
    grade(whole, lab)
    return done, seconds, scores(copy, lab) == scores(whole, lab)
