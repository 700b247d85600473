"""``autograder release``: where the bundle is, and which kind must never reach a class."""

import json
from argparse import ArgumentParser
from pathlib import Path

import pytest

from autograder.authoring.bundle import MANIFEST
from autograder.cli import main
from autograder.commands import release


def test_a_bundle_for_a_class(few_built, tmp_path, monkeypatch, capsys):
    """The command names the bundle's folder in full, and says that nothing else goes to students."""
    monkeypatch.chdir(tmp_path)
    assert main(["release", "bundle", "--classroom", str(few_built[0].root)]) == 0
    printed = capsys.readouterr().out
    assert f"The student bundle is in {tmp_path / 'bundle'}. " in printed and "nothing else of this project" in printed
    assert "keys" not in printed
    assert json.loads((tmp_path / "bundle" / MANIFEST).read_text(encoding="utf-8"))["self_study"] is False
    assert sorted(path.stem for path in (tmp_path / "bundle" / "labs").iterdir()) == few_built[0].labs()


def test_a_bundle_for_self_study(few_built, tmp_path, capsys):
    """The command warns that this bundle gives away the keys of the quizzes."""
    dest = tmp_path / "bundle"
    assert main(["release", str(dest), "--self-study", "--classroom", str(few_built[0].root)]) == 0
    printed = capsys.readouterr().out
    assert f"The self-study bundle is in {dest}. It gives away the keys of the quizzes" in printed
    assert "never to a class that is graded" in printed
    assert json.loads((dest / MANIFEST).read_text(encoding="utf-8"))["self_study"] is True


def test_a_bundle_is_for_a_class_unless_told_otherwise():
    """Self-study is an option; the folder is not, so that nothing is written where nobody asked for it."""
    parser = ArgumentParser()
    release.add_arguments(parser)
    assert vars(parser.parse_args(["there"])) == {"dest": Path("there"), "self_study": False}
    with pytest.raises(SystemExit):
        parser.parse_args([])


def test_a_folder_that_is_refused_is_one_line(few_built, tmp_path, capsys):
    """Where other files are in the way the command fails, says so, and names no bundle."""
    (tmp_path / "thesis.tex").write_text("precious", encoding="utf-8")
    assert main(["release", str(tmp_path), "--classroom", str(few_built[0].root)]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and "thesis.tex" in printed.err and printed.err.count("\n") == 1
