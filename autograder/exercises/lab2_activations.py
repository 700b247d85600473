"""Lab 2, activations: what each exercise asks, and the mistakes that it recognises."""

from itertools import pairwise

import numpy as np

from autograder.authoring.exercise import Exercise, Mistake, Spelling
from autograder.authoring.quiz import Question, quiz
from course_utils.probes.lab2_activations import FUNCTIONS

MARGIN = 0.05  # a weighted sum this far from 0 has the same sign in float32


def numbers(rng, *shape, low=-2.0, high=2.0):
    """Draw numbers that a person can read: two decimals."""
    return np.round(rng.uniform(low, high, shape), 2)


def wrong(function, *names):
    """Return the result of a mistake from a function of some of a case's inputs, in float64."""
    return lambda inputs: {"output": function(*(as_float(inputs[name]) for name in names))}


def as_float(value):
    return value.astype(float) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


# Folding linear layers


def fold_cases(rng):
    cases = []
    for widths in ((3, 3, 3, 3), (2, 4, 3), (3, 2)):
        weights = [numbers(rng, n_in, n_out) for n_in, n_out in pairwise(widths)]
        biases = [numbers(rng, n_out, low=0.5, high=1.5) * rng.choice([-1, 1], n_out) for n_out in widths[1:]]
        cases.append(("layers", {"weights": weights, "biases": biases}))
    return cases


def folded(keep=slice(None), carry=lambda b, W: b @ W, join=lambda one, other: one @ other, add=1):
    """Return a stack of linear layers as one layer, right by default, as a function of a case's inputs.

    Args:
        keep: the layers that are folded.
        carry: what a later layer makes of the bias before it.
        join: what two matrices become.
        add: 0 to leave out every bias but the first.
    """

    def result(inputs):
        weights, biases = inputs["weights"][keep], inputs["biases"][keep]
        W, b = weights[0], biases[0]
        for next_W, next_b in zip(weights[1:], biases[1:]):
            W, b = join(W, next_W), carry(b, next_W) + add * next_b
        return {"W": W, "b": b}

    return result


def without_bias(inputs):
    return {**folded()(inputs), "b": np.zeros_like(inputs["biases"][-1])}


def last_bias(inputs):
    return {**folded()(inputs), "b": inputs["biases"][-1]}


FOLD_LAYERS = Exercise(
    name="fold_layers",
    title="A stack of linear layers is one layer",
    spellings={
        "numpy": Spelling(
            "fold_layers",
            "call",
            lambda inputs: {"arguments": [inputs["weights"], inputs["biases"]], "outputs": ["W", "b"]},
            returns=("W", "b"),
        )
    },
    draw=fold_cases,
    right=folded(),
    mistakes=(
        Mistake(
            "biases_added",
            "Your W is right, but you add up the biases as they are; an earlier bias still "
            "passes through the later matrices.",
            folded(carry=lambda b, W: b + np.zeros(W.shape[1])),
        ),
        Mistake(
            "last_bias_only",
            "Your W is right, but b holds only the last bias; each earlier one arrives "
            "too, multiplied by the later matrices.",
            last_bias,
        ),
        Mistake(
            "later_biases_forgotten",
            "Your W is right, but b follows only the first bias; each layer adds its own.",
            folded(add=0),
        ),
        Mistake("biases_zero", "Your W is right, but b is zero; the biases of all layers go into it.", without_bias),
        Mistake(
            "order_reversed",
            "Your product runs from the last layer to the first; x meets W1 first, so W1 stands on the left.",
            folded(join=lambda one, other: other @ one),
        ),
        Mistake(
            "multiplied_elementwise",
            "You multiply the matrices entry by entry; use @.",
            folded(join=lambda one, other: one * other),
        ),
        Mistake(
            "matrices_added",
            "You add the matrices; layer after layer means multiplying them, with @.",
            folded(join=lambda one, other: one + other),
        ),
        Mistake(
            "last_layer_forgotten",
            "The last layer is missing from your product.",
            lambda inputs: folded(slice(-1))(inputs) if inputs["weights"][1:] else {},
        ),
        Mistake(
            "first_layer_forgotten",
            "The first layer is missing from your product.",
            lambda inputs: folded(slice(1, None))(inputs) if inputs["weights"][1:] else {},
        ),
    ),
)


# Activations. A case's inputs: z, what else the function takes, and upstream, the gradient that reaches the output


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def slope_of_sigmoid(z):
    return sigmoid(z) * (1 - sigmoid(z))


def slope_of_tanh(z):
    return 1 - np.tanh(z) ** 2


def relu(z):
    return np.maximum(z, 0.0)


def step(z):
    return 1.0 * (z > 0)


def identity(z):
    return z


def leaky_relu(z, slope):
    return np.where(z > 0, z, slope * z)


def slope_of_leaky_relu(z, slope):
    return np.where(z > 0, 1.0, slope)


def readable(rng, *shape, high=1.0):
    """Draw inputs of both signs, none of them near 0; where the positive ones are small a leak shows beside them."""
    z = numbers(rng, *shape, low=-3.0, high=-0.3)
    positive = np.resize([True, False], shape)
    z[positive] = numbers(rng, int(positive.sum()), low=0.2, high=high)
    return z


def activation_cases(rng):
    ordinary, large = "ordinary inputs", "large inputs"
    ends = [-1000.0, -90.0, -0.5, 0.8, 90.0, 1000.0]
    drawn = [
        (ordinary, readable(rng, 5)),
        (ordinary, readable(rng, 2, 3, high=3.0).astype(np.float32)),
        (ordinary, readable(rng, 2, 1, 2)),
        (large, rng.permutation(ends)),
        (large, rng.permutation(ends).reshape(3, 2).astype(np.float32)),
    ]
    return [
        (
            part,
            {
                "z": z,
                "slope": float(numbers(rng, low=0.1, high=0.3)),
                "upstream": numbers(rng, *z.shape, low=0.5, high=1.5),
            },
        )
        for part, z in drawn
    ]


def spellings(name, *extras, first="z", same_dtype=True):
    """Return the three spellings of a function of an array, whose gradient the frameworks are asked for as well.

    Args:
        extras: names of the further arguments.
        first: what students call the first one.
    """

    def arguments(inputs):
        return {"arguments": [inputs["z"], *(inputs[extra] for extra in extras)], "same_dtype": same_dtype}

    def with_upstream(inputs):
        return {**arguments(inputs), "upstream": inputs["upstream"], "name": first}

    both = ("output", f"grad_{first}")
    return {
        "numpy": Spelling(name, "numpy_function", arguments),
        "torch": Spelling(f"{name}_torch", "torch_function", with_upstream, both),
        "tensorflow": Spelling(f"{name}_tf", "tf_function", with_upstream, both),
    }


def activation(name, title, function, derivative, mistakes, *extras):
    """Return the exercise to write an activation.

    Args:
        function: of z and the extras.
        derivative: of the same.
        mistakes: a list of (name, hint, function of the same).
        extras: names of the further arguments.
    """

    def oracle(inputs):
        values = [as_float(inputs[each]) for each in ("z", *extras)]
        return {"output": function(*values), "grad_z": inputs["upstream"] * derivative(*values)}

    return Exercise(
        name=name,
        title=title,
        spellings=spellings(name, *extras),
        draw=activation_cases,
        right=oracle,
        mistakes=tuple(Mistake(label, hint, wrong(mistake, "z", *extras)) for label, hint, mistake in mistakes),
    )


SIGMOID = activation(
    "sigmoid",
    "Sigmoid",
    sigmoid,
    slope_of_sigmoid,
    [
        ("falling", "Your curve falls from 1 to 0: the exponent is -z, not z.", lambda z: sigmoid(-z)),
        (
            "tanh_instead",
            "Your values lie between -1 and 1, as those of tanh; a sigmoid's lie between 0 and 1.",
            np.tanh,
        ),
        ("step_instead", "Your output is only 0 or 1, as from a step; a sigmoid is smooth.", step),
        (
            "derivative_instead",
            "That is the derivative of the sigmoid; here return the sigmoid itself.",
            slope_of_sigmoid,
        ),
        (
            "too_steep",
            "Your curve is twice as steep as a sigmoid: the exponent is -z, not -2z.",
            lambda z: sigmoid(2 * z),
        ),
        ("too_high", "Your values lie between 0 and 2: divide by 2 once more.", lambda z: 2 * sigmoid(z)),
        ("relu_instead", "Your output is a ReLU; a sigmoid stays between 0 and 1.", relu),
        ("identity", "Your output is the input itself; nothing has been squashed yet.", identity),
    ],
)

TANH = activation(
    "tanh",
    "Tanh",
    np.tanh,
    slope_of_tanh,
    [
        (
            "sigmoid_instead",
            "Your values lie between 0 and 1, as those of a sigmoid; those of tanh lie between -1 and 1.",
            sigmoid,
        ),
        (
            "not_steep_enough",
            "Your curve rises half as fast as tanh: put 2z, not z, into the sigmoid.",
            lambda z: np.tanh(z / 2),
        ),
        ("not_shifted", "Your values lie between 0 and 2: subtract 1.", lambda z: 1 + np.tanh(z)),
        ("not_stretched", "Your values lie between 0 and 1: multiply by 2 and subtract 1.", lambda z: sigmoid(2 * z)),
        ("falling", "Your curve falls from 1 to -1: flip its sign.", lambda z: -np.tanh(z)),
        ("derivative_instead", "That is the derivative of tanh; here return tanh itself.", slope_of_tanh),
        ("arctan_instead", "That is the arctangent; tanh is the hyperbolic tangent.", np.arctan),
        ("identity", "Your output is the input itself; nothing has been squashed yet.", identity),
    ],
)

RELU = activation(
    "relu",
    "ReLU",
    relu,
    step,
    [
        ("absolute_value", "You turn negative inputs positive; a ReLU turns them into 0.", np.abs),
        ("sides_swapped", "You keep the negative inputs; a ReLU keeps the positive ones.", lambda z: np.minimum(z, 0)),
        (
            "leaky_instead",
            "Below 0 your output still leaks a little; a plain ReLU is exactly 0 there.",
            lambda z: leaky_relu(z, 0.01),
        ),
        ("step_instead", "Your output is only 0 or 1; above 0 a ReLU returns z itself.", step),
        (
            "capped",
            "Your output stops at 1; above 0 a ReLU returns z itself, however large.",
            lambda z: np.clip(z, 0, 1),
        ),
        (
            "softplus_instead",
            "Your curve is round at 0, as softplus is; a ReLU has a corner there.",
            lambda z: np.logaddexp(0, z),
        ),
        ("identity", "Your output is the input itself; negative inputs should become 0.", identity),
        ("negated", "Your sign is flipped: above 0 a ReLU returns z, not -z.", lambda z: -relu(z)),
    ],
)

LEAKY_RELU = activation(
    "leaky_relu",
    "Leaky ReLU",
    leaky_relu,
    slope_of_leaky_relu,
    [
        (
            "slope_ignored",
            "Below 0 your output is 0, as that of a plain ReLU; there it should be slope * z.",
            lambda z, slope: relu(z),
        ),
        (
            "slope_fixed",
            "Your slope is always the same; use the argument `slope`.",
            lambda z, slope: leaky_relu(z, 0.01),
        ),
        (
            "sides_swapped",
            "You multiply the positive inputs by the slope; it belongs to the negative ones.",
            lambda z, slope: np.where(z > 0, slope * z, z),
        ),
        (
            "slope_everywhere",
            "You multiply every input by the slope; above 0 return z itself.",
            lambda z, slope: slope * z,
        ),
        (
            "constant_below_zero",
            "Below 0 your output is the constant -slope; it should be slope * z.",
            lambda z, slope: np.where(z > 0, z, -slope),
        ),
        (
            "sign_flipped",
            "Below 0 your output is positive; slope * z is negative there.",
            lambda z, slope: np.where(z > 0, z, -slope * z),
        ),
        (
            "elu_instead",
            "Below 0 your output levels off; slope * z goes on falling.",
            lambda z, slope: np.where(z > 0, z, slope * np.expm1(np.minimum(z, 0))),
        ),
    ],
    "slope",
)


# Derivatives by hand

SLOPES = {"d_sigmoid": slope_of_sigmoid, "d_tanh": slope_of_tanh, "d_relu": step, "d_leaky_relu": slope_of_leaky_relu}


def derivative_cases(rng):
    cases = []
    for name in SLOPES:
        z = rng.permutation([-1000.0, 1000.0, *readable(rng, 5)])
        extra = [float(numbers(rng, low=0.1, high=0.3))] if name == "d_leaky_relu" else []
        cases.append((name, {"name": name, "arguments": [z, *extra]}))
    return cases


def slopes(**changed):
    """Return the four derivatives as a function of a case's inputs, some of them changed."""
    return lambda inputs: {"output": {**SLOPES, **changed}[inputs["name"]](*inputs["arguments"])}


DERIVATIVES = Exercise(
    name="derivatives",
    title="Derivatives by hand",
    spellings={"numpy": Spelling(tuple(SLOPES), "named_function", lambda inputs: dict(inputs))},
    draw=derivative_cases,
    right=slopes(),
    mistakes=(
        Mistake(
            "sigmoid_of_z_forgotten",
            "You use z * (1 - z); in the formula stands sigmoid(z), not z itself.",
            slopes(d_sigmoid=lambda z: z * (1 - z)),
        ),
        Mistake(
            "sigmoid_not_derived",
            "You return the sigmoid itself; multiply it by 1 - sigmoid(z).",
            slopes(d_sigmoid=sigmoid),
        ),
        Mistake(
            "sigmoid_with_tanh_formula",
            "You use 1 - a * a, which belongs to tanh; for the sigmoid it is a * (1 - a).",
            slopes(d_sigmoid=lambda z: 1 - sigmoid(z) ** 2),
        ),
        Mistake(
            "tanh_not_squared",
            "You use 1 - tanh(z); the tanh must be squared.",
            slopes(d_tanh=lambda z: 1 - np.tanh(z)),
        ),
        Mistake(
            "tanh_of_z_forgotten",
            "You use 1 - z * z; in the formula stands tanh(z), not z itself.",
            slopes(d_tanh=lambda z: 1 - z * z),
        ),
        Mistake(
            "tanh_with_sigmoid_formula",
            "You use a * (1 - a), which belongs to the sigmoid; for tanh it is 1 - a * a.",
            slopes(d_tanh=lambda z: np.tanh(z) * (1 - np.tanh(z))),
        ),
        Mistake(
            "relu_not_derived",
            "You return the ReLU itself; its derivative is 1 above 0 and 0 below.",
            slopes(d_relu=relu),
        ),
        Mistake(
            "relu_sides_swapped",
            "Your derivative is 1 below 0; it is above 0 that a ReLU rises.",
            slopes(d_relu=lambda z: step(-z)),
        ),
        Mistake(
            "leak_forgotten",
            "Below 0 your derivative is 0; there a leaky ReLU rises with `slope`.",
            slopes(d_leaky_relu=lambda z, slope: step(z)),
        ),
        Mistake(
            "leaky_not_derived",
            "You return the leaky ReLU itself; its derivative is 1 above 0 and `slope` below.",
            slopes(d_leaky_relu=leaky_relu),
        ),
    ),
)


# Derivatives by other means. A case's inputs: the coefficients of a polynomial, the highest power first, and z


def difference_cases(rng):
    return [
        (
            "slopes",
            {"coefficients": [float(each) for each in numbers(rng, 4, low=0.5)], "z": numbers(rng, *shape), "h": h},
        )
        for shape, h in (((4,), 0.5), ((2, 3), 0.4))
    ]


def differences(function):
    """Return a result from a function of the polynomial f, z and h."""
    return lambda inputs: {
        "output": function(lambda z: np.polyval(inputs["coefficients"], z), inputs["z"], inputs["h"])
    }


def exact(inputs):
    return np.polyval(np.polyder(inputs["coefficients"]), inputs["z"])


FINITE_DIFFERENCE = Exercise(
    name="finite_difference",
    title="Finite differences",
    spellings={
        "numpy": Spelling(
            "finite_difference",
            "of_polynomial",
            lambda inputs: {"coefficients": inputs["coefficients"], "arguments": [inputs["z"], inputs["h"]]},
        )
    },
    draw=difference_cases,
    right=differences(lambda f, z, h: (f(z + h) - f(z - h)) / (2 * h)),
    mistakes=(
        Mistake(
            "one_sided",
            "You look only forward, from z to z + h; look from z - h to z + h.",
            differences(lambda f, z, h: (f(z + h) - f(z)) / h),
        ),
        Mistake(
            "backward",
            "You look only backward, from z - h to z; look from z - h to z + h.",
            differences(lambda f, z, h: (f(z) - f(z - h)) / h),
        ),
        Mistake(
            "divided_by_h",
            "You divide by h; from z - h to z + h the distance is 2 * h.",
            differences(lambda f, z, h: (f(z + h) - f(z - h)) / h),
        ),
        Mistake(
            "brackets_forgotten",
            "Dividing by 2 * h needs brackets: / (2 * h), for / 2 * h multiplies by h.",
            differences(lambda f, z, h: (f(z + h) - f(z - h)) / 2 * h),
        ),
        Mistake(
            "not_divided",
            "You return a difference; divide it by the distance 2 * h to get a slope.",
            differences(lambda f, z, h: f(z + h) - f(z - h)),
        ),
        Mistake(
            "sign_flipped",
            "Your sign is flipped: it is f(z + h) - f(z - h).",
            differences(lambda f, z, h: (f(z - h) - f(z + h)) / (2 * h)),
        ),
        Mistake(
            "h_ignored",
            "You do not use the argument `h`: take steps of this size.",
            lambda inputs: {"output": exact(inputs)},
        ),
    ),
)


def autograd_cases(rng):
    return [
        ("slopes", {"coefficients": [float(each) for each in numbers(rng, 4, low=0.5)], "z": numbers(rng, *shape)})
        for shape in ((4,), (2, 3))
    ]


def derived(function):
    """Return a result from a function of the polynomial's values and derivatives at z."""
    return lambda inputs: {"output": function(np.polyval(inputs["coefficients"], inputs["z"]), exact(inputs))}


AUTOGRAD = Exercise(
    name="autograd",
    title="Derivatives by autograd",
    spellings={
        framework: Spelling(
            name, "of_polynomial", lambda inputs: {"coefficients": inputs["coefficients"], "arguments": [inputs["z"]]}
        )
        for framework, name in (("torch", "autograd_torch"), ("tensorflow", "autograd_tf"))
    },
    draw=autograd_cases,
    right=derived(lambda values, slopes: slopes),
    mistakes=(
        Mistake("value_returned", "You return f(z); ask for its derivative.", derived(lambda values, slopes: values)),
        Mistake(
            "mean_instead_of_sum",
            "Each slope is divided by their number: you start from the mean of f(z); start from the sum.",
            derived(lambda values, slopes: slopes / slopes.size),
        ),
        Mistake(
            "slopes_summed",
            "You return one number; there is a slope for each entry of z.",
            derived(lambda values, slopes: np.sum(slopes)),
        ),
        Mistake(
            "counted_twice",
            "Your slopes are twice as large: two backward passes have added up.",
            derived(lambda values, slopes: 2 * slopes),
        ),
        Mistake(
            "weighted_by_value",
            "Your slopes are multiplied by f(z): the sum to start from is that of f(z), "
            "nothing squared and nothing weighted.",
            derived(lambda values, slopes: values * slopes),
        ),
    ),
)


# Softmax and cross-entropy. A case's inputs: z, the logits, with the labels, and upstream


def softmax(z, axis=1):
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def ordinary_logits(rng, *shape):
    """Draw logits whose rows do not add up to nearly 0, by which a wrong solution may divide."""
    while True:
        z = numbers(rng, *shape)
        if np.abs(z.sum(axis=1)).min() > 0.3:
            return z


def logits_cases(rng):
    ordinary, large = "ordinary logits", "large logits"
    # Rows that lie far apart: no single number may be subtracted from all of them.
    far = np.array([[1000.0, 999.0, 997.5], [-1000.0, -998.5, -1000.5], [3.0, 1000.0, -1000.0]])
    cases = []
    for part, z in (
        (ordinary, ordinary_logits(rng, 4, 3)),
        (ordinary, ordinary_logits(rng, 3, 4).astype(np.float32)),
        (large, rng.permuted(far, axis=1)),
        (large, rng.permuted(far, axis=1).astype(np.float32)),
    ):
        labels = rng.integers(0, z.shape[1], len(z))
        labels[-1] = np.argmin(z[-1])  # among the large logits its probability is rounded to 0
        cases.append((part, {"z": z, "labels": labels, "upstream": numbers(rng, *z.shape, low=-1.5, high=1.5)}))
    return cases


def softmax_oracle(inputs):
    output = softmax(as_float(inputs["z"]))
    inner = inputs["upstream"] - np.sum(inputs["upstream"] * output, axis=1, keepdims=True)
    return {"output": output, "grad_logits": output * inner}


SOFTMAX = Exercise(
    name="softmax",
    title="Softmax",
    spellings=spellings("softmax", first="logits", same_dtype=False),
    draw=logits_cases,
    right=softmax_oracle,
    mistakes=(
        Mistake(
            "wrong_axis",
            "Your columns add up to 1; the rows should, one for each sample: axis=1.",
            wrong(lambda z: softmax(z, axis=0), "z"),
        ),
        Mistake(
            "whole_table",
            "All your numbers together add up to 1; each row should, on its own: axis=1.",
            wrong(lambda z: softmax(z.reshape(1, -1)).reshape(z.shape), "z"),
        ),
        Mistake(
            "sigmoid_instead",
            "Each of your numbers is a sigmoid; a softmax divides by the sum of its row.",
            wrong(sigmoid, "z"),
        ),
        Mistake(
            "not_divided",
            "Your rows do not add up to 1: divide each by its sum.",
            wrong(lambda z: np.exp(z - z.max(axis=1, keepdims=True)), "z"),
        ),
        Mistake(
            "exp_forgotten",
            "You divide the logits themselves by their sum; take exp of them first.",
            wrong(lambda z: z / z.sum(axis=1, keepdims=True), "z"),
        ),
        Mistake(
            "logarithm_returned",
            "You return the logarithm of the probabilities; return the probabilities.",
            wrong(log_softmax, "z"),
        ),
        Mistake(
            "winner_takes_all",
            "You give all to the largest logit; a softmax leaves a share to the others.",
            wrong(lambda z: 1.0 * (z == z.max(axis=1, keepdims=True)), "z"),
        ),
        Mistake(
            "sign_flipped",
            "The largest logit should get the largest probability, yours gets the smallest.",
            wrong(lambda z: softmax(-z), "z"),
        ),
        Mistake(
            "softmax_twice",
            "Your logits went through the softmax twice; once is enough.",
            wrong(lambda z: softmax(softmax(z)), "z"),
        ),
    ),
)


def losses(z, labels):
    """Return the cross-entropy of each sample."""
    return -log_softmax(z)[np.arange(len(z)), labels]


def entropy_cases(rng):
    return [(part, {**inputs, "upstream": np.array(1.0)}) for part, inputs in logits_cases(rng)]


def entropy_oracle(inputs):
    z, labels = as_float(inputs["z"]), inputs["labels"]
    truth = np.eye(z.shape[1])[labels]
    return {"output": np.mean(losses(z, labels)), "grad_logits": (softmax(z) - truth) / len(z)}


def entropy_wrong(function):
    return wrong(function, "z", "labels")


CROSS_ENTROPY = Exercise(
    name="cross_entropy",
    title="Cross-entropy",
    spellings=spellings("cross_entropy", "labels", first="logits", same_dtype=False),
    draw=entropy_cases,
    right=entropy_oracle,
    mistakes=(
        Mistake(
            "summed",
            "You add up the losses of the samples; take their mean.",
            entropy_wrong(lambda z, labels: np.sum(losses(z, labels))),
        ),
        Mistake(
            "not_averaged", "You return one loss for each sample; return their mean, one number.", entropy_wrong(losses)
        ),
        Mistake(
            "sign_flipped",
            "Your loss is negative: cross-entropy is minus the logarithm.",
            entropy_wrong(lambda z, labels: -np.mean(losses(z, labels))),
        ),
        Mistake(
            "softmax_twice",
            "Your logits go through a softmax twice: give the framework's loss the logits themselves.",
            entropy_wrong(lambda z, labels: np.mean(losses(softmax(z), labels))),
        ),
        Mistake(
            "log_forgotten",
            "You average the probabilities of the true classes; take minus their logarithm.",
            entropy_wrong(lambda z, labels: np.mean(np.exp(-losses(z, labels)))),
        ),
        Mistake(
            "labels_ignored",
            "You average over all classes; only the class in `labels` counts for a sample.",
            entropy_wrong(lambda z, labels: -np.mean(log_softmax(z))),
        ),
        Mistake(
            "divided_by_classes",
            "Your loss is too small by the number of classes: divide by the number of samples only.",
            entropy_wrong(lambda z, labels: np.mean(losses(z, labels)) / z.shape[1]),
        ),
        Mistake(
            "base_two",
            "Your logarithm has base 2; use the natural one, log.",
            entropy_wrong(lambda z, labels: np.mean(losses(z, labels)) / np.log(2)),
        ),
        Mistake(
            "softmax_forgotten",
            "You average minus the true logits; take the log of their softmax first.",
            entropy_wrong(lambda z, labels: -np.mean(z[np.arange(len(z)), labels])),
        ),
    ),
)


# The gradient through a deep stack


def stack_cases(rng):
    cases = []
    shapes = (("softsign", 5, (3, 3, 3, 3, 3)), ("arctan", 4, (2, 4, 3)), ("sine", 3, (3, 3, 3)))
    for function, samples, widths in shapes:
        weights = [numbers(rng, n_in, n_out) for n_in, n_out in pairwise(widths)]
        cases.append(("stack", {"x": numbers(rng, samples, widths[0]), "weights": weights, "function": function}))
    return cases


def stack_sizes(
    slope_at=lambda z, a: z,
    slope=True,
    weights=lambda g, W: g @ W.T,
    size=lambda g: np.mean(np.abs(g)),
    when="sums",
    start=lambda a: np.ones_like(a),
    order=1,
):
    """Return the size of the gradient at each layer, right by default, as a function of a case's inputs.

    Args:
        slope_at: of a layer's sums z and outputs a, where the derivative is taken.
        slope: False to leave the derivative out.
        weights: how the gradient passes through a matrix.
        size: from a gradient to its size.
        when: "outputs", "sums" or "inputs", where in the layer the size is taken.
        start: the gradient at the outputs of the stack.
    """

    def result(inputs):
        function, derivative = FUNCTIONS[inputs["function"]]
        a, sums = inputs["x"], []
        for W in inputs["weights"]:
            sums.append(a @ W)
            a = function(sums[-1])
        g, sizes = start(a), []
        for W, z in zip(reversed(inputs["weights"]), reversed(sums)):
            at = {"outputs": g}
            if slope:
                g = g * derivative(slope_at(z, function(z)))
            at["sums"] = g
            g = at["inputs"] = weights(g, W)
            sizes.append(size(at[when]))
        return {"output": np.array(sizes[::-1])[::order]}

    return result


GRADIENT_SIZES = Exercise(
    name="gradient_sizes",
    title="The gradient in a deep stack",
    spellings={"numpy": Spelling("gradient_sizes", "stack_gradients", lambda inputs: dict(inputs))},
    draw=stack_cases,
    right=stack_sizes(),
    mistakes=(
        Mistake(
            "slope_of_the_output",
            "You take the derivative at the outputs a; take it at the sums z.",
            stack_sizes(slope_at=lambda z, a: a),
        ),
        Mistake(
            "slope_forgotten",
            "Your gradient never meets the activation: multiply it by derivative(z) in each layer.",
            stack_sizes(slope=False),
        ),
        Mistake(
            "weights_forgotten",
            "Your gradient never meets the weights: multiply it by W.T between layers.",
            stack_sizes(weights=lambda g, W: g),
        ),
        Mistake(
            "transpose_forgotten",
            "On the way back the matrix is transposed: g @ W.T.",
            stack_sizes(weights=lambda g, W: g @ W),
        ),
        Mistake(
            "order_reversed",
            "Your sizes run from the last layer to the first; put the first layer first.",
            stack_sizes(order=-1),
        ),
        Mistake(
            "not_absolute",
            "You average the gradient itself, where + and - cancel; average its absolute value.",
            stack_sizes(size=np.mean),
        ),
        Mistake(
            "summed", "You add up the absolute values; take their mean.", stack_sizes(size=lambda g: np.sum(np.abs(g)))
        ),
        Mistake(
            "root_mean_square",
            "You take the root of the mean square; here the size is the mean absolute value.",
            stack_sizes(size=lambda g: np.sqrt(np.mean(g * g))),
        ),
        Mistake(
            "size_before_the_slope",
            "You note the size before the gradient is multiplied by derivative(z); note it after.",
            stack_sizes(when="outputs"),
        ),
        Mistake(
            "size_after_the_weights",
            "You note the size after the gradient has passed the weights; note it before.",
            stack_sizes(when="inputs"),
        ),
    ),
)


# Dead ReLUs


def dead_cases(rng):
    """Draw layers with some dead units, some that are off for some samples only, and one that is always on."""
    cases = []
    for samples, n_inputs, n_units in ((4, 3, 6), (6, 2, 5)):
        while True:
            x, W, b = numbers(rng, samples, n_inputs), numbers(rng, n_inputs, n_units), numbers(rng, n_units, low=-3.0)
            z = x @ W + b
            dead, on = np.all(z < 0, axis=0), np.all(z > 0, axis=0)
            if dead.sum() >= 2 and on.any() and (~dead & ~on).any() and np.abs(z).min() > MARGIN:
                break
        cases.append(("units", {"x": x, "W": W, "b": b}))
    return cases


def dead(rule=lambda z: np.all(z <= 0, axis=0), sums=lambda x, W, b: x @ W + b, count=np.sum):
    """Return which units are dead and how many, right by default, as a function of a case's inputs."""

    def result(inputs):
        found = rule(sums(inputs["x"], inputs["W"], inputs["b"]))
        return {"dead": found, "count": np.array(int(count(found)))}

    return result


DEAD_RELUS = Exercise(
    name="dead_relus",
    title="Dead ReLUs",
    spellings={
        "numpy": Spelling(
            "dead_relus",
            "call",
            lambda inputs: {"arguments": [inputs["x"], inputs["W"], inputs["b"]], "outputs": ["dead", "count"]},
            returns=("dead", "count"),
        )
    },
    draw=dead_cases,
    right=dead(),
    mistakes=(
        Mistake(
            "any_instead_of_all",
            "You count a unit as dead if one sample leaves it at 0; it is dead only if all samples do.",
            dead(lambda z: np.any(z <= 0, axis=0)),
        ),
        Mistake(
            "alive_instead",
            "True marks your living units; it should mark the dead ones.",
            dead(lambda z: np.any(z > 0, axis=0)),
        ),
        Mistake(
            "always_on",
            "You look for units that are on for all samples; the dead ones are off for all.",
            dead(lambda z: np.all(z > 0, axis=0)),
        ),
        Mistake("bias_forgotten", "You leave out the bias: the sums are x @ W + b.", dead(sums=lambda x, W, b: x @ W)),
        Mistake(
            "mean_instead_of_all",
            "You look at the mean over the samples; a single sample above 0 keeps a unit alive.",
            dead(lambda z: np.mean(z, axis=0) <= 0),
        ),
        Mistake(
            "samples_instead_of_units",
            "You ask which samples switch all units off; ask it of each unit, over all samples: axis=0.",
            dead(lambda z: np.all(z <= 0, axis=1)),
        ),
        Mistake(
            "share_instead_of_count",
            "Your `dead` is right, but `count` is a share; return the number of dead units.",
            lambda inputs: {"dead": dead()(inputs)["dead"], "count": np.mean(dead()(inputs)["dead"])},
        ),
        Mistake(
            "living_counted",
            "Your `dead` is right, but `count` is the number of living units.",
            dead(count=lambda found: np.sum(~found)),
        ),
    ),
)


ACTIVATIONS_QUIZ = quiz(
    "activations_quiz",
    "Quiz",
    Question(
        "C",
        A="ten layers have many more numbers to train, but without an activation their product is one W and one b.",
        B="that it is harder to train is true of some deep networks, but a stack that folds can do no less than one "
        "layer: it computes exactly the same kind of function.",
        D="more units make the matrices larger, but a product of matrices is still one matrix.",
    ),
    Question(
        "A",
        B="its largest value, 1, is not its largest slope: the curve is steepest at 0 and flat at both ends.",
        C="it is steep only near 0; where the curve comes close to 0 or 1 it is nearly flat.",
        D="the sigmoid always rises, so its derivative is never negative.",
    ),
    Question(
        "D",
        A="the largest number of a row decides how far exp can go; doubling it would only make that worse.",
        B="then all three logits would be equal, and so would their probabilities.",
        C="dividing all logits by 1000 changes their differences, and these decide the probabilities.",
    ),
    Question(
        "B",
        A="small weights make it worse: each layer multiplies the gradient by them as well.",
        C="a larger learning rate enlarges the steps of all layers alike; the first ones still learn a billion "
        "times more slowly than the last.",
        D="more layers are more factors below 1, so the first layers learn even less.",
    ),
    Question(
        "C",
        A="where the unit is off its slope is 0, so the gradient that its weights get is 0, whatever the loss.",
        B="the unit's output is 0, but so is its slope: no sample tells its weights to change.",
        D="a large gradient may have killed it, but now it is off for every sample and its gradient is 0.",
    ),
)
