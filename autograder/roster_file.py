"""How ``roster.csv`` is read: as spreadsheets save it, and with the names that platforms give its columns."""

import csv
import io
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

from autograder.classroom import Classroom
from autograder.errors import CourseError
from autograder.files import read_given
from autograder.roster import EXTENSION, Person, Roster, is_student_id

COLUMNS = ("id", "name", "email", "lms_id", "section", "extension", "group", "aliases")
EXAMPLE = "id,name,email,lms_id,section,extension,group\njdoe,Jane Doe,jane.doe@school.edu,12345,A,,"
ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")  # as spreadsheets save a table; the last one reads anything
MOST_BYTES = 20_000_000
NOBODY = ("Points Possible", "Student, Test")  # lines of Canvas's table that are no students
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how files of spreadsheets begin
SEPARATOR = re.compile(r'"?sep=([,;\t])"?', re.I)  # a first line that Excel writes and reads
UNIQUE = ("id", "lms_id", "email")  # what stands for one student alone
SAME = {
    "e_mail": "email",
    "email_address": "email",
    "lmsid": "lms_id",
    "id_number": "lms_id",
    "student_id": "lms_id",
    "alias": "aliases",
    "student": "name",
    "full_name": "name",
    "surname": "last_name",
    "user_name": "username",
}


def read_roster(path: Path, labs: Collection[str] = ()) -> Roster | None:
    """Return the roster of a classroom, or None where there is no such file.

    Args:
        labs: of which an extension may be; empty: any.

    Raises:
        CourseError: it cannot be read; the message names the line.
    """
    try:
        content = read_given(path, MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(content) > MOST_BYTES:
        raise CourseError(f"{path}: more than {MOST_BYTES / 1e6:g} MB; is this the roster?")
    text = _decoded(content)
    if "\0" in text or content.startswith(WORKBOOKS):
        raise CourseError(f"{path}: this is no table as text. Save it as CSV (UTF-8) in the spreadsheet's program.")
    rows = _rows(path, text)
    _, names = next(rows, (1, []))
    header = _columns(names)
    if "id" not in header:
        there = f" It names {', '.join(filter(None, header))}." if any(header) else ""
        raise CourseError(f"{path}: its first line must name the columns, `id` among them.{there} Such as:\n{EXAMPLE}")
    for name in (*COLUMNS, "username"):
        if header.count(name) > 1:
            raise CourseError(f"{path}: its first line names the column `{name}` twice.")
    people = list(_people(path, header, len(names), rows, labs))
    if not people:
        raise CourseError(f"{path}: there is no student below the line that names the columns.")
    return Roster(people)


def roster_of(classroom: Classroom) -> Roster:
    """Return who is in the class, nobody where there is no roster; read once for each time at which it was changed.

    Raises:
        CourseError: it cannot be read.
    """
    try:
        return _read(classroom.root, classroom.roster.stat().st_mtime_ns)
    except FileNotFoundError:
        return Roster([])


@lru_cache(maxsize=1)
def _read(root: Path, changed: int) -> Roster:
    classroom = Classroom(root)
    return read_roster(classroom.roster, classroom.labs()) or Roster([])


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table with the number of the line where each begins.

    Raises:
        CourseError: a quotation mark is not closed.
    """
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 1
    try:
        for row in rows:
            if not (number == 1 and SEPARATOR.fullmatch(text.splitlines()[0])):
                yield number, row
            number = rows.line_num + 1
    except csv.Error as problem:
        if "data" in str(problem):
            raise CourseError(f"{path}, line {number}: the quotation mark is not closed.") from None
        raise CourseError(
            f"{path}, line {number}: the quotation mark is not closed, or a cell goes on after one ({problem})."
        ) from None


def _people(
    path: Path, header: list[str], width: int, rows: Iterator[tuple[int, list[str]]], labs: Collection[str]
) -> Iterator[Person]:
    seen: dict[tuple[str, str], int] = {}  # lines, by column and what stands there
    for number, row in rows:
        if any(cell.strip() for cell in row[width:]):  # what stands behind the comma would count for other columns
            raise CourseError(
                f"{path}, line {number}: there are {len(row)} cells for {width} columns. What holds a comma, such as "
                "a name, stands in quotation marks."
            )
        all_ = {name: value.strip() for name, value in zip(header, row)}
        if not any(all_.values()) or all_.get("name") in NOBODY:
            continue
        values = {name: value for name, value in all_.items() if name in COLUMNS}
        values.setdefault("id", all_.get("username") or all_.get("email", ""))
        values.setdefault("name", f"{all_.get('first_name', '')} {all_.get('last_name', '')}".strip())
        if not values.get("id"):
            raise CourseError(f"{path}, line {number}: the column `id` is empty.")
        if not is_student_id(values["id"]):
            raise CourseError(
                f"{path}, line {number}: {values['id']!r} cannot be the name of a folder; change this id."
            )
        for name, value in values.items():
            if "\n" in value or "\r" in value:  # an open mark takes in all lines up to the next one
                raise CourseError(f"{path}, line {number}: the quotation mark in the column `{name}` is not closed.")
            if name in UNIQUE and value:
                before = seen.setdefault((name, value.casefold()), number)
                if before != number:
                    raise CourseError(
                        f"{path}, line {number}: {value!r} stands in line {before} already, in the column `{name}`."
                    )
        if problem := _wrong_extension(values.get("extension", ""), labs):
            raise CourseError(f"{path}, line {number}: {problem}")
        aliases = tuple(re.split(r"[\s;]+", values.pop("aliases", "").strip()))
        yield Person(**values, aliases=tuple(filter(None, aliases)))


def _wrong_extension(text: str, labs: Collection[str]) -> str:
    """Return what is wrong with an extension, or ""."""
    for word in re.split(r"[\s;]+", text) if text else ():
        match = EXTENSION.fullmatch(word)
        if not match:
            return f"an extension is a number of days, such as `2`, or `lab1_perceptron=2` for one lab, not {text!r}."
        if labs and match["lab"] and match["lab"] not in labs:
            return f"there is no lab {match['lab']!r}; there is {', '.join(labs)}."
    return ""


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    if match := SEPARATOR.fullmatch(first.rstrip("\r")):
        return match[1]
    return max(",;\t", key=first.count)


def _columns(names: list[str]) -> list[str]:
    """Return the names of columns as they are known here, of tables that platforms write too.

    Canvas has the login in `SIS Login ID` and its own number in `ID`; Blackboard has a user name, Moodle an address.
    """
    words = [re.sub(r"[\s-]+", "_", name.strip().casefold()) for name in names]
    found = [SAME.get(word, word) for word in words]
    if "sis_login_id" in found:
        found = [{"sis_login_id": "id", "id": "lms_id"}.get(word, word) for word in found]
    for other in ("username", "email"):
        if "id" not in found and other in found:
            found = [*found, "id"]  # what a row has there stands in the other column, see ``_people``
    return found
