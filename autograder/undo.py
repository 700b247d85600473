"""What the last command that changed scores found: it is kept in ``DIR/undo``, and can be put back."""

import contextlib
import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from traitlets.config import Config

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.files import write_atomically
from autograder.lock import alone
from autograder.settings import load_config

ABOUT, PATHS, BOOK, FILES = "about.json", "paths.jsonl", "gradebook.db", "files"
BEFORE = ".undo.before"


class Undo:
    """The state of a classroom before a command: its gradebook, and the folders that the command was to change.

    Attributes:
        begun: whether this command keeps something here already.
    """

    def __init__(self, classroom: Classroom, config: Config):
        self.classroom, self.folder, self._new = classroom, classroom.root / "undo", classroom.root / ".undo.new"
        self._before = classroom.root / BEFORE  # what an earlier command left here, while this one is half done
        url = make_url(CourseDirectory(config=config).db_url)
        self._book = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
        self.begun = False
        self._kept: set[Path] = set()

    @property
    def can_keep(self) -> bool:
        """Whether the gradebook is a file, which can be copied."""
        return self._book is not None

    @property
    def about(self) -> dict[str, Any]:
        """What is kept: the command, since when, and whether it must be taken back as a whole; empty for nothing."""
        try:
            return json.loads((self.folder / ABOUT).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}

    @property
    def unsettled(self) -> bool:
        """Whether a command is half done, or was ended when it was."""
        return bool(self.about.get("half")) or self._before.exists()

    def begin(self, command: str, half: bool = False) -> None:
        """Copy the gradebook, in place of what an earlier command left here.

        Args:
            half: until ``finish`` the classroom is neither as it was nor as it will be: ``recover`` takes it back, and
                what the earlier command left is here again.
        """
        self.copy()
        self.begin_with_copy(command, half)

    def copy(self) -> None:
        """Copy the gradebook, and leave what an earlier command left here: it is not sure yet that anything changes."""
        self.forget_copy()
        if self._book is None:
            return
        (self._new / FILES).mkdir(parents=True, mode=0o700)
        if self._book.exists():
            with (
                contextlib.closing(sqlite3.connect(f"{self._book.as_uri()}?mode=ro", uri=True)) as book,
                contextlib.closing(sqlite3.connect(self._new / BOOK)) as copy,
            ):
                book.backup(copy)

    def forget_copy(self) -> None:
        """Remove a copy with which nothing began."""
        shutil.rmtree(self._new, ignore_errors=True)

    def begin_with_copy(self, command: str, half: bool = False) -> None:
        """Begin with the copy that was just made; see ``begin``."""
        if self._book is None:
            return
        about = {"command": command, "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", "half": half}
        (self._new / ABOUT).write_text(json.dumps(about) + "\n", encoding="utf-8")
        shutil.rmtree(self._before, ignore_errors=True)
        if half and self.folder.exists():
            self.folder.rename(self._before)
        shutil.rmtree(self.folder, ignore_errors=True)
        self._new.rename(self.folder)
        self.begun = True

    def keep(self, path: Path) -> None:
        """Copy a file or folder of the classroom before it is changed; or note that there is none."""
        if not self.begun or path in self._kept:
            return
        self._kept.add(path)
        copy = self.folder / FILES / str(len(self._kept))
        there = path.exists()
        if path.is_dir():
            shutil.copytree(path, copy, symlinks=True)
        elif there:
            shutil.copy2(path, copy)
        line = {"path": str(path.relative_to(self.classroom.root)), "copy": copy.name if there else ""}
        with (self.folder / PATHS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def finish(self) -> None:
        """Note that the command came to its end."""
        if self.begun:
            write_atomically(self.folder / ABOUT, json.dumps({**self.about, "half": False}) + "\n")
            self.settle()

    def settle(self) -> None:
        """Let what an earlier command left here be kept again, or go, where a kill came between the two."""
        if self.about.get("half"):
            return
        if self.about:
            shutil.rmtree(self._before, ignore_errors=True)
        elif self._before.exists():
            shutil.rmtree(self.folder, ignore_errors=True)
            self._before.rename(self.folder)

    def restore(self) -> None:
        """Put back all that is kept; where this is interrupted, it can be done again.

        Raises:
            CourseError: nothing is kept.
        """
        if not self.about or self._book is None:
            raise CourseError(
                f"{self.classroom.root}: there is nothing to take back; what the last command found is kept, and "
                "taken back once."
                if self._book
                else "the gradebook is on a server, of which no copy was made: put back your own."
            )
        with contextlib.suppress(FileNotFoundError):
            for line in (self.folder / PATHS).read_text(encoding="utf-8").splitlines():
                self._put_back(json.loads(line))
        if (self.folder / BOOK).exists():
            part = self._book.with_name(f"{self._book.name}.part")
            shutil.copy2(self.folder / BOOK, part)
            part.replace(self._book)
        else:
            self._book.unlink(missing_ok=True)
        for suffix in ("-journal", "-wal", "-shm"):  # of a transaction that the copy does not hold
            self._book.with_name(self._book.name + suffix).unlink(missing_ok=True)
        self.forget_copy()
        self.folder.rename(self._new)
        self.settle()
        self.forget_copy()
        self.begun = False

    def _put_back(self, line: dict[str, str]) -> None:
        target, copy = self.classroom.root / line["path"], self.folder / FILES / line["copy"]
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)
        if not line["copy"]:
            for folder in target.parents:
                if folder == self.classroom.root or not folder.is_dir() or any(folder.iterdir()):
                    return
                folder.rmdir()
        target.parent.mkdir(parents=True, exist_ok=True)
        if copy.is_dir():
            shutil.copytree(copy, target, symlinks=True)
        else:
            shutil.copy2(copy, target)


def recover(classroom: Classroom) -> str:
    """Take back what a command that was killed left half done; return what there is to say about it, or "".

    Raises:
        CourseError: the command is at work still.
    """
    if not (classroom.root / "undo" / ABOUT).exists() and not (classroom.root / BEFORE).exists():
        return ""
    undo = Undo(classroom, load_config(classroom))
    if not undo.unsettled:
        return ""
    with alone(classroom, "autograder undo"):
        about = undo.about
        if not about.get("half"):
            undo.settle()
            return ""
        undo.restore()
    return f"{about['command']!r} of {about['since']} was ended half way; the classroom is as it was before it."
