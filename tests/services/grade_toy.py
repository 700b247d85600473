"""`python -m tests.services.grade_toy ROOM [--regrade]`: grade a toy class with an engine that marks by the text."""

import hashlib
import sys
import time

from nbformat.v4 import new_output

from autograder.classroom import Classroom
from autograder.engines.base import Incidents
from autograder.grading.run import Grading
from autograder.grading.submissions import submissions
from course_utils.verdict import Verdict
from tests.autograder import toy


class MarksByText:
    """An engine whose marks depend on nothing but the text of an answer; it takes a moment, as engines do."""

    def run(self, nb, limits, folder, prelude, environment):
        time.sleep(0.05)
        for name, (points, _) in toy.EXERCISES.items():
            source = toy.find(nb, f"{name}_solution").source
            score = hashlib.sha256(source.encode()).digest()[0] % (int(points) + 1)
            verdict = Verdict("grade", name, float(score), points, "passed" if score == points else "failed", "Marked.")
            toy.find(nb, name).outputs = [new_output("execute_result", verdict.bundle())]
        return Incidents()


def grading(root, regrade=False, jobs=2):
    """Return the grading of a toy class, and its submissions."""
    classroom = Classroom(root)
    config = toy.toy_config(classroom)
    config.Execute.engine_class = MarksByText
    return Grading(classroom, config, regrade, jobs), submissions(classroom, toy.LAB)


if __name__ == "__main__":
    whole, handed_in = grading(sys.argv[1], "--regrade" in sys.argv)
    outcomes = []
    for outcome in whole.outcomes(handed_in):
        outcomes.append(outcome)
        print(outcome.submission, outcome.word, outcome.message, flush=True)
    sys.exit(any(outcome.word == "failed" for outcome in outcomes))
