"""Limits that several parts keep to: defined once, and told to readers as they are."""

import ast
import re

import pytest

from autograder import limits
from autograder.settings import PROJECT

NAMES = [name for name in vars(limits) if name.isupper()]
MODULES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (PROJECT / "autograder").rglob("*.py")}


def assigned(tree):
    """Return the names that the statements of a module assign at its top."""
    return {
        target.id
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_limit_is_defined_once_and_shared(name):
    """Two modules or more take a limit from here, and none has one of its own by that name."""
    users = [
        path
        for path, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "autograder.limits"
        if name in {alias.name for alias in node.names}
    ]
    assert len(set(users)) >= 2
    assert [path.name for path, tree in MODULES.items() if name in assigned(tree)] == ["limits.py"]


@pytest.mark.parametrize("page", ["architecture.md", "security.md"])
def test_pages_tell_the_limits_as_they_are(page):
    """What the pages say about files beside a notebook is what is kept."""
    text = " ".join((PROJECT / "docs" / page).read_text(encoding="utf-8").split())
    told = re.search(r"files beside (?:it|the notebook) \((\d+), (\d+) MB in all\)", text)
    assert told, page
    assert (int(told[1]), int(told[2]) * limits.MEGABYTE) == (limits.MOST_FILES, limits.MOST_FILE_BYTES)
