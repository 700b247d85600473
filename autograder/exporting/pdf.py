"""Feedback pages as PDF, where Chromium or Chrome is there."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder.errors import CourseError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120  # for one page
# No network, no add-ons, nothing of the user's own profile; the pages themselves forbid scripts.
FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking"),
    *(
        "--disable-component-update",
        "--disable-sync",
        "--no-pdf-header-footer",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ),
)


def require_browser() -> str:
    """Return the path of a browser that prints.

    Raises:
        CourseError: there is none.
    """
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise CourseError(
            "Feedback as PDF needs Chromium or Chrome, and none was found here. On Debian and Ubuntu: "
            "sudo apt install chromium. Without --pdf feedback is HTML, which any browser prints."
        )
    return found


def print_pages(pages: dict[str, Path], folder: Path, jobs: int) -> tuple[dict[str, Path], list[str]]:
    """Print pages that are newer than what was printed of them; return the printed ones, and whose failed.

    Args:
        pages: by student. folder: where the printed ones are kept, in a folder a student. jobs: pages at the same time.

    Raises:
        CourseError: there is no browser.
    """
    browser = require_browser()
    printed = {student: folder / student / f"{page.stem}.pdf" for student, page in pages.items()}
    with ThreadPoolExecutor(jobs) as threads:
        done = threads.map(lambda student: _print(browser, pages[student], printed[student]), pages)
        failed = [student for student, sound in zip(pages, done, strict=True) if not sound]
    return {student: path for student, path in printed.items() if student not in failed}, failed


def _print(browser: str, page: Path, target: Path) -> bool:
    """Print a page unless that was done; return whether it is there."""
    if target.exists() and target.stat().st_mtime_ns >= page.stat().st_mtime_ns:
        return True
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="autograder-print-", ignore_cleanup_errors=True) as scratch:
        made = Path(scratch) / "page.pdf"
        # Chromium refuses its own sandbox to root.
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [browser, *FLAGS, *root, f"--user-data-dir={scratch}/profile", f"--print-to-pdf={made}"]
        process = subprocess.Popen(
            [*command, page.resolve().as_uri()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SECONDS)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what it started and left, too
        process.wait()
        if process.returncode or not made.exists():
            return False
        shutil.move(made, target)
    return True
