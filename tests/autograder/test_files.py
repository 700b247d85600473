"""Files are replaced whole or left as they were; of a folder that somebody changes, only plain files are read."""

import os
import socket
from pathlib import Path

import pytest

from autograder import files
from autograder.errors import CourseError
from autograder.files import Folder, copy_files, read_given, write_atomically


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
    assert path.read_text() == "old" and [*tmp_path.iterdir()] == [path]


@pytest.fixture
def handed_in(tmp_path):
    """A folder with plain files and with what is none."""
    folder = tmp_path / "ada" / "lab"
    (folder / "data" / "deep").mkdir(parents=True)
    for name in ("a.txt", "data/b.txt", "data/deep/c.txt", ".hidden", "data/.git"):
        (folder / name).write_text(name)
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "data" / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(folder)  # a socket's path may not be long
        listener.bind("socket")
        os.chdir(here)
    return folder


PLAIN = ["a.txt", "data/b.txt", "data/deep/c.txt"]


def test_plain_files_are_listed_and_nothing_else(handed_in):
    """Links, pipes, sockets and hidden files are none."""
    with Folder(handed_in.parent.parent, "ada", "lab") as folder:
        listing = folder.list()
    assert [(str(name), size) for name, size in listing.files] == [(name, len(name)) for name in PLAIN]
    assert listing.whole


def test_a_folder_with_too_much_in_it_is_listed_in_part(handed_in, monkeypatch):
    """Neither many entries nor deep folders keep the grader busy, and the listing says that it is not whole."""
    monkeypatch.setattr(files, "DEEPEST_FOLDER", 1)
    with Folder(handed_in) as folder:
        listing = folder.list()
        assert [str(name) for name, _ in listing.files] == PLAIN[:2] and not listing.whole
        monkeypatch.setattr(files, "MOST_ENTRIES", 3)
        assert not folder.list().whole


@pytest.mark.parametrize("name", ["link", "pipe", "socket", "data/up/secret", "data", "none"])
def test_what_is_no_plain_file_is_not_opened(handed_in, name):
    """It is the same as no file; nothing waits for a pipe, and no link is followed, not even one to a folder."""
    with Folder(handed_in) as folder, pytest.raises((FileNotFoundError, NotADirectoryError)):
        folder.read(Path(name), 100)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("pipe", "a pipe"), ("socket", "a socket"), ("data", "a folder"), ("/dev/null", "a device")],
)
def test_what_is_given_must_be_a_file(handed_in, monkeypatch, name, kind):
    """What a person put where a file belongs is refused in one sentence, and nothing waits for a pipe."""
    monkeypatch.chdir(handed_in)  # a socket's path may not be long
    with pytest.raises(CourseError) as refused:
        read_given(Path(name))
    assert str(refused.value) == f"{name}: this is {kind}, and no file."


def test_what_is_given_is_read_through_a_link_and_up_to_a_limit(handed_in):
    """Links of a person who is trusted are followed, and a file that is too large is not read whole."""
    assert (read_given(handed_in / "link"), read_given(handed_in / "a.txt", 2)) == (b"secret", b"a.")
    with pytest.raises(FileNotFoundError):
        read_given(handed_in / "none")


def test_a_file_that_grows_is_read_up_to_what_was_asked_for(handed_in):
    """However large it is by now."""
    with Folder(handed_in) as folder:
        os.truncate(handed_in / "a.txt", 1 << 40)
        assert folder.read(Path("a.txt"), 7) == b"a.txt\0\0"


@pytest.mark.parametrize("names", [("link",), ("data", "up"), ("a.txt",), ("pipe",), ("none",)])
def test_a_folder_that_is_a_link_is_not_opened(handed_in, names):
    """Nor is anything else that is no folder."""
    with pytest.raises((FileNotFoundError, NotADirectoryError)):
        Folder(handed_in, *names)


def test_files_are_copied_up_to_a_limit(handed_in, tmp_path):
    """A file that became a link is left out; together they are no more than was asked for."""
    with Folder(handed_in) as folder:
        names = [name for name, _ in folder.list().files]
        (handed_in / "a.txt").unlink()
        (handed_in / "a.txt").symlink_to(tmp_path / "secret")
        copy_files(folder, tmp_path / "copy", names, 12)
    copies = [tmp_path / "copy" / name for name in names]
    assert [copy.read_text() for copy in copies if copy.exists()] == ["data/b.txt", "da"]
