"""Mutants that are right: ``equivalents.toml`` lists them by the reason why no test should find them."""

import tomllib
from functools import cache
from pathlib import Path

from tests.mutants.making import Mutant
from tests.mutants.trials import Tried

FILE = Path(__file__).with_name("equivalents.toml")


@cache
def reasons() -> dict[str, str]:
    """Return why each mutant of the list is right, by the line that ``written`` gives it."""
    listed = tomllib.loads(FILE.read_text(encoding="utf-8"))["reason"]
    return {line: entry["why"] for entry in listed for line in entry["mutants"]}


def written(grade_id: str, mutant: Mutant) -> str:
    """Return the line by which the list knows a mutant, whichever answer it was made from."""
    return f"{grade_id}: {mutant.rule}: {mutant.before} -> {mutant.after}"


def sort_out(tried: Tried) -> tuple[list[str], int]:
    """Return the survivors that are not in the list, each as a line, and how many are in it.

    A mutant that has full marks by luck of the draw is open, whether it is in the list or not.
    """
    lines = [written(tried.grade_id, mutant) for _, mutant in tried.survivors]
    unknown = [line for line in lines if line not in reasons()]
    lucky = [f"by luck: {written(tried.grade_id, mutant)}" for _, mutant in tried.lotteries]
    return unknown + lucky, len(lines) - len(unknown)


def outdated(tried: Tried) -> list[str]:
    """Return the lines of the list about an exercise of which all mutants were judged, and that did not survive."""
    survived = {written(tried.grade_id, mutant) for _, mutant in tried.survivors}
    return [line for line in reasons() if line.startswith(f"{tried.grade_id}: ") and line not in survived]
