"""nbgrader's own tests of autograding, some of them, with our ``Execute``; `make nbgrader-tests` runs all."""

import subprocess
import sys

from autograder.settings import PROJECT
from tests.autograder.sealing import needs_sandbox

SOME = "test_showtraceback_exploit or test_missing_source_kernelspec or test_side_effects"


@needs_sandbox
def test_nbgrader_s_own_tests_pass_with_our_engine():
    """Scores, exploits, unknown kernels and file handling come out as nbgrader's own tests expect, or as listed."""
    command = [sys.executable, "-m", "pytest", "-q", "-W", "ignore", "-c", "tests/nbgrader_own/pytest.ini", "--pyargs"]
    done = subprocess.run(
        [*command, "nbgrader.tests.apps.test_nbgrader_autograde", "-k", SOME],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert "2 passed" in done.stdout and "1 xfailed" in done.stdout
