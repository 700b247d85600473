"""``autograder merge``: what it asks for and how it names what is missing; the rest is tested with the shards."""

from pathlib import Path

from autograder.cli import main
from autograder.commands import merge
from autograder.grading.submissions import Submission


def test_a_few_names_are_told_and_many_counted():
    """One line names ten submissions at most."""
    many = [Submission(f"s{number}", "lab", Path()) for number in range(12)]
    assert merge._names(many[:1]) == "1 submission: s0/lab"
    assert merge._names(many).endswith("s9/lab and 2 more")


def test_without_a_shard_it_says_how_one_is_made(tmp_path, capsys):
    """Exit code 2 and the command."""
    assert main(["merge", "--classroom", str(tmp_path)]) == 2
    assert "holds no shard. `autograder grade --shard I/N` writes one." in capsys.readouterr().err
