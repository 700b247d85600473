"""Probes of Lab 4: dropout, networks that drop out, early stopping, L2, augmentation, and trainings of the capstone."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from ..frameworks import one_thread
from ..protocol import Reply
from ..remarks import ILLNESSES, Remark
from .base import (
    Unusable,
    as_array,
    call,
    is_nothing,
    kind_of,
    must_be_callable,
    must_be_tensor,
    nothing_yet,
    probe,
    remark,
    same,
)
from .layers import Parameters, Slot, place_parameters, set_torch_parameters, torch_parameters
from .timed import TooLong, seed_everything, time_limit


def ramp(shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
    """Return the inputs of the dropout tests: all different, none 0, every second one negative."""
    values = np.linspace(low, high, int(np.prod(shape)))
    values[1::2] *= -1
    return values.reshape(shape)


def numbered_images(count: int) -> np.ndarray:
    """Return images of 8 by 8 pixels, of which each pixel has another value, none 0, up to 1."""
    size = count * 64
    return (np.arange(1, size + 1) / size).reshape(count, 8, 8)


PARTS = ("train", "validation", "test")


@probe
def seeded_splits(target: Any, labels: np.ndarray, seeds: list[int]) -> Reply:
    """Split samples once for each seed; return the parts of the first one, and the part of each sample for every seed.

    Args:
        labels: of the samples.
        seeds: passed on to the function, one after the other.
    """
    values: dict[str, Any] = {}
    members = np.full((len(seeds), len(labels)), -1)
    for number, seed in enumerate(seeds):
        reply = call(target, [labels, seed], list(PARTS))
        split = reply["values"]
        values = values or split
        for part, name in enumerate(PARTS):
            indices = split[name]
            if indices is None:
                return nothing_yet(*reply["notes"])
            known = indices[(indices >= 0) & (indices < len(labels))]
            members[number, known.astype(int)] = part
    return {"values": {**values, "members": members}, "notes": []}


@probe
def diagnosed(target: Any, training: np.ndarray, validation: np.ndarray) -> Reply:
    """Ask for the word for two curves; return its place in `ILLNESSES`, counted from 1.

    Args:
        training, validation: one loss for each epoch.
    """
    must_be_callable(target)
    word = target(training, validation)
    if is_nothing(word):
        return nothing_yet()
    if not isinstance(word, str) or str(word) not in ILLNESSES:
        raise Unusable("unknown_word")
    return {
        "values": {"word": np.array(1 + ILLNESSES.index(str(word)))},
        "notes": [remark("says_word", word=str(word))],
    }


@probe
def measured(target: Any, X: np.ndarray, y: np.ndarray, training: np.ndarray, test: np.ndarray, drops: bool) -> Reply:
    """Let a function train the quickest of all classifiers and measure how many test samples it has right.

    The reply also says where the features lay that it trained and measured on, where it did each once.

    Args:
        X, y: samples and their labels, 0 and 1.
        training, test: indices of the two parts.
        drops: whether the classifier loses half of the features of each sample where it is told that this is training.
    """
    must_be_callable(target)
    seen: dict[str, list[np.ndarray]] = {"trained_on": [], "measured_on": []}

    def fit(X: np.ndarray, y: np.ndarray) -> np.ndarray:
        centres = class_centres(X, y)
        seen["trained_on"].append(features_lie(X))
        return centres

    def outputs(network: np.ndarray, X: np.ndarray, training: bool) -> np.ndarray:
        found = centre_outputs(network, X, training, drops)
        seen["measured_on"].append(features_lie(X))
        return found

    share = as_array(target(X, y, training, test, fit, outputs))
    once = {name: places[0] for name, places in seen.items() if len(places) == 1}
    return {"values": {"share": share, **once}, "notes": []}


def features_lie(X: np.ndarray) -> np.ndarray:
    """Return mean and spread of each feature, in one array."""
    return np.concatenate([X.mean(axis=0), X.std(axis=0)])


def class_centres(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the mean sample of each of two classes: a training that is quick and leaves nothing to chance."""
    return np.array([_bend(X[y == label]).mean(axis=0) for label in (0, 1)])


def _bend(X: np.ndarray) -> np.ndarray:
    """Return features that depend on where 0 lies, so that a classifier of them knows how its inputs were scaled."""
    return np.logaddexp(0, X)


def centre_outputs(centres: np.ndarray, X: np.ndarray, training: bool, drops: bool = True) -> np.ndarray:
    """Return how near each sample is to each centre; in training without every second feature, if it drops."""
    kept = np.arange(X.shape[1]) % 2 == 0 if training and drops else np.ones(X.shape[1], dtype=bool)
    return -np.sum((_bend(X)[:, None, kept] - centres[:, kept]) ** 2, axis=2)


@probe
def dropout_calls(
    target: Any, shape: tuple[int, ...], low: float, high: float, p: float, training: bool, seed: int
) -> Reply:
    """Call a dropout function twice on the same inputs; return outputs, masks, and the inputs after it.

    A mask that is None is left out: whoever returns an output has begun.

    A third call, with a generator like the one of the first, returns what should be the first output "again".

    Args:
        shape, low, high: of the inputs, see ``ramp``.
        p: share of the inputs to drop.
        training: whether the function is told that this is training.
        seed: of the generator.
    """
    must_be_callable(target)
    x, rng = ramp(shape, low, high), np.random.default_rng(seed)
    values: dict[str, Any] = {}
    for number in (1, 2):
        given = x.copy()
        output, mask = _dropped(target, given, p, training, rng)
        if output is None:
            return nothing_yet()
        values.update({f"output_{number}": output, f"input_{number}": given})
        if mask is not None:
            values[f"mask_{number}"] = mask
    values["again"], _ = _dropped(target, x.copy(), p, training, np.random.default_rng(seed))
    return {"values": values, "notes": []}


def _dropped(
    target: Any, x: np.ndarray, p: float, training: bool, rng: np.random.Generator
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return what a dropout function makes of x, and its mask."""
    result = target(x, p, training, rng)
    if is_nothing(result):
        return None, None
    if not isinstance(result, (tuple, list)):
        raise Unusable("no_mask")
    if len(result) != 2:
        raise Unusable("mask_count", number=len(result))
    return as_array(result[0], "the output"), as_array(result[1], "the mask")


class Network(NamedTuple):
    """What a network with dropout is tested with.

    Args:
        mixed, x: parameters and inputs of both signs, which show what the network computes in evaluation.
        chained, positive: parameters with which a hidden value depends on one value of the layer before, and inputs for
            them; all values are positive. So each output shows which dropout made it what it is. The last three
            outputs depend on nothing: they show whether the output is tampered with.
    """

    mixed: Parameters
    x: np.ndarray
    chained: Parameters
    positive: np.ndarray


SAMPLES, CONSTANTS = 60, 3


def network_under_test(widths: list[int], seed: int) -> Network:
    """Return what a network of these widths is tested with.

    Args:
        widths: inputs, hidden units, which must not grow from layer to layer, and outputs: three more than the last
            hidden layer has units.
        seed: the same numbers come from the same seed.
    """
    rng = np.random.default_rng(seed)
    mixed: Parameters = {}
    chained: Parameters = {}
    for layer, (inputs, units) in enumerate(pairwise(widths), 1):
        mixed[f"W{layer}"] = rng.normal(0, 1.5 / np.sqrt(inputs), (inputs, units))
        mixed[f"b{layer}"] = rng.uniform(-0.5, 0.5, units)
        chained[f"W{layer}"] = rng.uniform(0.5, 1.5, (inputs, units)) * (np.eye(inputs, units) if layer > 1 else 1)
        chained[f"b{layer}"] = rng.uniform(0.5, 1.5, units)
    chained[f"W{layer}"] *= rng.choice([-1, 1], units)
    chained[f"b{layer}"][-CONSTANTS:] *= [1, -1, 1]
    x = rng.normal(size=(SAMPLES, widths[0]))
    return Network(mixed, x, chained, np.abs(x) + 0.1)


def _placed(widths: list[int], slots: list[Slot], advice: str) -> dict[str, Slot]:
    """Return the slots of a network's parameters, by their names.

    Raises:
        Unusable: it has others than these widths ask for.
    """
    shapes = [list(slot.shape) for slot in slots if len(slot.shape) == 2]
    if len(shapes) != len(widths) - 1:
        raise Unusable("wrong_depth", number=len(shapes), shapes=shapes)
    return place_parameters(network_under_test(widths, 0).mixed, {}, slots, advice)


@probe
def torch_dropout_net(target: Mapping[str, Any], widths: list[int], p: float, seed: int) -> Reply:
    """Build a PyTorch network with dropout and call it in both modes; let the second function call a network in both.

    Args:
        target: mapping with the names of the builder and of the function that calls a network, in this order.
        widths: of the network, see ``network_under_test``.
        p: share of the hidden values to drop.
        seed: of the parameters and inputs.
    """
    from ..frameworks import nn, torch

    test, notes = network_under_test(widths, seed), []
    build, outputs = target.values()
    values: dict[str, Any] = {}
    net = None if is_nothing(build) else build(list(widths), p)
    try:
        if not is_nothing(net):
            if not isinstance(net, nn.Module):
                raise Unusable("not_callable", wanted="an `nn.Module`", kind=kind_of(net))
            slots = _placed(widths, torch_parameters(net), "linear")
            for mode, parameters, x in (("evaluation", test.mixed, test.x), ("training", test.chained, test.positive)):
                set_torch_parameters(slots, parameters)
                net.train(mode == "training")
                inputs = torch.tensor(x.astype(np.float32)).to(slots["W1"].variable)
                for number in (1, 2):
                    values[f"{mode}_{number}"] = as_array(net(inputs))
    except Unusable as error:
        values, notes = {}, [error.remark]
    own = nn.Sequential(nn.Linear(widths[0], widths[0], bias=False), nn.Dropout(p))
    inputs = torch.tensor(test.x.astype(np.float32))
    with torch.no_grad():
        own[0].weight.copy_(torch.eye(widths[0]))
    for before in (True, False):
        for training in (True, False):
            own.train(before)
            result: Any = None if is_nothing(outputs) else outputs(own, inputs, training)
            if is_nothing(result):
                break
            must_be_tensor(result, torch.Tensor, "PyTorch")
            name = f"{'training' if training else 'evaluation'}_from_{'training' if before else 'evaluation'}"
            values[f"run_{name}"] = as_array(result)
            values[f"gradient_{name}"] = np.array([result.requires_grad])
            values[f"mode_{name}"] = np.array([own.training == before and own[1].training == before])
    return {"values": values, "notes": notes} if values else nothing_yet(*notes)


@probe
def keras_dropout_net(target: Mapping[str, Any], widths: list[int], p: float, seed: int) -> Reply:
    """Build a Keras network with dropout and call it both ways; let the second function call a network both ways.

    Args:
        target, widths, p, seed: as for ``torch_dropout_net``.
    """
    from ..frameworks import keras, tf

    test, notes = network_under_test(widths, seed), []
    build, outputs = target.values()
    values: dict[str, Any] = {}
    net = None if is_nothing(build) else build(list(widths), p)
    try:
        if not is_nothing(net):
            if not isinstance(net, keras.layers.Layer):
                raise Unusable("not_callable", wanted="a Keras model", kind=kind_of(net))
            if not net.trainable_weights:
                raise Unusable("not_built")
            variables = [Slot(variable, False) for variable in net.trainable_weights]
            slots = _placed(widths, variables, "dense")
            for mode, parameters, x in (("evaluation", test.mixed, test.x), ("training", test.chained, test.positive)):
                for name, (variable, _) in slots.items():
                    variable.assign(parameters[name].astype(np.float32))
                for number in (1, 2):
                    output = net(tf.constant(x.astype(np.float32)), training=mode == "training")
                    values[f"{mode}_{number}"] = as_array(output)
    except Unusable as error:
        values, notes = {}, [error.remark]
    own = keras.Sequential([keras.Input((widths[0],)), keras.layers.Dropout(p)])
    for training in (True, False):
        result = None if is_nothing(outputs) else outputs(own, tf.constant(test.x.astype(np.float32)), training)
        if is_nothing(result):
            break
        must_be_tensor(result, tf.Tensor, "TensorFlow")
        values[f"run_{'training' if training else 'evaluation'}"] = as_array(result)
    return {"values": values, "notes": notes} if values else nothing_yet(*notes)


@probe
def early_stopping(
    target: Any, patience: int, min_delta: float, losses: list[float], weights: list[np.ndarray], in_place: bool
) -> Reply:
    """Feed validation losses to an early-stopping object, as a training would.

    Args:
        patience: epochs without improvement after which it should stop.
        min_delta: by how much a loss must be lower to count as one.
        losses: one for each epoch.
        weights: list of arrays, the weights after the first epoch; each epoch adds 1 to them.
        in_place: whether the training changes its arrays; else each epoch has new ones.
    """
    must_be_callable(target, "a class")
    stopper = target(patience, min_delta)
    if is_nothing(stopper):
        return nothing_yet()
    if not hasattr(stopper, "update"):
        raise Unusable("no_update")
    current = [array.astype(float).copy() for array in weights]
    stopped_after = 0
    notes: list[Remark] = []
    for epoch, loss in enumerate(losses, 1):
        before = [array.copy() for array in current]
        stop = stopper.update(float(loss), current)
        if not notes and not same(before, current):
            notes = [remark("input_changed")]
        if is_nothing(stop):
            return nothing_yet(remark("update_silent"))
        if stop:
            stopped_after = epoch
            break
        if not in_place:
            current = [array.copy() for array in current]
        for array in current:
            array += 1
    best = getattr(stopper, "best_weights", None)
    if is_nothing(best):
        return nothing_yet(remark("best_empty"))
    if not isinstance(best, (list, tuple)) or len(best) != len(weights):
        raise Unusable("best_misfit", count=len(weights))
    arrays = [as_array(array, "`best_weights`") for array in best]
    kept = [array for array in arrays if array is not None]
    if len(kept) < len(arrays):
        return nothing_yet(remark("best_empty"))
    return {
        "values": {
            "stopped_after": np.array(stopped_after),
            "best_weights": np.concatenate([array.astype(float).ravel() for array in kept]),
        },
        "notes": notes,
    }


def first_adam_step(gradient: np.ndarray) -> np.ndarray:
    """Return what Adam makes of its very first gradient: about 1 in size, whatever the gradient's size."""
    return gradient / (np.abs(gradient) + 1e-8)


@probe
def regularised_step(
    target: Any,
    w: np.ndarray,
    gradient: np.ndarray,
    optimiser: str,
    learning_rate: float,
    strength: float,
    kind: str,
) -> Reply:
    """Let a function take one descent step with L2.

    Args:
        w, gradient: the parameters and the gradient of the loss, of one shape.
        optimiser: "sgd" or "adam": the direction is the gradient itself, or that of Adam's first step.
        learning_rate: of the step.
        strength: factor of the penalty.
        kind: passed on to the function: the way in which it should regularise.
    """
    must_be_callable(target)
    direction = {"sgd": lambda gradient: gradient, "adam": first_adam_step}[optimiser]
    output = as_array(target(w, gradient, direction, learning_rate, strength, kind))
    return {"values": {"output": output}, "notes": []}


@probe
def augmented(target: Any, count: int, seed: int) -> Reply:
    """Let a function move images twice, then once more with a generator like the first one; return them all.

    Args:
        count: of the images, see ``numbered_images``.
        seed: of the generator.
    """
    must_be_callable(target)
    images, values = numbered_images(count), {}
    given, rng = images.copy(), np.random.default_rng(seed)
    for name, generator in (("first", rng), ("second", rng), ("again", np.random.default_rng(seed))):
        moved = as_array(target(given, generator), "what the function returns")
        if moved is None:
            return nothing_yet()
        values[name] = moved
        values.setdefault("after", given.copy())
        given = images.copy()
    return {"values": values, "notes": []}


@probe
def trained(target: Any, images: str, labels: str, seed: int, questions: Mapping[str, str], limit: float) -> Reply:
    """Let `train` learn the digits, with one thread, and return what `predict` says of others.

    The last question is asked twice, the second time as "again": `predict` has nothing to draw by lot.

    Args:
        images: training images as text, see ``datasets.pack_images``.
        labels: their digits, as a string of digits.
        seed: passed on to ``train``; libraries are seeded with it too.
        questions: mapping from names to packed images without labels; "training" is added.
        limit: seconds of this process's time (all threads together) after which a training that never ends is stopped.
    """
    from ..datasets import unpack_images

    must_be_callable(target)
    training = unpack_images(images)
    predict = _trained(target, [training.copy(), np.array([int(digit) for digit in labels]), seed], seed, limit)
    if is_nothing(predict):
        return nothing_yet()
    asked = {**questions, "training": images, "again": images}
    values = {name: _said(predict, unpack_images(each), limit) for name, each in asked.items()}
    silent = any(said is None for said in values.values())
    return nothing_yet(remark("predict_silent")) if silent else {"values": values, "notes": []}


CURES = ("augmentation", "dropout", "early stopping")
# The table of the capstone: what is called how, and the cures that the training is told to use.
ROWS: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "without augmentation": ("dropout", "early stopping"),
    "without dropout": ("augmentation", "early stopping"),
    "without early stopping": ("augmentation", "dropout"),
    "everything": CURES,
}


MEASURED_AGAIN = ("nothing", "everything")


@probe
def ablation_rows(target: Mapping[str, Any], rows: list[str], limit: float) -> Reply:
    """Read a student's table, and train again on the rehearsal's digits, without any cure and with all.

    Args:
        target: mapping with the names of the training function and of the table, in this order.
        rows: names of all rows that the table should have.
        limit: as for ``trained``.
    """
    from ..datasets import rehearsal

    train, table = target.values()
    if is_nothing(train):
        raise Unusable("not_found", name=next(iter(target)))
    must_be_callable(train)
    if is_nothing(table):
        return nothing_yet(remark("table_empty"))
    if not isinstance(table, Mapping):
        raise Unusable("not_callable", wanted="a dictionary", kind=kind_of(table))
    values: dict[str, Any] = {}
    for row in rows:
        if row not in table:
            raise Unusable("row_missing", name=row)
        if is_nothing(table[row]):
            return nothing_yet(remark("table_empty"))
        values[f"reported {row}"] = as_array(table[row], "`ablation`")
    digits = rehearsal()
    for row in MEASURED_AGAIN:
        predict = _trained(train, [*(part.copy() for part in digits.training), 0, ROWS[row]], 0, limit)
        if is_nothing(predict):
            return nothing_yet()
        said = _said(predict, digits.validation.images, limit)
        if said is None:
            return nothing_yet(remark("predict_silent"))
        values[f"measured {row}"] = said
    return {"values": values, "notes": []}


def _trained(train: Any, arguments: list[Any], seed: int, limit: float) -> Any:
    """Return the function that a training gives, which has one thread and the libraries seeded."""
    with one_thread(), time_limit(limit) as clock:
        seed_everything(seed)
        predict = train(*arguments)
        if clock() > 1.2 * limit:
            raise TooLong
    if not is_nothing(predict) and not callable(predict):
        raise Unusable("no_predict", kind=kind_of(predict))
    return predict


def _said(predict: Any, images: np.ndarray, limit: float) -> np.ndarray | None:
    """Return the labels that a trained function gives to images."""
    with time_limit(limit):
        predicted = as_array(predict(images.copy()), "what `predict` returns")
    if predicted is None:
        return None
    if predicted.ndim == 2 and predicted.shape[1] == 10:
        raise Unusable("ten_numbers")
    if predicted.shape != (len(images),):
        raise Unusable("labels_shape", images=[len(images)], shape=list(predicted.shape))
    return predicted
