"""Whose hand-in is whose, which of several counts, and which files belong to it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.collecting.archives import Item
from autograder.collecting.platforms import BLACKBOARD, GRADESCOPE_FILE, Clue
from autograder.collecting.recognise import Look
from autograder.grading.lateness import FILE as TIMESTAMP
from autograder.limits import MOST_FILE_BYTES, MOST_FILES
from autograder.roster import Roster
from autograder.sandbox.texts import storable

LONGEST_NAME = 200  # bytes of a name that is kept
OURS = "course_utils"  # what the course itself gave out is not collected back


@dataclass
class HandIn:
    """One notebook that came back.

    Args:
        students: whose it is; several are a group.
        beside: the files that came with it, and their names relative to it.
        by: who handed it in, also for the others; whose name the platform gave to ``clue.upload``.
    """

    item: Item
    clue: Clue
    look: Look
    students: list[str] = field(default_factory=list)
    beside: list[tuple[Item, Path]] = field(default_factory=list)
    by: list[str] = field(default_factory=list)

    @property
    def newness(self) -> list[float]:
        """Numbers that are larger for what was handed in later: a platform's time counts before any other sign."""
        time = self.clue.time.timestamp() if self.clue.time else -1.0
        number = float(self.clue.order) if self.clue.platform else 0.0
        return [time, number, self.item.changed.timestamp(), float(self.clue.order)]


def whose(clue: Clue, roster: Roster) -> tuple[list[str], str]:
    """Return the students of a hand-in, and why there are none, for people."""
    found = [roster.by_key(key) for key in clue.keys]
    named = sorted(set().union(*found))
    if named and clue.together:
        return named, ""
    if len(named) == 1:
        by_name = roster.by_text(clue.texts[0]) if clue.texts else set()
        if len(by_name) != 1 or by_name == {*named}:
            return named, ""
        return [], f"its number or address is that of {named[0]}, and its name that of {', '.join(by_name)}"
    if named:
        return [], f"its ids belong to several students: {', '.join(named)}"
    doubtful: set[str] = set()
    for text in clue.texts:
        people = roster.by_text(text)
        people = people & doubtful or people if doubtful else people
        if len(people) == 1:
            return sorted(people), ""
        doubtful = people or doubtful
    if doubtful:
        more = "; collect it together with Moodle's grading worksheet" if clue.platform == "moodle" else ""
        return [], f"it could be by any of {', '.join(sorted(doubtful))}{more}"
    for text in clue.texts:
        if members := roster.by_group(text):
            return sorted(members), ""
    return [], "nobody in the roster is called like that"


def with_groups(students: Iterable[str], roster: Roster) -> list[str]:
    """Return students together with the other members of their groups."""
    groups = [roster.members(roster.people[student].group) for student in students]
    return sorted({*students, *(member for group in groups for member in group)})


def newest(hand_ins: Iterable[HandIn]) -> tuple[dict[tuple[str, str], HandIn], list[str]]:
    """Return the hand-in that counts for each student and lab, and sentences where that is not certain.

    Who handed in earlier than another member of the group gets feedback back under the name of the own file.
    """
    best: dict[tuple[str, str], HandIn] = {}
    own: dict[tuple[str, str], HandIn] = {}
    doubts: dict[tuple[Item, Item], list[str]] = {}
    for hand_in in sorted(hand_ins, key=lambda each: (each.newness, str(each.item))):
        for student in hand_in.students:
            place = student, hand_in.look.lab
            other = best.get(place)
            if other and other.newness == hand_in.newness and other.look.digest != hand_in.look.digest:
                doubts.setdefault((hand_in.item, other.item), []).append(student)
            best[place] = hand_in
        own |= {(student, hand_in.look.lab): hand_in for student in hand_in.by}
    for (student, lab), hand_in in best.items():
        earlier = own.get((student, lab))
        if student in hand_in.by or earlier is None or not earlier.clue.upload:
            continue
        if earlier.clue.platform == hand_in.clue.platform:
            clue = replace(hand_in.clue, upload=earlier.clue.upload)
            best[student, lab] = replace(hand_in, clue=clue, by=[student])
    return best, [
        f"{taken} and {left} are equally new; the first one was taken for {', '.join(students)}. If it is the other "
        "one that counts, unpack the download, delete the first one there and collect the folder with --replace."
        for (taken, left), students in doubts.items()
    ]


def add_files_beside(hand_ins: Sequence[HandIn], others: Iterable[tuple[Item, Clue]]) -> list[str]:
    """Give each hand-in the files that came with it; return sentences on what was left out.

    In a folder that holds the work of several students nobody knows whose the other files are, and none is taken.

    Args:
        others: the files that are no notebook of a lab.
    """
    folders: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for hand_in in hand_ins:
        for place in _places(hand_in.item):
            folders[place].add(tuple(hand_in.students))
    units: dict[str, list[Item]] = defaultdict(list)
    below: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    names: dict[Item, str] = {}
    for item, clue in others:
        if _is_kept(item):
            names[item] = clue.name
            units[clue.unit].append(item)
            for place in _places(item):
                if place in folders:
                    below[place].append(item)
    problems = []
    for hand_in in hand_ins:
        own = hand_in.item.parts[:-1]
        if hand_in.clue.platform and hand_in.item.name != hand_in.clue.name:  # the platform put all into one folder
            found = [(item, Path(names[item])) for item in units[hand_in.clue.unit]]
        elif len(folders[hand_in.item.source, *own]) == 1:
            found = [(item, Path(*item.parts[len(own) :])) for item in below[hand_in.item.source, *own]]
        else:
            found = []
        hand_in.beside = _within_limits([(item, name) for item, name in found if OURS not in name.parts[:1]])
        if len(hand_in.beside) < len(found) and not any(OURS in item.parts for item, _ in found):
            problems.append(f"{hand_in.item}: of {len(found)} files beside it {len(hand_in.beside)} were taken.")
    return problems


def _places(item: Item) -> list[tuple[str, ...]]:
    """Return the folders that a file is in, each with all that it is in."""
    return [(item.source, *item.parts[:depth]) for depth in range(len(item.parts))]


def _is_kept(item: Item) -> bool:
    note = BLACKBOARD.fullmatch(item.name.removesuffix(".txt"))
    return (
        item.name not in (TIMESTAMP, GRADESCOPE_FILE)
        and not item.name.lower().endswith(".ipynb")
        and not (note and not note["rest"])
        and all(storable(part) == part and len(part.encode()) <= LONGEST_NAME for part in item.parts)
    )


def _within_limits(files: list[tuple[Item, Path]]) -> list[tuple[Item, Path]]:
    """Return as many files as grading takes."""
    kept: list[tuple[Item, Path]] = []
    room = MOST_FILE_BYTES
    for item, name in files:
        if len(kept) < MOST_FILES and item.size <= room and name.name != TIMESTAMP:
            room -= item.size
            kept.append((item, name))
    return kept
