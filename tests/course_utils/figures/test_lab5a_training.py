"""Lab 5a's gradient on its way back through time, and a training that is watched in bits a character."""

import numpy as np
import pytest

from course_utils import figures
from course_utils.figures import widgets
from course_utils.figures.lab5a_training import STEPS, gradient_norms
from course_utils.figures.student import StudentFunction
from tests.course_utils.figures import language
from tests.course_utils.figures.drawing import picture, pixels, sliders, touches_the_edge

LINES = {"all alike": 5.13, "bigram": 3.36, "the rules": 1.17}


@pytest.mark.parametrize("size", [0.5, 1.0, 1.3, 2.0])
def test_without_inputs_a_gradient_grows_with_the_powers_of_wh(size):
    """From a state of 0, where tanh is a straight line, k steps back are the k-th power of the size."""
    norms = gradient_norms(StudentFunction(language.step, "step"), size, inputs=0.0)
    assert norms == pytest.approx(size ** np.arange(STEPS + 1), rel=1e-6)


def test_a_gradient_through_inputs_is_that_of_the_chain_rule():
    """With inputs the flat ends of tanh shorten it, as the derivative of a long way, by a nudge at its start, says."""
    norms = gradient_norms(StudentFunction(language.step, "step"), 1.5, inputs=1.0)
    assert np.all(norms[5:] < 0.5 * 1.5 ** np.arange(5, STEPS + 1)) and norms[0] == 1
    linear = gradient_norms(StudentFunction(lambda c, h, p: p["Wx"][c] + h @ p["Wh"] + p["b"], "step"), 1.5, inputs=1.0)
    assert linear == pytest.approx(1.5 ** np.arange(STEPS + 1), rel=1e-6)


def test_the_headline_tells_how_the_gradient_grows(live, words):
    """1.3 to the power of 30 is 3000, 0.5 to the power of 30 a billionth; sliders keep the size of the picture."""
    figures.exploding(language.step)
    (box,) = live
    size, inputs = sliders(box)
    shape = pixels(picture(box)).shape
    assert "30 steps back a gradient is 3 × 10³ times as large" in words[0]
    for value, said in ((0.5, "9 × 10⁻¹⁰ times"), (1.0, "1 times"), (2.0, "1 × 10⁹ times")):
        size.value = value
        assert said in words[0]
        assert pixels(picture(box)).shape == shape and not touches_the_edge(picture(box))
    before = picture(box)
    inputs.value = inputs.max
    assert picture(box) != before and "inputs of size 2.0" in words[0]


@pytest.mark.parametrize("unfinished", [lambda *_: None, lambda *_: ...])
def test_an_unfinished_step_gets_a_friendly_panel(live, words, unfinished):
    """With a stub the figure says which exercise to finish."""
    figures.exploding(unfinished)
    sliders(live[0])[0].value = 1.0
    assert words[0] == "Finish step first" and 'check("step")' in words[1]


@pytest.mark.parametrize("broken", [
    lambda *_: 1 / 0, lambda *_: "text", lambda *_: np.zeros((2, 3, 4)), lambda *_: {"w": 1}, lambda: 1,
])  # fmt: skip
def test_a_broken_step_never_raises(live, words, broken):
    """Whatever comes back, the figure names the exercise instead of raising."""
    figures.exploding(broken)
    assert words[0] == "step cannot draw this figure yet"


def test_infinite_gradients_are_drawn(live, words):
    """A step that blows up at once gives a line at the end of the scale."""
    figures.exploding(lambda c, h, p: 1e300 * np.exp(1e3 * np.abs(h)))
    assert "Wh of size 1.3" in words[0]


class Loop:
    """A training loop that lowers the bias by a fixed amount a batch, and remembers what it was given."""

    def __init__(self):
        self.given = []

    def __call__(self, batches, parameters, update, limit):
        self.given.append((len(batches), limit))
        losses = []
        for _ in batches:
            parameters = update(parameters, {name: np.ones_like(array) for name, array in parameters.items()})
            losses.append(float(3 + parameters["b"].mean()))
        return parameters, losses


BATCHES = [(np.zeros((2, 3), dtype=int), np.zeros((2, 3), dtype=int))] * 100


def update(parameters, gradients):
    return {name: array - 0.01 * gradients[name] for name, array in parameters.items()}


def measure(parameters):
    return 4.0 + float(parameters["b"].mean())


def watched(train, bits=measure):
    return figures.watch_language(train, language.parameters(), BATCHES, update, bits, LINES, limit=2.0)


def test_a_training_is_watched_and_its_parameters_come_back(shown, words, capsys):
    """All batches go through the loop once, the words tell the bits at the end, and the lines below how far it is."""
    loop = Loop()
    trained = watched(loop)
    assert sum(count for count, _ in loop.given) == len(BATCHES) and {limit for _, limit in loop.given} == {2.0}
    assert trained["b"] == pytest.approx(np.full(24, -1.0))
    assert words[0] == "After 100 steps: 3.00 bits a character on held-out tunes, a perplexity of 8.0"
    assert "4.00 bits before" in shown[0].words and "bigram 3.36" in shown[0].words
    assert not touches_the_edge(shown[0].png) and len(shown) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("step 100 of 100: 3.00 bits a character")


def test_types_of_the_parameters_stay(shown):
    """Parameters of 32 bits are not made larger on their way."""
    small = {name: array.astype(np.float32) for name, array in language.parameters().items()}
    trained = figures.watch_language(Loop(), small, BATCHES[:10], update, measure, LINES)
    assert {array.dtype for array in trained.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("train", [lambda *_: None, lambda *_: ..., lambda *_: (None, None)])
def test_an_unfinished_loop_gives_back_the_start(shown, words, train):
    """The figure says what to finish, and what comes back are the parameters that went in."""
    trained = watched(train)
    assert words[0] == "Finish train first"
    assert all(np.array_equal(trained[name], array) for name, array in language.parameters().items())


@pytest.mark.parametrize("train", [
    lambda *_: 1 / 0, lambda *_: "text", lambda *_: ({"b": 1}, [1.0]), lambda *_: (np.zeros(3), [1.0]), lambda: 1,
    lambda batches, parameters, *_: (parameters, [0.0]),
    lambda batches, parameters, *_: ({**parameters, "b": np.zeros(3)}, [0.0] * len(batches)),
])  # fmt: skip
def test_a_broken_loop_never_raises(shown, words, train):
    """Whatever comes back, the figure names the exercise instead of raising."""
    watched(train)
    assert words[0] == "train cannot draw this figure yet"


def test_functions_that_measure_are_not_blamed_on_the_loop(shown, words):
    """Where the bits cannot be measured, the figure says so."""
    watched(Loop(), bits=lambda parameters: None + 1)
    assert words[0] == "The tunes held out cannot be measured yet"


def test_no_loss_is_too_large_to_be_drawn(shown, words, monkeypatch):
    """Losses and bits that are no numbers any more leave a figure that says so."""
    monkeypatch.setattr(widgets, "widgets_can_run", lambda: False)
    watched(lambda batches, parameters, *_: (parameters, [np.nan] * len(batches)), bits=lambda parameters: np.nan)
    assert "nan bits" in words[0]
