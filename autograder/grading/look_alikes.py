"""Pairs of hand-ins whose code is closer than what was given and the usual solutions explain.

A hand-in becomes runs of a few tokens, as winnowing has them, with own names, comments and layout left out. Runs that
stand in the lab, in a known right answer or in many hand-ins are dropped; what two hand-ins share beyond those is
shown. All runs are kept, not a sample of them: a lab is small.
"""

import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Name, String
from traitlets.config import Config

from autograder.authoring.answers import load_answers
from autograder.classroom import Classroom
from autograder.gradebook import graded_students
from autograder.grading.log import logger
from autograder.grading.pool import Pool
from autograder.limited import READING
from autograder.notebooks.released import earlier_notebooks, released_notebook, source_notebook
from autograder.roster_file import roster_of
from autograder.settings import PROJECT

RUN = 14  # tokens that stand together: one or two lines
OWN_LINES = 40  # a hand-in with no more lines of its own says nothing
MOST_TEXT = 200_000  # characters of a hand-in's code
LINE = 160  # characters of a line that are shown
SHARED_LINES, CLOSE = 10, 0.4  # lines that a pair shares, and the share of the smaller one's unusual code, at least
# What more hand-ins than this have is usual: a share of the class, but not fewer nor more than these.
USUAL, FEWEST_USUAL, MOST_USUAL = 0.1, 4, 20
MOST_PAIRS = 20  # of a lab
PYTHON = PythonLexer()


@dataclass(slots=True)
class Code:
    """One hand-in's own code.

    Args:
        lines: as they were written. runs: a number for each run of tokens. first, last: the lines where it stands.
    """

    lines: list[str]
    runs: "array[int]"
    first: "array[int]"
    last: "array[int]"

    def lines_of(self, runs: Collection[int]) -> set[int]:
        """Return the numbers of the lines on which some runs stand."""
        found: set[int] = set()
        for run, first, last in zip(self.runs, self.first, self.last):
            if run in runs:
                found.update(range(first, last + 1))
        return found


@dataclass(frozen=True)
class Pair:
    """Two hand-ins that look alike.

    Args:
        share: of the unusual code of the one that has less, how much stands in the other, too.
        evidence: of both, the lines that they share, each with its number; None stands for lines that are left out.
    """

    lab: str
    students: tuple[str, str]
    share: float
    evidence: tuple[list[tuple[int, str] | None], list[tuple[int, str] | None]]

    @property
    def lines(self) -> int:
        """How many lines they share, counted in the one where those are fewer."""
        return min(sum(line is not None for line in side) for side in self.evidence)


def look_alikes(classroom: Classroom, config: Config, lab: str, of: Collection[str] = ()) -> list[Pair]:
    """Return the pairs of a lab's hand-ins that look alike, the closest first; groups that work together are none.

    Args:
        of: only pairs in which one of these students is; empty: all.
    """
    released = [released_notebook(config, lab), *earlier_notebooks(config, lab)]
    given = {line.strip() for notebook in released for source in _sources(notebook) for line in source.splitlines()}
    texts = [source for notebook in (*released, source_notebook(config, lab)) for source in _sources(notebook)]
    answers = PROJECT / "solutions" / "answers" / f"{lab}.py"
    if answers.is_file():
        texts += [answer.source for answer in load_answers(answers) if answer.right]
    known = {run for text in texts for run in code_of([text]).runs}
    people = roster_of(classroom).people
    groups = {student: people[student].group.casefold() for student in people if people[student].group}
    found = pairs(lab, _all_code(config, lab, graded_students(config, lab), given), known, groups)
    return [pair for pair in found if not of or set(of).intersection(pair.students)][:MOST_PAIRS]


def pairs(lab: str, codes: dict[str, Code], known: Collection[int], groups: dict[str, str]) -> list[Pair]:
    """Return the pairs that look alike.

    Args:
        codes: by student. known: runs that say nothing. groups: by student, who works together.
    """
    holders: defaultdict[int, list[str]] = defaultdict(list)
    for student, code in codes.items():
        for run in set(code.runs).difference(known):
            holders[run].append(student)
    usual = min(max(FEWEST_USUAL, int(USUAL * len(codes))), MOST_USUAL)
    own: defaultdict[str, set[int]] = defaultdict(set)
    shared: Counter[tuple[str, str]] = Counter()
    for run, students in holders.items():
        if len(students) <= usual:
            shared.update(combinations(sorted(students), 2))
            for student in students:
                own[student].add(run)
    found = []
    for (one, other), count in shared.items():
        together = groups.get(one) is not None and groups.get(one) == groups.get(other)
        share = count / min(len(own[one]), len(own[other]))
        if not together and share >= CLOSE and count >= SHARED_LINES:
            runs = own[one] & own[other]
            pair = Pair(lab, (one, other), share, (_evidence(codes[one], runs), _evidence(codes[other], runs)))
            if pair.lines >= SHARED_LINES:
                found.append(pair)
    return sorted(found, key=lambda pair: (-pair.share * pair.lines, pair.students))


def _evidence(code: Code, runs: Collection[int]) -> list[tuple[int, str] | None]:
    shown: list[tuple[int, str] | None] = []
    before = -1
    for number in sorted(code.lines_of(runs)):
        if not code.lines[number].strip():
            continue
        if shown and number > before + 1:
            shown.append(None)
        shown.append((number + 1, code.lines[number][:LINE]))
        before = number
    return shown


def code_of(sources: Sequence[str]) -> Code:
    """Return the runs of tokens of some cells, and the lines where they stand; no run goes on into the next cell."""
    lines: list[str] = []
    code = Code(lines, array("Q"), array("I"), array("I"))
    for source in sources:
        tokens = list(_tokens(source, len(lines)))
        for start in range(len(tokens) - RUN + 1):
            run = tokens[start : start + RUN]
            code.runs.append(_number(word for word, _ in run))
            code.first.append(run[0][1])
            code.last.append(run[-1][1])
        lines.extend(source.split("\n"))
    return code


def _tokens(source: str, line: int) -> Iterator[tuple[str, int]]:
    """Yield the words of a source, each with its line; a name of one's own is any name."""
    before = ""
    for kind, text in PYTHON.get_tokens(source):
        if text.strip() and kind not in Comment and kind not in String.Doc:
            word = text.strip()
            if kind in Name and kind not in Name.Builtin and before != ".":
                word = "name"
            elif kind in String:
                word = "text"
            if not (word == before == "text"):
                yield word, line
            before = word
        line += text.count("\n")


def _number(words: Iterable[str]) -> int:
    """Return a number for a run that is the same in every process, unlike ``hash``."""
    return int.from_bytes(blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _sources(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def _all_code(config: Config, lab: str, students: Iterable[str], given: Collection[str]) -> dict[str, Code]:
    """Read students' code in a limited child; who has few lines of their own is left out."""
    course = CourseDirectory(config=config)
    step = _Reader(frozenset(given))
    found: dict[str, Code] = {}
    with Pool(step, 1, READING) as pool:
        for student in students:
            pool.add((student, Path(course.format_path(course.autograded_directory, student, lab)) / f"{lab}.ipynb"))
        for (student, _), result in pool.results():
            if isinstance(result, Exception):
                logger.error("%s/%s: its code could not be compared", student, lab, exc_info=result)
            elif result is not None:
                found[student] = result
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class _Reader:
    """Reads the code of one hand-in, in a child.

    Args:
        given: lines that students were given.
    """

    given: frozenset[str]

    def __call__(self, item: tuple[str, Path]) -> Code | None:
        _, path = item
        if not path.exists():
            return None
        notebook = json.loads(path.read_bytes())
        sources = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
        own = [text for text in map(_joined, sources) if self._own_lines(text)]
        if sum(map(self._own_lines, own)) <= OWN_LINES or sum(map(len, own)) > MOST_TEXT:
            return None
        return code_of(own)

    def _own_lines(self, text: str) -> int:
        lines = (line.strip() for line in text.splitlines())
        return sum(bool(line) and not line.startswith("#") and line not in self.given for line in lines)


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
