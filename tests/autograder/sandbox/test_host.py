"""Warm servers: shared by submissions of the same needs, started again when they die, and gone with the grader."""

from types import SimpleNamespace

import psutil
import pytest

from autograder.errors import Busy, CourseError
from autograder.sandbox import host
from autograder.settings import PROJECT
from tests.autograder.sealing import text


def test_submissions_of_the_same_needs_share_a_server(bare):
    """The frameworks are imported once for all submissions that need the same."""
    assert host.server(bare) is host.server(host.Need((), 300))


def test_a_server_that_died_is_started_again(bare):
    """When a machine ends the server, the next submission gets a new one."""
    with_more = host.Need((), bare.memory + 1)
    first = host.server(with_more)
    behind_the_wall = psutil.Process(first.process.pid).children()
    first.process.kill()
    first.process.wait()
    psutil.wait_procs(behind_the_wall, timeout=60)
    student = host.start_student(with_more)
    assert text(student, "print(1)") == "1\n"
    assert host.server(with_more) is not first
    student.close()


def test_nothing_outlives_a_server(bare):
    """A server that is closed takes its student processes along."""
    server = host.Server(bare)
    student = server.start_student()
    text(student, "x = 1")
    family = psutil.Process(server.process.pid).children(recursive=True)
    assert family
    server.close()
    assert psutil.wait_procs(family, timeout=60)[1] == []
    student.close()


def test_a_server_that_cannot_start_says_why(bare, monkeypatch):
    """What stops the server's own code stands in the error, and nothing of it stays behind."""
    monkeypatch.setitem(host.ENVIRONMENT, "PYTHONHASHSEED", "no number")
    before = {child.pid for child in psutil.Process().children()}
    with pytest.raises(CourseError, match=r"could not be started: .*PYTHONHASHSEED"):
        host.Server(bare)
    assert {child.pid for child in psutil.Process().children()} <= before


def test_a_machine_that_is_too_slow_is_told_as_such(bare, monkeypatch):
    """Nothing is wrong with its sandbox, and nobody is told to do without."""
    monkeypatch.setattr(host, "START", 0.001)
    with pytest.raises(Busy, match="so this machine is very busy"):
        host.Server(bare)


def test_what_submissions_may_read():
    """Sealed, the grader's own folders are hidden; where tests run inside, they can be read, the solutions too."""
    sealed, plain = host.Need((), 300), host.Need((), 300, classroom="/classroom")
    assert str(PROJECT / "course_utils") in host.readable_paths(sealed)
    assert str(PROJECT / "autograder") not in host.readable_paths(sealed)
    assert str(PROJECT) in host.hidden_paths(sealed)
    assert str(PROJECT / "autograder") in host.readable_paths(plain)
    assert str(PROJECT / "autograder") not in host.hidden_paths(plain)


def test_a_server_that_was_begun_without_limits_is_looked_at_with_those_of_the_submissions():
    """What starts early knows no limits yet; each submission, and the look from inside, brings its own."""
    host.begin(host.Need((), 0))
    student = host.start_student(host.Need((), 1024))
    try:
        assert student.limits["memory"] == 1024
    finally:
        student.close()


def test_a_process_is_moved_into_its_cgroup_before_it_reads_anything(bare, monkeypatch):
    """The host gets the id of the student's process from the kernel; where it may not move it, nothing runs."""
    moved, removed, refused = [], [], []

    def add(process):
        if refused:
            raise PermissionError
        moved.append(psutil.Process(process).ppid())

    group = SimpleNamespace(add=add, remove=lambda: removed.append(True), end="")
    monkeypatch.setattr(host.cgroups, "new_group", lambda limits: group)
    server = host.server(bare)
    student = server.start_student()
    assert text(student, "print(1)") == "1\n"
    family = {process.pid for process in psutil.Process().children(recursive=True)}
    assert len(moved) == 1 and set(moved) <= family
    student.close()
    assert removed == [True]
    refused.append(True)
    with pytest.raises(PermissionError):
        server.start_student()
    assert removed == [True, True]


def test_a_server_that_stayed_and_does_not_serve_is_left_alone(bare, monkeypatch):
    """In place of one that was found, such as in a cgroup of others, the grader starts its own."""

    def refuse(*_):
        raise PermissionError

    def of_process(process, look):
        return SimpleNamespace(
            process=process, looked_at=False, await_ready=lambda: None, look=look, close=lambda: closed.append(process)
        )

    closed, own = [], of_process("own", lambda *_: [])
    monkeypatch.setattr(host, "_servers", {bare.shared: of_process(None, refuse)})
    monkeypatch.setattr(host, "Server", lambda need: own)
    assert host.server(bare) is own and closed == [None]
    own.looked_at, own.look = False, refuse
    with pytest.raises(PermissionError):
        host.server(bare)
