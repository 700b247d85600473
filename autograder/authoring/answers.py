"""Read known answers: right and wrong solutions of exercises that prove the tests and make the sample class.

An answers file is ``py:percent`` text like a lab's source. A cell with the header
``# %% right="dense_torch" name="loops"`` or ``# %% wrong="dense_torch" name="no_bias" mistake="bias_forgotten"`` is an
answer; other cells are prose, or names that answers use, and are skipped.
"""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError

KEYS = ("right", "wrong", "name", "mistake", "visible")
_ITEM = re.compile(r'\s*(\w+)=(?:"([^"]*)"|(True|False))(?=\s|$)')


@dataclass(frozen=True)
class Answer:
    """One known answer.

    Args:
        right: it earns full marks; a wrong one loses marks.
        mistake: the one that a wrong answer earns, or None where it is no mistake.
        visible: a student's own check shows that the answer is wrong; False where only hidden inputs can.
        line: where its header stands in the file.
    """

    grade_id: str
    name: str
    right: bool
    mistake: str | None
    visible: bool
    source: str
    line: int


def load_answers(path):
    """Return the answers of a file, in its order.

    Raises:
        CourseError: naming file, line and the mend.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: the answers cannot be read: {error}") from error
    starts = [index for index, line in enumerate(lines) if re.match(r"# %%(\s|$)", line)]
    answers, seen = [], {}
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        where = f"{path}:{start + 1}"
        roles = _roles(lines[start][4:], where)
        if roles is None:
            continue
        answer = _answer(roles, "\n".join(lines[start + 1 : end]).strip() + "\n", start + 1, where)
        key = (answer.grade_id, answer.name)
        if key in seen:
            raise CourseError(
                f"{where}: {answer.grade_id!r} has an answer called {answer.name!r} already, at line "
                f"{seen[key]}; give it another name."
            )
        seen[key] = answer.line
        answers.append(answer)
    return answers


def _roles(header, where):
    """Return the keys of an answer's header, or None where the cell is no answer."""
    if not re.search(r"\b(right|wrong)\s*=", header):
        return None
    roles, position = {}, 0
    while position < len(header.rstrip()):
        match = _ITEM.match(header, position)
        if not match:
            raise CourseError(
                f'{where}: cannot read {header[position:].strip()!r}; write keys as name="value", and '
                "visible=False without quotes."
            )
        key, text, truth = match.groups()
        if key not in KEYS:
            raise CourseError(f"{where}: unknown key {key!r}; the keys are {', '.join(KEYS)}.")
        if key in roles:
            raise CourseError(f"{where}: {key!r} stands twice; drop one.")
        if (truth is not None) != (key == "visible"):
            raise CourseError(
                f"{where}: {key}={text if truth is None else truth!r}; only visible is True or False, "
                "the others are text in quotes."
            )
        roles[key] = text if truth is None else truth == "True"
        position = match.end()
    return roles


def _answer(roles, source, line, where):
    if "right" in roles and "wrong" in roles:
        raise CourseError(f"{where}: an answer is right or wrong, not both; drop one.")
    if not roles.get("name"):
        raise CourseError(f'{where}: an answer needs a name, such as name="loops".')
    right = "right" in roles
    if right and {"mistake", "visible"} & set(roles):
        raise CourseError(f"{where}: mistake and visible belong to wrong answers; remove them here.")
    try:
        if not ast.parse(source).body:
            raise CourseError(f"{where}: the answer {roles['name']!r} is empty; write its code below the header.")
    except SyntaxError as error:
        raise CourseError(
            f"{where}: line {error.lineno} of the answer {roles['name']!r} is not Python: {error.msg}."
        ) from error
    return Answer(
        roles["right" if right else "wrong"],
        roles["name"],
        right,
        roles.get("mistake"),
        roles.get("visible", True),
        source,
        line,
    )
