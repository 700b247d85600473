"""Read known answers: right and wrong solutions of exercises that prove the tests and make the sample class.

An answers file is ``py:percent`` text like a lab's source. A cell with the header
``# %% right="dense_torch" name="loops"`` or ``# %% wrong="dense_torch" name="no_bias" mistake="bias_forgotten"`` is an
answer; other cells are prose, or names that answers use, and are skipped.

An answer that differs from a right one in a few words is written as that difference, one edit a line::

    # %% wrong="dense_torch" name="no_bias" of="loops" mistake="bias_forgotten"
    # x @ self.W + self.b -> x @ self.W

The wrong answers ``zeros``, ``constant`` and ``hard_coded`` of each exercise are made from its recorded cases (see
``made_answers``). A header without code says what a made answer earns where that is not the usual; a header with code
replaces it.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.made_answers import MADE, MadeAnswer, made_answer
from autograder.errors import CourseError
from course_utils.protocol import Recorded
from course_utils.recording import recorded_tests

KEYS = ("right", "wrong", "name", "of", "mistake", "visible")
_ITEM = re.compile(r'\s*(\w+)=(?:"([^"]*)"|(True|False))(?=\s|$)')
_EDIT = re.compile(r"# (?P<old>\S.*?) ->(?: (?P<new>.*))?")


@dataclass(frozen=True)
class Answer:
    """One known answer.

    Args:
        right: it earns full marks; a wrong one loses marks.
        mistake: the one that a wrong answer earns, or None where it is no mistake.
        visible: a student's own check shows that the answer is wrong; False where only hidden inputs can.
        line: where its header stands in the file; 0 for a made answer without one.
    """

    grade_id: str
    name: str
    right: bool
    mistake: str | None
    visible: bool
    source: str
    line: int


@dataclass(frozen=True)
class _Cell:
    """The text of one answer in its file, before edits; ``where`` is file and line of its header."""

    path: Path
    line: int
    roles: dict
    body: str

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def grade_id(self) -> str:
        return self.roles["right" if self.right else "wrong"]

    @property
    def right(self) -> bool:
        return "right" in self.roles


def load_answers(path: str | Path) -> list[Answer]:
    """Return the answers to a lab, exercise by exercise: right ones, made ones, and the other wrong ones.

    Within these they keep the order of the file.

    Raises:
        CourseError: naming file, line and the mend.
    """
    path = Path(path)
    tests = {grade_id: test for grade_id, (lab, test) in recorded_tests().items() if lab == path.stem}
    answers: dict[tuple[str, str], Answer] = {}
    for cell in _cells(path):
        answer = _answer(cell, answers, tests)
        key = (answer.grade_id, answer.name)
        if key in answers:
            raise CourseError(
                f"{cell.where}: {answer.grade_id!r} has an answer called {answer.name!r} already, at line "
                f"{answers[key].line}; give it another name."
            )
        answers[key] = answer
    for grade_id, test in tests.items():
        for name in MADE:
            if (grade_id, name) not in answers and (made := made_answer(test, name)):
                answers[grade_id, name] = Answer(grade_id, name, False, made.mistake, made.visible, made.source, 0)
    exercises = list(dict.fromkeys(grade_id for grade_id, _ in answers))
    return sorted(
        answers.values(), key=lambda answer: (exercises.index(answer.grade_id), not answer.right, answer.line > 0)
    )


def _cells(path: Path) -> Iterator[_Cell]:
    """Yield the cells that hold answers."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: the answers cannot be read: {error}") from error
    starts = [index for index, line in enumerate(lines) if re.match(r"# %%(\s|$)", line)]
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        roles = _roles(lines[start][4:], f"{path}:{start + 1}")
        if roles is not None:
            yield _Cell(path, start + 1, roles, "\n".join(lines[start + 1 : end]).rstrip() + "\n")


def _roles(header: str, where: str) -> dict[str, str | bool] | None:
    """Return the keys of an answer's header, or None where the cell is no answer."""
    if not re.search(r"\b(right|wrong)\s*=", header):
        return None
    roles: dict[str, str | bool] = {}
    position = 0
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


def _answer(cell: _Cell, answers: dict[tuple[str, str], Answer], tests: dict[str, Recorded]) -> Answer:
    """Return the answer of one cell.

    Args:
        answers: those above it in the file.
        tests: the recorded tests of the lab.
    """
    roles, where = cell.roles, cell.where
    if "right" in roles and "wrong" in roles:
        raise CourseError(f"{where}: an answer is right or wrong, not both; drop one.")
    name = roles.get("name")
    if not name:
        raise CourseError(f'{where}: an answer needs a name, such as name="loops".')
    if cell.right and {"mistake", "visible"} & set(roles):
        raise CourseError(f"{where}: mistake and visible belong to wrong answers; remove them here.")
    if "of" in roles:
        default = MadeAnswer(_edited(cell, answers), None, True)
    else:
        default = _made(cell, tests) or MadeAnswer(cell.body.lstrip("\n"), None, True)
    _must_be_code(default.source, name, where)
    mistake, visible = roles.get("mistake", default.mistake), roles.get("visible", default.visible)
    return Answer(cell.grade_id, name, cell.right, mistake, visible, default.source, cell.line)


def _made(cell: _Cell, tests: dict[str, Recorded]) -> MadeAnswer | None:
    """Return the made answer that a header without code names."""
    test = tests.get(cell.grade_id)
    if cell.right or cell.body.strip() or test is None or cell.roles["name"] not in MADE:
        return None
    return made_answer(test, cell.roles["name"])


def _edited(cell: _Cell, answers: dict[tuple[str, str], Answer]) -> str:
    """Return the source of a right answer with the edits of a cell made in it, one after the other."""
    base = answers.get((cell.grade_id, cell.roles["of"]))
    if base is None or not base.right:
        names = ", ".join(
            answer.name for answer in answers.values() if answer.right and answer.grade_id == cell.grade_id
        )
        raise CourseError(
            f"{cell.where}: of={cell.roles['of']!r} is no right answer to {cell.grade_id!r} above this line; "
            f"those are: {names or 'none'}."
        )
    source = base.source
    edits = 0
    for number, line in enumerate(cell.body.splitlines(), cell.line + 1):
        if not line.strip():
            continue
        where, edit = f"{cell.path}:{number}", _EDIT.fullmatch(line.rstrip())
        if not edit or " -> " in (edit["new"] or ""):
            raise CourseError(
                f"{where}: an answer with of= holds nothing but edits, one a line, as `# old text -> new text`; "
                "write it so, or write the whole answer without of=."
            )
        if (count := source.count(edit["old"])) != 1:
            raise CourseError(
                f"{where}: {edit['old']!r} stands {count} times in the answer {base.name!r} (line {base.line}); "
                "write text that stands there exactly once."
            )
        source = source.replace(edit["old"], edit["new"] or "")
        edits += 1
    if not edits:
        raise CourseError(f"{cell.where}: the answer has no edit; write `# old text -> new text` below the header.")
    return source


def _must_be_code(source: str, name: str, where: str) -> None:
    try:
        if not ast.parse(source).body:
            raise CourseError(f"{where}: the answer {name!r} is empty; write its code below the header.")
    except SyntaxError as error:
        raise CourseError(f"{where}: line {error.lineno} of the answer {name!r} is not Python: {error.msg}.") from error
