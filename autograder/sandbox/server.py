"""The warm server: it imports the frameworks once, runs no operation, and forks a process for each submission.

Started by ``sandbox.host`` with one end of a socket. It moves behind the first wall before it imports anything
large, and never loads an exercise, a source or the secret: what the server does not hold, a fork of it cannot find.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import TypedDict

from autograder.limits import MEGABYTE
from autograder.sandbox import colab, jail  # like the rest of this package, imported before the wall hides it
from autograder.sandbox.shell import Shell, make_shell, serve
from autograder.sandbox.supervisor import OPEN_FILES, ProcessLimits, supervise
from autograder.sandbox.system_calls import filter_system_calls
from autograder.sandbox.wire import Channel, Closed

WARM = (
    "numpy",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "ipywidgets",
    "IPython.core.interactiveshell",
    "course_utils.checks",
    "course_utils.figures.plots",
    "course_utils.figures",
    "course_utils.datasets",
    "course_utils.judging",
)
THREADS = 1024  # threads and processes together that the kernel allows to a submission
DATA_DESCRIPTOR = 200  # the number of the student's process's one socket; those between it and 2 are closed


class Settings(TypedDict):
    """What the host tells a server.

    Args:
        modules: to import, beside ``WARM``.
        isolate: whether to build the two walls.
        readable: folders that submissions may read, besides Python and its packages.
        hidden: folders that are empty for submissions.
        classroom: the folder whose secret tests in the student's process need, or "".
    """

    modules: list[str]
    isolate: bool
    readable: list[str]
    hidden: list[str]
    classroom: str
    limits: ProcessLimits


def main(descriptor: int, settings: Settings) -> None:
    """Serve until the socket closes.

    Args:
        descriptor: the socket on which requests come.
    """
    requests = socket.socket(fileno=descriptor)
    colab.stand_in()
    paths: list[Path] = []
    if settings["isolate"]:
        try:
            paths = _enter_first_wall(requests, settings)
        except (OSError, jail.CannotIsolate) as error:
            requests.send(json.dumps({"error": str(error)}).encode())
            return
    for name in [*WARM, *settings["modules"]]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    shell = make_shell()
    gc.collect()
    gc.freeze()  # a collection in a fork would touch, and so copy, all that was imported
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests.send(json.dumps({"ready": True}).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, 16, 8)
        if not message:
            return
        if os.fork() == 0:
            requests.close()
            with contextlib.suppress(BaseException):
                _run_submission(shell, settings, paths, *descriptors)
            os._exit(0)
        for number in descriptors:
            os.close(number)


def _enter_first_wall(requests: socket.socket, settings: Settings) -> list[Path]:
    """Go on as the first process of new namespaces, in a file system that holds only what notebooks need.

    Returns:
        The paths of the machine that are exposed there.
    """
    paths, files = jail.exposed_paths(settings["readable"]), {}
    for name in jail.SHOWN_OF_CLASSROOM:
        path = Path(settings["classroom"]) / name
        if settings["classroom"] and path.exists():
            files[f"{jail.CLASSROOM}/{name}"] = path.read_bytes()
    jail.enter_users(jail.CLONE_NEWNS | jail.CLONE_NEWPID | jail.CLONE_NEWNET | jail.CLONE_NEWIPC | jail.CLONE_NEWUTS)
    child = os.fork()
    if child:
        requests.close()
        os.waitpid(child, 0)
        os._exit(0)
    jail.build_root(paths, files, settings["hidden"])
    jail.drop_user()
    jail.die_with_parent()
    os.chdir("/tmp")
    if settings["classroom"]:
        os.environ["CLASSROOM"] = jail.CLASSROOM
    return paths


def _run_submission(shell: Shell, settings: Settings, paths: list[Path], data: int, control: int, raw: int) -> None:
    """Start the student's process behind the second wall, and supervise it until it ends or the host hangs up.

    Args:
        data, control, raw: descriptors of the host's sockets for requests and for interrupts, and of its pipe for what
            is written to the student's process's standard output and error.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if settings["isolate"] and (ids := jail.own_ids()):
        jail.become(jail.FIRST_ID + int.from_bytes(os.urandom(4), "little") % ids)
    jail.die_with_parent()
    if settings["isolate"]:
        user, group = os.geteuid(), os.getegid()
        jail.unshare(jail.CLONE_NEWUSER | jail.CLONE_NEWPID | jail.CLONE_NEWNET | jail.CLONE_NEWIPC | jail.CLONE_NEWUTS)
        jail.map_user(user, group)
    student = os.fork()
    if student == 0:
        os.close(control)
        with contextlib.suppress(BaseException):
            _become_student(shell, settings, paths, data, raw)
        os._exit(1)
    os.close(data)
    os.close(raw)
    host, reason = socket.socket(fileno=control), ""
    try:
        reason = supervise(student, host, settings["limits"], files_bounded=settings["isolate"])
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(student, signal.SIGKILL)
    with contextlib.suppress(OSError):
        host.send(reason.encode())


def _become_student(shell: Shell, settings: Settings, paths: list[Path], data: int, raw: int) -> None:
    """Go behind the second wall with one socket and one pipe, then serve."""
    limits = settings["limits"]
    os.setsid()  # signals to its own process group must reach neither the server nor neighbours
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(raw, 1)
    os.dup2(raw, 2)
    data = os.dup2(data, DATA_DESCRIPTOR)
    os.closerange(3, DATA_DESCRIPTOR)
    os.closerange(DATA_DESCRIPTOR + 1, 4096)
    with contextlib.suppress(OSError):  # when the machine's memory is short, the kernel ends submissions first
        Path("/proc/self/oom_score_adj").write_text("1000")
    if settings["isolate"]:
        jail.unshare(jail.CLONE_NEWNS)
        jail.make_scratch(limits["scratch"], paths)
        os.chdir("/tmp")  # until now the working directory was the server's
        jail.drop_capabilities()
        jail.die_with_parent()
    jail.limit(resource.RLIMIT_CORE, 0)
    jail.limit(resource.RLIMIT_FSIZE, limits["scratch"] * MEGABYTE)
    jail.limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    jail.limit(resource.RLIMIT_SIGPENDING, OPEN_FILES)
    jail.limit(resource.RLIMIT_MSGQUEUE, 0)
    jail.limit(resource.RLIMIT_MEMLOCK, 0)
    jail.limit(resource.RLIMIT_NPROC, THREADS)
    jail.limit(resource.RLIMIT_CPU, int(limits["cpu"]))
    if settings["isolate"]:
        filter_system_calls()
    channel = Channel(socket.socket(fileno=data))
    with contextlib.suppress(Closed):
        serve(shell, channel)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
