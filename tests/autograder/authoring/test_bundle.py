"""The bundle that students get: complete, usable, and with nothing in it that gives an answer away."""

import ast
import builtins
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from importlib import metadata
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from autograder.authoring import bundle
from autograder.authoring.answers import load_answers
from autograder.authoring.bundle import MANIFEST, write_bundle
from autograder.authoring.source import load_exercises
from autograder.classroom import Classroom
from autograder.cli import main
from autograder.errors import CourseError
from autograder.settings import PROJECT, Course, load_config
from tests.conftest import build_classroom

DISTINCTIVE = 24  # characters: a shorter statement may well stand in two places by chance


@pytest.fixture(scope="module", params=["both", "torch", "tensorflow"])
def released(request, tmp_path_factory):
    """A classroom of each kind, and its bundle."""
    both = request.param == "both"
    classroom = request.getfixturevalue("built") if both else request.getfixturevalue("single")[request.param]
    return classroom, write_bundle(classroom, tmp_path_factory.mktemp(request.param) / "bundle")


def texts(bundle):
    """Return a mapping from each file of a bundle to its text; a notebook's text is that of its cells and outputs."""
    found = {}
    for path in sorted(bundle.rglob("*")):
        if path.is_file() and path.suffix != ".jpg":
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".ipynb":
                text += "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
            found[path.relative_to(bundle).as_posix()] = text
    return found


def code_of(bundle):
    """Return all Python in a bundle, module by module and cell by cell."""
    modules = [path.read_text(encoding="utf-8") for path in bundle.rglob("*.py")]
    notebooks = [nbformat.read(path, as_version=4) for path in bundle.rglob("*.ipynb")]
    cells = [cell.source for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"]
    return modules + [re.sub(r"^(\s*)[%!].*", r"\1pass", cell, flags=re.MULTILINE) for cell in cells]


def statements(code):
    """Return the simple statements, and the values that they assign or return, each in one canonical spelling."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Lambda):
            found.add(ast.unparse(node.body))
        elif isinstance(node, ast.stmt) and not hasattr(node, "body"):
            found.add(ast.unparse(node))
            if getattr(node, "value", None) is not None:
                found.add(ast.unparse(node.value))
    return {each for each in found if len(each) >= DISTINCTIVE}


LIBRARIES = {"np", "torch", "nn", "tf", "keras", *dir(builtins)}
OPERATIONS = ast.BinOp, ast.UnaryOp, ast.Compare, ast.Call, ast.Subscript


class _Numbered(ast.NodeTransformer):
    """Calls the first name of an expression v0, the next one v1 and so on."""

    def __init__(self):
        self.names = {}

    def visit_Name(self, node):
        if node.id in LIBRARIES:
            return node
        return ast.Name(self.names.setdefault(node.id, f"v{len(self.names)}"), node.ctx)


def shapes(code):
    """Return the expressions of some code with numbers for names: those of three operations or more, and one-liners.

    A one-liner is a function that does nothing but return an expression.
    """
    found = set()
    for node in ast.walk(ast.parse(code)):
        body = [node.body] if isinstance(node, ast.Lambda) else []
        if isinstance(node, ast.FunctionDef):
            body = [each for each in node.body if not isinstance(getattr(each, "value", None), ast.Constant)]
        value = node.body if isinstance(node, ast.Lambda) else getattr(node, "value", None)
        if len(body) == 1 and isinstance(body[0], (ast.Return, ast.expr)):
            value = body[0].value if isinstance(body[0], ast.Return) else body[0]
            least, mark = 1, "def: "
        elif isinstance(node, ast.stmt) and value is not None:
            least, mark = 3, ""
        else:
            continue
        for each in [value, *getattr(value, "elts", ())]:
            if each is not None and sum(isinstance(part, OPERATIONS) for part in ast.walk(each)) >= least:
                found.add(mark + ast.unparse(_Numbered().visit(copy.deepcopy(each))))
    return found


def split_source(path):
    """Return the code of a source outside and inside its solutions."""
    inside, outside, solution, stub = [], [], False, False
    code = [line for line in path.read_text(encoding="utf-8").splitlines() if not re.match(r"\s*[%!]", line)]
    for line in code:
        solution = solution or "### BEGIN SOLUTION" in line
        (inside if solution else outside).append(line)
        if "### END SOLUTION" in line:
            solution = False
            if outside[-1].endswith(":"):  # the solution is the whole body
                outside.append(line.replace("### END SOLUTION", "..."))
        stub = "### BEGIN STUB" in line or (stub and "### END STUB" not in line)
        if stub:  # broken code that students get
            outside[-1] = re.sub(r"^(\s*)# ?", r"\1", line)
    return "\n".join(outside), inside


def solutions_alone(path):
    """Return a source with nothing left of it but its solutions, each as a function of its own."""
    blocks = re.findall(r"### BEGIN SOLUTION\n(.*?)\n *### END SOLUTION", path.read_text(encoding="utf-8"), re.DOTALL)
    return "\n".join(
        "def solution():\n" + textwrap.indent(_as_code(textwrap.dedent(block)), "    ") for block in blocks
    )


def _as_code(block):
    """Return a solution as statements; one that is the rows of a table becomes that table."""
    try:
        ast.parse(block)
    except SyntaxError:
        return f"table = {{\n{block}\n}}"
    return block


def public(find=statements):
    """Return the statements, or other findings in code, that sources show to students on purpose."""
    found = set()
    for path in (PROJECT / "solutions").glob("*.py"):
        for cell in re.split(r"^# %%.*$", split_source(path)[0], flags=re.MULTILINE):
            found |= find(cell)
    return found


def secrets(find=statements):
    """Return the statements, or other findings, of solutions, answers and oracles that no student may find."""
    found = set()
    for path in (PROJECT / "solutions").glob("**/*.py"):
        found |= find(
            "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not re.match(r"\s*[%!]", line))
        )
    numerics = PROJECT / "autograder" / "authoring" / "numerics.py"
    for path in (numerics, *(PROJECT / "autograder" / "exercises").glob("[!_]*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.Lambda)):
                found |= find(ast.unparse(node))
    return found - public(find)


def test_no_solution_answer_or_oracle(released):
    """No statement of a solution, a known answer or an oracle stands in the bundle."""
    classroom, bundle = released
    secret = secrets()
    shown = set().union(*map(statements, code_of(bundle)))
    assert sorted(secret & shown) == []
    solved = set().union(*map(statements, code_of(classroom.solved)))
    assert len(secret & solved) > 20, "a solved lab would have been found out"


def test_no_solution_under_other_names():
    """No expression of the helpers is that of a right answer with other names for its variables."""
    secret = {shape for path in (PROJECT / "solutions").glob("*.py") for shape in shapes(solutions_alone(path))}
    secret |= {
        shape
        for path in (PROJECT / "solutions" / "answers").glob("*.py")
        for answer in load_answers(path)
        if answer.right
        for shape in shapes(answer.source)
    }
    secret -= public(shapes)
    assert "def: np.maximum(v0, 0)" in secret and "(1 - v0) * (1 + v0)" in secret and len(secret) > 200
    helpers = {path: path.read_text(encoding="utf-8") for path in (PROJECT / "course_utils").rglob("*.py")}
    found = {(path.name, shape) for path, code in helpers.items() for shape in secret & shapes(code)}
    assert sorted(found) == []


def test_no_solution_line_in_any_text(released):
    """No distinctive line of a solution stands in any file, prose and JSON included."""
    lines = set()
    for path in (PROJECT / "solutions").glob("*.py"):
        outside, inside = split_source(path)
        public = {" ".join(line.split()) for line in outside.splitlines()}
        lines |= {" ".join(line.split()) for line in inside} - public
    lines = {line for line in lines if len(line) >= DISTINCTIVE and "### " not in line}
    assert len(lines) > 20
    for name, text in texts(released[1]).items():
        flat = " ".join(text.split())
        assert [line for line in lines if line in flat] == [], name


def test_no_quiz_key(released):
    """No answer stands in the quiz's cells, and no explanation of a wrong choice anywhere."""
    exercises = [
        ast.parse(path.read_text(encoding="utf-8")) for path in (PROJECT / "autograder" / "exercises").glob("[!_]*.py")
    ]
    questions = [
        node
        for tree in exercises
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Question"
    ]
    explanations = {
        node.value
        for question in questions
        for node in ast.walk(question)
        if isinstance(node, ast.Constant) and len(node.value) >= DISTINCTIVE
    }
    assert len(explanations) >= 15
    for name, text in texts(released[1]).items():
        assert [each for each in explanations if each in text] == [], name
    given = [
        node.value
        for code in code_of(released[1])
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).startswith("answer_q")
    ]
    assert len(given) >= 5
    assert {ast.unparse(each) for each in given} == {"..."}


def test_no_trace_of_grading(released):
    """No marker, hidden test, import of the autograder, secret or path of the classroom stands in the bundle."""
    classroom, bundle = released
    for name, text in texts(bundle).items():
        for forbidden in (
            "BEGIN SOLUTION",
            "END SOLUTION",
            "BEGIN STUB",
            "END STUB",
            "HIDDEN TEST",
            "import autograder",
            "from autograder",
            "autograder.exercises",
            'grade("',
            "nbgrader_config",
            str(classroom.root),
            classroom.secret().decode(),
            str(PROJECT),
        ):
            assert forbidden not in text, f"{forbidden!r} in {name}"


def test_contents(released):
    """The bundle holds the labs, the helpers, what pip and conda need, a README, the licence, and nothing else."""
    _, bundle = released
    names = set(texts(bundle))
    helpers = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "course_utils").rglob("*.py")}
    assert helpers < names
    assert {name for name in names if not name.startswith("course_utils/")} == {
        "README.md",
        "LICENSE",
        "environment.yml",
        "pyproject.toml",
        "constraints.txt",
        MANIFEST,
        *(f"labs/{path.stem}.ipynb" for path in (PROJECT / "solutions").glob("*.py")),
    }


def test_recorded_tests_are_those_of_the_labs(released):
    """The helpers carry recorded tests for the exercises in the released notebooks, and for no others."""
    classroom, bundle = released
    for path in (bundle / "labs").glob("*.ipynb"):
        assert path.read_bytes() == (classroom.release / path.stem / path.name).read_bytes()
        cells = [cell.metadata.get("nbgrader", {}) for cell in nbformat.read(path, as_version=4).cells]
        recorded = json.loads((bundle / "course_utils" / "recorded" / f"{path.stem}.json").read_text(encoding="utf-8"))
        assert [test["grade_id"] for test in recorded["tests"]] == [
            cell["grade_id"] for cell in cells if cell.get("grade")
        ]


def test_project_file(released):
    """The bundle's own pyproject.toml asks for what this project asks for, without grading or the other framework."""
    classroom, bundle = released
    ours = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    theirs = tomllib.loads((bundle / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert theirs["dependencies"] == ours["dependencies"]
    frameworks = ["torch", "tensorflow"] if classroom.framework == "both" else [classroom.framework]
    assert list(theirs["optional-dependencies"]) == [*frameworks, "lab", "all"]
    pins = (bundle / "constraints.txt").read_text(encoding="utf-8")
    assert "numpy==" in pins and "jupyterlab==" in pins and "nbgrader" not in pins and "pytest" not in pins
    for framework in ("torch", "tensorflow"):
        assert (f"\n{framework}==" in pins) == (framework in frameworks)
    readme = (bundle / "README.md").read_text(encoding="utf-8")
    assert ("TensorFlow" in readme) == ("tensorflow" in frameworks)


def test_declared_packages_are_in_all_that_students_install():
    """Colab and conda read pyproject.toml; constraints.txt pins what grades, and what was pinned stays."""
    before, after = (bundle._project("torch", names) for names in ([], ["hypothesis>=6", "rich"]))
    assert json.loads(after["dependencies"]) == [*json.loads(before["dependencies"]), "hypothesis>=6", "rich"]
    lines = [
        set(bundle._constraints(values["requirements"], values["packages"]).splitlines()) for values in (before, after)
    ]
    new = {line.partition("==")[0]: line.partition("==")[2] for line in lines[1] - lines[0]}
    assert new["hypothesis"] == metadata.version("hypothesis") and "rich" in new and lines[0] <= lines[1]


def test_helpers_work_from_the_bundle(released):
    """A check runs with the bundle's own helpers, and says of an empty notebook that the exercise is not finished."""
    _, bundle = released
    code = (
        "import course_utils; from course_utils import check; print(course_utils.__file__); "
        "print(check('neuron').status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=bundle,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    where, status = done.stdout.split()
    assert Path(where).is_relative_to(bundle)
    assert status in ("missing", "unfinished")


def test_releasing_again_replaces_only_the_bundle(built, tmp_path):
    """A second release mends changed files, drops files of labs that are gone, and leaves everything else alone."""
    bundle = tmp_path / "bundle"
    write_bundle(built, bundle)
    before = texts(bundle)
    (bundle / "README.md").write_text("changed", encoding="utf-8")
    (bundle / ".git").mkdir()
    (bundle / "syllabus.txt").write_text("ours", encoding="utf-8")
    (bundle / "labs" / "lab0_old.ipynb").write_text("{}", encoding="utf-8")
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"].append("labs/lab0_old.ipynb")
    (bundle / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    write_bundle(built, bundle)
    assert (bundle / ".git").is_dir()
    assert texts(bundle) == before | {"syllabus.txt": "ours"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_folder_with_other_files_is_refused(built, tmp_path):
    """A release never writes into a folder with files that no release wrote."""
    (tmp_path / "thesis.tex").write_text("precious", encoding="utf-8")
    with pytest.raises(CourseError, match=r"thesis\.tex.*earlier bundle"):
        write_bundle(built, tmp_path)
    with pytest.raises(CourseError, match="is a file"):
        write_bundle(built, tmp_path / "thesis.tex")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_fresh_clone_is_a_good_place(built, tmp_path):
    """An empty git repository takes a bundle."""
    (tmp_path / ".git").mkdir()
    write_bundle(built, tmp_path)
    assert (tmp_path / "labs").is_dir()


def test_nothing_built(tmp_path):
    """Releasing an empty classroom says which command comes first."""
    with pytest.raises(CourseError, match="autograder build --classroom"):
        write_bundle(Classroom(tmp_path / "classroom").create(), tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_readme_links_to_the_published_labs(tmp_path, monkeypatch):
    """With a student repository on GitHub the README opens each lab in Colab, from there and nowhere else."""
    published = Course(student_repository="https://github.com/school/labs")
    monkeypatch.setattr("autograder.commands.build.Course", lambda config: published)
    bundle = write_bundle(build_classroom(tmp_path / "classroom", labs=["lab1_perceptron"]), tmp_path / "bundle")
    readme = (bundle / "README.md").read_text(encoding="utf-8")
    assert "https://colab.research.google.com/github/school/labs/blob/main/labs/lab1_perceptron.ipynb" in readme
    assert set(re.findall(r"github\.com/[\w-]+/[\w-]+", "".join(texts(bundle).values()))) == {"github.com/school/labs"}


@pytest.fixture(scope="module")
def self_study(tmp_path_factory):
    """A classroom without students, and its bundle for people who learn alone."""
    root = tmp_path_factory.mktemp("self_study")
    classroom = build_classroom(root / "classroom", labs=["lab0_welcome", "lab1_perceptron", "quiz1_foundations"])
    assert main(["release", str(root / "bundle"), "--self-study", "--classroom", str(classroom.root)]) == 0
    return classroom, root / "bundle"


def quizzes(classroom):
    """Return the quizzes of a classroom's labs by grade id."""
    return {each.name: each for lab in classroom.labs() for each in load_exercises(lab, lab) if each.self_study}


def asked(bundle, grade_id, answers):
    """Return status, message and card of a check that runs with a bundle's own helpers."""
    code = (
        "import json, sys; from course_utils import check; grade_id, answers = json.loads(sys.argv[1]); "
        "found = check(grade_id, answers); print(json.dumps([found.status, found.message, found._repr_html_()]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps([grade_id, answers])],
        cwd=bundle,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(bundle), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return json.loads(done.stdout)


def test_a_self_study_bundle_explains_its_quizzes(self_study):
    """Its check tells which answers of a quiz are right and why each is right or wrong."""
    classroom, bundle = self_study
    found = quizzes(classroom)
    assert "foundations_quiz" in found
    for name, quiz in found.items():
        keys, explanations = quiz.self_study["keys"], quiz.self_study["explanations"]
        status, message, _ = asked(bundle, name, keys)
        assert status == "passed" and message.startswith(f"Chapter quiz: all {len(keys)} answers are right.")
        wrong = min(set(explanations["answer_q2"]) - {keys["answer_q2"]})
        status, message, card = asked(bundle, name, {**keys, "answer_q2": wrong})
        assert status == "partial" and f"{len(keys) - 1} of {len(keys)} are right; not right: 2." in message
        assert f'is not "{wrong}": {explanations["answer_q2"][wrong]}' in message
        assert "not graded" in card and not re.search(r"\d points", card)


def test_an_ordinary_bundle_does_not(released):
    """There, the same check says no more than that all questions are answered."""
    classroom, bundle = released
    for name, quiz in quizzes(classroom).items():
        right = asked(bundle, name, quiz.self_study["keys"])
        wrong = asked(bundle, name, dict.fromkeys(quiz.self_study["keys"], "A"))
        assert right == wrong and right[0] == "answered"
        for path in (bundle / "course_utils" / "recorded").glob("*.json"):
            for test in json.loads(path.read_text(encoding="utf-8"))["tests"]:
                if test["grade_id"] == name:
                    assert [set(case["data"]) for case in test["cases"]] == [{"letters"}]


def test_a_self_study_bundle_says_that_it_is_not_graded(self_study, tmp_path):
    """README and checks say so; but for keys, explanations and points it is the bundle that a class would get."""
    classroom, bundle = self_study
    ours, theirs = texts(bundle), texts(write_bundle(classroom, tmp_path / "bundle"))
    assert "It is not graded" in ours["README.md"] and "How to submit" not in ours["README.md"]
    assert set(ours) == set(theirs)
    recorded = {name for name in ours if name.startswith("course_utils/recorded/")}
    assert {name for name in ours if ours[name] != theirs[name]} <= {"README.md", MANIFEST, *recorded}
    keys = {name: quiz.self_study for name, quiz in quizzes(classroom).items()}
    for name in recorded:
        for test, other in zip(json.loads(ours[name])["tests"], json.loads(theirs[name])["tests"], strict=True):
            assert test["points"] == 0
            if test["grade_id"] in keys:
                other["cases"][0]["data"].update(keys[test["grade_id"]])
            assert test == {**other, "points": 0}


def refused(classroom, dest, capsys):
    assert main(["release", str(dest), "--self-study", "--classroom", str(classroom.root)]) == 2
    assert not dest.exists()
    return capsys.readouterr().err


@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_a_self_study_bundle_never_comes_from_a_graded_classroom(self_study, tmp_path, capsys):
    """Where anything was handed in, or the gradebook holds a submission, the release is refused with the mend."""
    shutil.copytree(self_study[0].root, tmp_path / "room")
    classroom = Classroom(tmp_path / "room")
    folder = classroom.submitted / "ada"
    folder.mkdir(parents=True)
    message = refused(classroom, tmp_path / "bundle", capsys)
    assert "submitted is not empty" in message and "a --classroom of its own" in message
    folder.rmdir()
    course = CourseDirectory(config=load_config(classroom))
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("lab1_perceptron", "ada")
    message = refused(classroom, tmp_path / "bundle", capsys)
    assert "gradebook holds submissions of lab1_perceptron" in message and "a --classroom of its own" in message


def test_the_two_kinds_of_bundle_never_replace_each_other(self_study, tmp_path):
    """A published bundle for a class does not become one with keys by mistake, nor the other way round."""
    classroom, bundle = self_study
    with pytest.raises(CourseError, match="a self-study bundle and cannot become a bundle for a class"):
        write_bundle(classroom, bundle)
    ordinary = write_bundle(classroom, tmp_path / "bundle")
    with pytest.raises(CourseError, match="a bundle for a class and cannot become a self-study bundle"):
        write_bundle(classroom, ordinary, self_study=True)
    assert write_bundle(classroom, bundle, self_study=True) == bundle


def test_a_lab_without_a_heading_goes_by_its_name(built, tmp_path):
    """The README of a bundle lists a lab that has no heading under its name."""
    root = tmp_path / "classroom"
    shutil.copytree(built.root, root)
    path = root / "release" / "lab0_welcome" / "lab0_welcome.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("# ", "") if cell.cell_type == "markdown" else cell.source
    nbformat.write(notebook, path)
    bundle = write_bundle(Classroom(root), tmp_path / "bundle")
    assert "lab0_welcome" in (bundle / "README.md").read_text(encoding="utf-8")
