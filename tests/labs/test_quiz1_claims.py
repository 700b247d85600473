"""The chapter quiz: where an answer can be computed, the choice that is taken for right is what comes out."""

import re
from itertools import pairwise

import numpy as np
import pytest

from autograder.exercises.quiz1_foundations import FOUNDATIONS_QUIZ
from autograder.settings import PROJECT
from course_utils.figures import questions

SOURCE = (PROJECT / "solutions" / "quiz1_foundations.py").read_text(encoding="utf-8")
KEYS, EXPLANATIONS = FOUNDATIONS_QUIZ.self_study["keys"], FOUNDATIONS_QUIZ.self_study["explanations"]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


def question(words):
    """Return number, code and choices by letter of the question that holds some words."""
    (text,) = (
        each.split("# %% solution=")[0]
        for each in SOURCE.split("**Question ")[1:]
        if words in re.sub(r"\s+(# )?", " ", each.split("# %% solution=")[0])
    )
    number = int(text.partition(".")[0])
    code = re.search(r"# ```python\n(.*?)# ```", text, re.DOTALL)
    listed = re.findall(r"^# - \*\*([A-Z])\.\*\* (.*(?:\n#   .*)*)", text, re.MULTILINE)
    choices = {letter: re.sub(r"\n#  ", "", choice) for letter, choice in listed}
    return number, re.sub(r"^# ?", "", code[1], flags=re.MULTILINE) if code else "", choices


def right(words):
    """Return the choice of that question that the key names."""
    number, _, choices = question(words)
    return choices[KEYS[f"answer_q{number}"]]


def prepared(name, title=""):
    return questions.prepared()[name]["panels"][title]


def parted_by_a_line(points):
    """Whether a perceptron finds a line between two classes of points."""
    points = np.array(points)
    X, y, w, b = points[:, :2], points[:, 2], np.zeros(2), 0.0
    for _ in range(200):
        mistakes = 0
        for x, target in zip(X, y):
            error = target - int(w @ x + b > 0)
            w, b, mistakes = w + error * x, b + error, mistakes + abs(error)
        if not mistakes:
            return True
    return False


def test_one_set_of_points_can_be_parted():
    """A line parts the points of the panel that is taken for right, and of no other."""
    panels = questions.prepared()["four_sets"]["panels"]
    assert [f"Panel {name}" for name in panels if parted_by_a_line(panels[name])] == [right("In which panel can")]


def test_one_change_mends_the_perceptron():
    """With each change tried on OR, only the right one ever gets through an epoch without a mistake."""
    words = "a perceptron learns OR"
    _, code, choices = question(words)
    corners = [(np.array(x), int(any(x))) for x in ((0, 0), (0, 1), (1, 0), (1, 1))]

    def ends(code):
        for_all = {"w": np.zeros(2), "b": 0.0, "rate": 0.1, "samples": corners}
        try:
            for _ in range(200):
                exec(code, for_all)
                if all(int(for_all["w"] @ x + for_all["b"] > 0) == y for x, y in corners):
                    return True
        except (TypeError, ValueError):
            pass
        return False

    mending = []
    for choice in (each.strip("`") for each in choices.values()):
        name = choice.partition(" =")[0]
        if ends(re.sub(rf"^( +){name} = .*$", rf"\1{choice}", code, flags=re.MULTILINE)):
            mending.append(choice)
    assert not ends(code) and mending == [right(words).strip("`")]


def test_parameters_of_a_network():
    """Weights and biases of each layer; the wrong choices leave something out, or give the inputs biases."""
    widths = [10, 4, 4, 1]
    layers = [(n_in * n_out, n_out) for n_in, n_out in pairwise(widths)]
    *_, choices = question("two hidden layers of 4 units")
    weights, total = sum(w for w, _ in layers), sum(map(sum, layers))
    assert list(map(int, choices.values())) == [weights, total - sum(layers[-1]), total, total + 10]
    assert right("two hidden layers of 4 units") == str(total)


def test_a_network_of_sigmoid_units():
    """It computes XOR as it stands, and what the key says with the other bias."""
    _, code, choices = question("its hidden units are OR and NAND")
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    for changed, expected in ((code, choices["A"]), (code.replace("-30", "-10"), right("its hidden units are OR"))):
        names = {"np": np, "sigmoid": sigmoid, "x": x}
        exec(changed, names)
        assert ", ".join(map(str, names["output"].round().astype(int))) == expected


def test_gradients_of_two_stacks():
    """Before the change the first layer gets next to nothing; after it all layers get about the same."""
    stacks = prepared("two_stacks")
    assert stacks["before"][0] < 1e-11 * stacks["before"][-1]
    assert 0.5 < stacks["after"][0] / stacks["after"][-1] < 2


def test_a_network_with_a_layer_to_spare():
    """The second and the third matrix can be multiplied beforehand."""
    rng = np.random.default_rng(0)
    h, W2, b2, W3, b3 = (rng.normal(size=shape) for shape in ((5, 16), (16, 16), 16, (16, 1), 1))
    assert (h @ W2 + b2) @ W3 + b3 == pytest.approx(h @ (W2 @ W3) + (b2 @ W3 + b3))
    assert right("have in effect?").startswith("One:")


def test_softmax_of_logits_that_grew():
    """The same probabilities; the wrong choices are shares of the sum, larger and smaller differences."""
    z = np.array([2.0, 0, -1])
    *_, choices = question("What is the softmax of (7, 5, 4)?")
    found = [softmax(z + 5), (z + 5) / (z + 5).sum(), softmax(2.5 * z), softmax(z / 2)]
    assert [f"({', '.join(f'{p:.2f}' for p in each)})" for each in found] == list(choices.values())
    assert right("What is the softmax of (7, 5, 4)?") == choices["A"]


def test_mean_cross_entropy():
    """The mean of minus the logarithms; the wrong choices are other means."""
    words = "How large is their mean cross-entropy?"
    _, code, choices = question(words)
    names = {"np": np}
    exec(code, names)
    p = names["p"][:, 0]
    found = [-np.log(p[0]), np.mean(1 - p), np.mean(-np.log(p)), -np.log(p.mean())]
    assert list(map(float, choices.values())) == pytest.approx(found, abs=0.0051)
    assert float(right(words)) == pytest.approx(found[2], abs=0.005)


def test_gradients_of_a_neuron_that_is_sure_and_wrong():
    """The slope of the sigmoid is a factor for squares, and cancels in cross-entropy."""
    p = 0.0001
    assert right("for its sum") == f"{2 * (p - 1) * p * (1 - p):.4f} and {p - 1:.0f}"


def test_one_step_of_a_neuron():
    """The gradient is error times input, and the step goes against it."""
    first, second = -0.5 * (0.6 - 1) * np.array([2.0, 0.0])
    assert second == 0
    assert right("What does one step") == f"The first grows by {first:.1f}, the second stays."


def test_the_fewer_samples_the_more_it_jumps():
    """The curves differ as the key says in how much they tremble after the first steps."""
    jumps = {name: np.abs(np.diff(losses[20:])).sum() for name, losses in prepared("three_batches").items()}
    rough = sorted(jumps, key=jumps.get)
    assert right("Which curve belongs to which size?") == ", ".join(
        f"{name}: of {dict(zip(rough, (64, 4, 1)))[name]}" for name in sorted(rough)
    )
    assert jumps[rough[2]] > 2 * jumps[rough[1]] > 4 * jumps[rough[0]]


def test_a_loop_that_never_learns():
    """As it stands the list keeps its arrays, so that the loss cannot change."""
    _, code, _ = question("prints the same loss in every epoch")
    printed = []
    exec(
        code,
        {
            "weights": [np.array([3.0])], "X": None, "y": 0.0, "rate": 0.1, "print": printed.append,
            "forward": lambda weights, X: weights[0][0], "backprop": lambda weights, X, y: [2 * weights[0]],
            "bce": lambda p, y: p**2,
        },
    )  # fmt: skip
    assert printed == [9.0] * 50 and "another array" in right("prints the same loss in every epoch")


def test_momentum_overshoots_and_arrives_first():
    """The curve with momentum climbs again and again and ends lower; plain descent never climbs."""
    walks = prepared("two_walks")
    assert right("Which is which?").startswith("1 has momentum")
    assert np.sum(np.diff(walks["1"]) > 0) > 10 and np.all(np.diff(walks["2"]) < 0)
    assert walks["1"][-1] < 0.1 * walks["2"][-1]


def test_the_first_step_of_adam():
    """Both parameters move by the rate; the wrong choices are plain descent, one size for both, and no correction."""
    g, rate = np.array([100, 0.01]), 0.001
    m, v = 0.1 * g, 0.001 * g**2
    *_, choices = question("Adam takes its very first step")
    found = [rate * g, rate * (m / 0.1) / np.sqrt(v / 0.001), rate * g / g.max(), rate * m / np.sqrt(v)]
    for choice, step in zip(choices.values(), found):
        assert [float(each.replace(" ", "")) for each in choice.split(" and ")] == pytest.approx(step, rel=0.02)
    assert right("Adam takes its very first step") == choices["B"]


def test_shapes_on_the_way_back():
    """One product has the shape of the hidden values; two cannot be computed."""
    *_, choices = question("carries the errors back")
    names = {"hidden": np.zeros((64, 16)), "W2": np.zeros((16, 2)), "delta": np.zeros((64, 2))}
    fits = {}
    for choice in choices.values():
        try:
            fits[choice] = eval(choice.strip("`"), names).shape
        except ValueError:
            continue
    assert fits == {"`hidden.T @ delta`": (16, 2), right("carries the errors back"): (64, 16)}


def test_early_stopping_saves_most_in_one_panel():
    """What the validation loss rose after its lowest value is by far the largest in the panel of the key."""
    panels = questions.prepared()["four_trainings"]["panels"]
    rise = {name: losses["validation"][-1] - min(losses["validation"]) for name, losses in panels.items()}
    best = max(rise, key=rise.get)
    assert right("would early stopping have helped") == f"Panel {best}"
    assert all(3 * rise[name] < rise[best] for name in rise if name != best)
    lowest = np.argmin(panels[best]["validation"]) + 1
    said = f"was {min(panels[best]['validation']):.2f} at epoch {lowest} and is {panels[best]['validation'][-1]:.2f}"
    assert said in EXPLANATIONS[f"answer_q{question('would early stopping have helped')[0]}"][best]


def test_patience():
    """Counting epochs without a new lowest loss ends where the key says."""
    _, code, _ = question("3 epochs in a row")
    lowest, kept, waited = np.inf, 0, 0
    for epoch, loss in enumerate(eval(code), 1):
        lowest, kept, waited = (loss, epoch, 0) if loss < lowest else (lowest, kept, waited + 1)
        if waited == 3:
            break
    assert right("3 epochs in a row") == f"After epoch {epoch}, with the weights of epoch {kept}"


def test_dropout_that_is_never_switched_off():
    """Two calls disagree, and their mean is that of the network."""
    words = "is never used"
    _, code, _ = question(words)
    names = {
        "np": np, "rng": np.random.default_rng(0), "p": 0.5, "relu": lambda z: np.maximum(z, 0),
        "W1": np.ones((2, 8)), "b1": 0.0, "W2": np.ones((8, 1)), "b2": 0.0,
    }  # fmt: skip
    exec(code, names)
    x = np.ones((4000, 2))
    first, second = (names["forward"](x, training=False) for _ in range(2))
    assert not np.allclose(first, second) and first.mean() == pytest.approx(16, rel=0.02)
    assert right(words).startswith("Two calls")


def test_a_penalty_alone():
    """Twenty steps take a twentieth each of what is left."""
    words = "does not depend on a weight"
    _, code, choices = question(words)
    names = {"w": 2.0, "g": 0.0}
    for _ in range(20):
        exec(code, names)
    assert right(words) == f"About {names['w']:.2f}"
    assert choices["B"] == f"Exactly {2 - 20 * 0.1 * 0.5 * 2:.2f}" and choices["C"] == f"About {2 * 0.95:.2f}"
