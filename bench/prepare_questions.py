"""``python -m bench.prepare_questions``: compute the curves and points that the questions of the quizzes show."""

import json

import numpy as np

from autograder.settings import PROJECT

FILE = PROJECT / "course_utils" / "prepared" / "questions.json"
LAB4 = PROJECT / "course_utils" / "prepared" / "lab4_overfitting_dropout.json"
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def perceptron_mistakes(labels, epochs=15, rate=0.1):
    """Return the mistakes of a perceptron on the four corners in each epoch."""
    w, b, mistakes = np.zeros(2), 0.0, []
    for _ in range(epochs):
        errors = []
        for x, y in zip(CORNERS, labels):
            errors.append(y - int(w @ x + b > 0))
            w, b = w + rate * errors[-1] * x, b + rate * errors[-1]
        mistakes.append(np.abs(errors).sum())
    return mistakes


def line_fit(rate, batch, steps, noise=0.5, count=64):
    """Return the loss on all samples after each step of descent, for a line through noisy points."""
    rng = np.random.default_rng(1)
    X = np.column_stack([rng.uniform(-2, 2, count), np.ones(count)])
    y = X @ [2, 1] + rng.normal(0, noise, count)
    w, losses = np.array([-1.0, -1.0]), []
    for _ in range(steps):
        losses.append(np.mean((X @ w - y) ** 2))
        chosen = rng.permutation(count)[:batch]
        w = w - rate * 2 * X[chosen].T @ (X[chosen] @ w - y[chosen]) / batch
    return losses


def gradient_sizes(activation, slope, scale, depth=20, width=100):
    """Return the size of the gradient at each layer of a deep stack, from the first to the last."""
    rng = np.random.default_rng(0)
    x, weights, inputs = rng.normal(size=(50, width)), [], []
    for _ in range(depth):
        weights.append(rng.normal(0, scale / np.sqrt(width), (width, width)))
        inputs.append(x @ weights[-1])
        x = activation(inputs[-1])
    back, sizes = rng.normal(size=x.shape), []
    for W, z in zip(weights[::-1], inputs[::-1]):
        back = back * slope(z)
        sizes.append(np.sqrt(np.mean(back**2)))
        back = back @ W.T
    return sizes[::-1]


def ravine(momentum, rate=0.015, steps=80):
    """Return the loss along a walk through a bowl that is forty times steeper one way than the other."""
    curvature, w, velocity, losses = np.array([1.0, 40.0]), np.array([2.0, 0.5]), np.zeros(2), []
    for _ in range(steps):
        losses.append(np.sum(curvature * w**2) / 2)
        velocity = momentum * velocity + curvature * w
        w = w - rate * velocity
    return losses


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slopes():
    """Return four curves over z: two slopes of smooth activations, that of ReLU, and the sigmoid itself."""
    z = np.linspace(-6, 6, 97)
    return {
        "1": 1 - np.tanh(z) ** 2,
        "2": np.where(z > 0, 1.0, 0.0),
        "3": sigmoid(z),
        "4": sigmoid(z) * (1 - sigmoid(z)),
    }


def four_sets():
    """Return four sets of points of two classes; one of them can be parted by a line."""
    rng = np.random.default_rng(3)
    square = rng.uniform(-1, 1, (90, 2))
    radius, first, second = np.hypot(*square.T), *square.T
    leaning = 0.8 * first + second - 0.35
    rules = {
        "A": (first * second > 0, np.minimum(np.abs(first), np.abs(second)) > 0.1),
        "B": (radius < 0.6, np.abs(radius - 0.6) > 0.08),
        "C": (np.abs(leaning + 0.1) < 0.4, np.abs(np.abs(leaning + 0.1) - 0.4) > 0.08),
        "D": (leaning > 0, np.abs(leaning) > 0.12),
    }
    return {
        name: [[*map(float, np.round(x, 2)), int(label)] for x, label, kept in zip(square, labels, clear) if kept]
        for name, (labels, clear) in rules.items()
    }


def trainings(**names):
    """Return the two losses of prepared trainings of Lab 4, a panel each."""
    runs = json.loads(LAB4.read_text(encoding="utf-8"))["runs"]
    return {
        title: {"training": runs[name]["training"], "validation": runs[name]["validation"]}
        for title, name in names.items()
    }


def figures():
    """Return what each figure shows: axes, words for readers who cannot see it, and panels of lines or of points."""
    rates = {"1": 0.1, "2": 0.01, "3": 0.8}
    batches = {"1": 4, "2": 64, "3": 1}
    stacks = {
        "before": gradient_sizes(sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z)), 1.0),
        "after": gradient_sizes(lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0, np.sqrt(2)),
    }
    return {
        "two_perceptrons": {
            "x": "epoch", "y": "mistakes", "start": 1,
            "words": "Mistakes in 15 epochs. With AND they fall to 0 within a few epochs and stay there; with XOR they "
            "reach 4 of 4 and stay there.",
            "panels": {"": {"AND": perceptron_mistakes([0, 0, 0, 1]), "XOR": perceptron_mistakes([0, 1, 1, 0])}},
        },
        "four_slopes": {
            "x": "z", "y": "", "start": -6, "step": 0.125,
            "words": "Four curves over z from -6 to 6. Curve 1 is a narrow hill of height 1. Curve 2 is 0 on the left "
            "and 1 on the right. Curve 3 rises smoothly from 0 to 1. Curve 4 is a wide hill of height 0.25.",
            "panels": {"": slopes()},
        },
        "three_rates": {
            "x": "step", "y": "loss", "top": 25,
            "words": "The loss over 15 steps. Curve 1 falls quickly and flattens out. Curve 2 falls slowly and "
            "steadily. Curve 3 climbs out of the picture.",
            "panels": {"": {name: line_fit(rate, 64, 16) for name, rate in rates.items()}},
        },
        "two_losses": {
            "x": "epoch", "y": "loss", "start": 1,
            "words": "Two losses over 60 epochs. The training loss falls throughout. The validation loss falls until "
            "epoch 18, and rises from then on.",
            "panels": trainings(**{"": "0 16 1200"}),
        },
        "four_sets": {
            "x": "", "y": "",
            "words": "Four sets of points. A: equal classes in opposite corners. B: one class in a disc, the other "
            "around it. C: one class in a slanting strip, the other on both sides of it. D: one class on each side of "
            "a slanting line.",
            "panels": four_sets(),
        },
        "two_stacks": {
            "x": "layer", "y": "size of the gradient", "start": 1, "log": True,
            "words": "The size of the gradient at each of 20 layers, on a logarithmic scale. Before, it falls from the "
            "last layer to the first by a factor of a million millions. After, it is about the same everywhere.",
            "panels": {"": stacks},
        },
        "three_batches": {
            "x": "step", "y": "loss on all samples", "top": 4,
            "words": "The loss on all samples over 60 steps. All three curves fall. Then curve 1 trembles a little, "
            "curve 2 is smooth, and curve 3 jumps up and down.",
            "panels": {"": {name: line_fit(0.08, size, 60, noise=1) for name, size in batches.items()}},
        },
        "two_walks": {
            "x": "step", "y": "loss",
            "words": "The loss over 80 steps. Curve 1 falls in waves and is the first to come close to 0. Curve 2 "
            "falls steadily and slowly.",
            "panels": {"": {"1": ravine(0.9), "2": ravine(0.0)}},
        },
        "four_trainings": {
            "x": "epoch", "y": "loss", "start": 1, "top": 2.6,
            "words": "Training and validation loss over 60 epochs. A: both fall slowly, to 1.8 and 1.9. B: the "
            "training loss falls to 0, the validation loss to 0.5 and stays near it. C: the training loss falls to 0, "
            "the validation loss to 1.7 and then rises to 2.1. D: the training loss falls slowly to 1.9, the "
            "validation loss to 2.1 and stays there.",
            "panels": trainings(A="0.8 16 400", B="0.2 64 1200", C="0 64 100", D="0 4 400"),
        },
    }  # fmt: skip


def main():
    """Compute all figures and write them."""
    lines = [f"{json.dumps(name)}: {json.dumps(rounded(figure))}" for name, figure in figures().items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def rounded(value):
    """Return a figure's numbers with four significant digits."""
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list | np.ndarray):
        return [rounded(each) for each in value]
    return (
        float(f"{value:.4g}") if isinstance(value, float | np.floating) else getattr(value, "tolist", lambda: value)()
    )


if __name__ == "__main__":
    main()
