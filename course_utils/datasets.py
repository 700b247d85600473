"""The small data sets that the labs draw, train on and explore."""

import base64
import json
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

# Sorted by class, the perceptron would meet one class for half an epoch. In this order the default pair takes it five
# epochs with mistakes that visibly shrink (17, 3, 3, 2, 0), at any learning rate: no sum comes near 0, so none hangs on
# rounding. RandomState's streams are frozen for good.
SHUFFLE_SEED = 4075
FILES = {"iris": ("iris.csv", 1), "digits": ("digits.csv.gz", 0)}  # of scikit-learn, with their lines of heading
SPECIES = ("setosa", "versicolor", "virginica")
FEATURES = ("sepal length", "sepal width", "petal length", "petal width")
MOVED = Path(__file__).parent / "prepared" / "lab4_digits.json"


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
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]


def iris_pair(
    first: str = "setosa", second: str = "versicolor", features: Sequence[str] = ("petal length", "petal width")
) -> Dataset:
    """Two species of Fisher's irises, 50 flowers each and two measurements a flower, shuffled once and for all.

    Args:
        features: two of "sepal length", "sepal width", "petal length", "petal width", all in cm.
    """
    _must_be_two_of("species", (first, second), SPECIES)
    _must_be_two_of("features", tuple(features), FEATURES)
    measures, species = np.split(_from_scikit_learn("iris"), [-1], axis=1)
    chosen = np.isin(species[:, 0], [SPECIES.index(first), SPECIES.index(second)])
    order = np.random.RandomState(SHUFFLE_SEED).permutation(chosen.sum())
    X = measures[chosen][order][:, [FEATURES.index(name) for name in features]]
    y = (species[chosen][order][:, 0] == SPECIES.index(second)).astype(int)
    return Dataset(X, y, tuple(f"{name} (cm)" for name in features), (first, second))


def xor() -> tuple[np.ndarray, np.ndarray]:
    """The four corners of the unit square, X of shape (4, 2), and y, 1 where exactly one coordinate is 1."""
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, np.array([0, 1, 1, 0])


def noisy_xor(samples: int = 100, noise: float = 0.1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points scattered around the four corners of XOR: X of shape (samples, 2), y of shape (samples,).

    Args:
        noise: standard deviation of the scatter; the corners are 1 apart.
    """
    random = np.random.RandomState(seed)
    corners, labels = xor()
    corner = random.permutation(np.arange(samples) % 4)
    return corners[corner] + noise * random.randn(samples, 2), labels[corner]


class Digits(NamedTuple):
    """Handwritten digits.

    Args:
        images: float64 from 0 (paper) to 1 (ink), shape (n_samples, 8, 8).
        labels: the digit of each, 0 to 9, shape (n_samples,).
    """

    images: np.ndarray
    labels: np.ndarray


def digits() -> Digits:
    """The 1797 handwritten digits that scikit-learn brings along, 8 by 8 pixels each."""
    images, labels = _digits()
    return Digits(images.copy(), labels.copy())


@cache
def _digits() -> Digits:
    pixels, labels = np.split(_from_scikit_learn("digits"), [-1], axis=1)
    return Digits(pixels.reshape(-1, 8, 8) / 16, labels[:, 0].astype(int))


def _from_scikit_learn(name: str) -> np.ndarray:
    """Return a table that scikit-learn brings along, each row a sample and the number of its class.

    It is read past scikit-learn, whose import takes a second, unless a version keeps its files elsewhere.
    """
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise ImportError(f"datasets reads the {name} from scikit-learn: pip install scikit-learn")
    file, header = FILES[name]
    try:
        return np.loadtxt(Path(package.origin).parent / "datasets" / "data" / file, delimiter=",", skiprows=header)
    except OSError:
        loaded = getattr(import_module("sklearn.datasets"), f"load_{name}")()
        return np.column_stack([loaded.data, loaded.target])


@cache
def _moved_digits() -> Digits:
    contents = json.loads(MOVED.read_text(encoding="utf-8"))
    return Digits(unpack_images(contents["images"]), np.array([int(label) for label in contents["labels"]]))


def moved_digits() -> Digits:
    """The digits, each moved by up to one pixel in both directions and covered with noise, still from 0 to 1.

    ``python -m bench.prepare_curves`` moved them, once and for all; to read them needs no scikit-learn.
    """
    images, labels = _moved_digits()
    return Digits(images.copy(), labels.copy())


class Rehearsal(NamedTuple):
    """Moved digits for Lab 4's capstone; only the labels to train on are partly false."""

    training: Digits
    validation: Digits
    test: Digits


def rehearsal(training: int = 400, validation: int = 700, false: int = 100) -> Rehearsal:
    """Moved digits in three parts, with some false labels to train on: what Lab 4's exam will be like.

    Args:
        training, validation: how many digits these parts hold; the test part gets the rest.
        false: how many of the training labels are false.
    """
    images, labels = moved_digits()
    random = np.random.RandomState(4)
    order = random.permutation(len(labels))
    parts = [Digits(images[part], labels[part]) for part in np.split(order, [training, training + validation])]
    wrong = random.permutation(training)[:false]
    parts[0].labels[wrong] = (parts[0].labels[wrong] + random.randint(1, 10, false)) % 10
    return Rehearsal(*parts)


def pack_images(images: np.ndarray) -> str:
    """Return 8 by 8 images with values from 0 to 1 as text, a byte a pixel."""
    return base64.b64encode(np.round(255 * np.asarray(images)).astype(np.uint8).tobytes()).decode()


def unpack_images(text: str) -> np.ndarray:
    """Undo ``pack_images``: float64, shape (n_samples, 8, 8)."""
    return np.frombuffer(base64.b64decode(text), dtype=np.uint8).reshape(-1, 8, 8) / 255


def noisy_wave(samples: int, seed: int = 0, noise: float = 0.25) -> tuple[np.ndarray, np.ndarray]:
    """A small regression: x in order between -1 and 1, and y = sin(3 x) with noise, both of shape (samples,)."""
    random = np.random.RandomState(seed)
    x = np.sort(random.uniform(-1, 1, samples))
    return x, np.sin(3 * x) + noise * random.randn(samples)


def tunes(seed: int | bytes = 0, n: int = 1000, dialect: int | bytes | None = None) -> list[str]:
    """Folk tunes in ABC, drawn from a grammar that gives each its exact probability: see ``course_utils.tunes``.

    Args:
        n: how many; a thousand have 166,000 characters.
        dialect: the seed of another language of the same kind: other probabilities, and permuted characters. Every bit
            of a long seed counts, so a secret of 32 bytes cannot be found by trying all.
    """
    from .tunes.oracle import drawn

    return drawn(seed, n, dialect)


def _must_be_two_of(noun: str, chosen: tuple[str, ...], known: Sequence[str]) -> None:
    if len(set(chosen)) != 2 or not set(chosen) <= set(known):
        raise ValueError(f"choose two different {noun} of {', '.join(map(str, known))}; got {chosen}")
