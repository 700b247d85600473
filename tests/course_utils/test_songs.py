"""Lab 5b's tunes as numbers, and models that are asked, trained and let write."""

import subprocess
import sys

import numpy as np
import pytest

from course_utils import songs
from course_utils.frameworks import installed
from course_utils.tunes import ALPHABET, END

needs_torch = pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")


def spelling(text):
    """Return a PyTorch model that is certain of one text, whatever comes before; its state counts the characters."""
    from course_utils.frameworks import nn, torch

    class Spelling(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(1))

        def forward(self, numbers, state=None):
            begun = torch.zeros(len(numbers), dtype=torch.long) if state is None else state
            places = begun[:, None] + torch.arange(numbers.shape[1])
            wanted = torch.tensor(songs.numbers(text + END))[places.clamp(max=len(text))]
            return 50.0 * nn.functional.one_hot(wanted, songs.SIZE).double() + self.weight, places[:, -1] + 1

    return Spelling()


def test_they_can_be_the_first_import():
    """In a fresh Python nothing else of the course needs to be imported before."""
    subprocess.run([sys.executable, "-c", "from course_utils import songs"], check=True)


def test_a_corpus_begins_and_ends_with_an_end_sign():
    """One stands before the first tune and one behind each."""
    assert "".join(ALPHABET[number] for number in songs.corpus(["AB", "c"])) == f"{END}AB{END}c{END}"


@needs_torch
def test_a_model_writes_until_its_end_sign():
    """What a model is certain of is written, without the end sign."""
    assert songs.write(spelling("AB|c"), 3) == ["AB|c"] * 3


@needs_torch
def test_a_model_that_never_ends_is_stopped():
    """No tune is longer than the longest that is allowed."""
    (text,) = songs.write(spelling("A" * 2 * songs.LONGEST))
    assert text == "A" * songs.LONGEST


@needs_torch
def test_logits_belong_to_the_characters_that_they_should_guess():
    """Each tune has a row of logits for each character and for its end sign, whatever the lengths of others."""
    texts = ["AB|c", "AB"]
    logits = songs.logits_of(spelling("AB|c"), texts)
    assert [each.shape for each in logits] == [(5, songs.SIZE), (3, songs.SIZE)]
    assert np.argmax(logits[0], axis=1).tolist() == songs.targets_of(texts)[0].tolist()


@needs_torch
def test_a_low_temperature_draws_the_likeliest():
    """Near 0 only the largest logit is drawn; at a high one others come too."""
    model = spelling("AAAA")
    assert songs.write(model, 1, 0.01, 5) == ["AAAA"] != songs.write(model, 1, 1000.0, 5)


@pytest.mark.parametrize(
    ("written", "share"),
    [
        (["M:6/8\nK:D\n|:ABA ABA:|"], 1.0),
        (["M:6/8\nK:D\n|:ABA AB:|"], 0.0),
        (["M:6/8\nK:D\n|:ABA ABA|AB:|"], 0.5),
        (["no tune | at | all"], 0.0),
        ([""], 0.0),
    ],
)
def test_bars_that_add_up_are_counted(written, share):
    """A text that is no ABC has none that do."""
    assert songs.bars_that_add_up(written) == share


@needs_torch
def test_a_step_that_returns_nothing_is_not_finished():
    """The training says so, in place of an error of its own."""
    with pytest.raises(NotImplementedError):
        list(songs.trained(lambda *arguments: None, spelling("A"), np.zeros((1, 2, 3), dtype=int)))


@needs_torch
def test_the_state_of_each_epoch_begins_anew_and_is_handed_on():
    """The first piece of an epoch gets no state, each other the one that came back."""
    seen = []

    def step(model, optimizer, piece, state):
        seen.append(state)
        return np.log(2), len(seen)

    losses = list(songs.trained(step, spelling("A"), np.zeros((3, 2, 4), dtype=int), epochs=2))
    assert seen == [None, 1, 2, None, 4, 5]
    assert losses == pytest.approx([1.0] * 6)


@needs_torch
@pytest.mark.skipif(not installed("tensorflow"), reason="TensorFlow is not installed")
def test_weights_are_copied_from_a_loop_over_a_cell():
    """A model that walks along the text by itself has the same weights as one with a layer, in both frameworks."""
    from course_utils.frameworks import keras, nn, tf, torch

    size, units = 5, 3
    ours = nn.ModuleList([nn.Embedding(size, units), nn.GRUCell(units, units), nn.Linear(units, size)])
    theirs = keras.Sequential(
        [
            keras.layers.Embedding(size, units),
            keras.layers.RNN(keras.layers.GRUCell(units), return_sequences=True),
            keras.layers.Dense(size),
        ]
    )
    numbers, state, logits = np.array([[0, 3, 1]]), None, []
    theirs(tf.constant(numbers))
    songs.copy_weights(ours, theirs)
    with torch.no_grad():
        for number in numbers[0]:
            state = ours[1](ours[0](torch.tensor([int(number)])), state)
            logits.append(ours[2](state)[0].numpy())
    assert np.allclose(theirs(tf.constant(numbers))[0], logits, atol=1e-5)
