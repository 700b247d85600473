"""The staging folder: on the classroom's disk, gone after use, and after a killed run with the next."""

import signal
import subprocess
import sys
from pathlib import Path

from autograder.classroom import Classroom
from autograder.grading.staging import staging_root


def test_the_folder_lies_in_the_classroom_and_goes(tmp_path):
    """What is laid out can be moved into place at once, and nothing is left, after an error neither."""
    classroom = Classroom(tmp_path).create()
    before = sorted(tmp_path.iterdir())
    try:
        with staging_root(classroom) as staged:
            assert staged.parent == tmp_path and not list(staged.iterdir())
            (staged / "ada").mkdir()
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert sorted(tmp_path.iterdir()) == before


def test_what_a_killed_run_left_goes_and_what_a_running_one_uses_stays(tmp_path):
    """The lock of a folder ends with the processes that used it."""
    classroom = Classroom(tmp_path).create()
    (tmp_path / ".staged-left" / "ada").mkdir(parents=True)
    (tmp_path / ".staged-file").touch()
    with staging_root(classroom) as first, staging_root(classroom) as second:
        assert first.is_dir() and second.is_dir() and first != second
        assert not (tmp_path / ".staged-left").exists() and (tmp_path / ".staged-file").exists()


def test_the_folder_of_a_killed_process_goes_with_the_next(tmp_path):
    """Whatever killed it, no copy of a submission stays for long; one that lives keeps its own."""
    classroom = Classroom(tmp_path).create()
    code = (
        "import sys, time; from autograder.classroom import Classroom; from autograder.grading.staging import *\n"
        "with staging_root(Classroom(sys.argv[1])) as folder:\n"
        "    (folder / 'submission').write_text('x'); print(folder, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        theirs = Path(other.stdout.readline().strip())
        with staging_root(classroom) as ours:
            assert ours != theirs and (theirs / "submission").exists()
        other.send_signal(signal.SIGKILL)
    assert (theirs / "submission").exists() and theirs.stat().st_mode & 0o077 == 0
    with staging_root(classroom):
        assert not theirs.exists()
