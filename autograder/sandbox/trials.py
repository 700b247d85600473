"""What this machine can isolate, by trying it, and what would help where it cannot."""

import sys
from collections.abc import Iterator
from typing import NamedTuple

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.sandbox.host import Need, Server
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.student_process import Ended, StudentProcess
from autograder.settings import PROJECT

# What a submission might try: code that prints "kept out" where it fails.
TRIALS = (
    (
        "no network",
        "import socket\ntry: socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError: print('kept out')",
    ),
    ("course files out of sight", "import os\nprint('seen' if any(map(os.path.exists, {private!r})) else 'kept out')"),
    ("file system read-only", "try: open('/usr/trial', 'w')\nexcept OSError: print('kept out')"),
    (
        "other processes out of sight",
        "import os\nprint('kept out' if sum(n.isdigit() for n in os.listdir('/proc')) < 3 else 'seen')",
    ),
    (
        "no privileges",
        "print('kept out' if int([l for l in open('/proc/self/status') if l.startswith('CapEff')][0].split()[1], 16) "
        "== 0 else 'some')",
    ),
    ("no new privileges", "print('kept out' if 'NoNewPrivs:\\t1' in open('/proc/self/status').read() else 'possible')"),
    ("system-call filter", "print('kept out' if 'Seccomp:\\t2' in open('/proc/self/status').read() else 'none')"),
)


class TrialResult(NamedTuple):
    """Whether an isolation is there: "yes", or what happened instead; and what would help."""

    isolation: str
    answer: str
    help: str

    @property
    def sufficient(self) -> bool:
        """Whether submissions can be sealed as far as this isolation is concerned."""
        return self.answer == "yes"


def trials(classroom: Classroom) -> Iterator[TrialResult]:
    """Try each isolation. Where there is no sandbox at all, that is the only result."""
    if sys.platform != "linux":
        help_text = "grade on Linux; here each submission gets a kernel of its own, without a sandbox"
        yield TrialResult("sandbox", "no", help_text)
        return
    try:
        server = Server(Need((), 1024))
    except CourseError as error:
        yield TrialResult("sandbox", "no", str(error))
        return
    private = [str(classroom.root), str(PROJECT / "solutions"), str(PROJECT / "autograder" / "exercises")]
    try:
        student = server.start_student()
        yield TrialResult("sandbox", "yes", "")
        for isolation, code in TRIALS:
            printed = _printed(student, code.replace("{private!r}", repr(private)))
            if printed == "kept out":
                yield TrialResult(isolation, "yes", "")
            else:
                yield TrialResult(isolation, f"no: {printed}", "")
        student.close()
    finally:
        server.close()


def _printed(student: StudentProcess, code: str) -> str:
    """Return what a student's process prints when it runs some code, or why it ended."""
    outputs = Outputs(10_000)
    try:
        student.run(code, 10, outputs)
    except Ended as error:
        return str(error)
    return "".join(output.get("text", "") for output in outputs.kept).strip()
