"""One cell of a source: its roles in the ``# %%`` line, and whether they fit its text.

Roles: ``solution="dense_torch"``, ``tests="dense_torch" points=3``, ``demo=True``; ``framework="torch"`` on any cell.
"""

import ast
import re
from dataclasses import dataclass
from typing import Any

from autograder.authoring.stubs import with_stub
from autograder.errors import CourseError

ROLES = {"solution", "tests", "points", "demo", "framework"}
KINDS = {"solution", "tests", "demo"}  # a code cell has one of these roles at most
FRAMEWORK_VALUES = ("torch", "tensorflow", "torch+tensorflow")
NAME = re.compile(r"[a-z][a-z0-9_]*")
MARKERS = {
    "solution": ("### BEGIN SOLUTION", "### END SOLUTION"),
    "hidden-test": ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"),
    "stub": ("### BEGIN STUB", "### END STUB"),
}
# The role of the cells that hold each kind of marker. A stub of the author's own may be missing.
MARKED_ROLES = {"solution": "solution", "hidden-test": "tests", "stub": "solution"}


@dataclass
class SourceCell:
    """One cell of a source with its roles, and where it stands.

    Args:
        kind: "code" or "markdown".
        where: file, line and number of the cell, for messages.
    """

    kind: str
    text: str
    roles: dict[str, Any]
    where: str

    @property
    def frameworks(self) -> set[str]:
        """The frameworks without which this cell is dropped from a build."""
        return set(self.roles["framework"].split("+")) if "framework" in self.roles else set()

    def defined_names(self) -> set[str]:
        """Return the names that the cell gives to functions, classes and values at its top level."""
        names: set[str] = set()
        try:
            statements = self._statements() if self.kind == "code" else []
        except SyntaxError:  # a cell without a role may hold whatever a notebook runs
            return names
        for node in statements:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                names.update(leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name) and _is_set(leaf))
        return names

    def _statements(self) -> list[ast.stmt]:
        return _parsed(self.text)

    def check(self) -> None:
        """Raise CourseError where the roles are unknown or do not fit the cell; the message names the mend."""
        self._check_keys()
        self._check_values()
        for kind in MARKERS:
            self._check_markers(kind)
        self._check_stub()
        self._check_text()

    def _refuse(self, problem: str) -> CourseError:
        return CourseError(f"{self.where}: {problem}")

    def _check_keys(self) -> None:
        roles = set(self.roles)
        for key in self.roles:
            if key not in ROLES:
                raise self._refuse(f"unknown role {key!r}; the roles are {', '.join(sorted(ROLES))}.")
        if len(KINDS & roles) > 1:
            raise self._refuse("a cell is a solution, tests or a demo, not two of them; split it.")
        if self.kind != "code" and (KINDS | {"points"}) & roles:
            raise self._refuse("only code cells can be solution, tests or demo; remove '[markdown]'.")
        if "points" in roles and "tests" not in roles:
            raise self._refuse("points belong to a cell with tests=...; remove them here.")

    def _check_values(self) -> None:
        roles = self.roles
        if "framework" in roles and roles["framework"] not in FRAMEWORK_VALUES:
            raise self._refuse(f"framework={roles['framework']!r}; write one of {', '.join(FRAMEWORK_VALUES)}.")
        if "tests" in roles and not _are_points(roles.get("points")):
            points = "none" if roles.get("points") is None else repr(roles["points"])
            raise self._refuse(
                f"tests={roles['tests']!r} needs its points as a number, such as points=3, or points=0 for what is "
                f"checked but not graded (found {points})."
            )
        if "demo" in roles and roles["demo"] is not True:
            raise self._refuse(f"write demo=True (found {roles['demo']!r}).")
        for role in ("solution", "tests"):
            if role in roles and not NAME.fullmatch(str(roles[role])):
                raise self._refuse(f"{role}={roles[role]!r} is not a name; use small letters, digits and _.")

    def _check_markers(self, kind: str) -> None:
        begin, end = MARKERS[kind]
        role, label = MARKED_ROLES[kind], begin.split(" ", 2)[2]
        lines = [
            line.strip()
            for line in self.text.splitlines()
            if line.strip() in (begin, end) or re.search(rf"(BEGIN|END) {label}", line)
        ]
        if lines != [begin, end] * (len(lines) // 2):
            raise self._refuse(
                f"the {kind} markers do not pair (found {', '.join(lines)}); write '{begin}' and '{end}' on lines of "
                "their own, in this order."
            )
        if lines and role not in self.roles:
            raise self._refuse(
                f"{kind} markers in a cell without {role}=...; add the role to the '# %%' line, or the text would "
                "reach students."
            )
        if role in self.roles and not lines and kind != "stub":
            raise self._refuse(
                f"{role}={self.roles[role]!r} without '{begin}' and '{end}'; put them around what students must not "
                "see."
            )

    def _check_stub(self) -> None:
        """A stub of the author's own takes the place of the one solution above it, and must be Python there."""
        begin, _ = MARKERS["stub"]
        if begin not in self.text:
            return
        lines = [line.strip() for line in self.text.splitlines()]
        start, end = (lines.index(marker) for marker in MARKERS["stub"])
        if lines[start - 1] != MARKERS["solution"][1] or sum(line == begin for line in lines) > 1:
            raise self._refuse(f"'{begin}' follows the cell's one '{MARKERS['solution'][1]}' in the next line.")
        if sum(line == MARKERS["solution"][0] for line in lines) > 1:
            raise self._refuse("a stub takes the place of one solution, and this cell has several; split it.")
        if not all(line.startswith("#") for line in lines[start + 1 : end]) or start + 1 == end:
            raise self._refuse("write each line of the stub as a comment, '# ' and the code that students get.")
        try:
            _parsed(with_stub(self.text))
        except SyntaxError as error:
            raise self._refuse(f"the stub is not Python: line {error.lineno} of the cell, {error.msg}.") from error

    def _check_text(self) -> None:
        if self.kind == "code" and KINDS & set(self.roles):
            try:
                self._statements()
            except SyntaxError as error:
                raise self._refuse(f"line {error.lineno} of the cell is not Python: {error.msg}.") from error
        if "tests" in self.roles and self.text.strip() != expected_tests(self.roles["tests"]):
            raise self._refuse(
                f"a test cell reads the same everywhere. Replace its text by:\n{expected_tests(self.roles['tests'])}"
            )


def _parsed(text: str) -> list[ast.stmt]:
    """Parse a cell; magics stand still as ``pass``."""
    return ast.parse(re.sub(r"^(\s*)[%!].*", r"\1pass", text, flags=re.MULTILINE)).body


def _is_set(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _are_points(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def expected_tests(grade_id: str) -> str:
    """Return the text of a test cell, the same for every exercise."""
    begin, end = MARKERS["hidden-test"]
    return f'check("{grade_id}")\n{begin}\ngrade("{grade_id}")\n{end}'


def without_markers(text: str, kind: str) -> str:
    """Drop the marker lines of solutions, keeping what they enclose; drop hidden tests whole."""
    begin, end = MARKERS[kind]
    if kind == "hidden-test":
        return re.sub(rf"\n?[ \t]*{begin}.*?{end}[ \t]*", "", text, flags=re.DOTALL)
    return "\n".join(line for line in text.split("\n") if line.strip() not in (begin, end))
