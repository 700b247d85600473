"""What Lab 5a compares: it prints numbers where functions are finished, and what to finish where they are not."""

import numpy as np
import pytest

from course_utils import datasets, language, tunes

LETTERS = list(tunes.ALPHABET)
TUNES = datasets.tunes(3, 2)
SEQUENCES = [np.array([LETTERS.index(letter) for letter in f"${tune}$"]) for tune in TUNES]


def table():
    return np.full((len(LETTERS), len(LETTERS)), 1 / len(LETTERS))


def mean_bits(p, targets):
    return -np.mean([np.log2(row[target]) for row, target in zip(p, targets, strict=True)])


def open_exercise(*_):
    return None


def test_counts_are_compared_with_the_grammar(capsys):
    """Four models, from the worst to the grammar itself, whose bits are the exact ones; each has a line."""
    lines = language.compare_counts(mean_bits, table(), SEQUENCES, SEQUENCES, TUNES)
    exact = -sum(tunes.log_probability(tune) for tune in TUNES) / sum(len(tune) + 1 for tune in TUNES) / np.log(2)
    assert list(lines) == ["all alike", "single characters", "pairs", "the grammar"]
    assert lines["the grammar"] == pytest.approx(exact)
    assert lines["all alike"] == lines["pairs"] == pytest.approx(np.log2(35))
    assert capsys.readouterr().out.count("bits a character") == 4


@pytest.mark.parametrize(("bits", "made"), [(open_exercise, table()), (mean_bits, None)])
def test_without_a_table_or_bits_the_grammar_stands_alone(bits, made, capsys):
    """The cell runs, names the grammar's bits, and says what to finish."""
    assert list(language.compare_counts(bits, made, SEQUENCES, SEQUENCES, TUNES)) == ["the grammar"]
    assert "Finish encode, bigram and bits first" in capsys.readouterr().out


def test_unfinished_networks_are_told_what_to_finish(capsys):
    """None of the cells stops with an error."""
    start = language.start_parameters(len(LETTERS), 3)
    language.compare_fresh(open_exercise, open_exercise, start, SEQUENCES)
    language.compare_slopes(open_exercise)
    language.perform(open_exercise, start, LETTERS)
    shares = language.compare_bars(open_exercise, open_exercise, open_exercise, start, None, LETTERS, 2)
    assert capsys.readouterr().out.count("Finish") == 4 and shares == {"the grammar": 1.0}


def test_slopes_stand_beside_nudged_ones(capsys):
    """A loss that is the sum of squares has slopes of twice each entry: both columns agree."""

    def through_time(inputs, targets, h, parameters):
        loss = sum(np.sum(array**2) for array in parameters.values())
        return loss, {name: 2 * array for name, array in parameters.items()}

    language.compare_slopes(through_time)
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 5
    for row in rows:
        own, nudged = (float(part.split()[-1]) for part in row.split(", by"))
        assert own == pytest.approx(nudged, abs=2e-6)


def test_a_tune_is_performed_as_far_as_it_can_be_read(shown, capsys):
    """What cannot be read is printed and named, and the bars before it are drawn twice and played."""
    language.perform(lambda *_: "M:6/8\nK:D\n|:ABc def|ABc d2|?", language.start_parameters(35, 2), LETTERS)
    out = capsys.readouterr().out
    assert "1 of 2 bars add up" in out and "Where reading it as ABC ends" in out and len(shown) == 3


def test_bars_are_counted_in_what_can_be_read():
    """Of four bars in two texts three add up; a text without a tune has none."""
    right, wrong = "M:6/8\nK:D\n|:ABc def|ABc def|", "M:6/8\nK:D\n|:ABc def|ABc d2|"
    assert language.share_of_full_bars([right, wrong, "M:?"]) == 0.75
    assert language.share_of_full_bars([]) == 0


def test_tables_and_networks_write_the_same_number_of_tunes(capsys):
    """A table that always ends after its header, and a function that writes good bars."""
    ends = np.full((35, 35), 1e-9)
    ends[:, LETTERS.index("$")] = 1
    begun = []

    def generate(parameters, letters, prime, temperature, rng, limit):
        begun.append(prime)
        return prime + ("ABc def|" if "6/8" in prime else "ABcd efga|") * 2

    def draw(p, rng):
        return int(np.argmax(p))

    shares = language.compare_bars(generate, lambda z, _: z, draw, language.start_parameters(35, 2), ends, LETTERS, 4)
    assert shares == {"pairs": 0.0, "your network": 1.0, "the grammar": 1.0}
    assert [prime[:5] for prime in begun] == ["M:6/8", "M:4/4"] * 2
