"""Lab 1, the perceptron: what each exercise asks, and the mistakes that it recognises."""

from itertools import pairwise

import numpy as np

from autograder.authoring.exercise import Exercise, Mistake, Spelling
from autograder.authoring.quiz import Question, quiz
from course_utils import judging
from course_utils.verdict import Assessment

MARGIN = 0.02  # a weighted sum this far from 0, in learning rates, has the same sign in float32 and in any order


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def numbers(rng, *shape, low=-2.0, high=2.0):
    """Draw numbers that a person can read: two decimals."""
    return np.round(rng.uniform(low, high, shape), 2)


def wrong(function):
    """Turn a function that returns an array into the result of a mistake."""
    return lambda inputs: {"output": function(inputs)}


# A neuron


def neuron_cases(rng):
    return [
        (part, {"x": numbers(rng, *shape), "w": numbers(rng, 3), "b": float(numbers(rng, low=0.5, high=2.0))})
        for part, shape in (("one input", (3,)), ("one input", (3,)), ("batch", (4, 3)), ("batch", (2, 3)))
    ]


def neuron_sum(inputs):
    return inputs["x"] @ inputs["w"] + inputs["b"]


NEURON = Exercise(
    name="neuron",
    title="The neuron",
    spellings={
        "numpy": Spelling(
            "neuron",
            "call",
            lambda inputs: {"arguments": [inputs["x"], inputs["w"], inputs["b"]], "outputs": ["output"]},
        )
    },
    draw=neuron_cases,
    oracle=wrong(lambda inputs: sigmoid(neuron_sum(inputs))),
    mistakes=(
        Mistake(
            "bias_forgotten",
            "Your output equals sigmoid(x @ w): the bias is missing.",
            wrong(lambda inputs: sigmoid(inputs["x"] @ inputs["w"])),
        ),
        Mistake(
            "bias_after_activation",
            "Your output equals sigmoid(x @ w) + b: the bias belongs inside, into "
            "the sum that goes through the sigmoid.",
            wrong(lambda inputs: sigmoid(inputs["x"] @ inputs["w"]) + inputs["b"]),
        ),
        Mistake(
            "activation_forgotten",
            "Your output equals x @ w + b: it still has to go through the sigmoid.",
            wrong(neuron_sum),
        ),
        Mistake(
            "activation_doubled",
            "Your output went through the sigmoid twice; once is enough.",
            wrong(lambda inputs: sigmoid(sigmoid(neuron_sum(inputs)))),
        ),
        Mistake(
            "step_instead",
            "Your output is only 0 or 1, as if from a step: a sigmoid is smooth.",
            wrong(lambda inputs: 1.0 * (neuron_sum(inputs) > 0)),
        ),
        Mistake(
            "mean_instead_of_sum",
            "Your neuron takes the mean of x * w; it should add them up.",
            wrong(lambda inputs: sigmoid(np.mean(inputs["x"] * inputs["w"], -1) + inputs["b"])),
        ),
        Mistake(
            "not_summed",
            "Your neuron multiplies inputs and weights but does not add them up: use x @ w.",
            wrong(lambda inputs: sigmoid(inputs["x"] * inputs["w"] + inputs["b"])),
        ),
        Mistake(
            "batch_summed",
            "For a batch you add up everything; each sample (row) needs a sum of its own: "
            "add along the last axis, or use x @ w.",
            wrong(lambda inputs: sigmoid(np.sum(inputs["x"] * inputs["w"]) + inputs["b"])),
        ),
        Mistake(
            "wrong_axis",
            "For a batch you add up over the samples; add up over the features, the last axis.",
            wrong(lambda inputs: sigmoid(np.sum(inputs["x"] * inputs["w"], 0) + inputs["b"])),
        ),
    ),
)


# The perceptron learning rule


def perceptron_draw(rng, y, prediction):
    """Draw one sample that a random perceptron sees as ``prediction``, well away from its line."""
    while True:
        inputs = {
            "x": numbers(rng, 3),
            "y": y,
            "w": numbers(rng, 3),
            "b": float(numbers(rng)),
            "learning_rate": float(rng.choice([0.1, 0.2, 0.5])),
        }
        z = inputs["x"] @ inputs["w"] + inputs["b"]
        if abs(z) > 0.1 and (z > 0) == bool(prediction):
            return inputs


def perceptron_cases(rng):
    start = {"x": numbers(rng, 3), "y": 1, "w": np.zeros(3), "b": 0.0, "learning_rate": 0.1}
    pairs = ((1, 0), (0, 1), (1, 1), (0, 0), (0, 1), (1, 0))
    return [("update", perceptron_draw(rng, y, prediction)) for y, prediction in pairs] + [("update", start)]


def step(z):
    return 1 if z > 0 else 0


def updated(
    predict=step,
    weighted=lambda i: i["x"] @ i["w"] + i["b"],
    error=lambda y, prediction: y - prediction,
    rate=lambda inputs: inputs["learning_rate"],
    direction=lambda inputs: inputs["x"],
    bias=1,
):
    """Return one perceptron update, right by default, as a function of a case's inputs."""

    def result(inputs):
        change = rate(inputs) * error(inputs["y"], predict(weighted(inputs)))
        return {"w": inputs["w"] + change * direction(inputs), "b": inputs["b"] + bias * change}

    return result


PERCEPTRON_UPDATE = Exercise(
    name="perceptron_update",
    title="The perceptron learning rule",
    spellings={
        "numpy": Spelling(
            "perceptron_update",
            "call",
            lambda inputs: {
                "arguments": [inputs[name] for name in ("x", "y", "w", "b", "learning_rate")],
                "outputs": ["w", "b"],
            },
            outputs=("w", "b"),
        )
    },
    draw=perceptron_cases,
    oracle=updated(),
    mistakes=(
        Mistake(
            "sign_flipped",
            "Your update goes the wrong way: the error is y - prediction.",
            updated(error=lambda y, prediction: prediction - y),
        ),
        Mistake(
            "learning_rate_ignored",
            "Your update is too large: multiply it by the learning rate.",
            updated(rate=lambda inputs: 1),
        ),
        Mistake(
            "bias_not_updated",
            "Your weights are right, but the bias stays; it learns by the same rule.",
            updated(bias=0),
        ),
        Mistake(
            "input_forgotten",
            "Your weights all move by the same amount: multiply the error by x.",
            updated(direction=lambda inputs: 1),
        ),
        Mistake(
            "prediction_ignored",
            "Your update adds learning_rate * y * x whatever the prediction was: subtract the prediction from y first.",
            updated(error=lambda y, prediction: y),
        ),
        Mistake(
            "always_updated",
            "Your weights change even when the prediction was right; then they should stay as they are.",
            updated(error=lambda y, prediction: 2 * y - 1),
        ),
        Mistake(
            "signed_labels",
            "You predict -1 or +1, but here the labels are 0 and 1: predict 0 or 1.",
            updated(predict=lambda z: 1 if z > 0 else -1),
        ),
        Mistake(
            "threshold_includes_zero",
            "Where w @ x + b is exactly 0 you predict 1; the rule says 0.",
            updated(predict=lambda z: 1 if z >= 0 else 0),
        ),
        Mistake(
            "bias_left_out_of_prediction",
            "Your prediction looks at w @ x alone; add the bias before you compare with 0.",
            updated(weighted=lambda inputs: inputs["x"] @ inputs["w"]),
        ),
        Mistake(
            "sum_not_thresholded",
            "You predict the sum w @ x + b itself; turn it into 0 or 1 first.",
            updated(predict=lambda z: z),
        ),
        Mistake(
            "sigmoid_instead_of_step",
            "You use the sigmoid as prediction; the perceptron predicts exactly 0 or 1.",
            updated(predict=sigmoid),
        ),
    ),
)


def training_cases(rng):
    """Draw data on which each epoch makes a mistake, twice, and data on which the last epochs make none."""
    cases = []
    for samples, epochs, learning_rate, settled in ((6, 4, 0.1, False), (7, 3, 0.5, False), (4, 6, 0.2, True)):
        while True:
            inputs = {
                "X": numbers(rng, samples, 2),
                "y": rng.permutation(np.arange(samples) % 2),
                "epochs": epochs,
                "learning_rate": learning_rate,
            }
            margins = []
            mistakes = trained(margins=margins)(inputs)["mistakes"]
            wanted = not np.any(mistakes[-2:]) if settled else np.all(mistakes)
            if wanted and min(margins) > MARGIN:
                break
        cases.append(("training", inputs))
    return cases


def totals(errors):
    """Return how often the prediction was wrong, for each epoch."""
    return np.array([np.count_nonzero(each) for each in errors])


def trained(
    update=lambda y, prediction: y - prediction,
    predict=step,
    rate=1,
    bias=1,
    restart=False,
    batch=False,
    late=False,
    count=totals,
    margins=None,
):
    """Return the training of a perceptron, right by default, as a function of a case's inputs.

    Args:
        update: function (y, prediction) that gives the change in learning rates.
        rate: None to ignore the learning rate.
        restart: every epoch begins with zero weights.
        batch: all predictions of an epoch use the weights with which it began.
        late: predictions for the count are made after the update.
        count: function from the errors y - prediction, an array for each epoch, to the mistakes.
        margins: list that gets how far each weighted sum lies from 0, in learning rates; zero weights are left out.
    """

    def result(inputs):
        X, labels = inputs["X"], inputs["y"]
        w, b, errors = np.zeros(X.shape[1]), 0.0, []
        size = inputs["learning_rate"] if rate else 1.0
        for _ in range(inputs["epochs"]):
            errors.append(np.zeros(len(labels)))
            if restart:
                w, b = np.zeros(X.shape[1]), 0.0
            before = w, b
            for row, (x, y) in enumerate(zip(X, labels)):
                used = before if batch else (w, b)
                z = x @ used[0] + used[1]
                if margins is not None and (np.any(w) or b):
                    margins.append(abs(z) / inputs["learning_rate"])
                change = size * update(y, predict(z))
                w, b = w + change * x, b + bias * change
                errors[-1][row] = y - predict(x @ w + b if late else z)
        return {"w": w, "b": b, "mistakes": count(errors)}

    return result


def until_none(mistakes):
    """Cut off what follows the first epoch without a mistake."""
    return mistakes[: np.argmin(mistakes) + 1] if 0 in mistakes else mistakes


TRAIN_PERCEPTRON = Exercise(
    name="train_perceptron",
    title="Training a perceptron",
    spellings={
        "numpy": Spelling(
            "train_perceptron",
            "call",
            lambda inputs: {
                "arguments": [inputs[name] for name in ("X", "y", "epochs", "learning_rate")],
                "outputs": ["w", "b", "mistakes"],
            },
            outputs=("w", "b", "mistakes"),
        )
    },
    draw=training_cases,
    oracle=trained(),
    mistakes=(
        Mistake(
            "sign_flipped",
            "Your updates go the wrong way: the error is y - prediction.",
            trained(update=lambda y, prediction: prediction - y),
        ),
        Mistake(
            "learning_rate_ignored",
            "Your steps are too large: multiply each update by the learning rate.",
            trained(rate=None),
        ),
        Mistake("bias_not_updated", "Your bias stays 0: it learns by the same rule as the weights.", trained(bias=0)),
        Mistake(
            "always_updated",
            "You update on every sample, right or wrong; change the weights only after a wrong prediction.",
            trained(update=lambda y, prediction: 2 * y - 1),
        ),
        Mistake(
            "prediction_ignored",
            "Your update adds learning_rate * y * x whatever the prediction was: subtract the prediction from y first.",
            trained(update=lambda y, prediction: y),
        ),
        Mistake(
            "signed_labels",
            "You predict -1 or +1, but here the labels are 0 and 1: predict 0 or 1.",
            trained(predict=lambda z: 1 if z > 0 else -1),
        ),
        Mistake(
            "threshold_includes_zero",
            "You predict 1 where w @ x + b is exactly 0, as at the start; there the rule predicts 0.",
            trained(predict=lambda z: 1 if z >= 0 else 0),
        ),
        Mistake(
            "restarted_each_epoch",
            "Your weights go back to zero at each epoch; set them to zero once, before the first epoch.",
            trained(restart=True),
        ),
        Mistake(
            "updated_after_the_epoch",
            "You predict a whole epoch with the same weights; update after each "
            "sample, so that the next one already sees the change.",
            trained(batch=True),
        ),
        Mistake(
            "mistakes_after_update",
            "Your weights are right, but you count mistakes after the update; count the predictions made before it.",
            trained(late=True),
        ),
        Mistake(
            "mistakes_cumulative",
            "Your weights are right, but the mistakes pile up: start counting from 0 in each epoch.",
            trained(count=lambda errors: np.cumsum(totals(errors))),
        ),
        Mistake(
            "mistakes_cancel",
            "Your weights are right, but you add up y - prediction, where +1 and -1 "
            "cancel; count how often it is not 0.",
            trained(count=lambda errors: np.sum(errors, axis=1)),
        ),
        Mistake(
            "mistakes_as_share",
            "Your weights are right, but `mistakes` holds shares; count the wrong predictions.",
            trained(count=lambda errors: totals(errors) / len(errors[0])),
        ),
        Mistake(
            "mistakes_in_total",
            "Your weights are right, but `mistakes` is one total; it should be a list with one count for each epoch.",
            trained(count=lambda errors: np.sum(totals(errors))),
        ),
        Mistake(
            "mistakes_of_last_epoch",
            "Your weights are right, but `mistakes` holds only the last epoch; append the count of each.",
            trained(count=lambda errors: totals(errors)[-1:]),
        ),
        Mistake(
            "returned_after_first_epoch",
            "You stop after the first epoch: is `return` inside the loop? Move it behind.",
            lambda inputs: trained()({**inputs, "epochs": 1}),
        ),
        Mistake(
            "stopped_early",
            "Your weights are right, but you stop once there is no mistake left; go through "
            "all the epochs, so that `mistakes` has one entry for each.",
            trained(count=lambda errors: until_none(totals(errors))),
        ),
    ),
)


# Dense layers. A case's inputs: x, the parameters W1, b1, W2, ... and upstream, the gradient that reaches the output


def linear(z):
    return z


def twice(z):
    return sigmoid(sigmoid(z))


def layers_of(parameters):
    """Return the list of (weights, bias) in the order of the layers."""
    values = list(parameters.values())
    return list(zip(values[::2], values[1::2]))


def forward(inputs, hidden=sigmoid, output=sigmoid, layers=None):
    """Return the outputs of a stack of dense layers."""
    layers = layers or layers_of(inputs["parameters"])
    a = inputs["x"]
    for W, b in layers[:-1]:
        a = hidden(a @ W + b)
    W, b = layers[-1]
    return output(a @ W + b)


def with_gradients(inputs, head=sigmoid):
    """Return the outputs of a stack of sigmoid layers, and the gradients of sum(output * upstream).

    Backpropagation as in Nielsen, Neural Networks and Deep Learning, chapter 2; sigmoid'(z) = a (1 - a).
    """
    layers, names = layers_of(inputs["parameters"]), list(inputs["parameters"])
    activations = [inputs["x"]]
    for W, b in layers[:-1]:
        activations.append(sigmoid(activations[-1] @ W + b))
    W, b = layers[-1]
    output = head(activations[-1] @ W + b)
    results = {"output": output}
    delta = inputs["upstream"] * (output * (1 - output) if head is sigmoid else 1)
    for index in reversed(range(len(layers))):
        a = activations[index]
        results[f"grad_{names[2 * index]}"] = a.T @ delta
        results[f"grad_{names[2 * index + 1]}"] = delta.sum(axis=0)
        delta = delta @ layers[index][0].T * a * (1 - a)
    return results


def network(rng, samples, widths, names=None):
    """Draw the inputs of one case for a network of the given widths."""
    parameters = {}
    for number, (n_in, n_out) in enumerate(pairwise(widths), 1):
        W, b = names or (f"W{number}", f"b{number}")
        parameters[W] = numbers(rng, n_in, n_out)
        parameters[b] = numbers(rng, n_out, low=0.5, high=1.5) * rng.choice([-1, 1], n_out)
    return {
        "x": numbers(rng, samples, widths[0]),
        "parameters": parameters,
        "widths": list(widths),
        "upstream": numbers(rng, samples, widths[-1], low=0.5, high=1.5),
    }


def framework_arguments(constructor):
    """Return what ``torch_module`` and ``keras_layer`` are called with, as a function of a case's inputs."""
    return lambda inputs: {
        "constructor": constructor(inputs),
        "parameters": inputs["parameters"],
        "x": inputs["x"],
        "upstream": inputs["upstream"],
    }


def gradients_of(*names):
    return ("output", *(f"grad_{name}" for name in names))


def without_biases(layers):
    return [(W, 0 * b) for W, b in layers]


def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def dense_wrong(function):
    """Return the result of a mistake from a function (x, W, b)."""
    return wrong(lambda inputs: function(inputs["x"], *inputs["parameters"].values()))


DENSE = Exercise(
    name="dense",
    title="A dense layer",
    spellings={
        "numpy": Spelling(
            "dense",
            "call",
            lambda inputs: {"arguments": [inputs["x"], *inputs["parameters"].values()], "outputs": ["output"]},
        ),
        "torch": Spelling(
            "DenseTorch", "torch_module", framework_arguments(lambda inputs: inputs["widths"]), gradients_of("W", "b")
        ),
        "tensorflow": Spelling(
            "DenseTF", "keras_layer", framework_arguments(lambda inputs: inputs["widths"][1:]), gradients_of("W", "b")
        ),
    },
    # The square W shows a transpose by its values, the other one by its shape.
    draw=lambda rng: [("layer", network(rng, 4, (3, 3), ("W", "b"))), ("layer", network(rng, 5, (3, 2), ("W", "b")))],
    oracle=with_gradients,
    mistakes=(
        Mistake(
            "bias_forgotten",
            "Your output equals sigmoid(x @ W): the bias is missing.",
            dense_wrong(lambda x, W, b: sigmoid(x @ W)),
        ),
        Mistake(
            "bias_after_activation",
            "Your output equals sigmoid(x @ W) + b: the bias belongs inside the sigmoid.",
            dense_wrong(lambda x, W, b: sigmoid(x @ W) + b),
        ),
        Mistake(
            "bias_shared",
            "All units use the first bias; each unit has its own entry of b.",
            dense_wrong(lambda x, W, b: sigmoid(x @ W + b[0])),
            ("numpy",),
        ),
        Mistake(
            "activation_forgotten",
            "Your output equals x @ W + b: it still has to go through the sigmoid.",
            dense_wrong(lambda x, W, b: x @ W + b),
        ),
        Mistake(
            "activation_doubled",
            "Your output went through the sigmoid twice; once is enough.",
            dense_wrong(lambda x, W, b: sigmoid(sigmoid(x @ W + b))),
        ),
        Mistake(
            "softmax_instead",
            "Your rows add up to 1, as from a softmax; this layer uses the sigmoid.",
            dense_wrong(lambda x, W, b: softmax(x @ W + b)),
        ),
        Mistake(
            "weights_shared",
            "All units share one column of W; each unit has its own, and its own bias.",
            dense_wrong(lambda x, W, b: np.repeat(sigmoid(x @ W + b)[:, :1], len(b), axis=1)),
        ),
        Mistake(
            "weights_transposed",
            "Your output equals sigmoid(x @ W.T + b): W is (inputs, units) already and needs no transpose.",
            dense_wrong(lambda x, W, b: sigmoid(x @ W.T + b)),
        ),
        Mistake(
            "output_transposed",
            "Your output has units as rows; transpose it: samples are rows, units are columns.",
            dense_wrong(lambda x, W, b: sigmoid(x @ W + b).T),
            ("numpy",),
        ),
        Mistake(
            "units_summed",
            "You add up over the units; each unit keeps an output of its own.",
            dense_wrong(lambda x, W, b: sigmoid((x @ W + b).sum(axis=1))),
            ("numpy",),
        ),
    ),
)


def two_layer_cases(rng):
    # With as many hidden units as inputs some mistakes run and show by their values; else they cannot run.
    return [("network", network(rng, 4, (3, 3, 2))), ("network", network(rng, 3, (2, 4, 3)))]


def two_layer_wrong(function):
    """Return the result of a mistake from a function (x, W1, b1, W2, b2)."""
    return wrong(lambda inputs: function(inputs["x"], *inputs["parameters"].values()))


TWO_LAYER = Exercise(
    name="two_layer",
    title="A network with one hidden layer",
    spellings={
        "numpy": Spelling(
            "two_layer",
            "call",
            lambda inputs: {"arguments": [inputs["x"], *inputs["parameters"].values()], "outputs": ["output"]},
        ),
        "torch": Spelling(
            "TwoLayerTorch",
            "torch_module",
            framework_arguments(lambda inputs: inputs["widths"]),
            gradients_of("W1", "b1", "W2", "b2"),
        ),
        "tensorflow": Spelling(
            "TwoLayerTF",
            "keras_layer",
            framework_arguments(lambda inputs: inputs["widths"][1:]),
            gradients_of("W1", "b1", "W2", "b2"),
        ),
    },
    draw=two_layer_cases,
    oracle=with_gradients,
    mistakes=(
        Mistake(
            "hidden_activation_missing",
            "The hidden layer has no sigmoid, so your two layers are no more than one.",
            wrong(lambda inputs: forward(inputs, hidden=linear)),
        ),
        Mistake(
            "output_activation_missing",
            "The hidden layer is right, but the output still has to go through a sigmoid.",
            wrong(lambda inputs: forward(inputs, output=linear)),
        ),
        Mistake(
            "output_activation_doubled",
            "Your output went through the last sigmoid twice; if you call `dense`, it is already in it.",
            wrong(lambda inputs: forward(inputs, output=twice)),
            ("numpy",),
        ),
        Mistake(
            "activations_missing",
            "There is no sigmoid at all: one belongs after each of the two layers.",
            wrong(lambda inputs: forward(inputs, hidden=linear, output=linear)),
        ),
        Mistake(
            "activation_doubled",
            "Each layer went through the sigmoid twice; if you call `dense`, the sigmoid is already in it.",
            wrong(lambda inputs: forward(inputs, hidden=twice, output=twice)),
            ("numpy",),
        ),
        Mistake(
            "biases_forgotten",
            "Both biases are missing: add b1 in the hidden layer and b2 in the output layer.",
            wrong(lambda i: forward(i, layers=without_biases(layers_of(i["parameters"])))),
        ),
        Mistake(
            "hidden_bias_forgotten",
            "The bias b1 of the hidden layer is missing.",
            two_layer_wrong(lambda x, W1, b1, W2, b2: sigmoid(sigmoid(x @ W1) @ W2 + b2)),
            ("numpy",),
        ),
        Mistake(
            "output_bias_forgotten",
            "The bias b2 of the output layer is missing.",
            two_layer_wrong(lambda x, W1, b1, W2, b2: sigmoid(sigmoid(x @ W1 + b1) @ W2)),
            ("numpy",),
        ),
        Mistake(
            "second_layer_missing",
            "Your output is the hidden layer; it still has to go through the second layer, W2 and b2.",
            two_layer_wrong(lambda x, W1, b1, W2, b2: sigmoid(x @ W1 + b1)),
        ),
        Mistake(
            "first_layer_ignored",
            "The second layer reads x; give it the values of the hidden layer.",
            two_layer_wrong(lambda x, W1, b1, W2, b2: sigmoid(x @ W2 + b2)),
        ),
        Mistake(
            "weights_transposed",
            "W1 is transposed: it is (inputs, hidden) already, so the hidden layer is sigmoid(x @ W1 + b1).",
            two_layer_wrong(lambda x, W1, b1, W2, b2: sigmoid(sigmoid(x @ W1.T + b1) @ W2 + b2)),
        ),
        Mistake(
            "output_transposed",
            "Your output has units as rows; transpose it: samples are rows, units are columns.",
            wrong(lambda inputs: forward(inputs).T),
            ("numpy",),
        ),
    ),
)


# XOR, by property


def xor_cases(rng):
    corners = np.repeat([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], 8, axis=0)
    points = corners + np.round(rng.uniform(-0.1, 0.1, corners.shape), 3)
    return [("corners", {"points": points, "labels": (corners[:, 0] != corners[:, 1]).astype(int)})]


def network_solves_xor(test, replies, reveal):
    """Judge the weights alone, with a network of our own."""
    weights = judging.xor_weights(replies[0]["values"])
    if isinstance(weights, Assessment):
        return weights
    data = test["cases"][0]["data"]
    W1, b1, W2, b2 = weights
    with np.errstate(all="ignore"):
        outputs = forward({"x": np.vstack([judging.CORNERS, data["points"]])}, layers=[(W1, b1), (W2, b2)])
    return judging.assess_xor(outputs[:, 0], data["labels"])


XOR_WEIGHTS = Exercise(
    name="xor_weights",
    title="Weights that solve XOR",
    spellings={
        "numpy": Spelling("xor_weights", "call", lambda inputs: {"arguments": [], "outputs": ["W1", "b1", "W2", "b2"]})
    },
    draw=xor_cases,
    judge=network_solves_xor,
    check_judge="solves_xor",
)


# Deep networks


def deep_cases(rng):
    shapes = (
        ("regression", 4, (3, 4, 2)),
        ("regression", 3, (2, 3, 3, 1)),
        ("classification", 4, (2, 3, 4, 2)),
        ("classification", 3, (3, 2)),
    )
    return [(task, {**network(rng, samples, widths), "task": task}) for task, samples, widths in shapes]


HEADS = {"regression": linear, "classification": sigmoid}


def deep_wrong(**changes):
    """Return the result of a mistake from changed arguments of ``forward``; each may depend on the inputs."""

    def result(inputs):
        changed = {"output": lambda inputs: HEADS[inputs["task"]], **changes}
        return {"output": forward(inputs, **{name: value(inputs) for name, value in changed.items()})}

    return result


def without_last_layer(inputs):
    layers = layers_of(inputs["parameters"])
    return {"output": forward(inputs, layers=layers[:-1]) if layers[1:] else inputs["x"]}


DEEP = Exercise(
    name="deep",
    title="A deep stack",
    spellings={
        "numpy": Spelling(
            "deep",
            "call",
            lambda inputs: {
                "arguments": [
                    inputs["x"],
                    list(inputs["parameters"].values())[::2],
                    list(inputs["parameters"].values())[1::2],
                    inputs["task"],
                ],
                "outputs": ["output"],
            },
        ),
        "torch": Spelling(
            "deep_torch",
            "torch_module",
            framework_arguments(lambda inputs: [inputs["widths"], inputs["task"]]),
            gradients_of("W1", "b1"),
        ),
        "tensorflow": Spelling(
            "deep_tf",
            "keras_layer",
            framework_arguments(lambda inputs: [inputs["widths"], inputs["task"]]),
            gradients_of("W1", "b1"),
        ),
    },
    draw=deep_cases,
    oracle=lambda inputs: with_gradients(inputs, HEADS[inputs["task"]]),
    mistakes=(
        Mistake(
            "always_sigmoid",
            "In regression your output still goes through a sigmoid; there the last layer is linear.",
            deep_wrong(output=lambda inputs: sigmoid),
        ),
        Mistake(
            "always_linear",
            "In classification your output lacks the sigmoid; only in regression is the last layer linear.",
            deep_wrong(output=lambda inputs: linear),
        ),
        Mistake(
            "tasks_swapped",
            "The two heads are swapped: it is regression that has no sigmoid.",
            deep_wrong(output=lambda inputs: linear if inputs["task"] == "classification" else sigmoid),
        ),
        Mistake(
            "head_doubled",
            "In classification the output goes through the sigmoid twice; once is enough.",
            deep_wrong(output=lambda inputs: linear if inputs["task"] == "regression" else twice),
        ),
        Mistake(
            "hidden_activation_missing",
            "Your hidden layers have no sigmoid, so the whole stack is no more than one layer.",
            deep_wrong(hidden=lambda inputs: linear),
        ),
        Mistake(
            "relu_instead",
            "Your hidden layers use ReLU; in this lab they use the sigmoid.",
            deep_wrong(hidden=lambda inputs: lambda z: np.maximum(z, 0)),
        ),
        Mistake(
            "biases_forgotten",
            "The biases are missing: add one in every layer.",
            deep_wrong(layers=lambda inputs: without_biases(layers_of(inputs["parameters"]))),
            ("numpy",),
        ),
        Mistake(
            "head_bias_forgotten",
            "The bias of the last layer is missing.",
            deep_wrong(
                layers=lambda inputs: (
                    layers_of(inputs["parameters"])[:-1] + without_biases(layers_of(inputs["parameters"])[-1:])
                )
            ),
            ("numpy",),
        ),
        Mistake(
            "last_layer_missing",
            "The last layer is missing: your output is that of the layer before it.",
            without_last_layer,
            ("numpy",),
        ),
        Mistake(
            "output_transposed",
            "Your output has units as rows; transpose it: samples are rows, units are columns.",
            lambda inputs: {"output": deep_wrong()(inputs)["output"].T},
            ("numpy",),
        ),
    ),
)


def count_cases(rng):
    return [("count", {"widths": [int(width) for width in rng.integers(2, 8, depth)]}) for depth in (3, 2, 4, 5)]


def counted(function):
    """Return a count from a function of the pairs (units before, units after) of neighbouring layers."""
    return lambda inputs: {"output": np.array(int(function(list(pairwise(inputs["widths"])))))}


COUNT_PARAMETERS = Exercise(
    name="count_parameters",
    title="Counting parameters",
    spellings={
        "numpy": Spelling(
            "count_parameters", "call", lambda inputs: {"arguments": [inputs["widths"]], "outputs": ["output"]}
        )
    },
    draw=count_cases,
    oracle=counted(lambda pairs: sum(n_in * n_out + n_out for n_in, n_out in pairs)),
    mistakes=(
        Mistake(
            "biases_forgotten",
            "You count the weights only; each unit after the inputs has a bias too.",
            counted(lambda pairs: sum(n_in * n_out for n_in, n_out in pairs)),
        ),
        Mistake(
            "one_bias_a_layer",
            "You count one bias for each layer; each unit has its own.",
            counted(lambda pairs: sum(n_in * n_out + 1 for n_in, n_out in pairs)),
        ),
        Mistake(
            "inputs_have_biases",
            "You count a bias for each input as well; inputs have none.",
            counted(lambda pairs: sum(n_in * n_out + n_out for n_in, n_out in pairs) + pairs[0][0]),
        ),
        Mistake(
            "biases_of_layer_before",
            "You count a bias for each unit of the layer before; count them for the layer that reads it.",
            counted(lambda pairs: sum(n_in * n_out + n_in for n_in, n_out in pairs)),
        ),
        Mistake(
            "units_counted",
            "You count units; a parameter is a weight (one for each pair of an input and a unit) or a bias.",
            counted(lambda pairs: pairs[0][0] + sum(n_out for _, n_out in pairs)),
        ),
        Mistake(
            "last_layer_forgotten",
            "Your loop ends one layer early: the last layer is not counted.",
            counted(lambda pairs: sum(n_in * n_out + n_out for n_in, n_out in pairs[:-1])),
        ),
        Mistake(
            "widths_multiplied",
            "You multiply all widths; only neighbouring layers are connected, so multiply pairs and add them up.",
            counted(lambda pairs: pairs[0][0] * np.prod([n_out for _, n_out in pairs])),
        ),
    ),
)


# PyTorch to TensorFlow


def copy_cases(rng):
    cases = []
    for samples, widths in ((4, (3, 3, 3)), (3, (2, 4, 3))):
        inputs = network(rng, samples, widths)
        cases.append(("copy", {**inputs, "start": network(rng, samples, widths)["parameters"]}))
    return cases


def copied(change):
    """Return what a Keras network computes after a wrong copy.

    Args:
        change: function (name, copied array, array before the copy) to the array after it.
    """

    def result(inputs):
        parameters = {name: change(name, array, inputs["start"][name]) for name, array in inputs["parameters"].items()}
        return with_gradients({**inputs, "parameters": parameters})

    return result


COPY_WEIGHTS = Exercise(
    name="copy_weights",
    title="The frameworks agree",
    spellings={
        "torch+tensorflow": Spelling(
            "copy_weights",
            "copied_weights",
            lambda inputs: {name: inputs[name] for name in ("widths", "parameters", "start", "x", "upstream")},
            gradients_of("W1", "b1", "W2", "b2"),
        )
    },
    draw=copy_cases,
    oracle=with_gradients,
    mistakes=(
        Mistake(
            "transpose_forgotten",
            "The weights were copied without the transpose: PyTorch stores (units, inputs), Keras (inputs, units).",
            copied(lambda name, array, before: array.T if name[0] == "W" else array),
        ),
        Mistake(
            "reshaped_not_transposed",
            "The weights were reshaped, which shuffles them; transpose them with .T instead.",
            copied(lambda name, array, before: array.T.reshape(array.shape)),
        ),
        Mistake(
            "biases_not_copied",
            "The weights are right, but the biases were not copied.",
            copied(lambda name, array, before: array if name[0] == "W" else before),
        ),
        Mistake(
            "weights_not_copied",
            "The biases are right, but the weights were not copied.",
            copied(lambda name, array, before: array if name[0] == "b" else before),
        ),
        Mistake(
            "last_layer_not_copied",
            "The first layer is right, but the last one was not copied.",
            copied(lambda name, array, before: array if name[1] == "1" else before),
        ),
        Mistake(
            "first_layer_not_copied",
            "The last layer is right, but the first one was not copied.",
            copied(lambda name, array, before: array if name[1] == "2" else before),
        ),
        Mistake(
            "biases_zeroed",
            "The weights are right, but the biases became 0: copy them too.",
            copied(lambda name, array, before: array if name[0] == "W" else 0 * array),
        ),
    ),
)


PERCEPTRON_QUIZ = quiz(
    "perceptron_quiz",
    "Quiz",
    (
        Question(
            "B",
            {
                "A": "turning the line takes a change of direction, and the direction is set by the weights alone.",
                "C": "the undecided points are those with w @ x + b = 0, and raising b changes which points these are.",
                "D": "w @ x + b = 0 is a linear equation, so whatever the bias, the line stays straight.",
            },
        ),
        Question(
            "D",
            {
                "A": "adding x would make the sum for this sample larger still, and it was too large already.",
                "B": "the update follows every mistake: the error y - prediction is -1 here, not 0.",
                "C": "the perceptron never starts again; it keeps what it has learned and changes it by a small step.",
            },
        ),
        Question(
            "C",
            {
                "A": "more epochs cannot help: no straight line separates the corners of XOR, so a mistake is always left.",
                "B": "the learning rate only scales the weights; it does not bend the line, and no straight line will do.",
                "D": "the order changes which mistakes come first, but no straight line is right about all four samples.",
            },
        ),
        Question(
            "A",
            {
                "B": "the sigmoid at the output squashes the result but bends no line; what the hidden sigmoid did is lost.",
                "C": "more hidden units do not help without a sigmoid: two linear layers multiply out to a single one.",
                "D": "the sigmoid at the output is still there, and whatever it gets, it answers between 0 and 1.",
            },
        ),
        Question(
            "B",
            {
                "A": "a sigmoid stays between 0 and 1, so it could never say 25 degrees, nor -7.",
                "C": "a step can say only 0 or 1, and a temperature has many more values.",
                "D": "however large the weights, a sigmoid never leaves the range from 0 to 1.",
            },
        ),
    ),
)

EXERCISES = (
    NEURON,
    PERCEPTRON_UPDATE,
    TRAIN_PERCEPTRON,
    DENSE,
    TWO_LAYER,
    XOR_WEIGHTS,
    DEEP,
    COUNT_PARAMETERS,
    COPY_WEIGHTS,
    PERCEPTRON_QUIZ,
)
