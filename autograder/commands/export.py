"""``autograder export``: write grades and feedback as a learning platform takes them."""

import argparse
from dataclasses import replace
from pathlib import Path

from autograder.classroom import Classroom
from autograder.commands._paths import existing_file
from autograder.commands.grade import add_jobs, add_lab_and_student, add_missing_is_zero, chosen_labs, configured
from autograder.errors import CourseError
from autograder.exporting.feedback_zips import feedback_pages, write_zip
from autograder.exporting.pdf import print_pages
from autograder.exporting.tables import (
    NEEDED,
    TABLES,
    Column,
    Grades,
    changed_keys,
    read_grades,
    without_key,
    write_table,
)
from autograder.exporting.worksheet import Filled, filled
from autograder.files import read_given, write_atomically
from autograder.grading.submissions import printable
from autograder.roster import Person, Roster
from autograder.roster_file import roster_of
from autograder.words import command, some


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("--to", required=True, choices=list(TABLES), metavar="PLATFORM", help=", ".join(TABLES))
    add_lab_and_student(parser, "export")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=parse_column,
        metavar="LAB=HEADER",
        help="the heading of a lab's column in the platform's own table, such as 'lab1_perceptron=Lab 1 (4711)'",
    )
    parser.add_argument(
        "--worksheet",
        metavar="FILE",
        type=existing_file,
        help="fill in an assignment's grading worksheet from Moodle, for one --lab",
    )
    parser.add_argument("--pdf", action="store_true", help="feedback as PDF, printed by Chromium or Chrome")
    add_jobs(parser, "pages that are printed at the same time")
    add_missing_is_zero(parser)


def parse_column(text: str) -> tuple[str, str]:
    """Return a lab and its heading.

    Raises:
        ArgumentTypeError: it is no such pair.
    """
    lab, _, header = text.partition("=")
    if not lab.strip() or not header.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not LAB=HEADER")
    return lab.strip(), header.strip()


def run(args: argparse.Namespace) -> int:
    """Write a table of grades and a zip of feedback a lab; exit code 1 when somebody's grade or page is left out."""
    classroom = Classroom(args.classroom)
    labs = chosen_labs(classroom, args.lab)
    if args.worksheet and (args.to != "moodle" or len(args.lab) != 1):
        raise CourseError("a worksheet is Moodle's, and of one assignment: --to moodle --lab LAB --worksheet FILE.")
    headers = dict(args.column)
    chosen_labs(classroom, list(headers))
    roster = roster_of(classroom)
    grades = read_grades(classroom, configured(classroom, args), roster, labs, args.student, headers)
    require_grades(classroom, grades, args.student)
    worksheet = filled_worksheet(args.worksheet, grades, roster) if args.worksheet else None  # or it is refused
    path = classroom.exports / f"{args.to}.csv"
    write_table(path, TABLES[args.to](grades))
    count = len(grades.people)
    print(f"{path}: {count} student{'s' * (count != 1)}.")
    current = [print_column(classroom, column, grades) for column in grades.columns]
    print_ungraded(classroom, labs or classroom.graded_labs(), grades)
    sound = print_unknown(classroom, args.to, grades, roster) and all(current)
    if worksheet:
        sound = write_worksheet(classroom, args.worksheet, worksheet, grades) and sound
    for column in grades.columns:
        sound = write_feedback(classroom, args, column, grades.people, roster) and sound
    return 0 if sound else 1


def filled_worksheet(worksheet: Path, grades: Grades, roster: Roster) -> Filled:
    """Return Moodle's worksheet with the grades of those who were asked for.

    Raises:
        CourseError: it is no worksheet of this lab.
    """
    [column] = grades.columns
    wanted = {person.id: column.scores[person.id] for person in grades.people if person.id in column.scores}
    return filled(read_given(worksheet), replace(column, scores=wanted), roster)


def write_worksheet(classroom: Classroom, worksheet: Path, sheet: Filled, grades: Grades) -> bool:
    """Write Moodle's worksheet; return whether every line is somebody's, and every score can be brought in by it."""
    [column] = grades.columns
    path = classroom.exports / f"moodle-{column.lab}-worksheet.csv"
    write_atomically(path, sheet.text)
    print(f"{path}: {len(sheet.students)} grade{'s' * (len(sheet.students) != 1)}, for Upload grading worksheet.")
    there = set(sheet.students)
    absent = [person.id for person in grades.people if person.id in column.scores and person.id not in there]
    for names, what in (
        (sheet.unknown, "nobody in the roster is"),
        (absent, "it has no line for, though they have a score:"),
        (sheet.locked, "it says that these grades can no longer be changed in Moodle:"),
    ):
        if names:
            print(printable(f"{worksheet}: {what} {some(names)}."))
    return not (sheet.unknown or absent or sheet.locked)


def write_feedback(
    classroom: Classroom, args: argparse.Namespace, column: Column, people: list[Person], roster: Roster
) -> bool:
    """Write the zip of a lab's feedback; return whether everybody's page is in it whose score is in the table."""
    lab = column.lab
    path = classroom.exports / f"{args.to}-{lab}-feedback.zip"
    moved = {student for student, other in column.gone.items() if other}
    wanted = {person.id for person in people}.difference(column.outdated, moved)
    pages = {student: page for student, page in feedback_pages(classroom, lab).items() if student in wanted}
    failed: list[str] = []
    if args.pdf:
        pages, failed = print_pages(pages, classroom.exports / "pdf", args.jobs)
    unplaced = write_zip(classroom, args.to, lab, path, pages, roster)
    count = len(pages) - len(unplaced)
    if count:
        print(f"{path}: {count} page{'s' * (count != 1)}.")
    if failed:
        print(
            printable(f"{lab}: the browser did not print the feedback of {some(failed)}. Try again, or without --pdf.")
        )
    if unplaced:
        print(
            printable(
                f"{lab}: no feedback for {some(unplaced)}, who handed in nothing of their own that was "
                f"collected from a download of {args.to.capitalize()}: it takes pages back by the names in it."
            )
        )
    return not failed and not unplaced


def require_grades(classroom: Classroom, grades: Grades, students: list[str]) -> None:
    """Stop where there is nothing to export.

    Raises:
        CourseError: nothing was graded, or a student is nowhere.
    """
    if not grades.columns:
        raise CourseError(f"{classroom.root}: nothing was graded yet. First run: {command(classroom.root, 'grade')}")
    known = {person.id for person in grades.people}
    for student in students:
        if student not in known:
            raise CourseError(f"there is no student {student!r}, neither in the roster nor in the gradebook.")


def print_column(classroom: Classroom, column: Column, grades: Grades) -> bool:
    """Print how many have a score in a lab, who waits for one, and whose is a share of all points.

    Returns:
        Whether all were graded by the lab as it is now.
    """
    lab, people = column.lab, {person.id for person in grades.people}
    with_score = len(people & column.scores.keys())
    print(printable(f"  {lab}: {with_score} with a score, {len(people) - with_score} blank."))
    if waiting := [student for student in column.open if student in people]:
        print(printable(f"  {lab}: handed in and not graded, so blank: {some(waiting)}."))
    outdated = [student for student in column.outdated if student in people]
    if outdated:
        again = command(classroom.root, f"grade {lab}")
        print(
            printable(
                f"  {lab}: the lab was changed since it was graded, so blank, and without feedback: {some(outdated)}. "
                f"First run {again}, then export again."
            )
        )
    gone = {student: other for student, other in column.gone.items() if student in people}
    if moved := [f"{student} (now {other})" for student, other in gone.items() if other]:
        print(printable(f"  {lab}: the folder was renamed since it was graded, so blank: {some(moved)}."))
    if lost := [student for student, other in gone.items() if not other]:
        print(printable(f"  {lab}: graded earlier, no folder now, and the score is exported: {some(lost)}."))
    if excused := [student for student in column.excused if student in people]:
        print(
            printable(
                f"  {lab}: excused from an exercise, so their share of what they could earn is written as that of all "
                f"{column.points:g} points: {some(excused)}."
            )
        )
    return not outdated


def print_ungraded(classroom: Classroom, labs: list[str], grades: Grades) -> None:
    """Print in which of some labs there are hand-ins and none of them is graded, so that the table has no column."""
    for lab in sorted(set(labs).difference(column.lab for column in grades.columns)):
        if count := sum(1 for _ in classroom.submitted.glob(f"*/{lab}")):
            again = command(classroom.root, f"grade {lab}")
            print(
                f"  {lab}: {count} handed in and nothing graded, so there is no column. First run {again}, then "
                "export again."
            )


def print_unknown(classroom: Classroom, platform: str, grades: Grades, roster: Roster) -> bool:
    """Print whom the platform may not find, and return whether there is nobody."""
    unknown = without_key(platform, grades)
    if unknown:
        print(
            printable(
                f"{platform.capitalize()} finds students by what stands in the column `{NEEDED[platform]}` of "
                f"{classroom.roster}. It is empty for {some(unknown)}."
            )
        )
    changed = changed_keys(platform, grades)
    if changed:
        print(
            printable(
                f"{platform.capitalize()} may not find {some(changed)} by the column `{NEEDED[platform]}`: what stands "
                "there could run in a spreadsheet, and is written as text. Enter their grades there by hand."
            )
        )
    strangers = [person.id for person in grades.people if person.id not in roster.people]
    if strangers and len(roster):
        print(printable(f"Not in the roster: {some(strangers)}."))
    return not unknown and not changed and not (strangers and len(roster))
