"""Lab 3, gradient descent: what each exercise asks, and the mistakes that it recognises."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.authoring.exercise import Drawn, Exercise, Inputs, Mistake, Spelling
from autograder.authoring.numerics import Array, identity, number, numbers, sigmoid, softplus
from autograder.authoring.spellings import function, output_and_gradients
from course_utils.probes.lab3_gradient_descent import bent, stand_in_slopes


def labels(rng: np.random.Generator, samples: int, *shape: int) -> Array:
    """Draw labels 0 and 1, both of them, in about equal parts."""
    return rng.permutation(np.arange(samples) % 2).astype(float).reshape(samples, *shape)


# Losses


MSE = Exercise(
    "mse_numpy",
    title="Mean squared error",
    spellings={"numpy": function("mse", "prediction", "y")},
    draw=lambda rng: [
        ("loss", {"prediction": numbers(rng, *shape), "y": numbers(rng, *shape)}) for shape in ((5, 1), (4, 2))
    ],
    right=lambda prediction, y: np.mean((prediction - y) ** 2),
    mistakes=[
        Mistake(
            "squares_subtracted",
            "You subtract squares from each other, where + and - cancel: square the differences.",
            lambda prediction, y: np.mean(prediction**2 - y**2),
        ),
        Mistake(
            "summed",
            "Your loss is the sum of the squares; divide by how many there are: take the mean.",
            lambda prediction, y: np.sum((prediction - y) ** 2),
        ),
        Mistake(
            "halved",
            "Your loss is half of what it should be; some books write a 1/2, we do not.",
            lambda prediction, y: np.mean((prediction - y) ** 2) / 2,
        ),
        Mistake(
            "halved_by_rows",
            "You divide by twice the number of rows: there is no 1/2 here, and the mean is that of all entries.",
            lambda prediction, y: np.sum((prediction - y) ** 2) / (2 * len(y)),
        ),
        Mistake(
            "absolute",
            "Your loss is the mean of the absolute errors; square them instead.",
            lambda prediction, y: np.mean(np.abs(prediction - y)),
        ),
        Mistake(
            "root_taken",
            "You take the square root at the end; leave the mean of the squares as it is.",
            lambda prediction, y: np.sqrt(np.mean((prediction - y) ** 2)),
        ),
        Mistake(
            "not_squared",
            "You average the errors themselves, where + and - cancel; square them first.",
            lambda prediction, y: np.mean(prediction - y),
        ),
        Mistake(
            "squared_too_late",
            "You square the mean; take the mean of the squares, so that + and - cannot cancel.",
            lambda prediction, y: np.mean(prediction - y) ** 2,
        ),
        Mistake(
            "not_averaged",
            "You return one square for each entry; a loss is a single number, their mean.",
            lambda prediction, y: (prediction - y) ** 2,
        ),
        Mistake(
            "one_axis",
            "You average over one axis only; a loss is a single number, the mean over all.",
            lambda prediction, y: np.mean((prediction - y) ** 2, axis=0),
        ),
    ],
)


# Slopes that are measured


def numeric_cases(rng: np.random.Generator) -> Drawn:
    for shape, h in zip(((4,), (2, 3), (1,)), rng.permutation([0.1, 0.15, 0.2]).tolist()):
        inputs = {"w": numbers(rng, *shape), "coefficients": numbers(rng, *shape, low=0.3, high=1.5)}
        yield "slopes", {**inputs, "h": h}


def measured(w: Array, coefficients: Array, h: float, slope: Callable) -> Array:
    """Return a slope for each entry of w.

    Args:
        slope: function (f, w, step, h) that measures it; ``step`` is h at one entry and 0 elsewhere.
    """
    slopes = np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        step = np.zeros(w.shape)
        step[index] = h
        slopes[index] = slope(partial(bent, coefficients), w, step, h)
    return slopes


def two_sided(f: Callable, w: Array, step: Array, h: float) -> float:
    return (f(w + step) - f(w - step)) / (2 * h)


def whole_row(step: Array, h: float) -> Array:
    """Return a step of h in all entries of the row in which one entry has a step."""
    return h * np.broadcast_to(np.any(step != 0, axis=tuple(range(1, step.ndim)), keepdims=True), step.shape)


def not_put_back(w: Array, coefficients: Array, h: float) -> Array:
    """Return slopes when each entry, once measured, stays where it was moved to."""
    w, slopes = w.copy(), np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        w[index] += h
        up = bent(coefficients, w)
        w[index] -= 2 * h
        slopes[index] = (up - bent(coefficients, w)) / (2 * h)
    return slopes


def copied_once(w: Array, coefficients: Array, h: float) -> Array:
    """Return slopes when the two copies are made once, so that each entry stays moved away from w in both."""
    up, down, slopes = w.copy(), w.copy(), np.zeros(w.shape)
    for index in np.ndindex(w.shape):
        up[index] += h
        down[index] -= h
        slopes[index] = (bent(coefficients, up) - bent(coefficients, down)) / (2 * h)
    return slopes


NUMERIC_GRADIENT = Exercise(
    "numeric_gradient",
    title="Slopes by nudging",
    off={"numpy": "autograd"},
    spellings={"numpy": Spelling("numeric_gradient", "slopes_of_loss", ("w", "coefficients", "h"))},
    draw=numeric_cases,
    right=partial(measured, slope=two_sided),
    mistakes=[
        Mistake(
            "one_sided",
            "You go to one side only: measure between w - h and w + h, half as far from w on each side.",
            partial(measured, slope=lambda f, w, step, h: (f(w + step) - f(w)) / h),
        ),
        Mistake(
            "half_divided",
            "Only the second loss is divided: put the difference of the two in brackets.",
            partial(measured, slope=lambda f, w, step, h: f(w + step) - f(w - step) / (2 * h)),
        ),
        Mistake(
            "divided_by_h",
            "Your slopes are twice too large: from w - h to w + h it is 2 h.",
            partial(measured, slope=lambda f, w, step, h: (f(w + step) - f(w - step)) / h),
        ),
        Mistake(
            "back_to_the_middle",
            "Your second look is at w itself, not at w - h: from w + h it is two steps of h back.",
            partial(measured, slope=lambda f, w, step, h: (f(w + step) - f(w)) / (2 * h)),
        ),
        Mistake(
            "multiplied_by_h",
            "Your slopes are far too small: / 2 * h divides by 2 and multiplies by h; write / (2 * h).",
            partial(measured, slope=lambda f, w, step, h: (f(w + step) - f(w - step)) / 2 * h),
        ),
        Mistake(
            "moved_together",
            "You move all entries at once; move one at a time and leave the others where they are.",
            partial(measured, slope=lambda f, w, step, h: (f(w + h) - f(w - h)) / (2 * h)),
        ),
        Mistake(
            "row_by_row",
            "In a matrix you move a whole row at once, and each of its entries gets the sum of their slopes: move one entry.",
            partial(measured, slope=lambda f, w, step, h: two_sided(f, w, whole_row(step, h), h)),
        ),
        Mistake(
            "not_put_back",
            "The first slope is right, the others are not: put each entry back before you move the next one.",
            not_put_back,
        ),
        Mistake(
            "copied_once",
            "The first slope is right; from the second on, all entries before are moved, too: make fresh copies of w for "
            "each entry.",
            copied_once,
        ),
        Mistake(
            "zeros",
            "Every slope is 0, as where both places are one array: `up = w` is no copy but a second name for w.",
            lambda w: np.zeros(w.shape),
        ),
        Mistake(
            "h_ignored",
            "You do not use the argument `h`: go that far to each side.",
            lambda w, coefficients, h: measured(w, coefficients, 1e-5, two_sided),
        ),
        Mistake(
            "not_divided",
            "You return how far the loss rises; divide by how far you moved, 2 h.",
            partial(measured, slope=lambda f, w, step, h: f(w + step) - f(w - step)),
        ),
    ],
)


# A line, and the loop that trains it and all others


def line_cases(rng: np.random.Generator) -> Drawn:
    for n in (6, 3):
        inputs = {"x": numbers(rng, n), "y": numbers(rng, n), "w": number(rng), "b": number(rng, low=0.3, high=1.5)}
        for part in LINE_PARTS:
            yield part, inputs


LINE_PARTS: dict[str, tuple[str, ...]] = {"w": ("dw",), "b": ("db",)}


def line_gradients(
    x: Array,
    y: Array,
    w: float,
    b: float,
    outer: Callable = lambda error: 2 * error,
    inner: Callable = lambda x: x,
    total: Callable = np.mean,
) -> tuple[float, float]:
    """Return the gradients of a line's mean squared error for w and b, right by default.

    Args:
        outer: the slope of a square.
        inner: the slope of the prediction for w.
    """
    slope = outer(w * x + b - y)
    return total(slope * inner(x)), total(slope)


LINE_GRADIENT = Exercise(
    "line_gradient",
    title="The gradient of a line",
    off={"numpy": "autograd"},
    spellings={"numpy": function("line_gradient", "x", "y", "w", "b", returns=("dw", "db"))},
    draw=line_cases,
    right=line_gradients,
    parts=LINE_PARTS,
    mistakes=[
        Mistake(
            "two_forgotten",
            "Your slopes are half of what nudging finds: the slope of a square e * e is 2 e.",
            partial(line_gradients, outer=lambda error: error),
        ),
        Mistake(
            "sign_flipped",
            "Your slopes have the wrong sign: the error is the prediction minus y.",
            partial(line_gradients, outer=lambda error: -2 * error),
        ),
        Mistake(
            "summed",
            "Your slopes are sums over the samples; the loss is a mean, so take the mean.",
            partial(line_gradients, total=np.sum),
        ),
        Mistake(
            "input_forgotten",
            "The slope for b is right; for w the first arrow is missing: w * x + b does not grow as fast as w.",
            partial(line_gradients, inner=lambda x: 1),
        ),
        Mistake(
            "weight_for_input",
            "The slope for b is right; for w you multiply by w: ask how fast w * x + b grows with w.",
            lambda x, y, w, b: (2 * np.mean((w * x + b - y) * w), 2 * np.mean(w * x + b - y)),
        ),
        Mistake(
            "constant_for_slope",
            "The slope for w is right; for b you multiply by b itself: ask how fast w * x + b grows with b.",
            lambda x, y, w, b: (2 * np.mean((w * x + b - y) * x), 2 * np.mean((w * x + b - y) * b)),
        ),
        Mistake(
            "square_kept",
            "You multiply by the squared error; the slope of a square is twice the error itself.",
            partial(line_gradients, outer=lambda error: error**2),
        ),
        Mistake(
            "constant_forgotten",
            "Your prediction is w * x: add b.",
            lambda x, y, w, b: (2 * np.mean((w * x - y) * x), 2 * np.mean(w * x - y)),
        ),
        Mistake(
            "means_multiplied",
            "The slope for b is right; for w you multiply the means: multiply error and input first, then average.",
            lambda x, y, w, b: (2 * np.mean(w * x + b - y) * np.mean(x), 2 * np.mean(w * x + b - y)),
        ),
    ],
)


def loop_cases(rng: np.random.Generator) -> Drawn:
    """Draw two or three parameters of different shapes, and batches of unequal sizes."""
    rates = rng.permutation([0.1, 0.2, 0.15]).tolist()
    for part, n_features, between, batches, epochs in (
        ("two parameters", 2, (), (4, 3, 5), 3),
        ("two parameters", 3, (), (2, 4), 2),
        ("three parameters", 2, ((2, 2),), (3, 4), 2),
    ):
        shapes = ((n_features,), *between)
        inputs = {
            "parameters": [*(numbers(rng, *shape) for shape in shapes), np.array(number(rng, low=0.5))],
            "Xs": [numbers(rng, samples, n_features) for samples in batches],
            "ys": [labels(rng, samples) + number(rng, low=0.2, high=0.8) for samples in batches],
            "learning_rate": rates.pop(),
            "epochs": epochs,
        }
        yield part, inputs


LOOP_PARTS: dict[str, tuple[str, ...]] = {"two parameters": ("w", "b"), "three parameters": ("w", "v", "b")}


def looped(
    parameters: list[Array],
    Xs: list[Array],
    ys: list[Array],
    learning_rate: float,
    epochs: int,
    used: slice = slice(None),
    step: str = "batch",
    count: int | None = None,
) -> dict[str, Array]:
    """Return the parameters after a training with the probe's own slopes, right by default.

    Args:
        used: the batches of an epoch that are used.
        step: when the parameters move: after each "batch"; after each "epoch" with the slopes of its last batch
            ("last") or with the sum of all ("sum"); "one by one": each with slopes at those that moved already;
            "first": always with the slopes of the very first batch; "from start": with slopes at the place where all
            began.
        count: how many of the parameters move, all by default.
    """
    values, first = list(parameters), None

    def slopes_here(X: Array, y: Array) -> tuple[Array, ...]:
        slopes = stand_in_slopes(X, y, *(parameters if step == "from start" else values))
        return slopes if count is None else tuple(slope * (k < count) for k, slope in enumerate(slopes))

    for _ in range(epochs):
        held: list[tuple[Array, ...]] = []
        for X, y in list(zip(Xs, ys))[used]:
            if step == "one by one":
                for place in range(len(values)):
                    slopes = slopes_here(X, y)
                    values[place] = values[place] - learning_rate * slopes[place]
                continue
            held.append(slopes_here(X, y))
            first = first or held[0]
            if step in ("batch", "first", "from start"):
                values = moved(values, first if step == "first" else held[-1], learning_rate)
        if step == "last":
            values = moved(values, held[-1], learning_rate)
        if step == "sum":
            values = moved(values, [np.sum(slopes, axis=0) for slopes in zip(*held)], learning_rate)
    return dict(zip(LOOP_PARTS["three parameters" if len(values) == 3 else "two parameters"], values))


def batch_by_batch(parameters: list[Array], Xs: list[Array], ys: list[Array], **others: Any) -> dict[str, Array]:
    """Return the parameters of one who has the two loops the wrong way round."""
    found: dict[str, Array] = {}
    for X, y in zip(Xs, ys):
        found = looped(list(found.values()) or parameters, [X], [y], **others)
    return found


NUMPY_LOOP = Exercise(
    "numpy_loop",
    title="A training loop of your own",
    spellings={
        "numpy": Spelling(
            "train_numpy",
            "numpy_training",
            lambda parameters, Xs, ys, **others: {"parameters": parameters, "inputs": Xs, "labels": ys, **others},
            ("w", "v", "b"),
        )
    },
    draw=loop_cases,
    right=looped,
    parts=LOOP_PARTS,
    mistakes=[
        Mistake(
            "step_outside",
            "You take one step in an epoch, with the slopes of its last batch: the step belongs into the inner loop.",
            partial(looped, step="last"),
        ),
        Mistake(
            "slopes_at_the_start",
            "You ask for the slopes at the place where all began; ask at the place that you have reached.",
            partial(looped, step="from start"),
        ),
        Mistake(
            "one_step_an_epoch",
            "You take one step in an epoch, with the slopes of all batches added up; take one for each batch.",
            partial(looped, step="sum"),
        ),
        Mistake(
            "first_batch_only",
            "You use the first batch only: loop over all of them.",
            partial(looped, used=slice(1)),
        ),
        Mistake(
            "last_step_alone",
            "Every step of yours begins at the parameters that you were given, so that the last one alone counts: go on "
            "from where the step before ended.",
            lambda Xs, ys, epochs, **inputs: looped(Xs=Xs[-1:], ys=ys[-1:], epochs=1, **inputs),
        ),
        Mistake(
            "batch_by_batch",
            "You stay with a batch for all epochs before you take the next one: the loop over the epochs is the outer one.",
            batch_by_batch,
        ),
        Mistake(
            "one_epoch_too_many",
            "Your parameters are those of one epoch more.",
            lambda epochs, **inputs: looped(epochs=epochs + 1, **inputs),
        ),
        Mistake(
            "one_epoch_only",
            "Your parameters are those of a single epoch: does a `return` stand inside the loop, or does each epoch begin "
            "again at the parameters that you were given?",
            partial(looped, epochs=1),
        ),
        Mistake(
            "one_by_one",
            "Later parameters move by slopes at a place that earlier ones have left: ask for all slopes, then move all.",
            partial(looped, step="one by one"),
        ),
        Mistake(
            "slopes_never_renewed",
            "You feel for the slope once and then walk on blindly: ask for it again before each step.",
            partial(looped, step="first"),
        ),
        Mistake(
            "ascent",
            "You walk uphill: subtract the slope, times the rate.",
            lambda learning_rate, **inputs: looped(learning_rate=-learning_rate, **inputs),
        ),
        Mistake(
            "learning_rate_ignored",
            "Your steps ignore the learning rate: multiply each slope by it.",
            partial(looped, learning_rate=1.0),
        ),
        Mistake("not_moved", "The parameters come back as they were.", partial(looped, epochs=0)),
        Mistake(
            "first_two_only",
            "You move the first two parameters alone: go through the list, however long it is.",
            partial(looped, count=2),
        ),
    ],
)


# The cross-entropy


def bce_spellings() -> dict[str, Spelling]:
    """Return three spellings; PyTorch's labels are a plain row in the cases that say so."""
    returns = output_and_gradients("z")
    return {
        "numpy": function("bce", "z", "y"),
        "torch": Spelling(
            "bce_torch",
            "torch_loss",
            lambda z, y, row: {"x": z, "y": y.ravel() if row else y, "name": "z"},
            returns,
        ),
        "tensorflow": Spelling("bce_tf", "keras_loss", lambda z, y: {"x": z, "y": y, "name": "z"}, returns),
    }


def bce_cases(rng: np.random.Generator) -> Drawn:
    for n, row in ((6, True), (4, False)):
        yield "ordinary logits", {"z": numbers(rng, n, 1), "y": labels(rng, n, 1), "row": row}
    huge = np.round(rng.uniform(720, 1000, 4)) * [1, -1, 1, -1]  # exp overflows beyond 709, whatever is drawn
    z = np.concatenate([huge, numbers(rng, 2)])
    yield "huge logits", {"z": z[:, None], "y": np.array([[1.0], [0], [0], [1], [1], [0]]), "row": True}


def cross_entropies(z: Array, y: Array) -> Array:
    """Return -y log p - (1 - y) log(1 - p) for p = sigmoid(z), elementwise."""
    return softplus(z) - y * z


def cross_entropy(z: Array, y: Array) -> float:
    return np.mean(cross_entropies(z, y))


def cross_entropy_gradient(z: Array, y: Array) -> Array:
    """Return the gradient of the mean cross-entropy with respect to the logits."""
    return (sigmoid(z) - y) / y.size


def every_pair(z: Array, y: Array, row: bool) -> Inputs:
    """Return loss and gradient when a row of labels meets a column of logits."""
    if not row:
        return {"output": cross_entropy(z, y), "grad_z": cross_entropy_gradient(z, y)}
    return {
        "output": np.mean(softplus(z)) - np.mean(y) * np.mean(z),
        "grad_z": (sigmoid(z) - np.mean(y)) / y.size,
    }


def cut_off_logits(z: Array, y: Array) -> float:
    """Return the loss of one whose logits are taken for probabilities; as Keras does, in float32."""
    smallest = np.float32(1e-7)
    p = np.clip(z.astype(np.float32), smallest, 1 - smallest)
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


BCE = Exercise(
    "bce",
    title="Binary cross-entropy",
    off={"numpy": "cross-entropy"},
    spellings=bce_spellings(),
    draw=bce_cases,
    right=lambda z, y: {"output": cross_entropy(z, y), "grad_z": cross_entropy_gradient(z, y)},
    mistakes=[
        Mistake(
            "summed",
            "Your loss is a sum; divide by how many samples there are: take the mean.",
            lambda z, y: np.sum(cross_entropies(z, y)),
        ),
        Mistake("not_averaged", "You return one loss for each sample; take their mean.", cross_entropies),
        Mistake(
            "sign_flipped",
            "Your loss has the wrong sign: the worse the prediction, the larger it should be.",
            lambda z, y: -cross_entropy(z, y),
        ),
        Mistake(
            "labels_swapped",
            "You treat label 0 as 1 and 1 as 0: it is y that multiplies z.",
            lambda z, y: np.mean(softplus(z) - (1 - y) * z),
        ),
        Mistake(
            "label_inside",
            "Your y * z stands inside the logarithm with its 1 + e^...: it is taken away behind it.",
            lambda z, y: np.mean(softplus(z - y * z)),
        ),
        Mistake(
            "only_ones",
            "Only the samples with label 1 add to your loss; those with label 0 belong in too.",
            lambda z, y: np.mean(y * softplus(-z)),
        ),
        Mistake(
            "only_zeros",
            "Only the samples with label 0 add to your loss; those with label 1 belong in too.",
            lambda z, y: np.mean((1 - y) * softplus(z)),
        ),
        Mistake(
            "arguments_swapped",
            "Logits and labels have changed places: look up which of the two the function takes first.",
            lambda z, y: np.mean(softplus(y) - z * y),
            ("torch", "tensorflow"),
        ),
        Mistake(
            "logits_as_probabilities",
            "Your loss takes the logits for probabilities, and cuts them off at 0 and 1: `from_logits=True` tells it.",
            cut_off_logits,
            ("tensorflow",),
        ),
        Mistake(
            "means_multiplied",
            "You multiply the mean label by the mean logit; multiply sample by sample, then average.",
            lambda z, y: np.mean(softplus(z)) - np.mean(y) * np.mean(z),
            ("numpy",),
        ),
        Mistake(
            "one_for_zero",
            "The 1 in log(1 + e^z) is e^0; with `logaddexp(1, z)` it is e^1.",
            lambda z, y: np.mean(np.logaddexp(1, z) - y * z),
            ("numpy",),
        ),
        Mistake(
            "exponent_negated",
            "The exponent has the wrong sign: it is log(1 + e^z), with z itself.",
            lambda z, y: np.mean(softplus(-z) - y * z),
        ),
        Mistake(
            "negative_logits_doubled",
            "For negative logits your log(1 + e^z) lies below 0: what stands before the log1p must not be negative.",
            lambda z, y: np.mean(z + np.log1p(np.exp(-np.abs(z))) - y * z),
            ("numpy",),
        ),
        Mistake(
            "label_term_added",
            "You add y * z; subtract it, so that the loss of a 1 falls where its logit grows.",
            lambda z, y: np.mean(softplus(z) + y * z),
        ),
        Mistake(
            "label_term_forgotten",
            "Your loss equals the mean of log(1 + exp(z)): y * z is not subtracted.",
            lambda z, y: np.mean(softplus(z)),
        ),
        Mistake(
            "sigmoid_twice",
            "Your z went through the sigmoid first; the formula wants the logit itself.",
            lambda z, y: cross_entropy(sigmoid(z), y),
        ),
        Mistake(
            "squared_error",
            "Your loss is the squared error of the probabilities; here it is the cross-entropy.",
            lambda z, y: np.mean((sigmoid(z) - y) ** 2),
        ),
        Mistake(
            "other_base",
            "Your logarithm has base 2; take the natural one.",
            lambda z, y: cross_entropy(z, y) / np.log(2),
        ),
        Mistake(
            "all_pairs",
            "Each logit is compared with every label, not with its own: the gradient pulls all of them to the mean label.",
            every_pair,
            ("torch",),
        ),
        Mistake(
            "only_rows",
            "Labels in a row are right now; those of shape (n, 1) meet every logit: reshape to the shape of z, "
            "whatever comes.",
            lambda z, y, row: every_pair(z, y, not row),
            ("torch",),
        ),
        Mistake(
            "tape_left",
            "The loss is right and its gradient is not: it is -y / n, as if log(1 + exp(z)) did not depend on z.",
            lambda z, y: {"output": cross_entropy(z, y), "grad_z": -y / y.size},
            ("tensorflow",),
        ),
    ],
    stubs={"torch": "all_pairs", "tensorflow": "tape_left"},
)


# The gradient of a neuron


def neuron_cases(rng: np.random.Generator) -> Drawn:
    for n, k in ((6, 3), (4, 4), (5, 1)):
        X, y, w = numbers(rng, n, k), labels(rng, n), numbers(rng, k)
        inputs = {"X": X, "y": y, "w": w, "b": number(rng, low=0.3, high=1.5)}
        for part in NEURON_PARTS:
            yield part, inputs


NEURON_PARTS: dict[str, tuple[str, ...]] = {"the weights": ("dw",), "the bias": ("db",)}


def neuron_gradients(
    X: Array,
    y: Array,
    w: Array,
    b: float,
    error: Callable = lambda z, y: sigmoid(z) - y,
    weights: Callable = lambda X, delta: X.T @ delta / len(X),
    bias: Callable = np.mean,
) -> tuple[Array, float]:
    """Return the gradients of a sigmoid neuron's mean cross-entropy for w and b, right by default."""
    delta = error(X @ w + b, y)
    return weights(X, delta), bias(delta)


NEURON_GRADIENT = Exercise(
    "neuron_gradient",
    title="The gradient of a neuron",
    off={"numpy": "autograd"},
    spellings={"numpy": function("neuron_gradient", "X", "y", "w", "b", returns=("dw", "db"))},
    draw=neuron_cases,
    right=neuron_gradients,
    parts=NEURON_PARTS,
    mistakes=[
        Mistake(
            "sign_flipped",
            "Your gradients have the wrong sign: the error is the prediction minus y.",
            partial(neuron_gradients, error=lambda z, y: y - sigmoid(z)),
        ),
        Mistake(
            "summed",
            "Your gradients are sums over the samples; the loss is a mean, so divide by their number.",
            partial(neuron_gradients, weights=lambda X, delta: X.T @ delta, bias=np.sum),
        ),
        Mistake(
            "bias_summed",
            "The gradient for w is right; the one for b is still a sum: take the mean.",
            partial(neuron_gradients, bias=np.sum),
        ),
        Mistake(
            "weights_summed",
            "The gradient for b is right; the one for w is still a sum: divide by the number of samples.",
            partial(neuron_gradients, weights=lambda X, delta: X.T @ delta),
        ),
        Mistake(
            "bias_zero",
            "The gradient for w is right, but the one for b is 0: the bias learns too.",
            partial(neuron_gradients, bias=lambda delta: 0.0),
        ),
        Mistake(
            "sigmoid_forgotten",
            "Your error is z - y: send z through the sigmoid first.",
            partial(neuron_gradients, error=lambda z, y: z - y),
        ),
        Mistake(
            "line_kept",
            "Your gradients are those of a line and its squared error, 2 (z - y): send z through the sigmoid first; with "
            "the cross-entropy p - y is left, without the 2.",
            partial(neuron_gradients, error=lambda z, y: 2 * (z - y)),
        ),
        Mistake(
            "slope_left_in",
            "You multiply by the slope p (1 - p) once more; with the cross-entropy it cancels, and p - y is left.",
            partial(neuron_gradients, error=lambda z, y: (sigmoid(z) - y) * (sigmoid(z) * (1 - sigmoid(z)))),
        ),
        Mistake(
            "label_forgotten",
            "Your error is the prediction alone: subtract y.",
            partial(neuron_gradients, error=lambda z, y: sigmoid(z)),
        ),
        Mistake(
            "step_instead",
            "Your prediction is only 0 or 1, as if from a step; use the sigmoid.",
            partial(neuron_gradients, error=lambda z, y: (z > 0) - y),
        ),
        Mistake(
            "features_averaged",
            "You have one gradient for each sample: average over the samples, the rows, and keep the features apart.",
            partial(neuron_gradients, weights=lambda X, delta: (X * delta[:, None]).mean(axis=1)),
        ),
        Mistake(
            "input_forgotten",
            "All your weights get the same gradient: each error counts as much as the "
            "input that the weight multiplies.",
            partial(neuron_gradients, weights=lambda X, delta: np.full(X.shape[1], np.mean(delta))),
        ),
        Mistake(
            "squared_error",
            "Your gradients are those of the squared error of p; the loss is the cross-entropy.",
            partial(neuron_gradients, error=lambda z, y: 2 * (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z))),
        ),
    ],
)


# One step


def step_cases(rng: np.random.Generator) -> Drawn:
    for shape, rate in zip(((4,), (3, 2), ()), rng.permutation([0.1, 0.2, 0.5]).tolist()):
        yield "step", {"w": numbers(rng, *shape), "gradient": numbers(rng, *shape), "learning_rate": rate}


DESCENT_STEP = Exercise(
    "descent_step",
    title="One step downhill",
    spellings={"numpy": function("descent_step", "w", "gradient", "learning_rate")},
    draw=step_cases,
    stubs={"numpy": "sign_only"},
    right=lambda w, gradient, learning_rate: w - learning_rate * gradient,
    mistakes=[
        Mistake(
            "ascent",
            "You walk uphill: the gradient points to where the loss grows, so subtract it.",
            lambda w, gradient, learning_rate: w + learning_rate * gradient,
        ),
        Mistake(
            "learning_rate_ignored",
            "Your step is the whole gradient: multiply it by the learning rate.",
            lambda w, gradient: w - gradient,
        ),
        Mistake(
            "only_the_step",
            "You return the step alone; add it to where you stand, w.",
            lambda gradient, learning_rate: -learning_rate * gradient,
        ),
        Mistake(
            "sign_only",
            "Every parameter moves equally far, however steep or gentle the slope, so no step ever becomes shorter.",
            lambda w, gradient, learning_rate: w - learning_rate * np.sign(gradient),
        ),
        Mistake(
            "absolute_value",
            "You subtract the absolute value, so that w shrinks whichever way the slope goes: keep the gradient's sign.",
            lambda w, gradient, learning_rate: w - learning_rate * np.abs(gradient),
        ),
        Mistake(
            "one_length",
            "You divide the gradient by its length, so all your steps are equally long, even close to the goal.",
            lambda w, gradient, learning_rate: w - learning_rate * gradient / np.linalg.norm(gradient),
        ),
        Mistake(
            "learning_rate_divides",
            "You divide by the learning rate; multiply by it.",
            lambda w, gradient, learning_rate: w - gradient / learning_rate,
        ),
        Mistake("not_moved", "Your w comes back as it was.", lambda w: w),
    ],
)


# A tiny autograd


def value_cases(rng: np.random.Generator) -> Drawn:
    a, b, c, d, e = (numbers(rng, 5, low=1.2, high=1.9) * rng.choice([-1, 1], 5)).tolist()
    yield "the product", {"operation": "product", "numbers": [a, b]}
    yield "the product", {"operation": "square", "numbers": [c]}
    yield "the product", {"operation": "scaled", "numbers": [d, e]}
    for sign in (1, -1):
        yield "tanh", {"operation": "tanh", "numbers": [sign * number(rng, low=0.3, high=0.9)]}
    for low, high in ((0.2, 0.8), (1.5, 3.0)):
        yield "log", {"operation": "log", "numbers": [number(rng, low=low, high=high)]}


def operated(
    operation: str,
    numbers: list[float],
    product: Callable = lambda a, b: (b, a),
    tanh: Callable = lambda a, out: 1 - out**2,
    log: Callable = lambda a, out: 1 / a,
    logarithm: Callable = np.log,
) -> tuple[float, Array]:
    """Return what an operation gives, and how fast that grows with each number that went in, right by default."""
    a = numbers[0]
    if operation in ("tanh", "log"):
        out, slope = (np.tanh(a), tanh) if operation == "tanh" else (logarithm(a), log)
        return out, np.array([slope(a, out)], dtype=float)
    b = numbers[-1]
    slopes = product(a, b)
    if operation == "square":
        return a * b, np.array([slopes[0] + slopes[1]], dtype=float)
    return a * b, np.array(slopes if operation == "product" else slopes[:1], dtype=float)


VALUE = Exercise(
    "value",
    title="Slopes of single steps",
    spellings={"numpy": Spelling("Value", "value_operation", ("operation", "numbers"), ("output", "slopes"))},
    draw=value_cases,
    right=operated,
    mistakes=[
        Mistake(
            "product_swapped",
            "The slopes of your product are swapped: when a grows by 1, a * b grows by something else than a.",
            partial(operated, product=lambda a, b: (a, b)),
        ),
        Mistake(
            "product_as_sum",
            "The slopes of your product are those of a sum; if a grows by 1, a * b grows by more or less than 1.",
            partial(operated, product=lambda a, b: (1, 1)),
        ),
        Mistake(
            "slope_of_input",
            "The slope of your tanh holds the input; Lab 2 wrote it with the output.",
            partial(operated, tanh=lambda a, out: 1 - a**2),
        ),
        Mistake(
            "slope_of_sigmoid",
            "The slope of your tanh is that of a sigmoid, t (1 - t).",
            partial(operated, tanh=lambda a, out: out * (1 - out)),
        ),
        Mistake(
            "difference_squared",
            "The slope of your tanh is (1 - t) ** 2; at 0.5 nudging finds another one.",
            partial(operated, tanh=lambda a, out: (1 - out) ** 2),
        ),
        Mistake(
            "tanh_not_squared",
            "The slope of your tanh is 1 - t; at 0.5 nudging finds another one.",
            partial(operated, tanh=lambda a, out: 1 - out),
        ),
        Mistake(
            "log_of_output",
            "The slope of your logarithm is one over the output; nudging at 2 finds a half.",
            partial(operated, log=lambda a, out: 1 / out),
        ),
        Mistake(
            "log_slope_is_log",
            "The slope of your logarithm is the logarithm itself; nudging at 2 finds a half.",
            partial(operated, log=lambda a, out: out),
        ),
        Mistake(
            "other_base",
            "Your logarithm has base 10; take the natural one, math.log.",
            partial(operated, logarithm=np.log10),
        ),
    ],
)


def graph_cases(rng: np.random.Generator) -> Drawn:
    """Draw values that were made from one another; each is made from the one before, so that one order alone fits.

    Leftovers are gradients that stand there from before.
    """
    for part, parents, calls, old in (
        ("one way", [[], [0], [1], [2]], 1, False),
        ("several ways", [[], [0], [0, 1], [2, 1], [3, 0]], 1, False),
        ("several ways", [[], [0], [1], [2, 0], [1, 3], [4]], 1, False),
        ("many ways", [[], [0], *([place - 1, place - 2] for place in range(2, 16))], 1, False),  # nearly a thousand
        ("once more", [[], [0], [1], [2]], 2, False),
        ("once more", [[], [0], [1], [2]], 1, True),
    ):
        count = len(parents)
        yield (
            part,
            {
                "data": np.sort(rng.permutation(400)[:count] / 100 + 0.5),
                "parents": parents,
                "slopes": [numbers(rng, len(each), low=0.4, high=1.8).tolist() for each in parents],
                "leftovers": numbers(rng, count, low=0.5, high=1.5) if old else np.zeros(count),
                "calls": calls,
            },
        )


def handed_back(
    parents: list[list[int]],
    slopes: list[list[float]],
    leftovers: Array,
    calls: int,
    reset: bool = True,
    begin: float = 0.0,
    reverse: bool = True,
    at_once: bool = False,
    collect: Callable = lambda old, grad, slope: old + grad * slope,
) -> Array:
    """Return the gradient of the last value for each value, right by default.

    Args:
        reset: whether all gradients are set to ``begin`` first.
        reverse: whether the last value hands on first.
        at_once: whether a value hands on whenever something arrives, and all that it has.
        collect: function (what a value has, gradient of the value made from it, slope) that returns what it has then.
    """
    grads = list(leftovers)

    def hand_on(place: int) -> None:
        for parent, slope in zip(parents[place], slopes[place]):
            grads[parent] = collect(grads[parent], grads[place], slope)
            if at_once:
                hand_on(parent)

    for _ in range(calls):
        if reset:
            grads = [begin] * len(grads)
        grads[-1] = 1.0
        order = range(len(parents))
        for place in [len(grads) - 1] if at_once else reversed(order) if reverse else order:
            hand_on(place)
    return np.array(grads)


BACKWARD = Exercise(
    "backward",
    title="The way back",
    spellings={
        "numpy": Spelling("backward", "backward_pass", ("data", "parents", "slopes", "leftovers", "calls"), ("output",))
    },
    draw=graph_cases,
    right=handed_back,
    mistakes=[
        Mistake(
            "overwritten",
            "Where a value is used twice, the second contribution replaces the first: add them up, +=.",
            partial(handed_back, collect=lambda old, grad, slope: grad * slope),
        ),
        Mistake(
            "wrong_order",
            "You begin at the start: most values hand on before anything has come to them. Go through the order backwards.",
            partial(handed_back, reverse=False),
        ),
        Mistake(
            "handed_on_at_once",
            "A value that is used twice hands its first contribution on twice: wait until all has come, as the order does.",
            partial(handed_back, at_once=True),
        ),
        Mistake(
            "grad_not_passed_on",
            "You add the slope of one step alone; slopes along a way multiply: slope times the gradient of the value.",
            partial(handed_back, collect=lambda old, grad, slope: old + slope),
        ),
        Mistake(
            "data_for_slope",
            "You multiply by the value of the parent; multiply by the slope that stands beside it.",
            lambda data, parents, leftovers, calls: handed_back(
                parents, [[data[place] for place in each] for each in parents], leftovers, calls
            ),
        ),
        Mistake(
            "data_for_grad",
            "You multiply each slope by the value's own number, `data`; it is its gradient, `grad`, that is handed on.",
            lambda data, parents, slopes, leftovers, calls: handed_back(
                parents,
                [[slope * data[place] for slope in each] for place, each in enumerate(slopes)],
                leftovers,
                calls,
                collect=lambda old, grad, slope: old + slope,
            ),
        ),
        Mistake(
            "slope_forgotten",
            "You hand on the gradient as it is; multiply it by the slope of the step.",
            partial(handed_back, collect=lambda old, grad, slope: old + grad),
        ),
        Mistake(
            "all_begin_with_one",
            "All values begin with 1; only the result does, and every other one with 0.",
            partial(handed_back, begin=1.0),
        ),
        Mistake(
            "zeros",
            "Every value is 0: there was nothing to hand on. The grad of the result is 1, set after all others are 0.",
            lambda data: np.zeros(len(data)),
        ),
        Mistake(
            "not_reset",
            "Called again, gradients pile up on what stood there: begin with 0 for every value in the order.",
            partial(handed_back, reset=False),
        ),
    ],
)


# Backpropagation


def backprop_cases(rng: np.random.Generator) -> Drawn:
    for samples, n_inputs, n_hidden in ((5, 2, 3), (4, 3, 2)):
        inputs = {
            "X": numbers(rng, samples, n_inputs),
            "y": labels(rng, samples, 1),
            "W1": numbers(rng, n_inputs, n_hidden, low=-1.0, high=1.0),
            "b1": numbers(rng, n_hidden, low=0.2, high=0.8),
            "W2": numbers(rng, n_hidden, 1),
            "b2": numbers(rng, 1, low=0.2, high=0.8),
        }
        for part in BACKPROP_PARTS:
            yield part, inputs


BACKPROP_PARTS = {"the output's weights": ("dW2",), "the hidden weights": ("dW1",), "the biases": ("db1", "db2")}


def gradients(
    X: Array,
    y: Array,
    W1: Array,
    b1: Array,
    W2: Array,
    b2: Array,
    *,
    error: Callable = cross_entropy_gradient,
    back: Callable = lambda delta, W2: delta @ W2.T,
    slope: Callable = lambda z, h: 1 - h**2,
    bias: Callable = np.sum,
    hidden: Callable = np.tanh,
) -> tuple[Array, Array, Array, Array]:
    """Return the gradients of a network with one hidden tanh layer, right by default.

    Backpropagation as in Nielsen, Neural Networks and Deep Learning, chapter 2, with the cross-entropy of chapter 3.

    Args:
        error: function from the logits and labels to the gradient of the loss with respect to the logits.
    """
    z = X @ W1 + b1
    h = hidden(z)
    delta = error(h @ W2 + b2, y)
    hidden_delta = back(delta, W2) * slope(z, h)
    return X.T @ hidden_delta, bias(hidden_delta, axis=0), h.T @ delta, bias(delta, axis=0)


BACKPROP = Exercise(
    "backprop",
    title="Backpropagation",
    off={"numpy": "autograd"},
    spellings={"numpy": function("backprop", "X", "y", "W1", "b1", "W2", "b2", returns=("dW1", "db1", "dW2", "db2"))},
    draw=backprop_cases,
    right=gradients,
    parts=BACKPROP_PARTS,
    mistakes=[
        Mistake(
            "slope_forgotten",
            "The output layer is right; on the way back, the slope of tanh, 1 - H ** 2, is missing.",
            partial(gradients, slope=lambda z, h: 1),
        ),
        Mistake(
            "slope_of_sigmoid",
            "The output layer is right, but H * (1 - H) is the slope of a sigmoid; that of tanh is 1 - H ** 2.",
            partial(gradients, slope=lambda z, h: h * (1 - h)),
        ),
        Mistake(
            "slope_of_sum",
            "The output layer is right, but you square the sums: the slope of tanh is "
            "1 - H ** 2, with the output of tanh.",
            partial(gradients, slope=lambda z, h: 1 - z**2),
        ),
        Mistake(
            "tanh_twice",
            "The output layer is right, but H has been through tanh already: its slope is 1 - H ** 2, with no tanh again.",
            partial(gradients, slope=lambda z, h: 1 - np.tanh(h) ** 2),
        ),
        Mistake(
            "difference_squared",
            "The output layer is right, but you square 1 - H: only H is squared, 1 - H ** 2.",
            partial(gradients, slope=lambda z, h: (1 - h) ** 2),
        ),
        Mistake(
            "slope_not_squared",
            "The output layer is right, but the slope of tanh is 1 - H ** 2, with the square.",
            partial(gradients, slope=lambda z, h: 1 - h),
        ),
        Mistake(
            "summed",
            "All your gradients are sums over the samples; the loss is a mean, so divide by their "
            "number once, at the start.",
            partial(gradients, error=lambda z, y: sigmoid(z) - y),
        ),
        Mistake(
            "sign_flipped",
            "All your gradients have the wrong sign: the error is P - y.",
            partial(gradients, error=lambda z, y: (y - sigmoid(z)) / len(y)),
        ),
        Mistake(
            "slope_at_output",
            "You multiply the error by P (1 - P); with the cross-entropy it cancels, and P - y is left.",
            partial(gradients, error=lambda z, y: (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)) / len(y)),
        ),
        Mistake(
            "sigmoid_forgotten",
            "Your error starts from the logits: send them through the sigmoid first.",
            partial(gradients, error=lambda z, y: (z - y) / len(y)),
        ),
        Mistake(
            "biases_along_units",
            "The weights are right; the bias gradients are added up along the units: add up over the samples, axis 0.",
            partial(gradients, bias=lambda delta, axis: delta.sum(axis=1 if delta.shape[1] > 1 else 0)),
        ),
        Mistake(
            "biases_averaged",
            "The weights are right; the bias gradients are averaged twice: 1/n is in the error already, so add up.",
            partial(gradients, bias=np.mean),
        ),
        Mistake(
            "hidden_sigmoid",
            "Your hidden layer uses the sigmoid; here it is tanh.",
            partial(gradients, hidden=sigmoid, slope=lambda z, h: h * (1 - h)),
        ),
        Mistake(
            "inputs_for_hidden",
            "You make dW2 with X; what the second layer reads is H.",
            lambda X, y, W1, b1, W2, b2: {
                **dict(zip(("dW1", "db1", "dW2", "db2"), gradients(X, y, W1, b1, W2, b2))),
                "dW2": X.T @ cross_entropy_gradient(np.tanh(X @ W1 + b1) @ W2 + b2, y),
            },
        ),
        Mistake(
            "weights_forgotten",
            "The output layer is right; on the way back the error has to pass through W2: D @ W2.T.",
            partial(gradients, back=lambda delta, W2: delta),
        ),
    ],
)


# Mini-batches, by property


def batch_cases(rng: np.random.Generator) -> Drawn:
    """Draw samples that all differ. The second case repeats the first, the third only has another seed.

    In these one sample is left for the last batch. The last case goes through many seeds, so that an order shows that
    only looks random.
    """
    seed = int(rng.integers(1, 1000))
    data: dict[int, tuple[Array, Array]] = {}
    for samples in (21, 24, 6, 15):
        values = rng.permutation(100 * samples)[: 3 * samples] / 100
        data[samples] = values[: 2 * samples].reshape(samples, 2), values[2 * samples :, None]
    plans = ((21, 5, 0, -1), (21, 5, 0, 0), (21, 5, 1, -1), (24, 8, 0, -1), (6, 10, 0, -1), (15, 4, 0, -1))
    for samples, batch_size, change, twin in plans:
        X, y = data[samples]
        inputs = {"X": X, "y": y, "batch_size": batch_size, "seed": seed + change, "twin": twin}
        yield (
            "batches",
            {**inputs, "more_seeds": rng.choice(100_000, 60, replace=False).tolist() if samples == 15 else []},
        )


MINIBATCHES = Exercise(
    "minibatches",
    title="Mini-batches",
    spellings={"numpy": Spelling("minibatches", "minibatch_epoch", ("X", "y", "batch_size", "seed", "more_seeds"))},
    draw=batch_cases,
    judge="epoch_of_batches",
)


# Training loops


def training_cases(rng: np.random.Generator) -> Drawn:
    """Draw the parameters of a network, and its batches: Xs and ys hold one array for each.

    With single samples a sum is a mean, and only the network is compared: a loop that steps right earns its share.
    """
    rates = iter(rng.permutation([0.2, 0.3]).tolist())
    for part, n_inputs, n_hidden, batches, epochs in (
        ("single samples", 2, 3, (1, 1, 1, 1), 2),
        ("whole batches", 3, 2, (4, 3, 5), 3),
    ):
        ys = labels(rng, sum(batches), 1)
        inputs = {
            "parameters": {
                "W1": numbers(rng, n_inputs, n_hidden),
                "b1": numbers(rng, n_hidden),
                "W2": numbers(rng, n_hidden, 1),
                "b2": numbers(rng, 1),
            },
            "Xs": [numbers(rng, samples, n_inputs) for samples in batches],
            "ys": np.split(ys, np.cumsum(batches)[:-1]),
            "epochs": epochs,
            "learning_rate": next(rates),
        }
        yield part, inputs


def training_arguments(parameters: Inputs, Xs: list[Array], ys: list[Array], **others: Any) -> Inputs:
    return {"parameters": parameters, "inputs": Xs, "labels": ys, **others}


def logits(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    hidden = np.tanh(X @ W1 + b1)
    return hidden @ W2 + b2


def moved(parameters: Sequence[Array], gradients: Iterable[Array], learning_rate: float) -> list[Array]:
    return [value - learning_rate * gradient for value, gradient in zip(parameters, gradients)]


def trained(
    parameters: dict[str, Array],
    Xs: list[Array],
    ys: list[Array],
    epochs: int,
    learning_rate: float,
    loss: Callable = cross_entropy,
    error: Callable = cross_entropy_gradient,
    cleared: str = "batch",
    step: str = "batch",
    used: slice = slice(None),
    summary: Callable = lambda losses, sizes: np.mean(losses),
    emptied: bool = True,
) -> tuple[Array, ...]:
    """Return a network's parameters after training and the losses, right by default.

    Args:
        loss: function from the logits and labels of a batch to its loss.
        error: function from the same to the gradient of the loss with respect to the logits.
        cleared: when the gradients are set to zero: before each "batch", before each "epoch", or "never".
        step: when the parameters move: after each "batch" or "epoch", "both", or "late": before the gradients of a
            batch are computed, with those of the batch before.
        used: the batches of an epoch that are used.
        summary: function from the losses of an epoch's batches, and their sizes, to what is returned for it.
        emptied: whether each epoch begins a list of batches' losses of its own.
    """
    values = list(parameters.values())
    held = zeros = [np.zeros_like(value) for value in values]
    losses: list[list[float]] = []
    sizes = np.array([len(y) for y in ys])[used]
    for _ in range(epochs):
        losses.append([] if emptied or not losses else list(losses[-1]))
        if cleared == "epoch":
            held = zeros
        for X, y in list(zip(Xs, ys))[used]:
            if step == "late":
                values = moved(values, held, learning_rate)
            if cleared == "batch":
                held = zeros
            losses[-1].append(loss(logits(X, *values), y))
            held = [total + new for total, new in zip(held, gradients(X, y, *values, error=error))]
            if step in ("batch", "both"):
                values = moved(values, held, learning_rate)
        if step in ("epoch", "both"):
            values = moved(values, held, learning_rate)
    return *values, np.ravel([summary(np.array(epoch), sizes) for epoch in losses])


TRAINED = ("W1", "b1", "W2", "b2", "losses")
TORCH, TENSORFLOW = ("torch",), ("tensorflow",)
TRAINING_LOOP = Exercise(
    "training_loop",
    title="The training loop",
    spellings={
        "torch": Spelling("train_torch", "torch_training", training_arguments, TRAINED),
        "tensorflow": Spelling("train_tf", "keras_training", training_arguments, TRAINED),
    },
    draw=training_cases,
    right=trained,
    parts={"single samples": ("W1", "b1", "W2", "b2")},
    stubs={"torch": "given_code", "tensorflow": "tape_and_step"},
    mistakes=[
        Mistake(
            "gradients_not_cleared",
            "One step for each batch, that is right. But the gradients of all batches pile up: call optimizer.zero_grad() "
            "before each backward().",
            partial(trained, cleared="never"),
            TORCH,
        ),
        Mistake(
            "cleared_once_an_epoch",
            "The gradients pile up within an epoch: zero_grad() belongs into the inner loop, once for each batch.",
            partial(trained, cleared="epoch"),
            TORCH,
        ),
        Mistake(
            "step_before_backward",
            "You step before backward(), with the gradients of the batch before; the "
            "order is zero_grad, backward, step.",
            partial(trained, step="late"),
            TORCH,
        ),
        Mistake(
            "never_moves",
            "The network never moves: call optimizer.step() after backward(), with no zero_grad() between the two.",
            partial(trained, learning_rate=0),
            TORCH,
        ),
        Mistake(
            "never_moves",
            "The network never moves: hand the gradients to optimizer.apply_gradients.",
            partial(trained, learning_rate=0),
            TENSORFLOW,
        ),
        Mistake(
            "given_code",
            "The network takes one step in an epoch, and each is longer than it should be, as if old slopes were in it.",
            partial(trained, cleared="never", step="epoch"),
            TORCH,
        ),
        Mistake(
            "step_outside",
            "Each batch has its own gradients, that is right. But the network takes one step in an epoch, with those of "
            "the last batch: each batch should have its step.",
            partial(trained, step="epoch"),
        ),
        Mistake(
            "step_more_an_epoch",
            "Each batch has its step, that is right. But each epoch ends with one step more, a second one with the last "
            "gradients.",
            partial(trained, step="both"),
        ),
        Mistake(
            "one_epoch_only",
            "You train for one epoch: does a `return` stand inside the outer loop?",
            partial(trained, epochs=1),
        ),
        Mistake(
            "one_epoch_too_many",
            "Your network is that of one epoch more.",
            lambda epochs, **inputs: trained(epochs=epochs + 1, **inputs),
        ),
        Mistake(
            "ascent",
            "You walk uphill: the loss grows at each step. Differentiate the loss, not minus the loss.",
            lambda learning_rate, **inputs: trained(learning_rate=-learning_rate, **inputs),
        ),
        Mistake(
            "loss_summed",
            "Your steps are too large: the loss is summed over the batch, it should be the mean.",
            partial(trained, loss=lambda z, y: np.sum(cross_entropies(z, y)), error=lambda z, y: sigmoid(z) - y),
        ),
        Mistake(
            "first_batch_only",
            "You train on the first batch only: go through all of them, and return after the last epoch.",
            partial(trained, used=slice(1)),
        ),
        Mistake(
            "last_batch_only",
            "You train on the last batch only: what follows the inner `for` must be indented to stand inside it.",
            partial(trained, used=slice(-1, None)),
        ),
        Mistake(
            "one_step_an_epoch",
            "You take one step an epoch, with the gradients of all batches added up; take one for each batch.",
            partial(trained, cleared="epoch", step="epoch"),
        ),
        Mistake(
            "squared_error",
            "Your loss is the squared error of the logits; this is classification: use the cross-entropy.",
            partial(trained, loss=lambda z, y: np.mean((z - y) ** 2), error=lambda z, y: 2 * (z - y) / y.size),
        ),
        Mistake(
            "sigmoid_twice",
            "The sigmoid is applied twice: the network returns logits, and the loss wants logits.",
            partial(
                trained,
                loss=lambda z, y: cross_entropy(sigmoid(z), y),
                error=lambda z, y: cross_entropy_gradient(sigmoid(z), y) * sigmoid(z) * (1 - sigmoid(z)),
            ),
        ),
        Mistake(
            "loss_of_last_batch",
            "The training is right, but each loss is that of the epoch's last batch; return the mean over its batches.",
            partial(trained, summary=lambda losses, sizes: losses[-1]),
        ),
        Mistake(
            "losses_summed",
            "The training is right, but each loss is a sum over the epoch's batches; return the mean.",
            partial(trained, summary=lambda losses, sizes: np.sum(losses)),
        ),
        Mistake(
            "losses_of_batches",
            "The training is right, but you return a loss for each batch; return one for each epoch, the mean.",
            partial(trained, summary=lambda losses, sizes: losses),
        ),
        Mistake(
            "losses_so_far",
            "The training is right, but each loss is a mean over all epochs so far: begin each epoch with an empty list.",
            partial(trained, emptied=False),
        ),
        Mistake(
            "losses_weighted",
            "The training is right, but each loss is a mean over the epoch's samples; return the mean over its "
            "batches, in which a smaller batch counts as much.",
            partial(trained, summary=lambda losses, sizes: np.average(losses, weights=sizes)),
        ),
    ],
)


# Optimisers: paths of several steps, a step for each gradient


def optimiser(name: str, state: tuple[str, ...], settings: tuple[str, ...]) -> Spelling:
    """Return the spelling of one step of an optimiser; where the inputs hold ``start``, it counts its steps.

    Args:
        state: names of the inputs that a step returns besides w.
        settings: names of the other inputs, in the order of the function's parameters.
    """

    def probe_arguments(**inputs: Any) -> Inputs:
        return {
            "w": inputs["w"],
            "gradients": inputs["gradients"],
            "state": {key: inputs[key] for key in state},
            "start": inputs.get("start"),
            "settings": [inputs[key] for key in settings],
        }

    return Spelling(name, "optimiser_steps", probe_arguments, ("w", *state))


def momentum_cases(rng: np.random.Generator) -> Drawn:
    rates, betas = (iter(rng.permutation(values).tolist()) for values in ([0.1, 0.2], [0.8, 0.9]))
    for steps, shape, moving in ((1, (3,), True), (10, (2, 2), False)):
        inputs = {
            "w": numbers(rng, *shape),
            "gradients": numbers(rng, steps, *shape),
            "velocity": numbers(rng, *shape) if moving else np.zeros(shape),
            "learning_rate": next(rates),
            "beta": next(betas),
        }
        yield "steps", inputs


def momentum_path(
    w: Array,
    gradients: Array,
    velocity: Array,
    learning_rate: float,
    beta: float,
    grow: Callable = lambda v, g, beta: beta * v + g,
    direction: Callable = lambda v, g, old, beta: v,
    keep: Callable = lambda v, old: v,
) -> tuple[Array, Array]:
    """Return the path of gradient descent with momentum, and the last velocity, right by default.

    Args:
        direction: where w moves; ``old`` is the velocity before this step.
    """
    path = []
    for g in gradients:
        old, velocity = velocity, grow(velocity, g, beta)
        w = w - learning_rate * direction(velocity, g, old, beta)
        velocity = keep(velocity, old)
        path.append(w)
    return np.array(path), velocity


def swapped_path(w: Array, gradients: Array, velocity: Array, learning_rate: float, beta: float) -> tuple[Array, Array]:
    """Return the path of one who returns the velocity before w, so that each is taken for the other."""
    path = []
    for g in gradients:
        moved_to, velocity = momentum_path(w, g[None], velocity, learning_rate, beta)
        w, velocity = velocity, moved_to[-1]
        path.append(w)
    return np.array(path), velocity


MOMENTUM_STEP = Exercise(
    "momentum_step",
    title="Momentum",
    off={"numpy": "optimisers"},
    spellings={"numpy": optimiser("momentum_step", state=("velocity",), settings=("learning_rate", "beta"))},
    draw=momentum_cases,
    right=momentum_path,
    mistakes=[
        Mistake(
            "rate_in_velocity",
            "Your velocity contains the learning rate already. That is another common "
            "convention; here the velocity collects plain gradients, and the rate comes in when w moves.",
            lambda gradients, learning_rate, **inputs: momentum_path(
                gradients=learning_rate * gradients, learning_rate=1, **inputs
            ),
        ),
        Mistake(
            "keras_velocity",
            "Your velocity is Keras's, which points downhill and contains the learning rate. Here it collects plain "
            "gradients, and w moves against it.",
            lambda gradients, learning_rate, **inputs: momentum_path(
                gradients=-learning_rate * gradients, learning_rate=-1, **inputs
            ),
        ),
        Mistake(
            "beta_fixed",
            "Your old velocity fades by 0.9, whatever `beta` is: use the argument.",
            partial(momentum_path, beta=0.9),
        ),
        Mistake(
            "gradient_damped",
            "You weaken the new gradient by 1 - beta; it joins the velocity in full.",
            partial(momentum_path, grow=lambda v, g, beta: beta * v + (1 - beta) * g),
        ),
        Mistake(
            "nesterov",
            "This is Nesterov's variant, which looks one step ahead; move by the velocity alone.",
            partial(momentum_path, direction=lambda v, g, old, beta: g + beta * v),
        ),
        Mistake(
            "old_velocity",
            "You move with the velocity from before this step; update it first.",
            partial(momentum_path, direction=lambda v, g, old, beta: old),
        ),
        Mistake("pair_swapped", "You return (velocity, w): put w first.", swapped_path),
        Mistake(
            "velocity_not_used",
            "You move by the gradient alone; move by the velocity.",
            partial(momentum_path, direction=lambda v, g, old, beta: g),
        ),
        Mistake(
            "velocity_not_kept",
            "Your w is right for a step, but you return the old velocity: return the new one.",
            partial(momentum_path, keep=lambda v, old: old),
        ),
        Mistake(
            "beta_on_gradient",
            "You multiply the gradient by beta; it is the old velocity that fades.",
            partial(momentum_path, grow=lambda v, g, beta: v + beta * g),
        ),
        Mistake(
            "beta_forgotten",
            "Your old velocity never fades: multiply it by beta.",
            partial(momentum_path, grow=lambda v, g, beta: v + g),
        ),
        Mistake(
            "ascent",
            "You walk uphill: subtract the velocity, times the learning rate, from w.",
            lambda learning_rate, **inputs: momentum_path(learning_rate=-learning_rate, **inputs),
        ),
        Mistake(
            "learning_rate_ignored",
            "Your steps ignore the learning rate: multiply the velocity by it when w moves.",
            partial(momentum_path, learning_rate=1),
        ),
    ],
)


def adam_cases(rng: np.random.Generator) -> Drawn:
    """Draw gradients of very different sizes, so that the place of epsilon shows."""
    settings = {"learning_rate": [0.1, 0.2], "beta1": [0.8, 0.9], "beta2": [0.98, 0.99], "epsilon": [0.002, 0.003]}
    drawn = {name: iter(rng.permutation(values).tolist()) for name, values in settings.items()}
    for steps, shape, start in ((10, (4,), 1), (3, (3, 2), 6)):
        scale = np.array([1.0, 0.3, 0.05, 0.01, 0.1, 0.6])[: np.prod(shape)].reshape(shape)
        signs = rng.choice([-1.0, 1.0], (steps, *shape))
        fresh = start == 1
        inputs = {
            "w": numbers(rng, *shape),
            "gradients": signs * scale * rng.uniform(0.5, 1.5, (steps, *shape)).round(3),
            "m": np.zeros(shape) if fresh else 0.3 * scale * rng.uniform(0.5, 1, shape).round(3),
            "v": np.zeros(shape) if fresh else 0.2 * (scale * rng.uniform(0.5, 1, shape).round(3)) ** 2,
            "start": start,
            **{name: next(values) for name, values in drawn.items()},
        }
        yield "steps", inputs


def adam_path(
    w: Array,
    gradients: Array,
    m: Array,
    v: Array,
    start: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    direction: Callable = lambda m, v, g, c1, c2, epsilon: m / c1 / (np.sqrt(v / c2) + epsilon),
    weight: Callable = lambda beta: 1 - beta,
    power: int = 2,
    averaged: Callable = lambda m, g: g,
    keep: Callable = lambda m, v, c1, c2: (m, v),
    decays: Callable = lambda beta1, beta2: (beta1, beta2),
) -> tuple[Array, Array, Array]:
    """Return the path of Adam, and the last m and v, right by default.

    Kingma and Ba, Adam: a method for stochastic optimization (2015), algorithm 1: epsilon stands outside the root.

    Args:
        direction: c1 and c2 are the bias corrections, 1 - beta ** t.
        weight: function from a beta to the weight of the new gradient.
        power: the power of the gradient that v averages.
        averaged: function from the new m and the gradient to what v averages a power of.
        decays: function from the betas to those with which m and v are averaged; the corrections keep their own.
    """
    path = []
    of_m, of_v = decays(beta1, beta2)
    for t, g in enumerate(gradients, start):
        m = of_m * m + weight(of_m) * g
        v = of_v * v + weight(of_v) * averaged(m, g) ** power
        c1, c2 = 1 - beta1**t, 1 - beta2**t
        w = w - learning_rate * direction(m, v, g, c1, c2, epsilon)
        m, v = keep(m, v, c1, c2)
        path.append(w)
    return np.array(path), m, v


def adam_corrected(
    beta1: float, beta2: float, start: int, correction: Callable[[float, int], float], **inputs: Any
) -> tuple[Array, Array, Array]:
    """Return what comes of other bias corrections, made from a beta and t."""
    steps = iter(range(start, start + len(inputs["gradients"])))

    def direction(m: Array, v: Array, g: Array, c1: float, c2: float, epsilon: float) -> Array:
        t = next(steps)
        return m / correction(beta1, t) / (np.sqrt(v / correction(beta2, t)) + epsilon)

    return adam_path(beta1=beta1, beta2=beta2, start=start, direction=direction, **inputs)


ADAM_STEP = Exercise(
    "adam_step",
    title="Adam",
    off={"numpy": "optimisers"},
    spellings={
        "numpy": optimiser("adam_step", state=("m", "v"), settings=("learning_rate", "beta1", "beta2", "epsilon"))
    },
    draw=adam_cases,
    right=adam_path,
    mistakes=[
        Mistake(
            "no_correction",
            "The bias correction is missing: divide m by 1 - beta1 ** t and v by 1 - beta2 ** t.",
            partial(adam_path, direction=lambda m, v, g, c1, c2, epsilon: m / (np.sqrt(v) + epsilon)),
        ),
        Mistake(
            "corrected_as_in_step_1",
            "You correct each step as if it were the first: after t steps, how much of a steady gradient is in the average?",
            lambda beta1, beta2, **inputs: adam_path(
                beta1=beta1,
                beta2=beta2,
                direction=lambda m, v, g, c1, c2, epsilon: m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + epsilon),
                **inputs,
            ),
        ),
        Mistake(
            "squares_of_m",
            "Your v averages the squares of m; it should average those of the gradients.",
            partial(adam_path, averaged=lambda m, g: m),
        ),
        Mistake(
            "counted_from_0",
            "You correct each step as if it were the one after: the first step has t = 1 already.",
            lambda start, **inputs: adam_path(start=start + 1, **inputs),
        ),
        Mistake(
            "only_m_corrected",
            "You correct m but not v: divide v by 1 - beta2 ** t.",
            partial(adam_path, direction=lambda m, v, g, c1, c2, epsilon: m / c1 / (np.sqrt(v) + epsilon)),
        ),
        Mistake(
            "v_corrected_by_beta1",
            "You correct v with beta1, which belongs to m: divide v by 1 - beta2 ** t.",
            partial(adam_path, direction=lambda m, v, g, c1, c2, epsilon: m / c1 / (np.sqrt(v / c1) + epsilon)),
        ),
        Mistake(
            "m_corrected_by_beta2",
            "You correct m with beta2, which belongs to v: divide m by 1 - beta1 ** t.",
            partial(adam_path, direction=lambda m, v, g, c1, c2, epsilon: m / c2 / (np.sqrt(v / c2) + epsilon)),
        ),
        Mistake(
            "epsilon_inside",
            "Your epsilon stands under the root; add it after the root.",
            partial(adam_path, direction=lambda m, v, g, c1, c2, epsilon: m / c1 / np.sqrt(v / c2 + epsilon)),
        ),
        Mistake(
            "epsilon_before_correction",
            "You add epsilon to the root of v before v is corrected; correct v, take the root, then add epsilon.",
            partial(
                adam_path, direction=lambda m, v, g, c1, c2, epsilon: np.sqrt(c2) / c1 * m / (np.sqrt(v) + epsilon)
            ),
        ),
        Mistake(
            "root_forgotten",
            "You divide by v itself; divide by its square root.",
            partial(adam_path, direction=lambda m, v, g, c1, c2, epsilon: m / c1 / (v / c2 + epsilon)),
        ),
        Mistake(
            "not_squared",
            "Your v averages the gradient itself; average its square.",
            partial(
                adam_path,
                direction=lambda m, v, g, c1, c2, epsilon: m / c1 / (np.sqrt(np.abs(v) / c2) + epsilon),
                power=1,
            ),
        ),
        Mistake(
            "absolute_not_squared",
            "Your v averages the absolute value of the gradient; average its square.",
            partial(adam_path, averaged=lambda m, g: np.abs(g), power=1),
        ),
        Mistake(
            "not_squared_undefined",
            "Your v averages the gradient itself, which may be negative and has no root then; average its square.",
            partial(adam_path, power=1),
        ),
        Mistake(
            "beta_times_t",
            "You multiply beta by t in the correction; it is beta to the power of t: beta ** t.",
            partial(adam_corrected, correction=lambda beta, t: 1 - beta * t),
        ),
        Mistake(
            "difference_to_the_power",
            "In the correction you raise 1 - beta to the power of t; it is beta alone: 1 - beta ** t.",
            partial(adam_corrected, correction=lambda beta, t: (1 - beta) ** t),
        ),
        Mistake(
            "betas_swapped",
            "The two betas are swapped: beta1 belongs to m, beta2 to v.",
            lambda beta1, beta2, **inputs: adam_path(beta1=beta2, beta2=beta1, **inputs),
        ),
        Mistake(
            "v_averaged_by_beta1",
            "You average v with beta1, which belongs to m: beta2 * v + (1 - beta2) * gradient ** 2.",
            partial(adam_path, decays=lambda beta1, beta2: (beta1, beta1)),
        ),
        Mistake(
            "m_averaged_by_beta2",
            "You average m with beta2, which belongs to v: beta1 * m + (1 - beta1) * gradient.",
            partial(adam_path, decays=lambda beta1, beta2: (beta2, beta2)),
        ),
        Mistake(
            "gradient_not_weighted",
            "New gradients enter m and v in full: weight them by 1 - beta.",
            partial(adam_path, weight=lambda beta: 1),
        ),
        Mistake(
            "correction_kept",
            "You return the corrected m and v; the correction is for this step only: "
            "return them as they were before it.",
            partial(adam_path, keep=lambda m, v, c1, c2: (m / c1, v / c2)),
        ),
        Mistake(
            "m_not_used",
            "You step along the gradient of this moment; step along m, its running average.",
            partial(adam_path, direction=lambda m, v, g, c1, c2, epsilon: g / (np.sqrt(v / c2) + epsilon)),
        ),
        Mistake(
            "ascent",
            "You walk uphill: subtract the step from w.",
            lambda learning_rate, **inputs: adam_path(learning_rate=-learning_rate, **inputs),
        ),
    ],
)


# Learning-rate schedules: three functions (t, total, base)


def step_decay(t: int, total: int, base: float) -> float:
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t: int, total: int, base: float) -> float:
    return base * (1 + np.cos(np.pi * t / total)) / 2


def warm_up(t: int, total: int, base: float) -> float:
    return base * min(1, 10 * (t + 1) / total)


SCHEDULE_FUNCTIONS = {"step_decay": step_decay, "cosine_decay": cosine_decay, "warm_up": warm_up}


def schedule_cases(rng: np.random.Generator) -> Drawn:
    for name in SCHEDULE_FUNCTIONS:
        for total in (30, 59):  # also what 3 and 10 do not divide
            base = number(rng, low=0.1, high=0.9)
            inner = rng.choice(np.arange(1, total - 1), 12, replace=False)
            edges = [0, 1, total // 10 - 1, total // 10, total // 3 - 1, total // 3, 2 * total // 3, total - 1]
            times = sorted({*edges, *inner.tolist()})
            yield name, {"function": name, "times": times, "total": total, "base": base}


def rates(function: str, times: list[int], total: int, base: float, **replaced: Callable) -> Array:
    """Return the rate at each time when some of the three functions are replaced."""
    schedule = {**SCHEDULE_FUNCTIONS, **replaced}[function]
    return np.array([schedule(t, total, base) for t in times], dtype=float)


SCHEDULES = Exercise(
    "schedules",
    title="Learning-rate schedules",
    spellings={"numpy": Spelling(tuple(SCHEDULE_FUNCTIONS), "schedule_rates", ("function", "times", "total", "base"))},
    draw=schedule_cases,
    right=rates,
    mistakes=[
        Mistake(
            "step_not_rounded",
            "Your rate falls at every step; round 3 t / total down with //, so that it falls twice.",
            partial(rates, step_decay=lambda t, total, base: base * 0.1 ** (3 * t / total)),
        ),
        Mistake(
            "step_thirds_rounded",
            "Your thirds are rounded to whole steps before you count them, so that a fourth one begins before the end: "
            "round 3 t / total down instead.",
            partial(rates, step_decay=lambda t, total, base: base * 0.1 ** (t // (total // 3))),
        ),
        Mistake(
            "step_borders_rounded",
            "Where the steps are no multiple of 3, your thirds end a step too early: a third of them is no whole number "
            "then, so do not round it.",
            partial(
                rates,
                step_decay=lambda t, total, base: base * 0.1 ** (int(t >= total // 3) + int(t >= 2 * total // 3)),
            ),
        ),
        Mistake(
            "step_border_late",
            "Where a third ends your rate falls one step too late: the step with the number total / 3 has the lower rate.",
            partial(
                rates,
                step_decay=lambda t, total, base: base * 0.1 ** (int(3 * t > total) + int(3 * t > 2 * total)),
            ),
        ),
        Mistake(
            "step_divided_once",
            "Your rate is divided by 10 only once: again after two thirds.",
            partial(rates, step_decay=lambda t, total, base: base * 0.1 ** min(1, 3 * t // total)),
        ),
        Mistake(
            "step_halved",
            "Your rate is halved after each third; divide it by 10.",
            partial(rates, step_decay=lambda t, total, base: base * 0.5 ** (3 * t // total)),
        ),
        Mistake(
            "cosine_without_one",
            "Your rate turns negative, and negative steps go uphill: add 1 to the cosine, then halve.",
            partial(rates, cosine_decay=lambda t, total, base: base * np.cos(np.pi * t / total)),
        ),
        Mistake(
            "cosine_not_halved",
            "Your rate starts at twice the base: halve 1 + cos.",
            partial(rates, cosine_decay=lambda t, total, base: base * (1 + np.cos(np.pi * t / total))),
        ),
        Mistake(
            "quarter_wave",
            "Your cosine goes from 0 to pi / 2 only, and falls most steeply at the end: it should go on to pi, and be moved up.",
            partial(rates, cosine_decay=lambda t, total, base: base * np.cos(np.pi * t / (2 * total))),
        ),
        Mistake(
            "ends_a_step_early",
            "Your cosine reaches 0 with the last step; it should with step number total, which is never taken.",
            partial(rates, cosine_decay=lambda t, total, base: base * (1 + np.cos(np.pi * t / (total - 1))) / 2),
        ),
        Mistake(
            "cosine_whole_wave",
            "Your cosine falls to 0 in the middle and comes back up: its angle goes to 2 pi, a whole wave, where half a wave "
            "only falls.",
            partial(rates, cosine_decay=lambda t, total, base: base * (1 + np.cos(2 * np.pi * t / total)) / 2),
        ),
        Mistake(
            "cosine_without_pi",
            "Your cosine barely falls: its angle should go from 0 to pi.",
            partial(rates, cosine_decay=lambda t, total, base: base * (1 + np.cos(t / total)) / 2),
        ),
        Mistake(
            "cosine_in_degrees",
            "Your cosine gets an angle in degrees; it wants radians, from 0 to pi.",
            partial(rates, cosine_decay=lambda t, total, base: base * (1 + np.cos(180 * t / total)) / 2),
        ),
        Mistake(
            "cosine_rises",
            "Your rate rises from 0: 1 + cos falls, 1 - cos rises.",
            partial(rates, cosine_decay=lambda t, total, base: base * (1 - np.cos(np.pi * t / total)) / 2),
        ),
        Mistake(
            "straight_decay",
            "Your rate falls along a straight line; here it follows a cosine.",
            partial(rates, cosine_decay=lambda t, total, base: base * (1 - t / total)),
        ),
        Mistake(
            "warm_up_from_zero",
            "Your first step has rate 0 and is wasted: count it as number t + 1.",
            partial(rates, warm_up=lambda t, total, base: base * min(1, 10 * t / total)),
        ),
        Mistake(
            "warm_up_rounded",
            "You round a tenth of the steps to a whole number, so that the rate grows too quickly where they are no "
            "multiple of 10.",
            partial(rates, warm_up=lambda t, total, base: base * min(1, (t + 1) / (total // 10))),
        ),
        Mistake(
            "warm_up_to_one",
            "Your rate rises to 1; it should rise to the base and stay there.",
            partial(rates, warm_up=lambda t, total, base: min(1, base * 10 * (t + 1) / total)),
        ),
        Mistake(
            "thirds_of_30_steps",
            "Your rate falls after 10 and after 20 steps, however many there are: take thirds of `total`.",
            partial(rates, step_decay=lambda t, total, base: base * 0.1 ** min(t // 10, 2)),
        ),
        Mistake(
            "warm_up_of_3_steps",
            "Your warm-up takes 3 steps, however many there are: take a tenth of `total`.",
            partial(rates, warm_up=lambda t, total, base: base * min(1, (t + 1) / 3)),
        ),
        Mistake(
            "warm_up_never_ends",
            "Your rate keeps rising beyond the base: stop there, with min.",
            partial(rates, warm_up=lambda t, total, base: base * 10 * (t + 1) / total),
        ),
        Mistake(
            "warm_up_too_long",
            "Your warm-up takes the whole training; it should end after a tenth of it.",
            partial(rates, warm_up=lambda t, total, base: base * (t + 1) / total),
        ),
        Mistake("base_ignored", "Your rates start from 1: multiply them by the base.", partial(rates, base=1.0)),
    ],
)


# Clipping, optional


def clip_cases(rng: np.random.Generator) -> Drawn:
    for low, high, longest in ((1.0, 2.0, 1.5), (0.05, 0.2, 2.0), (0.0, 0.0, 1.0), (0.5, 1.5, 0.7), (1.0, 2.0, 6.0)):
        signs = rng.choice([-1.0, 1.0], 6)
        entries = signs * rng.uniform(low, high, 6).round(2)
        yield "gradients", {"gradients": [entries[:4].reshape(2, 2), entries[4:]], "longest": longest}


def clipped(
    gradients: list[Array],
    longest: float,
    root: Callable = np.sqrt,
    always: bool = False,
    size: float | None = None,
) -> tuple[Array, ...]:
    if size is None:
        size = root(np.sum([np.sum(gradient**2) for gradient in gradients]))
    factor = longest / size if size > longest or (always and size) else 1.0
    return tuple(factor * gradient for gradient in gradients)


def square_of(gradients: Sequence[Array]) -> float:
    return float(sum(np.sum(gradient**2) for gradient in gradients))


CLIP_GRADIENTS = Exercise(
    "clip_gradients",
    title="Clipping gradients",
    spellings={"numpy": function("clip_gradients", "gradients", "longest", returns=("first", "second"))},
    draw=clip_cases,
    right=clipped,
    mistakes=[
        Mistake(
            "each_alone",
            "You shorten each array by itself, which turns the direction: one factor for all of them.",
            lambda gradients, longest: tuple(clipped([gradient], longest)[0] for gradient in gradients),
        ),
        Mistake(
            "entries_clipped",
            "You cut single entries off, which turns the direction: multiply all of them by one factor.",
            lambda gradients, longest: tuple(np.clip(gradient, -longest, longest) for gradient in gradients),
        ),
        Mistake(
            "always_divided",
            "You lengthen short gradients, too, and divide by 0 where all are 0: leave alone what is not too long.",
            lambda gradients, longest: tuple(
                gradient if np.any(gradient) else np.full(gradient.shape, np.nan)
                for gradient in clipped(gradients, longest, always=True)
            ),
        ),
        Mistake(
            "lengths_added",
            "You add up the lengths of the arrays; the length of all is the root of the sum of all squares.",
            lambda gradients, longest: clipped(gradients, longest, size=float(sum(map(np.linalg.norm, gradients)))),
        ),
        Mistake(
            "always_scaled",
            "You lengthen short gradients, too: leave alone what is not too long.",
            partial(clipped, always=True),
        ),
        Mistake(
            "square_compared",
            "You compare the sum of squares with `longest`, so that some short gradients grow: compare its root, as you "
            "divide by it.",
            lambda gradients, longest: tuple(
                gradient if square_of(gradients) <= longest else gradient * longest / np.sqrt(square_of(gradients))
                for gradient in gradients
            ),
        ),
        Mistake(
            "root_forgotten",
            "Your length is a sum of squares; take its root.",
            partial(clipped, root=identity),
        ),
    ],
)
