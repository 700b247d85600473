"""Exercises that a student was never handed, since they came into the lab later: they do not count for that student.

``excused.json`` in the classroom names them, by lab and student; `autograder build` writes it, and a person may. Under
the name "*" stands what does not count for whoever hands in a notebook of the lab as it was before.
"""

import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.files import read_given, write_atomically
from autograder.grading.pool import Pool
from autograder.grading.submissions import (
    HandedIn,
    Submission,
    Submissions,
    find_notebook,
    read_notebook,
)
from autograder.limited import READING

EVERYBODY = "*"
EXCUSED = "it came into the lab after you had got yours, so it does not count."


def excused(classroom: Classroom) -> dict[str, dict[str, list[str]]]:
    """Return who is excused from which exercises: grade ids by lab and student.

    Raises:
        CourseError: the file cannot be read.
    """
    try:
        return _read(classroom.excused, classroom.excused.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> dict[str, dict[str, list[str]]]:
    try:
        found = json.loads(read_given(path))
        return {
            str(lab): {str(student): list(map(str, names)) for student, names in students.items()}
            for lab, students in found.items()
        }
    except (ValueError, AttributeError, TypeError):
        raise CourseError(
            f'{path}: cannot be read; it holds lines such as {{"lab1_perceptron": {{"jdoe": ["neuron"]}}}}.'
        ) from None


def excused_of(classroom: Classroom, submission: Submission) -> list[str]:
    """Return the grade ids that do not count for a student, as long as what was handed in has none of them.

    A list of one's own goes before that of everybody.
    """
    of_lab = excused(classroom).get(submission.lab, {})
    return of_lab.get(submission.student, of_lab.get(EVERYBODY, []))


def is_named(classroom: Classroom, submission: Submission) -> bool:
    """Return whether a student has a list of one's own."""
    return submission.student in excused(classroom).get(submission.lab, {})


def is_of_lab_before(notebook: dict[str, Any], grade_id: str, builds: Iterable[dict[str, Any]]) -> bool:
    """Return whether a notebook that was handed in is one of the lab before an exercise came into it.

    Whoever has any cell that came with the exercise, its text say, was handed it.

    Args:
        builds: the notebooks of the lab that were ever released.
    """
    with_it: set[str] = set()
    without: set[str] = set()
    for build in builds:
        (with_it if has(build, grade_id) else without).update(_texts(build))
    return not (without and _texts(notebook) & (with_it - without))


def _texts(notebook: dict[str, Any]) -> set[str]:
    cells = [cell.get("source", "") for cell in notebook.get("cells", []) if isinstance(cell, dict)]
    return {" ".join("".join(source).split()) for source in cells} - {""}


def excuse(classroom: Classroom, lab: str, students: dict[str, list[str]]) -> None:
    """Excuse students from exercises, beside those from which they are already.

    Args:
        students: grade ids by student.
    """
    found = {name: dict(of_lab) for name, of_lab in excused(classroom).items()}
    of_lab = found.setdefault(lab, {})
    for student, names in students.items():
        of_lab[student] = sorted({*of_lab.get(student, []), *names})
    write_atomically(classroom.excused, json.dumps(found, indent=1, sort_keys=True) + "\n")


def has(notebook: dict[str, Any], grade_id: str) -> bool:
    """Return whether a notebook that was handed in has any cell of an exercise."""
    cells = [cell for cell in notebook.get("cells", []) if isinstance(cell, dict)]
    for cell in cells:
        data = cell.get("metadata", {}).get("nbgrader", {})
        claimed = str(data.get("grade_id", "")) if isinstance(data, dict) else ""
        if claimed == grade_id or claimed.startswith(f"{grade_id}_") or f'"{grade_id}"' in str(cell.get("source", "")):
            return True
    return False


def mark(notebook: NotebookNode, names: Collection[str]) -> None:
    """Note in a notebook that is graded which exercises do not count, and drop what was found in them."""
    about = notebook.metadata.setdefault("course", {"findings": []})
    about["excused"] = sorted(names)
    about["findings"] = [finding for finding in about["findings"] if finding["exercise"] not in names]


def marked(notebook: NotebookNode) -> list[str]:
    """Return the exercises that do not count in a graded notebook."""
    return list(notebook.metadata.get("course", {}).get("excused", []))


def never_handed(classroom: Classroom, config: Config, lab: str, added: Collection[str]) -> dict[str, list[str]]:
    """Return who handed in a notebook without exercises that are about to come into a lab: grade ids by student.

    What nobody can read is left out: it earns what an unreadable notebook earns.
    """
    limit = Submissions(config=config).notebook_limit

    def lacks(submission: Submission) -> list[str]:
        with submission.opened() as folder:
            name, _ = find_notebook(submission.lab, folder)
            handed_in = read_notebook(folder, name, limit)
        return [grade_id for grade_id in added if not has(handed_in, grade_id)]

    found: dict[str, list[str]] = {}
    with Pool(lacks, 1, READING) as pool:
        for submission in HandedIn(classroom, [lab]):
            pool.add(submission)
        for submission, result in pool.results():
            if not isinstance(result, Exception) and result:
                found[submission.student] = result
    return dict(sorted(found.items()))
