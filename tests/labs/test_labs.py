"""Every lab: built the same each time, harmless unfinished, complete when solved, and readable in one framework.

A run of a notebook takes many seconds. `make test` runs each lab unfinished and solved, and some where frameworks are
missing; `make test-labs` runs every lab in every way.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.authoring.build import load_labs
from autograder.engines.hidden import grade
from autograder.settings import PROJECT
from course_utils.recording import recorded_tests
from tests.conftest import errors, read, run_notebook, verdicts
from tests.sources import sample

FRAMEWORKS = {"torch": ("torch",), "tensorflow": ("tensorflow", "keras")}  # packages
BOTH = tuple(FRAMEWORKS)
LABS = [path.stem for path in sorted((PROJECT / "solutions").glob("*.py"))]
PASSED = ("passed", "answered")  # a quiz is answered: which answers are right shows after grading
HIDE = """\
import importlib.util
import sys


class Hidden:
    \"\"\"As if the framework were not installed.\"\"\"

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden}:
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, Hidden())
find_spec = importlib.util.find_spec  # which finds nothing where nothing is installed, and does not raise
importlib.util.find_spec = lambda name, *package: None if name.split(".")[0] in {hidden} else find_spec(name, *package)
"""


def without(frameworks, folder):
    """Return an environment in which some frameworks cannot be imported."""
    folder.mkdir()
    hidden = [package for framework in frameworks for package in FRAMEWORKS[framework]]
    (folder / "sitecustomize.py").write_text(HIDE.format(hidden=hidden))
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))}


def in_lab(classroom, kind, lab):
    return read(getattr(classroom, kind) / lab / f"{lab}.ipynb")


def needed_by(lab):
    """Return the frameworks that the exercises of a lab need."""
    return {need for name, test in recorded_tests().values() if name == lab for need in test["needs"]}


def test_committed_labs_are_what_the_sources_build(built):
    """A build gives, byte by byte, the notebooks that an earlier one in another classroom left in ``labs/``."""
    folders = (Path(f"{built.root}-labs"), PROJECT / "labs")
    new, committed = ({path.stem: path.read_bytes() for path in folder.glob("*.ipynb")} for folder in folders)
    assert sorted(new) == sorted(committed) == LABS
    assert [lab for lab in LABS if new[lab] != committed[lab]] == []


@pytest.mark.parametrize("lab", LABS)
def test_no_text_names_a_colour_that_a_dark_page_turns_around(built, lab):
    """What is black in a figure is white on a dark page, so the text calls neither by its colour."""
    told = [cell.source for cell in in_lab(built, "release", lab).cells if cell.cell_type == "markdown"]
    assert re.findall(r"\b(black|white|pale|dark|bright)\b", "\n".join(told), re.IGNORECASE) == []


@pytest.mark.parametrize("lab", LABS)
def test_code_fits_a_window_of_1024_pixels(built, lab):
    """Beyond 107 characters JupyterLab cuts a line of code there, and a student must scroll to read it."""
    lines = "\n".join(cell.source for cell in in_lab(built, "release", lab).cells if cell.cell_type == "code").split(
        "\n"
    )
    assert [line for line in lines if len(line) > 107] == []


@pytest.mark.parametrize("lab", LABS)
def test_tables_fit_a_window_of_1280_pixels(built, lab):
    """A word is not broken in a column: where the longest of all columns together are too long, a table is cut."""
    for cell in in_lab(built, "release", lab).cells:
        for table in re.findall(r"(?:^\|.*\|$\n?)+", cell.source if cell.cell_type == "markdown" else "", re.MULTILINE):
            columns = zip(*(line.strip("|").split("|") for line in table.splitlines()))
            longest = [max(re.sub(r"\$.*?\$", "", " ".join(column)).split(), key=len) for column in columns]
            assert sum(map(len, longest)) <= 90, longest


@pytest.mark.parametrize("lab", LABS)
def test_a_released_lab_is_clean_nbformat_without_outputs(built, lab):
    """A released notebook is valid nbformat 4.5 with unique ids and no output."""
    import nbformat

    notebook = in_lab(built, "release", lab)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


@pytest.mark.slow
@pytest.mark.parametrize("lab", LABS)
def test_an_unfinished_lab_runs_to_its_end_and_says_so(built, tmp_path, lab):
    """A released lab, run as it is with errors not allowed, has no error output; each check says 'not finished'."""
    notebook = run_notebook(in_lab(built, "release", lab), tmp_path)
    assert errors(notebook) == []
    found = verdicts(notebook)
    tests = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert len(found) == len(tests)
    assert all("not finished" in verdict["message"] and verdict["score"] == 0 for verdict in found.values()), found


@pytest.mark.parametrize("lab", LABS)
def test_an_unfinished_lab_scores_nothing(built, lab):
    """The hidden tests give 0 to every stub of a released lab."""
    namespace = {}
    for cell in in_lab(built, "release", lab).cells:
        role = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not role.get("grade") and not role.get("locked"):
            exec(cell.source, namespace)
    scores = {
        grade_id: grade(grade_id, namespace, built.root).score
        for source in load_labs(PROJECT / "solutions")
        if source.name == lab
        for grade_id in source.tests
    }
    assert scores and not any(scores.values()), scores


@pytest.mark.slow
@pytest.mark.parametrize("lab", LABS)
def test_a_solved_lab_passes_every_check(built, tmp_path, lab):
    """The solved copy runs, figures included, without an error or a word on stderr, and passes each check."""
    notebook = run_notebook(in_lab(built, "solved", lab), tmp_path)
    assert errors(notebook) == []
    found = verdicts(notebook)
    assert all(verdict["status"] in PASSED for verdict in found.values()), found
    assert sum(verdict["score"] for verdict in found.values()) == sum(v["max_score"] for v in found.values())


MISSING = [(lab, missing) for lab in LABS for missing in (BOTH, *zip(FRAMEWORKS))]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lab", "missing"),
    sample(MISSING, ("lab0_welcome", BOTH), ("lab1_perceptron", ("torch",)), ("lab5b_networks", BOTH)),
    ids=lambda value: value if isinstance(value, str) else " and ".join(value),
)
def test_a_lab_runs_where_frameworks_are_missing(built, tmp_path, lab, missing):
    """Where a framework is missing, the first cell says so once, its exercises are skipped and the rest passes.

    Lab 0 looks for what any lab needs; a lab that needs none says nothing.
    """
    notebook = run_notebook(in_lab(built, "solved", lab), tmp_path, **without(missing, tmp_path / "site"))
    assert errors(notebook) == []
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    text = "".join(output.get("text", "") for output in first.outputs)
    told = [framework for framework in missing if lab.startswith("lab0") or framework in needed_by(lab)]
    assert text.count("is not installed here") == len(told)
    for grade_id, verdict in verdicts(notebook).items():
        skipped = {*missing} & {*recorded_tests()[grade_id][1]["needs"]}
        assert verdict["status"] in (("skipped",) if skipped else PASSED), verdict


OTHER = {"torch": "tensorflow", "tensorflow": "torch"}


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("lab", LABS)
def test_a_lab_for_one_framework_has_no_word_about_the_other(single, lab, framework):
    """A classroom for one framework has no cell about the other."""
    notebook = in_lab(single[framework], "solved", lab)
    words = {"torch": r"torch|(?<!tf\.)\bnn\.", "tensorflow": r"tensorflow|keras|\btf\."}[OTHER[framework]]
    assert [cell.source for cell in notebook.cells if re.search(words, cell.source, re.IGNORECASE)] == []


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_lab_for_one_framework_uses_no_name_that_only_the_other_defines(single, framework):
    """Every name that a cell uses is defined in a cell of the same notebook."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--select=F821",
        "--output-format=concise",
    ]
    done = subprocess.run([*command, str(single[framework].solved)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


SINGLE = [(lab, framework) for lab in LABS for framework in FRAMEWORKS]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lab", "framework"), sample(SINGLE, ("lab2_activations", "torch"), ("lab4_overfitting_dropout", "tensorflow"))
)
def test_a_lab_for_one_framework_passes_without_the_other(single, tmp_path, lab, framework):
    """The solved copy in a classroom for one framework runs where the other cannot be imported."""
    notebook = in_lab(single[framework], "solved", lab)
    run_notebook(notebook, tmp_path, **without([OTHER[framework]], tmp_path / "site"))
    assert errors(notebook) == []
    assert all(verdict["status"] in PASSED for verdict in verdicts(notebook).values())


def test_a_classroom_keeps_its_framework(single, capsys):
    """A classroom made for one framework refuses to become another."""
    from autograder.cli import main

    assert main(["build", "--classroom", str(single["torch"].root), "--framework", "tensorflow"]) == 2
    assert "cannot change" in capsys.readouterr().err
