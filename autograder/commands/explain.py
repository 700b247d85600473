"""``autograder explain``: show what a test asked one student's work, what it expected and what came back."""

import argparse
import io
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.text import Text

from autograder.classroom import Classroom
from autograder.commands.grade import configured
from autograder.errors import CourseError
from autograder.grading.explain import Answer, Explanation, explain
from autograder.grading.submissions import printable, submission_of
from course_utils.protocol import Reply
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
    parser.add_argument("--page", type=Path, metavar="FILE", help="write it as a page, to show in office hours")
    parser.set_defaults(missing_is_zero=False)


def run(args: argparse.Namespace) -> int:
    """Run one student's work again and print how one test judged it."""
    classroom = Classroom(args.classroom)
    if args.exercise not in recorded_tests():
        raise CourseError(f"there is no exercise {args.exercise!r}; `reports/exercises.csv` has their names.")
    lab = recorded_tests()[args.exercise][0]
    if not (classroom.release / lab).is_dir():
        raise CourseError(f"{classroom.root}: {lab}, which has {args.exercise}, is not built here.")
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
        for name, value in answer.case.get("expected", {}).items():
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


def came_back(reply: Reply) -> list[tuple[str, Any]]:
    """Return what a probe sent back, by what it is."""
    if "error" in reply:
        error = reply["error"]
        return [("raised", f"{error['type']}: {error['message']}"), ("in the line", error["line"] or "not known")]
    if "values" not in reply:
        return [("came back", "nothing to judge")]
    return [(f"came back: {name}", value) for name, value in reply["values"].items()]


def line(console: Console, name: str, value: Any) -> None:
    """Print a name and a value; arrays keep their shape."""
    console.print(Text(printable(f"  {name}:")))
    shown = value if isinstance(value, str) else written(value)
    for each in printable_lines(shown).splitlines() or [""]:
        console.print(Text(f"      {each}"))


def written(value: Any) -> str:
    """Return a value as text: an array with its shape, the rest as Python writes it."""
    if isinstance(value, np.ndarray) and value.ndim:
        text = np.array2string(value, precision=6, threshold=60, max_line_width=66, separator=", ")
        return f"{text}   shape {value.shape}"
    if isinstance(value, dict):
        return "\n".join(f"{name} = {written(each)}" for name, each in value.items())
    if isinstance(value, list) and any(isinstance(each, np.ndarray | dict | list) for each in value):
        return "\n".join(written(each) for each in value)
    value = value.item() if isinstance(value, np.ndarray | np.generic) else value
    return f"{value:.8g}" if isinstance(value, float) else str(value)


def printable_lines(text: str) -> str:
    """Return text without what a terminal obeys; its lines stay."""
    return "\n".join(printable(each) for each in text.splitlines())
