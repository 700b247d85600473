"""Namespaces, mounts and limits, without root and without a container engine.

There are two walls. The warm server lives behind the first: it sees Python, its packages, ``course_utils`` and nothing
else of the machine, and has no network. Each submission lives behind a second, inside the first: its own users,
processes, mounts, scratch folder and network. Linux only.
"""

import ctypes
import os
import platform
import pwd
import resource
import shutil
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_PRIVATE = 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 8, 24, 38
SET_IDS = 1 << 6 | 1 << 7  # the capabilities to change one's group and user
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
INSIDE_ID = 1000  # user and group id inside
NOBODY_ID = 65534  # user and group id outside, where the grader itself is root
# Where the grader is root, each submission has an id of its own: what the kernel counts for a user is counted apart.
FIRST_ID = 100_000  # behind the first wall
FIRST_ID_OUTSIDE = 0x7000_0000  # of a range that no system gives to users or containers
IDS = 1 << 20
CLASSROOM = "/classroom"  # where tests in the student's process find the classroom's secret
SHOWN_OF_CLASSROOM = ("secret", "classroom.json")
USERS_HINT = (
    "this system does not let programs make user namespaces. On Ubuntu 24.04: "
    "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 ; in Docker: --security-opt seccomp=unconfined "
    "--security-opt apparmor=unconfined"
)

IDS_HINT = (
    "as root: apt install uidmap; usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER (a range that "
    "nobody has); or grade as root in a container or virtual machine of its own"
)


class CannotIsolate(Exception):
    """The system refuses to isolate; the text says what would change that."""


def _check(call: str, result: int) -> None:
    """Raise OSError when a call of the C library failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Move this process, which has one thread, into new namespaces."""
    try:
        _check("unshare", _libc.unshare(flags))
    except OSError as error:
        raise CannotIsolate(f"{error.strerror}; {USERS_HINT}") from error


def mount(
    source: str | None, target: str | Path, kind: str | None = None, flags: int = 0, options: str | None = None
) -> None:
    """Call mount(2)."""
    _check(
        f"mount {target}",
        _libc.mount(
            *(None if text is None else str(text).encode() for text in (source, target, kind)),
            ctypes.c_ulong(flags),
            options.encode() if options else None,
        ),
    )


def prctl(option: int, value: int = 0, more: int = 0) -> None:
    """Call prctl(2)."""
    _check(f"prctl {option}", _libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(more), 0, 0))


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    prctl(PR_SET_PDEATHSIG, 9)


def _write(path: str, text: str) -> None:
    with open(path, "w") as file:
        file.write(text)


def _map_users(process: int | str, own: str) -> None:
    """Write the id maps of a new user namespace, as its own user or as root outside of it.

    Args:
        own: the lines of the map of users; groups have the same.
    """
    _write(f"/proc/{process}/uid_map", own)
    _write(f"/proc/{process}/gid_map", own)


def _map_as_root(process: int) -> None:
    """Map root, for the mounts, the user inside, and one for each submission where this system has so many."""
    few = f"0 0 1\n{INSIDE_ID} {NOBODY_ID} 1\n"
    try:
        _map_users(process, f"{few}{FIRST_ID} {FIRST_ID_OUTSIDE} {IDS}\n")
    except OSError:  # in a container root has few ids itself
        _map_users(process, few)


def _map_with_programs(process: int, user: int, group: int) -> None:
    """Map an ordinary user, and one for each submission out of those that the system gave to this user.

    Raises:
        OSError, subprocess.SubprocessError: it gave none, or the programs that may map them are not there.
    """
    programs = [shutil.which(name, path="/usr/bin:/bin") for name in ("newuidmap", "newgidmap")]
    ranges = [given_ids(Path(path), user) for path in ("/etc/subuid", "/etc/subgid")]
    count = min(IDS, *(many for _, many in ranges))
    if not all(programs):  # looked at first: with one map of two written there is no way back
        raise FileNotFoundError("newuidmap or newgidmap")
    for program, own, (first, _) in zip(programs, (user, group), ranges):
        lines = (INSIDE_ID, own, 1, FIRST_ID, first, count)
        subprocess.run([str(program), str(process), *map(str, lines)], check=True, capture_output=True, timeout=10)


def given_ids(table: Path, user: int) -> tuple[int, int]:
    """Return the largest range of further ids that the system gave to a user: the first one, and how many.

    Raises:
        OSError: it gave none.
    """
    try:
        names = {str(user), pwd.getpwuid(user).pw_name}
    except KeyError:
        names = {str(user)}
    ranges = []
    for line in table.read_text().splitlines():
        name, _, numbers = line.strip().partition(":")
        first, _, count = numbers.partition(":")
        if name in names and first.isdigit() and count.isdigit() and int(count):
            ranges.append((int(first), int(count)))
    if not ranges:
        raise FileNotFoundError(f"{table}: no ids for this user")
    return max(ranges, key=lambda each: each[1])


def enter_users(flags: int) -> None:
    """Enter a new user namespace and those in ``flags``; if the grader is root, the user inside is nobody outside."""
    user, group = os.geteuid(), os.getegid()
    if user != 0:
        if not _enter_mapped(flags, lambda process: _map_with_programs(process, user, group)):
            map_user(user, group)
        return
    if not _enter_mapped(flags, _map_as_root):
        raise CannotIsolate("the ids of the sandbox's user could not be mapped")


def _enter_mapped(flags: int, map_users: Callable[[int], None]) -> bool:
    """Enter a new user namespace, in which only somebody outside may map several users; return whether that was done.

    Args:
        map_users: is called with the id of this process, in a child that stays outside.
    """
    ready, start = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(start)
        try:
            os.read(ready, 1)
            map_users(parent)
            os._exit(0)
        except BaseException:
            os._exit(1)
    os.close(ready)
    unshare(CLONE_NEWUSER | flags)
    os.write(start, b"x")
    os.close(start)
    return os.waitpid(child, 0)[1] == 0


def map_user(user: int, group: int) -> None:
    """Let an ordinary user be the user inside, in the new user namespace of this process."""
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{INSIDE_ID} {user} 1\n")
    _write("/proc/self/gid_map", f"{INSIDE_ID} {group} 1\n")


def own_ids() -> int:
    """Return how many ids there are behind the first wall for submissions, one for each; 0: they share the grader's."""
    with open("/proc/self/uid_map") as file:
        return next((int(line.split()[2]) for line in file if int(line.split()[0]) == FIRST_ID), 0)


def become(user: int) -> None:
    """Behind the first wall, become the user of one submission, with no way back and without any capability."""
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    drop_capabilities()
    prctl(PR_SET_DUMPABLE, 1)


def _empty_bounding_set() -> None:
    """Give up all capabilities that a program could give; without any, there is nothing left to do."""
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break


def drop_user() -> None:
    """Become the ordinary user inside, without any capability but, where each submission has an id, to take that."""
    _empty_bounding_set()
    if own_ids():
        prctl(PR_SET_KEEPCAPS, 1)
        os.setgroups([])
    if os.geteuid() != INSIDE_ID:
        os.setgroups([])
        os.setresgid(INSIDE_ID, INSIDE_ID, INSIDE_ID)
        os.setresuid(INSIDE_ID, INSIDE_ID, INSIDE_ID)
    drop_capabilities(SET_IDS if own_ids() else 0)
    prctl(PR_SET_DUMPABLE, 1)  # changing the user took away the right to write this process's own id maps


def drop_capabilities(kept: int = 0) -> None:
    """Empty the capability sets of this process, and forbid any program to give some back.

    Args:
        kept: bits of capabilities that stay; no program that is started has them.
    """
    _empty_bounding_set()
    header = struct.pack("Ii", 0x20080522, 0)
    _check("capset", _libc.capset(header, struct.pack("6I", kept, kept, *[0] * 4)))
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def exposed_paths(packages: Iterable[str]) -> list[Path]:
    """Return the paths that the first wall lets through: system libraries, this Python, and some packages.

    Args:
        packages: further folders, such as that of ``course_utils``.
    """
    system = [
        "/usr",
        "/lib",
        "/lib64",
        "/lib32",
        "/bin",
        "/sbin",
        "/etc/ld.so.cache",
        "/etc/alternatives",
        "/etc/fonts",
        "/etc/localtime",
        "/etc/ssl",
        "/etc/mime.types",
        "/sys/devices/system",
    ]
    python = [
        sys.prefix,
        sys.base_prefix,
        *(path for path in sys.path if path.endswith(("site-packages", "dist-packages"))),
    ]
    candidates = map(Path, [*system, *python, *map(os.path.realpath, python), *packages])
    return [path for path in dict.fromkeys(candidates) if os.path.lexists(path)]


def build_root(paths: Iterable[Path], files: Mapping[str, bytes], hidden: Iterable[str] = ()) -> None:
    """Make the first wall's file system, with some paths of the machine read-only, and move into it.

    Must run in new mount and process namespaces, as their first process. Opens every path first: mounts may cover them.

    Args:
        files: further files: bytes by absolute path.
        hidden: folders of which nothing is seen inside, wherever they lie, but those of the paths that lie in them.
    """
    unshare(CLONE_NEWNS)  # whoever stays outside keeps the machine's files
    sources = {path: os.open(path, os.O_PATH | os.O_NOFOLLOW) for path in paths}
    devices = {name: os.open(f"/dev/{name}", os.O_PATH) for name in ("null", "full", "random", "urandom")}
    devices["zero"] = os.open(
        "/dev/full", os.O_PATH
    )  # reads the same; a mapping of zero is memory that no limit counts
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    root = Path("/tmp")
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m")
    mount("proc_before", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=4m")
    for folder, size in (("tmp", 256), ("dev/shm", 64)):  # before the paths, some of which may lie in there
        (root / folder).mkdir(parents=True)
        mount("tmpfs", root / folder, "tmpfs", MS_NOSUID | MS_NODEV, f"mode=1777,size={size}m")
    show_and_cover(root, sources, hidden)
    for name, content in files.items():
        target = root / name.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for name, descriptor in devices.items():
        (root / "dev" / name).touch()
        mount(f"/proc/self/fd/{descriptor}", root / "dev" / name, None, MS_BIND)
    for name, suffix in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        os.symlink(f"/proc/self/fd{suffix}", root / "dev" / name)
    for folder in ("proc", "old", "etc"):
        (root / folder).mkdir(exist_ok=True)
    if not (root / "etc" / "passwd").exists():
        (root / "etc" / "passwd").write_text(f"student:x:{INSIDE_ID}:{INSIDE_ID}::/tmp:/bin/sh\n")
        (root / "etc" / "group").write_text(f"student:x:{INSIDE_ID}:\n")
        (root / "etc" / "hosts").write_text("127.0.0.1 localhost\n")
    mount("proc", root / "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    for descriptor in (*sources.values(), *devices.values()):
        os.close(descriptor)
    os.chdir(root)
    number = PIVOT_ROOT.get(platform.machine())
    if number is None:
        raise CannotIsolate(f"no sandbox on processors of kind {platform.machine()}")
    _check("pivot_root", _libc.syscall(number, b".", b"old"))
    os.chdir("/")
    _check("umount", _libc.umount2(b"/old", MNT_DETACH))
    os.rmdir("/old")
    mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def show_and_cover(root: Path, sources: Mapping[Path, int], hidden: Iterable[str]) -> None:
    """Put the exposed paths into the new root and cover the hidden folders; of two, what lies deeper counts."""
    covers = []
    for path in sorted({*sources, *map(Path, hidden)}, key=lambda path: len(path.parts)):
        target = root / str(path).lstrip("/")
        if path in sources:
            _expose(root, path, sources[path])
        elif target.is_dir() and path != Path("/"):
            mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=64k")
            covers.append(target)
    for target in covers:
        mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _expose(root: Path, path: Path, descriptor: int) -> None:
    """Put one path into the new root: a link as a link, a file or folder as a read-only mount."""
    target = root / str(path).lstrip("/")
    if target.exists() or target.is_symlink():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISLNK(mode):
        os.symlink(os.readlink(path), target)
        return
    if stat.S_ISDIR(mode):
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    mount(f"/proc/self/fd/{descriptor}", target, None, MS_BIND | MS_REC)
    flags = os.statvfs(target).f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount(None, target, None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | flags)


def make_scratch(megabytes: int, paths: Iterable[Path]) -> None:
    """Behind the second wall: private mounts, this namespace's /proc, and an empty scratch folder in /tmp.

    Args:
        paths: the paths exposed by the first wall; those in /tmp are exposed again.
    """
    sources = {path: os.open(path, os.O_PATH | os.O_NOFOLLOW) for path in paths if path.is_relative_to("/tmp")}
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    # Read-only: a process could lower there how soon it is ended when memory is short.
    mount("proc", "/proc", "proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, f"mode=1777,size={megabytes}m,nr_inodes=20000")
    mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, f"mode=1777,size={megabytes}m,nr_inodes=2000")
    for path, descriptor in sources.items():
        _expose(Path("/"), path, descriptor)
        os.close(descriptor)


def limit(kind: int, value: int) -> None:
    """Lower one resource limit, soft and hard."""
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
