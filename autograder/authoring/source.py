"""Read a lab's source, match it with the lab's exercises, and expand its roles to nbgrader metadata."""

import re
import traceback
from importlib import util
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.authoring.exercise import Exercise, exercises_of
from autograder.authoring.roles import SourceCell
from autograder.authoring.stubs import METADATA, split_stub
from autograder.errors import CourseError
from autograder.notebooks.cells import SKIP_TAG, nbgrader_data


class Lab:
    """A lab as its author wrote it, checked.

    Args:
        path: the source, ``solutions/labN_name.py``.
        exercises: the lab's exercises; by default those of ``autograder.exercises.<lab>``.

    Raises:
        CourseError: naming file, line, cell and the mend.
    """

    def __init__(self, path: str | Path, exercises: list[Exercise] | None = None):
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

    def _read(self) -> list[SourceCell]:
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

    def _check(self) -> None:
        seen: dict[tuple[str, str], str] = {}
        solved = set()
        for cell in self.cells:
            name = cell.roles.get("tests")
            if isinstance(name, str) and name not in self.tests:  # before its text is held against its header
                raise self._no_exercise(f"tests for {name!r}", cell)
            cell.check()
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
                if role == "solution":
                    solved.add(self._exercise_of(name, cell))
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
        self._check_objects()
        self._check_stubs()

    def _check_stubs(self) -> None:
        """Raise CourseError where an exercise does not name the mistake of its broken code, or has no such code."""
        given = {
            self._exercise_of(cell.roles["solution"], cell): cell.where
            for cell in self.cells
            if "solution" in cell.roles and split_stub(cell.text)[1]
        }
        for grade_id, (exercise, spelling) in self.tests.items():
            if (grade_id in given) != (spelling in exercise.stubs):
                raise CourseError(
                    f"{given.get(grade_id, self.path)}: a stub between '### BEGIN STUB' and '### END STUB' and "
                    f'`stubs={{"{spelling}": "the mistake that it makes"}}` in the exercise {exercise.name!r} '
                    "belong together; write both or none."
                )

    def _check_objects(self) -> None:
        """Raise CourseError where no cell defines what a check looks for: no student could pass it."""
        defined = set().union(*(cell.defined_names() for cell in self.cells))
        for grade_id, (exercise, spelling) in self.tests.items():
            target = exercise.spellings[spelling].object
            for name in [target] if isinstance(target, str) else target:
                if name not in defined:
                    raise CourseError(
                        f"{self.path}: exercise {grade_id!r} asks for `{name}`, but no cell defines it; write its "
                        f"solution under that name, or name it so in autograder/exercises/{self.name}.py."
                    )

    def _exercise_of(self, name: str, cell: SourceCell) -> str:
        """Return the grade id that a solution cell belongs to: its own name, or that without ``_part``."""
        if name in self.tests:
            return name
        for grade_id, (exercise, _) in self.tests.items():
            if name in {f"{grade_id}_{part}" for part in exercise.solution_parts}:
                return grade_id
        raise self._no_exercise(f"a solution for {name!r}", cell)

    def _no_exercise(self, what: str, cell: SourceCell) -> CourseError:
        return CourseError(
            f"{cell.where}: {what}, but no exercise has that name. Define it in "
            f"autograder/exercises/{self.name}.py, or write one of: {', '.join(self.tests)}."
        )

    @property
    def title(self) -> str:
        """The lab's first heading."""
        for cell in self.cells:
            if cell.kind == "markdown" and (match := re.search(r"^# (.+)$", cell.text, re.MULTILINE)):
                return match[1].strip()
        return self.name

    def points(self) -> dict[str, float]:
        """Return a mapping from grade ids to points, in the order of the lab."""
        return {cell.roles["tests"]: cell.roles["points"] for cell in self.cells if "tests" in cell.roles}

    def _kept(self, cell: SourceCell, framework: str) -> bool:
        """Tell whether a cell belongs into a build for "both", "torch" or "tensorflow"."""
        if framework == "both":
            return True
        needs = cell.frameworks
        name = cell.roles.get("tests") or cell.roles.get("solution")
        if name:
            exercise, spelling = self.tests[name if name in self.tests else self._exercise_of(name, cell)]
            needs = needs | set(exercise.needs(spelling))
        return needs <= {framework}

    def kept_tests(self, framework: str) -> list[str]:
        """Return the grade ids in a build for a framework, in the order of the lab."""
        return [cell.roles["tests"] for cell in self.cells if "tests" in cell.roles and self._kept(cell, framework)]

    def notebook(self, framework: str = "both", badge: str = "", bootstrap: str = "") -> NotebookNode:
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
    def _new_cell(cell: SourceCell, demo_name: str) -> NotebookNode:
        if cell.kind == "markdown":
            return nbformat.v4.new_markdown_cell(cell.text)
        text, stub = split_stub(cell.text)
        new = nbformat.v4.new_code_cell(text)
        roles = cell.roles
        if stub:
            new.metadata[METADATA] = stub
        if "solution" in roles:
            new.metadata["nbgrader"] = _nbgrader(f"{roles['solution']}_solution", solution=True)
        elif "tests" in roles:
            new.metadata["nbgrader"] = _nbgrader(roles["tests"], grade=True, locked=True, points=roles["points"])
        elif "demo" in roles:
            new.metadata["nbgrader"] = _nbgrader(demo_name, locked=True)
            new.metadata["tags"] = [SKIP_TAG]
        return new


def _nbgrader(grade_id: str, **roles: Any) -> dict[str, Any]:
    return {
        "grade_id": grade_id,
        "grade": False,
        "locked": False,
        "solution": False,
        "task": False,
        "schema_version": 3,
        **roles,
    }


def load_exercises(lab: str, path: str | Path) -> list[Exercise]:
    """Return the exercises that ``autograder/exercises/<lab>.py`` defines."""
    if util.find_spec(f"autograder.exercises.{lab}") is None:
        raise CourseError(f"{path}: no exercises are defined for this lab; write autograder/exercises/{lab}.py.")
    try:
        return exercises_of(lab)
    except (ImportError, NameError, SyntaxError, TypeError) as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(f"{lab}.py")]
        line = error.lineno if isinstance(error, SyntaxError) else frames[-1].lineno if frames else None
        raise CourseError(f"autograder/exercises/{lab}.py:{line}: {type(error).__name__}: {error}") from error
