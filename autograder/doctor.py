"""``autograder doctor``: say what this machine can isolate, by trying it, and what would mend what it cannot."""

import platform
import shutil
import sys

from rich.console import Console
from rich.table import Table

from course_utils.frameworks import LABELS, installed

from .classroom import Classroom
from .errors import CourseError
from .settings import PROJECT

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


def add_arguments(parser):
    """The verb has no options of its own."""


def run(args):
    """Print a table and return 0 when submissions can be sealed here, else 1."""
    classroom = Classroom(args.classroom)
    table = Table("what", "here", "how to mend it", title=f"Engine of {classroom.root.name}: {classroom.engine}")
    table.add_row("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}", "")
    for framework in ("torch", "tensorflow"):
        table.add_row(LABELS[framework], "installed" if installed(framework) else "missing", "")
    table.add_row(
        "alembic (nbgrader needs it)",
        *(
            ("found", "")
            if shutil.which("alembic")
            else ("missing", "run autograder from the environment's bin folder")
        ),
    )
    sealed = True
    for what, answer, mend in trials(classroom):
        sealed = sealed and (answer == "yes" or what in MENDS)
        table.add_row(what, answer, mend)
    Console().print(table)
    print(
        "Submissions can be sealed here."
        if sealed
        else "Submissions cannot be sealed here. Mend the above, or grade with --unsafe, which the report will show."
    )
    return 0 if sealed else 1


def trials(classroom):
    """Try each isolation and yield (what, "yes" or what happened, mend)."""
    if sys.platform != "linux":
        yield "sandbox", "no", "grade on Linux; here each submission gets a kernel of its own, without a sandbox"
        return
    from .sealed.examiner import Ended, Need, Outputs, Server

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
