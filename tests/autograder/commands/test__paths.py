"""Whatever path a command is given: one that cannot be read or written is one sentence, before anything is done."""

import os
from unittest.mock import Mock

import pytest

from autograder.cli import main
from autograder.commands import _paths
from autograder.errors import CourseError

READ = [
    ("collect", []),
    ("merge", []),
    ("export", ["--to", "moodle", "--worksheet"]),
    *(("grade", [f"--tls-{name}"]) for name in ("ca-file", "cert", "key")),
]
WRITTEN = [("build", ["--labs"]), ("release", []), ("explain", ["ada", "neuron", "--page"])]


@pytest.mark.parametrize(("verb", "options"), READ + WRITTEN)
def test_a_path_that_cannot_be_meant_is_refused_before_any_work(verb, options, tmp_path, monkeypatch, capsys):
    """One that is not there, or below a file, is named, and the verb does not run."""
    run = Mock()
    monkeypatch.setattr(f"autograder.commands.{verb}.run", run)
    (tmp_path / "file").write_text("a file")
    wrong = tmp_path / ("lost" if (verb, options) in READ else "file") / "deep"
    assert main([verb, "--classroom", str(tmp_path), *options, str(wrong)]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"autograder: {wrong}: ") and told.count("\n") == 1 and not run.called


@pytest.mark.parametrize(
    ("kind", "name", "problem"),
    [
        ("existing_file", "folder", "name a file"),
        ("existing_folder", "file", "name a folder"),
        ("new_file", "folder", "name a file in it"),
        ("new_file", "lost/x", "there is no folder"),
        ("new_folder", "file", "this is a file"),
        ("new_folder", "file/deep", "file is a file"),
    ],
)
def test_files_and_folders_are_told_apart(kind, name, problem, tmp_path):
    """The sentence says what is there and what to name."""
    (tmp_path / "file").write_text("a file")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CourseError, match=problem):
        getattr(_paths, kind)(str(tmp_path / name))


@pytest.mark.parametrize(("verb", "options"), READ)
def test_a_pipe_is_neither_file_nor_folder(verb, options, tmp_path, monkeypatch, capsys):
    """Whatever is to be read is refused before anything waits for what the pipe might bring."""
    monkeypatch.setattr(f"autograder.commands.{verb}.run", Mock())
    os.mkfifo(tmp_path / "pipe")
    assert main([verb, "--classroom", str(tmp_path), *options, str(tmp_path / "pipe")]) == 2
    assert capsys.readouterr().err == f"autograder: {tmp_path / 'pipe'}: this is a pipe, and no file.\n"


@pytest.mark.parametrize("kind", ["existing_file", "new_file", "new_folder"])
def test_rights_are_looked_at(kind, tmp_path, monkeypatch):
    """A path is taken as it is where the system allows it, and refused where not."""
    (tmp_path / "x").mkdir() if kind == "new_folder" else (tmp_path / "x").write_text("")
    take = getattr(_paths, kind)
    assert take(str(tmp_path / "x")) == tmp_path / "x"
    monkeypatch.setattr(_paths.os, "access", lambda path, mode: False)
    with pytest.raises(CourseError, match=r"may not be (read|written)"):
        take(str(tmp_path / "x"))


@pytest.mark.parametrize("verb", ["build", "sample", "grade", "undo"])
def test_a_file_is_no_classroom(verb, tmp_path, capsys):
    """A file in the place of the classroom, or of a folder above it, is named, and what is wanted instead."""
    (tmp_path / "file").write_text("a file")
    for room in ("file", "file/deep"):
        assert main([verb, "--classroom", str(tmp_path / room)]) == 2
        told = capsys.readouterr().err
        assert told.endswith(" is a file; name a folder.\n") and told.count("\n") == 1
