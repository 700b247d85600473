"""Lab 5a, a language model: what each exercise asks, and the mistakes that it recognises."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.authoring.exercise import Drawn, Exercise, Inputs, Mistake, Spelling
from autograder.authoring.numerics import Array, identity, numbers, softmax
from autograder.authoring.spellings import function
from course_utils.tunes import END

NAMES = ("Wx", "Wh", "b", "Wy", "by")  # of the parameters of a recurrent network, in this order
Parameters = dict[str, Array]


def parameters_of(rng: np.random.Generator, size: int, units: int, scale: float = 1.0) -> Parameters:
    """Draw the parameters of a recurrent network for a vocabulary of some size."""
    shapes = ((size, units), (units, units), (units,), (units, size), (size,))
    return {name: (scale * numbers(rng, *shape)).round(3) for name, shape in zip(NAMES, shapes)}


# Characters and numbers


WORDS = ("|:", ":|\n", "AB", "GE", "d2", "c", "fe", "(3", "~g", "x,", "M:", "6/8")


def text_of(rng: np.random.Generator, words: int) -> str:
    return "".join(rng.choice(WORDS, words).tolist())


def character_cases(rng: np.random.Generator) -> Drawn:
    for counts in ((3, 2), (4, 1, 2)):
        texts = [text_of(rng, count) for count in counts]
        yield "vocabulary", {"function": "vocabulary", "arguments": [[*texts, "ba", "B"]]}
    for words in (4, 7):
        text = text_of(rng, words) + "z"
        letters = rng.permutation(sorted({*text, "$", "Q"})).tolist()
        yield "encode", {"function": "encode", "arguments": [text, letters]}
        yield "decode", {"function": "decode", "arguments": [rng.integers(0, len(letters), words + 2), letters]}
    yield "encode", {"function": "encode", "arguments": ["", ["a", "b"]]}
    yield "decode", {"function": "decode", "arguments": [np.zeros(0, dtype=int), ["a", "b"]]}


def codes(letters: Sequence[str]) -> Array:
    return np.array([ord(letter) for letter in letters], dtype=int)


def of_characters(
    function: str,
    arguments: list[Any],
    order: Callable[[set[str]], Sequence[str]] = sorted,
    first: int = 0,
    again: int = 0,
    by_code: bool = False,
    found: Callable[[Sequence[str]], Sequence[str]] = tuple,
) -> Array:
    """Return what one of the three functions gives, right by default; characters as code points.

    Args:
        order: of a vocabulary.
        first, again: the number of a vocabulary's first character in `encode`, and in `decode`.
        by_code: `encode` gives code points.
        found: the vocabulary as `encode` and `decode` take it.
    """
    if function == "vocabulary":
        return codes(order(set("".join(arguments[0]))))
    given, letters = arguments[0], found(arguments[1])
    if function == "decode":
        return codes([letters[(number - again) % len(letters)] for number in given])
    if by_code:
        return codes(given)
    return np.array([first + letters.index(letter) for letter in given], dtype=int)


ENCODE = Exercise(
    "encode",
    title="Characters and numbers",
    spellings={"numpy": Spelling(("vocabulary", "encode", "decode"), "characters", ("function", "arguments"))},
    draw=character_cases,
    right=of_characters,
    mistakes=[
        Mistake(
            "falling",
            "Your vocabulary is sorted the other way round: the smallest character comes first.",
            lambda function, arguments: of_characters(function, arguments, lambda found: sorted(found)[::-1]),
        ),
        Mistake(
            "with_copies",
            "A character that comes often stands more than once in your vocabulary: it needs a single number.",
            lambda function, arguments: (
                codes(sorted("".join(arguments[0]))) if function == "vocabulary" else of_characters(function, arguments)
            ),
        ),
        Mistake(
            "joined_with_blank",
            "Your vocabulary has a blank that stands in no text: it came in between them when you joined them.",
            lambda function, arguments: of_characters(
                function, [[*arguments[0], " "], *arguments[1:]] if function == "vocabulary" else arguments
            ),
        ),
        Mistake(
            "first_text_only",
            "Your vocabulary knows the characters of the first text alone: look at all of them.",
            lambda function, arguments: of_characters(
                function, [arguments[0][:1]] if function == "vocabulary" else arguments
            ),
        ),
        Mistake(
            "last_text_only",
            "Your vocabulary knows the characters of the last text alone: add to what the texts before had, and do not "
            "begin anew with each.",
            lambda function, arguments: of_characters(
                function, [arguments[0][-1:]] if function == "vocabulary" else arguments
            ),
        ),
        Mistake(
            "counted_from_1",
            "Your numbers begin at 1: the first character of the vocabulary has number 0, as lists count.",
            partial(of_characters, first=1, again=1),
        ),
        Mistake(
            "with_blanks",
            'Something stands between your characters: join them with nothing, `"".join(...)`.',
            lambda function, arguments: (
                codes(" ".join(arguments[1][number] for number in arguments[0]))
                if function == "decode"
                else of_characters(function, arguments)
            ),
        ),
        Mistake(
            "printed_list",
            'Your text is a list as Python prints it, with brackets and quotes: join its characters, `"".join(...)`.',
            lambda function, arguments: (
                codes(str([arguments[1][number] for number in arguments[0]]))
                if function == "decode"
                else of_characters(function, arguments)
            ),
        ),
        Mistake(
            "own_vocabulary",
            "You number the characters of this text alone: the number of a character is its place in `letters`.",
            lambda function, arguments: of_characters(
                function, [arguments[0], sorted(set(arguments[0]))] if function == "encode" else arguments
            ),
        ),
        Mistake(
            "order_of_letters",
            "You go along `letters` and keep those that the text has: go along the text, one number for each of its characters.",
            lambda function, arguments: (
                np.array([place for place, letter in enumerate(arguments[1]) if letter in arguments[0]], dtype=int)
                if function == "encode"
                else of_characters(function, arguments)
            ),
        ),
        Mistake(
            "code_points",
            "These numbers are those of Unicode, as `ord` gives them: the number of a character is its place in `letters`.",
            partial(of_characters, by_code=True),
        ),
        Mistake(
            "unicode_characters",
            "Unicode's numbers are what `chr` knows: character number i of the vocabulary is `letters[i]`.",
            lambda function, arguments: (
                np.array(arguments[0], dtype=int) if function == "decode" else of_characters(function, arguments)
            ),
        ),
        Mistake(
            "place_in_text",
            "You give the place of each character in the text: its number is its place in `letters`.",
            lambda function, arguments: (
                np.array([arguments[0].index(letter) for letter in arguments[0]], dtype=int)
                if function == "encode"
                else of_characters(function, arguments)
            ),
        ),
        Mistake(
            "sorted_again",
            "You sort `letters` once more: take the order in which they are given.",
            partial(of_characters, found=sorted),
        ),
    ],
)


# Bigrams


def bigram_cases(rng: np.random.Generator) -> Drawn:
    for size, lengths, smoothing in ((4, (9, 6, 1), 0.5), (3, (12, 2), 2.0), (6, (5, 0, 14), 1.0)):
        sequences = [rng.integers(0, size - 1, length) for length in lengths]  # the last one never comes
        sequences[0][:4] = [0, 1, 0, 1]  # a pair that comes twice
        yield "table", {"sequences": sequences, "size": size, "smoothing": smoothing}


def pair_counts(sequences: Sequence[Any], size: int) -> Array:
    counts = np.zeros((size, size))
    for sequence in sequences:
        for before, after in pairwise(sequence):
            counts[before, after] += 1
    return counts


def row_sums(counts: Array) -> Array:
    return counts.sum(axis=1, keepdims=True)


def bigram_table(
    sequences: list[Array],
    size: int,
    smoothing: float,
    count: Callable[[list[Array], int], Array] = pair_counts,
    total: Callable[[Array], Any] = row_sums,
    turn: Callable[[Array], Array] = identity,
) -> Array:
    sums = turn(count(sequences, size)) + smoothing
    return sums / total(sums)


def counted_once(sequences: list[Array], size: int) -> Array:
    counts = np.zeros((size, size))
    for sequence in sequences:
        counts[sequence[:-1], sequence[1:]] += 1  # of equal pairs one alone
    return counts


BIGRAM = Exercise(
    "bigram",
    title="A table of pairs",
    spellings={"numpy": function("bigram", "sequences", "size", "smoothing")},
    draw=bigram_cases,
    right=bigram_table,
    mistakes=[
        Mistake(
            "transposed",
            "Your table is transposed: a row belongs to the character before, a column to the one that follows.",
            partial(bigram_table, turn=np.transpose),
        ),
        Mistake(
            "counts_returned",
            "These are counts; divide each row by its sum, so that it holds probabilities.",
            partial(bigram_table, total=lambda sums: 1),
        ),
        Mistake(
            "columns_sum_to_one",
            "Your columns sum to 1: divide each row by the sum of that row.",
            partial(bigram_table, total=lambda sums: sums.sum(axis=0, keepdims=True)),
        ),
        Mistake(
            "divided_by_row_as_column",
            "Each row is divided by the sums of all rows, one a column: keep the axis, with `keepdims=True`.",
            partial(bigram_table, total=lambda sums: sums.sum(axis=1)),
        ),
        Mistake(
            "all_sums_to_one",
            "Your whole table sums to 1; each row should, since each asks what follows one character.",
            partial(bigram_table, total=np.sum),
        ),
        Mistake(
            "smoothing_not_in_sum",
            "Your rows sum to more than 1: add the smoothing before you divide, so that it is in the sums too.",
            lambda sequences, size, smoothing: (
                (pair_counts(sequences, size) + smoothing) / np.maximum(row_sums(pair_counts(sequences, size)), 1)
            ),
        ),
        Mistake(
            "smoothing_ignored",
            "Your table adds 1 to each count, whatever `smoothing` says.",
            partial(bigram_table, smoothing=1.0),
        ),
        Mistake(
            "smoothed_for_each_tune",
            "Your table gets the smoothing once for each tune: add it once, outside of the loop over tunes.",
            lambda sequences, size, smoothing: bigram_table(sequences, size, len(sequences) * smoothing),
        ),
        Mistake(
            "across_tunes",
            "You count pairs that do not exist: the last character of a tune and the first one of the next.",
            partial(bigram_table, count=lambda sequences, size: pair_counts([np.concatenate(sequences)], size)),
        ),
        Mistake(
            "every_second_pair",
            "You count every second pair: each character but the last begins one, so pairs overlap.",
            partial(
                bigram_table,
                count=lambda sequences, size: pair_counts(
                    [pair for each in sequences for pair in zip(each[::2], each[1::2])], size
                ),
            ),
        ),
        Mistake(
            "joined_at_the_ends",
            "You also count the last character of each tune before the first one: `sequence[i - 1]` is the last where i is 0.",
            partial(
                bigram_table,
                count=lambda sequences, size: pair_counts([[*each[-1:], *each] for each in sequences], size),
            ),
        ),
        Mistake(
            "counted_once",
            "A pair that comes twice in a tune is counted once: `counts[before, after] += 1` with whole arrays adds to "
            "each place a single time. Go pair by pair, or use `np.add.at`.",
            partial(bigram_table, count=counted_once),
        ),
        Mistake(
            "smoothed_where_zero",
            "You add the smoothing only where a pair never came: every pair gets it, else rare ones count too little.",
            lambda sequences, size, smoothing: (lambda sums: sums / row_sums(sums))(
                (lambda counts: np.where(counts == 0, smoothing, counts))(pair_counts(sequences, size))
            ),
        ),
        Mistake(
            "first_tune_only",
            "Only the first tune is counted: does a `return` stand inside the loop over tunes?",
            partial(bigram_table, count=lambda sequences, size: pair_counts(sequences[:1], size)),
        ),
        Mistake(
            "last_tune_only",
            "Only the last tune is counted: make the table of counts once, before the loop over tunes.",
            partial(bigram_table, count=lambda sequences, size: pair_counts(sequences[-1:], size)),
        ),
        Mistake(
            "smoothing_once_in_sum",
            "Your rows sum to more than 1: each of the `size` counts of a row got the smoothing, its sum got it once.",
            lambda sequences, size, smoothing: (lambda counts: (counts + smoothing) / (row_sums(counts) + smoothing))(
                pair_counts(sequences, size)
            ),
        ),
        Mistake(
            "both_ways",
            "You count each pair in both directions: only what comes behind a character belongs to its row.",
            partial(bigram_table, turn=lambda counts: counts + counts.T),
        ),
        Mistake(
            "smoothing_cut_off",
            "Counts in whole numbers (`dtype=int`) cut a smoothing of 0.5 off to 0, and a row without a count is 0 / 0, "
            "NaN: make the array without `dtype`.",
            lambda sequences, size, smoothing: bigram_table(sequences, size, np.trunc(smoothing)),
        ),
        Mistake(
            "zeros",
            "Every value is 0: is your table an array of whole numbers (`dtype=int`), which cuts all probabilities off?",
            lambda sequences, size, smoothing: np.zeros((size, size)),
        ),
        Mistake(
            "last_pair_left_out",
            "The last pair of each tune is not counted.",
            partial(bigram_table, count=lambda sequences, size: pair_counts([each[:-1] for each in sequences], size)),
        ),
    ],
)


# Bits a character


def bits_cases(rng: np.random.Generator) -> Drawn:
    for n, size in ((5, 4), (1, 3), (8, 6)):
        weights = rng.uniform(0.2, 1.0, (n, size))
        p = (weights / weights.sum(axis=1, keepdims=True)).round(4)
        yield "bits", {"p": p, "targets": rng.integers(0, size, n)}


def picked(p: Array, targets: Array) -> Array:
    return np.array([row[target] for row, target in zip(p, targets)])


BITS = Exercise(
    "bits",
    title="Bits a character",
    spellings={"numpy": function("bits", "p", "targets")},
    draw=bits_cases,
    right=lambda p, targets: np.mean(-np.log2(picked(p, targets))),
    mistakes=[
        Mistake(
            "natural_logarithm",
            "Your logarithm is the natural one: bits count by `np.log2`.",
            lambda p, targets: np.mean(-np.log(picked(p, targets))),
        ),
        Mistake(
            "summed",
            "You return the bits of all characters together: take their mean.",
            lambda p, targets: np.sum(-np.log2(picked(p, targets))),
        ),
        Mistake(
            "negative",
            "The sign is missing: the logarithm of a probability is negative, and bits are not.",
            lambda p, targets: np.mean(np.log2(picked(p, targets))),
        ),
        Mistake(
            "likelihood_averaged",
            "You average first and take the logarithm then: each character has its own bits, and these are averaged.",
            lambda p, targets: -np.log2(np.mean(picked(p, targets))),
        ),
        Mistake(
            "whole_rows",
            "You average over whole rows: only the probability of the character that came counts.",
            lambda p, targets: np.mean(-np.log2(p)),
        ),
        Mistake(
            "entropy",
            "This is how unsure the model is, whatever came: `targets` says which entry of each row counts.",
            lambda p, targets: -np.mean(np.sum(p * np.log2(p), axis=1)),
        ),
        Mistake(
            "most_likely",
            "You take the largest probability of each row; take that of the character that came.",
            lambda p, targets: np.mean(-np.log2(p.max(axis=1))),
        ),
        Mistake(
            "first_place_only",
            "These are the bits of the first character alone: does a `return` stand inside the loop?",
            lambda p, targets: -np.log2(picked(p, targets)[0]),
        ),
        Mistake(
            "weighted",
            "You multiply each logarithm by its probability, as for an entropy: here each character that came counts once.",
            lambda p, targets: -np.mean(picked(p, targets) * np.log2(picked(p, targets))),
        ),
        Mistake(
            "columns_picked",
            "Your `p[:, targets]` takes whole columns, one for each target: pair row number i with target number i.",
            lambda p, targets: np.mean(-np.log2(p[:, targets])),
        ),
        Mistake(
            "perplexity",
            "This is the perplexity; its logarithm to base 2 is asked for.",
            lambda p, targets: 2 ** np.mean(-np.log2(picked(p, targets))),
        ),
    ],
)


# Temperature


def temper_cases(rng: np.random.Generator) -> Drawn:
    for shape, temperature in zip(((5,), (3, 4), (2, 3, 3)), rng.permutation([0.5, 0.8, 2.0]).tolist()):
        yield "ordinary logits", {"logits": numbers(rng, *shape), "temperature": temperature}
    huge = numbers(rng, 2, 4) + rng.choice([900.0, 1200.0], (2, 1)) * np.array([[1.0], [-1.0]])
    yield "huge logits", {"logits": huge, "temperature": float(rng.choice([0.6, 0.7]))}
    yield "huge logits", {"logits": numbers(rng, 4, low=-3, high=3), "temperature": float(rng.choice([0.002, 0.003]))}


def tempered(
    logits: Array,
    temperature: float,
    axis: int | None = -1,
    scale: Callable[[Array, float], Array] = np.divide,
    largest: Callable[[Array], Any] = lambda z: z.max(axis=-1, keepdims=True),
    power: Callable[[Array], Array] = np.exp,
) -> Array:
    """Return the softmax, right by default.

    Args:
        axis: along which the result sums to 1.
        largest: what is subtracted from the exponents.
    """
    z = scale(logits, temperature)
    powers = power(z - largest(z))
    return powers / powers.sum(axis=axis, keepdims=True)


TEMPER = Exercise(
    "temper",
    title="Softmax with temperature",
    off={"numpy": "softmax"},
    spellings={"numpy": function("temper", "logits", "temperature")},
    draw=temper_cases,
    right=tempered,
    mistakes=[
        Mistake(
            "multiplied",
            "You multiply by the temperature: a low one then makes all alike, and it should make the likely likelier.",
            partial(tempered, scale=np.multiply),
        ),
        Mistake(
            "temperature_ignored",
            "Your probabilities ignore the temperature, or it cancels: divide the logits by it, before the powers.",
            partial(tempered, temperature=1),
        ),
        Mistake(
            "probabilities_divided",
            "You divide the probabilities, and they no longer sum to 1: divide the logits, before the softmax.",
            lambda logits, temperature: tempered(logits, 1) / temperature,
        ),
        Mistake(
            "first_axis",
            "Your columns sum to 1: the characters lie along the last axis.",
            partial(tempered, axis=0, largest=lambda z: z.max(axis=0, keepdims=True)),
        ),
        Mistake(
            "all_together",
            "All of your numbers together sum to 1: each row along the last axis should.",
            partial(tempered, axis=None, largest=np.max),
        ),
        Mistake(
            "sum_of_all",
            "All of your numbers together sum to 1: each row along the last axis should, so keep that axis in the sum.",
            partial(tempered, axis=None),
        ),
        Mistake(
            "not_shifted",
            "Some exponents are too large for `np.exp`: subtract from each row its largest entry first.",
            partial(tempered, largest=lambda z: 0.0),
        ),
        Mistake(
            "shift_not_divided",
            "You subtract the largest of the undivided logits from divided ones, so that exponents are still too large: "
            "subtract first, or divide both.",
            lambda logits, temperature: tempered(
                logits, temperature, largest=lambda z: logits.max(axis=-1, keepdims=True)
            ),
        ),
        Mistake(
            "shifted_alike",
            "One number, the largest of all, is subtracted everywhere. Where a row lies far below, all of its powers are 0 "
            "then: subtract from each row its own largest.",
            partial(tempered, largest=np.max),
        ),
        Mistake(
            "cut_off",
            "You cut large logits off, and they come out alike: the largest of each row, subtracted, keeps their differences.",
            partial(tempered, scale=lambda logits, temperature: np.clip(logits / temperature, -500, 500)),
        ),
        Mistake("power_of_two", "You take powers of 2; a softmax takes powers of e.", partial(tempered, power=np.exp2)),
    ],
)


# Draws by chance


def draw_cases(rng: np.random.Generator) -> Drawn:
    """Draw probabilities whose digits are few, so that they sum to 1 when they were written down."""
    uneven = np.array([0.0, 0.04, 0.11, 0.2, 0.25, 0.4])[[0, *rng.permutation(np.arange(1, 6))]]
    wide = rng.permutation([0.3, *[0.002, 0.004, 0.006, 0.008, 0.03, 0.04, 0.05] * 5])
    last = np.array([0.0, 0.0, 0.0, 1.0])
    chances = (uneven, np.array([0.3, 0.7])[rng.permutation(2)], wide, last)
    for p, seed in zip(chances, rng.integers(0, 2**31, 4).tolist()):
        yield "draws", {"p": p, "seed": seed, "count": 1500}


DRAW = Exercise(
    "draw",
    title="A draw by chance",
    spellings={"numpy": Spelling("draw", "draws", ("p", "seed", "count"))},
    draw=draw_cases,
    judge="draws_by_chance",
)


# Windows


WINDOW_PARTS = {"the targets of a tune": ("inputs", "targets"), "several tunes": ("inputs",)}


def window_cases(rng: np.random.Generator) -> Drawn:
    """Draw a part for each fault of the stub: targets of a single tune, and where the windows of several tunes begin."""
    one, several = WINDOW_PARTS
    for part, lengths, length in ((one, (8,), 3), (one, (6,), 2), (several, (6, 4, 9), 4), (several, (3, 4), 2)):
        # Numbers that never come twice, so that it shows where each one comes from.
        shuffled, cuts = rng.permutation(90)[: sum(lengths)], np.cumsum(lengths)[:-1]
        yield part, {"sequences": np.split(shuffled, cuts), "length": length}


def cut(
    sequences: list[Array],
    length: int,
    ahead: int = 1,
    stride: int = 1,
    spare: int = 0,
    last: bool = False,
) -> tuple[Array, Array]:
    """Return all windows and their targets, right by default.

    Args:
        ahead: by how much targets are shifted.
        stride: places from one window to the next.
        spare: windows at the end of each tune that are left out.
        last: the targets are only the last character of each window.
    """
    inputs, targets = [], []
    for sequence in sequences:
        for start in range(0, len(sequence) - max(length + ahead, length) + 1 - spare, stride):
            inputs.append(sequence[start : start + length])
            targets.append(sequence[start + ahead : start + length + ahead])
    return np.array(inputs), np.array(targets)[:, -1:] if last else np.array(targets)


WINDOWS = Exercise(
    "windows",
    title="Windows",
    spellings={"numpy": function("windows", "sequences", "length", returns=("inputs", "targets"))},
    draw=window_cases,
    right=cut,
    parts=WINDOW_PARTS,
    stubs={"numpy": "as_given"},
    mistakes=[
        Mistake(
            "as_given",
            "Targets and inputs are the same numbers, and some windows hold the end of one tune and the beginning of "
            "the next.",
            lambda sequences, length: cut([np.concatenate(sequences)], length, ahead=0),
        ),
        Mistake(
            "as_given_one_less",
            "Targets and inputs are the same numbers, and windows run across the tunes' borders.",
            lambda sequences, length: cut([np.concatenate(sequences)], length, ahead=0, spare=1),
        ),
        Mistake(
            "across_tunes",
            "The targets are right now, but some windows still hold the end of one tune and the beginning of the next: "
            "cut tune by tune.",
            lambda sequences, length: cut([np.concatenate(sequences)], length),
        ),
        Mistake(
            "not_shifted",
            "No window runs across two tunes any more, but a target is still the character that the network has just "
            "read: it should be the one that follows.",
            lambda sequences, length: (cut(sequences, length)[0],) * 2,
        ),
        Mistake(
            "not_shifted_one_more",
            "A target is still the character that the network has just read; and the last window of a tune has nothing "
            "that follows it.",
            partial(cut, ahead=0),
        ),
        Mistake(
            "shifted_by_two",
            "Your targets are two characters ahead.",
            partial(cut, ahead=2),
        ),
        Mistake(
            "next_window",
            "Your targets are the whole next window: that of each character is the one right behind it.",
            lambda sequences, length: cut(sequences, length, ahead=length),
        ),
        Mistake(
            "shifted_back",
            "Your targets are shifted the wrong way: they are the characters before, which the network has seen.",
            lambda sequences, length: cut(sequences, length)[::-1],
        ),
        Mistake(
            "last_window_missing",
            "The last window of each tune is missing, and with it the end sign is never a target: how many places has a "
            "window with its target?",
            partial(cut, spare=1),
        ),
        Mistake(
            "windows_beside_each_other",
            "Your windows lie side by side; a new one should begin at each character.",
            lambda sequences, length: cut(sequences, length, stride=length),
        ),
        Mistake(
            "rolled",
            "The last target of each window is the window's own first character: it is the one behind the window.",
            lambda sequences, length: (lambda inputs: (inputs, np.roll(inputs, -1, axis=1)))(cut(sequences, length)[0]),
        ),
        Mistake(
            "first_tune_only",
            "Only the first tune is cut into windows: does a `return` stand inside the loop over tunes?",
            lambda sequences, length: cut(sequences[:1], length),
        ),
        Mistake(
            "last_tune_only",
            "Only the last tune is cut into windows: keep those of the tunes before, too.",
            lambda sequences, length: cut(sequences[-1:], length),
        ),
        Mistake(
            "last_target_only",
            "Each window has one target only; each character of it has one.",
            partial(cut, last=True),
        ),
    ],
)


# One step


def step_cases(rng: np.random.Generator) -> Drawn:
    for n, size, units in ((3, 5, 4), (1, 4, 2), (4, 3, 3)):
        inputs = {"character": rng.integers(0, size, n), "h": numbers(rng, n, units, low=-0.9, high=0.9)}
        yield "states", {**inputs, "parameters": parameters_of(rng, size, units, 0.7)}


def stepped(
    character: Array,
    h: Array,
    parameters: Parameters,
    activation: Callable[[Array], Array] = np.tanh,
    row: Callable[[Array, Array], Array] = lambda Wx, character: Wx[character],
    bias: float = 1.0,
    turn: Callable[[Array], Array] = identity,
    keep: float = 1.0,
    outside: Sequence[str] = (),
) -> Array:
    """Return the new state, right by default.

    Args:
        outside: which of the three, "character", "state" and "bias", are added behind tanh.
    """
    added = {
        "character": row(parameters["Wx"], character),
        "state": keep * h @ turn(parameters["Wh"]),
        "bias": bias * parameters["b"],
    }
    within = activation(sum(array for name, array in added.items() if name not in outside))
    return within + sum(added[name] for name in outside)


# What may stand behind tanh by mistake, and how a sentence names it.
BEHIND_TANH = {
    ("bias",): "the bias is",
    ("state",): "`h @ Wh` is",
    ("character",): "the character's row of `Wx` is",
    ("state", "bias"): "`h @ Wh` and the bias are",
    ("character", "bias"): "the character's row of `Wx` and the bias are",
}


STEP = Exercise(
    "step",
    title="One step of a recurrent network",
    spellings={"numpy": function("step", "character", "h", "parameters")},
    draw=step_cases,
    right=stepped,
    mistakes=[
        Mistake("bias_forgotten", "The bias `b` is missing.", partial(stepped, bias=0.0)),
        Mistake("bias_subtracted", "You subtract the bias `b`: it is added.", partial(stepped, bias=-1.0)),
        Mistake("state_subtracted", "You subtract `h @ Wh`: it is added.", partial(stepped, keep=-1.0)),
        Mistake(
            "no_memory",
            "Your new state does not depend on the old one: that is what makes a network recurrent.",
            partial(stepped, keep=0.0),
        ),
        Mistake(
            "not_squashed",
            "These are the sums; tanh is missing, and states would grow from step to step.",
            partial(stepped, activation=identity),
        ),
        Mistake(
            "sigmoid",
            "You squash with a sigmoid; use tanh.",
            partial(stepped, activation=lambda z: 0.5 * (1 + np.tanh(0.5 * z))),
        ),
        Mistake(
            "transposed",
            "Your `Wh` stands transposed: each column belongs to a new unit, as in every layer so far.",
            partial(stepped, turn=np.transpose),
        ),
        *(
            Mistake(
                f"{'_and_'.join(outside)}_outside",
                f"The brackets of tanh close too early: {subject} added behind it, and all three belong to the one sum "
                "inside.",
                partial(stepped, outside=outside),
            )
            for outside, subject in BEHIND_TANH.items()
        ),
        Mistake(
            "each_squashed",
            "You take tanh of each term by itself: add them up first, and take tanh of the sum.",
            lambda character, h, parameters: sum(
                np.tanh(each) for each in (parameters["Wx"][character], h @ parameters["Wh"], parameters["b"])
            ),
        ),
        Mistake(
            "squashed_twice",
            "Your sums pass tanh twice; once is enough.",
            partial(stepped, activation=lambda z: np.tanh(np.tanh(z))),
        ),
        Mistake(
            "old_state_squashed",
            "The old state passes a tanh once more before `Wh`: it is one already, so take `h` as it is.",
            lambda character, h, parameters: stepped(character, np.tanh(h), parameters),
        ),
        Mistake(
            "relu",
            "You bend with a ReLU, which lets states grow from step to step; use tanh.",
            partial(stepped, activation=lambda z: np.maximum(z, 0)),
        ),
        Mistake(
            "old_state_added",
            "The old state is added to the new one behind tanh: it comes in through `Wh` alone.",
            lambda character, h, parameters: stepped(character, h, parameters) + h,
        ),
        Mistake(
            "old_state_in_sum",
            "The old state is added to the sum as it is, beside `h @ Wh`: it comes in through `Wh` alone.",
            partial(stepped, turn=lambda Wh: Wh + np.eye(len(Wh))),
        ),
        Mistake(
            "first_state_only",
            "All rows of your batch get the first one's old state: each text has its own row of `h`.",
            lambda character, h, parameters: stepped(character, np.broadcast_to(h[0], h.shape), parameters),
        ),
        Mistake(
            "diagonal_only",
            "Each unit gets its own old state alone, by the diagonal of `Wh`: `h @ Wh` hands it those of all units.",
            partial(stepped, turn=lambda Wh: np.diag(np.diag(Wh))),
        ),
        Mistake(
            "number_multiplied",
            "A character's number is no size: it picks a row of `Wx`, and it is not multiplied with anything.",
            partial(stepped, row=lambda Wx, character: character[:, None] * Wx[0]),
        ),
        Mistake(
            "first_character_only",
            "All rows of your batch get the first one's character.",
            partial(stepped, row=lambda Wx, character: Wx[character[0]]),
        ),
    ],
)


# Many steps


def unroll_cases(rng: np.random.Generator) -> Drawn:
    for n, length, size, units in ((2, 4, 5, 3), (1, 1, 3, 2), (3, 5, 4, 4)):
        inputs = {"inputs": rng.integers(0, size, (n, length)), "h": numbers(rng, n, units, low=-0.9, high=0.9)}
        yield "states and logits", {**inputs, "parameters": parameters_of(rng, size, units, 0.7)}


def unrolled(
    inputs: Array,
    h: Array,
    parameters: Parameters,
    carried: Callable[[Array, Array], Array] = lambda new, h: new,
    axis: int = 1,
    bias: float = 1.0,
    backwards: bool = False,
    last: Callable[[Array], Array] = identity,
) -> tuple[Array, Array]:
    """Return states and logits, right by default.

    Args:
        carried: function from the new state and the first one to the state before the next step.
        axis: along which the states are stacked.
        backwards: the characters are read from the last to the first.
        last: what is done with the logits.
    """
    states, before = [], h
    for character in inputs.T[::-1] if backwards else inputs.T:
        new = stepped(character, before, parameters)
        states.append(new)
        before = carried(new, h)
    stacked = np.stack(states, axis=axis)
    return stacked, last(stacked @ parameters["Wy"] + bias * parameters["by"])


def with_logits(states: Array, parameters: Parameters) -> tuple[Array, Array]:
    return states, states @ parameters["Wy"] + parameters["by"]


def states_before(inputs: Array, h: Array, parameters: Parameters) -> Array:
    """Return the state before each step."""
    return np.concatenate([h[:, None], unrolled(inputs, h, parameters)[0][:, :-1]], axis=1)


def states_alone(
    inputs: Array, h: Array, parameters: Parameters, change: Callable[[Array], Array] = identity
) -> dict[str, Array]:
    """Return nothing but changed states, which tell a mistake from all others."""
    return {"states": change(unrolled(inputs, h, parameters)[0])}


UNROLL = Exercise(
    "unroll",
    title="Step by step",
    spellings={"numpy": function("unroll", "inputs", "h", "parameters", returns=("states", "logits"))},
    draw=unroll_cases,
    right=unrolled,
    mistakes=[
        Mistake(
            "not_carried",
            "Each step begins from the first `h`: the new state is the `h` of the next step.",
            partial(unrolled, carried=lambda new, h: h),
        ),
        Mistake(
            "forgotten",
            "The state is 0 again before each step: the new state is the `h` of the next step.",
            lambda inputs, h, parameters: unrolled(inputs, 0 * h, parameters, carried=lambda new, first: first),
        ),
        Mistake(
            "h_ignored",
            "Your first step begins from 0, whatever `h` is: then a text cannot go on where another one ended.",
            lambda inputs, h, parameters: unrolled(inputs, 0 * h, parameters),
        ),
        Mistake(
            "time_first",
            "Your states lie with time along the first axis: (n, length, units) is asked for.",
            partial(unrolled, axis=0),
        ),
        Mistake(
            "output_bias_forgotten",
            "Your states are right; the logits lack the bias `by`.",
            partial(unrolled, bias=0.0),
        ),
        Mistake(
            "last_state_only",
            "You return the last state and its logits; those of each step are asked for.",
            lambda inputs, h, parameters: tuple(array[:, -1] for array in unrolled(inputs, h, parameters)),
        ),
        Mistake(
            "before_the_step",
            "Your states are those before each character is read: the first one should be that behind the first step.",
            lambda inputs, h, parameters: with_logits(states_before(inputs, h, parameters), parameters),
        ),
        Mistake(
            "probabilities",
            "You return probabilities; the logits are asked for, before any softmax.",
            partial(unrolled, last=partial(softmax, axis=2)),
        ),
        Mistake(
            "reshaped",
            "The shape is right, but texts and steps are mixed up: `reshape` deals the numbers out anew; an axis is moved "
            "by `np.stack(states, axis=1)` or `swapaxes`.",
            lambda inputs, h, parameters: with_logits(
                unrolled(inputs, h, parameters, axis=0)[0].reshape(*inputs.shape, -1), parameters
            ),
        ),
        Mistake(
            "first_character_only",
            "Each step reads the first character of its text again: at step t it is `inputs[:, t]`.",
            lambda inputs, h, parameters: unrolled(np.broadcast_to(inputs[:, :1], inputs.shape), h, parameters),
        ),
        Mistake(
            "bent_logits",
            "Your states are right; the logits pass a tanh of their own, and they may have any size.",
            partial(unrolled, last=np.tanh),
        ),
        Mistake(
            "log_probabilities",
            "You return logarithms of probabilities; the logits are asked for, before any softmax.",
            partial(unrolled, last=lambda z: np.log(softmax(z, axis=2))),
        ),
        Mistake(
            "output_bias_subtracted",
            "Your states are right; for the logits you subtract the bias `by`, which is added.",
            partial(unrolled, bias=-1.0),
        ),
        Mistake(
            "states_squashed_again",
            "Your states are right; on the way to the logits they pass a tanh once more.",
            lambda inputs, h, parameters: (lambda states: (states, with_logits(np.tanh(states), parameters)[1]))(
                unrolled(inputs, h, parameters)[0]
            ),
        ),
        Mistake(
            "logits_before_the_step",
            "Your states are right, but logits come from the state before each character: take the one behind it.",
            lambda inputs, h, parameters: (
                unrolled(inputs, h, parameters)[0],
                with_logits(states_before(inputs, h, parameters), parameters)[1],
            ),
        ),
        Mistake(
            "last_logits_only",
            "Your states are right; there are logits for the last one alone, and each makes some.",
            partial(unrolled, last=lambda logits: logits[:, -1]),
        ),
        Mistake(
            "last_state_repeated",
            "All of your states are the last one. Keep the state of each step: a list to which the same array is appended "
            "again and again, while its entries change, holds it many times.",
            lambda inputs, h, parameters: states_alone(
                inputs, h, parameters, lambda states: np.repeat(states[:, -1:], states.shape[1], axis=1)
            ),
        ),
        Mistake(
            "reversed_order",
            "Your states stand in reversed order: the first one is that behind the first character.",
            lambda inputs, h, parameters: states_alone(inputs, h, parameters, lambda states: states[:, ::-1]),
        ),
        Mistake(
            "last_step_left_out",
            "The last step is missing: there are as many as `inputs` has columns.",
            lambda inputs, h, parameters: states_alone(inputs[:, :-1], h, parameters),
        ),
        Mistake(
            "first_character_left_out",
            "Your loop leaves the first character of each text out: begin with t = 0.",
            lambda inputs, h, parameters: states_alone(inputs[:, 1:], h, parameters),
        ),
        Mistake(
            "first_step_only",
            "You return after the first step: does a `return` stand inside the loop?",
            lambda inputs, h, parameters: states_alone(inputs[:, :1], h, parameters),
        ),
        Mistake(
            "last_step_only",
            "Only the state of the last step is left: make the list once, before the loop, and append to it.",
            lambda inputs, h, parameters: states_alone(inputs, h, parameters, lambda states: states[:, -1:]),
        ),
        Mistake(
            "begins_with_h",
            "Your states begin with `h`, which stands before the first step: keep those behind each step alone.",
            lambda inputs, h, parameters: states_alone(
                inputs, h, parameters, lambda states: np.concatenate([h[:, None], states], axis=1)
            ),
        ),
        Mistake(
            "texts_in_a_row",
            "Each text goes on with the state in which the text before it ended: row i of `h` belongs to text i alone.",
            lambda inputs, h, parameters: tuple(
                array.reshape(*inputs.shape, -1) for array in unrolled(inputs.reshape(1, -1), h[:1], parameters)
            ),
        ),
        Mistake(
            "backwards",
            "You read the text from its end.",
            partial(unrolled, backwards=True),
        ),
    ],
)


# Backpropagation through time


def time_cases(rng: np.random.Generator) -> Drawn:
    """Draw the same inputs for each part; in a batch two rows read the same character at the same time."""
    drawn: list[Inputs] = []
    for n, length, size, units in ((2, 3, 4, 3), (1, 1, 3, 2)):
        inputs, targets = rng.integers(0, size, (2, n, length))
        inputs[:, 0] = inputs[0, 0]
        h = numbers(rng, n, units, low=-0.9, high=0.9)
        parameters = parameters_of(rng, size, units, 0.5)
        drawn.append({"inputs": inputs, "targets": targets, "h": h, "parameters": parameters})
    for part in TIME_PARTS:
        for case in drawn:
            yield part, case


TIME_PARTS = {
    "the output layer": ("loss", "Wy", "by"),
    "the recurrent layer": ("Wh", "b"),
    "the characters": ("Wx",),
}


def through(
    inputs: Array,
    targets: Array,
    h: Array,
    parameters: Parameters,
    first: Callable[[Array, Array], Array] = lambda p, y: p - y,
    scale: Callable[[Array], float] = np.size,
    slope: Callable[[Array, Array], Array] = lambda state, earlier: 1 - state**2,
    back: Callable[[Array], Array] = np.transpose,
    reach: float = 1.0,
    before: Callable[[Array, int, Array], Array] = lambda states, t, h: states[:, t - 1] if t else h,
    kept: Callable[[str], float] = lambda name: 1.0,
    put: Callable[[Array, Array, Array, Array], None] = lambda d, read, guessed, slopes: np.add.at(d, read, slopes),
    bare: str = "",
    made_by: Callable[[Array, Array], Array] = lambda state, earlier: state,
    pile: float = 0.0,
    start: Callable[[Array], Array] = np.zeros_like,
    skipped: int = 0,
    cost: Callable[[Array], Any] = lambda p: -np.mean(np.log(p)),
    sign: float = 1.0,
    late: bool = False,
    early: bool = False,
    total: Callable[..., Array] = np.sum,
    last: int = 0,
    ends: tuple[str, ...] = (),
    forwards: bool = False,
) -> dict[str, Array]:
    """Return the loss and all gradients, right by default.

    Werbos, Backpropagation through time: what it does and how to do it (1990).

    Args:
        first: the slope of the loss along the logits, from probabilities and targets in one-hot form.
        scale: function from the inputs to what gradients are divided by.
        slope: of tanh, from a state and the one before it.
        back: what becomes of Wh on the way back.
        reach: what is left of the gradient that comes from the step behind.
        before: the state before step t, from all states and the first one.
        kept: function from a name to what is left of the sums of the later steps when a step adds its own.
        put: adds the slopes of a step to the gradient for Wx; its characters and targets are handed over too.
        bare: the name of a parameter whose gradient leaves out tanh's slope.
        made_by: what logits are made of, from the state of a step and the one before it.
        start: what comes from behind the last step, from the first state.
        skipped: so many steps at the end are left out on the way back.
        cost: the loss, from the probabilities of the targets.
        pile: what is left of what came from the step behind when a step hands on its own.
        late: what comes from the step behind is added when tanh's slope is multiplied already.
        early: what goes to the step before is taken before tanh's slope is multiplied.
        total: of the slopes of all texts, for b.
        last: the step at which the way back ends.
        ends: names of what gets a share from the last step alone; "states" for the logits' share in them.
        forwards: the loop goes from the first step to the last.
    """
    states, logits = unrolled(inputs, h, parameters)
    p, one_hot = softmax(logits, axis=2), np.eye(logits.shape[2])[targets]
    at_logits = sign * first(p, one_hot) / scale(inputs)
    found = {name: np.zeros_like(array) for name, array in parameters.items()}
    carried = start(h)
    for t in range(inputs.shape[1]) if forwards else reversed(range(last, inputs.shape[1] - skipped)):
        at_end = t == inputs.shape[1] - 1
        earlier = before(states, t, h)
        at_states, at_tanh = at_logits[:, t] @ parameters["Wy"].T, slope(states[:, t], earlier)
        if "states" in ends and not at_end:
            at_states = np.zeros_like(at_states)
        at_sums = at_states * at_tanh + reach * carried * (1.0 if late else at_tanh)
        slopes = {name: at_states + reach * carried if name == bare else at_sums for name in ("Wx", "Wh", "b")}
        own = {
            "Wh": earlier.T @ slopes["Wh"],
            "b": total(slopes["b"], axis=0),
            "Wy": made_by(states[:, t], earlier).T @ at_logits[:, t],
            "by": at_logits[:, t].sum(axis=0),
        }
        found = {name: kept(name) * array for name, array in found.items()}
        put(found["Wx"], inputs[:, t], targets[:, t], slopes["Wx"])
        for name in own:
            found[name] += own[name] if at_end or name not in ends else 0
        carried = pile * carried + (at_states + reach * carried if early else at_sums) @ back(parameters["Wh"])
    return {"loss": cost(np.sum(p * one_hot, axis=2)), **found}


def added_once(d: Array, read: Array, guessed: Array, slopes: Array) -> None:
    """Add slopes to the gradient for Wx; of equal characters in a batch only the last one counts."""
    d[read] += slopes


def written_over(d: Array, read: Array, guessed: Array, slopes: Array) -> None:
    d[read] = slopes


# Taken for the slope of tanh by mistake: from the state behind a step and the one before it, and what that means.
SLOPES: dict[str, tuple[Callable[[Array, Array], Array], str]] = {
    "no_tanh": (
        lambda state, earlier: np.ones_like(state),
        "The slope of tanh is missing: it is 1 - h ** 2 at each state.",
    ),
    "tanh_twice": (
        lambda state, earlier: 1 - np.tanh(state) ** 2,
        "The states are tanh already: its slope is 1 - h ** 2, without another tanh.",
    ),
    "not_squared": (
        lambda state, earlier: 1 - state,
        "You take 1 - h for the slope of tanh: the state is squared, 1 - h ** 2.",
    ),
    "difference_squared": (
        lambda state, earlier: (1 - state) ** 2,
        "You take (1 - h) ** 2 for the slope of tanh: only the state is squared, 1 - h ** 2.",
    ),
    "square_added": (
        lambda state, earlier: 1 + state**2,
        "You take 1 + h ** 2 for the slope of tanh: it is 1 - h ** 2, smaller where a state is near 1 or -1.",
    ),
    "square_alone": (
        lambda state, earlier: state**2,
        "You take h ** 2 for the slope of tanh: it is what is missing to 1, 1 - h ** 2.",
    ),
    "slope_turned_round": (
        lambda state, earlier: state**2 - 1,
        "Your slope of tanh has the wrong sign: it is 1 - h ** 2.",
    ),
    "slope_of_sigmoid": (
        lambda state, earlier: state * (1 - state),
        "You take h * (1 - h), the slope of a sigmoid: that of tanh is 1 - h ** 2.",
    ),
    "state_for_slope": (
        lambda state, earlier: state,
        "You multiply with the state itself in place of tanh's slope, which is 1 - h ** 2.",
    ),
    "slope_before": (
        lambda state, earlier: 1 - earlier**2,
        "You take the slope of tanh from the state before the step: tanh has made the one behind it, `states[:, t]`.",
    ),
}


def with_loss(factor: Callable[[Array], float], gradients: bool, **inputs: Any) -> dict[str, Array]:
    """Return a loss that is too large by a factor, and its gradients where these are as well."""
    right = through(**inputs)
    size = factor(inputs["inputs"])
    return {name: value * size if gradients or name == "loss" else value for name, value in right.items()}


def chosen(found: dict[str, Array], *names: str) -> dict[str, Array]:
    return {name: found[name] for name in names}


ALL = ("loss", *NAMES)  # of what `through` returns


def shown_by(*names: str, **changes: Any) -> Callable[..., dict[str, Array]]:
    """Return a mistake that a few gradients tell from all others; to record all of them takes much room."""
    return lambda **inputs: chosen(through(**inputs, **changes), *names)


THROUGH_TIME = Exercise(
    "through_time",
    title="Backpropagation through time",
    off={"numpy": "autograd"},
    spellings={
        "numpy": Spelling(
            "through_time",
            "arrays_by_name",
            lambda inputs, targets, h, parameters: {
                "arguments": [inputs, targets, h, parameters],
                "names": list(NAMES),
                "first": "loss",
            },
            ALL,
        )
    },
    draw=time_cases,
    right=through,
    parts=TIME_PARTS,
    mistakes=[
        Mistake(
            "summed",
            "Loss and gradients are those of the sum over all characters: divide by how many there are, n times length.",
            lambda **inputs: with_loss(np.size, True, **inputs),
        ),
        Mistake(
            "gradients_summed",
            "Your loss is a mean, your gradients are those of the sum: divide them by n times length, too.",
            partial(through, scale=lambda inputs: 1),
        ),
        Mistake(
            "per_row",
            "Your gradients are divided by n only: the mean is taken over all n times length characters.",
            partial(through, scale=len),
        ),
        Mistake(
            "loss_in_bits",
            "Your loss is in bits; here the natural logarithm is asked for, which fits these gradients.",
            lambda **inputs: with_loss(lambda windows: 1 / np.log(2), False, **inputs),
        ),
        Mistake(
            "not_through_time",
            "What a state changes in later steps is missing: its slope comes from its own logits and from the step "
            "behind.",
            shown_by("b", reach=0.0),
        ),
        Mistake(
            "forwards",
            "Your loop goes from the first step to the last: the slopes come from behind, so begin with the last step.",
            shown_by("b", forwards=True),
        ),
        Mistake(
            "last_logits_only",
            "On the way back only the logits of the last step count: each state also makes those of its own step.",
            shown_by("b", ends=("states",)),
        ),
        Mistake(
            "last_output_only",
            "The gradients for `Wy` and `by` come from the last step alone: all steps make logits, so sum over them.",
            partial(through, ends=("Wy", "by")),
        ),
        Mistake(
            "not_transposed",
            "On the way back you multiply by `Wh` as on the way there: transpose it.",
            shown_by("b", back=identity),
        ),
        *(Mistake(name, hint, shown_by("b", slope=slope)) for name, (slope, hint) in SLOPES.items()),
        Mistake(
            "state_of_this_step",
            "The gradient for `Wh` multiplies with the state before the step, since that is what `Wh` met.",
            partial(through, before=lambda states, t, h: states[:, t]),
        ),
        Mistake(
            "h_forgotten",
            "At the first step the state before is `h`, which you were given, not 0.",
            partial(through, before=lambda states, t, h: states[:, t - 1] if t else 0 * h),
        ),
        Mistake(
            "state_from_the_end",
            "Your `states[:, t - 1]` is the last state where t is 0: the state before the first step is `h`.",
            partial(through, before=lambda states, t, h: states[:, t - 1]),
        ),
        Mistake(
            "overwritten",
            "Each step overwrites the gradients of the others: all steps use the same parameters, so add them up.",
            partial(through, kept=lambda name: 0.0),
        ),
        *(
            Mistake(
                f"{one.lower()}_overwritten",
                f"Each step overwrites the gradient for `{one}` that the others have found: add them up.",
                shown_by(*names, kept=lambda name, one=one: 0.0 if name == one else 1.0),
            )
            for one, names in (("Wh", ALL), ("b", ("Wh", "b")), ("Wy", ALL), ("by", ALL))
        ),
        *(
            Mistake(
                f"{one.lower()}_without_slope",
                f"The gradient for `{one}` comes from the slopes at the states: take those at the sums, which have "
                "gone through tanh's slope.",
                shown_by(*names, bare=one),
            )
            for one, names in (("Wx", ALL), ("Wh", ALL), ("b", ("b",)))
        ),
        Mistake(
            "state_before_for_wy",
            "The gradient for `Wy` multiplies with the state before the step: the logits are made from the one behind it.",
            partial(through, made_by=lambda state, earlier: earlier),
        ),
        Mistake(
            "targets_for_wx",
            "The gradient for `Wx` goes to the rows of the targets: it was the characters read that picked rows, "
            "`inputs[:, t]`.",
            partial(through, put=lambda d, read, guessed, slopes: np.add.at(d, guessed, slopes)),
        ),
        Mistake(
            "characters_written_over",
            "Where a character is read again, the gradient for its row of `Wx` is overwritten: add with "
            "`np.add.at(d, rows, ...)`.",
            partial(through, put=written_over),
        ),
        Mistake(
            "piled_up_behind",
            "What comes from the step behind piles up: each step hands on its own slopes times `Wh.T` alone, so set it "
            "anew and add nothing.",
            shown_by("b", pile=1.0),
        ),
        Mistake(
            "begins_with_h",
            "Your way back begins with `h`, a state: behind the last step nothing follows, so begin with zeros.",
            shown_by("b", start=identity),
        ),
        Mistake(
            "last_step_left_out",
            "Your way back leaves the last step out, t = length - 1: begin there.",
            shown_by("b", skipped=1),
        ),
        Mistake(
            "inputs_for_targets",
            "The slope along the logits is p minus 1 where the target is; you take the character that was read.",
            lambda inputs, targets, **others: chosen(through(inputs=inputs, targets=inputs, **others), "b"),
        ),
        Mistake(
            "likelihood_averaged",
            "For the loss you average first and take the logarithm then: each character has its own, and these are "
            "averaged.",
            shown_by("loss", "b", cost=lambda p: -np.log(np.mean(p))),
        ),
        Mistake(
            "behind_subtracted",
            "You subtract what comes from the step behind: a state's slope is the sum of both.",
            shown_by("b", reach=-1.0),
        ),
        Mistake(
            "target_added",
            "The slope along the logits is p minus 1 where the target is; you add 1.",
            shown_by("b", first=lambda p, y: p + y),
        ),
        Mistake(
            "target_set",
            "The slope along the logits is p minus 1 where the target is; you put -1 there, without p.",
            shown_by("b", first=lambda p, y: p * (1 - y) - y),
        ),
        Mistake(
            "added_after_tanh",
            "What comes from the step behind is added too late: it belongs to the slope along the state, so it must be "
            "there before tanh's slope is multiplied.",
            shown_by("b", late=True),
        ),
        Mistake(
            "handed_on_before_tanh",
            "What you hand to the step before has not gone through tanh: it comes from the slopes at the sums.",
            shown_by("b", early=True),
        ),
        Mistake(
            "first_step_left_out",
            "Your way back ends before the first step, t = 0, which has a share in each gradient, too.",
            lambda **inputs: chosen(through(**inputs, last=1), "Wh", "b", "Wx"),
        ),
        Mistake(
            "b_averaged",
            "You took the mean over the texts for `b`: take their sum. The mean is in the slopes already.",
            lambda **inputs: chosen(through(**inputs, total=np.mean), "Wh", "b"),
        ),
        Mistake(
            "characters_once",
            "Where a batch reads the same character in two rows, one of them is lost: `d[rows] += ...` adds to each row "
            "a single time. `np.add.at(d, rows, ...)` adds all.",
            partial(through, put=added_once),
        ),
        Mistake(
            "targets_forgotten",
            "The slope along the logits is p minus 1 where the target is; you take p alone.",
            partial(through, first=lambda p, y: p),
        ),
        Mistake("uphill", "Your gradients have the wrong sign.", partial(through, sign=-1.0)),
    ],
)


# Clipping


def clip_cases(rng: np.random.Generator) -> Drawn:
    for low, high, limit in ((1.0, 2.0, 1.5), (0.05, 0.2, 2.0), (0.0, 0.0, 1.0), (0.5, 1.5, 0.7), (1.0, 2.0, 6.0)):
        entries = [(rng.uniform(low, high, shape) * rng.choice([-1, 1], shape)).round(2) for shape in ((2, 2), (3,))]
        yield "gradients", {"gradients": dict(zip(("Wh", "b"), entries)), "limit": limit}


def whole(gradients: Parameters) -> float:
    """Return the length of all arrays together."""
    return float(np.sqrt(sum(float(np.sum(array**2)) for array in gradients.values())))


def clipped(
    gradients: Parameters,
    limit: float,
    length: Callable[[Parameters], float] = whole,
    to: float | None = None,
    always: bool = False,
) -> Parameters:
    """Return gradients of which those that are too long are shortened by one factor, right by default.

    Args:
        to: the length that they are brought to; `limit` by default.
        always: short ones are brought to it, too.
    """
    own = length(gradients)
    factor = (limit if to is None else to) / own if own > limit or (always and own) else 1.0
    return {name: factor * array for name, array in gradients.items()}


def lengths(gradients: Parameters) -> list[float]:
    """Return the length of each array by itself."""
    return [whole({name: array}) for name, array in gradients.items()]


def divided_whatever_comes(gradients: Parameters, limit: float) -> Parameters:
    with np.errstate(all="ignore"):
        return {name: limit * array / whole(gradients) for name, array in gradients.items()}


CLIP = Exercise(
    "clip",
    title="Clipping",
    spellings={
        "numpy": Spelling(
            "clip",
            "arrays_by_name",
            lambda gradients, limit: {"arguments": [gradients, limit], "names": ["Wh", "b"]},
            ("Wh", "b"),
        )
    },
    draw=clip_cases,
    right=clipped,
    mistakes=[
        Mistake(
            "each_alone",
            "You shorten each array by itself, which turns the direction: one length and one factor for all of them.",
            lambda gradients, limit: {name: clipped({name: array}, limit)[name] for name, array in gradients.items()},
        ),
        Mistake(
            "entries_cut",
            "You cut single entries off, which turns the direction: multiply all of them by one factor.",
            lambda gradients, limit: {name: np.clip(array, -limit, limit) for name, array in gradients.items()},
        ),
        Mistake(
            "always_scaled",
            "You lengthen short gradients, too: leave alone what is not too long.",
            partial(clipped, always=True),
        ),
        Mistake(
            "divided_whatever_comes",
            "You lengthen short gradients, too, and divide by 0 where all of them are 0: leave alone what is not too long.",
            divided_whatever_comes,
        ),
        Mistake(
            "norms_added",
            "You add up the lengths of the arrays; the length of all is the root of the sum of all squares.",
            partial(clipped, length=lambda gradients: sum(lengths(gradients))),
        ),
        Mistake(
            "longest_array",
            "You take the length of the longest array; that of all together is the root of the sum of all squares.",
            partial(clipped, length=lambda gradients: max(lengths(gradients))),
        ),
        Mistake(
            "lengthened",
            "Your factor is turned round, so that what is too long grows: it is `limit` over the length.",
            lambda gradients, limit: clipped(gradients, limit, to=whole(gradients) ** 2 / limit),
        ),
        Mistake(
            "mean_of_squares",
            "You take the root of the mean of the squares; the length is the root of their sum.",
            partial(
                clipped,
                length=lambda gradients: whole(gradients) / np.sqrt(sum(map(np.size, gradients.values()))),
            ),
        ),
        Mistake(
            "to_length_1",
            "What is too long is shortened to the length 1: `limit` is how long it may be.",
            partial(clipped, to=1.0),
        ),
        Mistake(
            "square_compared",
            "You compare the sum of squares with `limit`, so that some short gradients grow: compare its root, as you "
            "divide by it.",
            lambda gradients, limit: clipped(gradients, limit, always=whole(gradients) ** 2 > limit),
        ),
        Mistake(
            "root_forgotten",
            "Your length is a sum of squares; take its root.",
            partial(clipped, length=lambda gradients: whole(gradients) ** 2),
        ),
        Mistake(
            "largest_entry",
            "You measure the largest entry; the length is the root of the sum of all squares.",
            partial(clipped, length=lambda gradients: max(np.abs(array).max() for array in gradients.values())),
        ),
    ],
)


# Training


def training_cases(rng: np.random.Generator) -> Drawn:
    for counts, size, units, length, limit in (((2, 2, 1), 4, 3, 3, 0.3), ((1, 2), 3, 2, 4, 9.0)):
        inputs = {
            "parameters": parameters_of(rng, size, units, 0.5),
            "inputs": [rng.integers(0, size, (n, length)) for n in counts],
            "targets": [rng.integers(0, size, (n, length)) for n in counts],
            "rate": 0.7,
            "limit": limit,
        }
        yield "training", inputs


def trained(
    parameters: Parameters,
    inputs: list[Array],
    targets: list[Array],
    rate: float,
    limit: float,
    clip: Callable[[Parameters, float], Parameters] = clipped,
    keep: bool = True,
    first: float = 0.0,
    reading: Callable[[float, float], float] = lambda before, after: before,
    batches: slice = slice(None),
    carry: bool = False,
    swapped: bool = False,
) -> dict[str, Array]:
    """Return the parameters and the losses after a training with the steps of the probe, right by default.

    Args:
        clip: what is done with gradients.
        keep: whether a step begins where the one before ended.
        first: all entries of the first state.
        reading: the loss that is kept, from those of a batch before and after its step.
        batches: which of them are used.
        carry: a batch as large as the one before begins with the last state of that one.
        swapped: gradients and parameters change places in the call of the step.
    """
    carried = {name: np.zeros_like(array) for name, array in parameters.items()}
    now, losses, state = parameters, [], np.zeros((0, 0))
    for windows, ahead in list(zip(inputs, targets))[batches]:
        h = np.full((len(windows), len(parameters["Wh"])), first)
        if carry and len(state) == len(windows):
            h = state
        begun = now if keep else parameters
        found = through(windows, ahead, h, begun)
        loss = float(found.pop("loss"))
        short = clip(found, limit)
        state = unrolled(windows, h, begun)[0][:, -1]
        if swapped:
            begun, short = short, begun
        carried = {name: carried[name] / 2 + rate * short[name] for name in NAMES}
        now = {name: begun[name] - carried[name] for name in NAMES}
        losses.append(reading(loss, float(through(windows, ahead, h, now)["loss"])))
    return {**now, "losses": np.array(losses)}


TRAIN = Exercise(
    "train",
    title="The training loop",
    spellings={
        "numpy": Spelling(
            "train",
            "language_training",
            ("parameters", "inputs", "targets", "rate", "limit"),
            (*NAMES, "losses"),
        )
    },
    draw=training_cases,
    right=trained,
    mistakes=[
        Mistake(
            "not_clipped",
            "Your gradients are not clipped to `limit`: hand on to `update` what `clip(gradients, limit)` returns.",
            partial(trained, clip=lambda gradients, limit: gradients),
        ),
        Mistake(
            "parameters_not_kept",
            "Each step begins from the first parameters: keep what `update` returns, for the next batch.",
            partial(trained, keep=False),
        ),
        Mistake(
            "h_of_ones",
            "Each window begins without a past: the first state is all 0.",
            partial(trained, first=1.0),
        ),
        Mistake(
            "state_carried",
            "The first state of a batch is the last one of the batch before: these are other windows, so it is 0 again.",
            partial(trained, carry=True),
        ),
        Mistake(
            "update_swapped",
            "You call `update` with its arguments swapped: first the parameters, then the gradients.",
            partial(trained, swapped=True),
        ),
        Mistake(
            "loss_after_the_step",
            "Your losses are those after each step; keep the one that the gradients came with.",
            partial(trained, reading=lambda before, after: after),
        ),
        Mistake(
            "one_batch",
            "Only the first batch is used: does `return` stand inside the loop?",
            partial(trained, batches=slice(1)),
        ),
        Mistake(
            "update_thrown_away",
            "The parameters never change: `update` returns new ones, and they have to be kept.",
            lambda **inputs: {**trained(**inputs, keep=False), **inputs["parameters"]},
        ),
        Mistake(
            "last_loss_only",
            "Only the last loss is left: make the list once, before the loop, and append to it.",
            lambda **inputs: (lambda found: {**found, "losses": found["losses"][-1:]})(trained(**inputs)),
        ),
        Mistake(
            "targets_read",
            "Inputs and targets have changed places: a batch is a pair (inputs, targets).",
            lambda inputs, targets, **others: trained(inputs=targets, targets=inputs, **others),
        ),
        Mistake(
            "inputs_guessed",
            "The targets of each batch are not used: the network is asked for the characters that it has just read.",
            lambda inputs, targets, **others: trained(inputs=inputs, targets=inputs, **others),
        ),
        Mistake(
            "not_moved",
            "The parameters that you return are those that you were given.",
            lambda **inputs: {**trained(**inputs), **inputs["parameters"]},
        ),
    ],
)


# Writing


LETTERS = ("\n", END, "A", "B", "c", "d", "|", ":", "e")


def written(
    parameters: Parameters,
    letters: Sequence[str],
    prime: str,
    limit: int,
    read: str | None = None,
    again: bool = False,
    on: bool = False,
    anew: bool = False,
    bias: float = 1.0,
) -> tuple[str, float]:
    """Return the likeliest text behind a prime, and the least lead of a likeliest character's logit.

    Args:
        read: what the network reads before it writes; an end sign and the prime by default.
        again: the last character of it is read twice.
        on: an end sign is left out, and the text goes on.
        anew: each character that is written is read with a state of 0.
        bias: what `by` is multiplied by.
    """
    places = {letter: number for number, letter in enumerate(letters)}
    seen = END + prime if read is None else read
    h, text, lead = np.zeros((1, len(parameters["Wh"]))), prime, np.inf
    for letter in seen + (seen[-1:] if again else ""):
        h = stepped(np.array([places[letter]]), h, parameters)
    for _ in range(limit):
        logits = (h @ parameters["Wy"] + bias * parameters["by"])[0]
        second, first = np.sort(logits)[-2:]
        lead = min(lead, float(first - second))
        number = int(np.argmax(logits))
        if letters[number] == END and not on:
            break
        text += letters[number].replace(END, "")
        h = stepped(np.array([number]), 0 * h if anew else h, parameters)
    return text, lead


def readings(parameters: Parameters, letters: Sequence[str], prime: str, limit: int) -> dict[str, tuple[str, float]]:
    """Return what ``written`` gives for what a network should read, and for what it reads by mistake."""
    likeliest = partial(written, parameters, letters, prime, limit)
    return {
        "right": likeliest(),
        "last character only": likeliest(read=(END + prime)[-1]),
        "not warmed up": likeliest(read=END),
        "read twice": likeliest(again=True),
        "no end sign first": likeliest(read=prime or END),
        "no end sign at all": likeliest(read=prime),
        "last not read": likeliest(read=(END + prime)[:-1]),
        "state reset": likeliest(read=""),
        "read anew": likeliest(anew=True),
        "prime backwards": likeliest(read=END + prime[::-1]),
        "end sign behind": likeliest(read=prime + END),
        "without output bias": likeliest(bias=0.0),
    }


def texts_of(parameters: Parameters, letters: Sequence[str], prime: str, limit: int) -> dict[str, str]:
    """Return the right text, and what typical mistakes write in its place, by their names."""
    texts = {name: text for name, (text, _) in readings(parameters, letters, prime, limit).items()}
    right = texts["right"]
    first = right[len(prime) : len(prime) + 1]
    return {
        **texts,
        "end sign passed": written(parameters, letters, prime, limit, on=True)[0],
        "two axes": prime + (letters[0] * limit if letters[0] != END else ""),
        "drawn not read": prime + first * limit,
        "without prime": right[len(prime) :],
        "end sign kept": right + (END if len(right) < len(prime) + limit else ""),
        "limit includes prime": right[: max(limit, len(prime))],
    }


def certain_network(
    rng: np.random.Generator, letters: Sequence[str], units: int, prime: str, limit: int, ends: bool
) -> Parameters:
    """Draw a network whose likeliest text behind a prime ends, or not, before the limit, and which no mistake writes.

    Neither that text nor those of mistakes hang on a difference between logits that chance could turn round.
    """
    while True:
        parameters = parameters_of(rng, len(letters), units, 0.9)
        text, lead = written(parameters, letters, prime, limit)
        length = len(text) - len(prime)
        if lead < 0.05 or len(set(text[len(prime) :])) < 3 or (length < limit) is not ends:
            continue
        found = readings(parameters, letters, prime, limit)
        if len(set(found["read anew"][0][len(prime) :])) == 1:
            continue  # so does a network that never reads what was drawn
        told = (
            set(found) - {"no end sign at all"}
            if len(prime) > 1
            else {"right", "read twice", "read anew", "without output bias"}
        )  # others read the same
        if min(own for _, own in found.values()) > 0.01 and len({found[name][0] for name in told}) == len(told):
            return parameters


def writing_cases(rng: np.random.Generator) -> Drawn:
    drawn = ((8, 5, "AB|c", 9, True), (9, 4, "|:dA", 8, False), (8, 6, "", 7, False), (7, 5, "d", 12, True))
    for (size, units, prime, limit, ends), temperature in zip(drawn, rng.permutation([1e-5, 2e-5, 3e-5, 4e-5])):
        letters = rng.permutation(LETTERS[:size] if ":" in prime else (*LETTERS[: size - 1], "x")).tolist()
        parameters = certain_network(rng, letters, units, prime, limit, ends)
        inputs = {"parameters": parameters, "letters": letters, "prime": prime, "limit": limit}
        texts = texts_of(parameters, letters, prime, limit)
        seeds = rng.integers(0, 2**31, 2).tolist()
        yield "certain", {**inputs, "temperature": float(temperature), "seeds": seeds, "texts": texts}
    letters = rng.permutation(LETTERS).tolist()
    even = {name: 0.0 * array for name, array in parameters_of(rng, len(letters), 3).items()}
    even["by"][letters.index(END)] = -200.0  # never comes
    even["by"][letters.index("A")] = 3.0  # a little likelier than the others, at this temperature
    inputs = {"parameters": even, "letters": letters, "prime": "A", "limit": 30, "temperature": 3.0}
    yield "by chance", {**inputs, "seeds": rng.integers(0, 2**31, 2).tolist(), "texts": {}}


GENERATE = Exercise(
    "generate",
    title="Writing",
    spellings={
        "numpy": Spelling("generate", "written", ("parameters", "letters", "prime", "temperature", "limit", "seeds"))
    },
    draw=writing_cases,
    judge="writes_with_a_network",
)
