"""Write the bundle that students get, with nothing in it that gives an answer away.

With ``--self-study`` the bundle is for people who learn alone: its quizzes say which answers are right and explain each
wrong one, and nothing in it gives points.
"""

import json
import os
import re
import shutil
import tempfile
import tomllib
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import course_utils
from autograder.authoring.source import load_exercises
from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.gradebook import labs_with_submissions
from autograder.notebooks.cells import is_graded, nbgrader_data
from autograder.packages import parsed
from autograder.settings import PROJECT, TEMPLATES, Course, load_config
from autograder.words import command

MANIFEST = ".bundle.json"  # what a release wrote, so that the next one replaces that and nothing else
STUDENT_EXTRAS = ("torch", "tensorflow", "lab")
FRAMEWORK_NAMES = {"both": "PyTorch and TensorFlow", "torch": "PyTorch", "tensorflow": "TensorFlow"}
DISK = {"both": 4, "torch": 2, "tensorflow": 3}  # GB, with JupyterLab


def write_bundle(classroom: Classroom, dest: Path, self_study: bool = False) -> Path:
    """Write the student bundle of a classroom, replacing an earlier one, and return its path.

    Args:
        self_study: for people who learn alone, with keys and explanations of the quizzes, and without points.

    Raises:
        CourseError: nothing was built yet, DEST holds files that no release wrote, or a self-study bundle would come
            from or replace what is for a class that is graded.
    """
    if self_study:
        _refuse_graded(classroom)
    labs = classroom.labs()
    absent = [lab for lab in labs if not (classroom.release / lab / f"{lab}.ipynb").exists()]
    if absent or not labs:
        raise CourseError(
            f"{classroom.root}: {', '.join(absent) or 'every lab'} still has to be built here; first run "
            f"{command(classroom.root, 'build')}"
        )
    dest = dest.resolve()
    stale = _previous(dest, self_study)
    dest.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=dest.parent, prefix=f".{dest.name}-") as folder:
        new = Path(folder) / "bundle"
        _fill(new, classroom, labs, self_study)
        files = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
        for name in files:
            (dest / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(new / name, dest / name)
    for name in stale - set(files):
        (dest / name).unlink(missing_ok=True)
    manifest = {"self_study": self_study, "files": files}
    (dest / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return dest


def _refuse_graded(classroom: Classroom) -> None:
    """Raise CourseError where students of a classroom have submitted: they would get the keys of their own quizzes."""
    mend = "A self-study bundle gives away the keys of the quizzes: build it from a --classroom of its own."
    if classroom.submitted.is_dir() and any(classroom.submitted.iterdir()):
        raise CourseError(f"{classroom.submitted} is not empty, so this classroom is graded. {mend}")
    if graded := labs_with_submissions(load_config(classroom)):
        raise CourseError(f"{classroom.root}: the gradebook holds submissions of {', '.join(graded)}. {mend}")


def _previous(dest: Path, self_study: bool) -> set[str]:
    """Return the files that an earlier release of the same kind wrote into DEST."""
    if dest.exists() and not dest.is_dir():
        raise CourseError(f"{dest} is a file; name a folder for the bundle.")
    if (dest / MANIFEST).exists():
        manifest = json.loads((dest / MANIFEST).read_text(encoding="utf-8"))
        if manifest.get("self_study", False) != self_study:
            kinds = ("a bundle for a class", "a self-study bundle")
            raise CourseError(
                f"{dest} is {kinds[not self_study]} and cannot become {kinds[self_study]}; name another folder."
            )
        return set(manifest["files"])
    others = sorted(path.name for path in dest.iterdir() if path.name != ".git") if dest.exists() else []
    if others:
        raise CourseError(
            f"{dest} holds files that no release wrote ({', '.join(others[:3])}"
            f"{', ...' if others[3:] else ''}); name a new or empty folder, or an earlier bundle."
        )
    return set()


def _fill(bundle: Path, classroom: Classroom, labs: list[str], self_study: bool) -> None:
    notebooks = [_copy_lab(classroom.release / lab, bundle / "labs") for lab in labs]
    _copy_helpers(bundle / "course_utils", labs, set().union(*map(_grade_ids, notebooks)), self_study)
    shutil.copy(PROJECT / "LICENSE", bundle / "LICENSE")
    values = _project(classroom.framework, Course(config=load_config(classroom)).packages)
    pins = _constraints(values["requirements"], values["packages"])
    (bundle / "constraints.txt").write_text(pins, encoding="utf-8")
    values["self_study"] = self_study
    values["labs"] = [{"name": lab, **_heading(lab, notebook)} for lab, notebook in zip(labs, notebooks)]
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    for name in ("README.md", "environment.yml", "pyproject.toml"):
        text = templates.get_template(f"student_{name}").render(values)
        (bundle / name).write_text(text, encoding="utf-8")


def _copy_lab(release: Path, labs: Path) -> NotebookNode:
    """Copy a released lab with the files beside it and return the notebook."""
    shutil.copytree(release, labs, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    return nbformat.read(release / f"{release.name}.ipynb", as_version=4)


def _copy_helpers(target: Path, labs: list[str], grade_ids: set[str], self_study: bool) -> None:
    """Copy ``course_utils``, keeping of its recorded tests those that the released labs ask for.

    For self-study they give no points, and a quiz knows its keys.
    """
    source = Path(course_utils.__file__).parent
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "recorded", ".*"))
    (target / "recorded").mkdir()
    for lab in labs:
        recorded = json.loads((source / "recorded" / f"{lab}.json").read_text(encoding="utf-8"))
        recorded["tests"] = [test for test in recorded["tests"] if test["grade_id"] in grade_ids]
        if self_study:
            keys = {
                grade_id: exercise.self_study
                for exercise in load_exercises(lab, lab)
                for grade_id in exercise.grade_ids()
            }
            for test in recorded["tests"]:
                test["points"] = 0
                for case in test["cases"]:
                    case.get("data", {}).update(keys[test["grade_id"]])
        (target / "recorded" / f"{lab}.json").write_text(json.dumps(recorded, indent=1) + "\n", encoding="utf-8")


def _grade_ids(notebook: NotebookNode) -> set[str]:
    return {nbgrader_data(cell)["grade_id"] for cell in notebook.cells if is_graded(cell)}


def _heading(name: str, notebook: NotebookNode) -> dict[str, Any]:
    """Return what the student README says of a lab: title, address behind its Colab badge, own helpers or not.

    A lab without a heading goes by its name.
    """
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    badge = re.search(r"\((https://colab\.research\.google\.com/github/[^)]+)\)", text)
    return {
        "title": heading[1] if heading else name,
        "colab": badge and badge[1],
        "fetches": any("%pip install" in cell.source for cell in notebook.cells),
    }


def _project(framework: str, packages: list[str]) -> dict[str, Any]:
    """Return what the templates say about the distribution, taken from this project's own pyproject.toml.

    Args:
        packages: that the course declares beside its own.
    """
    whole = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    project = whole["project"]
    extras = {
        extra: project["optional-dependencies"][extra]
        for extra in STUDENT_EXTRAS
        if framework in ("both", extra) or extra == "lab"
    }
    dependencies = [*project["dependencies"], *(str(parsed(line)) for line in packages)]
    requirements = [*dependencies, *(name for names in extras.values() for name in names)]
    extras["all"] = [f"{project['name']}[{','.join(extras)}]"]
    return {
        "name": project["name"],
        "version": project["version"],
        "requires_python": project["requires-python"],
        "minimum_python": project["requires-python"].removeprefix(">="),
        "build_requires": _toml(whole["build-system"]["requires"]),
        "dependencies": _toml(dependencies),
        "requirements": requirements,
        "packages": packages,
        "extras": {extra: _toml(names) for extra, names in extras.items()},
        "frameworks": FRAMEWORK_NAMES[framework],
        "disk": DISK[framework],
    }


def _toml(strings: list[str]) -> str:
    return json.dumps(strings)  # a list of plain strings is spelled alike in JSON and TOML


def _constraints(requirements: list[str], packages: list[str]) -> str:
    """Return the lines of constraints.txt for some requirements and all that they bring along in this environment.

    Args:
        packages: those of the requirements that no line of ours pins: the version that grades does.
    """
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned: dict[str, str] = {canonicalize_name(line.split("==")[0]): line for line in lines}
    for name in _brought(packages) - pinned.keys():
        with suppress(metadata.PackageNotFoundError):
            pinned[name] = f"{name}=={metadata.version(name).partition('+')[0]}"
    needed = _brought(requirements)
    return "".join(f"{line}\n" for name, line in pinned.items() if name in needed)


def _brought(requirements: list[str]) -> set[str]:
    """Return the names of some requirements and of all that they bring along in this environment."""
    needed: set[str] = set()
    queue = [Requirement(line) for line in requirements]
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        if name in needed:
            continue
        needed.add(name)
        try:
            brought = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        children = map(Requirement, brought)
        queue += [child for child in children if not child.marker or child.marker.evaluate({"extra": ""})]
    return needed
