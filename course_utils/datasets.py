"""The small data sets that the labs draw, train on and explore."""

from typing import NamedTuple

import numpy as np

# Sorted by class, the perceptron would meet one class for half an epoch. In this order the default pair takes it five
# epochs with mistakes that visibly shrink (17, 3, 3, 2, 0), at any learning rate: no sum comes near 0, so none hangs on
# rounding. RandomState's streams are frozen for good.
SHUFFLE_SEED = 4075


class Dataset(NamedTuple):
    """Two classes of points in the plane, in the order in which a training loop meets them.

    Args:
        X: float64, shape (n_samples, 2).
        y: int, shape (n_samples,), 0 for the first class and 1 for the second.
        feature_names: what the two columns of X are, with their units.
        class_names: what 0 and 1 stand for.
    """

    X: np.ndarray
    y: np.ndarray
    feature_names: tuple
    class_names: tuple


def iris_pair(first="setosa", second="versicolor", features=("petal length", "petal width")):
    """Two species of Fisher's irises, 50 flowers each and two measurements a flower, shuffled once and for all.

    Args:
        features: two of "sepal length", "sepal width", "petal length", "petal width", all in cm.
    """
    try:
        from sklearn.datasets import load_iris
    except ImportError as error:
        raise ImportError("datasets.iris_pair reads its flowers from scikit-learn: pip install scikit-learn") from error
    iris = load_iris()
    species = list(iris.target_names)
    columns = [name.removesuffix(" (cm)") for name in iris.feature_names]
    _must_be_two_of("species", (first, second), species)
    _must_be_two_of("features", tuple(features), columns)
    chosen = np.isin(iris.target, [species.index(first), species.index(second)])
    order = np.random.RandomState(SHUFFLE_SEED).permutation(chosen.sum())
    X = iris.data[chosen][order][:, [columns.index(name) for name in features]]
    y = (iris.target[chosen][order] == species.index(second)).astype(int)
    return Dataset(X.astype(float), y, tuple(f"{name} (cm)" for name in features), (first, second))


def xor():
    """The four corners of the unit square, X of shape (4, 2), and y, 1 where exactly one coordinate is 1."""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, np.array([0, 1, 1, 0])


def noisy_xor(samples=100, noise=0.1, seed=0):
    """Points scattered around the four corners of XOR: X of shape (samples, 2), y of shape (samples,).

    Args:
        noise: standard deviation of the scatter; the corners are 1 apart.
    """
    random = np.random.RandomState(seed)
    corners, labels = xor()
    corner = random.permutation(np.arange(samples) % 4)
    return corners[corner] + noise * random.randn(samples, 2), labels[corner]


def _must_be_two_of(what, chosen, known):
    if len(set(chosen)) != 2 or not set(chosen) <= set(known):
        raise ValueError(f"choose two different {what} of {', '.join(map(str, known))}; got {chosen}")
