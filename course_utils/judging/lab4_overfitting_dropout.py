"""Lab 4: splits, dropout, networks that drop out, and a training that has to work on digits that nobody has seen.

Dropout is random, so its judges ask for what holds of a right answer but for once in more than a million times; the
test of these judges computes that chance, and the chance that a wrong answer slips through.
"""

import numpy as np

from ..probes.lab4_overfitting_dropout import dropout_net_parameters, ramp
from ..verdict import Assessment

DEVIATIONS = 6.5  # a share of dropped values may lie this many standard deviations from the rate
CLOSE = 1e-4  # relative: everything here is float32 or better

# The capstone. Reference runs: tests/labs/capstone_runs.json, made by `python -m bench.capstone`.
ACCURACY = ((0.82, 1.0), (0.70, 0.5))  # right on hidden digits: at least this; share of the first half of the points
GAP = ((0.14, 1.0), (0.17, 0.5))  # accuracy in training minus in validation: at most this; share of the second half
LEARNED = ACCURACY[-1][0]  # below this accuracy a small gap earns nothing


def _array(values, name, shape=None, kinds="iuf"):
    """Return one of a reply's arrays, or None where it is not there or not of this shape."""
    array = values.get(name)
    good = isinstance(array, np.ndarray) and array.dtype.kind in kinds
    return array if good and (shape is None or array.shape == tuple(shape)) else None


def _parts(problems, passed):
    """Return the assessment of an exercise in parts.

    Args:
        problems: mapping from each part to None where it is right, else to (message, diagnosis).
        passed: message when all is right.
    """
    wrong = {part: problem for part, problem in problems.items() if problem}
    if not wrong:
        return Assessment(1.0, "passed", passed)
    right = [part for part in problems if part not in wrong]
    (message, diagnosis) = next(iter(wrong.values()))
    if not right:
        return Assessment(0.0, "failed", message, diagnosis)
    return Assessment(
        len(right) / len(problems),
        "partial",
        f"right for {', '.join(right)}; for {', '.join(wrong)}: {message}",
        diagnosis,
    )


# A split


def splits_in_three(test, replies, reveal):
    """Three parts, disjoint and complete; in each class 70, 15 and 15 %; the same again for a seed, not for another.

    The cases are one set of labels with a seed, with the same seed again, and with another one.
    """
    labels = np.asarray(test["cases"][0]["data"]["labels"])
    splits = []
    for reply in replies:
        parts = [_array(reply["values"], name, kinds="biuf") for name in ("train", "validation", "test")]
        if any(part is None for part in parts):
            return Assessment(0.0, "failed", "expected three arrays of indices.", "unreadable")
        splits.append([part.ravel() for part in parts])
    for split in splits:
        if problem := _not_a_partition(split, len(labels)):
            return Assessment(0.0, "failed", *problem)
    splits = [[part.astype(int) for part in split] for split in splits]
    return _parts(
        {
            "disjoint parts that miss nothing": None,
            "70, 15 and 15 % of each class": _shares(splits, labels),
            "a seed that decides": _seed(splits),
        },
        "right.",
    )


def _not_a_partition(split, count):
    if any(part.dtype.kind == "b" for part in split):
        return "you return masks of True and False; return the indices, such as `np.flatnonzero(mask)`.", "masks"
    if any(part.size and not np.all(part == np.round(part)) for part in split):
        return "the parts hold numbers that are no indices.", "no_indices"
    everything = np.concatenate(split)
    if not everything.size:
        return "all three parts are empty.", "empty"
    if everything.min() < 0 or everything.max() >= count:
        return f"an index lies outside 0 to {count - 1}: return indices, not images or labels.", "outside"
    if len(np.unique(everything)) < len(everything):
        shared = [
            f"`{one}` and `{other}`"
            for i, one in enumerate(("train", "validation", "test"))
            for j, other in enumerate(("train", "validation", "test"))
            if i < j and np.intersect1d(split[i], split[j]).size
        ]
        where = f"{shared[0]} share samples" if shared else "a sample stands in a part twice"
        return f"{where}: a sample that was trained on can no longer tell whether the network generalises.", "overlap"
    if len(everything) < count:
        return f"{count - len(everything)} of {count} samples are in no part.", "incomplete"
    return None


def _shares(splits, labels):
    """Each class: 70, 15 and 15 % of it, one sample more or less."""
    for split in splits:
        for label in sorted(set(labels.tolist())):
            total = np.sum(labels == label)
            counts = [int(np.sum(labels[part] == label)) for part in split]
            if any(abs(count - share * total) > 1 + 1e-9 for count, share in zip(counts, (0.7, 0.15, 0.15))):
                whole = [len(part) / len(labels) for part in split]
                if max(abs(a - b) for a, b in zip(whole, (0.7, 0.15, 0.15))) < 0.02:
                    return (
                        f"the parts have the right sizes, but class {label} is split {counts[0]}, {counts[1]}, "
                        f"{counts[2]}: split each class on its own (stratify).",
                        "not_stratified",
                    )
                return (
                    f"the parts hold {whole[0]:.0%}, {whole[1]:.0%} and {whole[2]:.0%} of the samples; it should "
                    "be 70 %, 15 % and 15 %.",
                    "wrong_shares",
                )
    return None


def _seed(splits):
    def same(one, other):
        return all(np.array_equal(np.sort(a), np.sort(b)) for a, b in zip(one, other))

    if not same(splits[0], splits[1]):
        return "the same seed gave two different splits: draw from `np.random.default_rng(seed)`.", "not_reproducible"
    if same(splits[0], splits[2]):
        return "two different seeds gave the same split: shuffle, and let the seed decide how.", "seed_ignored"
    return None


# Dropout


def drops_out(test, replies, reveal):
    """Inverted dropout: rate, scale, a fresh mask, identity in evaluation, safe limits, gradients, input left alone."""
    found = {"training": None, "evaluation": None, "limits": None, "gradients": None}
    for case, reply in zip(test["cases"], replies):
        arguments, part = case["arguments"], case["part"]
        x = ramp(arguments["shape"], arguments["low"], arguments["high"])
        values = reply["values"]
        outputs = [_array(values, f"output_{number}") for number in (1, 2)]
        if any(output is None or output.shape != x.shape for output in outputs):
            shape = getattr(values.get("output_1"), "shape", None)
            return Assessment(0.0, "failed", f"expected an output of shape {x.shape}, got {shape}.", "wrong_shape")
        if part == "training":
            found[part] = found[part] or _training_problem(x, outputs, arguments["p"], values)
        elif part == "evaluation":
            if not all(_equal(output, x) for output in outputs):
                found[part] = _evaluation_problem(x, outputs[0], arguments["p"])
        else:
            found[part] = found[part] or _limit_problem(x, outputs, arguments["p"])
        if part != "limits" or arguments["p"] < 1:
            found["gradients"] = found["gradients"] or _gradient_problem(test, x, outputs, values)
    if found["training"] and found["training"][1] == "nothing_dropped":
        return Assessment(0.0, "failed", *found["training"])  # then evaluation is right by accident
    if found["training"]:
        found["gradients"] = found["gradients"] or ("the output in training is not right yet.", None)
    return _parts(found, "right.")


def _equal(actual, expected):
    return bool(np.all(np.isfinite(actual)) and np.all(np.abs(actual - expected) <= CLOSE * np.abs(expected) + 1e-9))


def allowed_drops(count, p):
    """Return the smallest and the largest number of dropped values that the judge takes for chance."""
    spread = DEVIATIONS * np.sqrt(count * p * (1 - p)) + 1
    return count * p - spread, count * p + spread


def _training_problem(x, outputs, p, values):
    for number, output in enumerate(outputs, 1):
        after = _array(values, f"input_{number}")
        if after is None or not _equal(after, x):
            return (
                "your function changes its input: compute with a new array, without `*=` or `x[...] =`.",
                "input_changed",
            )
        if not np.all(np.isfinite(output)):
            return "the output holds NaN or infinity.", "not_finite"
    both = np.stack(outputs)
    ratio = both / x
    dropped = np.abs(ratio) < 1e-7
    if not dropped.any():
        if np.all(np.abs(ratio - 1) < CLOSE):
            return "in training nothing is dropped.", "nothing_dropped"
        if _equal(both, np.broadcast_to(x * (1 - p), both.shape)):
            return (
                "you scale everything by 1 - p; drop some values at random, and scale the others by 1 / (1 - p).",
                "scaled_only",
            )
        return "in training no value becomes 0.", "nothing_dropped"
    if dropped.all():
        return "every value became 0.", "zeros"
    if np.array_equal(dropped[0], dropped[1]):
        return (
            "two calls dropped the same values: draw a fresh mask at each call, with no fixed seed inside.",
            "mask_repeated",
        )
    if _mask_shared(dropped):
        return (
            "you draw one mask and use it for every row or every column; draw one number for each value of x.",
            "mask_shared",
        )
    low, high = allowed_drops(dropped.size, p)
    share = dropped.mean()
    if not low <= dropped.sum() <= high:
        swapped_low, swapped_high = allowed_drops(dropped.size, 1 - p)
        if swapped_low <= dropped.sum() <= swapped_high:
            return (
                f"with p = {p:g} you drop {share:.0%}: p is the share to drop, not the share to keep.",
                "keeps_instead_of_drops",
            )
        return f"with p = {p:g} you drop {share:.0%} of the values.", "wrong_rate"
    kept = ratio[~dropped]
    if np.all(np.abs(kept - 1 / (1 - p)) <= CLOSE / (1 - p)):
        return None
    for factor, message, name in (
        (1, "the kept values are not scaled: divide them by 1 - p, so that the mean stays.", "not_scaled"),
        (1 / p, "the kept values are divided by p; divide them by 1 - p.", "scaled_by_p"),
        (1 - p, "the kept values are multiplied by 1 - p; divide them by it.", "multiplied"),
    ):
        if np.all(np.abs(kept - factor) <= CLOSE * factor):
            return message, name
    return "the kept values do not all equal x / (1 - p).", "wrong_scale"


def _mask_shared(dropped):
    return np.all(dropped == dropped[:, :1]) or np.all(dropped == dropped[:, :, :1])


def _evaluation_problem(x, output, p):
    if np.any(np.abs(output) < 1e-7):
        return "values are still dropped: with training=False return x as it is.", "drops_in_evaluation"
    if _equal(output, x * (1 - p)):
        return (
            "you scale by 1 - p in evaluation; inverted dropout scales in training, so here return x as it is.",
            "scales_in_evaluation",
        )
    return "with training=False the output should equal x.", "evaluation_changed"


def _limit_problem(x, outputs, p):
    for output in outputs:
        if not np.all(np.isfinite(output)):
            return (
                "for p = 1 the output holds NaN or infinity: is there a division by 1 - p = 0?"
                if p == 1
                else "near the limits the output holds NaN or infinity.",
                "divides_by_zero",
            )
        if p == 0 and not _equal(output, x):
            return "with p = 0 nothing may change.", "p_zero"
        if p == 1 and np.any(output):
            return "with p = 1 everything is dropped: return zeros.", "p_one"
    if 0 < p < 1:
        return _training_rate_only(x, outputs, p)
    return None


def _training_rate_only(x, outputs, p):
    ratio = np.stack(outputs) / x
    dropped = np.abs(ratio) < 1e-7
    low, high = allowed_drops(dropped.size, p)
    if _mask_shared(dropped):  # the share of few draws is right by luck
        return "with p close to 1 all rows or all columns lose the same values.", "mask_shared"
    if not low <= dropped.sum() <= high:
        return f"with p close to 1 you drop {dropped.mean():.0%} of the values.", "wrong_rate"
    if np.any(np.abs(ratio[~dropped] * (1 - p) - 1) > 10 * CLOSE):
        return "with p close to 1 the kept values do not equal x / (1 - p).", "wrong_scale"
    return None


def _gradient_problem(test, x, outputs, values):
    mask = "the mask" if "numpy" in test["grade_id"] else "the gradient"
    for number, output in enumerate(outputs, 1):
        gradient = _array(values, f"gradient_{number}")
        if gradient is None or gradient.shape != x.shape:
            if mask == "the mask":
                shape = getattr(values.get(f"gradient_{number}"), "shape", None)
                return f"expected the mask to have the shape of x, {x.shape}, got {shape}.", "mask_shape"
            return (
                "no gradient reaches x: compute with the framework's own operations, without NumPy, `.detach()` or "
                "`.numpy()`."
            ), "no_gradient"
        ratio = output / x
        if not np.all(np.isfinite(gradient)) or np.any(np.abs(gradient - ratio) > 2 * CLOSE * (1 + np.abs(ratio))):
            if (
                mask == "the mask"
                and np.all((gradient == 0) | (gradient == 1))
                and np.array_equal(gradient == 0, np.abs(ratio) < 1e-7)
            ):
                return (
                    "the mask holds 0 and 1; put the factor 1 / (1 - p) into it, so that output = x * mask.",
                    "mask_not_scaled",
                )
            if mask == "the mask" and np.array_equal(gradient != 0, np.abs(ratio) < 1e-7):
                return "the mask is 1 where a value was dropped; it should be 0 there.", "mask_inverted"
            return (
                f"{mask} does not belong to the output: where a value was dropped it must be 0, elsewhere what "
                "the value was multiplied by.",
                "wrong_gradient",
            )
    return None


# Networks with dropout


def drops_out_in_training(test, replies, reveal):
    """A network drops hidden values in training alone; the second function chooses, and leaves the mode as it was."""
    values, data = replies[0]["values"], test["cases"][0]["data"]
    build, run = test["object"]
    started = [any(name.startswith(prefix) for name in values) for prefix in ("net_", "run_")]
    problems = {f"`{name}`": (f"not finished: `{name}` returns nothing yet.", None) for name in (build, run)}
    if started[0]:
        problems[f"`{build}`"] = _net_problem(values, data)
    if started[1]:
        problems[f"`{run}`"] = _run_problem(values, data, "torch" in test["probe"])
    return _parts(problems, "right: dropped in training, whole in evaluation.")


def _without_negatives(z):
    """Set what is negative to 0, in this very array."""
    z[z < 0] = 0
    return z


def _forward(x, parameters, hidden=_without_negatives, head=lambda z: z):
    for layer in (1, 2):
        x = hidden(x @ parameters[f"W{layer}"] + parameters[f"b{layer}"])
    return head(x @ parameters["W3"] + parameters["b3"])


def _net_problem(values, data):
    x, p, parameters = np.asarray(data["x"]), data["p"], dropout_net_parameters(np.asarray(data["W"]))
    expected = _forward(x, parameters)
    training, evaluation = (_array(values, f"net_{mode}") for mode in ("training", "evaluation"))
    if training is None or evaluation is None:
        return "the network returns no numbers.", "unreadable"
    for output in (training, evaluation):
        if output.shape != expected.shape:
            return f"expected an output of shape {expected.shape}, got {output.shape}.", "wrong_shape"
    if not _near(evaluation, expected):
        return _evaluated_wrongly(evaluation, x, parameters, expected)
    if not _near(training[:, -2:], expected[:, -2:]):
        return "values of the output are dropped: there is no dropout after the head.", "dropout_on_output"
    active = expected[:, :-2] > 0
    ratio = (training[:, :-2] / np.where(active, expected[:, :-2], 1))[active]
    if np.all(np.abs(ratio - 1) < 1e-3):
        return "in training nothing is dropped: put a dropout layer after each hidden activation.", "nothing_dropped"
    dropped, layers = np.abs(ratio) < 1e-4, 2
    low, high = allowed_drops(dropped.size, 1 - (1 - p) ** layers)
    kept = ratio[~dropped]
    if low <= dropped.sum() <= high and np.all(np.abs(kept * (1 - p) ** layers - 1) < 1e-3):
        return None
    for scale, message, name in (
        (p**layers, "`p` is the share to drop, not the share to keep.", "keeps_instead_of_drops"),
        (1 - p, "only one hidden layer has dropout; put one after each hidden activation.", "one_layer_only"),
        ((1 - p) ** (2 * layers), "there are two dropouts after each hidden activation.", "dropout_doubled"),
    ):
        if len(kept) and np.all(np.abs(kept * scale - 1) < 1e-3):
            return message, name
    return (
        "in training the hidden values that arrive are not those of dropout after each hidden activation, and "
        "nowhere else.",
        "wrong_dropout",
    )


def _near(actual, expected):
    return np.allclose(actual, expected, rtol=1e-3, atol=1e-4)


def _evaluated_wrongly(output, x, parameters, expected):
    if _near(output, _forward(x, parameters, hidden=lambda z: z)):
        return "the hidden layers have no ReLU.", "no_activation"
    if _near(output, _forward(x, parameters, head=_without_negatives)):
        return "the output goes through a ReLU as well; the head stays linear.", "relu_on_head"
    if _near(output, _forward(x, parameters, hidden=lambda z: 1 / (1 + np.exp(-z)))):
        return "the hidden layers use the sigmoid; here they use ReLU.", "sigmoid_instead"
    if np.mean(np.abs(output[:, :-2][expected[:, :-2] > 1e-3]) < 1e-7) > 0.05:
        return "in evaluation values are still dropped.", "drops_in_evaluation"
    return (
        "in evaluation, with dropout off, the output is not that of Linear, ReLU, Linear, ReLU, Linear.",
        "wrong_network",
    )


def _run_problem(values, data, modes):
    """Return what is wrong with the outputs in training and evaluation, and with the mode that is left behind, or None.

    Args:
        modes: the network remembers a mode, and was asked in either one.
    """
    x, p = np.asarray(data["x"]), data["p"]
    for name in [name for name in values if name.startswith("run_")]:
        output = _array(values, name, x.shape)
        if output is None:
            return "expected the outputs of the network, one row for each sample.", "wrong_shape"
        whole = np.allclose(output, x, rtol=1e-3, atol=1e-5)
        if name.startswith("run_evaluation") and not whole:
            return "with training=False values are still dropped.", "drops_in_evaluation"
        if name.startswith("run_training"):
            if whole:
                return (
                    "with training=True nothing is dropped: tell the network that this is training.",
                    "not_in_training",
                )
            if not np.all((np.abs(output) < 1e-7) | (np.abs(output * (1 - p) - x) < 1e-3 * np.abs(x) + 1e-5)):
                return "with training=True the outputs are not those of the network.", "wrong_output"
    both = ("training", "evaluation")
    cases = [f"{a}_from_{b}" for a in both for b in both] if modes else both
    if not {f"run_{case}" for case in cases} <= set(values):
        return "it does not return the outputs each time.", "incomplete"
    for case in cases if modes else ():
        mode = values.get(f"mode_{case}")
        if not (isinstance(mode, np.ndarray) and mode.size == 1 and bool(mode.ravel()[0])):
            return (
                "the outputs are right, but the network is left in another mode than before: note `net.training` "
                "first, and put it back.",
                "mode_changed",
            )
    return None


# The capstone


def generalises(test, replies, reveal):
    """A training is right on most of the hidden digits, and not much better on those that it has seen."""
    values, data = replies[0]["values"], test["cases"][0]["data"]
    shares = {}
    for name in ("hidden", "validation", "training"):
        truth = np.array([int(digit) for digit in data[name]])
        answer = _array(values, name, truth.shape)
        if answer is None:
            return Assessment(0.0, "failed", "expected one label for each image.", "unreadable")
        shares[name] = float(np.mean(answer == truth))
        if name == "hidden" and np.all(answer == answer[0]):
            return Assessment(0.0, "failed", "`predict` says the same label for every image.", "constant")
    accuracy, gap = shares["hidden"], shares["training"] - shares["validation"]
    first = next((part for least, part in ACCURACY if accuracy >= least), 0.0)
    second = next((part for most, part in GAP if gap <= most), 0.0) if accuracy >= LEARNED else 0.0
    numbers = (
        f"{accuracy:.1%} right on new digits; {shares['training']:.1%} on the training digits and "
        f"{shares['validation']:.1%} on the validation digits, a gap of {100 * gap:.1f} points."
    )
    earned = (first + second) / 2
    if earned == 1:
        return Assessment(1.0, "passed", numbers)
    if accuracy < LEARNED:
        seen = shares["training"] >= 0.9
        return Assessment(
            earned,
            "failed",
            numbers
            + (
                " The training digits are known, new ones are not: this network memorises."
                if seen
                else " It has hardly learned the digits: do images and labels stay paired, and does the loss fall?"
            ),
            "memorises" if seen else "not_learned",
        )
    advice = (
        " For all points: "
        + " and ".join(
            [f"at least {ACCURACY[0][0]:.0%} right"] * (first < 1)
            + [f"a gap of at most {100 * GAP[0][0]:.0f} points"] * (second < 1)
        )
        + "."
    )
    return Assessment(earned, "partial" if earned else "failed", numbers + advice, "gap" if second < 1 else "accuracy")
