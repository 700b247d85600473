"""The explorers of Lab 2: drawn by the student's functions, quick, and never raising."""

import ipywidgets
import numpy as np
import pytest

from course_utils import figures
from course_utils.figures import widgets
from course_utils.figures.lab2_activations import ring
from course_utils.figures.lab2_deep_stacks import layer, stack
from tests.course_utils.figures.drawing import parts, picture, pixels, sigmoid, sliders, touches_the_edge


def fold_layers(weights, biases):
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W, b = W @ next_W, b @ next_W + next_b
    return W, b


def gradient_sizes(x, weights, activation, derivative):
    sums, a = [], x
    for W in weights:
        sums.append(a @ W)
        a = activation(sums[-1])
    gradient, sizes = np.ones_like(a), []
    for W, z in zip(weights[::-1], sums[::-1]):
        gradient = gradient * derivative(z)
        sizes.append(np.mean(np.abs(gradient)))
        gradient = gradient @ W.T
    return sizes[::-1]


def dead_relus(x, W, b):
    dead = np.all(x @ W + b <= 0, axis=0)
    return dead, int(dead.sum())


def d_relu(z):
    return np.where(z > 0, 1.0, 0.0)


PAIRS = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), d_relu),
}
EXPLORERS = {
    "fold_layers": (figures.linear_stack, fold_layers),
    "d_sigmoid": (lambda function: figures.activation({"sigmoid": (sigmoid, function)}), PAIRS["sigmoid"][1]),
    "gradient_sizes": (lambda function: figures.gradient_bars(function, PAIRS), gradient_sizes),
    "dead_relus": (figures.dying_relus, dead_relus),
}


def every_explorer(test):
    """Run the test once for each explorer, with the function that a student would pass to it."""
    rows = [(name, *pair) for name, pair in EXPLORERS.items()]
    return pytest.mark.parametrize(("name", "explorer", "function"), rows, ids=EXPLORERS)(test)


@every_explorer
def test_every_slider_redraws_a_picture_of_the_same_size(live, name, explorer, function):
    """An explorer displays one box and returns nothing; each slider changes the picture, whose size stays."""
    assert explorer(function) is None
    (box,) = live
    for slider in sliders(box):
        before = picture(box)
        slider.value = slider.max
        assert picture(box) != before, slider.description
        assert pixels(picture(box)).shape == pixels(before).shape


@every_explorer
def test_no_words_are_cut_off(live, name, explorer, function):
    """Whatever the sliders say, nothing is drawn up to the edge of the picture."""
    explorer(function)
    for end in ("min", "max"):
        for slider in sliders(live[0]):
            slider.value = getattr(slider, end)
        assert not touches_the_edge(picture(live[0]))


@every_explorer
def test_moving_there_and_back_gives_the_same_picture(live, name, explorer, function):
    """Nothing of an earlier frame is left over when the sliders come back."""
    explorer(function)
    before, slider = picture(live[0]), sliders(live[0])[0]
    start = slider.value
    slider.value = slider.max
    slider.value = start
    assert picture(live[0]) == before


@every_explorer
@pytest.mark.parametrize(
    "unfinished", [lambda *_: None, lambda *_: ..., lambda *_: (None, None)], ids=["None", "...", "Nones"]
)
def test_an_unfinished_function_gets_a_friendly_panel(live, words, name, explorer, function, unfinished):
    """With a stub, the figure says which exercise to finish and how, and its sliders do no harm."""
    explorer(unfinished)
    sliders(live[0])[0].value += 1
    assert words[0].startswith((f"Finish {name} first", f"{name} cannot draw"))
    assert 'check("' in words[1] and "run this cell again" in words[1]


@every_explorer
@pytest.mark.parametrize("broken", [
    lambda *_: 1 / 0, lambda *_: "text", lambda *_: np.zeros((2, 3, 4)), lambda *_: (np.zeros(2), 0.0),
    lambda *_: [[1], [2, 3]], lambda *_: {"w": 1}, lambda: 1,
])  # fmt: skip
def test_a_broken_function_is_named_with_what_it_did(live, words, name, explorer, function, broken):
    """A function that fails or answers nonsense never raises here: the figure names it and says what happened."""
    explorer(broken)
    assert words[0] == f"{name} cannot draw this figure yet"
    assert words[1].startswith(("It stopped with ", "It returned ", "For "))
    assert not touches_the_edge(picture(live[0]))


def test_all_activations_can_be_chosen(live, words):
    """The buttons switch between the activations in both figures that have them."""
    figures.activation(PAIRS)
    figures.gradient_bars(gradient_sizes, PAIRS)
    for box in live:
        (buttons,) = parts(box, ipywidgets.ToggleButtons)
        assert buttons.options == tuple(PAIRS)
        for name in reversed(PAIRS):
            buttons.value = name
            assert words[0].startswith(name)
            assert not touches_the_edge(picture(box))


def test_an_unfinished_activation_is_named_in_the_deep_stack(live, words):
    """If it is the activation that is missing, the deep stack does not blame gradient_sizes."""
    figures.gradient_bars(gradient_sizes, {"tanh": (lambda z: None, d_relu)})
    assert words[0] == "Finish tanh first" and 'check("activations")' in words[1]


def test_gradients_of_zero_and_infinity_are_drawn(live, words):
    """A stack whose gradient is 0, huge or no number gives bars at the ends of the scale."""
    for value in (0.0, np.inf, np.nan, 1e300):
        figures.gradient_bars(lambda x, weights, *_, value=value: [value] * len(weights), PAIRS)
        assert "20 layers" in words[0]


def test_the_headline_tells_value_and_slope(live, words):
    """At z = 1 the sigmoid is 0.731 and its slope 0.197."""
    figures.activation(PAIRS)
    assert words == ["sigmoid(1.0) = 0.731", "slope 0.197"]


def test_the_headline_tells_how_much_of_the_gradient_is_left(live, words):
    """The first of 20 sigmoid layers gets 2e-13 of what the last one gets, the first of 2 about a tenth."""
    figures.gradient_bars(gradient_sizes, PAIRS)
    assert "gets 2 \N{MULTIPLICATION SIGN} 10\u207b\u00b9\u00b3 of what" in words[0]
    sliders(live[0])[0].value = 2
    assert "times what the last one gets" in words[0]


def test_data_are_the_same_each_time():
    """The points, the stack and the layer are drawn once and for all."""
    assert np.array_equal(ring()[0], ring()[0]) and ring()[0].shape == (200, 2)
    assert stack()[0] is stack()[0] and len(stack()[1]) == 30
    assert np.array_equal(layer()[0], layer()[0])


def test_derivatives_are_compared_in_words(capsys):
    """Right ones agree, a wrong one differs, an unfinished one is named; nothing raises."""

    def witness(f, z):
        return (f(z + 1e-5) - f(z - 1e-5)) / 2e-5

    wrong = {"sigmoid": (sigmoid, sigmoid), "tanh": (np.tanh, lambda z: None), "relu": (lambda z: None, d_relu)}
    figures.compare_derivatives(witness, {"tanh": PAIRS["tanh"], **{f"my_{k}": v for k, v in wrong.items()}})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("tanh         agrees: largest difference")
    assert lines[1].startswith("my_sigmoid   differs: largest difference")
    assert lines[2] == "my_tanh      Finish d_my_tanh first"
    assert "first" in lines[3] and len(lines) == 4


def test_the_gallery_is_one_picture(shown):
    """The four curves are shown as one PNG."""
    figures.activation_gallery()
    (image,) = shown
    assert not touches_the_edge(image.png)


@every_explorer
def test_without_widgets_a_picture_is_shown(shown, monkeypatch, name, explorer, function):
    """Where sliders cannot run, an explorer shows one picture."""
    monkeypatch.setattr(widgets, "widgets_can_run", lambda: False)
    explorer(function)
    (image,) = shown
    assert image.png.startswith(b"\x89PNG")
