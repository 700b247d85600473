"""The warm server and the processes that it forks: warm, each for itself, and within its limits."""

import json
import os
import resource
import socket
import subprocess
import sys
import time

import psutil
import pytest

from autograder.limits import MEGABYTE
from autograder.sandbox import host, server, supervisor, warm
from autograder.settings import PROJECT
from tests.autograder.sealing import needs_sandbox, show, text

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.fixture
def start(tmp_path):
    """Start servers as the host does, without the host's ways to go on; each returns its process and its socket."""
    started = []

    def start_one(isolate, before=""):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {
            "modules": ["no_such_framework"],
            "isolate": isolate,
            "readable": [str(PROJECT / "course_utils")],
            "hidden": [],
            "classroom": "",
        }
        code = (
            f"import json, sys\nfrom autograder.sandbox import jail, server\n{before}\n"
            "from pathlib import Path\nserver.main(int(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))"
        )
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-c", code, str(theirs.fileno()), str(tmp_path / "socket"), json.dumps(settings)],
                pass_fds=[theirs.fileno()],
                cwd=PROJECT,
            )
        ours.settimeout(60)
        started.append((process, ours))
        return process, ours

    yield start_one
    for process, ours in started:
        ours.close()
        process.kill()
        process.wait()


@linux_only
def test_a_server_serves_until_the_host_hangs_up(start):
    """A framework that is not installed is no hindrance; the server says when it is ready, and ends with the host."""
    process, requests = start(isolate=False)
    assert json.loads(requests.recv(65536)) == {"ready": True}
    requests.close()
    assert process.wait(60) == 0


@linux_only
def test_a_server_that_cannot_isolate_says_why(start, tmp_path):
    """Where the first wall cannot be built nothing is served: the reason is the server's only message."""
    refused = "def refuse(flags): raise jail.CannotIsolate('forbidden on this machine')\njail.enter_users = refuse"
    process, requests = start(isolate=True, before=refused)
    assert json.loads(requests.recv(65536)) == {"error": "forbidden on this machine"}
    assert process.wait(60) == 0
    assert requests.recv(65536) == b""
    assert not (tmp_path / "socket").exists()


def test_what_students_need_is_warm(student):
    """A fork has all that was imported, and a collection of garbage copies none of it."""
    assert text(student, f"import sys\nprint(set({warm.WARM!r}) <= set(sys.modules))") == "True\n"
    assert int(text(student, "import gc\nprint(gc.get_freeze_count())")) > 10_000


def test_a_submission_leaves_nothing_to_the_next(bare):
    """What one process defines or changes, modules included, no other fork of the same server has."""
    first, second = host.start_student(bare), host.start_student(bare)
    text(first, "import numpy\nnumpy.pi = 3\nmine = 1")
    assert text(second, "import numpy\nprint(numpy.pi)").startswith("3.14")
    assert show(second, "mine")[0].ename == "NameError"
    first.close()
    second.close()


def test_a_process_has_one_socket_and_a_session_of_its_own(student):
    """Beside standard input, which is empty, output and error, only the socket to the host is open."""
    text(student, "import os, sys")
    open_files = "print(sorted(int(n) for n in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{n}')))"
    assert text(student, open_files) == f"[0, 1, 2, {server.DATA_DESCRIPTOR}]\n"
    assert text(student, "print(os.read(0, 10), os.getsid(0) == os.getpgid(0) == os.getpid())") == "b'' True\n"


def test_programs_that_a_cell_starts_end_as_anywhere(student):
    """In a student's process a program has its exit code."""
    source = "import subprocess\nprint(subprocess.run(['sh', '-c', 'exit 3']).returncode)"
    assert text(student, source) == "3\n"


def test_the_kernel_keeps_a_process_within_its_limits(bare, student):
    """No core dump, files no larger than the scratch space, bounded open files, threads and processor time."""
    limits = {
        "CORE": 0,
        "FSIZE": bare.scratch * MEGABYTE,
        "NOFILE": 512,
        "SIGPENDING": 512,
        "MSGQUEUE": 0,
        "MEMLOCK": 0,
        "NPROC": supervisor.THREADS,
        "CPU": int(bare.cpu),
    }
    for name, limit in limits.items():
        here = resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1]
        limits[name] = limit if here == resource.RLIM_INFINITY else min(limit, here)  # a limit is never raised
    source = f"import resource\nprint([resource.getrlimit(getattr(resource, 'RLIMIT_' + n)) for n in {list(limits)}])"
    assert text(student, source) == f"{[(limit, limit) for limit in limits.values()]}\n"


def test_submissions_are_the_first_to_go_when_memory_is_short(student):
    """The kernel prefers a submission where it must end a process for its memory."""
    assert text(student, "print(open('/proc/self/oom_score_adj').read())").strip() == "1000"


def test_a_daemon_dies_with_its_submission(bare):
    """A process that a submission detaches from itself ends with it."""
    student = host.start_student(bare)
    mark = f"sleep 9{os.getpid()}"
    text(student, f"import subprocess\np = subprocess.Popen({mark.split()!r}, start_new_session=True)")
    assert running(mark)
    student.close()
    deadline = time.monotonic() + 60
    while running(mark) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not running(mark)


def running(mark):
    """Return whether a process with this command line runs."""
    processes = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return any(line.strip() == mark for line in processes.splitlines())


def test_nothing_is_left_of_a_submission(bare):
    """The server has no process of a submission that is over, not even an ended one that nobody waited for."""
    before = forked(bare)
    student = host.start_student(bare)
    text(student, "1")
    mine = forked(bare) - before
    assert len(mine) == 2  # the supervisor and the student's process
    student.close()
    deadline = time.monotonic() + 60
    while mine & forked(bare) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not mine & forked(bare)


def forked(need):
    """Return the ids of all processes that the warm server for a need has, ended ones included."""
    return {process.pid for process in psutil.Process(host.server(need).process.pid).children(recursive=True)}


def test_submissions_do_not_meet(bare):
    """Two submissions of one server see neither each other's files nor each other's processes."""
    first, second = host.start_student(bare), host.start_student(bare)
    text(first, "open('/tmp/mine', 'w').write('x')\nopen('/dev/shm/mine', 'w').write('x')")
    assert text(second, "import os\nprint(os.listdir('/tmp'), os.listdir('/dev/shm'))") == "[] []\n"
    count = "import os\nprint(sum(name.isdigit() for name in os.listdir('/proc')))"
    assert text(first, count) == text(second, count) == "1\n"
    first.close()
    second.close()


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
