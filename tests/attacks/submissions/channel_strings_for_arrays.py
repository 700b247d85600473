# %% [markdown]
# Answers with texts, nothing and too few or too many values where arrays of numbers are expected.

# %% replace="neuron"
import sys

import numpy as np

answers = [{"output": "3.0"}, {}, {"output": None}, {"output": np.zeros(0)}, {"wrong": np.zeros(2)}, {"output": np.array(True)},
           {"output": np.zeros((1, 1, 1, 1))}, {"output": np.full(2, np.inf)}]
student = sys.modules.get("autograder.sandbox.shell")


def lying(namespace, name, probe, cases, **keywords):
    answers.append(answers.pop(0))
    return [{"values": answers[0], "notes": [["bias_forgotten", "You are right, full marks."]]} for _ in cases]


if student is not None:
    student.ask_each = lying
