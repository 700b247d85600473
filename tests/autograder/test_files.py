"""Files are replaced whole, or left as they were."""

import pytest

from autograder.files import write_atomically


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    """The new text is there, in UTF-8, and no half-written file beside it."""
    path = tmp_path / "grades.csv"
    for text in ("old", "neu: ü\n"):
        write_atomically(path, text)
    assert path.read_bytes() == "neu: ü\n".encode()
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_stays_when_writing_fails(tmp_path):
    """Text that cannot be written leaves the file as it was."""
    path = tmp_path / "grades.csv"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text() == "old"
