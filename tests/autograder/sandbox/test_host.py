"""Warm servers: shared by submissions of the same needs, started again when they die, and gone with the grader."""

import os
import subprocess
import time

import psutil
import pytest

from autograder.errors import CourseError
from autograder.sandbox import host
from autograder.settings import PROJECT
from tests.autograder.sealing import needs_sandbox, text


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
    psutil.wait_procs(behind_the_wall, timeout=10)
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
    assert psutil.wait_procs(family, timeout=10)[1] == []
    student.close()


def test_a_daemon_dies_with_its_submission(bare):
    """A process that a submission detaches from itself ends with it."""
    student = host.start_student(bare)
    mark = f"sleep 9{os.getpid()}"
    text(student, f"import subprocess\np = subprocess.Popen({mark.split()!r}, start_new_session=True)")
    assert running(mark)
    student.close()
    deadline = time.monotonic() + 10
    while running(mark) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not running(mark)


def running(mark):
    """Return whether a process with this command line runs."""
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return any(line.strip() == mark for line in processes.splitlines())


def test_submissions_do_not_meet(bare):
    """Two submissions of one server see neither each other's files nor each other's processes."""
    first, second = host.start_student(bare), host.start_student(bare)
    text(first, "open('/tmp/mine', 'w').write('x')\nopen('/dev/shm/mine', 'w').write('x')")
    assert text(second, "import os\nprint(os.listdir('/tmp'), os.listdir('/dev/shm'))") == "[] []\n"
    count = "import os\nprint(sum(name.isdigit() for name in os.listdir('/proc')))"
    assert text(first, count) == text(second, count) == "1\n"
    first.close()
    second.close()


def test_a_server_that_cannot_start_says_why(bare, monkeypatch):
    """What stops the server's own code stands in the error, and nothing of it stays behind."""
    monkeypatch.setitem(host.ENVIRONMENT, "PYTHONHASHSEED", "no number")
    before = {child.pid for child in psutil.Process().children()}
    with pytest.raises(CourseError, match=r"could not be started: .*PYTHONHASHSEED"):
        host.Server(bare)
    assert {child.pid for child in psutil.Process().children()} <= before


def test_what_submissions_may_read():
    """Sealed, the grader's own folders are hidden; where tests run inside, they can be read, the solutions too."""
    sealed, plain = host.Need((), 300), host.Need((), 300, classroom="/classroom")
    assert str(PROJECT / "course_utils") in host.readable_paths(sealed)
    assert str(PROJECT / "autograder") not in host.readable_paths(sealed)
    assert {str(PROJECT / "autograder"), str(PROJECT / "solutions")} <= set(host.hidden_paths(sealed))
    assert str(PROJECT / "autograder") in host.readable_paths(plain)
    assert str(PROJECT / "autograder") not in host.hidden_paths(plain)


@needs_sandbox
def test_tests_inside_find_the_secret(tmp_path):
    """Where tests run in the student's process, the classroom's secret is there, and nothing else of the classroom."""
    (tmp_path / "secret").write_text("s3cret")
    (tmp_path / "gradebook.db").write_text("")
    server = host.Server(host.Need((), 300, classroom=str(tmp_path)))
    student = server.start_student()
    assert text(student, "import os\nprint(os.environ['CLASSROOM'], os.listdir(os.environ['CLASSROOM']))") == (
        "/classroom ['secret']\n"
    )
    assert text(student, "print(open('/classroom/secret').read())") == "s3cret\n"
    student.close()
    server.close()
