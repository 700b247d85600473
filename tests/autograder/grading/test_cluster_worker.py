"""The worker's side of a cluster: what is sent arrives as it was; a process that dies or hangs is told and ended."""

import subprocess
import sys
import threading

import pytest

from autograder.errors import CourseError
from autograder.grading import cluster_worker
from autograder.grading.cluster_worker import pack, unpack
from autograder.grading.submissions import Submission, Unreadable

READY = "print('ready', flush=True)\n"
ECHO = f"import base64, sys\n{READY}"
ECHO += "for line in sys.stdin: print('result', base64.b64encode(line.encode()).decode(), flush=True)"


@pytest.fixture
def child(monkeypatch):
    """Let a piece of Python stand in for the grading process, in a thread's place of its own."""
    monkeypatch.setattr(cluster_worker, "_threads", threading.local())

    def use(code):
        monkeypatch.setattr(cluster_worker, "COMMAND", [sys.executable, "-c", code])

    yield use
    if getattr(cluster_worker._threads, "child", None):
        cluster_worker._threads.child.kill()
        cluster_worker._threads.child.communicate()


def test_files_arrive_as_they_were(tmp_path):
    """Notebook and files beside it, of any bytes; links and hidden files stay behind, as when they are graded here."""
    folder = tmp_path / "submitted" / "ada" / "lab"
    (folder / "data").mkdir(parents=True)
    (folder / "lab.ipynb").write_bytes(b"{}\xff")
    (folder / "data" / "a b.bin").write_bytes(bytes(range(256)))
    (folder / ".hidden").write_text("")
    (folder / "link").symlink_to("/etc/passwd")
    files = pack(Submission("ada", "lab", folder), 1)
    unpack(files, tmp_path / "there" / "x")
    there = {path.relative_to(tmp_path / "there" / "x").as_posix(): path for path in (tmp_path / "there").rglob("*.*")}
    assert {name: path.read_bytes() for name, path in there.items()} == {
        "lab.ipynb": b"{}\xff",
        "data/a b.bin": bytes(range(256)),
    }


def test_of_a_notebook_that_is_too_large_no_more_is_sent_than_shows_it(tmp_path):
    """The worker says what is wrong with it, in the same words as anywhere."""
    folder = tmp_path / "submitted" / "ada" / "lab"
    folder.mkdir(parents=True)
    (folder / "lab.ipynb").write_bytes(b" " * 3 * 2**20)
    [content] = pack(Submission("ada", "lab", folder), 1).values()
    assert len(content) < 1.4 * 2**20
    with pytest.raises(Unreadable):
        pack(Submission("bob", "lab", tmp_path / "submitted" / "bob" / "lab"), 1)


@pytest.mark.parametrize("name", ["../secret", "/etc/x", "a/../../b", "", "."])
def test_a_name_that_leads_out_is_refused(name, tmp_path):
    """Nothing is written outside the folder, whoever sent it."""
    with pytest.raises(CourseError, match="no name of a file"):
        unpack({name: ""}, tmp_path / "folder")
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]


def test_a_process_serves_one_request_after_the_other(child):
    """It is started once."""
    child(ECHO)
    assert cluster_worker.run('{"a": 1}', 30) == b'{"a": 1}\n'
    first = cluster_worker._threads.child.pid
    assert cluster_worker.begin('{"b": 2}', 30) == '{"b": 2}\n'
    assert cluster_worker._threads.child.pid == first


def test_a_process_that_hangs_is_ended_and_replaced(child):
    """The deadline is told as such; the next request finds a new process."""
    child(f"{READY}import time; time.sleep(1000)")
    with pytest.raises(TimeoutError):
        cluster_worker.run("{}", 0.2)
    child(ECHO)
    assert cluster_worker.run("{}", 30) == b"{}\n"


def test_a_process_that_dies_is_told_and_replaced(child):
    """So is one that refuses: its words are passed on."""
    child(f"{READY}input()")
    with pytest.raises(ChildProcessError):
        cluster_worker.run("{}", 30)
    child(f"{READY}input(); print('refused \"no sandbox\"', flush=True); input()")
    with pytest.raises(CourseError, match="no sandbox"):
        cluster_worker.run("{}", 30)


def test_a_process_whose_worker_has_ended_ends_without_a_word():
    """As after Ctrl-C, which ends the workers: nobody waits for the answer, and no traceback stands on the terminal."""
    code = "from autograder.grading import cluster_worker as it; it.answer = lambda request: b'x' * 10**6; it.main()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        process.stdout.close()
        process.stdin.write(b"{}\n")
        process.stdin.close()
        assert process.stderr.read() == b"" and process.wait() == 0
