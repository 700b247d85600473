"""The warm server: it imports the frameworks once, runs no operation, and forks a process for each submission.

Started by ``sandbox.host`` with one end of a socket. It moves behind the first wall before it imports anything
large, and never loads an exercise, a source or the secret: what it does not hold, a fork of it cannot find.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from pathlib import Path

from autograder.sandbox import jail
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
LOOK = 0.1  # seconds between two looks at a submission's memory
CLASSROOM = "/classroom"  # where tests in the student's process find the classroom's secret
THREADS = 1024  # threads and processes together that the kernel allows to a submission
DESCRIPTORS = 2048  # open files of all its processes together: the buffers of sockets and pipes are memory too
MEGABYTE = 2**20


def main(descriptor, settings):
    """Serve until the socket closes.

    Args:
        descriptor: the socket on which requests come.
        settings: "modules" to import, "readable" folders, "limits", whether to "isolate", and "classroom", the folder
            whose secret tests in the student's process need, or "".
    """
    requests = socket.socket(fileno=descriptor)
    from autograder.engines import colab  # before the wall hides it
    from autograder.sandbox import shell as student

    colab.stand_in()
    paths = []
    if settings["isolate"]:
        try:
            paths = _enter_first_wall(requests, settings)
        except (OSError, jail.CannotIsolate) as error:
            requests.send(json.dumps({"error": str(error)}).encode())
            return
    for name in [*WARM, *settings["modules"]]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    shell = student.make_shell()
    gc.collect()
    gc.freeze()  # a collection in a fork would touch, and so copy, all that was imported
    seccomp = jail.load_seccomp() if settings["isolate"] else None
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests.send(json.dumps({"ready": True, "seccomp": seccomp is not None}).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, 16, 8)
        if not message:
            return
        if os.fork() == 0:
            requests.close()
            with contextlib.suppress(BaseException):
                _watch(shell, seccomp, {**settings, "paths": paths}, *descriptors)
            os._exit(0)
        for each in descriptors:
            os.close(each)


def _enter_first_wall(requests, settings):
    """Go on as the first process of new namespaces, in a file system that holds only what notebooks need.

    Returns:
        What of the machine's file system is shown there.
    """
    paths, files = jail.visible_paths(settings["readable"]), {}
    for name in ("secret", "classroom.json"):
        path = Path(settings["classroom"]) / name
        if settings["classroom"] and path.exists():
            files[f"{CLASSROOM}/{name}"] = path.read_bytes()
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
        os.environ["CLASSROOM"] = CLASSROOM
    return paths


def _watch(shell, seccomp, settings, data, control, raw):
    """Start the student's process behind the second wall, and watch over it until it ends or is no longer wanted."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    jail.die_with_parent()
    if settings["isolate"]:
        user, group = os.geteuid(), os.getegid()
        jail.unshare(jail.CLONE_NEWUSER | jail.CLONE_NEWPID | jail.CLONE_NEWNET | jail.CLONE_NEWIPC | jail.CLONE_NEWUTS)
        jail.map_same_user(user, group)
    student = os.fork()
    if student == 0:
        os.close(control)
        with contextlib.suppress(BaseException):
            _become_student(shell, seccomp, settings, data, raw)
        os._exit(1)
    os.close(data)
    os.close(raw)
    control, reason = socket.socket(fileno=control), ""
    try:
        reason = _supervise(student, control, settings["limits"])
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(student, signal.SIGKILL)
    with contextlib.suppress(OSError):
        control.send(reason.encode())


def _supervise(student, control, limits):
    """Pass on interrupts and look after the memory; return why the student's process ended."""
    own = _claimed(student)  # what it has from the server by fork
    look_at = 0.0
    while True:
        readable, _, _ = select.select([control], [], [], LOOK)
        if readable:
            order = control.recv(1)
            if order == b"i":
                os.kill(student, signal.SIGINT)
            else:
                return "stopped"
        if os.waitpid(student, os.WNOHANG)[0]:
            return "ended"
        if time.monotonic() - look_at > LOOK:
            look_at = time.monotonic()
            tree = _tree(student)
            if len(tree) > limits["processes"]:
                return "processes"
            if len(tree) > 1 and sum(map(_descriptors, tree)) > DESCRIPTORS:
                return "descriptors"
            most = limits["memory"] * MEGABYTE + own
            if sum(map(_claimed, tree)) > most and sum(map(_shares, tree)) > most:
                return "memory"


def _tree(root):
    """Return the ids of a process and all that descend from it; no child escapes the first of a namespace."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError), open(f"/proc/{name}/stat", "rb") as file:
                parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
    tree, grown = {root}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in tree} - tree
        tree |= more
        grown = bool(more)
    return tree


def _fields(path, names):
    total = 0
    with contextlib.suppress(OSError), open(path, "rb") as file:
        for line in file:
            name, _, rest = line.partition(b":")
            if name in names:
                total += int(rest.split()[0]) * 1024
    return total


def _claimed(process):
    """Return bytes of memory of a process, what it shares with others counted in full: quick, and never too little."""
    return _fields(f"/proc/{process}/status", (b"RssAnon", b"RssShmem", b"VmSwap", b"VmPTE"))


def _shares(process):
    """Return bytes of memory of a process, of what it shares with others its share: slow, and right in the sum."""
    held = _fields(f"/proc/{process}/smaps_rollup", (b"Pss_Anon", b"Pss_Shmem", b"SwapPss"))
    return held + _fields(f"/proc/{process}/status", (b"VmPTE",))


def _descriptors(process):
    try:
        return len(os.listdir(f"/proc/{process}/fd"))
    except OSError:
        return 0


def _become_student(shell, seccomp, settings, data, raw):
    """Go behind the second wall with one socket and one pipe, then serve."""
    limits = settings["limits"]
    os.setsid()  # signals to its own process group must reach neither the server nor neighbours
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(raw, 1)
    os.dup2(raw, 2)
    data = os.dup2(data, 200)
    os.closerange(3, 200)
    os.closerange(201, 4096)
    if settings["isolate"]:
        jail.unshare(jail.CLONE_NEWNS)
        jail.own_scratch(limits["scratch"], settings["paths"])
        os.chdir("/tmp")  # until now this was the server's own
        jail.drop_capabilities()
        jail.die_with_parent()
    jail.limit(resource.RLIMIT_CORE, 0)
    jail.limit(resource.RLIMIT_FSIZE, limits["scratch"] * MEGABYTE)
    jail.limit(resource.RLIMIT_NOFILE, 1024)
    jail.limit(resource.RLIMIT_NPROC, THREADS)
    jail.limit(resource.RLIMIT_CPU, int(limits["cpu"]))
    if seccomp:
        jail.filter_system_calls(seccomp)
    from autograder.sandbox.shell import serve

    channel = Channel(socket.socket(fileno=data))
    with contextlib.suppress(Closed):
        serve(shell, channel)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]))
