"""Lab 4, overfitting and dropout: what each exercise asks, and the mistakes that it recognises."""

import numpy as np

from autograder.authoring.exercise import Exercise, Mistake, Spelling
from autograder.authoring.quiz import Question, quiz
from course_utils.datasets import digits, pack_images, shifted_and_noisy
from course_utils.probes.lab4_overfitting_dropout import first_adam_step

# A split, by property


def split_cases(rng):
    sizes = rng.choice([40, 60, 80, 100, 120], 6, replace=True)
    labels = rng.permutation(np.repeat(np.arange(6), sizes))
    first, second = (int(seed) for seed in rng.choice(10_000, 2, replace=False))
    return [("split", {"labels": labels, "seed": seed}) for seed in (first, first, second)]


STRATIFIED_SPLIT = Exercise(
    name="stratified_split",
    title="Three parts",
    spellings={
        "numpy": Spelling(
            "stratified_split",
            "call",
            lambda inputs: {
                "arguments": [inputs["labels"], inputs["seed"]],
                "outputs": ["train", "validation", "test"],
            },
        )
    },
    draw=split_cases,
    judge="splits_in_three",
)


# Where the curves part


def curve_cases(rng):
    return [("curves", curves(rng, epochs)) for epochs in (8, 12, 15)]


def curves(rng, epochs):
    """Draw two learning curves: validation falls, with a bump, and rises again."""
    while True:
        best = int(rng.integers(4, epochs - 2))
        falling = np.cumsum(rng.uniform(0.05, 0.2, best))[::-1]
        rising = np.cumsum(rng.uniform(0.02, 0.08, epochs - best - 1))
        validation = 0.6 + np.concatenate([falling, [0], rising])[:epochs]
        bump = int(rng.integers(1, best - 1))
        validation[bump] = validation[bump - 1] + 0.03
        training = np.round(np.cumsum(rng.uniform(0.03, 0.1, epochs))[::-1] + 0.02, 3)
        validation = np.round(validation, 3)
        clear = len(np.unique(validation)) == epochs and validation[-1] > training[-1]
        if clear and validation[bump + 1] < validation[bump]:
            return {"training": training, "validation": validation}


def parting(
    epoch=lambda training, validation: np.argmin(validation) + 1,
    gap=lambda training, validation, epoch: validation[-1] - training[-1],
):
    """Return the epoch where the curves part and their gap, right by default, as a function of a case's inputs."""

    def result(inputs):
        training, validation = inputs["training"], inputs["validation"]
        found = int(epoch(training, validation))
        return {"epoch": np.array(found), "gap": np.array(gap(training, validation, found))}

    return result


def first_rise(training, validation):
    return int(np.argmax(np.diff(validation) > 0)) + 1


PARTING_EPOCH = Exercise(
    name="parting_epoch",
    title="Where the curves part",
    spellings={
        "numpy": Spelling(
            "parting_epoch",
            "call",
            lambda inputs: {"arguments": [inputs["training"], inputs["validation"]], "outputs": ["epoch", "gap"]},
            returns=("epoch", "gap"),
        )
    },
    draw=curve_cases,
    right=parting(),
    mistakes=(
        Mistake(
            "counted_from_zero",
            "The gap is right, but your epoch is one too small: count epochs from 1.",
            parting(lambda training, validation: np.argmin(validation)),
        ),
        Mistake(
            "training_minimum",
            "You look for the lowest training loss; it is the validation loss that tells "
            "when the network stops getting better.",
            parting(lambda training, validation: np.argmin(training) + 1),
        ),
        Mistake(
            "first_rise",
            "You stop at the first small bump of the validation loss; look for its lowest value over all epochs.",
            parting(first_rise),
        ),
        Mistake(
            "largest_validation",
            "You look for the highest validation loss; look for the lowest.",
            parting(lambda training, validation: np.argmax(validation) + 1),
        ),
        Mistake(
            "widest_gap",
            "You look for the widest gap; look for the lowest validation loss.",
            parting(lambda training, validation: np.argmax(validation - training) + 1),
        ),
        Mistake(
            "gap_at_the_epoch",
            "Your epoch is right, but you measure the gap there; measure it at the last epoch.",
            parting(gap=lambda training, validation, epoch: (validation - training)[epoch - 1]),
        ),
        Mistake(
            "gap_sign",
            "Your epoch is right, but the gap has the wrong sign: validation minus training.",
            parting(gap=lambda training, validation, epoch: training[-1] - validation[-1]),
        ),
        Mistake(
            "gap_on_average",
            "Your epoch is right, but you average the gap; measure it at the last epoch.",
            parting(gap=lambda training, validation, epoch: np.mean(validation - training)),
        ),
        Mistake(
            "risen_since",
            "Your epoch is right, but your gap is how far the validation loss has risen "
            "since; subtract the training loss.",
            parting(gap=lambda training, validation, epoch: validation[-1] - validation.min()),
        ),
    ),
)


# Dropout, by property


def dropout_cases(rng):
    low, high = (round(float(each), 2) for each in (rng.uniform(0.3, 0.9), rng.uniform(1.5, 2.5)))
    kinds = [
        ("training", float(rng.choice([0.2, 0.3])), True),
        ("training", float(rng.choice([0.6, 0.7])), True),
        ("evaluation", float(rng.choice([0.2, 0.3])), False),
        ("evaluation", 0.6, False),
        ("limits", 0.0, True),
        ("limits", 1.0, True),
        ("limits", 0.98, True),
    ]
    return [
        (
            part,
            {
                "shape": [100, 40],
                "low": low,
                "high": high,
                "p": p,
                "training": training,
                "seed": int(rng.integers(1_000_000)),
            },
        )
        for part, p, training in kinds
    ]


def dropout_arguments(library):
    return lambda inputs: {"library": library, **inputs}


DROPOUT = Exercise(
    name="dropout",
    title="Inverted dropout",
    spellings={
        "numpy": Spelling("dropout", "dropout_calls", dropout_arguments("numpy")),
        "torch": Spelling("dropout_torch", "dropout_calls", dropout_arguments("torch")),
        "tensorflow": Spelling("dropout_tf", "dropout_calls", dropout_arguments("tensorflow")),
    },
    draw=dropout_cases,
    judge="drops_out",
)


def dropout_net_cases(rng):
    W = np.round(rng.uniform(0.3, 1.5, (5, 16)) * rng.choice([-1, 1], (5, 16)), 2)
    x = np.round(rng.uniform(0.3, 1.5, (40, 5)) * rng.choice([-1, 1], (40, 5)), 2)
    return [("network", {"W": W, "p": 0.4, "x": x})]


DROPOUT_NET = Exercise(
    name="dropout_net",
    title="Dropout as a layer",
    spellings={
        "torch": Spelling(("dropout_net_torch", "outputs_torch"), "torch_dropout_net", lambda inputs: inputs),
        "tensorflow": Spelling(("dropout_net_tf", "outputs_tf"), "keras_dropout_net", lambda inputs: inputs),
    },
    draw=dropout_net_cases,
    judge="drops_out_in_training",
)


# Early stopping


def stopping_cases(rng):
    """Draw losses around a pattern in which each mistake shows: bumps, a plateau, a long rise, a slow slide."""
    patterns = (
        ("patience", 2, 0.0, [90, 70, 75, 60, 66, 50, 55, 53, 58, 40, 30]),
        ("patience", 3, 0.0, [90, 80, 86, 84, 70, 75, 73, 71, 60, 50]),
        ("patience", 3, 0.0, [90, 80, 86, 70, 78, 60, 50, 55, 45]),
        ("minimum improvement", 2, 0.05, [90, 70, 67, 60, 57, 56, 40, 30]),
        ("minimum improvement", 2, 0.05, [90, 60, 62, 63, 64, 50, 51, 52]),
        ("minimum improvement", 3, 0.05, [90, 87, 84, 81, 70, 72, 67, 66, 50, 40]),
    )
    cases = []
    for part, patience, min_delta, pattern in patterns:
        noise = rng.integers(-4, 5, len(pattern)) / 1000
        weights = [np.round(rng.uniform(-2, 2, shape), 2) for shape in ((2, 2), (2,))]
        cases.append(
            (
                part,
                {
                    "patience": patience,
                    "min_delta": min_delta,
                    "weights": weights,
                    "losses": [float(each) for each in np.round(np.array(pattern) / 100 + noise, 3)],
                },
            )
        )
    return cases


def stopping(
    better=lambda loss, best, delta: loss < best - delta,
    late=0,
    reset=True,
    previous=False,
    slide=False,
    keep="best",
    never=False,
):
    """Return early stopping, right by default, as a function of a case's inputs.

    Args:
        better: function (loss, best so far, minimum improvement).
        late: epochs that it waits longer.
        reset: an improvement sets the count of epochs without one back to 0.
        previous: compare with the epoch before, not with the best.
        slide: remember each lower loss as the best, however little it improves.
        keep: weights of the "best", the "last" or the "first" epoch.
    """

    def result(inputs):
        best, best_epoch, waited, stopped, epoch = np.inf, 1, 0, 0, 0
        for epoch, loss in enumerate(inputs["losses"], 1):
            if better(loss, best, inputs["min_delta"]):
                best, best_epoch, waited = loss, epoch, waited * (not reset)
            else:
                waited += 1
                if slide and loss < best:
                    best = loss
                if waited >= inputs["patience"] + late and not never:
                    stopped = epoch
                    break
            if previous:
                best = loss
        # In training the weights move on after each epoch but the one at which it stops.
        moved = {"best": best_epoch - 1, "first": 0, "last": epoch - 1 if stopped else epoch}[keep]
        weights = np.concatenate([array.ravel() for array in inputs["weights"]]) + moved
        return {"best_weights": weights, "stopped_after": np.array(stopped)}

    return result


EARLY_STOPPING = Exercise(
    name="early_stopping",
    title="Early stopping",
    spellings={
        "numpy": Spelling(
            "EarlyStopping",
            "early_stopping",
            lambda inputs: {name: inputs[name] for name in ("patience", "min_delta", "losses", "weights")},
            returns=("best_weights", "stopped_after"),
        )
    },
    draw=stopping_cases,
    right=stopping(),
    mistakes=(
        Mistake(
            "weights_not_copied",
            "You stop in time, but `best_weights` went on changing with the training: "
            "keep copies, `[array.copy() for array in weights]`.",
            stopping(keep="last"),
        ),
        Mistake(
            "first_weights_kept",
            "You stop in time, but `best_weights` are those of the first epoch: replace them at each improvement.",
            stopping(keep="first"),
        ),
        Mistake(
            "one_epoch_late",
            "You stop one epoch too late: stop when the epochs without improvement have reached `patience`.",
            stopping(late=1),
        ),
        Mistake(
            "one_epoch_early", "You stop one epoch too early: count only epochs without improvement.", stopping(late=-1)
        ),
        Mistake(
            "never_reset",
            "Your count never goes back: an improvement sets it to 0, since only epochs in a row count.",
            stopping(reset=False),
        ),
        Mistake(
            "compares_with_the_epoch_before",
            "You compare each loss with the one before; compare it with the best so far.",
            stopping(previous=True),
        ),
        Mistake(
            "minimum_improvement_ignored",
            "Every lower loss counts as an improvement for you; it has to be lower by more than `min_delta`.",
            stopping(lambda loss, best, delta: loss < best),
        ),
        Mistake(
            "minimum_improvement_added",
            "You compare with best + min_delta, so that even a worse loss counts; it has to be below best - min_delta.",
            stopping(lambda loss, best, delta: loss < best + delta),
        ),
        Mistake(
            "best_slides_down",
            "A small improvement does not count, and must not move the best loss either; "
            "else many small ones never add up.",
            stopping(slide=True),
        ),
        Mistake(
            "higher_is_better",
            "You wait for the loss to rise; a lower loss is better.",
            stopping(lambda loss, best, delta: loss > (best if np.isfinite(best) else -np.inf) + delta),
        ),
        Mistake(
            "never_stops",
            "You never say stop: return True once the count has reached `patience`.",
            stopping(never=True),
        ),
    ),
)


# L2


def l2_cases(rng):
    cases = []
    for kind in ("penalty", "decay"):
        for optimiser in ("sgd", "adam"):
            sign = rng.choice([-1, 1], 4)
            cases.append(
                (
                    kind,
                    {
                        "w": np.round(sign * rng.uniform(0.5, 2, 4), 2),
                        "gradient": np.round(-sign * rng.uniform(0.05, 0.6, 4) * np.array([1, 1, -1, 1]), 2),
                        "optimiser": optimiser,
                        "learning_rate": float(rng.choice([0.1, 0.2, 0.5])),
                        "strength": float(rng.choice([0.1, 0.2, 0.3])),
                        "kind": kind,
                    },
                )
            )
    return cases


def l2(
    penalty=lambda w, g, d, rate, strength: w - rate * d(g + strength * w),
    decay=lambda w, g, d, rate, strength: w - rate * (d(g) + strength * w),
):
    """Return one step with L2, right by default, as a function of a case's inputs."""

    def result(inputs):
        direction = {"sgd": lambda gradient: gradient, "adam": first_adam_step}[inputs["optimiser"]]
        step = {"penalty": penalty, "decay": decay}[inputs["kind"]]
        return {"output": step(inputs["w"], inputs["gradient"], direction, inputs["learning_rate"], inputs["strength"])}

    return result


def as_decay(w, g, d, rate, strength):
    return w - rate * (d(g) + strength * w)


def as_penalty(w, g, d, rate, strength):
    return w - rate * d(g + strength * w)


L2_STEP = Exercise(
    name="l2_step",
    title="L2: penalty and weight decay",
    spellings={
        "numpy": Spelling(
            "l2_step",
            "regularised_step",
            lambda inputs: {
                name: inputs[name] for name in ("w", "gradient", "optimiser", "learning_rate", "strength", "kind")
            },
        )
    },
    draw=l2_cases,
    right=l2(),
    mistakes=(
        Mistake(
            "kinds_swapped",
            "The two are swapped: a penalty goes through `direction`, decay does not.",
            l2(as_decay, as_penalty),
        ),
        Mistake(
            "always_decay",
            "With a penalty the pull belongs to the gradient: `direction` gets both at once.",
            l2(penalty=as_decay),
        ),
        Mistake(
            "always_penalty", "Weight decay stays out of `direction`: only the gradient goes in.", l2(decay=as_penalty)
        ),
        Mistake(
            "strength_ignored",
            "Your step ignores `strength`: this is plain descent.",
            l2(*2 * (lambda w, g, d, rate, strength: w - rate * d(g),)),
        ),
        Mistake(
            "factor_two",
            "Your pull is twice as strong: the penalty is strength / 2 times the sum of "
            "squares, so its gradient is strength * w.",
            l2(
                lambda w, g, d, rate, s: as_penalty(w, g, d, rate, 2 * s),
                lambda w, g, d, rate, s: as_decay(w, g, d, rate, 2 * s),
            ),
        ),
        Mistake(
            "sign_flipped",
            "Your weights are pushed away from 0; L2 pulls them towards it.",
            l2(
                lambda w, g, d, rate, s: as_penalty(w, g, d, rate, -s),
                lambda w, g, d, rate, s: as_decay(w, g, d, rate, -s),
            ),
        ),
        Mistake(
            "ascent",
            "Your step goes up the slope: subtract the direction.",
            l2(
                lambda w, g, d, rate, s: as_penalty(w, g, d, -rate, s),
                lambda w, g, d, rate, s: as_decay(w, g, d, -rate, s),
            ),
        ),
        Mistake(
            "decay_without_learning_rate",
            "Your penalty is right, but the decay lacks the learning rate: subtract learning_rate * strength * w.",
            l2(decay=lambda w, g, d, rate, s: w - rate * d(g) - s * w),
        ),
        Mistake(
            "decay_after_the_step",
            "Your penalty is right, but you let the weights decay after the step; use the weights from before it.",
            l2(decay=lambda w, g, d, rate, s: (w - rate * d(g)) * (1 - rate * s)),
        ),
        Mistake(
            "absolute_value",
            "You add strength * sign(w), which is L1; L2 pulls by strength * w.",
            l2(
                lambda w, g, d, rate, s: w - rate * d(g + s * np.sign(w)),
                lambda w, g, d, rate, s: w - rate * (d(g) + s * np.sign(w)),
            ),
        ),
    ),
)


# The capstone, by property

TRAINING, VALIDATION = 600, 500  # digits; the others, 697, are hidden
TIME_LIMIT = 20  # seconds


def exam(entropy):
    """Return two mappings for the parts "training", "validation" and "hidden": packed images, and labels as text.

    The ten labels are dealt anew, alike in all parts: who looks a public digit up does not know what it is called here.
    """
    rng, (images, labels) = np.random.default_rng(entropy), digits()
    cut = np.split(rng.permutation(len(labels)), (TRAINING, TRAINING + VALIDATION))
    parts = dict(zip(("training", "validation", "hidden"), cut))
    packed = {name: pack_images(shifted_and_noisy(images[part], rng)) for name, part in parts.items()}
    dealt = rng.permutation(10)
    return packed, {name: "".join(map(str, dealt[labels[part]])) for name, part in parts.items()}


def capstone_cases(rng):
    """Draw an exam; the labels of what is asked in it are for the judge, and no probe gets them."""
    entropy = int(rng.integers(2**62))
    return [("training", {"entropy": entropy, "seed": int(rng.integers(1000)), **exam(entropy)[1]})]


def capstone_arguments(inputs):
    images, labels = exam(inputs["entropy"])
    return {
        "images": images["training"],
        "labels": labels["training"],
        "seed": inputs["seed"],
        "limit": TIME_LIMIT,
        "questions": {name: images[name] for name in ("hidden", "validation")},
    }


CAPSTONE = Exercise(
    name="capstone",
    title="Digits that nobody has seen",
    spellings={"numpy": Spelling("train", "trained", capstone_arguments)},
    draw=capstone_cases,
    judge="generalises",
)


OVERFITTING_QUIZ = quiz(
    "overfitting_quiz",
    "Quiz",
    Question(
        "C",
        A="the training loss still falls, so the network has learned: it is the new images that it gets wrong.",
        B="the learning rate sets the size of the steps, and the training loss shows that these steps work well.",
        D="the validation images were not trained on, and a worse result on them is exactly what matters.",
    ),
    Question(
        "B",
        A="a test part that decides between settings has become part of the training, and its result flatters.",
        C="the training part cannot tell, because a network that memorises does best on it.",
        D="the choice can be made well without the test part: that is what the validation part is for.",
    ),
    Question(
        "D",
        A="p is the share to drop, so 0.8 drops most values, not a fifth of them.",
        B="without the factor the mean would shrink to a fifth; the factor 1 / (1 - p) makes up for it.",
        C="that would be the factor 1 / p; it is 1 / (1 - p), which is 5 here.",
    ),
    Question(
        "A",
        B="the weights do not change while a network is measured, only which units take part.",
        C="a different order of the images would give the same share of right answers.",
        D="the mean is kept by the factor 1 / (1 - p), but a single image meets another network each time.",
    ),
    Question(
        "B",
        A="both pull every weight towards 0, and neither makes a weight exactly 0 by itself.",
        C="with plain SGD the two are the same step; the difference needs an optimiser that rescales gradients.",
        D="the penalty adds strength * w to the gradient, so it does change the step.",
    ),
)
