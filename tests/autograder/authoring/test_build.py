"""``autograder build``: what it writes depends on the sources alone."""

import os
import shutil
import subprocess
import sys

import pytest

from autograder.authoring.build import record
from autograder.authoring.source import Lab
from autograder.settings import PROJECT

CORE_TYPES = ("Nehalem", "Haswell", "Zen")  # processors whose last digits OpenBLAS can reproduce on this one
NEEDED = ("autograder", "course_utils", "solutions", "nbgrader_config.py", "pyproject.toml")


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(("found", "kept"), [("-10.30001", True), ("-10.301", False)])
def test_a_recording_changes_only_when_its_content_does(found, kept, tmp_path):
    """A file that differs by another processor's rounding is kept as it is; one with other numbers is written anew."""
    lab = Lab(PROJECT / "solutions" / "lab0_welcome.py")
    record(lab, tmp_path)
    path = tmp_path / "lab0_welcome.json"
    written = path.read_text(encoding="utf-8")
    altered = written.replace("-10.3,", f"{found},")
    path.write_text(altered, encoding="utf-8")
    record(lab, tmp_path)
    assert altered != written and path.read_text(encoding="utf-8") == (altered if kept else written)


@pytest.mark.slow
@pytest.mark.parametrize("core_type", CORE_TYPES)
def test_every_processor_builds_the_same(core_type, tmp_path):
    """A build with the arithmetic of another processor leaves ``labs/`` and ``course_utils/recorded`` as they are."""
    environment = {**os.environ, "OPENBLAS_CORETYPE": core_type, "PYTHONPATH": str(tmp_path)}
    product = "import numpy as np; a = np.ones((65, 65)); assert (a @ a == 65).all()"
    if subprocess.run([sys.executable, "-c", product], env=environment, check=False).returncode != 0:
        pytest.skip(f"this processor cannot compute as OpenBLAS's {core_type}")
    for name in NEEDED:
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, tmp_path / name)
    command = [sys.executable, "-m", "autograder", "build", "--classroom", str(tmp_path / "classroom")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for built, committed in (("labs", "labs"), ("course_utils/recorded", "course_utils/recorded")):
        assert files(tmp_path / built) == files(PROJECT / committed), built
