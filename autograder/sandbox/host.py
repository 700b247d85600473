"""The trusted side: it starts warm servers, and has them fork a process for each submission."""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import course_utils
from autograder.errors import CourseError
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.supervisor import ProcessLimits
from autograder.settings import PROJECT

if TYPE_CHECKING:
    from autograder.sandbox.server import Settings

MODULES = {"torch": ("torch", "torch._dynamo"), "tensorflow": ("tensorflow", "keras")}
# The environment of a warm server, and so of its submissions: nothing of the instructor's.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "USER": "student",
    "LANG": "C.UTF-8",
    "MPLCONFIGDIR": "/tmp/.matplotlib",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL": "false",  # each process would compile it at first use: 25 ms
    "KERAS_BACKEND": "tensorflow",
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "1",
    "COURSE_STATIC": "1",
    "NBGRADER_EXECUTION": "autograde",  # nbgrader's own sign for tests that only grading runs
    "PIP_NO_INDEX": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
}
START = 180.0  # seconds in which the frameworks must be imported


@dataclass(frozen=True)
class Need:
    """What the warm server must offer; submissions with the same needs share one server.

    Args:
        frameworks: sorted names out of "torch" and "tensorflow".
        memory, scratch: MB. processes: how many. cpu: seconds.
        isolate: whether there are sandboxes at all.
        classroom: where tests run in the student's process, the folder whose secret they need; else "". The grader's
            own modules, exercises among them, are in reach of such a process.
    """

    frameworks: tuple[str, ...]
    memory: int
    isolate: bool = True
    classroom: str = ""
    scratch: int = 256
    processes: int = 64
    cpu: float = 1200

    @property
    def limits(self) -> ProcessLimits:
        """What the processes of one submission may use together."""
        return {"memory": self.memory, "scratch": self.scratch, "processes": self.processes, "cpu": self.cpu}


class Server:
    """A warm server process.

    Raises:
        CourseError: it could not be started; the text says what would help.
    """

    def __init__(self, need: Need) -> None:
        self.need, self.owner = need, os.getpid()
        self.socket, requests = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tempfile.TemporaryFile() as errors:  # a pipe that nobody reads would fill
            with requests:
                self.process = self._start(requests.fileno(), errors)
            self.socket.settimeout(START)
            try:
                answer = json.loads(self.socket.recv(65536) or b"{}")
            except (TimeoutError, ValueError, OSError):
                answer = {}
            if "ready" not in answer:
                self.close()
                errors.seek(0)
                text = answer.get("error") or errors.read().decode(errors="replace").strip()[-400:]
                raise CourseError(f"the sandbox could not be started: {text}")

    def _start(self, descriptor: int, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        need = self.need
        settings: Settings = {
            "modules": [module for framework in need.frameworks for module in MODULES[framework]],
            "isolate": need.isolate,
            "readable": readable_paths(need),
            "hidden": hidden_paths(need),
            "classroom": need.classroom,
            "limits": need.limits,
        }
        return subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.server", str(descriptor), json.dumps(settings)],
            pass_fds=[descriptor],
            env={**ENVIRONMENT, **({"CLASSROOM": need.classroom} if need.classroom else {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=PROJECT,
        )

    def start_student(self) -> StudentProcess:
        """Fork a process for one submission.

        Raises:
            OSError: the server is gone.
        """
        data, student_data = socket.socketpair()
        control, student_control = socket.socketpair()
        raw, student_raw = os.pipe()
        try:
            descriptors = [student_data.fileno(), student_control.fileno(), student_raw]
            socket.send_fds(self.socket, [b"new"], descriptors)
        finally:
            student_data.close()
            student_control.close()
            os.close(student_raw)
        return StudentProcess(data, control, raw, self.need.limits)

    def close(self) -> None:
        """End the server and all student processes that it forked."""
        self.socket.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


_servers: dict[Need, Server] = {}


def server(need: Need) -> Server:
    """Return the warm server for a need, started on first use; forks of this process share it."""
    if need not in _servers:
        _servers[need] = Server(need)
    return _servers[need]


def start_student(need: Need) -> StudentProcess:
    """Fork a process for one submission; a server that died is started again."""
    try:
        return server(need).start_student()
    except OSError:
        _servers.pop(need).close()
        return server(need).start_student()


@atexit.register
def close_servers() -> None:
    """End all warm servers."""
    while _servers:
        _servers.popitem()[1].close()


def readable_paths(need: Need) -> list[str]:
    """Return the files and folders, besides Python and its packages, that submissions may read."""
    paths = [Path(course_utils.__file__).resolve().parent]
    if need.classroom:
        paths.append(PROJECT / "autograder")
    return [str(path) for path in paths]


def hidden_paths(need: Need) -> list[str]:
    """Return folders that submissions must not see: the grader may be installed among the packages."""
    private = [PROJECT / name for name in ("autograder", "solutions", "tests", "classroom")]
    return [str(path) for path in ([] if need.classroom else private)] + ["/usr/local/share/nbgrader"]
