"""``autograder undo`` where there is nothing to take back; what it takes back is tried in test__mending."""

from autograder.cli import main
from tests.autograder import toy


def test_without_a_command_that_changed_scores(tmp_path, capsys):
    """It is a sentence, and nothing is made: neither a classroom nor reports."""
    assert main(["undo", "--classroom", str(tmp_path / "none"), "--yes"]) == 2
    assert "there is no classroom here" in capsys.readouterr().err and not (tmp_path / "none").exists()
    classroom, _ = toy.make_classroom(tmp_path / "room")
    assert main(["undo", "--classroom", str(classroom.root), "--yes"]) == 2
    assert "there is nothing to take back" in capsys.readouterr().err and not classroom.reports.exists()
