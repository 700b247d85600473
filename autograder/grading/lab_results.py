"""The results of one lab: of a student in an exercise, of a student in all of them, and of the class."""

import re
import statistics
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import nan
from pathlib import Path

from autograder.engines.base import ran_too_long
from autograder.words import CLASSROOM, command, some
from course_utils.judging.quiz import Chosen, chosen
from course_utils.recording import recorded_tests
from course_utils.verdict import LOOK

BY_HAND = "waits to be graded by hand."
MOST_ROWS = 1000  # of a lab that are kept for a page
MOST_NAMED = 12  # students whose results are alike who are named
NUMBER = re.compile(r"(?<![A-Za-z_0-9])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


@dataclass(slots=True)
class Result:
    """One student's result in one exercise."""

    score: float
    max_score: float
    status: str
    message: str = ""
    diagnosis: str | None = None
    findings: list[str] = field(default_factory=list)

    @property
    def excused(self) -> bool:
        """Whether the exercise does not count for the student."""
        return self.status == "excused"

    @property
    def outcome(self) -> str:
        """The key of ``report.OUTCOMES``: by points first, so that points given by hand count; or "excused"."""
        if self.excused:
            return "excused"
        if self.score >= self.max_score:
            return "passed"
        if self.score > 0:
            return "partial"
        return "unfinished" if self.status in ("unfinished", "missing", "skipped") else "failed"

    @property
    def tried(self) -> bool:
        """Whether there is work of the student's to judge: what is open, missing or excused says nothing."""
        return self.outcome in ("passed", "partial", "failed")

    @property
    def said(self) -> str:
        """The first line of the message, without the exercise's name and what the status says anyhow."""
        said = self.message.partition("\n")[0]
        said = said.partition(": ")[2] or said or LOOK.get(self.status, ("", "", "other"))[2]
        return said[:1].upper() + said[1:]

    @property
    def mistake(self) -> str:
        """What results have in common that are wrong alike: the mistake that was recognised, or what was said."""
        return self.diagnosis or NUMBER.sub("…", self.said)

    @property
    def timed_out(self) -> bool:
        """Whether its code was stopped for its time."""
        return any(ran_too_long(sentence) for sentence in (self.message, *self.findings))

    @property
    def in_words(self) -> str:
        """What there is to say about the exercise, in one line."""
        messages = [] if self.outcome == "passed" else [self.message.partition("\n")[0]]
        return " ".join(sentence for sentence in [*messages, *self.findings] if sentence)


@dataclass(slots=True)
class Row:
    """One student's work on one lab.

    Args:
        results: by grade id.
        findings: about the submission as a whole.
        open: whether what was handed in has no score.
        absent: whether nothing was handed in.
        absent_is_zero: whether that means 0 points.
        engine: how the submission was graded, in words; "" where nothing was.
        name, section: the student's, as the roster has them, or "".
        handed_in: when (UTC), or None where nothing says so.
        outdated: whether it was graded before the lab got other points, so that it is open.
        gone: whether it was graded and there is no folder of it any more.
        moved_to: whose folder holds the same work then, or "".
    """

    student: str
    score: float
    max_score: float
    results: dict[str, Result]
    findings: list[str]
    open: bool = False
    absent: bool = False
    absent_is_zero: bool = False
    engine: str = ""
    name: str = ""
    section: str = ""
    handed_in: datetime | None = None
    outdated: bool = False
    gone: bool = False
    moved_to: str = ""

    @property
    def scored(self) -> bool:
        """Whether there is a score: without one, the work counts in no number of the class."""
        return not self.open and (not self.absent or self.absent_is_zero)

    @property
    def remark(self) -> str:
        """What a person should see to, in a line; "" where there is nothing."""
        if self.absent or self.outdated or self.moved_to:  # of these the lab has a line
            return ""
        waits = [f"{name} {BY_HAND}" for name, result in self.results.items() if result.message == BY_HAND]
        findings = self.all_findings or waits
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        return f"{findings[0]}{more}" if findings else ""

    @property
    def all_findings(self) -> list[str]:
        """What was found in the submission, its exercises included."""
        return self.findings + [finding for result in self.results.values() for finding in result.findings]

    def score_of(self, points: float) -> float:
        """Return the score where all can earn the same: who is excused from an exercise has the same share of more.

        Args:
            points: that can be earned in the lab.
        """
        excused = any(result.excused for result in self.results.values())
        return self.score * points / self.max_score if excused and self.max_score else self.score

    @property
    def percent(self) -> float:
        return 100 * self.score / self.max_score if self.max_score else 0.0


@dataclass(slots=True)
class Alike:
    """Wrong results of one exercise that are alike.

    Args:
        sentence: what they have in common. known: whether a mistake was recognised, so that they are surely alike.
        students: the first ones.
    """

    sentence: str
    known: bool
    count: int = 0
    students: list[str] = field(default_factory=list)

    def add(self, student: str) -> None:
        """Count one more."""
        self.count += 1
        if len(self.students) < MOST_NAMED:
            self.students.append(student)


class LabResults:
    """A class's work on one lab, summed up row by row, so that a class may be large.

    Args:
        points: by grade id, what can be earned. root: the classroom's folder, for commands that are told.

    Attributes:
        students, absent, open, outdated: how many there are. gone: who was graded and has no folder any more, with
        whose folder holds the same work, or "". percents: of those who have a score.
        outcomes, mistakes: by grade id, how many results have which outcome, and which are wrong alike.
        shares: by grade id, what share of the points each student reached who handed in; NaN where one did not try.
        choices: by grade id of a quiz, by question, how many gave which answer.
        too_long: by grade id, how many were stopped for their time.
        sections: the percents of those who handed in, by section. section_shares: by section and grade id, the shares
        of those who tried.
        engines: how many submissions were graded in which way. rows: those of the first students. noted: the first that
        have a remark. remarks: how many have one.
    """

    def __init__(
        self,
        name: str,
        title: str,
        points: dict[str, float],
        rows: Iterable[Row] = (),
        root: Path = Path(CLASSROOM),
    ):
        self.name, self.title, self.points, self.root = name, title, points, root
        self.students = self.absent = self.open = self.outdated = self.remarks = 0
        self.gone: dict[str, str] = {}
        self.percents = array("d")
        self.outcomes: dict[str, Counter[str]] = {name: Counter() for name in points}
        self.mistakes: dict[str, dict[str, Alike]] = {name: {} for name in points}
        self.shares: dict[str, array[float]] = {name: array("d") for name in points}
        self.choices: dict[str, dict[str, Counter[Chosen]]] = {}
        self.too_long: Counter[str] = Counter()
        self.sections: dict[str, array[float]] = {}
        self.section_shares: dict[str, dict[str, array[float]]] = {}
        self.engines: Counter[str] = Counter()
        self.rows: list[Row] = []
        self.noted: list[Row] = []
        for row in rows:
            self.add(row)

    @property
    def max_score(self) -> float:
        return sum(self.points.values())

    @property
    def mean(self) -> float | None:
        """The mean score in percent; None where nothing that was handed in has a score, whatever absence counts."""
        return statistics.fmean(self.percents) if self.any_judged else None

    @property
    def median(self) -> float | None:
        """The median score in percent; see ``mean``."""
        return statistics.median(self.percents) if self.any_judged else None

    @property
    def any_judged(self) -> bool:
        """Whether anything that was handed in has a score."""
        return self.students > self.absent + self.open

    @property
    def outdated_in_words(self) -> str:
        """What there is to say where the lab was mended and not graded since; "" elsewhere."""
        were = "was" if self.outdated == 1 else "were"
        again = f"run `{command(self.root, 'grade')}`, with --yes where scores fall."
        before = f"{self.outdated} of {self.students} {were} graded by the lab as it was before it was changed"
        return f"{before}: {again}" if self.outdated else ""

    @property
    def gone_in_words(self) -> str:
        """What there is to say where students' folders were renamed or removed since they were graded; "" elsewhere."""
        moved = [f"{student} (now {other})" for student, other in self.gone.items() if other]
        lost = [student for student, other in self.gone.items() if not other]
        said = [f"graded earlier, no folder now: {some(moved + lost, MOST_NAMED)}."] if self.gone else []
        said += ["The work of a renamed folder counts under its new name alone."] if moved else []
        said += [f"What {some(lost, MOST_NAMED)} earned still counts."] if lost else []
        return " ".join(said)

    def keep_remarks_of(self, students: Collection[str]) -> None:
        """Forget the remarks on other students, whom nobody asked for."""
        self.noted = [row for row in self.noted if row.student in students]
        self.remarks = len(self.noted)
        self.gone = {student: other for student, other in self.gone.items() if student in students}

    def add(self, row: Row) -> None:
        """Count the work of one more student; what lies in a renamed folder is counted under its new name alone."""
        if len(self.rows) < MOST_ROWS:
            self.rows.append(row)
        if row.gone:
            self.gone[row.student] = row.moved_to
        if row.moved_to:
            return
        self.students += 1
        self.absent += row.absent
        self.open += row.open
        self.outdated += row.outdated
        self.engines[row.engine] += 1
        if row.remark:
            self.remarks += 1
            if len(self.noted) < MOST_ROWS:
                self.noted.append(row)
        if row.scored:
            self.percents.append(row.percent)
            for name, result in row.results.items():
                if not result.excused:
                    self._add_result(name, row.student, result)
        if row.scored and not row.absent:
            self._add_shares(row)

    def _add_result(self, name: str, student: str, result: Result) -> None:
        self.outcomes[name][result.outcome] += 1
        self.too_long[name] += result.timed_out
        answers = chosen(result.message)
        for answer in answers:
            questions = self.choices.setdefault(name, defaultdict(Counter))
            questions[answer.question][answer] += 1
        if result.outcome in ("partial", "failed") and not answers:
            sentence = _hints(name).get(result.mistake) or result.said
            known = result.diagnosis is not None
            self.mistakes[name].setdefault(result.mistake, Alike(sentence, known)).add(student)

    def _add_shares(self, row: Row) -> None:
        """Keep what statistics are made of: the work of those who handed in, before a late penalty."""
        if row.section:
            self.sections.setdefault(row.section, array("d")).append(row.percent)
        for name in self.points:
            result = row.results.get(name)
            counts = result is not None and result.tried and result.max_score > 0
            share = min(max(result.score / result.max_score, 0.0), 1.0) if result is not None and counts else nan
            self.shares[name].append(share)
            if row.section and counts:
                by_exercise = self.section_shares.setdefault(row.section, {})
                by_exercise.setdefault(name, array("d")).append(share)


def _hints(grade_id: str) -> dict[str, str]:
    """Return the sentences about an exercise's known mistakes."""
    return recorded_tests()[grade_id][1].get("hints", {}) if grade_id in recorded_tests() else {}
