"""A tiny lab for tests of grading: four exercises on one number, judged in microseconds, with no framework in sight.

The notebooks are like those that `autograder build` makes; the toy's own ``check`` and ``grade`` replace the real ones.
"""

import glob
import os
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.authoring.build import generate_assignment
from autograder.classroom import Classroom
from autograder.grading.feedback import write_feedback
from autograder.grading.mended import mend
from autograder.grading.record import record as record_batch
from autograder.grading.run import Grading
from autograder.grading.staging import staging_root
from autograder.grading.submissions import Submission, submissions
from autograder.notebooks import verdicts
from autograder.settings import load_config
from course_utils.verdict import Verdict
from tests.autograder.toy_judge import EXERCISES

LAB = "toy"
SECRET = "the hidden input is 7316"  # stands in hidden tests and must never reach a student
PRELUDE = "from tests.autograder.toy_judge import check, grade"


def source_notebook():
    """Return the instructor's notebook."""
    cells = [
        new_code_cell("import math", id="setup", metadata=_data("setup", locked=True)),
        new_markdown_cell("# Toy\nFour functions of one number, $x$.", id="prose"),
    ]
    for name, (points, _) in EXERCISES.items():
        solution = f"def {name}(x):\n    ### BEGIN SOLUTION\n    return {SOLUTIONS[name]}\n    ### END SOLUTION"
        test = f'check("{name}")\n### BEGIN HIDDEN TESTS\n# {SECRET}\ngrade("{name}")\n### END HIDDEN TESTS'
        cells += [
            new_code_cell(solution, id=f"{name}-solution", metadata=_data(f"{name}_solution", solution=True)),
            new_code_cell(test, id=f"{name}-test", metadata=_data(name, grade=True, locked=True, points=points)),
        ]
    demo = new_code_cell("raise SystemExit('a demo must not run')", id="demo", metadata=_data("demo_1", locked=True))
    demo.metadata["tags"] = ["skip-execution"]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=[*cells, demo], metadata={"kernelspec": spec, "language_info": {"name": "python"}})


SOLUTIONS = {"double": "2 * x", "square": "x * x", "negate": "-x", "half": "x / 2"}


def _data(grade_id, **flags):
    data = {
        "grade_id": grade_id,
        "schema_version": 3,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
    }
    return {"nbgrader": {**data, **flags}}


def make_classroom(root):
    """Build the toy lab into a classroom and return the classroom with a configuration for quick tests."""
    classroom = Classroom(root).create()
    path = classroom.source / LAB / f"{LAB}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(source_notebook(), path)
    config = toy_config(classroom)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # for alembic
    generate_assignment(LAB, classroom, config)
    return classroom, config


def toy_config(classroom):
    """Return the course's settings with the toy's tests and small limits."""
    config = load_config(classroom)
    config.Execute.update(
        prelude=PRELUDE, engine="kernel", timeout=30, submission_timeout=60, memory_limit=700, output_limit=20_000
    )
    config.Execute.extra_arguments = [f"--IPKernelApp.exec_lines=['{PRELUDE}']"]
    return config


def released(classroom):
    """Return a fresh copy of the student's notebook."""
    return nbformat.read(classroom.release / LAB / f"{LAB}.ipynb", as_version=4)


def answered(classroom, **answers):
    """Return a submission with right answers, or those given.

    Args:
        answers: by exercise, the body of a function, or a whole cell that begins with a newline.
    """
    nb = released(classroom)
    for name, right in SOLUTIONS.items():
        body = answers.get(name, f"return {right}")
        find(nb, f"{name}_solution").source = body.strip() if body.startswith("\n") else f"def {name}(x):\n    {body}"
    return nb


def find(nb, grade_id):
    """Return the first cell with a grade id."""
    return next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def hand_in(classroom, student, notebook, name=f"{LAB}.ipynb"):
    """Write a notebook, or bytes, into a student's folder and return the folder."""
    folder = classroom.submitted / student / LAB
    folder.mkdir(parents=True, exist_ok=True)
    content = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode()
    (folder / name).write_bytes(content)
    return folder


def autograde(classroom, config, student):
    """Grade one student's submission through nbgrader with the course's settings, and write the feedback."""
    course = CourseDirectory(config=config, student_id=glob.escape(student), assignment_id=LAB)
    Autograde(coursedir=course, config=config, force=True).start()
    write_feedback(config, student, LAB)


def grade(classroom, config, regrade=False):
    """Grade all that was handed in, as `autograder grade` does; return the outcomes."""
    return list(Grading(classroom, config, regrade).outcomes(submissions(classroom, LAB)))


def record(classroom, config, student, nothing="", **scores):
    """Hand in a right submission and record it as if its tests had given these points; return how it stands.

    Args:
        nothing: why there is nothing to grade, or "".
        scores: points by exercise; full points elsewhere.
    """
    grading = Grading(classroom, config)
    submission = Submission(student, LAB, hand_in(classroom, student, answered(classroom)))
    with staging_root(classroom) as staged:
        layout = grading.lay_out(LAB, staged)
        if nothing:
            grades = layout.nothing(submission, nothing)
        else:
            grades = layout.graded(stage(config, submission, staged, **scores))
        [recorded] = record_batch(config, [grades], staged)
    return recorded.standing


def stage(config, submission, staged, **scores):
    """Mend and stage a submission, with verdicts as if it had been run; return it."""
    mended = mend(config, submission)
    for name, (points, _) in EXERCISES.items():
        score = scores.get(name, points)
        status = "passed" if score == points else "failed"
        verdict = Verdict("grade", name, float(score), float(points), status, f"{name}: {status}.")
        verdicts.put(find(mended.notebook, name), verdict)
    mended.stage(staged)
    return mended
