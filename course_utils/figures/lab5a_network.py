"""Lab 5a: what a recurrent network expects next while it reads a tune, and what its hidden units do meanwhile."""

from collections.abc import Callable
from functools import cache

import numpy as np

from ..tunes import ALPHABET, END, next_characters
from . import plots
from .lab5a_letters import ADVANCE, alphabet, bar_axes, bars, must_have, spoken, tempered, visible, written
from .plots import Axes
from .student import StudentFunction
from .widgets import Controls, Slider, explore

Parameters = dict[str, np.ndarray]
CELL, LEADING = 9 / plots.SCREEN_PER_INCH, 1.45  # inches of a letter of a tune, whole pixels; a line by its letters
SIZE = 72 * CELL / ADVANCE  # points
BASE = 0.71  # of a line above the feet of its letters
LEAST_SHOWN = 0.005  # of a probability that is marked


def next_character(unroll: Callable, temper: Callable, parameters: Parameters, letters: list[str], tune: str) -> None:
    """Let a slider walk through a tune; bars show what the student's network expects next, diamonds what the rules do.

    Args:
        tune: in ABC, as ``datasets.tunes`` draws it.
    """
    known = alphabet(letters)
    with plots.style():
        figure = plots.blank(plots.WIDTH, 4.9)
        page, ax = _page(figure, tune, top=4.15), figure.add_axes((0.08, 0.1, 0.9, 0.36))
        bar_axes(ax, known)

    @cache
    def expected() -> tuple[np.ndarray, np.ndarray]:
        """Return the network's logits before the tune and behind each character, and the grammar's probabilities."""
        must_have(letters, tune + END)
        rules = next_characters(tune)
        columns = [ALPHABET.index(letter) if letter in ALPHABET else -1 for letter in known]
        rules = np.column_stack([rules, np.zeros(len(rules))])[:, columns]
        return _read(unroll, parameters, known, tune)[1], rules

    def draw(place: int, degree: float) -> None:
        logits, rules = expected()
        p = tempered(temper, logits[place], degree)
        next_one = (tune + END)[place]
        comes = known.index(next_one)
        bars(ax, p, marked=comes)
        likely = np.flatnonzero(rules[place] > LEAST_SHOWN)
        ax.plot(likely, rules[place][likely], "D", color=plots.BLACK, markersize=5, zorder=3, linestyle="none")
        _shade(page, tune, {place: plots.CLASS_TINTS[1]}, read=place)
        best = int(np.argmax(p))
        figure.text(
            0.08,
            0.93,
            f"Behind {place} characters: {spoken(known[best])} is expected with {p[best]:.2f}; "
            f"{spoken(next_one)} comes, with {p[comes]:.2f}, by the rules {rules[place][comes]:.2f}",
            fontsize=13,
        )
        figure.text(0.08, 0.49, "bars: the network, orange for what comes; diamonds: the rules", fontsize=12)

    controls: Controls = {
        "place": Slider("characters read", 0, len(tune), 1, min(24, len(tune))),
        "degree": Slider("temperature", 0.2, 2.0, 0.1, 1.0),
    }
    explore(figure, draw, [controls], play=150, preview="next_character")


def hidden_units(unroll: Callable, parameters: Parameters, letters: list[str], tune: str) -> None:
    """Show all hidden units of the student's network while it reads a tune, and one of them on the tune itself.

    Args:
        tune: in ABC, as ``datasets.tunes`` draws it.
    """
    known = alphabet(letters)
    units = parameters["Wh"].shape[0]
    with plots.style():
        figure = plots.blank(plots.WIDTH, 5.6)
        ax = figure.add_axes((0.08, 0.1, 0.9, 0.38))
        page = _page(figure, tune, top=4.85)
        ax.set(xlim=(-0.5, len(tune) - 0.5), ylim=(units - 0.5, -0.5), xlabel="character of the tune", ylabel="unit")

    @cache
    def states() -> np.ndarray:
        must_have(letters, tune + END)
        return _read(unroll, parameters, known, tune)[0][1:]

    def draw(unit: int) -> None:
        from matplotlib.colors import to_hex
        from matplotlib.patches import Rectangle

        shades = plots.probability_colours()
        values = states()
        ax.imshow(values.T, cmap=shades, vmin=-1, vmax=1, interpolation="nearest", aspect="auto", zorder=1,
                  extent=(-0.5, len(tune) - 0.5, units - 0.5, -0.5))  # fmt: skip
        ax.add_patch(
            Rectangle(
                (-0.5, unit - 1.2),
                len(tune),
                2.4,
                fill=False,
                edgecolor=plots.VERMILLION,
                linewidth=1.5,
                zorder=3,
                clip_on=False,
            )
        )
        _shade(page, tune, {place: to_hex(shades((value + 1) / 2)) for place, value in enumerate(values[:, unit])})
        own = np.array(list(tune))
        means = {letter: float(values[own == letter, unit].mean()) for letter in sorted(set(tune))}
        high, low = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
        said = f"on average {means[high]:.2f} at {spoken(high)} and {means[low]:.2f} at {spoken(low)}"
        figure.text(0.08, 0.93, f"Unit {unit}: highest and lowest {said}", fontsize=13)
        figure.text(0.08, 0.505, "orange: near 1, blue: near -1", fontsize=12)

    explore(figure, draw, [{"unit": Slider("unit", 0, units - 1, 1, 0)}], play=600, preview="hidden_units")


def _read(unroll: Callable, parameters: Parameters, known: list[str], tune: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the states and the logits behind an end sign, before the tune, and behind each of its characters.

    A tune begins where another one has ended: so the lab's networks learn it.
    """
    ask = StudentFunction(unroll, "unroll")
    numbers = np.array([[known.index(letter) for letter in END + tune]])
    units = parameters["Wh"].shape[0]
    states, logits = ask.parts(ask(numbers, np.zeros((1, units)), parameters), "states, logits")
    question = f"an end sign and a tune of {len(tune)} characters"
    return (
        ask.numbers(states, (*numbers.shape, units), f"the states of {question}")[0],
        ask.numbers(logits, (*numbers.shape, len(known)), f"the logits of {question}")[0],
    )


def _lines(tune: str) -> list[str]:
    """Return the lines of a tune, each with its line break, which can be seen."""
    return [visible(line) for line in tune.splitlines(keepends=True)]


def _page(figure: plots.Figure, tune: str, top: float) -> Axes:
    """Return Axes with the characters of a tune, a cell wide and a line high each; the words of a figure spare them.

    Args:
        top: inches above the figure's lower edge.
    """
    lines = _lines(tune)
    wide, high = max(map(len, lines), default=1) * CELL, len(lines) * LEADING * SIZE / 72
    left = 0.08 * figure.get_figwidth()
    ax = figure.add_axes(
        (0.08, (top - high) / figure.get_figheight(), wide / figure.get_figwidth(), high / figure.get_figheight())
    )
    assert left + wide < figure.get_figwidth()
    ax.set(xlim=(0, wide / CELL), ylim=(len(lines), 0), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    for number, line in enumerate(lines):
        written(ax, line, (0, number + BASE), 1, -1 / LEADING)
    return ax


def _shade(page: Axes, tune: str, colours: dict[int, str], read: int | None = None) -> None:
    """Give characters of a tune a background, by their places; a line stands behind those that were read."""
    from matplotlib.colors import to_rgb

    lines = _lines(tune)
    places = [(row, column) for row, line in enumerate(lines) for column in range(len(line))]
    pixels = np.ones((len(lines), max(map(len, lines)), 3))
    for place, colour in colours.items():
        if place < len(places):
            pixels[places[place]] = to_rgb(colour)
    page.imshow(pixels, extent=(0, pixels.shape[1], len(lines), 0), aspect="auto", interpolation="nearest", zorder=0)
    if read:
        row, column = places[read - 1]
        page.plot([column + 1, column + 1], [row, row + 1], color=plots.VERMILLION, linewidth=2, zorder=4,
                  clip_on=False)  # fmt: skip
