"""What is given to workers and comes back from them crosses between processes as it is."""

import pickle
from pathlib import Path

from autograder.gradebook import Standing
from autograder.gradebook_batch import AutoGrades
from autograder.grading.outcome import Outcome, Ran, Task
from autograder.grading.submissions import Submission


def test_tasks_and_results_cross_between_processes():
    """With all that they hold."""
    ada = Submission("ada", "toy", Path("submitted/ada/toy"))
    outcome = Outcome(ada, "graded", changed={"square": (1.0, 2.0)}, standing=Standing({"square": 2.0}))
    for sent in (Task(ada), Task(ada, outcome, plain=True), Ran(AutoGrades("ada", "toy", {"square": 2.0}))):
        assert pickle.loads(pickle.dumps(sent)) == sent
