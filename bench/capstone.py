"""``python -m bench.capstone``: how good Lab 4's reference trainings are, as the measure of its thresholds.

Known answers are trained and judged on exams from several seeds, in one thread, and the results written to
``tests/labs/capstone_runs.json``: the share of hidden digits that are right, the share of training digits with a false
label that are called by their true one, and the share of the points. Those of each reference deviate as is printed.
"""

import argparse
import json
import re
import statistics
from functools import partial
from time import process_time

from autograder.authoring.answers import load_answers
from autograder.authoring.source import Lab
from autograder.exercises.lab4_overfitting_dropout import CAPSTONE
from autograder.settings import PROJECT
from course_utils import probes
from course_utils.judging.assess import assess

LAB = "lab4_overfitting_dropout"
FILE = PROJECT / "tests" / "labs" / "capstone_runs.json"
FULL = ("solution", "numpy", "pytorch", "tensorflow")  # earn all points
PART = ("too_few_epochs", "neighbours_vote")  # earn some
LITTLE = ("memorises", "dropout_alone", "nearest_neighbour", "lying", "nearest_neighbour_lying")  # earn next to nothing
QUANTITIES = ("accuracy", "undeceived", "points")


def references():
    """Return a mapping from names to namespaces that hold a function ``train``."""
    solved = {}
    for cell in Lab(PROJECT / "solutions" / f"{LAB}.py").cells:
        if cell.kind == "code" and not {"tests", "demo"} & set(cell.roles):
            exec(cell.text, solved)
    namespaces = {"solution": solved}
    for answer in load_answers(PROJECT / "solutions" / "answers" / f"{LAB}.py"):
        if answer.grade_id == "capstone" and answer.name in FULL + PART + LITTLE:
            namespaces[answer.name] = dict(solved)
            exec(answer.source, namespaces[answer.name])
    return namespaces


def run(namespace, number):
    """Return the ``QUANTITIES`` of one training, on the exam that belongs to a number."""
    test = CAPSTONE.test("numpy", f"reference {number}".encode(), "grade")
    finding = assess(test, partial(probes.ask_each, namespace), reveal=True)
    shares = re.search(r"([\d.]+)% right on new digits.* label (\d+)% are called", finding.message).groups()
    return *(round(float(share) / 100, 3) for share in shares), round(finding.fraction, 3)


def main():
    """Train all references and write what they reached."""
    parser = argparse.ArgumentParser(prog="python -m bench.capstone", description=__doc__)
    parser.add_argument("--exams", type=int, default=12, metavar="N", help="exams for each reference (default: 12)")
    exams, runs = parser.parse_args().exams, {}
    for name, namespace in references().items():
        begin = process_time()
        results = [run(namespace, number) for number in range(exams)]
        runs[name] = {quantity: list(values) for quantity, values in zip(QUANTITIES, zip(*results))}
        seconds = (process_time() - begin) / exams
        summary = ", ".join(
            f"{quantity} {statistics.mean(values):.3f} (sd {statistics.stdev(values):.3f}, "
            f"{min(values):.3f} to {max(values):.3f})"
            for quantity, values in runs[name].items()
        )
        print(f"{name}: {summary}; {seconds:.1f} s", flush=True)
    rows = ",\n".join(f" {json.dumps(name)}: {json.dumps(result)}" for name, result in runs.items())
    FILE.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
