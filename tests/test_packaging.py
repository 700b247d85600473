"""What pip, conda, make and continuous integration need to know, stands once and agrees."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.settings import PROJECT

WHOLE = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
BASE = [Requirement(each) for each in WHOLE["project"]["dependencies"]]
NEVER_INSTALLED = "tunes"  # the one extra that make leaves to whoever wants it
EXTRAS = [
    Requirement(each)
    for name, extra in WHOLE["project"]["optional-dependencies"].items()
    for each in extra
    if name != NEVER_INSTALLED
]


def pins():
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in lines if not line.startswith("#")}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of what pip builds from, so that building leaves nothing behind in the project."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("course_utils", "autograder"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (PROJECT / name).exists():
            shutil.copy(PROJECT / name, folder)
    return folder


def pip(*arguments):
    done = subprocess.run([sys.executable, "-m", "pip", *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_base_install_fits_colab(copy):
    """The base install resolves against Colab's published versions and never pulls nbgrader or a framework."""
    colab = PROJECT / "tests" / "colab" / "requirements.txt"
    report = json.loads(
        pip(
            "install",
            "--dry-run",
            "--ignore-installed",
            "--no-build-isolation",
            "--quiet",
            "--report",
            "-",
            "-c",
            colab,
            copy,
        )
    )
    found = {canonicalize_name(each["metadata"]["name"]): each["metadata"]["version"] for each in report["install"]}
    assert {name: found[name] for name in ("numpy", "matplotlib", "ipywidgets", "ipython", "ipykernel")} == {
        "numpy": "2.1.3",
        "matplotlib": "3.10.0",
        "ipywidgets": "7.7.1",
        "ipython": "7.34.0",
        "ipykernel": "6.17.1",
    }
    assert not {"nbgrader", "torch", "tensorflow", "tensorflow-cpu", "keras", "scikit-learn", "distributed"} & set(
        found
    )


@pytest.mark.slow
def test_wheel_is_whole(copy, tmp_path):
    """A wheel carries both packages with the recorded cases and the templates, and no test."""
    pip("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, copy)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    for folder in ("course_utils", "autograder"):
        ours = {
            path.relative_to(PROJECT).as_posix()
            for path in (PROJECT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
        }
        assert ours <= names
    assert not [name for name in names if name.startswith("tests")]


def test_constraints_are_complete():
    """Everything that the extras bring along is pinned, to the version that is installed here."""
    pinned, seen, queue = pins(), {WHOLE["project"]["name"]}, BASE + EXTRAS
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        if name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        assert metadata.version(name).split("+")[0] == pinned.get(name), name
        queue += map(Requirement, metadata.requires(name) or [])
    assert len(seen) > 100


def test_base_is_small():
    """The base install, which is what Colab gets, is NumPy, Matplotlib and ipywidgets."""
    assert {each.name for each in BASE} == {"numpy", "matplotlib", "ipywidgets"}


def test_conda_and_binder():
    """environment.yml is Python, and everything else from pyproject.toml at the versions of constraints.txt."""
    whole = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))
    python, pip_itself, more = whole["dependencies"]
    assert python.startswith("python=3.") and pip_itself == "pip"
    assert more["pip"][-2:] == ["-c constraints.txt", "-e .[all]"]


def test_continuous_integration_runs_make_test():
    """.ci/run is `make test`; the workflow runs it on every Python that the project promises."""
    script = PROJECT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.findall(r"^make .*$", script.read_text(encoding="utf-8"), re.MULTILINE) == ["make test"]
    workflow = (PROJECT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    job = yaml.safe_load(workflow)["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert [step["run"] for step in job["steps"] if "run" in step][-1] == ".ci/run"
    assert WHOLE["project"]["requires-python"] == ">=3.11"


def test_old_python_is_refused_plainly():
    """Where Python is too old, make says which one the course needs, and changes nothing."""
    done = subprocess.run(
        ["make", "--always-make", "PYTHON=false", ".venv/.installed"], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr


def test_licence():
    """The licence is MIT, in the metadata and in a file."""
    assert WHOLE["project"]["license"] == "MIT"
    assert (PROJECT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_no_path_of_a_machine():
    """No committed file names a folder of the machine where it was written."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    found = []
    for name in filter(None, listed.split("\0")):
        try:
            text = (PROJECT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += re.findall(r"(?<![\w.-])/(?:home|Users|root|work)/[\w.-]+", text)
    assert [each for each in found if not each.startswith("/home/jovyan")] == []
