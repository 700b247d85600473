"""Lab 4: inverted dropout, as a function."""

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np

from ..probes.lab4_overfitting_dropout import ramp
from ..protocol import Reply, Test
from ..remarks import shape_in_words
from ..verdict import Assessment
from .chance import REPEATED, allowed_drops, repetition
from .faults import Fault, array_or_none, assess_parts

CLOSE = 1e-4  # relative: everything here is float32 or better


SCALES = ("not_scaled", "scaled_by_p", "multiplied", "wrong_scale")  # faults of the factor 1 / (1 - p)


def drops_out(test: Test, replies: list[Reply], reveal: bool) -> Assessment:
    """Inverted dropout: rate, scale, a fate for each value alone, identity in evaluation, safe limits, the mask."""
    faults: dict[str, Fault | None] = dict.fromkeys(("training", "evaluation", "limits", "the mask"))
    surplus = []  # dropped values beyond the rate, for each call in training
    for case, reply in zip(test["cases"], replies):
        arguments, part = case["arguments"], case["part"]
        x = ramp(arguments["shape"], arguments["low"], arguments["high"])
        values = reply["values"]
        arrays = [array_or_none(values, f"output_{number}", x.shape) for number in (1, 2)]
        outputs = [array for array in arrays if array is not None]
        if len(outputs) < len(arrays):
            shape = shape_in_words(getattr(values.get("output_1"), "shape", None), x.shape)
            return Assessment(0.0, "failed", f"expected an output of shape {x.shape}, got {shape}.", "wrong_shape")
        if part == "training":
            faults[part] = faults[part] or _training_fault(x, outputs, arguments["p"], values)
        elif part == "evaluation":
            if not all(_equal(output, x) for output in outputs):
                faults[part] = _evaluation_fault(x, outputs[0], arguments["p"])
        else:
            faults[part] = faults[part] or _limit_fault(x, outputs, arguments["p"])
        if arguments["training"] and 0 < arguments["p"] < 1:
            surplus += [np.sum(output == 0) - arguments["p"] * x.size for output in outputs]
        faults["the mask"] = faults["the mask"] or _returned_mask_fault(x, outputs, values)
    if not faults["training"] and surplus and np.all(np.abs(surplus) < 1):
        faults["training"] = (
            "each call drops exactly the same number of values: draw for each value on its own, so that the number "
            "varies.",
            "exact_share",
        )
    if fault := faults["training"]:
        if fault[1] in SCALES and faults["limits"] and faults["limits"][1] in SCALES:
            faults["limits"] = None  # the same mistake once more, and no limit that was forgotten
        if fault[1] == "nothing_dropped":
            return Assessment(0.0, "failed", *fault)  # then evaluation is right by accident
        faults["the mask"] = faults["the mask"] or ("the output in training is not right yet.", None)
    return assess_parts(faults, "right.")


def _equal(actual: np.ndarray, expected: np.ndarray) -> bool:
    return bool(np.all(np.isfinite(actual)) and np.all(np.abs(actual - expected) <= CLOSE * np.abs(expected) + 1e-9))


def _training_fault(x: np.ndarray, outputs: list[np.ndarray], p: float, values: Mapping[str, Any]) -> Fault | None:
    for number, output in enumerate(outputs, 1):
        after = array_or_none(values, f"input_{number}")
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
        return _nothing_dropped(x, both, p)
    return (
        _mask_fault(dropped)
        or _rate_fault(dropped, p)
        or _scale_fault(ratio[~dropped], p)
        or _generator_fault(outputs[0], values)
    )


def _nothing_dropped(x: np.ndarray, both: np.ndarray, p: float) -> Fault:
    if np.all(np.abs(both / x - 1) < CLOSE):
        return "in training nothing is dropped.", "nothing_dropped"
    if _equal(both, np.broadcast_to(x * (1 - p), both.shape)):
        return (
            "you scale everything by 1 - p; drop some values at random, and scale the others by 1 / (1 - p).",
            "scaled_only",
        )
    return "in training no value becomes 0.", "nothing_dropped"


def _mask_fault(dropped: np.ndarray) -> Fault | None:
    if dropped.all():
        return "every value became 0.", "zeros"
    # What shows in one call comes first: whether a few masks are the same in two calls is left to chance.
    if _mask_shared(dropped):
        return (
            "you draw one mask and use it for every row or every column; draw one number for each value of x.",
            "mask_shared",
        )
    inside, across = repetition(dropped)
    if inside > REPEATED:
        return (
            "values that lie a fixed distance apart share their fate: draw one number for each value of x, and not a "
            "pattern that repeats.",
            "mask_pattern",
        )
    if across > REPEATED:
        return (
            "two calls dropped the same values, in the same places or shifted: draw a fresh mask at each call, with no "
            "fixed seed inside.",
            "mask_repeated",
        )
    return None


def _generator_fault(output: np.ndarray, values: Mapping[str, Any]) -> Fault | None:
    """Return what is wrong with the use of a generator: where it is the same, the output must be, too."""
    again = array_or_none(values, "again", output.shape)
    if again is not None and _equal(again, output):
        return None
    return (
        "a generator that starts from the same seed gave another mask: draw from `rng`, and from nothing else.",
        "rng_ignored",
    )


def _rate_fault(dropped: np.ndarray, p: float) -> Fault | None:
    low, high = allowed_drops(dropped.size, p)
    if low <= dropped.sum() <= high:
        return None
    share = dropped.mean()
    swapped_low, swapped_high = allowed_drops(dropped.size, 1 - p)
    if swapped_low <= dropped.sum() <= swapped_high:
        return (
            f"with p = {p:g} you drop {share:.0%}: p is the share to drop, not the share to keep.",
            "keeps_instead_of_drops",
        )
    normal_low, normal_high = allowed_drops(dropped.size, NormalDist().cdf(p))
    if normal_low <= dropped.sum() <= normal_high:
        return (
            f"with p = {p:g} you drop {share:.0%}: so many normally distributed numbers lie below p. Draw uniform "
            "ones, `rng.random`.",
            "normal_numbers",
        )
    return f"with p = {p:g} you drop {share:.0%} of the values.", "wrong_rate"


def _scale_fault(kept: np.ndarray, p: float) -> Fault | None:
    """Return what is wrong with the kept values, given as multiples of their inputs."""
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


def _mask_shared(dropped: np.ndarray) -> bool:
    """Tell whether the masks, of which the first axis counts the calls, are the same all along another axis."""
    return any(bool(np.all(dropped == dropped.take([0], axis))) for axis in range(1, dropped.ndim))


def _evaluation_fault(x: np.ndarray, output: np.ndarray, p: float) -> Fault:
    if np.any(np.abs(output) < 1e-7):
        return "values are still dropped: with training=False return x as it is.", "drops_in_evaluation"
    if _equal(output, x * (1 - p)):
        return (
            "you scale by 1 - p in evaluation; inverted dropout scales in training, so here return x as it is.",
            "scales_in_evaluation",
        )
    return "with training=False the output should equal x.", "evaluation_changed"


def _limit_fault(x: np.ndarray, outputs: list[np.ndarray], p: float) -> Fault | None:
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
        return _high_rate_fault(x, outputs, p)
    return None


def _high_rate_fault(x: np.ndarray, outputs: list[np.ndarray], p: float) -> Fault | None:
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


def _missing_mask_fault(x: np.ndarray, output: np.ndarray) -> Fault:
    """Return what to say of a mask that is None: backpropagation would fail there."""
    if _equal(output, x):
        return (
            "where nothing is dropped your mask is None; backpropagation multiplies by it, so return ones, of the "
            "shape of x.",
            "mask_none",
        )
    if not np.any(output):
        return "where everything is dropped your mask is None: return zeros, of the shape of x.", "mask_none"
    return "your mask is None; return what x was multiplied by: output = x * mask.", "mask_none"


def _returned_mask_fault(x: np.ndarray, outputs: list[np.ndarray], values: Mapping[str, Any]) -> Fault | None:
    for number, output in enumerate(outputs, 1):
        if f"mask_{number}" not in values:
            return _missing_mask_fault(x, output)
        mask = array_or_none(values, f"mask_{number}")
        if mask is None or mask.shape != x.shape:
            shape = shape_in_words(getattr(mask, "shape", None), x.shape)
            return f"expected the mask to have the shape of x, {x.shape}, got {shape}.", "mask_shape"
        ratio = output / x
        if np.all(np.isfinite(mask)) and np.all(np.abs(mask - ratio) <= 2 * CLOSE * (1 + np.abs(ratio))):
            continue
        dropped = np.abs(ratio) < 1e-7
        if np.all((mask == 0) | (mask == 1)) and np.array_equal(mask == 0, dropped):
            return "the mask holds 0 and 1; put the factor 1 / (1 - p) into it: output = x * mask.", "mask_not_scaled"
        if np.array_equal(mask != 0, dropped):
            return "the mask is 1 where a value was dropped; it should be 0 there.", "mask_inverted"
        return (
            "the mask does not belong to the output: where a value was dropped it must be 0, elsewhere what the value "
            "was multiplied by.",
            "wrong_mask",
        )
    return None
