"""``autograder build``: what it writes depends on the sources alone, and what it refuses is said in one line."""

import os
import shutil
import subprocess
import sys
from types import SimpleNamespace
from unittest.mock import Mock

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import OperationalError

from autograder.authoring import build
from autograder.authoring.build import address_cells, build_lab, generate_assignment, load_labs, publish, record
from autograder.authoring.source import Lab
from autograder.errors import CourseError
from autograder.settings import PROJECT, Course
from tests.autograder import toy
from tests.sources import sample

CORE_TYPES = ("Nehalem", "Haswell", "Zen")  # processors whose last digits OpenBLAS can reproduce on this one
NEEDED = ("autograder", "course_utils", "solutions", "nbgrader_config.py", "pyproject.toml")

WELCOME_LAB = Lab(PROJECT / "solutions" / "lab0_welcome.py")
WELCOME = WELCOME_LAB.exercises


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(("found", "kept"), [("-10.30001", True), ("-10.301", False)])
def test_a_recording_changes_only_when_its_content_does(found, kept, tmp_path):
    """A file that differs by another processor's rounding is kept as it is; one with other numbers is written anew."""
    lab = WELCOME_LAB
    record(lab, tmp_path)
    path = tmp_path / "lab0_welcome.json"
    written = path.read_text(encoding="utf-8")
    altered = written.replace("-10.3,", f"{found},")
    path.write_text(altered, encoding="utf-8")
    record(lab, tmp_path)
    assert altered != written and path.read_text(encoding="utf-8") == (altered if kept else written)


@pytest.mark.slow
@pytest.mark.parametrize("core_type", sample(CORE_TYPES, "Nehalem"))
def test_every_processor_builds_the_same(core_type, tmp_path):
    """A build with the arithmetic of another processor leaves ``labs/`` and ``course_utils/recorded`` as they are."""
    environment = {**os.environ, "OPENBLAS_CORETYPE": core_type, "PYTHONPATH": str(tmp_path)}
    product = "import numpy as np; a = np.ones((65, 65)); assert (a @ a == 65).all()"
    if subprocess.run([sys.executable, "-c", product], env=environment, check=False).returncode != 0:
        pytest.skip(f"this processor cannot compute as OpenBLAS's {core_type}")
    for name in NEEDED:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, tmp_path / name)
    command = [sys.executable, "-m", "autograder", "build", "--classroom", str(tmp_path / "classroom")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for built, committed in (("labs", "labs"), ("course_utils/recorded", "course_utils/recorded")):
        assert files(tmp_path / built) == files(PROJECT / committed), built


@pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")  # nbgrader's own way of adding rows
def test_a_lab_that_cannot_be_released_is_one_clear_message(tmp_path, capfd):
    """Cells that go after students submitted are refused with nbgrader's reason, and without its traceback."""
    classroom, config = toy.make_classroom(tmp_path / "room")
    with Gradebook(CourseDirectory(config=config).db_url) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(toy.LAB, "ada")
    path = classroom.source / toy.LAB / f"{toy.LAB}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.remove(toy.find(notebook, "half"))
    nbformat.write(notebook, path)
    capfd.readouterr()
    with pytest.raises(CourseError) as caught:
        generate_assignment(toy.LAB, classroom, config)
    assert "could not release toy: Cannot add or remove cells" in str(caught.value)
    assert "build into a new --classroom" in str(caught.value)
    shown = capfd.readouterr()
    assert "Traceback" not in shown.out + shown.err and "ERROR" not in shown.out + shown.err


@pytest.mark.filterwarnings("ignore:Object of type:sqlalchemy.exc.SAWarning")
def test_a_refused_build_leaves_the_classroom_as_it_was(tmp_path, monkeypatch):
    """Submissions can be graded afterwards: the source and the released notebook are those of before."""
    monkeypatch.setattr(build, "RECORDED", tmp_path / "recorded")
    classroom, config = toy.make_classroom(tmp_path / "room")
    lab = SimpleNamespace(name=toy.LAB, points=dict, tests={}, title="Toy", notebook=lambda *_: toy.source_notebook())
    build_lab(lab, classroom, config, Course())
    with Gradebook(CourseDirectory(config=config).db_url) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(toy.LAB, "ada")
    before = [files(folder / toy.LAB) for folder in (classroom.source, classroom.release, classroom.solved)]
    changed = toy.source_notebook()
    changed.cells.remove(toy.find(changed, "half"))
    lab.notebook = lambda *_: changed
    with pytest.raises(CourseError, match="build into a new --classroom"):
        build_lab(lab, classroom, config, Course())
    assert [files(folder / toy.LAB) for folder in (classroom.source, classroom.release, classroom.solved)] == before


def test_a_name_belongs_to_one_lab(tmp_path, monkeypatch):
    """Two labs with an exercise of the same name are refused: students check an exercise by its name alone."""
    monkeypatch.setattr(
        "autograder.authoring.source.load_exercises",
        lambda lab, path: WELCOME,
    )
    for name in ("lab0_a", "lab0_b"):
        shutil.copy(PROJECT / "solutions" / "lab0_welcome.py", tmp_path / f"{name}.py")
    with pytest.raises(CourseError, match=r"lab0_b\.py: exercise 'fahrenheit' stands already in .*lab0_a\.py"):
        load_labs(tmp_path)


def test_a_folder_without_sources_is_named(tmp_path):
    """An empty folder is said to be one."""
    with pytest.raises(CourseError, match="no source here"):
        load_labs(tmp_path)


@pytest.mark.parametrize(
    ("address", "badge", "fetches"),
    [
        ("", False, False),
        ("https://github.com/school/labs.git/", True, True),
        ("https://git.example.org/school/labs", False, True),
    ],
)
def test_badge_and_bootstrap_follow_the_address(address, badge, fetches):
    """Only a repository on GitHub has a Colab badge; any address gives a first cell that fetches the helpers."""
    line, cell = address_cells(WELCOME_LAB, Course(student_repository=address))
    assert bool(line) is badge and bool(cell) is fetches
    if badge:
        assert "colab.research.google.com/github/school/labs/blob/main/labs/lab0_welcome.ipynb" in line
    if fetches:
        assert f"git+{address.removesuffix('/').removesuffix('.git')}@main" in cell


def test_a_lab_whose_source_is_gone_leaves_the_folder(built, tmp_path):
    """Publishing copies what was built and removes notebooks of labs that no longer exist, and nothing else."""
    folder = tmp_path / "labs"
    folder.mkdir()
    for name in ("old_lab.ipynb", "notes.txt"):
        (folder / name).write_text("{}")
    publish([WELCOME_LAB], built, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["lab0_welcome.ipynb", "notes.txt"]
    built_bytes = (built.release / "lab0_welcome" / "lab0_welcome.ipynb").read_bytes()
    assert (folder / "lab0_welcome.ipynb").read_bytes() == built_bytes


@pytest.mark.parametrize("error", [OSError(28, "full"), OperationalError("DELETE", {}, Exception("disk is full"))])
def test_a_full_disk_is_no_matter_of_the_lab(error, tmp_path, monkeypatch):
    """What the disk or the gradebook refuses is said as it is, without the advice to build elsewhere."""
    classroom, config = toy.make_classroom(tmp_path / "room")
    monkeypatch.setattr(build.LabRelease, "start", Mock(side_effect=error))
    with pytest.raises(type(error)):
        generate_assignment(toy.LAB, classroom, config)
