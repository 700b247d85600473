"""What the figures of Labs 5a and 5b share: characters that can be seen, and bars of the next one's probability."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..tunes import END
from . import plots
from .plots import Axes
from .student import StudentFunction

VISIBLE = {"\n": "↵", " ": "␣", END: "■"}
ADVANCE = 0.602  # from one letter of DejaVu Sans Mono to the next, as a share of its size
SPOKEN = {"\n": "new line", " ": "space", END: "end"}


def visible(text: str) -> str:
    """Return a text in which line breaks, spaces and the end sign can be seen."""
    return "".join(VISIBLE.get(letter, letter) for letter in text)


def spoken(letter: str) -> str:
    """Return a character as a headline says it: 'A', or new line, space and end in words."""
    return SPOKEN.get(letter, f"'{letter}'")


def written(ax: Axes, line: str, start: tuple[float, float], wide: float, size: float) -> None:
    """Write a line of letters as one shape, which is drawn in a tenth of the time that a text of them takes.

    Args:
        start: left end of the line, at the feet of its letters.
        wide: from one letter to the next; as all of these in units of the Axes.
        size: of the letters, below 0 where the Axes point down.
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.patches import PathPatch
    from matplotlib.textpath import TextPath
    from matplotlib.transforms import Affine2D

    letters = TextPath((0, 0), line, size=1, prop=FontProperties(family="DejaVu Sans Mono"))
    path = Affine2D().scale(wide / ADVANCE, size).translate(*start).transform_path(letters)
    # `add_patch` would look for the limits of each curve, which takes longer than to draw them.
    ax.add_artist(PathPatch(path, facecolor=plots.BLACK, linewidth=0, zorder=3, clip_on=False))


def alphabet(letters: Any) -> list[str]:
    """Return the student's characters as a list, or none where there are none yet."""
    return list(letters) if isinstance(letters, list | tuple | str) else []


def must_have(letters: Any, text: str = "") -> None:
    """Raise a Problem where the student's characters are missing, or do not hold all of a text."""
    ask = StudentFunction(lambda: letters, "vocabulary", "encode")
    known = alphabet(ask())
    if not known or not all(isinstance(letter, str) for letter in known):
        raise ask.broken("It returned no list of characters.")
    if unknown := sorted(set(text) - set(known)):
        raise ask.broken(f"It does not hold {spoken(unknown[-1])}, which stands in this tune.")


def chances(ask: StudentFunction, p: Any, size: int, question: str) -> np.ndarray:
    """Return what a student's function gave as probabilities, shape (size,), or raise a Problem."""
    values = ask.numbers(p, (size,), question)
    if not (np.all(values >= 0) and abs(values.sum() - 1) < 1e-3):
        raise ask.broken(
            f"For {question} it returned numbers that are not probabilities: their sum is {values.sum():.3g}."
        )
    return values


def tempered(temper: Callable, logits: np.ndarray, temperature: float) -> np.ndarray:
    """Return the probabilities that the student's function makes of some logits, or raise a Problem."""
    ask = StudentFunction(temper, "temper")
    return chances(ask, ask(logits, temperature), len(logits), f"{len(logits)} logits")


def bar_axes(ax: Axes, letters: Sequence[str]) -> None:
    """Make the Axes one of bars, a place for each character."""
    ax.set(xlim=(-0.7, max(len(letters), 1) - 0.3), ylim=(0, 1), ylabel="probability")
    ax.set_xticks(range(len(letters)), [visible(letter) for letter in letters], fontsize=11)
    ax.tick_params(axis="x", length=0)


def bars(ax: Axes, p: np.ndarray, marked: int | None = None) -> None:
    """Draw a bar for each character's probability; the marked one has another colour."""
    colours = [plots.VERMILLION if place == marked else plots.BLUE for place in range(len(p))]
    plots.boxes(ax, np.arange(len(p)) - 0.36, 0, 0.72, p, colours)
