"""``setup``, ``check`` and ``progress``: what a student asks of a lab while working on it.

The recorded cases in ``course_utils/recorded`` are written by the build from the exercises: inputs, expected and
typical wrong results, so that a check knows the answers to *its* inputs and no way to compute others.
"""

import sys
from collections.abc import Mapping
from functools import lru_cache, partial
from importlib import metadata
from typing import Any

import numpy as np

from . import probes
from .frameworks import LABELS, installed
from .judging.assess import assess
from .probes.base import Unusable
from .probes.timed import LIMIT, time_limit
from .protocol import Ask, Reply, Test
from .recording import decode, recorded_tests
from .standing import Progress
from .verdict import Assessment, Verdict

_current_lab: str | None = None


def setup(lab: str, whole_course: bool = False) -> None:
    """Start a lab: remember its name and say which versions are here and which framework is missing.

    Args:
        whole_course: look for the frameworks that any lab needs, instead of those of this lab.
    """
    global _current_lab
    _current_lab = lab
    tests = (test for name, test in recorded_tests().values() if whole_course or name == lab)
    needed = {need for test in tests for need in test["needs"]}
    versions = [f"Python {sys.version_info.major}.{sys.version_info.minor}", f"NumPy {np.__version__}"]
    missing = []
    for framework in ("torch", "tensorflow"):
        if framework not in needed:
            continue
        if installed(framework):
            versions.append(f"{LABELS[framework]} {version(framework)}".strip())
        else:
            missing.append(LABELS[framework])
    print("Ready: " + ", ".join(versions) + ".")
    for label in missing:
        print(f"{label} is not installed here: its exercises are skipped, everything else works.")


def current_lab() -> str | None:
    """Return the name of the lab that was started last, if any was."""
    return _current_lab


@lru_cache
def version(framework: str) -> str:
    """Return the version of a framework that is installed, or ""."""
    names = (framework,) if framework == "torch" else ("tensorflow", "tensorflow-cpu")
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return ""


def notebook_namespace() -> Mapping[str, Any]:
    """Return the names of the running notebook, or of ``__main__`` outside one."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell.user_ns if shell else vars(sys.modules["__main__"])


def check(grade_id: str, namespace: Mapping[str, Any] | None = None) -> Verdict:
    """Check the exercise ``grade_id`` and say what is right, what is not, and one hint.

    Never raises and never writes to stderr.

    Args:
        namespace: the student's objects by name; by default those of this notebook.
    """
    try:
        lab, test = recorded_tests()[grade_id]
    except (KeyError, TypeError):
        known = ", ".join(f'"{name}"' for name in recorded_tests())
        return Verdict(
            "check",
            str(grade_id),
            0.0,
            0.0,
            "missing",
            f"{grade_id}: no exercise has this name. The exercises are: {known}.",
        )
    global _current_lab
    _current_lab = _current_lab or lab
    return run_test("check", test, test["points"], namespace)


def run_test(
    kind: str,
    test: Test,
    points: float,
    namespace: Mapping[str, Any] | None = None,
    reveal: bool = True,
    ask: Ask | None = None,
) -> Verdict:
    """Assess one test and return the verdict, whatever the student's objects do.

    Args:
        kind: "check" or "grade".
        test: its cases may be encoded, as recorded ones are.
        namespace: the student's objects by name; by default those of this notebook.
        reveal: whether a message may quote expected values and texts of errors.
        ask: reaches objects elsewhere, in place of ``namespace``.

    Raises:
        Exception: with ``ask`` what fails here is the test itself, and whoever grades must hear of it.
    """
    elsewhere = ask is not None
    if ask is None:
        ask = partial(_ask_here, notebook_namespace() if namespace is None else namespace, not reveal)
    absent = [LABELS[need] for need in test["needs"] if not installed(need)]
    if absent:
        assessment = Assessment(
            0.0, "skipped", f"{' and '.join(absent)} is not installed here, so this exercise is skipped."
        )
    else:
        try:
            assessment = assess({**test, "cases": decode(test["cases"])}, ask, reveal)
        except Exception as error:
            if elsewhere:
                raise
            assessment = Assessment(
                0.0,
                "error",
                f"the check itself failed ({type(error).__name__}). Please show this line to your instructor.",
                "check_failed",
            )
    return Verdict.of(kind, test["grade_id"], test["label"], points, assessment)


def _ask_here(
    namespace: Mapping[str, Any], quiet: bool, name: str | list[str], probe: str, cases: list[dict[str, Any]]
) -> list[Reply]:
    """Ask the objects of this notebook; one that does not end is stopped, and no other case is tried."""
    try:
        with time_limit(LIMIT):
            return probes.ask_each(namespace, name, probe, cases, quiet)
    except Unusable as error:
        return [{"unusable": error.remark}] * len(cases)


def progress(lab: str | None = None, namespace: Mapping[str, Any] | None = None) -> Progress:
    """Check every exercise of this lab again and show where you stand."""
    lab = lab or _current_lab
    tests = [test for name, test in recorded_tests().values() if name == lab]
    verdicts = [check(test["grade_id"], namespace) for test in tests]
    quizzes = [test["grade_id"] for test in tests if test["judge"] == "answered"]
    names = {
        test["grade_id"]: test["object"] if isinstance(test["object"], str) else ", ".join(test["object"])
        for test in tests
    }
    return Progress(verdicts, quizzes, names)
