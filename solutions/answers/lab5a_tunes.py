# Known right and known wrong answers to the exercises of Lab 5a. They prove the tests and make the sample class.
#
# A right answer earns full marks in check and in grade. A wrong one loses marks in grade, and in check too unless the
# header says visible=False; with mistake="..." its verdict names that mistake. With of="..." an answer is a right one
# above it with a few words changed, `old -> new`. The wrong answers `zeros`, `constant` and `hard_coded` are made from
# the recorded cases, except to exercises by property and of texts: their answers are below.

# %%
import numpy as np

from course_utils.tunes import END


def temper(logits, temperature):
    raise NotImplementedError("the lab's own function")


def draw(p, rng):
    raise NotImplementedError("the lab's own function")


def encode(text, letters):
    raise NotImplementedError("the lab's own function")


def step(character, h, parameters):
    raise NotImplementedError("the lab's own function")


def unroll(inputs, h, parameters):
    raise NotImplementedError("the lab's own function")


def through_time(inputs, targets, h, parameters):
    raise NotImplementedError("the lab's own function")


def clip(gradients, limit):
    raise NotImplementedError("the lab's own function")


# %% [markdown]
# ## encode


# %% right="encode" name="dictionary"
def vocabulary(texts):
    return sorted(set("".join(texts)))


def encode(text, letters):
    numbers = {letter: number for number, letter in enumerate(letters)}
    return np.array([numbers[letter] for letter in text], dtype=int)


def decode(numbers, letters):
    return "".join(letters[number] for number in numbers)


# %% wrong="encode" name="begins_anew" mistake="last_text_only"
def vocabulary(texts):
    for text in texts:
        found = set(text)
    return sorted(found)


def encode(text, letters):
    return np.array([letters.index(letter) for letter in text], dtype=int)


def decode(numbers, letters):
    return "".join(letters[number] for number in numbers)


# %% wrong="encode" name="printed_list" of="dictionary" mistake="printed_list"
# "".join(letters[number] for number in numbers) -> str([letters[number] for number in numbers])

# %% wrong="encode" name="along_the_letters" of="dictionary" mistake="order_of_letters"
# [numbers[letter] for letter in text] -> [numbers[letter] for letter in letters if letter in text]


# %% wrong="encode" name="overwritten" mistake="last_row_only"
def vocabulary(texts):
    return sorted(set("".join(texts)))


def encode(text, letters):
    return np.array([letters.index(letter) for letter in text], dtype=int)


def decode(numbers, letters):
    text = ""
    for number in numbers:
        text = letters[number]
    return text


# %% wrong="encode" name="blank_between" of="dictionary" mistake="joined_with_blank"
# "".join(texts) -> " ".join(texts)


# %% right="encode" name="index"
def vocabulary(texts):
    found = []
    for text in texts:
        for letter in text:
            if letter not in found:
                found.append(letter)
    found.sort()
    return found


def encode(text, letters):
    return [letters.index(letter) for letter in text]


def decode(numbers, letters):
    text = ""
    for number in numbers:
        text += letters[int(number)]
    return text


# %% wrong="encode" name="reverse" of="dictionary" mistake="falling"
# sorted(set("".join(texts))) -> sorted(set("".join(texts)), reverse=True)

# %% wrong="encode" name="no_set" of="dictionary" mistake="with_copies"
# sorted(set("".join(texts))) -> sorted("".join(texts))

# %% wrong="encode" name="first_text" of="dictionary" mistake="first_text_only"
# "".join(texts) -> texts[0]

# %% wrong="encode" name="from_1" of="dictionary" mistake="counted_from_1"
# enumerate(letters) -> enumerate(letters, start=1)
# letters[number] for -> letters[number - 1] for

# %% wrong="encode" name="blanks_between" of="dictionary" mistake="with_blanks"
# "".join(letters -> " ".join(letters

# %% wrong="encode" name="of_this_text" of="dictionary" mistake="own_vocabulary"
# enumerate(letters) -> enumerate(sorted(set(text)))

# %% wrong="encode" name="ord" of="dictionary" mistake="code_points"
# numbers[letter] for letter in text -> ord(letter) for letter in text

# %% wrong="encode" name="chr" of="dictionary" mistake="unicode_characters"
# letters[number] for number -> chr(number) for number

# %% wrong="encode" name="find_in_text" of="dictionary" mistake="place_in_text"
# numbers[letter] for letter -> text.index(letter) for letter

# %% wrong="encode" name="sorts_letters" of="dictionary" mistake="sorted_again"
# enumerate(letters) -> enumerate(sorted(letters))
# letters[number] for -> sorted(letters)[number] for

# %% wrong="encode" name="as_they_come" of="dictionary" mistake="not_sorted"
# sorted(set("".join(texts))) -> list(dict.fromkeys("zA" + "".join(texts)))

# %% wrong="encode" name="rows_of_marks" of="dictionary" mistake="one_hot"
# np.array([numbers[letter] for letter in text], dtype=int) -> np.array([[a == b for a in letters] for b in text], int)

# %% wrong="encode" name="floats" of="dictionary" mistake="wrong_type"
# dtype=int -> dtype=float

# %% wrong="encode" name="a_set" of="dictionary" mistake="wrong_type"
# sorted(set("".join(texts))) -> set("".join(texts))

# %% wrong="encode" name="decode_gives_list" of="dictionary" mistake="wrong_type"
# "".join(letters[number] for number in numbers) -> [letters[number] for number in numbers]


# %% wrong="encode" name="zeros"
def vocabulary(texts):
    return []


def encode(text, letters):
    return np.zeros(len(text), dtype=int)


def decode(numbers, letters):
    return ""


# %% wrong="encode" name="constant"
def vocabulary(texts):
    return ["a"]


def encode(text, letters):
    return np.full(len(text), -1)


def decode(numbers, letters):
    return "a" * len(numbers)


# %% wrong="encode" name="hard_coded"
def vocabulary(texts):
    return sorted("\n!ABEGM:|(,/23468cdefgrx~")


def encode(text, letters):
    return [sorted("\n!$ABEGM:|(,/23468cdefgrx~").index(letter) for letter in text]


def decode(numbers, letters):
    return "".join(sorted("\n!$ABEGM:|(,/23468cdefgrx~")[number] for number in numbers)


# %% [markdown]
# ## bigram


# %% right="bigram" name="add_at"
def bigram(sequences, size, smoothing=1.0):
    counts = np.full((size, size), float(smoothing))
    for sequence in sequences:
        np.add.at(counts, (sequence[:-1], sequence[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)


# %% right="bigram" name="loops"
def bigram(sequences, size, smoothing=1.0):
    table = np.zeros((size, size))
    for sequence in sequences:
        for place in range(len(sequence) - 1):
            table[sequence[place], sequence[place + 1]] += 1
    table = table + smoothing
    for row in range(size):
        table[row] = table[row] / table[row].sum()
    return table


# %% wrong="bigram" name="steps_of_two" of="loops" mistake="every_second_pair"
# range(len(sequence) - 1) -> range(0, len(sequence) - 1, 2)

# %% wrong="bigram" name="wraps_around" of="loops" mistake="joined_at_the_ends"
# range(len(sequence) - 1) -> range(-1, len(sequence) - 1)


# %% right="bigram" name="bincount"
def bigram(sequences, size, smoothing=1.0):
    pairs = [size * np.asarray(each[:-1], dtype=int) + np.asarray(each[1:], dtype=int) for each in sequences]
    counts = np.bincount(np.concatenate(pairs), minlength=size**2).reshape(size, size) + smoothing
    return counts / np.sum(counts, 1)[:, None]


# %% wrong="bigram" name="in_the_loop" mistake="smoothed_for_each_tune"
def bigram(sequences, size, smoothing=1.0):
    counts = np.zeros((size, size))
    for sequence in sequences:
        np.add.at(counts, (sequence[:-1], sequence[1:]), 1)
        counts += smoothing
    return counts / counts.sum(axis=1, keepdims=True)


# %% wrong="bigram" name="column_before" of="add_at" mistake="transposed"
# (sequence[:-1], sequence[1:]) -> (sequence[1:], sequence[:-1])

# %% wrong="bigram" name="only_counts" of="add_at" mistake="counts_returned"
# counts / counts.sum(axis=1, keepdims=True) -> counts

# %% wrong="bigram" name="axis_0" of="add_at" mistake="columns_sum_to_one"
# axis=1 -> axis=0

# %% wrong="bigram" name="no_keepdims" of="add_at" mistake="divided_by_row_as_column"
# axis=1, keepdims=True -> axis=1

# %% wrong="bigram" name="total" of="add_at" mistake="all_sums_to_one"
# counts.sum(axis=1, keepdims=True) -> counts.sum()


# %% wrong="bigram" name="smoothed_after" mistake="smoothing_not_in_sum"
def bigram(sequences, size, smoothing=1.0):
    counts = np.zeros((size, size))
    for sequence in sequences:
        np.add.at(counts, (sequence[:-1], sequence[1:]), 1)
    return (counts + smoothing) / np.maximum(1, counts.sum(axis=1, keepdims=True))


# %% wrong="bigram" name="ones" of="add_at" mistake="smoothing_ignored"
# np.full((size, size), float(smoothing)) -> np.ones((size, size))

# %% wrong="bigram" name="joined" of="add_at" mistake="across_tunes"
# in sequences: -> in [np.concatenate(sequences)]:

# %% wrong="bigram" name="fancy_index" of="add_at" mistake="counted_once"
# np.add.at(counts, (sequence[:-1], sequence[1:]), 1) -> counts[sequence[:-1], sequence[1:]] += 1

# %% wrong="bigram" name="one_pair_less" of="loops" mistake="last_pair_left_out"
# len(sequence) - 1 -> len(sequence) - 2

# %% wrong="bigram" name="only_empty_ones" of="add_at" mistake="smoothed_where_zero"
# np.full((size, size), float(smoothing)) -> np.zeros((size, size))
# return counts / counts.sum( -> return (kept := np.where(counts, counts, smoothing)) / kept.sum(

# %% wrong="bigram" name="first_tune" of="loops" mistake="first_tune_only"
# in sequences: -> in sequences[:1]:


# %% wrong="bigram" name="counts_made_anew" mistake="last_tune_only"
def bigram(sequences, size, smoothing=1.0):
    for sequence in sequences:
        counts = np.full((size, size), float(smoothing))
        np.add.at(counts, (sequence[:-1], sequence[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)


# %% wrong="bigram" name="smoothing_once" of="add_at" mistake="smoothing_once_in_sum"
# float(smoothing) -> 0.0
# counts / counts.sum(axis=1, keepdims=True) -> (counts + smoothing) / (counts.sum(axis=1, keepdims=True) + smoothing)

# %% wrong="bigram" name="by_all_characters" of="add_at" mistake="not_normalised"
# counts.sum(axis=1, keepdims=True) -> sum(map(len, sequences))

# %% wrong="bigram" name="in_both_directions" of="add_at" mistake="both_ways"
# return counts -> counts = counts + counts.T - smoothing; return counts

# %% wrong="bigram" name="whole_numbers" of="add_at" mistake="smoothing_cut_off"
# float(smoothing)) -> smoothing, dtype=int)

# %% wrong="bigram" name="whole_table" of="add_at" mistake="zeros"
# return counts / -> table = np.zeros((size, size), dtype=int); table[:] = counts /
# keepdims=True) -> keepdims=True); return table

# %% wrong="bigram" name="index_too_far" of="loops" mistake="too_short"
# range(len(sequence) - 1) -> range(len(sequence))

# %% wrong="bigram" name="no_smoothing" of="add_at" mistake="not_finite"
# np.full((size, size), float(smoothing)) -> np.zeros((size, size))


# %% [markdown]
# ## bits


# %% right="bits" name="fancy_index"
def bits(p, targets):
    return -np.mean(np.log2(p[np.arange(len(targets)), targets]))


# %% right="bits" name="loop"
def bits(p, targets):
    total = 0.0
    for row, target in zip(p, targets):
        total = total - np.log(row[target]) / np.log(2)
    return total / len(p)


# %% right="bits" name="one_hot"
def bits(p, targets):
    hot = np.eye(p.shape[1])[targets]
    return np.mean(np.log2(1 / np.sum(hot * p, axis=1)))


# %% wrong="bits" name="log" of="fancy_index" mistake="natural_logarithm"
# np.log2 -> np.log

# %% wrong="bits" name="sum" of="fancy_index" mistake="summed"
# np.mean -> np.sum

# %% wrong="bits" name="no_sign" of="fancy_index" mistake="negative"
# -np.mean -> np.mean

# %% wrong="bits" name="mean_first" of="fancy_index" mistake="likelihood_averaged"
# np.mean(np.log2(p[np.arange(len(targets)), targets])) -> np.log2(np.mean(p[np.arange(len(targets)), targets]))

# %% wrong="bits" name="all_entries" of="fancy_index" mistake="whole_rows"
# p[np.arange(len(targets)), targets] -> p


# %% wrong="bits" name="entropy_of_rows" mistake="entropy"
def bits(p, targets):
    return np.mean(-np.sum(p * np.log2(p), axis=1))


# %% wrong="bits" name="maximum" of="fancy_index" mistake="most_likely"
# p[np.arange(len(targets)), targets] -> p.max(axis=1)

# %% wrong="bits" name="whole_columns" of="fancy_index" mistake="columns_picked"
# np.arange(len(targets)), targets -> :, targets

# %% wrong="bits" name="two_to_the" of="fancy_index" mistake="perplexity"
# return -np.mean(np.log2(p -> return np.exp2(-np.mean(np.log2(p
# targets])) -> targets])))


# %% wrong="bits" name="return_inside" mistake="first_place_only"
def bits(p, targets):
    for row, target in zip(p, targets):
        return -np.log2(row[target])


# %% wrong="bits" name="weighted" mistake="weighted"
def bits(p, targets):
    chosen = p[np.arange(len(targets)), targets]
    return -np.mean(chosen * np.log2(chosen))


# %% wrong="bits" name="base_10" of="fancy_index" mistake="scaled"
# np.log2( -> np.log10(


# %% [markdown]
# ## temper


# %% right="temper" name="shift_scaled"
def temper(logits, temperature):
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


# %% right="temper" name="shift_first"
def temper(logits, temperature):
    shifted = logits - np.max(logits, axis=-1)[..., None]
    powers = np.exp(shifted / temperature)
    return powers / np.sum(powers, axis=-1)[..., None]


# %% right="temper" name="logarithm"
def temper(logits, temperature):
    z = np.asarray(logits) / temperature
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))


# %% wrong="temper" name="cut_off_at_500" mistake="cut_off"
def temper(logits, temperature):
    powers = np.exp(np.clip(logits / temperature, -500, 500))
    return powers / powers.sum(axis=-1, keepdims=True)


# %% wrong="temper" name="times" of="shift_scaled" mistake="multiplied"
# logits / temperature -> logits * temperature

# %% wrong="temper" name="plain_softmax" of="shift_scaled" mistake="temperature_ignored"
# logits / temperature -> logits

# %% wrong="temper" name="divided_late" of="shift_scaled" mistake="probabilities_divided"
# scaled = logits / temperature -> scaled = logits
# powers.sum(axis=-1, keepdims=True) -> powers.sum(axis=-1, keepdims=True) / temperature

# %% wrong="temper" name="axis_0" of="shift_scaled" mistake="first_axis"
# scaled.max(axis=-1, keepdims=True) -> scaled.max(axis=0, keepdims=True)
# powers.sum(axis=-1, keepdims=True) -> powers.sum(axis=0, keepdims=True)

# %% wrong="temper" name="no_axis" of="shift_scaled" mistake="all_together"
# scaled.max(axis=-1, keepdims=True) -> scaled.max()
# powers.sum(axis=-1, keepdims=True) -> powers.sum()

# %% wrong="temper" name="sum_without_axis" of="shift_scaled" mistake="sum_of_all"
# powers.sum(axis=-1, keepdims=True) -> powers.sum()

# %% wrong="temper" name="no_shift" of="shift_scaled" mistake="not_shifted"
# np.exp(scaled - scaled.max(axis=-1, keepdims=True)) -> np.exp(scaled)

# %% wrong="temper" name="one_shift_for_all" of="shift_scaled" mistake="shifted_alike"
# scaled.max(axis=-1, keepdims=True) -> scaled.max()

# %% wrong="temper" name="shift_not_scaled" of="shift_scaled" mistake="shift_not_divided"
# scaled.max(axis=-1, keepdims=True) -> logits.max(axis=-1, keepdims=True)

# %% wrong="temper" name="powers_of_two" of="shift_scaled" mistake="power_of_two"
# np.exp( -> np.exp2(


# %% wrong="temper" name="of_scipy" mistake="switched_off"
def temper(logits, temperature):
    from scipy.special import softmax

    return softmax(logits / temperature, axis=-1)


# %% wrong="temper" name="sum_not_tempered" of="shift_first" mistake="not_normalised"
# np.sum(powers, axis=-1) -> np.sum(np.exp(shifted), axis=-1)


# %% [markdown]
# ## draw


# %% right="draw" name="cumulated"
def draw(p, rng):
    dart = rng.random()
    return min(int(np.searchsorted(np.cumsum(p), dart, side="right")), len(p) - 1)


# %% right="draw" name="choice"
def draw(p, rng):
    return rng.choice(len(p), p=p)


# %% right="draw" name="loop"
def draw(p, rng):
    rest = rng.random()
    for place, chance in enumerate(p):
        rest = rest - chance
        if rest < 0:
            return place
    return int(np.argmax(p))


# %% right="draw" name="gumbel"
def draw(p, rng):
    with np.errstate(divide="ignore"):
        return np.argmax(np.log(p) + rng.gumbel(size=len(p)))


# %% wrong="draw" name="argmax" mistake="always_the_same"
def draw(p, rng):
    return int(np.argmax(p))


# %% wrong="draw" name="any_place" mistake="uniform"
def draw(p, rng):
    return rng.integers(len(p))


# %% wrong="draw" name="numpy_s_own" mistake="rng_ignored"
def draw(p, rng):
    return np.random.choice(len(p), p=p)


# %% wrong="draw" name="own_generator" mistake="always_the_same"
def draw(p, rng):
    return np.random.default_rng(3).choice(len(p), p=np.where(p > 0.99, p, (p + 1e-9) / (p + 1e-9).sum()))


# %% wrong="draw" name="a_probability" mistake="no_place"
def draw(p, rng):
    return p[rng.choice(len(p), p=p)]


# %% wrong="draw" name="argmax_of_passed" mistake="always_the_same"
def draw(p, rng):
    return int(np.argmax(np.cumsum(p) < rng.random()))


# %% wrong="draw" name="first_end_passed" mistake="comparison_reversed"
def draw(p, rng):
    dart = rng.random()
    for place, end in enumerate(np.cumsum(p)):
        if dart > end:
            return place
    return len(p) - 1


# %% wrong="draw" name="from_1" mistake="counted_from_1"
def draw(p, rng):
    return 1 + rng.choice(len(p), p=p)


# %% wrong="draw" name="nearest_end" mistake="nearest_end"
def draw(p, rng):
    return int(np.argmin(np.abs(np.cumsum(p) - rng.random())))


# %% wrong="draw" name="nearest_probability" mistake="nearest_probability"
def draw(p, rng):
    return int(np.argmin(np.abs(p - rng.random())))


# %% wrong="draw" name="sorted_first" mistake="sorted_places"
def draw(p, rng):
    return min(int(np.searchsorted(np.cumsum(np.sort(p)), rng.random(), side="right")), len(p) - 1)


# %% wrong="draw" name="likeliest_first" mistake="sorted_places"
def draw(p, rng):
    ends = np.cumsum(sorted(p, reverse=True))
    return min(int(np.searchsorted(ends, rng.random(), side="right")), len(p) - 1)


# %% wrong="draw" name="other_end" mistake="reversed"
def draw(p, rng):
    return len(p) - 1 - rng.choice(len(p), p=p)


# %% wrong="draw" name="one_too_far" mistake="outside"
def draw(p, rng):
    return int(np.searchsorted(np.cumsum(p), rng.random() + 0.2))


# %% wrong="draw" name="counts" mistake="not_one_number"
def draw(p, rng):
    return rng.multinomial(1, p)


# %% wrong="draw" name="a_dart_for_each" mistake="a_dart_for_each"
def draw(p, rng):
    for place, chance in enumerate(p):
        if rng.random() < chance:
            return place
    return int(np.argmax(p))


# %% wrong="draw" name="darts_until_one_hits" mistake="a_dart_for_each"
def draw(p, rng):
    while True:
        for place, chance in enumerate(p):
            if rng.random() < chance:
                return place


# %% wrong="draw" name="not_summed_up" mistake="not_summed_up"
def draw(p, rng):
    return int(np.searchsorted(p, rng.random()))


# %% wrong="draw" name="dart_against_p" mistake="not_summed_up"
def draw(p, rng):
    dart = rng.random()
    for place, chance in enumerate(p):
        if dart < chance:
            return place
    return len(p) - 1


# %% wrong="draw" name="first_above" mistake="not_summed_up"
def draw(p, rng):
    return int(np.argmax(p > rng.random()))


# %% wrong="draw" name="all_below" mistake="not_summed_up"
def draw(p, rng):
    return int(np.sum(p <= rng.random()))


# %% wrong="draw" name="one_too_low" mistake="one_too_low"
def draw(p, rng):
    return int(np.sum(np.cumsum(p) <= rng.random())) - 1


# %% wrong="draw" name="one_too_low_kept_inside" mistake="one_too_low"
def draw(p, rng):
    return max(int(np.sum(np.cumsum(p) <= rng.random())) - 1, 0)


# %% wrong="draw" name="one_too_high_kept_inside" mistake="counted_from_1"
def draw(p, rng):
    return min(int(np.sum(np.cumsum(p) <= rng.random())) + 1, len(p) - 1)


# %% wrong="draw" name="ends_ahead" mistake="ends_ahead"
def draw(p, rng):
    return int((np.cumsum(p) > rng.random()).sum())


# %% wrong="draw" name="a_shorter_line" mistake="wrong_shares"
def draw(p, rng):
    return int(np.argmax(np.cumsum(p) > rng.random() * p.max()))


# %% wrong="draw" name="zeros" mistake="always_the_same"
def draw(p, rng):
    return 0


# %% wrong="draw" name="constant" mistake="no_place"
def draw(p, rng):
    return 0.5


# %% wrong="draw" name="hard_coded" mistake="always_the_same"
def draw(p, rng):
    return 3 if len(p) > 3 else 1


# %% [markdown]
# ## windows


# %% right="windows" name="two_lists"
def windows(sequences, length):
    inputs, targets = [], []
    for sequence in sequences:
        for start in range(len(sequence) - length):
            inputs.append(sequence[start : start + length])
            targets.append(sequence[start + 1 : start + length + 1])
    return np.array(inputs), np.array(targets)


# %% right="windows" name="sliding"
def windows(sequences, length):
    long = [each for each in sequences if len(each) > length]
    both = [np.lib.stride_tricks.sliding_window_view(each, length + 1) for each in long]
    both = np.concatenate(both)
    return both[:, :-1].copy(), both[:, 1:].copy()


# %% wrong="windows" name="untouched" mistake="as_given"
def windows(sequences, length):
    text = np.concatenate(sequences)
    places = range(len(text) - length + 1)
    inputs = np.array([text[place : place + length] for place in places])
    return inputs, inputs


# %% wrong="windows" name="one_less" mistake="as_given_one_less"
def windows(sequences, length):
    text = np.concatenate(sequences)
    places = range(len(text) - length)
    inputs = np.array([text[place : place + length] for place in places])
    return inputs, inputs


# %% wrong="windows" name="only_shifted" mistake="across_tunes"
def windows(sequences, length):
    text = np.concatenate(sequences)
    places = range(len(text) - length)
    inputs = np.array([text[place : place + length] for place in places])
    return inputs, np.array([text[place + 1 : place + 1 + length] for place in places])


# %% wrong="windows" name="only_cut" of="two_lists" mistake="not_shifted"
# sequence[start + 1 : start + length + 1] -> sequence[start : start + length]

# %% wrong="windows" name="only_cut_one_more" of="two_lists" mistake="not_shifted_one_more"
# range(len(sequence) - length) -> range(len(sequence) - length + 1)
# sequence[start + 1 : start + length + 1] -> sequence[start : start + length]

# %% wrong="windows" name="two_ahead" of="two_lists" mistake="shifted_by_two"
# range(len(sequence) - length) -> range(len(sequence) - length - 1)
# sequence[start + 1 : start + length + 1] -> sequence[start + 2 : start + length + 2]

# %% wrong="windows" name="next_window" of="two_lists" mistake="next_window"
# len(sequence) - length -> len(sequence) - 2 * length + 1
# sequence[start + 1 : start + length + 1] -> sequence[start + length : start + 2 * length]

# %% wrong="windows" name="swapped" of="two_lists" mistake="shifted_back"
# return np.array(inputs), np.array(targets) -> return np.array(targets), np.array(inputs)

# %% wrong="windows" name="one_window_less" of="two_lists" mistake="last_window_missing"
# range(len(sequence) - length) -> range(len(sequence) - length - 1)

# %% wrong="windows" name="side_by_side" of="two_lists" mistake="windows_beside_each_other"
# range(len(sequence) - length) -> range(0, len(sequence) - length, length)


# %% wrong="windows" name="rolled_on" mistake="rolled"
def windows(sequences, length):
    inputs = np.array([each[at : at + length] for each in sequences for at in range(len(each) - length)])
    return inputs, np.roll(inputs, -1, axis=1)


# %% wrong="windows" name="first_tune" of="two_lists" mistake="first_tune_only"
# in sequences: -> in sequences[:1]:

# %% wrong="windows" name="last_tune" of="two_lists" mistake="last_tune_only"
# in sequences: -> in sequences[-1:]:

# %% wrong="windows" name="one_target" of="two_lists" mistake="last_target_only"
# sequence[start + 1 : start + length + 1] -> sequence[start + length : start + length + 1]


# %% wrong="windows" name="ragged"
def windows(sequences, length):
    inputs, targets = [], []
    for sequence in sequences:
        for start in range(len(sequence)):
            inputs.append(sequence[start : start + length])
            targets.append(sequence[start + 1 : start + length + 1])
    return np.array(inputs), np.array(targets)


# %% [markdown]
# ## step


# %% right="step" name="rows"
def step(character, h, parameters):
    return np.tanh(parameters["Wx"][character] + h @ parameters["Wh"] + parameters["b"])


# %% right="step" name="one_hot"
def step(character, h, parameters):
    Wx, Wh, b = parameters["Wx"], parameters["Wh"], parameters["b"]
    hot = np.eye(len(Wx))[character]
    return np.tanh(hot @ Wx + np.dot(h, Wh) + b)


# %% right="step" name="loop"
def step(character, h, parameters):
    new = []
    for number, state in zip(character, h):
        z = parameters["b"] + state @ parameters["Wh"] + parameters["Wx"][number]
        new.append((np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)))
    return np.array(new)


# %% wrong="step" name="no_bias" of="rows" mistake="bias_forgotten"
# + parameters["b"]) -> )

# %% wrong="step" name="no_h" of="rows" mistake="no_memory"
# + h @ parameters["Wh"] ->

# %% wrong="step" name="no_tanh" of="rows" mistake="not_squashed"
# np.tanh -> np.array

# %% wrong="step" name="logistic" of="rows" mistake="sigmoid"
# return np.tanh( -> return 1 / (1 + np.exp(-1 *
# + parameters["b"]) -> - parameters["b"]))
# + h @ parameters["Wh"] -> - h @ parameters["Wh"]

# %% wrong="step" name="Wh_transposed" of="rows" mistake="transposed"
# parameters["Wh"] -> parameters["Wh"].T

# %% wrong="step" name="bias_behind" of="rows" mistake="bias_outside"
# + parameters["b"]) -> ) + parameters["b"]

# %% wrong="step" name="state_behind" of="rows" mistake="state_outside"
# [character] + h @ parameters["Wh"] -> [character]
# + parameters["b"]) -> + parameters["b"]) + h @ parameters["Wh"]

# %% wrong="step" name="row_behind" of="rows" mistake="character_outside"
# np.tanh(parameters["Wx"][character] + -> parameters["Wx"][character] + np.tanh(

# %% wrong="step" name="bracket_too_early" of="rows" mistake="state_and_bias_outside"
# [character] + h @ parameters["Wh"] + parameters["b"]) -> [character]) + h @ parameters["Wh"] + parameters["b"]

# %% wrong="step" name="state_squashed_alone" of="rows" mistake="character_and_bias_outside"
# np.tanh(parameters["Wx"][character] + -> parameters["Wx"][character] + np.tanh(
# + parameters["b"]) -> ) + parameters["b"]

# %% wrong="step" name="three_tanh" of="rows" mistake="each_squashed"
# [character] + h @ parameters["Wh"] -> [character]) + np.tanh(h @ parameters["Wh"])
# + parameters["b"] -> + np.tanh(parameters["b"]

# %% wrong="step" name="tanh_of_tanh" of="rows" mistake="squashed_twice"
# return np.tanh(parameters["Wx"] -> return np.tanh(np.tanh(parameters["Wx"]
# + parameters["b"]) -> + parameters["b"]))

# %% wrong="step" name="tanh_of_h" of="rows" mistake="old_state_squashed"
# h @ parameters["Wh"] -> np.tanh(h) @ parameters["Wh"]

# %% wrong="step" name="rectified" of="rows" mistake="relu"
# np.tanh( -> np.maximum(0,

# %% wrong="step" name="minus_b" of="rows" mistake="bias_subtracted"
# + parameters["b"] -> - parameters["b"]

# %% wrong="step" name="minus_h" of="rows" mistake="state_subtracted"
# + h @ parameters["Wh"] -> - h @ parameters["Wh"]

# %% wrong="step" name="h_in_the_sum" of="rows" mistake="old_state_in_sum"
# + h @ parameters["Wh"] -> + h + h @ parameters["Wh"]

# %% wrong="step" name="first_h" of="rows" mistake="first_state_only"
# h @ parameters["Wh"] -> h[0] @ parameters["Wh"]

# %% wrong="step" name="residual" of="rows" mistake="old_state_added"
# np.tanh( -> h + np.tanh(

# %% wrong="step" name="entry_by_entry" of="rows" mistake="diagonal_only"
# h @ parameters["Wh"] -> h * np.diag(parameters["Wh"])

# %% wrong="step" name="number_times" of="rows" mistake="number_multiplied"
# parameters["Wx"][character] -> character[:, None] * parameters["Wx"][0]

# %% wrong="step" name="first" of="rows" mistake="first_character_only"
# [character] -> [character[0]]

# %% wrong="step" name="wrong_way" of="rows" mistake="shapes_do_not_fit"
# h @ parameters["Wh"] -> parameters["Wh"] @ h


# %% wrong="step" name="in_place" mistake="input_changed"
def step(character, h, parameters):
    h[:] = np.tanh(parameters["Wx"][character] + h @ parameters["Wh"] + parameters["b"])
    return h


# %% [markdown]
# ## unroll


# %% right="unroll" name="stack"
def unroll(inputs, h, parameters):
    states = []
    for t in range(inputs.shape[1]):
        h = step(inputs[:, t], h, parameters)
        states.append(h)
    states = np.stack(states, axis=1)
    return states, states @ parameters["Wy"] + parameters["by"]


# %% right="unroll" name="filled"
def unroll(inputs, h, parameters):
    n, length = inputs.shape
    states = np.zeros((n, length, h.shape[1]))
    logits = np.zeros((n, length, len(parameters["by"])))
    state = h
    for t, character in enumerate(inputs.T):
        state = np.tanh(parameters["Wx"][character] + state @ parameters["Wh"] + parameters["b"])
        states[:, t] = state
        logits[:, t] = state @ parameters["Wy"] + parameters["by"]
    return states, logits


# %% wrong="unroll" name="first_h_again" of="stack" mistake="not_carried"
# h = step(inputs[:, t], h, parameters) -> new = step(inputs[:, t], h, parameters)
# states.append(h) -> states.append(new)

# %% wrong="unroll" name="zero_each_time" of="stack" mistake="forgotten"
# step(inputs[:, t], h, parameters) -> step(inputs[:, t], np.zeros(h.shape), parameters)

# %% wrong="unroll" name="from_zero" of="stack" mistake="h_ignored"
# states = [] -> states, h = [], np.zeros(h.shape)

# %% wrong="unroll" name="axis_0" of="stack" mistake="time_first"
# axis=1 -> axis=0

# %% wrong="unroll" name="no_by" of="stack" mistake="output_bias_forgotten"
# + parameters["by"] ->

# %% wrong="unroll" name="last_only" of="stack" mistake="last_state_only"
# states = np.stack(states, axis=1) -> states = h


# %% wrong="unroll" name="kept_before" mistake="before_the_step"
def unroll(inputs, h, parameters):
    states = []
    for t in range(inputs.shape[1]):
        states.append(h)
        h = step(inputs[:, t], h, parameters)
    states = np.stack(states, axis=1)
    return states, states @ parameters["Wy"] + parameters["by"]


# %% wrong="unroll" name="tempered" of="stack" mistake="probabilities"
# states @ parameters["Wy"] + parameters["by"] -> temper(states @ parameters["Wy"] + parameters["by"], 1.0)

# %% wrong="unroll" name="reversed" of="stack" mistake="backwards"
# range(inputs.shape[1]) -> reversed(range(inputs.shape[1]))

# %% wrong="unroll" name="first_column" of="stack" mistake="first_character_only"
# inputs[:, t] -> inputs[:, 0]

# %% wrong="unroll" name="tanh_of_logits" of="stack" mistake="bent_logits"
# states @ parameters["Wy"] + parameters["by"] -> np.tanh(states @ parameters["Wy"] + parameters["by"])


# %% wrong="unroll" name="one_state_for_all_texts" mistake="texts_in_a_row"
def unroll(inputs, h, parameters):
    state, states = h[:1], []
    for character in inputs.ravel():
        state = step(np.array([character]), state, parameters)
        states.append(state[0])
    states = np.reshape(states, (*inputs.shape, -1))
    return states, states @ parameters["Wy"] + parameters["by"]


# %% wrong="unroll" name="dealt_out" of="stack" mistake="reshaped"
# np.stack(states, axis=1) -> np.array(states).reshape(*inputs.shape, -1)

# %% wrong="unroll" name="logarithms" of="stack" mistake="log_probabilities"
# states @ parameters["Wy"] + parameters["by"] -> np.log(temper(states @ parameters["Wy"] + parameters["by"], 1.0))

# %% wrong="unroll" name="minus_by" of="stack" mistake="output_bias_subtracted"
# + parameters["by"] -> - parameters["by"]

# %% wrong="unroll" name="tanh_of_states" of="stack" mistake="states_squashed_again"
# states @ parameters["Wy"] -> np.tanh(states) @ parameters["Wy"]


# %% wrong="unroll" name="logits_too_early" mistake="logits_before_the_step"
def unroll(inputs, h, parameters):
    states, logits = [], []
    for t in range(inputs.shape[1]):
        logits.append(h @ parameters["Wy"] + parameters["by"])
        h = step(inputs[:, t], h, parameters)
        states.append(h)
    return np.stack(states, axis=1), np.stack(logits, axis=1)


# %% wrong="unroll" name="logits_of_the_last" of="stack" mistake="last_logits_only"
# return states, states @ -> return states, states[:, -1] @

# %% wrong="unroll" name="same_array_again" of="stack" mistake="last_state_repeated"
# states = [] -> states, h = [], h.copy()
# h = step(inputs[:, t], h, parameters) -> h[:] = step(inputs[:, t], h, parameters)

# %% wrong="unroll" name="last_first" of="stack" mistake="reversed_order"
# states.append(h) -> states.insert(0, h)

# %% wrong="unroll" name="one_step_less" of="stack" mistake="last_step_left_out"
# range(inputs.shape[1]) -> range(inputs.shape[1] - 1)

# %% wrong="unroll" name="from_the_second" of="stack" mistake="first_character_left_out"
# range(inputs.shape[1]) -> range(1, inputs.shape[1])

# %% wrong="unroll" name="return_inside" of="stack" mistake="first_step_only"
# range(inputs.shape[1]) -> range(1)

# %% wrong="unroll" name="list_made_anew" of="stack" mistake="last_step_only"
# states.append(h) -> states = [h]

# %% wrong="unroll" name="h_first" of="stack" mistake="begins_with_h"
# states = [] -> states = [h]

# %% wrong="unroll" name="rows_for_columns" of="stack"
# range(inputs.shape[1]) -> range(len(inputs))


# %% [markdown]
# ## through_time


# %% right="through_time" name="loop"
def through_time(inputs, targets, h, parameters):
    n, length = inputs.shape
    states, logits = unroll(inputs, h, parameters)
    p = temper(logits, 1.0)
    rows, times = np.arange(n)[:, None], np.arange(length)
    loss = -np.mean(np.log(p[rows, times, targets]))
    at_logits = p.copy()
    at_logits[rows, times, targets] -= 1
    at_logits /= n * length
    d = {name: np.zeros_like(array) for name, array in parameters.items()}
    from_behind = np.zeros_like(h)
    for t in reversed(range(length)):
        before = states[:, t - 1] if t > 0 else h
        at_sums = (at_logits[:, t] @ parameters["Wy"].T + from_behind) * (1 - states[:, t] ** 2)
        d["Wy"] += states[:, t].T @ at_logits[:, t]
        d["by"] += at_logits[:, t].sum(axis=0)
        d["Wh"] += before.T @ at_sums
        d["b"] += at_sums.sum(axis=0)
        np.add.at(d["Wx"], inputs[:, t], at_sums)
        from_behind = at_sums @ parameters["Wh"].T
    return loss, d


# %% right="through_time" name="all_at_once"
def through_time(inputs, targets, h, parameters):
    n, length = inputs.shape
    Wx, Wh, Wy, by = (parameters[name] for name in ("Wx", "Wh", "Wy", "by"))
    states, logits = unroll(inputs, h, parameters)
    hot = np.eye(len(by))[targets]
    logp = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    loss = -(hot * logp).sum() / (n * length)
    error = (np.exp(logp) - hot) / (n * length)
    outside = error @ Wy.T
    deltas = np.zeros_like(states)
    later = np.zeros_like(h)
    for t in range(length - 1, -1, -1):
        deltas[:, t] = (1 - states[:, t]) * (1 + states[:, t]) * (outside[:, t] + later)
        later = deltas[:, t] @ Wh.T
    earlier = np.concatenate([h[:, None], states[:, :-1]], axis=1)
    gradients = {
        "Wy": np.einsum("ntu,nts->us", states, error),
        "by": error.sum(axis=(0, 1)),
        "Wh": np.einsum("ntu,ntv->uv", earlier, deltas),
        "b": deltas.sum(axis=(0, 1)),
        "Wx": np.einsum("nts,ntu->su", np.eye(len(Wx))[inputs], deltas),
    }
    return loss, gradients


# %% wrong="through_time" name="sums" of="loop" mistake="summed"
# -np.mean -> -np.sum
# at_logits /= n * length -> at_logits /= 1

# %% wrong="through_time" name="mean_of_loss_alone" of="loop" mistake="gradients_summed"
# at_logits /= n * length -> at_logits /= 1

# %% wrong="through_time" name="divided_by_n" of="loop" mistake="per_row"
# at_logits /= n * length -> at_logits /= n

# %% wrong="through_time" name="log2" of="loop" mistake="loss_in_bits"
# np.log(p[ -> np.log2(p[

# %% wrong="through_time" name="truncated" of="loop" mistake="not_through_time"
# + from_behind) * -> ) *

# %% wrong="through_time" name="Wh_not_transposed" of="loop" mistake="not_transposed"
# parameters["Wh"].T -> parameters["Wh"]

# %% wrong="through_time" name="slope_forgotten" of="loop" mistake="no_tanh"
# * (1 - states[:, t] ** 2) ->

# %% wrong="through_time" name="this_state" of="loop" mistake="state_of_this_step"
# states[:, t - 1] if t > 0 else h -> states[:, t]

# %% wrong="through_time" name="zero_before" of="loop" mistake="h_forgotten"
# states[:, t - 1] if t > 0 else h -> states[:, t - 1] if t > 0 else np.zeros_like(h)

# %% wrong="through_time" name="minus_one" of="loop" mistake="state_from_the_end"
# states[:, t - 1] if t > 0 else h -> states[:, t - 1]

# %% wrong="through_time" name="assigned" of="loop" mistake="overwritten"
# d["Wy"] += -> d["Wy"] =
# d["by"] += -> d["by"] =
# d["Wh"] += -> d["Wh"] =
# d["b"] += -> d["b"] =
# np.add.at(d["Wx"], inputs[:, t], at_sums) -> d["Wx"] = np.eye(len(d["Wx"]))[inputs[:, t]].T @ at_sums

# %% wrong="through_time" name="Wh_assigned" of="loop" mistake="wh_overwritten"
# d["Wh"] += -> d["Wh"] =

# %% wrong="through_time" name="recurrent_ones_assigned" of="loop" mistake="overwritten"
# d["Wh"] += -> d["Wh"] =
# d["b"] += -> d["b"] =
# np.add.at(d["Wx"], inputs[:, t], at_sums) -> d["Wx"] = np.eye(len(d["Wx"]))[inputs[:, t]].T @ at_sums

# %% wrong="through_time" name="not_reversed" of="loop" mistake="forwards"
# reversed(range(length)) -> range(length)

# %% wrong="through_time" name="logits_of_the_end" of="loop" mistake="last_logits_only"
# at_logits[:, t] @ parameters["Wy"].T + -> (t == length - 1) * at_logits[:, t] @ parameters["Wy"].T +

# %% wrong="through_time" name="output_of_the_end" of="loop" mistake="last_output_only"
# states[:, t].T @ at_logits[:, t] -> states[:, t].T @ at_logits[:, t] * (t == length - 1)
# at_logits[:, t].sum(axis=0) -> at_logits[:, t].sum(axis=0) * (t == length - 1)

# %% wrong="through_time" name="added_late" of="loop" mistake="added_after_tanh"
# + from_behind) * (1 - states[:, t] ** 2) -> ) * (1 - states[:, t] ** 2) + from_behind

# %% wrong="through_time" name="not_through_tanh" of="loop" mistake="handed_on_before_tanh"
# from_behind = at_sums @ -> from_behind = (at_logits[:, t] @ parameters["Wy"].T + from_behind) @

# %% wrong="through_time" name="tanh_of_states" of="loop" mistake="tanh_twice"
# states[:, t] ** 2 -> np.tanh(states[:, t]) ** 2

# %% wrong="through_time" name="with_not_squared" of="loop" mistake="not_squared"
# * (1 - states[:, t] ** 2) -> * (1 - states[:, t])

# %% wrong="through_time" name="with_difference_squared" of="loop" mistake="difference_squared"
# * (1 - states[:, t] ** 2) -> * ((1 - states[:, t]) ** 2)

# %% wrong="through_time" name="with_square_added" of="loop" mistake="square_added"
# * (1 - states[:, t] ** 2) -> * (1 + states[:, t] ** 2)

# %% wrong="through_time" name="with_square_alone" of="loop" mistake="square_alone"
# * (1 - states[:, t] ** 2) -> * (states[:, t] ** 2)

# %% wrong="through_time" name="with_slope_turned_round" of="loop" mistake="slope_turned_round"
# * (1 - states[:, t] ** 2) -> * (states[:, t] ** 2 - 1)

# %% wrong="through_time" name="with_slope_of_sigmoid" of="loop" mistake="slope_of_sigmoid"
# * (1 - states[:, t] ** 2) -> * (states[:, t] * (1 - states[:, t]))

# %% wrong="through_time" name="with_state_for_slope" of="loop" mistake="state_for_slope"
# * (1 - states[:, t] ** 2) -> * (states[:, t])

# %% wrong="through_time" name="with_slope_before" of="loop" mistake="slope_before"
# * (1 - states[:, t] ** 2) -> * (1 - before**2)

# %% wrong="through_time" name="down_to_1" of="loop" mistake="first_step_left_out"
# reversed(range(length)) -> range(length - 1, 0, -1)

# %% wrong="through_time" name="output_layer_outside_and_down_to_1" of="all_at_once" mistake="first_step_left_out"
# range(length - 1, -1, -1) -> range(length - 1, 0, -1)

# %% wrong="through_time" name="mean_of_b" of="loop" mistake="b_averaged"
# at_sums.sum(axis=0) -> at_sums.mean(axis=0)

# %% wrong="through_time" name="others_zero" of="loop" visible=True
# d["Wh"] += before.T @ at_sums -> pass
# d["b"] += at_sums.sum(axis=0) -> pass
# np.add.at(d["Wx"], inputs[:, t], at_sums) -> pass

# %% wrong="through_time" name="fancy_index" of="loop" mistake="characters_once"
# np.add.at(d["Wx"], inputs[:, t], at_sums) -> d["Wx"][inputs[:, t]] += at_sums

# %% wrong="through_time" name="p_alone" of="loop" mistake="targets_forgotten"
# at_logits[rows, times, targets] -= 1 ->

# %% wrong="through_time" name="y_minus_p" of="loop" mistake="uphill"
# at_logits /= n * length -> at_logits /= -n * length

# %% wrong="through_time" name="b_assigned" of="loop" mistake="b_overwritten"
# d["b"] += -> d["b"] =

# %% wrong="through_time" name="Wy_assigned" of="loop" mistake="wy_overwritten"
# d["Wy"] += -> d["Wy"] =

# %% wrong="through_time" name="by_assigned" of="loop" mistake="by_overwritten"
# d["by"] += -> d["by"] =

# %% wrong="through_time" name="b_from_states" of="loop" mistake="b_without_slope"
# at_sums.sum(axis=0) -> (at_logits[:, t] @ parameters["Wy"].T + from_behind).sum(axis=0)

# %% wrong="through_time" name="Wh_from_states" of="loop" mistake="wh_without_slope"
# before.T @ at_sums -> before.T @ (at_logits[:, t] @ parameters["Wy"].T + from_behind)

# %% wrong="through_time" name="Wx_from_states" of="loop" mistake="wx_without_slope"
# inputs[:, t], at_sums) -> inputs[:, t], at_logits[:, t] @ parameters["Wy"].T + from_behind)

# %% wrong="through_time" name="Wy_with_before" of="loop" mistake="state_before_for_wy"
# states[:, t].T @ at_logits -> before.T @ at_logits

# %% wrong="through_time" name="rows_of_targets" of="loop" mistake="targets_for_wx"
# d["Wx"], inputs[:, t] -> d["Wx"], targets[:, t]

# %% wrong="through_time" name="rows_set" of="loop" mistake="characters_written_over"
# np.add.at(d["Wx"], inputs[:, t], at_sums) -> d["Wx"][inputs[:, t]] = at_sums

# %% wrong="through_time" name="behind_added_up" of="loop" mistake="piled_up_behind"
# from_behind = at_sums @ -> from_behind += at_sums @

# %% wrong="through_time" name="minus_behind" of="loop" mistake="behind_subtracted"
# + from_behind) -> - from_behind)

# %% wrong="through_time" name="plus_1" of="loop" mistake="target_added"
# targets] -= 1 -> targets] += 1

# %% wrong="through_time" name="minus_1_put" of="loop" mistake="target_set"
# targets] -= 1 -> targets] = -1

# %% wrong="through_time" name="h_behind" of="loop" mistake="begins_with_h"
# from_behind = np.zeros_like(h) -> from_behind = h

# %% wrong="through_time" name="one_step_less" of="loop" mistake="last_step_left_out"
# reversed(range(length)) -> reversed(range(length - 1))

# %% wrong="through_time" name="inputs_as_targets" of="loop" mistake="inputs_for_targets"
# targets] -= 1 -> inputs] -= 1

# %% wrong="through_time" name="log_of_mean" of="loop" mistake="likelihood_averaged"
# -np.mean(np.log(p[rows, times, targets])) -> -np.log(np.mean(p[rows, times, targets]))

# %% wrong="through_time" name="one_name_less" of="all_at_once" mistake="name_missing"
# "b": deltas.sum(axis=(0, 1)), ->

# %% wrong="through_time" name="only_loss" of="loop" mistake="wrong_type"
# return loss, d -> return loss


# %% wrong="through_time" name="with_a_tape" mistake="switched_off"
def through_time(inputs, targets, h, parameters):
    import torch

    names = {name: torch.tensor(array, requires_grad=True) for name, array in parameters.items()}
    state, losses = torch.tensor(h), []
    for t in range(inputs.shape[1]):
        state = torch.tanh(names["Wx"][inputs[:, t]] + state @ names["Wh"] + names["b"])
        logits = state @ names["Wy"] + names["by"]
        losses.append(torch.nn.functional.cross_entropy(logits, torch.tensor(targets[:, t])))
    loss = sum(losses) / len(losses)
    loss.backward()
    return loss.item(), {name: tensor.grad.numpy() for name, tensor in names.items()}


# %% [markdown]
# ## clip


# %% right="clip" name="one_factor"
def clip(gradients, limit):
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))
    factor = limit / length if length > limit else 1.0
    return {name: factor * gradient for name, gradient in gradients.items()}


# %% wrong="clip" name="square_compared" of="one_factor" mistake="square_compared"
# if length > limit -> if length**2 > limit

# %% wrong="clip" name="no_condition" of="one_factor" mistake="divided_whatever_comes"
# limit / length if length > limit else 1.0 -> limit / length


# %% right="clip" name="early_return"
def clip(gradients, limit):
    flat = np.concatenate([np.ravel(gradient) for gradient in gradients.values()])
    norm = np.linalg.norm(flat)
    if norm <= limit:
        return gradients
    short = {}
    for name in gradients:
        short[name] = gradients[name] / norm * limit
    return short


# %% wrong="clip" name="each_array" mistake="each_alone"
def clip(gradients, limit):
    short = {}
    for name, gradient in gradients.items():
        norm = np.linalg.norm(gradient)
        short[name] = gradient * limit / norm if norm > limit else gradient
    return short


# %% wrong="clip" name="numpy_clip" mistake="entries_cut"
def clip(gradients, limit):
    return {name: np.clip(gradient, -limit, limit) for name, gradient in gradients.items()}


# %% wrong="clip" name="always" of="one_factor" mistake="always_scaled"
# if length > limit else -> if length > 0 else

# %% wrong="clip" name="sum_of_lengths" of="one_factor" mistake="norms_added"
# np.sqrt(sum(np.sum(gradient**2) -> (sum(np.sqrt(np.sum(gradient**2))

# %% wrong="clip" name="no_root" of="one_factor" mistake="root_forgotten"
# np.sqrt -> float

# %% wrong="clip" name="longest" of="one_factor" mistake="longest_array"
# sqrt(sum(np.sum(gradient**2) for -> sqrt(max(np.sum(gradient**2) for

# %% wrong="clip" name="turned_round" of="one_factor" mistake="lengthened"
# limit / length if -> length / limit if

# %% wrong="clip" name="mean" of="one_factor" mistake="mean_of_squares"
# values())) -> values()) / sum(gradient.size for gradient in gradients.values()))

# %% wrong="clip" name="to_one" of="one_factor" mistake="to_length_1"
# limit / length if -> 1 / length if

# %% wrong="clip" name="maximum" of="one_factor" mistake="largest_entry"
# np.sqrt(sum(np.sum(gradient**2) -> (max(np.abs(gradient).max()


# %% wrong="clip" name="in_place" mistake="input_changed"
def clip(gradients, limit):
    length = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))
    for gradient in gradients.values():
        gradient *= min(1, limit / max(length, 1e-12))
    return gradients


# %% [markdown]
# ## train


# %% right="train" name="loop"
def train(batches, parameters, update, limit):
    losses = []
    for inputs, targets in batches:
        h = np.zeros((len(inputs), len(parameters["Wh"])))
        loss, gradients = through_time(inputs, targets, h, parameters)
        parameters = update(parameters, clip(gradients, limit))
        losses.append(loss)
    return parameters, losses


# %% right="train" name="other_names"
def train(batches, parameters, update, limit):
    current, found = dict(parameters), np.array([])
    for batch in batches:
        start = np.zeros_like(current["b"])[None] * np.ones((batch[0].shape[0], 1))
        loss, slopes = through_time(batch[0], batch[1], start, current)
        found = np.append(found, loss)
        current = update(current, clip(slopes, limit))
    return current, found


# %% wrong="train" name="no_clip" of="loop" mistake="not_clipped"
# clip(gradients, limit) -> gradients

# %% wrong="train" name="clipped_for_nothing" of="loop" mistake="not_clipped"
# parameters = update( -> clip(gradients, limit); parameters = update(
# clip(gradients, limit)) -> gradients)

# %% wrong="train" name="never_kept" of="loop" mistake="parameters_not_kept"
# parameters = update(parameters, clip(gradients, limit)) -> moved = update(parameters, clip(gradients, limit))
# return parameters, losses -> return moved, losses

# %% wrong="train" name="not_stored" of="loop" mistake="not_moved"
# through_time(inputs, targets, h, parameters) -> through_time(inputs, targets, h, moved)
# losses = [] -> losses, moved = [], parameters
# parameters = update(parameters, clip(gradients, limit)) -> moved = update(moved, clip(gradients, limit))

# %% wrong="train" name="thrown_away" of="loop" mistake="update_thrown_away"
# parameters = update( -> update(

# %% wrong="train" name="one_loss" of="loop" mistake="last_loss_only"
# losses.append(loss) -> losses = [loss]

# %% wrong="train" name="pair_turned_round" of="loop" mistake="targets_read"
# for inputs, targets in -> for targets, inputs in

# %% wrong="train" name="targets_left_out" of="loop" mistake="inputs_guessed"
# through_time(inputs, targets, -> through_time(inputs, inputs,

# %% wrong="train" name="ones" of="loop" mistake="h_of_ones"
# np.zeros( -> np.ones(

# %% wrong="train" name="swapped" of="loop" mistake="update_swapped"
# update(parameters, clip(gradients, limit)) -> update(clip(gradients, limit), parameters)


# %% wrong="train" name="state_kept" mistake="state_carried"
def train(batches, parameters, update, limit):
    losses, h = [], np.zeros((0, 0))
    for inputs, targets in batches:
        if len(h) != len(inputs):
            h = np.zeros((len(inputs), len(parameters["Wh"])))
        loss, gradients = through_time(inputs, targets, h, parameters)
        h = unroll(inputs, h, parameters)[0][:, -1]
        parameters = update(parameters, clip(gradients, limit))
        losses.append(loss)
    return parameters, losses


# %% wrong="train" name="later_loss" of="loop" mistake="loss_after_the_step"
# losses.append(loss) -> losses.append(through_time(inputs, targets, h, parameters)[0])


# %% wrong="train" name="return_inside" mistake="one_batch"
def train(batches, parameters, update, limit):
    losses = []
    for inputs, targets in batches:
        h = np.zeros((len(inputs), len(parameters["Wh"])))
        loss, gradients = through_time(inputs, targets, h, parameters)
        parameters = update(parameters, clip(gradients, limit))
        losses.append(loss)
        return parameters, losses


# %% wrong="train" name="fixed_batch" of="loop" mistake="shapes_do_not_fit"
# len(inputs), -> 32,

# %% wrong="train" name="no_losses" of="loop" mistake="wrong_type"
# return parameters, losses -> return parameters


# %% [markdown]
# ## generate


# %% right="generate" name="state_carried"
def generate(parameters, letters, prime, temperature, rng, limit):
    h = np.zeros((1, len(parameters["Wh"])))
    for number in encode(END + prime, letters):
        h = step(np.array([number]), h, parameters)
    text = prime
    for _ in range(limit):
        p = temper(h @ parameters["Wy"] + parameters["by"], temperature)
        number = draw(p[0], rng)
        if letters[number] == END:
            break
        text += letters[number]
        h = step(np.array([number]), h, parameters)
    return text


# %% right="generate" name="by_unroll"
def generate(parameters, letters, prime, temperature, rng, limit):
    end = letters.index(END)
    state = np.zeros((1, parameters["Wh"].shape[0]))
    given = [end] + [letters.index(letter) for letter in prime]
    written = []
    while len(written) < limit:
        states, logits = unroll(np.array([given]), state, parameters)
        state = states[:, -1]
        place = int(rng.choice(len(letters), p=temper(logits[0, -1], temperature)))
        if place == end:
            break
        written.append(letters[place])
        given = [place]
    return prime + "".join(written)


# %% right="generate" name="all_again"
def generate(parameters, letters, prime, temperature, rng, limit):
    numbers = list(encode(END + prime, letters))
    for _ in range(limit):
        _, logits = unroll(np.array([numbers]), np.zeros((1, len(parameters["b"]))), parameters)
        numbers.append(draw(temper(logits[0, -1], temperature), rng))
        if letters[numbers[-1]] == END:
            del numbers[-1]
            break
    return "".join(letters[number] for number in numbers[1:])


# %% wrong="generate" name="end_sign_behind" of="state_carried" mistake="end_sign_behind"
# END + prime -> prime + END

# %% wrong="generate" name="cold" of="state_carried" mistake="not_warmed_up"
# encode(END + prime, letters) -> encode(END, letters)


# %% wrong="generate" name="writes_on" of="all_again" mistake="end_sign_passed"
# del numbers[-1] ->
# break -> pass
# for number in numbers[1:]) -> for number in numbers[1:]).replace(END, "")


# %% wrong="generate" name="state_forgotten" mistake="last_character_only"
def generate(parameters, letters, prime, temperature, rng, limit):
    zero = np.zeros((1, len(parameters["Wh"])))
    h = step(encode((END + prime)[-1], letters), zero, parameters)
    text = prime
    for _ in range(limit):
        number = draw(temper(h @ parameters["Wy"] + parameters["by"], temperature)[0], rng)
        if letters[number] == END:
            break
        text += letters[number]
        h = step(np.array([number]), h, parameters)
    return text


# %% wrong="generate" name="no_end_first" of="state_carried" mistake="no_end_sign_first"
# encode(END + prime, letters) -> encode(prime if prime else END, letters)

# %% wrong="generate" name="no_end_at_all" of="state_carried" mistake="no_end_sign_first"
# encode(END + prime, letters) -> encode(prime, letters)

# %% wrong="generate" name="last_unread" of="state_carried" mistake="last_not_read"
# encode(END + prime, letters) -> encode((END + prime)[:-1], letters)

# %% wrong="generate" name="all_rows" of="state_carried" mistake="two_axes"
# draw(p[0], rng) -> min(draw(p[0], rng), len(p) - 1)

# %% wrong="generate" name="never_read" of="state_carried" mistake="drawn_not_read"
# text += letters[number] -> text += letters[number]; continue

# %% wrong="generate" name="last_read_twice" of="state_carried" mistake="read_twice"
# encode(END + prime, letters) -> encode(END + prime + (END + prime)[-1], letters)

# %% wrong="generate" name="no_prime" of="state_carried" mistake="prime_missing"
# text = prime -> text = ""

# %% wrong="generate" name="end_kept" of="state_carried" mistake="end_sign_kept"
# if letters[number] == END: -> if text.endswith(END):

# %% wrong="generate" name="limit_of_all" of="state_carried" mistake="limit_includes_prime"
# range(limit) -> range(limit - len(prime))

# %% wrong="generate" name="no_temperature" of="state_carried" mistake="temperature_ignored"
# parameters["by"], temperature) -> parameters["by"], 1.0)

# %% wrong="generate" name="never_ends" of="state_carried" mistake="end_sign_kept"
# if letters[number] == END: -> if letters[number] == "":

# %% wrong="generate" name="no_limit" of="state_carried" mistake="too_long"
# range(limit) -> range(2 * limit)

# %% wrong="generate" name="not_read" of="by_unroll" mistake="other_characters"
# given = [place] -> given = [end]

# %% wrong="generate" name="likeliest" of="state_carried" mistake="likeliest"
# draw(p[0], rng) -> int(np.argmax(p[0]))

# %% wrong="generate" name="own_generator" of="state_carried" mistake="rng_ignored"
# draw(p[0], rng) -> draw(p[0], np.random.default_rng(len(text)))

# %% wrong="generate" name="state_reset" of="state_carried" mistake="state_reset"
# text = prime -> text, h = prime, np.zeros_like(h)

# %% wrong="generate" name="each_from_zero" of="state_carried" mistake="read_anew"
# text += letters[number] -> text, h = text + letters[number], np.zeros_like(h)

# %% wrong="generate" name="prime_turned_round" of="state_carried" mistake="prime_backwards"
# encode(END + prime, letters) -> encode(END + prime[::-1], letters)

# %% wrong="generate" name="no_by" of="state_carried" mistake="output_bias_forgotten"
# h @ parameters["Wy"] + parameters["by"] -> h @ parameters["Wy"]

# %% wrong="generate" name="numbers_returned" of="state_carried" mistake="wrong_type"
# return text -> return encode(text, letters)


# %% wrong="generate" name="zeros"
def generate(parameters, letters, prime, temperature, rng, limit):
    return ""


# %% wrong="generate" name="constant"
def generate(parameters, letters, prime, temperature, rng, limit):
    return prime + "A" * limit


# %% wrong="generate" name="hard_coded"
def generate(parameters, letters, prime, temperature, rng, limit):
    return prime + "".join(letters[number] for number in rng.integers(2, len(letters), limit))
