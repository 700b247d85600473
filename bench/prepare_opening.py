"""Train the network with which Lab 0 opens, and keep its weights: ``python -m bench.prepare_opening``."""

import json

import numpy as np

from course_utils.figures.lab0_welcome import PREPARED, UNITS, moons, probability

STEPS = (0, 4, 8, 12, 17, 23, 30, 40, 55, 75, 100, 130, 170, 220, 280, 360, 500, 800)
RATE, DECAY, SMALL = 0.02, (0.9, 0.999), 1e-8


def trained() -> list[list[np.ndarray]]:
    """Return the weights [W1, b1, W2, b2] after each of STEPS, by Adam on all samples."""
    X, y = moons()
    random = np.random.default_rng(4)
    weights = [random.normal(0, 0.7, (2, UNITS)), np.zeros(UNITS), random.normal(0, 0.3, (UNITS, 1)), np.zeros(1)]
    first, second = ([np.zeros_like(each) for each in weights] for _ in range(2))
    kept = []
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            kept.append([each.copy() for each in weights])
        W1, b1, W2, _ = weights
        H = np.tanh(X @ W1 + b1)
        D = (probability(X, *weights) - y[:, None]) / len(X)
        B = (D @ W2.T) * (1 - H**2)
        for number, slope in enumerate((X.T @ B, B.sum(axis=0), H.T @ D, D.sum(axis=0))):
            first[number] = DECAY[0] * first[number] + (1 - DECAY[0]) * slope
            second[number] = DECAY[1] * second[number] + (1 - DECAY[1]) * slope**2
            mean, square = (m / (1 - d ** (step + 1)) for m, d in zip((first[number], second[number]), DECAY))
            weights[number] -= RATE * mean / (np.sqrt(square) + SMALL)
    return kept


if __name__ == "__main__":
    moments = [
        {"step": step, "weights": [np.round(each, 3).tolist() for each in weights]}
        for step, weights in zip(STEPS, trained())
    ]
    PREPARED.write_text(json.dumps(moments) + "\n", encoding="utf-8")
