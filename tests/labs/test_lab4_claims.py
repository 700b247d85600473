"""Lab 4: what its text promises is true."""

import contextlib
import re
from functools import partial

import numpy as np
import pytest

from autograder.authoring.source import Lab
from autograder.exercises.lab4_overfitting_dropout import CAPSTONE, FALSE, LIMIT, TRAINING, exam
from autograder.settings import PROJECT
from bench import numpy_net
from bench.capstone import MANY, references
from bench.prepare_curves import FILE as CURVES
from bench.prepare_curves import RATES, SIZES, WIDTHS
from course_utils import datasets, probes
from course_utils.figures import lab4_curves, lab4_network, lab4_overfitting_dropout
from course_utils.frameworks import installed
from course_utils.judging.assess import assess
from course_utils.judging.lab4_overfitting_dropout import (
    BY_LOT_AT_MOST,
    GENERALISES,
    LEARNS,
    NEAR,
    SEES_THROUGH,
    exam_points,
)
from course_utils.remarks import diagnosis, in_words
from tests.labs.test_lab4_chances import RUNS

SOURCE = PROJECT / "solutions" / "lab4_overfitting_dropout.py"
TEXT = re.sub(r"\n# ?", " ", SOURCE.read_text(encoding="utf-8"))
needs_torch = pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")
needs_tensorflow = pytest.mark.skipif(not installed("tensorflow"), reason="TensorFlow is not installed")


@pytest.fixture(scope="module")
def lab():
    """The names of the solved lab."""
    return references()["solution"]


def promised(words):
    """Assert that the text says this, so that a test and its sentence change together."""
    assert words in TEXT, f"the text no longer says: {words}"


def test_there_are_1797_digits_of_8_by_8_pixels():
    """The bundled digits are as many, and as small, as the text says."""
    promised("1797 handwritten digits, 8 by 8 pixels each")
    images, labels = datasets.digits()
    assert images.shape == (1797, 8, 8) and set(labels) == set(range(10))
    assert (images.min(), images.max()) == (0, 1)


def test_shuffled_labels_are_learned_by_heart():
    """With shuffled labels training reaches 100 %, later than with true ones; validation stays near 10 %."""
    promised("training accuracy climbs to 100 % all the same; it only takes a little longer")
    promised("little more than 10 %, which is guessing")
    training, validation = lab4_overfitting_dropout.unshifted_digits(300)
    shuffled = training[0], np.random.default_rng(1).permutation(training[1])
    true, nonsense = (lab4_network.fit(part, validation, width=256) for part in (training, shuffled))
    assert true.training_accuracy[-1] == nonsense.training_accuracy[-1] == 1
    assert np.argmax(nonsense.training_accuracy == 1) > np.argmax(true.training_accuracy == 1)
    assert true.validation_accuracy[-1] > 0.9
    assert 0.05 < nonsense.validation_accuracy[-1] < 0.2


def test_the_opening_picture_shows_curves_that_part():
    """The training loss falls to the end; the validation loss is lowest half way and rises a lot."""
    training, validation, best, _ = lab4_curves.prepared()[1](0, 16, 400)
    assert training[-1] == training.min()
    assert 10 < best < 35
    assert validation[-1] > 1.1 * validation.min()


def test_there_are_a_hundred_prepared_trainings():
    """Every position of the three sliders has its curves."""
    promised("100 trainings that we ran beforehand")
    grid, run = lab4_curves.prepared()
    assert len(RATES) * len(WIDTHS) * len(SIZES) == 100
    for rate in grid["rates"]:
        for width in grid["widths"]:
            for size in grid["sizes"]:
                training, validation, best, accuracy = run(rate, width, size)
                assert (
                    len(training) == len(validation) == len(accuracy) == grid["epochs"]
                    and 0 < min(accuracy) < max(accuracy) < 1
                )
                assert best == np.argmin(validation) + 1


def test_the_loss_turns_and_the_accuracy_stays():
    """After the lowest validation loss the training loss falls and the validation loss rises; accuracy stays put."""
    promised("stays within five points of where it was")
    grid, run = lab4_curves.prepared()
    for size in grid["sizes"]:
        training, validation, best, accuracy = run(0, 16, size)
        assert training[-1] < 0.8 * training[best - 1] and validation[-1] > 1.1 * validation[best - 1]
        assert np.max(np.abs(accuracy[best:] - accuracy[best - 1])) < 0.05


def test_the_prepared_curves_are_those_of_the_network():
    """One training, made again, gives the curves in the file."""
    history = numpy_net.fit(*lab4_network.exam_like(200), width=16, rate=0.2)
    training, validation, *_ = lab4_curves.prepared()[1](0.2, 16, 200)
    assert training == pytest.approx(history.training_loss, abs=0.02)
    assert validation == pytest.approx(history.validation_loss, abs=0.05)
    assert CURVES == lab4_curves.PREPARED


def test_the_three_things_to_find_are_there():
    """Some network underfits, a rate keeps curves together for longer, and more data helps more than any rate."""
    promised("it **underfits**")
    promised("something that helps more than any dropout rate")
    _, run = lab4_curves.prepared()
    assert run(0, 4, 400)[0][-1] > 1 and run(0.8, 16, 400)[0][-1] > 1
    assert np.argmin(run(0.8, 256, 400)[1]) > np.argmin(run(0, 256, 400)[1]) + 10
    for width in (16, 64, 256):
        best = min(run(rate, width, 400)[1].min() for rate in RATES)
        assert min(run(rate, width, 1200)[1].min() for rate in RATES) < best


def test_patience_gets_past_the_bumps(lab):
    """Little patience stops at a bump; enough of it keeps the weights of the lowest loss of all."""
    losses = lab4_curves.prepared()[1](0.2, 64, 400)[1]
    kept = []
    for patience in (1, 8):
        stopper = lab["EarlyStopping"](patience, 0.0)
        for epoch, loss in enumerate(losses):
            if stopper.update(loss, [np.array(epoch)]):
                break
        kept.append(int(stopper.best_weights[0]))
    assert kept[0] < kept[1] == np.argmin(losses)


def test_dropout_keeps_the_mean(lab):
    """Over many calls the mean of a dropped three is the three."""
    promised("the three comes back")
    digit = datasets.digits().images[3]
    rng = np.random.default_rng(0)
    total = np.mean([lab["dropout"](digit, 0.5, True, rng)[0] for _ in range(4000)], axis=0)
    assert total == pytest.approx(digit, abs=0.1)


@needs_torch
@needs_tensorflow
def test_frameworks_scale_in_training():
    """Their layers are inverted dropout too: 0 or 1 / (1 - p) times the value in training, the value in evaluation."""
    import keras
    import torch

    promised("*inverted* dropout, the form that frameworks use")
    ones = np.ones((1, 1000), dtype="float32")
    layer = torch.nn.Dropout(0.8)
    for output in (layer(torch.tensor(ones)).numpy(), keras.layers.Dropout(0.8)(ones, training=True).numpy()):
        assert np.unique(output) == pytest.approx([0, 5])
    assert np.all(layer.eval()(torch.tensor(ones)).numpy() == 1)


def test_the_error_at_the_logits_is_prediction_minus_truth():
    """For softmax and mean cross-entropy the gradient is (P - Y) / n, as the hint for NumPy says."""
    promised("prediction minus truth, $D = (P - Y) / n$")
    rng = np.random.default_rng(0)
    z, labels, nudge = rng.normal(size=(3, 10)), np.array([7, 0, 3]), 1e-6

    def probabilities(z):
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    def loss(z):
        return -np.mean(np.log(probabilities(z)[np.arange(3), labels]))

    slopes = [(loss(z + nudge * one) - loss(z - nudge * one)) / (2 * nudge) for one in np.eye(30).reshape(30, 3, 10)]
    assert ((probabilities(z) - np.eye(10)[labels]) / 3).ravel() == pytest.approx(np.array(slopes), abs=1e-8)


def test_l2_makes_the_regression_better_and_too_much_makes_it_worse(lab):
    """On other points the error is smallest at a strength in between."""
    promised("14 points of a wave")
    x, y = datasets.noisy_wave(14, seed=3)
    others = datasets.noisy_wave(200, seed=103)
    features = np.polynomial.chebyshev.chebvander(x, 9)
    curvature, pull = features.T @ features / 14, features.T @ y / 14
    errors = []
    for strength in (0.0, 0.1, 3.0):
        w = np.zeros(10)
        rate = 1 / (np.linalg.eigvalsh(curvature)[-1] + strength)
        for _ in range(3000):
            w = lab["l2_step"](w, curvature @ w - pull, lambda g: g, rate, strength, "penalty")
        errors.append(np.mean((np.polynomial.chebyshev.chebval(others[0], w) - others[1]) ** 2))
    assert errors[1] < 0.5 * errors[0] and errors[1] < 0.5 * errors[2]


W, GRADIENT, RATE, STRENGTH = np.array([0.5, -2.0, 1.0]), np.array([0.3, 0.1, -0.6]), 0.1, 0.2


def adam(gradient):
    return gradient / (np.abs(gradient) + 1e-8)


@needs_torch
@pytest.mark.parametrize(
    ("name", "direction", "kind"),
    [("SGD", lambda g: g, "penalty"), ("Adam", adam, "penalty"), ("AdamW", adam, "decay")],
)
def test_weight_decay_in_pytorch(lab, name, direction, kind):
    """``weight_decay`` is the penalty in SGD and Adam, and decay in AdamW."""
    import torch

    w = torch.nn.Parameter(torch.tensor(W))
    optimiser = getattr(torch.optim, name)([w], lr=RATE, weight_decay=STRENGTH)
    w.grad = torch.tensor(GRADIENT)
    optimiser.step()
    expected = lab["l2_step"](W, GRADIENT, direction, RATE, STRENGTH, kind)
    assert w.detach().numpy() == pytest.approx(expected, abs=1e-6)


@needs_tensorflow
@pytest.mark.parametrize(("name", "direction"), [("SGD", lambda g: g), ("Adam", adam), ("AdamW", adam)])
def test_weight_decay_in_keras(lab, name, direction):
    """``weight_decay`` of a Keras optimiser is decay."""
    import keras

    w = keras.Variable(W, dtype="float32")
    getattr(keras.optimizers, name)(RATE, weight_decay=STRENGTH).apply_gradients([(GRADIENT.astype("float32"), w)])
    expected = lab["l2_step"](W, GRADIENT, direction, RATE, STRENGTH, "decay")
    assert w.numpy() == pytest.approx(expected, abs=1e-5)


@needs_tensorflow
def test_the_regulariser_of_keras_lacks_the_half():
    """``keras.regularizers.L2(s)`` adds s times the sum of squares, so that s = lambda / 2 is the penalty."""
    import keras

    assert float(keras.regularizers.L2(STRENGTH / 2)(W.astype("float32"))) == pytest.approx(STRENGTH / 2 * np.sum(W**2))


@needs_torch
def test_the_switch_of_pytorch():
    """A new network is in training mode; train(False) is eval(); no_grad does not switch dropout off."""
    import torch

    net = torch.nn.Sequential(torch.nn.Dropout(0.5))
    assert net.training and net[0].training
    assert not net.train(False).training and not net[0].training
    net.train()
    with torch.no_grad():
        assert (net(torch.ones(1000)) == 0).any()


@needs_tensorflow
def test_the_switch_of_keras():
    """A plain call is an evaluation; fit calls with training=True, evaluate and predict with False."""
    import keras

    seen = []

    class Spy(keras.layers.Layer):
        def call(self, x, training=None):
            seen.append(bool(training))
            return x

    x = np.ones((4, 2), dtype="float32")
    dropped = keras.Sequential([keras.Input((1000,)), keras.layers.Dropout(0.5)])
    assert np.all(dropped(np.ones((1, 1000), dtype="float32")).numpy() == 1)
    net = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2), Spy()])
    net.compile(loss="mse", run_eagerly=True)
    for action, expected in ((lambda: net.fit(x, x, verbose=0), True), (lambda: net.evaluate(x, x, verbose=0), False)):
        seen.clear()
        action()
        assert set(seen) == {expected}


def test_the_terms_of_the_exam_are_those_of_the_judge():
    """Digits, steps, tolerance and seconds in the text are the ones that are used."""
    for points, begins, full in (LEARNS, GENERALISES, SEES_THROUGH):
        promised(f"| {points:g} points | {100 * begins:.0f} % | {100 * full:.0f} % | ")
    promised(f"gets {BY_LOT_AT_MOST:g} points at most")
    promised(f"there are {BY_LOT_AT_MOST:g} points at most")
    promised(f"(NumPy or a framework, {exam_points(1, 1):g} points")
    promised(f"**some labels are false**: {FALSE} of the {TRAINING}")
    promised(f"gets {TRAINING} digits")
    promised(f"is stopped after {LIMIT} seconds")
    promised(f"give or take {100 * NEAR:.0f} points")
    digits = datasets.rehearsal()
    counts = [len(part.labels) for part in digits]
    promised(f"{counts[0]} digits with {FALSE} false labels to train on, and {counts[1]} others")
    promised(f"{counts[2]} digits that have decided nothing")


def test_the_exam_deals_the_labels_anew():
    """Every part calls a digit by the same new name, so a public label looked up earns no more than a guess."""
    promised("deals the labels anew")
    known, dealt = datasets.digits(), set()
    for entropy in range(3):
        images, labels = exam(entropy)
        names = {}
        for part in ("training", "hidden"):
            pixels, known_pixels = datasets.unpack_images(images[part]).reshape(-1, 1, 64), known.images.reshape(-1, 64)
            nearest = [known.labels[np.argmin(((known_pixels - image) ** 2).sum(axis=1))] for image in pixels]
            pairs = np.array([nearest, [int(label) for label in labels[part]]])
            names[part] = [int(np.bincount(pairs[1][pairs[0] == digit]).argmax()) for digit in range(10)]
        assert names["training"] == names["hidden"] and sorted(names["hidden"]) == list(range(10))
        assert sum(digit == name for digit, name in enumerate(names["hidden"])) < 4
        dealt.add(tuple(names["hidden"]))
    assert len(dealt) == 3


def test_the_cures_earn_what_the_table_of_the_exam_says():
    """Its numbers are means and deviations over the exams of `python -m bench.capstone`."""
    accuracy, undeceived = (
        {name: 100 * np.mean(run[quantity]) for name, run in RUNS.items()} for quantity in ("accuracy", "undeceived")
    )
    for said, name in {
        "without any cure": "no cure",
        "with early stopping alone": "early stopping",
        "with augmentation alone": "augmentation",
        "with augmentation and early stopping": "augmentation, early stopping",
        "with augmentation and dropout": "augmentation, dropout",
        "with all three": "all cures",
    }.items():
        points = list(map(exam_points, RUNS[name]["accuracy"], RUNS[name]["undeceived"]))
        promised(
            f"| {said} | {accuracy[name]:.0f} % | {undeceived[name]:.0f} % | "
            f"{np.mean(points):.1f} ± {np.std(points, ddof=1):.1f} |"
        )
        assert len(points) == 12
    promised(f"{accuracy['never stopped']:.0f} % were right without it, {accuracy['solution']:.0f} % with everything")


def test_at_the_lower_rate_luck_costs_nothing():
    """Of the solution the text says its mean, its worst exam, and that all points came at each."""
    accuracy, undeceived = RUNS["solution"]["accuracy"], RUNS["solution"]["undeceived"]
    promised(f"{100 * np.mean(accuracy):.0f} % were right on average at {len(accuracy)} exams")
    promised(f"{100 * min(accuracy):.0f} % at the worst: all points at each of them")
    assert set(map(exam_points, accuracy, undeceived)) == {exam_points(1, 1)} and len(accuracy) == MANY


def test_with_another_seed_the_table_of_cures_comes_out_otherwise(lab):
    """More than ``NEAR`` away now and then: of ten seeds, one to four."""
    training, validation, _ = datasets.rehearsal()
    first, *others = (
        np.mean(lab["train"](*training, seed)(validation.images) == validation.labels) for seed in range(11)
    )
    assert 1 <= sum(abs(other - first) > NEAR for other in others) <= 4
    promised("more than 3 points away in about one repetition of five")


def test_the_exam_gives_full_marks_to_the_solution_and_little_to_memory():
    """The solution passes, and a memorising network repeats nearly all false labels."""
    test = CAPSTONE.test("numpy", b"claim", "grade")
    found = {
        name: assess(test, partial(probes.ask_each, own), reveal=True)
        for name, own in references().items()
        if name in ("solution", "memorises")
    }
    assert int(re.search(r"and (\d+)% by the false one", found["memorises"].message)[1]) > 95
    assert found["solution"].fraction == 1 and found["memorises"].fraction == LEARNS.points / exam_points(1, 1)


def test_a_training_that_takes_too_long_is_stopped():
    """The probe interrupts it and says so, whether or not the student's code catches exceptions."""

    def train(images, labels, seed):
        while True:
            with contextlib.suppress(Exception):
                sum(range(1000))

    (case,) = CAPSTONE.test("numpy", b"claim", "grade")["cases"]
    reply = probes.ask({"train": train}, "train", "trained", {**case["arguments"], "limit": 0.3})
    assert diagnosis(reply["unusable"]) == "too_slow" and "after 0.3 seconds" in in_words(reply["unusable"])


def test_minutes_add_up_to_the_time_that_is_announced():
    """The exercises' minutes leave time to read and to play."""
    prose = "\n".join(cell.text for cell in Lab(SOURCE).cells if cell.kind == "markdown")
    minutes = sum(int(each) for each in re.findall(r"^#+ .*\(.*?(\d+) minutes[,)]", prose, re.MULTILINE))
    assert "about 155 minutes" in prose and 115 <= minutes <= 130
