"""Packages that a course declares: there in the right version, or named with what installs them."""

import pytest

from autograder.errors import CourseError
from autograder.packages import problem, require


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("numpy", ""),
        ("numpy>=2.0", ""),
        ("NumPy>=2.0,<99", ""),
        ("numpy>=99", "does not fit"),
        ("no-such-package-of-anybody", "missing"),
        ("no-such-package-of-anybody; sys_platform == 'plan9'", ""),
    ],
)
def test_what_is_here(line, why):
    """By name and version; what another system needs is not missed."""
    assert why in problem(line) and bool(problem(line)) == bool(why)


def test_what_is_missing_is_one_sentence():
    """All are named at once, with one command."""
    require(["numpy"])
    with pytest.raises(CourseError, match=r"numpy>=99 \(.* does not fit\), nobodys \(missing\).*'numpy>=99' 'nobodys'"):
        require(["numpy>=99", "pip", "nobodys"])
    with pytest.raises(CourseError, match=r"c\.Course\.packages: '%pip install x' is no package"):
        require(["%pip install x"])
