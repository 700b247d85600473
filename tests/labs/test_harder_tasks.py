"""The optional harder tasks: the lines that tell a student whether an answer is right can tell a wrong one."""

import contextlib
import re
from functools import cache

import numpy as np
import pytest

from autograder.authoring.source import Lab
from autograder.settings import PROJECT

TASKS = re.compile(r"# <summary>Harder, if you like \(not graded\)</summary>\n(.*?)# </details>", re.DOTALL)
FENCED = re.compile(r"# ```python\n(.*?)# ```", re.DOTALL)


def text_of(lab):
    return next((PROJECT / "solutions").glob(f"{lab}_*.py")).read_text(encoding="utf-8")


@cache
def solved(lab):
    """Return the names of the solved notebook, figures and what needs a framework left out."""
    namespace = {}
    for cell in Lab(next((PROJECT / "solutions").glob(f"{lab}_*.py"))).cells:
        if cell.kind == "code" and not {"tests", "demo"} & set(cell.roles) and "framework" not in cell.roles:
            with contextlib.suppress(NameError):  # `copy_weights`, which names both frameworks
                exec(cell.text, namespace)
    return namespace


def lines_of(lab, name):
    """Return the lines of the task in which a name stands."""
    (task,) = (task for task in TASKS.findall(text_of(lab)) if re.search(rf"\b{name}\b", task))
    (fenced,) = FENCED.findall(task)
    return re.sub("^# ?", "", fenced, flags=re.MULTILINE)


PARITY = """
W1, b1 = 10 * np.ones((3, 3)), np.array([-5.0, -15.0, -25.0])
W2, b2 = np.array([[10.0], [-10.0], [10.0]]), np.array([-5.0])
"""
WIDEST = """
def widest(n_inputs, n_hidden_layers, n_outputs, most):
    width = 0
    while count_parameters([n_inputs, *[width + 1] * n_hidden_layers, n_outputs]) <= most:
        width += 1
    return width
"""
HAT = """
def hat(z):
    return relu(z + 1) - 2 * relu(z) + relu(z - 1)
"""
PARABOLA = """
def parabola_gradient(x, y, a, b, c):
    slope = 2 * (a * x**2 + b * x + c - y)
    return np.mean(slope * x**2), np.mean(slope * x), np.mean(slope)
"""
SOFTMAX = """
def softmax_gradient(X, labels, W, b):
    powers = np.exp(X @ W + b)
    error = (powers / powers.sum(axis=1, keepdims=True) - np.eye(3)[labels]) / len(X)
    return X.T @ error, error.sum(axis=0)
"""
STEPS = """
def exp(value):
    return Value(math.exp(value.data), [(value, math.exp(value.data))])


def power(value, n):
    return Value(value.data**n, [(value, n * value.data ** (n - 1))])
"""
WRITERS = """
def split_by_writer(writers, seed):
    counts, parts = np.bincount(writers), ([], [], [])
    room = np.array([0.7, 0.15, 0.15]) * len(writers)
    for writer in np.argsort(-counts):
        part = int(np.argmax(room))
        room[part] -= counts[writer]
        parts[part].append(np.flatnonzero(writers == writer))
    return tuple(map(np.concatenate, parts))
"""
LASSO = """
def l2_step(w, gradient, direction, learning_rate, strength, kind):
    moved = w - learning_rate * direction(gradient)
    return np.sign(moved) * np.maximum(np.abs(moved) - learning_rate * strength, 0)
"""
TRIGRAM = """
def trigram(sequences, size, smoothing):
    counts = np.full((size, size, size), float(smoothing))
    for sequence in sequences:
        for a, b, c in zip(sequence, sequence[1:], sequence[2:]):
            counts[a, b, c] += 1
    return counts / counts.sum(axis=2, keepdims=True)
"""
STATE = """
def state_slope(inputs, targets, h, parameters):
    n, length = inputs.shape
    states, logits = unroll(inputs, h, parameters)
    error = (temper(logits, 1.0) - np.eye(logits.shape[2])[targets]) / (n * length)
    slope = np.zeros_like(h)
    for t in reversed(range(length)):
        slope = ((error[:, t] @ parameters["Wy"].T + slope) * (1 - states[:, t] ** 2)) @ parameters["Wh"].T
    return slope
"""
TOP = """
def top(p, k):
    kept = np.where(p >= np.sort(p)[-k], p, 0)
    return kept / kept.sum()
"""
KEEP = """
def keep_likely(logits, count):
    least = np.sort(logits, axis=-1)[..., -count, None]
    return np.where(logits >= least, logits, -np.inf)
"""


@pytest.mark.parametrize(
    ("lab", "name", "answer", "right", "wrong"),
    [
        ("lab1", "says_odd", PARITY, "-15.0, -25.0", "-15.0, -35.0"),
        ("lab1", "widest", WIDEST, "<= most", "< most - 100"),
        ("lab2", "hat", HAT, "2 * relu(z)", "relu(z)"),
        ("lab2", "nudges", "best = np.log([0.7, 0.2, 0.1])", "np.log([0.7, 0.2, 0.1])", "np.array([0.7, 0.2, 0.1])"),
        ("lab3", "parabola_gradient", PARABOLA, "np.mean(slope * x)", "np.mean(slope)"),
        ("lab3", "softmax_gradient", SOFTMAX, "error.sum(axis=0)", "error.mean(axis=0)"),
        ("lab3", "power", STEPS, "n * value.data", "value.data"),
        ("lab4", "split_by_writer", WRITERS, "writers == writer", "writers == 0"),
        ("lab4", "lasso", LASSO, "np.maximum(np.abs(moved) - learning_rate * strength, 0)", "np.abs(moved)"),
        ("lab5a", "trigram", TRIGRAM, "axis=2", "axis=1"),
        ("lab5a", "state_slope", STATE, "+ slope)", ")"),
        ("lab5a", "top", TOP, "kept / kept.sum()", "kept"),
        ("lab5b", "keep_likely", KEEP, ">= least", "> least"),
    ],
)
def test_the_given_lines_tell_right_from_wrong(lab, name, answer, right, wrong):
    """They pass with a right answer, and fail with a wrong one."""
    lines, (before, after) = lines_of(lab, name), answer.split(right)
    exec(lines, _with(lab, answer))
    with pytest.raises(AssertionError):
        exec(lines, _with(lab, f"{before}{wrong}{after}"))


def _with(lab, answer):
    namespace = dict(solved(lab))
    exec(answer, namespace)
    return namespace


def test_no_lab_has_more_than_four_harder_tasks():
    """A task for each group of exercises, those with a check of their own included; half a lab has one group."""
    for lab in ("lab1", "lab2", "lab3", "lab4", "lab5a", "lab5b"):
        text = text_of(lab)
        least = 1 if lab == "lab5b" else 3
        assert least <= len(TASKS.findall(text)) + len(re.findall(r"^# ## Optional: ", text, re.MULTILINE)) <= 4


def skip_sizes(x, weights, activation, derivative):
    """Return sizes of gradients in a stack whose layers add to what comes in; the last one only puts out."""
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = a + activation(sums[-1])
    gradient, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        at_sums = gradient * derivative(z)
        sizes.append(np.mean(np.abs(at_sums)))
        gradient = gradient + at_sums @ W.T
    return sizes[::-1]


def test_skip_connections_keep_the_sigmoid_s_gradient():
    """With a second way the first of 20 layers hears as much as the last one, give or take a factor of ten."""
    from course_utils.figures.lab2_deep_stacks import stack

    names = solved("lab2")
    x, weights = stack()
    sizes = skip_sizes(x, weights[:20], names["sigmoid"], names["d_sigmoid"])
    assert 0.1 < sizes[0] / sizes[-1] < 10
    alone = [
        skip_sizes(x, weights[:1], names["tanh"], names["d_tanh"]),
        names["gradient_sizes"](x, weights[:1], names["tanh"], names["d_tanh"]),
    ]
    assert np.allclose(*alone)


def test_the_false_labels_are_told_to_who_compares():
    """The line of the text marks the 100 false ones of the 400."""
    from course_utils import datasets

    line = "datasets.rehearsal().training.labels != datasets.rehearsal(false=0).training.labels"
    assert line in text_of("lab4").replace("\n# ", " ") and eval(line, {"datasets": datasets}).sum() == 100
