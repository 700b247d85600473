"""``autograder doctor``."""

import pytest
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.cli import main
from autograder.commands import doctor
from autograder.sandbox.trials import TrialResult


def diagnose(monkeypatch, capsys, root, *results, columns=200):
    """Run the command as if the trials had these results; return its exit code and what it prints."""
    monkeypatch.setattr(doctor.Execute, "isolations", lambda self: results)
    monkeypatch.setenv("COLUMNS", str(columns))
    code = main(["doctor", "--classroom", str(root)])
    return code, capsys.readouterr().out


def test_a_machine_that_can_seal(monkeypatch, capsys, tmp_path):
    """Where every isolation works the command says so and succeeds; it names the engine and the frameworks."""
    code, printed = diagnose(monkeypatch, capsys, tmp_path / "spring", TrialResult("sandbox", "yes", ""))
    assert code == 0
    assert "Submissions can be sealed here." in printed
    assert "Engine of spring: sealed" in printed
    assert "PyTorch" in printed and "TensorFlow" in printed and "alembic" in printed


@pytest.mark.parametrize("name", ["sandbox", "no network"])
def test_a_machine_that_cannot_seal(monkeypatch, capsys, tmp_path, name):
    """Where one isolation is missing the command fails and says what to do."""
    code, printed = diagnose(monkeypatch, capsys, tmp_path, TrialResult(name, "no", "do this", "this missing"))
    assert code == 1
    assert "do this" in printed and "--unsafe" in printed and "this missing" in printed


def test_what_to_do_stands_in_one_piece(monkeypatch, capsys, tmp_path):
    """On a narrow terminal no word of the table is cut, and a command can be copied from below it."""
    do = f"put systemd.unified_cgroup_hierarchy=1 on the {'kernel ' * 20}line"
    place = f"/tmp/{'f9681f37-' * 12}4"
    monkeypatch.setattr(doctor.resident, "in_words", lambda: [f"does not answer: {place}"])
    _, printed = diagnose(monkeypatch, capsys, tmp_path, TrialResult("cgroup", "second best", do), columns=80)
    assert f"cgroup: {do}." in printed.splitlines()
    assert "…" not in printed
    assert place in "".join(character for character in printed if character not in " │\n")


def test_the_engine_that_grades_is_the_one_that_is_looked_at(monkeypatch, capsys, tmp_path):
    """The settings decide about the engine, as in grading; one without walls of its own seals nothing."""
    Classroom(tmp_path).create(engine="plain")
    code, printed = diagnose(monkeypatch, capsys, tmp_path, TrialResult("sandbox", "yes", ""))
    assert code == 0 and "plain" in printed and "scores rest on trust" in printed
    monkeypatch.undo()
    monkeypatch.setattr(doctor, "load_config", lambda room: Config({"Execute": {"engine": "kernel"}}))
    assert main(["doctor", "--classroom", str(tmp_path)]) == 1
    assert "no system-call filter" in " ".join(capsys.readouterr().out.split())


def test_a_missing_program_is_named(monkeypatch, capsys, tmp_path):
    """Where alembic is not found, which nbgrader calls by name, the table says from where to run."""
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    _, printed = diagnose(monkeypatch, capsys, tmp_path)
    assert "run autograder from the environment's bin folder" in printed


def test_declared_packages_are_looked_for(monkeypatch, capsys, tmp_path):
    """What the course declares is in the table; what is missing fails, with the command that installs it."""
    for packages, code in ((["numpy>=2"], 0), (["numpy>=2", "nobodys-package"], 1)):
        monkeypatch.setattr(doctor, "load_config", lambda room, names=packages: Config({"Course": {"packages": names}}))
        found, printed = diagnose(monkeypatch, capsys, tmp_path, TrialResult("sandbox", "yes", ""))
        assert found == code and "numpy>=2" in printed
        assert ("pip install 'nobodys-package'" in printed and "nothing is graded" in printed) is bool(code)


def test_this_machine(capsys, tmp_path):
    """On this machine the command ends with a plain sentence, whatever it can isolate."""
    assert main(["doctor", "--classroom", str(tmp_path)]) in (0, 1)
    assert "Submissions can" in capsys.readouterr().out
