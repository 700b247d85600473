"""What Lab 5a trains with: start parameters, Adam, batches of windows, and bits of tunes beside each other."""

import numpy as np
import pytest

from course_utils import language

SEQUENCES = [np.array([0, 1, 2, 0]), np.array([2, 1])]


def test_start_parameters_have_the_promised_shapes():
    """All are float32; Wh turns a state and shortens it to nine tenths; a seed decides."""
    found = language.start_parameters(5, 4, seed=1)
    shapes = {name: array.shape for name, array in found.items()}
    assert shapes == {"Wx": (5, 4), "Wh": (4, 4), "b": (4,), "Wy": (4, 5), "by": (5,)}
    assert {array.dtype for array in found.values()} == {np.dtype(np.float32)}
    assert found["Wh"] @ found["Wh"].T == pytest.approx(0.81 * np.eye(4), abs=1e-6)
    assert not np.array_equal(found["Wx"], language.start_parameters(5, 4, seed=2)["Wx"])


def test_the_first_step_of_adam_is_as_long_as_its_rate():
    """It goes against the gradient, whatever the gradient's size, and changes no array that it was given."""
    before = {"w": np.array([1.0, 1.0]), "v": np.zeros(1, dtype=np.float32)}
    after = language.Adam(0.1, 10)(before, {"w": np.array([1e-3, -1e3]), "v": np.ones(1)})
    assert after["w"] == pytest.approx([0.9, 1.1], abs=1e-4) and after["v"].dtype == np.float32
    assert before["w"].tolist() == [1, 1]


def test_adam_is_that_of_kingma_and_ba():
    """With a steady rate five steps are those of the algorithm, bias correction included."""
    random, w, m, v = np.random.default_rng(0), np.zeros(3), np.zeros(3), np.zeros(3)
    adam, own = language.Adam(0.1, 10**9), {"w": np.zeros(3)}
    for t in range(1, 6):
        slope = random.normal(size=3)
        m, v = 0.9 * m + 0.1 * slope, 0.99 * v + 0.01 * slope**2
        w = w - 0.1 * m / (1 - 0.9**t) / np.sqrt(v / (1 - 0.99**t))
        own = adam(own, {"w": slope})
    assert own["w"] == pytest.approx(w, rel=1e-5)


def test_the_rate_falls_to_nothing():
    """The step behind the last one has length 0."""
    adam, at = language.Adam(0.1, 2), {"w": np.zeros(1)}
    for _ in range(2):
        at = adam(at, {"w": np.ones(1)})
    assert adam(at, {"w": np.ones(1)})["w"].tolist() == at["w"].tolist()


def test_batches_keep_windows_and_targets_together():
    """Each batch has as many rows as asked for, and each row's target is its own."""
    inputs = np.arange(20).reshape(10, 2)
    found = language.batches(inputs, inputs + 100, steps=3, size=4, seed=1)
    assert len(found) == 3 and all(x.shape == (4, 2) and np.array_equal(y, x + 100) for x, y in found)
    assert not np.array_equal(found[0][0], found[1][0])


def test_bits_of_sequences_are_those_of_each_alone():
    """A sequence that is shorter than another costs what it costs alone."""
    table = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.7, 0.2, 0.1]])

    def unroll(inputs, h, parameters):
        return None, np.log(table)[inputs]

    def temper(logits, temperature):
        return np.exp(logits)

    parameters = language.start_parameters(3, 2)
    found = language.surprises(unroll, temper, parameters, SEQUENCES)
    assert [len(each) for each in found] == [3, 1]
    assert np.concatenate(found) == pytest.approx(-np.log2([0.25, 0.8, 0.7, 0.2]))
    mean = language.held_out_bits(unroll, temper, parameters, SEQUENCES)
    assert mean == pytest.approx(np.mean(-np.log2([0.25, 0.8, 0.7, 0.2])))


@pytest.mark.parametrize("function", [lambda *_: None, lambda *_: ..., lambda *_: 1 / 0])
def test_unfinished_functions_leave_nothing_behind(function, capsys):
    """No sequences, no table, and windows of zeros: the cells below run, and say what is missing."""
    assert language.encoded(function, ["AB"], ["A", "B"]) == []
    assert language.table_of(function, SEQUENCES, ["A", "B", "c"]) in (None, ...)
    inputs, targets = language.cut(function, SEQUENCES, 3)
    assert inputs.shape == targets.shape == (1, 3)
    assert capsys.readouterr().out.count("Finish") == 2


def test_tunes_are_encoded_between_end_signs():
    """A sequence begins and ends with the number of the end sign."""
    found = language.encoded(lambda text, letters: [letters.index(each) for each in text], ["AB"], ["$", "A", "B"])
    assert found[0].tolist() == [0, 1, 2, 0]
