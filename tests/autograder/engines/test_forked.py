"""The engines by fork: the verdict comes from outside the student's process, and files and outputs have limits."""

import json
import re
import shutil
import signal
import subprocess
import sys
from copy import deepcopy

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from autograder.classroom import Classroom
from autograder.cli import main
from autograder.engines import forked
from autograder.engines.base import Limits
from autograder.engines.forked import ForkedEngine
from autograder.engines.public import public_test
from autograder.errors import CourseError, GraderFailure
from autograder.grading.execute import Execute
from autograder.limited import Limit
from autograder.limits import MOST_FILE_BYTES, MOST_FILES
from autograder.notebooks import verdicts
from autograder.notebooks.findings import note_failed_checks
from autograder.sandbox.student_process import Ended
from autograder.settings import PROJECT, load_config
from course_utils.recording import recorded_tests
from tests.autograder.memory import take
from tests.autograder.sealing import needs_sandbox
from tests.conftest import read

LAB = "lab1_perceptron"


# -- A class ----------------------------------------------------------------------------------------------------------


@needs_sandbox
def test_a_machine_that_cannot_isolate_is_refused_with_the_mend(built, tmp_path):
    """Where no sandbox can be made, grading is refused with the line that mends it; --unsafe grades, and is shown."""
    classroom = small_class(built, tmp_path, {"ada": "release"})
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    forbidden = ["unshare", "--user", "--map-root-user", "sh", "-c", forbid, "sh", *command(classroom)]
    refused = subprocess.run(forbidden, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert refused.returncode == 2
    assert "--unsafe" in refused.stderr and "sysctl" in refused.stderr
    unsafe = subprocess.run([*forbidden, "--unsafe"], capture_output=True, text=True, cwd=PROJECT, check=False)
    assert unsafe.returncode == 0
    assert scores(classroom) == {"ada": 0.0}
    pages = [(classroom.reports / name).read_text() for name in ("index.html", "grades.csv")]
    for text in (unsafe.stdout, *pages):
        assert "without a sandbox: the network in reach" in " ".join(text.split()) and "no system-call filter" in text


def scores(classroom):
    with Gradebook(f"sqlite:///{classroom.gradebook}") as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions(LAB)}


def small_class(built, folder, students):
    """Return a copy of a built classroom with some submissions.

    Args:
        students: mapping from names to "solved" or "release", the notebook that they hand in.
    """
    classroom = Classroom(folder / "room")
    shutil.copytree(built.root, classroom.root)
    for name, kind in students.items():
        (classroom.submitted / name / LAB).mkdir(parents=True)
        shutil.copy(getattr(classroom, kind) / LAB / f"{LAB}.ipynb", classroom.submitted / name / LAB)
    return classroom


def command(classroom, *options):
    return [sys.executable, "-m", "autograder", "grade", "--classroom", str(classroom.root), *options]


@needs_sandbox
def test_a_grading_killed_at_any_moment_is_finished_by_the_next(built, tmp_path):
    """After SIGKILL a second run grades what was not recorded, and nothing else; the gradebook is right."""
    classroom = small_class(built, tmp_path, {**dict.fromkeys("abcde", "solved"), **dict.fromkeys("fg", "release")})
    with subprocess.Popen(command(classroom), stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        for line in process.stdout:
            if line.startswith("[2/"):
                process.send_signal(signal.SIGKILL)
                break
    done = {path.parent.parent.name: path.stat().st_mtime_ns for path in classroom.autograded.rglob(".graded.json")}
    assert 2 <= len(done) < 7
    assert main(["grade", "--classroom", str(classroom.root)]) == 0
    points = sum(test["points"] for lab, test in recorded_tests().values() if lab == LAB)
    assert scores(classroom) == {**dict.fromkeys("abcde", points), **dict.fromkeys("fg", 0.0)}
    for name, changed in done.items():
        assert (classroom.autograded / name / LAB / ".graded.json").stat().st_mtime_ns == changed


@needs_sandbox
def test_verdicts_come_from_outside(built, tmp_path):
    """In the graded notebook test cells hold the host's verdict alone, whatever the cells show."""
    nb = read(built.source / LAB / f"{LAB}.ipynb")
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "print('forged')\n53.0"
    Execute(config=load_config(built)).preprocess(nb, {"metadata": {"path": str(tmp_path)}})
    tests = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert tests and all(len(cell.outputs) == 1 and cell.outputs[0].data["text/plain"] == "0.0" for cell in tests)
    assert "forged" not in json.dumps([cell.outputs for cell in tests])


@needs_sandbox
def test_a_function_that_ends_the_process_is_told_so_and_costs_its_own_exercise(built, tmp_path):
    """Where a function under test ends the process, its own verdict says so, and the exercise after it still counts."""
    nb = read(built.source / LAB / f"{LAB}.ipynb")
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nb.cells}
    cells["neuron_solution"].source = "def neuron(*arguments):\n    import os\n    os._exit(0)"
    Execute(config=load_config(built)).preprocess(nb, {"metadata": {"path": str(tmp_path)}})
    assert "ended the Python process" in json.dumps(cells["neuron"].outputs)
    assert cells["neuron"].outputs[0].data["text/plain"] == "0.0"
    assert cells["perceptron_update"].outputs[0].data["text/plain"] != "0.0"


# -- A test sees the notebook as it was at its place ------------------------------------------------------------------

SIGMOID = "import numpy as np\nsigmoid = lambda z: 1 / (1 + np.exp(-z))\n"
TORCH = """import torch
class DenseTorch(torch.nn.Module):
    scale = torch.nn.Parameter(torch.ones(1))
    def __init__(self, n_inputs, n_units):
        super().__init__()
        self.W = torch.nn.Parameter(torch.randn(n_inputs, n_units))
        self.b = torch.nn.Parameter(torch.zeros(n_units))
    def forward(self, x):
        return torch.sigmoid(self.scale * (x @ self.W + self.b))
"""
TRAINED_ON = """steps = torch.optim.SGD([DenseTorch.scale], lr=1.0)
DenseTorch(2, 1)(torch.ones(3, 2)).sum().backward()
DenseTorch.scale.grad += 1
steps.step()
"""
LATER_CHANGES = {
    "rebound": ("def neuron(x, w, b): return sigmoid(x @ w + b)", "def neuron(x, w, b): return 0"),
    "array in place": (
        "one = np.ones(1)\ndef neuron(x, w, b): return one[0] * sigmoid(x @ w + b)",
        "one[:] = 0",
    ),
    "closure": (
        "def make():\n    state = {'one': 1}\n    def neuron(x, w, b): return state['one'] * sigmoid(x @ w + b)\n"
        "    return neuron, state\nneuron, state = make()",
        "state['one'] = 0",
    ),
    "global": ("one = 1\ndef neuron(x, w, b): return one * sigmoid(x @ w + b)", "one = 0"),
    "generator": (
        "ones = (1 for _ in range(10_000))\ndef neuron(x, w, b): return next(ones) * sigmoid(x @ w + b)",
        "list(ones)",
    ),
    "class": (
        "class One:\n    value = 1\ndef neuron(x, w, b): return One().value * sigmoid(x @ w + b)",
        "class One:\n    value = 0",
    ),
    "library": ("def neuron(x, w, b): return sigmoid(np.dot(x, w) + b)", "np.dot = lambda x, w: 0 * w[0]"),
    "deleted": ("def neuron(x, w, b): return sigmoid(x @ w + b)", "del neuron, sigmoid"),
    "file": (
        "open('one', 'w').write('1')\ndef neuron(x, w, b): return float(open('one').read()) * sigmoid(x @ w + b)",
        "open('one', 'w').write('0')",
    ),
    "module trained on": (TORCH, TRAINED_ON),
}


@needs_sandbox
@pytest.mark.parametrize("change", LATER_CHANGES)
def test_what_comes_later_changes_no_earlier_score(built, tmp_path, change):
    """Each test is asked at its place: a later cell neither costs what was right there, nor mends what was wrong."""
    right, later = LATER_CHANGES[change]
    name = "dense_torch" if "torch" in right else "neuron"
    tested = new_code_cell("check()")
    tested.metadata["nbgrader"] = {"grade_id": name, "grade": True, "solution": False, "points": 2, "locked": True}
    cells = [new_code_cell(SIGMOID), new_code_cell(right), tested, new_code_cell(later)]
    asked = [new_code_cell(SIGMOID), new_code_cell(right), new_code_cell(later), deepcopy(tested)]
    at_its_place, after_it = (new_notebook(cells=each) for each in (cells, asked))
    for notebook in (at_its_place, after_it):
        ForkedEngine().run(notebook, Limits(), tmp_path, "", {"CLASSROOM": str(built.root)})
    assert at_its_place.cells[2].outputs[0].data["text/plain"] == "2.0"
    assert after_it.cells[3].outputs[0].data["text/plain"] != "2.0"


FORGED = """
import numpy as np
from course_utils.probes import Unusable


def text(x):
    return "".join(f"{int(100 * value) + 1000}" for value in np.ravel(x)[:4])


def refuse(x):
    error = Unusable("endless")
    error.remark = {"says": "not_numbers", "subject": text(x), "kind": "a " + text(x)}
    raise error
"""
CARRIERS = {
    "a refusal": "refuse(x)",
    "a type": "return type('T' + text(x), (), {})()",
    "an error": "raise type('T' + text(x), (ValueError,), {})(text(x))",
    "a shape": "return np.broadcast_to(0.0, (0, int(text(x))))",
    "a number of values": "return np.zeros((int(text(x)[:5]), 1))",
}


@needs_sandbox
@pytest.mark.parametrize("way", CARRIERS)
def test_no_part_of_a_reply_carries_hidden_inputs_to_the_page(built, tmp_path, way):
    """What a function under test was called with stands nowhere in the graded notebook, however it is sent back."""
    nb = read(built.source / LAB / f"{LAB}.ipynb")
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nb.cells}
    cells["neuron_solution"].source = f"{FORGED}\n\ndef neuron(x, w, b):\n    {CARRIERS[way]}"
    Execute(config=load_config(built)).preprocess(nb, {"metadata": {"path": str(tmp_path)}})
    message = verdicts.read(cells["neuron"]).message
    assert not re.search(r"\d{3}", re.sub("`.*?`", "", message)), message


@needs_sandbox
def test_what_a_cell_does_after_its_code_was_asked_stands_on_no_page(built, tmp_path):
    """A cell that ends only the process that was asked is named nowhere: which one it is could tell hidden inputs."""
    nb = read(built.source / LAB / f"{LAB}.ipynb")
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nb.cells}
    public = [case["arguments"]["arguments"][0].tolist() for case in public_test("neuron")["cases"]]
    remember = f"if x.tolist() not in {public}:\n        asked.append(x)"
    cells["neuron_solution"].source = f"asked = []\n\ndef neuron(x, w, b):\n    {remember}\n    return x @ w + b"
    note_failed_checks(nb, ["neuron"])
    place = nb.cells.index(cells["neuron"])
    for number in range(4):
        nb.cells.insert(place + 1 + number, new_code_cell(f"{number}\nimport os\nif asked: os._exit(1)"))
    findings = json.dumps(findings_of(nb, built, tmp_path))
    assert "run again for the tests" in findings and "begins" not in findings and "ended the Python" not in findings
    assert "begins" not in json.dumps([cell.outputs for cell in nb.cells if "grade" in str(cell.metadata)])


def findings_of(nb, classroom, folder):
    """Grade a notebook and return its findings."""
    Execute(config=load_config(classroom)).preprocess(nb, {"metadata": {"path": str(folder)}})
    return nb.metadata.get("course", {}).get("findings", [])


# -- Files and outputs ------------------------------------------------------------------------------------------------


def run(cells, folder, sealed=False, **limits):
    """Run some sources as a notebook; return the notebook and its incidents."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    engine = ForkedEngine(sealed=sealed)
    incidents = engine.run(notebook, Limits(**limits), folder, "", {"CLASSROOM": str(folder)})
    return notebook, incidents


def test_files_are_kept_up_to_the_limits(tmp_path):
    """Of the files beside a notebook links are left out, and what is beyond 50 MB or 2000 files."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "large.bin").write_bytes(bytes(MOST_FILE_BYTES - 10))
    (tmp_path / "link").symlink_to("a/large.bin")
    (tmp_path / "many").mkdir()
    for number in range(MOST_FILES):
        (tmp_path / "many" / f"{number:04d}").write_bytes(b"")
    (tmp_path / "medium").write_bytes(bytes(11))
    (tmp_path / "small").write_bytes(b"seven")
    files = forked._read_files(tmp_path)
    assert len(files) == MOST_FILES
    assert len(files["a/large.bin"]) == MOST_FILE_BYTES - 10
    assert "link" not in files and "medium" not in files
    for path in (tmp_path / "many").iterdir():
        path.unlink()
    assert set(forked._read_files(tmp_path)) == {"a/large.bin", "small"}


@needs_sandbox
@pytest.mark.parametrize("size", [49 * 10**6, 50_000_001, MOST_FILE_BYTES])
def test_cells_see_every_file_that_is_kept(tmp_path, size):
    """A file of 49 MB, of a little more than 50 million bytes, and of exactly 50 MB is there, as one limit holds."""
    (tmp_path / "data.bin").write_bytes(bytes(size))
    notebook, incidents = run(["import os\nprint(os.path.getsize('data.bin'))"], tmp_path)
    assert incidents == {} and notebook.cells[0].outputs[0].text == f"{size}\n"


@needs_sandbox
@pytest.mark.parametrize("sealed", [False, True])
def test_a_cell_that_ends_the_process_costs_its_statements(tmp_path, sealed):
    """The cells before it are run again in a new process, and of the cell itself its definitions."""
    cells = ["x = 1", "def f(): return x + 1\nimport os\nos._exit(0)", "print(f())"]
    notebook, incidents = run(cells, tmp_path, sealed)
    assert incidents == {1: "it ended the Python process."}
    assert notebook.cells[2].outputs[0].text == "2\n"
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]


@needs_sandbox
def test_a_process_is_started_again_only_so_often(tmp_path):
    """After the allowed restarts the cells that are left say which cell ended the last process."""
    cells = ["import os\nos._exit(0)", "import os\nos._exit(0)", "print(1)"]
    _, incidents = run(cells, tmp_path, restarts=1)
    assert incidents[2].startswith("it was not run: the Python process had ended in the cell that begins 'import os'")
    assert "not started again after 1 times" in incidents[2]


@needs_sandbox
def test_time_and_output_of_a_cell_have_limits(tmp_path):
    """A cell beyond its time and one beyond its output say so, and the next one runs in the same process."""
    cells = ["x = 1\nwhile True: pass", "print('x' * 3000)", "x + 1"]
    notebook, incidents = run(cells, tmp_path, cell=1, output=2000)
    assert incidents == {
        0: "it ran longer than 1 s and was stopped. Is there a loop that never ends?",
        1: "its output was cut at 0.002 MB.",
    }
    assert notebook.cells[2].outputs[0].data["text/plain"] == "2"
    assert notebook.cells[2].outputs[0].execution_count == 3


@needs_sandbox
def test_the_time_of_a_submission_has_a_limit(tmp_path):
    """When all cells together have used up the submission's time, the next ones are not run."""
    notebook, incidents = run(["import time\ntime.sleep(60)", "1 + 1"], tmp_path, cell=50, submission=2)
    assert incidents[1] == "it was not run: the submission had used up its 2 s."
    assert notebook.cells[1].outputs == []


@needs_sandbox
def test_a_submission_keeps_as_much_as_ten_full_cells(tmp_path):
    """Many cells that each print what one may print are cut together."""
    notebook, incidents = run(["print('x' * 900)"] * 14, tmp_path, output=1000)
    kept = sum(len(output.text) for cell in notebook.cells for output in cell.outputs)
    assert kept < 11_500 and 0 not in incidents and 13 in incidents


@needs_sandbox
def test_a_test_cell_of_no_exercise_is_refused(tmp_path):
    """Where no exercise says how to judge a test cell, grading stops with what to do, instead of giving zero."""
    cell = new_code_cell("assert True")
    cell.metadata["nbgrader"] = {"grade_id": "foreign", "grade": True, "solution": False, "points": 1}
    with pytest.raises(CourseError, match="engine 'plain'"):
        ForkedEngine().run(new_notebook(cells=[cell]), Limits(), tmp_path, "", {"CLASSROOM": str(tmp_path)})


def test_a_server_holds_the_frameworks_that_tests_need():
    """A class without TensorFlow does not wait for it, and the classroom is in reach of tests inside alone."""
    limits = Limits(memory=700, submission=30)
    need = ForkedEngine().need(["neuron", "dense_torch", "foreign"], limits, "/room")
    assert (need.frameworks, need.memory, need.cpu, need.isolate, need.classroom) == (("torch",), 700, 60, True, "")
    need = ForkedEngine(sealed=False, isolate=False).need(["dense_tensorflow", "dense_torch"], limits, "/room")
    assert (need.frameworks, need.isolate, need.classroom) == (("tensorflow", "torch"), False, "/room")


# -- The grader's own failures ----------------------------------------------------------------------------------------


class Student:
    """A student's process that does whatever it is asked, once it lives; the first ones may die at once."""

    spared, waited = 0.0, False
    deaths = 0

    def send_files(self, *_):
        if Student.deaths:
            Student.deaths -= 1
            raise Ended("it ended the Python process")

    def run(self, *_, **__):
        return False

    def ask(self, name, probe, cases, seconds):
        return [{"values": {"output": np.zeros(3)}, "notes": []} for _ in cases]

    def close(self):
        pass


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """Return a function that judges one test cell with processes that may die, and returns its verdict."""
    monkeypatch.setattr(forked, "start_student", lambda need: Student())
    grade_id = next(iter(recorded_tests()))
    about = {"grade_id": grade_id, "grade": True, "solution": False, "points": 2}

    def judge(deaths=0):
        Student.deaths = deaths
        test = new_code_cell(f'grade("{grade_id}")', metadata={"nbgrader": about})
        notebook = new_notebook(cells=[new_code_cell("1"), test])
        room = str(Classroom(tmp_path).create().root)
        incidents = ForkedEngine().run(notebook, Limits(), tmp_path, "", {"CLASSROOM": room})
        return verdicts.read_or_zero(test), incidents

    return judge


def test_a_process_that_dies_before_it_ran_anything_is_no_fault_of_the_submission(judged):
    """Another one is started; where none lives the grader has failed, and nothing is said about the student."""
    verdict, incidents = judged(deaths=3)
    assert verdict.status == "failed" and incidents == {} and not incidents.troubled
    with pytest.raises(GraderFailure, match="no process could be started"):
        judged(deaths=99)


def test_a_process_that_cannot_be_started_is_an_error_and_no_zero(judged, monkeypatch):
    """As where the grader has no descriptor left."""

    def fail(need):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(forked, "start_student", fail)
    with pytest.raises(OSError, match="Too many"):
        judged()


def test_a_judge_that_fails_is_an_error_and_no_zero(judged, monkeypatch):
    """A bug of ours, on whatever answer, costs nobody a point."""
    monkeypatch.setattr("course_utils.checks.assess", lambda *_: 1 / 0)
    with pytest.raises(GraderFailure, match="itself failed: ZeroDivisionError"):
        judged()


@pytest.mark.parametrize("judge", ["spins", "fills"])
def test_answers_that_take_too_much_to_judge_earn_nothing(judged, monkeypatch, judge):
    """The test says so, and the others go on."""

    def too_much(*_):
        while judge == "spins":
            pass
        return take(200)

    monkeypatch.setattr("course_utils.checks.assess", too_much)
    monkeypatch.setattr(forked, "JUDGING", Limit(memory=100, processor=0.1, wall=60))
    verdict, _ = judged()
    assert verdict.score == 0 and "could not be judged within the limits" in verdict.message
