"""Lab 5a: a table of which character follows which, and tunes that are written at a temperature."""

from collections.abc import Callable
from functools import cache
from html import escape
from itertools import takewhile
from typing import Any

import numpy as np

from ..tunes import END, abc, sound
from ..tunes.lenient import playable
from . import piano_roll, plots
from .lab5a_letters import alphabet, bar_axes, bars, chances, must_have, spoken, tempered, visible
from .student import StudentFunction, is_unfinished
from .widgets import Choice, Controls, Slider, explore

LONGEST = 300  # characters of a tune that finds no end
LOWEST, HIGHEST = 55, 86  # pitches that the piano roll holds, with some room around those of the grammar
BEGINNINGS = {
    "jig in D": "M:6/8\nK:D\n|:", "reel in G": "M:4/4\nK:G\n|:", "reel in A minor": "M:4/4\nK:Am\n|:",
}  # fmt: skip
# A table p(next | before), or (unroll, parameters) of a recurrent network.
Model = np.ndarray | tuple[Callable, dict[str, np.ndarray]]


def bigram_table(table: Any, letters: list[str]) -> None:
    """Show a table of probabilities as a map, and what follows the character that a slider chooses.

    Args:
        table: what the student's ``bigram`` returned, shape (size, size), a row for each character before.
    """
    known = alphabet(letters)
    size, most = len(known), 8
    ask = StudentFunction(lambda: table, "bigram")
    with plots.style():
        figure = plots.blank(plots.WIDTH, 5.3)
        ax, side = figure.add_axes((0.065, 0.1, 0.47, 0.77)), figure.add_axes((0.63, 0.1, 0.34, 0.77))
        names = [visible(letter) for letter in known]
        ax.set(xlim=(-0.5, max(size, 1) - 0.5), ylim=(max(size, 1) - 0.5, -0.5))
        ax.set_xticks(range(size), names, fontsize=9)
        ax.set_yticks(range(size), names, fontsize=9)
        ax.tick_params(length=0, pad=2)
        ax.set(xlabel="next character", ylabel="character before")
        side.set(xlim=(0, 1), ylim=(most - 0.4, -0.6), xlabel="probability", yticks=[])

    def draw(before: str) -> None:
        from matplotlib.colors import LinearSegmentedColormap, PowerNorm
        from matplotlib.patches import Rectangle

        must_have(letters)
        rows = ask.numbers(ask(), (size, size), f"{size} characters")
        row = known.index(before)
        p = chances(ask, rows[row], size, f"the row of {spoken(before)}")
        shades = LinearSegmentedColormap.from_list("shares", ["#FFFFFF", plots.SKY, plots.BLUE, "#00304D"])
        ax.imshow(rows, cmap=shades, norm=PowerNorm(0.5, vmin=0, vmax=1), interpolation="nearest", aspect="auto",
                  extent=(-0.5, size - 0.5, size - 0.5, -0.5), zorder=1)  # fmt: skip
        ax.add_patch(Rectangle((-0.5, row - 0.5), size, 1, fill=False, edgecolor=plots.VERMILLION, linewidth=2))
        order = np.argsort(-p, kind="stable")[:most]
        side.barh(range(len(order)), p[order], height=0.7, color=plots.BLUE)
        for place, number in enumerate(order):
            beyond = p[number] > 0.6
            side.text(
                p[number] + (-0.02 if beyond else 0.02), place,
                f"{spoken(known[number])}  {p[number]:.3f}",
                ha="right" if beyond else "left", va="center", color="white" if beyond else plots.BLACK,
            )  # fmt: skip
        likely = ", ".join(f"{spoken(known[number])} {p[number]:.2f}" for number in order[:3])
        figure.text(0.065, 0.93, f"After {spoken(before)}: {likely}", fontsize=13)

    options = tuple(zip([spoken(letter) for letter in known], known)) or (("none yet", ""),)
    start = "A" if "A" in known else options[0][1]
    explore(figure, draw, [{"before": Choice("before", options, start, slider=True)}], preview="bigram_table")


def temperature(temper: Callable, draw: Callable, model: Model, letters: list[str]) -> None:
    """Write tunes with the student's functions at a temperature that a slider sets, and play them.

    Args:
        model: the student's bigram table, shape (size, size), or their ``unroll`` with the parameters of a network.
    """
    known = alphabet(letters)
    with plots.style():
        figure = plots.blank(plots.WIDTH, 5.0)
        upper, roll = figure.add_axes((0.08, 0.67, 0.9, 0.2)), figure.add_axes((0.08, 0.11, 0.9, 0.4))
        bar_axes(upper, known)
        roll.set(xlim=(0, sound.SECONDS * sound.REEL), ylim=(LOWEST, HIGHEST), ylabel="pitch")
        roll.set_yticks([60, 67, 74, 81], [piano_roll.name(midi) for midi in (60, 67, 74, 81)])
        roll.set_xlabel("time in quarter notes")

    @cache
    def written(degree: float, beginning: str, number: int) -> tuple[np.ndarray, str]:
        """Return the first probabilities and the tune that was written, its beginning included."""
        before = (END if isinstance(model, tuple) else "") + BEGINNINGS[beginning]  # a network begins with an end
        must_have(letters, before)
        numbers = [known.index(letter) for letter in before]
        ask_draw = StudentFunction(draw, "draw")
        follow = _following(model, len(known))
        *_, logits = map(follow, numbers)
        first = tempered(temper, logits, degree)
        drawn = ask_draw.numbers(ask_draw(first, np.random.default_rng(0)), (), "one set of probabilities")
        if drawn not in range(len(known)):
            raise ask_draw.broken(f"It drew {drawn:g}, which is the number of no character.")
        text = StudentFunction(_write, "draw")(temper, draw, follow, logits, degree, known, number)
        return first, BEGINNINGS[beginning] + text

    def redraw(degree: float, beginning: str, number: int) -> str:
        first, text = written(degree, beginning, number)
        bars(upper, first)
        tune, left_out = playable(text)
        if tune:
            notes = abc.heard(tune, repeats=False)
            end = roll.get_xlim()[1]
            starts = [float(start) for start, _ in abc.timeline(tune, False) if start < end]
            shown = [note for note in notes if note.start < end and LOWEST <= note.midi <= HIGHEST]
            piano_roll.bars(roll, shown, starts, tune.tonic)
        head = f"Temperature {degree:.1f}: {len(text)} characters, {_bars_of(tune)}"
        figure.text(0.08, 0.93, head, fontsize=13)
        said = f"Left out, since no ABC where it stands: {left_out} character{'s' * (left_out != 1)}"
        figure.text(0.08, 0.54, said, fontsize=12)
        return escape(text)

    def heard(degree: float, beginning: str, number: int) -> Any:
        tune, _ = playable(written(degree, beginning, number)[1])
        return tune and sound.player(sound.wave(tune))

    controls: Controls = {
        "degree": Slider("temperature", 0.1, 2.0, 0.1, 1.0),
        "number": Slider("tune", 1, 20, 1, 1),
        "beginning": Choice("begins as", tuple(BEGINNINGS), "jig in D"),
    }
    explore(figure, redraw, [controls], note_lines=6, preview="temperature", sound=heard)


def _following(model: Model, size: int) -> Callable[[int], np.ndarray]:
    """Return a function that reads one more character, by its number, and gives the logits of the next one."""
    if not isinstance(model, tuple):
        ask = StudentFunction(lambda: model, "bigram")
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(ask.numbers(ask(), (size, size), f"{size} characters"))
        return lambda number: logs[number]
    unroll, parameters = model
    step = StudentFunction(unroll, "unroll")
    h = np.zeros_like(parameters["b"], dtype=float)[None]

    def follow(number: int) -> np.ndarray:
        nonlocal h
        states, logits = step.parts(step(np.array([[number]]), h, parameters), "states, logits")
        h = step.numbers(states, (1, 1, h.shape[1]), "the states of one character")[:, -1]
        return step.numbers(logits, (1, 1, size), "the logits of one character")[0, -1]

    return follow


def _write(
    temper: Callable, draw: Callable, follow: Callable, logits: np.ndarray, degree: float, known: list[str], seed: int
) -> str | None:
    """Return the characters that are drawn one after the other, until the end sign."""
    rng, last = np.random.default_rng(seed), logits

    def another() -> str | None:
        nonlocal last
        chosen = draw(temper(last, degree), rng)
        if is_unfinished(chosen):
            return None
        last = follow(int(chosen))
        return known[int(chosen)]

    letters = (another() for _ in range(LONGEST))
    return "".join(takewhile(lambda letter: letter not in (END, None), letters))  # type: ignore[arg-type]


def _bars_of(tune: abc.Tune | None) -> str:
    if not tune:
        return "no tune in it"
    right, total = abc.full_bars(tune)
    return f"{right} of {total} bar{'s' * (total != 1)} add up"
