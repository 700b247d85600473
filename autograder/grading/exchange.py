"""nbgrader's exchange with submissions that anybody may have written: what is collected, and whose feedback goes where.

On a hub each student writes into the exchange. So names there may be anything, folders may be somebody else's, and
links may lead into the instructor's own files, which nbgrader would copy.
"""

import pwd
import shutil
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from autograder.classroom import Classroom
from autograder.files import Folder, copy_files
from autograder.grading.converters import chosen
from autograder.grading.lateness import FILE
from autograder.grading.stamps import MOST_HASHED
from autograder.grading.submissions import printable
from autograder.roster import is_student_id

SECRET = Path("submission_secret.txt")
LONGEST_SECRET = 1024  # bytes; nbgrader writes 128
NOBODY = ""


class Collect(ExchangeCollect):
    """Collects what students handed in: plain files, from folders that belong to those whose work they claim to be."""

    def init_src(self) -> None:
        super().init_src()
        records: list[dict[str, Any]] = self.src_records  # type: ignore[has-type]
        self.src_records = [record for record in records if record["username"] != NOBODY]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        """Return who handed in and when; a folder that cannot be so is nobody's, and costs nobody else anything."""
        why = ""
        try:
            record = super()._path_to_record(path)
            lab = record["filename"].rsplit("+", 3)[1]
            if lab != self.coursedir.assignment_id or not is_student_id(record["username"]):
                why = "its name is none that nbgrader gives"
            elif self.check_owner and record["username"] != (owner := _owner(path)):
                why = f"it belongs to {owner}"
        except (ValueError, OverflowError):
            why = "its name tells no time"
        except FileNotFoundError:
            why = "it is gone"
        if not why:
            return record
        self.log.error("%s was left out: %s.", printable(path), printable(why))
        return {"username": NOBODY, "filename": path, "timestamp": datetime.min}

    def do_copy(self, src: str, dest: str, log: object = None) -> None:
        """Copy the plain files of a hand-in; links, hidden files and what nbgrader's settings leave out stay behind."""
        try:
            folder = Folder(Path(src).parent, Path(src).name)
        except (FileNotFoundError, NotADirectoryError):
            self.log.error("%s was left out: it is no folder.", printable(src))
            return
        with folder:
            files, whole = folder.list()
            names = [
                name
                for name, _ in files
                if not any(fnmatchcase(part, pattern) for part in name.parts for pattern in self.coursedir.ignore)
            ]
            if not whole or sum(size for name, size in files if name in names) > MOST_HASHED:
                self.log.error("%s holds more than is collected; some of it was left out.", printable(src))
            Path(dest).mkdir(parents=True)
            copy_files(folder, Path(dest), [name for name in names if str(name) != FILE], MOST_HASHED)
        # The next collecting reads it, and stops at one that is no time.
        when = super()._path_to_record(src)["timestamp"]
        (Path(dest) / FILE).write_text(f"{when} UTC\n", encoding="ascii")


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Gives each page to whoever handed in what was graded; the folder of pages holds nothing that was handed in."""

    def copy_files(self) -> None:
        classroom, lab = Classroom(Path(self.coursedir.root)), self.coursedir.assignment_id
        pages = {path.parent.parent.name: path for path in sorted(classroom.feedback.glob(f"*/{lab}/{lab}.html"))}
        for student in chosen(self.coursedir, pages):
            secret = _secret(classroom, student, lab)
            if not secret:
                self.log.error("%s: not handed in by the exchange, so no page goes back.", printable(student))
                continue
            target = Path(self.dest_path) / f"{notebook_hash(secret=secret, notebook_id=lab)}.html"
            part = target.with_name(f"{target.stem}-tmp.html")
            shutil.copyfile(pages[student], part)
            part.replace(target)
            self.log.info("Feedback for %s on %s was released.", printable(student), lab)


def _secret(classroom: Classroom, student: str, lab: str) -> str:
    """Return what only the student and the exchange know of the submission that was graded, or nothing."""
    try:
        with Folder(classroom.autograded, student, lab) as folder:
            return folder.read(SECRET, LONGEST_SECRET).decode("ascii", "replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _owner(path: str) -> str:
    uid = Path(path).lstat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
