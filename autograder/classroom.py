"""The folder where a course runs: nbgrader's own folders and gradebook, the classroom's secret, and the reports."""

import contextlib
import json
import os
import secrets
from pathlib import Path

from autograder.errors import CourseError
from autograder.files import read_given
from autograder.notebooks.cells import nbgrader_data
from autograder.words import command

FRAMEWORKS = ("both", "torch", "tensorflow")
ENGINES = ("sealed", "plain")
SHORTEST_SECRET = 16  # bytes; those that are made here have 64


class Classroom:
    """Paths and fixed facts of one classroom.

    Args:
        root: the folder; made by ``create``.
    """

    def __init__(self, root: str | Path):
        self.root = Path(root).resolve()
        self.source, self.release, self.solved = (self.root / name for name in ("source", "release", "solved"))
        self.submitted, self.autograded = self.root / "submitted", self.root / "autograded"
        self.feedback, self.reports = self.root / "feedback", self.root / "reports"
        self.shards = self.root / "shards"
        self.collected, self.exports = self.root / "collected", self.root / "exports"
        self.earlier = self.root / "earlier"  # released notebooks of labs that were mended, by lab
        self.variants = self.root / "variants"  # hidden cases that were drawn, see ``engines.variants``

    @property
    def settings_file(self) -> Path:
        return self.root / "classroom.json"

    @property
    def roster(self) -> Path:
        return self.root / "roster.csv"

    @property
    def excused(self) -> Path:
        return self.root / "excused.json"

    @property
    def gradebook(self) -> Path:
        return self.root / "gradebook.db"

    def _setting(self, name: str, default: str) -> str:
        if not self.settings_file.exists():
            return default
        try:
            settings = json.loads(read_given(self.settings_file))
            return str(settings.get(name, default))
        except (ValueError, AttributeError):
            raise CourseError(
                f"{self.settings_file}: cannot be read as settings. Remove it, then run "
                f"`{command(self.root, 'build')}` with the --framework and --engine of this class."
            ) from None

    @property
    def framework(self) -> str:
        """The framework that the classroom teaches: "both", "torch" or "tensorflow"."""
        return self._setting("framework", "both")

    @property
    def engine(self) -> str:
        """How submissions are graded: "sealed" (the verdict outside the student's process) or "plain" (inside it)."""
        return self._setting("engine", "sealed")

    def create(self, framework: str | None = None, engine: str | None = None) -> "Classroom":
        """Make the classroom if it is missing; ``engine`` may change later, ``framework`` may not.

        Raises:
            CourseError: it exists already for another framework.
        """
        if self.settings_file.exists() and framework not in (None, self.framework):
            raise CourseError(
                f"{self.root}: this classroom was made for {self.framework!r} and cannot change to "
                f"{framework!r}: its gradebook would no longer fit. Use another --classroom."
            )
        self.root.mkdir(parents=True, exist_ok=True)
        with (
            contextlib.suppress(FileExistsError),
            open(self.root / "secret", "x", encoding="ascii", opener=_private) as file,
        ):
            file.write(secrets.token_hex(32) + "\n")
        self.secret()
        settings = {"framework": framework or self.framework, "engine": engine or self.engine}
        self.settings_file.write_text(json.dumps(settings) + "\n", encoding="utf-8")
        return self

    def secret(self) -> bytes:
        """Return the bytes from which all hidden inputs are drawn, made once and readable by the owner alone.

        Raises:
            CourseError: it is gone, or there are too few of them.
        """
        path = self.root / "secret"
        try:
            secret = read_given(path).strip()
        except FileNotFoundError:
            raise CourseError(
                f"{path} is missing. Put back the one that this class was graded with; or build the classroom again, "
                "which makes a new one, with which other inputs are drawn."
            ) from None
        if len(secret) < SHORTEST_SECRET:  # as where the disk was full when it was written
            raise CourseError(
                f"{path}: holds no secret, so hidden inputs could be guessed. Put back the one that this class was "
                "graded with; or remove the file and build the classroom again, which makes a new one, with which "
                "other inputs are drawn."
            )
        return secret

    def labs(self) -> list[str]:
        """Return the names of the labs that were built here, in order."""
        return sorted(path.parent.name for path in self.source.glob("*/*.ipynb") if path.stem == path.parent.name)

    def graded_labs(self) -> list[str]:
        """Return the names of the labs that give points, in order; the others are checked and not graded.

        Raises:
            CourseError: a released notebook is damaged.
        """
        return [lab for lab in self.labs() if self._gives_points(self.release / lab / f"{lab}.ipynb")]

    def _gives_points(self, released: Path) -> bool:
        if not released.exists():
            return True  # not released yet: grading says so
        try:
            cells = json.loads(released.read_text(encoding="utf-8"))["cells"]
        except (ValueError, TypeError, KeyError):
            raise CourseError(f"{released}: is no notebook any more. Run `{command(self.root, 'build')}`.") from None
        return any(nbgrader_data(cell).get("points") for cell in cells)


def is_classroom(folder: Path) -> bool:
    """Return whether a folder is one where a course runs."""
    return all((folder / name).is_file() for name in ("classroom.json", "secret"))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
