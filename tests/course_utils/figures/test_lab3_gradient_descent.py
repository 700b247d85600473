"""The explorers of Lab 3: drawn by the student's own functions, never raising, nothing cut off."""

import re

import ipywidgets
import numpy as np
import pytest

from course_utils import datasets, figures, training
from tests.course_utils.figures.drawing import parts, picture, pixels, sliders, touches_the_edge


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def neuron_gradient(X, y, w, b):
    error = sigmoid(X @ w + b) - y
    return error @ X / len(y), error.mean()


def descent_step(w, gradient, learning_rate):
    return w - learning_rate * gradient


def backprop(X, y, W1, b1, W2, b2):
    hidden = np.tanh(X @ W1 + b1)
    error = (sigmoid(hidden @ W2 + b2) - y) / len(y)
    back = error @ W2.T * (1 - hidden**2)
    return X.T @ back, back.sum(0), hidden.T @ error, error.sum(0)


def train_numpy(gradients_of, parameters, batches, learning_rate, epochs):
    for _ in range(epochs):
        for batch in batches:
            slopes = gradients_of(*batch, *parameters)
            parameters = [value - learning_rate * slope for value, slope in zip(parameters, slopes)]
    return parameters


def line_gradient(x, y, w, b):
    error = w * x + b - y
    return 2 * (error * x).mean(), 2 * error.mean()


def mse(prediction, y):
    return ((prediction - y) ** 2).mean()


def minibatches(X, y, batch_size, seed):
    order = np.random.RandomState(seed).permutation(len(X))
    return [(X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(0, len(X), batch_size)]


def momentum_step(w, gradient, velocity, learning_rate, beta):
    velocity = beta * velocity + gradient
    return w - learning_rate * velocity, velocity


def adam_step(w, gradient, m, v, t, learning_rate, beta1, beta2, epsilon):
    m, v = beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient**2
    return w - learning_rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + epsilon), m, v


def constant(t, total, base):
    return base


X, y = datasets.noisy_xor(60, noise=0.15, seed=1)
X, y = 2 * X - 1, y[:, None].astype(float)
LINE = np.linspace(-1, 1, 12), np.linspace(-1, 1, 12) ** 3
# name: explorer of a dictionary of functions, the functions by the name of the exercise
EXPLORERS = {
    "descent_path": (lambda **given: figures.descent_path(**given), (neuron_gradient, descent_step)),
    "learning_rates": (lambda **given: figures.learning_rates(**given), (neuron_gradient, descent_step)),
    "batch_sizes": (
        lambda **given: figures.batch_sizes(**given, X=X, y=y, sizes=(10, 20, 60)),
        (train_numpy, backprop, minibatches),
    ),
    "watch_line": (
        lambda **given: figures.watch_line(**given, x=LINE[0], y=LINE[1]),
        (train_numpy, line_gradient, mse),
    ),
    "ball": (lambda **given: figures.ball(**given), (descent_step, momentum_step, adam_step)),
    "schedules": (
        lambda **given: figures.schedules(step_decay=constant, cosine_decay=constant, warm_up=constant, **given),
        (neuron_gradient, descent_step, minibatches),
    ),
}
WITH_SLIDERS = ("descent_path", "batch_sizes", "ball")
# With these controls the ball is moved by the function in question.
OPTIMISER_OF = {"descent_step": "plain", "momentum_step": "momentum", "adam_step": "Adam"}
CHECK_OF = {"train_numpy": "numpy_loop", "mse": "mse_numpy"}  # where the check has another name than the function


def show(name, **changes):
    """Show an explorer with the right functions, some of them replaced."""
    explorer, functions = EXPLORERS[name]
    explorer(**{**{function.__name__: function for function in functions}, **changes})


def png(shown):
    """Return the picture that was shown last, in widgets or alone."""
    return picture(shown[-1]) if isinstance(shown[-1], ipywidgets.Widget) else shown[-1].png


def choices(widget):
    return parts(widget, ipywidgets.ToggleButtons)


@pytest.mark.parametrize("name", WITH_SLIDERS)
def test_every_control_redraws_and_nothing_is_cut_off(live, name):
    """Each slider and each choice changes the picture, whose size stays; at both ends no word is cut off."""
    show(name)
    (box,) = live
    if name != "ball":
        sliders(box)[0].value = sliders(box)[0].max
    for slider in sliders(box):
        before = picture(box)
        slider.value = slider.value + 5 * slider.step if slider.value + 5 * slider.step <= slider.max else slider.min
        assert picture(box) != before, slider.description
        assert pixels(picture(box)).shape == pixels(before).shape
    for choice in choices(box):
        for option in choice.options:
            before, changes = picture(box), option != choice.value
            choice.value = option
            assert (picture(box) != before) == changes
            assert not touches_the_edge(picture(box))
    for end in ("min", "max"):
        for slider in sliders(box):
            slider.value = getattr(slider, end)
        assert not touches_the_edge(picture(box))


@pytest.mark.parametrize("name", EXPLORERS)
def test_moving_there_and_back_gives_the_same_picture(live, name):
    """Two showings give the same picture, and so does a slider that comes back."""
    show(name)
    first = png(live)
    assert not touches_the_edge(first)
    for slider in sliders(live[0])[:1] if name in WITH_SLIDERS else ():
        start = slider.value
        slider.value = slider.max if start != slider.max else slider.min
        slider.value = start
    assert png(live) == first
    show(name)
    assert png(live) == first


def not_yet(*_):
    raise NotImplementedError


def cases():
    return [(name, function.__name__) for name, (_, functions) in EXPLORERS.items() for function in functions]


@pytest.mark.parametrize(("name", "function"), cases())
@pytest.mark.parametrize("unfinished", [lambda *_: ..., not_yet], ids=["...", "raises"])
def test_an_unfinished_function_gets_a_friendly_panel(live, words, name, function, unfinished):
    """With a stub the figure says which exercise to finish."""
    show(name, **{function: unfinished})
    if name == "ball":
        choices(live[0])[1].value = OPTIMISER_OF[function]
    assert words[0] == f"Finish {function} first"
    assert f'check("{CHECK_OF.get(function, function)}")' in words[1] and "run this cell again" in words[1]


def stops(*_):
    raise IndexError("index 7 is out of bounds")


@pytest.mark.parametrize(("name", "function"), cases())
@pytest.mark.parametrize("broken", [
    stops, lambda *_: "text", lambda *_: np.zeros((2, 3, 4)), lambda *_: [[1], [2, 3]], lambda *_: (None, None),
])  # fmt: skip
def test_a_broken_function_never_raises(live, words, name, function, broken):
    """A function that fails or answers nonsense is named; the notebook goes on."""
    show(name, **{function: broken})
    if name == "ball":
        choices(live[0])[1].value = OPTIMISER_OF[function]
    assert words[0] in (f"{function} cannot draw this figure yet", f"Finish {function} first"), words
    assert not touches_the_edge(png(live))


def test_a_function_that_writes_into_its_arguments_harms_nobody(live):
    """The data are the same afterwards, and the walk is that of the same rule without writing."""

    def in_place(w, gradient, learning_rate):
        w -= learning_rate * gradient
        return w

    def loop_in_place(gradients_of, parameters, batches, learning_rate, epochs):
        for batch in batches:
            for value, slope in zip(parameters, gradients_of(*batch, *parameters)):
                value -= learning_rate * slope
            batch[0][:] = 0
        return parameters

    before = X.copy(), y.copy()
    show("batch_sizes", train_numpy=loop_in_place)
    show("descent_path", descent_step=in_place)
    show("descent_path")
    assert np.array_equal(before[0], X) and np.array_equal(before[1], y)
    assert picture(live[1]) == picture(live[2])


def test_a_ball_that_runs_away_is_reported(live, words):
    """A rate that is far too large throws the ball off the map, and the figure says so."""
    show("ball")
    choices(live[0])[1].value = "plain"
    sliders(live[0])[1].value = 1.2
    assert "left the map" in words[0]


@pytest.mark.parametrize("explorer", ["landscape", "five_curves"])
def test_a_picture_that_needs_no_function(shown, explorer):
    """The picture on top of the lab and the curves need nothing of the student and are not cut off."""
    getattr(figures, explorer)()
    (image,) = shown
    assert not touches_the_edge(image.png)


def test_a_line_turns_while_it_is_trained(shown):
    """Every second epoch gives a picture; the last one names the slope, the offset and the loss."""
    show("watch_line")
    (image,) = shown
    assert "After 40 epochs: $w$ = " in image.words or "After 40 epochs" in image.words


class Net:
    """What a network looks like from outside."""

    weights = ()

    def __call__(self, inputs):
        return np.asarray(inputs)[:, :1]


def test_training_shows_progress_and_a_picture(shown, capsys):
    """A training loop is called for a few epochs at a time: pictures show how it goes, and lines say how far it is."""
    seen = []

    def train(net, optimizer, batches, epochs):
        seen.extend(picture.words for picture in shown)
        return [0.5] * epochs

    figures.watch_training(train, Net(), None, [], X, y)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"epoch {k} of 40" for k in (10, 20, 30, 40)]
    (image,) = shown
    assert not touches_the_edge(image.png) and "After 40 epochs" in image.words
    assert len(set(seen)) == 19 and "After 2 epochs" in seen[0], "the boundary bends while the loop runs"


@pytest.mark.parametrize("loop", [lambda *_: None, lambda *_: [1.0], stops, lambda *_: "text"])
def test_a_loop_that_does_not_work_gets_a_panel(shown, words, loop):
    """An unfinished or broken training loop is named, with its check."""
    loop.__name__ = "train_tf"
    figures.watch_training(loop, Net(), None, [], X, y)
    assert words[0] in ("Finish train_tf first", "train_tf cannot draw this figure yet")
    assert 'check("training_loop_tensorflow")' in words[1]


def test_a_loop_in_numpy_is_watched(shown):
    """The regions bend while the student's own loop runs, and its loss falls."""
    seen = []

    def watched(*arguments):
        seen.extend(picture.words for picture in shown)
        return train_numpy(*arguments)

    figures.watch_numpy(watched, backprop, minibatches, X, y, epochs=12)
    (image,) = shown
    losses = [float(re.search(r"loss (\d\.\d+)", words)[1]) for words in [*dict.fromkeys(seen), image.words]]
    assert losses == sorted(losses, reverse=True) and len({*losses}) == 7
    assert not touches_the_edge(image.png) and "After 12 epochs" in image.words


@pytest.mark.parametrize("loop", [lambda *_: None, lambda *_: [1.0], stops, lambda slopes, weights, *_: weights[:3]])
def test_a_loop_in_numpy_that_does_not_work_is_named(shown, loop):
    """So is `backprop`, where it is what is missing."""
    figures.watch_numpy(loop, backprop, minibatches, X, y)
    figures.watch_numpy(train_numpy, lambda *_: None, minibatches, X, y)
    assert shown[0].words.startswith(("Finish train_numpy first", "train_numpy cannot draw this figure yet"))
    assert 'check("numpy_loop")' in shown[0].words and shown[1].words.startswith("Finish backprop first")


def test_a_loop_is_not_blamed_for_batches_that_are_missing(shown):
    """It is `minibatches` that must be finished first."""
    batches = training.Batches(lambda *_: None, X, y, 16, lambda array: array)
    figures.watch_training(lambda net, optimizer, batches, epochs: [*batches], Net(), None, batches, X, y)
    assert shown[0].words.startswith("Finish minibatches first.")


def test_a_missing_framework_is_said(capsys):
    """Without the framework there is a sentence instead of a picture."""
    from course_utils.frameworks import Missing

    figures.watch_training(None, Missing, None, [], X, y)
    assert "not installed" in capsys.readouterr().out
