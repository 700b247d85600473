"""The one place of every setting is ``nbgrader_config.py`` at the top of the project; nbgrader reads the same file."""

import os
from pathlib import Path

from traitlets import Bool, List, Unicode
from traitlets.config import Config, Configurable, PyFileConfigLoader

from autograder.classroom import Classroom

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATES = Path(__file__).resolve().parent / "templates"


class Course(Configurable):
    """What a course says about itself."""

    student_repository = Unicode(
        "",
        help="Address of the git repository where the bundle made by `autograder release` is published, such as "
        "https://github.com/your-school/deep-learning-labs. Badges and bootstrap cells point there. Empty: none.",
    ).tag(config=True)
    student_branch = Unicode("main", help="Branch of `student_repository` that students open.").tag(config=True)
    packages = List(
        Unicode(),
        help="Packages that students may use beside those of the labs, such as 'pandas>=2'. Bundle, Colab and Binder "
        "install them, and grading refuses to start where this environment lacks one.",
    ).tag(config=True)
    solutions_in_feedback = Bool(
        False,
        help="Whether feedback shows the reference solutions beside a student's own, once the lab's due date and all "
        "extensions of it are over. Without a due date never.",
    ).tag(config=True)


def load_config(classroom: Classroom) -> Config:
    """Return nbgrader's configuration for one classroom.

    Args:
        classroom: a ``Classroom``; it becomes nbgrader's course directory, for child processes too.
    """
    os.environ["CLASSROOM"] = str(classroom.root)
    return PyFileConfigLoader("nbgrader_config.py", path=str(PROJECT)).load_config()
