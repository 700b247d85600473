"""Feedback is printed where there is a browser, once for each page, and a browser that fails is no disaster."""

import os
import shutil

import pytest

from autograder.errors import CourseError
from autograder.exporting import pdf
from autograder.exporting.pdf import BROWSERS, print_pages


@pytest.fixture
def pages(tmp_path):
    """Two students' pages."""
    found = {}
    for student in ("ada", "bob"):
        found[student] = tmp_path / "feedback" / student / "toy.html"
        found[student].parent.mkdir(parents=True)
        found[student].write_text(f"<p>page of {student}</p>")
    return found


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """A program in the place of the browser, which does what a script says; returns what writes the script."""

    def does(script):
        path = tmp_path / "browser"
        path.write_text(
            f"#!/bin/sh\nfor each; do case $each in --print-to-pdf=*) out=${{each#*=}};; esac; done\n{script}\n"
        )
        path.chmod(0o755)
        monkeypatch.setattr(pdf, "require_browser", lambda: str(path))

    return does


def test_a_page_is_printed_once(pages, browser, tmp_path):
    """What was printed is kept until the page is newer."""
    browser('echo printed > "$out"')
    printed, failed = print_pages(pages, tmp_path / "pdf", 2)
    assert failed == [] and printed["bob"] == tmp_path / "pdf" / "bob" / "toy.pdf"
    browser("exit 1")
    assert print_pages(pages, tmp_path / "pdf", 2) == (printed, [])
    os.utime(pages["bob"], ns=(2**62, 2**62))
    assert print_pages(pages, tmp_path / "pdf", 2)[1] == ["bob"]


@pytest.mark.parametrize("script", ["exit 0", 'echo half > "$out"; exit 3', "sleep 60 & sleep 60"])
def test_a_browser_that_fails_is_named(pages, browser, tmp_path, monkeypatch, script):
    """One that prints nothing, ends badly or never costs its pages, and leaves nothing behind."""
    monkeypatch.setattr(pdf, "SECONDS", 0.3)
    browser(script)
    printed, failed = print_pages(pages, tmp_path / "pdf", 2)
    assert printed == {} and failed == ["ada", "bob"]
    assert not list((tmp_path / "pdf").rglob("*.pdf"))


def test_without_a_browser_the_message_says_what_to_do(pages, tmp_path, monkeypatch):
    """Where there is no browser nothing is printed, and the message has a way out."""
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    with pytest.raises(CourseError, match="needs Chromium or Chrome"):
        print_pages(pages, tmp_path / "pdf", 1)


def test_a_real_browser_prints(pages, tmp_path):
    """Chromium makes a PDF of a page."""
    if not any(map(shutil.which, BROWSERS)):
        pytest.skip("no Chromium or Chrome on this computer (Debian and Ubuntu: apt install chromium)")
    printed, failed = print_pages({"ada": pages["ada"]}, tmp_path / "pdf", 1)
    assert failed == [] and printed["ada"].read_bytes().startswith(b"%PDF-")
