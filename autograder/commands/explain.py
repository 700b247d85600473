"""``autograder explain``: show what a test asked one student's work, what it expected and what came back."""

import argparse
import io
from difflib import get_close_matches
from typing import Any

from rich.console import Console
from rich.text import Text

from autograder.classroom import Classroom
from autograder.commands._paths import new_file
from autograder.commands.grade import configured, require_students
from autograder.engines.public import came_back, written
from autograder.errors import CourseError
from autograder.grading.explain import Answer, Explanation, explain
from autograder.grading.submissions import printable, students, submission_of
from autograder.words import command
from course_utils.judging.assess import compared
from course_utils.recording import recorded_tests
from course_utils.verdict import of_points

WIDTH = 96  # columns of the page
MOST_SHOWN = 6  # cases; those that are wrong come first


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the verb."""
    parser.add_argument("student", metavar="STUDENT", help="the student's folder in DIR/submitted")
    parser.add_argument("exercise", metavar="EXERCISE", help="the exercise, as in reports: neuron, dense_torch")
    parser.add_argument(
        "--public",
        action="store_true",
        help="show a case that fails and is not secret, so that the student may see it",
    )
    parser.add_argument("--page", type=new_file, metavar="FILE", help="write it as a page, to show in office hours")
    parser.set_defaults(missing_is_zero=False)


def run(args: argparse.Namespace) -> int:
    """Run one student's work again and print how one test judged it."""
    classroom = Classroom(args.classroom)
    if args.exercise not in recorded_tests():
        alike = ", ".join(get_close_matches(args.exercise, recorded_tests()))
        all_names = f"Graded ones stand in {classroom.reports / 'exercises.csv'}"
        raise CourseError(f"there is no exercise {args.exercise!r}. {f'Like it: {alike}' if alike else all_names}.")
    lab = recorded_tests()[args.exercise][0]
    if not (classroom.release / lab).is_dir():
        build = command(classroom.root, "build")
        raise CourseError(f"{classroom.root}: {lab}, which has {args.exercise}, is not built here. Run: {build}")
    require_students(classroom, [args.student], students(classroom))
    submission = submission_of(classroom, args.student, lab)
    found = explain(configured(classroom, args), submission, args.exercise, args.public)
    console = Console()
    show(console, found)
    if args.page:
        page = Console(record=True, width=WIDTH, file=io.StringIO())
        show(page, found)
        args.page.write_text(page.export_html(inline_styles=True), encoding="utf-8")
        console.print(f"Page: {args.page}", markup=False, highlight=False)
    return 0


def show(console: Console, found: Explanation) -> None:
    """Print an explanation; what a student's code sent is shown as text and never as markup."""
    score = of_points(found.verdict.score, found.verdict.max_score)
    console.print(Text(f"{found.submission}: {found.test['title']} ({found.test['grade_id']}), {score}", "bold"))
    message = found.verdict.message.partition(": ")[2] or found.verdict.message
    console.print(Text(printable_lines(message)))
    console.print(Text(rule(found)))
    secret = "Anybody may see these cases." if found.public else "These cases are hidden: show others with --public."
    console.print(Text(secret, "italic"))
    for number, answer in enumerate(found.answers[:MOST_SHOWN], 1):
        console.print()
        console.print(Text(f"Case {number}, part {answer.case['part']!r}: {in_a_word(answer)}", "bold"))
        for name, value in answer.inputs.items():
            line(console, name, value)
        for name, value in (compared(answer.case) if "expected" in answer.case else {}).items():
            line(console, f"expected {name}", value)
        for name, value in came_back(answer.reply):
            line(console, name, value)
    if len(found.answers) > MOST_SHOWN:
        console.print(Text(f"\n{len(found.answers) - MOST_SHOWN} cases more."))


def rule(found: Explanation) -> str:
    """Return in words how the points come about."""
    if not found.parts:
        return "All cases are judged together, by a property: there is no single right result."
    parts = "; ".join(f"{part!r}: {right} of {count} right" for part, (right, count) in found.parts.items())
    share = of_points(round(found.verdict.max_score / len(found.parts), 2), found.verdict.max_score)
    return f"Each part earns its share, {share}, when all of its cases are right. {parts}."


def in_a_word(answer: Answer) -> str:
    """Return whether a case is right."""
    return {True: "right", False: "wrong", None: "judged together with the others"}[answer.right]


def line(console: Console, name: str, value: Any) -> None:
    """Print a name and a value; arrays keep their shape."""
    console.print(Text(printable(f"  {name}:")))
    shown = value if isinstance(value, str) else written(value)
    for each in printable_lines(shown).splitlines() or [""]:
        console.print(Text(f"      {each}"))


def printable_lines(text: str) -> str:
    """Return text without what a terminal obeys; its lines stay."""
    return "\n".join(printable(each) for each in text.splitlines())
