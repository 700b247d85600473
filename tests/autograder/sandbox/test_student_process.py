"""The host's end of a student process: whatever happens on the other end, outputs are kept and the reason is known."""

import os
import socket

import numpy as np
import pytest

from autograder.sandbox.outputs import Outputs
from autograder.sandbox.student_process import Ended, StudentProcess
from autograder.sandbox.wire import Channel
from tests.autograder.sealing import show, text

LIMITS = {"memory": 300, "scratch": 256, "processes": 64, "cpu": 60.0}


@pytest.fixture
def pair():
    """A process's end on the host, and the channel at its other end, from which a dishonest process would write."""
    data, student_data = socket.socketpair()
    control, student_control = socket.socketpair()
    raw, student_raw = os.pipe()
    process = StudentProcess(data, control, raw, LIMITS)
    yield process, Channel(student_data), student_control
    process.close()
    os.close(student_raw)
    student_data.close()
    student_control.close()


def test_an_interrupted_cell_leaves_the_process_usable(student):
    """A cell that runs too long is interrupted; what it printed is kept, and the next cell runs."""
    outputs = Outputs(10_000)
    assert student.run("print('before', flush=True)\nwhile True: pass", 0.5, outputs)
    assert outputs.kept[0].text == "before\n"
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
    assert outputs.kept[0].text == "kept\n"
    with pytest.raises(Ended, match=why):
        student.run("1", 3, None)


def test_output_is_bounded(student):
    """A flood of output is cut where the limit is, and the cell still ends."""
    outputs = Outputs(5_000)
    student.run("for _ in range(3000): print('x' * 1000)", 30, outputs)
    assert outputs.truncated and len(outputs.kept) == 1
    assert len(outputs.kept[0].text) < 6_000


def test_files_beside_the_notebook_are_there(student):
    """What was handed in beside the notebook lies in the working folder; names cannot leave it."""
    student.send_files({"data.txt": b"seven", "a/b.txt": b"", "../../evil": b"x"}, "/tmp/work", 10)
    assert text(student, "print(open('data.txt').read())") == "seven\n"
    assert text(student, "import os\nprint(os.listdir('a'))") == "['b.txt']\n"
    assert "[]" in text(student, "import glob\nprint(glob.glob('/tmp/evil') + glob.glob('/evil'))")


def test_a_large_file_and_many_files_arrive(student):
    """One file of 49 MB, and as many small ones as are kept, arrive whole."""
    student.send_files({"large.bin": b"\x07" * 49_000_000}, "/tmp/large", 60)
    assert text(student, "import os\nprint(os.path.getsize('large.bin'), os.getcwd())") == "49000000 /tmp/large\n"
    student.send_files({f"{number}.txt": b"x" for number in range(2000)}, "/tmp/many", 60)
    assert text(student, "print(len(os.listdir()))") == "2000\n"


def test_a_probe_is_asked_once_for_each_case(student):
    """Replies come in the order of the cases, as plain arrays; an object that is not there is told so."""
    text(student, "def neuron(x, w, b): return x @ w + b")
    cases = [{"arguments": [np.ones((1, 2)), np.full(2, value), 0.0], "outputs": ["output"]} for value in (1.0, 2.0)]
    replies = student.ask("neuron", "call", cases, 10)
    assert [reply["values"]["output"].tolist() for reply in replies] == [[2.0], [4.0]]
    assert student.ask("nothing", "call", cases, 10) == [{"missing": True}] * 2


def test_a_probe_that_takes_too_long_has_no_replies(student):
    """An object that never answers is interrupted, and the process lives on."""
    text(student, "def neuron(x):\n    while True: pass")
    assert student.ask("neuron", "call", [{"arguments": [1.0], "outputs": ["output"]}], 0.5) is None
    assert text(student, "print(1)") == "1\n"


@pytest.mark.parametrize(
    "answer", [{}, {"replies": 7}, {"replies": []}, {"replies": [{"values": {}, "notes": []}] * 3}, {"replies": "ab"}]
)
def test_a_wrong_number_of_replies_earns_nothing(pair, answer):
    """Where not exactly one reply came for each case, every reply is one that earns nothing."""
    process, channel, _ = pair
    channel.send({"op": "done", **answer})
    assert process.ask("neuron", "call", [{}, {}], 2) == [{"unusable": {"says": "unreadable"}}] * 2


@pytest.mark.parametrize("message", [7, "done", [1], None])
def test_what_is_no_message_ends_the_process(pair, message):
    """Something other than a message is sent by no notebook: the process is ended."""
    process, channel, _ = pair
    channel.send(message)
    with pytest.raises(Ended, match="what no notebook sends"):
        process.run("1", 2, None)


def test_messages_of_other_kinds_are_passed_over(pair):
    """Messages and outputs of unknown form before the answer change nothing."""
    process, channel, _ = pair
    for message in ({}, {"op": 7}, {"op": "output", "output": "text"}, {"op": "output", "output": {}}, {"op": "done"}):
        channel.send(message)
    outputs = Outputs(100)
    assert process.run("1", 2, outputs) is False
    assert outputs.kept == []


def test_the_supervisor_says_why_a_process_ended(pair):
    """When the channel closes, the reason comes from the supervisor, which the student's process cannot reach."""
    process, channel, control = pair
    control.send(b"memory")
    channel.close()
    with pytest.raises(Ended, match="more than 300 MB"):
        process.run("1", 2, None)


def test_oracles_and_secrets_are_out_of_reach(student, tmp_path):
    """Neither the classroom, the sources, the exercises nor the instructor's environment can be seen from inside."""
    from autograder.settings import PROJECT

    for path in (tmp_path, PROJECT / "solutions", PROJECT / "autograder", PROJECT / "nbgrader_config.py"):
        assert text(student, f"import os\nprint(os.path.exists({str(path)!r}))") == "False\n"
    assert show(student, "import autograder.exercises.lab1_perceptron")[0].ename == "ModuleNotFoundError"
    assert "CLASSROOM" not in text(student, "import os\nprint(os.environ)")
    assert show(student, "import socket\nsocket.create_connection(('127.0.0.1', 1), 1)")[0].ename in (
        "OSError",
        "ConnectionRefusedError",
    )
