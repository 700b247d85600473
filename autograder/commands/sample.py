"""``autograder sample``: make a sample class from the known right and wrong answers."""

import json
import shutil
from argparse import ArgumentParser, Namespace

from autograder.authoring.build import write_notebook
from autograder.authoring.sample_class import MARK, sample_class
from autograder.classroom import Classroom
from autograder.errors import CourseError


def add_arguments(parser: ArgumentParser) -> None:
    """The verb has no options of its own."""


def run(args: Namespace) -> int:
    """Write the sample class into ``DIR/submitted``, replacing an earlier sample class and never real submissions."""
    classroom = Classroom(args.classroom)
    labs = classroom.graded_labs()
    if not labs:
        raise CourseError(
            f"{classroom.root}: no lab that gives points is built here; run 'autograder build --classroom "
            f"{args.classroom}'."
        )
    mark = classroom.submitted / MARK
    if classroom.submitted.exists() and any(classroom.submitted.iterdir()) and not mark.exists():
        raise CourseError(
            f"{classroom.submitted}: holds submissions that are no sample class; use another --classroom."
        )
    shutil.rmtree(classroom.submitted, ignore_errors=True)
    students = {}
    for lab in labs:
        for student, notebook in sample_class(lab, classroom, endless=lab == labs[0]).items():
            path = classroom.submitted / student / lab / f"{lab}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(notebook, str):
                path.write_text(notebook, encoding="utf-8")
            elif notebook is not None:
                write_notebook(notebook, path)
            students[student] = None
    mark.write_text(json.dumps({"students": list(students)}, indent=1) + "\n", encoding="utf-8")
    print(f"sample: {len(students)} students in {classroom.submitted}")
    return 0
