"""``autograder collect``: bring downloads of a platform, or folders of notebooks, among the submissions."""

import argparse
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.classroom import Classroom
from autograder.collecting.collect import Collected, Wanted, collect
from autograder.collecting.placing import WORDS
from autograder.commands._paths import existing
from autograder.commands.grade import add_jobs, add_lab_and_student
from autograder.files import writing_atomically
from autograder.grading.report import Table
from autograder.grading.submissions import Submissions, printable
from autograder.lock import alone
from autograder.settings import load_config
from autograder.words import some

MOST_NAMED = 20  # lines of a kind that are printed
IN_WORDS = {
    "new": "new",
    "replaced": "replaced by a newer one",
    "unchanged": "unchanged",
    "older": "older than what is there, and left out",
    "undated": "left out, since it has no time and what is there has one",
    "kept": "left out, since other work is there",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="ZIP|FOLDER",
        type=existing,
        help="a download of Canvas, Moodle, Blackboard, Gradescope or Drive, or a folder of notebooks or repositories",
    )
    add_lab_and_student(parser, "collect")
    parser.add_argument("--individual", action="store_true", help="a hand-in is one student's, whatever the groups")
    parser.add_argument("--replace", action="store_true", help="also replace what is there and was not collected")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be collected")
    parser.add_argument(
        "--timezone",
        type=parse_zone,
        metavar="ZONE",
        help="time zone of the platform, such as Europe/Berlin, where its times have none (default: this machine's)",
    )
    add_jobs(parser, "files that are looked at at the same time")


def parse_zone(text: str) -> ZoneInfo:
    """Return a time zone.

    Raises:
        ArgumentTypeError: there is none of this name.
    """
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone such as Europe/Berlin") from None


def run(args: argparse.Namespace) -> int:
    """Collect, and print what became of it; exit code 1 when something is nobody's, or could not be read."""
    classroom = Classroom(args.classroom)
    wanted = Wanted(
        tuple(args.lab),
        tuple(args.student),
        args.timezone,
        args.individual,
        args.replace,
        args.dry_run,
        Submissions(config=load_config(classroom)).notebook_limit,
        args.jobs,
    )
    with nullcontext() if args.dry_run else alone(classroom, "autograder collect"):
        collected = collect(classroom, args.sources, wanted)
        if not args.dry_run:
            write_table(classroom, collected)
    print_collected(classroom, collected, args.dry_run)
    return 1 if collected.unmatched or collected.left_out else 0


def write_table(classroom: Classroom, collected: Collected) -> None:
    """Write ``reports/collected.csv``: what became of each file, also of what is nobody's."""
    classroom.reports.mkdir(parents=True, exist_ok=True)
    with writing_atomically(classroom.reports / "collected.csv") as file:
        table = Table(file, ("student", "lab", "result", "time", "late", "platform", "file"))
        for hand_in, student, word in collected.placed:
            clue = hand_in.clue
            time = f"{clue.time:%Y-%m-%d %H:%M:%S} UTC" if clue.time else clue.unread and f"not read: {clue.unread}"
            late = "late" if clue.late else ""
            table.write(student, hand_in.look.lab, IN_WORDS[word], time, late, clue.platform, str(hand_in.item))
        for name, why in collected.unmatched:
            table.write("", "", f"not collected: {why}", "", "", "", name)
        for problem in collected.left_out + collected.problems:
            table.write("", "", problem, "", "", "", "")


def print_collected(classroom: Classroom, collected: Collected, dry: bool) -> None:
    """Print a line for each lab, then what needs a person."""
    for lab, counts in collected.counts().items():
        words = ", ".join(f"{counts[word]} {IN_WORDS[word]}" for word in WORDS if counts[word])
        missing = collected.missing[lab]
        rest = f"; missing: {some(missing)}" if missing else "; nobody is missing"
        print(printable(f"{lab}: {words}{rest}."))
    print_groups(collected)
    print_times(collected)
    rewritten = [f"{student}/{each.look.lab}" for each, student, _ in collected.placed if each.look.encoded]
    if rewritten:
        print(printable(f"Rewritten as UTF-8, the originals are in {classroom.collected}: {some(rewritten)}."))
    if collected.untouched:
        print(printable(f"Nothing was changed in these, and they were left: {some(collected.untouched)}."))
    if collected.unused:
        print(printable(f"These came with no notebook and were left: {some(collected.unused)}."))
    _print_first(collected.left_out)
    _print_first(collected.problems)
    _print_first([f"Not collected: {name}: {why}" for name, why in collected.unmatched])
    if collected.nobodys:
        print(
            f"For what is nobody's, add the name or number that stands there to {classroom.roster} (the column "
            "`aliases` takes any), or rename the file, and run the same command again."
        )
    for word, why in (
        ("kept", "Other work is there, by hand or changed by hand"),
        ("undated", "This has no time, and what is there has one, so nobody can tell which is newer"),
        ("older", "What is there was handed in later, as far as anybody can tell"),
    ):
        left = [f"{student}/{each.look.lab}" for each, student, became in collected.placed if became == word]
        if left:
            print(printable(f"{why}: {some(left)}. --replace takes its place all the same."))
    if not (collected.placed or collected.unmatched or collected.untouched):
        print("Nothing was found: there is no notebook in what was given.")
    print("Nothing was changed (--dry-run)." if dry else f"All files: {classroom.reports / 'collected.csv'}")


def print_times(collected: Collected) -> None:
    """Print which hand-ins have no time, or one that cannot be right."""
    placed = {f"{student}/{each.look.lab}": each.clue for each, student, _ in collected.placed}
    if late := [name for name, clue in placed.items() if clue.late]:
        print(printable(f"Marked as late by the platform, which says no time: {some(late)}."))
    if unread := [f"{name} ({clue.unread!r})" for name, clue in placed.items() if clue.unread]:
        moodle = any(clue.unread and clue.platform == "moodle" for clue in placed.values())
        how = " Moodle writes times that can be read while its language is English." if moodle else ""
        print(printable(f"The time cannot be read, so whether these are late is unknown: {some(unread)}.{how}"))
    if untimed := [
        name for name, clue in placed.items() if clue.platform == "moodle" and not (clue.time or clue.unread)
    ]:
        print(printable(f"No time is known, which Moodle says in its grading worksheet alone: {some(untimed)}."))
    soon = datetime.now(UTC) + timedelta(days=1)  # clocks and time zones may be wrong by some hours
    if ahead := [f"{name} ({clue.time:%Y-%m-%d})" for name, clue in placed.items() if clue.time and clue.time > soon]:
        print(printable(f"Handed in after today, as the platform says: {some(ahead)}."))


def print_groups(collected: Collected) -> None:
    """Print whose hand-in counts for a group, a line each."""
    lines: dict[str, None] = {}
    for hand_in, _, _ in collected.placed:
        if len(hand_in.students) > 1:
            lines[f"{hand_in.item}: counts for {', '.join(hand_in.students)}."] = None
    _print_first(list(lines))


def _print_first(lines: list[str]) -> None:
    for line in lines[:MOST_NAMED]:
        print(printable(line))
    if len(lines) > MOST_NAMED:
        print(f"... and {len(lines) - MOST_NAMED} more.")
