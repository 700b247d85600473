"""Who is in the class, and by which names people and platforms know them; ``roster_file`` reads it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

EXTENSION = re.compile(r"(?:(?P<lab>[\w-]+)=)?(?P<days>\d{1,3}(?:\.\d+)?)")

LONGEST_ID = 100  # characters


def is_student_id(name: str) -> bool:
    """Return whether a name may be a student's: pages, tables and paths hold it, so it must mean nothing to them."""
    return (
        0 < len(name) <= LONGEST_ID
        and name == name.strip()
        and (name[0].isalnum() or name[0] == "_")
        and all(char in "._-@+ " or unicodedata.category(char)[0] in "LMN" for char in name)
    )


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

    def extra_time(self, lab: str) -> timedelta | None:
        """Return how much longer the student has for a lab, or None where nothing is said of it.

        `2` is two days for each lab, `lab1_perceptron=0.5` half a day for one; `0` says that there is none.
        """
        matches = map(EXTENSION.fullmatch, re.split(r"[\s;]+", self.extension.strip()))
        days = [float(match["days"]) for match in matches if match and match["lab"] in (None, lab)]
        return timedelta(days=max(days)) if days else None


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
                if words and not _is_short("".join(words)):
                    self._ids.setdefault(words, set()).add(person.id)
            words = _words(person.name)
            if words:
                self._names.setdefault(frozenset(words), set()).add(person.id)
                if len(set(words)) > 1:
                    self._names_with.setdefault(max(words, key=len), []).append(frozenset(words))
                for turned in range(len(words)):  # "Jane Doe" is "doejane" on some platforms
                    joined = "".join(words[turned:] + words[:turned])
                    if not _is_short(joined):
                        self._ids.setdefault((joined,), set()).add(person.id)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people.values())

    def __len__(self) -> int:
        return len(self.people)

    def members(self, group: str) -> list[str]:
        """Return the ids of a group's members; as with ids, capitals tell no groups apart."""
        wanted = group.casefold()
        return [person.id for person in self if wanted and person.group.casefold() == wanted]

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
        for length in range(min(len(words), MOST_WORDS), 0, -1):
            found: set[str] = set()
            for start in range(len(words) - length + 1):
                found |= self._ids.get(words[start : start + length], set())
            if found:
                return found, length
        return set(), 0


SHORTEST_ID = 3  # characters of an id that is looked for inside other text; "1" is also the number of a lab
MOST_WORDS = 8  # of an id that is looked for so


def _is_short(text: str) -> bool:
    """Return whether a text is too short to be looked for inside others; a Chinese character counts for two letters."""
    return sum(2 if unicodedata.east_asian_width(letter) == "W" else 1 for letter in text) < SHORTEST_ID


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text, without accents and case."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return tuple(re.findall(r"[^\W_]+", plain.casefold()))
