"""Judge mutants as a student's answer is judged: the recorded check, then the hidden test under some secrets.

Each is judged in this process, with a limit of its processor time; ``limit_memory`` limits that of the process.
"""

import ast
import contextlib
import io
import linecache
import resource
import warnings
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from types import CodeType
from typing import Any

from autograder.authoring.build import PUBLIC_SEED
from autograder.engines.hidden import variant_seed
from course_utils.checks import run_test
from course_utils.processor_time import interrupted_after
from tests.autograder.authoring.test_answers import ANSWERS, EXAMS, LABS, exercise_of, lab_source, solved_namespace
from tests.mutants.making import Mutant, given_in, mutants_of
from tests.mutants.rules import prepare

OTHERS = 1  # known right answers that are mutated beside the reference solution
SECONDS, EXAM_SECONDS = 2, 20  # of processor time, for each test of a mutant; all have them together
MEMORY = 6_000_000_000  # bytes


class TooLong(KeyboardInterrupt):
    """A mutant does not end; an error of this kind passes through every probe."""


@dataclass
class Tried:
    """What became of the mutants of one exercise's answers.

    Args:
        survivors: the answer's name and the mutant, which had full marks in every test.
        lotteries: the same, of those that had full marks in some.
        why: how often each diagnosis was given to a mutant that was killed; None for "wrong values" alone.
    """

    lab: str
    grade_id: str
    made: int = 0
    survivors: list[tuple[str, Mutant]] = field(default_factory=list)
    lotteries: list[tuple[str, Mutant]] = field(default_factory=list)
    why: Counter = field(default_factory=Counter)


def exercises(lab: str = "", only: str = "", slow: bool = False) -> list[tuple[str, str]]:
    """Return the labs and grade ids whose names begin so; a quiz has no code to mutate."""
    return [
        (name, grade_id)
        for name in LABS
        if name.startswith(lab)
        for grade_id, (exercise, spelling) in lab_source(name).tests.items()
        if grade_id.startswith(only)
        and (slow or grade_id not in EXAMS)
        and exercise.spellings[spelling].probe != "read"
    ]


@cache
def answers_to(lab: str, grade_id: str) -> dict[str, str]:
    """Return the text of the reference solution, "solution", and of the known right answers, by their names."""
    parts = [f"{grade_id}_{part}" for part in exercise_of(lab, grade_id)[0].solution_parts]
    cells = [cell.text for cell in lab_source(lab).cells if cell.roles.get("solution") in (grade_id, *parts)]
    others = {a.name: a.source for owner, a in ANSWERS if (owner, a.grade_id) == (lab, grade_id) and a.right}
    return {"solution": "\n\n".join(cells), **others}


def mutants_to(lab: str, grade_id: str, others: int) -> list[tuple[str, Mutant]]:
    """Return the mutants of an exercise's answers, each with the answer's name.

    Args:
        others: how many of the known right answers are mutated beside the reference solution.
    """
    answers = list(answers_to(lab, grade_id).items())[: 1 + others]
    given = given_in(answers[0][1]).union(*(_of_others(lab, grade_id, source) for _, source in answers))
    found: dict[str, tuple[str, Mutant]] = {}
    for name, source in answers:
        for mutant in mutants_of(source, given):
            found.setdefault(mutant.source, (name, mutant))
    return list(found.values())


def _of_others(lab: str, grade_id: str, source: str) -> set[str]:
    """Return the statements of an answer that define what another exercise asks for: its own tests judge that."""
    shared = names_of(lab, grade_id) - own_names(lab, grade_id)
    tree = ast.parse(source)
    prepare(tree)
    return {ast.unparse(node) for node in tree.body if getattr(node, "name", None) in shared}


@cache
def drawn_tests(lab: str, grade_id: str, secrets: int) -> list:
    """Return the tests of an exercise: the check that students run, and a hidden test for each secret."""
    exercise, spelling = exercise_of(lab, grade_id)
    seeds = [variant_seed(f"mutants {number}".encode(), 0) for number in range(secrets)]
    return [exercise.test(spelling, PUBLIC_SEED, "check"), *(exercise.test(spelling, s, "grade") for s in seeds)]


def names_of(lab: str, grade_id: str) -> set[str]:
    """Return the names that an exercise asks for."""
    exercise, spelling = exercise_of(lab, grade_id)
    names = exercise.spellings[spelling].object
    return {names} if isinstance(names, str) else set(names)


def own_names(lab: str, grade_id: str) -> set[str]:
    """Return the names that an exercise asks for and no other one does; all, where each is asked for by another one."""
    names = names_of(lab, grade_id)
    others = (names_of(lab, other) for other in lab_source(lab).tests if other != grade_id)
    return names.difference(*others) or names


def without_answer(lab: str, grade_id: str) -> dict[str, Any]:
    """Return what stands in a solved notebook, without what an exercise asks for."""
    with quietly():
        namespace = dict(solved_namespace(lab))
    for name in own_names(lab, grade_id):
        namespace.pop(name)
    return namespace


def compiled(grade_id: str, source: str) -> CodeType:
    """Return the code of an answer, whose lines checks can read.

    Raises:
        Exception: it is no program.
    """
    file = f"<mutant of {grade_id}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    return compile(source, file, "exec")


def verdicts_of(lab: str, grade_id: str, source: str, tests: list) -> list:
    """Return the verdict of each test on an answer; None is that of one that does not run, or does not end."""
    namespace = without_answer(lab, grade_id)
    verdicts = []
    seconds = len(tests) * (EXAM_SECONDS if grade_id in EXAMS else SECONDS)
    with quietly(), interrupted_after(seconds, TooLong, again=1):
        try:
            exec(compiled(grade_id, source), namespace)
            for test in tests:
                verdicts.append(run_test("grade", test, 100, namespace, reveal=False))
        except (Exception, TooLong):
            verdicts.append(None)
    return verdicts


def is_full(verdict: object) -> bool:
    """Tell whether a verdict of ``verdicts_of`` is one of full marks."""
    return getattr(verdict, "score", 0) == 100


def try_exercise(lab: str, grade_id: str, secrets: int = 1, others: int = 0, share: int = 1) -> Tried:
    """Judge the mutants of the answers to one exercise.

    Args:
        others: how many of the known right answers are mutated beside the reference solution.
        share: judge one of so many mutants.

    Raises:
        AssertionError: an unchanged answer has no full marks; then it says nothing that its mutants have none.
    """
    tried = Tried(lab, grade_id)
    tests = drawn_tests(lab, grade_id, secrets)
    for name, source in list(answers_to(lab, grade_id).items())[: 1 + others]:
        if not all(map(is_full, verdicts_of(lab, grade_id, source, tests))):
            raise AssertionError(f"{grade_id}: the answer {name} has no full marks as it is")
    for name, mutant in mutants_to(lab, grade_id, others)[len(grade_id) % share :: share]:
        tried.made += 1
        verdicts = verdicts_of(lab, grade_id, mutant.source, tests)
        full = list(map(is_full, verdicts))
        if mutant.rule.endswith("as_in_the_first_case"):
            full = full[1:] or full  # the check asks the first case
        if all(full):
            tried.survivors.append((name, mutant))
        elif any(full):
            tried.lotteries.append((name, mutant))
        else:
            tried.why[getattr(verdicts[0], "diagnosis", "not_run")] += 1
    return tried


def limit_memory() -> None:
    """Let this process have no more than so much memory of its own."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))


@contextlib.contextmanager
def quietly():
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
