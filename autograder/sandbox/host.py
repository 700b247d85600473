"""The trusted side: it starts warm servers, and has them fork a process for each submission."""

import atexit
import contextlib
import json
import os
import secrets
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import course_utils
from autograder.errors import Busy, CourseError
from autograder.limited import unlimited
from autograder.sandbox import cgroups, jail, resident, sockets
from autograder.sandbox.look import TrialResult, classroom_of_environment, in_words, look_inside
from autograder.sandbox.sockets import ALONE, ROLES
from autograder.sandbox.student_process import StudentProcess
from autograder.sandbox.supervisor import ProcessLimits
from autograder.sandbox.written import Written
from autograder.settings import PROJECT

if TYPE_CHECKING:
    from autograder.sandbox.server import Settings

MODULES = {"torch": ("torch",), "tensorflow": ("tensorflow", "keras")}
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
PRIVATE = ("autograder", "solutions", "tests", "classroom")  # folders of the project
START = 180.0  # seconds in which the frameworks must be imported
FORK = 30.0  # seconds in which a process must be forked

Shared = tuple[tuple[str, ...], bool, str, str]


@dataclass(frozen=True)
class Need:
    """What the warm server must offer; submissions with the same needs share one server.

    Args:
        frameworks: sorted names out of "torch" and "tensorflow".
        memory, scratch: MB. processes: how many. cpu: seconds.
        isolate: whether there are sandboxes at all.
        classroom: where tests run in the student's process, the folder whose secret they need; else "". The grader's
            own modules, exercises among them, are in reach of such a process.
        stays: seconds that the server stays when nobody needs it any more, for the next grading.
        private: a folder, such as the classroom, that must be covered because it lies below a path that is exposed.
        accepted: isolations without which submissions are run all the same.
    """

    frameworks: tuple[str, ...]
    memory: int
    isolate: bool = True
    classroom: str = ""
    private: str = ""
    scratch: int = 256
    processes: int = 64
    cpu: float = 1200
    stays: float = 0.0
    accepted: tuple[str, ...] = ()

    @property
    def shared(self) -> Shared:
        """What a server has in memory and behind its walls; all else is told it with each submission."""
        return self.frameworks, self.isolate, self.classroom, self.private

    @property
    def can_stay(self) -> bool:
        """Whether its server may outlive this process: not with a classroom in it, nor in reach of submissions."""
        return self.stays > 0 and self.isolate and not self.classroom

    @property
    def limits(self) -> ProcessLimits:
        """What the processes of one submission may use together."""
        return {"memory": self.memory, "scratch": self.scratch, "processes": self.processes, "cpu": self.cpu}


class Server:
    """A warm server: one that stays and was found, or one that this process starts.

    Args:
        stays: whether others may find it, and it them.
        wait: whether to wait until it is ready, rather than to go on meanwhile.

    Raises:
        CourseError: it could not be started; the text says what would help.
    """

    def __init__(self, need: Need, stays: bool = False, wait: bool = True) -> None:
        self.need, self.owner, self.looked_at = need, os.getpid(), False
        self.process: subprocess.Popen[bytes] | None = None
        self.starter: socket.socket | None = None
        self._claim = contextlib.ExitStack()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 -- a pipe that nobody reads would fill
        settings: Settings = {
            "modules": [module for framework in need.frameworks for module in MODULES[framework]],
            "isolate": need.isolate,
            "readable": readable_paths(need),
            "hidden": hidden_paths(need),
            "classroom": need.classroom,
        }
        self.place = (resident.place_of([settings, ENVIRONMENT]) if stays else None) or self._alone()
        if stays and self.place.name != ALONE:
            resident.end_outdated(self.place)
            if resident.state(self.place):
                return
            if not self._claim.enter_context(resident.claim(self.place)) or not resident.free(self.place):
                self._claim.close()
                self.place = self._alone()
        self._start(settings)
        if wait:
            self.await_ready()

    @staticmethod
    def _alone() -> Path:
        return Path(tempfile.mkdtemp(prefix="autograder-")) / ALONE

    def _start(self, settings: "Settings") -> None:
        classroom = {"CLASSROOM": self.need.classroom} if self.need.classroom else {}
        self.starter, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, unlimited():
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "autograder.sandbox.server"),
                    *(str(theirs.fileno()), str(self.place), json.dumps(settings)),
                ],
                pass_fds=[theirs.fileno()],
                env={**ENVIRONMENT, **classroom},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                cwd=PROJECT,
                start_new_session=True,
            )

    @property
    def is_starting(self) -> bool:
        """Whether ``await_ready`` would wait."""
        if self.starter is None or self._errors.closed:
            return False
        return not select.select([self.starter], [], [], 0)[0]

    def await_ready(self) -> None:
        """Wait until a server that this process starts has imported everything.

        Raises:
            CourseError: it could not be started; the text says what would help.
        """
        if self.starter is None or self._errors.closed:
            return
        self.starter.settimeout(START)
        try:
            answer = json.loads(self.starter.recv(65536) or b"{}")
        except TimeoutError:
            answer = {"slow": True}
        except (ValueError, OSError):
            answer = {}
        with self._claim, self._errors:
            if "ready" not in answer:
                self.close()
                if "slow" in answer:
                    raise Busy(
                        f"importing the frameworks took more than {START:g} s, so this machine is very busy or its "
                        "disk slow: run the command again when it is not."
                    )
                self._errors.seek(0)
                text = answer.get("error") or self._errors.read().decode(errors="replace").strip()[-400:]
                raise CourseError(f"the sandbox could not be started: {text}")

    def start_student(self, limits: ProcessLimits | None = None, stays: float = 0.0) -> StudentProcess:
        """Fork a process for one submission.

        Args:
            stays: seconds that the server stays after it, where it may stay at all.

        Raises:
            OSError: the server is gone, or does not answer.
        """
        self.await_ready()
        limits = limits or self.need.limits
        group = cgroups.new_group(limits)
        greeting = {
            "token": secrets.token_hex(16),
            "limits": {**limits, "grouped": group is not None},
            "stays": 0.0 if self.place.name == ALONE else stays,
        }
        with contextlib.ExitStack() as opened:
            if group:
                opened.callback(group.remove)
            connections = {}
            for role in ROLES:
                connection = sockets.connect(self.place, {**greeting, "role": role}, FORK)
                connections[role] = opened.enter_context(connection)
                if group and role == "data":  # before the last connection, with which the process is forked
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            data, control, written = connections["data"], connections["control"], connections["written"]
            Written(written).await_start(FORK)
            if group:
                sockets.give_leave(data, FORK, group.add)
            opened.pop_all()
        return StudentProcess(data, control, Written(written), limits, group)

    def look(self, private: Iterable[Path], need: Need) -> list[TrialResult]:
        """Look at the sandbox from inside, in a student process.

        Args:
            private: folders that must be out of sight, beside the grader's own.
            need: of the submissions that come; a server that stays takes each process's word for how long.
        """
        exposed = jail.exposed_paths(readable_paths(self.need))
        if self.need.classroom:
            exposed += [Path(jail.CLASSROOM) / name for name in jail.SHOWN_OF_CLASSROOM]
        student = self.start_student(need.limits, need.stays)
        try:
            servers = filter(None, [resident.folder()])
            return look_inside(student, dict.fromkeys((*private_folders(self.need), *servers, *private)), exposed)
        finally:
            student.close()

    def close(self) -> None:
        """End a server that does not stay, and all student processes that it forked; hang up on one that does."""
        if self.starter is not None:
            self.starter.close()
        if self.process is not None and self.owner == os.getpid():
            if self.place.name == ALONE:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(sockets.PATIENCE)  # it ends by itself, and its times are counted
                self.process.kill()
                self.process.wait()
                _remove(self.place)
            else:
                self.process.returncode = 0  # it is nobody's child to wait for


def _remove(place: Path) -> None:
    """Remove a socket and its folder, which a server that was killed leaves behind."""
    with contextlib.suppress(OSError):
        place.unlink(missing_ok=True)
        place.parent.rmdir()


_servers: dict[Shared, Server] = {}


def begin(need: Need) -> None:
    """Let the warm server for a need start, unless there is one, while this process goes on."""
    if need.shared not in _servers:
        _servers[need.shared] = Server(need, need.can_stay, wait=False)


def is_starting(need: Need) -> bool:
    """Return whether the warm server for a need, begun on first use, is still starting."""
    begin(need)
    return _servers[need.shared].is_starting


def server(need: Need) -> Server:
    """Return the warm server for a need, started on first use; forks of this process share it.

    Raises:
        CourseError: it cannot be started, or a look from inside shows that something is not isolated.
        OSError: it does not serve.
    """
    begin(need)
    started = _servers[need.shared]
    try:
        started.await_ready()
        if need.isolate and not started.looked_at:
            results = started.look(classroom_of_environment(), need)
            if missing := in_words(each for each in results if each.isolation not in need.accepted):
                raise CourseError(f"submissions cannot be sealed here: {missing}")
            started.looked_at = True
    except CourseError:
        _servers.pop(need.shared).close()
        raise
    except OSError:
        if started.process is not None:
            raise
        # One that stayed: it is gone, or lives in a cgroup out of which this process may move nothing.
        _servers.pop(need.shared).close()
        _servers[need.shared] = Server(need)
        return server(need)
    return started


def start_student(need: Need) -> StudentProcess:
    """Fork a process for one submission; in place of a server that died or does not answer another is started."""
    try:
        return server(need).start_student(need.limits, need.stays)
    except OSError:
        _servers.pop(need.shared).close()
        _servers[need.shared] = Server(need)
        return server(need).start_student(need.limits, need.stays)


@atexit.register
def close_servers() -> None:
    """Let go of all warm servers."""
    while _servers:
        _servers.popitem()[1].close()
    cgroups.clear_own()


def readable_paths(need: Need) -> list[str]:
    """Return the files and folders, besides Python and its packages, that submissions may read."""
    paths = [Path(course_utils.__file__).resolve().parent]
    if need.classroom:
        paths.append(PROJECT / "autograder")
    return [str(path) for path in paths]


def hidden_paths(need: Need) -> list[str]:
    """Return the folders of which submissions see nothing, wherever they lie, but what they need to run."""
    paths = [*private_folders(need), Path("/usr/local/share/nbgrader"), resident.folder()]
    return [str(path) for path in paths if path]


def private_folders(need: Need) -> list[Path]:
    """Return the grader's own folders: the project, the home of whoever grades, and the classroom."""
    exposed = jail.exposed_paths(readable_paths(need))
    project = PROJECT.resolve()
    # Among other packages the project's folder is theirs too.
    projects = [project / name for name in PRIVATE] if project in exposed else [project]
    private = [*projects, Path.home().resolve(), *map(Path, filter(None, (need.private, need.classroom)))]
    return [path for path in dict.fromkeys(private) if path not in exposed]


def in_sight(folder: Path) -> bool:
    """Return whether a folder lies below a path that submissions see, so that it must be covered."""
    return any(folder.is_relative_to(path) for path in jail.exposed_paths([]))
