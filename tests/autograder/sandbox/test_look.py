"""The look from inside: what is seen or can be done is named, and ends the start."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.sandbox import host, jail, look
from autograder.sandbox.cgroups import Delegated, NotDelegated
from autograder.sandbox.look import MEMORY, TRIALS, Trial, TrialResult, look_inside, private_entries
from autograder.settings import PROJECT
from tests.autograder.sealing import needs_sandbox


@needs_sandbox
def test_what_a_trial_did_is_told(student, monkeypatch):
    """What a trial did, or what ended it, stands in the answer, with what mends it."""
    attempts = (Trial("doors", "open doors", "print('open')", "shut them"), Trial("life", "", "import os\nos._exit(1)"))
    monkeypatch.setattr(look, "TRIALS", attempts)
    doors, life, memory, *_ = look_inside(student, [], [])
    assert doors == ("doors", "no: open", "shut them", "open doors") and not doors.sufficient
    assert life.answer == "no: it ended the Python process"
    assert memory.isolation == MEMORY and not memory.sufficient
    assert look.in_words([doors, TrialResult("x", "yes", "")]) == "doors: no: open. shut them."


@needs_sandbox
def test_a_private_folder_that_is_seen_is_named(student):
    """An entry of a private folder that can be seen from inside is the answer of the trial."""
    seen = next(each for each in look_inside(student, [Path("/usr")], []) if "out of sight" in each.isolation)
    assert seen.answer.startswith("no: /usr/") and "move the classroom" in seen.help


def test_what_leads_to_an_exposed_path_is_not_private(tmp_path):
    """Of a private folder everything must be out of sight but the way to what submissions need."""
    for name in ("secret", "env/lib", "env/other"):
        (tmp_path / name).mkdir(parents=True)
    assert private_entries([tmp_path, tmp_path / "none"], [tmp_path / "env" / "lib"]) == [str(tmp_path / "secret")]


@needs_sandbox
def test_grading_stops_where_something_is_not_isolated(bare, monkeypatch):
    """A server whose sandbox lacks something serves nobody; without walls nobody looks."""
    monkeypatch.setattr(look, "TRIALS", (Trial("doors", "open doors", "print('open')", "shut them"),))
    monkeypatch.setattr(host, "_servers", {})
    with pytest.raises(CourseError, match="cannot be sealed here: doors: no: open"):
        host.server(bare)
    assert host._servers == {}
    for accepted in (host.Need((), 300, isolate=False), replace(bare, accepted=("doors",))):
        host.server(accepted)
    host.close_servers()


HIDE = """
import os, sys
from pathlib import Path
from autograder.sandbox import jail
paths, hidden = eval(sys.argv[1])
jail.enter_users(jail.CLONE_NEWNS | jail.CLONE_NEWPID | jail.CLONE_NEWNET | jail.CLONE_NEWIPC | jail.CLONE_NEWUTS)
if os.fork():
    os._exit(os.waitstatus_to_exitcode(os.wait()[1]))
jail.build_root(map(Path, paths), {}, hidden)
for path in sys.argv[2:]:
    print(os.path.exists(path))
"""


@needs_sandbox
@pytest.mark.parametrize("linked", [False, True])
def test_private_folders_are_covered_wherever_they_lie(tmp_path, linked):
    """A project in an exposed folder is covered, an environment in it shown, and a classroom in that covered again."""
    system = Path("/var/tmp") if os.access("/var/tmp", os.W_OK) else tmp_path
    top = system / f"wall-{os.getpid()}-{linked}"
    try:
        project = top / "src" / "app"
        for name in ("secret", "env/lib", "env/class"):
            (project / name).mkdir(parents=True)
            (project / name / "file").write_text("x")
        if linked:
            (top / "link").symlink_to(project)
        exposed, hidden = [*jail.exposed_paths([]), top, project / "env"], [project, project / "env" / "class"]
        names = ["secret", "env/lib/file", "env/class/file"]
        at = top / "link" if linked else project
        done = subprocess.run(
            [sys.executable, "-c", HIDE, repr(([str(path) for path in exposed], list(map(str, hidden))))]
            + [str(at / name) for name in names],
            capture_output=True,
            text=True,
            cwd=PROJECT,
        )
        assert done.stdout.split() == ["False", "True", "False"], done.stderr
    finally:
        shutil.rmtree(top, ignore_errors=True)


def test_a_linked_environment_is_exposed(tmp_path, monkeypatch):
    """Where the environment's folder is a link, what it leads to is exposed too."""
    (tmp_path / "real").mkdir()
    (tmp_path / ".venv").symlink_to("real")
    monkeypatch.setattr(jail.sys, "prefix", str(tmp_path / ".venv"))
    assert {tmp_path / ".venv", tmp_path / "real"} <= set(jail.exposed_paths([]))


def test_the_graders_folders_are_private(monkeypatch, tmp_path):
    """Project, home and classroom are covered; where the project lies among packages, its own folders are."""
    need = host.Need((), 300, private="/usr/src/app/class")
    assert {PROJECT, Path.home(), Path("/usr/src/app/class")} <= set(host.private_folders(need))
    monkeypatch.setattr(host, "PROJECT", Path(sys.prefix).resolve())
    folders = host.private_folders(need)
    assert Path(sys.prefix).resolve() / "autograder" in folders and Path(sys.prefix).resolve() not in folders
    assert host.in_sight(Path("/usr/src/app")) and not host.in_sight(tmp_path)


@needs_sandbox
def test_a_measurement_that_fails_once_stops_no_grading(student, monkeypatch):
    """Memory is looked at again, as on a machine so busy that the supervisor answers too late."""
    real, missing = student.measure, [None]
    monkeypatch.setattr(student, "measure", lambda: missing.pop() if missing else real())
    monkeypatch.setattr(look, "TRIALS", ())
    assert all(result.sufficient for result in look_inside(student, [], []))


@needs_sandbox
def test_the_second_best_is_named(student, monkeypatch):
    """Without cgroups, or users for each submission, what holds instead is said, with the mend, and grading goes on."""
    monkeypatch.setattr(look, "TRIALS", ())
    monkeypatch.setattr(look, "delegated", lambda: NotDelegated("none here", "do this"))
    monkeypatch.setattr(look.jail, "FIRST_ID", 2**32)
    _, group, user = look_inside(student, [], [])
    assert group.answer == "second best, watched ten times a second: none here" and group.help == "do this"
    assert "one user" in user.answer and "uidmap" in user.help and group.sufficient and user.sufficient
    monkeypatch.setattr(look, "delegated", lambda: Delegated(Path("/"), frozenset()))
    assert not look_inside(student, [], [])[1].sufficient  # there should be one, and it is not in it


@pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
def test_no_trial_succeeds_without_walls(tmp_path):
    """What says that something is kept out says otherwise where nothing is, on a machine without a network too."""
    (tmp_path / "secret").write_text("x")
    if "NoNewPrivs:\t1" in Path("/proc/self/status").read_text():
        pytest.skip("something else forbids new privileges here")
    codes = [trial.code.replace("{private!r}", repr([str(tmp_path / "secret")])) for trial in TRIALS]
    run_all = f"for code in {codes!r}: exec(code, {{}})"
    done = subprocess.run([sys.executable, "-c", run_all], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert len(done.stdout.splitlines()) == len(TRIALS) and "kept out" not in done.stdout
