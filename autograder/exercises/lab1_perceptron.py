"""Lab 1, the perceptron: what each exercise asks, and the mistakes that it recognises."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from autograder.authoring.exercise import Drawn, Exercise, Inputs, Mistake, Spelling
from autograder.authoring.numerics import Array, identity, number, numbers, sigmoid, softmax
from autograder.authoring.spellings import function, keras_layer, output_and_gradients, torch_module
from course_utils import judging
from course_utils.protocol import Reply, Test
from course_utils.verdict import Assessment

MARGIN = 0.02  # a weighted sum this far from 0, in learning rates, has the same sign in float32 and in any order
NUMPY = ("numpy",)

# A neuron


def neuron_cases(rng: np.random.Generator) -> Drawn:
    for part, shape in (("one input", (3,)), ("one input", (2,)), ("batch", (4, 3)), ("batch", (2, 4))):
        yield part, {"x": numbers(rng, *shape), "w": numbers(rng, shape[-1]), "b": number(rng, low=0.5)}


NEURON = Exercise(
    "neuron",
    title="The neuron",
    spellings={"numpy": function("neuron", "x", "w", "b")},
    draw=neuron_cases,
    right=lambda x, w, b: sigmoid(x @ w + b),
    mistakes=[
        Mistake(
            "bias_forgotten", "Your output equals sigmoid(x @ w): the bias is missing.", lambda x, w: sigmoid(x @ w)
        ),
        Mistake(
            "bias_for_each_feature",
            "The bias is in your sum once for each feature; add it once, after the sum.",
            lambda x, w, b: sigmoid(x @ w + len(w) * b),
        ),
        Mistake(
            "bias_added_to_inputs",
            "You add the bias to each input before the product, so that the weights multiply it, too: x @ w comes first.",
            lambda x, w, b: sigmoid((x + b) @ w),
        ),
        Mistake(
            "bias_added_to_weights",
            "You add the bias to each weight before the product, so that the inputs multiply it, too: x @ w comes first.",
            lambda x, w, b: sigmoid(x @ (w + b)),
        ),
        Mistake(
            "bias_after_activation",
            "Your output equals sigmoid(x @ w) + b: the bias belongs inside, into "
            "the sum that goes through the sigmoid.",
            lambda x, w, b: sigmoid(x @ w) + b,
        ),
        Mistake(
            "activation_forgotten",
            "Your output equals x @ w + b: it still has to go through the sigmoid.",
            lambda x, w, b: x @ w + b,
        ),
        Mistake(
            "activation_doubled",
            "Your output went through the sigmoid twice; once is enough.",
            lambda x, w, b: sigmoid(sigmoid(x @ w + b)),
        ),
        Mistake(
            "sign_flipped",
            "Your output is 1 minus the right one: the sum goes into the sigmoid with its own sign.",
            lambda x, w, b: sigmoid(-(x @ w + b)),
        ),
        Mistake("bias_subtracted", "You subtract the bias; it is added to x @ w.", lambda x, w, b: sigmoid(x @ w - b)),
        Mistake(
            "tanh_instead",
            "Your output is a tanh, which lies between -1 and 1; this neuron uses the sigmoid.",
            lambda x, w, b: np.tanh(x @ w + b),
        ),
        Mistake(
            "step_instead",
            "Your output is only 0 or 1, as if from a step: a sigmoid is smooth.",
            lambda x, w, b: 1.0 * (x @ w + b > 0),
        ),
        Mistake(
            "mean_instead_of_sum",
            "Your neuron takes the mean of x * w; it should add them up.",
            lambda x, w, b: sigmoid(np.mean(x * w, -1) + b),
        ),
        Mistake(
            "not_summed",
            "Your neuron multiplies inputs and weights but does not add them up: use x @ w.",
            lambda x, w, b: sigmoid(x * w + b),
        ),
        Mistake(
            "two_inputs_only",
            "Only the first two inputs count: add up as many as there are.",
            lambda x, w, b: sigmoid(x[..., :2] @ w[:2] + b),
        ),
        Mistake(
            "batch_summed",
            "For a batch you add up everything; each sample (row) needs a sum of its own: "
            "add along the last axis, or use x @ w.",
            lambda x, w, b: sigmoid(np.sum(x * w) + b),
        ),
        Mistake(
            "wrong_axis",
            "For a batch you add up over the samples; add up over the features, the last axis.",
            lambda x, w, b: sigmoid(np.sum(x * w, 0) + b),
        ),
    ],
)


# The perceptron learning rule


def perceptron_draw(rng: np.random.Generator, y: int, prediction: int, features: int, against: str) -> Inputs:
    """Draw one sample that a random perceptron sees as ``prediction``, near its line but not on it.

    Args:
        against: which part of the sum alone would say the opposite, "bias" or "weights".
    """
    while True:
        x, w, b = numbers(rng, features), numbers(rng, features), number(rng)
        learning_rate = float(rng.choice([0.1, 0.2, 0.5]))
        z = x @ w + b
        if 0.1 < abs(z) < 0.9 and (z > 0) == bool(prediction) and z * (b if against == "bias" else x @ w) < 0:
            return {"x": x, "y": y, "w": w, "b": b, "learning_rate": learning_rate}


def perceptron_cases(rng: np.random.Generator) -> Drawn:
    start = {"x": numbers(rng, 3), "y": 1, "w": np.zeros(3), "b": 0.0, "learning_rate": 0.1}
    for y, prediction, features, against in (
        *((1, 0, 3, "bias"), (0, 1, 2, "bias"), (1, 1, 4, "bias"), (0, 0, 3, "bias")),
        *((0, 1, 1, "weights"), (1, 0, 2, "weights")),
    ):
        yield "update", perceptron_draw(rng, y, prediction, features, against)
    yield "update", start


def step(z: float) -> int:
    return 1 if z > 0 else 0


def signed_step(z: float) -> int:
    return 1 if z > 0 else -1


def step_with_zero(z: float) -> int:
    return 1 if z >= 0 else 0


def predicting_signs(learner: Callable) -> list[Mistake]:
    """Return the mistakes of a function of ``predict`` that takes -1 and +1 for labels; the two differ at 0."""
    says = "You predict -1 or +1, but here the labels are 0 and 1: predict 0 or 1."
    return [
        Mistake("signed_labels", says, partial(learner, predict=signed_step)),
        Mistake("signs", says, partial(learner, predict=np.sign)),
    ]


def compared_with_half(learner: Callable) -> Mistake:
    """Return the mistake of a function of ``predict`` that takes the sum for a sigmoid's output."""
    return Mistake(
        "compared_with_half",
        "You compare the sum with 0.5, the middle of a sigmoid's outputs: the rule asks whether the sum is above 0.",
        partial(learner, predict=lambda z: 1 if z > 0.5 else 0),
    )


def updated(
    x: Array,
    y: int,
    w: Array,
    b: float,
    learning_rate: float,
    predict: Callable = step,
    weighted: Callable = lambda x, w, b: x @ w + b,
    error: Callable = lambda y, prediction: y - prediction,
    direction: Callable = identity,
    bias: float = 1,
) -> tuple[Array, float]:
    """Return the weights and the bias after one perceptron update, right by default."""
    change = learning_rate * error(y, predict(weighted(x, w, b)))
    return w + change * direction(x), b + bias * change


def predicted_again(x: Array, y: int, w: Array, b: float, learning_rate: float, first: str) -> tuple[Array, float]:
    """Return the weights and the bias where what moves second, not ``first``, learns from a prediction of its own."""
    moved_w, moved_b = updated(x, y, w, b, learning_rate)
    if first == "w":
        return moved_w, updated(x, y, moved_w, b, learning_rate)[1]
    return updated(x, y, w, moved_b, learning_rate)[0], moved_b


PERCEPTRON_UPDATE = Exercise(
    "perceptron_update",
    title="The perceptron learning rule",
    spellings={"numpy": function("perceptron_update", "x", "y", "w", "b", "learning_rate", returns=("w", "b"))},
    draw=perceptron_cases,
    right=updated,
    mistakes=[
        *predicting_signs(updated),
        Mistake(
            "bias_added_to_weights",
            "You add the bias to each weight before the product, so that the inputs multiply it, too: x @ w comes first.",
            partial(updated, weighted=lambda x, w, b: x @ (w + b)),
        ),
        Mistake(
            "bias_times_itself",
            "Your bias is nudged in proportion to itself. Its input is a 1, so it moves by the learning rate times the error.",
            lambda b, **inputs: (updated(b=b, **inputs)[0], b + b * (updated(b=b, **inputs)[1] - b)),
        ),
        compared_with_half(updated),
        Mistake(
            "sign_flipped",
            "Your update goes the wrong way: the error is y - prediction.",
            partial(updated, error=lambda y, prediction: prediction - y),
        ),
        Mistake(
            "learning_rate_ignored",
            "Your update is too large: multiply it by the learning rate.",
            partial(updated, learning_rate=1),
        ),
        Mistake(
            "bias_not_updated",
            "Your weights are right, but the bias stays; it learns by the same rule.",
            partial(updated, bias=0),
        ),
        Mistake(
            "input_forgotten",
            "Your weights all move by the same amount: multiply the error by x.",
            partial(updated, direction=lambda x: 1),
        ),
        Mistake(
            "prediction_ignored",
            "Your update adds learning_rate * y * x whatever the prediction was: subtract the prediction from y first.",
            partial(updated, error=lambda y, prediction: y),
        ),
        Mistake(
            "always_one",
            "Your prediction is always 1: what `neuron` returns lies above 0 for any input; it is the sum that is compared "
            "with 0.",
            partial(updated, predict=lambda z: 1),
        ),
        Mistake(
            "always_updated",
            "Your weights change even when the prediction was right; then they should stay as they are.",
            partial(updated, error=lambda y, prediction: 2 * y - 1),
        ),
        Mistake(
            "threshold_includes_zero",
            "Where w @ x + b is exactly 0 you predict 1; the rule says 0.",
            partial(updated, predict=step_with_zero),
        ),
        Mistake(
            "bias_left_out_of_prediction",
            "Your prediction looks at w @ x alone; add the bias before you compare with 0.",
            partial(updated, weighted=lambda x, w, b: x @ w),
        ),
        Mistake(
            "sum_not_thresholded",
            "You predict the sum w @ x + b itself; turn it into 0 or 1 first.",
            partial(updated, predict=identity),
        ),
        Mistake(
            "sigmoid_instead_of_step",
            "You use the sigmoid as prediction; the perceptron predicts exactly 0 or 1.",
            partial(updated, predict=sigmoid),
        ),
        Mistake(
            "bias_without_rate",
            "Your weights are right, but the bias moves without the learning rate.",
            lambda **inputs: (updated(**inputs)[0], updated(**{**inputs, "learning_rate": 1})[1]),
        ),
        Mistake(
            "bias_with_the_inputs",
            "Your weights are right, but the bias moves by the sum of x; it learns as the weight of an input that is "
            "always 1.",
            lambda x, **inputs: updated(x=x, bias=x.sum(), **inputs),
        ),
        Mistake(
            "predicted_again_for_b",
            "Your bias learns from a second prediction, made with the weights that have moved: predict once, and let both "
            "learn from that error.",
            partial(predicted_again, first="w"),
        ),
        Mistake(
            "predicted_again_for_w",
            "Your weights learn from a second prediction, made with the bias that has moved: predict once, and let both "
            "learn from that error.",
            partial(predicted_again, first="b"),
        ),
        Mistake("pair_swapped", "You return (b, w): put the weights first.", lambda **inputs: updated(**inputs)[::-1]),
        Mistake(
            "changes_returned",
            "You return the changes alone; add them to w and b.",
            lambda x, y, w, b, learning_rate: tuple(
                new - old for new, old in zip(updated(x, y, w, b, learning_rate), (w, b))
            ),
        ),
        Mistake(
            "only_missed_ones",
            "You repair only a 1 that was missed; a 1 that was said in place of 0 is a mistake too.",
            partial(updated, error=lambda y, prediction: max(y - prediction, 0)),
        ),
        Mistake(
            "always_towards_x",
            "You add after every mistake; where 1 was said in place of 0, subtract: the error is y - prediction.",
            partial(updated, error=lambda y, prediction: abs(y - prediction)),
        ),
    ],
)


def training_cases(rng: np.random.Generator) -> Drawn:
    """Draw data on which each epoch makes a mistake, twice, and data on which the last epochs make none."""
    for samples, features, epochs, learning_rate, settled in (
        (6, 2, 4, 0.1, False),
        (7, 3, 3, 0.5, False),
        (4, 1, 6, 0.2, True),
    ):
        while True:
            X, y = numbers(rng, samples, features), rng.permutation(np.arange(samples) % 2)
            margins: list[float] = []
            _, b, mistakes = trained(X, y, epochs, learning_rate, margins=margins)
            wanted = not np.any(mistakes[-2:]) if settled else np.all(mistakes)
            if wanted and min(margins) > MARGIN and abs(b) > learning_rate / 2:  # a bias of 0 would hide its sign
                break
        yield "training", {"X": X, "y": y, "epochs": epochs, "learning_rate": learning_rate}


def totals(errors: list[Array]) -> Array:
    """Return how often the prediction was wrong, for each epoch."""
    return np.array([np.count_nonzero(epoch) for epoch in errors])


def trained(
    X: Array,
    y: Array,
    epochs: int,
    learning_rate: float,
    update: Callable = lambda y, prediction: y - prediction,
    predict: Callable = step,
    bias: int = 1,
    offset: int = 1,
    restart: bool = False,
    batch: bool = False,
    late: bool = False,
    early: bool = False,
    compare: Callable | None = None,
    count: Callable = totals,
    margins: list[float] | None = None,
) -> tuple[Array, float, Array]:
    """Return the weights, the bias and the mistakes of a trained perceptron, right by default.

    Args:
        update: function (y, prediction) that gives the change in learning rates.
        bias: what the bias learns, and ``offset`` what of it goes into predictions, in shares of what is right.
        restart: every epoch begins with zero weights.
        batch: all predictions of an epoch use the weights with which it began.
        late: predictions for the count are made after the update.
        early: predictions for the count use the weights with which the epoch began.
        compare: function (x, w, b) that predicts for the count, when not in the same way as for the updates.
        count: function from the errors y - prediction, an array for each epoch, to the mistakes.
        margins: list that gets how far each weighted sum lies from 0, in learning rates; zero weights are left out.
    """
    w, b, errors = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors.append(np.zeros(len(y)))
        if restart:
            w, b = np.zeros(X.shape[1]), 0.0
        before = w, b
        for row, (x, label) in enumerate(zip(X, y)):
            used = before if batch else (w, b)
            z = x @ used[0] + offset * used[1]
            if margins is not None and (np.any(w) or b):
                margins.append(abs(z) / learning_rate)
            change = learning_rate * update(label, predict(z))
            w, b = w + change * x, b + bias * change
            seen = (w, b) if late else before if early else used
            if compare:
                errors[-1][row] = label - compare(x, *seen)
            else:
                errors[-1][row] = label - predict(z if seen is used else x @ seen[0] + offset * seen[1])
    return w, b, count(errors)


def counted_afterwards(X: Array, y: Array, epochs: int, learning_rate: float) -> Array:
    """Return how many samples lie on the wrong side once each epoch is over."""
    ends = [trained(X, y, done + 1, learning_rate) for done in range(epochs)]
    return np.array([np.count_nonzero((X @ w + b > 0) != y) for w, b, _ in ends])


def until_none(mistakes: Array) -> Array:
    """Cut off what follows the first epoch without a mistake."""
    return mistakes[: np.argmin(mistakes) + 1] if 0 in mistakes else mistakes


TRAIN_PERCEPTRON = Exercise(
    "train_perceptron",
    title="Training a perceptron",
    spellings={
        "numpy": function("train_perceptron", "X", "y", "epochs", "learning_rate", returns=("w", "b", "mistakes"))
    },
    draw=training_cases,
    right=trained,
    mistakes=[
        compared_with_half(trained),
        Mistake(
            "sign_flipped",
            "Your updates go the wrong way: the error is y - prediction.",
            partial(trained, update=lambda y, prediction: prediction - y),
        ),
        Mistake(
            "learning_rate_ignored",
            "Your steps are too large: multiply each update by the learning rate.",
            partial(trained, learning_rate=1.0),
        ),
        Mistake(
            "bias_not_updated",
            "Your bias stays 0: it learns by the same rule as the weights.",
            partial(trained, bias=0),
        ),
        Mistake(
            "bias_not_used",
            "Your bias learns, but your predictions leave it out: they need w @ x + b.",
            partial(trained, offset=0),
        ),
        Mistake(
            "always_updated",
            "You update on every sample, right or wrong; change the weights only after a wrong prediction.",
            partial(trained, update=lambda y, prediction: 2 * y - 1),
        ),
        Mistake(
            "prediction_ignored",
            "Your update adds learning_rate * y * x whatever the prediction was: subtract the prediction from y first.",
            partial(trained, update=lambda y, prediction: y),
        ),
        *predicting_signs(trained),
        Mistake(
            "threshold_includes_zero",
            "You predict 1 where w @ x + b is exactly 0, as at the start; there the rule predicts 0.",
            partial(trained, predict=step_with_zero),
        ),
        Mistake(
            "restarted_each_epoch",
            "Your weights go back to zero at each epoch; set them to zero once, before the first epoch.",
            partial(trained, restart=True),
        ),
        Mistake(
            "updated_after_the_epoch",
            "You predict a whole epoch with the same weights; update after each "
            "sample, so that the next one already sees the change.",
            partial(trained, batch=True),
        ),
        Mistake(
            "mistakes_after_update",
            "Your weights are right, but you count mistakes after the update; count the predictions made before it.",
            partial(trained, late=True),
        ),
        Mistake(
            "mistakes_counted_at_once",
            "Your weights are right, but you count all mistakes of an epoch with the weights with which it began; "
            "count each just before its update.",
            partial(trained, early=True),
        ),
        Mistake(
            "mistakes_counted_afterwards",
            "Your weights are right, but you count what is wrong when an epoch is over; count each prediction just "
            "before its update.",
            lambda **inputs: (*trained(**inputs)[:2], counted_afterwards(**inputs)),
        ),
        Mistake(
            "zero_counted_as_one",
            "Your weights are right, but where w @ x + b is exactly 0, as at the start, you count as if the prediction were "
            "1; there the rule predicts 0.",
            partial(trained, compare=lambda x, w, b: step_with_zero(x @ w + b)),
        ),
        Mistake(
            "counted_without_bias",
            "Your weights are right, but the predictions that you count leave the bias out: they need w @ x + b.",
            partial(trained, compare=lambda x, w, b: step(x @ w)),
        ),
        Mistake(
            "first_sample_skipped",
            "Your loop leaves out the first sample of each epoch: go through all of them.",
            lambda X, y, **inputs: trained(X[1:], y[1:], **inputs),
        ),
        Mistake(
            "last_sample_skipped",
            "Your loop leaves out the last sample of each epoch: go through all of them.",
            lambda X, y, **inputs: trained(X[:-1], y[:-1], **inputs),
        ),
        Mistake(
            "every_sample_counted",
            "Your weights are right, but you count every sample: compare y with a prediction of 0 or 1, not a sigmoid.",
            partial(trained, count=lambda errors: np.array([len(epoch) for epoch in errors])),
        ),
        Mistake(
            "weights_thrown_away",
            "Your weights stay 0: `perceptron_update` returns new ones, so keep them: w, b = perceptron_update(...).",
            partial(trained, update=lambda y, prediction: 0),
        ),
        Mistake(
            "mistakes_cumulative",
            "Your weights are right, but the mistakes pile up: start counting from 0 in each epoch.",
            partial(trained, count=lambda errors: np.cumsum(totals(errors))),
        ),
        Mistake(
            "mistakes_cancel",
            "Your weights are right, but you add up y - prediction, where +1 and -1 "
            "cancel; count how often it is not 0.",
            partial(trained, count=lambda errors: np.sum(errors, axis=1)),
        ),
        Mistake(
            "mistakes_as_share",
            "Your weights are right, but `mistakes` holds shares; count the wrong predictions.",
            partial(trained, count=lambda errors: totals(errors) / len(errors[0])),
        ),
        Mistake(
            "mistakes_after_each_sample",
            "Your weights are right, but `mistakes` gets an entry after each sample; append the count when an epoch is over.",
            partial(trained, count=lambda errors: np.concatenate([np.cumsum(epoch != 0) for epoch in errors])),
        ),
        Mistake(
            "mistakes_in_total",
            "Your weights are right, but `mistakes` is one total; it should be a list with one count for each epoch.",
            partial(trained, count=lambda errors: np.sum(totals(errors))),
        ),
        Mistake(
            "mistakes_of_last_epoch",
            "Your weights are right, but `mistakes` holds only the last epoch; append the count of each.",
            partial(trained, count=lambda errors: totals(errors)[-1:]),
        ),
        Mistake(
            "returned_after_first_epoch",
            "You stop after the first epoch: is `return` inside the loop? Move it behind.",
            partial(trained, epochs=1),
        ),
        Mistake(
            "stopped_early",
            "Your weights are right, but you stop once there is no mistake left; go through "
            "all the epochs, so that `mistakes` has one entry for each.",
            partial(trained, count=lambda errors: until_none(totals(errors))),
        ),
    ],
)


# The best weights on the way, kept in a pocket


def wrong_counts(states: list[tuple[Array, float]], X: Array, y: Array, predict: Callable = step) -> list[int]:
    """Return how many samples lie on the wrong side after each epoch."""
    return [sum(predict(z) != label for z, label in zip(X @ w + b, y)) for w, b in states]


def states_after_epochs(X: Array, y: Array, epochs: int, learning_rate: float) -> list[tuple[Array, float]]:
    return [trained(X, y, epoch, learning_rate)[:2] for epoch in range(1, epochs + 1)]


def pocket_cases(rng: np.random.Generator) -> Drawn:
    """Draw data that no line parts, on which one epoch leaves the best weights: the last, a late one, or another.

    In the last case a line runs through samples. There all numbers are sums of halves, which are exact in any order.
    """
    for samples, features, epochs, rate, best, on_line in (
        (7, 1, 3, 0.2, "last", False),
        (8, 2, 6, 0.1, "late", False),
        (9, 3, 5, 0.5, "between", False),
        (8, 2, 5, 0.5, "between", True),
    ):
        while True:
            X = rng.integers(-4, 5, (samples, features)) / 2 if on_line else numbers(rng, samples, features)
            y = rng.permutation(np.arange(samples) % 2)
            margins: list[float] = []
            trained(X, y, epochs, rate, margins=margins)
            if not on_line and min(margins) <= MARGIN:
                continue
            states = states_after_epochs(X, y, epochs, rate)
            margins += [float(np.abs(X @ w + b).min() / rate) for w, b in states]
            wrong, otherwise = (wrong_counts(states, X, y, predict) for predict in (step, step_with_zero))
            least = min(wrong)
            at = wrong.index(least)
            placed = at == epochs - 1 if best == "last" else (3 if best == "late" else 1) <= at < epochs - 1
            if best == "late":  # the pocket fills twice, and between stands an epoch that made nothing better
                placed = placed and wrong[1] < wrong[0] and wrong[2] >= wrong[1]
            clear = least not in otherwise if on_line else min(margins) > MARGIN
            if placed and clear and 0 < least < wrong[0] and wrong.count(least) == 1:
                break
        yield "training", {"X": X, "y": y, "epochs": epochs, "learning_rate": rate}


def from_the_pocket(X: Array, y: Array, epochs: int, learning_rate: float) -> int:
    """Return the index of the epoch that is kept where each begins with the best weights so far."""
    wrong = wrong_counts(states_after_epochs(X, y, epochs, learning_rate), X, y)
    # The first epoch that makes nothing better is then repeated for ever.
    return next((at for at in range(epochs - 1) if wrong[at + 1] >= wrong[at]), epochs - 1)


def pocketed(
    X: Array, y: Array, epochs: int, learning_rate: float, choose: Callable = lambda wrong, mistakes: np.argmin(wrong)
) -> tuple[Array, float, int]:
    """Return the weights and the bias after the best epoch, and how many samples they get wrong, right by default.

    Args:
        choose: function (wrong samples after each epoch, mistakes in each epoch) to the index of the one that is kept.
    """
    states = states_after_epochs(X, y, epochs, learning_rate)
    wrong = wrong_counts(states, X, y)
    kept = int(choose(wrong, trained(X, y, epochs, learning_rate)[2]))
    return *states[kept], wrong[kept]


POCKET = Exercise(
    "pocket",
    title="The best weights in the pocket",
    spellings={"numpy": function("pocket", "X", "y", "epochs", "learning_rate", returns=("w", "b", "wrong"))},
    draw=pocket_cases,
    right=pocketed,
    mistakes=[
        Mistake(
            "last_kept",
            "You return what the last epoch left; an earlier one was better.",
            lambda **data: dict(zip(("w", "b"), pocketed(**data, choose=lambda wrong, mistakes: -1))),
        ),
        Mistake(
            "goes_on_from_the_pocket",
            "Each of your epochs begins with the best weights so far: let the training wander on from where it is, and "
            "only keep what was best.",
            lambda **data: dict(zip(("w", "b"), pocketed(**data, choose=lambda *_: from_the_pocket(**data)))),
        ),
        Mistake(
            "mistakes_compared",
            "You compare how many mistakes happened during each epoch; count the wrong samples anew with the weights "
            "that it left.",
            lambda **data: dict(zip(("w", "b"), pocketed(**data, choose=lambda wrong, mistakes: np.argmin(mistakes)))),
        ),
        Mistake(
            "first_kept",
            "You return what the first epoch left: each later epoch goes on from there, and what is better replaces it.",
            partial(pocketed, choose=lambda wrong, mistakes: 0),
        ),
        Mistake(
            "worst_kept",
            "You keep the weights with the most wrong samples: turn the comparison round.",
            partial(pocketed, choose=lambda wrong, mistakes: np.argmax(wrong)),
        ),
        Mistake(
            "wrong_of_last_epoch",
            "Your weights are right, but `wrong` counts for the last ones: keep the count together with its weights.",
            lambda X, y, epochs, learning_rate: (
                *pocketed(X, y, epochs, learning_rate)[:2],
                pocketed(X, y, epochs, learning_rate, choose=lambda wrong, mistakes: -1)[2],
            ),
        ),
    ],
)


# Dense layers. A case's inputs: x, the parameters W1, b1, W2, ... and upstream, the gradient that reaches the output

Parameters = dict[str, Array]


def twice(z: Array) -> Array:
    return sigmoid(sigmoid(z))


def layers_of(parameters: Parameters) -> list[tuple[Array, Array]]:
    """Return the list of (weights, bias) in the order of the layers."""
    values = list(parameters.values())
    return list(zip(values[::2], values[1::2]))


def forward(x: Array, parameters: Parameters, hidden: Callable = sigmoid, output: Callable = sigmoid) -> Array:
    """Return the outputs of a stack of dense layers."""
    *hidden_layers, (W_last, b_last) = layers_of(parameters)
    for W, b in hidden_layers:
        x = hidden(x @ W + b)
    return output(x @ W_last + b_last)


def with_gradients(x: Array, parameters: Parameters, upstream: Array, head: Callable = sigmoid) -> dict[str, Array]:
    """Return the outputs of a stack of sigmoid layers, and the gradients of sum(output * upstream).

    Backpropagation as in Nielsen, Neural Networks and Deep Learning, chapter 2; sigmoid'(z) = a (1 - a).
    """
    layers, names = layers_of(parameters), list(parameters)
    activations = [x]
    for W, b in layers[:-1]:
        activations.append(sigmoid(activations[-1] @ W + b))
    W, b = layers[-1]
    output = head(activations[-1] @ W + b)
    results = {"output": output}
    delta = upstream * (output * (1 - output) if head is sigmoid else 1)
    for index in reversed(range(len(layers))):
        a = activations[index]
        results[f"grad_{names[2 * index]}"] = a.T @ delta
        results[f"grad_{names[2 * index + 1]}"] = delta.sum(axis=0)
        delta = delta @ layers[index][0].T * a * (1 - a)
    return results


def network(
    rng: np.random.Generator, samples: int, widths: tuple[int, ...], names: tuple[str, str] | None = None
) -> Inputs:
    """Draw a case for a network of the given widths: its parameters stand together and each by its own name."""
    parameters = {}
    for layer, (n_in, n_out) in enumerate(pairwise(widths), 1):
        W, b = names or (f"W{layer}", f"b{layer}")
        parameters[W] = numbers(rng, n_in, n_out)
        parameters[b] = numbers(rng, n_out, low=0.5, high=1.5) * rng.choice([-1, 1], n_out)
    return {
        "x": numbers(rng, samples, widths[0]),
        "parameters": parameters,
        **parameters,
        "widths": list(widths),
        "upstream": numbers(rng, samples, widths[-1], low=0.5, high=1.5),
    }


def without_biases(parameters: Parameters, which: slice = slice(None)) -> Parameters:
    """Return the parameters with the biases of some layers set to 0."""
    biases = list(parameters)[1::2][which]
    return {name: 0 * array if name in biases else array for name, array in parameters.items()}


DENSE = Exercise(
    "dense",
    title="A dense layer",
    spellings={
        "numpy": function("dense", "x", "W", "b"),
        "torch": torch_module("DenseTorch", lambda widths: widths, gradients=("W", "b")),
        "tensorflow": keras_layer("DenseTF", lambda widths: widths[1:], gradients=("W", "b")),
    },
    # The square W shows a transpose by its values, the other one by its shape.
    draw=lambda rng: [("layer", network(rng, 4, (3, 3), ("W", "b"))), ("layer", network(rng, 5, (2, 4), ("W", "b")))],
    right=with_gradients,
    mistakes=[
        Mistake(
            "bias_forgotten", "Your output equals sigmoid(x @ W): the bias is missing.", lambda x, W: sigmoid(x @ W)
        ),
        Mistake(
            "bias_after_activation",
            "Your output equals sigmoid(x @ W) + b: the bias belongs inside the sigmoid.",
            lambda x, W, b: sigmoid(x @ W) + b,
        ),
        Mistake(
            "bias_shared",
            "All units use the first bias; each unit has its own entry of b.",
            lambda x, W, b: sigmoid(x @ W + b[0]),
            NUMPY,
        ),
        Mistake(
            "biases_summed",
            "Each of your units gets the sum of all biases; each has its own entry of b.",
            lambda x, W, b: sigmoid(x @ W + b.sum()),
            NUMPY,
        ),
        Mistake(
            "activation_forgotten",
            "Your output equals x @ W + b: it still has to go through the sigmoid.",
            lambda x, W, b: x @ W + b,
        ),
        Mistake(
            "inputs_squashed",
            "Your sigmoid is around x alone: it belongs around the whole sum x @ W + b.",
            lambda x, W, b: sigmoid(x) @ W + b,
        ),
        Mistake(
            "activation_doubled",
            "Your output went through the sigmoid twice; once is enough.",
            lambda x, W, b: twice(x @ W + b),
        ),
        Mistake(
            "softmax_instead",
            "Your rows add up to 1, as from a softmax; this layer uses the sigmoid.",
            lambda x, W, b: softmax(x @ W + b),
        ),
        Mistake(
            "weights_shared",
            "All units share one column of W; each unit has its own, and its own bias.",
            lambda x, W, b: np.repeat(sigmoid(x @ W + b)[:, :1], len(b), axis=1),
        ),
        Mistake(
            "weights_transposed",
            "Your output equals sigmoid(x @ W.T + b): W is (inputs, units), and x @ W needs no transpose.",
            lambda x, W, b: sigmoid(x @ W.T + b),
        ),
        Mistake(
            "output_transposed",
            "Your output has units as rows; transpose it: samples are rows, units are columns.",
            lambda x, W, b: sigmoid(x @ W + b).T,
            NUMPY,
        ),
        Mistake(
            "units_summed",
            "You add up over the units; each unit keeps an output of its own.",
            lambda x, W, b: sigmoid((x @ W + b).sum(axis=1)),
            NUMPY,
        ),
    ],
)


PARAMETERS = ("W1", "b1", "W2", "b2")
TWO_LAYER = Exercise(
    "two_layer",
    title="A network with one hidden layer",
    spellings={
        "numpy": function("two_layer", "x", *PARAMETERS),
        "torch": torch_module("TwoLayerTorch", lambda widths: widths, gradients=PARAMETERS),
        "tensorflow": keras_layer("TwoLayerTF", lambda widths: widths[1:], gradients=PARAMETERS),
    },
    stubs={"torch": "hidden_activation_missing", "tensorflow": "output_bias_outside"},
    # With as many hidden units as inputs some mistakes run and show by their values; else they cannot run.
    draw=lambda rng: [("network", network(rng, 3, (2, 4, 3))), ("network", network(rng, 4, (3, 3, 2)))],
    right=with_gradients,
    mistakes=[
        Mistake(
            "hidden_activation_missing",
            "Your two layers compute no more than a single one could: look at what happens between them.",
            partial(forward, hidden=identity),
        ),
        Mistake(
            "inputs_squashed",
            "The sigmoid of your hidden layer is around x alone: it belongs around the whole sum x @ W1 + b1.",
            lambda x, W1, b1, W2, b2: sigmoid((sigmoid(x) @ W1 + b1) @ W2 + b2),
        ),
        Mistake(
            "hidden_activation_doubled",
            "The hidden layer went through the sigmoid twice; if you call `dense`, it is already in it.",
            partial(forward, hidden=twice),
            NUMPY,
        ),
        Mistake(
            "hidden_tanh",
            "Your hidden layer uses tanh; in this lab it uses the sigmoid.",
            partial(forward, hidden=lambda z: np.tanh(z)),
        ),
        Mistake(
            "hidden_relu",
            "Your hidden layer uses ReLU; in this lab it uses the sigmoid.",
            partial(forward, hidden=lambda z: np.maximum(z, 0)),
        ),
        Mistake(
            "hidden_step",
            "Your hidden values are 0 or 1, as those of a perceptron; here the sigmoid's own values go on.",
            partial(forward, hidden=lambda z: np.where(z > 0, 1.0, 0.0)),
            NUMPY,
        ),
        Mistake(
            "output_activation_missing",
            "The hidden layer is right, but the output still has to go through a sigmoid.",
            partial(forward, output=identity),
        ),
        Mistake(
            "output_bias_outside",
            "Some of your outputs may lie below 0 or above 1, which no sigmoid gives: look at what is done last.",
            lambda x, W1, b1, W2, b2: sigmoid(sigmoid(x @ W1 + b1) @ W2) + b2,
        ),
        Mistake(
            "hidden_bias_outside",
            "The bias b1 joins your hidden values after the sigmoid; it belongs into the sum before it.",
            lambda x, W1, b1, W2, b2: sigmoid((sigmoid(x @ W1) + b1) @ W2 + b2),
        ),
        Mistake(
            "output_activation_doubled",
            "Your output went through the last sigmoid twice; if you call `dense`, it is already in it.",
            partial(forward, output=twice),
            NUMPY,
        ),
        Mistake(
            "activations_missing",
            "There is no sigmoid at all: one belongs after each of the two layers.",
            partial(forward, hidden=identity, output=identity),
        ),
        Mistake(
            "activation_doubled",
            "Each layer went through the sigmoid twice; if you call `dense`, the sigmoid is already in it.",
            partial(forward, hidden=twice, output=twice),
            NUMPY,
        ),
        Mistake(
            "biases_forgotten",
            "Both biases are missing: add b1 in the hidden layer and b2 in the output layer.",
            lambda x, parameters: forward(x, without_biases(parameters)),
        ),
        Mistake(
            "hidden_bias_forgotten",
            "The bias b1 of the hidden layer is missing.",
            lambda x, W1, W2, b2: sigmoid(sigmoid(x @ W1) @ W2 + b2),
        ),
        Mistake(
            "output_bias_forgotten",
            "The bias b2 of the output layer is missing.",
            lambda x, W1, b1, W2: sigmoid(sigmoid(x @ W1 + b1) @ W2),
        ),
        Mistake(
            "second_layer_missing",
            "Your output is the hidden layer; it still has to go through the second layer, W2 and b2.",
            lambda x, W1, b1: sigmoid(x @ W1 + b1),
        ),
        Mistake(
            "first_layer_ignored",
            "The second layer reads x; give it the values of the hidden layer.",
            lambda x, W2, b2: sigmoid(x @ W2 + b2),
        ),
        Mistake(
            "weights_transposed",
            "W1 is transposed: it is (inputs, hidden) already, so the hidden layer is sigmoid(x @ W1 + b1).",
            lambda x, W1, b1, W2, b2: sigmoid(sigmoid(x @ W1.T + b1) @ W2 + b2),
        ),
        Mistake(
            "output_transposed",
            "Your output has units as rows; transpose it: samples are rows, units are columns.",
            lambda x, parameters: forward(x, parameters).T,
            NUMPY,
        ),
    ],
)


# XOR, by property


def xor_cases(rng: np.random.Generator) -> Drawn:
    corners = np.repeat([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], 8, axis=0)
    moves = np.round(rng.uniform(-0.1, 0.1, corners.shape), 3).reshape(4, 8, 2)
    moves[:, :4] = [(-0.1, -0.1), (-0.1, 0.1), (0.1, -0.1), (0.1, 0.1)]  # a line that runs too near cuts these first
    points = corners + moves.reshape(-1, 2)
    yield "corners", {"points": points, "labels": (corners[:, 0] != corners[:, 1]).astype(int)}


def network_solves_xor(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """Judge the weights alone, with a network of our own."""
    weights = judging.xor_weights(replies[0]["values"])
    if isinstance(weights, Assessment):
        return weights
    data = test["cases"][0]["data"]
    with np.errstate(all="ignore"):
        outputs = forward(np.vstack([judging.CORNERS, data["points"]]), dict(zip(PARAMETERS, weights)))
    return judging.assess_xor(outputs[:, 0], data["labels"], weights)


XOR_WEIGHTS = Exercise(
    "xor_weights",
    title="Weights that solve XOR",
    spellings={"numpy": function("xor_weights", returns=PARAMETERS)},
    draw=xor_cases,
    judge=network_solves_xor,
    check_judge="solves_xor",
)


# Deep networks

HEADS = {"regression": identity, "classification": sigmoid}


def deep_cases(rng: np.random.Generator) -> Drawn:
    for task, samples, widths in (
        ("regression", 4, (3, 3, 2)),
        ("regression", 3, (3, 3, 3, 1)),
        ("classification", 4, (2, 3, 4, 2)),
        ("classification", 3, (3, 2)),
    ):
        inputs = network(rng, samples, widths)
        arrays = list(inputs["parameters"].values())
        yield task, {**inputs, "weights": arrays[::2], "biases": arrays[1::2], "task": task}


def deep(x: Array, parameters: Parameters, task: str, hidden: Callable = sigmoid, heads: dict = HEADS) -> Array:
    return forward(x, parameters, hidden, heads[task])


def without_last_layer(x: Array, parameters: Parameters, task: str) -> Array:
    others = dict(list(parameters.items())[:-2])
    return forward(x, others) if others else x


def without_first_layer(x: Array, parameters: Parameters, task: str) -> Array:
    """Return what the layers from the second on make of the inputs.

    Raises:
        ValueError: they do not fit.
    """
    others = dict(list(parameters.items())[2:])
    return deep(x, others, task) if others else x


DEEP = Exercise(
    "deep",
    title="A deep stack",
    spellings={
        "numpy": function("deep", "x", "weights", "biases", "task"),
        "torch": torch_module("deep_torch", lambda widths, task: [widths, task], gradients=("W1", "b1")),
        "tensorflow": keras_layer("deep_tf", lambda widths, task: [widths, task], gradients=("W1", "b1")),
    },
    draw=deep_cases,
    right=lambda x, parameters, upstream, task: with_gradients(x, parameters, upstream, HEADS[task]),
    mistakes=[
        Mistake(
            "always_sigmoid",
            "In regression your output still goes through a sigmoid; there the last layer is linear.",
            forward,
        ),
        Mistake(
            "always_linear",
            "In classification your output lacks the sigmoid; only in regression is the last layer linear.",
            partial(forward, output=identity),
        ),
        Mistake(
            "tasks_swapped",
            "The two heads are swapped: it is regression that has no sigmoid.",
            partial(deep, heads={"regression": sigmoid, "classification": identity}),
        ),
        Mistake(
            "first_layer_forgotten",
            "The first layer is left out: the inputs go straight into the second one, and where their number fits, that "
            "raises no error.",
            without_first_layer,
            ("numpy",),
        ),
        Mistake(
            "softmax_head",
            "In classification your outputs go through a softmax and add up to 1; here each goes through a sigmoid.",
            partial(deep, heads={"regression": identity, "classification": softmax}),
            ("torch", "tensorflow"),
        ),
        Mistake(
            "relu_head",
            "In regression your output is never below 0, as after a ReLU; there the last layer is linear.",
            partial(deep, heads={"regression": lambda z: np.maximum(z, 0), "classification": sigmoid}),
        ),
        Mistake(
            "head_doubled",
            "In classification the output goes through the sigmoid twice; once is enough.",
            partial(deep, heads={"regression": identity, "classification": twice}),
        ),
        Mistake(
            "hidden_activation_missing",
            "Your hidden layers have no sigmoid, so the whole stack is no more than one layer.",
            partial(deep, hidden=identity),
        ),
        Mistake(
            "relu_instead",
            "Your hidden layers use ReLU; in this lab they use the sigmoid.",
            partial(deep, hidden=lambda z: np.maximum(z, 0)),
        ),
        Mistake(
            "biases_forgotten",
            "The biases are missing: add one in every layer.",
            lambda x, parameters, task: deep(x, without_biases(parameters), task),
            NUMPY,
        ),
        Mistake(
            "head_bias_forgotten",
            "The bias of the last layer is missing.",
            lambda x, parameters, task: deep(x, without_biases(parameters, slice(-1, None)), task),
            NUMPY,
        ),
        Mistake(
            "each_reads_x",
            "Each of your layers reads x: give it what the layer before it returned.",
            lambda x, parameters, task: deep(x, dict(list(parameters.items())[-2:]), task),
            NUMPY,
        ),
        Mistake(
            "hidden_layers_read_x",
            "Each of your hidden layers reads x: give it what the layer before it returned.",
            lambda x, parameters, task: deep(x, dict(list(parameters.items())[-4:]), task),
            NUMPY,
        ),
        Mistake(
            "last_layer_missing",
            "The last layer is missing: your output is that of the layer before it.",
            without_last_layer,
            NUMPY,
        ),
        Mistake(
            "output_transposed",
            "Your output has units as rows; transpose it: samples are rows, units are columns.",
            lambda x, parameters, task: deep(x, parameters, task).T,
            NUMPY,
        ),
    ],
)


def count_cases(rng: np.random.Generator) -> Drawn:
    for depth in (3, 2, 4, 5):
        yield "count", {"widths": [int(width) for width in rng.integers(2, 8, depth)]}


def count(widths: list[int]) -> int:
    return sum(n_in * n_out + n_out for n_in, n_out in pairwise(widths))


COUNT_PARAMETERS = Exercise(
    "count_parameters",
    title="Counting parameters",
    spellings={"numpy": function("count_parameters", "widths")},
    draw=count_cases,
    right=count,
    mistakes=[
        Mistake(
            "biases_forgotten",
            "You count the weights only; each unit after the inputs has a bias too.",
            lambda widths: sum(n_in * n_out for n_in, n_out in pairwise(widths)),
        ),
        Mistake(
            "one_bias_a_layer",
            "You count one bias for each layer; each unit has its own.",
            lambda widths: sum(n_in * n_out + 1 for n_in, n_out in pairwise(widths)),
        ),
        Mistake(
            "inputs_have_biases",
            "You count a bias for each input as well; inputs have none.",
            lambda widths: count(widths) + widths[0],
        ),
        Mistake(
            "biases_of_layer_before",
            "You count a bias for each unit of the layer before; count them for the layer that reads it.",
            lambda widths: sum(n_in * n_out + n_in for n_in, n_out in pairwise(widths)),
        ),
        Mistake(
            "units_counted",
            "You count units; a parameter is a weight (one for each pair of an input and a unit) or a bias.",
            lambda widths: sum(widths),
        ),
        Mistake(
            "last_layer_forgotten",
            "Your loop ends one layer early: the last layer is not counted.",
            lambda widths: count(widths[:-1]),
        ),
        Mistake(
            "outputs_without_biases",
            "You count no bias for the last layer; its units have one each, too.",
            lambda widths: count(widths) - widths[-1],
        ),
        Mistake(
            "last_layer_only",
            "You count the last layer alone: each round of the loop replaces what came before; add to it with +=.",
            lambda widths: count(widths[-2:]),
        ),
        Mistake(
            "first_layer_only",
            "You count the first layer alone: does the loop go on until the last one?",
            lambda widths: count(widths[:2]),
        ),
        Mistake(
            "joined_at_the_ends",
            "You also join the last layer to the first, as `widths[-1]` does when an index runs below 0.",
            lambda widths: count([*widths, widths[0]]),
        ),
        Mistake(
            "inputs_and_units_have_biases",
            "In each layer you count a bias on both sides; the side that is read has none.",
            lambda widths: sum((n_in + 1) * (n_out + 1) for n_in, n_out in pairwise(widths)),
        ),
        Mistake(
            "widths_multiplied",
            "You multiply all widths; only neighbouring layers are connected, so multiply pairs and add them up.",
            lambda widths: np.prod(widths),
        ),
    ],
)


# PyTorch to TensorFlow


def copy_cases(rng: np.random.Generator) -> Drawn:
    for samples, widths in ((4, (3, 3, 3)), (3, (2, 4, 3)), (3, (2, 3, 4, 2))):
        inputs = network(rng, samples, widths)
        yield "copy", {**inputs, "start": network(rng, samples, widths)["parameters"]}


def copied(x: Array, parameters: Parameters, start: Parameters, upstream: Array, change: Callable) -> dict[str, Array]:
    """Return what a Keras network computes after a wrong copy.

    Args:
        change: function (name, copied array, array before the copy) to the array after it.
    """
    changed = {name: change(name, array, start[name]) for name, array in parameters.items()}
    return with_gradients(x, changed, upstream)


def sigmoids_counted(x: Array, parameters: Parameters, start: Parameters, upstream: Array) -> dict[str, Array]:
    """Return what comes where the sigmoids of PyTorch count as layers: the second `Dense` layer meets one.

    Raises:
        ValueError: the third `Dense` layer meets a linear layer of another shape.
    """
    if len(parameters) > 4:
        raise ValueError("the weights of another layer do not fit")
    return copied(x, parameters, start, upstream, lambda name, array, before: array if name[1] == "1" else before)


COPY_WEIGHTS = Exercise(
    "copy_weights",
    title="The frameworks agree",
    spellings={
        "torch+tensorflow": Spelling(
            "copy_weights",
            "copied_weights",
            ("widths", "parameters", "start", "x", "upstream"),
            returns=output_and_gradients(*PARAMETERS),
        )
    },
    draw=copy_cases,
    right=with_gradients,
    mistakes=[
        Mistake(
            "transpose_forgotten",
            "The weights were copied without the transpose: PyTorch stores (units, inputs), Keras (inputs, units).",
            partial(copied, change=lambda name, array, before: array.T if name[0] == "W" else array),
        ),
        Mistake(
            "reshaped_not_transposed",
            "The weights were reshaped, which shuffles them; transpose them with .T instead.",
            partial(copied, change=lambda name, array, before: array.T.reshape(array.shape)),
        ),
        Mistake(
            "biases_not_copied",
            "The weights are right, but the biases were not copied.",
            partial(copied, change=lambda name, array, before: array if name[0] == "W" else before),
        ),
        Mistake(
            "weights_not_copied",
            "The biases are right, but the weights were not copied.",
            partial(copied, change=lambda name, array, before: array if name[0] == "b" else before),
        ),
        Mistake(
            "last_layer_not_copied",
            "The first layer is right, but the others were not copied.",
            partial(copied, change=lambda name, array, before: array if name[1] == "1" else before),
        ),
        Mistake(
            "first_layer_not_copied",
            "The other layers are right, but the first one was not copied.",
            partial(copied, change=lambda name, array, before: array if name[1] != "1" else before),
        ),
        Mistake(
            "biases_zeroed",
            "The weights are right, but the biases became 0: copy them too.",
            partial(copied, change=lambda name, array, before: array if name[0] == "W" else 0 * array),
        ),
        Mistake(
            "two_layers_copied",
            "The first two layers are right, but in a deeper network the others were not copied.",
            partial(copied, change=lambda name, array, before: array if name[1] in "12" else before),
        ),
        Mistake(
            "sigmoids_counted",
            "The first layer is right. Then your pairs go out of step: PyTorch's sigmoids are layers, those of Keras are not.",
            sigmoids_counted,
        ),
    ],
)
