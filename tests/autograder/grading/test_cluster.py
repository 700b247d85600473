"""A class on a real Dask cluster: whatever befalls workers, scheduler and client, the scores are those of one run."""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import psutil
import pytest

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.grading import cluster
from autograder.sandbox import host
from autograder.sandbox.outputs import Outputs
from autograder.settings import PROJECT
from tests.autograder import toy
from tests.autograder.rows import rows
from tests.autograder.sealing import SEALABLE, WHY

pytest.importorskip("distributed")
FAULTS = pytest.mark.skipif(not os.environ.get("CLUSTER"), reason="takes minutes; `make test-cluster` runs it")
SIZE = 12


def environment(**more):
    paths = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    without = {name: value for name, value in os.environ.items() if name != "CLASSROOM"}
    return {**without, "PYTHONPATH": paths, "PYTHONWARNINGS": "ignore", **more}


def grading(classroom, *options, patience=120):
    """Start ``autograder grade`` with the toy's settings, and return the process.

    Args:
        patience: seconds that a worker may take to come; on a busy machine it needs a minute to start.
    """
    command = [sys.executable, "-m", "tests.autograder.toy_worker", "grade", "--classroom", str(classroom.root)]
    return subprocess.Popen(
        [*command, "--jobs", "1", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(COLUMNS="200", PATIENCE=str(patience)),
        cwd=PROJECT,
    )


def finish(process):
    """Wait for a grading and return exit code and output."""
    out, _ = process.communicate(timeout=400)
    return process.returncode, out


class Cluster:
    """A scheduler and workers, a process each."""

    def __init__(self, folder, tls=()):
        self.folder, self.tls, self.workers = folder, tls, []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"{'tls' if tls else 'tcp'}://127.0.0.1:{self.port}"
        self.start_scheduler()

    def start_scheduler(self, host="127.0.0.1"):
        protocol = ["--protocol", "tls"] if self.tls else []
        options = ["--host", host, "--port", str(self.port), "--no-dashboard", *protocol, *self.tls]
        self.scheduler = self._start("scheduler", *options)
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise AssertionError("no scheduler")

    def add(self, host="127.0.0.1", **more):
        """Start a worker and return its process."""
        preload = ["--preload", "tests.autograder.toy_worker"]
        options = ["--host", host, "--nthreads", "1", "--no-dashboard", "--no-nanny", *preload, *self.tls]
        worker = self._start("worker", self.address, *options, **more)
        self.workers.append(worker)
        return worker

    def _start(self, kind, *options, **more):
        with open(self.folder / f"{kind}.log", "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options],
                stdout=log,
                stderr=log,
                env=environment(**more),
                cwd=PROJECT,
            )

    def close(self):
        for process in [*self.workers, self.scheduler]:
            with suppress(OSError):
                process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path):
    started = Cluster(tmp_path)
    yield started
    started.close()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of twelve, and all rows of its gradebook after one run without a cluster."""
    classroom, _ = toy.make_classroom(tmp_path_factory.mktemp("cluster") / "room")
    answers = ("return 2 * x", "return -2 * x", "return 1", "...", "raise ValueError(x)")
    for number in range(SIZE - 1):
        slow = "import time; time.sleep(0.3); return 2 * x"
        notebook = toy.answered(classroom, double=slow, square=answers[number % 5])
        (toy.hand_in(classroom, f"student_{number}", notebook) / "data.csv").write_text("1,2")
    toy.hand_in(classroom, "signed_in", b"<html>")
    whole = Classroom(shutil.copytree(classroom.root, classroom.root.parent / "whole"))
    assert finish(grading(whole))[0] == 0
    return classroom, rows(whole)


@pytest.fixture
def room(graded, tmp_path):
    return Classroom(shutil.copytree(graded[0].root, tmp_path / "room"))


def count(classroom):
    return len(list(classroom.autograded.glob("*/*/.graded.json")))


@contextmanager
def when(classroom, number, process):
    """Run a block once so many submissions are done; the grading must not have ended before."""
    for _ in range(3000):
        if count(classroom) >= number:
            break
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.1)
    assert count(classroom) >= number
    yield


def test_a_local_cluster_gives_the_gradebook_of_one_run(graded, room, monkeypatch):
    """With two workers on this machine every row is the same, feedback is there, and a second run changes nothing."""
    options = ("--workers", "2")
    code, out = finish(grading(room, *options))
    assert code == 0, out
    assert rows(room) == graded[1]
    assert len(list(room.feedback.rglob("*.html"))) == SIZE
    code, out = finish(grading(room))
    assert f"{SIZE} submissions" in out and f"{SIZE} unchanged" in out


def test_ctrl_c_is_left_to_who_asked():
    """A terminal sends it to all processes; the workers are ended by the one that grades, and say nothing."""
    with cluster.local(1) as client:
        assert set(client.run(signal.getsignal, signal.SIGINT).values()) == {signal.SIG_IGN}


@FAULTS
def test_two_workers_of_a_scheduler(graded, room, dask):
    """On loopback no certificate is needed; a worker may come late."""
    process = grading(room, "--scheduler", dask.address)
    dask.add()
    with when(room, 2, process):
        dask.add()
    code, out = finish(process)
    assert code == 0, out
    assert rows(room) == graded[1]


@FAULTS
@pytest.mark.parametrize("seed", [1, 2])
def test_a_worker_that_is_killed_at_a_random_moment(graded, room, dask, seed):
    """What it had is run by the other one; nothing is lost, nothing recorded twice."""
    victim, _ = dask.add(), dask.add()
    process = grading(room, "--scheduler", dask.address)
    with when(room, 1, process):
        time.sleep(random.Random(seed).uniform(0, 1.5))
        victim.kill()
    code, out = finish(process)
    assert code == 0, out
    assert rows(room) == graded[1]


@FAULTS
def test_a_worker_that_stops_answering(graded, room, dask):
    """A worker that hangs is named and used no more; the other one does what it had."""
    victim, _ = dask.add(), dask.add()
    process = grading(room, "--scheduler", dask.address)
    with when(room, 1, process):
        victim.send_signal(signal.SIGSTOP)
    code, out = finish(process)
    assert code == 0, out
    assert rows(room) == graded[1]


@FAULTS
def test_a_grading_process_that_hangs_is_ended_and_the_submission_sent_again(graded, room, dask, tmp_path):
    """The wall deadline holds where a run never ends; the second try grades it."""
    hang = f"\nimport os, time\nif not os.path.exists('{tmp_path}/hung'):\n    open('{tmp_path}/hung', 'w').close()\n"
    hang += "    time.sleep(1000)\ndouble = lambda x: 2 * x"
    toy.hand_in(room, "student_3", toy.answered(room, double=hang, square="..."))
    dask.add(), dask.add()
    code, out = finish(grading(room, "--scheduler", dask.address))
    assert code == 0, out
    assert (tmp_path / "hung").exists()
    assert rows(room)["grade"] == graded[1]["grade"]


@FAULTS
def test_a_worker_of_another_version_is_named_and_not_used(graded, room, dask):
    """It grades nothing; alone it stops the run with its name, and what is there stays."""
    dask.add(ANOTHER_VERSION="older")
    code, out = finish(grading(room, "--scheduler", dask.address))
    assert code == 2, out
    assert re.search(r"worker tcp://127.0.0.1:\d+: not the same there as here: grader. It is not used.", out)
    assert "no worker of the cluster can be used" in out and count(room) == 0
    dask.add()
    code, out = finish(grading(room, "--scheduler", dask.address))
    assert code == 0 and "not the same there as here: grader" in out
    assert rows(room) == graded[1]


@FAULTS
def test_a_worker_that_listens_everywhere_is_not_used(graded, room, dask):
    """Without TLS whoever reaches it runs code there; Dask's workers do so unless they are told where to listen."""
    dask.add(host="0.0.0.0"), dask.add()
    code, out = finish(grading(room, "--scheduler", dask.address))
    assert code == 0 and "is not protected by TLS and listens on 0.0.0.0" in out, out
    assert rows(room) == graded[1]


@FAULTS
def test_a_scheduler_that_is_started_again(graded, room, dask):
    """The run waits for it, sends again what was out, and goes on with the workers that come."""
    dask.add(), dask.add()
    process = grading(room, "--scheduler", dask.address)
    with when(room, 2, process):
        dask.close()
        dask.start_scheduler()
        dask.add(), dask.add()
    code, out = finish(process)
    assert code == 0, out
    assert rows(room) == graded[1]


@FAULTS
def test_a_client_that_is_killed_and_run_again(graded, room, dask):
    """Twice at another moment; the run after them finds what is done, and finishes the rest."""
    dask.add(), dask.add()
    for done in (1, 4):
        process = grading(room, "--scheduler", dask.address)
        with when(room, done, process):
            process.kill()
        process.communicate()
    before = count(room)
    code, out = finish(grading(room, "--scheduler", dask.address))
    assert code == 0 and f"{before} unchanged" in out, out
    assert rows(room) == graded[1]


# -- Who may reach it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["tcp://192.0.2.7:8786", "tcp://cluster.example:8786", "ucx://127.0.0.1:1", "8786"])
def test_without_tls_a_scheduler_must_be_on_loopback(address):
    """Anything else is refused before a connection is made, with the mend."""
    with pytest.raises(CourseError, match=r"--protocol tls .* --host 127\.0\.0\.1"):
        cluster.require_protected(address)


def test_a_scheduler_that_listens_everywhere_is_refused():
    """That its loopback address is named does not help; with TLS it may."""
    with socket.create_server(("0.0.0.0", 0)) as everywhere, socket.create_server(("127.0.0.1", 0)) as here:
        port = everywhere.getsockname()[1]
        with pytest.raises(CourseError, match=r"listens on 0\.0\.0\.0"):
            cluster.require_protected(f"tcp://127.0.0.1:{port}")
        cluster.require_protected(f"tls://127.0.0.1:{port}")
        cluster.require_protected(f"tcp://127.0.0.1:{here.getsockname()[1]}")


def certificates(folder, name, authority=None):
    """Make an authority, or a certificate that it signed, with openssl."""
    key, cert = folder / f"{name}-key.pem", folder / f"{name}.pem"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    signed = (
        ["-CA", str(folder / f"{authority}.pem"), "-CAkey", str(folder / f"{authority}-key.pem")] if authority else []
    )
    subprocess.run([*new, "-keyout", key, "-out", cert, *signed], check=True, capture_output=True)
    return key, cert


@FAULTS
@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_with_tls_only_who_holds_a_certificate_takes_part(graded, room, tmp_path):
    """The class is graded over TLS; a client without a certificate, or with one of another authority, gets nowhere."""
    certificates(tmp_path, "authority")
    key, cert = certificates(tmp_path, "grader", "authority")
    files = ["--tls-ca-file", tmp_path / "authority.pem", "--tls-cert", cert, "--tls-key", key]
    secured = Cluster(tmp_path, list(map(str, files)))
    try:
        secured.add(), secured.add()
        assert finish(grading(room, "--scheduler", secured.address, patience=20))[0] == 2
        certificates(tmp_path, "stranger")
        strange = [*files[:2], "--tls-cert", tmp_path / "stranger.pem", "--tls-key", tmp_path / "stranger-key.pem"]
        assert finish(grading(room, "--scheduler", secured.address, *map(str, strange), patience=20))[0] == 2
        assert count(room) == 0
        code, out = finish(grading(room, "--scheduler", secured.address, *map(str, files)))
        assert code == 0, out
        assert rows(room) == graded[1]
    finally:
        secured.close()


def test_waiting_for_results_always_ends():
    """However short the time is: Python 3.11's SimpleQueue then may wait for ever, which stopped a class of 500,000."""

    def wait():
        for _ in range(2000):
            remote = cluster.Remote(None, iter(()), str, "", {}, 1.0, 1.0, print)
            came.extend(remote._arrived(1e-6) + remote._arrived(0))
        came.append("the end")

    came = []
    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(60)
    assert came == ["the end"]


def test_a_sandbox_cannot_reach_a_scheduler():
    """A student's code finds no way to an address at which this machine listens, by whatever name."""
    if not SEALABLE:
        pytest.skip(WHY)
    with socket.create_server(("0.0.0.0", 0)) as listening:
        port = listening.getsockname()[1]
        names = [name.address for them in psutil.net_if_addrs().values() for name in them if name.family == 2]
        for name in names:
            socket.create_connection((name, port), 5).close()
        code = f"import socket\nreached = []\nfor name in {['localhost', *names]}:\n    try:\n"
        code += f"        socket.create_connection((name, {port}), 1)\n        reached.append(name)\n"
        code += "    except OSError:\n        pass\nprint(reached)"
        student = host.start_student(host.Need((), 300))
        try:
            outputs = Outputs(1000)
            student.run(code, 30, outputs)
        finally:
            student.close()
    assert [output.text for output in outputs.kept] == ["[]\n"]
