"""A look at a sandbox from inside: what must not be seen or done there is tried."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from autograder.limits import MEGABYTE
from autograder.sandbox import jail
from autograder.sandbox.cgroups import NotDelegated, delegated
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.student_process import Ended, StudentProcess

NEWER = "this kernel refuses a part of the sandbox: grade on Linux 5.10 or newer, outside of other sandboxes"
MOVE = "move the classroom, the project or your home out of the folders that submissions must see, such as /usr"
MOST_NAMES = 500  # entries of private folders that are looked for
HELD = 24  # MB that are held to see whether memory is measured
LOOKS = 5  # at memory: a measurement may miss a process once, or come late on a busy machine


class Trial(NamedTuple):
    """What a submission might try.

    Args:
        code: prints "kept out" where it fails. without: what reports say of grading where it does not.
        help: what mends that.
    """

    isolation: str
    without: str
    code: str
    help: str = NEWER


TRIALS = (
    Trial(
        "no network",
        "the network in reach",
        "import errno, socket\ndef reaches(place):\n"
        "    try: socket.create_connection((place, 9), 1)\n"
        "    except OSError as error: return error.errno != errno.ENETUNREACH\n"
        "    return True\n"
        "print('seen' if reaches('127.0.0.1') or reaches('192.0.2.1') else 'kept out')",
    ),
    Trial(
        "course files out of sight",
        "course files in sight",
        "import os\nprint(next(filter(os.path.lexists, {private!r}), 'kept out'))",
        MOVE,
    ),
    Trial(
        "file system read-only",
        "files that can be changed",
        "import course_utils, os, sys\n"
        "paths = ('/', '/usr', sys.prefix, os.path.dirname(course_utils.__file__))\n"
        "print(next((path for path in paths if not os.statvfs(path).f_flag & os.ST_RDONLY), 'kept out'))",
    ),
    Trial(
        "other processes out of sight",
        "other processes in sight",
        "import os\nprint('kept out' if sum(n.isdigit() for n in os.listdir('/proc')) < 3 else 'seen')",
    ),
    Trial(
        "no privileges",
        "privileges",
        "lines = [l.split() for l in open('/proc/self/status') if l.startswith('Cap')]\n"
        "print('some' if any(int(value, 16) for _, value in lines) else 'kept out')",
    ),
    Trial(
        "no new privileges",
        "new privileges possible",
        "print('kept out' if 'NoNewPrivs:\\t1' in open('/proc/self/status').read() else 'possible')",
    ),
    Trial(
        "system-call filter",
        "no system-call filter",
        "import ctypes, os\nfailed = ctypes.CDLL(None, use_errno=True).unshare(0x10000000)\n"
        "print('kept out' if failed and ctypes.get_errno() == 38 else 'none')",
    ),
)
SANDBOX = "sandbox"  # all that is tried
MEMORY, NO_MEMORY = "memory limit", "no memory limit"
GROUP, USER = "limits kept by the kernel (cgroup v2)", "a user for each submission"
SECOND_BEST = "second best"  # begins the answer where something weaker will do


class TrialResult(NamedTuple):
    """Whether an isolation is there: "yes", "second best", or what happened instead; and what would help.

    Args:
        without: what reports say of grading where it is not there.
    """

    isolation: str
    answer: str
    help: str
    without: str = ""

    @property
    def sufficient(self) -> bool:
        """Whether submissions can be sealed as far as this isolation is concerned."""
        return self.answer == "yes" or self.answer.startswith(SECOND_BEST)


def look_inside(student: StudentProcess, private: Iterable[Path], exposed: Iterable[Path]) -> list[TrialResult]:
    """Try each isolation in a student process.

    Args:
        private: folders of which nothing must be seen but the exposed paths below them.
    """
    entries = private_entries(private, list(exposed))
    results = []
    for trial in TRIALS:
        printed = _printed(student, trial.code.replace("{private!r}", repr(entries)))
        results.append(
            TrialResult(trial.isolation, "yes", "")
            if printed == "kept out"
            else TrialResult(trial.isolation, f"no: {printed}", trial.help, trial.without)
        )
    return [*results, _try_memory(student), _try_group(student), _try_user(student)]


def private_entries(private: Iterable[Path], exposed: list[Path]) -> list[str]:
    """Return what lies in some folders, as far as it does not lead to an exposed path."""
    entries: list[str] = []
    for folder in private:
        try:
            inside = sorted(folder.iterdir())
        except OSError:  # it is not there
            continue
        hidden = [path for path in inside if not any(each.is_relative_to(path) for each in exposed)]
        entries += map(str, hidden[:MOST_NAMES])
    return entries


def _try_memory(student: StudentProcess) -> TrialResult:
    """Look whether memory that a submission holds is seen by its supervisor."""
    for _ in range(LOOKS):
        _printed(student, "held = None")
        before = student.measure()
        _printed(student, f"held = b'x' * {HELD * MEGABYTE}")
        after = student.measure()
        if before and after and after[1] - before[1] > HELD * MEGABYTE / 2:
            return TrialResult(MEMORY, "yes", "")
    help_text = f"{NEWER}; /proc must show memory by process"
    return TrialResult(MEMORY, "no: what a submission holds is not seen", help_text, NO_MEMORY)


def _try_group(student: StudentProcess) -> TrialResult:
    """Look whether a submission is in the cgroup that was made for it."""
    place = delegated()
    if isinstance(place, NotDelegated):
        return TrialResult(GROUP, f"{SECOND_BEST}, watched ten times a second: {place}", place.help)
    seen = _printed(student, "print(open('/proc/self/cgroup').read())")
    if student.group and student.group.folder.name in seen:
        return TrialResult(GROUP, "yes", "")
    return TrialResult(GROUP, "no: it is in another cgroup", NEWER, "no limits kept by the kernel")


def _try_user(student: StudentProcess) -> TrialResult:
    """Look whether a submission is a user of its own on this machine."""
    printed = _printed(student, "print(*open('/proc/self/uid_map').read().split()[1:2])")
    if printed.isdigit() and int(printed) >= jail.FIRST_ID:
        return TrialResult(USER, "yes", "")
    return TrialResult(USER, f"{SECOND_BEST}: all submissions are one user", jail.IDS_HINT)


def _printed(student: StudentProcess, code: str) -> str:
    """Return what a student's process prints when it runs some code, or why it ended."""
    outputs = Outputs(10_000)
    try:
        student.run(code, 10, outputs)
    except Ended as error:
        return str(error)
    return "".join(output.get("text", "") for output in outputs.kept).strip()


def no_sandbox(help: str = "") -> TrialResult:
    """Return the one result where there is no sandbox at all."""
    return TrialResult(SANDBOX, "no", help, ", ".join(trial.without for trial in TRIALS))


def in_words(results: Iterable[TrialResult]) -> str:
    """Return what is missing and what would mend it, or ""."""
    return " ".join(f"{each.isolation}: {each.answer}. {each.help}." for each in results if not each.sufficient)


def classroom_of_environment() -> list[Path]:
    """Return the folder of the classroom that is graded, where there is one."""
    name = os.environ.get("CLASSROOM")
    return [Path(name).resolve()] if name else []
