"""``autograder merge``: what it asks for and how it names what is missing; the rest is tested with the shards."""

from autograder.cli import main


def test_without_a_shard_it_says_how_one_is_made(tmp_path, capsys):
    """Exit code 2 and the command."""
    assert main(["merge", "--classroom", str(tmp_path)]) == 2
    grade = f"autograder grade --shard I/N --classroom {tmp_path}"
    assert f"holds no shard. `{grade}` writes one." in capsys.readouterr().err
