"""The grammar: what its tunes look like."""

import re

import numpy as np

from course_utils import datasets
from course_utils.tunes import grammar as grammars
from course_utils.tunes.grammar import Grammar, State
from course_utils.tunes.oracle import draw
from course_utils.tunes.rules import PLAIN
from tests.course_utils.tunes import tiny

TUNES = datasets.tunes(0, 60)
SHAPE = re.compile(
    r"M:(6/8|4/4)\nK:\w+\n" + 2 * r"\|:(?:[A-Ga-g,2]{1,4}\|)?(?:[^|\n]+\|){3}[^|\n]+\|\n(?:[^|\n]+\|){3}[^|\n]+:\|\n"
)


def test_a_tune_is_a_header_and_two_parts_of_eight_bars():
    """Metre, key, and twice a pick-up or none, two lines of four bars, and a repeat sign."""
    assert all(SHAPE.fullmatch(tune) for tune in TUNES)
    assert len(set(TUNES)) == len(TUNES) and 140 < sum(map(len, TUNES)) / len(TUNES) < 200


def test_phrases_answer_each_other():
    """Most fifth bars repeat the first one, and most second parts end as the first one does; not all do."""
    bars = [[re.split(r"[|\n:]+", part.split("|:")[1]) for part in re.findall(r"\|:[^$]*?:\|", tune)] for tune in TUNES]
    own = [[[bar for bar in part if bar][-8:] for part in parts] for parts in bars]
    for share in (
        sum(part[4] == part[0] for parts in own for part in parts) / (2 * len(own)),
        sum(first[7] == second[7] for first, second in own) / len(own),
    ):
        assert 0.3 < share < 0.9


def test_every_state_has_tables_that_sum_to_one():
    """Whatever may come next, the probabilities of the ways sum to one, on every way of a tiny grammar."""
    grammar, seen, open_ones = Grammar(tiny.ONE_PART), set(), [State()]
    while open_ones and len(seen) < 500:
        state = open_ones.pop()
        if state is None or state in seen:
            continue
        seen.add(state)
        tables = grammar.choices(state)
        assert abs(sum(share * sum(table.chances) for share, table in tables) - 1) < 1e-12
        open_ones += [grammar.after(state, what) for _, table in tables for _, what in table.tokens]
    assert len(seen) > 100


def test_a_copied_bar_moves_with_its_chord():
    """A bar on the fourth degree that repeats one on the tonic lies three steps higher."""
    grammar, state = Grammar(PLAIN), State()
    for name, wanted in (("metre", "M:6/8\n"), ("key", "K:D\n")):
        what = next(what for text, what in grammar.choices(state)[0][1].tokens if text == wanted)
        state = grammar.after(state, what)
        assert getattr(state, name) == what
    state = grammar.after(state, ((0, 3, 0, 4, 0, 3, 4, 0), False))
    for letter in "DFADFA":
        state = grammar.after(
            state, next(what for text, what in grammar.choices(state)[-1][1].tokens if text.rstrip(" |") == letter)
        )
    copied, fresh = grammar.choices(state)
    assert copied[1].tokens[0][0] == "GBd GBd|" and copied[0] + fresh[0] == 1


def test_tables_are_kept_up_to_a_bound_that_changes_no_tune(monkeypatch):
    """A grammar that keeps ten tables writes what one that keeps thousands does."""
    drawn = [draw(Grammar(PLAIN), np.random.RandomState(seed)) for seed in range(2)]
    monkeypatch.setattr(grammars, "TABLES", 10)
    small = Grammar(PLAIN)
    assert [draw(small, np.random.RandomState(seed)) for seed in range(2)] == drawn
    assert small._notes.cache_info().currsize == 10
