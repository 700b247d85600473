"""What is asked of grading, each row a figure that ``make bench`` measures, and the table that shows them together."""

from dataclasses import dataclass

from rich.table import Table

from autograder.settings import PROJECT


@dataclass(frozen=True)
class Row:
    """One figure.

    Args:
        part: what ``--only`` names to measure it.
        asked, aim: factors, or seconds where ``seconds`` is set and less is better.
    """

    part: str
    what: str
    asked: float
    aim: float
    seconds: bool = False

    def show(self, value):
        """Return a number as the table writes it; a dash where there is none."""
        if value is None:
            return "-"
        return f"{value:.3f} s" if self.seconds else f"{value:.2f} ×" if self.asked < 10 else f"{value:.1f} ×"

    def reached(self, value):
        """Return a word that says what a measured number reaches."""
        if value is None:
            return ""
        reaches = [value <= mark if self.seconds else value >= mark for mark in (self.aim, self.asked)]
        return "aim" if reaches[0] else "asked" if reaches[1] else "NOT REACHED"


ROWS = {
    "cold": Row("cold", "class of {students}, Lab 1, cold start, against stock", 20, 30),
    "large": Row("large", "class of {large}, Lab 1, against stock (SCALED from {students})", 25, 40),
    "warm": Row("large", "the same class again with a warm server (stock SCALED)", 35, 50),
    "jobs": Row("jobs", "1 → 2 jobs, {students} submissions, cold start", 1.85, 1.95),
    "jobs_warm": Row("jobs", "1 → 2 jobs, {students} submissions, warm server", 1.85, 1.95),
    "record": Row("stages", "recording and feedback, processor time a submission", 0.08, 0.04, seconds=True),
    **{
        lab: Row("labs", f"Lab {lab.removeprefix('lab')}, class of {{others}}, against stock", 20, 30)
        for lab in sorted(path.stem.partition("_")[0] for path in (PROJECT / "solutions").glob("lab[2-9]*.py"))
    },
    "quiz1": Row("quiz", "chapter quiz, {students} submissions, against stock", 10, 20),
}


def table(measured, **sizes):
    """Return the table of all rows.

    Args:
        measured: numbers by row; what is missing was not measured.
        sizes: of the classes that the rows name.
    """
    shown = Table("what", "measured", "asked", "aim", "reached", title="What is asked")
    for name, row in ROWS.items():
        value = measured.get(name)
        numbers = map(row.show, (value, row.asked, row.aim))
        shown.add_row(row.what.format(**sizes), *numbers, row.reached(value))
    return shown
