"""Lab 2, activations: what each exercise asks, and the mistakes that it recognises."""

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from autograder.authoring.exercise import Drawn, Exercise, Inputs, Mistake, Spelling
from autograder.authoring.numerics import Array, identity, number, numbers, sigmoid, softmax, softplus
from autograder.authoring.spellings import function, output_and_gradients
from course_utils.probes.lab2_activations import FUNCTIONS

MARGIN = 0.05  # a weighted sum this far from 0 has the same sign in float32

# Folding linear layers


def fold_cases(rng: np.random.Generator) -> Drawn:
    for widths in ((3, 3, 3, 3), (2, 4, 3), (3, 2)):
        weights = [numbers(rng, n_in, n_out) for n_in, n_out in pairwise(widths)]
        biases = [numbers(rng, n_out, low=0.5, high=1.5) * rng.choice([-1, 1], n_out) for n_out in widths[1:]]
        yield "layers", {"weights": weights, "biases": biases}


def folded(
    weights: list[Array],
    biases: list[Array],
    join_weights: Callable = lambda W, next_W: W @ next_W,
    join_biases: Callable = lambda b, next_W, next_b: b @ next_W + next_b,
) -> tuple[Array, Array]:
    """Return a stack of linear layers as one layer, right by default.

    Raises:
        ValueError: there is no layer, or the matrices do not fit.
    """
    (W, b), *later_layers = zip(weights, biases)
    for next_W, next_b in later_layers:
        W, b = join_weights(W, next_W), join_biases(b, next_W, next_b)
    return W, b


def bias_through_product(weights: list[Array], biases: list[Array]) -> Array:
    """Return the bias of one who updates W first and then multiplies by it."""
    W, b = weights[0], biases[0]
    for next_W, next_b in zip(weights[1:], biases[1:]):
        W = W @ next_W
        b = b @ W + next_b
    return b


def one_behind(weights: list[Array], biases: list[Array], early: bool) -> tuple[Array, Array]:
    """Return the layer of one who takes in each bias a layer late, so that the first counts twice and the last never.

    Args:
        early: the bias is added before the product with the next matrix, and not after it.
    """
    b = biases[0]
    for next_W, last_b in zip(weights[1:], biases):
        b = (b + last_b) @ next_W if early else b @ next_W + last_b
    return folded(weights, biases)[0], b


def product_of_two(*weights: Array) -> Array:
    """Return the product of two matrices.

    Raises:
        ValueError: there is one alone, so that the next one cannot be found.
    """
    W1, W2 = weights
    return W1 @ W2


FOLD_LAYERS = Exercise(
    "fold_layers",
    title="A stack of linear layers is one layer",
    spellings={"numpy": function("fold_layers", "weights", "biases", returns=("W", "b"))},
    draw=fold_cases,
    right=folded,
    mistakes=[
        Mistake(
            "biases_added",
            "Your W is right, but you add up the biases as they are; an earlier bias still "
            "passes through the later matrices.",
            partial(folded, join_biases=lambda b, next_W, next_b: b + next_b),
        ),
        Mistake(
            "last_bias_only",
            "Your W is right, but b holds only the last bias; each earlier one arrives "
            "too, multiplied by the later matrices.",
            partial(folded, join_biases=lambda b, next_W, next_b: next_b),
        ),
        Mistake(
            "later_biases_forgotten",
            "Your W is right, but b follows only the first bias; each layer adds its own.",
            partial(folded, join_biases=lambda b, next_W, next_b: b @ next_W),
        ),
        Mistake(
            "biases_zero",
            "Your W is right, but b is zero; the biases of all layers go into it.",
            lambda weights, biases: (folded(weights, biases)[0], np.zeros_like(biases[-1])),
        ),
        Mistake(
            "order_reversed",
            "Your product runs from the last layer to the first; x meets W1 first, so W1 stands on the left.",
            lambda weights, biases: {"W": folded(weights, biases, join_weights=lambda W, next_W: next_W @ W)[0]},
        ),
        Mistake(
            "multiplied_elementwise",
            "You multiply the matrices entry by entry; use @.",
            partial(folded, join_weights=lambda W, next_W: W * next_W),
        ),
        Mistake(
            "matrices_added",
            "You add the matrices; layer after layer means multiplying them, with @.",
            partial(folded, join_weights=lambda W, next_W: W + next_W),
        ),
        Mistake(
            "bias_through_product",
            "Your W is right, but b passes through the product W of all layers so far; it passes only through the "
            "matrix of the next layer.",
            lambda weights, biases: (folded(weights, biases)[0], bias_through_product(weights, biases)),
        ),
        Mistake(
            "bias_added_too_early",
            "Your W is right, but a layer's bias is added before its matrix; it comes after it.",
            partial(folded, join_biases=lambda b, next_W, next_b: (b + next_b) @ next_W),
        ),
        *(
            Mistake(
                name,
                "Your W is right, but each layer brings the bias of the one before: the first comes twice and the last "
                "one never.",
                partial(one_behind, early=early),
            )
            for name, early in (("biases_one_behind", False), ("biases_one_behind_and_early", True))
        ),
        Mistake(
            "two_layers_only",
            "Only the first two layers are in your product: go on through as many as there are.",
            lambda weights, biases: {"W": product_of_two(*weights[:2])},
        ),
        Mistake(
            "last_layer_forgotten",
            "The last layer is missing from your product.",
            lambda weights, biases: folded(weights[:-1], biases[:-1]),
        ),
        Mistake(
            "first_layer_twice",
            "The first layer is in your product twice: the loop begins with it, and it is what you started from.",
            lambda weights, biases: folded([weights[0], *weights], [biases[0], *biases]),
        ),
        Mistake(
            "bias_through_the_next",
            "Your W is right, but each bias passes through the next matrix alone; it goes through all that follow.",
            lambda weights, biases: (
                folded(weights, biases)[0],
                biases[-1] + sum(b @ next_W for b, next_W in zip(biases, weights[1:])),
            ),
        ),
        Mistake(
            "first_layer_forgotten",
            "The first layer is missing from your product.",
            lambda weights, biases: folded(weights[1:], biases[1:]),
        ),
    ],
)


# Activations. A case's inputs: z, the slope of a leaky ReLU, and upstream, the gradient that reaches the output


def step(z: Array) -> Array:
    return 1.0 * (z > 0)


def relu(z: Array) -> Array:
    return np.maximum(z, 0.0)


def leaky_relu(z: Array, slope: float = 0.01) -> Array:
    return np.where(z > 0, z, slope * z)


def d_sigmoid(z: Array) -> Array:
    return sigmoid(z) * (1 - sigmoid(z))


def d_tanh(z: Array) -> Array:
    return 1 - np.tanh(z) ** 2


def d_leaky_relu(z: Array, slope: float = 0.01) -> Array:
    return np.where(z > 0, 1.0, slope)


def both_signs(rng: np.random.Generator, *shape: int, high: float = 1.0) -> Array:
    """Draw inputs of both signs, none of them near 0; where the positive ones are small a leak shows beside them."""
    z = numbers(rng, *shape, low=-3.0, high=-0.3)
    positive = np.resize([True, False], shape)
    z[positive] = numbers(rng, int(positive.sum()), low=0.2, high=high)
    return z


def sigmoid_cases(rng: np.random.Generator) -> Drawn:
    ordinary, large = "ordinary inputs", "large inputs"
    yield ordinary, {"z": rng.permutation([0.0, *both_signs(rng, 5)])}
    yield ordinary, {"z": both_signs(rng, 2, 3, high=3.0).astype(np.float32)}
    yield ordinary, {"z": both_signs(rng, 2, 1, 2)}
    yield large, {"z": rng.permutation(ENDS)}
    yield large, {"z": rng.permutation(SMALL)}
    yield large, {"z": rng.permutation(ENDS).reshape(3, 2).astype(np.float32)}


ENDS = [-1000.0, -90.0, -0.5, 0.8, 90.0, 1000.0]
SMALL = [-23.0, -22.0, -21.0]  # whose results are seen beside no larger one, and far above the rounding of 1 + tanh


def numpy_function(name: str, *arguments: str, same_dtype: bool = True) -> Spelling:
    """Return the spelling of a function of NumPy arrays that is called with some of the inputs.

    Args:
        same_dtype: the result should have the dtype of the first input.
    """

    def probe_arguments(**inputs: Any) -> Inputs:
        return {"arguments": [inputs[argument] for argument in arguments], "same_dtype": same_dtype}

    return Spelling(name, "numpy_function", probe_arguments)


SIGMOID = Exercise(
    "sigmoid_numpy",
    title="Sigmoid",
    off={"numpy": "activations"},
    spellings={"numpy": numpy_function("sigmoid", "z")},
    draw=sigmoid_cases,
    right=lambda z: sigmoid(z),
    mistakes=[
        Mistake(
            "falling",
            "Your curve falls from 1 to 0: the two cases are swapped, or a sign in the exponent is turned.",
            lambda z: sigmoid(-z),
        ),
        Mistake(
            "absolute_value",
            "Below 0 your curve rises again: there the result is t / (1 + t), not 1 / (1 + t).",
            lambda z: sigmoid(np.abs(z)),
        ),
        Mistake(
            "tanh_instead",
            "Your values lie between -1 and 1, as those of tanh; a sigmoid's lie between 0 and 1.",
            lambda z: np.tanh(z),
        ),
        Mistake("step_instead", "Your output is only 0 or 1, as from a step; a sigmoid is smooth.", step),
        Mistake(
            "derivative_instead", "That is the derivative of the sigmoid; here return the sigmoid itself.", d_sigmoid
        ),
        Mistake(
            "too_steep",
            "Your curve is twice as steep as a sigmoid: the exponent is -z, not -2z.",
            lambda z: sigmoid(2 * z),
        ),
        Mistake(
            "cut_off",
            "Far out your curve stays at one height: a sigmoid falls on, towards 0. Cutting off z keeps the power "
            "finite, and changes the result.",
            lambda z: sigmoid(np.clip(z, -20, 20)),
        ),
        Mistake("too_high", "Your values lie between 0 and 2: divide by 2 once more.", lambda z: 2 * sigmoid(z)),
        Mistake("identity", "Your output is the input itself; nothing has been squashed yet.", identity),
    ],
)


# The table of curves: by hand, and as the libraries have them. A case's inputs: the row's name and what it is called
# with, z and the slope of a leaky ReLU; for a library also upstream, the gradient that reaches the output

CURVES: dict[str, Callable] = {
    "sigmoid": sigmoid,
    "tanh": lambda z: np.tanh(z),
    "relu": relu,
    "leaky_relu": leaky_relu,
}
BY_HAND: dict[str, Callable] = {"d_sigmoid": d_sigmoid, "d_tanh": d_tanh, "d_relu": step, "d_leaky_relu": d_leaky_relu}
OWN_CURVES = ("tanh", "relu", "leaky_relu")


def arguments_of(rng: np.random.Generator, name: str, z: Array, low: float = 0.1) -> list[Any]:
    """Return what a function is called with: z, and for a leaky ReLU also a slope of ``low`` to ``low + 0.2``."""
    return [z, number(rng, low=low, high=low + 0.2)] if "leaky" in name else [z]


def with_slope(name: str, arguments: list) -> list:
    return [*arguments, 0.01] if "leaky" in name and len(arguments) == 1 else arguments


def curve_cases(rng: np.random.Generator) -> Drawn:
    for name in OWN_CURVES:
        for z in (
            rng.permutation([0.0, 0.05, *both_signs(rng, 5)]),  # 0.05 is positive and below every slope
            both_signs(rng, 2, 3, high=3.0).astype(np.float32),
            rng.permutation(ENDS),
            rng.permutation(ENDS).reshape(3, 2).astype(np.float32),
        ):
            yield name, {"name": name, "arguments": arguments_of(rng, name, z), "same_dtype": True}


def row_cases(rng: np.random.Generator) -> Drawn:
    for name in CURVES:
        for z in (
            rng.permutation([0.05, *both_signs(rng, 5)]).reshape(2, 3),
            rng.permutation(ENDS).astype(np.float32),
        ):
            upstream = numbers(rng, *z.shape, low=0.5, high=1.5)
            yield name, {"name": name, "arguments": arguments_of(rng, name, z), "upstream": upstream}
    z = rng.permutation(both_signs(rng, 6))
    yield "leaky_relu", {"name": "leaky_relu", "arguments": [z], "upstream": numbers(rng, *z.shape, low=0.5, high=1.5)}


def curve(name: str, arguments: list) -> Array:
    return CURVES[name](*arguments)


def curve_with_gradient(name: str, arguments: list, upstream: Array) -> dict[str, Array]:
    return {"output": curve(name, arguments), "grad_z": upstream * BY_HAND[f"d_{name}"](*arguments)}


def mistaken(row: str, wrong: Callable) -> Callable[..., Array]:
    """Return the result of a table in which one row is wrong and the others are right.

    Args:
        wrong: function of that row's arguments; where no slope is named it gets 0.01.
    """

    def result(name: str, arguments: list) -> Array:
        return wrong(*with_slope(name, arguments)) if name == row else curve(name, arguments)

    return result


PIECES: dict[str, Callable] = {
    "sigmoid": lambda z: np.clip(z / 6 + 0.5, 0, 1),
    "tanh": lambda z: np.clip(z, -1, 1),
    "relu": lambda z: np.clip(z, 0, 6),
}


def look_alike(name: str, arguments: list, shapes: dict[str, Callable]) -> Array:
    """Return what one of the functions returns that students get in place of the right ones."""
    return shapes[name](*with_slope(name, arguments))


def gelu(z: Array) -> Array:
    """Return the Gaussian error linear unit of Hendrycks and Gimpel (2016), z times the normal distribution of z."""
    return z * (1 + np.vectorize(math.erf)(z / np.sqrt(2))) / 2


def default_of_tensorflow(name: str, arguments: list) -> Array:
    """Return the result of a table whose leaky ReLU is TensorFlow's own, with 0.2 where no slope is named."""
    return leaky_relu(arguments[0], 0.2) if name == "leaky_relu" and len(arguments) == 1 else curve(name, arguments)


ACTIVATIONS = Exercise(
    "activations",
    title="Three more curves",
    off={"numpy": "activations"},
    spellings={"numpy": Spelling(OWN_CURVES, "named_function", ("name", "arguments", "same_dtype"))},
    draw=curve_cases,
    right=curve,
    mistakes=[
        Mistake(
            "tanh_not_moved_down",
            "Your tanh lies between 0 and 2: the 1 is taken away behind the sigmoid, and not inside of its brackets.",
            mistaken("tanh", lambda z: 2 * sigmoid(2 * z - 1)),
        ),
        Mistake(
            "tanh_not_steep_enough",
            "Your tanh rises half as fast as it should: put 2z, not z, into the sigmoid.",
            mistaken("tanh", lambda z: np.tanh(z / 2)),
        ),
        Mistake(
            "tanh_not_shifted",
            "The values of your tanh lie between 0 and 2: subtract 1.",
            mistaken("tanh", lambda z: 1 + np.tanh(z)),
        ),
        Mistake(
            "tanh_not_stretched",
            "The values of your tanh lie between 0 and 1: multiply by 2 and subtract 1.",
            mistaken("tanh", lambda z: sigmoid(2 * z)),
        ),
        Mistake(
            "tanh_is_sigmoid",
            "Your tanh is the sigmoid itself; it should lie between -1 and 1.",
            mistaken("tanh", sigmoid),
        ),
        Mistake(
            "tanh_falls",
            "Your tanh falls from 1 to -1: turn its sign.",
            mistaken("tanh", lambda z: -np.tanh(z)),
        ),
        Mistake(
            "relu_absolute",
            "Your ReLU turns negative inputs positive; it should turn them into 0.",
            mistaken("relu", lambda z: np.abs(z)),
        ),
        Mistake(
            "relu_sides_swapped",
            "Your ReLU keeps the negative inputs; it should keep the positive ones.",
            mistaken("relu", lambda z: np.minimum(z, 0)),
        ),
        Mistake(
            "relu_is_step",
            "Your ReLU is only 0 or 1; above 0 it should return z itself.",
            mistaken("relu", step),
        ),
        Mistake(
            "relu_identity",
            "Your ReLU returns its input; negative inputs should become 0.",
            mistaken("relu", identity),
        ),
        Mistake(
            "leak_forgotten",
            "Below 0 your leaky ReLU is 0, as a plain one; there it should be slope * z.",
            mistaken("leaky_relu", lambda z, slope: relu(z)),
        ),
        Mistake(
            "slope_fixed",
            "The slope of your leaky ReLU is always the same; use the argument `slope`.",
            mistaken("leaky_relu", lambda z, slope: leaky_relu(z, 0.01)),
        ),
        Mistake(
            "slope_not_multiplied",
            "Your leaky ReLU takes the larger of z and the number `slope`; below 0 it should be slope * z.",
            mistaken("leaky_relu", lambda z, slope: np.maximum(z, slope)),
        ),
        Mistake(
            "slope_as_threshold",
            "Your leaky ReLU bends at z = slope; it bends at 0: compare z with 0.",
            mistaken("leaky_relu", lambda z, slope: np.where(z > slope, z, slope * z)),
        ),
        Mistake(
            "leaky_sides_swapped",
            "Your leaky ReLU multiplies the positive inputs by the slope; it belongs to the negative ones.",
            mistaken("leaky_relu", lambda z, slope: np.where(z > 0, slope * z, z)),
        ),
        Mistake(
            "slope_everywhere",
            "Your leaky ReLU multiplies every input by the slope; above 0 return z itself.",
            mistaken("leaky_relu", lambda z, slope: slope * z),
        ),
        Mistake(
            "constant_below_zero",
            "Below 0 your leaky ReLU is the constant -slope; it should be slope * z.",
            mistaken("leaky_relu", lambda z, slope: np.where(z > 0, z, -slope)),
        ),
        Mistake(
            "slope_alone_below_zero",
            "Below 0 your leaky ReLU is the slope itself, a constant; it should be slope * z.",
            mistaken("leaky_relu", lambda z, slope: np.where(z > 0, z, slope)),
        ),
        Mistake(
            "leak_positive",
            "Below 0 your leaky ReLU is positive; slope * z is negative there.",
            mistaken("leaky_relu", lambda z, slope: np.where(z > 0, z, -slope * z)),
        ),
    ],
)

RETURNS = output_and_gradients("z")
ACTIVATION_TABLE = Exercise(
    "activation_table",
    title="The same curves in a library",
    spellings={
        "torch": Spelling("in_torch", "torch_row", ("name", "arguments", "upstream"), RETURNS),
        "tensorflow": Spelling("in_tf", "tf_row", ("name", "arguments", "upstream"), RETURNS),
    },
    draw=row_cases,
    right=curve_with_gradient,
    stubs={"torch": "all_look_alikes_torch", "tensorflow": "all_look_alikes_tensorflow"},
    mistakes=[
        Mistake(
            "all_look_alikes_torch",
            "Each row holds a function that only looks like the one that is wanted.",
            partial(look_alike, shapes={**PIECES, "leaky_relu": lambda z, slope: leaky_relu(z, 0.01)}),
            ("torch",),
        ),
        Mistake(
            "all_look_alikes_tensorflow",
            "Each row holds a function that only looks like the one that is wanted.",
            partial(
                look_alike,
                shapes={
                    **PIECES,
                    "sigmoid": lambda z: -softplus(-z),
                    "tanh": lambda z: np.arctan(z),
                    "leaky_relu": lambda z, slope: leaky_relu(z, 0.2),
                },
            ),
            ("tensorflow",),
        ),
        Mistake(
            "sigmoid_is_tanh",
            "The row `sigmoid` holds a tanh; a sigmoid lies between 0 and 1.",
            mistaken("sigmoid", lambda z: np.tanh(z)),
        ),
        Mistake(
            "sigmoid_in_pieces",
            "The row `sigmoid` holds the hard sigmoid, three straight pieces that only look like one.",
            mistaken("sigmoid", PIECES["sigmoid"]),
        ),
        Mistake(
            "sigmoid_logarithm",
            "The row `sigmoid` holds its logarithm; take the sigmoid itself.",
            mistaken("sigmoid", lambda z: -softplus(-z)),
        ),
        Mistake(
            "tanh_is_sigmoid",
            "The row `tanh` holds a sigmoid; tanh lies between -1 and 1.",
            mistaken("tanh", sigmoid),
        ),
        Mistake(
            "tanh_in_pieces",
            "The row `tanh` holds the hard tanh, three straight pieces that only look like one.",
            mistaken("tanh", PIECES["tanh"]),
        ),
        Mistake(
            "arctan_instead",
            "The row `tanh` holds the arctangent; tanh is the hyperbolic tangent.",
            mistaken("tanh", lambda z: np.arctan(z)),
        ),
        Mistake(
            "tan_instead",
            "The row `tanh` holds the tangent of an angle; tanh is the hyperbolic tangent.",
            mistaken("tanh", lambda z: np.tan(z)),
        ),
        Mistake(
            "tanh_shrunk",
            "The row `tanh` holds z - tanh(z), what tanh takes away; take tanh itself.",
            mistaken("tanh", lambda z: z - np.tanh(z)),
        ),
        Mistake(
            "elu_instead",
            "The row `relu` holds an ELU, which falls to -1 on the left; a ReLU is 0 there.",
            mistaken("relu", lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0)))),
        ),
        Mistake(
            "relu_capped",
            "The row `relu` holds a ReLU that stops at 6; a plain one goes on rising.",
            mistaken("relu", PIECES["relu"]),
        ),
        Mistake(
            "softplus_instead",
            "The row `relu` holds a curve that is round at 0, as softplus is; a ReLU has a corner there.",
            mistaken("relu", softplus),
        ),
        Mistake(
            "gelu_instead",
            "The row `relu` holds a GELU, which is round at 0 and dips below it on the left; a ReLU has a corner.",
            mistaken("relu", gelu),
        ),
        Mistake(
            "swish_instead",
            "The row `relu` holds a swish (SiLU), which is round at 0 and dips below it on the left; a ReLU has a corner.",
            mistaken("relu", lambda z: z * sigmoid(z)),
        ),
        Mistake(
            "softmax_instead",
            "The row `sigmoid` holds a softmax, which makes each row add up to 1; a sigmoid looks at each entry alone.",
            mistaken("sigmoid", lambda z: softmax(z, axis=-1)),
        ),
        Mistake(
            "slope_of_pytorch",
            "In the row `leaky_relu` the argument `slope` is not used: below 0 it is `0.01 * z` whatever you ask for, as by PyTorch's "
            "own default.",
            mistaken("leaky_relu", lambda z, slope: leaky_relu(z, 0.01)),
            ("torch",),
        ),
        Mistake(
            "slope_of_tensorflow",
            "In the row `leaky_relu` the argument `slope` is not used: below 0 it is `0.2 * z` whatever you ask for, as by "
            "TensorFlow's own default.",
            mistaken("leaky_relu", lambda z, slope: leaky_relu(z, 0.2)),
            ("tensorflow",),
        ),
        Mistake(
            "default_of_tensorflow",
            "Called without a slope, the row `leaky_relu` takes TensorFlow's own; it should take `0.01`.",
            default_of_tensorflow,
            ("tensorflow",),
        ),
        Mistake(
            "leak_forgotten",
            "The row `leaky_relu` holds a plain ReLU; below 0 it should be slope * z.",
            mistaken("leaky_relu", lambda z, slope: relu(z)),
        ),
    ],
)


# Derivatives by hand


def derivative_cases(rng: np.random.Generator) -> Drawn:
    # A second slope that never equals the first: one that a function keeps from an earlier call is then always seen.
    for name, low in (*((name, 0.1) for name in BY_HAND), ("d_leaky_relu", 0.4)):
        # So many that no one guesses all their signs; at 0 the slope on the left is asked.
        z = rng.permutation([-1000.0, 0.0, 1000.0, *both_signs(rng, 15)]).reshape(3, 6)
        yield name, {"name": name, "arguments": arguments_of(rng, name, z, low)}


def derivative(name: str, arguments: list, **changed: Callable) -> Array:
    """Return what one of the four derivatives returns, right unless ``changed`` replaces it."""
    return {**BY_HAND, **changed}[name](*arguments)


DERIVATIVES = Exercise(
    "derivatives",
    title="Derivatives by hand",
    off={"numpy": "autograd"},
    spellings={"numpy": Spelling(tuple(BY_HAND), "named_function", ("name", "arguments"))},
    draw=derivative_cases,
    right=derivative,
    mistakes=[
        Mistake(
            "sigmoid_of_z_forgotten",
            "You use z * (1 - z); in the formula stands sigmoid(z), not z itself.",
            partial(derivative, d_sigmoid=lambda z: z * (1 - z)),
        ),
        Mistake(
            "sigmoid_not_derived",
            "You return the sigmoid itself; multiply it by 1 - sigmoid(z).",
            partial(derivative, d_sigmoid=sigmoid),
        ),
        Mistake(
            "sigmoid_with_tanh_formula",
            "You use 1 - a * a, which belongs to tanh; for the sigmoid it is a * (1 - a).",
            partial(derivative, d_sigmoid=lambda z: 1 - sigmoid(z) ** 2),
        ),
        Mistake(
            "sigmoid_squared",
            "This is the square of the sigmoid: 1 - sigmoid(-z), for one, is sigmoid(z) again.",
            partial(derivative, d_sigmoid=lambda z: sigmoid(z) ** 2),
        ),
        Mistake(
            "tanh_difference_squared",
            "You square 1 - tanh(z); only the tanh is squared.",
            partial(derivative, d_tanh=lambda z: (1 - np.tanh(z)) ** 2),
        ),
        Mistake(
            "tanh_of_half",
            "Your derivative of tanh is too wide: tanh(z) is made from sigmoid(2 z), not from sigmoid(z).",
            partial(derivative, d_tanh=lambda z: 4 * sigmoid(z) * (1 - sigmoid(z))),
        ),
        Mistake(
            "tanh_not_squared",
            "You use 1 - tanh(z); the tanh must be squared.",
            partial(derivative, d_tanh=lambda z: 1 - np.tanh(z)),
        ),
        Mistake(
            "tanh_of_z_forgotten",
            "You use 1 - z * z; in the formula stands tanh(z), not z itself.",
            partial(derivative, d_tanh=lambda z: 1 - z * z),
        ),
        Mistake(
            "tanh_of_square",
            "You take the tanh of a square; the square is that of tanh(z).",
            partial(derivative, d_tanh=lambda z: 1 - np.tanh(z**2)),
        ),
        Mistake(
            "tanh_with_sigmoid_formula",
            "You use a * (1 - a), which belongs to the sigmoid; for tanh the quotient rule gives another formula.",
            partial(derivative, d_tanh=lambda z: np.tanh(z) * (1 - np.tanh(z))),
        ),
        Mistake(
            "relu_not_derived",
            "You return the ReLU itself; its derivative is 1 above 0 and 0 below.",
            partial(derivative, d_relu=relu),
        ),
        Mistake(
            "relu_sides_swapped",
            "Your derivative is 1 below 0; it is above 0 that a ReLU rises.",
            partial(derivative, d_relu=lambda z: 1 - step(z)),
        ),
        Mistake(
            "relu_right_slope",
            "Exactly at 0 your derivative of ReLU is 1; there we take the slope on the left, 0.",
            partial(derivative, d_relu=lambda z: 1.0 * (z >= 0)),
        ),
        Mistake(
            "leaky_right_slope",
            "Exactly at 0 your derivative of leaky ReLU is 1; there we take the slope on the left, `slope`.",
            partial(derivative, d_leaky_relu=lambda z, slope: np.where(z >= 0, 1.0, slope)),
        ),
        Mistake(
            "leaky_slope_fixed",
            "Below 0 your derivative of leaky ReLU is always the same; use the argument `slope`.",
            partial(derivative, d_leaky_relu=lambda z, slope: d_leaky_relu(z, 0.01)),
        ),
        Mistake(
            "leaky_value_on_the_left",
            "Below 0 you return slope * z, which is the leaky ReLU itself; its derivative there is `slope`.",
            partial(derivative, d_leaky_relu=lambda z, slope: np.where(z > 0, 1.0, slope * z)),
        ),
        Mistake(
            "leak_forgotten",
            "Below 0 your derivative is 0; there a leaky ReLU rises with `slope`.",
            partial(derivative, d_leaky_relu=lambda z, slope: step(z)),
        ),
        Mistake(
            "leaky_not_derived",
            "You return the leaky ReLU itself; its derivative is 1 above 0 and `slope` below.",
            partial(derivative, d_leaky_relu=leaky_relu),
        ),
    ],
)


# A curve of more recent years: z times its sigmoid

SWISH_BY_HAND: dict[str, Callable] = {
    "swish": lambda z: z * sigmoid(z),
    "d_swish": lambda z: sigmoid(z) + z * d_sigmoid(z),
}


def swish_cases(rng: np.random.Generator) -> Drawn:
    for name in SWISH_BY_HAND:
        yield (
            name,
            {"name": name, "arguments": [rng.permutation([-1000.0, 0.0, 1000.0, *both_signs(rng, 4, high=3.0)])]},
        )
        yield name, {"name": name, "arguments": [both_signs(rng, 2, 3, high=3.0)]}


def swish(name: str, arguments: list, **changed: Callable) -> Array:
    """Return what one of the two functions returns, right unless ``changed`` replaces it."""
    return {**SWISH_BY_HAND, **changed}[name](*arguments)


SWISH = Exercise(
    "swish",
    title="Swish and its slope",
    spellings={"numpy": Spelling(tuple(SWISH_BY_HAND), "named_function", ("name", "arguments"))},
    draw=swish_cases,
    right=swish,
    mistakes=[
        Mistake("z_forgotten", "Your swish is the sigmoid alone; multiply it by z.", partial(swish, swish=sigmoid)),
        Mistake(
            "first_factor_kept",
            "In your slope the first factor is never derived: the product rule has two terms.",
            partial(swish, d_swish=lambda z: z * d_sigmoid(z)),
        ),
        Mistake(
            "second_factor_kept",
            "In your slope the second factor is never derived: the product rule has two terms.",
            partial(swish, d_swish=sigmoid),
        ),
        Mistake(
            "factor_left_out",
            "Your slope has two terms, but the second one lacks the factor that is not derived in it.",
            partial(swish, d_swish=lambda z: sigmoid(z) + d_sigmoid(z)),
        ),
        Mistake(
            "second_slope_left_out",
            "Your slope has two terms, but in the second one stands the sigmoid itself; there it is derived.",
            partial(swish, d_swish=lambda z: sigmoid(z) + z * sigmoid(z)),
        ),
        Mistake(
            "swish_for_sigmoid",
            "In the slope of the sigmoid stands your swish; it is made of the sigmoid alone, as in `d_sigmoid`.",
            partial(swish, d_swish=lambda z: sigmoid(z) + z * sigmoid(z) * (1 - z * sigmoid(z))),
        ),
        Mistake(
            "slope_at_the_sigmoid",
            "Your `d_sigmoid` gets sigmoid(z), and takes the sigmoid of that again: it makes the sigmoid of z itself.",
            partial(swish, d_swish=lambda z: sigmoid(z) + z * d_sigmoid(sigmoid(z))),
        ),
        Mistake(
            "slopes_multiplied",
            "You multiply the slopes of the two factors; the product rule adds two products.",
            partial(swish, d_swish=d_sigmoid),
        ),
    ],
)


# Derivatives by other means. Inputs: the coefficients of a polynomial, the highest power first, z, and a step h


def polynomial_cases(rng: np.random.Generator) -> Drawn:
    for shape, h in (((4,), 0.5), ((2, 3), 0.4)):
        yield "slopes", {"coefficients": numbers(rng, 4, low=0.5).tolist(), "z": numbers(rng, *shape), "h": h}


def of_polynomial(name: str, *arguments: str) -> Spelling:
    """Return the spelling of a function that is called with a polynomial and some of the inputs."""

    def probe_arguments(**inputs: Any) -> Inputs:
        return {"coefficients": inputs["coefficients"], "arguments": [inputs[argument] for argument in arguments]}

    return Spelling(name, "of_polynomial", probe_arguments)


def polynomial(coefficients: list[float], z: Array) -> Array:
    return np.polyval(coefficients, z)


def exact_slopes(coefficients: list[float], z: Array) -> Array:
    return np.polyval(np.polyder(coefficients), z)


def finite_difference(
    coefficients: list[float], z: Array, h: float, formula: Callable = lambda f, z, h: (f(z + h) - f(z - h)) / (2 * h)
) -> Array:
    """Return the slopes of a polynomial f by a formula, right by default."""
    return formula(partial(polynomial, coefficients), z, h)


FINITE_DIFFERENCE = Exercise(
    "finite_difference",
    title="Finite differences",
    spellings={"numpy": of_polynomial("finite_difference", "z", "h")},
    draw=polynomial_cases,
    stubs={"numpy": "one_sided"},
    right=finite_difference,
    mistakes=[
        Mistake(
            "one_sided",
            "On a bend you see the slope of the right side alone, so your slopes are off by a share of h.",
            partial(finite_difference, formula=lambda f, z, h: (f(z + h) - f(z)) / h),
        ),
        Mistake(
            "half_steps",
            "You take half a step to each side and divide by two whole ones: the distance from z - h to z + h is 2 h.",
            partial(finite_difference, formula=lambda f, z, h: (f(z + h / 2) - f(z - h / 2)) / (2 * h)),
        ),
        Mistake(
            "backward",
            "You look only backward, from z - h to z; look from z - h to z + h.",
            partial(finite_difference, formula=lambda f, z, h: (f(z) - f(z - h)) / h),
        ),
        Mistake(
            "divided_by_h",
            "You divide by h; from z - h to z + h the distance is 2 * h.",
            partial(finite_difference, formula=lambda f, z, h: (f(z + h) - f(z - h)) / h),
        ),
        Mistake(
            "brackets_forgotten",
            "Dividing by 2 * h needs brackets: / (2 * h), for / 2 * h multiplies by h.",
            partial(finite_difference, formula=lambda f, z, h: (f(z + h) - f(z - h)) / 2 * h),
        ),
        Mistake(
            "not_divided",
            "You return a difference; divide it by the distance 2 * h to get a slope.",
            partial(finite_difference, formula=lambda f, z, h: f(z + h) - f(z - h)),
        ),
        Mistake(
            "sign_flipped",
            "Your sign is flipped: it is f(z + h) - f(z - h).",
            partial(finite_difference, formula=lambda f, z, h: (f(z - h) - f(z + h)) / (2 * h)),
        ),
        Mistake(
            "two_sizes_of_step",
            "You walk by one size of step and divide by another: take the argument `h` in both places.",
            partial(finite_difference, formula=lambda f, z, h: (f(z + 1e-5) - f(z - 1e-5)) / (2 * h)),
        ),
        Mistake(
            "sides_cancel",
            "Your slopes to the left and to the right cancel: the step to the left is -h, and so is what you divide by.",
            partial(finite_difference, formula=lambda f, z, h: (f(z + h) + f(z - h) - 2 * f(z)) / (2 * h)),
        ),
        Mistake(
            "half_divided",
            "Only f(z - h) is divided: put the whole difference into brackets.",
            partial(finite_difference, formula=lambda f, z, h: f(z + h) - f(z - h) / (2 * h)),
        ),
        Mistake("h_ignored", "You do not use the argument `h`: take steps of this size.", exact_slopes),
    ],
)


AUTOGRAD = Exercise(
    "autograd",
    title="Derivatives by autograd",
    spellings={"torch": of_polynomial("autograd_torch", "z"), "tensorflow": of_polynomial("autograd_tf", "z")},
    draw=polynomial_cases,
    right=exact_slopes,
    mistakes=[
        Mistake("value_returned", "You return f(z); ask for its derivative.", polynomial),
        Mistake(
            "slopes_of_input",
            "All your slopes are 1, as those of z itself: what you go back from was not made from the result of f.",
            lambda coefficients, z: np.ones_like(z),
        ),
        Mistake(
            "mean_instead_of_sum",
            "Each slope is divided by their number: you start from the mean of f(z); start from the sum.",
            lambda coefficients, z: exact_slopes(coefficients, z) / z.size,
        ),
        Mistake(
            "slopes_summed",
            "You return one number; there is a slope for each entry of z.",
            lambda coefficients, z: np.sum(exact_slopes(coefficients, z)),
        ),
        Mistake(
            "counted_twice",
            "Your slopes are twice as large: two backward passes have added up.",
            lambda coefficients, z: 2 * exact_slopes(coefficients, z),
        ),
        Mistake(
            "weighted_by_value",
            "Your slopes are multiplied by f(z): the sum to start from is that of f(z), "
            "nothing squared and nothing weighted.",
            lambda coefficients, z: polynomial(coefficients, z) * exact_slopes(coefficients, z),
        ),
    ],
)


# Softmax and cross-entropy. A case's inputs: the logits, the labels, and upstream, the gradient that reaches the output


def shifted(logits: Array) -> Array:
    """Subtract its largest entry from each row."""
    return logits - logits.max(axis=1, keepdims=True)


def log_softmax(logits: Array) -> Array:
    z = shifted(logits)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def ordinary_logits(rng: np.random.Generator, *shape: int) -> Array:
    """Draw logits whose rows do not add up to nearly 0, by which a wrong solution may divide."""
    while True:
        logits = numbers(rng, *shape)
        if np.abs(logits.sum(axis=1)).min() > 0.3:
            return logits


def softmax_cases(rng: np.random.Generator) -> Drawn:
    ordinary, large = "ordinary logits", "large logits"

    def far(level: float) -> Array:
        """Draw rows that lie far apart: no single number may be subtracted from all of them."""
        rows = np.array([[level, level - 1, level - 2.5], [-level, 1.5 - level, -0.5 - level], [3.0, level, -level]])
        return rng.permuted(rows + np.round(rng.uniform(0, 0.4, rows.shape), 4), axis=1)

    drawn = [
        (ordinary, ordinary_logits(rng, 4, 3)),
        (ordinary, ordinary_logits(rng, 3, 4).astype(np.float32)),
        (large, far(1000)),
        # exp overflows here too; at 1000 a float32 is rounded so coarsely that a right log-softmax may look wrong.
        (large, far(128).astype(np.float32)),
    ]
    for part, logits in drawn:
        yield part, {"logits": logits}


def with_labels(rng: np.random.Generator, cases: Drawn) -> Drawn:
    """Draw labels for logits."""
    for part, inputs in cases:
        logits = inputs["logits"]
        labels = np.zeros(len(logits), dtype=int)
        # With one label alone, picking its column for all samples would be right; and in pairs that are the same when
        # they are turned round, so would be taking labels for rows.
        while len(set(labels)) == 1 or (
            labels.max() < len(labels) and np.array_equal(labels[labels], np.arange(len(labels)))
        ):
            labels = rng.integers(0, logits.shape[1], len(logits))
            labels[-1] = np.argmin(logits[-1])  # among the large logits its probability is rounded to 0
        yield part, {"logits": logits, "labels": labels, "upstream": np.array(1.0)}


def divided_by_all(logits: Array) -> Array:
    """Return what comes when each row is divided by the sum of the whole table."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum()


def softmax_in_float32(above: Array, below: Array | None = None) -> Array:
    """Return e to the power of each number, over the sum of such powers in its row; undefined where float32 is.

    Args:
        above, below: the exponents above and below the line; the same by default.
    """

    def powers(z: Array) -> Array:
        return np.where(z > 88, np.inf, np.where(z < -104, 0, np.exp(np.clip(z, -104, 88))))

    with np.errstate(divide="ignore", invalid="ignore"):
        return powers(above) / powers(above if below is None else below).sum(axis=1, keepdims=True)


SOFTMAX = Exercise(
    "softmax_numpy",
    title="Softmax",
    off={"numpy": "softmax"},
    spellings={"numpy": numpy_function("softmax", "logits", same_dtype=False)},
    draw=softmax_cases,
    right=lambda logits: softmax(logits),
    mistakes=[
        Mistake(
            "wrong_axis",
            "Your columns add up to 1; the rows should, one for each sample: axis=1.",
            lambda logits: softmax(logits, axis=0),
        ),
        Mistake(
            "whole_table",
            "All your numbers together add up to 1; each row should, on its own: axis=1.",
            lambda logits: softmax(logits.reshape(1, -1)).reshape(logits.shape),
        ),
        Mistake(
            "largest_of_the_table",
            "You subtract the largest logit of the whole table: in a row that lies far below it every power becomes 0, "
            "and 0 / 0 is no number. Each row has its own.",
            lambda logits: softmax_in_float32(logits - logits.max()),
        ),
        Mistake(
            "mean_of_the_row",
            "You subtract the mean of the row, so that large powers are left and the largest is infinite: subtract the largest.",
            lambda logits: softmax_in_float32(logits - logits.mean(axis=1, keepdims=True)),
        ),
        Mistake(
            "smallest_of_the_row",
            "You subtract the smallest logit of the row, so that all powers grow and the largest is infinite: subtract "
            "the largest.",
            lambda logits: softmax_in_float32(logits - logits.min(axis=1, keepdims=True)),
        ),
        Mistake(
            "sum_not_shifted",
            "You subtract the largest logit above the line alone, so that your rows do not add up to 1: the sum is that of "
            "the same powers.",
            lambda logits: softmax_in_float32(shifted(logits), logits),
        ),
        Mistake(
            "only_sum_shifted",
            "You subtract the largest logit in the sum alone, so that your rows do not add up to 1: above the line stand "
            "the same powers.",
            lambda logits: softmax_in_float32(logits, shifted(logits)),
        ),
        Mistake(
            "sum_of_the_table",
            "You divide each row by the sum of the whole table; divide it by its own sum.",
            divided_by_all,
        ),
        Mistake(
            "sigmoid_instead",
            "Each of your numbers is a sigmoid; a softmax divides by the sum of its row.",
            lambda logits: sigmoid(logits),
        ),
        Mistake(
            "not_divided",
            "Your rows do not add up to 1: divide each by its sum.",
            lambda logits: np.exp(logits - logits.max(axis=1, keepdims=True)),
        ),
        Mistake(
            "exp_forgotten",
            "You divide the logits themselves by their sum; take exp of them first.",
            lambda logits: logits / logits.sum(axis=1, keepdims=True),
        ),
        Mistake(
            "logarithm_returned",
            "You return the logarithm of the probabilities; return the probabilities.",
            log_softmax,
        ),
        Mistake(
            "winner_takes_all",
            "You give all to the largest logit; a softmax leaves a share to the others.",
            lambda logits: 1.0 * (logits == logits.max(axis=1, keepdims=True)),
        ),
        Mistake(
            "sign_flipped",
            "The largest logit should get the largest probability, yours gets the smallest.",
            lambda logits: softmax(-logits),
        ),
        Mistake(
            "softmax_twice",
            "Your logits went through the softmax twice; once is enough.",
            lambda logits: softmax(softmax(logits)),
        ),
    ],
)


def losses(logits: Array, labels: Array) -> Array:
    """Return the cross-entropy of each sample."""
    return -log_softmax(logits)[np.arange(len(logits)), labels]


def cross_entropy_cases(rng: np.random.Generator) -> Drawn:
    return with_labels(rng, softmax_cases(rng))


def losses_crosswise(logits: Array, labels: Array) -> float:
    """Return the loss of one who takes labels for rows and samples for columns.

    Raises:
        ValueError: there are no such rows or columns.
    """
    if len(labels) > logits.shape[1] or labels.max() >= len(logits):
        raise ValueError("an index is too large")
    return float(-np.mean(log_softmax(logits)[labels, np.arange(len(labels))]))


def undefined_far_below(logits: Array, labels: Array) -> float:
    """Return the loss of one who subtracts one number from all rows: minus infinity where a row lies far below it."""
    lost = logits.max(axis=1) < logits.max() - 104  # as in float32
    return float(np.mean(np.where(lost, -np.inf, losses(logits, labels))))


def clipped_losses(logits: Array, labels: Array) -> Array:
    """Return what Keras computes from logits that it takes for probabilities, its default."""
    shares = np.clip(logits, 1e-7, 1 - 1e-7)
    return -np.log(shares[np.arange(len(labels)), labels] / shares.sum(axis=1))


def loss_arguments(logits: Array, labels: Array, upstream: Array) -> Inputs:
    """Return what a library's loss is asked with; it is asked for a gradient as well."""
    return {"arguments": [logits, labels], "upstream": upstream, "name": "logits"}


def cross_entropy_with_gradient(logits: Array, labels: Array) -> dict[str, Array]:
    truth = np.eye(logits.shape[1])[labels]
    return {"output": np.mean(losses(logits, labels)), "grad_logits": (softmax(logits) - truth) / len(logits)}


CROSS_ENTROPY = Exercise(
    "cross_entropy",
    title="Cross-entropy",
    off={"numpy": "cross-entropy"},
    spellings={
        "numpy": numpy_function("cross_entropy", "logits", "labels", same_dtype=False),
        "torch": Spelling("cross_entropy_torch", "torch_function", loss_arguments, output_and_gradients("logits")),
        "tensorflow": Spelling("cross_entropy_tf", "tf_function", loss_arguments, output_and_gradients("logits")),
    },
    draw=cross_entropy_cases,
    stubs={"torch": "still_broken", "tensorflow": "still_broken_keras"},
    right=cross_entropy_with_gradient,
    mistakes=[
        Mistake(
            "summed",
            "You add up the losses of the samples; take their mean.",
            lambda logits, labels: np.sum(losses(logits, labels)),
        ),
        Mistake("not_averaged", "You return one loss for each sample; return their mean, one number.", losses),
        Mistake(
            "sign_flipped",
            "Your loss is negative: cross-entropy is minus the logarithm.",
            lambda logits, labels: -np.mean(losses(logits, labels)),
        ),
        Mistake(
            "sigmoid_for_softmax",
            "You send each logit through a sigmoid by itself; in a softmax the powers of a row are divided by their sum.",
            lambda logits, labels: np.mean(softplus(-logits[np.arange(len(labels)), labels].astype(float))),
        ),
        Mistake(
            "row_and_column_swapped",
            "Row and column have changed places in your pick: the sample's number is the row, and its label the column.",
            losses_crosswise,
            ("numpy",),
        ),
        Mistake(
            "summed_over_all",
            "Your sum inside the logarithm runs over all samples; each row has a sum of its own, along axis 1.",
            lambda logits, labels: np.mean(
                np.log(np.sum(np.exp(shifted(logits)))) - shifted(logits)[np.arange(len(labels)), labels]
            ),
            ("numpy",),
        ),
        Mistake(
            "largest_taken_once",
            "You take the largest logit away inside of the sum only: take it away from the label's own logit too, or add it "
            "again after the logarithm.",
            lambda logits, labels: np.mean(losses(logits, labels) - logits.max(axis=1)),
            ("numpy",),
        ),
        Mistake(
            "softmax_twice",
            "Your logits go through a softmax twice: give the framework's loss the logits themselves.",
            lambda logits, labels: np.mean(losses(softmax(logits), labels)),
        ),
        Mistake(
            "softmax_twice_and_summed",
            "There are two faults: your logits go through a softmax twice, since the framework's loss applies its own, "
            "and you add up the losses of the samples.",
            lambda logits, labels: np.sum(losses(softmax(logits), labels)),
            ("torch", "tensorflow"),
        ),
        Mistake(
            "softmax_of_columns",
            "Your logits go through a softmax down the columns first, and then through that of the loss: give it the "
            "logits themselves.",
            lambda logits, labels: np.mean(losses(softmax(logits, axis=0), labels)),
            ("tensorflow",),
        ),
        Mistake(
            "wrong_axis_clipped",
            "Your softmax adds up down the columns; the classes of one sample stand side by side, along axis 1.",
            lambda logits, labels: np.mean(clipped_losses(softmax(logits, axis=0), labels)),
            ("tensorflow",),
        ),
        Mistake(
            "softmax_clipped",
            "Right as long as no probability is tiny: Keras cuts those below a ten-millionth off. Leave the softmax out and "
            "say `from_logits=True`.",
            lambda logits, labels: np.mean(clipped_losses(softmax(logits), labels)),
            ("tensorflow",),
        ),
        Mistake(
            "softmax_without_log",
            "You pass on probabilities where their logarithms are wanted, as by `nll_loss`.",
            lambda logits, labels: -np.mean(np.exp(-losses(logits, labels))),
            ("torch",),
        ),
        Mistake(
            "still_broken",
            "Even where every sample is right beyond doubt, the loss is far from 0.",
            lambda logits, labels: np.mean(losses(softmax(logits, axis=0), labels)),
            ("torch",),
        ),
        Mistake(
            "still_broken_keras",
            "Even where every sample is right beyond doubt, the loss is far from 0, and it grows with the batch.",
            lambda logits, labels: np.sum(clipped_losses(logits, labels)),
            ("tensorflow",),
        ),
        Mistake(
            "from_logits_forgotten",
            "Keras takes your logits for probabilities: say `from_logits=True`.",
            lambda logits, labels: np.mean(clipped_losses(logits, labels)),
            ("tensorflow",),
        ),
        Mistake(
            "wrong_axis",
            "Your softmax adds up down the columns; the classes of one sample stand side by side, along axis 1.",
            lambda logits, labels: -np.mean(log_softmax(logits.T).T[np.arange(len(labels)), labels]),
        ),
        Mistake(
            "columns_for_all",
            "You pick the columns in `labels` for every row, as log_p[:, labels] does; pick one entry from each row: "
            "log_p[np.arange(n), labels].",
            lambda logits, labels: -np.mean(log_softmax(logits)[:, labels]),
            ("numpy",),
        ),
        Mistake(
            "largest_of_the_table",
            "You subtract the largest logit of the whole table: in a row that lies far below it every power becomes 0, and "
            "log(0) is infinite. Each row has its own.",
            undefined_far_below,
            ("numpy",),
        ),
        Mistake(
            "argmax_as_labels",
            "You take the largest logit for the true class; the true classes stand in `labels`.",
            lambda logits, labels: np.mean(losses(logits, logits.argmax(axis=1))),
        ),
        Mistake(
            "log_forgotten",
            "You average the probabilities of the true classes; take minus their logarithm.",
            lambda logits, labels: np.mean(np.exp(-losses(logits, labels))),
        ),
        Mistake(
            "labels_ignored",
            "You average over all classes; only the class in `labels` counts for a sample.",
            lambda logits, labels: -np.mean(log_softmax(logits)),
        ),
        Mistake(
            "divided_by_classes",
            "Your loss is too small by the number of classes: divide by the number of samples only.",
            lambda logits, labels: np.mean(losses(logits, labels)) / logits.shape[1],
        ),
        *(
            Mistake(
                f"base_{name}",
                f"Your logarithm has base {base}; use the natural one, log.",
                lambda logits, labels, base=base: np.mean(losses(logits, labels)) / np.log(base),
            )
            for name, base in (("two", 2), ("ten", 10))
        ),
        Mistake(
            "softmax_forgotten",
            "You average minus the true logits; take the log of their softmax first.",
            lambda logits, labels: -np.mean(logits[np.arange(len(logits)), labels]),
        ),
    ],
)


# The gradient through a deep stack


def stack_cases(rng: np.random.Generator) -> Drawn:
    for activation, samples, widths in (
        ("softsign", 5, (3, 3, 3, 3, 3)),
        ("arctan", 4, (2, 4, 3)),
        ("sine", 3, (3, 3, 3)),
    ):
        weights = [numbers(rng, n_in, n_out) for n_in, n_out in pairwise(widths)]
        yield "stack", {"x": numbers(rng, samples, widths[0]), "weights": weights, "function": activation}


def gradient_sizes(
    x: Array,
    weights: list[Array],
    function: str,
    slope: Callable = lambda derivative, z, a: derivative(z),
    through: Callable = lambda g, W: g @ W.T,
    size: Callable = lambda g: np.mean(np.abs(g)),
    where: Literal["output", "sum", "input"] = "sum",
    start: Callable = lambda a: np.ones_like(a),
    forwards: Callable = lambda activation, z: activation(z),
) -> Array:
    """Return the size of the gradient at each layer, right by default.

    Args:
        slope: function (derivative, sums z, outputs a) that gives a layer's slopes.
        through: how the gradient g passes through a matrix.
        size: from a gradient to its size.
        where: the place in the layer whose gradient is measured.
        start: from the last outputs to the gradient with which the way back begins.
        forwards: function (activation, sums z) that gives what the next layer reads.
    """
    activation, derivative = FUNCTIONS[function]
    a, sums = x, []
    for W in weights:
        sums.append(a @ W)
        a = forwards(activation, sums[-1])
    g, sizes = start(a), []
    for W, z in zip(reversed(weights), reversed(sums)):
        g_sum = g * slope(derivative, z, activation(z))
        g_input = through(g_sum, W)
        sizes.append(size({"output": g, "sum": g_sum, "input": g_input}[where]))
        g = g_input
    return np.array(sizes[::-1])


GRADIENT_SIZES = Exercise(
    "gradient_sizes",
    title="The gradient in a deep stack",
    spellings={"numpy": Spelling("gradient_sizes", "stack_gradients", ("x", "weights", "function"))},
    draw=stack_cases,
    right=gradient_sizes,
    mistakes=[
        Mistake(
            "slope_of_the_output",
            "You take the derivative at the outputs a; take it at the sums z.",
            partial(gradient_sizes, slope=lambda derivative, z, a: derivative(a)),
        ),
        Mistake(
            "slope_forgotten",
            "Your gradient never meets the activation: multiply it by derivative(z) in each layer.",
            partial(gradient_sizes, slope=lambda derivative, z, a: 1),
        ),
        Mistake(
            "activation_left_out",
            "On the way forwards your layers read the sums z of the layer before; let them read its outputs.",
            partial(gradient_sizes, forwards=lambda activation, z: z),
        ),
        Mistake(
            "activation_ignored",
            "You use the sigmoid and its slope whatever comes: use the arguments `activation` and `derivative`.",
            partial(
                gradient_sizes,
                slope=lambda derivative, z, a: d_sigmoid(z),
                forwards=lambda activation, z: sigmoid(z),
            ),
        ),
        Mistake(
            "two_layers_only",
            "Your stack ends after two layers: go through all of `weights`, however many there are.",
            lambda weights, **inputs: gradient_sizes(weights=weights[:2], **inputs),
        ),
        Mistake(
            "last_layer_left_out",
            "Your stack ends one layer too early: the last of `weights` belongs to it, forwards and back.",
            lambda weights, **inputs: gradient_sizes(weights=weights[:-1], **inputs),
        ),
        Mistake(
            "weights_forgotten",
            "Your gradient never meets the weights: multiply it by W.T between layers.",
            partial(gradient_sizes, through=lambda g, W: g),
        ),
        Mistake(
            "transpose_forgotten",
            "On the way back the matrix is transposed: g @ W.T.",
            partial(gradient_sizes, through=lambda g, W: g @ W),
        ),
        Mistake(
            "order_reversed",
            "Your sizes run from the last layer to the first; put the first layer first.",
            lambda **inputs: gradient_sizes(**inputs)[::-1],
        ),
        Mistake(
            "started_from_outputs",
            "Your gradient starts as the outputs themselves; the sum of all outputs has the gradient 1 everywhere.",
            partial(gradient_sizes, start=identity),
        ),
        Mistake(
            "not_absolute",
            "You average the gradient itself, where + and - cancel; average its absolute value.",
            partial(gradient_sizes, size=np.mean),
        ),
        Mistake(
            "absolute_too_late",
            "You take the absolute value of the mean, when + and - have cancelled; take the mean of the absolute values.",
            partial(gradient_sizes, size=lambda g: np.abs(np.mean(g))),
        ),
        Mistake(
            "not_absolute_and_reversed",
            "There are two faults: you average the gradient itself, where + and - cancel, and your sizes run from the "
            "last layer to the first.",
            lambda **inputs: gradient_sizes(**inputs, size=np.mean)[::-1],
        ),
        Mistake(
            "absolute_too_late_and_reversed",
            "There are two faults: you take the absolute value when + and - have cancelled in the mean, and your sizes "
            "run from the last layer to the first.",
            lambda **inputs: gradient_sizes(**inputs, size=lambda g: np.abs(np.mean(g)))[::-1],
        ),
        Mistake(
            "summed",
            "You add up the absolute values; take their mean.",
            partial(gradient_sizes, size=lambda g: np.sum(np.abs(g))),
        ),
        Mistake(
            "root_mean_square",
            "You take the root of the mean square; here the size is the mean absolute value.",
            partial(gradient_sizes, size=lambda g: np.sqrt(np.mean(g * g))),
        ),
        Mistake(
            "size_before_the_slope",
            "You note the size before the gradient is multiplied by derivative(z); note it after.",
            partial(gradient_sizes, where="output"),
        ),
        Mistake(
            "size_after_the_weights",
            "You note the size after the gradient has passed the weights; note it before.",
            partial(gradient_sizes, where="input"),
        ),
    ],
)


# Dead ReLUs


def dead_cases(rng: np.random.Generator) -> Drawn:
    """Draw layers with some dead units, some that are off for some samples only, and one that is always on.

    One that is alive has small sums alone. In the second layer the sums of one unit are exactly 0.
    """
    for samples, n_inputs, n_units, silent in ((4, 3, 9, 0), (6, 2, 8, 1)):
        while True:
            x, W, b = numbers(rng, samples, n_inputs), numbers(rng, n_inputs, n_units), numbers(rng, n_units, low=-3.0)
            z = x @ W + b
            off, on = np.all(z < 0, axis=0), np.all(z > 0, axis=0)
            small = np.all(z < 0.9, axis=0) & ~off
            without_x = np.all(W + b <= 0, axis=0)
            kinds = off.sum() >= 2 and on.any() and (~off & ~on).any() and small.any() and np.any(without_x != off)
            if kinds and np.abs(z).min() > MARGIN:
                break
        unit = int(np.flatnonzero(off)[0])
        if silent:
            W[:, unit] = b[unit] = 0
        yield "units", {"x": x, "W": W, "b": b}


def dead_units(
    x: Array, W: Array, b: Array, rule: Callable = lambda z: np.all(z <= 0, axis=0), count: Callable = np.sum
) -> tuple[Array, int]:
    """Return which units are dead and how many, right by default."""
    units = rule(x @ W + b)
    return units, count(units)


DEAD_RELUS = Exercise(
    "dead_relus",
    title="Dead ReLUs",
    spellings={"numpy": function("dead_relus", "x", "W", "b", returns=("dead", "count"))},
    draw=dead_cases,
    right=dead_units,
    mistakes=[
        Mistake(
            "any_instead_of_all",
            "You count a unit as dead if one sample leaves it at 0; it is dead only if all samples do.",
            partial(dead_units, rule=lambda z: np.any(z <= 0, axis=0)),
        ),
        Mistake(
            "zero_is_alive",
            "A unit whose sums are exactly 0 outputs 0 as well, so it is dead too: compare with <= 0.",
            partial(dead_units, rule=lambda z: np.all(z < 0, axis=0)),
        ),
        Mistake(
            "all_counted",
            "Your `dead` is right, but `count` is the number of all units; count those that are True.",
            lambda x, W, b: (dead_units(x, W, b)[0], W.shape[1]),
        ),
        Mistake(
            "always_one",
            "Your `dead` is right, but `count` is always 1: `np.where(dead)` is a tuple with one array in it, and it is the "
            "entries of `dead` that count.",
            lambda x, W, b: (dead_units(x, W, b)[0], 1),
        ),
        Mistake(
            "alive_instead",
            "True marks your living units; it should mark the dead ones.",
            partial(dead_units, rule=lambda z: np.any(z > 0, axis=0)),
        ),
        Mistake(
            "always_on",
            "You look for units that are on for all samples; the dead ones are off for all.",
            partial(dead_units, rule=lambda z: np.all(z > 0, axis=0)),
        ),
        Mistake(
            "bias_forgotten", "You leave out the bias: the sums are x @ W + b.", partial(dead_units, b=np.zeros(1))
        ),
        Mistake(
            "bias_alone",
            "You look at the biases alone; a unit is dead if its sum, x @ W + b, is at most 0 for all samples.",
            lambda x, W, b: (b < 0, np.sum(b < 0)),
        ),
        Mistake(
            "mean_instead_of_all",
            "You look at the mean over the samples; a single sample above 0 keeps a unit alive.",
            partial(dead_units, rule=lambda z: np.mean(z, axis=0) <= 0),
        ),
        Mistake(
            "samples_instead_of_units",
            "You ask which samples switch all units off; ask it of each unit, over all samples: axis=0.",
            partial(dead_units, rule=lambda z: np.all(z <= 0, axis=1)),
        ),
        Mistake(
            "share_instead_of_count",
            "Your `dead` is right, but `count` is a share; return the number of dead units.",
            partial(dead_units, count=np.mean),
        ),
        Mistake(
            "living_counted",
            "Your `dead` is right, but `count` is the number of living units.",
            partial(dead_units, count=lambda units: np.sum(~units)),
        ),
    ],
)
