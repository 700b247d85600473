"""Zips and folders are listed and read whatever their makers put into them."""

import io
import os
import stat
import struct
import zipfile
from datetime import datetime

import pytest

from autograder.collecting import archives
from autograder.collecting.archives import gather, unpack
from autograder.errors import CourseError
from autograder.limits import MEGABYTE

MOST = 10 * MEGABYTE


def make_zip(path, files, **more):
    """Write an archive; keys are names or ``ZipInfo``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **more) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return path


def packed(files):
    """Return the bytes of an archive."""
    file = io.BytesIO()
    make_zip(file, files)
    return file.getvalue()


@pytest.fixture
def scratch(tmp_path):
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Unpack in this process: a child takes a second to start, and `test_a_child_unpacks` has one."""
    monkeypatch.setattr(archives.limited, "call", lambda function, *arguments, limit: function(*arguments))


def names(gathered):
    return ["/".join(item.parts) for item in gathered.items]


def test_folders_and_zips_are_listed_alike(tmp_path, scratch):
    """Names and contents are those that were given; hidden files and those of systems are left out."""
    files = {"a/lab.ipynb": "one", "b.txt": "two", "__MACOSX/a/lab.ipynb": "", "a/.git/config": "", ".DS_Store": ""}
    make_zip(tmp_path / "class.zip", files)
    for name, content in files.items():
        (tmp_path / "class" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "class" / name).write_text(content)
    for source in ("class.zip", "class"):
        gathered = gather([tmp_path / source], scratch, MOST)
        assert sorted(names(gathered)) == ["a/lab.ipynb", "b.txt"] and not gathered.problems
        assert {item.read(MOST) for item in gathered.items} == {b"one", b"two"}


def test_archives_inside_are_unpacked(tmp_path, scratch):
    """What a student zipped counts as a folder, in a download of a platform and in a folder of downloads."""
    inner = packed({"my lab/lab.ipynb": "x"})
    (tmp_path / "all").mkdir()
    make_zip(tmp_path / "all" / "canvas.zip", {"doe_1_2_work.zip": inner})
    gathered = gather([tmp_path / "all"], scratch, MOST)
    assert names(gathered) == ["canvas.zip/doe_1_2_work.zip/my lab/lab.ipynb"] and not gathered.problems


def test_a_zip_in_a_student_s_zip_is_named(tmp_path, scratch):
    """Archives in archives have an end: that of a student is opened, one inside it is named."""
    deep = packed({"lab.ipynb": "x", "more.zip": packed({"hidden.ipynb": "y"})})
    make_zip(tmp_path / "class.zip", {"doe_11_22_work.zip": deep})
    gathered = gather([tmp_path / "class.zip"], scratch, MOST)
    assert "doe_11_22_work.zip/lab.ipynb" in names(gathered) and "hidden" not in " ".join(names(gathered))
    assert gathered.problems == ["class.zip/doe_11_22_work.zip/more.zip: is a zip in a zip, and not looked into."]


def test_one_archive_fills_no_page(tmp_path, scratch):
    """Of a thousand entries that are left out the first are named."""
    make_zip(tmp_path / "z.zip", {f"../{number}": "" for number in range(1000)})
    problems = gather([tmp_path / "z.zip"], scratch, MOST).problems
    assert len(problems) == 4 and problems[-1] == "... and 997 more like the last one."


def test_archives_that_take_too_long_are_left(tmp_path, scratch, monkeypatch):
    """The archives of one place have a time together; what is left is named."""
    monkeypatch.setattr(archives, "UNPACKING", archives.Limit(memory=1, processor=-1, wall=1))
    make_zip(tmp_path / "z.zip", {name: packed({"lab.ipynb": "x"}) for name in ("a.zip", "b.zip")})
    gathered = gather([tmp_path / "z.zip"], scratch, MOST)
    assert "took too long" in gathered.problems[0]


@pytest.mark.parametrize("name", ["../../evil.ipynb", "/etc/evil.ipynb", "a/../../evil.ipynb", "..\\evil.ipynb"])
def test_no_name_leads_out(tmp_path, scratch, name):
    """An entry that names a place outside is left out and named; nothing lies there."""
    make_zip(tmp_path / "z.zip", {name: "evil", "good.ipynb": "x"})
    gathered = gather([tmp_path / "z.zip"], scratch, MOST)
    assert names(gathered) == ["good.ipynb"]
    assert "its name leads out of the archive" in gathered.problems[0]
    assert not list(tmp_path.rglob("evil*"))


def test_links_are_left_out(tmp_path, scratch):
    """A link in an archive or a folder is not followed."""
    info = zipfile.ZipInfo("lab.ipynb")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    make_zip(tmp_path / "z.zip", {info: "/etc/passwd"})
    (tmp_path / "f").mkdir()
    os.symlink("/etc/passwd", tmp_path / "f" / "lab.ipynb")
    assert "it is a link" in gather([tmp_path / "z.zip"], scratch, MOST).problems[0]
    assert names(gather([tmp_path / "f"], scratch, MOST)) == []


def test_a_bomb_ends_at_its_limit(tmp_path):
    """A file that is larger than allowed, one that says it is small, and too much in all, are left out one by one."""
    make_zip(tmp_path / "z.zip", {"bomb": b"\0" * (3 * MEGABYTE), "a": b"1" * MEGABYTE, "b": b"2" * MEGABYTE})
    entries, problems = unpack(tmp_path / "z.zip", tmp_path, room=3 * MEGABYTE // 2, most=2 * MEGABYTE)
    assert [parts for parts, *_ in entries] == [("a",)]
    assert "more than 2 MB" in problems[0] and "larger" in problems[1]
    content = bytearray((tmp_path / "z.zip").read_bytes())
    for offset in [at for at in range(len(content)) if content[at : at + 4] == b"PK\1\2"][:1]:
        struct.pack_into("<I", content, offset + 24, 10)  # the size that the list of contents gives
    (tmp_path / "liar.zip").write_bytes(content)
    entries, problems = unpack(tmp_path / "liar.zip", tmp_path, room=MOST, most=2 * MEGABYTE)
    assert ("bomb",) not in [parts for parts, *_ in entries] or entries[0][1] <= 2 * MEGABYTE


def test_damage_is_named(tmp_path, scratch):
    """A damaged archive, entry or date costs only what is damaged."""
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "broken.zip").write_bytes(b"PK\3\4 no archive")
    content = bytearray(make_zip(tmp_path / "y.zip", {"a": b"a" * 1000, "b": b"b" * 1000}).read_bytes())
    content[32:36] = b"\xff\xff\xff\xff"
    (tmp_path / "f" / "half.zip").write_bytes(content)
    gathered = gather([tmp_path / "f"], scratch, MOST)
    assert names(gathered) == ["half.zip/b"]
    assert "broken.zip: cannot be unpacked" in gathered.problems[0] and "damaged" in gathered.problems[1]
    info = zipfile.ZipInfo("lab.ipynb", (2026, 2, 31, 1, 2, 3))
    entries, _ = unpack(make_zip(tmp_path / "d.zip", {info: "x"}), tmp_path / "f", MOST, MOST)
    assert entries[0][2] == datetime(1980, 1, 1)


def test_names_in_any_encoding_are_read(tmp_path, scratch):
    """Names of older programs, of one folder that another name hides, and very long ones lead to their files."""
    make_zip(tmp_path / "z.zip", {"ü" * 200 + ".ipynb": "1", "a": "2", "a/b": "3", "?bung": "4"})
    content = (tmp_path / "z.zip").read_bytes().replace(b"?bung", b"\x9abung")
    (tmp_path / "z.zip").write_bytes(content)
    assert names(gather([tmp_path / "z.zip"], scratch, MOST)) == ["ü" * 200 + ".ipynb", "a", "a/b", "Übung"]


def test_thousands_of_files_are_no_matter(tmp_path, scratch):
    """A large class is listed whole."""
    make_zip(tmp_path / "z.zip", {f"s{number}/lab.ipynb": "{}" for number in range(3000)})
    gathered = gather([tmp_path / "z.zip"], scratch, MOST)
    assert len(gathered.items) == 3000 and not gathered.problems


def test_what_is_not_there_is_said(tmp_path, scratch):
    """A source that is not there stops with its name; a single file is taken as it is."""
    with pytest.raises(CourseError, match="there is no such zip or folder"):
        gather([tmp_path / "none.zip"], scratch, MOST)
    (tmp_path / "lab.ipynb").write_text("x")
    assert names(gather([tmp_path / "lab.ipynb"], scratch, MOST)) == ["lab.ipynb"]


def test_a_child_unpacks(tmp_path, scratch, monkeypatch):
    """An archive is opened by a process with limits, and one that goes beyond them is named."""
    monkeypatch.undo()
    make_zip(tmp_path / "z.zip", {"a": "x"})
    assert names(gather([tmp_path / "z.zip"], scratch, MOST)) == ["a"]
