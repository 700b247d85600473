"""Read a lab's source and expand the roles in its cell headers to nbgrader metadata.

Roles: ``solution="dense_torch"``, ``tests="dense_torch" points=3``, ``demo=True``; ``framework="torch"`` on any cell.
"""

import ast
import re
from dataclasses import dataclass
from importlib import import_module, util
from pathlib import Path

import jupytext
import nbformat

from autograder.errors import CourseError
from autograder.notebooks.cells import nbgrader_data

ROLES = {"solution", "tests", "points", "demo", "framework"}
FRAMEWORK_VALUES = ("torch", "tensorflow", "torch+tensorflow")
DEMO_TAG = "skip-execution"  # nbclient, stock or ours, skips such cells; JupyterLab and Colab run them
_MARKERS = {
    "solution": ("### BEGIN SOLUTION", "### END SOLUTION"),
    "hidden-test": ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"),
}


@dataclass
class SourceCell:
    """One cell of a source with its roles, and where it stands."""

    kind: str
    text: str
    roles: dict
    where: str

    @property
    def frameworks(self):
        """The set of frameworks without which this cell is dropped from a build."""
        return set(self.roles["framework"].split("+")) if "framework" in self.roles else set()


class Lab:
    """A lab as its author wrote it, checked.

    Args:
        path: the source, ``solutions/labN_name.py``.
        exercises: the lab's exercises; by default those of ``autograder.exercises.<lab>``.

    Raises:
        CourseError: naming file, line, cell and the mend.
    """

    def __init__(self, path, exercises=None):
        self.path = Path(path)
        self.name = self.path.stem
        self.exercises = exercises if exercises is not None else load_exercises(self.name, self.path)
        self.tests = {
            grade_id: (exercise, spelling)
            for exercise in self.exercises
            for grade_id, spelling in exercise.grade_ids().items()
        }
        self.cells = self._read()
        self._check()

    def _read(self):
        try:
            text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CourseError(f"{self.path}: cannot be read: {error}") from error
        lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"# %%(\s|$)", line)]
        cells = jupytext.reads(text, fmt="py:percent").cells
        if len(cells) != len(lines):
            raise CourseError(
                f"{self.path}: {len(cells)} cells but {len(lines)} lines that begin with '# %%': "
                "start every cell, the first too, with a '# %%' line, and begin no other line so."
            )
        for cell in cells:
            cell.metadata.pop("lines_to_next_cell", None)  # jupytext's note on blank lines
        return [
            SourceCell(cell.cell_type, cell.source, dict(cell.metadata), f"{self.path}:{line}: cell {number}")
            for number, (cell, line) in enumerate(zip(cells, lines), 1)
        ]

    def _check(self):
        seen, solved = {}, {}
        for cell in self.cells:
            self._check_roles(cell)
            for role in ("solution", "tests"):
                name = cell.roles.get(role)
                if name is None:
                    continue
                if (role, name) in seen:
                    raise CourseError(
                        f"{cell.where}: {role}={name!r} stands already at {seen[role, name]}; "
                        "give each exercise one solution cell and one test cell."
                    )
                seen[role, name] = cell.where
                if role == "tests" and name not in self.tests:
                    raise CourseError(
                        f"{cell.where}: tests for {name!r}, but no exercise has that name. Define it in "
                        f"autograder/exercises/{self.name}.py, or write one of: {', '.join(self.tests)}."
                    )
                if role == "solution":
                    solved[self._exercise_of(name, cell)] = cell.where
        for name in self.tests:
            if ("tests", name) not in seen:
                raise CourseError(
                    f"{self.path}: exercise {name!r} has no test cell; add one with the header "
                    f"'# %% tests=\"{name}\" points=3'."
                )
            if name not in solved:
                raise CourseError(
                    f"{self.path}: exercise {name!r} has no solution cell; add one with the header "
                    f"'# %% solution=\"{name}\"'."
                )

    def _exercise_of(self, name, cell):
        """Return the grade id that a solution cell belongs to: its own name, or that without ``_part``."""
        if name in self.tests:
            return name
        for grade_id, (exercise, _) in self.tests.items():
            if name in {f"{grade_id}_{part}" for part in exercise.solution_parts}:
                return grade_id
        raise CourseError(
            f"{cell.where}: a solution for {name!r}, but no exercise has that name. Define it in "
            f"autograder/exercises/{self.name}.py, or write one of: {', '.join(self.tests)}."
        )

    def _check_roles(self, cell):
        roles = cell.roles
        for key in roles:
            if key not in ROLES:
                raise CourseError(f"{cell.where}: unknown role {key!r}; the roles are {', '.join(sorted(ROLES))}.")
        if len({"solution", "tests", "demo"} & set(roles)) > 1:
            raise CourseError(f"{cell.where}: a cell is a solution, tests or a demo, not two of them; split it.")
        if cell.kind != "code" and {"solution", "tests", "demo", "points"} & set(roles):
            raise CourseError(f"{cell.where}: only code cells can be solution, tests or demo; remove '[markdown]'.")
        if "framework" in roles and roles["framework"] not in FRAMEWORK_VALUES:
            raise CourseError(
                f"{cell.where}: framework={roles['framework']!r}; write one of {', '.join(FRAMEWORK_VALUES)}."
            )
        points = roles.get("points")
        if "tests" in roles and (isinstance(points, bool) or not isinstance(points, (int, float)) or not points >= 0):
            raise CourseError(
                f"{cell.where}: tests={roles['tests']!r} needs its points as a number, such as points=3, or points=0 "
                f"for what is checked but not graded (found {'none' if points is None else repr(points)})."
            )
        if "points" in roles and "tests" not in roles:
            raise CourseError(f"{cell.where}: points belong to a cell with tests=...; remove them here.")
        if "demo" in roles and roles["demo"] is not True:
            raise CourseError(f"{cell.where}: write demo=True (found {roles['demo']!r}).")
        for role in ("solution", "tests"):
            if role in roles and not re.fullmatch(r"[a-z][a-z0-9_]*", str(roles[role])):
                raise CourseError(
                    f"{cell.where}: {role}={roles[role]!r} is not a name; use small letters, digits and _."
                )
        self._check_markers(cell)
        if cell.kind == "code" and {"solution", "tests", "demo"} & set(roles):
            try:
                ast.parse(re.sub(r"^(\s*)[%!].*", r"\1pass", cell.text, flags=re.MULTILINE))
            except SyntaxError as error:
                raise CourseError(
                    f"{cell.where}: line {error.lineno} of the cell is not Python: {error.msg}."
                ) from error
        if "tests" in roles and cell.text.strip() != expected_tests(roles["tests"]):
            raise CourseError(
                f"{cell.where}: a test cell reads the same everywhere. Replace its text by:\n"
                f"{expected_tests(roles['tests'])}"
            )

    @staticmethod
    def _check_markers(cell):
        for kind, (begin, end) in _MARKERS.items():
            found = [
                line.strip()
                for line in cell.text.splitlines()
                if line.strip() in (begin, end) or re.search(r"(BEGIN|END) " + begin.split(" ", 2)[2], line)
            ]
            if found != [begin, end] * (len(found) // 2):
                raise CourseError(
                    f"{cell.where}: the {kind} markers do not pair (found {', '.join(found)}); "
                    f"write '{begin}' and '{end}' on lines of their own, in this order."
                )
            wanted = {"solution": "solution", "hidden-test": "tests"}[kind]
            if found and wanted not in cell.roles:
                raise CourseError(
                    f"{cell.where}: {kind} markers in a cell without {wanted}=...; add the role to the "
                    "'# %%' line, or the text would reach students."
                )
            if wanted in cell.roles and not found:
                raise CourseError(
                    f"{cell.where}: {wanted}={cell.roles[wanted]!r} without '{begin}' and '{end}'; "
                    "put them around what students must not see."
                )

    @property
    def title(self):
        """The lab's first heading."""
        for cell in self.cells:
            if cell.kind == "markdown" and (match := re.search(r"^# (.+)$", cell.text, re.MULTILINE)):
                return match[1].strip()
        return self.name

    def points(self):
        """Return a mapping from grade ids to points, in the order of the lab."""
        return {cell.roles["tests"]: cell.roles["points"] for cell in self.cells if "tests" in cell.roles}

    def _kept(self, cell, framework):
        """Tell whether a cell belongs into a build for "both", "torch" or "tensorflow"."""
        if framework == "both":
            return True
        needs = cell.frameworks
        name = cell.roles.get("tests") or cell.roles.get("solution")
        if name:
            exercise, spelling = self.tests[name if name in self.tests else self._exercise_of(name, cell)]
            needs = needs | set(exercise.needs(spelling))
        return needs <= {framework}

    def kept_tests(self, framework):
        """Return the grade ids in a build for a framework, in the order of the lab."""
        return [cell.roles["tests"] for cell in self.cells if "tests" in cell.roles and self._kept(cell, framework)]

    def notebook(self, framework="both", badge="", bootstrap=""):
        """Return the lab as nbgrader's source notebook, with deterministic cell ids.

        Args:
            framework: "both", "torch" or "tensorflow".
            badge: markdown line put on top of the first cell, or "".
            bootstrap: code of a cell put before the first code cell, or "".
        """
        cells, demos = [], 0
        for cell in self.cells:
            demos += "demo" in cell.roles
            if self._kept(cell, framework):
                cells.append(self._new_cell(cell, f"demo_{demos}"))
        if badge:
            cells[0].source = f"{badge}\n\n{cells[0].source}"
        if bootstrap:
            first = next(index for index, cell in enumerate(cells) if cell.cell_type == "code")
            cells.insert(first, nbformat.v4.new_code_cell(bootstrap))
        for index, cell in enumerate(cells):
            cell.id = nbgrader_data(cell).get("grade_id", f"cell-{index}")
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata = nbformat.from_dict(
            {
                "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
            }
        )
        return notebook

    @staticmethod
    def _new_cell(cell, demo_name):
        if cell.kind == "markdown":
            return nbformat.v4.new_markdown_cell(cell.text)
        new = nbformat.v4.new_code_cell(cell.text)
        roles = cell.roles
        if "solution" in roles:
            new.metadata["nbgrader"] = _nbgrader(f"{roles['solution']}_solution", solution=True)
        elif "tests" in roles:
            new.metadata["nbgrader"] = _nbgrader(roles["tests"], grade=True, locked=True, points=roles["points"])
        elif "demo" in roles:
            new.metadata["nbgrader"] = _nbgrader(demo_name, locked=True)
            new.metadata["tags"] = [DEMO_TAG]
        return new


def _nbgrader(grade_id, **roles):
    return {
        "grade_id": grade_id,
        "grade": False,
        "locked": False,
        "solution": False,
        "task": False,
        "schema_version": 3,
        **roles,
    }


def expected_tests(grade_id):
    """Return the text of a test cell, the same for every exercise."""
    begin, end = _MARKERS["hidden-test"]
    return f'check("{grade_id}")\n{begin}\ngrade("{grade_id}")\n{end}'


def without_markers(text, kind):
    """Drop the marker lines of solutions, keeping what they enclose; drop hidden tests whole."""
    begin, end = _MARKERS[kind]
    if kind == "hidden-test":
        return re.sub(rf"\n?[ \t]*{begin}.*?{end}[ \t]*", "", text, flags=re.DOTALL)
    return "\n".join(line for line in text.split("\n") if line.strip() not in (begin, end))


def load_exercises(lab, path):
    """Return the exercises that ``autograder/exercises/<lab>.py`` defines."""
    module = f"autograder.exercises.{lab}"
    if util.find_spec(module) is None:
        raise CourseError(f"{path}: no exercises are defined for this lab; write autograder/exercises/{lab}.py.")
    return import_module(module).EXERCISES
