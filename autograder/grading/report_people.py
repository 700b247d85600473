"""The people of a report, across labs: who needs help, and how sections compare."""

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple
from urllib.parse import quote

from autograder.classroom import Classroom
from autograder.grading.lab_results import LabResults, Row

LOW = 50.0  # percent: who has less on average needs help
FALL = 20.0  # percentage points by which the newest lab is worse than the earlier ones
FEW = 5  # fewer of a section who handed in are not compared
GAP = 0.25  # of an exercise's points, from which a difference of sections is told


@dataclass(slots=True)
class Person:
    """One student in all labs of a report.

    Args:
        percents: by lab, of those that have a score; what is missing has one only where the instructor says it is 0.
        absent, open, empty: labs of which nothing was handed in, which have no score, or where no exercise was tried.
        renamed: labs of which the work counts under another name.
        pages: by lab, the address of the feedback page, from where the report stands.
    """

    id: str
    name: str = ""
    section: str = ""
    percents: dict[str, float] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    empty: set[str] = field(default_factory=set)
    renamed: set[str] = field(default_factory=set)
    pages: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    change: float | None = None

    @property
    def page(self) -> str:
        """The address of the newest feedback page, or ""."""
        return self.pages[max(self.pages)] if self.pages else ""

    @property
    def mean(self) -> float | None:
        return mean(self.percents.values()) if self.percents else None


class People:
    """Everybody of a report, gathered row by row.

    Args:
        folder: where the report stands.
    """

    def __init__(self, classroom: Classroom, folder: Path):
        self._feedback, self._folder = classroom.feedback, folder
        self.all: dict[str, Person] = {}

    def add(self, lab: str, row: Row) -> None:
        """Note a student's work on one lab."""
        person = self.all.setdefault(row.student, Person(row.student, row.name, row.section))
        if row.scored:
            person.percents[lab] = row.percent
        if row.absent:
            person.absent.add(lab)
        elif row.moved_to:
            person.renamed.add(lab)
        elif row.open:
            person.open.add(lab)
        elif not any(result.tried for result in row.results.values()):
            person.empty.add(lab)
        page = self._feedback / row.student / lab / f"{lab}.html"
        if page.is_file() and not row.outdated:
            person.pages[lab] = quote(Path(os.path.relpath(page, self._folder)).as_posix())

    @property
    def count(self) -> int:
        """How many students there are: who was renamed since is one."""
        return sum(not person.renamed or bool(person.percents or person.absent or person.open) for person in self)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.all.values())

    def in_need(self, labs: Collection[LabResults]) -> list[Person]:
        """Return those who need help, first those for whom most speaks, and note with each what that is."""
        due = [lab for lab in labs if lab.students - lab.absent > lab.students / 2]
        titles = {lab.name: short(lab.title) for lab in due}
        middles = {lab.name: lab.median for lab in due if lab.median is not None}
        for person in self:
            handed_in = {lab: percent for lab, percent in person.percents.items() if lab not in person.absent}
            person.change = _change(handed_in, middles)
            person.reasons = list(_reasons(person, titles))
        found = [person for person in self if person.reasons]
        return sorted(found, key=lambda person: (-len(person.reasons), person.mean or 0.0, person.id))


def short(title: str) -> str:
    """Return a lab's title without what follows a colon: "Lab 3"."""
    return title.partition(":")[0]


def _change(percents: dict[str, float], middles: dict[str, float]) -> float | None:
    """Return by how much the newest lab is better than the earlier ones, for itself and against the class's medians.

    Of the two differences the smaller one counts: a harder lab is no fall, and a class that rises leaves nobody behind.
    """
    labs = [lab for lab in sorted(middles) if lab in percents]
    if len(labs) < 2:
        return None
    of_own = percents[labs[-1]] - mean(percents[lab] for lab in labs[:-1])
    of_class = middles[labs[-1]] - mean(middles[lab] for lab in labs[:-1])
    against = of_own - of_class
    return 0.0 if of_own * against <= 0 else min(of_own, against, key=abs)


def _reasons(person: Person, titles: dict[str, str]) -> Iterable[str]:
    for what, labs in (("nothing to judge in", person.empty), ("handed in nothing for", person.absent)):
        named = [title for lab, title in titles.items() if lab in labs]
        if named:
            yield f"{what} {'any lab' if len(named) == len(titles) > 1 else listed(named)}"
    if person.mean is not None and person.mean < LOW:
        yield f"{person.mean:.0f}% on average"
    if person.change is not None and person.change <= -FALL:
        yield f"fell back by {-person.change:.0f} percentage points in the newest lab"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words as a sentence lists them: "a, b and c"."""
    *some, end = words
    return f"{', '.join(some)} {last} {end}" if some else end


class SectionLine(NamedTuple):
    """How one section did: by lab, how many handed in and their median in percent, or None."""

    name: str
    labs: dict[str, tuple[int, float] | None]


def sections(labs: Collection[LabResults]) -> list[SectionLine]:
    """Return a line for each section of the roster, or nothing where there is only one."""
    names = sorted({name for lab in labs for name in lab.sections})
    if len(names) < 2:
        return []
    return [
        SectionLine(
            name,
            {
                lab.name: (len(lab.sections[name]), median(lab.sections[name])) if name in lab.sections else None
                for lab in labs
            },
        )
        for name in names
    ]


class Gap(NamedTuple):
    """An exercise in which two sections differ most: their names, and the mean shares of its points."""

    lab: LabResults
    exercise: str
    best: str
    best_share: float
    least: str
    least_share: float


def gaps(labs: Iterable[LabResults]) -> list[Gap]:
    """Return the exercises in which sections differ most, the largest difference first."""
    found = []
    for lab in labs:
        for name in lab.points:
            means = {
                section: mean(shares[name])
                for section, shares in lab.section_shares.items()
                if len(shares.get(name, ())) >= FEW
            }
            if len(means) > 1:
                best, least = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
                if means[best] - means[least] >= GAP:
                    found.append(Gap(lab, name, best, means[best], least, means[least]))
    return sorted(found, key=lambda gap: gap.least_share - gap.best_share)
