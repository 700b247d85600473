"""A grammar of folk tunes: in each state, the tokens that may come next, each with its probability.

A tune is a metre, a key, and two parts of bars between repeat signs. Each part follows a progression of chords, which
its text does not tell: it is latent. Groups begin on tones of the chord; between them the tune moves by steps and small
leaps. A bar may repeat an earlier one, moved along with the chord; then all of it is one token. Since it might have
come note by note as well, a text does not tell how it was made: the forward algorithm in ``oracle`` sums over all ways.
"""

from bisect import bisect, bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from .melody import Bar, Fitting, Note, Place
from .rules import END, Key, Metre, Rules

TABLES = 4096  # of a grammar that are kept, 6 MB; 500 tunes need 18,000, most of them once


class State(NamedTuple):
    """Where a tune stands. Bar -1 is the pick-up, and part -1 the header.

    Args:
        progression: the chords of this part, as degrees.
        pickup: whether the parts begin with one.
        group, left: the group of the bar, and the eighth notes that are left of it.
        pitch, move: the last pitch, and the interval to it, cut to -2 to 2.
        current: the notes of this bar so far.
        copying: whether the last bar repeated an earlier one.
        written: the bars of each part so far.
    """

    metre: Metre | None = None
    key: Key | None = None
    part: int = -1
    progression: tuple[int, ...] = ()
    pickup: bool = False
    bar: int = -1
    group: int = 0
    left: int = 0
    pitch: int = 0
    move: int = 0
    current: Bar = ()
    copying: bool = False
    written: tuple[tuple[Bar, ...], ...] = ()


class Tokens:
    """Tokens that may come, in order; tables of many places share them.

    Args:
        pairs: of a text and of what ``Grammar.after`` needs to know of it.
    """

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        self.pairs = list(pairs)
        self.beginning: dict[str, list[int]] = {}  # their numbers, by the first character
        for number, (text, _) in enumerate(self.pairs):
            self.beginning.setdefault(text[0], []).append(number)


class Table:
    """Tokens with their probabilities, of which some may be 0.

    Args:
        weights: of each.
    """

    def __init__(self, tokens: Tokens, weights: np.ndarray) -> None:
        self._tokens = tokens
        self.chances = weights / sum(weights.tolist())

    @property
    def tokens(self) -> list[tuple[str, Any]]:
        return self._tokens.pairs

    def beginning(self, letter: str) -> Iterator[tuple[float, str, Any]]:
        """Return the possible tokens with this first character, each with its probability."""
        for number in self._tokens.beginning.get(letter, ()):
            if chance := float(self.chances[number]):
                yield chance, *self.tokens[number]

    @cached_property
    def first(self) -> dict[str, float]:
        """The probability of each first character."""
        sums = {letter: sum(chance for chance, *_ in self.beginning(letter)) for letter in self._tokens.beginning}
        return {letter: chance for letter, chance in sums.items() if chance}

    def drawn(self, uniform: float) -> tuple[str, Any]:
        """Return the token at a number between 0 and 1."""
        sums = self.chances.cumsum().tolist()
        return self.tokens[min(bisect(sums, uniform), bisect_left(sums, sums[-1]))]  # the last possible one at most


class Grammar:
    """What may follow, by the tables of some rules."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._metres = _table([(f"M:{metre.text}\n", metre) for metre in rules.metres], rules.metres.values())
        self._keys = _table([(f"K:{key.text}\n", key) for key in rules.keys], rules.keys.values())
        self._end = _table([(END, None)])
        self._fitting = cache(self._new_fitting)
        self._opening = lru_cache(maxsize=64)(self._new_opening)
        self._notes = lru_cache(maxsize=TABLES)(self._new_notes)

    def choices(self, state: State) -> list[tuple[float, Table]]:
        """Return the tables from which the next token may come, each with its probability."""
        if state.part == len(self.rules.copies):
            return [(1.0, self._end)]
        if state.metre is None or state.key is None:
            return [(1.0, self._metres if state.metre is None else self._keys)]
        if not state.left:
            return [(1.0, self._opening(state.key.mode, state.pickup if state.part else None))]
        place = self._place(state, state.metre, state.key)
        notes = self._notes(state.metre, state.key.tonic, place, state.left, state.pitch, state.move)
        copied = self._copied(state)
        if copied is None:
            return [(1.0, notes)]
        chance = self.rules.chances["copy on" if state.copying else "copy"]
        return [(chance, _table([(self._text(state, copied), copied)])), (1 - chance, notes)]

    def after(self, state: State, what: Any) -> State | None:
        """Return the state after a token, given what stands with its text in a table; None after the end."""
        if what is None:
            return None
        if isinstance(what, Metre):
            return state._replace(metre=what)
        if isinstance(what, Key):
            return state._replace(key=what, part=0, pitch=what.tonic, written=((),))
        if isinstance(what, Note):
            return self._with(state, what)
        if not state.left:
            progression, pickup = what
            state = state._replace(progression=progression, pickup=pickup, bar=-1 if pickup else 0, group=0)
            return state._replace(left=self._length(state))
        for note in what:
            state = self._with(state, note)
        return state._replace(copying=state.left > 0)

    def _with(self, state: State, note: Note) -> State:
        """Return the state after a note."""
        metre = state.metre
        assert metre
        pitch, left = note.pitches()[-1], state.left - note.duration
        move = max(-2, min(2, note.pitch - state.pitch if isinstance(note.ornament, str) else note.ornament))
        state = state._replace(pitch=pitch, move=move, left=left, current=(*state.current, note), copying=False)
        if left:
            return state
        if state.bar >= 0 and state.group + 1 < len(metre.groups):
            state = state._replace(group=state.group + 1)
        else:
            written = state.written
            if state.bar >= 0:
                written = (*written[:-1], (*written[-1], state.current))
            state = state._replace(bar=state.bar + 1, group=0, current=(), written=written)
            if state.bar == self.rules.bars:
                return self._after_part(state)
        return state._replace(left=self._length(state))

    def _after_part(self, state: State) -> State:
        if state.part + 1 == len(self.rules.copies):
            return State(part=state.part + 1)
        return state._replace(part=state.part + 1, progression=(), bar=-1, written=(*state.written, ()))

    def _length(self, state: State) -> int:
        """Return how many eighth notes the group has: the last one lacks those of the pick-up."""
        assert state.metre
        if state.bar < 0:
            return state.metre.pickup
        lacking = state.metre.pickup if state.pickup and self._is_last(state) else 0
        return state.metre.groups[state.group] - lacking

    def _is_last(self, state: State) -> bool:
        assert state.metre
        return state.bar == self.rules.bars - 1 and state.group == len(state.metre.groups) - 1

    def _copied(self, state: State) -> Bar | None:
        """Return the bar as its model has it, moved along with the chord, if it has one and stays within the range."""
        model = self.rules.copies[state.part].get(state.bar)
        if model is None or state.group or state.current:
            return None
        part, bar = model
        shift = 0
        if part == state.part:
            shift = (state.progression[state.bar] - state.progression[bar] + 3) % 7 - 3
        moved = tuple(note._replace(pitch=note.pitch + shift) for note in state.written[part][bar])
        pitches = [pitch for note in moved for pitch in note.pitches()]
        return moved if self.rules.lowest <= min(pitches) and max(pitches) <= self.rules.highest else None

    def _text(self, state: State, bar: Bar) -> str:
        """Return a whole bar as it is written at this place."""
        text = ""
        for note in bar:
            text += note.text() + (self._closing(state) if note.duration == state.left else "")
            state = self._with(state, note)
        return text

    def _closing(self, state: State) -> str:
        """Return what stands behind a group: a space, or what ends a bar, a line, a part."""
        assert state.metre
        if state.bar >= 0 and state.group + 1 < len(state.metre.groups):
            return " "
        if state.bar + 1 == self.rules.bars:
            return ":|\n"
        return "|\n" if state.bar >= 0 and (state.bar + 1) % self.rules.line == 0 else "|"

    def _new_opening(self, mode: str, pickup: bool | None) -> Table:
        chance = self.rules.chances["pickup"]
        pickups = {True: chance, False: 1 - chance} if pickup is None else {pickup: 1.0}
        weights = {
            (chords, has): weight * share
            for chords, weight in self.rules.progressions[mode].items()
            for has, share in pickups.items()
        }
        return _table([("|:", pair) for pair in weights], weights.values())

    def _new_notes(self, metre: Metre, tonic: int, place: Place, left: int, pitch: int, move: int) -> Table:
        tokens, fitting = self._fitting(metre, place.kind, place.closing, left)
        return Table(tokens, fitting.weights(tonic, place, pitch, move))

    def _new_fitting(self, metre: Metre, kind: str, closing: str, left: int) -> tuple[Tokens, Fitting]:
        fitting = Fitting(self.rules, metre, kind, left)
        return Tokens((n.text() + (closing if n.duration == left else ""), n) for n in fitting.notes), fitting

    def _place(self, state: State, metre: Metre, key: Key) -> Place:
        last_bar, last_group = state.bar == self.rules.bars - 1, state.group == len(metre.groups) - 1
        half = state.bar == self.rules.bars // 2 - 1 and last_group
        # The last bar begins on the chord before it, so that it moves to the tonic's.
        root = state.progression[max(state.bar, 0) - (last_bar and not last_group)]
        return Place(
            kind="end" if last_bar and last_group else "half" if half else "plain",
            chord=frozenset((root + third) % 7 for third in (0, 2, 4)),
            centre=key.tonic + self.rules.centres[state.part],
            strong=state.bar >= 0 and state.left == self._length(state),
            lead=last_bar and state.group == len(metre.groups) - 2,
            closing=self._closing(state),
        )


def _table(tokens: Iterable[tuple[str, Any]], weights: Iterable[float] = (1.0,)) -> Table:
    return Table(Tokens(tokens), np.array([*weights]))
