"""Names and commands are written for people in one way."""

import ast
import re
from pathlib import Path

import pytest

from autograder import database
from autograder.cli import main, verbs
from autograder.settings import PROJECT, TEMPLATES
from autograder.words import command, some

SOURCES = [path for package in ("autograder", "course_utils") for path in sorted((PROJECT / package).rglob("*.py"))]
COMMAND = re.compile(rf"\bautograder ({'|'.join(verbs())})\b")


def test_of_many_names_the_first_are_written():
    """A few names stand whole; of more the first ones, and how many are left."""
    assert some(["ada", "bo"], most=2) == "ada, bo"
    assert some(["ada", "bo", "cy", "dee"], most=2) == "ada, bo and 2 more"
    assert some(range(12)).endswith("8, 9 and 2 more")


def test_a_command_acts_on_the_classroom_that_it_was_told_for(monkeypatch, tmp_path):
    """Copied into a shell, a command works on the same classroom: only the usual one goes without saying."""
    monkeypatch.chdir(tmp_path)
    assert command(Path("classroom").resolve(), "build --yes") == "autograder build --yes"
    assert command(Path("/a b/room"), "build --yes") == "autograder build --yes --classroom '/a b/room'"


def test_a_command_acts_on_the_gradebook_that_was_given(monkeypatch, tmp_path, capsys):
    """The option `--db` of a run stands in the commands that it tells, without the password, and in no later run's."""
    for name in ("PGPASSWORD", database.VARIABLE):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(database, "find_spec", lambda name: True)
    report = ["report", "--classroom", str(tmp_path)]
    assert main([*report, "--db", "postgresql://ann:s3cret@db/course"]) == 2
    told = capsys.readouterr().err
    assert f"autograder build --classroom {tmp_path} --db postgresql+psycopg://ann@db/course\n" in told
    assert main(report) == 2 and "--db" not in capsys.readouterr().err


def written_out(tree):
    """Yield what a module says to people with a command in it: no docstring, no help of an option, no bare name."""
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    left_out |= {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.keyword) and each.arg == "help"}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = node.value
        else:
            continue
        if id(node) not in left_out and COMMAND.search(text) and not COMMAND.fullmatch(text):
            yield text


def test_no_command_is_written_out():
    """A command that is printed names the classroom: ``words.command`` writes it, no sentence holds one as text.

    The name of a command alone, as the lock and undo keep it, is nothing to paste.
    """
    found = [(path.name, text) for path in SOURCES for text in written_out(ast.parse(path.read_text(encoding="utf-8")))]
    assert found == []
    assert [
        path.name for path in TEMPLATES.rglob("*") if path.is_file() and COMMAND.search(path.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ('f(f"{path}: gone. Run `autograder build`.")', 1),
        ('f("see " "autograder doctor")', 1),
        ('alone(room, "autograder build")', 0),
        ('parser.add_argument("--shard", help="see `autograder merge`")', 0),
        ('"""``autograder undo``: take back."""', 0),
    ],
)
def test_commands_in_sentences_are_seen(code, seen):
    """A command within a sentence is found, in one piece or in several; names, help and docstrings may name one."""
    assert len(list(written_out(ast.parse(code)))) == seen
