"""A classroom with two labs and a roster, made in no time, and notebooks to hand in."""

import json

from autograder.classroom import Classroom

LABS = {"lab1_perceptron": ["neuron", "dense_numpy"], "lab2_activations": ["sigmoid", "softmax"]}
ROSTER = """id,name,email,lms_id,section,extension,group,aliases
jdoe,Jane Doe,jane.doe@school.edu,12345,A,,,jd-codes
bob,Bob Öberg,bob@school.edu,12346,A,2,,
an,Nguyễn Văn An,an@school.edu,12347,B,,blue,
cy,Cy Young,cy@school.edu,12348,B,,blue,
m1,Max Müller,max1@school.edu,12349,B,,,
m2,Max Müller,max2@school.edu,12350,B,,,
"""


def make_room(root):
    """Return a classroom as `autograder build` makes it, as far as collecting looks at it."""
    classroom = Classroom(root)
    for lab in LABS:
        for folder in (classroom.source, classroom.release):
            (folder / lab).mkdir(parents=True)
            (folder / lab / f"{lab}.ipynb").write_text(notebook(lab, ""))
    classroom.roster.write_text(ROSTER)
    return classroom


def notebook(lab, answer, **more):
    """Return a lab's notebook as text.

    Args:
        answer: what a student wrote. more: further metadata of each cell.
    """
    cells = [
        {
            "cell_type": "code",
            "source": [f'check("{name}")\n', answer],
            "metadata": {"nbgrader": {"grade_id": name, "points": 1, "solution": True}, **more},
            "outputs": [],
            "execution_count": None,
        }
        for name in LABS[lab]
    ]
    shared = {"cell_type": "code", "source": "", "metadata": {"nbgrader": {"grade_id": "demo_1"}}}
    return json.dumps({"cells": [shared, *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def submitted(classroom):
    """Return what lies among the submissions: texts of files by name."""
    return {
        path.relative_to(classroom.submitted).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(classroom.submitted.rglob("*"))
        if path.is_file()
    }
