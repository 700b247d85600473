"""The explorers: figures that are drawn by the student's own functions."""

import ipywidgets
import numpy as np
import pytest

from course_utils import datasets, figures
from tests.course_utils.figures.drawing import (
    every_explorer,
    neuron,
    parts,
    picture,
    pixels,
    sigmoid,
    sliders,
    touches_the_edge,
    train_perceptron,
    two_layer,
)

SOLVED = {
    "W1[0, 0]": 10, "W1[1, 0]": 10, "b1[0]": -5, "W1[0, 1]": -10, "W1[1, 1]": -10, "b1[1]": 15,
    "W2[0, 0]": 10, "W2[1, 0]": 10, "b2[0]": -15,
}  # fmt: skip


@every_explorer
def test_an_explorer_shows_itself_and_every_slider_redraws_it(live, explorer, function):
    """An explorer displays one box and returns nothing; each slider changes the picture, whose size stays."""
    assert explorer(function) is None
    (box,) = live
    for slider in sliders(box):
        before = picture(box)
        slider.value += slider.step * (1 if slider.description in ("epoch", "step") else 15)
        assert picture(box) != before, slider.description
        assert pixels(picture(box)).shape == pixels(before).shape


@every_explorer
def test_no_words_of_an_explorer_are_cut_off(live, explorer, function):
    """Whatever the sliders say, nothing is drawn up to the edge of the picture."""
    explorer(function)
    for end in ("min", "max"):
        for slider in sliders(live[0]):
            slider.value = getattr(slider, end)
        assert not touches_the_edge(picture(live[0]))


@every_explorer
def test_moving_there_and_back_gives_the_same_picture(live, explorer, function):
    """Nothing of an earlier frame is left over when the sliders come back."""
    explorer(function)
    before, slider = picture(live[0]), sliders(live[0])[0]
    start = slider.value
    slider.value = slider.max
    slider.value = start
    assert picture(live[0]) == before


def stops(*_):
    raise IndexError("index 7 is out of bounds")


def not_yet(*_):
    raise NotImplementedError


@every_explorer
@pytest.mark.parametrize("unfinished", [lambda *_: None, lambda *_: ..., not_yet], ids=["None", "...", "raises"])
def test_an_unfinished_function_gets_a_friendly_panel(live, words, explorer, function, unfinished):
    """With a stub, the figure says which exercise to finish and how, and its sliders do no harm."""
    explorer(unfinished)
    sliders(live[0])[0].value += 1
    assert words[0] == f"Finish {function.__name__} first"
    assert 'check("' in words[1] and "run this cell again" in words[1]


@every_explorer
@pytest.mark.parametrize("broken", [
    stops, lambda *_: "text", lambda *_: np.zeros((2, 3, 4)), lambda *_: (np.zeros(2), 0.0), lambda *_: [[1], [2, 3]],
    lambda *_: (np.zeros(7), 0.0, [1]), lambda *_: {"w": 1}, lambda: 1,
])  # fmt: skip
def test_a_broken_function_is_named_with_what_it_did(live, words, explorer, function, broken):
    """A function that fails or answers nonsense never raises here: the figure names it and says what happened."""
    explorer(broken)
    assert words[0] == f"{function.__name__} cannot draw this figure yet"
    assert words[1].startswith(("It stopped with ", "It returned ", "For "))
    assert not touches_the_edge(picture(live[0]))


def test_the_panel_names_error_and_shape(live, words):
    """The panel tells the type of an error, and the shape that came instead of the one that was expected."""
    figures.neuron(stops)
    assert "IndexError: index 7 is out of bounds" in words[1]
    figures.neuron(lambda x, w, b: x @ w[:, None])
    assert "(3721, 1), where (3721,) was" in words[1].replace("\n", " ")


def test_a_function_that_fails_here_and_there_draws_again_where_it_can(live, words):
    """After a panel, the next values that the function can answer bring the figure back."""

    def fragile(x, w, b):
        return neuron(x, w, b) if b < 5 else stops()

    figures.neuron(fragile)
    before, bias = picture(live[0]), sliders(live[0])[2]
    bias.value = 6
    assert "cannot draw" in words[0]
    bias.value = -1
    assert picture(live[0]) == before


def test_the_regions_are_those_of_the_students_own_neuron(live):
    """A neuron without its bias is shaded differently: the picture is the student's, right or wrong."""
    figures.neuron(neuron)
    figures.neuron(lambda x, w, b: sigmoid(x @ w))
    assert picture(live[0]) != picture(live[1])


def test_the_neuron_explorer_counts_the_flowers_on_the_right_side(live, words):
    """With w = (1, 1) and b = -3 the two irises are told apart, and the figure says 100 of 100."""
    figures.neuron(neuron, *datasets.iris_pair())
    assert "50 of 100 right" in words[0]
    for slider, value in zip(sliders(live[0]), (1, 1, -3)):
        slider.value = value
    assert "100 of 100 right" in words[0]


def test_a_function_that_changes_its_inputs_harms_nobody(live):
    """The student's function gets copies, so the data set is the same afterwards."""
    flowers = datasets.iris_pair()
    before = flowers.X.copy()

    def careless(X, y, epochs, learning_rate):
        result = train_perceptron(X, y, epochs, learning_rate)
        X *= 0
        return result

    figures.perceptron_training(careless, *flowers)
    assert np.array_equal(flowers.X, before)


def test_a_function_that_prints_and_warns_does_not_flood_the_notebook(live, capsys):
    """Prints and warnings of the student's function stay out of the output below the figure."""

    def noisy(x, w, b):
        print("shape", x.shape)
        np.log(np.zeros(1))
        return neuron(x, w, b)

    figures.neuron(noisy)
    assert capsys.readouterr() == ("", "")


def test_training_ends_without_a_flower_on_the_wrong_side(live, words):
    """At the last epoch the line has all irises on their own sides; after the first it has not."""
    figures.perceptron_training(train_perceptron, *datasets.iris_pair())
    assert "After epoch 1: 3 of 100 on the wrong side" in words
    (epoch,) = sliders(live[0])
    epoch.value = epoch.max
    assert "After epoch 10: 0 of 100 on the wrong side" in words


def test_xor_leaves_a_corner_on_the_wrong_side_at_every_step(live, words):
    """However long it trains, one perceptron never has all four corners of XOR right."""
    figures.xor_perceptron(train_perceptron)
    (step,) = sliders(live[0])
    for value in range(2, step.max + 1):
        step.value = value
        assert " 0 of 4" not in words[0]
    assert "Epoch 8, after corner (1, 1)" in words[0]


def test_a_play_button_walks_through_the_epochs(live):
    """Training has a play button; it draws every step, and at the end it can begin anew."""
    figures.perceptron_training(train_perceptron, *datasets.iris_pair(), epochs=6)
    (play,), (epoch,) = parts(live[0], ipywidgets.Button), sliders(live[0])
    drawn = []
    epoch.observe(lambda change: drawn.append(change.new), names="value")
    play.click()
    assert drawn == [2, 3, 4, 5, 6] and play.description == "Play"
    play.click()
    assert drawn[5:] == [1, 2, 3, 4, 5, 6]


def test_the_nine_right_weights_solve_xor_and_can_be_copied(live, words):
    """With OR, NAND and AND on the sliders the figure says solved, and its note is Python with those weights."""
    figures.xor_network(two_layer)
    assert "1 of 4 corners right" in words
    assert len(sliders(live[0])) == 9
    for slider in sliders(live[0]):
        slider.value = SOLVED[slider.description]
    assert "Solved!" in words
    (note,) = (html.value for html in parts(live[0], ipywidgets.HTML) if "<pre" in html.value)
    weights = {}
    exec(note[note.index(">") + 1 : note.rindex("<")], weights)
    X, y = datasets.xor()
    outputs = two_layer(X, *(np.array(weights[name]) for name in ("W1", "b1", "W2", "b2")))
    assert np.array_equal(outputs[:, 0] > 0.5, y == 1)


def test_a_line_too_close_to_a_corner_does_not_solve_xor(live, words):
    """A network that is right at the corners but wrong 0.1 away from one is not called solved."""
    figures.xor_network(two_layer)
    for slider in sliders(live[0]):
        slider.value = {**SOLVED, "b1[0]": -9}[slider.description]
    assert "Solved!" not in words and "2 of 4 corners right" in words


def test_a_network_diagram_is_one_picture(shown):
    """The diagram of a list of widths is shown as one PNG."""
    assert figures.network_diagram([2, 8, 8, 1]) is None
    (image,) = shown
    assert not touches_the_edge(image.png)


def test_a_perceptron_is_watched_nudge_by_nudge(shown):
    """While the student's own loop runs there is a picture for each of its 25 nudges; the last one stays."""
    seen = []

    def watched(X, y, epochs, learning_rate):
        seen.extend(picture.words for picture in shown)
        return train_perceptron(X, y, epochs, learning_rate)

    figures.watch_perceptron(watched, *datasets.iris_pair())
    (picture,) = shown
    assert picture.words.startswith("25 nudges in 4 epochs: 0 of 100 on the wrong side") and len(set(seen)) == 25
    assert not touches_the_edge(picture.png)


def test_a_perceptron_that_is_not_finished_has_nothing_to_watch(shown):
    """The panel says what to finish."""
    figures.watch_perceptron(lambda *_: None, *datasets.iris_pair())
    assert shown[0].words.startswith("Finish train_perceptron first.")


def test_layers_are_watched_to_their_last_step(shown):
    """The picture that stays tells how many points are right, and is that of the last of 200 steps."""
    X, y = datasets.noisy_xor()
    exact = [np.array(value, dtype=float) for value in ([[10, -10], [10, -10]], [-5, 15], [[10], [10]], [-15])]
    figures.watch_layers(lambda x: two_layer(x, *exact), iter(np.linspace(0.7, 0.1, 200)), X, y, "DenseTF")
    (picture,) = shown
    assert picture.words.startswith("After 200 steps: 100 of 100 right, loss 0.100")
    assert not touches_the_edge(picture.png)


def test_layers_that_are_not_finished_have_nothing_to_watch(shown):
    """An error in the loop or nothing from the network names the class to finish."""
    X, y = datasets.noisy_xor()
    figures.watch_layers(lambda x: None, (1 / 0 for _ in "a"), X, y, "DenseTorch")
    assert shown[0].words.startswith("DenseTorch cannot draw this figure yet.")
