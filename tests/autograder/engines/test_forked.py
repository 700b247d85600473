"""The sealed engine: a process a submission, forked warm, kept in a sandbox, judged from outside."""

import contextlib
import json
import multiprocessing
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings, strategies
from hypothesis.extra import numpy as arrays
from nbgrader.api import Gradebook

from autograder.classroom import Classroom
from autograder.cli import main
from autograder.grading.pool import Died, Pool
from autograder.sandbox import host, wire
from autograder.sandbox import trials as doctor
from autograder.sandbox.host import Ended, Need, Outputs
from autograder.settings import PROJECT
from tests.conftest import read

sealable = all(answer == "yes" for _, answer, _ in doctor.trials(Classroom("classroom")))
needs_sandbox = pytest.mark.skipif(not sealable, reason="this machine forbids user namespaces: see `autograder doctor`")
LAB = "lab1_perceptron"


@pytest.fixture(scope="module")
def bare():
    """What a submission needs that uses no framework."""
    if not sealable:
        pytest.skip("this machine forbids user namespaces: see `autograder doctor`")
    return Need((), 300)


@pytest.fixture
def student(bare):
    """A fresh student's process."""
    process = host.new_student(bare)
    yield process
    process.close()


def show(student, source, seconds=20, room=100_000):
    """Run a cell and return its outputs."""
    outputs = Outputs(room)
    student.run(source, seconds, outputs)
    return [output for output, _ in outputs.kept]


def text(student, source, seconds=20):
    return "".join(output.get("text", "") for output in show(student, source, seconds))


# -- The format -------------------------------------------------------------------------------------------------------


def roundtrip(message):
    one, other = socket.socketpair()
    wire.Channel(one).send(message)
    try:
        return wire.Channel(other).receive(5)
    finally:
        one.close()
        other.close()


def receive(data, seconds=0.3):
    one, other = socket.socketpair()
    one.sendall(data)
    one.close()
    try:
        return wire.Channel(other).receive(seconds)
    finally:
        other.close()


@given(arrays.arrays(strategies.sampled_from(["f8", "f4", "i8", "?"]), arrays.array_shapes(min_dims=0, max_side=4)))
@settings(max_examples=50, deadline=None)
def test_arrays_cross_the_wire_unchanged(array):
    """An array of numbers comes out as it went in: shape, dtype and values, NaN included."""
    back = roundtrip({"values": [array]})["values"][0]
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


@given(strategies.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_message_or_an_error_of_ours(data):
    """Whatever bytes come, reading them ends in a message or in one of the format's own errors."""
    with contextlib.suppress(wire.Malformed, wire.Closed, wire.TooSlow):
        receive(data, 0.05)


def frame(header, *blobs):
    parts = [struct.pack("!II", len(header), len(blobs)), header]
    for blob in blobs:
        parts += [struct.pack("!I", len(blob)), blob]
    return b"".join(parts)


def npy(header):
    body = header.encode().ljust(118) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(body)) + body


ARRAY = b'{"\\u0000array": 0}'


@pytest.mark.parametrize(
    "data",
    [
        frame(b"[" * 100_000 + b"]" * 100_000),
        frame(b"[" * 50 + b"]" * 50),
        frame(b"NaN"),
        struct.pack("!II", 2**32 - 1, 0),
        struct.pack("!II", 2, 2**31) + b"{}",
        frame(ARRAY),
        frame(ARRAY, npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}")),
        frame(ARRAY, npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}")),
        frame(ARRAY, npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}")),
        frame(ARRAY, npy("{'descr': '<U9', 'fortran_order': False, 'shape': ()}")),
        frame(ARRAY, npy("__import__('os').system('true')")),
        frame(ARRAY, b"PK\x03\x04"),
    ],
)
def test_malformed_answers_are_refused(data):
    """Deep, huge, dishonest or executable answers are refused before they cost anything."""
    with pytest.raises(wire.Malformed):
        receive(data)


def test_a_slow_answer_is_not_awaited():
    """Bytes that drip in do not hold the host longer than it is willing to wait."""
    one, other = socket.socketpair()
    one.sendall(struct.pack("!II", 100, 0))
    started = time.monotonic()
    with pytest.raises(wire.TooSlow):
        wire.Channel(other).receive(0.2)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "reply",
    [
        None,
        [],
        "right",
        {},
        {"values": []},
        {"values": {"x": {"y": 1}}, "notes": []},
        {"values": {"x": 1.0}, "notes": []},
    ],
)
def test_a_reply_of_another_form_is_refused(reply):
    """A probe's reply has one form; anything else earns nothing."""
    with pytest.raises(wire.Malformed):
        host.sound_reply(reply)


# -- The student's process --------------------------------------------------------------------------------------------


def test_cells_behave_as_in_a_kernel(student):
    """Results, prints, errors, figures, magics, shell commands, widgets and input() behave as in a batch kernel."""
    assert show(student, "print('a')\n1 + 1")[1].data["text/plain"] == "2"
    assert show(student, "1 / 0")[0].ename == "ZeroDivisionError"
    assert show(student, "input('?')")[0].ename == "StdinNotImplementedError"
    figure = show(student, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    assert "image/png" in figure[-1].data
    assert "image/png" in show(student, "%matplotlib inline\nplt.plot([1])")[-1].data
    assert "Wall time" in text(student, "%time x = 1")
    assert text(student, "!echo $((6 * 7))").strip() == "42"
    widget = show(student, "import ipywidgets\nipywidgets.IntSlider()")
    assert "application/vnd.jupyter.widget-view+json" in widget[0].data
    assert show(student, "import asyncio\nawait asyncio.sleep(0)\n7")[0].data["text/plain"] == "7"
    updated = show(student, "h = display('one', display_id=True)\nh.update('two')")
    assert [output.data["text/plain"] for output in updated] == ["'two'"]
    assert [
        output.data["text/plain"]
        for output in show(student, "from IPython.display import clear_output\ndisplay(1)\nclear_output()\ndisplay(2)")
    ] == ["2"]
    assert text(student, "import os\n_ = os.write(1, b'raw')") == "raw"
    assert show(student, "%%capture\nprint('hidden')") == []


def test_an_interrupted_cell_leaves_the_process_usable(student):
    """A cell that runs too long is interrupted; what it printed is kept, and the next cell runs."""
    outputs = Outputs(10_000)
    assert student.run("print('before', flush=True)\nwhile True: pass", 0.5, outputs)
    assert outputs.kept[0][0].text == "before\n"
    assert show(student, "1 + 1")[0].data["text/plain"] == "2"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import os\nos._exit(0)", "ended the Python process"),
        ("import signal\nsignal.signal(2, signal.SIG_IGN)\nwhile True: pass", "could not be interrupted"),
        ("x = []\nwhile True: x.append(bytes(10**7))", "more than 300 MB"),
        ("import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(1000)", "more than 64 processes"),
        ("import ctypes\nctypes.string_at(0)", "ended the Python process"),
    ],
)
def test_what_kills_a_process_costs_only_what_was_not_done(student, source, why):
    """Whatever ends the process later, outputs that came before are kept, and the reason is known."""
    outputs = Outputs(10_000)
    with pytest.raises(Ended, match=why):
        student.run("print('kept', flush=True)\n" + source, 10 if "fork" in source else 3, outputs)
    assert outputs.kept[0][0].text == "kept\n"


def test_a_daemon_dies_with_its_submission(bare):
    """A process that a submission detaches from itself ends with it."""
    student = host.new_student(bare)
    mark = f"sleep 9{os.getpid()}"
    text(student, f"import subprocess\np = subprocess.Popen({mark.split()!r}, start_new_session=True)")
    assert running(mark)
    student.close()
    deadline = time.monotonic() + 10
    while running(mark) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not running(mark)


def running(mark):
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return any(line.strip() == mark for line in found.splitlines())


def test_output_is_bounded(student):
    """A flood of output is cut where the limit is, and the cell still ends."""
    outputs = Outputs(5_000)
    student.run("for _ in range(3000): print('x' * 1000)", 30, outputs)
    assert outputs.truncated and len(outputs.kept) == 1
    assert len(outputs.kept[0][0].text) < 6_000


def test_files_beside_the_notebook_are_there(student):
    """What was handed in beside the notebook lies in the working folder; names cannot leave it."""
    student.send_files({"data.txt": b"seven", "../../evil": b"x"}, "/tmp/work", 10)
    assert text(student, "print(open('data.txt').read())") == "seven\n"
    assert "[]" in text(student, "import glob\nprint(glob.glob('/tmp/evil') + glob.glob('/evil'))")


def test_oracles_and_secrets_are_out_of_reach(student, tmp_path):
    """Neither the classroom, the sources, the exercises nor the instructor's environment can be seen from inside."""
    for path in (tmp_path, PROJECT / "solutions", PROJECT / "autograder", PROJECT / "nbgrader_config.py"):
        assert text(student, f"import os\nprint(os.path.exists({str(path)!r}))") == "False\n"
    assert show(student, "import autograder.exercises.lab1_perceptron")[0].ename == "ModuleNotFoundError"
    assert "CLASSROOM" not in text(student, "import os\nprint(os.environ)")
    assert show(student, "import socket\nsocket.create_connection(('127.0.0.1', 1), 1)")[0].ename in (
        "OSError",
        "ConnectionRefusedError",
    )


@needs_sandbox
def test_a_machine_that_cannot_isolate_is_refused_with_the_mend(built, tmp_path):
    """Where no sandbox can be made, grading is refused with the line that mends it; --unsafe grades, and is shown."""
    classroom = small_class(built, tmp_path, {"ada": "release"})
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    forbidden = ["unshare", "--user", "--map-root-user", "sh", "-c", forbid, "sh", *command(classroom)]
    refused = subprocess.run(forbidden, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert refused.returncode == 2
    assert "--unsafe" in refused.stderr and "sysctl" in refused.stderr
    assert subprocess.run([*forbidden, "--unsafe"], capture_output=True, cwd=PROJECT, check=False).returncode == 0
    assert scores(classroom) == {"ada": 0.0}
    assert "without a sandbox" in (classroom.reports / "index.html").read_text()


# -- Workers ----------------------------------------------------------------------------------------------------------


def test_a_worker_that_dies_costs_only_its_item():
    """Exceptions and deaths of workers come back as results; the other items are done."""

    def step(item):
        if item == 2:
            os._exit(3)
        return 10 // item

    with Pool(step, 2) as pool:
        for item in (0, 1, 2, 5):
            pool.add(item)
        results = dict(pool.results())
    assert isinstance(results[0], ZeroDivisionError) and isinstance(results[2], Died)
    assert (results[1], results[5]) == (10, 2)


def test_a_worker_that_dies_with_nothing_to_do_costs_nothing():
    """One that the machine ended between two items is replaced before the next."""
    with Pool(lambda item: (os.getpid(), item), 1) as pool:
        pool.add("before")
        ((_, (process, _)),) = pool.results()
        (worker,) = (each for each in multiprocessing.active_children() if each.pid == process)
        worker.kill()
        worker.join()
        pool.add("after")
        ((_, (_, item)),) = pool.results()
    assert item == "after"


# -- A class ----------------------------------------------------------------------------------------------------------


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
    assert scores(classroom) == {**dict.fromkeys("abcde", 53.0), **dict.fromkeys("fg", 0.0)}
    for name, changed in done.items():
        assert (classroom.autograded / name / LAB / ".graded.json").stat().st_mtime_ns == changed


@needs_sandbox
def test_verdicts_come_from_outside(built, tmp_path):
    """In the graded notebook test cells hold the host's verdict alone, whatever the cells show."""
    from autograder.grading.execute import Execute
    from autograder.settings import load_config

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
    from autograder.grading.execute import Execute
    from autograder.settings import load_config

    nb = read(built.source / LAB / f"{LAB}.ipynb")
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nb.cells}
    cells["neuron_solution"].source = "def neuron(*arguments):\n    import os\n    os._exit(0)"
    Execute(config=load_config(built)).preprocess(nb, {"metadata": {"path": str(tmp_path)}})
    assert "ended the Python process" in json.dumps(cells["neuron"].outputs)
    assert cells["neuron"].outputs[0].data["text/plain"] == "0.0"
    assert cells["perceptron_update"].outputs[0].data["text/plain"] != "0.0"
