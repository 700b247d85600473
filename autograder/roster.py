"""``roster.csv`` in the classroom: who is in the class, and by which names people and platforms know them."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from autograder.errors import CourseError

COLUMNS = ("id", "name", "email", "lms_id", "section", "extension", "group", "aliases")
EXAMPLE = "id,name,email,lms_id,section,extension,group\njdoe,Jane Doe,jane.doe@school.edu,12345,A,,"
ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")  # as spreadsheets save a table; the last one reads anything
MOST_BYTES = 20_000_000
NOBODY = ("Points Possible", "Student, Test")  # lines of Canvas's table that are no students
EXTENSION = re.compile(r"(?:(?P<lab>[\w-]+)=)?(?P<days>\d{1,3}(?:\.\d+)?)")


@dataclass(frozen=True)
class Person:
    """One student of the class.

    Args:
        id: the name of the student's folder in the classroom, such as the login.
        lms_id: the number by which the learning platform knows the student.
        extension: what the column says, see ``extra_time``.
        aliases: other names that a file or a folder may have, such as that of an account on GitHub.
    """

    id: str
    name: str = ""
    email: str = ""
    lms_id: str = ""
    section: str = ""
    extension: str = ""
    group: str = ""
    aliases: tuple[str, ...] = ()

    def extra_time(self, lab: str) -> timedelta:
        """Return how much longer the student has for a lab: `2` is two days for each, `lab1_perceptron=0.5` for one."""
        days = 0.0
        for word in re.split(r"[\s;]+", self.extension.strip()):
            match = EXTENSION.fullmatch(word)
            if match and match["lab"] in (None, lab):
                days = max(days, float(match["days"]))
        return timedelta(days=days)


class Roster:
    """The students of a class, found by whatever names them.

    Args:
        people: in the order of the file.
    """

    def __init__(self, people: Iterable[Person]):
        self.people = {person.id: person for person in people}
        self._exact: dict[str, set[str]] = {}
        self._names: dict[frozenset[str], set[str]] = {}
        self._names_with: dict[str, list[frozenset[str]]] = {}  # names of several words, by the longest one
        self._ids: dict[tuple[str, ...], set[str]] = {}
        for person in self.people.values():
            for value in (person.id, person.lms_id, person.email, *person.aliases):
                if words := _words(value):
                    self._exact.setdefault(" ".join(words), set()).add(person.id)
            for value in (person.id, person.email.partition("@")[0], *person.aliases, person.lms_id):
                words = _words(value)
                if words and len("".join(words)) >= SHORTEST_ID:
                    self._ids.setdefault(words, set()).add(person.id)
            words = _words(person.name)
            if words:
                self._names.setdefault(frozenset(words), set()).add(person.id)
                if len(set(words)) > 1:
                    self._names_with.setdefault(max(words, key=len), []).append(frozenset(words))
                for turned in range(len(words)):  # "Jane Doe" is "doejane" on some platforms
                    joined = "".join(words[turned:] + words[:turned])
                    if len(joined) >= SHORTEST_ID:
                        self._ids.setdefault((joined,), set()).add(person.id)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people.values())

    def __len__(self) -> int:
        return len(self.people)

    def members(self, group: str) -> list[str]:
        """Return the ids of a group's members."""
        return [person.id for person in self if person.group and person.group == group]

    def by_key(self, value: str) -> set[str]:
        """Return who has exactly this id, number of the platform, e-mail address or alias."""
        return self._exact.get(" ".join(_words(value)), set())

    def by_text(self, text: str) -> set[str]:
        """Return whom a text such as the name of a file or folder names: by an id in it, else by all words of a name.

        More than one means that the text does not tell.
        """
        words = _words(text)
        exact = self._exact.get(" ".join(words)) or self._names.get(frozenset(words))
        if exact:
            return exact
        found, length = self._longest(words)
        best, most = self._named(words)
        if found and best and found != best and length == 1:
            return found | best  # the file of one student in the folder of another
        return best if most > length else found or best

    def _named(self, words: tuple[str, ...]) -> tuple[set[str], int]:
        """Return whose name has all its words among others, and how many words the longest such name has."""
        best: set[str] = set()
        there, most = set(words), 0
        for name in (name for word in there for name in self._names_with.get(word, ())):
            if name <= there and len(name) >= most:
                best = self._names[name] if len(name) > most else best | self._names[name]
                most = len(name)
        return best, most

    def by_group(self, text: str) -> set[str]:
        """Return the members of the group that a text is the name of."""
        words = "".join(_words(text))
        groups = {person.group for person in self if person.group and "".join(_words(person.group)) == words}
        return {member for group in groups for member in self.members(group)}

    def _longest(self, words: tuple[str, ...]) -> tuple[set[str], int]:
        """Return whose id stands among words, as words of its own, and how many words it has; the longest id counts."""
        for length in range(min(len(words), LONGEST_ID), 0, -1):
            found: set[str] = set()
            for start in range(len(words) - length + 1):
                found |= self._ids.get(words[start : start + length], set())
            if found:
                return found, length
        return set(), 0


SHORTEST_ID = 3  # characters of an id that is looked for inside other text; "1" is also the number of a lab
LONGEST_ID = 8  # words


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text, without accents and case."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return tuple(re.findall(r"[^\W_]+", plain.casefold()))


def read_roster(path: Path) -> Roster | None:
    """Return the roster of a classroom, or None where there is no such file.

    Raises:
        CourseError: it cannot be read; the message names the line.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(content) > MOST_BYTES:
        raise CourseError(f"{path}: more than {MOST_BYTES / 1e6:g} MB; is this the roster?")
    text = _decoded(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        header = _columns(next(rows, []))
        if "id" not in header:
            raise CourseError(f"{path}: its first line must name the columns, `id` among them, such as:\n{EXAMPLE}")
        return Roster(_people(path, header, rows))
    except csv.Error as problem:
        raise CourseError(f"{path}, line {rows.line_num}: {problem}.") from None


def _people(path: Path, header: list[str], rows: Iterator[list[str]]) -> Iterator[Person]:
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 2):
        all_ = {name: value.strip() for name, value in zip(header, row)}
        if not any(all_.values()) or all_.get("name") in NOBODY:
            continue
        values = {name: value for name, value in all_.items() if name in COLUMNS}
        values.setdefault("id", all_.get("username") or all_.get("email", ""))
        values.setdefault("name", f"{all_.get('first_name', '')} {all_.get('last_name', '')}".strip())
        if not values.get("id"):
            raise CourseError(f"{path}, line {number}: the column `id` is empty.")
        if values["id"] in seen:
            raise CourseError(f"{path}, line {number}: {values['id']!r} stands in line {seen[values['id']]} already.")
        if values.get("extension") and not _is_extension(values["extension"]):
            raise CourseError(
                f"{path}, line {number}: an extension is a number of days, such as `2`, or `lab1_perceptron=2` for "
                f"one lab, not {values['extension']!r}."
            )
        seen[values["id"]] = number
        aliases = tuple(re.split(r"[\s;]+", values.pop("aliases", "").strip()))
        yield Person(**values, aliases=tuple(filter(None, aliases)))


def _is_extension(text: str) -> bool:
    return all(EXTENSION.fullmatch(word) for word in re.split(r"[\s;]+", text))


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
