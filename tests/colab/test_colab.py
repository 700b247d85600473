"""The labs on Google Colab's versions, from the bootstrap cell to the last check, in an environment of its own.

`make test` tries a lab of few and one of many calls of both frameworks; `make test-labs` tries them all.
"""

import json
import os
import subprocess
import sys

import nbclient
import nbformat
import pytest
from packaging.utils import canonicalize_name

from autograder.authoring.bundle import write_bundle
from autograder.settings import PROJECT, Course
from course_utils.verdict import MIME_TYPE
from tests.conftest import build_classroom, errors, read
from tests.sources import NUMBERED, sample

WIDGET = "application/vnd.jupyter.widget-view+json"
SECONDS = 600  # for one cell: the bootstrap cell may wait for pip, the first use of TensorFlow for the disk


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


LABS = sample(NUMBERED, "lab1_perceptron", "lab5b_networks")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    """The Python of a fresh runtime with Colab's packages; what is installed there stays out of the cached ones."""
    run("make", "--silent", ".venv-colab/.installed", cwd=PROJECT)
    folder = tmp_path_factory.mktemp("runtime")
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python, cached = folder / "bin" / "python", PROJECT / ".venv-colab" / "bin" / "python"
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    target = run(python, "-c", purelib).strip()
    with open(f"{target}/colab.pth", "w", encoding="utf-8") as file:
        file.write(run(cached, "-c", purelib))
    return python


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A classroom whose bundle is published in a git repository, and the address of that repository."""
    folder = tmp_path_factory.mktemp("published")
    bundle = folder / "bundle"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.commands.build.Course", lambda config: Course(student_repository=f"file://{bundle}"))
        patch.setattr(
            "autograder.commands.build.publish", lambda *arguments: None
        )  # labs/ keeps the project's own setting
        classroom = build_classroom(folder / "classroom", labs=LABS)
    write_bundle(classroom, bundle)
    run("git", "init", "--quiet", "--initial-branch=main", bundle)
    run("git", "-C", bundle, "add", "--all")
    author = ("-c", "user.name=Course", "-c", "user.email=course@example.org")
    run("git", "-C", bundle, *author, "commit", "--quiet", "--message=Release")
    return classroom, f"git+file://{bundle}"


def packages(python, folder):
    listed = json.loads(run(python, "-m", "pip", "list", "--format=json", cwd=folder))
    return {package["name"]: package["version"] for package in listed}


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("lab", LABS)
def test_solved_lab_runs_on_colab(runtime, published, tmp_path, monkeypatch, lab):
    """A solved lab installs its helpers from the published bundle, replaces nothing, and passes every check."""
    classroom, address = published
    kernel = tmp_path / "jupyter" / "kernels" / "colab"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        json.dumps(
            {
                "argv": [str(runtime), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                "display_name": "Colab",
                "language": "python",
            }
        ),
        encoding="utf-8",
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setenv("PATH", f"{runtime.parent}{os.pathsep}{os.environ['PATH']}")
    empty = tmp_path / "content"
    empty.mkdir()
    run(runtime, "-m", "pip", "uninstall", "--quiet", "--yes", "deep-learning-labs", cwd=empty)  # of the lab before
    before = packages(runtime, empty)
    assert "deep-learning-labs" not in before

    notebook = read(classroom.solved / lab / f"{lab}.ipynb")
    assert any(address in cell.source for cell in notebook.cells)
    where = nbformat.v4.new_code_cell("import course_utils\ncourse_utils.__file__")
    notebook.cells.append(where)
    nbclient.NotebookClient(
        notebook,
        kernel_name="colab",
        timeout=SECONDS,
        skip_cells_with_tag="run-them-all",
        resources={"metadata": {"path": str(empty)}},
    ).execute()

    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert errors(notebook) == []
    verdicts = [output.data[MIME_TYPE] for output in outputs if MIME_TYPE in output.get("data", {})]
    assert [each for each in verdicts if each["status"] not in ("passed", "answered")] == []
    assert len(verdicts) == sum(bool(cell.metadata.get("nbgrader", {}).get("grade")) for cell in notebook.cells)
    sliders = 1 if lab.startswith("lab5b") else 2
    assert sum(WIDGET in output.get("data", {}) for output in outputs) >= sliders, "explorers show ipywidgets 7's"
    assert str(runtime.parent.parent) in where.outputs[0].data["text/plain"]
    after = packages(runtime, empty)
    assert set(after) - set(before) == {"deep-learning-labs"}
    assert before.items() <= after.items()


def test_runtime_is_colabs(runtime, tmp_path):
    """The environment holds the versions that Colab publishes."""
    found = {canonicalize_name(name): version.split("+")[0] for name, version in packages(runtime, tmp_path).items()}
    wanted = (PROJECT / "tests" / "colab" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    for name, version in (line.split("==") for line in wanted if not line.startswith("#")):
        assert found[name] == version
