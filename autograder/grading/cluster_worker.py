"""The side of a cluster's worker: submissions arrive as text and are run in a process of its own; run results go back.

Dask calls ``begin`` and ``run`` in a worker. Each of its threads keeps one child process, whose warm servers serve all
submissions that come; a child that does not answer in time is ended, and whoever asked is told.
"""

import base64
import json
import os
import select
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path, PurePosixPath
from time import monotonic
from typing import Any

from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.errors import CourseError, in_words
from autograder.files import temporary_folder
from autograder.grading import run_result
from autograder.grading.execute import Execute
from autograder.grading.origin import origin
from autograder.grading.running import executed, prepare
from autograder.grading.submissions import Submission, files_beside, find_notebook
from autograder.limits import MEGABYTE, MOST_FILE_BYTES
from autograder.settings import load_config

COMMAND = [sys.executable, "-m", "autograder.grading.cluster_worker"]
START = 120.0  # seconds that a new process may take to import what it needs
_threads = threading.local()


def leave_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the one that grades: it ends its workers itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def begin(request: str, seconds: float) -> str:
    """Start what a worker keeps and return, as JSON, what its results come from; see ``origin``.

    Args:
        request: JSON with the "classroom" where this machine has none of its own, the "labs", and "unsafe".
        seconds: how long it may take.

    Raises:
        TimeoutError, ChildProcessError: the child did not answer.
    """
    return _ask(request, seconds).decode()


def run(request: str, seconds: float) -> bytes:
    """Run a submission and return the bytes of its run result; see ``begin``.

    Args:
        request: JSON with "student", "lab", "stamp" and "files" too: by relative name, their content in base64.
    """
    return _ask(request, seconds)


def _ask(request: str, seconds: float) -> bytes:
    """Send a line to this thread's child and return the line that it answers."""
    child: subprocess.Popen[bytes] | None = getattr(_threads, "child", None)
    new = child is None or child.poll() is not None
    if child is None or new:
        child = _threads.child = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        if new:
            _line(child, monotonic() + START)
        assert child.stdin is not None
        child.stdin.write(request.encode() + b"\n")
        child.stdin.flush()
        kind, _, text = _line(child, monotonic() + seconds).partition(b" ")
    except (TimeoutError, OSError) as error:
        child.kill()
        child.wait()
        _threads.child = None
        if isinstance(error, BrokenPipeError):
            raise ChildProcessError("the grading process ended") from None
        raise
    if kind == b"refused":
        raise CourseError(json.loads(text))
    return base64.b64decode(text)


def _line(child: "subprocess.Popen[bytes]", end: float) -> bytes:
    """Return the next line that a child answers, without its end."""
    assert child.stdout is not None
    answer = bytearray()
    while not answer.endswith(b"\n"):
        if not select.select([child.stdout], [], [], max(end - monotonic(), 0))[0]:
            raise TimeoutError("the grading process did not answer in time")
        part = os.read(child.stdout.fileno(), 2**20)
        if not part or len(answer) > 2 * run_result.MOST_BYTES:
            raise ChildProcessError("the grading process ended")
        answer += part
    return bytes(answer[:-1])


def main() -> None:
    """Answer what comes on standard input, a line each, until it ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    answers.write(b"ready\n")
    answers.flush()
    for line in sys.stdin.buffer:
        try:
            text = b"result " + base64.b64encode(answer(json.loads(line)))
        except CourseError as problem:
            text = b"refused " + json.dumps(str(problem)).encode()
        try:
            answers.write(text + b"\n")
            answers.flush()
        except BrokenPipeError:  # the worker has ended, and nobody waits for the answer
            os.dup2(os.open(os.devnull, os.O_WRONLY), answers.fileno())
            return


def answer(request: dict[str, Any]) -> bytes:
    """Return what a worker answers to a request.

    Raises:
        CourseError: it can grade nobody here.
    """
    classroom, config = _settings(os.environ.get("CLASSROOM") or request["classroom"], request["unsafe"])
    if "student" not in request:
        for lab in request["labs"]:
            prepare(config, lab)
        words = Execute(config=config).engine_in_words()
        return json.dumps(origin(classroom, request["labs"], words)).encode()
    with temporary_folder("submission-") as folder:
        submission = Submission(request["student"], request["lab"], folder / "handed_in" / "student" / request["lab"])
        unpack(request["files"], submission.folder)
        run = partial(executed, config, submission, folder / "staged")
        try:
            return run_result.of_run(submission, request["stamp"], run).to_bytes()
        except Exception as error:
            return run_result.failed(submission, request["stamp"], in_words(error)).to_bytes()


@lru_cache(maxsize=4)
def _settings(root: str, unsafe: bool) -> tuple[Classroom, Config]:
    classroom = Classroom(root)
    config = load_config(classroom)
    config.Execute.unsafe = unsafe
    return classroom, config


def pack(submission: Submission, limit: int) -> dict[str, str]:
    """Return what grading takes of a submission as text: contents in base64 by relative name.

    Args:
        limit: MB that a notebook may have; of a larger one so much is sent that it is seen to be.

    Raises:
        Unreadable: there is no notebook.
    """
    with submission.opened() as folder:
        notebook, _ = find_notebook(submission.lab, folder)
        contents = {notebook: folder.read(notebook, limit * MEGABYTE + 1)}
        for name in files_beside(folder, notebook).taken:
            with suppress(FileNotFoundError, NotADirectoryError):  # gone meanwhile
                contents[name] = folder.read(name, MOST_FILE_BYTES)
    return {name.as_posix(): base64.b64encode(content).decode() for name, content in contents.items()}


def unpack(files: dict[str, str], folder: Path) -> None:
    """Write what ``pack`` returned into a new folder.

    Raises:
        CourseError: a name leads out of it.
    """
    folder.mkdir(parents=True)
    for name, content in files.items():
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or PurePosixPath(name).is_absolute():
            raise CourseError(f"{name!r} is no name of a file beside a notebook")
        path = folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content, validate=True))


if __name__ == "__main__":
    main()
