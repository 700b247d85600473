"""The host's end of a student process: whatever happens on the other end, outputs are kept and the reason is known."""

import socket
import threading
from time import monotonic
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.errors import GraderFailure
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.student_process import Ended, StudentProcess
from autograder.sandbox.wire import Channel
from autograder.sandbox.written import Written
from tests.autograder.sealing import show, text

LIMITS = {"memory": 300, "scratch": 256, "processes": 64, "cpu": 60.0}


@pytest.fixture
def pair():
    """A process's end on the host, and the channel at its other end, from which a dishonest process would write."""
    data, student_data = socket.socketpair()
    control, student_control = socket.socketpair()
    written, student_written = socket.socketpair()
    process = StudentProcess(data, control, Written(written), LIMITS)
    yield process, Channel(student_data), student_control
    process.close()
    student_written.close()
    student_data.close()
    student_control.close()


def test_an_interrupted_cell_leaves_the_process_usable(student):
    """A cell that runs too long is interrupted; what it printed is kept, and the next cell runs."""
    outputs = Outputs(10_000)
    assert student.run("print('before', flush=True)\nwhile True: pass", 0.5, outputs)
    assert outputs.kept[0].text == "before\n"
    assert show(student, "1 + 1")[0].data["text/plain"] == "2"


def test_time_is_processor_time(student):
    """A cell that waits has more time than one that computes, as has one whose processor others use."""
    assert not student.run("import time\ntime.sleep(1.5)", 1.0, None)
    assert student.spared > 0.3
    assert student.run("time.sleep(60)", 0.2, None)
    assert student.waited


def test_a_cell_that_computes_is_stopped_when_its_time_is_computed(student, monkeypatch):
    """What counts is the processor time that the supervisor measures, however little time has passed."""
    monkeypatch.setattr(student, "processor_time", lambda: 1000 * monotonic())
    assert student.run("while True: pass", 8, None)
    assert not student.waited


def test_time_of_all_processes_counts(student):
    """Processes that a cell starts use up its time together with it, dead ones too."""
    source = """
import os, time
def burn():
    while time.process_time() < 0.1: pass
    os._exit(0)
while True:
    if os.fork() == 0: burn()
    os.wait()
"""
    before = student.processor_time()
    assert student.run(source, 0.6, None)
    assert student.processor_time() - before >= 0.1


def test_a_supervisor_that_does_not_answer(pair, monkeypatch):
    """Without an answer time is counted as it passes, and the reason of an end is not lost in a measurement."""
    process, channel, control = pair
    monkeypatch.setattr("autograder.sandbox.student_process.GRACE", 0.05)
    assert process.measure() is None
    control.send(b"1.5 7\nmachine")
    assert process.measure() == (1.5, 7)
    channel.close()
    with pytest.raises(Ended, match="short of memory"):
        process.run("1", 2, None)


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


def test_modules_beside_the_notebook_can_be_imported(student):
    """Those that were handed in, and those that a cell writes; none takes the place of another module."""
    student.send_files({"mine.py": b"x = 5", "colorsys.py": b"x = 6"}, "/tmp/modules", 10)
    assert text(student, "import mine, colorsys\nprint(mine.x, hasattr(colorsys, 'x'))") == "5 False\n"
    text(student, "%%writefile neuron.py\ny = 7")
    assert text(student, "from neuron import y\nprint(y)") == "7\n"


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


@pytest.mark.parametrize("sent", [True, False])
def test_an_interrupt_that_nobody_sent_is_known(pair, sent):
    """Code that raises KeyboardInterrupt by itself is not said to have run too long."""
    process, channel, control = pair

    def answer():
        while sent and control.recv(1) not in (b"i", b""):
            pass
        channel.send({"op": "done", "interrupted": True})

    answering = threading.Thread(target=answer)
    answering.start()
    assert process.ask("neuron", "call", [{}], 0.01 if sent else 60) is None
    assert process.gave_up is not sent
    answering.join()


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


def test_a_supervisor_that_is_gone_without_a_word_is_the_graders_failure(pair):
    """No submission can reach it, so that the machine must have ended it: that costs nobody a point."""
    process, channel, control = pair
    channel.close()
    control.close()
    with pytest.raises(GraderFailure, match="ended from outside"):
        process.run("1", 2, None)


@pytest.mark.parametrize("word", [b"ended", b""])
def test_a_process_that_ended_or_hung_up_has_only_itself_to_blame(pair, monkeypatch, word):
    """Its supervisor said that it ended, or lives and says nothing."""
    process, channel, control = pair
    monkeypatch.setattr("autograder.sandbox.student_process.GRACE", 0.05)
    if word:
        control.send(word)
    channel.close()
    with pytest.raises(Ended, match="ended the Python process"):
        process.run("1", 2, None)


@pytest.mark.parametrize(
    ("word", "end", "told"),
    [
        (b"ended", "memory", "more than 300 MB"),
        (b"ended", "machine", "machine was short of memory"),
        (b"ended", "", "ended the Python process"),
        (b"processes", "memory", "more than 64 processes"),
    ],
)
def test_what_the_kernel_ended_for_its_memory_is_told(pair, word, end, told):
    """Where the supervisor only saw that it ended, its cgroup may know why; afterwards the cgroup is removed."""
    process, channel, control = pair
    removed = []
    process.group = SimpleNamespace(end=end, remove=lambda: removed.append(True))
    control.send(word)
    channel.close()
    with pytest.raises(Ended, match=told):
        process.run("1", 2, None)
    assert removed == [True]
