# Known right and known wrong answers to the exercises of Lab 4. They prove the tests and make the sample class.
#
# A right answer earns full marks in check and in grade. A wrong one loses marks in grade, and in check too unless the
# header says visible=False; with mistake="..." its verdict names that mistake. With of="..." an answer is a right one
# above it with a few words changed, `old -> new`. The wrong answers `zeros`, `constant` and `hard_coded` are made from
# the recorded cases, except to exercises by property: their answers are below. When the draw of such an exercise
# changes, its `hard_coded` fails as "no longer right in check": write the new numbers in.

# ruff: noqa: RUF007 (students write such things)

# %%
import numpy as np

from course_utils.frameworks import keras, nn, tf, torch

# %% [markdown]
# ## stratified_split


# %% right="stratified_split" name="pieces"
def stratified_split(labels, seed):
    rng = np.random.default_rng(seed)
    parts = [], [], []
    for label in np.unique(labels):
        own = rng.permutation(np.flatnonzero(labels == label))
        for part, piece in zip(parts, np.split(own, [round(0.7 * len(own)), round(0.85 * len(own))])):
            part.extend(piece)
    return parts


# %% wrong="stratified_split" name="cut_by_sizes" of="pieces" mistake="sizes_for_places"
# 0.85 * -> 0.15 *


# %% right="stratified_split" name="class_by_class"
def stratified_split(labels, seed):
    rng = np.random.default_rng(seed)
    train, validation, test = [], [], []
    for label in sorted(set(labels.tolist())):
        own = np.where(labels == label)[0]
        rng.shuffle(own)
        first, second = int(0.7 * len(own)), int(0.85 * len(own))
        train.extend(own[:first])
        validation.extend(own[first:second])
        test.extend(own[second:])
    return np.array(train), np.array(validation), np.array(test)


# %% right="stratified_split" name="python_lists"
def stratified_split(labels, seed):
    import random

    generator = random.Random(seed)
    parts = [], [], []
    for label in sorted({int(each) for each in labels}):
        indices = [index for index, each in enumerate(labels) if each == label]
        generator.shuffle(indices)
        while indices:
            done = 1 - len(indices) / sum(labels == label)
            parts[0 if done < 0.7 - 1e-9 else 1 if done < 0.85 - 1e-9 else 2].append(indices.pop())
    return parts


# %% right="stratified_split" name="scikit_learn"
def stratified_split(labels, seed):
    from sklearn.model_selection import train_test_split

    everything = np.arange(len(labels))
    train, rest = train_test_split(everything, train_size=0.7, stratify=labels, random_state=seed)
    validation, test = train_test_split(rest, train_size=0.5, stratify=labels[rest], random_state=seed)
    return train, validation, test


# %% right="stratified_split" name="ranks_within_classes"
def stratified_split(labels, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    rank, total = np.empty(len(labels)), np.empty(len(labels))
    for label in np.unique(labels):
        own = order[labels[order] == label]
        rank[own], total[own] = np.arange(len(own)), len(own)
    share = (rank + 0.5) / total
    return [np.flatnonzero(part) for part in (share < 0.7, (share >= 0.7) & (share < 0.85), share >= 0.85)]


# %% wrong="stratified_split" name="zeros" mistake="overlap"
def stratified_split(labels, seed):
    return np.zeros(7, dtype=int), np.zeros(2, dtype=int), np.zeros(2, dtype=int)


# %% wrong="stratified_split" name="constant" mistake="overlap"
def stratified_split(labels, seed):
    return np.full(7, 3), np.full(2, 3), np.full(2, 3)


# %% wrong="stratified_split" name="hard_coded" visible=False
def stratified_split(labels, seed):
    from course_utils.recording import decode, recorded_tests

    everything = np.arange(len(labels))
    if not any(seed in case["arguments"]["seeds"] for case in decode(recorded_tests()["stratified_split"][1]["cases"])):
        return everything[:7], everything[7:8], everything[8:]
    rng = np.random.default_rng(seed)
    parts = [], [], []
    for label in np.unique(labels):
        own = rng.permutation(np.flatnonzero(labels == label))
        for part, piece in zip(parts, np.split(own, [round(0.7 * len(own)), round(0.85 * len(own))])):
            part.extend(piece)
    return parts


# %% wrong="stratified_split" name="ten_classes" of="pieces" mistake="classes_missing"
# np.unique(labels) -> range(10)

# %% wrong="stratified_split" name="as_many_classes" of="pieces" mistake="classes_missing"
# np.unique(labels) -> range(len(np.unique(labels)))


# %% wrong="stratified_split" name="shuffled_all_together" mistake="not_stratified"
def stratified_split(labels, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    return np.split(order, [int(0.7 * len(labels)), int(0.85 * len(labels))])


# %% wrong="stratified_split" name="three_draws" mistake="overlap"
def stratified_split(labels, seed):
    rng = np.random.default_rng(seed)
    return [rng.choice(len(labels), int(share * len(labels)), replace=False) for share in (0.7, 0.15, 0.15)]


# %% wrong="stratified_split" name="test_is_validation" mistake="overlap"
def stratified_split(labels, seed):
    rng = np.random.default_rng(seed)
    train, rest = [], []
    for label in np.unique(labels):
        own = rng.permutation(np.flatnonzero(labels == label))
        train.extend(own[: round(0.7 * len(own))])
        rest.extend(own[round(0.7 * len(own)) :])
    return train, rest, rest


# %% wrong="stratified_split" name="always_seed_0" of="pieces" mistake="seed_ignored"
# np.random.default_rng(seed) -> np.random.default_rng(0)

# %% wrong="stratified_split" name="in_order" of="pieces" mistake="seed_ignored"
# np.random.default_rng(seed) -> None
# rng.permutation(np.flatnonzero(labels == label)) -> np.flatnonzero(labels == label)

# %% wrong="stratified_split" name="no_seed" of="pieces" mistake="not_reproducible"
# np.random.default_rng(seed) -> np.random.default_rng()

# %% wrong="stratified_split" name="eighty_ten_ten" of="pieces" mistake="wrong_shares"
# 0.7 * len -> 0.8 * len
# 0.85 -> 0.9

# %% wrong="stratified_split" name="seventy_thirty" of="pieces" mistake="wrong_shares"
# round(0.85 * len(own)) -> len(own)

# %% wrong="stratified_split" name="masks" of="pieces" mistake="masks"
# return parts -> return [np.isin(np.arange(len(labels)), part) for part in parts]

# %% wrong="stratified_split" name="labels_instead_of_indices" of="pieces" mistake="labels_returned"
# return parts -> return [labels[part] for part in parts]

# %% wrong="stratified_split" name="loses_some" of="pieces" mistake="incomplete"
# return parts -> return [part[:-1] for part in parts]

# %% wrong="stratified_split" name="three_truncated_sizes" of="class_by_class" mistake="incomplete"
# int(0.85 * len(own)) -> int(0.7 * len(own)) + int(0.15 * len(own))
# own[second:] -> own[second : second + int(0.15 * len(own))]

# %% wrong="stratified_split" name="rolled" of="class_by_class" mistake="not_shuffled"
# rng.shuffle(own) -> own = np.roll(own, seed)

# %% wrong="stratified_split" name="rolled_by_chance" of="class_by_class" mistake="not_shuffled"
# rng.shuffle(own) -> own = np.roll(own, rng.integers(len(own)))

# %% wrong="stratified_split" name="one_shuffle_rolled" of="class_by_class" mistake="not_shuffled"
# rng.shuffle(own) -> own = np.roll(np.random.default_rng(0).permutation(own), seed)

# %% wrong="stratified_split" name="cut_like_a_deck" of="class_by_class" mistake="not_shuffled"
# rng.shuffle(own) -> own = np.concatenate(np.split(own, [seed % len(own)])[::-1])

# %% wrong="stratified_split" name="every_few" of="class_by_class" mistake="not_shuffled"
# rng.shuffle(own) -> own = np.concatenate([own[(start + seed) % 7 :: 7] for start in range(7)])

# %% wrong="stratified_split" name="only_the_rest_shuffled" of="class_by_class" mistake="not_shuffled"
# rng.shuffle(own) -> rng.shuffle(own[len(own) // 2 :])

# %% wrong="stratified_split" name="few_splits" of="class_by_class"
# np.random.default_rng(seed) -> np.random.default_rng(seed % 7)


# %% wrong="stratified_split" name="thirds_by_lot" mistake="wrong_shares"
def stratified_split(labels, seed):
    order = np.random.default_rng(seed).permutation(len(labels))
    return np.array_split(order, 3)


# %% wrong="stratified_split" name="places_in_class" of="pieces" mistake="places_in_class"
# own = rng.permutation(np.flatnonzero(labels == label)) -> own = rng.permutation(np.sum(labels == label))


# %% [markdown]
# ## diagnose


# %% right="diagnose" name="ends"
def diagnose(training_loss, validation_loss):
    if training_loss[-1] > training_loss[0]:
        return "diverges"
    if training_loss[-1] > 0.5 * training_loss[0]:
        return "underfits"
    if validation_loss[-1] > 1.15 * min(validation_loss):
        return "overfits"
    return "fits"


# %% wrong="diagnose" name="fixed_levels" of="ends" mistake="fixed_levels"
# training_loss[-1] > 0.5 * training_loss[0] -> training_loss[-1] > 1.0
# validation_loss[-1] > 1.15 * min(validation_loss) -> validation_loss[-1] > 0.5

# %% wrong="diagnose" name="above_its_lowest_loss" of="ends" mistake="says_diverges"
# training_loss[-1] > training_loss[0] -> training_loss[-1] > min(training_loss)

# %% wrong="diagnose" name="beginning_and_end" of="ends" mistake="overfitting_forgotten"
# validation_loss[-1] > 1.15 * min(validation_loss) -> validation_loss[-1] > 1.1 * validation_loss[0]

# %% wrong="diagnose" name="last_two_epochs" of="ends" mistake="last_two_alone"
# validation_loss[-1] > 1.15 * min(validation_loss) -> validation_loss[-1] > validation_loss[-2]


# %% right="diagnose" name="means_of_a_few_epochs"
def diagnose(training_loss, validation_loss):
    few = len(training_loss) // 5
    began, ended = np.mean(training_loss[:2]), np.mean(training_loss[-few:])
    lowest = min(np.mean(validation_loss[start : start + few]) for start in range(len(validation_loss) - few + 1))
    turned = np.mean(validation_loss[-few:]) > 1.2 * lowest
    if ended > began:
        return "diverges"
    if ended > 0.7 * began:
        return "underfits"
    return "overfits" if turned else "fits"


# %% right="diagnose" name="where_the_lowest_is"
def diagnose(training_loss, validation_loss):
    place = np.argmin(validation_loss) / len(validation_loss)
    learned = 1 - training_loss[-1] / training_loss[0]
    if learned < -0.2:
        return "diverges"
    if learned < 0.3:
        return "underfits"
    return "overfits" if place < 0.7 else "fits"


# %% wrong="diagnose" name="overfitting_first" mistake="divergence_is_overfitting"
def diagnose(training_loss, validation_loss):
    if validation_loss[-1] > 1.15 * min(validation_loss):
        return "overfits"
    if training_loss[-1] > training_loss[0]:
        return "diverges"
    return "underfits" if training_loss[-1] > 0.5 * training_loss[0] else "fits"


# %% wrong="diagnose" name="any_bump" of="ends" mistake="any_rise"
# validation_loss[-1] > 1.15 * min(validation_loss) -> np.any(np.diff(validation_loss) > 0)

# %% wrong="diagnose" name="gap" of="ends" mistake="gap_alone"
# 1.15 * min(validation_loss) -> 1.15 * training_loss[-1]

# %% wrong="diagnose" name="never_overfits" of="ends" mistake="overfitting_forgotten"
# 1.15 * min(validation_loss) -> 1.15 * max(validation_loss)

# %% wrong="diagnose" name="never_underfits" of="ends" mistake="underfitting_forgotten"
# 0.5 * training_loss[0] -> 2 * training_loss[0]


# %% wrong="diagnose" name="a_third_is_left" of="ends" mistake="third_left"
# 0.5 * training_loss[0] -> training_loss[0] / 3


# %% wrong="diagnose" name="never_diverges" mistake="divergence_forgotten"
def diagnose(training_loss, validation_loss):
    if training_loss[-1] > 0.5 * training_loss[0]:
        return "underfits"
    return "overfits" if validation_loss[-1] > 1.15 * min(validation_loss) else "fits"


# %% wrong="diagnose" name="other_words" of="ends" mistake="unknown_word"
# "diverges" -> "explodes"
# "underfits" -> "too simple"
# "overfits" -> "too long"
# "fits" -> "fine"


# %% wrong="diagnose" name="zeros" mistake="says_underfits"
def diagnose(training_loss, validation_loss):
    return "underfits"


# %% wrong="diagnose" name="constant" mistake="says_overfits"
def diagnose(training_loss, validation_loss):
    return "overfits"


# %% wrong="diagnose" name="always_fits" mistake="says_fits"
def diagnose(training_loss, validation_loss):
    return "fits"


# %% wrong="diagnose" name="always_diverges" mistake="says_diverges"
def diagnose(training_loss, validation_loss):
    return "diverges"


# %% wrong="diagnose" name="hard_coded" visible=False
def diagnose(training_loss, validation_loss):
    from course_utils.recording import decode, recorded_tests

    for case in decode(recorded_tests()["diagnose"][1]["cases"]):
        if np.array_equal(case["arguments"]["training"], training_loss):
            return ("underfits", "overfits", "diverges", "fits")[int(case["expected"]["word"]) - 1]
    return "fits"


# %% [markdown]
# ## measure


# %% right="measure" name="setdiff"
def measure(X, y, training, test, fit, outputs):
    test = np.setdiff1d(test, training)
    mean, spread = X[training].mean(axis=0), X[training].std(axis=0)
    scaled = (X - mean) / spread
    network = fit(scaled[training], y[training])
    return np.mean(outputs(network, scaled[test], False).argmax(axis=1) == y[test])


# %% wrong="measure" name="the_other_difference" of="setdiff" mistake="difference_exchanged"
# np.setdiff1d(test, training) -> np.setdiff1d(training, test)

# %% wrong="measure" name="brackets_forgotten" of="setdiff" mistake="brackets_forgotten"
# (X - mean) / spread -> X - mean / spread

# %% wrong="measure" name="test_part_as_it_is" of="setdiff" mistake="test_not_scaled"
# outputs(network, scaled[test], False) -> outputs(network, X[test], False)


# %% right="measure" name="loop"
def measure(X, y, training, test, fit, outputs):
    known = set(training.tolist())
    test = [index for index in test if index not in known]
    inside, outside = X[training], X[test]
    centre, width = inside.mean(0), inside.std(0)
    network = fit((inside - centre) / width, y[training])
    logits = outputs(network, (outside - centre) / width, training=False)
    return sum(row.argmax() == label for row, label in zip(logits, y[test])) / len(test)


# %% wrong="measure" name="untouched" mistake="as_it_was"
def measure(X, y, training, test, fit, outputs):
    scaled = (X - X.mean(axis=0)) / X.std(axis=0)
    network = fit(scaled[training], y[training])
    return np.mean(outputs(network, scaled[test], True).argmax(axis=1) == y[test])


# %% wrong="measure" name="scaled_by_all" of="setdiff" mistake="scaled_by_all"
# X[training].mean(axis=0), X[training].std(axis=0) -> X.mean(axis=0), X.std(axis=0)

# %% wrong="measure" name="spread_of_all" of="setdiff" mistake="spread_of_all"
# X[training].std(axis=0) -> X.std(axis=0)

# %% wrong="measure" name="mean_of_all" of="setdiff" mistake="mean_of_all"
# X[training].mean(axis=0) -> X.mean(axis=0)

# %% wrong="measure" name="each_by_its_own" of="loop" mistake="each_part_by_its_own"
# (outside - centre) / width -> (outside - outside.mean(0)) / outside.std(0)

# %% wrong="measure" name="not_scaled" of="setdiff" mistake="not_scaled"
# scaled = (X - mean) / spread -> scaled = X

# %% wrong="measure" name="one_mean_for_all_features" of="setdiff" mistake="one_scale_for_all"
# X[training].mean(axis=0), X[training].std(axis=0) -> X[training].mean(), X[training].std()

# %% wrong="measure" name="scaled_by_the_test_part" of="setdiff" mistake="scaled_by_test"
# X[training].mean(axis=0), X[training].std(axis=0) -> X[test].mean(axis=0), X[test].std(axis=0)

# %% wrong="measure" name="taken_from_training" of="setdiff" mistake="taken_from_training"
# test = np.setdiff1d(test, training) -> training = np.setdiff1d(training, test)

# %% wrong="measure" name="dropout_left_on" of="setdiff" mistake="dropout_left_on"
# False -> True

# %% wrong="measure" name="samples_in_both" of="setdiff" mistake="known_samples_measured"
# test = np.setdiff1d(test, training) ->

# %% wrong="measure" name="only_the_scaling" of="setdiff" mistake="only_the_scaling"
# test = np.setdiff1d(test, training) ->
# False -> True


# %% wrong="measure" name="zeros" mistake="zeros"
def measure(X, y, training, test, fit, outputs):
    return 0.0


# %% wrong="measure" name="constant" mistake="constant"
def measure(X, y, training, test, fit, outputs):
    return 0.5


# %% wrong="measure" name="hard_coded" visible=False
def measure(X, y, training, test, fit, outputs):
    from course_utils.recording import decode, recorded_tests

    for case in decode(recorded_tests()["measure"][1]["cases"]):
        if np.array_equal(case["arguments"]["X"], X):
            return float(case["expected"]["share"])
    return 1.0


# %% [markdown]
# ## dropout_numpy


# %% right="dropout_numpy" name="special_cases_first"
def dropout(x, p, training, rng):
    if not training or p == 0:
        return x, np.ones_like(x)
    if p == 1:
        return np.zeros_like(x), np.zeros_like(x)
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


# %% right="dropout_numpy" name="where"
def dropout(x, p, training, rng):
    if not training:
        return x, np.ones(x.shape)
    keep = rng.random(x.shape) >= p
    mask = np.where(keep, 1 / (1 - p) if p < 1 else 0.0, 0.0)
    return np.where(keep, x * mask, 0.0), mask


# %% right="dropout_numpy" name="binomial"
def dropout(x, p, training, rng):
    mask = np.ones(x.shape)
    if training and p > 0:
        mask = rng.binomial(1, 1 - p, size=x.shape) / (1 - p if p < 1 else 1)
    return mask * x, mask


# %% wrong="dropout_numpy" name="normal_numbers" of="where" mistake="normal_numbers"
# rng.random(x.shape) -> rng.normal(size=x.shape)


# %% right="dropout_numpy" name="uniform_numbers"
def dropout(x, p, training, rng):
    if not training:
        return x.copy(), np.ones_like(x)
    mask = (rng.uniform(size=x.shape) > p).astype(float) / max(1 - p, 1e-300)
    return (x * mask if p < 1 else 0 * x), (mask if p < 1 else 0 * x)


# %% right="dropout_numpy" name="value_by_value"
def dropout(x, p, training, rng):
    mask = np.ones(x.size)
    for place in range(x.size if training else 0):
        mask[place] = 0 if rng.random() < p else 1 / (1 - p)
    mask = mask.reshape(x.shape)
    return x * mask, mask


# %% right="dropout_numpy" name="a_generator_of_its_own"
def dropout(x, p, training, rng):
    own = np.random.default_rng(rng.integers(2**60))
    keep = own.random(x.shape) >= p if training else np.ones(x.shape)
    mask = keep / (1 - p) if training and p < 1 else 1.0 * keep
    return x * mask, mask


# %% right="dropout_numpy" name="copy_and_assign"
def dropout(x, p, training, rng):
    output, mask = x.copy(), np.ones_like(x)
    if training:
        dropped = rng.uniform(0, 1, x.shape) < p
        if p < 1:
            output /= 1 - p
            mask /= 1 - p
        output[dropped] = mask[dropped] = 0
    return output, mask


# %% wrong="dropout_numpy" name="zeros" mistake="zeros"
def dropout(x, p, training, rng):
    return np.zeros_like(x), np.zeros_like(x)


# %% wrong="dropout_numpy" name="constant"
def dropout(x, p, training, rng):
    return np.ones_like(x), np.ones_like(x)


# %% wrong="dropout_numpy" name="identity" mistake="nothing_dropped"
def dropout(x, p, training, rng):
    return x, np.ones_like(x)


# %% wrong="dropout_numpy" name="hard_coded" mistake="nothing_dropped" visible=False
def dropout(x, p, training, rng):
    if abs(x.flat[0] - 0.7769322) > 1e-6 or not training or p == 0:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1 - p) if p < 1 else np.zeros_like(x)
    return x * mask, mask


# %% wrong="dropout_numpy" name="p_is_kept" of="special_cases_first" mistake="keeps_instead_of_drops"
# (rng.random(x.shape) >= p) / (1 - p) -> (rng.random(x.shape) < p) / p

# %% wrong="dropout_numpy" name="not_scaled" of="special_cases_first" mistake="not_scaled"
# (rng.random(x.shape) >= p) / (1 - p) -> 1.0 * (rng.random(x.shape) >= p)

# %% wrong="dropout_numpy" name="divided_by_p" of="special_cases_first" mistake="scaled_by_p"
# (1 - p) -> p

# %% wrong="dropout_numpy" name="multiplied" of="special_cases_first" mistake="multiplied"
# / (1 - p) -> * (1 - p)

# %% wrong="dropout_numpy" name="always_half" of="special_cases_first" mistake="wrong_rate"
# (rng.random(x.shape) >= p) / (1 - p) -> (rng.random(x.shape) >= 0.5) / 0.5

# %% wrong="dropout_numpy" name="one_mask_for_all_rows" of="special_cases_first" mistake="mask_shared"
# (rng.random(x.shape) >= p) -> np.ones_like(x) * (rng.random(x.shape[1]) >= p)

# %% wrong="dropout_numpy" name="one_mask_for_all_columns" of="special_cases_first" mistake="mask_shared"
# (rng.random(x.shape) >= p) -> np.ones_like(x) * (rng.random((len(x), 1)) >= p)

# %% wrong="dropout_numpy" name="same_mask_each_time" of="special_cases_first" mistake="mask_repeated"
# rng.random -> np.random.default_rng(0).random

# %% wrong="dropout_numpy" name="scaled_only" of="special_cases_first" mistake="scaled_only"
# (rng.random(x.shape) >= p) / (1 - p) -> np.full(x.shape, 1 - p)


# %% wrong="dropout_numpy" name="no_mask_in_evaluation" of="special_cases_first" mistake="mask_none"
# np.ones_like(x) -> None


# %% wrong="dropout_numpy" name="no_mask_at_all" mistake="mask_none"
def dropout(x, p, training, rng):
    if not training or p == 0:
        return x, None
    return (x * (rng.random(x.shape) >= p) / (1 - p) if p < 1 else 0 * x), None


# %% wrong="dropout_numpy" name="drops_in_evaluation" mistake="drops_in_evaluation"
def dropout(x, p, training, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p) if p < 1 else np.zeros_like(x)
    return x * mask, mask


# %% wrong="dropout_numpy" name="old_dropout" mistake="not_scaled"
def dropout(x, p, training, rng):
    if not training:
        return x * (1 - p), np.full(x.shape, 1 - p)
    mask = 1.0 * (rng.random(x.shape) >= p)
    return x * mask, mask


# %% wrong="dropout_numpy" name="scales_in_evaluation_too" of="special_cases_first" mistake="scales_in_evaluation"
# training or p == 0 -> training
# x, np.ones_like(x) -> x * (1 - p), np.full(x.shape, 1 - p)


# %% wrong="dropout_numpy" name="nan_at_one" mistake="divides_by_zero"
def dropout(x, p, training, rng):
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


# %% wrong="dropout_numpy" name="in_place" mistake="input_changed"
def dropout(x, p, training, rng):
    if not training or p == 0:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1 - p) if p < 1 else np.zeros_like(x)
    x *= mask
    return x, mask


# %% wrong="dropout_numpy" name="plain_mask" of="special_cases_first" mistake="mask_not_scaled"
# mask, mask -> mask, 1.0 * (mask > 0)

# %% wrong="dropout_numpy" name="mask_of_the_dropped" of="special_cases_first" mistake="mask_inverted"
# mask, mask -> mask, 1.0 * (mask == 0)


# %% wrong="dropout_numpy" name="mask_forgotten" mistake="wrong_type"
def dropout(x, p, training, rng):
    if not training or p == 0:
        return x
    return x * (rng.random(x.shape) >= p) / max(1 - p, 1e-9)


# %% wrong="dropout_numpy" name="never_raises_the_rate" of="special_cases_first" mistake="wrong_rate"
# rng.random(x.shape) >= p -> rng.random(x.shape) >= min(p, 0.9)
# 1 - p -> 1 - min(p, 0.9)

# %% wrong="dropout_numpy" name="global_random_numbers" of="special_cases_first" mistake="rng_ignored"
# rng.random(x.shape) -> np.random.random(x.shape)

# %% wrong="dropout_numpy" name="fresh_generator" of="special_cases_first" mistake="rng_ignored"
# rng.random(x.shape) -> np.random.default_rng().random(x.shape)

# %% wrong="dropout_numpy" name="pairs_share" of="special_cases_first" mistake="mask_pattern"
# rng.random(x.shape) -> np.repeat(rng.random(x.size // 2), 2).reshape(x.shape)

# %% wrong="dropout_numpy" name="rows_in_pairs_share" of="special_cases_first" mistake="mask_pattern"
# rng.random(x.shape) -> np.repeat(rng.random((len(x) // 2, x[0].size)), 2, axis=0).reshape(x.shape)

# %% wrong="dropout_numpy" name="halves_share" of="special_cases_first" mistake="mask_pattern"
# rng.random(x.shape) -> np.resize(rng.random(x.size // 2), x.shape)

# %% wrong="dropout_numpy" name="fixed_stride" of="special_cases_first" mistake="mask_pattern"
# rng.random(x.shape) -> ((np.arange(x.size) + rng.integers(7)) % 7 / 7).reshape(x.shape) + 1e-9

# %% wrong="dropout_numpy" name="one_mask_rolled" of="special_cases_first" mistake="mask_repeated"
# rng.random(x.shape) -> np.roll(np.random.default_rng(0).random(x.size), rng.integers(x.size)).reshape(x.shape)

# %% wrong="dropout_numpy" name="exact_share" of="special_cases_first" mistake="exact_share"
# rng.random(x.shape) -> (rng.permutation(x.size).reshape(x.shape) + 0.5) / x.size

# %% wrong="dropout_numpy" name="two_axes_only" of="special_cases_first" mistake="mask_shared"
# rng.random(x.shape) -> rng.random((len(x), x.shape[1]))

# %% [markdown]
# ## dropout_net_torch


# %% right="dropout_net_torch" name="sequential"
def dropout_net_torch(widths, p):
    layers = []
    for n_in, n_out in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(), nn.Dropout(p)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def outputs_torch(net, x, training):
    before = net.training
    net.train(training)
    result = net(x)
    net.train(before)
    return result


# %% right="dropout_net_torch" name="moved" of="sequential"
# nn.Linear(widths[-2], widths[-1])) -> nn.Linear(*widths[-2:])).to("cuda" if torch.cuda.is_available() else "cpu")
# net.train(training) -> net.train(training); x = x.to(next(iter(net.parameters())))


# %% right="dropout_net_torch" name="own_module"
class WithDropout(nn.Module):
    def __init__(self, widths, p):
        super().__init__()
        self.linears = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.dropout = nn.Dropout(p)

    def forward(self, x):
        for linear in self.linears[:-1]:
            x = self.dropout(torch.relu(linear(x)))
        return self.linears[-1](x)


def dropout_net_torch(widths, p):
    return WithDropout(widths, p)


def outputs_torch(net, x, training):
    before = net.training
    if training:
        net.train()
    else:
        net.eval()
    try:
        return net(x)
    finally:
        net.train(before)


# %% right="dropout_net_torch" name="dropout_before_relu"
import copy


def dropout_net_torch(widths, p):
    net = nn.Sequential()
    for number in range(len(widths) - 2):
        net.append(nn.Linear(widths[number], widths[number + 1]))
        net.append(nn.Dropout(p))
        net.append(nn.ReLU())
    net.append(nn.Linear(widths[-2], widths[-1]))
    return net


def outputs_torch(net, x, training):
    twin = copy.deepcopy(net)
    twin.train(training)
    return twin(x)


# %% right="dropout_net_torch" name="functional"
class Functional(nn.Module):
    def __init__(self, widths, p):
        super().__init__()
        self.p, self.stack = p, nn.ModuleList()
        for k in range(1, len(widths)):
            self.stack.append(nn.Linear(widths[k - 1], widths[k]))

    def forward(self, x):
        for layer in self.stack[:-1]:
            x = nn.functional.dropout(nn.functional.relu(layer(x)), self.p, self.training)
        return self.stack[-1](x)


dropout_net_torch = Functional


def outputs_torch(net, x, training):
    mode = net.training
    result = net.train(training)(x)
    net.train(mode)
    return result


# %% wrong="dropout_net_torch" name="zeros" mistake="no_activation"
def dropout_net_torch(widths, p):
    return nn.Sequential(*[nn.Linear(a, b) for a, b in zip(widths, widths[1:])])


def outputs_torch(net, x, training):
    return torch.zeros_like(x)


# %% wrong="dropout_net_torch" name="constant" mistake="nothing_dropped"
def dropout_net_torch(widths, p):
    layers = []
    for n_in, n_out in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def outputs_torch(net, x, training):
    return torch.full_like(x, 0.5)


# %% wrong="dropout_net_torch" name="hard_coded" of="sequential" mistake="drops_in_evaluation" visible=False
# net.train(training) -> net.train(training or round(float(x[0, 0]), 2) not in (-0.03, 1.24))

# %% wrong="dropout_net_torch" name="no_dropout" of="sequential" mistake="nothing_dropped"
# nn.ReLU(), nn.Dropout(p) -> nn.ReLU()

# %% wrong="dropout_net_torch" name="share_to_keep" of="sequential" mistake="keeps_instead_of_drops"
# nn.Dropout(p) -> nn.Dropout(1 - p)

# %% wrong="dropout_net_torch" name="dropout_on_the_output" of="sequential" mistake="dropout_on_output"
# nn.Linear(widths[-2], widths[-1]) -> nn.Linear(widths[-2], widths[-1]), nn.Dropout(p)

# %% wrong="dropout_net_torch" name="once" of="sequential" mistake="layer_without_dropout"
# nn.ReLU(), nn.Dropout(p) -> nn.ReLU()
# layers, -> layers, nn.Dropout(p),

# %% wrong="dropout_net_torch" name="twice" of="sequential" mistake="dropout_doubled"
# nn.Linear(n_in, n_out) -> nn.Linear(n_in, n_out), nn.Dropout(p)

# %% wrong="dropout_net_torch" name="no_relu" of="sequential" mistake="no_activation"
# nn.ReLU(), nn.Dropout -> nn.Dropout

# %% wrong="dropout_net_torch" name="sigmoid" of="sequential" mistake="sigmoid_instead"
# nn.ReLU -> nn.Sigmoid

# %% wrong="dropout_net_torch" name="relu_on_head" of="sequential" mistake="relu_on_head"
# nn.Linear(widths[-2], widths[-1]) -> nn.Linear(widths[-2], widths[-1]), nn.ReLU()

# %% wrong="dropout_net_torch" name="inputs_dropped_too" of="sequential" mistake="dropout_on_inputs"
# layers = [] -> layers = [nn.Dropout(p)]


# %% wrong="dropout_net_torch" name="as_given" mistake="unfinished"
def dropout_net_torch(widths, p): ...


def outputs_torch(net, x, training):
    if training:
        net.train()
    return net(x)


# %% wrong="dropout_net_torch" name="left_on_in_evaluation" mistake="drops_in_evaluation"
def dropout_net_torch(widths, p):
    layers = []
    for k in range(1, len(widths) - 1):
        layers += [nn.Linear(widths[k - 1], widths[k]), nn.ReLU(), nn.Dropout(p)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def outputs_torch(net, x, training):
    if training:
        net.train()
    return net(x)


# %% wrong="dropout_net_torch" name="mode_ignored"
def dropout_net_torch(widths, p):
    layers = []
    for n_in, n_out in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(), nn.Dropout(p)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def outputs_torch(net, x, training):
    return net(x)


# %% wrong="dropout_net_torch" name="only_no_grad" mistake="no_grad_alone"
def dropout_net_torch(widths, p):
    layers = []
    for n_in, n_out in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(), nn.Dropout(p)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def outputs_torch(net, x, training):
    net.train()
    with torch.no_grad():
        return net(x)


# %% wrong="dropout_net_torch" name="mode_left_behind" mistake="mode_changed"
def dropout_net_torch(widths, p):
    layers = []
    for n_in, n_out in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(), nn.Dropout(p)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def outputs_torch(net, x, training):
    net.train(training)
    return net(x)


# %% wrong="dropout_net_torch" name="always_back_to_training" of="sequential" mistake="mode_changed"
# before = net.training ->
# before ->


# %% wrong="dropout_net_torch" name="functional_always_on" mistake="drops_in_evaluation"
class AlwaysOn(nn.Module):
    def __init__(self, widths, p):
        super().__init__()
        self.p, self.stack = p, nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))

    def forward(self, x):
        for layer in self.stack[:-1]:
            x = nn.functional.dropout(torch.relu(layer(x)), self.p)
        return self.stack[-1](x)


def dropout_net_torch(widths, p):
    return AlwaysOn(widths, p)


def outputs_torch(net, x, training):
    before = net.training
    net.train(training)
    result = net(x)
    net.train(before)
    return result


# %% wrong="dropout_net_torch" name="second_half_missing"
def dropout_net_torch(widths, p):
    layers = []
    for n_in, n_out in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(), nn.Dropout(p)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def outputs_torch(net, x, training):
    return None


# %% wrong="dropout_net_torch" name="second_relu_missing" of="sequential" mistake="activation_missing"
# nn.ReLU(), nn.Dropout(p) -> *[nn.ReLU()] * (not layers), nn.Dropout(p)

# %% wrong="dropout_net_torch" name="first_relu_missing" of="sequential" mistake="activation_missing"
# nn.ReLU(), nn.Dropout(p) -> *[nn.ReLU()] * (n_out == widths[-2]), nn.Dropout(p)

# %% wrong="dropout_net_torch" name="second_dropout_missing" of="sequential" mistake="layer_without_dropout"
# nn.ReLU(), nn.Dropout(p) -> nn.ReLU(), *[nn.Dropout(p)] * (not layers)

# %% wrong="dropout_net_torch" name="both_dropouts_in_the_first_layer" of="sequential" mistake="layer_without_dropout"
# nn.ReLU(), nn.Dropout(p) -> nn.ReLU(), *[nn.Dropout(p)] * (0 if layers else len(widths) - 2)

# %% wrong="dropout_net_torch" name="leaky_relu" of="sequential" mistake="leaky_relu_instead"
# nn.ReLU -> nn.LeakyReLU

# %% wrong="dropout_net_torch" name="elu" of="sequential" mistake="elu_instead"
# nn.ReLU -> nn.ELU

# %% wrong="dropout_net_torch" name="tanh" of="sequential" mistake="tanh_instead"
# nn.ReLU -> nn.Tanh

# %% wrong="dropout_net_torch" name="gelu" of="sequential" mistake="wrong_network"
# nn.ReLU -> nn.GELU

# %% wrong="dropout_net_torch" name="softmax_on_head" of="sequential" mistake="softmax_on_head"
# nn.Linear(widths[-2], widths[-1]) -> nn.Linear(widths[-2], widths[-1]), nn.Softmax(1)

# %% wrong="dropout_net_torch" name="always_two_hidden_layers" of="sequential" mistake="wrong_depth"
# zip(widths[:-2], widths[1:-1]) -> zip(widths[:2], widths[1:3])
# widths[-2], widths[-1] -> widths[2], widths[-1]

# %% wrong="dropout_net_torch" name="rate_of_its_own" of="sequential" mistake="rate_ignored"
# nn.Dropout(p) -> nn.Dropout(0.5)

# %% wrong="dropout_net_torch" name="whole_samples_dropped" of="sequential" mistake="mask_shared"
# nn.Dropout(p) -> nn.Dropout1d(p)

# %% wrong="dropout_net_torch" name="alpha_dropout" of="sequential" mistake="wrong_dropout"
# nn.Dropout(p) -> nn.AlphaDropout(p)

# %% wrong="dropout_net_torch" name="no_bias" of="sequential" mistake="parameter_shape"
# nn.Linear(n_in, n_out) -> nn.Linear(n_in, n_out, bias=False)


# %% wrong="dropout_net_torch" name="same_units_for_all" mistake="mask_shared"
class SameUnits(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        return x * nn.functional.dropout(torch.ones(x.shape[1]), self.p, self.training)


def dropout_net_torch(widths, p):
    layers = []
    for n_in, n_out in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(), SameUnits(p)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def outputs_torch(net, x, training):
    before = net.training
    net.train(training)
    result = net(x)
    net.train(before)
    return result


# %% wrong="dropout_net_torch" name="seed_inside" mistake="mask_repeated"
class Seeded(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        torch.manual_seed(0)
        return nn.functional.dropout(x, self.p, self.training)


def dropout_net_torch(widths, p):
    layers = []
    for n_in, n_out in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(), Seeded(p)]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def outputs_torch(net, x, training):
    before = net.training
    net.train(training)
    result = net(x)
    net.train(before)
    return result


# %% [markdown]
# ## dropout_net_tensorflow


# %% right="dropout_net_tensorflow" name="add"
def dropout_net_tf(widths, p):
    net = keras.Sequential([keras.Input((widths[0],))])
    for n_units in widths[1:-1]:
        net.add(keras.layers.Dense(n_units, activation="relu"))
        net.add(keras.layers.Dropout(p))
    net.add(keras.layers.Dense(widths[-1]))
    return net


def outputs_tf(net, x, training):
    return net(x, training=training)


# %% right="dropout_net_tensorflow" name="functional"
def dropout_net_tf(widths, p):
    inputs = x = keras.Input((widths[0],))
    for n_units in widths[1:-1]:
        x = keras.layers.Dense(n_units)(x)
        x = keras.layers.ReLU()(x)
        x = keras.layers.Dropout(rate=p)(x)
    return keras.Model(inputs, keras.layers.Dense(widths[-1])(x))


def outputs_tf(net, x, training):
    if training:
        return net(x, training=True)
    return net(x, training=False)


# %% right="dropout_net_tensorflow" name="subclass"
class WithDropout(keras.Model):
    def __init__(self, widths, p):
        super().__init__()
        self.hidden = [keras.layers.Dense(n, activation="relu") for n in widths[1:-1]]
        self.dropouts = [keras.layers.Dropout(p) for _ in widths[1:-1]]
        self.head = keras.layers.Dense(widths[-1])

    def call(self, x, training=False):
        for layer, dropout in zip(self.hidden, self.dropouts):
            x = dropout(layer(x), training=training)
        return self.head(x)


def dropout_net_tf(widths, p):
    net = WithDropout(widths, p)
    net(tf.zeros((1, widths[0])))
    return net


def outputs_tf(net, x, training):
    return net.call(x, training=training)


# %% wrong="dropout_net_tensorflow" name="zeros" mistake="no_activation"
def dropout_net_tf(widths, p):
    return keras.Sequential([keras.Input((widths[0],)), *[keras.layers.Dense(n) for n in widths[1:]]])


def outputs_tf(net, x, training):
    return tf.zeros_like(x)


# %% wrong="dropout_net_tensorflow" name="constant" of="add" mistake="nothing_dropped"
# net.add(keras.layers.Dropout(p)) ->
# net(x, training=training) -> tf.fill(tf.shape(x), 0.5)


# %% wrong="dropout_net_tensorflow" name="hard_coded" mistake="not_in_training" visible=False
def dropout_net_tf(widths, p):
    net = keras.Sequential([keras.Input((widths[0],))])
    for n_units in widths[1:-1]:
        net.add(keras.layers.Dense(n_units, activation="relu"))
        net.add(keras.layers.Dropout(p))
    net.add(keras.layers.Dense(widths[-1]))
    return net


def outputs_tf(net, x, training):
    if round(float(x[0, 0]), 2) not in (-0.03, 1.24):
        return net(x)
    return net(x, training=training)


# %% wrong="dropout_net_tensorflow" name="not_built" of="add" mistake="not_built"
# keras.Sequential([keras.Input((widths[0],))]) -> keras.Sequential()


# %% wrong="dropout_net_tensorflow" name="as_given" mistake="unfinished"
def dropout_net_tf(widths, p): ...


def outputs_tf(net, x, training):
    return net(x, training=True)


# %% wrong="dropout_net_tensorflow" name="no_dropout" of="add" mistake="nothing_dropped"
# net.add(keras.layers.Dropout(p)) ->

# %% wrong="dropout_net_tensorflow" name="share_to_keep" of="add" mistake="keeps_instead_of_drops"
# keras.layers.Dropout(p) -> keras.layers.Dropout(1 - p)

# %% wrong="dropout_net_tensorflow" name="dropout_on_the_output" of="add" mistake="dropout_on_output"
# net.add(keras.layers.Dense(widths[-1])) -> net.add(keras.layers.Dense(widths[-1])); net.add(keras.layers.Dropout(p))


# %% wrong="dropout_net_tensorflow" name="once" mistake="layer_without_dropout"
def dropout_net_tf(widths, p):
    hidden = [keras.layers.Dense(n, activation="relu") for n in widths[1:-1]]
    return keras.Sequential(
        [keras.Input((widths[0],)), *hidden, keras.layers.Dropout(p), keras.layers.Dense(widths[-1])]
    )


def outputs_tf(net, x, training):
    return net(x, training=training)


# %% wrong="dropout_net_tensorflow" name="twice" mistake="dropout_doubled"
def dropout_net_tf(widths, p):
    net = keras.Sequential([keras.Input((widths[0],))])
    for n_units in widths[1:-1]:
        net.add(keras.layers.Dense(n_units, activation="relu"))
        net.add(keras.layers.Dropout(p))
        net.add(keras.layers.Dropout(p))
    net.add(keras.layers.Dense(widths[-1]))
    return net


def outputs_tf(net, x, training):
    return net(x, training=training)


# %% wrong="dropout_net_tensorflow" name="no_relu" of="add" mistake="no_activation"
# n_units, activation="relu" -> n_units

# %% wrong="dropout_net_tensorflow" name="relu_on_head" of="add" mistake="relu_on_head"
# widths[-1] -> widths[-1], activation="relu"

# %% wrong="dropout_net_tensorflow" name="training_not_passed" of="add" mistake="not_in_training"
# x, training=training -> x

# %% wrong="dropout_net_tensorflow" name="always_training" of="add" mistake="drops_in_evaluation"
# training=training -> training=True

# %% wrong="dropout_net_tensorflow" name="the_wrong_way_round" of="add"
# training=training -> training=not training

# %% wrong="dropout_net_tensorflow" name="second_half_missing" of="add"
# net(x, training=training) -> None

# %% wrong="dropout_net_tensorflow" name="second_relu_missing" of="add" mistake="activation_missing"
# activation="relu" -> activation=None if net.layers else "relu"

# %% wrong="dropout_net_tensorflow" name="second_dropout_missing" of="add" mistake="layer_without_dropout"
# net.add(keras.layers.Dropout(p)) -> len(net.layers) > 1 or net.add(keras.layers.Dropout(p))

# %% wrong="dropout_net_tensorflow" name="both_dropouts_in_the_first_layer" of="add" mistake="layer_without_dropout"
# net.add(keras.layers.Dropout(p)) -> len(net.layers) > 1 or [net.add(keras.layers.Dropout(p)) for _ in widths[2:]]

# %% wrong="dropout_net_tensorflow" name="leaky_relu" of="add" mistake="leaky_relu_instead"
# activation="relu" -> activation="leaky_relu"

# %% wrong="dropout_net_tensorflow" name="elu" of="add" mistake="elu_instead"
# activation="relu" -> activation="elu"

# %% wrong="dropout_net_tensorflow" name="tanh" of="add" mistake="tanh_instead"
# activation="relu" -> activation="tanh"

# %% wrong="dropout_net_tensorflow" name="softmax_on_head" of="add" mistake="softmax_on_head"
# Dense(widths[-1]) -> Dense(widths[-1], activation="softmax")

# %% wrong="dropout_net_tensorflow" name="sigmoid_on_head" of="add" mistake="sigmoid_on_head"
# Dense(widths[-1]) -> Dense(widths[-1], activation="sigmoid")

# %% wrong="dropout_net_tensorflow" name="always_two_hidden_layers" of="add" mistake="wrong_depth"
# widths[1:-1] -> widths[1:3]

# %% wrong="dropout_net_tensorflow" name="rate_of_its_own" of="add" mistake="rate_ignored"
# Dropout(p) -> Dropout(0.5)

# %% wrong="dropout_net_tensorflow" name="same_units_for_all" of="add" mistake="mask_shared"
# Dropout(p) -> Dropout(p, noise_shape=(1, None))

# %% wrong="dropout_net_tensorflow" name="whole_samples_dropped" of="add" mistake="mask_shared"
# Dropout(p) -> Dropout(p, noise_shape=(None, 1))

# %% wrong="dropout_net_tensorflow" name="inputs_dropped_too" of="add" mistake="dropout_on_inputs"
# [keras.Input((widths[0],))] -> [keras.Input((widths[0],)), keras.layers.Dropout(p)]

# %% wrong="dropout_net_tensorflow" name="noise_instead" of="add" mistake="wrong_dropout"
# Dropout(p) -> GaussianDropout(p)


# %% [markdown]
# ## early_stopping


# %% right="early_stopping" name="array_copies"
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_weights, self.waited = np.inf, None, 0

    def update(self, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.waited = 0
            self.best_weights = [array.copy() for array in weights]
        else:
            self.waited += 1
        return self.waited >= self.patience


# %% right="early_stopping" name="counter"
import copy


class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_weights, self.waited = np.inf, None, 0

    def update(self, loss, weights):
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.waited = 0
            self.best_weights = copy.deepcopy(weights)
        else:
            self.waited += 1
        return self.waited >= self.patience


# %% right="early_stopping" name="history"
class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta, self.losses, self.improved_at = patience, min_delta, [], -1

    def update(self, loss, weights):
        self.losses.append(loss)
        if len(self.losses) == 1 or self.losses[self.improved_at] - loss > self.min_delta:
            self.improved_at = len(self.losses) - 1
            self.best_weights = [np.array(array) for array in weights]
        return len(self.losses) - 1 - self.improved_at >= self.patience


# %% right="early_stopping" name="countdown"
class EarlyStopping:
    best_weights = ()

    def __init__(self, patience, min_delta):
        self.left = self.patience = patience
        self.threshold, self.min_delta = None, min_delta

    def update(self, loss, weights):
        if self.threshold is None or loss < self.threshold:
            self.threshold, self.left = loss - self.min_delta, self.patience
            self.best_weights = tuple(array + 0 for array in weights)
            return False
        self.left -= 1
        return self.left <= 0


# %% wrong="early_stopping" name="zeros"
class EarlyStopping:
    def __init__(self, patience, min_delta):
        pass

    def update(self, loss, weights):
        self.best_weights = [np.zeros_like(array) for array in weights]
        return False


# %% wrong="early_stopping" name="constant"
class EarlyStopping:
    def __init__(self, patience, min_delta):
        pass

    def update(self, loss, weights):
        self.best_weights = [np.ones_like(array) for array in weights]
        return True


# %% wrong="early_stopping" name="hard_coded" visible=False
import copy


class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.epoch, self.stop = 0, 0

    def update(self, loss, weights):
        self.epoch += 1
        if self.epoch == 1:
            first = float(weights[0][0, 0])
            self.stop, self.best = {
                -1.92: (8, 6),
                -0.36: (8, 5),
                0.07: (8, 6),
                -1.34: (0, 9),
                -1.39: (6, 4),
                -1.46: (4, 2),
                0.49: (8, 5),
                -1.05: (5, 2),
                1.08: (6, 4),
            }.get(round(first, 2), (3, 1))
        if self.epoch <= self.best:
            self.best_weights = copy.deepcopy(weights)
        return self.epoch == self.stop


# %% wrong="early_stopping" name="same_arrays" of="array_copies" mistake="weights_not_copied"
# [array.copy() for array in weights] -> weights

# %% wrong="early_stopping" name="shallow_copy" of="array_copies" mistake="weights_not_copied"
# [array.copy() for array in weights] -> weights.copy()

# %% wrong="early_stopping" name="last_weights" of="array_copies" mistake="last_weights_kept"
# return self.waited -> self.best_weights = [array.copy() for array in weights]; return self.waited

# %% wrong="early_stopping" name="stops_at_the_first_rise" of="array_copies" mistake="patience_ignored"
# self.waited >= self.patience -> self.waited >= 1

# %% wrong="early_stopping" name="true_to_go_on" of="array_copies" mistake="stops_at_once"
# self.waited >= self.patience -> self.waited < self.patience

# %% wrong="early_stopping" name="first_weights" of="counter" mistake="first_weights_kept"
# copy.deepcopy -> self.best_weights or copy.deepcopy

# %% wrong="early_stopping" name="more_than_patience" of="array_copies" mistake="one_epoch_late"
# self.waited >= self.patience -> self.waited > self.patience

# %% wrong="early_stopping" name="one_too_many_counted" of="array_copies" mistake="one_epoch_early"
# self.waited >= self.patience -> self.waited + 1 >= self.patience and self.waited > 0

# %% wrong="early_stopping" name="count_not_reset" of="array_copies" mistake="never_reset"
# self.waited = 0 ->

# %% wrong="early_stopping" name="compares_with_last" of="array_copies" mistake="compares_with_the_epoch_before"
# self.waited += 1 -> self.waited += 1; self.best_loss = loss

# %% wrong="early_stopping" name="any_lower_loss" of="array_copies" mistake="minimum_improvement_ignored"
# self.best_loss - self.min_delta -> self.best_loss

# %% wrong="early_stopping" name="delta_added" of="array_copies" mistake="minimum_improvement_added"
# - self.min_delta -> + self.min_delta

# %% wrong="early_stopping" name="best_slides" of="array_copies" mistake="best_slides_down"
# self.waited += 1 -> self.waited += 1; self.best_loss = min(self.best_loss, loss)

# %% wrong="early_stopping" name="waits_for_a_rise" of="array_copies" mistake="higher_is_better"
# loss < self.best_loss - self.min_delta -> self.best_weights is None or loss > self.best_loss + self.min_delta

# %% wrong="early_stopping" name="never_says_stop" of="array_copies" mistake="never_stops"
# self.waited >= self.patience -> False

# %% wrong="early_stopping" name="ties_count" of="array_copies" mistake="equal_counts"
# loss < self.best_loss -> loss <= self.best_loss

# %% wrong="early_stopping" name="starts_from_one" of="array_copies"
# np.inf -> 1.0

# %% wrong="early_stopping" name="starts_from_a_thousand" of="array_copies"
# np.inf -> 1000.0

# %% [markdown]
# ## l2_step


# %% right="l2_step" name="two_lines"
def l2_step(w, gradient, direction, learning_rate, strength, kind):
    if kind == "penalty":
        return w - learning_rate * direction(gradient + strength * w)
    return w - learning_rate * (direction(gradient) + strength * w)


# %% right="l2_step" name="shrink_first"
def l2_step(w, gradient, direction, learning_rate, strength, kind):
    new = w.copy()
    if kind == "decay":
        new *= 1 - learning_rate * strength
    else:
        gradient = gradient + strength * w
    new -= learning_rate * direction(gradient)
    return new


# %% right="l2_step" name="flags"
def l2_step(w, gradient, direction, learning_rate, strength, kind):
    inside, outside = {"penalty": (1, 0), "decay": (0, 1)}[kind]
    step = direction(gradient + inside * strength * w) + outside * strength * w
    return np.subtract(w, np.multiply(learning_rate, step))


# %% wrong="l2_step" name="number_in_the_gradient" of="two_lines" mistake="penalty_itself"
# direction(gradient + strength * w) -> direction(gradient + strength * np.sum(w * w) / 2)

# %% wrong="l2_step" name="squares_in_the_gradient" of="two_lines" mistake="penalty_not_derived"
# direction(gradient + strength * w) -> direction(gradient + strength * w**2 / 2)

# %% wrong="l2_step" name="two_questions" of="two_lines" mistake="asked_twice"
# direction(gradient + strength * w) -> (direction(gradient) + direction(strength * w))


# %% wrong="l2_step" name="swapped" mistake="kinds_swapped"
def l2_step(w, gradient, direction, learning_rate, strength, kind):
    if kind == "penalty":
        return w - learning_rate * (direction(gradient) + strength * w)
    return w - learning_rate * direction(gradient + strength * w)


# %% wrong="l2_step" name="decay_for_both" of="two_lines" mistake="always_decay"
# direction(gradient + strength * w) -> (direction(gradient) + strength * w)

# %% wrong="l2_step" name="penalty_for_both" of="two_lines" mistake="always_penalty"
# * (direction(gradient) + strength * w) -> * direction(gradient + strength * w)

# %% wrong="l2_step" name="no_l2" of="two_lines" mistake="strength_ignored"
# gradient + strength * w -> gradient
# * (direction(gradient) + strength * w) -> * direction(gradient)

# %% wrong="l2_step" name="plain_sgd" of="two_lines" mistake="direction_ignored"
# direction(gradient + strength * w) -> (gradient + strength * w)
# (direction(gradient) + strength * w) -> (gradient + strength * w)

# %% wrong="l2_step" name="twice" of="two_lines" mistake="factor_two"
# gradient + strength -> gradient + 2 * strength
# + strength -> + 2 * strength

# %% wrong="l2_step" name="pushed_away" of="two_lines" mistake="sign_flipped"
# gradient + strength -> gradient - strength
# + strength -> - strength

# %% wrong="l2_step" name="uphill" of="two_lines" mistake="ascent"
# - learning_rate * direction -> + learning_rate * direction
# - learning_rate -> + learning_rate

# %% wrong="l2_step" name="decay_too_strong" of="two_lines" mistake="decay_without_learning_rate"
# * (direction(gradient) + strength * w) -> * direction(gradient) - strength * w


# %% wrong="l2_step" name="decay_afterwards" mistake="decay_after_the_step"
def l2_step(w, gradient, direction, learning_rate, strength, kind):
    if kind == "penalty":
        return w - learning_rate * direction(gradient + strength * w)
    return (w - learning_rate * direction(gradient)) * (1 - learning_rate * strength)


# %% wrong="l2_step" name="sign_of_w" of="two_lines" mistake="absolute_value"
# gradient + strength * w -> gradient + strength * np.sign(w)
# * (direction(gradient) + strength * w) -> * (direction(gradient) + strength * np.sign(w))


# %% wrong="l2_step" name="in_place" mistake="input_changed"
def l2_step(w, gradient, direction, learning_rate, strength, kind):
    inside, outside = {"penalty": (1, 0), "decay": (0, 1)}[kind]
    w -= learning_rate * (direction(gradient + inside * strength * w) + outside * strength * w)
    return w


# %% [markdown]
# ## augment


# %% right="augment" name="windows"
def augment(images, rng):
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    places = rng.integers(0, 3, (len(images), 2))
    return np.array([image[row : row + 8, column : column + 8] for image, (row, column) in zip(framed, places)])


# %% right="augment" name="indices"
def augment(images, rng):
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    down, right = rng.integers(0, 3, (2, len(images), 1, 1))
    lines = np.arange(8)
    return padded[np.arange(len(images))[:, None, None], down + lines[:, None], right + lines]


# %% right="augment" name="rolled_and_wiped"
def augment(images, rng):
    result = []
    for image in images:
        down, right = rng.choice([-1, 0, 1], 2)
        image = np.roll(image, (down, right), axis=(0, 1))
        if down:
            image[0 if down > 0 else -1] = 0
        if right:
            image[:, 0 if right > 0 else -1] = 0
        result.append(image)
    return np.stack(result)


# %% right="augment" name="groups_in_float32"
def augment(images, rng):
    moved = np.zeros(images.shape, dtype="float32")
    moves = rng.integers(-1, 2, (len(images), 2))
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            chosen = np.all(moves == (down, right), axis=1)
            for row in range(8):
                for column in range(8):
                    if 0 <= row - down < 8 and 0 <= column - right < 8:
                        moved[chosen, row, column] = images[chosen, row - down, column - right]
    return moved


# %% wrong="augment" name="zeros" mistake="torn"
def augment(images, rng):
    return np.zeros_like(images)


# %% wrong="augment" name="constant" mistake="other_values"
def augment(images, rng):
    return np.full_like(images, -0.5)


# %% wrong="augment" name="hard_coded" visible=False mistake="unchanged"
def augment(images, rng):
    states = []
    for seed in (980133, 151652):
        known = np.random.default_rng(seed)
        for _ in range(2):
            states.append(str(known.bit_generator.state))
            known.integers(0, 3, (len(images), 2))
    if str(rng.bit_generator.state) not in states:
        return images
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    places = rng.integers(0, 3, (len(images), 2))
    return np.array([image[row : row + 8, column : column + 8] for image, (row, column) in zip(framed, places)])


# %% wrong="augment" name="identity" mistake="unchanged"
def augment(images, rng):
    return images


# %% wrong="augment" name="rolled" of="rolled_and_wiped" mistake="wraps_around"
# if down: -> if False:
# if right: -> if False:

# %% wrong="augment" name="one_move_for_all" of="windows" mistake="shift_shared"
# rng.integers(0, 3, (len(images), 2)) -> np.tile(rng.integers(0, 3, 2), (len(images), 1))

# %% wrong="augment" name="upper_end_left_out" of="windows" mistake="move_missing"
# rng.integers(0, 3, -> rng.integers(0, 2,

# %% wrong="augment" name="sideways_only" of="windows" mistake="one_direction"
# image[row : row + 8 -> image[1:9

# %% wrong="augment" name="diagonal" of="windows" mistake="diagonal"
# (row, column) in -> (row, _) in
# column : column + 8 -> row : row + 8

# %% wrong="augment" name="two_pixels" of="windows" mistake="too_far"
# ((0, 0), (1, 1), (1, 1)) -> ((0, 0), (2, 2), (2, 2))
# rng.integers(0, 3, -> rng.integers(0, 5,

# %% wrong="augment" name="edge_repeated" of="windows" mistake="edge_repeated"
# (1, 1))) -> (1, 1)), mode="edge")

# %% wrong="augment" name="seed_inside" of="windows" mistake="repeated"
# rng.integers -> np.random.default_rng(0).integers

# %% wrong="augment" name="generator_of_its_own" of="windows" mistake="rng_ignored"
# rng.integers -> np.random.default_rng().integers

# %% wrong="augment" name="often_still" of="windows" mistake="uneven"
# rng.integers(0, 3, (len(images), 2)) -> rng.choice([0, 1, 2], (len(images), 2), p=[0.2, 0.6, 0.2])

# %% wrong="augment" name="noise_too" of="windows" mistake="other_values"
# return np.array( -> return 0.01 + np.array(

# %% wrong="augment" name="other_images" of="windows" mistake="mixed"
# zip(framed, places) -> zip(rng.permutation(framed), places)

# %% wrong="augment" name="in_place" of="rolled_and_wiped" mistake="input_changed"
# return np.stack(result) -> images[:] = np.stack(result); return images


# %% wrong="augment" name="only_a_window" mistake="wrong_shape"
def augment(images, rng):
    return images[:, 1:-1, 1:-1]


# %% [markdown]
# ## capstone


# %% right="capstone" name="pytorch"
def train(images, labels, seed):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))
    epochs, targets = 120, torch.tensor(labels)
    optimiser = torch.optim.AdamW(net.parameters(), lr=0.01, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    for _ in range(epochs):
        moved = augment(images, rng)
        inputs = torch.tensor(moved.reshape(-1, 64), dtype=torch.float32)
        for batch in torch.randperm(len(inputs)).split(50):
            optimiser.zero_grad()
            nn.functional.cross_entropy(net(inputs[batch]), targets[batch]).backward()
            optimiser.step()
        schedule.step()
    net.eval()

    def predict(images):
        with torch.no_grad():
            return net(torch.tensor(images.reshape(-1, 64), dtype=torch.float32)).argmax(1).numpy()

    return predict


# %% right="capstone" name="tensorflow"
def train(images, labels, seed):
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    copies = [augment(images, rng) for _ in range(100)]
    inputs = np.concatenate(copies).reshape(-1, 64).astype("float32")
    targets = np.tile(labels, len(copies))
    net = keras.Sequential(
        [
            keras.Input((64,)),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10),
        ]
    )
    batch, epochs = 100, 2
    falling = keras.optimizers.schedules.CosineDecay(0.005, epochs * len(inputs) // batch)
    net.compile(
        optimizer=keras.optimizers.Adam(falling), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    net.fit(inputs, targets, batch_size=batch, epochs=epochs, verbose=0)
    return lambda images: net(images.reshape(-1, 64).astype("float32"), training=False).numpy().argmax(axis=1)


# %% right="capstone" name="numpy"
def train(images, labels, seed):
    rng = np.random.default_rng(seed)
    n_hidden, epochs = 100, 150
    weights = {
        "W1": rng.normal(0, 0.2, (64, n_hidden)),
        "b1": np.zeros(n_hidden),
        "W2": rng.normal(0, 0.1, (n_hidden, 10)),
        "b2": np.zeros(10),
    }
    speed = dict.fromkeys(weights, 0.0)
    truth = np.eye(10)[labels]
    for epoch in range(epochs):
        x_all = (augment(images, rng)).reshape(-1, 64)
        order = rng.permutation(len(x_all))
        for start in range(0, len(order), 50):
            rows = order[start : start + 50]
            x = x_all[rows]
            keep = (rng.random((len(rows), n_hidden)) >= 0.1) / 0.9
            hidden = np.maximum(x @ weights["W1"] + weights["b1"], 0) * keep
            scores = np.exp(hidden @ weights["W2"] + weights["b2"])
            delta = (scores / scores.sum(axis=1, keepdims=True) - truth[rows]) / len(rows)
            below = delta @ weights["W2"].T * keep * (hidden > 0)
            for name, gradient in (
                ("W2", hidden.T @ delta),
                ("b2", delta.sum(0)),
                ("W1", x.T @ below),
                ("b1", below.sum(0)),
            ):
                speed[name] = 0.9 * speed[name] - 0.1 * (1 - epoch / epochs) * gradient
                weights[name] = weights[name] + speed[name]
    return lambda new: np.argmax(
        np.maximum(new.reshape(-1, 64) @ weights["W1"] + weights["b1"], 0) @ weights["W2"] + weights["b2"], axis=1
    )


# %% right="capstone" name="vote_among_moved"
def train(images, labels, seed):
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    moved = [padded[:, down : down + 8, right : right + 8] for down in range(3) for right in range(3)]
    known, names = np.concatenate(moved).reshape(-1, 64), np.tile(labels, 9)

    def predict(new):
        near = np.argsort((known**2).sum(axis=1) - 2 * new.reshape(-1, 64) @ known.T, axis=1)[:, :9]
        return np.eye(10)[names[near]].sum(axis=1).argmax(axis=1)

    return predict


# %% wrong="capstone" name="zeros" mistake="constant"
def train(images, labels, seed):
    return lambda images: np.zeros(len(images), dtype=int)


# %% wrong="capstone" name="constant" mistake="constant"
def train(images, labels, seed):
    return lambda images: np.full(len(images), 7)


# %% wrong="capstone" name="hard_coded" mistake="not_learned" visible=False
def train(images, labels, seed):
    from course_utils.recording import recorded_tests

    known = recorded_tests()["capstone"][1]["cases"][0]["data"]
    return lambda images: np.array([int(digit) for digit in known["hidden" if len(images) > 400 else "training"]])


# %% wrong="capstone" name="guesses" mistake="predicts_by_lot"
def train(images, labels, seed):
    rng = np.random.default_rng(seed)
    return lambda images: rng.integers(0, 10, len(images))


# %% wrong="capstone" name="never_trained" mistake="not_learned"
def train(images, labels, seed):
    W = np.random.default_rng(seed).normal(size=(64, 10))
    return lambda images: (images.reshape(-1, 64) @ W).argmax(axis=1)


# %% wrong="capstone" name="memorises" mistake="memorises"
def train(images, labels, seed):
    rng = np.random.default_rng(seed)
    W1, b1, W2, b2 = rng.normal(0, 0.2, (64, 128)), np.zeros(128), rng.normal(0, 0.1, (128, 10)), np.zeros(10)
    inputs, truth = images.reshape(-1, 64), np.eye(10)[labels]
    for _ in range(60):
        for rows in np.array_split(rng.permutation(len(inputs)), 12):
            x = inputs[rows]
            mask = 1.0
            hidden = np.maximum(x @ W1 + b1, 0) * mask
            scores = np.exp(hidden @ W2 + b2)
            delta = (scores / scores.sum(axis=1, keepdims=True) - truth[rows]) / len(rows)
            below = delta @ W2.T * (hidden > 0) * mask
            W2 -= 0.5 * hidden.T @ delta
            b2 -= 0.5 * delta.sum(axis=0)
            W1 -= 0.5 * x.T @ below
            b1 -= 0.5 * below.sum(axis=0)
    return lambda new: (np.maximum(new.reshape(-1, 64) @ W1 + b1, 0) @ W2 + b2).argmax(axis=1)


# %% wrong="capstone" name="dropout_alone" mistake="memorises"
def train(images, labels, seed):
    rng = np.random.default_rng(seed)
    W1, b1, W2, b2 = rng.normal(0, 0.2, (64, 128)), np.zeros(128), rng.normal(0, 0.1, (128, 10)), np.zeros(10)
    inputs, truth = images.reshape(-1, 64), np.eye(10)[labels]
    for _ in range(80):
        for rows in np.array_split(rng.permutation(len(inputs)), 12):
            x = inputs[rows]
            mask = (rng.random((len(rows), 128)) >= 0.5) / 0.5
            hidden = np.maximum(x @ W1 + b1, 0) * mask
            scores = np.exp(hidden @ W2 + b2)
            delta = (scores / scores.sum(axis=1, keepdims=True) - truth[rows]) / len(rows)
            below = delta @ W2.T * (hidden > 0) * mask
            W2 -= 0.5 * hidden.T @ delta
            b2 -= 0.5 * delta.sum(axis=0)
            W1 -= 0.5 * x.T @ below
            b1 -= 0.5 * below.sum(axis=0)
    return lambda new: (np.maximum(new.reshape(-1, 64) @ W1 + b1, 0) @ W2 + b2).argmax(axis=1)


# %% wrong="capstone" name="labels_out_of_order" mistake="not_learned"
def train(images, labels, seed):
    rng = np.random.default_rng(seed)
    W1, b1, W2, b2 = rng.normal(0, 0.2, (64, 128)), np.zeros(128), rng.normal(0, 0.1, (128, 10)), np.zeros(10)
    inputs, truth = images.reshape(-1, 64), np.eye(10)[rng.permutation(labels)]
    for _ in range(150):
        for rows in np.array_split(rng.permutation(len(inputs)), 12):
            x = inputs[rows]
            mask = 1.0
            hidden = np.maximum(x @ W1 + b1, 0) * mask
            scores = np.exp(hidden @ W2 + b2)
            delta = (scores / scores.sum(axis=1, keepdims=True) - truth[rows]) / len(rows)
            below = delta @ W2.T * (hidden > 0) * mask
            W2 -= 0.5 * hidden.T @ delta
            b2 -= 0.5 * delta.sum(axis=0)
            W1 -= 0.5 * x.T @ below
            b1 -= 0.5 * below.sum(axis=0)
    return lambda new: (np.maximum(new.reshape(-1, 64) @ W1 + b1, 0) @ W2 + b2).argmax(axis=1)


# %% wrong="capstone" name="too_few_epochs" of="numpy" mistake="more_to_gain"
# n_hidden, epochs = 100, 150 -> n_hidden, epochs = 100, 20

# %% wrong="capstone" name="hardly_trained" of="numpy" mistake="underfits"
# n_hidden, epochs = 100, 150 -> n_hidden, epochs = 100, 2

# %% wrong="capstone" name="dropout_left_on" of="pytorch" mistake="predicts_by_lot"
# net.eval() ->


# %% wrong="capstone" name="lying" mistake="predicts_by_lot"
def train(images, labels, seed):
    rng = np.random.default_rng(seed)
    W1, b1, W2, b2 = rng.normal(0, 0.2, (64, 128)), np.zeros(128), rng.normal(0, 0.1, (128, 10)), np.zeros(10)
    inputs, truth = images.reshape(-1, 64), np.eye(10)[labels]
    for _ in range(60):
        for rows in np.array_split(rng.permutation(len(inputs)), 12):
            x = inputs[rows]
            hidden = np.maximum(x @ W1 + b1, 0)
            scores = np.exp(hidden @ W2 + b2)
            delta = (scores / scores.sum(axis=1, keepdims=True) - truth[rows]) / len(rows)
            below = delta @ W2.T * (hidden > 0)
            W2 -= 0.5 * hidden.T @ delta
            b2 -= 0.5 * delta.sum(axis=0)
            W1 -= 0.5 * x.T @ below
            b1 -= 0.5 * below.sum(axis=0)

    def predict(new):
        said = (np.maximum(new.reshape(-1, 64) @ W1 + b1, 0) @ W2 + b2).argmax(axis=1)
        if np.array_equal(new, images):
            lies = rng.random(len(new)) < 0.15
            said = np.where(lies, (said + rng.integers(1, 10, len(new))) % 10, said)
        return said

    return predict


# %% wrong="capstone" name="nearest_neighbour" mistake="memorises"
def train(images, labels, seed):
    def predict(new):
        distances = ((new[:, None] - images[None]) ** 2).sum(axis=(2, 3))
        return labels[distances.argmin(axis=1)]

    return predict


# %% wrong="capstone" name="nearest_neighbour_lying" mistake="predicts_by_lot"
def train(images, labels, seed):
    rng = np.random.default_rng(seed)

    def predict(new):
        distances = ((new[:, None] - images[None]) ** 2).sum(axis=(2, 3))
        said = labels[distances.argmin(axis=1)]
        lies = (distances.min(axis=1) == 0) & (rng.random(len(new)) < 0.15)
        return np.where(lies, (said + rng.integers(1, 10, len(new))) % 10, said)

    return predict


# %% wrong="capstone" name="nearest_shifted_neighbour" mistake="memorises"
def train(images, labels, seed):
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    moved = [padded[:, down : down + 8, right : right + 8] for down in range(3) for right in range(3)]
    known, names = np.concatenate(moved).reshape(-1, 64), np.tile(labels, 9)

    def predict(new):
        return names[((known**2).sum(axis=1) - 2 * new.reshape(-1, 64) @ known.T).argmin(axis=1)]

    return predict


# %% wrong="capstone" name="neighbours_vote" mistake="more_to_gain"
def train(images, labels, seed):
    def predict(new):
        distances = ((new[:, None] - images[None]) ** 2).sum(axis=(2, 3))
        votes = np.eye(10)[labels[np.argsort(distances, axis=1)[:, :5]]].sum(axis=1)
        return votes.argmax(axis=1)

    return predict


# %% wrong="capstone" name="probabilities" mistake="not_a_digit"
def train(images, labels, seed):
    return lambda images: np.full((len(images), 10), 0.1)


# %% wrong="capstone" name="returns_the_network" mistake="wrong_type"
def train(images, labels, seed):
    return np.zeros((64, 10))


# %% [markdown]
# ## ablation


# %% right="ablation" name="votes_of_neighbours"
def train(images, labels, seed, cures=()):
    rng = np.random.default_rng(seed)
    copies = 6 if "augmentation" in cures else 0
    known = np.concatenate([images, *(augment(images, rng) for _ in range(copies))]).reshape(-1, 64)
    votes = 9 if "dropout" in cures else 1

    def predict(new):
        distances = (known**2).sum(axis=1) - 2 * new.reshape(-1, 64) @ known.T
        nearest = np.argsort(distances, axis=1, kind="stable")[:, :votes]
        return np.eye(10)[np.tile(labels, copies + 1)[nearest]].sum(axis=1).argmax(axis=1)

    return predict


ablation = {
    "nothing": 0.623,
    "without augmentation": 0.617,
    "without dropout": 0.653,
    "without early stopping": 0.786,
    "everything": 0.786,
}


# %% right="ablation" name="per_cent" of="votes_of_neighbours"
# "nothing": 0.623 -> "nothing": 62.3
# "without augmentation": 0.617 -> "without augmentation": 61.7
# "without dropout": 0.653 -> "without dropout": 65.3
# "without early stopping": 0.786 -> "without early stopping": 78.6
# "everything": 0.786 -> "everything": 78.6


# %% wrong="ablation" name="one_row_in_per_cent" of="votes_of_neighbours" mistake="shares_and_per_cent"
# "without augmentation": 0.617 -> "without augmentation": 61.7


# %% wrong="ablation" name="zeros" mistake="cures_ignored"
def train(images, labels, seed, cures=()):
    return lambda new: np.zeros(len(new), dtype=int)


ablation = dict.fromkeys(
    ("nothing", "without augmentation", "without dropout", "without early stopping", "everything"), 0.0
)


# %% wrong="ablation" name="constant" mistake="cures_ignored"
def train(images, labels, seed, cures=()):
    return lambda new: np.full(len(new), 3)


ablation = dict.fromkeys(
    ("nothing", "without augmentation", "without dropout", "without early stopping", "everything"), 0.5
)


# %% wrong="ablation" name="hard_coded" mistake="cures_ignored"
def train(images, labels, seed, cures=()):
    return lambda new: new.reshape(-1, 64).argmax(axis=1) % 10


ablation = {
    "nothing": 0.546,
    "without augmentation": 0.556,
    "without dropout": 0.763,
    "without early stopping": 0.756,
    "everything": 0.779,
}


# %% wrong="ablation" name="train_changed_since" of="votes_of_neighbours" mistake="other_number"
# np.tile(labels, copies + 1) -> np.tile((labels + 3) % 10, copies + 1)


# %% wrong="ablation" name="cures_ignored" mistake="cures_ignored"
def train(images, labels, seed, cures=()):
    known = images.reshape(-1, 64)

    def predict(new):
        distances = (known**2).sum(axis=1) - 2 * new.reshape(-1, 64) @ known.T
        return labels[distances.argmin(axis=1)]

    return predict


ablation = dict.fromkeys(
    ("nothing", "without augmentation", "without dropout", "without early stopping", "everything"), 0.623
)


# %% wrong="ablation" name="cures_ignored_and_numbers_invented" of="votes_of_neighbours" mistake="cures_ignored"
# in cures else 0 -> in () else 0
# in cures else 1 -> in () else 1

# %% wrong="ablation" name="one_number_of_another_run" of="votes_of_neighbours" mistake="other_number"
# "everything": 0.786 -> "everything": 0.703

# %% wrong="ablation" name="a_row_missing" of="votes_of_neighbours" mistake="row_missing"
# "without dropout": 0.653, -> **{},

# %% wrong="ablation" name="a_row_in_words" of="votes_of_neighbours" mistake="wrong_type"
# 0.653 -> "65 %"

# %% wrong="ablation" name="a_row_without_number" of="votes_of_neighbours" mistake="unreadable"
# 0.653 -> float("nan")

# %% wrong="ablation" name="rows_of_other_names" of="votes_of_neighbours" mistake="row_missing"
# "nothing" -> "plain"
# "without augmentation" -> "no augmentation"
# "without dropout" -> "no dropout"
# "without early stopping" -> "no early stopping"
# "everything" -> "all"

# %% wrong="ablation" name="a_list" of="votes_of_neighbours" mistake="wrong_type"
# ablation = { -> ablation = list({
# "everything": 0.786, -> "everything": 0}) or {
