"""Packages that a course declares beside its own: students, Colab, Binder and the sandbox get the same."""

from collections.abc import Iterable
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement

from autograder.errors import CourseError


def parsed(line: str) -> Requirement:
    """Return a declared package.

    Raises:
        CourseError: the line declares none.
    """
    try:
        return Requirement(line)
    except InvalidRequirement:
        raise CourseError(
            f"nbgrader_config.py, c.Course.packages: {line!r} is no package with versions, such as 'pandas>=2'."
        ) from None


def problem(line: str) -> str:
    """Return what is wrong here with a declared package, or "" where it is installed and fits.

    Submissions import what this environment has, so what fits here fits in the sandbox.
    """
    requirement = parsed(line)
    if requirement.marker and not requirement.marker.evaluate():
        return ""
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return "missing"
    return "" if requirement.specifier.contains(version, prereleases=True) else f"{version} does not fit"


def require(lines: Iterable[str]) -> None:
    """Refuse to grade without what students were told that they may use.

    Raises:
        CourseError: it names the packages, and what installs them.
    """
    wrong = {line: why for line in lines if (why := problem(line))}
    if wrong:
        told = ", ".join(f"{line} ({why})" for line, why in wrong.items())
        install = " ".join(f"'{line}'" for line in wrong)
        raise CourseError(
            f"nbgrader_config.py declares packages for students that this environment lacks: {told}. "
            f"Run: pip install {install}"
        )
