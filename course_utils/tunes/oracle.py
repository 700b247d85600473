"""The exact probability of every string, and tunes that are drawn from it.

The forward algorithm (Rabiner, "A tutorial on hidden Markov models", 1989), a character at a time: all ways in which a
grammar may have written what stands so far are kept, each with its probability.
"""

from collections import defaultdict
from functools import lru_cache
from math import inf, log
from typing import Any

import numpy as np

from .grammar import Grammar, State
from .rules import ALPHABET, END, LANGUAGES, PLAIN, Seed, dialect, generator

# What is still to come of a token, the state before it, what it stands for, and its probability.
Pending = tuple[str, State, Any, float]


class Forward:
    """The ways in which a grammar may have written a prefix: their probabilities, given the prefix."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.ready: dict[State | None, float] = {State(): 1.0}  # where a token begins
        self.pending: list[Pending] = []

    def next(self) -> dict[str, float]:
        """Return the probability of each character that may come next; none once a tune has ended."""
        chances: dict[str, float] = defaultdict(float)
        for rest, _, _, weight in self.pending:
            chances[rest[0]] += weight
        for state, weight in self.ready.items():
            for chance, table in self.grammar.choices(state) if state else ():
                for letter, share in table.first.items():
                    chances[letter] += weight * chance * share
        return dict(chances)

    def read(self, letter: str) -> float:
        """Go on by one character, and return its probability; after 0 nothing may come."""
        ready: dict[State | None, float] = defaultdict(float)
        pending: list[Pending] = []
        for rest, state, what, weight in self.pending:
            if rest[0] == letter:
                self._add(rest[1:], state, what, weight, ready, pending)
        for begun, weight in self.ready.items():
            for chance, table in self.grammar.choices(begun) if begun else ():
                for share, text, what in table.beginning(letter):
                    assert begun
                    self._add(text[1:], begun, what, weight * chance * share, ready, pending)
        total = sum(ready.values()) + sum(weight for *_, weight in pending)
        self.ready = {state: weight / total for state, weight in ready.items()} if total else {}
        self.pending = [(*way[:3], way[3] / total) for way in pending] if total else []
        return total

    def _add(self, rest: str, state: State, what: Any, weight: float, ready: Any, pending: Any) -> None:
        if rest:
            pending.append((rest, state, what, weight))
        else:
            ready[self.grammar.after(state, what)] += weight


def log_probability(tune: str, dialect: Seed | None = None) -> float:
    """Return the natural logarithm of a tune's probability, its end sign included; minus infinity for what is no tune.

    Args:
        tune: without the end sign.
        dialect: the seed of a dialect, if the tune is in one.
    """
    return float(sum(log_probabilities(tune, dialect)))


def log_probabilities(tune: str, dialect: Seed | None = None) -> np.ndarray:
    """Return log p of each character given those before it, and of the end sign, shape (len(tune) + 1,)."""
    grammar, written = _language(dialect)
    plain = {own: letter for letter, own in written.items()}
    forward = Forward(grammar)
    chances = [forward.read(plain.get(letter, "")) for letter in tune + END]
    return np.array([log(min(chance, 1.0)) if chance else -inf for chance in chances])


def next_characters(prefix: str, dialect: Seed | None = None) -> np.ndarray:
    """Return p(next character | what stands before it) at each place of a prefix, the one behind it included.

    The result has the shape (len(prefix) + 1, len(ALPHABET)). Rows behind what no tune begins with are 0.
    """
    grammar, written = _language(dialect)
    plain = {own: letter for letter, own in written.items()}
    columns = {letter: ALPHABET.index(own) for letter, own in written.items()}
    forward, rows = Forward(grammar), np.zeros((len(prefix) + 1, len(ALPHABET)))
    for place in range(len(rows)):
        for letter, chance in forward.next().items():
            rows[place, columns[letter]] = chance
        if place < len(prefix):
            forward.read(plain.get(prefix[place], ""))
    return rows


def drawn(seed: Seed, n: int, dialect: Seed | None = None) -> list[str]:
    """Return tunes, without their end signs; the same for the same arguments."""
    grammar, written = _language(dialect)
    random = generator("tunes", seed)
    table = str.maketrans(dict(written))
    return [draw(grammar, random).removesuffix(END).translate(table) for _ in range(n)]


def draw(grammar: Grammar, random: np.random.RandomState) -> str:
    """Return one tune with its end sign."""
    state: State | None = State()
    text = ""
    while state is not None:
        tables = grammar.choices(state)
        table = tables[0][1] if len(tables) == 1 or random.random_sample() < tables[0][0] else tables[1][1]
        token, what = table.drawn(random.random_sample())
        text, state = text + token, grammar.after(state, what)
    return text


def in_plain(tune: str, dialect: Seed) -> str:
    """Return a dialect's tune in the characters of ABC, to be heard or drawn."""
    plain = {own: letter for letter, own in _language(dialect)[1].items()}
    return "".join(plain.get(letter, letter) for letter in tune)


@lru_cache(maxsize=LANGUAGES)
def _language(seed: Seed | None) -> tuple[Grammar, Any]:
    if seed is None:
        return Grammar(PLAIN), {letter: letter for letter in ALPHABET}
    rules, written = dialect(seed)
    return Grammar(rules), written
