"""When work was handed in: a time in one of two forms, read in no time whatever was handed in under that name."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from traitlets.config import Config

from autograder.grading import lateness
from autograder.grading.lateness import FILE, Deadlines, handed_in_at
from autograder.grading.submissions import Submission


def submission(folder, content=None):
    """Return a submission in whose folder ``timestamp.txt`` holds these bytes."""
    if content is not None:
        (folder / FILE).write_bytes(content)
    return Submission("ada", "toy", folder)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-26 10:58:23.948203 UTC", datetime(2026, 11, 26, 10, 58, 23, 948203)),
        ("2026-11-26 10:58:23 Europe/Berlin\n", datetime(2026, 11, 26, 9, 58, 23)),
        ("2026-11-26 10:58:23", datetime(2026, 11, 26, 10, 58, 23)),
        ("2026-11-26T10:58:23+02:00", datetime(2026, 11, 26, 8, 58, 23)),
        ("2026-11-26T10:58Z", datetime(2026, 11, 26, 10, 58)),
    ],
)
def test_times_as_nbgrader_and_iso_write_them_are_read(tmp_path, text, expected):
    """The time comes back in UTC, as nbgrader keeps it."""
    assert handed_in_at(submission(tmp_path, text.encode())) == expected


def test_no_file_is_no_time(tmp_path):
    """Where nobody wrote the file, nothing is known."""
    assert handed_in_at(submission(tmp_path)) is None
    assert handed_in_at(submission(tmp_path / "missing")) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a" * 2_000_000,
        b"yesterday",
        b"2026-99-26 10:58:23",
        b"2026-11-26 10:58:23 ../../x",
        b"\xff\xfe",
        b"1" * 64,
    ],
    ids=["empty", "2 MB", "words", "no such day", "a path", "no text", "digits"],
)
def test_what_is_no_time_is_told_at_once(tmp_path, monkeypatch, content):
    """The parser, which takes minutes for some texts, sees nothing but what has the form of a time."""

    def parse(text):
        assert text == "2026-99-26 10:58:23"
        raise ValueError("no such day")

    monkeypatch.setattr(lateness, "parse_utc", parse)
    with pytest.raises(ValueError):
        handed_in_at(submission(tmp_path, content))


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: os.symlink("/etc/hostname", path)])
def test_what_is_no_file_is_not_opened(tmp_path, make):
    """A folder, a pipe without a writer and a link are refused."""
    make(tmp_path / FILE)
    with pytest.raises(ValueError, match="no file"):
        handed_in_at(submission(tmp_path))


@pytest.mark.parametrize(
    ("student", "days", "over"),
    [
        ("ada", -1, True),
        ("bob", 1, False),
        ("cy", 3, False),
        ("dan", -2, True),
        ("eve", -1, True),
        ("nobody", -1, True),
    ],
    ids=["none", "gradebook", "roster before gradebook", "time taken away", "taken back in the roster", "unknown"],
)
def test_one_place_says_until_when_each_may_hand_in(tmp_path, monkeypatch, student, days, over):
    """The roster's extension goes before the gradebook's; nobody else is later than the last one."""
    (tmp_path / "roster.csv").write_text("id,extension\nada,other=9\nbob,\ncy,toy=4\neve,0\n")
    due = datetime.now(UTC).replace(microsecond=0, tzinfo=None) - timedelta(days=1)
    held = {name: timedelta(days=time) for name, time in (("bob", 2), ("cy", 1), ("dan", -1), ("eve", 2))}
    monkeypatch.setattr(lateness, "due_and_extensions", lambda config, lab: (due, held))
    deadlines = Deadlines(Config({"CourseDirectory": {"root": str(tmp_path)}}), "toy")
    assert deadlines.of(student) == due + timedelta(days=days + 1) <= deadlines.last() == deadlines.of("cy")
    assert deadlines.is_over(student) == over


def test_without_a_due_date_nobody_is_too_late(tmp_path, monkeypatch):
    """An extension of nothing is nothing; missing work is 0 by the instructor's word alone."""
    (tmp_path / "roster.csv").write_text("id,extension\nada,2\n")
    monkeypatch.setattr(lateness, "due_and_extensions", lambda config, lab: (None, {"bob": timedelta(days=1)}))
    config = Config({"CourseDirectory": {"root": str(tmp_path)}})
    deadlines = Deadlines(config, "toy")
    assert deadlines.of("ada") is deadlines.last() is None and not deadlines.missing_is_zero(config, "ada")
    config.Lateness.missing_is_zero = True
    assert deadlines.missing_is_zero(config, "ada")
