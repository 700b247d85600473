"""From the sources to nbgrader's folders, released notebooks and solved copies."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import OperationalError
from traitlets.config import Config

from autograder.authoring.roles import without_markers
from autograder.authoring.source import Lab
from autograder.authoring.stubs import METADATA
from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.files import temporary_folder, write_atomically
from autograder.nbgrader_patches import LabRelease
from autograder.settings import Course
from course_utils.recording import RECORDED, encode, read, recorded_tests, same_recording, written

PUBLIC_SEED = b"visible"  # public: the cases that every student's check replays

BOOTSTRAP = """\
# On a fresh machine such as Google Colab this installs the course's helpers; elsewhere it does nothing.
import importlib.util

if importlib.util.find_spec("course_utils") is None:
    %pip install --quiet "git+{address}@{branch}"
"""


def load_labs(folder: str | Path) -> list[Lab]:
    """Read and check every source of a folder; names of exercises are unique across labs."""
    labs = [Lab(path) for path in sorted(Path(folder).glob("*.py"))]
    if not labs:
        raise CourseError(f"{folder}: no source here; an author writes one source file a lab.")
    owner: dict[str, Path] = {}
    for lab in labs:
        for name in lab.tests:
            if name in owner:
                raise CourseError(
                    f"{lab.path}: exercise {name!r} stands already in {owner[name]}; students check an "
                    "exercise by its name alone, so use another one."
                )
            owner[name] = lab.path
    return labs


def build_lab(lab: Lab, classroom: Classroom, config: Config, course: Course) -> None:
    """Write one lab's recorded cases, nbgrader source, released notebook and solved copy.

    Raises:
        CourseError: something does not fit; source and released notebook are then as they were.
    """
    record(lab, RECORDED)
    notebook = source_of(lab, classroom, course)
    with _all_or_nothing(classroom.source / lab.name, classroom.release / lab.name):
        write_notebook(notebook, classroom.source / lab.name / f"{lab.name}.ipynb")
        generate_assignment(lab.name, classroom, config)
        released = classroom.release / lab.name / f"{lab.name}.ipynb"
        write_notebook(nbformat.read(released, as_version=4), released)
    write_notebook(solved(notebook), classroom.solved / lab.name / f"{lab.name}.ipynb")


def source_of(lab: Lab, classroom: Classroom, course: Course) -> NotebookNode:
    """Return the source notebook of a lab, as the classroom is to have it."""
    badge, bootstrap = address_cells(lab, course)
    return lab.notebook(classroom.framework, badge, bootstrap)


@contextmanager
def _all_or_nothing(*folders: Path) -> Iterator[None]:
    """Put folders back as they were where a block fails: submissions are graded by what is in them."""
    with temporary_folder("built-") as kept:
        for index, folder in enumerate(folders):
            if folder.exists():
                shutil.copytree(folder, kept / str(index))
        try:
            yield
        except BaseException:
            for index, folder in enumerate(folders):
                shutil.rmtree(folder, ignore_errors=True)
                if (kept / str(index)).exists():
                    shutil.copytree(kept / str(index), folder)
            raise


def record(lab: Lab, folder: Path) -> None:
    """Write the cases that students' checks replay; the file changes only when its content does.

    A file that agrees to 1e-6 is kept: no other processor's rounding makes a new one.
    """
    points = lab.points()
    tests = []
    for grade_id in lab.points():
        exercise, spelling = lab.tests[grade_id]
        try:
            test = exercise.test(spelling, PUBLIC_SEED, "check")
        except CourseError as error:
            raise CourseError(f"autograder/exercises/{lab.name}.py: {error}") from error
        tests.append({**encode(test), "points": points[grade_id]})
    text = written(lab.name, lab.title, tests)
    path = folder / f"{lab.name}.json"
    if not path.exists() or not same_recording(read(path.read_text(encoding="utf-8")), read(text)):
        folder.mkdir(exist_ok=True)
        write_atomically(path, text)
    recorded_tests.cache_clear()


def address_cells(lab: Lab, course: Course) -> tuple[str, str]:
    """Return the badge line and the bootstrap code of a lab; empty where no address is set."""
    address = course.student_repository.removesuffix("/").removesuffix(".git")
    if not address:
        return "", ""
    bootstrap = BOOTSTRAP.format(address=address, branch=course.student_branch).strip()
    github = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)", address)
    if not github:
        return "", bootstrap
    target = f"https://colab.research.google.com/github/{github[1]}/blob/{course.student_branch}/labs/{lab.name}.ipynb"
    badge = f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({target})"
    return badge, bootstrap


def solved(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of a source notebook with the solutions in place and no hidden test."""
    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
    for cell in copy.cells:
        cell.source = without_markers(without_markers(cell.source, "hidden-test"), "solution")
        cell.metadata.pop(METADATA, None)
    return copy


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook in one canonical form, so that the same notebook gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook, version=4) + "\n", encoding="utf-8")


def generate_assignment(lab_name: str, classroom: Classroom, config: Config) -> None:
    """Run stock nbgrader ``generate_assignment`` on one lab of a classroom.

    Raises:
        CourseError: nbgrader refuses, as when cells were added after students had submitted.
    """
    app = NbGrader(config=config)
    directory = CourseDirectory(config=config, root=str(classroom.root), assignment_id=lab_name)
    release = LabRelease(coursedir=directory, parent=app, config=config, force=True)
    release.log.setLevel("CRITICAL")  # its traceback would stand before the message below
    try:
        release.start()
    except (OSError, OperationalError):  # a disk that is full, a gradebook that is away: no matter of the lab
        raise
    except Exception as error:
        raise CourseError(
            f"{classroom.root}: nbgrader could not release {lab_name}: {str(error).rstrip('.')}. If exercises were "
            "added or removed after students had submitted, build into a new --classroom."
        ) from error


def publish(labs: list[Lab], classroom: Classroom, folder: Path) -> None:
    """Copy the released notebooks into a folder such as ``labs/``, and remove those whose source is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {f"{lab.name}.ipynb" for lab in labs}
    for path in folder.glob("*.ipynb"):
        if path.name not in names:
            path.unlink()
    for lab in labs:
        released = classroom.release / lab.name / f"{lab.name}.ipynb"
        (folder / released.name).write_bytes(released.read_bytes())
