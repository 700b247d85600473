"""One command at a time changes a classroom; who comes second is told who is at work, in a sentence."""

import os
import subprocess
import sys

import pytest

from autograder import lock
from autograder.classroom import Classroom
from autograder.cli import main
from autograder.errors import CourseError
from autograder.lock import FILE, alone

HOLD = """
import sys, os, time
from autograder.classroom import Classroom
from autograder.lock import alone
with alone(Classroom(sys.argv[1]), "autograder grade"):
    child = os.fork()
    if child == 0:
        print(os.getpid(), flush=True)  # once it has let go of what it inherited
        time.sleep(60)
        os._exit(0)
    sys.stdin.read()
"""


@pytest.fixture
def room(tmp_path):
    return Classroom(tmp_path)


@pytest.fixture
def other(room):
    """Another process that is at work in the classroom, with a child that outlives it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(room.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    child = int(process.stdout.readline())
    yield process
    os.kill(child, 9)
    process.kill()
    process.communicate()


def test_the_second_is_told_who_is_at_work(room, other, capsys):
    """Host, process, user, time and command are in one sentence; the exit code is 2 and nothing was written."""
    (room.root / "submitted").mkdir()
    before = sorted(room.root.rglob("*"))
    assert main(["sample", "--classroom", str(room.root)]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and f"process {other.pid}" in told and "'autograder grade' of" in told
    assert "Traceback" not in told and sorted(room.root.rglob("*")) == before


def test_what_a_dead_process_left_is_taken_over(room, other):
    """A process that was killed holds nothing any more, nor does the child that it forked."""
    other.kill()
    other.wait()
    assert (room.root / FILE).read_text()
    with alone(room, "autograder build"):
        assert "autograder build" in (room.root / FILE).read_text()
        with pytest.raises(CourseError, match="'autograder build'"), alone(room, "autograder collect"):
            pass
    with alone(room, "autograder collect"):
        pass


@pytest.mark.parametrize(("pid", "free"), [(None, True), ("its own", False), (2**22 + 1, True), ("x", True)])
def test_where_a_disk_knows_no_locks_the_file_decides(room, monkeypatch, pid, free):
    """A process of this host that is gone holds nothing; one of another host may live."""

    def refuse(descriptor, how):
        raise OSError(95, "not supported")

    monkeypatch.setattr(lock.fcntl, "flock", refuse)
    pid = os.getpid() if pid == "its own" else pid  # tests have the same names in each process that collects them
    if pid is not None:
        (room.root / FILE).write_text(f'{{"host": "{lock.socket.gethostname()}", "pid": "{pid}"}}')
    if not free:
        with pytest.raises(CourseError, match=f"process {pid}"), alone(room, "x"):
            pass
        return
    with alone(room, "x"):
        pass
    (room.root / FILE).write_text('{"host": "elsewhere", "pid": 1}')
    with pytest.raises(CourseError, match="on elsewhere"), alone(room, "x"):
        pass


def test_where_there_is_no_classroom_nothing_is_locked(tmp_path):
    """Whichever verb it is, a folder that is missing is named, with the command that makes it."""
    missing = Classroom(tmp_path / "lost" / "room")
    with pytest.raises(CourseError, match="there is no classroom here"), alone(missing, "x"):
        pass
    assert not missing.root.parent.exists()
