"""Lab 4's probes: dropout, networks that drop out, early stopping, L2 steps, and the training of the capstone."""

import random
import signal
import time
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import pytest

from course_utils.datasets import pack_images, rehearsal, unpack_images
from course_utils.probes import ask
from course_utils.probes.lab4_overfitting_dropout import (
    CONSTANTS,
    CURES,
    MEASURED_AGAIN,
    ROWS,
    SAMPLES,
    first_adam_step,
    network_under_test,
    numbered_images,
    ramp,
)
from course_utils.remarks import diagnosis, in_words
from tests.course_utils.early_stopping import EarlyStopping
from tests.course_utils.needs import needs_tensorflow, needs_torch

NOTHING = {"values": {"output": None}, "notes": []}
torch_only = pytest.param("torch", id="torch", marks=needs_torch)
tensorflow_only = pytest.param("tensorflow", id="tensorflow", marks=needs_tensorflow)
both_frameworks = pytest.mark.parametrize("library", [torch_only, tensorflow_only])


def asked(probe, function, **arguments):
    return ask({"f": function}, "f", probe, arguments)


def test_a_ramp_holds_different_numbers_of_both_signs():
    """From low to high, none of them 0, every second one negative, in the shape asked for."""
    values = ramp((3, 4), 0.1, 1.2)
    assert values.shape == (3, 4) and len(np.unique(np.abs(values))) == 12
    assert values.ravel() == pytest.approx(np.arange(1, 13) / 10 * np.tile([1, -1], 6))


SHAPE, P = (20, 10), 0.25


def dropout_numpy(x, p, training, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p) if training else np.ones_like(x)
    return x * mask, mask


def calls_of(function, training=True):
    arguments = {"shape": SHAPE, "low": 0.1, "high": 1.0, "p": P, "training": training, "seed": 3}
    return asked("dropout_calls", function, **arguments)


def test_dropout_is_called_twice_on_the_same_inputs():
    """Two outputs, each with its mask, and the inputs as they are after the calls."""
    reply = calls_of(dropout_numpy)
    x, values = ramp(SHAPE, 0.1, 1.0), reply["values"]
    assert reply["notes"] == []
    assert set(values) == {"again", *(f"{name}_{number}" for name in ("output", "input", "mask") for number in (1, 2))}
    for number in (1, 2):
        assert type(values[f"output_{number}"]) is np.ndarray
        assert values[f"input_{number}"] == pytest.approx(x)
        assert values[f"output_{number}"] == pytest.approx(x * values[f"mask_{number}"])
        assert np.unique(values[f"mask_{number}"]) == pytest.approx([0, 1 / (1 - P)])
    assert not np.array_equal(values["output_1"], values["output_2"])


def test_dropout_is_told_whether_this_is_training():
    """In evaluation the right function gives its inputs back."""
    values = calls_of(dropout_numpy, training=False)["values"]
    assert values["output_1"] == pytest.approx(ramp(SHAPE, 0.1, 1.0))
    assert np.array_equal(values["output_1"], values["output_2"])


def test_the_generator_of_dropout_is_seeded():
    """A case decides by its seed what is drawn, and a third call starts from the same generator as the first."""
    first, again = (calls_of(dropout_numpy)["values"] for _ in range(2))
    assert np.array_equal(first["output_1"], again["output_1"])
    assert np.array_equal(first["output_2"], again["output_2"])
    assert np.array_equal(first["again"], first["output_1"]) and not np.array_equal(first["again"], first["output_2"])


def test_inputs_changed_in_place_show_as_they_are_after_the_call():
    """A change in place is no error: the judge sees the inputs, and the second call gets fresh ones."""

    def in_place(x, p, training, rng):
        x *= 2
        return x, np.full(x.shape, 2.0)

    values = calls_of(in_place)["values"]
    for number in (1, 2):
        assert values[f"input_{number}"] == pytest.approx(2 * ramp(SHAPE, 0.1, 1.0))
        assert values[f"output_{number}"] == pytest.approx(2 * ramp(SHAPE, 0.1, 1.0))


@pytest.mark.parametrize("value", [None, ...])
def test_dropout_that_is_not_written_yet_is_unfinished(value):
    """Nothing returned at the first call ends the asking."""
    assert calls_of(lambda *_: value) == NOTHING


@pytest.mark.parametrize("value", [None, ...])
def test_a_mask_that_is_missing_is_left_out(value):
    """Whoever returns an output has begun, so that the outputs are judged."""
    values = calls_of(lambda x, *_: (x, value))["values"]
    assert {"output_1", "output_2", "again"} <= set(values) and not {"mask_1", "mask_2"} & set(values)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (0.25, "expected a function, got a number"),
        (lambda x, *_: x, "expected two values, the output and the mask, got one"),
        (lambda x, *_: (x, x, x), "expected two values, the output and the mask, got 3"),
        (lambda x, *_: (x, "mask"), "expected numbers, but the mask is a string"),
        (lambda x, *_: ({}, x), "expected numbers, but the output is a dictionary"),
    ],
)
def test_what_is_no_dropout_is_named(function, sentence):
    """No function, another number of values, and values of another kind."""
    reply = calls_of(function)
    assert (diagnosis(reply["unusable"]), in_words(reply["unusable"])) == ("wrong_type", sentence)


LABELS_TO_SPLIT = np.array([0, 1, 0, 1, 0, 1])


def test_splits_of_all_seeds_come_as_the_part_of_each_sample():
    """The parts of the first seed as they are, and a row of part numbers for each seed; -1 for what is in none."""

    def split(labels, seed):
        return [seed, 99], [3], [5, -1]

    values = asked("seeded_splits", split, labels=LABELS_TO_SPLIT, seeds=[0, 4])["values"]
    assert [values[name].tolist() for name in ("train", "validation", "test")] == [[0, 99], [3], [5, -1]]
    assert values["members"].tolist() == [[0, -1, -1, 1, -1, 2], [-1, -1, -1, 1, 0, 2]]
    for nothing in (None, ([1], None, [2])):
        reply = asked("seeded_splits", lambda labels, seed, nothing=nothing: nothing, labels=LABELS_TO_SPLIT, seeds=[0])
        assert reply["values"] == NOTHING["values"]


WIDTHS, SEED = [3, 14, 12, 15], 5
TEST = network_under_test(WIDTHS, SEED)
X = TEST.x


def forward(parameters, x):
    for layer in (1, 2):
        x = np.maximum(x @ parameters[f"W{layer}"] + parameters[f"b{layer}"], 0)
    return x @ parameters["W3"] + parameters["b3"]


def test_a_network_under_test_shows_activations_and_dropouts():
    """With some parameters sums have both signs in each layer; with the others, units form positive chains."""
    again, other = network_under_test(WIDTHS, SEED), network_under_test(WIDTHS, SEED + 1)
    assert np.array_equal(again.x, X) and not np.array_equal(other.x, X)
    hidden = X @ TEST.mixed["W1"] + TEST.mixed["b1"]
    for z in (hidden, np.maximum(hidden, 0) @ TEST.mixed["W2"] + TEST.mixed["b2"], forward(TEST.mixed, X)):
        assert 0.2 < np.mean(z > 0) < 0.8
    assert all(np.all(TEST.chained[name] >= 0) for name in ("W1", "b1", "W2", "b2")) and np.all(TEST.positive > 0)
    assert np.count_nonzero(TEST.chained["W2"]) == np.count_nonzero(TEST.chained["W3"]) == 12
    assert not np.any(TEST.chained["W3"][:, -CONSTANTS:])


def build_torch(widths, p):
    from torch import nn

    *hidden, head = [nn.Linear(*pair) for pair in pairwise(widths)]
    return nn.Sequential(*[layer for linear in hidden for layer in (linear, nn.ReLU(), nn.Dropout(p))], head)


def run_torch(net, x, training):
    before = net.training
    net.train(training)
    output = net(x)
    net.train(before)
    return output


def build_keras(widths, p):
    import keras

    layers = [keras.layers.Dense(units, activation="relu") for units in widths[1:-1]]
    hidden = [layer for dense in layers for layer in (dense, keras.layers.Dropout(p))]
    return keras.Sequential([keras.Input((widths[0],)), *hidden, keras.layers.Dense(widths[-1])])


def run_keras(net, x, training):
    return net(x, training=training)


BUILD = {"torch": build_torch, "tensorflow": build_keras}
RUN = {"torch": run_torch, "tensorflow": run_keras}
PROBES = {"torch": "torch_dropout_net", "tensorflow": "keras_dropout_net"}


def nets_of(library, build, run):
    return ask(
        {"build": build, "run": run}, ["build", "run"], PROBES[library], {"widths": WIDTHS, "p": 0.5, "seed": SEED}
    )


@both_frameworks
def test_a_network_is_built_with_the_parameters_of_the_test_and_called_in_both_modes(library):
    """In evaluation the output is that of ReLU layers with these weights; in training values are dropped."""
    values = nets_of(library, BUILD[library], None)["values"]
    assert set(values) == {f"{mode}_{number}" for mode in ("evaluation", "training") for number in (1, 2)}
    for number in (1, 2):
        assert values[f"evaluation_{number}"] == pytest.approx(forward(TEST.mixed, X), rel=1e-3, abs=1e-3)
        assert values[f"training_{number}"].shape == (SAMPLES, 15)
        constants = np.tile(TEST.chained["b3"][-CONSTANTS:], (SAMPLES, 1))
        assert values[f"training_{number}"][:, -CONSTANTS:] == pytest.approx(constants)
        dropped = np.isclose(values[f"training_{number}"], TEST.chained["b3"], atol=1e-5)[:, :-CONSTANTS]
        assert 0.4 < np.mean(dropped) < 0.6


@needs_torch
def test_a_pytorch_network_is_called_from_both_modes():
    """The probe's own network drops half of its inputs in training, and mode and gradient are noted."""
    values = nets_of("torch", None, run_torch)["values"]
    calls = [f"{mode}_from_{before}" for mode in ("training", "evaluation") for before in ("training", "evaluation")]
    assert set(values) == {f"{name}_{call}" for name in ("run", "mode", "gradient") for call in calls}
    for call in calls:
        assert values[f"mode_{call}"].tolist() == [True]
        if call.startswith("evaluation"):
            assert values[f"run_{call}"] == pytest.approx(X, rel=1e-5)
        else:
            ratio = values[f"run_{call}"] / X
            assert np.all((ratio == 0) | (np.abs(ratio - 2) < 1e-5)) and 0 < np.mean(ratio == 0) < 1


def leaves_mode(net, x, training):
    net.train(training)
    return net(x)


def leaves_mode_of_layers(net, x, training):
    before = net.training
    output = leaves_mode(net, x, training)
    net.training = before  # the layers within keep theirs
    return output


@needs_torch
@pytest.mark.parametrize("run", [leaves_mode, leaves_mode_of_layers])
def test_a_pytorch_network_left_in_another_mode_is_noticed(run):
    """The outputs are right, and the reply says that the mode of the network or of a layer is another."""
    values = nets_of("torch", None, run)["values"]
    modes = {name: bool(array[0]) for name, array in values.items() if name.startswith("mode_")}
    assert modes == {
        "mode_training_from_training": True,
        "mode_evaluation_from_training": False,
        "mode_training_from_evaluation": False,
        "mode_evaluation_from_evaluation": True,
    }


@needs_tensorflow
def test_a_keras_network_is_called_both_ways():
    """The function passes on whether this is training: half is dropped and the rest doubled, or nothing changes."""
    values = nets_of("tensorflow", None, run_keras)["values"]
    assert set(values) == {"run_training", "run_evaluation"}
    assert values["run_evaluation"] == pytest.approx(X, rel=1e-5)
    ratio = values["run_training"] / X
    assert np.all((ratio == 0) | (np.abs(ratio - 2) < 1e-5)) and 0 < np.mean(ratio == 0) < 1


@both_frameworks
def test_two_functions_that_are_not_written_yet_are_unfinished(library):
    """Missing names and functions that return nothing: nothing to judge."""
    assert nets_of(library, None, None) == NOTHING
    assert nets_of(library, lambda widths, p: None, lambda net, x, training: ...) == NOTHING


@both_frameworks
def test_what_is_no_network_is_named(library):
    """The builder must return the framework's own network, and the other function a tensor."""
    kind = {"torch": "an `nn.Module`", "tensorflow": "a Keras model"}[library]
    reply = nets_of(library, lambda widths, p: [p], None)
    assert [(diagnosis(note), in_words(note)) for note in reply["notes"]] == [
        ("wrong_type", f"expected {kind}, got a list")
    ]
    reply = nets_of(library, None, lambda net, x, training: X)
    assert diagnosis(reply["unusable"]) == "wrong_type" and in_words(reply["unusable"]).endswith(
        "tensor, got a NumPy array"
    )


@both_frameworks
def test_a_network_of_other_layers_is_told_what_does_not_fit(library):
    """A network without a hidden layer, or of other widths, is noted; the second function is asked all the same."""

    def too_small(widths, p):
        return BUILD[library]([widths[0], widths[-1]], p)

    def too_wide(widths, p):
        return BUILD[library]([*widths[:-1], 99], p)

    for build, code in ((too_small, "wrong_depth"), (too_wide, "parameter_shape")):
        reply = nets_of(library, build, RUN[library])
        assert diagnosis(reply["notes"][0]) == code
        assert all(name.startswith(("run_", "mode_", "gradient_")) for name in reply["values"])


def stopped(target, losses=(1.0, 0.5, 0.6, 0.7, 0.4), in_place=True):
    weights = [np.array([[1, 2]]), np.array([3])]
    return asked(
        "early_stopping", target, patience=2, min_delta=0.01, losses=list(losses), weights=weights, in_place=in_place
    )


def test_early_stopping_sends_the_epoch_and_the_best_weights():
    """The weights grow by 1 after each epoch; those of the best one come flat, in one array."""
    values = stopped(EarlyStopping)["values"]
    assert values["stopped_after"].tolist() == 4
    assert values["best_weights"].tolist() == [2, 3, 4]


def test_a_training_that_is_never_stopped_sends_epoch_0():
    """Losses that keep falling use up all epochs."""
    values = stopped(EarlyStopping, losses=[1.0, 0.8, 0.6])["values"]
    assert values["stopped_after"].tolist() == 0 and values["best_weights"].tolist() == [3, 4, 5]


def test_weights_that_were_not_copied_show_as_the_last_ones():
    """The training changes its weights in place, so a stopper that only keeps them has those of the last epoch."""

    class Careless(EarlyStopping):
        def update(self, loss, weights):
            stop = super().update(loss, weights)
            self.best_weights = weights
            return stop

    assert stopped(Careless)["values"]["best_weights"].tolist() == [4, 5, 6]


def test_a_stopper_without_copies_is_right_where_each_epoch_has_new_arrays():
    """Then a reference to the best weights keeps them."""

    class Reference(EarlyStopping):
        def update(self, loss, weights):
            before = self.best
            stop = super().update(loss, weights)
            self.kept = weights if loss < before else self.kept
            self.best_weights = self.kept
            return stop

    assert stopped(Reference, in_place=False)["values"]["best_weights"].tolist() == [2, 3, 4]


def stopper_with(best_weights, stop=True):
    """Return a class whose objects stop at once, with these weights."""

    def update(self, loss, weights):
        self.best_weights = best_weights
        return stop

    return type("Stopper", (), {"__init__": lambda self, patience, min_delta: None, "update": update})


@pytest.mark.parametrize(
    ("target", "note"),
    [
        (lambda patience, min_delta: None, None),
        (stopper_with(None, stop=None), "`update` returns nothing yet; it should say True or False."),
        (stopper_with(None), "`best_weights` is still empty: no epoch has counted as the best so far."),
        (
            stopper_with([np.ones((1, 2)), None]),
            "`best_weights` is still empty: no epoch has counted as the best so far.",
        ),
    ],
)
def test_early_stopping_that_is_not_written_yet_says_what_is_missing(target, note):
    """Each stage of writing the class is unfinished in its own way."""
    reply = stopped(target)
    assert reply["values"] == {"output": None}
    assert [in_words(each) for each in reply["notes"]] == ([note] if note else [])


@pytest.mark.parametrize(
    ("target", "code", "sentence"),
    [
        (3, "wrong_type", "expected a class"),
        (lambda patience, min_delta: 3, "missing_method", "expected an object with a method `update`"),
        (stopper_with(np.ones(3)), "wrong_type", "expected `best_weights` to be a list of 2 arrays"),
        (stopper_with([np.ones(3)]), "wrong_type", "expected `best_weights` to be a list of 2 arrays"),
        (stopper_with([np.ones(2), "b"]), "wrong_type", "expected numbers, but `best_weights` is a string"),
    ],
)
def test_what_is_no_early_stopping_is_named(target, code, sentence):
    """No class, no method, or weights of another form than came."""
    reply = stopped(target)
    assert diagnosis(reply["unusable"]) == code and in_words(reply["unusable"]).startswith(sentence)


PARAMETERS, GRADIENT = np.array([1.0, -2.0]), np.array([0.5, -3.0])


def step_of(function, optimiser="sgd"):
    settings = {"optimiser": optimiser, "learning_rate": 0.1, "strength": 0.2, "kind": "penalty"}
    return asked("regularised_step", function, w=PARAMETERS, gradient=GRADIENT, **settings)


def test_a_step_with_l2_gets_the_direction_of_its_optimiser():
    """The direction is the gradient itself, or about its sign for Adam; the rest is passed on as it is."""
    others = []

    def step(w, gradient, direction, *rest):
        others.append(rest)
        return w - direction(gradient)

    assert step_of(step)["values"]["output"] == pytest.approx(PARAMETERS - GRADIENT)
    assert step_of(step, "adam")["values"]["output"] == pytest.approx([0.0, -1.0], abs=1e-6)
    assert others == [(0.1, 0.2, "penalty")] * 2


def test_a_step_that_writes_into_the_weights_is_noted():
    """The text asks to leave them as they are."""

    def in_place(w, gradient, direction, *others):
        w -= gradient
        return w

    assert step_of(in_place)["notes"] == [{"says": "input_changed"}]


def test_a_step_with_l2_is_unfinished_or_none():
    """A stub has no output; what is no function, or no numbers, is told."""
    assert step_of(lambda *_: None) == NOTHING
    assert in_words(step_of(3)["unusable"]) == "expected a function, got a number"
    assert diagnosis(step_of(lambda *_: "w")["unusable"]) == "wrong_type"


def test_adams_first_step_has_the_size_of_1():
    """Whatever the gradient's size: only its sign is left, and 0 stays 0."""
    assert first_adam_step(np.array([1e-3, -50.0, 0.0])) == pytest.approx([1, -1, 0], abs=1e-4)


RNG = np.random.default_rng(0)
IMAGES = {name: pack_images(RNG.random((count, 8, 8))) for name, count in (("training", 6), ("hidden", 4))}
LABELS = "301942"


def trained(train, limit=5.0):
    arguments = {"images": IMAGES["training"], "labels": LABELS, "questions": {"hidden": IMAGES["hidden"]}}
    return asked("trained", train, **arguments, seed=7, limit=limit)


def always(result):
    """Return a training whose `predict` has this result."""
    return lambda images, labels, seed: lambda question: result


def test_a_training_gets_digits_and_predicts_others():
    """Images of 8 by 8, their labels as numbers and a seed; `predict` is asked about the training images too."""
    received = []

    def train(images, labels, seed):
        received.extend([images, labels, seed])
        return lambda question: np.round(question.sum(axis=(1, 2)))

    reply = trained(train)
    images, labels, seed = received
    assert np.array_equal(images, unpack_images(IMAGES["training"])) and seed == 7
    assert labels.tolist() == [3, 0, 1, 9, 4, 2]
    assert reply["notes"] == [] and set(reply["values"]) == {"hidden", "training", "again"}
    for name, array in reply["values"].items():
        images = unpack_images(IMAGES[{"again": "training"}.get(name, name)])
        assert np.array_equal(array, np.round(images.sum(axis=(1, 2))))


def test_a_training_that_changes_its_images_is_asked_about_the_first_ones():
    """What `predict` is asked about is unpacked anew."""

    def vandal(images, labels, seed):
        images[:] = 0
        return lambda question: question.max(axis=(1, 2))

    assert np.all(trained(vandal)["values"]["training"] > 0)


def test_a_training_starts_from_seeded_libraries():
    """What a training draws without a generator of its own is the same each time."""

    def drawing(images, labels, seed):
        numbers = random.random(), np.random.random()
        return lambda question: np.full(len(question), sum(numbers))

    assert np.array_equal(trained(drawing)["values"]["hidden"], trained(drawing)["values"]["hidden"])


@pytest.mark.parametrize("train", [lambda *_: None, lambda *_: ..., always(None)])
def test_a_training_that_is_not_written_yet_is_unfinished(train):
    """Neither a `predict` nor what it returns is there."""
    assert trained(train)["values"] == {"output": None}


def test_a_predict_that_returns_nothing_is_named():
    """The note says which of the two functions is missing."""
    assert [in_words(note) for note in trained(always(None))["notes"]] == ["`predict` returns nothing yet."]


@pytest.mark.parametrize(
    ("train", "code", "sentence"),
    [
        (3, "wrong_type", "expected a function"),
        (lambda *_: np.ones(4), "wrong_type", "`train` should return a function `predict(images)`, got a NumPy array"),
        (always("seven"), "wrong_type", "expected numbers, but what `predict` returns is a string"),
        (always(np.ones((4, 10))), "not_a_digit", "`predict` returns ten numbers for each image"),
        (always(3), "wrong_shape", "`predict` should return one label for each image, shape (4,), got ()"),
        (always([3] * 5), "wrong_shape", "`predict` should return one label for each image, shape (4,), got (5,)"),
    ],
)
def test_what_is_no_training_is_named(train, code, sentence):
    """No function, no `predict`, and predictions of another kind or shape."""
    reply = trained(train)
    assert diagnosis(reply["unusable"]) == code and in_words(reply["unusable"]).startswith(sentence)


needs_a_timer = pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="this system has no timer of processor time")


def test_images_are_moved_three_times_the_last_time_as_the_first():
    """Each pixel is another number; the third generator is like the first one, and changes to the images show."""

    def vandal(images, rng):
        images[0] = rng.random()
        return images

    values = asked("augmented", vandal, count=3, seed=1)["values"]
    assert set(values) == {"first", "second", "again", "after"}
    assert np.array_equal(values["first"], values["again"]) and not np.array_equal(values["first"], values["second"])
    numbers = numbered_images(3)
    assert len(np.unique(numbers)) == 3 * 64 and np.array_equal(values["second"][1:], numbers[1:])
    assert np.array_equal(values["after"], values["first"])
    assert asked("augmented", lambda images, rng: None, count=3, seed=1) == NOTHING


TABLE = dict.fromkeys(ROWS, 0.5)


def rows_of(train, table):
    return ask(
        {"train": train, "table": table}, ["train", "table"], "ablation_rows", {"rows": list(ROWS), "limit": 5.0}
    )


def test_two_rows_of_the_table_are_measured_again():
    """The training gets the rehearsal's digits, without cures and with all; its answers come beside all numbers."""
    received = []

    def train(*arguments):
        received.extend(arguments)
        return lambda asked: np.arange(len(asked)) % 10

    values = rows_of(train, TABLE)["values"]
    digits = rehearsal()
    assert np.array_equal(received[0], digits.training.images) and received[2:4] == [0, ()]
    assert np.array_equal(received[4], digits.training.images) and received[6:] == [0, CURES]
    assert [values[f"reported {row}"] for row in ROWS] == [0.5] * 5
    assert all(values[f"measured {row}"].shape == digits.validation.labels.shape for row in MEASURED_AGAIN)


@pytest.mark.parametrize(
    ("train", "table", "sentence"),
    [
        (None, TABLE, "there is no `train` yet."),
        (lambda *_: None, ..., "the table is not filled in yet."),
        (lambda *_: None, [0.5], "expected a dictionary, got a list"),
        (lambda *_: None, {"nothing": 0.5, "all": 0.5}, "the table has no row `without augmentation`"),
        (lambda *_: None, TABLE | {"without dropout": "65 %"}, "expected numbers, but a value is a string"),
        (lambda *_: None, TABLE | {"everything": ...}, "the table is not filled in yet."),
    ],
)
def test_a_table_without_its_number_says_what_is_missing(train, table, sentence):
    """The table, any row, its number, or the training itself."""
    reply = rows_of(train, table)
    said = reply["unusable"] if "unusable" in reply else reply["notes"][0]
    assert in_words(said, {"rows": list(ROWS)}, reveal=False) in (sentence, sentence.replace("`train`", "`...`"))


def spin(seconds):
    """Use the processor for some seconds of this process."""
    begin = time.process_time()
    while time.process_time() - begin < seconds:
        pass


@contextmanager
def signals_as_before():
    """Check that the handler of the timer's signal is put back."""
    before = signal.getsignal(signal.SIGPROF)
    yield
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


def without_alarm(images, labels, seed):
    signal.setitimer(signal.ITIMER_PROF, 0)
    spin(0.3)
    return lambda question: np.zeros(len(question))


@needs_a_timer
@pytest.mark.parametrize(
    "train",
    [lambda *_: spin(20), lambda *_: lambda question: spin(20), without_alarm],
    ids=["training", "predicting", "alarm turned off"],
)
def test_a_training_or_prediction_beyond_its_time_is_stopped(train):
    """Either of the two is told the limit, even where it turned the alarm off; the signal is put back."""
    with signals_as_before():
        reply = trained(train, limit=0.1)
    assert diagnosis(reply["unusable"]) == "too_slow" and "after 0.1 seconds" in in_words(reply["unusable"])


@needs_a_timer
def test_waiting_costs_no_time():
    """The limit counts the processor's time, so a machine that is busy with others harms nobody."""

    def waits(images, labels, seed):
        time.sleep(1)
        return lambda question: np.zeros(len(question))

    with signals_as_before():
        assert trained(waits, limit=0.8)["values"]["hidden"].tolist() == [0, 0, 0, 0]
