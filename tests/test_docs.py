"""What a reader can copy from README and docs/ works: commands are run, links lead somewhere, settings are settings."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from traitlets.config import Config

from autograder.settings import PROJECT, Course
from tests.sources import SOURCES

PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")])
LABS = ("lab0_welcome", "lab1_perceptron")  # enough for every command, and quickly built
README = (PROJECT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"(?:<!-- not run: (?P<reason>.+?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)


class Block(NamedTuple):
    """A fenced block of a page.

    Args:
        reason: why it is not run here, or None.
    """

    page: str
    section: str
    language: str
    text: str
    reason: str | None


def blocks(path):
    """Return the fenced blocks of a page, in order."""
    text = path.read_text(encoding="utf-8")
    headings = [(match.start(), match[1]) for match in re.finditer(r"^#+ (.+)$", FENCE.sub(_blank, text), re.M)]
    found = []
    for match in FENCE.finditer(text):
        section = [heading for start, heading in headings if start < match.start()][-1]
        found.append(Block(path.name, section, match["language"], match["text"], match["reason"]))
    return found


def _blank(match):
    return " " * len(match[0])  # a comment in a shell block is no heading


ALL = [block for path in PAGES for block in blocks(path)]


def test_every_command_is_run_or_says_why_not():
    """Blocks of commands are marked as such, and the tests know the pages whose blocks they run."""
    assert {block.language for block in ALL} <= {"sh", "python", "json", "text", "toml"}
    run = {block.page for block in ALL if block.language == "sh" and not block.reason}
    assert run <= {"instructors.md", "CONTRIBUTING.md", "authors.md"}, "run the commands of this page too"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    """Every link to a file of the project, and to a heading of a page, has its target."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name) if name else path
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.M)
            assert anchor in {re.sub(r"[^\w\- ]", "", each).strip().lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize(
    "command", sorted({word for block in ALL for word in re.findall(r"^make [\w-]+", block.text, re.M)})
)
def test_make_commands_exist(command):
    """Each make command on a page is a target of the Makefile, and `make help` names it."""
    target = command.split()[1]
    done = subprocess.run(["make", "-n", target], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert target == "help" or f"make {target}" in shown


def test_readme_lists_every_lab():
    """Its table has a row for each source of a lab or quiz, and each row's minutes stand in that lab's opening."""
    rows = re.findall(r"^\| \[[^]]+\]\(labs/(\w+)\.ipynb\) \|.*\| ([\d +]+) minutes \|$", README, re.M)
    assert sorted(lab for lab, _ in rows) == [path.stem for path in SOURCES]
    for lab, minutes in rows:
        opening = re.search(r"^# \*\*Time:\*\*.*$", (PROJECT / "solutions" / f"{lab}.py").read_text("utf-8"), re.M)
        assert opening and re.findall(r"\d+", minutes) == re.findall(r"\d+", opening[0])[: minutes.count("+") + 1], lab


def test_named_files_exist():
    """Paths of tests and folders in commands are those of the project."""
    for block in ALL:
        for path in re.findall(r"\btests/[\w/.]+", block.text):
            assert (PROJECT / path).exists(), (block.page, path)


def test_the_setting_of_the_repository_is_one():
    """The line that instructors copy into nbgrader_config.py sets what badges and bundles use."""
    block = next(block for block in ALL if block.page == "instructors.md" and block.language == "python")
    settings = Config()
    exec(block.text, {"c": settings})
    assert Course(config=settings).student_repository == "https://github.com/your-school/deep-learning-labs"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with two labs, in which commands may write."""
    folder = tmp_path_factory.mktemp("docs") / "project"
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    for name in listing.stdout.splitlines():
        path = Path(name)
        other_lab = path.parts[0] in ("solutions", "labs") and path.stem not in LABS
        if path.parts[0] != "tests" and not other_lab and (PROJECT / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / path, folder / path)
    return folder


def shell(project, block):
    """Run a block as a reader would, in the project's folder, and return what it printed."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(project),
    }
    script = block.text.replace("STUDENT", "ada")
    done = subprocess.run(
        ["bash", "-ec", script], cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{block.page}: {script}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def hand_in(project):
    """Let a student hand in the solved Lab 1."""
    lab = LABS[1]
    target = project / "classroom" / "submitted" / "ada" / lab / f"{lab}.ipynb"
    target.parent.mkdir(parents=True)
    shutil.copy(project / "classroom" / "solved" / lab / f"{lab}.ipynb", target)


@pytest.mark.slow
def test_an_instructor_s_commands_work_in_their_order(project):
    """From build to appeals: every command of the page, in order, on one hand-in."""
    shown = {}
    for block in (block for block in ALL if block.page == "instructors.md" and block.language == "sh"):
        if block.section.startswith("4") and not (project / "classroom" / "submitted").exists():
            hand_in(project)
        if block.reason is None:
            shown[block.section] = shown.get(block.section, "") + shell(project, block)
    grades = (project / "classroom" / "reports" / "grades.csv").read_text(encoding="utf-8")
    _, _, lab, score, points, _ = grades.splitlines()[1].split(",")
    assert (lab, score) == ("lab1_perceptron", points)
    assert (project / "classroom" / "feedback" / "ada" / LABS[1] / f"{LABS[1]}.html").exists()
    assert (project.parent / "deep-learning-labs" / "README.md").exists()
    assert "1 graded" in shown["Appeals"]


@pytest.mark.parametrize("block", [block for block in ALL if block.page == "CONTRIBUTING.md" and not block.reason])
def test_a_contributor_s_quick_commands_exist(block):
    """`make help` and `make lint` are what continuous integration runs first; here their commands are looked at."""
    for command in re.findall(r"^make [\w-]+", block.text, re.M):
        done = subprocess.run([*command.split(), "-n"], cwd=PROJECT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
