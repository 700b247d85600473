"""``python -m tests.fairness``: judge every known answer under every variant of the hidden inputs of three secrets.

An answer whose marks or diagnoses differ is a *lottery*: what a student earns, or is told, would depend on what was
drawn, here or by the answer itself.
"""

import argparse
import contextlib
import io
import sys
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from autograder.engines.hidden import VARIANTS, variant_seed
from course_utils.checks import run_test
from tests.autograder.authoring.test_answers import ANSWERS, EXAMS, LABS, exercise_of, namespace_with

SECRETS = 3  # unless the command says how many


def seeds(secrets, variants):
    """Return the seeds of the first variants of so many secrets."""
    return [
        variant_seed(f"fairness {number}".encode(), index) for number in range(secrets) for index in range(variants)
    ]


def marks(lab, grade_id, drawn):
    """Return how often each known answer of an exercise earned which share of its points and diagnosis, by its name.

    Args:
        drawn: seeds of variants.
    """
    exercise, spelling = exercise_of(lab, grade_id)
    tests = [exercise.test(spelling, seed, "grade") for seed in drawn]
    found = {}
    for owner, answer in ANSWERS:
        if (owner, answer.grade_id) == (lab, grade_id):
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                namespace = namespace_with(lab, answer)
                verdicts = [run_test("grade", test, 100, namespace, reveal=False) for test in tests]
            found[answer.name] = Counter((verdict.score, verdict.diagnosis) for verdict in verdicts)
    return found


def lotteries(found):
    """Return what is unfair of what ``marks`` found: the answers whose marks or diagnoses differ."""
    return {name: dict(counted) for name, counted in found.items() if len(counted) > 1}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--secrets", type=int, default=SECRETS, help="how many secrets")
    parser.add_argument("--variants", type=int, default=VARIANTS, help="how many variants of each")
    parser.add_argument("--lab", default="", help="only labs whose name begins so")
    parser.add_argument("--only", default="", help="only exercises whose name begins so")
    parser.add_argument("--slow", action="store_true", help=f"also {', '.join(EXAMS)}, which takes hours")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    arguments = parser.parse_args()
    drawn = seeds(arguments.secrets, arguments.variants)
    pairs = [
        (lab, grade_id)
        for lab in LABS
        if lab.startswith(arguments.lab)
        for grade_id in dict.fromkeys(answer.grade_id for owner, answer in ANSWERS if owner == lab)
        if grade_id.startswith(arguments.only) and (arguments.slow or grade_id not in EXAMS)
    ]
    unfair = judged = 0
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for (lab, grade_id), found in zip(pairs, pool.map(marks, *zip(*pairs), [drawn] * len(pairs))):
            judged += len(found)
            for name, counted in lotteries(found).items():
                unfair += 1
                shares = ", ".join(f"{score:g} % ({why}) {count} times" for (score, why), count in counted.items())
                print(f"{lab} {grade_id} {name}: {shares}", flush=True)
    print(f"{judged} answers under {len(drawn)} variants: {unfair} lotteries")
    return unfair > 0


if __name__ == "__main__":
    sys.exit(main())
