"""Grammars so small that all that they can write can be listed, made by the same code as the real one."""

from dataclasses import replace

from course_utils.tunes.grammar import Grammar, State
from course_utils.tunes.rules import PLAIN, Key, Metre

ONE_PART = replace(
    PLAIN,
    metres={Metre("2/4", (2,), 1): 1.0},
    keys={Key("D", 1, "major"): 0.6, Key("Em", 2, "modal"): 0.4},
    progressions={"major": {(0, 1, 0): 0.7, (4, 4, 0): 0.3}, "modal": {(0, 0, 0): 0.6, (1, 0, 0): 0.4}},
    durations={kind: {2: {1: 0.6, 2: 0.4}, 1: {1: 1.0}} for kind in ("plain", "half", "end")},
    copies=({1: (0, 0)},),
    centres=(0,),
    lowest=1,
    highest=3,
    bars=3,
    line=2,
)
TWO_PARTS = replace(
    ONE_PART,
    metres={Metre("2/8", (1, 1), 0): 0.5, Metre("2/4", (2,), 0): 0.5},
    keys={Key("D", 1, "major"): 1.0},
    progressions={"major": {(0, 1): 0.7, (4, 0): 0.3}},
    chances={**PLAIN.chances, "roll": 0.0, "pickup": 0.0},
    copies=({}, {1: (0, 1)}),
    centres=(0, 1),
    highest=2,
    bars=2,
)


def derivations(rules):
    """Yield all ways to write all tunes: the text, and the probability of the choices on the way."""
    grammar, open_ones = Grammar(rules), [("", 1.0, State())]
    while open_ones:
        text, chance, state = open_ones.pop()
        if state is None:
            yield text, chance
            continue
        for share, table in grammar.choices(state):
            for each, (token, what) in zip(table.chances, table.tokens):
                if each:
                    open_ones.append((text + token, chance * share * each, grammar.after(state, what)))
