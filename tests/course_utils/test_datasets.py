"""The data sets of the labs."""

import subprocess
import sys

import numpy as np
import pytest
import sklearn.datasets

from course_utils import datasets


def test_iris_pair_is_one_hundred_named_flowers():
    """An iris pair holds 50 flowers of each species as float64 features and integer labels, and names both."""
    X, y, feature_names, class_names = datasets.iris_pair()
    assert (X.shape, X.dtype, y.shape, y.dtype.kind) == ((100, 2), np.float64, (100,), "i")
    assert list(np.bincount(y)) == [50, 50]
    assert feature_names == ("petal length (cm)", "petal width (cm)")
    assert class_names == ("setosa", "versicolor")
    assert X[y == 1].min(axis=0)[0] > X[y == 0].max(axis=0)[0]


def test_iris_pair_takes_any_two_species_and_features():
    """The columns of X are the features asked for, in that order, and 1 stands for the second species."""
    virginica = datasets.iris_pair("virginica", "setosa", features=("petal width", "sepal length"))
    assert virginica.X[virginica.y == 0].mean(axis=0) == pytest.approx([2.026, 6.588])
    assert virginica.X[virginica.y == 1].mean(axis=0) == pytest.approx([0.246, 5.006])


def test_the_perceptron_rule_learns_the_default_pair_in_the_number_of_epochs_that_lab_1_promises():
    """Whatever the learning rate, the mistakes of the first epochs are 17, 3, 3, 2 and 0."""
    X, y, *_ = datasets.iris_pair()
    for learning_rate in (0.01, 0.1, 1.0):
        w, b, mistakes = np.zeros(2), 0.0, []
        for _ in range(5):
            mistakes.append(0)
            for x, target in zip(X, y):
                error = target - (x @ w + b > 0)
                w, b, mistakes[-1] = w + learning_rate * error * x, b + learning_rate * error, mistakes[-1] + abs(error)
        assert mistakes == [17, 3, 3, 2, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "rose"},
        {"first": "versicolor"},
        {"features": ("petal length", "colour")},
        {"features": ("petal length",)},
    ],
)
def test_an_unknown_flower_or_feature_is_an_error_that_lists_the_known_ones(wrong):
    """A species or feature that does not exist, or the same one twice, is refused with the choices."""
    with pytest.raises(ValueError, match=r"setosa, versicolor, virginica|sepal length, sepal width, petal length"):
        datasets.iris_pair(**wrong)


@pytest.mark.parametrize("name", ["iris", "digits"])
def test_tables_of_scikit_learn_are_read_as_it_reads_them(name, monkeypatch):
    """A table holds what scikit-learn's own function gives, also where its file lies elsewhere."""
    table = datasets._from_scikit_learn(name)
    loaded = getattr(sklearn.datasets, f"load_{name}")()
    assert (table[:, :-1] == loaded.data).all() and (table[:, -1] == loaded.target).all()
    if name == "iris":
        assert list(loaded.target_names) == list(datasets.SPECIES)
        assert [feature.removesuffix(" (cm)") for feature in loaded.feature_names] == list(datasets.FEATURES)
    monkeypatch.setitem(datasets.FILES, name, ("elsewhere.csv", 0))
    assert (datasets._from_scikit_learn(name) == table).all()


def test_flowers_and_digits_do_not_import_scikit_learn():
    """What takes a second to import is not imported for a table."""
    code = "import sys\nfrom course_utils import datasets\ndatasets.iris_pair(), datasets.digits()\n"
    code += "print('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_without_scikit_learn_the_error_says_what_to_install(monkeypatch):
    """Where scikit-learn is missing, asking for flowers says which package to install."""
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        datasets.iris_pair()


def test_xor_is_one_where_exactly_one_input_is():
    """XOR has four corners, and its label is 1 where the two coordinates differ."""
    X, y = datasets.xor()
    assert len({tuple(corner) for corner in X}) == 4
    assert list(y) == [int(x1 != x2) for x1, x2 in X]


def test_noisy_xor_scatters_around_the_corners_and_repeats_itself():
    """Noisy XOR is the same for a seed, has each corner equally often, and its labels are those of the nearest one."""
    X, y = datasets.noisy_xor(samples=80, noise=0.1, seed=3)
    assert np.array_equal(X, datasets.noisy_xor(samples=80, noise=0.1, seed=3)[0])
    assert not np.array_equal(X, datasets.noisy_xor(samples=80, noise=0.1, seed=4)[0])
    nearest = np.rint(X)
    assert list(np.unique(nearest, axis=0, return_counts=True)[1]) == [20, 20, 20, 20]
    assert np.array_equal(y, nearest[:, 0] != nearest[:, 1])


def test_moved_digits_are_the_digits_moved_by_up_to_a_pixel():
    """Each image is most like its own digit, moved by -1, 0 or 1 in both directions; its label stays."""
    known, moved = datasets.digits(), datasets.moved_digits()
    assert moved.images.shape == known.images.shape and np.array_equal(moved.labels, known.labels)
    padded = np.pad(known.images, ((0, 0), (1, 1), (1, 1)))
    distances = [
        ((moved.images - padded[:, row : row + 8, column : column + 8]) ** 2).mean(axis=(1, 2))
        for row in range(3)
        for column in range(3)
    ]
    assert np.max(np.min(distances, axis=0)) < 0.02 < np.median(np.max(distances, axis=0))
    assert np.all(np.bincount(np.argmin(distances, axis=0), minlength=9) > 150)


def test_the_rehearsal_has_false_labels_in_its_training_part_alone():
    """Three parts without a common image, and nobody who changes one changes what the next call gives."""
    parts, (images, labels) = datasets.rehearsal(), datasets.moved_digits()
    own_labels = {image.tobytes(): label for image, label in zip(images, labels)}
    false = [sum(own_labels[image.tobytes()] != label for image, label in zip(*part)) for part in parts]
    assert false == [100, 0, 0] and sum(len(part.labels) for part in parts) == len(labels) == len(own_labels)
    parts.training.images[:] = 0
    assert datasets.rehearsal().training.images.any()
