"""Lab 5b, a language model in two frameworks: what each exercise asks, and the mistakes that it recognises."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import count as count_up
from typing import Any, NamedTuple

import numpy as np

from autograder.authoring.exercise import Drawn, Exercise, Inputs, Mistake, Spelling
from autograder.authoring.numerics import Array, identity, numbers, sigmoid, softmax
from autograder.authoring.spellings import function
from course_utils.datasets import tunes
from course_utils.songs import corpus
from course_utils.tunes import ALPHABET, log_probabilities

TORCH, TENSORFLOW = ("torch",), ("tensorflow",)
Parameters = dict[str, Array]


# What a character costs


def surprise_cases(rng: np.random.Generator) -> Drawn:
    """Draw logits of ordinary size, some that differ much from place to place, and some with one far above the others."""
    for part, n, length, size, far, above in (
        ("ordinary logits", 2, 3, 4, 0.0, 0.0),
        ("ordinary logits", 3, 2, 5, 0.0, 0.0),
        ("large logits", 2, 3, 3, 1500.0, 0.0),
        ("large logits", 1, 3, 4, -2000.0, 1200.0),
    ):
        targets = rng.integers(0, size, (n, length))
        targets[0, 0] = size - 1
        logits = numbers(rng, n, length, size) * 2 + np.linspace(far, 0, n * length).reshape(n, length, 1)
        logits[..., 0] += above
        yield part, {"logits": logits, "targets": targets}


def shifted(logits: Array) -> Array:
    """Return logits of which the largest of each place is 0."""
    return logits - logits.max(axis=2, keepdims=True)


def log_sums(logits: Array, axis: int = 2) -> Array:
    most = logits.max(axis=axis, keepdims=True)
    return most + np.log(np.exp(logits - most).sum(axis=axis, keepdims=True))


def log_p_of(z: Array, axis: int) -> Array:
    """Return the logarithm of the softmax without any care for large or small numbers."""
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


def costs(
    logits: Array,
    targets: Array,
    unit: float = np.log(2),
    axis: int = 2,
    sign: float = -1.0,
    normalised: Callable[[Array, int], Array] = lambda logits, axis: logits - log_sums(logits, axis),
) -> Array:
    """Return what each character costs, right by default."""
    chosen = np.take_along_axis(normalised(logits, axis), targets[..., None].astype(int), 2)
    return sign * chosen[..., 0] / unit


def chances(logits: Array, targets: Array) -> Array:
    return np.take_along_axis(softmax(logits, 2), targets[..., None].astype(int), 2)[..., 0]


FLOORS = {"9": 1e-9, "12": 1e-12, "300": 1e-300}  # what people write, by what it is in powers of ten


def floored(logits: Array, targets: Array, floor: float) -> Array:
    """Return costs of probabilities that are never below a floor."""
    return np.minimum(costs(logits, targets), -np.log2(floor))


SURPRISE = Exercise(
    "surprise",
    title="What a character costs",
    spellings={"numpy": function("surprise", "logits", "targets")},
    off={"numpy": "cross-entropy"},
    draw=surprise_cases,
    right=costs,
    mistakes=[
        Mistake("natural", "These are natural logarithms: for bits, divide them by log 2.", partial(costs, unit=1.0)),
        Mistake(
            "sign", "The sign is wrong: what is certain costs 0 bits, everything else more.", partial(costs, sign=1.0)
        ),
        Mistake(
            "over_time",
            "You sum over the places of the text; the probabilities of one place, the last axis, sum to 1.",
            partial(costs, axis=1),
        ),
        Mistake(
            "over_rows",
            "You sum over the rows of the batch; the probabilities of one place, the last axis, sum to 1.",
            partial(costs, axis=0),
        ),
        Mistake(
            "not_normalised",
            "You take the logits as if they were logarithms of probabilities already: the softmax is missing.",
            partial(costs, normalised=lambda logits, axis: logits),
        ),
        Mistake(
            "shifted_twice",
            "The largest logit is subtracted inside the sum and not in front of it: subtract it from both.",
            partial(
                costs,
                normalised=lambda logits, axis: (
                    logits - np.log(np.exp(logits - logits.max(axis=axis, keepdims=True)).sum(axis=axis, keepdims=True))
                ),
            ),
        ),
        Mistake(
            "times_log_2",
            "You multiply log p by log 2; divide by it to get log2 p.",
            partial(costs, unit=1 / np.log(2)),
        ),
        Mistake(
            "two_logarithms",
            "You subtract logits, which are natural logarithms, from a `log2`: take one kind of logarithm, and convert at "
            "the end.",
            partial(
                costs,
                unit=1.0,
                normalised=lambda logits, axis: (
                    logits - log_sums(logits, axis) + (1 - 1 / np.log(2)) * log_sums(shifted(logits), axis)
                ),
            ),
        ),
        *(
            Mistake(
                f"floored_{name}",
                "You add a small number to the probability, or limit it from below. Every rare character is equally cheap "
                "then: do without probabilities, and stay with logarithms.",
                partial(floored, floor=floor),
            )
            for name, floor in FLOORS.items()
        ),
        Mistake(
            "shifted_alike",
            "One number, the largest of all, is subtracted everywhere; far below it all powers are 0, and log 0 is minus "
            "infinity: subtract from each place its own largest.",
            partial(costs, normalised=lambda logits, axis: log_p_of(logits - logits.max(), axis)),
        ),
        Mistake(
            "not_shifted",
            "Some logits are too large for `np.exp`: subtract the largest of each place from all of them first.",
            partial(costs, normalised=lambda logits, axis: log_p_of(logits, axis)),
        ),
        Mistake(
            "likeliest",
            "This is what the likeliest character would cost at each place: `targets` says which one came.",
            lambda logits, targets: costs(logits, logits.argmax(axis=2)),
        ),
        Mistake("chances", "These are probabilities; what a character costs is -log2 of them.", chances),
        Mistake(
            "mean_of_all",
            "You return one mean; keep what each character costs.",
            lambda logits, targets: costs(logits, targets).mean(),
        ),
        Mistake(
            "mean_of_rows",
            "You return a mean for each row; keep what each character costs.",
            lambda logits, targets: costs(logits, targets).mean(axis=1),
        ),
    ],
)


# Pieces of a long text


def stream_cases(rng: np.random.Generator) -> Drawn:
    """Draw texts that fill their pieces exactly, and some with a remainder in a row, between rows, or both."""
    for count, rows, length in ((25, 2, 4), (31, 3, 3), (24, 4, 2), (13, 1, 5)):
        yield "pieces", {"numbers": rng.integers(0, 35, count), "rows": rows, "length": length}


def cut(
    numbers: Array,
    rows: int,
    length: int,
    reach: int = 1,
    on: Callable[[int], int] = lambda length: length,
) -> Array:
    """Return the pieces of a text, right by default.

    Args:
        reach: how many characters more than `length` a piece has.
        on: by how many characters the next piece begins later.
    """
    stretch = (len(numbers) - 1) // rows
    starts = [start for start in range(0, stretch, on(length)) if start + length <= stretch]
    return np.array(
        [[numbers[row * stretch + at : row * stretch + at + length + reach] for row in range(rows)] for at in starts]
    )


def stepped_over(numbers: Array, rows: int, length: int) -> Array:
    """Return pieces that share no character, as many as fit whole."""
    stretch = (len(numbers) - 1) // rows
    stops = [at for at in range(0, stretch, length + 1) if at + length + 1 <= stretch]
    return np.array([[numbers[row * stretch + at :][: length + 1] for row in range(rows)] for at in stops])


def begun_at(
    numbers: Array, rows: int, length: int, start: Callable[[int, int], int], pieces: int | None = None
) -> Array:
    """Return pieces whose rows begin elsewhere.

    Args:
        start: the beginning of a row, from its number and the number of pieces.
        pieces: how many; by default the right number.
    """
    pieces = (len(numbers) - 1) // rows // length if pieces is None else pieces
    return np.array(
        [[numbers[start(row, pieces) + at * length :][: length + 1] for row in range(rows)] for at in range(pieces)]
    )


def down_the_rows(numbers: Array, rows: int, length: int) -> Array:
    pieces = ((len(numbers) - 1) // rows) // length
    starts = np.arange(pieces * rows).reshape(pieces, rows) * length
    return np.array([[numbers[at : at + length + 1] for at in piece] for piece in starts])


STREAMS = Exercise(
    "streams",
    title="Pieces of a long text",
    spellings={"numpy": function("streams", "numbers", "rows", "length")},
    draw=stream_cases,
    right=cut,
    mistakes=[
        Mistake(
            "no_target_for_the_last",
            "Your pieces have `length` characters: one more is needed, since the last one read needs a target.",
            partial(cut, reach=0),
        ),
        Mistake(
            "character_skipped",
            "Each of your pieces begins behind the last target of the one before. That character was never read: begin "
            "with it.",
            partial(cut, on=lambda length: length + 1),
        ),
        Mistake(
            "pieces_apart",
            "Each of your pieces begins behind the last target of the one before. That character was never read: begin "
            "with it.",
            stepped_over,
        ),
        Mistake(
            "rows_move_up",
            "Your rows begin at row * pieces * length. What does not fill a piece is left out at the end of each row, so "
            "the next row still begins at row * stretch.",
            lambda numbers, rows, length: begun_at(numbers, rows, length, lambda row, pieces: row * pieces * length),
        ),
        Mistake(
            "rows_a_piece_apart",
            "Your rows begin `length` characters apart: row r begins at r * stretch, so that each has a stretch of its own.",
            lambda numbers, rows, length: begun_at(numbers, rows, length, lambda row, pieces: row * length),
        ),
        Mistake(
            "rows_alike",
            "All of your rows read the same characters: row r begins r stretches further on.",
            lambda numbers, rows, length: begun_at(numbers, rows, length, lambda row, pieces: 0),
        ),
        Mistake(
            "down_the_rows",
            "You deal the pieces out one after the other, down the rows. But row 0 of a piece must go on where row 0 of "
            "the piece before ended, as the state in that row expects.",
            down_the_rows,
        ),
        Mistake(
            "rows_outside",
            "Rows and pieces have changed places: the first axis counts the pieces.",
            lambda numbers, rows, length: cut(numbers, rows, length).swapaxes(0, 1),
        ),
        Mistake(
            "target_forgotten",
            "Your stretches are len(numbers) // rows long. The last character of all is only ever a target: "
            "(len(numbers) - 1) // rows.",
            lambda numbers, rows, length: begun_at(
                numbers,
                rows,
                length,
                lambda row, pieces: row * (len(numbers) // rows),
                (len(numbers) // rows - 1) // length,
            ),
        ),
        Mistake(
            "pieces_too_few",
            "Some pieces that fit are missing, as if each used up `length` + 1 characters. It moves on by `length`: the next "
            "one begins with its last target.",
            lambda numbers, rows, length: cut(numbers, rows, length)[: (len(numbers) - 1) // rows // (length + 1)],
        ),
        Mistake(
            "last_piece_lost",
            "The last piece is missing, although it fits: where may a piece begin at the latest?",
            lambda numbers, rows, length: cut(numbers, rows, length)[:-1],
        ),
        Mistake(
            "dealt_like_cards",
            "Neighbours in the text stand below each other in your pieces: a row is a stretch of the text.",
            lambda numbers, rows, length: cut(
                np.append(numbers[: (len(numbers) - 1) // rows * rows].reshape(-1, rows).T.ravel(), numbers[-1]),
                rows,
                length,
            ),
        ),
    ],
)


# The model

# The names stand in messages, as "how many rows `embedding` has".
GATED = ("embedding", "gru_inputs", "gru_state", "gru_bias", "gru_state_bias", "output_weights", "output_bias")


def model_cases(rng: np.random.Generator) -> Drawn:
    """Draw the parameters of a model, and a text in two halves of equal length.

    The second half alone shows a state that is bent, a shift by one, and rows that are taken for time; by luck it need
    not: some states, or logits, may all be above 0, and a text of few characters may read the same. Character 0 comes
    where it matters to a model that takes it for padding.
    """
    mistaken: tuple[Inputs, ...] = (
        {"between": lambda states: np.maximum(states, 0)},
        {"read": read_ahead},
        {"across": True},
        {"shape": lambda logits: np.maximum(logits, 0)},
    )
    for part, size, units, n, half in (("the logits", 4, 3, 3, 2), ("the state", 3, 2, 2, 2)):
        shapes = ((size, units), (units, 3 * units), (units, 3 * units), (3 * units,), (3 * units,))
        while True:
            inputs = rng.integers(0, size, (n, 2 * half))
            parameters = dict(zip(GATED, [numbers(rng, *shape) for shape in (*shapes, (units, size), (size,))]))
            right = modelled(parameters, inputs)
            apart = [modelled(parameters, inputs, **each)["carried"] - right["carried"] for each in mistaken]
            apart += [padded(parameters, inputs)[name] - right[name] for name in ("logits", "carried")]
            if all(np.max(np.abs(each)) > 0.1 for each in apart):
                break
        yield (
            part,
            {
                "size": size,
                "units": units,
                "parameters": parameters,
                "inputs": inputs,
                "upstream": numbers(rng, n, 2 * half, size),
            },
        )


def read_ahead(numbers: Array) -> Array:
    return np.roll(numbers, -1, axis=1)


def gated(x: Array, h: Array, W: Array, U: Array, b: Array, c: Array) -> Array:
    """Return the states of a gated recurrent unit, as PyTorch and Keras have it, shape (n, length, units).

    Args:
        x: inputs, shape (n, length, inputs).
        W, U, b, c: weights and biases for inputs and state; in their columns stand, one after the other, the reset
            gate, the update gate and the new state.
    """
    states = []
    for t in range(x.shape[1]):
        own, past = np.split(x[:, t] @ W + b, 3, axis=1), np.split(h @ U + c, 3, axis=1)
        reset, update = sigmoid(own[0] + past[0]), sigmoid(own[1] + past[1])
        h = (1 - update) * np.tanh(own[2] + reset * past[2]) + update * h
        states.append(h)
    return np.stack(states, axis=1)


def modelled(
    parameters: Parameters,
    inputs: Array,
    across: bool = False,
    carry: bool = True,
    kept: slice = slice(None),
    body: Callable[..., Array] = gated,
    shape: Callable[[Array], Array] = identity,
    between: Callable[[Array], Array] = identity,
    reached: Sequence[float] = (1.0,) * len(GATED),
    read: Callable[[Array], Array] = identity,
) -> dict[str, Array]:
    """Return the logits of a text, those of its second half with the state of the first, and which gradients there are.

    Args:
        across: the recurrent layer goes down the rows, not along them.
        carry: the second half gets the state of the first one.
        kept: the places whose logits are returned.
        body: the recurrent layer.
        shape: what is done with the logits.
        between: what is done with the states.
        reached: for each parameter 1 where a gradient reaches it.
        read: what is read of a text.
    """
    E, W, U, b, c, V, v = (parameters[name] for name in GATED)

    def ran(numbers: Array, h: Array) -> tuple[Array, Array]:
        x = E[read(numbers)].swapaxes(0, 1) if across else E[read(numbers)]
        states = body(x, h, W, U, b, c)
        along = states.swapaxes(0, 1) if across else states
        return shape(between(along)[:, kept] @ V + v), states[:, -1]

    half = inputs.shape[1] // 2
    zeros = [np.zeros((numbers.shape[1] if across else len(numbers), len(U))) for numbers in (inputs, inputs[:, :half])]
    _, state = ran(inputs[:, :half], zeros[1])
    return {
        "logits": ran(inputs, zeros[0])[0],
        "carried": ran(inputs[:, half:], state if carry else zeros[1])[0],
        "reached": np.array(reached),
    }


def last_place(parameters: Parameters, inputs: Array) -> dict[str, Array]:
    found = modelled(parameters, inputs)
    return {name: array[:, -1] if name != "reached" else array for name, array in found.items()}


def padded(parameters: Parameters, inputs: Array) -> dict[str, Array]:
    """Return what a Keras model gives that takes character 0 for padding, at which the state stays as it is.

    A layer that is given its first state passes over nothing.
    """

    def body(x: Array, h: Array, *gates: Array) -> Array:
        if h.any():
            return gated(x, h, *gates)
        states = []
        for t in range(x.shape[1]):
            there = np.any(x[:, t] != parameters["embedding"][0], axis=1, keepdims=True)
            new = gated(x[:, t : t + 1], h, *gates)[:, 0]
            h = np.where(there, new, h)
            states.append(h)
        return np.stack(states, axis=1)

    return modelled(parameters, inputs, body=body)


def model_spelling(name: str, probe: str) -> Spelling:
    return Spelling(
        name, probe, ("size", "units", "parameters", "inputs", "upstream"), ("logits", "carried", "reached")
    )


TUNE_MODEL = Exercise(
    "tune_model",
    title="The model",
    spellings={
        "torch": model_spelling("TuneModelTorch", "torch_tune_model"),
        "tensorflow": model_spelling("TuneModelTF", "keras_tune_model"),
    },
    draw=model_cases,
    right=modelled,
    parts={"the logits": ("logits", "reached"), "the state": ("carried",)},
    mistakes=[
        Mistake(
            "rows_as_time",
            "The recurrent layer walks down the rows of your batch, from tune to tune, as if they were time: "
            "batch_first=True tells it that the second axis is time.",
            partial(modelled, across=True),
            TORCH,
        ),
        Mistake(
            "state_ignored",
            "The second half of a text is read as if nothing had come before it: hand the state that comes in to the "
            "recurrent layer, and return the one that the layer hands back.",
            partial(modelled, carry=False),
        ),
        Mistake(
            "softmax_inside",
            "Your model returns probabilities; logits are asked for, since the loss makes the softmax.",
            partial(modelled, shape=lambda z: softmax(z, 2)),
        ),
        Mistake(
            "log_softmax_inside",
            "Your model returns logarithms of probabilities; return the logits as they are.",
            partial(modelled, shape=lambda z: z - log_sums(z)),
        ),
        Mistake(
            "last_place_only",
            "There are logits for the last place only; each place is asked for its next character.",
            partial(modelled, kept=slice(-1, None)),
            TORCH,
        ),
        Mistake(
            "last_place_alone",
            "There are logits for the last place only; each place is asked for its next character: hand all states to the "
            "output layer.",
            last_place,
            TORCH,
        ),
        Mistake(
            "last_place_only",
            "There are logits for the last place only: the recurrent layer returns all states with "
            "return_sequences=True.",
            last_place,
            TENSORFLOW,
        ),
        Mistake(
            "sees_the_future",
            "Each of your places reads the character behind it, which it should guess: read `numbers` as they come.",
            partial(modelled, read=read_ahead),
        ),
        Mistake(
            "rows_as_time",
            "The recurrent layer walks down the rows of your batch, from tune to tune, as if they were time. Keras takes "
            "the second axis for time: leave the axes as they are.",
            partial(modelled, across=True),
            TENSORFLOW,
        ),
        Mistake(
            "read_backwards",
            "The recurrent layer reads your texts from the end to the beginning: leave `go_backwards` at False.",
            partial(modelled, read=lambda numbers: numbers[:, ::-1]),
            TENSORFLOW,
        ),
        Mistake(
            "taken_for_padding",
            "Character 0 is passed over, as if it stood for nothing: leave `mask_zero` at False, since here it is a "
            "character like any other.",
            padded,
            TENSORFLOW,
        ),
        Mistake(
            "bent_logits",
            "Your output layer bends its results; logits may have any size, so give it no activation.",
            partial(modelled, shape=np.tanh),
        ),
        Mistake(
            "logits_cut_off",
            "Your logits are never below 0: logits may have any size, so give the output layer no activation.",
            partial(modelled, shape=lambda z: np.maximum(z, 0)),
        ),
        Mistake(
            "sigmoid_inside",
            "Your model returns sigmoids; logits are asked for, so give the output layer no activation.",
            partial(modelled, shape=sigmoid),
        ),
        Mistake(
            "no_memory",
            "The recurrent layer is passed by: your logits come from the embedding alone.",
            partial(modelled, body=lambda x, *others: x, reached=(1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0)),
        ),
        Mistake(
            "bent_states",
            "The states pass a ReLU on their way to the output layer; hand them on as they are.",
            partial(modelled, between=lambda states: np.maximum(states, 0)),
        ),
        Mistake(
            "gradient_cut",
            "The values are right, but no gradient comes back to the parameters: no detach(), NumPy or no_grad inside "
            "the model, else it never learns.",
            partial(modelled, reached=(0.0,) * len(GATED)),
        ),
    ],
)


# One step of training

STAND_IN = ("embedding", "memory", "output_weights")  # of the model that the probe trains


def learning_cases(rng: np.random.Generator) -> Drawn:
    """Draw a small model, and pieces of a text of which each goes on where the one before ended.

    No text reads the same backwards: then inputs and targets could change places. No two rows begin alike, and targets
    do not stand in one order by rows and by places: else a loss that mixes the two could be right. The first model is so
    large that parameters which come back unchanged are recognised, even if two of their numbers are the same.
    """
    rates = iter(rng.permutation([0.4, 0.6]).tolist())
    for part, size, units, n, length, count in (("one piece", 5, 4, 3, 2, 1), ("pieces in a row", 3, 2, 2, 4, 3)):
        text = rng.integers(0, size, (n, count * length + 1))
        while (
            np.array_equal(text, text[:, ::-1])
            or np.array_equal(text[:, 1:].ravel(), text[:, 1:].T.ravel())
            or len(set(text[:, 0])) < n
        ):
            text = rng.integers(0, size, text.shape)
        yield (
            part,
            {
                "parameters": {
                    "embedding": numbers(rng, size, units),
                    "memory": numbers(rng, units, low=0.6, high=1.6),
                    "output_weights": numbers(rng, units, size),
                },
                "pieces": [text[:, at * length : (at + 1) * length + 1] for at in range(count)],
                "rate": next(rates),
            },
        )


Loss = Callable[[Array, Array], tuple[float, Array]]  # from logits and counted targets to a loss and its slopes


def cross_entropy(logits: Array, counted: Array, axis: int = 2) -> tuple[float, Array]:
    """Return the mean cross-entropy and its slopes along the logits.

    Args:
        counted: 1 at the target of each place that counts, else 0; of the shape of the logits.
        axis: over which the softmax is taken.
    """
    p, total = softmax(logits, axis), counted.sum()
    at_logits = (p * counted.sum(axis=axis, keepdims=True) - counted) / total
    return -float(np.sum(counted * np.log(p)) / total), at_logits


def in_bits(logits: Array, counted: Array) -> tuple[float, Array]:
    loss, at_logits = cross_entropy(logits, counted)
    return loss / np.log(2), at_logits / np.log(2)


def rows_mixed(logits: Array, counted: Array) -> tuple[float, Array]:
    """Return what comes of logits whose first two axes are swapped before they are laid out in rows."""
    n, length, size = logits.shape
    return cross_entropy(logits, counted.reshape(length, n, size).swapaxes(0, 1))


def dealt_out(logits: Array, counted: Array) -> tuple[float, Array]:
    """Return what comes of logits that are reshaped to (n, size, length) in place of being transposed."""
    n, length, size = logits.shape
    loss, slope = cross_entropy(logits.reshape(n, size, length), counted.swapaxes(1, 2), axis=1)
    return loss, slope.reshape(logits.shape)


def taken_for_probabilities(logits: Array, counted: Array) -> tuple[float, Array]:
    """Return what Keras makes of logits without `from_logits`: cut off below and above, and divided by their sum."""
    inside = (logits > KERAS_EPSILON) & (logits < 1 - KERAS_EPSILON)
    loss, slope = cross_entropy(np.log(np.clip(logits, KERAS_EPSILON, 1 - KERAS_EPSILON)), counted)
    return loss, np.where(inside, slope / np.where(inside, logits, 1), 0)


def softmax_twice(logits: Array, counted: Array) -> tuple[float, Array]:
    p = softmax(logits, 2)
    loss, slope = cross_entropy(p, counted)
    return loss, p * (slope - (p * slope).sum(axis=2, keepdims=True))


def without_logarithm(logits: Array, counted: Array) -> tuple[float, Array]:
    """Return what comes of minus the mean probability of the targets."""
    p, total = softmax(logits, 2), counted.sum()
    slope = -counted / total
    return -float(np.sum(counted * p) / total), p * (slope - (p * slope).sum(axis=2, keepdims=True))


KERAS_EPSILON = 1e-7  # keras.config.epsilon()


def slopes(
    inputs: Array, targets: Array, h: Array, parameters: Sequence[Array], loss_of: Loss, used: slice
) -> tuple[float, list[Array], Array]:
    """Return the mean loss of the stand-in model on a piece, the slopes of its parameters, and its last state.

    Args:
        used: the places that count for the loss.
    """
    (E, w, V), states = parameters, [h]
    for t in range(inputs.shape[1]):
        states.append(np.tanh(E[inputs[:, t]] + w * states[-1]))
    logits = np.stack(states[1:], axis=1) @ V
    counted = np.zeros_like(logits)
    np.put_along_axis(counted[:, : targets.shape[1]][:, used], targets[:, used, None], 1.0, 2)
    loss, at_logits = loss_of(logits, counted)
    dE, dw, dV, back = np.zeros_like(E), np.zeros_like(w), np.zeros_like(V), np.zeros_like(h)
    for t in reversed(range(inputs.shape[1])):
        dV += states[t + 1].T @ at_logits[:, t]
        at_sums = (at_logits[:, t] @ V.T + back) * (1 - states[t + 1] ** 2)
        np.add.at(dE, inputs[:, t], at_sums)
        dw += (at_sums * states[t]).sum(axis=0)
        back = at_sums * w
    return loss, [dE, dw, dV], states[-1]


def learned(
    parameters: Parameters,
    pieces: list[Array],
    rate: float,
    carry: bool = True,
    split: Callable[[Array], tuple[Array, Array]] = lambda piece: (piece[:, :-1], piece[:, 1:]),
    cleared: bool = True,
    loss_of: Loss = cross_entropy,
    used: slice = slice(None),
    summed: bool = False,
    sign: float = 1.0,
) -> dict[str, Any]:
    """Return the parameters of the stand-in model after a step on each piece, and the losses, right by default.

    Args:
        split: makes of a piece what is read and what should be guessed.
    """
    values = [parameters[name] for name in STAND_IN]
    held = [np.zeros_like(value) for value in values]
    h = np.zeros((len(split(pieces[0])[0]), len(values[1])))
    losses = []
    for piece in pieces:
        inputs, targets = split(piece)
        loss, found, after = slopes(inputs, targets, h, values, loss_of, used)
        factor = inputs.size if summed else 1
        held = [(0 if cleared else old) + sign * factor * new for old, new in zip(held, found)]
        values = [value - rate * gradient for value, gradient in zip(values, held)]
        losses.append(factor * loss)
        h = after if carry else h
    return {**dict(zip(STAND_IN, values)), "losses": np.array(losses)}


def learning_spelling(name: str, probe: str) -> Spelling:
    return Spelling(name, probe, ("parameters", "pieces", "rate"), (*STAND_IN, "losses"))


LEARNING_STEP = Exercise(
    "learning_step",
    title="One step of training",
    spellings={
        "torch": learning_spelling("learn_torch", "torch_learning"),
        "tensorflow": learning_spelling("learn_tf", "keras_learning"),
    },
    draw=learning_cases,
    right=learned,
    parts={"one piece": STAND_IN},
    stubs={"torch": "not_shifted", "tensorflow": "given_code"},
    mistakes=[
        Mistake(
            "not_shifted",
            "Your model is asked for the character that it has just read: the loss falls to almost 0, and nothing is "
            "learned.",
            partial(learned, split=lambda piece: (piece[:, :-1], piece[:, :-1])),
        ),
        Mistake(
            "backwards",
            "Your model reads a character and is asked for the one before it: inputs and targets have changed places.",
            partial(learned, split=lambda piece: (piece[:, 1:], piece[:, :-1])),
        ),
        Mistake(
            "not_shifted_either",
            "Your model is asked for the character that it has just read: the loss falls to almost 0, and nothing is "
            "learned.",
            partial(learned, split=lambda piece: (piece[:, 1:], piece[:, 1:])),
        ),
        Mistake(
            "two_on",
            "Your model is asked for the character after the next: the targets are `piece[:, 1:]`.",
            partial(learned, split=lambda piece: (piece[:, :-2], piece[:, 2:])),
        ),
        Mistake(
            "rolled",
            "The last target of each row is the first character that was read: the right one stands at the end of the "
            "piece, so take `piece[:, 1:]`.",
            partial(learned, split=lambda piece: (piece[:, :-1], np.roll(piece[:, :-1], -1, axis=1))),
        ),
        Mistake(
            "rows_cut",
            "You cut rows away, which are different texts; cut along the second axis, `piece[:, ...]`.",
            partial(learned, split=lambda piece: (piece[:-1], piece[1:])),
        ),
        Mistake(
            "read_too_far",
            "The loss is right, but the model has also read the piece's last character, which the next piece begins with: "
            "the state has read it twice.",
            partial(learned, split=lambda piece: (piece, piece[:, 1:])),
        ),
        Mistake(
            "given_code",
            "The probabilities of one place do not sum to 1 here, and each piece begins as if nothing had come before.",
            partial(learned, loss_of=partial(cross_entropy, axis=1), carry=False),
            TENSORFLOW,
        ),
        Mistake(
            "over_time",
            "The softmax runs over the places of the text (axis 1); the characters stand on the last axis.",
            partial(learned, loss_of=partial(cross_entropy, axis=1)),
        ),
        Mistake(
            "over_rows",
            "The softmax runs over the rows of the batch (axis 0); the characters stand on the last axis.",
            partial(learned, loss_of=partial(cross_entropy, axis=0)),
            TENSORFLOW,
        ),
        Mistake(
            "rows_and_places_mixed",
            "Logits and targets are laid out in different orders, so that a place is asked for the target of another one: "
            "move no axis of the one alone, and cut both into the same rows.",
            partial(learned, loss_of=rows_mixed),
            TORCH,
        ),
        Mistake(
            "classes_dealt_out",
            "No axis moves by `reshape` or `view`: numbers of one place are dealt out to several. The axes of characters "
            "and of places change by `transpose(1, 2)`.",
            partial(learned, loss_of=dealt_out),
            TORCH,
        ),
        Mistake(
            "state_forgotten",
            "The first piece is right. But each piece begins with an empty memory: hand `state` to the model, and return "
            "the state that comes back.",
            partial(learned, carry=False),
        ),
        Mistake(
            "gradients_not_cleared",
            "The first piece is right. But the gradients of all pieces pile up: optimizer.zero_grad() is missing.",
            partial(learned, cleared=False),
            TORCH,
        ),
        Mistake(
            "last_place_only",
            "Only the last place of each row counts in your loss: take the mean over all of them.",
            partial(learned, used=slice(-1, None)),
        ),
        Mistake(
            "taken_for_probabilities",
            "The loss takes your logits for probabilities: it needs `from_logits=True`, or a softmax before it.",
            partial(learned, loss_of=taken_for_probabilities),
            TENSORFLOW,
        ),
        Mistake(
            "without_logarithm",
            "The logarithm is missing: your loss is minus the mean probability of the targets, which punishes no surprise.",
            partial(learned, loss_of=without_logarithm),
        ),
        Mistake(
            "softmax_twice",
            "Your logits pass two softmaxes: this loss makes its own, so hand it the logits as they are.",
            partial(learned, loss_of=softmax_twice),
        ),
        Mistake(
            "loss_in_bits",
            "Your loss is in bits, so your steps are too large: leave the natural logarithm as it was given.",
            partial(learned, loss_of=in_bits),
        ),
        Mistake(
            "loss_summed",
            "Your steps are too large: the loss is a sum over all characters, it should be their mean.",
            partial(learned, summed=True),
        ),
        Mistake(
            "ascent",
            "You walk uphill: your gradients have the wrong sign.",
            partial(learned, sign=-1.0),
        ),
        Mistake(
            "minus_forgotten",
            "Your loss is negative: it is the mean of the logarithms with a minus sign, which makes it small where the "
            "model is right.",
            lambda **inputs: (lambda found: {**found, "losses": -found["losses"]})(learned(sign=-1.0, **inputs)),
        ),
        Mistake(
            "never_moves",
            "The model never moves: `optimizer.step()` is missing, or the gradients of this piece are cleared before it.",
            partial(learned, rate=0.0),
            TORCH,
        ),
        Mistake(
            "never_moves",
            "The model never moves: hand the gradients of this piece to the optimiser.",
            partial(learned, rate=0.0),
            TENSORFLOW,
        ),
    ],
)


# Against the grammar


def excess_cases(rng: np.random.Generator) -> Drawn:
    """Draw what each character of some tunes costs a model, and the grammar's own logarithms for whole tunes."""
    for part, lengths in (
        ("the mean", (4, 7, 5, 9)),
        ("the mean", (6, 3)),
        ("its error", (6, 4, 9, 5)),
        ("its error", (3, 7)),
    ):
        bits = [numbers(rng, length, low=0.2, high=4.0) for length in lengths]
        shares = rng.uniform(0.4, 0.9, len(bits))
        shares[rng.integers(len(bits))] = rng.uniform(1.2, 1.5)  # one tune on which the model is luckier
        own = [-each.sum() * share * np.log(2) for each, share in zip(bits, shares)]
        yield part, {"bits": bits, "log_p": np.round(own, 2)}


def differences(bits: list[Array], log_p: Array, unit: float = np.log(2)) -> Array:
    return np.array([(each.sum() + own / unit) / len(each) for each, own in zip(bits, log_p)])


def in_excess(
    bits: list[Array],
    log_p: Array,
    apart: Callable[..., Array] = differences,
    ddof: int = 1,
    root: Callable[[float], float] = np.sqrt,
    sign: float = 1.0,
) -> tuple[float, float]:
    apart_each = sign * apart(bits, log_p)
    return apart_each.mean(), apart_each.std(ddof=ddof) / root(len(apart_each))


def logarithm_again(bits: list[Array], log_p: Array, sign: int) -> Array:
    """Return the differences of one who adds the logarithm of minus ``log_p``, or with ``sign`` -1 subtracts it."""
    return np.array([(each.sum() + sign * np.log2(-own)) / len(each) for each, own in zip(bits, log_p)])


def errors_of_two(bits: list[Array], log_p: Array) -> tuple[float, float]:
    """Return the standard errors of the model's mean and of the grammar's."""
    model = np.array([each.mean() for each in bits])
    own = np.array([-each / np.log(2) / len(cost) for each, cost in zip(log_p, bits)])
    return model.std(ddof=1) / np.sqrt(len(bits)), own.std(ddof=1) / np.sqrt(len(bits))


def unpaired(bits: list[Array], log_p: Array) -> tuple[float, float]:
    return in_excess(bits, log_p)[0], np.hypot(*errors_of_two(bits, log_p))


EXCESS = Exercise(
    "excess",
    title="Against the grammar",
    spellings={"numpy": function("excess", "bits", "log_p", returns=("mean", "error"))},
    draw=excess_cases,
    right=in_excess,
    parts={"the mean": ("mean",), "its error": ("error",)},
    mistakes=[
        Mistake(
            "two_units",
            "Your costs are in bits, `log_p` holds natural logarithms: bring both to one unit.",
            partial(in_excess, apart=partial(differences, unit=1.0)),
        ),
        Mistake(
            "times_log_2",
            "You multiply `log_p` by log 2; divide by it to get bits.",
            partial(in_excess, apart=partial(differences, unit=1 / np.log(2))),
        ),
        Mistake(
            "added",
            "You add the grammar's bits in place of subtracting them: `log_p` is negative, and bits are minus a logarithm.",
            partial(in_excess, apart=partial(differences, unit=-np.log(2))),
        ),
        Mistake(
            "logarithm_again",
            "Your `log_p` is a logarithm already, and you take its logarithm: in bits it is divided by log 2.",
            partial(in_excess, apart=partial(logarithm_again, sign=1)),
        ),
        Mistake(
            "logarithm_of_positive",
            "Minus `log_p` is no probability, and you take its logarithm: `log_p` is a logarithm already, in bits divided by "
            "log 2.",
            partial(in_excess, apart=partial(logarithm_again, sign=-1)),
        ),
        Mistake(
            "whole_grammar",
            "Your `log_p` belongs to a whole tune: divide it by that tune's characters, too.",
            partial(
                in_excess,
                apart=lambda bits, log_p: np.array([each.mean() for each in bits]) + log_p / np.log(2),
            ),
        ),
        Mistake(
            "divided_by_tunes",
            "You divide the grammar's bits of a tune by the number of tunes: divide them by that tune's characters.",
            partial(
                in_excess,
                apart=lambda bits, log_p: np.array([each.mean() for each in bits]) + log_p / np.log(2) / len(bits),
            ),
        ),
        Mistake(
            "absolute_differences",
            "You drop the signs of the differences: a tune on which the model is luckier counts against the others.",
            partial(in_excess, apart=lambda bits, log_p: np.abs(differences(bits, log_p))),
        ),
        Mistake(
            "turned_round",
            "The sign is wrong: what the model needs more than the grammar is positive. Its bits are -log2 of a "
            "probability.",
            partial(in_excess, sign=-1.0),
        ),
        Mistake(
            "whole_tunes",
            "These are bits a tune: divide each difference by that tune's characters.",
            partial(
                in_excess,
                apart=lambda bits, log_p: differences(bits, log_p) * np.array([len(each) for each in bits]),
            ),
        ),
        Mistake(
            "spread_of_tunes",
            "Your error is how far single tunes lie apart. The mean of n tunes is surer: divide by the root of n.",
            partial(in_excess, root=lambda n: 1.0),
        ),
        Mistake(
            "divided_by_n",
            "You divide the spread by n: it is the root of n.",
            partial(in_excess, root=lambda n: n),
        ),
        Mistake(
            "root_of_characters",
            "You divide by the root of the number of characters; what you have a mean of are tunes, so n counts these.",
            lambda bits, log_p: {
                "error": differences(bits, log_p).std(ddof=1) / np.sqrt(sum(map(len, bits))),
            },
        ),
        Mistake(
            "own_mean_free",
            "Your spread is too small: the mean was taken from the same tunes, so divide the squares by n - 1 (`ddof=1`).",
            partial(in_excess, ddof=0),
        ),
        Mistake(
            "unpaired",
            "The mean is right, but your error is that of two unrelated samples. Take each tune's difference first, then "
            "the spread of these.",
            unpaired,
        ),
        Mistake(
            "errors_added",
            "Errors of two means do not add up. Take each tune's difference first, then the spread of these.",
            lambda bits, log_p: {"error": sum(errors_of_two(bits, log_p))},
        ),
        Mistake(
            "errors_subtracted",
            "You subtract one error from the other. Take each tune's difference first, then the spread of these.",
            lambda bits, log_p: {"error": np.subtract(*errors_of_two(bits, log_p))},
        ),
        Mistake(
            "variance",
            "You divide the variance by the root of n: take its root first, the standard deviation.",
            lambda bits, log_p: {"error": differences(bits, log_p).var(ddof=1) / np.sqrt(len(bits))},
        ),
        Mistake(
            "pooled",
            "Your mean counts long tunes more: take each tune's bits a character first, then the mean over tunes.",
            lambda bits, log_p: {
                "mean": (np.concatenate(bits).sum() + log_p.sum() / np.log(2)) / sum(map(len, bits)),
                "error": in_excess(bits, log_p)[1],
            },
        ),
    ],
)


# Learned by heart


def copied_cases(rng: np.random.Generator) -> Drawn:
    """Draw tunes of which a stretch stands in a training tune.

    A tune's length says nothing about the stretch, which may be the tune's last character alone, or begin where
    another tune has ended. Tunes one after the other would hold a longer one, and so does one whose capitals are small
    letters.
    """
    letters = np.array(list("ABcdef|2"))

    def text(count: int) -> str:
        return "".join(rng.choice(letters, count))

    for count in (1, int(rng.integers(2, 4))):
        last = text(count)
        yield "all or nothing", {"tune": "xyz"[count - 1 :] + last, "training": [text(5), text(2) + last + text(1)]}
    for place, order in (("inside", (1, 0, 2)), ("first", (0, 2, 1)), ("last", (0, 2, 1))):
        common = int(rng.integers(9, 11 if place == "last" else 13))
        rest = 14 - common
        before = {"inside": int(rng.integers(1, rest)), "first": 0, "last": rest}[place]
        stretch = text(common)
        tune = text(before) + stretch + text(rest - before)
        cut = len(tune) // 2  # each half is shorter than the stretch
        training = [text(4) + tune[:cut], f"{text(2)}z{stretch}{text(5)}", tune[cut:] + text(2)]  # z: no longer by luck
        training = [*(training[number] for number in order), tune[1:].swapcase()]
        # Another z: not even all training tunes in one row hold the whole tune.
        yield "a stretch", {"tune": f"{tune}z" if place == "first" else f"z{tune}", "training": training}
    # As long as tunes of the lab: a library's shortcuts for long texts show. The z stands in no other place; at the
    # beginning it keeps the two from beginning alike, which such a shortcut would find.
    stretch = text(12)
    tune, other = f"{text(150)}{stretch}{text(60)}", f"z{text(60)}z{stretch}z{text(150)}"
    yield "a stretch", {"tune": tune, "training": [other]}
    whole = text(6)
    yield "all or nothing", {"tune": whole, "training": [text(5), text(2) + whole + text(1)]}
    yield "all or nothing", {"tune": "xyzx", "training": [text(7), text(4)]}
    yield "all or nothing", {"tune": "", "training": [text(2), text(3)]}


def longest(
    tune: str,
    training: list[str],
    starts: slice = slice(None),
    stands: Callable[[Iterable[bool]], bool] = any,
) -> int:
    """Return the length of the longest stretch, right by default.

    Args:
        starts: where in the tune a stretch may begin.
        stands: whether it counts, from whether it stands in each training tune.
    """
    lengths = [
        end - start
        for start in range(len(tune))[starts]
        for end in range(start + 1, len(tune) + 1)
        if stands(tune[start:end] in each for each in training)
    ]
    return max(lengths, default=0)


def prefixes(text: str) -> list[str]:
    return [text[:end] for end in range(1, len(text) + 1)]


def jumping(tune: str, training: list[str]) -> int:
    """Return the length of the longest stretch among those that are found one behind the other."""
    most = start = 0
    while start < len(tune):
        length = max(
            (len(begun) for begun in prefixes(tune[start:]) if any(begun in each for each in training)), default=0
        )
        most, start = max(most, length), start + max(length, 1)
    return most


def in_order(tune: str, each: str) -> int:
    """Return how many characters two texts have in common in the same order, gaps allowed."""
    row = np.zeros(len(each) + 1, dtype=int)
    for letter in tune:
        before = row.copy()
        for place, other in enumerate(each):
            row[place + 1] = before[place] + 1 if letter == other else max(row[place], before[place + 1])
    return int(row[-1])


COPIED = Exercise(
    "copied",
    title="Learned by heart",
    spellings={"numpy": function("copied", "tune", "training")},
    draw=copied_cases,
    right=lambda tune, training: longest(tune, training),
    mistakes=[
        Mistake(
            "across_tunes",
            "Your stretch runs from the end of one training tune into the next one, where no such stretch stands: look "
            "at each tune by itself, or put the end sign between them.",
            lambda tune, training: longest(tune, ["".join(training)]),
        ),
        Mistake(
            "from_the_start",
            "You look at stretches that begin where the tune begins; a copy can begin anywhere.",
            partial(longest, starts=slice(1)),
        ),
        Mistake(
            "to_the_end",
            "You look at stretches that end where the tune ends; a copy can end anywhere.",
            lambda tune, training: max(
                (len(tune) - start for start in range(len(tune)) if any(tune[start:] in each for each in training)),
                default=0,
            ),
        ),
        Mistake(
            "first_tune_only",
            "You look at the first training tune alone: is there a `return` inside the loop?",
            lambda tune, training: longest(tune, training[:1]),
        ),
        Mistake(
            "last_tune_only",
            "Only the last training tune counts: keep the longest stretch of those before, too.",
            lambda tune, training: longest(tune, training[-1:]),
        ),
        Mistake(
            "in_all_tunes",
            "You ask for a stretch that stands in all training tunes: one of them is enough, so take `any`.",
            lambda tune, training: longest(tune, training, stands=all),
        ),
        Mistake(
            "shortest_of_tunes",
            "You take the smallest of the training tunes' longest stretches: the largest one counts.",
            lambda tune, training: min(longest(tune, [each]) for each in training),
        ),
        Mistake(
            "end_left_out",
            "The last character of the tune is never part of your stretch: `tune[start:end]` ends before `end`, so `end` "
            "may be `len(tune)`.",
            lambda tune, training: longest(tune[:-1], training),
        ),
        Mistake(
            "starts_of_training",
            "You look at stretches with which a training tune begins; it may stand anywhere in one.",
            lambda tune, training: max(
                (len(end) for each in training for end in prefixes(each) if end in tune), default=0
            ),
        ),
        Mistake(
            "jumps_on",
            "Behind a stretch you go on where it ended. A longer one may begin inside of it: try every start.",
            jumping,
        ),
        Mistake(
            "frequent_ones_ignored",
            "In a text of 200 characters or more, `SequenceMatcher` leaves out those that come often, here all of them: "
            "`autojunk=False`.",
            lambda tune, training: longest(tune, [each for each in training if len(each) < 200]),
        ),
        Mistake(
            "case_ignored",
            "Two notes are `c` and `C`: leave capital and small letters as they are.",
            lambda tune, training: longest(tune.lower(), [each.lower() for each in training]),
        ),
        Mistake(
            "gaps_allowed",
            "You count characters that come in the same order with gaps between them; a stretch has none.",
            lambda tune, training: max(in_order(tune, each) for each in training),
        ),
        Mistake(
            "one_too_many",
            "Your number is too large by 1: it is that of the first length which is found nowhere.",
            lambda tune, training: longest(tune, training) + 1,
        ),
        Mistake(
            "same_place",
            "You compare characters that stand at the same place; a copy may stand anywhere in a training tune.",
            lambda tune, training: max(
                max(
                    (len(run) for run in "".join("x" if a == b else " " for a, b in zip(tune, each)).split()),
                    default=0,
                )
                for each in training
            ),
        ),
    ],
)


# The exam, by property: a dialect that nobody has seen

PIECES, SIDE_BY_SIDE, READ = 60, 32, 32  # windows to train on: pieces, rows of each, and characters that a row reads
ASKED, LONG, APART = 36, 150, 6  # texts that are asked about, their characters, and places of which one is judged
LIMIT = 50  # seconds of computing after which a training is stopped; the cell that grades may run for 60


class Exam(NamedTuple):
    """What is handed out, and what the judge knows.

    Args:
        windows: numbers of characters, shape (PIECES, SIDE_BY_SIDE, READ + 1), as the lab's `streams` cuts a text.
        asked: numbers of characters that no window holds, shape (ASKED, LONG). Each text begins with the end sign
            before a tune; where a tune is shorter than the text, another one follows.
        ends: the model is asked for the character at each of these places, given those before it alone.
        grammar: log p of these characters by the grammar, shape (ASKED, len(ends)).
        pairs: the same by a table of pairs that is counted on the windows.
    """

    windows: Array
    asked: Array
    ends: Array
    grammar: Array
    pairs: Array


@lru_cache(maxsize=2)
def exam(entropy: str) -> Exam:
    """Draw a dialect and its tunes; the same text draws the same ones, and every bit of it counts."""
    rng = np.random.default_rng(int(entropy, 16))
    dialect = rng.bytes(32)
    others = new_tunes(rng.bytes(32), dialect)
    written: list[str] = []
    while sum(len(tune) + 1 for tune in written) < PIECES * SIDE_BY_SIDE * READ:
        written.append(next(others))
    windows = cut(corpus(written)[: PIECES * SIDE_BY_SIDE * READ + 1], SIDE_BY_SIDE, READ)
    texts, grammar = zip(*(text_to_ask(others, dialect) for _ in range(ASKED)))
    asked = np.array(texts)
    ends = np.arange(0, LONG - APART, APART) + rng.integers(1, APART + 1, (LONG - APART) // APART)
    table = np.ones((len(ALPHABET), len(ALPHABET)))
    np.add.at(table, (windows[..., :-1].ravel(), windows[..., 1:].ravel()), 1)
    pairs = np.log(table / table.sum(axis=1, keepdims=True))[asked[:, ends - 1], asked[:, ends]]
    return Exam(windows, asked, ends, np.array(grammar)[:, ends - 1], pairs)


def new_tunes(seed: bytes, dialect: bytes) -> Iterator[str]:
    """Return tunes of a dialect without an end, drawn in groups."""
    for number in count_up():
        yield from tunes(seed + number.to_bytes(4, "big"), 20, dialect)


def text_to_ask(others: Iterator[str], dialect: bytes) -> tuple[Array, Array]:
    """Return the first characters of tunes, shape (LONG,), and log p of all but the first, the end sign."""
    chosen: list[str] = []
    grammar = np.zeros(0)
    while len(grammar) < LONG - 1:
        chosen.append(next(others))
        wanted = chosen[-1][: LONG - 1 - len(grammar)]
        grammar = np.append(grammar, log_probabilities(wanted, dialect))
    return corpus(chosen)[:LONG], grammar[: LONG - 1]


def in_letters(numbers: Array) -> str:
    return "".join(ALPHABET[number] for number in numbers.ravel())


def exam_cases(rng: np.random.Generator) -> Drawn:
    """Draw an exam; what the judge asks and knows is sent to no probe but bit by bit, as it is asked."""
    entropy = rng.bytes(32).hex()
    drawn = exam(entropy)
    yield (
        "training",
        {
            "entropy": entropy,
            "seed": int(rng.integers(1000)),
            "asked": [in_letters(text) for text in drawn.asked],
            "ends": drawn.ends,
            "grammar": drawn.grammar,
            "pairs": drawn.pairs,
        },
    )


def exam_arguments(entropy: str, seed: int) -> Inputs:
    windows = exam(entropy).windows
    return {"windows": in_letters(windows), "shape": list(windows.shape), "seed": seed, "limit": LIMIT}


DIALECT = Exercise(
    "dialect",
    title="A language that nobody has seen",
    spellings={"numpy": Spelling("train", "trained_language", exam_arguments)},
    draw=exam_cases,
    judge="knows_the_language",
)
