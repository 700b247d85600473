"""The warm server: it imports the frameworks once, runs no operation, and forks a process for each submission.

Started by ``sandbox.host``, it listens at a place that only its user reaches, and moves behind the first wall before it
imports anything large. It never loads an exercise, a source or the secret: what the server does not hold, a fork of it
cannot find.
"""

import contextlib
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import TypedDict

from autograder.limits import MEGABYTE
from autograder.sandbox import colab, jail, sockets  # like the rest of this package, imported before the wall hides it
from autograder.sandbox.desk import Desk
from autograder.sandbox.shell import Shell, serve
from autograder.sandbox.supervisor import ENDED, OPEN_FILES, THREADS, ProcessLimits, supervise
from autograder.sandbox.system_calls import compiled, filter_system_calls
from autograder.sandbox.warm import use_large_pages, warm_up
from autograder.sandbox.wire import Channel, Closed
from autograder.sandbox.written import Forwarder

LOOK = 2.0  # seconds between two looks at the socket
DATA_DESCRIPTOR = 200  # the number of the student's process's one socket; those between it and 2 are closed


class Settings(TypedDict):
    """What the host tells a server.

    Args:
        modules: to import, beside those that every lab needs.
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


def main(descriptor: int, place: Path, settings: Settings) -> None:
    """Serve until nobody needs this server any more.

    Args:
        descriptor: a socket of whoever starts this server, which says when it is ready; its other end is held as long
            as the server is needed.
        place: where to listen.
    """
    starter, user = socket.socket(fileno=descriptor), os.geteuid()
    colab.stand_in()
    paths: list[Path] = []
    door = sockets.listen(place)
    try:
        if settings["isolate"]:
            paths = _enter_first_wall(starter, door, place, settings)
            user = user and jail.INSIDE_ID
    except (OSError, jail.CannotIsolate) as error:
        starter.send(json.dumps({"error": str(error)}).encode())
        sockets.Nameplate(place).take_down()
        return
    nameplate = None if settings["isolate"] else sockets.Nameplate(place)
    try:
        shell = warm_up(settings["modules"])
        desk = Desk(starter, door, user, settings["modules"], use_large_pages())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: desk.finish())
        starter.send(json.dumps({"ready": True}).encode())
        first = int.from_bytes(os.urandom(4), "little")  # so that servers rarely give the same users
        for number, (limits, connections) in enumerate(desk.submissions(), first):
            if student := os.fork():
                desk.students.add(student)
                continue
            with contextlib.suppress(BaseException):
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                desk.leave(connections)
                _run_submission(shell, settings, limits, paths, connections, number)
            os._exit(0)
    finally:
        if nameplate:
            nameplate.take_down()


def _enter_first_wall(starter: socket.socket, door: socket.socket, place: Path, settings: Settings) -> list[Path]:
    """Go on as the first process of new namespaces, in a file system that holds only what notebooks need.

    Returns:
        The paths of the machine that are exposed there.
    """
    paths, files = jail.exposed_paths(settings["readable"]), {}
    for name in jail.SHOWN_OF_CLASSROOM:
        path = Path(settings["classroom"]) / name
        if settings["classroom"] and path.exists():
            files[f"{jail.CLASSROOM}/{name}"] = path.read_bytes()
    nameplate = sockets.Nameplate(place)  # opened here: this process and its fork are about to lose sight of the place
    jail.enter_users(jail.CLONE_NEWNS | jail.CLONE_NEWPID | jail.CLONE_NEWNET | jail.CLONE_NEWIPC | jail.CLONE_NEWUTS)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    child = os.fork()
    if child:
        starter.close()
        door.close()
        _stand_outside(child, nameplate)
        os._exit(0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    nameplate.close()
    jail.build_root(paths, files, settings["hidden"])
    jail.drop_user()
    jail.die_with_parent()
    compiled()
    os.chdir("/tmp")
    if settings["classroom"]:
        os.environ["CLASSROOM"] = jail.CLASSROOM
    return paths


def _stand_outside(inner: int, nameplate: sockets.Nameplate) -> None:
    """Wait for the inner server, and let it come to an end when its socket is gone, as when its user logs out."""
    while not os.waitpid(inner, os.WNOHANG)[0]:
        signal.sigtimedwait([signal.SIGCHLD], LOOK)
        if not nameplate.hangs:
            with contextlib.suppress(ProcessLookupError):
                os.kill(inner, signal.SIGTERM)
    nameplate.take_down()


def _run_submission(
    shell: Shell,
    settings: Settings,
    limits: ProcessLimits,
    paths: list[Path],
    connections: dict[str, socket.socket],
    number: int,
) -> None:
    """Start the student's process behind the second wall, and supervise it until it ends or the host hangs up.

    Args:
        number: of no other submission that runs; it chooses the user that the submission is.
        connections: to the host: "data" for requests, "control" for interrupts, "written" for what is written to the
            student's process's standard output and error.
    """
    if settings["isolate"] and (ids := jail.own_ids()):
        jail.become(jail.FIRST_ID + number % ids)
    jail.die_with_parent()
    if settings["isolate"]:
        user, group = os.geteuid(), os.getegid()
        jail.unshare(jail.CLONE_NEWUSER | jail.CLONE_NEWPID | jail.CLONE_NEWNET | jail.CLONE_NEWIPC | jail.CLONE_NEWUTS)
        jail.map_user(user, group)
    written, output = os.pipe()
    student = os.fork()
    if student == 0:
        with contextlib.suppress(BaseException):
            _become_student(shell, settings, limits, paths, connections["data"].fileno(), output)
        os._exit(1)
    os.close(output)
    connections["data"].close()
    forwarder = Forwarder(written, connections["written"])
    host, reason = connections["control"], ""
    try:
        reason = supervise(student, host, limits, settings["isolate"], wait=forwarder.wait)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(student, signal.SIGKILL)
    forwarder.finish(1.0)  # what it wrote last comes before the reason of its end
    with contextlib.suppress(OSError):
        host.send((reason or ENDED).encode())
    # Else it would become a child of the server, where nobody waits for it: for good an entry of /proc, which each look
    # at a submission reads.
    with contextlib.suppress(ChildProcessError):
        os.waitpid(student, 0)


def _become_student(
    shell: Shell, settings: Settings, limits: ProcessLimits, paths: list[Path], data: int, output: int
) -> None:
    """Go behind the second wall with one socket and one pipe, then serve."""
    os.setsid()  # signals to its own process group must reach neither the server nor neighbours
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    data = os.dup2(data, DATA_DESCRIPTOR)
    os.closerange(3, DATA_DESCRIPTOR)
    os.closerange(DATA_DESCRIPTOR + 1, 4096)
    if limits.get("grouped"):
        sockets.await_leave(data)
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
    main(int(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
