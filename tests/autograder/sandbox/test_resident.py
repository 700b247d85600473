"""Servers that stay: found again by graders of the same user and code alone, and gone when nobody needs them."""

import contextlib
import os
import signal
import socket
import stat
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from autograder.sandbox import host, resident, sockets
from tests.autograder.sealing import needs_sandbox, text

STAYING = host.Need((), 300, stays=600.0)


@pytest.fixture
def home(monkeypatch):
    """A runtime folder of this test's own, with a short name as sockets need; what stays there is ended."""
    with tempfile.TemporaryDirectory(prefix="run-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder) / "autograder"
        for place in resident.places():
            resident.stop(place)


@contextlib.contextmanager
def server(need=STAYING):
    """A server as a grader has it, which goes when the block ends."""
    grader = host.Server(need, need.can_stay)
    try:
        yield grader
    finally:
        grader.close()


def ended(place):
    """Wait until nobody listens at a place any more."""
    deadline = time.monotonic() + 60
    while place.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    return not place.exists()


def prints_one(grader, stays=600.0):
    """Run a cell in a fresh student process."""
    student = grader.start_student(stays=stays)
    assert text(student, "print(1)") == "1\n"
    student.close()


@needs_sandbox
def test_the_next_grader_finds_the_server(home):
    """A server outlives its grader; another of the same need uses it at once, and starts none of its own."""
    with server() as first:
        prints_one(first)
    with server() as second:
        assert (second.process, second.place) == (None, first.place)
        prints_one(second)
        assert resident.state(second.place).megabytes > 20
        assert "no framework: " in "".join(resident.in_words())


@needs_sandbox
def test_a_look_from_inside_ends_no_server_that_stays(home):
    """The next grading looks at the server that it found, and uses it; the server does not take that for the end."""
    with server() as first:
        prints_one(first)
    with server() as second:
        assert second.process is None
        assert all(result.sufficient for result in second.look([], STAYING))
        time.sleep(0.5)  # it would have ended by now
        prints_one(second)


@needs_sandbox
def test_a_server_that_was_not_asked_to_stay_ends_with_its_grader(home):
    """Nothing was graded, or the setting says 0: nothing stays."""
    with server() as grader:
        prints_one(grader, stays=0.0)
    assert ended(grader.place)


@needs_sandbox
def test_an_idle_server_ends(home):
    """A server ends by itself when nothing has happened for as long as it was told to stay."""
    with server() as grader:
        prints_one(grader, stays=0.5)
    assert ended(grader.place)


@needs_sandbox
def test_two_graders_may_start_at_once(home):
    """Whoever comes while a server starts does not wait for it, and has one of its own that ends with it."""
    first = host.Server(STAYING, True, wait=False)
    with server() as second:
        assert second.place != first.place and second.place.name == sockets.ALONE
        prints_one(second)
    assert not second.place.parent.exists()
    prints_one(first)
    first.close()


@needs_sandbox
def test_changed_code_means_another_server(home, monkeypatch):
    """A grader whose files differ does not take the old server, and ends it; one that still grades may finish."""
    with server() as old:
        student = old.start_student(stays=600.0)
        monkeypatch.setattr(resident, "_code", lambda: "0" * 12)
        with server() as new:
            assert new.place != old.place
            prints_one(new)
            assert text(student, "print(2)") == "2\n"
            student.close()
            assert ended(old.place)


@needs_sandbox
def test_grading_goes_on_without_a_server_that_hangs(home):
    """A server that was stopped does not answer: the grader has one of its own; `doctor --stop` ends the other."""
    with server() as first:
        prints_one(first)
    family = [psutil.Process(first.process.pid), *psutil.Process(first.process.pid).children()]
    for process in family:
        process.send_signal(signal.SIGSTOP)
    with server() as second:
        assert second.place.name == sockets.ALONE
        prints_one(second)
    assert resident.stop(first.place)
    first.process.returncode = None
    first.process.wait(60)
    assert psutil.wait_procs(family[1:], timeout=60)[1] == []


@needs_sandbox
def test_a_server_whose_folder_goes_ends(home):
    """A runtime folder is removed when its user logs out: the server ends too."""
    with server() as grader:
        prints_one(grader)
    family = psutil.Process(grader.process.pid).children(recursive=True)
    grader.place.unlink()
    assert psutil.wait_procs(family, timeout=60)[1] == []


@needs_sandbox
def test_a_submission_cannot_see_a_server_that_stays(home):
    """No submission reaches a server: its folder is out of sight, and it holds no descriptor of it."""
    with server() as grader:
        student = grader.start_student(stays=600.0)
        source = (
            "import os, socket\n"
            f"print(any(map(os.path.lexists, [{str(grader.place)!r}, {str(home)!r}, '/run/user'])))\n"
            "s = socket.socket(socket.AF_UNIX)\n"
            f"try: s.connect({str(grader.place)!r})\n"
            "except OSError: print('kept out')\n"
            "print(open('/proc/net/unix').read().count('autograder'))"
        )
        assert text(student, source) == "False\nkept out\n0\n"
        student.close()


def test_only_a_server_without_a_classroom_stays():
    """Where tests run inside, the server holds the secret; without walls submissions could reach it."""
    assert STAYING.can_stay
    assert not host.Need((), 300, stays=600.0, classroom="/room").can_stay
    assert not host.Need((), 300, stays=600.0, isolate=False).can_stay
    assert not host.Need((), 300).can_stay


def test_the_folder_is_the_user_s_alone(home, monkeypatch, tmp_path):
    """The folder is made for its user alone; one that others can enter, or that is a link, is not used."""
    assert resident.folder() == home and stat.S_IMODE(home.stat().st_mode) == 0o700
    home.chmod(0o750)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    elsewhere = tmp_path / f"autograder-{os.geteuid()}"
    assert resident.folder() == elsewhere
    elsewhere.rmdir()
    (tmp_path / "theirs").mkdir(mode=0o700)
    elsewhere.symlink_to(tmp_path / "theirs")
    assert resident.folder() is None
    assert resident.place_of({}) is None


def test_a_path_that_no_socket_can_have_is_not_used(monkeypatch):
    """Where the folder's path is too long, no server stays."""
    monkeypatch.setattr(resident, "folder", lambda: Path("/" + 70 * "x"))
    assert resident.place_of({}) is None


def test_another_user_s_server_is_not_used(home, monkeypatch):
    """Who listens is asked of the kernel: where it is another user, nothing is sent."""
    resident.folder()
    with sockets.listen(home / "x"):
        monkeypatch.setattr(sockets, "peer", lambda connection: (1, os.geteuid() + 1))
        assert resident.state(home / "x") is None
        assert not resident.stop(home / "x")


def test_another_user_s_grader_is_not_served():
    """The server asks the kernel who connects, too."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sockets.send(ours, {"role": "state"})
        with pytest.raises(PermissionError):
            sockets.greeted(theirs, os.geteuid() + 1)
        assert sockets.greeted(theirs, os.geteuid()) == {"role": "state"}


def test_the_socket_of_a_dead_server_makes_room(home):
    """A socket at which nobody listens is removed; one that is listened at stays."""
    resident.folder()
    door = sockets.listen(home / "x")
    assert not resident.free(home / "x")
    door.close()
    assert resident.free(home / "x") and not (home / "x").exists()


def test_how_long_is_a_setting(monkeypatch):
    """The environment decides over the setting, so that tests leave nothing behind."""
    monkeypatch.setenv(resident.VARIABLE, "3")
    assert resident.minutes(10) == 3
    monkeypatch.setenv(resident.VARIABLE, "no number")
    assert resident.minutes(10) == 10
