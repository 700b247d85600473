"""``autograder doctor``: say what this machine can isolate, by trying it, and what would mend what it cannot."""

import sys

from autograder.errors import CourseError
from autograder.settings import PROJECT

# What a submission might try, and the output that shows that it failed.
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
MENDS = {"system-call filter": "install libseccomp2 (Debian, Ubuntu) or libseccomp (Fedora)"}


def trials(classroom):
    """Try each isolation and yield (what, "yes" or what happened, mend)."""
    if sys.platform != "linux":
        yield "sandbox", "no", "grade on Linux; here each submission gets a kernel of its own, without a sandbox"
        return
    from autograder.sandbox.host import Ended, Need, Outputs, Server

    try:
        server = Server(Need((), 1024))
    except CourseError as error:
        yield "sandbox", "no", str(error)
        return
    try:
        private = [str(classroom.root), str(PROJECT / "solutions"), str(PROJECT / "autograder" / "exercises")]
        student = server.student()
        yield "sandbox", "yes", ""
        for what, trial in TRIALS:
            outputs = Outputs(10_000)
            try:
                student.run(trial.replace("{private!r}", repr(private)), 10, outputs)
                said = "".join(output.get("text", "") for output, _ in outputs.kept).strip()
            except Ended as error:
                said = str(error)
            yield (
                what,
                "yes" if said == "kept out" else f"no: {said}",
                "" if said == "kept out" else MENDS.get(what, ""),
            )
        student.close()
    finally:
        server.close()
