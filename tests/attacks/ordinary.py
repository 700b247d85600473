"""Run a program as an ordinary user with ordinary limits and no account: as in a course that is not run by root."""

import os
import pwd
import resource
import sys
import tempfile
from pathlib import Path

from autograder.sandbox import jail
from autograder.settings import PROJECT

OPEN_FILES = 1024


def unused_id():
    """Return the id of a user and group that nobody has."""
    taken = {entry.pw_uid for entry in pwd.getpwall()}
    return next(number for number in range(61_184, 65_000) if number not in taken)


def become_ordinary():
    """Where this process is root: become a user without an account, with an empty home and ordinary limits."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    if os.geteuid() != 0:
        return
    needed = {Path(os.path.realpath(path)) for path in (sys.prefix, sys.base_prefix, PROJECT)}
    closed = {str(parent) for path in needed for parent in path.parents if parent.stat().st_mode & 0o005 != 0o005}
    jail.unshare(jail.CLONE_NEWNS)
    jail.mount("none", "/", None, jail.MS_REC | jail.MS_PRIVATE)
    behind = [path for path in needed if closed & set(map(str, path.parents))]
    jail.show_and_cover(Path("/"), {path: os.open(path, os.O_PATH) for path in behind}, closed)
    user = unused_id()
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    jail.prctl(jail.PR_SET_DUMPABLE, 1)
    os.umask(0o022)
    os.environ.update(HOME=tempfile.mkdtemp(prefix="home-"), USER="ordinary", LOGNAME="ordinary")


def run(arguments):
    """Become an ordinary user and go on as ``python -m tests.attacks`` with these arguments."""
    become_ordinary()
    os.execv(sys.executable, [sys.executable, "-m", "tests.attacks", *arguments])
