"""The oracle: exact, by complete enumeration of tiny grammars and by an estimate of its own for the real one."""

from collections import Counter
from math import exp, inf, log

import numpy as np
import pytest

from course_utils import datasets
from course_utils.tunes import ALPHABET, END, in_plain, log_probabilities, log_probability, next_characters
from course_utils.tunes.grammar import Grammar, State
from course_utils.tunes.oracle import Forward
from course_utils.tunes.rules import PLAIN
from tests.course_utils.tunes import tiny


@pytest.mark.parametrize("rules", [tiny.ONE_PART, tiny.TWO_PARTS], ids=["one part", "two parts"])
def test_all_strings_of_a_tiny_grammar_sum_to_one_and_each_to_its_derivations(rules):
    """Many strings have several derivations; the forward pass gives each string their sum."""
    summed, ways = Counter(), Counter()
    for text, chance in tiny.derivations(rules):
        summed[text] += chance
        ways[text] += 1
    assert sum(summed.values()) == pytest.approx(1, abs=1e-12)
    assert len(summed) > 100 and max(ways.values()) >= 3
    grammar, total = Grammar(rules), 0.0
    for text, expected in summed.items():
        forward = Forward(grammar)
        chance = np.prod([forward.read(letter) for letter in text])
        assert chance == pytest.approx(expected, rel=1e-10)
        assert forward.ready.keys() == {None} and not forward.pending and not forward.next()
        total += chance
    assert total == pytest.approx(1, abs=1e-12)


def test_walking_along_the_next_characters_reaches_just_these_strings():
    """The strings that the next-character distributions allow are those that the grammar can write."""
    grammar, reached, open_ones = Grammar(tiny.TWO_PARTS), set(), [("", Forward(Grammar(tiny.TWO_PARTS)))]
    while open_ones:
        text, forward = open_ones.pop()
        following = forward.next()
        assert sum(following.values()) == pytest.approx(1) or text.endswith(END)
        reached |= {text} if text.endswith(END) else set()
        for letter in following:
            longer = Forward(grammar)
            for each in text + letter:
                longer.read(each)
            open_ones.append((text + letter, longer))
    assert reached == {text for text, _ in tiny.derivations(tiny.TWO_PARTS)}


@pytest.mark.parametrize("dialect", [None, 3, bytes(32)])
def test_next_characters_are_distributions_whose_product_is_the_probability(dialect):
    """Each row sums to one, and the entries of a tune's characters multiply to its probability."""
    for tune in datasets.tunes(5, 2, dialect):
        rows = next_characters(tune, dialect)
        assert rows.shape == (len(tune) + 1, len(ALPHABET)) and np.allclose(rows.sum(axis=1), 1)
        own = rows[np.arange(len(rows)), [ALPHABET.index(letter) for letter in tune + END]]
        assert np.allclose(np.log(own), log_probabilities(tune, dialect))
        assert np.log(own).sum() == pytest.approx(log_probability(tune, dialect))


def test_what_the_grammar_cannot_write_has_probability_zero():
    """A wrong bar, a cut tune, an unknown character and a second end sign give minus infinity."""
    tune = datasets.tunes(0, 1)[0]
    for wrong in ("", tune[:-1], tune + END, tune.replace("|", "", 1), tune[:20] + "é" + tune[20:], tune + tune):
        assert log_probability(wrong) == -inf
    assert not next_characters("M:9")[-1].any()


def test_surprise_and_entropy_agree_within_their_error():
    """Over drawn tunes -log p is on average the sum of the exact entropies of the next character: an own estimate."""
    differences = []
    for tune in datasets.tunes(11, 8):
        rows = next_characters(tune)
        entropy = -sum(row @ np.log(np.where(row > 0, row, 1)) for row in rows)
        differences.append(-log_probability(tune) - entropy)
    error = np.std(differences, ddof=1) / np.sqrt(len(differences))
    assert abs(np.mean(differences)) < 3.5 * error and error < 10


def test_the_generators_own_choices_are_less_likely_than_the_string():
    """A string is at least as likely as any one way to write it; adding up one way's choices overestimates its bits."""
    grammar, random, state, text, chosen = Grammar(PLAIN), np.random.RandomState(2), State(), "", 0.0
    while state is not None:
        tables = grammar.choices(state)
        way = 0 if len(tables) == 1 or random.random_sample() < tables[0][0] else 1
        share, table = tables[way]
        place = random.choice(len(table.tokens), p=table.chances)
        token, what = table.tokens[place]
        chosen += log(share * table.chances[place])
        text, state = text + token, grammar.after(state, what)
    assert -inf < chosen < log_probability(text.removesuffix(END)) < 0


def bigram_bits(training, tunes):
    """Return bits a character of a bigram table with add-one smoothing."""
    counts = np.ones((len(ALPHABET), len(ALPHABET)))
    numbers = [[ALPHABET.index(letter) for letter in END + tune + END] for tune in training]
    for tune in numbers:
        np.add.at(counts, (tune[:-1], tune[1:]), 1)
    chances = counts / counts.sum(axis=1, keepdims=True)
    numbers = [[ALPHABET.index(letter) for letter in END + tune + END] for tune in tunes]
    return -np.mean(np.concatenate([np.log2(chances[tune[:-1], tune[1:]]) for tune in numbers]))


def test_a_table_learned_on_the_plain_language_helps_on_no_dialect():
    """Fifteen tunes of the dialect teach more than many of the plain language, whose oracle knows nothing of it."""
    plain = datasets.tunes(1, 60)
    for dialect in (0, 1):
        own, held_out = datasets.tunes(2, 15, dialect), datasets.tunes(3, 5, dialect)
        assert bigram_bits(plain, held_out) > bigram_bits(own, held_out) + 1
        assert log_probability(held_out[0]) == -inf < log_probability(held_out[0], dialect)
        assert set("".join(own)) <= set(ALPHABET)


def test_draws_repeat_themselves_and_dialects_differ():
    """The same arguments give the same tunes; another seed or dialect others; a dialect is ABC in other characters."""
    assert datasets.tunes(4, 3) == datasets.tunes(4, 3) != datasets.tunes(5, 3)
    assert datasets.tunes(4, 3, 1) != datasets.tunes(4, 3, 2)
    heard = in_plain(datasets.tunes(4, 1, 1)[0], 1)
    assert heard.startswith("M:") and -inf < log_probability(heard)
    assert exp(log_probability(heard)) < 1e-20
