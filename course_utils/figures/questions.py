"""The figures of questions: curves and points that were computed beforehand, so that no code tells the answer.

They come from `course_utils/prepared/questions.json`, made by `python -m bench.prepare_questions`.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from . import frames, pictures, plots
from .pictures import Picture
from .plots import Axes

PREPARED = Path(__file__).parents[1] / "prepared" / "questions.json"
COLOURS = (plots.BLUE, plots.VERMILLION, plots.GREEN, plots.BLACK)
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1)), (0, (6, 1.5, 1.5, 1.5)))


@cache
def prepared() -> dict[str, Any]:
    """Return by name what each figure shows: axes, words for readers who cannot see it, and panels."""
    return json.loads(PREPARED.read_text(encoding="utf-8"))


def question_figure(name: str) -> None:
    """Show the figure of a question."""
    pictures.display(picture(name))


def picture(name: str) -> Picture:
    """Return the figure of a question."""
    shown = prepared()[name]
    panels = shown["panels"]
    with plots.style():
        figure = plots.blank(6.6 if len(panels) == 1 else plots.WIDTH, 3.2 if shown["x"] else 3.0)
        figure.set_layout_engine("constrained")
        for place, (ax, (title, panel)) in enumerate(zip(np.ravel(figure.subplots(1, len(panels))), panels.items())):
            ax.set_title(title, fontweight="bold")
            if isinstance(panel, dict):
                _lines(ax, panel, shown, legend=place == 0)
            else:
                _points(ax, np.array(panel))
            if place:
                ax.set(ylabel="")
        return Picture(frames.png(figure), shown["words"], pictures.screen_width(figure))


def _lines(ax: Axes, lines: dict[str, list[float]], shown: dict[str, Any], legend: bool) -> None:
    start, step = shown.get("start", 0), shown.get("step", 1)
    for (label, values), colour, dashes in zip(lines.items(), COLOURS, DASHES):
        ax.plot(start + step * np.arange(len(values)), values, color=colour, linestyle=dashes, label=label)
    ax.set(xlabel=shown["x"], ylabel=shown["y"], yscale="log" if shown.get("log") else "linear")
    ax.xaxis.get_major_locator().set_params(integer=True)
    if "top" in shown:
        ax.set(ylim=(0, shown["top"]))
    if legend:
        ax.legend()


def _points(ax: Axes, panel: np.ndarray) -> None:
    plots.frame(ax, [(-1, -1), (1, 1)], margin=0.06, square=True)
    plots.points(ax, panel[:, :2], panel[:, 2], size=32)
    ax.set(xticks=[], yticks=[])
