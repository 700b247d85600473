"""Bring a class's work from downloads and folders among the submissions."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import partial
from pathlib import Path

from autograder.classroom import Classroom
from autograder.collecting.archives import Item, gather
from autograder.collecting.matching import OURS, HandIn, add_files_beside, newest, whose, with_groups
from autograder.collecting.placing import Placing, Record
from autograder.collecting.platforms import BLACKBOARD, Clue, clue_of, read_tables
from autograder.collecting.recognise import Known, Look, known_labs, look, may_be_notebook
from autograder.errors import CourseError
from autograder.grading.lateness import FILE as TIMESTAMP
from autograder.grading.pool import Pool
from autograder.grading.staging import staging_root
from autograder.limited import READING
from autograder.limits import MEGABYTE
from autograder.roster import Roster
from autograder.roster_file import EXAMPLE, read_roster


@dataclass(frozen=True)
class Wanted:
    """What is to be collected, and how.

    Args:
        labs, students: only these; empty: all.
        zone: time zone of the platforms that do not say theirs; None: this machine's.
        individual: whether a hand-in is of its student alone, whatever groups the roster has.
        replace, dry: see ``Placing``.
        notebook_limit: MB that a notebook may have.
        jobs: how many files are looked at at once.
    """

    labs: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    zone: tzinfo | None = None
    individual: bool = False
    replace: bool = False
    dry: bool = False
    notebook_limit: int = 100
    jobs: int = 1


@dataclass
class Collected:
    """What became of what came back.

    Args:
        placed: a hand-in, whose it is, and what became of it: see ``placing.WORDS``.
        unmatched: what is nobody's, or no lab's, and why. nobodys: how many of these are of an unknown student.
        left_out: what could not be read, and may have been a hand-in. problems: what else a person should know.
        unused: files without a platform that came with no notebook.
        untouched: notebooks without a platform in which nothing was changed since they were given out.
        missing: by lab that came, the students of the roster of whom nothing lies among the submissions.
    """

    placed: list[tuple[HandIn, str, str]] = field(default_factory=list)
    unmatched: list[tuple[str, str]] = field(default_factory=list)
    nobodys: int = 0
    left_out: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    untouched: list[str] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)

    def counts(self) -> dict[str, Counter[str]]:
        """Return by lab how many hand-ins came to what end."""
        counted: dict[str, Counter[str]] = {}
        for hand_in, _, word in self.placed:
            counted.setdefault(hand_in.look.lab, Counter())[word] += 1
        return dict(sorted(counted.items()))


def collect(classroom: Classroom, sources: list[Path], wanted: Wanted) -> Collected:
    """Put all that came back among the submissions, for each student and lab the newest.

    Raises:
        CourseError: there is no roster, no lab, or no such source.
    """
    known, roster = known_labs(classroom), required_roster(classroom)
    _require_known(wanted, known, roster)
    most = wanted.notebook_limit * MEGABYTE
    with staging_root(classroom) as scratch:
        (scratch / "unpacked").mkdir()
        gathered = gather(sources, scratch / "unpacked", most)
        collected = Collected(left_out=gathered.problems)
        tables = read_tables(gathered.items, wanted.zone, collected.left_out)
        clues = {item: clue_of(item, tables, wanted.zone) for item in gathered.items}
        looks = dict(_looks(gathered.items, known, most, wanted.jobs))
        hand_ins = list(_hand_ins(clues, looks, roster, wanted, collected))
        _name_units_without_notebook(clues, looks, collected)
        others = [(item, clue) for item, clue in clues.items() if not (item in looks and looks[item].lab)]
        collected.problems += add_files_beside(hand_ins, others)
        collected.unused = _unused(hand_ins, others, tables.used)
        best, doubts = newest(hand_ins)
        collected.problems += doubts
        _place(classroom, scratch, best, wanted, most, collected)
    for lab in collected.counts():
        there = {path.parent.name for path in classroom.submitted.glob(f"*/{lab}")}
        placed = {student for hand_in, student, _ in collected.placed if hand_in.look.lab == lab}
        collected.missing[lab] = [person.id for person in roster if person.id not in there | placed]
    return collected


def required_roster(classroom: Classroom) -> Roster:
    """Return the roster of a classroom.

    Raises:
        CourseError: there is none, or it cannot be read.
    """
    roster = read_roster(classroom.roster, classroom.labs())
    if roster is None or not len(roster):
        raise CourseError(
            f"{classroom.roster}: there is no list of the students, and without one nobody knows whose file is whose. "
            f"Write it, in a spreadsheet for instance, such as:\n{EXAMPLE}"
        )
    return roster


def _require_known(wanted: Wanted, known: Known, roster: Roster) -> None:
    for lab in wanted.labs:
        if lab not in known.ids:
            raise CourseError(f"there is no lab {lab!r} here; there is {', '.join(known.ids)}.")
    for student in wanted.students:
        if student not in roster.people:
            raise CourseError(f"there is no student {student!r} in the roster.")


def _looks(items: list[Item], known: Known, most: int, jobs: int) -> Iterator[tuple[Item, Look]]:
    """Yield what each file is that is called like a notebook; all are read in processes with limits."""
    with Pool(partial(look, known=known, most=most + 1), jobs, READING) as pool:
        for item in filter(may_be_notebook, items):
            pool.add(item)
        for item, found in pool.results():
            yield item, found if isinstance(found, Look) else Look("", f"it cannot be read: {found}", "")


def _hand_ins(
    clues: dict[Item, Clue], looks: dict[Item, Look], roster: Roster, wanted: Wanted, collected: Collected
) -> Iterator[HandIn]:
    """Yield the notebooks of labs whose students are known; what has none is named."""
    for item, seen in sorted(looks.items(), key=lambda each: str(each[0])):
        if not seen.lab:
            if ".ipynb" in item.name.lower():
                collected.unmatched.append((str(item), seen.problem))
            continue
        if wanted.labs and seen.lab not in wanted.labs:
            continue
        if seen.untouched and not clues[item].platform:  # a checkout has all labs, also those nobody has begun
            collected.untouched.append(str(item))
            continue
        students, why = whose(clues[item], roster)
        if not students:
            collected.unmatched.append((str(item), f"{why}: {', '.join(_names(clues[item]))}"))
            collected.nobodys += 1
            continue
        if seen.problem:
            collected.problems.append(f"{item}: {seen.problem}, but it was handed in last as {seen.lab}.")
        together = students if wanted.individual else with_groups(students, roster)
        kept = [student for student in together if not wanted.students or student in wanted.students]
        if kept:
            yield HandIn(item, clues[item], seen, kept, by=students)


def _names(clue: Clue) -> list[str]:
    return [text for text in dict.fromkeys((*clue.keys, *clue.texts)) if text]


def _name_units_without_notebook(clues: dict[Item, Clue], looks: dict[Item, Look], collected: Collected) -> None:
    """Name the attempts on a platform that hold files, but no notebook."""
    units: dict[str, list[Item]] = {}
    for item, clue in clues.items():
        note = BLACKBOARD.fullmatch(item.name.removesuffix(".txt"))
        if clue.platform and not (note and not note["rest"]):
            units.setdefault(clue.unit, []).append(item)
    for unit, items in units.items():
        if not any(item in looks and (looks[item].lab or ".ipynb" in item.name.lower()) for item in items):
            names = ", ".join(item.name for item in items[:3])
            collected.unmatched.append((unit, f"there is no notebook in it, only {names}"))


def _unused(hand_ins: list[HandIn], others: list[tuple[Item, Clue]], tables: set[Item]) -> list[str]:
    """Return the files that came with no notebook; of those from a platform the attempts are named instead."""
    used = tables.union(item for hand_in in hand_ins for item, _ in hand_in.beside)
    loose = [item for item, clue in others if not clue.platform and item not in used]
    return sorted(
        str(item)
        for item in loose
        if ".ipynb" not in item.name.lower() and item.name != TIMESTAMP and OURS not in item.parts
    )


def _place(
    classroom: Classroom,
    scratch: Path,
    best: dict[tuple[str, str], HandIn],
    wanted: Wanted,
    most: int,
    collected: Collected,
) -> None:
    record = Record(classroom)
    placing = Placing(classroom, record, scratch, most, wanted.replace, wanted.dry)
    try:
        for (student, _), hand_in in sorted(best.items()):
            collected.placed.append((hand_in, student, placing.place(student, hand_in)))
    finally:
        if not wanted.dry:
            record.save()
