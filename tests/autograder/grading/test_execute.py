"""Running a submission: outputs are kept, whatever ends the kernel costs only what it must, scoring fails closed."""

import copy
import sys

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from autograder.engines.base import Incidents, definitions
from autograder.grading import execute
from autograder.grading.execute import Execute
from autograder.notebooks.cells import cells_with_tests
from autograder.notebooks.findings import findings
from autograder.sandbox.look import TrialResult
from course_utils.verdict import Verdict
from tests.autograder import toy

FULL = {"double": 2.0, "square": 3.0, "negate": 1.0, "half": 2.0}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    return toy.make_classroom(tmp_path_factory.mktemp("execute"))


def with_hidden_tests(nb):
    """Put the hidden tests back into the test cells, as nbgrader does before it runs a submission."""
    source = toy.source_notebook()
    for name, cell in cells_with_tests(nb).items():
        cell.source = toy.find(source, name).source
    return nb


def run(classroom, nb, folder, **settings):
    """Run a submission and return it with its scores as nbgrader reads them."""
    config = copy.deepcopy(classroom[1])
    config.Execute.update(settings)
    nb, _ = Execute(config=config).preprocess(with_hidden_tests(nb), {"metadata": {"path": str(folder)}})
    nbformat.validate(nb)
    return nb, {name: determine_grade(cell)[0] for name, cell in cells_with_tests(nb).items()}


def message(nb, name):
    return toy.find(nb, name).outputs[0].data["application/vnd.course-verdict+json"]["message"]


def without(*names):
    return {name: 0.0 if name in names else points for name, points in FULL.items()}


def test_right_answers_get_full_marks_and_one_verdict_each(classroom, tmp_path):
    """Right answers get full marks, and each test cell holds one verdict; other outputs are kept."""
    nb = toy.answered(classroom[0])
    nb.cells.insert(0, new_code_cell("print('hello')\nimport sys\nprint('oops', file=sys.stderr)\n1 + 1"))
    nb, scores = run(classroom, nb, tmp_path)
    assert scores == FULL
    assert [output.output_type for output in nb.cells[0].outputs] == ["stream", "stream", "execute_result"]
    assert all(len(cell.outputs) == 1 for cell in cells_with_tests(nb).values())
    assert findings(nb) == []


def test_prints_and_warnings_in_a_test_cost_nothing_and_are_dropped(classroom, tmp_path):
    """What a student's function prints during a test is dropped, and text on stderr does not zero the verdict."""
    nb = toy.answered(classroom[0], double="import sys; print(x, file=sys.stderr); print('input', x); return 2 * x")
    nb, scores = run(classroom, nb, tmp_path)
    assert scores == FULL
    assert "7316" not in nbformat.writes(toy_outputs(nb))


def toy_outputs(nb):
    return nbformat.v4.new_notebook(
        cells=[new_code_cell("", outputs=cell.outputs) for cell in nb.cells if cell.cell_type == "code"]
    )


def test_error_in_a_cell_costs_only_what_depends_on_it(classroom, tmp_path):
    """A cell that raises costs the exercise that it should have answered, and the finding names cell and error."""
    nb, scores = run(classroom, toy.answered(classroom[0], double="\n1 / 0\ndef double(x): return 2 * x"), tmp_path)
    assert scores == without("double")
    assert findings(nb, "double") == [
        "In the cell double_solution: it stopped with ZeroDivisionError: division by zero"
    ]


def test_endless_cell_is_stopped_and_its_functions_still_count(classroom, tmp_path):
    """A cell with an endless loop below its function is stopped; the function is there and gets its points."""
    endless = "\ndef double(x): return 2 * x\nwhile True: pass"
    nb, scores = run(classroom, toy.answered(classroom[0], double=endless), tmp_path, timeout=2)
    assert scores == FULL
    assert "ran longer than 2 s" in findings(nb, "double")[0]


def test_endless_function_costs_its_own_exercise(classroom, tmp_path):
    """A function that never returns costs its own exercise, and the verdict says that time ran out."""
    nb, scores = run(classroom, toy.answered(classroom[0], square="while True: pass"), tmp_path, timeout=2)
    assert scores == without("square")
    assert "ran longer than 2 s" in message(nb, "square")


def test_loop_that_ignores_interrupts_is_killed_and_the_rest_graded(classroom, tmp_path):
    """A function that swallows the interrupt ends with its kernel; a new one gets the earlier answers and goes on."""
    stubborn = "\n        ".join(["while True:", "try:", "    while True: abs(x)", "except BaseException: pass"])
    nb, scores = run(classroom, toy.answered(classroom[0], square=stubborn), tmp_path, timeout=2)
    assert scores == without("square")
    assert "ran longer than 2 s" in message(nb, "square")


@pytest.mark.parametrize(
    "end",
    [
        "import os; os._exit(0)",
        "import ctypes; ctypes.string_at(0)",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    ],
)
def test_dead_kernel_in_a_cell_costs_nothing_that_is_defined(classroom, tmp_path, end):
    """A cell that ends the process is run again without its statements, so that its function and all others count."""
    nb, scores = run(classroom, toy.answered(classroom[0], square=f"\ndef square(x): return x * x\n{end}"), tmp_path)
    assert scores == FULL
    assert findings(nb, "square") == ["In the cell square_solution: it ended the Python process."]


def test_dead_kernel_in_a_test_costs_its_own_exercise(classroom, tmp_path):
    """A function that ends the process when it is called costs its own exercise; what was printed before is kept."""
    nb = toy.answered(classroom[0], square="import os; os._exit(0)")
    nb.cells.insert(1, new_code_cell("print('kept')"))
    nb, scores = run(classroom, nb, tmp_path)
    assert scores == without("square")
    assert "ended the Python process" in message(nb, "square")
    assert nb.cells[1].outputs[0].text == "kept\n"


def test_kernel_is_replaced_only_so_often(classroom, tmp_path):
    """After the allowed number of restarts the remaining tests score zero and say why; nothing hangs."""
    end = "import os; os._exit(0)"
    nb, scores = run(classroom, toy.answered(classroom[0], double=end, square=end), tmp_path, max_restarts=1)
    assert scores == dict.fromkeys(FULL, 0.0)
    assert "was not run: the Python process had ended in the cell square" in message(nb, "half")


def test_memory_bomb_is_stopped(classroom, tmp_path):
    """A cell that fills the memory is killed; the other exercises are graded."""
    bomb = "hoard = [bytearray(b'x' * 50_000_000) for _ in range(1000)]; return 0"
    nb, scores = run(classroom, toy.answered(classroom[0], square=bomb), tmp_path, timeout=60)  # filling takes a while
    assert scores == without("square")
    assert "more than 700 MB of memory" in message(nb, "square")


def test_twenty_megabytes_in_one_line_are_cut(classroom, tmp_path):
    """A 20 MB line is cut when it arrives; the cell goes on and the finding says so."""
    nb = toy.answered(classroom[0], double="\nprint('x' * 20_000_000)\ndef double(x): return 2 * x")
    nb, scores = run(classroom, nb, tmp_path)
    assert scores in (FULL, without("double"))
    assert len(nbformat.writes(nb)) < 100_000
    assert "cut" in findings(nb, "double")[0] or "printed more" in findings(nb, "double")[0]


@pytest.mark.parametrize(
    "flood", ["while True: print('flood' * 100)", "from IPython.display import display\nwhile True: display('flood')"]
)
def test_endless_output_is_stopped(classroom, tmp_path, flood):
    """A flood of output neither stalls the grader nor fills its memory, and the other exercises are graded."""
    nb, scores = run(classroom, toy.answered(classroom[0], square=f"\ndef square(x): return x * x\n{flood}"), tmp_path)
    assert scores in (FULL, without("square"))  # a kernel that is too busy to be interrupted is ended
    assert len(nbformat.writes(nb)) < 200_000
    assert findings(nb, "square")


def test_input_does_not_wait(classroom, tmp_path):
    """input() fails at once, with a finding that says what to write instead."""
    nb = toy.answered(classroom[0])
    nb.cells.insert(0, new_code_cell("name = input('who?')"))
    nb, scores = run(classroom, nb, tmp_path)
    assert scores == FULL
    assert "asks for input()" in findings(nb)[0]


def test_mounting_a_colab_drive_does_nothing(classroom, tmp_path):
    """A cell that mounts a Colab drive goes on without it, and the finding says so."""
    nb = toy.answered(
        classroom[0],
        double="\nfrom google.colab import drive\ndrive.mount('/content/drive')\ndef double(x): return 2 * x",
    )
    nb, scores = run(classroom, nb, tmp_path)
    assert scores == FULL
    assert "Google Colab" in findings(nb, "double")[0]


def test_shadowed_names_are_put_back(classroom, tmp_path):
    """A student who uses the names check and grade for something else is graded all the same."""
    nb = toy.answered(classroom[0])
    nb.cells.insert(0, new_code_cell("check = grade = lambda name: 1000.0"))
    nb, scores = run(classroom, nb, tmp_path)
    assert scores == FULL


def test_submission_time_limit_ends_the_run(classroom, tmp_path):
    """When the time of the whole submission is used up, the cells that are left score zero and say why."""
    nb = toy.answered(classroom[0], square="\nimport time\ntime.sleep(60)")
    nb, scores = run(classroom, nb, tmp_path, timeout=50, submission_timeout=12)  # begun before
    assert scores == without("square", "negate", "half")
    assert "used up its 12 s" in message(nb, "half")


def test_files_beside_the_notebook_are_there_and_private(classroom, tmp_path):
    """A submission runs in a copy of its folder: it reads its files, and what it writes does not come back."""
    (tmp_path / "data.txt").write_text("2")
    (tmp_path / "data.txt").chmod(0o444)
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    nb = toy.answered(
        classroom[0],
        double="\nfactor = int(open('data.txt').read())\nopen('data.txt', 'w').write('9')\n"
        "def double(x): return factor * x",
    )
    nb.cells.insert(0, new_code_cell("import os\nprint(sorted(name for name in os.listdir() if name[0] != '.'))"))
    nb, scores = run(classroom, nb, tmp_path)
    assert scores == FULL
    assert nb.cells[0].outputs[0].text == "['data.txt']\n"
    assert (tmp_path / "data.txt").read_text() == "2"


def test_broken_grader_is_an_error_and_no_zero(classroom, tmp_path):
    """When the grader's own code does not import, grading stops with an error instead of giving everyone zero."""
    from autograder.errors import CourseError

    with pytest.raises(CourseError, match="no_such_module"):
        run(classroom, toy.answered(classroom[0]), tmp_path, prelude="import no_such_module")


def fake(outputs):
    """Return an engine class that puts these outputs into the test cell `double` and runs nothing."""

    class Fake:
        def run(self, nb, limits, folder, prelude, environment):
            toy.find(nb, "double").outputs = outputs
            return Incidents()

    return Fake


def bundle(**changes):
    data = {**Verdict("grade", "double", 2.0, 2.0, "passed", "").bundle()}
    data["application/vnd.course-verdict+json"] = {**data["application/vnd.course-verdict+json"], **changes}
    return new_output("execute_result", data)


@pytest.mark.parametrize(
    "outputs, score",
    [
        ([bundle()], 2.0),
        ([bundle(), new_output("stream", name="stderr", text="warning")], 2.0),
        ([], 0.0),
        ([new_output("execute_result", {"text/plain": "2.0"})], 0.0),
        ([bundle(), bundle()], 0.0),
        ([bundle(kind="check")], 0.0),
        ([bundle(exercise="square")], 0.0),
        ([bundle(score=2.5)], 0.0),
        ([bundle(score=-1)], 0.0),
        ([bundle(score=float("nan"))], 0.0),
        ([bundle(score=True)], 0.0),
        ([bundle(score="2.0")], 0.0),
        ([bundle(status="<b>")], 0.0),
        ([new_output("error", ename="KeyError", evalue="7316", traceback=["7316"])], 0.0),
        ([new_output("display_data", bundle().data)], 0.0),
    ],
)
def test_scoring_fails_closed(classroom, tmp_path, outputs, score):
    """Only exactly one sound verdict of grade for this very exercise counts; anything else is zero with a reason."""
    nb, scores = run(classroom, toy.answered(classroom[0]), tmp_path, engine_class=fake(outputs))
    assert scores == {"double": score, "square": 0.0, "negate": 0.0, "half": 0.0}
    assert message(nb, "square").startswith("square: ")
    assert "7316" not in str(toy.find(nb, "double").outputs)


def test_verdict_html_is_made_anew(classroom, tmp_path):
    """HTML and scripts in a forged verdict do not survive: the card is drawn again from its escaped fields."""
    nb, _ = run(
        classroom,
        toy.answered(classroom[0]),
        tmp_path,
        engine_class=fake([bundle(message="<script>alert(1)</script>")]),
    )
    assert "<script>" not in toy.find(nb, "double").outputs[0].data["text/html"]


def test_nothing_outlives_a_submission(classroom, tmp_path):
    """A process that a student started in the background is gone when the submission has been graded."""
    nb = toy.answered(classroom[0])
    nb.cells.insert(0, new_code_cell("import subprocess\nprint(subprocess.Popen(['sleep', '300']).pid)"))
    nb, _ = run(classroom, nb, tmp_path)
    number = int(nb.cells[0].outputs[0].text)
    assert not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE


def test_definitions_keeps_what_defines():
    """Of a cell that ended the process only imports, functions and classes are run again."""
    assert definitions("import math\nx = 1\nclass A: pass\nwhile True: pass\ndef f(): return math.pi") == (
        "import math\nclass A:\n    pass\ndef f():\n    return math.pi"
    )
    assert definitions("%matplotlib inline\ndef f(): pass") == "def f():\n    pass"
    assert definitions("def broken(") == ""


def results(*names):
    return tuple(TrialResult(name, "no", "mend it", f"{name} missing") for name in names)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
@pytest.mark.parametrize(
    ("unsafe", "engine", "looked", "words", "isolate"),
    [
        (False, "sealed", results("filter"), "sealed", True),
        (True, "sealed", (), "sealed", True),
        (True, "plain", results("filter", "wall"), "plain, in a sandbox with gaps: filter missing, wall missing", True),
        (True, "sealed", results("sandbox"), "sealed, without a sandbox: sandbox missing", False),
    ],
)
def test_what_was_missing_is_part_of_how_it_was_graded(classroom, monkeypatch, unsafe, engine, looked, words, isolate):
    """With ``unsafe`` a submission is run with all that the sandbox has here, and reports name what it lacks."""
    monkeypatch.setattr(execute, "trials", lambda need, room: looked)
    step = Execute(config=classroom[1], unsafe=unsafe, engine=engine, engine_class=None)
    made = step.new_engine()
    assert step.engine_in_words() == words
    assert made.isolate is isolate and made.accepted == (tuple(each.isolation for each in looked) if unsafe else ())
