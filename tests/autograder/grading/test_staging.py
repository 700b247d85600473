"""The staging folder: on the classroom's disk, gone after use, and after a killed run with the next."""

from autograder.classroom import Classroom
from autograder.grading.staging import staging_root


def test_the_folder_lies_in_the_classroom_and_goes(tmp_path):
    """What is laid out can be moved into place at once, and nothing is left, after an error neither."""
    classroom = Classroom(tmp_path).create()
    before = sorted(tmp_path.iterdir())
    try:
        with staging_root(classroom) as staged:
            assert staged.parent == tmp_path and not list(staged.iterdir())
            (staged / "ada").mkdir()
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert sorted(tmp_path.iterdir()) == before


def test_what_a_killed_run_left_goes_and_what_a_running_one_uses_stays(tmp_path):
    """The lock of a folder ends with the processes that used it."""
    classroom = Classroom(tmp_path).create()
    (tmp_path / ".staged-left" / "ada").mkdir(parents=True)
    (tmp_path / ".staged-file").touch()
    with staging_root(classroom) as first, staging_root(classroom) as second:
        assert first.is_dir() and second.is_dir() and first != second
        assert not (tmp_path / ".staged-left").exists() and (tmp_path / ".staged-file").exists()
