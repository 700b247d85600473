"""The questions that teach: where an answer can be computed, the right choice and its reasons have what comes out."""

import numpy as np
import pytest

from course_utils import asking
from course_utils.figures import questions


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def asked(lab, words):
    """Return the question of a lab that holds some words."""
    listed = asking.questions(next(path.stem for path in asking.QUESTIONS.glob(f"lab{lab}_*.toml"))).values()
    (found,) = [each for each in listed if words in " ".join(each.text.split())]
    return found


def right(lab, words):
    found = asked(lab, words)
    return found.choices[found.right].text


def why(lab, words, letter=""):
    found = asked(lab, words)
    return " ".join(found.choices[letter or found.right].why.split())


def prepared(name):
    return questions.prepared()[name]["panels"][""]


def test_a_bias_slides_the_line():
    """The crossing of the first axis moves from 0 to -1.5; at the origin the sum is 3."""
    assert right(1, "raise the bias") == "It slides, parallel to itself."
    assert f"from 0 to {-3 / 2}" in why(1, "raise the bias", "D") and "the sum is 3" in why(1, "raise the bias", "A")


def test_one_update_of_a_perceptron():
    """The code of the question gives the right choice, and afterwards the sum is negative."""
    names = {"w": np.array([0.5, 0.5]), "b": 0.0, "x": np.array([2, -1]), "y": 0, "rate": 0.1}
    exec(asked(1, "one update").code, names)
    w1, w2 = names["w"]
    assert right(1, "one update") == f"`w` = ({w1:.1f}, {w2:.1f}) and `b` = {names['b']:.1f}"
    assert f"is now {names['w'] @ names['x'] + names['b']:.1f}" in why(1, "one update")


def test_xor_is_never_learned():
    """AND ends without a mistake; XOR makes some in each epoch, at a smaller rate the very same."""
    from bench.prepare_questions import perceptron_mistakes

    mistakes = prepared("two_perceptrons")
    assert mistakes["AND"][-5:] == [0] * 5 and min(mistakes["XOR"]) > 0
    assert min(perceptron_mistakes([0, 1, 1, 0], epochs=1000)) > 0
    assert perceptron_mistakes([0, 1, 1, 0], rate=0.0625) == perceptron_mistakes([0, 1, 1, 0], rate=1.0)
    assert right(1, "a thousand more epochs").startswith("Mistakes in every one")


def test_shapes_of_a_layer():
    """The right shapes fit, and the transposed ones do not."""
    assert right(1, "computes `x @ W + b`") == "`W` (3, 5) and `b` (5,)"
    assert (np.zeros((32, 3)) @ np.zeros((3, 5)) + np.zeros(5)).shape == (32, 5)


def test_slopes():
    """Curve 4 is the slope of the sigmoid, curve 1 that of tanh, curve 3 the sigmoid itself."""
    curves, z = prepared("four_slopes"), np.linspace(-6, 6, 97)
    assert curves["4"] == pytest.approx(sigmoid(z) * (1 - sigmoid(z)), rel=1e-3)
    assert curves["1"] == pytest.approx(1 - np.tanh(z) ** 2, rel=1e-3)
    assert curves["3"] == pytest.approx(sigmoid(z), rel=1e-3)
    assert right(2, "the slope of the sigmoid") == "Curve 4" and max(curves["4"]) == 0.25 and max(curves["1"]) == 1


def test_saturation():
    """At 8 the output is 0.9997 and the slope 0.0003."""
    assert right(2, "sum z = 8") == f"{sigmoid(8) * (1 - sigmoid(8)):.4f}" and f"{sigmoid(8):.4f}" == "0.9997"


def test_a_safe_softmax():
    """One change alone gives the right probabilities; the others give about a third each."""
    found = asked(2, "prints the softmax")
    z = np.array([1000.0, 999.0, 998.0])
    wanted = np.exp([0, -1, -2]) / np.exp([0, -1, -2]).sum()
    assert "right are {:.2f}, {:.2f} and {:.2f}".format(*wanted) in why(2, "prints the softmax", "A")
    for letter, choice in found.choices.items():
        names = {"np": np, "z": z}
        exec(choice.text.strip("`"), names)
        p = names["e"] / names["e"].sum()
        assert p == pytest.approx(wanted if letter == found.right else np.full(3, 1 / 3), abs=2e-3)


def test_rates():
    """From the same start the loss creeps, arrives and climbs."""
    losses = prepared("three_rates")
    assert len({each[0] for each in losses.values()}) == 1
    assert losses["2"][-1] > 10 * losses["1"][-1] and np.all(np.diff(losses["2"]) < 0)
    assert np.all(np.diff(losses["3"]) > 0) and right(3, "do the rates grow?").startswith("2, 1, 3")


def test_steps_of_a_loop_with_the_step_outside():
    """One step an epoch, by the gradient of the last batch."""
    names = {"w": 0.0, "rate": 1.0, "X": None, "y": None}
    names["minibatches"] = lambda X, y, size, seed: [(number, None) for number in range(10)]
    names["gradient_of_loss"] = lambda w, X, y: -1.0 if X == 9 else -1000.0
    exec(asked(3, "How many steps").code, names)
    assert names["w"] == pytest.approx(100) and right(3, "How many steps") == "100: one an epoch, by its last batch"


def test_shapes_of_gradients():
    """Each shape that a reason names is that of its product."""
    names = {"X": np.zeros((50, 2)), "hidden": np.zeros((50, 8)), "delta": np.zeros((50, 1)), "W2": np.zeros((8, 1))}
    for letter, choice in asked(3, "the gradient for `W2`").choices.items():
        shape = eval(choice.text.strip("`"), names).shape
        assert str(shape) in why(3, "the gradient for `W2`", letter)
    assert eval(right(3, "the gradient for `W2`").strip("`"), names).shape == names["W2"].shape


def test_momentum_on_a_slope():
    """The step grows to ten times that without momentum."""
    names = {"velocity": 0.0, "gradient": 1.0, "w": 0.0}
    for _ in range(200):
        before = names["w"]
        exec(asked(3, "a long even slope").code, names)
    assert right(3, "a long even slope") == f"By {before - names['w']:.1f}"
    assert "1, 1.9, 2.71" in why(3, "a long even slope", "D") and pytest.approx(2.71) == 0.9 * 1.9 + 1


def test_where_to_stop():
    """The validation loss is lowest at the epoch of the right choice, the training loss at the last one."""
    losses = prepared("two_losses")
    best, last = (int(np.argmin(losses[name])) + 1 for name in ("validation", "training"))
    assert right(4, "weights of which epoch") == f"Of epoch {best}, lowest validation loss"
    assert asked(4, "weights of which epoch").choices["C"].text == f"Of epoch {last}, lowest training loss"


def test_inverted_dropout():
    """A kept value of 2 becomes 10, in one call of five."""
    names = {"np": np, "rng": np.random.default_rng(0), "h": np.full(10000, 2.0)}
    exec(asked(4, "a hidden value of 2").code, names)
    assert names["h"].max() == pytest.approx(10) and np.mean(names["h"] > 0) == pytest.approx(0.2, abs=0.02)
    assert right(4, "a hidden value of 2") == "10 in one call of five, else 0"


def test_masks():
    """One mask has a number for each value; one does not fit."""
    found, names = asked(4, "units of its own"), {"rng": np.random.default_rng(0), "p": 0.5, "h": np.zeros((32, 100))}
    shapes = {letter: eval(choice.text.strip("`"), names).shape for letter, choice in found.choices.items()}
    assert shapes[found.right] == (32, 100)
    with pytest.raises(ValueError, match="broadcast"):
        names["h"] * np.zeros(shapes["C"])


def test_bits_of_a_quarter():
    """Probabilities of 1/4 cost two bits, a perplexity of 4."""
    assert right("5a", "probability 1/4") == f"{-np.log2(1 / 4):.0f} bits, perplexity {2 ** -np.log2(1 / 4):.0f}"


def test_a_temperature_near_nothing():
    """Divided by a millionth, one logit more is all; at temperature 1 the two are 0.27 and 0.73."""
    shares = {}
    for degree in (1e-6, 1.0):
        names = {"np": np, "temper": lambda z, _, degree=degree: np.exp((z - z.max()) / degree)}
        exec(asked("5a", "hold after these lines").code, names)
        shares[degree] = names["p"] / names["p"].sum()
    assert shares[1e-6].tolist() == [0, 1] and right("5a", "hold after these lines") == "Almost (0, 1)"
    assert asked("5a", "hold after these lines").choices["C"].text == "About ({:.2f}, {:.2f})".format(*shares[1.0])


def test_a_clipped_gradient():
    """All entries are divided by 50, so their ratios stay."""
    gradient = np.array([30.0, -40.0])
    short = gradient / np.linalg.norm(gradient)
    assert np.linalg.norm(gradient) == pytest.approx(50)
    assert short[0] / short[1] == pytest.approx(gradient[0] / gradient[1])
    assert right("5a", "has a length of 50") == "The ratio of any two entries"
