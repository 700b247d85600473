"""A cgroup for each submission: found, limited and removed; a temporary folder stands for the kernel's."""

import shutil
import sys
from pathlib import Path

import pytest

from autograder.errors import GraderFailure
from autograder.sandbox import cgroups
from autograder.sandbox.cgroups import GRADER, WEIGHT, Delegated, Group, NotDelegated

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
LIMITS = {"memory": 100, "scratch": 10, "processes": 64, "cpu": 60.0}


@pytest.fixture
def top(tmp_path, monkeypatch):
    """A folder like a cgroup in which this process is alone, which offers all controllers."""
    folder = tmp_path / "scope"
    folder.mkdir()
    for name, text in {
        "controllers": "cpu io memory pids",
        "procs": "",
        "subtree_control": "",
        "type": "domain",
    }.items():
        (folder / f"cgroup.{name}").write_text(text)
    monkeypatch.setattr(cgroups, "_gone", lambda path: shutil.rmtree(path, ignore_errors=True) or True)
    monkeypatch.setattr(cgroups, "_dying", [])
    return folder


@pytest.fixture
def place(top, monkeypatch):
    """Where submissions get their cgroups."""
    found = Delegated(top, frozenset({"memory", "pids", "cpu"}))
    monkeypatch.setattr(cgroups, "delegated", lambda: found)
    return found


def written(monkeypatch):
    """Collect what is written, as the kernel's files take it, in place of writing it."""
    lines = []
    monkeypatch.setattr(cgroups, "_write", lambda path, text: lines.append((path.name, text)))
    return lines


def test_where_the_own_cgroup_lies(tmp_path):
    """The cgroup of version 2 is found below where its hierarchy is mounted, in a container too; else there is none."""
    (tmp_path / "cgroup").write_text("4:memory:/old\n0::/user.slice/run.scope\n")
    line = "30 23 0:26 {} /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
    for root, where in (("/", "/sys/fs/cgroup/user.slice/run.scope"), ("/user.slice", "/sys/fs/cgroup/run.scope")):
        (tmp_path / "mountinfo").write_text("23 1 8:1 / / rw - ext4 /dev/vda rw\n" + line.format(root))
        assert cgroups.own_folder(tmp_path) == Path(where)
    for content in (line.format("/elsewhere"), ""):
        (tmp_path / "mountinfo").write_text(content)
        with pytest.raises(NotDelegated, match="no cgroup v2"):
            cgroups.own_folder(tmp_path)


def test_the_grader_steps_aside(top, monkeypatch):
    """Where there are cgroups below, no process may stay above: those of the grader move into a cgroup beside them."""
    process = str(cgroups.os.getpid())
    (top / "cgroup.procs").write_text(process)
    lines = []

    def write(path, text):
        lines.append((str(path.relative_to(top)), text))
        if path.name == "cgroup.procs":
            (top / "cgroup.procs").write_text("")
        elif path.name == "cgroup.subtree_control":
            path.write_text(f"{path.read_text()} {text}")

    monkeypatch.setattr(cgroups, "_write", write)
    found = cgroups.prepare(top)
    assert found == Delegated(top, frozenset({"cpu", "memory", "pids"}))
    assert lines[0] == (f"{GRADER}/cgroup.procs", process)
    assert cgroups.prepare(top / GRADER) == found  # as a program that the moved shell starts finds it


@pytest.mark.parametrize(
    ("change", "reason", "mend"),
    [
        (lambda top: (top / "cgroup.controllers").write_text("io"), "limits no memory", "unified_cgroup_hierarchy"),
        (lambda top: (top / "cgroup.controllers").unlink(), "may make no cgroups", "systemd-run"),
        (lambda top: (top / "cgroup.procs").write_text("1"), "other programs", "Delegate=yes"),
        (lambda top: (top / "cgroup.subtree_control").chmod(0), "may not limit memory", "Delegate=yes"),
    ],
)
def test_why_there_are_none(top, monkeypatch, tmp_path, change, reason, mend):
    """Where the grader may make no cgroups, or other people's programs would be moved, the reason has its mend."""
    monkeypatch.setattr(cgroups, "SYSTEMD", tmp_path)
    monkeypatch.setattr(cgroups, "_write", lambda path, text: None)
    change(top)
    with pytest.raises(NotDelegated, match=reason) as raised:
        cgroups.prepare(top)
    assert mend in raised.value.help


def test_a_cgroup_has_limits_for_everything(place, monkeypatch):
    """Memory with its files and without swap, threads, and a share of the processors; all end together."""
    lines = written(monkeypatch)
    group = cgroups.new_group(LIMITS)
    group.add(123)
    assert dict(lines) == {
        "memory.max": str(120 * 2**20),
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "pids.max": "1024",
        "cpu.weight": str(WEIGHT),
        "cgroup.procs": "123",
    }
    (group.folder / "cgroup.kill").touch()
    group.remove()
    group.remove()
    assert lines[-1] == ("cgroup.kill", "1") and lines.count(("cgroup.kill", "1")) == 1
    assert not group.folder.exists() and cgroups._dying == []


@pytest.mark.parametrize(
    ("events", "end"),
    [("oom 0\noom_kill 0", ""), ("oom 3\noom_kill 2", "memory"), ("oom 0\noom_kill 1", "machine"), ("", "")],
)
def test_what_the_kernel_ended(place, events, end):
    """An end for its own limit of memory is told apart from one for lack of the machine's, and from any other."""
    group = Group(place, LIMITS)
    (group.folder / "memory.events").write_text(events)
    assert group.end == end
    group.remove()


def test_what_a_killed_grader_left_is_removed(place):
    """What nobody holds a lock of any more is removed at the next start; what another grader has stays."""
    (place.folder / "autograder-left").mkdir()
    (place.folder / GRADER).mkdir()
    group = Group(place, LIMITS)
    cgroups.clear(place.folder)
    assert sorted(path.name for path in place.folder.iterdir() if path.is_dir()) == [GRADER, group.folder.name]
    group.remove()


def test_a_cgroup_that_cannot_be_made_is_the_graders_failure(place, monkeypatch):
    """Where others have one, a submission is not run without."""
    shutil.rmtree(place.folder)
    with pytest.raises(GraderFailure, match="no cgroup"):
        cgroups.new_group(LIMITS)
    monkeypatch.setattr(cgroups, "delegated", lambda: NotDelegated("none here", ""))
    assert cgroups.new_group(LIMITS) is None
