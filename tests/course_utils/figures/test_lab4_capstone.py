"""Lab 4's capstone in figures: moved digits, a table of what each cure is worth, and the test part, opened once."""

import numpy as np
import pytest

from course_utils import datasets, figures
from course_utils.probes.lab4_overfitting_dropout import ROWS
from tests.course_utils.figures.drawing import picture, touches_the_edge

DIGITS = datasets.rehearsal()
TRUTH = {part.images.tobytes(): part.labels for part in DIGITS}


def train(images, labels, seed, cures):
    """Return a function that is right about a tenth of the digits for each cure, and about half beside that."""
    right = (5 + len(cures)) / 10

    def predict(asked):
        known = TRUTH[asked.tobytes()]
        return np.where(np.arange(len(known)) < right * len(known), known, -1)

    return predict


def turned(images, rng):
    return np.rot90(images, axes=(1, 2))


def test_moved_digits_are_drawn_by_the_students_function(live):
    """The picture shows what `augment` returns, another one for another draw, and nothing is cut off."""
    figures.augment(lambda images, rng: images * rng.random((len(images), 1, 1)))
    first = picture(live[0])
    assert not touches_the_edge(first)
    figures.augment(turned)
    assert picture(live[-1]) != first


@pytest.mark.parametrize("broken", [lambda *_: None, lambda *_: np.zeros(3), lambda *_: 1 / 0])
def test_a_broken_augment_never_raises(live, words, broken):
    """An unfinished or broken function gets a panel that names it."""
    figures.augment(broken)
    assert "augment" in words[0]


def test_the_table_of_cures_is_printed_as_it_is_to_be_copied(capsys):
    """Each row has its name and its share."""
    figures.ablation(train, DIGITS)
    printed = capsys.readouterr().out
    for row, cures in ROWS.items():
        assert f'"{row}": {(5 + len(cures)) / 10:.3f},' in printed


def test_the_test_part_is_shown_beside_the_validation_part(capsys):
    """Both shares, of all cures together."""
    figures.final_exam(train, DIGITS)
    assert capsys.readouterr().out.count("80.") == 2


@pytest.mark.parametrize("show", [figures.ablation, figures.final_exam])
@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (lambda *_: None, "Finish train first"),
        (lambda *_: 3, "a function `predict(images)` was expected"),
        (lambda *_: lambda images: images, "returned shape"),
        (lambda *_: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_broken_training_says_what_to_mend(capsys, show, broken, sentence):
    """The first problem ends the table."""
    show(broken, DIGITS)
    assert sentence in capsys.readouterr().out
