"""What must be the same on all machines that grade one class: engine, grader, libraries, labs and secret."""

import hashlib
import json
import platform
from importlib import metadata

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.files import Folder
from autograder.grading.excused import excused
from autograder.grading.stamps import add_files, grader_hash
from autograder.grading.submissions import printable

LIBRARIES = (
    "nbgrader",
    "nbformat",
    "ipython",
    "numpy",
    "torch",
    "tensorflow",
    "tensorflow-cpu",
    "keras",
    "scikit-learn",
)


def origin(classroom: Classroom, labs: list[str], engine: str) -> dict[str, str]:
    """Return what results come from: words and digests by what they are of; no secret can be read from it.

    Args:
        engine: how submissions are graded, in words.
    """
    return {
        "engine": engine,
        "grader": grader_hash(),
        "versions": _versions(),
        "secret": hashlib.sha256(b"origin of results\0" + classroom.secret()).hexdigest(),
        **{f"lab {lab}": _lab_hash(classroom, lab) for lab in sorted(labs)},
    }


def require_same(who: str, theirs: dict[str, str], ours: dict[str, str], mend: str) -> None:
    """Refuse results, or a machine, of another origin.

    Args:
        who: whose it is, for people. mend: what to do about it.

    Raises:
        CourseError: it names all that differs.
    """
    differ = [
        f"{name} ({theirs.get(name, 'none')[:80]} there, {ours.get(name, 'none')[:80]} here)"
        if name in ("engine", "versions")
        else name
        for name in dict.fromkeys([*ours, *theirs])
        if theirs.get(name) != ours.get(name)
    ]
    if differ:
        raise CourseError(f"{who}: not the same there as here: {printable(', '.join(differ))}. {mend}")


def _lab_hash(classroom: Classroom, lab: str) -> str:
    digest = hashlib.sha256()
    for folder in (classroom.source / lab, classroom.release / lab):
        with Folder(folder) as built:
            add_files(digest, built)
    if (classroom.earlier / lab).is_dir():  # by these an old notebook is known, and who is excused
        with Folder(classroom.earlier / lab) as earlier:
            add_files(digest, earlier)
    digest.update(json.dumps(excused(classroom).get(lab, {}), sort_keys=True).encode())
    return digest.hexdigest()


def _versions() -> str:
    known = [f"python {platform.python_version()}"]
    for name in LIBRARIES:
        try:
            known.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(known)
