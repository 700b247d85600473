"""What several test modules share: a built classroom, and running a notebook as a student would."""

import os
from collections import Counter

import nbformat
import pytest
from hypothesis import HealthCheck, settings
from nbclient import NotebookClient

from autograder.authoring.source import Lab
from autograder.classroom import Classroom
from autograder.cli import main
from autograder.settings import PROJECT
from course_utils.verdict import MIME_TYPE

os.environ["AUTOGRADER_SERVER_MINUTES"] = "0"  # no test leaves a server behind, unless it is about that
# The same examples in every run, however slow the computer is.
settings.register_profile(
    "course", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("course")


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A classroom for both frameworks, built once; returns its Classroom.

    Many modules share it, in an order that depends on how busy the computer is: a test that would change it copies it.
    """
    classroom = build_classroom(tmp_path_factory.mktemp("both") / "classroom")
    before = contents(classroom)
    yield classroom
    assert contents(classroom) == before, "a test has changed the classroom that all share"


@pytest.fixture(scope="session")
def single(tmp_path_factory):
    """Classrooms for one framework, with all labs: a mapping from framework to Classroom."""
    return {
        framework: build_classroom(tmp_path_factory.mktemp(framework) / "classroom", "--framework", framework)
        for framework in ("torch", "tensorflow")
    }


def contents(classroom):
    """Return the paths in a classroom, with the time when each file was changed; kept hidden cases do not count."""
    return {
        path: path.is_file() and path.stat().st_mtime_ns
        for path in classroom.root.rglob("*")
        if classroom.variants not in (path, *path.parents)
    }


def pytest_collection_modifyitems(items):
    """Begin with the files that take long, of slow tests or of many: one that came last would be waited for."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    many = Counter(item.path for item in items)
    items.sort(key=lambda item: (-slow[item.path], -many[item.path], item.path))


def build_classroom(root, *options, labs=()):
    """Build a classroom through the command line, away from the committed ``labs/``, and return it.

    Its secret is the same in every run of the tests, so that all draw the same hidden inputs.

    Args:
        root: its folder, which is made.
        labs: names of the labs in it; without any it has all, which takes many seconds.
    """
    root.mkdir()
    (root / "secret").write_text(f"{'0123456789abcdef' * 4}\n")
    with pytest.MonkeyPatch.context() as patch:
        if labs:
            few = [Lab(PROJECT / "solutions" / f"{lab}.py") for lab in labs]
            patch.setattr("autograder.commands.build.load_labs", lambda folder: few)
        assert main(["build", "--classroom", str(root), "--labs", f"{root}-labs", *options]) == 0
    return Classroom(root)


def read(path):
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def run_notebook(notebook, folder, demos=True, **environment):
    """Run all cells of a notebook in a kernel of its own, errors not allowed, demos included; returns the notebook.

    Args:
        folder: working directory of the kernel.
        environment: variables set for the kernel.
    """
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        skip_cells_with_tag="skip-execution" if demos is False else "no-such-tag",
    )
    client.execute(env={**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline", **environment})
    return notebook


def verdicts(notebook):
    """Return the verdicts that a notebook's cells show: a mapping from grade id to the verdict's JSON."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if MIME_TYPE in output.get("data", {}):
                found[cell.metadata.nbgrader.grade_id] = output.data[MIME_TYPE]
    return found


def errors(notebook):
    """Return the error outputs and the texts on stderr of a notebook."""
    return [
        output.get("evalue", output.get("text"))
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
