"""Make the mutants of an answer: its text with one thing changed, by one of the rules.

Libraries for this, cosmic-ray and mutmut among them, rewrite files of a package and start a test command for each
mutant; here an answer is a cell of a notebook, judged in milliseconds in this process, and the rules that matter are
those of arrays (axes, shapes, copies), which no library has. Python's own syntax trees do the rest.
"""

import ast
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.mutants.changes import change
from tests.mutants.rules import RULES, SEEN, prepare

# Nothing in these is mutated: they do not compute, or their mutants are texts.
SILENT = (ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Raise)
GIVEN_FIELDS = ("annotation", "decorator_list")  # students get these, and the line that begins a function


@dataclass(frozen=True)
class Mutant:
    """One answer with one thing changed.

    Args:
        rule: the name of the rule that made it.
        before, after: the lines that differ, as Python itself would write them.
        source: the whole text.
        change: what was changed, in words, or nothing.
    """

    rule: str
    before: str
    after: str
    source: str
    change: str = ""


def mutants_of(source: str, given: frozenset[str] = frozenset()) -> list[Mutant]:
    """Return the mutants of an answer, in the order of its text; each text once.

    Args:
        given: the statements that are no student's, see ``given_in``; they stay as they are.
    """
    tree = ast.parse(source)
    prepare(tree)
    original = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for node, put in _places(tree, given):
        for rule in RULES:
            for other in rule(node):
                put(other)
                text = _written(tree)
                if text and text != original and text not in found:
                    before, after = _difference(original, text)
                    found[text] = Mutant(
                        rule.__name__, before, after, f"{SEEN} = {{}}\n{text}\n", change(rule.__name__, node, other)
                    )
        put(node)
    return list(found.values())


def given_in(source: str) -> frozenset[str]:
    """Return the statements of a solution that students get: those that stand outside its markers."""
    tree = ast.parse(source)
    prepare(tree)
    asked, inside = set(), False
    for number, line in enumerate(source.splitlines(), 1):
        inside = (inside or "### BEGIN SOLUTION" in line) and "### END SOLUTION" not in line
        if inside:
            asked.add(number)
    return frozenset(
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and not asked.intersection(range(node.lineno, node.end_lineno + 1))
    )


def _places(node: ast.AST, given: frozenset[str]) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    """Yield each node that may be changed, with a function that puts another in its place."""
    for field, value in ast.iter_fields(node):
        if field in GIVEN_FIELDS or (field == "args" and isinstance(node, (ast.FunctionDef, ast.Lambda))):
            continue
        if isinstance(value, list):
            for index, child in enumerate(value):
                if isinstance(child, ast.AST) and not _is_silent(child, given):

                    def put(new: ast.AST, values: list = value, index: int = index) -> None:
                        values[index] = new

                    yield child, put
                    yield from _places(child, given)
        elif isinstance(value, ast.AST) and not isinstance(value, SILENT):

            def put_field(new: ast.AST, field: str = field) -> None:
                setattr(node, field, new)

            yield value, put_field
            yield from _places(value, given)


def _is_silent(node: ast.AST, given: frozenset[str]) -> bool:
    return isinstance(node, SILENT) or (isinstance(node, ast.stmt) and ast.unparse(node) in given)


def _written(tree: ast.AST) -> str:
    """Return the text of a tree, or nothing where it is no program."""
    try:
        text = ast.unparse(ast.fix_missing_locations(tree))
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError, TypeError, AttributeError):
        return ""
    return text


def _difference(old: str, new: str) -> tuple[str, str]:
    """Return the lines that are in only one of two texts, each as one line."""
    lines = [line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line[0] in "+-"]
    before, after = ([line[2:].strip() for line in lines if line[0] == mark] for mark in "-+")
    return "; ".join(before), "; ".join(after)
