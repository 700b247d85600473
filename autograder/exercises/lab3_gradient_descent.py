"""Lab 3, gradient descent: what each exercise asks, and the mistakes that it recognises."""

import numpy as np

from autograder.authoring.exercise import Exercise, Mistake, Spelling
from autograder.authoring.quiz import Question, quiz


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def softplus(z):
    return np.logaddexp(0, z)


def numbers(rng, *shape, low=-2.0, high=2.0):
    """Draw numbers that a person can read: two decimals."""
    return np.round(rng.uniform(low, high, shape), 2)


def labels(rng, samples):
    """Draw labels 0 and 1, both of them, in about equal parts."""
    return rng.permutation(np.arange(samples) % 2).astype(float)


def output(function):
    """Turn a function of a case's inputs into the result of a mistake."""
    return lambda inputs: {"output": function(inputs)}


# Losses. A case's inputs: x, the predictions or logits, and y of the same shape


def loss_spellings(name, argument):
    """Return the three spellings of a loss whose first argument is called ``argument``."""
    framework = {
        "arguments": lambda inputs: {"x": inputs["x"], "y": inputs["y"], "name": argument},
        "returns": ("output", f"grad_{argument}"),
    }
    return {
        "numpy": Spelling(
            name, "call", lambda inputs: {"arguments": [inputs["x"], inputs["y"]], "outputs": ["output"]}
        ),
        "torch": Spelling(f"{name}_torch", "torch_loss", **framework),
        "tensorflow": Spelling(f"{name}_tf", "keras_loss", **framework),
    }


def of_error(function):
    """Return the result of a mistake from a function of the error, prediction - y."""
    return output(lambda inputs: function(inputs["x"] - inputs["y"]))


MSE = Exercise(
    name="mse",
    title="Mean squared error",
    spellings=loss_spellings("mse", "prediction"),
    draw=lambda rng: [("loss", {"x": numbers(rng, *shape), "y": numbers(rng, *shape)}) for shape in ((5, 1), (4, 2))],
    right=lambda inputs: {
        "output": np.mean((inputs["x"] - inputs["y"]) ** 2),
        "grad_prediction": 2 * (inputs["x"] - inputs["y"]) / inputs["x"].size,
    },
    mistakes=(
        Mistake(
            "summed",
            "Your loss is the sum of the squares; divide by how many there are: take the mean.",
            of_error(lambda error: np.sum(error**2)),
        ),
        Mistake(
            "halved",
            "Your loss is half of what it should be; some books write a 1/2, we do not.",
            of_error(lambda error: np.mean(error**2) / 2),
        ),
        Mistake(
            "absolute",
            "Your loss is the mean of the absolute errors; square them instead.",
            of_error(lambda error: np.mean(np.abs(error))),
        ),
        Mistake(
            "root_taken",
            "You take the square root at the end; leave the mean of the squares as it is.",
            of_error(lambda error: np.sqrt(np.mean(error**2))),
        ),
        Mistake(
            "not_squared",
            "You average the errors themselves, where + and - cancel; square them first.",
            of_error(np.mean),
        ),
        Mistake(
            "squared_too_late",
            "You square the mean; take the mean of the squares, so that + and - cannot cancel.",
            of_error(lambda error: np.mean(error) ** 2),
        ),
        Mistake(
            "not_averaged",
            "You return one square for each entry; a loss is a single number, their mean.",
            of_error(lambda error: error**2),
        ),
        Mistake(
            "one_axis",
            "You average over one axis only; a loss is a single number, the mean over all.",
            of_error(lambda error: np.mean(error**2, axis=0)),
        ),
    ),
)


def bce_cases(rng):
    cases = [("ordinary logits", {"x": numbers(rng, 6, 1), "y": labels(rng, 6)[:, None]}) for _ in range(2)]
    size = np.round(rng.uniform(500, 1000, 4))
    extreme = np.array([size[0], -size[1], size[2], -size[3], *numbers(rng, 2)])[:, None]
    return [*cases, ("huge logits", {"x": extreme, "y": np.array([1.0, 0, 0, 1, 1, 0])[:, None]})]


def cross_entropies(z, y):
    """Return -y log p - (1 - y) log(1 - p) for p = sigmoid(z), elementwise."""
    return softplus(z) - y * z


def of_logits(function):
    """Return the result of a mistake from a function (z, y)."""
    return output(lambda inputs: function(inputs["x"], inputs["y"]))


BCE = Exercise(
    name="bce",
    title="Binary cross-entropy",
    spellings=loss_spellings("bce", "z"),
    draw=bce_cases,
    right=lambda inputs: {
        "output": np.mean(cross_entropies(inputs["x"], inputs["y"])),
        "grad_z": (sigmoid(inputs["x"]) - inputs["y"]) / inputs["x"].size,
    },
    mistakes=(
        Mistake(
            "summed",
            "Your loss is a sum; divide by how many samples there are: take the mean.",
            of_logits(lambda z, y: np.sum(cross_entropies(z, y))),
        ),
        Mistake("not_averaged", "You return one loss for each sample; take their mean.", of_logits(cross_entropies)),
        Mistake(
            "sign_flipped",
            "Your loss has the wrong sign: the worse the prediction, the larger it should be.",
            of_logits(lambda z, y: -np.mean(cross_entropies(z, y))),
        ),
        Mistake(
            "labels_swapped",
            "You treat label 0 as 1 and 1 as 0: it is y that multiplies z.",
            of_logits(lambda z, y: np.mean(softplus(z) - (1 - y) * z)),
        ),
        Mistake(
            "only_ones",
            "Only the samples with label 1 add to your loss; those with label 0 belong in too.",
            of_logits(lambda z, y: np.mean(y * softplus(-z))),
        ),
        Mistake(
            "only_zeros",
            "Only the samples with label 0 add to your loss; those with label 1 belong in too.",
            of_logits(lambda z, y: np.mean((1 - y) * softplus(z))),
        ),
        Mistake(
            "label_term_forgotten",
            "Your loss equals the mean of log(1 + exp(z)): y * z is not subtracted.",
            of_logits(lambda z, y: np.mean(softplus(z))),
        ),
        Mistake(
            "sigmoid_twice",
            "Your z went through the sigmoid first; the formula wants the logit itself.",
            of_logits(lambda z, y: np.mean(cross_entropies(sigmoid(z), y))),
        ),
        Mistake(
            "squared_error",
            "Your loss is the squared error of the probabilities; here it is the cross-entropy.",
            of_logits(lambda z, y: np.mean((sigmoid(z) - y) ** 2)),
        ),
        Mistake(
            "other_base",
            "Your logarithm has base 2; take the natural one.",
            of_logits(lambda z, y: np.mean(cross_entropies(z, y)) / np.log(2)),
        ),
    ),
)


# The gradient of a neuron


def neuron_gradients(
    error=lambda p, y: p - y, activation=sigmoid, mean=True, bias=np.mean, slope=None, inputs_used=True
):
    """Return the gradients of a sigmoid neuron's mean cross-entropy, right by default, as a function of the inputs."""

    def result(inputs):
        X, y = inputs["X"], inputs["y"]
        p = activation(X @ inputs["w"] + inputs["b"])
        delta = error(p, y) * (slope(p) if slope else 1)
        dw = X.T @ delta if inputs_used else np.full(X.shape[1], np.sum(delta))
        return {"dw": dw / len(y) if mean else dw, "db": bias(delta)}

    return result


NEURON_GRADIENT = Exercise(
    name="neuron_gradient",
    title="The gradient of a neuron",
    spellings={
        "numpy": Spelling(
            "neuron_gradient",
            "call",
            lambda inputs: {"arguments": [inputs[name] for name in ("X", "y", "w", "b")], "outputs": ["dw", "db"]},
            ("dw", "db"),
        )
    },
    draw=lambda rng: [
        (
            "gradient",
            {
                "X": numbers(rng, n, k),
                "y": labels(rng, n),
                "w": numbers(rng, k),
                "b": float(numbers(rng, low=0.3, high=1.5)),
            },
        )
        for n, k in ((6, 3), (5, 2), (4, 4))
    ],
    right=neuron_gradients(),
    mistakes=(
        Mistake(
            "sign_flipped",
            "Your gradients have the wrong sign: the error is the prediction minus y.",
            neuron_gradients(error=lambda p, y: y - p),
        ),
        Mistake(
            "summed",
            "Your gradients are sums over the samples; the loss is a mean, so divide by their number.",
            neuron_gradients(mean=False, bias=np.sum),
        ),
        Mistake(
            "bias_summed",
            "The gradient for w is right; the one for b is still a sum: take the mean.",
            neuron_gradients(bias=np.sum),
        ),
        Mistake(
            "weights_summed",
            "The gradient for b is right; the one for w is still a sum: divide by the number of samples.",
            neuron_gradients(mean=False),
        ),
        Mistake(
            "bias_zero",
            "The gradient for w is right, but the one for b is 0: the bias learns too.",
            neuron_gradients(bias=lambda delta: 0.0),
        ),
        Mistake(
            "sigmoid_forgotten",
            "Your error is z - y: send z through the sigmoid first.",
            neuron_gradients(activation=lambda z: z),
        ),
        Mistake(
            "slope_left_in",
            "You multiply by the slope p (1 - p) once more; with the cross-entropy it cancels, and p - y is left.",
            neuron_gradients(slope=lambda p: p * (1 - p)),
        ),
        Mistake(
            "label_forgotten", "Your error is the prediction alone: subtract y.", neuron_gradients(error=lambda p, y: p)
        ),
        Mistake(
            "step_instead",
            "Your prediction is only 0 or 1, as if from a step; use the sigmoid.",
            neuron_gradients(activation=lambda z: 1.0 * (z > 0)),
        ),
        Mistake(
            "input_forgotten",
            "All your weights get the same gradient: each error counts as much as the "
            "input that the weight multiplies.",
            neuron_gradients(inputs_used=False),
        ),
        Mistake(
            "squared_error",
            "Your gradients are those of the squared error of p; the loss is the cross-entropy.",
            neuron_gradients(error=lambda p, y: 2 * (p - y) * p * (1 - p)),
        ),
    ),
)


# One step


def stepped(function):
    """Return the result of a mistake from a function (w, gradient, learning_rate)."""
    return output(lambda inputs: function(inputs["w"], inputs["gradient"], inputs["learning_rate"]))


DESCENT_STEP = Exercise(
    name="descent_step",
    title="One step downhill",
    spellings={
        "numpy": Spelling(
            "descent_step",
            "call",
            lambda inputs: {
                "arguments": [inputs["w"], inputs["gradient"], inputs["learning_rate"]],
                "outputs": ["output"],
            },
        )
    },
    draw=lambda rng: [
        (
            "step",
            {
                "w": numbers(rng, *shape),
                "gradient": numbers(rng, *shape),
                "learning_rate": float(rng.choice([0.1, 0.2, 0.5])),
            },
        )
        for shape in ((4,), (3, 2), ())
    ],
    right=stepped(lambda w, g, rate: w - rate * g),
    mistakes=(
        Mistake(
            "ascent",
            "You walk uphill: the gradient points to where the loss grows, so subtract it.",
            stepped(lambda w, g, rate: w + rate * g),
        ),
        Mistake(
            "learning_rate_ignored",
            "Your step is the whole gradient: multiply it by the learning rate.",
            stepped(lambda w, g, rate: w - g),
        ),
        Mistake(
            "only_the_step",
            "You return the step alone; add it to where you stand, w.",
            stepped(lambda w, g, rate: -rate * g),
        ),
        Mistake(
            "sign_only",
            "Every parameter moves equally far: use the gradient itself, not only its sign.",
            stepped(lambda w, g, rate: w - rate * np.sign(g)),
        ),
        Mistake(
            "learning_rate_divides",
            "You divide by the learning rate; multiply by it.",
            stepped(lambda w, g, rate: w - g / rate),
        ),
        Mistake("not_moved", "Your w comes back as it was.", stepped(lambda w, g, rate: w)),
    ),
)


# Backpropagation


def backprop_cases(rng):
    cases = []
    for samples, n_inputs, n_hidden in ((5, 2, 3), (4, 3, 2), (6, 3, 3)):
        cases.append(
            (
                "gradients",
                {
                    "X": numbers(rng, samples, n_inputs),
                    "y": labels(rng, samples)[:, None],
                    "W1": numbers(rng, n_inputs, n_hidden, low=-1.0, high=1.0),
                    "b1": numbers(rng, n_hidden, low=0.2, high=0.8),
                    "W2": numbers(rng, n_hidden, 1),
                    "b2": numbers(rng, 1, low=0.2, high=0.8),
                },
            )
        )
    return cases


def through_tanh(z, h):
    return 1 - h**2


def gradients(
    inputs,
    error=lambda p, y: p - y,
    slope=through_tanh,
    mean=True,
    bias=np.sum,
    activation=sigmoid,
    hidden=np.tanh,
    weights_used=True,
):
    """Return the gradients of a network with one hidden tanh layer, right by default.

    Backpropagation as in Nielsen, Neural Networks and Deep Learning, chapter 2, with the cross-entropy of chapter 3.
    """
    X, W1, b1, W2, b2 = (inputs[name] for name in ("X", "W1", "b1", "W2", "b2"))
    z1 = X @ W1 + b1
    h = hidden(z1)
    delta = error(activation(h @ W2 + b2), inputs["y"]) / (len(X) if mean else 1)
    back = (delta @ W2.T if weights_used else np.repeat(delta, len(b1), axis=1)) * slope(z1, h)
    return {"dW1": X.T @ back, "db1": bias(back, axis=0), "dW2": h.T @ delta, "db2": bias(delta, axis=0)}


def backprop_wrong(**changes):
    return lambda inputs: gradients(inputs, **changes)


def only(names, **changes):
    """Return wrong gradients for some parameters and the right ones for the others."""
    return lambda inputs: {**gradients(inputs), **{name: gradients(inputs, **changes)[name] for name in names}}


GRADIENTS = ("dW1", "db1", "dW2", "db2")
BACKPROP = Exercise(
    name="backprop",
    title="Backpropagation",
    spellings={
        "numpy": Spelling(
            "backprop",
            "call",
            lambda inputs: {
                "arguments": [inputs[name] for name in ("X", "y", "W1", "b1", "W2", "b2")],
                "outputs": list(GRADIENTS),
            },
            GRADIENTS,
        )
    },
    draw=backprop_cases,
    right=gradients,
    mistakes=(
        Mistake(
            "slope_forgotten",
            "The output layer is right; on the way back, the slope of tanh, 1 - H ** 2, is missing.",
            backprop_wrong(slope=lambda z, h: 1),
        ),
        Mistake(
            "slope_of_sigmoid",
            "The output layer is right, but H * (1 - H) is the slope of a sigmoid; that of tanh is 1 - H ** 2.",
            backprop_wrong(slope=lambda z, h: h * (1 - h)),
        ),
        Mistake(
            "slope_of_sum",
            "The output layer is right, but you square the sums: the slope of tanh is "
            "1 - H ** 2, with the output of tanh.",
            backprop_wrong(slope=lambda z, h: 1 - z**2),
        ),
        Mistake(
            "slope_not_squared",
            "The output layer is right, but the slope of tanh is 1 - H ** 2, with the square.",
            backprop_wrong(slope=lambda z, h: 1 - h),
        ),
        Mistake(
            "summed",
            "All your gradients are sums over the samples; the loss is a mean, so divide by their "
            "number once, at the start.",
            backprop_wrong(mean=False),
        ),
        Mistake(
            "sign_flipped",
            "All your gradients have the wrong sign: the error is P - y.",
            backprop_wrong(error=lambda p, y: y - p),
        ),
        Mistake(
            "slope_at_output",
            "You multiply the error by P (1 - P); with the cross-entropy it cancels, and P - y is left.",
            backprop_wrong(error=lambda p, y: (p - y) * p * (1 - p)),
        ),
        Mistake(
            "sigmoid_forgotten",
            "Your error starts from the logits: send them through the sigmoid first.",
            backprop_wrong(activation=lambda z: z),
        ),
        Mistake(
            "biases_averaged",
            "The weights are right; the bias gradients are averaged twice: 1/n is in the error already, so add up.",
            only(("db1", "db2"), bias=np.mean),
        ),
        Mistake(
            "hidden_sigmoid",
            "Your hidden layer uses the sigmoid; here it is tanh.",
            backprop_wrong(hidden=sigmoid, slope=lambda z, h: h * (1 - h)),
        ),
        Mistake(
            "weights_forgotten",
            "The output layer is right; on the way back the error has to pass through W2: D @ W2.T.",
            backprop_wrong(weights_used=False),
        ),
    ),
)


# Mini-batches, by property


def batch_cases(rng):
    """Draw samples that all differ. The second case repeats the first, the third only has another seed."""
    seed = int(rng.integers(1, 1000))
    plans = ((23, 5, seed, -1), (23, 5, seed, 0), (23, 5, seed + 1, -1), (24, 8, seed, -1), (6, 10, seed, -1))
    data = {}
    cases = []
    for samples, batch_size, chosen, twin in plans:
        if samples not in data:
            values = rng.permutation(100 * samples)[: 3 * samples] / 100
            data[samples] = np.reshape(values[: 2 * samples], (samples, 2)), values[2 * samples :][:, None]
        X, y = data[samples]
        cases.append(("batches", {"X": X, "y": y, "batch_size": batch_size, "seed": chosen, "twin": twin}))
    return cases


MINIBATCHES = Exercise(
    name="minibatches",
    title="Mini-batches",
    spellings={
        "numpy": Spelling(
            "minibatches",
            "minibatch_epoch",
            lambda inputs: {name: inputs[name] for name in ("X", "y", "batch_size", "seed")},
        )
    },
    draw=batch_cases,
    judge="epoch_of_batches",
)


# Training loops


def training_cases(rng):
    cases = []
    for n_inputs, n_hidden, samples, batches, epochs in ((2, 3, 4, 3, 3), (3, 2, 5, 2, 4)):
        cases.append(
            (
                "training",
                {
                    "parameters": {
                        "W1": numbers(rng, n_inputs, n_hidden),
                        "b1": numbers(rng, n_hidden),
                        "W2": numbers(rng, n_hidden, 1),
                        "b2": numbers(rng, 1),
                    },
                    "inputs": [numbers(rng, samples, n_inputs) for _ in range(batches)],
                    "labels": [labels(rng, samples)[:, None] for _ in range(batches)],
                    "epochs": epochs,
                    "learning_rate": float(rng.choice([0.3, 0.5])),
                },
            )
        )
    return cases


def cross_entropy(z, y):
    """Return the mean cross-entropy of logits and its gradient with respect to them."""
    return np.mean(cross_entropies(z, y)), (sigmoid(z) - y) / y.size


def summed_cross_entropy(z, y):
    return np.sum(cross_entropies(z, y)), sigmoid(z) - y


def squared_logits(z, y):
    return np.mean((z - y) ** 2), 2 * (z - y) / y.size


def doubled_sigmoid(z, y):
    p = sigmoid(z)
    loss, delta = cross_entropy(p, y)
    return loss, delta * p * (1 - p)


def differentiate(parameters, X, y, loss):
    """Return the loss of one batch and the list of gradients of W1, b1, W2, b2."""
    W1, b1, W2, b2 = parameters
    h = np.tanh(X @ W1 + b1)
    value, delta = loss(h @ W2 + b2, y)
    back = delta @ W2.T * (1 - h**2)
    return value, [X.T @ back, back.sum(axis=0), h.T @ delta, delta.sum(axis=0)]


def trained(loss=cross_entropy, sign=-1, cleared="batch", when="each", which=slice(None), told=np.mean):
    """Return a network's parameters after training and the losses, right by default, as a function of the inputs.

    Args:
        cleared: when the gradients are set to zero: before each "batch", before each "epoch", or "never".
        when: "each": a step for each batch; "late": before its own gradients, with those of the batch before;
            "epoch": one step an epoch, with the sum of all its gradients; "never".
        which: the batches of an epoch that are used.
        told: function from the losses of an epoch's batches to what is returned for it.
    """

    def result(inputs):
        parameters = list(inputs["parameters"].values())
        batches = list(zip(inputs["inputs"], inputs["labels"]))[which]
        held, losses = None, []
        for _ in range(inputs["epochs"]):
            losses.append([])
            held = None if cleared == "epoch" or when == "epoch" else held
            for X, y in batches:
                if when == "late" and held:
                    parameters = move(parameters, held, inputs, sign)
                value, new = differentiate(parameters, X, y, loss)
                losses[-1].append(value)
                fresh = not held or (cleared == "batch" and when != "epoch")
                held = new if fresh else [a + b for a, b in zip(held, new)]
                if when == "each":
                    parameters = move(parameters, held, inputs, sign)
            if when == "epoch":
                parameters = move(parameters, held, inputs, sign)
        return {**dict(zip(inputs["parameters"], parameters)), "losses": np.ravel([told(each) for each in losses])}

    return result


def move(parameters, gradients, inputs, sign):
    return [value + sign * inputs["learning_rate"] * each for value, each in zip(parameters, gradients)]


def training_arguments(inputs):
    return {name: inputs[name] for name in ("parameters", "inputs", "labels", "epochs", "learning_rate")}


TRAINED = ("W1", "b1", "W2", "b2", "losses")
TORCH, TENSORFLOW = ("torch",), ("tensorflow",)
TRAINING_LOOP = Exercise(
    name="training_loop",
    title="The training loop",
    spellings={
        "torch": Spelling("train_torch", "torch_training", training_arguments, TRAINED),
        "tensorflow": Spelling("train_tf", "keras_training", training_arguments, TRAINED),
    },
    draw=training_cases,
    right=trained(),
    mistakes=(
        Mistake(
            "gradients_not_cleared",
            "The gradients of all batches pile up: call optimizer.zero_grad() before each backward().",
            trained(cleared="never"),
            TORCH,
        ),
        Mistake(
            "cleared_once_an_epoch",
            "The gradients pile up within an epoch: zero_grad() belongs into the inner loop, once for each batch.",
            trained(cleared="epoch"),
            TORCH,
        ),
        Mistake(
            "step_before_backward",
            "You step before backward(), with the gradients of the batch before; the "
            "order is zero_grad, backward, step.",
            trained(when="late"),
            TORCH,
        ),
        Mistake(
            "never_moves",
            "The network never moves: call optimizer.step() after backward(), with no zero_grad() between the two.",
            trained(when="never"),
            TORCH,
        ),
        Mistake(
            "never_moves",
            "The network never moves: hand the gradients to optimizer.apply_gradients.",
            trained(when="never"),
            TENSORFLOW,
        ),
        Mistake(
            "ascent",
            "You walk uphill: the loss grows at each step. Differentiate the loss, not minus the loss.",
            trained(sign=1),
        ),
        Mistake(
            "loss_summed",
            "Your steps are too large: the loss is summed over the batch, it should be the mean.",
            trained(loss=summed_cross_entropy),
        ),
        Mistake(
            "first_batch_only",
            "You train on the first batch only: go through all of them, and return after the last epoch.",
            trained(which=slice(0, 1)),
        ),
        Mistake(
            "last_batch_only",
            "You train on the last batch only: what follows the inner `for` must be indented to stand inside it.",
            trained(which=slice(-1, None)),
        ),
        Mistake(
            "one_step_an_epoch",
            "You take one step an epoch, with the gradients of all batches added up; take one for each batch.",
            trained(when="epoch"),
        ),
        Mistake(
            "squared_error",
            "Your loss is the squared error of the logits; this is classification: use the cross-entropy.",
            trained(loss=squared_logits),
        ),
        Mistake(
            "sigmoid_twice",
            "The sigmoid is applied twice: the network returns logits, and the loss wants logits.",
            trained(loss=doubled_sigmoid),
        ),
        Mistake(
            "loss_of_last_batch",
            "The training is right, but each loss is that of the epoch's last batch; return the mean over its batches.",
            trained(told=lambda losses: losses[-1]),
        ),
        Mistake(
            "losses_summed",
            "The training is right, but each loss is a sum over the epoch's batches; return the mean.",
            trained(told=np.sum),
        ),
        Mistake(
            "losses_of_batches",
            "The training is right, but you return a loss for each batch; return one for each epoch, the mean.",
            trained(told=lambda losses: losses),
        ),
    ),
)


# Optimisers: paths of several steps. A case's inputs: w, gradients (steps, ...), the state and the settings


def momentum_cases(rng):
    cases = []
    for steps, shape, start in ((1, (3,), True), (10, (2, 2), False)):
        cases.append(
            (
                "steps",
                {
                    "w": numbers(rng, *shape),
                    "gradients": numbers(rng, steps, *shape),
                    "velocity": numbers(rng, *shape) if start else np.zeros(shape),
                    "learning_rate": float(rng.choice([0.1, 0.2])),
                    "beta": float(rng.choice([0.8, 0.9])),
                },
            )
        )
    return cases


def with_momentum(
    grow=lambda v, g, beta, rate: beta * v + g, step=lambda v, g, old, beta, rate: rate * v, keep=lambda v, old: v
):
    """Return the path of gradient descent with momentum, right by default, as a function of the inputs."""

    def result(inputs):
        w, velocity, path = inputs["w"], inputs["velocity"], []
        beta, rate = inputs["beta"], inputs["learning_rate"]
        for gradient in inputs["gradients"]:
            old, velocity = velocity, grow(velocity, gradient, beta, rate)
            w = w - step(velocity, gradient, old, beta, rate)
            velocity = keep(velocity, old)
            path.append(w)
        return {"w": np.array(path), "velocity": velocity}

    return result


MOMENTUM_STEP = Exercise(
    name="momentum_step",
    title="Momentum",
    spellings={
        "numpy": Spelling(
            "momentum_step",
            "optimiser_steps",
            lambda inputs: {
                "w": inputs["w"],
                "gradients": inputs["gradients"],
                "state": {"velocity": inputs["velocity"]},
                "start": None,
                "settings": [inputs["learning_rate"], inputs["beta"]],
            },
            ("w", "velocity"),
        )
    },
    draw=momentum_cases,
    right=with_momentum(),
    mistakes=(
        Mistake(
            "rate_in_velocity",
            "Your velocity contains the learning rate already. That is another common "
            "convention; here the velocity collects plain gradients, and the rate comes in when w moves.",
            with_momentum(grow=lambda v, g, beta, rate: beta * v + rate * g, step=lambda v, g, old, beta, rate: v),
        ),
        Mistake(
            "gradient_damped",
            "You weaken the new gradient by 1 - beta; it joins the velocity in full.",
            with_momentum(grow=lambda v, g, beta, rate: beta * v + (1 - beta) * g),
        ),
        Mistake(
            "nesterov",
            "This is Nesterov's variant, which looks one step ahead; move by the velocity alone.",
            with_momentum(step=lambda v, g, old, beta, rate: rate * (g + beta * v)),
        ),
        Mistake(
            "old_velocity",
            "You move with the velocity from before this step; update it first.",
            with_momentum(step=lambda v, g, old, beta, rate: rate * old),
        ),
        Mistake(
            "velocity_not_used",
            "You move by the gradient alone; move by the velocity.",
            with_momentum(step=lambda v, g, old, beta, rate: rate * g),
        ),
        Mistake(
            "velocity_not_kept",
            "Your w is right for a step, but you return the old velocity: return the new one.",
            with_momentum(keep=lambda v, old: old),
        ),
        Mistake(
            "beta_on_gradient",
            "You multiply the gradient by beta; it is the old velocity that fades.",
            with_momentum(grow=lambda v, g, beta, rate: v + beta * g),
        ),
        Mistake(
            "beta_forgotten",
            "Your old velocity never fades: multiply it by beta.",
            with_momentum(grow=lambda v, g, beta, rate: v + g),
        ),
        Mistake(
            "ascent",
            "You walk uphill: subtract the velocity, times the learning rate, from w.",
            with_momentum(step=lambda v, g, old, beta, rate: -rate * v),
        ),
        Mistake(
            "learning_rate_ignored",
            "Your steps ignore the learning rate: multiply the velocity by it when w moves.",
            with_momentum(step=lambda v, g, old, beta, rate: v),
        ),
    ),
)


def adam_cases(rng):
    """Draw gradients of very different sizes, so that the place of epsilon shows."""
    cases = []
    for steps, size, start in ((10, 4, 1), (3, 3, 6)):
        scale = np.array([1.0, 0.3, 0.05, 0.01])[:size]
        signs = rng.choice([-1.0, 1.0], (steps, size))
        fresh = start == 1
        cases.append(
            (
                "steps",
                {
                    "w": numbers(rng, size),
                    "gradients": signs * scale * rng.uniform(0.5, 1.5, (steps, size)).round(3),
                    "m": np.zeros(size) if fresh else 0.3 * scale * rng.uniform(0.5, 1, size).round(3),
                    "v": np.zeros(size) if fresh else 0.2 * (scale * rng.uniform(0.5, 1, size).round(3)) ** 2,
                    "start": start,
                    "learning_rate": float(rng.choice([0.1, 0.2])),
                    "beta1": 0.9,
                    "beta2": float(rng.choice([0.98, 0.99])),
                    "epsilon": float(rng.choice([0.002, 0.003])),
                },
            )
        )
    return cases


def bias_corrected(m, v, g, t, i):
    return m / (1 - i["beta1"] ** t) / (np.sqrt(v / (1 - i["beta2"] ** t)) + i["epsilon"])


def with_adam(
    direction=bias_corrected,
    first=lambda m, g, i: i["beta1"] * m + (1 - i["beta1"]) * g,
    second=lambda v, g, i: i["beta2"] * v + (1 - i["beta2"]) * g**2,
    sign=-1,
    keep=lambda m, v, t, i: (m, v),
):
    """Return the path of Adam, right by default, as a function of the inputs.

    Kingma and Ba, Adam: a method for stochastic optimization (2015), algorithm 1: epsilon stands outside the root.
    """

    def result(inputs):
        w, m, v, path = inputs["w"], inputs["m"], inputs["v"], []
        for t, gradient in enumerate(inputs["gradients"], inputs["start"]):
            m, v = first(m, gradient, inputs), second(v, gradient, inputs)
            w = w + sign * inputs["learning_rate"] * direction(m, v, gradient, t, inputs)
            m, v = keep(m, v, t, inputs)
            path.append(w)
        return {"w": np.array(path), "m": m, "v": v}

    return result


def correct(m, v, t, i):
    return m / (1 - i["beta1"] ** t), v / (1 - i["beta2"] ** t)


ADAM_STEP = Exercise(
    name="adam_step",
    title="Adam",
    spellings={
        "numpy": Spelling(
            "adam_step",
            "optimiser_steps",
            lambda inputs: {
                "w": inputs["w"],
                "gradients": inputs["gradients"],
                "state": {"m": inputs["m"], "v": inputs["v"]},
                "start": inputs["start"],
                "settings": [inputs[name] for name in ("learning_rate", "beta1", "beta2", "epsilon")],
            },
            ("w", "m", "v"),
        )
    },
    draw=adam_cases,
    right=with_adam(),
    mistakes=(
        Mistake(
            "no_correction",
            "The bias correction is missing: divide m by 1 - beta1 ** t and v by 1 - beta2 ** t.",
            with_adam(lambda m, v, g, t, i: m / (np.sqrt(v) + i["epsilon"])),
        ),
        Mistake(
            "only_m_corrected",
            "You correct m but not v: divide v by 1 - beta2 ** t.",
            with_adam(lambda m, v, g, t, i: m / (1 - i["beta1"] ** t) / (np.sqrt(v) + i["epsilon"])),
        ),
        Mistake(
            "epsilon_inside",
            "Your epsilon stands under the root; add it after the root.",
            with_adam(
                lambda m, v, g, t, i: m / (1 - i["beta1"] ** t) / np.sqrt(v / (1 - i["beta2"] ** t) + i["epsilon"])
            ),
        ),
        Mistake(
            "epsilon_before_correction",
            "You add epsilon to the root of v before v is corrected; correct v, take the root, then add epsilon.",
            with_adam(
                lambda m, v, g, t, i: (
                    np.sqrt(1 - i["beta2"] ** t) / (1 - i["beta1"] ** t) * m / (np.sqrt(v) + i["epsilon"])
                )
            ),
        ),
        Mistake(
            "root_forgotten",
            "You divide by v itself; divide by its square root.",
            with_adam(lambda m, v, g, t, i: m / (1 - i["beta1"] ** t) / (v / (1 - i["beta2"] ** t) + i["epsilon"])),
        ),
        Mistake(
            "not_squared",
            "Your v averages the gradient itself; average its square.",
            with_adam(
                lambda m, v, g, t, i: (
                    m / (1 - i["beta1"] ** t) / (np.sqrt(np.abs(v) / (1 - i["beta2"] ** t)) + i["epsilon"])
                ),
                second=lambda v, g, i: i["beta2"] * v + (1 - i["beta2"]) * g,
            ),
        ),
        Mistake(
            "betas_swapped",
            "The two betas are swapped: beta1 belongs to m, beta2 to v.",
            lambda inputs: with_adam()({**inputs, "beta1": inputs["beta2"], "beta2": inputs["beta1"]}),
        ),
        Mistake(
            "gradient_not_weighted",
            "New gradients enter m and v in full: weight them by 1 - beta.",
            with_adam(first=lambda m, g, i: i["beta1"] * m + g, second=lambda v, g, i: i["beta2"] * v + g**2),
        ),
        Mistake(
            "correction_kept",
            "You return the corrected m and v; the correction is for this step only: "
            "return them as they were before it.",
            with_adam(keep=correct),
        ),
        Mistake(
            "m_not_used",
            "You step along the gradient of this moment; step along m, its running average.",
            with_adam(lambda m, v, g, t, i: g / (np.sqrt(v / (1 - i["beta2"] ** t)) + i["epsilon"])),
        ),
        Mistake("ascent", "You walk uphill: subtract the step from w.", with_adam(sign=1)),
    ),
)


# Learning-rate schedules: three functions (t, total, base)


def step_decay(t, total, base):
    return base * 0.1 ** (3 * t // total)


def cosine_decay(t, total, base):
    return base * (1 + np.cos(np.pi * t / total)) / 2


def warm_up(t, total, base):
    return base * np.minimum(1, 10 * (t + 1) / total)


SCHEDULES_RIGHT = {"step_decay": step_decay, "cosine_decay": cosine_decay, "warm_up": warm_up}


def schedule_cases(rng):
    cases = []
    for function in SCHEDULES_RIGHT:
        for total, base in ((30, 0.5), (60, float(rng.choice([0.1, 0.2, 0.3])))):
            inner = rng.choice(np.arange(1, total - 1), 12, replace=False)
            edges = [0, 1, total // 10 - 1, total // 10, total // 3 - 1, total // 3, 2 * total // 3, total - 1]
            times = sorted({*edges, *(int(each) for each in inner)})
            cases.append((function, {"function": function, "times": times, "total": total, "base": base}))
    return cases


def scheduled(**changes):
    """Return the rates when some of the three functions are replaced, as a function of the inputs."""

    def result(inputs):
        function = {**SCHEDULES_RIGHT, **changes}[inputs["function"]]
        rates = [function(t, inputs["total"], inputs["base"]) for t in inputs["times"]]
        return {"output": np.array(rates, dtype=float)}

    return result


SCHEDULES = Exercise(
    name="schedules",
    title="Learning-rate schedules",
    spellings={
        "numpy": Spelling(
            tuple(SCHEDULES_RIGHT),
            "schedule_rates",
            lambda inputs: {name: inputs[name] for name in ("function", "times", "total", "base")},
        )
    },
    draw=schedule_cases,
    right=scheduled(),
    mistakes=(
        Mistake(
            "step_not_rounded",
            "Your rate falls at every step; round 3 t / total down with //, so that it falls twice.",
            scheduled(step_decay=lambda t, total, base: base * 0.1 ** (3 * t / total)),
        ),
        Mistake(
            "step_divided_once",
            "Your rate is divided by 10 only once: again after two thirds.",
            scheduled(step_decay=lambda t, total, base: base * 0.1 ** min(1, 3 * t // total)),
        ),
        Mistake(
            "step_halved",
            "Your rate is halved after each third; divide it by 10.",
            scheduled(step_decay=lambda t, total, base: base * 0.5 ** (3 * t // total)),
        ),
        Mistake(
            "cosine_without_one",
            "Your rate turns negative, and negative steps go uphill: add 1 to the cosine, then halve.",
            scheduled(cosine_decay=lambda t, total, base: base * np.cos(np.pi * t / total)),
        ),
        Mistake(
            "cosine_not_halved",
            "Your rate starts at twice the base: halve 1 + cos.",
            scheduled(cosine_decay=lambda t, total, base: base * (1 + np.cos(np.pi * t / total))),
        ),
        Mistake(
            "cosine_without_pi",
            "Your cosine barely falls: its angle should go from 0 to pi.",
            scheduled(cosine_decay=lambda t, total, base: base * (1 + np.cos(t / total)) / 2),
        ),
        Mistake(
            "cosine_rises",
            "Your rate rises from 0: 1 + cos falls, 1 - cos rises.",
            scheduled(cosine_decay=lambda t, total, base: base * (1 - np.cos(np.pi * t / total)) / 2),
        ),
        Mistake(
            "straight_decay",
            "Your rate falls along a straight line; here it follows a cosine.",
            scheduled(cosine_decay=lambda t, total, base: base * (1 - t / total)),
        ),
        Mistake(
            "warm_up_from_zero",
            "Your first step has rate 0 and is wasted: count it as number t + 1.",
            scheduled(warm_up=lambda t, total, base: base * min(1, 10 * t / total)),
        ),
        Mistake(
            "warm_up_never_ends",
            "Your rate keeps rising beyond the base: stop there, with min.",
            scheduled(warm_up=lambda t, total, base: base * 10 * (t + 1) / total),
        ),
        Mistake(
            "warm_up_too_long",
            "Your warm-up takes the whole training; it should end after a tenth of it.",
            scheduled(warm_up=lambda t, total, base: base * (t + 1) / total),
        ),
        Mistake(
            "base_ignored",
            "Your rates start from 1: multiply them by the base.",
            lambda inputs: {"output": scheduled()({**inputs, "base": 1.0})["output"]},
        ),
    ),
)


DESCENT_QUIZ = quiz(
    "descent_quiz",
    "Quiz",
    Question(
        "C",
        A="the gradient points uphill, to where the loss grows fastest; walking along it makes things worse.",
        B="the gradient knows only the slope under your feet, not where the minimum lies.",
        D="a gradient of zero would mean that there is no slope at all; here there is one, pointing up.",
    ),
    Question(
        "A",
        B="a rate that is too small makes the loss fall slowly, but it does not make it grow.",
        C="too few epochs leave the loss too high, but do not make it grow from step to step.",
        D="a full batch holds all samples, so their order changes nothing.",
    ),
    Question(
        "D",
        A="the gradients come out the same, up to rounding, however they are computed.",
        B="backpropagation needs the values of the forward pass, so the network does run first.",
        C="it gives the slope at one place only; the surface between here and the minimum stays unknown.",
    ),
    Question(
        "B",
        A="an epoch of small batches looks at each sample once, just as an epoch of full batches does.",
        C="the gradient of a few samples is noisier than that of all, not more exact.",
        D="the loss surface belongs to network and data; how we cut the data into batches makes no bowl of it.",
    ),
    Question(
        "C",
        A="nothing in its formula grows with time; the bias correction even fades after the first steps.",
        B="Adam uses the gradient of this step as well: it enters both running averages.",
        D="Adam needs gradients as any descent does; it computes its two averages from them.",
    ),
)
