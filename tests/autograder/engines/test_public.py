"""A student sees a case that fails and that anybody may see; no way leads from hidden inputs into it."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.engines.base import Limits
from autograder.engines.forked import ForkedEngine
from autograder.engines.hidden import hidden_test
from autograder.engines.public import LONGEST, SECONDS, PublicChecks, public_test
from autograder.notebooks.cells import submission_digest
from autograder.notebooks.findings import case, note_failed_checks
from autograder.sandbox.student_process import Ended
from course_utils.verdict import Verdict
from tests.autograder.sealing import needs_sandbox
from tests.conftest import read

LAB = "lab1_perceptron"
FAILED = Verdict("grade", "neuron", 0.0, 3.0, "failed", "The neuron: it is wrong.")
# Whatever it was ever called with, in this process or by way of a file, goes back in all ways at once.
SMUGGLER = """
import os
asked = []


def neuron(x, w, b):
    asked.append(np.asarray(x).tolist())
    for folder in (".", "/tmp", "/dev/shm"):
        with open(f"{folder}/asked.txt", "a") as file:
            file.write(f"{asked[-1]} ")
    os.environ["ASKED"] = os.environ.get("ASKED", "") + f"{asked[-1]} "
    told = [open(f"{folder}/asked.txt").read() for folder in (".", "/tmp", "/dev/shm")]
    raise ValueError(f"{asked} {told} {os.environ['ASKED']}")
"""


def answering(output):
    """A student's process whose function gives the same for each case."""
    return SimpleNamespace(
        ask=lambda name, probe, cases, seconds: [{"values": {"output": output}, "notes": []} for _ in cases]
    )


def shown(student, hidden=FAILED):
    checks = PublicChecks(["neuron"])
    checks.ask(student, "neuron")
    return checks.case("neuron", hidden)


def test_the_first_wrong_case_is_shown_with_what_came_back():
    """Inputs, what is expected and what came back, of a case that is recorded beside the student's own check."""
    rows = shown(answering(np.array(0.25)))["rows"]
    first = public_test("neuron")["cases"][0]
    assert [name for name, _ in rows] == ["", "", "", "expected output", "came back: output"]
    assert rows[2][1] == f"{first['arguments']['arguments'][2]:.8g}" and rows[4][1] == "0.25"
    assert rows[3][1] == f"{float(first['expected']['output']):.8g}"


def test_nothing_is_shown_where_the_check_is_right_or_hidden_cases_are():
    """A right check has no case that fails; and who has all the points needs none."""
    wanted = [np.asarray(each["expected"]["output"]) for each in public_test("neuron")["cases"]]
    replies = [{"values": {"output": each}, "notes": []} for each in wanted]
    right = SimpleNamespace(ask=lambda name, probe, cases, seconds: replies[: len(cases)])
    assert shown(right) is None
    passed = Verdict("grade", "neuron", 3.0, 3.0, "passed", "The neuron: right.")
    assert shown(answering(np.array(0.25)), passed) is None


def test_a_text_in_place_of_numbers_is_a_wrong_case():
    """A process that is not trusted may send one; it is shown, and stops nothing."""
    assert shown(answering("left"))["rows"][-1] == ["came back: output", "left"]


def test_a_long_or_strange_text_is_cut_and_harmless():
    """What an error says is the student's own words."""
    error = {"error": {"type": "ValueError", "message": "\x1b[2J\u202e" + "x" * 100_000, "line": ""}}
    rows = shown(SimpleNamespace(ask=lambda name, probe, cases, seconds: [error for _ in cases]))["rows"]
    assert all(len(value) <= LONGEST + 2 and "\x1b" not in value and "\u202e" not in value for _, value in rows)


def test_the_first_check_that_takes_too_long_is_the_last():
    """So a submission that runs for ever costs these seconds once; what had not failed is not asked."""
    checks, calls = PublicChecks(["neuron"]), []
    slow = SimpleNamespace(ask=lambda name, probe, cases, seconds: calls.append(seconds))
    assert checks.ask(slow, "dense") == 0.0 and checks.left == SECONDS
    for _ in range(2):
        checks.ask(slow, "neuron")
    assert len(calls) == 1 and checks.left == 0.0 and checks.case("neuron", FAILED) is None


def test_a_process_that_ends_is_asked_no_more():
    """Whoever asks hears of it; the next check is not asked."""
    checks = PublicChecks(["neuron"])

    def end(*_):
        raise Ended("gone")

    with pytest.raises(Ended):
        checks.ask(SimpleNamespace(ask=end), "neuron")
    assert checks.ask(SimpleNamespace(ask=end), "neuron") == 0.0


@pytest.fixture
def notebook(built):
    """The solved lab, and its cells by grade id; after the test of `neuron` a cell shows something."""
    nb = read(built.solved / LAB / f"{LAB}.ipynb")
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nb.cells}
    nb.cells = nb.cells[: nb.cells.index(cells["neuron"]) + 1]
    return nb, cells


def run(nb, built, folder, **limits):
    digest = submission_digest(nb)
    note_failed_checks(nb, ["neuron"])
    ForkedEngine().run(nb, Limits(**limits), folder, "", {"CLASSROOM": str(built.root), "SUBMISSION": digest})
    return hidden_test(str(built.root), LAB, "neuron", digest)["cases"]


@needs_sandbox
def test_no_hidden_input_reaches_the_case_that_is_shown(built, notebook, tmp_path):
    """A function that sends back all that it ever heard, in variables, files and environment, sends public inputs."""
    nb, cells = notebook
    cells["neuron_solution"].source = SMUGGLER
    hidden = [each["arguments"]["arguments"][0] for each in run(nb, built, tmp_path)]
    public = [each["arguments"]["arguments"][0] for each in public_test("neuron")["cases"]]
    text = json.dumps(nb)
    assert case(nb, "neuron")["rows"] and str(np.asarray(public[0]).tolist()) in text
    assert not any(str(np.asarray(each).tolist()) in text for each in hidden)


@needs_sandbox
def test_a_function_that_ends_the_process_in_a_check_costs_no_restart_and_no_output(built, notebook, tmp_path):
    """The cells after it show what they would have shown."""
    nb, cells = notebook
    cells["neuron_solution"].source = "import os\ndef neuron(x, w, b):\n    os._exit(3)"
    nb.cells.append(
        type(nb.cells[0])(cell_type="code", source="print('later')", metadata={}, outputs=[], execution_count=None)
    )
    run(nb, built, tmp_path, restarts=1)
    assert "later" in str(nb.cells[-1].outputs)
