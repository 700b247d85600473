"""The two walls, seen from behind them."""

import os
import pwd
import resource
import subprocess
import sys

import psutil
import pytest

from autograder.sandbox import host, jail
from autograder.settings import PROJECT
from tests.autograder.sealing import needs_sandbox, show, text

ERRNO = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_what_is_exposed_exists():
    """Only paths that exist are exposed, each once, Python and the given packages among them."""
    paths = jail.exposed_paths([str(PROJECT / "course_utils"), "/no/such/folder"])
    assert len(paths) == len(set(paths)) and all(path.exists() or path.is_symlink() for path in paths)
    assert {sys.prefix, str(PROJECT / "course_utils")} <= set(map(str, paths))
    assert not {"/", "/home", "/root", "/etc", "/proc", "/var"} & set(map(str, paths))


def test_a_limit_is_lowered_for_good():
    """A limit holds for the soft and the hard value, and is never raised."""
    code = (
        "import resource\nfrom autograder.sandbox import jail\n"
        "jail.limit(resource.RLIMIT_NOFILE, 50)\njail.limit(resource.RLIMIT_NOFILE, 60)\n"
        "print(resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == "(50, 50)\n"
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] != 50


def test_a_call_that_fails_names_itself():
    """An error of the C library says which call failed."""
    with pytest.raises(OSError, match="mount /no/such/place"):
        jail.mount("none", "/no/such/place", "tmpfs")


@needs_sandbox
def test_only_scratch_folders_can_be_written(student):
    """Everything but the scratch folders is read-only: packages, system, and the root itself."""
    source = """
import course_utils, numpy, os, sys
for path in ("/", "/usr", "/etc", "/dev", "/proc", *(os.path.dirname(m.__file__) for m in (course_utils, numpy, os))):
    try:
        open(os.path.join(path, "trial"), "w")
        print("written", path)
    except OSError:
        pass
for path in ("/tmp", "/dev/shm"):
    open(os.path.join(path, "trial"), "w").write("x")
"""
    assert text(student, source) == ""


@needs_sandbox
def test_what_lies_on_the_machine_is_not_there(student):
    """Home folders, system settings and the machine's processes cannot be seen; the user has an ordinary name."""
    assert (
        text(student, "import os\nprint([path for path in ('/home', '/var', '/etc/shadow') if os.path.exists(path)])")
        == "[]\n"
    )
    assert text(student, "print(os.getuid(), os.getgid(), os.getpid())").split()[2] == "1"
    assert "0" not in text(student, "print(os.getuid(), os.getgid())").split()


@needs_sandbox
@pytest.mark.parametrize("flag", ["CLONE_NEWUSER", "CLONE_NEWNS", "CLONE_NEWNET"])
def test_no_namespace_can_be_made_inside(student, flag):
    """A submission cannot make namespaces, in which it would have capabilities again."""
    source = f"{ERRNO}print(libc.unshare({getattr(jail, flag)}), ctypes.get_errno())"
    assert text(student, source).startswith("-1 ")


@needs_sandbox
def test_zeros_are_read_and_not_mapped(student):
    """``/dev/zero`` reads as ever, but is no source of memory that is shared and belongs to no file."""
    assert text(student, "print(open('/dev/zero', 'rb').read(3))") == "b'\\x00\\x00\\x00'\n"
    source = "import mmap, os\nmmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096)"
    assert show(student, source)[0].ename == "OSError"


@needs_sandbox
def test_nothing_is_written_in_proc(student):
    """A process cannot make itself the last one that is ended when the machine's memory is short."""
    assert show(student, "open('/proc/self/oom_score_adj', 'w').write('0')")[0].ename == "OSError"


@needs_sandbox
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may give each submission an id")
def test_each_submission_is_a_user_of_its_own(bare):
    """Where the grader is root, what the kernel counts for a user is counted for each submission apart."""
    first, second = host.start_student(bare), host.start_student(bare)
    ids = {text(process, "print(open('/proc/self/uid_map').read().split()[:2])") for process in (first, second)}
    assert len(ids) == 2 and all(each.startswith("['1000', ") for each in ids)
    outside = {process.uids().real for process in psutil.Process().children(recursive=True)} - {0, jail.NOBODY_ID}
    assert len(outside) >= 2 and min(outside) >= jail.FIRST_ID_OUTSIDE
    first.close()
    second.close()


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_root_with_few_ids_shares_one(monkeypatch):
    """In a container, where root has few ids itself, all submissions are nobody outside."""
    written = []

    def write(path, text):
        if str(jail.FIRST_ID_OUTSIDE) in text:
            raise PermissionError
        written.append(text)

    monkeypatch.setattr(jail, "_write", write)
    jail._map_as_root(1)
    assert written == [f"0 0 1\n{jail.INSIDE_ID} {jail.NOBODY_ID} 1\n"] * 2
    assert jail.own_ids() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_ids_that_the_system_gave_to_a_user(tmp_path):
    """The largest range under a user's name or number counts; what cannot be read is passed over."""
    table = tmp_path / "subuid"
    name = pwd.getpwuid(os.getuid()).pw_name if os.getuid() == 0 else str(os.getuid())
    table.write_text(f"other:1:99999\n{name}:200000:10\n{os.getuid()}:300000:65536\n{name}:x:5\n\n")
    assert jail.given_ids(table, os.getuid()) == (300000, 65536)
    for user in (61_199, os.getuid()):
        table.write_text(f"{os.getuid() + 1}:100000:65536\n")
        with pytest.raises(OSError, match="no ids for this user"):
            jail.given_ids(table, user)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_an_ordinary_user_has_ids_mapped_by_programs(monkeypatch):
    """The system's programs map this user and those that it was given, as many as there are of users and of groups."""
    called = []
    monkeypatch.setattr(jail.subprocess, "run", lambda command, **_: called.append(" ".join(command)))
    monkeypatch.setattr(jail.shutil, "which", lambda name, path: name)
    monkeypatch.setattr(jail, "given_ids", lambda table, user: (500, 9) if "uid" in str(table) else (700, 8))
    jail._map_with_programs(5, 1234, 1235)
    ours, first = jail.INSIDE_ID, jail.FIRST_ID
    assert called == [f"newuidmap 5 {ours} 1234 1 {first} 500 8", f"newgidmap 5 {ours} 1235 1 {first} 700 8"]
    monkeypatch.setattr(jail.shutil, "which", lambda name, path: None if name == "newgidmap" else name)
    with pytest.raises(OSError, match="newgidmap"):  # and nothing is mapped by the other
        jail._map_with_programs(5, 1234, 1235)
    assert len(called) == 2


@needs_sandbox
def test_the_scratch_folder_is_bounded(student):
    """A submission cannot fill the machine's memory through its scratch folder, nor write one large file."""
    source = """
import errno
try:
    with open("/tmp/large", "wb") as file:
        for _ in range(400): file.write(bytes(2**20))
except OSError as error:
    print(error.errno in (errno.ENOSPC, errno.EFBIG))
"""
    assert text(student, source) == "True\n"


@needs_sandbox
def test_a_machine_without_user_namespaces_is_told_the_mend():
    """Where namespaces are refused, the error names the settings that allow them."""
    code = "from autograder.sandbox import jail\njail.unshare(jail.CLONE_NEWUSER)"
    forbid = f'echo 0 > /proc/sys/user/max_user_namespaces && exec "{sys.executable}" -c "{code}"'
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-c", forbid], capture_output=True, text=True, cwd=PROJECT
    )
    assert "CannotIsolate" in done.stderr and "apparmor_restrict_unprivileged_userns" in done.stderr
