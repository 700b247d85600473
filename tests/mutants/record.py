"""Record what the mutants of solutions give in the cases of checks, where a check has no other words for it.

Kept are those whose results have the right shapes, lie well away from the right ones, and differ from those of all
mutants of another kind.
"""

import json
from pathlib import Path

import numpy as np

from course_utils import probes
from course_utils.checks import run_test
from course_utils.judging.mutants import FILE, alike, packed, projected, unpacked
from course_utils.processor_time import interrupted_after
from course_utils.protocol import Reply
from course_utils.recording import decode, recorded_tests
from tests.mutants.making import Mutant
from tests.mutants.trials import OTHERS, SECONDS, TooLong, compiled, mutants_to, quietly, without_answer

APART = 0.02  # between a recorded result and the right one, in lengths of that one


def results_of(lab: str, grade_id: str, source: str) -> np.ndarray | None:
    """Return the projections of what an answer gives in the cases of its check, shape (cases, 2).

    None where some case gives nothing to compare, or where the check already says what is wrong.
    """
    test = recorded_tests()[grade_id][1]
    cases = decode(test["cases"])
    namespace = without_answer(lab, grade_id)
    seen: list[Reply] = []

    def ask(name: str | list[str], probe: str, asked: list) -> list[Reply]:
        replies = probes.ask_each(namespace, name, probe, asked, False)
        seen[:] = seen or replies
        return replies

    with quietly(), interrupted_after(SECONDS, TooLong, again=1):
        try:
            exec(compiled(grade_id, source), namespace)
            verdict = run_test("check", test, 100, namespace, ask=ask)
        except (Exception, TooLong):
            return None
    if verdict.diagnosis not in (None, "mutant") or len(seen) < len(cases):
        return None
    found = [projected(case["expected"], reply.get("values", {})) for case, reply in zip(cases, seen)]
    if any(each is None for each in found):
        return None
    projections = np.array(found)
    if not np.all(np.isfinite(unpacked(packed(projections)))):
        return None  # too large for the few digits that are kept
    right = np.array([projected(case["expected"], case["expected"]) for case in cases])
    return projections if np.any(np.abs(projections - right) > APART) else None


def told_apart(found: list[tuple[str, np.ndarray]]) -> list[tuple[str, np.ndarray]]:
    """Return one result of each kind of change that gives it, without those that several kinds give."""
    kept: list[tuple[str, np.ndarray]] = []
    for change, projections in found:
        same = {other for other, others in found if alike(projections, others)}
        if same == {change} and not any(alike(projections, others) for _, others in kept):
            kept.append((change, projections))
    return kept


def mutants_with_words(lab: str, grade_id: str) -> list[Mutant]:
    return [mutant for _, mutant in mutants_to(lab, grade_id, OTHERS) if mutant.change]


def record(lab: str, grade_id: str) -> list[tuple[str, str]]:
    """Return what is recorded for an exercise: what was changed, and the results as a text."""
    test = recorded_tests()[grade_id][1]
    if test["judge"]:
        return []
    found = [(each.change, results_of(lab, grade_id, each.source)) for each in mutants_with_words(lab, grade_id)]
    kept = told_apart([(change, projections) for change, projections in found if projections is not None])
    return [(change, packed(projections)) for change, projections in kept]


def write(recorded: dict[str, list[tuple[str, str]]], file: Path = FILE) -> None:
    """Write what was recorded, by ``grade_id``; what stands there of other exercises stays."""
    old = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"changes": [], "mutants": {}}
    kept = {name: [(old["changes"][place], text) for place, text in rows] for name, rows in old["mutants"].items()}
    every = {name: rows for name, rows in sorted((kept | recorded).items()) if rows and name in recorded_tests()}
    changes = sorted({change for rows in every.values() for change, _ in rows})
    lines = [
        f"{json.dumps(name)}: {json.dumps([[changes.index(change), text] for change, text in rows])}"
        for name, rows in every.items()
    ]
    text = f'{{"changes": {json.dumps(changes, indent=0)},\n"mutants": {{\n' + ",\n".join(lines) + "\n}}\n"
    file.write_text(text, encoding="utf-8")
