"""Names and commands are written for people in one way."""

from pathlib import Path

from autograder.words import command, some


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
