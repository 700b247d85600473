"""Lab 4, overfitting and dropout: what each exercise asks, and the mistakes that it recognises."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.authoring.exercise import Drawn, Exercise, Inputs, Mistake, Spelling
from autograder.authoring.numerics import Array, identity, number, numbers
from course_utils.datasets import digits, pack_images
from course_utils.probes.lab4_overfitting_dropout import (
    ROWS,
    centre_outputs,
    class_centres,
    features_lie,
    first_adam_step,
)
from course_utils.remarks import ILLNESSES

# A split, by property

LARGE = np.arange(10, 40)  # names of classes that no fixed range of digits holds


def split_cases(rng: np.random.Generator) -> Drawn:
    """Draw labels, to be split with a seed, with it again, and with another; then fewer, to be split with many seeds.

    The classes have other names each time, with gaps between them, and not all are digits.
    """
    sizes = rng.choice([43, 61, 80, 97, 120], 6, replace=True)
    # Some names are below the number of classes, six, and others are not: who takes 0 to 5 finds some, and never all.
    names = (np.arange(1, 6), np.arange(6, 10), LARGE)
    classes = np.concatenate([rng.choice(each, 2, replace=False) for each in names])
    labels = rng.permutation(np.repeat(classes, sizes))
    first, second = (int(seed) for seed in rng.choice(10_000, 2, replace=False))
    for seed in (first, first, second):
        yield "split", {"labels": labels, "seeds": [seed]}
    few = rng.permutation(np.repeat([0, rng.integers(2, 10), rng.choice(LARGE)], 20))
    yield "split", {"labels": few, "seeds": rng.choice(100_000, 60, replace=False).tolist()}


STRATIFIED_SPLIT = Exercise(
    "stratified_split",
    title="Three parts",
    spellings={"numpy": Spelling("stratified_split", "seeded_splits", ("labels", "seeds"))},
    draw=split_cases,
    judge="splits_in_three",
)


# Curves to diagnose


def curves(
    rng: np.random.Generator, illness: str, epochs: int, size: float, left: tuple[float, float] = (0.1, 0.15)
) -> Inputs:
    """Draw two learning curves that nobody who looks at them would doubt; each jitters by two per cent.

    Args:
        size: about the loss with which they begin.
        left: between which shares of it the rest lies where the network fits.
    """
    time, start = np.linspace(0, 1, epochs), size * float(rng.uniform(0.8, 1.2))
    falling = np.exp(-6 * time)
    if illness == "underfits":
        training = 1 - float(rng.uniform(0.06, 0.12)) * time
        validation = 1.03 * training
    elif illness == "overfits":
        turn = float(rng.uniform(0.3, 0.45))
        training = 0.03 + 0.97 * falling
        validation = 0.5 + 0.5 * np.maximum(1 - time / turn, 0) + 0.6 * np.maximum(time - turn, 0)
    elif illness == "diverges":
        training = 1 - 0.25 * np.sin(np.pi * np.minimum(2 * time, 1)) + float(rng.uniform(1, 2)) * time**2
        validation = 1.05 * training
    else:
        low = float(rng.uniform(*left))
        training = low + (1 - low) * falling - 0.04 * time
        validation = 1.9 * low + (1 - 1.9 * low) * falling - 0.03 * time
        if epochs < 30:  # in short trainings the curves stay together, in long ones a usual gap is left
            validation = training.copy()
    jitter = 1 + 0.02 * rng.uniform(-1, 1, (2, epochs))
    training, validation = np.round(start * np.array([training, validation]) * jitter, 4)
    if illness == "fits":  # the end is as good as any epoch, but for its jitter, which goes up
        validation[-2] = validation.min()
        validation[-1] = np.round(1.02 * validation[-2], 4)
        training[-1] = max(training[-1], validation[-1]) if epochs < 30 else training[-1]
    if illness == "overfits":  # and here down
        validation[-1] = np.round(0.98 * validation[-2], 4)
    if illness != "diverges":  # no training ends at its lowest loss: who compares with that is wrong in each curve
        training[-1] = max(training[-1], np.round(1.01 * training[:-1].min(), 4))
    return {"training": training, "validation": validation}


def diagnosis(
    training: Array,
    validation: Array,
    rises: Callable = lambda training, validation: validation[-1] > 1.2 * validation.min(),
    stays: Callable = lambda training: training[-1] > 0.6 * training[0],
    grows: Callable = lambda training: training[-1] > 1.2 * training[0],
    overfits_first: bool = False,
) -> int:
    """Return the number of the word for two curves, right by default.

    Args:
        rises: whether the validation loss has turned.
        stays: whether the training loss stays up.
        grows: whether the training loss grows.
        overfits_first: look for overfitting before anything else.
    """
    word = "fits"
    if overfits_first and rises(training, validation):
        word = "overfits"
    elif grows(training):
        word = "diverges"
    elif stays(training):
        word = "underfits"
    elif rises(training, validation):
        word = "overfits"
    return 1 + ILLNESSES.index(word)


def said(training: Array, validation: Array, word: str) -> int:
    """Return the number of a word, whatever the curves."""
    return 1 + ILLNESSES.index(word)


DIAGNOSE = Exercise(
    "diagnose",
    title="Curves to diagnose",
    spellings={"numpy": Spelling("diagnose", "diagnosed", ("training", "validation"), ("word",))},
    draw=lambda rng: [
        *((word, curves(rng, word, epochs, size)) for epochs, size in ((20, 0.4), (45, 5.0)) for word in ILLNESSES),
        ("fits", curves(rng, "fits", 25, 1.8, left=(0.42, 0.46))),  # less than a half and more than a third
    ],
    right=diagnosis,
    mistakes=[
        Mistake(
            "divergence_is_overfitting",
            "Where the training loss itself grows you say that the network overfits; but it learns nothing by heart "
            "there. Look at the training loss first.",
            partial(diagnosis, overfits_first=True),
        ),
        Mistake(
            "any_rise",
            "Real curves jitter: you take the first small bump of the validation loss for a turn. Compare its end with "
            "its lowest value, and allow for some per cent.",
            partial(diagnosis, rises=lambda training, validation: bool(np.any(np.diff(validation) > 0))),
        ),
        Mistake(
            "last_two_alone",
            "You compare the last two epochs, and real curves jitter: compare the end with the lowest value of all.",
            partial(diagnosis, rises=lambda training, validation: validation[-1] > validation[-2]),
        ),
        Mistake(
            "fixed_levels",
            "You compare losses with fixed numbers; how large a loss is depends on the task: compare it with others of "
            "its own curve.",
            partial(
                diagnosis,
                stays=lambda training: training[-1] > 1,
                rises=lambda training, validation: validation[-1] > 0.5,
            ),
        ),
        Mistake(
            "third_left",
            "A loss that has lost more than half of its start has come down: a network underfits where less than a "
            "third is lost, not where more than a third is left.",
            partial(diagnosis, stays=lambda training: training[-1] > training[0] / 3),
        ),
        Mistake(
            "gap_alone",
            "You take every gap between the curves for overfitting. A small one is usual; has the validation loss "
            "turned?",
            partial(diagnosis, rises=lambda training, validation: validation[-1] > 1.2 * training[-1]),
        ),
        Mistake(
            "overfitting_forgotten",
            "You never say that a network overfits. The training loss cannot tell; and the validation loss that has "
            "turned need not end above where it began.",
            partial(diagnosis, rises=lambda training, validation: False),
        ),
        Mistake(
            "underfitting_forgotten",
            "You never say that a network underfits: has the training loss come down at all?",
            partial(diagnosis, stays=lambda training: False),
        ),
        Mistake(
            "divergence_forgotten",
            "You never say that a training diverges: there the training loss ends above where it began.",
            partial(diagnosis, grows=lambda training: False),
        ),
        *(
            Mistake(f"says_{word}", f'Your function says "{word}" here.', partial(said, word=word))
            for word in ILLNESSES
        ),
    ],
)


# A measurement, to be mended


def measurement(
    X: Array,
    y: Array,
    training: Array,
    test: Array,
    drops: bool,
    scale: str = "training",
    spread: str | None = None,
    mode: bool = False,
    both: bool = False,
    taken: bool = False,
    exchanged: bool = False,
    raw: bool = False,
    place: Callable = lambda X, mean, spread: (X - mean) / spread,
) -> dict[str, Array]:
    """Return the share of test samples that are right, measured as one should by default, and where features lay.

    Args:
        scale: the samples whose mean and spread scale the features: "training", "test", "all", "own", those of each
            part, or "none".
        spread: the samples of the spread, where they are others than those of the mean.
        mode: what the network is told while it is measured.
        both: measure on samples of the training part too, if the test part names them.
        taken: leave those out of the training instead.
        exchanged: measure on the training samples that are not in the test part.
        raw: the test part is not scaled.
        place: function (features, their mean, their spread) to scaled features.
    """
    if taken:
        training = np.setdiff1d(training, test)
    elif exchanged:
        test = np.setdiff1d(training, test)
    elif not both:
        test = np.setdiff1d(test, training)
    everything = np.arange(len(X))
    samples: dict[str, tuple[Array, Array]] = {
        "training": (training, training),
        "test": (test, test),
        "all": (everything, everything),
        "own": (training, test),
    }
    inside, outside = (
        (X[training], X[test])
        if scale == "none"
        else (
            place(X[part], X[centred].mean(axis=0), X[spread_out].std(axis=0))
            for part, centred, spread_out in zip((training, test), samples[scale], samples[spread or scale])
        )
    )
    if raw:
        outside = X[test]
    said = centre_outputs(class_centres(inside, y[training]), outside, mode, drops).argmax(axis=1)
    return {"share": np.mean(said == y[test]), "trained_on": features_lie(inside), "measured_on": features_lie(outside)}


def measured_share(**inputs: Any) -> float:
    return float(measurement(**inputs)["share"])


# The faults that show in each case of the mended measurement, as arguments of `measurement`; all others do not.
FAULTS: dict[str, dict[str, Any]] = {
    "all": {"scale": "all"},
    "spread of all": {"spread": "all"},
    "mean of all": {"scale": "all", "spread": "training"},
    "own": {"scale": "own"},
    "test": {"scale": "test"},
    "none": {"scale": "none"},
    "mode": {"mode": True},
    "both": {"both": True},
    "taken": {"taken": True},
    "raw": {"raw": True},
    "exchanged": {"exchanged": True},
}
SHOWS = {
    "scaling": ("all", "spread of all", "mean of all", "own", "test", "none", "raw", "exchanged"),
    "dropout": ("mode",),
    "samples in both": ("own", "both", "taken", "exchanged"),
}


def spread_of_all(mean: Array, spread: Array) -> float:
    """Return the spread of all features taken together."""
    return float(np.sqrt(np.mean(spread**2) + np.var(mean)))


# Where features lie after a wrong scaling; the case that asks for scaling tells all of these from the right one.
MISPLACED: tuple[Callable, ...] = (
    lambda X, mean, spread: X - mean,
    lambda X, mean, spread: (X - mean) * spread,
    lambda X, mean, spread: (X - mean) / spread_of_all(mean, spread),
    lambda X, mean, spread: (X - mean.mean()) / spread_of_all(mean, spread),
    lambda X, mean, spread: X / spread,
    lambda X, mean, spread: (X + mean) / spread,
    lambda X, mean, spread: (mean - X) / spread,
    lambda X, mean, spread: (X - mean.mean()) / spread,
    lambda X, mean, spread: (X - len(X) * mean) / spread,
    lambda X, mean, spread: (X - mean) // spread,
    lambda X, mean, spread: X - mean / spread,
)


def measure_cases(rng: np.random.Generator) -> Drawn:
    """Draw two cases for each fault, in which just the faults that belong there change the share.

    A share has so few values that one learned by heart from the check would be right in every tenth classroom.
    """
    for part, shown in (pair for pair in SHOWS.items() for _ in range(2)):
        while True:
            inputs = samples_to_measure(rng, part)
            share = measured_share(**inputs)
            if share in (0, 0.5, 1):
                continue
            wrong = MISPLACED if part == "scaling" else ()
            if all(
                (measured_share(**inputs, **fault) != share) == (name in shown) for name, fault in FAULTS.items()
            ) and all(measured_share(**inputs, place=place) != share for place in wrong):
                yield part, inputs
                break


def samples_to_measure(rng: np.random.Generator, part: str) -> Inputs:
    """Draw samples of two classes in two parts.

    Where the test samples equal those to train on, all of them have the mean and the spread of the training part, and
    that is scaled already, so that only one part of the exercise asks for scaling.
    """
    y = np.tile([0, 1], 12)
    own = rng.normal(size=(24, 6)) + np.outer(y, rng.uniform(0.3, 0.8, 6))
    own = (own - own.mean(axis=0)) / own.std(axis=0)
    order = rng.permutation(24)
    X, labels, test = np.vstack([own, own[order]]), np.concatenate([y, y[order]]), np.arange(24, 48)
    if part == "scaling":
        new = rng.normal(size=(24, 6)) + labels[24:, None]
        X[24:] = new * rng.uniform(1, 4, 6) + rng.uniform(-2, 2, 6)
        X = X * rng.uniform(0.1, 9, 6) + rng.uniform(-20, 20, 6)
    if part == "samples in both":
        test = np.concatenate([test[:8], rng.permutation(24)[:14]])
    training = np.arange(24)
    if part == "dropout":  # the training part stands elsewhere, too
        training, test = test, training
    return {"X": np.round(X, 4), "y": labels, "training": training, "test": test, "drops": part == "dropout"}


MEASURE = Exercise(
    "measure",
    title="A measurement to mend",
    spellings={
        "numpy": Spelling(
            "measure",
            "measured",
            ("X", "y", "training", "test", "drops"),
            ("share", "trained_on", "measured_on"),
        ),
    },
    draw=measure_cases,
    right=measurement,
    parts=dict.fromkeys(SHOWS, ("share",)),
    stubs={"numpy": "as_it_was"},
    mistakes=[
        Mistake(
            "as_it_was",
            "It still measures something else than how good the network is on samples that had no part in making it.",
            partial(measurement, scale="all", mode=True, both=True),
        ),
        Mistake(
            "scaled_by_all",
            "The test samples still have a part in the training: mean and spread are those of all samples.",
            partial(measurement, scale="all"),
        ),
        Mistake(
            "spread_of_all",
            "The mean is that of the training part, and the standard deviation still that of all samples: take it from the "
            "training part, too.",
            partial(measurement, spread="all"),
        ),
        Mistake(
            "mean_of_all",
            "The standard deviation is that of the training part, and the mean still that of all samples: take it from the "
            "training part, too.",
            partial(measurement, scale="all", spread="training"),
        ),
        Mistake(
            "each_part_by_its_own",
            "You scale the test part by its own mean and spread; scale it as the training part was scaled.",
            partial(measurement, scale="own"),
        ),
        Mistake(
            "scaled_by_test",
            "You scale by mean and spread of the test part; in use there is none. Take those of the training part.",
            partial(measurement, scale="test"),
        ),
        Mistake(
            "not_scaled",
            "The features are not scaled: give each a mean of 0 and a standard deviation of 1, by the training part.",
            partial(measurement, scale="none"),
        ),
        Mistake(
            "test_not_scaled",
            "You train on scaled features and measure on others that are not: scale both alike.",
            partial(measurement, raw=True),
        ),
        Mistake(
            "difference_exchanged",
            "You measure on training samples, those that are not in the test part: it is the other difference.",
            partial(measurement, exchanged=True),
        ),
        Mistake(
            "one_scale_for_all",
            "You scale with one mean and one deviation of all features; each feature has its own: axis=0.",
            partial(measurement, place=MISPLACED[3]),
        ),
        Mistake(
            "brackets_forgotten",
            "Only the mean is divided by the standard deviation: put the difference to the mean in brackets.",
            partial(measurement, place=MISPLACED[-1]),
        ),
        Mistake(
            "dropout_left_on",
            "Dropout is still on while you measure.",
            partial(measurement, mode=True),
        ),
        Mistake(
            "known_samples_measured",
            "You still measure on the samples that stand in both parts: leave them in the training, and out of the test part.",
            partial(measurement, both=True),
        ),
        Mistake(
            "taken_from_training",
            "You take the samples that stand in both parts out of the training; leave them there, and out of the test part.",
            partial(measurement, taken=True),
        ),
        Mistake(
            "only_the_scaling",
            "The scaling is right; two more faults are left, in the last line and before the first.",
            partial(measurement, mode=True, both=True),
        ),
    ],
)


# Dropout, by property


def dropout_cases(rng: np.random.Generator) -> Drawn:
    # With all its digits: no hidden case has the lower end of a public one.
    low, high = float(rng.uniform(0.3, 0.9)), number(rng, 1.5, 2.5)
    kinds = [
        ("training", float(rng.choice([0.2, 0.3])), True),
        ("training", float(rng.choice([0.6, 0.7])), True),  # of an array with three axes: hidden values of any shape
        ("evaluation", float(rng.choice([0.2, 0.3])), False),
        ("evaluation", 0.6, False),
        ("limits", 0.0, True),
        ("limits", 1.0, True),
        ("limits", 0.98, True),
    ]
    for place, (part, p, training) in enumerate(kinds):
        seed, shape = int(rng.integers(1_000_000)), [16, 16, 16] if place == 1 else [100, 40]
        yield part, {"shape": shape, "low": low, "high": high, "p": p, "training": training, "seed": seed}


DROPOUT = Exercise(
    "dropout_numpy",
    title="Inverted dropout",
    spellings={"numpy": Spelling("dropout", "dropout_calls", ("shape", "low", "high", "p", "training", "seed"))},
    draw=dropout_cases,
    judge="drops_out",
)


def dropout_net_cases(rng: np.random.Generator) -> Drawn:
    """Draw a network of one hidden layer and one of two, each with another rate; to build one in Keras is slow."""
    depths = ([4, 16, 19], [5, 16, 14, 17])
    for widths, p in zip(depths, rng.permutation([0.2, 0.3, 0.4]).tolist()):
        yield "network", {"widths": widths, "p": p, "seed": int(rng.integers(1_000_000))}


DROPOUT_NET = Exercise(
    "dropout_net",
    title="Dropout as a layer",
    spellings={
        "torch": Spelling(("dropout_net_torch", "outputs_torch"), "torch_dropout_net", ("widths", "p", "seed")),
        "tensorflow": Spelling(("dropout_net_tf", "outputs_tf"), "keras_dropout_net", ("widths", "p", "seed")),
    },
    draw=dropout_net_cases,
    judge="drops_out_in_training",
    stubs={"torch": "unfinished", "tensorflow": "unfinished"},
)


# Early stopping


def stopping_cases(rng: np.random.Generator) -> Drawn:
    """Draw losses around a pattern in which each mistake shows: bumps, a plateau, a long rise, a slow slide.

    The trainings of one part alone change their weights in place, so that a stopper that keeps no copy loses that part.
    """
    for part, patience, min_delta, pattern, *scale in (
        ("patience", 2, 0.0, [90, 70, 75, 60, 66, 50, 55, 53, 58, 40, 30]),
        ("patience", 3, 0.0, [90, 80, 86, 84, 70, 75, 73, 71, 60, 50]),
        ("copies", 2, 0.0, [90, 70, 75, 60, 66, 50, 55, 53, 58, 40, 30]),
        ("copies", 3, 0.0, [90, 80, 86, 70, 78, 60, 50, 55, 45]),
        ("minimum improvement", 2, 0.05, [90, 70, 67, 60, 57, 56, 40, 30]),
        ("minimum improvement", 2, 0.05, [90, 60, 62, 63, 64, 50, 51, 52]),
        ("minimum improvement", 3, 0.05, [90, 87, 84, 81, 70, 72, 67, 66, 50, 40]),
        ("patience", 3, 0.0, [90, 80, 86, 84, 80, 70, 60]),  # an equal loss is no improvement
        ("patience", 2, 0.0, [90, 70, 75, 60, 66, 67, 50], 100_000),  # the first loss is, however large
    ):
        noise = rng.integers(-4, 5, len(pattern)) / 1000
        noise = noise[[pattern.index(value) for value in pattern]]  # what is equal stays equal
        weights = [numbers(rng, *shape) for shape in ((2, 2), (2,))]
        losses = (np.round(np.array(pattern) / 100 + noise, 3) * (scale or [1])[0]).tolist()
        yield (
            part,
            {
                "patience": patience,
                "min_delta": min_delta,
                "losses": losses,
                "weights": weights,
                "in_place": part == "copies",
            },
        )


def stopping(
    patience: int,
    min_delta: float,
    losses: list[float],
    weights: list[Array],
    better: Callable = lambda loss, best, delta: loss < best - delta,
    late: int = 0,
    reset: bool = True,
    previous: bool = False,
    slide: bool = False,
    keep: str = "best",
    never: bool = False,
    at_once: bool = False,
) -> tuple[Array, int]:
    """Return the best weights and the epoch of early stopping (0: it went on), right by default.

    Args:
        better: function (loss, best so far, minimum improvement).
        late: epochs that it waits longer.
        reset: an improvement sets the count of epochs without one back to 0.
        previous: compare with the epoch before, not with the best.
        slide: remember each lower loss as the best, however little it improves.
        keep: weights of the "best", the "last" or the "first" epoch, or what the training "changed" them into.
        at_once: stop after the first epoch.
    """
    best, best_epoch, waited, stopped, epoch = np.inf, 1, 0, 0, 0
    for epoch, loss in enumerate(losses, 1):
        if better(loss, best, min_delta):
            best, best_epoch, waited = loss, epoch, waited * (not reset)
        else:
            waited += 1
            if slide and loss < best:
                best = loss
            if waited >= patience + late and not never:
                stopped = epoch
                break
        if at_once:
            stopped = epoch
            break
        if previous:
            best = loss
    # In training the weights move on after each epoch but the one at which it stops.
    changed = epoch - 1 if stopped else epoch
    moved = {"best": best_epoch - 1, "first": 0, "last": epoch - 1, "changed": changed}[keep]
    return np.concatenate([array.ravel() for array in weights]) + moved, stopped


EARLY_STOPPING = Exercise(
    "early_stopping",
    title="Early stopping",
    spellings={
        "numpy": Spelling(
            "EarlyStopping",
            "early_stopping",
            ("patience", "min_delta", "losses", "weights", "in_place"),
            returns=("best_weights", "stopped_after"),
        )
    },
    draw=stopping_cases,
    right=stopping,
    mistakes=[
        Mistake(
            "weights_not_copied",
            "You stop in time, but `best_weights` went on changing with the training: "
            "keep copies, `[array.copy() for array in weights]`.",
            lambda patience, min_delta, losses, weights, in_place: stopping(
                patience, min_delta, losses, weights, keep="changed" if in_place else "best"
            ),
        ),
        Mistake(
            "last_weights_kept",
            "You stop in time, but `best_weights` are those of the last epoch: replace them only at an improvement.",
            partial(stopping, keep="last"),
        ),
        Mistake(
            "patience_ignored",
            "You stop at the first epoch without improvement, whatever `patience` says: count such epochs.",
            partial(stopping, patience=1),
        ),
        Mistake(
            "stops_at_once",
            "You say stop after the very first epoch, which always is an improvement: are True and False the wrong way "
            "round?",
            partial(stopping, at_once=True),
        ),
        Mistake(
            "first_weights_kept",
            "You stop in time, but `best_weights` are those of the first epoch: replace them at each improvement.",
            partial(stopping, keep="first"),
        ),
        Mistake(
            "one_epoch_late",
            "You stop one epoch too late: stop when the epochs without improvement have reached `patience`.",
            partial(stopping, late=1),
        ),
        Mistake(
            "one_epoch_early",
            "You stop one epoch too early: count only epochs without improvement.",
            partial(stopping, late=-1),
        ),
        Mistake(
            "never_reset",
            "Your count never goes back: an improvement sets it to 0, since only epochs in a row count.",
            partial(stopping, reset=False),
        ),
        Mistake(
            "compares_with_the_epoch_before",
            "You compare each loss with the one before; compare it with the best so far.",
            partial(stopping, previous=True),
        ),
        Mistake(
            "minimum_improvement_ignored",
            "Every lower loss counts as an improvement for you; it has to be lower by more than `min_delta`.",
            partial(stopping, better=lambda loss, best, delta: loss < best),
        ),
        Mistake(
            "minimum_improvement_added",
            "You compare with best + min_delta, so that even a worse loss counts; it has to be below best - min_delta.",
            partial(stopping, better=lambda loss, best, delta: loss < best + delta),
        ),
        Mistake(
            "equal_counts",
            "A loss that equals the best one counts as an improvement for you; it has to be lower.",
            partial(stopping, better=lambda loss, best, delta: loss <= best - delta),
        ),
        Mistake(
            "best_slides_down",
            "A small improvement does not count, and must not move the best loss either; "
            "else many small ones never add up.",
            partial(stopping, slide=True),
        ),
        Mistake(
            "higher_is_better",
            "You wait for the loss to rise; a lower loss is better.",
            partial(stopping, better=lambda loss, best, delta: loss > (best if np.isfinite(best) else -np.inf) + delta),
        ),
        Mistake(
            "never_stops",
            "You never say stop: return True once the count has reached `patience`.",
            partial(stopping, never=True),
        ),
    ],
)


# L2


def l2_cases(rng: np.random.Generator) -> Drawn:
    rates, strengths = rng.permutation([0.1, 0.2, 0.4, 0.5]).tolist(), rng.permutation([0.1, 0.15, 0.2, 0.3]).tolist()
    for kind in ("penalty", "decay"):
        for optimiser in ("sgd", "adam"):
            shape = (4,) if len(rates) % 2 else (2, 3)
            sign, against = rng.choice([-1, 1], shape), np.resize([1, 1, -1, 1], shape)
            yield (
                kind,
                {
                    "w": sign * numbers(rng, *shape, low=0.5),
                    "gradient": -sign * against * numbers(rng, *shape, low=0.05, high=0.6),
                    "optimiser": optimiser,
                    "learning_rate": rates.pop(),
                    "strength": strengths.pop(),
                    "kind": kind,
                },
            )


def as_penalty(w: Array, gradient: Array, direction: Callable, rate: float, strength: float) -> Array:
    return w - rate * direction(gradient + strength * w)


def as_decay(w: Array, gradient: Array, direction: Callable, rate: float, strength: float) -> Array:
    return w - rate * (direction(gradient) + strength * w)


def l2_step(
    w: Array,
    gradient: Array,
    optimiser: str,
    learning_rate: float,
    strength: float,
    kind: str,
    penalty: Callable = as_penalty,
    decay: Callable = as_decay,
) -> Array:
    """Return the weights after one step with L2, right by default."""
    direction = {"sgd": identity, "adam": first_adam_step}[optimiser]
    step = {"penalty": penalty, "decay": decay}[kind]
    return step(w, gradient, direction, learning_rate, strength)


L2_STEP = Exercise(
    "l2_step",
    title="L2 penalty and weight decay",
    spellings={
        "numpy": Spelling(
            "l2_step", "regularised_step", ("w", "gradient", "optimiser", "learning_rate", "strength", "kind")
        )
    },
    draw=l2_cases,
    right=l2_step,
    mistakes=[
        Mistake(
            "kinds_swapped",
            "The two are swapped: a penalty goes through `direction`, decay does not.",
            partial(l2_step, penalty=as_decay, decay=as_penalty),
        ),
        Mistake(
            "always_decay",
            "With a penalty the pull belongs to the gradient: `direction` gets both at once.",
            partial(l2_step, penalty=as_decay),
        ),
        Mistake(
            "always_penalty",
            "Weight decay stays out of `direction`: only the gradient goes in.",
            partial(l2_step, decay=as_penalty),
        ),
        Mistake(
            "strength_ignored", "Your step ignores `strength`: this is plain descent.", partial(l2_step, strength=0)
        ),
        Mistake(
            "direction_ignored",
            "Your step never calls `direction`: it is right for plain SGD alone. Give it what the optimiser should see.",
            partial(
                l2_step,
                penalty=lambda w, gradient, direction, rate, s: w - rate * (gradient + s * w),
                decay=lambda w, gradient, direction, rate, s: w - rate * (gradient + s * w),
            ),
        ),
        Mistake(
            "penalty_itself",
            "You add the penalty, one number for all weights; what a gradient needs is how fast it grows with each weight.",
            partial(
                l2_step,
                penalty=lambda w, gradient, direction, rate, s: w - rate * direction(gradient + s / 2 * np.sum(w**2)),
            ),
        ),
        Mistake(
            "penalty_not_derived",
            "You add the penalty of each weight, with its square; what a gradient needs is how fast it grows with the weight.",
            partial(
                l2_step, penalty=lambda w, gradient, direction, rate, s: w - rate * direction(gradient + s / 2 * w**2)
            ),
        ),
        Mistake(
            "asked_twice",
            "Your penalty asks `direction` twice; the optimiser sees one gradient, that of loss and penalty together.",
            partial(
                l2_step,
                penalty=lambda w, gradient, direction, rate, s: w - rate * (direction(gradient) + direction(s * w)),
            ),
        ),
        Mistake(
            "factor_two",
            "Your pull is twice as strong: the penalty is strength / 2 times the sum of "
            "squares, so its gradient is strength * w.",
            lambda strength, **others: l2_step(strength=2 * strength, **others),
        ),
        Mistake(
            "sign_flipped",
            "Your weights are pushed away from 0; L2 pulls them towards it.",
            lambda strength, **others: l2_step(strength=-strength, **others),
        ),
        Mistake(
            "ascent",
            "Your step goes up the slope: subtract the direction.",
            lambda learning_rate, **others: l2_step(learning_rate=-learning_rate, **others),
        ),
        Mistake(
            "decay_without_learning_rate",
            "Your penalty is right, but the decay lacks the learning rate: subtract learning_rate * strength * w.",
            partial(l2_step, decay=lambda w, gradient, direction, rate, s: w - rate * direction(gradient) - s * w),
        ),
        Mistake(
            "decay_after_the_step",
            "Your penalty is right, but you let the weights decay after the step; use the weights from before it.",
            partial(
                l2_step, decay=lambda w, gradient, direction, rate, s: (w - rate * direction(gradient)) * (1 - rate * s)
            ),
        ),
        Mistake(
            "absolute_value",
            "You add strength * sign(w), which is L1; L2 pulls by strength * w.",
            partial(
                l2_step,
                penalty=lambda w, gradient, direction, rate, s: w - rate * direction(gradient + s * np.sign(w)),
                decay=lambda w, gradient, direction, rate, s: w - rate * (direction(gradient) + s * np.sign(w)),
            ),
        ),
    ],
)


# Augmentation, by property


def augment_cases(rng: np.random.Generator) -> Drawn:
    for fewest, most in ((250, 265), (275, 300)):  # more the second time, so that no number is taken for granted
        yield "images", {"count": int(rng.integers(fewest, most)), "seed": int(rng.integers(1_000_000))}


AUGMENT = Exercise(
    "augment",
    title="More data out of little",
    spellings={"numpy": Spelling("augment", "augmented", ("count", "seed"))},
    draw=augment_cases,
    judge="shifts_each_image",
)


def moved(images: Array, rng: np.random.Generator) -> Array:
    """Return the images, each moved by up to one pixel in both directions; what moves in is paper (0)."""
    count, height, width = images.shape
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    down, right = rng.integers(0, 3, (2, count, 1, 1))
    return padded[np.arange(count)[:, None, None], down + np.arange(height)[:, None], right + np.arange(width)]


def moved_and_noisy(images: Array, rng: np.random.Generator, noise: float = 0.1) -> Array:
    """Return the images, each moved by up to one pixel and covered with noise, still from 0 to 1.

    Args:
        noise: standard deviation of what is added to each pixel.
    """
    return np.clip(moved(images, rng) + noise * rng.standard_normal(images.shape), 0, 1)


# The capstone, by property

TRAINING, FALSE = 400, 100  # digits to train on, and how many of them have a false label; the other 1397 are hidden
LIMIT = 20  # seconds of computing after which a training that never ends is stopped; a good one needs less than one


def exam(entropy: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return two mappings: "training" and "hidden" to packed images; "given", "training" and "hidden" to labels as text.

    The ten labels are dealt anew, alike in all parts: who looks a public digit up does not know what it is called here.
    Some given labels are false; "training" holds the true ones. Who repeats a false label has learned it by heart, and
    who answers falsely on purpose does not know where that would be right.
    """
    rng, (images, labels) = np.random.default_rng(entropy), digits()
    cut = np.split(rng.permutation(len(labels)), [TRAINING])
    parts = dict(zip(("training", "hidden"), cut))
    packed = {name: pack_images(moved_and_noisy(images[part], rng)) for name, part in parts.items()}
    dealt = rng.permutation(10)[labels]
    given = dealt[parts["training"]]
    false = rng.choice(TRAINING, FALSE, replace=False)
    given[false] = (given[false] + rng.integers(1, 10, FALSE)) % 10
    numbered = {"given": given, **{name: dealt[part] for name, part in parts.items()}}
    return packed, {name: "".join(map(str, each)) for name, each in numbered.items()}


def capstone_cases(rng: np.random.Generator) -> Drawn:
    """Draw an exam; its true labels are for the judge, and no probe gets them."""
    entropy = int(rng.integers(2**62))
    yield "training", {"entropy": entropy, "seed": int(rng.integers(1000)), **exam(entropy)[1]}


def capstone_arguments(entropy: int, seed: int, given: str) -> Inputs:
    images = exam(entropy)[0]
    return {
        "images": images["training"],
        "labels": given,
        "seed": seed,
        "limit": LIMIT,
        "questions": {"hidden": images["hidden"]},
    }


CAPSTONE = Exercise(
    "capstone",
    title="Digits that nobody has seen",
    spellings={"numpy": Spelling("train", "trained", capstone_arguments)},
    draw=capstone_cases,
    judge="generalises",
)


# The table of cures, by property. Nothing is drawn: the same two rows are always measured again, so that a wrong number
# costs the same in every classroom; all five would take two and a half times as long.


def ablation_cases(rng: np.random.Generator) -> Drawn:
    yield "the table", {"rows": list(ROWS), "limit": LIMIT}


ABLATION = Exercise(
    "ablation",
    title="What each cure is worth",
    spellings={"numpy": Spelling(("train", "ablation"), "ablation_rows", ("rows", "limit"))},
    draw=ablation_cases,
    judge="same_when_measured_again",
)
