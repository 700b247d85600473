"""A run result crosses from machine to machine as it was, or is refused."""

import hashlib
import json
from pathlib import Path

import pytest

from autograder.grading import run_result
from autograder.grading.run_result import Damaged, FailedElsewhere, RunResult
from autograder.grading.submissions import Submission, Unreadable

STAMP = {"fingerprint": "0" * 64, "engine": "sealed"}
ADA = Submission("ada \udcff", "lab", Path("nowhere"))  # a folder's name need not be UTF-8


def test_a_result_comes_back_as_it_was():
    """Names of any bytes, words and seconds survive; what was not graded has no notebook."""
    result = RunResult(ADA.student, "lab", STAMP, "unreadable", "there is no file", 0.5)
    assert run_result.from_bytes(result.to_bytes(), ADA) == result


def raising(error):
    def run():
        raise error

    return run


def test_how_a_run_ended_is_told_where_it_is_recorded(tmp_path):
    """What nobody could read stays that, and a failure of the grader stays a failure."""
    result = run_result.of_run(ADA, STAMP, raising(Unreadable("it is empty")))
    with pytest.raises(Unreadable, match="it is empty"):
        result.executed(ADA, tmp_path)
    with pytest.raises(FailedElsewhere, match="disk full"):
        run_result.failed(ADA, STAMP, "OSError: disk full").executed(ADA, tmp_path)


def test_a_failure_of_the_grader_is_no_result():
    """Whoever runs it tries again, and says in the end that it failed."""
    with pytest.raises(OSError, match="disk full"):
        run_result.of_run(ADA, STAMP, raising(OSError("disk full")))


def signed(text):
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda content: content[:-1], "checksum"),
        (lambda content: b"", "checksum"),
        (lambda content: signed(b"{"), "not valid JSON"),
        (lambda content: signed(b"[" * 100_000), "not valid JSON"),
        (lambda content: signed(b"[]"), "not of type 'object'"),
        (lambda content: signed(content.split(b"\n")[1].replace(b"0.5", b"NaN")), "seconds"),
        (lambda content: signed(content.split(b"\n")[1].replace(b'"unreadable"', b'"graded"')), "notebook"),
        (
            lambda content: signed(content.split(b"\n")[1].replace(b'"lab":"lab"', b'"lab":"lab2"')),
            "another submission",
        ),
    ],
)
def test_what_is_damaged_is_refused(change, complaint):
    """Cut, empty, no JSON, another form, or of another submission."""
    content = RunResult(ADA.student, "lab", STAMP, "unreadable", "why", 0.5).to_bytes()
    with pytest.raises(Damaged, match=complaint):
        run_result.from_bytes(change(content), ADA)


def test_what_is_too_large_is_not_parsed(monkeypatch):
    """The limit comes before everything else."""
    monkeypatch.setattr(run_result, "MOST_BYTES", 10)
    with pytest.raises(Damaged, match="at most"):
        run_result.from_bytes(json.dumps({}).encode() * 10, ADA)
