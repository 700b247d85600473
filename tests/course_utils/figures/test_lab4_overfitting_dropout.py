"""Lab 4's explorers: prepared curves at once, a training on demand, and the student's own functions in between."""

import ipywidgets
import numpy as np
import pytest

from bench.numpy_net import inverted_dropout as dropout
from course_utils import figures
from course_utils.figures import lab4_network
from tests.course_utils.early_stopping import EarlyStopping
from tests.course_utils.figures.drawing import parts, picture, pixels, touches_the_edge


def stratified_split(labels, seed):
    rng = np.random.default_rng(seed)
    cut = [
        np.split(own, [round(0.7 * len(own)), round(0.85 * len(own))])
        for own in (rng.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels))
    ]
    return tuple(np.concatenate(part) for part in zip(*cut))


def diagnose(training_loss, validation_loss):
    return "overfits" if validation_loss[-1] > 1.1 * validation_loss.min() else "fits"


def l2_step(w, gradient, direction, learning_rate, strength, kind):
    return w - learning_rate * direction(gradient + strength * w)


MOVING = {
    "diagnose": (figures.diagnose, diagnose, "diagnose"),
    "dropout": (figures.dropout, dropout, "dropout"),
    "early_stopping": (figures.early_stopping, EarlyStopping, "EarlyStopping"),
    "l2": (figures.l2, l2_step, "l2_step"),
}
every_moving_figure = pytest.mark.parametrize(("explorer", "function", "name"), MOVING.values(), ids=MOVING)


def controls(box):
    return parts(box, (ipywidgets.IntSlider, ipywidgets.FloatSlider, ipywidgets.SelectionSlider))


def ends(control):
    """Return the first and the last value of a slider."""
    if isinstance(control, ipywidgets.SelectionSlider):
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
        return values[0], values[-1]
    return control.min, control.max


@pytest.mark.parametrize(
    ("explorer", "function"),
    [(figures.overfitting, dropout), *[(explorer, function) for explorer, function, _ in MOVING.values()]],
    ids=["overfitting", *MOVING],
)
def test_every_slider_redraws_at_once_and_nothing_is_cut_off(live, explorer, function):
    """Each slider changes the picture, the size stays, and no words touch the edge."""
    explorer(function)
    (box,) = live
    size = pixels(picture(box)).shape
    for control in controls(box):
        start = control.value
        for value in ends(control):
            if control.value == value:
                continue
            before = picture(box)
            control.value = value
            assert picture(box) != before, control.description
            assert pixels(picture(box)).shape == size
            assert not touches_the_edge(picture(box)), (control.description, value)
        control.value = start


@every_moving_figure
@pytest.mark.parametrize("unfinished", [lambda *_: None, lambda *_: ...], ids=["None", "..."])
def test_an_unfinished_function_gets_a_friendly_panel(live, words, explorer, function, name, unfinished):
    """With a stub the figure says which exercise to finish, and its sliders do no harm."""

    class Stub:
        def __init__(self, patience, min_delta):
            pass

        def update(self, loss, weights):
            return unfinished()

    explorer(Stub if name == "EarlyStopping" else unfinished)
    control = controls(live[0])[0]
    control.value = ends(control)[1]
    assert words[0] == f"Finish {name} first" and 'check("' in words[1]


@every_moving_figure
@pytest.mark.parametrize(
    "broken",
    [
        lambda *_: "text",
        lambda *_: {"w": 1},
        lambda *_: [[1], [2, 3]],
        lambda: 1,
        lambda *_: 1 / 0,
        lambda *_: (np.zeros(3), np.zeros(2)),
    ],
)
def test_a_broken_function_never_raises(live, words, explorer, function, name, broken):
    """Whatever comes back, the figure names the exercise instead of raising."""
    explorer(broken)
    assert words[0] == f"{name} cannot draw this figure yet"


def test_the_button_trains_with_the_students_dropout(live, words, monkeypatch):
    """Pressing the button runs the student's function many times, and the picture shows how far it got."""
    calls = []

    def own(x, p, training, rng):
        calls.append(x.shape)
        return dropout(x, p, training, rng)

    figures.overfitting(own)
    (box,) = live
    (button,) = parts(box, ipywidgets.Button)
    for control in controls(box):
        control.value = {"dropout p": 0.4, "width": 16, "digits": 100}[control.description]
    assert not calls
    before = picture(box)
    button.click()
    assert len(calls) == 60 * 2 and {shape[1] for shape in calls} == {16}
    assert picture(box) != before and "Yours (dots), epoch 60" in words[0]
    assert not touches_the_edge(picture(box)) and not button.disabled
    controls(box)[1].value = 64
    assert "Yours" not in words[0]


def test_the_button_survives_an_unfinished_dropout(live, words):
    """Prepared curves are there without any dropout of one's own; the button then says what to finish."""
    figures.overfitting(lambda *_: None)
    assert "Lowest validation loss" in words[0]
    (button,) = parts(live[0], ipywidgets.Button)
    button.click()
    assert words[0] == "Finish dropout first" and not button.disabled


def test_the_split_is_drawn_by_the_students_function(shown, words):
    """The picture tells the sizes of the three parts, or what to finish."""
    figures.split(stratified_split)
    assert {"training: 1258 digits", "validation: 270 digits", "test: 269 digits"} <= set(words)
    figures.split(lambda labels, seed: None)
    assert words[0] == "Finish stratified_split first"
    figures.split(lambda labels, seed: (labels, [9999], None))
    assert words[0] == "stratified_split cannot draw this figure yet"
    assert len(shown) == 3 and not any(touches_the_edge(image.png) for image in shown)


def test_pictures_without_a_function(shown, capsys):
    """The opening picture and the memorising networks are one picture each; training reports its progress."""
    figures.two_curves()
    figures.memorise(epochs=8)
    assert len(shown) == 2 and not any(touches_the_edge(image.png) for image in shown)
    assert capsys.readouterr().out.count("epoch") == 8


def test_without_a_framework_the_figures_say_so(monkeypatch, live, words, shown, capsys):
    """Where there is nothing to train with, a sentence tells what to install."""
    monkeypatch.setattr(lab4_network, "installed", lambda name: False)
    figures.memorise()
    assert "needs PyTorch or TensorFlow" in capsys.readouterr().out and not shown
    figures.overfitting(dropout)
    parts(live[0], ipywidgets.Button)[0].click()
    assert words[0] == "This training needs PyTorch or TensorFlow"
