"""What a submission writes past Python: all of it comes, in its cell, and a host that does not read stops nobody."""

import contextlib
import os
import socket
import threading

import pytest

from autograder.sandbox.written import Forwarder, Written
from tests.autograder.sealing import show, text


@pytest.fixture
def ends():
    """A pipe's writing end, and both ends of what carries its content."""
    pipe, output = os.pipe()
    ours, theirs = socket.socketpair()
    yield output, Forwarder(pipe, ours), Written(theirs)
    os.close(pipe)
    ours.close()
    theirs.close()


def test_all_that_was_written_comes_before_the_answer(ends):
    """Asked for the rest, the host gets all that was in the pipe, and no more."""
    output, forwarder, written = ends
    os.write(output, b"first")
    forwarder.wait([], 0)
    written.await_start(60)
    asked = threading.Event()

    def forward():
        while not asked.is_set():
            forwarder.wait([], 0.01)

    forwarding = threading.Thread(target=forward)
    forwarding.start()
    try:
        assert written.rest(60) == b"first"
        os.write(output, b"second")
        assert written.rest(60) == b"second"
        assert written.rest(60) == b""
    finally:
        asked.set()
        forwarding.join()
        os.close(output)


def test_a_host_that_does_not_read_stops_no_supervision(ends):
    """While nothing can be sent the pipe fills, and the others are still listened to."""
    output, forwarder, _ = ends
    os.set_blocking(output, False)
    other, speaker = socket.socketpair()
    speaker.send(b"x")
    for _ in range(200):
        with contextlib.suppress(BlockingIOError):
            os.write(output, bytes(1 << 16))
        assert forwarder.wait([other], 0) == [other]
    os.close(output)
    other.close()
    speaker.close()


def test_a_host_that_hung_up_is_forgotten(ends):
    """What is written for nobody is dropped, and supervision goes on."""
    output, forwarder, written = ends
    written.close()
    os.write(output, b"for nobody")
    for _ in range(3):
        forwarder.wait([], 0)
    forwarder.finish(1)
    os.close(output)


def test_what_programs_print_belongs_to_their_cell(student):
    """Standard output is a file like any other, for programs and for code that opens it, and comes in its own cell."""
    assert text(student, "import os, sys\nos.system('echo one; echo two >&2')") == "one\ntwo\n"
    assert text(student, "with open('/dev/stdout', 'w') as file: file.write('three')") == "three"
    assert text(student, "print(os.write(1, b'x' * 90_000), file=sys.__stderr__)").count("x") == 90_000
    assert show(student, "pass") == []


def test_last_words_are_kept(student):
    """What a process wrote just before it ended is in the outputs of its last cell."""
    from autograder.sandbox.outputs import Outputs
    from autograder.sandbox.student_process import Ended

    outputs = Outputs(10_000)
    with pytest.raises(Ended):
        student.run("import os\nos.write(2, b'last words')\nos._exit(3)", 20, outputs)
    assert [output.text for output in outputs.kept] == ["last words"]
