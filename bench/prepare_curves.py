"""``python -m bench.prepare_curves``: train the networks whose curves Lab 4's figures show without waiting.

First it moves the digits on which they train, as the exam of Lab 4 does: students write that themselves.
"""

import json
from itertools import product

import numpy as np

from autograder.exercises.lab4_overfitting_dropout import moved_and_noisy
from autograder.settings import PROJECT
from bench import numpy_net
from course_utils import datasets
from course_utils.figures import lab4_network

FILE = PROJECT / "course_utils" / "prepared" / "lab4_overfitting_dropout.json"
RATES, WIDTHS, SIZES, EPOCHS = (0.0, 0.2, 0.4, 0.6, 0.8), (4, 16, 64, 256), (100, 200, 400, 800, 1200), 60


def curves(rate, width, size):
    """Return the two losses of one training and the validation accuracy, rounded, and the best epoch, from 1."""
    history = numpy_net.fit(*lab4_network.exam_like(size), width=width, rate=rate, epochs=EPOCHS)
    validation = [round(float(each), 3) for each in history.validation_loss]
    return {
        "training": [round(float(each), 3) for each in history.training_loss],
        "validation": validation,
        "best": validation.index(min(validation)) + 1,
        "accuracy": [round(float(each), 3) for each in history.validation_accuracy],
    }


def main():
    """Move the digits, train every combination, and write both."""
    images, labels = datasets.digits()
    moved = datasets.pack_images(moved_and_noisy(images, np.random.default_rng(0)))
    contents = {"images": moved, "labels": "".join(map(str, labels))}
    datasets.MOVED.write_text(json.dumps(contents) + "\n", encoding="utf-8")
    runs = {
        f"{rate:g} {width} {size}": curves(rate, width, size) for rate, width, size in product(RATES, WIDTHS, SIZES)
    }
    text = ",\n".join(f"{json.dumps(name)}: {json.dumps(run, separators=(',', ':'))}" for name, run in runs.items())
    head = json.dumps({"rates": RATES, "widths": WIDTHS, "sizes": SIZES, "epochs": EPOCHS})
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(f'{{"grid": {head},\n"runs": {{\n{text}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
